"""Checks Word templates that people upload, and writes papers into them, in a process that can do nothing else.

`loom.sandbox` shuts a process in for reading; this one is shut in the same way for writing. Each call has a process of
its own, bounded in time and memory, which after its start can open no file, no connection and no other process. What it
answers is taken as bytes and plain words: it is never asked to say what is to be run.
"""

import json
import os
import pickle
import subprocess
import sys

from loom.sandbox import confine
from nennep.documents.rules import STATE_LAYOUT_2020, Layout, Paper
from nennep.documents.word_templates import MOST_BYTES, Flaw, Refusal, check_template, template_for, write_docx

SECONDS = 20
MEGABYTES = 768

# -I: no folder of the caller, no variable of the environment decides what is loaded.
_COMMAND = (sys.executable, "-I", "-B", "-m", "nennep.documents.shut_in")
_START_SECONDS = 30
_WRITTEN, _FAILED = b"W", b"F"


class TemplateFailedError(Exception):
    """A template could not be written into: it took too long or too much, or broke the program that wrote."""

    def __init__(self, flaw: Flaw, cause: str = "") -> None:
        super().__init__(f"{flaw} {cause}".strip())
        self.flaw = flaw
        self.cause = cause


def check_safely(data: bytes, *, seconds: int = SECONDS, megabytes: int = MEGABYTES) -> list[Refusal]:
    """Return everything that speaks against a file as a template (`word_templates.check_template`), found shut in.

    A file that takes more than `seconds` or `megabytes`, or breaks its reader, is refused for that.
    """
    if len(data) > MOST_BYTES:
        return [Refusal(Flaw.TOO_LARGE, str(len(data)))]
    try:
        found = json.loads(_asked(("check", data), seconds, megabytes))
        return [Refusal(Flaw(flaw), str(words), str(part), int(number)) for flaw, words, part, number in found]
    except TemplateFailedError as failure:
        return [Refusal(failure.flaw, failure.cause)]


def write_safely(
    paper: Paper, layout: Layout, template: bytes, *, seconds: int = SECONDS, megabytes: int = MEGABYTES
) -> bytes:
    """Return a paper as DOCX, written into someone's template by a process that is shut in.

    Raises TemplateFailedError when it takes more than `seconds` or `megabytes`, or breaks.
    """
    return _asked(("write", paper, layout, template), seconds, megabytes)


def _asked(question: tuple[object, ...], seconds: int, megabytes: int) -> bytes:
    """Return what a new process answers."""
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module, no shell, nothing from a file
            [*_COMMAND, str(seconds), str(megabytes)],
            input=pickle.dumps(question),
            capture_output=True,
            timeout=seconds + _START_SECONDS,
            env={},
            start_new_session=True,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TemplateFailedError(Flaw.TOO_SLOW) from error
    outcome, answer = done.stdout[:1], done.stdout[1:]
    if done.returncode or outcome != _WRITTEN:
        # SIGKILL and SIGXCPU: the bound on processor time was reached.
        flaw = Flaw.TOO_SLOW if done.returncode in {-9, -24} else Flaw.CRASHED
        raise TemplateFailedError(flaw, answer[:80].decode(errors="replace") if outcome == _FAILED else "")
    return answer


# --- the side that is shut in ---------------------------------------------------------------------------------------


def work(seconds: int, megabytes: int) -> None:
    """Load what is needed, shut this process in, answer one question, and end."""
    question = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - written by the process that began this one
    # Whatever is loaded late is loaded now: fonts, codecs, the program's own files.
    check_template(template_for(STATE_LAYOUT_2020))
    confine(seconds=seconds, megabytes=megabytes)
    try:
        answer = _WRITTEN + _answer(*question)
    except Exception as error:  # noqa: BLE001 - a failure of whatever kind is an answer, told by its name alone
        answer = _FAILED + type(error).__name__.encode()
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    os._exit(0)


def _answer(what: str, *given: object) -> bytes:
    match what, given:
        case "check", (bytes() as data,):
            return json.dumps([[r.flaw, r.found, r.part, r.paragraph] for r in check_template(data)]).encode()
        case "write", (Paper() as paper, Layout() as layout, bytes() as template):
            return write_docx(paper, layout, template)
    raise ValueError(what)


if __name__ == "__main__":
    work(int(sys.argv[1]), int(sys.argv[2]))
