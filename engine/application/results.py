"""What a use case answers, and how refusals and lost races are said."""

from __future__ import annotations

from dataclasses import dataclass

from engine.application.ports import Receipt
from engine.domain.case import Case
from engine.domain.reasons import Conflict
from engine.domain.values import Text

CHANGES: dict[str, Text] = {
    "FactsRecorded": Text(sv="ändrade uppgifter", en="changed facts"),
    "RowRecorded": Text(sv="ändrade en rad", en="changed a row"),
    "RowRemoved": Text(sv="tog bort en rad", en="removed a row"),
    "NoticeAcknowledged": Text(sv="bekräftade en information", en="confirmed a notice"),
    "ScopeConfirmed": Text(sv="bekräftade uppdraget", en="confirmed the scope"),
    "ConfidentialityChecked": Text(sv="stämde av sekretessavtalet", en="checked the confidentiality agreement"),
    "OpinionGiven": Text(sv="lämnade ett yttrande", en="gave an opinion"),
    "ConditionClosed": Text(sv="stängde ett villkor", en="closed a condition"),
    "DocumentDrafted": Text(sv="påbörjade ett dokument", en="began a document"),
    "DocumentFinalised": Text(sv="gjorde ett dokument slutligt", en="made a document final"),
    "DocumentDiscarded": Text(sv="kastade ett utkast", en="discarded a draft"),
    "DocumentSigned": Text(sv="undertecknade ett dokument", en="signed a document"),
    "DocumentDispatched": Text(sv="skickade ett dokument", en="sent a document"),
    "DocumentRegistered": Text(sv="diarieförde en handling", en="registered a record"),
    "SecrecyReviewed": Text(sv="omprövade en sekretessmarkering", en="reviewed a secrecy marking"),
    "Attested": Text(sv="intygade en uppgift", en="attested a fact"),
    "PersonAssigned": Text(sv="gav en person en roll", en="gave a person a role"),
    "ActionTaken": Text(sv="tog ärendet till ett nytt läge", en="took an action"),
    "LedgerReserved": Text(sv="tog ärendet till ett nytt läge", en="took an action"),
    "LedgersReleased": Text(sv="tog ärendet till ett nytt läge", en="took an action"),
    "MessageSent": Text(sv="skrev ett meddelande", en="wrote a message"),
    "FileUploaded": Text(sv="lämnade in en fil", en="handed in a file"),
    "CaseOpened": Text(sv="öppnade ärendet", en="opened the case"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a command led to: the case, its revision and last log line, and the names of the events (may be empty)."""

    case_id: str
    revision: int
    sequence: int
    events: tuple[str, ...]

    @classmethod
    def of(cls, receipt: Receipt) -> Result:
        """This will return the answer that was kept under an idempotency key."""
        return cls(case_id=receipt.case_id, revision=receipt.revision, sequence=receipt.sequence, events=receipt.events)


def lost_race(case: Case) -> Conflict:
    """This will return the conflict that tells who changed what since the page was opened."""
    change = CHANGES[case.last_change]
    return Conflict(
        Text(
            sv=f"{case.last_person} {change.sv} medan du skrev. Det du skrev är kvar: läs ändringen och spara igen.",
            en=f"{case.last_person} {change.en} while you wrote. Your text is still here: read the change, save again.",
        ),
        current_revision=case.revision,
        changed_by=case.last_person,
        changed=case.last_change,
    )
