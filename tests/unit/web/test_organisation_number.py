"""What is wrong with an organisation number, in words a person can act on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.values import organisation_number_is_valid
from web.forms.organisation_number import fault_of, normalised


class TestFaultOf:
    @pytest.mark.parametrize("typed", ["559999-0016", "5599990016", " 559999 0016 ", "16559999-0016", "559999–0016"])
    def test_accepts_ten_digits_however_they_are_written(self, typed: str) -> None:
        assert fault_of(typed) is None
        assert normalised(typed) == "559999-0016"

    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            ("559999-016", "Nio siffror, det ska vara tio"),
            ("5", "En siffra, det ska vara tio"),
            ("559999-00161", "Elva siffror, det ska vara tio"),
            ("1" * 40, "40 siffror, det ska vara tio"),
        ],
    )
    def test_counts_the_digits_aloud(self, typed: str, says: str) -> None:
        fault = fault_of(typed)

        assert fault is not None
        assert fault.sv == says

    def test_says_that_the_check_digit_is_wrong(self) -> None:
        fault = fault_of("559999-0017")

        assert fault is not None
        assert fault.sv.startswith("Kontrollsiffran stämmer inte")
        assert fault.en.startswith("The check digit does not match")

    @pytest.mark.parametrize("typed", ["SE559999001601", "55999x-0016", "٥٥٩٩٩٩٠٠١٦"])
    def test_refuses_letters_and_foreign_digits(self, typed: str) -> None:
        fault = fault_of(typed)

        assert fault is not None
        assert "siffror" in fault.sv

    @given(st.text(max_size=30))
    def test_never_lets_through_what_the_engine_would_not(self, typed: str) -> None:
        if fault_of(typed) is None:
            assert organisation_number_is_valid(normalised(typed))
