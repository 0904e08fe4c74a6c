"""What happens on the way: returns, changes during the work, holds, conflicts, and attempts that were refused."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine.domain.commands import ConfirmScope, RecordFacts, SendMessage, SignDocument, TakeAction
from engine.domain.events import ActionRefused, ActionTaken
from engine.domain.evolution import fold
from engine.domain.reasons import Refused
from engine.persistence.record import verify_database
from tests.scenarios.moves import ask_for_change, change_scope, suspend
from tests.scenarios.world import START, Play, World, go_on
from web.demo import journey

FORMS = ("state", "regional", "company")
AGREED = ("legal.doc_hash", "scope.purpose", "agr.all_parties_signed", "agr.signed_doc_hash")


def refused(play: Play, role: str, command: TakeAction | RecordFacts | SendMessage | SignDocument) -> list[str]:
    """The ids of all reasons why a command is refused."""
    with pytest.raises(Refused) as error:
        play.p.do(role, command)
    return [reason.id for reason in error.value.verdict.reasons]


class TestReturn:
    def test_lets_the_approval_fall_and_the_way_be_gone_again(self, world: World) -> None:
        with world.at("state", "legal_review") as play:
            p = play.p
            p.act("legal", "S-T08")
            case = p.case()
            assert (case.stage, case.scope_version) == ("scoping", 1)
            assert all(opinion.is_superseded for opinion in case.opinions)

            # Nothing was changed: the same text is sent in again and approved anew.
            p.act("pm", "S-T05")
            assert "G-LEG-01" in refused(play, "legal", TakeAction(action="S-T09"))
            p.opinion("legal", "approve", "Texten är oförändrad och tillstyrks.")
            p.paper("S-LEG-02")
            p.act("legal", "S-T09")

            assert p.case().stage == "procurement_check"

    def test_material_change_is_shown_first_and_then_returns(self, world: World) -> None:
        with world.at("regional", "legal_review") as play:
            p = play.p
            change = RecordFacts(values={"scope.publication_delay_days": 45})
            assert refused(play, "pm", change) == ["R-RETURN"]
            assert p.case().stage == "legal_review"

            p.do("pm", RecordFacts(values=change.values, accept_return=True))
            case = p.case()
            taken = play.log()[-2].event
            assert isinstance(taken, ActionTaken) and taken.is_automatic
            assert (case.stage, case.scope_version) == ("scoping", 2)
            assert all(opinion.is_superseded for opinion in case.opinions)
            missing = refused(play, "pm", TakeAction(action="R-T05"))
            assert {"G-SCO-19", "R-SCO-01"} <= set(missing)


@pytest.mark.parametrize("form", FORMS)
class TestChangeDuringWork:
    def test_given_up_brings_back_what_was_agreed(self, world: World, form: str) -> None:
        with world.at(form, "execution") as play:
            before = play.p.situation().facts
            change_scope(play)
            assert play.p.case().changed_work_stopped
            play.p.do("pm", RecordFacts(values={"scope.purpose": "Mer än vad som är avtalat."}))
            assert play.p.case().scope_version == 2
            play.p.act("pm", play.id("T25"))
            after, case = play.p.situation().facts, play.p.case()

            assert (case.stage, case.scope_version, case.changed_work_stopped) == ("execution", 1, False)
            assert {name: after[name] for name in AGREED} == {name: before[name] for name in AGREED}
            assert fold(play.log(), case.surroundings) == case

    def test_is_never_slipped_in(self, world: World, form: str) -> None:
        with world.at(form, "execution") as play:
            change = RecordFacts(values={"scope.purpose": "Mer än vad som är avtalat."}, accept_return=True)

            assert refused(play, "pm", change) == ["R-CHANGE"]

    def test_is_asked_for_in_writing(self, world: World, form: str) -> None:
        with world.at(form, "execution") as play:
            assert refused(play, "pm", TakeAction(action=play.id("T22"))) == [play.id("EXE-03")]
            ask_for_change(play)
            play.p.act("pm", play.id("T22"))

            assert play.p.case().stage == "scoping"


def test_minor_change_is_decided_without_leaving_the_work(world: World) -> None:
    with world.at("regional", "execution") as play:
        end = play.d["scope.end_date"]
        assert isinstance(end, date)
        too_late = TakeAction(action="O-12", values={"scope.end_date": end + timedelta(days=200)})
        assert refused(play, "decision_maker", too_late) == ["R-OVERLAY"]
        play.p.act("decision_maker", "O-12", scope__end_date=end + timedelta(days=60))

        assert play.p.case().stage == "execution"
        assert play.p.situation().facts["scope.end_date"] == end + timedelta(days=60)


class TestHold:
    @pytest.mark.parametrize("form", FORMS)
    def test_stops_the_way_on_until_it_is_resumed(self, world: World, form: str) -> None:
        with world.at(form, "scoping") as play:
            suspend(play)
            move = "T08" if form == "company" else "T05"
            assert "G-EXE-11" in refused(play, "pm", TakeAction(action=play.id(move)))
            play.p.act("pm", "O-02")
            go_on(play, "scoping")

            assert play.p.case().stage != "scoping"

    def test_keeps_a_change_from_sending_the_case_back(self, world: World) -> None:
        with world.at("state", "legal_review") as play:
            suspend(play)
            change = RecordFacts(values={"scope.publication_delay_days": 45}, accept_return=True)

            assert refused(play, "pm", change) == ["R-RESUME"]


class TestEscalation:
    def test_stops_the_way_on_until_it_is_lifted(self, world: World) -> None:
        with world.at("state", "scoping") as play:
            play.p.act("pm", "O-03", "Parterna är oense om villkoren.")
            assert "G-EXE-11" in refused(play, "pm", TakeAction(action="S-T05"))
            assert refused(play, "pm", TakeAction(action="O-04")) == ["ROLE"]
            play.p.act("escalation_owner", "O-04", "Villkoren är överenskomna.")
            go_on(play, "scoping")

            assert play.p.case().stage == "legal_review"


class TestAnnulment:
    def test_of_the_decision_leaves_no_way_but_the_end(self, world: World) -> None:
        with world.at("regional", "confidentiality") as play:
            play.p.act("board_secretary", "O-10", "Förvaltningsrätten upphävde beslutet.")
            assert refused(play, "pm", TakeAction(action="O-02")) == ["R-OVERLAY"]
            play.p.clock.to(START)
            assert {"G-EXE-05", "G-EXE-11"} <= set(refused(play, "decision_maker", TakeAction(action="R-T17")))
            play.p.act("sme_contact", "R-T20")

            assert play.p.case().outcome == "withdrawn"


class TestConflictOfInterest:
    def test_takes_the_right_to_write_until_it_is_settled(self, world: World) -> None:
        with world.at("state", "scoping") as play:
            p = play.p
            p.act("ops_manager", "O-06", about=p.roles["pm"], reason="Projektledaren är släkt med företagets ägare.")
            assert "SOD-05" in refused(play, "pm", RecordFacts(values={"scope.publication_delay_days": 45}))
            assert refused(play, "pm", SendMessage(audience="company", text="Hej")) == ["SOD-05"]
            assert {"G-INQ-09", "SOD-05"} <= set(refused(play, "pm", TakeAction(action="S-T05")))

            p.act("decision_maker", "O-07", declaration="K-1", result="no_conflict")
            go_on(play, "scoping")
            assert p.case().stage == "legal_review"

    def test_found_to_be_one_keeps_the_person_out_for_good(self, world: World) -> None:
        with world.at("state", "scoping") as play:
            p = play.p
            p.act("ops_manager", "O-06", about=p.roles["pm"], reason="Projektledaren äger en del av företaget.")
            p.act("escalation_owner", "O-07", declaration="K-1", result="interest")

            assert refused(play, "pm", TakeAction(action="S-T05")) == ["SOD-06"]


class TestRefusedAttempt:
    def test_is_on_the_record_and_changes_nothing(self, world: World) -> None:
        with world.at("state", "legal_review") as play:
            before = play.p.case()
            reasons = refused(play, "procurement", TakeAction(action="S-T09"))
            after, line = play.p.case(), play.log()[-1]

            assert (after.revision, after.sequence, after.stage) == (before.revision, before.sequence + 1, before.stage)
            assert line.event == ActionRefused(command="TakeAction", action="S-T09", reasons=tuple(reasons))
            assert (line.person, line.role) == (play.p.roles["procurement"], "procurement")
            assert verify_database(play.engine) == []

    def test_of_signing_an_old_text_is_refused(self, world: World) -> None:
        with world.at("state", "scoping") as play:
            p = play.p
            p.do("pm", RecordFacts(values={"price.amount_sek": Decimal(110_000)}))
            sheet = next(key for key, paper in p.case().documents.items() if paper.document == "S-SCO-01")

            assert refused(play, "pm", SignDocument(key=sheet, role="pm")) == ["R-STALE"]
            assert p.case().scope_version == 2

    def test_of_confirming_an_old_version_is_refused(self, world: World) -> None:
        with world.at("state", "scoping") as play:
            play.p.do("pm", RecordFacts(values={"price.amount_sek": Decimal(110_000)}))
            with pytest.raises(Refused) as error:
                play.p.do("sme_contact", ConfirmScope(scope_version=1))

            assert [reason.id for reason in error.value.verdict.reasons] == ["R-TEXT"]


def test_procurement_skipped_on_record_starts_without_the_check(world: World) -> None:
    with world.at("state", "legal_review") as play:
        journey.skip_record(play.p, play.d)
        play.p.act("procurement", "S-T10")

        assert play.p.case().stage == "confidentiality"
        assert "S-PRO-02" in play.p.situation().finals
