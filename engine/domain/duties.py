"""Segregation of duties: which two acts one person may not both do in a case (SOD-01 to SOD-13)."""

from __future__ import annotations

from engine.domain.case import Case
from engine.domain.reasons import Reason
from engine.domain.roles import NO_CONTENT_ROLES, READ_ONLY_ROLES, SYSTEM, Actor
from engine.domain.values import Text
from engine.domain.workflow import Duty, Workflow

HARMLESS_RESULT = "no_conflict"


def broken_duties(
    case: Case, workflow: Workflow, actor: Actor, role: str, acts: frozenset[str], *, organisation: str = ""
) -> tuple[Reason, ...]:
    """This will return the duties that these acts by this person would break, in id order.

    A person who stands for others counts as them too. Acts are looked for both ways round: it does not matter
    which of the two came first. Source: domain dossier 2.4; L51, L46.
    """
    if role == SYSTEM:
        return ()
    people = {actor.person, *actor.stands_for}
    done = {act for person in people for act in case.acts.get(person, ())}
    interest = any(
        declaration.about in people and declaration.result not in {"", HARMLESS_RESULT}
        for declaration in case.conflicts
    )
    if interest:
        done.add("declared_interest")
    open_conflict = any(declaration.about in people and not declaration.result for declaration in case.conflicts)
    broken = []
    for duty in workflow.duties:
        match duty.id:
            case "SOD-04":
                wrong = "legal_opinion" in acts and organisation not in actor.organisations
            case "SOD-05":
                wrong = open_conflict
            case "SOD-10":
                wrong = bool(actor.roles) and set(actor.roles) <= NO_CONTENT_ROLES
            case "SOD-12":
                wrong = role in READ_ONLY_ROLES
            case "SOD-13":
                wrong = not actor.is_active
            case _:
                wrong = _clash(duty, acts, done)
        if wrong:
            broken.append(_reason(duty))
    return tuple(broken)


def _clash(duty: Duty, acts: frozenset[str], done: set[str]) -> bool:
    first, second = set(duty.first), set(duty.second)
    return bool((acts & second and done & first) or (acts & first and done & second))


def _reason(duty: Duty) -> Reason:
    return Reason(
        id=duty.id,
        kind="duty",
        question=Text(
            sv=f"Får samma person göra båda delarna? {duty.text.sv}",
            en=f"May one person do both? {duty.text.en}",
        ),
        basis=("L51", "L46"),
        who=("pm", "escalation_owner"),
    )
