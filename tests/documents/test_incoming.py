"""Papers that come in from outside: registered once, secret ones as a stub, brought to an end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from nennep.documents.models import Document, DocumentType, Incoming, RegisterEntry, Series
from nennep.documents.queries import incoming as queries
from nennep.documents.services.incoming import Arrival, close_incoming, hand_on, register_incoming
from nennep.documents.services.refusals import DocumentsRefused, DuplicateIncoming, RegisterRefused
from nennep.journal.models import Entry
from nennep.journal.rules import Actor
from nennep.organisation.rules import NotAuthorised
from nennep.search import queries as search
from nennep.search.rules import Kind
from tests.cast import NOW, Cast
from tests.documents.world import DAY, TODAY

Types = dict[str, DocumentType]
pytestmark = pytest.mark.usefixtures("types")
PAPER = Arrival(
    "UBND tỉnh Sơn Hà", "05", date(2026, 11, 10), TODAY, "CV-UBND", "Công văn", "Phối hợp tổ chức ngày hội biên phòng"
)


def test_a_paper_stands_in_the_register_with_the_day_it_came(cast: Cast) -> None:
    incoming = register_incoming(PAPER, by=cast.actor("hanh"))

    entry = incoming.register_entries.get()
    assert (incoming.number, incoming.symbol, incoming.issuer) == ("5", "CV-UBND", "UBND tỉnh Sơn Hà")
    assert (entry.number, entry.dated_on, entry.subject) == (1, TODAY, PAPER.subject)
    assert entry.register.direction == "in"
    assert Entry.objects.get(act="documents.register-incoming").unit_id == cast.units["SH"]


def test_a_paper_that_seems_to_have_come_before_is_refused_with_the_earlier_one(cast: Cast) -> None:
    by = cast.actor("hanh")
    first = register_incoming(PAPER, by=by)
    again = replace(PAPER, number="5", symbol="cv-ubnd", issuer="ubnd  tỉnh Sơn Hà", subject="Khác")

    with pytest.raises(DuplicateIncoming) as refused:
        register_incoming(again, by=by)
    even_so = register_incoming(again, by=by, even_so=True)

    assert refused.value.earlier == (first,)
    assert even_so.duplicate_of == first
    assert list(RegisterEntry.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


@pytest.mark.parametrize(
    "other",
    [
        {"number": "6"},
        {"symbol": "BC-UBND"},
        {"issuer": "UBND tỉnh Đông Vân"},
        {"dated_on": date(2025, 11, 10)},
    ],
)
def test_another_number_symbol_issuer_or_year_is_another_paper(
    cast: Cast,
    other: dict[str, str],
) -> None:
    register_incoming(PAPER, by=cast.actor("hanh"))

    assert register_incoming(replace(PAPER, **other), by=cast.actor("hanh")).duplicate_of is None  # type: ignore[arg-type]


def test_the_same_paper_may_come_to_two_units(cast: Cast) -> None:
    register_incoming(PAPER, by=cast.actor("hanh"))

    assert register_incoming(PAPER, by=cast.actor("dong")).duplicate_of is None


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"issuer": " "}, "needs_issuer"),
        ({"number": ""}, "needs_number"),
        ({"subject": " "}, "needs_subject"),
        ({"subject": "x" * 501}, "too_long"),
        ({"number": "1" * 21}, "too_long"),
        ({"dated_on": TODAY + DAY}, "arrived_before_dated"),
        ({"arrived_on": TODAY + DAY}, "day_to_come"),
        ({"due_on": TODAY - DAY}, "due_before_arrived"),
        # Law on the protection of state secrets, Article 5: what bears a mark is not kept here.
        ({"subject": "(MẬT) Phương án tác chiến"}, "bears_secret_mark"),
        ({"subject": "TỐI MẬT"}, "bears_secret_mark"),
        ({"type_name": "TUYỆT MẬT"}, "bears_secret_mark"),
        ({"secret": True, "kept_at": "Tủ số 2"}, "secret_keeps_no_text"),
        ({"secret": True, "subject": ""}, "secret_needs_place"),
    ],
)
def test_what_a_register_cannot_take_is_refused_and_nothing_of_it_is_kept(
    cast: Cast,
    changed: dict[str, str],
    why: str,
) -> None:
    with pytest.raises(DocumentsRefused) as refused:
        register_incoming(replace(PAPER, **changed), by=cast.actor("hanh"))  # type: ignore[arg-type]

    assert refused.value.why == why
    assert not Incoming.objects.exists()
    assert not RegisterEntry.objects.exists()


def test_a_word_about_secrets_in_a_sentence_is_no_mark(cast: Cast) -> None:
    subject = "Tập huấn công tác bảo vệ bí mật nhà nước"

    assert register_incoming(replace(PAPER, subject=subject), by=cast.actor("hanh")).subject == subject


def test_of_a_secret_paper_a_stub_is_kept_that_no_search_finds(cast: Cast) -> None:
    by = cast.actor("hanh")
    secret = replace(PAPER, secret=True, subject="", kept_at="Hồ sơ giấy, tủ số 2")
    register_incoming(secret, by=by)
    register_incoming(replace(PAPER, number="77"), by=by)

    stub = Incoming.objects.get(secret=True)
    assert (stub.subject, stub.kept_at, stub.number) == ("", "Hồ sơ giấy, tủ số 2", "5")
    hits = search.find(by, "UBND").hits
    assert [(hit.kind, hit.key) for hit in hits] == [(Kind.INCOMING, Incoming.objects.get(number="77").pk)]


def test_a_paper_is_handed_on_and_brought_to_an_end_once(cast: Cast) -> None:
    by = cast.actor("hanh")
    incoming = register_incoming(PAPER, by=by)

    hand_on(incoming.pk, "Đồn BP Nậm Ngà", due_on=TODAY + 5 * DAY, by=by)
    close_incoming(incoming.pk, "Đã trả lời bằng Công văn 12", by=by)

    told = queries.incoming(incoming.pk, by=by)
    assert (told.handler, told.due_on, told.handled_at) == ("Đồn BP Nậm Ngà", TODAY + 5 * DAY, NOW)
    assert told.outcome == "Đã trả lời bằng Công văn 12"
    for act in (hand_on, close_incoming):
        with pytest.raises(DocumentsRefused) as refused:
            act(incoming.pk, "Lại", by=by)
        assert refused.value.why == "already_handled"


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda pk, by: hand_on(pk, " ", by=by), "needs_handler"),
        (lambda pk, by: hand_on(pk, "A", due_on=TODAY - DAY, by=by), "due_before_arrived"),
        (lambda pk, by: close_incoming(pk, " ", by=by), "needs_outcome"),
        (lambda pk, by: close_incoming(pk, "(MẬT)", by=by), "secret_keeps_no_text"),
    ],
)
def test_handling_says_who_by_when_and_what_came_of_it(
    cast: Cast, act: Callable[[int, Actor], object], why: str
) -> None:
    incoming = register_incoming(PAPER, by=cast.actor("hanh"))

    with pytest.raises(DocumentsRefused) as refused:
        act(incoming.pk, cast.actor("hanh"))

    assert refused.value.why == why


def test_incoming_papers_are_listed_by_unit_year_and_whether_they_are_done(cast: Cast) -> None:
    by = cast.actor("hanh")
    old = replace(PAPER, dated_on=date(2025, 12, 30), arrived_on=date(2025, 12, 31))
    last_year, this_year = register_incoming(old, by=by), register_incoming(PAPER, by=by)
    close_incoming(last_year.pk, "Xong", by=by)

    assert list(queries.incoming_papers(by)) == [this_year, last_year]
    assert (
        list(queries.incoming_papers(by, year=2025)) == list(queries.incoming_papers(by, handled=True)) == [last_year]
    )
    assert list(queries.incoming_papers(cast.actor("kehoach"))) == []
    assert list(queries.incoming_papers(cast.actor("kehoach"), unit_id=cast.units["SH"])) == [this_year, last_year]
    assert list(queries.incoming_papers(cast.actor("dong"), unit_id=cast.units["SH"])) == []
    with pytest.raises(NotAuthorised) as refused:
        queries.incoming(this_year.pk, by=cast.actor("dong"))
    assert refused.value.hidden


def test_without_a_series_nothing_comes_in_and_a_unit_may_register_by_that_of_outgoing(
    cast: Cast, types: Types
) -> None:
    by = cast.actor("hanh")
    Series.objects.filter(code="state_in").delete()

    entry = register_incoming(PAPER, by=by).register_entries.get()
    DocumentType.objects.filter(pk__in=[one.pk for one in types.values()]).update(series=types["resolution"].series)

    assert (entry.register.series.code, entry.register.direction) == ("state_out", "in")
    assert not Document.objects.exists()
    Series.objects.filter(code="state_out").update(family="party")
    with pytest.raises(RegisterRefused) as refused:
        register_incoming(replace(PAPER, number="9"), by=by)
    assert refused.value.why == "no_series"


def test_who_may_not_receive_registers_nothing(cast: Cast) -> None:
    with pytest.raises(NotAuthorised):
        register_incoming(PAPER, by=cast.actor("dontruong"))
