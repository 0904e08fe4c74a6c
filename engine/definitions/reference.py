"""Draws a definition for people: a page per form that a lawyer can read, and its diagram."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pygraphviz

from engine.definitions.loader import AllWorkflows, load_all
from engine.domain.expressions import Expression
from engine.domain.machine import moves_from
from engine.domain.values import Text
from engine.domain.workflow import CLOSED, Action, DocumentType, Guard, Workflow

NOTE = "Drawn by `make reference` from `workflows/`; do not edit. Working tool, not legal advice."


def write_reference(root: Path, target: Path) -> tuple[Path, ...]:
    """This will write a page per form into ``target`` and return the files, in the order of the forms."""
    target.mkdir(parents=True, exist_ok=True)
    pages = reference_pages(load_all(root))
    for name, content in pages.items():
        (target / name).write_text(content, encoding="utf-8")
    return tuple(target / name for name in pages)


def reference_pages(workflows: AllWorkflows) -> dict[str, str]:
    """This will return the page of the newest definition of each form, by file name."""
    newest = {one.workflow.form: one.workflow for one in workflows.published}
    return {f"{form}.md": "\n".join(_page(workflow)) + "\n" for form, workflow in newest.items()}


def diagram_svg(workflow: Workflow, language: str = "en") -> str:
    """This will draw the stages and moves of a definition, as its machine knows them, as an SVG picture.

    Where it lands on the picture depends on the Graphviz that is installed; what is drawn does not.
    """
    graph = pygraphviz.AGraph(directed=True, rankdir="TB", ranksep="0.7", nodesep="0.5", bgcolor="transparent")
    graph.node_attr.update(shape="box", style="rounded", fontname="sans-serif", fontsize="12", margin="0.2,0.1")
    graph.edge_attr.update(fontname="sans-serif", fontsize="9")
    for stage in workflow.stages:
        label = stage.label.in_language(language)
        graph.add_node(stage.name, label=label, peripheries="2" if stage.name == CLOSED else "1")
    for (source, target), actions in _moves(workflow).items():
        words = [f"{action.id} {action.label.in_language(language)}" for action in actions]
        is_forward = any(action.is_forward for action in actions)
        style, weight = ("solid", "20") if is_forward else ("dashed", "1")
        graph.add_edge(source, target, label="\n".join(words), style=style, weight=weight)
    drawn: bytes = graph.draw(format="svg", prog="dot")
    picture = drawn.decode()
    # Without prolog it can stand in a page; with the colour of the text around it, in the dark theme too.
    return (
        picture[picture.index("<svg") :].replace("<svg", '<svg fill="currentColor"', 1).replace("black", "currentColor")
    )


def _moves(workflow: Workflow) -> dict[tuple[str, str], list[Action]]:
    moves: dict[tuple[str, str], list[Action]] = {}
    for stage in workflow.stages:
        for action_id in moves_from(workflow, stage.name):
            action = workflow.actions[action_id]
            moves.setdefault((stage.name, action.target or stage.name), []).append(action)
    return moves


def _page(workflow: Workflow) -> Iterator[str]:
    name = workflow.labels["form"][workflow.form]
    yield f"# {name.en} / {name.sv}: {workflow.version}"
    yield f"\n{NOTE}\n"
    yield from _diagram(workflow)
    yield from _stages(workflow)
    yield from _actions(workflow)
    yield from _guards(workflow)
    yield from _documents(workflow)
    yield from _laws(workflow)


def _diagram(workflow: Workflow) -> Iterator[str]:
    yield "```mermaid\nstateDiagram-v2"
    yield f"    [*] --> {workflow.initial}"
    for (source, target), actions in _moves(workflow).items():
        yield f"    {source} --> {target}: {', '.join(action.id for action in actions)}"
    yield f"    {CLOSED} --> [*]\n```\n"


def _stages(workflow: Workflow) -> Iterator[str]:
    yield "## Stages\n"
    yield "| Stage | Steg | Phase | Whose turn | Target, working days |\n|---|---|---|---|---|"
    for stage in workflow.stages:
        phase = workflow.labels["phase"][stage.phase].en
        held_by = ", ".join(workflow.roles[role].name.en for role in stage.held_by)
        yield f"| {stage.label.en} | {stage.label.sv} | {phase} | {held_by} | {stage.target_days or '–'} |"


def _actions(workflow: Workflow) -> Iterator[str]:
    yield "\n## Actions"
    for stage in workflow.stages:
        actions = workflow.actions_from(stage.name)
        if actions:
            yield f"\n### From {stage.label.en} / {stage.label.sv}"
        for action in actions:
            yield from _action(workflow, action)
    yield "\n### At every stage before the last"
    for action in workflow.overlays():
        yield from _action(workflow, action)


def _action(workflow: Workflow, action: Action) -> Iterator[str]:
    yield f"\n**{action.id} {action.label.en}** / {action.label.sv}\n"
    yield f"- Who: {', '.join(_role(workflow, role) for role in action.actors)}"
    if action.target is not None:
        outcome = "" if action.outcome is None else f", {workflow.labels['case.outcome'][action.outcome].en.lower()}"
        yield f"- Leads to: {workflow.stage(action.target).label.en}{outcome}"
    if action.is_forward:
        yield "- Forward: every document of the stage that is due must be final (R-DOC-1)"
    yield from _listed("Requires", (_link(guard.id) for guard in action.guards))
    yield from _listed("Documents, when due", (_link(document) for document in action.documents))
    yield from _listed("Effects", (f"`{effect}`" for effect in action.effects))
    yield from _listed("Afterwards, within ten working days", (_link(guard.id) for guard in action.post_guards))
    yield from _listed("Documents afterwards", (_link(document) for document in action.post_documents))


def _role(workflow: Workflow, key: str) -> str:
    role = workflow.roles.get(key)
    return "The product itself" if role is None else role.name.en


def _listed(title: str, words: Iterator[str]) -> Iterator[str]:
    text = ", ".join(words)
    if text:
        yield f"- {title}: {text}"


def _link(identity: str) -> str:
    return f"[{identity}](#{identity.lower()})"


def _guards(workflow: Workflow) -> Iterator[str]:
    yield "\n## Guards\n"
    yield "A hard guard stops the action; a soft one is passed by a recorded comment. Unknown never satisfies."
    for guard in workflow.guards.values():
        yield from _guard(workflow, guard)


def _guard(workflow: Workflow, guard: Guard) -> Iterator[str]:
    yield f"\n### {guard.id}\n"
    yield f"{guard.question.en}  \n*{guard.question.sv}*\n"
    yield f"- Severity: {guard.severity}"
    yield f"- Holds when: `{guard.expression.source}`"
    yield f"- Law: {', '.join(_link(law) + ' ' + workflow.laws[law].name for law in guard.basis)}"
    yield f"- Who can supply it: {', '.join(_role(workflow, role) for role in guard.who)}"


def _documents(workflow: Workflow) -> Iterator[str]:
    yield "\n## Documents"
    for document in workflow.documents.values():
        yield from _document(workflow, document)


def _document(workflow: Workflow, document: DocumentType) -> Iterator[str]:
    yield f"\n### {document.id}\n"
    yield f"{document.title.en}  \n*{document.title.sv}*\n"
    yield f"- When: {_when(document)}"
    yield f"- Signed by: {', '.join(_role(workflow, role) for role in document.signers)}"
    yield f"- Content: {', '.join(workflow.fields[name].label.en for name in document.merge)}"
    yield from _listed("Answers", (workflow.fields[name].label.en for name in document.inputs))
    yield from _listed("Clauses", (use.id + _condition(use.when) for use in document.clauses))
    yield f"- Marking proposed: {'; '.join(rule.marking + _condition(rule.when) for rule in document.secrecy)}"
    yield f"- Kept as: {document.retention}"
    if document.in_agreement_set:
        yield "- Part of the agreement set that the lawyers approve"


def _when(document: DocumentType) -> str:
    occasion = document.occasion.replace("_", " ")
    return occasion if document.when is None else f"{occasion}, when `{document.when.source}`"


def _condition(when: Expression | None) -> str:
    return "" if when is None else f" (when `{when.source}`)"


def _laws(workflow: Workflow) -> Iterator[str]:
    yield "\n## Law\n"
    yield "Paraphrased for our purposes; the statute is what counts."
    cited = {law for guard in workflow.guards.values() for law in guard.basis}
    for law in workflow.laws.values():
        if law.id in cited:
            yield f"\n### {law.id}\n\n**{law.name}**\n\n{_both(law.says)}"


def _both(text: Text) -> str:
    return f"{text.en}\n\n*{text.sv}*"
