"""The demo cases as facts: the defaults, those of the form, the company and what the case sets."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from engine.definitions.loader import AllWorkflows, load_all
from engine.definitions.reader import Branch, Faults, Leaf, Node, Table, read_file
from engine.domain.expressions import Environment
from engine.domain.fields import Field
from engine.domain.values import Facts, Record, Value
from engine.domain.workflow import Workflow

ROOT = Path(__file__).parents[3] / "workflows"
DAY = date(2025, 11, 24)


@cache
def workflows() -> AllWorkflows:
    """This will return the definitions as they are in the repository."""
    return load_all(ROOT)


def of_form(form: str) -> Workflow:
    """This will return the newest definition of a form."""
    return next(one.workflow for one in workflows().published if one.workflow.form == form)


def demo_cases() -> tuple[Table, ...]:
    """This will return the demo cases as they stand in the file."""
    node = _file("demo_cases")
    assert isinstance(node, Branch)
    return tuple(case for case in node.items if isinstance(case, Table))


def text(case: Table, key: str) -> str:
    """This will return a single text of a case."""
    node = case.entries[key]
    assert isinstance(node, Leaf)
    return node.text


def words(case: Table, key: str) -> tuple[str, ...]:
    """This will return a list of words of a case, empty when it is not there."""
    node = case.entries.get(key)
    return tuple(leaf.text for leaf in node.items if isinstance(leaf, Leaf)) if isinstance(node, Branch) else ()


def table(case: Table, key: str) -> Table:
    """This will return a mapping within a case."""
    node = case.entries[key]
    assert isinstance(node, Table)
    return node


def facts_of(case: Table) -> Facts:
    """This will return the facts of a demo case, typed by the field dictionary."""
    defaults = _file("demo_defaults")
    assert isinstance(defaults, Table)
    form = text(case, "form")
    fields = of_form(form).fields
    company = Table({"sme": case.entries["sme"]}, {}, case.place)
    facts: dict[str, Value] = {}
    for source in (table(defaults, "common"), table(defaults, form), company, table(case, "set")):
        for group, members in source.entries.items():
            assert isinstance(members, Table)
            for key, node in members.entries.items():
                name = f"{group}.{key}"
                facts[name] = _typed(fields[name], node)
    return facts


def environment(workflow: Workflow, facts: Facts) -> Environment:
    """This will return what guards are asked about on the demo's day, with every document final."""
    return Environment(
        facts=facts,
        today=DAY,
        parameters=lambda key: workflow.parameter(key, DAY),
        documents=frozenset(workflow.documents),
    )


def _file(name: str) -> Node:
    faults = Faults()
    content = read_file(ROOT, f"demo/{name}.yaml", faults).entries[name]
    faults.raise_if_any()
    return content


def _typed(field: Field, node: Node) -> Value:
    if isinstance(node, Branch):
        return tuple(_record(item) if isinstance(item, Table) else _leaf(item) for item in node.items)
    value = _leaf(node)
    match field.type:
        case "date" if isinstance(value, str):
            return date.fromisoformat(value)
        case "dt" if isinstance(value, str):
            return datetime.fromisoformat(value)
        case "dec" if isinstance(value, int):
            return Decimal(value)
        case _:
            return value


def _record(node: Table) -> Record:
    record: Mapping[str, Value] = {key: _leaf(item) for key, item in node.entries.items()}
    return record


def _leaf(node: Node) -> bool | int | Decimal | str | None:
    assert isinstance(node, Leaf)
    return node.value
