"""A small dictionary and small Word files for the tests of ``contracts``, made without a disk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final
from xml.sax.saxutils import escape

from contracts.assembly import WORDML, Assembled
from contracts.context import build_context
from contracts.manifest import Kind, Manifest
from contracts.package import pack, write_parts
from contracts.renderer import Drawn, compile_template, draw
from contracts.words import Context
from engine.domain.commands import Language
from engine.domain.fields import Column, Field, RowTable
from engine.domain.roles import Role
from engine.domain.values import Facts, Text, Value

ON: Final = date(2025, 11, 24)


def same(text: str) -> Text:
    """One text in both languages."""
    return Text(sv=text, en=text)


FIELDS: Final[Mapping[str, Field]] = {
    field.name: field
    for field in (
        Field(
            name="scope.staff_role",
            type="enum",
            label=Text(sv="Personalens roll", en="Role of staff"),
            choices={
                "none": Text(sv="Ingen", en="None"),
                "perform": Text(sv="Utför arbetet", en="Performs the work"),
            },
        ),
        Field(name="scope.end_date", type="date", label=Text(sv="Slutdatum", en="End date")),
        Field(name="scope.title_sv", type="str", label=Text(sv="Titel", en="Title")),
        Field(name="scope.purpose", type="text", label=Text(sv="Syfte", en="Purpose")),
        Field(name="scope.deliverables", type="list", label=Text(sv="Leveranser", en="Deliverables")),
        Field(name="scope.human_material", type="bool", label=Text(sv="Mänskligt material", en="Human material")),
        Field(name="scope.hours_staff", type="dec", label=Text(sv="Timmar", en="Hours")),
        Field(name="price.amount_sek", type="dec", label=Text(sv="Pris", en="Price"), unit="SEK"),
        Field(name="price.vat_rate_pct", type="dec", label=Text(sv="Moms", en="VAT"), unit="%"),
        Field(name="sme.name", type="str", label=Text(sv="Företagets namn", en="The company's name")),
        Field(name="sme.org_nr", type="str", label=Text(sv="Organisationsnummer", en="Registration number")),
    )
}
TABLES: Final[Mapping[str, RowTable]] = {
    "permits": RowTable(
        name="permits",
        label=Text(sv="Tillstånd", en="Permits"),
        by=("pm",),
        stage="scoping",
        columns=(
            Column(
                name="kind",
                type="enum",
                label=Text(sv="Slag", en="Kind"),
                choices={"ethics": Text(sv="Etiktillstånd", en="Ethics approval")},
            ),
            Column(name="reason", type="text", label=Text(sv="Skäl", en="Reason")),
            Column(name="valid_to", type="date", label=Text(sv="Gäller till", en="Valid to")),
        ),
    )
}
ROLES: Final[Mapping[str, Role]] = {
    "sme_signatory": Role(
        key="sme_signatory", name=Text(sv="Firmatecknare", en="Signatory"), forms=("state",), scope="own_case"
    ),
    "decision_maker": Role(
        key="decision_maker",
        name=Text(sv="Beslutsfattare", en="Decision maker"),
        forms=("state",),
        scope="organisation",
    ),
}
FACTS: Final[Facts] = {
    "scope.staff_role": "perform",
    "scope.end_date": date(2025, 11, 3),
    "scope.title_sv": "Avbildning",
    "scope.purpose": "Första raden\nandra raden",
    "scope.deliverables": ("mätdata", "metodbeskrivning"),
    "scope.human_material": True,
    "scope.hours_staff": Decimal("12.5"),
    "price.amount_sek": Decimal(427500),
    "price.vat_rate_pct": Decimal(25),
    "sme.name": "Johnson & Johnson <Norden> AB",
    "sme.org_nr": "559123-4567",
}


def manifest(kind: Kind = "agreement", *, document: str = "S-LEG-04") -> Manifest:
    """The manifest of a made-up document."""
    return Manifest(
        id=document,
        version="v1",
        kind=kind,
        title=Text(sv="Avtal om prov & försök", en="Agreement on trials & tests"),
        words=(),
        clauses=(),
        signers=("sme_signatory", "decision_maker"),
        source="own",
        approval="working material, not approved",
    )


def paragraph(text: str, *, style: str = "Brodtext", properties: str = "") -> str:
    """One paragraph with one run."""
    return (
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
    )


def document_xml(*blocks: str) -> bytes:
    """The text part of a Word file."""
    return f'<w:document xmlns:w="{WORDML}"><w:body>{"".join(blocks)}<w:sectPr/></w:body></w:document>'.encode()


def word_file(*blocks: str, others: Mapping[str, bytes] | None = None) -> bytes:
    """A Word file of the given blocks and other parts."""
    parts = {"[Content_Types].xml": b"<Types/>", "word/document.xml": document_xml(*blocks), **(others or {})}
    return write_parts({name: pack(content) for name, content in parts.items()})


def context_of(
    text: str,
    *,
    facts: Facts | None = None,
    language: Language = "sv",
    particulars: Mapping[str, Value] | None = None,
    is_draft: bool = False,
) -> tuple[Context, dict[str, Text]]:
    """The words a text of one paragraph reads, and the mapping of its gaps."""
    return build_context(
        manifest=manifest(),
        language=language,
        facts=FACTS if facts is None else facts,
        fields=FIELDS,
        particulars={"parties.host.name": "Karolinska Institutet", **(particulars or {})},
        tables=TABLES,
        roles=ROLES,
        words=compile_template(_assembled(text), language).words,
        is_draft=is_draft,
    )


def draw_text(
    text: str,
    *,
    facts: Facts | None = None,
    language: Language = "sv",
    particulars: Mapping[str, Value] | None = None,
    is_draft: bool = False,
) -> Drawn:
    """A document of one paragraph (or of ready blocks, when it begins with ``<w:``)."""
    context, noted = context_of(text, facts=facts, language=language, particulars=particulars, is_draft=is_draft)
    compiled = compile_template(_assembled(text), language)
    return draw(compiled, context, noted, title=manifest().title, on=ON, is_draft=is_draft)


def _assembled(text: str) -> Assembled:
    blocks = text if text.startswith("<w:") else paragraph(text)
    parts = {"[Content_Types].xml": b"<Types/>", "word/document.xml": document_xml(blocks)}
    return Assembled(parts=parts, template_hash="a" * 64, clauses=(), locked={})
