"""Whatever people ask for, in whatever order: an answer or a sentence, and rules that hold at every step."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.domain.case import Case
from engine.domain.commands import (
    AcknowledgeNotice,
    AssignPerson,
    Attest,
    CheckConfidentiality,
    CloseCondition,
    Command,
    ConfirmScope,
    DiscardDocument,
    DispatchDocument,
    DraftDocument,
    FinaliseDocument,
    GiveOpinion,
    RecordFacts,
    RecordRow,
    RegisterDocument,
    RemoveRow,
    ReviewSecrecy,
    SendMessage,
    SignDocument,
    TakeAction,
    UploadFile,
)
from engine.domain.reasons import EngineError
from engine.domain.roles import NO_CONTENT_ROLES, READ_ONLY_ROLES, SME_ROLES, Actor
from engine.domain.turns import tasks
from engine.domain.values import Value
from tests.builders import FORMS, HOST, Desk, actor, rendition, scoped, workflow

VALUES: st.SearchStrategy[Value] = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 2000), st.dates(date(2024, 1, 1), date(2028, 1, 1)), st.text(max_size=8),
    st.decimals(0, 10**6, places=2), st.sampled_from(["yes", "no", "none", "ok", "cleared", "rejected"]),
    st.lists(st.sampled_from(["INFO-A", "INFO-B", "ki"]), max_size=3).map(tuple),
)  # fmt: skip
TEXTS = st.sampled_from(["", "Skäl nog att gå vidare med detta.", "x", "{{ 1 }}", "a\x00b"])


def commands(form: str) -> st.SearchStrategy[Command]:
    """Any command about what the form knows, sensible or not."""
    flow = workflow(form)
    documents, fields = st.sampled_from(sorted(flow.documents)), st.sampled_from(sorted(flow.fields))
    keys = st.builds("{}.{}".format, documents, st.integers(1, 2))
    roles, rows = st.sampled_from(sorted(flow.roles)), st.sampled_from(["1", "2", "A"])
    tables = st.sampled_from(sorted(flow.tables))
    columns = st.sampled_from(sorted({column.name for table in flow.tables.values() for column in table.columns}))
    some = st.dictionaries(fields, VALUES, max_size=3)
    versions = st.integers(0, 3)
    return st.one_of(
        st.builds(TakeAction, action=st.sampled_from(sorted(flow.actions)), comment=TEXTS, values=some),
        st.builds(RecordFacts, values=some, reason=TEXTS, source_note=TEXTS, accept_return=st.booleans()),
        st.builds(RecordRow, table=tables, row_id=rows, values=st.dictionaries(columns, VALUES, max_size=6)),
        st.builds(RemoveRow, table=tables, row_id=rows, accept_return=st.booleans()),
        st.builds(AcknowledgeNotice, notice=st.sampled_from(["privacy", "public_access"]), version=TEXTS),
        st.builds(ConfirmScope, scope_version=versions),
        st.builds(CheckConfidentiality, scope_version=versions),
        st.builds(
            GiveOpinion, opinion=st.sampled_from(["approve", "return", "approve_with_conditions"]), text=TEXTS,
            checks=st.just({"legal.ip_ok": True}), scope_version=versions, doc_hash=st.just("h"),
            conditions=st.lists(TEXTS, max_size=2).map(tuple),
        ),
        st.builds(CloseCondition, condition_id=st.just("V-1.1"), evidence=TEXTS),
        st.builds(DraftDocument, document=documents, language=st.just("sv"), inputs=some, subject=st.just("")),
        st.builds(FinaliseDocument, key=keys, rendition=st.just(rendition()), inputs=some),
        st.builds(DiscardDocument, key=keys, note=TEXTS),
        st.builds(
            SignDocument, key=keys, role=roles, method=st.sampled_from(["esign", "wet"]), on_behalf_of=TEXTS,
            signed_on=st.one_of(st.none(), st.dates(date(2025, 11, 20), date(2025, 11, 26))),
        ),
        st.builds(DispatchDocument, key=keys),
        st.builds(RegisterDocument, key=keys, number=st.sampled_from(["", "1"]), description=TEXTS),
        st.builds(ReviewSecrecy, key=keys, keep=st.booleans(), note=TEXTS),
        st.builds(Attest, what=st.sampled_from(["access_list_approved", "access_revoked"]), note=TEXTS),
        st.builds(AssignPerson, person=TEXTS, name=TEXTS, role=roles),
        st.builds(SendMessage, audience=st.sampled_from(["internal", "company"]), text=TEXTS),
        st.builds(UploadFile, name=TEXTS, media_type=TEXTS, file_hash=st.just("h"), size=st.just(1)),
    )  # fmt: skip


def people(form: str) -> st.SearchStrategy[Actor | str]:
    """Somebody in one role, or one of three people who hold every role that writes."""
    roles = sorted(set(workflow(form).roles) - READ_ONLY_ROLES - NO_CONTENT_ROLES)
    mighty = [
        replace(
            actor("decision_maker", person=name, form=form),
            roles={role: "sme" if role in SME_ROLES else HOST[form] for role in roles},
        )
        for name in ("anna", "bo", "cecilia")
    ]
    return st.one_of(st.sampled_from(["pm", "legal", "system", "auditor", "sme_contact"]), st.sampled_from(mighty))


@st.composite
def plays(draw: st.DrawFn) -> tuple[str, str, list[tuple[Actor | str, Command]]]:
    """A form, a stage, and what people ask for there one after another."""
    form = draw(st.sampled_from(FORMS))
    stage = draw(st.sampled_from([stage.name for stage in workflow(form).stages if stage.name != "closed"]))
    return form, stage, draw(st.lists(st.tuples(people(form), commands(form)), min_size=1, max_size=12))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(play=plays())
def test_is_answered_with_a_case_or_a_sentence(play: tuple[str, str, list[tuple[Actor | str, Command]]]) -> None:
    form, stage, asked = play
    desk = Desk(scoped(form, stage))
    for who, command in asked:
        before = desk.case
        try:
            desk.does(who, command)
        except EngineError as error:
            assert error.message.sv and error.message.en
            assert desk.case == before
        else:
            assert desk.case.revision == before.revision + len(desk.last)
            holds(before, desk.case)
        desk.now += timedelta(hours=7)
    # Whatever was recorded, the case can be shown and its work be listed.
    tasks(desk.case, desk.workflow, desk.situation())


def holds(before: Case, after: Case) -> None:
    """What is true of every step."""
    assert after.highest_version >= before.highest_version >= before.scope_version or before.highest_version == 1
    assert not (before.is_closed and not after.is_closed)
    assert set(before.acts) <= set(after.acts)
    assert set(before.scope_editors) <= set(after.scope_editors)
    for key, paper in before.documents.items():
        if paper.is_frozen:
            assert after.documents[key].rendition == paper.rendition
            assert len(after.documents[key].signatures) >= len(paper.signatures)
    if after.is_closed:
        assert after.outcome is not None
