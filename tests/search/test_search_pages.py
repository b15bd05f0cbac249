"""The page of hits, the options of the field in the bar, the API, and the index built anew of all areas."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nennep.accounts import services as accounts
from nennep.accounts.rules import Scope
from nennep.search import services
from nennep.search.models import Entry
from nennep.search.rules import Kind
from nennep.site import searchable
from tests.cast import NOW, Cast

SignIn = Callable[[str], Client]
DAY = date(2026, 11, 1)


@pytest.fixture
def everything(cast: Cast) -> Cast:
    """The cast with two reports handed in, and the index of all that is there."""
    cast.hand_in("thanh")
    cast.hand_in("vai")
    searchable.rebuild(NOW.date())
    return cast


def test_the_index_built_anew_holds_what_the_acts_have_put_and_what_the_pack_brings(everything: Cast) -> None:
    kinds = dict.fromkeys(Kind, 0)
    for kind in Entry.objects.values_list("kind", flat=True):
        kinds[Kind(kind)] += 1

    assert kinds[Kind.UNIT] == len(everything.units)
    assert (kinds[Kind.REPORT], kinds[Kind.FORM], kinds[Kind.INDICATOR]) == (2, 1, 8)


def test_building_anew_changes_nothing_of_what_the_acts_have_put(cast: Cast) -> None:
    def entries() -> list[tuple[Any, ...]]:
        rows = Entry.objects.filter(kind=Kind.REPORT).order_by("key")
        return list(rows.values_list("key", "title", "text", "seen_by"))

    cast.hand_in("thanh")
    put = entries()

    searchable.rebuild(NOW.date())

    assert entries() == put
    assert put


def test_a_unit_is_found_by_a_name_it_bore_before(everything: Cast, sign_in: SignIn) -> None:
    from nennep.organisation.models import UnitName

    unit = everything.units["SH-1"]
    UnitName.objects.filter(unit=unit).update(ends_on=DAY)
    UnitName.objects.create(unit_id=unit, name="Đồn Mới", short_name="Đồn Mới", starts_on=DAY)
    searchable.refresh(NOW.date())

    page = sign_in("hanh").get(reverse("search"), {"q": "nam nga", "kind": "unit"}).content.decode()

    assert reverse("unit", args=[unit]) in page
    assert "Đồn Mới" in page


@pytest.mark.usefixtures("everything")
@pytest.mark.parametrize("typed", ["giáp biên", "giap bien", "Giáp BIÊN"])
def test_a_hit_leads_to_its_page_which_opens(sign_in: SignIn, typed: str) -> None:
    client = sign_in("hanh")

    found = client.get(reverse("search"), {"q": typed}).context["lines"]

    assert [line.unit for line in found] == ["Đồn BP Nậm Ngà"]
    assert client.get(found[0].url).status_code == 200


@pytest.mark.usefixtures("everything")
def test_units_forms_and_indicators_lead_to_pages_that_open(sign_in: SignIn) -> None:
    client = sign_in("hanh")

    for typed, kind in (("báo cáo", "form"), ("tuần tra đường biên", "indicator"), ("tả lùng", "unit")):
        lines = client.get(reverse("search"), {"q": typed, "kind": kind}).context["lines"]
        assert lines
        assert [client.get(line.url).status_code for line in lines] == [200] * len(lines)


@pytest.mark.parametrize(
    ("username", "units"),
    [
        ("thanh", {"Đồn BP Nậm Ngà"}),
        ("pao", set()),
        ("hanh", {"Đồn BP Nậm Ngà"}),
        ("dong", {"Đồn BP Lũng Vài"}),
        ("kehoach", {"Đồn BP Nậm Ngà", "Đồn BP Lũng Vài"}),
        ("khach", set()),
    ],
)
def test_nobody_finds_a_report_they_may_not_see_on_the_page_in_the_options_or_by_program(
    everything: Cast, sign_in: SignIn, username: str, units: set[str]
) -> None:
    client, asked = sign_in(username), {"q": "742 lượt người"}

    page = client.get(reverse("search"), asked).context["lines"]
    options = client.get(reverse("search-suggest"), asked).context["lines"]
    program = _program(everything, username).get("/api/v1/search", asked).json()["items"]

    assert {line.unit for line in page} == units
    assert {line.unit for line in options} == units
    assert {hit["unit"] for hit in program} == {
        unit
        for unit, name in ((everything.units["SH-1"], "Đồn BP Nậm Ngà"), (everything.units["DV-1"], "Đồn BP Lũng Vài"))
        if name in units
    }


def _program(cast: Cast, username: str) -> Client:
    _token, text = accounts.make_token("chương trình", (Scope.READ,), 30, by=cast.actor(username))
    return Client(headers={"Authorization": f"Bearer {text}"})


def test_what_was_typed_and_found_is_text_and_never_markup(cast: Cast, sign_in: SignIn) -> None:
    services.put(
        Kind.REPORT, 1, unit_id=cast.units["SH"], title="<b>kế</b> & co", text="<script>kế</script>", dated_on=DAY
    )
    client = sign_in("hanh")

    for address in ("search", "search-suggest"):
        shown = client.get(reverse(address), {"q": "<i>kế"}).content.decode()
        assert "<script>k" not in shown
        assert "<i>" not in shown
        assert "<b>" not in shown
    found = client.get(reverse("search"), {"q": "kế"}).content.decode()
    assert "&lt;b&gt;<mark>kế</mark>&lt;/b&gt; &amp; co" in found


@pytest.mark.parametrize(
    "asked", [{}, {"q": ""}, {"q": '"'}, {"q": "x" * 5000}, {"q": "kế", "kind": "nothing", "after": "x"}, {"q": "\x00"}]
)
def test_any_question_gets_a_page(sign_in: SignIn, asked: dict[str, str]) -> None:
    client = sign_in("hanh")

    assert client.get(reverse("search"), asked).status_code == 200
    assert client.get(reverse("search-suggest"), asked).status_code == 200


def test_pages_lead_on_and_keep_the_question_and_the_kind(cast: Cast, sign_in: SignIn) -> None:
    for key in range(45):
        services.put(Kind.UNIT, key, unit_id=cast.units["SH"], title=f"Kế hoạch {key}", dated_on=DAY)
    client, address, keys = sign_in("hanh"), f"{reverse('search')}?q=ke+hoach&kind=unit", []

    while address:
        context = client.get(address).context
        keys += [line.hit.key for line in context["lines"]]
        address = context["more_url"]

    assert keys == list(range(44, -1, -1))


def test_a_program_pages_by_what_the_answer_says(everything: Cast) -> None:
    program = _program(everything, "kehoach")

    asked = {"q": "đồn", "kind": "unit", "limit": "2"}

    first = program.get("/api/v1/search", asked).json()
    second = program.get("/api/v1/search", {**asked, "after": first["after"]}).json()

    assert {hit["kind"] for hit in first["items"] + second["items"]} == {"unit"}
    assert len({hit["id"] for hit in first["items"] + second["items"]}) == 4
    assert program.get("/api/v1/search").status_code == 422
    assert program.get("/api/v1/search", {"q": "đồn", "after": "x"}).status_code == 422
