"""The interface: the same rights and verdicts as the pages, problem bodies, conflicts, and once only."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.application.make_document import finalise_document
from engine.application.ports import Request
from engine.domain.commands import DraftDocument, RecordFacts
from engine.domain.decisions import explain
from tests.integration.web.company_world import MOMENT, World, file_hash, opened

CASES = "/api/v1/cases"


def head(client: FlaskClient, **more: str) -> dict[str, str]:
    """This will return the headers that a POST needs."""
    return {"X-CSRFToken": client.get("/api/v1/session").get_json()["csrf_token"], **more}


def send(client: FlaskClient, path: str, body: object, **more: str) -> TestResponse:
    """This will post a body as a careful client would."""
    return client.post(path, json=body, headers=head(client, **more))


def problem(answer: TestResponse, status: int) -> dict[str, Any]:
    """This will return a problem body after checking its shape (RFC 9457)."""
    assert answer.status_code == status, answer.get_data(as_text=True)[:500]
    assert answer.mimetype == "application/problem+json"
    body: dict[str, Any] = answer.get_json()
    assert body["status"] == status
    assert body["type"].startswith("urn:samverk:problem:")
    assert {"title", "detail", "code", "instance"} <= body.keys()
    return body


class TestRights:
    @pytest.mark.parametrize("path", [CASES, f"{CASES}/C-2025-0001", f"{CASES}/C-2025-0001/actions", "/api/v1/session"])
    def test_a_visitor_is_told_to_sign_in(self, world: World, path: str) -> None:
        assert problem(world.visitor().get(path), 401)["code"] == "unauthorized"

    @pytest.mark.parametrize("account", ["stranger", "pm_awl", "pm_vecura", "admin"])
    @pytest.mark.parametrize("rest", ["", "/actions", "/documents", "/documents/S-INQ-01.1"])
    def test_nobody_else_may_know_that_a_case_exists(self, world: World, account: str, rest: str) -> None:
        case_id = opened(world.signed_in("contact"))

        problem(world.signed_in(account).get(f"{CASES}/{case_id}{rest}"), 404)

    def test_lists_are_cut_to_the_reader(self, world: World) -> None:
        case_id = opened(world.signed_in("contact"))
        found = {
            account: case_id
            in {case["id"] for case in world.signed_in(account).get(f"{CASES}?limit=200").get_json()["cases"]}
            for account in ("contact", "pm", "stranger", "pm_awl", "admin")
        }

        assert found == {"contact": True, "pm": True, "stranger": False, "pm_awl": False, "admin": False}

    def test_a_post_without_the_token_is_refused(self, world: World) -> None:
        client = world.signed_in("pm")
        case_id = opened(world.signed_in("contact"))

        answer = client.post(f"{CASES}/{case_id}/facts", json={"expected_revision": 1, "values": {}})

        assert problem(answer, 400)["code"] == "stale_form"

    def test_the_description_is_public(self, world: World) -> None:
        described = world.visitor().get("/api/v1/openapi.json").get_json()

        assert described["openapi"].startswith("3.1")
        assert f"{CASES}/{{case_id}}/actions/{{action}}" in described["paths"]
        assert described["components"]["securitySchemes"]


class TestCase:
    def test_staff_and_company_read_the_same_case_each_their_part(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact)
        world.does("pm", case_id, RecordFacts(values={"sme.public_owner_exempt": True}, reason="bedömt"))

        ours = contact.get(f"{CASES}/{case_id}").get_json()
        theirs = world.signed_in("pm").get(f"{CASES}/{case_id}").get_json()

        assert ours["revision"] == theirs["revision"] == world.case(case_id).revision
        assert "sme.public_owner_exempt" in theirs["facts"]
        assert "sme.public_owner_exempt" not in ours["facts"]
        assert ours["facts"]["sme.headcount_awu"] == "12.5"
        assert ours["facts"]["scope.start_date"] == "2026-01-12"

    def test_the_verdict_is_the_engines_own(self, world: World) -> None:
        case_id = opened(world.signed_in("contact"))
        answer = world.signed_in("pm").get(f"{CASES}/{case_id}/actions").get_json()
        accept = next(action for action in answer["actions"] if action["action"] == "S-T01")
        case = world.case(case_id)
        workflow = world.ports.workflows.version(case.definition_version)
        facts = world.facts(case_id)

        verdict = explain(workflow, "S-T01", facts, MOMENT.date())

        assert [reason["id"] for reason in accept["failing"]] == [reason.id for reason in verdict.failing]
        assert not accept["allowed"]
        first = accept["failing"][0]
        assert {"id", "severity", "question", "basis", "values", "who"} <= first.keys()
        assert first["question"].keys() == {"sv", "en"}

    def test_the_company_sees_its_own_actions_alone(self, world: World) -> None:
        contact = world.signed_in("contact")
        actions = contact.get(f"{CASES}/{opened(contact)}/actions").get_json()["actions"]

        assert [action["name"] for action in actions] == ["withdraw"]

    def test_a_list_goes_on_where_it_ended(self, world: World) -> None:
        contact = world.signed_in("contact")
        wanted = {opened(contact) for _ in range(3)}
        seen: list[str] = []
        after = ""
        while True:
            page = contact.get(CASES, query_string={"limit": 2, "after": after}).get_json()
            seen += [case["id"] for case in page["cases"]]
            if page["next"] is None:
                break
            after = page["next"]

        assert len(seen) == len(set(seen))
        assert wanted <= set(seen)

    def test_a_document_is_listed_and_handed_over_by_its_hash(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact, "awl_solna", "public_body", use="place")
        world.does("pm_awl", case_id, DraftDocument(document="C-CON-03", language="en"))
        world.does("pm_awl", case_id, DraftDocument(document="C-INQ-02", language="en"))
        asked = Request(actor=world.actor_of("pm_awl"), person="pm_awl")
        finalise_document(world.ports, case_id, "C-CON-03.1", {}, asked)

        listed = contact.get(f"{CASES}/{case_id}/documents").get_json()["documents"]
        file = contact.get(f"{CASES}/{case_id}/documents/C-CON-03.1")

        assert [document["key"] for document in listed] == ["C-CON-03.1"]
        assert file_hash(file.data) == listed[0]["file_hash"]
        problem(contact.get(f"{CASES}/{case_id}/documents/C-INQ-02.1"), 404)
        assert len(world.signed_in("pm_awl").get(f"{CASES}/{case_id}/documents").get_json()["documents"]) == 2


class TestCommands:
    def test_facts_are_recorded_with_their_revision(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact)
        revision = world.case(case_id).revision

        answer = send(
            contact, f"{CASES}/{case_id}/facts", {"expected_revision": revision, "values": {"sme.headcount_awu": 9.5}}
        )

        assert answer.status_code == 200
        assert answer.get_json() == {
            "case_id": case_id, "revision": revision + 1, "sequence": revision + 1, "events": ["FactsRecorded"],
        }  # fmt: skip
        assert str(world.case(case_id).facts["sme.headcount_awu"].value) == "9.5"

    def test_a_key_changes_nothing_twice(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact)
        body = {"expected_revision": world.case(case_id).revision, "values": {"sme.headcount_awu": 7}}

        first = send(contact, f"{CASES}/{case_id}/facts", body, **{"Idempotency-Key": f"k-{case_id}"})
        second = send(contact, f"{CASES}/{case_id}/facts", body, **{"Idempotency-Key": f"k-{case_id}"})

        assert first.status_code == second.status_code == 200
        assert first.get_json() == second.get_json()
        assert world.case(case_id).revision == body["expected_revision"] + 1  # type: ignore[operator]  # a body is a plain dict

    def test_another_revision_is_a_conflict_that_tells_the_current_one(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact)
        body = {"expected_revision": 1, "values": {"sme.headcount_awu": 3}}

        said = problem(send(contact, f"{CASES}/{case_id}/facts", body), 409)

        assert said["code"] == "conflict"
        assert said["current_revision"] == world.case(case_id).revision

    def test_every_fault_is_named_by_field(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact)
        values = {"sme.headcount_awu": "många", "scope.version": 3, "no.such": 1}
        body = {"expected_revision": world.case(case_id).revision, "values": values}

        said = problem(send(contact, f"{CASES}/{case_id}/facts", body), 422)

        assert set(said["faults"]) == set(values)

    def test_a_refusal_carries_every_reason_and_is_on_the_record(self, world: World) -> None:
        case_id = opened(world.signed_in("contact"))
        before = world.case(case_id)
        body = {"expected_revision": before.revision}

        said = problem(send(world.signed_in("pm"), f"{CASES}/{case_id}/actions/S-T01", body), 409)

        assert said["code"] == "refused"
        assert said["action"] == "S-T01"
        assert len(said["reasons"]) > 3
        assert world.case(case_id).sequence == before.sequence + 1
        assert world.case(case_id).revision == before.revision

    def test_the_company_learns_nothing_of_the_hosts_guards(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact)
        body = {"expected_revision": world.case(case_id).revision}

        said = problem(send(contact, f"{CASES}/{case_id}/actions/S-T01", body), 409)

        assert [reason["id"] for reason in said["reasons"]] == ["ROLE"]
        assert "counterparty" not in str(said)

    def test_a_company_withdraws(self, world: World) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact)

        answer = send(contact, f"{CASES}/{case_id}/actions/S-T04", {"expected_revision": world.case(case_id).revision})

        assert answer.status_code == 200
        assert world.case(case_id).outcome == "withdrawn"

    def test_an_opinion_out_of_turn_is_a_no(self, world: World) -> None:
        case_id = opened(world.signed_in("contact"))
        body = {
            "expected_revision": world.case(case_id).revision, "opinion": "approve", "text": "Godkänns.",
            "scope_version": 1, "doc_hash": "0" * 64,
        }  # fmt: skip

        said = problem(send(world.signed_in("lawyer"), f"{CASES}/{case_id}/opinions", body), 409)

        assert said["reasons"]


class TestUnknownAddresses:
    @pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v2/cases", "/api/v1/cases/C-2025-0001/nothing"])
    def test_are_problems_too(self, world: World, path: str) -> None:
        problem(world.signed_in("pm").get(path), 404)

    def test_a_wrong_method_is_named_with_the_right_ones(self, world: World) -> None:
        client = world.signed_in("pm")

        answer = client.delete("/api/v1/cases", headers=head(client))

        assert problem(answer, 405)["title"] == "Method Not Allowed"
        assert "GET" in answer.headers["Allow"]


class TestHostileBodies:
    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (b"[" * 200_000, "application/json"),
            (b'{"a":' * 100_000, "application/json"),
            (b"{" + b'"a":1,' * 300_000 + b'"b":1}', "application/json"),
        ],
    )
    def test_deep_and_huge_json_is_a_bad_request(self, world: World, body: bytes, kind: str) -> None:
        client = world.signed_in("pm")
        case_id = opened(world.signed_in("contact"))

        answer = client.post(f"{CASES}/{case_id}/facts", data=body, content_type=kind, headers=head(client))

        problem(answer, 400)

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"nonsense",
            b"\xff\xfe",
            b"[]",
            b"null",
            b'{"expected_revision": 1}',
            b'{"expected_revision": 1e99, "values": {}}',
            b'{"expected_revision": NaN, "values": {}}',
            b'{"expected_revision": 1, "values": {"sme.headcount_awu": NaN}}',
            b'{"expected_revision": 1, "values": {"a.b": {"c": 1}}}',
            b'{"expected_revision": 1, "values": {}, "extra": 1}',
            b'{"expected_revision": ' + b"9" * 5000 + b', "values": {}}',
        ],
    )
    def test_unreadable_json_is_a_client_fault(self, world: World, body: bytes) -> None:
        client = world.signed_in("pm")
        case_id = opened(world.signed_in("contact"))

        answer = client.post(
            f"{CASES}/{case_id}/facts", data=body, content_type="application/json", headers=head(client)
        )

        assert answer.status_code in (400, 415, 422)
        problem(answer, answer.status_code)

    @pytest.mark.parametrize("key", ["", "a" * 101, "å", "two words"])
    def test_a_bad_key_is_a_client_fault(self, world: World, key: str) -> None:
        contact = world.signed_in("contact")
        case_id = opened(contact)
        body = {"expected_revision": 1, "values": {}}

        answer = send(contact, f"{CASES}/{case_id}/facts", body, **{"Idempotency-Key": key})

        assert answer.status_code in (400, 409, 422)

    @pytest.mark.parametrize("after", ["x", "2025-11-24|C-1", "|", "2025-11-24T00:00:00+00:00|"])
    def test_a_bad_place_in_a_list_is_a_client_fault(self, world: World, after: str) -> None:
        problem(world.signed_in("pm").get(CASES, query_string={"after": after}), 400)
