"""Who may come to which route: the one table. A route that is not written here fails at start.

The rights of a person *within* a case (which fields, which documents, which actions) are the engine's; this table
only decides who may come to the door. A person who may not know that a case exists is told "not found".
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Right(StrEnum):
    """What a route asks of whoever comes."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    STAFF = "a role at a host organisation"
    COMPANY = "a role at a company"
    CASE_STAFF = "a host role that reaches the case"
    CASE_COMPANY = "a company role that reaches the case"
    CASE_READER = "any role that reaches the case"


RIGHTS: Final[dict[str, Right]] = {
    # session and system
    "static": Right.ANYONE,
    "session.login": Right.ANYONE,
    "session.sign_in": Right.ANYONE,
    "session.logout": Right.ANYONE,
    "session.language": Right.ANYONE,
    "session.theme": Right.ANYONE,
    "session.home": Right.ANYONE,
    "session.settings": Right.SIGNED_IN,
    "system.healthz": Right.ANYONE,
    "system.readyz": Right.ANYONE,
    "system.metrics": Right.ANYONE,
    # staff pages
    "work.index": Right.STAFF,
    "cases.index": Right.STAFF,
    "reviews.index": Right.STAFF,
    "documents.index": Right.STAFF,
    "cases.show": Right.CASE_STAFF,
    "cases.log": Right.CASE_STAFF,
    "cases.edit_facts": Right.CASE_STAFF,
    "cases.record_facts": Right.CASE_STAFF,
    "cases.edit_row_form": Right.CASE_STAFF,
    "cases.record_row": Right.CASE_STAFF,
    "cases.remove_row": Right.CASE_STAFF,
    "cases.action": Right.CASE_STAFF,
    "cases.take_action": Right.CASE_STAFF,
    "cases.message": Right.CASE_STAFF,
    "cases.confirm": Right.CASE_STAFF,
    "cases.assign": Right.CASE_STAFF,
    "cases.condition": Right.CASE_STAFF,
    "cases.close_condition": Right.CASE_STAFF,
    "cases.upload": Right.CASE_STAFF,
    "cases.file": Right.CASE_STAFF,
    "cases.register_file": Right.CASE_STAFF,
    "documents.new": Right.CASE_STAFF,
    "documents.draft_document": Right.CASE_STAFF,
    "documents.show": Right.CASE_STAFF,
    "documents.preview": Right.CASE_STAFF,
    "documents.download": Right.CASE_STAFF,
    "documents.finalise": Right.CASE_STAFF,
    "documents.discard": Right.CASE_STAFF,
    "documents.sign": Right.CASE_STAFF,
    "documents.dispatch": Right.CASE_STAFF,
    "documents.register": Right.CASE_STAFF,
    "documents.review_secrecy": Right.CASE_STAFF,
    "reviews.show": Right.CASE_STAFF,
    "reviews.give_opinion": Right.CASE_STAFF,
    # public pages and the company
    "public.start": Right.ANYONE,
    "public.about": Right.ANYONE,
    "public.accessibility": Right.ANYONE,
    "inquiry.index": Right.ANYONE,
    "inquiry.notice": Right.ANYONE,
    "inquiry.questions": Right.ANYONE,
    "inquiry.send": Right.COMPANY,
    "inquiry.receipt": Right.CASE_COMPANY,
    "tracker.index": Right.COMPANY,
    "tracker.show": Right.CASE_COMPANY,
    "tracker.answers": Right.CASE_COMPANY,
    "tracker.record_answers": Right.CASE_COMPANY,
    "tracker.notice": Right.CASE_COMPANY,
    "tracker.acknowledge": Right.CASE_COMPANY,
    "tracker.confirm": Right.CASE_COMPANY,
    "tracker.confirm_scope": Right.CASE_COMPANY,
    "tracker.sign": Right.CASE_COMPANY,
    "tracker.sign_document": Right.CASE_COMPANY,
    "tracker.document": Right.CASE_COMPANY,
    "tracker.file": Right.CASE_COMPANY,
    "tracker.upload": Right.CASE_COMPANY,
    "tracker.receive_file": Right.CASE_COMPANY,
    "tracker.message": Right.CASE_COMPANY,
    "tracker.withdraw": Right.CASE_COMPANY,
    "tracker.take_back": Right.CASE_COMPANY,
    # the interface
    "api.openapi": Right.ANYONE,
    "api.session": Right.SIGNED_IN,
    "api.cases": Right.SIGNED_IN,
    "api.case": Right.CASE_READER,
    "api.actions": Right.CASE_READER,
    "api.documents": Right.CASE_READER,
    "api.document": Right.CASE_READER,
    "api.take_action": Right.CASE_READER,
    "api.record_facts": Right.CASE_READER,
    "api.give_opinion": Right.CASE_READER,
}
