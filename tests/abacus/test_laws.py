"""Laws that hold for every tree and all values."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from operator import mul

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from abacus import Edge, Explanation, Measure, RefusedError, Tree, calendar_periods, consolidate, explain
from tests.abacus.slow import Asked, Figures, as_figures, as_table, newest, slow_consolidate
from tests.abacus.worlds import ALL_PERIODS, FIRST_DAY, organisations, questions, reported

MERGED_ON = date(2025, 7, 1)
GENEROUS = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
OVER_UNITS = st.sampled_from(["sum", "mean", "min", "max", "count", "variance", "stddev"])
OVER_TIME = st.sampled_from(["sum", "mean", "min", "max", "count", "first", "last"])


def figures_of(asked: Asked) -> Figures:
    return as_figures(
        consolidate(
            as_table(asked.values), Tree(asked.edges), asked.measures, periods=asked.periods, as_was=asked.as_was
        )
    )


@st.composite
def sums(draw: st.DrawFn) -> Asked:
    """Counts that add up over units and over time."""
    edges = draw(organisations())
    return Asked(draw(reported(edges, ["x"])), edges, (Measure("x"),), tuple(ALL_PERIODS))


@GENEROUS
@given(data=st.data(), asked=questions())
def test_the_order_of_edges_values_and_children_does_not_matter(data: st.DataObject, asked: Asked) -> None:
    assume(not asked.known_at and all(abs(value.value) < 10**6 for value in asked.values))
    shuffled = replace(
        asked,
        edges=tuple(data.draw(st.permutations(asked.edges))),
        values=tuple(data.draw(st.permutations(asked.values))),
    )

    assert figures_of(shuffled) == figures_of(asked)


@GENEROUS
@given(asked=sums())
def test_a_sum_is_the_units_own_figure_and_those_of_its_children(asked: Asked) -> None:
    tree = Tree([replace(edge, ends_on=None) for edge in asked.edges if edge.starts_on == FIRST_DAY])
    own = Tree([Edge(unit, None, FIRST_DAY) for unit in tree.units])
    values = as_table([value for value in asked.values if value.unit in tree])

    figures = as_figures(consolidate(values, tree, asked.measures, periods=ALL_PERIODS))
    alone = as_figures(consolidate(values, own, asked.measures, periods=ALL_PERIODS))

    for (unit, indicator, period), figure in figures.items():
        below = [figures.get((child, indicator, period)) for child in tree.children(unit, FIRST_DAY)]
        parts = [part for part in (*below, alone.get((unit, indicator, period))) if part]
        assert figure.value == sum(part.value for part in parts)
        assert figure.reported == sum(part.reported for part in parts)


@GENEROUS
@given(data=st.data(), over_units=OVER_UNITS, over_time=OVER_TIME)
def test_merging_two_units_changes_nothing_at_or_above_their_common_superior(
    data: st.DataObject, over_units: str, over_time: str
) -> None:
    edges = data.draw(organisations(changes=0))
    tree = Tree(edges)
    movable = [unit for unit in tree.units if unit != "U0"]
    assume(movable)
    unit = data.draw(st.sampled_from(movable))
    subtree = tree.subtree(unit, MERGED_ON)
    into = data.draw(st.sampled_from([other for other in tree.units if other not in subtree]))
    measures = (Measure("x", over_units, over_time),)
    values = data.draw(reported(edges, ["x"]))
    # What was merged reports no longer.
    values = tuple(v for v in values if v.unit != unit or v.starts_on < MERGED_ON)
    assume(all(abs(value.value) < 10**6 for value in values))
    above_both = set(_path(tree, unit)) & set(_path(tree, into))

    before = figures_of(Asked(values, edges, measures, tuple(ALL_PERIODS)))
    after = figures_of(
        Asked(values, (*edges, Edge(unit, into, MERGED_ON, None, "merged")), measures, tuple(ALL_PERIODS))
    )

    for superior in above_both:
        for period in ALL_PERIODS:
            was, now = (figures.get((superior, "x", period.code)) for figures in (before, after))
            assert (was and (was.value, was.reported)) == (now and (now.value, now.reported))


def _path(tree: Tree, unit: str) -> list[str]:
    path: list[str] = []
    above: str | None = unit
    while above is not None:
        path.append(above)
        above = tree.parent(above, FIRST_DAY)
    return path


@GENEROUS
@given(asked=sums())
def test_as_was_the_months_of_every_unit_add_up_to_its_year(asked: Asked) -> None:
    months = {period.code for period in calendar_periods(["month"], FIRST_DAY, date(2025, 12, 31))}
    monthly = tuple(value for value in asked.values if (value.ends_on - value.starts_on).days < 32)

    figures = figures_of(replace(asked, values=monthly, as_was=True))

    year = {unit: figure.value for (unit, _, period), figure in figures.items() if period == "2025"}
    summed: dict[str, Decimal] = defaultdict(Decimal)
    for (unit, _, period), figure in figures.items():
        if period in months:
            summed[unit] += figure.value
    assert year == {unit: summed[unit] for unit in year}
    assert set(summed) == set(year)


@GENEROUS
@given(asked=questions())
def test_every_figure_is_explained_and_nothing_else_is(asked: Asked) -> None:
    assume(all(abs(value.value) < 10**6 for value in asked.values))
    figures = slow_consolidate(asked)

    for unit in Tree(asked.edges).units:
        for measure in asked.measures:
            for period in asked.periods[-5:]:
                explanation = explained(asked, unit, measure.code, period.code)
                figure = figures.get((unit, measure.code, period.code))
                if explanation is None or explanation.value is None:
                    assert figure is None
                    continue
                assert figure is not None
                assert explanation.value == figure.value
                assert (explanation.reported, explanation.expected) == (figure.reported, figure.expected)


@GENEROUS
@given(asked=questions())
def test_an_explanation_adds_up_at_every_step(asked: Asked) -> None:
    assume(all(abs(value.value) < 10**6 for value in asked.values))

    for measure in asked.measures:
        explanation = explained(asked, "U0", measure.code, "2025")
        for step in explanation.walk() if explanation else ():
            assert adds_up(step)


@GENEROUS
@given(asked=questions())
def test_walking_down_reaches_every_value_that_counts_exactly_once(asked: Asked) -> None:
    assume(all(abs(value.value) < 10**6 for value in asked.values))
    year = asked.periods[-1]

    for measure in asked.measures:
        explanation = explained(asked, "U0", measure.code, year.code)
        if explanation is None or measure.is_ratio:
            continue
        reached = [value.source for step in explanation.walk() for value in step.values]
        counting = [
            asked.values.index(value)
            for value in newest(asked.values, asked.known_at)
            if value.indicator == measure.code
            and _stands_in(asked, value.unit)
            and (measure.over_time != "none" or (value.starts_on, value.ends_on) == (year.starts_on, year.ends_on))
        ]
        assert sorted(reached) == sorted(counting)


def _stands_in(asked: Asked, unit: str) -> bool:
    """Whether the unit had begun by the day whose tree is used: there is one root, and it never ends."""
    return asked.on is None or any(edge.unit == unit and edge.starts_on <= asked.on for edge in asked.edges)


def explained(asked: Asked, unit: str, indicator: str, period: str) -> Explanation | None:
    """The explanation; None where there is refused what has no figure."""
    chosen = next(each for each in asked.periods if each.code == period)
    tree = Tree(asked.edges)
    if not asked.as_was and not tree.exists(unit, asked.on or chosen.last_day):
        return None
    try:
        return explain(
            as_table(asked.values),
            tree,
            asked.measures,
            unit=unit,
            indicator=indicator,
            period=chosen,
            on=asked.on,
            as_was=asked.as_was,
            known_at=asked.known_at,
            on_duty=asked.on_duty,
        )
    except RefusedError:
        return None


def adds_up(step: Explanation) -> bool:
    """Whether the figure follows from the unit's own figure and its children's, or from the parts of a ratio."""
    if step.numerator and step.denominator:
        quotient = (
            step.factor * (step.numerator.exact or 0) / step.denominator.exact if step.denominator.exact else None
        )
        return step.exact == quotient
    own = [] if step.own is None else [_own(step)]
    below = [child for child in step.children if child.exact is not None]
    figures = own + [child.exact for child in below if child.exact is not None]
    weights = [1] * len(own) + [child.reported for child in below]
    together: dict[str, Fraction | None] = {
        "sum": sum(figures, Fraction(0)) if figures else None,
        "min": min(figures, default=None),
        "max": max(figures, default=None),
        "mean": sum(map(mul, weights, figures), Fraction(0)) / sum(weights) if figures else None,
        "count": Fraction(sum(weights)) if figures else None,
        "none": own[0] if own else None,
        # A deviation does not follow from those of the parts: at least everyone in it is there.
        "variance": step.exact,
        "stddev": step.exact,
    }
    reported = len(own) + sum(child.reported for child in step.children)
    return step.exact == together[step.over_units] and (reported >= step.reported)


def _own(step: Explanation) -> Fraction:
    """The unit's own figure, exact: a mean may have been rounded to be shown."""
    if step.over_time == "mean":
        return sum((Fraction(value.value) for value in step.values), Fraction(0)) / len(step.values)
    return Fraction(step.own or 0)
