"""Plans on screen: the list, the board, its way to approval, its texts, what changed, and its papers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.planning.conftest import World, make_world
from tests.cast import Cast

SignIn = Callable[[str], Client]


@pytest.fixture
def planned(cast: Cast) -> World:
    """The cast with a directive of headquarters and plans of three levels that carry it out."""
    return make_world(cast)


def test_every_page_of_a_plan_opens(planned: World, sign_in: SignIn) -> None:
    client = sign_in("hanh")
    for name in ("SH month", "SH week", "SH quarter"):
        pk = planned.plans[name].pk
        for path in ("", "texts/", "changes/", "changes/?pending=1", "tasks/new/", "paper.pdf", "paper.docx", "sheet.xlsx", "sheet.csv"):
            answer = client.get(f"/plans/{pk}/{path}")
            assert answer.status_code == 200, (name, path)
    for task in planned.tasks.values():
        if task.plan.unit_id == planned.unit("SH"):
            for path in ("", "edit/", "drop/"):
                assert client.get(f"/tasks/{task.pk}/{path}").status_code == 200
    assert client.get("/plans/").status_code == 200
    assert client.get("/plans/new/").status_code == 200
