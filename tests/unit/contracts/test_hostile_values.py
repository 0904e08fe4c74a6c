"""Values that would hurt a Word file are refused by the name of their field; harmless ones come out as they went in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import wording
from contracts.assembly import plain_text_of
from contracts.context import UnprintableValue
from engine.domain.values import Facts, Value
from tests.unit.contracts.words import draw_text

REFUSED = {
    "NUL": "a\x00b",
    "bell, a new paragraph": "a\ab",
    "form feed, a page break": "a\fb",
    "vertical tab": "a\vb",
    "tab": "a\tb",
    "carriage return": "a\rb",
    "escape": "a\x1b[31mb",
    "C1 control": "a\x85b",
    "lone surrogate": "a\ud800b",
    "non-character": "a\ufffeb",
    "non-character of a higher plane": "a\U0001ffffb",
    "line separator": "a\u2028b",
    "reversed reading": "AB \u202egro.b",
    "isolate": "a\u2066b",
    "a tag": "{{ price.amount_sek }}",
    "a statement": "{% if x %}",
    "half a tag": "a }} b",
    "a comment": "{# x #}",
    "a tag at the second reading": "{_{ secret }_}",
    "a statement at the second reading": "{_% x %_}",
    "a line break in a line": "a\nb",
    "too long": "x" * 2001,
}
KEPT = [
    "Smith & Co",
    "A & B <C> D",
    "</w:t></w:r></w:p>",
    "&amp; &lt; &#0; ]]>",
    "”citat” – 'apostrof' \"tum\"",
    "ÅÄÖ éü ß 漢字 😀 e\u0301",
    "  två  mellanrum  ",
    "50 % {rabatt} } {",
    "C:\\mapp\\fil",
    "None",
    "«citat»",
]


class TestRefused:
    @pytest.mark.parametrize("value", REFUSED.values(), ids=REFUSED.keys())
    def test_names_the_field(self, value: str) -> None:
        with pytest.raises(UnprintableValue) as raised:
            draw_text("{{ sme.name }}", facts={"sme.name": value})

        assert list(raised.value.faults) == ["sme.name"]
        assert "Företagets namn" in raised.value.message.sv
        assert "The company's name" in raised.value.message.en
        raised.value.message.sv.encode()

    def test_all_at_once(self) -> None:
        facts: Facts = {"sme.name": "a\x00", "scope.title_sv": "{{ x }}"}

        with pytest.raises(UnprintableValue) as raised:
            draw_text("{{ sme.name }} {{ scope.title_sv }}", facts=facts)

        assert set(raised.value.faults) == {"sme.name", "scope.title_sv"}

    def test_in_drafts_too(self) -> None:
        with pytest.raises(UnprintableValue):
            draw_text("{{ sme.name }}", facts={"sme.name": "a\x00"}, is_draft=True)

    def test_in_lists_and_rows(self) -> None:
        with pytest.raises(UnprintableValue):
            draw_text("{{ scope.deliverables }}", facts={"scope.deliverables": ("bra", "{% x %}")})
        template = "{% for row in rows.permits %}{{ row.reason }}{% endfor %}"
        rows: Value = ({"kind": "ethics", "reason": "a\x07"},)
        with pytest.raises(UnprintableValue) as raised:
            draw_text(template, particulars={"rows.permits": rows})
        assert list(raised.value.faults) == ["rows.permits.reason"]

    def test_in_particulars(self) -> None:
        with pytest.raises(UnprintableValue) as raised:
            draw_text("{{ parties.host.unit }}", particulars={"parties.host.unit": "a\u202eb"})
        assert list(raised.value.faults) == ["parties.host.unit"]

    def test_text_over_the_limit(self) -> None:
        with pytest.raises(UnprintableValue):
            draw_text("{{ scope.purpose }}", facts={"scope.purpose": "x" * 20_001})


class TestKept:
    @pytest.mark.parametrize("value", KEPT)
    def test_comes_out_as_it_went_in(self, value: str) -> None:
        drawn = draw_text("före {{ sme.name }} efter", facts={"sme.name": value})

        assert plain_text_of(drawn.content) == f"före {value} efter"

    def test_lines_from_a_form(self) -> None:
        drawn = draw_text("{{ scope.purpose }}", facts={"scope.purpose": "ett\r\ntvå"})

        assert plain_text_of(drawn.content) == "ett två"

    @settings(deadline=None, max_examples=150)
    @given(st.text(max_size=60))
    def test_any_text_is_kept_or_refused(self, value: str) -> None:
        is_fine = wording.is_printable(value, allows_lines=False) and not wording.looks_like_a_tag(value)
        try:
            drawn = draw_text("<{{ sme.name }}>".replace("<", "«").replace(">", "»"), facts={"sme.name": value})
        except UnprintableValue:
            assert not is_fine
        else:
            assert is_fine
            assert plain_text_of(drawn.content) == f"«{value}»"
