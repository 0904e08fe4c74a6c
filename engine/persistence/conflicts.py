"""Lost races and broken constraints as sentences: who changed what, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from engine.application import results
from engine.domain.case import Case
from engine.domain.reasons import Conflict
from engine.domain.values import Text
from engine.persistence.tables import metadata

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


def lost_race(now_stored: Case, expected_revision: int) -> Conflict:
    """This will return the error that says who changed the case last and what they did."""
    if now_stored.revision != expected_revision:
        return results.lost_race(now_stored)
    # Only a refused attempt was logged in between: nothing changed, but the line we wanted to write is taken.
    return Conflict(CONSTRAINTS["pk_case_event"], current_revision=now_stored.revision)


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
