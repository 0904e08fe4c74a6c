"""What must hold on every path of a definition, as data: the invariants of the dossier, and how each is proved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.domain.expressions import Expression
from engine.domain.values import Text

Test = Literal["M", "R", "L"]
"""Where it is tested: on the model, by a rule when something happens, by a query over the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a condition is asked: entering a stage, taking an action by name, any move, or an event.

    ``leaving``, ``except_actions`` and ``except_entering`` leave moves out. Empty lists choose nothing; ``any_move``
    chooses all moves between stages.
    """

    entering: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    any_move: bool = False
    except_actions: tuple[str, ...] = ()
    except_entering: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds:
    """``condition`` is true right after each step that ``moment`` chooses."""

    moment: Moment
    condition: Expression
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """The action is there and nothing but a false ``condition`` can block it, at each stage before execution."""

    action: str
    condition: Expression
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WayTo:
    """From every reachable situation a path leads to ``stage``, also when the roles in ``without`` do nothing."""

    stage: str
    without: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoMoveFrom:
    """No move starts at ``stage``."""

    stage: str
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Through:
    """Every path from the beginning to ``to`` passes ``stage``."""

    stage: str
    to: str
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyBy:
    """Only people with one of ``roles`` take the actions; each of them is asked by name."""

    actions: tuple[str, ...]
    roles: tuple[str, ...]
    forms: tuple[str, ...] = ()


Proof = Holds | Open | WayTo | NoMoveFrom | Through | OnlyBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """One property: what it says, why, where it is tested, and its proofs on the model (empty: not on the model).

    ``broken`` is the last sentence of the story when it does not hold. ``enforced_by`` names rules, constraints or
    tests that hold a property the model cannot see.
    """

    id: str
    forms: tuple[str, ...]
    text: Text
    broken: Text
    basis: tuple[str, ...]
    tests: tuple[Test, ...]
    proofs: tuple[Proof, ...] = ()
    enforced_by: tuple[str, ...] = ()

    def proofs_for(self, form: str) -> tuple[Proof, ...]:
        """This will return the proofs that a form has to pass."""
        if form not in self.forms:
            return ()
        return tuple(proof for proof in self.proofs if not proof.forms or form in proof.forms)
