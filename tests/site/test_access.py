"""Every address, every role, every relation of units, held to the one table of who may what.

What is expected follows from `access.py` and from the organisation as `world.py` writes it down, never from the views.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from nennep.accounts.models import Token
from nennep.site.access import ACCESS, Audience, Need, Reach
from nennep.site.reference import Address, addresses
from tests.cast import Cast
from tests.site.world import (
    BEFORE_THE_MOVE,
    FIGURE,
    MERGED,
    ROLES_THAT_KNOCK,
    STATES,
    Role,
    World,
    allowed_canaries,
    canaries,
    is_in_reach,
    make_world,
    met_by,
    number,
    relation,
    reviewer,
    word,
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
#: Parameters of an address that name a unit's thing.
NAMES_A_UNIT = {"unit_id", "report_id", "synthesis_id", "item_id"}


@pytest.fixture
def world(cast: Cast, clock: Callable[[datetime], None]) -> World:
    del clock
    return make_world(cast)


# --- what the table says --------------------------------------------------------------------------


@dataclass(frozen=True)
class Visit:
    """One knock at one address: the unit it names, if it names one, or whose token it names."""

    address: Address
    method: str
    unit: str = ""
    mine: bool = True


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
    at_the_door = _door(role, need)
    if at_the_door != ALLOWED:
        return at_the_door
    if not serves:
        return NO_METHOD
    return _reach(role, need, visit)


def _door(role: Role, need: Need) -> Outcome:
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
        token = world.token(role)
        self.headers = {"Authorization": f"Bearer {token}"} if role.scopes else {}
        self.own_token = Token.objects.filter(person__username=role.username).values_list("pk", flat=True).first() or 0

    def call(self, address: str, method: str = "GET", body: Any = None, **question: Any) -> Any:
        client = self.fresh_client()
        with transaction.atomic():
            if method == "PUT":
                sent, kind = json.dumps({"cells": {}}), "application/json"
                answer = client.put(address, sent, content_type=kind, headers=self.headers)
            elif method == "POST":
                answer = client.post(address, body or {}, query_params=question, headers=self.headers)
            else:
                answer = client.get(address, question, headers=self.headers)
            transaction.set_rollback(True)
        return answer

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
            "token_id": self.own_token if mine else self.token_of_another(),
            "number": 1,
            "kind": kind,
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


@pytest.mark.parametrize("role", ROLES_THAT_KNOCK, ids=str)
def test_every_address_answers_a_role_as_the_table_says(world: World, role: Role) -> None:
    knocker = Knocker(world, role)
    tried = [(visit, expected(role, visit), knocker.visit(visit)) for one in addresses() for visit in visits(role, one)]

    deviations = [
        f"{visit.method} {visit.address.name} of {visit.unit or 'nobody'} ({relation(role.unit, visit.unit or 'HQ')}):"
        f" the table says {should}, the site {does}"
        for visit, should, does in tried
        if should != does
    ]

    assert deviations == []
    assert len(tried) > 2 * len(addresses())


def test_the_table_and_the_addresses_name_each_other_whole() -> None:
    names = {one.name for one in addresses()}

    assert {"without a rule": names - set(ACCESS), "without an address": set(ACCESS) - names} == {
        "without a rule": set(),
        "without an address": set(),
    }


def test_the_walk_meets_every_relation_of_units_and_every_outcome() -> None:
    relations = {relation(role.unit, unit) for role in ROLES_THAT_KNOCK for unit in met_by(role)}
    outcomes = {
        expected(role, visit) for role in ROLES_THAT_KNOCK for one in addresses() for visit in visits(role, one)
    }

    assert relations >= {"own", "child", "grandchild", "parent", "grandparent", "sibling", "cousin", "outside"}
    assert relations >= {"former, in reach", "former, of others", "moved here", "moved away"}
    assert outcomes == {SIGN_IN, ALLOWED, UNKNOWN, FORBIDDEN, NOT_FOUND, NO_METHOD}


def test_an_address_without_a_rule_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The middleware does not open what nobody thought of."""
    knocker = Knocker(world, Role("planner", "kehoach"))
    monkeypatch.setattr("nennep.site.middleware.ACCESS", {name: ACCESS[name] for name in ACCESS if name != "desk"})

    assert outcome(knocker.call("/")) == FORBIDDEN


# --- canaries -------------------------------------------------------------------------------------


def text_of(answer: Any) -> str:
    """All that can be read in an answer, whatever kind of file it is."""
    data: bytes = answer.content
    kind = answer.headers.get("Content-Type", "")
    if "pdf" in kind:
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    if "openxmlformats" in kind:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            return "\n".join(_xml_text(parts.read(name)) for name in parts.namelist())
    text = data.decode()
    return json.dumps(json.loads(text), ensure_ascii=False) if "json" in kind else text


def _xml_text(data: bytes) -> str:
    """Words that a paper breaks into runs are put together again beside the text as it stands."""
    text = data.decode(errors="replace")
    return text + re.sub(r"<[^>]+>", "", text)


def everything(knocker: Knocker) -> Iterator[tuple[str, str]]:
    """What a role may read at every address: of every unit it meets, round and file, and with another day's tree."""
    for address in addresses():
        need = ACCESS[address.name]
        # What is refused at the door says nothing of any report; that it is refused, the walk has shown.
        if "GET" not in address.methods or need.audience is Audience.ANYONE or _door(knocker.role, need) != ALLOWED:
            continue
        for unit, state, kind, question in askings(address, knocker):
            asked = question | ({"unit": knocker.world.units[unit]} if takes_unit(address) else {})
            answer = knocker.call(knocker.address(address, unit, state=state, kind=kind), **asked)
            where = f"{address.name} of {unit}, {state}, {kind}, {asked}"
            assert answer.status_code != STUMBLED, where
            if answer.status_code == 200:
                yield where, text_of(answer)


Asking = tuple[str, str, str, dict[str, Any]]


def askings(address: Address, knocker: Knocker) -> Iterator[Asking]:
    """Each unit, with each round or report where the address names one; then what may be asked besides."""
    units = met_by(knocker.role) if names_a_unit(address) or takes_unit(address) else ["SH"]
    states = STATES if parameters(address) & {"report_id", "round_id"} else ("submitted",)
    kinds = ("xlsx", "docx", "csv", "pdf") if "kind" in parameters(address) else ("xlsx",)
    yield from ((unit, state, kinds[0], {}) for unit in units for state in states)
    yield from ((units[0], "accepted", kind, {}) for kind in kinds[1:])
    if "figures" in address.route:
        yield from ((unit, "accepted", kinds[0], {"on": BEFORE_THE_MOVE}) for unit in units)
    if takes_unit(address):
        yield from ((knocker.role.unit or "SH", "submitted", "csv", {"period": period}) for period in STATES.values())
    if address.name == "source":
        drafts = [knocker.world.syntheses[unit] for unit in ("HQ", "SH", "DV")]
        yield from ((unit, "submitted", "xlsx", {"synthesis": draft}) for unit in units for draft in drafts)


def takes_unit(address: Address) -> bool:
    return not is_api(address) and not parameters(address) & NAMES_A_UNIT


#: Roles that read, and what each must hear: without it, a walk that reads nothing would pass.
READERS: Mapping[str, set[tuple[str, str]]] = {
    "writer of a post": {("SH-1", "draft"), ("SH-1", "submitted"), ("SH-0", "returned")},
    "planner of a province": {("SH-1", "submitted"), ("SH-1", "returned"), ("SH", "draft"), ("TR", "accepted")},
    "planner of the other province": {("DV-1", "submitted"), ("DV", "draft"), ("DV-2", "accepted")},
    "planner at headquarters": {("DV-1", "accepted"), ("SH-1", "returned"), ("TR", "submitted")},
    "organisation officer": set(),
    "auditor": set(),
    "somebody outside": {("XX", "draft"), ("XX", "accepted")},
}


def role_named(name: str) -> Role:
    return next(role for role in ROLES_THAT_KNOCK if role.name == name)


@pytest.mark.parametrize("name", READERS)
def test_no_canary_is_heard_by_a_role_that_may_not_read_its_report(world: World, name: str) -> None:
    role = role_named(name)
    may, heard, leaks = allowed_canaries(role), set[tuple[str, str]](), []

    for where, text in everything(Knocker(world, role)):
        found = canaries(text)
        heard |= found
        if found - may:
            leaks.append((where, sorted(found - may)))

    assert leaks == []
    assert heard >= READERS[name]


def test_a_canary_is_heard_in_a_word_a_figure_and_a_sum() -> None:
    own, other = number("SH-1", "accepted"), number("TR", "accepted")

    assert canaries(word("SH-1", "draft")) == {("SH-1", "draft")}
    assert canaries(f"{own:,}".replace(",", ".")) == {("SH-1", "accepted")}
    assert canaries(f"sum {own + other} of 12") == {("SH-1", "accepted"), ("TR", "accepted")}
    assert canaries("1.000 và 2.5") == set()


# --- reading changes nothing ----------------------------------------------------------------------


def database() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table but the sessions, where the unit and the period looked at are remembered."""
    models = [model for model in apps.get_models() if model is not Session]
    rows = {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}
    for token in rows["accounts.Token"]:
        token.pop("last_used_at")
    return rows


@pytest.mark.parametrize("name", ["planner at headquarters", "writer of a post"])
def test_reading_changes_nothing(world: World, name: str) -> None:
    knocker = Knocker(world, role_named(name))
    before = database()

    for address in addresses():
        for unit in met_by(knocker.role) if "GET" in address.methods else []:
            asked = {"unit": world.units[unit]} if takes_unit(address) else {}
            knocker.fresh_client().get(knocker.address(address, unit), asked, headers=knocker.headers)

    assert database() == before


def test_a_merged_unit_is_read_by_whoever_took_it_in(world: World) -> None:
    """The table's word `subtree` includes it: its papers would otherwise be nobody's."""
    (gone, heir), *_ = MERGED.items()
    role = role_named("writer of a post")

    answer = Knocker(world, role).call(reverse("report", args=[world.reports[gone, "submitted"]]))

    assert role.unit == heir
    assert word(gone, "submitted") in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "unit", "period", "asked", "status"),
    [
        ("planner of the other province", "DV", "2026-10", BEFORE_THE_MOVE, 403),
        ("planner of the other province", "DV", "2025-11", BEFORE_THE_MOVE, 200),
        ("planner of the other province", "DV", "2026-10", "2026-07-02", 200),
        ("planner of a province", "SH", "2025-11", "2026-07-02", 200),
        ("planner at headquarters", "DV", "2026-10", BEFORE_THE_MOVE, 200),
    ],
)
def test_the_tree_of_another_day_opens_no_figures_of_a_unit_that_has_moved_away(
    world: World, name: str, unit: str, period: str, asked: str, status: int
) -> None:
    """`TR` left `DV` in July 2026: its earlier reports stay in the figures of `DV`, its later ones do not."""
    knocker = Knocker(world, role_named(name))
    round_ = world.cast.rounds[period].pk

    page = knocker.call(reverse("figures", args=[round_]), unit=world.units[unit], on=asked)
    answer = knocker.call(reverse("api-v1:figures", args=[round_, world.units[unit]]), on=asked)

    assert (page.status_code, answer.status_code) == (status, status)
