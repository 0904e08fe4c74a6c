"""What may stand in the repository: locks without addresses, texts without machines, exceptions with a reason."""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 400
"""Lines of a Python file; a longer one wants to be two rooms."""

TRAILING = {False: r"[ \t]+$", True: r"(?<! ) $| {3}$|\t$"}
"""Two spaces at the end of a line are a line break in Markdown, and mean nothing anywhere else."""


@cache
def texts() -> dict[str, str]:
    """Every text file that git keeps, by its path."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, timeout=30, check=True)
    found = {}
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        if path.is_file() and path.suffix not in {".docx", ".png", ".woff2", ".gz", ".db"}:
            found[name] = path.read_text(encoding="utf-8")
    return found


def lines_matching(pattern: str, *, only: str = "") -> list[str]:
    expression = re.compile(pattern)
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in texts().items()
        if name.endswith(only)
        for number, line in enumerate(text.splitlines(), 1)
        if expression.search(line)
    ]


class TestLocks:
    @pytest.mark.parametrize("name", ["requirements.lock", "requirements-node.lock"])
    def test_python_lock_names_no_address_and_hashes_everything(self, name: str) -> None:
        text = (ROOT / name).read_text(encoding="utf-8")

        assert "://" not in text and "index-url" not in text
        for requirement in re.findall(r"^\S+==.*(?:\n    .*)*", text, re.MULTILINE):
            assert "--hash=sha256:" in requirement, requirement

    def test_node_lock_names_no_address_and_hashes_everything(self) -> None:
        lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))

        for name, package in lock["packages"].items():
            assert "resolved" not in package, name
            assert name == "" or package["integrity"].startswith("sha512-"), name

    def test_python_lock_holds_every_declared_package(self) -> None:
        project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()

        for name, version in re.findall(r'"([\w-]+)(?:\[\w+\])?==([\w.]+)"', project):
            assert re.search(rf"^{name}(\[\w+\])?=={re.escape(version)}\b", lock, re.MULTILINE), f"{name}=={version}"


class TestTexts:
    def test_name_no_folder_of_a_machine(self) -> None:
        assert lines_matching(r"(?<![\w.])/(?:home|root|Users|tmp|work)/\w") == []

    def test_name_no_package_registry(self) -> None:
        assert lines_matching(r"(?:pypi|npmjs|pythonhosted|jsdelivr|unpkg|cdnjs)\.(?:org|com|net)") == []

    def test_load_nothing_from_other_hosts(self) -> None:
        assert lines_matching(r"""(?:src|href)=["'](?:https?:)?//""", only=".html") == []
        assert lines_matching(r"url\(['\"]?https?:|@import ['\"]https?:", only=".css") == []

    def test_end_with_one_newline_and_no_trailing_space(self) -> None:
        wrong = [
            name
            for name, text in texts().items()
            if text and (not text.endswith("\n") or re.search(TRAILING[name.endswith(".md")], text, re.MULTILINE))
        ]

        assert wrong == []


class TestPython:
    def test_files_stay_short(self) -> None:
        long = [
            name
            for name, text in texts().items()
            if name.endswith(".py") and "migrations/" not in name and text.count("\n") > LONGEST
        ]

        assert long == []

    def test_exceptions_from_the_rules_carry_a_reason(self) -> None:
        exception = re.compile(r"#\s*(?:noqa|type: ?ignore|pragma: no cover)(?::? ?[A-Z]+\d+,?)*(?:\[[^\]]*\])?(.*)")
        bare = []
        for name, text in texts().items():
            lines = text.splitlines() if name.endswith(".py") else []
            for before, line in zip(["", *lines], lines, strict=False):
                marker = exception.search(line)
                if marker and not re.search(r"\w{3}", marker.group(1)) and not before.strip().startswith("#"):
                    bare.append(f"{name}: {line.strip()}")

        assert bare == []

    def test_nothing_is_left_for_later_or_skipped(self) -> None:
        # One letter in brackets, so that this line does not find itself.
        pattern = r"\b(?:[T]ODO|[F]IXME)\b|pytest\.(?:[s]kip|[x]fail)|mark\.(?:[s]kip|[x]fail)"

        assert lines_matching(pattern, only=".py") == []
