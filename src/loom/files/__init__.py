"""Gets text safely out of files: what a file is, its text, what was done to it, or why there is none.

The kind is told by content, never by name. Nothing is guessed: what cannot be read is said so, and letters of an older
encoding are converted with the first lines beside each other, for a person to agree. Whoever does not trust the files
opens them with `loom.sandbox`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from loom.files._archive import Archive, is_litter, safe_name
from loom.files._letters import CONVERTERS, Encoding, legacy_encoding
from loom.files._outcome import (
    CONVERSIONS,
    LINES_SHOWN,
    Noted,
    Opened,
    Part,
    Secret,
    Type,
    Unreadable,
    Why,
)
from loom.files._pages import text_of_pages
from loom.files._plain import decoded, without_markup
from loom.files._secrecy import is_secret
from loom.files._word import text_of_document
from loom.files._workbook import text_of_workbook

__all__ = [
    "CONVERSIONS",
    "MOST_BYTES",
    "MOST_TEXT",
    "Member",
    "Noted",
    "Opened",
    "Part",
    "Secret",
    "Type",
    "Unreadable",
    "Why",
    "is_archive",
    "is_secret",
    "members_of",
    "text_of",
]

MOST_BYTES = 64 * 1024 * 1024
"""The largest file that is opened, in bytes."""
MOST_TEXT = 2_000_000
"""The longest text that is taken, in letters: some 400 reports."""
MOST_MEMBERS = 2_000

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
_OTHER_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")
_PDF_WITHIN = 1024
_OF_ONE_MEMBER = {Why.ENCRYPTED, Why.DAMAGED, Why.LINK}
_WEB_PAGE = re.compile(rb"^\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html)\b", re.IGNORECASE)
_CONVERTED = {
    Encoding.TCVN3: Noted.FROM_TCVN3,
    Encoding.VNI: Noted.FROM_VNI,
    Encoding.WINDOWS_1258: Noted.FROM_WINDOWS_1258,
}


@dataclass(frozen=True, slots=True)
class Member:
    """A file within an archive, under a plain relative name; no two of an archive bear the same.

    One that cannot be taken out (locked, broken, a link) has no content and says `why`.
    """

    name: str
    content: bytes
    notes: tuple[Noted, ...] = ()
    why: Why | None = None


@dataclass(slots=True)
class _Raw:
    """What came out of a file, before it is cleaned: its pages or sheets with their names, or all of it without one.

    `encoding` is the older encoding that the text still stands in.
    """

    pieces: list[tuple[str, str]]
    kind: Type
    notes: list[Noted]
    around: str = ""
    encoding: Encoding | None = None
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(text for _, text in self.pieces)


def text_of(content: bytes, name: str) -> Opened:
    """The text of a file.

    Raises Secret when it bears a mark of secrecy and Unreadable, with a reason and without a word of the content,
    when it gives no text for another reason; an archive of files is one (`members_of`). The name only tells Markdown
    from plain text.
    """
    if len(content) > MOST_BYTES:
        raise Unreadable(Why.TOO_LARGE, most=MOST_BYTES)
    if is_secret(name.rsplit("/", 1)[-1].rsplit(".", 1)[0]):
        raise Secret
    raw = _raw(content, name)
    text = raw.text
    if len(text) > MOST_TEXT:
        raise Unreadable(Why.TOO_MUCH_TEXT, most=MOST_TEXT, letters=len(text))
    if is_secret(text) or is_secret(raw.around):
        raise Secret
    _convert(raw)
    if is_secret(raw.text):
        raise Secret
    return _opened(raw)


def is_archive(content: bytes) -> bool:
    """Whether content is an archive of files, not a document that is packed as one."""
    if not content.startswith((_ZIP, _EMPTY_ZIP)):
        return False
    try:
        return _kind_of_archive(Archive(content)) is Type.ARCHIVE
    except Unreadable:
        return False


def members_of(content: bytes) -> Iterator[Member]:
    """The files of an archive, in its order. Raises Unreadable when the archive itself is broken or passes a bound."""
    if len(content) > MOST_BYTES:
        raise Unreadable(Why.TOO_LARGE, most=MOST_BYTES)
    archive = Archive(content)
    entries = [(entry, safe_name(entry)) for entry in archive.entries]
    entries = [(entry, name) for entry, name in entries if not is_litter(name)]
    if len(entries) > MOST_MEMBERS:
        raise Unreadable(Why.TOO_MANY_PARTS, most=MOST_MEMBERS)
    taken: set[str] = set()
    for entry, name in entries:
        single = _single(name, taken)
        taken.add(single)
        is_as_meant = single == name and ".." not in entry.filename and not entry.filename.startswith(("/", "\\"))
        notes = () if is_as_meant else (Noted.RENAMED,)
        try:
            yield Member(single, archive.read(entry), notes)
        except Unreadable as error:
            if error.why not in _OF_ONE_MEMBER:
                raise
            yield Member(single, b"", notes, error.why)


def _single(name: str, taken: set[str]) -> str:
    """The name, with a number behind it where it is taken."""
    single, number = name, 1
    while single in taken:
        number += 1
        stem, dot, ending = name.rpartition(".")
        single = f"{stem} ({number}).{ending}" if dot else f"{name} ({number})"
    return single


# --- what a file is -------------------------------------------------------------------------------


def _raw(content: bytes, name: str) -> _Raw:
    if not content.strip(b"\x00\t\n\r "):
        raise Unreadable(Why.EMPTY)
    _refuse_by_sign(content)
    if content.startswith((_ZIP, _EMPTY_ZIP)):
        return _raw_of_archive(content)
    if b"%PDF-" in content[:_PDF_WITHIN]:
        pieces, notes = text_of_pages(content)
        return _Raw(pieces, Type.PAGES, notes)
    text, encoding = decoded(content)
    kind = Type.MARKDOWN if name.lower().endswith((".md", ".markdown")) else Type.TEXT
    return _Raw([("", without_markup(text) if kind is Type.MARKDOWN else text)], kind, [], encoding=encoding)


def _refuse_by_sign(content: bytes) -> None:
    """Name what is no text by the first bytes, and say which: each has another way to be mended."""
    if content.startswith(_COMPOUND):
        raise Unreadable(_kind_of_compound(content))
    if content.startswith(_PICTURES) or content[8:12] == b"WEBP":
        raise Unreadable(Why.PICTURE)
    if content.startswith(_OTHER_ARCHIVES):
        raise Unreadable(Why.ARCHIVE)
    if content.startswith(b"{\\rtf"):
        raise Unreadable(Why.RICH_TEXT)
    if _WEB_PAGE.match(content[:_PDF_WITHIN]):
        raise Unreadable(Why.WEB_PAGE)


def _kind_of_compound(content: bytes) -> Why:
    """What a compound file of the older office programs holds; a locked newer document is one too."""
    for stream, why in (
        ("EncryptedPackage", Why.ENCRYPTED),
        ("WordDocument", Why.OLD_WORD),
        ("Workbook", Why.OLD_WORKBOOK),
        ("Book", Why.OLD_WORKBOOK),
    ):
        if stream.encode("utf-16-le") in content:
            return why
    return Why.OLD_OFFICE


def _kind_of_archive(archive: Archive) -> Type:
    names = set(archive.names)
    if "xl/workbook.bin" in names:
        raise Unreadable(Why.BINARY_WORKBOOK)
    if any(name.startswith("ppt/") for name in names) and "[Content_Types].xml" in names:
        raise Unreadable(Why.PRESENTATION)
    if "xl/workbook.xml" in names:
        return Type.WORKBOOK
    if "[Content_Types].xml" in names and any(name.startswith("word/") for name in names):
        return Type.WORD
    if "mimetype" in names and "META-INF/manifest.xml" in names:
        raise Unreadable(Why.OPEN_DOCUMENT)
    return Type.ARCHIVE


def _raw_of_archive(content: bytes) -> _Raw:
    archive = Archive(content)
    kind = _kind_of_archive(archive)
    if kind is Type.ARCHIVE:
        raise Unreadable(Why.ARCHIVE)
    archive.require_single_names()
    if kind is Type.WORKBOOK:
        pieces, notes = text_of_workbook(content, archive)
        return _Raw(pieces, kind, notes)
    document = text_of_document(archive)
    pieces = [("", document.text)]
    return _Raw(pieces, kind, document.notes, document.around, before=document.before, after=document.after)


# --- cleaning -------------------------------------------------------------------------------------

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
# What cannot be seen: marks of direction, joiners, byte order marks, soft hyphens, tags.
_INVISIBLE = re.compile(
    "[\xad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)
_BLANKS = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINE_TAIL = re.compile("[ \t]+$", re.MULTILINE)


def _convert(raw: _Raw) -> None:
    """Convert a text in an older encoding as a whole, where its bytes or letters speak for one."""
    if not CONVERSIONS.isdisjoint(raw.notes):
        return
    encoding = raw.encoding or legacy_encoding(raw.text)
    if encoding is None:
        return
    convert = CONVERTERS[encoding]
    raw.notes.append(_CONVERTED[encoding])
    raw.before = [line for line in raw.text.splitlines() if not line.isascii()][:LINES_SHOWN]
    raw.after = [convert(line) for line in raw.before]
    raw.pieces = [(convert(name), convert(text)) for name, text in raw.pieces]


def _opened(raw: _Raw) -> Opened:
    """Clean every piece, and put them one below the other."""
    notes = dict.fromkeys(raw.notes)
    parts: list[Part] = []
    texts: list[str] = []
    place = 0
    for name, uncleaned in raw.pieces:
        text = _clean(uncleaned, notes)
        if not text.strip():
            continue
        texts.append(text)
        if name:
            parts.append(Part(name, place, place + len(text)))
        place += len(text) + 1
    if not texts:
        raise Unreadable(Why.NO_TEXT)
    preview = [tuple(_clean(line, {}) for line in lines) for lines in (raw.before, raw.after)]
    return Opened("\n".join(texts), raw.kind, tuple(notes), tuple(parts), *preview)


def _clean(text: str, notes: dict[Noted, None]) -> str:
    """One kind of line end and of blank, nothing that cannot be seen, NFC; what was done is noted."""
    lines = _LINE_ENDS.sub("\n", text)
    seen = _INVISIBLE.sub("", lines)
    if seen != lines:
        notes[Noted.INVISIBLE_MARKS] = None
    plain = _CONTROLS.sub("", seen)
    if plain != seen:
        notes[Noted.CONTROL_MARKS] = None
    composed = unicodedata.normalize("NFC", plain)
    if composed != plain:
        notes[Noted.NORMALISED] = None
    return _LINE_TAIL.sub("", _BLANKS.sub(" ", composed)).strip("\n")
