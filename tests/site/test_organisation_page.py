"""The organisation on a day, two days side by side, and one unit: what is drawn, for whom, and how quickly."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nennep.journal.rules import Actor, system_actor
from nennep.organisation import queries, services
from nennep.organisation.models import Edge, Unit, UnitName
from nennep.organisation.rules import Certainty, Line, Permission, differences
from nennep.organisation.services import Decided
from nennep.site.web.tree import FOLDED_FROM, Comparison, Day, Twig, drawn, tree_of
from tests.cast import NOW, START, Cast

DAY = date(2026, 7, 1)
EVE = DAY - timedelta(days=1)
BOTH = (Line.COMMAND, Line.PROFESSIONAL)
TWO_DAYS = f"/organisation/?on={DAY}&with={EVE}"
pytestmark = pytest.mark.django_db


@pytest.fixture
def system() -> Actor:
    return system_actor(NOW, NOW.date())


def decided(day: date = DAY, **more: object) -> Decided:
    return Decided("2187/QĐ-BQP", day - timedelta(days=10), day, **more)  # type: ignore[arg-type]


def names(page: str) -> set[str]:
    """The units drawn in the trees of a page."""
    found = re.findall(r'<div class="twig[^>]*><span class="name">(.*?)</span>', page)
    return {re.sub(r"<[^>]+>", "", name) for name in found}


def day_for(cast: Cast, username: str, day: date, line: Line | None = None) -> Day:
    by = cast.actor(username)
    units = queries.units_on(day)
    snapshot = queries.snapshot(day, units)
    reach = queries.reach(by, Permission.ORGANISATION_VIEW)
    return Day(snapshot, units, queries.seen_on(by, snapshot.tree), reach, line)


# --- one day --------------------------------------------------------------------------------------

SOUTH = {"Đồn Biên phòng Nậm Ngà", "Đồn Biên phòng Tả Lùng", "Đồn Biên phòng Pá Hu"}
SEEN = [
    ("hanh", {"Bộ Tư lệnh Bộ đội Biên phòng", "Bộ đội Biên phòng tỉnh Sơn Hà"} | SOUTH),
    ("thanh", {"Bộ Tư lệnh Bộ đội Biên phòng", "Bộ đội Biên phòng tỉnh Sơn Hà", "Đồn Biên phòng Nậm Ngà"}),
    ("khach", {"Cơ quan đứng ngoài"}),
]


@pytest.mark.parametrize(("username", "drawn_units"), SEEN)
def test_one_sees_ones_own_units_and_the_way_up(
    sign_in: Callable[[str], Client], username: str, drawn_units: set[str]
) -> None:
    assert names(sign_in(username).get("/organisation/").content.decode()) == drawn_units


def test_the_way_up_is_shown_by_name_and_leads_nowhere(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    page = sign_in("thanh").get("/organisation/").content.decode()

    assert reverse("unit", args=[cast.units["SH-1"]]) in page
    assert reverse("unit", args=[cast.units["SH"]]) not in page
    assert reverse("unit", args=[cast.units["HQ"]]) not in page


def test_today_says_so_and_another_day_wears_a_chip(sign_in: Callable[[str], Client]) -> None:
    client = sign_in("hanh")

    today, past = client.get("/organisation/"), client.get(f"/organisation/?on={EVE}")

    assert "không phải hôm nay" not in today.content.decode()
    assert "không phải hôm nay" in past.content.decode()


def test_a_renamed_unit_is_drawn_by_the_name_of_the_day(
    cast: Cast, system: Actor, sign_in: Callable[[str], Client]
) -> None:
    services.rename(cast.units["SH-1"], "Đồn Biên phòng Huổi Vạc", "Đồn BP Huổi Vạc", decided(), by=system)
    client = sign_in("hanh")

    assert "Đồn Biên phòng Nậm Ngà" in names(client.get(f"/organisation/?on={EVE}").content.decode())
    assert "Đồn Biên phòng Huổi Vạc" in names(client.get(f"/organisation/?on={DAY}").content.decode())


def test_a_merged_unit_is_drawn_on_its_days_for_whoever_took_it_in(
    cast: Cast, system: Actor, sign_in: Callable[[str], Client]
) -> None:
    services.merge([cast.units["DV-1"]], cast.units["SH-1"], decided(), by=system)
    client = sign_in("hanh")

    assert "Đồn Biên phòng Lũng Vài" in names(client.get(f"/organisation/?on={EVE}").content.decode())
    assert "Đồn Biên phòng Lũng Vài" not in names(client.get(f"/organisation/?on={DAY}").content.decode())


def test_a_day_before_everything_says_from_when_the_organisation_is_known(sign_in: Callable[[str], Client]) -> None:
    page = sign_in("hanh").get("/organisation/?on=2001-01-01").content.decode()

    assert names(page) == set()
    assert "01/01/2022" in page


@pytest.mark.parametrize("text", ["hôm qua", "2026-13-01", "01/07/2025", "<script>"])
def test_a_text_that_is_no_day_is_said_back_and_today_is_shown(sign_in: Callable[[str], Client], text: str) -> None:
    answer = sign_in("hanh").get("/organisation/", {"on": text})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'role="alert"' in page
    assert answer.context["asked"].on == NOW.date()
    assert "<script>" not in page


# --- lines ----------------------------------------------------------------------------------------


@pytest.fixture
def parted(cast: Cast, system: Actor) -> Cast:
    """From DAY on a province stands under another body for command and party, and under headquarters for its work."""
    services.transfer(
        cast.units["SH"], {Line.COMMAND: cast.units["XX"], Line.PARTY: cast.units["XX"]}, decided(), by=system
    )
    return cast


def test_where_lines_part_the_unit_is_drawn_once_and_its_other_superiors_stand_beside(
    parted: Cast, sign_in: Callable[[str], Client]
) -> None:
    del parted

    page = sign_in("tulenh").get("/organisation/").content.decode()

    assert page.count("tỉnh Sơn Hà</a>") == 1
    assert "chỉ huy, đảng: Cơ quan đứng ngoài" in page


def test_a_unit_is_drawn_under_the_superior_that_the_reader_may_see(parted: Cast) -> None:
    for username, above in (("tulenh", "HQ"), ("khach", "XX")):
        day = day_for(parted, username, DAY)
        assert day.homes[parted.units["SH"]] == parted.units[above]


@pytest.mark.parametrize(
    ("line", "above"), [("command", "Cơ quan đứng ngoài"), ("professional", "Bộ Tư lệnh Bộ đội Biên phòng")]
)
def test_one_line_shows_its_own_superior_and_leaves_others_out(
    parted: Cast, sign_in: Callable[[str], Client], line: str, above: str
) -> None:
    del parted

    drawn_units = names(sign_in("hanh").get(f"/organisation/?line={line}").content.decode())

    assert drawn_units & {"Cơ quan đứng ngoài", "Bộ Tư lệnh Bộ đội Biên phòng"} == {above}


def test_a_line_that_does_not_exist_is_all_lines(sign_in: Callable[[str], Client]) -> None:
    assert sign_in("hanh").get("/organisation/?line=gi-do").context["asked"].line is None


# --- two days -------------------------------------------------------------------------------------


def compared(cast: Cast, username: str) -> Comparison:
    before, after = day_for(cast, username, EVE), day_for(cast, username, DAY)
    found = differences(before.snapshot, after.snapshot, queries.heirs_between(EVE, DAY))
    return Comparison(before, after, found, queries.ended_between(EVE, DAY))


def row(rows: list[Twig], unit: int) -> Twig:
    return next(twig for twig in rows if twig.unit_id == unit)


def words(twig: Twig) -> list[str]:
    return [chip.words for chip in twig.chips]


def test_merged_units_say_into_what_and_since_when(cast: Cast, system: Actor) -> None:
    services.merge([cast.units["DV"]], cast.units["SH"], decided(), by=system)

    comparison = compared(cast, "tulenh")

    gone, heir = row(comparison.left, cast.units["DV"]), row(comparison.right, cast.units["SH"])
    assert words(gone) == ["sáp nhập vào Bộ đội Biên phòng tỉnh Sơn Hà"]
    assert gone.note == "3 đồn, đến 30/06/2026"
    assert (gone.band, gone.into) == ("merge", str(cast.units["SH"]))
    assert words(heir) == ["nhập Bộ đội Biên phòng tỉnh Đông Vân"]
    assert heir.note == "6 đồn"


def test_units_that_became_one_stand_together(cast: Cast, system: Actor) -> None:
    services.merge([cast.units["SH-3"]], cast.units["DV-1"], decided(), by=system)
    services.merge([cast.units["DV-3"]], cast.units["DV-1"], decided(), by=system)

    left = [twig.unit_id for twig in compared(cast, "tulenh").left]

    assert left.index(cast.units["DV-3"]) == left.index(cast.units["DV-1"]) + 1


def test_renamed_new_and_split_units_are_marked(cast: Cast, system: Actor) -> None:
    services.rename(cast.units["SH-1"], "Đồn Biên phòng Huổi Vạc", "Đồn BP Huổi Vạc", decided(), by=system)
    heirs = [
        services.create_unit(
            code, "post", name, name, starts_on=DAY, superiors=dict.fromkeys(BOTH, cast.units["SH"]), by=system
        ).pk
        for code, name in (("SH-4", "Đồn Bốn"), ("SH-5", "Đồn Năm"), ("SH-6", "Đồn Sáu"))
    ]
    services.split(cast.units["SH-3"], heirs[:2], decided(), by=system)

    comparison = compared(cast, "hanh")

    assert words(row(comparison.right, cast.units["SH-1"])) == ["trước là Đồn Biên phòng Nậm Ngà"]
    assert words(row(comparison.left, cast.units["SH-3"])) == ["chia tách thành Đồn Bốn, Đồn Năm"]
    assert words(row(comparison.right, heirs[2])) == ["mới"]
    assert row(comparison.left, cast.units["SH-1"]).band == "rename"


def test_a_moved_unit_names_its_new_superior_once_for_lines_that_moved_alike(parted: Cast) -> None:
    moved = row(compared(parted, "tulenh").right, parted.units["SH"])

    assert words(moved) == ["chỉ huy, đảng: nay thuộc Cơ quan đứng ngoài"]


def test_what_did_not_change_is_summed_up_and_still_named(cast: Cast, system: Actor) -> None:
    services.rename(cast.units["SH-1"], "Đồn Biên phòng Huổi Vạc", "Đồn BP Huổi Vạc", decided(), by=system)

    rows = [twig.name for twig in compared(cast, "tulenh").left]

    assert rows == [
        "Bộ Tư lệnh Bộ đội Biên phòng",
        "Bộ đội Biên phòng tỉnh Sơn Hà",
        "Đồn Biên phòng Nậm Ngà",
        "2 đơn vị khác, không đổi",
        "Đồn Biên phòng Tả Lùng",
        "Đồn Biên phòng Pá Hu",
        "1 đơn vị khác, không đổi",
        "Bộ đội Biên phòng tỉnh Đông Vân",
    ]


def test_an_heir_outside_ones_reach_goes_without_its_name(
    cast: Cast, system: Actor, sign_in: Callable[[str], Client]
) -> None:
    """The superior of both still sees it; the province that lost its post learns that it ended, not where it went."""
    services.merge([cast.units["SH-3"]], cast.units["DV-1"], decided(), by=system)

    page = sign_in("hanh").get(TWO_DAYS).content.decode()

    assert "một đơn vị ngoài phạm vi" in page
    assert "Lũng Vài" not in page
    assert "Lũng Vài" in sign_in("tulenh").get(TWO_DAYS).content.decode()


def test_the_order_in_which_two_days_are_asked_for_does_not_matter(
    cast: Cast, system: Actor, sign_in: Callable[[str], Client]
) -> None:
    services.merge([cast.units["SH-2"]], cast.units["SH-1"], decided(), by=system)
    client = sign_in("hanh")

    there, back = client.get(TWO_DAYS), client.get(f"/organisation/?on={EVE}&with={DAY}")

    assert there.context["left"] == back.context["left"]
    assert there.context["right"] == back.context["right"]


def test_two_days_between_which_nothing_changed_say_so(sign_in: Callable[[str], Client]) -> None:
    answer = sign_in("hanh").get(TWO_DAYS)

    assert answer.context["comparison"].is_same


def test_a_decision_is_told_with_its_number_day_source_and_how_sure_it_is(
    cast: Cast, system: Actor, sign_in: Callable[[str], Client]
) -> None:
    how = decided(certainty=Certainty.LESS_CERTAIN, source="Báo Nhân Dân", note="Cần cơ quan xác nhận")
    services.merge([cast.units["SH-2"]], cast.units["SH-1"], how, by=system)

    page = sign_in("hanh").get(TWO_DAYS).content.decode()

    for said in ("2187/QĐ-BQP", "21/06/2026", "01/07/2026", "Báo Nhân Dân", "Cần cơ quan xác nhận", "chắc chắn"):
        assert said in page


def test_decisions_on_others_units_are_not_told(cast: Cast, system: Actor, sign_in: Callable[[str], Client]) -> None:
    services.rename(cast.units["DV-1"], "Đồn Tên Khác", "Tên Khác", decided(), by=system)
    client = sign_in("hanh")

    answer = client.get(TWO_DAYS)

    assert answer.context["told"] == []
    assert answer.context["timeline"].changes == ()
    assert "Tên Khác" not in answer.content.decode()


def test_each_day_of_change_is_a_link_without_scripts(
    cast: Cast, system: Actor, sign_in: Callable[[str], Client]
) -> None:
    services.rename(cast.units["SH-1"], "Tên hai", "Hai", decided(), by=system)

    page = sign_in("hanh").get("/organisation/").content.decode()

    assert 'href="/organisation/?on=2026-07-01"' in page
    assert 'href="/organisation/?on=2026-07-01&amp;with=2026-06-30"' in page
    assert '<input class="input small" type="date" id="on"' in page


# --- drawing --------------------------------------------------------------------------------------


def test_names_are_never_taken_for_markup() -> None:
    page = drawn([Twig(1, "<b>Đồn</b>", note="1 < 2")])

    assert "<b>" not in page
    assert "&lt;b&gt;Đồn&lt;/b&gt;" in page


def test_every_list_that_opens_closes(cast: Cast) -> None:
    page = drawn(tree_of(day_for(cast, "tulenh", DAY)))

    for tag in ("ul", "li", "details", "div", "span"):
        assert len(re.findall(f"<{tag}[ >]", page)) == page.count(f"</{tag}>")


def test_a_large_tree_is_folded_under_the_second_level_and_takes_no_more_queries(
    cast: Cast, sign_in: Callable[[str], Client]
) -> None:
    client = sign_in("tulenh")
    client.get("/organisation/")
    with CaptureQueriesContext(connection) as few:
        small = client.get("/organisation/").content.decode()

    for number in range(FOLDED_FROM):
        unit = Unit.objects.create(code=f"SH-X{number:02}", kind="post", starts_on=START)
        UnitName.objects.create(unit=unit, name=f"Đồn {number}", short_name=f"Đồn {number}", starts_on=START)
        Edge.objects.create(unit=unit, parent_id=cast.units["SH"], line=Line.PROFESSIONAL, starts_on=START)
    with CaptureQueriesContext(connection) as many:
        large = client.get("/organisation/").content.decode()

    assert small.count("<details open>") == 3
    assert large.count("<details open>") == 1
    assert "Đồn 39" in large
    assert len(few) == len(many)


# --- one unit -------------------------------------------------------------------------------------

MAY_OPEN = [
    ("tulenh", "SH-1", 200),
    ("hanh", "SH-1", 200),
    ("hanh", "SH", 200),
    ("thanh", "SH-1", 200),
    ("thanh", "SH-2", 404),
    ("thanh", "SH", 404),
    ("hanh", "HQ", 404),
    ("hanh", "DV-1", 404),
    ("khach", "SH-1", 404),
]


@pytest.mark.parametrize(("username", "code", "status"), MAY_OPEN)
def test_a_units_page_opens_within_reach_and_nowhere_else(
    cast: Cast, sign_in: Callable[[str], Client], username: str, code: str, status: int
) -> None:
    assert sign_in(username).get(reverse("unit", args=[cast.units[code]])).status_code == status


def test_a_unit_that_was_never_there_is_not_found(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    del cast

    assert sign_in("tulenh").get(reverse("unit", args=[999_999])).status_code == 404


def test_a_unit_tells_its_names_superiors_and_what_changed_it(
    parted: Cast, system: Actor, sign_in: Callable[[str], Client]
) -> None:
    services.rename(parted.units["SH"], "Ban Chỉ huy BĐBP Sơn Hà", "BĐBP Sơn Hà", decided(), by=system)

    answer = sign_in("hanh").get(reverse("unit", args=[parted.units["SH"]]))

    assert [(one.words, one.last_on) for one in answer.context["names"]] == [
        ("Ban Chỉ huy BĐBP Sơn Hà", None),
        ("Bộ đội Biên phòng tỉnh Sơn Hà", EVE),
    ]
    assert [(one.line, one.words, one.last_on) for one in answer.context["superiors"]] == [
        ("chỉ huy", "Bộ Tư lệnh Bộ đội Biên phòng", EVE),
        ("chỉ huy", "Cơ quan đứng ngoài", None),
        ("đảng", "Cơ quan đứng ngoài", None),
        ("nghiệp vụ", "Bộ Tư lệnh Bộ đội Biên phòng", None),
    ]
    assert len(answer.context["told"]) == 2


def test_a_unit_tells_who_holds_its_posts_and_who_is_acting(
    cast: Cast, system: Actor, sign_in: Callable[[str], Client]
) -> None:
    services.appoint(cast.people["dong"].pk, cast.posts["hanh"].pk, starts_on=NOW.date(), acting=True, by=system)

    page = sign_in("hanh").get(reverse("unit", args=[cast.units["SH"]])).content.decode()

    assert "Đại úy Vi Thị Hạnh" in page
    assert re.search(r"Thiếu tá Lò Văn Đông\s*<span class=\"chip soon\">", page)
    assert "Lê Hết Hạn" not in sign_in("hanh").get(reverse("unit", args=[cast.units["SH-1"]])).content.decode()


def test_a_unit_tells_how_its_last_reports_stood(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    version = cast.hand_in("thanh", period="2026-10")

    answer = sign_in("hanh").get(reverse("unit", args=[cast.units["SH-1"]]))

    [form] = answer.context["standings"]
    stands = {stand.period: stand.words for stand in form.stands}
    assert stands["Tháng 10/2026"] == "trễ 30 ngày"
    assert stands["Tháng 11/2026"] == "chưa đến hạn"
    assert "Nghị định 09/2019" in form.clause
    assert reverse("report", args=[version.report_id]) in answer.content.decode()
