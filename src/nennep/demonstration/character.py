"""What an invented unit is like: where it lies, how busy it is, how punctual, how careful."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nennep.demonstration.chance import Dice, lasting
from nennep.demonstration.invention import invented
from nennep.packs.schemas import Pack

SQUADRON = "naval_squadron"
REPORTING_KINDS = ("post", SQUADRON)


@dataclass(frozen=True)
class Character:
    """One unit as the demonstration imagines it. `lateness`, `carelessness` and `silence` are chances per report."""

    code: str
    province: str
    terrain: str
    place: str
    neighbour: str
    busy: float
    lateness: float
    carelessness: float
    silence: float


def characters(pack: Pack) -> dict[str, Character]:
    """The character of every post and squadron of the pack, by code; the same every time."""
    names = {row.unit: row for row in sorted(pack.unit_names, key=lambda row: row.starts_on)}
    kinds = {unit.code: unit.kind for unit in pack.units}
    came_from: dict[str, list[str]] = {}
    for row in pack.successions:
        if row.kind in {"merge", "split"} and kinds[row.successor] in REPORTING_KINDS:
            came_from.setdefault(row.successor, []).append(row.predecessor)
    split = {row.successor for row in pack.successions if row.kind == "split"}
    terrains = _terrains(pack, came_from)
    found: dict[str, Character] = {}
    for code in sorted(terrains, key=lambda code: (code in came_from, code)):
        parts = [found[old].busy for old in came_from.get(code, ()) if old in found]
        busy = _busy(code)
        if parts:
            busy = sum(parts) * (0.55 if code in split else 0.9)
        found[code] = _character(code, terrains[code], names[code].place, busy)
    return found


def _character(code: str, terrain: str, place: str, busy: float) -> Character:
    dice = Dice(code, "character")
    province = code.rsplit("-", 1)[0]
    slack = 1.0 + 2.2 * Dice(province, "slack").fraction() ** 3
    worse = 3.0 if dice.happens(0.06) else 1.0
    return Character(
        code,
        province,
        terrain,
        place,
        _neighbour(province),
        busy,
        lateness=min(0.35, dice.between(0.015, 0.06) * slack * worse),
        carelessness=min(0.25, dice.between(0.02, 0.08) * worse),
        silence=0.005 * slack * worse,
    )


def pace_of(province: str) -> float:
    """By when a province has reviewed what came in time, as a share of the time until it is due itself."""
    return 0.3 + 0.5 * lasting(province, "pace")


def _busy(code: str) -> float:
    """Most are near the middle, a few do three times as much."""
    dice = Dice(code, "busy")
    return float(0.5 + dice.fraction() ** 1.5 * 1.1 + (0.8 if dice.happens(0.07) else 0.0))


def _terrains(pack: Pack, came_from: Mapping[str, list[str]]) -> dict[str, str]:
    """land, gate, sea, port or squadron, by code: a province's posts lie on land until its sea gate is reached."""
    places = invented("places")
    names = {row.unit: row.name for row in sorted(pack.unit_names, key=lambda row: row.starts_on, reverse=True)}
    at_sea: set[str] = set(places["sea_only"])
    found: dict[str, str] = {}
    for unit in sorted(pack.units, key=lambda unit: (unit.code in came_from, unit.code)):
        province = unit.code.rsplit("-", 1)[0]
        if unit.kind == SQUADRON:
            found[unit.code] = "squadron"
        elif unit.kind == "post" and unit.code in came_from:
            found[unit.code] = found.get(came_from[unit.code][0], "land")
        elif unit.kind == "post":
            name = names[unit.code]
            if places["names"]["sea_gate"] in name:
                at_sea.add(province)
                found[unit.code] = "port"
            elif province in at_sea:
                found[unit.code] = "sea"
            else:
                found[unit.code] = "gate" if places["names"]["gate"] in name else "land"
    return found


def _neighbour(province: str) -> str:
    for neighbour, provinces in invented("places")["neighbours"].items():
        if province in provinces:
            return str(neighbour)
    return ""
