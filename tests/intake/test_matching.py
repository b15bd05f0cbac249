"""Which cell a number belongs to: tables of examples, in wordings that officers use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from loom import Reading, read
from nennep.intake.rules.heads import core, named
from nennep.intake.rules.matching import Match, Reason, Target, match, wording_about
from nennep.intake.rules.states import Certainty
from nennep.intake.rules.wording import AKIN, ALIKE, EXACT, UNFIT, measure_fit, telling
from nennep.packs.reading import read_pack, shipped_pack


@cache
def cells() -> tuple[Target, ...]:
    """Every figure that the shipped pack knows, with its wordings, as one large form."""
    pack = read_pack(shipped_pack("bdbp"))
    measures = {row.code: row.name for row in pack.units_of_measure}
    return tuple(
        Target(
            row.code,
            row.name,
            measures[row.unit_of_measure],
            tuple(one.phrase for one in pack.synonyms if one.indicator == row.code),
            part_of=row.part_of or "",
            decimals=row.decimals,
            is_computed=row.kind == "ratio",
            is_stock=row.kind in {"stock", "distinct"},
        )
        for row in pack.indicators
    )


def placed(text: str, targets: Sequence[Target] | None = None) -> list[tuple[str, str]]:
    """Each number of a text with the cell it is proposed for."""
    reading = read(text)
    found = match(reading, targets or cells())
    return [(reading.quantities[one.quantity].quote, one.code) for one in found]


def only(text: str, targets: Sequence[Target] | None = None) -> Match:
    found = match(read(text), targets or cells())
    assert len(found) == 1, found
    return found[0]


#: A sentence, and the cells of its numbers in their order.
SENTENCES = [
    ("- Tổ chức tuần tra 24 lượt tổ/130 lượt CBCS.", ["patrol.teams", "patrol.people"]),
    ("- Tuần tra song phương 3 lượt tổ/21 lượt cán bộ, chiến sĩ.", ["patrol.bilateral", "patrol.bilateral_people"]),
    (
        "- Tuần tra 24 lượt tổ/130 lượt cán bộ, chiến sĩ; trong đó song phương 3 lượt tổ/21 lượt cán bộ, chiến sĩ.",
        ["patrol.teams", "patrol.people", "patrol.bilateral", "patrol.bilateral_people"],
    ),
    ("- Phát quang được 4,5 km đường biên.", ["border.cleared_km"]),
    ("- Hội đàm với lực lượng bảo vệ biên giới bạn 2 lần.", ["border.meetings"]),
    (
        "- Bắt giữ 3 vụ/5 đối tượng về tội mua bán, vận chuyển trái phép chất ma túy.",
        ["crime.drug_cases", "crime.drug_offenders"],
    ),
    ("- Khởi tố 2 vụ/3 bị can.", ["crime.prosecuted_cases", "crime.prosecuted_people"]),
    (
        "- Xử phạt vi phạm hành chính 6 vụ/9 người, nộp kho bạc Nhà nước 42 triệu đồng.",
        ["crime.fined_cases", "crime.fined_people", "crime.fines"],
    ),
    ("- Giải cứu 2 nạn nhân bị mua bán.", ["crime.victims"]),
    ("- Thu giữ 12 kg pháo nổ.", ["crime.fireworks_kg"]),
    ("- Xác lập và phá 2 chuyên án.", ["crime.special_cases"]),
    ("- Làm thủ tục xuất nhập cảnh cho 5.120 lượt người, 640 lượt phương tiện.", ["gate.people", "gate.vehicles"]),
    ("- Cứu được 4 ngư dân gặp nạn trên biển.", ["rescue.people"]),
    ("- Tuyên truyền pháp luật 12 buổi cho 742 lượt người nghe.", ["law.sessions", "law.listeners"]),
    ("- Cấp phát 1.500 tờ rơi.", ["law.leaflets"]),
    ("- Vận động 120 hộ gia đình ký cam kết chấp hành pháp luật.", ["law.commitments"]),
    ("- 12 đảng viên sinh hoạt tại các chi bộ thôn, bản.", ["local.village_cell_members"]),
    ("- Phân công 40 đảng viên phụ trách 160 hộ gia đình.", ["households.members", "households.in_charge"]),
    ("- Duy trì 14 tổ tự quản đường biên, cột mốc.", ["models.border_groups"]),
    ("- Nhận nuôi 2 cháu trong chương trình “Con nuôi đồn Biên phòng”.", ["models.foster_children"]),
    ("- Giúp dân 45 ngày công thu hoạch lúa.", ["help.workdays"]),
    ("- Tặng 20 suất quà cho gia đình chính sách.", ["help.gifts"]),
    ("- Khám bệnh, cấp thuốc miễn phí cho 62 lượt người.", ["help.medical_turns"]),
    ("- Xây mới 3 căn nhà Đại đoàn kết.", ["help.houses"]),
    ("- Kết nạp 2 đảng viên mới.", ["party.members_admitted"]),
    ("- Khen thưởng 3 tập thể, 11 cá nhân.", ["commend.collectives", "commend.individuals"]),
]


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES, ids=[row[0] for row in SENTENCES])
def test_an_officers_sentence_finds_its_cells(sentence: str, expected: list[str]) -> None:
    assert [code for _quote, code in placed(sentence)] == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "I. NHIỆM VỤ THÁNG TỚI\n- Tổ chức tuần tra 30 lượt tổ.",
        "- Đề nghị cấp trên trang bị 2 xuồng máy.",
        "- Tuần tra tăng 4 lượt tổ so với tháng trước.",
        "- Nuôi 18 con bò giống.",
        "- Đi bộ 5 giờ mới tới mốc.",
    ],
)
def test_what_is_planned_asked_for_compared_or_not_counted_fills_no_cell(sentence: str) -> None:
    assert all(code == "" for _quote, code in placed(sentence))


DOUBTS = [
    ("- Tuyên truyền pháp luật cho hơn 700 lượt người nghe.", Reason.NOT_EXACT),
    ("- Thu giữ 346,4331 gam heroin.", Reason.TOO_PRECISE),
    ("II. HẠN CHẾ\n- Còn 2 quân nhân vi phạm kỷ luật.", Reason.SHORTCOMING),
    ("- Tuần tra 371 lượt/3.710 lượt cán bộ, chiến sĩ.", Reason.MEASURE_DIFFERS),
]


@pytest.mark.parametrize(("text", "reason"), DOUBTS, ids=[str(row[1]) for row in DOUBTS])
def test_what_a_person_must_look_at_is_never_sure_and_says_why(text: str, reason: Reason) -> None:
    first = match(read(text), cells())[0]

    assert first.code
    assert first.certainty is Certainty.DOUBTFUL
    assert reason in first.reasons


def test_two_figures_for_one_cell_are_both_asked_about() -> None:
    text = "- Tuần tra 24 lượt tổ.\n- Trong tháng, đơn vị tuần tra 26 lượt tổ."

    found = match(read(text), cells())

    assert [(one.code, one.certainty) for one in found] == [("patrol.teams", Certainty.DOUBTFUL)] * 2
    assert all(Reason.TWICE in one.reasons for one in found)


def test_the_same_figure_said_again_leaves_the_first_as_it_is() -> None:
    text = "- Tuần tra 24 lượt tổ.\n- Như vậy trong tháng tuần tra 24 lượt tổ."

    first, again = match(read(text), cells())

    assert (first.certainty, again.certainty) == (Certainty.SURE, Certainty.DOUBTFUL)
    assert Reason.SAID_BEFORE in again.reasons


def test_grams_are_brought_to_the_kilograms_of_the_cell() -> None:
    found = only("- Thu giữ 346 gam heroin.")

    assert (found.code, found.value) == ("crime.drug_kg", Decimal("0.346"))
    assert Reason.CONVERTED in found.reasons


def test_a_figure_of_another_form_is_not_taken_for_one_of_this() -> None:
    asked = {"law.sessions", "law.listeners"}
    form = [replace(target, is_on_form=target.code in asked) for target in cells()]

    found = only("- Khám bệnh, cấp thuốc miễn phí cho 62 lượt người.", form)

    assert (found.code, found.certainty) == ("", Certainty.UNPLACED)
    assert Reason.NOT_ON_FORM in found.reasons


def test_what_a_unit_taught_is_known_again() -> None:
    text = "- Ra quân rà bờ cõi 9 lượt tổ."
    assert only(text).code == ""
    taught = [replace(target, taught=("rà bờ cõi",)) if target.code == "patrol.teams" else target for target in cells()]

    found = only(text, taught)

    assert (found.code, found.certainty) == ("patrol.teams", Certainty.SURE)
    assert Reason.TAUGHT in found.reasons


def test_a_wording_taught_for_two_cells_is_asked_about() -> None:
    both = {"patrol.teams", "patrol.sea"}
    taught = [replace(target, taught=("rà bờ cõi",)) if target.code in both else target for target in cells()]

    found = only("- Ra quân rà bờ cõi 9 lượt tổ.", taught)

    assert found.certainty is Certainty.DOUBTFUL
    assert {found.code, *found.others} == both


def test_a_measure_that_does_not_fit_is_never_proposed() -> None:
    assert only("- Tuần tra 24 km đường biên bằng xuồng.").code != "patrol.teams"


MEASURES = [
    ("lượt tổ", "lượt tổ", EXACT),
    ("Lượt tổ", "lượt tổ", EXACT),
    ("lượt CBCS", "lượt cán bộ, chiến sĩ", EXACT),
    ("lượt cán bộ, chiến sỹ", "lượt cán bộ, chiến sĩ", EXACT),
    ("lượt cán bộ", "lượt cán bộ, chiến sĩ", ALIKE),
    ("lượt người nghe", "lượt người", ALIKE),
    ("cột mốc", "mốc", ALIKE),
    ("đối tượng", "người", AKIN),
    ("lượt", "lượt tổ", AKIN),
    ("tổ chức", "tổ", UNFIT),
    ("vụ", "người", UNFIT),
    ("", "vụ", UNFIT),
]


@pytest.mark.parametrize(("written", "measure", "fit"), MEASURES, ids=[f"{row[0]}/{row[1]}" for row in MEASURES])
def test_measures_fit_by_what_they_count(written: str, measure: str, fit: int) -> None:
    assert measure_fit(written, measure) == fit


def test_one_wording_is_one_however_it_is_spelt() -> None:
    assert telling("Tuần tra, kiểm soát của CBCS") == telling("tuần tra kiểm soát cán bộ chiến sỹ")
    assert telling("hoà giải ở thôn") == telling("hòa giải thôn")


NAMES = {1: ["Đồn Biên phòng Nậm Ngà", "Đồn BP Nậm Ngà"], 2: ["Bộ Chỉ huy BĐBP tỉnh Sơn Hà", "BĐBP Sơn Hà"]}


@pytest.mark.parametrize(
    ("said", "units"),
    [
        ("ĐỒN BIÊN PHÒNG NẬM NGÀ", {1}),
        ("Bộ đội Biên phòng tỉnh Sơn Hà", {2}),
        ("Ban Chỉ huy BĐBP Sơn Hà", {2}),
        ("Đồn Biên phòng Nậm Nga", set()),
        ("Bộ Tư lệnh", set()),
    ],
)
def test_a_unit_is_known_by_what_tells_it_from_others(said: str, units: set[int]) -> None:
    assert named(said, NAMES) == units
    assert core("Bộ Tư lệnh BĐBP") == ""


def test_the_wording_to_learn_is_what_the_number_counts() -> None:
    reading = read("- Đơn vị ra quân rà bờ cõi 9 lượt tổ.")

    assert "rà bờ cõi" in wording_about(reading, 0)


def test_matching_the_same_text_twice_gives_the_same() -> None:
    reading: Reading = read("\n".join(sentence for sentence, _codes in SENTENCES))

    assert match(reading, cells()) == match(reading, cells())
