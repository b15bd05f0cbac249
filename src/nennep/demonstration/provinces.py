"""The syntheses of invented provinces: what their officers made of the reports below, finished and handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from nennep.demonstration.chance import Dice, lasting
from nennep.demonstration.course import by_day
from nennep.demonstration.invention import invented
from nennep.demonstration.ledger import Act, Ids
from nennep.demonstration.people import Hand
from nennep.demonstration.reports import RoundPlan, RoundRows
from nennep.demonstration.words import FIGURES
from nennep.reporting.models import Decision, Report, Version
from nennep.reporting.queries import Counted
from nennep.reporting.rules import states
from nennep.reporting.rules.content import Content, IndicatorRule, Statement, StatementKind, content_digest
from nennep.reporting.rules.numbers import plain
from nennep.reporting.rules.states import State
from nennep.synthesis.models import Basis, DraftItem, Synthesis
from nennep.synthesis.rules.drafts import ItemKind
from nennep.synthesis.rules.drafts import State as SynthesisState

SIX_DECIMALS = Decimal("1e-6")
#: This share of what only one unit said is left out.
LEFT_OUT = 0.3
#: And this share of what posts said about figures, which the province has in its own.
COUNTED_ALREADY = 0.85
Told = tuple[Counted, Content]


@dataclass(frozen=True)
class Province:
    """A command on duty in a round: those right below it, its officer, and the officer of the unit it reports to."""

    unit_id: int
    code: str
    children: frozenset[int]
    due: datetime
    reviewed_by: datetime
    officer: Hand
    superior: Hand


@dataclass(frozen=True)
class _Times:
    """When a synthesis was begun, finished and accepted; None for what has not come yet."""

    begun_at: datetime
    finished_at: datetime | None
    accepted_at: datetime | None


def write_synthesis(plan: RoundPlan, province: Province, rows: RoundRows, *, ids: Ids, at: datetime) -> None:
    """Add a province's synthesis, as far as it has come at an instant, and its report once that is finished."""
    dice = Dice(province.code, plan.form.code, plan.period.code, "synthesis")
    times = _times(plan, province, dice, at)
    if times is None:
        return
    known_at = times.finished_at or times.begun_at
    told = [
        (counted, content)
        for counted, _, content in sorted(rows.counted, key=lambda item: item[0].unit_id)
        if counted.unit_id in province.children and counted.accepted_at <= known_at
    ]
    if not told:
        return
    synthesis = Synthesis(id=ids.next("synthesis"), unit_id=province.unit_id, round_id=plan.id, begun_at=times.begun_at)
    rows.syntheses.append(synthesis)
    rows.basis += [
        Basis(synthesis_id=synthesis.pk, report_id=counted.report_id, version_id=counted.version_id)
        for counted, _ in told
    ]
    items = _items(plan, synthesis, told, rows, ids, dice)
    rows.items += items
    begun = {"period": plan.period.code, "reports": len(told)}
    subject = f"synthesis.synthesis:{synthesis.pk}"
    rows.acts.append(Act(province.unit_id, times.begun_at, "synthesis.begin", subject, province.officer, "", begun))
    if times.finished_at is not None:
        _finish(plan, province, synthesis, items, told, times, rows, ids)


def consolidated(told: Sequence[Told], rules: Mapping[str, IndicatorRule]) -> dict[str, str]:
    """The figures of these reports together, as the engine gives them: each indicator as it combines over units."""
    values: dict[str, list[Decimal]] = {}
    for _, content in told:
        for code, text in content.cells.items():
            values.setdefault(code, []).append(Decimal(text))
    found: dict[str, Decimal] = {}
    for code, numbers in values.items():
        how = rules[code].over_units
        if how == "sum":
            found[code] = sum(numbers, Decimal(0))
        elif how == "max":
            found[code] = max(numbers)
        elif how == "mean":
            mean = sum(numbers, Decimal(0)) / len(numbers)
            found[code] = mean.quantize(SIX_DECIMALS, rounding=ROUND_HALF_EVEN)
    for code, rule in rules.items():
        ratio = rule.computed(found)
        if ratio is not None:
            found[code] = ratio
    return {code: plain(found[code]) for code in sorted(found)}


def _times(plan: RoundPlan, province: Province, dice: Dice, at: datetime) -> _Times | None:
    late = dice.happens(0.02 + 0.1 * lasting(province.code, "late") ** 3)
    left = province.due - province.reviewed_by
    begun_at = province.reviewed_by + left * dice.between(0.02, 0.4)
    begun_at = begun_at.replace(second=0, microsecond=0)
    finished_at = min(by_day(begun_at + left * dice.between(0.1, 0.5)), province.due - timedelta(minutes=5))
    if late:
        finished_at = by_day(province.due + timedelta(hours=dice.between(1, 26)))
    last = plan.closes_at - timedelta(minutes=15)
    finished_at = max(min(finished_at, last - timedelta(minutes=15)), begun_at + timedelta(minutes=1))
    accepted_at = max(min(by_day(finished_at + timedelta(hours=dice.between(1, 40))), last), finished_at)
    never = dice.happens(0.004)
    if begun_at > at or finished_at >= plan.closes_at:
        return None
    if never or finished_at > at:
        return _Times(begun_at, None, None)
    return _Times(begun_at, finished_at, accepted_at if accepted_at <= at else None)


def _items(
    plan: RoundPlan, synthesis: Synthesis, told: Sequence[Told], rows: RoundRows, ids: Ids, dice: Dice
) -> list[DraftItem]:
    """The draft: each section's sentences about figures, then what was said below, the same points put together."""
    by_section: dict[str, dict[tuple[str, str], list[tuple[int, Statement]]]] = {}
    for counted, content in told:
        for statement in content.statements:
            key = (str(statement.kind), rows.points.get((counted.version_id, statement.id), statement.text))
            same = by_section.setdefault(statement.section, {}).setdefault(key, [])
            same.append((counted.version_id, statement))
    reasons = invented("words")["remarks"]["left_out"]
    items = []
    for section in plan.layout.sections:
        place = 0
        for text in section.sentences:
            place += 1
            items.append(_item(synthesis, ids, section.letter, place, ItemKind.FIGURES, "", text, []))
        kinds = [str(kind) for kind in section.statement_kinds]
        points = by_section.get(section.letter, {})
        for kind, point, said in _in_order(points, kinds):
            place += 1
            text = max((statement.text for _, statement in said), key=lambda text: (len(text), text))
            sources: list[list[int | str]] = [[version, statement.id] for version, statement in said]
            item = _item(synthesis, ids, section.letter, place, ItemKind.STATEMENT, kind, text, sources)
            if point.startswith(FIGURES) and dice.happens(COUNTED_ALREADY):
                item.left_out, item.reason = True, reasons["counted"]
            elif len(said) == 1 and dice.happens(LEFT_OUT):
                item.left_out, item.reason = True, dice.pick(reasons["own"])
            items.append(item)
    return items


def _in_order(
    points: Mapping[tuple[str, str], list[tuple[int, Statement]]], kinds: Sequence[str]
) -> list[tuple[str, str, list[tuple[int, Statement]]]]:
    """By kind as the form has them, and what most units said first."""
    keys = sorted(points, key=lambda key: (kinds.index(key[0]), -len(points[key]), key[1]))
    return [(*key, points[key]) for key in keys]


def _item(
    synthesis: Synthesis,
    ids: Ids,
    section: str,
    place: int,
    kind: ItemKind,
    statement_kind: str,
    text: str,
    sources: list[list[int | str]],
) -> DraftItem:
    return DraftItem(
        id=ids.next("item"),
        synthesis_id=synthesis.pk,
        section=section,
        order=place,
        kind=kind,
        statement_kind=statement_kind,
        text=text,
        sources=sources,
    )


def _finish(
    plan: RoundPlan,
    province: Province,
    synthesis: Synthesis,
    items: Sequence[DraftItem],
    told: Sequence[Told],
    times: _Times,
    rows: RoundRows,
    ids: Ids,
) -> None:
    if times.finished_at is None:
        return
    statements = tuple(
        Statement(
            f"i{item.pk}",
            item.section,
            StatementKind(item.statement_kind),
            item.text,
            tuple((int(version), str(statement)) for version, statement in item.sources),
        )
        for item in items
        if item.kind == ItemKind.STATEMENT and not item.left_out
    )
    content = Content(statements=statements, figures=consolidated(told, plan.rules), synthesis=synthesis.pk)
    frozen = content.as_json()
    digest = content_digest(frozen, form=str(plan.form), unit=province.code, period=plan.period.code)
    version = _handed_in(plan, province, content, digest, times, rows, ids)
    synthesis.state = SynthesisState.FINISHED
    synthesis.finished_at, synthesis.finished_by = times.finished_at, province.officer.person_name
    synthesis.finished_content, synthesis.digest, synthesis.version_id = frozen, digest, version.pk
    details = {"period": plan.period.code, "digest": digest}
    subject = f"synthesis.synthesis:{synthesis.pk}"
    rows.acts.append(
        Act(province.unit_id, times.finished_at, "synthesis.finish", subject, province.officer, "", details)
    )


def _handed_in(
    plan: RoundPlan, province: Province, content: Content, digest: str, times: _Times, rows: RoundRows, ids: Ids
) -> Version:
    received_at = times.finished_at or times.begun_at
    late = states.days_late(received_at, province.due)
    period, frozen = plan.period.code, content.as_json()
    officer = province.officer
    report = Report(
        id=ids.next("report"),
        round_id=plan.id,
        unit_id=province.unit_id,
        state=State.SUBMITTED,
        draft=frozen,
        draft_revision=1,
        draft_at=received_at,
        draft_by=officer.person_name,
        first_received_at=received_at,
        first_days_late=late,
    )
    version = Version(
        id=ids.next("version"),
        report_id=report.pk,
        number=1,
        content_data=frozen,
        digest=digest,
        received_at=received_at,
        days_late=late,
        person_id=officer.person_id,
        person_name=officer.person_name,
        post_title=officer.post_title,
    )
    report.current_version_id = version.pk
    subject = f"reporting.report:{report.pk}"
    details = {"version": 1, "digest": digest, "days_late": late, "period": period}
    rows.acts += [
        Act(province.unit_id, received_at, "reporting.start", subject, officer),
        Act(province.unit_id, received_at, "reporting.submit", subject, officer, "", details),
    ]
    if times.accepted_at is not None:
        report.state, report.accepted_version_id = State.ACCEPTED, version.pk
        _accept(plan, province, report, version, content, times.accepted_at, rows)
    rows.reports.append(report)
    rows.versions.append(version)
    return version


def _accept(
    plan: RoundPlan,
    province: Province,
    report: Report,
    version: Version,
    content: Content,
    at: datetime,
    rows: RoundRows,
) -> None:
    superior = province.superior
    rows.decisions.append(
        Decision(
            version_id=version.pk,
            accepted=True,
            at=at,
            person_id=superior.person_id,
            person_name=superior.person_name,
            post_title=superior.post_title,
        )
    )
    details = {"period": plan.period.code, "version": 1}
    subject = f"reporting.report:{report.pk}"
    rows.acts.append(Act(province.unit_id, at, "reporting.accept", subject, superior, "", details))
    counted = Counted(version.pk, report.pk, plan.id, province.unit_id, 1, version.digest, at)
    rows.counted.append((counted, province.code, content))
