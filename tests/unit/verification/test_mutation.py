"""Every guard whose law an invariant cites is noticed when it is gone; the rest is listed."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import pytest

from engine.definitions.scenarios import load_expectations
from engine.verification.mutation import Kind, MutationReport, mutants, mutate
from tests.unit.verification.seeded import WORKFLOWS, definitions, invariants

FORMS = ("state", "regional", "company")


@lru_cache(maxsize=8)
def report(form: str, *kinds: Kind) -> MutationReport:
    return mutate(definitions()[form], invariants(), load_expectations(WORKFLOWS), kinds=frozenset(kinds))


def noticed_by(found: MutationReport, subject: str) -> tuple[str, ...]:
    return next(one.invariants for one in found.verdicts if one.subject == subject)


@pytest.mark.slow
class TestGuards:
    @pytest.mark.parametrize("form", FORMS)
    def test_whose_law_an_invariant_cites_are_all_noticed(self, form: str) -> None:
        assert [one.subject for one in report(form, "guard").missed] == []

    @pytest.mark.parametrize("form", FORMS)
    def test_are_all_protected_by_an_invariant_or_a_scenario(self, form: str) -> None:
        found = report(form, "guard")

        assert [one.subject for one in found.unprotected] == []
        assert sum(bool(one.invariants) for one in found.verdicts) >= 0.75 * len(found.verdicts)

    def test_are_noticed_by_the_invariant_they_serve(self) -> None:
        found = report("regional", "guard")

        assert "INV-01" in noticed_by(found, "G-LEG-01")
        assert "INV-02" in noticed_by(found, "G-CON-05")
        assert "INV-04" in noticed_by(found, "G-PRO-12")
        assert noticed_by(found, "G-EXE-05") == ("INV-19",)
        assert "INV-32" in noticed_by(found, "G-EXE-11")


@pytest.mark.slow
class TestMoves:
    def test_are_all_noticed(self) -> None:
        found = report("company", "move")

        assert found.unprotected == ()
        assert "INV-30" in noticed_by(found, "C-T16")


class TestMutants:
    def test_take_one_piece_each(self) -> None:
        workflow = definitions()["state"]

        made = list(mutants(workflow))

        assert len({(one.kind, one.subject) for one in made}) == len(made)
        assert {one.kind for one in made} == {"guard", "part", "effect", "actor", "move"}
        assert all(one.workflow != workflow for one in made)

    def test_leave_out_what_was_broken_before(self) -> None:
        workflow = definitions()["state"]
        again = replace(workflow.actions["S-T22"], id="S-T98", name="reopen", source="closed", target="scoping")
        broken = replace(workflow, actions={**workflow.actions, "S-T98": again})
        few = [one for one in invariants() if one.id == "INV-29"]

        verdicts = mutate(broken, few, {}, kinds=frozenset({"actor"})).verdicts

        assert verdicts
        assert all("INV-29" not in one.invariants for one in verdicts)
