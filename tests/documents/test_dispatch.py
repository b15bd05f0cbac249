"""Whom a document goes to, who has it, who read it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nennep.documents.models import Dispatch, Document, DocumentType, Incoming, Register
from nennep.documents.queries import dispatches as queries
from nennep.documents.queries.documents import waiting
from nennep.documents.rules.states import Direction, State
from nennep.documents.rules.text import Binding, Block, BlockKind, numbered
from nennep.documents.services import dispatch
from nennep.documents.services.incoming import Arrival, register_incoming
from nennep.documents.services.refusals import DocumentsRefused
from nennep.journal.models import Entry
from nennep.organisation.models import Unit, UnitName
from nennep.organisation.rules import NotAuthorised
from tests.cast import NOW, START, Cast
from tests.documents.world import DAY, TODAY, in_state, issued, signed, written

Types = dict[str, DocumentType]


def sent(cast: Cast, types: Types, *units: str, code: str = "plan") -> Document:
    """A document of headquarters that was issued to some units."""
    document = signed(cast, types, code=code)
    dispatch.name_recipients(document.pk, [cast.units[unit] for unit in units], by=cast.actor("kehoach"))
    return issued(cast, document).document


def to(document: Document, unit: str) -> Dispatch:
    return document.dispatches.get(unit__code=unit)


def codes(document: Document) -> dict[str, bool]:
    return dict(document.dispatches.values_list("unit__code", "to_act"))


def test_recipients_are_named_anew_each_time_and_sent_nothing_until_issue(cast: Cast, types: Types) -> None:
    document, by = written(cast, types, unit="HQ"), cast.actor("kehoach")
    dispatch.name_recipients(document.pk, [cast.units["SH"]], [cast.units["SH-1"], cast.units["DV"]], by=by)

    dispatch.name_recipients(document.pk, [cast.units["DV"]], [cast.units["SH"]], by=by)

    assert codes(document) == {"DV": True, "SH": False}
    assert not document.dispatches.filter(sent_at__isnull=False).exists()
    assert list(queries.dispatches_to(cast.actor("hanh"))) == []


def test_all_below_and_those_of_a_kind(cast: Cast) -> None:
    all_below = queries.below(cast.units["SH"], TODAY)
    provinces = queries.below(cast.units["HQ"], TODAY, kind="province_command")

    assert {Unit.objects.get(pk=unit).code for unit in all_below} == {"SH-1", "SH-2", "SH-3"}
    assert {Unit.objects.get(pk=unit).code for unit in provinces} == {"SH", "DV"}


@pytest.mark.parametrize(
    ("unit", "ends_on", "why", "named"),
    [
        ("HQ", None, "addresses_itself", None),
        ("SH-3", TODAY, "units_gone", ["Đồn Biên phòng Pá Hu"]),
        ("", None, "no_such_units", [987654]),
    ],
)
def test_whom_a_document_cannot_go_to_is_named(
    cast: Cast, types: Types, unit: str, ends_on: date | None, why: str, named: list[str] | None
) -> None:
    document = written(cast, types, unit="HQ")
    Unit.objects.filter(code=unit).update(ends_on=ends_on)

    with pytest.raises(DocumentsRefused) as refused:
        dispatch.name_recipients(document.pk, [cast.units.get(unit, 987654)], by=cast.actor("kehoach"))

    assert (refused.value.why, refused.value.facts.get("units")) == (why, named)
    assert not document.dispatches.exists()


def test_a_unit_that_ended_between_naming_and_issue_is_named_and_nothing_goes_out(cast: Cast, types: Types) -> None:
    document = signed(cast, types)
    by = cast.actor("kehoach")
    dispatch.name_recipients(document.pk, [cast.units["SH"], cast.units["DV-3"]], by=by)
    Unit.objects.filter(code="DV-3").update(ends_on=TODAY)

    with pytest.raises(DocumentsRefused) as refused:
        issued(cast, document)

    document.refresh_from_db()
    assert (refused.value.why, refused.value.facts["units"]) == ("units_gone", ["Đồn Biên phòng Sen Thượng"])
    assert (document.state, document.number) == (State.SIGNED, None)
    assert not Dispatch.objects.filter(sent_at__isnull=False).exists()
    dispatch.name_recipients(document.pk, [cast.units["SH"]], by=by)
    assert issued(cast, document).sent == 1


def test_an_issued_document_goes_to_further_units_and_a_second_click_sends_nothing(cast: Cast, types: Types) -> None:
    document, by = sent(cast, types, "SH"), cast.actor("kehoach")
    late = cast.units["DV"]

    counts = [dispatch.distribute(document.pk, [late], by=by) for _ in range(2)]

    assert counts == [1, 0]
    assert codes(document) == {"SH": True, "DV": True}
    assert Entry.objects.filter(act="documents.distribute").count() == 1
    with pytest.raises(DocumentsRefused) as refused:
        dispatch.name_recipients(document.pk, [late], by=by)
    assert refused.value.why == "already_issued"


@pytest.mark.parametrize("state", [State.SIGNED, State.RECALLED, State.EXPIRED])
def test_what_is_not_issued_or_over_is_not_distributed(cast: Cast, types: Types, state: State) -> None:
    document = in_state(cast, types, state, unit="HQ")

    with pytest.raises(DocumentsRefused) as refused:
        dispatch.distribute(document.pk, [cast.units["SH"]], by=cast.actor("kehoach"))

    assert refused.value.why == "not_issued"


def test_what_is_received_stands_in_the_units_register_once(cast: Cast, types: Types) -> None:
    document = sent(cast, types, "SH")

    first, again = (dispatch.receive(to(document, "SH").pk, by=cast.actor("hanh")) for _ in range(2))

    entry = first.register_entries.get()
    assert first == again
    assert (first.issuer, first.number, first.symbol) == ("Bộ Tư lệnh Bộ đội Biên phòng", "1", "KH-BTL")
    assert (first.dated_on, first.arrived_on, first.type_name) == (TODAY, TODAY, "Kế hoạch")
    assert (entry.number, entry.register.direction, entry.register.unit_id) == (1, "in", cast.units["SH"])
    assert entry.register.series.code == "state_in"
    assert to(document, "SH").received_by == "Đại úy Vi Thị Hạnh"
    assert Entry.objects.filter(act="documents.receive", unit_id=cast.units["SH"]).count() == 1


def test_the_first_day_that_wants_something_of_the_unit_is_the_day_it_is_due(cast: Cast, types: Types) -> None:
    text = numbered(
        (
            Block(
                "", BlockKind.CLAUSE, number="1", text="Cho SH.", binding=Binding(date(2026, 12, 1), addressees=("SH",))
            ),
            Block("", BlockKind.CLAUSE, number="2", text="Cho mọi đơn vị.", binding=Binding(date(2026, 12, 20))),
        )
    )
    document = signed(cast, types, code="directive", text=text)
    dispatch.name_recipients(document.pk, [cast.units["DV"]], [cast.units["SH-1"]], by=cast.actor("kehoach"))
    issued(cast, document)

    due = {
        unit: dispatch.receive(to(document, unit).pk, by=cast.actor(who)).due_on
        for unit, who in (("SH", "hanh"), ("DV", "dong"), ("SH-1", "thanh"))
    }

    assert due == {"SH": date(2026, 12, 1), "DV": date(2026, 12, 20), "SH-1": None}


def test_acknowledging_takes_in_what_was_not_and_a_second_click_changes_nothing(cast: Cast, types: Types) -> None:
    document = sent(cast, types, "SH")
    pk = to(document, "SH").pk

    dispatch.acknowledge(pk, by=cast.actor("hanh"))
    dispatch.acknowledge(pk, by=cast.actor("hanh", NOW + DAY))

    told = to(document, "SH")
    assert (told.received_at, told.acknowledged_at, told.acknowledged_by) == (NOW, NOW, "Đại úy Vi Thị Hạnh")
    assert Incoming.objects.count() == 1
    assert Entry.objects.filter(act="documents.acknowledge").count() == 1


@pytest.mark.parametrize(("who", "hidden"), [("kehoach", False), ("dontruong", True), ("dong", True), ("khach", True)])
def test_only_the_units_own_people_receive_for_it(cast: Cast, types: Types, who: str, hidden: bool) -> None:
    pk = to(sent(cast, types, "SH"), "SH").pk

    for act in (dispatch.receive, dispatch.acknowledge):
        with pytest.raises(NotAuthorised) as refused:
            act(pk, by=cast.actor(who))
        assert refused.value.hidden is hidden
    assert not Incoming.objects.exists()


def test_what_was_not_sent_yet_cannot_be_received(cast: Cast, types: Types) -> None:
    document = written(cast, types, unit="HQ")
    dispatch.name_recipients(document.pk, [cast.units["SH"]], by=cast.actor("kehoach"))

    with pytest.raises(NotAuthorised) as refused:
        dispatch.receive(to(document, "SH").pk, by=cast.actor("hanh"))

    assert refused.value.hidden


def test_a_copy_that_came_on_paper_before_is_tied_to_what_is_received(cast: Cast, types: Types) -> None:
    paper = Arrival("Bộ Tư lệnh Bộ đội Biên phòng", "01", TODAY, TODAY, "KH-BTL", subject="Bản giấy")
    earlier = register_incoming(paper, by=cast.actor("hanh"))
    document = sent(cast, types, "SH")

    incoming = dispatch.receive(to(document, "SH").pk, by=cast.actor("hanh"))

    assert incoming.duplicate_of == earlier


def test_how_far_a_document_has_come_names_who_is_missing(cast: Cast, types: Types) -> None:
    document = sent(cast, types, "SH", "DV", "SH-1")
    dispatch.receive(to(document, "DV").pk, by=cast.actor("dong"))
    dispatch.acknowledge(to(document, "SH").pk, by=cast.actor("hanh"))

    spread = queries.spread(document.pk, TODAY)

    assert (spread.sent, spread.received, spread.acknowledged) == (3, 2, 1)
    assert [one.unit for one in spread.not_received] == ["Đồn BP Nậm Ngà"]
    assert [one.unit for one in spread.not_acknowledged] == ["BĐBP Đông Vân", "Đồn BP Nậm Ngà"]


def test_the_way_of_a_document_to_hundreds_of_units_is_told_in_two_queries(cast: Cast, types: Types) -> None:
    document = sent(cast, types, "SH")
    units = Unit.objects.bulk_create(Unit(code=f"U{n}", kind="post", starts_on=START) for n in range(440))
    UnitName.objects.bulk_create(
        UnitName(unit=unit, name=unit.code, short_name=unit.code, starts_on=START) for unit in units
    )

    with CaptureQueriesContext(connection) as distributing:
        dispatch.distribute(document.pk, [unit.pk for unit in units], by=cast.actor("kehoach"))
    with CaptureQueriesContext(connection) as looking:
        spread = queries.spread(document.pk, TODAY)

    assert (spread.sent, len(spread.addressees), len(looking)) == (441, 441, 2)
    assert len(distributing) < 60


def test_what_was_sent_waits_to_be_received_then_to_be_read(cast: Cast, types: Types) -> None:
    document = sent(cast, types, "SH")
    other = sent(cast, types, "SH")

    def counts() -> tuple[int, int]:
        told = waiting(cast.actor("hanh"))
        return told.to_receive, told.to_acknowledge

    told = [counts()]
    dispatch.receive(to(document, "SH").pk, by=cast.actor("hanh"))
    told.append(counts())
    dispatch.acknowledge(to(document, "SH").pk, by=cast.actor("hanh"))
    told.append(counts())

    assert told == [(2, 0), (1, 1), (1, 0)]
    assert [one.document_id for one in queries.dispatches_to(cast.actor("hanh"), received=False)] == [other.pk]
    found = queries.dispatch_of(document.pk, cast.actor("hanh"))
    assert found is not None
    assert found.acknowledged_at == NOW


def test_the_superior_receives_for_a_unit_that_is_gone_since(cast: Cast, types: Types) -> None:
    document = sent(cast, types, "SH-1")
    gone = Unit.objects.get(code="SH-1")
    gone.edges.update(ends_on=TODAY + DAY)
    Unit.objects.filter(pk=gone.pk).update(ends_on=TODAY + DAY)

    dispatch.acknowledge(to(document, "SH-1").pk, by=cast.actor("hanh", NOW + 2 * DAY))

    assert Register.objects.get(direction=Direction.IN).unit_id == cast.units["SH-1"]
    assert queries.spread(document.pk, TODAY + 2 * DAY).acknowledged == 1
