"""Every table of the product, for SQLite and PostgreSQL alike.

``case_row`` holds the folded case as JSON (``state``) and the columns that lists need; ``case_event`` is the truth.
The tables in between (document, opinion, turn ...) are projections, written in the same transaction.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    true,
)

from engine.persistence.moment import Moment

NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata: Final = MetaData(naming_convention=NAMES)


meta = Table("meta", metadata, Column("key", String(64), primary_key=True), Column("value", Text, nullable=False))

organisation = Table(
    "organisation",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name_sv", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("legal_person_sv", Text, nullable=False),
    Column("legal_person_en", Text, nullable=False),
    Column("org_nr", String(32)),
    Column("form", String(32)),
)

person = Table(
    "person",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("email", String(254), nullable=False),
    Column("name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    # Empty until the person has chosen.
    Column("language", String(2), nullable=False),
    Column("theme", String(16), nullable=False),
    Column("is_active", Boolean, nullable=False, server_default=true()),
    UniqueConstraint("email"),
    CheckConstraint("email = lower(email)", name="email_is_lower_case"),
    CheckConstraint("language IN ('', 'sv', 'en')", name="language_is_known"),
)

infrastructure = Table(
    "infrastructure",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name_sv", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("owner_org", ForeignKey("organisation.id"), nullable=False),
    Column("form", String(32), nullable=False),
    Column("campus", String(64), nullable=False),
    Column("capacity_unit", Text, nullable=False),
    Column("annual_capacity", Integer, nullable=False),
    Column("facts", Text, nullable=False),
    Column("co_operator", String(64), nullable=False),
    Column("status", String(32), nullable=False, server_default="active"),
    CheckConstraint("annual_capacity >= 0", name="annual_capacity_is_not_negative"),
)

assignment = Table(
    "assignment",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("role", String(32), nullable=False),
    # No foreign key: people of a company hold their roles for "sme", which is no organisation of the register.
    Column("organisation", String(64), nullable=False),
    Column("infrastructure_id", ForeignKey("infrastructure.id")),
    Column("case_id", String(32)),
    Column("company_org_nr", String(32)),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="days_are_in_order"),
    Index("ix_assignment_person_id", "person_id"),
    Index("ix_assignment_role", "role", "organisation"),
)

mandate = Table(
    "mandate",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("reference", String(128), nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("types", Text, nullable=False, server_default="[]"),
    Column("limit_sek", BigInteger),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name="days_are_in_order"),
    Index("ix_mandate_person_id", "person_id"),
)

web_session = Table(
    "web_session",
    metadata,
    # SHA-256 of the token in the cookie: a copy of the database signs nobody in.
    Column("id", String(64), primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("data", Text, nullable=False, server_default="{}"),
    Index("ix_web_session_person_id", "person_id"),
    Index("ix_web_session_expires_at", "expires_at"),
)

sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("email", String(254), nullable=False),
    Column("address", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("is_success", Boolean, nullable=False),
    Index("ix_sign_in_attempt_email", "email", "at"),
    Index("ix_sign_in_attempt_address", "address", "at"),
    Index("ix_sign_in_attempt_at", "at"),
)

joint_case = Table(
    "joint_case",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("lead", String(64), nullable=False),
    Column("organisations", Text, nullable=False),
    Column("doc_hash", String(64)),
    Column("stage", String(32), nullable=False),
    Column("sme_consents", Boolean, nullable=False),
    Column("university_participates", Boolean, nullable=False),
)

case_row = Table(
    "case_row",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("form", String(32), nullable=False),
    Column("definition_version", String(64), nullable=False),
    Column("infrastructure_id", ForeignKey("infrastructure.id"), nullable=False),
    Column("host_org", ForeignKey("organisation.id"), nullable=False),
    Column("sme_org_nr", String(64)),
    Column("company_name", Text, nullable=False),
    Column("title_sv", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("reference", Text, nullable=False),
    # Number, reference, company and titles in lower case: SQLite's own lower() knows no å, ä and ö.
    Column("search", Text, nullable=False),
    Column("stage", String(32), nullable=False),
    Column("stage_since", Moment, nullable=False),
    Column("outcome", String(32)),
    Column("opened_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("changed_at", Moment, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("log_head", String(64), nullable=False),
    Column("scope_version", Integer, nullable=False),
    Column("is_suspended", Boolean, nullable=False),
    Column("is_escalated", Boolean, nullable=False),
    Column("joint_parent_id", String(32)),
    Column("state_shape", Integer, nullable=False),
    Column("state", Text, nullable=False),
    CheckConstraint("revision >= 0", name="revision_is_not_negative"),
    CheckConstraint("sequence >= 1", name="log_is_not_empty"),
    Index("ix_case_row_stage_since", "stage_since", "id"),
    Index("ix_case_row_opened_at", "opened_at", "id"),
    Index("ix_case_row_changed_at", "changed_at", "id"),
    Index("ix_case_row_infrastructure_id", "infrastructure_id", "stage_since", "id"),
    Index("ix_case_row_host_org", "host_org", "stage_since", "id"),
    Index("ix_case_row_sme_org_nr", "sme_org_nr", "stage_since", "id"),
    Index("ix_case_row_stage", "form", "stage", "stage_since", "id"),
    Index("ix_case_row_joint_parent_id", "joint_parent_id"),
)

case_event = Table(
    "case_event",
    metadata,
    # No cascade: a log outlives every clean-up. Triggers refuse UPDATE and DELETE.
    Column("case_id", ForeignKey("case_row.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("type", String(64), nullable=False),
    Column("shape", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("person", String(64), nullable=False),
    Column("person_name", Text, nullable=False),
    Column("role", String(32), nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("mandate", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    PrimaryKeyConstraint("case_id", "sequence"),
    # Two lines that follow the same line would be a fork.
    UniqueConstraint("case_id", "prev_hash"),
    CheckConstraint("sequence >= 1", name="sequence_starts_at_one"),
)

case_party = Table(
    "case_party",
    metadata,
    Column("case_id", ForeignKey("case_row.id"), nullable=False),
    Column("organisation", String(64), nullable=False),
    PrimaryKeyConstraint("case_id", "organisation"),
    Index("ix_case_party_organisation", "organisation", "case_id"),
)

document = Table(
    "document",
    metadata,
    Column("case_id", ForeignKey("case_row.id"), nullable=False),
    Column("key", String(128), nullable=False),
    Column("document", String(32), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("language", String(2), nullable=False),
    Column("scope_version", Integer, nullable=False),
    Column("drafted_at", Moment, nullable=False),
    Column("drafted_by", String(64), nullable=False),
    Column("finalised_at", Moment),
    Column("file_hash", String(64)),
    Column("size", Integer),
    Column("signature_count", Integer, nullable=False),
    Column("dispatched_at", Moment),
    Column("registered_number", String(128)),
    Column("registered_at", Moment),
    Column("marking", String(64), nullable=False),
    Column("is_superseded", Boolean, nullable=False),
    PrimaryKeyConstraint("case_id", "key"),
    UniqueConstraint("case_id", "registered_number"),
    CheckConstraint("(finalised_at IS NULL) = (file_hash IS NULL)", name="final_means_a_file"),
    CheckConstraint("(registered_at IS NULL) = (registered_number IS NULL)", name="registered_means_a_number"),
    Index("ix_document_drafted_at", "drafted_at", "case_id", "key"),
    Index("ix_document_file_hash", "file_hash"),
)

opinion = Table(
    "opinion",
    metadata,
    Column("case_id", ForeignKey("case_row.id"), nullable=False),
    Column("id", String(128), nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("person", String(64), nullable=False),
    Column("opinion", String(32), nullable=False),
    Column("scope_version", Integer, nullable=False),
    Column("doc_hash", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("open_conditions", Integer, nullable=False),
    Column("is_superseded", Boolean, nullable=False),
    PrimaryKeyConstraint("case_id", "id"),
    Index("ix_opinion_organisation", "organisation", "at"),
)

uploaded_file = Table(
    "uploaded_file",
    metadata,
    Column("case_id", ForeignKey("case_row.id"), nullable=False),
    Column("key", String(128), nullable=False),
    Column("name", Text, nullable=False),
    Column("file_hash", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("case_id", "key"),
    Index("ix_uploaded_file_file_hash", "file_hash"),
)

ledger_account = Table(
    "ledger_account",
    metadata,
    Column("ledger", String(32), nullable=False),
    Column("owner", String(64), nullable=False),
    PrimaryKeyConstraint("ledger", "owner"),
)

ledger_row = Table(
    "ledger_row",
    metadata,
    Column("case_id", ForeignKey("case_row.id"), nullable=False),
    Column("ledger", String(32), nullable=False),
    Column("owner", String(64), nullable=False),
    Column("year", Integer, nullable=False),
    # Millionths of a percent or of a krona: exact sums in SQL on both databases.
    Column("amount_e6", BigInteger, nullable=False),
    Column("is_used", Boolean, nullable=False),
    PrimaryKeyConstraint("case_id", "ledger"),
    CheckConstraint("amount_e6 >= 0", name="amount_is_not_negative"),
    Index("ix_ledger_row_owner", "ledger", "owner", "year", "case_id", "amount_e6"),
)

turn = Table(
    "turn",
    metadata,
    Column("case_id", ForeignKey("case_row.id"), nullable=False),
    Column("role", String(32), nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("reasons", Text, nullable=False),
    Column("since", Moment, nullable=False),
    PrimaryKeyConstraint("case_id", "role", "organisation"),
    Index("ix_turn_role", "role", "organisation", "since", "case_id"),
)

deadline = Table(
    "deadline",
    metadata,
    Column("case_id", ForeignKey("case_row.id"), nullable=False),
    Column("id", String(128), nullable=False),
    Column("rule", String(64), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("owner_role", String(32), nullable=False),
    Column("is_met", Boolean, nullable=False),
    PrimaryKeyConstraint("case_id", "id"),
    Index("ix_deadline_due_on", "is_met", "due_on", "case_id", "id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("key", String(256), primary_key=True),
    Column("kind", String(64), nullable=False),
    Column("case_id", ForeignKey("case_row.id"), nullable=False),
    Column("recipient", String(254), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("leased_by", String(64)),
    Column("leased_until", Moment),
    Column("last_error", Text),
    CheckConstraint("(leased_by IS NULL) = (leased_until IS NULL)", name="lease_names_its_owner"),
    Index("ix_outbox_due_at", "sent_at", "due_at", "key"),
)

receipt = Table(
    "receipt",
    metadata,
    Column("key", String(128), nullable=False),
    Column("person", String(64), nullable=False),
    Column("case_id", String(32), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("events", Text, nullable=False),
    PrimaryKeyConstraint("key", "person"),
)

series = Table(
    "series",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("last", Integer, nullable=False),
)
