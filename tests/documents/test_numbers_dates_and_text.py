"""How numbers, dates and text are written."""

import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nennep.documents.rules import decree_date, format_date, format_number, legible

NUMBERS = [
    ("1151", None, "1.151", "1,151"),
    ("98.7", None, "98,7", "98.7"),
    ("98.700000", None, "98,7", "98.7"),
    ("18500000", None, "18.500.000", "18,500,000"),
    ("-3", None, "–3", "–3"),
    ("-1234.5", None, "–1.234,5", "–1,234.5"),
    ("0", None, "0", "0"),
    ("100", None, "100", "100"),
    ("1E+3", None, "1.000", "1,000"),
    ("0.000001", None, "0,000001", "0.000001"),
    ("3", 1, "3,0", "3.0"),
    ("98.65", 1, "98,7", "98.7"),
    ("98.64999", 1, "98,6", "98.6"),
    ("-0.04", 1, "0,0", "0.0"),
    ("999.95", 1, "1.000,0", "1,000.0"),
    ("2.5", 0, "3", "3"),
    ("12345678901234567890123456789012.5", 1, "12.345.678.901.234.567.890.123.456.789.012,5", None),
]


@pytest.mark.parametrize(("value", "decimals", "vietnamese", "english"), NUMBERS)
def test_numbers_are_written_as_people_of_the_language_write_them(
    value: str, decimals: int | None, vietnamese: str, english: str | None
) -> None:
    assert format_number(Decimal(value), "vi", decimals) == vietnamese
    if english is not None:
        assert format_number(Decimal(value), "en-gb", decimals) == english


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_a_number_written_in_full_can_be_read_back_exactly(value: Decimal) -> None:
    written = format_number(value, "vi")

    assert Decimal(written.replace(".", "").replace(",", ".").replace("–", "-")) == value


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        format_number(Decimal(value), "vi")


def test_a_language_without_a_known_habit_is_refused() -> None:
    with pytest.raises(LookupError, match="'fr'"):
        format_number(Decimal(1), "fr")


# Decree 30/2020, Annex I, part II, item 4: days below 10 and months 1 and 2 carry a zero, months 3 to 9 do not.
DECREE_DATES = [
    (date(2020, 1, 5), "ngày 05 tháng 01 năm 2020"),
    (date(2025, 2, 28), "ngày 28 tháng 02 năm 2025"),
    (date(2025, 3, 9), "ngày 09 tháng 3 năm 2025"),
    (date(2025, 9, 10), "ngày 10 tháng 9 năm 2025"),
    (date(2025, 12, 31), "ngày 31 tháng 12 năm 2025"),
]


@pytest.mark.parametrize(("on", "written"), DECREE_DATES)
def test_dates_of_papers_follow_the_decree(on: date, written: str) -> None:
    assert decree_date(on) == written


def test_the_day_of_an_unissued_paper_is_left_blank() -> None:
    assert decree_date(date(2025, 11, 5), day_open=True).replace("\xa0", "_") == "ngày _____ tháng 11 năm 2025"


def test_dates_of_tables_and_lists_follow_the_language() -> None:
    assert format_date(date(2025, 11, 5), "vi") == "05/11/2025"
    assert format_date(date(2025, 11, 5), "en") == "5 November 2025"


def test_letters_in_pieces_are_joined() -> None:
    pieces = unicodedata.normalize("NFD", "Ể Ỗ ữ ặ")

    assert legible(pieces) == "Ể Ỗ ữ ặ"


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\tb", "a b"),
        ("a\x00\x07\x1bb", "ab"),
        ("12\u202e34", "1234"),
        ("lone \ud800 half", "lone  half"),
        ("= - # $x$ *b* <w:t> & \\n", "= - # $x$ *b* <w:t> & \\n"),
    ],
)
def test_only_what_cannot_be_printed_is_taken_out(raw: str, kept: str) -> None:
    assert legible(raw) == kept


@given(st.text(st.characters(exclude_categories=())))
def test_legible_text_stays_as_it_is_and_can_be_stored(raw: str) -> None:
    once = legible(raw)

    assert legible(once) == once
    assert once.encode().decode() == once
