"""What must hold between the rows and the files of a pack.

Each check is a small generator of mistakes over the tables. Checks of references run on whatever could be
read; checks of what is *missing* (a superior, a name, a cut-off) run only where no row was left out, so
that one mistake is told once.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from nennep.documents.rules.citations import Known, said, unknown
from nennep.packs.schemas import (
    REFERENCE,
    About,
    Calendar,
    Calendars,
    DatedRow,
    Documents,
    Duty,
    Edge,
    Form,
    FormRow,
    Indicator,
    Paper,
    Planning,
    PostTemplate,
    Regulation,
    Row,
    StatementKind,
    Succession,
    Synonym,
    Target,
    Unit,
    UnitKind,
    UnitName,
    UnitOfMeasure,
    WorkField,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from nennep.packs.sources import Mistake, Path, Placed, Table

R = TypeVar("R", bound=Row)
D = TypeVar("D", bound=DatedRow)
K = TypeVar("K")

# As a part of a ratio these would leave holes that the ratio would read as zero.
CANNOT_BE_DIVIDED = {"none", "stddev", "variance"}


@dataclass(frozen=True)
class Tables:
    """All that was read from one folder."""

    about: Table[About]
    unit_kinds: Table[UnitKind]
    fields: Table[WorkField]
    units_of_measure: Table[UnitOfMeasure]
    statement_kinds: Table[StatementKind]
    units: Table[Unit]
    unit_names: Table[UnitName]
    edges: Table[Edge]
    successions: Table[Succession]
    posts: Table[PostTemplate]
    indicators: Table[Indicator]
    synonyms: Table[Synonym]
    forms: Table[Form]
    duties: Table[Duty]
    calendars: Table[Calendars]
    targets: Table[Target]
    paper: Table[Paper]
    documents: Table[Documents]
    planning: Table[Planning]
    regulations: Table[Regulation]

    def each(self) -> Iterator[Table[Any]]:
        """Every table, in the order of the fields."""
        yield from vars(self).values()


# References and codes


def codes_stand_once(tables: Tables) -> Iterator[Mistake]:
    coded: tuple[Table[Any], ...] = (
        tables.unit_kinds,
        tables.fields,
        tables.units_of_measure,
        tables.statement_kinds,
        tables.units,
        tables.posts,
        tables.indicators,
        tables.regulations,
    )
    for table in coded:
        yield from _twice(table.rows, ("code",))
    yield from _twice(tables.forms.rows, ("code", "version"))
    yield from _twice(tables.targets.rows, ("unit", "indicator", "year"))
    yield from _twice(tables.synonyms.rows, ("indicator", "phrase"))
    yield from _twice(tables.successions.rows, ("code", "predecessor", "successor"))


def references_are_known(tables: Tables) -> Iterator[Mistake]:
    kinds, units, indicators = tables.unit_kinds, tables.units, tables.indicators
    yield from _unknown(units, "kind", kinds, "unit kind")
    yield from _unknown(tables.unit_names, "unit", units, "unit")
    yield from _unknown(tables.edges, "unit", units, "unit")
    yield from _unknown(tables.edges, "parent", units, "unit")
    yield from _unknown(tables.successions, "predecessor", units, "unit")
    yield from _unknown(tables.successions, "successor", units, "unit")
    yield from _unknown(tables.posts, "unit_kind", kinds, "unit kind")
    yield from _unknown(indicators, "field", tables.fields, "field of work")
    yield from _unknown(indicators, "unit_of_measure", tables.units_of_measure, "unit of measure")
    yield from _unknown(indicators, "part_of", indicators, "indicator")
    yield from _unknown(indicators, "opening_of", indicators, "indicator")
    yield from _unknown(indicators, "numerator", indicators, "indicator")
    yield from _unknown(indicators, "denominator", indicators, "indicator")
    yield from _unknown(tables.duties, "form", tables.forms, "form")
    yield from _unknown(tables.duties, "unit_kind", kinds, "unit kind")
    yield from _unknown(tables.targets, "unit", units, "unit")
    yield from _unknown(tables.targets, "indicator", indicators, "indicator")
    yield from _unknown(tables.synonyms, "indicator", indicators, "indicator")


def lines_name_known_kinds(tables: Tables) -> Iterator[Mistake]:
    for about in tables.about.rows:
        for position, line in enumerate(about.row.lines):
            for field in ("roots", "outside"):
                for index, kind in enumerate(getattr(line, field)):
                    if not tables.unit_kinds.has(kind):
                        message = f"unknown unit kind: {kind}"
                        yield about.mistake(message, "lines", position, field, index)
            if line.code in [earlier.code for earlier in about.row.lines[:position]]:
                yield about.mistake(f"the line {line.code} stands twice", "lines", position, "code")


# The organisation


def nothing_is_told_before_the_pack_begins(tables: Tables) -> Iterator[Mistake]:
    for about in tables.about.rows:
        first = about.row.takes_effect_on
        for unit in tables.units.rows:
            if unit.row.starts_on < first:
                yield unit.mistake(f"the pack takes effect only on {first}", "starts_on")


def names_and_edges_stay_inside_the_life_of_their_units(tables: Tables) -> Iterator[Mistake]:
    units = {placed.row.code: placed.row for placed in tables.units.rows}
    for name in tables.unit_names.rows:
        unit = units.get(name.row.unit)
        if unit and not name.row.within(unit):
            yield name.mistake(f"the name reaches outside the life of {unit.code} ({_life(unit)})", "starts_on")
    for edge in tables.edges.rows:
        for field in ("unit", "parent"):
            unit = units.get(getattr(edge.row, field))
            if unit and not edge.row.within(unit):
                yield edge.mistake(f"the edge reaches outside the life of {unit.code} ({_life(unit)})", field)


def a_unit_has_one_name_on_every_day(tables: Tables) -> Iterator[Mistake]:
    names = _grouped(tables.unit_names.rows, lambda row: row.unit)
    for rows in names.values():
        yield from _overlaps(rows, "a unit has one name at a time")
    if tables.unit_names.whole:
        for unit in tables.units.rows:
            gap = _first_gap(unit.row, [placed.row for placed in names.get(unit.row.code, [])])
            if gap:
                yield unit.mistake(f"the unit has no name on {gap} (unit_names.csv)", "code")


def a_unit_has_one_superior_on_a_line(tables: Tables) -> Iterator[Mistake]:
    for rows in _grouped(tables.edges.rows, lambda row: (row.unit, row.line)).values():
        yield from _overlaps(rows, "a unit has one superior at a time on one line")


def a_unit_has_a_superior_unless_it_may_be_a_root(tables: Tables) -> Iterator[Mistake]:
    if not (tables.edges.whole and tables.about.rows):
        return
    edges = _grouped(tables.edges.rows, lambda row: (row.unit, row.line))
    for line in tables.about.rows[0].row.lines:
        free = {*line.roots, *line.outside}
        for unit in tables.units.rows:
            if not tables.unit_kinds.has(unit.row.kind):
                continue
            above = [placed.row for placed in edges.get((unit.row.code, line.code), [])]
            if unit.row.kind not in free and (gap := _first_gap(unit.row, above)):
                message = f"the unit has no superior on the {line.code} line on {gap} (edges.csv)"
                yield unit.mistake(message, "code")
            if unit.row.kind in line.outside and above:
                message = f"a unit of kind {unit.row.kind} does not stand on the {line.code} line"
                yield edges[unit.row.code, line.code][0].mistake(message, "line")


def a_line_has_one_root_where_it_must(tables: Tables) -> Iterator[Mistake]:
    if not (tables.edges.whole and tables.about.rows):
        return
    led = _grouped(tables.edges.rows, lambda row: (row.unit, row.line))
    for line in tables.about.rows[0].row.lines:
        candidates = [
            unit
            for unit in tables.units.rows
            if line.one_root and unit.row.kind in line.roots and (unit.row.code, line.code) not in led
        ]
        for earlier, later in itertools.pairwise(candidates):
            if _meet(earlier.row, later.row):
                message = f"a second root on the {line.code} line beside {earlier.row.code}"
                yield later.mistake(message, "code")


def lines_have_no_cycle(tables: Tables) -> Iterator[Mistake]:
    for line, edges in _grouped(tables.edges.rows, lambda row: row.line).items():
        told: set[frozenset[str]] = set()
        for day in sorted({edge.row.starts_on for edge in edges}):
            above = {edge.row.unit: edge for edge in edges if edge.row.in_force_on(day)}
            for cycle in _cycles({unit: edge.row.parent for unit, edge in above.items()}):
                if frozenset(cycle) not in told:
                    told.add(frozenset(cycle))
                    way = " → ".join([*cycle, cycle[0]])
                    yield above[cycle[0]].mistake(f"a cycle on the {line} line on {day}: {way}", "parent")


def successions_say_what_the_units_do(tables: Tables) -> Iterator[Mistake]:
    units = {placed.row.code: placed.row for placed in tables.units.rows}
    renamed = {(placed.row.unit, placed.row.starts_on) for placed in tables.unit_names.rows}
    moved = {(placed.row.unit, placed.row.starts_on) for placed in tables.edges.rows}
    for placed in tables.successions.rows:
        row, day = placed.row, placed.row.effective_on
        before, after = units.get(row.predecessor), units.get(row.successor)
        if before is None or after is None:
            continue
        if not after.in_force_on(day):
            yield placed.mistake(f"{after.code} is not in force on {day} ({_life(after)})", "successor")
        if row.kind == "merge" and before.ends_on != day:
            yield placed.mistake(f"a merged unit ends on that day, but {before.code} is {_life(before)}", "predecessor")
        if row.kind == "split" and after.starts_on != day:
            yield placed.mistake(
                f"a unit split off starts on that day, but {after.code} is {_life(after)}", "successor"
            )
        if row.kind == "rename" and tables.unit_names.whole and (before.code, day) not in renamed:
            yield placed.mistake("no name starts on that day (unit_names.csv)", "effective_on")
        if row.kind == "transfer" and tables.edges.whole and (before.code, day) not in moved:
            yield placed.mistake("no edge starts on that day (edges.csv)", "effective_on")


def one_succession_is_one_decision(tables: Tables) -> Iterator[Mistake]:
    for first, *others in _grouped(tables.successions.rows, lambda row: row.code).values():
        for other in others:
            for field in ("kind", "effective_on", "decision_number", "decision_on", "certainty", "source", "note"):
                if getattr(other.row, field) != getattr(first.row, field):
                    yield other.mistake(f"differs from the first row of {other.row.code}", field)


# Indicators


def parts_and_ratios_lead_back_to_counted_figures(tables: Tables) -> Iterator[Mistake]:
    rows = {placed.row.code: placed for placed in tables.indicators.rows}
    for placed in rows.values():
        row = placed.row
        for field in ("numerator", "denominator", "part_of"):
            other = rows.get(getattr(row, field) or "")
            if other is None:
                continue
            if other.row.kind == "ratio":
                yield placed.mistake(f"{other.row.code} is itself a ratio", field)
            if field != "part_of" and other.row.over_units in CANNOT_BE_DIVIDED:
                yield placed.mistake(f"{other.row.code} cannot be divided: {other.row.over_units} over units", field)
            if not row.within(other.row):
                yield placed.mistake(f"{other.row.code} is not in force all that time ({_life(other.row)})", field)
        whole = rows.get(row.part_of or "")
        if whole and whole.row.unit_of_measure != row.unit_of_measure:
            message = f"counted in {row.unit_of_measure}, but its whole in {whole.row.unit_of_measure}"
            yield placed.mistake(message, "unit_of_measure")
    wholes = {code: placed.row.part_of for code, placed in rows.items() if placed.row.part_of}
    for cycle in _cycles(wholes):
        yield rows[cycle[0]].mistake(f"a cycle of parts: {' → '.join([*cycle, cycle[0]])}", "part_of")


def an_opening_is_a_stock_like_the_one_it_follows(tables: Tables) -> Iterator[Mistake]:
    rows = {placed.row.code: placed for placed in tables.indicators.rows}
    for placed in rows.values():
        closing = rows.get(placed.row.opening_of or "")
        if closing is None:
            continue
        if closing.row.kind != "stock" or placed.row.kind != "stock":
            yield placed.mistake(f"only a stock opens with what a stock closed with: {closing.row.code}", "opening_of")
        elif closing.row.unit_of_measure != placed.row.unit_of_measure:
            message = f"counted in {placed.row.unit_of_measure}, but what it follows in {closing.row.unit_of_measure}"
            yield placed.mistake(message, "opening_of")


def a_balance_is_among_parts(tables: Tables) -> Iterator[Mistake]:
    balancing = [placed for placed in tables.indicators.rows if placed.row.balance]
    siblings = Counter(placed.row.part_of for placed in balancing)
    for placed in balancing:
        if placed.row.part_of is None:
            yield placed.mistake("only a part of something can balance with the other parts", "balance")
        elif siblings[placed.row.part_of] == 1 and tables.indicators.whole:
            yield placed.mistake(f"no other part of {placed.row.part_of} balances with it", "balance")


def indicators_are_no_finer_than_their_unit_of_measure(tables: Tables) -> Iterator[Mistake]:
    measures = {placed.row.code: placed.row for placed in tables.units_of_measure.rows}
    for placed in tables.indicators.rows:
        measure = measures.get(placed.row.unit_of_measure)
        if measure and placed.row.decimals > measure.decimals:
            yield placed.mistake(f"{measure.code} has only {measure.decimals} decimals", "decimals")


def wordings_are_of_figures_that_are_typed(tables: Tables) -> Iterator[Mistake]:
    indicators = {placed.row.code: placed.row for placed in tables.indicators.rows}
    for placed in tables.synonyms.rows:
        indicator = indicators.get(placed.row.indicator)
        if indicator and indicator.kind == "ratio":
            yield placed.mistake(f"{indicator.code} is computed and never read from a text", "indicator")
        if indicator and placed.row.phrase.startswith("…") and not indicator.part_of:
            yield placed.mistake(f"{indicator.code} is no part, so no wording of it stands under a whole", "phrase")


# Forms, duties, targets, papers


def sections_stand_once_and_name_known_kinds(tables: Tables) -> Iterator[Mistake]:
    for form in tables.forms.rows:
        for index, kind in enumerate(form.row.unit_kinds):
            if not tables.unit_kinds.has(kind):
                yield form.mistake(f"unknown unit kind: {kind}", "unit_kinds", index)
        for at, section in enumerate(form.row.sections):
            if section.letter in [earlier.letter for earlier in form.row.sections[:at]]:
                yield form.mistake(f"the section {section.letter} stands twice", "sections", at, "letter")
            for index, kind in enumerate(section.statement_kinds if section.kind == "words" else ()):
                if not tables.statement_kinds.has(kind):
                    message = f"unknown statement kind: {kind}"
                    yield form.mistake(message, "sections", at, "statement_kinds", index)


def forms_ask_for_indicators_in_force(tables: Tables) -> Iterator[Mistake]:
    indicators = {placed.row.code: placed.row for placed in tables.indicators.rows}
    for form in tables.forms.rows:
        asked: set[str] = set()
        for path, row in _cells(form.row):
            indicator = indicators.get(row.indicator)
            if not tables.indicators.has(row.indicator):
                yield form.mistake(f"unknown indicator: {row.indicator}", *path)
            elif row.indicator in asked:
                yield form.mistake(f"{row.indicator} stands twice in the form", *path)
            elif indicator and not form.row.within(indicator):
                message = f"{indicator.code} is not in force as long as the form ({_life(indicator)})"
                yield form.mistake(message, *path)
            elif indicator and indicator.kind == "ratio" and row.required:
                yield form.mistake("a ratio is computed, so it cannot be required", *path)
            asked.add(row.indicator)


def forms_hold_the_wholes_of_their_parts(tables: Tables) -> Iterator[Mistake]:
    indicators = {placed.row.code: placed.row for placed in tables.indicators.rows}
    for form in tables.forms.rows:
        asked = {row.indicator for _, row in _cells(form.row)}
        for path, row in _cells(form.row):
            indicator = indicators.get(row.indicator)
            if indicator is None:
                continue
            needed = {indicator.part_of, indicator.numerator, indicator.denominator} - {None}
            if indicator.balance:
                needed |= {
                    sibling.code
                    for sibling in indicators.values()
                    if sibling.balance and sibling.part_of == indicator.part_of and form.row.within(sibling)
                }
            for code in sorted(str(code) for code in needed - asked if tables.indicators.has(str(code))):
                message = f"{indicator.code} needs {code}, which the form does not ask for"
                yield form.mistake(message, *path)


def sentences_say_figures_of_their_form(tables: Tables) -> Iterator[Mistake]:
    indicators = {placed.row.code: placed.row for placed in tables.indicators.rows}
    for form in tables.forms.rows:
        asked = {row.indicator for _, row in _cells(form.row)}
        for at, section in enumerate(form.row.sections):
            for index, sentence in enumerate(section.sentences if section.kind == "cells" else ()):
                where = ("sections", at, "sentences", index)
                if "{" in (rest := REFERENCE.sub("", sentence)) or "}" in rest:
                    yield form.mistake("a brace is not closed or not opened", *where)
                for code in REFERENCE.findall(sentence):
                    if not tables.indicators.has(code):
                        yield form.mistake(f"unknown indicator: {code}", *where)
                    elif code not in asked:
                        yield form.mistake(f"the form does not ask for {code}", *where)
                    elif code in indicators and indicators[code].over_units == "none":
                        yield form.mistake(f"{code} has no total over units to be said", *where)


def form_versions_follow_each_other(tables: Tables) -> Iterator[Mistake]:
    for rows in _grouped(tables.forms.rows, lambda row: row.code).values():
        yield from _overlaps(rows, "one version of a form is in force at a time")


def duties_have_a_form_and_a_cut_off(tables: Tables) -> Iterator[Mistake]:
    forms = _grouped(tables.forms.rows, lambda row: row.code)
    calendars = {calendar.code: calendar for file in tables.calendars.rows for calendar in file.row.calendars}
    for placed in tables.duties.rows:
        duty = placed.row
        versions = [form.row for form in forms.get(duty.form, [])]
        if versions and tables.forms.whole and (gap := _first_gap(duty, versions)):
            yield placed.mistake(f"no version of {duty.form} is in force on {gap}", "form")
        for version in versions:
            if version.frequency != duty.frequency:
                yield placed.mistake(f"{duty.form} is reported each {version.frequency}", "frequency")
            if duty.unit_kind not in version.unit_kinds:
                yield placed.mistake(f"{duty.form} is not a form of {duty.unit_kind}", "unit_kind")
        if tables.calendars.rows:
            yield from _calendar_mistakes(placed, calendars)
    for rows in _grouped(tables.duties.rows, lambda row: (row.form, row.unit_kind, row.line)).values():
        yield from _overlaps(rows, "one duty at a time for a form, a kind of unit and a line")


def _calendar_mistakes(duty: Placed[Duty], calendars: dict[str, Calendar]) -> Iterator[Mistake]:
    calendar = calendars.get(duty.row.calendar)
    if calendar is None:
        yield duty.mistake(f"unknown calendar: {duty.row.calendar}", "calendar")
        return
    cut_offs = [cut_off for cut_off in calendar.kinds if cut_off.kind == duty.row.frequency]
    if gap := _first_gap(duty.row, cut_offs):
        yield duty.mistake(f"{calendar.code} has no cut-off for a {duty.row.frequency} on {gap}", "calendar")


def cut_offs_are_told_once(tables: Tables) -> Iterator[Mistake]:
    for file in tables.calendars.rows:
        codes = [calendar.code for calendar in file.row.calendars]
        for at, calendar in enumerate(file.row.calendars):
            if calendar.code in codes[:at]:
                yield file.mistake(f"the calendar {calendar.code} stands twice", "calendars", at, "code")
            for index, cut_off in enumerate(calendar.kinds):
                for earlier in calendar.kinds[:index]:
                    if earlier.kind == cut_off.kind and _meet(earlier, cut_off):
                        message = f"a second cut-off for a {cut_off.kind} at the same time"
                        yield file.mistake(message, "calendars", at, "kinds", index, "starts_on")


def targets_can_be_compared(tables: Tables) -> Iterator[Mistake]:
    indicators = {placed.row.code: placed.row for placed in tables.indicators.rows}
    for placed in tables.targets.rows:
        indicator = indicators.get(placed.row.indicator)
        if indicator and indicator.over_units == "none":
            yield placed.mistake(f"{indicator.code} has no total over units to be compared", "indicator")
        if indicator and placed.row.value != round(placed.row.value, indicator.decimals):
            yield placed.mistake(f"{indicator.code} is counted with {indicator.decimals} decimals", "value")


def layouts_belong_to_known_kinds(tables: Tables) -> Iterator[Mistake]:
    for paper in tables.paper.rows:
        for at, layout in enumerate(paper.row.layouts):
            if not tables.unit_kinds.has(layout.unit_kind):
                yield paper.mistake(f"unknown unit kind: {layout.unit_kind}", "layouts", at, "unit_kind")
            for field in ("superior", "issuer"):
                for name in REFERENCE.findall(getattr(layout, field)):
                    if name not in {"unit", "superior"}:
                        yield paper.mistake(f"{{{name}}} is neither {{unit}} nor {{superior}}", "layouts", at, field)
            for earlier in paper.row.layouts[:at]:
                same = (earlier.family, earlier.unit_kind) == (layout.family, layout.unit_kind)
                if same and _meet(earlier, layout):
                    message = f"a second layout of {layout.unit_kind} at the same time"
                    yield paper.mistake(message, "layouts", at, "starts_on")


# Documents and planning


def document_types_name_what_is_there(tables: Tables) -> Iterator[Mistake]:
    for file in tables.documents.rows:
        said = file.row
        series = {row.code for row in said.series}
        signing = {row.code for row in said.signing}
        for position, row in enumerate(said.types):
            if row.series not in series:
                yield file.mistake(f"unknown series: {row.series}", "types", position, "series")
            if row.signing not in signing:
                yield file.mistake(f"unknown group of signers: {row.signing}", "types", position, "signing")
            for index, kind in enumerate(row.issuers):
                if not tables.unit_kinds.has(kind):
                    yield file.mistake(f"unknown unit kind: {kind}", "types", position, "issuers", index)


def signers_hold_posts_of_their_kind(tables: Tables) -> Iterator[Mistake]:
    kinds = {placed.row.code: placed.row.unit_kind for placed in tables.posts.rows}
    for file in tables.documents.rows:
        for position, group in enumerate(file.row.signing):
            for index, signer in enumerate(group.signers):
                at = ("signing", position, "signers", index)
                if tables.posts.whole and not tables.posts.has(signer.post):
                    yield file.mistake(f"unknown post: {signer.post}", *at)
                elif kinds.get(signer.post, signer.unit_kind) != signer.unit_kind:
                    yield file.mistake(f"{signer.post} is no post of {signer.unit_kind}", *at)


def documents_are_told_once(tables: Tables) -> Iterator[Mistake]:
    for file in tables.documents.rows:
        for name in ("series", "terms", "signing", "types"):
            rows = getattr(file.row, name)
            for position, row in enumerate(rows):
                earlier = [other for other in rows[:position] if other.code == row.code]
                if any(not isinstance(other, DatedRow) or _meet(other, row) for other in earlier):
                    yield file.mistake(f"{row.code} stands twice", name, position, "code")


def capacities_belong_to_known_kinds(tables: Tables) -> Iterator[Mistake]:
    for file in tables.planning.rows:
        for position, row in enumerate(file.row.capacities):
            if not tables.unit_kinds.has(row.unit_kind):
                yield file.mistake(f"unknown unit kind: {row.unit_kind}", "capacities", position, "unit_kind")


# Regulations


def a_regulation_has_one_version_on_a_day(tables: Tables) -> Iterator[Mistake]:
    for file in tables.regulations.rows:
        for at, version in enumerate(file.row.versions):
            if any(_meet(earlier, version) for earlier in file.row.versions[:at]):
                yield file.mistake("a second version at the same time", "versions", at, "starts_on")
            keys = [article.key for article in version.articles]
            for index, key in enumerate(keys):
                if key in keys[:index]:
                    yield file.mistake(f"{key} stands twice", "versions", at, "articles", index, "key")


def clauses_cite_what_regulations_have(tables: Tables) -> Iterator[Mistake]:
    """A clause that names a regulation of the pack names an article which some version of it has."""
    known = [
        Known(row.code, row.number, frozenset(article.key for one in row.versions for article in one.articles))
        for row in (file.row for file in tables.regulations.rows)
    ]
    for file, path, clause in _clauses(tables):
        for citation in unknown(clause, known):
            yield file.mistake(f"{citation.regulation} has no {said(citation.key)}", *path)


def _clauses(tables: Tables) -> Iterator[tuple[Placed[Any], Path, str]]:
    """Every clause of every rule of a pack, with the row and the path where it stands."""
    for duty in tables.duties.rows:
        yield duty, ("clause",), duty.row.clause
    for calendars in tables.calendars.rows:
        for at, calendar in enumerate(calendars.row.calendars):
            for index, cut_off in enumerate(calendar.kinds):
                yield calendars, ("calendars", at, "kinds", index, "clause"), cut_off.clause
    tabled: tuple[tuple[Table[Any], str, str], ...] = (
        (tables.paper, "layouts", "source"),
        (tables.documents, "series", "clause"),
        (tables.documents, "types", "clause"),
        (tables.planning, "holidays", "clause"),
        (tables.planning, "capacities", "clause"),
    )
    for table, name, field in tabled:
        for file in table.rows:
            for at, row in enumerate(getattr(file.row, name)):
                yield file, (name, at, field), getattr(row, field)


CHECKS: tuple[Callable[[Tables], Iterator[Mistake]], ...] = (
    codes_stand_once,
    references_are_known,
    lines_name_known_kinds,
    nothing_is_told_before_the_pack_begins,
    names_and_edges_stay_inside_the_life_of_their_units,
    a_unit_has_one_name_on_every_day,
    a_unit_has_one_superior_on_a_line,
    a_unit_has_a_superior_unless_it_may_be_a_root,
    a_line_has_one_root_where_it_must,
    lines_have_no_cycle,
    successions_say_what_the_units_do,
    one_succession_is_one_decision,
    parts_and_ratios_lead_back_to_counted_figures,
    an_opening_is_a_stock_like_the_one_it_follows,
    a_balance_is_among_parts,
    indicators_are_no_finer_than_their_unit_of_measure,
    wordings_are_of_figures_that_are_typed,
    sections_stand_once_and_name_known_kinds,
    forms_ask_for_indicators_in_force,
    forms_hold_the_wholes_of_their_parts,
    sentences_say_figures_of_their_form,
    form_versions_follow_each_other,
    duties_have_a_form_and_a_cut_off,
    cut_offs_are_told_once,
    targets_can_be_compared,
    layouts_belong_to_known_kinds,
    document_types_name_what_is_there,
    signers_hold_posts_of_their_kind,
    documents_are_told_once,
    capacities_belong_to_known_kinds,
    a_regulation_has_one_version_on_a_day,
    clauses_cite_what_regulations_have,
)


# Small questions about rows


def _cells(form: Form) -> Iterator[tuple[Path, FormRow]]:
    """Every cell of a form, with the path of its indicator in the file."""
    for at, section in enumerate(form.sections):
        for index, row in enumerate(section.rows if section.kind == "cells" else ()):
            yield ("sections", at, "rows", index, "indicator"), row


def _life(row: DatedRow) -> str:
    return f"{row.starts_on} – {row.ends_on or 'open'}"


def _meet(one: DatedRow, other: DatedRow) -> bool:
    return (one.ends_on is None or other.starts_on < one.ends_on) and (
        other.ends_on is None or one.starts_on < other.ends_on
    )


def _first_gap(life: DatedRow, rows: Iterable[DatedRow]) -> date | None:
    """The first day of a life that no row covers, or None when all is covered."""
    day = life.starts_on
    for row in sorted(rows, key=lambda row: row.starts_on):
        if row.starts_on > day:
            return day
        if row.ends_on is None:
            return None
        day = max(day, row.ends_on)
    return day if life.ends_on is None or day < life.ends_on else None


def _grouped(rows: Iterable[Placed[R]], key: Callable[[R], K]) -> dict[K, list[Placed[R]]]:
    groups: dict[K, list[Placed[R]]] = defaultdict(list)
    for placed in rows:
        groups[key(placed.row)].append(placed)
    return dict(groups)


def _overlaps(rows: list[Placed[D]], rule: str) -> Iterator[Mistake]:
    in_order = sorted(rows, key=lambda placed: placed.row.starts_on)
    for earlier, later in itertools.pairwise(in_order):
        if _meet(earlier.row, later.row):
            yield later.mistake(f"{rule}: overlaps with {_life(earlier.row)}", "starts_on")


def _twice(rows: Iterable[Placed[R]], fields: tuple[str, ...]) -> Iterator[Mistake]:
    seen: dict[tuple[object, ...], Placed[R]] = {}
    for placed in rows:
        key = tuple(getattr(placed.row, field) for field in fields)
        if key in seen:
            first = seen[key].place
            said = ", ".join(str(value) for value in key)
            yield placed.mistake(f"{said} stands already in {first.file}, line {first.line}", fields[0])
        seen.setdefault(key, placed)


def _unknown(table: Table[R], field: str, known: Table[Any], what: str) -> Iterator[Mistake]:
    for placed in table.rows:
        code = getattr(placed.row, field)
        if code is not None and not known.has(code):
            yield placed.mistake(f"unknown {what}: {code}", field)


def _cycles(above: dict[str, str]) -> Iterator[list[str]]:
    """Each cycle once, beginning with its smallest member; longest walks stop at what was walked before."""
    done: set[str] = set()
    for start in sorted(above):
        walk: list[str] = []
        node: str | None = start
        while node is not None and node not in done and node not in walk:
            walk.append(node)
            node = above.get(node)
        if node is not None and node in walk:
            cycle = walk[walk.index(node) :]
            least = cycle.index(min(cycle))
            yield cycle[least:] + cycle[:least]
        done.update(walk)
