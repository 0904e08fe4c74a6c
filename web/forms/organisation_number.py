"""A Swedish organisation number as a person types it, and what exactly is wrong with it."""

from __future__ import annotations

from typing import Final

from engine.domain.values import Text, organisation_number_is_valid

NUMBER_WORDS_SV: Final = ("Inga", "En", "Två", "Tre", "Fyra", "Fem", "Sex", "Sju", "Åtta", "Nio", "Tio", "Elva", "Tolv")
NUMBER_WORDS_EN: Final = (
    "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
)  # fmt: skip


def normalised(typed: str) -> str:
    """This will return ``NNNNNN-NNNN`` when ``typed`` holds ten digits, with or without hyphen, spaces or a leading 16.

    Anything else comes back with only the outer space taken off, so that a fault can be shown beside what was typed.
    """
    compact = _compact(typed)
    if len(compact) == 12 and compact.startswith("16"):
        compact = compact[2:]
    if len(compact) == 10 and _is_ascii_digits(compact):
        return f"{compact[:6]}-{compact[6:]}"
    return typed.strip()


def fault_of(typed: str) -> Text | None:
    """This will say what to do about an organisation number, or return None when form and check digit are right."""
    if not typed.strip():
        return Text(
            sv="Skriv organisationsnumret, tio siffror, till exempel 559999-0016",
            en="Enter the organisation number, ten digits, for example 559999-0016",
        )
    number = normalised(typed)
    compact = _compact(number)
    if not _is_ascii_digits(compact):
        return Text(
            sv="Organisationsnumret ska bara ha siffror och ett bindestreck",
            en="The organisation number should hold digits and one hyphen only",
        )
    if len(compact) != 10:
        count = len(compact)
        return Text(
            sv=f"{_word(count, NUMBER_WORDS_SV)} {'siffra' if count == 1 else 'siffror'}, det ska vara tio",
            en=f"{_word(count, NUMBER_WORDS_EN)} {'digit' if count == 1 else 'digits'}, there should be ten",
        )
    if not organisation_number_is_valid(number):
        return Text(
            sv="Kontrollsiffran stämmer inte. Jämför siffrorna med registreringsbeviset",
            en="The check digit does not match. Compare the digits with the certificate of registration",
        )
    return None


def _compact(typed: str) -> str:
    return "".join(typed.split()).replace("-", "").replace("\u2013", "").replace("\u2011", "")


def _is_ascii_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _word(count: int, words: tuple[str, ...]) -> str:
    return words[count] if count < len(words) else str(count)
