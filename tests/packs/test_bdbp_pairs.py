"""What the shipped lexicon holds together and keeps apart, in sentences written for this table only.

Each row: the kind, two sentences of two units, and whether they say the same thing.
"""

from __future__ import annotations

import pytest

from loom import Kind, Point, gather
from nennep.packs.lexicon import lexicon_with

S, C, T, P, R, L, M = (
    Kind.SHORTCOMING,
    Kind.CAUSE,
    Kind.TASK,
    Kind.PROPOSAL,
    Kind.RESULT,
    Kind.LESSON,
    Kind.COMMENDATION,
)

SAME: tuple[tuple[Kind, str, str], ...] = (
    (S, "Việc nắm tình hình trên tuyến có lúc còn chậm.", "Có vụ việc xảy ra cả tuần đồn mới hay."),
    (S, "Dự báo tình hình chưa kịp thời.", "Thông tin về ngoại biên thu thập còn trễ, để bị động."),
    (
        S,
        "Tuyên truyền nặng về đọc văn bản, bà con nghe rồi quên.",
        "Công tác phổ biến pháp luật còn khô khan, kém hấp dẫn.",
    ),
    (S, "Hình thức phổ biến pháp luật chậm đổi mới.", "Các buổi tuyên truyền tẻ nhạt, ít người đến nghe."),
    (S, "Còn chiến sĩ uống rượu, bỏ vị trí, bị khiển trách.", "Đơn vị có 02 quân nhân vi phạm kỷ luật."),
    (S, "Một cán bộ bị xử lý kỷ luật vì vi phạm pháp luật.", "Vẫn để xảy ra quân nhân vi phạm điều lệnh phải xử lý."),
    (
        S,
        "Công tác hiệp đồng với Công an xã thiếu nhịp nhàng.",
        "Phối hợp với Hải quan, Kiểm lâm có việc chưa chặt chẽ.",
    ),
    (S, "Mấy lực lượng trên địa bàn mạnh ai nấy làm.", "Sự phối hợp giữa các ngành còn lỏng lẻo."),
    (S, "Nhiều tàu tắt thiết bị giám sát hành trình khi ra khơi.", "Tình trạng tàu cá mất tín hiệu VMS chưa chấm dứt."),
    (S, "Người dân vẫn lén sang bên kia làm ăn bằng đường mòn.", "Xuất cảnh trái phép qua lối mở còn diễn ra."),
    (S, "Vượt biên trái phép chưa được ngăn chặn.", "Nhập cảnh chui qua khe suối vẫn tái diễn."),
    (S, "Tổ tự quản ở bản lập ra rồi để đó.", "Một số tổ tự quản đường biên sinh hoạt chiếu lệ."),
    (S, "Tổ tàu thuyền an toàn hoạt động còn hình thức.", "Có tổ tự quản chỉ tồn tại trên giấy."),
    (S, "Một số đồn nộp báo cáo muộn.", "Chế độ báo cáo còn trễ hạn, phải nhắc nhiều lần."),
    (S, "Số liệu báo cáo giữa hai kỳ chưa khớp.", "Thống kê còn sai sót, con số các đồn vênh nhau."),
    (S, "Chất lượng sinh hoạt chi bộ chưa cao.", "Sinh hoạt chi bộ có nơi còn hạn chế về chất lượng."),
    (C, "Thiếu xe, thiếu xuồng, phần lớn đã hư hỏng.", "Phương tiện tuần tra cũ, thường xuyên trục trặc."),
    (C, "Trang thiết bị nghiệp vụ lạc hậu.", "Máy móc, khí tài xuống cấp, không đáp ứng yêu cầu."),
    (C, "Đường lên chốt dốc, phải lội suối mấy tiếng.", "Địa hình chia cắt, giao thông đi lại khó khăn."),
    (C, "Tuyến biên giới dài, rừng núi hiểm trở.", "Địa bàn rộng, đèo dốc, cách trở."),
    (C, "Trình độ dân trí không đều, hiểu biết pháp luật hạn chế.", "Bà con ít chữ, chưa hiểu luật."),
    (
        C,
        "Nhận thức của một bộ phận ngư dân về pháp luật còn thấp.",
        "Nhiều người dân không biết việc mình làm là trái luật.",
    ),
    (C, "Chỉ huy một số đồn chưa sát sao, ít kiểm tra.", "Do người đứng đầu buông lỏng quản lý, phó mặc cho cấp dưới."),
    (C, "Lãnh đạo, chỉ huy thiếu đôn đốc cơ sở.", "Cấp ủy vài nơi khoán trắng, không theo dõi kết quả."),
    (C, "Biên chế thiếu, anh em phải kiêm nhiệm.", "Người ít việc nhiều, mỗi cán bộ lo nhiều mảng."),
    (C, "Quân số còn mỏng so với nhiệm vụ.", "Đồn thiếu người, một đồng chí gánh nhiều việc."),
    (C, "Các đối tượng dùng nhiều thủ đoạn tinh vi.", "Tội phạm luôn thay đổi phương thức để né tránh."),
    (C, "Cán bộ mới ra trường, chưa qua thực tế.", "Đội ngũ trẻ, thiếu kinh nghiệm công tác."),
    (C, "Thời tiết cực đoan, mưa lũ kéo dài.", "Biển động, gió mùa nhiều ngày."),
    (C, "Kinh phí hạn hẹp.", "Nguồn kinh phí bảo đảm cho nhiệm vụ còn ít, chưa đáp ứng."),
    (C, "Quy định pháp luật còn chồng chéo.", "Văn bản hướng dẫn chưa đồng bộ, chưa rõ."),
    (L, "Muốn giữ được biên giới phải dựa vào dân.", "Lấy dân làm gốc, huy động sức mạnh toàn dân."),
    (
        L,
        "Cấp ủy phải đoàn kết, giữ nguyên tắc tập trung dân chủ.",
        "Nội bộ đoàn kết, người chủ trì gương mẫu thì việc khó mấy cũng xong.",
    ),
    (T, "Nắm chắc tình hình từ sớm, từ xa.", "Bám địa bàn, dự báo sát, không để bị động, bất ngờ."),
    (
        T,
        "Quản chặt tàu cá ra vào cửa lạch, chống khai thác IUU.",
        "Kiên quyết không cho tàu chưa đủ điều kiện xuất bến, khắc phục cảnh báo thẻ vàng.",
    ),
    (T, "Lập thêm chốt, tuần tra kín các lối mở.", "Ngăn chặn triệt để người nhập cảnh trái phép qua đường mòn."),
    (
        T,
        "Đấu tranh, triệt phá các đường dây ma túy.",
        "Tập trung trấn áp tội phạm ma túy, phấn đấu xác lập 03 chuyên án.",
    ),
    (
        T,
        "Mở đợt cao điểm chống buôn lậu, hàng giả dịp Tết.",
        "Tăng cường đấu tranh với buôn lậu và gian lận thương mại.",
    ),
    (
        T,
        "Đưa Luật Biên phòng Việt Nam vào sinh hoạt thôn bản.",
        "Đẩy mạnh tuyên truyền Luật Biên phòng Việt Nam cho nhân dân.",
    ),
    (T, "Quản lý chặt quân số, không để vi phạm kỷ luật.", "Chấn chỉnh kỷ luật, quản lý bộ đội trong giờ nghỉ."),
    (T, "Củng cố tổ tự quản, nhân rộng cách làm hay.", "Kiện toàn, duy trì hoạt động các tổ tự quản an ninh trật tự."),
    (T, "Sẵn sàng ứng phó bão lũ, tìm kiếm cứu nạn.", "Làm tốt công tác phòng, chống thiên tai, cứu hộ, cứu nạn."),
    (T, "Đẩy mạnh chuyển đổi số trong chỉ huy, điều hành.", "Ứng dụng công nghệ thông tin, số hóa hồ sơ."),
    (P, "Xin cấp thêm ca nô, ống nhòm ban đêm.", "Đề nghị trang bị bổ sung xuồng và xe tuần tra cho đồn."),
    (P, "Sớm đầu tư đường ra mốc 155.", "Kiến nghị bố trí vốn làm đường tuần tra biên giới."),
    (P, "Đề nghị tăng thêm biên chế cho đồn.", "Xem xét bổ sung quân số cho các trạm."),
    (P, "Có chế độ phụ cấp cho tổ tự quản.", "Hỗ trợ kinh phí hoạt động cho thành viên tổ tự quản."),
    (P, "Sửa chữa doanh trại đã dột nát.", "Đề nghị cấp kinh phí xây dựng mới nhà ở, trụ sở đồn."),
    (P, "Kéo điện lưới lên chốt.", "Đề nghị đầu tư nguồn điện cho các chốt biên giới."),
    (R, "Chủ quyền biên giới được bảo vệ vững chắc.", "Đơn vị giữ vững an ninh biên giới, cột mốc nguyên vẹn."),
    (R, "Bộ đội an tâm công tác, gắn bó với đơn vị.", "Tư tưởng cán bộ, chiến sĩ ổn định, xác định tốt nhiệm vụ."),
    (R, "Không có quân nhân vi phạm kỷ luật.", "Kỷ luật được giữ nghiêm, đơn vị an toàn tuyệt đối."),
    (M, "Chi bộ được công nhận hoàn thành xuất sắc nhiệm vụ.", "Đảng bộ được xếp loại trong sạch, vững mạnh."),
)

APART: tuple[tuple[Kind, str, str], ...] = (
    (S, "Nắm tình hình có lúc chưa kịp thời.", "Nắm tình hình công nhân khu công nghiệp còn chậm."),
    (S, "Tuyên truyền còn đơn điệu.", "Giáo dục chính trị còn đơn điệu."),
    (S, "Tuyên truyền còn khô khan, chưa thu hút.", "Tuyên truyền chưa thường xuyên."),
    (S, "Phối hợp với Công an chưa chặt chẽ.", "Trao đổi thông tin với phía bạn chưa chặt chẽ."),
    (S, "Quân nhân vi phạm kỷ luật còn xảy ra.", "Ngư dân vi phạm khai thác hải sản còn xảy ra."),
    (S, "Tàu cá mất kết nối giám sát hành trình.", "Tàu cá chưa lắp thiết bị giám sát hành trình."),
    (S, "Tàu cá mất kết nối giám sát hành trình.", "Tàu cá vi phạm vùng biển nước ngoài bị bắt giữ."),
    (S, "Người dân vượt biên trái phép còn xảy ra.", "Vẫn còn đối tượng môi giới đưa người vượt biên trái phép."),
    (S, "Xuất nhập cảnh trái phép còn phức tạp.", "Người nước ngoài lưu trú trái phép còn phức tạp."),
    (S, "Tổ tự quản hoạt động hình thức.", "Mô hình tổ tự quản hay nhưng chưa được nhân rộng."),
    (S, "Báo cáo còn chậm.", "Cập nhật dữ liệu tàu cá vào phần mềm còn chậm."),
    (S, "Báo cáo nộp còn chậm.", "Số liệu báo cáo chưa thống nhất giữa các kỳ."),
    (S, "Huấn luyện có nội dung chưa sát.", "Diễn tập có nội dung chưa sát."),
    (C, "Địa hình hiểm trở, đi lại khó khăn.", "Thời tiết khắc nghiệt, đi biển khó khăn."),
    (C, "Phương tiện của đồn cũ, hỏng.", "Tàu của ngư dân cũ, vỏ gỗ, nhỏ."),
    (C, "Nhận thức pháp luật của người dân còn hạn chế.", "Nhận thức của một số cán bộ còn hạn chế."),
    (C, "Người dân chưa hiểu pháp luật.", "Chủ tàu chạy theo lợi nhuận, cố tình vi phạm."),
    (C, "Cán bộ trẻ, thiếu kinh nghiệm.", "Một số cán bộ ngại học tập, ngại khó."),
    (C, "Quân số thiếu.", "Kinh phí thiếu."),
    (C, "Tội phạm thay đổi thủ đoạn liên tục.", "Khó truy vết vì đối tượng ở nước ngoài dùng tài khoản ảo."),
    (T, "Tuyên truyền Luật Biên phòng Việt Nam.", "Tuyên truyền Luật Phòng, chống ma túy."),
    (T, "Tuyên truyền Luật Biên phòng Việt Nam.", "Tuyên truyền Luật Thủy sản cho ngư dân."),
    (T, "Đấu tranh với tội phạm ma túy.", "Quản lý người nghiện, đưa đi cai nghiện."),
    (T, "Tuần tra ngăn chặn nhập cảnh trái phép.", "Tuần tra song phương với lực lượng nước bạn."),
    (T, "Kiểm soát chặt tàu cá ra vào bến.", "Kiểm soát chặt tàu hàng nước ngoài vào cảng."),
    (T, "Kiểm soát tàu cá, chống khai thác IUU.", "Kêu gọi tàu thuyền vào bờ tránh bão."),
    (T, "Mở lớp tiếng Khmer cho cán bộ.", "Mở lớp tiếng Lào cho cán bộ."),
    (T, "Mở lớp tiếng Lào.", "Mở lớp tập huấn nghiệp vụ trinh sát."),
    (P, "Đề nghị cấp xuồng tuần tra.", "Đề nghị cấp kinh phí sửa chữa chốt."),
    (P, "Đề nghị lắp camera quan sát cho đồn.", "Đề nghị lắp camera an ninh ở các tuyến phố của phường."),
    (P, "Phụ cấp cho tổ tự quản.", "Phụ cấp cho cán bộ tăng cường xã."),
    (P, "Hướng dẫn xử lý tàu cá mất kết nối.", "Tăng mức phạt đối với tàu cá mất kết nối."),
    (P, "Đầu tư đường tuần tra biên giới.", "Đầu tư nước sạch cho đồn."),
    (S, "Nắm tình hình ngoại biên còn chậm.", "Giải quyết tin báo, tố giác của công dân còn chậm."),
    (S, "Tuyên truyền còn đơn điệu, kém thu hút.", "Pano, loa tuyên truyền hỏng, chữ bạc màu, kém thu hút."),
    (
        S,
        "Học chính trị còn khô khan, bộ đội ít hứng thú.",
        "Nói chuyện pháp luật với bà con còn khô khan, ít hứng thú.",
    ),
    (S, "Kiểm tra, giám sát của chi bộ còn ít.", "Kiểm tra, giám sát tàu thuyền xuất bến còn ít."),
    (S, "Quân số các trạm còn thiếu.", "Ít người phát biểu trong các buổi họp chi bộ."),
    (C, "Biển động, gió to tàu không ra tuần tra được.", "Rét đậm, rét hại kéo dài."),
    (C, "Mưa lũ nên tàu tuần tra nằm bờ.", "Mưa lũ làm mất mùa, bà con thiếu ăn."),
    (T, "Sẵn sàng ứng phó bão, mưa lũ.", "Xây dựng khu neo đậu tránh trú bão cho tàu thuyền."),
    (T, "Tập huấn nghiệp vụ cho cán bộ đồn.", "Tập huấn cho ngư dân về an toàn hàng hải."),
    (T, "Triệt xóa đường dây ma túy.", "Soi chiếu container, không để lọt ma túy."),
    (T, "Nắm, định hướng dư luận trong bộ đội.", "Siết chặt kỷ luật, quản lý bộ đội."),
    (R, "Giữ vững chủ quyền, an ninh biên giới.", "Trật tự đô thị, lễ hội được bảo đảm."),
    (
        M,
        "Bộ Tư lệnh khen thưởng 03 tập thể, 11 cá nhân trong chuyên án 220C.",
        "Khen thưởng 02 tập thể, 05 cá nhân có thành tích phá chuyên án ma túy.",
    ),
    (M, "Đảng bộ được xếp loại hoàn thành xuất sắc nhiệm vụ.", "Đơn vị được tặng Cờ thi đua của Bộ Quốc phòng."),
)


# Two sentences for each of many points; woven all at once, no two of these points may meet.
POINTS: tuple[tuple[Kind, str, str], ...] = (
    (
        S,
        "Giáo dục chính trị ở một số đơn vị còn nặng truyền đạt một chiều.",
        "Các bài giảng chính trị khô khan, bộ đội ít hứng thú.",
    ),
    (S, "Kết quả huấn luyện bắn súng chưa đạt chỉ tiêu.", "Chất lượng huấn luyện thể lực, bắn súng còn thấp."),
    (
        S,
        "Xây dựng nền nếp chính quy, lễ tiết tác phong có nơi chưa nghiêm.",
        "Một số đồn duy trì chế độ trong ngày chưa nghiêm túc.",
    ),
    (S, "Ứng dụng công nghệ thông tin còn hạn chế.", "Chuyển đổi số triển khai chậm, nhiều việc vẫn làm bằng giấy."),
    (
        S,
        "Mô hình giúp dân phát triển kinh tế hiệu quả chưa cao.",
        "Một số mô hình sinh kế hỗ trợ hộ nghèo chưa phát huy tác dụng.",
    ),
    (
        S,
        "Quan hệ phối hợp với lực lượng bảo vệ biên giới nước bạn có việc còn chậm phản hồi.",
        "Phía bạn trả lời các đề nghị trao đổi thông tin còn chậm.",
    ),
    (S, "Tội phạm ma túy trên tuyến vẫn diễn biến phức tạp.", "Hoạt động mua bán, vận chuyển ma túy chưa giảm."),
    (S, "Buôn lậu thuốc lá, đường cát qua biên giới còn xảy ra.", "Hàng lậu vẫn tuồn qua biên giới, nhất là dịp Tết."),
    (
        S,
        "Vẫn còn tàu cá vi phạm vùng biển nước ngoài.",
        "Còn ngư dân đưa tàu sang vùng biển nước ngoài đánh bắt, bị bắt giữ.",
    ),
    (S, "Doanh trại nhiều đồn xuống cấp, chưa được sửa chữa.", "Nhà ở của bộ đội dột nát, chật chội."),
    (S, "Mùa khô đồn thiếu nước sinh hoạt.", "Bộ đội các chốt phải đi lấy nước xa, nước sạch thiếu trầm trọng."),
    (
        S,
        "Công tác tham mưu cho cấp ủy địa phương có mặt chưa kịp thời.",
        "Tham mưu cho chính quyền xã đôi khi còn chậm.",
    ),
    (
        S,
        "Sinh hoạt chi bộ còn đơn điệu, tính chiến đấu chưa cao.",
        "Tự phê bình và phê bình ở một số chi bộ còn nể nang.",
    ),
    (
        S,
        "Công tác kiểm tra, giám sát của cấp ủy chưa thường xuyên.",
        "Kiểm tra, giám sát của một số chi bộ còn mỏng, chưa nền nếp.",
    ),
    (C, "Một bộ phận cán bộ thiếu tinh thần trách nhiệm.", "Ý thức trách nhiệm của một số đồng chí chưa cao."),
    (
        C,
        "Đời sống bà con còn nhiều khó khăn, tỷ lệ hộ nghèo cao.",
        "Kinh tế người dân vùng biên bấp bênh, thiếu việc làm.",
    ),
    (C, "Cán bộ không biết tiếng dân tộc.", "Rào cản ngôn ngữ khi tiếp xúc với đồng bào."),
    (C, "Sau sáp nhập, tổ chức chưa ổn định.", "Việc sắp xếp lại tổ chức, bộ máy mới hoàn thành nên còn lúng túng."),
    (
        C,
        "Năng lực một số cán bộ chưa đáp ứng yêu cầu nhiệm vụ.",
        "Trình độ nghiệp vụ của một bộ phận sĩ quan còn hạn chế.",
    ),
    (C, "Lợi nhuận từ buôn bán ma túy quá lớn.", "Một số chủ tàu vì hám lợi đã cố tình vi phạm."),
    (
        C,
        "Chính sách quản lý biên giới của nước bạn có thay đổi.",
        "Phía Trung Quốc xây dựng hàng rào và siết chặt quản lý.",
    ),
    (
        L,
        "Phải nắm chắc địa bàn, phát hiện sớm, xử lý ngay từ đầu.",
        "Nắm tình hình phải đi trước một bước, không để bị động.",
    ),
    (
        L,
        "Phối hợp chặt chẽ với các lực lượng là yếu tố quyết định.",
        "Biết phát huy sức mạnh tổng hợp, hiệp đồng tốt với công an, quân sự thì việc gì cũng xong.",
    ),
    (
        L,
        "Cấp ủy, chỉ huy phải sâu sát, kiểm tra thường xuyên.",
        "Lãnh đạo, chỉ đạo phải quyết liệt, có trọng tâm, bám cơ sở.",
    ),
    (
        T,
        "Nâng cao hiệu quả đối ngoại biên phòng.",
        "Duy trì giao ban, hội đàm với lực lượng bảo vệ biên giới nước bạn.",
    ),
    (
        T,
        "Đẩy mạnh công tác dân vận, xây dựng cơ sở chính trị vững mạnh.",
        "Làm tốt công tác vận động quần chúng, thực hiện ba bám, bốn cùng.",
    ),
    (
        T,
        "Duy trì chương trình Nâng bước em tới trường.",
        "Tiếp tục nhận đỡ đầu học sinh nghèo, nuôi con nuôi đồn Biên phòng.",
    ),
    (T, "Xây dựng Đảng bộ trong sạch, vững mạnh.", "Nâng cao năng lực lãnh đạo, sức chiến đấu của tổ chức đảng."),
    (
        T,
        "Làm tốt công tác giáo dục chính trị, lãnh đạo tư tưởng cho bộ đội.",
        "Nâng cao chất lượng giáo dục chính trị, tư tưởng.",
    ),
    (T, "Hoàn thành chương trình huấn luyện năm.", "Tổ chức huấn luyện sát thực tế, nâng cao chất lượng huấn luyện."),
    (T, "Tổ chức tốt phong trào thi đua Quyết thắng.", "Đẩy mạnh phong trào thi đua, nhân rộng điển hình tiên tiến."),
    (T, "Chấp hành nghiêm chế độ báo cáo.", "Nâng cao chất lượng thông tin, báo cáo, bảo đảm đúng hạn."),
    (T, "Duy trì nghiêm chế độ trực sẵn sàng chiến đấu.", "Luyện tập thành thục các phương án sẵn sàng chiến đấu."),
    (T, "Chủ động phòng, chống cháy rừng.", "Trực canh lửa, phối hợp kiểm lâm phòng cháy, chữa cháy rừng mùa khô."),
    (T, "Đấu tranh với tội phạm mua bán người.", "Triệt phá đường dây lừa bán phụ nữ sang Trung Quốc."),
    (T, "Tuyên truyền ngư dân không vi phạm vùng biển nước ngoài.", "Vận động chủ tàu ký cam kết không khai thác IUU."),
    (
        T,
        "Theo dõi, xử lý nghiêm tàu cá mất kết nối giám sát hành trình.",
        "Gọi ngay chủ tàu khi thiết bị giám sát hành trình bị ngắt tín hiệu.",
    ),
    (T, "Tăng cường kiểm tra, giám sát của Đảng.", "Thực hiện tốt chương trình kiểm tra, giám sát năm 2025."),
    (
        P,
        "Đề nghị cấp kinh phí cho công tác tuyên truyền.",
        "Quan tâm bố trí kinh phí tuyên truyền, phổ biến pháp luật.",
    ),
    (
        P,
        "Đề nghị hỗ trợ nhà ở công vụ cho cán bộ.",
        "Có chính sách cấp đất ở cho sĩ quan công tác lâu năm ở biên giới.",
    ),
    (P, "Nâng mức phụ cấp cho bộ đội biên giới.", "Đề nghị có chế độ đãi ngộ thỏa đáng với cán bộ, chiến sĩ vùng cao."),
    (
        P,
        "Mở các lớp tập huấn nghiệp vụ cho cán bộ cơ sở.",
        "Đề nghị bồi dưỡng nghiệp vụ phòng, chống ma túy cho trinh sát.",
    ),
    (P, "Phủ sóng điện thoại cho các bản giáp biên.", "Đề nghị nhà mạng khắc phục vùng lõm sóng di động ở biên giới."),
    (P, "Lắp camera giám sát biên giới cho đồn.", "Trang bị hệ thống camera quan sát từ xa."),
    (
        P,
        "Hỗ trợ ngư dân cước phí thuê bao giám sát hành trình.",
        "Đề nghị hỗ trợ tiền thuê bao thiết bị giám sát hành trình cho chủ tàu.",
    ),
    (
        R,
        "An ninh chính trị, trật tự an toàn xã hội được giữ vững.",
        "An ninh trật tự địa bàn ổn định, không phát sinh điểm nóng.",
    ),
    (
        M,
        "Đảng bộ Bộ đội Biên phòng thành phố được công nhận hoàn thành tốt nhiệm vụ.",
        "Đảng bộ đơn vị được Thành ủy xếp loại tốt.",
    ),
)


def _woven(kind: Kind, one: str, other: str) -> bool:
    points = [Point("1", "Đồn Một", kind, one), Point("2", "Đồn Hai", kind, other)]
    return bool(gather(points, lexicon_with(None)))


@pytest.mark.parametrize(("kind", "one", "other"), APART)
def test_what_only_looks_alike_stays_apart(kind: Kind, one: str, other: str) -> None:
    assert not _woven(kind, one, other)


@pytest.mark.parametrize(("kind", "one", "other"), SAME)
def test_what_is_said_in_different_words_comes_together(kind: Kind, one: str, other: str) -> None:
    assert _woven(kind, one, other)


def test_many_points_woven_at_once_meet_only_their_own_kind() -> None:
    points = [
        Point(f"{number}.{place}", f"Đồn {number}.{place}", kind, text)
        for number, (kind, *texts) in enumerate((*POINTS, *SAME))
        for place, text in enumerate(texts)
    ]

    groups = gather(points, lexicon_with(None))

    met = {
        (point.id.split(".")[0], other.id.split(".")[0])
        for group in groups
        for point in group.members
        for other in group.members
    }
    assert all((str(number), str(number)) in met for number in range(len(POINTS)))
    strangers = {pair for pair in met if int(max(pair, key=int)) < len(POINTS) and pair[0] != pair[1]}
    assert not strangers
