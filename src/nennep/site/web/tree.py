"""The tree of one day as rows to draw, and the trees of two days side by side.

Rows come in the order in which they are written, each knowing how many lists end after it: one loop of the template
draws a tree of any depth, and five hundred units stay quick.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from nennep.organisation.queries import NamedUnit
from nennep.organisation.rules import Difference, Line, Snapshot
from nennep.site.sayings import LINES
from nennep.site.templatetags.look import day as written

#: A unit with several superiors is drawn once: under the first of these lines on which the reader may see its superior.
#: The line of the profession comes first because reports go up on it.
PLACED_BY = (Line.PROFESSIONAL, Line.COMMAND, Line.PARTY)
#: In a tree of more units than this, what lies under the second level is folded.
FOLDED_FROM = 40
KINDS_FIRST = ("headquarters", "province_command", "post", "naval_squadron")


@dataclass(frozen=True)
class Chip:
    """A word beside a unit, with the look of its family (`good`, `plain`)."""

    words: str
    look: str = "plain"


@dataclass(frozen=True)
class Twig:
    """One row of a drawn tree.

    `below` says that rows under it follow, `closes` how many lists end after it. In a comparison `into` are the
    ids of the rows on the other side that came of it, and `band` how the two are tied.
    """

    unit_id: int
    name: str
    url: str = ""
    note: str = ""
    chips: tuple[Chip, ...] = ()
    look: str = ""
    below: bool = False
    is_open: bool = False
    closes: int = 0
    into: str = ""
    band: str = ""


@dataclass(frozen=True)
class Day:
    """The organisation of a day as far as one reader sees it, on one line or on all.

    `seen` are the units whose place the reader may see, `reachable` those whose pages they may open; units above the
    seen ones are drawn too, by their names alone.
    """

    snapshot: Snapshot
    units: Mapping[int, NamedUnit]
    seen: Collection[int]
    reachable: Collection[int]
    line: Line | None = None

    @cached_property
    def homes(self) -> Mapping[int, int | None]:
        """Every drawn unit, and the unit under which it is drawn."""
        found: dict[int, int | None] = {}
        for unit in self.seen:
            here: int | None = unit
            while here is not None and here not in found:
                found[here] = self._home(here)
                here = found[here]
        holding = set(found.values())
        return {unit: home for unit, home in found.items() if home is not None or self._stands_alone(unit, holding)}

    def _home(self, unit: int) -> int | None:
        superiors = self.snapshot.superiors.get(unit, {})
        if self.line is not None:
            return superiors.get(self.line)
        on_lines = [superiors[line] for line in PLACED_BY if line in superiors]
        return next((above for above in on_lines if above in self.seen), on_lines[0] if on_lines else None)

    def _stands_alone(self, unit: int, holding: Collection[int | None]) -> bool:
        """Whether a unit without a superior is drawn: on one line, only when the line runs under it."""
        return unit in holding or self.line is None

    @cached_property
    def children(self) -> Mapping[int | None, Sequence[int]]:
        found: dict[int | None, list[int]] = {}
        for unit, home in self.homes.items():
            found.setdefault(home, []).append(unit)
        return {home: sorted(under, key=lambda unit: self.units[unit].code) for home, under in found.items()}

    @cached_property
    def pages(self) -> str:
        """The address of a unit's page with 0 in place of the unit: worked out once for a thousand rows."""
        return reverse("unit", args=[0])

    def name(self, unit: int) -> str:
        """A unit's name where the reader may know it."""
        return self.units[unit].name if unit in self.homes else _("a unit outside your reach")

    @property
    def counts(self) -> list[str]:
        """How many units of each kind the reader sees, a lone one at the top left aside: `44 provincial commands`."""
        tops = [unit for unit in self.homes if unit in self.seen and self.homes[unit] not in self.seen]
        aside = tops if len(tops) == 1 and len(self.seen) > 1 else []
        counted = Counter(self.units[unit].kind for unit in self.homes if unit in self.seen and unit not in aside)
        kinds = [kind for kind in KINDS_FIRST if kind in counted] + sorted(counted.keys() - set(KINDS_FIRST))
        return [say_count(kind, counted[kind]) for kind in kinds]


KINDS_COUNTED = {
    "headquarters": ngettext_lazy("%(count)s headquarters", "%(count)s headquarters", "count"),
    "province_command": ngettext_lazy("%(count)s provincial command", "%(count)s provincial commands", "count"),
    "post": ngettext_lazy("%(count)s post", "%(count)s posts", "count"),
    "naval_squadron": ngettext_lazy("%(count)s squadron", "%(count)s squadrons", "count"),
    "military_command": ngettext_lazy("%(count)s military command", "%(count)s military commands", "count"),
    "party_committee": ngettext_lazy("%(count)s party committee", "%(count)s party committees", "count"),
}
ANY_KIND = ngettext_lazy("%(count)s unit", "%(count)s units", "count")


def say_count(kind: str, count: int) -> str:
    """`44 provincial commands`, in the reader's language."""
    return str(KINDS_COUNTED.get(kind, ANY_KIND) % {"count": count})


# --- drawing --------------------------------------------------------------------------------------

Draw = Callable[[int, int], Twig]
Children = Callable[[int | None], Sequence[int]]
Others = Callable[[int | None], list[Twig]]


def _nothing_else(_superior: int | None) -> list[Twig]:
    return []


def _rows(
    children: Children, draw: Draw, others: Others = _nothing_else, top: int | None = None, depth: int = 0
) -> list[Twig]:
    """The rows under `top`, in order: `draw(unit, depth)` makes one, `others(top)` what is summed up after them."""
    rows: list[Twig] = []
    for unit in children(top):
        rows += _with_below(draw(unit, depth), _rows(children, draw, others, unit, depth + 1))
    return rows + others(top)


def _with_below(twig: Twig, under: list[Twig]) -> list[Twig]:
    if not under:
        return [twig]
    last = replace(under[-1], closes=under[-1].closes + 1)
    return [replace(twig, below=True), *under[:-1], last]


def tree_of(day: Day) -> list[Twig]:
    """The rows of one day's tree. Where it is large, what lies under the second level is folded."""
    folds = len(day.homes) > FOLDED_FROM

    def draw(unit: int, depth: int) -> Twig:
        return replace(_twig(day, unit), chips=_line_chips(day, unit), is_open=not folds or depth == 0)

    return _rows(lambda top: day.children.get(top, ()), draw)


def _twig(day: Day, unit: int) -> Twig:
    return Twig(
        unit,
        day.units[unit].name,
        url=day.pages.replace("0", str(unit)) if unit in day.reachable else "",
        note=_below_in_words(day, unit),
        look="" if unit in day.seen else "above",
    )


def _below_in_words(day: Day, unit: int) -> str:
    counted = Counter(day.units[child].kind for child in day.children.get(unit, ()))
    return ", ".join(say_count(kind, count) for kind, count in counted.items())


def _line_chips(day: Day, unit: int) -> tuple[Chip, ...]:
    """The superiors on lines that part from the one under which the unit is drawn: `command, party: …`."""
    if day.line is not None or unit not in day.seen:
        return ()
    lines: dict[int, list[str]] = {}
    for line, superior in sorted(day.snapshot.superiors.get(unit, {}).items()):
        if superior != day.homes.get(unit):
            lines.setdefault(superior, []).append(str(LINES[line]))
    return tuple(Chip(f"{', '.join(names)}: {day.units[superior].short_name}") for superior, names in lines.items())


# --- two days side by side ------------------------------------------------------------------------


@dataclass(frozen=True)
class Comparison:
    """The trees of two days and what differs between them; `ends` is the first day without each unit that is gone."""

    before: Day
    after: Day
    differences: Mapping[int, Difference]
    ends: Mapping[int, date]

    @property
    def left(self) -> list[Twig]:
        """The earlier day: what is gone, and into what; units that became one stand together."""
        return self._side(self.before, self._earlier, self._place_of_heir)

    @property
    def right(self) -> list[Twig]:
        """The later day: what is new, what took others in, what bears another name or has another superior."""
        return self._side(self.after, self._later, lambda unit: self.after.units[unit].code)

    @property
    def is_same(self) -> bool:
        """Whether nothing that the reader sees differs."""
        return not any(unit in day.seen for unit in self.differences for day in (self.before, self.after))

    def _side(self, day: Day, draw: Callable[[int, bool], Twig], order: Callable[[int], str]) -> list[Twig]:
        touched = {unit for unit in self.differences if unit in day.homes and unit in day.seen}
        leading = {superior for unit in touched for superior in _path(day, unit)}

        def children(top: int | None) -> Sequence[int]:
            under = day.children.get(top, ())
            kept = under if top in touched or top is None else [u for u in under if u in touched or u in leading]
            return sorted(kept, key=order)

        def others(top: int | None) -> list[Twig]:
            if top is None or top in touched:
                return []
            same = [unit for unit in day.children.get(top, ()) if unit not in touched and unit not in leading]
            return _summed_up(day, same)

        return _rows(children, lambda unit, depth: draw(unit, depth == 0 or unit in leading), others)

    def _place_of_heir(self, unit: int) -> str:
        heirs = self.differences.get(unit, Difference()).into
        return min((self.after.units[heir].code for heir in heirs), default=self.before.units[unit].code)

    def _earlier(self, unit: int, is_open: bool) -> Twig:
        twig = replace(_twig(self.before, unit), is_open=is_open, into=str(unit))
        difference = self.differences.get(unit)
        if difference is None or unit not in self.before.seen:
            return twig
        if difference.is_gone:
            until = _("until %(day)s") % {"day": written(self.ends[unit] - timedelta(days=1))}
            return replace(
                twig,
                look="changed-here",
                band="merge",
                into=" ".join(str(heir) for heir in difference.into),
                note=", ".join(part for part in (twig.note, until) if part),
                chips=self._became(difference),
            )
        if difference.old_name:
            return replace(twig, look="changed-here", band="rename")
        return replace(twig, look="changed-here", band="merge" if difference.out_of else "")

    def _became(self, difference: Difference) -> tuple[Chip, ...]:
        heirs = ", ".join(self.after.name(heir) for heir in difference.into)
        if not heirs:
            return (Chip(_("ended")),)
        wording = _("split into %(units)s") if len(difference.into) > 1 else _("merged into %(units)s")
        return (Chip(wording % {"units": heirs}),)

    def _later(self, unit: int, is_open: bool) -> Twig:
        twig = replace(_twig(self.after, unit), is_open=is_open)
        difference = self.differences.get(unit)
        if difference is None or unit not in self.after.seen:
            return twig
        chips = (*self._came_of(difference), *self._renamed(difference), *self._moved(unit, difference))
        return replace(twig, look="changed-now", chips=chips)

    def _came_of(self, difference: Difference) -> tuple[Chip, ...]:
        if not difference.out_of:
            return (Chip(_("new"), "good"),) if difference.is_new else ()
        names = ", ".join(self.before.name(unit) for unit in difference.out_of)
        goes_on = any(unit in self.after.snapshot.names for unit in difference.out_of)
        wording = _("split from %(units)s") if goes_on else _("took in %(units)s")
        return (Chip(wording % {"units": names}, "good"),)

    @staticmethod
    def _renamed(difference: Difference) -> tuple[Chip, ...]:
        return (Chip(_("formerly %(name)s") % {"name": difference.old_name}),) if difference.old_name else ()

    def _moved(self, unit: int, difference: Difference) -> tuple[Chip, ...]:
        """`command, party: …`: the new superior, said once for the lines on which it is the same."""
        lines: dict[int, list[str]] = {}
        for line in difference.moved:
            superior = self.after.snapshot.superiors.get(unit, {}).get(line)
            if superior is not None:
                lines.setdefault(superior, []).append(str(LINES[line]))
        wording = _("%(lines)s: now under %(superior)s")
        return tuple(
            Chip(wording % {"lines": ", ".join(names), "superior": self.after.units[superior].short_name})
            for superior, names in lines.items()
        )


def _path(day: Day, unit: int) -> list[int]:
    """The units under which this one is drawn, nearest first."""
    found: list[int] = []
    here = day.homes.get(unit)
    while here is not None:
        found.append(here)
        here = day.homes.get(here)
    return found


def _summed_up(day: Day, same: Sequence[int]) -> list[Twig]:
    """What did not change, as one folded row that still names every unit."""
    if not same:
        return []
    count = len(same)
    head = Twig(
        0, ngettext("%(count)s other unit, unchanged", "%(count)s other units, unchanged", count) % {"count": count}
    )
    return _with_below(replace(head, look="above"), [replace(_twig(day, unit), note="") for unit in same])


# --- as markup ------------------------------------------------------------------------------------


def drawn(twigs: Sequence[Twig], *, compared: bool = False) -> SafeString:
    """The rows as nested lists that fold.

    Written here and not in a template, for two trees of the whole force have a thousand rows.
    """
    return SafeString("".join(_markup(twig, compared=compared) for twig in twigs))


def _markup(twig: Twig, *, compared: bool) -> str:
    kind = "twig" if twig.below else "twig leaf"
    row = f'<div class="{kind} {twig.look}"{_ties(twig) if compared else ""}>{_inside(twig)}</div>'
    if not twig.below:
        return f"<li>{row}</li>{_END * twig.closes}"
    return f"<li><details{' open' if twig.is_open else ''}><summary>{row}</summary><ul>{_END * twig.closes}"


_END = "</ul></details></li>"


def _ties(twig: Twig) -> str:
    into = f' data-into="{twig.into}" data-band="{twig.band}"' if twig.into else ""
    return f' data-unit="{twig.unit_id}"{into}'


def _inside(twig: Twig) -> str:
    name = f'<a href="{twig.url}">{escape(twig.name)}</a>' if twig.url else escape(twig.name)
    chips = "".join(f'<span class="chip {chip.look}">{escape(chip.words)}</span>' for chip in twig.chips)
    said = f'<span class="chips">{chips}</span>' if chips else ""
    note = f'<span class="note">{escape(twig.note)}</span>' if twig.note else ""
    return f'<span class="name">{name}</span>{said}{note}'
