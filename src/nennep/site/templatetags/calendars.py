"""The bars of a calendar. Loaded by the templates that show one."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from nennep.site.calendar_grid import Bar, Look, Moving, Week
from nennep.site.templatetags.look import icon

register = template.Library()

_ICONS = {Look.OVERDUE: "warning", Look.SOON: "due", Look.DONE: "done"}


@register.simple_tag
def week_bars(week: Week, unit: str) -> SafeString:
    """The bars of one week, each a link with a spoken name; `unit` is the one that need not be named.

    Written here and not in a template, for the month of a province has hundreds of them on one page.
    """
    task, move = reverse("task", args=[0]), reverse("reschedule-task", args=[0])
    return mark_safe("".join(_bar(bar, unit, task, move) for bar in week.bars))  # noqa: S308 -- every part is escaped


def _bar(bar: Bar, unit: str, task_url: str, move_url: str) -> str:
    entry, task = bar.entry, bar.entry.task
    spoken = escape(entry.spoken)
    ends = ("" if bar.begins else " goes-back") + ("" if bar.ends else " goes-on")
    sign = "due" if bar.is_deadline and entry.look is not Look.OVERDUE else _ICONS.get(entry.look, "")
    title = _("Due: %(title)s") % {"title": task.title} if bar.is_deadline else task.title
    hour = f"<b>{entry.begins_at}</b> " if entry.begins_at and bar.begins and not bar.is_deadline else ""
    lead = f' <span class="lead">{escape(entry.lead)}</span>' if entry.lead and entry.lead != unit else ""
    return (
        f'<li class="at-{bar.place} for-{bar.length}"><a class="day-bar {entry.look}{ends}"'
        f' href="{_address(task_url, task.pk)}" title="{spoken}" aria-label="{spoken}"{_moves(bar, move_url)}>'
        f'{icon(sign, 14) if sign else ""}<span class="words">{hour}{escape(title)}{lead}</span>'
        f"{icon('warning', 14) if entry.clashes else ''}</a></li>"
    )


def _moves(bar: Bar, move_url: str) -> str:
    """What the script reads of a bar that may be moved; a deadline is not moved without what leads to it."""
    entry, task = bar.entry, bar.entry.task
    if entry.moving is Moving.NO or bar.is_deadline:
        return ""
    return (
        f' draggable="false" data-move="{_address(move_url, task.pk)}" data-starts="{task.starts_on.isoformat()}"'
        f' data-due="{task.due_on.isoformat()}" data-edition="{task.edition}" data-why="{entry.moving}"'
        ' aria-describedby="how-to-move"'
    )


def _address(pattern: str, task_id: int) -> str:
    """The address of a task from that of task 0: to work each out anew takes longer than the bar."""
    return pattern.replace("/0/", f"/{task_id}/")
