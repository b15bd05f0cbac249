"""What every test may ask for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from nennep.synthesis import figures
from tests.cast import NOW, Cast, make_cast
from tests.engines import ByFile, runs_on_postgres, turn


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """Two workers share the files as `tests/engines.py` says."""
    return ByFile(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long files first; on PostgreSQL only what can tell one engine from another."""
    if connection.vendor == "postgresql":
        left_out = [item for item in items if not runs_on_postgres(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if runs_on_postgres(item)]
    items.sort(key=turn)


@pytest.fixture(autouse=True)
def _sealed_apart(settings: Settings, tmp_path: Path) -> None:
    """Closed books and kept files of a test go to folders of its own."""
    settings.SEALED = tmp_path / "sealed"
    settings.ORIGINALS = tmp_path / "originals"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """A test's database is not the one before it, though its keys begin at the same numbers."""
    figures.forget()


@pytest.fixture
def cast(db: None) -> Cast:  # noqa: ARG001 -- the database must be there first
    """The small invented organisation of tests/cast.py."""
    return make_cast()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the server's clock for the pages; it stands at NOW until it is set."""

    def set_to(at: datetime) -> None:
        for place in ("nennep.site.now", "nennep.site.acting"):
            monkeypatch.setattr(f"{place}.instant", lambda: at)

    set_to(NOW)
    return set_to


@pytest.fixture
def sign_in(cast: Cast, clock: Callable[[datetime], None]) -> Callable[[str], Client]:
    """A browser in which a person of the cast is signed in."""
    del clock

    def signed_in(username: str) -> Client:
        client = Client()
        client.force_login(cast.people[username], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
