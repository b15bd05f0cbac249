"""Gathering what a consolidated report is written from: a draft's own, or what counts now, then, or with another
day's tree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings

from nennep.organisation import queries as organisation
from nennep.organisation.queries import NamedUnit
from nennep.reporting import queries as reporting
from nennep.reporting.models import Round
from nennep.reporting.queries import Counted, VersionHead
from nennep.reporting.rules.content import IndicatorRule, StatementKind
from nennep.synthesis import figures as consolidation
from nennep.synthesis import queries
from nennep.synthesis.figures import Figure, Question
from nennep.synthesis.models import Synthesis
from nennep.synthesis.papers import Behind, Contribution, Material, Sentence
from nennep.synthesis.rules.drafts import Item, ItemKind
from nennep.synthesis.rules.groups import alone, first_items


class Said(NamedTuple):
    """How codes are said on paper, supplied by the face: the period's name, and the tree's day where it was chosen."""

    period: str
    tree: str = ""


def of_question(question: Question, unit_id: int, *, at: datetime, said: Said) -> Material:
    """The report of a unit from what counts for a question: nothing is put together, nothing left out."""
    rows = consolidation.counted(question)
    speakers = queries.speakers(question, unit_id)
    contents = reporting.content_of([row.version_id for row in rows if row.unit_id in speakers])
    items = first_items(question.round.form.layout, alone(queries.told(rows, speakers, contents)))
    return _material(question, unit_id, rows, items, at=at, said=said, speakers=len(speakers))


def of_synthesis(
    synthesis: Synthesis, *, at: datetime, said: Said, annexes: Collection[Behind] = tuple(Behind)
) -> Material:
    """The report as its draft stands, or as it was finished, with these annexes written out."""
    question = queries.question(synthesis)
    rows = consolidation.counted(question)
    drafted = [item for item in queries.items(synthesis) if not item.left_out]
    items = [
        Item(
            item.section,
            item.order,
            ItemKind(item.kind),
            item.statement_kind,
            item.text,
            tuple((int(version), str(statement)) for version, statement in item.sources),
        )
        for item in drafted
    ]
    finished_at = synthesis.finished_at if synthesis.is_finished else None
    return _material(
        question,
        synthesis.unit_id,
        rows,
        items,
        at=finished_at or at,
        said=said,
        elders_known_at=finished_at,
        speakers=len(queries.children(synthesis.round, synthesis.unit_id)),
        waiting=sum(1 for item in drafted if not item.accepted),
        annexes=annexes,
    )


def _material(
    question: Question,
    unit_id: int,
    rows: Sequence[Counted],
    items: Iterable[Item],
    *,
    at: datetime,
    said: Said,
    elders_known_at: datetime | None = None,
    speakers: int = 0,
    waiting: int = 0,
    annexes: Collection[Behind] = tuple(Behind),
) -> Material:
    round_ = question.round
    rules = reporting.rules_of(round_.form)
    names = {
        **organisation.units_known_by(round_.period.last_day),
        **organisation.units_known_by(question.day),
    }
    coverage = queries.coverage_of_figures(round_, unit_id, at=at, counted=rows, on=question.on)
    figures = consolidation.figures(question, unit_id)
    under = consolidation.counting_under(question, unit_id)
    counting = [row for row in rows if row.unit_id in under]
    whose = {row.version_id: row.unit_id for row in counting}
    versions = _versions(counting, of=unit_id) if {Behind.FIGURES, Behind.VERSIONS}.intersection(annexes) else []
    known_at = question.known_at or elders_known_at
    return Material(
        unit_name=names[unit_id].name,
        form_name=round_.form.name,
        period_name=said.period,
        layout=round_.form.layout,
        rules=rules,
        figures=figures,
        compared=queries.compared(round_, unit_id, figures, known_at=known_at, on=question.on)
        if Behind.TABLES in annexes
        else {},
        sentences=[_sentence(item, whose, names) for item in items],
        contributions=_contributions(question, unit_id, versions, rules, names) if Behind.FIGURES in annexes else [],
        versions=versions,
        unit_names={unit: named.name for unit, named in names.items()},
        reported=len(coverage.reported),
        expected=coverage.expected,
        missing=missing_by_name(round_, unit_id, [place.unit_id for place in coverage.missing], names),
        as_of=(question.known_at or at).astimezone(ZoneInfo(settings.TIME_ZONE)),
        tree_of=said.tree,
        speakers=speakers,
        waiting=waiting,
        annexes=annexes,
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


def _versions(rows: Sequence[Counted], *, of: int) -> list[VersionHead]:
    """The versions that the paper stands on: of the unit itself only one in which it counted something of its own."""
    found = reporting.version_heads([row.version_id for row in rows])
    own = reporting.content_of([version.version_id for version in found if version.unit_id == of])
    return [version for version in found if version.version_id not in own or own[version.version_id].cells]


def _contributions(
    question: Question,
    unit_id: int,
    versions: Sequence[VersionHead],
    rules: Mapping[str, IndicatorRule],
    names: Mapping[int, NamedUnit],
) -> list[Contribution]:
    """What each unit right below put into the figures, and what counts for itself: together they are all there is."""
    parts = consolidation.parts_of(question, unit_id)
    by_child = consolidation.figures_of_units(question, parts.living)
    reporting_ = set(queries.children(question.round, unit_id))
    found = [
        Contribution(names[child].short_name, by_child[child])
        for child in parts.living
        if child in names and (by_child[child] or child in reporting_)
    ]
    alone = [version for version in versions if version.unit_id in parts.alone]
    contents = reporting.content_of([version.version_id for version in alone])
    own = [
        Contribution(names[version.unit_id].short_name, _own_figures(cells, rules))
        for version in alone
        if (cells := contents[version.version_id].cells)
    ]
    return found + own


def _own_figures(cells: Mapping[str, str], rules: Mapping[str, IndicatorRule]) -> dict[str, Figure]:
    values = {code: Decimal(text) for code, text in cells.items() if code in rules}
    ratios = {code: value for code, rule in rules.items() if (value := rule.computed(values)) is not None}
    return {code: Figure(code, value, 1, 1) for code, value in {**values, **ratios}.items()}


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
