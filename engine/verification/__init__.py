"""Proves a definition: explores everything its guards and invariants can see, and tells a broken one as a story.

It may import the domain alone; it reads no file and no clock, and it never decides anything about a case.
"""
