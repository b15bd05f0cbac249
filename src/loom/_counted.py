"""What a number counts, in the text's own words: `tội phạm ma túy` of `07 vụ/09 đối tượng tội phạm ma túy`."""

from __future__ import annotations

from collections.abc import Sequence

from loom._drafts import Draft, Layout
from loom._measures import Sort
from loom._phrases import words_in
from loom._reading import Role
from loom._tokens import Tokens

_STOPS = words_in(
    """
            và với cho tại ở trong là được bị đã đang sẽ có để từ đến tới theo về do vì nên thì mà như khi
            so tăng giảm lên xuống còn trên dưới hơn qua trước sau này đó tham dự nghe chiếm đạt gồm trị
            bằng cùng nhằm tương thu"""
)
_BEFORE_STOPS = words_in("""
            gồm đó còn là được đạt có hơn gần trên khoảng xấp xỉ ngót ước từ đến tới với cho tổng số cả thêm
            ít nhất tối thiểu đa chừng độ của""")
_EDGES = frozenset('\n\t.;:()!?|=/+*•“”"')
_DASHES = frozenset("-–—")
_COUPLED = words_in("xuất nhập ra vào biên lậu giữ kiểm")
_CHANGES = {Role.CHANGE_UP, Role.CHANGE_DOWN}
_BACK = 6
_LONGEST = 6


def name_counted(layout: Layout, drafts: Sequence[Draft]) -> None:
    """Set `of` on every draft that has none: the noun that follows, what was done before it, or its mate's."""
    tokens = layout.tokens
    follows = [_following(tokens, draft) for draft in drafts]
    for at, draft in enumerate(drafts):
        mate = draft.paired_with
        end = follows[at] if follows[at] > draft.end or mate is None or mate < at else follows[mate]
        if not draft.of and end > draft.end:
            draft.of = tokens.phrase(draft.end if end == follows[at] else drafts[mate or 0].end, end)
    for at, draft in enumerate(drafts):
        if draft.of:
            continue
        mate = draft.paired_with
        if draft.role in _CHANGES:
            draft.of = next((d.of for d in reversed(drafts[max(at - _BACK, 0) : at]) if d.role not in _CHANGES), "")
        elif mate is not None and mate < at:
            draft.of = drafts[mate].of
        draft.of = draft.of or _preceding(layout, draft, follows[at - 1] if at else 0)


def _following(tokens: Tokens, draft: Draft) -> int:
    """Where the noun ends that follows a measure; the measure's own end if none does."""
    if draft.bare or draft.sort is Sort.MONEY or draft.cell:
        return draft.end
    end = draft.end
    while end - draft.end < _LONGEST and _goes_on(tokens, end):
        end += 1
    return end


def _goes_on(tokens: Tokens, at: int) -> bool:
    if tokens.word(at) == ",":
        return tokens.word(at - 1) in _COUPLED and tokens.is_letters(at + 1)
    return tokens.is_letters(at) and tokens.word(at) not in _STOPS


def _preceding(layout: Layout, draft: Draft, least: int) -> str:
    """Back to what the number before counts, or to where the clause begins."""
    tokens = layout.tokens
    end = draft.root
    if draft.bare and draft.first < draft.root:
        return tokens.phrase(draft.first, draft.root)
    least = max(layout.sentence_start(draft.root), least)
    while end > least and (
        tokens.word(end - 1) in _BEFORE_STOPS or tokens.word(end - 1) in _EDGES or tokens.word(end - 1) == ","
    ):
        end -= 1
    first = end
    while first > least and end - first <= _LONGEST and _carries(tokens, first - 1):
        first -= 1
    while first < end and (tokens.word(first) in {",", *_DASHES} or tokens.word(first) in _STOPS):
        first += 1
    return tokens.phrase(first, end) if first < end else draft.measure


def _carries(tokens: Tokens, at: int) -> bool:
    return (tokens.is_letters(at) and tokens.word(at) not in _STOPS) or tokens.word(at) == ","
