"""Calendars as files (RFC 5545): a feed is written, an .ics file is read, entry by entry, and refused line by line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import icalendar

from nennep.planning.rules.repeats import LONGEST_AGO, NotSupported, Repeat, read_repeat

PRODUCT = "-//nennep//planning//VI"
_DAY = timedelta(days=1)
#: For how many years before and after this one the rules of the zone are told.
_YEARS_TOLD = 3
_MIDNIGHT = time(0)
_LAST_MINUTE = time(23, 59)

#: What a file may hold: of a unit's year there is less.
MOST_BYTES = 2 * 1024 * 1024
MOST_EVENTS = 500
MOST_ENTRIES = 400
_LONGEST_LINE = 20_000
_LONGEST = {"title": 500, "place": 200, "description": 4_000}
_LONGEST_UID = 180
#: How much of a title or a name a refusal repeats.
_SHOWN = 80


# --- writing ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Event:
    """A task as a calendar entry. `due_on` is its last day; with hours it takes place at them on each of its days."""

    uid: str
    title: str
    starts_on: date
    due_on: date
    starts_at: time | None = None
    ends_at: time | None = None
    place: str = ""
    description: str = ""
    edition: int = 1
    is_cancelled: bool = False


def calendar_text(events: Iterable[Event], *, name: str, zone: ZoneInfo, at: datetime) -> bytes:
    """The calendar as a file: UTF-8, lines ended by CRLF and folded at 75 octets, hours in `zone` with its rules.

    A later edition of a task replaces the earlier one at whoever reads the feed; a task that is no more is cancelled.
    """
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone.key)
    calendar.add_component(_rules_of(zone.key, at.year))
    for event in events:
        calendar.add_component(_component(event, zone, at))
    written: bytes = calendar.to_ical()
    return written


@lru_cache(maxsize=8)
def _rules_of(zone: str, year: int) -> icalendar.Timezone:
    """The rules of a zone for the years around one: worked out once, for it takes longer than the entries."""
    return icalendar.Timezone.from_tzid(
        zone, first_date=date(year - _YEARS_TOLD, 1, 1), last_date=date(year + _YEARS_TOLD, 1, 1)
    )


def _component(event: Event, zone: ZoneInfo, at: datetime) -> icalendar.Event:
    entry = icalendar.Event()
    entry.add("uid", event.uid)
    entry.add("dtstamp", at.astimezone(UTC))
    entry.add("sequence", max(event.edition - 1, 0))
    entry.add("summary", event.title)
    entry.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    if event.starts_at is None:
        entry.add("dtstart", event.starts_on)
        entry.add("dtend", event.due_on + _DAY)
        entry.add("transp", "TRANSPARENT")
    else:
        entry.add("dtstart", datetime.combine(event.starts_on, event.starts_at, zone))
        if event.ends_at is not None:
            entry.add("dtend", datetime.combine(event.starts_on, event.ends_at, zone))
        days = (event.due_on - event.starts_on).days + 1
        if days > 1:
            entry.add("rrule", {"freq": "daily", "count": days})
    if event.place:
        entry.add("location", event.place)
    if event.description:
        entry.add("description", event.description)
    return entry


# --- reading ----------------------------------------------------------------------------------------


class NotACalendar(ValueError):
    """A file that is refused as a whole; `why` is too_large, not_text, not_a_calendar, too_many_events."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Imported:
    """One entry that can become a task. `uid` is the file's own, with the day for one that repeats; `line` is where
    the entry begins.
    """

    uid: str
    title: str
    starts_on: date
    due_on: date
    starts_at: time | None
    ends_at: time | None
    place: str
    description: str
    is_cancelled: bool
    line: int


@dataclass(frozen=True)
class Refused:
    """An entry that was not taken: `line` is where it begins, `why` names the rule, `what` the part it is about.

    `why` is unreadable, no_title, too_long, no_start, unknown_time_zone, ends_before_it_begins, repeats_unusually,
    began_too_long_ago, leaves_the_period, too_many_entries, stands_twice or not_an_event.
    """

    line: int
    why: str
    title: str = ""
    what: str = ""


@dataclass(frozen=True)
class Read:
    """What a file holds for a period: entries in the order of their days, refusals in the order of lines, and how many
    entries lie wholly outside the period.
    """

    entries: tuple[Imported, ...]
    refused: tuple[Refused, ...]
    outside: int


def read_ics(data: bytes, first: date, end: date, zone: ZoneInfo) -> Read:
    """The entries of an .ics file that lie within half-open days; hours are told in `zone`.

    What repeats is spelt out, each day an entry of its own. Raises NotACalendar for a file that is none; a single entry
    that cannot be taken is among the refused, and the others are taken.
    """
    reading = _Reading(first, end, zone)
    for block in _blocks(_lines(data)):
        reading.take(block)
    return reading.read()


@dataclass(frozen=True)
class _Block:
    """A component of the file as its unfolded lines."""

    kind: str
    line: int
    text: str


def _lines(data: bytes) -> Iterator[tuple[int, str]]:
    """The unfolded lines, each with the number of its first line in the file."""
    if len(data) > MOST_BYTES:
        raise NotACalendar("too_large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotACalendar("not_text") from error
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not rows or rows[0].strip().upper() != "BEGIN:VCALENDAR":
        raise NotACalendar("not_a_calendar")
    number, parts = 0, list[str]()
    for at, row in enumerate(rows, start=1):
        if row[:1] in {" ", "\t"}:
            parts.append(row[1:])
            continue
        if parts:
            yield number, "".join(parts)
        number, parts = at, [row]
    if parts:
        yield number, "".join(parts)


def _blocks(lines: Iterable[tuple[int, str]]) -> Iterator[_Block]:
    """The components right under the calendar, each with everything within it; a calendar after a calendar too."""
    inside: list[str] = []
    kind, begins, depth, events = "", 0, 0, 0
    for number, line in lines:
        name, _, value = line.partition(":")
        word, of = name.strip().upper(), value.strip().upper()
        if word == "BEGIN" and of == "VCALENDAR" and not inside:
            continue
        if word == "BEGIN":
            if not inside:
                kind, begins, depth = of, number, 0
            depth += 1
        if inside or word == "BEGIN":
            inside.append(line)
        if word == "END" and inside:
            depth -= 1
            if depth == 0:
                events += kind == "VEVENT"
                if events > MOST_EVENTS:
                    raise NotACalendar("too_many_events")
                yield _Block(kind, begins, "\r\n".join(inside) + "\r\n")
                inside = []
    if inside:
        yield _Block("", begins, "")


class _Unfit(Exception):
    """An entry that is not taken."""

    def __init__(self, why: str, what: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.what = what


@dataclass(frozen=True)
class _Entry:
    """An entry as the file says it, before it is spelt out day by day."""

    uid: str
    imported: Imported
    repeat: Repeat | None
    without: frozenset[date]
    also: tuple[date, ...]
    instead_of: date | None
    sequence: int


class _Reading:
    """The entries of one file, gathered one by one."""

    def __init__(self, first: date, end: date, zone: ZoneInfo) -> None:
        self._first, self._end, self._zone = first, end, zone
        self._refused: list[Refused] = []
        self._entries: list[_Entry] = []

    def take(self, block: _Block) -> None:
        if block.kind == "VTIMEZONE":
            return
        if block.kind != "VEVENT":
            self._refused.append(Refused(block.line, "not_an_event" if block.kind else "unreadable", what=block.kind))
            return
        title = ""
        try:
            if len(block.text) > _LONGEST_LINE:
                raise _Unfit("too_long")  # noqa: TRY301 -- one way out for everything an entry can lack
            event = _parsed(block.text)
            title = _text(event, "SUMMARY")
            self._entries.append(self._entry(event, block.line))
        except _Unfit as error:
            self._refused.append(Refused(block.line, error.why, title[:_SHOWN], error.what))
        except OverflowError:
            self._refused.append(Refused(block.line, "unreadable", title[:_SHOWN]))

    def _entry(self, event: icalendar.Event, line: int) -> _Entry:
        texts = {"title": _text(event, "SUMMARY"), "place": _text(event, "LOCATION")}
        texts["description"] = _text(event, "DESCRIPTION")
        if not texts["title"]:
            raise _Unfit("no_title")
        for name, longest in _LONGEST.items():
            if len(texts[name]) > longest:
                raise _Unfit("too_long", name)
        starts_on, due_on, starts_at, ends_at = self._when(event)
        uid = _uid(event, texts["title"], starts_on, starts_at)
        cancelled = _text(event, "STATUS").upper() == "CANCELLED"
        imported = Imported(
            uid, texts["title"], starts_on, due_on, starts_at, ends_at, texts["place"], texts["description"],
            cancelled, line,
        )  # fmt: skip
        replaced = self._days_of(event, "RECURRENCE-ID")
        return _Entry(
            uid,
            imported,
            self._repeat(event, starts_on, starts_at),
            frozenset(self._days_of(event, "EXDATE")),
            tuple(self._days_of(event, "RDATE")),
            replaced[0] if replaced else None,
            _number(event, "SEQUENCE"),
        )

    def _when(self, event: icalendar.Event) -> tuple[date, date, time | None, time | None]:
        """First day, last day, and the hours of an entry that has some."""
        begins = self._moment(event, "DTSTART")
        if begins is None:
            raise _Unfit("no_start")
        ends = self._end_of(event, begins)
        if not isinstance(begins, datetime):
            last = ends - _DAY if ends > begins else begins
            if ends < begins:
                raise _Unfit("ends_before_it_begins")
            return begins, last, None, None
        if not isinstance(ends, datetime) or ends < begins:
            raise _Unfit("ends_before_it_begins")
        first_time = begins.time().replace(second=0, microsecond=0)
        if ends == begins:
            return begins.date(), begins.date(), first_time, None
        last_day, last_time = ends.date(), ends.time().replace(second=0, microsecond=0)
        if last_time == _MIDNIGHT:
            last_day, last_time = last_day - _DAY, _LAST_MINUTE
        if last_day == begins.date() and last_time <= first_time:
            return begins.date(), last_day, first_time, None
        return begins.date(), last_day, first_time, last_time

    def _end_of(self, event: icalendar.Event, begins: date) -> date:
        """Where it ends: told, or after its duration; a day without an end ends with itself."""
        ends = self._moment(event, "DTEND")
        if ends is not None:
            if isinstance(ends, datetime) != isinstance(begins, datetime):
                raise _Unfit("unreadable", "DTEND")
            return ends
        lasts = event.get("DURATION")
        if lasts is not None:
            length = _one(lasts, "DURATION").dt
            if not isinstance(length, timedelta):
                raise _Unfit("unreadable", "DURATION")
            return begins + length
        return begins if isinstance(begins, datetime) else begins + _DAY

    def _moment(self, event: icalendar.Event, name: str) -> date | None:
        """A day, or an instant told in the zone of the plan; None where the entry names none."""
        said = event.get(name)
        return None if said is None else self._here(_one(said, name), name)

    def _here(self, said: icalendar.vDDDTypes, name: str) -> date:
        moment = said.dt
        if not isinstance(moment, datetime):
            if not isinstance(moment, date):
                raise _Unfit("unreadable", name)
            return moment
        if moment.tzinfo is not None:
            return _within_time(moment, self._zone)
        if said.params.get("TZID"):
            raise _Unfit("unknown_time_zone", str(said.params["TZID"])[:_SHOWN])
        return moment.replace(tzinfo=self._zone)

    def _days_of(self, event: icalendar.Event, name: str) -> list[date]:
        """The days that EXDATE, RDATE or RECURRENCE-ID name."""
        said = event.get(name)
        if said is None:
            return []
        lists = said if isinstance(said, list) else [said]
        moments = [moment for one in lists for moment in (one.dts if hasattr(one, "dts") else [one])]
        days = [self._here(moment, name) for moment in moments]
        return [day.date() if isinstance(day, datetime) else day for day in days]

    def _repeat(self, event: icalendar.Event, starts_on: date, starts_at: time | None) -> Repeat | None:
        rule = event.get("RRULE")
        if rule is None:
            return None
        parts = {str(name).upper(): value for name, value in _one(rule, "RRULE").items()}
        if self._end - starts_on > LONGEST_AGO:
            raise _Unfit("began_too_long_ago")
        until = self._until(parts.get("UNTIL"), starts_at)
        spelt = {name: [str(one) for one in values] for name, values in parts.items()}
        try:
            return read_repeat(spelt, until)
        except NotSupported as error:
            raise _Unfit("repeats_unusually", error.part) from error

    def _until(self, said: Sequence[date] | None, starts_at: time | None) -> date | None:
        """The last day on which an entry at this hour still begins."""
        if not said:
            return None
        until = said[0]
        if not isinstance(until, datetime):
            return until
        here = _within_time(until, self._zone) if until.tzinfo else until
        return here.date() if starts_at is None or here.time() >= starts_at else here.date() - _DAY

    # --- spelling out ---

    def read(self) -> Read:
        """Everything that was taken, within the period; a later edition of an entry stands for the earlier one."""
        entries: dict[str, Imported] = {}
        outside = 0
        for entry in self._newest():
            within = [one for one in self._spelt_out(entry) if self._meets(one)]
            outside += not within
            for one in within:
                why = self._why_not(one, entries)
                if why:
                    self._refused.append(Refused(one.line, why, one.title[:_SHOWN]))
                    break
                entries[one.uid] = one
        ordered = sorted(entries.values(), key=lambda one: (one.starts_on, one.starts_at or _MIDNIGHT, one.line))
        return Read(tuple(ordered), tuple(sorted(self._refused, key=lambda one: one.line)), outside)

    def _meets(self, one: Imported) -> bool:
        return one.due_on >= self._first and one.starts_on < self._end

    def _why_not(self, one: Imported, taken: Mapping[str, Imported]) -> str:
        if one.starts_on < self._first or one.due_on >= self._end:
            return "leaves_the_period"
        return "too_many_entries" if len(taken) >= MOST_ENTRIES and one.uid not in taken else ""

    def _newest(self) -> Iterator[_Entry]:
        """Each entry once, those that stand for a single day of another after it."""
        kept: dict[tuple[str, date | None], _Entry] = {}
        for entry in self._entries:
            key = (entry.uid, entry.instead_of)
            other = kept.get(key)
            if other is None:
                kept[key] = entry
                continue
            older, newer = sorted((other, entry), key=lambda one: one.sequence)
            kept[key] = newer
            self._refused.append(Refused(older.imported.line, "stands_twice", older.imported.title[:_SHOWN]))
        yield from sorted(kept.values(), key=lambda one: one.instead_of is not None)

    def _spelt_out(self, entry: _Entry) -> Iterator[Imported]:
        one = entry.imported
        if entry.instead_of is not None:
            yield replace(one, uid=_on_day(entry.uid, entry.instead_of))
            return
        if entry.repeat is None and not entry.also:
            yield one
            return
        length = one.due_on - one.starts_on
        replaced = {other.instead_of for other in self._entries if other.uid == entry.uid}
        repeated = entry.repeat.days(one.starts_on, self._end) if entry.repeat else iter([one.starts_on])
        for day in sorted({*repeated, *entry.also} - entry.without - replaced):
            yield replace(one, uid=_on_day(entry.uid, day), starts_on=day, due_on=day + length)


def _parsed(text: str) -> icalendar.Event:
    """The entry; what stands in it and cannot be read is refused where it matters."""
    try:
        event = icalendar.Event.from_ical(text)
    except (ValueError, IndexError, KeyError) as error:
        raise _Unfit("unreadable") from error
    if not isinstance(event, icalendar.Event):
        raise _Unfit("unreadable")
    for name, _why in event.errors:
        if name is None or str(name).upper() in _READ:
            raise _Unfit("unreadable", str(name or ""))
    return event


_READ = frozenset(
    {"UID", "SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "SEQUENCE", "DTSTART", "DTEND", "DURATION", "RRULE"}
    | {"EXDATE", "RDATE", "RECURRENCE-ID"}
)


def _one(said: Any, name: str) -> Any:
    """What may stand once only."""
    if isinstance(said, list):
        raise _Unfit("unreadable", name)
    return said


def _text(event: icalendar.Event, name: str) -> str:
    """Words without control signs, each blank a plain one, and none at their ends."""
    said = event.get(name)
    if isinstance(said, list):
        said = said[0]
    letters = (" " if letter.isspace() and letter != "\n" else letter for letter in str(said or ""))
    return "".join(letter for letter in letters if letter.isprintable() or letter == "\n").strip()


def _number(event: icalendar.Event, name: str) -> int:
    text = _text(event, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004


def _uid(event: icalendar.Event, title: str, day: date, hour: time | None) -> str:
    """The entry's own name; made from what it says where it bears none, so that the same file finds it again."""
    said = _text(event, "UID") or f"{title} {day} {hour or ''}"
    is_plain = bool(event.get("UID")) and len(said) <= _LONGEST_UID
    return said if is_plain else hashlib.sha256(said.encode()).hexdigest()


def _on_day(uid: str, day: date) -> str:
    return f"{uid} {day:%Y%m%d}"


def _within_time(moment: datetime, zone: ZoneInfo) -> datetime:
    try:
        return moment.astimezone(zone)
    except (OverflowError, ValueError) as error:
        raise _Unfit("unreadable") from error
