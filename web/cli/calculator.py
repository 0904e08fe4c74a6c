"""``samverk explain``: the engine as a calculator: the verdict for one action on a file of facts, no database."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from engine.definitions.loader import AllWorkflows, load_all
from engine.domain.reasons import Reason, Verdict
from engine.domain.values import Facts, Text
from engine.domain.verdicts import explain
from engine.domain.workflow import Workflow
from web.cli.answer import GOOD, NO, WRONG_USE, Answer, WrongUse, plain
from web.cli.facts import Where, facts_from, read_groups
from web.cli.files import LARGEST, lines_of, read_text, shown
from web.cli.options import Commands, add_command
from web.settings import product_folder, terminal_language


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing to explain."""

    workflow: Workflow
    action: str
    on: date
    facts: Facts
    documents: frozenset[str] | None

    def answer(self) -> Verdict:
        """This will ask the engine."""
        return explain(self.workflow, self.action, self.facts, on=self.on, documents=self.documents)


def register(commands: Commands) -> None:
    """This will add the command to the parser."""
    parser = add_command(
        commands, "explain", "say whether an action is allowed on a file of facts, and why not", run=run
    )
    parser.add_argument("--form", metavar="FORM", help="ownership form: state, regional or company")
    parser.add_argument("--facts", metavar="FILE", help="groups of fields as YAML or JSON; - reads standard input")
    parser.add_argument("--action", metavar="ID", help="an action of the form, for example S-T05")
    parser.add_argument("--on", metavar="DATE", help="the day, for example 2025-11-24")
    parser.add_argument(
        "--batch", metavar="FILE", help='JSON lines {"form", "action", "on", "facts"}, answered a line each; - as above'
    )


def run(arguments: argparse.Namespace) -> Answer:
    """This will explain one action, or each line of a batch."""
    single = (arguments.form, arguments.facts, arguments.action, arguments.on)
    if arguments.batch:
        if any(single):
            raise WrongUse(
                Text(
                    sv="--batch ersätter --form, --facts, --action och --on.",
                    en="--batch takes the place of --form, --facts, --action and --on.",
                )
            )
        return _answer_batch(arguments.batch)
    if not all(single):
        raise WrongUse(
            Text(
                sv="Ange --form, --facts, --action och --on, eller --batch FIL.",
                en="Give --form, --facts, --action and --on, or --batch FILE.",
            )
        )
    document, where = read_groups(read_text(arguments.facts), shown(arguments.facts))
    verdict = _question(arguments.form, arguments.action, arguments.on, document, where).answer()
    return Answer(
        status=GOOD if verdict.allowed else NO,
        text=_text(verdict, terminal_language()),
        data=verdict_as_json(verdict),
    )


def verdict_as_json(verdict: Verdict) -> dict[str, object]:
    """This will return the verdict in the shape that ``docs/reference/explain.md`` promises."""
    return {
        "action": verdict.action,
        "allowed": verdict.allowed,
        "failing": [_reason_as_json(reason) for reason in verdict.failing],
        "other": [{"kind": reason.kind, **_reason_as_json(reason)} for reason in verdict.other],
    }


def _reason_as_json(reason: Reason) -> dict[str, object]:
    return {
        "id": reason.id,
        "severity": reason.severity,
        "question": plain(reason.question),
        "basis": list(reason.basis),
        "values": plain(reason.values),
        "who": list(reason.who),
    }


def _answer_batch(name: str) -> Answer:
    """Answers line by line, so that a batch of any length needs little memory."""
    source = shown(name)
    status = GOOD
    for number, line in enumerate(lines_of(name), 1):
        if not line.strip():
            continue
        try:
            verdict = _question_of_line(line, f"{source}:{number}").answer()
        except WrongUse as error:
            status = WRONG_USE
            answer: dict[str, object] = {"error": {"code": error.code, "message": plain(error.message)}}
        else:
            status = status if verdict.allowed else max(status, NO)
            answer = verdict_as_json(verdict)
        print(json.dumps(answer, ensure_ascii=False))
    return Answer(status=status, is_lines=True, data=())


def _question_of_line(line: str, source: str) -> Question:
    try:
        if len(line) > LARGEST:
            raise ValueError(line)
        asked = json.loads(line, parse_float=Decimal)
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, Mapping):
        raise WrongUse(
            Text(
                sv=f"{source}: raden är inget JSON-objekt med form, action, on och facts.",
                en=f"{source}: the line is not a JSON object with form, action, on and facts.",
            )
        )
    parts = {key: asked.get(key) for key in ("form", "action", "on")}
    for key, value in parts.items():
        if not isinstance(value, str):
            raise WrongUse(
                Text(sv=f"{source}: {key} saknas eller är ingen text.", en=f"{source}: {key} is missing or not a text.")
            )
    return _question(
        str(parts["form"]),
        str(parts["action"]),
        str(parts["on"]),
        asked.get("facts", {}),
        lambda path: f"{source}: {path}" if path else source,
    )


def _question(form: str, action: str, on: str, document: object, where: Where) -> Question:
    day = _day(on)
    workflow = _workflow(form, day)
    if action not in workflow.actions:
        known = ", ".join(workflow.actions)
        raise WrongUse(
            Text(
                sv=f"Formen {form} har ingen åtgärd {action}. Den har {known}.",
                en=f"The form {form} has no action {action}. It has {known}.",
            )
        )
    groups = dict(document) if isinstance(document, Mapping) else document
    documents = groups.pop("documents", None) if isinstance(groups, dict) else None
    return Question(
        workflow=workflow,
        action=action,
        on=day,
        facts=facts_from(groups, workflow.fields, where),
        documents=_documents(documents, workflow, where("documents")),
    )


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise WrongUse(
            Text(sv=f"{written} är inget datum som 2025-11-24.", en=f"{written} is not a date such as 2025-11-24.")
        ) from None


def _workflow(form: str, day: date) -> Workflow:
    """The definition in force on the day; the first one for a day before any was."""
    published = [one for one in _definitions().published if one.workflow.form == form]
    if not published:
        known = ", ".join(dict.fromkeys(one.workflow.form for one in _definitions().published))
        raise WrongUse(
            Text(
                sv=f"Det finns ingen ägarform {form}. De som finns är {known}.",
                en=f"There is no ownership form {form}. These are: {known}.",
            )
        )
    in_force = [one for one in published if one.in_force_from <= day] or published[:1]
    return max(in_force, key=lambda one: one.in_force_from).workflow


@cache
def _definitions() -> AllWorkflows:
    return load_all(product_folder("workflows"))


def _documents(written: object, workflow: Workflow, where: str) -> frozenset[str] | None:
    if written is None:
        return None
    if not isinstance(written, list | tuple) or not all(isinstance(name, str) for name in written):
        raise WrongUse(
            Text(
                sv=f"{where}: documents ska vara en lista av handlingar som är slutliga, till exempel [S-LEG-02].",
                en=f"{where}: documents must be a list of documents that are final, for example [S-LEG-02].",
            )
        )
    unknown = [name for name in written if name not in workflow.documents]
    if unknown:
        raise WrongUse(
            Text(
                sv=f"{where}: handlingen {', '.join(unknown)} finns inte i formen {workflow.form}.",
                en=f"{where}: there is no document {', '.join(unknown)} in the form {workflow.form}.",
            )
        )
    return frozenset(written)


def _text(verdict: Verdict, language: str) -> str:
    is_swedish = language == "sv"
    if verdict.allowed:
        head = f"{verdict.action}: tillåten" if is_swedish else f"{verdict.action}: allowed"
    else:
        head = f"{verdict.action}: inte tillåten ännu" if is_swedish else f"{verdict.action}: not allowed yet"
    return "\n".join([head, *(_reason_text(reason, is_swedish=is_swedish) for reason in verdict.reasons)])


def _reason_text(reason: Reason, *, is_swedish: bool) -> str:
    question = reason.question.in_language("sv" if is_swedish else "en")
    lines = [f"  {reason.id} ({reason.severity}) {question}"]
    if reason.values:
        seen = ", ".join(f"{name} = {plain(value)}" for name, value in reason.values.items())
        lines.append(f"      {'såg' if is_swedish else 'saw'}: {seen}")
    if reason.basis:
        lines.append(f"      {'grund' if is_swedish else 'basis'}: {', '.join(reason.basis)}")
    if reason.who:
        lines.append(f"      {'kan ändras av' if is_swedish else 'can be changed by'}: {', '.join(reason.who)}")
    return "\n".join(lines)
