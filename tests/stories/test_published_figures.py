"""The whole path once on figures that units really published: uneven, incomplete, with errors of their own.

The figures lie outside this repository. `published_map.csv` says of every published label, with its level and period,
which indicator of the pack `bdbp` it is, or why it is none, and why a figure with an indicator still has no place.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Q

from abacus import calendar_periods
from abacus.__main__ import main as abacus_command
from nennep.accounts.models import Person
from nennep.journal.queries import breaks
from nennep.journal.rules import Actor, system_actor
from nennep.organisation.models import Appointment, Post, Unit, UnitName
from nennep.organisation.rules import Line, SuccessionKind
from nennep.packs.load import load_pack
from nennep.packs.reading import read_pack, shipped_pack
from nennep.packs.schemas import Pack
from nennep.reporting import queries as reporting
from nennep.reporting import services
from nennep.reporting.models import Form, Report, Round, Version
from nennep.reporting.rules.checks import Finding, Problem, check
from nennep.reporting.rules.content import Content, IndicatorRule, Layout, Statement, StatementKind, Unreadable
from nennep.reporting.rules.numbers import Ambiguous, parse_number
from nennep.reporting.rules.periods import NoSuchPeriod, Period
from nennep.synthesis import figures as consolidation
from nennep.synthesis import services as bench

REPOSITORY = Path(__file__).parents[2]
PUBLISHED = REPOSITORY / "../shared/cases/published/figures.csv"
MAP = Path(__file__).with_name("published_map.csv")
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")

pytestmark = pytest.mark.skipif(
    not PUBLISHED.is_file(), reason="the published figures are not here (../shared/cases/published beside the project)"
)

#: Why a label is no indicator of the pack.
NO_INDICATOR = {
    "no_such_indicator": "the pack counts nothing of the kind",
    "finer_than_pack": "a part of what the pack holds whole: one kind of drug, one gate, cases led and coordinated",
    "other_measure": "the nearest indicator counts something else: turns and not persons, both ways and not entry",
    "about": "over, just under or almost: the system holds exact figures only",
    "unclear": "the label does not say which of two indicators it is, or one label names several things",
    "single_event": "of one case, not of a unit's period",
    "change": "a difference from an earlier period: the system works it out itself",
    "computed": "a share: the system works it out from its parts",
    "unit_outside": "police, party committees, coast guard, communes, clusters of provinces: no unit of the pack",
}
#: Why a figure that has an indicator has no place; found by asking the system.
NO_PLACE = {
    "before_pack": "the period ended before the first day of the pack's forms",
    "cumulated": "over several years",
    "odd_months": "a span of months that is no period of the calendar",
    "undated": "the source names no period",
    "no_form": "nine months are a period of the calendar, but no form of the pack asks for them",
    "no_row": "the form of that period does not ask for the indicator, a longer one does",
    "no_duty": "headquarters counts nothing itself",
    "unit_unknown": "a real post, or a body of several units; the posts of the pack are invented",
}


class Key(NamedTuple):
    """What the map tells apart: a label means one thing at one level in one period."""

    label: str
    level: str
    period: str


@dataclass(frozen=True)
class Row:
    """One published figure."""

    source_id: str
    unit: str
    key: Key
    value: str
    source: str


@dataclass(frozen=True)
class Meaning:
    """What a label means here: an indicator, a reason why not, or an indicator whose unit or period has no place."""

    indicator: str
    reason: str

    @property
    def is_held(self) -> bool:
        return bool(self.indicator) and not self.reason


@dataclass(frozen=True, eq=False)
class Paper:
    """The held figures of one unit in one period, as it would type them into its report."""

    unit: str
    period: str
    cells: Mapping[str, str]
    source: str


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                line["id"],
                line["unit"],
                Key(line["indicator"], line["unit_level"], line["period"]),
                line["value"],
                line["source"],
            )
            for line in csv.DictReader(file)
        ]


@pytest.fixture(scope="module")
def meanings() -> dict[Key, Meaning]:
    with MAP.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    found = {
        Key(line["label"], line["unit_level"], line["period"]): Meaning(line["indicator"], line["reason"])
        for line in lines
    }
    assert len(found) == len(lines), "a label stands twice in the map"
    return found


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(shipped_pack("bdbp"))


@pytest.fixture(scope="module")
def papers(rows: list[Row], meanings: Mapping[Key, Meaning]) -> list[Paper]:
    cells: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
    for row in rows:
        meaning = meanings[row.key]
        if meaning.is_held:
            of_report = cells[row.unit, row.key.period, row.source]
            assert meaning.indicator not in of_report, f"two figures for one cell: {row}"
            of_report[meaning.indicator] = row.value
    return [Paper(unit, period, typed, source) for (unit, period, source), typed in cells.items()]


# --- what the map says ----------------------------------------------------------------------------


def test_every_published_label_has_one_meaning_and_the_map_has_no_other(
    rows: list[Row], meanings: Mapping[Key, Meaning]
) -> None:
    published = {row.key for row in rows}

    assert set(meanings) == published


def test_a_meaning_is_an_indicator_that_is_typed_or_a_known_reason(meanings: Mapping[Key, Meaning], pack: Pack) -> None:
    typed = {row.code: row for row in pack.indicators if not row.numerator}

    for meaning in meanings.values():
        if meaning.indicator:
            assert meaning.indicator in typed
            assert meaning.reason in {"", *NO_PLACE}
        else:
            assert meaning.reason in NO_INDICATOR
    held = [typed[meaning.indicator] for meaning in meanings.values() if meaning.is_held]
    assert {(row.over_units, row.over_time) for row in held} == {("sum", "sum")}


def test_what_is_held_and_what_is_not(rows: list[Row], meanings: Mapping[Key, Meaning], papers: list[Paper]) -> None:
    counted = Counter(meanings[row.key].reason or "held" for row in rows)

    assert counted == {
        "held": 33,
        # an indicator, but no place for the unit or the period: 81
        "before_pack": 35,
        "unit_unknown": 16,
        "cumulated": 11,
        "undated": 9,
        "odd_months": 6,
        "no_form": 2,
        "no_row": 1,
        "no_duty": 1,
        # no indicator: 177
        "no_such_indicator": 66,
        "finer_than_pack": 42,
        "about": 29,
        "unclear": 20,
        "other_measure": 9,
        "single_event": 8,
        "change": 2,
        "computed": 1,
        # not of the Border Guard's tree: 165
        "unit_outside": 165,
    }
    assert (len(rows), len(meanings), len(papers)) == (456, 444, 7)


# --- the path -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_system_itself_refuses_every_place_that_the_map_calls_none(
    rows: list[Row], meanings: Mapping[Key, Meaning], pack: Pack
) -> None:
    load_pack(pack, by=_system(pack.about.takes_effect_on))
    expected = {
        (row.unit, row.key.period, meaning.indicator): meaning.reason
        for row in rows
        if (meaning := meanings[row.key]).indicator
    }

    answers = {place: _refusal(*place) for place in expected}

    assert answers == expected


@pytest.mark.django_db
def test_as_the_forms_are_every_published_report_is_sent_back_for_what_it_does_not_tell(
    papers: list[Paper], pack: Pack
) -> None:
    load_pack(pack, by=_system(pack.about.takes_effect_on))
    refused = {}

    for paper in papers:
        round_ = _open(paper)
        with pytest.raises(services.NotReady) as refusal:
            _hand_in(paper, round_)
        refused[paper] = refusal.value.findings
        report = reporting.report_of(round_, _unit(paper.unit).pk)
        assert report is not None
        assert report.draft_content.cells == paper.cells, "the draft is kept"

    for paper, findings in refused.items():
        required = {f"cell:{row.indicator}" for row in _form(paper).layout.rows if row.required}
        empty = {finding.at for finding in findings if finding.problem is Problem.CELL_EMPTY}
        assert empty == required - {f"cell:{code}" for code in paper.cells} != set()
        assert {finding.problem for finding in findings} <= {Problem.CELL_EMPTY, Problem.SECTION_EMPTY}


@pytest.mark.django_db
def test_published_figures_reach_headquarters_and_lead_back_to_the_unit_that_published_them(
    papers: list[Paper], pack: Pack, tmp_path: Path
) -> None:
    accepted = _reach_headquarters(papers, pack)

    by_hand = _added_by_hand(papers)
    assert _headquarters_figures(papers) == by_hand
    assert _from_the_command_line(papers, pack, tmp_path) == by_hand
    for paper, version in accepted.items():
        kept = reporting.version(version.pk)
        assert kept.report.unit == _unit(paper.unit)
        assert kept.content.cells == paper.cells
        assert kept.content.statements[0].text == paper.source
    assert list(breaks()) == []
    assert _explain_all(accepted, parts=False) == 20


@pytest.mark.django_db
def test_parts_of_a_whole_lead_back_too(papers: list[Paper], pack: Pack) -> None:
    accepted = _reach_headquarters(papers, pack)

    assert _explain_all(accepted, parts=True) == 13


@pytest.mark.django_db
def test_the_consolidated_year_says_what_both_provinces_published_and_where(papers: list[Paper], pack: Pack) -> None:
    of_year = [paper for paper in papers if paper.period == "2025"]
    accepted = _reach_headquarters(of_year, pack)
    round_ = _open(of_year[0])
    writer = _officer("BTL", "headquarters.head_of_planning", _days_after(round_.period, 5))

    finished = bench.finish(bench.begin(round_.pk, by=writer).pk, by=writer)

    assert finished.finished_content is not None
    content = Content.from_json(finished.finished_content)
    by_hand = {code: value for (code, _), value in _added_by_hand(of_year).items()}
    figures = {code: Decimal(text) for code, text in content.figures.items()}
    figures.pop("crime.offenders_per_case")  # worked out, not published
    assert figures == by_hand
    said = {(statement.text, statement.sources) for statement in content.statements}
    assert said == {(paper.source, ((version.pk, "s1"),)) for paper, version in accepted.items()}
    assert len(accepted) == 2


def test_over_a_year_the_command_line_adds_what_halves_and_quarters_brought(
    papers: list[Paper], pack: Pack, tmp_path: Path
) -> None:
    by_year: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for paper in papers:
        for code, value in paper.cells.items():
            by_year[code, paper.period[:4]].append(Decimal(value))

    found = _run_command(papers, pack, tmp_path, by="year")

    assert found == {place: sum(values, Decimal(0)) for place, values in by_year.items()}
    several = {place for place, values in by_year.items() if len(values) > 1}
    assert several == {("gate.ships", "2023"), ("gate.crew", "2023")}


# --- the known errors of the sources --------------------------------------------------------------


def test_a_printed_total_that_its_parts_contradict_passes_for_want_of_an_indicator_and_is_caught_with_one(
    rows: list[Row], meanings: Mapping[Key, Meaning], pack: Pack
) -> None:
    """A source prints a number of suspects that is not the sum of its criminal and administrative ones."""
    printed = {row.key: row.value for row in rows if row.source_id.startswith("08-")}
    part_labels = ("criminal suspects", "admin offenders")
    by_label = {key.label: Decimal(value) for key, value in printed.items()}
    parts = sum((by_label[part] for part in part_labels), Decimal(0))
    cells = {meanings[key].indicator: value for key, value in printed.items() if meanings[key].indicator}

    split = {part: _part(part, of="crime.offenders") for part in part_labels}
    total = {"crime.offenders": by_label["suspects"], **{part: by_label[part] for part in part_labels}}

    as_shipped = _numbers_refused(_rules(pack), cells)
    # The pack splits suspects by crime; by what was done with them is a second split, which would need its own whole.
    with_the_split = _numbers_refused(
        {"crime.offenders": _rules(pack)["crime.offenders"], **split},
        {code: str(value) for code, value in total.items()},
    )

    assert by_label["suspects"] != parts
    assert as_shipped == []
    [caught] = with_the_split
    assert (caught.problem, caught.at) == (Problem.UNBALANCED, "cell:crime.offenders")
    assert caught.facts == {"parts": parts, "whole": by_label["suspects"]}


def test_eleven_months_that_exceed_their_year_are_no_two_periods_and_so_no_contradiction_here(
    rows: list[Row], papers: list[Paper]
) -> None:
    eleven = {row.key.label: Decimal(row.value) for row in rows if row.source_id.startswith("08-")}
    year = {row.key.label: Decimal(row.value) for row in rows if row.source_id.startswith("06-")}

    exceeding = {label for label in eleven.keys() & year.keys() if eleven[label] > year[label]}

    assert exceeding == {"cases", "suspects"}
    assert [paper.period for paper in papers if paper.unit == "BĐBP tỉnh Lạng Sơn"] == ["2025"]


@pytest.mark.parametrize("source_id", ["51-", "52-"])
def test_a_share_that_does_not_follow_from_its_parts_cannot_be_printed_since_shares_are_computed(
    rows: list[Row], source_id: str
) -> None:
    said = {row.key.label: Decimal(row.value) for row in rows if row.source_id.startswith(source_id)}
    printed = next(value for label, value in said.items() if label.startswith("clear-up, %"))
    rule = IndicatorRule("share", "", "", "%", numerator="solved", denominator="crimes", factor=Decimal(100))

    computed = rule.computed(said)

    assert computed is not None
    assert abs(computed - printed) > 10


def test_a_share_that_follows_from_its_parts_is_the_one_published(rows: list[Row], pack: Pack) -> None:
    said = {row.key.label: Decimal(row.value) for row in rows if row.source_id.startswith("34-")}
    rule = _rules(pack)["boats.vms_share"]

    computed = rule.computed({rule.numerator: said["boats with VMS"], rule.denominator: said["boats in all"]})

    assert computed is not None
    assert round(computed, rule.decimals) == said["VMS share, %"]


@pytest.mark.django_db
def test_a_share_is_never_typed(papers: list[Paper], pack: Pack) -> None:
    load_pack(_with_nothing_required(pack), by=_system(pack.about.takes_effect_on))
    paper = papers[0]
    writer = _writer(paper)

    with pytest.raises(Unreadable, match="follows from its parts"):
        services.hand_in(_open(paper).pk, Content({**paper.cells, "boats.vms_share": "83"}), by=writer)

    assert not Report.objects.exists()


def test_the_printed_number_that_reads_two_ways_is_asked_back(rows: list[Row]) -> None:
    label = next(row.key.label for row in rows if "as printed" in row.key.label and row.source_id.startswith("08-"))
    printed = re.findall(r"'(.+)'", label)[0]

    with pytest.raises(Ambiguous) as doubt:
        parse_number(printed, decimals=3)

    assert len(doubt.value.choices) == 2


def test_labels_that_cannot_all_be_true_are_refused_as_parts_over_their_whole(
    rows: list[Row], meanings: Mapping[Key, Meaning], pack: Pack
) -> None:
    """A source counts more drug cases than cases: its `cases` are of something else, and nobody may type them so."""
    cells = {
        meanings[row.key].indicator: row.value
        for row in rows
        if row.source_id.startswith("31-") and meanings[row.key].indicator
    }

    found = _numbers_refused(_rules(pack), cells)

    assert {(finding.problem, finding.at) for finding in found} == {
        (Problem.PART_OVER_WHOLE, "cell:crime.drug_cases"),
        (Problem.PART_OVER_WHOLE, "cell:crime.drug_offenders"),
    }


def test_the_parts_that_add_up_in_print_add_up_here(papers: list[Paper], pack: Pack) -> None:
    """One source gives a whole with both its parts, of cases and of persons: the balance holds."""
    rules = _rules(pack)
    complete = [paper for paper in papers if {"entry.cases_detected", "entry.cases_received"} <= paper.cells.keys()]

    assert [paper.unit for paper in complete] == ["BĐBP tỉnh An Giang"]
    assert _numbers_refused(rules, complete[0].cells) == []
    changed = {**complete[0].cells, "entry.cases": str(Decimal(complete[0].cells["entry.cases"]) + 1)}
    assert [finding.problem for finding in _numbers_refused(rules, changed)] == [Problem.UNBALANCED]


# --- handing in -----------------------------------------------------------------------------------


def _with_nothing_required(pack: Pack) -> Pack:
    """The pack with its forms as newspapers would fill them: no cell and no section has to be there."""
    forms = []
    for form in pack.forms:
        sections = [
            section.model_copy(
                update={"rows": tuple(row.model_copy(update={"required": False}) for row in section.rows)}
            )
            if section.kind == "cells"
            else section.model_copy(update={"required_kinds": ()})
            for section in form.sections
        ]
        forms.append(form.model_copy(update={"sections": tuple(sections)}))
    return pack.model_copy(update={"forms": tuple(forms)})


def _system(day: date) -> Actor:
    return system_actor(datetime.combine(day, time(9), tzinfo=HANOI), day)


def _days_after(period: Period, days: int) -> datetime:
    return datetime.combine(period.last_day + timedelta(days=days), time(9), tzinfo=HANOI)


def _find_unit(name: str) -> Unit | None:
    """The unit of the pack that the papers name so, without the word for province and without its post's province."""
    short = re.sub(r" \(.*\)$", "", name).removeprefix("Đảng bộ ").replace("BĐBP tỉnh ", "BĐBP ")
    short = short.replace("Bộ Tư lệnh BĐBP", "BTL BĐBP")
    found = UnitName.objects.filter(Q(short_name=short) | Q(name=short)).select_related("unit").first()
    return found.unit if found else None


def _unit(name: str) -> Unit:
    unit = _find_unit(name)
    assert unit is not None
    return unit


def _officer(unit_code: str, post_code: str, at: datetime) -> Actor:
    """An invented officer in a post that the pack gives the unit."""
    post = Post.objects.get(unit__code=unit_code, code=post_code)
    username = f"{unit_code}.{post_code}".lower()
    person, is_new = Person.objects.get_or_create(username=username, defaults={"full_name": username, "password": "!"})
    if is_new:
        Appointment.objects.create(person=person, post=post, starts_on=post.unit.starts_on)
    permissions = frozenset(post.permissions)
    day = at.astimezone(HANOI).date()
    return Actor(person.pk, str(person), post.pk, post.title, post.unit_id, permissions, at, day)


def _writer(paper: Paper) -> Actor:
    at = _days_after(_form(paper).calendar.rule.parse(paper.period), 3)
    return _officer(_unit(paper.unit).code, "province_command.planning_officer", at)


def _form(paper: Paper) -> Form:
    period = reporting.calendar("nd09").parse(paper.period)
    return reporting.forms_on(period.last_day).get(kind=period.kind)


def _open(paper: Paper) -> Round:
    form = _form(paper)
    at = _days_after(form.calendar.rule.parse(paper.period), 1)
    round_ = services.open_round(form.pk, paper.period, by=_officer("BTL", "headquarters.head_of_planning", at))
    return reporting.round_(round_.pk)


def _reach_headquarters(papers: Iterable[Paper], pack: Pack) -> dict[Paper, Version]:
    """Load the pack with nothing required, hand every paper in, and have headquarters accept it."""
    load_pack(_with_nothing_required(pack), by=_system(pack.about.takes_effect_on))
    accepted = {}
    for paper in papers:
        accepted[paper] = _hand_in(paper, _open(paper))
        _accept(paper, accepted[paper])
    return accepted


def _hand_in(paper: Paper, round_: Round) -> Version:
    """Draft, checks and submission by the unit's own officer; the source's address is what the report says in words."""
    by = _writer(paper)
    section = next(part for part in round_.form.layout.sections if StatementKind.RESULT in part.statement_kinds)
    said = (Statement("s1", section.letter, StatementKind.RESULT, paper.source),)
    report = services.start_report(round_.pk, by=by)
    report = services.save_draft(report.pk, Content(paper.cells, said), revision=report.draft_revision, by=by)
    return services.submit_report(report.pk, revision=report.draft_revision, by=by)


def _accept(paper: Paper, version: Version) -> None:
    at = _days_after(_form(paper).calendar.rule.parse(paper.period), 4)
    by = _officer("BTL", "headquarters.planning_officer", at)
    services.accept_report(version.report_id, version_id=version.pk, by=by)


def _refusal(unit_name: str, period_code: str, indicator: str) -> str:
    """Why the system has no place for this unit's figure of this period; empty when it has one."""
    unit = _find_unit(unit_name)
    if unit is None:
        return "unit_unknown"
    try:
        period = reporting.calendar("nd09").parse(period_code)
    except NoSuchPeriod:
        return _no_period(period_code)
    forms = list(Form.objects.filter(kind=period.kind))
    if not forms:
        return "no_form"
    at = datetime.combine(max(period.last_day, date(2022, 1, 1)) + timedelta(days=3), time(9), tzinfo=HANOI)
    opened = [round_ for form in forms if (round_ := _opened(form, period_code, at))]
    if not opened:
        return "before_pack"
    kind_of_writer = "headquarters.head_of_planning" if unit.code == "BTL" else "province_command.planning_officer"
    try:
        services.start_report(opened[0].pk, by=_officer(unit.code, kind_of_writer, at))
    except services.ReportingRefused as refused:
        if refused.why != "not_on_duty":
            raise
        return "no_duty"
    return "" if indicator in opened[0].form.layout.indicators else "no_row"


def _no_period(code: str) -> str:
    if not code:
        return "undated"
    return "cumulated" if re.fullmatch(r"\d{4}\.\.\d{4}(-H\d)?", code) else "odd_months"


def _opened(form: Form, period_code: str, at: datetime) -> Round | None:
    try:
        return services.open_round(form.pk, period_code, by=_officer("BTL", "headquarters.head_of_planning", at))
    except services.ReportingRefused as refused:
        if refused.why != "form_not_in_force":
            raise
        return None


# --- adding up ------------------------------------------------------------------------------------


def _added_by_hand(papers: Iterable[Paper]) -> dict[tuple[str, str], Decimal]:
    """The sum of each indicator in each period, straight from what was published."""
    total: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for paper in papers:
        for code, value in paper.cells.items():
            total[code, paper.period] += Decimal(value)
    return total


def _headquarters_figures(papers: Iterable[Paper]) -> dict[tuple[str, str], Decimal]:
    top = Unit.objects.get(code="BTL")
    found = {}
    for round_ in {paper.period: _open(paper) for paper in papers}.values():
        rules = reporting.rules_of(round_.form)
        for code, figure in consolidation.figures(consolidation.Question(round_), top.pk).items():
            if not rules[code].is_computed:
                found[code, round_.period_code] = figure.value
    return found


def _explain_all(accepted: Mapping[Paper, Version], *, parts: bool) -> int:
    """Lead headquarters' figures down to the versions they were typed in; answers with how many were.

    Wholes and single figures, or the parts of a whole.
    """
    top, explained = Unit.objects.get(code="BTL"), 0
    for paper, version in accepted.items():
        round_ = _open(paper)
        rules = reporting.rules_of(round_.form)
        for code, value in paper.cells.items():
            if bool(rules[code].part_of) is parts:
                told = consolidation.explain(consolidation.Question(round_), top.pk, code)
                typed = {step.unit: step.values for step in told.walk() if step.values}
                [mine] = typed[_unit(paper.unit).code]
                assert (mine.value, mine.source) == (Decimal(value), version.pk)
                assert told.value == sum((one.value for values in typed.values() for one in values), Decimal(0))
                explained += 1
    return explained


def _from_the_command_line(papers: list[Paper], pack: Pack, folder: Path) -> dict[tuple[str, str], Decimal]:
    """Headquarters' figures as `abacus` gives them, each kind of period from the values of that kind."""
    kinds = {"quarter": r"\d{4}-Q\d", "half": r"\d{4}-H\d", "year": r"\d{4}"}
    found: dict[tuple[str, str], Decimal] = {}
    for kind, code in kinds.items():
        of_kind = [paper for paper in papers if re.fullmatch(code, paper.period)]
        found |= _run_command(of_kind, pack, folder, by=kind)
    return found


def _run_command(papers: list[Paper], pack: Pack, folder: Path, *, by: str) -> dict[tuple[str, str], Decimal]:
    """Run `abacus` on files and read headquarters' figures back.

    The command line knows calendar periods, so a published half-year is from 1 January there.
    """
    names = {name.short_name: name.unit for name in pack.unit_names}
    spans = {p.code: (p.starts_on, p.ends_on) for p in calendar_periods(["quarter", "half", "year"], *_DAYS)}
    values = [
        (names[paper.unit.replace("BĐBP tỉnh ", "BĐBP ")], code, *spans[paper.period], value)
        for paper in papers
        for code, value in paper.cells.items()
    ]
    codes = sorted({code for paper in papers for code in paper.cells})
    _write(folder / "units.csv", "unit,parent,starts_on,ends_on,kind", _edges(pack))
    _write(folder / "indicators.csv", "indicator,over_units,over_time", [(code, "sum", "sum") for code in codes])
    _write(folder / "values.csv", "unit,indicator,starts_on,ends_on,value", values)
    files = [f"--{name}={folder / name}.csv" for name in ("units", "indicators", "values")]

    assert abacus_command([*files, "--by", by, "-o", str(folder / "out.csv")]) == 0

    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        lines = [line for line in csv.DictReader(file) if line["unit"] == "BTL"]
    return {(line["indicator"], line["period"]): Decimal(line["value"]) for line in lines}


_DAYS = (date(2022, 1, 1), date(2025, 12, 31))


def _edges(pack: Pack) -> list[tuple[object, ...]]:
    """The professional line of the pack as rows of units.csv: the root, the superiors, and what was merged."""
    line = [
        (edge.unit, edge.parent, edge.starts_on, edge.ends_on or "", "")
        for edge in pack.edges
        if edge.line == Line.PROFESSIONAL
    ]
    merged = [
        (row.predecessor, row.successor, row.effective_on, "", "merged")
        for row in pack.successions
        if row.kind == SuccessionKind.MERGE and row.predecessor != row.successor
    ]
    return [("BTL", "", pack.about.takes_effect_on, "", ""), *line, *merged]


def _write(path: Path, header: str, lines: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header.split(","), *lines])


# --- checking without a report --------------------------------------------------------------------


def _rules(pack: Pack) -> dict[str, IndicatorRule]:
    return {
        row.code: IndicatorRule(
            row.code,
            row.name,
            row.name_en,
            row.unit_of_measure,
            numerator=row.numerator or "",
            denominator=row.denominator or "",
            factor=Decimal(1) if row.factor is None else row.factor,
            part_of=row.part_of or "",
            balance=row.balance,
            lower=row.lower,
            upper=row.upper,
            decimals=row.decimals,
        )
        for row in pack.indicators
    }


def _part(code: str, *, of: str) -> IndicatorRule:
    return IndicatorRule(code, code, code, "person", part_of=of, balance=True)


def _numbers_refused(rules: Mapping[str, IndicatorRule], cells: Mapping[str, str]) -> list[Finding]:
    """What the checks say of these cells alone, whatever else a form asks for."""
    wanted = {code: rule for code, rule in rules.items() if rule.part_of in cells or code in cells}
    return check(Content(cells), Layout(()), wanted, {})
