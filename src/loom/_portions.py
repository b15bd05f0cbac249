"""Parts that no `trong đó` announces: listed after a colon, told as what is left, done or solved of a whole."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from loom._drafts import Draft, Layout
from loom._measures import Sort
from loom._phrases import Phrases, words_in
from loom._reading import Role
from loom._text import fold
from loom._tokens import Tokens

#: What opens the parts of a total. The first kind names all of them, the second some.
ALL_PARTS = Phrases.listed("""
            gồm | bao gồm | gồm có | gồm các | chia ra | phân ra | chia theo | chia thành | phân thành | phân
            theo | phân loại | cụ thể | cụ thể là | cụ thể như sau | trong đó gồm | including""")
SOME_PARTS = Phrases.listed(
    """
            trong đó | trong số này | trong số đó | trong số ấy | trong này | riêng trong đó | of which | kể
            cả | nổi bật | điển hình | đáng chú ý | nhất là"""
)
#: A noun that stands for whatever was counted before it, and the sorts it stands for, the likeliest first.
_STANDS_FOR: dict[str, tuple[Sort, ...]] = {
    fold(name): sorts
    for name, sorts in {
        "chiếc": (Sort.VESSEL, Sort.THING),
        "cái": (Sort.THING,),
        "con": (Sort.THING,),
        "phương tiện": (Sort.VESSEL,),
        "trường hợp": (Sort.EVENT, Sort.PERSON, Sort.HOUSEHOLD, Sort.VESSEL),
        "người": (Sort.PERSON,),
        "đồng chí": (Sort.PERSON,),
        "đ/c": (Sort.PERSON,),
        "em": (Sort.PERSON,),
        "cháu": (Sort.PERSON,),
        "hộ": (Sort.HOUSEHOLD,),
    }.items()
}
_NEWS = fold("tin")
#: What becomes of what came in.
_DONE = Phrases.listed("""
            làm rõ | khám phá | giải quyết | điều tra làm rõ | giải quyết xong | hoà giải thành |
            xử lý xong | xử
            lý | đã giải quyết | thành | trả lời | cấp được | xong""")
#: What came in; of it, something became.
_CAME_IN = Phrases.listed("""
            xảy ra | tiếp nhận | ghi nhận | thụ lý | phát sinh | nhận được | hoà giải""")
_ONLY = Phrases.listed("mới | riêng | chỉ | mới chỉ | chỉ mới | mới có | số còn lại | còn lại | chỉ còn")
_STILL, _DID, _NOT_YET = "còn", "đã", words_in("chưa không")
_ALREADY = words_in("đã có được mới thành xong chỉ ký tham hoàn đạt hiện vi")
_SHARES = words_in("đạt chiếm bằng tỷ tỉ lệ tức ( , tương đương ứng là hơn gần khoảng xấp xỉ được")
_GRADES = Phrases.listed("""
            xuất sắc | giỏi | khá | tốt | đạt | đạt yêu cầu | trung bình | yếu | kém | không đạt |
            hoàn thành | không
            hoàn thành | vững mạnh | chưa đạt | trung bình khá""")
_SEPARATORS = frozenset({",", ";", "(", ")", ":", "-", "–", "+"}) | words_in("và còn")
_SIBLINGS = 40
_BACK = 4
_FAR = 24
_SHORT = 5
_HALF = Decimal("0.5")


def same_measure(one: Draft, other: Draft) -> bool:
    """Whether two measures are one: equal, or one the other told short (`lượt` after `lượt người`)."""
    if one.bare or other.bare:
        return False
    return same_name(one.name, other.name)


def same_name(one: str, other: str) -> bool:
    """Whether two folded measures are one, or one begins as the other."""
    return one == other or one.startswith(f"{other} ") or other.startswith(f"{one} ")


def stands_for(part: Draft, whole: Draft) -> bool:
    """`8.512 tàu cá, trong đó 1.948 chiếc`: a noun that stands for what was counted before."""
    if part.bare or whole.bare:
        return False
    if part.name == _NEWS:
        return whole.name.startswith("tố giác") or whole.name.endswith(f" {_NEWS}")
    if part.sort is whole.sort is Sort.THING and whole.name.endswith(f" {part.name}"):
        return True  # 14 súng săn of 24 khẩu súng
    return whole.sort in _STANDS_FOR.get(part.name, ())


def find_portions(layout: Layout, drafts: Sequence[Draft]) -> None:
    """Give their whole to the parts that a list, a rest or a result tells."""
    _rests(layout, drafts)
    _listed(layout, drafts)
    _of_the_whole(layout, drafts)
    _rests(layout, drafts)


def _open(draft: Draft) -> bool:
    """Whether it can still become a part."""
    return draft.counted and draft.part_of is None and draft.range_with is None and not draft.cell


# What is left of a fraction


def _rests(layout: Layout, drafts: Sequence[Draft]) -> None:
    """`41/52 giỏi, 9 khá, 2 đạt`; `3.402/3.467 tàu đã lắp, còn 65 tàu chưa lắp`: the others of the same whole."""
    for at, part in enumerate(drafts):
        whole = drafts[part.part_of] if part.part_of is not None else None
        if whole is None or part.part_of is None or not part.counted or part.cell:
            continue
        if (
            part.value is None
            or whole.value is None
            or drafts[max(part.part_of - 1, 0)].part_of == part.part_of != at + 1
        ):
            continue
        rest = _others(layout, drafts, max(at, part.part_of), part.part_of)
        for n in _told_rest(layout.tokens, drafts, at, rest, whole.value - part.value):
            drafts[n].part_of = part.part_of


def _told_rest(tokens: Tokens, drafts: Sequence[Draft], part: int, rest: list[int], wanted: Decimal) -> list[int]:
    """Those that make up the rest; behind a fraction also what is said to be left, and the other grades."""
    told = _adding_up(drafts, rest, wanted)
    if told or not rest or drafts[part].part_of != part + 1:
        return told
    if _is_left(tokens, drafts, rest[0]):
        return rest[:1]
    return rest if all(_graded(tokens, drafts[n]) for n in (part, *rest)) else []


def _others(layout: Layout, drafts: Sequence[Draft], last: int, whole: int) -> list[int]:
    """The counts that go on from `last` and can be of this whole."""
    found: list[int] = []
    for at in range(last + 1, min(last + _SIBLINGS, len(drafts))):
        draft = drafts[at]
        between = layout.tokens.words[drafts[at - 1].end : draft.root]
        if not layout.same_sentence(drafts[last].root, draft.root) or ";" in between:
            break
        if not draft.counted:
            continue
        alike = draft.bare or same_measure(drafts[whole], draft) or stands_for(draft, drafts[whole])
        if not alike or not _open(draft) or draft.role is not drafts[whole].role:
            break
        found.append(at)
    return found


def _adding_up(drafts: Sequence[Draft], rest: list[int], wanted: Decimal) -> list[int]:
    """As many of them as make up what is wanted; none if none do."""
    total = Decimal(0)
    for taken, at in enumerate(rest, 1):
        total += drafts[at].value or Decimal(0)
        if total == wanted:
            return rest[:taken]
    return []


def _is_left(tokens: Tokens, drafts: Sequence[Draft], at: int) -> bool:
    start = max(drafts[at - 1].end, drafts[at].root - _FAR)
    return _STILL in tokens.words[start : drafts[at].root]


def _graded(tokens: Tokens, draft: Draft) -> bool:
    return _GRADES.within(tokens, draft.end, draft.end + 2)


# Lists


def _listed(layout: Layout, drafts: Sequence[Draft]) -> None:
    """`38 vụ/52 đối tượng: ma tuý 11 vụ/16 đối tượng, buôn lậu 27 vụ/36 đối tượng`: a list that a colon opens."""
    tokens = layout.tokens
    for at in range(1, len(drafts)):
        before, first = drafts[at - 1], drafts[at]
        if first.cell or before.cell or first.root - before.end > _FAR or not first.counted:
            continue
        if ":" not in tokens.words[before.end : first.root] or not layout.same_sentence(before.root, first.root):
            continue
        if SOME_PARTS.within(tokens, before.end, first.root):
            continue
        totals = _totals_before(drafts, at)
        if not any(_alike(drafts[total], first) for total in totals):
            continue
        members = _members(layout, drafts, at)
        for total in totals:
            _take_list(tokens, drafts, total, members)


def _alike(total: Draft, part: Draft) -> bool:
    return part.role is total.role and (part.bare or same_measure(total, part) or stands_for(part, total))


def _totals_before(drafts: Sequence[Draft], at: int) -> list[int]:
    """The last count before a list, and the other count of its events; changes and percentages are passed over."""
    total = next((n for n in range(at - 1, max(at - 1 - _BACK, -1), -1) if drafts[n].counted), None)
    if total is None or drafts[total].bare or drafts[total].value is None:
        return []
    mate = drafts[total].paired_with
    return [total] if mate is None or mate >= at else sorted({total, mate})


def _members(layout: Layout, drafts: Sequence[Draft], first: int) -> list[int]:
    members = [first]
    for at in range(first + 1, min(first + _SIBLINGS, len(drafts))):
        between = layout.tokens.words[drafts[at - 1].end : drafts[at].root]
        if not layout.same_sentence(drafts[first].root, drafts[at].root) or ":" in between:
            break
        members.append(at)
    return members


def _take_list(tokens: Tokens, drafts: Sequence[Draft], total: int, members: list[int]) -> None:
    whole = drafts[total].value
    parts: list[int] = []
    spent = Decimal(0)
    for at in members:
        if spent == whole:
            break
        if _open(drafts[at]) and _alike(drafts[total], drafts[at]) and drafts[at].value is not None:
            if drafts[at].paired_with is None and not _labelled(tokens, drafts, at):
                return
            parts.append(at)
            spent += drafts[at].value or Decimal(0)
    if whole is None or len(parts) < len("ab") or not whole * _HALF <= spent <= whole / _HALF:
        return
    for at in parts:
        drafts[at].part_of = total


def _labelled(tokens: Tokens, drafts: Sequence[Draft], at: int) -> bool:
    """Whether an item of a list has a noun of its own, before its number or after its measure."""
    draft = drafts[at]
    before = tokens.words[drafts[at - 1].end : draft.root]
    named = any(word[:1].isalpha() and word not in _SEPARATORS for word in before)
    return named or draft.bare or (tokens.is_letters(draft.end) and tokens.word(draft.end) not in _SEPARATORS)


# Results of a whole


def _of_the_whole(layout: Layout, drafts: Sequence[Draft]) -> None:
    """`214 người, mới đưa đi cai 41 người`; `tiếp nhận 25 tin, giải quyết 23 tin, đạt 92%`: what became of a whole."""
    for at in range(1, len(drafts)):
        if _open(drafts[at]) and not drafts[at].bare:
            whole = _whole_of(layout, drafts, at)
            if whole is not None:
                drafts[at].part_of = whole


def _whole_of(layout: Layout, drafts: Sequence[Draft], at: int) -> int | None:
    part = drafts[at]
    for back in range(at - 1, max(at - 1 - _BACK, -1), -1):
        whole = drafts[back]
        if not layout.same_sentence(whole.root, part.root):
            return None
        if back == part.paired_with or not whole.counted or whole.cell or whole.role is not part.role:
            continue
        if not (same_measure(whole, part) or stands_for(part, whole)):
            continue
        if whole.value is None or part.value is None or part.value > whole.value or whole.range_with is not None:
            return None
        if not _tells_part(layout, drafts, back, at):
            return None
        return whole.part_of if whole.part_of is not None and _is_left(layout.tokens, drafts, at) else back
    return None


def _tells_part(layout: Layout, drafts: Sequence[Draft], whole: int, at: int) -> bool:
    tokens = layout.tokens
    part = drafts[at]
    start = max(drafts[whole].end, part.root - _FAR)
    opening = max(drafts[at - 1].end, part.root - _FAR)
    came = max(layout.sentence_start(drafts[whole].root), drafts[whole].root - _FAR // 2)
    if _CAME_IN.within(tokens, came, drafts[whole].root) and _DONE.within(tokens, start, part.end + 2):
        return True
    if ";" in tokens.words[start : part.root]:
        return _only_at(tokens, opening, part.root)
    if _only_at(tokens, opening, part.root):
        return True
    waits = any(tokens.word(part.end + n) in _NOT_YET for n in range(_SHORT))
    if waits and _STILL in tokens.words[opening : part.root]:
        return _DID not in tokens.words[came : drafts[whole].root]  # đã cấp 200 thẻ, còn 30 thẻ chưa cấp
    return _has_share(tokens, drafts, at) and (
        _fits(drafts, whole, at)
        or any(word in _ALREADY for word in tokens.words[opening : part.root])
        or any(tokens.word(part.end + n) in _ALREADY for n in range(_SHORT - 2))
    )


def _only_at(tokens: Tokens, start: int, end: int) -> bool:
    """`, mới …`, `; riêng …`: a word that picks some out, at the head of its clause."""
    return any(
        tokens.words[at] in {",", ";", "("} and _ONLY.at(tokens, at + 1 + (tokens.word(at + 1) in {"nhưng", "song"}))
        for at in range(start, end)
    )


def _has_share(tokens: Tokens, drafts: Sequence[Draft], at: int) -> bool:
    """Whether a percentage comes right behind: `, đạt 90%`, `(chiếm 12%)`."""
    if at + 1 >= len(drafts):
        return False
    percent = drafts[at + 1]
    between = tokens.words[drafts[at].end : percent.root]
    if percent.sort is not Sort.PERCENT or percent.role is not Role.RESULT or len(between) > _SHORT * 2:
        return False
    sign = next((n for n, word in enumerate(between) if word in {",", "("}), None)
    return sign is not None and all(word in _SHARES for word in between[sign:])


def _fits(drafts: Sequence[Draft], whole: int, at: int) -> bool:
    """Whether the percentage behind a part is what it makes of the whole, to a hundredth."""
    part, all_of_it, stated = drafts[at].value, drafts[whole].value, drafts[at + 1].value
    if part is None or not all_of_it or stated is None:
        return False
    return abs(part * 100 / all_of_it - stated) < 1
