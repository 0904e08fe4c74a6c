"""What is always asked of a definition: ways in and out, turns, roles, withdrawal, guards that decide something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Final

from engine.domain.expressions.tree import Node
from engine.domain.roles import NO_CONTENT_ROLES, READ_ONLY_ROLES, SME_ROLES, SYSTEM
from engine.domain.values import Text
from engine.domain.workflow import CLOSED, EXECUTION, Action, Workflow
from engine.verification import situation as s
from engine.verification.atoms import (
    FALSE,
    TRUE,
    UNKNOWN,
    TooManyChoicesError,
    answers,
    choices_for,
    evaluate,
    fields_of,
)
from engine.verification.model import Model
from engine.verification.situation import Situation

READY: Final = (
    "host_approves", "other_approves", "sme_confirms", "pm_confirms", "sme_signs_confidentiality",
    "host_signs_confidentiality", "confidentiality_checked", "agreement_signed", "decided", "reasons_written",
)  # fmt: skip
"""What people do when all goes well; a move that cannot be made even then can never be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong with a definition: the check, the stage, action or guard, and a sentence."""

    check: str
    about: str
    text: Text


def standing(workflow: Workflow, *, is_each_move_tried: bool = True) -> tuple[Finding, ...]:
    """This will return everything that no definition may have, in the order of the checks; empty when all is well.

    Trying each move takes longest; a variant with fewer guards can be spared it.
    """
    return (
        *_stages(workflow),
        *_actions(workflow),
        *_withdrawals(workflow),
        *_guards(workflow),
        *(_moves_never_made(workflow) if is_each_move_tried else ()),
    )


def _stages(workflow: Workflow) -> Iterator[Finding]:
    forward = _reached(workflow, workflow.initial, backwards=False)
    towards_end = _reached(workflow, CLOSED, backwards=True)
    for stage in workflow.stages:
        name = stage.label
        if stage.name not in forward:
            yield _finding("way_in", stage.name, f"Ingen väg leder till {name.sv}.", f"No way leads to {name.en}.")
        if stage.name not in towards_end:
            yield _finding(
                "way_out", stage.name, f"Ingen väg leder från {name.sv} till avslut.",
                f"No way leads from {name.en} to the end.",
            )  # fmt: skip
        if not stage.held_by:
            yield _finding("turn", stage.name, f"Det är ingens tur i {name.sv}.", f"It is nobody's turn at {name.en}.")


def _reached(workflow: Workflow, start: str, *, backwards: bool) -> set[str]:
    found, waiting = {start}, [start]
    while waiting:
        stage = waiting.pop()
        for action in workflow.actions.values():
            here, there = (action.target, action.source) if backwards else (action.source, action.target)
            if here == stage and there is not None and there not in found:
                found.add(there)
                waiting.append(there)
    return found


def _actions(workflow: Workflow) -> Iterator[Finding]:
    # The roles of a joint case are those of its children's forms; the register does not name the joint form.
    names_form = any(workflow.form in role.forms for role in workflow.roles.values())
    for action in workflow.actions.values():
        able = [
            role
            for role in action.actors
            if role == SYSTEM
            or (role in workflow.roles and (not names_form or workflow.form in workflow.roles[role].forms))
        ]
        readers = set(action.actors) & (READ_ONLY_ROLES | NO_CONTENT_ROLES)
        if readers:
            yield _finding(
                "reader", action.id, f"{action.id} {action.label.sv} får göras av {', '.join(sorted(readers))}.",
                f"{action.id} {action.label.en} may be taken by {', '.join(sorted(readers))}.",
            )  # fmt: skip
        if not able:
            yield _finding(
                "role", action.id, f"Ingen roll i formen får göra {action.id} {action.label.sv}.",
                f"No role of the form may take {action.id} {action.label.en}.",
            )  # fmt: skip


def _withdrawals(workflow: Workflow) -> Iterator[Finding]:
    names = [stage.name for stage in workflow.stages]
    if EXECUTION not in names:
        return
    for stage in workflow.stages[: names.index(EXECUTION)]:
        ways = [action for action in workflow.actions_from(stage.name) if action.name == "withdraw"]
        if any(_is_free(action) for action in ways):
            continue
        yield _finding(
            "withdrawal", stage.name, f"Företaget kan inte dra sig ur i {stage.label.sv} utan andras medverkan.",
            f"The company cannot withdraw at {stage.label.en} without the help of others.",
        )  # fmt: skip


def _is_free(action: Action) -> bool:
    read = {name for guard in action.guards for name in guard.expression.fields}
    return bool(set(action.actors) & SME_ROLES) and not action.documents and read <= {"exec.first_started_at"}


def _guards(workflow: Workflow) -> Iterator[Finding]:
    used = {guard.id: guard for action in workflow.actions.values() for guard in (*action.guards, *action.post_guards)}
    for guard in used.values():
        try:
            found = _every_answer(guard.expression.tree, workflow.form)
        except TooManyChoicesError:
            yield _finding(
                "bound", guard.id, f"{guard.id} skiljer fler fall än vad som prövas.",
                f"{guard.id} tells apart more cases than are looked at.",
            )  # fmt: skip
            continue
        if not found & TRUE:
            yield _finding(
                "never_holds", guard.id, f"{guard.id} kan aldrig vara uppfylld: {guard.question.sv}",
                f"{guard.id} can never hold: {guard.question.en}",
            )  # fmt: skip
        if not found & (FALSE | UNKNOWN):
            yield _finding(
                "never_fails", guard.id, f"{guard.id} kan aldrig hindra något: {guard.question.sv}",
                f"{guard.id} can never stop anything: {guard.question.en}",
            )  # fmt: skip


@lru_cache(maxsize=2048)
def _every_answer(tree: Node, form: str) -> int:
    found = 0
    for chosen in choices_for(tree, (), lambda atom: fields_of(atom) != {"case.form"}):
        found |= answers(
            tree, lambda atom: evaluate(atom, {"case.form": form}) if fields_of(atom) == {"case.form"} else None, chosen
        )
    return found


def _moves_never_made(workflow: Workflow) -> Iterator[Finding]:
    if "scoping" not in {stage.name for stage in workflow.stages}:
        return
    made = moves_made(workflow)
    for action in workflow.actions.values():
        if action.source is not None and action.id not in made:
            yield _finding(
                "never_made", action.id, f"{action.id} {action.label.sv} kan aldrig göras.",
                f"{action.id} {action.label.en} can never be made.",
            )  # fmt: skip


def moves_made(workflow: Workflow) -> frozenset[str]:
    """This will return the moves that can be made on a path where everybody does what they should."""
    model = Model(workflow, frozenset(range(len(s.SLOT_NAMES))))
    start = s.beginning()
    seen, waiting, made = {start}, [start], set()
    while waiting:
        now = waiting.pop()
        for ready in {now, *_made_ready(model, now)}:
            for action in model.moves(ready):
                if model.may(action, ready):
                    made.add(action.id)
                    after = model.take(action, ready)
                    if after not in seen:
                        seen.add(after)
                        waiting.append(after)
    return frozenset(made)


def _made_ready(model: Model, now: Situation) -> Iterator[Situation]:
    for purchase, result in product((None, "purchase_removed", "purchase_added"), (None, "cleared", "skip_signed")):
        ready = now
        for name in (purchase, *READY, result):
            if name is not None:
                ready = model.after(name, ready)
        yield ready


def _finding(check: str, about: str, sv: str, en: str) -> Finding:
    return Finding(check=check, about=about, text=Text(sv=sv, en=en))
