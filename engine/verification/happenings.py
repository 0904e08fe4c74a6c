"""What people do between the moves of a definition: opinions, results, signatures, changes, purchases, appeals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.domain.agreement import uses_scope
from engine.domain.values import Text
from engine.domain.workflow import Workflow
from engine.verification import situation as s
from engine.verification.situation import Slots

Change = Callable[[Slots], None]
REVIEW = ("legal_review",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happens between moves: who does it, in words, and the slots without which it is not looked at.

    ``text`` may name the scope ``{version}``. ``uses_version``: somebody has confirmed, signed or judged the version,
    so that the next material change makes a new one. ``is_edit`` marks material changes.
    """

    name: str
    who: str
    text: Text
    touches: tuple[int, ...]
    change: Change
    stages: tuple[str, ...] = ()
    uses_version: bool = False
    is_edit: bool = False


def happenings(workflow: Workflow) -> tuple[Happening, ...]:
    """This will return what people do between the moves of a definition, in a fixed order."""
    uses = frozenset(
        document.purpose
        for document in workflow.documents.values()
        if document.purpose and uses_scope(workflow, document)
    )
    return (*_changes(), *_opinions(), *_confirmations(), *_signatures(uses), *_results(uses), *_others())


def _put(*pairs: tuple[int, int]) -> Change:
    def change(now: Slots) -> None:
        for slot, value in pairs:
            now[slot] = value

    return change


def _changes() -> tuple[Happening, ...]:
    return (
        Happening(
            name="material_change", who="pm", touches=(*s.BOUND_TO_VERSION, s.RESULT), change=_put(), is_edit=True,
            text=Text(
                sv="Projektledaren ändrar uppdraget eller priset: nu gäller version {version} och en ny text.",
                en="The project manager changes the scope or the price: version {version} and a new text are current.",
            ),
        ),
        Happening(
            name="purchase_added", who="pm", touches=(s.PURCHASE,), change=_put((s.PURCHASE, s.BOUGHT)), is_edit=True,
            text=Text(
                sv="Projektledaren lägger till ett inköp från företaget: nu gäller version {version}.",
                en="The project manager adds a purchase from the company: version {version} is current.",
            ),
        ),
        Happening(
            name="purchase_removed", who="pm", touches=(s.PURCHASE,), change=_put((s.PURCHASE, s.NOTHING_BOUGHT)),
            is_edit=True,
            text=Text(
                sv="Projektledaren anger att värden bara tillhandahåller och inget köper: nu gäller version {version}.",
                en="The project manager states that the host only provides and buys nothing: version {version}.",
            ),
        ),
    )  # fmt: skip


def _opinions() -> tuple[Happening, ...]:
    return (
        Happening(
            name="host_approves", who="legal", touches=(s.HOST_OPINION,), stages=REVIEW, uses_version=True,
            change=_put((s.HOST_OPINION, s.CURRENT)),
            text=Text(
                sv="Värdens jurist tillstyrker uppdragets version {version}.",
                en="The host's lawyer approves scope version {version}.",
            ),
        ),
        Happening(
            name="other_approves", who="legal", touches=(s.OTHER_OPINION,), stages=REVIEW, uses_version=True,
            change=_put((s.OTHER_OPINION, s.CURRENT)),
            text=Text(
                sv="Den andra organisationens jurist tillstyrker uppdragets version {version}.",
                en="The other organisation's lawyer approves scope version {version}.",
            ),
        ),
        Happening(
            name="editor_approves", who="legal", touches=(s.REVIEWER,), stages=REVIEW, uses_version=True,
            change=_put((s.HOST_OPINION, s.CURRENT), (s.REVIEWER, 1)),
            text=Text(
                sv="En person som själv har skrivit i uppdraget lämnar värdens juridiska yttrande.",
                en="A person who wrote in the scope gives the host's legal opinion.",
            ),
        ),
        Happening(
            name="host_withholds", who="legal", touches=(s.HOST_OPINION,), stages=REVIEW, uses_version=True,
            change=_put((s.HOST_OPINION, s.NONE)),
            text=Text(
                sv="Värdens jurist avstyrker version {version}.",
                en="The host's lawyer advises against version {version}.",
            ),
        ),
        Happening(
            name="organisation_added", who="legal", touches=(s.OTHER_REQUIRED,), change=_put((s.OTHER_REQUIRED, 1)),
            text=Text(
                sv="Juristen lägger till en organisation som också ska granska.",
                en="The lawyer adds an organisation that must review too.",
            ),
        ),
    )  # fmt: skip


def _confirmations() -> tuple[Happening, ...]:
    return (
        Happening(
            name="sme_confirms", who="sme_contact", touches=(s.SME_CONFIRMED,), uses_version=True,
            change=_put((s.SME_CONFIRMED, s.CURRENT)),
            text=Text(
                sv="Företaget bekräftar uppdragets version {version}.",
                en="The company confirms scope version {version}.",
            ),
        ),
        Happening(
            name="pm_confirms", who="pm", touches=(s.PM_CONFIRMED,), uses_version=True,
            change=_put((s.PM_CONFIRMED, s.CURRENT)),
            text=Text(
                sv="Projektledaren bekräftar uppdragets version {version}.",
                en="The project manager confirms scope version {version}.",
            ),
        ),
        # A check is recorded without using the version (engine/domain/evolution.py), and the model does the same.
        Happening(
            name="confidentiality_checked", who="legal", touches=(s.CONF_CHECKED,),
            change=_put((s.CONF_CHECKED, s.CURRENT)),
            text=Text(
                sv="Sekretessavtalet stäms av mot uppdragets version {version}.",
                en="The confidentiality agreement is checked against scope version {version}.",
            ),
        ),
    )  # fmt: skip


def _signatures(uses: frozenset[str]) -> tuple[Happening, ...]:
    def sign_confidentiality(side: int) -> Change:
        def change(now: Slots) -> None:
            now[s.CONF_SIGNED] = s.as_number(now[s.CONF_SIGNED]) | side
            if now[s.CONF_SIGNED] == 3:
                now[s.NDA_EVER], now[s.AMENDING] = 1, 0

        return change

    return (
        Happening(
            name="sme_signs_confidentiality", who="sme_signatory", touches=(s.CONF_SIGNED,),
            uses_version="confidentiality" in uses, change=sign_confidentiality(1),
            text=Text(
                sv="Företaget undertecknar sekretessavtalet.", en="The company signs the confidentiality agreement."
            ),
        ),
        Happening(
            name="host_signs_confidentiality", who="decision_maker", touches=(s.CONF_SIGNED,),
            uses_version="confidentiality" in uses, change=sign_confidentiality(2),
            text=Text(sv="Värden undertecknar sekretessavtalet.", en="The host signs the confidentiality agreement."),
        ),
        Happening(
            name="agreement_signed", who="sme_signatory", touches=(s.AGREEMENT,), uses_version=True,
            change=_put((s.AGREEMENT, s.CURRENT)),
            text=Text(
                sv="Alla parter undertecknar avtalet om version {version}.",
                en="All parties sign the agreement on version {version}.",
            ),
        ),
        Happening(
            name="decided", who="decision_maker", touches=(s.DECISION,), uses_version=True,
            change=_put((s.DECISION, s.CURRENT)),
            text=Text(
                sv="Beslutsfattaren beslutar om version {version}.",
                en="The decision maker decides on version {version}.",
            ),
        ),
        Happening(
            name="decided_by_reviewer", who="decision_maker", touches=(s.DECISION,), uses_version=True,
            change=_put((s.DECISION, s.BY_REVIEWER)),
            text=Text(
                sv="Den jurist som har granskat ärendet beslutar om version {version}.",
                en="The lawyer who reviewed the case decides on version {version}.",
            ),
        ),
    )  # fmt: skip


def _results(uses: frozenset[str]) -> tuple[Happening, ...]:
    found: list[Happening] = []
    for by_editor in (False, True):
        who = (
            Text(sv="En person som själv har skrivit i uppdraget", en="A person who wrote in the scope")
            if by_editor
            else Text(sv="Upphandlaren", en="The procurement officer")
        )
        touches, ending = ((s.RESULT_BY,), "_by_editor") if by_editor else ((s.RESULT,), "")
        found += [
            Happening(
                name=f"cleared{ending}", who="procurement", touches=touches,
                uses_version="procurement_result" in uses,
                change=_put((s.RESULT, s.CLEARED), (s.RESULT_BY, int(by_editor))),
                text=Text(
                    sv=f"{who.sv} undertecknar upphandlingsresultatet för version {{version}}.",
                    en=f"{who.en} signs the procurement result for version {{version}}.",
                ),
            ),
            Happening(
                name=f"skip_signed{ending}", who="procurement", touches=touches, uses_version="skip_record" in uses,
                change=_put((s.RESULT, s.SKIPPED), (s.RESULT_BY, int(by_editor))),
                text=Text(
                    sv=f"{who.sv} undertecknar att kontrollen väljs bort för version {{version}}.",
                    en=f"{who.en} signs that the check is skipped for version {{version}}.",
                ),
            ),
        ]  # fmt: skip
    return tuple(found)


def _others() -> tuple[Happening, ...]:
    return (
        Happening(
            name="appealed", who="board_secretary", touches=(s.APPEAL,), change=_appeal,
            text=Text(sv="Beslutet överklagas.", en="The decision is appealed."),
        ),
        Happening(
            name="reasons_written", who="pm", touches=(s.REASON,), change=_put((s.REASON, 1)),
            text=Text(sv="Skälet till avslutet skrivs in.", en="The reason for the ending is written down."),
        ),
    )  # fmt: skip


def _appeal(now: Slots) -> None:
    now[s.APPEAL] = now[s.APPEAL] or 1
