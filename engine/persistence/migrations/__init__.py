"""Bringing a database to the product's version, numbered step by step; alembic is loaded only when asked to.

A step may add, move and later remove, for old code may still be running; it never imports ``tables``, which moves on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text

from engine.domain.reasons import EngineError
from engine.domain.values import Text
from engine.persistence.engine import reading, writing

HERE: Final = Path(__file__).parent

_ADVISORY_LOCK: Final = 5_226_183
"""Any number of our own: two processes that upgrade one PostgreSQL database take turns."""


class DatabaseFromTheFuture(EngineError):
    """A newer version of the product has upgraded this database."""

    code = "database_from_the_future"

    def __init__(self, found: str) -> None:
        super().__init__(
            Text(
                sv=f"Databasen har version {found}, nyare än den här versionen av produkten känner till ({head()}). "
                "Installera den nyare versionen, eller återställ en säkerhetskopia från tiden före uppgraderingen.",
                en=f"The database has version {found}, newer than this version of the product knows ({head()}). "
                "Install the newer version, or restore a backup from before the upgrade.",
            )
        )


class DatabaseNotUpgraded(EngineError):
    """The database is empty or older than the product."""

    code = "database_not_upgraded"

    def __init__(self, found: str | None) -> None:
        super().__init__(
            Text(
                sv=f"Databasen har {_version_sv(found)}, produkten behöver {head()}. Kör: samverk db upgrade",
                en=f"The database has {_version_en(found)}, the product needs {head()}. Run: samverk db upgrade",
            )
        )


def steps() -> tuple[str, ...]:
    """This will return the numbers of all steps in order: ``0001``, ``0002`` ..."""
    return tuple(sorted(path.name.split("_", 1)[0] for path in (HERE / "versions").glob("[0-9]*.py")))


def head() -> str:
    """This will return the number of the newest step."""
    return steps()[-1]


def upgrade(engine: Engine) -> None:
    """This will bring the database to the newest version, in one transaction. Raises DatabaseFromTheFuture."""
    from alembic import command
    from alembic.config import Config

    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ADVISORY_LOCK})
        found = _stored_version(connection)
        if found is not None and found not in steps():
            raise DatabaseFromTheFuture(found)
        config = Config()
        # Written out, so that a "%" in the path is a character and not a placeholder of the configuration.
        config.set_main_option("script_location", str(HERE).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check_version(engine: Engine) -> None:
    """This will do nothing when the database fits the product. Raises DatabaseFromTheFuture, DatabaseNotUpgraded."""
    with reading(engine) as connection:
        found = _stored_version(connection)
    if found is not None and found not in steps():
        raise DatabaseFromTheFuture(found)
    if found != head():
        raise DatabaseNotUpgraded(found)


def _stored_version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _version_sv(found: str | None) -> str:
    return "ingen version" if found is None else f"version {found}"


def _version_en(found: str | None) -> str:
    return "no version" if found is None else f"version {found}"
