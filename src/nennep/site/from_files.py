"""Where the figures of a report came from, when they came out of a file: the file and the place in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.http import urlencode

from nennep.intake import queries
from nennep.intake.models import Origin
from nennep.reporting.rules.content import Content


@dataclass(frozen=True)
class FromFile:
    """A file's name, the words in it that held the figure, and the address of that place."""

    name: str
    quote: str
    url: str


def from_files(report_id: int, content: Content, *, until: datetime | None = None) -> Mapping[str, FromFile]:
    """The files that filled the cells of a draft or a version (as of `until`), by indicator. One query."""
    return {code: _place(origin) for code, origin in queries.origins(report_id, content, until=until).items()}


def _place(origin: Origin) -> FromFile:
    proposal = origin.proposal
    if proposal.start is not None:
        question, anchor = {"at": f"{proposal.start}-{proposal.end}"}, "#here"
    else:
        question, anchor = {"place": proposal.place}, ""
    address = reverse("upload-source", args=[proposal.upload_id])
    return FromFile(proposal.upload.name, proposal.quote, f"{address}?{urlencode(question)}{anchor}")
