"""A real Chromium against a real server process with a fresh database. What is missing is a failure, never a skip."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.people import Office
from tests.browser.service import Service, demo_cases_loaded, registers_and_people, serving


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session; every person gets a context, and so a session, of their own."""
    executable = shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=executable, chromium_sandbox=False, args=["--disable-gpu", "--disable-software-rasterizer"]
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The product on a free port, with organisations, infrastructures and people, and no case at all."""
    folder = tmp_path_factory.mktemp("service")
    registers_and_people(folder)
    with serving(folder) as running:
        yield running


@pytest.fixture(scope="session")
def demo_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The product with a few demo cases, each stopped where something is in the way."""
    folder = tmp_path_factory.mktemp("demo")
    demo_cases_loaded(folder)
    with serving(folder) as running:
        yield running


@pytest.fixture
def office(browser: Browser, service: Service, tmp_path: Path) -> Iterator[Office]:
    """The people at work, each signed in at most once."""
    people = Office(browser=browser, service=service, downloads=tmp_path)
    yield people
    people.close()


@pytest.fixture
def demo_office(browser: Browser, demo_service: Service, tmp_path: Path) -> Iterator[Office]:
    """The people of the demo cases."""
    people = Office(browser=browser, service=demo_service, downloads=tmp_path)
    yield people
    people.close()
