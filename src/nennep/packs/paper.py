"""The fixed lines of a unit's paper, as the pack words them, for papers of the state and of the party."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from nennep.organisation import queries as organisation
from nennep.organisation.rules import Line
from nennep.packs.reading import read_pack, shipped_pack
from nennep.packs.schemas import Pack, PaperLayout

#: The pack that comes with the system; its paper is read from its folder, for no table holds it.
SHIPPED = "bdbp"
STATE = "state"


class NoPaper(LookupError):
    """The pack says nothing of the paper of this kind of unit on this day."""


@dataclass(frozen=True)
class PaperLines:
    """What stands around a report: who issues it and over whom, its symbol, who signs, and to whom it goes.

    `superior` is empty where nobody stands above; capitals are the page's business. `symbol` is the
    unit's own (BTL in Số: 05/BC-BTL). `recipients` is the Nơi nhận, each without its dash.
    """

    superior: str
    issuer: str
    place: str
    symbol: str
    authority: str
    signer_title: str
    addressed_to: tuple[str, ...]
    recipients: tuple[str, ...]
    source: str


def paper_for(
    unit_kind: str,
    day: date,
    *,
    unit: str,
    superior: str = "",
    place: str = "",
    family: str = STATE,
    folder: Path | None = None,
) -> PaperLines:
    """The lines of a paper that a unit of this kind issues on this day, with the names put in. Raises NoPaper.

    `unit` and `superior` are names as they should be printed.
    """
    layout = layout_for(unit_kind, day, family=family, folder=folder)
    names = {"{unit}": unit, "{superior}": superior}
    return PaperLines(
        superior=_named(layout.superior, names),
        issuer=_named(layout.issuer, names),
        place=place,
        symbol=layout.symbol,
        authority=layout.authority,
        signer_title=layout.signer_title,
        addressed_to=tuple(_named(line, names) for line in layout.addressed_to),
        recipients=tuple(_named(line, names) for line in layout.recipients),
        source=layout.source,
    )


def paper_of(unit_id: int, day: date, *, family: str = STATE) -> PaperLines:
    """The lines of a paper that this very unit issues on this day. Raises Unit.DoesNotExist, NoPaper. A few queries."""
    unit = organisation.unit(unit_id, day)
    layout = layout_for(unit.kind, day, family=family)
    above = organisation.tree_on(day, Line(layout.superior_line)).superiors(unit_id)
    superior = organisation.unit(above[0], day).name if above else ""
    place = _places(None).get((unit.code, unit.name), unit.place)
    return paper_for(unit.kind, day, unit=unit.name, superior=superior, place=place, family=family)


def layout_for(unit_kind: str, day: date, *, family: str = STATE, folder: Path | None = None) -> PaperLayout:
    """The row of paper.toml for this kind of unit on this day. Raises NoPaper."""
    for layout in _pack(folder).layouts:
        if (layout.family, layout.unit_kind) == (family, unit_kind) and layout.in_force_on(day):
            return layout
    raise NoPaper(f"the pack has no paper for {unit_kind} on {day:%d/%m/%Y}")


def measure_names(*, folder: Path | None = None) -> Mapping[str, str]:
    """The English name of each unit of measure, by its Vietnamese name, which is the one that indicators carry."""
    return {row.name: row.name_en for row in _pack(folder).units_of_measure}


def kind_names(*, folder: Path | None = None) -> Mapping[str, str]:
    """What units of each kind are called together on paper, by the code of the kind."""
    return {row.code: row.name for row in _pack(folder).unit_kinds}


@cache
def _pack(folder: Path | None) -> Pack:
    return read_pack(folder or shipped_pack(SHIPPED))


@cache
def _places(folder: Path | None) -> Mapping[tuple[str, str], str]:
    """The place in the date line of a unit's papers, by its code and the name it bore."""
    return {(row.unit, row.name): row.place for row in _pack(folder).unit_names}


def _named(line: str, names: Mapping[str, str]) -> str:
    for mark, name in names.items():
        line = line.replace(mark, name)
    return line
