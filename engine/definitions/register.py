"""What a catalogue holds: the entries that definitions may cite, and where each of them stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.definitions.reader import Place
from engine.domain.expressions import Shape
from engine.domain.fields import Field, RowTable
from engine.domain.roles import Role
from engine.domain.values import Text
from engine.domain.workflow import DocumentType, Duty, Guard, Law, Parameter

FORMS: Final = ("state", "regional", "company", "joint")
CASE_FORMS: Final = ("state", "regional", "company")

TEXT, NUMBER, YES_NO = Shape("text"), Shape("number"), Shape("yes_no")
APPROVAL: Final[Mapping[str, Shape]] = {"org": TEXT, "scope_version": NUMBER, "doc_hash": TEXT}
"""Columns of ``legal.approvals``: one opinion that counts."""

CHILD: Final[Mapping[str, Shape]] = {
    "id": TEXT, "org": TEXT, "stage": TEXT, "scope_version": NUMBER, "doc_hash": TEXT, "legal_ok": YES_NO,
    "procurement_ok": YES_NO, "start_ok": YES_NO, "started": YES_NO, "closed": YES_NO, "held": YES_NO,
}  # fmt: skip
"""Columns of ``children``: one case of a joint case, as the parent sees it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """An action that changes no stage, before it is tied to a form."""

    id: str
    name: str
    by: tuple[str, ...]
    forms: tuple[str, ...]
    requires: tuple[str, ...]
    effects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause of the library: what it is about, and whether its text is locked."""

    id: str
    subject: Text
    is_locked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What definitions may cite. ``places`` tells where each entry stands, by kind and id (``guards/G-INQ-01``).

    ``forms_of_guards`` and ``forms_of_documents`` say in which forms each may be cited.
    ``content_hash`` covers what every form shares: all but guards, documents and overlays, which belong to forms.
    ``read_by`` names what reads a field that no guard or document does (``rules`` or ``pages``).
    """

    root: Path
    labels: Mapping[str, Mapping[str, Text]]
    roles: Mapping[str, Role]
    laws: Mapping[str, Law]
    parameters: tuple[Parameter, ...]
    fields: Mapping[str, Field]
    questions: Mapping[str, Field]
    tables: Mapping[str, RowTable]
    clauses: Mapping[str, Clause]
    documents: Mapping[str, DocumentType]
    guards: Mapping[str, Guard]
    duties: tuple[Duty, ...]
    overlays: Mapping[str, Overlay]
    forms_of_guards: Mapping[str, tuple[str, ...]]
    forms_of_documents: Mapping[str, str]
    read_by: Mapping[str, str]
    places: Mapping[str, Place]
    content_hash: str
