"""The words that follow from the case: parties, signatories, organisations, language and secrecy."""

from __future__ import annotations

from contracts import wording
from contracts.context import build_context
from contracts.manifest import Kind
from contracts.words import Context, value_at
from engine.domain.fields import Field
from engine.domain.values import Facts, Text
from tests.unit.contracts.words import FACTS, FIELDS, ROLES, TABLES, manifest

ORGANISATIONS = (
    {"id": "ki", "name": "Karolinska Institutet", "legal_person": "Staten genom KI", "org_nr": "202100-2973"},
    {"id": "k", "name": "Sjukhuset", "legal_person": "Region Stockholm", "org_nr": "232100-0016"},
)
JOINT = Field(name="joint.orgs", type="list", label=Text(sv="Värdar", en="Hosts"))
WORDS = ("joint.orgs", "doc.recipient", "doc.case_number", "doc.secrecy", "doc.notice", "doc.language_rule")


def context(
    *,
    kind: Kind = "agreement",
    document: str = "S-LEG-04",
    facts: Facts | None = None,
    particulars: Facts | None = None,
) -> Context:
    """The words of a made-up document."""
    built, _ = build_context(
        manifest=manifest(kind, document=document),
        language="sv",
        facts={**FACTS, **(facts or {})},
        fields={**FIELDS, "joint.orgs": JOINT},
        particulars={"parties.host.name": "Karolinska Institutet", **(particulars or {})},
        tables=TABLES,
        roles=ROLES,
        words=WORDS,
        is_draft=False,
    )
    return built


class TestSignatories:
    def test_come_from_the_manifest_in_order(self) -> None:
        signers = value_at(context(), "signers")

        assert isinstance(signers, tuple)
        assert [(line["title"], str(line["party"])) for line in signers if isinstance(line, dict)] == [
            ("Firmatecknare", "Johnson & Johnson <Norden> AB"),
            ("Beslutsfattare", "Karolinska Institutet"),
        ]

    def test_every_host_of_a_joint_agreement_signs(self) -> None:
        facts: Facts = {"joint.orgs": ("ki", "k")}
        known: Facts = {"organisations": ORGANISATIONS}
        agreement = value_at(context(document="J-LEG-02", facts=facts, particulars=known), "signers")
        record = value_at(context(kind="record", document="J-SCO-01", facts=facts, particulars=known), "signers")

        assert isinstance(agreement, tuple)
        assert isinstance(record, tuple)
        assert [line["party"] for line in agreement if isinstance(line, dict)][2:] == ["Sjukhuset"]
        assert len(record) == 2

    def test_stand_two_by_two(self) -> None:
        pairs = value_at(context(), "signer_pairs")

        assert isinstance(pairs, tuple)
        assert len(pairs) == 1


class TestOrganisations:
    def test_read_by_name(self) -> None:
        built = context(facts={"joint.orgs": ("ki", "okänd")}, particulars={"organisations": ORGANISATIONS})
        orgs = value_at(built, "joint.orgs")

        assert isinstance(orgs, tuple)
        assert [getattr(org, "label", org) for org in orgs] == ["Karolinska Institutet", "okänd"]

    def test_other_hosts_are_those_beside_the_document_s_own(self) -> None:
        facts: Facts = {"joint.orgs": ("ki", "k")}
        built = context(document="J-LEG-02", facts=facts, particulars={"organisations": ORGANISATIONS})
        others = value_at(built, "parties.others")

        assert isinstance(others, tuple)
        assert [other["legal_person"] for other in others if isinstance(other, dict)] == ["Region Stockholm"]

    def test_a_host_s_own_agreement_binds_it_alone_even_in_a_joint_case(self) -> None:
        built = context(facts={"joint.orgs": ("ki", "k")}, particulars={"organisations": ORGANISATIONS})

        assert value_at(built, "parties.others") == ()

    def test_no_other_hosts_without_a_joint_case(self) -> None:
        assert value_at(context(particulars={"organisations": ORGANISATIONS}), "parties.others") == ()


class TestLetters:
    def test_only_letters_have_a_recipient(self) -> None:
        assert value_at(context(kind="letter"), "doc.recipient") == "Johnson & Johnson <Norden> AB"
        assert value_at(context(kind="decision"), "doc.recipient") == ""


class TestCaseNumber:
    def test_is_the_register_s_then_the_contract_s_then_our_own(self) -> None:
        numbers: Facts = {"case.dnr": "4-1/2025", "case.internal_no": "AWL-1", "case.id": "C-2025-0001"}

        assert value_at(context(facts=numbers), "doc.case_number") == "4-1/2025"
        assert value_at(context(facts={**numbers, "case.dnr": None}), "doc.case_number") == "AWL-1"
        assert value_at(context(facts={"case.id": "C-2025-0001"}), "doc.case_number") == "C-2025-0001"


class TestSecrecy:
    def test_reads_as_chapter_and_section(self) -> None:
        assert wording.secrecy_basis("31:12", "sv").replace("\u00a0", " ") == "31 kap. 12 § OSL"
        assert wording.secrecy_basis("24:5|31:12", "en").replace("\u00a0", " ") == (
            "Chapter 24, Section 5 OSL and Chapter 31, Section 12 OSL"
        )
        assert wording.secrecy_basis("strictest", "sv") == "den strängaste av värdarnas grunder"
        assert wording.secrecy_basis("", "sv") == ""

    def test_the_template_says_what_it_is(self) -> None:
        assert "Arbetsmaterial, ej granskat" in str(value_at(context(), "doc.notice"))
