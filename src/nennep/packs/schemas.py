"""What each file of a pack may hold: one frozen model per row or table, and `Pack`, all of them together.

A model states what can be judged by looking at one row alone. What needs two rows or two files is in
`checks`. Columns of a CSV file are exactly the fields of its model. An empty cell is an absent value.
Lives are half-open: `starts_on` ≤ day < `ends_on`, and an absent `ends_on` is open.
"""

import re
from datetime import date, time
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from nennep.documents.rules.citations import KEY
from nennep.organisation.rules import Certainty, Line, Permission, SuccessionKind
from nennep.reporting.rules.periods import Kind

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")

# A place in a sentence pattern that a figure will take: {patrol.teams}.
REFERENCE = re.compile(r"\{([^{}]*)\}")

IndicatorKind = Literal["flow", "stock", "ratio", "mean", "min", "max", "count", "distinct"]
OverUnits = Literal["sum", "mean", "min", "max", "count", "none", "ratio", "stddev", "variance"]
OverTime = Literal["sum", "mean", "min", "max", "count", "first", "last", "none", "ratio"]


def _day(value: object) -> object:
    # Pydantic alone would also take a number of seconds for a day.
    if isinstance(value, str) and not ISO_DAY.fullmatch(value):
        raise ValueError(f"“{value}” is not a day written as YYYY-MM-DD")
    return value


def _clock(value: object) -> object:
    if isinstance(value, str) and not CLOCK.fullmatch(value):
        raise ValueError(f"“{value}” is not a time of day written as HH:MM")
    return value


def _yes_no(value: object) -> object:
    if isinstance(value, str):
        if value not in {"yes", "no"}:
            raise ValueError(f"“{value}” is neither “yes” nor “no”")
        return value == "yes"
    return value


def _parts(value: object, separator: str | None) -> object:
    return tuple(part.strip() for part in value.split(separator)) if isinstance(value, str) else value


Day = Annotated[date, BeforeValidator(_day)]
Clock = Annotated[time, BeforeValidator(_clock)]
YesNo = Annotated[bool, BeforeValidator(_yes_no)]
Text = Annotated[str, StringConstraints(min_length=1)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
UnitCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)*$")]
IndicatorCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")]
PostCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
RegulationCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
ArticleKey = Annotated[str, StringConstraints(pattern=rf"^{KEY.pattern}$", max_length=40)]
SuccessionCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Order = Annotated[int, Field(ge=1)]
Decimals = Annotated[int, Field(ge=0, le=6)]
Permissions = Annotated[tuple[Permission, ...], BeforeValidator(lambda value: _parts(value, None))]


class Row(BaseModel):
    """One row of a file: never changed after reading, and no field that was not asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DatedRow(Row):
    """A row that is true from one day to another."""

    starts_on: Day
    ends_on: Day | None = None

    @field_validator("ends_on")
    @classmethod
    def _ends_after_it_starts(cls, ends_on: date | None, info: ValidationInfo) -> date | None:
        starts_on = info.data.get("starts_on")
        if ends_on is not None and starts_on is not None and ends_on <= starts_on:
            raise ValueError(f"ends on {ends_on}, which is not after its start on {starts_on}")
        return ends_on

    def in_force_on(self, day: date) -> bool:
        """Whether the row is true on this day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def within(self, other: "DatedRow") -> bool:
        """Whether the whole life of this row lies inside the life of the other."""
        if self.starts_on < other.starts_on:
            return False
        return other.ends_on is None or (self.ends_on is not None and self.ends_on <= other.ends_on)


class Named(Row):
    """A word of the organisation's own vocabulary, in its two languages and its order on screens."""

    code: Key
    name: Text
    name_en: Text
    order: Order


# pack.toml


class LineRule(Row):
    """One line of authority: who may stand at its top, and who does not stand on it at all.

    A unit of any other kind needs a superior on this line for its whole life. With `one_root`, at most
    one unit is at the top on any day.
    """

    code: Line
    name: Text
    name_en: Text
    roots: tuple[Key, ...]
    outside: tuple[Key, ...] = ()
    one_root: bool = False


class About(Row):
    """What the pack is: its name, version and first day. The pack knows nothing before `takes_effect_on`."""

    code: Key
    name: Text
    name_en: Text
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    takes_effect_on: Day
    languages: Annotated[tuple[Literal["vi", "en"], ...], Field(min_length=1)]
    default_language: Literal["vi", "en"]
    description: Text
    lines: Annotated[tuple[LineRule, ...], Field(min_length=1)]

    @field_validator("default_language")
    @classmethod
    def _default_is_one_of_the_languages(cls, default: str, info: ValidationInfo) -> str:
        if default not in info.data.get("languages", (default,)):
            raise ValueError(f"“{default}” is not among the languages of the pack")
        return default


# The vocabulary of the organisation


class UnitKind(Named):
    """unit_kinds.csv: a kind of unit, such as headquarters or post."""


class WorkField(Named, DatedRow):
    """fields.csv: a field of work that indicators belong to."""


class UnitOfMeasure(Row):
    """units_of_measure.csv: what a figure counts; never converted into another by guess."""

    code: Key
    name: Text
    name_en: Text
    decimals: Decimals


class StatementKind(Named):
    """statement_kinds.csv: what a sentence of a report is: a result, a shortcoming, a proposal."""


# The organisation


class Unit(DatedRow):
    """units.csv: a unit from its first to its last day. Its name and superiors are in other files.

    The code is the unit's identity: it stays when the unit is renamed or moved.
    """

    code: UnitCode
    kind: Key
    demonstration: YesNo


class UnitName(DatedRow):
    """unit_names.csv: what a unit is called, and the place in the date line of its papers (địa danh)."""

    unit: UnitCode
    name: Text
    short_name: Text
    place: Text


class Edge(DatedRow):
    """edges.csv: who is the superior of whom, on one line, from day to day."""

    unit: UnitCode
    parent: UnitCode
    line: Line


class Succession(Row):
    """successions.csv: what a decision did to one unit; rows that share a code are one event.

    merge: the predecessor ends and counts under the successor. split: the successor starts, out of the
    predecessor. rename and transfer: predecessor and successor are the same unit, which gets a new name
    row or a new edge on that day. An absent decision number means that none was published.
    """

    code: SuccessionCode
    kind: SuccessionKind
    predecessor: UnitCode
    successor: UnitCode
    effective_on: Day
    decision_number: str = ""
    decision_on: Day | None = None
    certainty: Certainty
    source: Text
    note: str = ""

    @field_validator("successor")
    @classmethod
    def _identity_is_kept_or_passed_on(cls, successor: str, info: ValidationInfo) -> str:
        kind, predecessor = info.data.get("kind"), info.data.get("predecessor")
        if kind in {SuccessionKind.RENAME, SuccessionKind.TRANSFER} and successor != predecessor:
            raise ValueError(f"in a {kind} the unit stays itself: the successor must be {predecessor}")
        if kind in {SuccessionKind.MERGE, SuccessionKind.SPLIT} and successor == predecessor:
            raise ValueError(f"in a {kind} the successor must be another unit than the predecessor")
        return successor

    @field_validator("decision_on")
    @classmethod
    def _decided_before_it_takes_effect(cls, decision_on: date | None, info: ValidationInfo) -> date | None:
        effective_on = info.data.get("effective_on")
        if decision_on is not None and effective_on is not None and decision_on > effective_on:
            raise ValueError(f"decided on {decision_on}, after taking effect on {effective_on}")
        return decision_on


class PostTemplate(Row):
    """posts.csv: a post that every unit of a kind has, and what it may do."""

    code: PostCode
    unit_kind: Key
    title: Text
    title_en: Text
    permissions: Permissions
    order: Order


# What is counted and reported


class Indicator(DatedRow):
    """indicators.csv: one thing that is counted, how it is combined, and within which bounds it is believed.

    `balance` says of a part that it sums to its whole (`part_of`) together with the other balancing parts of that
    whole. `jump_ratio` warns when a figure is that many times the unit's own history. `opening_of` names the stock with
    which the period before closed what this one opens with. `cleared_by` is the paper that cleared the indicator as
    not secret.
    """

    code: IndicatorCode
    name: Text
    name_en: Text
    field: Key
    unit_of_measure: Key
    kind: IndicatorKind
    over_units: OverUnits
    over_time: OverTime
    numerator: IndicatorCode | None = None
    denominator: IndicatorCode | None = None
    factor: Decimal | None = None
    part_of: IndicatorCode | None = None
    balance: YesNo
    lower: Decimal | None = None
    upper: Decimal | None = None
    decimals: Decimals
    jump_ratio: Annotated[Decimal, Field(gt=1)] | None = None
    opening_of: IndicatorCode | None = None
    cleared_by: Text
    source: Text

    @field_validator("over_time")
    @classmethod
    def _combines_as_its_kind_does(cls, over_time: str, info: ValidationInfo) -> str:
        kind, over_units = info.data.get("kind"), info.data.get("over_units")
        expected = {
            "flow": {("sum", "sum")},
            "stock": {("sum", "last"), ("sum", "first")},
            "ratio": {("ratio", "ratio")},
            "distinct": {("none", "last"), ("none", "none")},
        }.get(str(kind))
        if expected is not None and over_units is not None and (over_units, over_time) not in expected:
            wanted = " or ".join(f"{units} over units and {times} over time" for units, times in sorted(expected))
            raise ValueError(f"a {kind} combines by {wanted}, not by {over_units} and {over_time}")
        return over_time

    @field_validator("factor")
    @classmethod
    def _only_a_ratio_has_parts_to_divide(cls, factor: Decimal | None, info: ValidationInfo) -> Decimal | None:
        parts = (info.data.get("numerator"), info.data.get("denominator"), factor)
        if info.data.get("kind") == "ratio":
            if None in parts:
                raise ValueError("a ratio needs a numerator, a denominator and a factor")
        elif any(part is not None for part in parts):
            raise ValueError("only a ratio has a numerator, a denominator or a factor")
        return factor

    @field_validator("upper")
    @classmethod
    def _bounds_leave_room(cls, upper: Decimal | None, info: ValidationInfo) -> Decimal | None:
        lower = info.data.get("lower")
        if upper is not None and lower is not None and upper < lower:
            raise ValueError(f"the upper bound {upper} is below the lower bound {lower}")
        return upper


class Synonym(Row):
    """synonyms.csv: one way in which reports call what an indicator counts.

    `…` stands between words that may stand apart (`tuần tra … song phương`); at the beginning it says that the wording
    counts only for a part that is told under its whole (`… bắt giữ`).
    """

    indicator: IndicatorCode
    phrase: Text


class FormRow(Row):
    """One cell of a form: its number on the paper, and the indicator it asks for."""

    number: Text
    indicator: IndicatorCode
    required: bool


class CellSection(Row):
    """A section of figures, with the sentences that a consolidated report says them in."""

    kind: Literal["cells"]
    letter: Text
    title: Text
    title_en: Text
    sentences: tuple[Text, ...] = ()
    rows: Annotated[tuple[FormRow, ...], Field(min_length=1)]


class WordSection(Row):
    """A section of statements: which kinds belong in it, which must not be empty, and its heading above."""

    kind: Literal["words"]
    letter: Text
    title: Text
    title_en: Text
    heading: Text
    statement_kinds: Annotated[tuple[Key, ...], Field(min_length=1)]
    required_kinds: tuple[Key, ...] = ()

    @field_validator("required_kinds")
    @classmethod
    def _asks_only_for_what_it_takes(cls, required: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        strangers = [kind for kind in required if kind not in info.data.get("statement_kinds", required)]
        if strangers:
            raise ValueError(f"requires {', '.join(strangers)}, which the section does not take")
        return required


Section = Annotated[CellSection | WordSection, Field(discriminator="kind")]


class Form(DatedRow):
    """forms/*.toml: one version of a form. A period uses the version in force on the period's last day."""

    code: Key
    version: Annotated[int, Field(ge=1)]
    name: Text
    name_en: Text
    frequency: Kind
    source: Text
    unit_kinds: Annotated[tuple[Key, ...], Field(min_length=1)]
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]


class Duty(DatedRow):
    """duties.csv: who reports which form, along which line, and until when.

    `due_days` are calendar days after the last day of the period; `due_time` is that day's hour on the
    server.
    """

    form: Key
    unit_kind: Key
    line: Line
    frequency: Kind
    calendar: Key
    due_days: Annotated[int, Field(ge=0, le=366)]
    due_time: Clock
    clause: Text


class WeekCutOff(DatedRow):
    """A week begins on `first_weekday` (Monday is 0) and lasts seven days."""

    kind: Literal["week"]
    first_weekday: Annotated[int, Field(ge=0, le=6)]
    clause: Text


class MonthCutOff(DatedRow):
    """Periods of whole months, counted from a day that need not be the first.

    For each `first_months` m of a year, a period begins on day `start_day` of the month m +
    `start_month_offset` and lasts `months` months: month 3 with day 15, offset -1 and 1 month is 15
    February to 14 March.
    """

    kind: Literal["month", "quarter", "half", "nine_months", "year"]
    start_day: Annotated[int, Field(ge=1, le=28)]
    start_month_offset: Annotated[int, Field(ge=-11, le=11)]
    months: Annotated[int, Field(ge=1, le=12)]
    first_months: Annotated[tuple[Annotated[int, Field(ge=1, le=12)], ...], Field(min_length=1)]
    clause: Text


CutOff = Annotated[WeekCutOff | MonthCutOff, Field(discriminator="kind")]


class Calendar(Row):
    """One reporting calendar: the cut-offs of each kind of period, each with its clause."""

    code: Key
    name: Text
    name_en: Text
    source: Text
    kinds: Annotated[tuple[CutOff, ...], Field(min_length=1)]


class Calendars(Row):
    """calendars.toml."""

    calendars: Annotated[tuple[Calendar, ...], Field(min_length=1)]


class Target(Row):
    """targets.csv: the figure that a unit is to reach by the end of a reporting year."""

    unit: UnitCode
    indicator: IndicatorCode
    year: Annotated[int, Field(ge=1990, le=2100)]
    value: Decimal
    demonstration: YesNo
    source: Text


# Papers


class PaperLayout(DatedRow):
    """The fixed lines of a paper of one family issued by a unit of a kind (Decree 30/2020, Annex I; HD 36).

    In `superior`, `issuer` and `recipients`, {unit} is the unit's name and {superior} that of its superior on
    `superior_line`; the page sets them in capitals. `symbol` is the unit's: BTL in Số: 05/BC-BTL.
    """

    family: Literal["state", "party"] = "state"
    unit_kind: Key
    superior: Text
    superior_line: Line
    issuer: Text
    symbol: Text
    authority: str = ""
    signer_title: Text
    addressed_to: tuple[Text, ...] = ()
    recipients: Annotated[tuple[Text, ...], Field(min_length=1)]
    source: Text


class Paper(Row):
    """paper.toml."""

    layouts: Annotated[tuple[PaperLayout, ...], Field(min_length=1)]


# Documents


class NumberSeries(Row):
    """How numbers run: over all types of a year, or over each type of a term."""

    code: Key
    name: Text
    name_en: Text
    family: Literal["state", "party"]
    by_term: bool = False
    by_type: bool = False
    clause: Text


class CommitteeTerm(DatedRow):
    """A term of the party committees."""

    code: Text
    name: Text
    source: Text


class Signer(Row):
    """A post that may sign, in what right, and for whom; `title` is printed in place of the post's own."""

    unit_kind: Key
    post: PostCode
    capacity: Literal["OWN", "COLLECTIVE", "DEPUTY", "ORDER", "DELEGATED"]
    in_place_of: str = ""
    title: str = ""

    @field_validator("in_place_of")
    @classmethod
    def _names_whom_it_stands_for(cls, in_place_of: str, info: ValidationInfo) -> str:
        if info.data.get("capacity", "OWN") != "OWN" and not in_place_of:
            raise ValueError("says in whose place it signs")
        return in_place_of


class Signing(Row):
    """A group of signers that several types of documents share."""

    code: Key
    signers: Annotated[tuple[Signer, ...], Field(min_length=1)]


class DocumentType(DatedRow):
    """A type of document: its group, series and signers; `issuers` are the kinds of units that issue it, or all."""

    code: Key
    abbreviation: str = ""
    name: Text
    name_en: Text
    group: Literal["leadership", "direction", "correspondence", "plan", "report", "record"]
    series: Key
    signing: Key
    binds: bool = False
    is_letter: bool = False
    has_addressee: bool = False
    issuers: tuple[Key, ...] = ()
    outline: tuple[Text, ...] = ()
    clause: Text


class Documents(Row):
    """documents.toml."""

    series: Annotated[tuple[NumberSeries, ...], Field(min_length=1)]
    terms: tuple[CommitteeTerm, ...] = ()
    signing: Annotated[tuple[Signing, ...], Field(min_length=1)]
    types: Annotated[tuple[DocumentType, ...], Field(min_length=1)]


# Planning


class Holiday(DatedRow):
    """Days on which nothing is to be planned."""

    name: Text
    name_en: Text
    ends_on: Day
    clause: Text


class UnitCapacity(DatedRow):
    """How many tasks a unit of a kind can lead on one day."""

    unit_kind: Key
    tasks_a_day: Annotated[int, Field(ge=1)]
    clause: Text


class Planning(Row):
    """planning.toml."""

    holidays: tuple[Holiday, ...] = ()
    capacities: tuple[UnitCapacity, ...] = ()


# Regulations


class RegulationArticle(Row):
    """An article, clause or item of a regulation in our own words, with the key that rules cite it by."""

    key: ArticleKey
    title: str = ""
    text: str = Field(default="", validate_default=True)

    @field_validator("text")
    @classmethod
    def _says_something(cls, text: str, info: ValidationInfo) -> str:
        if not text and not info.data.get("title"):
            raise ValueError("an article has a title or a text")
        return text


class RegulationVersion(DatedRow):
    """The text of a regulation from a day on. `certain` is false where the original was not seen."""

    decided_by: Text
    source: Text
    certain: bool = True
    articles: Annotated[tuple[RegulationArticle, ...], Field(min_length=1)]


class Regulation(Row):
    """One file of regulations/: what the rules of the pack cite by its number.

    A sample stands for an internal regulation whose text is not public; its words are invented.
    """

    code: RegulationCode
    number: Text
    name: Text
    name_en: Text
    issuer: Text
    sample: bool = False
    order: Order
    versions: Annotated[tuple[RegulationVersion, ...], Field(min_length=1)]


class Pack(Row):
    """Everything one pack says, checked: whoever holds a `Pack` need not ask again whether it is sound."""

    about: About
    unit_kinds: tuple[UnitKind, ...]
    fields: tuple[WorkField, ...]
    units_of_measure: tuple[UnitOfMeasure, ...]
    statement_kinds: tuple[StatementKind, ...]
    units: tuple[Unit, ...]
    unit_names: tuple[UnitName, ...]
    edges: tuple[Edge, ...]
    successions: tuple[Succession, ...]
    posts: tuple[PostTemplate, ...]
    indicators: tuple[Indicator, ...]
    synonyms: tuple[Synonym, ...]
    forms: tuple[Form, ...]
    duties: tuple[Duty, ...]
    calendars: tuple[Calendar, ...]
    targets: tuple[Target, ...]
    layouts: tuple[PaperLayout, ...]
    documents: Documents
    planning: Planning
    regulations: tuple[Regulation, ...] = ()
