"""The register, secrecy markings, and what may be handed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.domain.commands import (
    AcknowledgeNotice,
    RegisterDocument,
    ReviewSecrecy,
    UploadFile,
)
from engine.domain.reasons import InvalidInput
from engine.domain.values import Facts
from tests.builders import NOON, Desk, a_case, scoped

SECRETS: Facts = {"conf.covered_classes": ("INFO-B",), "conf.covered_orgs": ("ki",), "conf.term_years": 5}
FILE = UploadFile(name="prov.pdf", media_type="application/pdf", file_hash="a" * 64, size=10)


class TestRegister:
    def test_gives_the_next_number_of_the_case(self) -> None:
        desk = Desk(scoped())
        desk.paper("S-SCO-01")
        desk.paper("S-LEG-01")

        assert [paper.registered_number for paper in desk.case.documents.values()] == ["1", "2"]

    def test_needs_a_description(self) -> None:
        desk = Desk(scoped())
        key = desk.freezes("S-SCO-01")
        with pytest.raises(InvalidInput):
            desk.does("registrar", RegisterDocument(key=key, number="", description=" "))

    def test_late_registration_stops_every_move_of_an_authority(self) -> None:
        """R-REG: one working day."""
        desk = Desk(scoped(stage="confidentiality"))
        desk.freezes("S-INQ-01")
        desk.now = NOON + timedelta(days=1)
        assert desk.refuses_action("decision_maker", "S-T19").count("R-REG") == 0

        desk.now = NOON + timedelta(days=2)
        assert "R-REG" in desk.refuses_action("decision_maker", "S-T19")

    def test_late_registration_never_stops_the_company(self) -> None:
        desk = Desk(scoped(stage="confidentiality"))
        desk.freezes("S-INQ-01")
        desk.now = NOON + timedelta(days=30)
        desk.takes("sme_contact", "S-T20")

        assert desk.case.outcome == "withdrawn"

    def test_received_files_are_records_too(self) -> None:
        desk = Desk(scoped(stage="confidentiality"))
        desk.does("sme_contact", FILE)
        desk.now = NOON + timedelta(days=2)
        assert "R-REG" in desk.refuses_action("decision_maker", "S-T19")

        desk.does("registrar", RegisterDocument(key="F-1", number="", description="Fil från företaget"))
        assert "R-REG" not in desk.refuses_action("decision_maker", "S-T19")

    def test_company_form_has_none(self) -> None:
        desk = Desk(scoped("company", "legal_review"))
        desk.freezes("C-INQ-01")
        desk.now = NOON + timedelta(days=30)

        assert "R-REG" not in desk.refuses_action("legal", "C-T12")


class TestSecrecyReview:
    def test_lifts_or_keeps_the_marking(self) -> None:
        desk = Desk(scoped())
        key = desk.freezes("S-SCO-01")
        marking = desk.case.documents[key].marking
        desk.does("registrar", ReviewSecrecy(key=key, keep=True))
        assert desk.case.documents[key].marking == marking

        desk.does("registrar", ReviewSecrecy(key=key, keep=False))
        assert desk.case.documents[key].marking == "open"

    def test_is_not_for_the_project_manager(self) -> None:
        desk = Desk(scoped())
        key = desk.freezes("S-SCO-01")

        assert desk.refuses("pm", ReviewSecrecy(key=key, keep=False)) == ("ROLE",)


class TestUpload:
    """R-UPLOAD: nothing secret arrives before the notice (authorities) or the agreement (company)."""

    @pytest.mark.parametrize("form", ["state", "regional"])
    def test_waits_for_the_notice_on_public_access(self, form: str) -> None:
        desk = Desk(replace(a_case(form), notices={}))
        assert desk.refuses("sme_contact", FILE) == ("R-UPLOAD",)

        desk.does("sme_contact", AcknowledgeNotice(notice="public_access", version="1"))
        desk.does("sme_contact", FILE)
        assert set(desk.case.files) == {"F-1"}

    @pytest.mark.parametrize("info_class", ["INFO-A", "INFO-B"])
    def test_of_secrets_waits_for_the_agreement_of_the_company_form(self, info_class: str) -> None:
        desk = Desk(scoped("company", "confidentiality"))
        secret = replace(FILE, info_class=info_class)
        assert desk.refuses("sme_contact", secret) == ("R-UPLOAD",)

        key = desk.freezes("C-CON-01", inputs={**SECRETS, "conf.covered_orgs": ("ah",)})
        desk.signs(key, "sme_signatory")
        assert desk.refuses("sme_contact", secret) == ("R-UPLOAD",)

        desk.signs(key, "decision_maker")
        desk.does("sme_contact", secret)

    def test_of_the_harmless_waits_for_nothing_there(self) -> None:
        desk = Desk(a_case("company"))
        desk.does("sme_contact", replace(FILE, info_class="INFO-F"))

        assert desk.case.files["F-1"].info_class == "INFO-F"

    def test_ends_with_the_case(self) -> None:
        desk = Desk(scoped())
        desk.takes("sme_contact", "S-T07")

        assert desk.refuses("sme_contact", FILE) == ("CLOSED",)
