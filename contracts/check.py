"""Checks every template: its faults, its manifest, Swedish beside English, and a drawing of each with sample facts."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

from contracts.assembly import HOUSE, HOUSE_BLOCKS, plain_text_of, text_hash_of_file
from contracts.catalogue import Catalogue
from contracts.documents import WordDocuments
from contracts.inspection import Fault, Findings, inspect_file
from contracts.manifest import LANGUAGES, ClauseManifest, Manifest, read_clause, read_file, read_manifest
from contracts.samples import sample_facts, sample_particulars
from contracts.vocabulary import LISTS, PARTICULARS
from engine.domain.commands import Language, Rendition
from engine.domain.reasons import EngineError
from engine.domain.values import Facts, Text

_BRACES: Final = re.compile(r"\{[{%#_]|[}%#_]\}|\[\[|\]\]")


def check_templates(root: Path, catalogue: Catalogue) -> list[Fault]:
    """This will return every fault of the templates under ``root``, in order of file; an empty list is a pass."""
    check = _Check(root, catalogue)
    return [*check.house(), *check.clauses(), *check.documents()]


def render_from_facts(
    root: Path,
    catalogue: Catalogue,
    *,
    document: str,
    language: Language,
    facts: Facts,
    particulars: Facts | None = None,
    is_draft: bool = False,
) -> tuple[bytes, Rendition]:
    """This will draw one document from facts alone.

    What is not said in ``particulars`` is that of the samples: the host of the form, no rows, no opinions; the date is
    that of the decision, else the day the inquiry came in, else a sample day.

    Raises what ``WordDocuments.render`` raises.
    """
    documents = WordDocuments(root, tables=catalogue.tables, roles=catalogue.roles)
    version = catalogue.documents[document].template if document in catalogue.documents else "v1"
    form = documents.manifest(document, version).form
    given = sample_particulars(form, {}, language=language, choice=1)
    given["doc.date"] = facts.get("decision.date") or facts.get("case.received_at") or given["doc.date"]
    given |= particulars or {}
    return documents.render(
        document=document,
        template_version=version,
        language=language,
        facts=facts,
        fields=catalogue.fields,
        particulars=given,
        is_draft=is_draft,
    )


def text_of(content: bytes) -> str:
    """This will read the text of a Word file back, tables, headers and footers included, one paragraph a line."""
    document = Document(io.BytesIO(content))
    lines = [*_lines(document.iter_inner_content())]
    for section in document.sections:
        for part in (section.header, section.first_page_header, section.footer, section.first_page_footer):
            lines.extend(_lines(part.iter_inner_content()))
    return "\n".join(lines)


def _lines(content: Iterator[Paragraph | Table]) -> Iterator[str]:
    for block in content:
        if isinstance(block, Paragraph):
            yield block.text
        else:
            for row in block.rows:
                for cell in row.cells:
                    yield from _lines(cell.iter_inner_content())


class _Check:
    def __init__(self, root: Path, catalogue: Catalogue) -> None:
        self._root = root
        self._catalogue = catalogue
        self._documents = WordDocuments(root, tables=catalogue.tables, roles=catalogue.roles)

    def house(self) -> Iterator[Fault]:
        for language in LANGUAGES:
            for name in ("house", *HOUSE_BLOCKS):
                yield from self._inspected(f"{HOUSE}/{name}.{language}.docx").faults

    def clauses(self) -> Iterator[Fault]:
        for folder in _versions(self._root / "clauses"):
            place = f"clauses/{folder.parent.name}/{folder.name}"
            try:
                manifest = read_clause(self._root, folder.parent.name, folder.name)
            except EngineError as error:
                yield Fault(file=place, message=error.message)
                continue
            for variant in manifest.variants:
                files = {language: f"{place}/{variant}.{language}.docx" for language in LANGUAGES}
                found = {language: self._inspected(file) for language, file in files.items()}
                for findings in found.values():
                    yield from findings.faults
                yield from _parity(files["en"], found)
                if manifest.is_locked:
                    for language, file in files.items():
                        yield from self._locked(manifest, variant, language, file, found[language])

    def documents(self) -> Iterator[Fault]:
        present: set[str] = set()
        for folder in _versions(self._root / "documents"):
            document, version = folder.parent.name, folder.name
            place = f"documents/{document}/{version}"
            present.add(f"{document} {version}")
            try:
                manifest = read_manifest(self._root, document, version)
            except EngineError as error:
                yield Fault(file=place, message=error.message)
                continue
            files = {language: f"{place}/document.{language}.docx" for language in LANGUAGES}
            found = {language: self._inspected(file) for language, file in files.items()}
            faults = [fault for findings in found.values() for fault in findings.faults]
            yield from faults
            yield from _parity(files["en"], found)
            yield from self._manifest_faults(place, manifest, found)
            if not faults:
                for language in LANGUAGES:
                    yield from self._drawings(files[language], manifest, language)
        for document, entry in self._catalogue.documents.items():
            if f"{document} {entry.template}" not in present:
                yield Fault(file=f"documents/{document}/{entry.template}", message=NO_TEMPLATE)

    def _inspected(self, file: str) -> Findings:
        try:
            content = read_file(self._root / file, self._root)
        except EngineError as error:
            return Findings(faults=[Fault(file=file, message=error.message)])
        return inspect_file(content, file, is_known=self._is_known)

    def _is_known(self, word: str) -> bool:
        if word in self._catalogue.fields or word in PARTICULARS:
            return True
        if word.startswith("rows."):
            _, table, *column = word.split(".")
            columns = self._catalogue.tables[table].columns if table in self._catalogue.tables else ()
            return bool(columns) and (not column or column[0] in {entry.name for entry in columns})
        name, *rest = _list_name(word)
        return name in LISTS and (not rest or rest[0] in LISTS[name])

    def _locked(
        self, manifest: ClauseManifest, variant: str, language: Language, file: str, findings: Findings
    ) -> Iterator[Fault]:
        if findings.words or findings.statements:
            yield Fault(file=file, message=LOCKED_WITH_TAGS)
        approved = manifest.text_hash.get(variant, {}).get(language)
        if approved != text_hash_of_file(read_file(self._root / file, self._root), file):
            yield Fault(file=file, message=LOCKED_CHANGED)

    def _manifest_faults(self, place: str, manifest: Manifest, found: Mapping[Language, Findings]) -> Iterator[Fault]:
        file = f"{place}/manifest.yaml"
        used = {_word_in_manifest(word) for findings in found.values() for word in findings.words}
        for word in sorted(set(manifest.words) - used):
            yield Fault(file=file, message=Text(sv=f"ordet {word} används inte", en=f"the word {word} is not used"))
        for word in sorted(used - set(manifest.words)):
            yield Fault(file=file, message=Text(sv=f"ordet {word} saknas", en=f"the word {word} is missing"))
        entry = self._catalogue.documents.get(manifest.id)
        if entry is None:
            yield Fault(file=file, message=NOBODY_ISSUES)
            return
        if manifest.signers != entry.signers:
            yield Fault(file=file, message=_differs("signers", ", ".join(entry.signers)))
        if tuple(place.id for place in manifest.clauses) != tuple(use.id for use in entry.clauses):
            yield Fault(file=file, message=_differs("clauses", ", ".join(use.id for use in entry.clauses)))
        if manifest.title != entry.title:
            yield Fault(file=file, message=_differs("title", entry.title.sv))
        for findings in found.values():
            if "sign" not in findings.marks:
                yield Fault(file=place, message=NO_SIGNATURES)

    def _drawings(self, file: str, manifest: Manifest, language: Language) -> Iterator[Fault]:
        """Every template with every sample of its form: all values, other choices and empty tables, nothing known."""
        for choice in (0, 1, 2):
            facts = sample_facts(self._catalogue.fields, manifest.form, choice=choice)
            particulars = sample_particulars(manifest.form, self._catalogue.tables, language=language, choice=choice)
            # Reading back with another library than ours is slow: once for each document and language is enough.
            drawing = self._drawing(file, manifest, language, facts, particulars, reads_back=choice == 0)
            yield from drawing
        yield from self._drawing(file, manifest, language, {}, {}, is_draft=True)

    def _drawing(
        self,
        file: str,
        manifest: Manifest,
        language: Language,
        facts: Facts,
        particulars: Facts,
        *,
        is_draft: bool = False,
        reads_back: bool = False,
    ) -> Iterator[Fault]:
        try:
            content, rendition = self._documents.render(
                document=manifest.id,
                template_version=manifest.version,
                language=language,
                facts=facts,
                fields=self._catalogue.fields,
                particulars=particulars,
                is_draft=is_draft,
            )
        except EngineError as error:
            yield Fault(file=file, message=error.message)
            return
        if rendition.locked_clauses_ok is False:
            yield Fault(file=file, message=LOCKED_CHANGED)
        text = text_of(content) if reads_back else plain_text_of(content)
        for line in text.splitlines():
            if _BRACES.search(line):
                yield Fault(file=file, message=LEFT_OVER, quote=line.strip()[:80])
            if language == "sv" and re.search(r"\bNone\b", line):
                yield Fault(file=file, message=PRINTS_NONE, quote=line.strip()[:80])


def _versions(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(version for entry in folder.iterdir() if entry.is_dir() for version in entry.iterdir())


def _parity(file: str, found: Mapping[Language, Findings]) -> Iterator[Fault]:
    """Compares the two languages: the same words, conditions, marks and number of clause paragraphs."""
    swedish, english = found["sv"], found["en"]
    words = {_in_one_language(word) for word in swedish.words} ^ {_in_one_language(word) for word in english.words}
    if words:
        yield Fault(file=file, message=_unlike("ord", "words", sorted(words)))
    statements = Counter(swedish.statements)
    statements.subtract(Counter(english.statements))
    if unlike := sorted(statement for statement, count in statements.items() if count):
        yield Fault(file=file, message=_unlike("villkor", "conditions", unlike))
    if swedish.marks != english.marks:
        yield Fault(file=file, message=_unlike("märken", "marks", sorted({*swedish.marks, *english.marks})))
    if swedish.numbered != english.numbered:
        counts = [str(swedish.numbered), str(english.numbered)]
        yield Fault(file=file, message=_unlike("antal numrerade stycken", "numbers of numbered paragraphs", counts))


def _in_one_language(word: str) -> str:
    return re.sub(r"_(sv|en)$", "_*", word)


def _word_in_manifest(word: str) -> str:
    if word.startswith("rows."):
        return ".".join(word.split(".")[:2])
    return _list_name(word)[0] if _list_name(word)[0] in LISTS else word


def _list_name(word: str) -> list[str]:
    for name in LISTS:
        if word == name or word.startswith(f"{name}."):
            return [name, *word[len(name) + 1 :].split(".")] if word != name else [name]
    return [word]


def _differs(what: str, register: str) -> Text:
    return Text(
        sv=f"{what} skiljer sig från dokumentregistret, som säger {register}",
        en=f"{what} differs from the documents' register, which says {register}",
    )


def _unlike(sv: str, en: str, items: list[str]) -> Text:
    return Text(
        sv=f"svenska och engelska har olika {sv}: {', '.join(items)}",
        en=f"Swedish and English have different {en}: {', '.join(items)}",
    )


NO_TEMPLATE: Final = Text(
    sv="mallen saknas för ett dokument i registret", en="a document of the register has no template"
)
NOBODY_ISSUES: Final = Text(sv="dokumentet finns inte i registret", en="the document is not in the register")
NO_SIGNATURES: Final = Text(sv="texten saknar [[sign]]", en="the text lacks [[sign]]")
LOCKED_WITH_TAGS: Final = Text(sv="en låst klausul får inte ha koder", en="a locked clause may not have tags")
LOCKED_CHANGED: Final = Text(
    sv="en låst klausul har inte den lydelse vars kontrollsumma står i clause.yaml",
    en="a locked clause does not have the wording whose hash stands in clause.yaml",
)
LEFT_OVER: Final = Text(
    sv="en kod eller ett märke står kvar i det färdiga dokumentet", en="a tag or mark is left in the document"
)
PRINTS_NONE: Final = Text(sv="”None” står i det färdiga dokumentet", en="“None” stands in the document")
