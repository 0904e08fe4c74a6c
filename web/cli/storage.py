"""Opens the database for a command, and turns what stands in its way into one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from engine.domain.values import Text
from web.cli.answer import Unavailable
from web.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine


@contextmanager
def opened(settings: Settings, *, any_version: bool = False) -> Iterator[Engine]:
    """This will give the database, and let go of it afterwards.

    Unless ``any_version``, it must fit the product: raises DatabaseNotUpgraded and DatabaseFromTheFuture. Raises
    Unavailable when there is no way to it.
    """
    from sqlalchemy.exc import DatabaseError, OperationalError

    from engine.persistence.engine import open_engine
    from engine.persistence.migrations import check_version

    engine = open_engine(settings.database_url, pool_size=settings.threads)
    try:
        if not any_version:
            check_version(engine)
        yield engine
    except (OperationalError, DatabaseError) as error:
        raise _unreachable(engine.url.render_as_string(hide_password=True), error.orig) from error
    finally:
        engine.dispose()


def _unreachable(address: str, cause: BaseException | None) -> Unavailable:
    said = str(cause).strip().splitlines()[0] if cause is not None and str(cause).strip() else "no answer"
    return Unavailable(
        Text(
            sv=f"Databasen {address} går inte att använda ({said}). Kontrollera SAMVERK_DATABASE_URL.",
            en=f"The database {address} cannot be used ({said}). Check SAMVERK_DATABASE_URL.",
        )
    )
