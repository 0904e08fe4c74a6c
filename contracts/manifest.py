"""What lies beside a template: its title, words, clauses, signatories, source and approval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, cast

import yaml

from engine.domain.commands import Language
from engine.domain.reasons import EngineError
from engine.domain.values import Text

Kind = Literal["agreement", "record", "letter", "decision"]
Variant = Literal["all", "state", "regional", "company", "joint"]

KINDS: Final = ("agreement", "record", "letter", "decision")
VARIANTS: Final = ("all", "state", "regional", "company", "joint")
LANGUAGES: Final[tuple[Language, Language]] = ("sv", "en")
FORM_OF_LETTER: Final[Mapping[str, Variant]] = {"S": "state", "R": "regional", "C": "company", "J": "joint"}
APPROVED: Final = "approved"


class TemplateMissing(EngineError):
    """A file that a document needs is not there; the sentence names it and says how to mend it."""

    code = "template_missing"


class ManifestFault(EngineError):
    """A manifest cannot be read as one."""

    code = "manifest_fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClausePlace:
    """A clause in a document; ``when`` is a condition in the guard language, empty for always."""

    id: str
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The manifest of a document template.

    ``words`` are the fields and particulars the text uses, sorted. ``clauses`` stand in their order in the text.
    ``signers`` are role keys in signing order. ``approval`` is ``approved`` or says what the text is instead.
    """

    id: str
    version: str
    kind: Kind
    title: Text
    words: tuple[str, ...]
    clauses: tuple[ClausePlace, ...]
    signers: tuple[str, ...]
    source: str
    approval: str

    @property
    def form(self) -> Variant:
        """The ownership form of the document, from the letter its id begins with."""
        return FORM_OF_LETTER[self.id[0]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseManifest:
    """The manifest of a clause.

    ``text_hash`` maps variant and language to the SHA-256 of the text, for a locked clause only.
    """

    id: str
    version: str
    title: Text
    variants: tuple[Variant, ...]
    is_locked: bool
    source: str
    approval: str
    text_hash: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def variant_for(self, form: Variant) -> Variant:
        """This will return the variant for a form: its own, else the one for all. Raises TemplateMissing."""
        if form in self.variants:
            return form
        if "all" in self.variants:
            return "all"
        raise TemplateMissing(
            Text(
                sv=f"Klausulen {self.id} saknar en variant för {form}. Lägg till {form}.sv.docx och {form}.en.docx.",
                en=f"Clause {self.id} has no variant for {form}. Add {form}.sv.docx and {form}.en.docx.",
            )
        )


def read_manifest(root: Path, document: str, version: str) -> Manifest:
    """This will read ``documents/<id>/<version>/manifest.yaml``. Raises TemplateMissing or ManifestFault."""
    path = root / "documents" / document / version / "manifest.yaml"
    entries = _mapping(path, root)
    kind = _text(entries, "kind", path)
    if kind not in KINDS or document[:1] not in FORM_OF_LETTER:
        raise _fault(path, f"kind {kind}")
    return Manifest(
        id=_same(entries, "id", document, path),
        version=_same(entries, "version", version, path),
        kind=cast(Kind, kind),
        title=_both(entries, "title", path),
        words=tuple(str(word) for word in _items(entries, "words", path)),
        clauses=tuple(_place(entry, path) for entry in _items(entries, "clauses", path)),
        signers=tuple(str(role) for role in _items(entries, "signers", path)),
        source=_text(entries, "source", path),
        approval=_text(entries, "approval", path),
    )


def read_clause(root: Path, clause: str, version: str = "v1") -> ClauseManifest:
    """This will read ``clauses/<id>/<version>/clause.yaml``. Raises TemplateMissing or ManifestFault."""
    path = root / "clauses" / clause / version / "clause.yaml"
    entries = _mapping(path, root)
    variants = tuple(str(variant) for variant in _items(entries, "variants", path))
    if not variants or not set(variants) <= set(VARIANTS):
        raise _fault(path, f"variants {', '.join(variants)}")
    hashes = entries.get("text_hash") or {}
    if not isinstance(hashes, dict):
        raise _fault(path, "text_hash")
    return ClauseManifest(
        id=_same(entries, "id", clause, path),
        version=_same(entries, "version", version, path),
        title=_both(entries, "title", path),
        variants=cast(tuple[Variant, ...], variants),
        is_locked=entries.get("locked") is True,
        source=_text(entries, "source", path),
        approval=_text(entries, "approval", path),
        text_hash={str(variant): {str(k): str(v) for k, v in dict(texts).items()} for variant, texts in hashes.items()},
    )


def read_file(path: Path, root: Path) -> bytes:
    """This will read a template file. Raises TemplateMissing with the file's place and the way to mend it."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as fault:
        place = path.relative_to(root).as_posix()
        raise TemplateMissing(
            Text(
                sv=f"Mallfilen {place} saknas. Lägg tillbaka filen i mallkatalogen och kör ”samverk templates check”.",
                en=f"The template file {place} is missing. Put it back and run “samverk templates check”.",
            )
        ) from fault


def _mapping(path: Path, root: Path) -> Mapping[str, object]:
    try:
        entries = _entries(read_file(path, root))
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        raise _fault(path, "YAML") from fault
    if entries is None:
        raise _fault(path, "YAML")
    return entries


@lru_cache(maxsize=512)
def _entries(content: bytes) -> Mapping[str, object] | None:
    entries = yaml.safe_load(content)
    return {str(key): value for key, value in entries.items()} if isinstance(entries, dict) else None


def _place(entry: object, path: Path) -> ClausePlace:
    match entry:
        case str():
            return ClausePlace(id=entry)
        case {"id": str(clause), "when": str(when)}:
            return ClausePlace(id=clause, when=when)
        case _:
            raise _fault(path, "clauses")


def _text(entries: Mapping[str, object], key: str, path: Path) -> str:
    value = entries.get(key)
    if not isinstance(value, str) or not value:
        raise _fault(path, key)
    return value


def _same(entries: Mapping[str, object], key: str, expected: str, path: Path) -> str:
    if entries.get(key) != expected:
        raise _fault(path, key)
    return expected


def _both(entries: Mapping[str, object], key: str, path: Path) -> Text:
    match entries.get(key):
        case {"sv": str(sv), "en": str(en)} if sv and en:
            return Text(sv=sv, en=en)
        case _:
            raise _fault(path, key)


def _items(entries: Mapping[str, object], key: str, path: Path) -> list[object]:
    value = entries.get(key)
    if not isinstance(value, list):
        raise _fault(path, key)
    return value


def _fault(path: Path, what: str) -> ManifestFault:
    place = "/".join(path.parts[-4:])
    return ManifestFault(
        Text(
            sv=f"Manifestet {place} kan inte läsas: ”{what}” saknas eller är fel.",
            en=f"The manifest {place} cannot be read: “{what}” is missing or wrong.",
        )
    )
