"""The whole log of a case, read for the company's pages and for the interface; the whitelist then keeps its part."""

from __future__ import annotations

from typing import Final

from engine.domain.events import Entry
from engine.domain.values import Text
from web import current
from web.presenters.company_steps import Scene
from web.presenters.company_view import CompanyPapers, papers_of

PAGE: Final = 200


def entries_of(case_id: str) -> tuple[Entry, ...]:
    """This will return every line of a case's log, oldest first; empty when the reader may not see the case."""
    queries, reader = current.queries(), current.query_reader()
    page = queries.case_log(reader, case_id, limit=PAGE)
    entries = list(page)
    while len(page) == PAGE:
        page = queries.case_log(reader, case_id, before=entries[-1].sequence, limit=PAGE)
        entries += page
    return tuple(reversed(entries))


def papers(case_id: str) -> CompanyPapers:
    """This will return what of a case's log the company may see."""
    return papers_of(entries_of(case_id))


def scene(case_id: str) -> Scene:
    """This will return what every page of the company rests on. Raises NotFound."""
    view = current.view(case_id)
    host = current.organisations().get(view.case.host_org)
    return Scene(
        view=view,
        entries=entries_of(case_id),
        host=host.name if host is not None else Text(sv=view.case.host_org, en=view.case.host_org),
        voice=current.voice(),
    )
