"""A workbook that came back, as its page shows it: each place with the draft's and the file's saying, and its state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from loom.files import Unreadable, Why
from nennep.documents.rules import format_number
from nennep.intake.rules.filled import SETTLED, SURE, CellState, Doubt, Judged, Judgement, NotTaken, taken
from nennep.reporting import queries
from nennep.reporting.models import Report
from nennep.reporting.rules.checks import Finding, Problem, check
from nennep.reporting.rules.content import LONGEST_STATEMENT, IndicatorRule, Layout, StatementKind
from nennep.reporting.rules.numbers import Ambiguous, NotANumber, parse_number
from nennep.reporting.services import ReportingRefused
from nennep.site.arrivals import say_why
from nennep.site.filled import Filled, FilledRow
from nennep.site.findings import Said, figure, language, say, say_refused
from nennep.site.sayings import STATEMENTS, in_language

#: The look of a state's chip, its icon, and its word.
STATES: Mapping[CellState, tuple[str, str, Promise]] = {
    CellState.SAME: ("plain", "done", later("the same")),
    CellState.KEPT: ("plain", "done", later("untouched in the file")),
    CellState.NEW: ("good", "add", later("new")),
    CellState.CHANGED: ("changed", "changed", later("changed")),
    CellState.EMPTIED: ("warning", "remove", later("emptied")),
    CellState.CONFLICT: ("returned", "split", later("changed on both sides")),
    CellState.DOUBTFUL: ("warning", "warning", later("doubtful")),
}
_DOUBTS: Mapping[Doubt, Promise] = {
    Doubt.NOT_A_NUMBER: later("This cannot be read as a number. Type the figure on the report's page."),
    Doubt.AMBIGUOUS: later("This can be read in two ways. Say which is meant."),
    Doubt.TOO_PRECISE: later("This has more decimals than the cell takes."),
    Doubt.DATE: later("The spreadsheet made a date of it. Type the figure on the report's page."),
    Doubt.TRUTH: later("This is “true” or “false”, not a figure."),
    Doubt.ERROR: later("The spreadsheet shows an error here. Type the figure on the report's page."),
    Doubt.FORMULA: later("A formula stands here whose result was not saved. Type the figure on the report's page."),
    Doubt.TWICE: later("This line stands in the file more than once. Type the figure on the report's page."),
    Doubt.NO_SUCH_PLACE: later("The section or the kind is not told. Say where it belongs."),
}


@dataclass(frozen=True)
class Line:
    """One place on the page. `choices` are what a doubtful one may mean: what is sent, and what is shown."""

    judged: Judged
    label: str
    name: str
    measure: str
    was: str
    now: str
    look: str
    icon: str
    state: str
    doubt: str
    choices: tuple[tuple[str, str], ...]
    notes: tuple[Said, ...]

    @property
    def place(self) -> str:
        return self.judged.place

    @property
    def is_ticked(self) -> bool:
        return self.judged.state in SURE

    @property
    def can_be_taken(self) -> bool:
        return self.judged.state not in SETTLED | {CellState.DOUBTFUL}


@dataclass(frozen=True)
class Shown:
    """The lines in three heaps: what a person must look at, what is sure, and what there is nothing to do about."""

    asked: tuple[Line, ...]
    sure: tuple[Line, ...]
    settled: tuple[Line, ...]
    lost: int

    @property
    def has_anything(self) -> bool:
        return bool(self.sure) or any(line.can_be_taken or line.choices for line in self.asked)


def shown(report: Report, filled: Filled, judgement: Judgement) -> Shown:
    """A judged workbook beside the draft's form; `filled` gives the names of its places."""
    form = report.round.form
    rules = queries.rules_of(form)
    saying = _Saying(form.layout, rules, {row.code: row for row in filled.rows}, _findings(report, judgement, rules))
    lines = [saying.line(judged) for judged in judgement.all if judged.was or judged.found or judged.now]
    return Shown(
        asked=tuple(line for line in lines if line.judged.state not in SETTLED | SURE),
        sure=tuple(line for line in lines if line.judged.state in SURE),
        settled=tuple(line for line in lines if line.judged.state in SETTLED),
        lost=judgement.lost,
    )


def _findings(report: Report, judgement: Judgement, rules: Mapping[str, IndicatorRule]) -> list[Finding]:
    """What the checks would say of the draft, were everything in the file taken over that can be."""
    everything = {judged.place: "" for judged in judgement.all}
    content, _done = taken(report.draft_content, judgement, everything)
    form, history = report.round.form, queries.history_of(report.round, report.unit_id)
    empty = {Problem.CELL_EMPTY, Problem.SECTION_EMPTY, Problem.STATEMENT_EMPTY, Problem.CAUSE_MISSING}
    return [one for one in check(content, form.layout, rules, history) if one.problem not in empty]


@dataclass(frozen=True)
class _Saying:
    """What is needed to say a judged place in the reader's language."""

    layout: Layout
    rules: Mapping[str, IndicatorRule]
    rows: Mapping[str, FilledRow]
    findings: Iterable[Finding]

    def line(self, judged: Judged) -> Line:
        kind = judged.place.partition(":")[0]
        look, icon, state = STATES[judged.state]
        label, name, measure = self._names(judged, kind)
        cell = kind == "cell"
        return Line(
            judged,
            label,
            name,
            measure,
            was=self._figure(judged.was, judged.key) if cell else judged.was,
            now=self._figure(judged.now, judged.key) if cell else judged.now,
            look=look,
            icon=icon,
            state=str(state),
            doubt=_doubt(judged),
            choices=tuple((choice, self._choice(choice, judged.key, kind)) for choice in judged.choices),
            notes=tuple(say(finding, self.rules) for finding in self.findings if finding.at == judged.place),
        )

    def _names(self, judged: Judged, kind: str) -> tuple[str, str, str]:
        if kind == "statement":
            statement = judged.after or judged.before
            if statement is None:
                return "", _("Point in words"), ""
            return self._section(statement.section), str(STATEMENTS[statement.kind]), ""
        row = self.rows[judged.key]
        if kind == "word":
            return row.label, _("Word: %(name)s") % {"name": row.name}, ""
        return row.label, row.name, row.measure

    def _section(self, letter: str) -> str:
        section = self.layout.section(letter)
        return f"{letter}. {in_language(section.title, section.title_en)}" if section else letter

    def _figure(self, typed: str, code: str) -> str:
        """A figure in the reader's signs; what is no number stays as it was typed."""
        try:
            return figure(parse_number(typed, decimals=self.rules[code].decimals))
        except (Ambiguous, NotANumber):
            return typed

    def _choice(self, choice: str, code: str, kind: str) -> str:
        if kind != "statement":
            return self._figure(choice, code)
        letter, _bar, statement_kind = choice.partition("|")
        return f"{self._section(letter)}: {STATEMENTS[StatementKind(statement_kind)]}"


def _doubt(judged: Judged) -> str:
    if judged.doubt is None:
        return ""
    if judged.doubt is Doubt.TOO_LONG:
        most = format_number(Decimal(LONGEST_STATEMENT), language())
        return _("The text is too long: at most %(most)s letters are taken.") % {"most": most}
    return str(_DOUBTS[judged.doubt])


# --- why a workbook is not taken ------------------------------------------------------------------


_ANEW = later("Fetch the workbook of this report, copy your figures into it, and drop that one.")
_REFUSED: Mapping[str, Callable[[NotTaken], str]] = {
    "not_ours": lambda _refused: _(
        "This is not a workbook that was fetched from here. To fill a report from another file, use the page for files "
        "that arrived."
    ),
    "tampered": lambda _refused: _(
        "The identity of this workbook was changed, so it cannot be told whose figures it holds. Fetch the workbook "
        "again and fill in only its white cells."
    ),
    "other_edition": lambda _refused: _("This workbook was made by another edition of the program.") + f" {_ANEW}",
    "other_unit": lambda refused: (
        _("This is the workbook of another unit (%(unit)s). Nothing of it was stored here.")
        % {"unit": refused.facts["unit"]}
    ),
    "other_form": lambda _refused: _("This is the workbook of another form.") + f" {_ANEW}",
    "other_period": lambda refused: (
        _("This is the workbook of another period (%(period)s). Open that period's report and drop it there.")
        % {"period": refused.facts["period"]}
    ),
    "older_form": lambda _refused: _("The form has changed since this workbook was made.") + f" {_ANEW}",
    "handed_in_since": lambda refused: (
        _("Version %(version)s was handed in after this workbook was made.") % {"version": refused.facts["version"]}
        + f" {_ANEW}"
    ),
    "closed_since": lambda _refused: (
        _("The books of this period were closed after this workbook was made; what you send now is a correction.")
        + f" {_ANEW}"
    ),
    "macros": lambda _refused: _(
        "The workbook holds macros, which no workbook of ours has. Save it as a plain .xlsx and drop it again."
    ),
    "old_letters": lambda _refused: _(
        "The words in the workbook are written in an old encoding (TCVN3 or VNI). Write them with a Unicode typeface "
        "and drop it again."
    ),
    "settled_already": lambda _refused: _("This workbook was taken over or put aside already."),
    "nothing_picked": lambda _refused: _("Nothing is ticked: the draft stays as it is."),
    "too_large": lambda _refused: _(
        "The file is larger than any workbook of a form. Fetch the workbook again and copy your figures into it."
    ),
    "made_on_the_bench": lambda _refused: say_refused(ReportingRefused("made_on_the_bench")),
    "no_file": lambda _refused: _("Choose the workbook first."),
}


def say_not_taken(refused: NotTaken) -> str:
    """Why a workbook is not taken, and what to do."""
    return _REFUSED[refused.why](refused)


def say_unopened(unopened: Unreadable) -> str:
    """Why a file that was dropped as a workbook cannot be opened as one, and what to do."""
    if unopened.why is Why.UNKNOWN_KIND:
        return _("This is not an Excel workbook (.xlsx).")
    return say_why(unopened.why, unopened.facts)
