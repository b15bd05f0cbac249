"""How numbers are written: every style comes back equal, and what reads two ways says so."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loom._numbers import Numeral, Style, Writing, number_at, style_of, writings_of
from loom._tokens import Tokens

UNITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def read(text: str, *, style: Style | None = None, whole: bool = False) -> Decimal | None:
    numeral = number_at(Tokens.of(text), 0, joined=True)
    assert numeral is not None, text
    return numeral.resolved(style=style, whole=whole)


def grouped(value: int, sign: str) -> str:
    return f"{value:,}".replace(",", sign)


def spoken_below_thousand(value: int, *, after_scale: bool) -> str:
    hundreds, rest = divmod(value, 100)
    tens, units = divmod(rest, 10)
    words = [UNITS[hundreds], "trăm"] if hundreds or after_scale else []
    if tens == 1:
        words.append("mười")
    elif tens:
        words += [UNITS[tens], "mươi"]
    elif units and words:
        words.append("linh")
    if units:
        word = "mốt" if units == 1 and tens > 1 else "lăm" if units == 5 and tens else UNITS[units]
        words.append(word)
    return " ".join(words)


def spoken(value: int) -> str:
    parts: list[str] = []
    for scale, name in ((10**9, "tỷ"), (10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        below, value = divmod(value, scale)
        if below:
            parts.append(f"{spoken_below_thousand(below, after_scale=bool(parts))} {name}".strip())
    return " ".join(parts)


@given(st.integers(min_value=1, max_value=10**12))
def test_a_whole_number_comes_back_equal_from_each_style_of_grouping(value: int) -> None:
    writings = [str(value), grouped(value, "."), grouped(value, ","), grouped(value, " "), grouped(value, "\u00a0")]

    values = {read(f"{writing} người", whole=True) for writing in writings}

    assert values == {Decimal(value)}


@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=1, max_value=9999))
def test_a_number_with_a_fraction_comes_back_equal_from_each_style(whole: int, fraction: int) -> None:
    digits = f"{fraction}0"

    vietnamese = read(f"{grouped(whole, '.')},{digits} km", style=Style.VIETNAMESE)
    english = read(f"{grouped(whole, ',')}.{digits} km", style=Style.ENGLISH)

    assert vietnamese == english == Decimal(f"{whole}.{digits}")


@given(st.integers(min_value=1, max_value=999_999_999_999))
def test_a_number_in_words_comes_back_equal(value: int) -> None:
    numeral = number_at(Tokens.of(spoken(value)), 0)

    assert numeral is not None
    assert numeral.writings[0].value == value, spoken(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,2 tỷ đồng", "1200000000"),
        ("1.2 tỷ đồng", "1200000000"),
        ("97.000.000 đồng", "97000000"),
        ("3 triệu 500 nghìn đồng", "3500000"),
        ("1 tỷ 250 triệu đồng", "1250000000"),
        ("2 triệu rưỡi", "2500000"),
        ("1 nghìn tỷ đồng", "1000000000000"),
        ("5 chục", "50"),
        ("12 vạn người", "120000"),
        ("500 ngàn đồng", "500000"),
        ("nửa tỷ đồng", "500000000"),
        ("ba chục", "30"),
        ("một nghìn hai trăm", "1200"),
        ("một nghìn hai", "1200"),
        ("một trăm hai", "120"),
        ("hai mươi lăm", "25"),
        ("hai lăm", "25"),
        ("mười lăm", "15"),
        ("ba mươi mốt", "31"),
        ("một trăm linh năm", "105"),
        ("một trăm lẻ ba", "103"),
        ("hai trăm rưỡi", "250"),
        ("một triệu rưỡi", "1500000"),
        ("một tỷ hai trăm triệu", "1200000000"),
        ("bẩy", "7"),
        ("Mười hai", "12"),
        ("hai nghìn không trăm linh năm", "2005"),
        ("0", "0"),
        ("07", "7"),
        ("0,08", "0.08"),
        ("0,807", "0.807"),
        ("12,400,000", "12400000"),
        ("13.273.939", "13273939"),
        ("1.151,5", "1151.5"),
        ("1,151.5", "1151.5"),
        ("1234.567", "1234.567"),
        ("1.5 million", "1500000"),
    ],
)
def test_what_reads_one_way_has_one_value(text: str, value: str) -> None:
    assert read(text) == Decimal(value)


@pytest.mark.parametrize("digits", ["1.151", "1,151", "468,281", "21.500"])
def test_three_digits_after_one_sign_read_two_ways(digits: str) -> None:
    assert len(writings_of(digits)) == 2
    assert read(digits) is None


@pytest.mark.parametrize(
    ("digits", "style", "value"),
    [
        ("1.151", Style.VIETNAMESE, "1151"),
        ("1.151", Style.ENGLISH, "1.151"),
        ("468,281", Style.VIETNAMESE, "468.281"),
        ("12,400", Style.ENGLISH, "12400"),
    ],
)
def test_the_style_of_the_text_decides_between_two_readings(digits: str, style: Style, value: str) -> None:
    assert read(digits, style=style) == Decimal(value)


@pytest.mark.parametrize("digits", ["1.151", "1,151"])
def test_persons_are_counted_whole_in_either_style(digits: str) -> None:
    assert read(digits, whole=True) == Decimal(1151)


@pytest.mark.parametrize("digits", ["1.2.3", "1..2", "12.34.56", "1" * 25, "1,2,3", "1.23,4.5"])
def test_what_no_style_writes_is_no_number(digits: str) -> None:
    assert writings_of(digits) == ()


def test_a_year_count_after_a_spoken_number_is_left_alone() -> None:
    numeral = number_at(Tokens.of("hai mươi năm qua"), 0)

    assert numeral is not None
    assert (numeral.writings[0].value, numeral.end) == (Decimal(20), 2)


def numeral_of(digits: str) -> Numeral:
    return Numeral(0, 1, writings_of(digits))


@pytest.mark.parametrize(
    ("numbers", "style"),
    [
        ([("2,9", False), ("1.151", False)], Style.VIETNAMESE),
        ([("3.217", True)], Style.VIETNAMESE),
        ([("3,217", True), ("1.5", False)], Style.ENGLISH),
        ([("1.151", False), ("24", True)], None),
        ([("2,9", False), ("1.5", False)], None),
        ([], None),
    ],
)
def test_a_text_tells_its_style_by_the_numbers_that_read_one_way(
    numbers: list[tuple[str, bool]], style: Style | None
) -> None:
    assert style_of((numeral_of(digits), whole) for digits, whole in numbers) is style


def test_a_plain_number_belongs_to_every_style() -> None:
    assert writings_of("371") == (Writing(Decimal(371)),)
