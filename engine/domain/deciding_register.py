"""What follows when somebody registers a record, reviews its secrecy, or hands in a file."""

from __future__ import annotations

from engine.domain.case import Case
from engine.domain.commands import RegisterDocument, ReviewSecrecy, UploadFile
from engine.domain.deciding_documents import REGISTER_ROLES, document_of
from engine.domain.duties import broken_duties
from engine.domain.events import DocumentRegistered, Event, FileUploaded, SecrecyReviewed
from engine.domain.reasons import InvalidInput, Refused, Verdict
from engine.domain.refusals import refusal, require_role
from engine.domain.roles import Actor
from engine.domain.values import Text
from engine.domain.workflow import Workflow

SECRET_BEFORE_NDA = frozenset({"INFO-A", "INFO-B"})


def register_document(case: Case, workflow: Workflow, command: RegisterDocument, actor: Actor) -> Event:
    """This will answer a request to enter a record in the register. An empty number takes the next in the case."""
    role = require_role("register_document", workflow, actor, REGISTER_ROLES)
    reasons = broken_duties(case, workflow, actor, role, frozenset({"register_entry"}))
    if reasons:
        raise Refused(Verdict(action="register_document", allowed=False, other=reasons))
    if command.key not in case.files:
        document = document_of(case, command.key)
        if not document.is_frozen:
            raise refusal(
                "register_document", "R-DRAFT", "document",
                Text(sv="Ett utkast diarieförs inte.", en="A draft is not registered."), basis=("L01",),
            )  # fmt: skip
    if not command.description.strip():
        raise InvalidInput(
            {"description": Text(
                sv="Skriv kort vad handlingen rör, utan hemligheter.",
                en="Write briefly what the record is about, without secrets.",
            )}
        )  # fmt: skip
    registered = sum(1 for paper in case.documents.values() if paper.registered_number) + sum(
        1 for file in case.files.values() if file.registered_number
    )
    number = command.number.strip() or str(registered + 1)
    return DocumentRegistered(
        key=command.key, number=number, description=command.description.strip(), secrecy=command.secrecy
    )


def review_secrecy(case: Case, workflow: Workflow, command: ReviewSecrecy, actor: Actor) -> Event:
    """This will answer a request to review a secrecy marking."""
    require_role("review_secrecy", workflow, actor, ("registrar", "legal", "archivist"))
    document = document_of(case, command.key)
    return SecrecyReviewed(key=document.key, keep=command.keep, note=command.note.strip())


def upload_file(case: Case, workflow: Workflow, command: UploadFile, actor: Actor) -> Event:
    """This will answer a request to hand in a file (rules R-UPLOAD: INV-13, INV-14)."""
    if not actor.roles or case.is_closed:
        raise refusal("upload_file", "CLOSED", "stage", Text(sv="Ärendet är avslutat.", en="The case is closed."))
    if workflow.is_authority and "public_access" not in case.notices:
        raise refusal(
            "upload_file", "R-UPLOAD", "rule",
            Text(
                sv="Har företaget bekräftat informationen om offentlighet innan det skickar mer?",
                en="Has the company confirmed the notice on public access before sending more?",
            ),
            basis=("L01", "L55"), who=("sme_contact",),
        )  # fmt: skip
    if not workflow.is_authority and command.info_class in SECRET_BEFORE_NDA and not _has_signed_nda(case):
        raise refusal(
            "upload_file", "R-UPLOAD", "rule",
            Text(
                sv="Är sekretessavtalet undertecknat innan affärsplan eller tekniskt kunnande lämnas?",
                en="Is the confidentiality agreement signed before business plans or know-how are handed over?",
            ),
            basis=("L40",), who=("sme_signatory", "decision_maker"),
        )  # fmt: skip
    return FileUploaded(
        key=f"F-{len(case.files) + 1}",
        name=command.name,
        media_type=command.media_type,
        file_hash=command.file_hash,
        size=command.size,
        info_class=command.info_class,
    )


def _has_signed_nda(case: Case) -> bool:
    for document in case.documents.values():
        if document.purpose == "confidentiality":
            parties = {mark.party == "sme" for mark in document.signatures if not mark.is_void}
            if parties == {True, False}:
                return True
    return False
