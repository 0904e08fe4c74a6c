"""Definitions: no fault, none changed after it was published, every guard used."""

from __future__ import annotations

from pathlib import Path

from engine.definitions.lint import check
from engine.definitions.loader import load_all

WORKFLOWS = Path(__file__).resolve().parents[2] / "workflows"


class TestDefinitions:
    def test_have_no_fault_and_are_what_was_published(self) -> None:
        assert [str(fault) for fault in check(WORKFLOWS)] == []

    def test_require_every_guard_of_the_catalogue(self) -> None:
        definitions = load_all(WORKFLOWS)
        required = {
            guard.id
            for one in definitions.published
            for action in one.workflow.actions.values()
            for guard in (*action.guards, *action.post_guards)
        }

        assert required == set(definitions.catalogue.guards)

    def test_hold_every_ownership_form(self) -> None:
        forms = {one.workflow.form for one in load_all(WORKFLOWS).published}

        assert {"state", "regional", "company"} <= forms
