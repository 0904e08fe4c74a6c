"""The case page and its forms: what staff see, save, and get back when it is not saved."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.integration.web.company_world import World, opened
from tests.integration.web.staff_world import Staff, add_staff, entries_of, head_of, send


@pytest.fixture(scope="module")
def staff(world: World) -> Staff:
    """Staff of every kind and one case in its first stage."""
    if world.services.directory.person("registrar") is None:
        add_staff(world)
    return Staff(world=world, case_id=opened(world.signed_in("contact")))


class TestCasePage:
    def test_says_whose_turn_it_is_and_why_it_waits(self, staff: Staff) -> None:
        html = staff.signed_in("pm").get(f"/cases/{staff.case_id}").get_data(as_text=True)
        assert 'class="status"' in html
        assert 'aria-disabled="true"' in html
        assert "G-INQ-" in html
        assert "Lagen" in html

    def test_shows_unknown_as_unknown_and_never_as_no(self, staff: Staff) -> None:
        html = staff.signed_in("pm").get(f"/cases/{staff.case_id}").get_data(as_text=True)
        line = re.search(r"<dt>Sanktionskontroll</dt><dd[^>]*>([^<]*)<", html)
        assert line is None or line[1] == "okänt"
        assert "okänt" in html

    def test_reads_in_english_too(self, staff: Staff) -> None:
        client = staff.world.signed_in("auditor")
        client.post("/language", data={**_csrf(client), "language": "en"})
        html = client.get(f"/cases/{staff.case_id}").get_data(as_text=True)
        assert "Events" in html
        assert "Händelser" not in html

    def test_log_tells_the_opening_and_can_be_cut(self, staff: Staff) -> None:
        client = staff.signed_in("pm")
        assert "lämnade en förfrågan" in client.get(f"/cases/{staff.case_id}/log").get_data(as_text=True)
        cut = client.get(f"/cases/{staff.case_id}/log?only=messages").get_data(as_text=True)
        assert "lämnade en förfrågan" not in cut

    @pytest.mark.parametrize("account", ["pm", "lawyer", "registrar", "controller", "head", "ops", "guard", "auditor"])
    def test_is_drawn_for_every_role(self, staff: Staff, account: str) -> None:
        assert staff.signed_in(account).get(f"/cases/{staff.case_id}").status_code == 200

    def test_work_list_opens_on_what_only_the_reader_can_do(self, staff: Staff) -> None:
        html = staff.signed_in("pm").get("/work").get_data(as_text=True)
        assert 'class="do"' in html
        assert staff.case_id in html

    def test_search_finds_by_number_and_by_company(self, staff: Staff) -> None:
        client = staff.signed_in("pm")
        for text in (staff.case_id, "genvektor"):
            assert staff.case_id in client.get(f"/cases?q={text}").get_data(as_text=True)
        assert staff.case_id not in client.get("/cases?q=finns-inte").get_data(as_text=True)


class TestFacts:
    def test_offers_only_fields_of_the_own_roles(self, staff: Staff) -> None:
        page = f"/cases/{staff.case_id}/facts/sme"
        security = staff.signed_in("guard").get(page).get_data(as_text=True)
        assert 'name="sme.sanction_screen"' in security
        assert 'name="sme.sanction_screen"' not in staff.signed_in("pm").get(page).get_data(as_text=True)

    def test_saves_what_was_changed_and_says_so(self, staff: Staff) -> None:
        case_id = staff.new_case()
        client = staff.signed_in("pm")
        page = f"/cases/{case_id}/facts/scope"
        shown = client.get(page)
        typed = {**head_of(shown), **entries_of(shown.get_data(as_text=True)), "scope.hours_instrument": "120,5"}
        answer = client.post(page, data=typed)
        assert answer.status_code == 303
        assert str(staff.world.facts(case_id)["scope.hours_instrument"]) == "120.5"
        assert "Sparat" in client.get(answer.headers["Location"]).get_data(as_text=True)

    def test_unreadable_entry_comes_back_with_its_fault_beside_it(self, staff: Staff) -> None:
        page = f"/cases/{staff.case_id}/facts/scope"
        answer = send(staff.signed_in("pm"), page, page, **{"scope.hours_instrument": "många"})
        html = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert 'value="många"' in html
        assert 'aria-invalid="true"' in html
        assert 'href="#f-scope-hours_instrument"' in html
        assert html.index('role="alert"') < html.index("<h1")

    def test_lost_race_keeps_what_was_typed_and_shows_what_is_stored(self, staff: Staff) -> None:
        case_id = staff.new_case()
        page = f"/cases/{case_id}/facts/scope"
        slow = staff.signed_in("pm")
        shown = slow.get(page)
        typed = {**head_of(shown), **entries_of(shown.get_data(as_text=True)), "scope.hours_instrument": "10"}
        quick = send(
            staff.signed_in("pm"), page, page, **{"was:scope.hours_instrument": "", "scope.hours_instrument": "99"}
        )
        assert quick.status_code == 303
        answer = slow.post(page, data=typed)
        html = answer.get_data(as_text=True)
        assert answer.status_code == 409
        assert 'value="10"' in html
        assert "Sparat nu: 99" in html
        again = slow.post(page, data={**head_of(answer), **entries_of(html), "scope.hours_instrument": "10"})
        assert again.status_code == 303
        assert str(staff.world.facts(case_id)["scope.hours_instrument"]) == "10"

    def test_same_form_sent_twice_changes_nothing_twice(self, staff: Staff) -> None:
        case_id = staff.new_case()
        client, page = staff.signed_in("pm"), f"/cases/{case_id}/facts/scope"
        typed = {**head_of(client.get(page)), "was:scope.hours_staff": "", "scope.hours_staff": "7"}
        assert client.post(page, data=typed).status_code == 303
        before = staff.world.case(case_id).sequence
        assert client.post(page, data=typed).status_code == 303
        assert staff.world.case(case_id).sequence == before

    @pytest.mark.parametrize("typed", ["\x00", "\x07x", "{{ x }}", "å" * 10_000, "\ud800"])
    def test_odd_texts_give_a_sentence(self, staff: Staff, typed: str) -> None:
        page = f"/cases/{staff.case_id}/facts/scope"
        client = staff.signed_in("pm")
        data = {**head_of(client.get(page)), "scope.purpose": typed.encode("utf-8", "surrogatepass")}
        assert client.post(page, data=data).status_code in (303, 422)


class TestRows:
    def test_a_row_is_added_changed_and_taken_out(self, staff: Staff) -> None:
        case_id = staff.new_case()
        client, page = staff.signed_in("pm"), f"/cases/{case_id}/rows/participants/new"
        answer = send(
            client,
            page,
            page,
            row="forskare-1",
            name="Forskare 1 (fiktiv)",
            employer="ki",
            role="forskare",
            interest="no",
        )
        assert answer.status_code == 303, answer.get_data(as_text=True)
        assert staff.world.case(case_id).rows["participants"]["forskare-1"].values["interest"] is False
        row = f"/cases/{case_id}/rows/participants/forskare-1"
        assert (
            send(client, row, row, name="Forskare 1 (fiktiv)", employer="ki", role="ledare", interest="no").status_code
            == 303
        )
        assert staff.world.case(case_id).rows["participants"]["forskare-1"].values["role"] == "ledare"
        assert send(client, row, f"{row}/remove").status_code == 303
        assert "forskare-1" not in staff.world.case(case_id).rows.get("participants", {})

    def test_missing_name_comes_back(self, staff: Staff) -> None:
        page = f"/cases/{staff.case_id}/rows/participants/new"
        answer = send(staff.signed_in("pm"), page, page, name="", employer="ki", role="forskare")
        assert answer.status_code == 422
        assert 'value="forskare"' in answer.get_data(as_text=True)


class TestActions:
    def test_refused_attempt_shows_every_reason_and_is_recorded(self, staff: Staff) -> None:
        case_id = staff.new_case()
        client, page = staff.signed_in("pm"), f"/cases/{case_id}"
        answer = send(client, page, f"{page}/actions/S-T01")
        assert answer.status_code == 409
        assert "G-INQ-" in answer.get_data(as_text=True)
        assert "försökte" in client.get(f"{page}/log?only=refused").get_data(as_text=True)

    def test_note_is_kept_in_the_log(self, staff: Staff) -> None:
        case_id = staff.new_case()
        client, page = staff.signed_in("pm"), f"/cases/{case_id}/actions/O-05"
        assert send(client, page, page, note="Ringde företaget.").status_code == 303
        assert "Ringde företaget." in client.get(f"/cases/{case_id}/log").get_data(as_text=True)

    def test_hold_needs_its_reason_and_is_shown(self, staff: Staff) -> None:
        case_id = staff.new_case()
        client, page = staff.signed_in("pm"), f"/cases/{case_id}/actions/O-01"
        typed = {"case.suspended_reason": "Väntar på besked.", "case.suspended_owner": "pm",
                 "case.suspended_review_date": "2025-12-15"}  # fmt: skip
        assert send(client, page, page, **typed).status_code == 303
        assert "vilande: Väntar på besked." in client.get(f"/cases/{case_id}").get_data(as_text=True)

    def test_message_to_the_company_reaches_its_page(self, staff: Staff) -> None:
        case_id = staff.new_case()
        client, page = staff.signed_in("pm"), f"/cases/{case_id}"
        sent = send(client, page, f"{page}/messages", audience="company", text="Välkomna.")
        assert sent.status_code == 303
        assert "Välkomna." in staff.world.signed_in("contact").get(f"/my/{case_id}").get_data(as_text=True)

    def test_internal_message_does_not(self, staff: Staff) -> None:
        case_id = staff.new_case()
        client, page = staff.signed_in("pm"), f"/cases/{case_id}"
        send(client, page, f"{page}/messages", audience="internal", text="Bara för oss.")
        assert "Bara för oss." not in staff.world.signed_in("contact").get(f"/my/{case_id}").get_data(as_text=True)

    def test_empty_message_comes_back(self, staff: Staff) -> None:
        page = f"/cases/{staff.case_id}"
        answer = send(staff.signed_in("pm"), page, f"{page}/messages", audience="company", text=" ")
        assert answer.status_code == 422
        assert "Skriv ett meddelande" in answer.get_data(as_text=True)


class TestDocuments:
    def test_a_document_goes_from_draft_to_registered(self, staff: Staff) -> None:
        case_id = staff.new_case()
        pm, case = staff.signed_in("pm"), f"/cases/{case_id}"
        begun = send(
            pm, f"{case}/documents/new?document=S-INQ-01", f"{case}/documents", document="S-INQ-01", language="sv"
        )
        assert begun.status_code == 303, begun.get_data(as_text=True)
        page = begun.headers["Location"]
        draft = pm.get(f"{page}/preview")
        assert draft.data[:2] == b"PK"
        finished = send(pm, page, f"{page}/finalise")
        if finished.status_code == 422:  # the register number is missing in the text until the registrar has entered it
            facts = f"{case}/facts/case"
            registrar = staff.signed_in("registrar")
            entered = send(
                registrar,
                facts,
                facts,
                **{"case.dnr": "4-1/2025", "source_note": "Diariet", "observed_on": "2025-11-24"},
            )
            assert entered.status_code == 303, entered.get_data(as_text=True)
            finished = send(pm, page, f"{page}/finalise")
        assert finished.status_code == 303, finished.get_data(as_text=True)
        assert pm.get(f"{page}/file").data[:2] == b"PK"
        assert send(pm, page, f"{page}/sign", role="pm").status_code == 303
        assert "Undertecknat" in pm.get(page).get_data(as_text=True)
        registrar = staff.signed_in("registrar")
        entered = send(registrar, page, f"{page}/register", number="1", description="Bekräftelse på förfrågan")
        assert entered.status_code == 303, entered.get_data(as_text=True)
        assert send(pm, page, f"{page}/dispatch").status_code == 303
        assert "inte diariefört" not in pm.get(page).get_data(as_text=True)

    def test_signing_for_another_role_is_refused_with_the_reason(self, staff: Staff) -> None:
        case_id = staff.new_case()
        pm, case = staff.signed_in("pm"), f"/cases/{case_id}"
        begun = send(
            pm, f"{case}/documents/new?document=S-INQ-02", f"{case}/documents", document="S-INQ-02", language="sv"
        )
        page = begun.headers["Location"]
        answer = send(pm, page, f"{page}/sign", role="ops_manager")
        assert answer.status_code == 409
        assert 'role="alert"' in answer.get_data(as_text=True)

    def test_downloads_are_not_for_other_hosts(self, staff: Staff) -> None:
        address = f"/cases/{staff.case_id}/documents/S-INQ-01.1/file"
        assert staff.signed_in("registrar_k").get(address).status_code == 404


def _csrf(client: FlaskClient) -> dict[str, str]:
    html = client.get("/settings").get_data(as_text=True)
    return {"csrf_token": re.findall(r'name="csrf_token" value="([^"]+)"', html)[0]}
