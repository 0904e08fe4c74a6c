"""Facts files: groups of fields, each checked against its field, every fault at once and with its place."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from engine.domain.fields import Field, FieldType
from engine.domain.values import STOCKHOLM, Text, Value
from web.cli.answer import WrongUse
from web.cli.facts import facts_from, read_groups


def field(name: str, kind: FieldType, *choices: str) -> Field:
    labels = {choice: Text(sv=choice, en=choice) for choice in choices} or None
    return Field(name=name, type=kind, label=Text(sv=name, en=name), choices=labels)


FIELDS = {
    f.name: f
    for f in (
        field("scope.version", "int"),
        field("scope.end_date", "date"),
        field("scope.human_material", "bool"),
        field("scope.staff_role", "enum", "none", "assist"),
        field("scope.purpose", "text"),
        field("price.amount_sek", "dec"),
        field("case.received_at", "dt"),
        field("legal.approvals", "list"),
    )
}


def where(path: str) -> str:
    return f"case.yaml:{path}"


class TestValues:
    @pytest.mark.parametrize(
        ("group", "key", "written", "read"),
        [
            ("scope", "version", 2, 2),
            ("scope", "version", None, None),
            ("scope", "end_date", "2026-05-31", date(2026, 5, 31)),
            ("scope", "human_material", False, False),
            ("scope", "staff_role", "none", "none"),
            ("price", "amount_sek", 120000, Decimal(120000)),
            ("price", "amount_sek", 0.1, Decimal("0.1")),
            ("case", "received_at", "2025-11-03", datetime(2025, 11, 3, tzinfo=STOCKHOLM)),
            ("legal", "approvals", [{"org": "ki", "scope_version": 1}], ({"org": "ki", "scope_version": 1},)),
            ("legal", "approvals", [], ()),
        ],
    )
    def test_are_read_by_the_type_of_their_field(self, group: str, key: str, written: object, read: Value) -> None:
        facts = facts_from({group: {key: written}}, FIELDS, where)

        assert facts == {f"{group}.{key}": read}

    @pytest.mark.parametrize(
        ("group", "key", "written", "expected"),
        [
            ("scope", "version", "2", "a whole number"),
            ("scope", "version", True, "a whole number"),
            ("scope", "version", Decimal("1.5"), "a whole number"),
            ("scope", "end_date", "soon", "a date such as"),
            ("scope", "end_date", 20260531, "a date such as"),
            ("scope", "human_material", "yes", "true or false"),
            ("scope", "staff_role", "help", "one of none, assist"),
            ("scope", "purpose", 12, "a text"),
            ("price", "amount_sek", "much", "a number"),
            ("case", "received_at", "2025-11-03T08:00", "a moment such as"),
            ("legal", "approvals", "ki", "a list"),
            ("legal", "approvals", [[1]], "a list"),
        ],
    )
    def test_of_another_type_are_refused_with_place_and_expectation(
        self, group: str, key: str, written: object, expected: str
    ) -> None:
        with pytest.raises(WrongUse) as refusal:
            facts_from({group: {key: written}}, FIELDS, where)

        assert refusal.value.message.en.startswith(f"case.yaml:{group}.{key}: {group}.{key} must be {expected}")
        assert refusal.value.message.sv.startswith(f"case.yaml:{group}.{key}: {group}.{key} ska vara")


class TestFile:
    def test_with_several_faults_tells_them_all(self) -> None:
        written = {"scope": {"version": "x", "end_dat": "2026-05-31"}, "price": 3}

        with pytest.raises(WrongUse) as refusal:
            facts_from(written, FIELDS, where)

        lines = refusal.value.message.en.splitlines()
        assert len(lines) == 3
        assert lines[1] == "case.yaml:scope.end_dat: there is no field scope.end_dat. Did you mean scope.end_date?"

    @pytest.mark.parametrize("written", [None, [], "text", 3])
    def test_without_groups_is_refused(self, written: object) -> None:
        with pytest.raises(WrongUse, match="groups of fields belong here"):
            facts_from(written, FIELDS, where)


class TestReadGroups:
    def test_follows_the_core_rules_of_yaml_1_2(self) -> None:
        content, _ = read_groups("sme: {country: NO, active: true, at: 12:30, on: 2025-11-24, share: 0.10}", "f.yaml")

        assert content == {
            "sme": {"country": "NO", "active": True, "at": "12:30", "on": "2025-11-24", "share": Decimal("0.10")}
        }

    def test_knows_where_each_field_stands(self) -> None:
        content, place = read_groups("scope:\n  purpose: x\n  version: two\n", "f.yaml")

        with pytest.raises(WrongUse, match=r"^f\.yaml:3:12: scope\.version must be a whole number, not 'two'\.$"):
            facts_from(content, FIELDS, place)

    def test_reads_json_that_is_no_yaml(self) -> None:
        content, place = read_groups(r'{"scope": {"purpose": "\ud83e\uddea", "version": 1}}', "f.json")

        assert facts_from(content, FIELDS, place) == {"scope.purpose": "🧪", "scope.version": 1}

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("scope: [1, 2", "f.yaml:2:1: cannot be read as YAML"),
            ("scope: {version: 1}\nscope: {version: 2}", "f.yaml:2:1: the name scope stands twice"),
            ("scope: &a {version: 1}\nprice: *a", "f.yaml:1:8: aliases and anchors are not allowed"),
            ("scope: !!python/object:os.system {}", "f.yaml:1:8: tags are not allowed"),
            ("[" * 20_000, "deeper than 20 levels"),
            ('{"a":' * 20_000, "deeper than 20 levels"),
            ('{"scope": {}, "scope": {}}', "the name scope stands twice"),
        ],
    )
    def test_refuses_what_is_not_plain(self, text: str, fault: str) -> None:
        with pytest.raises(WrongUse) as refusal:
            read_groups(text, "f.yaml")

        assert fault in refusal.value.message.en
