"""What an invented unit says: topics in several wordings, with its own place and figures, worth merging."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nennep.demonstration.chance import Dice, lasting
from nennep.demonstration.character import Character
from nennep.demonstration.figures import Figures
from nennep.demonstration.invention import invented
from nennep.reporting.rules.content import Layout, Section, Statement, StatementKind

_SLOT = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)?|\d+\.\.\d+)\}")
#: How many statements of a kind a report holds: from, to, and how often the kind appears at all.
_SHARES: Mapping[StatementKind, tuple[int, int, float]] = {
    StatementKind.RESULT: (2, 3, 1.0),
    StatementKind.SHORTCOMING: (1, 2, 1.0),
    StatementKind.CAUSE: (1, 1, 0.82),
    StatementKind.LESSON: (1, 1, 0.3),
    StatementKind.TASK: (1, 2, 1.0),
    StatementKind.PROPOSAL: (1, 1, 0.3),
    StatementKind.COMMENDATION: (1, 1, 0.12),
}
#: How often a unit says something nobody else has to say.
_OWN = 0.12
#: This share of a topic's units comes back to it month after month.
HABITUAL = 0.3
#: How the points of sentences with figures begin.
FIGURES = "figures"


@dataclass(frozen=True)
class Spoken:
    """The statements of one report, and the point that each makes by its id: the same point may be worded otherwise."""

    statements: tuple[Statement, ...]
    points: Mapping[str, str]


class Speech:
    """Says what a unit reports in words; the same every time."""

    def __init__(self) -> None:
        words = invented("words")
        self._lists: Mapping[str, list[str]] = words["lists"]
        self._unique: Mapping[str, list[str]] = words["unique"]
        self._topics: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
        self._figures: dict[int, frozenset[str]] = {}
        for number, topic in enumerate(words["topics"]):
            slots = {slot for wording in topic["says"] for slot in _SLOT.findall(wording)}
            self._figures[number] = frozenset(slot for slot in slots if "." in slot and ".." not in slot)
            self._topics.setdefault(topic["kind"], []).append((number, topic))

    def statements(
        self, unit: Character, layout: Layout, figures: Figures, *, period: str, month: int, dice: Dice
    ) -> Spoken:
        """The statements of one report, section by section, with ids that last from version to version."""
        found: list[Statement] = []
        points: dict[str, str] = {}
        for section in layout.sections:
            for kind in section.statement_kinds:
                for point, text in self._said(unit, section, kind, figures, period=period, month=month, dice=dice):
                    found.append(Statement(f"s{len(found) + 1}", section.letter, kind, text))
                    points[found[-1].id] = point
        return Spoken(tuple(found), points)

    def _said(
        self,
        unit: Character,
        section: Section,
        kind: StatementKind,
        figures: Figures,
        *,
        period: str,
        month: int,
        dice: Dice,
    ) -> list[tuple[str, str]]:
        least, most, often = _SHARES[kind]
        required = kind in section.required_kinds
        if not required and not dice.happens(often):
            return []
        said = []
        for number, topic in self._chosen(unit, kind, month, figures, dice.whole(least, most), dice):
            # Nearly half the time a unit says it as it always does in that year.
            drawn = lasting(unit.code, "way", number, period[:4]) if dice.happens(0.45) else dice.fraction()
            wording = topic["says"][int(drawn * len(topic["says"]))]
            # A sentence with figures is its unit's own; others say the same whoever says it.
            point = f"{FIGURES} {number} {unit.code}" if self._figures[number] else f"topic {number}"
            said.append((point, self._filled(wording, topic, unit, figures, dice)))
        own = self._unique.get(kind, [])
        if own and dice.happens(_OWN):
            wording = own[int(lasting(unit.code, "own", kind) * len(own))]
            said.append((f"own {unit.code}", self._filled(wording, {}, unit, figures, dice)))
        return said

    def _chosen(
        self, unit: Character, kind: StatementKind, month: int, figures: Figures, count: int, dice: Dice
    ) -> list[tuple[int, Mapping[str, Any]]]:
        """Topics for this unit and month: its habits first, for a unit has the same trouble for months."""
        fitting = [
            (number, topic)
            for number, topic in self._topics.get(kind, [])
            if unit.terrain in topic.get("on", [unit.terrain])
            and month in topic.get("months", [month])
            and all(figures.get(code) for code in self._figures[number])
        ]
        habitual = [
            (number, topic)
            for number, topic in fitting
            if lasting(unit.code, "habit", number) < HABITUAL and dice.happens(topic.get("habit", 0.0))
        ]
        chosen = habitual[:count]
        others = [one for one in fitting if one not in chosen]
        return chosen + dice.some(others, count - len(chosen))

    def _filled(self, wording: str, topic: Mapping[str, Any], unit: Character, figures: Figures, dice: Dice) -> str:
        def fill(found: re.Match[str]) -> str:
            name = found[1]
            if ".." in name:
                low, high = name.split("..")
                return f"{dice.whole(int(low), int(high)):02d}"
            if "." in name:
                return grouped(int(figures.get(name, 0)))
            if name == "place":
                return unit.place
            if name == "neighbour":
                return unit.neighbour or "nước láng giềng"
            choices: Sequence[str] = topic.get(name) or self._lists[name]
            return dice.pick(choices)

        text = _SLOT.sub(fill, wording)
        # Lists may hold slots of their own.
        text = _SLOT.sub(fill, text)
        return text[0].upper() + text[1:]


def grouped(number: int) -> str:
    """A count as Vietnamese writes it: 1.151."""
    return f"{number:,}".replace(",", ".")
