"""The registers of a unit: every number given, kept, used on paper or voided; and the register as it prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from nennep.documents.models import DocumentType, Register, RegisterEntry
from nennep.documents.queries import documents as types
from nennep.documents.queries import registers as queries
from nennep.documents.queries import sight
from nennep.documents.rules.language import two_digits
from nennep.documents.rules.numbering import DatedNumber, out_of_order
from nennep.documents.rules.states import Direction, NumberState
from nennep.documents.services import registers as services
from nennep.documents.services.refusals import DocumentsRefused
from nennep.documents.sheets import Column, Line, Sheet, render_csv, render_xlsx
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import Permission
from nennep.site.acting import ActingRequest
from nennep.site.document_refusals import cited, say_documents
from nennep.site.document_words import letters_and_family, type_in_words
from nennep.site.report_list import PAGE, XLSX, Pages, asked_page
from nennep.site.report_list import TYPES as FILE_TYPES
from nennep.site.sayings import in_language

BAD = 400
NUMBER_STATES: Mapping[NumberState, Promise] = {
    NumberState.USED: later("used"),
    NumberState.RESERVED: later("kept"),
    NumberState.PAPER: later("used on paper"),
    NumberState.VOIDED: later("voided"),
}
DIRECTIONS: Mapping[Direction, Promise] = {Direction.OUT: later("outgoing"), Direction.IN: later("incoming")}
_DATED = {NumberState.USED, NumberState.PAPER}


# --- the list -------------------------------------------------------------------------------------


@require_GET
def registers(request: ActingRequest) -> HttpResponse:
    """The registers of the unit and of those under it, newest first; and, for one's own unit, numbers to keep."""
    return _list(request)


def _list(request: ActingRequest, *, problem: str = "") -> HttpResponse:
    by = request.actor
    direction = _direction(request.GET.get("direction", ""))
    own = request.GET.get("whose", "own") != "all"
    found = queries.registers(by, unit_id=by.unit_id if own else None, direction=direction)
    pages = Pages.of(found.count(), asked_page(request))
    shown = list(found[pages.start : pages.start + PAGE])
    names = organisation.units_known_by(by.today, ids={one.unit_id for one in shown})
    context = {
        "section": "documents",
        "registers": [(one, names[one.unit_id], name_of(one)) for one in shown],
        "directions": DIRECTIONS.items(),
        "direction": direction or "",
        "own": own,
        "pages": pages,
        "problem": problem,
        **_acts(by, request.POST),
    }
    return render(request, "registers/list.html", context, status=BAD if problem else 200)


def _acts(by: Actor, asked: Mapping[str, str]) -> dict[str, Any]:
    """What the forms of a register need, for a post that issues documents."""
    if Permission.DOCUMENTS_ISSUE not in by.permissions or by.unit_id is None:
        return {"may_issue": False}
    kind = organisation.unit(by.unit_id, by.today).kind
    return {
        "may_issue": True,
        "types": [(one.pk, type_name(one)) for one in types.types_on(by.today, kind)],
        "today": by.today,
        "most": services.MOST_KEPT_AT_ONCE,
        "asked": asked,
    }


def type_name(type_: DocumentType) -> str:
    """A type in the reader's language, with the letters of its symbol and whether it is the party's."""
    told = letters_and_family(type_)
    return f"{type_in_words(type_)} ({told})" if told else type_in_words(type_)


def name_of(register: Register) -> str:
    """The series of a register in the reader's language, and its year or term."""
    series = in_language(register.series.name, register.series.name_en or register.series.name)
    return f"{series}, {span_name(register)}"


def span_name(register: Register) -> str:
    """The year of a register, or the years of its term."""
    first, end = register.starts_on, register.ends_on
    if end is None:
        return _("from %(year)s") % {"year": first.year}
    return str(first.year) if (end - first).days <= _DAYS_OF_A_YEAR else f"{first.year}-{end.year}"


_DAYS_OF_A_YEAR = 366


def _direction(asked: str) -> Direction | None:
    return Direction(asked) if asked in set(Direction) else None


# --- one register ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Number:
    """One number as its register shows it; `disorder` is the number before it that bears a later day."""

    entry: RegisterEntry
    state: Promise
    name: str
    about: str
    disorder: int | None = None
    may_be_voided: bool = False


@require_GET
def register(request: ActingRequest, register_id: int) -> HttpResponse:
    """The numbers of a register in their order; without a page asked, the newest ones."""
    return _register(request, register_id)


def _register(request: ActingRequest, register_id: int, *, problem: str = "") -> HttpResponse:
    by = request.actor
    found = queries.register(register_id, by=by)
    state = _state(request.GET.get("state", ""))
    rows = queries.entries(found, states=[state] if state else [])
    count = rows.count()
    pages = Pages.of(count, asked_page(request) if "page" in request.GET else count)
    is_own = sight.is_own(by, found.unit_id)
    may_issue = is_own and Permission.DOCUMENTS_ISSUE in by.permissions
    context = {
        "section": "documents",
        "register": found,
        "name": name_of(found),
        "unit": organisation.unit(found.unit_id, by.today),
        "direction": DIRECTIONS[Direction(found.direction)],
        "is_out": found.direction == Direction.OUT,
        "numbers": list(_numbers(rows[pages.start : pages.start + PAGE], may_issue=may_issue)),
        "next_number": found.last_number + 1,
        "states": NUMBER_STATES.items(),
        "state": state or "",
        "pages": pages,
        "problem": problem,
        "asked": request.POST,
        "may_issue": may_issue,
    }
    return render(request, "registers/register.html", context, status=BAD if problem else 200)


def _numbers(rows: Iterable[RegisterEntry], *, may_issue: bool) -> Iterable[Number]:
    before: DatedNumber | None = None
    for entry in rows:
        state = NumberState(entry.state)
        dated = DatedNumber(entry.number, entry.dated_on) if state in _DATED else None
        told = out_of_order(dated, before, None) if dated else None
        open_ = entry.document_id is None and state in {NumberState.RESERVED, NumberState.PAPER}
        yield Number(
            entry,
            NUMBER_STATES[state],
            _symbol(entry),
            _about(entry),
            told.number if told else None,
            may_issue and open_,
        )
        before = dated or before


def _symbol(entry: RegisterEntry) -> str:
    if entry.incoming is not None:
        return f"{entry.incoming.number}/{entry.incoming.symbol}".rstrip("/")
    return cited(entry.document) if entry.document is not None and entry.document.number else ""


def _about(entry: RegisterEntry) -> str:
    if entry.incoming is not None:
        return entry.incoming.subject or _("secret paper, no words kept")
    return entry.document.subject if entry.document is not None else entry.subject


def _state(asked: str) -> NumberState | None:
    return NumberState(asked) if asked in set(NumberState) else None


# --- acts -----------------------------------------------------------------------------------------


@require_POST
def reserve_numbers(request: ActingRequest) -> HttpResponse:
    """Keep the next numbers of a type, with a reason."""
    count, type_id, day = request.POST.get("count", ""), request.POST.get("type", ""), _day(request.POST.get("day", ""))
    if not (count.isascii() and count.isdigit() and type_id.isascii() and type_id.isdigit()) or day is None:
        return _list(request, problem=_("Choose a type, a day and how many numbers."))
    try:
        kept = services.reserve_numbers(
            _type(type_id), day, int(count), request.POST.get("reason", ""), by=request.actor
        )
    except DocumentsRefused as refused:
        return _list(request, problem=say_documents(refused))
    said = ngettext("Number %(first)s is kept.", "Numbers %(first)s to %(last)s are kept.", len(kept))
    messages.success(request, said % {"first": kept[0].number, "last": kept[-1].number})
    return redirect("register", kept[0].register_id)


@require_POST
def enter_paper_number(request: ActingRequest) -> HttpResponse:
    """Enter a number that was used on paper."""
    number, type_id = request.POST.get("number", ""), request.POST.get("type", "")
    day = _day(request.POST.get("day", ""))
    if not (number.isascii() and number.isdigit() and type_id.isascii() and type_id.isdigit()) or day is None:
        return _list(request, problem=_("Choose a type, and give the number and the day that stand on the paper."))
    said = {name: request.POST.get(name, "") for name in ("reason", "subject")}
    try:
        entry = services.enter_paper_number(
            _type(type_id), int(number), day, said["reason"], by=request.actor, subject=said["subject"]
        )
    except DocumentsRefused as refused:
        return _list(request, problem=say_documents(refused))
    messages.success(request, _("Number %(number)s stands in the register as used on paper.") % {"number": number})
    return redirect("register", entry.register_id)


@require_POST
def void_number(request: ActingRequest, register_id: int, entry_id: int) -> HttpResponse:
    """Strike a number out, with a reason; it stays in the register."""
    found = queries.register(register_id, by=request.actor)
    if not queries.entries(found).filter(pk=entry_id).exists():
        raise Http404("no such number in this register")
    try:
        entry = services.void_number(entry_id, request.POST.get("reason", ""), by=request.actor)
    except DocumentsRefused as refused:
        return _register(request, register_id, problem=say_documents(refused))
    messages.success(request, _("Number %(number)s is voided; it stays in the register.") % {"number": entry.number})
    return redirect("register", register_id)


def _type(type_id: str) -> int:
    if not DocumentType.objects.filter(pk=int(type_id)).exists():
        raise Http404("no such type")
    return int(type_id)


def _day(asked: str) -> date | None:
    try:
        return date.fromisoformat(asked)
    except ValueError:
        return None


# --- the register as it prints --------------------------------------------------------------------


@require_GET
def register_file(request: ActingRequest, register_id: int, kind: str) -> HttpResponse:
    """The whole register as a workbook or as plain text, in the columns of Decree 30/2020 (Annex IV)."""
    if kind not in FILE_TYPES:
        raise Http404("no such file")
    found = queries.register(register_id, by=request.actor)
    heads, lines = printed(found)
    columns = tuple(Column(head, width) for head, width in heads)
    unit = organisation.unit(found.unit_id, request.actor.today).name
    made = Sheet(str(found.starts_on.year), columns, tuple(Line(line) for line in lines), name_of(found), (unit,))
    response = HttpResponse(render_xlsx([made]) if kind == XLSX else render_csv(made), content_type=FILE_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="so-dang-ky-{found.pk}-{found.starts_on.year}.{kind}"'
    return response


@require_GET
def register_print(request: ActingRequest, register_id: int) -> HttpResponse:
    """The whole register on one page, to be printed lying."""
    found = queries.register(register_id, by=request.actor)
    heads, lines = printed(found)
    context = {
        "register": found,
        "name": name_of(found),
        "unit": organisation.unit(found.unit_id, request.actor.today),
        "is_out": found.direction == Direction.OUT,
        "heads": [head for head, _width in heads],
        "lines": lines,
    }
    return render(request, "registers/print.html", context)


_OUT_HEADS = (
    ("Số, ký hiệu văn bản", 18),
    ("Ngày tháng văn bản", 12),
    ("Tên loại và trích yếu nội dung văn bản", 60),
    ("Người ký", 24),
    ("Tình trạng, lý do", 30),
    ("Người ghi sổ", 26),
)
_IN_HEADS = (
    ("Ngày đến", 12),
    ("Số đến", 8),
    ("Tác giả", 34),
    ("Số, ký hiệu văn bản", 18),
    ("Ngày tháng văn bản", 12),
    ("Tên loại và trích yếu nội dung văn bản", 60),
    ("Đơn vị hoặc người nhận", 24),
    ("Ngày chuyển, kết quả", 30),
)


def printed(register: Register) -> tuple[Sequence[tuple[str, float]], list[tuple[str, ...]]]:
    """The heads of a register's columns with their widths, and its lines, as the decree prints them.

    The words are the paper's own and are not translated (Nghị định 30/2020/NĐ-CP, Phụ lục IV: sổ đăng ký văn bản).
    """
    rows = queries.entries(register)
    if register.direction == Direction.OUT:
        return _OUT_HEADS, [_line_out(entry) for entry in rows]
    return _IN_HEADS, [_line_in(entry) for entry in rows]


_ON_PAPER = {NumberState.RESERVED: "Giữ số", NumberState.PAPER: "Đã dùng trên giấy", NumberState.VOIDED: "Hủy số"}


def _line_out(entry: RegisterEntry) -> tuple[str, ...]:
    document = entry.document
    state = NumberState(entry.state)
    standing = _ON_PAPER.get(state, "")
    return (
        cited(document) if document is not None and document.number else two_digits(entry.number),
        "" if state is NumberState.RESERVED else f"{entry.dated_on:%d/%m/%Y}",
        f"{document.type.name} {document.subject}" if document is not None else entry.subject,
        document.signer_name if document is not None else "",
        f"{standing}: {entry.reason}" if standing else "",
        entry.person_name,
    )


def _line_in(entry: RegisterEntry) -> tuple[str, ...]:
    paper = entry.incoming
    if paper is None:
        return ("", two_digits(entry.number), "", "", "", entry.subject, "", entry.reason)
    handled = f"{paper.handled_at:%d/%m/%Y} {paper.outcome}" if paper.handled_at else ""
    return (
        f"{paper.arrived_on:%d/%m/%Y}",
        two_digits(entry.number),
        paper.issuer,
        f"{paper.number}/{paper.symbol}".rstrip("/"),
        f"{paper.dated_on:%d/%m/%Y}",
        f"{paper.type_name} {paper.subject}".strip() if not paper.secret else f"(mật; giữ tại: {paper.kept_at})",
        paper.handler,
        handled,
    )


urlpatterns = [
    path("registers/", registers, name="registers"),
    path("registers/reserve/", reserve_numbers, name="reserve-numbers"),
    path("registers/on-paper/", enter_paper_number, name="enter-paper-number"),
    path("registers/<int:register_id>/", register, name="register"),
    path("registers/<int:register_id>/print/", register_print, name="register-print"),
    path("registers/<int:register_id>/file.<str:kind>", register_file, name="register-file"),
    path("registers/<int:register_id>/numbers/<int:entry_id>/void/", void_number, name="void-number"),
]
