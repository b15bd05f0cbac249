"""The invented people: those who can sign in, and the names of all others who wrote and decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from nennep.accounts import services as accounts
from nennep.accounts.models import Person
from nennep.demonstration.chance import Dice
from nennep.demonstration.invention import invented
from nennep.journal.rules import Actor
from nennep.organisation import services as organisation
from nennep.organisation.models import Post

FIRST_DAY = date(2023, 1, 1)


@dataclass(frozen=True)
class Hand:
    """Who did something, in which post: what a version, a decision and an entry say of it."""

    person_id: int | None
    person_name: str
    post_id: int
    post_title: str


class Hands:
    """Who does what in which unit: the person appointed there on the day, or an invented name for the others."""

    def __init__(self) -> None:
        posts = Post.objects.values_list("unit_id", "unit__code", "unit__kind", "code", "id", "title")
        self._posts = {(unit_id, code.split(".")[1]): row for row in posts for unit_id, code in [(row[0], row[3])]}
        held = Post.objects.filter(appointments__isnull=False).values_list(
            "id",
            "appointments__person_id",
            "appointments__person__rank",
            "appointments__person__full_name",
            "appointments__starts_on",
            "appointments__ends_on",
        )
        self._held: dict[int, list[tuple[Any, ...]]] = {}
        for post_id, *rest in held:
            self._held.setdefault(post_id, []).append(tuple(rest))

    def of(self, unit_id: int, role: str, day: date) -> Hand:
        """Whoever has this role (`political_officer`, `planning_officer`) in the unit on the day."""
        _, code, kind, _, post_id, title = self._posts[unit_id, role]
        for person_id, rank, full_name, starts_on, ends_on in self._held.get(post_id, []):
            if starts_on <= day and (ends_on is None or day < ends_on):
                return Hand(person_id, f"{rank} {full_name}".strip(), post_id, title)
        return Hand(None, _invented_name(code, role, kind), post_id, title)


@cache
def _invented_name(unit: str, role: str, kind: str) -> str:
    people = invented("people")
    dice = Dice(unit, role, "name")
    name = " ".join(dice.pick(people[part]) for part in ("surnames", "middles", "given"))
    return f"{dice.pick(people['ranks'].get(kind, ['Đại úy']))} {name}"


def appoint_people(*, by: Actor) -> int:
    """Make the accounts of the demonstration and put each in their posts; returns how many. All share one password."""
    people = invented("people")
    posts = {(post.unit.code, post.code): post for post in Post.objects.select_related("unit")}
    made = 0
    for row in people["people"]:
        wanted = [post for post in row["posts"] if (post["unit"], post["code"]) in posts]
        if not wanted:
            continue
        person = accounts.add_person(row["username"], row["full_name"], people["password"], by=by, rank=row["rank"])
        for held in wanted:
            post = posts[held["unit"], held["code"]]
            organisation.appoint(
                person.pk,
                post.pk,
                starts_on=held.get("from", FIRST_DAY),
                ends_on=held.get("to"),
                acting=row.get("acting", False),
                by=by,
            )
        made += 1
    # Everybody knows this password: it is printed. Nobody need choose another to look around.
    Person.objects.filter(username__in=[row["username"] for row in people["people"]]).update(must_change_password=False)
    return made


@dataclass(frozen=True)
class SignIn:
    """One line of the table of who can sign in."""

    username: str
    who: str
    posts: tuple[str, ...]
    tries: str


def sign_ins() -> list[SignIn]:
    """The demonstration's people that are in the database, in the order of the file."""
    tries = {row["username"]: row["tries"] for row in invented("people")["people"]}
    found = Person.objects.filter(username__in=tries).prefetch_related("appointments__post__unit")
    persons = {person.username: person for person in found}
    return [
        SignIn(
            username,
            str(persons[username]),
            tuple(f"{held.post.title}, {held.post.unit.code}" for held in persons[username].appointments.all()),
            told,
        )
        for username, told in tries.items()
        if username in persons
    ]


def units_left_to_do() -> frozenset[str]:
    """The posts whose newest month is left unwritten, so that whoever signs in there has a report to write."""
    return frozenset(
        post["unit"] for row in invented("people")["people"] if row.get("left_to_do") for post in row["posts"]
    )


def password() -> str:
    """The one password of everybody in the demonstration."""
    return str(invented("people")["password"])
