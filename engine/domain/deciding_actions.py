"""What follows when somebody takes an action of the definition: the move, its effects and reservations."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from engine.domain.case import Case
from engine.domain.commands import TakeAction
from engine.domain.derivations import Situation
from engine.domain.events import ActionTaken, Event, LedgerReserved, LedgersReleased
from engine.domain.expressions import Environment
from engine.domain.hashing import plain
from engine.domain.machine import fire
from engine.domain.reading import Unreadable, read_value
from engine.domain.reasons import InvalidInput, NotFound, Refused, Verdict
from engine.domain.refusals import refusal
from engine.domain.roles import Actor
from engine.domain.values import Facts, Text, Value
from engine.domain.verdicts import judge, verdict
from engine.domain.workflow import CLOSED, Action, Workflow

CLOSING_FIELDS = ("case.reason_code", "case.reason_text")
SUSPENSION_FIELDS = ("case.suspended_reason", "case.suspended_owner", "case.suspended_review_date")
MINOR_FIELDS = ("price.amount_sek", "scope.end_date")
FREE_ARGUMENTS = frozenset({"note", "about", "reason", "declaration", "result", "organisation", "document"})
"""Arguments of overlays that are not fields of the dictionary."""

NOTE_NEEDED = {"add_note": "note", "declare_conflict": "reason", "resolve_conflict": "result", "share": "organisation"}
OWN_CHOICE = Text(sv="Företaget återkallade sin förfrågan.", en="The company withdrew its inquiry.")


def take_action(
    case: Case, workflow: Workflow, command: TakeAction, actor: Actor, now: datetime, asked: Situation
) -> tuple[Event, ...]:
    """This will answer a request to take an action: the events, or a refusal with all its reasons."""
    action = workflow.actions.get(command.action)
    if action is None:
        raise NotFound(
            Text(sv=f"Åtgärden {command.action} finns inte här.", en=f"There is no action {command.action} here.")
        )
    values = read_arguments(workflow, action, command.values)
    merged = with_arguments(asked, values)
    answer = verdict(case, workflow, action, actor, merged)
    if not answer.allowed:
        raise Refused(answer)
    if answer.failing and not command.comment.strip():
        raise InvalidInput(
            {
                "comment": Text(
                    sv="Ett mjukt villkor är inte uppfyllt. Skriv en kommentar som motiverar att gå vidare.",
                    en="A soft condition is not met. Write a comment that justifies going on.",
                )
            }
        )
    _require_overlay_sense(case, workflow, action, actor, values, merged)
    target = _move(case, workflow, action, answer)
    taken = ActionTaken(
        action=action.id,
        name=action.name,
        source=case.stage,
        target=target,
        outcome=action.outcome,
        effects=action.effects,
        guards={**dict.fromkeys(answer.met, "yes"), **{reason.id: "soft" for reason in answer.failing}},
        documents=tuple(sorted(merged.finals)) if action.source is not None else (),
        scope_version=case.scope_version,
        comment=command.comment.strip(),
        values=_with_reason(case, action, values),
    )
    return (taken, *_ledger_events(case, workflow, action, merged))


def with_arguments(asked: Situation, values: Facts) -> Situation:
    """This will return the situation as it is with the action's own facts (a reason code, a review day)."""
    fields = {name: value for name, value in values.items() if "." in name}
    if not fields:
        return asked
    facts = {**asked.facts, **fields}
    environment = Environment(
        facts=facts, today=asked.today, parameters=asked.environment.parameters, documents=asked.finals
    )
    return Situation(facts=facts, today=asked.today, finals=asked.finals, environment=environment)


def argument_fields(action: Action) -> tuple[str, ...]:
    """This will return the fields that an action asks for when it is taken, in order."""
    if action.target == CLOSED and action.outcome != "completed":
        return CLOSING_FIELDS if action.name != "withdraw" else ("case.reason_text",)
    if action.name == "suspend":
        return SUSPENSION_FIELDS
    return MINOR_FIELDS if action.name == "minor_change" else ()


def read_arguments(workflow: Workflow, action: Action, raw: Facts) -> dict[str, Value]:
    """This will read what came with an action. Raises InvalidInput with every fault."""
    allowed = set(argument_fields(action))
    values: dict[str, Value] = {}
    faults: dict[str, Text] = {}
    for name, content in raw.items():
        field = workflow.fields.get(name)
        try:
            if field is not None and name in allowed:
                value = read_value(field.type, field.choices, content)
            elif name in FREE_ARGUMENTS and action.is_overlay:
                value = read_value("text", None, content)
            else:
                faults[name] = Text(sv="Åtgärden frågar inte efter detta.", en="The action does not ask for this.")
                continue
        except Unreadable as fault:
            faults[name] = fault.text
            continue
        if value is not None:
            values[name] = value
    needed = NOTE_NEEDED.get(action.name)
    if needed and needed not in values:
        faults[needed] = Text(sv="Fyll i detta först.", en="Fill this in first.")
    if faults:
        raise InvalidInput(faults)
    return values


def _move(case: Case, workflow: Workflow, action: Action, answer: Verdict) -> str:
    """The machine decides the move; it is asked with the verdict's own answers, so the two cannot disagree."""
    if action.is_overlay:
        return case.stage
    passed = {*answer.met, *(reason.id for reason in answer.failing if reason.severity == "soft")}
    target = fire(workflow, action, case.stage, passed.__contains__)
    if target is None:
        raise Refused(answer)
    return target


def _with_reason(case: Case, action: Action, values: dict[str, Value]) -> dict[str, Value]:
    if "set_reason_sme_choice" in action.effects and not values.get("case.reason_text"):
        return {**values, "case.reason_text": OWN_CHOICE.in_language(case.language)}
    return values


def _require_overlay_sense(
    case: Case, workflow: Workflow, action: Action, actor: Actor, values: Facts, asked: Situation
) -> None:
    """Overlays check the little that no guard says: nobody settles the own conflict, a hold needs its cause gone."""
    match action.name:
        case "resume":
            _require_resumable(case, asked)
        case "de_escalate":
            if not case.is_escalated:
                raise _overlay_no(Text(sv="Ärendet är inte eskalerat.", en="The case is not escalated."))
        case "resolve_conflict":
            _require_conflict(case, actor, values)
        case "minor_change":
            _require_minor(case, workflow, values, asked)


def _require_resumable(case: Case, asked: Situation) -> None:
    if case.hold is None:
        raise _overlay_no(Text(sv="Ärendet är inte vilande.", en="The case is not on hold."))
    if case.is_annulled:
        raise _overlay_no(
            Text(
                sv="Beslutet är upphävt: ärendet kan avslutas, inte återupptas.",
                en="The decision has been annulled: the case can be ended, not resumed.",
            )
        )
    if case.hold.by_system and asked.facts.get("permits.all_granted") is not True:
        raise _overlay_no(
            Text(
                sv="Orsaken till att ärendet är vilande finns kvar: ett tillstånd saknas.",
                en="The cause of the hold remains: a permit is missing.",
            )
        )


def _require_conflict(case: Case, actor: Actor, values: Facts) -> None:
    for declaration in case.conflicts:
        if declaration.id == values.get("declaration") and not declaration.result:
            if declaration.about == actor.person:
                raise _overlay_no(
                    Text(
                        sv="Jävsfrågan avgörs av någon annan än den som den gäller.",
                        en="The conflict is settled by somebody other than the person it is about.",
                    )
                )
            return
    raise InvalidInput({"declaration": Text(sv="Välj en öppen jävsanmälan.", en="Choose an open declaration.")})


def _require_minor(case: Case, workflow: Workflow, values: Facts, asked: Situation) -> None:
    """A minor change keeps within the limits since approval, and the form's price guard still holds (domain 3.2)."""
    agreed = case.agreed
    if case.stage != "execution" or agreed is None or not values:
        raise _overlay_no(
            Text(
                sv="En mindre ändring görs under genomförandet och ändrar pris eller slutdatum.",
                en="A minor change is made during execution and changes price or end date.",
            )
        )
    price, end = values.get("price.amount_sek"), values.get("scope.end_date")
    old_price = agreed.facts["price.amount_sek"].value if "price.amount_sek" in agreed.facts else None
    old_end = agreed.facts["scope.end_date"].value if "scope.end_date" in agreed.facts else None
    share, days = (
        asked.environment.parameters(key) for key in ("material_change_price_pct", "material_change_end_days")
    )
    too_much = isinstance(price, Decimal) and isinstance(old_price, Decimal) and share is not None and (
        abs(price - old_price) * 100 > old_price * share
    )  # fmt: skip
    too_late = isinstance(end, date) and isinstance(old_end, date) and days is not None and (
        abs(end - old_end) > timedelta(days=int(days))
    )  # fmt: skip
    price_guards = [
        guard
        for guard in workflow.guards.values()
        if case.form in guard_forms(workflow, guard.id) and "price.amount_sek" in guard.expression.fields
    ]
    failing, _ = judge(price_guards, asked.environment)
    if too_much or too_late or any(reason.severity == "hard" for reason in failing):
        raise _overlay_no(
            Text(
                sv="Ändringen är större än en mindre ändring får vara. Begär en väsentlig ändring.",
                en="The change is larger than a minor change may be. Request a material change.",
            )
        )


def guard_forms(workflow: Workflow, guard_id: str) -> tuple[str, ...]:
    """This will return the form of the definition when one of its actions uses the guard, else nothing."""
    used = any(guard.id == guard_id for action in workflow.actions.values() for guard in action.guards)
    return (workflow.form,) if used else ()


def _overlay_no(question: Text) -> Refused:
    return refusal("take_action", "R-OVERLAY", "rule", question)


def _ledger_events(case: Case, workflow: Workflow, action: Action, asked: Situation) -> tuple[Event, ...]:
    events: list[Event] = []
    # The year of the day it is made: used and committed this year (domain dossier 11).
    year = asked.today.year
    for effect in action.effects:
        match effect:
            case "reserve_capacity":
                share = asked.facts.get("scope.capacity_share_pct")
                events.append(
                    LedgerReserved(ledger="capacity", owner=case.infrastructure_id, year=year, amount=_amount(share))
                )
            case "reserve_purchase":
                if asked.facts.get("proc.route") == "direct_award":
                    value = asked.facts.get("proc.purchase_value_sek")
                    events.append(
                        LedgerReserved(ledger="purchase", owner=case.host_org, year=year, amount=_amount(value))
                    )
            case "release_reservations":
                events.append(LedgersReleased(settled=False))
            case "settle_ledgers":
                events.append(
                    LedgersReleased(settled=True, used_capacity=_amount(asked.facts.get("scope.capacity_share_pct")))
                )
    return tuple(events)


def _amount(value: Value) -> str:
    return str(plain(value)) if isinstance(value, Decimal | int) else "0"
