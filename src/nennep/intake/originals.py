"""The files that came, each kept once under its digest. What is read back is what was kept, or nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings

from nennep.reporting.sealing import write_whole


class OriginalLost(Exception):
    """A kept file is missing, or is not what was kept."""


def keep(content: bytes) -> str:
    """Keep a file and return its SHA-256 (hex); it is on disk, synced, before this returns."""
    digest = hashlib.sha256(content).hexdigest()
    path = _path(digest)
    if path.exists():
        return digest
    write_whole(path, content)
    return digest


def fetch(digest: str) -> bytes:
    """The bytes that were kept. Raises OriginalLost when they are gone or are others."""
    try:
        content = _path(digest).read_bytes()
    except OSError as error:
        raise OriginalLost(f"{digest[:12]}: cannot be read ({error.strerror})") from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise OriginalLost(f"{digest[:12]}: its digest is not the one that was kept")
    return content


def discard(digest: str) -> None:
    """Take a kept file away: nothing refers to it any more."""
    _path(digest).unlink(missing_ok=True)


def _path(digest: str) -> Path:
    return Path(settings.ORIGINALS) / digest[:2] / digest
