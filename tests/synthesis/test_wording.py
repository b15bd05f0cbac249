"""The language model that may propose a wording: asked only on request, checked always, and never needed."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from typing import Any

import pytest

import loom
from nennep.journal import queries as journal
from nennep.organisation.rules import NotAuthorised
from nennep.synthesis import queries, services
from nennep.synthesis.wording import Endpoint, WordingFailed, propose
from tests.cast import Cast
from tests.synthesis.test_groups import LATE, begin, group, hand_in

SENTENCES = (
    "Ngày 05/11/2026, Đồn Biên phòng Tả Lùng tổ chức 12 buổi tuyên truyền tại xã Pá Hu.",
    "Tuyên truyền pháp luật ở các bản biên giới còn ít.",
)
HONEST = "Các đơn vị tổ chức tuyên truyền pháp luật."


@dataclass
class Model:
    """A small stand-in for a language model: `answer` writes what it answers; `asked` is what it was asked."""

    answer: Callable[[BaseHTTPRequestHandler], None] = lambda _handler: None
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    url: str = ""

    def says(self, text: str) -> None:
        self.answer = lambda handler: _written(handler, _saying(text))

    def endpoint(self, **changed: Any) -> Endpoint:
        return Endpoint(**{"url": self.url, "model": "nho", "seconds": 5.0, **changed})


def _saying(text: object) -> bytes:
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()


def _written(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def model() -> Iterator[Model]:
    stand_in = Model()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            stand_in.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            stand_in.keys.append(self.headers.get("Authorization", ""))
            stand_in.paths.append(self.path)
            try:
                stand_in.answer(self)
            except OSError:  # whoever asked did not wait
                self.close_connection = True

        def log_message(self, *_args: object) -> None:
            """Nothing on the screen of the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    stand_in.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    yield stand_in
    server.shutdown()
    server.server_close()
    thread.join()


# --- what comes back ----------------------------------------------------------------------------------


def test_an_honest_proposal_may_be_used(model: Model) -> None:
    model.says(f"“{HONEST}”\n")

    found = propose(model.endpoint(key="chìa".encode().hex()), SENTENCES)

    assert (found.text, found.may_be_used) == (HONEST, True)
    assert model.paths == ["/v1/chat/completions"]
    assert model.keys == [f"Bearer {'chìa'.encode().hex()}"]
    (asked,) = model.asked
    assert asked["model"] == "nho"
    assert all(sentence in asked["messages"][1]["content"] for sentence in SENTENCES)


@pytest.mark.parametrize(
    ("lie", "what"),
    [
        ("Các đơn vị tổ chức 19 buổi tuyên truyền.", loom.Held.NUMBER),
        ("Đồn Biên phòng Sen Thượng tổ chức tuyên truyền.", loom.Held.NAME),
        ("Ngày 06/11/2026, các đơn vị tổ chức tuyên truyền.", loom.Held.DATE),
        ("Các đơn vị tổ chức tuyên truyền {law.sessions} lần.", loom.Held.SIGN),
        ("Tuyên truyền không hiệu quả.", loom.Held.DENIAL),
    ],
)
def test_a_lying_proposal_is_refused_with_what_is_wrong(model: Model, lie: str, what: loom.Held) -> None:
    model.says(lie)

    found = propose(model.endpoint(), SENTENCES)

    assert not found.may_be_used
    assert what in {one.what for one in found.unfaithful}


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda handler: _written(handler, b"<html>not here</html>"), "unreadable"),
        (lambda handler: _written(handler, b'{"choices": []}'), "unreadable"),
        (lambda handler: _written(handler, b'{"choices": 3}'), "unreadable"),
        (lambda handler: _written(handler, b"[" * 50_000), "unreadable"),
        (lambda handler: _written(handler, _saying(None)), "unreadable"),
        (lambda handler: _written(handler, _saying(" \u200b ")), "unreadable"),
        (lambda handler: _written(handler, b"\xff\xfe"), "unreadable"),
        (lambda handler: _written(handler, b"busy", 503), "refused"),
        (lambda handler: _written(handler, b"", 302, Location="http://127.0.0.1:9/"), "refused"),
        (lambda handler: _written(handler, b" " * 200_000), "too_long"),
        (lambda handler: _written(handler, _saying("ổ" * 5_000)), "too_long"),
        (lambda handler: handler.wfile.write(b"no such protocol\r\n\r\n"), "unreachable"),
    ],
)
def test_a_broken_answer_is_said_to_be_broken_and_nothing_else_happens(
    model: Model, answer: Callable[[BaseHTTPRequestHandler], None], why: str
) -> None:
    model.answer = answer

    with pytest.raises(WordingFailed) as failed:
        propose(model.endpoint(), SENTENCES)

    assert failed.value.why == why


def test_a_model_that_does_not_answer_is_not_waited_for(model: Model) -> None:
    model.answer = lambda _handler: sleep(1.0)

    with pytest.raises(WordingFailed) as failed:
        propose(model.endpoint(seconds=0.2), SENTENCES)

    assert failed.value.why == "slow"


def test_a_model_that_answers_drop_by_drop_is_not_waited_for(model: Model) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(20):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            sleep(0.1)

    model.answer = drip

    with pytest.raises(WordingFailed) as failed:
        propose(model.endpoint(seconds=0.5), SENTENCES)

    assert failed.value.why == "slow"


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/v1", "file:///etc/passwd", "ftp://127.0.0.1/v1", "khong-phai-dia-chi"]
)
def test_an_address_that_is_none_or_where_nobody_is_cannot_be_reached(url: str) -> None:
    with pytest.raises(WordingFailed) as failed:
        propose(Endpoint(url, "nho", seconds=2.0), SENTENCES)

    assert failed.value.why == "unreachable"


# --- who may ask ----------------------------------------------------------------------------------------


def test_asking_tells_the_journal_and_changes_nothing_of_the_draft(cast: Cast) -> None:
    hand_in(cast, thanh=(LATE[0],), pao=(LATE[1],))
    one = group(begin(cast))

    item, sentences = services.ask_for_wording(one.pk, by=cast.actor("hanh"))

    assert sorted(sentences) == sorted(LATE[:2])
    assert (item.text, item.revision, item.accepted) == (one.text, one.revision, one.accepted)
    (entry,) = journal.about(f"synthesis.draftitem:{one.pk}")
    assert (entry.act, entry.details) == ("synthesis.ask-for-wording", {"sentences": 2})


@pytest.mark.parametrize("username", ["kehoach", "dong", "thanh"])
def test_only_the_unit_s_own_people_may_send_its_sentences(cast: Cast, username: str) -> None:
    hand_in(cast, thanh=(LATE[0],), pao=(LATE[1],))
    one = group(begin(cast))

    with pytest.raises(NotAuthorised):
        services.ask_for_wording(one.pk, by=cast.actor(username))

    assert queries.members([one])
