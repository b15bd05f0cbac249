"""What a person types into the form of a task: kept as it was typed, and read into the words of a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, time

from django.http import QueryDict
from django.utils.translation import gettext as _

from nennep.planning.rules.versions import TaskWords
from nennep.site.plan_board import number


class Unreadable(Exception):
    """Something typed that no task can be read from; the message says what to do, in the reader's language."""


@dataclass
class TypedTask:
    """The fields of the form as text, and the ticked ids: what is shown again when something stood in the way."""

    title: str = ""
    heading: str = ""
    emphasis: bool = False
    lead_unit: int = 0
    lead_post: str = ""
    lead_person: int = 0
    coordinating: tuple[int, ...] = ()
    starts_on: str = ""
    due_on: str = ""
    starts_at: str = ""
    ends_at: str = ""
    place: str = ""
    clauses: tuple[int, ...] = ()
    details: int = 0
    indicator: str = ""
    figure: str = ""
    target_words: str = ""
    measures_taken: str = ""

    @classmethod
    def of_words(cls, words: TaskWords) -> TypedTask:
        """The form filled with a task as it stands."""
        return cls(
            title=words.title,
            heading=words.heading,
            emphasis=words.emphasis,
            lead_unit=words.lead_unit,
            lead_post=words.lead_post,
            lead_person=words.lead_person or 0,
            coordinating=words.coordinating,
            starts_on=words.starts_on.isoformat(),
            due_on=words.due_on.isoformat(),
            starts_at=f"{words.starts_at:%H:%M}" if words.starts_at else "",
            ends_at=f"{words.ends_at:%H:%M}" if words.ends_at else "",
            place=words.place,
            clauses=words.clauses,
            details=words.details or 0,
            indicator=words.indicator,
            figure=words.figure,
            target_words=words.target_words,
            measures_taken=words.measures_taken,
        )

    @classmethod
    def of_post(cls, post: QueryDict) -> TypedTask:
        """The form as it was sent."""
        texts: Mapping[str, str] = {one.name: post.get(one.name, "") for one in fields(cls) if one.type == "str"}
        return cls(
            **texts,
            emphasis=post.get("emphasis") == "1",
            lead_unit=number(post.get("lead_unit", "")),
            lead_person=number(post.get("lead_person", "")),
            coordinating=_ticked(post, "coordinating"),
            clauses=_ticked(post, "clauses"),
            details=number(post.get("details", "")),
        )

    def read(self) -> TaskWords:
        """The words of a task. Raises Unreadable for days and times that are none, or when no lead was chosen."""
        if not self.lead_unit:
            raise Unreadable(_("Choose the unit that leads."))
        return TaskWords(
            title=self.title,
            lead_unit=self.lead_unit,
            starts_on=day_typed(self.starts_on, _("Say on which day it begins.")),
            due_on=day_typed(self.due_on, _("Say by which day it is due.")),
            heading=self.heading,
            emphasis=self.emphasis,
            lead_post=self.lead_post,
            lead_person=self.lead_person or None,
            coordinating=self.coordinating,
            starts_at=time_typed(self.starts_at),
            ends_at=time_typed(self.ends_at),
            place=self.place,
            clauses=self.clauses,
            details=self.details or None,
            indicator=self.indicator,
            figure=self.figure,
            target_words=self.target_words,
            measures_taken=self.measures_taken,
        )


def _ticked(post: QueryDict, name: str) -> tuple[int, ...]:
    return tuple(one for one in map(number, post.getlist(name)) if one)


def day_typed(typed: str, missing: str) -> date:
    """A day as a browser sends it. Raises Unreadable with the words for a day that is missing."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError as error:
        raise Unreadable(missing) from error


def time_typed(typed: str) -> time | None:
    """A time of the day as a browser sends it; None where nothing was typed. Raises Unreadable."""
    if not typed.strip():
        return None
    try:
        return time.fromisoformat(typed.strip())
    except ValueError as error:
        raise Unreadable(_("Write times as 07:30.")) from error
