"""``samverk explain`` on real definitions: the demo cases, the shape of the answer, and what cannot be answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from web.cli import main
from web.cli.facts import read_groups

DEMO = Path(__file__).resolve().parents[3] / "workflows" / "demo"
DAY = "2025-11-24"

Groups = dict[str, dict[str, Any]]


def demo(name: str) -> Any:
    """One file of the demo as plain values."""
    content, _ = read_groups((DEMO / f"{name}.yaml").read_text(encoding="utf-8"), name)
    assert isinstance(content, Mapping)
    return content[name]


def facts_of(case: Mapping[str, Any]) -> Groups:
    """The facts of a demo case: the defaults, those of its form, and its own."""
    defaults = demo("demo_defaults")
    merged: Groups = {}
    for groups in (defaults["common"], defaults[case["form"]], {"sme": case["sme"]}, case["set"]):
        for group, members in groups.items():
            merged.setdefault(group, {}).update(members)
    return merged


def write(path: Path, content: object) -> str:
    path.write_text(json.dumps(content, default=float), encoding="utf-8")
    return str(path)


def ask(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["explain", *arguments])
    output = capsys.readouterr()
    return status, output.out, output.err


CASES = demo("demo_cases")


class TestDemoCases:
    def test_are_26(self) -> None:
        assert len(CASES) == 26

    @pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
    def test_fail_exactly_the_guards_they_should(
        self, case: Mapping[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        facts = write(tmp_path / "facts.json", facts_of(case))
        expected = case["expect"]

        status, out, _ = ask(
            capsys, "--form", case["form"], "--facts", facts, "--action", expected["try"], "--on", DAY, "--json"
        )

        answer = json.loads(out)
        failing = {severity: [] for severity in ("hard", "soft")}  # type: dict[str, list[str]]
        for reason in answer["failing"]:
            failing[reason["severity"]].append(reason["id"])
        assert failing["hard"] == sorted(expected["failing"])
        assert failing["soft"] == sorted(expected.get("failing_soft", []))
        assert answer["allowed"] is (not expected["failing"])
        assert status == (0 if answer["allowed"] else 1)

    def test_answer_the_same_in_a_batch(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        lines = [
            {"form": case["form"], "action": case["expect"]["try"], "on": DAY, "facts": facts_of(case)}
            for case in CASES
        ]
        batch = tmp_path / "batch.jsonl"
        batch.write_text("\n".join(json.dumps(line, default=float) for line in lines), encoding="utf-8")

        status, out, _ = ask(capsys, "--batch", str(batch))

        answers = [json.loads(line) for line in out.splitlines()]
        assert status == 1
        assert [answer["allowed"] for answer in answers] == [not case["expect"]["failing"] for case in CASES]


class TestAnswer:
    def test_has_the_promised_shape(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        case = next(case for case in CASES if case["id"] == "C-2025-0004")
        facts = write(tmp_path / "facts.json", facts_of(case))

        _, out, _ = ask(capsys, "--form", "state", "--facts", facts, "--action", "S-T05", "--on", DAY, "--json")

        answer = json.loads(out)
        assert list(answer) == ["action", "allowed", "failing", "other"]
        (reason,) = answer["failing"]
        assert list(reason) == ["id", "severity", "question", "basis", "values", "who"]
        assert set(reason["question"]) == {"sv", "en"}
        assert reason["values"]["price.market_price_sek"] == 160000
        assert answer["other"] == []

    def test_names_documents_that_are_not_final_when_asked_about_them(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        case = CASES[0]
        facts = write(tmp_path / "facts.json", {**facts_of(case), "documents": []})

        status, out, _ = ask(capsys, "--form", "state", "--facts", facts, "--action", "S-T17", "--on", DAY, "--json")

        answer = json.loads(out)
        assert status == 1
        assert answer["failing"] == []
        assert {reason["kind"] for reason in answer["other"]} == {"document"}

    def test_is_readable_without_json(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        facts = write(tmp_path / "facts.json", facts_of(CASES[3]))

        _, out, _ = ask(capsys, "--form", "state", "--facts", facts, "--action", "S-T05", "--on", DAY)

        assert "S-T05: not allowed yet" in out or "S-T05: inte tillåten ännu" in out
        assert "G-SCO-04 (hard)" in out


class TestWrongUse:
    @pytest.mark.parametrize(
        ("form", "action", "on", "content", "sentence"),
        [
            ("stat", "S-T05", DAY, "{}", "There is no ownership form stat"),
            ("state", "S-T99", DAY, "{}", "The form state has no action S-T99"),
            ("state", "S-T05", "24/11", "{}", "24/11 is not a date such as 2025-11-24"),
            ("state", "S-T05", DAY, "scope:\n  version: two\n", ":2:12: scope.version must be a whole number"),
            ("state", "S-T05", DAY, "documents: [S-LEG-99]\n", "there is no document S-LEG-99"),
            ("state", "S-T05", DAY, "documents: S-LEG-02\n", "documents must be a list"),
            ("state", "S-T05", DAY, "[1, 2]", "groups of fields belong here"),
        ],
    )
    def test_gets_one_sentence_and_status_2(
        self, form: str, action: str, on: str, content: str, sentence: str, tmp_path: Path,
        capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        monkeypatch.setenv("LC_ALL", "C.UTF-8")
        (tmp_path / "facts.yaml").write_text(content, encoding="utf-8")

        status, out, err = ask(
            capsys, "--form", form, "--facts", str(tmp_path / "facts.yaml"), "--action", action, "--on", on
        )

        assert (status, out) == (2, "")
        assert err.startswith("samverk: ")
        assert sentence in err

    def test_of_a_missing_file_is_told(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        status, out, _ = ask(
            capsys, "--form", "state", "--facts", str(tmp_path / "no.yaml"), "--action", "S-T05", "--on", DAY, "--json"
        )

        error = json.loads(out)["error"]
        assert status == 2
        assert error["code"] == "wrong_use"
        assert "no.yaml" in error["message"]["sv"]

    def test_of_one_line_leaves_the_others_answered(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        good = json.dumps({"form": "state", "action": "S-T05", "on": DAY, "facts": facts_of(CASES[3])}, default=float)
        batch = tmp_path / "batch.jsonl"
        batch.write_text(f"{good}\n{{}}\n{'[' * 100_000}\n{good}\n", encoding="utf-8")

        status, out, _ = ask(capsys, "--batch", str(batch))

        first, second, third, fourth = (json.loads(line) for line in out.splitlines())
        assert status == 2
        assert first == fourth
        assert "batch.jsonl:2: form is missing" in second["error"]["message"]["en"]
        assert "batch.jsonl:3: the line is not a JSON object" in third["error"]["message"]["en"]
