"""The engine's port ``Documents``, kept by Word templates on disk."""

from __future__ import annotations

import hashlib
import os
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import Final

from contracts.assembly import assemble, source_files
from contracts.context import build_context
from contracts.manifest import ClausePlace, Manifest, TemplateMissing, read_manifest
from contracts.renderer import Compiled, compile_template, draw
from engine.domain.commands import Language, Rendition
from engine.domain.expressions import Environment, Names, parse, shape_of
from engine.domain.fields import Field, RowTable
from engine.domain.roles import Role
from engine.domain.values import Facts, Text, local_day

MOST_KEPT: Final = 128
UNDATED: Final = date(2000, 1, 1)
_ID: Final = re.compile(r"[SRCJ]-[A-Z]{3}-\d{2}")
_FIELD: Final = re.compile(r"[a-z]+\.[a-z0-9_]+")
_VERSION: Final = re.compile(r"v[1-9]\d{0,3}")

Stamp = tuple[tuple[int, int] | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    paths: tuple[str, ...]
    stamp: Stamp
    compiled: Compiled


class WordDocuments:
    """Draws documents from the templates under ``templates_root``.

    ``tables`` and ``roles`` are those of the definitions: they give rows and signatories their labels.
    """

    def __init__(
        self,
        templates_root: Path,
        *,
        tables: Mapping[str, RowTable] | None = None,
        roles: Mapping[str, Role] | None = None,
    ) -> None:
        self._root = templates_root
        self._tables = tables or {}
        self._roles = roles or {}
        self._kept: OrderedDict[tuple[object, ...], _Kept] = OrderedDict()
        self._manifests: dict[tuple[str, str], tuple[int, Manifest]] = {}
        self._lock = Lock()

    def render(
        self,
        *,
        document: str,
        template_version: str,
        language: Language,
        facts: Facts,
        fields: Mapping[str, Field],
        particulars: Facts,
        is_draft: bool,
    ) -> tuple[bytes, Rendition]:
        """This will make one document.

        ``particulars`` are words that are not fields, by dotted name (``contracts.context.PARTICULARS``), row tables
        (``rows.permits``), ``signers``, ``opinions`` and ``approvals`` as tuples of records, and ``clauses`` when the
        caller has already chosen them. The same arguments give the same bytes on any day and machine.

        Raises TemplateMissing, UnprintableValue, Gaps (unless ``is_draft``), LockedClauseChanged and TemplateFault.
        """
        manifest = self.manifest(document, template_version)
        clauses = _chosen_clauses(manifest, facts, fields, particulars)
        compiled = self.compiled(manifest, language, clauses)
        context, noted = build_context(
            manifest=manifest,
            language=language,
            facts=facts,
            fields=fields,
            particulars=particulars,
            tables=self._tables,
            roles=self._roles,
            words=compiled.words,
            is_draft=is_draft,
        )
        on = particulars.get("doc.date")
        on = local_day(on) if isinstance(on, datetime) else on
        drawn = draw(
            compiled,
            context,
            noted,
            title=manifest.title,
            on=on if isinstance(on, date) else UNDATED,
            is_draft=is_draft,
        )
        return drawn.content, Rendition(
            template_version=template_version,
            template_hash=compiled.template_hash,
            content_hash=drawn.content_hash,
            file_hash=hashlib.sha256(drawn.content).hexdigest(),
            size=len(drawn.content),
            locked_clauses_ok=drawn.locked_clauses_ok,
        )

    def manifest(self, document: str, version: str) -> Manifest:
        """This will return a document's manifest. Raises TemplateMissing and ManifestFault."""
        if not _ID.fullmatch(document) or not _VERSION.fullmatch(version):
            raise TemplateMissing(
                Text(
                    sv="Det finns ingen mall med den beteckningen och versionen.",
                    en="There is no template with that id and version.",
                )
            )
        path = self._root / "documents" / document / version / "manifest.yaml"
        try:
            changed = path.stat().st_mtime_ns
        except OSError:
            return read_manifest(self._root, document, version)
        kept = self._manifests.get((document, version))
        if kept is None or kept[0] != changed:
            kept = self._manifests[document, version] = (changed, read_manifest(self._root, document, version))
        return kept[1]

    def compiled(self, manifest: Manifest, language: Language, clauses: tuple[str, ...]) -> Compiled:
        """This will return the joined and compiled template; read anew only when one of its files has changed."""
        key = (manifest.id, manifest.version, language, clauses)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and _stamp(kept.paths) == kept.stamp:
                self._kept.move_to_end(key)
                return kept.compiled
        # The stamp is taken before reading: a file that changes meanwhile is read again next time.
        paths = tuple(str(path) for path in source_files(self._root, manifest, language, clauses))
        stamp = _stamp(paths)
        compiled = compile_template(assemble(self._root, manifest, language, clauses), language)
        with self._lock:
            self._kept[key] = _Kept(paths=paths, stamp=stamp, compiled=compiled)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return compiled


def _stamp(paths: tuple[str, ...]) -> Stamp:
    """Time and size of each file; a missing one is None, which reading the template will then name."""
    return tuple(_stamp_of(path) for path in paths)


def _stamp_of(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_size)


def _chosen_clauses(
    manifest: Manifest, facts: Facts, fields: Mapping[str, Field], particulars: Facts
) -> tuple[str, ...]:
    given = particulars.get("clauses")
    if isinstance(given, tuple):
        wanted = {str(clause) for clause in given}
        return tuple(place.id for place in manifest.clauses if place.id in wanted)
    return tuple(place.id for place in manifest.clauses if _applies(place, facts, fields))


def _applies(place: ClausePlace, facts: Facts, fields: Mapping[str, Field]) -> bool:
    if not place.when:
        return True
    read = {name: shape_of(fields[name]) for name in _FIELD.findall(place.when) if name in fields}
    condition = parse(place.when, Names(fields=read))
    # Conditions of clauses read fields only: no day, no figure of the law, no document.
    asked = Environment(facts=facts, today=UNDATED, parameters=_no_figure, documents=frozenset())
    return condition.holds(asked) is True


def _no_figure(_: str) -> Decimal | None:
    return None
