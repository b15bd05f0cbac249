"""What every template may say about looks: icons, numbers, dates, distances in time, and charts.

This library is a builtin of the templates, so no `{% load %}` is needed.
"""

import datetime as dt
from decimal import Decimal

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy

from nennep.documents.rules import format_date, format_number
from nennep.site import icons
from nennep.site.charts import Chart, HeatCell, HeatMap, HeatRow, HeatState, StripState, UnitStrip

register = template.Library()

ICON_SIZES = (14, 16, 18)


@register.simple_tag
def icon(meaning: str, size: int = 16, label: str = "") -> SafeString:
    """The drawing of `meaning` (a key of `icons.DRAWINGS`) at 14, 16 or 18 px, in the colour of the text.

    It is hidden from screen readers, for the word beside it says the same. Where it stands alone `label` is
    spoken instead; when the drawing is missing the label is shown.
    """
    if size not in ICON_SIZES:
        raise template.TemplateSyntaxError(f"icon {meaning}: {size} is not one of {ICON_SIZES}")
    shapes = icons.drawing(meaning)
    if not shapes:
        return format_html("<span>{}</span>", label) if label else SafeString("")
    drawn = format_html(
        '<svg class="icon" width="{0}" height="{0}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{1}</svg>',
        size,
        mark_safe(shapes),  # noqa: S308 - shapes are ours or the library's, never a person's
    )
    return format_html('{}<span class="spoken">{}</span>', drawn, label) if label else drawn


# --- numbers ------------------------------------------------------------------------------------


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


@register.filter
def number(value: Decimal | float | None, decimals: int | None = None) -> str:
    """`1151` as people of the shown language write it: `1.151`; with decimals, rounded half up.

    Nothing gives nothing: what a missing figure looks like is the page's to say, never 0.
    """
    if value is None or value == "":
        return ""
    exact = value if isinstance(value, Decimal | int) else Decimal(str(value))
    return format_number(exact, _language(), decimals)


@register.filter
def percent(value: Decimal | float | None, decimals: int | None = None) -> str:
    """A figure counted in hundredths with its sign: 98.7 gives `98,7%`."""
    written = number(value, decimals)
    return f"{written}%" if written else ""


@register.filter
def signed(value: Decimal | float | None, decimals: int | None = None) -> str:
    """A difference with its sign: `+3`, `–3`, `0`."""
    written = number(value, decimals)
    return f"+{written}" if value and value > 0 else written


# --- days and moments ---------------------------------------------------------------------------

_WEEKDAYS = (
    pgettext_lazy("day of the week within a date", "Monday"),
    pgettext_lazy("day of the week within a date", "Tuesday"),
    pgettext_lazy("day of the week within a date", "Wednesday"),
    pgettext_lazy("day of the week within a date", "Thursday"),
    pgettext_lazy("day of the week within a date", "Friday"),
    pgettext_lazy("day of the week within a date", "Saturday"),
    pgettext_lazy("day of the week within a date", "Sunday"),
)


def _here(value: dt.date) -> dt.date:
    """An instant on this place's clock; a day stays a day."""
    return timezone.localtime(value) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value


@register.filter
def day(value: dt.date | None) -> str:
    """`18/11/2026` (in English `18 November 2026`); of an instant, the day it has here."""
    return format_date(_here(value), _language()) if value else ""


@register.filter
def day_short(value: dt.date | None) -> str:
    """`18/11` (in English `18 November`): a day inside the shown period, where the year is plain."""
    if not value:
        return ""
    here = _here(value)
    return f"{here:%d/%m}" if _language() == "vi" else format_date(here, "en").removesuffix(f" {here.year}")


@register.filter
def moment(value: dt.datetime | None) -> str:
    """`17/11 15:05` on this place's clock, with the year when it is not the current one."""
    if not value:
        return ""
    here = timezone.localtime(value)
    written = day_short(here) if here.year == timezone.localtime().year else day(here)
    return f"{written} {here:%H:%M}"


@register.filter
def weekday(value: dt.date | None) -> str:
    """`thứ Tư, 18/11/2026`."""
    return f"{_WEEKDAYS[_here(value).weekday()]}, {day(value)}" if value else ""


@register.filter
def span(starts_on: dt.date, ends_on: dt.date) -> str:
    """The days of a half-open period as people say them, both ends within: `15/10 – 14/11`.

    The years are written when the two ends lie in different ones.
    """
    last = ends_on - dt.timedelta(days=1)
    write = day_short if starts_on.year == last.year else day
    return f"{write(starts_on)} – {write(last)}"


@register.filter
def distance(due: dt.date | None, now: dt.datetime | None = None) -> str:
    """How far away something due is, said first: `còn 8 giờ`, `quá 1 ngày`, `hôm nay`.

    `due` is an instant, or a day (which lasts until its end); `now` is the server's clock unless given. Whole
    units only: from one day on days, from one hour on hours, else minutes.
    """
    if not due:
        return ""
    now = now or timezone.now()
    if isinstance(due, dt.datetime):
        return _said(due - now)
    days = (due - timezone.localdate(now)).days
    return gettext("today") if days == 0 else _said(dt.timedelta(days=days))


def _said(left: dt.timedelta) -> str:
    minutes = int(abs(left).total_seconds() // 60)
    days, hours = minutes // (24 * 60), minutes // 60
    if left >= dt.timedelta():
        if days:
            return ngettext("%(count)s day left", "%(count)s days left", days) % {"count": days}
        if hours:
            return ngettext("%(count)s hour left", "%(count)s hours left", hours) % {"count": hours}
        return ngettext("%(count)s minute left", "%(count)s minutes left", minutes) % {"count": minutes}
    if days:
        return ngettext("%(count)s day overdue", "%(count)s days overdue", days) % {"count": days}
    if hours:
        return ngettext("%(count)s hour overdue", "%(count)s hours overdue", hours) % {"count": hours}
    return ngettext("%(count)s minute overdue", "%(count)s minutes overdue", minutes) % {"count": minutes}


# --- charts -------------------------------------------------------------------------------------


@register.simple_tag
def chart(shown: Chart) -> SafeString:
    """Draw one of the charts of `nennep.site.charts`, with its title, its key and the table behind it."""
    return render_to_string(shown.template, {"chart": shown})


@register.simple_tag
def heat_cells(heat_map: HeatMap, row: HeatRow) -> SafeString:
    """The cells of one row of a heat map: each a link with a spoken name.

    Written here and not in a template, for a map of headquarters has hundreds of them on one page: what repeats is
    escaped once.
    """
    unit, faces = escape(row.unit), _heat_faces()
    cells = []
    for at, (period, cell) in enumerate(zip(heat_map.periods, row.cells, strict=True)):
        older = " older" if at < heat_map.older else ""
        mark = _heat_mark(cell, f"{unit}, {escape(period.spoken)}", faces)
        cells.append(f'<td class="middle{older}">{mark}</td>')
    return mark_safe("".join(cells))  # noqa: S308 - every part is escaped above or written here


def _heat_faces() -> dict[HeatState, tuple[str, str, str]]:
    """Of each state its class, what is drawn inside, and what is said; lateness counts its days beside this."""
    hatch = '<svg width="100%" height="100%" aria-hidden="true" focusable="false"><rect width="100%" height="100%" '
    cross = f'{hatch}fill="url(#hatch-missing)"/></svg>{icon("failed", 14)}'
    return {
        HeatState.ON_TIME: ("ontime", "", escape(gettext("in on time"))),
        HeatState.LATE: ("late", "", ""),
        # `missing` alone is the dashed word of a missing figure
        HeatState.MISSING: ("missing-report", cross, escape(gettext("missing"))),
        HeatState.RETURNED: ("returned", icon("returned", 14), escape(gettext("returned"))),
        HeatState.NOT_DUE: ("notdue", "·", escape(gettext("not due yet"))),
    }


def _heat_mark(cell: HeatCell, where: str, faces: dict[HeatState, tuple[str, str, str]]) -> str:
    """One cell's mark, `where` being escaped words; of a unit that was not there, nothing."""
    if cell.state is HeatState.NOT_THERE:
        return ""
    kind, inside, what = faces[cell.state]
    if cell.state is HeatState.LATE:
        inside = f"+{cell.days_late}"
        what = escape(ngettext("%(count)s day late", "%(count)s days late", cell.days_late) % {"count": cell.days_late})
    said = f"{where}, {what}"
    if not cell.url:
        return f'<span class="mark {kind}">{inside}<span class="spoken">{said}</span></span>'
    return f'<a class="mark {kind}" href="{escape(cell.url)}" aria-label="{said}" title="{said}">{inside}</a>'


@register.simple_tag
def strip_bars(strip: UnitStrip) -> SafeString:
    """The bars of a unit strip, each with its unit's name; a bench of synthesis shows a strip per section."""
    hatch = ' fill="url(#hatch-missing)"'
    width = strip.bar_width - 1
    bars = (
        f'<g><title>{escape(unit)}</title><rect class="{state.value}" x="{x}.5" y="0.5" width="{width}" height="12"'
        f' rx="1"{hatch if state is StripState.MISSING else ""}/></g>'
        for x, unit, state in strip.bars
    )
    return mark_safe("".join(bars))  # noqa: S308 - every part is escaped above or written here
