"""Making the demonstration: the organisation, its people, and the course of its reports, in one transaction."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from django.core.management.color import no_style
from django.db import connection, transaction

from nennep.accounts.models import Person
from nennep.demonstration import people
from nennep.demonstration.character import Character, characters, pace_of
from nennep.demonstration.course import LAST_DAY, end_of
from nennep.demonstration.figures import Counting
from nennep.demonstration.invention import invented
from nennep.demonstration.ledger import Act, Ids, write_entries
from nennep.demonstration.papers import ROWS as PAPERS
from nennep.demonstration.papers_of_the_year import PapersOfTheYear
from nennep.demonstration.people import Hands
from nennep.demonstration.plans import ROWS as PLANS
from nennep.demonstration.plans_of_the_year import PlansOfTheYear
from nennep.demonstration.provinces import Province, write_synthesis
from nennep.demonstration.reports import Months, Reporter, RoundPlan, RoundRows, Writing
from nennep.demonstration.scene import Scene
from nennep.demonstration.words import Speech
from nennep.journal.rules import system_actor
from nennep.organisation import queries as organisation
from nennep.organisation.models import Unit
from nennep.organisation.rules import Line, Tree
from nennep.packs.load import load_pack
from nennep.packs.reading import read_pack, shipped_pack
from nennep.packs.schemas import Pack
from nennep.planning.services.notices import run_digest
from nennep.reporting import queries as reporting
from nennep.reporting import sealing
from nennep.reporting.models import Decision, Form, Indicator, Reminder, Report, ReportingCalendar, Round, Version
from nennep.reporting.rules.content import DutyRule
from nennep.reporting.rules.periods import Kind, Period
from nennep.synthesis.models import Basis, DraftItem, Synthesis

#: The month from which the demonstration tells.
FIRST_MONTH = "2024-01"
#: Weekly reports are shown for so many weeks before the end.
WEEKS = 4
#: Books are closed on this day of a period's last month, at ten (Nghị định 09/2019/NĐ-CP Điều 13: the 25th).
CLOSING_DAY, CLOSING_HOUR = 25, 10
#: The small demonstration tells of so many months, and of the same ones a year before.
SMALL_MONTHS = 4


class DemonstrationRefused(Exception):
    """A demonstration that cannot be made here; the message says what to do."""


@dataclass(frozen=True)
class Built:
    """What was made, and how long it took."""

    until: str
    at: datetime
    units: int
    rounds: int
    reports: int
    versions: int
    entries: int
    seconds: float


def is_there() -> bool:
    """Whether the database holds a demonstration with its reports."""
    return Unit.objects.filter(demonstration=True).exists() and Report.objects.exists()


def build(
    *,
    small: bool = False,
    until: str,
    say: Callable[[str], None] = lambda _: None,
) -> Built:
    """Make the demonstration up to a month (`2026-11`): what was known on its 19th.

    The same rows every time for the same month. Raises DemonstrationRefused when the database is in use already, or the
    month is none that can be told of.
    """
    began = time.monotonic()
    month = _month(until)
    if Person.objects.exists() or Round.objects.exists():
        raise DemonstrationRefused("this database is in use; --fresh sets it aside and builds anew")
    pack = read_pack(shipped_pack("bdbp"))
    builder = _Builder(_smaller(pack) if small else pack, month, small=small, say=say)
    with transaction.atomic():
        entries = builder.build()
    return Built(
        f"{month:%Y-%m}",
        builder.at,
        Unit.objects.count(),
        Round.objects.count(),
        Report.objects.count(),
        Version.objects.count(),
        entries,
        time.monotonic() - began,
    )


def set_aside(now: datetime) -> Path | None:
    """Rename the embedded database, so that a new one is made; returns where it is kept, or None when there was none.

    Nothing is deleted. Raises DemonstrationRefused for a database that is not a file.
    """
    if connection.vendor != "sqlite":
        raise DemonstrationRefused("--fresh sets aside a database file; make an empty database and name it instead")
    path = Path(str(connection.settings_dict["NAME"]))
    if not path.exists():
        return None
    connection.close()
    kept = path.with_name(f"{path.stem}-{now:%Y%m%d-%H%M%S}{path.suffix}")
    for suffix in ("", "-wal", "-shm"):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.rename(kept.with_name(kept.name + suffix))
    return kept


def who_signs_in() -> str:
    """The table of those who can sign in, as plain lines."""
    rows = people.sign_ins()
    wide = max((len(row.username) for row in rows), default=0)
    lines = [f"Mật khẩu chung / one password for all: {people.password()}", ""]
    for row in rows:
        lines.append(f"  {row.username:<{wide}}  {row.who} – {'; '.join(row.posts)}")
        lines.append(f"  {'':<{wide}}  {row.tries}")
    return "\n".join(lines)


def newest_month(today: date) -> str:
    """The newest month that can be told of without telling of days to come: this one, once its 19th has passed."""
    month = today.replace(day=1)
    if today.day <= LAST_DAY:
        month = (month - timedelta(days=1)).replace(day=1)
    return f"{month:%Y-%m}"


def _month(until: str) -> date:
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", until) or until < FIRST_MONTH:
        raise DemonstrationRefused(f"{until}: a month from {FIRST_MONTH} on is written YYYY-MM")
    return date.fromisoformat(f"{until}-01")


def _smaller(pack: Pack) -> Pack:
    """Two commands that became one, with a few units each, and whatever stands above them."""
    chosen = invented("places")["small"]
    kept = {"BTL", *chosen["provinces"], *chosen["units"]}
    kept |= {edge.parent for edge in pack.edges if edge.unit in kept}
    return pack.model_copy(
        update={
            "units": tuple(row for row in pack.units if row.code in kept),
            "unit_names": tuple(row for row in pack.unit_names if row.unit in kept),
            "edges": tuple(row for row in pack.edges if row.unit in kept),
            "successions": tuple(row for row in pack.successions if {row.predecessor, row.successor} <= kept),
            "targets": tuple(row for row in pack.targets if row.unit in kept),
        }
    )


class _Builder:
    """Holds what the steps share; each step is one method, in the order of `build`."""

    def __init__(self, pack: Pack, month: date, *, small: bool, say: Callable[[str], None]) -> None:
        self._pack = pack
        self._small = small
        self._say = say
        self._zone = reporting.zone()
        self._month = month
        self.at = end_of(month, self._zone)
        self._ids = Ids()
        self._acts: list[Act] = []

    def build(self) -> int:
        first = datetime(2023, 12, 1, 8, 0, tzinfo=self._zone)
        by = system_actor(first.astimezone(UTC), first.date())
        loaded = load_pack(self._pack, by=by)
        self._say(f"organisation and forms: {loaded.added} rows")
        self._say(f"people: {people.appoint_people(by=by)}")
        self._ids_of_units = organisation.ids_by_code()
        self._codes = {unit_id: code for code, unit_id in self._ids_of_units.items()}
        self._characters = characters(self._pack)
        self._hands = Hands()
        self._calendar = ReportingCalendar.objects.get(code=self._pack.calendars[0].code).rule
        plans = self._plans()
        self._write_rounds(plans)
        self._write_papers_and_plans()
        entries = write_entries(self._acts)
        self._remind()
        self._reset_sequences()
        self._say(f"journal: {entries} entries")
        return entries

    # --- the rounds -------------------------------------------------------------------------------

    def _plans(self) -> list[RoundPlan]:
        """Every round that was opened until the end, in the order in which their periods end."""
        forms = list(Form.objects.select_related("calendar").order_by("code", "version"))
        found = []
        for period in self._periods({Kind(form.kind) for form in forms}):
            for form in forms:
                in_force = form.starts_on <= period.last_day and (
                    form.ends_on is None or period.last_day < form.ends_on
                )
                if form.kind == period.kind and in_force:
                    found.append((form, period))
        rules = {row.code: row.rule for row in Indicator.objects.all()}
        plans = []
        for form, period in sorted(found, key=lambda pair: (pair[1].ends_on, list(Kind).index(pair[1].kind))):
            layout = form.layout
            asked = {code: rules[code] for code in layout.indicators}
            opened_at = self._local(max(period.starts_on, date(2024, 1, 2)), 8)
            plans.append(
                RoundPlan(self._ids.next("round"), form, layout, asked, period, opened_at, self._closes_at(period))
            )
        return plans

    def _periods(self, kinds: set[Kind]) -> Iterator[Period]:
        first = self._calendar.parse(FIRST_MONTH)
        months = self._shown_months()
        for kind in kinds:
            start = self.at.date() - timedelta(weeks=WEEKS) if kind is Kind.WEEK else first.starts_on
            for period in self._calendar.walk(kind, start, self.at.date()):
                told = (period.last_day.year, period.last_day.month) in months
                if kind is Kind.WEEK or (told and self._is_told(period)):
                    yield period

    def _is_told(self, period: Period) -> bool:
        """Months and years from the beginning; quarters and halves of the newest year only: their forms are long."""
        return period.kind in {Kind.MONTH, Kind.YEAR} or period.year >= self._month.year

    def _shown_months(self) -> set[tuple[int, int]]:
        """The months, by their last day, that the demonstration tells of; running longer periods end a year ahead."""
        count = SMALL_MONTHS if self._small else 12 * 50
        newest = 12 * self._month.year + self._month.month - 1
        told = {newest - back for back in range(count)}
        if self._small:
            told |= {month - 12 for month in told}
        running = {newest + ahead for ahead in range(1, 13)}
        return {(month // 12, month % 12 + 1) for month in told | running}

    def _closes_at(self, period: Period) -> datetime:
        if period.kind is Kind.WEEK:
            return self._local(period.ends_on + timedelta(days=5), CLOSING_HOUR)
        return self._local(period.last_day.replace(day=CLOSING_DAY), CLOSING_HOUR)

    def _local(self, day: date, hour: int) -> datetime:
        return datetime(day.year, day.month, day.day, hour, tzinfo=self._zone)

    # --- papers and plans -------------------------------------------------------------------------

    def _write_papers_and_plans(self) -> None:
        """The circle of demand and plan, told last: its targets are held against what was reported."""
        began = time.monotonic()
        scene = Scene(self._pack, self._characters, self._hands, self._ids, self._acts, at=self.at, zone=self._zone)
        papers = PapersOfTheYear(scene)
        papers.tell()
        plans = PlansOfTheYear(scene, papers).tell()
        papers.tell_plans()
        self._say(f"papers and plans: {plans} plans in {time.monotonic() - began:.0f} s")

    def _remind(self) -> None:
        """The digest of the last morning: what is due and overdue by then."""
        at = self.at.replace(hour=6)
        done = run_digest(at.date(), by=system_actor(at.astimezone(UTC), at.date()))
        self._say(f"reminders: {done.made}")

    # --- the reports ------------------------------------------------------------------------------

    def _write_rounds(self, plans: Sequence[RoundPlan]) -> None:
        # The small one is for tests, which go on from a month that is told whole.
        left_to_do = frozenset() if self._small else people.units_left_to_do()
        writing = Writing(Speech(), self._ids, at=self.at, left_to_do=left_to_do)
        months = Months(Counting({row.code: row.rule for row in Indicator.objects.all()}))
        duties = reporting.duties({plan.form.code for plan in plans})
        began, done = time.monotonic(), 0
        for number, plan in enumerate(plans, start=1):
            rows = self._write_round(plan, plans, duties[plan.form.code], writing, months)
            done += len(rows.reports)
            self._say(
                f"[{number}/{len(plans)}] {plan.form.code} {plan.period.code}: {len(rows.reports)} reports"
                f" ({done} in {time.monotonic() - began:.0f} s)"
            )

    def _write_round(
        self, plan: RoundPlan, plans: Sequence[RoundPlan], duties: Sequence[DutyRule], writing: Writing, months: Months
    ) -> RoundRows:
        rows = RoundRows()
        due = reporting.due_by_unit(plan.period, duties, reporting.lives())
        before = self._calendar.before(plan.period).code
        booking = self._booking(plan, plans)
        for reporter, lived_from in self._reporters(plan, due):
            count = partial(months.over, reporter.unit, plan.period, self._calendar, lived_from)
            writing.write(plan, reporter, count, before=before, booking=booking, rows=rows)
        for province in self._provinces(plan, due):
            write_synthesis(plan, province, rows, ids=self._ids, at=self.at)
        self._keep(plan, rows, missing=len(due) - len(rows.counted))
        return rows

    def _reporters(self, plan: RoundPlan, due: Mapping[int, datetime]) -> Iterator[tuple[Reporter, date]]:
        day = plan.period.last_day
        tree = organisation.tree_on(day, Line(plan.form.line))
        starts = {unit.code: unit.starts_on for unit in self._pack.units}
        for code, unit in self._characters.items():
            unit_id = self._ids_of_units[code]
            if unit_id in due:
                yield self._reporter(unit_id, unit, due, tree, day), starts[code]

    def _provinces(self, plan: RoundPlan, due: Mapping[int, datetime]) -> Iterator[Province]:
        day = plan.period.last_day
        tree = organisation.tree_on(day, Line(plan.form.line))
        for unit_id in sorted(due, key=lambda unit_id: self._codes[unit_id]):
            if self._codes[unit_id] not in self._characters:
                officer = self._hands.of(unit_id, "planning_officer", day)
                superior = self._hands.of(tree.superiors(unit_id)[0], "planning_officer", day)
                below = frozenset(tree.children.get(unit_id, ())) & due.keys()
                code, below_due = self._codes[unit_id], min((due[child] for child in below), default=due[unit_id])
                reviewed_by = below_due + (due[unit_id] - below_due) * pace_of(code)
                yield Province(unit_id, code, below, due[unit_id], reviewed_by, officer, superior)

    def _reporter(self, unit_id: int, unit: Character, due: Mapping[int, datetime], tree: Tree, day: date) -> Reporter:
        superior = tree.superiors(unit_id)[0]
        return Reporter(
            unit_id,
            unit,
            due[unit_id],
            due[unit_id] + (due[superior] - due[unit_id]) * pace_of(self._codes[superior]),
            self._hands.of(unit_id, "political_officer", day),
            self._hands.of(superior, "planning_officer", day),
        )

    def _booking(self, plan: RoundPlan, plans: Sequence[RoundPlan]) -> int | None:
        """The round in which a correction of this one would be booked: the next of its form, still open for a month."""
        later = [other for other in plans if other.form.code == plan.form.code and plan.period < other.period]
        following = min(later, key=lambda other: other.period.starts_on, default=None)
        is_open = following is not None and following.closes_at > plan.closes_at + timedelta(days=22)
        return following.id if following is not None and is_open and following.opened_at < plan.closes_at else None

    def _keep(self, plan: RoundPlan, rows: RoundRows, *, missing: int) -> None:
        """Write the rows of a round; seal it when its books are closed."""
        top = self._ids_of_units["BTL"]
        hand = self._hands.of(top, "planning_officer", plan.period.last_day)
        round_ = Round(
            id=plan.id,
            form=plan.form,
            period_code=plan.period.code,
            starts_on=plan.period.starts_on,
            ends_on=plan.period.ends_on,
            opened_at=plan.opened_at,
        )
        subject, details = f"reporting.round:{plan.id}", {"period": plan.period.code}
        self._acts.append(Act(top, plan.opened_at, "reporting.open", subject, hand, "", details))
        if plan.is_closed(self.at):
            counted = sorted(rows.counted, key=lambda item: item[0].unit_id)
            round_.seal_file, round_.seal_digest = sealing.write(round_, counted)
            round_.closed_at = plan.closes_at
            reason = invented("words")["remarks"]["closing"].format(count=missing) if missing else ""
            closing = {"versions": len(counted), "missing": missing, "digest": round_.seal_digest}
            self._acts.append(Act(top, plan.closes_at, "reporting.close", subject, hand, reason, closing))
        Round.objects.bulk_create([round_])
        Report.objects.bulk_create(rows.reports)
        Version.objects.bulk_create(rows.versions)
        Decision.objects.bulk_create(rows.decisions)
        Reminder.objects.bulk_create(rows.reminders)
        Synthesis.objects.bulk_create(rows.syntheses)
        Basis.objects.bulk_create(rows.basis)
        DraftItem.objects.bulk_create(rows.items)
        self._acts.extend(rows.acts)

    def _reset_sequences(self) -> None:
        """Numbers were given by hand: a database that counts beside its tables must hear of it."""
        statements = connection.ops.sequence_reset_sql(
            no_style(), [Round, Report, Version, Reminder, Synthesis, DraftItem, *PAPERS, *PLANS]
        )
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
