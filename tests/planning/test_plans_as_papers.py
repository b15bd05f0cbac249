"""A plan and a weekly calendar as official papers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from io import BytesIO

import pytest
from docx import Document as Word

from nennep.documents.docx import render_docx
from nennep.documents.rules import Table
from nennep.documents.rules.text import BlockKind, numbered, parse, typed
from nennep.planning import papers
from nennep.planning.queries import plans as queries
from nennep.planning.rules.plan_text import text_blocks, without_kind
from nennep.planning.rules.states import PlanKind, TaskState
from nennep.planning.rules.versions import PlanTexts
from nennep.planning.rules.week_calendar import Entry, PartOfDay, lines
from nennep.planning.services import plans, tasks
from nennep.synthesis.papers import Letterhead
from tests.planning.conftest import World
from tests.planning.test_plans import words

HEAD = Letterhead(issuer="Bộ đội Biên phòng tỉnh Sơn Hà", symbol="KH-BĐBP", place="Sơn Hà")
MONDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 22)
END = date(2026, 11, 23)


def table_of(paper_blocks: tuple[object, ...]) -> list[tuple[object, ...]]:
    table = next(block for block in paper_blocks if isinstance(block, Table))
    return [row.cells for row in table.rows]


# --- the plan -------------------------------------------------------------------------------------


def test_the_paper_of_a_plan_has_its_parts_and_the_table_of_its_tasks(world: World) -> None:
    plan = queries.plan(world.plans["SH month"].pk)

    paper = papers.plan_paper(plan, HEAD, dated_on=date(2026, 10, 16))

    assert paper.kind == "Kế hoạch"
    assert paper.bases == ("Căn cứ Chỉ thị số 05-CT/ĐU ngày 20/12/2025 về công tác đảng, công tác chính trị năm 2026",)
    assert table_of(paper.blocks) == [
        ("I", "Giáo dục chính trị, tuyên truyền", "", "", "", ""),
        ("1", "Học tập chuyên đề quý IV, lớp 3 và lớp 4", "BĐBP Sơn Hà", "", "16/11 – 27/11", ""),
        (
            "2",
            "Đợt tuyên truyền Luật Biên phòng ở xã vùng cao (trọng tâm)",
            "BĐBP Sơn Hà",
            "Đồn BP Nậm Ngà, Đồn BP Pá Hu",
            "Cả kỳ",
            "1.000 lượt người",
        ),
        ("3", "Chiếu phim lưu động 6 bản vùng cao", "Đồn BP Pá Hu", "", "19/11 – 21/11", ""),
    ]


def test_parts_without_words_are_left_out_and_the_tasks_never_are(world: World) -> None:
    by = world.cast.actor("thanh")
    texts = PlanTexts(organisation=("Đồn trưởng chỉ đạo.",))
    plans.save_texts(world.plans["SH-1 month"].pk, texts, revision=0, by=by)

    blocks = text_blocks(papers.said_of(queries.plan(world.plans["SH-1 month"].pk)))

    headings = [(block.number, block.text) for block in blocks if block.kind is BlockKind.HEADING]
    assert headings == [("I", "Nhiệm vụ, chỉ tiêu"), ("II", "Tổ chức thực hiện")]


def test_a_plan_is_a_text_that_could_have_been_typed(world: World) -> None:
    said = papers.said_of(queries.plan(world.plans["SH month"].pk))
    full = PlanTexts(("Một.",), ("Hai.",), ("Ba.",), ("Bốn.",), ("Năm.",))

    text = numbered(text_blocks(replace(said, texts=full)))

    again = parse(typed(text), text)
    assert [block.kind for block in again.blocks] == [block.kind for block in text.blocks]
    assert again == text


def test_the_paper_becomes_a_word_file(world: World) -> None:
    plan = queries.plan(world.plans["SH month"].pk)

    data = render_docx(papers.plan_paper(plan, HEAD, dated_on=date(2026, 10, 16)))

    cells = [cell.text for table in Word(BytesIO(data)).tables for row in table.rows for cell in row.cells]
    assert "Chiếu phim lưu động 6 bản vùng cao" in cells


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("Kế hoạch CTĐ, CTCT tháng 11/2026", "CTĐ, CTCT tháng 11/2026"),
        ("KẾ HOẠCH năm 2026", "năm 2026"),
        ("CTĐ, CTCT tháng 11/2026", "CTĐ, CTCT tháng 11/2026"),
    ],
)
def test_the_subject_does_not_say_the_kind_again(title: str, subject: str) -> None:
    assert without_kind(title, PlanKind.PLAN) == subject


# --- the weekly calendar --------------------------------------------------------------------------

BRIEFING = Entry("Giao ban", MONDAY, MONDAY, starts_at=time(7, 30))


@pytest.mark.parametrize(
    ("entry", "part", "hours"),
    [
        (replace(BRIEFING, starts_at=None), PartOfDay.WHOLE, ""),
        (BRIEFING, PartOfDay.MORNING, "7.30"),
        (replace(BRIEFING, starts_at=time(11, 59), ends_at=time(14)), PartOfDay.MORNING, "11.59 – 14.00"),
        (replace(BRIEFING, starts_at=time(12)), PartOfDay.AFTERNOON, "12.00"),
        (replace(BRIEFING, starts_at=time(18)), PartOfDay.EVENING, "18.00"),
    ],
)
def test_a_task_stands_in_the_part_of_the_day_in_which_it_begins(entry: Entry, part: PartOfDay, hours: str) -> None:
    assert (entry.part, entry.hours) == (part, hours)


def test_morning_and_afternoon_of_every_day_stand_there() -> None:
    found = lines([], MONDAY, END)

    assert [(line.day.day, line.part) for line in found] == [
        (day, part) for day in range(16, 23) for part in (PartOfDay.MORNING, PartOfDay.AFTERNOON)
    ]


def test_a_task_of_several_days_stands_on_each_and_tasks_stand_by_time() -> None:
    study = Entry("Học tập", date(2026, 11, 15), date(2026, 11, 17))
    later = replace(BRIEFING, title="Chào cờ", starts_at=time(9))

    found = {
        (line.day.day, line.part): [one.title for one in line.entries]
        for line in lines([later, study, BRIEFING], MONDAY, END)
    }

    assert found[16, PartOfDay.WHOLE] == found[17, PartOfDay.WHOLE] == ["Học tập"]
    assert (18, PartOfDay.WHOLE) not in found
    assert found[16, PartOfDay.MORNING] == ["Giao ban", "Chào cờ"]


def test_the_calendar_of_a_week_as_a_paper(world: World) -> None:
    by, week = world.cast.actor("hanh"), world.plans["SH week"]
    briefing = words(
        world,
        "Giao ban",
        starts_on=MONDAY,
        due_on=MONDAY,
        starts_at=time(7, 30),
        place="Hội trường",
        coordinating=(world.unit("SH-1"), world.unit("SH-2")),
    )
    tasks.add_task(week.pk, briefing, by=by)
    off = tasks.add_task(week.pk, words(world, "Đã hoãn"), by=by)
    off.state = TaskState.CANCELLED
    off.save()

    paper = papers.calendar_paper(
        queries.tasks_of(week.pk), HEAD, first=MONDAY, end=END, title="Lịch hoạt động tuần 47/2026", dated_on=MONDAY
    )

    assert (paper.kind, paper.subject) == ("Lịch", "hoạt động tuần 47/2026")
    rows = table_of(paper.blocks)
    assert rows[:3] == [
        ("Thứ Hai, 16/11", "Cả ngày", "Học tập chuyên đề quý IV, lớp 3", "BĐBP Sơn Hà", "", ""),
        ("", "Sáng", "7.30: Giao ban", "BĐBP Sơn Hà", "Đồn BP Nậm Ngà, Đồn BP Tả Lùng", "Hội trường"),
        ("", "Chiều", "", "", "", ""),
    ]
    assert rows[-2][0] == "Chủ nhật, 22/11"
    assert not any("Đã hoãn" in str(row) for row in rows)
