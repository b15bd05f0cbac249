"""The shipped pack `bdbp` says what is publicly known of the organisation, and marks what is not."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import date, timedelta

import pytest

from nennep.packs.reading import find_mistakes, read_pack, shipped_pack
from nennep.packs.schemas import Form, MonthCutOff, Pack, Unit

LAST_DAY_BEFORE = date(2025, 6, 30)
REORGANISATION = date(2025, 7, 1)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(shipped_pack("bdbp"))


def units(pack: Pack, kind: str, day: date) -> list[Unit]:
    return [unit for unit in pack.units if unit.kind == kind and unit.in_force_on(day)]


def name(pack: Pack, code: str, day: date) -> str:
    return next(row.name for row in pack.unit_names if row.unit == code and row.in_force_on(day))


def superior(pack: Pack, code: str, line: str, day: date) -> str | None:
    rows = (row for row in pack.edges if row.unit == code and row.line == line and row.in_force_on(day))
    return next((row.parent for row in rows), None)


def cells(form: Form) -> list[str]:
    return [row.indicator for section in form.sections if section.kind == "cells" for row in section.rows]


def test_the_shipped_pack_has_no_mistake() -> None:
    assert find_mistakes(shipped_pack("bdbp")) == ()


@pytest.mark.parametrize(
    ("day", "commands"), [(date(2022, 1, 1), 44), (LAST_DAY_BEFORE, 44), (REORGANISATION, 30), (date(2026, 12, 31), 30)]
)
def test_there_are_44_commands_until_30_june_2025_and_30_from_the_next_day(
    pack: Pack, day: date, commands: int
) -> None:
    assert len(units(pack, "province_command", day)) == commands


def test_every_command_is_named_after_its_time(pack: Pack) -> None:
    before = [name(pack, unit.code, LAST_DAY_BEFORE) for unit in units(pack, "province_command", LAST_DAY_BEFORE)]
    after = [name(pack, unit.code, REORGANISATION) for unit in units(pack, "province_command", REORGANISATION)]

    assert all(each.startswith("Bộ Chỉ huy BĐBP ") for each in before)
    assert all(each.startswith("Ban Chỉ huy BĐBP ") for each in after)
    assert len(set(before)) == 44
    assert len(set(after)) == 30


def test_a_command_has_two_superiors_after_the_reorganisation_and_headquarters_before(pack: Pack) -> None:
    for unit in units(pack, "province_command", LAST_DAY_BEFORE):
        assert superior(pack, unit.code, "command", LAST_DAY_BEFORE) == "BTL"
        assert superior(pack, unit.code, "party", LAST_DAY_BEFORE) == f"TU-{unit.code}"
        assert superior(pack, unit.code, "professional", LAST_DAY_BEFORE) == "BTL"
    above = set()
    for unit in units(pack, "province_command", REORGANISATION):
        military = superior(pack, unit.code, "command", REORGANISATION)
        assert superior(pack, unit.code, "party", REORGANISATION) == military
        assert superior(pack, unit.code, "professional", REORGANISATION) == "BTL"
        above.add(military)
    assert above == {unit.code for unit in units(pack, "military_command", REORGANISATION)}
    assert len(above) == 30


def test_the_city_of_ho_chi_minh_stands_under_its_own_command_and_ha_noi_has_none(pack: Pack) -> None:
    military = {name(pack, unit.code, REORGANISATION) for unit in units(pack, "military_command", REORGANISATION)}

    assert "Bộ Tư lệnh Thành phố Hồ Chí Minh" in military
    assert not any("Hà Nội" in each for each in military)


def test_sixteen_commands_merge_and_two_of_the_successors_are_new(pack: Pack) -> None:
    merges = {
        row.predecessor: row.successor
        for row in pack.successions
        if row.effective_on == REORGANISATION and row.kind == "merge"
    }
    before = {unit.code for unit in units(pack, "province_command", LAST_DAY_BEFORE)}
    after = {unit.code for unit in units(pack, "province_command", REORGANISATION)}

    assert before - after == set(merges)
    assert set(merges.values()) <= after
    assert len(merges) == 16
    assert after - before == {"LAM-DONG", "VINH-LONG"}
    assert {old for old, new in merges.items() if new == "LAM-DONG"} == {"BINH-THUAN", "DAK-NONG"}
    assert {old for old, new in merges.items() if new == "VINH-LONG"} == {"BEN-TRE", "TRA-VINH"}


@pytest.mark.parametrize(
    ("code", "new_province"),
    [("HA-GIANG", "Tuyên Quang"), ("THAI-BINH", "Hưng Yên"), ("BINH-PHUOC", "Đồng Nai"), ("SOC-TRANG", "Cần Thơ")],
)
def test_a_command_that_passes_into_another_province_stays_the_same_unit(
    pack: Pack, code: str, new_province: str
) -> None:
    assert name(pack, code, REORGANISATION).endswith(new_province)


def test_only_what_has_a_source_of_its_own_is_marked_certain(pack: Pack) -> None:
    certain = {
        (row.kind, row.predecessor, row.successor)
        for row in pack.successions
        if row.effective_on == REORGANISATION and row.certainty == "certain"
    }

    assert certain == {
        ("merge", "BEN-TRE", "VINH-LONG"),
        ("merge", "TRA-VINH", "VINH-LONG"),
        ("merge", "TIEN-GIANG", "DONG-THAP"),
        ("rename", "TP-HO-CHI-MINH", "TP-HO-CHI-MINH"),
        ("transfer", "TP-HO-CHI-MINH", "TP-HO-CHI-MINH"),
    }


def test_the_decision_of_the_reorganisation_has_a_day_and_no_invented_number(pack: Pack) -> None:
    rows = [row for row in pack.successions if row.effective_on == REORGANISATION]

    assert {row.decision_on for row in rows} == {date(2025, 6, 21)}
    assert {row.decision_number for row in rows} == {""}


@pytest.mark.parametrize("day", [LAST_DAY_BEFORE, REORGANISATION])
def test_there_are_about_ten_demonstration_posts_under_a_command(pack: Pack, day: date) -> None:
    posts = [*units(pack, "post", day), *units(pack, "naval_squadron", day)]
    under = Counter(superior(pack, post.code, "professional", day) for post in posts)

    assert all(post.demonstration for post in posts)
    assert 430 <= len(posts) <= 450
    assert set(under) == {unit.code for unit in units(pack, "province_command", day)}


def test_only_posts_and_squadrons_are_demonstration_units(pack: Pack) -> None:
    assert {unit.kind for unit in pack.units if unit.demonstration} == {"post", "naval_squadron"}


def test_a_post_has_the_same_superior_on_all_three_lines(pack: Pack) -> None:
    for day in (LAST_DAY_BEFORE, REORGANISATION):
        for post in units(pack, "post", day):
            assert len({superior(pack, post.code, line, day) for line in ("command", "party", "professional")}) == 1


def test_no_two_units_share_a_name_on_one_day(pack: Pack) -> None:
    for day in (LAST_DAY_BEFORE, REORGANISATION, date(2026, 1, 1)):
        names = Counter(row.name for row in pack.unit_names if row.in_force_on(day))
        assert [each for each, times in names.items() if times > 1] == []


def test_one_rename_one_merge_and_one_split_happen_among_the_demonstration_posts(pack: Pack) -> None:
    invented = [row for row in pack.successions if row.decision_number]

    assert Counter(row.kind for row in invented) == {"rename": 1, "merge": 2, "split": 2}
    assert len({row.code for row in invented}) == 3
    assert all("minh họa" in row.source and "không có thật" in row.note for row in invented)


def test_there_are_at_least_sixty_indicators_in_every_field_of_work(pack: Pack) -> None:
    assert len(pack.indicators) >= 60
    assert {row.field for row in pack.indicators} == {field.code for field in pack.fields}
    assert {row.kind for row in pack.indicators} >= {"flow", "stock", "ratio", "mean", "max", "distinct"}


def test_no_indicator_claims_to_be_cleared(pack: Pack) -> None:
    assert {row.cleared_by for row in pack.indicators} == {"demonstration – to be cleared by the owner"}


def test_no_indicator_asks_for_a_civilian(pack: Pack) -> None:
    """The civilian side is counts only: no measure is a name, a number or an address of a person."""
    measures = {row.code for row in pack.units_of_measure}

    assert {row.unit_of_measure for row in pack.indicators} <= measures
    assert not [
        row.code for row in pack.indicators if re.search(r"họ tên|căn cước|địa chỉ|số điện thoại", row.name.lower())
    ]


def test_district_committees_are_no_longer_counted_once_there_are_no_districts(pack: Pack) -> None:
    district = next(row for row in pack.indicators if row.code == "local.district_committee")

    assert district.ends_on == REORGANISATION
    for form in pack.forms:
        if form.in_force_on(REORGANISATION):
            assert "local.district_committee" not in cells(form)


@pytest.mark.parametrize(
    ("code", "fewest", "most"),
    [("weekly", 8, 15), ("monthly", 35, 46), ("quarterly", 46, 90), ("half_yearly", 60, 130), ("yearly", 60, 135)],
)
def test_a_form_is_as_long_as_its_period_bears(pack: Pack, code: str, fewest: int, most: int) -> None:
    versions = [form for form in pack.forms if form.code == code]

    assert versions
    for form in versions:
        assert fewest <= len(cells(form)) <= most


def test_the_monthly_form_has_sections_of_cells_and_of_words(pack: Pack) -> None:
    monthly = next(form for form in pack.forms if form.code == "monthly")
    kinds = Counter(section.kind for section in monthly.sections)
    asked = [kind for section in monthly.sections if section.kind == "words" for kind in section.statement_kinds]

    assert 5 <= kinds["cells"] <= 7
    assert 4 <= kinds["words"] <= 6
    assert sorted(asked) == sorted(row.code for row in pack.statement_kinds)


def test_every_section_of_cells_has_a_sentence_for_the_consolidated_report(pack: Pack) -> None:
    for form in pack.forms:
        for section in form.sections:
            if section.kind == "cells":
                assert section.sentences, f"{form.code} {section.letter}"


def test_every_reporting_unit_has_a_duty_for_each_form_on_the_professional_line(pack: Pack) -> None:
    duties = {(row.form, row.unit_kind) for row in pack.duties}

    assert {row.line for row in pack.duties} == {"professional"}
    assert duties == {
        (form.code, kind) for form in pack.forms for kind in ("post", "naval_squadron", "province_command")
    }


def test_a_command_has_more_days_than_its_posts(pack: Pack) -> None:
    days = {(row.form, row.unit_kind): row.due_days for row in pack.duties}

    for form in {row.form for row in pack.duties}:
        assert days[form, "post"] < days[form, "province_command"]


@pytest.mark.parametrize(
    ("kind", "first_month", "year", "first_day", "last_day"),
    [
        ("month", 1, 2024, date(2023, 12, 15), date(2024, 1, 14)),
        ("month", 3, 2024, date(2024, 2, 15), date(2024, 3, 14)),
        ("quarter", 1, 2025, date(2024, 12, 15), date(2025, 3, 14)),
        ("quarter", 10, 2025, date(2025, 9, 15), date(2025, 12, 14)),
        ("half", 1, 2025, date(2024, 12, 15), date(2025, 6, 14)),
        ("half", 7, 2025, date(2025, 6, 15), date(2025, 12, 14)),
        ("nine_months", 1, 2025, date(2024, 12, 15), date(2025, 9, 14)),
        ("year", 1, 2025, date(2024, 12, 15), date(2025, 12, 14)),
    ],
)
def test_the_cut_offs_are_those_of_decree_09_2019_article_12(
    pack: Pack, kind: str, first_month: int, year: int, first_day: date, last_day: date
) -> None:
    cut_off = next(row for row in pack.calendars[0].kinds if row.kind == kind)

    assert isinstance(cut_off, MonthCutOff)
    assert first_month in cut_off.first_months
    months = year * 12 + first_month - 1 + cut_off.start_month_offset
    end = months + cut_off.months
    assert date(months // 12, months % 12 + 1, cut_off.start_day) == first_day
    assert date(end // 12, end % 12 + 1, cut_off.start_day) - timedelta(days=1) == last_day


def test_three_days_after_a_cut_off_always_hold_a_working_day(pack: Pack) -> None:
    """Decree 09/2019, article 8, clause 5: the deadline is at least one working day after the cut-off.

    Whatever weekday the cut-off falls on, one of the days up to the deadline is Monday to Friday.
    """
    weekly = {row.form for row in pack.duties if row.frequency == "week"}

    for duty in pack.duties:
        # The week always ends on a Wednesday.
        for weekday in (2,) if duty.form in weekly else range(7):
            following = [(weekday + days) % 7 for days in range(1, duty.due_days + 1)]
            assert any(day < 5 for day in following), f"{duty.form} of {duty.unit_kind}"


def test_headquarters_has_demonstration_targets_for_three_years(pack: Pack) -> None:
    assert {row.year for row in pack.targets} == {2024, 2025, 2026}
    assert {row.unit for row in pack.targets} == {"BTL"}
    assert all(row.demonstration for row in pack.targets)


def test_every_reporting_kind_has_a_paper_at_any_time(pack: Pack) -> None:
    for day in (LAST_DAY_BEFORE, REORGANISATION):
        for family in ("state", "party"):
            kinds = [row.unit_kind for row in pack.layouts if row.family == family and row.in_force_on(day)]
            assert sorted(kinds) == ["headquarters", "naval_squadron", "post", "province_command"]


def test_every_type_of_document_can_be_signed_by_each_kind_of_unit_that_issues_it(pack: Pack) -> None:
    signing = {row.code: {signer.unit_kind for signer in row.signers} for row in pack.documents.signing}

    unsigned = [row.code for row in pack.documents.types if not set(row.issuers) <= signing[row.signing]]

    assert unsigned == []


def test_only_the_page_of_sources_names_addresses() -> None:
    for path in shipped_pack("bdbp").rglob("*"):
        if path.is_file() and path.suffix != ".md":
            assert "://" not in path.read_text(encoding="utf-8"), path.name


def test_files_are_sorted_so_that_a_change_reads_as_a_change(pack: Pack) -> None:
    def plain(rows: list[tuple[str, ...]]) -> bool:
        return rows == sorted(rows)

    by_day = [(str(row.effective_on), row.code) for row in pack.successions]
    lives: dict[tuple[str, str], list[tuple[str, ...]]] = {}
    for edge in pack.edges:
        lives.setdefault((edge.unit, edge.line), []).append((str(edge.starts_on),))

    assert plain([(day, code) for day, code in by_day])
    assert all(plain(rows) for rows in lives.values())


def test_the_data_is_in_nfc() -> None:
    for path in shipped_pack("bdbp").rglob("*.*"):
        if path.is_file() and path.suffix in {".csv", ".toml", ".md"}:
            assert unicodedata.is_normalized("NFC", path.read_text(encoding="utf-8")), path.name
