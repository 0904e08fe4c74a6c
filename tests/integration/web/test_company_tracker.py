"""The company's own pages: what it sees, what it can do, and what it never sees."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.application.make_document import finalise_document
from engine.application.ports import Request
from engine.domain.agreement import merge_hash
from engine.domain.case import Document
from engine.domain.commands import (
    DispatchDocument,
    DraftDocument,
    RecordFacts,
    Rendition,
    SendMessage,
    SignDocument,
    TakeAction,
)
from engine.domain.reasons import NotFound
from engine.domain.values import Facts
from tests.integration.web.company_world import MOMENT, World, file_hash, hidden, opened, post, token
from web.presenters.company_view import CompanyPapers, shared_documents

PAGES = ("", "/answers", "/confirm", "/upload", "/withdraw")


def words(answer: TestResponse) -> str:
    """This will return the words of a page, without markup."""
    text = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True).split("<main", 1)[-1])
    return " ".join(text.split())


def send(client: FlaskClient, page: str, target: str = "", **form: object) -> TestResponse:
    """This will send the first form of a page with its hidden entries."""
    html = client.get(page).get_data(as_text=True).split("<main", 1)[-1]
    head = {name: hidden(html, name) for name in ("revision", "key") if f'name="{name}"' in html}
    return client.post(target or page, data={"csrf_token": token(html), **head, **form})


def frozen(world: World, account: str, case_id: str, document: str) -> str:
    """This will let the host draft and freeze a document, and return its key."""
    world.does(account, case_id, DraftDocument(document=document, language="sv"))
    key = next(key for key, paper in world.case(case_id).documents.items() if paper.document == document)
    finalise_document(world.ports, case_id, key, {}, Request(actor=world.actor_of(account), person=account))
    return key


class TestWalls:
    @pytest.mark.parametrize("page", PAGES)
    @pytest.mark.parametrize("account", ["stranger", "pm", "lawyer", "admin"])
    def test_nobody_else_may_know_that_the_case_exists(self, world: World, account: str, page: str) -> None:
        case_id = opened(world.signed_in("contact"))

        assert world.signed_in(account).get(f"/my/{case_id}{page}").status_code == 404

    @pytest.mark.parametrize("page", PAGES)
    def test_a_visitor_is_asked_to_sign_in(self, world: World, page: str) -> None:
        answer = world.visitor().get(f"/my/C-2025-0001{page}")

        assert answer.status_code == 302
        assert "/login" in answer.headers["Location"]

    def test_the_list_holds_the_own_cases_only(self, world: World) -> None:
        case_id = opened(world.signed_in("contact"), title="Bara vårt eget")

        assert case_id in words(world.signed_in("contact").get("/my"))
        assert case_id in words(world.signed_in("signatory").get("/my"))
        assert "Bara vårt eget" not in words(world.signed_in("stranger").get("/my"))

    def test_internal_words_never_reach_the_company(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact)
        world.does(
            "pm", case_id, TakeAction(action="O-05", comment="INTERN ANTECKNING", values={"note": "INTERN ANTECKNING"})
        )
        world.does("pm", case_id, SendMessage(audience="internal", text="INTERNT MEDDELANDE"))
        world.does("pm", case_id, RecordFacts(values={"sme.public_owner_exempt": True}, reason="INTERNT SKÄL"))
        world.does("pm", case_id, DraftDocument(document="S-INQ-02", language="sv"))

        for page in PAGES:
            text = words(contact.get(f"/my/{case_id}{page}"))
            assert "INTERN" not in text
            assert "S-INQ-02" not in text
            assert "Bedömning av tillträde" not in text
        assert contact.get(f"/my/{case_id}/documents/S-INQ-02.1").status_code == 404


class TestTracker:
    def test_says_where_the_case_stands_and_whose_turn_it_is(self, world: World) -> None:
        contact = world.signed_in("contact")
        text = words(contact.get(f"/my/{opened(contact)}"))

        assert "Karolinska Institutet har fått er förfrågan" in text
        assert "Hos Karolinska Institutet" in text
        assert "sedan mån 24 nov" in text
        assert "Ni behöver inte göra något nu." in text
        assert "Projektledare på ANA Futura" in text

    def test_shows_the_stages_of_the_definition_in_order(self, world: World) -> None:
        contact = world.signed_in("contact")
        html = contact.get(f"/my/{opened(contact, 'awl_solna', 'public_body', use='place')}").get_data(as_text=True)
        beads = re.findall(r"<li[^>]*><span class=\"sr\">[^<]+</span>([^<]+)", html)

        assert [bead.strip() for bead in beads][:3] == ["Förfrågan", "Sekretessavtal", "Avgränsning"]
        assert html.count('aria-current="step"') == 1

    def test_a_letter_goes_to_the_host_and_comes_back(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact)

        answer = send(contact, f"/my/{case_id}", f"/my/{case_id}/messages", text="När kan vi börja?")
        world.does("pm", case_id, SendMessage(audience="company", text="I januari."))

        assert answer.status_code == 302
        text = words(contact.get(f"/my/{case_id}"))
        assert "När kan vi börja?" in text
        assert "I januari." in text
        assert text.index("När kan vi börja?") < text.index("I januari.")

    def test_an_empty_letter_is_a_fault(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact)

        assert send(contact, f"/my/{case_id}", f"/my/{case_id}/messages", text="  ").status_code == 422


class TestAnswers:
    def test_saves_what_changed(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact)

        answer = send(
            contact, f"/my/{case_id}/answers", **{"sme.headcount_awu": "14", "sme.contact_name": "Ny kontakt"}
        )

        assert answer.status_code == 302
        assert str(world.case(case_id).facts["sme.headcount_awu"].value) == "14"

    def test_keeps_what_was_typed_beside_the_fault(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact)

        answer = send(contact, f"/my/{case_id}/answers", **{"sme.headcount_awu": "fjorton", "sme.contact_name": "Ny"})

        assert answer.status_code == 422
        html = answer.get_data(as_text=True)
        assert 'value="fjorton"' in html
        assert 'value="Ny"' in html
        assert world.case(case_id).facts["sme.contact_name"].value == "Kontaktperson (fiktiv)"

    def test_asks_no_field_of_the_host(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact)

        send(contact, f"/my/{case_id}/answers", **{"sme.counterparty_risk": "low", "sme.headcount_awu": "15"})

        assert "sme.counterparty_risk" not in world.case(case_id).facts

    def test_a_lost_race_keeps_the_text(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact)
        html = contact.get(f"/my/{case_id}/answers").get_data(as_text=True).split("<main", 1)[-1]
        head = {name: hidden(html, name) for name in ("csrf_token", "revision", "key")}
        world.does("pm", case_id, SendMessage(audience="internal", text="hann före"))

        answer = contact.post(f"/my/{case_id}/answers", data={**head, "sme.contact_name": "Min text"})

        assert answer.status_code == 409
        assert "Min text" in answer.get_data(as_text=True)
        assert "hann före" not in answer.get_data(as_text=True)


class TestFiles:
    def test_a_file_is_stored_by_its_content_and_given_back(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact)
        content = b"%PDF-1.7 provresultat"

        answer = send(
            contact, f"/my/{case_id}/upload", info_class="none", file=(BytesIO(content), "resultat.exe", "image/png")
        )

        assert answer.status_code == 302
        stored = next(iter(world.case(case_id).files.values()))
        assert (stored.name, stored.media_type, stored.file_hash) == (
            "resultat.pdf",
            "application/pdf",
            file_hash(content),
        )
        back = contact.get(f"/my/{case_id}/files/{stored.key}")
        assert back.data == content
        assert back.headers["Content-Disposition"].startswith("attachment")
        assert world.signed_in("stranger").get(f"/my/{case_id}/files/{stored.key}").status_code == 404

    @pytest.mark.parametrize("information", ["INFO-A", "INFO-B"])
    def test_secrets_are_refused_before_the_agreement_with_the_reason(self, world: World, information: str) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact, "awl_solna", "public_body", use="place")

        before = world.case(case_id)
        file = (BytesIO(b"plan " + information.encode()), "plan.txt")

        answer = send(contact, f"/my/{case_id}/upload", info_class=information, file=file)

        assert answer.status_code == 409
        assert "R-UPLOAD" in answer.get_data(as_text=True)
        assert "Filen togs inte emot" in answer.get_data(as_text=True)
        assert not world.case(case_id).files
        with pytest.raises(NotFound):
            world.ports.files.get(file_hash(b"plan " + information.encode()))
        assert world.case(case_id).sequence == before.sequence + 1

    def test_the_question_of_content_comes_first(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact)
        html = contact.get(f"/my/{case_id}/upload").get_data(as_text=True)

        assert html.index('name="info_class"') < html.index('type="file"')
        assert send(contact, f"/my/{case_id}/upload", file=(BytesIO(b"x"), "x.txt")).status_code == 422

    def test_a_program_is_not_taken_in(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact)

        answer = send(
            contact, f"/my/{case_id}/upload", info_class="none", file=(BytesIO(b"MZ\x90\x00\x03"), "avtal.pdf")
        )

        assert answer.status_code == 422
        assert not world.case(case_id).files


class TestPapers:
    def test_a_paper_waits_for_the_signature_and_takes_it_once_read(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact, "awl_solna", "public_body", use="place")
        key = frozen(world, "pm_awl", case_id, "C-CON-03")

        assert "Er tur" in words(contact.get(f"/my/{case_id}"))
        unread = send(contact, f"/my/{case_id}/sign/{key}")
        signed = send(contact, f"/my/{case_id}/sign/{key}", read="yes")

        assert unread.status_code == 422
        assert signed.status_code == 302
        marks = world.case(case_id).documents[key].signatures
        assert [(mark.role, mark.party) for mark in marks] == [("sme_contact", "sme")]
        assert "Undertecknat" in words(contact.get(f"/my/{case_id}"))

    def test_the_paper_is_handed_over_byte_for_byte(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact, "awl_solna", "public_body", use="place")
        key = frozen(world, "pm_awl", case_id, "C-CON-03")
        rendition = world.case(case_id).documents[key].rendition

        answer = contact.get(f"/my/{case_id}/documents/{key}")

        assert rendition is not None
        assert file_hash(answer.data) == rendition.file_hash

    def test_a_paper_for_the_contact_does_not_wait_for_the_signatory(self, world: World) -> None:
        case_id = opened(world.signed_in("contact"), "awl_solna", "public_body", use="place")
        key = frozen(world, "pm_awl", case_id, "C-CON-03")
        signatory = world.signed_in("signatory")

        assert "Hos er kontaktperson" in words(signatory.get(f"/my/{case_id}"))
        html = signatory.get(f"/my/{case_id}/sign/{key}").get_data(as_text=True)
        assert "väntar inte på din underskrift" in html

    def test_a_letter_of_the_host_is_seen_once_it_is_sent(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact, "awl_solna", "public_body", use="place")
        key = frozen(world, "pm_awl", case_id, "C-INQ-01")

        assert contact.get(f"/my/{case_id}/documents/{key}").status_code == 404
        world.does("pm_awl", case_id, SignDocument(key=key, role="pm"))
        world.does("pm_awl", case_id, DispatchDocument(key=key))

        assert contact.get(f"/my/{case_id}/documents/{key}").status_code == 200
        assert "Bekräftelse på förfrågan" in words(contact.get(f"/my/{case_id}"))


class TestAgreements:
    def test_are_signed_after_review_and_only_while_they_are_current(self, world: World) -> None:
        case = replace(world.case(opened(world.signed_in("contact"))), stage="legal_review")
        workflow = world.ports.workflows.version(case.definition_version)
        type_ = workflow.documents["S-LEG-04"]
        facts: Facts = {"scope.version": 1, "legal.required_orgs": ("ki",)}
        approved: Facts = {**facts, "legal.approvals": ({"org": "ki", "scope_version": 1},)}
        rendition = Rendition(template_version="v1", template_hash="t", content_hash="c", file_hash="f", size=1)
        paper = Document(
            key="S-LEG-04.1",
            document="S-LEG-04",
            purpose=type_.purpose,
            language="sv",
            subject="",
            inputs={},
            drafted_at=MOMENT,
            drafted_by="pm",
            scope_version=1,
            rendition=rendition,
            finalised_at=MOMENT,
            merge_hash=merge_hash(workflow, type_, facts),
        )
        case = replace(case, documents={paper.key: paper})

        def waits(known: Facts, stage: str = "legal_review") -> bool:
            (shared,) = shared_documents(replace(case, stage=stage), workflow, known, CompanyPapers())
            return shared.awaits_company

        assert not waits(facts)
        assert waits(approved)
        assert waits(facts, "confidentiality")
        assert not waits({**approved, "scope.end_date": date(2027, 1, 1)})


class TestWithdrawal:
    def test_says_what_happens_then_and_closes_the_case(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact)

        assert "kan inte öppnas igen" in words(contact.get(f"/my/{case_id}/withdraw"))
        answer = send(contact, f"/my/{case_id}/withdraw", comment="Vi väljer en annan väg.")

        assert answer.status_code == 302
        assert world.case(case_id).outcome == "withdrawn"
        text = words(contact.get(f"/my/{case_id}"))
        assert "Ni återkallade ärendet" in text
        assert "Återkalla ärendet" not in text

    def test_the_signatory_is_told_who_can(self, world: World) -> None:
        case_id = opened(world.signed_in("contact"))

        text = words(world.signed_in("signatory").get(f"/my/{case_id}/withdraw"))

        assert "företagets kontaktperson som kan återkalla" in text

    def test_a_closed_case_takes_nothing_more(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact)
        send(contact, f"/my/{case_id}/withdraw")

        file = (BytesIO(b"x"), "x.txt")
        form = {"revision": "3", "key": "k", "info_class": "none", "file": file}
        answer = post(contact, f"/my/{case_id}/upload", f"/my/{case_id}/upload", **form)

        assert answer.status_code == 409
