"""What statements do, told by their headings and by their own words."""

import pytest

from loom import Kind, read
from loom._kinds import Course, promised, turn

R, S, C, L, T, P, M = (
    Kind.RESULT,
    Kind.SHORTCOMING,
    Kind.CAUSE,
    Kind.LESSON,
    Kind.TASK,
    Kind.PROPOSAL,
    Kind.COMMENDATION,
)


@pytest.mark.parametrize(
    ("kind", "under", "text"),
    [
        (R, (R,), "Quân số tham gia huấn luyện đạt 98,5%, kết quả kiểm tra 100% đạt yêu cầu, có 76% khá, giỏi."),
        (R, (R,), "Không để xảy ra cháy nổ, mất an toàn về người và phương tiện."),
        (R, (R,), "Tổ chức ký cam kết không vi phạm vùng biển nước ngoài cho 320 chủ tàu."),
        (R, (R,), "Tiếp nhận 12 công dân do phía bạn trao trả, bàn giao cho địa phương."),
        (R, (R,), "Tình hình vượt biên trái phép giảm rõ rệt, 4 tháng liền không phát hiện vụ việc nào."),
        (R, (R,), "Tiếp tục duy trì 12 tổ chốt trên biên giới, mỗi tổ 5 đồng chí."),
        (R, (R,), "Tăng cường 15 cán bộ về các xã đặc biệt khó khăn."),
        (R, (R,), "Chủ động tham mưu cho cấp ủy, chính quyền địa phương giải quyết dứt điểm 4 vụ khiếu kiện."),
        (R, (R,), "Quan hệ đối ngoại được duy trì, hai bên trao đổi thông tin thường xuyên."),
        (R, (R,), "Rà soát, bổ sung 14 phương án chiến đấu."),
        (R, (R,), "Hỗ trợ 4 hộ nghèo sửa nhà, nhận đỡ đầu 12 cháu trong chương trình Nâng bước em tới trường."),
        (R, (R,), "Kịp thời ngăn chặn 7 trường hợp định vượt biên sang Campuchia làm việc bất hợp pháp."),
        (R, (R,), "Phát hiện 03 trường hợp vi phạm quy chế khu vực biên giới, xử phạt 9 triệu đồng."),
        (S, (R,), "Tuy nhiên, số lượng tin có giá trị chưa nhiều."),
        (S, (R,), "Song chất lượng huấn luyện ở Tiểu đội 2 còn hạn chế, tỷ lệ bắn giỏi thấp."),
        (M, (R,), "Đồng chí Trần Văn K. được Bộ Tư lệnh tặng Bằng khen."),
        (M, (R,), "Đơn vị được UBND tỉnh tặng Cờ thi đua dẫn đầu phong trào bảo vệ an ninh Tổ quốc."),
        (M, (R,), "Đồn xếp thứ nhì khối thi đua các đồn tuyến biển."),
        (M, (R,), "Chi đoàn đồn được Tỉnh đoàn tuyên dương."),
        (M, (R,), "Có 5 cá nhân được đề bạt, thăng quân hàm trước niên hạn vì thành tích xuất sắc."),
        (M, (R,), "Bộ trưởng Bộ Công an gửi điện khen lực lượng phá án."),
        (M, (R,), "Cuối năm, Đảng bộ được công nhận trong sạch, vững mạnh tiêu biểu."),
        (M, (R,), "100% chi bộ được xếp loại hoàn thành tốt nhiệm vụ trở lên."),
        (M, (R,), "UBND huyện trao thưởng nóng 20 triệu đồng cho Ban chuyên án."),
        (M, (R,), "UBND tỉnh trao thưởng 30 triệu đồng cho Ban chuyên án."),
        (M, (R,), "Trao thưởng 20 triệu đồng cho lực lượng phá án."),
        (M, (R,), "Bộ Tư lệnh xếp đồn vào loại hoàn thành xuất sắc nhiệm vụ."),
        (M, (R,), "Cuối năm đơn vị được xếp nhất cụm thi đua."),
        (M, (R,), "Đồn được Bộ Chỉ huy chấm loại giỏi."),
        (M, (R,), "Chi bộ được bình xét hoàn thành xuất sắc nhiệm vụ."),
        (M, (R,), "Đảng bộ được phân loại trong sạch, vững mạnh."),
        (M, (R,), "Hai trung đội được công nhận tiên tiến."),
        (M, (R,), "Đồn được cấp trên công nhận Đơn vị quyết thắng."),
        (M, (R,), "Bộ Chỉ huy thưởng nóng cho tổ công tác."),
        (M, (), "Huyện ủy khen 02 tập thể, 05 cá nhân."),
        (R, (R,), "Trao tặng 50 suất quà trị giá 25 triệu đồng cho hộ nghèo."),
        (R, (R,), "Chấm điểm thi đua hằng tháng theo quy định."),
        (R, (R,), "Kiểm tra bắn súng đạt loại khá."),
        (R, (R,), "Bình xét hộ nghèo đúng đối tượng."),
        (R, (R,), "Phân loại 12 đơn thư, giải quyết 10 đơn."),
        (R, (R,), "Xếp vũ khí vào kho đúng quy định."),
        (M, (), "Đơn vị vinh dự đón nhận Huân chương Bảo vệ Tổ quốc hạng Ba."),
        (S, (S,), "Một số cán bộ chưa tích cực học tiếng dân tộc."),
        (S, (S,), "Công tác tham mưu cho cấp ủy địa phương có mặt hiệu quả thấp."),
        (S, (S,), "Hoạt động của tàu cá nước ngoài xâm phạm vùng biển vẫn chưa giảm."),
        (S, (S,), "Để 01 chiến sĩ vi phạm quy định về sử dụng điện thoại."),
        (S, (S,), "Ba ấp không có đường dây điện thoại nội bộ hoạt động."),
        (S, (S,), "Kho vật chứng chật, mái dột."),
        (S, (S,), "Người dân các bản vùng cao ngại tố giác tội phạm."),
        (S, (S,), "Nhà ở của chốt Pa Thơm dột nát, mùa mưa phải che bạt."),
        (S, (S,), "Việc phân loại hồ sơ lưu trữ làm lấy lệ."),
        (S, (S,), "Báo cáo tuần của hai trạm gửi sau giờ quy định."),
        (R, (S,), "Nhìn chung các mặt công tác đều hoàn thành tốt so với kế hoạch."),
        (C, (S,), "Nguyên nhân là do cán bộ phụ trách thay đổi nhiều lần trong năm."),
        (C, (S,), "Những tồn tại nêu trên xuất phát từ nhận thức chưa đầy đủ của một số chỉ huy."),
        (C, (S, C), "Nguyên nhân chủ quan: chỉ huy một số đơn vị chưa kiên quyết."),
        (S, (S, C), "Chất lượng sinh hoạt chi bộ ở một số nơi còn thấp."),
        (C, (C,), "Trang bị cũ, thiếu đồng bộ, chưa được thay thế kịp thời."),
        (C, (C,), "Một số cán bộ thiếu tu dưỡng, rèn luyện."),
        (C, (C,), "Sự phối hợp giữa các lực lượng chưa chặt chẽ."),
        (C, (C,), "Lợi nhuận từ buôn lậu cao nên đối tượng bất chấp pháp luật."),
        (C, (C,), "Cấp ủy chưa quan tâm đúng mức đến công tác kiểm tra."),
        (L, (L,), "Thường xuyên chăm lo xây dựng nội bộ đoàn kết."),
        (L, (L,), "Nắm chắc địa bàn là khâu quyết định thắng lợi."),
        (L, (L,), "Kiên trì vận động, không nóng vội khi giải quyết mâu thuẫn dân tộc."),
        (L, (L,), "Tăng cường kiểm tra, đôn đốc, phát hiện sớm sai sót để chấn chỉnh."),
        (T, (T,), "Khắc phục dứt điểm những hạn chế, khuyết điểm đã chỉ ra qua kiểm tra."),
        (T, (T,), "Không để xảy ra tình trạng vượt biên trái phép kéo dài."),
        (T, (T,), "Hoàn thành 100% chỉ tiêu huấn luyện năm."),
        (T, (T,), "Bắt giữ, xử lý nghiêm các đối tượng cầm đầu đường dây đưa người vượt biên."),
        (T, (T,), "Đề xuất khen thưởng kịp thời các tập thể, cá nhân có thành tích."),
        (T, (T,), "Tham mưu tổ chức Ngày hội Biên phòng toàn dân."),
        (T, (T,), "Giúp 3 hộ nghèo làm nhà trước mùa mưa."),
        (T, (T,), "Sửa chữa 2 xuồng đang hỏng."),
        (T, (T,), "Xây dựng chi bộ trong sạch, vững mạnh, phấn đấu đạt danh hiệu Đơn vị quyết thắng."),
        (P, (P,), "Bố trí thêm quỹ đất xây trạm kiểm soát."),
        (P, (P,), "Cho chủ trương thanh lý 2 xe ô tô hỏng."),
        (P, (P,), "Sớm có hướng dẫn về chế độ cho lực lượng dân quân thường trực."),
        (P, (T,), "Kính đề nghị Thường trực Huyện ủy quan tâm chỉ đạo."),
        (P, (T,), "Đề nghị UBND tỉnh cấp kinh phí sửa chữa nhà chốt."),
        (P, (T, P), "Kiến nghị Sở Tài chính sớm quyết toán."),
        (T, (T, P), "Duy trì nghiêm chế độ trực sẵn sàng chiến đấu."),
        (R, (), "Công tác hậu cần bảo đảm đủ, đúng tiêu chuẩn."),
        (R, (), "Đã tổ chức 04 buổi nói chuyện truyền thống cho thanh niên."),
        (S, (), "Một số chỉ tiêu đạt thấp so với kế hoạch."),
        (S, (), "Bên cạnh kết quả đạt được, công tác tuyên truyền còn một số hạn chế."),
        (S, (), "Công tác quản lý hộ khẩu có nơi làm chưa chặt."),
        (S, (), "Tuy vậy, tình trạng xâm canh, xâm cư vẫn xảy ra."),
        (C, (), "Nguyên nhân của những tồn tại trên là do lực lượng mỏng."),
        (C, (), "Kết quả thấp là do địa bàn chia cắt, dân cư thưa thớt."),
        (L, (), "Thực tiễn cho thấy, ở đâu cấp ủy mạnh thì ở đó phong trào phát triển."),
        (L, (), "Bài học rút ra là phải chủ động nắm tình hình từ cơ sở."),
        (T, (), "Trong quý tới, đơn vị sẽ mở đợt cao điểm trấn áp tội phạm."),
        (T, (), "Nhiệm vụ trọng tâm là bảo vệ tuyệt đối an toàn Tết Nguyên đán."),
        (P, (), "Đồn kiến nghị Sở Giao thông vận tải lắp biển báo."),
        (P, (), "Kính mong Bộ Chỉ huy quan tâm sửa chữa nhà ở."),
        (P, (), "Chúng tôi đề nghị cấp trên bổ sung 5 biên chế."),
    ],
)
def test_heading_and_words_together_tell_the_kind(kind: Kind, under: tuple[Kind, ...], text: str) -> None:
    course = Course(period="2024-06")
    course.enter(under)

    assert course.kind(text) == kind


@pytest.mark.parametrize(
    ("heading", "kinds"),
    [
        ("KẾT QUẢ THỰC HIỆN NHIỆM VỤ", (R,)),
        ("Tình hình và kết quả nổi bật", (R,)),
        ("Ưu điểm", (R,)),
        ("Những việc đã làm được", (R,)),
        ("Kết quả khắc phục hạn chế, khuyết điểm", (R,)),
        ("HẠN CHẾ, TỒN TẠI", (S,)),
        ("Những việc chưa làm tốt", (S,)),
        ("Khó khăn, vướng mắc", (S,)),
        ("Một số vấn đề cần rút kinh nghiệm", (S,)),
        ("Tồn tại, hạn chế và nguyên nhân", (S, C)),
        ("Hạn chế, nguyên nhân, bài học kinh nghiệm", (S, C, L)),
        ("Nguyên nhân của hạn chế", (C,)),
        ("Nguyên nhân ưu điểm", (C,)),
        ("Lý do", (C,)),
        ("Bài học rút ra", (L,)),
        ("PHƯƠNG HƯỚNG, NHIỆM VỤ TRỌNG TÂM", (T,)),
        ("Giải pháp khắc phục hạn chế", (T,)),
        ("Dự kiến công tác tuần tới", (T,)),
        ("Những việc cần làm trong quý tới", (T,)),
        ("Nhiệm vụ và kiến nghị", (T, P)),
        ("Đề xuất, kiến nghị", (P,)),
        ("Nguyện vọng của đơn vị", (P,)),
        ("Khen thưởng", (M,)),
        ("Tuần tra, kiểm soát biên giới", ()),
        ("Công tác đảng, công tác chính trị", ()),
    ],
)
def test_headings_promise_kinds_in_their_order(heading: str, kinds: tuple[Kind, ...]) -> None:
    assert promised(heading) == kinds


@pytest.mark.parametrize(
    ("piece", "kind"),
    [
        ("tuy nhiên tin còn ít;", S),
        ("Nguyên nhân do địa bàn rộng.", C),
        ("đề nghị trên cấp thêm xe.", P),
        ("bắt 03 vụ.", None),
    ],
)
def test_a_piece_may_turn_to_another_kind(piece: str, kind: Kind | None) -> None:
    assert turn(piece) == kind


def kinds(body: str, title: str = "BÁO CÁO\nKết quả công tác tháng 6 năm 2024") -> list[Kind]:
    return [statement.kind for statement in read(f"ĐỒN BIÊN PHÒNG A\n{title}\n\n{body}").statements]


def test_in_a_mixed_section_causes_follow_the_word_for_them() -> None:
    body = (
        "HẠN CHẾ, NGUYÊN NHÂN\n- Việc tuyên truyền chưa sâu.\n- Tin báo còn chậm.\n"
        "- Nguyên nhân: địa bàn rộng, giao thông cách trở.\n- Một bộ phận cán bộ mới, kinh nghiệm ít.\n"
    )

    assert kinds(body) == [S, S, C, C]


def test_a_report_without_headings_is_told_by_its_wording() -> None:
    body = (
        "Trong tháng, đơn vị tổ chức tuần tra 12 lượt/72 lượt cán bộ. Bắt 02 vụ/03 đối tượng.\n"
        "Đơn vị được Chủ tịch UBND huyện tặng Giấy khen.\n"
        "Tuy nhiên, nắm tình hình ngoại biên còn chậm. Sổ sách chưa thống nhất.\n"
        "Nguyên nhân do địa bàn rộng. Cán bộ mới chưa quen việc.\n"
        "Bài học rút ra là phải bám dân.\n"
        "Thời gian tới, đơn vị tập trung tuần tra khép kín. Mở lớp tiếng Lào cho cán bộ.\n"
        "Đề nghị cấp trên bổ sung 02 xe mô tô.\n"
    )

    assert kinds(body) == [R, R, M, S, S, C, C, L, T, T, P]


def test_time_after_the_period_of_the_report_is_time_ahead() -> None:
    assert kinds("Tháng 6, đơn vị tuần tra 12 lượt. Tháng 7, đơn vị tuần tra biên giới cùng dân quân.\n") == [R, T]


def test_a_section_named_by_a_later_period_holds_tasks() -> None:
    body = "I. Công tác tháng 6\n- Tuần tra 12 lượt.\nII. Công tác tháng 7\n- Tuần tra khép kín địa bàn.\n"

    assert kinds(body) == [R, T]


def test_a_shortcoming_within_results_is_one() -> None:
    body = "KẾT QUẢ\n- Tuần tra 12 lượt; tuy nhiên việc ghi sổ còn chậm.\n- Giúp dân 40 ngày công.\n"

    assert kinds(body) == [R, S, R]


def test_a_paragraph_without_cue_words_in_each_sentence_holds_together() -> None:
    body = (
        "Trong tháng, đồn tuần tra 26 lượt. Bộ đội dựng lại 7 căn nhà bị lũ cuốn.\n\n"
        "Điều đáng lo là hàng rào bị cắt hai lần mà tổ tuần tra không phát hiện kịp. Ba đồng chí đi phép trả muộn.\n\n"
        "Sở dĩ vậy vì mưa lũ làm sạt đường. Chỉ huy đội chưa kiểm tra sổ sách.\n\n"
        "Từ vụ việc này, đồn thấy rằng phải đi tuần vào giờ bất ngờ.\n\n"
        "Sang tháng 7, đồn sẽ thay hàng rào. Tuần tra đêm ít nhất 3 lượt mỗi tuần.\n\n"
        "Đồn mong Bộ Chỉ huy cấp dây thép gai. Huyện bố trí chỗ họp chợ cho bà con.\n"
    )

    assert kinds(body) == [R, R, S, S, C, C, L, T, T, P, P]
