"""Word files as packages: written always the same, opened with care."""

from __future__ import annotations

import io
import zipfile

import pytest

from contracts.package import UnreadableWordFile, pack, read_parts, write_parts
from tests.unit.contracts.words import document_xml

PARTS = {"word/document.xml": document_xml("text"), "[Content_Types].xml": b"<Types/>", "word/å.xml": b"<a/>"}


def zipped(parts: dict[str, bytes]) -> bytes:
    """A package as the standard library writes it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


class TestWriteParts:
    def test_the_order_given_does_not_matter(self) -> None:
        forwards = write_parts({name: pack(content) for name, content in PARTS.items()})
        backwards = write_parts({name: pack(content) for name, content in reversed(PARTS.items())})

        assert forwards == backwards

    def test_the_standard_library_reads_it_whole(self) -> None:
        content = write_parts({name: pack(content) for name, content in PARTS.items()})

        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            assert archive.namelist()[0] == "[Content_Types].xml"
            assert {name: archive.read(name) for name in archive.namelist()} == PARTS
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}

    def test_reads_back(self) -> None:
        content = write_parts({name: pack(content) for name, content in PARTS.items()})

        assert read_parts(content, name="prov.docx") == PARTS


class TestReadParts:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"PK\x03\x04",
            b"not a file at all",
            zipped({"word/document.xml": b"x", "word/vbaProject.bin": b"x"}),
            zipped({"word/document.xml": b"x", "../outside.xml": b"x"}),
            zipped({"word/document.xml": b"x", "/root.xml": b"x"}),
            zipped({"word/document.xml": b"x", "WORD/document.xml": b"x"}),
            zipped({"word/other.xml": b"x"}),
            zipped({"word/document.xml": b"0" * 41_000_000}),
            zipped({"word/document.xml": b"x"})[:-10],
        ],
        ids=["empty", "head", "text", "macro", "dots", "root", "double", "no text", "bomb", "cut"],
    )
    def test_refuses(self, content: bytes) -> None:
        with pytest.raises(UnreadableWordFile) as raised:
            read_parts(content, name="prov.docx")

        assert "prov.docx" in raised.value.message.sv
        assert "prov.docx" in raised.value.message.en

    def test_a_changed_byte_is_found(self) -> None:
        content = bytearray(write_parts({"word/document.xml": pack(document_xml("text " * 100))}))
        content[80] ^= 0x10

        with pytest.raises(UnreadableWordFile):
            read_parts(bytes(content), name="prov.docx")
