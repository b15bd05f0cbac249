"""What a text says of itself: the kind of paper, the unit it comes from and the period it is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from loom._outline import PAPERS, Block, Role
from loom._reading import Said, Span
from loom._text import fold

_BEFORE = r"(?:\(?dự thảo\)?\s*|trích\s*|phiếu\s*|bản\s+(?=báo cáo)|hội nghị\s+(?=sơ kết|tổng kết))?"
_PAPER = re.compile(
    rf"{_BEFORE}(?P<paper>{PAPERS}|sơ kết|tổng kết|tự đánh giá|tổng hợp|đánh giá kết quả|"
    r"kết quả (?:công tác|thực hiện)|tình hình|kiểm điểm)(?!\w)"
)
# A letter bears no name, only its sign and what it is about: `Số: 12/ĐBP-CV`, `V/v …`.
_LETTER = re.compile(r"v/v\b|số\s*:?\s*[\d….]*\s*/\s*cv\b")
# Papers that report without the word for it.
_REVIEWS = ("sơ kết", "tổng kết", "tự đánh giá", "tổng hợp", "đánh giá", "kết quả", "tình hình")


_COUNTED = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "sáu": 6} | {
    "bảy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
    "mười một": 11,
    "mười hai": 12,
    "giêng": 1,
    "chạp": 12,
}
_QUARTERS = "iv|iii|ii|i|0?[1-4]|một|hai|ba|bốn|tư"
_MONTH_NAMES = "1[0-2]|0?[1-9]|mười hai|mười một|mười|giêng|hai|ba|tư|sáu|bảy|tám|chín|chạp|năm(?= năm)"
_YEAR = r"(?:năm\s*)?(?P<year>(?:19|20)\d\d)"
_JOIN = r"\s*[/,.\-–]?\s*"
_SPANNING = re.compile(
    r"(?:(?:giai đoạn|nhiệm kì|thời kì|từ năm|từ)\s*)?\(?(?P<first>(?:19|20)\d\d)\s*(?:-|–|—|đến|tới|đến năm|\.\.)\s*"
    r"(?:hết )?(?:năm )?(?P<last>(?:19|20)\d\d)\)?"
)
_PERIODS = (
    ("W", re.compile(rf"tuần\s*(?:thứ\s*)?(?P<n>\d{{1,2}}){_JOIN}(?:\([^)]*\)\s*)?{_YEAR}")),
    ("H1", re.compile(rf"(?:0?6|sáu) tháng(?: đầu)?{_JOIN}{_YEAR}|nửa đầu{_JOIN}(?P<year2>(?:năm )?(?:19|20)\d\d)")),
    ("H2", re.compile(rf"(?:0?6|sáu) tháng cuối{_JOIN}{_YEAR}|nửa cuối{_JOIN}(?P<year2>(?:năm )?(?:19|20)\d\d)")),
    ("9M", re.compile(rf"(?:0?9|chín) tháng(?: đầu)?{_JOIN}{_YEAR}")),
    ("Q", re.compile(rf"quí\s*(?P<n>{_QUARTERS}){_JOIN}{_YEAR}")),
    ("Q1", re.compile(rf"(?:0?3|ba) tháng đầu{_JOIN}{_YEAR}")),
    ("M", re.compile(rf"(?<!ngày \d )(?<!ngày \d\d )tháng\s*(?P<n>{_MONTH_NAMES}){_JOIN}{_YEAR}")),
    ("Y", re.compile(r"năm\s+(?P<year>(?:19|20)\d\d)")),
)
_NO_YEAR = (
    ("H1", re.compile(r"(?:0?6|sáu) tháng đầu năm")),
    ("H2", re.compile(r"(?:0?6|sáu) tháng cuối năm")),
    ("9M", re.compile(r"(?:0?9|chín) tháng(?: đầu năm)?(?!\w)")),
    ("Q", re.compile(rf"quí\s*(?P<n>{_QUARTERS})(?!\w)")),
    ("Q1", re.compile(r"(?:0?3|ba) tháng đầu năm")),
    ("M", re.compile(rf"(?<!ngày \d )(?<!ngày \d\d )tháng\s*(?P<n>{_MONTH_NAMES})(?![\w/.])")),
    ("W", re.compile(r"tuần\s*(?:thứ\s*)?(?P<n>[1-5]\d|0?[1-9])(?![\w/.])(?! tháng)")),
)
_OF_MONTH, _OF_YEAR = r"(?:\s*tháng\s*|[/.-])", r"(?:\s*,?\s*năm\s*|[/.-])"
_DAYS = re.compile(
    rf"từ\s*(?:ngày\s*)?(?P<d1>\d{{1,2}})(?:{_OF_MONTH}(?P<m1>\d{{1,2}})(?:{_OF_YEAR}(?P<y1>\d{{4}}))?)?"
    r"\s*(?:đến|-|–)\s*(?:hết )?(?:ngày\s*)?"
    rf"(?P<d2>\d{{1,2}}){_OF_MONTH}(?P<m2>\d{{1,2}}){_OF_YEAR}(?P<y2>\d{{4}})"
)
_DATED = re.compile(r"ngày\s*\d{1,2}\s*(?:tháng\s*\d{1,2}\s*năm\s*|[/.-]\d{1,2}[/.-])(?P<year>(?:19|20)\d\d)")
# What a title announces: `phương hướng …`, `nhiệm vụ …`; but `thực hiện nhiệm vụ tháng 6` tells what was done.
_AHEAD = (
    r"(?:phương hướng|(?<!thực hiện )(?<!hoàn thành )(?<!triển khai )(?<!thực hiện các )(?<!kết quả )nhiệm vụ|dự kiến|"
    r"chương trình công tác|kế hoạch công tác)[^.]*"
)
_ANNOUNCED = re.compile(_AHEAD)
_ANNOUNCING = re.compile(r"phương hướng|nhiệm vụ|dự kiến|chương trình công tác|kế hoạch công tác")
_NAMED_YEAR = re.compile(r"năm (?P<year>(?:19|20)\d\d)|[/-]\s?(?P<short>20\d\d)")
# A date, and what only serves as ground or as comparison, is no period of the report.
_NOT_OURS = re.compile(
    r"ngày\s*\d{1,2}\s*tháng\s*\d{1,2}(?:\s*năm\s*\d{4})?|ngày\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|"
    rf"(?:so với|cùng kì|so cùng kì)[^,;.]*|{_AHEAD}|"
    r"(?:nghị quyết|chỉ thị|kế hoạch|quyết định|nghị định|công văn|thông tư|luật)\s+(?:số\s+)?\d"
    r"(?:ngày\s*\d{1,2}\s*tháng\s*\d|[^,;.])*?(?=\s(?:quí|tuần|tháng|0?[369] tháng|giai đoạn)(?!\w)|[,;.]|$)"
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
    year = _announced_year(folded) or year
    if year is None:
        return None
    loose = [(m.start(), order, kind, m) for order, (kind, p) in enumerate(_NO_YEAR) if (m := p.search(clear))]
    if not loose:
        return None
    _, _, kind, match = min(loose, key=lambda one: one[:2])
    code = _code(kind, year, match.groupdict().get("n"))
    if _announced_year(folded) and _announces_before(folded, code):
        code = _code(kind, year - 1, match.groupdict().get("n"))
    return code, Span(match.start(), match.end())


def _announced_year(folded: str) -> int | None:
    """`9 tháng, nhiệm vụ 3 tháng cuối năm 2024`: the year is named once, with what is to come."""
    announced = _ANNOUNCED.search(folded)
    named = _NAMED_YEAR.search(announced.group()) if announced else None
    return int(named["year"] or named["short"]) if named else None


def _announces_before(folded: str, code: str) -> bool:
    """`tháng 12 và phương hướng tháng 01 năm 2024`: what is to come would come before what was done."""
    announced = _ANNOUNCED.search(folded)
    if not announced or "cuối năm" in announced.group():
        return False
    found = period_in(_ANNOUNCING.sub("", announced.group()))
    own, coming = _bounds(code), _bounds(found[0]) if found else None
    return own is not None and coming is not None and coming[0] <= own[0]


def _code(kind: str, year: int, number: str | None) -> str:
    if kind == "Y":
        return str(year)
    place = _COUNTED.get(number or "") or int(number or 0)
    if kind == "Q":
        return f"{year}-Q{place}"
    if kind == "M":
        return f"{year}-{place:02d}"
    if kind == "W":
        return f"{year}-W{place:02d}"
    return f"{year}-{kind}"


_WEEK, _MONTH, _QUARTER, _HALF, _NINE, _YEARLONG = (5, 8), (26, 32), (85, 95), (175, 188), (265, 280), (355, 370)


def _code_of_days(days: re.Match[str]) -> str | None:
    """The period that two days enclose: named by the day on which it ends, as cut-offs fall before the calendar's."""
    try:
        last = date(int(days["y2"]), int(days["m2"]), int(days["d2"]))
        month = int(days["m1"] or last.month)
        year = int(days["y1"]) if days["y1"] else last.year - (month > last.month)
        first = date(year, month, int(days["d1"]))
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
_BODIES_OF_COMMAND = (
    "văn phòng|phòng chính trị|phòng tham mưu(?: - tác chiến)?|phòng hậu cần(?: - kĩ thuật)?|phòng trinh sát|"
    r"phòng kĩ thuật|phòng (?:phòng,? chống )?ma tuý(?: và|,)? tội phạm|hải đội \d+|"
    r"tiểu đoàn huấn luyện(?: - |-| )cơ động|đại đội \d+|ban biên phòng cửa khẩu"
)
_UNITS = (
    # A body of the province's command, named with it: `PHÒNG CHÍNH TRỊ BĐBP TỈNH …`, `HẢI ĐỘI 2 BĐBP TỈNH …`.
    (
        "{body} BĐBP {place} {name}",
        re.compile(
            rf"(?P<body>{_BODIES_OF_COMMAND})\s*[,–-]?\s*(?:bộ chỉ huy |bch )?(?:bộ đội biên phòng|bđbp)\s+"
            rf"(?P<place>tỉnh|thành phố|tp\.?)\s+{_NAME}{_END}"
        ),
    ),
    (
        "BĐBP {place} {name}",
        re.compile(
            r"(?:(?:bộ|ban) chỉ huy|bch|đảng uỷ|đảng bộ|phòng \w+ \w+)?\s*(?:bộ đội biên phòng|bđbp|biên phòng|bp)\s+"
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
            rf"(?P<kind>hải đội|hải đoàn|tiểu đoàn|đại đội|trung đoàn|lữ đoàn)\s+(?P<name>\d+)"
            rf"(?: bđbp| bộ đội biên phòng)?(?: cơ động| huấn luyện)?{_END}"
        ),
    ),
    (
        "Trạm Kiểm soát Biên phòng {name}",
        re.compile(rf"trạm (?:kiểm soát )(?:biên phòng|bp)\s+{_NAME}{_END}"),
    ),
    ("Đồn Biên phòng {name}", re.compile(rf"đbp\s+{_NAME}{_END}")),
    (
        "{kind} Hải quan {name}",
        re.compile(rf"(?:(?P<kind>chi cục|cục|đội)\s+)?hải quan\s+{_NAME}{_END}"),
    ),
    (
        "{kind} {name}",
        re.compile(rf"(?P<kind>(?:chi cục|cục|trạm|đội)\s+(?:kiểm ngư|thuỷ sản|kiểm lâm))\s+{_NAME}{_END}"),
    ),
    ("{kind} {name}", re.compile(rf"(?P<kind>hạt kiểm lâm|vùng cảnh sát biển|đoàn đặc nhiệm)\s+{_NAME}{_END}")),
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
_SMALL_WORDS = {"cửa", "khẩu", "cảng", "quốc", "tế", "và", "khu", "vực", "vùng", "tỉnh", "sân", "bay"}
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
        kind = _titled(groups.get("kind") or groups.get("body") or "")
        said = form.format(place=place, name=name, kind=kind, body=kind).strip()
        said = said[:1].upper() + said[1:]
        if best is None or match.start() < best[0]:
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            best = (match.start(), said, Span(block.span.start + start, block.span.start + match.end("name")))
    return Said(best[1], best[2]) if best else None


# Words that are written with a capital within the name of a body.
_WITHIN_NAMES = {word.lower(): word for word in ("Chính", "Tham", "Hậu", "Trinh", "Kiểm")} | {
    "kĩ": "Kỹ",
    "thuỷ": "Thủy",
    "tuý": "túy",
}


def _titled(body: str) -> str:
    """A kind of body as it is written: `Phòng Chính trị`, `Chi cục Thủy sản`."""
    first, _, others = body.partition(" ")
    return " ".join([first.capitalize(), *(_WITHIN_NAMES.get(word, word) for word in others.split())])


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
        if said := _part_of(block, letterhead) or _unit_in(block, anywhere=False) or _beside(block, letterhead):
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


_PART = re.compile(rf"(?P<body>{_BODIES_OF_COMMAND})\s*(?:$|\t|\||\s{{3}})")


def _part_of(block: Block, above: Sequence[Said]) -> Said | None:
    """`HẢI ĐỘI 2` or `PHÒNG CHÍNH TRỊ` under `BĐBP TỈNH SÓC TRĂNG`: the body is one of that command."""
    match = _PART.match(block.folded)
    if not match or not above or not above[-1].value.startswith("BĐBP "):
        return None
    span = Span(block.span.start, block.span.start + match.end("body"))
    return Said(f"{_titled(match['body'])} {above[-1].value}", span)


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
            return Said(_paper(match["paper"]), Span(*_placed(match.span("paper"), block)))
    for block in blocks[:_TOP]:
        letter = _LETTER.match(block.folded) if block.role is Role.TITLE else None
        if letter:
            return Said("công văn", Span(*_placed(letter.span(), block)))
    return None


def _paper(word: str) -> str:
    """The paper as it is called: reviews are reports, self-criticism is one paper under several names."""
    if "kiểm điểm" in word:
        return "bản kiểm điểm"
    return "báo cáo" if word.startswith(_REVIEWS) else word


def _placed(place: tuple[int, int], block: Block) -> tuple[int, int]:
    return block.span.start + place[0], block.span.start + place[1]
