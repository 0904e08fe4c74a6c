"""The first tables, and the triggers that make the log append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
"""An aware moment; on SQLite UTC text of fixed width."""

SQLITE_TRIGGERS = (
    """CREATE TRIGGER case_event_refuses_update BEFORE UPDATE ON case_event
    BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END""",
    """CREATE TRIGGER case_event_refuses_delete BEFORE DELETE ON case_event
    BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END""",
    # INSERT OR REPLACE deletes the old line without calling the trigger above.
    """CREATE TRIGGER case_event_refuses_replace BEFORE INSERT ON case_event
    WHEN EXISTS (SELECT 1 FROM case_event WHERE case_id = NEW.case_id AND sequence = NEW.sequence)
    BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: case_event.case_id, case_event.sequence'); END""",
)

POSTGRESQL_TRIGGERS = (
    """CREATE FUNCTION case_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'case_event is append-only'; END $$""",
    """CREATE TRIGGER case_event_refuses_change BEFORE UPDATE OR DELETE ON case_event
    FOR EACH ROW EXECUTE FUNCTION case_event_is_append_only()""",
    """CREATE TRIGGER case_event_refuses_truncate BEFORE TRUNCATE ON case_event
    FOR EACH STATEMENT EXECUTE FUNCTION case_event_is_append_only()""",
)


def upgrade() -> None:
    """This will create every table and index, then the triggers of the log."""
    op.create_table(
        "joint_case",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("lead", sa.String(length=64), nullable=False),
        sa.Column("organisations", sa.Text(), nullable=False),
        sa.Column("doc_hash", sa.String(length=64), nullable=True),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("sme_consents", sa.Boolean(), nullable=False),
        sa.Column("university_participates", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_case")),
    )
    op.create_table(
        "ledger_account",
        sa.Column("ledger", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "owner", name=op.f("pk_ledger_account")),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name_sv", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("legal_person_sv", sa.Text(), nullable=False),
        sa.Column("legal_person_en", sa.Text(), nullable=False),
        sa.Column("org_nr", sa.String(length=32), nullable=True),
        sa.Column("form", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("theme", sa.String(length=16), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.CheckConstraint("language IN ('', 'sv', 'en')", name=op.f("ck_person_language_is_known")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_person_email_is_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "receipt",
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", "person", name=op.f("pk_receipt")),
    )
    op.create_table(
        "series",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_series")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("is_success", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index("ix_sign_in_attempt_address", "sign_in_attempt", ["address", "at"])
    op.create_index("ix_sign_in_attempt_at", "sign_in_attempt", ["at"])
    op.create_index("ix_sign_in_attempt_email", "sign_in_attempt", ["email", "at"])
    op.create_table(
        "infrastructure",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name_sv", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("owner_org", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=32), nullable=False),
        sa.Column("campus", sa.String(length=64), nullable=False),
        sa.Column("capacity_unit", sa.Text(), nullable=False),
        sa.Column("annual_capacity", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("co_operator", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=32), server_default="active", nullable=False),
        sa.CheckConstraint("annual_capacity >= 0", name=op.f("ck_infrastructure_annual_capacity_is_not_negative")),
        sa.ForeignKeyConstraint(["owner_org"], ["organisation.id"], name=op.f("fk_infrastructure_owner_org")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_infrastructure")),
    )
    op.create_table(
        "mandate",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=128), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("types", sa.Text(), server_default="[]", nullable=False),
        sa.Column("limit_sek", sa.BigInteger(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name=op.f("ck_mandate_days_are_in_order")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mandate_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
    )
    op.create_index("ix_mandate_person_id", "mandate", ["person_id"])
    op.create_table(
        "web_session",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("data", sa.Text(), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_web_session_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
    )
    op.create_index("ix_web_session_expires_at", "web_session", ["expires_at"])
    op.create_index("ix_web_session_person_id", "web_session", ["person_id"])
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("infrastructure_id", sa.String(length=64), nullable=True),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("company_org_nr", sa.String(length=32), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_from <= valid_to", name=op.f("ck_assignment_days_are_in_order")),
        sa.ForeignKeyConstraint(
            ["infrastructure_id"], ["infrastructure.id"], name=op.f("fk_assignment_infrastructure_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index("ix_assignment_person_id", "assignment", ["person_id"])
    op.create_index("ix_assignment_role", "assignment", ["role", "organisation"])
    op.create_table(
        "case_row",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("form", sa.String(length=32), nullable=False),
        sa.Column("definition_version", sa.String(length=64), nullable=False),
        sa.Column("infrastructure_id", sa.String(length=64), nullable=False),
        sa.Column("host_org", sa.String(length=64), nullable=False),
        sa.Column("sme_org_nr", sa.String(length=64), nullable=True),
        sa.Column("company_name", sa.Text(), nullable=False),
        sa.Column("title_sv", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("stage_since", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("log_head", sa.String(length=64), nullable=False),
        sa.Column("scope_version", sa.Integer(), nullable=False),
        sa.Column("is_suspended", sa.Boolean(), nullable=False),
        sa.Column("is_escalated", sa.Boolean(), nullable=False),
        sa.Column("joint_parent_id", sa.String(length=32), nullable=True),
        sa.Column("state_shape", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint("revision >= 0", name=op.f("ck_case_row_revision_is_not_negative")),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_case_row_log_is_not_empty")),
        sa.ForeignKeyConstraint(["host_org"], ["organisation.id"], name=op.f("fk_case_row_host_org")),
        sa.ForeignKeyConstraint(
            ["infrastructure_id"], ["infrastructure.id"], name=op.f("fk_case_row_infrastructure_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_row")),
    )
    op.create_index("ix_case_row_changed_at", "case_row", ["changed_at", "id"])
    op.create_index("ix_case_row_host_org", "case_row", ["host_org", "stage_since", "id"])
    op.create_index("ix_case_row_infrastructure_id", "case_row", ["infrastructure_id", "stage_since", "id"])
    op.create_index("ix_case_row_joint_parent_id", "case_row", ["joint_parent_id"])
    op.create_index("ix_case_row_opened_at", "case_row", ["opened_at", "id"])
    op.create_index("ix_case_row_sme_org_nr", "case_row", ["sme_org_nr", "stage_since", "id"])
    op.create_index("ix_case_row_stage", "case_row", ["form", "stage", "stage_since", "id"])
    op.create_index("ix_case_row_stage_since", "case_row", ["stage_since", "id"])
    op.create_table(
        "case_event",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("shape", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("mandate", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_case_event_sequence_starts_at_one")),
        sa.ForeignKeyConstraint(["case_id"], ["case_row.id"], name=op.f("fk_case_event_case_id")),
        sa.PrimaryKeyConstraint("case_id", "sequence", name=op.f("pk_case_event")),
        sa.UniqueConstraint("case_id", "prev_hash", name=op.f("uq_case_event_case_id_prev_hash")),
    )
    op.create_table(
        "case_party",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_row.id"], name=op.f("fk_case_party_case_id")),
        sa.PrimaryKeyConstraint("case_id", "organisation", name=op.f("pk_case_party")),
    )
    op.create_index("ix_case_party_organisation", "case_party", ["organisation", "case_id"])
    op.create_table(
        "deadline",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("owner_role", sa.String(length=32), nullable=False),
        sa.Column("is_met", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_row.id"], name=op.f("fk_deadline_case_id")),
        sa.PrimaryKeyConstraint("case_id", "id", name=op.f("pk_deadline")),
    )
    op.create_index("ix_deadline_due_on", "deadline", ["is_met", "due_on", "case_id", "id"])
    op.create_table(
        "document",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("document", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("scope_version", sa.Integer(), nullable=False),
        sa.Column("drafted_at", MOMENT, nullable=False),
        sa.Column("drafted_by", sa.String(length=64), nullable=False),
        sa.Column("finalised_at", MOMENT, nullable=True),
        sa.Column("file_hash", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("signature_count", sa.Integer(), nullable=False),
        sa.Column("dispatched_at", MOMENT, nullable=True),
        sa.Column("registered_number", sa.String(length=128), nullable=True),
        sa.Column("registered_at", MOMENT, nullable=True),
        sa.Column("marking", sa.String(length=64), nullable=False),
        sa.Column("is_superseded", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(finalised_at IS NULL) = (file_hash IS NULL)", name=op.f("ck_document_final_means_a_file")),
        sa.CheckConstraint(
            "(registered_at IS NULL) = (registered_number IS NULL)", name=op.f("ck_document_registered_means_a_number")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_row.id"], name=op.f("fk_document_case_id")),
        sa.PrimaryKeyConstraint("case_id", "key", name=op.f("pk_document")),
        sa.UniqueConstraint("case_id", "registered_number", name=op.f("uq_document_case_id_registered_number")),
    )
    op.create_index("ix_document_drafted_at", "document", ["drafted_at", "case_id", "key"])
    op.create_index("ix_document_file_hash", "document", ["file_hash"])
    op.create_table(
        "ledger_row",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("ledger", sa.String(length=32), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount_e6", sa.BigInteger(), nullable=False),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        sa.CheckConstraint("amount_e6 >= 0", name=op.f("ck_ledger_row_amount_is_not_negative")),
        sa.ForeignKeyConstraint(["case_id"], ["case_row.id"], name=op.f("fk_ledger_row_case_id")),
        sa.PrimaryKeyConstraint("case_id", "ledger", name=op.f("pk_ledger_row")),
    )
    op.create_index("ix_ledger_row_owner", "ledger_row", ["ledger", "owner", "year", "case_id", "amount_e6"])
    op.create_table(
        "opinion",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("opinion", sa.String(length=32), nullable=False),
        sa.Column("scope_version", sa.Integer(), nullable=False),
        sa.Column("doc_hash", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("open_conditions", sa.Integer(), nullable=False),
        sa.Column("is_superseded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_row.id"], name=op.f("fk_opinion_case_id")),
        sa.PrimaryKeyConstraint("case_id", "id", name=op.f("pk_opinion")),
    )
    op.create_index("ix_opinion_organisation", "opinion", ["organisation", "at"])
    op.create_table(
        "outbox",
        sa.Column("key", sa.String(length=256), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("leased_by", sa.String(length=64), nullable=True),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(leased_by IS NULL) = (leased_until IS NULL)", name=op.f("ck_outbox_lease_names_its_owner")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case_row.id"], name=op.f("fk_outbox_case_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_outbox")),
    )
    op.create_index("ix_outbox_due_at", "outbox", ["sent_at", "due_at", "key"])
    op.create_table(
        "turn",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_row.id"], name=op.f("fk_turn_case_id")),
        sa.PrimaryKeyConstraint("case_id", "role", "organisation", name=op.f("pk_turn")),
    )
    op.create_index("ix_turn_role", "turn", ["role", "organisation", "since", "case_id"])
    op.create_table(
        "uploaded_file",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_row.id"], name=op.f("fk_uploaded_file_case_id")),
        sa.PrimaryKeyConstraint("case_id", "key", name=op.f("pk_uploaded_file")),
    )
    op.create_index("ix_uploaded_file_file_hash", "uploaded_file", ["file_hash"])
    triggers = SQLITE_TRIGGERS if op.get_context().dialect.name == "sqlite" else POSTGRESQL_TRIGGERS
    for trigger in triggers:
        op.execute(trigger)
