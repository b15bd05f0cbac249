"""Numbers as people type them: what reads one way is read, what reads two ways is asked, the rest is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nennep.reporting.rules.numbers import LONGEST, Ambiguous, NotANumber, parse_number, plain

COUNT, KILOMETRES = 0, 3
NARROW_SPACE, HARD_SPACE, FIGURE_SPACE, THIN_SPACE = "\u202f", "\u00a0", "\u2007", "\u2009"


@pytest.mark.parametrize(
    ("typed", "decimals", "meant"),
    [
        ("0", COUNT, "0"),
        ("00", COUNT, "0"),
        ("007", COUNT, "7"),
        ("371", COUNT, "371"),
        (" 371 ", COUNT, "371"),
        ("1.151", COUNT, "1151"),  # in a whole count a dot between threes can only be thousands
        ("-1.151", COUNT, "-1151"),
        ("1.151.000", COUNT, "1151000"),
        ("1.151.000", KILOMETRES, "1151000"),
        ("1,151,000", COUNT, "1151000"),
        ("1 151", COUNT, "1151"),
        (f"1{HARD_SPACE}151", COUNT, "1151"),
        (f"1{NARROW_SPACE}151", COUNT, "1151"),
        (f"1{THIN_SPACE}151", COUNT, "1151"),
        (f"1{FIGURE_SPACE}151", COUNT, "1151"),
        ("1 151", KILOMETRES, "1151"),
        ("1 151,5", KILOMETRES, "1151.5"),
        ("1 151.5", KILOMETRES, "1151.5"),
        ("12 345 678", COUNT, "12345678"),
        ("1.151,5", KILOMETRES, "1151.5"),
        ("1,151.5", KILOMETRES, "1151.5"),
        ("1.151,500", KILOMETRES, "1151.5"),
        ("12,5", KILOMETRES, "12.5"),
        ("12.5", KILOMETRES, "12.5"),
        ("1.5", COUNT, "1.5"),  # read, and then refused by the checks: a count has no decimals
        ("0,151", KILOMETRES, "0.151"),  # no group of thousands begins with nought
        ("0.151", COUNT, "0.151"),
        ("1151,500", KILOMETRES, "1151.5"),
        ("–3", COUNT, "-3"),
        ("−3", COUNT, "-3"),
        ("-0", COUNT, "0"),
        ("9" * LONGEST, COUNT, "9" * LONGEST),
    ],
)
def test_a_number_that_reads_one_way_is_read_exactly(typed: str, decimals: int, meant: str) -> None:
    assert parse_number(typed, decimals=decimals) == Decimal(meant)


@pytest.mark.parametrize(
    ("typed", "decimals", "choices"),
    [
        ("1.151", KILOMETRES, ("1151", "1.151")),
        ("1,151", KILOMETRES, ("1151", "1.151")),
        # An English hand means thousands, a Vietnamese one wrote a decimal into a count: only the writer knows.
        ("1,151", COUNT, ("1151", "1.151")),
        ("-1,151", COUNT, ("-1151", "-1.151")),
        ("100.000", KILOMETRES, ("100000", "100")),
        ("999,999", 1, ("999999", "999.999")),
    ],
)
def test_a_number_that_reads_two_ways_is_asked_back_with_both(
    typed: str, decimals: int, choices: tuple[str, str]
) -> None:
    with pytest.raises(Ambiguous) as asked:
        parse_number(typed, decimals=decimals)

    assert asked.value.choices == tuple(map(Decimal, choices))
    assert asked.value.text == typed


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "-",
        "mười hai",
        "12 vụ",
        "1e5",
        "1E5",
        "0x10",
        "NaN",
        "Infinity",
        "+5",
        "--5",
        "- 5",
        "5-",
        "1_000",
        "1..5",
        "1,5,2",
        "1.15.100",
        "1.1510.000",
        "1.151,5.2",
        "1,151.5,2",
        "1 15",
        "1 1510",
        "1  151",
        " 1 15 100",
        "0 151",
        "1\t151",  # two cells of a sheet pasted into one
        "1\n151",
        "12\n345",
        "½",
        "²",
        "١٢",  # Arabic-Indic digits: read as decimals only, they would slip by the question that ours are asked
        "١.١٥١",
        "１.１５１",
        "1 ١٥١",
        "1.١٥١",
        "9" * (LONGEST + 1),
        "1" * 1_000_000,
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(NotANumber):
        parse_number(typed, decimals=COUNT)


def _grouped(whole: int, separator: str) -> str:
    return f"{whole:,}".replace(",", separator)


WHOLE = st.integers(min_value=0, max_value=10**12)  # longer ones pass the length that is a slip of the hand
FRACTION = st.text("0123456789", min_size=1, max_size=6)
SIGN = st.sampled_from(["", "-", "–", "−"])


@given(WHOLE, SIGN, st.sampled_from(["", " ", HARD_SPACE, NARROW_SPACE]), st.integers(0, 6))
def test_every_whole_number_written_plainly_or_in_groups_by_spaces_comes_back_equal(
    whole: int, sign: str, separator: str, decimals: int
) -> None:
    value = parse_number(sign + _grouped(whole, separator), decimals=decimals)

    assert value == (-whole if sign else whole)


@given(WHOLE)
def test_every_whole_count_in_vietnamese_groups_comes_back_equal(whole: int) -> None:
    assert parse_number(_grouped(whole, "."), decimals=0) == whole


@given(
    WHOLE.filter(lambda whole: whole >= 1000), FRACTION, st.sampled_from([(".", ","), (",", ".")]), st.integers(0, 6)
)
def test_a_grouped_number_with_the_other_sign_for_decimals_comes_back_equal(
    whole: int, fraction: str, signs: tuple[str, str], decimals: int
) -> None:
    group, point = signs

    value = parse_number(f"{_grouped(whole, group)}{point}{fraction}", decimals=decimals)

    assert value == Decimal(f"{whole}.{fraction}")


@given(WHOLE, FRACTION.filter(lambda digits: len(digits) != 3), st.sampled_from([".", ","]), st.integers(0, 6))
def test_a_fraction_that_is_no_group_of_three_comes_back_equal(
    whole: int, fraction: str, point: str, decimals: int
) -> None:
    assert parse_number(f"{whole}{point}{fraction}", decimals=decimals) == Decimal(f"{whole}.{fraction}")


@given(st.integers(1, 999), st.text("0123456789", min_size=3, max_size=3), st.sampled_from([".", ","]))
def test_one_sign_between_a_group_and_three_digits_is_never_guessed_in_a_figure_with_decimals(
    whole: int, three: str, sign: str
) -> None:
    with pytest.raises(Ambiguous):
        parse_number(f"{whole}{sign}{three}", decimals=3)


@given(st.text(max_size=30), st.integers(0, 6))
@example("1.151", 3)
@example("٣", 0)
def test_whatever_is_typed_is_read_asked_or_refused(typed: str, decimals: int) -> None:
    try:
        value = parse_number(typed, decimals=decimals)
    except (Ambiguous, NotANumber):
        return

    assert value.is_finite()
    assert parse_number(plain(value), decimals=0 if value == value.to_integral_value() else 6) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=6))
def test_one_value_has_one_text(value: Decimal) -> None:
    text = plain(value)

    assert Decimal(text) == value
    assert plain(Decimal(text)) == text
    assert not text.endswith((".", "-0"))
    assert "E" not in text


def test_a_question_back_can_be_raised_through_a_context_and_shown() -> None:
    doubt = Ambiguous("1,151", (Decimal(1151), Decimal("1.151")))

    assert str(doubt.with_traceback(None)) == "1,151 can be read in 2 ways"
