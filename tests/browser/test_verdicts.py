"""The page and ``samverk explain`` give the same answer: the same open questions, in the same words."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from engine.definitions.loader import load_all
from engine.domain.values import Value
from tests.browser.people import Office
from tests.browser.service import settings_of
from web.demo.facts import read_demo
from web.demo.load import demo_cases

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(
    ("case", "account"),
    [
        pytest.param("C-2025-0004", "pm.ana-futura", id="state"),
        pytest.param("C-2025-0010", "decision-maker.k", id="regional"),
        pytest.param("C-2025-0017", "decision-maker.ah", id="company"),
    ],
)
def test_the_page_says_what_the_calculator_says(demo_office: Office, tmp_path: Path, case: str, account: str) -> None:
    settings = settings_of(demo_office.service.folder)
    workflows = load_all(settings.workflows)
    known = next(entry for entry in demo_cases(settings, workflows) if entry.id == case)
    facts: dict[str, dict[str, object]] = {}
    for name, value in known.facts.items():
        group, _, key = name.partition(".")
        if value is not None:
            facts.setdefault(group, {})[key] = _plain(value)
    approvals = read_demo(settings.workflows, "demo_defaults")[known.form]["legal"]["approvals"]
    facts["legal"]["approvals"] = approvals  # a list of entries, which the demo's fields by name leave out
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(facts), encoding="utf-8")
    command = ("explain", "--form", known.form, "--facts", str(file), "--action", known.attempt, "--on", "2025-11-24")
    said = json.loads(demo_office.service.command(*command, "--json"))

    page = demo_office.colleague(account).page
    page.goto(f"/cases/{case}/actions/{known.attempt}")
    main = page.get_by_role("main")
    label = next(
        published.workflow.actions[known.attempt].label.sv
        for published in workflows.published
        if known.attempt in published.workflow.actions
    )
    expect(main.get_by_role("button", name=label, exact=True)).to_have_count(1 if said["allowed"] else 0)
    open_questions = (
        main.get_by_role("region").filter(has=page.get_by_role("heading", level=2)).get_by_role("heading", level=3)
    )
    shown = {heading.inner_text() for heading in open_questions.all()}
    assert {reason["question"]["sv"] for reason in said["failing"]} <= shown
    guards = {guard for guard in workflows.catalogue.guards if main.get_by_text(guard, exact=True).count()}
    assert guards == {reason["id"] for reason in said["failing"]}


def _plain(value: Value) -> object:
    match value:
        case Decimal():
            return float(value)
        case datetime() | date():
            return value.isoformat()
        case tuple():
            return list(value)
        case _:
            return value
