"""The two joint samples: what happens around a child case between the organisations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import Engine

from engine.domain.commands import ConfirmScope, RecordFacts
from engine.persistence.engine import writing
from engine.persistence.infrastructure import load_joint, save_joint
from web.demo import journey
from web.demo.facts import DemoCase
from web.demo.player import Player


def hospital_returned(engine: Engine, p: Player, d: DemoCase) -> None:
    """The hospital's lawyer returned the text; it was changed, and the hospital has approved the new one."""
    p.clock.to(date(2025, 11, 12))
    change = RecordFacts(values={"scope.publication_delay_days": 45}, accept_return=True)
    p.do("pm", change)
    for name in ("S-SCO-01", "S-SCO-04", "S-SCO-06", "S-SCO-03"):
        type_ = p.workflow().documents[name]
        signers = ("pm", "sme_contact") if name == "S-SCO-01" else type_.signers
        p.paper(name, sign=signers, inputs=journey.DATA_FREE if name == "S-SCO-03" else None)
    p.do("sme_contact", ConfirmScope(scope_version=p.case().scope_version))
    p.do("pm", ConfirmScope(scope_version=p.case().scope_version))
    p.paper("S-LEG-01")
    p.act("pm", "S-T05")
    for name in journey.agreements_of(d):
        p.paper(name, sign=())
    p.paper("S-LEG-03", inputs={"aid.verdict": d["aid.verdict"]})
    share_text(engine, p, d)
    p.roles["legal_k"] = "legal.k"
    p.opinion("legal_k", "approve", "Sjukhuset tillstyrker den ändrade texten om patientdata.")


def consent_withdrawn(engine: Engine, p: Player, d: DemoCase) -> None:
    """KI approved while the company's consent to sharing was in force; the company has withdrawn it since."""
    with writing(engine) as connection:
        joint = load_joint(connection, str(d["case.joint_parent_id"]))
        if joint is not None:
            save_joint(connection, replace(joint, sme_consents=False))


def share_text(engine: Engine, p: Player, d: DemoCase) -> None:
    """The hash of the joint agreement set becomes that of the child's text (effect ``set_joint_hash``)."""
    text_hash = p.situation().facts.get("legal.doc_hash")
    with writing(engine) as connection:
        joint = load_joint(connection, str(d["case.joint_parent_id"]))
        if joint is not None:
            save_joint(connection, replace(joint, doc_hash=str(text_hash), stage="parallel_reviews"))


FOLLOW_UPS: Mapping[str, Callable[[Engine, Player, DemoCase], None]] = {
    "C-2025-0023": hospital_returned,
    "C-2025-0024": consent_withdrawn,
}
