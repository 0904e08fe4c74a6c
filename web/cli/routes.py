"""``samverk routes``: each route with the right that guards it."""

from __future__ import annotations

import argparse

from web.cli.answer import Answer
from web.cli.options import Commands, add_command


def register(commands: Commands) -> None:
    """This will add the command to the parser."""
    add_command(commands, "routes", "list each route with the right that guards it", run=list_routes)


def list_routes(_arguments: argparse.Namespace) -> Answer:
    """This will list every route of the application, sorted by address."""
    from web.app import routes

    rows = [
        {"path": route.path, "methods": list(route.methods), "name": route.name, "right": route.right}
        for route in routes()
    ]
    width = max(len(str(row["path"])) for row in rows)
    lines = [f"{row['path']:{width}}  {','.join(row['methods']):10}  {row['right']}" for row in rows]
    return Answer(text="\n".join(lines), data={"routes": rows})
