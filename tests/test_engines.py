"""What is chosen to run twice, and what is handed out first, is chosen by names that are there."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from tests.engines import LONG, LOOSE, runs_on_postgres, turn

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("name", [*LONG, *LOOSE])
def test_what_is_handed_out_first_or_alone_is_there(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize("name", LOOSE)
def test_a_loose_file_makes_nothing_for_all_its_tests(name: str) -> None:
    source = (ROOT / name).read_text(encoding="utf-8")

    assert "scope=" not in source


def test_a_test_without_a_database_runs_once(request: pytest.FixtureRequest) -> None:
    assert not runs_on_postgres(request.node)
    assert connection.vendor == "sqlite"


@pytest.mark.django_db
def test_a_test_with_a_mark_runs_on_both(request: pytest.FixtureRequest) -> None:
    assert runs_on_postgres(request.node)


def test_a_test_with_a_fixture_that_has_a_database_runs_on_both(request: pytest.FixtureRequest, db: None) -> None:
    del db

    assert runs_on_postgres(request.node)


@pytest.mark.django_db
@pytest.mark.one_engine
def test_a_test_that_says_that_one_engine_is_enough_runs_once(request: pytest.FixtureRequest) -> None:
    assert not runs_on_postgres(request.node)
    assert connection.vendor == "sqlite"


def test_a_short_file_waits_for_the_long_ones(request: pytest.FixtureRequest) -> None:
    assert turn(request.node) == len(LONG)
