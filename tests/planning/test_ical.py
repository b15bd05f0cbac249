"""Calendar files: what is written can be read by others, and what others wrote is taken or refused line by line."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nennep.planning import ical
from nennep.planning.ical import Event, NotACalendar, calendar_text, read_ics

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
AT = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
FIRST, END = date(2026, 11, 1), date(2026, 12, 1)


def written(*events: Event) -> bytes:
    return calendar_text(events, name="BĐBP Sơn Hà", zone=HANOI, at=AT)


def lines_of(data: bytes) -> list[str]:
    """The unfolded lines of a file."""
    return data.decode().replace("\r\n ", "").split("\r\n")


def file(*entries: str, head: str = "") -> bytes:
    """A calendar file whose entries are given by their lines."""
    bodies = "".join(f"BEGIN:VEVENT\r\nDTSTAMP:20261101T000000Z\r\n{entry}\r\nEND:VEVENT\r\n" for entry in entries)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{head}{bodies}END:VCALENDAR\r\n".encode()


def entry(uid: str = "a", title: str = "Họp", start: str = "DTSTART;VALUE=DATE:20261116", *more: str) -> str:
    return "\r\n".join([f"UID:{uid}", f"SUMMARY:{title}", start, *more])


# --- writing ----------------------------------------------------------------------------------------


def test_a_day_ends_with_the_day_after_as_the_standard_counts() -> None:
    told = lines_of(written(Event("u1", "Học tập", date(2026, 11, 16), date(2026, 11, 20))))

    assert "DTSTART;VALUE=DATE:20261116" in told
    assert "DTEND;VALUE=DATE:20261121" in told


def test_hours_are_told_in_their_zone_and_on_each_day() -> None:
    event = Event("u1", "Giao ban", date(2026, 11, 16), date(2026, 11, 18), time(7, 30), time(8, 0))

    told = lines_of(written(event))

    assert "DTSTART;TZID=Asia/Ho_Chi_Minh:20261116T073000" in told
    assert "DTEND;TZID=Asia/Ho_Chi_Minh:20261116T080000" in told
    assert "RRULE:FREQ=DAILY;COUNT=3" in told
    assert "TZID:Asia/Ho_Chi_Minh" in told
    assert "TZOFFSETTO:+0700" in told


def test_marks_are_escaped_and_lines_folded_by_octets() -> None:
    title = "Tuyên truyền Luật Biên phòng; 48 buổi, ở xã vùng cao \\ biên giới\nđợt 2 " + "ấ" * 60

    data = written(Event("u1", title, FIRST, FIRST))

    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert "SUMMARY:Tuyên truyền Luật Biên phòng\\; 48 buổi\\, ở xã vùng cao \\\\ biên giới\\nđợt 2 " in "\n".join(
        lines_of(data)
    )


def test_a_later_edition_and_an_end_reach_the_reader_under_the_same_name() -> None:
    before, after = Event("u1", "A", FIRST, FIRST), Event("u1", "B", FIRST, FIRST, edition=3, is_cancelled=True)

    older, newer = lines_of(written(before)), lines_of(written(after))

    assert {"UID:u1", "SEQUENCE:0", "STATUS:CONFIRMED"} <= set(older)
    assert {"UID:u1", "SEQUENCE:2", "STATUS:CANCELLED"} <= set(newer)


TEXTS = st.text(st.characters(exclude_categories=["C"], include_characters="\n"), min_size=1, max_size=120).filter(
    lambda text: bool(text.strip()) and "\x85" not in text and "\u2028" not in text and "\u2029" not in text
)


@settings(deadline=None)
@given(TEXTS, TEXTS, st.booleans())
def test_what_is_written_is_read_back_as_it_was(title: str, place: str, timed: bool) -> None:
    hours = (time(7, 30), time(9, 0)) if timed else (None, None)
    day = date(2026, 11, 16)
    event = Event("u1", title, day, day, starts_at=hours[0], ends_at=hours[1], place=place)

    read = read_ics(written(event), FIRST, END, HANOI)

    assert [(one.title, one.place, one.starts_at, one.ends_at) for one in read.entries] == [
        (plain(title), plain(place), *hours)
    ]
    assert read.refused == ()


def plain(text: str) -> str:
    """A text whose blanks are plain ones, with none at its ends."""
    return "".join(" " if letter.isspace() and letter != "\n" else letter for letter in text).strip()


def test_another_reader_finds_the_same_days_and_hours() -> None:
    data = written(Event("u1", "Giao ban", date(2026, 11, 16), date(2026, 11, 16), time(7, 30), time(8, 0)))

    found = icalendar.Calendar.from_ical(data).walk("VEVENT")[0]

    assert found.decoded("DTSTART") == datetime(2026, 11, 16, 0, 30, tzinfo=UTC)


# --- reading ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "starts_on", "due_on", "starts_at", "ends_at"),
    [
        (["DTSTART;VALUE=DATE:20261116"], 16, 16, None, None),
        (["DTSTART;VALUE=DATE:20261116", "DTEND;VALUE=DATE:20261119"], 16, 18, None, None),
        (["DTSTART;VALUE=DATE:20261116", "DTEND;VALUE=DATE:20261116"], 16, 16, None, None),
        (["DTSTART:20261116T003000Z", "DTEND:20261116T020000Z"], 16, 16, time(7, 30), time(9)),
        (["DTSTART:20261116T200000Z", "DURATION:PT1H"], 17, 17, time(3), time(4)),  # another day here
        (["DTSTART:20261116T073000"], 16, 16, time(7, 30), None),  # without a zone: the hour of the place
        (["DTSTART;TZID=SE Asia Standard Time:20261116T073000"], 16, 16, time(7, 30), None),
        (["DTSTART;TZID=Asia/Tokyo:20261116T073000", "DURATION:PT30M"], 16, 16, time(5, 30), time(6)),
        (["DTSTART:20261116T080000", "DTEND:20261118T170000"], 16, 18, time(8), time(17)),
        (["DTSTART:20261116T190000", "DTEND:20261117T000000"], 16, 16, time(19), time(23, 59)),
        (["DTSTART;VALUE=DATE:20261116", "DURATION:P2D"], 16, 17, None, None),
    ],
)
def test_when_an_entry_is(
    said: list[str], starts_on: int, due_on: int, starts_at: time | None, ends_at: time | None
) -> None:
    read = read_ics(file(entry("a", "Họp", *said)), FIRST, END, HANOI)

    assert read.refused == ()
    (one,) = read.entries
    assert (one.starts_on.day, one.due_on.day, one.starts_at, one.ends_at) == (starts_on, due_on, starts_at, ends_at)


@pytest.mark.parametrize(
    ("said", "why", "what"),
    [
        (entry(title=""), "no_title", ""),
        (entry("a", "Họp", "LOCATION:x"), "no_start", ""),
        (entry("a", "Họp", "DTSTART:rubbish"), "unreadable", "DTSTART"),
        (entry("a", "Họp", "DTSTART;VALUE=DATE:20261332"), "unreadable", "DTSTART"),
        (entry("a", "Họp", "DTSTART;VALUE=DATE:99991231"), "unreadable", ""),
        (entry("a", "Họp", "DTSTART;TZID=Nowhere/City:20261116T080000"), "unknown_time_zone", "Nowhere/City"),
        (
            entry("a", "Họp", "DTSTART;VALUE=DATE:20261116", "DTEND;VALUE=DATE:20261110"),
            "ends_before_it_begins",
            "",
        ),
        (entry("a", "Họp", "DTSTART:20261116T080000", "DTEND:20261116T070000"), "ends_before_it_begins", ""),
        (entry("a", "Họp", "DTSTART:20261116T080000", "DTEND;VALUE=DATE:20261117"), "unreadable", "DTEND"),
        (entry("a", "Họp", "DTSTART:20261116T080000", "RRULE:FREQ=SECONDLY"), "repeats_unusually", "FREQ"),
        (entry("a", "Họp", "DTSTART:20261116T080000", "RRULE:FREQ=NEVER"), "unreadable", "RRULE"),
        (entry("a", "Họp", "DTSTART:19010101T080000", "RRULE:FREQ=DAILY"), "began_too_long_ago", ""),
        (entry(title="x" * 501), "too_long", "title"),
        (entry("a", "Họp", "DTSTART;VALUE=DATE:20261030", "DTEND;VALUE=DATE:20261103"), "leaves_the_period", ""),
        (entry("a", "Họp", "DTSTART:20261116T080000", "a line without a name"), "unreadable", ""),
    ],
)
def test_an_entry_that_cannot_be_taken_is_named_with_its_line_and_the_others_are_taken(
    said: str, why: str, what: str
) -> None:
    good = entry("good", "Giao ban")

    read = read_ics(file(good, said, entry("also", "Sơ kết")), FIRST, END, HANOI)

    assert [one.uid for one in read.entries] == ["good", "also"]
    assert [(one.line, one.why, one.what) for one in read.refused] == [(10, why, what)]


def test_what_lies_outside_is_counted_and_not_refused() -> None:
    old = entry("old", "Họp", "DTSTART;VALUE=DATE:20251116")
    ended = entry("ended", "Họp", "DTSTART;VALUE=DATE:20251116", "RRULE:FREQ=DAILY;COUNT=5")

    read = read_ics(file(old, ended, entry()), FIRST, END, HANOI)

    assert (len(read.entries), read.refused, read.outside) == (1, (), 2)


def test_what_repeats_is_spelt_out_within_the_period_with_its_exceptions() -> None:
    weekly = entry(
        "w", "Giao ban", "DTSTART:20261005T073000", "DURATION:PT30M", "RRULE:FREQ=WEEKLY", "EXDATE:20261109T073000",
        "RDATE:20261111T073000",
    )  # fmt: skip
    moved = entry("w", "Giao ban (dời)", "DTSTART:20261117T080000", "RECURRENCE-ID:20261116T073000")

    read = read_ics(file(weekly, moved), FIRST, END, HANOI)

    assert [(one.uid, one.starts_on.day, one.title) for one in read.entries] == [
        ("w 20261102", 2, "Giao ban"),
        ("w 20261111", 11, "Giao ban"),
        ("w 20261116", 17, "Giao ban (dời)"),
        ("w 20261123", 23, "Giao ban"),
        ("w 20261130", 30, "Giao ban"),
    ]


@pytest.mark.parametrize(
    ("until", "last"),
    [("20261118", 18), ("20261118T003000Z", 18), ("20261118T002900Z", 17), ("20261118T073000", 18)],
)
def test_an_entry_repeats_until_the_instant_it_says(until: str, last: int) -> None:
    daily = entry("d", "Trực", "DTSTART:20261116T073000", f"RRULE:FREQ=DAILY;UNTIL={until}")

    read = read_ics(file(daily), FIRST, END, HANOI)

    assert [one.starts_on.day for one in read.entries] == list(range(16, last + 1))


def test_of_an_entry_that_stands_twice_the_later_edition_counts() -> None:
    newer, older = entry("a", "Mới", "DTSTART;VALUE=DATE:20261116", "SEQUENCE:2"), entry("a", "Cũ")

    read = read_ics(file(newer, older), FIRST, END, HANOI)

    assert [one.title for one in read.entries] == ["Mới"]
    assert [(one.why, one.title) for one in read.refused] == [("stands_twice", "Cũ")]


def test_an_entry_without_a_name_gets_the_same_one_every_time() -> None:
    nameless = "SUMMARY:Họp\r\nDTSTART;VALUE=DATE:20261116"

    first, again = (read_ics(file(nameless), FIRST, END, HANOI).entries[0].uid for _ in range(2))

    assert first == again != ""


def test_other_things_of_a_calendar_are_named_and_zones_passed_over() -> None:
    zone = "BEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    todo = "BEGIN:VTODO\r\nUID:t\r\nSUMMARY:Việc\r\nEND:VTODO\r\n"
    alarm = entry("a", "Họp", "DTSTART;VALUE=DATE:20261116", "BEGIN:VALARM", "ACTION:DISPLAY", "END:VALARM")

    read = read_ics(file(alarm, head=zone + todo), FIRST, END, HANOI)

    assert len(read.entries) == 1
    assert [(one.why, one.what) for one in read.refused] == [("not_an_event", "VTODO")]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not_a_calendar"),
        (b"<html></html>", "not_a_calendar"),
        (b"\xff\xfe\x00", "not_text"),
        (b"BEGIN:VCALENDAR" + b" " * (ical.MOST_BYTES + 1), "too_large"),
        (file(*[entry(str(number)) for number in range(ical.MOST_EVENTS + 1)]), "too_many_events"),
    ],
)
def test_a_file_that_is_no_calendar_or_too_much_is_refused_whole(data: bytes, why: str) -> None:
    with pytest.raises(NotACalendar) as refused:
        read_ics(data, FIRST, END, HANOI)

    assert refused.value.why == why


def test_no_more_entries_are_taken_than_a_plan_can_hold() -> None:
    daily = [entry(str(n), "Trực", "DTSTART:20261001T080000", "RRULE:FREQ=DAILY") for n in range(20)]

    read = read_ics(file(*daily), FIRST, END, HANOI)

    assert len(read.entries) == ical.MOST_ENTRIES
    assert {one.why for one in read.refused} == {"too_many_entries"}


def test_a_file_cut_short_gives_what_it_holds() -> None:
    whole = file(entry("a"), entry("b"))

    read = read_ics(whole[: whole.rindex(b"SUMMARY")], FIRST, END, HANOI)

    assert [one.uid for one in read.entries] == ["a"]
    assert [one.why for one in read.refused] == ["unreadable"]


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, 300))
def test_no_bytes_make_it_fail_otherwise_than_by_saying_so(junk: bytes, at: int) -> None:
    whole = file(entry("a", "Họp", "DTSTART:20261116T080000", "RRULE:FREQ=WEEKLY;COUNT=3"))
    broken = whole[:at] + junk + whole[at:]

    try:
        read = read_ics(broken, FIRST, END, HANOI)
    except NotACalendar:
        return

    assert all(FIRST <= one.starts_on <= one.due_on < END for one in read.entries)
