"""What a statement does: told by the heading it stands under and by its own words, weighed together.

A heading promises kinds (`Hạn chế, nguyên nhân` promises two); words of a statement speak for one kind or another; what
was said just before goes on until something else begins. Each is a weight, the heaviest kind wins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from loom._head import is_ahead
from loom._reading import Kind
from loom._text import fold

R, S, C, L, T, P, M = (
    Kind.RESULT,
    Kind.SHORTCOMING,
    Kind.CAUSE,
    Kind.LESSON,
    Kind.TASK,
    Kind.PROPOSAL,
    Kind.COMMENDATION,
)
# The order in which reports go through them: to go back needs a reason, to go on does not.
_ORDER = {R: 0, M: 0, S: 1, C: 2, L: 3, T: 4, P: 5}


def _any_of(words: str) -> str:
    """A pattern for phrases parted by `|`, folded as the text is. `~` stands for up to five words, `#` for a number."""
    phrases = sorted({fold(" ".join(word.split())) for word in words.split("|")}, key=len, reverse=True)
    open_words, number = r"(?:[^\s.;:]+\s+){0,5}?", r"\d[\d.,/]*"
    return "|".join(
        re.escape(p).replace(r"\~\ ", open_words).replace("~\\ ", open_words).replace(r"\#", number) for p in phrases
    )


@dataclass(frozen=True, slots=True)
class _Cue:
    kind: Kind
    weight: float
    pattern: re.Pattern[str]


def _within(kind: Kind, weight: float, words: str) -> _Cue:
    return _Cue(kind, weight, re.compile(rf"(?<!\w)(?:{_any_of(words)})(?!\w)"))


def _at_start(kind: Kind, weight: float, words: str) -> _Cue:
    opening = r"[\"“(]*(?:(?:và|đồng thời|ngoài ra|mặt khác|bên cạnh đó|trước hết|cụ thể|một là|hai là|ba là|bốn là|năm là)[ ,:]+)?"
    return _Cue(kind, weight, re.compile(rf"^{opening}(?:{_any_of(words)})(?!\w)"))


_TURNS = (
    "tuy nhiên|tuy vậy|dù vậy|mặc dù vậy|tuy thế|song|nhưng|thế nhưng|bên cạnh những kết quả|bên cạnh kết quả|"
    "bên cạnh những mặt|bên cạnh mặt|bên cạnh những ưu điểm|bên cạnh ưu điểm|ngoài những kết quả|mặc dù đã|"
    "tuy đã|dù đã|bên cạnh đó vẫn|bên cạnh đó còn|bên cạnh đó, còn|bên cạnh đó, vẫn|ngoài ra còn|ngoài ra, còn|ngoài ra vẫn"
)
_CUES = (
    # -- shortcoming: something is missing, late, weak, or still happens
    _at_start(S, 3.5, _TURNS),
    _at_start(
        S,
        4,
        "hạn chế|tồn tại|khuyết điểm|thiếu sót|một số hạn chế|một số tồn tại|những hạn chế|vẫn còn|vẫn để|vẫn có|vẫn xảy ra",
    ),
    _at_start(
        S,
        3,
        "còn|một số ~ còn|một số ~ chưa|không ít|có lúc|có nơi|đôi lúc|đôi khi|có thời điểm|chưa|việc ~ chưa|việc ~ còn",
    ),
    _within(
        S,
        2.5,
        "vẫn còn|vẫn để|vẫn có|vẫn xảy ra|vẫn tái diễn|vẫn chưa|vẫn diễn ra|vẫn thiếu|còn để xảy ra|còn để|còn tình trạng|còn hiện tượng|"
        "còn xảy ra|còn chậm|còn thiếu|còn yếu|còn hạn chế|còn ít|còn lúng túng|còn hình thức|còn đơn điệu|còn thấp|còn muộn|"
        "còn trễ|còn mỏng|còn dàn trải|còn chung chung|còn sơ sài|còn bất cập|còn khó khăn|còn gặp khó khăn|còn phức tạp|còn nhiều|"
        "còn bị động|còn nể nang|còn qua loa|còn lơ là|còn buông lỏng|còn chủ quan|còn kém|còn cao|còn có|còn khô cứng|còn nghèo nàn|"
        "còn rườm rà|còn chồng chéo|còn vướng mắc|còn lỏng lẻo|còn nặng về|còn cầm chừng|còn rời rạc|còn sai sót|còn nhầm lẫn|"
        "còn thụ động|còn trông chờ|còn vênh|còn đối phó|có việc còn|có mặt còn|có nơi còn|có lúc còn|có lúc chưa|có nơi chưa|"
        "còn xem nhẹ|còn bỏ sót|còn cứng nhắc|còn thưa|còn né tránh",
    ),
    _within(
        S,
        2,
        "chưa|không đúng|không đạt|không kịp|không thống nhất|không khớp|không thường xuyên|không đều|không đồng đều|không đồng bộ|"
        "không báo|không đầy đủ|không nghiêm|không chấp hành|không hiệu quả|không cao|không rõ",
    ),
    _within(
        S,
        1.5,
        "chậm|muộn|trễ|lúng túng|bị động|hình thức|chiếu lệ|cầm chừng|đơn điệu|nghèo nàn|khô cứng|sơ sài|qua loa|đại khái|buông lỏng|"
        "lơ là|thiếu|yếu|kém|bất cập|hạn chế|tồn tại|khuyết điểm|sai sót|thiếu sót|vướng mắc|nể nang|né tránh|dàn trải|hư hỏng|"
        "xuống cấp|bỏ sót|mất đoàn kết|vi phạm kỷ luật|vi phạm pháp luật|vi phạm nồng độ cồn|chiều hướng tăng|chiều hướng gia tăng|"
        "gia tăng|diễn biến phức tạp|tái diễn|đối phó|chồng chéo|vênh|lập ra cho có|mới biết|thụ động|tác dụng thấp|hiệu quả thấp|"
        "chất lượng thấp|tỷ lệ thấp|thấp|mất an toàn|quá hạn|tụt|mờ nhạt|rời rạc|lỏng lẻo|nhỏ lẻ|tự phát|trông chờ|ỷ lại|ngại va chạm|"
        "bị kỷ luật|xử lý kỷ luật|bị khiển trách|bị cảnh cáo|mức khiển trách|mức cảnh cáo|tai nạn|đào ngũ|cắt khẩu",
    ),
    _within(
        S,
        0.8,
        "một số|một bộ phận|một vài|vài|có lúc|có nơi|có thời điểm|có thời gian|đôi lúc|đôi khi|có mặt|có việc|không ít|ở một số|"
        "lén lút|lợi dụng|trái phép|ít",
    ),
    # -- cause: what it comes from
    _at_start(
        C,
        7,
        "nguyên nhân|lý do|sở dĩ|nguyên do|căn nguyên|về khách quan|về chủ quan|về mặt khách quan|về mặt chủ quan|khách quan|chủ quan|"
        "có tình trạng trên|có tình trạng này|tình trạng trên là do|những hạn chế trên|các hạn chế trên|những hạn chế này bắt nguồn|hạn chế trên|"
        "các khuyết điểm trên|những khuyết điểm trên|những tồn tại trên|các tồn tại trên|có được kết quả|đạt được kết quả|"
        "những hạn chế này|các hạn chế này|những tồn tại này|những khuyết điểm này|để xảy ra tình trạng trên|một phần do|một phần là do|"
        "phần vì|chủ yếu do|chủ yếu là do|trước hết do|bắt nguồn từ|xuất phát từ|kết quả trên là do|có kết quả trên",
    ),
    _at_start(C, 3.5, "do|bởi|vì|là do|mặt khác do|bên cạnh đó do|cũng do|cũng vì|phần do|phần lớn do"),
    _within(
        C,
        3,
        "nguyên nhân chính|nguyên nhân là|nguyên nhân do|nguyên nhân chủ yếu|bắt nguồn từ|là do|chủ yếu do|một phần do|bởi lẽ|sở dĩ|xuất phát từ",
    ),
    _within(C, 1.2, "do|vì|nên dễ|dẫn đến|nên|khiến|làm cho|gây khó khăn|ảnh hưởng đến|làm gián đoạn"),
    _within(
        C,
        1,
        "thời tiết|địa bàn rộng|địa hình|chia cắt|hiểm trở|đồi núi|núi cao|đường biên dài|giao thông đi lại|đi lại khó khăn|thủ đoạn|"
        "tinh vi|liều lĩnh|manh động|lực lượng mỏng|quân số mỏng|quân số thiếu|quân số ít|biên chế thiếu|biên chế|kinh phí|dân trí|"
        "kiêm nhiệm|kiêm nhiều|đảm nhiệm nhiều|cán bộ trẻ|mới ra trường|mới về|mới nhận|kinh nghiệm còn|kinh nghiệm thực tế|kinh nghiệm thực tiễn|"
        "đời sống ~ khó khăn|lợi nhuận|hiểu biết pháp luật|nhận thức ~ pháp luật|nhận thức ~ hạn chế|ý thức|trang bị|phương tiện|trang thiết bị|"
        "xuống cấp|đã cũ|cũ|qua nhiều năm sử dụng|thiếu kiểm tra|sâu sát|đôn đốc|khoán trắng|ngại khó|ngại học|trình độ|năng lực ~ hạn chế|"
        "thay đổi phương thức|trái ngành|dịch bệnh|sóng to|mưa lũ|thưa dân|giáp ranh|hám lợi|thiếu việc làm|không có việc làm|tinh thần trách nhiệm",
    ),
    # -- lesson: what one learns from it
    _at_start(
        L,
        7,
        "bài học|kinh nghiệm|kinh nghiệm rút ra|bài học kinh nghiệm|bài học rút ra|từ thực tiễn|qua thực tiễn|qua thực tế|từ thực tế|"
        "từ kết quả trên|rút kinh nghiệm",
    ),
    _at_start(
        L,
        2,
        "phải|luôn|muốn|nơi nào|ở đâu|đơn vị nào|khi nào|có ~ thì|lấy|coi trọng|thường xuyên coi trọng|làm gì|lúc nào cũng phải|trước hết phải",
    ),
    _within(
        L,
        2.5,
        "bài học|rút ra kinh nghiệm|rút ra bài học|kinh nghiệm cho thấy|thực tiễn cho thấy|thực tế cho thấy|yếu tố quyết định|nhân tố quyết định|"
        "khâu then chốt|là then chốt|là gốc|làm gốc|là chìa khóa|ở đó|nơi đó|thì mới|mới có thể|có ý nghĩa quyết định|điều kiện tiên quyết",
    ),
    _within(
        L,
        1,
        "phải|dựa vào dân|nêu gương|làm gương|gương mẫu|giữ vững nguyên tắc|tập trung dân chủ|đoàn kết|coi trọng|phát huy vai trò",
    ),
    # -- task: what is to be done
    _at_start(
        T,
        5,
        "thời gian tới|trong thời gian tới|thời gian tiếp theo|năm tới|tháng tới|quý tới|tuần tới|sang năm|bước sang|sáu tháng cuối năm|phấn đấu|"
        "nhiệm vụ trọng tâm|phương hướng|nhiệm vụ|quyết tâm|mục tiêu|trong quý tới|trong tháng tới|trong năm tới|6 tháng cuối năm",
    ),
    _at_start(
        T,
        2.5,
        "tiếp tục|tăng cường|đẩy mạnh|nâng cao|siết chặt|khắc phục|chấn chỉnh|quyết liệt|kéo giảm|tập trung|nghiên cứu|kiên quyết|sẵn sàng|"
        "chủ động nắm|nắm chắc|nắm vững|bám sát|rà soát|đổi mới|quan tâm|kiên trì|chú trọng|không ngừng|thường xuyên|hoàn chỉnh|cần|sẽ",
    ),
    _at_start(
        T,
        1.2,
        "chủ động|tổ chức|duy trì|quản lý|thực hiện|làm tốt|xây dựng|triển khai|phối hợp|mở|đưa|cử|giữ|bảo đảm|phát động|rút|hoàn thành|kiểm tra|"
        "kiểm soát|ngăn chặn|đấu tranh|lãnh đạo|chỉ đạo|củng cố|ra quân|hướng dẫn|kêu gọi|tham mưu|quán triệt|chuẩn bị|vận động|giáo dục|tuyên truyền",
    ),
    _within(
        T,
        2.5,
        "thời gian tới|trong thời gian tới|phấn đấu|tháng tới|quý tới|năm tới|tuần tới|6 tháng cuối năm|những tháng cuối năm|tiếp tục|hơn nữa|"
        "đặt mục tiêu|đề ra mục tiêu|tới đây|sắp tới|từ nay đến",
    ),
    _within(
        T,
        1,
        "không để|kiên quyết|chủ động|sẽ|ít nhất|trước tháng|trước ngày|cần|phải|nhân rộng|trong quý|có hiệu quả|quyết liệt|xong trước",
    ),
    # -- proposal: what is asked of others
    _at_start(
        P,
        7,
        "đề nghị|kiến nghị|đề xuất|kính đề nghị|kính mong|rất mong|mong|mong muốn|xin|xin đề nghị|kính trình|đơn vị đề nghị|đơn vị kiến nghị|"
        "đơn vị đề xuất|đơn vị mong|trân trọng đề nghị|đơn vị kính đề nghị|đề đạt|cũng đề nghị|tiếp tục đề nghị|tiếp tục kiến nghị",
    ),
    _within(
        P,
        3,
        "đề nghị cấp trên|đề nghị bộ|đề nghị ubnd|kiến nghị bộ|kiến nghị ubnd|kiến nghị cấp|đề nghị trên|kính đề nghị|đề nghị ~ xem xét|đề nghị ~ quan tâm|"
        "đề nghị ~ bổ sung|kiến nghị với|đề xuất với|mong được|quan tâm cấp|quan tâm đầu tư|quan tâm bố trí|quan tâm bổ sung|xem xét, bố trí|"
        "xem xét bố trí|xem xét bổ sung|sớm bố trí|sớm đầu tư|sớm ban hành|sớm cấp|sớm bổ sung",
    ),
    _within(
        P,
        1,
        "xem xét|cấp bổ sung|bổ sung kinh phí|bố trí kinh phí|bố trí vốn|trang bị thêm|đầu tư|cấp thêm|sớm|quan tâm|có chế độ|nâng mức|điều chỉnh mức",
    ),
    # -- commendation: who was praised, awarded, rated
    _within(
        M,
        6,
        "bằng khen|giấy khen|cờ thi đua|thư khen|huân chương|huy chương|kỷ niệm chương|được khen thưởng|được biểu dương|biểu dương|tuyên dương|"
        "gửi thư khen|khen thưởng ~ tập thể|khen thưởng ~ cá nhân|khen thưởng cho|khen thưởng #|được tặng|tặng thưởng|được phong tặng|"
        "được tôn vinh|đạt danh hiệu|được công nhận danh hiệu|danh hiệu đơn vị|đơn vị quyết thắng|chiến sĩ thi đua|chiến sĩ tiên tiến|"
        "thưởng nóng|được thưởng|khen thưởng đột xuất|thưởng cho|đạt giải|giải nhất|giải nhì|giải ba|giải khuyến khích|khen ngợi|được vinh danh|"
        "lao động tiên tiến|tập thể tiên tiến|được truy tặng|được thăng quân hàm trước|nhân rộng điển hình tiên tiến",
    ),
    _within(
        M,
        6,
        "xếp loại ~ hoàn thành|xếp loại xuất sắc|xếp loại tốt|xếp loại giỏi|xếp loại khá|đánh giá ~ hoàn thành|đánh giá ~ trong sạch|"
        "đánh giá ~ vững mạnh|công nhận ~ hoàn thành|công nhận ~ vững mạnh|công nhận ~ đạt chuẩn|xếp loại ~ vững mạnh|được ~ đánh giá cao|"
        "được ~ ghi nhận|xếp thứ nhất|xếp thứ #|dẫn đầu khối|dẫn đầu phong trào|dẫn đầu thi đua|đơn vị dẫn đầu|được ~ xếp loại|được ~ công nhận",
    ),
    # -- result: what was done and how it stands
    _at_start(
        R,
        2,
        "trong năm|trong kỳ|trong quý|trong tháng|năm qua|đã|đến nay|nhìn chung|về ưu điểm|ưu điểm|kết quả đã|kết quả đạt|kết quả là|qua đó|trong tuần|toàn đơn vị|qua sàng lọc",
    ),
    _within(
        R,
        1.2,
        "đã|so với cùng kỳ|kết quả|tổng số|đạt|hoàn thành|phát hiện|bắt giữ|xử lý|tiếp nhận|khởi tố|thu giữ|xử phạt",
    ),
    _within(
        R,
        1.5,
        "giữ vững|được giữ vững|ổn định|yên tâm|an tâm|tin tưởng|nền nếp|nghiêm túc|chặt chẽ|tích cực|có chuyển biến|chuyển biến tốt|hiệu quả|"
        "đúng kế hoạch|đạt yêu cầu|hoàn thành tốt|bảo đảm an toàn|được bảo vệ|kịp thời|không xảy ra|không có vụ|không có quân nhân|đồng bộ|"
        "đã được khắc phục|khắc phục xong|được khắc phục|chuyển biến rõ|cơ bản khắc phục|đúng quy định|được nâng lên",
    ),
)
_COUNTED = re.compile(
    r"\d[\d.,]*\s*(?:/\s*\d[\d.,]*\s*)?(?:lượt|vụ|đối tượng|buổi|hộ|km|kg|g\b|gam|tổ|người|đồng|triệu|tỉ|suất|tàu|trường hợp|chốt|đợt)"
)
_BY_US = re.compile(
    r"^[^.;:]{0,60}?(?<!đã )(?<!, )(?<!được )(?:kính đề nghị|đề nghị|kiến nghị|đề xuất|mong muốn|mong)\s+(?!của|cho|với nhau|khởi tố|truy tố)"
)
# Said of what was not wrong: no shortcoming, though its words are those of one.
_FINE = re.compile(
    r"(?:không|chưa)(?: còn)?(?: để)?(?: phát hiện| xảy ra| ghi nhận| có)\b[^,;.]*|không bị[^,;.]*|không để[^,;.]*|"
    r"(?:khắc phục|chấn chỉnh|giảm|hạn chế|ngăn chặn|ngăn ngừa|phòng ngừa|xoá|xử lí|đấu tranh|đẩy lùi|rà soát|tháo gỡ|phát hiện|"
    r"bắt(?: giữ)?|phạt|hỗ trợ|giúp(?: đỡ)?|cảm hoá)\s[^,;.]*|"
    r"(?:hạn chế|khuyết điểm|tồn tại|thiếu sót|yếu kém|vướng mắc|khó khăn)[^,;.]*?(?:đã|được)(?: \w+)? (?:khắc phục|giải quyết|tháo gỡ)[^,;.]*|"
    r"không ai[^,;.]*|không hề[^,;.]*|thiếu nhi[^,;.]*|thiếu niên|thiếu tá|thiếu uý|thiếu tướng|chậm nhất"
)
# `Trong thời gian tới, …`, `Đồng chí … đề nghị, thời gian tới …`: time ahead, told before what is to be done in it.
_AHEAD = re.compile(
    r"^[^.;:]{0,90}?(?<!\w)(?:thời gian tới|thời gian tiếp theo|tới đây|sắp tới|tháng tới|quí tới|tuần tới|năm tới|kì tới|tuần sau|tháng sau|"
    r"sang năm|bước sang năm)(?!\w)(?=.{25})"
)

_HEADINGS = tuple(
    (kind, re.compile(rf"(?<!\w)(?:{_any_of(words)})(?!\w)"))
    for kind, words in (
        (
            R,
            "kết quả|ưu điểm|mặt mạnh|mặt được|làm được|thành tích|tình hình|đánh giá chung|đặc điểm|nhận xét|thuận lợi|những việc đã làm|việc đã làm|"
            "làm tốt|điểm mạnh|đã thực hiện|công tác lãnh đạo, chỉ đạo|diễn biến",
        ),
        (
            S,
            "hạn chế|tồn tại|khuyết điểm|thiếu sót|yếu kém|khó khăn|vướng mắc|bất cập|mặt yếu|điểm yếu|chưa làm tốt|chưa làm được|chưa tốt|chưa đạt|"
            "chưa được|cần khắc phục|phải khắc phục|sai sót|mặt còn|còn yếu|còn kém|cần rút kinh nghiệm|nhược điểm|việc chưa|điểm chưa|trăn trở",
        ),
        (C, "nguyên nhân|lý do|vì sao|nguyên do|do đâu|là do|là vì|bắt nguồn từ|sở dĩ"),
        (L, "bài học|kinh nghiệm|rút ra"),
        (
            T,
            "phương hướng|nhiệm vụ|trọng tâm|giải pháp|biện pháp|mục tiêu|chỉ tiêu|thời gian tới|tuần tới|tháng tới|quý tới|năm tới|kỳ tới|dự kiến|"
            "cần làm|sẽ làm|phải làm|sắp tới|cuối năm|chương trình công tác|tiếp theo|kế hoạch công tác|hướng tới|nhiệm vụ trọng tâm|việc sắp|kế hoạch tháng|"
            "kế hoạch tuần|kế hoạch quý|kế hoạch năm|tuần sau|tháng sau|quý sau|năm sau|tổ chức thực hiện|tập trung thực hiện|phải tập trung",
        ),
        (P, "kiến nghị|đề nghị|đề xuất|nguyện vọng|mong muốn|ý kiến đề|mong|xin|xin ý kiến|đề đạt"),
        (M, "khen thưởng|biểu dương|tuyên dương|được khen|thi đua, khen thưởng|xếp loại|danh hiệu"),
    )
)
_DONE_WITH = re.compile(
    r"(?:khắc phục|thực hiện|hoàn thành|giải quyết|tháo gỡ|triển khai|trả lời|tiếp thu|xử lí)(?: các| những| một số| tốt)*"
    r"(?:,? (?:và )?(?:hạn chế|tồn tại|khuyết điểm|thiếu sót|khó khăn|vướng mắc|kiến nghị|đề nghị|đề xuất|nhiệm vụ|mục tiêu|chỉ tiêu|chương trình công tác|"
    r"phương hướng|giải pháp|biện pháp))+"
)
_SUCCESS = re.compile(
    r"nguyên nhân(?: của)?(?: các| những)? (?:thành công|ưu điểm|kết quả|thành tích|mặt mạnh|hạn chế|tồn tại|khuyết điểm|thiếu sót)[^,;]*"
)
_NOT_DONE = re.compile(r"(?:chưa|không)(?: được)? (?:làm tốt|làm được|đạt được|tốt|đạt|thực hiện được)")
_RIVALRY = re.compile(r"thi đua,? (?:và )?khen thưởng")


@lru_cache(maxsize=4096)
def promised(heading: str) -> tuple[Kind, ...]:
    """The kinds that a heading promises, in its order; none where it only names a field of work."""
    folded = _SUCCESS.sub("nguyên nhân", _RIVALRY.sub("kết quả khen thưởng", fold(heading)))
    folded = _DONE_WITH.sub(lambda m: m.group().split()[0], folded)
    if folded.startswith(("kết quả", "tình hình", "đánh giá")) and "cuối năm" in folded and "cùng kì" in folded:
        folded = folded.replace("cuối năm", "")
    first: dict[Kind, int] = {}
    folded = _NOT_DONE.sub("hạn chế", folded)
    for kind, pattern in _HEADINGS:
        found = pattern.search(folded)
        if found:
            first[kind] = found.start()
    if S in first and L in first and "cần rút kinh nghiệm" in folded:
        del first[L]
    if T in first and R in first and "6 tháng cuối năm" in folded and first[R] < first[T]:
        # `Kết quả công tác 6 tháng cuối năm`: the period of the results, no task.
        if not re.search(r"phương hướng|nhiệm vụ|trọng tâm|giải pháp", folded):
            del first[T]
    return tuple(sorted(first, key=lambda kind: first[kind]))


_PRIOR = {R: 2.5, S: 5.0, C: 6.0, L: 6.0, T: 6.0, P: 7.0, M: 5.0}
# Under shortcomings a sentence that blames nothing may yet be praise.
_WITHOUT_BLAME = 3.5
# How much of a sentence tells of which time it speaks.
_OPENING = 40
# From this weight on a statement names its kind itself (`Nguyên nhân là …`), whatever its heading promises.
_SAID_OUTRIGHT = 7.0
_LABEL = re.compile(r"^([^:.;]{2,70}):\s")


def scores(text: str) -> dict[Kind, float]:
    """What the words of a statement say for each kind."""
    folded = fold(text)
    bare = _FINE.sub(" ", folded)
    found = dict.fromkeys(Kind, 0.0)
    for cue in _CUES:
        where = bare if cue.kind is S else folded
        hits = 0
        for _ in cue.pattern.finditer(where):
            hits += 1
            if hits == 2:  # noqa: PLR2004 -- what is said twice need not be counted on
                break
        if hits:
            found[cue.kind] += cue.weight * (1 + 0.5 * (hits - 1))
    if _COUNTED.search(folded):
        found[R] += 1.5
        found[T] -= 1.0
    if _AHEAD.match(folded):
        found[T] += 4
    if found[C] >= _SAID_OUTRIGHT:
        # Causes are told in the words of shortcomings.
        found[S] *= 0.5
    if _BY_US.match(folded) and not _COUNTED.search(folded):
        found[P] += 4
    return found


@dataclass(slots=True)
class Course:
    """How far a report has come: what its headings promise and what was said last."""

    period: str = ""
    kinds: tuple[Kind, ...] = ()
    last: Kind | None = None

    def enter(self, kinds: tuple[Kind, ...], *, firm: bool = True) -> None:
        """Go under a heading (firm) or behind a lead-in that promises `kinds`."""
        self.kinds = kinds
        if kinds:
            self.last = kinds[0]
        elif firm:
            self.last = None

    def kind(self, text: str, *, fresh: bool) -> Kind:
        """The kind of the next statement; `fresh` where a new paragraph or bullet begins."""
        found = scores(text)
        if self.period and is_ahead(fold(text[:_OPENING]), self.period):
            found[T] += 4
        label = _LABEL.match(text)
        if label:
            for kind in promised(label.group(1))[:1]:
                if kind is not R:
                    found[kind] += 5
        self._weigh(found, fresh=fresh)
        best = max(Kind, key=lambda kind: (found[kind], -_ORDER[kind]))
        self.last = best if best is not M or self.last is None else self.last
        return best

    def _weigh(self, found: dict[Kind, float], *, fresh: bool) -> None:
        if len(self.kinds) == 1:
            self._under_one(found, self.kinds[0])
        elif self.kinds:
            self._under_several(found)
        else:
            self._under_none(found, fresh=fresh)

    def _under_one(self, found: dict[Kind, float], kind: Kind) -> None:
        found[kind] += _PRIOR[kind] if kind is not S or found[S] > 0 else _WITHOUT_BLAME
        if kind in {T, P, L}:
            for other in (R, S, C, M):
                found[other] *= 0.4
        if kind is C:
            found[S] *= 0.5
            found[L] *= 0.5
            found[T] *= 0.4
        if kind is S:
            found[C] *= 0.6 if found[C] < _PRIOR[C] else 1
            found[T] *= 0.4
            found[L] *= 0.5
            if found[S] > _PRIOR[S]:
                found[R] *= 0.4
        if kind in {R, M}:
            found[T] *= 0.5
            found[L] *= 0.5
            found[C] *= 0.6
            if kind is M:
                found[R] += 1

    def _under_several(self, found: dict[Kind, float]) -> None:
        for kind in self.kinds:
            found[kind] += 2.5
        if self.last is not None:
            found[self.last] += 2.5
            if self.last is C:
                found[S] *= 0.5
            if self.last in {T, P}:
                found[R] *= 0.3
                found[S] *= 0.5
                found[C] *= 0.4
        for kind in Kind:
            if kind not in self.kinds and found[kind] < _SAID_OUTRIGHT:
                found[kind] *= 0.7

    def _under_none(self, found: dict[Kind, float], *, fresh: bool) -> None:
        found[R] += 1.5
        last = self.last
        if last is None:
            found[T] *= 0.6
            return
        found[last] += 2 if not fresh else 1.2
        if last is not R:
            found[R] -= 1
        if last is C:
            found[S] *= 0.6
        if last in {T, P, L}:
            found[R] *= 0.4
            found[S] *= 0.5
            found[C] *= 0.5
            found[T] += 1
        if last in {R, M}:
            found[T] *= 0.6
            found[C] *= 0.7
        for kind in Kind:
            if _ORDER[kind] < _ORDER[last] and kind is not M:
                found[kind] -= 0.8


_TURN_TO = (
    (
        S,
        re.compile(
            rf"(?:{_any_of('tuy nhiên|tuy vậy|song|nhưng|dù vậy|bên cạnh đó vẫn|bên cạnh đó, vẫn|bên cạnh đó còn|vẫn còn|hạn chế là')})(?!\w)"
        ),
    ),
    (C, re.compile(rf"(?:{_any_of('nguyên nhân|lý do')})(?!\w)")),
    (P, re.compile(rf"(?:{_any_of('đề nghị|kiến nghị|kính đề nghị')})(?!\w)")),
)
_ASKS = re.compile(rf"(?:{_any_of('đồng thời đề nghị|đề nghị|kiến nghị|kính đề nghị|đề xuất|mong|xin')})(?!\w)")


def turn(piece: str) -> Kind | None:
    """The kind to which a piece turns by its first words (`tuy nhiên`, `nguyên nhân`), None where it goes on."""
    folded = fold(piece)
    return next((kind for kind, pattern in _TURN_TO if pattern.match(folded)), None)


def asks(piece: str) -> bool:
    """Whether a piece begins a request of its own."""
    return bool(_ASKS.match(fold(piece)))
