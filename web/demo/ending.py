"""How work is started and how it is ended, step by step, by the people whose steps they are."""

from __future__ import annotations

from datetime import date, timedelta

from engine.domain.commands import Attest, ReviewSecrecy
from engine.domain.documents import subjects_of
from engine.domain.workflow import EXECUTION
from web.demo.facts import DemoCase
from web.demo.journey import ANNEX, LETTER, agreements_of
from web.demo.player import Player


def ready_to_start(p: Player, d: DemoCase, start: date) -> None:
    """This will bring everything in place for the start: decision, signatures, people, insurance."""
    letter = LETTER[d.form]
    p.record({"sme.sanction_screen": "clear", "sme.sanction_checked_at": p.clock().date()}, note="EU:s sanktionslistor")
    p.record({"sme.liability_insurance_until": d["sme.liability_insurance_until"]}, note="Försäkringsbrev")
    if d.form != "company":
        p.record({"sme.signatory_verified": True})
    p.record({"exec.start_date": start})
    _decide(p, d)
    for name in agreements_of(d):
        key = next(
            paper.key for paper in p.case().documents.values() if paper.document == name and not paper.is_superseded
        )
        p.sign(key, *p.workflow().documents[name].signers)
    for name in (ANNEX[d.form], "R-LEG-08"):
        for paper in list(p.case().documents.values()):
            if paper.document == name and not paper.is_superseded:
                missing = [
                    role
                    for role in p.workflow().documents[name].signers
                    if role not in {m.role for m in paper.signatures}
                ]
                p.sign(paper.key, *missing)
    if d.form == "state":
        _consents(p, d)
    _access(p, d)
    if d.form == "company":
        p.record({"exec.deposit_ok": d["exec.deposit_ok"]}, note="Betalning bekräftad av ekonomin")
        p.paper("C-EXE-01")
        p.paper("C-EXE-02")
        return
    p.paper(f"{letter}-EXE-01")
    p.paper(f"{letter}-EXE-02")


def _decide(p: Player, d: DemoCase) -> None:
    if d.form == "state":
        p.paper("S-CON-04", inputs={"exec.security_risk_considered": True})
    elif d.form == "company":
        p.paper("C-LEG-07")
    else:
        p.paper("R-CON-04")
        p.record({"decision.reported": d["decision.reported"]})
        posted = d["decision.notice_posted_at"]
        if isinstance(posted, date):
            p.clock.to(posted)
            p.record({"decision.notice_posted_at": posted}, note="Regionens anslagstavla")
            p.paper("R-CON-05")


def _consents(p: Player, d: DemoCase) -> None:
    type_ = p.workflow().documents["S-CON-03"]
    subjects = subjects_of(p.case(), type_)
    signed = subjects if d["agr.researcher_consents_complete"] is not False else subjects[:3]
    for subject in subjects:
        p.paper("S-CON-03", subject=subject, sign=("pi",) if subject in signed else ())


def _access(p: Player, d: DemoCase) -> None:
    today = p.clock().date()
    p.row(
        "pm", "access_list", "A1", name="Företagets laborant (fiktiv)", organisation=d.company,
        visitor=d.form == "regional", introduced_on=today, briefed_on=today, from_on=today,
    )  # fmt: skip
    p.do("ops_manager", Attest(what="access_list_approved"))
    if d.form == "regional":
        p.paper("R-CON-03", subject="A1")


def closing(p: Player, d: DemoCase) -> None:
    """This will report, return, settle and archive, so that the case can be closed."""
    letter = LETTER[d.form]
    p.row("pm", "time_log", "H1", on=p.clock().date(), hours=d["exec.hours_used"] or 1, what="Körning vid instrument")
    p.row("pm", "assets", "M1", what="Prover och reagenser", state="returned", returned_on=p.clock().date())
    access = dict(p.case().rows["access_list"]["A1"].values)
    p.row("pm", "access_list", "A1", **{**access, "to_on": p.clock().date()})
    p.do("ops_manager", Attest(what="access_revoked"))
    for number, clause in enumerate(("CL-09", "CL-10", "CL-11", "CL-13", "CL-14", "CL-26"), start=1):
        until = p.clock().date() + timedelta(days=5 * 365)
        p.row("pm", "obligations", f"O{number}", clause=clause, what="Gäller efter avtalets slut", until=until)
    p.record({"close.invoices_state": "settled"}, note="Ekonomisystemet")
    p.record({"close.pd_decision": "none"})
    if d.stage == EXECUTION and d.attempt.endswith("T24"):
        p.record({"case.reason_code": d["case.reason_code"], "case.reason_text": d["case.reason_text"]})
        p.paper(f"{letter}-CLO-02", inputs={"case.outcome": "terminated_early"}, dispatch=True)
    else:
        p.paper(f"{letter}-CLO-01", dispatch=True)
    p.paper(f"{letter}-CLO-03")
    p.record({"close.retention_class": d["close.retention_class"]})
    if d.form != "company":
        p.paper(f"{letter}-CLO-04")
        for paper in list(p.case().documents.values()):
            if paper.marking not in {"open", "internal", "conf"}:
                p.do("registrar", ReviewSecrecy(key=paper.key, keep=True, note="Omprövad vid avslut"))
