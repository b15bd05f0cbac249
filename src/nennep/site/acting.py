"""Who acts in a request: the person who signed in, in the post they chose, today."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.http import HttpRequest

from nennep.accounts.models import Person
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.models import Appointment
from nennep.site.now import day_of, instant

POST_KEY = "post"


class ActingRequest(HttpRequest):
    """A request whose actor the middleware has found; what every page takes."""

    actor: Actor
    appointments: Sequence[Appointment]
    user: Person


def actor_for(person: Person, appointments: Sequence[Appointment], *, post_id: int | None, at: datetime) -> Actor:
    """The actor of a person in the post they chose, or in their first post; without any post nothing is permitted."""
    chosen = next((held for held in appointments if held.post_id == post_id), None)
    held = chosen or (appointments[0] if appointments else None)
    return Actor(
        person_id=person.pk,
        person_name=str(person),
        post_id=held.post_id if held else None,
        post_title=_title(held) if held else "",
        unit_id=held.post.unit_id if held else None,
        permissions=frozenset(held.post.permissions) if held else frozenset(),
        at=at,
        today=day_of(at),
    )


def act(request: HttpRequest) -> None:
    """Set `actor` and `appointments` on the request of a person who is signed in. One query."""
    person = request.user
    if not isinstance(person, Person):
        return
    at = instant()
    appointments = list(organisation.appointments_of(person.pk, day_of(at)))
    actor = actor_for(person, appointments, post_id=request.session.get(POST_KEY), at=at)
    request.appointments = appointments  # type: ignore[attr-defined]
    request.actor = actor  # type: ignore[attr-defined]


def _title(held: Appointment) -> str:
    return held.post.title
