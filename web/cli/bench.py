"""``samverk bench``: ratios against named references in the same run."""

from __future__ import annotations

from web.cli.options import Commands


def register(_commands: Commands) -> None:
    """This will add the command to the parser."""
