"""Every fact of a case at a moment: what was recorded, and what follows from the objects in the case.

``situation(case, workflow, now)`` is the one entrance. What can be derived is never typed in (domain dossier 11.2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from engine.domain import derived_documents, derived_rows, reviews
from engine.domain.agreement import FactSheet, agreement_hash
from engine.domain.case import Case
from engine.domain.documents import final_documents
from engine.domain.expressions import Environment
from engine.domain.values import Facts, Value, local_day, organisation_number_is_valid
from engine.domain.workflow import Workflow

SMALL = (Decimal(50), Decimal(10))
MICRO = (Decimal(10), Decimal(2))
"""Headcount (AWU, less than) and turnover or balance (MEUR, at most). Source: L38, 2003/361/EC art. 2."""

CAPACITY_FIELDS = {"instrument hours": "scope.hours_instrument", "bench places": "scope.bench_places"}
"""Which fact of the scope is measured in an infrastructure's capacity unit; other units need a judgement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A case at a moment, ready to be asked: all facts, final documents, and the environment of its expressions."""

    facts: Facts
    today: date
    finals: frozenset[str]
    environment: Environment

    def asking(self, **names: Value) -> Environment:
        """This will return the environment with extra names (``outcome``, ``from_stage``, ``skip``, ``start``)."""
        return Environment(
            facts={**self.facts, **names},
            today=self.today,
            parameters=self.environment.parameters,
            documents=self.finals,
        )


@lru_cache(maxsize=512)
def parameters_on(workflow: Workflow, day: date) -> Callable[[str], Decimal | None]:
    """This will return the look-up of the figures of the law valid on a day."""
    figures = {parameter.key: workflow.parameter(parameter.key, day) for parameter in workflow.parameters}
    return figures.get


def situation(case: Case, workflow: Workflow, now: datetime) -> Situation:
    """This will return everything that guards and pages may know about a case at a moment."""
    today = local_day(now)
    parameters = parameters_on(workflow, today)
    facts = FactSheet(case.surroundings.infrastructure.facts)
    facts.update((name, fact.value) for name, fact in case.facts.items())
    facts["infra.economic_share_ytd_pct"] = Decimal(case.surroundings.capacity_pct)
    _case_facts(facts, case)
    _company_facts(facts, case, parameters)
    derived_rows.add(facts, case, workflow)
    _scope_facts(facts, case)
    before_text = Environment(facts=facts, today=today, parameters=parameters, documents=frozenset())
    facts["legal.doc_hash"] = agreement_hash(workflow, before_text, facts)
    _joint_facts(facts, case)
    facts.keep(workflow)
    derived_documents.add(facts, case, workflow, parameters)
    reviews.add(facts, case, workflow)
    finals = final_documents(case, workflow, facts)
    environment = Environment(facts=facts, today=today, parameters=parameters, documents=finals)
    return Situation(facts=facts, today=today, finals=finals, environment=environment)


def derive(case: Case, workflow: Workflow, now: datetime) -> Facts:
    """This will return all facts of a case at a moment; a name that is missing is unknown."""
    return situation(case, workflow, now).facts


def _case_facts(facts: dict[str, Value], case: Case) -> None:
    hold = case.hold
    facts.update(
        {
            "case.id": case.id,
            "case.form": case.form,
            "case.joint_parent_id": case.joint_parent_id,
            "case.infrastructure_id": case.infrastructure_id,
            "case.host_org_id": case.host_org,
            "case.language": case.language,
            "case.stage": case.stage,
            "case.outcome": case.outcome,
            "case.suspended": hold is not None,
            "case.escalated": case.is_escalated,
            "case.definition_version": case.definition_version,
            "case.register_case_closed_at": case.register_closed_at,
            "case.scope_editors": case.scope_editors,
            "case.conflicts_open": sum(1 for declaration in case.conflicts if not declaration.result),
            "exec.first_started_at": case.first_started_at,
            "exec.agreed_scope_version": case.agreed.scope_version if case.agreed else None,
        }
    )
    facts.setdefault("case.internal_no", case.internal_no)
    facts.setdefault("case.received_at", case.opened_at)
    if hold is not None:
        facts["case.suspended_reason"] = hold.reason
        facts["case.suspended_owner"] = hold.owner
        facts["case.suspended_review_date"] = hold.review_on


def _company_facts(facts: dict[str, Value], case: Case, parameters: Callable[[str], Decimal | None]) -> None:
    number = facts.get("sme.org_nr")
    if facts.get("sme.org_nr_valid") is None and isinstance(number, str):
        facts["sme.org_nr_valid"] = organisation_number_is_valid(number)
    facts["sme.category"] = sme_category(facts, parameters)
    for kind, name in (("public_access", "sme.public_access_notice_ack_at"), ("privacy", "sme.privacy_notice_at")):
        notice = case.notices.get(kind)  # type: ignore[call-overload] # the two kinds are notice kinds
        facts[name] = notice.at if notice else None
    facts["conf.public_body_notice_ack"] = True if "public_body" in case.notices else None
    facts["sme.confirmed_scope_version"] = case.confirmed.get("sme")
    facts["scope.confirmed_by_pm_version"] = case.confirmed.get("pm")


def sme_category(facts: Facts, parameters: Callable[[str], Decimal | None]) -> str | None:
    """This will return micro, small, medium or not_sme from the company's figures, or None while one is unknown.

    Source: L38 (recommendation 2003/361/EC, annex art. 2 and 3.4; public control counts unless the holder is exempt).
    """
    staff = _number(facts.get("sme.headcount_awu"))
    turnover = _number(facts.get("sme.turnover_meur"))
    balance = _number(facts.get("sme.balance_meur"))
    control = _number(facts.get("sme.public_control_pct"))
    if staff is None or turnover is None or balance is None or control is None:
        return None
    control_limit = parameters("sme_public_control_pct")
    if control_limit is not None and control >= control_limit and facts.get("sme.public_owner_exempt") is not True:
        return "not_sme"
    for name, (staff_limit, amount_limit) in (("micro", MICRO), ("small", SMALL)):
        if staff < staff_limit and (turnover <= amount_limit or balance <= amount_limit):
            return name
    limits = [parameters(key) for key in ("sme_headcount_max", "sme_turnover_max_meur", "sme_balance_max_meur")]
    most_staff, most_turnover, most_balance = limits
    if most_staff is None or most_turnover is None or most_balance is None:
        return None
    return "medium" if staff < most_staff and (turnover <= most_turnover or balance <= most_balance) else "not_sme"


def _scope_facts(facts: dict[str, Value], case: Case) -> None:
    facts["scope.version"] = case.scope_version or None
    facts["scope.revision"] = case.scope_revision if case.scope_version else None
    if facts.get("scope.capacity_share_pct") is None:
        facts["scope.capacity_share_pct"] = _capacity_share(facts, case)
    direct, indirect = _number(facts.get("price.direct_cost_sek")), _number(facts.get("price.indirect_cost_sek"))
    facts["price.full_cost_sek"] = direct + indirect if direct is not None and indirect is not None else None
    purchase = _number(facts.get("proc.purchase_value_sek"))
    others = Decimal(case.surroundings.purchases_sek)
    facts["proc.same_kind_fy_sek"] = others + purchase if purchase is not None else None


def _capacity_share(facts: Facts, case: Case) -> Value:
    if facts.get("aid.economic_activity") is False:
        return Decimal(0)
    infrastructure = case.surroundings.infrastructure
    used = _number(facts.get(CAPACITY_FIELDS.get(infrastructure.capacity_unit, "")))
    if used is None or not infrastructure.annual_capacity:
        return None
    return round(used / Decimal(infrastructure.annual_capacity) * 100, 2)


def _joint_facts(facts: dict[str, Value], case: Case) -> None:
    joint = case.surroundings.joint
    if joint is None:
        return
    facts["joint.orgs"] = joint.organisations
    facts["joint.lead_org"] = joint.lead
    facts["joint.doc_hash"] = joint.doc_hash
    facts["joint.university_participates"] = joint.university_participates
    facts["conf.sme_consent_cross_org"] = joint.sme_consents


def _number(value: Value) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value)
    return value if isinstance(value, Decimal) else None
