"""Questions about syntheses: what units below said, what changed since, what is compared with what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet

from nennep.journal.rules import Actor
from nennep.one_look import once_a_look
from nennep.organisation import queries as organisation
from nennep.organisation.rules import NotAuthorised, Permission
from nennep.reporting import queries as reporting
from nennep.reporting.models import Round, Version
from nennep.reporting.queries import Counted, Place
from nennep.reporting.rules.content import Content, Statement, StatementKind
from nennep.synthesis import figures as consolidation
from nennep.synthesis.figures import Figure, Question
from nennep.synthesis.models import Basis, DraftItem, Synthesis
from nennep.synthesis.rules.drafts import Compared, Source, Told, Touched, touched


def synthesis(synthesis_id: int) -> Synthesis:
    """Raises Synthesis.DoesNotExist."""
    return Synthesis.objects.select_related("round__form__calendar", "unit", "version").get(pk=synthesis_id)


def synthesis_for_update(synthesis_id: int) -> Synthesis:
    return (
        Synthesis.objects.select_for_update(of=("self",))
        .select_related("round__form__calendar", "unit")
        .get(pk=synthesis_id)
    )


def synthesis_of(round_: Round, unit_id: int) -> Synthesis | None:
    return Synthesis.objects.filter(round=round_, unit_id=unit_id).select_related("round__form__calendar").first()


def syntheses(units: Collection[int], round_ids: Collection[int]) -> QuerySet[Synthesis]:
    found = Synthesis.objects.filter(unit_id__in=units, round_id__in=round_ids).select_related("round__form")
    return found.order_by("-round__starts_on", "unit__code")


def items(synthesis_: Synthesis) -> list[DraftItem]:
    """The sentences of a draft in the order of its paper: the form's sections (VIII before IX), then the officer's."""
    place = {section.letter: number for number, section in enumerate(synthesis_.round.form.layout.sections)}
    rows = DraftItem.objects.filter(synthesis=synthesis_)
    return sorted(rows, key=lambda item: (place.get(item.section, len(place)), item.order, item.pk))


def is_proposal(item: DraftItem) -> bool:
    """Whether the sentence waits for an officer to take it into the draft."""
    return not (item.accepted or item.left_out or item.asked)


def is_unanswered(item: DraftItem) -> bool:
    """Whether nobody has decided yet that the units behind this sentence say the same."""
    return len(item.sources) > 1 and not item.accepted and not item.left_out


def members(draft: Iterable[DraftItem]) -> dict[Source, Told]:
    """The statements that sentences were made from, as their units said them, by source; not what those stand on."""
    wanted: dict[int, set[str]] = {}
    for item in draft:
        for version, statement in item.sources:
            wanted.setdefault(int(version), set()).add(str(statement))
    return {
        (version, told["id"]): Told(
            unit_id,
            report_id,
            version,
            number,
            Statement(told["id"], told["section"], StatementKind(told["kind"]), told["text"]),
        )
        for version, number, report_id, unit_id, content in reporting.contents_with_place(wanted)
        for told in content["statements"]
        if told["id"] in wanted[version]
    }


# --- what the draft stands on ---------------------------------------------------------------------


def below(round_: Round, unit_id: int) -> list[Counted]:
    """What counts now of every unit under this one in a round, the unit's own report left aside."""
    under = _units_below(round_, unit_id)
    return [row for row in reporting.counted([round_.pk]) if row.unit_id in under]


def _units_below(round_: Round, unit_id: int) -> frozenset[int]:
    """Everything under the unit by the tree of the period's last day on the form's line."""
    tree = reporting.reporting_tree(round_.form, round_.period.last_day)
    return tree.subtree(unit_id) - {unit_id}


@once_a_look
def children(round_: Round, unit_id: int) -> tuple[int, ...]:
    """The units that report to this one in a round: right below it on the form's line, and on duty, on its last day."""
    return children_by_round([round_], unit_id)[round_.pk]


def children_by_round(rounds: Collection[Round], unit_id: int) -> dict[int, tuple[int, ...]]:
    """The same for many rounds, by the round's id. Three queries whatever their number."""
    below = organisation.right_below(unit_id)
    lives = reporting.lives({row.unit_id for row in below})
    duties = reporting.duties({round_.form.code for round_ in rounds})
    found = {}
    for round_ in rounds:
        duty = reporting.due_by_unit(round_.period, duties[round_.form.code], lives)
        day = round_.period.last_day
        here = (row for row in below if row.line == round_.form.line and row.span.covers(day))
        found[round_.pk] = tuple(dict.fromkeys(row.unit_id for row in here if row.unit_id in duty))
    return found


def speakers(question_: Question, unit_id: int) -> tuple[int, ...]:
    """The units whose words this one brings together: those that report to it.

    With the tree of another day, those on duty in the round that stand right below it on that day, or were merged into
    one that does.
    """
    if question_.on is None:
        return children(question_.round, unit_id)
    duty = reporting.on_duty(question_.round)
    below = set(consolidation.parts_of(question_, unit_id).living)
    standing = consolidation.standing_as(question_)
    return tuple(sorted(unit for unit in duty if standing.get(unit) in below))


def told(rows: Iterable[Counted], of_units: Collection[int], contents: Mapping[int, Content]) -> list[Told]:
    """The statements in these units' counted versions."""
    wanted = set(of_units)
    return [
        Told(row.unit_id, row.report_id, row.version_id, row.number, statement)
        for row in rows
        if row.unit_id in wanted
        for statement in contents[row.version_id].statements
    ]


def question(synthesis_: Synthesis) -> Question:
    """The figures of the draft: made of the versions it stands on, whatever came since."""
    rows = Basis.objects.filter(synthesis=synthesis_).values_list("version", flat=True)
    own = reporting.report_of(synthesis_.round, synthesis_.unit_id)
    versions = {version for version in rows if version}
    if own is not None and own.current_version_id is not None:
        # What the unit typed of its own counts beside what stands below it.
        versions.add(own.accepted_version_id or own.current_version_id)
    return Question(synthesis_.round, versions=frozenset(versions))


def figures(synthesis_: Synthesis) -> dict[str, Figure]:
    return consolidation.figures(question(synthesis_), synthesis_.unit_id)


# --- late changes ---------------------------------------------------------------------------------


def changes(synthesis_: Synthesis) -> list[Touched]:
    """Reports below that count in another version than the draft stands on, and what each touches: until taken, or
    kept with a reason.
    """
    now = {row.report_id: row for row in below(synthesis_.round, synthesis_.unit_id)}
    kept = Basis.objects.filter(synthesis=synthesis_)
    columns = kept.values_list("report_id", "report__unit_id", "version_id", "kept_before_id")
    basis = {row[0]: _Stands(*row) for row in columns}
    differing = [report for report in now.keys() | basis.keys() if _differs(now.get(report), basis.get(report))]
    wanted = {
        version
        for report in differing
        for version in (now[report].version_id if report in now else None, _version_id(basis.get(report)))
        if version is not None
    }
    contents = reporting.content_of(wanted)
    found = []
    for report in sorted(differing):
        unit_id = now[report].unit_id if report in now else basis[report].unit_id
        old, new = _version_id(basis.get(report)), now[report].version_id if report in now else None
        found.append(touched(report, unit_id, _with(contents, old), _with(contents, new)))
    return found


class _Stands(NamedTuple):
    """On which version of a report a draft stands, and before which newer one it was kept."""

    report_id: int
    unit_id: int
    version_id: int | None
    kept_before_id: int | None


def _version_id(row: _Stands | None) -> int | None:
    return row.version_id if row else None


def _differs(now: Counted | None, basis: _Stands | None) -> bool:
    newest = now.version_id if now else None
    if basis is None:
        return newest is not None
    return newest not in {basis.version_id, basis.kept_before_id} or (newest is None and basis.version_id is not None)


def _with(contents: Mapping[int, Content], version: int | None) -> tuple[int, Content] | None:
    return None if version is None else (version, contents[version])


@dataclass(frozen=True)
class Alert:
    """A draft of mine that reports below have overtaken."""

    synthesis: Synthesis
    touched: tuple[Touched, ...]

    @property
    def figures(self) -> int:
        return len({code for one in self.touched for code in one.indicators})

    @property
    def statements(self) -> int:
        return sum(one.statements for one in self.touched)


def changes_for(by: Actor) -> list[Alert]:
    """Late changes in the syntheses of the actor's own unit, of rounds that are still open."""
    if by.unit_id is None or Permission.SYNTHESIS_WRITE not in by.permissions:
        return []
    mine = Synthesis.objects.filter(unit_id=by.unit_id, round__closed_at__isnull=True).select_related(
        "round__form__calendar", "unit"
    )
    found = [Alert(one, tuple(changes(one))) for one in mine.order_by("-round__starts_on")[:6]]
    return [alert for alert in found if alert.touched]


# --- comparison -----------------------------------------------------------------------------------


def compared(
    round_: Round,
    unit_id: int,
    now: Mapping[str, Figure],
    *,
    known_at: datetime | None = None,
    on: date | None = None,
) -> dict[str, Compared]:
    """Each figure beside the period before, the same period a year before, the year's target and what is reached of it.

    Elders are what counts of them today, or counted at `known_at`; over the unit's subtree of their own time, or with
    the tree of the day `on`.
    """
    before = _values(reporting.round_before(round_), unit_id, known_at, on)
    year_before = _values(reporting.round_year_before(round_), unit_id, known_at, on)
    targets = reporting.targets(unit_id, round_.period.year)
    reached = (
        consolidation.year_to_date(round_.form, unit_id, round_.period, known_at=known_at, on=on) if targets else {}
    )
    codes = now.keys() | before.keys() | year_before.keys()
    return {
        code: Compared(
            now[code].value if code in now else None,
            before.get(code),
            year_before.get(code),
            targets.get(code),
            reached[code].value if code in reached else None,
        )
        for code in codes
    }


def _values(round_: Round | None, unit_id: int, known_at: datetime | None, on: date | None) -> dict[str, Decimal]:
    if round_ is None:
        return {}
    found = consolidation.figures(Question(round_, known_at, on), unit_id)
    return {code: figure.value for code, figure in found.items()}


# --- who is there, who is missing -----------------------------------------------------------------


@dataclass(frozen=True)
class Coverage:
    """Of some units on duty: who is in, and who is missing and how they stand."""

    reported: tuple[int, ...]
    missing: tuple[Place, ...]

    @property
    def expected(self) -> int:
        return len(self.reported) + len(self.missing)


def coverage(round_: Round, unit_id: int, *, at: datetime, counted: Iterable[Counted]) -> Coverage:
    """Which of the units right below are in what counts: whose words can be brought together."""
    return _coverage(round_, children(round_, unit_id), at=at, counted=counted)


def coverage_of_figures(
    round_: Round, unit_id: int, *, at: datetime, counted: Iterable[Counted], on: date | None = None
) -> Coverage:
    """Which of the units that count for themselves, anywhere under this one, are in the figures.

    Those are the units on duty with nobody on duty below them: what stands above them goes by reference. `on` is the
    day whose tree says what is under it, when that is not the period's last day.
    """
    tree = reporting.reporting_tree(round_.form, round_.period.last_day)
    duty = reporting.on_duty(round_)
    under = sorted(consolidation.counting_under(Question(round_, on=on), unit_id)) if on else tree.walk(unit_id)
    counting = [unit for unit in under if unit in duty and duty.keys().isdisjoint(tree.children.get(unit, ()))]
    return _coverage(round_, counting, at=at, counted=counted)


def _coverage(round_: Round, expected: Sequence[int], *, at: datetime, counted: Iterable[Counted]) -> Coverage:
    there = {row.unit_id for row in counted}
    places = reporting.places([round_], [unit for unit in expected if unit not in there], at=at)
    missing = tuple(places[unit, round_.pk] for unit in expected if unit not in there)
    return Coverage(tuple(unit for unit in expected if unit in there), missing)


def versions_of_sources(draft: Iterable[DraftItem]) -> dict[int, Version]:
    """The versions that the draft's sentences came from, by id."""
    return reporting.versions({int(version) for item in draft for version, _ in item.sources})


def versions_brought_together(synthesis_: Synthesis) -> list[Version]:
    """The versions of the units right below that the draft stands on."""
    below_ = set(children(synthesis_.round, synthesis_.unit_id))
    basis = Basis.objects.filter(synthesis=synthesis_, report__unit__in=below_, version__isnull=False)
    return list(reporting.versions(basis.values_list("version", flat=True)).values())


def may_see(by: Actor, synthesis_: Synthesis) -> None:
    """Raises NotAuthorised for a synthesis of a unit the actor may not look at."""
    organisation.require(by, Permission.REPORTING_VIEW, over=synthesis_.unit_id)


def may_ask(by: Actor, question_: Question, unit_id: int) -> None:
    """Raises NotAuthorised for figures that the actor may not look at.

    The tree of another day must not open what the actor's post does not reach: figures over it are only for whoever may
    see every unit in it today, or whose unit had it under itself in that very period.
    """
    organisation.require(by, Permission.REPORTING_VIEW, over=unit_id)
    form, last_day = question_.round.form, question_.round.period.last_day
    if question_.day == last_day:
        return
    asked = reporting.reporting_tree(form, question_.day).subtree(unit_id)
    own_then = reporting.reporting_tree(form, last_day).subtree(unit_id)
    if asked - own_then - organisation.reach(by, Permission.REPORTING_VIEW):
        raise NotAuthorised(Permission.REPORTING_VIEW, hidden=False)
