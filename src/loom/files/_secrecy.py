"""The marks of a state secret: MẬT, TỐI MẬT, TUYỆT MẬT as stamped on a paper, not the word in a sentence.

Law on the protection of state secrets: what bears one of the three marks may not be kept on a machine in a network
such as this one, so it is refused before anything is stored.
"""

from __future__ import annotations

import re
import unicodedata

from loom.files._letters import from_tcvn3, from_vni, is_of_font

_HEAD_LINES = 20
_MARKS = {"MẬT", "TỐIMẬT", "TUYỆTMẬT"}
_MARK = r"(?:T\s*Ố\s*I\s+|T\s*U\s*Y\s*Ệ\s*T\s+)?M\s*Ậ\s*T"
_IN_BRACKETS = re.compile(rf"[(\[{{<«“\"]\s*{_MARK}\s*[)\]}}>»”\"]")
_AT_AN_END = re.compile(rf"^\W*{_MARK}\s*(?:[-–—:;,|./_]|\s{{2,}})|(?:[-–—:;,|/_]|\s{{2,}})\s*{_MARK}\W*$")
# The words of a form for the degree, and what may stand behind them when there is none.
_DEGREE = re.compile(r"\bĐỘ\s+MẬT(?:\s*\([^)]*\))?\s*[:：]\s*(.*)")
_NO_DEGREE = re.compile(r"(?:KHÔNG|THƯỜNG|BÌNH\s+THƯỜNG|CHƯA|0|[-–—.…_/\s])")
_BROKEN_AFTER = {"BÍ", "BẢO", "CƠ", "CẨN", "MÃ", "THÂN"}
_SHOWN = re.compile(r"[^\w\t]+")
_EDGE = re.compile(r"^\W+|\W+$")
_LEGACY = re.compile("[\u00a1-\u00ff]")


def is_secret(text: str) -> bool:
    """Whether a text bears a mark of secrecy, however it is spaced, decomposed or encoded.

    A mark stands alone on a line or in a cell, in brackets, at an end of a line of the head, or behind `Độ mật:`. The
    words in a sentence (`bí mật`, `bảo mật`, `mật phục`) are none.
    """
    plain = _plain(text)
    if _bears_mark(plain):
        return True
    # The older encodings are looked for line by line: a letter that only Unicode has rules them out.
    older = "\n".join(line if is_of_font(line) else "-" for line in text.splitlines())
    return bool(_LEGACY.search(older)) and any(_bears_mark(convert(older)) for convert in (from_tcvn3, from_vni))


def _plain(text: str) -> str:
    """NFC, without what cannot be seen."""
    seen = (sign for sign in unicodedata.normalize("NFC", text) if unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFC", "".join(seen))


def _bears_mark(text: str) -> bool:
    if "ậ" not in text and "Ậ" not in text:
        return False
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return any(
        _line_bears_mark(line, lines[place - 1] if place else "", is_head=place < _HEAD_LINES)
        for place, line in enumerate(lines)
        if "ậ" in line or "Ậ" in line
    )


def _line_bears_mark(line: str, before: str, *, is_head: bool) -> bool:
    shouted = line.upper()
    degree = _DEGREE.search(shouted)
    if degree and degree[1].strip() and not _NO_DEGREE.match(degree[1]):
        return True
    # At the head a mark may be in small letters; further down only capitals are a stamp.
    words = shouted if is_head else line
    if _IN_BRACKETS.search(line) or (is_head and any(map(_AT_AN_END.search, line.split("\t")))):
        return True
    cells = [_SHOWN.sub("", cell) for cell in words.split("\t")]
    marks = {cell for cell in cells if cell in _MARKS}
    if len(marks) != 1 or _continues(before, marks):
        return False
    # Several marks side by side, or a mark beside figures, are a table about papers, not a stamp on one.
    return len(cells) == 1 or not any(cell.isdigit() for cell in cells)


def _continues(before: str, marks: set[str]) -> bool:
    """Whether a mark on a line of its own is the end of a word that a narrow column broke."""
    words = _EDGE.sub("", before).upper().split()
    return marks == {"MẬT"} and bool(words) and words[-1] in _BROKEN_AFTER
