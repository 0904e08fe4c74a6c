"""The public pages and the inquiry: notices first, every fault at once, nothing typed lost, once only."""

from __future__ import annotations

import pytest

from tests.integration.web.company_world import INQUIRY, World, ask, confirmed, hidden, opened, post, token
from web.translation import catalogue

PUBLIC = (
    "/start",
    "/about",
    "/accessibility",
    "/inquiry",
    "/inquiry/ana_futura",
    "/inquiry/vecura",
    "/inquiry/awl_solna",
)


class TestPublicPages:
    @pytest.mark.parametrize("path", PUBLIC)
    @pytest.mark.parametrize("language", ["sv", "en"])
    def test_are_open_to_anyone_in_both_languages(self, world: World, path: str, language: str) -> None:
        answer = world.visitor(language).get(path)

        assert answer.status_code == 200
        assert f'<html lang="{language}"' in answer.get_data(as_text=True)

    def test_name_every_way_in_with_its_form_as_shape_and_word(self, world: World) -> None:
        html = world.visitor().get("/start").get_data(as_text=True)

        for form, word, place in (
            ("state", "Statlig", "ANA Futura"),
            ("regional", "Regional", "Vecura"),
            ("company", "Bolag", "A Working Lab"),
        ):
            assert f'<span class="form {form}">{word}</span>' in html
            assert place in html

    def test_front_door_leads_each_to_their_place(self, world: World) -> None:
        assert world.visitor().get("/").headers["Location"].endswith("/start")
        assert world.signed_in("contact").get("/").headers["Location"].endswith("/my")
        assert world.signed_in("pm").get("/").headers["Location"].endswith("/work")

    def test_an_unknown_infrastructure_is_not_found(self, world: World) -> None:
        assert world.visitor().get("/inquiry/nowhere").status_code == 404


class TestNotices:
    @pytest.mark.parametrize(
        ("place", "host"), [("ana_futura", "Karolinska Institutet"), ("vecura", "Karolinska Universitetssjukhuset")]
    )
    def test_an_authority_says_word_for_word_that_all_becomes_public(self, world: World, place: str, host: str) -> None:
        html = world.visitor().get(f"/inquiry/{place}").get_data(as_text=True)

        assert (
            f"Det du skickar blir en allmän handling hos {host}. Vi lämnar ut den om någon begär det och ingen "
            "sekretessregel hindrar det. Skicka inga företagshemligheter ännu." in html
        )
        assert "<textarea" not in html
        assert 'type="text"' not in html

    def test_a_company_says_what_its_agreement_does_not_protect(self, world: World) -> None:
        html = world.visitor("en").get("/inquiry/awl_solna").get_data(as_text=True)

        assert "The agreement binds us two. It does not protect papers you give to a public authority." in html
        assert "becomes a public record at" not in html

    def test_no_text_field_is_shown_before_both_are_confirmed(self, world: World) -> None:
        client = world.signed_in("contact")

        answer = post(client, "/inquiry/ana_futura", "/inquiry/ana_futura/questions", privacy="1")

        assert answer.status_code == 422
        html = answer.get_data(as_text=True)
        assert 'role="alert"' in html
        assert 'href="#f-public_access"' in html
        assert "<textarea" not in html

    def test_the_form_of_somebody_who_skipped_them_is_not_taken_in(self, world: World) -> None:
        client = world.signed_in("contact")
        form = confirmed(client, "ana_futura")
        before = client.get("/api/v1/cases").get_json()["cases"]

        answer = client.post("/inquiry/ana_futura", data={**INQUIRY, "csrf_token": token(form), "privacy": "1"})

        assert answer.status_code == 422
        assert INQUIRY["title"] in answer.get_data(as_text=True)
        assert client.get("/api/v1/cases").get_json()["cases"] == before


class TestInquiry:
    def test_asks_a_visitor_to_sign_in_and_writes_nothing(self, world: World) -> None:
        visitor = world.visitor()

        html = post(visitor, "/inquiry/vecura", "/inquiry/vecura/questions", public_access="1", privacy="1").get_data(
            as_text=True
        )

        assert "/login?next=" in html
        assert "<textarea" not in html

    def test_opens_a_case_and_gives_its_number(self, world: World) -> None:
        client = world.signed_in("contact")

        case_id = opened(client)

        page = client.get(f"/inquiry/received/{case_id}").get_data(as_text=True)
        assert case_id in page
        case = world.case(case_id)
        assert case.stage == "inquiry"
        assert case.facts["sme.org_nr"].value == "559999-0016"
        assert case.facts["sme.headcount_awu"].source_note == "Räkenskapsår 2024"
        assert set(case.notices) == {"public_access", "privacy"}
        assert "Vi arbetar själva" in str(case.facts["scope.purpose"].value)

    def test_company_form_stores_the_notice_about_public_bodies(self, world: World) -> None:
        case_id = opened(world.signed_in("contact"), "awl_solna", "public_body", use="place")

        assert set(world.case(case_id).notices) == {"public_body", "privacy"}

    def test_sent_twice_under_one_key_opens_one_case(self, world: World) -> None:
        client = world.signed_in("contact")
        form = confirmed(client, "ana_futura")
        sent = {**INQUIRY, "public_access": "1", "privacy": "1", "csrf_token": token(form), "key": hidden(form, "key")}

        first = client.post("/inquiry/ana_futura", data=sent)
        second = client.post("/inquiry/ana_futura", data=sent)

        assert first.status_code == second.status_code == 302
        assert first.headers["Location"] == second.headers["Location"]

    def test_shows_every_fault_at_once_with_all_that_was_typed(self, world: World) -> None:
        answer = ask(
            world.signed_in("contact"),
            headcount="tolv",
            turnover="-1",
            public_control="101",
            purpose="Kort.",
            contact_email="ingen adress",
            start_date="2026-05-01",
            end_date="2026-04-01",
            use="",
            accounting_year="1999",
        )

        assert answer.status_code == 422
        html = answer.get_data(as_text=True)
        assert html.count('aria-invalid="true"') == 7
        for anchor in (
            "accounting_year",
            "headcount",
            "turnover",
            "public_control",
            "contact_email",
            "use",
            "purpose",
            "end_date",
        ):
            assert f'href="#f-{anchor}"' in html
        assert 'value="tolv"' in html
        assert "Kort." in html
        assert INQUIRY["title"] in html

    def test_takes_the_company_number_from_the_account_never_from_the_form(self, world: World) -> None:
        case_id = opened(world.signed_in("contact"), org_nr="559999-0024")

        assert world.case(case_id).facts["sme.org_nr"].value == "559999-0016"

    @pytest.mark.parametrize("account", ["pm", "lawyer", "admin"])
    def test_is_not_for_staff(self, world: World, account: str) -> None:
        client = world.signed_in(account)
        page = client.get("/inquiry/ana_futura").get_data(as_text=True)

        answer = client.post("/inquiry/ana_futura", data={**INQUIRY, "csrf_token": token(page)})

        assert answer.status_code == 403

    @pytest.mark.parametrize("hostile", ["\x00", "\x1b[31m", "{{ 7*7 }}", "{% if %}", "a" * 5000])
    def test_hostile_text_is_a_fault_of_its_field(self, world: World, hostile: str) -> None:
        answer = ask(world.signed_in("contact"), purpose=f"Vi vill mäta saker som är långa nog {hostile}")

        assert answer.status_code == 422
        assert 'href="#f-purpose"' in answer.get_data(as_text=True)


class TestTexts:
    def test_the_fixed_phrases_on_secrecy_are_those_of_the_dossier(self) -> None:
        say = catalogue().say

        assert say("inquiry.notice.public_access", "en", host="KI") == (
            "What you send becomes a public record at KI. We disclose it on request unless a secrecy rule prevents it. "
            "Do not send trade secrets yet."
        )
        assert say("tracker.sign.secrecy.authority", "sv", host="KI") == (
            "KI kan inte lova mer sekretess än lagen ger. Avtalet visar att ni räknar med att uppgifterna skyddas, "
            "vilket har betydelse när en begäran prövas."
        )
        under_review = (say("tracker.status.legal_review", "sv", n=3), say("tracker.status.reviews_done", "sv", n=2))
        assert " ".join(under_review) == "Granskas av 3 juridiska avdelningar. 2 klara."
        assert say("tracker.status.appeal", "en", day="8 Dec") == (
            "The agreement is signed. Work can start on 8 Dec, when the appeal time has passed."
        )
