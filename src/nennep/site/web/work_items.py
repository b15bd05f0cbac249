"""One thing that waits for somebody, the bucket it lies in, and how far off it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as later


class Bucket(StrEnum):
    TO_DO = "to_do"
    TO_APPROVE = "to_approve"
    RETURNED = "returned"
    WATCHING = "watching"


class When(StrEnum):
    """How far off work is, as people plan a day."""

    OVERDUE = "overdue"
    TODAY = "today"
    THIS_WEEK = "this_week"
    LATER = "later"
    NO_DAY = "no_day"


WHEN: Mapping[When, Promise] = {
    When.OVERDUE: later("Overdue"),
    When.TODAY: later("Today"),
    When.THIS_WEEK: later("This week"),
    When.LATER: later("Later"),
    When.NO_DAY: later("Without a day"),
}


@dataclass(frozen=True)
class Work:
    """One thing that waits: what it is, in which bucket, by when, and where it is done.

    `action` is the same in few words, for the button. `by_post` says that the address is begun with a form. `count` is
    how many things it stands for.
    """

    bucket: Bucket
    title: str
    under: str
    action: str
    url: str
    icon: str
    due: datetime | None = None
    count: int = 1
    by_post: bool = False
    when: When = When.NO_DAY
