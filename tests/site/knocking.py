"""Somebody who tries every address, and what the one table says they should meet.

What is expected follows from `access.py` and from the organisation as `world.py` writes it down, never from the views.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.cookies import SimpleCookie
from typing import Any
from unittest.mock import patch

from django.core.handlers import exception
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from nennep.accounts.models import Token
from nennep.site.access import ACCESS, Audience, Need, Reach
from nennep.site.reference import Address, addresses
from tests.site.world import (
    FIGURE,
    MERGED,
    REGULATION,
    ROLES_THAT_KNOCK,
    STATES,
    Role,
    World,
    is_in_reach,
    met_by,
    reviewer,
)

SIGN_IN, ALLOWED, UNKNOWN, FORBIDDEN, NOT_FOUND, NO_METHOD, STUMBLED = (
    "to sign-in",
    "allowed",
    401,
    403,
    404,
    405,
    500,
)
Outcome = str | int
METHODS = ("GET", "POST", "PUT")
#: What is put at addresses that end so; anything else is the shape of a report.
PUT_BODIES = {"progress": {"percent": 10}}
#: Parameters of an address that name a unit's thing.
NAMES_A_UNIT = {
    "unit_id",
    "report_id",
    "synthesis_id",
    "item_id",
    "upload_id",
    "synonym_id",
    "document_id",
    "clause_id",
    "dispatch_id",
    "register_id",
    "entry_id",
    "incoming_id",
    "plan_id",
    "task_id",
    "recurrence_id",
}


# --- what the table says --------------------------------------------------------------------------


@dataclass(frozen=True)
class Visit:
    """One knock at one address: the unit it names, if it names one, or whose token it names."""

    address: Address
    method: str
    unit: str = ""
    mine: bool = True


@cache
def every_address() -> list[Address]:
    """The addresses of the site, which stay the same while it runs; asking it for them takes a second."""
    return addresses()


def parameters(address: Address) -> set[str]:
    return {name.rpartition(":")[2] for name in re.findall(r"<([^>]+)>", address.route)}


def names_a_unit(address: Address) -> bool:
    by_question = ACCESS[address.name].reach in {Reach.SUBTREE, Reach.CHILDREN}
    return by_question or bool(parameters(address) & NAMES_A_UNIT)


def visits(role: Role, address: Address) -> Iterator[Visit]:
    """All that a role can try at an address: a method it does not take needs no second unit to be refused."""
    for method in METHODS:
        if method == "PUT" and not is_api(address):
            continue
        if method in address.methods and names_a_unit(address):
            yield from (Visit(address, method, unit) for unit in met_by(role))
        elif "token_id" in parameters(address):
            yield from (Visit(address, method, mine=mine) for mine in (True, False))
        else:
            yield Visit(address, method, "HQ" if names_a_unit(address) else "")


def is_api(address: Address) -> bool:
    return address.name.startswith("api-")


def expected(role: Role, visit: Visit) -> Outcome:
    need, serves = ACCESS[visit.address.name], visit.method in visit.address.methods
    if is_api(visit.address) and not serves:
        return NO_METHOD
    met = at_the_door(role, need)
    if met != ALLOWED:
        return met
    if not serves:
        return NO_METHOD
    return _reach(role, need, visit)


def at_the_door(role: Role, need: Need) -> Outcome:
    """Before anything is looked up: who somebody is, and what their post carries."""
    wanted = {one for one in (need.permission, need.also) if one is not None}
    if need.audience is Audience.ANYONE:
        return ALLOWED
    if need.audience is Audience.TOKEN:
        if not role.scopes:
            return UNKNOWN
        return ALLOWED if (need.scope in {None, *role.scopes}) and wanted <= role.permissions else FORBIDDEN
    if not role.session:
        return SIGN_IN
    if need.audience is Audience.SIGNED_IN:
        return ALLOWED
    return ALLOWED if role.unit and wanted <= role.permissions else FORBIDDEN


def _reach(role: Role, need: Need, visit: Visit) -> Outcome:
    if need.reach is Reach.SELF:
        return ALLOWED if visit.mine else NOT_FOUND
    if need.reach is Reach.TOP:
        return ALLOWED if is_in_reach(role.unit, "HQ") else NOT_FOUND
    if need.reach is Reach.NOTHING or not visit.unit:
        return ALLOWED
    if not is_in_reach(role.unit, visit.unit):
        return NOT_FOUND
    may = {
        Reach.SUBTREE: True,
        Reach.OWN: visit.unit == role.unit,
        Reach.KEPT: role.unit in {visit.unit, MERGED.get(visit.unit)},
        Reach.CHILDREN: reviewer(visit.unit) == role.unit,
    }
    return ALLOWED if may[need.reach] else FORBIDDEN


# --- knocking -------------------------------------------------------------------------------------


class Knocker:
    """Somebody in front of the site; whatever they do is undone."""

    def __init__(self, world: World, role: Role) -> None:
        self.world = world
        self.role = role
        self.client = Client(raise_request_exception=False)
        if role.session:
            person = world.people[role.username]
            self.client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        self.cookies = self.client.cookies.output(header="")
        self.refused: set[int] = set()
        token = world.token(role)
        self.headers = {"Authorization": f"Bearer {token}"} if role.scopes else {}
        self.own_token = Token.objects.filter(person__username=role.username).values_list("pk", flat=True).first() or 0

    def call(self, address: str, method: str = "GET", body: Any = None, **question: Any) -> Any:
        client = self.fresh_client()
        with self.refused_in_short(), transaction.atomic():
            if method == "PUT":
                sent, kind = json.dumps(PUT_BODIES.get(address.rpartition("/")[2], {"cells": {}})), "application/json"
                answer = client.put(address, sent, content_type=kind, headers=self.headers)
            elif method == "POST":
                answer = client.post(address, body or {}, query_params=question, headers=self.headers)
            else:
                answer = client.get(address, question, headers=self.headers)
            transaction.set_rollback(True)
        return answer

    @contextmanager
    def refused_in_short(self) -> Iterator[None]:
        """The page of a refusal is drawn the first time somebody meets its status. Whoever knocks reads no more of the
        others than the status, and they are most of what is answered.
        """
        drawn = exception.get_exception_response

        def answer(request: Any, resolver: Any, status: int, error: Exception) -> Any:
            if status in self.refused:
                return HttpResponse(status=status)
            self.refused.add(status)
            return drawn(request, resolver, status, error)

        with patch.object(exception, "get_exception_response", answer):
            yield

    def fresh_client(self) -> Client:
        """The same browser with the cookies it came with; one is kept, for its middleware is slow to load."""
        self.client.cookies = SimpleCookie(self.cookies)
        return self.client

    def visit(self, visit: Visit) -> Outcome:
        need = ACCESS[visit.address.name]
        by_question = names_a_unit(visit.address) and not parameters(visit.address) & NAMES_A_UNIT
        unit = visit.unit or self.role.unit or "SH"
        question = {"unit": self.world.units[unit]} if by_question and need.reach is Reach.SUBTREE else {}
        answer = self.call(
            self.address(visit.address, unit, mine=visit.mine), visit.method, self.body(unit), **question
        )
        return outcome(answer)

    def body(self, unit: str) -> dict[str, Any]:
        """What any of the forms may want to know."""
        return {
            "unit": self.world.units[unit],
            "version": self.world.versions[unit],
            "revision": "1",
            "reason": "vì thử",
            "text": "một câu",
            "act": "rewrite",
            "form": self.world.cast.form.pk,
            "period": "2027-01",
        }

    def address(
        self, address: Address, unit: str, *, mine: bool = True, state: str = "submitted", kind: str = "xlsx"
    ) -> str:
        world = self.world
        things: dict[str, Any] = {
            "unit_id": world.units[unit],
            "report_id": world.reports[unit, state],
            "round_id": world.cast.rounds[STATES[state]].pk,
            "synthesis_id": world.syntheses[unit],
            "item_id": world.items[unit],
            "upload_id": world.uploads[unit],
            "synonym_id": world.synonyms[unit],
            "document_id": world.documents[unit],
            "clause_id": world.clauses[unit],
            "dispatch_id": world.dispatches[unit],
            "register_id": world.registers[unit],
            "entry_id": world.entries[unit],
            "incoming_id": world.incoming[unit],
            "plan_id": world.plans[unit],
            "task_id": world.tasks[unit],
            "recurrence_id": world.recurrences[unit],
            "regulation_code": REGULATION,
            "key": f"delivery-{unit}",
            "token_id": self.own_token if mine else self.token_of_another(),
            "secret": world.calendar_secret(),
            "number": 1,
            "kind": kind,
            "paper": "docx",
            "indicator": FIGURE,
            "code": world.cast.form.code,
        }
        unknown = parameters(address) - things.keys()
        assert not unknown, f"{address.route}: teach the world what {unknown} stands for"
        return reverse(address.name, kwargs={name: things[name] for name in parameters(address)})

    def token_of_another(self) -> int:
        other = next(role for role in ROLES_THAT_KNOCK if role.scopes and role.username != self.role.username)
        self.world.token(other)
        return Token.objects.filter(person__username=other.username).values_list("pk", flat=True)[0]


def outcome(answer: Any) -> Outcome:
    if answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in/?next="):
        return SIGN_IN
    telling = {UNKNOWN, FORBIDDEN, NOT_FOUND, NO_METHOD, STUMBLED}
    return answer.status_code if answer.status_code in telling else ALLOWED


def takes_unit(address: Address) -> bool:
    return not is_api(address) and not parameters(address) & NAMES_A_UNIT
