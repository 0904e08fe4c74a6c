"""Each guard that no invariant notices stops its actions on some facts, and lets them pass on others."""

from __future__ import annotations

from datetime import date

import pytest

from engine.definitions.scenarios import Refusal, load_expectations, load_refusals
from engine.domain.verdicts import explain
from engine.domain.workflow import Workflow
from tests.unit.verification.seeded import WORKFLOWS, definitions

REFUSALS = load_refusals(WORKFLOWS)
DAY = date(2025, 11, 24)


def workflow_of(refusal: Refusal) -> Workflow:
    return next(one for one in definitions().values() if refusal.action in one.actions)


@pytest.mark.parametrize("refusal", REFUSALS, ids=[f"{one.guard} {one.action}" for one in REFUSALS])
class TestGuard:
    def test_stops_and_lets_pass(self, refusal: Refusal) -> None:
        workflow = workflow_of(refusal)
        form = {"case.form": workflow.form}

        stopped = explain(workflow, refusal.action, {**form, **refusal.stops}, DAY)
        passed = explain(workflow, refusal.action, {**form, **refusal.passes}, DAY)

        assert refusal.guard in {reason.id for reason in stopped.failing}
        assert refusal.guard in passed.met
        assert set(refusal.stops) | set(refusal.passes) <= set(workflow.fields)


def test_expectations_name_cases_refusals_and_moves() -> None:
    found = load_expectations(WORKFLOWS)

    assert found["G-SCO-02 S-T05"] == ("demo/refusals.yaml",)
    assert "C-2025-0002" in found["G-LEG-17 S-T09"]
    assert found["S-T25"] == ("tests/scenarios/test_every_move.py",)
