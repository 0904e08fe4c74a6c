"""Files by hash: whole or not at all, checked when read."""

from __future__ import annotations

import os
import threading
from hashlib import sha256
from pathlib import Path

import pytest

from engine.domain.reasons import NotFound
from engine.gateways.files import DamagedFile, FolderFileStore


class TestFolderFileStore:
    def test_gives_back_what_was_put(self, tmp_path: Path) -> None:
        store = FolderFileStore(tmp_path)
        for content in (b"", b"Word", bytes(range(256)) * 4096):
            assert store.put(content) == sha256(content).hexdigest()
            assert store.get(store.put(content)) == content

    def test_keeps_the_same_bytes_once(self, tmp_path: Path) -> None:
        store = FolderFileStore(tmp_path)
        store.put(b"a")
        store.put(b"a")
        assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1

    def test_notices_a_changed_byte_and_mends_it_when_the_file_comes_again(self, tmp_path: Path) -> None:
        store = FolderFileStore(tmp_path)
        file_hash = store.put(b"agreement")
        path = tmp_path / file_hash[:2] / file_hash
        path.write_bytes(b"agreemenT")
        with pytest.raises(DamagedFile):
            store.get(file_hash)
        store.put(b"agreement")
        assert store.get(file_hash) == b"agreement"

    @pytest.mark.parametrize("name", ["0" * 64, "", "../../etc/passwd", "a" * 63 + "/", "\x00" * 64, "A" * 64])
    def test_finds_nothing_under_a_name_that_is_no_hash(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(NotFound):
            FolderFileStore(tmp_path).get(name)

    def test_leaves_nothing_half_done_when_the_disk_fails(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(_handle: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            FolderFileStore(tmp_path).put(b"agreement")
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    def test_bears_eight_at_once(self, tmp_path: Path) -> None:
        store = FolderFileStore(tmp_path)
        found: list[str] = []
        threads = [threading.Thread(target=lambda: found.append(store.put(b"same" * 9999))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [sha256(b"same" * 9999).hexdigest()] * 8
        assert store.get(found[0]) == b"same" * 9999
