"""Who may decide and sign for the host, and which of procurement's papers stands."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.domain.commands import (
    RecordFacts,
    SignDocument,
)
from engine.domain.mandates import mandate_for
from engine.domain.roles import Actor, Mandate
from tests.builders import DAY, FULL_MANDATE, Desk, actor, scoped


class TestMandate:
    """R-MANDATE: type, amount and day, looked at when the signature is given."""

    def deciding(self, *mandates: Mandate) -> Actor:
        return replace(actor("decision_maker"), mandates=mandates)

    def mandate(self, **changes: object) -> Mandate:
        return replace(Mandate(reference="DEL-1", organisation="ki"), **changes)  # type: ignore[arg-type] # its names

    @pytest.mark.parametrize(
        "change",
        [
            {"limit_sek": 99_999}, {"types": ("mixed",)}, {"valid_to": "2025-11-23"}, {"valid_from": "2025-11-25"},
            {"organisation": "k"},
        ],
    )  # fmt: skip
    def test_refuses_a_decision_beyond_it(self, change: dict[str, object]) -> None:
        desk = Desk(scoped(stage="confidentiality"))
        key = desk.freezes("S-CON-04", inputs={"exec.security_risk_considered": True})
        someone = self.deciding(self.mandate(**change))

        assert desk.refuses(someone, SignDocument(key=key, role="decision_maker")) == ("R-MANDATE",)

    @pytest.mark.parametrize(
        "change",
        [{"limit_sek": 100_000}, {"types": ("infrastructure_access",)}, {"valid_from": "2025-11-24"}, {}],
    )
    def test_allows_a_decision_within_it(self, change: dict[str, object]) -> None:
        desk = Desk(scoped(stage="confidentiality"))
        key = desk.freezes("S-CON-04", inputs={"exec.security_risk_considered": True})
        desk.does(self.deciding(self.mandate(**change)), SignDocument(key=key, role="decision_maker"))

        assert desk.fact("decision.delegation_ref") == "DEL-1"
        assert desk.fact("decision.maker") == "decision_maker"

    def test_is_needed_for_the_host_signature_on_the_agreement(self) -> None:
        desk = Desk(scoped(stage="legal_review"))
        key = desk.freezes("S-LEG-04")
        desk.signs(key, "sme_signatory")

        assert desk.refuses(self.deciding(), SignDocument(key=key, role="decision_maker")) == ("R-MANDATE",)

    def test_takes_the_first_that_fits(self) -> None:
        small, large = self.mandate(reference="A", limit_sek=1), self.mandate(reference="B")
        found = mandate_for(self.deciding(small, large), "ki", {"price.amount_sek": Decimal(5)}, DAY)

        assert found == large

    def test_is_noted_with_the_signature(self) -> None:
        desk = Desk(scoped(stage="legal_review"))
        desk.paper("S-LEG-04")

        assert desk.case.documents["S-LEG-04.1"].signatures[-1].mandate == FULL_MANDATE


class TestSkipAndResult:
    """R-CLEAR: the newest of result and skip record stands alone."""

    def test_result_replaces_the_skip_record(self) -> None:
        desk = Desk(scoped(stage="procurement_check"))
        desk.paper("S-PRO-02")
        assert desk.fact("proc.skip_scope_version") == 1

        desk.paper("S-PRO-01", inputs={"document.result": "cleared"})
        assert desk.fact("proc.skip_scope_version") is None
        assert desk.fact("proc.cleared_scope_version") == 1

    def test_skip_record_replaces_the_result(self) -> None:
        desk = Desk(scoped(stage="procurement_check"))
        desk.paper("S-PRO-01", inputs={"document.result": "cleared"})
        desk.paper("S-PRO-02")

        assert desk.fact("proc.cleared_scope_version") is None
        assert desk.fact("proc.skip_scope_version") == 1

    def test_result_that_does_not_clear_clears_nothing(self) -> None:
        desk = Desk(scoped(stage="procurement_check"))
        desk.paper("S-PRO-01", inputs={"document.result": "not_cleared"})

        assert desk.fact("proc.cleared_scope_version") is None

    def test_purchase_added_later_voids_the_skip_record(self) -> None:
        desk = Desk(scoped(stage="scoping"))
        desk.paper("S-PRO-02")
        desk.does("pm", RecordFacts(values={"proc.direction": "mixed", "proc.purchase_value_sek": "5000"}))

        assert desk.fact("proc.skip_signed_by") is None
