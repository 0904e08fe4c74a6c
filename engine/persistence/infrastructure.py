"""Infrastructures, organisations and joint cases: the register that cases stand on."""

from __future__ import annotations

from sqlalchemy import Connection, Table, insert, select, update

from engine.application.queries import Organisation
from engine.domain.case import Infrastructure, JointContext
from engine.domain.reasons import NotFound
from engine.domain.values import Text
from engine.persistence.case import refresh_parties
from engine.persistence.mapping import (
    Row,
    infrastructure_to_row,
    joint_to_row,
    row_to_infrastructure,
    row_to_joint,
)
from engine.persistence.tables import case_row, infrastructure, joint_case, organisation


def load_infrastructure(connection: Connection, infrastructure_id: str) -> Infrastructure:
    """This will load an infrastructure profile with its facts. Raises NotFound."""
    row = (
        connection.execute(select(infrastructure).where(infrastructure.c.id == infrastructure_id))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound(
            Text(
                sv=f"Det finns ingen infrastruktur {infrastructure_id}.",
                en=f"There is no infrastructure {infrastructure_id}.",
            )
        )
    return row_to_infrastructure(row)


def all_infrastructures(connection: Connection) -> tuple[Infrastructure, ...]:
    """This will return every profile, by Swedish name."""
    rows = connection.execute(select(infrastructure).order_by(infrastructure.c.name_sv, infrastructure.c.id)).mappings()
    return tuple(row_to_infrastructure(row) for row in rows)


def save_infrastructure(connection: Connection, profile: Infrastructure) -> None:
    """This will store a profile, new or changed."""
    row = connection.execute(select(infrastructure).where(infrastructure.c.id == profile.id)).mappings().one_or_none()
    before = None if row is None else row_to_infrastructure(row)
    _store(connection, infrastructure, infrastructure_to_row(profile))
    if before is not None and _operators(before) != _operators(profile):
        refresh_parties(connection, case_row.c.infrastructure_id == profile.id)


def save_organisation(connection: Connection, item: Organisation) -> None:
    """This will store an organisation, new or changed."""
    _store(
        connection,
        organisation,
        {
            "id": item.id,
            "name_sv": item.name.sv,
            "name_en": item.name.en,
            "legal_person_sv": item.legal_person.sv,
            "legal_person_en": item.legal_person.en,
            "org_nr": item.org_nr,
            "form": item.form,
        },
    )


def all_organisations(connection: Connection) -> tuple[Organisation, ...]:
    """This will return every organisation, by Swedish name."""
    rows = connection.execute(select(organisation).order_by(organisation.c.name_sv, organisation.c.id)).mappings()
    return tuple(
        Organisation(
            id=row["id"],
            name=Text(sv=row["name_sv"], en=row["name_en"]),
            legal_person=Text(sv=row["legal_person_sv"], en=row["legal_person_en"]),
            org_nr=row["org_nr"],
            form=row["form"],
        )
        for row in rows
    )


def save_joint(connection: Connection, joint: JointContext) -> None:
    """This will store what the children see of a joint case, and who takes part in them."""
    _store(connection, joint_case, joint_to_row(joint))
    refresh_parties(connection, case_row.c.joint_parent_id == joint.id)


def load_joint(connection: Connection, joint_id: str) -> JointContext | None:
    """This will load what the children see of a joint case, or None."""
    row = connection.execute(select(joint_case).where(joint_case.c.id == joint_id)).mappings().one_or_none()
    return None if row is None else row_to_joint(row)


def _operators(profile: Infrastructure) -> tuple[object, ...]:
    return profile.co_operator, profile.facts.get("infra.co_operator_reviews")


def _store(connection: Connection, table: Table, values: Row) -> None:
    done = connection.execute(update(table).where(table.c.id == values["id"]).values(**values))
    if done.rowcount == 0:
        connection.execute(insert(table), values)
