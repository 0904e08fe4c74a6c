"""Organisations and infrastructures of the data files, put into the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from engine.application.queries import Organisation
from engine.definitions.loader import load_all
from engine.definitions.reader import Branch, Faults, Leaf, Node, read_file
from engine.domain.case import Infrastructure
from engine.domain.reading import read_value
from engine.domain.values import Text, Value
from engine.persistence.engine import writing
from engine.persistence.infrastructure import save_infrastructure, save_organisation


def load_registers(root: Path, engine: Engine) -> None:
    """This will store every organisation and infrastructure of the data files, new or changed."""
    fields = load_all(root).catalogue.fields
    organisations = read_file_plain(root, "organisations.yaml")["organisations"]
    places = read_file_plain(root, "infrastructures.yaml")["infrastructures"]
    if not isinstance(organisations, dict) or not isinstance(places, dict):
        raise TypeError("the registers hold entries by id")
    with writing(engine) as connection:
        for id_, entry in organisations.items():
            save_organisation(
                connection,
                Organisation(
                    id=id_,
                    name=_text(entry["name"]),
                    legal_person=_text(entry.get("legal_person") or entry["name"]),
                    org_nr=entry.get("org_nr"),
                    form=entry.get("form"),
                ),
            )
        for id_, entry in places.items():
            facts: dict[str, Value] = {}
            for name, raw in (entry.get("facts") or {}).items():
                facts[name] = read_value(fields[name].type, fields[name].choices, raw)
            share = entry.get("economic_share_ytd_pct")
            if share is not None:
                facts["infra.economic_share_ytd_pct"] = read_value("dec", None, share)
            facts["infra.name_sv"], facts["infra.name_en"] = entry["name"]["sv"], entry["name"]["en"]
            facts["infra.co_operator_reviews"] = entry.get("co_operator_reviews") is True
            unit = entry.get("capacity_unit") or {}
            save_infrastructure(
                connection,
                Infrastructure(
                    id=id_,
                    name_sv=entry["name"]["sv"],
                    name_en=entry["name"]["en"],
                    owner_org=entry["owner_org"],
                    form=entry["form"],
                    campus=entry["campus"],
                    capacity_unit=str(unit.get("en", "")),
                    annual_capacity=int(entry.get("annual_capacity") or 0),
                    facts=facts,
                    co_operator=str(entry.get("co_operator") or ""),
                    status=str(entry.get("status", "active")),
                ),
            )


def _text(entry: object) -> Text:
    if isinstance(entry, dict):
        return Text(sv=str(entry["sv"]), en=str(entry["en"]))
    return Text(sv=str(entry), en=str(entry))


def read_file_plain(root: Path, path: str) -> dict[str, Any]:
    """This will read a data file as plain values by name. Raises DefinitionFaults, located."""
    faults = Faults()
    table = read_file(root, path, faults)
    faults.raise_if_any()
    return {key: _plain(node) for key, node in table.entries.items()}


def _plain(node: Node) -> Any:
    match node:
        case Leaf():
            return node.value
        case Branch():
            return [_plain(item) for item in node.items]
        case _:
            return {key: _plain(item) for key, item in node.entries.items()}
