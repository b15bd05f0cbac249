"""What a paper still lacks by the rules of its family: one point for each component of its form."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from nennep.documents.rules.layout import Family, Layout
from nennep.documents.rules.paper import Capacity, Heading, Level, Paper, Paragraph, Table, is_for_a_secretary

_STATE = "Nghị định 30/2020/NĐ-CP Phụ lục I, phần II, mục {}"
_PARTY = "{}, phần II, mục 1.{}"
# The kinds that are written to somebody (box 9a; of the party a submission alone); a letter always is.
_TO_SOMEBODY = {Family.STATE: {"báo cáo", "tờ trình"}, Family.PARTY: {"tờ trình"}}
_SYMBOL = {
    Family.STATE: re.compile(r"[^\W_]+(?:-[^\W_]+)*"),
    Family.PARTY: re.compile(r"[^\W\d_]+/[^\W_]+(?:[-/][^\W_]+)*"),
}
_LONGEST_SUBJECT = 250


class Component(StrEnum):
    """A component of the form of a paper, in the order of the rules."""

    COUNTRY = "country"
    ISSUER = "issuer"
    SYMBOL = "symbol"
    PLACE = "place"
    DAY = "day"
    KIND = "kind"
    SUBJECT = "subject"
    BASES = "bases"
    TEXT = "text"
    NUMBERING = "numbering"
    ADDRESSEES = "addressees"
    AUTHORITY = "authority"
    SIGNER = "signer"
    RECIPIENTS = "recipients"


@dataclass(frozen=True)
class Point:
    """One component, whether the paper satisfies it, the clause that asks for it, and what is there to be mended.

    `found` is the offending piece of the paper, as far as there is one.
    """

    component: Component
    holds: bool
    clause: str
    found: str = ""


def layout_check(paper: Paper, layout: Layout, *, gaps: Sequence[str] = ()) -> list[Point]:
    """Every component of a paper's form in the order of the rules: `Thể thức đạt 14 trên 14 mục`.

    A draft has neither number nor day; that both are blank is right until it is issued. `gaps` are the numbers of
    clauses and points that do not follow one another.
    """
    checks: Sequence[tuple[Component, int, Callable[[], str | None]]] = (
        (Component.COUNTRY, 1, lambda: None if layout.family is paper.family else layout.source),
        (Component.ISSUER, 2, lambda: _missing(paper.issuer)),
        (Component.SYMBOL, 3, lambda: _symbol(paper)),
        (Component.PLACE, 4, lambda: _missing(paper.place)),
        (Component.DAY, 4, lambda: None if paper.dated_on >= layout.in_force_from else f"{paper.dated_on:%d/%m/%Y}"),
        (Component.KIND, 5, lambda: None if paper.letter else _missing(paper.kind)),
        (Component.SUBJECT, 5, lambda: _subject(paper)),
        (Component.BASES, 6, lambda: _bases(paper)),
        (Component.TEXT, 6, lambda: _text(paper)),
        (Component.NUMBERING, 6, lambda: "; ".join(gaps) or None),
        (Component.ADDRESSEES, 9, lambda: _addressees(paper)),
        (Component.AUTHORITY, 7, lambda: _authority(paper)),
        (Component.SIGNER, 7, lambda: _missing(paper.signature.name if paper.signature else "")),
        (Component.RECIPIENTS, 9, lambda: _recipients(paper)),
    )
    points = []
    for component, item, look in checks:
        found = look()
        points.append(Point(component, found is None, _clause(paper.family, layout, item), found or ""))
    return points


def _clause(family: Family, layout: Layout, item: int) -> str:
    """The clause of a component. Of rules whose original was not seen the items are not known."""
    if family is Family.STATE:
        return _STATE.format(item)
    return layout.source if layout.doubt else _PARTY.format(layout.source, item)


# Each answers None where the paper satisfies the rules, and otherwise what is there instead.


def _missing(text: str) -> str | None:
    return None if text.strip() else ""


def _symbol(paper: Paper) -> str | None:
    """No spaces; a hyphen between the letters of kind and issuer, or the party's stroke."""
    return None if _SYMBOL[paper.family].fullmatch(paper.symbol) else paper.symbol


def _subject(paper: Paper) -> str | None:
    """A short sentence or phrase that says what the paper is about, without a full stop."""
    subject = paper.subject.strip()
    if not subject:
        return ""
    return subject if subject[-1] in ".;,:" or len(subject) > _LONGEST_SUBJECT else None


def _bases(paper: Paper) -> str | None:
    """Each basis on its line, ended by a semicolon, the last by a full stop (letter b)."""
    for place, basis in enumerate(paper.bases, start=1):
        end = "." if place == len(paper.bases) else ";"
        if basis.rstrip().endswith((";", ".", ",", ":")) and not basis.rstrip().endswith(end):
            return basis
    return None


def _text(paper: Paper) -> str | None:
    """There is a text, and no division of it stands empty."""
    if not any(isinstance(block, Paragraph | Table) for block in paper.blocks):
        return ""
    for heading, after in zip(paper.blocks, [*paper.blocks[1:], None], strict=True):
        is_last = after is None or (isinstance(after, Heading) and after.level <= Level.ROMAN)
        if isinstance(heading, Heading) and heading.level is Level.ROMAN and is_last:
            return " ".join(heading.lines())
    return None


def _addressees(paper: Paper) -> str | None:
    """`Kính gửi` stands on what goes up to a superior and on letters, and on nothing else (letter a)."""
    asks = paper.letter or paper.kind.casefold() in _TO_SOMEBODY[paper.family]
    if asks:
        return None if paper.addressees else ""
    return "; ".join(paper.addressees) or None


def _authority(paper: Paper) -> str | None:
    """The post, and in whose place it signs. A party committee is a collective, whoever signs for it."""
    signature = paper.signature
    if signature is None or not signature.post.strip():
        return ""
    if paper.family is Family.PARTY and is_for_a_secretary(signature):
        return signature.in_place_of
    if signature.capacity in {Capacity.OWN, Capacity.ACTING}:
        return None
    return _missing(signature.in_place_of)


def _recipients(paper: Paper) -> str | None:
    """The last recipient is the archive, the first `Như trên` where the paper names addressees (letter b)."""
    if not paper.recipients:
        return ""
    if not paper.recipients[-1].casefold().startswith("lưu"):
        return paper.recipients[-1]
    above = paper.recipients[0].casefold().startswith("như trên")
    return None if above or not paper.addressees else paper.recipients[0]
