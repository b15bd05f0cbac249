"""The clock of the faces: nothing below them reads it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from nennep.journal.rules import Actor, system_actor


def instant() -> datetime:
    return datetime.now(tz=UTC)


def day_of(at: datetime) -> date:
    """The day it is, at this instant, where the organisation is."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def command_actor() -> Actor:
    """Whoever runs the machine, at the command line, now."""
    at = instant()
    return system_actor(at, day_of(at))
