"""Who finds what, in which order: the index on the database that the tests run on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nennep.organisation.rules import Permission
from nennep.search import queries, services
from nennep.search.models import Entry
from nennep.search.rules import NEEDED, OPEN, Kind, Put
from tests.cast import NOW, Cast, good_content

DAY = date(2026, 11, 1)


def found(cast: Cast, username: str, typed: str, *kinds: Kind) -> list[int]:
    return [hit.key for hit in queries.find(cast.actor(username), typed, kinds=kinds).hits]


def put(key: int, title: str, text: str = "", *, unit: int, kind: Kind = Kind.REPORT, dated_on: date = DAY) -> None:
    services.put(kind, key, unit_id=unit, title=title, text=text, dated_on=dated_on)


# --- in which order -------------------------------------------------------------------------------


def test_exact_accents_come_first_then_bare_letters_titles_before_texts_the_newest_before_the_older(
    cast: Cast,
) -> None:
    unit = cast.units["HQ"]
    put(1, "Lịch", "ke hoach", unit=unit)
    put(2, "Ke hoach", unit=unit)
    put(3, "Lịch", "kế hoạch năm", unit=unit, dated_on=DAY - timedelta(days=9))
    put(4, "Lịch", "kế hoạch năm", unit=unit, dated_on=DAY - timedelta(days=5))
    put(5, "Kế hoạch", unit=unit, dated_on=DAY - timedelta(days=400))
    put(6, "Kẻ hoạch định", unit=unit)
    put(7, "Lịch", "kế toán", unit=unit)

    assert found(cast, "kehoach", "kế hoạch") == [5, 4, 3, 6, 2, 1]
    assert found(cast, "kehoach", "ke hoach") == [2, 1, 6, 5, 4, 3]
    assert found(cast, "kehoach", "KẾ HOẠCH") == found(cast, "kehoach", "kế hoạch")


def test_a_whole_word_in_a_text_comes_before_the_mere_beginning_of_one_in_a_title(cast: Cast) -> None:
    unit = cast.units["HQ"]
    put(1, "Tuần này ở Trâm Cả", unit=unit)
    put(2, "Lịch", "tuần tra", unit=unit)
    put(3, "Tuần của trạm", unit=unit)
    put(4, "Lịch tuần trạ", unit=unit)
    put(5, "Tuần tranh thủ", unit=unit)

    assert found(cast, "kehoach", "tuan tra") == [4, 2, 5, 3, 1]
    assert found(cast, "kehoach", "tuần tra") == [2, 5, 4, 3, 1]


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("tuần tra", {1}),
        ("tra tuần", {1}),
        ('"tuần tra"', {1}),
        ('"tra tuần"', set()),
        ('"05 tuần"', set()),  # no phrase runs from the title into the text
        ("05/kh-btl", {1}),
        ("05/kh-btx", set()),
        ("tuần tr", {1}),
        ("tuần tr ", set()),
        ("duong", {2}),
        ("đường", {2}),
        ("dường", {2}),  # accents that are not there count as none
        ("bien gioi", {1, 2}),
        ("biên giới duong", {2}),
        ("'; DROP TABLE search_entry; --", set()),
        ('"', set()),
        ("NEAR(tuần tra)", set()),
    ],
)
def test_every_word_must_occur_and_the_last_may_be_a_beginning(cast: Cast, typed: str, keys: set[int]) -> None:
    unit = cast.units["HQ"]
    put(1, "Số 05/KH-BTL 05", "Tuần tra biên giới", unit=unit)
    put(2, "Phát quang", "Đường biên giới", unit=unit)

    assert set(found(cast, "kehoach", typed)) == keys


def test_a_beginning_of_very_many_words_finds_them_all(cast: Cast) -> None:
    for key in range(80):
        put(key, f"bi{key:02} bia{key:02}", unit=cast.units["HQ"])

    assert len(queries.find(cast.actor("kehoach"), "bi", limit=100).hits) == 80
    assert len(queries.find(cast.actor("kehoach"), "bia", limit=100).hits) == 80


def test_pages_follow_one_another_without_a_gap_or_a_repetition(cast: Cast) -> None:
    for key in range(7):
        put(key, "Kế hoạch" if key % 3 else "ke hoach", "kế hoạch" if key % 2 else "", unit=cast.units["HQ"])

    def walk() -> Iterator[int]:
        after = ""
        while True:
            page = queries.find(cast.actor("kehoach"), "kế hoạch", limit=2, after=after)
            yield from (hit.key for hit in page.hits)
            after = page.after
            if not after:
                return

    assert list(walk()) == found(cast, "kehoach", "kế hoạch")
    assert sorted(walk()) == list(range(7))


@pytest.mark.parametrize("after", ["", "x", "9-9", "0-", "-1", "0-99999999999999999999", "²-1"])
def test_a_page_that_is_none_of_ours_harms_nothing(cast: Cast, after: str) -> None:
    put(1, "Kế hoạch", unit=cast.units["HQ"])

    assert [hit.key for hit in queries.find(cast.actor("kehoach"), "kế", after=after).hits] in ([1], [])


# --- who finds ------------------------------------------------------------------------------------


def test_a_unit_above_finds_and_units_beside_and_below_do_not(cast: Cast) -> None:
    for key, unit in enumerate(("HQ", "SH", "SH-1", "DV-1", "XX")):
        put(key, "Kế hoạch", unit=cast.units[unit])

    assert set(found(cast, "kehoach", "kế hoạch")) == {0, 1, 2, 3}
    assert set(found(cast, "hanh", "kế hoạch")) == {1, 2}
    assert set(found(cast, "thanh", "kế hoạch")) == {2}
    assert set(found(cast, "dong", "kế hoạch")) == {3}
    assert set(found(cast, "khach", "kế hoạch")) == {4}


def test_what_is_meant_for_a_unit_is_found_there_and_above_it(cast: Cast) -> None:
    units = cast.units
    services.put(
        Kind.REPORT, 1, unit_id=units["HQ"], title="Chỉ thị", dated_on=DAY, audience=[units["SH-1"], units["DV"]]
    )

    finders = {who for who in ("kehoach", "hanh", "thanh", "pao", "dong", "vai", "khach") if found(cast, who, "chỉ")}

    assert finders == {"kehoach", "hanh", "thanh", "dong"}


def test_a_draft_is_found_by_posts_of_its_own_unit_alone(cast: Cast) -> None:
    services.put(Kind.REPORT, 1, unit_id=cast.units["SH"], title="Dự thảo", dated_on=DAY, within_unit=True)

    assert found(cast, "hanh", "dự thảo") == [1]
    assert found(cast, "kehoach", "dự thảo") == []
    assert found(cast, "thanh", "dự thảo") == []


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_is_found_by_whoever_carries_its_permission(cast: Cast, kind: Kind) -> None:
    services.put(kind, 1, unit_id=None if kind in OPEN else cast.units["SH-1"], title="Kế hoạch", dated_on=DAY)
    post = cast.posts["thanh"]

    post.permissions = [str(permission) for permission in Permission if permission is not NEEDED[kind]]
    without = found(cast, "thanh", "kế hoạch")
    post.permissions = [str(NEEDED[kind])]

    assert without == []
    assert found(cast, "thanh", "kế hoạch") == [1]


def test_a_reach_of_many_units_finds_the_same_as_one_of_few(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, unit in enumerate(("HQ", "SH", "SH-1", "DV-1", "XX")):
        put(key, "Kế hoạch", unit=cast.units[unit])
    narrow = [found(cast, who, "ke hoach") for who in ("kehoach", "hanh", "thanh", "khach")]

    monkeypatch.setattr("nennep.search.words._MOST_UNITS_AS_WORDS", 0)

    assert [found(cast, who, "ke hoach") for who in ("kehoach", "hanh", "thanh", "khach")] == narrow


def test_a_kind_narrows_what_is_found(cast: Cast) -> None:
    put(1, "Kế hoạch", unit=cast.units["SH"])
    put(1, "Kế hoạch đơn vị", unit=cast.units["SH"], kind=Kind.UNIT)

    hits = queries.find(cast.actor("hanh"), "kế hoạch", kinds=[Kind.UNIT]).hits

    assert [(hit.kind, hit.name) for hit in hits] == [(Kind.UNIT, "Kế hoạch đơn vị")]


# --- what changes ---------------------------------------------------------------------------------


def test_a_thing_that_is_put_again_is_found_as_it_is_now_and_one_that_is_forgotten_not_at_all(cast: Cast) -> None:
    put(1, "Kế hoạch", unit=cast.units["SH"])
    put(1, "Chương trình", unit=cast.units["SH-1"], dated_on=DAY + timedelta(days=1))

    assert found(cast, "hanh", "kế hoạch") == []
    assert found(cast, "thanh", "chương trình") == [1]
    services.forget(Kind.REPORT, 1)
    services.forget(Kind.REPORT, 1)
    assert found(cast, "thanh", "chương trình") == []
    assert Entry.objects.filter(kind=Kind.REPORT).count() == 0


def test_of_many_that_name_one_thing_twice_the_last_counts(cast: Cast) -> None:
    unit = cast.units["SH"]
    count = services.put_many(Put(Kind.PLAN, 1, unit, title, "", DAY) for title in ("Một", "Hai"))

    assert count == 1
    assert [row.title for row in Entry.objects.all()] == ["Hai"]


def test_building_anew_leaves_what_is_given_and_nothing_else(cast: Cast) -> None:
    put(1, "Kế hoạch", unit=cast.units["SH"])

    count = services.rebuild([Put(Kind.REPORT, 2, cast.units["SH"], "Kế hoạch mới", "", DAY)])

    assert count == 1
    assert found(cast, "hanh", "kế hoạch") == [2]


def test_finding_much_asks_no_more_often_than_finding_little(cast: Cast) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            queries.find(cast.actor("kehoach"), "kế")
        return len(caught)

    put(0, "Kế hoạch", unit=cast.units["SH"])
    few = asked()
    for key in range(1, 40):
        put(key, "Kế hoạch", unit=cast.units["SH"])

    assert asked() <= few


# --- what is put by the acts ----------------------------------------------------------------------


def test_a_report_is_found_from_the_moment_it_is_handed_in_by_what_its_newest_version_says(cast: Cast) -> None:
    drafted = cast.draft("pao", good_content())
    assert found(cast, "hanh", "giáp biên", Kind.REPORT) == []

    version = cast.hand_in("thanh")

    assert found(cast, "hanh", "giáp biên", Kind.REPORT) == [version.report_id]
    assert found(cast, "thanh", "tháng 11/2026 nam nga", Kind.REPORT) == [version.report_id]
    assert found(cast, "pao", "giáp biên", Kind.REPORT) == []
    assert drafted.pk not in found(cast, "kehoach", "giáp biên", Kind.REPORT)
    hit = queries.find(cast.actor("hanh"), "giáp biên").hits[0]
    assert (hit.unit_id, hit.dated_on, hit.name) == (
        cast.units["SH-1"],
        date(2026, 11, 14),
        "Đồn BP Nậm Ngà – Báo cáo CTĐ, CTCT tháng 11/2026",
    )
    assert NOW.date() > hit.dated_on
