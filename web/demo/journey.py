"""How a case is prepared at each stage of each form, step by step, by the people whose steps they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engine.domain.commands import CheckConfidentiality, ConfirmScope, NoticeKind, OpenCase
from engine.domain.values import Value
from web.demo.facts import DemoCase
from web.demo.player import Player

LETTER = {"state": "S", "regional": "R", "company": "C"}
NOTICE_VERSION = "2025-1"
PUBLIC_INTEREST = "Klinisk utveckling planeras vid kliniker i regionen och kommer patienter i länet till del."


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The days of a play: when the inquiry came, and when each stage was worked on."""

    opened: date
    days: Mapping[str, date]


def inquiry(p: Player, d: DemoCase) -> None:
    """This will hand in the inquiry, register, screen and assess it."""
    letter = LETTER[d.form]
    _open(p, d)
    if d.form == "company":
        p.record({"case.internal_no": d["case.internal_no"]}, reason="Numret enligt bolagets serie.")
    else:
        p.record({"case.dnr": d["case.dnr"]}, note="Myndighetens diarium")
    p.record({"sme.active": d["sme.active"], "sme.country": d["sme.country"]})
    today = p.clock().date()
    p.record(
        {
            "sme.sanction_screen": d["sme.sanction_screen"],
            "sme.sanction_checked_at": today,
            "sme.counterparty_risk": d["sme.counterparty_risk"],
        },
        note="EU:s sanktionslistor",
    )
    if d.form == "state":
        p.record({"scope.meets_access_criteria": d["scope.meets_access_criteria"]})
    elif d.form == "regional":
        p.record({"scope.public_interest_link": PUBLIC_INTEREST})
    else:
        p.record({"scope.compatible_with_articles": d["scope.compatible_with_articles"]})
    p.paper(f"{letter}-INQ-01", dispatch=True)
    p.paper(f"{letter}-INQ-02")
    if d.form == "company":
        p.paper("C-CON-03")


def _open(p: Player, d: DemoCase) -> None:
    notice: NoticeKind = "public_body" if d.form == "company" else "public_access"
    kinds: dict[NoticeKind, str] = {"privacy": NOTICE_VERSION, notice: NOTICE_VERSION}
    p.open(
        OpenCase(
            case_id=d.id,
            infrastructure_id=d.infrastructure,
            language="sv",
            notices=kinds,
            joint_parent_id=str(d["case.joint_parent_id"]) if d["case.joint_parent_id"] else None,
            values={
                "sme.name": d.company,
                "sme.org_nr": d.org_nr,
                "sme.headcount_awu": d["sme.headcount_awu"],
                "sme.turnover_meur": d["sme.turnover_meur"],
                "sme.balance_meur": d["sme.balance_meur"],
                "sme.public_control_pct": d["sme.public_control_pct"],
                "sme.contact_name": "Kontaktpersonen (fiktiv)",
                "sme.contact_email": p.cast[p.roles["sme_contact"]].email,
                "scope.title_sv": d.title_sv,
                "scope.title_en": d.title_en,
                "scope.purpose": f"Företaget vill genomföra: {d.title_sv}. Inga hemligheter lämnas i förfrågan.",
            },
        )
    )


DATA_FREE = {"document.research_data_free": True}
SCOPE_FIELDS = (
    "scope.collab_type", "scope.deliverables", "scope.start_date", "scope.end_date", "scope.hours_instrument",
    "scope.hours_staff", "scope.staff_role", "scope.info_classes", "scope.results_owner",
    "scope.publication_expected", "scope.publication_review_days", "scope.publication_delay_days",
    "scope.personal_data", "scope.third_country", "scope.human_material", "scope.human_research", "scope.animals",
    "scope.gmo", "scope.biosafety_level", "scope.clinical_use", "scope.atmp", "scope.exclusive_room",
    "scope.bench_places", "scope.area_m2", "scope.term_months", "scope.batches", "scope.product_type",
    "scope.dual_use", "scope.host_is_party", "scope.displaces_care", "price.amount_sek", "price.distortion_risk",
    "price.market_price_sek", "price.direct_cost_sek", "price.indirect_cost_sek", "price.basis",
    "price.vat_rate_pct", "price.activity_revenue_forecast_sek", "price.activity_cost_forecast_sek",
    "price.benchmark_low_sek", "price.benchmark_high_sek", "aid.economic_activity", "proc.direction",
    "proc.purchase_value_sek",
)  # fmt: skip
PRICE_BASIS = {"state": "full_cost", "regional": "self_cost", "company": "market_price"}


def scoping(p: Player, d: DemoCase) -> None:
    """This will write the scope, the price and the risks, and have them confirmed and signed."""
    letter = LETTER[d.form]
    workflow = p.workflow()
    values: dict[str, Value] = {name: d[name] for name in SCOPE_FIELDS if d[name] is not None}
    values.setdefault("price.basis", PRICE_BASIS[d.form])
    values.setdefault("scope.third_country", False)
    values["scope.deliverables"] = ("Resultat och mätdata", "Skriftlig rapport")
    share = d["scope.capacity_share_pct"]
    if d.form == "state" and isinstance(share, Decimal | int):
        values["scope.hours_instrument"] = p.case().surroundings.infrastructure.annual_capacity * Decimal(share) / 100
    if d.form == "company":
        values.setdefault("scope.bench_places", 2)
        values.setdefault("scope.term_months", 6)
    values = {name: value for name, value in values.items() if d.form in workflow.fields[name].forms}
    p.record(values, note="Marknadsundersökning den dagen")
    p.record({"scope.gdpr_role": d["scope.gdpr_role"]})
    if d["scope.dpia_ref"] is not None:
        p.record({"scope.dpia_ref": d["scope.dpia_ref"]})
    _rows(p, d)
    if d.form == "state":
        p.appoint("pi")
    if d.form == "regional":
        p.record({"scope.capacity_share_pct": d["scope.capacity_share_pct"]}, reason="Beräknat av verksamheten.")
    _scoping_papers(p, d, letter)
    p.do("sme_contact", ConfirmScope(scope_version=p.case().scope_version))
    p.do("pm", ConfirmScope(scope_version=p.case().scope_version))
    if d.form == "company" and d["conf.scope_version"] is not None:
        p.do("pm", CheckConfidentiality(scope_version=p.case().scope_version))


def _rows(p: Player, d: DemoCase) -> None:
    host = p.case().host_org
    people = 5 if d.id == "C-2025-0003" else 2
    if d.form != "company" and d["scope.staff_role"] != "none":
        for number in range(1, people + 1):
            interest = d["scope.researcher_interest_in_sme"] is True and number == 1
            p.row(
                "pm", "participants", f"D{number}", name=f"Forskare {number} (fiktiv)", employer=host,
                role="Forskare" if number > 1 else "Ansvarig forskare", interest=interest,
            )  # fmt: skip
    if d["scope.human_research"]:
        p.row(
            "pm",
            "permits",
            "T1",
            kind="ethics",
            state="applied",
            reason="Ansökan inlämnad till Etikprövningsmyndigheten",
        )
    if d["scope.human_material"]:
        p.row("pm", "permits", "T2", kind="biobank", state="applied", reason="Biobanksavtal sökt")
    if d["aid.contributions_ref"]:
        p.row("pm", "contributions", "B1", party="host", kind="work", what="Arbetstid och instrument", value_sek=120000)
        p.row(
            "pm",
            "contributions",
            "B2",
            party="sme",
            kind="material",
            what="Celler, reagenser och arbetstid",
            value_sek=120000,
        )


def _scoping_papers(p: Player, d: DemoCase, letter: str) -> None:
    p.paper(f"{letter}-SCO-01", sign=("pm", "sme_contact"))
    if d.form == "company":
        p.paper("C-SCO-02")
        p.paper("C-SCO-03", inputs={"scope.risk_class_ok": d["scope.risk_class_ok"]})
        p.paper("C-SCO-04", inputs={"legal.lease_waiver": d["legal.lease_waiver"]})
        p.paper("C-LEG-01")
        return
    if d.form == "state":
        p.paper("S-SCO-02")
        p.paper("S-SCO-03", inputs=DATA_FREE)
        p.paper("S-SCO-04")
        p.paper("S-SCO-06")
        p.paper("S-LEG-01")
        return
    p.paper("R-SCO-02")
    p.paper("R-SCO-03")
    p.paper("R-SCO-04")
    p.paper("R-SCO-05")


def procurement(p: Player, d: DemoCase) -> None:
    """This will classify the flows and sign the procurement result, as far as the case says."""
    letter = LETTER[d.form]
    facts = (
        "proc.route", "proc.results_exclusive", "proc.fully_paid", "proc.cofinancing_pct",
        "proc.future_bidder_measures", "proc.public_public_basis", "proc.standstill_end", "proc.review_pending",
    )  # fmt: skip
    here = [name for name in facts if d[name] is not None and d.form in p.workflow().fields[name].forms]
    p.record({name: d[name] for name in here}, note="Upphandlingssystemet")
    if d.form == "regional":
        p.paper("R-PRO-01", inputs={"document.result": "cleared", "competition.verdict": d["competition.verdict"]})
        if d["proc.openness_ref"]:
            p.paper("R-PRO-03")
        else:
            p.draft("R-PRO-03")
        p.paper("R-LEG-01")
    elif d["proc.skip_signed_by"]:
        p.paper(f"{letter}-PRO-02")
    else:
        p.paper(f"{letter}-PRO-01", inputs={"document.result": "cleared"})
    if d["proc.documentation_ref"]:
        p.paper({"state": "S-PRO-03", "regional": "R-PRO-02", "company": "C-PRO-03"}[d.form])


def skip_record(p: Player, d: DemoCase) -> None:
    """This will sign the record that nothing is bought."""
    p.paper("S-PRO-02" if d.form == "state" else "C-PRO-02")


AGREEMENTS = {
    "infrastructure_access": ("S-LEG-04",),
    "commissioned_research": ("S-LEG-05",),
    "collaborative_research": ("S-LEG-06", "R-LEG-07"),
    "mixed": ("S-LEG-05", "S-LEG-06"),
    "process_development": ("R-LEG-05",),
    "contract_manufacturing": ("R-LEG-06",),
    "workspace_membership": ("C-LEG-03",),
    "premises_lease": ("C-LEG-04",),
}
ANNEX = {"state": "S-LEG-07", "regional": "R-LEG-09", "company": "C-LEG-06"}
REASONS = "Avtalet följer mallen utan avvikelser. Underlaget är fullständigt och förenligt med gällande rätt."


def agreements_of(d: DemoCase) -> tuple[str, ...]:
    """This will return the main agreements of the case's type and form."""
    return tuple(name for name in AGREEMENTS[str(d["scope.collab_type"])] if name.startswith(LETTER[d.form]))


def legal_papers(p: Player, d: DemoCase) -> None:
    """This will write the agreement, the annexes and the lawyers' assessments."""
    if d.form != "company":
        _information(p, d)
    else:
        p.record({"legal.signature_authority_ok": True, "sme.signatory_verified": True})
    for name in agreements_of(d):
        p.paper(name, sign=())
    if d["scope.personal_data"] != "none":
        p.paper(ANNEX[d.form], sign=())
    if d.form == "state":
        p.paper("S-LEG-03", inputs={"aid.verdict": d["aid.verdict"]})
    elif d.form == "regional":
        p.paper("R-LEG-03", inputs={"legal.competence_opinion": d["legal.competence_opinion"]})
        p.paper("R-LEG-04", inputs={"aid.verdict": d["aid.verdict"]})
        if d["legal.quality_agreement_ref"]:
            p.paper("R-LEG-08", sign=("qp",))


def _information(p: Player, d: DemoCase) -> None:
    classes = d["scope.info_classes"]
    names = [name for name in classes if isinstance(name, str)] if isinstance(classes, tuple) else []
    for place, name in enumerate(names):
        if place > 0 and d["legal.secrecy_bases_complete"] is False:
            continue
        basis = "31:16"
        if d["legal.basis_245_used"] and place == 0:
            basis = "24:5"
        elif d["legal.basis_3112_used"]:
            basis = "31:12"
        p.row(
            "legal",
            "information",
            f"I-{name}",
            info_class=name,
            basis=basis,
            reason="Uppgifter om företagets affärs- och driftförhållanden",
        )


def legal(p: Player, d: DemoCase) -> None:
    """This will prepare the text, give the opinion and write it down."""
    legal_papers(p, d)
    approve(p, d)


def approve(p: Player, d: DemoCase) -> None:
    """This will give the host's legal opinion as the case says, and sign the written opinion."""
    conditions = d["legal.conditions_open"]
    if isinstance(conditions, int) and conditions > 0:
        p.opinion(
            "legal", "approve_with_conditions", REASONS,
            ("Bifoga företagets ansvarsförsäkring.", "Ange vem som förvarar provmaterialet efter projektet."),
        )  # fmt: skip
    elif d.id == "C-2025-0014":
        p.opinion("legal", "return", "OSL 24:5 kan inte anges när sjukhuset deltar ensamt. Klass INFO-C saknar grund.")
    else:
        p.opinion("legal", "approve", REASONS)
    if d.form == "company" and d["case.joint_parent_id"]:
        p.share_text()
        p.roles["legal_ki"] = "legal.ki"
        p.opinion("legal_ki", "approve", "Karolinska Institutet tillstyrker texten om instrumenten i ANA Futura.")
    p.paper(f"{LETTER[d.form]}-LEG-02")


def confidentiality(p: Player, d: DemoCase) -> None:
    """This will draw up, check and sign the confidentiality agreement."""
    letter = LETTER[d.form]
    inputs: dict[str, Value] = {
        "conf.covered_classes": d["conf.covered_classes"],
        "conf.covered_orgs": (p.case().host_org,),
        "conf.term_years": d["conf.term_years"],
    }
    if d.form == "company":
        p.record({"sme.signatory_verified": True})
        signers = ("sme_signatory", "decision_maker") if d["conf.signed_by_host"] else ("sme_signatory",)
        p.paper("C-CON-01", inputs=inputs, sign=signers)
        return
    p.paper(f"{letter}-CON-01", inputs=inputs)
    p.do("legal", CheckConfidentiality(scope_version=p.case().scope_version))
    p.paper(f"{letter}-CON-02")


PREPARE: Mapping[str, Callable[[Player, DemoCase], None]] = {
    "inquiry": inquiry,
    "scoping": scoping,
    "procurement_check": procurement,
    "legal_review": legal,
    "confidentiality": confidentiality,
}
