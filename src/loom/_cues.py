"""The words by which a statement tells what it does: phrases by kind, with their weight.

Grouped by what language does (something is missing, late, still happens; what it comes from; what is to be done; who is
asked; who was praised), so that a new wording has its place. `~` stands for up to five words, `#` for a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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


def any_of(words: str) -> str:
    """A pattern for phrases parted by `|`, folded as the text is."""
    phrases = sorted({_single(word) for word in words.split("|")}, key=len, reverse=True)
    open_words, number = r"(?:[^\s.;:]+\s+){0,5}?", r"\d[\d.,/]*"
    return "|".join(re.escape(p).replace(r"\~\ ", open_words).replace(r"\#", number) for p in phrases)


def _single(phrase: str) -> str:
    return fold(" ".join(phrase.split()))


@dataclass(frozen=True, slots=True)
class _Cue:
    """Phrases that speak for one kind with one weight; `first` where they must open the statement."""

    kind: Kind
    weight: float
    words: str
    first: bool = False

    @property
    def phrases(self) -> Iterator[tuple[str, ...]]:
        """The fixed phrases as words; those with gaps are left to `gaps`."""
        for phrase in self.words.split("|"):
            if "~" not in phrase and "#" not in phrase:
                yield tuple(_WORD.findall(_single(phrase)))

    @property
    def gaps(self) -> str:
        return "|".join(phrase for phrase in self.words.split("|") if "~" in phrase or "#" in phrase)


_WORD = re.compile(r"\d[\d.,/]*|[^\W\d_]+(?:/[^\W\d_]+)?")


def _within(kind: Kind, weight: float, words: str) -> _Cue:
    return _Cue(kind, weight, words)


def _at_start(kind: Kind, weight: float, words: str) -> _Cue:
    return _Cue(kind, weight, words, first=True)


_TURNS = (
    "tuy nhiên|tuy vậy|dù vậy|mặc dù vậy|tuy thế|song|nhưng|thế nhưng|bên cạnh những kết quả|bên cạnh kết quả|"
    "bên cạnh những mặt|bên cạnh mặt|bên cạnh những ưu điểm|bên cạnh ưu điểm|ngoài những kết quả|mặc dù đã|tuy đã|"
    "dù đã|bên cạnh đó vẫn|bên cạnh đó còn|bên cạnh đó, còn|bên cạnh đó, vẫn|ngoài ra còn|ngoài ra, còn|"
    "ngoài ra vẫn"
)
_CUES = (
    _at_start(
        S,
        3.5,
        "chuyện đáng lo|điều đáng lo|đáng lo|đáng lo ngại|đáng tiếc|đáng tiếc là|điều chưa được|cái chưa được|"
        "mặt chưa được|điều trăn trở|thẳng thắn nhìn nhận|phải thẳng thắn|cũng còn|cũng phải nói|điều còn thiếu|"
        "việc còn thiếu",
    ),
    _within(
        S,
        1.5,
        "hỏng|dột|dột nát|thất lạc|nhầm|nhầm lẫn|sai|lấy lệ|để trống|bỏ trống|bị nhắc nhở|bị phê bình|lạc hậu|"
        "lộn xộn|vắng|quá tải|ùn tắc|bức xúc|đùn đẩy|gián đoạn|ngại|bỏ lọt|để lọt|sót|trùng lặp|trả lại|lãng phí|"
        "chủ quan|tái phạm|nợ đọng|ít được|khó khăn|không phát hiện kịp|không kiểm soát",
    ),
    # -- shortcoming: something is missing, late, weak, or still happens
    _at_start(S, 3.5, _TURNS),
    _at_start(
        S,
        4,
        "hạn chế|tồn tại|khuyết điểm|thiếu sót|một số hạn chế|một số tồn tại|những hạn chế|vẫn còn|vẫn để|vẫn có|"
        "vẫn xảy ra",
    ),
    _at_start(
        S,
        3,
        "còn|một số ~ còn|một số ~ chưa|không ít|có lúc|có nơi|đôi lúc|đôi khi|có thời điểm|chưa|việc ~ chưa|"
        "việc ~ còn",
    ),
    _within(
        S,
        2.5,
        "vẫn còn|vẫn để|vẫn có|vẫn xảy ra|vẫn tái diễn|vẫn chưa|vẫn diễn ra|vẫn thiếu|còn để xảy ra|còn để|"
        "còn tình trạng|còn hiện tượng|còn xảy ra|còn chậm|còn thiếu|còn yếu|còn hạn chế|còn ít|còn lúng túng|"
        "còn hình thức|còn đơn điệu|còn thấp|còn muộn|còn trễ|còn mỏng|còn dàn trải|còn chung chung|còn sơ sài|"
        "còn bất cập|còn khó khăn|còn gặp khó khăn|còn phức tạp|còn nhiều|còn bị động|còn nể nang|còn qua loa|"
        "còn lơ là|còn buông lỏng|còn chủ quan|còn kém|còn cao|còn có|còn khô cứng|còn nghèo nàn|còn rườm rà|"
        "còn chồng chéo|còn vướng mắc|còn lỏng lẻo|còn nặng về|còn cầm chừng|còn rời rạc|còn sai sót|còn nhầm lẫn|"
        "còn thụ động|còn trông chờ|còn vênh|còn đối phó|có việc còn|có mặt còn|có nơi còn|có lúc còn|có lúc chưa|"
        "có nơi chưa|thấp so với|thấp hơn|đạt thấp|còn xem nhẹ|còn bỏ sót|còn cứng nhắc|còn thưa|còn né tránh",
    ),
    _within(
        S,
        2,
        "chưa|không đúng|không đạt|không kịp|không thống nhất|không khớp|không thường xuyên|không đều|"
        "không đồng đều|không đồng bộ|không báo|không đầy đủ|không nghiêm|không chấp hành|không hiệu quả|"
        "không cao|không rõ",
    ),
    _within(
        S,
        1.5,
        "chậm|muộn|trễ|lúng túng|bị động|hình thức|chiếu lệ|cầm chừng|đơn điệu|nghèo nàn|khô cứng|sơ sài|qua loa|"
        "đại khái|buông lỏng|lơ là|thiếu|yếu|kém|bất cập|hạn chế|tồn tại|khuyết điểm|sai sót|thiếu sót|vướng mắc|"
        "nể nang|né tránh|dàn trải|hư hỏng|xuống cấp|bỏ sót|mất đoàn kết|vi phạm kỷ luật|vi phạm pháp luật|"
        "vi phạm nồng độ cồn|chiều hướng tăng|chiều hướng gia tăng|gia tăng|diễn biến phức tạp|tái diễn|đối phó|"
        "chồng chéo|vênh|lập ra cho có|mới biết|thụ động|tác dụng thấp|hiệu quả thấp|chất lượng thấp|tỷ lệ thấp|"
        "thấp|mất an toàn|quá hạn|tụt|mờ nhạt|rời rạc|lỏng lẻo|nhỏ lẻ|tự phát|trông chờ|ỷ lại|ngại va chạm|"
        "bị kỷ luật|xử lý kỷ luật|bị khiển trách|bị cảnh cáo|mức khiển trách|mức cảnh cáo|tai nạn|đào ngũ|cắt khẩu",
    ),
    _within(
        S,
        0.8,
        "một số|một bộ phận|một vài|vài|có lúc|có nơi|có thời điểm|có thời gian|đôi lúc|đôi khi|có mặt|có việc|"
        "không ít|ở một số|lén lút|lợi dụng|trái phép|ít",
    ),
    # -- cause: what it comes from
    _at_start(
        C,
        7,
        "nguyên nhân|lý do|sở dĩ|nguyên do|căn nguyên|về khách quan|về chủ quan|về mặt khách quan|về mặt chủ quan|"
        "khách quan|chủ quan|có tình trạng trên|có tình trạng này|tình trạng trên là do|những hạn chế trên|"
        "các hạn chế trên|những hạn chế này bắt nguồn|hạn chế trên|các khuyết điểm trên|những khuyết điểm trên|"
        "những tồn tại trên|các tồn tại trên|có được kết quả|đạt được kết quả|những hạn chế này|các hạn chế này|"
        "những tồn tại này|những khuyết điểm này|để xảy ra tình trạng trên|một phần do|một phần là do|phần vì|"
        "chủ yếu do|chủ yếu là do|trước hết do|bắt nguồn từ|xuất phát từ|kết quả trên là do|có kết quả trên",
    ),
    _at_start(C, 3.5, "do|bởi|vì|là do|mặt khác do|bên cạnh đó do|cũng do|cũng vì|phần do|phần lớn do"),
    _within(
        C,
        3,
        "nguyên nhân chính|nguyên nhân là|nguyên nhân do|nguyên nhân chủ yếu|bắt nguồn từ|là do|chủ yếu do|"
        "một phần do|bởi lẽ|sở dĩ|xuất phát từ",
    ),
    _within(C, 1.2, "do|vì|nên dễ|dẫn đến|nên|khiến|làm cho|gây khó khăn|ảnh hưởng đến|làm gián đoạn"),
    _within(
        C,
        1,
        "thời tiết|địa bàn rộng|địa hình|chia cắt|hiểm trở|đồi núi|núi cao|đường biên dài|giao thông đi lại|"
        "đi lại khó khăn|thủ đoạn|tinh vi|liều lĩnh|manh động|lực lượng mỏng|quân số mỏng|quân số thiếu|"
        "quân số ít|biên chế thiếu|biên chế|kinh phí|dân trí|kiêm nhiệm|kiêm nhiều|đảm nhiệm nhiều|cán bộ trẻ|"
        "mới ra trường|mới về|mới nhận|kinh nghiệm còn|kinh nghiệm thực tế|kinh nghiệm thực tiễn|"
        "đời sống ~ khó khăn|lợi nhuận|hiểu biết pháp luật|nhận thức ~ pháp luật|nhận thức ~ hạn chế|ý thức|"
        "trang bị|phương tiện|trang thiết bị|xuống cấp|đã cũ|cũ|qua nhiều năm sử dụng|thiếu kiểm tra|sâu sát|"
        "đôn đốc|khoán trắng|ngại khó|ngại học|trình độ|năng lực ~ hạn chế|thay đổi phương thức|trái ngành|"
        "dịch bệnh|sóng to|mưa lũ|thưa dân|giáp ranh|hám lợi|thiếu việc làm|không có việc làm|"
        "tinh thần trách nhiệm",
    ),
    # -- lesson: what one learns from it
    _at_start(
        L,
        7,
        "bài học|kinh nghiệm|kinh nghiệm rút ra|bài học kinh nghiệm|bài học rút ra|từ thực tiễn|qua thực tiễn|"
        "qua thực tế|từ thực tế|từ kết quả trên|rút kinh nghiệm",
    ),
    _at_start(
        L,
        2,
        "phải|luôn|muốn|nơi nào|ở đâu|đơn vị nào|khi nào|có ~ thì|lấy|coi trọng|thường xuyên coi trọng|làm gì|"
        "lúc nào cũng phải|trước hết phải",
    ),
    _within(
        L,
        2.5,
        "bài học|rút ra kinh nghiệm|rút ra bài học|kinh nghiệm cho thấy|thực tiễn cho thấy|thực tế cho thấy|"
        "yếu tố quyết định|nhân tố quyết định|khâu then chốt|là then chốt|là gốc|làm gốc|là chìa khóa|ở đó|nơi đó|"
        "thì mới|mới có thể|có ý nghĩa quyết định|điều kiện tiên quyết",
    ),
    _within(
        L,
        1,
        "phải|dựa vào dân|nêu gương|làm gương|gương mẫu|giữ vững nguyên tắc|tập trung dân chủ|đoàn kết|coi trọng|"
        "phát huy vai trò",
    ),
    # -- task: what is to be done
    _at_start(
        T,
        5,
        "thời gian tới|trong thời gian tới|thời gian tiếp theo|năm tới|tháng tới|quý tới|tuần tới|sang năm|"
        "bước sang|sáu tháng cuối năm|phấn đấu|nhiệm vụ trọng tâm|phương hướng|nhiệm vụ|quyết tâm|mục tiêu|"
        "trong quý tới|trong tháng tới|trong năm tới|6 tháng cuối năm",
    ),
    _at_start(
        T,
        2.5,
        "tiếp tục|tăng cường|đẩy mạnh|nâng cao|siết chặt|khắc phục|chấn chỉnh|quyết liệt|kéo giảm|tập trung|"
        "nghiên cứu|kiên quyết|sẵn sàng|chủ động nắm|nắm chắc|nắm vững|bám sát|rà soát|đổi mới|quan tâm|kiên trì|"
        "chú trọng|không ngừng|thường xuyên|hoàn chỉnh|cần|sẽ",
    ),
    _at_start(
        T,
        1.2,
        "chủ động|tổ chức|duy trì|quản lý|thực hiện|làm tốt|xây dựng|triển khai|phối hợp|mở|đưa|cử|giữ|bảo đảm|"
        "phát động|rút|hoàn thành|kiểm tra|kiểm soát|ngăn chặn|đấu tranh|lãnh đạo|chỉ đạo|củng cố|ra quân|"
        "hướng dẫn|kêu gọi|tham mưu|quán triệt|chuẩn bị|vận động|giáo dục|tuyên truyền",
    ),
    _within(
        T,
        2.5,
        "thời gian tới|trong thời gian tới|phấn đấu|tháng tới|quý tới|năm tới|tuần tới|6 tháng cuối năm|"
        "những tháng cuối năm|tiếp tục|hơn nữa|đặt mục tiêu|đề ra mục tiêu|tới đây|sắp tới|từ nay đến",
    ),
    _within(
        T,
        1,
        "không để|kiên quyết|chủ động|sẽ|ít nhất|trước tháng|trước ngày|cần|phải|nhân rộng|trong quý|có hiệu quả|"
        "quyết liệt|xong trước",
    ),
    # -- proposal: what is asked of others
    _at_start(
        P,
        7,
        "đề nghị|kiến nghị|kính đề nghị|kính mong|rất mong|mong|mong muốn|xin đề nghị|đề xuất với|đề xuất cấp|"
        "đề xuất bộ|đề xuất ubnd|kính trình|đơn vị đề nghị|đơn vị kiến nghị|đơn vị đề xuất|đơn vị mong|"
        "trân trọng đề nghị|đơn vị kính đề nghị|đề đạt|cũng đề nghị|tiếp tục đề nghị|tiếp tục kiến nghị",
    ),
    _at_start(P, 5, "đề xuất|xin"),
    _within(
        P,
        3,
        "đề nghị cấp trên|đề nghị bộ|đề nghị ubnd|kiến nghị bộ|kiến nghị ubnd|kiến nghị cấp|đề nghị trên|"
        "kính đề nghị|đề nghị ~ xem xét|đề nghị ~ quan tâm|đề nghị ~ bổ sung|kiến nghị với|đề xuất với|mong được|"
        "quan tâm cấp|quan tâm đầu tư|quan tâm bố trí|quan tâm bổ sung|xem xét, bố trí|xem xét bố trí|"
        "xem xét bổ sung|sớm bố trí|sớm đầu tư|sớm ban hành|sớm cấp|sớm bổ sung",
    ),
    _within(
        P,
        1,
        "xem xét|cấp bổ sung|bổ sung kinh phí|bố trí kinh phí|bố trí vốn|trang bị thêm|đầu tư|cấp thêm|sớm|"
        "quan tâm|có chế độ|nâng mức|điều chỉnh mức",
    ),
    # -- commendation: who was praised, awarded, rated
    _within(
        M,
        6,
        "bằng khen|giấy khen|cờ thi đua|thư khen|huân chương|huy chương|kỷ niệm chương|được khen thưởng|"
        "được biểu dương|biểu dương|tuyên dương|gửi thư khen|khen thưởng ~ tập thể|khen thưởng ~ cá nhân|"
        "khen thưởng cho|khen thưởng #|được tặng|tặng thưởng|được phong tặng|được tôn vinh|đạt danh hiệu|"
        "được công nhận danh hiệu|danh hiệu đơn vị|đơn vị quyết thắng|chiến sĩ thi đua|chiến sĩ tiên tiến|"
        "được ~ khen|thưởng nóng|được thưởng|khen thưởng đột xuất|thưởng cho|đạt giải|giải nhất|giải nhì|giải ba|"
        "giải khuyến khích|khen ngợi|được vinh danh|lao động tiên tiến|tập thể tiên tiến|được truy tặng|"
        "được thăng quân hàm trước|nhân rộng điển hình tiên tiến",
    ),
    _within(
        M,
        6,
        "xếp loại ~ hoàn thành|xếp loại xuất sắc|xếp loại tốt|xếp loại giỏi|xếp loại khá|đánh giá ~ hoàn thành|"
        "đánh giá ~ trong sạch|đánh giá ~ vững mạnh|công nhận ~ hoàn thành|công nhận ~ vững mạnh|"
        "công nhận ~ đạt chuẩn|xếp loại ~ vững mạnh|được ~ đánh giá cao|được ~ ghi nhận|xếp thứ nhất|xếp thứ nhì|"
        "xếp thứ hai|xếp thứ ba|xếp thứ #|điện khen|lời khen|bức trướng|trước thời hạn vì|trước niên hạn|"
        "nâng lương trước thời hạn|dẫn đầu khối|dẫn đầu phong trào|dẫn đầu thi đua|đơn vị dẫn đầu|được ~ xếp loại|"
        "được ~ công nhận",
    ),
    # -- told of the one who praises: who hands over a reward, who puts whom into which class
    _within(
        M,
        6,
        "trao thưởng|thưởng ~ đồng cho ~ lực lượng|thưởng ~ đồng cho ~ chuyên án|khen # tập thể|khen # cá nhân|"
        "khen # đồng chí|khen tổ công tác|khen ban chuyên án|khen lực lượng|xếp ~ loại xuất sắc|xếp ~ loại tốt|"
        "xếp ~ loại giỏi|xếp ~ loại hoàn thành|xếp vào loại|xếp nhất|xếp nhì|xếp ba|đơn vị vững mạnh toàn diện",
    ),
    # -- told of the one who is praised: by whom it was judged does not matter, the class does
    _within(
        M,
        6,
        "|".join(
            f"được ~ {judged} ~ {rank}"
            for judged in ("chấm", "bình xét", "bình bầu", "phân loại", "xếp", "công nhận", "suy tôn")
            for rank in ("xuất sắc", "tiên tiến", "quyết thắng", "vững mạnh", "giỏi", "loại tốt", "hoàn thành tốt")
        ),
    ),
    # -- result: what was done and how it stands
    _at_start(
        R,
        2,
        "trong năm|trong kỳ|trong quý|trong tháng|năm qua|đã|đến nay|nhìn chung|về ưu điểm|ưu điểm|kết quả đã|"
        "kết quả đạt|kết quả là|qua đó|trong tuần|toàn đơn vị|qua sàng lọc",
    ),
    _within(
        R,
        1.2,
        "đã|so với cùng kỳ|kết quả|tổng số|đạt|hoàn thành|phát hiện|bắt giữ|xử lý|tiếp nhận|khởi tố|thu giữ|xử phạt",
    ),
    _within(
        R,
        1.5,
        "giữ vững|được giữ vững|ổn định|yên tâm|an tâm|tin tưởng|nền nếp|nghiêm túc|chặt chẽ|tích cực|"
        "có chuyển biến|chuyển biến tốt|hiệu quả|đúng kế hoạch|đạt yêu cầu|hoàn thành tốt|bảo đảm an toàn|"
        "được bảo vệ|kịp thời|không xảy ra|không có vụ|không có quân nhân|đồng bộ|đã được khắc phục|"
        "khắc phục xong|được khắc phục|chuyển biến rõ|cơ bản khắc phục|đúng quy định|được nâng lên",
    ),
)

# What may stand before the words that open a statement.
_OPENING = re.compile(
    r"[\"“(]*(?:(?:và|đồng thời|ngoài ra|mặt khác|bên cạnh đó|trước hết|cụ thể|một là|hai là|ba là|bốn là|"
    r"năm là)[ ,:]+)?"
)
_Index = dict[str, tuple[tuple[tuple[str, ...], int], ...]]


def _index(*, first: bool, blame: bool) -> _Index:
    """Phrases by their first word, the longest first, each with the cue it belongs to."""
    index: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for number, cue in enumerate(_CUES):
        if cue.first is first and (cue.kind is S) is blame:
            for phrase in cue.phrases:
                index.setdefault(phrase[0], []).append((phrase, number))
    return {word: tuple(sorted(found, key=lambda one: -len(one[0]))) for word, found in index.items()}


_WITHIN = {blame: _index(first=False, blame=blame) for blame in (True, False)}
_FIRST = {blame: _index(first=True, blame=blame) for blame in (True, False)}
_GAPS = tuple(
    (
        number,
        frozenset(_single(phrase).split()[0] for phrase in cue.gaps.split("|")),
        re.compile((_OPENING.pattern if cue.first else r"(?<!\w)") + rf"(?:{any_of(cue.gaps)})(?!\w)"),
    )
    for number, cue in enumerate(_CUES)
    if cue.gaps
)
# A phrase said twice weighs half as much again; more often, no more.
_MOST, _AGAIN = 2, 0.5


def weigh(folded: str, unblamed: str) -> dict[Kind, float]:
    """What phrases of a folded statement say for each kind; shortcomings are looked for in `unblamed`."""
    hits: dict[int, int] = {}
    for blame, text in ((True, unblamed), (False, folded)):
        words = _WORD.findall(text)
        _count(words, _WITHIN[blame], hits)
        opening = _OPENING.match(text)
        skipped = len(_WORD.findall(text[: opening.end()])) if opening else 0
        for start in {0, skipped}:
            for number in _at(words, start, _FIRST[blame]):
                hits[number] = 1
    here = set(words)
    for number, opening_words, pattern in _GAPS:
        if here.isdisjoint(opening_words):
            continue
        text = unblamed if _CUES[number].kind is S else folded
        if pattern.match(text) if _CUES[number].first else pattern.search(text):
            hits[number] = hits.get(number, 0) + 1
    found = dict.fromkeys(Kind, 0.0)
    for number, times in hits.items():
        found[_CUES[number].kind] += _CUES[number].weight * (1 + _AGAIN * (min(times, _MOST) - 1))
    return found


def _count(words: Sequence[str], index: _Index, hits: dict[int, int]) -> None:
    """Count each cue's phrases, a phrase within a longer one of the same cue only once."""
    reach: dict[int, int] = {}
    for start, word in enumerate(words):
        if word in index:
            for phrase, number in index[word]:
                if reach.get(number, 0) <= start and _stands(words, start, phrase):
                    reach[number] = start + len(phrase)
                    hits[number] = hits.get(number, 0) + 1


def _at(words: Sequence[str], start: int, index: _Index) -> Iterator[int]:
    for phrase, number in index.get(words[start], ()) if start < len(words) else ():
        if _stands(words, start, phrase):
            yield number


def _stands(words: Sequence[str], start: int, phrase: tuple[str, ...]) -> bool:
    return len(phrase) == 1 or tuple(words[start : start + len(phrase)]) == phrase
