"""Units over time: names and superiors on a day, and every act that changes them by a decision."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from nennep.journal import queries as journal
from nennep.journal.models import Entry
from nennep.journal.rules import Actor, system_actor
from nennep.organisation import queries, services
from nennep.organisation.models import Edge, Succession, SuccessionPart, Unit, UnitName
from nennep.organisation.rules import Certainty, Line, NotAuthorised, OrganisationRefused, Permission, SuccessionKind
from nennep.organisation.services import Decided
from tests.cast import NOW, START, Cast

DAY = date(2026, 7, 1)
EVE = DAY - timedelta(days=1)
BOTH = (Line.COMMAND, Line.PROFESSIONAL)
pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Actor:
    return system_actor(NOW, NOW.date())


def decided(day: date = DAY, **more: object) -> Decided:
    return Decided("218/QĐ-BTL", day - timedelta(days=10), day, **more)  # type: ignore[arg-type]


def children(cast: Cast, code: str, day: date, line: Line | None = None) -> set[str]:
    codes = {unit_id: code for code, unit_id in queries.ids_by_code().items()}
    return {codes[unit] for unit in queries.tree_on(day, line).children.get(cast.units[code], ())}


# --- names ----------------------------------------------------------------------------------------


def test_a_renamed_unit_bears_the_old_name_until_the_day_and_the_new_one_from_it(cast: Cast, by: Actor) -> None:
    services.rename(cast.units["SH-1"], "Đồn Biên phòng Huổi Vạc", "Đồn BP Huổi Vạc", decided(), by=by)

    assert queries.unit(cast.units["SH-1"], EVE).name == "Đồn Biên phòng Nậm Ngà"
    assert queries.unit(cast.units["SH-1"], DAY).name == "Đồn Biên phòng Huổi Vạc"


@pytest.mark.parametrize("day", [DAY, EVE])
def test_a_name_before_one_that_is_already_recorded_is_refused(cast: Cast, by: Actor, day: date) -> None:
    services.rename(cast.units["SH-1"], "Tên hai", "Hai", decided(), by=by)

    with pytest.raises(OrganisationRefused, match="already recorded"):
        services.rename(cast.units["SH-1"], "Tên ba", "Ba", decided(day), by=by)

    assert queries.unit(cast.units["SH-1"], DAY).name == "Tên hai"


def test_before_its_first_day_a_unit_is_not_there(cast: Cast) -> None:
    with pytest.raises(Unit.DoesNotExist):
        queries.unit(cast.units["SH-1"], START - timedelta(days=1))

    assert queries.units_on(START - timedelta(days=1)) == {}
    assert not queries.tree_on(START - timedelta(days=1)).parents


def test_a_unit_that_ended_is_known_by_its_last_name_but_not_among_the_units_of_the_day(cast: Cast, by: Actor) -> None:
    services.merge([cast.units["SH-2"]], cast.units["SH-1"], decided(), by=by)

    assert cast.units["SH-2"] not in queries.units_on(DAY)
    assert queries.units_known_by(DAY)[cast.units["SH-2"]].name == "Đồn Biên phòng Tả Lùng"


def test_every_name_a_unit_bore_is_told_oldest_first(cast: Cast, by: Actor) -> None:
    services.rename(cast.units["SH-1"], "Tên hai", "Hai", decided(), by=by)
    services.rename(cast.units["SH-1"], "Tên ba", "Ba", decided(DAY + timedelta(days=30)), by=by)

    names = queries.names_of([cast.units["SH-1"]])[cast.units["SH-1"]]

    assert [row.name for row in names] == ["Đồn Biên phòng Nậm Ngà", "Tên hai", "Tên ba"]
    assert [row.ends_on for row in names] == [DAY, DAY + timedelta(days=30), None]


def test_the_database_refuses_two_names_from_one_day(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitName.objects.create(unit_id=cast.units["SH-1"], name="Khác", short_name="Khác", starts_on=START)


# --- superiors ------------------------------------------------------------------------------------


def test_a_transferred_unit_stands_under_the_new_superior_from_the_day_on(cast: Cast, by: Actor) -> None:
    services.transfer(cast.units["SH-1"], dict.fromkeys(BOTH, cast.units["DV"]), decided(), by=by)

    assert "SH-1" in children(cast, "SH", EVE)
    assert "SH-1" not in children(cast, "SH", DAY)
    assert "SH-1" in children(cast, "DV", DAY)


def test_lines_can_part_and_the_tree_of_all_lines_holds_both_superiors(cast: Cast, by: Actor) -> None:
    services.transfer(cast.units["SH"], {Line.COMMAND: cast.units["XX"]}, decided(), by=by)

    tree = queries.tree_on(DAY)

    assert set(tree.superiors(cast.units["SH"])) == {cast.units["XX"], cast.units["HQ"]}
    assert children(cast, "XX", DAY, Line.COMMAND) == {"SH"}
    assert children(cast, "HQ", DAY, Line.PROFESSIONAL) == {"SH", "DV"}
    assert children(cast, "HQ", DAY, Line.COMMAND) == {"DV"}


def test_a_unit_cannot_be_put_under_one_that_stands_under_it(cast: Cast, by: Actor) -> None:
    with pytest.raises(OrganisationRefused, match="under itself"):
        services.transfer(cast.units["SH"], {Line.COMMAND: cast.units["SH-1"]}, decided(), by=by)

    assert "SH" in children(cast, "HQ", DAY)
    assert not Succession.objects.exists()


def test_the_database_refuses_a_unit_as_its_own_superior(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Edge.objects.create(unit_id=cast.units["SH"], parent_id=cast.units["SH"], line=Line.PARTY, starts_on=DAY)


def test_a_change_before_one_that_is_already_recorded_is_refused(cast: Cast, by: Actor) -> None:
    services.transfer(cast.units["SH-1"], {Line.COMMAND: cast.units["DV"]}, decided(), by=by)

    with pytest.raises(OrganisationRefused, match="later change"):
        services.transfer(cast.units["SH-1"], {Line.COMMAND: cast.units["HQ"]}, decided(EVE), by=by)


def test_a_unit_that_does_not_exist_on_the_day_cannot_be_changed(cast: Cast, by: Actor) -> None:
    services.merge([cast.units["SH-2"]], cast.units["SH-1"], decided(), by=by)

    with pytest.raises(OrganisationRefused, match="does not exist"):
        services.rename(cast.units["SH-2"], "Tên mới", "Mới", decided(DAY + timedelta(days=1)), by=by)


# --- merging and splitting ------------------------------------------------------------------------


def test_a_merge_ends_the_unit_and_moves_what_stood_under_it(cast: Cast, by: Actor) -> None:
    services.merge([cast.units["DV"]], cast.units["SH"], decided(), by=by)

    assert children(cast, "HQ", DAY) == {"SH"}
    assert children(cast, "SH", DAY) == {"SH-1", "SH-2", "SH-3", "DV-1", "DV-2", "DV-3"}
    assert children(cast, "DV", EVE) == {"DV-1", "DV-2", "DV-3"}
    assert queries.merged_into() == {cast.units["DV"]: (cast.units["SH"], DAY)}


def test_a_merge_keeps_the_decision_and_how_sure_it_is(cast: Cast, by: Actor) -> None:
    how = decided(certainty=Certainty.LESS_CERTAIN, source="Báo", note="Chưa có số")

    made = services.merge([cast.units["DV"]], cast.units["SH"], how, by=by)

    told = queries.successions_between(EVE, DAY).get()
    assert (told.kind, told.decision_number, told.certainty) == (SuccessionKind.MERGE, "218/QĐ-BTL", "less_certain")
    assert told.source == "Báo"
    assert [(part.predecessor_id, part.successor_id) for part in made.parts.all()] == [
        (cast.units["DV"], cast.units["SH"])
    ]


def test_each_unit_that_a_merge_touches_has_it_in_its_journal(cast: Cast, by: Actor) -> None:
    services.merge([cast.units["DV"]], cast.units["SH"], decided(), by=by)

    for code in ("DV", "SH"):
        assert journal.entries([cast.units[code]], act="organisation.merge").count() == 1


def test_a_split_ends_the_unit_in_favour_of_its_heirs(cast: Cast, by: Actor) -> None:
    heirs = [
        services.create_unit(
            code, "post", code, code, starts_on=DAY, superiors=dict.fromkeys(BOTH, cast.units["SH"]), by=by
        ).pk
        for code in ("SH-4", "SH-5")
    ]

    services.split(cast.units["SH-3"], heirs, decided(), by=by)

    assert children(cast, "SH", DAY) == {"SH-1", "SH-2", "SH-4", "SH-5"}
    assert queries.heirs_between(EVE, DAY) == {cast.units["SH-3"]: set(heirs)}
    assert queries.ended_between(EVE, DAY) == {cast.units["SH-3"]: DAY}


def test_a_unit_with_units_under_it_is_not_split_before_these_are_transferred(cast: Cast, by: Actor) -> None:
    with pytest.raises(OrganisationRefused, match="transfer them first"):
        services.split(cast.units["SH"], [cast.units["DV"]], decided(), by=by)

    assert Unit.objects.get(pk=cast.units["SH"]).ends_on is None


def test_a_merge_that_names_nothing_but_the_successor_is_refused_whole(cast: Cast, by: Actor) -> None:
    with pytest.raises(OrganisationRefused):
        services.merge([cast.units["SH"]], cast.units["SH"], decided(), by=by)

    assert not SuccessionPart.objects.exists()


def test_two_decisions_of_a_day_on_one_unit_and_kind_do_not_stand_in_each_others_way(cast: Cast, by: Actor) -> None:
    services.transfer(cast.units["SH-1"], {Line.COMMAND: cast.units["DV"]}, decided(), by=by)

    services.transfer(cast.units["SH-1"], {Line.PROFESSIONAL: cast.units["DV"]}, decided(), by=by)

    assert "SH-1" in children(cast, "DV", DAY, Line.PROFESSIONAL)


def test_a_new_unit_with_a_taken_code_is_refused(cast: Cast, by: Actor) -> None:
    with pytest.raises(OrganisationRefused, match="taken"):
        services.create_unit(
            "SH-1", "post", "Khác", "Khác", starts_on=DAY, superiors={Line.COMMAND: cast.units["SH"]}, by=by
        )


def test_the_days_of_change_are_those_of_the_units_asked_for(cast: Cast, by: Actor) -> None:
    services.rename(cast.units["SH-1"], "Tên hai", "Hai", decided(), by=by)
    services.rename(cast.units["DV-1"], "Tên hai", "Hai", decided(EVE), by=by)

    assert queries.days_of_change() == [EVE, DAY]
    assert queries.days_of_change({cast.units["SH-1"]}) == [DAY]


# --- who may change -------------------------------------------------------------------------------


def test_only_a_post_with_authority_over_every_unit_concerned_may_change_it(cast: Cast) -> None:
    hanh = cast.actor("hanh")
    allowed = Actor(
        hanh.person_id,
        hanh.person_name,
        hanh.post_id,
        hanh.post_title,
        hanh.unit_id,
        hanh.permissions | {Permission.ORGANISATION_CHANGE},
        hanh.at,
        hanh.today,
    )

    with pytest.raises(NotAuthorised):
        services.rename(cast.units["SH-1"], "Tên", "Tên", decided(), by=hanh)
    with pytest.raises(NotAuthorised) as outside:
        services.transfer(cast.units["SH-1"], {Line.COMMAND: cast.units["DV"]}, decided(), by=allowed)
    services.rename(cast.units["SH-1"], "Tên", "Tên", decided(), by=allowed)

    assert outside.value.hidden
    assert Entry.objects.filter(act="organisation.rename").count() == 1
    assert Entry.objects.filter(act="organisation.transfer").count() == 0
