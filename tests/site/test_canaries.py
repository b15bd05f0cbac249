"""What may not be read is heard nowhere, and reading changes nothing."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.urls import reverse
from pypdf import PdfReader

from nennep.site.access import ACCESS, Audience
from nennep.site.reference import Address
from tests.site.knocking import (
    ALLOWED,
    STUMBLED,
    Knocker,
    at_the_door,
    every_address,
    names_a_unit,
    parameters,
    takes_unit,
)
from tests.site.world import (
    BEFORE_THE_MOVE,
    MERGED,
    ROLES_THAT_KNOCK,
    STATES,
    Role,
    World,
    allowed_canaries,
    canaries,
    met_by,
    number,
    word,
)

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
    """Words that a paper breaks into runs are put together again beside the text as it stands; the texts of two cells
    are two.
    """
    text = data.decode(errors="replace")
    return text + re.sub(r"<[^>]+>", "", text.replace("</si>", "\n"))


def everything(knocker: Knocker) -> Iterator[tuple[str, str]]:
    """What a role may read at every address: of every unit it meets, round and file, and with another day's tree."""
    for address in every_address():
        need = ACCESS[address.name]
        # What is refused at the door says nothing of any report; that it is refused, the walk has shown.
        if (
            "GET" not in address.methods
            or need.audience is Audience.ANYONE
            or at_the_door(knocker.role, need) != ALLOWED
        ):
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
    if "search" in address.name:
        yield from ((units[0], "submitted", kinds[0], {"q": asked}) for asked in ("canary", "đồn", "báo cáo"))
    if address.name == "source":
        drafts = [knocker.world.syntheses[unit] for unit in ("HQ", "SH", "DV")]
        yield from ((unit, "submitted", "xlsx", {"synthesis": draft}) for unit in units for draft in drafts)


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


#: These listen on PostgreSQL also; what a role may not read is decided by the same queries for all of them.
ON_BOTH_ENGINES = {"writer of a post", "planner of a province"}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[] if name in ON_BOTH_ENGINES else pytest.mark.one_engine) for name in READERS],
)
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
    for feed in rows["planning.Feed"]:
        feed.pop("used_at")
    return rows


@pytest.mark.parametrize(
    "name", [pytest.param("planner at headquarters", marks=pytest.mark.one_engine), "writer of a post"]
)
def test_reading_changes_nothing(world: World, name: str) -> None:
    knocker = Knocker(world, role_named(name))
    world.calendar_secret()
    before = database()

    for address in every_address():
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
