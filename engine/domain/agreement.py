"""The agreement set: which documents it is made of, its hash, and which facts are material."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.domain.expressions import Environment
from engine.domain.fields import CHECK_POINTS
from engine.domain.hashing import digest, plain
from engine.domain.values import Facts, Record, Value
from engine.domain.workflow import DocumentType, Workflow

RESTING_GROUPS = frozenset({"scope", "price", "proc", "sme", "aid", "exec"})


@lru_cache(maxsize=64)
def material_fields(workflow: Workflow) -> frozenset[str]:
    """This will return the fields whose change makes a new scope version (domain dossier 3.2)."""
    return frozenset(field.name for field in workflow.fields.values() if field.is_material)


@lru_cache(maxsize=64)
def agreement_types(workflow: Workflow) -> tuple[DocumentType, ...]:
    """This will return the documents that can be part of the agreement set, in id order."""
    documents = (document for document in workflow.documents.values() if document.in_agreement_set)
    return tuple(sorted(documents, key=lambda document: document.id))


def agreement_set(workflow: Workflow, environment: Environment) -> tuple[DocumentType, ...]:
    """This will return the documents of the agreement set on these facts: agreement, annexes, scope sheet."""
    return tuple(document for document in agreement_types(workflow) if applies(document, environment))


def agreement_hash(workflow: Workflow, environment: Environment, facts: Facts) -> str | None:
    """This will return the hash of the agreement set, or None before the first scope is saved.

    It covers the scope version, the documents with their template versions, and every material fact.
    """
    version = facts.get("scope.version")
    if not version:
        return None
    documents = [[document.id, document.template] for document in agreement_set(workflow, environment)]
    merged = {name: plain(facts.get(name)) for name in material_fields(workflow) if facts.get(name) is not None}
    return digest({"form": workflow.form, "version": version, "documents": documents, "facts": merged})


def merge_hash(workflow: Workflow, document: DocumentType, facts: Facts) -> str:
    """This will return the hash of the recorded facts a document rests on: it is stale when they differ.

    The same values were hashed a moment ago for most documents of most questions: the last few thousand are kept.
    """
    names = rests_on(workflow, document)
    if isinstance(facts, FactSheet) and facts.kept:
        kept = facts.kept
        return _digest_of(names, tuple([kept[name] for name in names]))
    return _digest_of(names, tuple([_kept(facts.get(name)) for name in names]))


class FactSheet(dict[str, Value]):
    """Facts of one situation. ``kept`` holds the values that documents rest on, ready to be looked up."""

    __slots__ = ("kept",)

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts)
        self.kept: dict[str, object] = {}

    def keep(self, workflow: Workflow) -> None:
        """This will ready the values for hashing; from here on they do not change in this situation."""
        self.kept = {name: _kept(self.get(name)) for name in resting_fields(workflow)}


@lru_cache(maxsize=64)
def resting_fields(workflow: Workflow) -> frozenset[str]:
    """This will return every field that some document rests on."""
    return frozenset(name for document in workflow.documents.values() for name in rests_on(workflow, document))


@lru_cache(maxsize=4096)
def _digest_of(names: tuple[str, ...], values: tuple[object, ...]) -> str:
    return digest({name: _opened(value) for name, value in zip(names, values, strict=True)})


def _kept(value: Value | Record) -> object:
    """A value that can be looked up and tells types apart: 1 and True are equal in Python, not here."""
    if isinstance(value, tuple):
        return tuple(_kept(item) for item in value)
    if isinstance(value, Mapping):
        return _Record(tuple((name, _kept(item)) for name, item in sorted(value.items())))
    return type(value), value


@dataclass(frozen=True, slots=True)
class _Record:
    items: tuple[tuple[str, object], ...]


def _opened(value: object) -> object:
    if isinstance(value, _Record):
        return {name: _opened(item) for name, item in value.items}
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], type):
        return plain(value[1])
    return [_opened(item) for item in value] if isinstance(value, tuple) else value


@lru_cache(maxsize=1024)
def uses_scope(workflow: Workflow, document: DocumentType) -> bool:
    """This will tell whether a document prints the scope or its price, so that signing it fixes the version."""
    material = material_fields(workflow)
    return any(
        name == "scope.version" or (name in material and not name.startswith("sme."))
        for name in rests_on(workflow, document)
    )


@lru_cache(maxsize=1024)
def rests_on(workflow: Workflow, document: DocumentType) -> tuple[str, ...]:
    """This will return the merged fields that make a document stale: recorded ones of the scope, price and company.

    What the document itself answers, what is derived from later acts, and references do not count.
    """
    material = material_fields(workflow)
    names = set()
    for name in document.merge:
        field = workflow.fields[name]
        is_recorded = field.source != "derived" and field.group in RESTING_GROUPS and field.type != "ref"
        is_recorded = is_recorded and name not in CHECK_POINTS
        if name not in document.inputs and (
            is_recorded or name in material or name in {"scope.version", "price.full_cost_sek"}
        ):
            names.add(name)
    return tuple(sorted(names))


def applies(document: DocumentType, environment: Environment) -> bool:
    """This will tell whether a document's own condition holds (an unknown condition does not)."""
    return document.when is None or document.when.holds(environment) is True
