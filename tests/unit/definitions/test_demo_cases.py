"""The 26 demo cases: the action tried fails on exactly the guards that the dossier names."""

import pytest

from engine.definitions.reader import Table
from engine.domain.workflow import Action, Workflow
from tests.unit.definitions.demo import demo_cases, environment, facts_of, of_form, table, text, words

CASES = demo_cases()


def failing(workflow: Workflow, action: Action, case: Table) -> dict[str, list[str]]:
    """This will return the unmet guards of an action by severity, in id order."""
    asked = environment(workflow, facts_of(case))
    unmet = sorted((guard for guard in action.guards if guard.expression.holds(asked) is not True), key=lambda g: g.id)
    return {severity: [guard.id for guard in unmet if guard.severity == severity] for severity in ("hard", "soft")}


class TestDemoCases:
    def test_are_twenty_six(self) -> None:
        assert len(CASES) == 26

    @pytest.mark.parametrize("case", CASES, ids=[text(case, "id") for case in CASES])
    def test_fail_exactly_the_named_guards(self, case: Table) -> None:
        workflow = of_form(text(case, "form"))
        expected = table(case, "expect")
        found = failing(workflow, workflow.actions[text(expected, "try")], case)
        assert found["hard"] == list(words(expected, "failing"))
        assert found["soft"] == list(words(expected, "failing_soft"))
