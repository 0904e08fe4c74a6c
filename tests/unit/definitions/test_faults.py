"""Faulty definitions: every fault at once, in both languages, each at the line and column where it stands."""

import shutil
from pathlib import Path
from time import perf_counter

import pytest

from engine.definitions.lint import check
from engine.definitions.loader import load_all
from engine.definitions.published import FILE, publish
from engine.definitions.reader import DEEPEST, LARGEST, DefinitionFaults, Fault, Faults, Leaf, Table, read_text
from tests.unit.definitions.demo import ROOT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the repository's definitions, published as they are, that a test may break."""
    copy = tmp_path / "workflows"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(FILE))
    publish(copy)
    return copy


def change(root: Path, file: str, before: str, after: str) -> int:
    """This will replace the first occurrence of a text and return the line it stands on."""
    path = root / file
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))
    return text[: text.index(before)].count("\n") + 1


def add(root: Path, file: str, lines: str) -> int:
    """This will append lines to a file and return the line of the first of them."""
    path = root / file
    text = path.read_text()
    path.write_text(text + lines)
    return text.count("\n") + 1


def without_publishing(faults: list[Fault]) -> list[Fault]:
    """This will leave out what only says that a published definition was touched."""
    return [fault for fault in faults if fault.place.path != FILE]


GUARD = """  G-XXX-01:
    forms: [state]
    severity: hard
    question: {sv: "Fråga?", en: "Question?"}
    holds_when: scope.version >= 1
    basis: [L61]
"""
STAGE = """  waiting_room:
    label: {sv: Väntrum, en: Waiting room}
    phase: preparation
    held_by: [pm]
"""


class TestTenFaults:
    def test_are_all_told_at_once_with_their_lines(self, root: Path) -> None:
        form, fields, guards = "forms/state/v1.yaml", "catalogue/fields.yaml", "catalogue/guards.yaml"
        expected = {
            "unknown stage: scopin": change(root, form, "to: scoping", "to: scopin"),
            "unknown role: registrator": change(root, form, "by: [procurement]", "by: [registrator]"),
            "S-T09 has no role": change(root, form, "id: S-T09\n        by: [legal]", "id: S-T09\n        by: []"),
            "unknown guard: G-LEG-99": change(root, form, "G-LEG-01,", "G-LEG-99, G-LEG-01,"),
            "no en: translation missing": change(root, fields, "label: {sv: Syfte, en: Purpose}", "label: {sv: Syfte}"),
            "severity must be a text": change(root, guards, "severity: hard", "severity: 12"),
            "'microo' is not a value": change(root, guards, "('micro','small'", "('microo','small'"),
            "nobody uses the guard G-XXX-01": add(root, guards, GUARD) + 1,
            "unknown name: colour": change(root, fields, "is_internal: false\n  joint.doc", "colour: red\n  joint.doc"),
            "the stage waiting_room cannot be reached": add(root, form, STAGE) + 1,
        }
        faults = check(root)
        found = {}
        for message in expected:
            fault = next((one for one in faults if message in one.message.en), None)
            assert fault is not None, f"not told: {message}"
            found[message] = fault.place.line
        assert found == expected

    def test_stop_the_loading_with_the_same_list(self, root: Path) -> None:
        change(root, "forms/state/v1.yaml", "to: scoping", "to: scopin")
        change(root, "catalogue/guards.yaml", "basis: [L04]", "basis: [L04, L99]")
        with pytest.raises(DefinitionFaults) as caught:
            load_all(root)
        assert [fault.message.en for fault in caught.value.faults] == ["unknown law: L99", "unknown stage: scopin"]
        assert "okänd lag: L99" in caught.value.message.sv

    def test_point_into_the_expression(self, root: Path) -> None:
        line = change(root, "catalogue/guards.yaml", "case.dnr is not None", "case.dnrr is not None")
        fault = without_publishing(check(root))[0]
        assert str(fault).startswith(f"catalogue/guards.yaml:{line}:17: holds_when: unknown name: case.dnrr")
        assert fault.in_language("sv").endswith("holds_when: okänt namn: case.dnrr")


UNMEANT = [
    ("infrastructures.yaml", "owner_org: ki", "owner_org: kii", "unknown organisation: kii"),
    ("infrastructures.yaml", "infra.price_list_ref", "infra.price_lst", "unknown field: infra.price_lst"),
    ("organisations.yaml", "202100-2973", "202100-2974", "202100-2974 is not an organisation number"),
    ("relations.yaml", "to: karolinska", "to: carolina", "unknown on the map: carolina"),
    ("actors.yaml", "lat: 59.222", "lat: north", "lat must be a number"),
    ("catalogue/number_formats.yaml", "AWL-FLB-2025-0041", "AWL-2025-41", "AWL-2025-41 does not follow the pattern"),
    ("catalogue/sharing_policy.yaml", "notice_shown", "notice_shwn", "unknown need: notice_shwn"),
    ("forms/state/v1.yaml", "held_by: [legal]", "held_by: []", "nobody's turn at the stage legal_review"),
    (
        "forms/state/v1.yaml",
        "by: [sme_contact]\n        to: closed",
        "by: [pm]\n        to: scoping",
        "outcome",
    ),
    ("forms/state/v1.yaml", "id: S-T02", "id: S-T01", "S-T01 stands twice"),
    ("forms/state/v1.yaml", "[S-INQ-01, S-INQ-02]", "[R-INQ-01]", "unknown document of the form: R-INQ-01"),
    ("forms/state/v1.yaml", "G-SCO-01,", "G-SCO-05, G-SCO-01,", "G-SCO-05 is not for the form state"),
    ("forms/state/v1.yaml", "effects: [reserve_capacity]", "effects: [reserve]", "unknown effect: reserve"),
    ("forms/state/v1.yaml", "phase: preparation", "phase: early", "early is not one of"),
    ("forms/state/v1.yaml", "initial: inquiry", "initial: inqury", "unknown stage: inqury"),
    ("forms/state/v1.yaml", "version: state-1.1.0", "version: company-1.1.0", "a version is named state-1.2.3"),
    ("forms/state/v1.yaml", "outcome: withdrawn", "outcome: gone", "unknown outcome: gone"),
    ("forms/state/v1.yaml", "accept_inquiry:", "welcome:", "translation missing: action: welcome"),
    ("forms/state/v1.yaml", "in_force_from: 2024-01-01", "in_force_from: soon", "must be a day, YYYY-MM-DD"),
    (
        "forms/state/v1.yaml",
        "outcome: withdrawn\n",
        "outcome: withdrawn\n        issues: [S-CLO-04]\n",
        "withdraw is blocked",
    ),
    ("catalogue/overlays.yaml", "name: suspend", "name: pause", "translation missing: action: pause"),
    ("catalogue/documents.yaml", "signers: [pm]", "signers: []", "nobody signs S-INQ-01"),
    ("catalogue/documents.yaml", "CL-30]", "CL-99]", "unknown clause: CL-99"),
    ("catalogue/documents.yaml", "sme.contact_name,", "sme.shoe_size,", "unknown field: sme.shoe_size"),
    ("catalogue/documents.yaml", "stage: inquiry", "stage: prelude", "unknown stage prelude"),
    (
        "catalogue/documents.yaml",
        "case.received_at,",
        "price.benchmark_low_sek,",
        "which is not in the form state",
    ),
    ("catalogue/fields.yaml", "read_by: pages", "read_by: someone", "someone is not one of rules, pages"),
    ("catalogue/fields.yaml", "    read_by: pages\n", "", "nobody reads the field infra.name_en"),
    (
        "catalogue/fields.yaml",
        "choices: [sv, en]",
        "choices: [sv, fi]",
        "translation missing: case.language: fi",
    ),
    ("catalogue/fields.yaml", "by: [registrar]", "by: []", "nobody may record it"),
    ("catalogue/guards.yaml", "basis: [L04]", "basis: []", "the guard has no legal basis"),
    ("catalogue/parameters.yaml", "valid_from: 2022-01-01", "valid_from: 2022-13-01", "must be a day"),
    ("catalogue/parameters.yaml", "valid_to: 2025-12-31", "valid_to: 2023-12-31", "ends before it begins"),
    ("catalogue/roles.yaml", "scope: own_case", "scope: world", "world is not one of"),
    ("catalogue/duties.yaml", "seen_by: [G-LEG-12]", "seen_by: [G-LEG-77]", "unknown guard: G-LEG-77"),
]
"""File, text, what it becomes, and what must be told."""


class TestLint:
    def test_tells_what_cannot_be_meant_all_at_once(self, root: Path) -> None:
        for file, before, after, _ in UNMEANT:
            change(root, file, before, after)
        found = "\n".join(str(fault) for fault in check(root))
        assert [message for _, _, _, message in UNMEANT if message not in found] == []

    def test_sees_a_gap_and_an_overlap_of_a_figure(self, root: Path) -> None:
        entry = "  - {key: KEY, value: 1, unit: SEK, valid_from: FROM, valid_to: 2030-01-01, source: D}\n"
        add(
            root,
            "catalogue/parameters.yaml",
            entry.replace("KEY", "lou_threshold_state_sek").replace("FROM", "2026-02-01"),
        )
        add(root, "catalogue/parameters.yaml", entry.replace("KEY", "kl_appeal_days").replace("FROM", "2026-02-01"))
        found = "\n".join(str(fault) for fault in check(root))
        assert "lou_threshold_state_sek: a gap between the periods" in found
        assert "kl_appeal_days: the periods overlap" in found

    def test_sees_a_form_that_no_infrastructure_has(self, root: Path) -> None:
        path = root / "infrastructures.yaml"
        path.write_text(path.read_text().replace("form: regional", "form: none"))
        assert "no infrastructure has the form regional" in "\n".join(str(fault) for fault in check(root))

    def test_sees_a_stage_without_a_way_out(self, root: Path) -> None:
        form = root / "forms/joint/v1.yaml"
        lines = form.read_text().splitlines(keepends=True)
        start = next(index for index, line in enumerate(lines) if line.startswith("  execution:"))
        actions = next(index for index, line in enumerate(lines) if index > start and line.startswith("    actions:"))
        end = next(index for index, line in enumerate(lines) if index > start and line.startswith("  closed:"))
        form.write_text("".join(lines[:actions] + lines[end:]))
        assert "no way out of the stage execution" in "\n".join(str(fault) for fault in check(root))


class TestPublished:
    def test_definition_may_not_change(self, root: Path) -> None:
        change(root, "forms/company/v1.yaml", "target_days: 3", "target_days: 4")
        found = [str(fault) for fault in check(root)]
        assert len(found) == 1
        assert "company-1.1.0 has changed since it was published" in found[0]

    def test_definition_stays_when_another_form_changes_its_own_guard(self, root: Path) -> None:
        change(root, "catalogue/guards.yaml", "Is the deposit settled", "Is the deposit paid")
        found = "\n".join(str(fault) for fault in check(root))
        assert "company-1.1.0 has changed" in found
        assert "state-1.1.0" not in found

    def test_new_definition_is_appended_once(self, root: Path) -> None:
        before = (root / FILE).read_text()
        (root / "forms/state/v2.yaml").write_text(
            (root / "forms/state/v1.yaml").read_text().replace("state-1.1.0", "state-1.2.0")
        )
        assert publish(root) == ("state-1.2.0",)
        assert publish(root) == ()
        assert (root / FILE).read_text().startswith(before)
        assert check(root) == []

    def test_definition_that_is_gone_is_told(self, root: Path) -> None:
        add(root, FILE, "state-0.9.0: abc\n")
        assert "state-0.9.0 was published but is gone" in "\n".join(str(fault) for fault in check(root))


class TestReader:
    def read(self, text: str) -> tuple[Table | None, list[str]]:
        """This will read a text and return its tree and its faults."""
        faults = Faults()
        node = read_text(text.encode(), "x.yaml", faults)
        return node if isinstance(node, Table) else None, [str(fault) for fault in faults.all()]

    def test_keeps_words_words(self) -> None:
        node, faults = self.read("country: NO\non: yes\ntime: 12:30\nday: 2025-01-02\nnumber: '5'\n")
        assert faults == []
        assert node is not None
        values = {key: leaf.value for key, leaf in node.entries.items() if isinstance(leaf, Leaf)}
        assert values == {"country": "NO", "on": "yes", "time": "12:30", "day": "2025-01-02", "number": "5"}

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("a: 1\nb: 2\na: 3\n", "x.yaml:3:1: the name a stands twice"),
            ("a: &x 1\nb: *x\n", "x.yaml:1:4: aliases and anchors are not allowed"),
            ("a: !!python/object:os.system ls\n", "x.yaml:1:4: tags are not allowed"),
            ("a: [1, 2\nb: 3\n", "x.yaml:2:2: cannot be read as YAML"),
            ("a: 1\n---\nb: 2\n", "x.yaml:3:1: only one document in a file"),
            ("[" * 20_000, f"x.yaml:1:{DEEPEST + 1}: deeper than 20 levels"),
            ("a: " + "x" * LARGEST, "x.yaml:1:1: the file is larger than 1 MB"),
            ("? [a, b]\n: 1\n", "x.yaml:1:3: a name must be a word"),
            ("a: \x01\n", "x.yaml:1:1: cannot be read as YAML"),
        ],
    )
    def test_refuses_what_can_surprise(self, text: str, fault: str) -> None:
        _, faults = self.read(text)
        assert any(one.startswith(fault) for one in faults), faults

    def test_tells_twenty_thousand_faults_without_a_pause(self) -> None:
        started = perf_counter()
        _, faults = self.read("a: 1\n" * 20_000)
        assert len(faults) == 19_999
        assert perf_counter() - started < 20

    def test_refuses_what_is_not_utf8(self) -> None:
        faults = Faults()
        assert read_text(b"a: \xff\n", "x.yaml", faults) is None
        assert [str(fault) for fault in faults.all()] == ["x.yaml:1:1: the file is not UTF-8"]

    def test_tells_a_missing_file(self, tmp_path: Path) -> None:
        found = [str(fault) for fault in check(tmp_path)]
        assert "catalogue/guards.yaml:1:1: the file is missing or cannot be read" in found
