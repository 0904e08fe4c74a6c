"""The words of a template that are not fields, and the sentences that the house itself says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.domain.values import Text

PARTICULARS: Final[Mapping[str, Text]] = {
    "doc.id": Text(sv="Dokumentets beteckning", en="Document id"),
    "doc.key": Text(sv="Dokumentets nummer i ärendet", en="The document's number in the case"),
    "doc.title": Text(sv="Dokumentets titel", en="Document title"),
    "doc.subtitle": Text(sv="Underrubrik", en="Subtitle"),
    "doc.version": Text(sv="Mallens version", en="Template version"),
    "doc.approval": Text(sv="Mallens godkännande", en="Template approval"),
    "doc.notice": Text(sv="Upplysning om mallens ställning", en="Notice about the template"),
    "doc.date": Text(sv="Dokumentets datum", en="Document date"),
    "doc.language": Text(sv="Dokumentets språk", en="Document language"),
    "doc.language_rule": Text(sv="Språkregel", en="Language rule"),
    "doc.signing_note": Text(sv="Hur dokumentet undertecknas", en="How the document is signed"),
    "doc.form": Text(sv="Ägandeform", en="Ownership form"),
    "doc.infrastructure": Text(sv="Infrastruktur", en="Infrastructure"),
    "doc.case_number": Text(sv="Ärendenummer", en="Case number"),
    "doc.organisation": Text(sv="Värdorganisation", en="Host organisation"),
    "doc.unit_line": Text(sv="Enhet", en="Unit"),
    "doc.recipient": Text(sv="Mottagare", en="Recipient"),
    "doc.secrecy": Text(sv="Grund för sekretess", en="Basis for secrecy"),
    "doc.subject.name": Text(sv="Personens namn", en="The person's name"),
    "doc.subject.employer": Text(sv="Personens arbetsgivare", en="The person's employer"),
    "doc.subject.role": Text(sv="Personens roll", en="The person's role"),
    "doc.is_draft": Text(sv="Utkast", en="Draft"),
    "doc.hash": Text(sv="Kontrollsumma, kort", en="Content hash, short"),
    "doc.content_hash": Text(sv="Kontrollsumma", en="Content hash"),
    "parties.host.name": Text(sv="Värdens namn", en="The host's name"),
    "parties.host.legal_person": Text(sv="Värdens juridiska person", en="The host's legal person"),
    "parties.host.unit": Text(sv="Värdens enhet", en="The host's unit"),
    "parties.host.org_nr": Text(sv="Värdens organisationsnummer", en="The host's registration number"),
    "parties.host.seat": Text(sv="Värdens säte", en="The host's seat"),
    "parties.sme.name": Text(sv="Företagets namn", en="The company's name"),
    "parties.sme.org_nr": Text(sv="Företagets organisationsnummer", en="The company's registration number"),
    "parties.sme.contact_name": Text(sv="Företagets kontaktperson", en="The company's contact"),
    "parties.sme.contact_email": Text(sv="Kontaktpersonens e-post", en="The contact's e-mail"),
}
"""Words that are not fields, with the name under which a gap is reported."""

LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "signers": ("role", "title", "organisation", "party"),
    "signer_pairs": ("left", "right"),
    "opinions": ("organisation", "opinion", "text", "date", "person_role", "conditions"),
    "approvals": ("organisation", "opinion", "text", "date", "person_role", "conditions"),
    "parties.others": ("name", "legal_person", "unit", "org_nr"),
}
"""Lists that are no row tables, with the columns of a line."""

ORGANISATION_FIELDS: Final = frozenset(
    {
        "joint.orgs",
        "joint.lead_org",
        "legal.required_orgs",
        "conf.covered_orgs",
        "infra.landlord_org",
        "case.host_org_id",
    }
)
"""Fields that hold ids of organisations; they read as the names given in the particular ``organisations``."""

PRINTED_LATER: Final = frozenset({"doc.hash", "doc.content_hash"})
MAY_BE_EMPTY: Final = frozenset({"doc.subtitle", "doc.secrecy", "doc.recipient", "doc.unit_line", "doc.notice"})

WORKING_MATERIAL: Final = Text(
    sv="Arbetsmaterial, ej granskat av respektive juristavdelning",
    en="Working material, not reviewed by the respective legal department",
)
LANGUAGE_RULE: Final = Text(
    sv="Upprättas på svenska. Finns en engelsk text gäller den svenska om texterna skiljer sig åt.",
    en="Translation. If the Swedish and the English texts differ, the Swedish text prevails.",
)
LANGUAGE_RULE_COMPANY: Final = Text(
    sv="Upprättas på svenska. Har parterna undertecknat den engelska texten gäller den.",
    en="Drawn up in English. The text that the parties have signed prevails.",
)
SIGNING_NOTE: Final = Text(
    sv="Dokumentet undertecknas elektroniskt eller i original. Ett undertecknat exemplar lämnas till varje part.",
    en="The document is signed electronically or in the original. Each party receives a signed copy.",
)
