"""Short ways to say no in deciding: one reason, or a right that is missing."""

from __future__ import annotations

from engine.domain.reasons import Kind, Reason, Refused, Verdict
from engine.domain.roles import Actor
from engine.domain.values import Facts, Text
from engine.domain.workflow import Workflow


def refusal(
    command: str,
    id_: str,
    kind: Kind,
    question: Text,
    *,
    who: tuple[str, ...] = (),
    basis: tuple[str, ...] = (),
    values: Facts | None = None,
) -> Refused:
    """This will return a refusal with one reason, whose sentence is the message."""
    reason = Reason(id=id_, kind=kind, question=question, who=who, basis=basis, values=values or {})
    return Refused(Verdict(action=command, allowed=False, other=(reason,)), question)


def require_role(command: str, workflow: Workflow, actor: Actor, allowed: tuple[str, ...]) -> str:
    """This will return the role under which the actor may do this. Raises Refused naming who may."""
    role = actor.first_role(allowed)
    if role is not None:
        return role
    names = [workflow.roles[name].name for name in allowed if name in workflow.roles]
    question = Text(
        sv="Detta görs av: " + ", ".join(name.sv for name in names) + ".",
        en="This is done by: " + ", ".join(name.en for name in names) + ".",
    )
    raise refusal(command, "ROLE", "right", question, who=allowed)


def closed(command: str) -> Refused:
    """This will return the refusal of what cannot be done in a case that has ended."""
    return refusal(
        command, "CLOSED", "stage", Text(sv="Ärendet är avslutat.", en="The case is closed."), basis=("L51",)
    )
