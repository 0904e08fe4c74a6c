"""Every dataclass of the domain survives JSON, and what cannot be read says so."""

from __future__ import annotations

import dataclasses
import inspect
import json
import types
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.domain import case as case_module
from engine.domain import commands, events
from engine.domain.case import Case, Infrastructure, Surroundings
from engine.domain.values import Record, Scalar, Value
from engine.ledger import verifier
from engine.ledger.canonical import NotCanonical, canonical_json
from engine.persistence import codec
from engine.persistence.codec import (
    UnreadableShape,
    decode,
    decode_case,
    decode_event,
    encode,
    encode_case,
    encode_event,
    write_case,
)

TEXT = st.text(max_size=20).filter(lambda text: text.isascii() or unicodedata.is_normalized("NFC", text))
NAME = st.text(alphabet="abcdeåäö._-", min_size=1, max_size=8) | st.sampled_from(["date", "at", "dec", "rec"])
MOMENT = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC, fold=0)
)
DECIMAL = st.decimals(allow_nan=False, allow_infinity=False, places=3) | st.just(Decimal("1E+3"))
SCALAR = st.none() | st.booleans() | st.integers() | DECIMAL | st.dates() | MOMENT | TEXT
VALUE = st.recursive(
    SCALAR,
    lambda inner: st.lists(SCALAR | st.dictionaries(NAME, inner, max_size=3), max_size=3).map(tuple),
    max_leaves=6,
)
PLAIN = {str: TEXT, int: st.integers(0, 10**6), bool: st.booleans(), date: st.dates(), datetime: MOMENT}
CASE = case_module.Case
KINDS = [
    kind
    for module in (events, case_module, commands)
    for kind in vars(module).values()
    if dataclasses.is_dataclass(kind) and isinstance(kind, type) and kind.__module__ == module.__name__
    if kind not in (events.Entry, Case)
]


def anything(hint: Any) -> st.SearchStrategy[Any]:
    """This will return values of a type hint, read independently of how the codec reads it."""
    if hint in (Value, Scalar):
        return VALUE
    if hint == Record:
        return st.dictionaries(NAME, VALUE, max_size=2)
    if hint in PLAIN:
        return PLAIN[hint]
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return instances(hint)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (types.UnionType, Union):
        return st.one_of([st.none() if part is type(None) else anything(part) for part in arguments])
    if origin is tuple:
        return st.lists(anything(arguments[0]), max_size=2).map(tuple)
    if issubclass(origin, Mapping):
        return st.dictionaries(NAME, anything(arguments[1]), max_size=2)
    raise AssertionError(f"no strategy for {hint!r}")


def instances(kind: type) -> st.SearchStrategy[Any]:
    hints = inspect.get_annotations(kind, eval_str=True)
    return st.deferred(lambda: st.builds(kind, **{name: anything(hint) for name, hint in hints.items()}))


class TestRoundTrip:
    @pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.__module__.rsplit('.')[-1]}.{kind.__name__}")
    def test_gives_back_every_dataclass(self, kind: type) -> None:
        @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(instances(kind))
        def check(value: object) -> None:
            text = encode(value)
            assert decode(kind, text) == value
            assert canonical_json(json.loads(text)) == text

        check()

    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(instances(CASE))
    def test_gives_back_a_case_in_its_new_surroundings(self, case: Case) -> None:
        place = Infrastructure(
            id="i", name_sv="", name_en="", owner_org="o", form="state", campus="", capacity_unit="", annual_capacity=1
        )
        surroundings = Surroundings(infrastructure=place)
        text = encode_case(case)
        assert decode_case(text, surroundings) == dataclasses.replace(case, surroundings=surroundings)
        assert encode_case(decode_case(text, surroundings)) == text

    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(instances(CASE), instances(CASE), st.sets(st.sampled_from(sorted(CASE.__dataclass_fields__))))
    def test_writes_the_same_with_and_without_what_was_known(self, old: Case, other: Case, same: set[str]) -> None:
        known = write_case(old)
        new = dataclasses.replace(other, **{name: getattr(old, name) for name in same})
        facts = dict(list(old.facts.items())[:1] + list(other.facts.items()))
        new = dataclasses.replace(new, facts=facts)
        assert write_case(new, known).text == encode_case(new)

    def test_keeps_in_memory_what_the_text_means(self) -> None:
        fact = case_module.Fact(value="e\u0301", person="p", role="r", at=datetime(2025, 1, 1, tzinfo=UTC))
        place = Infrastructure(
            id="i", name_sv="", name_en="", owner_org="o", form="state", campus="", capacity_unit="", annual_capacity=1
        )
        at = datetime(2025, 1, 1, tzinfo=UTC)
        case = Case(
            id="C", form="state", definition_version="v", infrastructure_id="i", host_org="o", language="sv",
            opened_at=at, opened_by="p", stage="inquiry", stage_since=at,
            surroundings=Surroundings(infrastructure=place),
            last_at=at, last_person="p", last_change="CaseOpened", facts={"a": fact},
        )  # fmt: skip
        stored = write_case(case)
        assert stored.case.facts["a"].value == "é"
        assert stored.case == decode_case(stored.text, case.surroundings)

    @settings(max_examples=100, deadline=None, database=None)
    @given(VALUE)
    def test_keeps_the_type_of_a_value(self, value: Value) -> None:
        found = codec.decode_value(json.loads(json.dumps(codec.encode_value(value))))
        assert found == value
        assert repr(found) == repr(value)

    def test_every_event_has_a_name(self) -> None:
        assert set(codec.EVENT_TYPES.values()) == set(get_args(events.Event))


class TestUnreadable:
    def test_unknown_event(self) -> None:
        with pytest.raises(UnreadableShape, match="CaseDissolved"):
            decode_event("CaseDissolved", 1, "{}")

    def test_newer_shape(self) -> None:
        with pytest.raises(UnreadableShape, match="MessageSent, shape 2, known up to 1"):
            decode_event("MessageSent", 2, "{}")

    def test_newer_state(self) -> None:
        with pytest.raises(UnreadableShape, match="shape 2"):
            decode_case("{}", None, shape=2)  # type: ignore[arg-type]  # it must not come so far

    @pytest.mark.parametrize("payload", ['{"audience":"internal"}', '{"audience":1,"text":"","new":1}', "null", "{"])
    def test_payload_of_another_shape(self, payload: str) -> None:
        with pytest.raises(UnreadableShape, match="MessageSent"):
            decode_event("MessageSent", 1, payload)

    def test_event_names_its_shape(self) -> None:
        event = events.MessageSent(audience="internal", text="Hej å")
        assert encode_event(event) == ("MessageSent", 1, '{"audience":"internal","text":"Hej å"}')

    @pytest.mark.parametrize("value", [1.5, object(), b"x", datetime(2025, 1, 1)])
    def test_value_that_no_fact_may_have(self, value: Any) -> None:
        with pytest.raises((TypeError, ValueError)):
            codec.encode_value(value)


class TestCanonical:
    def test_one_text_for_two_spellings(self) -> None:
        assert canonical_json({"å": "é"}) == canonical_json({"a\u030a": "e\u0301"})

    def test_escape_before_a_combining_mark_stays_json(self) -> None:
        text = canonical_json({"a": "\n\u0303 e\u0301"})
        assert json.loads(text) == {"a": "\n\u0303 é"}

    def test_half_a_pair_is_refused_by_name(self) -> None:
        with pytest.raises(NotCanonical, match=r"U\+D800"):
            canonical_json({"a": "\ud800"})

    def test_no_floating_point(self) -> None:
        with pytest.raises(ValueError, match="Out of range"):
            canonical_json({"a": float("nan")})

    @settings(max_examples=50, deadline=None, database=None)
    @given(st.recursive(st.none() | st.booleans() | st.integers() | TEXT, lambda x: st.dictionaries(NAME, x)))
    def test_is_what_the_verifier_says_too(self, content: object) -> None:
        assert verifier.canonical(content) == canonical_json(content)
