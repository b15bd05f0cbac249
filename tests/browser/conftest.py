"""A real Chromium, and a real site for it on a copy of the small demonstration."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser import chromium as finding
from tests.browser.serving import Site, build_demonstration, copy_of, served
from tests.browser.visiting import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of one file. It brings an event loop along, in which no other file could use a
    database.
    """
    program = finding.find_chromium() or finding.install_chromium()
    if program is None:
        pytest.skip(finding.say_missing())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=finding.ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the small demonstration; nobody serves it or writes in it. Workers of one run share it."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    var = shared / "demonstration"
    with (shared / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        built = var / "built"
        if not built.exists():
            build_demonstration(var)
            built.touch()
    return var


@pytest.fixture
def site(demonstration: Path, tmp_path: Path) -> Iterator[Site]:
    """A site that this test may write in."""
    with served(copy_of(demonstration, tmp_path / "var")) as site:
        yield site


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Visit]:
    """A window of its own for a person of the demonstration. Afterwards no window may have complained."""
    windows: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def open_window(username: str = "", **options: Any) -> Visitor:
        context = chromium.new_context(**{"viewport": {"width": 1440, "height": 900}, "locale": "vi-VN", **options})
        windows.append(context)
        one = Visitor(site, context.new_page())
        visitors.append(one)
        return one.sign_in(username) if username else one

    yield open_window
    for context in windows:
        context.close()
    assert [said for one in visitors for said in one.complaints] == []
