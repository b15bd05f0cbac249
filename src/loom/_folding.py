"""Sentences for comparing, never for showing: their words in one writing, and what stands for them in a decision."""

from __future__ import annotations

import hashlib
import re

from loom._text import plain

_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """The syllables and numbers of the text in one writing, in their order, without punctuation."""
    return _WORD.findall(plain(text))


def said(text: str) -> str:
    """What a sentence says however it is written: its words with single spaces."""
    return " ".join(words_of(text))


def fingerprint(text: str) -> str:
    """What stands for a sentence in a kept decision: SHA-256 of its words, in hexadecimal.

    The same sentence with other spacing, punctuation, capitals or tone places has the same fingerprint.
    """
    return hashlib.sha256(said(text).encode()).hexdigest()
