"""Invented figures contradict neither each other nor the place they come from; invented words are varied and whole."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nennep.demonstration.chance import Dice
from nennep.demonstration.character import Character, characters
from nennep.demonstration.figures import WEEK, Counting, Figures, Stretch
from nennep.demonstration.words import Speech, grouped
from nennep.packs.reading import read_pack, shipped_pack
from nennep.packs.schemas import Pack
from nennep.reporting.rules.content import IndicatorRule, Layout, Statement

PACK: Pack = read_pack(shipped_pack("bdbp"))
RULES = {
    row.code: IndicatorRule(
        row.code,
        row.name,
        row.name_en,
        row.unit_of_measure,
        over_units=row.over_units,
        over_time=row.over_time,
        numerator=row.numerator or "",
        part_of=row.part_of or "",
        balance=row.balance,
        lower=row.lower,
        upper=row.upper,
        decimals=row.decimals,
    )
    for row in PACK.indicators
}
UNITS = characters(PACK)
COUNTING = Counting(RULES)
LAYOUTS = {
    form.code: Layout.from_json({"sections": [section.model_dump(mode="json") for section in form.sections]})
    for form in PACK.forms
}
any_unit = st.sampled_from(sorted(UNITS)).map(UNITS.__getitem__)
any_month = st.tuples(st.integers(2024, 2027), st.integers(1, 12)).map(
    lambda when: Stretch(f"{when[0]}-{when[1]:02d}", when[0], when[1])
)


def contradictions(figures: Figures) -> list[str]:
    """What the checks at entry would call an error."""
    found = []
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for code, value in figures.items():
        rule = RULES[code]
        if (rule.lower is not None and value < rule.lower) or (rule.upper is not None and value > rule.upper):
            found.append(f"{code} = {value} is out of bounds")
        if rule.part_of in figures and value > figures[rule.part_of]:
            found.append(f"{code} = {value} is more than {rule.part_of} = {figures[rule.part_of]}")
        if rule.balance:
            sums[rule.part_of] += value
    found += [f"the parts of {whole} make {total}" for whole, total in sums.items() if figures.get(whole) != total]
    return found


@settings(max_examples=300, deadline=None)
@given(any_unit, any_month)
def test_a_month_of_any_unit_does_not_contradict_itself(unit: Character, month: Stretch) -> None:
    assert contradictions(COUNTING.of(unit, month)) == []


@settings(max_examples=60, deadline=None)
@given(any_unit, st.integers(2024, 2027))
def test_a_year_of_any_unit_does_not_contradict_itself_either(unit: Character, year: int) -> None:
    months = [COUNTING.of(unit, Stretch(f"{year}-{month:02d}", year, month)) for month in range(1, 13)]

    whole = COUNTING.over(months)

    assert contradictions(whole) == []
    assert whole["patrol.teams"] == sum(month["patrol.teams"] for month in months)
    assert whole["models.active"] == months[-1]["models.active"]


@given(any_unit, any_month)
@settings(max_examples=50, deadline=None)
def test_a_unit_counts_the_same_every_time(unit: Character, month: Stretch) -> None:
    assert COUNTING.of(unit, month) == Counting(RULES).of(unit, month)


def test_what_is_not_a_units_business_is_missing_and_not_zero() -> None:
    kinds = {terrain: next(unit for unit in UNITS.values() if unit.terrain == terrain) for terrain in ("land", "sea")}
    may = Stretch("2026-05", 2026, 5)

    land, sea = (COUNTING.of(kinds[terrain], may) for terrain in ("land", "sea"))

    assert "boats.checked" not in land
    assert land["border.markers_checked"] > 0
    assert "border.markers_checked" not in sea
    assert sea["boats.checked"] > 0
    assert {"entry.cases", "crime.cases"} <= land.keys() & sea.keys()


def test_the_sea_is_busier_in_summer_and_the_border_before_tet() -> None:
    def over_all(code: str, month: int) -> Decimal:
        stretch = Stretch(f"2025-{month:02d}", 2025, month)
        return sum((COUNTING.of(unit, stretch).get(code, Decimal(0)) for unit in UNITS.values()), Decimal(0))

    assert over_all("boats.checked", 5) > Decimal("1.5") * over_all("boats.checked", 12)
    assert over_all("entry.cases", 1) > Decimal("1.4") * over_all("entry.cases", 7)


def test_units_are_unevenly_busy() -> None:
    busy = sorted(unit.busy for unit in UNITS.values())

    assert busy[-1] > 3 * busy[0]


def test_a_week_is_about_a_quarter_of_a_month() -> None:
    units = list(UNITS.values())
    month = sum(COUNTING.of(unit, Stretch("2025-03", 2025, 3))["patrol.teams"] for unit in units)

    week = sum(COUNTING.of(unit, Stretch("2025-W10", 2025, 3, WEEK))["patrol.teams"] for unit in units)

    assert Decimal("0.19") < week / month < Decimal("0.27")


def test_every_cell_of_every_form_is_counted_by_somebody() -> None:
    may = Stretch("2026-05", 2026, 5)
    counted = {code for unit in UNITS.values() for code in COUNTING.of(unit, may)}

    asked = {code for layout in LAYOUTS.values() for code in layout.indicators if not RULES[code].is_computed}

    assert asked - counted == set()


def test_what_came_out_of_others_lies_where_they_lay() -> None:
    assert UNITS["NGHE-AN-16"].terrain == "land"
    assert UNITS["NGHE-AN-09"].terrain == "port"
    assert UNITS["TIEN-GIANG-02"].terrain == "sea"
    assert UNITS["TIEN-GIANG-06"].terrain == "squadron"
    assert UNITS["DONG-THAP-01"].terrain == "gate"
    assert UNITS["NGHE-AN-16"].busy == pytest.approx(0.9 * (UNITS["NGHE-AN-05"].busy + UNITS["NGHE-AN-06"].busy))


# --- words ----------------------------------------------------------------------------------------


def said(unit: Character, form: str, month: int) -> tuple[Statement, ...]:
    stretch = Stretch(f"2026-{month:02d}", 2026, month)
    figures = COUNTING.of(unit, stretch)
    dice = Dice(unit.code, form, month)
    return Speech().statements(unit, LAYOUTS[form], figures, period=stretch.code, month=month, dice=dice).statements


@settings(max_examples=80, deadline=None)
@given(any_unit, st.sampled_from(sorted(LAYOUTS)), st.integers(1, 12))
def test_statements_are_whole_sentences_where_the_form_wants_them(unit: Character, form: str, month: int) -> None:
    statements = said(unit, form, month)

    for statement in statements:
        section = LAYOUTS[form].section(statement.section)
        assert section is not None
        assert statement.kind in section.statement_kinds
        assert "{" not in statement.text
        assert statement.text.endswith(".")
        assert statement.text[0].isupper() or statement.text[0].isdigit()
        assert statement.text == unicodedata.normalize("NFC", statement.text)
    for section in LAYOUTS[form].sections:
        kinds = {statement.kind for statement in statements if statement.section == section.letter}
        assert set(section.required_kinds) <= kinds
    assert len({statement.id for statement in statements}) == len(statements)


def test_a_month_of_the_force_is_worth_merging() -> None:
    texts = Counter(s.text for unit in UNITS.values() for s in said(unit, "monthly", 11))
    counts = [len(said(unit, "monthly", 11)) for unit in UNITS.values()]

    assert sum(counts) / len(counts) == pytest.approx(6.5, abs=1.5)
    assert min(counts) >= 4
    assert max(counts) <= 12
    assert len(texts) > 800
    assert sum(count > 5 for count in texts.values()) > 50
    assert sum(count == 1 for count in texts.values()) > 400


def test_figures_in_sentences_are_those_of_the_cells() -> None:
    unit = UNITS["LANG-SON-03"]
    figures = COUNTING.of(unit, Stretch("2026-11", 2026, 11))
    texts = [
        statement.text
        for number in range(60)
        for statement in Speech()
        .statements(unit, LAYOUTS["monthly"], figures, period="2026-11", month=11, dice=Dice(number))
        .statements
    ]

    patrols = [text for text in texts if "lượt tổ" in text]

    assert len(patrols) > 5
    assert not any(" 0 " in text or " 0/" in text for text in texts)
    assert all(grouped(int(figures["patrol.teams"])) in text for text in patrols)


@pytest.mark.parametrize(("number", "text"), [(0, "0"), (999, "999"), (1151, "1.151"), (1234567, "1.234.567")])
def test_counts_are_written_as_vietnamese_writes_them(number: int, text: str) -> None:
    assert grouped(number) == text
