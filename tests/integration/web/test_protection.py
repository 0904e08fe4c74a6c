"""What every answer carries, and what hostile requests meet: a sentence, never a 500."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from engine.gateways.files import DamagedFile
from tests.integration.web.company_world import World, post, token
from web.app import create_app
from web.security import json_depth

PAGES = ("/login", "/start", "/inquiry", "/no-such-page")


class TestHeaders:
    @pytest.mark.parametrize("page", PAGES)
    def test_policy_allows_no_inline_code_and_no_frame(self, world: World, page: str) -> None:
        answer = world.visitor().get(page)
        policy = answer.headers["Content-Security-Policy"]
        assert "'unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "object-src 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]

    @pytest.mark.parametrize("page", ["/login", "/start"])
    def test_pages_hold_no_inline_style_or_handler(self, world: World, page: str) -> None:
        html = world.visitor().get(page).get_data(as_text=True)
        assert re.search(r"<[^>]+\s(style|on[a-z]+)=", html) is None
        assert re.search(r"<script(?![^>]*nonce=)", html) is None

    def test_nonce_is_new_for_each_answer(self, world: World) -> None:
        first, second = (world.visitor().get("/login").headers["Content-Security-Policy"] for _ in range(2))
        assert first != second

    def test_case_pages_are_not_kept_by_caches(self, world: World) -> None:
        assert world.signed_in("pm").get("/work").headers["Cache-Control"] == "no-store"


class TestProduction:
    def test_asks_for_https_and_keeps_the_cookie_to_it(self, world: World) -> None:
        settings = replace(
            world.services.settings, mode="production", trusted_hosts=("samverk.example.se",), secret_key="y" * 40
        )
        app = create_app(settings, replace(world.services, settings=settings))
        answer = app.test_client().get("/login", base_url="https://samverk.example.se")
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert "Secure" in answer.headers["Set-Cookie"]
        assert "demokonto" not in answer.get_data(as_text=True)


class TestOurFaults:
    def test_a_damaged_record_is_a_defect_and_tells_nothing(self, world: World) -> None:
        def broken() -> dict[str, str]:
            raise DamagedFile("0" * 64)

        app = create_app(world.services.settings, replace(world.services, readiness=broken))
        answer = app.test_client().get("/readyz")
        assert answer.status_code == 500
        assert "Något gick fel hos oss" in answer.get_data(as_text=True)


class TestHostileRequests:
    def test_untrusted_host_is_refused(self, world: World) -> None:
        assert world.visitor().get("/login", headers={"Host": "evil.example"}).status_code == 400

    def test_deep_json_is_refused(self, world: World) -> None:
        client = world.signed_in("pm")
        answer = client.post("/api/v1/cases/C-1/facts", data="[" * 200_000, content_type="application/json")
        assert answer.status_code in (400, 404)

    def test_huge_body_is_refused(self, world: World) -> None:
        client = world.visitor()
        page = client.get("/login").get_data(as_text=True)
        answer = client.post("/login", data={"csrf_token": token(page), "email": "x" * 3_000_000})
        assert answer.status_code == 413

    @pytest.mark.parametrize("address", ["/cases/%00", "/cases?q=%00", "/cases?q=%ff%fe", "/cases?after=%ff~x", "/%ff"])
    def test_broken_addresses_give_no_500(self, world: World, address: str) -> None:
        assert world.signed_in("pm").get(address).status_code < 500

    @pytest.mark.parametrize("typed", ["\x00", "\x07", "\ud800", "{{ 7*7 }}", "å" * 100_000, "' OR 1=1 --", "<script>"])
    def test_odd_texts_give_no_500_on_sign_in(self, world: World, typed: str) -> None:
        client = world.visitor()
        page = client.get("/login").get_data(as_text=True)
        body = {"csrf_token": token(page), "email": typed.encode("utf-8", "surrogatepass"), "password": "x"}
        assert client.post("/login", data=body).status_code < 500

    def test_script_in_a_search_is_shown_as_text(self, world: World) -> None:
        html = world.signed_in("pm").get("/cases?q=<script>alert(1)</script>").get_data(as_text=True)
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert" in html

    def test_unknown_page_leads_back(self, world: World) -> None:
        answer = world.visitor().get("/finns-inte")
        assert answer.status_code == 404
        assert 'href="/"' in answer.get_data(as_text=True)

    def test_metrics_are_for_the_machine_itself(self, world: World) -> None:
        assert world.visitor().get("/metrics").status_code == 200
        outside = world.visitor()
        outside.environ_base["REMOTE_ADDR"] = "192.0.2.1"
        assert outside.get("/metrics").status_code == 404

    def test_health_and_readiness(self, world: World) -> None:
        assert world.visitor().get("/healthz").json == {"status": "ok"}
        assert world.visitor().get("/readyz").json == {"status": "ok", "faults": {}}

    def test_a_form_sent_twice_across_sign_out_is_explained(self, world: World) -> None:
        client = world.signed_in("pm")
        stale = token(client.get("/settings").get_data(as_text=True))
        post(client, "/settings", "/logout")
        answer = client.post("/theme", data={"csrf_token": stale, "theme": "dark"})
        assert answer.status_code == 400
        assert "Formuläret har blivit för gammalt" in answer.get_data(as_text=True)


class TestJsonDepth:
    @pytest.mark.parametrize(
        ("body", "depth"), [(b"", 0), (b"{}", 1), (b'{"a": [1, [2]]}', 3), (b'"[[[["', 0), (b'"\\"[["', 0), (b"]][", 1)]
    )
    def test_counts_brackets_outside_strings(self, body: bytes, depth: int) -> None:
        assert json_depth(body) == depth
