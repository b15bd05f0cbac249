"""Groups of statements that say the same: what was decided about them, and what of it still holds.

A choice is kept between two statements by the fingerprints of their words: that they belong together, or that they
stay apart. Figures do not count in it, so that the same merge is not asked again next month.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations, product

import loom
from nennep.reporting.rules.content import Layout, Section
from nennep.synthesis.rules.drafts import Decided, Item, ItemKind, Told, typed_numbers

#: Two fingerprints, the smaller first; twice the same where only figures differ.
Pair = tuple[str, str]
_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Gathered:
    """Statements that say the same, the one that says it best, and why they were put together.

    `decided` is set when people have put just these together before; `wording` is the sentence they wrote for them
    then.
    """

    members: tuple[Told, ...]
    best: Told
    why: str = ""
    decided: Decided | None = None
    wording: str = ""

    @property
    def units(self) -> int:
        return len({one.unit_id for one in self.members})


def alone(told: Iterable[Told]) -> list[Gathered]:
    """Each statement for itself."""
    return [Gathered((one,), one) for one in told]


def first_items(layout: Layout, gathered: Iterable[Gathered]) -> list[Item]:
    """The draft as it begins: each section's sentences about figures, and what was said below, in the form's order.

    In a section what was said stands by kind in the form's order of kinds, what most units said first, then as it
    came. Nothing is left out, and every group is a proposal until an officer accepts it, or did so before.
    """
    by_section: dict[str, list[Gathered]] = {}
    for one in gathered:
        by_section.setdefault(one.best.statement.section, []).append(one)
    items: list[Item] = []
    for section in layout.sections:
        texts = [Item(section.letter, 0, ItemKind.FIGURES, "", text) for text in section.sentences]
        words = [item_of(one) for one in _in_order(section, by_section.get(section.letter, []))]
        items += [replace(item, order=place) for place, item in enumerate([*texts, *words], start=1)]
    return items


def _in_order(section: Section, gathered: list[Gathered]) -> list[Gathered]:
    places = {kind: place for place, kind in enumerate(section.statement_kinds)}
    return sorted(gathered, key=lambda one: (places.get(one.best.statement.kind, len(places)), -one.units))


def item_of(gathered: Gathered) -> Item:
    """The sentence of a group, in no place yet."""
    best = gathered.best.statement
    return Item(
        best.section,
        0,
        ItemKind.STATEMENT,
        str(best.kind),
        gathered.wording or best.text,
        tuple(one.source for one in gathered.members),
        edited=bool(gathered.wording) and all(gathered.wording != one.statement.text for one in gathered.members),
        accepted=gathered.decided is not None,
        decided=gathered.decided,
        why=gathered.why,
    )


def best_sentence(texts: Sequence[str]) -> str:
    """The sentence that can best stand for all: without figures, which are its own unit's, and the fullest."""
    return max(texts, key=lambda text: (not _FIGURES.search(text), len(text), text))


def figures_of_some(text: str, members: Sequence[str]) -> list[str]:
    """Numbers in a group's sentence that not all of its members say: printed so, they would be put in their mouths."""
    if len(members) < 2:  # noqa: PLR2004 -- one unit's number in its own sentence is its own
        return []
    numbers = dict.fromkeys(typed_numbers(text))
    return [number for number in numbers if any(number not in typed_numbers(one) for one in members)]


def pair(first: str, second: str) -> Pair:
    return (first, second) if first < second else (second, first)


def words_print(text: str) -> str:
    """What stands for a statement in a kept choice: the fingerprint of its words without the figures."""
    return loom.fingerprint(_FIGURES.sub(" ", text))


def pairs_together(prints: Sequence[str]) -> list[Pair]:
    """What to keep of a group: its first belongs with each of the others."""
    first, *others = prints
    return sorted({pair(first, other) for other in others})


def pairs_apart(parts: Sequence[Sequence[str]]) -> list[Pair]:
    """What to keep of a parting: no statement of one part belongs with one of another."""
    return sorted(
        {pair(one, other) for part, rest in combinations(parts, 2) for one in set(part) for other in set(rest)}
    )


def decided(prints: Collection[str], kept: Mapping[Pair, Decided]) -> Decided | None:
    """The newest of the choices by which these belong together; None where some of them were never put together.

    Belonging together passes on: what was put to the first and to the second by two choices is one group.
    """
    different = set(prints)
    links = {one: choice for one, choice in kept.items() if one[0] in different and one[1] in different}
    if not links or len(_reached(next(iter(different)), links)) < len(different):
        return None
    return max(links.values(), key=lambda choice: choice.at)


def _reached(start: str, links: Collection[Pair]) -> set[str]:
    beside: dict[str, set[str]] = {}
    for first, second in links:
        beside.setdefault(first, set()).add(second)
        beside.setdefault(second, set()).add(first)
    reached, waiting = {start}, [start]
    while waiting:
        more = beside.get(waiting.pop(), set()) - reached
        reached |= more
        waiting += more
    return reached


def group_print(texts: Iterable[str]) -> str:
    """The fingerprint of a whole group, figures and all: a sentence written for it fits no other figures."""
    return hashlib.sha256("\n".join(sorted({loom.fingerprint(text) for text in texts})).encode()).hexdigest()


def decisions(texts: Iterable[str], kept: Mapping[Pair, bool]) -> list[loom.Decision]:
    """The kept choices that concern these texts, as the weaver takes them: between texts, figures and all."""
    by_words: dict[str, dict[str, None]] = {}
    for text in texts:
        by_words.setdefault(words_print(text), {})[loom.fingerprint(text)] = None
    found = []
    for (first, second), together in kept.items():
        ones, others = list(by_words.get(first, ())), list(by_words.get(second, ()))
        between: Iterable[Pair] = product(ones, others)
        if together:  # one link each is enough: belonging together passes on
            between = chain(product(ones[:1], others), product(ones[1:], others[:1]))
        found += [loom.Decision(*pair(one, other), together=together) for one, other in between if one != other]
    return found
