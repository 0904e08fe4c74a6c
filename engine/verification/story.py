"""A broken property as a story that anybody can read, in both languages, and as the path of what was done."""

from __future__ import annotations

from dataclasses import dataclass

from engine.domain.values import Text
from engine.domain.workflow import Workflow
from engine.verification.model import Step
from engine.verification.report import Violation


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """How a property is broken: a sentence per step, the end, and ids of actions and happenings in order.

    ``stages`` are the stages on the way, for drawing the path. ``condition`` is what was not met; it may be empty.
    """

    invariant: str
    form: str
    sentences: tuple[Text, ...]
    ending: Text
    path: tuple[str, ...]
    stages: tuple[str, ...]
    condition: str
    basis: tuple[str, ...]

    def in_language(self, language: str) -> str:
        """This will return the whole story in Swedish or English, as one paragraph."""
        return " ".join(part.in_language(language) for part in (*self.sentences, self.ending))


def tell(workflow: Workflow, violation: Violation) -> Story:
    """This will tell how a property is broken."""
    invariant = violation.invariant
    teller = _Teller(workflow)
    sentences = tuple(teller.sentence(step) for step in violation.path)
    return Story(
        invariant=invariant.id,
        form=workflow.form,
        sentences=sentences or (Text(sv="Ärendet har just öppnats.", en="The case has just been opened."),),
        ending=invariant.broken,
        path=tuple(step.name for step in violation.path),
        stages=tuple(dict.fromkeys(name for step in violation.path for name in (step.source, step.target))),
        condition=violation.condition,
        basis=invariant.basis,
    )


class _Teller:
    """Follows a path and knows which scope version is current."""

    def __init__(self, workflow: Workflow) -> None:
        self._workflow = workflow
        self._version = self._highest = self._agreed = 1
        self._is_used = False

    def sentence(self, step: Step) -> Text:
        if step.happening is not None:
            return self._happening(step)
        action = step.action
        assert action is not None
        if "set_first_start" in action.effects:
            self._agreed = self._version
        if "restore_agreed_version" in action.effects:
            self._version, self._is_used = self._agreed, True
        role = self._workflow.roles.get(action.actors[0]) if action.actors else None
        who = role.name if role is not None else Text(sv="Systemet", en="The system")
        return Text(
            sv=f"{who.sv}: {_lower(action.label.sv)} ({action.id}){self._where(step, 'sv')}.",
            en=f"{who.en}: {_lower(action.label.en)} ({action.id}){self._where(step, 'en')}.",
        )

    def _happening(self, step: Step) -> Text:
        happening = step.happening
        assert happening is not None
        if happening.is_edit and self._is_used:
            self._highest += 1
            self._version, self._is_used = self._highest, False
        self._is_used = self._is_used or happening.uses_version
        text = Text(
            sv=happening.text.sv.format(version=self._version), en=happening.text.en.format(version=self._version)
        )
        if step.source == step.target:
            return text
        stage = self._workflow.stage(step.target).label
        return Text(
            sv=f"{text.sv} Ärendet går tillbaka till {_lower(stage.sv)}.",
            en=f"{text.en} The case goes back to {_lower(stage.en)}.",
        )

    def _where(self, step: Step, language: str) -> str:
        if step.source == step.target:
            return ""
        source, target = (
            _lower(self._workflow.stage(name).label.in_language(language)) for name in (step.source, step.target)
        )
        return f", från {source} till {target}" if language == "sv" else f", from {source} to {target}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
