"""A unit's consolidated figures in a round, and where each of them came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ninja import Router

import abacus
from nennep.organisation import queries as organisation
from nennep.organisation.queries import NamedUnit
from nennep.reporting import queries as reporting
from nennep.reporting.models import Indicator, Version
from nennep.reporting.rules.numbers import plain
from nennep.site.api.door import ApiRequest
from nennep.site.api.problems import PROBLEMS, Problem
from nennep.site.api.reports import brief
from nennep.site.api.shapes import Code, Day, FigureOut, FiguresOut, Instant, MissingOut, OwnValue, SourceOut
from nennep.synthesis import figures as consolidation
from nennep.synthesis import queries
from nennep.synthesis.figures import Question

router = Router(tags=["figures"])


@router.get(
    "/rounds/{int:round_id}/units/{int:unit_id}/figures",
    url_name="figures",
    operation_id="figures",
    response={200: FiguresOut, **PROBLEMS},
)
def figures(
    request: ApiRequest, round_id: int, unit_id: int, known_at: Instant | None = None, on: Day | None = None
) -> FiguresOut:
    """A unit's figures over its subtree: now or as known at an instant, with the tree of the period's end or of `on`.

    Besides the figures it names the units that count for themselves and are in them, and those that are missing.
    """
    question = Question(reporting.round_(round_id), known_at=known_at, on=on)
    queries.may_ask(request.auth.by, question, unit_id)
    found = consolidation.figures(question, unit_id)
    rules = reporting.rules_of(question.round.form)
    rows = consolidation.counted(question)
    coverage = queries.coverage_of_figures(question.round, unit_id, at=request.auth.by.at, counted=rows, on=on)
    names = _names(question, unit_id)
    return FiguresOut(
        unit=brief(names[unit_id]),
        round=question.round.pk,
        form=question.round.form.code,
        period=question.round.period_code,
        known_at=known_at,
        tree_of=question.day,
        figures=[
            FigureOut(
                indicator=code,
                name=rules[code].name,
                name_en=rules[code].name_en,
                unit_of_measure=rules[code].unit_of_measure,
                value=plain(found[code].value),
                reported=found[code].reported,
                expected=found[code].expected,
            )
            for code in rules
            if code in found
        ],
        reported=[brief(names[unit]) for unit in coverage.reported],
        missing=[
            MissingOut(unit=brief(names[place.unit_id]), standing=place.standing, due_at=place.due)
            for place in coverage.missing
        ],
    )


@router.get(
    "/rounds/{int:round_id}/units/{int:unit_id}/figures/{indicator}",
    url_name="source",
    operation_id="source",
    response={200: SourceOut, 409: Problem, **PROBLEMS},
)
def source(
    request: ApiRequest,
    round_id: int,
    unit_id: int,
    indicator: Code,
    known_at: Instant | None = None,
    on: Day | None = None,
) -> SourceOut:
    """What one figure is made of, level by level, down to the versions it was read from.

    The own values and the children's, combined as the indicator says, give the figure; a ratio has a numerator and a
    denominator instead. `past` marks a unit that no longer stood on the tree's day, with what it reported before.
    """
    question = Question(reporting.round_(round_id), known_at=known_at, on=on)
    queries.may_ask(request.auth.by, question, unit_id)
    if indicator not in reporting.rules_of(question.round.form):
        raise Indicator.DoesNotExist
    explained = consolidation.explain(question, unit_id, indicator)
    wanted = {value.source for part in explained.walk() for value in part.values}
    by_code = {unit.code: unit for unit in _names(question, unit_id).values()}
    return _Told(by_code, reporting.versions(wanted)).of(explained)


def _names(question: Question, unit_id: int) -> Mapping[int, NamedUnit]:
    """Every unit by the name it bore on the period's last day; the one asked for even if it is younger."""
    day = question.round.period.last_day
    names = organisation.units_known_by(max(day, question.day))
    return names if unit_id in names else {**names, unit_id: organisation.unit(unit_id, question.day)}


@dataclass(frozen=True)
class _Told:
    """An explanation with the units' names and the versions' receipts."""

    units: Mapping[str, NamedUnit]
    versions: Mapping[int, Version]

    def of(self, part: abacus.Explanation) -> SourceOut:
        return SourceOut(
            unit=brief(self.units[part.unit]),
            indicator=part.indicator,
            value=None if part.value is None else plain(part.value),
            reported=part.reported,
            expected=part.expected,
            past=not part.living,
            values=[self._own(value) for value in part.values],
            children=[self.of(child) for child in sorted(part.children, key=lambda child: child.unit)],
            numerator=None if part.numerator is None else self.of(part.numerator),
            denominator=None if part.denominator is None else self.of(part.denominator),
        )

    def _own(self, value: abacus.Reported) -> OwnValue:
        version = self.versions[value.source]
        return OwnValue(
            value=plain(value.value),
            report=version.report_id,
            version=version.pk,
            number=version.number,
            digest=version.digest,
            received_at=version.received_at,
        )
