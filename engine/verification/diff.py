"""What differs between two definitions, in words that a lawyer reads: a sentence per difference, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from engine.domain.values import Text
from engine.domain.workflow import Action, Guard, Stage, Workflow

Subject = Literal["stage", "action", "guard", "document", "parameter"]
_K = TypeVar("_K")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference: what it is about, the id of that, and a sentence."""

    subject: Subject
    about: str
    text: Text


def differences(before: Workflow, after: Workflow) -> tuple[Difference, ...]:
    """This will return every difference between two definitions, stages first; empty when they are alike.

    Actions of two ownership forms are compared by stage and name, since their ids differ; documents by the last part
    of their id.
    """
    return (
        *_stages(before, after),
        *_actions(before, after),
        *_guards(before, after),
        *_documents(before, after),
        *_parameters(before, after),
    )


def _stages(before: Workflow, after: Workflow) -> Iterator[Difference]:
    old, new = ({stage.name: stage for stage in workflow.stages} for workflow in (before, after))
    for name, stage in _only(old, new):
        yield _say("stage", name, f"Steget {stage.label.sv} finns inte längre.", f"The stage {stage.label.en} is gone.")
    for name, stage in _only(new, old):
        yield _say("stage", name, f"Nytt steg: {stage.label.sv}.", f"New stage: {stage.label.en}.")
    kept = [stage.name for stage in before.stages if stage.name in new]
    if kept != [stage.name for stage in after.stages if stage.name in old]:
        order = [stage.label for stage in after.stages]
        yield _say(
            "stage", "", f"Stegen kommer nu i ordningen {_sv(order)}.",
            f"The stages now come in the order {_en(order)}.",
        )  # fmt: skip
    for name in kept:
        yield from _stage(before, after, old[name], new[name])


def _stage(before: Workflow, after: Workflow, old: Stage, new: Stage) -> Iterator[Difference]:
    name = new.label
    if set(old.held_by) != set(new.held_by):
        was, now = _roles(before, old.held_by), _roles(after, new.held_by)
        yield _say(
            "stage", new.name, f"{name.sv}: ärendet ligger nu hos {_sv(now)}, förut hos {_sv(was)}.",
            f"{name.en}: the case is now held by {_en(now)}, before by {_en(was)}.",
        )  # fmt: skip
    if old.target_days != new.target_days:
        yield _say(
            "stage", new.name,
            f"{name.sv}: måltiden är nu {_days_sv(new.target_days)}, förut {_days_sv(old.target_days)}.",
            f"{name.en}: the target time is now {_days_en(new.target_days)}, before {_days_en(old.target_days)}.",
        )  # fmt: skip


def _actions(before: Workflow, after: Workflow) -> Iterator[Difference]:
    same_form = before.form == after.form
    old, new = (
        {_action_key(action, by_id=same_form): action for action in workflow.actions.values()}
        for workflow in (before, after)
    )
    for _, action in _only(old, new):
        label, where = action.label, _where(before, action)
        yield _say(
            "action", action.id, f"{label.sv}{where.sv} ({action.id}) kan inte längre göras.",
            f"{label.en}{where.en} ({action.id}) can no longer be done.",
        )  # fmt: skip
    for _, action in _only(new, old):
        label, where = action.label, _where(after, action)
        who = _roles(after, action.actors)
        yield _say(
            "action", action.id, f"Ny åtgärd: {label.sv}{where.sv} ({action.id}), för {_sv(who)}.",
            f"New action: {label.en}{where.en} ({action.id}), by {_en(who)}.",
        )  # fmt: skip
    for key in [key for key in new if key in old]:
        yield from _action(before, after, old[key], new[key])


def _action(before: Workflow, after: Workflow, old: Action, new: Action) -> Iterator[Difference]:
    label, where = new.label, _where(after, new)
    sv, en = f"{label.sv}{where.sv} ({new.id})", f"{label.en}{where.en} ({new.id})"

    def say(swedish: str, english: str) -> Difference:
        return _say("action", new.id, f"{sv} {swedish}", f"{en} {english}")

    if set(old.actors) != set(new.actors):
        was, now = _roles(before, old.actors), _roles(after, new.actors)
        yield say(f"görs nu av {_sv(now)}, förut av {_sv(was)}.", f"is now taken by {_en(now)}, before by {_en(was)}.")
    if old.target != new.target and new.target is not None:
        target = after.stage(new.target).label
        yield say(f"leder nu till {target.sv}.", f"now leads to {target.en}.")
    if old.source != new.source and new.source is not None:
        source = after.stage(new.source).label
        yield say(f"utgår nu från {source.sv}.", f"now starts at {source.en}.")
    for guards, others, swedish, english in (
        (old.guards, new.guards, "frågar inte längre", "no longer asks"),
        (new.guards, old.guards, "frågar nu också", "now also asks"),
        (old.post_guards, new.post_guards, "kräver inte längre efteråt", "no longer requires afterwards"),
        (new.post_guards, old.post_guards, "kräver nu efteråt", "now requires afterwards"),
    ):
        known = {guard.id for guard in others}
        for guard in guards:
            if guard.id not in known:
                question = guard.question
                yield say(f"{swedish}: {question.sv} ({guard.id})", f"{english}: {question.en} ({guard.id})")
    for mine, theirs, workflow, swedish, english in (
        (old.documents, new.documents, before, "kräver inte längre", "no longer requires"),
        (new.documents, old.documents, after, "kräver nu också", "now also requires"),
    ):
        known = {_last(document) for document in theirs}
        for document in mine:
            if _last(document) not in known:
                title = workflow.documents[document].title
                yield say(f"{swedish} {title.sv} ({document}).", f"{english} {title.en} ({document}).")
    for mine, theirs, swedish, english in (
        (old.effects, new.effects, "gör inte längre att", "no longer has the effect that"),
        (new.effects, old.effects, "gör nu att", "now has the effect that"),
    ):
        for effect in mine:
            if effect not in theirs:
                words = EFFECTS.get(effect, Text(sv=effect, en=effect))
                yield say(f"{swedish} {words.sv}.", f"{english} {words.en}.")


def _guards(before: Workflow, after: Workflow) -> Iterator[Difference]:
    old, new = (_used_guards(workflow) for workflow in (before, after))
    for key in [key for key in new if key in old]:
        was, now = old[key], new[key]
        question = now.question
        if was.expression != now.expression:
            yield _say(
                "guard", key,
                f"{question.sv} ({key}) prövas nu så här: {now.expression.source} – förut: {was.expression.source}",
                f"{question.en} ({key}) is now tested like this: {now.expression.source} – before: "
                f"{was.expression.source}",
            )  # fmt: skip
        if was.severity != now.severity:
            hard = now.severity == "hard"
            yield _say(
                "guard", key,
                f"{question.sv} ({key}) {'hindrar nu' if hard else 'kan nu passeras med en kommentar'}.",
                f"{question.en} ({key}) {'now stops' if hard else 'can now be passed by a comment'}.",
            )  # fmt: skip
        if set(was.basis) != set(now.basis):
            yield _say(
                "guard", key, f"{question.sv} ({key}) vilar nu på {_laws(after, now.basis)}.",
                f"{question.en} ({key}) now rests on {_laws(after, now.basis)}.",
            )  # fmt: skip


def _used_guards(workflow: Workflow) -> dict[str, Guard]:
    return {guard.id: guard for action in workflow.actions.values() for guard in (*action.guards, *action.post_guards)}


def _documents(before: Workflow, after: Workflow) -> Iterator[Difference]:
    old, new = ({_last(key): one for key, one in workflow.documents.items()} for workflow in (before, after))
    if before.form == after.form:
        for _, document in _only(old, new):
            title = document.title
            yield _say(
                "document", document.id, f"Handlingen {title.sv} ({document.id}) utgår.",
                f"The document {title.en} ({document.id}) is dropped.",
            )  # fmt: skip
        for _, document in _only(new, old):
            title = document.title
            yield _say(
                "document", document.id, f"Ny handling: {title.sv} ({document.id}).",
                f"New document: {title.en} ({document.id}).",
            )  # fmt: skip
        for key in [key for key in new if key in old]:
            was, now = old[key], new[key]
            if was.signers != now.signers:
                people = _roles(after, now.signers)
                yield _say(
                    "document", now.id, f"{now.title.sv} ({now.id}) undertecknas nu av {_sv(people)}.",
                    f"{now.title.en} ({now.id}) is now signed by {_en(people)}.",
                )  # fmt: skip
            if was.when != now.when:
                condition = now.when.source if now.when is not None else "–"
                yield _say(
                    "document", now.id, f"{now.title.sv} ({now.id}) behövs nu när: {condition}",
                    f"{now.title.en} ({now.id}) is now needed when: {condition}",
                )  # fmt: skip


def _parameters(before: Workflow, after: Workflow) -> Iterator[Difference]:
    old, new = ({(one.key, one.valid_from): one for one in workflow.parameters} for workflow in (before, after))
    for key, figure in new.items():
        was = old.get(key)
        if was is None or was.value != figure.value:
            yield _say(
                "parameter", figure.key,
                f"{figure.key} är {figure.value} {figure.unit} från {figure.valid_from}"
                + (f", förut {was.value}." if was is not None else "."),
                f"{figure.key} is {figure.value} {figure.unit} from {figure.valid_from}"
                + (f", before {was.value}." if was is not None else "."),
            )  # fmt: skip


EFFECTS: Mapping[str, Text] = {
    "invalidate_legal": Text(sv="de juridiska yttrandena faller", en="the legal opinions fall"),
    "invalidate_procurement": Text(
        sv="upphandlingsresultat och bortval faller", en="procurement results and skip records fall"
    ),
    "void_signatures": Text(
        sv="underskrifter och beslut om den gamla texten faller", en="signatures and decisions on the old text fall"
    ),
    "require_new_nda_signature": Text(
        sv="ett ändrat sekretessavtal måste undertecknas", en="an amended NDA has to be signed"
    ),
    "restore_earlier_nda": Text(sv="det tidigare sekretessavtalet gäller igen", en="the earlier NDA applies again"),
    "set_first_start": Text(
        sv="arbetet räknas som startat på denna version", en="work counts as started on this version"
    ),
    "restore_agreed_version": Text(sv="den avtalade versionen gäller igen", en="the agreed version applies again"),
    "stop_changed_work": Text(sv="det ändrade arbetet stoppas", en="the changed work stops"),
    "set_reason_sme_choice": Text(
        sv="skälet blir företagets eget val", en="the reason becomes the company's own choice"
    ),
    "reserve_capacity": Text(sv="kapacitet reserveras", en="capacity is reserved"),
    "reserve_purchase": Text(sv="inköpet reserveras mot årets gräns", en="the purchase is reserved against the limit"),
    "release_reservations": Text(sv="reservationer släpps", en="reservations are released"),
    "settle_ledgers": Text(sv="det som har använts räknas", en="what was used is counted"),
    "set_suspended": Text(sv="ärendet vilar", en="the case is suspended"),
    "clear_suspended": Text(sv="ärendet återupptas", en="the case is resumed"),
    "set_escalated": Text(sv="ärendet eskaleras", en="the case is escalated"),
    "clear_escalated": Text(sv="eskaleringen upphör", en="the escalation ends"),
}
"""What an effect brings about, as the end of a sentence."""


def _action_key(action: Action, *, by_id: bool) -> tuple[str, ...]:
    return (action.id,) if by_id or action.is_overlay else (action.source or "", action.name)


def _only(these: Mapping[_K, _T], others: Iterable[_K]) -> Iterator[tuple[_K, _T]]:
    known = set(others)
    for key, value in these.items():
        if key not in known:
            yield key, value


def _last(document_id: str) -> str:
    return document_id.split("-", 1)[-1]


def _where(workflow: Workflow, action: Action) -> Text:
    if action.source is None:
        return Text(sv=" i varje steg", en=" at every stage")
    stage = workflow.stage(action.source).label
    return Text(sv=f" i {stage.sv}", en=f" at {stage.en}")


def _roles(workflow: Workflow, keys: Iterable[str]) -> list[Text]:
    system = Text(sv="systemet", en="the product itself")
    return [workflow.roles[key].name if key in workflow.roles else system for key in keys]


def _laws(workflow: Workflow, ids: Iterable[str]) -> str:
    return ", ".join(workflow.laws[law].name if law in workflow.laws else law for law in ids) or "–"


def _joined(texts: Iterable[Text], language: Callable[[Text], str]) -> str:
    return ", ".join(language(text) for text in texts) or "–"


def _sv(texts: Iterable[Text]) -> str:
    return _joined(texts, lambda text: text.sv)


def _en(texts: Iterable[Text]) -> str:
    return _joined(texts, lambda text: text.en)


def _days_sv(days: int | None) -> str:
    return "ingen" if days is None else f"{days} arbetsdagar"


def _days_en(days: int | None) -> str:
    return "none" if days is None else f"{days} working days"


def _say(subject: Subject, about: str, sv: str, en: str) -> Difference:
    return Difference(subject=subject, about=about, text=Text(sv=sv, en=en))
