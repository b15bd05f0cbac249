"""What is drawn of coverage: the bar of how units stand, and the cells of units and clauses.

They are written here and not in templates, because the grid of a directive of headquarters has thousands of cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from nennep.planning.queries.coverage import ClauseLine
from nennep.planning.rules.coverage import Counts, Pair
from nennep.site.templatetags.look import icon


def bar_of(counts: Counts) -> SafeString:
    """A bar of all that are addressed, parted by how they stand; the words stand beside it."""
    drawn, x = [], 0
    for kind in _PARTS:
        width = getattr(counts, kind)
        if width:
            drawn.append(f'<rect class="clause-{kind}" x="{x}" y="0" width="{width}" height="1"/>')
        x += width
    inside = "".join(drawn)
    return mark_safe(  # noqa: S308 - numbers and our own words
        f'<svg class="coverage-bar" viewBox="0 0 {max(1, counts.addressed)} 1" preserveAspectRatio="none"'
        f' aria-hidden="true" focusable="false">{inside}</svg>'
    )


_PARTS = ("done", "under_way", "explained", "silent")


def addresses_of(clauses: Sequence[ClauseLine]) -> list[tuple[int, str]]:
    """Each clause with the address of its page."""
    return [(line.clause.pk, reverse("clause", args=[line.clause.pk])) for line in clauses]


def cells_of(addresses: Sequence[tuple[int, str]], unit: int, cells: Mapping[Pair, Counts]) -> SafeString:
    """One row's cells: of one unit its standing as a sign, of several how many of them have a task.

    The heads of row and column say which unit and clause; the cell says the rest in words for those who hear it.
    """
    faces = _faces()
    drawn = []
    for clause, address in addresses:
        counts = cells.get((clause, unit))
        drawn.append(_cell(f"{address}?unit={unit}", counts, faces) if counts else "<td></td>")
    return mark_safe("".join(drawn))  # noqa: S308 - numbers, our own drawings and escaped words


def _cell(address: str, counts: Counts, faces: Mapping[str, tuple[str, str]]) -> str:
    kind = _kind(counts)
    sign, said = faces[kind]
    shown = sign if counts.addressed == 1 else f"{counts.carried}/{counts.addressed}"
    return (
        f'<td class="middle"><a class="mark clause-{kind}" href="{address}" title="{said}">'
        f'{shown}<span class="spoken">{said}</span></a></td>'
    )


def _kind(counts: Counts) -> str:
    """A late pair shows before all others, a silent one before those that answered."""
    if counts.late:
        return "late"
    if counts.silent:
        return "silent"
    if counts.done == counts.addressed:
        return "done"
    return "explained" if counts.explained == counts.addressed else "under_way"


def _faces() -> dict[str, tuple[str, str]]:
    """Of each kind of cell its sign and what is said."""
    return {
        "done": (icon("done", 14), escape(_("done"))),
        "under_way": ("·", escape(_("under way"))),
        "explained": (icon("remark", 14), escape(_("said why not"))),
        "silent": (icon("failed", 14), escape(_("no task, no answer"))),
        "late": (icon("warning", 14), escape(_("late"))),
    }
