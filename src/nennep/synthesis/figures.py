"""Figures consolidated over a subtree, from the versions that count, with the organisation of a chosen day.

Nothing here is stored: figures follow from versions. What was worked out is remembered in this process under
everything it depends on, so a report accepted a moment ago is in the next answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Count, Max

import abacus
from nennep.journal import queries as journal
from nennep.journal.services import NO_UNIT
from nennep.one_look import once_a_look
from nennep.organisation.models import Edge, Succession, Unit
from nennep.organisation.rules import SuccessionKind
from nennep.reporting import queries as reporting
from nennep.reporting import sealing
from nennep.reporting.models import Decision, Form, Round
from nennep.reporting.queries import Counted
from nennep.reporting.rules.content import IndicatorRule
from nennep.reporting.rules.periods import Kind, Period
from nennep.synthesis.remembered import Remembered

_NO_VALUES = pa.schema(
    [
        ("unit", pa.string()),
        ("indicator", pa.string()),
        ("starts_on", pa.date32()),
        ("ends_on", pa.date32()),
        ("value", pa.decimal128(38, 6)),
        ("source", pa.int64()),
    ]
)


@dataclass(frozen=True)
class Figure:
    """One consolidated figure: missing is no figure, never 0. `reported` of `expected` units have a value in it."""

    indicator: str
    value: Decimal
    reported: int
    expected: int


@dataclass(frozen=True)
class Question:
    """Which figures: a round, as known at an instant (None: now), with the tree of a day (None: of the period's last
    day).

    `versions`, when given, are the ids that count instead: a draft stands on its own.
    """

    round: Round
    known_at: datetime | None = None
    on: date | None = None
    versions: frozenset[int] | None = None

    @property
    def day(self) -> date:
        """The day whose tree is used."""
        return self.on or self.round.period.last_day


# --- values ---------------------------------------------------------------------------------------

_parsed: Remembered[list[tuple[str, Decimal]]] = Remembered(40_000)
_sealed: Remembered[pa.Table] = Remembered(64)


@once_a_look
def counted(question: Question) -> list[Counted]:
    """The versions that the question's figures are made of."""
    rows = reporting.counted([question.round.pk], known_at=question.known_at)
    if question.versions is None:
        return rows
    known = {row.version_id: row for row in rows}
    missing = question.versions - known.keys()
    return [known[v] for v in question.versions if v in known] + reporting.as_counted(missing)


def values(
    rounds: Sequence[Round],
    counted_: Sequence[Counted],
    codes: Mapping[int, str],
    *,
    only: Collection[str] | None = None,
) -> pa.Table:
    """The own values in these versions, as `abacus.consolidate` takes them; `source` is the version's id.

    A closed round's values are read from what was sealed, its digest verified; only versions accepted since come from
    the database. `only` names the indicators that are wanted, where they are few.
    """
    by_round: dict[int, list[Counted]] = {}
    for row in counted_:
        by_round.setdefault(row.round_id, []).append(row)
    tables = [_round_values(round_, by_round.get(round_.pk, []), codes, only) for round_ in rounds]
    return pa.concat_tables(tables) if tables else _NO_VALUES.empty_table()


def _round_values(
    round_: Round, rows: list[Counted], codes: Mapping[int, str], only: Collection[str] | None
) -> pa.Table:
    sealed = _sealed_values(round_) if round_.is_closed else _NO_VALUES.empty_table()
    in_seal = set(sealed["source"].unique().to_pylist())
    wanted = [row.version_id for row in rows]
    kept = sealed.filter(pc.is_in(sealed["source"], value_set=pa.array(wanted, pa.int64())))
    others = [row for row in rows if row.version_id not in in_seal]
    return pa.concat_tables([kept, _database_values(round_, others, codes, only)])


def _sealed_values(round_: Round) -> pa.Table:
    key = (round_.pk, round_.seal_file, round_.seal_digest)
    found = _sealed.get(key)
    if found is not None:
        return found
    table = sealing.read(round_)
    rows = table.filter(pc.is_valid(table["indicator"]))
    return _sealed.put(key, _dated(round_, rows["unit"], rows["indicator"], rows["value"], rows["version_id"]))


def _database_values(
    round_: Round, rows: list[Counted], codes: Mapping[int, str], only: Collection[str] | None
) -> pa.Table:
    cells = _cells(rows)
    units, indicators, numbers, sources = [], [], [], []
    for row in rows:
        for indicator, value in cells[row.version_id]:
            if only is not None and indicator not in only:
                continue
            units.append(codes[row.unit_id])
            indicators.append(indicator)
            numbers.append(value)
            sources.append(row.version_id)
    return _dated(
        round_,
        pa.array(units, pa.string()),
        pa.array(indicators, pa.string()),
        pa.array(numbers, pa.decimal128(38, 6)),
        pa.array(sources, pa.int64()),
    )


def _dated(round_: Round, unit: Any, indicator: Any, value: Any, source: Any) -> pa.Table:
    length = len(unit)
    starts = pa.repeat(pa.scalar(round_.starts_on, pa.date32()), length)
    ends = pa.repeat(pa.scalar(round_.ends_on, pa.date32()), length)
    return pa.Table.from_arrays([unit, indicator, starts, ends, value, source], schema=_NO_VALUES)


def _cells(rows: Sequence[Counted]) -> dict[int, list[tuple[str, Decimal]]]:
    """The figures typed in each version. A version never changes, so what was read of it once stays read."""
    found = {row.version_id: _parsed.get((row.version_id, row.digest)) for row in rows}
    unread = [row for row in rows if found[row.version_id] is None]
    contents = reporting.content_of([row.version_id for row in unread])
    for row in unread:
        cells = [(code, Decimal(text)) for code, text in contents[row.version_id].cells.items()]
        found[row.version_id] = _parsed.put((row.version_id, row.digest), cells)
    return {version: cells for version, cells in found.items() if cells is not None}


# --- the tree and the measures --------------------------------------------------------------------

_trees: Remembered[abacus.Tree] = Remembered(16)


@dataclass(frozen=True)
class _Organisation:
    tree: abacus.Tree
    stamp: int
    codes: Mapping[int, str]
    ids: Mapping[str, int]


@once_a_look
def _organisation(line: str) -> _Organisation:
    """The dated tree of one line as the engine takes it: superiors, and what was merged into what. Three queries."""
    units = list(Unit.objects.order_by("pk").values_list("id", "code", "starts_on", "ends_on"))
    on_line = Edge.objects.filter(line=line).order_by("pk")
    edges = list(on_line.values_list("unit_id", "parent_id", "starts_on", "ends_on"))
    merges = list(
        Succession.objects.filter(kind=SuccessionKind.MERGE)
        .order_by("pk", "parts__pk")
        .values_list("parts__predecessor_id", "parts__successor_id", "effective_on")
    )
    stamp = hash((tuple(units), tuple(edges), tuple(merges)))
    codes = {unit: code for unit, code, _starts_on, _ends_on in units}
    lives = [(unit, starts_on, ends_on) for unit, _code, starts_on, ends_on in units]
    tree = _trees.get((line, stamp)) or _trees.put((line, stamp), _engine_tree(codes, edges, merges, lives))
    return _Organisation(tree, stamp, codes, {code: unit for unit, code in codes.items()})


def _engine_tree(
    codes: Mapping[int, str],
    edges: Iterable[tuple[int, int, date, date | None]],
    merges: Iterable[tuple[int, int, date]],
    lives: Iterable[tuple[int, date, date | None]],
) -> abacus.Tree:
    """Units on the line, as roots on the days of their life on which they have no superior, and an edge of kind
    `merged` for each that was taken in.
    """
    given = [abacus.Edge(codes[unit], codes[parent], start, end) for unit, parent, start, end in edges]
    on_line = {edge.unit for edge in given} | {edge.parent for edge in given if edge.parent}
    below: dict[str, list[abacus.Edge]] = {}
    for edge in sorted(given, key=lambda edge: edge.starts_on):
        below.setdefault(edge.unit, []).append(edge)
    tops = [
        abacus.Edge(codes[unit], None, *gap)
        for unit, start, end in lives
        if codes[unit] in on_line
        for gap in _gaps(start, end, below.get(codes[unit], []))
    ]
    merged = [
        abacus.Edge(codes[gone], codes[into], day, None, "merged")
        for gone, into, day in merges
        if gone != into and codes[gone] in on_line and codes[into] in on_line
    ]
    return abacus.Tree([*tops, *given, *merged])


def _gaps(start: date, end: date | None, edges: Iterable[abacus.Edge]) -> Iterator[tuple[date, date | None]]:
    """The spans of a unit's life that none of its edges, the earliest first, covers."""
    free: date | None = start
    for edge in edges:
        if free is not None and free < edge.starts_on:
            yield free, edge.starts_on
        free = edge.ends_on
    if free is not None and (end is None or free < end):
        yield free, end


def measures(rules: Mapping[str, IndicatorRule]) -> list[abacus.Measure]:
    """The indicators of a form as the engine's measures."""
    return [
        abacus.Measure(
            rule.code,
            numerator=rule.numerator,
            denominator=rule.denominator,
            factor=rule.factor,
            part_of=rule.part_of or None,
        )
        if rule.is_computed
        else abacus.Measure(rule.code, rule.over_units, rule.over_time, part_of=rule.part_of or None)
        for rule in rules.values()
    ]


# --- figures --------------------------------------------------------------------------------------


class _Answer:
    """The consolidated figures of every unit; those of one unit become Figures when they are asked for."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._units = set(table["unit"].unique().to_pylist())
        self._read: dict[str, dict[str, Figure]] = {}

    def of(self, unit: str) -> dict[str, Figure]:
        """The figures of a unit by indicator; empty for a unit over which nothing was reported."""
        if unit not in self._units:
            return {}
        if unit not in self._read:
            rows = self._table.filter(pc.equal(self._table["unit"], unit)).to_pylist()
            self._read[unit] = {
                row["indicator"]: Figure(row["indicator"], row["value"], row["reported"], row["expected"])
                for row in rows
            }
        return self._read[unit]


_answers: Remembered[_Answer] = Remembered(48)


def figures(question: Question, unit_id: int) -> dict[str, Figure]:
    """A unit's figures over its subtree, by indicator: what nobody reported is absent."""
    organisation = _organisation(question.round.form.line)
    return _of_all_units(question, organisation).of(organisation.codes.get(unit_id, ""))


def figures_of_units(question: Question, unit_ids: Iterable[int]) -> dict[int, dict[str, Figure]]:
    """The figures of several units at once, each over its own subtree."""
    organisation = _organisation(question.round.form.line)
    found = _of_all_units(question, organisation)
    return {unit_id: found.of(organisation.codes.get(unit_id, "")) for unit_id in unit_ids}


def _of_all_units(question: Question, organisation: _Organisation) -> _Answer:
    rows = counted(question)
    round_ = question.round
    stamp = hash(tuple((row.version_id, row.digest) for row in rows))
    key = (round_.pk, round_.form_id, question.day, organisation.stamp, stamp, _rules_stamp())
    found = _answers.get(key)
    if found is not None:
        return found
    table = values([round_], rows, organisation.codes)
    rules, duty = reporting.rules_of(round_.form), _on_duty(round_, organisation)
    period = _engine_period(round_.period)
    return _answers.put(key, _consolidated(table, rules, organisation, period, duty, question.on))


def _on_duty(round_: Round, organisation: _Organisation) -> set[str]:
    """The units that were to report own figures in a round."""
    return _own_reporters(reporting.on_duty(round_), round_.period.last_day, organisation)


def _own_reporters(on_duty: Iterable[int], day: date, organisation: _Organisation) -> set[str]:
    """Those on duty with nobody on duty below them on a day."""
    tree = organisation.tree
    duty = {code for code in (organisation.codes[unit] for unit in on_duty) if code in tree}
    return duty - {tree.parent(code, day) for code in duty}


def _engine_period(period: Period) -> abacus.Period:
    return abacus.Period(period.code, str(period.kind), period.starts_on, period.ends_on)


def _consolidated(
    table: pa.Table,
    rules: Mapping[str, IndicatorRule],
    organisation: _Organisation,
    period: abacus.Period,
    duty: set[str],
    on: date | None,
) -> _Answer:
    answer = abacus.consolidate(
        _known(table, rules, organisation.tree),
        organisation.tree,
        measures(rules),
        periods=[period],
        on=on,
        on_duty={period.code: duty},
    )
    return _Answer(answer)


def _known(table: pa.Table, codes: Iterable[str], tree: abacus.Tree) -> pa.Table:
    """The values of these indicators, of units that stand or stood on the line."""
    asked = pc.is_in(table["indicator"], value_set=pa.array(sorted(codes), pa.string()))
    placed = pc.is_in(table["unit"], value_set=pa.array(tree.units, pa.string()))
    return table.filter(pc.and_(asked, placed))


def _rules_stamp() -> int:
    """Changes whenever a pack was loaded: measures and duties come from packs, and loading one is an act of no unit."""
    return journal.length_of(NO_UNIT)


# --- who is in a figure -----------------------------------------------------------------------------


def counting_under(question: Question, unit_id: int) -> frozenset[int]:
    """The unit and all whose values count under it: what stands below it on the question's day, and what has ended."""
    organisation = _organisation(question.round.form.line)
    tree, code = organisation.tree, organisation.codes.get(unit_id)
    if code is None or code not in tree:
        return frozenset()
    parents = tree.standing(question.day).parent.tolist()
    root = tree.position(code)
    return frozenset(organisation.ids[unit] for here, unit in enumerate(tree.units) if root in _climb(here, parents))


def _climb(position: int, parents: Sequence[int]) -> Iterator[int]:
    while position >= 0:
        yield position
        position = parents[position]


@dataclass(frozen=True)
class Parts:
    """What the figures of a unit are made of, one step down: units that live on the question's day, each with all that
    counts under it, and whatever counts for itself: the unit's own, and the past of units that ended right under it.
    """

    living: tuple[int, ...]
    alone: tuple[int, ...]


def parts_of(question: Question, unit_id: int) -> Parts:
    """Each value under the unit is in exactly one part."""
    organisation = _organisation(question.round.form.line)
    tree, code, day = organisation.tree, organisation.codes.get(unit_id), question.day
    if code is None or code not in tree:
        return Parts((), ())
    right_below = [unit for unit in tree.units if tree.parent(unit, day) == code]
    living = tuple(organisation.ids[unit] for unit in right_below if tree.exists(unit, day))
    ended = tuple(organisation.ids[unit] for unit in right_below if not tree.exists(unit, day))
    return Parts(living, (unit_id, *ended))


def standing_as(question: Question) -> dict[int, int]:
    """Each unit with the one as which it stands on the question's day: itself, or its successor's successor."""
    organisation = _organisation(question.round.form.line)
    tree, ids = organisation.tree, organisation.ids
    return {ids[unit]: ids[_stands_as(tree, unit, question.day)] for unit in tree.units}


def _stands_as(tree: abacus.Tree, unit: str, day: date) -> str:
    while (into := tree.successor(unit)) is not None and into[1] <= day:
        unit = into[0]
    return unit


# --- over a year ------------------------------------------------------------------------------------


def year_to_date(
    form: Form, unit_id: int, until: Period, *, known_at: datetime | None = None, on: date | None = None
) -> dict[str, Figure]:
    """A unit's figures from the year's first period to `until`, consolidated over time as each indicator says."""
    first = form.calendar.rule.of_year(until.kind, until.year)[0]
    span = Period(first.starts_on, until.ends_on, Kind.YEAR, f"{until.year}-to-{until.code}")
    return over_spans(form, [unit_id], [span], known_at=known_at, on=on)[span][unit_id]


def over_spans(
    form: Form,
    unit_ids: Collection[int],
    spans: Collection[Period],
    *,
    known_at: datetime | None = None,
    on: date | None = None,
) -> dict[Period, dict[int, dict[str, Figure]]]:
    """The figures of several units, each over its own subtree, in each span: from all rounds of the form that begin
    within it, consolidated over time as each indicator says.

    The same few queries whatever the spans and units; each span is consolidated once.
    """
    organisation = _organisation(form.line)
    rounds = _rounds_within(form, spans)
    decided = _decided([round_.pk for within in rounds.values() for round_ in within])
    rules_stamp = _rules_stamp()
    found, missing = {}, {}
    for span, within in rounds.items():
        stamp = tuple((round_.pk, decided.get(round_.pk)) for round_ in within)
        key = ("span", form.pk, span, organisation.stamp, known_at, on, stamp, rules_stamp)
        answer = _answers.get(key)
        if answer is None:
            missing[span] = key
        else:
            found[span] = answer
    if missing:
        worked_out = _consolidated_spans(form, {span: rounds[span] for span in missing}, organisation, known_at, on)
        found |= {span: _answers.put(missing[span], answer) for span, answer in worked_out.items()}
    return {
        span: {unit_id: answer.of(organisation.codes.get(unit_id, "")) for unit_id in unit_ids}
        for span, answer in found.items()
    }


def _rounds_within(form: Form, spans: Collection[Period]) -> dict[Period, list[Round]]:
    """The rounds of a form that begin within each span, oldest first. One query."""
    if not spans:
        return {}
    first, end = min(span.starts_on for span in spans), max(span.ends_on for span in spans)
    rounds = list(reporting.rounds(form_code=form.code, starts_from=first, until=end).order_by("starts_on"))
    return {span: [one for one in rounds if span.starts_on <= one.starts_on < span.ends_on] for span in spans}


def _consolidated_spans(
    form: Form,
    rounds: Mapping[Period, Sequence[Round]],
    organisation: _Organisation,
    known_at: datetime | None,
    on: date | None,
) -> dict[Period, _Answer]:
    by_id = {round_.pk: round_ for within in rounds.values() for round_ in within}
    table = values(list(by_id.values()), reporting.counted(by_id, known_at=known_at), organisation.codes)
    duties, lives = reporting.duties([form.code])[form.code], reporting.lives()
    rules = reporting.rules_of(form)
    answers = {}
    for span, within in rounds.items():
        period = abacus.Period(span.code, str(span.kind), span.starts_on, span.ends_on)
        duty = set()
        if within:
            last = within[-1].period
            duty = _own_reporters(reporting.due_by_unit(last, duties, lives), last.last_day, organisation)
        answers[span] = _consolidated(_held(table, period), rules, organisation, period, duty, on)
    return answers


def _held(table: pa.Table, period: abacus.Period) -> pa.Table:
    """The values of rounds that begin within a period."""
    starts_on = table["starts_on"]
    after = pc.greater_equal(starts_on, pa.scalar(period.starts_on, pa.date32()))
    return table.filter(pc.and_(after, pc.less(starts_on, pa.scalar(period.ends_on, pa.date32()))))


def _decided(round_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Of each of these rounds with any, how many decisions there are and the newest: only ever added, they alone say
    what counts.
    """
    decisions = Decision.objects.filter(version__report__round_id__in=round_ids)
    found = decisions.values_list("version__report__round_id").annotate(Count("pk"), Max("pk"))
    return {round_id: (count, newest) for round_id, count, newest in found}


def explain(question: Question, unit_id: int, indicator: str) -> abacus.Explanation:
    """What a figure was made of, one step at a time down to the versions it came from. Raises abacus.AbacusError."""
    organisation = _organisation(question.round.form.line)
    rules = reporting.rules_of(question.round.form)
    if indicator not in rules:
        raise abacus.MeasureError(f"indicator {indicator} is not on the form {question.round.form}")
    wanted = {indicator, rules[indicator].numerator, rules[indicator].denominator} - {""}
    table = values([question.round], counted(question), organisation.codes, only=wanted)
    return abacus.explain(
        _known(table, wanted, organisation.tree),
        organisation.tree,
        # Its whole is not asked about here, so it is not said to be part of one.
        [replace(measure, part_of=None) for measure in measures(rules) if measure.code in wanted],
        unit=organisation.codes[unit_id],
        indicator=indicator,
        period=_engine_period(question.round.period),
        on=question.on,
        on_duty={question.round.period.code: _on_duty(question.round, organisation)},
    )


def forget() -> None:
    """Drop everything remembered: after the database behind this process was exchanged for another."""
    for remembered in (_parsed, _sealed, _trees, _answers):
        remembered.forget()
