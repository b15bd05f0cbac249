"""Which quantity is part of which, and which two count the same events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from loom._drafts import Draft, Layout
from loom._measures import Sort
from loom._phrases import Phrases, words_in
from loom._portions import ALL_PARTS, SOME_PARTS, find_portions, same_measure, same_name, stands_for
from loom._reading import Role
from loom._text import fold
from loom._tokens import Tokens

_WITH = words_in("với cho có thuộc gồm cùng")
_CALLED = Phrases.listed("""
            thu hút | huy động | với sự tham gia của | với | cho | có | thuộc | với tổng số | cùng | với gần
            | tương ứng | tương đương | và | có sự tham gia của | với lượng | gồm có""")
_TOOK_PART = words_in("tham dự nghe theo xem hưởng đến")
_JOINTS = frozenset({"/", "="})
_CASES = frozenset(fold(name) for name in ("vụ", "vụ việc", "vụ án", "chuyên án", "trường hợp", "án"))
_CULPRITS = frozenset(fold(name) for name in ("đối tượng", "người", "bị can", "công dân", "bị cáo", "tên", "nghi phạm"))
_COLLECTIVE, _INDIVIDUAL = frozenset({"tập thể"}), frozenset({"cá nhân"})
_HOMES = frozenset(fold(name) for name in ("hộ", "hộ dân", "hộ gia đình"))
_HEADS = frozenset(fold(name) for name in ("khẩu", "nhân khẩu", "người"))
_NOT_AT_IT = _CULPRITS - {"người"} | _COLLECTIVE | _INDIVIDUAL | {"con nuôi", "nạn nhân", "em", "cháu", "trẻ em"}
_PAIR_FIRST = {Sort.EVENT, Sort.GROUP, Sort.PERSON, Sort.VESSEL, Sort.HOUSEHOLD}
_PAIR_SECOND = {Sort.PERSON, Sort.HOUSEHOLD}
_FAR = 14
_NEAR = 5
_SIBLINGS = 40
_LEAST_SUM = 5
_DEEPEST = 4
_OPENING = 4
_OTHER_TIME = Phrases.listed("""
            kế hoạch | chỉ tiêu | cả năm | luỹ kế | cùng kỳ | cùng kì | năm trước | so với | tổng | tổng số
            | tổng cộng | năm | tháng | quý | đạt""")
_TOTAL_ROW = ("tổng cộng", "tổng số", "cộng", "toàn tỉnh", "toàn đơn vị", "total")
_PART_ROW = ("trong đó", "- ", "+ ", "– ")
_AMONG = Phrases.listed("trong | trong số | trong tổng số | trong tổng | trên tổng số | tổng số")
_OF_ALL = Phrases.listed("trong số | trong tổng số | trên tổng số | trên tổng | trong tổng | của tổng số")


def link(layout: Layout, drafts: Sequence[Draft]) -> None:
    """Set parts and pairs, and name what a bare number counts."""
    _ranges(layout, drafts)
    _pairs(layout, drafts)
    _Parts(layout, drafts).run()
    _brackets(layout, drafts)
    _among(layout, drafts)
    _of_all(layout, drafts)
    find_portions(layout, drafts)
    _rows(layout, drafts)
    _sums_over_lines(layout, drafts)
    _sums_in_sentence(layout, drafts)
    _name_bare(drafts)
    _name_planned(layout, drafts)


def _ranges(layout: Layout, drafts: Sequence[Draft]) -> None:
    """`từ 10% đến 15%`: two numbers with the same measure each."""
    tokens = layout.tokens
    for at, (low, high) in enumerate(pairwise(drafts)):
        joined = tokens.words[low.end : high.root] in (["đến"], ["tới"], ["-"], ["–"])
        if joined and low.range_with is None and same_measure(low, high) and not low.cell:
            low.range_with, high.range_with = at + 1, at


# Pairs


def _pairs(layout: Layout, drafts: Sequence[Draft]) -> None:
    for at, draft in enumerate(drafts):
        if draft.paired_with is not None or draft.sort is Sort.PERCENT or draft.role in {Role.PREVIOUS, Role.RATE}:
            continue
        mate = _mate(layout, drafts, at)
        if mate is not None:
            draft.paired_with, drafts[mate].paired_with = mate, at


def _mate(layout: Layout, drafts: Sequence[Draft], at: int) -> int | None:
    """The earlier quantity that this one is a count of the same events with."""
    for back in range(at - 1, max(at - 4, -1), -1):
        first, second = drafts[back], drafts[at]
        if not layout.same_sentence(first.root, second.root):
            return None
        if first.paired_with is None and first.sort is not Sort.PERCENT and _belongs(layout.tokens, first, second):
            return back
    return None


def _belongs(tokens: Tokens, first: Draft, second: Draft) -> bool:
    between = _without_brackets(tokens.words[first.end : second.root])
    if len(between) == 1 and between[0] in _JOINTS:
        return True
    if first.end >= second.root or len(between) > _FAR or ";" in between or first.cell or second.cell:
        return False
    if first.role is not second.role:
        return False
    names = first.name, second.name
    return _couple(names, between) or (names[0] != names[1] and _of_one_event(tokens, first, second))


def _of_one_event(tokens: Tokens, first: Draft, second: Draft) -> bool:
    """Whether the words join two counts that can be of one event: turns and persons, groups and vessels."""
    if first.sort is Sort.GROUP and second.sort is Sort.VESSEL:
        return _called(tokens, first, second)
    if first.sort not in _PAIR_FIRST or second.sort not in _PAIR_SECOND:
        return False
    return _called(tokens, first, second) or _in_brackets(tokens, first, second) or _took_part(tokens, first, second)


def _took_part(tokens: Tokens, first: Draft, second: Draft) -> bool:
    """`24 chuyến, 192 lượt người`; `14 tổ tự quản, 168 thành viên`: who was at it is told behind a comma."""
    if first.sort not in {Sort.EVENT, Sort.GROUP} or first.name in _CASES or second.name in _NOT_AT_IT:
        return False
    between = tokens.words[first.end : _before_small(tokens, second.root) + 1]
    return between[-1:] == [","] and len(between) <= _NEAR and all(word[:1].isalpha() for word in between[:-1])


def _without_brackets(words: list[str]) -> list[str]:
    """`91 vụ (43 vụ vô chủ)/77 đối tượng`: what stands in brackets does not part."""
    if "(" not in words or ")" not in words:
        return words
    opening, closing = words.index("("), len(words) - 1 - words[::-1].index(")")
    return words[:opening] + words[closing + 1 :] if opening < closing else words


def _couple(names: tuple[str, str], between: list[str]) -> bool:
    """`24 vụ, 30 đối tượng`, `hai tập thể và ba cá nhân`, `120 hộ, 500 khẩu`: known to go together."""
    couples = ((_CASES, _CULPRITS), (_COLLECTIVE, _INDIVIDUAL), (_HOMES, _HEADS))
    if not any(names[0] in one and names[1] in other for one, other in couples):
        return False
    return between in ([], [","], ["và"], ["với"], ["-"], ["–"], [",", "với"], ["có"], ["cùng"], [":"], ["gồm"])


def _called(tokens: Tokens, first: Draft, second: Draft) -> bool:
    """`54 buổi tuyên truyền cho 2.455 lượt người`, `2.418 lượt tổ, 9.806 lượt cán bộ tham gia`."""
    words = tokens.words[max(first.end, second.root - _NEAR) : second.root]
    comma = tokens.words[first.end : second.root] == [","] or tokens.words[second.root - 1 : second.root] == [","]
    joint = any(word in _WITH for word in words) or _CALLED.within(
        tokens, max(first.end, second.root - _NEAR), second.root
    )
    if "trong" in words and "đó" in words:
        return False
    if joint and _joins(tokens, first, second):
        return True
    listens = any(tokens.word(second.end + n) in _TOOK_PART for n in range(3))
    return comma and listens and first.sort in {Sort.EVENT, Sort.GROUP}


def _joins(tokens: Tokens, first: Draft, second: Draft) -> bool:
    """Whether the joining word is the last one before the second number, but for qualifiers."""
    at = second.root - 1
    small = words_small
    while at >= first.end and tokens.word(at) in small:
        at -= 1
    if tokens.word(at) not in _LAST_JOINTS or at < first.end:
        return False
    if tokens.word(at) == "có" or tokens.word(at) == "gồm":
        return first.sort in {Sort.EVENT, Sort.GROUP} and second.sort is Sort.PERSON
    if tokens.word(at) == "cho":
        return first.sort is Sort.EVENT
    return first.sort is not second.sort or first.sort is not Sort.PERSON


words_small = words_in(
    """
            hơn gần trên khoảng xấp xỉ ước tổng số sự tham gia của cộng lượng chừng tới đến quá sự ngót độ
            tính"""
)
_LAST_JOINTS = words_in("với cho có thuộc hút động cùng gồm là")


def _in_brackets(tokens: Tokens, first: Draft, second: Draft) -> bool:
    """`03 tổ tuyên truyền (43 thành viên)`: persons of the group just named."""
    opens = tokens.word(_before_small(tokens, second.root)) == "(" and second.root - first.end <= _NEAR * 2
    return opens and tokens.word(second.end) in {")", ","}


def _before_small(tokens: Tokens, at: int) -> int:
    at -= 1
    while tokens.word(at) in words_small:
        at -= 1
    return at


# Parts


@dataclass(slots=True)
class _Scope:
    """Totals whose parts are being told, by what they count."""

    totals: dict[str, int]
    complete: bool
    spent: dict[int, Decimal] = field(default_factory=dict)


@dataclass(slots=True)
class _Lines:
    """Totals whose parts are the lines below: those with `child` as their mark."""

    scope: _Scope
    parent: str
    #: whether words as `gồm:` opened the list, so that its lines may bear the parent's own mark
    told: bool = False
    child: str | None = None


@dataclass(slots=True)
class _Parts:
    """Walks over the quantities and gives those in a list of parts their total."""

    layout: Layout
    drafts: Sequence[Draft]

    def run(self) -> None:
        by_line: dict[int, list[int]] = {}
        for at, draft in enumerate(self.drafts):
            if not draft.cell:
                by_line.setdefault(self.layout.line_of[draft.root], []).append(at)
        stack: list[_Lines] = []
        for line in range(len(self.layout.line_starts)):
            start = self.layout.line_starts[line]
            if start >= len(self.layout.tokens) or self.layout.tokens.word(start) == "\n":
                continue
            members = by_line.get(line, [])
            self._enter(line, stack)
            inherited = stack[-1] if stack and stack[-1].child is not None else None
            self._line(members, inherited.scope if inherited else None)
            self._open(line, members, stack)

    def _enter(self, line: int, stack: list[_Lines]) -> None:
        mark = self.layout.mark_of(line)
        while stack:
            top = stack[-1]
            if top.child is None and (mark != top.parent or top.told):
                top.child = mark
                return
            if mark == top.child:
                return
            stack.pop()

    def _open(self, line: int, members: list[int], stack: list[_Lines]) -> None:
        """A line that ends in `gồm:` has its parts below."""
        tokens = self.layout.tokens
        end = self.layout.line_starts[line + 1] - 1 if line + 1 < len(self.layout.line_starts) else len(tokens)
        if not members or tokens.word(end - 1) != ":":
            return
        trigger = next(
            (at for at in range(end - 1, max(end - 8, self.drafts[members[-1]].end - 1), -1) if _opens(tokens, at)),
            None,
        )
        if trigger is None and end - 1 - self.drafts[members[-1]].end > _FAR:
            return
        totals = self._totals(members)
        if totals:
            stack.append(_Lines(_Scope(totals, complete=True), self.layout.mark_of(line), told=trigger is not None))
            del stack[:-_DEEPEST]

    def _totals(self, members: Iterable[int], *, before: int | None = None) -> dict[str, int]:
        """The nearest quantity of each measure."""
        found: dict[str, int] = {}
        for at in members:
            draft = self.drafts[at]
            if (draft.counted and not draft.bare and draft.part_of is None) or (
                draft.counted and before is not None and not draft.bare
            ):
                found[draft.name] = at
        return found

    def _line(self, members: list[int], inherited: _Scope | None) -> None:
        scopes: list[_Scope] = []
        if inherited:
            self._first_of_each(members, inherited)
        for n, at in enumerate(members):
            draft = self.drafts[at]
            previous = self.drafts[members[n - 1]] if n else None
            if previous is None:
                scopes = self._carried_over(at)
            elif not self.layout.same_sentence(previous.root, draft.root):
                scopes = self._carried_over(at)
                previous = None
            if previous is None:
                if scopes:
                    self._give(at, scopes)
                continue
            self._between(previous, draft, members[max(n - _SIBLINGS, 0) : n], scopes)
            if scopes:
                self._give(at, scopes)

    def _carried_over(self, at: int) -> list[_Scope]:
        """`Bắt 24 vụ. Trong đó, khởi tố 5 vụ`: a sentence or line that opens with the parts of the one before."""
        tokens, draft = self.layout.tokens, self.drafts[at]
        start = self.layout.sentence_start(draft.root)
        opened = next((n for n in range(start, min(start + _OPENING, draft.root)) if SOME_PARTS.at(tokens, n)), None)
        if opened is None or at == 0:
            return []
        sentence = self.layout.sentence_of[self.drafts[at - 1].root]
        near = range(max(at - _SIBLINGS, 0), at)
        totals = self._totals(n for n in near if self.layout.sentence_of[self.drafts[n].root] == sentence)
        return [_Scope(totals, complete=False)] if totals else []

    def _between(self, previous: Draft, draft: Draft, earlier: list[int], scopes: list[_Scope]) -> None:
        """What the words between two quantities open or close."""
        tokens = self.layout.tokens
        for at in range(previous.end, draft.root):
            if tokens.words[at] == ";" and len(scopes) > 1:
                scopes.pop()
            opened = _opens(tokens, at)
            if opened is not None and at + 1 < draft.root + 1:
                here = [m for m in earlier[-_SIBLINGS:] if self.layout.same_sentence(self.drafts[m].root, draft.root)]
                totals = self._totals(self._nearest_clause(here, at), before=at)
                if totals:
                    scopes.append(_Scope(totals, complete=opened))
                    del scopes[:-_DEEPEST]
                return

    def _nearest_clause(self, earlier: list[int], at: int) -> list[int]:
        """The quantities of the clause before this token: back to the semicolon before the last of them."""
        tokens = self.layout.tokens
        kept: list[int] = []
        for member in reversed(earlier[-_SIBLINGS:]):
            end = self.drafts[kept[-1]].root if kept else at
            if kept and ";" in tokens.words[self.drafts[member].end : end]:
                break
            kept.append(member)
        return kept[::-1]

    def _give(self, at: int, scopes: list[_Scope]) -> None:
        draft = self.drafts[at]
        if not draft.counted or draft.part_of is not None:
            return
        scope = scopes[-1]
        total = self._total_for(draft, scope)
        if total is None or total == at:
            return
        value, whole = draft.value, self.drafts[total].value
        spent = scope.spent.get(total, Decimal(0))
        if (
            not scope.complete
            and value is not None
            and whole is not None
            and spent
            and spent + value > whole
            and self._after_semicolon(at)
        ):
            return
        scope.spent[total] = spent + (value or 0)
        draft.part_of = total

    def _after_semicolon(self, at: int) -> bool:
        return ";" in self.layout.tokens.words[self.drafts[at - 1].end : self.drafts[at].root]

    def _total_for(self, draft: Draft, scope: _Scope) -> int | None:
        if draft.bare:
            return next(iter(scope.totals.values())) if len(scope.totals) == 1 else _largest(scope.totals)
        name = draft.name
        exact = scope.totals.get(name)
        if exact is None and name in _CULPRITS:  # bị can are some of the đối tượng
            exact = next((at for other, at in scope.totals.items() if other in _CULPRITS), None)
        if exact is None:
            exact = next((at for other, at in scope.totals.items() if same_name(name, other)), None)
        return exact if exact is not None else self._stood_for(draft, scope)

    def _stood_for(self, draft: Draft, scope: _Scope) -> int | None:
        """`8.512 tàu cá; trong đó 1.948 chiếc`: the last total that the noun can stand for."""
        return next((at for at in reversed(scope.totals.values()) if stands_for(draft, self.drafts[at])), None)

    def _first_of_each(self, members: list[int], scope: _Scope) -> None:
        """A line below a total: its first quantity of each measure is the part."""
        seen: set[int] = set()
        for at in members:
            draft = self.drafts[at]
            total = self._total_for(draft, scope) if draft.counted else None
            if total is None or total in seen or draft.part_of is not None or total == at:
                continue
            seen.add(total)
            spent, whole = scope.spent.get(total, Decimal(0)), self.drafts[total].value
            if whole is None or spent != whole:  # a list that has made up its total is at its end
                scope.spent[total] = spent + (draft.value or 0)
                draft.part_of = total


def _largest(totals: dict[str, int]) -> int:
    return next(iter(totals.values()))


def _opens(tokens: Tokens, at: int) -> bool | None:
    """Whether words here open a list of parts: True all of them, False some; None if they do not."""
    if SOME_PARTS.at(tokens, at):
        return False
    if tokens.words[at] == ":" and tokens.is_number(at + 1):
        return False
    return True if ALL_PARTS.at(tokens, at) else None


def _brackets(layout: Layout, drafts: Sequence[Draft]) -> None:
    """`91 vụ (43 vụ vô chủ)`, `120 đồng chí (nam 100 đồng chí, nữ 20 đồng chí)`: what is in brackets is part of it."""
    tokens = layout.tokens
    opened: int | None = None
    for at, draft in enumerate(drafts):
        earlier = drafts[at - 1] if at else None
        if earlier is None or not layout.same_sentence(earlier.root, draft.root):
            opened = None
            continue
        between = tokens.words[earlier.end : draft.root]
        if ")" in between:
            opened = None
        if "(" in between:
            opened = (
                at - 1
                if between.index("(") <= _NEAR and not _OTHER_TIME.within(tokens, earlier.end, draft.root)
                else None
            )
        if opened is not None and draft.part_of is None and not draft.cell:
            total = drafts[opened]
            alike = same_measure(total, draft) or (draft.bare and not total.bare) or stands_for(draft, total)
            same = total.counted and draft.counted and total.role is draft.role and alike
            if same and opened != draft.paired_with:
                draft.part_of = opened


def _among(layout: Layout, drafts: Sequence[Draft]) -> None:
    """`Trong 24 vụ có 5 vụ nghiêm trọng`: the whole is told first, as a whole."""
    tokens = layout.tokens
    for at, (whole, part) in enumerate(pairwise(drafts)):
        if part.part_of is not None or not same_measure(whole, part) or not layout.same_sentence(whole.root, part.root):
            continue
        if not (whole.counted and part.counted) or whole.value is None or part.value is None:
            continue
        if part.value <= whole.value and _AMONG.before(tokens, whole.root):
            part.part_of = at


def _rows(layout: Layout, drafts: Sequence[Draft]) -> None:
    """In a table: a row `Trong đó …` is part of the row above it, the rows above `Tổng cộng` are its parts."""
    above: dict[int, list[int]] = {}
    main: dict[int, int] = {}
    line, column = -1, 0
    for at, draft in enumerate(drafts):
        if not draft.cell:
            above, main, line = {}, {}, -1
            continue
        here = layout.line_of[draft.root]
        if here > line + 1:
            above, main = {}, {}
        column = column + 1 if here == line else 0
        line = here
        label = fold(draft.of).strip()
        if label.startswith(_TOTAL_ROW):
            _close_rows(drafts, at, above.pop(column, []))
        elif label.startswith(_PART_ROW) and column in main:
            if same_measure(drafts[main[column]], draft) or drafts[main[column]].measure.startswith(draft.measure):
                draft.part_of = main[column]
        else:
            main[column] = at
            above.setdefault(column, []).append(at)


def _close_rows(drafts: Sequence[Draft], total: int, rows: list[int]) -> None:
    for row in rows:
        whole = drafts[total]
        if whole.counted and drafts[row].counted and drafts[row].sort is whole.sort and drafts[row].part_of is None:
            drafts[row].part_of = total


def _of_all(layout: Layout, drafts: Sequence[Draft]) -> None:
    """`5 vụ trong tổng số 24 vụ`, `8 km trên tổng chiều dài 10 km`: the part is told before its total."""
    tokens = layout.tokens
    for at in range(1, len(drafts)):
        whole = drafts[at]
        before = at - 2 if drafts[at - 1].sort is Sort.PERCENT and at > 1 else at - 1
        part = drafts[before]
        if part.part_of is not None or not same_measure(part, whole) or not layout.same_sentence(part.root, whole.root):
            continue
        if not (part.counted and whole.counted) or whole.part_of == before or part.role is Role.TARGET:
            continue
        told = _OF_ALL.before(tokens, _before_small(tokens, whole.root) + 1) or _OF_ALL.before(tokens, whole.root)
        share_of = before < at - 1 and tokens.matches(whole.root - 2, "tổng", "số")  # chiếm 25% tổng số 80 hộ
        if told or share_of or (_on_whole(tokens, drafts[at - 1], whole) and (part.value or 0) <= (whole.value or 0)):
            part.part_of = at


def _on_whole(tokens: Tokens, before: Draft, whole: Draft) -> bool:
    """Whether `trên`, or `trong tổng`, joins a count to all there is of it."""
    between = tokens.words[before.end : whole.root]
    if len(between) > _NEAR * 2 or any(not word[:1].isalpha() for word in between):
        return False
    on = next((n for n, word in enumerate(between[:_NEAR]) if word == "trên"), None)
    return on is not None and (on == len(between) - 1 or between[on + 1] == "tổng")


def _sums_in_sentence(layout: Layout, drafts: Sequence[Draft]) -> None:
    """`Bắt 24 vụ/30 đối tượng; khởi tố 5 vụ/7 đối tượng, xử phạt 19 vụ/23 đối tượng`: they make up the first."""
    for at, whole in enumerate(drafts):
        if (
            not whole.counted
            or whole.cell
            or whole.value is None
            or whole.value < _LEAST_SUM
            or whole.part_of is not None
        ):
            continue
        like = []
        for later in range(at + 1, min(at + _SIBLINGS, len(drafts))):
            draft = drafts[later]
            if not layout.same_sentence(whole.root, draft.root):
                break
            if draft.counted and draft.role is whole.role and draft.range_with is None and same_measure(whole, draft):
                like.append(later)
        if len(like) < len("ab") or any(drafts[part].part_of is not None for part in like):
            continue
        if sum((drafts[part].value or Decimal(0)) for part in like) == whole.value:
            for part in like:
                drafts[part].part_of = at


def _sums_over_lines(layout: Layout, drafts: Sequence[Draft]) -> None:
    """A line whose quantities are exactly the sums of the lines of one kind below it: those are its parts."""
    by_line: dict[int, list[int]] = {}
    for at, draft in enumerate(drafts):
        if not draft.cell:
            by_line.setdefault(layout.line_of[draft.root], []).append(at)
    lines = sorted(by_line)
    marks = {line: layout.mark_of(line) for line in lines}
    for n, line in enumerate(lines[:-1]):
        below = _below(lines[n + 1 : n + 1 + _SIBLINGS], marks, marks[line])
        if len(below) > 1:
            _take_sums(drafts, by_line[line], [by_line[child] for child in below])


def _below(lines: Sequence[int], marks: dict[int, str], parent: str) -> list[int]:
    """The lines directly under one: those that share the first one's mark, up to the next line with the parent's."""
    child = marks[lines[0]] if lines else ""
    if not child or child == parent:
        return []
    found = []
    for line in lines:
        if marks[line] == parent:
            break
        if marks[line] == child:
            found.append(line)
    return found


def _take_sums(drafts: Sequence[Draft], totals: list[int], children: list[list[int]]) -> None:
    for total in totals:
        whole = drafts[total]
        if not whole.counted or whole.bare or whole.value is None:
            continue
        parts = [part for child in children if (part := _first_like(drafts, whole, child)) is not None]
        if len(parts) > 1 and sum((drafts[part].value or Decimal(0)) for part in parts) == whole.value:
            for part in parts:
                if drafts[part].part_of is None:
                    drafts[part].part_of = total


def _first_like(drafts: Sequence[Draft], whole: Draft, members: list[int]) -> int | None:
    return next((at for at in members if drafts[at].counted and same_measure(whole, drafts[at])), None)


def _name_bare(drafts: Sequence[Draft]) -> None:
    """A part without a measure of its own counts what its total counts; `13.389 lượt` of `lượt người` too."""
    for draft in drafts:
        if draft.part_of is None:
            continue
        total = drafts[draft.part_of]
        if total.bare or total is draft:
            continue
        if draft.bare or total.name.startswith(f"{draft.name} "):
            draft.counts_as(total)
            if draft.value is None and total.whole:
                grouped = next((w.value for w in draft.numeral.writings if w.grouped), None)
                draft.value, draft.readings = grouped, () if grouped is not None else draft.readings


def _name_planned(layout: Layout, drafts: Sequence[Draft]) -> None:
    """`47 đảng viên, đạt 104,4% chỉ tiêu 45`: what was planned is counted as what was done."""
    for at, draft in enumerate(drafts):
        if not draft.bare or draft.role is not Role.TARGET:
            continue
        for done in reversed(drafts[max(at - 2, 0) : at]):
            if done.counted and not done.bare and layout.same_sentence(done.root, draft.root):
                draft.counts_as(done)
                break
