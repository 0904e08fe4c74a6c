"""Signing in and out: what a session is worth, and for how long."""

from __future__ import annotations

import pytest

from tests.integration.web.company_world import PASSWORD, World, post


def failing(world: World, email: str) -> tuple[int, str]:
    answer = post(world.visitor(), "/login", "/login", email=email, password="fel")
    return answer.status_code, answer.get_data(as_text=True).replace(email, "")


class TestSignIn:
    def test_leads_staff_to_the_work_list_and_the_company_to_its_cases(self, world: World) -> None:
        assert world.signed_in("pm").get("/").headers["Location"] == "/work"
        assert world.signed_in("contact").get("/").headers["Location"] == "/my"

    def test_says_the_same_for_an_unknown_account_and_a_wrong_password(self, world: World) -> None:
        def words(page: str) -> str:
            return page[page.index('class="errors"') : page.index("</section>", page.index('class="errors"'))]

        known, unknown = failing(world, "pm@example.se"), failing(world, "ingen@example.se")
        assert known[0] == unknown[0] == 401
        assert words(known[1]) == words(unknown[1])

    def test_keeps_the_address_that_was_typed(self, world: World) -> None:
        answer = post(world.visitor(), "/login", "/login", email="pm@example.se", password="fel")
        assert 'value="pm@example.se"' in answer.get_data(as_text=True)

    def test_is_refused_without_a_form_token(self, world: World) -> None:
        answer = world.visitor().post("/login", data={"email": "pm@example.se", "password": PASSWORD})
        assert answer.status_code == 400

    @pytest.mark.parametrize("target", ["https://example.se/", "//example.se", "/\\example.se", "javascript:alert(1)"])
    def test_never_leads_to_another_site(self, world: World, target: str) -> None:
        client = world.visitor()
        answer = post(client, "/login", "/login", email="pm@example.se", password=PASSWORD, next=target)
        assert answer.headers["Location"] == "/"

    def test_leads_on_to_the_page_that_was_asked_for(self, world: World) -> None:
        client = world.visitor()
        assert client.get("/work").headers["Location"] == "/login?next=/work"
        answer = post(client, "/login?next=/work", "/login", email="pm@example.se", password=PASSWORD, next="/work")
        assert answer.headers["Location"] == "/work"

    def test_waits_after_too_many_failures_even_for_the_right_password(self, world: World) -> None:
        for _ in range(5):
            assert failing(world, "pm_awl@example.se")[0] == 401
        answer = post(world.visitor(), "/login", "/login", email="pm_awl@example.se", password=PASSWORD)
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "900"


class TestSignOut:
    def test_ends_the_session_for_every_copy_of_its_cookie(self, world: World) -> None:
        client = world.signed_in("pm")
        cookie = client.get_cookie("samverk_session", domain="localhost")
        assert cookie is not None
        copy = world.visitor()
        copy.set_cookie("samverk_session", cookie.value, domain="localhost")
        assert copy.get("/work").status_code == 200
        post(client, "/work", "/logout")
        assert copy.get("/work").status_code == 302
        assert client.get("/work").status_code == 302

    def test_takes_no_get(self, world: World) -> None:
        assert world.signed_in("pm").get("/logout").status_code == 405

    def test_cookie_is_out_of_reach_for_scripts_and_other_sites(self, world: World) -> None:
        answer = world.visitor().get("/login")
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


class TestPreferences:
    def test_language_is_kept_with_the_person(self, world: World) -> None:
        client = world.signed_in("pm")
        post(client, "/settings", "/language", language="en", next="/work")
        try:
            assert '<html lang="en"' in world.signed_in("pm").get("/work").get_data(as_text=True)
        finally:
            post(client, "/settings", "/language", language="sv")

    def test_theme_is_kept_with_the_person(self, world: World) -> None:
        client = world.signed_in("lawyer")
        post(client, "/settings", "/theme", theme="dark")
        assert 'data-theme="dark"' in world.signed_in("lawyer").get("/settings").get_data(as_text=True)

    def test_unknown_language_is_refused(self, world: World) -> None:
        assert post(world.visitor(), "/login", "/language", language="xx").status_code == 400
