"""The list of documents: which of them, in which order; on the page and as a sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from nennep.documents.models import Document
from nennep.documents.queries import dispatches, drafts
from nennep.documents.queries import documents as queries
from nennep.documents.queries.documents import Wanted
from nennep.documents.rules.states import ISSUED_STATES, OPEN_STATES, Direction, Move, State, Urgency
from nennep.documents.sheets import Column, Line, Sheet, render_csv, render_xlsx
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.queries import NamedUnit
from nennep.organisation.rules import Permission
from nennep.search.queries import find
from nennep.search.rules import Kind
from nennep.site.acting import ActingRequest
from nennep.site.document_refusals import DOCUMENT_STATES, cited
from nennep.site.document_words import GROUPS, LOOKS, URGENCIES, group_name, type_in_words
from nennep.site.looking import looking
from nennep.site.report_list import PAGE, TYPES, XLSX, Pages, asked_page
from nennep.site.sayings import in_language

#: So many documents that words find are listed; who needs more narrows the words.
MOST_FOUND = 200
#: A sheet holds at most so many rows.
MOST_ROWS = 20_000
_FIRST_YEAR = 1990


class Tab(StrEnum):
    """The views of the list."""

    ALL = ""
    DRAFTING = "drafting"
    WAITING = "waiting"
    ISSUED = "issued"
    RECEIVED = "received"


TABS: dict[Tab, Promise] = {
    Tab.ALL: later("All in my sight"),
    Tab.DRAFTING: later("Being written"),
    Tab.WAITING: later("Waiting for me"),
    Tab.ISSUED: later("Issued"),
    Tab.RECEIVED: later("Received"),
}


@dataclass(frozen=True)
class Row:
    document: Document
    unit: NamedUnit

    @property
    def number(self) -> str:
        return cited(self.document) if self.document.number else ""

    @property
    def type(self) -> str:
        return type_in_words(self.document.type)

    @property
    def state(self) -> str:
        return str(DOCUMENT_STATES[State(self.document.state)])

    @property
    def look(self) -> tuple[str, str]:
        return LOOKS[State(self.document.state)]

    @property
    def urgency(self) -> str:
        """Empty for what is not urgent: the usual is quiet."""
        urgency = Urgency(self.document.urgency)
        return "" if urgency is Urgency.NORMAL else str(URGENCIES[urgency])


@dataclass(frozen=True)
class ListColumn:
    """A column; `order` are the fields by which the list is sorted."""

    key: str
    head: Promise
    value: Callable[[Row], Any]
    order: tuple[str, ...]
    width: float = 18


COLUMNS: Sequence[ListColumn] = (
    ListColumn("number", later("Number and symbol"), lambda r: r.number, ("symbol", "number"), 20),
    ListColumn("type", later("Type"), lambda r: r.type, ("type__name",), 16),
    ListColumn("subject", later("Subject"), lambda r: r.document.subject, ("subject",), 60),
    ListColumn("unit", later("Issued by"), lambda r: r.unit.short_name, ("unit__code",), 26),
    ListColumn(
        "day",
        later("Day"),
        lambda r: f"{r.document.issued_on:%d/%m/%Y}" if r.document.issued_on else "",
        ("issued_on",),
        12,
    ),
    ListColumn("state", later("State"), lambda r: r.state, ("state",), 20),
    ListColumn("urgency", later("Urgency"), lambda r: r.urgency, ("urgency",), 12),
)


@dataclass(frozen=True)
class Asked:
    """What a list was asked for in its address. What makes no sense is left out."""

    tab: Tab
    state: str
    type: str
    group: str
    year: int | None
    unit: int | None
    words: str
    sort: ListColumn | None
    descending: bool

    @classmethod
    def of(cls, request: ActingRequest) -> Asked:
        get = request.GET
        sort = get.get("sort", "")
        tab, state = get.get("tab", ""), get.get("state", "")
        return cls(
            Tab(tab) if tab in set(Tab) else Tab.ALL,
            state if state in set(State) else "",
            get.get("type", "")[:40],
            get.get("group", "")[:40],
            _number(get.get("year", ""), _FIRST_YEAR),
            _number(get.get("of", ""), 1),
            " ".join(get.get("q", "").split())[:200],
            next((column for column in COLUMNS if column.key == sort.removeprefix("-")), None),
            sort.startswith("-"),
        )

    @property
    def narrows(self) -> bool:
        """Whether a filter is on; a tab is none."""
        return bool(self.state or self.type or self.group or self.year or self.unit or self.words)


def _number(text: str, least: int) -> int | None:
    found = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 -- fits a key
    return found if found >= least else None


def listed(request: ActingRequest) -> dict[str, Any]:
    """What the page of documents shows."""
    by, asked = request.actor, Asked.of(request)
    found = _found(by, asked)
    pages = Pages.of(found.count(), asked_page(request))
    waiting = queries.waiting(by)
    return {
        "asked": asked,
        "columns": COLUMNS,
        "rows": _rows(found[pages.start : pages.start + PAGE], by),
        "pages": pages,
        "tabs": [(tab, name, waiting.all if tab is Tab.WAITING else 0) for tab, name in TABS.items()],
        "states": DOCUMENT_STATES.items(),
        "types": [(code, in_language(name, english or name)) for code, name, english in _types(by)],
        "groups": [(code, group_name(code)) for code in GROUPS],
        "years": [by.today.year - back for back in range(6)],
        "units": looking(request).nearby,
        "question": request.GET.urlencode(),
        "may_configure": Permission.DOCUMENTS_CONFIGURE in by.permissions,
        "may_draft": Permission.DOCUMENTS_DRAFT in by.permissions,
        "opinions": list(drafts.asked_of_me(by)[:20]) if asked.tab is Tab.WAITING else [],
    }


def _types(by: Actor) -> list[tuple[str, str, str]]:
    return [(one.code, one.name, one.name_en) for one in queries.types_on(by.today)]


def _found(by: Actor, asked: Asked) -> QuerySet[Document]:
    ids = None
    if asked.words:
        ids = {hit.key for hit in find(by, asked.words, kinds=[Kind.DOCUMENT], limit=MOST_FOUND).hits}
    states: Iterable[State] = [State(asked.state)] if asked.state else ()
    direction = None
    if asked.tab is Tab.WAITING:
        waiting = _waiting(by)
        ids = waiting if ids is None else ids & waiting
    elif asked.tab is Tab.DRAFTING:
        direction = Direction.OUT
        states = states or [*OPEN_STATES, State.SUBMITTED, State.AGREED, State.SIGNED]
    elif asked.tab is Tab.ISSUED:
        direction = Direction.OUT
        states = states or list(ISSUED_STATES)
    elif asked.tab is Tab.RECEIVED:
        direction = Direction.IN
    wanted = Wanted(list(states), asked.type, asked.group, asked.year, direction, asked.unit, ids)
    found = queries.documents(by, wanted)
    if asked.sort is None:
        return found
    sign = "-" if asked.descending else ""
    return found.order_by(*(f"{sign}{name}" for name in asked.sort.order), "-pk")


def _waiting(by: Actor) -> set[int]:
    """What waits for the actor: to be handed in again, agreed, signed, issued, received, acknowledged, answered."""
    ids: set[int] = set()
    for move in (Move.SUBMIT, Move.AGREE, Move.SIGN, Move.ISSUE):
        ids |= set(queries.waiting_for(by, move).values_list("pk", flat=True))
    if Permission.DOCUMENTS_RECEIVE in by.permissions:
        ids |= set(dispatches.dispatches_to(by, acknowledged=False).values_list("document_id", flat=True))
    if Permission.DOCUMENTS_DRAFT in by.permissions:
        ids |= set(drafts.asked_of_me(by).values_list("version__document_id", flat=True))
    return ids


def _rows(found: Iterable[Document], by: Actor) -> list[Row]:
    shown = list(found)
    names = organisation.units_known_by(by.today, ids={one.unit_id for one in shown})
    return [Row(one, names[one.unit_id]) for one in shown]


def sheet_of(request: ActingRequest, kind: str) -> tuple[str, str, bytes]:
    """The list as a file: its name, its type, and what it holds. Raises Http404 for a kind there is not."""
    if kind not in TYPES:
        raise Http404("no such file")
    by, asked = request.actor, Asked.of(request)
    rows = _rows(_found(by, asked)[:MOST_ROWS], by)
    columns = tuple(Column(str(column.head), column.width) for column in COLUMNS)
    lines = tuple(Line(tuple(column.value(row) for column in COLUMNS)) for row in rows)
    remarks = (
        looking(request).unit.name,
        _("As of %(time)s by the server") % {"time": f"{timezone.localtime(by.at):%d/%m/%Y %H:%M}"},
    )
    sheet = Sheet(_("Documents"), columns, lines, title=str(TABS[asked.tab]), remarks=remarks)
    data = render_xlsx([sheet]) if kind == XLSX else render_csv(sheet)
    return f"van-kien-{by.today.isoformat()}.{kind}", TYPES[kind], data
