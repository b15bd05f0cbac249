"""How a directive is covered, as its pages show it: by clause, by unit, one clause with its answers and results."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nennep.documents.models import Clause, ClauseAddressee, Dispatch
from nennep.organisation.models import Edge, Unit, UnitName
from nennep.organisation.rules import Line
from nennep.planning.models import ClauseAnswer, Progress, Task
from nennep.planning.services.answers import answer_clause
from tests.cast import NOW, START, Cast
from tests.planning.conftest import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(cast: Cast, clock: Callable[[datetime], None]) -> World:
    del clock
    return make_world(cast)


def client(world: World, username: str) -> Client:
    found = Client()
    found.force_login(world.cast.people[username])
    return found


def page(world: World, username: str, name: str, key: int, **asked: Any) -> str:
    answer = client(world, username).get(reverse(name, args=[key]), asked)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def coverage(world: World, username: str, **asked: Any) -> str:
    return page(world, username, "coverage", world.directive.pk, **asked)


def clause(world: World, username: str, block: str, **asked: Any) -> str:
    return page(world, username, "clause", world.clauses[block].pk, **asked)


# --- the directive --------------------------------------------------------------------------------


def test_the_title_counts_the_clauses_without_a_task(world: World) -> None:
    shown = coverage(world, "kehoach")

    assert "1 điểm chưa có nhiệm vụ" in shown
    assert "Rà soát, phân công lại đảng viên phụ trách hộ." in shown
    assert "2 trên 8 đơn vị có nhiệm vụ" in shown


def test_the_grid_shows_a_province_with_its_posts_and_opens_it(world: World) -> None:
    above = coverage(world, "kehoach")
    below = coverage(world, "kehoach", unit=world.unit("SH"))

    assert f"unit={world.unit('SH')}#units-title" in above
    assert "Đồn BP Nậm Ngà" not in above
    assert "Đồn BP Nậm Ngà" in below
    assert "Đồn BP Lũng Vài" not in below


def test_a_post_sees_its_own_part_alone(world: World) -> None:
    shown = coverage(world, "thanh")

    assert "Đồn BP Nậm Ngà" in shown
    assert "BĐBP Đông Vân" not in shown
    assert "Đơn vị tôi" in shown


def test_a_document_one_may_not_know_has_no_coverage(world: World) -> None:
    Dispatch.objects.filter(unit=world.unit("DV-1")).delete()

    assert client(world, "vai").get(reverse("coverage", args=[world.directive.pk])).status_code == 404
    assert client(world, "khach").get(reverse("clause", args=[world.clauses["1a"].pk])).status_code == 404


def test_the_page_asks_no_more_of_the_database_for_more_clauses_and_units(world: World) -> None:
    who, address = client(world, "kehoach"), reverse("coverage", args=[world.directive.pk])
    who.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        who.get(address)
    _grow(world)

    with CaptureQueriesContext(connection) as many:
        answer = who.get(address)

    assert len(many) == len(few) > 5
    assert "Đơn vị 7" in answer.content.decode()


def _grow(world: World) -> None:
    for number in range(8):
        unit = Unit.objects.create(code=f"N-{number}", kind="province_command", starts_on=START)
        UnitName.objects.create(unit=unit, name=f"Đơn vị {number}", short_name=f"Đơn vị {number}", starts_on=START)
        for line in (Line.COMMAND, Line.PROFESSIONAL):
            Edge.objects.create(unit=unit, parent_id=world.unit("HQ"), line=line, starts_on=START)
        Dispatch.objects.create(document=world.directive, unit=unit, sent_at=NOW)
        Clause.objects.create(
            document=world.directive, block=f"n{number}", label=f"9.{number}", text="Việc.", position=9
        )


# --- one clause -----------------------------------------------------------------------------------


def test_a_clause_names_the_silent_units_and_those_with_tasks(world: World) -> None:
    every = clause(world, "kehoach", "1b")
    silent = clause(world, "kehoach", "1b", standing="silent")

    assert "BĐBP Sơn Hà" in every
    assert world.plan("HQ year").title in every
    assert world.plan("HQ year").title not in silent
    assert "BĐBP Đông Vân" in silent


def test_finer_tasks_are_counted_under_the_one_that_they_detail(world: World) -> None:
    shown = clause(world, "hanh", "1b")

    assert shown.count(world.task("quarter law").title) == 0
    assert "nhiệm vụ cụ thể hóa" in shown


def test_evidence_leads_to_the_report_that_proves_a_task(world: World) -> None:
    version = world.cast.hand_in("thanh")
    Progress.objects.create(
        task=world.tasks["year law"],
        percent=60,
        evidence=[{"kind": "version", "key": str(version.pk), "label": "Báo cáo tháng 11"}],
        at=NOW,
        person_name="x",
        post_title="y",
    )
    address = reverse("report-version", args=[version.report_id, version.number])

    assert address in clause(world, "kehoach", "1b")
    assert address not in clause(world, "dong", "1b", unit=world.unit("DV"))


def test_a_target_without_a_report_is_not_nought(world: World) -> None:
    shown = clause(world, "kehoach", "1b")

    assert "3.000" in shown
    assert "chưa có số báo cáo; không tính là 0" in shown


def test_units_are_paged_with_the_filter_kept(world: World) -> None:
    for number in range(60):
        unit = Unit.objects.create(code=f"N-{number}", kind="post", starts_on=START)
        UnitName.objects.create(unit=unit, name=f"Đồn {number}", short_name=f"Đồn {number}", starts_on=START)
        Edge.objects.create(unit=unit, parent_id=world.unit("DV"), line=Line.COMMAND, starts_on=START)
        ClauseAddressee.objects.create(clause=world.clauses["3"], unit=unit)

    first = clause(world, "kehoach", "3", standing="silent")
    last = clause(world, "kehoach", "3", standing="silent", page=2)

    assert "standing=silent&amp;page=2" in first or "page=2&amp;standing=silent" in first
    assert "Đồn 0<" in first
    assert "Đồn 0<" not in last


# --- acts -----------------------------------------------------------------------------------------


def test_a_unit_says_why_it_has_no_task(world: World) -> None:
    post = client(world, "vai").post
    address = reverse("answer-clause", args=[world.clauses["1a"].pk])

    answer = post(address, {"reason": "Đã làm xong trong năm 2025."})

    assert answer.status_code == 302
    assert ClauseAnswer.objects.get().unit_id == world.unit("DV-1")
    assert "Đã làm xong trong năm 2025." in clause(world, "kehoach", "1a")


def test_a_refused_answer_comes_back_as_it_was_typed(world: World) -> None:
    long = "không " * 120
    answer = client(world, "vai").post(reverse("answer-clause", args=[world.clauses["1a"].pk]), {"reason": long})

    assert answer.status_code == 400
    assert long.strip() in answer.content.decode()
    assert not ClauseAnswer.objects.exists()


def test_a_unit_that_is_not_addressed_is_told_so(world: World) -> None:
    answer = client(world, "vai").post(reverse("answer-clause", args=[world.clauses["3"].pk]), {"reason": "Không."})

    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def test_an_answer_given_while_the_clause_is_withdrawn_loses_nothing(world: World) -> None:
    Clause.objects.filter(pk=world.clauses["1a"].pk).update(withdrawn_on=NOW.date(), withdrawn_reason="Trùng.")

    answer = client(world, "vai").post(reverse("answer-clause", args=[world.clauses["1a"].pk]), {"reason": "Vì…"})

    assert answer.status_code == 400
    assert "Trùng." in answer.content.decode()


def test_the_issuer_withdraws_a_clause_and_its_open_tasks_are_named(world: World) -> None:
    address = reverse("withdraw-clause", args=[world.clauses["1b"].pk])
    assert client(world, "hanh").post(address, {"withdrawing": "x"}).status_code == 404

    refused = client(world, "kehoach").post(address, {"withdrawing": " "})
    done = client(world, "kehoach").post(address, {"withdrawing": "Trùng với chỉ thị khác"})

    assert (refused.status_code, done.status_code) == (400, 302)
    shown = clause(world, "kehoach", "1b")
    assert "Trùng với chỉ thị khác" in shown
    assert "nhiệm vụ vẫn đang mở" in shown
    assert Task.objects.filter(clauses=world.clauses["1b"]).exists()


def test_who_answered_stands_beside_the_answer(world: World) -> None:
    answer_clause(world.clauses["2"].pk, "Chưa có chi bộ thôn.", by=world.cast.actor("vai"))

    shown = clause(world, "dong", "2", standing="explained")

    assert "Chưa có chi bộ thôn." in shown
    assert "Nông Văn Vài" in shown
