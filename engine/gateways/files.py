"""Files by the SHA-256 of their bytes, in a folder: written whole or not at all, checked when read."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from engine.domain.reasons import EngineError, NotFound
from engine.domain.values import Text

_HASH: Final = re.compile(r"[0-9a-f]{64}")


class DamagedFile(EngineError):
    """The bytes on disk are no longer those that were stored."""

    code = "damaged_file"

    def __init__(self, file_hash: str) -> None:
        super().__init__(
            Text(
                sv=f"Filen {file_hash[:12]}… har ändrats på disken sedan den sparades. Återställ den från en kopia.",
                en=f"The file {file_hash[:12]}… was changed on disk since it was stored. Restore it from a copy.",
            )
        )


class FolderFileStore:
    """The port ``FileStore`` in a folder of its own: ``ab/ab12…``, two hundred and fifty-six folders of files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """This will store the bytes durably and return their hash in hex; the same bytes are stored once."""
        file_hash = sha256(content).hexdigest()
        path = self._path(file_hash)
        if _holds(path, content):
            return file_hash
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(name)
            raise
        # The name itself must survive a power cut, not only the bytes behind it.
        _sync_folder(path.parent)
        _sync_folder(path.parent.parent)
        return file_hash

    def get(self, file_hash: str) -> bytes:
        """This will return the bytes. Raises NotFound, and DamagedFile when they no longer match the hash."""
        try:
            content = self._path(file_hash).read_bytes()
        except FileNotFoundError:
            raise _no_file(file_hash) from None
        if sha256(content).hexdigest() != file_hash:
            raise DamagedFile(file_hash)
        return content

    def _path(self, file_hash: str) -> Path:
        # Anything but a hash could be a way out of the folder.
        if not _HASH.fullmatch(file_hash):
            raise _no_file(file_hash)
        return self._folder / file_hash[:2] / file_hash


def _holds(path: Path, content: bytes) -> bool:
    """True when the file is there and whole; a damaged one is written anew."""
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except FileNotFoundError:
        return False


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _no_file(file_hash: str) -> NotFound:
    name = file_hash[:12] if file_hash.isprintable() else "?"
    return NotFound(Text(sv=f"Det finns ingen fil {name}….", en=f"There is no file {name}…."))
