"""Every route with the right that guards it: a new route must be given a place here."""

from __future__ import annotations

from web.app import routes
from web.rights import RIGHTS, Right

OPEN = [
    "api.openapi",
    "inquiry.index",
    "inquiry.notice",
    "inquiry.questions",
    "public.about",
    "public.accessibility",
    "public.start",
    "session.home",
    "session.language",
    "session.login",
    "session.logout",
    "session.sign_in",
    "session.theme",
    "static",
    "system.healthz",
    "system.metrics",
    "system.readyz",
]
"""What anybody may ask for. A name is added here on purpose, never by accident."""


class TestRoutes:
    def test_have_a_right_and_every_right_a_route(self) -> None:
        assert {route.name for route in routes()} == set(RIGHTS)

    def test_change_nothing_without_a_form(self) -> None:
        """A GET never writes: what changes something is asked by POST, and by POST alone."""
        both = [route.path for route in routes() if "GET" in route.methods and len(route.methods) > 1]

        assert both == []

    def test_of_a_case_ask_for_a_role_that_reaches_it(self) -> None:
        reaching = {Right.CASE_STAFF.value, Right.CASE_COMPANY.value, Right.CASE_READER.value}

        for route in routes():
            if "<case_id>" in route.path:
                assert route.right in reaching, route

    def test_open_to_anyone_are_few_and_known(self) -> None:
        assert sorted(route.name for route in routes() if route.right == Right.ANYONE.value) == OPEN
