"""The icons of the face: one meaning each.

Templates name what is meant (`returned`, `closed`), never a drawing. The drawings come from the icon
library of the front end; where it is not installed a page shows its words alone.
"""

import re
from functools import cache
from pathlib import Path

from django.conf import settings

LIBRARY: Path = settings.ROOT / "node_modules" / "lucide-static" / "icons"

# our meaning → the drawing's name in the library
DRAWINGS = {
    # states of work
    "returned": "undo-2",
    "changed": "refresh-cw",
    "due": "clock",
    "warning": "triangle-alert",
    "done": "check",
    "failed": "x",
    "locked": "lock",
    "submitted": "send",
    "saved": "cloud",
    "offline": "cloud-off",
    "emphasis": "flag",
    "empty": "inbox",
    "information": "info",
    # the working year
    "desk": "monitor",
    "documents": "file-text",
    "planning": "calendar-days",
    "reports": "table-2",
    "synthesis": "joining",
    "inspection": "clipboard-check",
    "gatherings": "users",
    "review": "chart-no-axes-column-increasing",
    "recognition": "medal",
    "organisation": "network",
    "journal": "notebook-text",
    # acts
    "split": "parting",
    "rewrite": "pencil",
    "add": "plus",
    "remove": "trash-2",
    "print": "printer",
    "export": "download",
    "import": "upload",
    "paste": "clipboard-paste",
    "filter": "list-filter",
    "columns": "columns-3",
    "see": "eye",
    "remind": "bell",
    "remark": "message-square",
    "history": "history",
    "date": "calendar",
    "sign_out": "log-out",
    "password": "key-round",
    "token": "ticket",
    "person": "user",
    # finding one's way; the first five may stand alone, with a spoken name
    "close": "x",
    "previous": "chevron-left",
    "next": "chevron-right",
    "theme_dark": "moon",
    "theme_light": "sun",
    "menu": "menu",
    "more": "ellipsis",
    "search": "search",
    "open": "chevron-down",
    "ascending": "arrow-up",
    "descending": "arrow-down",
    "part_of": "corner-down-right",
}

# what the library does not draw the way the meaning needs it, on the same grid of 24:
# two lines joining into one, and one line parting into two
OWN_DRAWINGS = {
    "joining": ('<path d="M3 5h3c4 0 5 7 9 7h6"/><path d="M3 19h3c4 0 5-7 9-7"/><path d="m17.5 8.5 3.5 3.5-3.5 3.5"/>'),
    "parting": '<path d="M3 12h5c5 0 5-6 9-6h4"/><path d="M8 12c5 0 5 6 9 6h4"/>',
}

_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_SPACE = re.compile(r"\s+")


@cache
def drawing(meaning: str) -> str:
    """The shapes inside the `<svg>` of `meaning`, or "" when the library is not installed.

    Raises KeyError for a meaning that is not in the table: a template asked for an unknown icon.
    """
    name = DRAWINGS[meaning]
    if name in OWN_DRAWINGS:
        return OWN_DRAWINGS[name]
    path = LIBRARY / f"{name}.svg"
    if not path.is_file():
        return ""
    found = _BODY.search(path.read_text(encoding="utf-8"))
    return _SPACE.sub(" ", found.group(1)).strip() if found else ""
