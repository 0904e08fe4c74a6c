"""A company asks: a case is opened, numbered and handed to the host."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from engine.application.handle_command import answered, follow_up
from engine.application.ports import Ports, Receipt, Request, UnitOfWork
from engine.application.results import Result
from engine.domain.case import Case, Infrastructure, Surroundings
from engine.domain.commands import OpenCase
from engine.domain.decisions import open_case as decide_opening
from engine.domain.events import CaseOpened, Entry
from engine.domain.evolution import open_from
from engine.domain.reasons import Conflict, NotFound, Refused, Verdict
from engine.domain.values import Text, local_day
from engine.domain.workflow import Workflow


def open_case(ports: Ports, command: OpenCase, request: Request) -> Result:
    """This will open a case at an infrastructure. An empty ``case_id`` takes the next number of the year.

    A repeated request with the same idempotency key gets the first answer, also when both came at once.
    Raises InvalidInput with every fault of the inquiry, and Refused when the actor is not of the company.
    """
    try:
        return _open(ports, command, request)
    except Conflict:
        first = answered(ports, request)
        if first is None:
            raise
        return first


def _open(ports: Ports, command: OpenCase, request: Request) -> Result:
    with ports.unit_of_work() as work:
        kept = work.receipt(request.idempotency_key, request.person) if request.idempotency_key else None
        if kept is not None:
            return Result.of(kept)
        now = ports.now()
        infrastructure = work.infrastructure(command.infrastructure_id)
        if infrastructure.form not in {"state", "regional", "company"}:
            raise NotFound(Text(sv="Här tas inga förfrågningar emot.", en="No inquiries are taken here."))
        workflow = ports.workflows.in_force(infrastructure.form, now)
        command = replace(command, case_id=command.case_id or _case_number(work, now))
        internal = None if workflow.is_authority else _internal_number(work, infrastructure, now)
        event = decide_opening(workflow, infrastructure, command, internal_no=internal)
        case, entry = _opened(event, infrastructure, request, now)
        work.cases.add(case, (entry,))
        _after(work, case, workflow, entry, now)
        result = Result(case_id=case.id, revision=case.revision, sequence=1, events=("CaseOpened",))
        if request.idempotency_key:
            receipt = Receipt(case_id=case.id, revision=case.revision, sequence=1, events=result.events)
            work.keep_receipt(request.idempotency_key, request.person, receipt)
        return result


def _opened(event: CaseOpened, infrastructure: Infrastructure, request: Request, now: datetime) -> tuple[Case, Entry]:
    surroundings = Surroundings(infrastructure=infrastructure)
    draft = Entry(
        sequence=1, at=now, person=request.person, person_name="", role="sme_contact", organisation="sme", event=event
    )
    actor = request.actor(open_from(draft, surroundings))
    role = actor.first_role(("sme_contact", "sme_signatory"))
    if role is None:
        question = Text(
            sv="En förfrågan lämnas av någon på företaget vars organisationsnummer anges.",
            en="An inquiry is made by somebody of the company whose organisation number is given.",
        )
        raise Refused(Verdict(action="open_case", allowed=False), question)
    entry = replace(draft, person_name=actor.name, role=role)
    return open_from(entry, surroundings), entry


def _after(work: UnitOfWork, case: Case, workflow: Workflow, entry: Entry, now: datetime) -> None:
    follow_up(work, None, case, workflow, (entry,), now)


def _case_number(work: UnitOfWork, now: datetime) -> str:
    year = local_day(now).year
    return f"C-{year}-{work.cases.next_number(f'C-{year}'):04d}"


def _internal_number(work: UnitOfWork, infrastructure: Infrastructure, now: datetime) -> str:
    """The company's own number series (domain dossier 10.2): AWL-FLB-2025-0041."""
    year = local_day(now).year
    campus = {"flemingsberg": "FLB", "solna": "SOL"}.get(infrastructure.campus, infrastructure.campus[:3].upper())
    series = f"AWL-{campus}-{year}"
    return f"{series}-{work.cases.next_number(series):04d}"
