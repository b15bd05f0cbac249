"""Zip archives, also those that are Word files and workbooks, read within bounds that hold while reading."""

from __future__ import annotations

import contextlib
import io
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator

from loom.files._outcome import Unreadable, Why

MOST_PARTS = 5_000
MOST_UNPACKED = 256 * 1024 * 1024
MOST_IN_ONE = 96 * 1024 * 1024
# Text packs to a tenth, tables of one figure to a hundredth; a bomb to a thousandth.
_MOST_RATIO = 250
_RATIO_COUNTS_FROM = 4 * 1024 * 1024
_CHUNK = 256 * 1024
_ENTRY = b"PK\x01\x02"
_END = b"PK\x05\x06"
_ENCRYPTED_FLAG = 0x1
_UTF8_FLAG = 0x800
_KNOWN_PACKING = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class Archive:
    """A zip archive whose parts are read in pieces, all of them together within one bound."""

    def __init__(self, content: bytes) -> None:
        if _END not in content:
            raise Unreadable(Why.TRUNCATED)
        # Counted before anything is built from them: the list of a million names is a bomb of its own.
        if content.count(_ENTRY) > MOST_PARTS:
            raise Unreadable(Why.TOO_MANY_PARTS, most=MOST_PARTS)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
            raise Unreadable(Why.DAMAGED) from error
        self._left = MOST_UNPACKED
        self.entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]

    @property
    def names(self) -> list[str]:
        return [entry.filename for entry in self.entries]

    def require_single_names(self) -> None:
        """A document with two parts of one name shows each reader another: it is refused."""
        if any(count > 1 for count in Counter(name.casefold() for name in self.names).values()):
            raise Unreadable(Why.DAMAGED)

    def pieces(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """The content of a part, piece by piece. Raises Unreadable as soon as a bound is passed."""
        if entry.flag_bits & _ENCRYPTED_FLAG:
            raise Unreadable(Why.ENCRYPTED)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise Unreadable(Why.LINK)
        if entry.compress_type not in _KNOWN_PACKING:
            raise Unreadable(Why.DAMAGED)
        size = 0
        try:
            with self._zip.open(entry) as part:
                while piece := part.read(_CHUNK):
                    size += len(piece)
                    self._left -= len(piece)
                    self._check(size, entry.compress_size)
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError) as error:
            raise Unreadable(Why.DAMAGED) from error

    def read(self, entry: zipfile.ZipInfo) -> bytes:
        """The whole content of a part, within the bounds."""
        return b"".join(self.pieces(entry))

    def part(self, name: str) -> bytes | None:
        """The content of the part of a name; None when there is none."""
        entry = next((entry for entry in self.entries if entry.filename == name), None)
        return None if entry is None else self.read(entry)

    def _check(self, size: int, packed: int) -> None:
        if size > _RATIO_COUNTS_FROM and size > packed * _MOST_RATIO:
            raise Unreadable(Why.BOMB)
        if size > MOST_IN_ONE or self._left < 0:
            raise Unreadable(Why.TOO_LARGE, most=MOST_UNPACKED)


def safe_name(entry: zipfile.ZipInfo) -> str:
    """A member's name as a plain relative path: no drive, no way upwards, its letters as they were meant."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_FLAG:
        # Many programs write UTF-8 without saying so; read as the archive's old default it is unreadable.
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode()
    steps = name.replace("\\", "/").split("/")
    kept = [step for step in steps if step not in {"", ".", ".."} and not step.endswith(":")]
    return "/".join("".join(sign for sign in step if sign.isprintable()) for step in kept) or "-"


def is_litter(name: str) -> bool:
    """Whether a member is what file managers and office programs leave behind, and nobody's report."""
    last = name.rsplit("/", 1)[-1]
    return name.startswith("__MACOSX/") or last.startswith(("~$", "._")) or last in {".DS_Store", "Thumbs.db"}
