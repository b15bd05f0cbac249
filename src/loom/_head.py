"""What a text says of itself: the kind of paper, the unit it comes from and the period it is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from loom._outline import PAPERS, Block, Role
from loom._reading import Said, Span
from loom._text import fold

_PAPER = re.compile(rf"(?:{PAPERS})(?!\w)|(?:sơ kết|tổng kết|tự đánh giá|tổng hợp)(?!\w)")
_REVIEWS = ("sơ kết", "tổng kết", "tự đánh giá", "tổng hợp")

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEAR = r"(?:năm\s*)?(?P<year>(?:19|20)\d\d)"
_JOIN = r"\s*[/,.\-–]?\s*"
_SPANNING = re.compile(
    r"(?:(?:giai đoạn|nhiệm kì|thời kì|từ năm|từ)\s*)?\(?(?P<first>(?:19|20)\d\d)\s*(?:-|–|—|đến|tới|đến năm|\.\.)\s*"
    r"(?:hết )?(?:năm )?(?P<last>(?:19|20)\d\d)\)?"
)
_PERIODS = (
    ("W", re.compile(rf"tuần\s*(?:thứ\s*)?(?P<n>\d{{1,2}}){_JOIN}(?:\([^)]*\)\s*)?{_YEAR}")),
    ("H1", re.compile(rf"(?:0?6|sáu) tháng đầu{_JOIN}{_YEAR}|nửa đầu{_JOIN}(?P<year2>(?:năm )?(?:19|20)\d\d)")),
    ("H2", re.compile(rf"(?:0?6|sáu) tháng cuối{_JOIN}{_YEAR}|nửa cuối{_JOIN}(?P<year2>(?:năm )?(?:19|20)\d\d)")),
    ("9M", re.compile(rf"(?:0?9|chín) tháng(?: đầu)?{_JOIN}{_YEAR}")),
    ("Q", re.compile(rf"quí\s*(?P<n>iv|iii|ii|i|[1-4]){_JOIN}{_YEAR}")),
    ("M", re.compile(rf"(?<!ngày \d )(?<!ngày \d\d )tháng\s*(?P<n>\d{{1,2}}){_JOIN}{_YEAR}")),
    ("Y", re.compile(r"năm\s+(?P<year>(?:19|20)\d\d)")),
)
_NO_YEAR = (
    ("H1", re.compile(r"(?:0?6|sáu) tháng đầu năm")),
    ("H2", re.compile(r"(?:0?6|sáu) tháng cuối năm")),
    ("9M", re.compile(r"(?:0?9|chín) tháng(?: đầu năm)?(?!\w)")),
    ("Q", re.compile(r"quí\s*(?P<n>iv|iii|ii|i|[1-4])(?!\w)")),
    ("M", re.compile(r"(?<!ngày \d )(?<!ngày \d\d )tháng\s*(?P<n>1[0-2]|0?[1-9])(?![\w/.])")),
)
_DAYS = re.compile(
    r"từ\s*(?:ngày\s*)?(?P<d1>\d{1,2})[/.-](?P<m1>\d{1,2})(?:[/.-](?P<y1>\d{4}))?\s*(?:đến|-|"
    r"–)\s*(?:hết )?(?:ngày\s*)?"
    r"(?P<d2>\d{1,2})[/.-](?P<m2>\d{1,2})[/.-](?P<y2>\d{4})"
)
_DATED = re.compile(r"ngày\s*\d{1,2}\s*(?:tháng\s*\d{1,2}\s*năm\s*|[/.-]\d{1,2}[/.-])(?P<year>(?:19|20)\d\d)")
# A date, and what only serves as ground or as comparison, is no period of the report.
_NOT_OURS = re.compile(
    r"ngày\s*\d{1,2}\s*tháng\s*\d{1,2}(?:\s*năm\s*\d{4})?|ngày\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|"
    r"(?:so với|cùng kì|so cùng kì)[^,;.]*|(?:phương hướng|nhiệm vụ|dự kiến|chương trình công tác|"
    r"kế hoạch công tác)[^.]*|"
    r"(?:nghị quyết|chỉ thị|kế hoạch|quyết định|nghị định|công văn|thông tư|luật)\s+(?:số\s+)?\d[^,;.]*"
)


def period_in(folded: str, *, year: int | None = None) -> tuple[str, Span] | None:
    """The period that a folded line names first and its place; `year` stands in where the line names none."""
    days = _DAYS.search(folded)
    clear = _NOT_OURS.sub(lambda m: " " * len(m.group()), folded)
    if days and (code := _code_of_days(days)):
        return code, Span(days.start(), days.end())
    spanning = _SPANNING.search(clear)
    if spanning and spanning["first"] < spanning["last"]:
        return f"{spanning['first']}..{spanning['last']}", Span(spanning.start(), spanning.end())
    found = [(m.start(), order, kind, m) for order, (kind, p) in enumerate(_PERIODS) if (m := p.search(clear))]
    if found:
        _, _, kind, match = min(found, key=lambda one: one[:2])
        named = match["year"] or match.groupdict().get("year2") or ""
        return _code(kind, int(named[-4:]), match.groupdict().get("n")), Span(match.start(), match.end())
    if year is None:
        return None
    loose = [(m.start(), order, kind, m) for order, (kind, p) in enumerate(_NO_YEAR) if (m := p.search(clear))]
    if not loose:
        return None
    _, _, kind, match = min(loose, key=lambda one: one[:2])
    return _code(kind, year, match.groupdict().get("n")), Span(match.start(), match.end())


def _code(kind: str, year: int, number: str | None) -> str:
    if kind == "Y":
        return str(year)
    if kind == "Q":
        return f"{year}-Q{_ROMAN.get(number or '') or int(number or 0)}"
    if kind == "M":
        return f"{year}-{int(number or 0):02d}"
    if kind == "W":
        return f"{year}-W{int(number or 0):02d}"
    return f"{year}-{kind}"


_WEEK, _MONTH, _QUARTER, _HALF, _NINE, _YEARLONG = (5, 8), (26, 32), (85, 95), (175, 188), (265, 280), (355, 370)


def _code_of_days(days: re.Match[str]) -> str | None:
    """The period that two days enclose: named by the day on which it ends, as cut-offs fall before the calendar's."""
    try:
        last = date(int(days["y2"]), int(days["m2"]), int(days["d2"]))
        year = int(days["y1"]) if days["y1"] else last.year - (int(days["m1"]) > last.month)
        first = date(year, int(days["m1"]), int(days["d1"]))
    except ValueError:
        return None
    long = (last - first + timedelta(days=1)).days
    middle = first + timedelta(days=long // 2)
    for low_high, code in (
        (_WEEK, "{0.year}-W{week:02d}"),
        (_MONTH, f"{last.year}-{last.month:02d}"),
        (_QUARTER, f"{middle.year}-Q{(middle.month - 1) // 3 + 1}"),
        (_HALF, f"{middle.year}-H{1 if middle.month <= 6 else 2}"),  # noqa: PLR2004 -- June ends the first half
        (_NINE, f"{last.year}-9M"),
        (_YEARLONG, str(last.year)),
    ):
        if low_high[0] <= long <= low_high[1]:
            week_year, week, _ = middle.isocalendar()
            return f"{week_year}-W{week:02d}" if low_high is _WEEK else code
    return None


# Of a long line only so many signs are looked at.
_READ = 600


def period_of(blocks: Sequence[Block]) -> Said | None:
    """The period of a report: from its title, else from what it says first."""
    heads = [block for block in blocks if block.role in {Role.TITLE, Role.LEAD_IN}]
    body = [block for block in blocks if block.role is Role.BODY][:3]
    titles = sorted(
        heads, key=lambda block: not re.match(rf"(?:{PAPERS}|sơ kết|tổng kết|tự đánh giá|kết quả|v/v|về)", block.folded)
    )
    dated = next((m for block in blocks[:12] if (m := _DATED.search(block.folded))), None)
    year = int(dated["year"]) if dated else None
    for named_year in (None, year):
        for block in [*titles, *body]:
            found = period_in(block.folded[:_READ], year=named_year)
            if found:
                code, place = found
                return Said(code, Span(block.span.start + place.start, block.span.start + place.end))
    return None


_PARTS = re.compile(r"(?P<year>\d{4})(?:-(?:(?P<n>\d\d)|(?P<kind>[QHW])(?P<k>\d+)|9M))?(?:\.\.\d{4})?$")
_MONTHS = {"Q": 3, "H": 6}
_YEAR_OF_MONTHS = 12
_NEAR = 6


def _bounds(code: str) -> tuple[int, int] | None:
    """The first and the last month of a period, counted from year 0; weeks count by the month they are about in."""
    match = _PARTS.match(code)
    if not match:
        return None
    first = int(match["year"]) * _YEAR_OF_MONTHS
    if ".." in code:
        return first, int(code[-4:]) * _YEAR_OF_MONTHS + 11
    if match["n"]:
        return first + int(match["n"]) - 1, first + int(match["n"]) - 1
    if match["kind"] == "W":
        month = first + min(11, (int(match["k"]) * 7 - 4) // 30)
        return month, month
    if match["kind"]:
        size = _MONTHS[match["kind"]]
        return first + (int(match["k"]) - 1) * size, first + int(match["k"]) * size - 1
    return (first, first + 8) if code.endswith("9M") else (first, first + 11)


def is_ahead(folded: str, period: str) -> bool:
    """Whether a folded line speaks of a time after the report's `period`: `tháng 7`, `quý IV`, `năm 2025`."""
    own = _bounds(period)
    found = period_in(folded, year=int(period[:4])) if own else None
    named = _bounds(found[0]) if found else None
    if own is None or named is None:
        return False
    if (
        named[0] < own[0]
        and own[0] - named[0] >= _NEAR
        and named[1] - named[0] < _NEAR
        and str(named[0] // 12) not in folded
    ):
        # `Tháng 1` in a report of December: that of the next year.
        named = (named[0] + _YEAR_OF_MONTHS, named[1] + _YEAR_OF_MONTHS)
    return named[0] > own[1]


_KINDS_OF_PLACE = "tỉnh|thành phố|tp.?|huyện|quận|thị xã|tx.?|xã|phường|thị trấn|đặc khu"
_NAME = r"(?P<name>[^,;:.()\t\n|–]*?)"
_END = r"(?=\s*(?:[,;:.()\t\n|–]|$| tại | về | năm | tháng | quí | trong | 6 tháng| 9 tháng|\s{2,}))"
_UNITS = (
    (
        "BĐBP {place} {name}",
        re.compile(
            r"(?:(?:bộ|ban) chỉ huy|đảng uỷ|đảng bộ|phòng \w+ \w+)?\s*(?:bộ đội biên phòng|bđbp|biên phòng|bp)\s+"
            rf"(?P<place>tỉnh|thành phố|tp\.?)\s+{_NAME}{_END}"
        ),
    ),
    # The province without the word for it, as newspapers write.
    (
        "BĐBP {name}",
        re.compile(rf"(?:bộ đội biên phòng|bđbp)\s+(?!tỉnh|thành|tp|cửa|trên|trong|việt|đã|và|các|với){_NAME}{_END}"),
    ),
    (
        "{kind} Biên phòng {name}",
        re.compile(
            r"(?:đảng uỷ |chi bộ |ban chỉ huy |đảng bộ )?(?P<kind>đồn|trạm|hải đội|hải đoàn)\s+"
            rf"(?:bộ đội )?(?:biên phòng|bđbp|bp)\s+{_NAME}{_END}"
        ),
    ),
    (
        "{kind} {name}",
        re.compile(
            rf"(?P<kind>hải đội|hải đoàn|tiểu đoàn|đại đội|trung đoàn|lữ đoàn)\s+(?P<name>\d+[^,;:.()\t\n|]*?){_END}"
        ),
    ),
    ("UBND {place} {name}", re.compile(rf"(?:uỷ ban nhân dân|ubnd)\s+(?P<place>{_KINDS_OF_PLACE})\s+{_NAME}{_END}")),
    ("HĐND {place} {name}", re.compile(rf"(?:hội đồng nhân dân|hđnd)\s+(?P<place>{_KINDS_OF_PLACE})\s+{_NAME}{_END}")),
    ("Công an {place} {name}", re.compile(rf"công an\s+(?P<place>{_KINDS_OF_PLACE})\s+{_NAME}{_END}")),
    (
        "Ban CHQS {place} {name}",
        re.compile(rf"ban (?:chỉ huy quân sự|chqs)\s+(?P<place>{_KINDS_OF_PLACE})\s+{_NAME}{_END}"),
    ),
    (
        "Bộ CHQS {place} {name}",
        re.compile(rf"bộ (?:chỉ huy quân sự|chqs)\s+(?P<place>tỉnh|thành phố|tp\.?)\s+{_NAME}{_END}"),
    ),
    (
        "Đảng ủy {place} {name}",
        re.compile(rf"(?:đảng uỷ|đảng bộ)\s+(?P<place>xã|phường|thị trấn|huyện|quận|thị xã)\s+{_NAME}{_END}"),
    ),
)
_OF_THE_PROVINCE = re.compile(r"(?:bđbp|bộ đội biên phòng|biên phòng)\s+tỉnh(?!\s+[a-zà-ỹđ]*\s*$)")
_PROVINCE = re.compile(r"(?<!\w)[Tt]ỉnh\s+(?P<name>[A-ZĐÀ-Ỹ]\w*(?:\s*[-–]?\s*[A-ZĐÀ-Ỹ]\w*){0,4})")
_SMALL_WORDS = {"cửa", "khẩu", "cảng", "quốc", "tế", "và"}
_ROMANS = re.compile(r"[ivx]+$")


def _proper(name: str, folded: str) -> str:
    """A name as it is written within a text: `QUẢNG NAM` is `Quảng Nam`, `CỬA KHẨU CHI MA` is `cửa khẩu Chi Ma`."""
    if not name.isupper():
        return " ".join(name.split())
    words = []
    for word, small in zip(name.split(), folded.split(), strict=False):
        words.append(word.lower() if small in _SMALL_WORDS else word if _ROMANS.match(small) else word.capitalize())
    return " ".join(words)


def _unit_in(block: Block, *, anywhere: bool) -> Said | None:
    """The unit a line names: at its start in a letterhead, anywhere in a title."""
    best: tuple[int, str, Span] | None = None
    for form, pattern in _UNITS:
        folded = block.folded[:_READ]
        match = pattern.search(folded) if anywhere else _in_cells(pattern, folded)
        if not match or not match["name"].strip():
            continue
        groups = match.groupdict()
        name = _proper(block.text[match.start("name") : match.end("name")].strip(), match["name"].strip())
        if not name[0].isupper() and not name[0].isdigit() and name.split()[0].lower() not in _SMALL_WORDS:
            continue
        place = _place(groups.get("place") or "")
        kind = (groups.get("kind") or "").capitalize()
        said = form.format(place=place, name=name, kind=kind)
        if best is None or match.start() < best[0]:
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            best = (match.start(), said, Span(block.span.start + start, block.span.start + match.end("name")))
    return Said(best[1], best[2]) if best else None


def _in_cells(pattern: re.Pattern[str], folded: str) -> re.Match[str] | None:
    """A match at the start of a line or of a cell of it: letterheads stand in two columns."""
    for cell in re.finditer(r"(?:^|\t|\|| {3,})\s*", folded):
        if match := pattern.match(folded, cell.end()):
            return match
    return None


def _place(folded: str) -> str:
    """The kind of a place as it is written before names."""
    return {"thành phố": "TP.", "tp": "TP.", "tp.": "TP.", "tx": "thị xã", "tx.": "thị xã"}.get(folded, folded)


def unit_of(text: str, blocks: Sequence[Block]) -> Said | None:
    """The unit that reports: the last of the letterhead, else the one the title or the first lines name."""
    heads = [block for block in blocks if block.role is Role.TITLE]
    letterhead: list[Said] = []
    for block in heads[:_TOP]:
        if _is_addressed(block):
            continue
        if said := _unit_in(block, anywhere=False) or _beside(block, letterhead):
            letterhead.append(said)
    if letterhead:
        return letterhead[-1]
    for block in [*heads[:_TOP], *(b for b in blocks[:_TOP] if b.role in {Role.LEAD_IN, Role.ASIDE})]:
        if not _is_addressed(block) and (said := _unit_in(block, anywhere=True)):
            return said
    return _of_the_province(text, heads)


# A text says what it is within its first blocks.
_TOP = 12
_NAMELESS = re.compile(
    r"(?P<body>công an|ban chỉ huy quân sự|bộ chỉ huy quân sự|ban chqs)\s+"
    rf"(?P<place>{_KINDS_OF_PLACE})\s*(?:$|\t|\||\s{{3}})"
)
_BODIES = {"công an": "Công an", "bộ chỉ huy quân sự": "Bộ CHQS"}


def _beside(block: Block, above: Sequence[Said]) -> Said | None:
    """`CÔNG AN HUYỆN` under `UBND HUYỆN VÂN HỒ`: the body is that of the place named above it."""
    match = _NAMELESS.match(block.folded)
    if not match or not above:
        return None
    _, found, name = above[-1].value.partition(f" {_place(match['place'])} ")
    if not found:
        return None
    body = _BODIES.get(match["body"], "Ban CHQS")
    return Said(
        f"{body} {_place(match['place'])} {name}", Span(block.span.start, block.span.start + match.end("place"))
    )


def _is_addressed(block: Block) -> bool:
    return block.folded.startswith(("kính gửi", "kính trình"))


def _of_the_province(text: str, heads: Sequence[Block]) -> Said | None:
    """`BĐBP tỉnh` in the text and the province in the title name the command together."""
    if not _OF_THE_PROVINCE.search(fold(text[:4000])):
        return None
    for block in heads[:_TOP]:
        match = _PROVINCE.search(block.text)
        if match and not _is_addressed(block):
            return Said(
                f"BĐBP tỉnh {match['name']}", Span(block.span.start + match.start(), block.span.start + match.end())
            )
    return None


def document_of(blocks: Sequence[Block]) -> Said | None:
    """What kind of paper it is; reviews (`sơ kết`, `tổng kết`, `tự đánh giá`) are reports."""
    for block in blocks[:_TOP]:
        if block.role not in {Role.TITLE, Role.LEAD_IN}:
            continue
        match = _PAPER.match(block.folded)
        if match:
            word = "báo cáo" if match.group() in _REVIEWS else match.group()
            return Said(word, Span(block.span.start, block.span.start + match.end()))
    return None
