"""A file that somebody hands in: its kind is told by its content, never by its name. Nothing here opens a file."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Final
from zipfile import BadZipFile, ZipFile

from engine.domain.values import Text

LARGEST_FILE: Final = 20 * 1024 * 1024
LONGEST_NAME: Final = 150
MOST_ENTRIES: Final = 2000
LARGEST_UNPACKED: Final = 300 * 1024 * 1024

WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUFFIXES: Final = {
    "application/pdf": ".pdf",
    WORD: ".docx",
    EXCEL: ".xlsx",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "text/plain": ".txt",
}
"""The kinds that are taken in, with the ending a file of that kind is given."""


class UploadFault(Exception):
    """The file cannot be taken in; ``message`` says why and what to do."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A file ready to be stored: its clean name, its kind as the content tells, and its bytes."""

    name: str
    media_type: str
    content: bytes


def read_upload(name: str, stream: IO[bytes]) -> ReadFile:
    """This will read one uploaded file, at most ``LARGEST_FILE`` bytes of it. Raises UploadFault."""
    if not name:
        raise UploadFault(Text(sv="Välj en fil", en="Choose a file"))
    content = stream.read(LARGEST_FILE + 1)
    if not content:
        raise UploadFault(Text(sv="Filen är tom", en="The file is empty"))
    if len(content) > LARGEST_FILE:
        megabytes = LARGEST_FILE // (1024 * 1024)
        raise UploadFault(
            Text(
                sv=f"Filen är större än {megabytes} MB. Dela upp den eller fråga er kontakt",
                en=f"The file is larger than {megabytes} MB. Split it or ask your contact",
            )
        )
    kind = kind_of(content)
    if kind is None:
        raise UploadFault(
            Text(
                sv="Filens innehåll är varken PDF, Word, Excel, PNG, JPEG eller ren text",
                en="The file's content is neither PDF, Word, Excel, PNG, JPEG nor plain text",
            )
        )
    return ReadFile(name=clean_name(name, kind), media_type=kind, content=content)


def kind_of(content: bytes) -> str | None:
    """This will return the media type that the content shows, or None for a kind that is not taken in."""
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"PK\x03\x04"):
        return _office_kind(content)
    return "text/plain" if _is_plain_text(content) else None


def clean_name(name: str, kind: str) -> str:
    """This will return a name without folders, control characters or tricks of direction, with the kind's ending."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    kept = "".join(c for c in last if c.isprintable() and unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn"))
    stem = kept.rsplit(".", 1)[0] if "." in kept[1:] else kept
    stem = stem.translate({ord(c): "_" for c in '<>:"|?*{}%'}).strip(" .")[:LONGEST_NAME] or "fil"
    return f"{stem}{SUFFIXES[kind]}"


def _office_kind(content: bytes) -> str | None:
    """Looks at the archive's list only; nothing is unpacked. Macros, escapes and bombs are not taken in."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    names = [entry.filename for entry in entries]
    if len(names) > MOST_ENTRIES or len(names) != len(set(names)):
        return None
    if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        return None
    if any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in names):
        return None
    if any("vbaproject" in name.lower() or name.lower().endswith(".bin") for name in names):
        return None
    if "[Content_Types].xml" not in names:
        return None
    if "word/document.xml" in names:
        return WORD
    return EXCEL if "xl/workbook.xml" in names else None


def _is_plain_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not any((ord(c) < 32 and c not in "\n\r\t") or ord(c) == 127 for c in text)
