"""What can be found and by whom, how words are cut, and in which order what was found is told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import islice, pairwise

from nennep.organisation.rules import Permission


class Kind(StrEnum):
    """What an entry of the index stands for."""

    DOCUMENT = "document"
    CLAUSE = "clause"
    REGULATION = "regulation"
    INCOMING = "incoming"
    PLAN = "plan"
    TASK = "task"
    REPORT = "report"
    SYNTHESIS = "synthesis"
    UNIT = "unit"
    INDICATOR = "indicator"
    FORM = "form"


#: What a post must carry to find things of a kind.
NEEDED: Mapping[Kind, Permission] = {
    Kind.DOCUMENT: Permission.DOCUMENTS_VIEW,
    Kind.CLAUSE: Permission.DOCUMENTS_VIEW,
    Kind.REGULATION: Permission.DOCUMENTS_VIEW,
    Kind.INCOMING: Permission.DOCUMENTS_VIEW,
    Kind.PLAN: Permission.PLANNING_VIEW,
    Kind.TASK: Permission.PLANNING_VIEW,
    Kind.REPORT: Permission.REPORTING_VIEW,
    Kind.SYNTHESIS: Permission.REPORTING_VIEW,
    Kind.UNIT: Permission.ORGANISATION_VIEW,
    Kind.INDICATOR: Permission.REPORTING_VIEW,
    Kind.FORM: Permission.REPORTING_VIEW,
}
#: These belong to no unit: whoever carries the permission finds all of them. Of the others only what lies in reach.
OPEN = frozenset({Kind.REGULATION, Kind.INDICATOR, Kind.FORM})


@dataclass(frozen=True)
class Put:
    """One thing as its area hands it to the index.

    `unit_id` is the unit it belongs to (None only for an open kind); `audience` are further units
    that may see it. With `within_unit` only posts of the very units named find it, not those of units above them.
    """

    kind: Kind
    key: int
    unit_id: int | None
    title: str
    text: str
    dated_on: date
    audience: tuple[int, ...] = ()
    within_unit: bool = False

    @property
    def seen_by(self) -> tuple[int, ...]:
        """The units that may see it: as they are, or negative for the very unit alone; EVERYBODY for an open kind."""
        if self.kind in OPEN:
            return (EVERYBODY,)
        units = sorted({*self.audience, *((self.unit_id,) if self.unit_id is not None else ())})
        return tuple(-unit for unit in units) if self.within_unit else tuple(units)


#: Stands among unit ids for whoever carries the permission of an open kind.
EVERYBODY = 0


# --- words ----------------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W_]+")
_LONGEST_WORD = 60
#: A text is indexed up to here; longer papers are found by their clauses.
MOST_WORDS = 20_000


class _Folds(dict[int, str]):
    """Each character without its marks and in lower case, worked out once. One character stays one character."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        bare = next((c for c in unicodedata.normalize("NFD", character.lower()) if not unicodedata.combining(c)), "")
        folded = "d" if bare == "đ" else bare or character
        self[code] = folded
        return folded


_FOLDS = _Folds()


def written(text: str) -> str:
    """The text in composed form, as the index keeps it."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """A written text without accents and in lower case, as long as it was: `Kế hoạch` → `ke hoach`, `Đồn` → `don`."""
    return text.translate(_FOLDS)


def words_of(text: str) -> list[str]:
    """The words of a written text in lower case; whatever is neither letter nor digit parts them."""
    return [word[:_LONGEST_WORD] for word in _WORD.findall(text.lower())]


# --- tokens ---------------------------------------------------------------------------------------
# Each word stands in the index up to four times, told apart by its first letter; so both databases answer the same
# question from one list of tokens, without parsers of their own.


class Place(StrEnum):
    """Where and how a word is looked for; the value is the first letter of its tokens."""

    TITLE = "t"
    ANYWHERE = "e"
    TITLE_FOLDED = "g"
    ANYWHERE_FOLDED = "f"


FOLDED = frozenset({Place.TITLE_FOLDED, Place.ANYWHERE_FOLDED})
_GAP = "x"
"""Parts title from text, so that no phrase runs from one into the other."""


def tokens(title: str, text: str) -> str:
    """The words of a written title and text as the index keeps them, parted by blanks."""
    of_title, of_text = words_of(title), words_of(text)[:MOST_WORDS]
    folded_title, folded_text = [_folded(word) for word in of_title], [_folded(word) for word in of_text]
    runs = (
        _run(Place.TITLE, of_title),
        _run(Place.TITLE_FOLDED, folded_title),
        _run(Place.ANYWHERE, of_title),
        _run(Place.ANYWHERE, of_text),
        _run(Place.ANYWHERE_FOLDED, folded_title),
        _run(Place.ANYWHERE_FOLDED, folded_text),
    )
    return f" {_GAP} ".join(run for run in runs if run)


_folded = lru_cache(1 << 16)(fold)


def words_in(many: Iterable[str]) -> set[str]:
    """The words of many entries' tokens, with and without accents."""
    # First each token once, which the set does by itself; only then is looked at what it is.
    every = set().union(*(one.split() for one in many))
    return {token[1:] for token in every if token != _GAP and token[0] in _ANYWHERE}


_ANYWHERE = (Place.ANYWHERE.value, Place.ANYWHERE_FOLDED.value)


def _run(place: Place, words: list[str]) -> str:
    return f"{place}{f' {place}'.join(words)}" if words else ""


# --- questions ------------------------------------------------------------------------------------

LONGEST_QUESTION = 200
_MOST_TERMS = 12
_SHORTEST_BEGINNING = 2
_PART = re.compile(r'"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+)')


@dataclass(frozen=True)
class Term:
    """Words that stand one after another; with `begins` the last one may go on."""

    words: tuple[str, ...]
    begins: bool = False


@dataclass(frozen=True)
class Question:
    """What somebody typed: every term must be found."""

    terms: tuple[Term, ...]

    def __bool__(self) -> bool:
        return bool(self.terms)


def read_question(typed: str) -> Question:
    """Read what was typed: words, and phrases in quotes. What is written without a blank (`05/KH-BTL`) is a phrase.

    The last word may be only the beginning of one, unless a blank or a quote ends it.
    """
    text = written(typed.replace("“", '"').replace("”", '"').lstrip()[:LONGEST_QUESTION])
    found: list[Term] = []
    for part in _PART.finditer(text):
        words = tuple(words_of(part["phrase"] if part["word"] is None else part["word"]))
        if words:
            is_open = part["word"] is not None and part.end() == len(text)
            found.append(Term(words, begins=is_open and len(words[-1]) >= _SHORTEST_BEGINNING))
    return Question(tuple(dict.fromkeys(found))[:_MOST_TERMS])


@dataclass(frozen=True)
class Where:
    """A place to look in; with `whole` even the last word is no mere beginning."""

    place: Place
    whole: bool = False


@dataclass(frozen=True)
class Wanted:
    """The terms in one place, without what is found in those of `unless`: that was told before."""

    where: Where
    terms: tuple[Term, ...]
    unless: tuple[Where, ...] = ()


_EXACT_WHOLE, _EXACT = Where(Place.ANYWHERE, whole=True), Where(Place.ANYWHERE)
_FOLDED_WHOLE, _FOLDED_ANYHOW = Where(Place.ANYWHERE_FOLDED, whole=True), Where(Place.ANYWHERE_FOLDED)
_IN_TITLE = {
    where: Where(Place.TITLE_FOLDED if where.place in FOLDED else Place.TITLE, where.whole)
    for where in (_EXACT_WHOLE, _EXACT, _FOLDED_WHOLE, _FOLDED_ANYHOW)
}
#: The order of telling: exact accents before bare letters, whole words before beginnings. What stands in the second
#: place of each was told before.
_ORDER: tuple[tuple[Where, tuple[Where, ...]], ...] = (
    (_EXACT_WHOLE, ()),
    (_EXACT, (_EXACT_WHOLE,)),
    (_FOLDED_WHOLE, (_EXACT,)),
    (_FOLDED_ANYHOW, (_EXACT, _FOLDED_WHOLE)),
)


def ranks(question: Question) -> list[Wanted]:
    """What to look for, best first: of each in its order titles before texts. Within a rank the newest comes first."""
    goes_on = any(term.begins for term in question.terms)
    found = []
    for where, told in _ORDER:
        if goes_on or where.whole:
            found.append(Wanted(_IN_TITLE[where], question.terms, told))
            found.append(Wanted(where, question.terms, (*told, _IN_TITLE[where])))
    return found


def spelt(word: str, place: Place) -> str:
    """A word of a question as its token."""
    return f"{place}{fold(word) if place in FOLDED else word}"


# --- showing what was found -----------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """A stretch of text, and whether it is what was asked for."""

    text: str
    marked: bool = False


_BEFORE, _AFTER = 60, 180


def marked(text: str, question: Question) -> tuple[Piece, ...]:
    """A whole written text in pieces, what was asked for marked."""
    return tuple(_pieces(text, _spans(text, question)))


def excerpt(text: str, question: Question) -> tuple[Piece, ...]:
    """The stretch of a written text around the first place where most of the question stands; empty for no text."""
    flat = " ".join(text.split())
    spans = _spans(flat, question)
    centre = max(spans, key=lambda span: (_near(span, spans), -span[0]), default=(0, 0))[0]
    start = 0 if centre <= _BEFORE else flat.find(" ", centre - _BEFORE) + 1
    end = len(flat) if len(flat) <= start + _BEFORE + _AFTER else flat.rfind(" ", start, start + _BEFORE + _AFTER)
    inside = [(first - start, last - start) for first, last in spans if start <= first and last <= end]
    pieces = [*_pieces(flat[start:end], inside)]
    before, after = [Piece("… ")] if start else [], [Piece(" …")] if end < len(flat) else []
    return (*before, *pieces, *after) if flat else ()


def _near(span: tuple[int, int], spans: list[tuple[int, int]]) -> int:
    return sum(1 for first, last in spans if span[0] <= first and last <= span[0] + _AFTER)


_MOST_SPANS = 100


def _spans(text: str, question: Question) -> list[tuple[int, int]]:
    """Where the terms stand, in order and apart: each exactly if it does so anywhere, else without accents."""
    exact, folded = text.lower(), fold(text)
    found: list[tuple[int, int]] = []
    for term in question.terms:
        said = _term_pattern(term, folded=False).finditer(exact) if len(exact) == len(text) else iter(())
        spans = [match.span() for match in islice(said, _MOST_SPANS)]
        found += spans or [m.span() for m in islice(_term_pattern(term, folded=True).finditer(folded), _MOST_SPANS)]
    return _apart(sorted(found, key=lambda span: (span[0], -span[1])))


def _apart(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of spans that share a letter, the one that begins first."""
    kept: list[tuple[int, int]] = []
    for span in spans:
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


_STARTS, _APART, _GOES_ON, _ENDS = r"(?<![^\W_])", r"[\W_]+", r"[^\W_]*", r"(?![^\W_])"


def _term_pattern(term: Term, *, folded: bool) -> re.Pattern[str]:
    words = (re.escape(fold(word) if folded else word) for word in term.words)
    return re.compile(f"{_STARTS}{_APART.join(words)}{_GOES_ON if term.begins else _ENDS}")


def _pieces(text: str, spans: list[tuple[int, int]]) -> Iterator[Piece]:
    edges = sorted({0, len(text), *(edge for span in spans for edge in span)})
    starts = {first for first, _ in spans}
    for first, last in pairwise(edges):
        yield Piece(text[first:last], marked=first in starts)
