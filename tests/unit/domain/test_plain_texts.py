"""Whatever people write beside the fields is kept and printed: hostile text is turned away by the name of its place."""

from __future__ import annotations

import pytest

from engine.domain.commands import (
    Attest,
    CloseCondition,
    Command,
    DiscardDocument,
    DispatchDocument,
    GiveOpinion,
    RecordFacts,
    RegisterDocument,
    ReviewSecrecy,
    SendMessage,
    SignDocument,
    TakeAction,
    UploadFile,
)
from engine.domain.reasons import InvalidInput
from tests.builders import Desk, scoped

BAD = "före\x00efter"
OPINION = GiveOpinion(opinion="approve", text=BAD, checks={}, scope_version=1, doc_hash="h", conditions=("ett", BAD))
COMMANDS: tuple[tuple[Command, str, set[str]], ...] = (
    (RecordFacts(values={}, reason=BAD, source_note=BAD), "pm", {"reason", "source_note"}),
    (OPINION, "legal", {"text", "conditions"}),
    (CloseCondition(condition_id="V-1.1", evidence=BAD), "legal", {"evidence"}),
    (DiscardDocument(key="S-SCO-01.1", note=BAD), "pm", {"note"}),
    (DispatchDocument(key="S-SCO-01.1", recipient=BAD), "pm", {"recipient"}),
    (RegisterDocument(key="x", number=BAD, description=BAD, secrecy=BAD), "registrar",
     {"number", "description", "secrecy"}),
    (ReviewSecrecy(key="x", keep=True, note=BAD), "registrar", {"note"}),
    (SignDocument(key="x", role="pm", on_behalf_of=BAD), "pm", {"on_behalf_of"}),
    (Attest(what="access_revoked", note=BAD), "ops_manager", {"note"}),
    (TakeAction(action="O-03", comment=BAD), "pm", {"comment"}),
    (SendMessage(audience="company", text=BAD), "pm", {"text"}),
    (UploadFile(name=BAD, media_type=BAD, file_hash="h", size=1), "sme_contact", {"name", "media_type"}),
)  # fmt: skip


@pytest.mark.parametrize(("command", "who", "places"), COMMANDS, ids=[type(one[0]).__name__ for one in COMMANDS])
def test_control_characters_are_turned_away(command: Command, who: str, places: set[str]) -> None:
    with pytest.raises(InvalidInput) as invalid:
        Desk(scoped()).does(who, command)

    assert set(invalid.value.faults) == places


@pytest.mark.parametrize("text", ["{{ 7 * 7 }}", "{% raw %}", "\ud800", "\x1b[2J", "a" * 10_001])
def test_what_a_template_or_a_terminal_would_run_is_turned_away(text: str) -> None:
    with pytest.raises(InvalidInput):
        Desk(scoped()).does("pm", SendMessage(audience="company", text=text))


@pytest.mark.parametrize("text", ["Rad ett\r\nRad två", "Johnson & Johnson <b>", "5 % av {summan}", "Tabb\tså", "😀"])
def test_ordinary_text_is_kept(text: str) -> None:
    desk = Desk(scoped())
    desk.does("pm", SendMessage(audience="company", text=text))

    assert desk.case.last_change == "MessageSent"


def test_action_argument_is_read_as_text() -> None:
    with pytest.raises(InvalidInput) as invalid:
        Desk(scoped()).takes("pm", "O-05", note=BAD)

    assert set(invalid.value.faults) == {"note"}
