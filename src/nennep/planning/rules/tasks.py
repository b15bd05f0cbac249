"""What a task must say before it can stand in a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from nennep.documents.rules.language import legible
from nennep.planning.rules.refusals import PlanningRefused
from nennep.planning.rules.versions import TaskWords
from nennep.reporting.rules.content import IndicatorRule
from nennep.reporting.rules.numbers import NotANumber, parse_number, unmistakable

#: The longest that each part may be.
LONGEST: Mapping[str, int] = {
    "title": 500,
    "heading": 200,
    "lead_post": 200,
    "place": 200,
    "target_words": 200,
    "measures_taken": 4_000,
}
_DIGITS_BEFORE_THE_POINT = 18
_DECIMALS_KEPT = 6


def tidied(words: TaskWords) -> TaskWords:
    """The same words, legible and trimmed; each coordinating unit and clause once, the lead not among them."""
    return replace(
        words,
        title=" ".join(legible(words.title).split()),
        heading=legible(words.heading).strip(),
        lead_post=legible(words.lead_post).strip(),
        place=legible(words.place).strip(),
        target_words=legible(words.target_words).strip(),
        measures_taken=legible(words.measures_taken).strip(),
        coordinating=tuple(sorted(set(words.coordinating) - {words.lead_unit})),
        clauses=tuple(sorted(set(words.clauses))),
        indicator=words.indicator.strip(),
        figure=words.figure.strip(),
    )


def check_words(words: TaskWords, first: date, last: date) -> None:
    """Refuse what no plan from `first` to `last` (inclusive) can hold.

    Raises PlanningRefused: task_needs_title, too_long, ends_before_it_begins, outside_the_period, time_without_start.
    """
    if not words.title:
        raise PlanningRefused("task_needs_title")
    for name, longest in LONGEST.items():
        if len(getattr(words, name)) > longest:
            raise PlanningRefused("too_long", part=name, longest=longest)
    check_days(words.starts_on, words.due_on, first, last)
    if words.ends_at is not None and words.starts_at is None:
        raise PlanningRefused("time_without_start")
    on_one_day = words.starts_on == words.due_on
    if on_one_day and words.starts_at is not None and words.ends_at is not None and words.ends_at <= words.starts_at:
        raise PlanningRefused("ends_before_it_begins", starts_on=words.starts_on, due_on=words.due_on)


def check_days(starts_on: date, due_on: date, first: date, last: date) -> None:
    """Refuse days that end before they begin, or that leave the plan's period (`last` is its last day).

    Raises PlanningRefused: ends_before_it_begins, outside_the_period.
    """
    if due_on < starts_on:
        raise PlanningRefused("ends_before_it_begins", starts_on=starts_on, due_on=due_on)
    if starts_on < first or due_on > last:
        raise PlanningRefused("outside_the_period", first=first, last=last)


def read_figure(words: TaskWords, rule: IndicatorRule | None) -> Decimal | None:
    """The exact figure of a task's target; None when it has no target.

    `rule` is the indicator that the words name, None when there is none of that code. What reads two ways is asked.

    Raises Ambiguous, and PlanningRefused: figure_needs_indicator, no_such_indicator, target_needs_figure,
    figure_not_a_number, figure_not_positive, figure_too_fine.
    """
    if not words.indicator:
        if words.figure:
            raise PlanningRefused("figure_needs_indicator")
        return None
    if rule is None:
        raise PlanningRefused("no_such_indicator", indicator=words.indicator)
    if not words.figure:
        raise PlanningRefused("target_needs_figure", indicator=rule.code)
    try:
        figure = parse_number(words.figure, decimals=rule.decimals)
    except NotANumber as error:
        raise PlanningRefused("figure_not_a_number", figure=words.figure) from error
    if figure <= 0:
        raise PlanningRefused("figure_not_positive", figure=words.figure)
    if figure != round(figure, rule.decimals):
        raise PlanningRefused("figure_too_fine", figure=words.figure, decimals=rule.decimals)
    if figure.adjusted() >= _DIGITS_BEFORE_THE_POINT:
        raise PlanningRefused("figure_not_a_number", figure=words.figure)
    return figure


def typed(figure: Decimal) -> str:
    """A figure as text that reads as itself whatever the indicator: `1151`, `12.5`, `1.1510` for 1,151 km."""
    return unmistakable(figure, decimals=_DECIMALS_KEPT)
