"""Which cell of a form a number of a text belongs to. It proposes; a person decides.

A cell is found by three things together: the measure must fit, words near the number must be a wording of the
indicator, and parts must stand under their whole. Words that name a matter outweigh words that only tell an act, and
outweigh a measure however exact. What the text only plans, compares with or estimates never fills a cell by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from loom import Kind, Qualifier, Quantity, Reading, Role, Span
from nennep.intake.rules.states import Certainty
from nennep.intake.rules.wording import AKIN, ALIKE, EXACT, UNFIT, bare, folded, measure_fit, telling

#: Between the parts of a wording that may stand apart: `tuần tra … song phương`. At its beginning it says that the
#: wording counts only for a part that stands under its whole: `… bắt giữ`.
GAP = "…"
#: How near words stand to the number, and what they then weigh.
NEAR, UNDER_WHOLE, CLAUSE_BEFORE, HEADING, SENTENCE_BEFORE, CLAUSE_AFTER = 1.0, 0.75, 0.5, 0.45, 0.35, 0.25
FAR_HEADING = 0.25
#: What a syllable of a wording is worth; a wording of one field of work alone; a measure of one or few fields alone.
SYLLABLE, OWN_WORDING, OWN_MEASURE, RARE_MEASURE = 0.5, 0.5, 0.8, 0.4
#: More syllables than these in one part of a wording say no more.
MOST_SYLLABLES = 4
FEW_FIELDS = 3
#: What the unit itself taught weighs more than any wording of the pack.
TAUGHT = 3.0
#: A part under its whole; two that are told as a pair of one field; a part of which no whole is told; the same cell
#: twice.
PART, PAIR, NO_WHOLE, SAME_CELL = 1.5, 1.0, -0.25, -3.0
#: What an act alone (`phát hiện, bắt giữ`) loses where the same words name the matter of another cell.
NAMED_ELSEWHERE = 2.5
#: Words that tell what was done about a matter, and words for whom or what was counted: neither names the matter.
_ACTS = frozenset(
    telling(
        "phát hiện bắt giữ xử lý ngăn chặn đấu tranh chủ trì phối hợp tự đơn vị triệt phá khám tiếp nhận bàn giao"
    ).split()
)
_COUNTED = frozenset(
    telling("vụ việc án đối tượng người công dân trường hợp tên vi phạm tội pháp luật phòng chống loại nhiều").split()
)
_CAUGHT, _CAUGHT_SHORT = telling("bắt giữ"), telling("bắt")
_FITS: Mapping[int, float] = {EXACT: 1.0, ALIKE: 0.7, AKIN: 0.0}
#: Below the first nothing is proposed; sure is only what reaches the second and leads by the third.
LEAST, ENOUGH, LEAD = 1.6, 2.4, 0.75
#: Of two figures for one cell the stronger stays sure where it is said this much better (in points of confidence).
FAR_BETTER = 25
MOST_OTHERS = 4
_SCALES: Mapping[tuple[str, str], Decimal] = {
    ("g", "kg"): Decimal("0.001"),
    ("gam", "kg"): Decimal("0.001"),
    ("gram", "kg"): Decimal("0.001"),
    ("yến", "kg"): Decimal(10),
    ("tạ", "kg"): Decimal(100),
    ("tấn", "kg"): Decimal(1000),
    ("m", "km"): Decimal("0.001"),
    ("mét", "km"): Decimal("0.001"),
}


class Reason(StrEnum):
    """Why a proposal is not sure, or why a number has no cell."""

    NO_CELL = "no_cell"
    NOT_ON_FORM = "not_on_form"
    SEVERAL_CELLS = "several_cells"
    SEVERAL_READINGS = "several_readings"
    WEAK_WORDS = "weak_words"
    MEASURE_DIFFERS = "measure_differs"
    CONVERTED = "converted"
    NOT_EXACT = "not_exact"
    TOO_PRECISE = "too_precise"
    CUMULATIVE = "cumulative"
    BACKGROUND = "background"
    NOT_A_RESULT = "not_a_result"
    SHORTCOMING = "shortcoming"
    DENIED = "denied"
    TWICE = "twice"
    SAID_BEFORE = "said_before"
    TAUGHT = "taught"


@dataclass(frozen=True)
class Target:
    """A cell that may be filled: its indicator as the form knows it, its wordings, and those its unit taught."""

    code: str
    name: str
    measure: str
    wordings: tuple[str, ...] = ()
    taught: tuple[str, ...] = ()
    part_of: str = ""
    decimals: int = 0
    is_computed: bool = False
    is_stock: bool = False
    #: What another form asks for is known too, so that its figures are not taken for those of this one.
    is_on_form: bool = True


@dataclass(frozen=True)
class Match:
    """Where a number of the text belongs: `code` is empty where no cell was found. `confidence` is 0 to 100."""

    quantity: int
    code: str
    value: Decimal | None
    readings: tuple[Decimal, ...]
    others: tuple[str, ...]
    certainty: Certainty
    confidence: int
    reasons: tuple[Reason, ...] = ()


def match(reading: Reading, targets: Sequence[Target]) -> list[Match]:
    """One match for each quantity of the reading, in its order. The same reading and form give the same matches."""
    known = _known([target for target in targets if not target.is_computed])
    quantities = reading.quantities
    around = [_surroundings(reading, index) for index in range(len(quantities))]
    hinted = [_hints(quantity, around[index], known) for index, quantity in enumerate(quantities)]
    best: dict[int, _Scored] = {}
    found: dict[int, Match] = {}
    for index in sorted(range(len(quantities)), key=lambda index: (_depth(quantities, index), index)):
        quantity = quantities[index]
        pair: list[_Scored] = []
        if quantity.paired_with is not None:
            over = quantities[quantity.paired_with].part_of
            pair = _scored(hinted[quantity.paired_with], best.get(over) if over is not None else None, [])
        whole = best.get(quantity.part_of) if quantity.part_of is not None else None
        scored = _scored(hinted[index], whole, pair)
        if scored:
            best[index] = scored[0]
        found[index] = _judged(reading, index, scored, hinted[index], around[index])
    return _settled([found[index] for index in range(len(quantities))])


def _depth(quantities: Sequence[Quantity], index: int) -> int:
    """How many wholes stand over a number."""
    depth, seen, over = 0, {index}, quantities[index].part_of
    while over is not None and over not in seen:
        seen.add(over)
        depth, over = depth + 1, quantities[over].part_of
    return depth


# --- what is known of the cells -----------------------------------------------------------------------


@dataclass(frozen=True)
class _Wording:
    """The parts of a wording as telling words, and what it is worth where all of them stand near."""

    parts: tuple[str, ...]
    only_under_whole: bool
    bonus: float

    @property
    def is_act(self) -> bool:
        """Whether it tells an act alone, or an offence at large, and so names no field of work."""
        return all(word in _ACTS or word in _COUNTED for part in self.parts for word in part.split())


@dataclass(frozen=True)
class _Known:
    """A target, its wordings, and how telling its measure is."""

    target: Target
    wordings: tuple[_Wording, ...]
    taught: tuple[_Wording, ...]
    measure_bonus: float
    #: The acts by which its figures, or those of its whole or its parts, come about; empty where none are known.
    acts: frozenset[str] = frozenset()


def _known(targets: Sequence[Target]) -> list[_Known]:
    fields_of_wording: dict[tuple[str, ...], set[str]] = defaultdict(set)
    fields_of_measure: dict[str, set[str]] = defaultdict(set)
    said = {target.code: (*target.wordings, _of_name(target.name)) for target in targets}
    for target in targets:
        fields_of_measure[folded(target.measure)].add(_field(target.code))
        for wording in said[target.code]:
            fields_of_wording[_parts(wording)].add(_field(target.code))

    def worth(wording: str) -> float:
        return OWN_WORDING if len(fields_of_wording[_parts(wording)]) == 1 else 0.0

    wordings = {code: _wordings((one, worth(one)) for one in said[code]) for code in said}
    acts: dict[str, set[str]] = defaultdict(set)
    for target in targets:
        acts[target.part_of or target.code] |= {
            part for one in wordings[target.code] if one.is_act for part in one.parts if set(part.split()) & _ACTS
        }
    return [
        _Known(
            target,
            wordings[target.code],
            _wordings((wording, TAUGHT) for wording in target.taught),
            _measure_bonus(len(fields_of_measure[folded(target.measure)])),
            frozenset(acts[target.part_of or target.code]),
        )
        for target in targets
    ]


def _wordings(weighed: Iterable[tuple[str, float]]) -> tuple[_Wording, ...]:
    return tuple(
        _Wording(parts, wording.startswith(GAP), bonus) for wording, bonus in weighed if (parts := _parts(wording))
    )


def _measure_bonus(fields: int) -> float:
    if fields == 1:
        return OWN_MEASURE
    return RARE_MEASURE if fields <= FEW_FIELDS else 0.0


def _of_name(name: str) -> str:
    """The wording that a name itself gives, without what only names the measure.

    What a part is called (`Trong đó: đơn vị phát hiện, bắt giữ`) says something under its whole alone.
    """
    bare = name.split(": số ", maxsplit=1)[0].split(", số ", maxsplit=1)[0].split("(", maxsplit=1)[0]
    return f"{GAP} {bare.removeprefix(_OF_WHICH)}" if bare.startswith(_OF_WHICH) else bare


_OF_WHICH = "Trong đó:"


def _parts(wording: str) -> tuple[str, ...]:
    return tuple(words for part in wording.split(GAP) if (words := telling(part)))


def _field(code: str) -> str:
    return code.partition(".")[0]


# --- one number -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Hint:
    """What measure and words alone say for a cell.

    `words` and `act` are what the best wording is worth that names a matter, and that tells an act alone; `as_part`
    and `act_as_part` where the cell stands under its whole. `act_nearness` and `nearness` tell where the nearest act
    and the nearest name stand; `name` holds the words of that name.
    """

    known: _Known
    fit: int
    measure: float
    words: float
    act: float
    as_part: float
    act_as_part: float
    taught: float
    act_nearness: float
    nearness: float
    name: tuple[str, ...]

    @property
    def target(self) -> Target:
        return self.known.target


@dataclass(frozen=True)
class _Scored:
    hint: _Hint
    score: float
    is_part: bool

    @property
    def target(self) -> Target:
        return self.hint.target

    @property
    def fit(self) -> int:
        return self.hint.fit

    @property
    def taught(self) -> bool:
        return self.hint.taught > 0


def _hints(quantity: Quantity, around: _Surroundings, known: Sequence[_Known]) -> list[_Hint]:
    """The cells whose measure fits and of which a wording stands about the number."""
    found = [hint for one in known if (hint := _hint(quantity, around, one)) is not None]
    return [_outweighed(hint, found) for hint in found]


def _hint(quantity: Quantity, around: _Surroundings, one: _Known) -> _Hint | None:
    fit = _fit(quantity, one.target)
    if fit == UNFIT:
        return None
    weighed = [(points, wording) for wording in one.wordings if (points := _worth(wording, around))]
    taught = [(points, wording) for wording in one.taught if (points := _worth(wording, around))]
    if not weighed and not taught:
        return None
    names = [
        (_nearness(wording, around), len("".join(wording.parts)), wording.parts)
        for _points, wording in (*weighed, *taught)
        if not wording.is_act
    ]
    nearness, _length, name = max(names, default=(0.0, 0, ()))
    return _Hint(
        known=one,
        fit=fit,
        measure=_FITS[fit] + (one.measure_bonus if fit == EXACT else 0.0),
        words=_most(points for points, wording in weighed if not (wording.is_act or wording.only_under_whole)),
        act=_most(points for points, wording in weighed if wording.is_act and not wording.only_under_whole),
        as_part=_most(points for points, wording in weighed if not wording.is_act),
        act_as_part=_most(points for points, wording in weighed if wording.is_act),
        taught=_most(points for points, _wording in taught),
        act_nearness=_most(_nearness(wording, around) for _points, wording in weighed if wording.is_act),
        nearness=nearness,
        name=name,
    )


def _most(worth: Iterable[float]) -> float:
    return max(worth, default=0.0)


def _outweighed(hint: _Hint, others: Sequence[_Hint]) -> _Hint:
    """A hint whose act alone is worth less, where the words name the matter of another cell as near or nearer."""
    elsewhere = _most(other.nearness for other in others if _is_rival(other, hint))
    if not hint.act_nearness or elsewhere < hint.act_nearness:
        return hint
    return replace(
        hint,
        act=max(0.0, hint.act - NAMED_ELSEWHERE),
        act_as_part=max(0.0, hint.act_as_part - NAMED_ELSEWHERE),
    )


def _is_rival(other: _Hint, hint: _Hint) -> bool:
    """Whether the words name another cell. A whole is no rival of its part, nor are words that the own name holds."""
    if not other.nearness or other.target.code in {hint.target.code, hint.target.part_of}:
        return False
    return not all(any(part in own for own in hint.name) for part in other.name)


def _scored(hints: Sequence[_Hint], whole: _Scored | None, pair: Sequence[_Scored]) -> list[_Scored]:
    """The cells that a number may belong to, the likeliest first. `pair` are those of the number it is paired with."""
    found = []
    for hint in hints:
        is_part = whole is not None and hint.target.part_of == whole.target.code
        said = max(hint.as_part, hint.act_as_part) if is_part else max(hint.words, hint.act)
        said = max(said, hint.taught)
        score = said + hint.measure + _standing(hint.target, whole) + _support(hint.target, pair)
        if said and score >= LEAST:
            found.append(_Scored(hint, score, is_part))
    return sorted(found, key=lambda scored: (-scored.score, scored.target.code))


def _worth(wording: _Wording, around: _Surroundings) -> float:
    """What a wording is worth here: every part must stand somewhere; longer wordings and nearer words weigh more."""
    worth, least = 0.0, NEAR
    for part in wording.parts:
        weight = around.weight(part)
        if not weight:
            return 0.0
        worth += weight * SYLLABLE * min(part.count(" ") - 1, MOST_SYLLABLES)
        least = min(least, weight)
    return worth + wording.bonus * least


def _nearness(wording: _Wording, around: _Surroundings) -> float:
    """How near the farthest part of a wording stands."""
    return min(around.weight(part) for part in wording.parts)


def _standing(target: Target, whole: _Scored | None) -> float:
    """What the structure of the text says: a part stands under its whole."""
    if whole is None:
        return NO_WHOLE if target.part_of else 0.0
    return SAME_CELL if target.code == whole.target.code else PART if target.part_of == whole.target.code else 0.0


def _support(target: Target, pair: Sequence[_Scored]) -> float:
    """What the other number of a pair says for a cell: both go into one field, the one that both together fit best."""
    if not pair:
        return 0.0
    if target.code == pair[0].target.code:
        return SAME_CELL
    alike = max((one.score for one in pair if _alike(target, one.target)), default=0.0)
    return max(0.0, PAIR - (pair[0].score - alike))


def _alike(target: Target, pair: Target) -> bool:
    """Whether two cells are told as a pair: the same thing in two measures, of the same rank under its whole."""
    shared = set(target.wordings) & set(pair.wordings)
    return bool(shared) and bool(target.part_of) == bool(pair.part_of)


def _fit(quantity: Quantity, target: Target) -> int:
    return EXACT if _scale(quantity.measure, target) is not None else measure_fit(quantity.measure, target.measure)


def _scale(measure: str, target: Target) -> Decimal | None:
    return _SCALES.get((folded(measure), folded(target.measure)))


# --- the words around it ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Surroundings:
    """The words about a number, by how near they stand."""

    layers: tuple[tuple[float, str], ...]
    #: What stands before the number, among the words that speak of it.
    before: str = ""

    @cached_property
    def everything(self) -> str:
        return "|".join(words for _, words in self.layers)

    def weight(self, phrase: str) -> float:
        """What the nearest place of a phrase weighs, 0 where it stands nowhere."""
        if phrase not in self.everything:
            return 0.0
        return max((weight for weight, words in self.layers if phrase in words), default=0.0)


def _surroundings(reading: Reading, index: int) -> _Surroundings:
    quantity, text = reading.quantities[index], reading.text
    span = quantity.span
    sentence = _sentence(reading, quantity)
    clause_start = _after_last(text, sentence.start, span.start, _STOPS)
    clause_end = _before_first(text, span.end, sentence.end, _STOPS)
    near = _near(reading, index, sentence)
    layers = [
        (NEAR, telling(text[near.start : near.end])),
        # What is counted may stand on both sides of its number: `phát quang 12,5 km đường biên`.
        (NEAR, telling(f"{text[near.start : span.start]} {text[span.end : near.end]}")),
        (NEAR, telling(f"{quantity.of} {quantity.quote}")),
        (CLAUSE_BEFORE, telling(text[clause_start : span.start])),
        (SENTENCE_BEFORE, telling(text[sentence.start : span.start])),
        (CLAUSE_AFTER, telling(text[span.start : clause_end])),
    ]
    if quantity.part_of is not None:
        over = reading.quantities[quantity.part_of]
        about = _near(reading, quantity.part_of, _sentence(reading, over))
        layers.append((UNDER_WHOLE, telling(f"{over.of} {text[about.start : about.end]}")))
    if quantity.statement is not None:
        path = reversed(reading.statements[quantity.statement].path)
        layers += [
            (FAR_HEADING if place else HEADING, telling(reading.headings[heading].text))
            for place, heading in enumerate(path)
        ]
    pair = reading.quantities[quantity.paired_with].span if quantity.paired_with is not None else span
    return _Surroundings(tuple(layers), telling(text[near.start : min(span.start, pair.start)]))


#: Where one clause ends, and where the words between two numbers part: the last such sign or word decides.
_STOPS = ("; ", ". ", ";\n", "\n")
_BREAKS = (*_STOPS, ", ", " và ", " (", ") ", ": ", " trong đó", " Trong đó")


def _sentence(reading: Reading, quantity: Quantity) -> Span:
    """The statement that a number stands in, or its line where it stands in none."""
    if quantity.statement is not None:
        return reading.statements[quantity.statement].span
    end = reading.text.find("\n", quantity.span.end)
    return Span(reading.text.rfind("\n", 0, quantity.span.start) + 1, end if end >= 0 else len(reading.text))


def _near(reading: Reading, index: int, sentence: Span) -> Span:
    """The words that speak of one number, between the one before it and the next; a pair shares its words."""
    quantities, text = reading.quantities, reading.text
    quantity = quantities[index]
    pair = quantities[quantity.paired_with].span if quantity.paired_with is not None else quantity.span
    start, end = min(quantity.span.start, pair.start), max(quantity.span.end, pair.end)
    others = [one.span for one in quantities if one.span not in {quantity.span, pair}]
    before = max((span.end for span in others if sentence.start < span.end <= start), default=None)
    after = min((span.start for span in others if end <= span.start < sentence.end), default=None)
    low = sentence.start if before is None else _after_last(text, before, start, _BREAKS)
    high = sentence.end if after is None else _before_last(text, end, after)
    return Span(_after_last(text, low, start, _STOPS), _before_first(text, end, high, _STOPS))


def _after_last(text: str, low: int, high: int, signs: Sequence[str]) -> int:
    """Where what follows the last of these signs begins; `low` where there is none."""
    return max((at + len(sign) for sign in signs if (at := text.rfind(sign, low, high)) >= 0), default=low)


def _before_first(text: str, low: int, high: int, signs: Sequence[str]) -> int:
    return min((at for sign in signs if (at := text.find(sign, low, high)) >= 0), default=high)


def _before_last(text: str, low: int, high: int) -> int:
    """Where the words after a number end, when another number follows: before the last break between them."""
    return max((at for sign in _BREAKS if (at := text.rfind(sign, low, high)) >= 0), default=high)


# --- how sure -------------------------------------------------------------------------------------------


def _judged(
    reading: Reading, index: int, scored: Sequence[_Scored], hints: Sequence[_Hint], around: _Surroundings
) -> Match:
    quantity = reading.quantities[index]
    bare = Match(index, "", quantity.value, quantity.readings, (), Certainty.UNPLACED, 0)
    kind = reading.statements[quantity.statement].kind if quantity.statement is not None else Kind.RESULT
    if quantity.role not in _MAY_BE_BOOKED or kind in _ABOUT_WHAT_COMES:
        return replace(bare, reasons=(Reason.NOT_A_RESULT,))
    if quantity.range_with is not None:
        return replace(bare, reasons=(Reason.NOT_EXACT,))
    if not scored:
        return replace(bare, reasons=(Reason.NO_CELL,))
    likely = tuple(one.target.code for one in scored if one.target.is_on_form)
    if not scored[0].target.is_on_form:
        return replace(bare, others=likely[:MOST_OTHERS], reasons=(Reason.NOT_ON_FORM,))
    best, second = scored[0], scored[1].score if len(scored) > 1 else 0.0
    scale = _scale(quantity.measure, best.target) or Decimal(1)
    value = None if quantity.value is None else quantity.value * scale
    reasons = [
        *_of_the_words(scored, hints, quantity, around),
        *([Reason.CONVERTED] if scale != 1 else []),
        *([Reason.SHORTCOMING] if kind not in {Kind.RESULT, Kind.COMMENDATION} else []),
        *([Reason.DENIED] if _is_denied(reading, index) else []),
        *_of_the_number(quantity, value, best.target),
    ]
    return replace(
        bare,
        code=best.target.code,
        value=value,
        readings=tuple(one * scale for one in quantity.readings),
        others=likely[1 : 1 + MOST_OTHERS],
        certainty=Certainty.DOUBTFUL if set(reasons) - _NO_DOUBT else Certainty.SURE,
        confidence=_confidence(best.score, second),
        reasons=tuple(reasons),
    )


_MAY_BE_BOOKED = frozenset({Role.RESULT, Role.CUMULATIVE, Role.BACKGROUND, Role.BASELINE})
_ABOUT_WHAT_COMES = frozenset({Kind.TASK, Kind.PROPOSAL})
_NO_DOUBT = frozenset({Reason.TAUGHT, Reason.CONVERTED})
_DENIALS = (" chưa ", " không ", " mất ", " còn lại ")


def _of_the_words(
    scored: Sequence[_Scored], hints: Sequence[_Hint], quantity: Quantity, around: _Surroundings
) -> list[Reason]:
    """What the words leave open."""
    best = scored[0]
    second = max((one.score for one in scored[1:] if not _is_its_whole(one, best)), default=0.0)
    reasons = [Reason.TAUGHT] if best.taught else []
    if best.score - second < LEAD or (not best.taught and any(_is_as_near(one, best) for one in hints)):
        reasons.append(Reason.SEVERAL_CELLS)
    if best.score < ENOUGH or not (best.taught or _is_told(best, quantity, around)):
        reasons.append(Reason.WEAK_WORDS)
    if best.fit == AKIN:
        reasons.append(Reason.MEASURE_DIFFERS)
    return reasons


def _is_its_whole(other: _Scored, best: _Scored) -> bool:
    """Whether the words name the part, and the whole only within them: `tuần tra trên biển`."""
    names = best.hint.name, other.hint.name
    return other.target.code == best.target.part_of and all(any(part in own for own in names[0]) for part in names[1])


def _is_as_near(other: _Hint, best: _Scored) -> bool:
    """Whether the words name another cell as near as the best one, or nearer; an act alone is farther than any name,
    and even a heading may name what was caught.
    """
    if not _is_rival(other, best.hint) or (best.is_part and other.target.part_of != best.target.part_of):
        return False
    return other.nearness >= (best.hint.nearness or SENTENCE_BEFORE)


def _is_told(best: _Scored, quantity: Quantity, around: _Surroundings) -> bool:
    """Whether what is counted comes about by the acts of the cell: who is watched or questioned was not caught.

    An act alone tells a cell only where nothing else is named that was counted. A name alone tells it as the label of
    its number: `Buôn lậu: 3 vụ`.
    """
    if not best.hint.known.acts or best.is_part:
        return True
    if not best.hint.nearness:
        return all(word in _ACTS or word in _COUNTED for word in telling(quantity.of).split())
    own = {word for part in best.hint.name for word in part.split()}
    acts = best.hint.known.acts | ({_CAUGHT_SHORT} if _CAUGHT in best.hint.known.acts else set())
    return any(act in around.before for act in acts) or set(around.before.split()) <= own


def _is_denied(reading: Reading, index: int) -> bool:
    """Whether the words about a number deny something: `27 tàu cá chưa lắp thiết bị`. Those are not counted there."""
    near = _near(reading, index, _sentence(reading, reading.quantities[index]))
    words = telling(reading.text[near.start : near.end])
    return any(denial in words for denial in _DENIALS)


def _of_the_number(quantity: Quantity, value: Decimal | None, target: Target) -> list[Reason]:
    """What the number itself leaves open."""
    reasons = []
    if value is None:
        reasons.append(Reason.SEVERAL_READINGS)
    elif _decimals(value) > target.decimals:
        reasons.append(Reason.TOO_PRECISE)
    if quantity.qualifier is not Qualifier.EXACT:
        reasons.append(Reason.NOT_EXACT)
    if quantity.role is Role.CUMULATIVE and not target.is_stock:
        reasons.append(Reason.CUMULATIVE)
    if quantity.role in {Role.BACKGROUND, Role.BASELINE}:
        reasons.append(Reason.BACKGROUND)
    return reasons


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _confidence(best: float, second: float) -> int:
    """0 to 100: how much was said for the cell, and how far it leads. For ordering and for words, not a probability."""
    said = min(1.0, best / (2 * ENOUGH))
    lead = min(1.0, max(0.0, best - second) / (2 * LEAD))
    return round(100 * (0.6 * said + 0.4 * lead))


def _settled(found: list[Match]) -> list[Match]:
    """No cell is filled twice: of equal figures the first stands, of different ones none is sure."""
    claims: dict[str, list[Match]] = defaultdict(list)
    for one in found:
        if one.code:
            claims[one.code].append(one)
    return [_beside(one, claims.get(one.code, [])) for one in found]


def _beside(one: Match, rivals: Sequence[Match]) -> Match:
    """A match, judged beside the others that would fill the same cell."""
    others = [rival for rival in rivals if rival is not one]
    if not others:
        return one
    if all(rival.value == one.value for rival in others):
        return (
            one
            if one is rivals[0]
            else replace(one, certainty=Certainty.DOUBTFUL, reasons=(*one.reasons, Reason.SAID_BEFORE))
        )
    lead = one.confidence - max(rival.confidence for rival in others)
    if one.certainty is Certainty.SURE and lead >= FAR_BETTER:
        return one
    return replace(one, certainty=Certainty.DOUBTFUL, reasons=(*one.reasons, Reason.TWICE))


# --- what may be learnt -----------------------------------------------------------------------------------

#: A wording of one word, or longer than this, would mean too much or never come again.
FEWEST_WORDS, MOST_WORDS = 2, 8


def wording_about(reading: Reading, index: int) -> str:
    """The words by which a number could be known again: what it counts, else what stands before it; empty where they
    are too few.
    """
    quantity = reading.quantities[index]
    near = _near(reading, index, _sentence(reading, quantity))
    pair = reading.quantities[quantity.paired_with] if quantity.paired_with is not None else quantity
    before = reading.text[near.start : min(quantity.span.start, pair.span.start)]
    for words in (bare(quantity.of).split(), bare(before).split()[-MOST_WORDS:]):
        if FEWEST_WORDS <= len(words) <= MOST_WORDS:
            return " ".join(words)
    return ""
