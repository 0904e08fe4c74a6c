"""Facts that follow from documents and signatures: decision, confidentiality, agreement, procurement, closing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from engine.domain.agreement import applies
from engine.domain.case import Case, Document, Signature
from engine.domain.deadlines import appeal_end
from engine.domain.derived_rows import SURVIVING_CLAUSES
from engine.domain.documents import (
    frozen_order,
    is_current,
    is_final,
    is_signed,
    standing,
    subjects_of,
    valid_signatures,
)
from engine.domain.expressions import Environment
from engine.domain.roles import SME_ROLES
from engine.domain.values import Facts, Value
from engine.domain.workflow import DocumentType, Workflow

REFERENCES: tuple[tuple[str, str], ...] = (
    ("interest_decision", "scope.interest_decision_ref"),
    ("preapproval", "scope.head_preapproval_ref"),
    ("kcc_evaluation", "scope.kcc_evaluation_ref"),
    ("state_aid", "aid.assessment_ref"),
    ("award_documentation", "proc.documentation_ref"),
    ("openness", "proc.openness_ref"),
    ("secrecy_assessment", "conf.assessment_ref"),
    ("takeover", "exec.takeover_inspection_ref"),
    ("final_report", "close.final_report_ref"),
)
"""Fields that name the final document of a purpose. A recorded value (an earlier decision) stands where none exists."""

SIGNED_TEXT = frozenset({"main_agreement", "annex", "data_annex", "quality_agreement"})
DIRECTIONS_WITHOUT_PURCHASE = frozenset({"none", "host_provides"})


def add(facts: dict[str, Value], case: Case, workflow: Workflow, parameters: Callable[[str], Decimal | None]) -> None:
    """This will add what documents and signatures tell."""
    _inputs(facts, case, workflow)
    _references(facts, case, workflow)
    _signed_by_one_role(facts, case, workflow)
    _procurement(facts, case)
    _decision(facts, case, workflow, parameters)
    _confidentiality(facts, case)
    _agreement(facts, case, workflow)
    _closing(facts, case, workflow)
    facts["exec.deviations_open"] = sum(
        1
        for document in case.documents.values()
        if document.purpose == "deviation_report"
        and not (document.is_frozen and is_signed(workflow.documents[document.document], document))
    )


def _of_purpose(case: Case, *purposes: str) -> tuple[Document, ...]:
    """Frozen documents of these purposes that nothing has replaced, oldest first."""
    found = [
        document
        for document in case.documents.values()
        if document.purpose in purposes and document.is_frozen and not document.is_superseded
    ]
    return tuple(sorted(found, key=frozen_order))


def _final_of(case: Case, workflow: Workflow, facts: Facts, purpose: str) -> Document | None:
    found = [document for document in _of_purpose(case, purpose) if is_final(workflow, document, facts)]
    return found[-1] if found else None


def _inputs(facts: dict[str, Value], case: Case, workflow: Workflow) -> None:
    """A field answered inside a document holds when the document is final; a recorded correction goes first."""
    for document in case.documents.values():
        if not document.inputs or document.is_superseded or document.purpose.startswith("confidentiality"):
            continue
        if is_final(workflow, document, facts):
            facts.update(
                {
                    name: value
                    for name, value in document.inputs.items()
                    if "." in name and name not in case.facts and not name.startswith(("case.", "document."))
                }
            )


def _references(facts: dict[str, Value], case: Case, workflow: Workflow) -> None:
    for purpose, name in REFERENCES:
        document = _final_of(case, workflow, facts, purpose)
        if document is not None:
            facts[name] = document.key


def _signed_by_one_role(facts: dict[str, Value], case: Case, workflow: Workflow) -> None:
    calculation = _final_of(case, workflow, facts, "calculation")
    mark = _mark_of(calculation, "finance") if calculation else None
    facts["price.approved_by_finance"] = mark.person if mark else None
    for purpose, role, name in (
        ("kcc_evaluation", "qp", "scope.qp_consulted_ref"),
        ("quality_agreement", "qp", "legal.quality_agreement_ref"),
    ):
        for document in _of_purpose(case, purpose):
            if is_current(workflow, document, facts) and _mark_of(document, role):
                facts[name] = document.key
    waiver = [
        document
        for document in _of_purpose(case, "lease_waiver")
        if is_signed(workflow.documents[document.document], document)
    ]
    if waiver and "legal.lease_waiver" not in case.facts:
        facts["legal.lease_waiver"] = "separate_doc"
    elif facts.get("legal.lease_waiver") == "separate_doc" and not waiver:
        facts["legal.lease_waiver"] = "missing"


def _mark_of(document: Document, role: str) -> Signature | None:
    return next((mark for mark in valid_signatures(document) if mark.role == role), None)


def _procurement(facts: dict[str, Value], case: Case) -> None:
    cleared = _latest_mark(case, "procurement_result", "procurement", result="cleared")
    facts["proc.cleared_scope_version"] = cleared.scope_version if cleared else None
    facts["proc.cleared_by"] = cleared.person if cleared else None
    skipped = _latest_mark(case, "skip_record", "procurement")
    buys_nothing = facts.get("proc.direction") in DIRECTIONS_WITHOUT_PURCHASE and not facts.get(
        "proc.purchase_value_sek"
    )
    # A purchase added later voids the record by itself (INV-06).
    facts["proc.skip_scope_version"] = skipped.scope_version if skipped and buys_nothing else None
    facts["proc.skip_signed_by"] = skipped.person if skipped and buys_nothing else None


def _latest_mark(case: Case, purpose: str, role: str, *, result: str | None = None) -> Signature | None:
    for document in reversed(_of_purpose(case, purpose)):
        if result is not None and document.inputs.get("document.result") != result:
            continue
        mark = _mark_of(document, role)
        if mark is not None:
            return mark
    return None


def _decision(
    facts: dict[str, Value], case: Case, workflow: Workflow, parameters: Callable[[str], Decimal | None]
) -> None:
    for document in reversed(_of_purpose(case, "decision")):
        mark = _mark_of(document, "decision_maker")
        if mark is not None and is_current(workflow, document, facts):
            facts["decision.maker"] = mark.person
            facts["decision.maker_role"] = mark.role
            facts["decision.date"] = mark.signed_on
            facts["decision.delegation_ref"] = mark.mandate or None
            facts["decision.doc_hash"] = mark.agreement_hash
            break
    posted, days = facts.get("decision.notice_posted_at"), parameters("kl_appeal_days")
    if isinstance(posted, date) and days is not None:
        facts["decision.appeal_end"] = appeal_end(posted, int(days))
    if facts.get("decision.date") is not None and facts.get("decision.appeal_state") is None:
        facts["decision.appeal_state"] = "none"


def _confidentiality(facts: dict[str, Value], case: Case) -> None:
    papers = _of_purpose(case, "confidentiality", "confidentiality_amendment")
    if case.nda_amendment_pending:
        papers = tuple(paper for paper in papers if paper.purpose == "confidentiality_amendment")
        current = papers[-1] if papers else None
    else:
        signed = [
            paper for paper in papers if {mark.party == "sme" for mark in valid_signatures(paper)} == {True, False}
        ]
        current = signed[-1] if signed else (papers[-1] if papers else None)
    marks = valid_signatures(current) if current else ()
    known = current is not None or case.nda_amendment_pending
    facts["conf.signed_by_sme"] = any(mark.role in SME_ROLES for mark in marks) if known else None
    facts["conf.signed_by_host"] = any(mark.role not in SME_ROLES for mark in marks) if known else None
    if current is not None:
        facts.update({name: value for name, value in current.inputs.items() if name.startswith("conf.")})
    facts["conf.scope_version"] = case.confidentiality_checked
    facts["conf.signed_at"] = _first_signed_by_both(case)
    undertakings = _undertakings(case)
    if undertakings is not None:
        facts["conf.staff_briefed"] = undertakings


def _first_signed_by_both(case: Case) -> Value:
    days = []
    for paper in case.documents.values():
        if paper.purpose not in {"confidentiality", "confidentiality_amendment"}:
            continue
        company = [mark.signed_on for mark in valid_signatures(paper) if mark.party == "sme"]
        host = [mark.signed_on for mark in valid_signatures(paper) if mark.party != "sme"]
        if company and host:
            days.append(max(min(company), min(host)))
    return min(days, default=None)


def _undertakings(case: Case) -> bool | None:
    visitors = [key for key, row in case.rows.get("access_list", {}).items() if row.values.get("visitor") is True]
    if not case.rows.get("access_list"):
        return None
    signed = {paper.subject for paper in _of_purpose(case, "secrecy_undertaking") if valid_signatures(paper)}
    return set(visitors) <= signed


def _agreement(facts: dict[str, Value], case: Case, workflow: Workflow) -> None:
    environment = Environment(facts=facts, today=date.min, parameters=lambda _key: None, documents=frozenset())
    types = [
        type_
        for type_ in workflow.documents.values()
        if type_.in_agreement_set and type_.purpose in SIGNED_TEXT and applies(type_, environment)
    ]
    papers = [(type_, standing(case, type_.id)) for type_ in types]
    present = [(type_, paper) for type_, paper in papers if paper is not None and is_current(workflow, paper, facts)]
    main = [paper for type_, paper in present if type_.purpose == "main_agreement"]
    locked = [paper.rendition.locked_clauses_ok for _, paper in present if paper.rendition is not None]
    conf_papers = _of_purpose(case, "confidentiality")
    locked += [paper.rendition.locked_clauses_ok for paper in conf_papers if paper.rendition is not None]
    answers = [answer for answer in locked if answer is not None]
    if main and answers:
        facts["legal.access_reservation_ok"] = all(answers)
        facts["conf.absolute_promise"] = not all(answers)
    annexes = [paper for type_, paper in present if type_.purpose == "data_annex"]
    facts["legal.dp_annex_ok"] = True if annexes else None
    _signatures_of_the_set(facts, types, present)
    facts["agr.registered"] = (
        all(paper.registered_number is not None for _, paper in present)
        if len(present) == len(types) and main
        else None
    )
    consents = _consents(case, workflow, facts)
    if consents is not None:
        facts["agr.researcher_consents_complete"] = consents


def _signatures_of_the_set(
    facts: dict[str, Value], types: list[DocumentType], present: list[tuple[DocumentType, Document]]
) -> None:
    marks = [mark for _, paper in present for mark in valid_signatures(paper)]
    if not marks:
        facts["agr.all_parties_signed"] = None
        return
    complete = len(present) == len(types) and all(is_signed(type_, paper) for type_, paper in present)
    facts["agr.all_parties_signed"] = complete
    facts["agr.sign_order_ok"] = all(_in_order(type_, paper) for type_, paper in present)
    methods = {mark.method for mark in marks}
    facts["agr.sign_method"] = next(iter(methods)) if len(methods) == 1 else "mixed"
    facts["agr.main_signed_at"] = max(mark.signed_on for mark in marks)
    hashes = {mark.agreement_hash for mark in marks}
    facts["agr.signed_doc_hash"] = next(iter(hashes)) if len(hashes) == 1 else None


def _in_order(type_: DocumentType, paper: Document) -> bool:
    first: dict[str, tuple[date, int]] = {}
    for place, mark in enumerate(valid_signatures(paper)):
        first.setdefault(mark.role, (mark.signed_on, place))
    given = [first[role] for role in type_.signers if role in first]
    return given == sorted(given)


def _consents(case: Case, workflow: Workflow, facts: Facts) -> bool | None:
    types = [type_ for type_ in workflow.documents.values() if type_.purpose == "researcher_consent"]
    if not types:
        return None
    if not case.rows.get("participants"):
        return True if facts.get("scope.staff_role") == "none" else None
    return all(
        (paper := standing(case, type_.id, who)) is not None and is_signed(type_, paper)
        for type_ in types
        for who in subjects_of(case, type_)
    )


def _closing(facts: dict[str, Value], case: Case, workflow: Workflow) -> None:
    reports = _of_purpose(case, "final_report")
    if reports:
        roles = {mark.role for mark in valid_signatures(reports[-1])}
        facts["close.accepted_by_sme"] = bool(roles & SME_ROLES)
        facts["close.accepted_by_host"] = "pm" in roles
    certificate = _final_of(case, workflow, facts, "return_certificate")
    all_back = facts.pop("close.all_assets_returned", None)
    if certificate is not None and is_signed(workflow.documents[certificate.document], certificate):
        facts["close.assets_returned"] = all_back
    papers = [document for document in case.documents.values() if document.is_frozen]
    unregistered = any(paper.registered_number is None for paper in papers) or any(
        file.registered_number is None for file in case.files.values()
    )
    facts["close.docs_registered"] = not unregistered
    marked = [paper for paper in papers if paper.marking not in {"open", "internal", "conf"}]
    facts["close.secrecy_reviewed"] = all(_is_reviewed(paper) for paper in marked)
    covered = facts.pop("close.obligation_clauses", ())
    used = {
        use.id
        for paper in papers
        if paper.purpose == "main_agreement"
        for use in workflow.documents[paper.document].clauses
    }
    needed = SURVIVING_CLAUSES & used
    facts["close.tail_obligations_recorded"] = (
        needed <= set(covered if isinstance(covered, tuple) else ()) if used else None
    )
    number = facts.get("case.dnr") if workflow.is_authority else facts.get("case.internal_no")
    facts["close.archive_metadata_ok"] = bool(number) and facts.get("close.retention_class") is not None
    sent = [
        paper
        for paper in papers
        if paper.dispatches and paper.purpose in {"decline", "closing_decision", "final_report"}
    ]
    facts["close.sme_notified_at"] = sent[-1].dispatches[0] if sent else None
    _nda_survival(facts, case)


def _is_reviewed(paper: Document) -> bool:
    reviewed, registered = paper.marking_reviewed_at, paper.registered_at or paper.finalised_at
    return reviewed is not None and registered is not None and reviewed >= registered


def _nda_survival(facts: dict[str, Value], case: Case) -> None:
    years, start = facts.get("conf.term_years"), facts.get("scope.end_date") or facts.get("conf.signed_at")
    if "close.nda_survival_until" in case.facts or not isinstance(years, int) or not isinstance(start, date):
        return
    try:
        facts["close.nda_survival_until"] = start.replace(year=start.year + years)
    except ValueError:
        facts["close.nda_survival_until"] = start.replace(year=start.year + years, day=28)
