"""What officers write plainly, in every field of the year: two sentences a row, of two units, that say the same.

Woven all at once, few of one row may meet those of another: where they do, both rows are of one point.
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
    (
        S,
        "Huấn luyện thể lực còn hạn chế, tỷ lệ khá giỏi thấp.",
        "Kết quả huấn luyện chưa cao, nhiều đồng chí chạy vũ trang không đạt.",
    ),
    (
        S,
        "Công tác phát triển đảng viên ở thôn bản còn chậm.",
        "Nguồn kết nạp đảng khó khăn, có chi bộ nhiều năm không kết nạp được ai.",
    ),
    (S, "Tăng gia sản xuất ở một số chốt hiệu quả thấp.", "Vườn rau, chăn nuôi ở vài đồn chưa đáp ứng nhu cầu bữa ăn."),
    (S, "Hoạt động đoàn thanh niên còn nghèo nàn.", "Chi đoàn sinh hoạt thất thường, nội dung ít sáng tạo."),
    (S, "Tình trạng đánh bạc, cá độ trong dân còn phức tạp.", "Tệ nạn cờ bạc ở các bản chưa giảm."),
    (S, "Mua bán, tàng trữ pháo nổ vẫn xảy ra dịp Tết.", "Gần Tết lại có người vận chuyển pháo lậu qua biên giới."),
    (
        S,
        "Trâu bò nhập lậu qua biên giới còn xảy ra, nguy cơ lây dịch.",
        "Việc lùa gia súc trái phép từ bên kia về vẫn chưa chấm dứt.",
    ),
    (S, "Khai thác cát trái phép trên sông biên giới tái diễn.", "Vẫn có ghe hút trộm cát ban đêm ở khu vực mốc."),
    (S, "Quản lý người nước ngoài lưu trú còn sơ hở.", "Còn người nước ngoài tạm trú không khai báo ở địa bàn."),
    (S, "Ùn tắc hàng hóa tại cửa khẩu dịp cuối vụ.", "Xe nông sản xếp hàng dài, có lúc ách tắc mấy ngày ở cửa khẩu."),
    (S, "Còn tàu cá hết hạn đăng kiểm vẫn ra khơi.", "Một số phương tiện chưa đăng ký, đăng kiểm vẫn hoạt động."),
    (S, "Hồ sơ xử lý vi phạm hành chính còn sai sót về thủ tục.", "Lập hồ sơ xử phạt có vụ chưa đúng trình tự."),
    (S, "Vệ sinh doanh trại, nội vụ có chốt chưa gọn.", "Việc giữ lễ tiết, tác phong quân nhân còn tùy tiện."),
    (S, "Tỷ lệ học sinh bỏ học ở xã biên giới còn cao.", "Nhiều em bỏ học theo cha mẹ lên rẫy."),
    (S, "Tảo hôn trong đồng bào Mông chưa giảm.", "Vẫn còn nhiều cặp tảo hôn, hôn nhân cận huyết."),
    (S, "Truyền đạo trái phép còn lén lút hoạt động.", "Hoạt động tà đạo trong vùng đồng bào còn tiềm ẩn phức tạp."),
    (S, "Cột mốc 82 bị sạt lở chưa được khắc phục.", "Một số mốc giới hư hỏng, xói lở chưa được tu sửa."),
    (
        S,
        "Bảo mật thông tin chưa nghiêm, còn dùng máy tính nối mạng soạn văn bản mật.",
        "Có đơn vị quản lý tài liệu mật còn sơ hở, nguy cơ lộ lọt.",
    ),
    (S, "Thông tin liên lạc giữa đồn và chốt hay bị gián đoạn.", "Liên lạc với các chốt vùng sâu chập chờn."),
    (S, "Công tác tham mưu có lúc bị động.", "Tham mưu xử lý tình huống trên biên giới còn lúng túng."),
    (
        C,
        "Đối tượng cầm đầu ở nước ngoài, dùng mạng xã hội chỉ đạo từ xa.",
        "Kẻ chủ mưu ẩn bên kia biên giới, giao dịch bằng tài khoản ảo nên khó truy bắt.",
    ),
    (C, "Nhiều hộ thiếu đất sản xuất, đời sống bấp bênh.", "Cái nghèo khiến bà con phải đi làm thuê."),
    (C, "Hai bên biên giới có quan hệ thân tộc lâu đời.", "Dân hai bên cùng dòng tộc, thường qua lại thăm thân."),
    (C, "Một số cán bộ còn ngại khó, thiếu gương mẫu.", "Có đồng chí tư tưởng an phận, ngại va chạm."),
    (
        C,
        "Nhiệm vụ đột xuất nhiều, cùng lúc phải triển khai nhiều việc.",
        "Khối lượng nhiệm vụ tăng, liên tục phát sinh việc mới.",
    ),
    (C, "Mưa lớn kéo dài, đường sá chia cắt.", "Ảnh hưởng của bão và hoàn lưu sau bão."),
    (C, "Chế tài xử phạt còn nhẹ, chưa đủ sức răn đe.", "Mức phạt thấp nên đối tượng tái phạm."),
    (
        C,
        "Lực lượng trinh sát mỏng, cán bộ kiêm nhiệm.",
        "Đội nghiệp vụ chỉ có vài người mà phải lo cả tuyến biên giới.",
    ),
    (C, "Cán bộ ít người biết tiếng đồng bào.", "Bất đồng ngôn ngữ với bà con khi xuống bản."),
    (C, "Kinh phí tuyên truyền hạn hẹp.", "Tiền cho công tác này được cấp ít lại về muộn."),
    (C, "Quy chế phối hợp giữa các ngành chưa rõ trách nhiệm.", "Các lực lượng chưa chia sẻ thông tin cho nhau."),
    (
        L,
        "Lãnh đạo phải có trọng tâm, trọng điểm, giải quyết dứt điểm từng việc.",
        "Chọn đúng khâu yếu, việc khó để tập trung tháo gỡ.",
    ),
    (
        L,
        "Kịp thời sơ kết, rút kinh nghiệm sau mỗi đợt cao điểm.",
        "Làm xong việc nào phải rút kinh nghiệm ngay việc đó.",
    ),
    (
        L,
        "Quan tâm chăm lo đời sống vật chất, tinh thần cho bộ đội.",
        "Phải lo cho anh em ăn ở tốt thì mới yên tâm bám chốt.",
    ),
    (
        L,
        "Làm tốt công tác tuyên truyền để dân hiểu, dân theo.",
        "Tuyên truyền phải đi trước, kiên trì, mưa dầm thấm lâu.",
    ),
    (
        L,
        "Giải quyết vụ việc phải đúng pháp luật, đúng đối sách.",
        "Xử lý tình huống trên biên giới kiên quyết nhưng khéo léo, đúng đối sách.",
    ),
    (
        L,
        "Phải xây dựng đội ngũ cán bộ có năng lực, trách nhiệm.",
        "Con người là gốc: cán bộ giỏi nghề, tận tụy thì việc chạy.",
    ),
    (T, "Tăng cường huấn luyện, nâng cao sức cơ động.", "Đổi mới huấn luyện theo hướng sát thực tế chiến đấu."),
    (T, "Tạo nguồn, kết nạp đảng viên mới ở thôn bản.", "Phấn đấu kết nạp thêm đảng viên, xóa thôn trắng đảng viên."),
    (T, "Giữ vệ sinh an toàn thực phẩm, đẩy mạnh tăng gia.", "Chăm lo đời sống bộ đội, mở rộng vườn rau, ao cá."),
    (
        T,
        "Quản lý chặt người nước ngoài tạm trú trên địa bàn.",
        "Rà soát người nước ngoài cư trú, xử lý trường hợp quá hạn.",
    ),
    (
        T,
        "Tuyên truyền, vận động nhân dân giao nộp vũ khí, vật liệu nổ.",
        "Thu hồi súng tự chế, công cụ hỗ trợ còn trong dân.",
    ),
    (T, "Đấu tranh với tội phạm lừa đảo trên không gian mạng.", "Cảnh giác, ngăn chặn lừa đảo qua mạng xã hội."),
    (
        T,
        "Phòng, chống dịch tả lợn châu Phi qua biên giới.",
        "Không để dịch bệnh trên gia súc lây từ bên kia biên giới sang.",
    ),
    (T, "Tổ chức Ngày Biên phòng toàn dân 3/3.", "Làm tốt Ngày hội Biên phòng toàn dân ở các xã."),
    (T, "Giúp dân xây nhà đại đoàn kết, xóa nhà tạm.", "Huy động ngày công xóa nhà tạm, nhà dột nát cho hộ nghèo."),
    (T, "Tham gia khám, chữa bệnh, cấp thuốc cho bà con.", "Duy trì trạm quân dân y, chăm sóc sức khỏe nhân dân."),
    (T, "Kiểm tra, bảo dưỡng vũ khí, trang bị kỹ thuật.", "Làm tốt công tác kỹ thuật, giữ tốt dùng bền súng, xe, tàu."),
    (T, "Thực hiện nghiêm công tác bảo vệ chính trị nội bộ.", "Giữ vững an ninh nội bộ, không để kẻ xấu móc nối."),
    (T, "Sắp xếp tổ chức, biên chế theo hướng tinh gọn.", "Ổn định tổ chức sau sáp nhập, kiện toàn bộ máy."),
    (
        T,
        "Bảo vệ tuyệt đối an toàn bầu cử, các ngày lễ lớn.",
        "Tăng quân trực dịp Tết Nguyên đán, bảo đảm an ninh trật tự.",
    ),
    (P, "Đề nghị cho xây dựng bể chứa nước, khoan giếng cho chốt.", "Quan tâm đầu tư hệ thống nước sạch cho đồn."),
    (P, "Đề nghị tăng định mức xăng dầu tuần tra biển.", "Xin bổ sung nhiên liệu cho tàu đi dài ngày."),
    (P, "Mở lớp tiếng dân tộc cho cán bộ.", "Đề nghị tổ chức bồi dưỡng tiếng Mông cho cán bộ biên phòng."),
    (P, "Đề nghị nạo vét luồng lạch cửa biển.", "Sớm đầu tư khu neo đậu tránh trú bão cho tàu thuyền."),
    (P, "Nâng mức hỗ trợ ngày công cho dân quân.", "Đề nghị có chế độ cho dân quân thường trực."),
    (P, "Đề nghị sửa đổi quy định về xử lý tàu ba không.", "Ban hành hướng dẫn xử lý tàu cá chưa đăng ký."),
    (P, "Đề nghị sớm có kinh phí tu bổ mốc giới.", "Cấp vốn sửa chữa các cột mốc bị xói lở."),
    (P, "Mở thêm cặp chợ, nâng cấp cửa khẩu phụ.", "Đề nghị Chính phủ nâng cấp lối mở thành cửa khẩu phụ."),
    (R, "Công tác hậu cần bảo đảm đầy đủ, quân số khỏe cao.", "Đời sống bộ đội được chăm lo, bữa ăn đủ chất."),
    (
        R,
        "Vũ khí, khí tài được bảo quản tốt, luôn sẵn sàng.",
        "Phương tiện kỹ thuật bảo dưỡng đúng kỳ, hệ số kỹ thuật cao.",
    ),
    (R, "Sinh hoạt đảng được duy trì nền nếp.", "Các chi bộ giữ nghiêm chế độ sinh hoạt, chất lượng nâng lên."),
    (R, "Bảo đảm tuyệt đối an toàn trong huấn luyện, tham gia giao thông.", "Đơn vị không xảy ra mất an toàn."),
    (
        R,
        "Thực hiện tốt quy chế phối hợp với Công an, Quân sự.",
        "Hiệp đồng với các lực lượng trên địa bàn nhịp nhàng, hiệu quả.",
    ),
    (
        R,
        "Làm tốt công tác tham mưu cho cấp ủy, chính quyền địa phương.",
        "Chủ động tham mưu giúp huyện ủy chỉ đạo nhiệm vụ biên phòng.",
    ),
    (R, "Tinh thần bộ đội tốt, không ai kêu ca.", "Cán bộ, chiến sĩ phấn khởi, tin tưởng vào sự lãnh đạo của Đảng."),
    (R, "Quân số trực luôn đủ, canh gác nghiêm.", "Chế độ trực chỉ huy, trực tác chiến duy trì nghiêm."),
    (M, "Đơn vị được tặng danh hiệu Đơn vị Quyết thắng.", "Đồn được công nhận Đơn vị quyết thắng năm 2024."),
    (
        M,
        "Được Thủ tướng gửi thư khen vì thành tích bắt giữ ma túy.",
        "Chủ tịch tỉnh thưởng nóng lực lượng phá chuyên án.",
    ),
    (M, "Đội tuyển đạt giải nhất hội thi cán bộ giảng dạy chính trị.", "Đoạt giải nhì tại hội thao quân sự."),
    (M, "Hội Phụ nữ đơn vị được tặng giấy khen.", "Tổ chức phụ nữ được Hội cấp trên khen thưởng."),
    (S, "Giao ban với biên phòng bạn chưa đều.", "Trao đổi tin với phía Campuchia còn chậm."),
    (
        S,
        "Phía bạn xây công trình sát biên giới chưa được xử lý dứt điểm.",
        "Vẫn có việc phía bạn làm đường, đào kênh vi phạm hiệp định.",
    ),
    (S, "Số vụ buôn lậu phát hiện được còn ít so với thực tế.", "Hàng lậu theo đường cõng vẫn qua lại mỗi đêm."),
    (S, "Cán bộ vận động quần chúng ít bám bản.", "Công tác dân vận có nơi còn hình thức, xa dân."),
    (S, "Đảng viên phụ trách hộ còn hình thức.", "Việc đảng viên phụ trách hộ gia đình hiệu quả chưa cao."),
    (S, "Thi đua phát động rồi để đó.", "Phong trào thi đua chưa sôi nổi, khen thưởng còn cào bằng."),
    (S, "Nhà chốt tạm bợ, mưa dột.", "Doanh trại xuống cấp nhiều năm chưa được sửa."),
    (S, "Tàu cá xâm phạm vùng biển nước ngoài còn xảy ra.", "Còn ngư dân bị nước ngoài bắt giữ vì vượt ranh giới."),
    (
        S,
        "Việc triển khai nhiệm vụ ở vài đồn còn chung chung, thiếu kế hoạch cụ thể.",
        "Kế hoạch công tác năm xây dựng sơ sài, sao chép.",
    ),
    (S, "Khâu dự đoán âm mưu của bọn phản động chưa tốt.", "Chưa phát hiện sớm các nhóm người lạ vào địa bàn."),
    (
        S,
        "Bà con còn thờ ơ với các buổi nói chuyện của bộ đội.",
        "Tài liệu tuyên truyền chưa dịch ra tiếng dân tộc, người nghe chán.",
    ),
    (
        S,
        "Một chiến sĩ vay nặng lãi bị xử lý khiển trách.",
        "Có đồng chí tự ý rời đơn vị, phải kiểm điểm trước toàn đồn.",
    ),
    (
        S,
        "Giữa ta với Kiểm lâm, Công an còn chưa thông tin kịp cho nhau.",
        "Quy chế phối hợp ký xong để đó, ít khi giao ban.",
    ),
    (S, "Nhiều thuyền ra khơi quá 10 ngày không báo vị trí.", "Có 12 tàu tắt máy định vị khi đang khai thác."),
    (
        S,
        "Người dân theo lối mòn sang chợ bên kia không qua cửa khẩu.",
        "Tình trạng lội suối sang Lào, Campuchia không giấy tờ còn nhiều.",
    ),
    (
        S,
        "Tổ tự quản tàu thuyền có danh sách mà chẳng họp bao giờ.",
        "Các tổ an ninh tự quản sinh hoạt rời rạc, mỗi quý vài lần cho có.",
    ),
    (
        S,
        "Báo cáo ngày của trạm hay thiếu mục, phải gọi lại hỏi.",
        "Số liệu gửi lên còn nhầm, cộng sai, quá giờ quy định.",
    ),
    (S, "Nạn trộm cắp ngư lưới cụ ở bến cá còn xảy ra.", "Trộm cắp vặt trong khu dân cư chưa giảm."),
    (S, "Cán bộ nói tiếng Khmer còn kém.", "Nhiều đồng chí chưa nghe được tiếng Khmer khi xuống phum."),
    (S, "Máy tính, phần mềm chưa được dùng hết tính năng, vẫn viết sổ.", "Việc số hóa hồ sơ tàu thuyền làm còn chậm."),
    (
        S,
        "Chất lượng khám phá án còn thấp, nhiều vụ chưa bắt được đối tượng.",
        "Công tác điều tra có vụ kéo dài, chưa ra đối tượng.",
    ),
    (S, "Các mô hình làm hay chưa lan ra các xã khác.", "Điển hình tốt chậm được nhân rộng."),
    (S, "Rác thải trôi dạt ở bãi biển, ô nhiễm chưa được xử lý.", "Ô nhiễm môi trường ở cảng cá còn nghiêm trọng."),
    (
        C,
        "Xuồng máy hay chết máy giữa chừng, phụ tùng không có.",
        "Xe tuần tra dùng đã mười lăm năm, chạy một buổi hỏng một buổi.",
    ),
    (C, "Đường biên dài, núi cao vực sâu, có mốc đi mất hai ngày.", "Đồn cách mốc xa, toàn rừng già, phải lội bộ."),
    (
        C,
        "Bà con ít được học, luật nói gì cũng không rõ.",
        "Người dân vùng biên nghe kẻ xấu xúi là làm theo, đâu biết phạm luật.",
    ),
    (
        C,
        "Chỉ huy đồn nghe báo cáo rồi để đấy, không xuống xem.",
        "Cấp ủy chưa đôn đốc đến nơi đến chốn, việc giao ra không kiểm tra.",
    ),
    (C, "Trạm có năm người mà làm việc của chục người.", "Quân số khuyết, mỗi người ôm vài mảng."),
    (
        C,
        "Kẻ buôn luôn đổi tuyến, đổi giờ, thuê người cảnh giới.",
        "Bọn vận chuyển chia nhỏ hàng, dùng sim rác, thấy chốt là quay đầu.",
    ),
    (C, "Cán bộ vừa ra trường còn bỡ ngỡ với địa bàn.", "Chỉ huy mới lên chưa có kinh nghiệm xử lý việc phức tạp."),
    (
        C,
        "Buôn thuốc lá một chuyến lời bằng cả tháng làm ruộng.",
        "Lãi từ hàng cấm lớn nên nhiều người liều lĩnh lao vào.",
    ),
    (
        C,
        "Tiền hoạt động rót xuống nhỏ giọt, cuối năm mới có.",
        "Kinh phí cho nhiệm vụ này ít, giải quyết không kịp thời.",
    ),
    (C, "Văn bản trên xuống còn mâu thuẫn, khó áp dụng.", "Chưa có hướng dẫn rõ nên mỗi nơi làm một kiểu."),
    (L, "Được dân tin thì có tin báo sớm, việc khó cũng xong.", "Làm gì cũng phải dựa vào bà con, bàn với bà con."),
    (
        L,
        "Cán bộ phải đi trước làm trước, nội bộ phải thật sự dân chủ.",
        "Đơn vị đoàn kết, người đứng đầu gương mẫu là vượt được mọi khó khăn.",
    ),
    (
        L,
        "Có các ngành cùng ra tay thì mới dẹp được buôn lậu.",
        "Phải gắn chặt với Công an, Hải quan, dân quân trong mọi vụ việc.",
    ),
    (L, "Tranh thủ sự lãnh đạo của cấp ủy địa phương.", "Bám chắc Huyện ủy, tham mưu trúng thì địa phương mới hỗ trợ."),
    (
        L,
        "Tin phải có sớm, nắm từ gốc, xử lý ngay từ đầu.",
        "Nắm chắc tình hình, giải quyết tại chỗ, không để thành điểm nóng.",
    ),
    (
        T,
        "Bám địa bàn, nắm kỹ các đối tượng, không để xảy ra bất ngờ.",
        "Làm tốt dự báo, phát hiện từ sớm mọi dấu hiệu phức tạp.",
    ),
    (
        T,
        "Xử lý nghiêm tàu cá vi phạm IUU, gỡ thẻ vàng.",
        "Kiểm đếm tàu thuyền ra vào cảng, không để tàu thiếu giấy tờ đi biển.",
    ),
    (
        T,
        "Canh chặt các lối mở, không để người vượt biên.",
        "Tổ chức chốt trực 24/24 giờ ngăn người nhập cảnh trái phép.",
    ),
    (T, "Đánh mạnh vào các đường dây ma túy xuyên biên giới.", "Lập chuyên án đấu tranh, ngăn ma túy từ ngoài vào."),
    (T, "Chống buôn lậu xăng dầu trên biển, nhất là cuối năm.", "Mở đợt cao điểm chống hàng lậu, hàng giả."),
    (
        T,
        "Phổ biến Luật Biên phòng Việt Nam cho các tầng lớp nhân dân.",
        "Đưa Luật Biên phòng đến từng hộ bằng tờ rơi, loa bản.",
    ),
    (T, "Rèn kỷ luật, không để bộ đội vi phạm nồng độ cồn.", "Quản chặt con người, chấp hành nghiêm điều lệnh."),
    (T, "Củng cố lại các tổ tự quản yếu.", "Rà soát, kiện toàn tổ tự quản đường biên, cột mốc."),
    (
        T,
        "Thường trực sẵn sàng cứu người, cứu tàu khi có bão.",
        "Chuẩn bị phương tiện ứng phó mưa lũ, sạt lở theo 4 tại chỗ.",
    ),
    (T, "Cho cán bộ đi học tiếng Lào.", "Mở lớp tiếng Lào tại đồn."),
    (T, "Làm tốt công tác phát triển đảng viên.", "Kết nạp từ 3 đến 5 đảng viên mới."),
    (T, "Xây dựng đơn vị vững mạnh toàn diện, mẫu mực tiêu biểu.", "Phấn đấu đơn vị đạt vững mạnh toàn diện."),
    (
        T,
        "Đối ngoại với bạn phải thường xuyên, cùng giữ biên giới hòa bình.",
        "Tăng cường giao lưu, trao đổi với Biên phòng Lào.",
    ),
    (
        P,
        "Cho đồn thêm một xuồng cao tốc và ống nhòm hồng ngoại.",
        "Đề nghị trên cấp máy bay không người lái, xe bán tải.",
    ),
    (P, "Xin người cho các trạm đang thiếu.", "Đề nghị điều thêm cán bộ có chuyên môn về đồn."),
    (P, "Sớm mở đường từ bản lên mốc 170.", "Đề nghị bố trí vốn làm đường ra các cột mốc."),
    (P, "Sửa lại nhà ở của trạm, mái tôn đã mục.", "Xây kiên cố các chốt đang là nhà tạm."),
    (P, "Có chế độ bồi dưỡng cho người tham gia tổ tự quản.", "Đề nghị tỉnh chi phụ cấp cho tổ trưởng tự quản."),
    (
        R,
        "Biên giới yên ổn, không có điểm nóng.",
        "Đường biên, mốc giới được giữ nguyên vẹn, không xảy ra đột xuất, bất ngờ.",
    ),
    (R, "Anh em chịu khó, gắn bó với đồn.", "Cán bộ, chiến sĩ yên tâm công tác, sẵn sàng nhận nhiệm vụ."),
    (
        R,
        "Quan hệ với đồn bạn phía Lào tốt, có việc là gặp nhau ngay.",
        "Duy trì đều hội đàm định kỳ với Ty Công an Hủa Phăn.",
    ),
    (R, "Cả năm không có ai bị kỷ luật.", "Chấp hành kỷ luật nghiêm, không có vụ việc vi phạm."),
    (M, "Đảng bộ được trên xếp hoàn thành xuất sắc.", "Chi bộ đồn được công nhận trong sạch, vững mạnh."),
)


@pytest.mark.parametrize(("kind", "one", "other"), SAME)
def test_plain_words_and_official_ones_come_together(kind: Kind, one: str, other: str) -> None:
    points = [Point("1", "Đồn Một", kind, one), Point("2", "Đồn Hai", kind, other)]

    assert gather(points, lexicon_with(None))


def test_woven_all_at_once_the_rows_keep_to_themselves() -> None:
    points = [
        Point(f"{number}.{place}", f"Đồn {number}.{place}", kind, text)
        for number, (kind, *texts) in enumerate(SAME)
        for place, text in enumerate(texts)
    ]

    groups = gather(points, lexicon_with(None))

    of_rows = [{point.id.split(".")[0] for point in group.members} for group in groups]
    assert len(of_rows) >= 0.9 * len(SAME)
    assert all(len(rows) <= 3 for rows in of_rows)
