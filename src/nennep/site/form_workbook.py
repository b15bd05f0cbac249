"""A report as a workbook to be filled in elsewhere, in the words of whoever fetches it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nennep.documents.rules import format_number
from nennep.intake.rules.workbook import (
    FigureRow,
    FigureSection,
    Phrases,
    Plan,
    WordRow,
    WordSection,
    passport_of,
)
from nennep.intake.workbook_services import identity_of, sign
from nennep.organisation.queries import NamedUnit
from nennep.reporting.models import Report
from nennep.reporting.rules.content import LONGEST_STATEMENT, IndicatorRule, StatementKind
from nennep.site.filled import RETURNED, Filled, FilledRow, FilledSection, Note
from nennep.site.findings import figure, language
from nennep.site.sayings import STATEMENTS, in_language, period_dates, period_label


def plan_of(
    report: Report, filled: Filled, rules: Mapping[str, IndicatorRule], *, unit: NamedUnit, at: datetime
) -> Plan:
    """The workbook of a report's draft as it stands: its form, its past, its remarks, and what is typed so far."""
    round_, draft = report.round, report.draft_content
    choices = {part.letter: f"{part.letter}. {part.title}" for part in filled.word_sections}
    kinds = {kind: str(STATEMENTS[kind]) for kind in StatementKind}
    passport = passport_of(
        identity_of(report, at=at),
        draft,
        sections={choice: letter for letter, choice in choices.items()},
        kinds={said: str(kind) for kind, said in kinds.items()},
    )
    calendar, layout = round_.form.calendar.rule, round_.form.layout
    required = {row.indicator for row in layout.rows if row.required}
    return Plan(
        title=in_language(round_.form.name, round_.form.name_en),
        unit=unit.name,
        period=f"{period_label(round_.period)} ({period_dates(round_.period)})",
        made=_made(report, at),
        phrases=_phrases(
            period_label(calendar.before(round_.period)), calendar.year_before(round_.period).year, _limits(rules)
        ),
        sections=tuple(_section(part, rules, required) for part in filled.cell_sections),
        word_sections=tuple(
            WordSection(part.letter, choices[part.letter], tuple(said for _kind, said in part.kinds))
            for part in filled.word_sections
        ),
        words=tuple(
            WordRow(one.id, choices[one.section], kinds[one.kind], one.text, _remark(one.notes))
            for part in filled.word_sections
            for one in part.statements
        ),
        passport=passport,
        signature=sign(passport.as_text()),
        longest_text=LONGEST_STATEMENT,
    )


def _section(part: FilledSection, rules: Mapping[str, IndicatorRule], required: set[str]) -> FigureSection:
    rows = tuple(_row(row, rules[row.code], required=row.code in required) for row in part.rows)
    return FigureSection(f"{part.letter}. {part.title}", rows)


def _row(row: FilledRow, rule: IndicatorRule, *, required: bool) -> FigureRow:
    return FigureRow(
        code=row.code,
        number=row.number,
        name=row.name,
        measure=row.measure,
        depth=row.depth,
        typed=row.typed,
        value=row.value,
        before=row.before,
        year_before=row.year_before,
        decimals=rule.decimals,
        lower=rule.lower,
        upper=rule.upper,
        part_of=rule.part_of,
        parts=tuple(row.sum_of.split()),
        required=required,
        computed=row.is_computed,
        word=row.word,
        remark=_remark(row.notes),
    )


def _remark(notes: Sequence[Note]) -> str:
    """What the superior said at a place, with who said it."""
    return "\n".join(f"{note.text} ({note.who})" for note in notes if note.look == RETURNED)


def _made(report: Report, at: datetime) -> str:
    told = {"time": f"{timezone.localtime(at):%d/%m/%Y %H:%M}"}
    if report.current_version is not None:
        told["number"] = str(report.current_version.number)
        return _("Made %(time)s, after version %(number)s was handed in.") % told
    return _("Made %(time)s. Nothing has been handed in yet.") % told


def _limits(rules: Mapping[str, IndicatorRule]) -> dict[str, str]:
    return {code: _limit(rule, rules) for code, rule in rules.items()}


def _limit(rule: IndicatorRule, rules: Mapping[str, IndicatorRule]) -> str:
    """What a cell takes, in a sentence or two."""
    if rule.decimals:
        kind = ngettext(
            "A number of at most %(count)s decimal", "A number of at most %(count)s decimals", rule.decimals
        )
        said = [kind % {"count": rule.decimals}]
    else:
        said = [_("A whole number")]
    if rule.lower is not None:
        said.append(_("from %(bound)s") % {"bound": figure(rule.lower)})
    if rule.upper is not None:
        said.append(_("not over %(bound)s") % {"bound": figure(rule.upper)})
    sentence = ", ".join(said) + "."
    whole = rules.get(rule.part_of)
    if whole is not None:
        name = in_language(whole.name, whole.name_en)
        sentence += " " + _("Not more than “%(name)s”.") % {"name": name}
    return sentence


def _phrases(before: str, year_before: int, limits: Mapping[str, str]) -> Phrases:
    longest = format_number(Decimal(LONGEST_STATEMENT), language())
    return Phrases(
        figures_tab=_("Figures"),
        words_tab=_("In words"),
        how=_(
            "Fill in the white, framed cells; yellow ones still want their figure, red ones do not fit. An empty cell "
            "is “not there yet” and never counts as 0; a true nought is 0. Save as .xlsx and drop the file on the "
            "report's page: nothing is written before you confirm it there."
        ),
        how_words=_("One point a line: choose its section and its kind, then write it. To take a point out, empty it."),
        number=_("No."),
        indicator=_("Indicator"),
        measure=_("Unit of measure"),
        this_period=_("This period"),
        before=before,
        year_before=_("Same period %(year)s") % {"year": year_before},
        word=_("Explanation, where one is needed"),
        remark=_("Your superior's remark"),
        computed=_("computed"),
        section=_("Section"),
        kind=_("Kind"),
        text=_("Point"),
        wrong=_("This does not fit here"),
        wrong_kind=_("Choose from the list. The kinds depend on the section: choose the section first."),
        too_long=_("A point has at most %(most)s letters.") % {"most": longest},
        limits=limits,
    )
