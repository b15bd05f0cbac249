"""What the field knows: its matters, its ways of judging, and the many words for each. Data, read from TOML.

A *wording* is a phrase as officers write it. Beside plain words it may hold:

    nắm … tình hình           up to six other words between
    (chậm|muộn|trễ)           one of several; brackets may stand within brackets
    (người )?nghiện           with or without
    {people}                  any phrase of a class of words, see `classes`
    tuần tra + lối mở         both, anywhere in the sentence

Capitals, punctuation and the place of tones do not matter.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from loom._folding import words_of
from loom._reading import Kind

GAP = "…"
LONGEST_GAP = 6
MOST_EXPANSIONS = 400

_PIECE = re.compile(r"[()|?]|\{[a-z0-9_]+\}|…|\.\.\.|[{}]|[^(){}…|?.]+|\.")

Pattern = tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class LexiconMistake:
    """One thing that is wrong in a lexicon: in which file, at which entry (its id, or its place), in which field."""

    file: str
    entry: str
    field: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.entry, self.field, self.message) if part)


class BadLexiconError(Exception):
    """The tables are not a sound lexicon; `mistakes` is the complete list."""

    def __init__(self, mistakes: tuple[LexiconMistake, ...]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Topic:
    """A matter that reports speak of.

    `covers` names the wider matters that this one makes precise: where both are found, only this one counts; of two
    that cover each other, the one the sentence names first.
    `kinds` limits it to statements of these kinds. With `unless`, a sentence that holds one of these wordings is not
    about it. A `wide` matter alone does not make two sentences say the same: their words must be alike as well.
    Where `judged` is false the matter is itself the point, whatever is said of it.
    """

    id: str
    name: str
    wordings: tuple[str, ...]
    covers: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    unless: tuple[str, ...] = ()
    wide: bool = False
    judged: bool = True


@dataclass(frozen=True, slots=True)
class Aspect:
    """A side that tells two sentences on one matter apart: values of one `axis` exclude each other."""

    id: str
    name: str
    axis: str
    wordings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is said of a matter: late, formal, lacking.

    `polarity` is good, bad or none. A `general` one (weak, limited) fits any other.
    """

    id: str
    name: str
    wordings: tuple[str, ...]
    polarity: str = "none"
    general: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading of a consolidated report, under which many units' headings and sentences find their one place."""

    id: str
    name: str
    wordings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sense:
    """What a lexicon knows of one sentence.

    `matters` are the narrow topics left after the wider ones are taken away, `main` the one it is about, `fields` the
    wide topics. `aspects` are (axis, id) pairs. `words` are its words with abbreviations written out, classes named
    and stop words dropped: what likeness is judged by. `chapters` are ids, in the order in which they
    are named.
    """

    main: str = ""
    matters: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    judgements: frozenset[str] = frozenset()
    aspects: frozenset[tuple[str, str]] = frozenset()
    good: bool = False
    bad: bool = False
    words: tuple[str, ...] = ()
    chapters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """The knowledge of one field, ready to be asked."""

    topics: tuple[Topic, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)
    opposites: tuple[tuple[str, str], ...] = ()
    stops: tuple[str, ...] = ()
    chapters: tuple[Chapter, ...] = ()

    @classmethod
    def empty(cls) -> Lexicon:
        """A lexicon that knows nothing: sentences are then told apart by their words alone."""
        return cls()

    @classmethod
    def from_tables(cls, tables: Mapping[str, Mapping[str, Any]]) -> Lexicon:
        """The lexicon of parsed TOML tables by file name. Later files extend earlier ones.

        An entry whose id stands in an earlier file adds its wordings to that entry. Raises BadLexiconError with every
        mistake of every file.
        """
        return _Assembly(tables).lexicon()

    def sense(self, text: str, kind: Kind | None = None) -> Sense:
        """What the lexicon knows of a sentence of this kind."""
        return self._matcher.sense(text, kind)

    def opposed(self, one: Iterable[str], other: Iterable[str]) -> bool:
        """Whether an id of the one stands against an id of the other."""
        others = set(other)
        return any(not others.isdisjoint(self._against.get(name, ())) for name in one)

    @cached_property
    def topic_by_id(self) -> Mapping[str, Topic]:
        return {topic.id: topic for topic in self.topics}

    @cached_property
    def judgement_by_id(self) -> Mapping[str, Judgement]:
        return {judgement.id: judgement for judgement in self.judgements}

    @cached_property
    def _against(self) -> Mapping[str, set[str]]:
        against: dict[str, set[str]] = {}
        for one, other in self.opposites:
            against.setdefault(one, set()).add(other)
            against.setdefault(other, set()).add(one)
        return against

    @cached_property
    def _matcher(self) -> _Matcher:
        return _Matcher(self)


def read_lexicon(paths: Iterable[Path]) -> Lexicon:
    """The lexicon of TOML files, and of the TOML files of folders, in the order given and by name within a folder.

    Raises BadLexiconError, also for a file that is no TOML; OSError for one that cannot be opened.
    """
    tables: dict[str, Mapping[str, Any]] = {}
    mistakes = []
    for path in paths:
        for file in sorted(path.glob("*.toml")) if path.is_dir() else [path]:
            try:
                tables[file.name if file.name not in tables else str(file)] = tomllib.loads(
                    file.read_text(encoding="utf-8-sig")
                )
            except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                mistakes.append(LexiconMistake(file.name, "", "", f"not readable as TOML: {error}"))
    try:
        lexicon = Lexicon.from_tables(tables)
    except BadLexiconError as bad:
        raise BadLexiconError((*mistakes, *bad.mistakes)) from None
    if mistakes:
        raise BadLexiconError(tuple(mistakes))
    return lexicon


# --- wordings -------------------------------------------------------------------------------------


def patterns_of(wording: str) -> tuple[tuple[Pattern, ...], ...]:
    """A wording as parts that must all be found, each part as the patterns of which one must.

    An item of a pattern is a folded word, `{class}` or a gap. Raises ValueError where the wording is not well formed.
    """
    parts = tuple(_expanded(part) for part in wording.split(" + "))
    for part in parts:
        for pattern in part:
            if not pattern:
                raise ValueError("a part of the wording holds no word")
            if GAP in (pattern[0], pattern[-1]):
                raise ValueError("a gap stands at an end of the wording")
    return parts


def _expanded(part: str) -> tuple[Pattern, ...]:
    pieces = _PIECE.findall(part)
    patterns, rest = _choices(pieces)
    if rest:
        raise ValueError("a bracket is closed that was not opened")
    return patterns


def _choices(pieces: list[str]) -> tuple[tuple[Pattern, ...], list[str]]:
    """The patterns of `one|other`, as far as a closing bracket, and the pieces from there."""
    whole: list[Pattern] = []
    run: list[Pattern] = [()]
    while pieces and pieces[0] != ")":
        piece, *pieces = pieces
        if piece == "|":
            whole += run
            run = [()]
            continue
        if piece == "(":
            options, pieces = _choices(pieces)
            if not pieces:
                raise ValueError("a bracket is opened that is not closed")
            optional = pieces[1:2] == ["?"]
            pieces = pieces[2:] if optional else pieces[1:]
            following = (*options, ()) if optional else options
        else:
            following = _plain(piece)
        run = [before + after for before in run for after in following]
        if len(run) > MOST_EXPANSIONS:
            raise ValueError(f"the wording stands for more than {MOST_EXPANSIONS} phrases; use a class of words")
    return tuple(whole + run), pieces


def _plain(piece: str) -> tuple[Pattern, ...]:
    if piece in {GAP, "..."}:
        return ((GAP,),)
    if piece.startswith("{"):
        return ((piece,),)
    if piece in {"{", "}", "?"}:
        raise ValueError(f"“{piece}” stands alone")
    return (tuple(words_of(piece)),)


# --- finding --------------------------------------------------------------------------------------

Spans = Mapping[int, list[tuple[int, str]]]


class _Node:
    """What may follow the words read so far, what they complete, and what may follow after a gap."""

    __slots__ = ("after_gap", "complete", "following")

    def __init__(self) -> None:
        self.following: dict[str, _Node] = {}
        self.after_gap: _Node | None = None
        self.complete: list[Any] = []

    def then(self, item: str) -> _Node:
        if item == GAP:
            self.after_gap = self.after_gap or _Node()
            return self.after_gap
        return self.following.setdefault(item, _Node())


class _Trie:
    """Many patterns, found in one walk over the words."""

    def __init__(self) -> None:
        self._root = _Node()

    def add(self, pattern: Pattern, found: Any) -> None:
        node = self._root
        for item in pattern:
            node = node.then(item)
        node.complete.append(found)

    def find(self, words: list[str], spans: Spans) -> list[tuple[int, int, Any]]:
        """(start, end, what was added) of every pattern in the words; `spans` are the classes found, by their start."""
        found: list[tuple[int, int, Any]] = []
        said = {*words, *(name for classes in spans.values() for _, name in classes)}
        first = self._root.following
        following_word = [*words[1:], ""]
        for start, word in enumerate(words):
            node = first.get(word)
            # Nearly every walk would end where it begins: it is begun only where the next word leads on.
            if node is not None and (
                following_word[start] in node.following or node.complete or node.after_gap or start + 1 in spans
            ):
                self._walk(node, start, start + 1, words, spans, said, found)
        for start, classes in spans.items():
            for end, name in classes:
                if name in first:
                    self._walk(first[name], start, end, words, spans, said, found)
        return found

    @staticmethod
    def _walk(
        node: _Node,
        start: int,
        at: int,
        words: list[str],
        spans: Spans,
        said: set[str],
        found: list[tuple[int, int, Any]],
    ) -> None:
        """Add to `found` what is complete at this node or beyond it."""
        open_ways = [(node, at)]
        while open_ways:
            node, at = open_ways.pop()
            for what in node.complete:
                found.append((start, at, what))  # noqa: PERF401 - the loop is empty for nearly every node
            if at < len(words) and (words[at] in node.following or at in spans):
                _step(node.following, at, words, spans, open_ways)
            # A gap is looked through only where the sentence holds a word that may close it.
            if node.after_gap is not None and not said.isdisjoint(node.after_gap.following):
                closing = node.after_gap.following
                for place in range(at, min(at + LONGEST_GAP + 1, len(words))):
                    if words[place] in closing or place in spans:
                        _step(closing, place, words, spans, open_ways)


def _step(
    following: Mapping[str, _Node], at: int, words: list[str], spans: Spans, open_ways: list[tuple[_Node, int]]
) -> None:
    """Add the ways that lead on from this word, or from a class of words that begins here."""
    node = following.get(words[at])
    if node is not None:
        open_ways.append((node, at + 1))
    for end, name in spans.get(at, ()):
        node = following.get(name)
        if node is not None:
            open_ways.append((node, end))


@dataclass(frozen=True, slots=True)
class _Clue:
    """One part of one wording: whose it is, and how many parts that wording has."""

    use: str
    owner: str
    wording: int
    part: int
    parts: int


_Found = dict[str, dict[str, list[tuple[int, int]]]]


def _within(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether the one stands in the other and is shorter."""
    return other[0] <= one[0] and one[1] <= other[1] and one != other


class _Matcher:
    """The lexicon compiled."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._same, self._classes, self._clues, self._stops = _Trie(), _Trie(), _Trie(), _Trie()
        for written, meant in lexicon.same.items():
            self._same.add(tuple(words_of(written)), tuple(words_of(meant)))
        for name, phrases in lexicon.classes.items():
            for phrase in phrases:
                for pattern in self._written_out(phrase):
                    self._classes.add(pattern, f"{{{name}}}")
        for phrase in lexicon.stops:
            for pattern in self._written_out(phrase):
                self._stops.add(pattern, phrase)
        for topic in lexicon.topics:
            self._add("topic", topic.id, topic.wordings)
            self._add("unless", topic.id, topic.unless)
        others = (("aspect", lexicon.aspects), ("judgement", lexicon.judgements), ("chapter", lexicon.chapters))
        for use, entries in others:
            for entry in entries:
                self._add(use, entry.id, entry.wordings)
        self._axis = {aspect.id: aspect.axis for aspect in lexicon.aspects}

    def _written_out(self, wording: str) -> Iterator[Pattern]:
        for part in patterns_of(wording):
            for pattern in part:
                yield tuple(self._one_writing(list(pattern)))

    def _add(self, use: str, owner: str, wordings: tuple[str, ...]) -> None:
        for number, wording in enumerate(wordings):
            parts = patterns_of(wording)
            for place, part in enumerate(parts):
                clue = _Clue(use, owner, number, place, len(parts))
                for pattern in part:
                    self._clues.add(tuple(self._one_writing(list(pattern))), clue)

    def _one_writing(self, words: list[str]) -> list[str]:
        """The words with every abbreviation and variant written out, the longest first."""
        longest: dict[int, tuple[int, tuple[str, ...]]] = {}
        for start, end, meant in self._same.find(words, {}):
            if end > longest.get(start, (0, ()))[0]:
                longest[start] = end, meant
        written: list[str] = []
        at = 0
        while at < len(words):
            if at in longest:
                at, meant = longest[at]
                written += meant
            else:
                written.append(words[at])
                at += 1
        return written

    def sense(self, text: str, kind: Kind | None) -> Sense:
        words = self._one_writing(words_of(text))
        spans: dict[int, list[tuple[int, str]]] = {}
        for start, end, name in self._classes.find(words, {}):
            spans.setdefault(start, []).append((end, name))
        found = self._found(words, spans)
        judged = self._judged(found["judgement"])
        main, matters, fields = self._matters(found, kind)
        polarities = {self._lexicon.judgement_by_id[name].polarity for name in judged}
        return Sense(
            main=main,
            matters=matters,
            fields=fields,
            judgements=judged,
            aspects=frozenset((self._axis[name], name) for name in found["aspect"]),
            good="good" in polarities,
            bad="bad" in polarities,
            words=self._telling(words, spans),
            chapters=tuple(sorted(found["chapter"], key=lambda name: (min(found["chapter"][name]), name))),
        )

    def _found(self, words: list[str], spans: Spans) -> _Found:
        """For each use, the ids found and where."""
        places: dict[tuple[str, str, int], dict[int, list[tuple[int, int]]]] = {}
        parts: dict[tuple[str, str, int], int] = {}
        for start, end, clue in self._clues.find(words, spans):
            key = clue.use, clue.owner, clue.wording
            places.setdefault(key, {}).setdefault(clue.part, []).append((start, end))
            parts[key] = clue.parts
        found: _Found = {"topic": {}, "unless": {}, "aspect": {}, "judgement": {}, "chapter": {}}
        for (use, owner, wording), seen in places.items():
            if len(seen) == parts[use, owner, wording]:
                found[use].setdefault(owner, []).extend(place for part in seen.values() for place in part)
        return found

    @staticmethod
    def _judged(found: Mapping[str, list[tuple[int, int]]]) -> frozenset[str]:
        """The judgements, without what only stands within a longer one: `kịp thời` within `chưa kịp thời`."""
        every = [place for places in found.values() for place in places]
        return frozenset(
            name
            for name, places in found.items()
            if any(not any(_within(place, other) for other in every) for place in places)
        )

    def _matters(self, found: _Found, kind: Kind | None) -> tuple[str, frozenset[str], frozenset[str]]:
        by_id = self._lexicon.topic_by_id
        here = {
            name: min(places)
            for name, places in found["topic"].items()
            if name not in found["unless"] and (kind is None or not by_id[name].kinds or kind in by_id[name].kinds)
        }
        covered = {
            wider
            for name in here
            for wider in by_id[name].covers
            if wider in here and not (name in by_id[wider].covers and here[wider] < here[name])
        }
        left = [name for name in here if name not in covered] or sorted(here, key=lambda name: (here[name], name))[:1]
        narrow = [name for name in left if not by_id[name].wide]
        main = min(narrow, key=lambda name: (here[name], name), default="")
        return main, frozenset(narrow), frozenset(left) - frozenset(narrow)

    def _telling(self, words: list[str], spans: Spans) -> tuple[str, ...]:
        stopped = {place for start, end, _ in self._stops.find(words, {}) for place in range(start, end)}
        telling: list[str] = []
        at = 0
        while at < len(words):
            if at in spans:
                at, name = max(spans[at])
                telling.append(name)
                continue
            if at not in stopped and not words[at].isdigit():
                telling.append(words[at])
            at += 1
        return tuple(telling)


# --- reading tables -------------------------------------------------------------------------------

_FIELDS: dict[str, dict[str, type]] = {
    "topics": {
        "id": str,
        "name": str,
        "wordings": list,
        "covers": list,
        "kinds": list,
        "unless": list,
        "wide": bool,
        "judged": bool,
    },
    "aspects": {"id": str, "name": str, "axis": str, "wordings": list},
    "judgements": {"id": str, "name": str, "wordings": list, "polarity": str, "general": bool},
    "chapters": {"id": str, "name": str, "wordings": list},
}
_NEEDED = {"topics": ("name",), "aspects": ("name", "axis"), "judgements": ("name",), "chapters": ("name",)}
_LISTS = {"topics", "aspects", "judgements", "chapters", "opposites", "stops"}
_MAPPINGS = {"classes", "same"}
_WORDINGS = {"wordings", "unless"}
_POLARITIES = {"good", "bad", "none"}
_KINDS = {kind.value for kind in Kind}
_ID = re.compile(r"[a-z][a-z0-9_]*")


class _Assembly:
    """Puts the tables of several files together, and keeps every mistake."""

    def __init__(self, tables: Mapping[str, Mapping[str, Any]]) -> None:
        self.mistakes: list[LexiconMistake] = []
        self.entries: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in _FIELDS}
        self.origin: dict[tuple[str, str], str] = {}
        self.classes: dict[str, tuple[str, ...]] = {}
        self.same: dict[str, str] = {}
        self.opposites: list[tuple[str, str]] = []
        self.set_against: dict[str, str] = {}
        self.wordings: list[tuple[str, str, str, str]] = []
        self.stops: list[str] = []
        for file, table in tables.items():
            self._take(file, table)
        self._check()

    def lexicon(self) -> Lexicon:
        if self.mistakes:
            raise BadLexiconError(tuple(sorted(set(self.mistakes))))
        return Lexicon(
            topics=tuple(Topic(**_frozen(entry)) for entry in self.entries["topics"].values()),
            aspects=tuple(Aspect(**_frozen(entry)) for entry in self.entries["aspects"].values()),
            judgements=tuple(Judgement(**_frozen(entry)) for entry in self.entries["judgements"].values()),
            classes=self.classes,
            same=self.same,
            opposites=tuple(self.opposites),
            stops=tuple(self.stops),
            chapters=tuple(Chapter(**_frozen(entry)) for entry in self.entries["chapters"].values()),
        )

    def _wrong(self, file: str, entry: str, field_name: str, message: str) -> None:
        self.mistakes.append(LexiconMistake(file, entry, field_name, message))

    def _take(self, file: str, table: Mapping[str, Any]) -> None:
        for name, value in table.items():
            if name in _LISTS and not isinstance(value, list):
                self._wrong(file, name, "", "must be a list")
            elif name in _MAPPINGS and not isinstance(value, dict):
                self._wrong(file, name, "", "must be a table")
            elif name in _FIELDS:
                for place, entry in enumerate(value, start=1):
                    self._take_entry(file, name, place, entry)
            elif name == "classes":
                self._take_classes(file, value)
            elif name == "same":
                self._take_same(file, value)
            elif name == "opposites":
                self._take_opposites(file, value)
            elif name == "stops":
                self.stops += self._phrases(file, "stops", "", value)
            else:
                self._wrong(file, name, "", "a lexicon has no such table")

    def _take_entry(self, file: str, table: str, place: int, entry: Any) -> None:
        if not isinstance(entry, dict):
            self._wrong(file, f"{table}[{place}]", "", "must be a table")
            return
        own = entry.get("id")
        if not isinstance(own, str) or not _ID.fullmatch(own):
            message = "is missing" if own is None else "must be small letters, digits and _, a letter first"
            self._wrong(file, f"{table}[{place}]", "id", message)
            return
        taken: dict[str, Any] = {}
        for name, value in entry.items():
            expected = _FIELDS[table].get(name)
            if expected is None:
                self._wrong(file, own, name, "unknown field")
            elif type(value) is not expected:
                self._wrong(file, own, name, f"must be {'text' if expected is str else f'a {expected.__name__}'}")
            elif isinstance(value, list):
                taken[name] = self._phrases(file, own, name, value)
                if name in _WORDINGS:
                    self.wordings += [(file, own, f"{name}[{n}]", said) for n, said in enumerate(taken[name], start=1)]
            else:
                taken[name] = value
        self._place(file, table, own, taken)

    def _place(self, file: str, table: str, own: str, taken: dict[str, Any]) -> None:
        known = self.entries[table].get(own)
        if known is not None and self.origin[table, own] == file:
            self._wrong(file, own, "id", "stands twice")
        elif known is not None:
            for name, value in taken.items():
                known[name] = [*known.get(name, []), *value] if isinstance(value, list) else value
        else:
            self.entries[table][own] = {"wordings": [], **taken}
            for name in _NEEDED[table]:
                if name not in taken:
                    self._wrong(file, own, name, "is missing")
            if not taken.get("wordings"):
                self._wrong(file, own, "wordings", "is missing or empty")
        self.origin[table, own] = file

    def _phrases(self, file: str, entry: str, field_name: str, value: list[Any]) -> list[str]:
        phrases = []
        for place, phrase in enumerate(value, start=1):
            if not isinstance(phrase, str) or not phrase.strip():
                self._wrong(file, entry, f"{field_name}[{place}]", "must be text")
            else:
                phrases.append(phrase)
        return phrases

    def _take_classes(self, file: str, table: Mapping[str, Any]) -> None:
        for name, phrases in table.items():
            if not isinstance(phrases, list):
                self._wrong(file, "classes", name, "must be a list")
                continue
            for place, phrase in enumerate(phrases, start=1):
                if isinstance(phrase, str) and any(sign in phrase for sign in ("{", GAP, "...", "+")):
                    self._wrong(file, "classes", f"{name}[{place}]", "a class holds plain phrases only")
            self.classes[name] = (*self.classes.get(name, ()), *self._phrases(file, "classes", name, phrases))

    def _take_same(self, file: str, table: Mapping[str, Any]) -> None:
        for written, meant in table.items():
            if not isinstance(meant, str) or not words_of(meant) or not words_of(written):
                self._wrong(file, "same", written, "must be text")
            else:
                self.same[written] = meant

    def _take_opposites(self, file: str, value: list[Any]) -> None:
        for place, couple in enumerate(value, start=1):
            if not isinstance(couple, list) or [type(name) for name in couple] != [str, str]:
                self._wrong(file, "opposites", f"[{place}]", "must be two ids")
                continue
            for name in couple:
                self.set_against.setdefault(name, file)
            self.opposites.append((couple[0], couple[1]))

    def _check(self) -> None:
        for table, entries in self.entries.items():
            for own, entry in entries.items():
                self._check_entry(self.origin[table, own], own, entry)
        known = {name for entries in self.entries.values() for name in entries}
        for wording in self.wordings:
            self._check_wording(*wording)
        for name, file in self.set_against.items():
            if name not in known:
                self._wrong(file, "opposites", name, "no topic, aspect or judgement has this id")

    def _check_entry(self, file: str, own: str, entry: Mapping[str, Any]) -> None:
        for wider in entry.get("covers", ()):
            if wider not in self.entries["topics"]:
                self._wrong(file, own, "covers", f"no topic is called {wider}")
        for kind in entry.get("kinds", ()):
            if kind not in _KINDS:
                self._wrong(file, own, "kinds", f"{kind} is not a kind of statement")
        if entry.get("polarity", "none") not in _POLARITIES:
            self._wrong(file, own, "polarity", "must be good, bad or none")

    def _check_wording(self, file: str, own: str, field_name: str, wording: str) -> None:
        try:
            parts = patterns_of(wording)
        except ValueError as error:
            self._wrong(file, own, field_name, str(error))
            return
        for item in {item for part in parts for pattern in part for item in pattern}:
            if item.startswith("{") and item[1:-1] not in self.classes:
                self._wrong(file, own, field_name, f"no class of words is called {item[1:-1]}")


def _frozen(entry: Mapping[str, Any]) -> dict[str, Any]:
    made = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
    if "kinds" in made:
        made["kinds"] = tuple(Kind(kind) for kind in made["kinds"])
    return made
