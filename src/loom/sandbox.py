"""Opens files that nobody vouches for, each in a process of its own that can do nothing but answer.

A process that crashes, hangs or takes too much is ended and replaced, and its file is answered with the reason; the
other files come through. What a file holds goes back to who asked and nowhere else.

For speed a process reads one file after another. A file that took its process over could therefore lie about the files
that this process is given later, until it is replaced; it could do nothing else, and its answers are checked for type.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any

import loom
from loom._confine import confine
from loom._reading import Reading
from loom._wire import BadMessage, received, sent
from loom.files import MOST_BYTES, Member, Noted, Opened, Secret, Unreadable, Why, is_archive, members_of, text_of
from loom.files.cells import Cells, cells_of

__all__ = ["File", "Outcome", "cells_safely", "confine", "enforced", "read_safely", "work"]

File = tuple[str, bytes] | Path

# -I: no folder of the caller, no variable of the environment decides what is loaded.
_COMMAND: tuple[str, ...] = (sys.executable, "-I", "-B", "-m", "loom.sandbox")
_HEAD = struct.Struct(">II")
_LONGEST_ANSWER = 256 * 1024 * 1024
_START_SECONDS = 30
_MOST_WORKERS = 4
# The process ended, or said something that is no answer: whoever took it over may say anything.
_NO_ANSWER = (
    OSError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
    struct.error,
    BadMessage,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one file: its text and what was read in it, or `why` there is neither.

    A member of an archive has an outcome of its own, named `archive.zip/member.docx`, and `content` is what was taken
    out for it. `facts` are the numbers that belong to the reason, `cause` a place in the program where it failed:
    neither holds a word of the file.
    """

    name: str
    content: bytes = field(default=b"", repr=False)
    opened: Opened | None = field(default=None, repr=False)
    reading: Reading | None = field(default=None, repr=False)
    why: Why | None = None
    facts: Mapping[str, int] = field(default_factory=dict)
    cause: str = ""
    notes: tuple[Noted, ...] = ()


def read_safely(
    files: Iterable[File], *, seconds: int = 20, megabytes: int = 512, workers: int = 0, reads: bool = True
) -> Iterator[Outcome]:
    """Open every file and read its text, in the order given; an archive's members in its place.

    Each file has `seconds` and `megabytes`; what takes more is an outcome like any other. Without `reads` the text is
    fetched only. As many files as there are `workers` (0: the machine's processors, four at most) are open at once, and
    hardly more are held in memory. Raises nothing for what a file holds.
    """
    count = workers or min(os.cpu_count() or 1, _MOST_WORKERS)
    limits = _Limits(seconds, megabytes)
    free: SimpleQueue[_Worker] = SimpleQueue()
    started = [_Worker(limits) for _ in range(count)]
    for worker in started:
        free.put(worker)
    try:
        with ThreadPoolExecutor(count) as threads:
            yield from _in_order(threads, free, files, reads=reads)
    finally:
        for worker in started:
            worker.close()


def cells_safely(name: str, content: bytes, *, seconds: int = 20, megabytes: int = 512) -> Cells:
    """The cells of a workbook, read in a process of its own.

    Raises Secret and Unreadable as `loom.files.cells.cells_of` does, and Unreadable for what takes more than `seconds`
    or `megabytes`, or crashes.
    """
    worker = _Worker(_Limits(seconds, megabytes))
    try:
        cells = worker.ask_cells(name, content)
    finally:
        worker.close()
    if isinstance(cells, Cells):
        return cells
    why, facts = cells
    raise Secret if why is Why.SECRET else Unreadable(why, **facts)


@cache
def enforced() -> frozenset[str]:
    """The bounds that hold here, each tried in a process that was just shut in (`loom._confine`), and `wall-clock`."""
    worker = _Worker(_Limits(20, 512))
    try:
        return worker.start() | {"wall-clock"}
    finally:
        worker.close()


# --- the side that asks ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Limits:
    seconds: int
    megabytes: int


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a process said of a file: an outcome, or the members of an archive, of which each is a file again."""

    outcome: Outcome
    members: tuple[Member, ...] = ()


def _in_order(
    threads: ThreadPoolExecutor, free: SimpleQueue[_Worker], files: Iterable[File], *, reads: bool
) -> Iterator[Outcome]:
    """Keep the workers busy, a few files ahead of who takes the outcomes."""
    ahead = 2 * free.qsize()
    waiting: deque[Future[_Answer]] = deque()
    coming = iter(files)

    def ask(name: str, content: bytes, member: Member | None = None) -> Future[_Answer]:
        return threads.submit(_asked, free, name, content, reads=reads, member=member)

    try:
        while True:
            while len(waiting) < ahead and (file := next(coming, None)) is not None:
                fetched = _fetched(file)
                waiting.append(_done(fetched) if isinstance(fetched, Outcome) else ask(*fetched))
            if not waiting:
                return
            answer = waiting.popleft().result()
            members = [
                _refused_member(f"{answer.outcome.name}/{member.name}", member)
                if member.why
                else ask(f"{answer.outcome.name}/{member.name}", member.content, member)
                for member in answer.members
            ]
            waiting.extendleft(reversed(members))
            if not answer.members:
                yield answer.outcome
    finally:
        for each in waiting:
            each.cancel()


def _fetched(file: File) -> tuple[str, bytes] | Outcome:
    """A file's name and bytes, or the outcome of one that is too large to fetch or cannot be fetched."""
    name = file[0] if isinstance(file, tuple) else str(file)
    try:
        size = len(file[1]) if isinstance(file, tuple) else file.stat().st_size
        if size > MOST_BYTES:
            return Outcome(name, why=Why.TOO_LARGE, facts={"most": MOST_BYTES})
        return file if isinstance(file, tuple) else (name, file.read_bytes())
    except OSError as error:
        return Outcome(name, why=Why.DAMAGED, cause=type(error).__name__)


def _refused_member(name: str, member: Member) -> Future[_Answer]:
    return _done(Outcome(name, why=member.why, notes=member.notes))


def _done(outcome: Outcome) -> Future[_Answer]:
    future: Future[_Answer] = Future()
    future.set_result(_Answer(outcome))
    return future


def _asked(free: SimpleQueue[_Worker], name: str, content: bytes, *, reads: bool, member: Member | None) -> _Answer:
    worker = free.get()
    try:
        answer = worker.ask(name, content, reads=reads, is_member=member is not None)
    finally:
        free.put(worker)
    return replace(answer, outcome=replace(answer.outcome, notes=member.notes)) if member else answer


class _Worker:
    """A process that opens files, and its successors: one that ended is replaced when the next file comes."""

    def __init__(self, limits: _Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._is_late = False

    def start(self) -> frozenset[str]:
        """Begin a process and return the bounds that hold in it."""
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell, nothing from a file
            [*_COMMAND, str(self._limits.seconds), str(self._limits.megabytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            start_new_session=True,
        )
        with self._watched(_START_SECONDS):
            header, _ = self._hear()
        return frozenset(received(tuple[str, ...], header.get("enforced")))

    def ask(self, name: str, content: bytes, *, reads: bool, is_member: bool) -> _Answer:
        """What comes of a file. A process that fails is ended, and the failure is the answer."""
        try:
            self._make_ready()
            with self._watched(self._limits.seconds):
                _send(self._pipe("stdin"), {"name": name, "reads": reads, "is_member": is_member}, content)
                answer = self._answer(name, content)
        except _NO_ANSWER:
            return _Answer(Outcome(name, content, why=self._cause_of_death()))
        return answer

    def ask_cells(self, name: str, content: bytes) -> Cells | tuple[Why, dict[str, int]]:
        """The cells of a workbook, or why there are none."""
        try:
            self._make_ready()
            with self._watched(self._limits.seconds):
                _send(self._pipe("stdin"), {"name": name, "cells": True}, content)
                header, _ = self._hear()
            if header.get("why"):
                return Why(header["why"]), _facts(header)
            return received(Cells, header["cells"])
        except _NO_ANSWER:
            return self._cause_of_death(), {}

    def _make_ready(self) -> None:
        """See that there is a process: a watch that came a moment late may have ended the last one after its answer."""
        if self._is_late or (self._process and self._process.poll() is not None):
            self.close()
            self._is_late = False
        if self._process is None:
            self.start()

    def close(self) -> None:
        """End the process."""
        if self._process is None:
            return
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()
        self._process.wait()
        self._process = None

    def _answer(self, name: str, content: bytes) -> _Answer:
        members: list[Member] = []
        while True:
            header, body = self._hear()
            if "member" in header:
                notes, why = received(_Notes, header["member"][1]), header["member"][2]
                members.append(Member(received(str, header["member"][0]), body, notes, Why(why) if why else None))
                continue
            if header.get("is_last"):
                self.close()
            why = Why(header["why"]) if header.get("why") else None
            if header.get("is_archive") and why is None:
                return _Answer(Outcome(name, why=None if members else Why.EMPTY), tuple(members))
            return _Answer(_outcome(name, content, header, why))

    def _hear(self) -> tuple[dict[str, Any], bytes]:
        header, body = _receive(self._pipe("stdout"))
        return header, body

    def _pipe(self, name: str) -> IO[bytes]:
        pipe: IO[bytes] | None = getattr(self._process, name)
        if pipe is None:
            raise EOFError
        return pipe

    def _watched(self, seconds: float) -> _Watch:
        return _Watch(self, seconds)

    def overdue(self) -> None:
        """Called by the watch when the time is over."""
        self._is_late = True
        if self._process:
            self._process.kill()

    def _cause_of_death(self) -> Why:
        """Why the process does not answer; it is ended if it has not ended itself."""
        process, is_late = self._process, self._is_late
        self._is_late = False
        if process is None:
            return Why.CRASHED
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=1)
        ended_by = -(process.returncode or 0)
        self.close()
        if is_late or ended_by == signal.SIGXCPU:
            return Why.TOO_SLOW
        # Nobody here sent it: the machine was short of memory.
        return Why.TOO_HUNGRY if ended_by == signal.SIGKILL else Why.CRASHED


class _Watch:
    """Ends a worker's process when a while has passed and the work within is not done."""

    def __init__(self, worker: _Worker, seconds: float) -> None:
        self._timer = threading.Timer(seconds, worker.overdue)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


@dataclass(frozen=True, slots=True)
class _Success:
    opened: Opened
    reading: Reading | None


_Notes = tuple[Noted, ...]


def _outcome(name: str, content: bytes, header: dict[str, Any], why: Why | None) -> Outcome:
    if why is not None:
        cause = received(str, header.get("cause", ""))[:200]
        return Outcome(name, content, why=why, facts=_facts(header), cause=cause)
    success = received(_Success, header["success"])
    reading = success.reading and replace(success.reading, name=name)
    return Outcome(name, content, success.opened, reading)


def _facts(header: dict[str, Any]) -> dict[str, int]:
    return {received(str, key): received(int, value) for key, value in dict(header.get("facts", {})).items()}


# --- what goes between the two --------------------------------------------------------------------


def _send(pipe: IO[bytes], header: dict[str, Any], body: bytes = b"") -> None:
    written = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    pipe.write(_HEAD.pack(len(written), len(body)) + written)
    pipe.write(body)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    header_length, body_length = _HEAD.unpack(_exactly(pipe, _HEAD.size))
    if max(header_length, body_length) > _LONGEST_ANSWER:
        raise BadMessage
    header = json.loads(_exactly(pipe, header_length))
    if not isinstance(header, dict):
        raise BadMessage
    return header, _exactly(pipe, body_length)


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    content = pipe.read(length)
    if len(content) < length:
        raise EOFError
    return content


# --- the side that is shut in ---------------------------------------------------------------------


def work(seconds: int, megabytes: int) -> None:
    """Shut this process in, then answer until nobody asks any more."""
    asks, answers = sys.stdin.buffer, sys.stdout.buffer
    _load_all()
    _send(answers, {"enforced": sorted(confine(seconds=seconds, megabytes=megabytes))})
    while True:
        try:
            header, content = _receive(asks)
        except EOFError:
            return
        said = _said(answers, header, content)
        del content
        # The bound on processor time counts from the start: who has used half of it makes room for another, and so
        # does who failed in a way that was not foreseen.
        said["is_last"] = said.get("why") in {Why.TOO_HUNGRY, Why.CRASHED} or time.process_time() > seconds
        _send(answers, said)
        if said["is_last"]:
            return


def _said(answers: IO[bytes], header: dict[str, Any], content: bytes) -> dict[str, Any]:
    """What to say of a file; a failure of whatever kind is said, with its place in the program and nothing else."""
    try:
        if header.get("cells"):
            return {"cells": sent(cells_of(content, header["name"]))}
        if is_archive(content):
            return _said_of_archive(answers, content, is_member=header["is_member"])
        opened = text_of(content, header["name"])
        reading = loom.read(opened.text) if header["reads"] else None
        return {"success": sent(_Success(opened, reading))}
    except Unreadable as error:
        return {"why": error.why.value, "facts": error.facts}
    except MemoryError:
        gc.collect()
        return {"why": Why.TOO_HUNGRY.value}
    except Exception as error:  # noqa: BLE001 - whatever a file does to its reader is an answer, never the end
        return {"why": Why.CRASHED.value, "cause": _place(error)}


def _said_of_archive(answers: IO[bytes], content: bytes, *, is_member: bool) -> dict[str, Any]:
    if is_member:
        raise Unreadable(Why.NESTED_ARCHIVE)
    for member in members_of(content):
        _send(answers, {"member": [member.name, sent(member.notes), sent(member.why)]}, member.content)
    return {"is_archive": True}


def _place(error: Exception) -> str:
    """`IndexError in _word.py:120`: what failed and where, without what it failed on."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f" in {Path(frame.filename).name}:{frame.lineno}" for frame in last)
    return type(error).__name__ + where


def _load_all() -> None:
    """Load now what could not be loaded later: the libraries, the codecs, and whatever reading a text needs."""
    import pypdfium2  # type: ignore[import-untyped]  # noqa: F401 - loaded for later; the package has no types
    import python_calamine  # noqa: F401 - loaded for later

    for codec in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "cp1258", "cp437", "latin-1"):
        "a".encode(codec)
    text_of("Kết quả: tuần tra 1.151 lượt tổ.".encode(), "warm.txt")
    loom.read("I. KẾT QUẢ\n- Tuần tra 1.151 lượt tổ/3.548 lượt cán bộ, tăng 4,6%.")


if __name__ == "__main__":
    work(int(sys.argv[1]), int(sys.argv[2]))
