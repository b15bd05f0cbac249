"""The workbook of a form: what stands on it, for whom it was made, and how it is known again when it comes back.

A workbook carries its own passport: unit, form, period, and what the draft held when it was made. The passport is
signed by who makes the workbook, so that neither a changed identity nor a changed beginning goes unnoticed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal

from nennep.documents.rules import legible
from nennep.reporting.rules.content import Content, IndicatorRule, Layout, Statement

#: How workbooks are laid out; one of another layout is made anew.
EDITION = 1
#: The words in the first cell of each sheet by which it is known, whatever its tab is called.
FIGURES, WORDS, PASSPORT = "nennep:figures", "nennep:words", "nennep:passport"
#: The keys in the hidden first row, by which a column is known.
OWN, WORD, SECTION, KIND, TEXT = "own", "word", "section", "kind", "text"
#: The key of the line on which the passport stands for everybody to read.
LINE = "line"
_SHORT = 8
_IDENTITY_LINE = re.compile(r"^line\t\S+ · \S+/\d+ · \S+ · [0-9A-F]{4}-[0-9A-F]{4}$", re.MULTILINE)


@dataclass(frozen=True)
class Identity:
    """Whose report a workbook holds, and on which state of it the workbook was made.

    `version` is the newest version that was handed in (0: none), `revision` that of the draft, `issued_at` an instant
    in ISO 8601.
    """

    unit: str
    form: str
    form_version: int
    form_digest: str
    period: str
    version: int
    revision: int
    issued_at: str


@dataclass(frozen=True)
class Passport:
    """What a workbook says of itself: its identity, what the draft held, and what the words of its lists stand for.

    Of a statement only a digest is kept: it tells whether the words were changed, and fits where long texts do not.
    """

    identity: Identity
    cells: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    statements: Mapping[str, str] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)

    def as_text(self) -> str:
        """The same passport as the same letters every time: this is what is signed."""
        return json.dumps({"edition": EDITION, **asdict(self)}, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_text(cls, text: str) -> Passport:
        """Read a passport whose signature holds. Raises ValueError for one of another edition."""
        data = json.loads(text)
        if data.pop("edition", None) != EDITION:
            raise ValueError("a workbook of another edition")
        return cls(**{**data, "identity": Identity(**data["identity"])})


def passport_of(
    identity: Identity, draft: Content, *, sections: Mapping[str, str], kinds: Mapping[str, str]
) -> Passport:
    """The passport of a workbook that is filled from this draft."""
    return Passport(
        identity,
        cells=dict(draft.cells),
        words=dict(draft.words),
        statements={statement.id: statement_digest(statement) for statement in draft.statements},
        sections=sections,
        kinds=kinds,
    )


def statement_digest(statement: Statement) -> str:
    """What tells one wording of a statement from another, as a sheet shows it; its place and kind are part of it."""
    said = f"{statement.section}\x1f{statement.kind}\x1f{legible(statement.text)}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def identity_line(identity: Identity, signature: str) -> str:
    """The identity for people to read, with the first signs of its signature.

    `SH-1 · monthly/1 · 2026-11 · 3F9A-22C1`
    """
    mark = signature[:_SHORT].upper()
    return f"{identity.unit} · {identity.form}/{identity.form_version} · {identity.period} · {mark[:4]}-{mark[4:]}"


def names_itself(text: str) -> bool:
    """Whether the text of a workbook, its cells parted by tabs, holds the line that names its identity."""
    return _IDENTITY_LINE.search(text) is not None


def form_digest(layout: Layout, rules: Mapping[str, IndicatorRule]) -> str:
    """A digest of what the form's cells and sections mean; a name that is only worded better leaves it as it is."""
    cells = [
        [code, rule.unit_of_measure, rule.decimals, rule.part_of, rule.is_computed]
        for code in layout.indicators
        for rule in (rules[code],)
    ]
    sections = [[part.letter, part.kind, [str(kind) for kind in part.statement_kinds]] for part in layout.sections]
    said = json.dumps([cells, sections], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


# --- the sheet ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FigureRow:
    """One line of the form. `typed` is the draft's own text; limits and parts become checks of the cell."""

    code: str
    number: str
    name: str
    measure: str
    depth: int
    typed: str
    value: Decimal | None
    before: Decimal | None
    year_before: Decimal | None
    decimals: int
    lower: Decimal | None
    upper: Decimal | None
    part_of: str = ""
    parts: tuple[str, ...] = ()
    required: bool = True
    computed: bool = False
    word: str = ""
    remark: str = ""


@dataclass(frozen=True)
class FigureSection:
    heading: str
    rows: tuple[FigureRow, ...]


@dataclass(frozen=True)
class WordSection:
    """A section of words: the choice that stands for it in the list, and the choices of its kinds."""

    letter: str
    choice: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class WordRow:
    """A statement of the draft, with the choices that its section and kind are in the lists."""

    id: str
    section: str
    kind: str
    text: str
    remark: str = ""


@dataclass(frozen=True)
class Phrases:
    """The workbook's own words, in the language of whoever fetches it."""

    figures_tab: str
    words_tab: str
    how: str
    how_words: str
    number: str
    indicator: str
    measure: str
    this_period: str
    before: str
    year_before: str
    word: str
    remark: str
    computed: str
    section: str
    kind: str
    text: str
    wrong: str
    wrong_kind: str
    too_long: str
    limits: Mapping[str, str]


@dataclass(frozen=True)
class Plan:
    """All that a workbook shows and holds; `limits` of its phrases says in words what each cell takes."""

    title: str
    unit: str
    period: str
    made: str
    phrases: Phrases
    sections: tuple[FigureSection, ...]
    word_sections: tuple[WordSection, ...]
    words: tuple[WordRow, ...]
    passport: Passport
    signature: str
    longest_text: int

    @property
    def line(self) -> str:
        return identity_line(self.passport.identity, self.signature)

    @property
    def has_remarks(self) -> bool:
        return any(row.remark for part in self.sections for row in part.rows) or any(row.remark for row in self.words)
