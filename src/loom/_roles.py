"""How sure a number is, and what it is there for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from loom._drafts import Draft, Layout
from loom._measures import Sort
from loom._phrases import Phrases, spread, words_in
from loom._reading import Kind, Qualifier, Role
from loom._tokens import Tokens

_BEFORE = Phrases(
    {
        phrase: qualifier.value
        for qualifier, listing in {
            Qualifier.OVER: """
            hơn | trên | quá | ít nhất | ít ra | tối thiểu | không dưới | không ít hơn | không thấp hơn |
            chí ít | ngoài | > | ≥ | more than | over | at least""",
            Qualifier.UNDER: """
            gần | gần tới | gần đến | ngót | ngót nghét | non | dưới | không quá | không vượt quá | không
            hơn | tối đa | nhiều nhất | chưa đến | chưa tới | chưa đầy | chưa được | suýt soát | < | ≤ |
            almost | nearly | less than | under | at most""",
            Qualifier.ABOUT: """
            khoảng | khoảng chừng | vào khoảng | khoảng độ | xấp xỉ | ước | ước tính | ước khoảng | ước đạt
            | ước chừng | ước độ | ước trị giá | trị giá ước | ước trị giá khoảng | ước thiệt hại
            | thiệt hại ước |
            ước đạt được | ước tính khoảng | ước thu | ước thực hiện | ước có | độ | chừng | độ
            chừng | cỡ | trên dưới | tầm | tương đương | ~ | ≈ |
            about | around | approximately | some""",
            Qualifier.EXACT: """
            nhiều hơn | ít hơn | cao hơn | thấp hơn | lớn hơn | nhỏ hơn | đông hơn | tốc độ | cấp độ | chế
            độ | nói trên | nêu trên | kể trên | ở trên | mức độ | bên trên | phía trên | phía dưới | bên
            dưới | cấp trên | cấp dưới | bên ngoài | ngoài ra | sát sao | trình độ | thái độ | quá khứ |
            tiến độ""",
        }.items()
        for phrase in spread(listing)
    }
)
#: These reach over a small word between: `ít nhất là 5 vụ`, `ước đạt được 95%`.
_FAR = Phrases.listed("""
            ít nhất | tối thiểu | tối đa | không quá | không dưới | khoảng | xấp xỉ | ước | ước tính | ước
            đạt | chí ít | nhiều nhất""")
_SMALL = words_in("là có được tới đến đạt cả từ khoảng")
_AFTER = Phrases(
    {
        **dict.fromkeys(spread("trở lên | đổ lên | hơn | có lẻ | có hơn | có dư"), Qualifier.OVER.value),
        **dict.fromkeys(spread("trở xuống | trở lại | đổ lại"), Qualifier.UNDER.value),
        **dict.fromkeys(spread("gì đó | trên dưới"), Qualifier.ABOUT.value),
    }
)
_ON = "trên"
_HAPPENS = Phrases.listed("""
            diễn ra | xảy ra | triển khai | hoạt động | neo đậu | có mặt | phân bố | thực hiện | lắp đặt | bố
            trí | làm việc | thi công | tuần tra | kiểm tra | đồng loạt | sinh sống""")
_COUNTING = words_in("với cho có được đạt thu hút gồm là và hơn cứu bắt giữ phạt trao tặng xử lý của từ lên")
_HUNDRED = 100


def qualify(tokens: Tokens, draft: Draft, earlier: Draft | None = None) -> None:
    """Set the draft's qualifier from the words around it; `earlier` is the count before it."""
    after = _AFTER.at(tokens, draft.end) or _AFTER.at(tokens, draft.numeral.end)
    if after and not (tokens.word(draft.end) == "hơn" and _compared(tokens, draft.end)):
        draft.qualifier = Qualifier(after[1])
        return
    start = draft.root
    before = _BEFORE.before(tokens, start)
    if before is None and tokens.word(start - 1) in _SMALL:
        far = _FAR.before(tokens, start - 1)
        before = _BEFORE.before(tokens, start - 1) if far else None
    if before is None and draft.range_with is not None and tokens.word(start - 1) in {*_DASH, "đến", "tới"}:
        before = _before_range(tokens, start)
    if before is None or (tokens.word(start - 1) == _ON and _stands_on(tokens, draft, earlier)):
        return
    draft.qualifier = Qualifier(before[1])


_DASH = frozenset("-–—~")


def _before_range(tokens: Tokens, start: int) -> tuple[int, str] | None:
    """`khoảng 5 đến 7 người`: what is said of the low end holds for the high end too."""
    low = start - 2
    while low > 0 and not tokens.is_number(low):
        low -= 1
        if start - low > len("....."):
            return None
    first = low - 1 if tokens.word(low - 1) == "từ" else low
    return _BEFORE.before(tokens, first)


def _compared(tokens: Tokens, at: int) -> bool:
    """`5 vụ hơn so với` compares."""
    return tokens.word(at + 1) in {"so", "cùng"}


def _stands_on(tokens: Tokens, draft: Draft, earlier: Draft | None) -> bool:
    """Whether `trên` says where: `trên 34 xã`, `12 người trên 03 tàu`, `400 m trên 800 m`; not `phạt trên 30 vụ`."""
    on = draft.root - 1
    if _on_count(tokens, on, draft, earlier):
        return True
    if draft.sort not in {Sort.PLACE, Sort.VESSEL}:
        return False
    value = draft.value
    exact = value is not None and value < _HUNDRED and value % 10 != 0
    return exact or tokens.word(draft.root).startswith("0") or _HAPPENS.before(tokens, on) is not None


def _on_count(tokens: Tokens, on: int, draft: Draft, earlier: Draft | None) -> bool:
    """Whether a count with its noun stands right before `trên`, so that it is on, or out of, what follows."""
    if earlier is not None and earlier.end == draft.end and earlier.range_with is None:
        return True  # 41 trên 52 đồng chí
    if earlier is None or on - earlier.end not in range(_CLOSE):
        return False
    noun = tokens.words[earlier.end : on]
    if any(not word[:1].isalpha() or word in _COUNTING for word in noun):
        return False
    return draft.sort in {Sort.PLACE, Sort.VESSEL, Sort.GROUP} or (draft.name == earlier.name and earlier.name != "%")


_UP = words_in("tăng tăng")
_DOWN = words_in("giảm")
_RISE = Phrases.listed("""
            tăng | tăng thêm | tăng hơn | nhiều hơn | cao hơn | vượt hơn | tăng lên | tăng là | tăng được |
            tăng thêm được | ↑""")
_FALL = Phrases.listed(
    """
            giảm | giảm đi | giảm được | ít hơn | thấp hơn | giảm bớt | giảm là | kéo giảm | giảm xuống |
            giảm hơn | ↓"""
)
_COMPARED = Phrases.listed("so với | so cùng kỳ | cùng kỳ | so cùng kì | cùng kì | cùng thời điểm | cùng thời gian")
_EACH = Phrases.listed("""
            mỗi | bình quân | trung bình | cho một | cho mỗi | trên mỗi | tính bình quân | từng | mức | mức
            trung bình | bình quân mỗi | định mức""")
_TARGET = Phrases.listed("phấn đấu | dự kiến | sẽ")
_TARGET_NEAR = Phrases.listed("chỉ tiêu | mục tiêu | kế hoạch giao | chỉ tiêu giao | đề ra | phải đạt | yêu cầu đạt")
_PLAN = Phrases.listed("chỉ tiêu | kế hoạch | mục tiêu | nghị quyết | định mức | dự toán")
_PLAN_DETAIL = words_in("( : là năm cả quý tháng được giao đề ra đặt của trên tỉnh cấp phải đạt số")
_BEFORE_PLAN = frozenset("%(/,") | words_in("với trên của")
_REQUEST = Phrases.listed("đề nghị | kiến nghị | đề xuất | xin cấp | mong | trang bị thêm | xin bổ sung")
_CUMULATIVE = Phrases.listed(
    """
            luỹ kế | cộng dồn | từ đầu năm đến nay | từ đầu năm đến | từ trước đến nay | tính từ đầu | từ
            đầu nhiệm kỳ"""
)
_STANDING = Phrases.listed(
    """
            dài | chiều dài | độ cao | diện tích | quản lý | phụ trách địa bàn | tiếp giáp | đi qua | biên
            chế | dân số | đi bộ | tại | quân số | cao độ | bán kính | có chiều dài"""
)
_STANDING_SORTS = {Sort.PLACE, Sort.AMOUNT, Sort.TIME}
_PLAN_HEADS = Phrases.listed("nhiệm vụ | phương hướng | kế hoạch | chỉ tiêu | mục tiêu | thời gian tới")
_SPOT_HEADS = Phrases.listed("đặc điểm | khái quát | đặc điểm tình hình")
_FROM = "từ"
_TURNED_TO = Phrases.listed(
    """
            lên | xuống | lên tới | xuống còn | lên đến | còn | lên thành | giảm còn | tăng lên | giảm xuống
            còn"""
)
_REACH = 12
_CLOSE = 4
_WHOLE = 60


def tell_roles(layout: Layout, drafts: Sequence[Draft]) -> None:
    """Set what every draft is there for; what a table's column says stays."""
    for at, draft in enumerate(drafts):
        if draft.cell and draft.role is not Role.RESULT:
            continue
        earlier = drafts[at - 1] if at else None
        planned = Role.TARGET if _of_plan(layout.tokens, draft) else None
        draft.role = planned or _movement(layout, draft, earlier) or _purpose(layout, draft, earlier)
    for one, other in pairwise(drafts):
        _from_and_to(layout, one, other)
        if one.range_with is not None and one.end == other.end:
            other.role = one.role


def _left(layout: Layout, draft: Draft) -> int:
    """Where the words before a number begin that may speak of it: in its sentence, not too far."""
    return max(layout.sentence_start(draft.root), draft.root - _REACH)


def _begins(layout: Layout, draft: Draft) -> int:
    """Where its sentence begins, or as far back as a sentence may reach."""
    return max(layout.sentence_start(draft.root), draft.root - _WHOLE)


def _movement(layout: Layout, draft: Draft, earlier: Draft | None) -> Role | None:
    """A change against the same period, or the figure of that period itself."""
    tokens = layout.tokens
    start = _past_qualifier(tokens, draft.root)
    if _RISE.before(tokens, start) or (tokens.word(start - 1) == "+" and not tokens.opens_line(start - 1)):
        return Role.CHANGE_UP if not _is_plan(layout, draft) else Role.TARGET
    if _FALL.before(tokens, start):
        return Role.CHANGE_DOWN if not _is_plan(layout, draft) else Role.TARGET
    if _told_of_change(layout, draft, earlier) and earlier:
        return earlier.role
    return _against(layout, draft, earlier)


def _past_qualifier(tokens: Tokens, start: int) -> int:
    if _RISE.before(tokens, start) or _FALL.before(tokens, start):
        return start
    found = _BEFORE.before(tokens, start)
    return found[0] if found else start


def _told_of_change(layout: Layout, draft: Draft, earlier: Draft | None) -> bool:
    """`tăng 41 lượt tổ (4,6%)`, `giảm 12 vụ, 15 đối tượng`: it goes on from a change."""
    if earlier is None or earlier.role not in {Role.CHANGE_UP, Role.CHANGE_DOWN}:
        return False
    tokens = layout.tokens
    between = tokens.words[earlier.end : draft.root]
    if not layout.same_sentence(earlier.root, draft.root):
        return False
    if between in ([")", ","], [")", "và"], [")", ";"]):  # tăng 10 buổi (33%), 300 lượt người (17%)
        return tokens.word(draft.end) == "(" and tokens.is_number(draft.end + 1) and tokens.word(draft.end + 2) == "%"
    return between in (
        ["("],
        ["/"],
        [","],
        ["và"],
        ["="],
        ["(", "="],
        ["tương", "ứng"],
        [",", "bằng"],
        ["-"],
        [",", "tương", "đương"],
    )


def _against(layout: Layout, draft: Draft, earlier: Draft | None) -> Role | None:
    """`so với 48 vụ của năm 2019` is the earlier figure; `tăng so với cùng kỳ 12 vụ` is a change."""
    tokens = layout.tokens
    start = _left(layout, draft)
    if earlier is not None and earlier.end > start:
        start = earlier.end
    compared = next((at for at in range(draft.root - 1, start - 1, -1) if _COMPARED.at(tokens, at)), None)
    if compared is None and _earlier_year(tokens, draft):
        return Role.PREVIOUS
    if compared is None or any(tokens.words[at] in {",", ";", ")"} for at in range(compared, draft.root)):
        return None
    for at in range(compared, max(start - 1, compared - len("......")), -1):
        if tokens.word(at) in _UP:
            return Role.CHANGE_UP
        if tokens.word(at) in _DOWN:
            return Role.CHANGE_DOWN
    return Role.PREVIOUS if draft.sort is not Sort.PERCENT else None


def _earlier_year(tokens: Tokens, draft: Draft) -> bool:
    """`96 vụ (năm 2022: 120 vụ)`: in brackets, the figure of another year."""
    at = draft.root - 1
    at -= tokens.word(at) in {":", "là", "có"}
    return tokens.is_number(at) and tokens.word(at - 1) == "năm" and tokens.word(at - 2) == "("


def _is_plan(layout: Layout, draft: Draft) -> bool:
    place = layout.tokens.starts[draft.root]
    return layout.kind_at(place) is Kind.TASK or _PLAN_HEADS.within(*_head(layout, place))


def _of_plan(tokens: Tokens, draft: Draft) -> bool:
    """`đạt 104% chỉ tiêu 90`, `bằng 62% kế hoạch năm (2 triệu tấn)`, `so với chỉ tiêu giao là 90`: what was planned."""
    if draft.sort is Sort.PERCENT:
        return False
    at = _past_qualifier(tokens, draft.root) - 1
    least = at - _CLOSE * 2
    while at > least and tokens.word(at) in _PLAN_DETAIL:
        at -= 1
    plan = _PLAN.before(tokens, at + 1)
    return plan is not None and tokens.word(plan[0] - 1) in _BEFORE_PLAN


def _head(layout: Layout, place: int) -> tuple[Tokens, int, int]:
    words = layout.heading_at(place)
    return words, 0, len(words)


def _purpose(layout: Layout, draft: Draft, earlier: Draft | None) -> Role:
    tokens = layout.tokens
    place = tokens.starts[draft.root]
    start = _left(layout, draft)
    kind = layout.kind_at(place)
    if _stands(layout, draft, earlier):
        return Role.BASELINE
    if kind is Kind.PROPOSAL or _REQUEST.within(tokens, start, draft.root):
        return Role.REQUEST
    if "/" in draft.measure or _each(tokens, start, draft):
        return Role.TARGET if kind is Kind.TASK else Role.RATE
    clause = _clause_start(tokens, start, draft.root)
    if (
        kind is Kind.TASK
        or _TARGET.within(tokens, start, draft.root)
        or _TARGET_NEAR.within(tokens, _after_result(draft, earlier, clause), draft.root)
    ):
        return Role.TARGET
    if _CUMULATIVE.within(tokens, _begins(layout, draft), draft.root):
        return Role.CUMULATIVE
    return Role.BASELINE if _SPOT_HEADS.within(*_head(layout, place)) else Role.RESULT


def _after_result(draft: Draft, earlier: Draft | None, clause: int) -> int:
    """`so với chỉ tiêu 90 đạt 104%`: a plan named before another number is that number's."""
    if earlier is None or (earlier.role is Role.TARGET and draft.sort is not Sort.PERCENT):
        return clause
    return max(clause, earlier.end)


def _clause_start(tokens: Tokens, start: int, end: int) -> int:
    return next((at + 1 for at in range(end - 1, start - 1, -1) if tokens.words[at] in {",", ";", ":", "("}), start)


def _stands(layout: Layout, draft: Draft, earlier: Draft | None) -> bool:
    """Whether it tells how the place is, not what was done: `dài 277,889 km, đi qua 123 thôn`."""
    tokens = layout.tokens
    if draft.sort not in _STANDING_SORTS:
        return False
    start = max(_left(layout, draft), draft.root - _CLOSE)
    if earlier is not None:
        start = max(start, earlier.end)
    if _STANDING.within(tokens, start, draft.root):
        return True
    goes_on = earlier is not None and earlier.role is Role.BASELINE and layout.same_sentence(earlier.root, draft.root)
    return (
        goes_on
        and draft.sort is Sort.PLACE
        and earlier is not None
        and ";" not in tokens.words[earlier.end : draft.root]
    )


def _each(tokens: Tokens, start: int, draft: Draft) -> bool:
    """`mỗi suất 1.000.000 đồng`, `bình quân 7,7 đồng chí`: no comma between."""
    for at in range(draft.root - 1, start - 1, -1):
        if tokens.words[at] in {",", ";", ":", "("} or tokens.is_number(at):
            return False
        if _EACH.at(tokens, at) and draft.root - at <= len("......"):
            return True
    return False


def _from_and_to(layout: Layout, one: Draft, other: Draft) -> None:
    """`giảm từ 45 phút xuống còn 30 phút`: the first is what it was."""
    tokens = layout.tokens
    if not layout.same_sentence(one.root, other.root) or tokens.word(one.root - 1) != _FROM:
        return
    if other.root - one.end > len("...") or not _TURNED_TO.at(tokens, one.end):
        return
    one.role = Role.PREVIOUS
    if one.bare or not one.measure:
        one.counts_as(other)
        one.bare, one.first = False, one.root
    mean = _EACH.within(tokens, _begins(layout, one), one.root)
    other.role = Role.RATE if mean else Role.RESULT
