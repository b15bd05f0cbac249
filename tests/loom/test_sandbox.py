"""The sandbox: each bound is proved by a reader that tries to pass it, and the other files always come through."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

import loom
from loom import sandbox
from loom._wire import BadMessage, received, sent
from loom.files import MOST_BYTES, Noted, Opened, Type, Why
from loom.sandbox import Outcome, read_safely
from tests.loom import hostile

TEXT = "I. KẾT QUẢ\n- Tuần tra 1.151 lượt tổ/3.548 lượt cán bộ, tăng 4,6%."
SOUND = ("sound.txt", TEXT.encode())
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the filter of system calls is Linux's")
# A reader that does what the file says, in place of the real one: what a file would do that had taken it over.
EVIL = """
import ctypes, os, socket, sys, time
import loom.sandbox as sandbox
real = sandbox.text_of
def text_of(content, name):
    if content.startswith(b'DO '):
        exec(content[3:].decode())
    return real(b'done: ' + str(os.getpid()).encode() if content.startswith(b'DO ') else content, name)
sandbox.text_of = text_of
sandbox.work(int(sys.argv[1]), int(sys.argv[2]))
"""


@pytest.fixture
def evil(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that begin with DO are obeyed."""
    monkeypatch.setattr(sandbox, "_COMMAND", (sys.executable, "-I", "-B", "-c", EVIL))


def outcomes(*files: tuple[str, bytes], seconds: int = 2, workers: int = 1, megabytes: int = 512) -> list[Outcome]:
    return list(read_safely(files, seconds=seconds, workers=workers, megabytes=megabytes))


def done(act: str, **limits: int) -> Outcome:
    """What comes of an act, with a sound file before and behind it."""
    before, outcome, behind = outcomes(SOUND, ("evil.txt", b"DO " + act.encode()), SOUND, **limits)
    assert before.opened is not None
    assert behind.opened is not None
    assert before.opened.text == behind.opened.text == TEXT
    return outcome


@LINUX
def test_every_bound_that_is_promised_holds_here() -> None:
    assert sandbox.enforced() == {
        "memory",
        "processor-time",
        "wall-clock",
        "no-file-writes",
        "few-files",
        "no-core",
        "no-files",
        "no-network",
        "no-processes",
    }


def test_a_reader_that_takes_two_gigabytes_is_refused_them(evil: None) -> None:
    del evil

    assert done("x = bytearray(2 * 1024 ** 3)").why is Why.TOO_HUNGRY


def test_a_reader_that_takes_memory_piece_by_piece_is_refused_too(evil: None) -> None:
    del evil

    assert done("x = []\nwhile True: x.append(bytearray(10 ** 7))").why is Why.TOO_HUNGRY


def test_a_reader_that_sleeps_is_ended(evil: None) -> None:
    del evil
    started = time.monotonic()

    assert done("time.sleep(60)").why is Why.TOO_SLOW
    assert time.monotonic() - started < 15


def test_a_reader_that_never_ends_is_ended(evil: None) -> None:
    del evil

    assert done("while True: pass").why is Why.TOO_SLOW


@LINUX
@pytest.mark.parametrize(
    "act",
    [
        "socket.socket()",
        "socket.socketpair()",
        "open('/etc/passwd').read()",
        "open('/tmp/loom-was-here', 'w')",
        "os.open('/tmp/loom-was-here', os.O_CREAT | os.O_WRONLY)",
        "os.mkdir('/tmp/loom-was-here')",
        "os.unlink('/tmp/loom-not-there')",
        "os.listdir('/')",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "os.kill(os.getppid(), 9)",
    ],
)
def test_what_reaches_outside_is_refused_by_the_system(act: str, evil: None) -> None:
    del evil

    outcome = done(act)

    assert outcome.why is Why.CRASHED
    assert outcome.cause.startswith("PermissionError")
    assert not Path("/tmp/loom-was-here").exists()  # noqa: S108 - the place that must stay empty


@LINUX
def test_a_file_that_is_open_already_takes_no_byte(evil: None, tmp_path: Path) -> None:
    """Without the filter the bound on writing would be all there is: it is tried alone."""
    del evil
    program = (
        "import os, sys; from loom._confine import _is_bounded; import resource, signal\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "f = os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY)\n"
        "assert _is_bounded(resource.RLIMIT_FSIZE, 0)\n"
        "try: os.write(f, b'x')\n"
        "except OSError: print('refused')\n"
    )

    said = subprocess.run([sys.executable, "-c", program, tmp_path / "f"], capture_output=True, text=True, check=True)

    assert said.stdout == "refused\n"
    assert (tmp_path / "f").read_bytes() == b""


@pytest.mark.parametrize(
    "act", ["os.abort()", "ctypes.string_at(0)", "os._exit(0)", "sys.stdout.buffer.write(b'x' * 99)"]
)
def test_a_reader_that_crashes_or_lies_is_replaced(act: str, evil: None) -> None:
    del evil

    assert done(f"{act}\nsys.stdout.flush()").why in {Why.CRASHED, Why.TOO_HUNGRY}


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"success": 5},
        {"success": [["text", "exe", [], [], [], []], None]},
        {"why": "because"},
        {"why": "empty", "facts": 7},
        {"member": 3},
        {"member": ["a"]},
    ],
)
def test_an_answer_that_is_none_is_a_crash_and_no_more(said: dict[str, object], evil: None) -> None:
    del evil

    assert done(f"sandbox._send(sys.stdout.buffer, {said!r})").why is Why.CRASHED


def test_a_failure_names_its_place_and_nothing_of_the_file(evil: None) -> None:
    del evil

    outcome = done("{'a': 1}['điều riêng']")

    assert outcome.why is Why.CRASHED
    assert outcome.cause == "KeyError in <string>:1"


def test_a_process_reads_many_files_and_makes_room_when_its_time_is_half_over(evil: None) -> None:
    del evil
    burn = b"DO s = time.process_time()\nwhile time.process_time() - s < 1: pass"

    told = outcomes(*[(f"{n}.txt", burn) for n in range(6)], seconds=4)

    assert [outcome.why for outcome in told] == [None] * 6
    processes = [outcome.opened.text for outcome in told if outcome.opened]
    assert 1 < len(set(processes)) < 6


def test_what_the_environment_holds_does_not_go_along(evil: None, monkeypatch: pytest.MonkeyPatch) -> None:
    del evil
    monkeypatch.setenv("NENNEP_KEY", "a key")

    assert done("assert 'NENNEP_KEY' not in os.environ").why is None


def test_a_worker_loads_no_framework() -> None:
    loaded = "[name for name in sys.modules if name.startswith(('django', 'nennep'))]"
    program = f"import sys, loom.sandbox as s; s._load_all(); print({loaded})"

    said = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)

    assert said.stdout == "[]\n"


def test_every_kind_and_encoding_is_read_within_the_walls() -> None:
    words = "Đồn Biên phòng tổ chức tuần tra"
    files = [
        ("a.docx", hostile.word(TEXT)),
        ("a.pdf", hostile.pdf("Tuần tra 1.151 lượt tổ")),
        ("a.xlsx", hostile.workbook(["Tuần tra", 1151])),
        ("a.md", TEXT.encode()),
        *[(f"{name}.txt", words.encode(name)) for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32")],
        ("a.zip", hostile.zipped([("b.docx", hostile.word(TEXT)), ("c.txt", TEXT)])),
    ]

    told = outcomes(*files, seconds=20, workers=2)

    assert [outcome.name for outcome in told] == [*[name for name, _ in files[:-1]], "a.zip/b.docx", "a.zip/c.txt"]
    assert [(outcome.name, outcome.why, outcome.cause) for outcome in told if outcome.why] == []


def test_what_is_read_within_is_what_is_read_without() -> None:
    [outcome] = outcomes(SOUND)

    assert outcome.opened == Opened(TEXT, Type.TEXT)
    assert outcome.reading is not None
    assert outcome.reading == replace(loom.read(TEXT), name=SOUND[0])
    assert outcome.content == SOUND[1]


def test_outcomes_come_in_the_order_of_the_files_and_paths_are_opened(tmp_path: Path) -> None:
    paths = []
    for number in range(30):
        paths.append(tmp_path / f"{number}.txt")
        paths[-1].write_text(f"Tuần tra {number} lượt", encoding="utf-8")

    told = list(read_safely(paths, reads=False))

    assert [outcome.name for outcome in told] == [str(path) for path in paths]
    assert [outcome.opened and outcome.opened.text for outcome in told] == [f"Tuần tra {n} lượt" for n in range(30)]
    assert all(outcome.reading is None for outcome in told)


def test_a_file_that_is_too_large_is_not_even_fetched(tmp_path: Path) -> None:
    large = tmp_path / "large.txt"
    with large.open("wb") as target:
        target.truncate(MOST_BYTES + 1)

    [outcome] = read_safely([large])

    assert (outcome.why, outcome.content) == (Why.TOO_LARGE, b"")


def test_a_file_that_is_gone_or_closed_is_an_outcome_and_the_others_come(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Tuần tra 12 lượt", encoding="utf-8")

    gone, there = read_safely([tmp_path / "gone.txt", tmp_path / "a.txt"], workers=1)

    assert (gone.why, gone.cause) == (Why.DAMAGED, "FileNotFoundError")
    assert there.opened is not None


def test_what_was_done_to_a_members_name_is_noted_with_its_text() -> None:
    [outcome] = outcomes(("a.zip", hostile.zipped([("../../b.txt", TEXT)])), seconds=20)

    assert (outcome.name, outcome.notes) == ("a.zip/b.txt", (Noted.RENAMED,))
    assert outcome.opened is not None


def test_no_process_is_left_behind_when_the_reader_stops_early() -> None:
    coming = read_safely([SOUND] * 20, workers=2)
    next(coming)

    coming.close()  # type: ignore[attr-defined]  # a generator

    assert not _children()


def _children() -> list[str]:
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid() and fields[0] != "Z":
            found.append(place.parent.name)
    return found


def test_a_thousand_reports_are_read_in_seconds() -> None:
    report = "\n".join([TEXT] * 25).encode()
    started = time.monotonic()

    count = sum(outcome.why is None for outcome in read_safely((f"{n}.txt", report) for n in range(100)))

    assert count == 100
    # A tenth of the thousand that two processors read in 20 s, with room for a busy machine.
    assert time.monotonic() - started < 6


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Opened, ["text", "docx", []]),
        (Opened, ["text", "exe", [], [], [], []]),
        (Opened, [7, "docx", [], [], [], []]),
        (tuple[str, ...], "abc"),
        (Noted, 5),
        (loom.Span, [1, "2"]),
        (loom.Span, [True, 2]),
    ],
)
def test_an_answer_of_another_type_is_refused(kind: type, value: object) -> None:
    with pytest.raises(BadMessage):
        received(kind, value)


def test_a_reading_goes_over_whole() -> None:
    reading = loom.read(TEXT)

    assert reading.quantities
    assert received(loom.Reading, sent(reading)) == reading
