"""Unit tests meet no network and no database: whoever tries is told."""

from __future__ import annotations

import socket
import sqlite3
from typing import NoReturn

import pytest


def refuse(*_args: object, **_named: object) -> NoReturn:
    """This will stand where a way out would be."""
    raise AssertionError("a unit test reaches for a network or a database")


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets connect nowhere, and no database opens."""
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "bind", refuse)
    monkeypatch.setattr(sqlite3, "connect", refuse)
