"""The plans of three levels, from the year to the week: made out of each other, amended, carried out or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from nennep.demonstration.aims import Aims
from nennep.demonstration.chance import Dice, lasting
from nennep.demonstration.course import by_day
from nennep.demonstration.invention import invented
from nennep.demonstration.papers import signed
from nennep.demonstration.papers_of_the_year import PapersOfTheYear
from nennep.demonstration.people import Hand
from nennep.demonstration.plans import Plans, PlanWay, Sketch
from nennep.demonstration.scene import FIRST_YEAR, HEADQUARTERS, POST, PROVINCE, SQUADRON, Scene
from nennep.documents.models import Clause
from nennep.documents.rules.paper import roman
from nennep.documents.rules.text import Text, numbered
from nennep.planning.models import ClauseAnswer, HandOver, Plan, Task
from nennep.planning.papers import said_of
from nennep.planning.queries import plans as queries
from nennep.planning.rules.evidence import Evidence, EvidenceKind
from nennep.planning.rules.plan_text import text_blocks
from nennep.planning.rules.recurring import Recurring
from nennep.planning.rules.states import PlanKind, PlanState, TaskState
from nennep.planning.rules.versions import PlanTexts
from nennep.reporting.models import Report
from nennep.reporting.rules.periods import Kind, Period

#: Which of the three levels a unit of a kind plans on.
LEVEL: Mapping[str, str] = {HEADQUARTERS: "headquarters", PROVINCE: "province", POST: "post", SQUADRON: "post"}
#: What posts planned is told of so many months and quarters back, besides the next month; of the other levels, the
#: whole year. The calendars of this share of the commands' posts are told of.
_MONTHS_OF_POSTS, _QUARTERS_OF_POSTS, _SHARE_WITH_CALENDARS = 1, 1, 0.15
_WEEKS_BEFORE = 4
#: A plan is closed so many days after its last; that of a year in the middle of January.
_ENDS_AFTER = timedelta(days=10)
#: This command says nothing of clauses without a task, so that whoever signs in there has one to make.
_LEFT_TO_DO = "DONG-THAP"
#: How often a unit forgets a work, and how often a clause without a task is answered.
_FORGOTTEN, _ANSWERED = 0.08, 0.55
#: How often a task of this length stays open past its last day.
_LATE: Mapping[Kind, float] = {Kind.YEAR: 0.1, Kind.QUARTER: 0.05, Kind.MONTH: 0.05, Kind.WEEK: 0.008}
_WHOLE = 100


class PlansOfTheYear:
    """Makes every plan of the demonstration, in the order in which they would have been made."""

    def __init__(self, scene: Scene, papers: PapersOfTheYear) -> None:
        self._scene = scene
        self._papers = papers
        self._data = invented("plans")
        self._plans = Plans(scene)
        self._calendar = queries.calendar()
        self._newest = scene.newest_year
        self._year: dict[tuple[int, int], Sketch] = {}
        self._quarter: dict[tuple[int, str], Sketch] = {}
        self._month: dict[tuple[int, str], Sketch] = {}
        self._peak: dict[int, Sketch] = {}
        self._aims = {year: Aims(scene, year) for year in self._years}
        self._holidays = queries.holidays(date(FIRST_YEAR, 1, 1), date(scene.today.year + 2, 1, 1))
        self._versions = self._evidence()
        self._around: dict[tuple[int, int], frozenset[int]] = {}
        self._added: dict[int, datetime] = {}
        self._known: dict[tuple[str, int], datetime | None] = {}

    @property
    def _years(self) -> range:
        return range(FIRST_YEAR, self._scene.today.year + 1)

    def tell(self) -> int:
        """Make and write all plans; returns how many there are."""
        for year in self._years:
            self._make_years(year)
            self._hand_over(year)
            self._amend(year)
            if year == self._newest:
                self._make_quarters(year)
                self._make_peak(year)
                self._make_months(year)
                self._make_weeks()
        self._open_an_amendment()
        self._carry_out()
        self._answer(self._newest)
        for sketch in self._plans.sketches:
            self._plans.end(sketch)
        self._name_papers()
        self._plans.write()
        return len(self._plans.sketches)

    # --- years ------------------------------------------------------------------------------------

    def _make_years(self, year: int) -> None:
        period = self._calendar.parse(str(year))
        kinds = (HEADQUARTERS, PROVINCE, POST, SQUADRON) if year == self._newest else (HEADQUARTERS, PROVINCE)
        for kind in kinds:
            for unit in self._living_in(period, kind):
                self._make_year(unit, year, period)

    def _living_in(self, period: Period, *kinds: str) -> list[int]:
        """The units that lived on the first working days of a period, or began in it."""
        scene = self._scene
        last = min(period.last_day, scene.today)
        begun = {unit for unit in scene.units(last, *kinds) if scene.life(unit)[0] > period.starts_on}
        there = set(scene.units(min(period.starts_on + timedelta(days=40), last), *kinds))
        return sorted(begun | there, key=lambda unit: scene.codes[unit])

    def _make_year(self, unit: int, year: int, period: Period) -> None:
        first = {"headquarters": date(year, 1, 9), "province": date(year, 1, 18), "post": date(year, 1, 27)}
        level = LEVEL[self._scene.kind(unit)]
        day = max(first[level], self._scene.life(unit)[0] + timedelta(days=2))
        way = self._way(day, level, days=7, ended=date(year + 1, 1, 15))
        above = self._superior_sketch(self._year, unit, year, day)
        directive = self._papers.directive("guideline", year)
        title = self._title("year", period)
        texts = PlanTexts(**{part: tuple(lines) for part, lines in self._data["texts"][level].items()})
        answers = directive.document if directive and level != "post" else None
        sketch = self._plans.begin(unit, PlanKind.PLAN, period, title, way, texts=texts, details=above, answers=answers)
        if sketch is None:
            return
        self._year[unit, year] = sketch
        for work in self._works("year", unit, year, way.approved.date()):
            self._add_year_task(sketch, work, year, above)
        if level == "headquarters":
            self._add_on_a_holiday(sketch)
        self._plans.lead_along(sketch, taken="planning.take")

    def _add_on_a_holiday(self, sketch: Sketch) -> None:
        """One task falls on the last holiday of the year, to be seen among what does not go together."""
        days = [span.starts_on for span in self._holidays if span.starts_on.year == sketch.plan.starts_on.year]
        heading = self._data["headings"]["border"]
        self._plans.add(sketch, self._data["holiday"]["says"], max(days), max(days), heading=heading)

    def _add_year_task(self, sketch: Sketch, work: Mapping[str, Any], year: int, above: Sketch | None) -> Task:
        unit, approved = sketch.plan.unit_id, sketch.way.approved.date()
        higher = above.works.get(work["key"]) if above else None
        level = LEVEL[self._scene.kind(unit)]
        return self._plans.add(
            sketch,
            self._filled(work["year"][level], unit, year=year),
            _day(year, work["starts"]),
            _day(year, work["due"]),
            work=work["key"],
            units=self._coordinating(unit, work["key"], approved),
            clauses=[clause.pk for clause in self._clauses(work, unit, year, self._last_word(sketch))],
            target=self._aims[year].of_year(unit, work["indicator"]) if "indicator" in work and higher else None,
            heading=self._data["headings"][work["heading"]],
            emphasis=work.get("emphasis", False),
            lead_post=self._lead_post(unit, approved),
            details_id=higher.pk if higher else None,
        )

    def _last_word(self, sketch: Sketch) -> datetime:
        """Until when what was known is in the plan: its approval, or the amendment that is being written."""
        if sketch.plan.state == PlanState.AMENDING:
            return self._scene.local(date(sketch.plan.starts_on.year, 7, 18), 9)
        return sketch.way.made

    def _works(self, length: str, unit: int, year: int, day: date, *, since: datetime | None = None) -> Iterator[Any]:
        """The works that a unit plans for this length of time, known by then; `since`: only those known later."""
        level = LEVEL[self._scene.kind(unit)]
        known_at = self._scene.local(day, 0)
        for work in self._data["works"]:
            fits = level in work.get(length, {}) and self._scene.is_on(unit, work.get("on", "all"), day)
            known = self._known_at(work, year)
            if not fits or known is None or known > known_at or (since is not None and known <= since):
                continue
            if level == "headquarters" or lasting(self._scene.codes[unit], "forgets", work["key"], year) >= _FORGOTTEN:
                yield work

    def _known_at(self, work: Mapping[str, Any], year: int) -> datetime | None:
        """When the first directive that asks for a work was issued; None while none was."""
        if not work["clauses"]:
            return self._scene.local(date(year, 1, 2), 0)
        key = (work["key"], year)
        if key not in self._known:
            self._known[key] = self._first_issued(work, year)
        return self._known[key]

    def _first_issued(self, work: Mapping[str, Any], year: int) -> datetime | None:
        sheets = [self._papers.directive(key.partition(".")[0], year) for key in work["clauses"]]
        issued = [sheet.way.issued for sheet in sheets if sheet is not None and sheet.way.issued is not None]
        return min(issued, default=None)

    def _clauses(self, work: Mapping[str, Any], unit: int, year: int, known_at: datetime) -> Iterator[Clause]:
        """The clauses that a task of this work cites: those known by then that bind the unit or one around it."""
        for key in work["clauses"]:
            sheet = self._papers.directive(key.partition(".")[0], year)
            clause = self._papers.demand(key, year)
            if sheet is None or clause is None or sheet.way.issued is None or sheet.way.issued > known_at:
                continue
            if self._around_of(unit, year) & self._papers.addressed(clause):
                yield clause

    def _around_of(self, unit: int, year: int) -> frozenset[int]:
        if (unit, year) not in self._around:
            day = max(date(year, 1, 25), self._scene.life(unit)[0])
            tree = self._scene.tree(day)
            above = self._scene.superior(unit, day)
            self._around[unit, year] = frozenset({unit, *tree.walk(unit)} | ({above} if above else set()))
        return self._around[unit, year]

    # --- shorter plans ----------------------------------------------------------------------------

    def _make_quarters(self, year: int) -> None:
        newest = self._calendar.containing(Kind.QUARTER, self._scene.today).starts_on
        for period in self._calendar.of_year(Kind.QUARTER, year):
            is_shown = period.starts_on > newest - timedelta(days=92 * _QUARTERS_OF_POSTS + 5)
            for unit in self._whole_in(period):
                if not is_shown and self._scene.kind(unit) in {POST, SQUADRON}:
                    continue
                self._make_shorter("quarter", unit, period, self._year.get((unit, year)), self._quarter)

    def _make_months(self, year: int) -> None:
        months = self._calendar.of_year(Kind.MONTH, year)
        newest = self._calendar.containing(Kind.MONTH, self._scene.today).starts_on
        for period in months[1:]:
            quarter = self._calendar.containing(Kind.QUARTER, period.starts_on)
            is_shown = period.starts_on > newest - timedelta(days=31 * _MONTHS_OF_POSTS + 5)
            for unit in self._whole_in(period):
                if is_shown or self._scene.kind(unit) in {HEADQUARTERS, PROVINCE}:
                    self._make_shorter("month", unit, period, self._quarter.get((unit, quarter.code)), self._month)

    def _whole_in(self, period: Period) -> Iterator[int]:
        """The units with a year's plan that live through a period, superiors first."""
        for unit, year in list(self._year):
            if year == period.year and self._scene.lives(unit, period.starts_on, period.last_day):
                yield unit

    def _make_shorter(
        self, length: str, unit: int, period: Period, longer: Sketch | None, kept: dict[tuple[int, str], Sketch]
    ) -> None:
        scene, level, whole = self._scene, LEVEL[self._scene.kind(unit)], self._year[unit, period.year]
        if longer is None:
            return
        before = {"headquarters": 25, "province": 21, "post": 17}[level]
        day = max(period.starts_on - timedelta(days=before), whole.way.approved.date() + timedelta(days=1))
        way = self._way(day, level, days=5, ended=period.last_day + _ENDS_AFTER)
        works = list(self._works(length, unit, period.year, day))
        if not works or day > period.last_day:
            return
        sketch = self._plans.begin(unit, PlanKind.PLAN, period, self._title(length, period), way, details=longer)
        if sketch is None:
            return
        kept[unit, period.code] = sketch
        for work in works:
            higher = longer.works.get(work["key"]) or whole.works.get(work["key"])
            if higher is not None and self._stood(higher, way.made) and higher.due_on >= period.starts_on:
                self._add_shorter(sketch, length, work, period, higher)
        if sketch.plan.unit_id == scene.unit_ids.get("LANG-SON") and way.made > scene.at - timedelta(days=12):
            sketch.way = replace(way, returned=way.submitted + timedelta(hours=6))
        self._plans.lead_along(sketch)
        if sketch.way.returned is not None:
            self._plans.give_back(sketch, sketch.way.returned, self._data["amended"]["returned"])

    def _add_shorter(self, sketch: Sketch, length: str, work: Mapping[str, Any], period: Period, higher: Task) -> None:
        unit, level = sketch.plan.unit_id, LEVEL[self._scene.kind(sketch.plan.unit_id)]
        dice = Dice(self._scene.codes[unit], length, period.code, work["key"])
        days = (period.ends_on - period.starts_on).days
        first = max(higher.starts_on, period.starts_on + timedelta(days=dice.whole(0, days // 4)))
        due = min(higher.due_on, period.last_day - timedelta(days=dice.whole(0, days // 5)))
        # A post's shorter task carries out the clauses of the one that it details; it need not name them again.
        cited = () if level == "post" else self._clauses(work, unit, period.year, sketch.way.made)
        target = None
        if length == "month" and work.get("monthly") and level == "post":
            target = self._aims[period.year].of_month(unit, work["indicator"], period.code)
        self._plans.add(
            sketch,
            self._filled(work[length][level], unit, work=work["key"], period=period),
            first,
            max(first, due),
            work=work["key"],
            units=self._coordinating(unit, f"{work['key']} {period.code}", sketch.way.made.date()),
            clauses=[clause.pk for clause in cited],
            target=target,
            heading=self._data["headings"][work["heading"]],
            emphasis=work.get("emphasis", False) and length == "quarter",
            lead_post=self._lead_post(unit, sketch.way.made.date()),
            details_id=higher.pk,
        )

    def _stood(self, task: Task, at: datetime) -> bool:
        """Whether a higher task was there already, and goes on."""
        born = self._added.get(task.pk)
        return task.state in {TaskState.OPEN, TaskState.DONE} and (born is None or born <= at)

    def _make_peak(self, year: int) -> None:
        """The plan for the end of the year on the land border, which answers a directive of its own."""
        directive = self._papers.directive("peak", year)
        if directive is None or directive.way.issued is None:
            return
        period = self._calendar.containing(Kind.QUARTER, date(year, 12, 1))
        for unit in self._whole_in(period):
            if self._scene.kind(unit) != HEADQUARTERS and self._scene.is_on(unit, "land", period.starts_on):
                self._make_peak_plan(unit, period, directive.way.issued.date())

    def _make_peak_plan(self, unit: int, period: Period, issued: date) -> None:
        level, year = LEVEL[self._scene.kind(unit)], period.year
        day = issued + timedelta(days=3 if level == "province" else 6)
        way = self._way(day, level, days=4, ended=date(year + 1, 1, 15))
        above = self._superior_sketch(self._peak, unit, None, day)
        directive = self._papers.directive("peak", year)
        sketch = self._plans.begin(
            unit,
            PlanKind.PLAN,
            period,
            self._data["titles"]["peak"].format(year=year),
            way,
            details=above,
            answers=directive.document if directive else None,
            topic=self._data["titles"]["peak_topic"],
        )
        if sketch is None:
            return
        self._peak[unit] = sketch
        for work in self._data["peak"]:
            if Dice(self._scene.codes[unit], "forgets", work["key"]).happens(_FORGOTTEN):
                continue
            higher = above.works.get(work["key"]) if above else None
            patrol = work["key"] == "peak_patrol" and level == "post"
            self._plans.add(
                sketch,
                work[level],
                date(year, 10, 20),
                _day(year, work.get("due", "12-31")),
                work=work["key"],
                clauses=[clause.pk for clause in self._clauses(work, unit, year, way.made)],
                target=self._quarter_aim(unit, year) if patrol else None,
                heading=self._data["headings"][work["heading"]],
                emphasis=work.get("emphasis", False),
                lead_post=self._lead_post(unit, day),
                details_id=higher.pk if higher else None,
            )
        self._plans.lead_along(sketch)

    def _quarter_aim(self, unit: int, year: int) -> tuple[str, Decimal] | None:
        found = self._aims[year].of_year(unit, "patrol.teams")
        return (found[0], max(Decimal(1), Decimal(round(found[1] / 4)))) if found else None

    # --- weeks ------------------------------------------------------------------------------------

    def _make_weeks(self) -> None:
        """Calendars of the last weeks and the next, with what recurs."""
        scene = self._scene
        duties = {unit: self._lay_down(unit) for unit, year in self._year if year == self._newest}
        duties = {unit: rows for unit, rows in duties.items() if self._has_calendars(unit)}
        this = self._calendar.containing(Kind.WEEK, scene.today)
        weeks = [this]
        for _ in range(_WEEKS_BEFORE - 1):
            weeks.insert(0, self._calendar.before(weeks[0]))
        weeks.append(self._calendar.after(this))
        for week in weeks:
            for unit, rows in duties.items():
                if scene.lives(unit, week.starts_on, week.last_day):
                    self._make_week(unit, week, rows)

    def _has_calendars(self, unit: int) -> bool:
        above = self._scene.superior(unit, self._scene.today)
        code = self._scene.codes[above] if above is not None else ""
        is_post = self._scene.kind(unit) in {POST, SQUADRON}
        return not is_post or code in {"DONG-THAP", "LANG-SON"} or lasting(code, "calendars") < _SHARE_WITH_CALENDARS

    def _lay_down(self, unit: int) -> list[tuple[Recurring, Any]]:
        scene, year = self._scene, self._newest
        level, first = LEVEL[scene.kind(unit)], max(date(year, 1, 2), scene.life(unit)[0])
        found = []
        for row in self._data["duties"]:
            if level not in row["levels"]:
                continue
            place = self._where(row["where"], unit)
            changed_on = date(year, 6, 1)
            is_changed = "changed" in row and level == "headquarters" and changed_on < scene.today
            duty = self._plans.lay_down(unit, row, place, first, ends_on=changed_on if is_changed else None)
            begun = scene.local(first, 8)
            hand = scene.writer(unit, first)
            about = f"planning.recurrence:{duty.pk}"
            scene.tell(unit, max(begun, scene.local(first, 8)), "planning.begin-recurrence", about, hand)
            found.append(duty)
            if is_changed:
                later = self._plans.lay_down(unit, {**row, "from": row["changed"]}, place, changed_on, follows=duty)
                hand = scene.writer(unit, changed_on)
                reason = "Giao ban sớm hơn để chỉ huy kịp kiểm tra đơn vị trong buổi sáng"
                told = {"follows": duty.pk, "from": changed_on.isoformat(), "calendars": 0}
                about = f"planning.recurrence:{later.pk}"
                at = scene.local(changed_on - timedelta(days=4), 9)
                scene.tell(unit, at, "planning.change-recurrence", about, hand, reason, told)
                found.append(later)
        return [
            (
                Recurring(one.starts_on, one.ends_on, frozenset(one.weekdays), frozenset(one.month_days)),
                one,
            )
            for one in found
        ]

    def _make_week(self, unit: int, week: Period, duties: Iterable[tuple[Recurring, Any]]) -> None:
        scene, level = self._scene, LEVEL[self._scene.kind(unit)]
        made = min(scene.local(week.starts_on - timedelta(days=4), 8), scene.at - timedelta(hours=8))
        lag = {"headquarters": 4, "province": 9, "post": 27}[level]
        way = PlanWay(
            made=made,
            submitted=made + timedelta(hours=lag - 2),
            approved=made + timedelta(hours=lag),
            issued=made + timedelta(hours=lag + 1) if level != "post" else None,
            ended=scene.local(week.last_day + _ENDS_AFTER, 9),
        )
        month = self._month.get((unit, f"{week.starts_on:%Y-%m}"))
        title = self._title("week", week)
        sketch = self._plans.begin(unit, PlanKind.CALENDAR, week, title, way, details=month)
        if sketch is None:
            return
        for rule, duty in duties:
            for day in rule.days(week.starts_on, week.ends_on, self._holidays):
                self._add_hours(
                    sketch,
                    duty.title,
                    day,
                    duty.starts_at,
                    duty.ends_at,
                    duty.place,
                    key=f"r{duty.pk}-{day:%Y%m%d}",
                    recurrence=duty,
                )
        for work in self._works("week", unit, week.year, week.starts_on):
            self._add_week_task(sketch, work, work["week"][level], week, month)
        if week.starts_on > scene.today:
            for extra in self._data["extras"]:
                if extra["unit"] == scene.codes[unit]:
                    self._add_week_task(sketch, extra, extra, week, None)
        self._plans.lead_along(sketch, taken="planning.recur")

    def _add_week_task(
        self, sketch: Sketch, work: Mapping[str, Any], slot: Mapping[str, Any], week: Period, month: Sketch | None
    ) -> None:
        unit, day = sketch.plan.unit_id, week.starts_on + timedelta(days=slot["day"])
        if any(span.covers(day) for span in self._holidays):
            return
        key = work.get("key", "")
        higher = month.works.get(key) if month else None
        higher = higher or self._year[unit, self._newest].works.get(key)
        fits = higher is not None and self._stood(higher, sketch.way.made)
        self._add_hours(
            sketch,
            self._filled(slot["says"], unit, work=key, period=week),
            day,
            time.fromisoformat(slot["from"]),
            time.fromisoformat(slot["to"]),
            self._where(slot["where"], unit),
            details_id=higher.pk if higher is not None and fits else None,
            emphasis=slot.get("emphasis", False),
        )

    def _add_hours(
        self,
        sketch: Sketch,
        title: str,
        day: date,
        starts_at: time | None,
        ends_at: time | None,
        place: str,
        **more: Any,
    ) -> None:
        self._plans.add(
            sketch,
            title,
            day,
            day,
            starts_at=starts_at,
            ends_at=ends_at,
            place=place,
            lead_post=self._lead_post(sketch.plan.unit_id, sketch.way.made.date()),
            **more,
        )

    # --- amendments -------------------------------------------------------------------------------

    def _amend(self, year: int) -> None:
        """In the middle of the year: what directives asked for since comes in, what no longer fits goes out."""
        at = self._scene.local(date(year, 7, 18), 9)
        if not self._scene.has_come(at):
            return
        for (unit, told), sketch in list(self._year.items()):
            gone = self._scene.life(unit)[1]
            if told == year and sketch.way.approved < at and (gone is None or gone > at.date()):
                self._amend_plan(sketch, year, at)

    def _amend_plan(self, sketch: Sketch, year: int, at: datetime) -> None:
        unit = sketch.plan.unit_id
        standing = {PlanState.APPROVED, PlanState.ISSUED}
        new = [
            work
            for work in self._works("year", unit, year, at.date(), since=sketch.way.approved)
            if work["key"] not in sketch.works
        ]
        dropped = [
            sketch.works[work["key"]]
            for work in self._data["works"]
            if work.get("drop") and work["key"] in sketch.works
        ]
        if sketch.plan.state not in standing or not (new or dropped):
            return
        words = self._data["amended"]
        self._plans.amend(sketch, at, words["reason"] if new else words["reason_plain"])
        above = self._superior_sketch(self._year, unit, year, at.date())
        for work in new:
            task = self._add_year_task(sketch, work, year, above)
            self._added[task.pk] = at
            self._tell_task(sketch, task, at, "planning.add-task")
        for task in dropped:
            task.state, task.edition = TaskState.DROPPED, task.edition + 1
            self._tell_task(sketch, task, at, "planning.drop-task")
        training = sketch.works.get("training")
        if training is not None:
            training.due_on, training.edition = date(year, 10, 15), training.edition + 1
            self._tell_task(sketch, training, at, "planning.change-task")
        self._plans.settle(sketch, at + timedelta(days=2))

    def _open_an_amendment(self) -> None:
        """One plan stands open at the end: a task was added that nobody has approved yet."""
        sketch = self._year.get((self._scene.unit_ids["DONG-THAP"], self._newest))
        at = self._scene.local(self._scene.today - timedelta(days=2), 10)
        if sketch is None or sketch.plan.state not in {PlanState.APPROVED, PlanState.ISSUED}:
            return
        if sketch.last_day <= self._scene.today:
            return
        words = self._data["amended"]
        self._plans.amend(sketch, at, words["now"])
        task = self._plans.add(
            sketch,
            words["added"],
            self._scene.today,
            sketch.last_day,
            heading=self._data["headings"]["planning"],
            lead_post=self._lead_post(sketch.plan.unit_id, at.date()),
        )
        self._tell_task(sketch, task, at + timedelta(minutes=10), "planning.add-task")

    def _tell_task(self, sketch: Sketch, task: Task, at: datetime, act: str) -> None:
        unit = sketch.plan.unit_id
        details = {"plan": sketch.plan.pk, "key": task.key}
        self._scene.tell(unit, at, act, f"planning.task:{task.pk}", sketch.writer, "", details)

    # --- units that are gone ----------------------------------------------------------------------

    def _hand_over(self, year: int) -> None:
        """What a dissolved unit left open goes on at its heir, by a decision ten days after."""
        scene = self._scene
        gone = []
        for (unit, told), sketch in self._year.items():
            ends_on = scene.life(unit)[1]
            if told == year and ends_on is not None and ends_on.year == year and ends_on <= scene.today:
                gone.append((ends_on, unit, sketch))
        received: dict[int, tuple[Sketch, datetime, Hand, str]] = {}
        for ends_on, unit, sketch in sorted(gone, key=lambda row: (row[0], scene.codes[row[1]])):
            at = scene.local(ends_on + timedelta(days=10), 15)
            if scene.has_come(at):
                self._hand_over_plan(unit, sketch, ends_on, at, received, is_last=(unit == gone[-1][1]))
        for heir, at, hand, reason in received.values():
            self._plans.take_in(heir, at + timedelta(minutes=5), hand, reason)

    def _hand_over_plan(
        self,
        unit: int,
        sketch: Sketch,
        ends_on: date,
        at: datetime,
        received: dict[int, tuple[Sketch, datetime, Hand, str]],
        *,
        is_last: bool,
    ) -> None:
        scene, words = self._scene, self._data["handed_over"]
        heirs = queries.living_heirs(unit, ends_on, at.date())
        above = scene.superior(unit, ends_on - timedelta(days=1))
        heir = heirs[0] if heirs else above
        target = self._year.get((heir, ends_on.year)) if heir is not None else None
        number = words["number"].format(number=Dice(scene.codes[unit], "decision").whole(900, 1300))
        hand = scene.hand(scene.top, "head_of_planning", at.date())
        left = [task for task in sketch.tasks if task.due_on >= ends_on and task.state == TaskState.OPEN]
        if is_last and scene.today.year == ends_on.year:
            left = left[:-1]  # one waits, to be seen, for its decision
        for task in left:
            told = _percent(task, ends_on - timedelta(days=5), 0.9)
            said = scene.local(ends_on - timedelta(days=6), 10)
            self._plans.tell(task, said, told, self._said("under_way", task.pk))
            to_task = self._receive(task, target, told) if target is not None and heir is not None else None
            task.state = TaskState.HANDED_OVER if to_task else TaskState.CANCELLED
            task.edition += 1
            self._plans.hand_overs.append(
                HandOver(
                    task_id=task.pk,
                    to_task_id=to_task.pk if to_task else None,
                    from_unit_id=unit,
                    to_unit_id=heir if to_task else None,
                    decision_number=number,
                    decision_on=ends_on,
                    reason=words["reason"],
                    **signed(at, hand),
                )
            )
            details = {"to": heir, "task": to_task.pk if to_task else None, "decision": number}
            act = "planning.hand-over" if to_task else "planning.close-by-decision"
            scene.tell(unit, at, act, f"planning.task:{task.pk}", hand, words["reason"], details)
        if target is not None and left:
            received[target.plan.pk] = (target, at, hand, f"{number}: {words['reason']}")

    def _receive(self, task: Task, target: Sketch, told: int) -> Task:
        return self._plans.add(
            target,
            task.title,
            task.starts_on,
            task.due_on,
            clauses=self._plans.cited[task.pk],
            target=(task.indicator, task.figure) if task.figure is not None else None,
            heading=task.heading,
            emphasis=task.emphasis,
            details_id=task.details_id,
            progress=told,
        )

    # --- how it went ------------------------------------------------------------------------------

    def _carry_out(self) -> None:
        parents = {task.details_id for sketch in self._plans.sketches for task in sketch.tasks}
        for sketch in self._plans.sketches:
            if sketch.plan.current_version_id is not None:
                for task in sketch.tasks:
                    if task.state == TaskState.OPEN:
                        self._carry_out_task(sketch, task, has_parts=task.pk in parents)
        self._plans.work_out_results()
        for task, at in self._plans.finished:
            self._look_again(task, at)

    def _carry_out_task(self, sketch: Sketch, task: Task, *, has_parts: bool) -> None:
        scene, kind = self._scene, Kind(sketch.plan.period_kind)
        ends_on = scene.life(task.lead_unit_id)[1]
        if ends_on is not None and ends_on <= task.due_on:
            return  # its unit is gone: it waits for a decision
        dice = Dice(scene.codes[task.lead_unit_id], "carries out", sketch.plan.period_code, sketch.plan.topic, task.key)
        slack = 1 + 1.5 * lasting(scene.codes[task.lead_unit_id], "slack in plans")
        if task.due_on < scene.today and (ends_on is not None or not dice.happens(_LATE[kind] * slack)):
            self._finish(sketch, task, kind, dice)
        elif task.starts_on < scene.today and not has_parts and kind is not Kind.WEEK and dice.happens(0.75):
            day = min(task.due_on, scene.today - timedelta(days=dice.whole(1, 9)))
            if day > max(task.starts_on, sketch.way.approved.date()):
                at = scene.local(day, dice.whole(8, 16), dice.whole(0, 59))
                percent = _percent(task, day, dice.between(0.7, 1.0))
                self._plans.tell(task, at, percent, self._said("under_way", task.pk), self._shown(task, at))

    def _finish(self, sketch: Sketch, task: Task, kind: Kind, dice: Dice) -> None:
        scene = self._scene
        early = 0 if kind is Kind.WEEK else dice.whole(0, min(6, (task.due_on - task.starts_on).days))
        day = task.due_on - timedelta(days=early)
        if kind is not Kind.WEEK and dice.happens(0.12):
            day = task.due_on + timedelta(days=dice.whole(1, 5))
        if task.figure is not None and kind is Kind.MONTH:
            day = max(day, task.due_on.replace(day=min(22, task.due_on.day)))
        ended = sketch.way.ended.date() if sketch.way.ended else scene.today
        ended = min(ended, scene.life(task.lead_unit_id)[1] or ended)
        day = max(sketch.way.approved.date(), min(day, scene.today - timedelta(days=1), ended - timedelta(days=1)))
        at = scene.local(day, 21 if kind is Kind.WEEK else dice.whole(15, 17), dice.whole(0, 59))
        text = "" if kind is Kind.WEEK and dice.happens(0.8) else self._said("done", task.pk)
        self._plans.finish(task, at, text, () if kind is Kind.WEEK else self._shown(task, at))

    def _look_again(self, task: Task, at: datetime) -> None:
        """Now and then the superior looks again at what was done, and says that its quality was kept."""
        scene = self._scene
        again = by_day(at + timedelta(hours=30))
        evidence = self._shown(task, at)
        if evidence and scene.has_come(again) and Dice("looks again", task.pk).happens(0.1):
            self._plans.keep_quality(task, again, self._data["said"]["quality"], evidence)

    def _said(self, what: str, key: int) -> str:
        choices: list[str] = self._data["said"][what]
        return Dice(what, key).pick(choices)

    def _evidence(self) -> dict[tuple[int, str], tuple[datetime, Evidence]]:
        """The accepted monthly report of each unit and month, as evidence, and when it was handed in."""
        rows = Report.objects.filter(round__form__code="monthly", accepted_version__isnull=False).values_list(
            "unit_id",
            "unit__code",
            "round__period_code",
            "round__form__name",
            "accepted_version_id",
            "accepted_version__number",
            "accepted_version__received_at",
        )
        return {
            (unit, period): (
                received_at,
                Evidence(EvidenceKind.VERSION, str(version), f"{form} {period}, {code} ({number})"[:200]),
            )
            for unit, code, period, form, version, number, received_at in rows
        }

    def _shown(self, task: Task, at: datetime) -> tuple[Evidence, ...]:
        """The report of the month, where it was there by then."""
        found = self._versions.get((task.lead_unit_id, f"{at:%Y-%m}"))
        return (found[1],) if found is not None and found[0] <= at else ()

    # --- clauses without a task -------------------------------------------------------------------

    def _answer(self, year: int) -> None:
        """Some units say why they have no task for a clause; others are silent."""
        carried: dict[int, set[int]] = {}
        above: dict[int, Task] = {task.pk: task for sketch in self._plans.sketches for task in sketch.tasks}
        for sketch in self._plans.sketches:
            if sketch.plan.current_version_id is not None:
                clauses = carried.setdefault(sketch.plan.unit_id, set())
                for task in sketch.tasks:
                    here: Task | None = task
                    while here is not None:
                        clauses.update(self._plans.cited[here.pk])
                        here = above.get(here.details_id) if here.details_id is not None else None
        for key, clause in self._papers.demands(year):
            sheet = self._papers.directive(key.partition(".")[0], year)
            if sheet is None or sheet.way.issued is None or clause.withdrawn_on is not None:
                continue
            for unit in sorted(self._papers.addressed(clause)):
                self._answer_clause(unit, key, clause, sheet.way.issued, carried.get(unit, set()))

    def _answer_clause(self, unit: int, key: str, clause: Clause, issued: datetime, carried: set[int]) -> None:
        scene = self._scene
        dice = Dice(scene.codes[unit], "answers", key, issued.year)
        at = by_day(issued + timedelta(days=dice.between(12, 30)))
        if clause.pk in carried or not scene.has_come(at) or not scene.lives(unit, at.date(), scene.today):
            return
        if scene.codes[unit] == _LEFT_TO_DO:
            return
        if dice.happens(_ANSWERED):
            hand = scene.writer(unit, at.date())
            pk = scene.ids.next("clause_answer")
            reason = dice.pick(self._data["said"]["why_not"])
            self._plans.answers.append(
                ClauseAnswer(id=pk, clause_id=clause.pk, unit_id=unit, reason=reason, **signed(at, hand))
            )
            told = {"clause": clause.pk}
            scene.tell(unit, at, "planning.answer-clause", f"planning.clauseanswer:{pk}", hand, "", told)

    # --- the papers of plans ----------------------------------------------------------------------

    def _name_papers(self) -> None:
        """Tell each plan's paper what it says, and each plan which paper it became."""
        for (unit, year), sketch in self._year.items():
            sheet = self._papers.plan_paper(unit, year)
            if sheet is not None and sketch.plan.current_version_id is not None:
                sketch.plan.document_id = sheet.document.pk
                sheet.say = _Saying(sketch.plan.pk)

    # --- words ------------------------------------------------------------------------------------

    def _way(self, day: date, level: str, *, days: int, ended: date) -> PlanWay:
        """From the first word to being issued within so many days; posts send nothing out."""
        made = self._scene.local(day, 8, 30)
        approved = self._scene.local(day + timedelta(days=days), 15)
        return PlanWay(
            made=made,
            submitted=self._scene.local(day + timedelta(days=days - 2), 10),
            approved=approved,
            issued=approved + timedelta(hours=18) if level != "post" else None,
            ended=self._scene.local(ended, 9),
        )

    def _superior_sketch(self, sketches: Mapping[Any, Sketch], unit: int, year: int | None, day: date) -> Sketch | None:
        above = self._scene.superior(unit, day)
        key: Any = above if year is None else (above, year)
        found = sketches.get(key)
        return found if found is not None and found.plan.current_version_id is not None else None

    def _coordinating(self, unit: int, key: str, day: date) -> list[int]:
        """Some of the units right below take part in what a command or headquarters plans."""
        kind = self._scene.kind(unit)
        if kind not in {HEADQUARTERS, PROVINCE}:
            return []
        dice = Dice(self._scene.codes[unit], "with", key)
        below = self._scene.units(day, PROVINCE) if kind == HEADQUARTERS else self._scene.below(unit, day)
        chosen = dice.some(below, 2) if dice.happens(0.4) else []
        return [one for one in chosen if self._scene.lives(one, day, date(day.year, 12, 31))]

    def _lead_post(self, unit: int, day: date) -> str:
        return self._scene.writer(unit, day).post_title

    def _title(self, length: str, period: Period) -> str:
        found: str = self._data["titles"][length]
        return found.format(
            year=period.year,
            quarter=roman(period.number),
            month=period.number,
            week=period.number,
        )

    def _filled(
        self, text: str, unit: int, *, work: str = "", period: Period | None = None, year: int | None = None
    ) -> str:
        topics = self._data["topics"].get(work, [""])
        # A week is about what its month is about.
        code = f"{period.starts_on:%Y-%m}" if period else str(year)
        province = self._scene.codes[unit].rsplit("-", 1)[0]
        number = period.number if period else 1
        return text.format(
            place=self._scene.named(unit, period.starts_on if period else self._scene.today).place,
            topic=Dice("topic", work, province, code).pick(topics),
            month=number,
            quarter=roman(number),
        )

    def _where(self, text: str, unit: int) -> str:
        return text.format(place=self._scene.named(unit, self._scene.today).short_name)


class _Saying:
    """What the paper of a plan says, once the plan is written."""

    def __init__(self, plan_id: int) -> None:
        self._plan_id = plan_id

    def __call__(self) -> Text:
        plan = Plan.objects.select_related("answers__type__series").get(pk=self._plan_id)
        return numbered(text_blocks(said_of(plan)))


def _percent(task: Task, day: date, factor: float) -> int:
    """How far a task has come by a day when it goes evenly, in steps of five."""
    length = max(1, (task.due_on - task.starts_on).days)
    share = min(1.0, max(0.0, (day - task.starts_on).days / length))
    return min(95, round(share * factor * _WHOLE / 5) * 5)


def _day(year: int, month_day: str) -> date:
    return date.fromisoformat(f"{year}-{month_day}")
