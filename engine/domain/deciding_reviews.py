"""What follows when somebody gives an opinion, closes a condition, confirms, acknowledges, attests or writes."""

from __future__ import annotations

from engine.domain.case import Case
from engine.domain.commands import (
    AcknowledgeNotice,
    AssignPerson,
    Attest,
    CheckConfidentiality,
    CloseCondition,
    ConfirmScope,
    GiveOpinion,
    SendMessage,
)
from engine.domain.derivations import Situation
from engine.domain.duties import broken_duties
from engine.domain.events import (
    Attested,
    ConditionClosed,
    ConfidentialityChecked,
    Event,
    MessageSent,
    NoticeAcknowledged,
    OpinionGiven,
    PersonAssigned,
    ScopeConfirmed,
)
from engine.domain.evolution import ROLE_ACTS
from engine.domain.fields import CHECK_POINTS
from engine.domain.reasons import InvalidInput, NotFound, Refused, Verdict
from engine.domain.refusals import refusal, require_role
from engine.domain.reviews import required_organisations
from engine.domain.roles import NO_CONTENT_ROLES, READ_ONLY_ROLES, SME_ROLES, Actor
from engine.domain.values import Text
from engine.domain.workflow import Workflow

COMPANY = ("sme_contact", "sme_signatory")
ATTESTED_BY = {
    "access_list_approved": ("ops_manager",),
    "access_revoked": ("ops_manager",),
    "register_case_closed": ("registrar",),
    "template_approved": ("template_owner",),
}
ASSIGNED_BY = {"pi": ("pm",), "lead_legal": ("legal",)}
MIN_OPINION = 10


def give_opinion(case: Case, workflow: Workflow, command: GiveOpinion, actor: Actor, asked: Situation) -> Event:
    """This will answer a legal department that gives its opinion on one scope version and one text."""
    role = require_role("give_opinion", workflow, actor, ("legal",))
    organisation = actor.roles[role]
    reasons = broken_duties(case, workflow, actor, role, frozenset({"legal_opinion"}), organisation=organisation)
    if reasons:
        raise Refused(Verdict(action="give_opinion", allowed=False, other=reasons))
    if case.stage != "legal_review":
        stage = workflow.stage("legal_review").label
        raise refusal(
            "give_opinion", "STAGE", "stage",
            Text(sv=f"Yttranden lämnas i steget {stage.sv}.", en=f"Opinions are given at the stage {stage.en}."),
        )  # fmt: skip
    if organisation not in required_organisations(case, asked.facts):
        raise refusal(
            "give_opinion", "R-ORG", "right",
            Text(
                sv="Din organisation granskar inte det här ärendet.",
                en="Your organisation does not review this case.",
            ),
        )  # fmt: skip
    if command.scope_version != case.scope_version or command.doc_hash != asked.facts.get("legal.doc_hash"):
        raise refusal(
            "give_opinion", "R-TEXT", "rule",
            Text(
                sv="Texten har ändrats sedan du öppnade den. Läs den nya texten och lämna yttrandet på den.",
                en="The text has changed since you opened it. Read the new text and give your opinion on that.",
            ),
            basis=("L61",),
        )  # fmt: skip
    _require_whole_opinion(command)
    return OpinionGiven(
        opinion_id=f"Y-{len(case.opinions) + 1}",
        organisation=organisation,
        opinion=command.opinion,
        text=command.text.strip(),
        checks={name: value for name, value in command.checks.items() if name in CHECK_POINTS},
        scope_version=command.scope_version,
        doc_hash=command.doc_hash,
        conditions={
            f"V-{len(case.opinions) + 1}.{place}": text.strip()
            for place, text in enumerate(command.conditions, start=1)
        },
    )


def _require_whole_opinion(command: GiveOpinion) -> None:
    faults: dict[str, Text] = {}
    if len(command.text.strip()) < MIN_OPINION:
        faults["text"] = Text(sv="Skriv yttrandets skäl.", en="Write the reasons of the opinion.")
    conditions = [text for text in command.conditions if text.strip()]
    if command.opinion == "approve_with_conditions" and not conditions:
        faults["conditions"] = Text(
            sv="Skriv villkoren, ett per rad, eller tillstyrk utan villkor.",
            en="Write the conditions, one a line, or approve without conditions.",
        )
    if command.opinion != "approve_with_conditions" and conditions:
        faults["conditions"] = Text(
            sv="Villkor hör till ett tillstyrkande med villkor.", en="Conditions belong to an approval with conditions."
        )
    for name in command.checks.keys() - set(CHECK_POINTS):
        faults[name] = Text(sv="Detta är ingen kontrollpunkt.", en="This is not a check point.")
    if faults:
        raise InvalidInput(faults)


def close_condition(case: Case, workflow: Workflow, command: CloseCondition, actor: Actor) -> Event:
    """This will answer a lawyer who closes a condition of the own organisation's opinion."""
    role = require_role("close_condition", workflow, actor, ("legal",))
    for opinion in case.opinions:
        for condition in opinion.conditions:
            if condition.id != command.condition_id:
                continue
            if opinion.organisation != actor.roles[role]:
                raise refusal(
                    "close_condition", "R-ORG", "right",
                    Text(
                        sv="Villkoret hör till en annan organisation.",
                        en="The condition belongs to another organisation.",
                    ),
                )  # fmt: skip
            if not command.evidence.strip():
                raise InvalidInput(
                    {"evidence": Text(sv="Skriv hur villkoret är uppfyllt.", en="Write how the condition is met.")}
                )
            return ConditionClosed(condition_id=condition.id, evidence=command.evidence.strip())
    raise NotFound(Text(sv="Villkoret finns inte i ärendet.", en="There is no such condition in the case."))


def confirm_scope(case: Case, workflow: Workflow, command: ConfirmScope, actor: Actor, asked: Situation) -> Event:
    """This will answer one side that confirms the scope version it saw."""
    role = require_role("confirm_scope", workflow, actor, (*COMPANY, "pm"))
    if case.scope_version == 0 or command.scope_version != case.scope_version:
        raise refusal(
            "confirm_scope", "R-TEXT", "rule",
            Text(
                sv=f"Uppdraget har ändrats: gällande version är {case.scope_version}. Läs den och bekräfta den.",
                en=f"The scope has changed: the current version is {case.scope_version}. Read and confirm that one.",
            ),
        )  # fmt: skip
    return ScopeConfirmed(side="sme" if role in SME_ROLES else "pm", scope_version=command.scope_version)


def check_confidentiality(case: Case, workflow: Workflow, command: CheckConfidentiality, actor: Actor) -> Event:
    """This will answer the person who compared the confidentiality agreement with the scope (company form: pm)."""
    allowed = ("legal",) if workflow.is_authority else ("pm", "legal")
    require_role("check_confidentiality", workflow, actor, allowed)
    signed_or_frozen = any(
        document.purpose.startswith("confidentiality") and document.is_frozen for document in case.documents.values()
    )
    if not signed_or_frozen or command.scope_version != case.scope_version:
        raise refusal(
            "check_confidentiality", "R-TEXT", "rule",
            Text(
                sv="Det finns inget slutligt sekretessavtal att jämföra med gällande version av uppdraget.",
                en="There is no final confidentiality agreement to compare with the current version of the scope.",
            ),
            who=("pm", "legal"),
        )  # fmt: skip
    return ConfidentialityChecked(scope_version=command.scope_version)


def acknowledge_notice(case: Case, workflow: Workflow, command: AcknowledgeNotice, actor: Actor) -> Event:
    """This will answer the company that confirms a notice."""
    require_role("acknowledge_notice", workflow, actor, COMPANY)
    return NoticeAcknowledged(notice=command.notice, version=command.version)


def attest(case: Case, workflow: Workflow, command: Attest, actor: Actor) -> Event:
    """This will answer somebody who states what only they can state."""
    require_role("attest", workflow, actor, ATTESTED_BY[command.what])
    if command.what == "access_revoked":
        inside = [row for row in case.rows.get("access_list", {}).values() if row.values.get("to_on") is None]
        if inside:
            raise refusal(
                "attest", "R-ACCESS", "rule",
                Text(
                    sv=f"{len(inside)} personer på tillträdeslistan saknar slutdag.",
                    en=f"{len(inside)} people on the access list have no last day.",
                ),
                who=("pm", "ops_manager"),
            )  # fmt: skip
    return Attested(what=command.what, note=command.note.strip())


def assign_person(case: Case, workflow: Workflow, command: AssignPerson, actor: Actor) -> Event:
    """This will answer a request to give somebody a role that is held case by case (SOD-05, SOD-06 apply to them)."""
    allowed = ASSIGNED_BY.get(command.role)
    if allowed is None or case.form not in workflow.roles[command.role].forms:
        raise InvalidInput({"role": Text(sv="Rollen ges inte per ärende.", en="The role is not given case by case.")})
    role = require_role("assign_person", workflow, actor, allowed)
    newcomer = Actor(person=command.person, name=command.name, roles={command.role: case.host_org})
    acts = frozenset({ROLE_ACTS[command.role]} if command.role in ROLE_ACTS else ())
    reasons = broken_duties(case, workflow, newcomer, command.role, acts)
    if reasons:
        raise Refused(Verdict(action="assign_person", allowed=False, other=reasons))
    return PersonAssigned(person=command.person, name=command.name, role=command.role, organisation=actor.roles[role])


def send_message(case: Case, workflow: Workflow, command: SendMessage, actor: Actor) -> Event:
    """This will answer somebody who writes in the conversation; the company writes to the host alone."""
    roles = set(actor.roles) - READ_ONLY_ROLES - NO_CONTENT_ROLES
    if not roles:
        raise refusal(
            "send_message", "ROLE", "right", Text(
                sv="Din roll skriver inte i ärendet.",
                en="Your role does not write in the case.",
            )
        )  # fmt: skip
    if actor.is_company and command.audience != "company":
        raise refusal(
            "send_message", "SOD-11", "duty",
            Text(sv="Företaget skriver till värden.", en="The company writes to the host."),
        )  # fmt: skip
    if not command.text.strip():
        raise InvalidInput({"text": Text(sv="Skriv ett meddelande.", en="Write a message.")})
    return MessageSent(audience=command.audience, text=command.text.strip())
