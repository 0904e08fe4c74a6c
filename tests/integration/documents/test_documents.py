"""Every document of the register, made from the templates in the checkout."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from contracts.assembly import plain_text_of
from contracts.catalogue import Catalogue
from contracts.check import check_templates, render_from_facts, text_of
from contracts.documents import WordDocuments
from contracts.manifest import TemplateMissing, read_manifest
from contracts.package import UnreadableWordFile, read_parts
from contracts.renderer import Gaps, LockedClauseChanged
from contracts.samples import sample_facts, sample_particulars
from engine.definitions.catalogue import load_catalogue
from engine.domain.commands import Language, Rendition
from engine.domain.values import Value

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "templates"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The registers of all forms."""
    read = load_catalogue(ROOT / "workflows")
    return Catalogue(fields=read.fields, tables=read.tables, roles=read.roles, documents=read.documents)


@pytest.fixture(scope="module")
def documents(catalogue: Catalogue) -> WordDocuments:
    """The port on the checkout's templates."""
    return WordDocuments(TEMPLATES, tables=catalogue.tables, roles=catalogue.roles)


def rendered(
    documents: WordDocuments,
    catalogue: Catalogue,
    document: str,
    language: Language = "sv",
    *,
    facts: Mapping[str, Value] | None = None,
    is_draft: bool = False,
) -> tuple[bytes, Rendition]:
    """A document with sample facts, some of them replaced."""
    form = documents.manifest(document, "v1").form
    return documents.render(
        document=document,
        template_version="v1",
        language=language,
        facts={**sample_facts(catalogue.fields, form), **(facts or {})},
        fields=catalogue.fields,
        particulars=sample_particulars(form, catalogue.tables, language=language),
        is_draft=is_draft,
    )


class TestTemplates:
    def test_have_no_fault(self, catalogue: Catalogue) -> None:
        faults = check_templates(TEMPLATES, catalogue)

        assert [fault.in_language("en") for fault in faults] == []

    def test_exist_for_every_document_of_the_register(self, catalogue: Catalogue) -> None:
        present = {folder.name for folder in (TEMPLATES / "documents").iterdir()}

        assert present == set(catalogue.documents)


class TestAgreement:
    FACTS: Mapping[str, Value] = {
        "price.amount_sek": Decimal(427500),
        "scope.start_date": date(2025, 12, 1),
        "scope.staff_role": "perform",
        "scope.personal_data": "none",
    }

    def test_says_what_the_case_says(self, documents: WordDocuments, catalogue: Catalogue) -> None:
        swedish = text_of(rendered(documents, catalogue, "S-LEG-04", facts=self.FACTS)[0]).replace("\u00a0", " ")
        english = text_of(rendered(documents, catalogue, "S-LEG-04", "en", facts=self.FACTS)[0]).replace("\u00a0", " ")

        assert "427 500 kr" in swedish
        assert "1 december 2025" in swedish
        assert "SEK 427,500" in english
        assert "1 December 2025" in english
        for text in (swedish, english):
            assert "Tiger & Lejon <Bioteknik> AB (fiktivt)" in text
            assert "202100-2973" in text

    @pytest.mark.parametrize(
        ("facts", "is_there"),
        [
            ({"scope.staff_role": "perform"}, True),
            ({"scope.staff_role": "none"}, False),
            ({"scope.staff_role": None}, False),
        ],
    )
    def test_a_clause_is_there_when_its_condition_holds(
        self, documents: WordDocuments, catalogue: Catalogue, facts: Mapping[str, Value], is_there: bool
    ) -> None:
        content, _ = rendered(documents, catalogue, "S-LEG-04", facts={**self.FACTS, **facts}, is_draft=True)

        assert (b'w:name="CL_08"' in read_parts(content, name="docx")["word/document.xml"]) is is_there

    def test_locked_clauses_are_proved(self, documents: WordDocuments, catalogue: Catalogue) -> None:
        assert rendered(documents, catalogue, "S-LEG-04")[1].locked_clauses_ok is True
        assert rendered(documents, catalogue, "S-SCO-01")[1].locked_clauses_ok is None

    def test_the_footer_shows_the_hash(self, documents: WordDocuments, catalogue: Catalogue) -> None:
        content, rendition = rendered(documents, catalogue, "S-LEG-04")
        shown = " ".join(rendition.content_hash[place : place + 4] for place in range(0, 16, 4))

        assert f"S-LEG-04 v1 · Innehåll {shown}" in text_of(content)


class TestBytes:
    @pytest.mark.parametrize("document", ["S-LEG-05", "R-CON-04", "C-INQ-01"])
    def test_are_the_same_twice_and_by_another_instance(
        self, documents: WordDocuments, catalogue: Catalogue, document: str
    ) -> None:
        first, rendition = rendered(documents, catalogue, document)
        again, _ = rendered(documents, catalogue, document)
        other, _ = rendered(
            WordDocuments(TEMPLATES, tables=catalogue.tables, roles=catalogue.roles), catalogue, document
        )

        assert first == again == other
        assert rendition.file_hash == hashlib.sha256(first).hexdigest()
        assert rendition.size == len(first)

    def test_are_the_same_in_a_fresh_process(self, catalogue: Catalogue) -> None:
        program = (
            "import hashlib; from pathlib import Path\n"
            "from contracts.catalogue import Catalogue; from contracts.check import render_from_facts\n"
            "from contracts.samples import sample_facts\n"
            "from engine.definitions.catalogue import load_catalogue\n"
            "read = load_catalogue(Path('workflows'))\n"
            "catalogue = Catalogue(\n"
            "    fields=read.fields, tables=read.tables, roles=read.roles, documents=read.documents)\n"
            "content, _ = render_from_facts(Path('templates'), catalogue, document='S-LEG-04', language='sv',\n"
            "    facts=sample_facts(read.fields, 'state'))\n"
            "print(hashlib.sha256(content).hexdigest())\n"
        )
        environment = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONPATH": str(ROOT)}
        process = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        here, _ = render_from_facts(
            TEMPLATES, catalogue, document="S-LEG-04", language="sv", facts=sample_facts(catalogue.fields, "state")
        )

        assert process.stdout.strip() == hashlib.sha256(here).hexdigest()

    def test_a_changed_byte_is_found(self, documents: WordDocuments, catalogue: Catalogue) -> None:
        content, rendition = rendered(documents, catalogue, "S-LEG-04")
        for place in range(0, len(content), len(content) // 40):
            changed = bytearray(content)
            changed[place] ^= 1

            assert hashlib.sha256(changed).hexdigest() != rendition.file_hash


class TestGaps:
    def test_a_final_agreement_names_them(self, documents: WordDocuments, catalogue: Catalogue) -> None:
        with pytest.raises(Gaps) as raised:
            rendered(documents, catalogue, "S-LEG-04", facts={"price.amount_sek": None, "sme.org_nr": None})

        assert set(raised.value.gaps) == {"price.amount_sek", "sme.org_nr"}

    def test_a_draft_shows_them(self, documents: WordDocuments, catalogue: Catalogue) -> None:
        content, _ = rendered(documents, catalogue, "S-LEG-04", facts={"sme.org_nr": None}, is_draft=True)

        assert "«[saknas: " in text_of(content)
        assert "Utkast" in text_of(content)


class TestTemplatesOnDisk:
    @pytest.fixture
    def copy(self, tmp_path: Path) -> Path:
        """A copy of the templates that a test may spoil."""
        for folder in ("house", "clauses"):
            shutil.copytree(TEMPLATES / folder, tmp_path / folder)
        shutil.copytree(TEMPLATES / "documents" / "S-LEG-04", tmp_path / "documents" / "S-LEG-04")
        return tmp_path

    @pytest.mark.parametrize(
        "file",
        [
            "documents/S-LEG-04/v1/document.sv.docx",
            "documents/S-LEG-04/v1/manifest.yaml",
            "clauses/CL-12/v1/state.sv.docx",
            "clauses/CL-12/v1/clause.yaml",
            "house/v1/house.sv.docx",
            "house/v1/cover.sv.docx",
        ],
    )
    def test_a_missing_one_is_named_with_its_mend(self, copy: Path, catalogue: Catalogue, file: str) -> None:
        (copy / file).unlink()

        with pytest.raises(TemplateMissing) as raised:
            rendered(WordDocuments(copy), catalogue, "S-LEG-04")

        assert file in raised.value.message.sv
        assert "samverk templates check" in raised.value.message.en

    @pytest.mark.parametrize("document", ["S-LEG-99", "../secret", "S-LEG-04/..", "", "s-leg-04"])
    def test_an_unknown_document_is_refused(self, documents: WordDocuments, document: str) -> None:
        with pytest.raises(TemplateMissing):
            documents.manifest(document, "v1")

    def test_a_locked_clause_that_was_edited_stops_the_document(self, copy: Path, catalogue: Catalogue) -> None:
        place = copy / "clauses/CL-12/v1"
        shutil.copy(place / "state.en.docx", place / "state.sv.docx")
        documents = WordDocuments(copy)

        with pytest.raises(LockedClauseChanged):
            rendered(documents, catalogue, "S-LEG-04")
        assert rendered(documents, catalogue, "S-LEG-04", is_draft=True)[1].locked_clauses_ok is False

    def test_a_changed_template_is_read_again(self, copy: Path, catalogue: Catalogue) -> None:
        documents = WordDocuments(copy)
        first, _ = rendered(documents, catalogue, "S-LEG-04")
        place = copy / "clauses/CL-24/v1"
        for file in place.glob("*.sv.docx"):
            shutil.copy(place / file.name.replace(".sv.", ".en."), file)
        second, _ = rendered(documents, catalogue, "S-LEG-04")

        assert plain_text_of(first) != plain_text_of(second)

    def test_a_damaged_one_is_named(self, copy: Path, catalogue: Catalogue) -> None:
        (copy / "house/v1/sign.sv.docx").write_bytes(b"PK damaged")

        with pytest.raises(UnreadableWordFile) as raised:
            rendered(WordDocuments(copy), catalogue, "S-LEG-04")

        assert "house/v1/sign.sv.docx" in raised.value.message.en


class TestPdf:
    def test_libreoffice_opens_every_agreement(
        self, documents: WordDocuments, catalogue: Catalogue, tmp_path: Path
    ) -> None:
        agreements = [
            document for document in catalogue.documents if read_manifest(TEMPLATES, document, "v1").kind == "agreement"
        ]
        for document in agreements:
            (tmp_path / f"{document}.docx").write_bytes(rendered(documents, catalogue, document)[0])
        _converted(tmp_path)

        assert len(agreements) >= 10
        for document in agreements:
            text = _pdf_text(tmp_path / f"{document}.pdf")
            title = catalogue.documents[document].title.sv
            assert title.split()[0] in text
            assert "Tiger & Lejon <Bioteknik> AB (fiktivt)" in text
            assert "Undertecknande" in text
            assert "{{" not in text
            assert "Sida 1 av" in text


def _converted(folder: Path) -> None:
    soffice = shutil.which("soffice")
    assert soffice, "LibreOffice is needed for this test: install libreoffice-writer"
    profile = (folder / "profile").as_uri()
    files = sorted(str(file) for file in folder.glob("*.docx"))
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            *files,
        ],
        capture_output=True,
        timeout=240,
        check=True,
    )


def _pdf_text(file: Path) -> str:
    process = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, timeout=60, check=True)
    return process.stdout.decode()
