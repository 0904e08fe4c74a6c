"""A "no" in plain values: the error summary above a form, with every reason and a link to each field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.domain.reasons import Conflict, EngineError, InvalidInput, Refused
from engine.domain.values import Text
from web.voice import Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing to put right; ``href`` leads to the field, empty when there is none."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """The error summary. ``text_kept`` says that nothing typed was lost."""

    heading: str
    text: str = ""
    items: tuple[Fault, ...] = ()


def of_entries(voice: Voice, faults: Mapping[str, Text]) -> Faults:
    """This will return the summary of what is wrong with the entries, each linked to its field."""
    items = tuple(Fault(text=voice.text(text), href=f"#{anchor(name)}") for name, text in faults.items())
    return Faults(heading=voice.t("form.to_correct", n=len(items)), items=items)


def of_error(voice: Voice, error: EngineError) -> Faults:
    """This will return the summary of an expected error with everything it carries."""
    match error:
        case InvalidInput():
            return of_entries(voice, error.faults)
        case Refused():
            items = tuple(
                Fault(text=f"{voice.text(reason.question)} ({reason.id})") for reason in error.verdict.reasons
            )
            return Faults(heading=voice.t("form.refused"), text=voice.text(error.message), items=items)
        case Conflict():
            who = error.changed_by or voice.t("form.somebody")
            text = voice.t("form.conflict_what", what=error.changed) if error.changed else ""
            return Faults(heading=voice.t("form.conflict", who=who), text=f"{voice.text(error.message)} {text}".strip())
        case _:
            return Faults(heading=voice.text(error.message))


def words(voice: Voice, faults: Mapping[str, Text]) -> dict[str, str]:
    """This will return the faults in words by field, to stand beside each."""
    return {name: voice.text(text) for name, text in faults.items()}


def anchor(name: str) -> str:
    """This will return the id of a field of a form."""
    return f"f-{name.replace('.', '-')}"
