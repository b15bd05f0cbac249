"""Every address, every role, every relation of units, held to the one table of who may what."""

from __future__ import annotations

import pytest

from nennep.site.access import ACCESS, Audience
from tests.site.knocking import (
    ALLOWED,
    FORBIDDEN,
    NO_METHOD,
    NOT_FOUND,
    SIGN_IN,
    UNKNOWN,
    Knocker,
    every_address,
    expected,
    outcome,
    visits,
)
from tests.site.world import (
    ROLES_THAT_KNOCK,
    Role,
    World,
    met_by,
    relation,
)

#: These walk on PostgreSQL also, where every query of every address is to run; whom it lets in is decided before.
ON_BOTH_ENGINES = {"planner of a province", "planner at headquarters", "organisation officer", "auditor"}


@pytest.mark.parametrize(
    "role",
    [
        pytest.param(role, id=role.name, marks=[] if role.name in ON_BOTH_ENGINES else pytest.mark.one_engine)
        for role in ROLES_THAT_KNOCK
    ],
)
def test_every_address_answers_a_role_as_the_table_says(world: World, role: Role) -> None:
    knocker = Knocker(world, role)
    tried = [
        (visit, expected(role, visit), knocker.visit(visit)) for one in every_address() for visit in visits(role, one)
    ]

    deviations = [
        f"{visit.method} {visit.address.name} of {visit.unit or 'nobody'} ({relation(role.unit, visit.unit or 'HQ')}):"
        f" the table says {should}, the site {does}"
        for visit, should, does in tried
        if should != does
    ]

    assert deviations == []
    assert len(tried) > 2 * len(every_address())


def test_the_table_and_the_addresses_name_each_other_whole() -> None:
    names = {one.name for one in every_address()}

    assert {"without a rule": names - set(ACCESS), "without an address": set(ACCESS) - names} == {
        "without a rule": set(),
        "without an address": set(),
    }


def test_the_walk_meets_every_relation_of_units_and_every_outcome() -> None:
    relations = {relation(role.unit, unit) for role in ROLES_THAT_KNOCK for unit in met_by(role)}
    outcomes = {
        expected(role, visit) for role in ROLES_THAT_KNOCK for one in every_address() for visit in visits(role, one)
    }

    assert relations >= {"own", "child", "grandchild", "parent", "grandparent", "sibling", "cousin", "outside"}
    assert relations >= {"former, in reach", "former, of others", "moved here", "moved away"}
    assert outcomes == {SIGN_IN, ALLOWED, UNKNOWN, FORBIDDEN, NOT_FOUND, NO_METHOD}


def test_those_who_walk_on_both_engines_are_let_in_everywhere() -> None:
    roles = [role for role in ROLES_THAT_KNOCK if role.name in ON_BOTH_ENGINES]
    opened = {
        (one.name, visit.method)
        for role in roles
        for one in every_address()
        for visit in visits(role, one)
        if expected(role, visit) == ALLOWED
    }

    served = {(one.name, method) for one in every_address() for method in one.methods}

    assert {pair for pair in served - opened if ACCESS[pair[0]].audience is not Audience.ANYONE} == set()


def test_an_address_without_a_rule_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The middleware does not open what nobody thought of."""
    knocker = Knocker(world, Role("planner", "kehoach"))
    monkeypatch.setattr("nennep.site.middleware.ACCESS", {name: ACCESS[name] for name in ACCESS if name != "desk"})

    assert outcome(knocker.call("/")) == FORBIDDEN
