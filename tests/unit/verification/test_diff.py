"""Differences of two definitions are sentences in both languages, one per difference."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.domain.expressions import Names, Shape, parse
from engine.verification.diff import EFFECTS, differences
from tests.unit.verification.seeded import definitions, with_action, without_effect, without_guards


class TestDifferences:
    @pytest.mark.parametrize("form", ["state", "regional", "company", "joint"])
    def test_are_none_of_a_definition_with_itself(self, form: str) -> None:
        assert differences(definitions()[form], definitions()[form]) == ()

    def test_tell_of_a_guard_that_is_no_longer_asked(self) -> None:
        before = definitions()["state"]

        (one,) = differences(before, without_guards(before, "S-T17", "G-LEG-01"))

        assert (one.subject, one.about) == ("action", "S-T17")
        assert one.text.en.startswith(
            "Start execution at Confidentiality and signing (S-T17) no longer asks: Has every"
        )
        assert one.text.sv.startswith(
            "Starta genomförandet i Sekretess- och avtalstecknande (S-T17) frågar inte längre:"
        )

    def test_tell_of_an_effect_in_words(self) -> None:
        before = definitions()["state"]

        (one,) = differences(before, without_effect(before, "S-T22", "invalidate_legal"))

        assert one.text.en.endswith("no longer has the effect that the legal opinions fall.")

    def test_tell_who_may_do_it_now(self) -> None:
        before = definitions()["regional"]
        after = with_action(before, replace(before.actions["R-T06"], actors=("decision_maker", "pm")))

        (one,) = differences(before, after)

        assert "is now taken by Decision maker / signatory of the host, Project manager, before by" in one.text.en

    def test_tell_of_a_condition_that_reads_otherwise(self) -> None:
        before = definitions()["company"]
        guard = replace(
            before.guards["G-CON-05"],
            expression=parse("conf.scope_version >= 1", Names(fields={"conf.scope_version": Shape("number")})),
            severity="soft",
        )
        after = before
        for action in before.actions.values():
            guards = tuple(guard if one.id == guard.id else one for one in action.guards)
            after = with_action(after, replace(action, guards=guards))

        condition, severity = differences(before, after)

        assert "is now tested like this: conf.scope_version >= 1 – before: conf.scope_version ==" in condition.text.en
        assert severity.text.sv.endswith("kan nu passeras med en kommentar.")

    def test_tell_of_new_and_lost_moves(self) -> None:
        before = definitions()["state"]
        actions = {key: action for key, action in before.actions.items() if key != "S-T03"}
        after = with_action(replace(before, actions=actions), replace(before.actions["S-T22"], id="S-T90"))

        lost, new = differences(before, after)

        assert (lost.about, new.about) == ("S-T03", "S-T90")
        assert new.text.sv.startswith("Ny åtgärd: ")

    def test_of_two_forms_show_what_the_law_makes_of_them(self) -> None:
        told = [one.text.en for one in differences(definitions()["state"], definitions()["regional"])]

        assert any("Go on without procurement check" in text and "can no longer be done" in text for text in told)
        assert any("appeal time" in text and "now also asks" in text for text in told)
        assert any(text.startswith("The stages now come in the order") for text in told)

    def test_have_words_for_every_effect_that_guards_or_people_see(self) -> None:
        silent = {
            "stop_service_clock", "start_service_clock", "notify_escalation_owner", "open_conflict", "close_conflict",
            "remove_write_access", "offer_substitute", "log_share", "set_annulled", "raise_revision",
        }  # fmt: skip
        used = {
            effect
            for form in ("state", "regional", "company")
            for action in definitions()[form].actions.values()
            for effect in action.effects
        }

        assert used - silent <= set(EFFECTS)
