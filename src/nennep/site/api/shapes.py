"""What is sent and what is answered. Figures are decimal text (`"1151"`, `"98.7"`), days and instants ISO 8601."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from ninja import Schema
from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field, StrictInt

from nennep.planning.rules.evidence import MOST, EvidenceKind
from nennep.reporting.rules.content import StatementKind
from nennep.search.rules import Kind

Thing = TypeVar("Thing")

FIRST_YEAR, LAST_YEAR = 1900, 2200


def _day(sent: Any) -> Any:
    """A day as ISO 8601 writes it and in no other way: a bare number would be read as seconds."""
    if isinstance(sent, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", sent):
        raise ValueError("a day is written YYYY-MM-DD")
    return _within_reason(sent)


def _instant(sent: Any) -> Any:
    if isinstance(sent, str) and not re.match(r"\d{4}-\d{2}-\d{2}T", sent):
        raise ValueError("an instant is written YYYY-MM-DDThh:mm:ss with its offset")
    return _within_reason(sent)


def _within_reason(sent: Any) -> Any:
    if isinstance(sent, str) and not FIRST_YEAR <= int(sent[:4]) <= LAST_YEAR:
        raise ValueError(f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    return sent


Day = Annotated[date, BeforeValidator(_day)]
Instant = Annotated[AwareDatetime, BeforeValidator(_instant)]
Number = Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$", examples=["1151", "98.7"])]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
Place = Annotated[str, Field(pattern=r"^(cell|statement|section):[A-Za-z0-9._-]{1,80}$")]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
#: How many at most, and how many to pass over.
Limit = Annotated[int, Field(ge=1, le=200)]
Offset = Annotated[int, Field(ge=0, le=1_000_000)]


class Page(Schema, Generic[Thing]):
    """Some of a list, and how many there are in all."""

    total: int
    items: list[Thing]


# --- people and units -----------------------------------------------------------------------------


class PostOut(Schema):
    """A post the person holds today."""

    id: int
    title: str
    unit: int
    acting: bool
    permissions: list[str]


class Me(Schema):
    """Whose token this is, in which post it acts, and what it may do."""

    username: str
    name: str
    post: int | None
    unit: int | None
    permissions: list[str]
    posts: list[PostOut]
    token: str
    scopes: list[str]
    expires_at: datetime


class UnitOut(Schema):
    """A unit as it stood on a day; `superiors` by line, as far as the caller may know of them."""

    id: int
    code: str
    kind: str
    name: str
    short_name: str
    place: str
    demonstration: bool
    superiors: dict[str, int]


class UnitBrief(Schema):
    """Which unit."""

    id: int
    code: str
    name: str


# --- search ---------------------------------------------------------------------------------------


class HitOut(Schema):
    """Something that was found: its kind and id, and the stretch of its text that answers."""

    kind: Kind
    id: int
    title: str
    snippet: str
    unit: int | None
    dated_on: date


class HitsOut(Schema):
    """What was found, best first; `after` asks for what follows, and is null at the end."""

    items: list[HitOut]
    after: str | None


# --- forms and rounds -----------------------------------------------------------------------------


class FormOut(Schema):
    """One version of a form and the days it is in force."""

    code: str
    version: int
    name: str
    name_en: str
    kind: str
    line: str
    source: str
    starts_on: date
    ends_on: date | None


class IndicatorOut(Schema):
    """What is counted, how it combines, and what the checks hold it to."""

    code: str
    name: str
    name_en: str
    unit_of_measure: str
    over_units: str
    over_time: str
    numerator: str
    denominator: str
    factor: Number
    part_of: str
    balance: bool
    lower: Number | None
    upper: Number | None
    decimals: int
    is_computed: bool


class RowOut(Schema):
    """One line of a section of cells."""

    number: str
    indicator: str
    required: bool


class SectionOut(Schema):
    """A part of a form: rows of cells, or statements of some kinds."""

    letter: str
    title: str
    title_en: str
    kind: str
    rows: list[RowOut]
    statement_kinds: list[str]
    required_kinds: list[str]


class FormDetail(FormOut):
    """A form with its sections and its indicators."""

    sections: list[SectionOut]
    indicators: list[IndicatorOut]


class PeriodOut(Schema):
    """Half-open days: `ends_on` is the first day no longer."""

    code: str
    kind: str
    starts_on: date
    ends_on: date


class RoundOut(Schema):
    """One form in one period. Closed when `closed_at` is there; `seal_digest` is that of its sealed figures."""

    id: int
    form: str
    form_version: int
    period: PeriodOut
    opened_at: datetime
    closed_at: datetime | None
    seal_digest: str


class RoundDetail(RoundOut):
    """A round, and when the report of the caller's own unit is due; null when it is not on duty."""

    due_at: datetime | None


# --- reports --------------------------------------------------------------------------------------


class Strict(Schema):
    """What is sent: a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class StatementIn(Strict):
    """One point in words. `id` is the sender's and stays the same from version to version."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
    section: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,8}$")]
    kind: StatementKind
    text: str


class ReportIn(Strict):
    """A whole report. `words` answers warnings at their place; `revision` names the draft that it may replace."""

    cells: dict[Code, str] = Field(examples=[{"patrol.teams": "137", "path.cleared_km": "12,5"}])
    statements: list[StatementIn] = Field(default_factory=list)
    words: dict[Place, str] = Field(default_factory=dict)
    reason: str = ""
    revision: Annotated[StrictInt, Field(ge=0, le=2_147_483_647)] | None = None


class StatementOut(Schema):
    """One point in words; of a synthesis, `sources` are the [version id, statement id] it was woven from."""

    id: str
    section: str
    kind: str
    text: str
    sources: list[tuple[int, str]]


class ContentOut(Schema):
    """Cells and words. In a draft `cells` is what was typed; in a version plain decimals.

    `figures` are a synthesis' totals by reference: shown, never counted again.
    """

    cells: dict[str, str]
    statements: list[StatementOut]
    words: dict[str, str]
    figures: dict[str, str]
    synthesis: int | None


class RemarkOut(Schema):
    """What a superior says at one place."""

    at: str
    text: str


class DecisionOut(Schema):
    """A superior accepted or returned a version."""

    accepted: bool
    at: datetime
    person: str
    post: str
    reason: str
    remarks: list[RemarkOut]


class VersionOut(Schema):
    """What was handed in: frozen, with its digest and the server's receipt."""

    id: int
    number: int
    digest: str
    received_at: datetime
    days_late: int
    person: str
    post: str
    reason: str
    booked_in: int | None
    decisions: list[DecisionOut]


class VersionDetail(VersionOut):
    """A version with all that it says."""

    report: int
    content: ContentOut


class ReportOut(Schema):
    """A unit's report in a round; `version` is the newest that was handed in, `counts` whether one counts now."""

    id: int
    round: int
    form: str
    period: str
    unit: UnitBrief
    state: str
    version: int | None
    counts: bool
    received_at: datetime | None
    days_late: int | None


class DraftOut(Schema):
    """What is being written; only one's own unit sees it."""

    revision: int
    saved_at: datetime | None
    saved_by: str
    content: ContentOut


class ReportDetail(ReportOut):
    """A report with its versions, and its draft where it is the caller's own."""

    versions: list[VersionOut]
    draft: DraftOut | None


# --- figures --------------------------------------------------------------------------------------


class FigureOut(Schema):
    """One consolidated figure: `reported` of `expected` units have a value in it. What nobody reported is absent."""

    indicator: str
    name: str
    name_en: str
    unit_of_measure: str
    value: Number
    reported: int
    expected: int


class MissingOut(Schema):
    """A unit right below that is not in the figures, and how it stands."""

    unit: UnitBrief
    standing: str
    due_at: datetime | None


class FiguresOut(Schema):
    """A unit's figures over its subtree: of which round, known when, with the tree of which day."""

    unit: UnitBrief
    round: int
    form: str
    period: str
    known_at: datetime | None
    tree_of: date
    figures: list[FigureOut]
    reported: list[UnitBrief]
    missing: list[MissingOut]


class OwnValue(Schema):
    """A value as a unit reported it, and the version it stands in."""

    value: Number
    report: int
    version: int
    number: int
    digest: str
    received_at: datetime


class SourceOut(Schema):
    """A figure and what it is made of: own values with their versions, the units below with theirs; or two parts."""

    unit: UnitBrief
    indicator: str
    value: Number | None
    reported: int
    expected: int
    past: bool
    values: list[OwnValue]
    children: list[SourceOut]
    numerator: SourceOut | None
    denominator: SourceOut | None


# --- documents ------------------------------------------------------------------------------------


class DocumentOut(Schema):
    """A paper. `number` is how others name it (`05/KH-BTL`), empty while it has none; in force on half-open days."""

    id: int
    unit: UnitBrief
    type: str
    type_name: str
    group: str
    subject: str
    state: str
    urgency: str
    number: str
    issued_on: date | None
    starts_on: date | None
    ends_on: date | None


class DispatchOut(Schema):
    """What became of a paper at one addressee; `voided_at` when it was recalled."""

    id: int
    unit: int
    name: str
    to_act: bool
    sent_at: datetime | None
    received_at: datetime | None
    acknowledged_at: datetime | None
    voided_at: datetime | None


class DocumentVersionOut(Schema):
    """What was handed on: frozen, with its digest."""

    id: int
    number: int
    subject: str
    digest: str
    at: datetime
    person: str
    post: str
    note: str


class BindingOut(Schema):
    """What a block of a directive demands: by when, with which figure, of whom by name (none: all it went to)."""

    due_on: date | None
    indicator: str
    figure: Number | None
    addressees: list[str]


class BlockOut(Schema):
    """One part of a text: its lasting id, its kind, what it is cited by, its words or the rows of its table."""

    id: str
    kind: str
    number: str
    label: str
    text: str
    rows: list[list[str]]
    binding: BindingOut | None


class DocumentVersionDetail(DocumentVersionOut):
    """A version with its text."""

    document: int
    blocks: list[BlockOut]


class DocumentDetail(DocumentOut):
    """A paper, the directive it answers, what it replaces, its versions, and its way to the caller's own unit."""

    answers: int | None
    replaces: int | None
    signer: str
    signer_post: str
    versions: list[DocumentVersionOut]
    own: DispatchOut | None


class SpreadOut(Schema):
    """How far a paper has come, among the addressees that the caller may know of."""

    sent: int
    received: int
    acknowledged: int
    addressees: list[DispatchOut]


class CountsOut(Schema):
    """Pairs of a clause and a unit it binds, and how they stand; `late` are among the others."""

    addressed: int
    done: int
    under_way: int
    explained: int
    silent: int
    late: int


class ClauseOut(Schema):
    """One demand of a directive and how the units in reach stand to it; withdrawn, it asks nothing of anybody."""

    id: int
    document: int
    label: str
    text: str
    due_on: date | None
    indicator: str
    figure: Number | None
    for_all: bool
    withdrawn_on: date | None
    withdrawn_reason: str
    tasks: int
    counts: CountsOut


class UnitAnswerOut(Schema):
    """How one unit stands to a clause: `reason` is why it has no task."""

    unit: UnitBrief
    standing: str
    late: bool
    tasks: int
    reason: str


class TaskBrief(Schema):
    """Which task, of which plan."""

    id: int
    plan: int
    title: str
    lead: int
    due_on: date
    state: str


class ClauseDetailOut(ClauseOut):
    """A clause with every unit in reach that it binds, and the tasks that carry it out there."""

    units: list[UnitAnswerOut]
    carried_out_by: list[TaskBrief]


# --- plans ----------------------------------------------------------------------------------------


class PlanOut(Schema):
    """A unit's plan, programme or calendar for a period; `version` is the one in force."""

    id: int
    unit: UnitBrief
    kind: str
    period: PeriodOut
    topic: str
    title: str
    state: str
    version: int | None
    revision: int
    details: int | None
    answers: int | None
    document: int | None


class ReachedOut(Schema):
    """What was reported towards a target: `reported` of `expected` units have a value in it."""

    indicator: str
    figure: Number
    value: Number | None
    reported: int
    expected: int
    period: str


class TaskOut(Schema):
    """One item of a plan. `due_on` is its last day. `progress` is rolled up: from the tasks below it (`parts`), from
    its target (`figure`), or as it was told (`told`).
    """

    id: int
    plan: int
    key: str
    heading: str
    title: str
    emphasis: bool
    lead: UnitBrief
    lead_post: str
    coordinating: list[int]
    starts_on: date
    due_on: date
    starts_at: str | None
    ends_at: str | None
    place: str
    clauses: list[int]
    details: int | None
    target: ReachedOut | None
    state: str
    progress: int
    progress_from: str
    done_on: date | None
    results: list[str]
    edition: int


class PlanDetail(PlanOut):
    """A plan with its parts in words and its tasks in their order; `progress` is that of the whole plan."""

    texts: dict[str, list[str]]
    progress: int | None
    tasks: list[TaskOut]


class EvidenceOut(Schema):
    """What shows that a task was done, under the name it bore when it was given."""

    kind: str
    key: str
    label: str


class ProgressOut(Schema):
    """What was said of a task, by whom, and when; `results` when it was declared finished."""

    id: int
    percent: int
    text: str
    results: list[str]
    evidence: list[EvidenceOut]
    at: datetime
    person: str
    post: str


class TaskDetail(TaskOut):
    """A task with what was told of it, newest first, and the tasks that detail it."""

    told: list[ProgressOut]
    detailed_by: list[TaskBrief]


class EvidenceIn(Strict):
    """A report's version, a statement in one (`12:s1`), a document or a task, by its id."""

    kind: EvidenceKind
    key: Annotated[str, Field(pattern=r"^\d{1,18}(:[A-Za-z0-9_-]{1,40})?$")]


class ProgressIn(Strict):
    """How far a task has come, in words and with what shows it; `finished` declares it done."""

    percent: Annotated[StrictInt, Field(ge=0, le=100)]
    text: Annotated[str, Field(max_length=2_000)] = ""
    evidence: Annotated[list[EvidenceIn], Field(max_length=MOST)] = Field(default_factory=list)
    finished: bool = False
