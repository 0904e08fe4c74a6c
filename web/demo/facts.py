"""The facts of a demo case: the defaults of its form, overridden by its own, read with the field dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.domain.fields import Field
from engine.domain.reading import read_value
from engine.domain.values import Value
from web.registers import read_file_plain

Groups = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCase:
    """One demo case: where it stands, its facts, and the verdict it must give for one action."""

    id: str
    form: str
    infrastructure: str
    title_sv: str
    title_en: str
    stage: str
    story: str
    company: str
    org_nr: str
    facts: Mapping[str, Value]
    attempt: str
    failing: tuple[str, ...]
    failing_soft: tuple[str, ...]

    def __getitem__(self, name: str) -> Value:
        return self.facts.get(name)

    def is_past(self, stages: tuple[str, ...], stage: str) -> bool:
        """True when the case has left ``stage`` in the order of its form."""
        return stages.index(self.stage) > stages.index(stage)


def read_demo(root: Path, name: str) -> Any:
    """This will read one demo file below ``workflows/demo`` as plain values. Raises DefinitionFaults, located."""
    return read_file_plain(root, f"demo/{name}.yaml")[name]


def read_cases(
    cases: tuple[Mapping[str, object], ...], defaults: Mapping[str, Groups], fields: Mapping[str, Field]
) -> tuple[DemoCase, ...]:
    """This will read the demo cases as they stand in the data."""
    return tuple(_read(case, defaults, fields) for case in cases)


def _read(case: Mapping[str, object], defaults: Mapping[str, Groups], fields: Mapping[str, Field]) -> DemoCase:
    form = str(case["form"])
    merged: dict[str, object] = {}
    own = {"sme": case["sme"], **_groups(case.get("set"))}
    for source in (defaults["common"], defaults[form], {"sme": case["sme"]}, own):
        for group, values in _groups(source).items():
            merged.update({f"{group}.{name}": value for name, value in values.items()})
    facts = {name: _value(name, value, fields) for name, value in merged.items()}
    company = _groups({"sme": case["sme"]})["sme"]
    expected = case["expect"]
    if not isinstance(expected, Mapping):
        raise TypeError("expect is a mapping")
    return DemoCase(
        id=str(case["id"]),
        form=form,
        infrastructure=str(case["infrastructure"]),
        title_sv=str(case["title_sv"]),
        title_en=str(case["title_en"]),
        stage=str(case["stage"]),
        story=str(case["story"]),
        company=str(company["name"]),
        org_nr=str(company["org_nr"]),
        facts=facts,
        attempt=str(expected["try"]),
        failing=tuple(map(str, expected.get("failing", ()))),
        failing_soft=tuple(map(str, expected.get("failing_soft", ()))),
    )


def _groups(source: object) -> dict[str, dict[str, object]]:
    if not isinstance(source, Mapping):
        return {}
    return {str(group): dict(values) for group, values in source.items() if isinstance(values, Mapping)}


def _value(name: str, value: object, fields: Mapping[str, Field]) -> Value:
    field = fields.get(name)
    if field is None:
        raise KeyError(f"{name} is no field")
    if isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
        return None
    return read_value(field.type, field.choices, value)
