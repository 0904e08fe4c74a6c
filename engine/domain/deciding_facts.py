"""What follows when somebody records facts or rows: rights, types, versions, and the return that a change may cause."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from engine.domain.agreement import material_fields
from engine.domain.case import Case
from engine.domain.commands import RecordFacts, RecordRow, RemoveRow
from engine.domain.derivations import Situation
from engine.domain.duties import broken_duties
from engine.domain.events import ActionTaken, Event, FactsRecorded, LedgersReleased, RowRecorded, RowRemoved
from engine.domain.fields import Field
from engine.domain.reading import Unreadable, read_row, read_value
from engine.domain.reasons import InvalidInput, Reason, Refused, Verdict
from engine.domain.refusals import refusal
from engine.domain.roles import SME_ROLES, Actor
from engine.domain.values import Text, Value
from engine.domain.workflow import CLOSED, EXECUTION, Action, Workflow

AFTER_CLOSING = ("close.", "case.dnr", "case.internal_no")
"""What may still be recorded in a closed case: closing tasks and the register's own numbers (post-guards)."""

SCOPE_GROUPS = frozenset({"scope", "price"})
EDITING_ACTS = {"scope": "edit_scope", "price": "edit_price", "participants": "edit_scope"}


def record_facts(
    case: Case, workflow: Workflow, command: RecordFacts, actor: Actor, now: datetime, asked: Situation
) -> tuple[Event, ...]:
    """This will answer a request to record values. Values that change nothing are left out."""
    changed = _changed_values(case, workflow, command, actor, asked)
    if not changed:
        return ()
    _refuse_wrong_rights(case, workflow, changed, actor)
    _require_sources(workflow, changed, command, actor)
    is_material = bool(changed.keys() & material_fields(workflow))
    automatic = _automatic_return(case, workflow, command.accept_return, asked) if is_material else ()
    version, revision = _next_version(case, is_material, touches_scope=_touches_scope(changed))
    recorded = FactsRecorded(
        values=changed,
        scope_version=version,
        scope_revision=revision,
        is_material=is_material,
        reason=command.reason,
        source_note=command.source_note,
        observed_on=command.observed_on,
    )
    return (recorded, *automatic)


def record_row(
    case: Case, workflow: Workflow, command: RecordRow | RemoveRow, actor: Actor, asked: Situation
) -> tuple[Event, ...]:
    """This will answer a request to write or take out a row of a row table."""
    table = workflow.tables.get(command.table)
    if table is None or case.form not in table.forms:
        raise InvalidInput({command.table: Text(sv="Tabellen finns inte här.", en="There is no such table here.")})
    role = actor.first_role(table.by)
    if role is None:
        raise refusal(
            "record",
            "ROLE",
            "right",
            Text(sv=f"{table.label.sv} skrivs av andra roller.", en=f"{table.label.en} is written by other roles."),
            who=table.by,
        )
    if case.is_closed:
        raise refusal("record", "CLOSED", "stage", Text(sv="Ärendet är avslutat.", en="The case is closed."))
    _check_duties(case, workflow, actor, role, {EDITING_ACTS[table.name]} if table.name in EDITING_ACTS else set())
    stored = case.rows.get(table.name, {}).get(command.row_id)
    if isinstance(command, RemoveRow):
        if stored is None:
            return ()
        values: dict[str, Value] = {}
    else:
        values = read_row(table.columns, command.values)
        if stored is not None and dict(stored.values) == values:
            return ()
    if table.name == "time_log" and not isinstance(command, RemoveRow):
        _require_hours_left(case, command, values, asked)
    automatic = _automatic_return(case, workflow, command.accept_return, asked) if table.is_material else ()
    version, revision = _next_version(case, table.is_material, touches_scope=table.name == "participants")
    if isinstance(command, RemoveRow):
        event: Event = RowRemoved(
            table=table.name, row_id=command.row_id, scope_version=version, scope_revision=revision,
            is_material=table.is_material,
        )  # fmt: skip
    else:
        event = RowRecorded(
            table=table.name, row_id=command.row_id, values=values, scope_version=version, scope_revision=revision,
            is_material=table.is_material,
        )  # fmt: skip
    return (event, *automatic)


def _changed_values(
    case: Case, workflow: Workflow, command: RecordFacts, actor: Actor, asked: Situation
) -> dict[str, Value]:
    faults: dict[str, Text] = {}
    changed: dict[str, Value] = {}
    for name, raw in command.values.items():
        field = workflow.fields.get(name)
        if field is None or case.form not in field.forms:
            faults[name] = Text(sv=f"Uppgiften {name} finns inte här.", en=f"There is no field {name} here.")
        elif not field.is_recordable:
            faults[name] = _derived_text(field)
        else:
            try:
                value = read_value(field.type, field.choices, raw)
            except Unreadable as fault:
                faults[name] = fault.text
                continue
            recorded = case.facts.get(name)
            if value != (recorded.value if recorded else None):
                changed[name] = value
    if faults:
        raise InvalidInput(faults)
    return changed


def _derived_text(field: Field) -> Text:
    origin = field.origin or Text(sv="ärendets händelser", en="what happens in the case")
    return Text(
        sv=f"{field.label.sv} skrivs inte in: uppgiften följer av {origin.sv}.",
        en=f"{field.label.en} is not typed in: it follows from {origin.en}.",
    )


def _refuse_wrong_rights(case: Case, workflow: Workflow, changed: dict[str, Value], actor: Actor) -> None:
    reasons: list[Reason] = []
    for name in changed:
        field = workflow.fields[name]
        role = actor.first_role(field.by)
        if role is None:
            reasons.append(
                Reason(
                    id="ROLE",
                    kind="right",
                    question=Text(
                        sv=f"{field.label.sv} anges av andra roller.",
                        en=f"{field.label.en} is recorded by other roles.",
                    ),
                    values={name: changed[name]},
                    who=field.by,
                )
            )
            continue
        if case.is_closed and not name.startswith(AFTER_CLOSING):
            reasons.append(
                Reason(
                    id="CLOSED", kind="stage", question=Text(sv="Ärendet är avslutat.", en="The case is closed."),
                    basis=("L51",),
                )
            )  # fmt: skip
        act = EDITING_ACTS.get(field.group)
        reasons += (
            broken_duties(case, workflow, actor, role, frozenset({act} if act else ())) if role not in SME_ROLES else ()
        )
    if reasons:
        unique = {(reason.id, reason.question.en): reason for reason in reasons}
        raise Refused(Verdict(action="record_facts", allowed=False, other=tuple(unique.values())))


def _check_duties(case: Case, workflow: Workflow, actor: Actor, role: str, acts: set[str]) -> None:
    if role in SME_ROLES:
        return
    reasons = broken_duties(case, workflow, actor, role, frozenset(acts))
    if reasons:
        raise Refused(Verdict(action="record_row", allowed=False, other=reasons))


def _require_sources(workflow: Workflow, changed: dict[str, Value], command: RecordFacts, actor: Actor) -> None:
    if actor.is_company:
        return
    faults: dict[str, Text] = {}
    for name, value in changed.items():
        field = workflow.fields[name]
        if value is None:
            continue
        if field.source == "outside" and not command.source_note.strip():
            faults[name] = Text(
                sv=f"Skriv varifrån uppgiften {field.label.sv.lower()} kommer.",
                en=f"Write where {field.label.en.lower()} comes from.",
            )
        elif (field.is_judgement or field.source == "derived") and not command.reason.strip():
            faults[name] = Text(
                sv=f"Skriv skälet till bedömningen {field.label.sv.lower()}.",
                en=f"Write the reason for the judgement on {field.label.en.lower()}.",
            )
    if faults:
        raise InvalidInput(faults)


def _require_hours_left(case: Case, command: RecordRow, values: dict[str, Value], asked: Situation) -> None:
    """Hours beyond the scope are new sales: at 100 % the log stops until a change is approved (R-HOURS)."""
    agreed = [asked.facts.get(name) for name in ("scope.hours_instrument", "scope.hours_staff")]
    known = [hours for hours in agreed if isinstance(hours, Decimal)]
    hours = values.get("hours")
    if not known or not isinstance(hours, Decimal):
        return
    others = [row.values.get("hours") for key, row in case.rows.get("time_log", {}).items() if key != command.row_id]
    used = sum((other for other in others if isinstance(other, Decimal)), Decimal(0))
    if used + hours > sum(known, Decimal(0)):
        raise refusal(
            "record",
            "R-HOURS",
            "rule",
            Text(
                sv=f"Ryms timmarna i uppdraget? {used} av {sum(known, Decimal(0))} timmar är använda. "
                "Fler timmar kräver en godkänd ändring.",
                en=f"Do the hours fit the scope? {used} of {sum(known, Decimal(0))} hours are used. "
                "More hours need an approved change.",
            ),
            values={"exec.hours_used": used},
            basis=("L16", "L18", "L35"),
            who=("pm", "decision_maker"),
        )


def _touches_scope(changed: dict[str, Value]) -> bool:
    return any(name.split(".", 1)[0] in SCOPE_GROUPS for name in changed)


def _next_version(case: Case, is_material: bool, *, touches_scope: bool) -> tuple[int, int]:
    """A version that nobody has confirmed, signed or judged is still being written and keeps its number."""
    if case.scope_version == 0:
        return (1, 0) if touches_scope else (0, 0)
    if is_material and case.versions_used >= case.scope_version:
        return case.highest_version + 1, 0
    if is_material or touches_scope:
        return case.scope_version, case.scope_revision + 1
    return case.scope_version, case.scope_revision


def _automatic_return(case: Case, workflow: Workflow, accepted: bool, asked: Situation) -> tuple[Event, ...]:
    """A material change after scoping sends the case back, after the person has seen that it will (domain 3.2)."""
    if case.stage == CLOSED or case.scope_version == 0:
        return ()
    if case.stage == EXECUTION:
        raise refusal(
            "record",
            "R-CHANGE",
            "rule",
            Text(
                sv="Under genomförandet ändras uppdraget genom en begärd ändring eller en godkänd mindre ändring.",
                en="During execution the scope is changed by a requested change or an agreed minor change.",
            ),
            who=("pm", "decision_maker"),
        )
    back = return_action(workflow, case.stage)
    if back is None or workflow.stage_index(case.stage) <= workflow.stage_index("scoping"):
        return ()
    if case.hold is not None or case.is_escalated:
        raise refusal(
            "record",
            "R-RESUME",
            "hold",
            Text(
                sv="Ändringen skulle skicka tillbaka ärendet, men det är vilande eller eskalerat. Återuppta först.",
                en="The change would send the case back, but it is on hold or escalated. Resume first.",
            ),
            who=("pm", "ops_manager", "decision_maker", "escalation_owner"),
        )
    if not accepted:
        raise _return_warning(case, workflow, back)
    release = (LedgersReleased(settled=False),) if "release_reservations" in back.effects else ()
    effects = tuple(dict.fromkeys((*back.effects, "invalidate_legal", "invalidate_procurement", "void_signatures")))
    return (
        ActionTaken(
            action=back.id,
            name=back.name,
            source=case.stage,
            target=back.target or case.stage,
            outcome=None,
            effects=effects,
            guards={},
            documents=(),
            scope_version=case.scope_version,
            is_automatic=True,
        ),
        *release,
    )


def return_action(workflow: Workflow, stage: str) -> Action | None:
    """This will return the move that a material change fires from a stage, or None where there is none."""
    return next((action for action in workflow.actions_from(stage) if action.name == "return_for_changes"), None)


def _return_warning(case: Case, workflow: Workflow, back: Action) -> Refused:
    target = workflow.stage(back.target or case.stage).label
    fallen = [opinion.organisation for opinion in case.opinions if not opinion.is_superseded]
    falls = Text(
        sv=f" Dessa juridiska yttranden faller: {', '.join(fallen)}." if fallen else "",
        en=f" These legal opinions fall: {', '.join(fallen)}." if fallen else "",
    )
    question = Text(
        sv=f"Ändringen är väsentlig: ärendet går tillbaka till {target.sv} som en ny version.{falls.sv} "
        "Bekräfta för att spara.",
        en=f"The change is material: the case goes back to {target.en} as a new version.{falls.en} Confirm to save.",
    )
    return refusal("record", "R-RETURN", "rule", question, who=("pm", "sme_contact"))
