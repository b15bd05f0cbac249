"""Plans on screen: the list, the board, its way to approval, its texts, what changed, tasks, duties, handing over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nennep.organisation.models import Unit
from nennep.planning.models import HandOver, Plan, Progress, Recurrence, Task, TaskClause
from nennep.planning.rules.states import PlanState, TaskState
from tests.cast import Cast
from tests.planning.conftest import World, make_world

SignIn = Callable[[str], Client]


@pytest.fixture
def planned(cast: Cast) -> World:
    """The cast with a directive of headquarters and plans of three levels that carry it out."""
    return make_world(cast)


def address(planned: World, name: str, path: str = "") -> str:
    return f"/plans/{planned.plans[name].pk}/{path}"


def task_of(planned: World, name: str, path: str = "") -> str:
    return f"/tasks/{planned.tasks[name].pk}/{path}"


def reopened(planned: World, name: str) -> Plan:
    """A plan in force, opened to be amended."""
    Plan.objects.filter(pk=planned.plans[name].pk).update(state=PlanState.AMENDING, amend_reason="Bổ sung")
    return planned.plan(name)


def form_of(planned: World, **changed: Any) -> dict[str, Any]:
    """What the form of a task of Sơn Hà's month sends."""
    typed = {
        "title": "Sinh hoạt chuyên đề",
        "lead_unit": planned.unit("SH"),
        "starts_on": "2026-11-18",
        "due_on": "2026-11-20",
    }
    return typed | changed


# --- who sees what --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "changes/", "paper.pdf", "paper.docx", "sheet.xlsx", "sheet.csv"])
def test_a_plan_opens_for_its_unit_and_is_unknown_to_others(planned: World, sign_in: SignIn, path: str) -> None:
    where = address(planned, "SH month", path)

    assert sign_in("hanh").get(where).status_code == 200
    assert sign_in("dong").get(where).status_code == 404


@pytest.mark.parametrize("path", ["texts/", "tasks/new/"])
def test_a_plan_is_written_by_its_own_unit_alone(planned: World, sign_in: SignIn, path: str) -> None:
    where = address(planned, "SH month", path)

    assert [sign_in(who).get(where).status_code for who in ("hanh", "kehoach", "dong")] == [200, 403, 404]


def test_a_unit_above_is_seen_by_those_whom_its_issued_plan_names(planned: World, sign_in: SignIn) -> None:
    page = sign_in("hanh").get("/plans/?whose=above")

    assert [line.plan.pk for line in page.context["lines"]] == [planned.plans["HQ year"].pk]
    assert sign_in("hanh").get(address(planned, "HQ year")).status_code == 200


# --- the list -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("", {"SH quarter", "SH month", "SH week"}),
        ("kind=calendar", {"SH week"}),
        ("span=quarter", {"SH quarter"}),
        ("state=approved", {"SH month"}),
        ("year=2025", set()),
        ("topic=quarter", {"SH quarter"}),
        ("whose=under&span=month", {"SH month", "SH-1 month"}),
        ("kind=nonsense&year=x&page=-3", {"SH quarter", "SH month", "SH week"}),
    ],
)
def test_the_list_is_filtered_by_its_question(
    planned: World, sign_in: SignIn, question: str, expected: set[str]
) -> None:
    page = sign_in("hanh").get(f"/plans/?{question}")

    assert {line.plan.pk for line in page.context["lines"]} == {planned.plans[name].pk for name in expected}


def test_the_list_says_what_was_not_handed_in_by_its_day(planned: World, sign_in: SignIn) -> None:
    page = sign_in("thanh").get("/plans/")

    (line,) = page.context["lines"]
    assert line.plan.pk == planned.plans["SH-1 month"].pk
    assert (line.hand_in.before, line.hand_in.is_late, line.hand_in.handed_in) == (date(2026, 10, 20), True, None)


def test_what_waits_for_approval_is_counted_at_the_stage_of_the_year(planned: World, sign_in: SignIn) -> None:
    Plan.objects.filter(pk=planned.plans["SH-1 month"].pk).update(state=PlanState.SUBMITTED)

    page = sign_in("hanh").get("/plans/")

    (item,) = [item for item in page.context["frame"].nav if item.key == "plans"]
    assert (item.count, page.context["waiting"]) == (1, 1)


# --- the board ------------------------------------------------------------------------------------


def rows_of(page: Any) -> dict[str, Any]:
    return {row.task.title: row for group in page.context["board"].groups for row in group.rows}


def test_the_board_shows_clauses_with_their_tasks_and_one_without(planned: World, sign_in: SignIn) -> None:
    page = sign_in("hanh").get(address(planned, "SH month"))

    cards = {card.line.clause.label: card for card in page.context["board"].cards}
    assert {label: card.here for label, card in cards.items()} == {"1a": 1, "1b": 2, "2": 0, "3": 0}
    assert {label for label, card in cards.items() if card.is_missing} == {"2", "3"}


def test_the_tree_numbers_tasks_and_hangs_parts_under_their_whole(planned: World, sign_in: SignIn) -> None:
    rows = rows_of(sign_in("hanh").get(address(planned, "SH month")))

    assert {title: (row.number, row.depth) for title, row in rows.items()} == {
        "Học tập chuyên đề quý IV, lớp 3 và lớp 4": ("1", 0),
        "Đợt tuyên truyền Luật Biên phòng ở xã vùng cao": ("2", 0),
        "Chiếu phim lưu động 6 bản vùng cao": ("2.1", 1),
    }
    assert rows["Chiếu phim lưu động 6 bản vùng cao"].lead == "Đồn BP Pá Hu"


def test_a_clause_lights_its_tasks_and_hides_the_others_when_asked(planned: World, sign_in: SignIn) -> None:
    client, clause = sign_in("hanh"), planned.clauses["1b"].pk

    lit = rows_of(client.get(address(planned, "SH month", f"?clause={clause}")))
    alone = rows_of(client.get(address(planned, "SH month", f"?clause={clause}&only=1")))

    assert [row.is_lit for row in lit.values()] == [False, True, True]
    assert set(alone) == {title for title, row in lit.items() if row.is_lit}


def test_an_overdue_task_says_so_and_can_be_filtered_for(planned: World, sign_in: SignIn) -> None:
    Task.objects.filter(pk=planned.tasks["month films"].pk).update(starts_on="2026-11-02", due_on="2026-11-14")

    page = sign_in("hanh").get(address(planned, "SH month", "?late=1"))

    assert [row.due for row in rows_of(page).values()] == ["overdue"]


def test_gaps_name_what_of_the_higher_plan_nobody_details(planned: World, sign_in: SignIn) -> None:
    page = sign_in("hanh").get(address(planned, "SH quarter"))

    assert [task.pk for task in page.context["gaps"].of_higher] == [planned.tasks["year cells"].pk]


def test_the_board_takes_as_many_queries_whatever_its_tasks(planned: World, sign_in: SignIn) -> None:
    client, where = sign_in("hanh"), address(planned, "SH month")
    client.get(where)
    with CaptureQueriesContext(connection) as before:
        client.get(where)
    plan = planned.plan("SH month")
    more = Task.objects.bulk_create(
        Task(
            plan=plan,
            key=f"x{number}",
            order=100 + number,
            title=f"Việc {number}",
            heading=f"Mục {number % 4}",
            lead_unit_id=planned.unit("SH-1"),
            starts_on=plan.starts_on,
            due_on=date(2026, 11, 30),
            details=planned.tasks["month law"] if number % 2 else None,
        )
        for number in range(30)
    )
    TaskClause.objects.bulk_create(TaskClause(task=one, clause=planned.clauses["2"]) for one in more)

    with CaptureQueriesContext(connection) as after:
        page = client.get(where)

    assert len(rows_of(page)) == 33
    assert len(after) == len(before)


def test_the_sheet_holds_the_tasks_of_the_board_with_its_columns(planned: World, sign_in: SignIn) -> None:
    answer = sign_in("hanh").get(address(planned, "SH month", "sheet.csv?column=lead&column=due"))

    text = answer.content.decode()
    assert "Chiếu phim lưu động 6 bản vùng cao" in text
    assert "21/11/2026" in text


# --- its way --------------------------------------------------------------------------------------


def test_a_plan_is_handed_in_approved_and_issued_on_its_board(planned: World, sign_in: SignIn) -> None:
    where, plan = address(planned, "SH-1 month"), planned.plans["SH-1 month"]

    handed = sign_in("thanh").post(f"{where}submit/", {"revision": plan.revision})
    approved = sign_in("dontruong").post(f"{where}approve/", {"revision": plan.revision})
    issued = sign_in("thanh").post(f"{where}issue/")

    assert [answer.status_code for answer in (handed, approved, issued)] == [302, 302, 302]
    assert planned.plan("SH-1 month").state == PlanState.ISSUED


def test_a_return_needs_its_reason_and_keeps_nothing_else(planned: World, sign_in: SignIn) -> None:
    Plan.objects.filter(pk=planned.plans["SH-1 month"].pk).update(state=PlanState.SUBMITTED)
    where = address(planned, "SH-1 month", "return/")

    without = sign_in("hanh").post(where, {"reason": "  "})
    returned = sign_in("hanh").post(where, {"reason": "Bổ sung chỉ tiêu."})

    assert (without.status_code, returned.status_code) == (409, 302)
    assert without.context["problem"]
    assert planned.plan("SH-1 month").state == PlanState.RETURNED


def test_an_approval_of_what_was_not_looked_at_is_refused(planned: World, sign_in: SignIn) -> None:
    plan = planned.plans["SH-1 month"]
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.SUBMITTED, revision=plan.revision + 1)

    answer = sign_in("hanh").post(address(planned, "SH-1 month", "approve/"), {"revision": plan.revision})

    assert answer.status_code == 409
    assert planned.plan("SH-1 month").state == PlanState.SUBMITTED


def test_an_amendment_shows_what_it_changes_and_what_it_strikes_out(planned: World, sign_in: SignIn) -> None:
    client = sign_in("hanh")
    client.post(address(planned, "SH month", "amend/"), {"reason": "Bổ sung nhiệm vụ."})
    edition = planned.task("month films").edition
    client.post(task_of(planned, "month films", "drop/"), {"edition": edition})
    client.post(address(planned, "SH month", "tasks/new/"), form_of(planned))

    told = client.get(address(planned, "SH month", "changes/?pending=1")).context["told"]

    assert (told.added, told.changed, told.dropped) == (1, 0, 1)
    assert planned.task("month films").state == TaskState.DROPPED
    assert client.post(task_of(planned, "month films", "put-back/")).status_code == 302


def test_texts_written_by_two_are_both_shown(planned: World, sign_in: SignIn) -> None:
    plan, client = planned.plans["SH-1 month"], sign_in("thanh")
    where = address(planned, "SH-1 month", "texts/")
    first = client.post(where, {"revision": plan.revision, "title": plan.title, "purpose": "Bản một."})

    second = client.post(where, {"revision": plan.revision, "title": plan.title, "purpose": "Bản hai."})

    assert (first.status_code, second.status_code) == (302, 409)
    page = second.content.decode()
    assert "Bản một." in page
    assert "Bản hai." in page
    assert planned.plan("SH-1 month").texts["purpose"] == ["Bản một."]


# --- plans out of plans ---------------------------------------------------------------------------


def test_a_month_is_made_out_of_the_quarter_with_its_tasks(planned: World, sign_in: SignIn) -> None:
    sent = {"way": "shorter", "from": planned.plans["SH quarter"].pk, "period": "2026-12", "kind": "plan"}

    answer = sign_in("hanh").post("/plans/new/", sent)

    made = Plan.objects.get(unit=planned.unit("SH"), period_code="2026-12")
    assert answer.headers["Location"] == f"/plans/{made.pk}/"
    assert set(made.tasks.values_list("details", flat=True)) == {
        planned.tasks[name].pk for name in ("quarter study", "quarter law", "quarter review")
    }


def test_what_could_not_be_taken_along_is_told_once(planned: World, sign_in: SignIn) -> None:
    """A unit that takes part is gone before the month that is made."""
    Unit.objects.filter(code="SH-2").update(ends_on=date(2026, 11, 30))
    client = sign_in("hanh")
    sent = {"way": "shorter", "from": planned.plans["SH quarter"].pk, "period": "2026-12", "kind": "plan"}

    where = client.post("/plans/new/", sent).headers["Location"]

    assert [title for _pk, title, _why in client.get(where).context["not_taken"]] == [
        "Đợt tuyên truyền Luật Biên phòng"
    ]
    assert client.get(where).context["not_taken"] == []


@pytest.mark.parametrize("sent", [{}, {"period": "never"}, {"way": "next", "from": "999999"}, {"way": "shorter"}])
def test_a_plan_without_its_period_is_refused_in_words(planned: World, sign_in: SignIn, sent: dict[str, str]) -> None:
    del planned

    answer = sign_in("hanh").post("/plans/new/", sent | {"title": "Kế hoạch thử"})

    assert answer.status_code == 400
    assert answer.context["problem"]


def test_ticked_gaps_become_tasks(planned: World, sign_in: SignIn) -> None:
    reopened(planned, "SH quarter")

    sign_in("hanh").post(address(planned, "SH quarter", "take/"), {"task": planned.tasks["year cells"].pk})

    assert planned.tasks["year cells"].detailed_by.filter(plan=planned.plans["SH quarter"]).exists()


# --- tasks ----------------------------------------------------------------------------------------


def test_a_task_begins_from_a_clause(planned: World, sign_in: SignIn) -> None:
    reopened(planned, "SH month")
    clause = planned.clauses["3"]

    typed = sign_in("hanh").get(address(planned, "SH month", f"tasks/new/?clause={clause.pk}")).context["typed"]

    assert typed.clauses == (clause.pk,)
    assert typed.title == clause.text.rstrip(".")


def test_a_refused_task_comes_back_filled_in(planned: World, sign_in: SignIn) -> None:
    reopened(planned, "SH month")
    sent = form_of(planned, due_on="2027-03-01", place="Nhà văn hóa")

    answer = sign_in("hanh").post(address(planned, "SH month", "tasks/new/"), sent)

    assert answer.status_code == 400
    assert "30/11/2026" in answer.context["problem"]
    assert answer.context["typed"].place == "Nhà văn hóa"


@pytest.mark.parametrize(
    "wrong", [{"starts_on": "never"}, {"due_on": ""}, {"lead_unit": ""}, {"starts_at": "noon"}, {"title": " "}]
)
def test_what_cannot_be_read_is_asked_again(planned: World, sign_in: SignIn, wrong: dict[str, str]) -> None:
    reopened(planned, "SH month")

    answer = sign_in("hanh").post(address(planned, "SH month", "tasks/new/"), form_of(planned, **wrong))

    assert answer.status_code == 400
    assert answer.context["problem"]


def test_a_change_over_anothers_shows_both(planned: World, sign_in: SignIn) -> None:
    reopened(planned, "SH month")
    client, where = sign_in("hanh"), task_of(planned, "month study", "edit/")
    edition = planned.task("month study").edition
    client.post(where, form_of(planned, title="Của người kia", edition=edition))

    answer = client.post(where, form_of(planned, title="Của tôi", edition=edition))

    assert answer.status_code == 409
    assert [(one.before, one.after) for one in answer.context["differing"]] == [("Của người kia", "Của tôi")]
    assert planned.task("month study").title == "Của người kia"


def test_a_task_changes_places_with_its_neighbour(planned: World, sign_in: SignIn) -> None:
    reopened(planned, "SH month")

    sign_in("hanh").post(task_of(planned, "month law", "move/"), {"to": "up"})

    order = list(planned.plans["SH month"].tasks.order_by("order").values_list("title", flat=True))
    assert order[0] == planned.tasks["month law"].title


def test_progress_is_told_and_a_task_finished_and_reopened(planned: World, sign_in: SignIn) -> None:
    client, name = sign_in("hanh"), "month study"

    client.post(task_of(planned, name, "progress/"), {"percent": "60%", "text": "Đã học lớp 3."})
    client.post(task_of(planned, name, "finish/"), {"text": "Xong."})
    finished = planned.task(name)
    client.post(task_of(planned, name, "reopen/"), {"reason": "Còn lớp 4."})

    assert (finished.state, finished.results) == (TaskState.DONE, ["done", "on_time"])
    assert (planned.task(name).state, planned.task(name).progress) == (TaskState.OPEN, 60)
    assert Progress.objects.filter(task=planned.tasks[name]).count() == 3


def test_progress_that_is_no_number_is_refused_and_kept_on_the_page(planned: World, sign_in: SignIn) -> None:
    sent = {"percent": "nhiều", "text": "Đã học lớp 3."}

    answer = sign_in("hanh").post(task_of(planned, "month study", "progress/"), sent)

    assert answer.status_code == 409
    assert "Đã học lớp 3." in answer.content.decode()


def test_a_task_shows_its_chain_up_and_what_details_it(planned: World, sign_in: SignIn) -> None:
    page = sign_in("kehoach").get(task_of(planned, "quarter law"))

    assert [task.pk for task, _plan in page.context["above"]] == [planned.tasks["year law"].pk]
    assert [task.pk for task, *_rest in page.context["below"]] == [planned.tasks["month law"].pk]
    assert [one.clause.label for one in page.context["bases"]] == ["1b"]


def test_a_task_opens_beside_the_board_without_its_frame(planned: World, sign_in: SignIn) -> None:
    answer = sign_in("hanh").get(task_of(planned, "month law"), headers={"HX-Request": "true"})

    assert "<html" not in answer.content.decode()
    assert "drawer-body" in answer.content.decode()


# --- recurring duties -----------------------------------------------------------------------------


def test_a_duty_is_laid_down_written_into_a_calendar_changed_and_ended(planned: World, sign_in: SignIn) -> None:
    client = sign_in("hanh")
    words = {"title": "Giao ban", "lead_unit": planned.unit("SH"), "weekday": ["0", "4"], "starts_at": "07:30"}
    client.post("/recurrences/new/", words | {"starts_on": "2026-11-16"})
    duty = Recurrence.objects.get()
    client.post(address(planned, "SH week", "recur/"))
    written = Task.objects.filter(recurrence=duty).count()

    client.post(f"/recurrences/{duty.pk}/", words | {"weekday": "2", "starts_on": "2026-11-17", "reason": "Đổi ngày"})

    after = Recurrence.objects.get(follows=duty)
    assert written == 2
    assert list(Task.objects.filter(recurrence=after).values_list("starts_on", flat=True)) == [date(2026, 11, 18)]
    ended = client.post(f"/recurrences/{after.pk}/end/", {"ends_on": "2026-11-18", "reason": "Thôi"})
    assert ended.status_code == 302
    lines = client.get("/recurrences/").context["lines"]
    assert [line.duty.ends_on for line in lines] == [date(2026, 11, 17), date(2026, 11, 18)]


def test_a_duty_without_a_day_is_refused_and_comes_back_filled_in(planned: World, sign_in: SignIn) -> None:
    sent = {"title": "Giao ban", "lead_unit": planned.unit("SH"), "starts_on": "2026-11-16"}

    answer = sign_in("hanh").post("/recurrences/new/", sent)

    assert answer.status_code == 409
    assert answer.context["typed"].title == "Giao ban"


# --- handing over ---------------------------------------------------------------------------------


def test_tasks_of_a_dissolved_unit_go_on_by_a_counted_decision(planned: World, sign_in: SignIn) -> None:
    Unit.objects.filter(code="SH-3").update(ends_on=date(2026, 11, 16))
    client, task = sign_in("hanh"), planned.tasks["month films"]
    sent = {
        "task": task.pk,
        "to": planned.unit("SH-2"),
        "number": "12/QĐ-BTL",
        "decided_on": "2026-11-16",
        "reason": "Giải thể đồn",
    }

    listed = client.get("/hand-over/")
    looked = client.post("/hand-over/", sent | {"act": "look"})
    nothing_yet = HandOver.objects.exists()
    done = client.post("/hand-over/", sent | {"act": "do"})

    assert [one.unit for one in listed.context["gone"]] == ["Đồn BP Pá Hu"]
    assert (looked.status_code, len(looked.context["tasks"]), nothing_yet) == (200, 1, False)
    assert done.status_code == 302
    assert HandOver.objects.get().to_unit_id == planned.unit("SH-2")
    assert planned.task("month films").state == TaskState.HANDED_OVER


@pytest.mark.parametrize("missing", ["task", "to", "number", "decided_on", "reason"])
def test_a_decision_that_says_too_little_is_refused(planned: World, sign_in: SignIn, missing: str) -> None:
    Unit.objects.filter(code="SH-3").update(ends_on=date(2026, 11, 16))
    sent = {
        "task": str(planned.tasks["month films"].pk),
        "to": str(planned.unit("SH-2")),
        "number": "12/QĐ-BTL",
        "decided_on": "2026-11-16",
        "reason": "Giải thể đồn",
        "act": "do",
    }

    answer = sign_in("hanh").post("/hand-over/", sent | {missing: ""})

    assert answer.status_code == 409
    assert not HandOver.objects.exists()
