"""The outline of a report: what is a title, a heading, a lead-in, a table, a signature, and what is its body.

Officers number as they like (I., 1.1., a), Phần thứ nhất, A-, (1), Một là, bullets, nothing at all), so the role of a
line is read from its shape and from its neighbours: a heading has something under it, a point stands among its like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import pairwise

from loom._pages import TURN
from loom._reading import Span
from loom._text import fold


class Role(Enum):
    """What a block of lines is there for."""

    TITLE = auto()
    HEADING = auto()
    LEAD_IN = auto()
    BODY = auto()
    TABLE = auto()
    ASIDE = auto()


@dataclass(slots=True)
class Block:
    """Lines that belong together: a heading, a bullet, a paragraph. `span` is without its mark and trailing spaces."""

    start: int
    span: Span
    text: str
    style: str = ""
    gap: bool = False
    role: Role = Role.BODY
    folded: str = field(default="")
    level: int = 0

    @property
    def bulleted(self) -> bool:
        return self.style.startswith("bullet")

    @property
    def closed(self) -> bool:
        """Whether it ends as a sentence or a point of a list does."""
        return bool(_CLOSED.search(self.text))

    @property
    def words(self) -> int:
        return len(self.text.split())


_CLOSED = re.compile(r"[.;!?…][\"”’»)\]*]*\s*$")
_BULLETS = "-–—−‒‐*+•●○▪■□◦‣⁃∙·✓✔➢➤►▶→❖◆♦\uf0b7\uf0a7\uf0d8\uf02d\uf076§Ø"
_ROMAN = r"(?=[IVX])(?:X{0,3}(?:IX|IV|V?I{0,3}))"
_MARKERS = (
    ("hash", re.compile(r"(#{1,6})\s+(?=\S)")),
    (
        "part",
        re.compile(
            rf"(?:PHẦN|Phần|CHƯƠNG|Chương)\s+(?:THỨ\s+\w+|thứ\s+\w+|{_ROMAN}\b|\d{{1,2}}\b|[A-ZĐ]\b|MỞ ĐẦU|mở đầu)"
            r"\s*[:.\-–—/)]?\s*"
        ),
    ),
    ("article", re.compile(r"(?:MỤC|Mục|TIỂU MỤC|Tiểu mục|ĐIỀU|Điều)\s+(?:\d{1,3}|[IVX]+|[A-ZĐ])\s*[:.\-–—/)]\s*")),
    ("roman", re.compile(rf"({_ROMAN})(?:\s?[./)\-–—:]+(?:\s+|(?=[A-ZĐÀ-Ỹ*]))|\s+(?=[A-ZĐÀ-Ỹ]{{2}}))(?=\S)")),
    ("capital", re.compile(r"\(?([A-EGHĐ])(?:\s?[./)\-–—:]+)\s+(?=\S)")),
    ("bracket", re.compile(r"\((\d{1,2}|[a-zđ]|[ivx]{1,4})\)\s*[.\-–:]?\s*(?=\S)")),
    ("number", re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,4})(?:\s?[./)\-–—:]+\s*(?=[^\d\s])|\s+(?=[A-ZĐÀ-ỸÂÊÔĂƠƯ]))")),
    ("number", re.compile(r"(\d{1,2})(?:\s?[/)\-–—:]\s*(?=[^\d\s])|\s?\.\s*(?=[^\d\s])|\s?[./)\-–—:]\s+(?=\S))")),
    ("letter", re.compile(r"([a-zđ]|[a-zđ]\d{1,2}|[a-zđ]\.\d{1,2})(?:\s?[.)/]|\s[-–])\s*(?=[^\s.])")),
    (
        "bullet",
        re.compile(rf"([{re.escape(_BULLETS)}]{{1,2}}|o(?=\s))\s*(?=[^\s\d{re.escape(_BULLETS)}]|\s\S|(?<=\s)\d)"),
    ),
)
# `Một là, …`: the words stay in the point, only the style is known by them.
_SPELT = re.compile(
    r"(?:một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín|mười)\s+là\b|thứ\s+(?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)\b"
)
_RANK = ("hash", "part", "article", "capital", "roman", "number", "spelt", "letter", "bracket", "", "bullet")

# Styles of the great parts of a paper: no bullet or number stands over them.
_OF_PARTS = frozenset({"part", "roman", "capital", "hash1", "hash2", "hash3", "hash4"})

_CELLS = re.compile(r"\S\s*\t\s*\S|\|.*\||\S {3,}\S.*\S {3,}\S")
_WIDE_GAP = re.compile(r"\S {4,}\S")
_RULE_LINE = re.compile(r"[\W_]+$")
_FIGURE = re.compile(r"\d")
# Figures that count nothing: days, periods and their length, the numbers of papers.
_DATES = re.compile(
    r"\d+ (?:tháng|quí|tuần|năm|giờ|ngày(?! công))(?!\w)|(?:năm|quí|tháng|tuần|ngày|thứ|đợt)\s+\d[\d/.\-]*|"
    r"(?:từ|đến)\s+\d{1,2}[/.]\d[\d/.]*|"
    r"\d{4}\s*[-–]\s*\d{4}|\d{4}-\d\d?(?:-\d\d?)?|[\d/]*\d{4}|\(\d{4}[^()]{0,60}\)|"
    r"(?:đề án|mục|nghị quyết|chỉ thị|nghị định|kế hoạch|quyết định|kết luận|thông tư|hướng dẫn|công văn|công điện|"
    r"phong trào|chương trình|dự án|tuyến|số)(?: số)? \d[\d/]*(?:[/-][a-zđ-]+)?"
)

# How papers are called: a line that opens so is a title while nothing else has been said.
PAPERS = (
    "báo cáo|tờ trình|kế hoạch|chỉ thị|nghị quyết|quyết định|hướng dẫn|công văn|công điện|thông báo|thông tri|"
    "biên bản|bản kiểm điểm|bản tự kiểm điểm|chương trình|kết luận|phương án|đề án|mệnh lệnh|đề cương|tham luận"
)
_TITLE = re.compile(rf"(?:{PAPERS}|sơ kết|tổng kết|tự đánh giá|kết quả|v/v|về việc|đánh giá)\b")
_LETTERHEAD = re.compile(
    r"cộng hoà xã hội chủ nghĩa|độc lập\s*[-–]\s*tự do|đảng cộng sản việt nam|số\s*:|số\s+\d+\s*[-/]|"
    r"[\w .\-]{2,40},\s*ngày\s+[\d…._]+\s*tháng|kính gửi|kính trình|nơi nhận|(?:hoả tốc|thượng khẩn|khẩn)$"
)
_GROUND = re.compile(r"(?:căn cứ|thực hiện|thi hành|theo|tiếp theo|xét)\b.*")
_LEAD_IN = re.compile(
    r"như sau\s*[:.;]?$|sau đây\s*[:.]?$|(?:báo cáo|cụ thể|gồm|bao gồm|là|như|do|vì|sau|rằng|trên)\s*:$"
)
_SIGNATURE = re.compile(
    r"(?:t/?m|k/?t|t/?l|tuq|q)\s?\.\s|(?:t/m|k/t|t/l)\b|(?:đã kí|\(đã kí|đã ký)|(?:trung|thiếu|thượng|"
    r"đại)\s+(?:tướng|tá|uý)\s+"
    r"[^,;:.]{3,30}$|(?:chỉ huy trưởng|chính uỷ|đồn trưởng|chính trị viên|trưởng phòng|chủ tịch|phó chủ tịch|"
    r"giám đốc|trưởng công an(?: \w+)*|bí thư|phó bí thư|người lập báo cáo|người báo cáo|thủ trưởng đơn vị|"
    r"phó chỉ huy trưởng|phó đồn trưởng|thư kí|người tổng hợp|người lập biểu)\s*(?:\(.*\))?$"
)
_CONTACT = re.compile(
    r"(?:điện thoại|số máy|đt|hotline|đường dây nóng|trực ban|email|e-mail|fax|liên hệ|zalo|số quân sự)\b.*"
    r"(?:\d[\d .\-]{5,}|@)"
)
_CAPTION = re.compile(
    r"\(?(?:ảnh|hình|biểu đồ|sơ đồ|ảnh minh hoạ)\s*(?:\d+)?\s*[:.]|.*[.(]\s*ảnh\s*:|(?:tin|bài|tin, ảnh|bài, ảnh|"
    r"nguồn|tác giả)\s*:|"
    r"\(?(?:theo|nguồn)\s*:|(?:biểu|bảng|phụ lục)\s*(?:số\s*)?[\divx]+\b|đơn vị tính\s*:|đvt\s*:|ghi chú\s*:|"
    r"trang\s+\d+|"
    r"\(?kèm theo|bình luận$|toàn cảnh\b"
)
_GREETING = re.compile(
    r"kính thưa|thưa (?:các đồng chí|quí vị|hội nghị|đại hội)|(?:xin )?(?:trân trọng|chân thành) (?:cảm ơn|cám ơn|"
    r"kính báo|báo cáo)|"
    r"xin (?:trân trọng )?(?:cảm ơn|cám ơn)|kính chúc|xin kính chúc|trân trọng\s*[./!]*$|trân trọng kính|"
    r"trên đây là\b|(?:đơn vị|ban chỉ huy|bộ chỉ huy)?[\w ]{0,40}(?:kính báo cáo|xin báo cáo|"
    r"báo cáo để)\b[^.]{0,90}(?:\./?\.?)?$"
)
_RECEIVERS = re.compile(r"nơi nhận\s*:?")
_PHOTO = re.compile(r"(?:[.(!?]\s*|^)\(?ảnh(?: minh hoạ)?\s*:[^.]{0,40}[.)]*$")
_FIELD = re.compile(
    r"[*_]*(?:đơn vị|tên đơn vị|kì báo cáo|thời gian|ngày báo cáo|người báo cáo|kính gửi|từ|"
    r"đến)(?: báo cáo)?[*_]*\s*:"
)
_SECRETARY = re.compile(r"-?\s*(?:như trên|lưu\s*:|lưu\s+(?:vt|hc|hs))")


def _marker(line: str) -> tuple[str, int]:
    """The style of the mark with which a line opens and its length; no style where it opens with none."""
    for style, pattern in _MARKERS:
        found = pattern.match(line)
        if found and found.end() > 0:
            if style == "bullet":
                return "bullet" + found.group(1)[0], found.end()
            if style == "hash":
                return f"hash{len(found.group(1))}", found.end()
            if style == "number":
                return f"number{found.group(1).count('.') + 1}", found.end()
            return style, found.end()
    return "", 0


_ENOUGH = 100


def _is_capitals(text: str) -> bool:
    letters = [sign for sign in text[:_ENOUGH] if sign.isalpha()]
    return len(letters) > 2 and sum(map(str.isupper, letters)) >= 0.8 * len(letters)  # noqa: PLR2004 -- a share, not a rule


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str
    gap: bool
    style: str
    mark: int
    turned: bool = False


def _lines(text: str) -> list[_Line]:
    """The lines that hold something, each knowing whether an empty one or the turn of a page stood before it."""
    lines: list[_Line] = []
    place, gap, turned = 0, False, False
    for raw in text.split("\n"):
        body = raw.strip()
        if body and not _RULE_LINE.match(body):
            style, mark = _marker(body)
            lines.append(_Line(place + len(raw) - len(raw.lstrip()), body, gap, style, mark, turned))
            gap = turned = False
        else:
            gap = True
            turned = turned or raw.startswith(TURN)
        place += len(raw) + 1
    return lines


# Lines broken by the width of a page: many long lines of nearly one length, most of them ending in mid-sentence.
_SHORTEST_PAGE, _FULL = 40, 0.78


def _page_width(lines: list[_Line]) -> int:
    """The width at which lines are broken, 0 where they are not: then every line is a paragraph."""
    lengths = sorted(len(line.text) for line in lines)
    if not lengths:
        return 0
    width = lengths[int(len(lengths) * 0.95)] if len(lengths) > 20 else lengths[-1]  # noqa: PLR2004 -- few lines: the longest
    if not _SHORTEST_PAGE <= width <= 200:  # noqa: PLR2004 -- longer than any printed line
        return 0
    full = [a for a, b in pairwise(lines) if len(a.text) >= _FULL * width and not b.gap and not b.style]
    broken = sum(not _CLOSED.search(line.text) and line.text[-1] != ":" for line in full)
    return width if broken >= max(1, 0.5 * len(full)) else 0


def _goes_on(before: _Line, line: _Line, *, width: int) -> bool:
    """Whether `line` is the rest of the line before it."""
    if not line.style and not line.gap and before.mark == len(before.text):
        return True
    if line.style or (line.gap and not line.turned) or _CELLS.search(line.text) or _CELLS.search(before.text):
        return False
    small = line.text[0].islower() or line.text[0] in ",.;:)]”"
    full = bool(width) and len(before.text) >= _FULL * width and not line.turned
    open_end = not _CLOSED.search(before.text) and before.text[-1] != ":"
    if small or not full:
        return small and (open_end or full)
    if _is_capitals(before.text) or _is_capitals(line.text):
        return open_end and _is_capitals(before.text) and _is_capitals(line.text)
    return open_end or not _letterhead(fold(line.text))


def _letterhead(folded: str) -> bool:
    return bool(_LETTERHEAD.match(folded) or _SIGNATURE.match(folded) or _RECEIVERS.match(folded))


def _blocks(text: str) -> list[Block]:
    """Lines put together to headings, bullets and paragraphs."""
    lines = _lines(text)
    width = _page_width(lines)
    blocks: list[Block] = []
    ends: list[int] = []
    before: _Line | None = None
    for line in lines:
        style, length = line.style, line.mark
        if blocks and before and _goes_on(before, line, width=width):
            ends[-1] = line.start + len(line.text)
        else:
            body = line.start + length
            emphasis = len(line.text[length:]) - len(line.text[length:].lstrip("*_ "))
            if emphasis and line.text[length:].lstrip().startswith(("**", "__")):
                body += emphasis
            blocks.append(Block(line.start, Span(body, body), "", style or "", gap=line.gap))
            ends.append(line.start + len(line.text))
        before = line
    for block, end in zip(blocks, ends, strict=True):
        raw = text[block.span.start : end]
        kept = raw.rstrip(" \t*_") if raw.rstrip().endswith(("**", "__")) else raw.rstrip()
        block.span = Span(block.span.start, block.span.start + len(kept))
        block.text = kept
        block.folded = fold(kept)
        if not block.style and _SPELT.match(block.folded):
            block.style = "spelt"
    return [block for block in blocks if block.text]


def _is_aside(block: Block) -> bool:
    """Captions, bylines, contacts, greetings, signatures: said in a report, but not by it."""
    folded = block.folded
    if len(folded) > _LONG:
        return bool(_PHOTO.search(folded[-_LONG:]))
    if folded.startswith("(") and folded.endswith((")", ").")) and not block.style:
        return True
    if _PHOTO.search(folded) or _GREETING.match(folded) or _is_signature(block):
        return True
    return bool(_CAPTION.match(folded)) or (block.words <= _A_LINE and bool(_CONTACT.search(folded)))


# Beyond so many signs a line is no heading and no aside; contacts stand on a line of so many words.
_LONG, _A_LINE = 400, 25


def _counts(block: Block) -> bool:
    """Whether figures stand in it that are not dates and periods: then it says something."""
    return bool(_FIGURE.search(_DATES.sub("", block.folded[:_LONG])))


# Words of a predicate: a line that holds one says something, even without an end mark.
_SAYS = re.compile(
    r"\b(?:đã|được|bị|chưa|không|còn|vẫn|có|là|phải|cần|luôn|đang|sẽ|tổ chức|triển khai|thực hiện tốt|hoàn thành|"
    r"đề nghị|"
    r"tăng cường|tiếp tục|duy trì|phát hiện|phối hợp)\b"
)
# Names of the sections that reports have, and openings of fields of work: these may also open a sentence.
_SECTION = re.compile(
    r"(?:mặt |những |kết quả|ưu điểm|hạn chế|tồn tại|khuyết điểm|thiếu sót|yếu kém|khó khăn|vướng mắc|nguyên nhân|"
    r"lí do|"
    r"bài học|kinh nghiệm|phương hướng|nhiệm vụ|biện pháp|giải pháp|trọng tâm|mục tiêu|chỉ tiêu|kiến nghị|đề xuất|"
    r"đề nghị|"
    r"nguyện vọng|khen thưởng|thời gian tới|tổ chức thực hiện|dự báo|dự kiến|nhận xét|việc cần|điểm mạnh|điểm yếu|"
    r"tuần tới|"
    r"tháng tới|quí tới|năm tới|xin )"
)
_FIELD_OF_WORK = re.compile(
    r"(?:về |một số |các |đánh giá |thi đua|tình hình|đặc điểm|công tác|ý kiến|việc |xây dựng|quản lí|bảo vệ|"
    r"tuyên truyền|vận động)"
)
# How many words headings of several shapes have at most.
_HEADING, _NUMBERED, _BARE, _NAMED, _CLOSED_NAME, _SAYING = 40, 25, 15, 12, 8, 7


def _says(block: Block) -> bool:
    return bool(_SAYS.search(block.folded))


def _names_a_section(block: Block) -> bool:
    """`Những điểm còn hạn chế` names a section; `Công tác tuyên truyền còn yếu` says something."""
    if _SECTION.match(block.folded):
        return block.words <= _SAYING or not _says(block)
    return bool(_FIELD_OF_WORK.match(block.folded)) and not _says(block)


def _is_deeper(style: str, following: str, over: list[str]) -> bool:
    """Whether what follows stands under it: another style that is not the style of something over it."""
    if following == style:
        return False
    if following in _OF_PARTS and style not in _OF_PARTS:
        return False
    if following.startswith("number") and style.startswith("number"):
        return following > style
    return following not in over


def _is_heading(block: Block, after: Block | None, over: list[str]) -> bool:
    """A heading is not closed, says little, and has something under it."""
    if len(block.text) > _LONG or block.words > _HEADING:
        return False
    if block.style in _GREAT or block.style.startswith("hash"):
        return _is_great_heading(block)
    if after is None or block.words > _NUMBERED or (_counts(block) and not _is_capitals(block.text)):
        return False
    named = _names_a_section(block)
    if block.closed:
        return named and block.words <= _CLOSED_NAME and bool(block.style) and _under(block, after, over)
    if not block.style:
        return (named or not block.text.endswith(":")) and _is_bare_heading(block, after, named=named)
    little = named or (not _LEAD_IN.search(block.folded) and (not _says(block) or block.words <= _NAMED))
    return little and _under(block, after, over)


# Numbered parts of a paper that are headings by their number alone.
_GREAT = frozenset({"part", "article", "roman", "capital"})


def _is_great_heading(block: Block) -> bool:
    if block.style.startswith("hash") or (block.style != "article" and _is_capitals(block.text)):
        return True
    named = _names_a_section(block)
    if block.closed:
        return named and block.words <= _CLOSED_NAME
    return not block.text.endswith(",") and (named or not _counts(block))


def _under(block: Block, after: Block, over: list[str]) -> bool:
    """Whether what follows can stand under this block."""
    if not after.style:
        return after.closed or after.text.endswith(":") or (not after.gap and after.words > block.words)
    return _is_deeper(block.style, after.style, over)


def _is_bare_heading(block: Block, after: Block, *, named: bool) -> bool:
    """A short line without number or end mark, with something of another shape under it."""
    if _is_capitals(block.text):
        return True
    if block.words > _BARE or not (block.text[0].isupper() or block.text[0] in '“"('):
        return False
    if named and block.words <= _NAMED:
        return True
    if _says(block) and block.words >= _SAYING:
        return False
    return bool(after.style) or after.closed or after.words > 2 * block.words


def _is_table(block: Block) -> bool:
    return bool(_CELLS.search(block.text)) or (bool(_WIDE_GAP.search(block.text)) and not block.closed)


def _is_title(block: Block) -> bool:
    """In the head of a paper: letterhead, name of the paper, what it is about, whom it is for, on what grounds."""
    folded = block.folded
    if _LETTERHEAD.match(folded) or _FIELD.match(folded) or _is_aside(block) or _SECRETARY.match(folded):
        return True
    if block.style:
        return block.style == "hash1" and bool(re.match(PAPERS, folded))
    if block.closed:
        return bool(_GROUND.match(folded)) and folded.endswith(";")
    if _is_capitals(block.text) or _TITLE.match(folded):
        return True
    return not block.text.endswith(":") and not _counts(block) and len(folded) <= _LONG


def outline(text: str) -> list[Block]:
    """The blocks of a text in their order, each with its role and, for headings, its level from 1."""
    blocks = _blocks(text)
    _name_head(blocks)
    _name_body(blocks)
    _number_levels(blocks)
    return blocks


def _name_head(blocks: list[Block]) -> None:
    """Titles reach from the top to the first line that says something or heads it."""
    addressed = False
    for at, block in enumerate(blocks):
        after = blocks[at + 1] if at + 1 < len(blocks) else None
        if addressed and block.bulleted:
            block.role = Role.TITLE
            continue
        addressed = block.folded.startswith(("kính gửi", "kính trình"))
        if _LEAD_IN.search(block.folded) and not block.style and not _counts(block):
            block.role = Role.LEAD_IN
            continue
        if _GROUND.match(block.folded) and not block.style and block.text.endswith(":"):
            block.role = Role.LEAD_IN
            continue
        if not _is_title(block):
            return
        if _heads_the_body(block, after, first=at == 0):
            return
        block.role = Role.TITLE


def _heads_the_body(block: Block, after: Block | None, *, first: bool) -> bool:
    """Whether the line is already the first heading: it stands apart and its body follows at once."""
    if first or after is None or after.gap or not block.gap:
        return False
    folded = block.folded
    if _LETTERHEAD.match(folded) or _is_aside(block) or re.match(PAPERS, folded):
        return False
    return (after.closed or bool(after.style)) and block.words <= 15  # noqa: PLR2004


def _name_body(blocks: list[Block]) -> None:
    over: list[tuple[str, Role]] = []
    tail = signed = False
    for at, block in enumerate(blocks):
        if block.role is not Role.BODY:
            continue
        _close(over, block)
        after = blocks[at + 1] if at + 1 < len(blocks) else None
        tail = (tail or bool(_RECEIVERS.match(block.folded))) and block.style not in _OF_PARTS
        signed = (signed or _is_signature(block)) and not block.style and not block.closed
        if tail or signed:
            block.role = Role.ASIDE
        elif _is_table(block):
            block.role = Role.TABLE
        elif _is_aside(block) or _is_byline(block, left=len(blocks) - at) or _SECRETARY.match(block.folded):
            block.role = Role.ASIDE
        elif _is_heading(block, after, [style for style, _ in over]):
            block.role = Role.HEADING
        elif block.text.endswith(":") and not _counts(block) and after is not None and block.words <= 40:  # noqa: PLR2004
            block.role = Role.LEAD_IN
        if block.role is Role.HEADING or block.style:
            over.append((block.style, block.role))


def _is_signature(block: Block) -> bool:
    return block.words <= 12 and not block.closed and not block.style and bool(_SIGNATURE.match(block.folded))  # noqa: PLR2004


def _is_byline(block: Block, *, left: int) -> bool:
    """A name alone under a text: up to six words, each with a capital, nothing else; among the last lines."""
    if block.style or block.closed or block.words > 6 or left > 4 or _counts(block):  # noqa: PLR2004 -- the words of a name
        return False
    names = re.sub(r"\(.*?\)", "", block.text).split()
    return all(name[0].isupper() for name in names) and (left == 1 or not _is_capitals(block.text))


def _close(over: list[tuple[str, Role]], block: Block) -> None:
    """Close what does not reach over this block: its like and what was under that, bullets that head nothing."""
    styles = [style for style, _ in over]
    if block.style in styles:
        del over[styles.index(block.style) :]
    elif not block.bulleted:
        while over and over[-1][0].startswith("bullet") and over[-1][1] is not Role.HEADING:
            over.pop()


def _number_levels(blocks: list[Block]) -> None:
    """Levels come from the order in which styles of headings appear under each other."""
    open_styles: list[str] = []
    for block in blocks:
        if block.role is not Role.HEADING:
            continue
        style = block.style or ("capitals" if _is_capitals(block.text) else "bare")
        if style.startswith("hash"):
            open_styles = [one for one in open_styles if one.startswith("hash") and one < style]
        if style in open_styles:
            del open_styles[open_styles.index(style) :]
        open_styles.append(style)
        block.level = len(open_styles)
