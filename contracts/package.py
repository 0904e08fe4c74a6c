"""A Word file as a package of parts: read with care, written always the same."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from struct import Struct
from typing import Final
from xml.sax.saxutils import escape

from engine.domain.reasons import EngineError
from engine.domain.values import Text

CORE_PART: Final = "docProps/core.xml"

_FIRST_DAY: Final = 0x0021
"""Every part carries 1 January 1980: the time is the only thing that would differ between two runs."""

_UTF8: Final = 0x0800
_ENTRY: Final = Struct("<HHHHHIII")
_NAME_LENGTHS: Final = Struct("<HH")
_MADE_BY: Final = Struct("<H")
_CENTRAL: Final = Struct("<HHHHHII")
_END: Final = Struct("<HHHHIIH")

COMPRESSION: Final = 6
LARGEST_FILE: Final = 20_000_000
LARGEST_PART: Final = 40_000_000
MOST_PARTS: Final = 500
FIRST_PARTS: Final = ("[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "docProps/app.xml")


class UnreadableWordFile(EngineError):
    """A file is not a Word package that we dare to open."""

    code = "unreadable_word_file"


def read_parts(content: bytes, *, name: str) -> dict[str, bytes]:
    """This will return the parts of a Word package by name. Raises UnreadableWordFile for anything else.

    Refused before any library sees it: parts named twice, paths that leave the package, macros and packages whose
    unpacked size is out of proportion.
    """
    if len(content) > LARGEST_FILE:
        raise _unreadable(name, Text(sv="den är för stor", en="it is too large"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _checked_parts(archive, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as fault:
        raise _unreadable(
            name, Text(sv="den är skadad eller ingen Word-fil", en="it is damaged or no Word file")
        ) from fault


@dataclass(frozen=True, slots=True)
class Packed:
    """A part ready to be written: its packed bytes, check sum and size. Packing is what takes time."""

    packed: bytes
    check_sum: int
    size: int


def pack(content: bytes) -> Packed:
    """This will pack one part."""
    squeezer = zlib.compressobj(COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Packed(squeezer.compress(content) + squeezer.flush(), zlib.crc32(content), len(content))


def write_parts(parts: Mapping[str, Packed]) -> bytes:
    """This will write parts as a Word file: fixed order, fixed time, so that the same parts give the same bytes.

    Written by hand because ``zipfile`` would pack the parts that never change (styles, numbering) every time.
    """
    body: list[bytes] = []
    directory: list[bytes] = []
    place = 0
    for name in sorted(parts, key=_order):
        part = parts[name]
        written = name.encode("utf-8")
        entry = _ENTRY.pack(20, _UTF8, zipfile.ZIP_DEFLATED, 0, _FIRST_DAY, part.check_sum, len(part.packed), part.size)
        head = b"PK\x03\x04" + entry + _NAME_LENGTHS.pack(len(written), 0) + written
        directory.append(
            b"PK\x01\x02" + _MADE_BY.pack(20) + entry + _CENTRAL.pack(len(written), 0, 0, 0, 0, 0, place) + written
        )
        body += (head, part.packed)
        place += len(head) + len(part.packed)
    listed = b"".join(directory)
    end = b"PK\x05\x06" + _END.pack(0, 0, len(parts), len(parts), len(listed), place, 0)
    return b"".join((*body, listed, end))


def core_properties(*, title: str, language: str, identifier: str, on: date) -> bytes:
    """This will write a file's properties; ``on`` is the day they all name, so that today never shows."""
    stamp = f"{on.isoformat()}T00:00:00Z"
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>Samverk</dc:creator>"
        f"<dc:identifier>{escape(identifier)}</dc:identifier><dc:language>{language}</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{stamp}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{stamp}</dcterms:modified></cp:coreProperties>'
    ).encode()


def _checked_parts(archive: zipfile.ZipFile, name: str) -> dict[str, bytes]:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(names) != len({entry.casefold() for entry in names}) or len(names) > MOST_PARTS:
        raise _unreadable(
            name, Text(sv="delar förekommer dubbelt eller är för många", en="parts are doubled or too many")
        )
    if any(entry.startswith(("/", "\\")) or ".." in entry.split("/") or "\\" in entry for entry in names):
        raise _unreadable(name, Text(sv="en del ligger utanför paketet", en="a part lies outside the package"))
    if sum(entry.file_size for entry in entries) > LARGEST_PART:
        raise _unreadable(name, Text(sv="den är för stor uppackad", en="it is too large when unpacked"))
    if "word/document.xml" not in names or any("vbaProject" in entry for entry in names):
        raise _unreadable(name, Text(sv="den saknar text eller har makron", en="it has no text, or macros"))
    return {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}


def _order(name: str) -> tuple[int, str]:
    return (FIRST_PARTS.index(name) if name in FIRST_PARTS else len(FIRST_PARTS), name)


def _unreadable(name: str, why: Text) -> UnreadableWordFile:
    return UnreadableWordFile(
        Text(sv=f"Filen {name} kan inte läsas: {why.sv}.", en=f"The file {name} cannot be read: {why.en}.")
    )
