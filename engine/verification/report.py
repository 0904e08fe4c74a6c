"""What exploring a definition gave: slices with their figures, and every property that is broken."""

from __future__ import annotations

from dataclasses import dataclass

from engine.domain.workflow import Workflow
from engine.verification.invariants import Invariant, Proof
from engine.verification.model import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A property that does not hold: the path that breaks it, and the condition that was not met (empty: none)."""

    invariant: Invariant
    proof: Proof
    path: tuple[Step, ...] = ()
    condition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One exploration: what was kept of a case, how much there was, and what it proves."""

    slots: tuple[str, ...]
    situations: int
    transitions: int
    depth: int
    proves: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What exploring one definition gave. ``is_proved`` is true when nothing is broken and no bound was hit."""

    workflow: Workflow
    slices: tuple[Slice, ...] = ()
    violations: tuple[Violation, ...] = ()
    bounds: tuple[str, ...] = ()
    proved: tuple[str, ...] = ()
    left_open: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def situations(self) -> int:
        """How many situations were looked at, all slices together."""
        return sum(one.situations for one in self.slices)

    @property
    def transitions(self) -> int:
        """How many steps between situations were looked at."""
        return sum(one.transitions for one in self.slices)

    @property
    def is_proved(self) -> bool:
        """True when every property holds and no bound was hit."""
        return not self.violations and not self.bounds
