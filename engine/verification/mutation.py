"""Takes a definition apart, one piece at a time, and tells which invariant or scenario notices that it is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from engine.domain.expressions import Expression
from engine.domain.expressions.evaluation import compile_test
from engine.domain.expressions.tree import Every
from engine.domain.roles import NO_CONTENT_ROLES, READ_ONLY_ROLES, SME_ROLES
from engine.domain.values import Text
from engine.domain.workflow import Action, Guard, Workflow
from engine.verification.atoms import fields_of
from engine.verification.explore import explore
from engine.verification.invariants import Invariant
from engine.verification.space import Cache
from engine.verification.standing import standing

Kind = Literal["guard", "part", "effect", "actor", "move"]

WORDS: Mapping[Kind, Text] = {
    "guard": Text(sv="vakten tas bort överallt", en="the guard is dropped everywhere"),
    "part": Text(sv="en del av vakten tas bort", en="a part of the guard is dropped"),
    "effect": Text(sv="effekten tas bort", en="the effect is dropped"),
    "actor": Text(sv="varje roll hos värden får göra det", en="every role of the host may take the action"),
    "move": Text(sv="åtgärden tas bort", en="the action is dropped"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A definition without one of its pieces. ``subject`` names the piece: a guard, ``S-T22 void_signatures`` ..."""

    kind: Kind
    subject: str
    workflow: Workflow
    guard: Guard | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What notices a mutant: invariants and always-checks by name, and scenarios. ``is_cited``: an invariant cites
    the guard's law; ``is_soft``: a recorded comment passes the guard in any case.
    """

    kind: Kind
    subject: str
    invariants: tuple[str, ...]
    scenarios: tuple[str, ...]
    is_cited: bool = False
    is_soft: bool = False

    @property
    def is_noticed(self) -> bool:
        """True when an invariant or a scenario notices."""
        return bool(self.invariants or self.scenarios)


@dataclass(frozen=True, slots=True, kw_only=True)
class MutationReport:
    """Every mutant of a definition with what notices it, in the order of the definition."""

    form: str
    verdicts: tuple[Verdict, ...]
    seconds: float = 0.0

    def of(self, kind: Kind) -> tuple[Verdict, ...]:
        """This will return the verdicts on one kind of piece."""
        return tuple(one for one in self.verdicts if one.kind == kind)

    @property
    def missed(self) -> tuple[Verdict, ...]:
        """Hard guards whose law an invariant cites, and that neither an invariant nor a scenario notices."""
        return tuple(one for one in self.of("guard") if one.is_cited and not one.is_soft and not one.is_noticed)

    @property
    def unprotected(self) -> tuple[Verdict, ...]:
        """What neither an invariant nor a scenario notices: a scenario is missing."""
        return tuple(one for one in self.verdicts if not one.is_noticed)


def mutate(
    workflow: Workflow,
    invariants: Iterable[Invariant],
    scenarios: Mapping[str, tuple[str, ...]],
    *,
    clock: Callable[[], float] = lambda: 0.0,
    kinds: frozenset[Kind] | None = None,
) -> MutationReport:
    """This will drop every piece in turn and ask what notices.

    ``scenarios`` names, for an action (``S-T05``) or a guard of one (``G-SCO-02 S-T05``), the scenarios that expect
    it. What is broken in the definition as it stands is left out of every verdict. ``kinds`` chooses among the pieces.
    """
    began = clock()
    wanted = tuple(invariants)
    cited = {law for invariant in wanted if workflow.form in invariant.forms for law in invariant.basis}
    cache = Cache()
    before = _noticing(workflow, wanted, cache, is_each_move_tried=True)
    verdicts = []
    for mutant in mutants(workflow):
        if kinds is not None and mutant.kind not in kinds:
            continue
        noticed = _noticing(mutant.workflow, wanted, cache, is_each_move_tried=mutant.kind in {"effect", "move"})
        verdicts.append(
            Verdict(
                kind=mutant.kind,
                subject=mutant.subject,
                invariants=tuple(name for name in noticed if name not in before),
                scenarios=_expecting(workflow, mutant, scenarios),
                is_cited=mutant.guard is not None and bool(set(mutant.guard.basis) & cited),
                is_soft=mutant.guard is not None and mutant.guard.severity == "soft",
            )
        )
    return MutationReport(form=workflow.form, verdicts=tuple(verdicts), seconds=clock() - began)


def _expecting(workflow: Workflow, mutant: Mutant, scenarios: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if mutant.kind == "move":
        return scenarios.get(mutant.subject, ())
    if mutant.kind != "guard":
        return ()
    asked = [action.id for action in workflow.actions.values() if mutant.guard in action.guards]
    return tuple(dict.fromkeys(name for one in asked for name in scenarios.get(f"{mutant.subject} {one}", ())))


def mutants(workflow: Workflow) -> Iterator[Mutant]:
    """This will yield every mutant: guards, parts of guards, effects, actor restrictions and moves."""
    used = {guard.id: guard for action in workflow.actions.values() for guard in action.guards}
    for guard in used.values():
        yield Mutant(kind="guard", subject=guard.id, workflow=_with_guard(workflow, guard.id, None), guard=guard)
    for guard in used.values():
        for place, weaker in enumerate(_weaker(guard.expression), start=1):
            changed = _with_guard(workflow, guard.id, replace(guard, expression=weaker))
            yield Mutant(kind="part", subject=f"{guard.id} part {place}", workflow=changed, guard=guard)
    for action in workflow.actions.values():
        for effect in action.effects:
            kept = tuple(one for one in action.effects if one != effect)
            changed = _with_action(workflow, replace(action, effects=kept))
            yield Mutant(kind="effect", subject=f"{action.id} {effect}", workflow=changed)
    nobody = READ_ONLY_ROLES | NO_CONTENT_ROLES | SME_ROLES
    everybody = tuple(
        role.key for role in workflow.roles.values() if workflow.form in role.forms and role.key not in nobody
    )
    for action in workflow.actions.values():
        changed = _with_action(workflow, replace(action, actors=everybody))
        yield Mutant(kind="actor", subject=action.id, workflow=changed)
    for action in workflow.actions.values():
        if not action.is_overlay:
            actions = {key: one for key, one in workflow.actions.items() if key != action.id}
            yield Mutant(kind="move", subject=action.id, workflow=replace(workflow, actions=actions))


def _weaker(expression: Expression) -> Iterator[Expression]:
    tree = expression.tree
    if not isinstance(tree, Every):
        return
    for place in range(len(tree.operands)):
        kept = tree.operands[:place] + tree.operands[place + 1 :]
        node = kept[0] if len(kept) == 1 else Every(kept)
        yield replace(
            expression,
            source=f"{expression.source} [without part {place + 1}]",
            tree=node,
            fields=fields_of(node),
            test=compile_test(node),
        )


def _with_action(workflow: Workflow, action: Action) -> Workflow:
    return replace(workflow, actions={**workflow.actions, action.id: action})


def _with_guard(workflow: Workflow, guard_id: str, guard: Guard | None) -> Workflow:
    actions = {}
    for key, action in workflow.actions.items():
        guards = tuple(
            changed for one in action.guards if (changed := guard if one.id == guard_id else one) is not None
        )
        actions[key] = replace(action, guards=guards) if guards != action.guards else action
    return replace(workflow, actions=actions)


def _noticing(
    workflow: Workflow, invariants: tuple[Invariant, ...], cache: Cache, *, is_each_move_tried: bool
) -> tuple[str, ...]:
    report = explore(workflow, invariants, cache=cache)
    names = dict.fromkeys(violation.invariant.id for violation in report.violations)
    names.update(
        dict.fromkeys(
            f"always: {finding.check}" for finding in standing(workflow, is_each_move_tried=is_each_move_tried)
        )
    )
    names.update(dict.fromkeys(report.bounds))
    return tuple(names)
