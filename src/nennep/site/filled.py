"""A form with what a unit wrote in it, as a page shows it: rows beside their past, notes at their very place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nennep.reporting.models import Decision
from nennep.reporting.rules.checks import Finding, History, Level, Problem
from nennep.reporting.rules.content import (
    Content,
    Difference,
    IndicatorRule,
    Layout,
    Row,
    Section,
    Statement,
    StatementChange,
    StatementKind,
)
from nennep.reporting.rules.numbers import unmistakable
from nennep.site.findings import figure, say
from nennep.site.from_files import FromFile
from nennep.site.sayings import STATEMENTS, in_language

RETURNED, ERROR, WARNING, EMPTY, ANSWERED = "returned", "error", "warning", "expected", "answered"
_WORDS_OF_A_PART = ("trong đó", "of which")


@dataclass(frozen=True)
class Note:
    """Something said at a place: a superior's remark, an error, a warning. `asks` where a word may answer it."""

    place: str
    look: str
    what: str
    text: str
    who: str = ""
    at: datetime | None = None
    asks: bool = False
    word: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """The indicator or the point it stands at."""
        return self.place.partition(":")[2]

    @property
    def is_quiet(self) -> bool:
        """An empty cell is shown by its dashed edge and in the list of what remains; it needs no note of its own."""
        return self.look == EMPTY and not self.choices


@dataclass(frozen=True)
class FilledRow:
    """One line of the form: its figure as typed and as read, and its past."""

    code: str
    place: str
    number: str
    label: str
    name: str
    measure: str
    depth: int
    typed: str
    value: Decimal | None
    before: Decimal | None
    year_before: Decimal | None
    is_computed: bool
    is_reference: bool
    decimals: int
    sum_of: str
    look: str
    notes: tuple[Note, ...]
    word: str
    was: Decimal | None = None
    has_changed: bool = False
    from_file: FromFile | None = None

    @property
    def margin(self) -> tuple[Note, ...]:
        return tuple(note for note in self.notes if not note.is_quiet)


@dataclass(frozen=True)
class FilledStatement:
    id: str
    place: str
    section: str
    kind: StatementKind
    text: str
    look: str
    notes: tuple[Note, ...]
    word: str
    change: StatementChange | None = None
    from_file: FromFile | None = None

    @property
    def kind_said(self) -> str:
        return str(STATEMENTS[self.kind])


@dataclass(frozen=True)
class FilledSection:
    """A section of the paper: rows of cells, or statements in words."""

    letter: str
    title: str
    is_cells: bool
    rows: tuple[FilledRow, ...]
    statements: tuple[FilledStatement, ...]
    taken_out: tuple[Statement, ...]
    kinds: tuple[tuple[str, str], ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Task:
    """Something that remains to be done, with links to its places."""

    look: str
    what: str
    links: tuple[tuple[str, str], ...] = ()
    under: str = ""


@dataclass(frozen=True)
class Filled:
    """The whole form, and what remains until it can be handed in."""

    sections: tuple[FilledSection, ...]
    tasks: tuple[Task, ...] = ()
    done: tuple[str, ...] = ()
    left: int = 0
    percent: int = 0

    @property
    def cell_sections(self) -> list[FilledSection]:
        return [section for section in self.sections if section.is_cells]

    @property
    def word_sections(self) -> list[FilledSection]:
        return [section for section in self.sections if not section.is_cells]

    @property
    def rows(self) -> list[FilledRow]:
        return [row for section in self.sections for row in section.rows]


@dataclass(frozen=True)
class Filling:
    """What a form is filled from."""

    layout: Layout
    rules: Mapping[str, IndicatorRule]
    content: Content
    values: Mapping[str, Decimal]
    history: Mapping[str, History] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    returned: Decision | None = None
    returned_content: Content | None = None
    #: The number of the earlier version that was returned, when what is shown answers it.
    answers_version: int = 0
    difference: Difference | None = None
    extra_notes: Sequence[Note] = ()
    #: The files that its places came from, by place.
    from_files: Mapping[str, FromFile] = field(default_factory=dict)


def plain_values(content: Content) -> dict[str, Decimal]:
    """The exact figures of a version: typed ones, and those a synthesis refers to."""
    return {code: Decimal(text) for code, text in {**content.figures, **content.cells}.items()}


def fill(filling: Filling) -> Filled:
    """The form as a template shows it."""
    notes = _notes(filling)
    sections = tuple(_section(section, filling, notes) for section in filling.layout.sections)
    filled = Filled(sections)
    tasks = _tasks(filling, filled)
    left = sum(max(1, len(task.links)) for task in tasks)
    places = _places_to_fill(filling)
    percent = 100 if not left else max(0, min(99, 100 * (places - left) // max(1, places)))
    return replace(filled, tasks=tuple(tasks), done=tuple(_done(filling)), left=left, percent=percent)


# --- notes at their places ------------------------------------------------------------------------


def _notes(filling: Filling) -> dict[str, list[Note]]:
    found: dict[str, list[Note]] = {}
    for note in [*_remarks(filling), *(_note(finding, filling) for finding in filling.findings), *filling.extra_notes]:
        beside = found.setdefault(note.place, [])
        # One place has one word, whatever asks for it.
        asks = note.asks and not any(other.asks for other in beside)
        beside.append(replace(note, asks=asks))
    return found


def _remarks(filling: Filling) -> Iterable[Note]:
    decision = filling.returned
    if decision is None:
        return
    earlier = filling.answers_version
    what = _("Remark on version %(number)s") % {"number": earlier} if earlier else _("Returned")
    for remark in decision.remarks:
        yield Note(
            remark["at"],
            ANSWERED if earlier else RETURNED,
            what,
            remark["text"],
            who=f"{decision.person_name}, {decision.post_title}",
            at=decision.at,
            asks=True,
            word=filling.content.words.get(remark["at"], ""),
        )


def _note(finding: Finding, filling: Filling) -> Note:
    said = say(finding, filling.rules)
    look = WARNING if finding.level is Level.WARNING else EMPTY if finding.problem in _EMPTY else ERROR
    word = filling.content.words.get(finding.at, "")
    return Note(
        finding.at,
        look,
        said.what,
        said.text,
        asks=finding.level is Level.WARNING,
        word=word,
        choices=tuple(_choices(finding, filling)),
    )


_EMPTY = {Problem.CELL_EMPTY, Problem.SECTION_EMPTY, Problem.STATEMENT_EMPTY}


def _choices(finding: Finding, filling: Filling) -> Iterable[tuple[str, str]]:
    """What one press may type at the place: each reading of an ambiguous number, or the sum of balancing parts."""
    code = finding.at.removeprefix("cell:")
    if finding.problem is Problem.AMBIGUOUS:
        readings: tuple[Decimal, ...] = tuple(finding.facts["choices"])  # type: ignore[arg-type]
        decimals = filling.rules[code].decimals
        fitting = [value for value in readings if _decimals_of(value) <= decimals] or list(readings)
        for value in fitting:
            whole = value == value.to_integral_value()
            said = _("%(number)s (thousands)") if whole else _("%(number)s (with decimals)")
            yield unmistakable(value, decimals=decimals), said % {"number": figure(value)}
    if finding.problem in {Problem.CELL_EMPTY, Problem.UNBALANCED}:
        total = _sum_of_parts(code, filling)
        if total is not None:
            yield (
                unmistakable(total, decimals=filling.rules[code].decimals),
                _("%(number)s, the sum of its parts") % {"number": figure(total)},
            )


def _decimals_of(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _balancing(code: str, filling: Filling) -> list[str]:
    return [part for part, rule in filling.rules.items() if rule.part_of == code and rule.balance]


def _sum_of_parts(code: str, filling: Filling) -> Decimal | None:
    parts = _balancing(code, filling)
    if not parts or any(part not in filling.values for part in parts):
        return None
    return sum((filling.values[part] for part in parts), Decimal(0))


# --- rows and statements --------------------------------------------------------------------------


def _section(section: Section, filling: Filling, notes: Mapping[str, list[Note]]) -> FilledSection:
    rows = tuple(_row(row, section, filling, notes) for row in section.rows)
    change_of = {_id_of(change): change for change in (filling.difference.statements if filling.difference else ())}
    statements = tuple(
        _statement(statement, filling, notes, change_of.get(statement.id))
        for statement in filling.content.statements
        if statement.section == section.letter
    )
    taken_out = tuple(
        change.before
        for change in change_of.values()
        if change.after is None and change.before is not None and change.before.section == section.letter
    )
    return FilledSection(
        section.letter,
        in_language(section.title, section.title_en),
        section.is_cells,
        rows,
        statements,
        taken_out,
        tuple((str(kind), str(STATEMENTS[kind])) for kind in section.statement_kinds),
        tuple(note for note in notes.get(f"section:{section.letter}", ()) if not note.is_quiet),
    )


def _id_of(change: StatementChange) -> str:
    statement = change.after or change.before
    return statement.id if statement else ""


def _row(row: Row, section: Section, filling: Filling, notes: Mapping[str, list[Note]]) -> FilledRow:
    rule = filling.rules[row.indicator]
    place = f"cell:{rule.code}"
    beside = tuple(notes.get(place, ()))
    past = filling.history.get(rule.code, History())
    changed = {change.indicator: change for change in (filling.difference.cells if filling.difference else ())}
    change = changed.get(rule.code)
    return FilledRow(
        code=rule.code,
        place=place,
        number=row.number,
        label=_label(row, section, filling),
        name=_name(rule),
        measure=rule.unit_of_measure,
        depth=_depth(rule, filling),
        typed=filling.content.cells.get(rule.code, ""),
        value=rule.computed(filling.values) if rule.is_computed else filling.values.get(rule.code),
        before=_past(rule, filling, "before", past),
        year_before=_past(rule, filling, "year_before", past),
        is_computed=rule.is_computed,
        is_reference=rule.code in filling.content.figures,
        decimals=rule.decimals,
        sum_of=" ".join(_balancing(rule.code, filling)),
        look=_look(beside),
        notes=beside,
        word=filling.content.words.get(place, ""),
        was=Decimal(change.before) if change and change.before is not None else None,
        has_changed=change is not None,
        from_file=filling.from_files.get(place),
    )


def _past(rule: IndicatorRule, filling: Filling, when: str, past: History) -> Decimal | None:
    if not rule.is_computed:
        return past.before if when == "before" else past.year_before
    figures = {code: getattr(was, when) for code, was in filling.history.items()}
    return rule.computed({code: value for code, value in figures.items() if value is not None})


def _name(rule: IndicatorRule) -> str:
    name = in_language(rule.name, rule.name_en)
    if rule.part_of and not name.casefold().startswith(_WORDS_OF_A_PART):
        return _("of which: %(name)s") % {"name": name}
    return f"{name[0].lower()}{name[1:]}" if rule.part_of else name


def _depth(rule: IndicatorRule, filling: Filling) -> int:
    depth, above = 0, rule.part_of
    while above in filling.rules and depth < 2:  # noqa: PLR2004 -- the paper indents no deeper
        depth, above = depth + 1, filling.rules[above].part_of
    return depth


def _label(row: Row, section: Section, filling: Filling) -> str:
    if row.number:
        return f"{section.letter}.{row.number}"
    numbers = {other.indicator: other.number for other in section.rows}
    whole = numbers.get(filling.rules[row.indicator].part_of, "")
    return _("%(place)s of which") % {"place": f"{section.letter}.{whole}" if whole else section.letter}


def _look(notes: Collection[Note]) -> str:
    looks = {note.look for note in notes}
    return next((look for look in (RETURNED, ERROR, WARNING, EMPTY) if look in looks), "")


def _statement(
    statement: Statement, filling: Filling, notes: Mapping[str, list[Note]], change: StatementChange | None
) -> FilledStatement:
    place = f"statement:{statement.id}"
    beside = tuple(notes.get(place, ()))
    return FilledStatement(
        statement.id,
        place,
        statement.section,
        statement.kind,
        statement.text,
        _look(beside),
        beside,
        filling.content.words.get(place, ""),
        change,
        filling.from_files.get(place),
    )


# --- what remains ---------------------------------------------------------------------------------


def _tasks(filling: Filling, filled: Filled) -> list[Task]:
    labels = {row.place: row.label for row in filled.rows}
    tasks = []
    returned = [place for place in _unanswered(filling) if place.startswith("cell:")]
    if returned:
        what = ngettext("Mend %(count)s returned cell", "Mend %(count)s returned cells", len(returned))
        tasks.append(_task(RETURNED, what, returned, labels, _("answer, or mend the figure")))
    said = [place for place in _unanswered(filling) if not place.startswith("cell:")]
    if said:
        what = ngettext("Mend %(count)s returned point", "Mend %(count)s returned points", len(said))
        tasks.append(_task(RETURNED, what, said, labels, _("answer, or rewrite it")))
    wrong = _at(filling, lambda finding: finding.level is Level.ERROR and finding.problem not in _EMPTY)
    if wrong:
        what = ngettext("Correct %(count)s cell", "Correct %(count)s cells", len(wrong))
        tasks.append(_task(ERROR, what, wrong, labels))
    unexplained = _at(filling, lambda finding: finding.level is Level.WARNING and not finding.answered)
    cells = [place for place in unexplained if place.startswith("cell:")]
    if cells:
        what = ngettext("Explain %(count)s warning", "Explain %(count)s warnings", len(cells))
        tasks.append(_task(WARNING, what, cells, labels))
    empty = _at(filling, lambda finding: finding.problem is Problem.CELL_EMPTY)
    if empty:
        what = ngettext("Fill in %(count)s empty cell", "Fill in %(count)s empty cells", len(empty))
        tasks.append(_task(EMPTY, what, empty, labels))
    tasks.extend(_tasks_in_words(filling))
    return tasks


def _tasks_in_words(filling: Filling) -> Iterable[Task]:
    for finding in filling.findings:
        in_words = {Problem.SECTION_EMPTY, Problem.STATEMENT_EMPTY, Problem.CAUSE_MISSING}
        if finding.problem in in_words and not finding.answered:
            said = say(finding, filling.rules)
            yield Task("words", said.what, ((said.text, f"#{anchor(finding.at)}"),))


def _unanswered(filling: Filling) -> list[str]:
    """Places with a remark where neither the figure or text changed nor a word answers."""
    if filling.returned is None or filling.returned_content is None:
        return []
    was, now = filling.returned_content, filling.content
    texts_before = {statement.id: statement.text for statement in was.statements}
    texts_now = {statement.id: statement.text for statement in now.statements}
    open_places = []
    for remark in filling.returned.remarks:
        place = remark["at"]
        kind, _sign, key = place.partition(":")
        if kind == "cell":
            before = was.cells.get(key)
            same = before is not None and filling.values.get(key) == Decimal(before)
        else:
            same = kind != "statement" or texts_before.get(key) == texts_now.get(key)
        if same and not now.words.get(place):
            open_places.append(place)
    return list(dict.fromkeys(open_places))


def _at(filling: Filling, wanted: Callable[[Finding], bool]) -> list[str]:
    return list(dict.fromkeys(finding.at for finding in filling.findings if wanted(finding)))


def _task(look: str, what: str, places: Sequence[str], labels: Mapping[str, str], under: str = "") -> Task:
    links = tuple((labels.get(place, _("the point")), f"#{anchor(place)}") for place in places)
    return Task(look, what % {"count": len(places)}, links, under)


def anchor(place: str) -> str:
    """The id that a place has on the page."""
    return place.replace(":", "-", 1)


def _typed_rows(filling: Filling) -> list[Row]:
    return [row for row in filling.layout.rows if not filling.rules[row.indicator].is_computed]


def _places_to_fill(filling: Filling) -> int:
    required = sum(len(section.required_kinds) for section in filling.layout.sections)
    return len(_typed_rows(filling)) + required


def _done(filling: Filling) -> Iterable[str]:
    rows = _typed_rows(filling)
    filled_in = sum(1 for row in rows if row.indicator in filling.content.cells)
    yield _("Figures: %(filled)s of %(all)s cells") % {"filled": filled_in, "all": len(rows)}
    said = sum(1 for statement in filling.content.statements if statement.text)
    if said:
        yield ngettext("In words: %(count)s point", "In words: %(count)s points", said) % {"count": said}
