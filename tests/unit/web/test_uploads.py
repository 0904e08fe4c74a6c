"""A file's kind comes from its content; names are cleaned; traps inside archives are not taken in."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest

from web.forms.uploads import EXCEL, LARGEST_FILE, WORD, UploadFault, clean_name, kind_of, read_upload


def archive(*names: str) -> bytes:
    """This will make an archive with empty entries of these names."""
    made = BytesIO()
    with ZipFile(made, "w") as written:
        for name in names:
            written.writestr(name, "")
    return made.getvalue()


class TestKindOf:
    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            (b"%PDF-1.7\n", "application/pdf"),
            (b"\x89PNG\r\n\x1a\n", "image/png"),
            (b"\xff\xd8\xff\xe0", "image/jpeg"),
            ("Mätning å ä ö\n".encode(), "text/plain"),
            (archive("[Content_Types].xml", "word/document.xml"), WORD),
            (archive("[Content_Types].xml", "xl/workbook.xml"), EXCEL),
        ],
    )
    def test_reads_the_content(self, content: bytes, kind: str) -> None:
        assert kind_of(content) == kind

    @pytest.mark.parametrize(
        "content",
        [
            b"MZ\x90\x00",
            b"\x7fELF",
            b"PK\x03\x04 not an archive",
            archive("word/document.xml"),
            archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            archive("[Content_Types].xml", "word/document.xml", "../evil"),
            archive("anything.exe"),
            b"text with \x00 inside",
        ],
    )
    def test_takes_in_nothing_else(self, content: bytes) -> None:
        assert kind_of(content) is None


class TestReadUpload:
    def test_gives_the_ending_of_the_content_not_of_the_name(self) -> None:
        read = read_upload("faktura.exe", BytesIO(b"%PDF-1.7 ..."))

        assert read.name == "faktura.pdf"
        assert read.media_type == "application/pdf"

    @pytest.mark.parametrize(
        ("name", "content"), [("", b"x"), ("tom.txt", b""), ("stor.txt", b"a" * (LARGEST_FILE + 1))]
    )
    def test_refuses_nothing_empty_and_too_large(self, name: str, content: bytes) -> None:
        with pytest.raises(UploadFault):
            read_upload(name, BytesIO(content))


class TestCleanName:
    @pytest.mark.parametrize(
        ("name", "clean"),
        [
            ("../../etc/passwd", "passwd.pdf"),
            ("C:\\Users\\x\\avtal.docx", "avtal.pdf"),
            ("avtal\u202efdp.exe", "avtalfdp.pdf"),
            ("{{ 7*7 }}.txt", "__ 7_7 __.pdf"),
            ("...", "fil.pdf"),
            ("a" * 500 + ".pdf", "a" * 150 + ".pdf"),
        ],
    )
    def test_keeps_no_folder_no_trick_and_no_brace(self, name: str, clean: str) -> None:
        assert clean_name(name, "application/pdf") == clean
