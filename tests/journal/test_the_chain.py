"""The journal only grows, and a change behind the database's back shows in the chain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from nennep.journal import queries, services
from nennep.journal.models import Entry, Head
from nennep.journal.rules import START_OF_CHAIN, Sealed, digest_of, first_break, system_actor
from tests.cast import HANOI, NOW, Cast

AT = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
TRIGGERS = ("journal_entry_refuses_update", "journal_entry_refuses_delete")


# --- the rule, on plain data ----------------------------------------------------------------------

entries = st.builds(
    Sealed,
    st.just(7),
    st.just(0),
    st.integers(0, 200_000_000).map(lambda seconds: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)),
    st.sampled_from(["reporting.submit", "reporting.accept"]),
    st.text(max_size=12),
    st.none() | st.integers(1, 99),
    st.text(max_size=12),
    st.none() | st.integers(1, 99),
    st.text(max_size=12),
    st.text(max_size=20),
    st.dictionaries(st.sampled_from(["period", "version"]), st.integers() | st.text(max_size=8)),
)


def chained(said: list[Sealed]) -> list[tuple[Sealed, str]]:
    found, previous = [], START_OF_CHAIN
    for sequence, entry in enumerate(said, start=1):
        placed = replace(entry, sequence=sequence)
        previous = digest_of(previous, placed)
        found.append((placed, previous))
    return found


@given(st.lists(entries, max_size=8))
def test_a_chain_as_it_was_written_holds(said: list[Sealed]) -> None:
    assert first_break(chained(said)) is None


CHANGES: dict[str, Any] = {
    "unit_id": 8,
    "at": datetime(2031, 1, 1, tzinfo=UTC),
    "act": "reporting.return",
    "subject": "reporting.report:99999",
    "person_id": 100,
    "person_name": "Một người khác hẳn",
    "post_id": 100,
    "post_title": "Một chức vụ khác hẳn",
    "reason": "Một lý do khác hẳn, dài hơn hai mươi chữ",
    "details": {"khác": True},
}


def test_one_instant_told_by_two_clocks_seals_alike() -> None:
    here = Sealed(7, 1, NOW, "reporting.submit", "reporting.report:1", 1, "Vi Thị Hạnh", 2, "Trợ lý", "", {})

    assert digest_of(START_OF_CHAIN, here) == digest_of(START_OF_CHAIN, replace(here, at=NOW.astimezone(UTC)))


@given(st.lists(entries, min_size=1, max_size=6), st.sampled_from(sorted(CHANGES)), st.data())
def test_changing_anything_that_an_entry_says_shows_at_that_entry(
    said: list[Sealed], field: str, data: st.DataObject
) -> None:
    chain = chained(said)
    place = data.draw(st.integers(0, len(chain) - 1))
    entry, digest = chain[place]
    chain[place] = (replace(entry, **{field: CHANGES[field]}), digest)

    assert first_break(chain) == place + 1


@given(st.lists(entries, min_size=2, max_size=6), st.data())
def test_an_entry_taken_out_of_the_middle_shows_at_its_place(said: list[Sealed], data: st.DataObject) -> None:
    chain = chained(said)
    place = data.draw(st.integers(0, len(chain) - 2))
    del chain[place]

    assert first_break(chain) == place + 1


@given(st.lists(entries, min_size=2, max_size=6, unique_by=lambda entry: entry.at), st.data())
def test_two_entries_that_changed_places_show_at_the_first(said: list[Sealed], data: st.DataObject) -> None:
    chain = chained(said)
    place = data.draw(st.integers(0, len(chain) - 2))
    chain[place], chain[place + 1] = chain[place + 1], chain[place]

    assert first_break(chain) == place + 1


# --- in the database ------------------------------------------------------------------------------


@pytest.fixture
def told(cast: Cast) -> list[Entry]:
    """Three acts in the chain of one post."""
    cast.hand_in("thanh")
    cast.hand_in("thanh", period="2026-10")
    return list(Entry.objects.filter(unit_id=cast.units["SH-1"]).order_by("sequence"))


def test_an_act_and_its_entry_stand_or_fall_together(cast: Cast) -> None:
    before = Entry.objects.count()

    def think_better_of_it() -> None:
        with transaction.atomic():
            cast.hand_in("thanh")
            raise RuntimeError("thought better of it")

    with pytest.raises(RuntimeError, match="thought better"):
        think_better_of_it()

    assert Entry.objects.count() == before
    assert list(queries.breaks()) == []


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused(transactional_db: None) -> None:
    del transactional_db
    by = system_actor(AT, date(2026, 11, 16))

    with pytest.raises(RuntimeError, match="inside the transaction"):
        services.record("reporting.open", Head(unit_id=1), by=by)


def test_every_unit_has_a_chain_of_its_own_counted_from_one(cast: Cast, told: list[Entry]) -> None:
    cast.hand_in("pao")

    assert [entry.sequence for entry in told] == [1, 2, 3, 4]
    assert [e.sequence for e in Entry.objects.filter(unit_id=cast.units["SH-2"]).order_by("sequence")] == [1, 2]
    assert list(queries.breaks()) == []


def test_an_entry_keeps_who_acted_as_they_were_then(cast: Cast, told: list[Entry]) -> None:
    person = cast.people["thanh"]
    person.full_name = "Tên Khác"
    person.save()

    assert told[-1].person_name == "Trung úy Hoàng Văn Thành"
    assert told[-1].post_title == "Chính trị viên"
    assert list(queries.breaks()) == []


@pytest.mark.parametrize(
    "act",
    [
        lambda: Entry.objects.update(reason="khác"),
        lambda: Entry.objects.all().delete(),
        lambda: Entry.objects.earliest("pk").save(),
    ],
    ids=["update", "delete", "save"],
)
@pytest.mark.usefixtures("told")
def test_the_database_refuses_to_change_or_delete_an_entry(act: Callable[[], object]) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        act()


def behind_the_back(sql: str, *values: int) -> None:
    """What somebody with the file in their hands can do: take the triggers off and change a row."""
    with connection.cursor() as cursor:
        for trigger in TRIGGERS:
            on = "" if connection.vendor == "sqlite" else " ON journal_entry"
            cursor.execute(f"DROP TRIGGER {trigger}{on}")
        cursor.execute(sql, values)


TAMPERING = [
    ("UPDATE journal_entry SET reason = 'khác' WHERE id = %s", 2),
    ("UPDATE journal_entry SET person_name = 'Người Khác' WHERE id = %s", 2),
    ("UPDATE journal_entry SET act = 'reporting.return' WHERE id = %s", 2),
    ("DELETE FROM journal_entry WHERE id = %s", 2),
]


@pytest.mark.parametrize(("sql", "place"), TAMPERING)
def test_a_change_behind_the_databases_back_shows_where_it_was_made(
    cast: Cast, told: list[Entry], sql: str, place: int
) -> None:
    behind_the_back(sql, told[place - 1].pk)

    assert list(queries.breaks()) == [queries.Break(cast.units["SH-1"], place)]
    assert queries.chain_of(cast.units["SH-1"]).broken_at == place


def test_entries_put_in_another_order_show(cast: Cast, told: list[Entry]) -> None:
    behind_the_back("UPDATE journal_entry SET sequence = 99 WHERE id = %s", told[1].pk)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_entry SET sequence = 2 WHERE id = %s", [told[2].pk])
        cursor.execute("UPDATE journal_entry SET sequence = 3 WHERE id = %s", [told[1].pk])

    assert queries.chain_of(cast.units["SH-1"]).broken_at == 2


def test_a_tail_that_was_cut_off_shows(cast: Cast, told: list[Entry]) -> None:
    behind_the_back("DELETE FROM journal_entry WHERE id = %s", told[-1].pk)

    assert queries.chain_of(cast.units["SH-1"]).broken_at == len(told)


def test_a_head_that_was_set_back_with_the_tail_shows_at_the_end(cast: Cast, told: list[Entry]) -> None:
    Head.objects.filter(unit_id=cast.units["SH-1"]).update(digest="f" * 64)

    assert queries.chain_of(cast.units["SH-1"]).broken_at == len(told)


def test_a_chain_that_holds_says_its_length_and_newest_digest(cast: Cast, told: list[Entry]) -> None:
    chain = queries.chain_of(cast.units["SH-1"])

    assert chain == queries.Chain(len(told), told[-1].digest, None)
    assert queries.chain_of(cast.units["DV-1"]) == queries.Chain(0, "", None)


# --- asking ---------------------------------------------------------------------------------------


def test_entries_are_asked_for_by_unit_act_person_and_days(cast: Cast, told: list[Entry]) -> None:
    del told
    cast.hand_in("pao", at=NOW + timedelta(days=1))
    both = [cast.units["SH-1"], cast.units["SH-2"]]
    tomorrow = datetime(2026, 11, 17, tzinfo=HANOI)

    assert queries.entries(both).count() == 6
    assert queries.entries([cast.units["SH-2"]]).count() == 2
    assert queries.entries(both, act="reporting.submit").count() == 3
    assert queries.entries(both, person="páo").count() == 2
    assert queries.entries(both, since=tomorrow).count() == 2
    assert queries.entries(both, until=tomorrow).count() == 4
    assert queries.entries([]).count() == 0


@pytest.mark.parametrize("part", ["đông", "ĐÔNG", "lò văn đông", "Đo\u0302ng"])
def test_a_name_is_found_whatever_its_case_or_way_of_writing_marks(cast: Cast, part: str) -> None:
    cast.accept(cast.hand_in("vai"), "dong")

    found = queries.entries([cast.units["DV-1"]], person=part)

    assert [entry.act for entry in found] == ["reporting.accept"]


def test_older_entries_follow_one_without_gap_or_repeat(cast: Cast, told: list[Entry]) -> None:
    everything = queries.entries([cast.units["SH-1"]])
    first, *others = list(everything)

    assert list(queries.older_than(everything, first.pk)) == others
    assert len(others) == len(told) - 1
    assert list(queries.older_than(everything, 0)) == [first, *others]


def test_everything_on_one_subject_is_told_oldest_first(cast: Cast, told: list[Entry]) -> None:
    del cast

    assert [entry.act for entry in queries.about(told[0].subject)] == ["reporting.start", "reporting.submit"]
