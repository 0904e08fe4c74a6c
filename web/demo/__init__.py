"""The demo: organisations, people and cases that are all fictional, played through the real commands.

Nothing here is used outside demo mode, and nothing here writes to a case in any other way than a person would.
"""

from web.demo.load import load_demo
from web.demo.people import PASSWORD

__all__ = ["PASSWORD", "load_demo"]
