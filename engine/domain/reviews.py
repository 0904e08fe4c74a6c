"""Facts that follow from legal opinions: who must approve, who has, on which text, with what left open."""

from __future__ import annotations

from engine.domain.case import Case, Opinion
from engine.domain.fields import CHECK_POINTS
from engine.domain.values import Facts, Value, local_day
from engine.domain.workflow import Workflow

APPROVING = frozenset({"approve", "approve_with_conditions"})


def required_organisations(case: Case, facts: Facts) -> tuple[str, ...]:
    """This will return whose legal department must approve: host, joint partners, and a co-operator that reviews.

    ``legal`` may add organisations, never remove the host. Sorted with the host first.
    """
    joint = case.surroundings.joint
    organisations = {case.host_org, *(joint.organisations if joint else ())}
    infrastructure = case.surroundings.infrastructure
    if infrastructure.co_operator and infrastructure.facts.get("infra.co_operator_reviews") is True:
        organisations.add(infrastructure.co_operator)
    added = case.facts.get("legal.required_orgs")
    if added is not None and isinstance(added.value, tuple):
        organisations.update(name for name in added.value if isinstance(name, str))
    return (case.host_org, *sorted(organisations - {case.host_org}))


def counting_opinions(case: Case, facts: Facts) -> tuple[Opinion, ...]:
    """This will return the opinions that stand on the current scope version and text, whatever they say."""
    return tuple(
        opinion
        for opinion in case.opinions
        if not opinion.is_superseded
        and opinion.scope_version == facts.get("scope.version")
        and opinion.doc_hash == facts.get("legal.doc_hash")
    )


def add(facts: dict[str, Value], case: Case, workflow: Workflow) -> None:
    """This will add what the opinions tell."""
    facts["legal.required_orgs"] = required_organisations(case, facts)
    standing = [opinion for opinion in case.opinions if not opinion.is_superseded]
    facts["legal.approvals"] = tuple(
        {"org": opinion.organisation, "scope_version": opinion.scope_version, "doc_hash": opinion.doc_hash}
        for opinion in standing
        if opinion.opinion in APPROVING
    )
    facts["legal.reviewers"] = tuple(dict.fromkeys(opinion.person for opinion in case.opinions))
    counting = counting_opinions(case, facts)
    approvals = [opinion for opinion in counting if opinion.opinion in APPROVING]
    facts["legal.approved_at"] = min((local_day(opinion.at) for opinion in approvals), default=None)
    facts["legal.conditions_open"] = sum(
        1 for opinion in approvals for condition in opinion.conditions if condition.closed_at is None
    )
    for name in CHECK_POINTS:
        if name in workflow.fields:
            facts[name] = _answer(counting, name)


def _answer(opinions: tuple[Opinion, ...], name: str) -> bool | None:
    """Yes only if every opinion on the text says so; no when one says no; unknown without an answer (P19)."""
    answers = [opinion.checks[name] for opinion in opinions if name in opinion.checks]
    if not answers:
        return None
    return all(answers)
