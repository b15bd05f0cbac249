"""What comes of opening a file: its text with remarks, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LINES_SHOWN = 8
"""How many lines a preview of a conversion shows."""


class Type(StrEnum):
    """What a file is, told by its content."""

    TEXT = "txt"
    MARKDOWN = "md"
    WORD = "docx"
    PAGES = "pdf"
    WORKBOOK = "xlsx"
    ARCHIVE = "zip"


class Noted(StrEnum):
    """What was done to a text, or is doubtful about it, on its way out of the file."""

    FROM_TCVN3 = "converted-from-tcvn3"
    FROM_VNI = "converted-from-vni"
    FROM_WINDOWS_1258 = "converted-from-windows-1258"
    MACROS = "macros-ignored"
    HIDDEN_SHEETS = "hidden-sheets-left-out"
    HIDDEN_TEXT = "hidden-text-left-out"
    DELETED_TEXT = "deleted-text-left-out"
    NOTES_LEFT_OUT = "footnotes-left-out"
    EMPTY_PAGES = "pages-without-text"
    INVISIBLE_MARKS = "invisible-marks-dropped"
    CONTROL_MARKS = "control-marks-dropped"
    NORMALISED = "letters-normalised"
    RENAMED = "name-cleaned"


CONVERSIONS = frozenset({Noted.FROM_TCVN3, Noted.FROM_VNI, Noted.FROM_WINDOWS_1258})
"""What changes the very letters: a person looks at `before` and `after` and says yes."""


class Why(StrEnum):
    """Why a file gives no text."""

    EMPTY = "empty"
    UNKNOWN_KIND = "unknown-kind"
    UNKNOWN_ENCODING = "unknown-encoding"
    OLD_WORD = "old-word"
    OLD_WORKBOOK = "old-workbook"
    OLD_OFFICE = "old-office"
    BINARY_WORKBOOK = "binary-workbook"
    OPEN_DOCUMENT = "open-document"
    RICH_TEXT = "rich-text"
    WEB_PAGE = "web-page"
    PICTURE = "picture"
    PRESENTATION = "presentation"
    ENCRYPTED = "encrypted"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    ENTITIES = "entities"
    SCANNED = "scanned-without-text"
    NO_TEXT = "no-text"
    TOO_LARGE = "too-large"
    TOO_MUCH_TEXT = "too-much-text"
    TOO_MANY_CELLS = "too-many-cells"
    TOO_MANY_PAGES = "too-many-pages"
    TOO_MANY_PARTS = "too-many-parts"
    BOMB = "bomb"
    ARCHIVE = "archive"
    NESTED_ARCHIVE = "archive-in-archive"
    LINK = "link"
    SECRET = "secret"  # noqa: S105 - the name of a reason, no password
    TOO_SLOW = "too-slow"
    TOO_HUNGRY = "too-hungry"
    CRASHED = "crashed"


class Unreadable(Exception):
    """A file gives no text. `why` is the reason, `facts` its numbers; neither holds a word of the content."""

    def __init__(self, why: Why, **facts: int) -> None:
        super().__init__(why.value)
        self.why = why
        self.facts = facts


class Secret(Unreadable):
    """A file bears the mark of a state secret: it may not be kept here, and nothing of it is repeated."""

    def __init__(self) -> None:
        super().__init__(Why.SECRET)


@dataclass(frozen=True, slots=True)
class Part:
    """A page or a sheet: what it is called, and where in the text it stands (`start <= place < end`)."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Opened:
    """The text of a file: NFC, lines ended by a line feed, the cells of a table's row parted by tabs.

    Where the letters were converted (`needs_consent`), `before` and `after` hold the first lines that changed, for a
    person to compare. `parts` are the pages of a PDF or the sheets of a workbook; their names stand in no text.
    """

    text: str
    kind: Type
    notes: tuple[Noted, ...] = ()
    parts: tuple[Part, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def needs_consent(self) -> bool:
        """Whether the letters were converted, so that a person has to agree before the text is used."""
        return not CONVERSIONS.isdisjoint(self.notes)
