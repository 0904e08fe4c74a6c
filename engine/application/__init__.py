"""Use cases: load, decide, save. One command is one transaction.

Nothing here decides a rule (that is ``domain``) or knows a database, a page or Word.
"""

from engine.application.handle_command import handle
from engine.application.make_document import finalise_document, preview_document
from engine.application.open_case import open_case
from engine.application.results import Result
from engine.application.view_case import CaseView, Offer, Waiting, view_case

__all__ = [
    "CaseView",
    "Offer",
    "Result",
    "Waiting",
    "finalise_document",
    "handle",
    "open_case",
    "preview_document",
    "view_case",
]
