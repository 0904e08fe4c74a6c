"""Facts and particulars -> the only words a template may use: plain mappings of plain values.

A template sees ``scope.end_date``, ``rows.permits``, ``parties.host.name``, ``doc.title``, and nothing behind them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from contracts import wording
from contracts.manifest import APPROVED, Manifest
from contracts.vocabulary import (
    LANGUAGE_RULE,
    LANGUAGE_RULE_COMPANY,
    LISTS,
    MAY_BE_EMPTY,
    PARTICULARS,
    PRINTED_LATER,
    SIGNING_NOTE,
    WORKING_MATERIAL,
)
from engine.domain.commands import Language
from engine.domain.fields import Column, Field, RowTable
from engine.domain.reasons import EngineError
from engine.domain.roles import SME_ROLES, Role
from engine.domain.values import Facts, Text, Value

LONGEST_LINE: Final = 2_000
LONGEST_TEXT: Final = 20_000
LONGEST_LIST: Final = 2_000

_WITH_LINES: Final = frozenset({"text", "list"})
_NEEDED_BY_SIGNERS: Final = frozenset({"parties.host.name", "parties.sme.name"})


class UnprintableValue(EngineError):
    """Values that must not reach a Word file, each with the name of its field."""

    code = "unprintable_value"

    def __init__(self, faults: Mapping[str, Text]) -> None:
        super().__init__(
            Text(
                sv="Dokumentet kan inte göras: " + "; ".join(fault.sv for fault in faults.values()) + ".",
                en="The document cannot be made: " + "; ".join(fault.en for fault in faults.values()) + ".",
            )
        )
        self.faults = dict(faults)


class Gap:
    """An unknown value: false, equal to nothing, and noted when somebody prints it or goes through it."""

    __slots__ = ("_label", "_language", "_name", "_noted")

    def __init__(self, name: str, label: str, language: Language, noted: dict[str, str]) -> None:
        self._name = name
        self._label = label
        self._language = language
        self._noted = noted

    def __str__(self) -> str:
        self._noted.setdefault(self._name, self._label)
        return wording.missing(self._label, self._language)

    def __bool__(self) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return False

    def __ne__(self, other: object) -> bool:
        return False

    def __lt__(self, other: object) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__

    def __contains__(self, other: object) -> bool:
        return False

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[Gap]:
        self._noted.setdefault(self._name, self._label)
        return iter((self,))

    def __hash__(self) -> int:
        return hash(self._name)


class Choice(str):
    """A value of an enum: compares as its code, reads as its label."""

    __slots__ = ("_label",)
    _label: str

    @classmethod
    def of(cls, code: str, label: str) -> Choice:
        """This will return the code with its label in the document's language."""
        choice = cls(code)
        choice._label = label
        return choice

    @property
    def label(self) -> str:
        """The label in the document's language."""
        return self._label


Word = None | bool | int | Decimal | date | str | Gap | tuple["Word", ...] | dict[str, "Word"]
Context = dict[str, Word]


class _Builder:
    """Collects the words of one document, its gaps and its unprintable values."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.context: Context = {}
        self.noted: dict[str, str] = {}
        self.faults: dict[str, Text] = {}

    def put(self, name: str, value: Word) -> None:
        """This will place a value under a dotted name."""
        *groups, last = name.split(".")
        place = self.context
        for group in groups:
            inner = place.setdefault(group, {})
            if not isinstance(inner, dict):
                inner = place[group] = {}
            place = inner
        place[last] = value

    def gap(self, name: str, label: Text) -> Gap:
        """This will return the gap of a name."""
        return Gap(name, label.in_language(self.language), self.language, self.noted)

    def word(self, name: str, label: Text, value: object, *, lines: bool, choices: Mapping[str, Text] | None) -> Word:
        """This will turn a stored value into a word, noting what may not be printed."""
        match value:
            case None:
                return self.gap(name, label)
            case bool() | int() | Decimal() | datetime() | date():
                return value
            case str():
                return self._text(name, label, value, lines=lines, choices=choices)
            case Mapping():
                return {str(key): self.word(name, label, part, lines=True, choices=None) for key, part in value.items()}
            case tuple() | list():
                if len(value) > LONGEST_LIST:
                    self._fault(name, label, Text(sv="har för många rader", en="has too many lines"))
                    return ()
                return tuple(self.word(name, label, part, lines=lines, choices=choices) for part in value)
            case _:
                raise TypeError(f"{name} is no fact: {type(value).__name__}")

    def _text(self, name: str, label: Text, value: str, *, lines: bool, choices: Mapping[str, Text] | None) -> Word:
        text = value.replace("\r\n", "\n") if lines else value
        if len(text) > (LONGEST_TEXT if lines else LONGEST_LINE):
            self._fault(name, label, Text(sv="är för lång", en="is too long"))
        elif not wording.is_printable(text, allows_lines=lines):
            self._fault(
                name,
                label,
                Text(sv="har ett tecken som inte kan skrivas ut", en="has a character that cannot be printed"),
            )
        elif wording.looks_like_a_tag(text):
            self._fault(
                name,
                label,
                Text(sv="har klamrar som ser ut som en mallkod", en="has braces that look like a template tag"),
            )
        if choices and text in choices:
            return Choice.of(text, choices[text].in_language(self.language))
        return text

    def _fault(self, name: str, label: Text, why: Text) -> None:
        self.faults.setdefault(name, Text(sv=f"{label.sv} {why.sv}", en=f"{label.en} {why.en}"))


def build_context(
    *,
    manifest: Manifest,
    language: Language,
    facts: Facts,
    fields: Mapping[str, Field],
    particulars: Facts,
    tables: Mapping[str, RowTable],
    roles: Mapping[str, Role],
    words: Collection[str],
    is_draft: bool,
) -> tuple[Context, dict[str, str]]:
    """This will build the words of one document, and the mapping in which its gaps are noted while it is drawn.

    ``words`` are those the template reads: nothing else is looked at. Raises UnprintableValue with every value that
    may not be printed.
    """
    builder = _Builder(language)
    for name in words:
        if (field := fields.get(name)) is not None:
            lines = field.type in _WITH_LINES
            builder.put(name, builder.word(name, field.label, facts.get(name), lines=lines, choices=field.choices))
    for name in {".".join(word.split(".")[:2]) for word in words if word.startswith("rows.")}:
        builder.put(name, _rows(builder, tables.get(name.removeprefix("rows.")), name, particulars.get(name)))
    _particulars(builder, manifest, facts, fields, particulars, words=words, is_draft=is_draft)
    _signers(builder, manifest, particulars, roles)
    if builder.faults:
        raise UnprintableValue(builder.faults)
    return builder.context, builder.noted


def value_at(context: Context, name: str) -> Word:
    """This will return the word under a dotted name, a whole list for a name inside it, None when there is none."""
    place: Word = context
    for part in name.split("."):
        if isinstance(place, tuple):
            return place
        if not isinstance(place, dict):
            return None
        place = place.get(part)
    return place


def _rows(builder: _Builder, table: RowTable | None, name: str, records: object) -> Word:
    if not isinstance(records, tuple | list):
        return ()
    if table is None:
        return builder.word(name, Text(sv=name, en=name), tuple(records), lines=True, choices=None)
    return tuple(_row(builder, table, record) for record in records if isinstance(record, Mapping))


def _row(builder: _Builder, table: RowTable, record: Mapping[object, object]) -> dict[str, Word]:
    return {column.name: _cell(builder, table, column, record.get(column.name)) for column in table.columns}


def _cell(builder: _Builder, table: RowTable, column: Column, value: object) -> Word:
    label = Text(sv=f"{table.label.sv}: {column.label.sv}", en=f"{table.label.en}: {column.label.en}")
    lines = column.type in _WITH_LINES
    return builder.word(f"rows.{table.name}.{column.name}", label, value, lines=lines, choices=column.choices)


def _particulars(
    builder: _Builder,
    manifest: Manifest,
    facts: Facts,
    fields: Mapping[str, Field],
    particulars: Facts,
    *,
    words: Collection[str],
    is_draft: bool,
) -> None:
    language = builder.language
    own: dict[str, Value] = {
        "doc.id": manifest.id,
        "doc.version": manifest.version,
        "doc.title": manifest.title.in_language(language),
        "doc.language": language,
        "doc.language_rule": (LANGUAGE_RULE_COMPANY if manifest.form == "company" else LANGUAGE_RULE).in_language(
            language
        ),
        "doc.signing_note": SIGNING_NOTE.in_language(language),
        "doc.approval": _approval(manifest, language),
        "doc.notice": "" if manifest.approval == APPROVED else WORKING_MATERIAL.in_language(language),
        "doc.is_draft": is_draft,
    }
    for name, value in _fallbacks(manifest, facts, fields, particulars, language).items():
        own.setdefault(name, value)
    for name, label in PARTICULARS.items():
        if name in PRINTED_LATER:
            builder.put(name, "")
            continue
        if name not in words and name not in _NEEDED_BY_SIGNERS:
            continue
        value = particulars.get(name)
        if value is None:
            value = own.get(name)
        if value is None and name in MAY_BE_EMPTY:
            value = ""
        # The company's particulars repeat its fields: a gap or fault is named once, as the field.
        repeats = name.startswith("parties.sme.") and particulars.get(name) is None
        named = name.removeprefix("parties.") if repeats else name
        builder.put(name, builder.word(named, label, value, lines=False, choices=None))
    for name in ("opinions", "approvals", "parties.others"):
        label = Text(sv=name, en=name)
        builder.put(
            name,
            _completed(builder, name, builder.word(name, label, particulars.get(name) or (), lines=True, choices=None)),
        )


def _completed(builder: _Builder, name: str, lines: Word) -> Word:
    if not isinstance(lines, tuple):
        return ()
    columns = LISTS[name]
    return tuple(
        {
            column: line[column] if column in line else builder.gap(f"{name}.{column}", Text(sv=column, en=column))
            for column in columns
        }
        for line in lines
        if isinstance(line, dict)
    )


def _fallbacks(
    manifest: Manifest, facts: Facts, fields: Mapping[str, Field], particulars: Facts, language: Language
) -> dict[str, Value]:
    """This will say particulars that follow from facts or from each other when the caller did not say them."""
    form = facts.get("case.form")
    forms = fields["case.form"].choices if "case.form" in fields else None
    infrastructure = (facts.get("infra.name_sv"), facts.get("infra.name_en"))
    contact = ", ".join(str(part) for part in (facts.get("sme.contact_name"), facts.get("sme.name")) if part)
    return {
        "doc.case_number": facts.get("case.dnr") or facts.get("case.internal_no") or facts.get("case.id"),
        "doc.form": forms[form].in_language(language) if forms and isinstance(form, str) and form in forms else form,
        "doc.infrastructure": (infrastructure[0] or infrastructure[1])
        if language == "sv"
        else (infrastructure[1] or infrastructure[0]),
        "doc.organisation": particulars.get("parties.host.name"),
        "doc.unit_line": particulars.get("parties.host.unit"),
        "doc.recipient": contact if manifest.kind == "letter" else None,
        "parties.sme.name": facts.get("sme.name"),
        "parties.sme.org_nr": facts.get("sme.org_nr"),
        "parties.sme.contact_name": facts.get("sme.contact_name"),
        "parties.sme.contact_email": facts.get("sme.contact_email"),
    }


def _approval(manifest: Manifest, language: Language) -> str:
    if manifest.approval == APPROVED:
        return "godkänd" if language == "sv" else "approved"
    return "arbetsmaterial, ej godkänd" if language == "sv" else "working material, not approved"


def _signers(builder: _Builder, manifest: Manifest, particulars: Facts, roles: Mapping[str, Role]) -> None:
    given = particulars.get("signers")
    if isinstance(given, tuple) and given:
        label = Text(sv="Undertecknare", en="Signatory")
        lines = builder.word("signers", label, given, lines=False, choices=None)
        signers = [line for line in lines if isinstance(line, dict)] if isinstance(lines, tuple) else []
    else:
        signers = [_signer(builder, role, roles) for role in manifest.signers]
    builder.put("signers", tuple(signers))
    builder.put("signer_pairs", tuple(_pairs(signers)))


def _signer(builder: _Builder, role: str, roles: Mapping[str, Role]) -> dict[str, Word]:
    side = "parties.sme.name" if role in SME_ROLES else "parties.host.name"
    party = value_at(builder.context, side)
    title = roles[role].name.in_language(builder.language) if role in roles else role
    return {"role": role, "title": title, "organisation": party, "party": party}


def _pairs(signers: Iterable[dict[str, Word]]) -> Iterator[dict[str, Word]]:
    waiting: dict[str, Word] | None = None
    for signer in signers:
        if waiting is None:
            waiting = signer
        else:
            yield {"left": waiting, "right": signer}
            waiting = None
    if waiting is not None:
        yield {"left": waiting, "right": {}}
