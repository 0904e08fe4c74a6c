"""What the definitions say that documents need: fields, row tables, roles and the documents' register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.domain.fields import Field, RowTable
from engine.domain.roles import Role
from engine.domain.workflow import DocumentType, Workflow


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The registers of all forms together, by name, table, role key and document id."""

    fields: Mapping[str, Field]
    tables: Mapping[str, RowTable]
    roles: Mapping[str, Role]
    documents: Mapping[str, DocumentType]

    @classmethod
    def of(cls, workflows: Iterable[Workflow]) -> Catalogue:
        """This will join the registers of several definitions; the same entry in two of them is the same."""
        fields: dict[str, Field] = {}
        tables: dict[str, RowTable] = {}
        roles: dict[str, Role] = {}
        documents: dict[str, DocumentType] = {}
        for workflow in workflows:
            fields |= workflow.fields
            tables |= workflow.tables
            roles |= workflow.roles
            documents |= workflow.documents
        return cls(fields=fields, tables=tables, roles=roles, documents=documents)
