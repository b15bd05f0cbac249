"""The sums, shares and parts that a text states, and whether they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from loom._measures import Sort, measure_at, sort_of
from loom._phrases import Phrases
from loom._portions import ALL_PARTS, SOME_PARTS, same_name
from loom._reading import Arithmetic, Qualifier, Quantity, Role, Rule
from loom._text import fold
from loom._tokens import Tokens

_HUNDRED = Decimal(100)
_HALF, _MOST = Decimal("0.5"), Decimal("0.75")
_CHANGES = {Role.CHANGE_UP, Role.CHANGE_DOWN}
_LEFT = Phrases.listed("còn lại | số còn lại")
_OPPOSITES = tuple(
    (frozenset(fold(one).split()), frozenset(fold(other).split()))
    for one, other in (
        ("vào", "ra"),
        ("nhập", "xuất"),
        ("nam", "nữ"),
        ("chủ trì", "phối hợp"),
        ("đơn phương", "song phương"),
        ("đến", "đi"),
        ("bắt giữ", "tiếp nhận"),
        ("trong", "ngoài"),
        ("đạt", "không"),
        ("tập thể", "cá nhân"),
    )
)
_REACH = 6
_WITHIN = 160
_SHORT_WAY = 40
_AFTER = 3
_BEYOND = "vượt"
_PLAN = Phrases.listed("chỉ tiêu | kế hoạch | mục tiêu | nghị quyết | dự toán")
_BEHIND = ("(", "với", "tương ứng", "tức", "=", "là")


def find_arithmetic(text: str, quantities: Sequence[Quantity]) -> tuple[Arithmetic, ...]:
    """Every sum, share and part that `text` states about these quantities of it, and whether it holds.

    A percentage holds when it is what the numbers give, rounded or cut at the digits written; `hơn` and `gần` allow
    one step more on their side. Numbers without a value are not reckoned with.
    """
    found = [*_parts(text, quantities), *_percentages(text, quantities), *_means(text, quantities)]
    return tuple(sorted(set(found), key=lambda stated: (stated.items, stated.rule)))


# Parts and sums


def _parts(text: str, quantities: Sequence[Quantity]) -> Iterator[Arithmetic]:
    children: dict[int, list[int]] = {}
    for at, quantity in enumerate(quantities):
        if quantity.part_of is not None:
            children.setdefault(quantity.part_of, []).append(at)
    for total, parts in children.items():
        whole = quantities[total].value
        if whole is None:
            continue
        for part in parts:
            value = quantities[part].value
            if value is not None:
                yield Arithmetic(
                    Rule.PART_LE_WHOLE, (part, total), holds=value <= whole or _loose(quantities, part, total)
                )
        beside = [part for part in parts if not _aside(text, quantities, part)]
        summed = beside if len(beside) > 1 else parts
        if len(summed) > 1:
            yield from _sum(text, quantities, total, summed, _uneven(quantities, children, total, summed))


def _aside(text: str, quantities: Sequence[Quantity], part: int) -> bool:
    """`91 vụ (43 vụ vô chủ)`: told in brackets right behind its total, beside the parts that make it up."""
    before = text[quantities[part].span.start - 1 : quantities[part].span.start]
    return before == "(" and quantities[part].part_of == part - 1


def _loose(quantities: Sequence[Quantity], *items: int) -> bool:
    return any(quantities[at].qualifier is not Qualifier.EXACT for at in items)


def _uneven(quantities: Sequence[Quantity], children: dict[int, list[int]], total: int, parts: list[int]) -> bool:
    """Whether over lines some name a part of the total's mate and none of the total: those lines may be missing."""
    mate = quantities[total].paired_with
    over_lines = len({quantities[part].statement for part in parts}) > 1
    return over_lines and mate is not None and len(children.get(mate, ())) > len(parts)


def _sum(text: str, quantities: Sequence[Quantity], total: int, parts: list[int], uneven: bool) -> Iterator[Arithmetic]:
    whole = quantities[total].value
    values = [value for part in parts if (value := quantities[part].value) is not None]
    if whole is None or len(values) < len(parts):
        return
    holds = sum(values) == whole
    if holds or (not uneven and _complete(text, quantities, total, parts) and not _loose(quantities, total, *parts)):
        yield Arithmetic(Rule.SUM, (total, *parts), holds=holds)


def _complete(text: str, quantities: Sequence[Quantity], total: int, parts: list[int]) -> bool:
    """Whether the text names all parts: it lists them, tells the rest, they are opposites or exceed the total."""
    whole = quantities[total].value or Decimal(0)
    if sum(quantities[part].value or Decimal(0) for part in parts) > whole:
        return True
    if max(parts) < total:  # the rows above `Tổng cộng`
        return True
    words = Tokens.of(text[quantities[total].span.end : quantities[parts[0]].span.start])
    if ALL_PARTS.within(words, 0, len(words)):
        return True
    if not SOME_PARTS.within(words, 0, len(words)) and _is_list(text, quantities, total, parts):
        return True
    if any(_LEFT.within(words := _words_before(text, quantities, part), 0, len(words)) for part in parts):
        return True
    return len(parts) == 2 and _opposite(text, quantities, parts)  # noqa: PLR2004 - a pair


def _is_list(text: str, quantities: Sequence[Quantity], total: int, parts: list[int]) -> bool:
    """`38 vụ: A 11 vụ, B 27 vụ`, `38 vụ (A 11 vụ, B 27 vụ)`: a list behind a colon or in brackets, most of it told."""
    told = sum(quantities[part].value or Decimal(0) for part in parts)
    lead = text[quantities[total].span.end : max(quantities[parts[0]].span.start, quantities[total].span.end)]
    if ":" in lead:
        return told >= (quantities[total].value or Decimal(0)) * _HALF
    listed = text[quantities[parts[0]].span.start : quantities[parts[-1]].span.end]
    return (
        lead.count("(") > lead.count(")")
        and ")" not in listed
        and told >= (quantities[total].value or Decimal(0)) * _MOST
    )


def _opposite(text: str, quantities: Sequence[Quantity], parts: list[int]) -> bool:
    one, other = (frozenset(_words_before(text, quantities, part).words) for part in parts)
    return any((first <= one and second <= other) or (second <= one and first <= other) for first, second in _OPPOSITES)


def _words_before(text: str, quantities: Sequence[Quantity], at: int) -> Tokens:
    start = quantities[at - 1].span.end if at else 0
    end = max(quantities[at].span.end, start)
    return Tokens.of(text[max(start, end - _WITHIN) : end])


# Percentages


def _percentages(text: str, quantities: Sequence[Quantity]) -> Iterator[Arithmetic]:
    for at, quantity in enumerate(quantities):
        if quantity.measure != "%" or quantity.value is None:
            continue
        if quantity.role in _CHANGES:
            moved = _moved_by(quantities, at)
            yield from (_change if moved else _both_told)(text, quantities, at)
        elif quantity.role is Role.RESULT:
            yield from _of_plan(text, quantities, at) or _share(text, quantities, at)


def _change(text: str, quantities: Sequence[Quantity], percent: int) -> Iterator[Arithmetic]:
    """`938 lượt, tăng 41 lượt (4,6%)`; `giảm 13 vụ (27,1%) so với 48 vụ`."""
    change = percent - 1
    if not _near(text, quantities, change, percent):
        return
    moved = quantities[change]
    before = percent + 1
    if _is_previous(quantities, before, moved) and _near(text, quantities, percent, before):
        yield from _ratio(quantities, (change, before, percent), quantities[before].value)
        return
    for now in range(change - 1, max(change - 6, -1), -1):
        candidate = quantities[now]
        if (
            candidate.role in {Role.RESULT, Role.CUMULATIVE}
            and _like(candidate, moved)
            and _near(text, quantities, now, change)
        ):
            yield from _ratio(quantities, (change, now, percent), _earlier(candidate, moved))
            return
    before = change - 1
    if before >= 0 and _is_previous(quantities, before, moved) and _near(text, quantities, before, percent):
        yield from _ratio(quantities, (change, before, percent), quantities[before].value)


def _moved_by(quantities: Sequence[Quantity], percent: int) -> bool:
    """Whether the change itself is told before its percentage."""
    moved = quantities[percent - 1] if percent else None
    return moved is not None and moved.role in _CHANGES and moved.measure != "%"


def _both_told(text: str, quantities: Sequence[Quantity], percent: int) -> Iterator[Arithmetic]:
    """`24 vụ so với 20 vụ, tăng 20%`; `tăng 20% (từ 20 lên 24 vụ)`: now, before, and the percentage of the change."""
    around = range(max(percent - _REACH, 0), min(percent + _AFTER, len(quantities)))
    near = [at for at in around if at != percent and _near(text, quantities, min(at, percent), max(at, percent))]
    told = []
    for before in near:
        if quantities[before].role is not Role.PREVIOUS:
            continue
        alike = (at for at in near if _is_now(quantities[at]) and _like(quantities[at], quantities[before]))
        for now in sorted(alike, key=lambda at: (quantities[at].part_of is not None, abs(at - percent))):
            told += list(_growth(quantities, now, before, percent))
    yield from [stated for stated in told if stated.holds][:1] or told[:1]


def _is_now(quantity: Quantity) -> bool:
    return quantity.role in {Role.RESULT, Role.CUMULATIVE}


def _growth(quantities: Sequence[Quantity], now: int, before: int, percent: int) -> Iterator[Arithmetic]:
    latest, earlier, stated = quantities[now].value, quantities[before].value, quantities[percent]
    if latest is None or not earlier or stated.value is None:
        return
    grown = earlier - latest if stated.role is Role.CHANGE_DOWN else latest - earlier
    yield Arithmetic(Rule.RATIO, (now, before, percent), holds=agrees(grown * _HUNDRED / earlier, stated))


def _of_plan(text: str, quantities: Sequence[Quantity], percent: int) -> list[Arithmetic]:
    """`94 đảng viên, đạt 104,4% chỉ tiêu 90`: the result, what was planned, and the percentage; over 100 too."""
    beside = [percent + 1, *range(percent - 1, max(percent - _AFTER - 1, -1), -1)]
    for plan in beside:
        if plan >= len(quantities) or quantities[plan].role is not Role.TARGET or quantities[plan].measure == "%":
            continue
        for done in range(percent - 1, max(percent - _AFTER - 1, -1), -1):
            if not _near(text, quantities, min(done, plan), percent):
                break
            if _is_now(quantities[done]) and _of_a_kind(quantities[done], quantities[plan]):
                items = (done, plan, percent)
                beyond = _BEYOND in _words_before(text, quantities, percent).words
                return list((_growth if beyond else _planned)(quantities, *items))
    return []


def _planned(quantities: Sequence[Quantity], done: int, plan: int, percent: int) -> Iterator[Arithmetic]:
    yield from _ratio(quantities, (done, plan, percent), quantities[plan].value)


def _of_a_kind(one: Quantity, other: Quantity) -> bool:
    """Whether two measures can be held against each other: alike, or persons under two names."""
    sorts = {sort_of(one.measure), sort_of(other.measure)}
    return same_name(fold(one.measure), fold(other.measure)) or sorts == {Sort.PERSON}


def _is_previous(quantities: Sequence[Quantity], at: int, moved: Quantity) -> bool:
    return at < len(quantities) and quantities[at].role is Role.PREVIOUS and _like(quantities[at], moved)


def _earlier(now: Quantity, change: Quantity) -> Decimal | None:
    if now.value is None or change.value is None:
        return None
    return now.value - change.value if change.role is Role.CHANGE_UP else now.value + change.value


def _share(text: str, quantities: Sequence[Quantity], percent: int) -> Iterator[Arithmetic]:
    """`1.846/1.870 tàu cá (98,7%)`, `720 người, chiếm 53,5% số người`, `làm rõ 172 vụ, tỷ lệ hơn 83%`."""
    if _fraction_follows(text, quantities, percent):
        yield from _ratio(quantities, (percent + 1, percent + 2, percent), quantities[percent + 2].value)
        return
    if _tells_its_own(text, quantities, percent):
        return
    before, change = percent - 1, percent - 2
    if change >= 0 and quantities[change].role in _CHANGES and _is_previous(quantities, before, quantities[change]):
        if _near(text, quantities, change, percent):  # tăng 6 vụ so với 24 vụ, bằng 25%
            yield from _ratio(quantities, (change, before, percent), quantities[before].value)
        return
    for part in range(percent - 1, max(percent - 4, -1), -1):
        if not _near(text, quantities, part, percent):
            return
        whole = quantities[part].part_of
        if (
            whole is None
            and (mate := quantities[part].paired_with) == part + 1
            and _like(quantities[part], quantities[mate])
        ):
            whole = mate  # 25/20 đảng viên, đạt 125%
        if whole is None or quantities[part].measure == "%" or not _named(text, quantities, part, percent):
            continue
        told = _ratio(quantities, (part, whole, percent), quantities[whole].value)
        guessed = whole != part + 1 and _plan_follows(text, quantities, percent)
        yield from (stated for stated in told if stated.holds or not guessed)
        return


def _plan_follows(text: str, quantities: Sequence[Quantity], percent: int) -> bool:
    """`đạt 85% chỉ tiêu`: a percentage of what was planned, which may be another number than the whole told here."""
    end = quantities[percent].span.end
    words = Tokens.of(text[end : end + _SHORT_WAY])
    return _PLAN.within(words, 0, min(len(words), _AFTER))


def _fraction_follows(text: str, quantities: Sequence[Quantity], percent: int) -> bool:
    """`đạt 83% (172/183 vụ)`: the fraction stands in brackets behind its percentage."""
    part = percent + 1
    if part + 1 >= len(quantities) or quantities[part].part_of != part + 1:
        return False
    lead = text[quantities[percent].span.end : quantities[part].span.start].rstrip()
    return len(lead) <= _SHORT_WAY and lead.endswith(_BEHIND) and not any(sign in lead for sign in ",;.:")


def _tells_its_own(text: str, quantities: Sequence[Quantity], percent: int) -> bool:
    """Whether the percentage speaks of something new: `riêng án đặc biệt nghiêm trọng đạt 100%`."""
    start = quantities[percent - 1].span.end if percent else 0
    words = Tokens.of(text[start : quantities[percent].span.start])
    return ";" in words.words or "." in words.words or "riêng" in words.words


def _named(text: str, quantities: Sequence[Quantity], part: int, percent: int) -> bool:
    """`chiếm 53,5% số người` names what it is a share of; else the nearest part is meant, or its pair's first."""
    after = Tokens.of(text[quantities[percent].span.end : quantities[percent].span.end + _WITHIN // 4])
    mates = [part, quantities[part].paired_with]
    named = [at for at in mates if at is not None and _within_words(after, fold(quantities[at].measure).split())]
    if named:
        return part in named
    mate = quantities[part].paired_with
    before = mate is not None and mate < part and quantities[mate].part_of is not None
    return not before or (quantities[part].measure != quantities[part - 1].measure and not before)


def _within_words(tokens: Tokens, name: list[str]) -> bool:
    return any(tokens.matches(at, *name) for at in range(min(len(tokens), 3)))


def _near(text: str, quantities: Sequence[Quantity], one: int, other: int) -> bool:
    """Whether two quantities stand in one sentence, not far from each other."""
    first, second = quantities[one], quantities[other]
    between = text[first.span.end : second.span.start]
    if first.statement is None or first.statement != second.statement:  # else the line was only broken by the page
        between = between.replace("\n", ". ")
    return len(between) <= _WITHIN and ". " not in between


def _like(one: Quantity, other: Quantity) -> bool:
    return same_name(fold(one.measure), fold(other.measure))


def _ratio(
    quantities: Sequence[Quantity], items: tuple[int, int, int], denominator: Decimal | None
) -> Iterator[Arithmetic]:
    numerator, stated = quantities[items[0]].value, quantities[items[2]]
    if numerator is None or stated.value is None or not denominator or denominator < 0:
        return
    times = _HUNDRED if stated.measure == "%" else Decimal(1)
    yield Arithmetic(Rule.RATIO, items, holds=agrees(numerator * times / denominator, stated))


def agrees(computed: Decimal, stated: Quantity) -> bool:
    """Whether a number as written is this one: rounded either way, or cut, at the digits it is written with."""
    if stated.value is None:
        return False
    step = Decimal(1).scaleb(min(int(stated.value.as_tuple().exponent), 0))
    difference = computed - stated.value
    if stated.qualifier is Qualifier.OVER:
        return -step / 2 <= difference < step
    if stated.qualifier is Qualifier.UNDER:
        return -step < difference <= step / 2
    if stated.qualifier is Qualifier.ABOUT:
        return abs(difference) <= step
    return -step / 2 <= difference < step


# Means


def _means(text: str, quantities: Sequence[Quantity]) -> Iterator[Arithmetic]:
    """`6.159 lượt với 47.299 lượt cán bộ, bình quân 7,7 đồng chí/lượt`: one count divided by another."""
    for at, quantity in enumerate(quantities):
        if quantity.role is not Role.RATE:
            continue
        counted, _, per = (fold(name).strip() for name in quantity.measure.partition("/"))
        per = per or _each(text, quantities, at)
        if per:
            yield from _mean(text, quantities, at, counted, per)


def _each(text: str, quantities: Sequence[Quantity], at: int) -> str:
    """The measure in `bình quân mỗi buổi 45 người`, `mỗi suất 500.000 đồng`."""
    start = quantities[at - 1].span.end if at else 0
    words = Tokens.of(text[max(start, quantities[at].span.start - _SHORT_WAY) : quantities[at].span.start])
    each = next((n for n in range(len(words) - 1, -1, -1) if words.words[n] == "mỗi"), None)
    measure = measure_at(words, each + 1) if each is not None else None
    return fold(measure.name) if measure else ""


def _mean(text: str, quantities: Sequence[Quantity], at: int, counted: str, per: str) -> Iterator[Arithmetic]:
    """The mean that stands here, of the counts beside it; of others only where it is theirs to the digit."""
    beside = [n for n in range(at - 1, max(at - _REACH, -1), -1) if _near(text, quantities, n, at)]
    beside += [n for n in range(at + 1, min(at + _AFTER, len(quantities))) if _near(text, quantities, at, n)]
    exactly = (n for n in beside if _counts(quantities[n], per, exactly=True))
    roughly = (n for n in beside if _counts(quantities[n], per))
    denominator = next(exactly, next(roughly, None))
    numerator = next((n for n in beside if n != denominator and _counts_like(quantities[n], counted)), None)
    if denominator is None or numerator is None:
        return
    together = max(at, numerator, denominator) - min(at, numerator, denominator) == len("ab")
    for stated in _ratio(quantities, (numerator, denominator, at), quantities[denominator].value):
        if together or stated.holds:
            yield stated


def _counts(quantity: Quantity, name: str, *, exactly: bool = False) -> bool:
    measure = fold(quantity.measure)
    if exactly or quantity.role is not Role.RESULT:
        return quantity.role is Role.RESULT and measure == name
    return measure.startswith(f"{name} ") or name.startswith(f"{measure} ")


def _counts_like(quantity: Quantity, name: str) -> bool:
    """Whether it counts this: the same noun, or persons under another name (`đồng chí` for `lượt cán bộ, chiến sĩ`)."""
    if quantity.role is not Role.RESULT:
        return False
    return name in fold(quantity.measure) or (sort_of(name) is Sort.PERSON and sort_of(quantity.measure) is Sort.PERSON)
