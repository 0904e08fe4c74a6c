"""Settings: each one documented, each fault one clear sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from web.settings import SETTINGS, SettingsError, read_settings

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference" / "settings.md"
SECRET = "s" * 40


class TestReference:
    def test_documents_each_setting_and_no_other(self) -> None:
        rows = re.findall(r"^\| `(SAMVERK_\w+)`", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE)

        assert sorted(rows) == sorted(SETTINGS)

    def test_names_the_default(self) -> None:
        text = REFERENCE.read_text(encoding="utf-8")

        for name, default in SETTINGS.items():
            row = re.search(rf"^\| `{name}`.*$", text, re.MULTILINE)
            assert row is not None and default in row.group()

    def test_no_other_module_reads_the_environment(self) -> None:
        readers = [
            path.relative_to(ROOT).as_posix()
            for room in ("engine", "contracts", "web")
            for path in sorted((ROOT / room).rglob("*.py"))
            if re.search(r"os\.environ|os\.getenv", path.read_text(encoding="utf-8"))
        ]

        assert readers == ["web/settings.py"]


class TestProduction:
    def test_refuses_without_secret_and_hosts_and_names_both(self) -> None:
        with pytest.raises(SettingsError) as refusal:
            read_settings({"SAMVERK_MODE": "production"})

        for message in (refusal.value.message.sv, refusal.value.message.en):
            assert "SAMVERK_SECRET_KEY" in message and "SAMVERK_TRUSTED_HOSTS" in message

    def test_refuses_a_short_secret(self) -> None:
        with pytest.raises(SettingsError, match="shorter than 32"):
            read_settings({"SAMVERK_MODE": "production", "SAMVERK_SECRET_KEY": "x", "SAMVERK_TRUSTED_HOSTS": "a.se"})

    def test_refuses_a_misspelt_setting(self) -> None:
        given = {"SAMVERK_MODE": "production", "SAMVERK_SECRET_KEY": SECRET, "SAMVERK_TRUSTED_HOST": "a.se"}

        with pytest.raises(SettingsError, match="SAMVERK_TRUSTED_HOST is not a setting"):
            read_settings(given)

    def test_takes_what_it_needs(self, tmp_path: Path) -> None:
        settings = read_settings(
            {
                "SAMVERK_MODE": "production",
                "SAMVERK_SECRET_KEY": SECRET,
                "SAMVERK_TRUSTED_HOSTS": "a.se, b.se",
                "SAMVERK_DATA_DIR": str(tmp_path / "data"),
                "SAMVERK_DATABASE_URL": "postgresql://localhost/samverk",
            }
        )

        assert settings.is_production and not settings.is_demo
        assert settings.trusted_hosts == ("a.se", "b.se")
        assert settings.files_dir == tmp_path / "data" / "files"


class TestDemo:
    def test_keeps_its_secret_between_starts(self, tmp_path: Path) -> None:
        first = read_settings({"SAMVERK_DATA_DIR": str(tmp_path)})
        second = read_settings({"SAMVERK_DATA_DIR": str(tmp_path)})

        assert len(first.secret_key) >= 32
        assert first.secret_key == second.secret_key
        assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0

    def test_answers_only_on_names_of_this_machine(self, tmp_path: Path) -> None:
        assert read_settings({"SAMVERK_DATA_DIR": str(tmp_path)}).trusted_hosts == ("127.0.0.1", "localhost", "[::1]")


class TestFaults:
    @pytest.mark.parametrize(
        ("name", "value", "sentence"),
        [
            ("SAMVERK_PORT", "eighty", "whole number from 0 to 65535"),
            ("SAMVERK_PORT", "70000", "whole number from 0 to 65535"),
            ("SAMVERK_THREADS", "0", "whole number from 1 to 64"),
            ("SAMVERK_MODE", "prod", "demo, production or test"),
            ("SAMVERK_DATABASE_URL", "mysql://x", "sqlite:/// or postgresql://"),
            ("SAMVERK_SMTP_URL", "mail.example.se", "smtp://name:password@host:587"),
        ],
    )
    def test_says_what_to_set(self, name: str, value: str, sentence: str, tmp_path: Path) -> None:
        with pytest.raises(SettingsError) as refusal:
            read_settings({"SAMVERK_DATA_DIR": str(tmp_path), name: value})

        assert name in refusal.value.message.en and sentence in refusal.value.message.en
        assert name in refusal.value.message.sv
