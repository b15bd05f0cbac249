"""Brings together what several units say in different words, and keeps apart what only looks alike.

Knowledge comes first: two sentences of one kind say the same when the lexicon finds one matter in both, nothing tells
their sides apart (soldiers and people, fishing boats and cargo ships), and what they say of it agrees. Likeness of
words decides where the lexicon knows nothing or only a wide field of work. What a person decided is obeyed before all.
Every step works on points in one fixed order, so the order in which they come does not matter.
"""

from __future__ import annotations

import hashlib
import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from loom._folding import fingerprint, said
from loom._lexicon import Lexicon, Sense
from loom._reading import Kind, Reading, Role

# Shares of common telling words, 0 to 1, from which two sentences are one.
ALIKE = 0.42  # nothing is known of the two
ALIKE_IN_FIELD = 0.3  # one wide field of work is known in both
ALIKE_IN_MATTER = 0.25  # one matter is known in both, though it is not what both are first about
COUPLE = 0.5  # what two words in a row weigh beside a word of the same rarity
SEVERAL = 2  # units that make a group
ALIKE_ELSEWHERE = 0.6  # different matters are known in the two
TWICE = 0.6  # the same unit says it again

# How many neighbours in the list of a rare word are compared: what keeps the work in proportion to the input.
NEIGHBOURS = 8
RARE_WORDS = 4

# A task or a proposal says what is to be done: how things stand is not its point.
JUDGED = {Kind.RESULT, Kind.SHORTCOMING, Kind.CAUSE, Kind.COMMENDATION}

# A result or a praise tells one deed of one unit, and a matter in common does not make it the deed of two.
DEEDS = {Kind.RESULT, Kind.COMMENDATION}

WITH_FIGURES = {Role.RESULT, Role.CUMULATIVE, Role.CHANGE_UP, Role.CHANGE_DOWN, Role.RATE, Role.PREVIOUS}

_NAME = re.compile(r"(?<=[\w,] )[A-ZĐÀ-Ỹ][a-zđà-ỹ]+(?: [A-ZĐÀ-Ỹ][a-zđà-ỹ]+)+")
_FIGURE = re.compile(r"\d")
_RECIPIENTS = re.compile(r"\b(?:\d+|hai|ba|bốn|sáu|bảy|tám|chín|mười) (?:lượt )?(?:tập thể|cá nhân)\b", re.IGNORECASE)
# A sentence that begins so leans on the one before it, which its readers will not see.
_LEANS = re.compile(
    r"(?:dù vậy|tuy vậy|tuy nhiên|mặt khác|bên cạnh đó|ngoài ra|do đó|vì vậy|trong đó|đồng thời|mặc dù vậy|song|nhưng|"
    r"riêng|"
    r"có tình trạng (?:trên|này)|(?:những|các) (?:hạn chế|khuyết điểm|tồn tại)[^,:;]* (?:này|trên|đó)|một phần|"
    r"(?:nguyên nhân|kinh nghiệm|bài học)[^,:;]*(?: là|:)|về (?:khách|chủ) quan|(?:hai|ba|bốn) là|thứ (?:hai|ba|tư))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Point:
    """One statement to be woven. `id` is the caller's own; `unit` names who says it.

    `has_figures` says that its figures are its point: a result of that sort is never grouped by its words.
    """

    id: str
    unit: str
    kind: Kind
    text: str
    section: str = ""
    has_figures: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided of two sentences, told by the fingerprints of their texts: together, or apart."""

    one: str
    other: str
    together: bool

    @classmethod
    def of(cls, one: str, other: str, *, together: bool) -> Decision:
        """The decision on two sentences; which comes first does not matter."""
        first, second = sorted((fingerprint(one), fingerprint(other)))
        return cls(first, second, together)


@dataclass(frozen=True, slots=True)
class Why:
    """What brought a group together: ids of the lexicon, how alike the words are (0 to 1), whether a person decided."""

    topics: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    judgements: tuple[str, ...] = ()
    likeness: float = 0.0
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Statements of different units that say the same.

    `id` follows from what the members say and who says it. `best` is the index of the member whose own sentence serves
    best for all; `units` is how many different units there are among the members.
    """

    id: str
    kind: Kind
    members: tuple[Point, ...]
    best: int
    why: Why
    units: int

    @property
    def wording(self) -> str:
        """The best member's own sentence."""
        return self.members[self.best].text


@dataclass(frozen=True, slots=True)
class Groups:
    """All points of a weaving: what was brought together, what stands alone, and of how many units they are."""

    together: tuple[Group, ...]
    alone: tuple[Point, ...]
    units: int


def weave(readings: Sequence[Reading], lexicon: Lexicon | None = None, *, kept: Sequence[Decision] = ()) -> Groups:
    """Group the statements of the readings. Members of a group are of different units.

    A point's id is `reading.statement`, both counted from 0: see `place_of`.
    """
    points = points_of(readings)
    together = gather(points, lexicon or Lexicon.empty(), kept)
    taken = {point.id for group in together for point in group.members}
    return Groups(
        together=together,
        alone=tuple(point for point in points if point.id not in taken),
        units=len(set(unit_names(readings))),
    )


def place_of(point: Point) -> tuple[int, int]:
    """Where a point of `weave` stands: the index of its reading and of its statement there."""
    reading, statement = point.id.split(".")
    return int(reading), int(statement)


def points_of(readings: Sequence[Reading]) -> tuple[Point, ...]:
    """Every statement of the readings as a point, in their order."""
    return tuple(
        Point(
            id=f"{number}.{place}",
            unit=unit,
            kind=statement.kind,
            text=statement.text,
            section=reading.headings[statement.path[-1]].text if statement.path else "",
            has_figures=place in figured,
        )
        for number, (reading, unit, figured) in enumerate(
            zip(readings, unit_names(readings), map(_with_figures, readings), strict=True)
        )
        for place, statement in enumerate(reading.statements)
    )


def unit_names(readings: Sequence[Reading]) -> tuple[str, ...]:
    """Who each reading is from: its unit; where two are from one unit, or none is named, the file's name tells."""
    named = Counter(reading.unit.value if reading.unit else "" for reading in readings)
    names = []
    for reading in readings:
        unit = reading.unit.value if reading.unit else ""
        own = reading.name or fingerprint(reading.text)[:8]
        if not unit:
            names.append(own)
        elif named[unit] > 1:
            names.append(f"{unit} ({own})")
        else:
            names.append(unit)
    return tuple(names)


def _with_figures(reading: Reading) -> set[int]:
    """The indexes of the statements that hold a figure of what was done."""
    starts = [statement.span.start for statement in reading.statements]
    held: set[int] = set()
    for quantity in reading.quantities:
        if quantity.role not in WITH_FIGURES:
            continue
        place = quantity.statement
        if place is None:
            place = bisect_left(starts, quantity.span.end) - 1
        if 0 <= place < len(starts) and quantity.span.start < reading.statements[place].span.end:
            held.add(place)
    return held


def gather(points: Sequence[Point], lexicon: Lexicon, kept: Sequence[Decision] = ()) -> tuple[Group, ...]:
    """The groups among the points, the most widely said first.

    Decisions are obeyed for statements of one kind; where they contradict each other, apart goes before together.
    Memory and time grow in proportion to the points.
    """
    by_kind: dict[Kind, list[Point]] = defaultdict(list)
    for point in points:
        by_kind[point.kind].append(point)
    found = [
        group for kind, same_kind in sorted(by_kind.items()) for group in _Loom(kind, same_kind, lexicon, kept).groups()
    ]
    return tuple(sorted(found, key=lambda group: (-group.units, group.kind, group.id)))


# --- weaving --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Strand:
    """One sentence, however often and by whomever it was said, digits aside."""

    text: str
    points: list[Point]
    prints: set[str]
    sense: Sense
    vector: dict[str, float]
    figures: bool


class _Cluster:
    """Strands that say the same: what they are about, and the sum of their words."""

    __slots__ = ("decided", "prints", "senses", "square", "strands", "sum")

    def __init__(self, strand: int, sense: Sense, vector: Mapping[str, float], prints: set[str]) -> None:
        self.strands = [strand]
        self.senses = {_key(sense): sense}
        self.sum = dict(vector)
        self.prints = set(prints)
        self.decided = False
        self.square = 1.0

    def take(self, other: _Cluster) -> None:
        self.square += other.square + 2 * _common(self.sum, other.sum)
        self.strands += other.strands
        self.senses |= other.senses
        for word, weight in other.sum.items():
            self.sum[word] = self.sum.get(word, 0.0) + weight
        self.prints |= other.prints
        self.decided = self.decided or other.decided


_Key = tuple[str, frozenset[str], frozenset[str], frozenset[tuple[str, str]], frozenset[str]]


def _key(sense: Sense) -> _Key:
    return sense.main, sense.matters, sense.judgements, sense.aspects, sense.fields


class _Loom:
    """The weaving of the points of one kind."""

    def __init__(self, kind: Kind, points: list[Point], lexicon: Lexicon, kept: Sequence[Decision]) -> None:
        self._kind, self._lexicon = kind, lexicon
        self._apart: dict[str, set[str]] = defaultdict(set)
        self._joined = sorted({(one.one, one.other) for one in kept if one.together})
        for decision in kept:
            if not decision.together:
                self._apart[decision.one].add(decision.other)
                self._apart[decision.other].add(decision.one)
        self._strands = self._spun(points)
        self._owner: list[_Cluster] = [
            _Cluster(number, strand.sense, strand.vector, strand.prints) for number, strand in enumerate(self._strands)
        ]

    def _spun(self, points: list[Point]) -> list[_Strand]:
        """The points by what they say, in an order that follows from nothing else."""
        alike: dict[tuple[str, bool], list[Point]] = defaultdict(list)
        words = {point.text: said(point.text) for point in points}
        for point in sorted(points, key=lambda point: (words[point.text], point.unit, point.id)):
            figures = _is_its_figures(self._kind, point)
            exact = figures or (bool(self._apart) and fingerprint(point.text) in self._apart)
            alike[words[point.text] if exact else _without_digits(words[point.text]), figures].append(point)
        senses = {key: self._lexicon.sense(found[0].text, self._kind) for key, found in alike.items()}
        rarity = _rarity(senses.values())
        strands = []
        for (text, figures), found in sorted(alike.items()):
            sense = senses[text, figures]
            prints = {fingerprint(point.text) for point in found} if self._apart or self._joined else set()
            strands.append(_Strand(text, found, prints, sense, _vector(sense.words, rarity), figures))
        return strands

    def groups(self) -> Iterator[Group]:
        self._join_what_was_decided()
        self._join_what_is_known()
        self._join_what_is_alike()
        for cluster in {id(cluster): cluster for cluster in self._owner}.values():
            group = self._group(cluster)
            if group is not None:
                yield group

    # joining

    def _join_what_was_decided(self) -> None:
        by_print = {mark: number for number, strand in enumerate(self._strands) for mark in sorted(strand.prints)}
        for one, other in self._joined:
            if one in by_print and other in by_print and other not in self._apart[one]:
                first, second = self._owner[by_print[one]], self._owner[by_print[other]]
                if first is second:
                    first.decided = True
                elif not self._kept_apart(first, second):
                    self._merge(first, second)
                    first.decided = True

    def _join_what_is_known(self) -> None:
        """Join what has one matter: first sentences of the same sense, then senses that agree, the closest first."""
        alike: dict[_Key, list[int]] = defaultdict(list)
        for number, strand in enumerate(self._strands):
            if strand.sense.main and not strand.figures:
                alike[_key(strand.sense)].append(number)
        leaders: dict[str, list[int]] = defaultdict(list)
        for key, numbers in alike.items():
            if self._tells(numbers[0], numbers[0]):
                for number in numbers[1:]:
                    self._join(numbers[0], number)
            for matter in sorted(key[1]):
                leaders[matter].append(numbers[0])
        couples = {couple for numbers in leaders.values() for couple in combinations(sorted(numbers), 2)}
        weighed = ((-self._closeness(one, other), one, other) for one, other in couples if self._one_matter(one, other))
        for _, one, other in sorted(weighed):
            self._join(one, other)

    def _one_matter(self, one: int, other: int) -> bool:
        first, second = self._strands[one].sense, self._strands[other].sense
        return (first.main == second.main or first.matters == second.matters) and self._tells(one, other)

    def _tells(self, one: int, other: int) -> bool:
        """Whether one matter tells enough: of deeds, only where it is the point or they are judged alike."""
        first, second = self._strands[one].sense, self._strands[other].sense
        topic = self._lexicon.topic_by_id[first.main]
        if self._kind not in DEEDS or (not topic.judged and self._kind in topic.kinds):
            return True
        return not first.judgements.isdisjoint(second.judgements)

    def _closeness(self, one: int, other: int) -> float:
        first, second = self._strands[one], self._strands[other]
        features = [
            strand.sense.matters | strand.sense.judgements | {name for _, name in strand.sense.aspects}
            for strand in (first, second)
        ]
        union = len(features[0] | features[1]) or 1
        return len(features[0] & features[1]) / union + _common(first.vector, second.vector)

    def _join_what_is_alike(self) -> None:
        """Join by words, the most alike first; the less is known in common, the more alike they must be."""
        found = sorted(
            (-likeness, one, other) for one, other in self._neighbours() if (likeness := self._likeness(one, other)) > 0
        )
        for _, one, other in found:
            first, second = self._owner[one], self._owner[other]
            if first is not second and self._likeness_of(first, second) >= self._needed(one, other):
                self._join(one, other)

    def _likeness(self, one: int, other: int) -> float:
        """How alike two sentences are, or 0 where that is not enough or they are together already."""
        if self._owner[one] is self._owner[other]:
            return 0.0
        likeness = _common(self._strands[one].vector, self._strands[other].vector)
        return likeness if likeness >= self._needed(one, other) else 0.0

    def _needed(self, one: int, other: int) -> float:
        first, second = self._strands[one].sense, self._strands[other].sense
        if first.main and second.main:
            return ALIKE_IN_MATTER if first.matters & second.matters else ALIKE_ELSEWHERE
        in_field = not (first.main or second.main) and first.fields & second.fields
        return ALIKE_IN_FIELD if in_field else ALIKE

    @staticmethod
    def _likeness_of(one: _Cluster, other: _Cluster) -> float:
        return _common(one.sum, other.sum) / math.sqrt(one.square * other.square)

    def _neighbours(self) -> set[tuple[int, int]]:
        """Couples that share a rare word."""
        spread = Counter(word for strand in self._strands for word in strand.vector)
        lists: dict[str, list[int]] = defaultdict(list)
        for number, strand in enumerate(self._strands):
            if strand.figures:
                continue
            shared = (word for word in strand.vector if spread[word] > 1)
            for word in sorted(shared, key=lambda word: (spread[word], word))[:RARE_WORDS]:
                lists[word].append(number)
        return {
            (one, other)
            for numbers in lists.values()
            for place, one in enumerate(numbers)
            for other in numbers[place + 1 : place + 1 + NEIGHBOURS]
        }

    def _join(self, one: int, other: int) -> None:
        first, second = self._owner[one], self._owner[other]
        if first is second or self._kept_apart(first, second):
            return
        if all(self._agree(a, b) for a in first.senses.values() for b in second.senses.values()):
            self._merge(first, second)

    def _merge(self, first: _Cluster, second: _Cluster) -> None:
        first.take(second)
        for number in second.strands:
            self._owner[number] = first

    def _kept_apart(self, one: _Cluster, other: _Cluster) -> bool:
        if not self._apart:
            return False
        return any(not other.prints.isdisjoint(self._apart[mark]) for mark in one.prints if mark in self._apart)

    def _agree(self, one: Sense, other: Sense) -> bool:
        """Whether nothing tells the two apart: side, judgement, direction, or matters that exclude each other."""
        if _apart_on_an_axis(one, other) or self._lexicon.opposed(one.matters, other.matters):
            return False
        topic = self._lexicon.topic_by_id.get(one.main)
        if self._kind not in JUDGED or (topic is not None and not topic.judged):
            return True
        against = self._lexicon.opposed(one.judgements, other.judgements)
        if against or (one.good != other.good and one.bad != other.bad):
            return False
        specific = [
            {name for name in sense.judgements if not self._lexicon.judgement_by_id[name].general}
            for sense in (one, other)
        ]
        return not (specific[0] and specific[1]) or not specific[0].isdisjoint(specific[1])

    # showing

    def _group(self, cluster: _Cluster) -> Group | None:
        strands = [self._strands[number] for number in sorted(cluster.strands)]
        if len({point.unit for strand in strands for point in strand.points}) < SEVERAL:
            return None
        members = self._one_of_each_unit(strands, cluster) if not cluster.decided else _all_of(strands)
        units = len({point.unit for point, _ in members})
        if units < SEVERAL or (strands[0].figures and not cluster.decided):
            return None
        members.sort(key=lambda member: (member[0].unit, said(member[0].text), member[0].id))
        points = tuple(point for point, _ in members)
        return Group(
            id=_group_id(self._kind, points),
            kind=self._kind,
            members=points,
            best=_best(members),
            why=_why([strand for _, strand in members], decided=cluster.decided),
            units=units,
        )

    @staticmethod
    def _one_of_each_unit(strands: list[_Strand], cluster: _Cluster) -> list[tuple[Point, _Strand]]:
        """The members, without a unit's second point on the matter unless it is the same point in like words."""
        by_unit: dict[str, list[tuple[Point, _Strand]]] = defaultdict(list)
        for point, strand in _all_of(strands):
            by_unit[point.unit].append((point, strand))
        members = []
        for own in by_unit.values():
            first = max(own, key=lambda member: _common(member[1].vector, cluster.sum))
            members += [
                member for member in own if member is first or _common(member[1].vector, first[1].vector) >= TWICE
            ]
        return members


def _is_its_figures(kind: Kind, point: Point) -> bool:
    """Whether a point is the figures it gives: a result that counts, a praise that counts whom it was given to."""
    if kind is Kind.COMMENDATION:
        return bool(_RECIPIENTS.search(point.text))
    return kind is Kind.RESULT and point.has_figures


def _without_digits(text: str) -> str:
    return " ".join(word for word in text.split() if not word.isdigit())


def _apart_on_an_axis(one: Sense, other: Sense) -> bool:
    if not one.aspects or not other.aspects:
        return False
    axes = {axis for axis, _ in one.aspects} & {axis for axis, _ in other.aspects}
    return any(_on(axis, one).isdisjoint(_on(axis, other)) for axis in axes)


def _on(axis: str, sense: Sense) -> set[str]:
    return {name for own, name in sense.aspects if own == axis}


def _rarity(senses: Iterable[Sense]) -> dict[str, float]:
    """How much a word or two words in a row tell: the rarer the more."""
    seen: Counter[str] = Counter()
    count = 0
    for sense in senses:
        count += 1
        seen.update(set(_features(sense.words)))
    return {
        word: (1 + math.log((count + 1) / (often + 1))) * (COUPLE if " " in word else 1) for word, often in seen.items()
    }


def _features(words: tuple[str, ...]) -> Iterator[str]:
    yield from words
    for first, second in pairwise(words):
        yield f"{first} {second}"


def _vector(words: tuple[str, ...], rarity: Mapping[str, float]) -> dict[str, float]:
    """The words and couples of words with their weights, of length 1."""
    return _of_length_1({word: rarity[word] for word in _features(words)})


def _typical(strands: Iterable[_Strand]) -> dict[str, float]:
    """The words of all the sentences with the weight each has among them, of length 1."""
    whole: dict[str, float] = defaultdict(float)
    for strand in strands:
        for word, weight in strand.vector.items():
            whole[word] += weight
    return _of_length_1(whole)


def _of_length_1(weights: Mapping[str, float]) -> dict[str, float]:
    length = math.sqrt(_common(weights, weights)) or 1.0
    return {word: weight / length for word, weight in weights.items()}


def _common(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """What two weighings of words have in common; of weighings of length 1, from 0 (nothing) to 1 (all)."""
    if len(one) > len(other):
        one, other = other, one
    return sum([weight * other[word] for word, weight in one.items() if word in other])


def _all_of(strands: list[_Strand]) -> list[tuple[Point, _Strand]]:
    return [(point, strand) for strand in strands for point in strand.points]


def _group_id(kind: Kind, points: Sequence[Point]) -> str:
    who_said = sorted(f"{point.unit}\n{fingerprint(point.text)}" for point in points)
    return "g" + hashlib.sha256("\n".join((kind, *who_said)).encode()).hexdigest()[:16]


def _best(members: Sequence[tuple[Point, _Strand]]) -> int:
    """The most typical sentence: close to all, of a middle length, whole in itself, without a name or a figure."""
    whole = _typical(strand for _, strand in members)
    lengths = sorted(len(point.text) for point, _ in members)
    middle = lengths[len(lengths) // 2]
    edges = {lengths[0], lengths[-1]} - {middle}

    def rank(index: int) -> tuple[bool, bool, float, int, str]:
        point, strand = members[index]
        particular = bool(_FIGURE.search(point.text) or _NAME.search(point.text))
        fragment = not point.text[:1].isupper() or bool(_LEANS.match(point.text))
        typical = _common(strand.vector, whole) - 0.1 * (len(point.text) in edges)
        return particular, fragment, -typical, abs(len(point.text) - middle), point.text

    return min(range(len(members)), key=rank)


def _why(strands: Sequence[_Strand], *, decided: bool) -> Why:
    first = strands[0].sense
    topics, judgements, aspects = set(first.matters | first.fields), set(first.judgements), set(first.aspects)
    for strand in strands[1:]:
        topics &= strand.sense.matters | strand.sense.fields
        judgements &= strand.sense.judgements
        aspects &= strand.sense.aspects
    whole = _typical(strands)
    likeness = sum(_common(strand.vector, whole) for strand in strands) / len(strands)
    return Why(
        topics=tuple(sorted(topics)),
        aspects=tuple(sorted(name for _, name in aspects)),
        judgements=tuple(sorted(judgements)),
        likeness=round(likeness, 3),
        decided=decided,
    )
