"""Gathering what a consolidated report is written from: a draft's own, or what counts now, then, or with another
day's tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings

from nennep.organisation import queries as organisation
from nennep.organisation.queries import NamedUnit
from nennep.reporting import queries as reporting
from nennep.reporting.models import Round, Version
from nennep.reporting.queries import Counted
from nennep.reporting.rules.content import StatementKind
from nennep.synthesis import figures as consolidation
from nennep.synthesis import queries
from nennep.synthesis.figures import Question
from nennep.synthesis.models import Synthesis
from nennep.synthesis.papers import Contribution, Material, Sentence
from nennep.synthesis.rules import Item, ItemKind, first_items


class Said(NamedTuple):
    """How codes are said on paper, supplied by the face: the period's name, and the tree's day where it was chosen."""

    period: str
    tree: str = ""


def of_question(question: Question, unit_id: int, *, at: datetime, said: Said) -> Material:
    """The report of a unit from what counts for a question: nothing is put together, nothing left out."""
    rows = consolidation.counted(question)
    children = queries.children(question.round, unit_id)
    contents = reporting.content_of([row.version_id for row in rows if row.unit_id in children])
    items = first_items(question.round.form.layout, queries.told(rows, children, contents))
    return _material(question, unit_id, rows, items, at=at, said=said)


def of_synthesis(synthesis: Synthesis, *, at: datetime, said: Said) -> Material:
    """The report as its draft stands, or as it was finished."""
    question = queries.question(synthesis)
    rows = consolidation.counted(question)
    items = [
        Item(
            item.section,
            item.order,
            ItemKind(item.kind),
            item.statement_kind,
            item.text,
            tuple((int(version), str(statement)) for version, statement in item.sources),
        )
        for item in queries.items(synthesis)
        if not item.left_out
    ]
    moment = synthesis.finished_at if synthesis.is_finished and synthesis.finished_at else at
    return _material(question, synthesis.unit_id, rows, items, at=moment, said=said)


def _material(
    question: Question,
    unit_id: int,
    rows: Sequence[Counted],
    items: Iterable[Item],
    *,
    at: datetime,
    said: Said,
) -> Material:
    round_ = question.round
    children = queries.children(round_, unit_id)
    names = organisation.units_known_by(round_.period.last_day)
    coverage = queries.coverage_of_figures(round_, unit_id, at=at, counted=rows)
    figures = consolidation.figures(question, unit_id)
    below = reporting.reporting_tree(round_.form, question.day).subtree(unit_id)
    versions = _versions([row for row in rows if row.unit_id in below and row.unit_id != unit_id])
    whose = {version.pk: version.report.unit_id for version in versions}
    by_child = consolidation.figures_of_units(question, children)
    return Material(
        unit_name=names[unit_id].name,
        form_name=round_.form.name,
        period_name=said.period,
        layout=round_.form.layout,
        rules=reporting.rules_of(round_.form),
        figures=figures,
        compared=queries.compared(round_, unit_id, figures),
        sentences=[_sentence(item, whose, names) for item in items],
        contributions=[Contribution(names[child].short_name, by_child[child]) for child in children if child in names],
        versions=versions,
        unit_names={unit: named.name for unit, named in names.items()},
        reported=len(coverage.reported),
        expected=coverage.expected,
        missing=missing_by_name(round_, unit_id, [place.unit_id for place in coverage.missing], names),
        as_of=(question.known_at or at).astimezone(ZoneInfo(settings.TIME_ZONE)),
        tree_of=said.tree,
    )


#: More names than this are told as counts by the unit right below that they stand under.
_MOST_NAMES = 15


def missing_by_name(round_: Round, unit_id: int, missing: Sequence[int], names: Mapping[int, NamedUnit]) -> list[str]:
    """Who is missing, by name; where they are many, how many under each unit right below: `BĐBP An Giang (3)`."""
    if len(missing) <= _MOST_NAMES:
        return [names[unit].short_name for unit in missing if unit in names]
    tree = reporting.reporting_tree(round_.form, round_.period.last_day)
    under = {child: tree.subtree(child) for child in tree.children.get(unit_id, ())}
    counts = {child: len(below.intersection(missing)) for child, below in under.items()}
    return [f"{names[child].short_name} ({count})" for child, count in counts.items() if count and child in names]


def _versions(rows: Sequence[Counted]) -> list[Version]:
    found = reporting.versions([row.version_id for row in rows])
    return sorted(found.values(), key=lambda version: version.report.unit.code)


def _sentence(item: Item, whose: Mapping[int, int], names: Mapping[int, NamedUnit]) -> Sentence:
    units = dict.fromkeys(whose[version] for version, _ in item.sources if version in whose)
    prefix = _LABELS.get(item.statement_kind, "")
    return Sentence(
        item.section,
        item.kind,
        f"{prefix}{item.text}",
        tuple(names[unit].short_name for unit in units if unit in names),
        tuple(version for version, _ in item.sources),
    )


#: Kinds that do not explain themselves under their section's heading say what they are.
_LABELS: Mapping[str, str] = {StatementKind.CAUSE: "Nguyên nhân: "}
