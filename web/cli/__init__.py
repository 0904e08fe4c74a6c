"""The command ``samverk``: each subcommand parses, calls one thing of the room that owns it, and prints the answer.

It holds no rule of its own, and imports a room only when its command is run, so that ``samverk --help`` starts at once.
"""

from web.cli.main import main

__all__ = ["main"]
