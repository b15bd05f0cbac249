"""What the paper of a plan says, in the words that its readers get: these are never translated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nennep.documents.rules.paper import Align, Column, Heading, Level, Paragraph, Row, Table, roman
from nennep.documents.rules.paper import Block as PaperBlock
from nennep.documents.rules.text import Block, BlockKind
from nennep.planning.rules.states import PlanKind
from nennep.planning.rules.versions import PlanTexts
from nennep.reporting.rules.periods import Kind, Period

KIND_WORDS: Mapping[PlanKind, str] = {
    PlanKind.PLAN: "Kế hoạch",
    PlanKind.PROGRAMME: "Chương trình",
    PlanKind.CALENDAR: "Lịch",
}
_GENERAL: Mapping[PlanKind, str] = {
    PlanKind.PLAN: "công tác",
    PlanKind.PROGRAMME: "công tác",
    PlanKind.CALENDAR: "hoạt động",
}


def period_words(period: Period) -> str:
    """`tháng 11/2026`, `quý IV/2026`, `6 tháng cuối năm 2026`, `năm 2026`, `tuần 47/2026`."""
    if period.kind is Kind.MONTH:
        return f"tháng {period.number}/{period.year}"
    if period.kind is Kind.QUARTER:
        return f"quý {roman(period.number)}/{period.year}"
    if period.kind is Kind.WEEK:
        return f"tuần {period.number}/{period.year}"
    if period.kind is Kind.HALF:
        return f"6 tháng {'đầu' if period.number == 1 else 'cuối'} năm {period.year}"
    return f"năm {period.year}"


def plan_title(kind: PlanKind, period: Period, topic: str = "") -> str:
    """What a plan is called when nobody names it: `Kế hoạch công tác tháng 11/2026`, `Lịch hoạt động tuần 47/2026`."""
    return f"{KIND_WORDS[kind]} {topic or _GENERAL[kind]} {period_words(period)}"


def without_kind(title: str, kind: PlanKind) -> str:
    """The subject under the kind of a paper: of `Kế hoạch CTĐ, CTCT tháng 11/2026`, `CTĐ, CTCT tháng 11/2026`."""
    word = KIND_WORDS[kind]
    if title.casefold().startswith(f"{word} ".casefold()):
        return title[len(word) + 1 :]
    return title


# --- the parts of a plan --------------------------------------------------------------------------


@dataclass(frozen=True)
class TaskLine:
    """One task as the paper prints it: names of units, days and target in words."""

    title: str
    lead: str
    days: str
    coordinating: str = ""
    target: str = ""
    place: str = ""
    emphasis: bool = False


@dataclass(frozen=True)
class Group:
    """The tasks under one heading; the heading may be empty."""

    heading: str
    tasks: tuple[TaskLine, ...]


@dataclass(frozen=True)
class Said:
    """Everything that a plan's paper is written from: the same gives the same paper."""

    texts: PlanTexts
    groups: tuple[Group, ...]
    bases: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Lines:
    """A point with its lines: `1. Mục đích` and what stands under it. Without a title, the lines alone."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class _Section:
    """`I. MỤC ĐÍCH, YÊU CẦU` with its points; the one with the tasks has their table."""

    title: str
    points: tuple[_Lines, ...]
    has_tasks: bool = False


_HEADS = ("TT", "Nội dung nhiệm vụ", "Chủ trì", "Phối hợp", "Thời gian, địa điểm", "Chỉ tiêu")
_SHARES = (0.6, 4.2, 1.9, 1.9, 1.9, 1.6)
#: Said of a task that is marked (trọng tâm, trọng điểm).
EMPHASIS = "(trọng tâm)"


def _sections(said: Said) -> Iterator[_Section]:
    """The parts of a plan in their order; a part of which nothing is said is left out, the tasks never are."""
    texts = said.texts
    aims = _Section("Mục đích, yêu cầu", (_Lines("Mục đích", texts.purpose), _Lines("Yêu cầu", texts.requirements)))
    tasks = _Section("Nhiệm vụ, chỉ tiêu", (_Lines("Mục tiêu", texts.objectives),), has_tasks=True)
    measures = _Section("Biện pháp", (_Lines("", texts.measures),))
    organisation = _Section("Tổ chức thực hiện", (_Lines("", texts.organisation),))
    for section in (aims, tasks, measures, organisation):
        points = tuple(point for point in section.points if point.lines)
        if points or section.has_tasks:
            yield _Section(section.title, points, section.has_tasks)


def text_blocks(said: Said) -> tuple[Block, ...]:
    """A plan as blocks of a document's text, without names yet (`documents.rules.text.numbered` gives them)."""
    blocks = [Block("", BlockKind.BASIS, text=basis) for basis in said.bases]
    for number, section in enumerate(_sections(said), start=1):
        blocks.append(Block("", BlockKind.HEADING, Level.ROMAN, roman(number), section.title))
        for place, point in enumerate(section.points, start=1):
            if point.title:
                blocks.append(Block("", BlockKind.CLAUSE, number=str(place), text=point.title))
            blocks += [Block("", BlockKind.DASH, text=line) for line in point.lines]
        if section.has_tasks:
            rows = (_HEADS, *(cells for cells, _ in task_rows(said.groups)))
            blocks.append(Block("", BlockKind.TABLE, rows=rows))
    return tuple(blocks)


def paper_blocks(said: Said) -> tuple[PaperBlock, ...]:
    """A plan as the blocks of a paper: headings, lines with dashes, and the table of its tasks."""
    blocks: list[PaperBlock] = []
    for number, section in enumerate(_sections(said), start=1):
        blocks.append(Heading(Level.ROMAN, roman(number), section.title))
        for place, point in enumerate(section.points, start=1):
            if point.title:
                blocks.append(Heading(Level.CLAUSE, str(place), point.title))
            blocks += [Paragraph((f"- {line}",)) for line in point.lines]
        if section.has_tasks:
            blocks.append(task_table(said.groups))
    return tuple(blocks)


def task_table(groups: tuple[Group, ...]) -> Table:
    """The tasks as a table, headings in bold between them."""
    columns = tuple(
        Column(head, share, Align.CENTRE if head == "TT" else Align.LEFT)
        for head, share in zip(_HEADS, _SHARES, strict=True)
    )
    return Table(columns, tuple(Row(cells, bold=is_heading) for cells, is_heading in task_rows(groups)))


def task_rows(groups: tuple[Group, ...]) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Every row of the table of tasks, and whether it is a heading. Tasks are numbered through."""
    number = 0
    headings = 0
    for group in groups:
        if group.heading:
            headings += 1
            yield (roman(headings), group.heading, *("" for _ in _HEADS[2:])), True
        for task in group.tasks:
            number += 1
            title = f"{task.title} {EMPHASIS}" if task.emphasis else task.title
            when = "; ".join(part for part in (task.days, task.place) if part)
            yield (str(number), title, task.lead, task.coordinating, when, task.target), False
