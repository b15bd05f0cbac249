"""Where the figures and statements of a report came from, when a file gave them: the file and the place in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import Truncator

from nennep.intake import queries
from nennep.intake.models import Origin, Point, Proposal
from nennep.reporting.rules.content import Content


@dataclass(frozen=True)
class FromFile:
    """A file's name, the words in it that were taken, and the address of that place."""

    name: str
    quote: str
    url: str


#: A statement is told by its beginning.
_LONGEST_QUOTE = 120


def from_files(report_id: int, content: Content, *, until: datetime | None = None) -> Mapping[str, FromFile]:
    """The files that filled the places of a draft or a version (as of `until`), by `cell:<indicator>` and
    `statement:<id>`. Two queries.
    """
    figures = queries.origins(report_id, content, until=until)
    statements = queries.points_taken(report_id, content, until=until)
    return {f"cell:{code}": _of_figure(origin) for code, origin in figures.items()} | {
        f"statement:{id_}": _of_statement(point) for id_, point in statements.items()
    }


def _of_figure(origin: Origin) -> FromFile:
    return FromFile(origin.proposal.upload.name, origin.proposal.quote, _address(origin.proposal))


def _of_statement(point: Point) -> FromFile:
    return FromFile(point.upload.name, Truncator(point.taken).chars(_LONGEST_QUOTE), _address(point))


def _address(source: Proposal | Point) -> str:
    if source.start is not None:
        question, anchor = {"at": f"{source.start}-{source.end}"}, "#here"
    else:
        question, anchor = {"place": source.place}, ""
    return f"{reverse('upload-source', args=[source.upload_id])}?{urlencode(question)}{anchor}"
