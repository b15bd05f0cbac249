"""Numbers that count nothing: dates, document numbers, clock times, names, ordinals.

Each reader looks at one number in its surroundings and answers the tokens it covers, or nothing. They are asked in
the order of `_READERS`; the first answer holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from loom._measures import Sort, measure_at
from loom._numbers import SCALES
from loom._phrases import Phrases, words_in
from loom._text import fold
from loom._tokens import Tokens


class Trap(NamedTuple):
    """Tokens from `first` up to `end` that hold a number which counts nothing, and why."""

    first: int
    end: int
    why: str


_YEAR, _MONTH, _DAY, _QUARTER, _WEEK = (fold(word) for word in ("năm", "tháng", "ngày", "quý", "tuần"))
_DASHES = frozenset("-–—")
_TO = words_in("đến tới")
_JOINS = _DASHES | _TO | frozenset({",", "/", "và", "."})
_DATE = re.compile(r"(?:0?[1-9]|[12][0-9]|3[01])[./-](?:0?[1-9]|1[0-2])(?:[./-](?:19|20)?[0-9]{2})?")
_DOTTED_DATE = re.compile(r"(?:0?[1-9]|[12][0-9]|3[01])\.(?:0?[1-9]|1[0-2])\.(?:19|20)[0-9]{2}")
_DAYS = words_in("ngày mùng mồng nhật")
_LAST_DAY, _LAST_MONTH, _FIRST_YEAR, _LAST_YEAR, _LAST_HOUR = 31, 12, 1900, 2100, 24
_MINUTES, _WEEKS = 60, 53
_SHORT = 2  # letters or digits
_BEFORE_A_DAY = words_in(
    """
            ngày sáng chiều tối đêm trưa hôm mùng mồng từ đến tới trước sau hết tính lúc dịp lễ nay rạng
            cuối đầu hồi vào qua ( , và – - thứ nhật hai ba tư năm sáu bảy kỷ niệm đội nghỉ"""
)
_ROMAN = re.compile(r"[ivxlc]+")
_CLOCK_BEFORE = words_in("lúc vào hồi khoảng từ đến tới trước sau khai mạc bắt đầu kết thúc sáng chiều tối đêm")
_HOURS = words_in("giờ h g")
_DURATIONS = words_in("năm tháng ngày tuần quý đêm tuổi")
_AFTER_DURATION = words_in("công người phép")

_PAPERS = Phrases.listed(
    """
            nghị quyết | nq | chỉ thị | ct | nghị định | nđ | quyết định | qđ | thông tư | thông tư liên
            tịch | công văn | công điện | kế hoạch | kh | hướng dẫn | hd | đề án | dự án | chương trình |
            luật | luật số | bộ luật | pháp lệnh | hiến pháp | quy định | quy chế | kết luận | thông báo |
            thông báo số | báo cáo | báo cáo số | tờ trình | lệnh | mệnh lệnh | công ước | nghị định thư |
            hiệp định | công điện số | văn bản | giấy phép | giấy phép số | biên bản | biên bản số | hồ sơ
            số | hợp đồng số | mật danh | bí số | mã số | số hiệu | ký hiệu | biển số | biển kiểm soát | bks
            | số đăng ký | quyết định số | iso | tcvn | qcvn | decree | resolution | directive | decision |
            law | circular | no"""
)
_PLACED = """
            điều | khoản | điểm khoản | chương | mục | phần | phụ lục | bảng | biểu | mẫu | mẫu biểu | hình
            | trang | tập | quyển | dòng | cột số | câu | quân khu | quân đoàn | quân đội | binh đoàn | sư
            đoàn | lữ đoàn | trung đoàn | tiểu đoàn | đại đội | trung đội | tiểu đội | hải đoàn | hải đội |
            hải đội biên phòng | phân đội | vùng cảnh sát biển | cảnh sát biển | vùng | quốc lộ | ql | tỉnh
            lộ | tl | đường tỉnh | hương lộ | đường số | km số | cây số | cao tốc | kênh | rạch | cống | cầu
            số | mốc | cột mốc | mốc số | cột mốc số | mốc quốc giới | mốc giới | mốc phụ | số hiệu mốc |
            mốc giới số | vị trí mốc | vĩ tuyến | kinh tuyến | thứ | khóa | khoá | lần thứ | kỳ họp thứ |
            đại hội | hội nghị lần thứ | tiêu chí | bước | giai đoạn | cấp độ | cấp | bậc | hạng | loại |
            mức độ | mức | nhóm | đợt | kỳ | vòng | lần | lượt thứ | tiết | bài | khu phố | tổ dân phố | tổ
            | thôn | ấp | khóm | xóm | bản | làng | buôn | phường | quận | đội | phòng | ban | cục | tổng
            cục | trạm | trạm số | đồn | chốt | chốt số | tổ công tác | tổ công tác số | tổ số | đội số | lô
            | khoảnh | tiểu khu | khu | khu vực | cụm | nhà máy | chi bộ | chi đoàn | chi hội | đảng bộ |
            lớp | khối | số nhà | phòng số | cảng số | cầu cảng | bến số | lối mở | đường mòn | cửa khẩu số
            | cao điểm | điểm cao | đảo | lán | tàu số | đèn biển | covid | sars | games | vòng loại |
            windows | euro | world cup | ngạch | ca | kíp"""
_ORDINAL = Phrases.listed(_PLACED)
#: These name one of a row even where a counted noun follows: `Quân khu 5`, `Điều 79`.
_ALWAYS = Phrases.listed(
    """
            điều | khoản | chương | phụ lục | quân khu | quân đoàn | quân đội | binh đoàn | sư đoàn | lữ
            đoàn | trung đoàn | tiểu đoàn | hải đoàn | hải đội | quốc lộ | tỉnh lộ | mốc số | cột mốc số |
            thứ | lần thứ | khóa | khoá | bài | covid | games | trạm số | chốt số | tổ số | đội số | số nhà
            | vĩ tuyến | kinh tuyến | vùng cảnh sát biển | hội nghị trung ương | hội nghị tw | mật danh | bí
            số"""
)
_MARKERS = Phrases.listed(
    """
            mốc | cột mốc | mốc số | cột mốc số | mốc quốc giới | mốc quốc giới số | mốc giới | mốc giới số
            | mốc phụ | mốc phụ số | cột mốc biên giới | cột mốc biên giới số | vị trí mốc | cột mốc quốc
            giới | cột mốc quốc giới số | mốc chính | cột mốc chủ quyền | mốc biên giới | mốc biên giới số"""
)
_TELEPHONES = Phrases.listed(
    """
            điện thoại | đt | sđt | hotline | đường dây nóng | trực ban | số máy | tổng đài | fax | zalo |
            di động | liên hệ | máy lẻ | tel | phone | mobile"""
)
_NUMBERED = "số"
_NOT_NUMBERED = words_in("tổng quân dân trong con tỷ trị chỉ doanh đa phần thiểu hệ tham số điểm biên")
_EACH = words_in("mỗi từng một bình các cả")
_SLOGANS = words_in("""
            cùng bám nhất không có sạch biết rõ dám đúng đủ xây chống thật hơn quyết nắm sẵn coi cụ chủ dễ
            khó tự nên tốt giỏi""")
_SLOGAN_PHRASES = Phrases.listed("""
            tại chỗ | trong một | trong 1 | trách nhiệm | xung kích | coi trọng | sẵn sàng | tiêu biểu | tự
            quản | mũi giáp công | thứ quân | vòng bạn bè""")
_IDIOMS = Phrases.listed(
    """
            hai bên | hai tuyến | hai phía | hai nước | hai chiều | hai mặt | hai miền | hai cấp | hai chính
            quyền | hai nhà nước | hai đảng | hai dân tộc | hai quốc gia | hai bờ | hai đầu | hai tay | hai
            vai | hai lực lượng | hai vùng | hai giới | hai nhiệm vụ chiến lược | hai lần nữa | ba cấp | bốn
            cấp | ba thứ quân | ba mũi | ba miền | ba bên | bốn bên | ba nước | ba lực lượng | bốn mùa | bốn
            phương | năm châu | sáu tháng | ba đình | ba lô | một số | một bộ phận | một phần | một vài |
            một ít | một chút | một cách | một lần nữa | một lúc | một mặt | một khi | một lòng | một cửa |
            một cửa liên thông | một chiều | một trong | một mình | một khối | một lòng một dạ | một dạng |
            một loạt | một thời gian | một thời | một ngày | một hướng | một bước | một thể | một nơi | một
            đời | một tay | một mặt khác | một lượng | một nhóm người | một số ít | một hai | một đôi | một
            tiếng nói | một điểm đến | một mái nhà | một cuộc sống | năm học | năm qua | năm nay | năm mới |
            năm tới | năm trước | năm ngoái | năm sau | năm đầu | năm cuối | năm liền | năm gần | nửa đêm |
            nửa đầu | nửa cuối | nửa chừng | nửa vời | nửa còn lại | nửa cuối năm | nửa đầu năm | nửa nhiệm
            kỳ | hai mươi tư trên hai mươi tư | ba ngày hội | ba tốt | ba không | tám tám"""
)
_VAGUE = words_in("hàng vài mấy dăm nhiều đôi")
_VAGUE_SCALES = words_in("chục trăm nghìn ngàn vạn triệu tỷ tỉ mươi")
_ARTIFICIAL = Phrases.listed("công nghiệp | cách mạng công nghiệp | công nghệ | thế hệ | phiên bản | version")
_COUNTED_FROM = words_in("dài rộng cao tuổi công suất chiều từ lớn nặng lên sâu")
_UPWARDS = Phrases.listed("trở lên | trở xuống | đổ lên")
_FIRST_IN_LIST = Phrases.listed("là")
_OPENING_QUOTES, _CLOSING_QUOTES = frozenset('“"«‘'), frozenset('”"»’')
_LONGEST_NUMBER = 12
_MOST_DIGITS = 24
_LONGEST_NAME = 10
_LONGEST_QUOTE = 14
_NAMES = words_in("covid sars games sea cop apec asean vtv vov g f h htv k a b c d e iso")
_KM = frozenset({"km"})
_CODE = re.compile(r"[a-zđ]{1,6}")
_PLATE_END = frozenset({"ts"})
_PHONE_DIGITS = 9
_WEEK_LONG = frozenset({"24/24", "24/7", "7/7", "24/24h", "365/365"})
_SINCE = words_in("từ các trong năm những giai đoạn nhiệm kỳ niên khóa và , so với cuối đầu")


def _number(tokens: Tokens, at: int) -> int:
    """A short plain number, or -1."""
    word = tokens.word(at)
    return int(word) if word.isdecimal() and len(word) <= len("2024") else -1


def _day_of_month(tokens: Tokens, at: int) -> bool:
    return 0 < _number(tokens, at) <= _LAST_DAY


def _month_of_year(tokens: Tokens, at: int) -> bool:
    return 0 < _number(tokens, at) <= _LAST_MONTH


def _year(tokens: Tokens, at: int) -> bool:
    return _FIRST_YEAR <= _number(tokens, at) < _LAST_YEAR


def _round_the_clock(tokens: Tokens, at: int) -> Trap | None:
    """24/24 giờ, 24/7."""
    if tokens.word(at + 1) != "/" or f"{tokens.word(at)}/{tokens.word(at + 2)}" not in _WEEK_LONG:
        return None
    end = at + 3
    return Trap(at, end + (tokens.word(end) in _HOURS | _DURATIONS), "clock")


def _clock(tokens: Tokens, at: int) -> Trap | None:
    """7 giờ 30, 23h15, lúc 8h, 02 giờ 15 phút, 15:30. `đi bộ 5 giờ` is no clock."""
    if not 0 <= _number(tokens, at) <= _LAST_HOUR:
        return None
    if (
        tokens.word(at + 1) == ":"
        and tokens.glued(at + 1)
        and tokens.glued(at + 2)
        and 0 <= _number(tokens, at + 2) < _MINUTES
    ):
        return Trap(at, at + 3, "clock")
    if tokens.word(at + 1) not in _HOURS:
        return None
    end = at + 2
    if tokens.is_number(end) and 0 <= _number(tokens, end) < _MINUTES and tokens.word(end + 1) != "/":
        end += 1
        return Trap(at, end + (tokens.word(end) in {"phút", "p", "'"}), "clock")
    told = tokens.word(at - 1) in _CLOCK_BEFORE or tokens.word(end) in {_DAY, "sáng", "chiều", "tối", "đêm"}
    if tokens.word(at + 1) == "g" or (not told and tokens.word(at + 1) != "h"):
        return None
    return Trap(at, end, "clock")


def _full_date(tokens: Tokens, at: int) -> Trap | None:
    """09/3/2020, 16-12-2025, 28.01.2019, 28-29/3/2024, 2015 - 2020, 3/2021."""
    if _DOTTED_DATE.fullmatch(tokens.word(at)):
        return Trap(at, at + 1, "date")
    sign = tokens.word(at + 1)
    if sign in {"/", "-", "–", "."} and tokens.glued(at + 1) and tokens.glued(at + 2):
        if _day_of_month(tokens, at) and _month_of_year(tokens, at + 2) and tokens.word(at + 3) == sign:
            year = tokens.word(at + 4)
            if tokens.glued(at + 4) and (
                _year(tokens, at + 4) or (sign == "/" and len(year) == _SHORT and year.isdecimal())
            ):
                return Trap(at, at + 5, "date")
        if (
            sign in {"/", "-"}
            and _month_of_year(tokens, at)
            and _year(tokens, at + 2)
            and not measure_at(tokens, at + 3)
        ):
            return Trap(at, at + 3, "date")
    return None


def _days_before_date(tokens: Tokens, at: int) -> Trap | None:
    """The 28 of `28-29/3/2024`, the 5 of `từ ngày 5 đến 9/7/2024`."""
    if not _day_of_month(tokens, at) or tokens.word(at + 1) not in _JOINS - {"/", "."}:
        return None
    later = _full_date(tokens, at + 2) or (
        _short_date(tokens, at + 2) if tokens.word(at - 1) in {_DAY, "mùng"} or tokens.glued(at + 1) else None
    )
    return Trap(at, later.end, "date") if later and later.first == at + 2 and later.why == "date" else None


def _short_date(tokens: Tokens, at: int) -> Trap | None:
    """ngày 17/4, chiều 25/12, ngày 8-7, tháng 3/2021, Quốc khánh 2-9."""
    sign = tokens.word(at + 1)
    if sign not in {"/", "-", "–"} or not (tokens.glued(at + 1) and tokens.glued(at + 2)):
        return None
    if not (_day_of_month(tokens, at) and _month_of_year(tokens, at + 2)) or (
        tokens.is_letters(at + 3) and tokens.glued(at + 3)
    ):
        return None
    before = tokens.word(at - 1)
    if before in {_DAY, "sáng", "chiều", "tối", "đêm", "trưa", "hôm"}:
        return Trap(at, at + 3, "date")
    if measure_at(tokens, at + 3) or tokens.word(at + 3) == "%":
        return None
    if before in _BEFORE_A_DAY or tokens.capital(at - 1) or len(tokens.word(at + 2)) == 1 or sign == "/":
        return Trap(at, at + 3, "date")
    return None


def _named_date(tokens: Tokens, at: int) -> Trap | None:
    """ngày 22 tháng 9 năm 2023; tháng 5; năm 2024; quý 3; ngày 15; từ tháng 01 đến tháng 3."""
    before = tokens.word(at - 1)
    if _day_of_month(tokens, at) and tokens.word(at + 1) == _MONTH and tokens.is_number(at + 2):
        end = at + 3
        year_follows = tokens.word(end) in {_YEAR, "/", "-"} and _year(tokens, end + 1)
        return Trap(at, end + 2 if year_follows else end, "date")
    if before == _YEAR and _year(tokens, at):
        return Trap(at - 1, _rest_of_row(tokens, at, _year), "date")
    if before == _MONTH and _month_of_year(tokens, at) and tokens.word(at - 2) not in _EACH | _VAGUE:
        return Trap(at - 1, _month_end(tokens, at), "date")
    return None if measure_at(tokens, at + 1) else _lone_day(tokens, at)


def _lone_day(tokens: Tokens, at: int) -> Trap | None:
    """ngày 15, mùng 3, tuần 2, quý 3, with nothing counted behind."""
    before = tokens.word(at - 1)
    if before in _DAYS and _day_of_month(tokens, at):
        return Trap(at - 1, _rest_of_row(tokens, at, _day_of_month), "date")
    if before in {_QUARTER, _WEEK} and 0 < _number(tokens, at) <= _WEEKS:
        return Trap(at - 1, at + 1, "period")
    return None


def _month_end(tokens: Tokens, at: int) -> int:
    if tokens.word(at + 1) in {"/", "-"} and _year(tokens, at + 2):
        return at + 3
    if tokens.word(at + 1) == _YEAR and _year(tokens, at + 2):
        return at + 3
    return _rest_of_row(tokens, at, _month_of_year)


def _rest_of_row(tokens: Tokens, at: int, fits: Callable[[Tokens, int], bool]) -> int:
    """`các năm 2022, 2023`, `năm 2015 đến 2020`: where a row of the same ends, if nothing counted follows it."""
    end = at + 1
    while tokens.word(end) in _JOINS and fits(tokens, end + 1) and not measure_at(tokens, end + 2):
        end += 2
    return end


def _years(tokens: Tokens, at: int) -> Trap | None:
    """2015-2020, (2013 - 2023), giai đoạn 2021 đến 2025; a lone 2024 that counts nothing."""
    if not _year(tokens, at):
        return None
    end = _rest_of_row(tokens, at, _year)
    if end > at + 1 or not (measure_at(tokens, at + 1) or noun_like(tokens, at + 1)):
        return Trap(at, end, "date")
    return None


def noun_like(tokens: Tokens, at: int) -> bool:
    return tokens.word(at) == "%"


def _period(tokens: Tokens, at: int) -> Trap | None:
    """6 tháng đầu năm 2024, 9 tháng, 5 năm, trong 10 ngày; a working day (`ngày công`) is counted."""
    end = at + 1
    if tokens.word(end) in _JOINS - {",", "/", "."} and tokens.is_number(end + 1):
        end += 2
    if tokens.word(end) not in _DURATIONS or tokens.word(end + 1) in _AFTER_DURATION:
        return None
    end += 1
    if tokens.word(end) in {"đầu", "cuối"} and tokens.word(end + 1) == _YEAR:
        end += 2
    if tokens.word(end) == _YEAR and _year(tokens, end + 1):
        end += 2
    elif _year(tokens, end):
        end += 1
    return Trap(at, end, "period")


def _paper_number(tokens: Tokens, at: int) -> Trap | None:
    """43-NQ/ĐU, 1482/BC-BCH, 03/2019/NĐ-CP, 132-QĐ/TW."""
    end = at + 1
    letters = False
    while (
        end - at < _LONGEST_NUMBER
        and tokens.word(end) in {"/", "-", "–"}
        and tokens.glued(end)
        and tokens.glued(end + 1)
    ):
        if tokens.is_letters(end + 1):
            if not tokens.written(end + 1).isupper():
                break
            letters = True
        elif not tokens.is_number(end + 1):
            break
        end += 2
        if tokens.is_number(end) and tokens.glued(end):
            end += 1
    if not letters:
        return None
    return Trap(at, end, "document")


def _named_paper(tokens: Tokens, at: int) -> Trap | None:
    """Nghị quyết 35, Chỉ thị số 01, Đề án 06, Số: 1482, Nghị định 76/2019."""
    first = at
    if tokens.word(first - 1) == ":" and tokens.word(first - 2) == _NUMBERED:
        return Trap(at, _slashes(tokens, at), "document")
    if tokens.word(first - 1) == _NUMBERED:
        first -= 1
    paper = _PAPERS.before(tokens, first)
    if paper is None or (first == at and _counts(tokens, at)):
        return None
    return Trap(paper[0], _slashes(tokens, at), "document")


def _slashes(tokens: Tokens, at: int) -> int:
    end = at + 1
    while (
        end - at < _LONGEST_NUMBER
        and tokens.word(end) in {"/", "-"}
        and tokens.glued(end)
        and tokens.glued(end + 1)
        and not tokens.closes(end + 1)
    ):
        end += 2
    if tokens.is_letters(end) and tokens.glued(end):
        end += 1
    return end


def _counts(tokens: Tokens, at: int) -> bool:
    """Whether this number goes on to say what it counts."""
    end = at + 1
    if tokens.word(end) in SCALES:
        return True
    if tokens.word(end) in {"/", "-", "–"} | _TO and tokens.is_number(end + 1):
        end += 2
    return measure_at(tokens, end) is not None


def _telephone(tokens: Tokens, at: int) -> Trap | None:
    """0205 3000 111, 069.588.123, (0299) 3.852.123; any digits after `điện thoại`."""
    end, digits = at, 0
    while (digits < _MOST_DIGITS and tokens.is_number(end)) or (
        digits < _MOST_DIGITS and digits and tokens.word(end) in {".", "-", ")"} and tokens.is_number(end + 1)
    ):
        digits += sum(sign.isdecimal() for sign in tokens.word(end))
        end += 1
    first = at - 1
    while tokens.word(first) in {":", "(", "+", _NUMBERED, "là", "."}:
        first -= 1
    told = _TELEPHONES.before(tokens, first + 1)
    leads = tokens.word(at).startswith("0") and len(tokens.word(at)) > len("05")
    if digits >= _PHONE_DIGITS and tokens.word(at).startswith("0") and not _counts(tokens, end - 1):
        return Trap(at, end, "phone")
    if told and digits > len("100") and not _counts(tokens, end - 1):
        return Trap(at, end, "phone")
    if leads and tokens.word(at).isdecimal():
        return Trap(at, at + 1, "code")
    return None


def _marker(tokens: Tokens, at: int) -> Trap | None:
    """mốc 1116 - 1120, cột mốc số 1378 (2), mốc 23, 24, từ mốc 283 đến 304."""
    found = _MARKERS.before(tokens, at)
    if found is None or (_counts(tokens, at) and tokens.word(at - 1) != _NUMBERED):
        return None
    end = at + 1
    while True:
        if tokens.word(end) == "(" and tokens.is_number(end + 1) and tokens.word(end + 2) == ")":
            end += 3
        elif (tokens.word(end) in {"/", "."} and tokens.glued(end) and tokens.is_number(end + 1)) or (
            tokens.word(end) in _JOINS and tokens.is_number(end + 1) and not _counts(tokens, end + 1)
        ):
            end += 2
        else:
            return Trap(at, end, "marker")


def _plate(tokens: Tokens, at: int) -> Trap | None:
    """QNa-91234 TS, 47C-123.45, AK-47, G7, 220C, COVID-19, QL1A: digits that hang on letters."""
    before, after = at - 1, at + 1
    if tokens.word(after) in _PLATE_END:
        return Trap(before if tokens.word(before) in _DASHES else at, after + 1, "plate")
    if tokens.glued(at) and tokens.is_letters(before) and (tokens.capital(before) or len(tokens.word(before)) == 1):
        return Trap(before, at + 1, "name")
    if tokens.glued(at) and tokens.word(before) in _DASHES and tokens.glued(before) and _is_name(tokens, before - 1):
        return Trap(before - 1, at + 1, "name")
    if tokens.glued(after) and tokens.is_letters(after) and len(tokens.word(after)) <= _SHORT:
        if measure_at(tokens, after) is None and tokens.word(after) not in _UNITS_GLUED:
            return Trap(at, after + 1, "code")
        if tokens.capital(after) and tokens.word(after) not in _CAPITAL_UNITS and tokens.word(at).isdecimal():
            return Trap(at, after + 1, "code")
    return None


_UNITS_GLUED = words_in("tr k h")
_CAPITAL_UNITS = words_in("kg km ha mw kw cv hp l m đ vn usd đc gb tb")


def _is_name(tokens: Tokens, at: int) -> bool:
    return tokens.is_letters(at) and (tokens.capital(at) or not measure_at(tokens, at))


def _road(tokens: Tokens, at: int) -> Trap | None:
    """Km 15+300, km15: a place on a road."""
    if (
        tokens.word(at - 1) in _KM
        and (tokens.word(at + 1) == "+" or tokens.capital(at - 1))
        and not _counts(tokens, at)
    ):
        return Trap(at - 1, at + 3 if tokens.word(at + 1) == "+" else at + 1, "road")
    if tokens.word(at - 1) == "+" and tokens.is_number(at - 2) and tokens.word(at - 3) in _KM:
        return Trap(at, at + 1, "road")
    return None


def _coordinate(tokens: Tokens, at: int) -> Trap | None:
    """10°23'15": a place on a chart."""
    if tokens.word(at + 1) in {"°", "º", "˚"} and tokens.word(at + 2) != "c":
        end = at + 2
        while tokens.is_number(end) or tokens.word(end) in {"'", "’", "′", '"', "”", "″", "°", "º"}:
            end += 1
        return Trap(at, end, "place")
    return None


def _ordinal(tokens: Tokens, at: int) -> Trap | None:
    """lần thứ 3, Khu phố 4, Đại đội 1, Điều 79, Bảng 2, trạm số 2; `mỗi tổ 5 người` counts."""
    first = at
    if tokens.word(first - 1) == _NUMBERED and tokens.word(first - 2) not in _NOT_NUMBERED:
        first -= 1
        if _ORDINAL.before(tokens, first) or not _counts(tokens, at):
            return Trap(first, at + 1, "ordinal")
        return None
    always = _ALWAYS.before(tokens, at)
    if always:
        return Trap(always[0], at + 1, "ordinal")
    named = _ORDINAL.before(tokens, at)
    if named is None or tokens.word(named[0] - 1) in _EACH or _counts(tokens, at):
        return None
    if tokens.word(at).isdecimal() and len(tokens.word(at)) <= len("1378"):
        return Trap(named[0], at + 1, "ordinal")
    return None


def _slogan(tokens: Tokens, at: int) -> Trap | None:
    """“3 bám, 4 cùng”, 4 tại chỗ, 5 không; also without quotation marks."""
    following = at + 1
    if _SLOGAN_PHRASES.at(tokens, following):
        return Trap(at, at + 3, "name")
    if tokens.word(following) in _SLOGANS and len(tokens.word(at)) <= _SHORT and not tokens.word(at).startswith("0"):
        return Trap(at, at + 2, "name")
    return _quoted(tokens, at)


def _quoted(tokens: Tokens, at: int) -> Trap | None:
    """A number within a short quotation belongs to a name."""
    opening = next((n for n in range(at - 1, max(at - _LONGEST_NAME, -1), -1) if _stops_quote(tokens, n)), None)
    if opening is None or tokens.word(opening) not in _OPENING_QUOTES:
        return None
    closing = next(
        (n for n in range(at, min(opening + _LONGEST_QUOTE, len(tokens))) if tokens.words[n] in _CLOSING_QUOTES), None
    )
    return Trap(opening, closing + 1, "name") if closing else None


def _stops_quote(tokens: Tokens, at: int) -> bool:
    return tokens.words[at] in _OPENING_QUOTES | _CLOSING_QUOTES or tokens.words[at] == "\n"


def _idiom(tokens: Tokens, at: int) -> Trap | None:
    """Hai bên, một số, một là: words of number that count nothing."""
    if tokens.word(at - 1) == "thứ" and not tokens.is_number(at):
        return Trap(at - 1, at + 1, "ordinal")
    found = _IDIOMS.at(tokens, at)
    if found:
        return Trap(at, found[0], "idiom")
    if tokens.word(at + 1) == "là" and tokens.capital(at):
        return Trap(at, at + 2, "ordinal")
    sides = tokens.word(at + 1) in _SIDES and tokens.word(at + 2) not in _ROADS
    if tokens.is_number(at) and tokens.word(at).lstrip("0") in {"2", "3"} and sides:
        return Trap(at, at + 2, "idiom")
    return None


_ROADS = words_in("đường phố kênh")
_SIDES = words_in("bên tuyến phía nước chiều mặt miền cấp")


def _generation(tokens: Tokens, at: int) -> Trap | None:
    """công nghiệp 4.0, 5G."""
    if _ARTIFICIAL.before(tokens, at) and not _counts(tokens, at):
        return Trap(at, at + 1, "name")
    return None


def _age_or_size(tokens: Tokens, at: int) -> Trap | None:
    """`tàu cá dài từ 15 m trở lên`, `từ 18 tuổi`: a bound that says which, not how many."""
    measure = measure_at(tokens, at + 1)
    if tokens.word(at + 1) == "tuổi":
        return Trap(at, at + 2, "bound")
    if measure is None or measure.sort is not Sort.AMOUNT:
        return None
    bounded = _UPWARDS.at(tokens, measure.end)
    said = tokens.word(at - 1) == "từ" or tokens.word(at - 1) in _COUNTED_FROM
    return Trap(at, measure.end, "bound") if bounded and said else None


def _list_mark(tokens: Tokens, at: int) -> Trap | None:
    """The number that opens a line: `1.`, `1.1.`, `2)`, `3/`, `4-`, `(5)`."""
    first = at - 1 if tokens.word(at - 1) == "(" else at
    if not tokens.opens_line(first) or len(tokens.word(at)) > len("10.10.10"):
        return None
    sign = tokens.word(at + 1)
    if first < at:
        return Trap(first, at + 2, "list") if sign == ")" else None
    if sign in {".", ")", "/"} and tokens.glued(at + 1) and not tokens.glued(at + 2):
        return Trap(at, at + 2, "list")
    if sign in {"-", "–", ":"} and tokens.glued(at + 1) and not tokens.is_number(at + 2):
        return Trap(at, at + 2, "list")
    if "." in tokens.word(at) and not _counts(tokens, at) and (tokens.capital(at + 1) or sign == "."):
        return Trap(at, at + 1, "list")
    return None


_READERS: tuple[Callable[[Tokens, int], Trap | None], ...] = (
    _list_mark,
    _round_the_clock,
    _full_date,
    _days_before_date,
    _paper_number,
    _coordinate,
    _clock,
    _named_date,
    _short_date,
    _years,
    _telephone,
    _marker,
    _road,
    _plate,
    _age_or_size,
    _period,
    _named_paper,
    _idiom,
    _generation,
    _ordinal,
    _slogan,
)
_WORD_READERS = (_idiom, _period, _quoted, _slogan)


def trap_at(tokens: Tokens, at: int) -> Trap | None:
    """What the number at this token is, if it counts nothing."""
    readers = _READERS if tokens.is_number(at) else _WORD_READERS
    for reader in readers:
        trap = reader(tokens, at)
        if trap:
            return trap
    return None


def vague_at(tokens: Tokens, at: int) -> Trap | None:
    """`hàng chục vụ`, `vài trăm người`: a number nobody counted."""
    if tokens.word(at) in _VAGUE and tokens.word(at + 1) in _VAGUE_SCALES:
        return Trap(at, at + 2, "vague")
    return None
