"""Charts: where the marks lie, what is said beside them, and that both hold for any figures."""

import itertools
import re
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from nennep.site.charts import (
    Bar,
    HeatCell,
    HeatMap,
    HeatPeriod,
    HeatRow,
    HeatState,
    LineChart,
    Part,
    PartKind,
    Series,
    Sparkline,
    StackedBars,
    StripState,
    TargetBars,
    UnitStrip,
)
from nennep.site.templatetags.look import chart

figures = st.decimals(-(10**9), 10**9, places=2)


def _line(*values: Decimal | None, target: Decimal | None = None) -> LineChart:
    periods = tuple(f"T{at}" for at in range(1, len(values) + 1))
    return LineChart("Answer", "What and when", periods, (Series("2026", values),), target=target)


def _heat(*cells: HeatCell) -> HeatMap:
    periods = tuple(HeatPeriod(f"T{at}", f"tháng {at}") for at in range(1, len(cells) + 1))
    return HeatMap("Answer", "What and when", periods, (HeatRow("Đồn BP Pá Hu", cells),), current=len(cells) - 1)


# --- lines --------------------------------------------------------------------------------------


@given(st.lists(st.none() | figures, min_size=1, max_size=24), st.none() | figures)
def test_every_mark_of_a_line_lies_inside_its_plot(values: list[Decimal | None], target: Decimal | None) -> None:
    shown = _line(*values, target=target)

    points = [point for line in shown.lines for stroke in line.strokes for point in stroke.split()]
    for point in points:
        across, down = point.split(",")
        assert 0 <= Decimal(across) <= 100
        assert 0 <= int(down) <= shown.height
    assert shown.target_y is None or 0 <= shown.target_y <= shown.height


@given(st.lists(figures, min_size=2, max_size=24))
def test_a_larger_value_never_lies_lower(values: list[Decimal]) -> None:
    shown = _line(*values)

    downs = [int(point.split(",")[1]) for point in shown.lines[0].strokes[0].split()]
    order = sorted(range(len(values)), key=lambda at: values[at])
    assert all(downs[low] >= downs[high] for low, high in itertools.pairwise(order))


def test_a_missing_value_breaks_the_line_and_is_never_nought() -> None:
    shown = _line(Decimal(5), Decimal(6), None, Decimal(7), Decimal(8))

    strokes = shown.lines[0].strokes
    table = shown.rows

    assert [len(stroke.split()) for stroke in strokes] == [2, 2]
    assert table[2] == ("T3", (None,))


def test_a_lone_value_between_missing_ones_is_still_seen() -> None:
    shown = _line(Decimal(5), None, Decimal(6), None, Decimal(7), Decimal(8))

    assert len(shown.lines[0].marks) == 3


def test_labels_at_the_lines_ends_never_overlap() -> None:
    near = tuple(Series(f"chuỗi {at}", (Decimal(50), Decimal(50 + at))) for at in range(4))
    shown = LineChart("Answer", "", ("T1", "T2"), near)

    downs = sorted(label.y for label in shown.labels)

    assert all(below - above >= 15 for above, below in itertools.pairwise(downs))


def test_each_series_keeps_its_own_colour_and_context_the_quiet_one() -> None:
    values = (Decimal(1), Decimal(2))
    shown = LineChart(
        "", "", ("T1", "T2"), (Series("a", values), Series("2025", values, context=True), Series("b", values))
    )

    assert {line.series.label: line.colour for line in shown.lines} == {"a": "c1", "2025": "c5", "b": "c2"}


def test_a_series_of_another_length_than_the_periods_is_refused() -> None:
    with pytest.raises(ValueError, match="2 values for 3 periods"):
        LineChart("", "", ("T1", "T2", "T3"), (Series("a", (Decimal(1), Decimal(2))),))


def test_the_numbers_beside_a_line_are_written_in_the_readers_language() -> None:
    shown = _line(Decimal("1150.5"), Decimal("1151.5"))

    with translation.override("vi"):
        vietnamese = chart(shown)
    with translation.override("en"):
        english = chart(shown)

    assert "1.151,5" in vietnamese
    assert "1,151.5" in english


# --- bars ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "pace", "slow"),
    [
        ("38", "0.88", True),
        ("88", "0.88", False),
        ("412", "0.88", False),
        (None, "0.88", False),  # not reported is not slow
        ("0", "0.88", True),  # a reported nought is
        ("0", None, False),  # without a pace nothing is slow
    ],
)
def test_a_bar_is_slow_when_it_lags_behind_the_time_gone_by(value: str | None, pace: str | None, *, slow: bool) -> None:
    bar = Bar("Tuần tra", None if value is None else Decimal(value), Decimal(100))
    shown = TargetBars("", "", (bar,), pace=None if pace is None else Decimal(pace))

    assert shown.is_slow(bar) is slow
    assert shown.has_slow is slow


def test_a_slow_bar_is_hatched_and_says_so_in_words() -> None:
    shown = TargetBars("Answer", "", (Bar("Tuần tra", Decimal(38), Decimal(48)),), pace=Decimal("0.88"))

    with translation.override("en"):
        drawn = chart(shown)

    assert 'fill="url(#hatch-slow)"' in drawn
    assert ", slow" in drawn


def test_a_bar_beyond_its_target_is_drawn_beyond_it() -> None:
    shown = TargetBars("", "", (Bar("a", Decimal(300), Decimal(100)),))

    drawn = shown.drawn[0]

    assert Decimal(drawn.reached) == 100
    assert Decimal(drawn.target) < 34


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=12))
def test_stacked_parts_touch_and_stay_inside(rows: list[tuple[int, int, int]]) -> None:
    parts = (Part("a", PartKind.DONE), Part("b", PartKind.DOING), Part("c", PartKind.OPEN))
    shown = StackedBars("", "", parts, tuple((str(at), counts) for at, counts in enumerate(rows)))

    for _, segments in shown.drawn:
        end = Decimal(0)
        for segment in segments:
            assert abs(Decimal(segment.starts) - end) <= Decimal("0.02")
            end = Decimal(segment.starts) + Decimal(segment.width)
        assert end <= Decimal("100.02")
    assert sum(total for _, total in shown.totals) == sum(map(sum, rows))


# --- units and periods ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "said", "mark"),
    [
        (HeatCell(HeatState.ON_TIME, "/r/1"), "Đồn BP Pá Hu, tháng 1, in on time", ""),
        (HeatCell(HeatState.LATE, "/r/1", 1), "Đồn BP Pá Hu, tháng 1, 1 day late", "+1"),
        (HeatCell(HeatState.LATE, "/r/1", 3), "Đồn BP Pá Hu, tháng 1, 3 days late", "+3"),
        (HeatCell(HeatState.MISSING, "/r/1"), "Đồn BP Pá Hu, tháng 1, missing", "url(#hatch-missing)"),
        (HeatCell(HeatState.RETURNED, "/r/1"), "Đồn BP Pá Hu, tháng 1, returned", ""),
        (HeatCell(HeatState.NOT_DUE, "/r/1"), "Đồn BP Pá Hu, tháng 1, not due yet", "·"),
    ],
)
def test_each_cell_is_a_link_with_a_spoken_name_and_a_mark_of_its_own(cell: HeatCell, said: str, mark: str) -> None:
    with translation.override("en"):
        drawn = chart(_heat(cell))

    assert f'href="/r/1" aria-label="{said}"' in drawn
    assert mark in drawn


def test_a_unit_that_was_not_there_has_an_empty_place_and_no_link() -> None:
    drawn = chart(_heat(HeatCell(HeatState.NOT_THERE, "/r/1")))

    assert "/r/1" not in drawn
    assert '<td class="middle"></td>' in drawn


def test_a_phone_leaves_out_all_but_the_last_six_periods() -> None:
    drawn = chart(_heat(*[HeatCell(HeatState.ON_TIME)] * 12))

    assert len(re.findall(r'<td class="middle older">', drawn)) == 6


def test_a_units_name_cannot_become_markup() -> None:
    cells = (HeatCell(HeatState.ON_TIME, "/r/1"),)
    shown = HeatMap("", "", (HeatPeriod("T1", "tháng 1"),), (HeatRow('"><script>', cells),))

    assert "<script>" not in chart(shown)


def test_the_strip_has_one_bar_per_unit_in_the_given_order() -> None:
    shown = UnitStrip((("Nậm Ngà", StripState.USED), ("Pá Hu", StripState.MISSING)))

    drawn = chart(shown)

    assert drawn.count("<rect") == 2
    assert drawn.index("Nậm Ngà") < drawn.index("Pá Hu")


@given(st.lists(st.none() | figures, max_size=12))
def test_a_sparkline_stays_inside_its_place(values: list[Decimal | None]) -> None:
    shown = Sparkline(tuple(values), "said")

    for x, y in shown.points:
        assert 0 <= x <= shown.WIDTH
        assert 0 <= y <= shown.HEIGHT


@pytest.mark.parametrize(
    "shown",
    [
        _line(Decimal(1), None, Decimal(3), target=Decimal(2)),
        TargetBars("", "", (Bar("a", Decimal(1), Decimal(2)),), pace=Decimal("0.9")),
        StackedBars("", "", (Part("a", PartKind.DONE),), (("Quý I", (3,)),)),
        _heat(HeatCell(HeatState.MISSING)),
        UnitStrip((("Nậm Ngà", StripState.USED),)),
        Sparkline((Decimal(1), Decimal(2)), "said"),
    ],
    ids=lambda shown: type(shown).__name__,
)
def test_no_chart_carries_a_style_of_its_own_which_the_security_policy_would_drop(shown: object) -> None:
    drawn = chart(shown)  # type: ignore[arg-type]

    assert "style=" not in drawn
    assert "<script" not in drawn
    assert "onclick" not in drawn
