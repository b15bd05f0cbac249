"""What a chart shows, as plain data, and where its marks lie.

A page builds one of these and gives it to `{% chart … %}`. The title is the answer ("2 trên 5 chỉ tiêu năm
đang chậm"); the subtitle says what is measured and when. Behind each chart stands a table with the same numbers.

Marks are placed across by shares of the width (0 to 100) and down by pixels, so that a chart fills whatever
space it has while its text keeps its size.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import Enum
from typing import ClassVar

COLOURS = ("c1", "c2", "c3", "c4")
CONTEXT = "c5"
_CHARACTER_PX = 7
_LABEL_APART_PX = 15


def _across(part: Decimal | int, whole: Decimal | int) -> str:
    """`part` of `whole` as a share of the width, 0 to 100, written for an SVG attribute."""
    if not whole:
        return "0"
    share = max(Decimal(0), min(Decimal(100), 100 * Decimal(part) / Decimal(whole)))
    return f"{share:.2f}".rstrip("0").rstrip(".")


# --- lines ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Series:
    """One line: a value per period of its chart, None where nothing was reported (the line breaks there).

    A series that is `context` (the same periods of last year) is drawn dashed, without a mark, in the quiet colour.
    """

    label: str
    values: tuple[Decimal | None, ...]
    context: bool = False


@dataclass(frozen=True)
class Mark:
    """A point of a series: its share across, its pixels down, and the shape it is drawn with."""

    x: str
    y: int
    colour: str


@dataclass(frozen=True)
class Label:
    """Words beside a line's end or at an axis; `value` is written by the language, `text` stands as it is."""

    y: int
    colour: str
    text: str
    value: Decimal | None


@dataclass(frozen=True)
class Line:
    """A drawn series: its strokes (unbroken runs of points), its marks and its place in the order of colours."""

    series: Series
    colour: str
    strokes: tuple[str, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class LineChart:
    """Values over periods, as lines. Raises ValueError when a series has not one value per period.

    `unit` follows each written number ("%" or nothing); `decimals` as in `format_number`.
    """

    template: ClassVar[str] = "components/charts/line.html"

    title: str
    subtitle: str
    periods: tuple[str, ...]
    series: tuple[Series, ...]
    target: Decimal | None = None
    target_label: str = ""
    unit: str = ""
    decimals: int | None = None
    height: int = 144
    export_url: str = ""

    def __post_init__(self) -> None:
        for one in self.series:
            if len(one.values) != len(self.periods):
                raise ValueError(f"{one.label}: {len(one.values)} values for {len(self.periods)} periods.")

    @property
    def ticks(self) -> tuple[tuple[Decimal, int], ...]:
        """The values written at the axis with their pixels down, highest first."""
        return tuple((value, self._down(value)) for value in reversed(self._tick_values()))

    @property
    def axis_width(self) -> int:
        """Pixels the longest value at the axis needs."""
        return max((len(f"{value:f}") for value in self._tick_values()), default=1) * _CHARACTER_PX + 8

    @property
    def label_width(self) -> int:
        """Pixels the longest label at a line's end needs."""
        longest = max((len(label.text) + (7 if label.value is not None else 0) for label in self.labels), default=0)
        return longest * _CHARACTER_PX + 10

    @property
    def lines(self) -> tuple[Line, ...]:
        """The series as drawn, context first so that it lies below."""
        colours = iter(COLOURS)
        drawn = [self._line(one, CONTEXT if one.context else next(colours)) for one in self.series]
        return tuple(sorted(drawn, key=lambda line: not line.series.context))

    @property
    def labels(self) -> tuple[Label, ...]:
        """What stands at the lines' ends, pushed apart where two would collide."""
        measured = [one for one in self.series if not one.context]
        placed: list[Label] = []
        wanted = []
        for line in self.lines:
            ends = [value for value in line.series.values if value is not None]
            if not ends:
                continue
            alone = len(measured) == 1 and not line.series.context
            value = None if line.series.context else ends[-1]
            wanted.append(Label(self._down(ends[-1]) + 4, line.colour, "" if alone else line.series.label, value))
        for label in sorted(wanted, key=lambda each: each.y):
            y = max(label.y, placed[-1].y + _LABEL_APART_PX) if placed else label.y
            placed.append(Label(y, label.colour, label.text, label.value))
        return tuple(placed)

    @property
    def target_y(self) -> int | None:
        """Pixels down of the target's line."""
        return None if self.target is None else self._down(self.target)

    @property
    def period_labels(self) -> tuple[tuple[str, str, str], ...]:
        """(words, share across, anchor) under the plot: at most about six, the first always among them."""
        step = max(1, -(-len(self.periods) // 5))
        last = len(self.periods) - 1
        return tuple(
            (word, self._x(index), "start" if index == 0 else "end" if index == last else "middle")
            for index, word in enumerate(self.periods)
            if index % step == 0
        )

    @property
    def rows(self) -> tuple[tuple[str, tuple[Decimal | None, ...]], ...]:
        """The table behind the chart: a row per period with the value of each series."""
        return tuple((period, tuple(one.values[at] for one in self.series)) for at, period in enumerate(self.periods))

    def _x(self, index: int) -> str:
        return _across(index, max(1, len(self.periods) - 1))

    def _down(self, value: Decimal) -> int:
        low, high = self._range()
        top, bottom = 18, self.height - 6
        return round(bottom - (bottom - top) * float((value - low) / (high - low)))

    def _range(self) -> tuple[Decimal, Decimal]:
        ticks = self._tick_values()
        known = self._known()
        return min(ticks[0], *known), max(ticks[-1], *known)

    def _known(self) -> list[Decimal]:
        known = [value for one in self.series for value in one.values if value is not None]
        if self.target is not None:
            known.append(self.target)
        return known or [Decimal(0)]

    def _tick_values(self) -> tuple[Decimal, ...]:
        """Three to five round values that span what is known; a line may start above zero, its axis being shown."""
        known = self._known()
        low, high = min(known), max(known)
        if low == high:
            low, high = low - 1, high + 1
        step = _round_step((high - low) / 3)
        first = (low / step).to_integral_value(ROUND_FLOOR) * step
        last = (high / step).to_integral_value(ROUND_CEILING) * step
        count = int((last - first) / step)
        return tuple(first + step * index for index in range(count + 1))

    def _line(self, series: Series, colour: str) -> Line:
        points = [None if value is None else (self._x(at), self._down(value)) for at, value in enumerate(series.values)]
        runs: list[list[tuple[str, int]]] = [[]]
        for point in points:
            if point is None:
                runs.append([])
            else:
                runs[-1].append(point)
        runs = [run for run in runs if run]
        # A lone point has no stroke to show it, and the last point carries the label.
        marked = [] if series.context or not runs else [run[0] for run in runs if len(run) == 1] + [runs[-1][-1]]
        return Line(
            series=series,
            colour=colour,
            strokes=tuple(" ".join(f"{x},{y}" for x, y in run) for run in runs if len(run) > 1),
            marks=tuple(Mark(x, y, colour) for x, y in dict.fromkeys(marked)),
        )


def _round_step(rough: Decimal) -> Decimal:
    """The smallest of 1, 2, 5 times a power of ten that is at least `rough`."""
    power = Decimal(1).scaleb(rough.adjusted())
    return next((power * factor for factor in (1, 2, 5) if power * factor >= rough), power * 10)


# --- bars against a target ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """A thing measured against what is asked of it in the whole time; no value: nothing was reported."""

    label: str
    value: Decimal | None
    target: Decimal
    url: str = ""


@dataclass(frozen=True)
class DrawnBar:
    """A bar as drawn: shares across of what is reached, of the target and of the pace tick."""

    bar: Bar
    reached: str
    target: str
    pace: str
    slow: bool


@dataclass(frozen=True)
class TargetBars:
    """Bars against their targets, with a tick where each should be by now.

    `pace` is the share of the time gone by (0 to 1), or None where pace means nothing. A bar is slow when it has
    not reached that share of its target; slow bars are hatched.
    """

    template: ClassVar[str] = "components/charts/target_bars.html"

    title: str
    subtitle: str
    bars: tuple[Bar, ...]
    pace: Decimal | None = None
    pace_label: str = ""
    unit: str = ""
    decimals: int | None = None
    export_url: str = ""

    @property
    def drawn(self) -> tuple[DrawnBar, ...]:
        """The bars on one scale of shares, a little longer than the target so that more than it can be seen."""
        widest = max([Decimal("1.1"), *(self._share(bar) for bar in self.bars)])
        return tuple(
            DrawnBar(
                bar=bar,
                reached=_across(self._share(bar), widest),
                target=_across(1, widest),
                pace=_across(self.pace or 0, widest),
                slow=self.is_slow(bar),
            )
            for bar in self.bars
        )

    @property
    def has_slow(self) -> bool:
        """Whether the key must explain the hatch."""
        return any(self.is_slow(bar) for bar in self.bars)

    def is_slow(self, bar: Bar) -> bool:
        """Whether less is reached than the time gone by asks; what was not reported is not called slow."""
        return self.pace is not None and bar.value is not None and self._share(bar) < self.pace

    @staticmethod
    def _share(bar: Bar) -> Decimal:
        return (bar.value or Decimal(0)) / bar.target if bar.target else Decimal(0)


# --- stacked bars -------------------------------------------------------------------------------------


class PartKind(Enum):
    """How a part of a stacked bar is filled: solid, pale, or an outline that still wants something."""

    DONE = "done"
    DOING = "doing"
    OPEN = "open"


@dataclass(frozen=True)
class Part:
    """One kind of part in every bar of a chart."""

    label: str
    kind: PartKind


@dataclass(frozen=True)
class Segment:
    """A part of one bar as drawn: where it starts, how wide it is, where its number stands, whether it fits."""

    kind: PartKind
    value: int
    starts: str
    width: str
    middle: str
    fits: bool


@dataclass(frozen=True)
class StackedBars:
    """Counts divided into parts, one bar per row, all on one scale that starts at zero.

    Raises ValueError when a row has not one count per part.
    """

    template: ClassVar[str] = "components/charts/stacked_bars.html"
    _FITS: ClassVar[Decimal] = Decimal("0.05")

    title: str
    subtitle: str
    parts: tuple[Part, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    export_url: str = ""

    def __post_init__(self) -> None:
        for label, counts in self.rows:
            if len(counts) != len(self.parts):
                raise ValueError(f"{label}: {len(counts)} counts for {len(self.parts)} parts.")

    @property
    def totals(self) -> tuple[tuple[Part, int], ...]:
        """Each part with its count over all rows, for the key."""
        return tuple((part, sum(counts[at] for _, counts in self.rows)) for at, part in enumerate(self.parts))

    @property
    def drawn(self) -> tuple[tuple[str, tuple[Segment, ...]], ...]:
        """Each row with its segments."""
        widest = max((sum(counts) for _, counts in self.rows), default=0)
        return tuple((label, self._segments(counts, widest)) for label, counts in self.rows)

    def _segments(self, counts: tuple[int, ...], widest: int) -> tuple[Segment, ...]:
        segments, before = [], 0
        for part, count in zip(self.parts, counts, strict=True):
            if count:
                segments.append(
                    Segment(
                        kind=part.kind,
                        value=count,
                        starts=_across(before, widest),
                        width=_across(count, widest),
                        middle=_across(Decimal(before) + Decimal(count) / 2, widest),
                        fits=Decimal(count) / widest >= self._FITS,
                    )
                )
            before += count
        return tuple(segments)


# --- units and periods --------------------------------------------------------------------------------


class HeatState(Enum):
    """What became of one unit's report of one period."""

    ON_TIME = "ontime"
    LATE = "late"
    MISSING = "missing"
    RETURNED = "returned"
    NOT_DUE = "notdue"
    NOT_THERE = "notthere"  # the unit did not exist, or had no duty to report


@dataclass(frozen=True)
class HeatCell:
    """One report's state; `days_late` counts whole days and is shown for LATE only."""

    state: HeatState
    url: str = ""
    days_late: int = 0


@dataclass(frozen=True)
class HeatPeriod:
    """A column: the short word of its head and the one that is spoken ("T9", "tháng 9/2026")."""

    short: str
    spoken: str


@dataclass(frozen=True)
class HeatRow:
    """A unit with a cell per period and the share of its reports that came on time, in hundredths."""

    unit: str
    cells: tuple[HeatCell, ...]
    url: str = ""
    on_time: Decimal | None = None


@dataclass(frozen=True)
class HeatMap:
    """Units × periods. Raises ValueError when a row has not one cell per period.

    `current` is the index of the period that runs. A phone shows the last six periods; rows keep the given order,
    so give the worst first where that is what people look for.
    """

    template: ClassVar[str] = "components/charts/heat_map.html"
    _ON_A_PHONE: ClassVar[int] = 6

    title: str
    subtitle: str
    periods: tuple[HeatPeriod, ...]
    rows: tuple[HeatRow, ...]
    current: int | None = None
    export_url: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.periods):
                raise ValueError(f"{row.unit}: {len(row.cells)} cells for {len(self.periods)} periods.")

    @property
    def older(self) -> int:
        """How many periods at the left a phone leaves out."""
        return max(0, len(self.periods) - self._ON_A_PHONE)


class StripState(Enum):
    """What one unit gave to a section: its words are used, said but not used yet, none, or there is no report."""

    USED = "used"
    SAID = "said"
    SILENT = "silent"
    MISSING = "missing"


@dataclass(frozen=True)
class UnitStrip:
    """One upright bar per unit, always in the same order: the picture of "9 trên 12". The words stand beside it."""

    template: ClassVar[str] = "components/charts/unit_strip.html"
    _MANY: ClassVar[int] = 24

    units: tuple[tuple[str, StripState], ...]

    @property
    def bar_width(self) -> int:
        """Pixels of a bar: narrower where there are many units."""
        return 4 if len(self.units) > self._MANY else 7

    @property
    def width(self) -> int:
        """Pixels of the whole strip."""
        return len(self.units) * (self.bar_width + 2)

    @property
    def bars(self) -> tuple[tuple[int, str, StripState], ...]:
        """(pixels from the left, unit, state) of each bar."""
        return tuple((at * (self.bar_width + 2), unit, state) for at, (unit, state) in enumerate(self.units))


@dataclass(frozen=True)
class Sparkline:
    """A small line without axes for a table's row; `spoken` says in words what it shows."""

    template: ClassVar[str] = "components/charts/sparkline.html"
    WIDTH: ClassVar[int] = 72
    HEIGHT: ClassVar[int] = 20

    values: tuple[Decimal | None, ...]
    spoken: str

    @property
    def points(self) -> tuple[tuple[int, int], ...]:
        """Pixels across and down of each known value."""
        known = [value for value in self.values if value is not None]
        if not known:
            return ()
        low, high = min(known), max(known)
        across = (self.WIDTH - 8) / max(1, len(self.values) - 1)
        return tuple(
            (round(4 + at * across), self._down(value, low, high))
            for at, value in enumerate(self.values)
            if value is not None
        )

    @property
    def stroke(self) -> str:
        """The points as an SVG polyline takes them."""
        return " ".join(f"{x},{y}" for x, y in self.points)

    def _down(self, value: Decimal, low: Decimal, high: Decimal) -> int:
        if low == high:
            return self.HEIGHT // 2
        return round(self.HEIGHT - 4 - (self.HEIGHT - 8) * float((value - low) / (high - low)))


Chart = LineChart | TargetBars | StackedBars | HeatMap | UnitStrip | Sparkline
