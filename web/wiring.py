"""The one place where storage, files, documents and clock meet the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from contracts.documents import WordDocuments
from engine.application.ports import Ports
from engine.application.queries import Organisation
from engine.definitions.loader import AllWorkflows, load_all
from engine.domain.values import Text
from engine.gateways.files import FolderFileStore
from engine.persistence.engine import open_engine, reading
from engine.persistence.identity import SqlDirectory
from engine.persistence.infrastructure import all_organisations
from engine.persistence.meta import demo_offset
from engine.persistence.queries import SqlQueries
from engine.persistence.tables import person
from engine.persistence.unit_of_work import read_only, unit_of_work
from web.current import Services
from web.settings import Settings


def connect(settings: Settings) -> Services:
    """This will put together everything that pages, interface and operator commands work with."""
    engine = open_engine(settings.database_url, pool_size=settings.threads)
    workflows = load_all(settings.workflows)
    now = clock(engine, settings)
    ports = make_ports(settings, engine, workflows, now)
    known = _newest(workflows)
    return Services(
        settings=settings,
        ports=ports,
        queries=SqlQueries(engine, workflows.catalogue.roles),
        directory=SqlDirectory(engine, is_demo=settings.is_demo),
        new_key=new_key,
        readiness=partial(readiness, engine),
        role_names={key: role.name for key, role in workflows.catalogue.roles.items()},
        document_titles=known,
        demo_password=_demo_password(settings),
        close=engine.dispose,
    )


def make_ports(settings: Settings, engine: Engine, workflows: AllWorkflows, now: Callable[[], datetime]) -> Ports:
    """This will return what use cases need from outside, on this database and these folders."""

    def organisations() -> Mapping[str, Organisation]:
        with reading(engine) as connection:
            return {organisation.id: organisation for organisation in all_organisations(connection)}

    return Ports(
        unit_of_work=lambda: unit_of_work(engine, now=now),
        read_only=lambda: read_only(engine, now=now),
        workflows=workflows,
        documents=WordDocuments(settings.templates, tables=workflows.catalogue.tables, roles=workflows.catalogue.roles),
        files=FolderFileStore(settings.files_dir),
        organisations=organisations,
        now=now,
    )


def clock(engine: Engine, settings: Settings) -> Callable[[], datetime]:
    """This will return the clock: the real one, in demo mode moved to the demo day that the database keeps."""
    if not settings.is_demo:
        return system_now
    kept: list[timedelta] = []

    def demo_now() -> datetime:
        if not kept:
            with reading(engine) as connection:
                offset = demo_offset(connection)
            if offset is None:
                return system_now()
            kept.append(offset)
        return system_now() + kept[0]

    return demo_now


def system_now() -> datetime:
    """This will return the moment it is, in UTC."""
    return datetime.now(UTC)


def new_key() -> str:
    """This will return a random key, for forms and rows."""
    return uuid4().hex


def readiness(engine: Engine) -> dict[str, str]:
    """This will return what is not ready, by part; empty when all is well."""
    try:
        with reading(engine) as connection:
            connection.execute(select(person.c.id).limit(1)).all()
    except SQLAlchemyError as error:
        return {"database": type(error).__name__}
    return {}


def _newest(workflows: AllWorkflows) -> dict[str, Text]:
    return {
        document.id: document.title
        for published in workflows.published
        for document in published.workflow.documents.values()
    }


def _demo_password(settings: Settings) -> str:
    if not settings.is_demo:
        return ""
    from web.demo import PASSWORD

    return PASSWORD
