"""Measures a reading and a weaving against a gold set: ours in `gold/`, or any folder of the same shape."""

import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path, PurePath
from typing import Any

from loom import Groups, Reading, as_json, place_of, statement_id

Book = Mapping[str, Any]
"""`reports` and `groups` as the gold set's README tells them."""

Item = Mapping[str, Any]

SAME_STATEMENT = Decimal("0.8")
"""Two spans are the same statement when what they share is this much of what they cover together."""


@dataclass(slots=True)
class Tally:
    """So many right of so many; `value` is their share, 0 when there was nothing to count."""

    right: float = 0
    of: int = 0

    def add(self, right: float, of: int = 1) -> None:
        self.right += right
        self.of += of

    @property
    def value(self) -> float:
        return self.right / self.of if self.of else 0.0


@dataclass(slots=True)
class Balance:
    """How much of what was found is right (precision), and how much of what is right was found (recall)."""

    precision: Tally = field(default_factory=Tally)
    recall: Tally = field(default_factory=Tally)

    def add(self, hits: int, found: int, wanted: int) -> None:
        self.precision.add(hits, found)
        self.recall.add(hits, wanted)

    @property
    def value(self) -> float:
        """F1, the harmonic mean of the two."""
        p, r = self.precision.value, self.recall.value
        return 2 * p * r / (p + r) if p + r else 0.0


@dataclass(slots=True)
class Score:
    """Every measure of one run, each between 0 and 1. `trapped` is the only one that should be small."""

    quantities: Balance = field(default_factory=Balance)
    measures: Tally = field(default_factory=Tally)
    qualifiers: Tally = field(default_factory=Tally)
    pairs: Tally = field(default_factory=Tally)
    parts: Tally = field(default_factory=Tally)
    trapped: Tally = field(default_factory=Tally)
    statements: Balance = field(default_factory=Balance)
    kinds: Tally = field(default_factory=Tally)
    arithmetic: Tally = field(default_factory=Tally)
    false_arithmetic: Tally = field(default_factory=Tally)
    alarms: Tally = field(default_factory=Tally)
    grouping: Balance = field(default_factory=Balance)

    def rows(self) -> list[tuple[str, float]]:
        """The measures under their names, in the order of reading."""
        return [
            ("quantities F1", self.quantities.value),
            ("unit of measure right", self.measures.value),
            ("qualifier right", self.qualifiers.value),
            ("pairs linked", self.pairs.value),
            ("parts linked", self.parts.value),
            ("not quantities taken", self.trapped.value),
            ("statements F1", self.statements.value),
            ("statement kind right", self.kinds.value),
            ("arithmetic found", self.arithmetic.value),
            ("false arithmetic found", self.false_arithmetic.value),
            ("grouping B-cubed F1", self.grouping.value),
        ]

    def table(self) -> str:
        """The same for the eye, with the precision and recall of what has them."""
        lines = [f"{name:<24} {value:6.3f}" for name, value in self.rows()]
        for name, balance in (
            ("quantities", self.quantities),
            ("statements", self.statements),
            ("grouping", self.grouping),
        ):
            lines.append(f"{name:<12} precision {balance.precision.value:.3f}, recall {balance.recall.value:.3f}")
        lines.append(f"alarms right {self.alarms.right:.0f} of {self.alarms.of}")
        return "\n".join(lines)


def read_book(folder: Path) -> Book:
    """The gold set of a folder; OSError when there is none."""
    book: Book = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    return book


def book_of(readings: Sequence[Reading], groups: Groups) -> dict[str, Any]:
    """What was read, and the groups woven of it, in the shape of a gold set. A reading's name is its file's."""
    return as_json(
        readings,
        [
            {"id": group.id, "statements": [statement_id(*place_of(point)) for point in group.members]}
            for group in groups.together
        ],
    )


def score(gold: Book, found: Book) -> Score:
    """Measure what was found against the gold set. Reports meet by file name; one that was not read counts as empty."""
    sheet = Score()
    read = {PurePath(report["file"]).name: report for report in found["reports"]}
    names: dict[str, str] = {}
    for report in gold["reports"]:
        seen = read.get(PurePath(report["file"]).name, {})
        met = _score_quantities(sheet, report, seen)
        names |= _score_statements(sheet, report["statements"], seen.get("statements", []))
        _score_arithmetic(sheet, report["arithmetic"], seen.get("arithmetic", []), met)
    _score_groups(sheet, gold["groups"], found.get("groups", []), names)
    return sheet


def _score_quantities(sheet: Score, report: Item, seen: Item) -> dict[int, int]:
    """Count the quantities of one report, and tell which of the gold ones (by index) met which found ones."""
    wanted, found = report["quantities"], seen.get("quantities", [])
    met = _meet(wanted, found, _same_quantity)
    sheet.quantities.add(len(met), len(found), len(wanted))
    for place, other in met.items():
        gold, mine = wanted[place], found[other]
        sheet.measures.add(_same_measure(_plain(gold["measure"]), _plain(mine.get("measure"))))
        sheet.qualifiers.add(gold["qualifier"] == mine.get("qualifier", "exact"))
        for link, tally in (("paired_with", sheet.pairs), ("part_of", sheet.parts)):
            mate = gold.get(link)
            if mate is not None:
                tally.add(mate in met and mine.get(link) == met[mate])
    for trap in report["not_quantities_at"]:
        if not any(_shared(trap, _span(gold)) for gold in wanted):
            sheet.trapped.add(any(_shared(trap, _span(mine)) for mine in found))
    return met


def _score_statements(sheet: Score, wanted: Sequence[Item], found: Sequence[Item]) -> dict[str, str]:
    """Count the statements of one report, and tell which gold name each found one goes by."""
    met = _meet(wanted, found, _same_statement)
    sheet.statements.add(len(met), len(found), len(wanted))
    for place, other in met.items():
        sheet.kinds.add(wanted[place]["kind"] == found[other].get("kind"))
    return {found[other]["id"]: wanted[place]["id"] for place, other in met.items()}


def _score_arithmetic(sheet: Score, wanted: Sequence[Item], found: Sequence[Item], met: Mapping[int, int]) -> None:
    """A check is the same when it speaks of the same quantities, in whatever order, and comes to the same answer."""
    right = [(frozenset(met.get(item, -1) for item in check["items"]), check["holds"]) for check in wanted]
    mine = [(frozenset(check["items"]), check["holds"]) for check in found]
    for check in right:
        sheet.arithmetic.add(check in mine)
        if not check[1]:
            sheet.false_arithmetic.add(check in mine)
    for check in mine:
        if not check[1]:
            sheet.alarms.add(check in right)


def _score_groups(sheet: Score, wanted: Iterable[Item], found: Iterable[Item], names: Mapping[str, str]) -> None:
    """B-cubed over the statements that were met: for each one grouped, how much of its group belongs with it.

    Precision asks those that were brought together, recall those that should have been.
    """
    gold = {name: group["id"] for group in wanted for name in group["statements"]}
    mine = {names[name]: place for place, group in enumerate(found) for name in group["statements"] if name in names}
    wanted_sizes, found_sizes = Counter(gold.values()), Counter(mine.values())
    both = Counter((place, gold.get(name, name)) for name, place in mine.items())
    for name, place in mine.items():
        if found_sizes[place] > 1:
            sheet.grouping.precision.add(both[place, gold.get(name, name)] / found_sizes[place])
    for name, group in gold.items():
        with_it = both[mine[name], group] if name in mine else 1
        sheet.grouping.recall.add(with_it / wanted_sizes[group])


def _meet(wanted: Sequence[Item], found: Sequence[Item], same: Callable[[Item, Item], bool]) -> dict[int, int]:
    """Bring gold and found together one to one, those first that share most, then those that come first."""
    likely = sorted(
        (-_shared(_span(gold), _span(mine)), place, other)
        for place, gold in enumerate(wanted)
        for other, mine in enumerate(found)
        if same(gold, mine)
    )
    met: dict[int, int] = {}
    taken: set[int] = set()
    for _, place, other in likely:
        if place not in met and other not in taken:
            met[place] = other
            taken.add(other)
    return met


def _same_quantity(gold: Item, mine: Item) -> bool:
    return (
        mine.get("value") is not None
        and _shared(_span(gold), _span(mine)) > 0
        and Decimal(gold["value"]) == Decimal(mine["value"])
    )


def _same_statement(gold: Item, mine: Item) -> bool:
    one, other = _span(gold), _span(mine)
    shared = _shared(one, other)
    covered = max(one[1], other[1]) - min(one[0], other[0])
    return shared > 0 and shared >= SAME_STATEMENT * covered


def _same_measure(gold: str, mine: str) -> bool:
    return gold == mine or bool(mine and (gold.startswith(mine) or mine.startswith(gold)))


def _span(item: Item) -> tuple[int, int]:
    start = item["start"]
    return start, item.get("end", start + len(item.get("quote", "")))


def _shared(one: Sequence[int], other: Sequence[int]) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def _plain(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", text or "").casefold().split())
