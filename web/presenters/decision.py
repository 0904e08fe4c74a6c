"""What a decision maker needs on one page: what, price and its basis, risks, approvals, conditions, own mandate."""

from __future__ import annotations

from typing import Final

from engine.application.view_case import CaseView
from engine.domain.mandates import mandate_for
from web.presenters.facts import FactLine, fact_line
from web.voice import Voice

FIELDS: Final = (
    "scope.collab_type", "scope.start_date", "scope.end_date", "price.amount_sek", "price.full_cost_sek",
    "price.basis", "price.market_price_sek", "aid.verdict", "sme.category", "sme.counterparty_risk",
    "sme.sanction_screen", "scope.dual_use", "permits.all_granted", "legal.required_orgs", "legal.approved_at",
    "legal.conditions_open", "proc.direction", "decision.appeal_end",
)  # fmt: skip


def decision_summary(voice: Voice, view: CaseView) -> tuple[FactLine, ...]:
    """This will return the summary for a decision maker, empty for everybody else."""
    if "decision_maker" not in view.actor.roles:
        return ()
    fields = view.workflow.fields
    lines = [
        fact_line(voice, view, fields[name])
        for name in FIELDS
        if name in fields and view.case.form in fields[name].forms and view.facts.get(name) is not None
    ]
    return (*lines, _mandate(voice, view))


def _mandate(voice: Voice, view: CaseView) -> FactLine:
    found = mandate_for(view.actor, view.case.host_org, view.facts, voice.today)
    return FactLine(
        name="mandate",
        label=voice.t("decision.mandate"),
        words=found.reference if found is not None else voice.t("decision.no_mandate"),
        note=voice.t("decision.limit", amount=voice.amount(found.limit_sek)) if found and found.limit_sek else "",
        source="",
        is_unknown=found is None,
    )
