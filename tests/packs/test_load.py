"""A pack is written whole or not at all, a second time writes nothing, and nothing decided here is written over."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db.models import Model

from nennep.journal.models import Entry
from nennep.journal.queries import breaks
from nennep.journal.rules import Actor, system_actor
from nennep.organisation.models import Edge, Post, Succession, Unit, UnitName
from nennep.organisation.queries import ids_by_code, tree_on
from nennep.organisation.rules import Line, NotAuthorised
from nennep.organisation.services import Decided, transfer
from nennep.packs.load import PackRefused, load_pack
from nennep.packs.paper import NoPaper, measure_names, paper_for, paper_of
from nennep.packs.reading import read_pack, shipped_pack
from nennep.packs.schemas import Pack
from nennep.reporting.models import Duty, Form, Indicator, ReportingCalendar, Target
from nennep.reporting.queries import top_unit
from nennep.reporting.rules.periods import Kind

pytestmark = pytest.mark.django_db
BY = system_actor(datetime(2025, 11, 19, 2, 0, tzinfo=UTC), date(2025, 11, 19))


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(shipped_pack("bdbp"))


def changed(pack: Pack, table: str, position: int, **values: object) -> Pack:
    """The pack in a newer version in which one row of one table says something else."""
    rows = list(getattr(pack, table))
    rows[position] = rows[position].model_copy(update=values)
    return pack.model_copy(update={table: tuple(rows), "about": pack.about.model_copy(update={"version": "9.0.0"})})


def newer(pack: Pack, **tables: object) -> Pack:
    return pack.model_copy(update={**tables, "about": pack.about.model_copy(update={"version": "9.0.0"})})


def test_every_row_of_the_pack_stands_in_its_table(pack: Pack) -> None:
    loaded = load_pack(pack, by=BY)

    sizes: dict[type[Model], int] = {
        Unit: len(pack.units),
        UnitName: len(pack.unit_names),
        Edge: len(pack.edges),
        Indicator: len(pack.indicators),
        Form: len(pack.forms),
        Duty: len(pack.duties),
        Target: len(pack.targets),
    }
    assert {model: model.objects.count() for model in sizes} == sizes  # type: ignore[attr-defined]
    assert loaded.added == sum(count.added for count in loaded.counts.values()) > 5000
    assert loaded.changed == loaded.removed == loaded.unchanged == 0


def test_loading_again_changes_nothing_and_leaves_no_entry(pack: Pack) -> None:
    first = load_pack(pack, by=BY)

    again = load_pack(pack, by=BY)

    assert (again.added, again.changed, again.removed) == (0, 0, 0)
    assert again.unchanged == first.added
    assert again.counts.keys() == first.counts.keys()
    assert Entry.objects.filter(act="packs.load").count() == 1
    assert list(breaks()) == []


def test_comparing_row_by_row_finds_nothing_to_change_either(pack: Pack) -> None:
    load_pack(pack, by=BY)
    relabelled = newer(pack)

    again = load_pack(relabelled, by=BY)

    assert (again.added, again.changed, again.removed) == (0, 0, 0)
    assert Entry.objects.filter(act="packs.load").count() == 1


def test_a_new_version_changes_only_the_row_that_differs(pack: Pack) -> None:
    load_pack(pack, by=BY)
    ids = dict(Indicator.objects.values_list("code", "id"))

    again = load_pack(changed(pack, "indicators", 0, name="Tên khác"), by=BY)

    assert (again.added, again.changed, again.removed) == (0, 1, 0)
    assert Indicator.objects.get(code=pack.indicators[0].code).name == "Tên khác"
    assert dict(Indicator.objects.values_list("code", "id")) == ids
    assert Entry.objects.filter(act="packs.load").count() == 2


def test_a_new_version_takes_away_a_superior_but_never_an_indicator(pack: Pack) -> None:
    load_pack(pack, by=BY)

    again = load_pack(newer(pack, edges=pack.edges[:-1], indicators=pack.indicators[:-1]), by=BY)

    assert again.removed == 1
    assert Edge.objects.count() == len(pack.edges) - 1
    assert Indicator.objects.count() == len(pack.indicators)


def test_another_layout_under_the_same_version_is_refused_whole(pack: Pack) -> None:
    load_pack(pack, by=BY)
    form = pack.forms[0]
    newer_pack = changed(pack, "forms", 0, sections=form.sections[:-1])
    renamed = newer_pack.model_copy(
        update={"units": (*pack.units, pack.units[-1].model_copy(update={"code": "NEW-01"}))}
    )

    with pytest.raises(PackRefused, match=f"form {form.code}: its layout changed; give it version"):
        load_pack(renamed, by=BY)

    assert Form.objects.get(code=form.code, version=form.version).layout_data["sections"][-1] is not None


def test_what_was_decided_here_is_not_written_over(pack: Pack) -> None:
    load_pack(pack, by=BY)
    post = next(unit.code for unit in pack.units if unit.kind == "post" and unit.ends_on is None)
    ids = ids_by_code()
    old = tree_on(BY.today, Line.COMMAND).superiors(ids[post])[0]
    other = next(ids[unit.code] for unit in pack.units if unit.code == "LANG-SON" and ids[unit.code] != old)
    transfer(ids[post], {Line.COMMAND: other}, Decided("12/QĐ", None, date(2025, 11, 1)), by=BY)

    same = load_pack(pack, by=BY)
    with pytest.raises(PackRefused, match="does not know"):
        load_pack(changed(pack, "indicators", 0, name="Tên khác"), by=BY)

    assert same.changed == 0
    assert tree_on(BY.today, Line.COMMAND).superiors(ids[post]) == (other,)


def test_only_whoever_runs_the_machine_loads_a_pack(pack: Pack) -> None:
    somebody = Actor(1, "A", 1, "B", 1, frozenset({"organisation.change"}), BY.at, BY.today)

    with pytest.raises(NotAuthorised):
        load_pack(pack, by=somebody)

    assert not Unit.objects.exists()


def test_every_unit_of_a_kind_gets_the_posts_of_its_kind(pack: Pack) -> None:
    load_pack(pack, by=BY)

    templates = {template.code for template in pack.posts if template.unit_kind == "post"}
    posts = [unit.code for unit in pack.units if unit.kind == "post"]

    assert set(Post.objects.filter(unit__code=posts[0]).values_list("code", flat=True)) == templates
    assert Post.objects.filter(unit__kind="post").count() == len(posts) * len(templates)


def test_forms_calendars_and_balances_read_back_as_rules(pack: Pack) -> None:
    load_pack(pack, by=BY)

    monthly = Form.objects.get(code="monthly", version=1)
    calendar = ReportingCalendar.objects.get(code="nd09").rule
    november = calendar.parse("2026-11")

    assert [section.letter for section in monthly.layout.sections] == [
        section.letter for form in pack.forms if form.code == "monthly" for section in form.sections
    ]
    assert (november.starts_on, november.ends_on) == (date(2026, 10, 15), date(2026, 11, 15))
    assert calendar.numbered(Kind.WEEK, 2026, 47).starts_on.weekday() == 3
    assert not Indicator.objects.get(code="entry.cases").rule.balance
    assert Indicator.objects.get(code="entry.cases_detected").rule.balance
    assert top_unit(monthly, date(2026, 11, 1)) == Unit.objects.get(code="BTL").pk


def test_successions_keep_their_parts_and_how_sure_we_are_of_them(pack: Pack) -> None:
    load_pack(pack, by=BY)

    merged = Succession.objects.get(code="2025-07-01-merge-dong-thap")
    certain = {row.certainty for row in Succession.objects.filter(kind="merge", effective_on=date(2025, 7, 1))}

    assert [part.predecessor.code for part in merged.parts.all()] == ["TIEN-GIANG"]
    assert certain == {"certain", "less_certain"}
    assert sum(succession.parts.count() for succession in Succession.objects.all()) == len(pack.successions)


def test_a_paper_names_the_superior_and_the_place_of_its_day(pack: Pack) -> None:
    load_pack(pack, by=BY)
    ids = ids_by_code()

    before = paper_of(ids["HA-GIANG"], date(2025, 6, 30))
    after = paper_of(ids["HA-GIANG"], date(2025, 7, 1))

    assert (before.superior, before.place) == ("Bộ Tư lệnh Bộ đội Biên phòng", "Hà Giang")
    assert (after.superior, after.place) == ("Bộ Chỉ huy quân sự tỉnh Tuyên Quang", "Tuyên Quang")
    assert after.issuer == "Ban Chỉ huy BĐBP tỉnh Tuyên Quang"
    assert f"{after.superior} (để báo cáo)" in after.recipients


def test_a_kind_of_unit_without_a_paper_is_said() -> None:
    with pytest.raises(NoPaper, match="party_committee"):
        paper_for("party_committee", BY.today, unit="Tỉnh ủy")


def test_every_measure_that_indicators_carry_has_an_english_name(pack: Pack) -> None:
    load_pack(pack, by=BY)

    carried = set(Indicator.objects.values_list("unit_of_measure", flat=True))

    assert carried <= measure_names().keys()
