"""A Word file as a package of parts: read with care, written always the same."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from datetime import date
from typing import Final
from xml.sax.saxutils import escape

from engine.domain.reasons import EngineError
from engine.domain.values import Text

CORE_PART: Final = "docProps/core.xml"
STAMP: Final = (1980, 1, 1, 0, 0, 0)
"""Every part carries this time: the only thing that would differ between two runs."""

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


def write_parts(parts: Mapping[str, bytes]) -> bytes:
    """This will pack parts into a Word file: fixed order, fixed time, so that the same parts give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION) as archive:
        for name in sorted(parts, key=_order):
            entry = zipfile.ZipInfo(name, STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, parts[name], compresslevel=COMPRESSION)
    return target.getvalue()


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
