"""``samverk workflows explore``, ``mutate`` and ``diff``: what a definition allows, proved and compared."""

from __future__ import annotations

import argparse
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

from engine.domain.values import Text
from web.cli.answer import GOOD, NO, Answer, WrongUse
from web.cli.options import Commands, add_command
from web.settings import product_folder, terminal_language

if TYPE_CHECKING:
    from engine.definitions.loader import AllWorkflows
    from engine.domain.workflow import Workflow
    from engine.verification.mutation import MutationReport
    from engine.verification.report import Report
    from engine.verification.standing import Finding

FORMS: Final = ("state", "regional", "company")
KINDS: Final = ("guard", "part", "effect", "actor", "move")


def register(commands: Commands) -> None:
    """This will add the commands to the group ``workflows``."""
    explore = add_command(
        commands, "explore", "prove every invariant of each form, or tell how it is broken", run=explore_forms
    )
    mutate = add_command(
        commands, "mutate", "drop every piece in turn and name the invariant or scenario that notices", run=mutate_forms
    )
    for parser in (explore, mutate):
        parser.add_argument("--form", metavar="FORM", choices=FORMS, help="one ownership form; else all three")
    mutate.add_argument("--kind", metavar="KIND", choices=KINDS, help=f"only {', '.join(KINDS)}; else all of them")
    differ = add_command(commands, "diff", "tell what differs between two definitions, in plain words", run=diff)
    differ.add_argument("before", metavar="BEFORE", help="a version, for example state-1.1.0, or a form (its newest)")
    differ.add_argument("after", metavar="AFTER", help="as above; looked for in FOLDER when that is given")
    for parser in (explore, mutate, differ):
        parser.add_argument("--folder", type=Path, metavar="FOLDER", help="instead of the product's own workflows")


def explore_forms(arguments: argparse.Namespace) -> Answer:
    """This will report situations, transitions and time of each form, and every broken property as a story."""
    from engine.definitions.invariants import load_invariants
    from engine.verification.explore import explore
    from engine.verification.standing import standing

    folder = _folder(arguments.folder)
    language = terminal_language()
    invariants = load_invariants(folder)
    lines: list[str] = []
    data: list[dict[str, object]] = []
    for workflow in _workflows(folder, arguments.form):
        report = explore(workflow, invariants, clock=perf_counter)
        findings = standing(workflow)
        lines += _explored_lines(report, findings, language)
        data.append(_explored_data(report, findings))
    is_proved = all(row["proved"] for row in data)
    answer = {"ok": is_proved, "forms": data}
    return Answer(status=GOOD if is_proved else NO, text="\n".join(lines), data=answer)


def _explored_lines(report: Report, findings: tuple[Finding, ...], language: str) -> list[str]:
    from engine.verification.story import tell

    is_swedish = language == "sv"
    lines = [
        f"{report.workflow.version}: "
        + (
            f"{report.situations} lägen, {report.transitions} övergångar, {report.seconds:.1f} s; "
            f"{len(report.proved)} invarianter bevisade, {len(report.violations)} brott"
            if is_swedish
            else f"{report.situations} situations, {report.transitions} transitions, {report.seconds:.1f} s; "
            f"{len(report.proved)} invariants proved, {len(report.violations)} broken"
        )
    ]
    for violation in report.violations:
        story = tell(report.workflow, violation)
        lines.append(f"  {story.invariant}: {story.in_language(language)}")
        lines.append(f"    {' > '.join(story.path) or '–'}")
    lines += [f"  {finding.about}: {finding.text.in_language(language)}" for finding in findings]
    told = "gränsen nåddes, inget är bevisat" if is_swedish else "a bound was hit, nothing is proved"
    lines += [f"  {bound} ({told})" for bound in report.bounds]
    return lines


def _explored_data(report: Report, findings: tuple[Finding, ...]) -> dict[str, object]:
    from engine.verification.story import tell

    stories = [tell(report.workflow, violation) for violation in report.violations]
    return {
        "form": report.workflow.form,
        "version": report.workflow.version,
        "proved": report.is_proved and not findings,
        "situations": report.situations,
        "transitions": report.transitions,
        "seconds": round(report.seconds, 3),
        "invariants": report.proved,
        "broken": [
            {
                "invariant": story.invariant,
                "story": Text(sv=story.in_language("sv"), en=story.in_language("en")),
                "path": story.path,
                "stages": story.stages,
                "condition": story.condition,
                "basis": story.basis,
            }
            for story in stories
        ],
        "always": [{"check": one.check, "about": one.about, "message": one.text} for one in findings],
        "bounds_hit": report.bounds,
        "slices": [
            {
                "kept": one.slots,
                "situations": one.situations,
                "transitions": one.transitions,
                "depth": one.depth,
                "proves": one.proves,
            }
            for one in report.slices
        ],
        "left_open": report.left_open,
    }


def mutate_forms(arguments: argparse.Namespace) -> Answer:
    """This will report how many pieces are noticed, by kind, and each one that is not."""
    from engine.definitions.invariants import load_invariants
    from engine.definitions.scenarios import load_expectations
    from engine.verification.mutation import mutate

    folder = _folder(arguments.folder)
    language = terminal_language()
    invariants, scenarios = load_invariants(folder), load_expectations(folder)
    kinds = frozenset({arguments.kind}) if arguments.kind else None
    reports = [
        mutate(workflow, invariants, scenarios, clock=perf_counter, kinds=kinds)
        for workflow in _workflows(folder, arguments.form)
    ]
    lines = [line for report in reports for line in _mutated_lines(report, language)]
    is_good = not any(report.missed for report in reports)
    data = {"ok": is_good, "forms": [_mutated_data(report) for report in reports]}
    return Answer(status=GOOD if is_good else NO, text="\n".join(lines), data=data)


def _mutated_lines(report: MutationReport, language: str) -> list[str]:
    from engine.verification.mutation import WORDS

    is_swedish = language == "sv"
    lines = [f"{report.form} ({report.seconds:.0f} s)"]
    for kind, words in WORDS.items():
        verdicts = report.of(kind)
        if not verdicts:
            continue
        by_invariant = sum(bool(one.invariants) for one in verdicts)
        by_scenario = sum(bool(one.scenarios) and not one.invariants for one in verdicts)
        unnoticed = [one.subject for one in verdicts if not one.is_noticed]
        lines.append(
            f"  {words.in_language(language)}: "
            + (
                f"{len(verdicts)} prövade, {by_invariant} märks av en invariant, {by_scenario} bara av ett scenario"
                if is_swedish
                else f"{len(verdicts)} tried, {by_invariant} noticed by an invariant, {by_scenario} by a scenario only"
            )
        )
        if unnoticed:
            lines.append(f"    {'ingen märker' if is_swedish else 'noticed by nothing'}: {', '.join(unnoticed)}")
    if report.missed:
        told = (
            "lagstöd som en invariant åberopar, men ingen invariant märker"
            if is_swedish
            else ("law cited by an invariant, noticed by none")
        )
        lines.append(f"  {told}: {', '.join(one.subject for one in report.missed)}")
    return lines


def _mutated_data(report: MutationReport) -> dict[str, object]:
    return {
        "form": report.form,
        "seconds": round(report.seconds, 3),
        "missed": [one.subject for one in report.missed],
        "mutants": [
            {
                "kind": one.kind,
                "subject": one.subject,
                "invariants": one.invariants,
                "scenarios": one.scenarios,
                "noticed": one.is_noticed,
                "law_cited": one.is_cited,
                "soft": one.is_soft,
            }
            for one in report.verdicts
        ],
    }


def diff(arguments: argparse.Namespace) -> Answer:
    """This will tell each difference as a sentence; none is status 0, like ``diff`` itself."""
    from engine.verification.diff import differences

    product = _load(product_folder("workflows"))
    others = _load(_folder(arguments.folder)) if arguments.folder else product
    before, after = _chosen(product, arguments.before), _chosen(others, arguments.after)
    found = differences(before, after)
    language = terminal_language()
    none = "Inga skillnader." if language == "sv" else "No differences."
    rows = [{"subject": one.subject, "about": one.about, "text": one.text} for one in found]
    return Answer(
        status=NO if found else GOOD,
        text="\n".join(one.text.in_language(language) for one in found) or none,
        data={"before": before.version, "after": after.version, "differences": rows},
    )


def _workflows(folder: Path, form: str | None) -> list[Workflow]:
    definitions = _load(folder)
    return [_chosen(definitions, name) for name in ((form,) if form else FORMS)]


def _load(folder: Path) -> AllWorkflows:
    from engine.definitions.loader import load_all

    return load_all(folder)


def _chosen(definitions: AllWorkflows, name: str) -> Workflow:
    """The version of that name, or the newest of the form of that name."""
    found = [one.workflow for one in definitions.published if name in {one.workflow.version, one.workflow.form}]
    if not found:
        known = ", ".join(one.workflow.version for one in definitions.published)
        raise WrongUse(
            Text(
                sv=f"Det finns ingen definition {name}. De som finns: {known}.",
                en=f"There is no definition {name}. There are: {known}.",
            )
        )
    return found[-1]


def _folder(given: Path | None) -> Path:
    folder = given or product_folder("workflows")
    if not folder.is_dir():
        raise WrongUse(Text(sv=f"Mappen {folder} finns inte.", en=f"There is no folder {folder}."))
    return folder
