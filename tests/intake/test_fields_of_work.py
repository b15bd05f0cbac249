"""Figures go to the field of work that the words name, and none is sure of a field that they do not name.

Each sentence is written here for its words. `-` marks a number that no cell of the pack counts; where a person would
have to choose between two cells, both stand there, and neither may be sure.
"""

from __future__ import annotations

from collections import Counter

import pytest

from loom import read
from nennep.intake.rules.matching import match
from nennep.intake.rules.states import Certainty
from tests.intake.test_matching import cells

#: A sentence, and the cells of its numbers in their order.
SENTENCES: list[tuple[str, str]] = [
    # --- people who cross without leave: counted as offenders, persons, citizens or cases ---
    (
        "- Phát hiện, bắt giữ 03 vụ/07 đối tượng xuất, nhập cảnh trái phép, tăng 01 vụ so với tháng trước.",
        "entry.cases entry.people -",
    ),
    ("- Bắt giữ 4 vụ/11 đối tượng nhập cảnh trái phép.", "entry.cases entry.people"),
    ("- Trong tháng đã phát hiện 06 vụ/15 công dân xuất cảnh trái phép qua biên giới.", "entry.cases entry.people"),
    ("- Xuất, nhập cảnh trái phép: 9 vụ/22 người.", "entry.cases entry.people"),
    ("- Ngăn chặn 14 trường hợp vượt biên trái phép.", "entry.people|entry.cases"),
    (
        (
            "- Phát hiện, xử lý 12 vụ/31 đối tượng xuất, nhập cảnh trái phép; trong đó đơn vị phát hiện, bắt giữ 8 vụ/"
            "19 đối tượng, tiếp nhận do phía bạn trao trả 4 vụ/12 đối tượng."
        ),
        (
            "entry.cases entry.people entry.cases_detected entry.people_detected entry.cases_received "
            "entry.people_received"
        ),
    ),
    (
        "- Công tác quản lý xuất nhập cảnh: Bắt giữ, xử lý 5 vụ/8 đối tượng vượt biên.",
        "entry.cases entry.people",
    ),
    ("- Bắt 3 đối tượng môi giới xuất, nhập cảnh trái phép.", "entry.brokers"),
    ("- Bắt giữ 02 đối tượng tổ chức đưa người nhập cảnh trái phép.", "entry.brokers"),
    (
        "- Phát hiện 2 vụ/5 đối tượng vi phạm quy chế khu vực biên giới.",
        "border.rule_cases border.rule_people",
    ),
    ("- Xử lý 07 trường hợp vi phạm quy chế biên giới.", "border.rule_people|border.rule_cases"),
    # --- offences at large, and the kinds of them ---
    (
        "- Phát hiện, bắt giữ 21 vụ/34 đối tượng vi phạm pháp luật.",
        "crime.cases crime.offenders",
    ),
    ("- Bắt giữ, xử lý 18 vụ/26 đối tượng.", "crime.cases crime.offenders"),
    (
        (
            "- Phát hiện, bắt giữ 5 vụ/6 đối tượng mua bán, vận chuyển trái phép chất ma túy, thu giữ 2,4 kg heroin và "
            "6.000 viên ma túy tổng hợp."
        ),
        "crime.drug_cases crime.drug_offenders crime.drug_kg crime.drug_pills",
    ),
    ("- Bắt quả tang 1 vụ/1 đối tượng tàng trữ trái phép chất ma túy.", "crime.drug_cases crime.drug_offenders"),
    (
        "- Bắt giữ 09 vụ/11 đối tượng buôn lậu, gian lận thương mại; hàng hóa trị giá khoảng 350 triệu đồng.",
        "crime.smuggling_cases crime.smuggling_offenders crime.goods_value",
    ),
    (
        "- Bắt giữ 3 vụ/4 đối tượng vận chuyển trái phép hàng hóa qua biên giới.",
        "crime.smuggling_cases crime.smuggling_offenders",
    ),
    ("- Phát hiện, bắt giữ 2 vụ/3 đối tượng mua bán người.", "crime.trafficking_cases crime.trafficking_offenders"),
    (
        "- Đấu tranh 1 vụ/2 đối tượng mua bán người, giải cứu 4 nạn nhân.",
        "crime.trafficking_cases crime.trafficking_offenders crime.victims",
    ),
    ("- Bắt giữ 4 vụ/17 đối tượng đánh bạc.", "crime.order_cases crime.order_offenders"),
    (
        "- Phát hiện, bắt giữ 30 vụ/41 đối tượng; trong đó ma túy 6 vụ/8 đối tượng, buôn lậu 9 vụ/10 đối tượng.",
        (
            "crime.cases crime.offenders crime.drug_cases crime.drug_offenders crime.smuggling_cases "
            "crime.smuggling_offenders"
        ),
    ),
    ("- Bắt giữ 2 đối tượng truy nã.", "-"),
    ("- Thu giữ 45 kg pháo nổ, 3 khẩu súng tự chế.", "crime.fireworks_kg crime.guns"),
    (
        "- Khởi tố 3 vụ/5 bị can; xử phạt vi phạm hành chính 11 vụ/14 đối tượng.",
        "crime.prosecuted_cases crime.prosecuted_people crime.fined_cases crime.fined_people",
    ),
    ("- Khởi tố 2 vụ/2 đối tượng về tội mua bán người.", "crime.prosecuted_cases crime.prosecuted_people"),
    (
        "- Xử phạt vi phạm hành chính 6 vụ/9 đối tượng nhập cảnh trái phép.",
        "crime.fined_cases crime.fined_people",
    ),
    # --- fishing ---
    (
        "- Phát hiện, xử lý 4 vụ/4 đối tượng vi phạm khai thác thủy sản, phạt tiền 120 triệu đồng.",
        "iuu.cases iuu.people iuu.fines",
    ),
    ("- Bắt giữ 2 vụ/6 ngư dân vi phạm IUU.", "iuu.cases iuu.people"),
    ("- 2 tàu cá/13 ngư dân bị nước ngoài bắt giữ.", "iuu.foreign_held_boats iuu.foreign_held_crew"),
    (
        "- Kiểm tra, kiểm soát tàu cá ra, vào cửa biển 640 lượt tàu/3.912 lượt thuyền viên.",
        "boats.checked boats.crew_checked",
    ),
    (
        "- Quản lý 512 tàu cá; trong đó 87 tàu cá dài từ 15 m trở lên.",
        "boats.registered boats.over_15m",
    ),
    ("- Chủ tàu, thuyền trưởng ký 95 bản cam kết không vi phạm IUU.", "iuu.commitments"),
    (
        "- Tham gia cứu nạn 3 vụ/2 tàu/19 người.",
        "rescue.incidents rescue.vessels rescue.people",
    ),
    ("- Cứu 5 người bị đuối nước, lai dắt 2 tàu vào bờ.", "rescue.people rescue.vessels"),
    # --- patrols by land and by sea ---
    (
        "- Tuần tra trên biển 12 lượt tổ/84 lượt CBCS.",
        "patrol.sea patrol.sea_people",
    ),
    (
        "- Tổ chức 46 lượt tổ/230 lượt cán bộ, chiến sĩ tuần tra biên giới, phát hiện 3 vụ vi phạm quy chế biên giới.",
        "patrol.teams patrol.people border.rule_cases",
    ),
    ("- Phối hợp với dân quân tuần tra 8 lượt tổ/40 lượt CBCS.", "patrol.joint patrol.joint_people"),
    ("- Tuần tra song phương 2 lượt tổ/16 lượt CBCS với phía bạn.", "patrol.bilateral patrol.bilateral_people"),
    ("- Kiểm tra 36 lượt mốc quốc giới, phát quang 7 km đường biên.", "border.markers_checked border.cleared_km"),
    # --- telling the law ---
    (
        "- Tuyên truyền phòng, chống ma túy 6 buổi/410 lượt người nghe.",
        "law.sessions law.listeners",
    ),
    (
        "- Tuyên truyền cho nhân dân không xuất, nhập cảnh trái phép 9 buổi/615 lượt người nghe; cấp phát 800 tờ rơi.",
        "law.sessions law.listeners law.leaflets",
    ),
    ("- Phổ biến Luật Biên phòng Việt Nam 5 buổi/300 lượt người.", "law.border_law_sessions law.border_law_listeners"),
    ("- Tuyên truyền chống khai thác IUU 4 buổi cho 210 lượt ngư dân.", "law.sessions law.listeners"),
    ("- Vận động nhân dân giao nộp 7 khẩu súng tự chế.", "crime.guns"),
    # --- help ---
    ("- Tặng 50 suất quà trị giá 25 triệu đồng cho hộ nghèo.", "help.gifts help.money"),
    ("- Giúp dân 120 ngày công, sửa 2 km đường giao thông nông thôn.", "help.workdays help.roads_km"),
    ("- Khám bệnh cho 85 lượt người, cấp thuốc trị giá 12 triệu đồng.", "help.medical_turns help.money"),
    ("- Hỗ trợ xây 2 căn nhà mái ấm biên cương.", "help.houses"),
    ("- Đỡ đầu 9 cháu trong chương trình “Nâng bước em tới trường”.", "models.supported_pupils"),
    ("- Hỗ trợ 3 nạn nhân mua bán người trở về địa phương.", "crime.victims"),
    # --- party work ---
    (
        "- Kiểm tra 3 tổ chức đảng/8 đảng viên; giám sát chuyên đề 2 tổ chức đảng/4 đảng viên.",
        "party.bodies_inspected party.members_inspected party.bodies_supervised party.members_supervised",
    ),
    ("- Thi hành kỷ luật 1 đảng viên.", "party.members_disciplined"),
    ("- Kết nạp 4 đảng viên.", "party.members_admitted"),
    ("- Giáo dục chính trị 4 buổi/196 lượt quân nhân.", "politics.sessions politics.attended"),
    ("- Bồi dưỡng, giới thiệu kết nạp Đảng cho 5 quần chúng địa phương.", "local.new_members"),
    (
        "- Khen thưởng 2 tập thể, 7 cá nhân trong đấu tranh phòng, chống tội phạm.",
        "commend.collectives commend.individuals",
    ),
    # --- other ways of saying them ---
    (
        "- Phối hợp Công an bắt 01 vụ/02 đối tượng vận chuyển 3 kg ma túy đá.",
        "crime.drug_cases crime.drug_offenders crime.drug_kg",
    ),
    (
        "- Ma túy: 3 vụ/5 đối tượng; buôn lậu: 4 vụ/4 đối tượng; mua bán người: 1 vụ/1 đối tượng.",
        (
            "crime.drug_cases crime.drug_offenders crime.smuggling_cases crime.smuggling_offenders "
            "crime.trafficking_cases crime.trafficking_offenders"
        ),
    ),
    ("- Về xuất, nhập cảnh trái phép, đã phát hiện 7 vụ, bắt giữ 16 người.", "entry.cases entry.people"),
    ("- Phát hiện, ngăn chặn 25 người vượt biên.", "entry.people"),
    ("- Tiếp nhận 3 vụ/28 công dân do phía Campuchia trao trả.", "entry.cases_received entry.people_received"),
    ("- Bàn giao cơ quan chức năng 5 vụ/7 đối tượng.", "crime.handed_over_cases -"),
    ("- Triệt phá 1 đường dây/6 đối tượng tổ chức, môi giới xuất cảnh trái phép.", "- entry.brokers"),
    ("- Phát hiện 14 tàu cá vi phạm vùng khai thác.", "-"),
    ("- Bắt giữ 3 tàu vận chuyển 40.000 lít dầu DO trái phép.", "- -"),
    (
        "- Xử phạt 6 vụ/6 chủ tàu vi phạm khai thác thủy sản với số tiền 90 triệu đồng.",
        "iuu.cases iuu.people iuu.fines",
    ),
    ("- Qua tuần tra phát hiện, bắt giữ 4 vụ/9 đối tượng nhập cảnh trái phép.", "entry.cases entry.people"),
    ("- Tổ chức 20 lượt tổ tuần tra, phát hiện 2 vụ buôn lậu.", "patrol.teams crime.smuggling_cases"),
    ("- Phát hiện 5 vụ khai thác lâm sản trái phép.", "-"),
    ("- Bắt giữ 2 vụ/3 đối tượng săn bắt động vật hoang dã.", "- -"),
    ("- Đến nay có 6 đối tượng ra đầu thú.", "-"),
    ("- Xử lý 3 quân nhân vi phạm kỷ luật.", "discipline.soldiers"),
    ("- Xử lý kỷ luật 2 đảng viên vi phạm.", "party.members_disciplined"),
    ("- Tuyên truyền, vận động 3 đối tượng truy nã ra đầu thú.", "-"),
    ("- Vận động 40 hộ dân hiến đất làm đường.", "-"),
    ("- Tham gia chữa cháy rừng 3 lần/150 lượt cán bộ, chiến sĩ.", "- rescue.officer_turns"),
    ("- Huy động 90 lượt CBCS giúp dân thu hoạch lúa.", "-"),
    ("- Bắt giữ 1 vụ/2 đối tượng tàng trữ vũ khí, thu giữ 4 khẩu súng quân dụng.", "- - crime.guns"),
    (
        "III. MA TÚY\n- Phát hiện, bắt giữ 5 vụ/6 đối tượng.",
        "crime.drug_cases|crime.cases crime.drug_offenders|crime.offenders",
    ),
    (
        "III. XUẤT, NHẬP CẢNH TRÁI PHÉP\n- Phát hiện, bắt giữ 5 vụ/6 người.",
        "entry.cases|crime.cases entry.people|crime.offenders",
    ),
    # --- what no cell counts, though its words stand near those of one ---
    ("- Lập hồ sơ theo dõi 16 đối tượng nghiện ma túy trên địa bàn.", "-"),
    ("- Gọi hỏi, răn đe 12 đối tượng có biểu hiện vi phạm pháp luật.", "-"),
    ("- Tiếp nhận 6 tin báo về tội phạm.", "-"),
    ("- Xác minh 5 đối tượng liên quan đến buôn lậu.", "-"),
    ("- Xác minh, làm rõ 2 vụ/5 đối tượng có dấu hiệu buôn lậu.", "- -"),
    ("- Theo dõi 3 vụ/6 đối tượng nghi tổ chức vượt biên trái phép.", "- -"),
    ("- Xảy ra 2 vụ/3 người đuối nước trên địa bàn.", "- -"),
    ("- Quản lý 9 đối tượng có tiền án về ma túy.", "-"),
    ("- Lấy lời khai 4 người làm chứng trong vụ vượt biên.", "-"),
    ("- Bố trí 40 cán bộ, chiến sĩ tại 6 chốt phòng, chống xuất nhập cảnh trái phép.", "- -"),
    ("- Cách ly 23 công dân nhập cảnh theo quy định.", "-"),
    ("- Đến thăm 3 gia đình có người bị nạn trên biển.", "-"),
    ("- Mở 1 lớp tập huấn về phòng, chống mua bán người cho 35 cán bộ.", "- -"),
]


def judged(sentence: str, expected: str) -> Counter[str]:
    """How many numbers of a sentence found their cell, how many of them surely, and how many went wrong."""
    found = match(read(sentence), cells())
    counts: Counter[str] = Counter()
    for one, codes in zip(found, expected.split(), strict=True):
        is_sure = one.certainty is Certainty.SURE
        if codes == "-":
            counts["none, surely wrong" if is_sure else "none, asked about" if one.code else "none, rightly"] += 1
        elif one.code not in codes.split("|"):
            counts["cell, surely wrong" if is_sure else "cell, missed"] += 1
        elif "|" in codes and is_sure:
            counts["cell, surely one of two"] += 1
        else:
            counts["cell, surely right" if is_sure else "cell, right and asked about"] += 1
    return counts


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES, ids=[row[0] for row in SENTENCES])
def test_no_figure_is_sure_of_a_cell_that_its_words_do_not_mean(sentence: str, expected: str) -> None:
    counts = judged(sentence, expected)

    assert not counts["none, surely wrong"]
    assert not counts["cell, surely wrong"]
    assert not counts["cell, surely one of two"]


def test_nearly_all_figures_find_their_cell_and_most_of_them_surely(capsys: pytest.CaptureFixture[str]) -> None:
    counts = sum((judged(*row) for row in SENTENCES), Counter[str]())

    with capsys.disabled():
        print(f"\n{dict(counts)}")
    wanted = sum(count for what, count in counts.items() if what.startswith("cell, "))
    assert counts["cell, missed"] <= 0.05 * wanted
    assert counts["cell, surely right"] >= 0.7 * wanted


@pytest.mark.parametrize("noun", ["đối tượng", "người", "công dân"])
def test_people_who_cross_without_leave_go_to_their_own_field_however_they_are_called(noun: str) -> None:
    text = f"- Phát hiện, bắt giữ 3 vụ/7 {noun} xuất, nhập cảnh trái phép."

    assert [one.code for one in match(read(text), cells())] == ["entry.cases", "entry.people"]
