"""What templates may say, and what stands in the document then."""

from __future__ import annotations

from decimal import Decimal

import pytest

from contracts.assembly import plain_text_of
from contracts.package import read_parts
from contracts.renderer import Gaps
from contracts.template_language import TemplateFault, expression_words
from engine.domain.commands import Language
from tests.unit.contracts.words import FACTS, draw_text, paragraph


def text_of(template: str, language: Language = "sv") -> str:
    """The text of a document of one paragraph, hard spaces as spaces."""
    return plain_text_of(draw_text(template, language=language).content).replace("\u00a0", " ").strip()


class TestPrinting:
    @pytest.mark.parametrize(
        ("template", "swedish", "english"),
        [
            ("{{ price.amount_sek|kr }}", "427 500 kr", "SEK 427,500"),
            ("{{ scope.end_date|day }}", "3 november 2025", "3 November 2025"),
            ("{{ scope.end_date }}", "3 november 2025", "3 November 2025"),
            ("{{ scope.staff_role }}", "Utför arbetet", "Performs the work"),
            ("{{ scope.staff_role|label }}", "Utför arbetet", "Performs the work"),
            ("{{ scope.staff_role|lower_first }}", "utför arbetet", "performs the work"),
            ("{{ scope.deliverables|listing }}", "mätdata och metodbeskrivning", "mätdata and metodbeskrivning"),
            ("{{ scope.human_material|yesno }}", "Ja", "Yes"),
            ("{{ scope.hours_staff|hours }}", "12,5 timmar", "12.5 hours"),
            ("{{ price.vat_rate_pct|percent }}", "25 %", "25%"),
            ("{{ price.amount_sek|number }}", "427 500", "427,500"),
            ("{{ sme.name }}", "Johnson & Johnson <Norden> AB", "Johnson & Johnson <Norden> AB"),
            ("{{ doc.title }}", "Avtal om prov & försök", "Agreement on trials & tests"),
            ("{% if scope.staff_role == 'perform' %}ja{% endif %}", "ja", "ja"),
            ("{% if scope.staff_role in ('none',) %}ja{% else %}nej{% endif %}", "nej", "nej"),
        ],
    )
    def test_reads_as_in_the_language(self, template: str, swedish: str, english: str) -> None:
        assert text_of(template, "sv") == swedish
        assert text_of(template, "en") == english

    def test_a_line_break_stays_one_paragraph(self) -> None:
        drawn = draw_text("{{ scope.purpose }} slut")

        assert plain_text_of(drawn.content) == "Första raden andra raden slut"

    def test_rows_print_their_labels(self) -> None:
        template = (
            paragraph("{%p for row in rows.permits %}")
            + paragraph("{{ row.kind }}: {{ row.reason|optional }}")
            + paragraph("{%p endfor %}")
        )
        drawn = draw_text(template, particulars={"rows.permits": ({"kind": "ethics", "reason": None},)})

        assert plain_text_of(drawn.content).strip() == "Etiktillstånd: ej angivet"

    def test_tags_split_over_runs_are_read_as_one(self) -> None:
        split = '<w:p><w:r><w:t>{{ sme</w:t></w:r><w:proofErr w:type="x"/><w:r><w:t>.org_nr }}</w:t></w:r></w:p>'

        assert plain_text_of(draw_text(split).content) == "559123-4567"


class TestGaps:
    def test_a_final_document_names_every_gap(self) -> None:
        facts = {name: value for name, value in FACTS.items() if name not in {"scope.end_date", "price.amount_sek"}}

        with pytest.raises(Gaps) as raised:
            draw_text("{{ scope.end_date|day }} {{ price.amount_sek|kr }} {{ sme.name }}", facts=facts)

        assert list(raised.value.gaps) == ["scope.end_date", "price.amount_sek"]
        assert "Det här saknas: Pris, Slutdatum." in raised.value.message.sv
        assert "This is missing: End date, Price." in raised.value.message.en

    def test_a_draft_shows_the_gap_highlighted(self) -> None:
        drawn = draw_text("Slut {{ scope.end_date|day }}, pris", facts={}, is_draft=True)

        assert plain_text_of(drawn.content) == "Slut «[saknas: Slutdatum]», pris"
        assert b'w:highlight w:val="yellow"' in _document(drawn.content)

    def test_none_never_prints(self) -> None:
        with pytest.raises(Gaps):
            draw_text("{{ scope.title_sv }}", facts={"scope.title_sv": None})

    def test_a_list_that_is_unknown_is_a_gap(self) -> None:
        template = "{% for item in scope.deliverables %}{{ item }}{% endfor %}"

        with pytest.raises(Gaps):
            draw_text(template, facts={})

    def test_what_is_not_printed_is_no_gap(self) -> None:
        drawn = draw_text(
            "{% if scope.end_date is known %}{{ scope.end_date }}{% else %}tills vidare{% endif %}", facts={}
        )

        assert plain_text_of(drawn.content) == "tills vidare"

    @pytest.mark.parametrize(
        "condition", ["scope.staff_role == 'x'", "scope.staff_role != 'x'", "price.amount_sek > 1"]
    )
    def test_unknown_never_satisfies(self, condition: str) -> None:
        drawn = draw_text(f"{{% if {condition} %}}ja{{% else %}}nej{{% endif %}}", facts={})

        assert plain_text_of(drawn.content) == "nej"

    def test_optional_says_so(self) -> None:
        assert plain_text_of(draw_text("{{ price.amount_sek|kr|optional }}", facts={}).content) == "ej angivet"


class TestNoWayOut:
    @pytest.mark.parametrize(
        "template",
        [
            "{{ sme.name.__class__ }}",
            "{{ ''.__class__.__mro__ }}",
            "{{ scope.deliverables.count }}",
            "{{ sme.name.upper() }}",
            "{{ range(3) }}",
            "{{ scope.items() }}",
            "{{ scope['__class__'] }}",
            "{{ doc.title.format(doc) }}",
            "{{ scope.end_date.year }}",
            "{{ sme }}",
            "{{ none }}",
            "{{ namespace }}",
            "{{ sme.nam }}",
            "{{ unknown.word }}",
            "{{ self }}",
            "{{ lipsum }}",
            "{{ cycler }}",
            "{% for key in scope %}{{ key.__class__ }}{% endfor %}",
        ],
    )
    def test_refuses(self, template: str) -> None:
        with pytest.raises(TemplateFault):
            draw_text(template)

    @pytest.mark.parametrize("name", ["upper", "attr", "map", "pprint", "tojson", "safe", "format"])
    def test_knows_only_its_own_filters(self, name: str) -> None:
        with pytest.raises(TemplateFault):
            expression_words(f"sme.name|{name}", {})

    @pytest.mark.parametrize("amount", ["text", True])
    def test_money_is_a_number(self, amount: str | bool) -> None:
        with pytest.raises(TemplateFault):
            draw_text("{{ sme.name|kr }}", facts={"sme.name": str(amount)})


class TestWordsRead:
    def test_names_fields_and_columns(self) -> None:
        assert expression_words("price.amount_sek|kr", {}) == {"price.amount_sek"}
        assert expression_words("row.kind", {"row": "rows.permits"}) == {"rows.permits.kind"}
        assert expression_words("scope.a == 'x' and not doc.b", {}) == {"scope.a", "doc.b"}
        assert expression_words("loop.first", {}) == set()


class TestContentHash:
    def test_follows_what_is_said_only(self) -> None:
        first = draw_text("{{ sme.name }}")
        other_field = draw_text("{{ sme.name }}", facts={**FACTS, "price.amount_sek": Decimal(1)})
        other_value = draw_text("{{ sme.name }}", facts={**FACTS, "sme.name": "Annat AB"})

        assert first.content_hash == other_field.content_hash
        assert first.content == other_field.content
        assert first.content_hash != other_value.content_hash
        assert draw_text("{{ sme.name }}", language="en").content_hash != first.content_hash

    def test_stands_in_the_document(self) -> None:
        drawn = draw_text("{{ doc.content_hash }}")

        assert plain_text_of(drawn.content).replace(" ", "") == drawn.content_hash


def _document(content: bytes) -> bytes:
    return read_parts(content, name="docx")["word/document.xml"]
