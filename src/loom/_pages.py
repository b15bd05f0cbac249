"""Where one page ends and the next begins: the line with the number of a page belongs to the paper, not to the report.

In the form in which a text is read such a line is a form feed among spaces, as long as it was: no place moves, no
number is counted, and a sentence that goes on overleaf is known to go on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

TURN = "\f"

# Written so, it is the number of a page wherever it stands: `- 2 -`, `Trang 2/5`, `Page 2 of 5`.
_CERTAIN = re.compile(
    r"^[ \t]*(?:([-–—~])[ \t]*\d{1,3}[ \t]*\1|(?:trang|page|tr\.)[ \t]*(?:số[ \t]*)?:?[ \t]*"
    r"\d{1,3}(?:[ \t]*(?:/|of|trên)[ \t]*\d{1,3})?)(?=[ \t\r]*$)",
    re.IGNORECASE | re.MULTILINE,
)
# A bare number may as well be the cell of a table: it is that of a page only where all of them count up by one.
_BARE = re.compile(r"^[ \t]*(?P<page>[1-9]\d{0,2})(?:[ \t]*/[ \t]*\d{1,3})?(?=[ \t\r]*$)", re.MULTILINE)


def without_page_numbers(text: str) -> str:
    """`text` with a form feed in place of each page's number, of the same length."""
    return _BARE.sub(_turned, _certain(text)) if _counts_pages(_BARE.findall(text)) else _certain(text)


def _certain(text: str) -> str:
    return _CERTAIN.sub(_turned, text)


def _turned(line: re.Match[str]) -> str:
    return TURN.ljust(len(line.group()))


def _counts_pages(numbers: Sequence[str]) -> bool:
    return bool(numbers) and all(int(after) == int(before) + 1 for before, after in pairwise(numbers))
