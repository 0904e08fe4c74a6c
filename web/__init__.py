"""The outermost room: pages, the JSON interface and the operator's commands.

It may call use cases and show what they answer; it holds no rule of its own.
"""
