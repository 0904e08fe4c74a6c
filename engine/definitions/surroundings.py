"""Checks the registers beside the definitions: organisations, infrastructures, number formats, sharing, the map."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from engine.definitions.reader import Faults, read_file
from engine.definitions.register import CASE_FORMS, Catalogue
from engine.definitions.sheet import Sheet
from engine.domain.values import organisation_number_is_valid

NO_HOST: Final = "none"
"""The form of something that is shown but can never be a host."""

PARTIES: Final = (*CASE_FORMS, "sme")
NEEDS: Final = frozenset(
    {
        "log", "sme_consent_if_sme_info", "notice_shown", "legal_basis_or_sme_consent", "no_health_record",
        "secrecy_check", "nda_signed", "nda_signed_for_class", "public_access_notice_ack",
    }
)  # fmt: skip
"""What must be in place before a paper is shared (domain dossier 7.4)."""


def check_surroundings(root: Path, catalogue: Catalogue, faults: Faults) -> None:
    """This will note what is wrong in the registers below ``root``; those that are not there are left out."""
    _Registers(root, catalogue, faults).check()


class _Registers:
    def __init__(self, root: Path, catalogue: Catalogue, faults: Faults) -> None:
        self._root = root
        self._catalogue = catalogue
        self._faults = faults

    def check(self) -> None:
        organisations = {name for name, sheet in self._named("organisations.yaml") if self._organisation(sheet)}
        hosted = {self._infrastructure(sheet, organisations) for _, sheet in self._named("infrastructures.yaml")}
        for form in CASE_FORMS:
            if hosted and form not in hosted and (self._root / "forms" / form).is_dir():
                top = Sheet(read_file(self._root, f"forms/{form}/v1.yaml", self._faults), self._faults)
                top.fault("form", f"ingen infrastruktur har formen {form}", f"no infrastructure has the form {form}")
        for _, sheet in self._named("catalogue/sharing_policy.yaml"):
            self._sharing(sheet)
        for sheet in self._rows("catalogue/number_formats.yaml"):
            self._number_format(sheet, organisations)
        actors = {self._actor(sheet) for sheet in self._rows("actors.yaml")}
        for sheet in self._rows("relations.yaml"):
            self._relation(sheet, actors)

    def _file(self, path: str) -> Sheet | None:
        if not (self._root / path).exists():
            return None
        return Sheet(read_file(self._root, path, self._faults), self._faults, path)

    def _named(self, path: str) -> Iterator[tuple[str, Sheet]]:
        file = self._file(path)
        if file is not None:
            for name, sheet in file.sheets(Path(path).stem):
                yield name, sheet
                sheet.done()
            file.done()

    def _rows(self, path: str) -> Iterator[Sheet]:
        file = self._file(path)
        if file is not None:
            for sheet in file.row_sheets(Path(path).stem):
                yield sheet
                sheet.done()
            file.done()

    def _organisation(self, sheet: Sheet) -> bool:
        sheet.both("name")
        sheet.both("legal_person")
        sheet.both("legal_department")
        sheet.word("form", CASE_FORMS)
        sheet.flag("is_university")
        number = sheet.text("org_nr")
        if not organisation_number_is_valid(number):
            sheet.fault("org_nr", f"{number} är inget organisationsnummer", f"{number} is not an organisation number")
        return True

    def _infrastructure(self, sheet: Sheet, organisations: set[str]) -> str:
        sheet.both("name")
        sheet.text("campus")
        sheet.word("status", ("active", "onboarding", "sponsor_only"))
        sheet.optional_both("capacity_unit")
        sheet.number("annual_capacity")
        sheet.amount("economic_share_ytd_pct")
        sheet.optional_text("access_criteria")
        sheet.flag("co_operator_reviews")
        sheet.optional_text("note")
        for key in ("owner_org", "co_operator"):
            organisation = sheet.optional_text(key)
            if organisation and organisation not in organisations:
                sheet.fault(key, f"okänd organisation: {organisation}", f"unknown organisation: {organisation}")
        self._facts(sheet)
        return sheet.word("form", (*CASE_FORMS, NO_HOST))

    def _facts(self, sheet: Sheet) -> None:
        facts = sheet.inner("facts")
        for name in facts.names if facts is not None else ():
            field = self._catalogue.fields.get(name)
            if facts is not None and (field is None or field.group != "infra"):
                facts.fault(name, f"okänd uppgift: {name}", f"unknown field: {name}")

    @staticmethod
    def _sharing(sheet: Sheet) -> None:
        sheet.word("from", PARTIES)
        sheet.word("to", PARTIES)
        sheet.both("effect")
        sheet.known_words("needs", NEEDS, "förutsättning", "need")

    @staticmethod
    def _number_format(sheet: Sheet, organisations: set[str]) -> None:
        organisation = sheet.text("org")
        if organisation not in organisations | {"platform"}:
            sheet.fault("org", f"okänd organisation: {organisation}", f"unknown organisation: {organisation}")
        sheet.word("key", ("dnr", "internal_no", "case_id"))
        sheet.text("source")
        pattern, example = sheet.text("pattern"), sheet.text("example")
        try:
            fits = re.fullmatch(pattern, example) is not None
        except re.error:
            sheet.fault("pattern", "mönstret kan inte läsas", "the pattern cannot be read")
            return
        if not fits:
            sheet.fault("example", f"{example} följer inte mönstret", f"{example} does not follow the pattern")

    @staticmethod
    def _actor(sheet: Sheet) -> str:
        for language in ("sv", "en"):
            sheet.text(language)
        sheet.text("type")
        sheet.text("campus")
        sheet.amount("lat")
        sheet.amount("lon")
        sheet.optional_text("address")
        sheet.text("domain")
        sheet.text("tag")
        return sheet.text("id")

    @staticmethod
    def _relation(sheet: Sheet, actors: set[str]) -> None:
        sheet.text("type")
        sheet.text("tag")
        for key in ("from", "to"):
            actor = sheet.text(key)
            if actor not in actors:
                sheet.fault(key, f"okänd på kartan: {actor}", f"unknown on the map: {actor}")
