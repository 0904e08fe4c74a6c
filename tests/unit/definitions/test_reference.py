"""The drawn reference: each form a page with everything a lawyer asks about, and a diagram with every move."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from engine.definitions.reference import diagram_svg, reference_pages, write_reference
from tests.unit.definitions.demo import ROOT, of_form, workflows

FORMS = ("state", "regional", "company", "joint")


class TestReferencePages:
    @pytest.mark.parametrize("form", FORMS)
    def test_tell_every_action_guard_and_document(self, form: str) -> None:
        page = reference_pages(workflows())[f"{form}.md"]
        workflow = of_form(form)
        for action in workflow.actions.values():
            assert f"**{action.id} {action.label.en}** / {action.label.sv}" in page
        for guard in workflow.guards.values():
            assert f"### {guard.id}\n\n{guard.question.en}  \n*{guard.question.sv}*" in page
            assert f"`{guard.expression.source}`" in page
        for document in workflow.documents.values():
            assert f"### {document.id}\n" in page

    def test_tell_the_law_that_is_cited_and_no_other(self) -> None:
        page = reference_pages(workflows())["company.md"]
        assert "### L47\n\n**Jordabalken (JB) 12:39, 12:56–60**" in page
        assert "### L19\n" not in page

    def test_are_the_same_each_time(self) -> None:
        assert reference_pages(workflows()) == reference_pages(workflows())

    def test_are_written_to_a_folder(self, tmp_path: Path) -> None:
        files = write_reference(ROOT, tmp_path / "reference")
        assert [file.name for file in files] == ["state.md", "regional.md", "company.md", "joint.md"]
        assert files[0].read_text().startswith("# State / Statlig: state-1.1.0\n")


class TestDiagram:
    @pytest.mark.parametrize("form", FORMS)
    def test_shows_every_stage_and_move(self, form: str) -> None:
        picture = ET.fromstring(diagram_svg(of_form(form), "sv"))
        shown = " ".join(" ".join(element.itertext()) for element in picture.iter())
        for stage in of_form(form).stages:
            assert stage.label.sv in shown
        for action in of_form(form).actions.values():
            assert action.is_overlay or f"{action.id} {action.label.sv}" in shown
