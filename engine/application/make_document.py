"""Word files: a preview of a draft, and the freezing of a document from one revision of its case."""

from __future__ import annotations

from dataclasses import replace

from engine.application.handle_command import HIDDEN, handle
from engine.application.particulars import named, particulars_of
from engine.application.ports import Ports, Request
from engine.application.results import Result, lost_race
from engine.domain.case import Case, Document
from engine.domain.commands import FinaliseDocument, Rendition
from engine.domain.deciding_documents import read_inputs
from engine.domain.derivations import situation
from engine.domain.reasons import NotFound
from engine.domain.values import Facts, Text, local_day
from engine.domain.workflow import Workflow


def finalise_document(ports: Ports, case_id: str, key: str, inputs: Facts, request: Request) -> Result:
    """This will make the file of a draft and freeze it, on the very revision it was made from.

    Raises EngineError with every gap when a value that the text needs is unknown.
    """
    with ports.read_only() as work:
        kept = work.receipt(request.idempotency_key, request.person) if request.idempotency_key else None
        if kept is not None:
            return Result.of(kept)
        case = work.cases.get(case_id)
    if not request.actor(case).roles:
        raise NotFound(HIDDEN)
    if request.expected_revision is not None and request.expected_revision != case.revision:
        raise lost_race(case)
    content, rendition = _render(ports, case, _draft(case, key), inputs, is_draft=False)
    ports.files.put(content)
    command = FinaliseDocument(key=key, rendition=rendition, inputs=inputs)
    return handle(ports, case_id, command, replace(request, expected_revision=case.revision))


def preview_document(ports: Ports, case_id: str, key: str, inputs: Facts, request: Request) -> bytes:
    """This will make the file of a draft with its gaps marked; nothing is stored."""
    with ports.read_only() as work:
        case = work.cases.get(case_id)
    if not request.actor(case).roles:
        raise NotFound(HIDDEN)
    return _render(ports, case, _draft(case, key), inputs, is_draft=True)[0]


def _render(ports: Ports, case: Case, document: Document, inputs: Facts, *, is_draft: bool) -> tuple[bytes, Rendition]:
    workflow: Workflow = ports.workflows.version(case.definition_version)
    type_ = workflow.documents[document.document]
    asked = situation(case, workflow, ports.now())
    answers = {**document.inputs, **read_inputs(workflow, type_, inputs)}
    facts = {**asked.facts, **{name: value for name, value in answers.items() if value is not None}}
    if type_.purpose == "decision":
        facts.update(_decision_to_be(case, workflow, document))
    if type_.purpose == "return_certificate":
        rows = case.rows.get("assets", {}).values()
        facts["close.assets_returned"] = all(row.values.get("state") == "returned" for row in rows)
    organisations = ports.organisations()
    return ports.documents.render(
        document=type_.id,
        template_version=type_.template,
        language=document.language,
        facts=named(facts, organisations, document.language),
        fields=workflow.fields,
        particulars=particulars_of(case, workflow, document, asked, organisations),
        is_draft=is_draft,
    )


def _decision_to_be(case: Case, workflow: Workflow, document: Document) -> Facts:
    """A decision is written before it is signed: the paper names the day it is written and who will decide."""
    return {
        "decision.date": local_day(case.last_at),
        "decision.maker_role": workflow.roles["decision_maker"].name.in_language(document.language),
    }


def _draft(case: Case, key: str) -> Document:
    document = case.documents.get(key)
    if document is None:
        raise NotFound(
            Text(
                sv=f"Dokumentet {key} finns inte i ärendet.",
                en=f"There is no document {key} in the case.",
            )
        )
    return document
