"""Finds every number of a text: what it counts, or why it counts nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from loom._counted import name_counted
from loom._drafts import Draft, Layout
from loom._links import link
from loom._measures import Measure, Sort, measure_at, noun_at, sort_of
from loom._not_quantities import Trap, trap_at, vague_at
from loom._numbers import HALF, Numeral, Writing, is_opening, number_at, style_of
from loom._phrases import Phrases, words_in
from loom._reading import Heading, NotQuantity, Quantity, Span, Statement
from loom._roles import qualify, tell_roles
from loom._tables import Cell, cells_of
from loom._text import fold
from loom._tokens import Tokens, flowed

_RANGE = frozenset("-–—~") | words_in("đến tới")
_MILLION = Decimal(10**6)
_MORE = words_in("hơn")
_FROM = "từ"
_CLOCK_TIMES = words_in("lúc vào ngày sáng trưa chiều tối đêm gian khung hằng hàng mở cửa hôm")
_HALVES = words_in("rưỡi rưởi")
_ONE, _FIVE = "một", "năm"
_ONE_AFTER = words_in(
    """
            bắt giữ phá xóa xoá xử lý lí tặng thu tố hiện có còn thêm được giao mở dựng cứu trao trợ nhận tổ
            chức gồm mất thưởng triệt vớt gỡ xảy ra lập dụng sửa xây khám phạt ký kí lập diễn phát đạt đoạt
            giành"""
)
_AT_LEAST = Phrases.listed("ít nhất | tối thiểu | chí ít | không quá | tối đa | không dưới")
_ONES = {Sort.PERSON, Sort.GROUP, Sort.HOUSEHOLD, Sort.VESSEL, Sort.EVENT}
_UNDERWENT = words_in("được bị đã đạt vi hy hi chết mất tử đoạt giành")
_NOT_BEFORE_FIVE = words_in("""
            trong hằng hàng cả mỗi các những cuối đầu giữa một qua nửa suốt theo từng này đó mấy vài nhiều
            bao thường thứ tết""")
_TOO_GENERAL = frozenset(
    fold(word)
    for word in [
        "nhiệm vụ",
        "nội dung",
        "hướng",
        "mũi",
        "lực lượng",
        "nước",
        "quốc gia",
        "vùng",
        "khu vực",
        "tuyến",
        "loại",
        "món",
        "việc",
        "bàn",
        "bà",
        "ông",
        "anh",
        "em",
        "cái",
        "khu",
        "bản",
        "công",
        "bài",
        "băng",
        "bộ",
        "con",
        "cây",
        "ngành",
        "mảnh",
        "giải pháp",
        "thanh",
        "đoạn",
        "phòng",
        "kỳ",
        "kì",
        "ca",
        "phiên",
        "tin",
        "tấm",
        "đơn",
        "bình",
        "m",
        "g",
        "l",
        "đ",
        "tiếng",
        "tệ",
        "điểm",
        "khối",
        "hoạt động",
        "sở",
        "ban",
    ]
)
_ENDS_BARE = frozenset({",", ";", ".", ")", "\n", "\t", "|", "", "(", "/", "="}) | words_in("và so lên xuống còn")
_NO_NOUN_BEFORE = words_in("""
            và với của cho gồm đó có là được đạt còn trong từ đến lên xuống cả tại ở khoảng gần hơn trên
            tổng cộng bằng thì""")
_TURNS = words_in("lên xuống còn")
_NUMBER_OF = "số"
_LONGEST_LABEL = 9
_LONGEST_LIST = 40
_LONGEST_NOUN = 4
_PARTNERS = {"vụ": "đối tượng", "hộ": "khẩu"}
_HALF_OF = Phrases.listed("một nửa | nửa")


def find_quantities(
    text: str, statements: Sequence[Statement], headings: Sequence[Heading]
) -> tuple[tuple[Quantity, ...], tuple[NotQuantity, ...]]:
    """Every number of `text`, as what it counts or as a number that counts nothing, in their order.

    `text` is composed (NFC). Statements and headings tell what a number is there for, and may be empty. A number that
    reads in two ways, in a text that keeps to no style of writing, has no value but readings.
    """
    tokens = Tokens.of(flowed(text, (statement.span for statement in statements)))
    scan = _Scan(tokens, cells_of(tokens))
    scan.run()
    drafts = scan.drafts
    style = style_of((draft.numeral, draft.whole) for draft in drafts)
    for draft in drafts:
        draft.settle(style)
    layout = Layout.of(tokens, statements, headings)
    for earlier, draft in zip([None, *drafts], drafts, strict=False):
        qualify(tokens, draft, earlier)
    tell_roles(layout, drafts)
    link(layout, drafts)
    name_counted(layout, drafts)
    return tuple(_quantity(text, layout, draft) for draft in drafts), _not_quantities(text, tokens, scan.traps)


def _quantity(text: str, layout: Layout, draft: Draft) -> Quantity:
    tokens = layout.tokens
    span = Span(tokens.starts[draft.first], tokens.ends[draft.end - 1])
    return Quantity(
        span=span,
        quote=span.of(text),
        value=draft.value,
        measure=" ".join(draft.measure.split()),
        qualifier=draft.qualifier,
        of=" ".join(draft.of.split()),
        role=draft.role,
        part_of=draft.part_of,
        paired_with=draft.paired_with,
        range_with=draft.range_with,
        statement=layout.statement_at(tokens.starts[draft.root]),
        readings=draft.readings,
    )


def _not_quantities(text: str, tokens: Tokens, traps: Sequence[Trap]) -> tuple[NotQuantity, ...]:
    spans = ((Span(tokens.starts[trap.first], tokens.ends[trap.end - 1]), trap.why) for trap in traps)
    return tuple(NotQuantity(span, span.of(text), why) for span, why in spans)


@dataclass(slots=True)
class _Scan:
    """One walk over the tokens, from left to right."""

    tokens: Tokens
    cells: dict[int, Cell]
    drafts: list[Draft] = field(default_factory=list)
    traps: list[Trap] = field(default_factory=list)

    def run(self) -> None:
        at = 0
        while at < len(self.tokens):
            at = self._step(at)

    def _step(self, at: int) -> int:
        cell = self.cells.get(at)
        if cell:
            return self._cell(at, cell)
        trap = vague_at(self.tokens, at)
        if trap is None and (self.tokens.is_number(at) or is_opening(self.tokens, at)):
            trap = None if self._goes_with_last(at) else trap_at(self.tokens, at)
            if trap is None:
                return self._number(at)
        if trap is None:
            return at + 1
        self.traps.append(trap)
        return max(trap.end, at + 1)

    def _goes_with_last(self, at: int) -> bool:
        """`26 chuyến/214 ngày tàu`: a number joined to a count counts too, whatever noun follows it."""
        joined = bool(self.drafts) and self.drafts[-1].end == at - 1 and self.tokens.word(at - 1) == "/"
        return joined and self.tokens.word(at).isdecimal() and noun_at(self.tokens, at + 1) is not None

    def _cell(self, at: int, cell: Cell) -> int:
        numeral = number_at(self.tokens, at, joined=True)
        if numeral is None or cell.why:
            self.traps.append(Trap(at, cell.end, cell.why or "unknown"))
            return cell.end
        measure = measure_at(self.tokens, numeral.end)
        name, scale = (measure.name, Decimal(1)) if measure else (cell.measure, cell.scale)
        sort = sort_of(name)
        whole = sort not in {Sort.PERCENT, Sort.AMOUNT, Sort.TIME, Sort.UNKNOWN} and scale == 1
        self.drafts.append(
            Draft(numeral, at, cell.end, name, sort, whole=whole, role=cell.role, of=cell.label, scale=scale, cell=True)
        )
        return cell.end

    def _number(self, at: int) -> int:
        numeral = self._numeral(at)
        if numeral is None:
            return self._nothing(at, at + 1)
        end = self._past_words_in_brackets(numeral)
        return self._range(numeral, end) or self._fraction(numeral, end) or self._single(numeral, end)

    def _numeral(self, at: int) -> Numeral | None:
        joined = number_at(self.tokens, at, joined=True)
        if (
            joined
            and self.tokens.is_number(at)
            and joined.end > at + 1
            and not joined.scaled
            and not measure_at(self.tokens, joined.end)
        ):
            return number_at(self.tokens, at)
        return joined

    def _nothing(self, first: int, end: int) -> int:
        if self.tokens.is_number(first):
            self.traps.append(Trap(first, end, "unknown"))
        return end

    def _past_words_in_brackets(self, numeral: Numeral) -> int:
        """`03 (ba) tập thể`: the number told again."""
        end = numeral.end
        if self.tokens.word(end) != "(":
            return end
        again = number_at(self.tokens, end + 1)
        same = (
            again
            and again.in_words
            and self.tokens.word(again.end) == ")"
            and again.writings[0].value == numeral.writings[0].value
        )
        return again.end + 1 if again and same else end

    def _measure(self, numeral: Numeral, end: int) -> Measure | None:
        tokens = self.tokens
        if tokens.word(end) in _MORE and not tokens.is_number(end + 1):
            end += 1  # 5 nghìn hơn
        measure = measure_at(tokens, end)
        if measure is None and numeral.scaled and numeral.scale >= _MILLION and not noun_at(tokens, end):
            return Measure(numeral.end, "đồng", Sort.MONEY)  # phạt 618 triệu
        if measure is None and not numeral.in_words:
            measure = noun_at(tokens, end)
        return measure

    def _draft(self, numeral: Numeral, measure: Measure, *, first: int | None = None) -> Draft:
        end = measure.end
        half = self.tokens.word(end) in _HALVES
        draft = Draft(
            numeral,
            numeral.first if first is None else first,
            end + half,
            measure.name,
            measure.sort,
            known=measure.known,
            whole=measure.whole and not half,
            half_more=half,
        )
        self.drafts.append(draft)
        return draft

    def _range(self, low: Numeral, end: int) -> int:
        """`4 đến 6 đồng chí`: two numbers, one measure."""
        tokens = self.tokens
        if tokens.word(end) not in _RANGE or tokens.closes(end):
            return 0
        high = self._numeral(end + 1) if tokens.is_number(end + 1) or is_opening(tokens, end + 1) else None
        if high is None or (tokens.is_number(end + 1) and self._is_trap(low, end + 1)):
            return 0
        measure = self._measure(high, high.end)
        if measure is None or high.writings[0].value < low.writings[0].value:
            return 0
        if low.in_words and not measure.known:
            return 0
        if high.scaled and not low.scaled:
            low = replace(low, writings=_times(low, high.scale), scaled=True, scale=high.scale)
        first = self._draft(low, measure)
        second = self._draft(high, measure)
        second.range_with = len(self.drafts) - 2
        first.range_with = len(self.drafts) - 1
        return second.end

    def _is_trap(self, low: Numeral, at: int) -> bool:
        """Whether the high end counts nothing. `đi bộ từ 5 đến 6 giờ` counts hours; `sáng từ 7 đến 11 giờ` does not."""
        trap = trap_at(self.tokens, at)
        if trap is None or trap.why != "clock":
            return trap is not None
        start = low.first - (self.tokens.word(low.first - 1) == _FROM)
        return self.tokens.word(start - 1) in _CLOCK_TIMES or self.tokens.word(trap.end) in _CLOCK_TIMES

    def _fraction(self, part: Numeral, end: int) -> int:
        """`341/360 vụ`, `341 trên 360 vụ`: so many of so many; `371/3.710 lượt tổ/lượt CBCS`: two counts at once."""
        tokens = self.tokens
        if tokens.word(end) not in {"/", "trên"} or not tokens.is_number(end + 1):
            return 0
        whole = self._numeral(end + 1)
        measure = self._measure(whole, whole.end) if whole else None
        if whole is None or measure is None:
            return self._bare_fraction(part, whole)
        if "/" in measure.name:
            names = [name.strip() for name in measure.name.split("/", 1)]
            one, other = (Measure(measure.end, name, sort_of(name)) for name in names)
            self._draft(part, one)
            self._draft(whole, other)
            self._pair_last()
            return measure.end
        self._draft(part, measure)
        self._draft(whole, measure)
        if part.writings[0].value <= whole.writings[0].value:
            self.drafts[-2].part_of = len(self.drafts) - 1
        else:
            self._pair_last()
        return self.drafts[-1].end

    def _pair_last(self) -> None:
        self.drafts[-2].paired_with = len(self.drafts) - 1
        self.drafts[-1].paired_with = len(self.drafts) - 2

    def _bare_fraction(self, part: Numeral, whole: Numeral | None) -> int:
        tokens = self.tokens
        end = whole.end if whole else part.end + 2
        if whole is None or tokens.word(end) not in _ENDS_BARE or part.writings[0].value > whole.writings[0].value:
            return self._nothing(part.first, end)
        noun = self._noun_before(part.first)
        if noun == part.first:
            return self._nothing(part.first, end)
        name = tokens.phrase(noun, part.first)
        for numeral in (part, whole):
            self.drafts.append(Draft(numeral, noun, whole.end, name, sort_of(name), known=False, bare=True))
        self.drafts[-2].part_of = len(self.drafts) - 1
        return end

    def _single(self, numeral: Numeral, end: int) -> int:
        measure = self._measure(numeral, end)
        if numeral.in_words and (measure is None or not self._told_in_words(numeral, measure)):
            return self._half_of(numeral)
        if measure is None:
            return self._bare(numeral)
        return self._draft(numeral, measure).end

    def _half_of(self, numeral: Numeral) -> int:
        """`hơn một nửa số hộ` is half of them; a number word that counts nothing is passed over."""
        tokens = self.tokens
        found = _HALF_OF.at(tokens, numeral.first)
        noun = noun_at(tokens, found[0]) if found else None
        if found is None or noun is None:
            return numeral.end
        half = Numeral(numeral.first, found[0], (Writing(HALF),), scaled=True, in_words=True)
        return self._draft(half, noun).end

    def _told_in_words(self, numeral: Numeral, measure: Measure) -> bool:
        """Whether a number in words counts: `hai tập thể` does, `một cán bộ phải kiêm nhiều việc` does not."""
        tokens, first = self.tokens, numeral.first
        if not measure.known or (fold(measure.name) in _TOO_GENERAL and not numeral.scaled):
            return False
        before = tokens.word(first - 1)
        if tokens.capital(first) and not self._opens_sentence(first):
            return False
        if tokens.capital(numeral.end) and measure.sort is not Sort.AWARD and not tokens.written(numeral.end).isupper():
            return False
        if numeral.end - first > 1:
            return True
        if tokens.word(first) == _ONE:
            return before in _ONE_AFTER or self._continues(first) or self._told_of_one(first, measure)
        return not (tokens.word(first) == _FIVE and (before in _NOT_BEFORE_FIVE or tokens.is_number(first - 1)))

    def _told_of_one(self, first: int, measure: Measure) -> bool:
        """`ít nhất một lần`; `Một công chức được tặng giấy khen`: one that something was done by, or done to."""
        tokens = self.tokens
        if _AT_LEAST.before(tokens, first):
            return True
        if not tokens.capital(first) or not self._opens_sentence(first) or measure.sort not in _ONES:
            return False
        return any(tokens.word(measure.end + n) in _UNDERWENT for n in range(_LONGEST_NOUN))

    def _opens_sentence(self, at: int) -> bool:
        return at == 0 or self.tokens.word(at - 1) in {
            "\n",
            ".",
            ":",
            "-",
            "–",
            "+",
            "*",
            "•",
            "\t",
            ")",
            ";",
            "“",
            '"',
        }

    def _continues(self, at: int) -> bool:
        """Whether the number goes on from another: `hai tập thể và một cá nhân`."""
        return bool(self.drafts) and self.drafts[-1].end == at - 1 and self.tokens.word(at - 1) in {",", "và", "/"}

    def _bare(self, numeral: Numeral) -> int:
        """A number with nothing after it that it could count: `nhập cảnh 44.285, xuất cảnh 45.291`, `123 vụ/153`."""
        tokens, first = self.tokens, numeral.first
        if tokens.word(numeral.end) not in _ENDS_BARE or self._runs_on(numeral.end):
            return self._nothing(first, numeral.end)
        last = self.drafts[-1] if self.drafts else None
        if last and last.end == first - 1 and tokens.word(first - 1) in {"/", "="}:
            name = _PARTNERS.get(fold(last.measure), "")
            self.drafts.append(Draft(numeral, first, numeral.end, name, sort_of(name), whole=bool(name), bare=not name))
            return numeral.end
        named = self._named_before(first)
        if named:
            self.drafts.append(Draft(numeral, first, numeral.end, named.name, named.sort, whole=named.whole))
            return numeral.end
        turns = tokens.word(first - 1) == _FROM and tokens.word(numeral.end) in _TURNS
        noun = self._noun_before(first)
        if not turns and (noun == first or not self._in_a_row(numeral)):
            return self._nothing(first, numeral.end)
        start = first if turns or tokens.word(first - 1) == ":" else noun
        name = tokens.phrase(noun, first).rstrip(" :")
        self.drafts.append(Draft(numeral, start, numeral.end, name, sort_of(name), known=False, bare=True))
        return numeral.end

    def _named_before(self, first: int) -> Measure | None:
        """`Số vụ vi phạm: 24`, `tổng số hộ được vay là 125`: the noun after `số` is what is counted."""
        tokens = self.tokens
        for at in range(first - 1, max(first - _LONGEST_LABEL, -1), -1):
            if tokens.words[at] in {"\n", ".", ";", ","}:
                return None
            if tokens.words[at] == _NUMBER_OF:
                measure = measure_at(tokens, at + 1)
                return measure if measure and measure.known else None
        return None

    def _runs_on(self, at: int) -> bool:
        """Whether a full stop here is inside something: `1.a`."""
        return self.tokens.word(at) == "." and self.tokens.glued(at + 1) and not self.tokens.closes(at + 1)

    def _noun_before(self, at: int) -> int:
        """Where the noun that stands before this number begins; `at` itself if none does."""
        tokens = self.tokens
        first = at - 1 if tokens.word(at - 1) == ":" else at
        least = max(first - _LONGEST_NOUN, 0)
        noun = first
        while noun > least and tokens.is_letters(noun - 1) and tokens.word(noun - 1) not in _NO_NOUN_BEFORE:
            noun -= 1
        return at if noun == first else noun

    def _in_a_row(self, numeral: Numeral) -> bool:
        """Whether a number without a measure is told as a count: after a colon, or beside other counts of its line."""
        tokens, first = self.tokens, numeral.first
        if tokens.word(first - 1) == ":":
            return True
        if tokens.capital(first - 1) and not tokens.written(first - 1).isupper():
            return False
        last = self.drafts[-1] if self.drafts else None
        if (
            last is None
            or first - last.end > _LONGEST_LIST
            or "\n" in tokens.words[last.end : first]
            or "." in tokens.words[last.end : first]
        ):
            return numeral.writings[0].grouped or self._after_colon(first)
        return True

    def _after_colon(self, at: int) -> bool:
        """`Xếp loại: xuất sắc 5, tốt 20`: in a list that a colon opens."""
        least = max(at - _LONGEST_LIST, 0)
        for back in range(at - 1, least, -1):
            if self.tokens.words[back] in {"\n", ".", ";"}:
                return False
            if self.tokens.words[back] == ":":
                return True
        return False


def _times(numeral: Numeral, scale: Decimal) -> tuple[Writing, ...]:
    return tuple(Writing(writing.value * scale, writing.style, writing.grouped) for writing in numeral.writings)
