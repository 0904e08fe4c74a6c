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
    ORGANISATION_FIELDS,
    PARTICULARS,
    PRINTED_LATER,
    SIGNING_NOTE,
    WORKING_MATERIAL,
)
from contracts.words import Choice, Context, Gap, Word, value_at
from engine.domain.commands import Language
from engine.domain.fields import Column, Field, RowTable
from engine.domain.reasons import EngineError
from engine.domain.roles import SME_ROLES, Role
from engine.domain.values import Facts, Record, Text, Value

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


class _Builder:
    """Collects the words of one document, its gaps and its unprintable values."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.context: Context = {}
        self.noted: dict[str, Text] = {}
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
        return Gap(name, label, self.language, self.noted)

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
) -> tuple[Context, dict[str, Text]]:
    """This will build the words of one document, and the mapping in which its gaps are noted while it is drawn.

    ``words`` are those the template reads: nothing else is looked at. Raises UnprintableValue with every value that
    may not be printed.
    """
    builder = _Builder(language)
    names = {org["id"]: Text(sv=org["name"], en=org["name"]) for org in _organisations(particulars)}
    for name in words:
        if (field := fields.get(name)) is not None:
            lines = field.type in _WITH_LINES
            choices = names if name in ORGANISATION_FIELDS else field.choices
            builder.put(name, builder.word(name, field.label, facts.get(name), lines=lines, choices=choices))
    for name in {".".join(word.split(".")[:2]) for word in words if word.startswith("rows.")}:
        builder.put(name, _rows(builder, tables.get(name.removeprefix("rows.")), name, particulars.get(name)))
    _particulars(builder, manifest, facts, fields, particulars, words=words, is_draft=is_draft)
    _signers(builder, manifest, particulars, roles)
    if builder.faults:
        raise UnprintableValue(builder.faults)
    return builder.context, builder.noted


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
        if name == "doc.secrecy" and isinstance(value, str):
            value = wording.secrecy_basis(value, language)
        # The company's particulars repeat its fields: a gap or fault is named once, as the field.
        repeats = name.startswith("parties.sme.") and particulars.get(name) is None
        named = name.removeprefix("parties.") if repeats else name
        builder.put(name, builder.word(named, label, value, lines=False, choices=None))
    for name in ("opinions", "approvals", "parties.others"):
        label = Text(sv=name, en=name)
        lines = particulars.get(name) or (
            _other_hosts(facts, particulars) if name == "parties.others" and manifest.form == "joint" else ()
        )
        builder.put(
            name,
            _completed(builder, name, builder.word(name, label, lines, lines=True, choices=None)),
        )


def _organisations(particulars: Facts) -> Iterator[dict[str, str]]:
    """The organisations of the register that were handed over: records with id, name, legal_person and org_nr."""
    given = particulars.get("organisations")
    for record in given if isinstance(given, tuple) else ():
        if isinstance(record, Mapping) and record.get("id"):
            org = {key: str(value) for key, value in record.items() if value is not None}
            yield {"name": org["id"], "legal_person": org.get("name", org["id"]), "unit": "", "org_nr": "-", **org}


def _other_hosts(facts: Facts, particulars: Facts) -> tuple[Record, ...]:
    """The hosts of a joint case beside the one whose document it is, in the order of the case."""
    involved = facts.get("joint.orgs")
    named = {key: org for org in _organisations(particulars) for key in (org["id"], org["name"])}
    own = (facts.get("case.host_org_id"), particulars.get("parties.host.name"))
    others = [named[str(org)] for org in involved if str(org) in named] if isinstance(involved, tuple) else []
    return tuple(
        {column: org[column] for column in LISTS["parties.others"]}
        for org in others
        if org["id"] not in own and org["name"] not in own
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
    if manifest.kind == "agreement":
        signers += _signers_of_other_hosts(builder, signers)
    builder.put("signers", tuple(signers))
    builder.put("signer_pairs", tuple(_pairs(signers)))


def _signer(builder: _Builder, role: str, roles: Mapping[str, Role]) -> dict[str, Word]:
    side = "parties.sme.name" if role in SME_ROLES else "parties.host.name"
    party = value_at(builder.context, side)
    title = roles[role].name.in_language(builder.language) if role in roles else role
    return {"role": role, "title": title, "organisation": party, "party": party}


def _signers_of_other_hosts(builder: _Builder, signers: list[dict[str, Word]]) -> list[dict[str, Word]]:
    """Each further host of a joint agreement signs through its own decision maker."""
    others = value_at(builder.context, "parties.others")
    deciding = next((signer for signer in signers if signer.get("role") == "decision_maker"), None)
    if deciding is None or not isinstance(others, tuple):
        return []
    names = [other["name"] for other in others if isinstance(other, dict)]
    signed = [signer.get("party") for signer in signers]
    return [{**deciding, "party": name, "organisation": name} for name in names if name not in signed]


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
