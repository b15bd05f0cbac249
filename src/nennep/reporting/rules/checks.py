"""What is looked at before a report is handed in. Errors block it; a warning asks for a word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from nennep.reporting.rules.content import Content, IndicatorRule, Layout, Section, StatementKind
from nennep.reporting.rules.numbers import Ambiguous, NotANumber, parse_number

#: Under this difference a jump is noise: from 1 to 4 is four times as much and means little.
SMALLEST_JUMP = 5


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"


class Problem(StrEnum):
    NOT_A_NUMBER = "not_a_number"
    AMBIGUOUS = "ambiguous"
    TOO_PRECISE = "too_precise"
    BELOW = "below"
    ABOVE = "above"
    PART_OVER_WHOLE = "part_over_whole"
    UNBALANCED = "unbalanced"
    JUMP = "jump"
    CELL_EMPTY = "cell_empty"
    STATEMENT_EMPTY = "statement_empty"
    SECTION_EMPTY = "section_empty"
    CAUSE_MISSING = "cause_missing"


@dataclass(frozen=True)
class Finding:
    """One thing to mend or explain, at its place: `cell:<indicator>`, `statement:<id>` or `section:<letter>`.

    `facts` are what a sentence about it needs: numbers as exact decimals, codes of indicators.
    """

    problem: Problem
    level: Level
    at: str
    facts: Mapping[str, object] = field(default_factory=dict)
    answered: bool = False


@dataclass(frozen=True)
class Reading:
    """Typed cells read as numbers, and what could not be."""

    values: Mapping[str, Decimal]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class History:
    """A cell's earlier figures: of the period before, and of the same period a year before."""

    before: Decimal | None = None
    year_before: Decimal | None = None


def read_cells(content: Content, indicators: Mapping[str, IndicatorRule]) -> Reading:
    """Each typed cell as an exact decimal. Never guesses: what reads two ways is an error that names both."""
    values: dict[str, Decimal] = {}
    findings = []
    for code, text in content.cells.items():
        rule = indicators[code]
        try:
            value = parse_number(text, decimals=rule.decimals)
        except Ambiguous as doubt:
            findings.append(_error(Problem.AMBIGUOUS, code, text=text, choices=doubt.choices))
            continue
        except NotANumber:
            findings.append(_error(Problem.NOT_A_NUMBER, code, text=text))
            continue
        exponent = value.normalize().as_tuple().exponent
        if isinstance(exponent, int) and -exponent > rule.decimals:
            findings.append(_error(Problem.TOO_PRECISE, code, decimals=rule.decimals))
            continue
        values[code] = value
    return Reading(values, tuple(findings))


def check(
    content: Content,
    layout: Layout,
    indicators: Mapping[str, IndicatorRule],
    history: Mapping[str, History],
) -> list[Finding]:
    """Everything there is to say about a draft before it is handed in, in the form's order."""
    reading = read_cells(content, indicators)
    found = [
        *reading.findings,
        *_bounds(reading.values, indicators),
        *_parts(reading.values, indicators),
        *_jumps(reading.values, indicators, history),
        *_empty_cells(content, layout, indicators),
        *_words(content, layout),
    ]
    places = {f"cell:{row.indicator}": order for order, row in enumerate(layout.rows)}
    answered = [_with_answer(finding, content) for finding in found]
    return sorted(answered, key=lambda finding: (places.get(finding.at, len(places)), finding.level))


def blocking(findings: list[Finding]) -> list[Finding]:
    """What still stands in the way of handing in: every error, and every warning without a word."""
    return [finding for finding in findings if finding.level is Level.ERROR or not finding.answered]


def _with_answer(finding: Finding, content: Content) -> Finding:
    if finding.level is Level.WARNING and content.words.get(finding.at):
        return Finding(finding.problem, finding.level, finding.at, finding.facts, answered=True)
    return finding


def _error(problem: Problem, code: str, **facts: object) -> Finding:
    return Finding(problem, Level.ERROR, f"cell:{code}", facts)


def _bounds(values: Mapping[str, Decimal], indicators: Mapping[str, IndicatorRule]) -> Iterator[Finding]:
    for code, value in values.items():
        rule = indicators[code]
        if rule.lower is not None and value < rule.lower:
            yield _error(Problem.BELOW, code, bound=rule.lower)
        if rule.upper is not None and value > rule.upper:
            yield _error(Problem.ABOVE, code, bound=rule.upper)


def _parts(values: Mapping[str, Decimal], indicators: Mapping[str, IndicatorRule]) -> Iterator[Finding]:
    parts: dict[str, list[str]] = defaultdict(list)
    for code in values:
        if indicators[code].part_of:
            parts[indicators[code].part_of].append(code)
    for whole, codes in parts.items():
        if whole not in values:
            continue
        for code in codes:
            if values[code] > values[whole]:
                yield _error(Problem.PART_OVER_WHOLE, code, part=values[code], whole=values[whole], of=whole)
        yield from _balance(whole, values, indicators)


def _balance(whole: str, values: Mapping[str, Decimal], indicators: Mapping[str, IndicatorRule]) -> Iterator[Finding]:
    """Parts that are marked as balancing add up to their whole, once all of them are there."""
    must_add_up = [code for code, rule in indicators.items() if rule.part_of == whole and rule.balance]
    if not must_add_up or any(code not in values for code in must_add_up):
        return
    total = sum((values[code] for code in must_add_up), Decimal(0))
    if total != values[whole]:
        yield _error(Problem.UNBALANCED, whole, parts=total, whole=values[whole])


def _jumps(
    values: Mapping[str, Decimal],
    indicators: Mapping[str, IndicatorRule],
    history: Mapping[str, History],
) -> Iterator[Finding]:
    for code, value in values.items():
        ratio, before = indicators[code].jump_ratio, history.get(code, History()).before
        if ratio is None or before is None or abs(value - before) < SMALLEST_JUMP:
            continue
        larger, smaller = max(value, before), min(value, before)
        if larger > smaller * ratio:
            facts = {"before": before, "now": value}
            yield Finding(Problem.JUMP, Level.WARNING, f"cell:{code}", facts)


def _empty_cells(content: Content, layout: Layout, indicators: Mapping[str, IndicatorRule]) -> Iterator[Finding]:
    for row in layout.rows:
        if row.required and row.indicator not in content.cells and not indicators[row.indicator].is_computed:
            yield _error(Problem.CELL_EMPTY, row.indicator)


def _words(content: Content, layout: Layout) -> Iterator[Finding]:
    for statement in content.statements:
        if not statement.text:
            yield Finding(Problem.STATEMENT_EMPTY, Level.ERROR, f"statement:{statement.id}")
    for section in layout.sections:
        if not section.is_cells:
            yield from _section_words(section, content)
    kinds = {statement.kind for statement in content.statements if statement.text}
    asks_for_causes = any(StatementKind.CAUSE in section.statement_kinds for section in layout.sections)
    if asks_for_causes and StatementKind.SHORTCOMING in kinds and StatementKind.CAUSE not in kinds:
        letter = next(s.letter for s in layout.sections if StatementKind.CAUSE in s.statement_kinds)
        yield Finding(Problem.CAUSE_MISSING, Level.WARNING, f"section:{letter}")


def _section_words(section: Section, content: Content) -> Iterator[Finding]:
    said = {s.kind for s in content.statements if s.section == section.letter and s.text}
    for kind in section.required_kinds:
        if kind not in said:
            yield Finding(Problem.SECTION_EMPTY, Level.ERROR, f"section:{section.letter}", {"kind": str(kind)})
