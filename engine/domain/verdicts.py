"""The verdict on an action: every guard, document, duty and right, with all reasons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from engine.domain.agreement import applies
from engine.domain.case import Case, Document
from engine.domain.deadlines import add_working_days
from engine.domain.derivations import Situation, parameters_on
from engine.domain.documents import (
    Due,
    draft,
    due_documents,
    is_current,
    is_final,
    is_signed,
    missing_signers,
    standing,
)
from engine.domain.duties import broken_duties
from engine.domain.expressions import Environment
from engine.domain.reasons import Kind, Reason, Verdict
from engine.domain.roles import SME_ROLES, SYSTEM, Actor
from engine.domain.values import Facts, Text, local_day
from engine.domain.workflow import CLOSED, EXECUTION, Action, Guard, Workflow

PARENT_ACTIONS = frozenset({"set_first_start", "stop_changed_work", "restore_agreed_version"})
"""Effects of moves that only the joint parent may fire in a child (R-JNT-1)."""


def explain(
    workflow: Workflow, action_id: str, facts: Facts, on: date, documents: frozenset[str] | None = None
) -> Verdict:
    """This will answer for one action on a set of facts, without a case: the engine as a calculator.

    ``documents`` are ids of final documents; None leaves documents out of the question. Raises KeyError for an
    action the definition does not have. ``failing`` holds guards only, hard and soft, sorted by id.
    """
    action = workflow.actions[action_id]
    asked: Facts = {**facts, **_names(action, facts, workflow)}
    environment = Environment(
        facts=asked, today=on, parameters=parameters_on(workflow, on), documents=documents or frozenset()
    )
    failing, met = judge(action.guards, environment)
    other: list[Reason] = []
    if documents is not None:
        for document_id in dict.fromkeys((*action.documents, *_stage_documents(workflow, action))):
            type_ = workflow.documents[document_id]
            listed = document_id in action.documents
            is_event = type_.occasion not in {"always", "per_participant", "per_visitor"}
            if document_id in documents or (is_event and not (listed and type_.occasion == "change")):
                continue
            if applies(type_, environment):
                other.append(_document_reason(workflow, document_id, "missing", type_.signers))
    return _verdict(action, failing, tuple(other), met)


def verdict(case: Case, workflow: Workflow, action: Action, actor: Actor, asked: Situation) -> Verdict:
    """This will answer whether ``actor`` may take ``action`` on the case now, with all reasons."""
    environment = asked.asking(**_names(action, asked.facts, workflow))
    failing, met = judge(action.guards, environment)
    other: list[Reason] = []
    other += _standing_reasons(case, workflow, action)
    other += _rights(case, workflow, action, actor)
    other += document_reasons(case, workflow, action, environment, asked)
    other += _runtime_rules(case, workflow, action, asked)
    return _verdict(action, failing, tuple(other), met)


def open_reasons(case: Case, workflow: Workflow, action: Action, asked: Situation) -> tuple[Reason, ...]:
    """This will return what stands in the way of an action whoever asks: guards, documents and runtime rules."""
    environment = asked.asking(**_names(action, asked.facts, workflow))
    failing, _ = judge(action.guards, environment)
    documents = document_reasons(case, workflow, action, environment, asked)
    return (*failing, *documents, *_runtime_rules(case, workflow, action, asked))


def judge(guards: Iterable[Guard], environment: Environment) -> tuple[tuple[Reason, ...], tuple[str, ...]]:
    """This will ask every guard; returns the reasons of those that do not hold, and the ids of those that do."""
    failing: list[Reason] = []
    met: list[str] = []
    for guard in guards:
        answer = guard.expression.test(environment, None)
        if answer is True:
            met.append(guard.id)
        else:
            failing.append(_guard_reason(guard, environment, unknown=answer is None))
    return tuple(failing), tuple(met)


def document_reasons(
    case: Case, workflow: Workflow, action: Action, environment: Environment, asked: Situation
) -> list[Reason]:
    """This will return what is wrong with the documents the action needs (docs of the action, R-DOC-1, R-DOC-2)."""
    amends = "require_new_nda_signature" in action.effects
    due = due_documents(case, workflow, environment, action.documents, listed=True, amends=amends)
    if action.is_forward:
        stage = _stage_documents(workflow, action)
        due += due_documents(case, workflow, environment, stage, listed=False, amends=amends)
    must_be_signed = action.target in {EXECUTION, CLOSED} or (action.is_forward and action.source == "confidentiality")
    reasons: list[Reason] = []
    seen: set[tuple[str, str]] = set()
    for item in due:
        place = (item.type.id, item.subject)
        if place in seen:
            continue
        seen.add(place)
        reason = _document_state(case, workflow, item, asked, must_be_signed, register=action.is_forward)
        if reason is not None:
            reasons.append(reason)
    return reasons


def _document_state(
    case: Case, workflow: Workflow, item: Due, asked: Situation, must_be_signed: bool, *, register: bool
) -> Reason | None:
    type_, document = item.type, standing(case, item.type.id, item.subject)
    authors = authors_of(type_.signers)
    if document is not None and _is_of_an_earlier_change(case, document):
        document = None
    if document is None:
        state = "draft" if draft(case, type_.id, item.subject) else "missing"
        return _document_reason(workflow, type_.id, state, authors, subject=item.subject)
    if not is_current(workflow, document, asked.facts) and not _asks_for_this_change(case, document):
        return _document_reason(workflow, type_.id, "stale", authors, subject=item.subject)
    needs_all = must_be_signed or not is_final(workflow, document, asked.facts)
    if needs_all and not is_signed(type_, document):
        signers = missing_signers(type_, document)
        return _document_reason(workflow, type_.id, "unsigned", signers[:1] or signers, subject=item.subject)
    if register and workflow.is_authority and document.registered_number is None:
        return _document_reason(workflow, type_.id, "unregistered", ("registrar",), subject=item.subject)
    return None


def _is_of_an_earlier_change(case: Case, document: Document) -> bool:
    """Each change is asked for in writing: a request from before this time in execution belongs to an earlier one."""
    if document.purpose != "change_request" or case.stage != EXECUTION or document.finalised_at is None:
        return False
    return document.finalised_at < case.stage_since


def _asks_for_this_change(case: Case, document: Document) -> bool:
    """A change request is not made stale by the change it asks for, once the case has left execution with it."""
    return document.purpose == "change_request" and case.stage != EXECUTION


def authors_of(signers: tuple[str, ...]) -> tuple[str, ...]:
    """This will return who writes a document: the host roles that sign it, and the project manager."""
    host = tuple(role for role in signers if role not in SME_ROLES)
    return tuple(dict.fromkeys((*host, "pm")))


DOCUMENT_STATES: dict[str, Text] = {
    "missing": Text(sv="Dokumentet {title} är inte påbörjat", en="The document {title} has not been started"),
    "draft": Text(sv="Dokumentet {title} är ett utkast", en="The document {title} is a draft"),
    "stale": Text(
        sv="Dokumentet {title} bygger på uppgifter som har ändrats",
        en="The document {title} rests on facts that have changed",
    ),
    "unsigned": Text(sv="Dokumentet {title} är inte undertecknat", en="The document {title} has not been signed"),
    "unregistered": Text(sv="Dokumentet {title} är inte diariefört", en="The document {title} has not been registered"),
}


def _document_reason(
    workflow: Workflow, document_id: str, state: str, who: tuple[str, ...], *, subject: str = ""
) -> Reason:
    title, sentence = workflow.documents[document_id].title, DOCUMENT_STATES[state]
    return Reason(
        id=document_id,
        kind="document",
        question=Text(sv=sentence.sv.format(title=title.sv), en=sentence.en.format(title=title.en)),
        values={"document.state": state, "document.subject": subject},
        basis=("L04",) if state == "unregistered" else (),
        who=who,
    )


def _guard_reason(guard: Guard, environment: Environment, *, unknown: bool) -> Reason:
    values = {name: environment.facts.get(name) for name in sorted(guard.expression.fields)}
    return Reason(
        id=guard.id,
        kind="guard",
        question=guard.question,
        severity=guard.severity,
        answer="unknown" if unknown else "no",
        values=values,
        basis=guard.basis,
        who=guard.who,
    )


def _verdict(action: Action, failing: tuple[Reason, ...], other: tuple[Reason, ...], met: tuple[str, ...]) -> Verdict:
    is_blocked = bool(other) or any(reason.severity == "hard" for reason in failing)
    ordered = tuple(sorted(failing, key=lambda reason: reason.id))
    return Verdict(action=action.id, allowed=not is_blocked, failing=ordered, other=other, met=met)


def _names(action: Action, facts: Facts, workflow: Workflow) -> Facts:
    version = facts.get("scope.version")
    skipped = facts.get("proc.skip_scope_version") == version and version is not None
    cleared = facts.get("proc.cleared_scope_version") == version and version is not None
    purposes = {workflow.documents[name].purpose for name in action.documents}
    skips = "skip_record" in purposes and "procurement_result" not in purposes
    return {
        "outcome": action.outcome,
        "from_stage": action.source,
        "skip": skips or (skipped and not cleared),
        "start": action.target == EXECUTION,
    }


@lru_cache(maxsize=512)
def _stage_documents(workflow: Workflow, action: Action) -> tuple[str, ...]:
    if not action.is_forward:
        return ()
    return tuple(type_.id for type_ in workflow.documents.values() if type_.stage == action.source)


def _standing_reasons(case: Case, workflow: Workflow, action: Action) -> list[Reason]:
    if case.is_closed:
        return [_rule("CLOSED", "stage", Text(sv="Ärendet är avslutat.", en="The case is closed."), basis=("L51",))]
    if action.source is not None and action.source != case.stage:
        stage = workflow.stage(action.source).label
        question = Text(sv=f"Åtgärden hör till steget {stage.sv}.", en=f"The action belongs to the stage {stage.en}.")
        return [_rule("STAGE", "stage", question)]
    joint = case.surroundings.joint
    if joint is not None and PARENT_ACTIONS & set(action.effects):
        question = Text(
            sv="Ärendet ingår i ett gemensamt ärende: åtgärden tas där.",
            en="The case is part of a joint case: the action is taken there.",
        )
        return [_rule("R-JNT-1", "rule", question, who=("pm", "decision_maker"))]
    return []


def _rights(case: Case, workflow: Workflow, action: Action, actor: Actor) -> list[Reason]:
    role = acting_role(action, actor)
    if role is None:
        names = [
            workflow.roles[name].name if name in workflow.roles else Text(sv="systemet", en="the system")
            for name in action.actors
        ]
        question = Text(
            sv="Åtgärden tas av: " + ", ".join(name.sv for name in names) + ".",
            en="The action is taken by: " + ", ".join(name.en for name in names) + ".",
        )
        return [_rule("ROLE", "right", question, who=action.actors)]
    acts = {ROLE_ACTS[role]} if role in ROLE_ACTS else set()
    if action.name == "complete":
        acts.add("complete")
    if role in SME_ROLES or action.name in CONFLICT_ACTIONS:
        return []
    return list(broken_duties(case, workflow, actor, role, frozenset(acts)))


ROLE_ACTS = {"pm": "act_as_pm", "ops_manager": "act_as_ops_manager", "pi": "act_as_pi", "decision_maker": "decide"}
CONFLICT_ACTIONS = frozenset({"declare_conflict"})
"""Declaring an interest is open to the very person it is about (SOD-05 takes every other right away)."""


def acting_role(action: Action, actor: Actor) -> str | None:
    """This will return the role under which the actor may take the action, or None."""
    if SYSTEM in action.actors and SYSTEM in actor.roles:
        return SYSTEM
    return actor.first_role(action.actors)


def _runtime_rules(case: Case, workflow: Workflow, action: Action, asked: Situation) -> list[Reason]:
    """Registration within one working day (INV-12) holds for every move of an authority but the company's own."""
    if not workflow.is_authority or action.is_overlay or set(action.actors) & SME_ROLES:
        return []
    late = [key for key, day in _unregistered(case) if add_working_days(day, 1) < asked.today]
    if not late:
        return []
    question = Text(
        sv=f"Är alla handlingar äldre än en arbetsdag diarieförda? Saknas: {', '.join(late)}.",
        en=f"Are all records older than one working day registered? Missing: {', '.join(late)}.",
    )
    return [_rule("R-REG", "rule", question, basis=("L04",), who=("registrar",))]


def _unregistered(case: Case) -> list[tuple[str, date]]:
    papers: list[tuple[str, date]] = []
    for document in case.documents.values():
        if _awaits_register(document) and document.finalised_at is not None:
            papers.append((document.key, local_day(document.finalised_at)))
    for file in case.files.values():
        if file.registered_number is None:
            papers.append((file.key, local_day(file.at)))
    return papers


def _awaits_register(document: Document) -> bool:
    return document.is_frozen and document.registered_number is None


def _rule(id_: str, kind: Kind, question: Text, *, basis: tuple[str, ...] = (), who: tuple[str, ...] = ()) -> Reason:
    return Reason(id=id_, kind=kind, question=question, basis=basis, who=who)


def closing_tasks_due(case: Case, days: int = 10) -> date | None:
    """This will return the last day for the closing tasks after a withdrawal: ten working days (post-guards)."""
    return add_working_days(local_day(case.closed_at), days) if case.closed_at else None
