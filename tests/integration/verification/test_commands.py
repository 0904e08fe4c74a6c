"""``samverk workflows explore``, ``mutate`` and ``diff``: exit status, text and JSON."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from web.cli import main

WORKFLOWS = Path(__file__).resolve().parents[3] / "workflows"


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """A copy of the definitions in which a change of scope keeps the lawyers' approvals."""
    folder = tmp_path / "workflows"
    shutil.copytree(WORKFLOWS, folder)
    path = folder / "forms" / "state" / "v1.yaml"
    before = "effects: [invalidate_legal, invalidate_procurement, stop_changed_work, void_signatures]"
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, before.replace("invalidate_legal, ", "")))
    return folder


class TestExplore:
    def test_proves_a_form(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["workflows", "explore", "--form", "company", "--json"]) == 0

        answer = json.loads(capsys.readouterr().out)
        (form,) = answer["forms"]
        assert answer["ok"] is True
        assert form["proved"] is True
        assert form["situations"] > 1000
        assert form["transitions"] > form["situations"]
        assert form["bounds_hit"] == []
        assert "INV-01" in form["invariants"]
        assert form["slices"][0]["kept"][0] == "stage"

    def test_tells_how_a_draft_is_broken(self, draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["workflows", "explore", "--form", "state", "--folder", str(draft), "--json"]) == 1

        (form,) = json.loads(capsys.readouterr().out)["forms"]
        assert {one["invariant"] for one in form["broken"]} == {"INV-03"}
        story = form["broken"][0]
        assert story["path"][-1] == "S-T22"
        assert "The host's lawyer approves scope version 1." in story["story"]["en"]
        assert "Värdens jurist tillstyrker" in story["story"]["sv"]

    def test_tells_it_in_plain_text(self, draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["workflows", "explore", "--form", "state", "--folder", str(draft)]) == 1

        assert "INV-03" in capsys.readouterr().out

    def test_refuses_a_folder_that_is_not_there(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["workflows", "explore", "--folder", "nowhere"]) == 2

        assert "nowhere" in capsys.readouterr().err


@pytest.mark.slow
class TestMutate:
    def test_names_what_notices_each_move_that_is_gone(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["workflows", "mutate", "--form", "company", "--kind", "move", "--json"]) == 0

        (form,) = json.loads(capsys.readouterr().out)["forms"]
        found = {one["subject"]: one for one in form["mutants"]}
        assert form["missed"] == []
        assert len(found) == 27
        assert all(one["noticed"] for one in found.values())
        assert "INV-30" in found["C-T16"]["invariants"]


class TestDiff:
    def test_of_a_version_with_itself_is_empty(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["workflows", "diff", "state-1.1.0", "state", "--json"]) == 0

        assert json.loads(capsys.readouterr().out)["differences"] == []

    def test_of_a_draft_is_told_in_words(self, draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["workflows", "diff", "state", "state", "--folder", str(draft), "--json"]) == 1

        (one,) = json.loads(capsys.readouterr().out)["differences"]
        assert one["about"] == "S-T22"
        assert one["text"]["sv"].endswith("gör inte längre att de juridiska yttrandena faller.")

    def test_refuses_a_version_that_is_not_there(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["workflows", "diff", "state", "state-9.9.9"]) == 2

        assert "state-9.9.9" in capsys.readouterr().err
