"""A plan, and a unit's calendar, as official papers: in Vietnamese, the language in which they are issued."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

from nennep.documents.models import Document
from nennep.documents.rules import Family, Paper, format_number
from nennep.documents.rules.language import two_digits
from nennep.organisation import queries as organisation
from nennep.planning.models import Plan, Task
from nennep.planning.queries import plans as queries
from nennep.planning.rules import plan_text, week_calendar
from nennep.planning.rules.plan_text import Group, Said, TaskLine
from nennep.planning.rules.states import PlanKind, TaskState
from nennep.planning.rules.versions import PlanTexts
from nennep.reporting.models import Indicator
from nennep.synthesis.papers import Letterhead


def said_of(plan: Plan) -> Said:
    """What a plan says now, with the names that units bear at its end. Queries do not grow with its tasks."""
    tasks = list(queries.tasks_of(plan.pk))
    names = _names(tasks, queries.last_day(plan))
    measures = _measures(tasks)
    groups = [
        Group(heading, tuple(_task_line(task, plan, names, measures) for task in together))
        for heading, together in groupby(tasks, key=lambda task: task.heading)
    ]
    bases = (_basis(plan.answers),) if plan.answers is not None else ()
    return Said(PlanTexts.from_json(plan.texts), tuple(groups), bases)


def plan_paper(plan: Plan, head: Letterhead, *, dated_on: date) -> Paper:
    """A plan as a paper: purpose and requirements, tasks with their targets in a table, measures, organisation.

    The number stays blank: it is drawn when the plan's document is issued.
    """
    said = said_of(plan)
    kind = PlanKind(plan.kind)
    return replace(
        _framed(head, dated_on, plan_text.KIND_WORDS[kind], plan_text.without_kind(plan.title, kind)),
        blocks=plan_text.paper_blocks(said),
        bases=said.bases,
    )


def calendar_paper(
    tasks: Iterable[Task], head: Letterhead, *, first: date, end: date, title: str, dated_on: date
) -> Paper:
    """The official calendar of the days from `first` up to, without, `end`: what, who, with whom, where.

    `tasks` as `queries.tasks_between` or `queries.tasks_of` give them; those called off or handed over are left out.
    """
    shown = [task for task in tasks if task.state in {TaskState.OPEN, TaskState.DONE}]
    names = _names(shown, end)
    entries = [
        week_calendar.Entry(
            task.title,
            task.starts_on,
            task.due_on,
            lead=_lead(task, names),
            takes_part=_listed(task, names),
            place=task.place,
            starts_at=task.starts_at,
            ends_at=task.ends_at,
        )
        for task in shown
    ]
    table = week_calendar.table(week_calendar.lines(entries, first, end))
    days = f"(Từ ngày {first:%d/%m/%Y} đến ngày {end - timedelta(days=1):%d/%m/%Y})"
    kind = PlanKind.CALENDAR
    subject = plan_text.without_kind(title, kind)
    return replace(_framed(head, dated_on, plan_text.KIND_WORDS[kind], subject), blocks=(replace(table, note=days),))


def _framed(head: Letterhead, dated_on: date, kind: str, subject: str) -> Paper:
    return Paper(
        issuer=head.issuer,
        superior=head.superior,
        symbol=head.symbol,
        place=head.place,
        dated_on=dated_on,
        kind=kind,
        subject=subject,
        blocks=(),
        addressees=head.addressees,
        signature=head.signature,
        recipients=head.recipients,
        marking=head.marking,
    )


def _names(tasks: Iterable[Task], day: date) -> Mapping[int, str]:
    """The short names of all units that these tasks name: on a day, or the last they bore before it."""
    ids = {unit for task in tasks for unit in (task.lead_unit_id, *(one.pk for one in task.coordinating.all()))}
    return {unit.id: unit.short_name for unit in organisation.units_known_by(day, ids=ids).values()}


def _measures(tasks: Iterable[Task]) -> Mapping[str, str]:
    codes = {task.indicator for task in tasks if task.indicator}
    return dict(Indicator.objects.filter(code__in=codes).values_list("code", "unit_of_measure"))


def _task_line(task: Task, plan: Plan, names: Mapping[int, str], measures: Mapping[str, str]) -> TaskLine:
    return TaskLine(
        task.title,
        lead=_lead(task, names),
        days=_days(task, plan),
        coordinating=_listed(task, names),
        target=_target(task, measures),
        place=task.place,
        emphasis=task.emphasis,
    )


def _lead(task: Task, names: Mapping[int, str]) -> str:
    who = str(task.lead_person) if task.lead_person is not None else task.lead_post
    unit = names.get(task.lead_unit_id, task.lead_unit.code)
    return f"{who} ({unit})" if who else unit


def _listed(task: Task, names: Mapping[int, str]) -> str:
    return ", ".join(names.get(unit.pk, unit.code) for unit in task.coordinating.all())


def _days(task: Task, plan: Plan) -> str:
    """`16/11`, `16/11 – 27/11`; the whole period is said in a word."""
    if task.starts_on == plan.starts_on and task.due_on == queries.last_day(plan):
        return "Cả kỳ"
    if task.starts_on == task.due_on:
        return f"{task.starts_on:%d/%m}"
    return f"{task.starts_on:%d/%m} – {task.due_on:%d/%m}"


def _target(task: Task, measures: Mapping[str, str]) -> str:
    if task.figure is None:
        return task.target_words
    figure = f"{format_number(task.figure, 'vi')} {measures.get(task.indicator, '')}".strip()
    return f"{figure}; {task.target_words}" if task.target_words else figure


def _basis(directive: Document) -> str:
    """`Căn cứ Chỉ thị số 05-CT/ĐU ngày 20/12/2025 …`."""
    number = two_digits(directive.number) if directive.number is not None else "…"
    named = Family(directive.type.series.family).numbered(number, directive.symbol)
    day = f" ngày {directive.issued_on:%d/%m/%Y}" if directive.issued_on else ""
    subject = directive.subject[:1].lower() + directive.subject[1:]
    return f"Căn cứ {directive.type.name} số {named}{day} {subject}"
