"""The catalogue: everything the definitions of all forms may cite, read once and checked name by name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import cast, get_args

from engine.definitions.fingerprint import fingerprint
from engine.definitions.reader import Faults, Leaf, Place, Table, read_file
from engine.definitions.register import APPROVAL, CASE_FORMS, CHILD, FORMS, YES_NO, Catalogue, Clause, Overlay
from engine.definitions.sheet import Sheet
from engine.domain.expressions import Names, Shape, shape_of
from engine.domain.fields import Column, Field, FieldType, RowTable, Source
from engine.domain.roles import SYSTEM, Role
from engine.domain.values import Text
from engine.domain.workflow import (
    ClauseUse,
    DocumentType,
    Duty,
    Guard,
    Law,
    Occasion,
    Parameter,
    Purpose,
    SecrecyRule,
)


def load_catalogue(root: Path) -> Catalogue:
    """This will read ``catalogue/`` below ``root``. Raises DefinitionFaults with everything that is wrong."""
    faults = Faults()
    catalogue = read_catalogue(root, faults)
    faults.raise_if_any()
    return catalogue


def read_catalogue(root: Path, faults: Faults) -> Catalogue:
    """This will read the catalogue, noting faults and leaving out what cannot be read."""
    return _Reading(root, faults).catalogue()


class _Reading:
    """Reads file after file; what later files cite is checked against the earlier ones."""

    def __init__(self, root: Path, faults: Faults) -> None:
        self._root = root
        self._faults = faults
        self._places: dict[str, Place] = {}
        self._guard_forms: dict[str, tuple[str, ...]] = {}
        self._document_forms: dict[str, str] = {}
        self._read_by: dict[str, str] = {}
        self._labels: dict[str, dict[str, Text]] = {}
        self._roles: dict[str, Role] = {}
        self._laws: dict[str, Law] = {}
        self._fields: dict[str, Field] = {}
        self._clauses: dict[str, Clause] = {}
        self._documents: dict[str, DocumentType] = {}
        self._guards: dict[str, Guard] = {}

    def catalogue(self) -> Catalogue:
        self._labels = {
            group: {word: sheet.both(word) for word in sheet.names} for group, sheet in self._entries("labels")
        }
        self._roles = {key: self._role(key, sheet) for key, sheet in self._entries("roles")}
        self._laws = {key: self._law(key, sheet) for key, sheet in self._entries("laws")}
        parameters = tuple(self._parameter(sheet) for sheet in self._rows("parameters"))
        dictionary = {key: self._field(key, sheet) for key, sheet in self._entries("fields")}
        questions = {key: self._field(key, sheet) for key, sheet in self._entries("questions")}
        self._fields = {**dictionary, **questions}
        tables = {key: self._table(key, sheet) for key, sheet in self._entries("tables")}
        self._clauses = {key: self._clause(key, sheet) for key, sheet in self._entries("clauses")}
        documents = self._open("documents")
        names = self._names(parameters, frozenset(key for key, _ in documents))
        self._documents = {key: self._document(key, sheet, names) for key, sheet in self._read(documents)}
        guards = self._open("guards")
        known_guards = frozenset(key for key, _ in guards)
        found = [self._guard(key, sheet, names) for key, sheet in self._read(guards)]
        self._guards = {guard.id: guard for guard in found if guard is not None}
        duties = tuple(self._duty(key, sheet, known_guards) for key, sheet in self._entries("duties"))
        overlays = {key: self._overlay(key, sheet, known_guards) for key, sheet in self._entries("overlays")}
        return Catalogue(
            root=self._root,
            labels=self._labels,
            roles=self._roles,
            laws=self._laws,
            parameters=parameters,
            fields=dictionary,
            questions=questions,
            tables=tables,
            clauses=self._clauses,
            documents=self._documents,
            guards=self._guards,
            duties=duties,
            overlays=overlays,
            forms_of_guards=self._guard_forms,
            forms_of_documents=self._document_forms,
            read_by=self._read_by,
            places=self._places,
            content_hash=fingerprint(
                (self._labels, self._roles, self._laws, parameters, self._fields, tables, self._clauses, duties)
            ),
        )

    def _file(self, kind: str) -> Sheet:
        table = read_file(self._root, f"catalogue/{kind}.yaml", self._faults)
        if table.entries and kind not in table.entries:
            self._faults.add(table.place, f"filen ska börja med {kind}:", f"the file must begin with {kind}:")
        return Sheet(table, self._faults, kind)

    def _open(self, kind: str) -> tuple[tuple[str, Sheet], ...]:
        file = self._file(kind)
        entries = tuple(file.sheets(kind))
        file.done()
        self._places.update({f"{kind}/{key}": sheet.place for key, sheet in entries})
        return entries

    def _entries(self, kind: str) -> Iterator[tuple[str, Sheet]]:
        return self._read(self._open(kind))

    @staticmethod
    def _read(entries: tuple[tuple[str, Sheet], ...]) -> Iterator[tuple[str, Sheet]]:
        for key, sheet in entries:
            yield key, sheet
            sheet.done()

    def _rows(self, kind: str) -> Iterator[Sheet]:
        file = self._file(kind)
        for sheet in file.row_sheets(kind):
            yield sheet
            sheet.done()
        file.done()

    def _forms(self, sheet: Sheet, default: tuple[str, ...]) -> tuple[str, ...]:
        return sheet.known_words("forms", FORMS, "form", "form") or default

    def _role_words(self, sheet: Sheet, key: str) -> tuple[str, ...]:
        return sheet.known_words(key, self._roles, "roll", "role")

    def _field_words(self, sheet: Sheet, key: str) -> tuple[str, ...]:
        return sheet.known_words(key, self._fields, "uppgift", "field")

    def _role(self, key: str, sheet: Sheet) -> Role:
        scopes = ("own_case", "infrastructure", "case", "organisation", "system")
        return Role(key=key, name=sheet.both("name"), forms=self._forms(sheet, ()), scope=sheet.word("scope", scopes))

    def _law(self, key: str, sheet: Sheet) -> Law:
        return Law(
            id=key,
            name=sheet.text("name"),
            says=sheet.both("says"),
            forms=self._forms(sheet, ()),
            tag=sheet.text("tag"),
        )

    def _parameter(self, sheet: Sheet) -> Parameter:
        key, valid_from = sheet.text("key"), sheet.day("valid_from")
        self._places.setdefault(f"parameters/{key}", sheet.place)
        if valid_from is None:
            sheet.fault("valid_from", "valid_from saknas", "valid_from is missing")
        return Parameter(
            key=key,
            value=sheet.amount("value"),
            unit=sheet.text("unit"),
            valid_from=valid_from or date.min,
            valid_to=sheet.day("valid_to"),
            source=sheet.text("source"),
        )

    def _choices(self, sheet: Sheet, labels: str) -> dict[str, Text] | None:
        if not sheet.has("choices"):
            sheet.leaves("choices")
            return None
        found = {}
        for leaf in sheet.leaves("choices"):
            label = self._labels.get(labels, {}).get(leaf.text)
            if label is None:
                self._faults.add(
                    leaf.place,
                    f"översättning saknas: {labels}: {leaf.text} i labels.yaml",
                    f"translation missing: {labels}: {leaf.text} in labels.yaml",
                )
                continue
            found[leaf.text] = label
        return found

    def _field(self, key: str, sheet: Sheet) -> Field:
        if key.count(".") != 1:
            sheet.fault("type", "en uppgift heter grupp.namn", "a field is named group.name")
        by = self._role_words(sheet, "by")
        who = self._role_words(sheet, "who") or by
        kind = cast(FieldType, sheet.word("type", get_args(FieldType)))
        source = cast(Source, sheet.word("source", get_args(Source)))
        choices = self._choices(sheet, sheet.optional_text("labels") or key)
        if kind == "enum" and not choices:
            sheet.fault("type", "en enum behöver choices", "an enum needs choices")
        if source != "derived" and not by:
            sheet.fault("by", "ingen får ange uppgiften: by saknas", "nobody may record it: by is missing")
        if sheet.has("read_by"):
            self._read_by[key] = sheet.word("read_by", ("rules", "pages"))
        return Field(
            name=key,
            type=kind,
            label=sheet.both("label"),
            help=sheet.optional_both("help"),
            unit=sheet.optional_text("unit"),
            source=source,
            by=by,
            who=who,
            origin=sheet.optional_both("origin"),
            stage=sheet.optional_text("stage"),
            forms=self._forms(sheet, CASE_FORMS),
            choices=choices,
            never_typed=sheet.flag("never_typed"),
            correctable=sheet.flag("correctable"),
            is_judgement=sheet.flag("is_judgement"),
            is_material=sheet.flag("is_material"),
            is_internal=sheet.flag("is_internal", default=True),
        )

    def _table(self, key: str, sheet: Sheet) -> RowTable:
        columns = tuple(self._column(key, name, column) for name, column in sheet.sheets("columns"))
        return RowTable(
            name=key,
            label=sheet.both("label"),
            columns=columns,
            by=self._role_words(sheet, "by"),
            stage=sheet.text("stage"),
            forms=self._forms(sheet, CASE_FORMS),
            is_material=sheet.flag("is_material"),
        )

    def _column(self, table: str, name: str, sheet: Sheet) -> Column:
        column = Column(
            name=name,
            type=cast(FieldType, sheet.word("type", get_args(FieldType))),
            label=sheet.both("label"),
            choices=self._choices(sheet, f"{table}.{name}"),
            required=sheet.flag("required"),
        )
        sheet.done()
        return column

    def _clause(self, key: str, sheet: Sheet) -> Clause:
        return Clause(id=key, subject=sheet.both("subject"), is_locked=sheet.flag("is_locked"))

    def _names(self, parameters: tuple[Parameter, ...], documents: frozenset[str]) -> Names:
        stages = frozenset(self._labels.get("case.stage", {}))
        outcomes = frozenset(self._labels.get("case.outcome", {}))
        return Names(
            fields={name: shape_of(entry) for name, entry in self._fields.items()},
            extra={
                "outcome": Shape("text", outcomes),
                "from_stage": Shape("text", stages),
                "skip": YES_NO,
                "start": YES_NO,
                "children": Shape("list"),
            },
            record_columns={"legal.approvals": APPROVAL, "children": CHILD},
            parameters=frozenset(parameter.key for parameter in parameters),
            documents=documents,
        )

    def _document(self, key: str, sheet: Sheet, names: Names) -> DocumentType:
        self._document_forms[key] = sheet.word("form", FORMS)
        return DocumentType(
            id=key,
            stage=sheet.text("stage"),
            title=sheet.both("title"),
            when=sheet.expression("when", names),
            occasion=cast(Occasion, sheet.word("occasion", get_args(Occasion))),
            purpose=cast(Purpose, sheet.optional_word("purpose", get_args(Purpose))),
            merge=self._field_words(sheet, "merge"),
            clauses=tuple(self._clause_use(sheet, names)),
            signers=self._role_words(sheet, "signers"),
            secrecy=tuple(self._secrecy(sheet, names)),
            retention=sheet.text("retention"),
            inputs=self._field_words(sheet, "inputs"),
            in_agreement_set=sheet.flag("in_agreement_set"),
            template=sheet.text("template"),
        )

    def _clause_use(self, sheet: Sheet, names: Names) -> Iterator[ClauseUse]:
        for node in sheet.nodes("clauses"):
            inner = Sheet(node, self._faults) if isinstance(node, Table) else None
            clause = inner.text("id") if inner is not None else node.text if isinstance(node, Leaf) else ""
            if clause not in self._clauses:
                self._faults.add(node.place, f"okänd klausul: {clause}", f"unknown clause: {clause}")
                continue
            yield ClauseUse(id=clause, when=inner.expression("when", names) if inner is not None else None)
            if inner is not None:
                inner.done()

    def _secrecy(self, sheet: Sheet, names: Names) -> Iterator[SecrecyRule]:
        for inner in sheet.row_sheets("secrecy"):
            yield SecrecyRule(marking=inner.text("marking"), when=inner.expression("when", names))
            inner.done()

    def _guard(self, key: str, sheet: Sheet, names: Names) -> Guard | None:
        self._guard_forms[key] = self._forms(sheet, ())
        severity = sheet.word("severity", ("hard", "soft"))
        question = sheet.both("question")
        basis = sheet.known_words("basis", self._laws, "lag", "law")
        who = self._role_words(sheet, "who")
        if not basis:
            sheet.fault("basis", "villkoret saknar lagstöd", "the guard has no legal basis")
        if not sheet.has("holds_when"):
            sheet.fault("holds_when", "holds_when saknas", "holds_when is missing")
        expression = sheet.expression("holds_when", names)
        if expression is None:
            return None
        suppliers = list(who)
        for name in expression.reading_order:
            suppliers += [role for role in self._suppliers(name) if role not in suppliers]
        return Guard(
            id=key,
            severity="hard" if severity == "hard" else "soft",
            question=question,
            basis=basis,
            expression=expression,
            who=tuple(suppliers),
        )

    def _suppliers(self, name: str) -> tuple[str, ...]:
        if name in self._fields:
            return self._fields[name].who
        return self._documents[name].signers if name in self._documents else ()

    def _duty(self, key: str, sheet: Sheet, guards: frozenset[str]) -> Duty:
        span = sheet.word("span", ("same_case", "always"))
        return Duty(
            id=key,
            first=sheet.words("first"),
            second=sheet.words("second"),
            span="same_case" if span == "same_case" else "always",
            text=sheet.both("text"),
            seen_by=sheet.known_words("seen_by", guards, "vakt", "guard"),
        )

    def _overlay(self, key: str, sheet: Sheet, guards: frozenset[str]) -> Overlay:
        return Overlay(
            id=key,
            name=sheet.text("name"),
            by=sheet.known_words("by", {*self._roles, SYSTEM}, "roll", "role"),
            forms=self._forms(sheet, FORMS),
            requires=sheet.known_words("requires", guards, "vakt", "guard"),
            effects=sheet.words("effects"),
        )
