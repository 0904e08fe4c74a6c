"""The interface keeps what its description promises: schemathesis asks every operation, bounded and repeatable.

Its pytest plugin does not know this pytest, so the operations are asked by hand: lawful requests, then unlawful ones.
"""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, checks
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from tests.integration.web.company_world import World, opened

PROMISES = (
    checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
)
OPERATIONS = (
    "GET /api/v1/session",
    "GET /api/v1/cases",
    "GET /api/v1/cases/{case_id}",
    "GET /api/v1/cases/{case_id}/actions",
    "GET /api/v1/cases/{case_id}/documents",
    "GET /api/v1/cases/{case_id}/documents/{key}",
    "POST /api/v1/cases/{case_id}/actions/{action}",
    "POST /api/v1/cases/{case_id}/facts",
    "POST /api/v1/cases/{case_id}/opinions",
)


@pytest.fixture(scope="module")
def described(world: World) -> dict[str, schemathesis.APIOperation]:  # type: ignore[type-arg]  # generic in its stubs only
    """Every operation of the description as the application publishes it, by method and path."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", world.app)
    found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    return {operation.label: operation for operation in found}


def test_every_operation_is_asked(described: dict[str, object]) -> None:
    assert set(described) == set(OPERATIONS)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["lawful", "unlawful"])
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_operation_keeps_its_promise(
    described: dict[str, schemathesis.APIOperation],  # type: ignore[type-arg]  # generic in its stubs only
    world: World,
    label: str,
    mode: GenerationMode,
) -> None:
    case_id = opened(world.signed_in("contact"))
    client = world.signed_in("pm")
    cookie = client.get_cookie("samverk_session")
    assert cookie is not None
    token = client.get("/api/v1/session").get_json()["csrf_token"]
    asked = 0

    @settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=described[label].as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:  # type: ignore[type-arg]  # of any specification
        nonlocal asked
        asked += 1
        if mode is GenerationMode.POSITIVE and "case_id" in case.path_parameters:
            case.path_parameters["case_id"] = case_id
        # An unlawful request may be the one without its session: then none is given, and 401 is the right answer.
        is_signed_in = mode is GenerationMode.POSITIVE or "samverk_session" in case.cookies
        cookies = {"samverk_session": cookie.value} if is_signed_in else {}
        case.call_and_validate(cookies=cookies, headers={"X-CSRFToken": token}, checks=list(PROMISES))

    try:
        ask()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "nothing to ask"
        return
    assert asked
