"""What many do at the same moment on connections of their own, on both databases (tests/documents/many_at_once.py)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.databases import new_database

HERE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What came of it all on one kind of database."""
    tmp = tmp_path_factory.mktemp(f"many-{request.param}")
    environment = {**os.environ, "NENNEP_DATABASE": new_database(request.param, tmp), "NENNEP_VAR": str(tmp)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.documents.many_at_once"],
        env=environment,
        cwd=HERE,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_a_thousand_numbers_drawn_by_sixteen_at_once_run_without_gaps_and_none_twice(told: Any) -> None:
    drawn = told["draw"]

    assert drawn["numbers"] == list(range(1, 1001))
    assert (drawn["documents"], drawn["last_number"], drawn["errors"]) == (1000, 1000, [])


def test_two_who_issue_one_document_give_it_one_number(told: Any) -> None:
    assert told["issue"]["same_document"] == [["WrongMove", 1]] * 5


def test_two_documents_that_want_one_kept_number_do_not_both_get_it(told: Any) -> None:
    assert told["issue"]["same_number"] == [["not_kept", "used"]] * 5
    assert told["issue"]["gaps"] == []


def test_two_who_take_in_one_dispatch_make_one_entry_and_a_paper_registered_twice_is_told(told: Any) -> None:
    found = told["receive"]

    assert found["refused"] == [["came_in_before"]] * 5
    assert (found["incoming"], found["numbers"]) == (10, list(range(1, 11)))


def test_of_two_who_save_one_draft_one_is_kept_and_the_other_is_told_and_a_request_is_answered_once(told: Any) -> None:
    assert told["write"]["refused"] == [["StaleDraft", "answered_already", 2]] * 5
    assert told["write"]["opinions"] == 5
