"""Plain text: which encoding its bytes are in, told by evidence and never by the machine's habit."""

from __future__ import annotations

import codecs
import re

from loom.files._letters import Encoding, from_windows_1258, is_vietnamese, legacy_encoding, western
from loom.files._outcome import Unreadable, Why

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 4096
# In text of two bytes a letter, the line feeds, blanks and plain letters have one zero byte each.
_LEAST_ZEROS = 0.2
_MOST_CONTROLS = 0.01
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decoded(content: bytes) -> tuple[str, Encoding | None]:
    """The text of bytes, and the older encoding it still stands in, where the bytes are no Unicode.

    Raises Unreadable when the bytes are no text, or text in an encoding that nothing speaks for.
    """
    text, encoding = _decoded(content)
    if len(_CONTROL.findall(text)) > max(_MOST_CONTROLS * len(text), 1):
        raise Unreadable(Why.UNKNOWN_KIND)
    return text, encoding


def _decoded(content: bytes) -> tuple[str, Encoding | None]:
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _strictly(content, name), None
    if wide := _two_bytes(content):
        return _strictly(content, wide), None
    try:
        return content.decode("utf-8"), None
    except UnicodeDecodeError as error:
        # A text that breaks off within its last letter was cut; anything else is no UTF-8.
        if error.reason == "unexpected end of data" and error.start > 0:
            raise Unreadable(Why.TRUNCATED) from error
    return _single_bytes(content)


def _strictly(content: bytes, name: str) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError as error:
        raise Unreadable(Why.DAMAGED) from error


def _two_bytes(content: bytes) -> str | None:
    """UTF-16 without a mark: zeros at every other byte of its plain letters, and hardly any at the others."""
    sample = content[:_SAMPLE]
    if len(content) % 2 or not sample:
        return None
    even, odd = sample[0::2].count(0) / len(sample[0::2]), sample[1::2].count(0) / len(sample[1::2])
    if odd >= _LEAST_ZEROS and odd > even * 10:
        return "utf-16-le"
    return "utf-16-be" if even >= _LEAST_ZEROS and even > odd * 10 else None


def _single_bytes(content: bytes) -> tuple[str, Encoding]:
    """One byte a letter: TCVN3, VNI or Windows-1258, whichever makes Vietnamese of it; returned as Western letters."""
    text = western(content)
    found = legacy_encoding(text)
    if found is None:
        as_1258 = from_windows_1258(text)
        found = Encoding.WINDOWS_1258 if "\ufffd" not in as_1258 and is_vietnamese(as_1258) else None
    if found is None:
        raise Unreadable(Why.UNKNOWN_ENCODING)
    return text, found


# --- Markdown -------------------------------------------------------------------------------------

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*$", re.MULTILINE)
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_ROW = re.compile(r"^[ \t]*\|(.*)\|[ \t]*$", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-{3,}:?[ \t]*)*\|?[ \t]*$\n?", re.MULTILINE)


def without_markup(text: str) -> str:
    """Markdown as it is shown: no signs of headings and emphasis, the rows of tables as cells parted by tabs."""
    shown = _EMPHASIS.sub(r"\2", _HEADING.sub(r"\1", _RULE.sub("", text)))
    return _ROW.sub(lambda row: "\t".join(cell.strip() for cell in row[1].split("|")), shown)
