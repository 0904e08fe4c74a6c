"""Lost races and broken constraints as sentences: who changed what, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, PrimaryKeyConstraint, UniqueConstraint, select
from sqlalchemy.exc import IntegrityError

from engine.domain.reasons import Conflict
from engine.domain.values import STOCKHOLM, Text
from engine.persistence.tables import case_event, case_row, metadata

HAPPENED: Final[Mapping[str, Text]] = {
    "CaseOpened": Text(sv="öppnade ärendet", en="opened the case"),
    "FactsRecorded": Text(sv="ändrade uppgifter", en="changed facts"),
    "RowRecorded": Text(sv="skrev en rad", en="wrote a row"),
    "RowRemoved": Text(sv="tog bort en rad", en="removed a row"),
    "NoticeAcknowledged": Text(sv="bekräftade en upplysning", en="confirmed a notice"),
    "ScopeConfirmed": Text(sv="bekräftade omfattningen", en="confirmed the scope"),
    "ConfidentialityChecked": Text(sv="kontrollerade sekretessavtalet", en="checked the confidentiality agreement"),
    "OpinionGiven": Text(sv="lämnade ett juridiskt yttrande", en="gave a legal opinion"),
    "ConditionClosed": Text(sv="stängde ett villkor", en="closed a condition"),
    "DocumentDrafted": Text(sv="påbörjade en handling", en="began a document"),
    "DocumentFinalised": Text(sv="färdigställde en handling", en="finalised a document"),
    "DocumentDiscarded": Text(sv="kasserade ett utkast", en="discarded a draft"),
    "DocumentSigned": Text(sv="undertecknade en handling", en="signed a document"),
    "DocumentDispatched": Text(sv="skickade en handling", en="sent a document"),
    "DocumentRegistered": Text(sv="registrerade en handling", en="registered a document"),
    "SecrecyReviewed": Text(sv="omprövade en sekretessmarkering", en="reviewed a secrecy marking"),
    "Attested": Text(sv="intygade en uppgift", en="attested a fact"),
    "ActionTaken": Text(sv="utförde en åtgärd", en="took an action"),
    "ActionRefused": Text(sv="försökte utföra en åtgärd", en="attempted an action"),
    "LedgerReserved": Text(sv="reserverade utrymme", en="reserved room in a ledger"),
    "LedgersReleased": Text(sv="släppte en reservation", en="released a reservation"),
    "MessageSent": Text(sv="skrev ett meddelande", en="wrote a message"),
    "FileUploaded": Text(sv="lämnade in en fil", en="handed in a file"),
}
"""What each event is called in a sentence. A test holds it against the list of events."""

CONSTRAINTS: Final[Mapping[str, Text]] = {
    "pk_case_row": Text(
        sv="Ärendenumret är redan taget. Skicka in en gång till så får ärendet ett nytt.",
        en="The case number is already taken. Send again and the case gets a new one.",
    ),
    "pk_case_event": Text(
        sv="Någon annan skrev i ärendet i samma ögonblick. Läs in sidan igen och gör om ändringen.",
        en="Somebody else wrote in the case at the same moment. Load the page again and repeat the change.",
    ),
    "pk_receipt": Text(
        sv="Samma begäran behandlas just nu. Läs in sidan igen för att se resultatet.",
        en="The same request is being handled right now. Load the page again to see the result.",
    ),
    "uq_document_case_id_registered_number": Text(
        sv="Numret används redan för en annan handling i ärendet. Välj nästa lediga nummer.",
        en="The number is already used for another document of the case. Choose the next free number.",
    ),
    "uq_person_email": Text(
        sv="Det finns redan en person med den e-postadressen.",
        en="There is already a person with that e-mail address.",
    ),
}
"""A constraint of the database becomes a sentence by its name."""


def lost_race(connection: Connection, case_id: str) -> Conflict:
    """This will return the error that says who changed the case last, what they did and when."""
    row = connection.execute(
        select(case_event.c.person_name, case_event.c.type, case_event.c.at, case_row.c.revision)
        .join(case_row, case_row.c.id == case_event.c.case_id)
        .where(case_event.c.case_id == case_id)
        .order_by(case_event.c.sequence.desc())
        .limit(1)
    ).one()
    what = HAPPENED.get(row.type, Text(sv="ändrade ärendet", en="changed the case"))
    return Conflict(
        Text(
            sv=f"{row.person_name} {what.sv} {_clock(row.at)}, efter att du läste ärendet. Inget av ditt har sparats. "
            "Läs in ärendet igen och gör om ändringen.",
            en=f"{row.person_name} {what.en} at {_clock(row.at)}, after you read the case. Nothing of yours was saved. "
            "Load the case again and repeat the change.",
        ),
        current_revision=row.revision,
        changed_by=row.person_name,
        changed=row.type,
    )


def explained(error: IntegrityError) -> Conflict | None:
    """This will return the sentence for a broken constraint, or None for one that is a defect."""
    text = CONSTRAINTS.get(broken_constraint(error))
    return None if text is None else Conflict(text, current_revision=0)


def broken_constraint(error: IntegrityError) -> str:
    """This will return the name of the constraint that was broken, empty when the database does not say."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return diagnosis.constraint_name or ""
    # SQLite names the columns of a unique constraint, and the constraint itself only where it is a check.
    kind, _, what = str(error.orig).partition(" constraint failed: ")
    if kind == "UNIQUE":
        columns = {column.strip() for column in what.split(",")}
        for table in metadata.sorted_tables:
            for constraint in table.constraints:
                if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint) and columns == {
                    f"{table.name}.{column.name}" for column in constraint.columns
                }:
                    return str(_full_name(constraint))
    return what


def _full_name(constraint: PrimaryKeyConstraint | UniqueConstraint) -> str:
    table = constraint.table.name
    if isinstance(constraint, PrimaryKeyConstraint):
        return f"pk_{table}"
    return f"uq_{table}_{'_'.join(column.name for column in constraint.columns)}"


def _clock(moment: datetime) -> str:
    return moment.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M")
