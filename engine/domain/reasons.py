"""Every "no" of the product: reasons, verdicts and the errors that carry them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from engine.domain.values import Facts, Text

Answer = Literal["yes", "no", "unknown"]
Kind = Literal["guard", "document", "duty", "right", "stage", "hold", "input", "rule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One cause of a "no".

    ``id`` is a guard id (``G-LEG-01``), a duty (``SOD-02``), a document id (``S-LEG-02``) or a rule
    (``R-DOC-1``, ``R-UPLOAD``, ``STAGE``, ``ROLE``). ``values`` are what it saw, by field. ``basis`` are ids of
    the law register. ``who`` are role keys that can supply what is missing. ``answer`` tells a definite
    no from an unknown. A ``soft`` reason is passed by a recorded comment.
    """

    id: str
    kind: Kind
    question: Text
    severity: Literal["hard", "soft"] = "hard"
    answer: Answer = "no"
    values: Facts = field(default_factory=dict)
    basis: tuple[str, ...] = ()
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer for one action: allowed or not, with all reasons, in the order of the definition.

    ``failing`` holds unmet guards (hard and soft) sorted by id; ``other`` what else stands in the way:
    documents, duties, rights, stage, suspension. ``met`` are the ids of guards that hold.
    """

    action: str
    allowed: bool
    failing: tuple[Reason, ...] = ()
    other: tuple[Reason, ...] = ()
    met: tuple[str, ...] = ()

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """All reasons: guards first, then the rest."""
        return self.failing + self.other


class EngineError(Exception):
    """An expected "no", with a stable code and a plain sentence in both languages."""

    code = "engine_error"

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


class Refused(EngineError):
    """The command is not allowed now; ``verdict`` carries every reason."""

    code = "refused"

    def __init__(self, verdict: Verdict, message: Text | None = None) -> None:
        super().__init__(message or _sentence(verdict))
        self.verdict = verdict


class InvalidInput(EngineError):
    """What was sent cannot be read; ``faults`` maps each field to its sentence. Nothing was saved."""

    code = "invalid_input"

    def __init__(self, faults: dict[str, Text]) -> None:
        super().__init__(
            Text(
                sv=f"{len(faults)} uppgifter behöver rättas innan de kan sparas.",
                en=f"{len(faults)} entries need to be corrected before they can be saved.",
            )
        )
        self.faults = faults


class Conflict(EngineError):
    """Somebody changed the case since it was read; says who changed what. Nothing was saved."""

    code = "conflict"

    def __init__(self, message: Text, *, current_revision: int, changed_by: str = "", changed: str = "") -> None:
        super().__init__(message)
        self.current_revision = current_revision
        self.changed_by = changed_by
        self.changed = changed


class NotFound(EngineError):
    """There is no such thing, or the actor may not know that there is."""

    code = "not_found"


def _sentence(verdict: Verdict) -> Text:
    count = len(verdict.reasons)
    return Text(
        sv=f"Åtgärden kan inte utföras ännu: {count} skäl.",
        en=f"The action cannot be taken yet: {count} reason{'s' if count != 1 else ''}.",
    )
