"""While one page is made, what is asked twice is looked up once.

A page asks the same questions in several of its parts: who stands under whom, what counts in this round. Inside
`one_look` the first answer serves them all, so that a page is quick and speaks of one moment. Nothing outlives the
look, and outside one every question is asked anew: an act always sees what it has just written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

_answers: ContextVar[dict[object, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Only for what writes nothing: a page that is read."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def once_a_look(question: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """A question whose arguments are plain values; its answer is shared, so nobody may change it."""

    @wraps(question)
    def asked(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        known = _answers.get()
        if known is None:
            return question(*args, **kwargs)
        key = (question, args, tuple(sorted(kwargs.items())))
        if key not in known:
            known[key] = question(*args, **kwargs)
        answer: Answer = known[key]
        return answer

    return asked
