"""At the deadline everybody hands in at once: nothing is lost, nothing is doubled, and no database is locked.

The real site answers, with two processes, on a database of its own: SQLite always, PostgreSQL where NENNEP_DATABASE
names a server.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.cast import good_content
from tests.databases import new_database
from tests.stories.rush_world import CLIENTS, PASSWORD, ROUNDS

JSON = "application/json"
HERE = Path(__file__).resolve().parents[2]


@dataclass
class Place:
    """A running site: where it is, what its database holds, and the rounds that are open in it."""

    port: int
    environment: Mapping[str, str]
    rounds: list[int]
    log: Path
    browsers: list[Browser] = field(default_factory=list)

    def look(self) -> Any:
        return _world("look", self.environment)


def _world(what: str, environment: Mapping[str, str]) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "tests.stories.rush_world", what],
        env=dict(environment),
        cwd=HERE,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


@pytest.fixture(scope="module", params=[pytest.param("sqlite", marks=pytest.mark.one_engine), "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The site of the rush on one kind of database."""
    tmp = tmp_path_factory.mktemp(f"rush-{request.param}")
    url = new_database(request.param, tmp)
    environment = {**os.environ, "NENNEP_DATABASE": url, "NENNEP_VAR": str(tmp), "NENNEP_SECRET_KEY": "rush"}
    made, port, log = _world("make", environment), _free_port(), tmp / "log"
    command = [str(Path(sys.executable).with_name("nennep")), "serve", "--port", str(port), "--workers", "2"]
    with log.open("w") as told:
        site = subprocess.Popen(command, env=environment, cwd=HERE, stdout=told, stderr=subprocess.STDOUT)
    try:
        _wait_for(port, site, log)
        yield Place(port, environment, made["rounds"], log)
    finally:
        site.terminate()
        site.wait(20)


@pytest.fixture(autouse=True)
def _closed_afterwards(place: Place) -> Iterator[None]:
    yield
    for browser in place.browsers:
        browser.close()
    place.browsers.clear()


def _wait_for(port: int, site: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        assert site.poll() is None, log.read_text()[-2000:]
        browser = Browser(port)
        try:
            if browser.get("/sign-in/").status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            browser.close()
    raise AssertionError(f"the site does not answer: {log.read_text()[-2000:]}")


@dataclass(frozen=True)
class Answer:
    status: int
    location: str
    text: str


@dataclass
class Browser:
    """One person's browser: it keeps cookies and its connection."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    line: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        answer = self._ask("GET", path, None, {})
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.text)
        self.token = found.group(1) if found else self.token
        return answer

    def post(self, path: str, typed: Mapping[str, str], accept: str = "text/html") -> Answer:
        body = urlencode({"csrfmiddlewaretoken": self.token, **typed})
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept})

    def close(self) -> None:
        if self.line is not None:
            self.line.close()

    def _ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Answer:
        self.line = self.line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.line.request(method, path, body, {**headers, "Cookie": cookies})
        response = self.line.getresponse()
        text = response.read().decode()
        for header in response.headers.get_all("Set-Cookie") or []:
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(response.status, response.headers.get("Location", ""), text)


def signed_in(place: Place, username: str) -> Browser:
    browser = Browser(place.port)
    place.browsers.append(browser)
    browser.get("/sign-in/")
    answer = browser.post("/sign-in/", {"username": username, "password": PASSWORD})
    assert answer.status == 302, answer.text[:500]
    assert browser.get("/password/").status == 200  # any page with a form, for its token
    return browser


def report_of(browser: Browser, round_id: int) -> str:
    """The path of one's own report in a round, begun if it was not there."""
    answer = browser.post(f"/rounds/{round_id}/write/", {})
    assert answer.status == 302, (answer.status, answer.text[:500])
    return answer.location.removesuffix("edit/")


def typed(**cells: str) -> dict[str, str]:
    content = good_content(**cells)
    words = {
        "with-statements": "1",
        "statement": "s1",
        "section.s1": "C",
        "kind.s1": "result",
        "text.s1": content.statements[0].text,
    }
    return {**{f"cell.{code}": text for code, text in content.cells.items()}, **words}


def hand_in(browser: Browser, round_id: int) -> int:
    """Begin a report and hand in what the page holds, which saves it as a draft first; the status of the answer."""
    return browser.post(f"{report_of(browser, round_id)}submit/", {**typed(), "revision": "0"}).status


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Do all at once, each in its own thread, and tell what each gave."""
    start = Barrier(len(acts))

    def begun(act: Callable[[], Any]) -> Any:
        start.wait(30)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result() for each in [pool.submit(begun, act) for act in acts]]


def test_two_hundred_reports_from_eight_people_at_once_all_arrive_once(place: Place) -> None:
    browsers = [signed_in(place, f"client{number}") for number in range(CLIENTS)]

    def all_rounds(browser: Browser) -> list[int]:
        return [hand_in(browser, round_id) for round_id in place.rounds]

    answers = together(*(partial(all_rounds, browser) for browser in browsers))

    found = place.look()
    versions = [one for one in found["versions"] if one["unit"].startswith("R-")]
    assert Counter(status for statuses in answers for status in statuses) == {302: CLIENTS * ROUNDS}
    assert len(versions) == CLIENTS * ROUNDS == 200
    assert {(one["round"], one["unit"]) for one in versions} == {
        (round_id, f"R-{number}") for round_id in place.rounds for number in range(CLIENTS)
    }
    assert all(one["number"] == 1 and one["holds"] for one in versions)
    assert (found["doubled"], found["breaks"]) == (0, [])
    assert found["submits"] == len(found["versions"])
    assert "locked" not in place.log.read_text()


def test_two_officers_who_hand_in_the_same_report_make_one_version_and_one_is_told(place: Place) -> None:
    first, second = signed_in(place, "thanh"), signed_in(place, "thanh")
    outcomes = []

    for round_id in place.rounds[:6]:
        path = report_of(first, round_id)
        assert first.post(f"{path}draft/", {**typed(), "revision": "0"}, JSON).status == 200
        outcomes.append(
            sorted(
                answer.status
                for answer in together(
                    partial(first.post, f"{path}submit/", {"revision": "1"}),
                    partial(second.post, f"{path}submit/", {"revision": "1"}),
                )
            )
        )

    versions = [one for one in place.look()["versions"] if one["unit"] == "SH-1"]
    assert outcomes == [[302, 422]] * 6
    assert [one["number"] for one in versions] == [1] * 6


def test_two_people_who_save_the_same_draft_lose_nothing_and_the_second_is_shown_both(place: Place) -> None:
    first, second = signed_in(place, "pao"), signed_in(place, "pao")

    for round_id in place.rounds[:6]:
        path = report_of(first, round_id)
        answers = together(
            partial(first.post, f"{path}draft/", {**typed(patrol__teams="100"), "revision": "0"}, JSON),
            partial(second.post, f"{path}draft/", {**typed(patrol__teams="120"), "revision": "0"}, JSON),
        )

        assert sorted(answer.status for answer in answers) == [200, 409]
        clash = next(answer for answer in answers if answer.status == 409)
        assert all(figure in json.loads(clash.text)["clash"] for figure in ("100", "120"))


def test_two_superiors_who_accept_the_same_report_decide_once(place: Place) -> None:
    post, first, second = signed_in(place, "hu"), signed_in(place, "hanh"), signed_in(place, "hanh")
    before = place.look()["accepted"]
    outcomes = []

    for round_id in place.rounds[:6]:
        assert hand_in(post, round_id) == 302
        path = report_of(post, round_id)
        shown = re.search(r'name="version" value="(\d+)"', first.get(path).text)
        assert shown, "the report shows its superior what there is to accept"
        version = shown.group(1)
        answers = together(
            partial(first.post, f"{path}accept/", {"version": version}),
            partial(second.post, f"{path}accept/", {"version": version}),
        )
        outcomes.append(sorted(answer.status for answer in answers))

    assert outcomes == [[302, 409]] * 6
    assert place.look()["accepted"] == before + 6


def test_books_that_close_while_a_report_is_handed_in_hold_it_or_refuse(place: Place) -> None:
    """Either the report was first and the books wait for its superior, or the books were and it needs a reason."""
    post, top = signed_in(place, "vai"), signed_in(place, "kehoach")
    superior = signed_in(place, "hanh")
    rounds = place.rounds[-6:]
    for version in [one for one in place.look()["versions"] if one["round"] in rounds and one["state"] == "submitted"]:
        assert superior.post(f"/reports/{version['report']}/accept/", {"version": str(version["id"])}).status == 302

    outcomes = []
    for round_id in rounds:
        path = report_of(post, round_id)
        assert post.post(f"{path}draft/", {**typed(), "revision": "0"}, JSON).status == 200
        handed_in, closed = together(
            partial(post.post, f"{path}submit/", {"revision": "1"}),
            partial(top.post, f"/rounds/{round_id}/close/", {"reason": "Hết hạn."}),
        )
        outcomes.append((handed_in.status, closed.status))

    found = place.look()
    for round_id, outcome in zip(rounds, outcomes, strict=True):
        assert outcome in {(302, 409), (422, 302)}
        came = [one for one in found["versions"] if one["round"] == round_id and one["unit"] == "DV-1"]
        assert (len(came), str(round_id) in found["sealed"]) == ((1, False) if outcome[0] == 302 else (0, True))
        assert not any(one["is_correction"] for one in came)
    for round_id, sealed in found["sealed"].items():
        counting = {one["id"] for one in found["versions"] if one["round"] == int(round_id) and one["is_accepted"]}
        assert set(sealed) - {None} == counting
    assert found["breaks"] == []
    assert "locked" not in place.log.read_text()
