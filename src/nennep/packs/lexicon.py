"""The words of the field: the shipped pack's lexicon, and beside it the organisation's own.

A lexicon is a folder of TOML files, described in `loom`. The organisation's files come after the pack's, so they may
add matters of their own, or add wordings to the pack's by naming the same id.
"""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path

from loom import BadLexiconError, Lexicon, LexiconMistake, read_lexicon
from nennep.packs.sources import Mistake

FOLDER = "lexicon"

logger = logging.getLogger(__name__)


def lexicon() -> Lexicon:
    """The shipped pack's lexicon with the folder named by the setting LEXICON. Read once in the life of the process.

    Where the organisation's own files are not sound the shipped lexicon serves alone, and the log names every mistake:
    a mistake in a list of words must not keep anybody from consolidating.
    """
    from django.conf import settings

    return _usable(settings.LEXICON)[0]


def mistakes_now() -> tuple[LexiconMistake, ...]:
    """Why `lexicon` answers without the organisation's own files; empty where it does not."""
    from django.conf import settings

    return _usable(settings.LEXICON)[1]


@cache
def _usable(own: Path | None) -> tuple[Lexicon, tuple[LexiconMistake, ...]]:
    try:
        return lexicon_with(own), ()
    except (BadLexiconError, OSError) as wrong:
        if own is None:
            raise
        mistakes = (
            wrong.mistakes if isinstance(wrong, BadLexiconError) else (LexiconMistake(str(own), "", "", str(wrong)),)
        )
        for mistake in mistakes:
            logger.error(  # noqa: TRY400 - the mistake is a line of somebody's file, no trace of ours helps
                "own lexicon left out, the shipped one serves alone: %s", mistake
            )
        return lexicon_with(None), mistakes


@cache
def lexicon_with(own: Path | None) -> Lexicon:
    """The shipped pack's lexicon with the TOML files of a folder of the organisation's own; needs no Django.

    Raises BadLexiconError, and FileNotFoundError where the folder is not there.
    """
    if own is not None and not own.is_dir():
        raise FileNotFoundError(f"{own}: there is no such folder of lexicon files")
    return read_lexicon([_shipped(), *([own] if own else [])])


def mistakes_of_lexicon(folder: Path) -> list[Mistake]:
    """Every mistake of the lexicon of a pack's folder, by file, line, entry and field; a pack may do without one."""
    if not (folder / FOLDER).is_dir():
        return []
    try:
        read_lexicon([folder / FOLDER])
    except BadLexiconError as bad:
        return [_placed(folder, mistake) for mistake in bad.mistakes]
    return []


def mistakes_of_own(own: Path) -> list[LexiconMistake]:
    """Every mistake of the organisation's own files, read after the shipped pack's."""
    if not own.is_dir():
        return [LexiconMistake(str(own), "", "", "there is no such folder")]
    try:
        read_lexicon([_shipped(), own])
    except BadLexiconError as bad:
        return list(bad.mistakes)
    return []


def _shipped() -> Path:
    return Path(__file__).parent / "bdbp" / FOLDER


def _placed(folder: Path, mistake: LexiconMistake) -> Mistake:
    """The mistake with the line on which its entry begins: where its id stands, or its name as a key."""
    file = f"{FOLDER}/{mistake.file}"
    where = ".".join(part for part in (mistake.entry, mistake.field) if part)
    try:
        lines = (folder / file).read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        lines = []
    signs = (f'id = "{mistake.entry}"', f"[{mistake.entry}]", f"{mistake.entry} =") if mistake.entry else ()
    line = next((number for number, text in enumerate(lines, start=1) if text.strip().startswith(signs)), 1)
    return Mistake(file, line, where, mistake.message)
