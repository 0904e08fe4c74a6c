"""Faults of templates are found where they stand, before anything is drawn."""

from __future__ import annotations

import pytest

from contracts import inspection
from contracts.inspection import Fault, inspect_file
from engine.domain.values import Text
from tests.unit.contracts.words import FIELDS, paragraph, word_file

KNOWN = {*FIELDS, "doc.title", "rows.permits", "rows.permits.kind"}


def faults_of(*blocks: str, others: dict[str, bytes] | None = None) -> list[Fault]:
    """The faults of a document of the given blocks."""
    content = word_file(*blocks, others=others)
    return inspect_file(content, "documents/prov.docx", is_known=KNOWN.__contains__).faults


def cell(*paragraphs: str) -> str:
    """A table of one cell."""
    return f"<w:tbl><w:tr><w:tc>{''.join(paragraphs)}</w:tc></w:tr></w:tbl>"


class TestLocates:
    def test_part_paragraph_heading_and_words(self) -> None:
        (fault,) = faults_of(
            paragraph("Priset", style="Heading1"),
            paragraph("Företaget betalar."),
            paragraph("Priset är {{ price.amont_sek }} kr."),
        )

        assert (fault.part, fault.paragraph, fault.heading) == ("word/document.xml", 3, "Priset")
        assert fault.quote == "Priset är {{ price.amont_sek }} kr."
        assert fault.in_language("sv") == (
            "documents/prov.docx, stycke 3, ”Priset”: ordet price.amont_sek finns inte"
            " – Priset är {{ price.amont_sek }} kr."
        )
        assert "paragraph 3, “Priset”: there is no word price.amont_sek" in fault.in_language("en")

    def test_after_paragraphs_that_are_taken_away(self) -> None:
        (fault,) = faults_of(
            paragraph("{%p if scope.human_material %}"),
            paragraph("Material"),
            paragraph("{%p endif %}"),
            paragraph("{{ sme.name| }}"),
        )

        assert fault.paragraph == 4

    def test_all_at_once(self) -> None:
        assert len(faults_of(paragraph("{{ a.b }}"), paragraph("{{ sme.name"), paragraph("{{ c.d }}"))) == 3


class TestFinds:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("{{ sme.name", inspection.BRACES),
            ("{ sme.name }}", inspection.BRACES),
            ("{ { sme.name } }", inspection.BRACES),
            ("»sme.name»", inspection.BRACES),
            ("{{ sme.name }", inspection.BRACES),
            ("{% if sme.name }", inspection.BRACES),
            ("{# kommentar #}", inspection.BRACES),
            ("{%pif sme.name %}", inspection.UNKNOWN_STATEMENT),
            ("{% set x = 1 %}", inspection.UNKNOWN_STATEMENT),
            ("{% include 'x' %}", inspection.UNKNOWN_STATEMENT),
            ("{% endif %}", inspection.UNMATCHED),
            ("text {%p if sme.name %}", inspection.TEXT_BESIDE),
            ("{%p if sme.name %}{%p endif %}", inspection.TWO_TAGS),
            ("{% if sme.name %}", inspection.SPANS_PARAGRAPHS),
            ("{" * 900, inspection.TOO_LONG),
        ],
    )
    def test_tags_that_would_fail_later(self, text: str, message: Text) -> None:
        assert message in [fault.message for fault in faults_of(paragraph(text))]

    def test_statements_never_ended(self) -> None:
        (fault,) = faults_of(paragraph("{%p for row in rows.permits %}"), paragraph("{{ row.kind }}"))

        assert "”for” avslutas aldrig" in fault.message.sv

    def test_unknown_columns(self) -> None:
        (fault,) = faults_of(
            paragraph("{%p for row in rows.permits %}"), paragraph("{{ row.knd }}"), paragraph("{%p endfor %}")
        )

        assert "rows.permits.knd" in fault.message.en

    @pytest.mark.parametrize("tag", ["ins", "del", "moveFrom"])
    def test_tracked_changes(self, tag: str) -> None:
        block = f'<w:p><w:{tag} w:id="1"><w:r><w:t>ny text</w:t></w:r></w:{tag}></w:p>'

        assert inspection.REVISED in [fault.message for fault in faults_of(block)]

    def test_comments(self) -> None:
        block = '<w:p><w:commentRangeStart w:id="1"/><w:r><w:t>text</w:t></w:r></w:p>'

        assert [fault.message for fault in faults_of(block)] == [inspection.COMMENTED]
        assert [fault.message for fault in faults_of(others={"word/comments.xml": b"<w/>"})] == [inspection.COMMENTED]

    @pytest.mark.parametrize("part", ["word/footnotes.xml", "word/endnotes.xml", "docProps/core.xml"])
    def test_tags_where_nobody_reads_them(self, part: str) -> None:
        assert [fault.message for fault in faults_of(others={part: b"<x>{{ sme.name }}</x>"})] == [
            inspection.TAG_ELSEWHERE
        ]

    def test_links_out_of_the_file(self) -> None:
        rels = b'<Relationships><Relationship Id="a" Target="http://x" TargetMode="External"/></Relationships>'

        assert [fault.message for fault in faults_of(others={"word/_rels/document.xml.rels": rels})] == [
            inspection.EXTERNAL
        ]

    def test_a_section_break_that_would_be_lost(self) -> None:
        block = paragraph("{%p if sme.name %}", properties="<w:sectPr/>") + paragraph("{%p endif %}")

        assert [fault.message for fault in faults_of(block)] == [inspection.SECTION_BREAK]

    def test_a_cell_that_may_be_left_empty(self) -> None:
        inside = (paragraph("{%p if sme.name %}"), paragraph("text"), paragraph("{%p endif %}"))

        assert [fault.message for fault in faults_of(cell(*inside))] == [inspection.EMPTY_CELL]
        assert faults_of(cell(*inside, paragraph(""))) == []

    def test_a_file_that_is_no_word_file(self) -> None:
        (fault,) = inspect_file(b"hej", "documents/prov.docx", is_known=KNOWN.__contains__).faults

        assert "documents/prov.docx" in fault.message.sv


class TestPasses:
    def test_a_good_template(self) -> None:
        assert (
            faults_of(
                paragraph("Priset", style="Heading1"),
                paragraph(
                    "{{ sme.name }} betalar {{ price.amount_sek|kr }}{% if scope.human_material %}, prov{% endif %}."
                ),
                paragraph("{%p for row in rows.permits %}"),
                paragraph("{{ row.kind }}"),
                paragraph("{%p else %}"),
                paragraph("Inga tillstånd"),
                paragraph("{%p endfor %}"),
            )
            == []
        )

    def test_many_unclosed_braces_quickly(self) -> None:
        assert faults_of(paragraph("{{ a " * 5000)) != []
