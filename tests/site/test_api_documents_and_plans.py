"""Programs read papers, clauses, plans and tasks, acknowledge what was sent, and tell how far a task has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nennep.accounts.rules import Scope
from nennep.documents.models import Dispatch, DocumentVersion, Incoming, RegisterEntry, Series
from nennep.documents.rules.text import digest, parse
from nennep.journal.models import Entry
from nennep.planning.models import Progress, Task
from nennep.planning.rules.states import TaskState
from tests.cast import NOW, Cast
from tests.planning.conftest import World, make_world
from tests.site.test_api import Program, program_of

READ, PROGRESS, ACKNOWLEDGE = (Scope.READ,), (Scope.READ, Scope.PROGRESS), (Scope.READ, Scope.ACKNOWLEDGE)
Clock = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def _standing_clock(clock: Clock) -> None:
    del clock


@pytest.fixture
def world(cast: Cast) -> World:
    """A directive with its clauses and the plans that carry it out, with a version that can be read."""
    made = make_world(cast)
    text = parse("1. Tổ chức học tập.\n2. Báo cáo kết quả.")
    made.directive.current_version = DocumentVersion.objects.create(
        document=made.directive,
        number=1,
        subject=made.directive.subject,
        content_data=text.as_json(),
        digest=digest(text, subject=made.directive.subject),
        at=NOW,
        person_name="Trần Quang Hưng",
        post_title="Tư lệnh",
    )
    made.directive.save()
    return made


def register_of_what_comes_in() -> Series:
    return Series.objects.create(code="state_in", name="Văn bản đến", family="state", clause="NĐ 30/2020 Điều 22")


def dispatch_to(world: World, unit: str) -> Dispatch:
    return Dispatch.objects.get(document=world.directive, unit_id=world.unit(unit))


# --- papers ---------------------------------------------------------------------------------------


def test_a_program_finds_the_papers_its_person_sees_and_reads_one(world: World) -> None:
    program = program_of(world.cast, "thanh", READ)

    found = program.get("documents", type="directive").json()
    paper = program.get(f"documents/{world.directive.pk}").json()

    assert (found["total"], found["items"][0]["id"]) == (1, world.directive.pk)
    assert (paper["number"], paper["state"], paper["unit"]["code"]) == ("05-CT/ĐU", "in_force", "HQ")
    assert [version["number"] for version in paper["versions"]] == [1]
    assert paper["own"]["unit"] == world.unit("SH-1")
    assert paper["own"]["acknowledged_at"] is None


def test_a_version_is_read_block_by_block_with_what_each_is_cited_by(world: World) -> None:
    program = program_of(world.cast, "thanh", READ)

    version = program.get(f"documents/{world.directive.pk}/versions/1").json()

    assert [(block["label"], block["text"]) for block in version["blocks"]] == [
        ("1", "Tổ chức học tập."),
        ("2", "Báo cáo kết quả."),
    ]
    assert len(version["digest"]) == 64


def test_who_acknowledged_is_told_to_the_issuer_whole_and_to_others_as_far_as_they_reach(world: World) -> None:
    whole = program_of(world.cast, "kehoach", READ).get(f"documents/{world.directive.pk}/spread").json()
    part = program_of(world.cast, "hanh", READ).get(f"documents/{world.directive.pk}/spread").json()

    assert (whole["sent"], whole["acknowledged"]) == (8, 0)
    assert {row["unit"] for row in part["addressees"]} == {world.unit(code) for code in ("SH", "SH-1", "SH-2", "SH-3")}


def test_what_a_person_does_not_see_is_not_there_for_their_program(world: World) -> None:
    program = program_of(world.cast, "khach", READ)

    assert program.get("documents").json() == {"total": 0, "items": []}
    for address in ("", "/spread", "/clauses", "/versions/1"):
        assert program.get(f"documents/{world.directive.pk}{address}").status_code in {403, 404}


def test_a_filter_with_a_typo_is_refused(world: World) -> None:
    program = program_of(world.cast, "thanh", READ)

    assert program.get("documents", typ="directive").json()["code"] == "unknown_question"
    assert program.get("plans", stat="draft").status_code == 422
    assert world.directive.pk


# --- acknowledging --------------------------------------------------------------------------------


def test_a_program_acknowledges_once_and_the_paper_stands_in_the_units_register(world: World) -> None:
    register_of_what_comes_in()
    sent = dispatch_to(world, "SH-1")
    program = program_of(world.cast, "thanh", ACKNOWLEDGE)

    first = program.put(f"dispatches/{sent.pk}/acknowledgement", {})
    again = program.put(f"dispatches/{sent.pk}/acknowledgement", {})

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert first.json()["acknowledged_at"] is not None
    assert Incoming.objects.get().dispatch_id == sent.pk
    assert RegisterEntry.objects.get().number == 1
    assert Entry.objects.filter(act="documents.acknowledge").count() == 1


def test_nobody_acknowledges_for_another_unit(world: World) -> None:
    register_of_what_comes_in()
    program = program_of(world.cast, "hanh", ACKNOWLEDGE)

    below = program.put(f"dispatches/{dispatch_to(world, 'SH-1').pk}/acknowledgement", {})
    beside = program.put(f"dispatches/{dispatch_to(world, 'DV').pk}/acknowledgement", {})

    assert (below.status_code, beside.status_code) == (403, 404)
    assert not Incoming.objects.exists()


def test_a_recalled_paper_cannot_be_acknowledged_and_the_answer_says_why(world: World) -> None:
    sent = dispatch_to(world, "SH-1")
    sent.voided_at = NOW
    sent.save()

    answer = program_of(world.cast, "thanh", ACKNOWLEDGE).put(f"dispatches/{sent.pk}/acknowledgement", {})

    assert (answer.status_code, answer.json()["code"]) == (409, "recalled")
    assert answer.json()["message"]


# --- clauses --------------------------------------------------------------------------------------


def test_the_clauses_of_a_directive_come_with_their_coverage_in_reach(world: World) -> None:
    rows = program_of(world.cast, "kehoach", READ).get(f"documents/{world.directive.pk}/clauses").json()

    by_label = {row["label"]: row for row in rows}

    assert list(by_label) == ["1a", "1b", "2", "3"]
    assert (by_label["1b"]["indicator"], by_label["1b"]["figure"]) == ("law.listeners", "3000")
    assert by_label["3"]["counts"]["silent"] == by_label["3"]["counts"]["addressed"] == 1
    assert by_label["1a"]["counts"]["under_way"] == 1


def test_a_clause_leads_to_the_units_it_binds_and_to_their_tasks(world: World) -> None:
    clause = world.clauses["1b"]

    told = program_of(world.cast, "hanh", READ).get(f"clauses/{clause.pk}").json()

    standing = {row["unit"]["code"]: row["standing"] for row in told["units"]}
    assert standing["SH"] == "under_way"
    assert set(standing) == {"SH", "SH-1", "SH-2", "SH-3"}
    assert world.tasks["month law"].pk in {row["id"] for row in told["carried_out_by"]}


# --- plans and tasks ------------------------------------------------------------------------------


def test_a_program_reads_plans_by_unit_period_and_day(world: World) -> None:
    program = program_of(world.cast, "hanh", READ)

    own = program.get("plans", unit=str(world.unit("SH"))).json()
    month = program.get("plans", period="2026-11", state="approved").json()
    on_day = program.get("plans", on="2026-02-01").json()

    assert {row["title"].split()[0] for row in own["items"]} == {"SH"}
    assert [row["period"]["code"] for row in month["items"]] == ["2026-11"]
    assert {row["period"]["kind"] for row in on_day["items"]} == {"year"}


def test_a_plan_comes_with_its_tasks_and_how_far_they_are(world: World) -> None:
    plan = world.plans["SH quarter"]

    told = program_of(world.cast, "hanh", READ).get(f"plans/{plan.pk}").json()

    law = next(task for task in told["tasks"] if task["title"].startswith("Đợt tuyên truyền"))
    assert told["texts"]["purpose"] == ["Thực hiện chỉ thị 05."]
    assert [task["id"] for task in told["tasks"]] == [
        world.tasks[name].pk for name in ("quarter study", "quarter law", "quarter review")
    ]
    assert law["target"]["figure"] == "2000"
    assert law["clauses"] == [world.clauses["1b"].pk]
    assert law["progress_from"] == "parts"


def test_more_tasks_ask_no_more_of_the_database(world: World) -> None:
    program, plan = program_of(world.cast, "hanh", READ), world.plans["SH quarter"]
    program.get(f"plans/{plan.pk}")
    with CaptureQueriesContext(
        connection,
    ) as few:
        program.get(f"plans/{plan.pk}")
    source = world.tasks["quarter review"]
    Task.objects.bulk_create(
        Task(
            plan=plan,
            key=f"x{number}",
            order=number,
            title=f"Việc {number}",
            lead_unit_id=world.unit("SH-1"),
            starts_on=source.starts_on,
            due_on=source.due_on,
        )
        for number in range(20, 60)
    )

    with CaptureQueriesContext(connection) as many:
        answer = program.get(f"plans/{plan.pk}")

    assert len(answer.json()["tasks"]) == 43
    assert len(many) <= len(few)


def test_a_plan_that_a_person_does_not_see_is_not_there(world: World) -> None:
    program = program_of(world.cast, "thanh", READ)

    assert program.get(f"plans/{world.plans['HQ year'].pk}").status_code == 404
    assert program.get(f"tasks/{world.tasks['year study'].pk}").status_code == 404
    assert program.get("plans", unit=str(world.unit("SH"))).status_code == 404


# --- progress -------------------------------------------------------------------------------------


def told_of(world: World, name: str, program: Program, **sent: object) -> tuple[int, dict[str, object]]:
    answer = program.put(f"tasks/{world.tasks[name].pk}/progress", sent)
    return answer.status_code, answer.json()


def test_a_program_tells_progress_and_a_repeated_call_keeps_nothing_twice(world: World) -> None:
    program = program_of(world.cast, "hanh", PROGRESS)

    first, kept = told_of(world, "month study", program, percent=40, text="Xong lớp 3.")
    again, same = told_of(world, "month study", program, percent=40, text="Xong lớp 3.")

    assert (first, again) == (201, 200)
    assert kept == same
    assert Progress.objects.filter(task=world.tasks["month study"]).count() == 1
    assert world.task("month study").progress == 40
    assert Entry.objects.filter(act="planning.tell-progress").count() == 1


def test_a_finished_task_says_what_follows_from_its_days(world: World) -> None:
    program = program_of(world.cast, "hanh", PROGRESS)

    status, told = told_of(world, "month study", program, percent=100, text="Đã xong.", finished=True)

    assert (status, told["state"], told["results"]) == (201, "done", ["done", "on_time"])
    assert world.task("month study").state == TaskState.DONE
    refused, problem = told_of(world, "month study", program, percent=10)
    assert (refused, problem["code"]) == (409, "task_not_open")


def test_whoever_reports_for_neither_lead_nor_superior_tells_nothing(world: World) -> None:
    program = program_of(world.cast, "dong", PROGRESS)

    status, _ = told_of(world, "month study", program, percent=40)

    assert status == 404
    assert not Progress.objects.exists()


@pytest.mark.parametrize("sent", [{"percent": 101}, {"percent": "40"}, {"percent": 40, "procent": 4}, {}])
def test_what_is_not_of_the_shape_is_refused_and_nothing_kept(world: World, sent: dict[str, object]) -> None:
    program = program_of(world.cast, "hanh", PROGRESS)

    status, problem = told_of(world, "month study", program, **sent)

    assert (status, problem["code"]) == (422, "not_understood")
    assert not Progress.objects.exists()


def test_evidence_that_is_not_there_is_refused_in_words(world: World) -> None:
    program = program_of(world.cast, "hanh", PROGRESS)

    status, problem = told_of(
        world, "month study", program, percent=40, evidence=[{"kind": "version", "key": "999999"}]
    )

    assert (status, problem["code"]) == (409, "no_such_evidence")
    assert problem["message"]
    assert not Progress.objects.exists()


@pytest.mark.parametrize(
    ("scopes", "reads", "tells", "acknowledges"),
    [
        (READ, 200, 403, 403),
        ((Scope.PROGRESS,), 403, 201, 403),
        ((Scope.ACKNOWLEDGE,), 403, 403, 200),
        ((Scope.SUBMIT,), 403, 403, 403),
    ],
)
def test_a_token_does_only_what_it_was_made_for(
    world: World, scopes: tuple[Scope, ...], reads: int, tells: int, acknowledges: int
) -> None:
    register_of_what_comes_in()
    program = program_of(world.cast, "hanh", scopes)

    read = program.get("plans").status_code
    told, _ = told_of(world, "month study", program, percent=5)
    acknowledged = program.put(f"dispatches/{dispatch_to(world, 'SH').pk}/acknowledgement", {}).status_code

    assert (read, told, acknowledged) == (reads, tells, acknowledges)
