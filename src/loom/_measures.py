"""What is counted: units, and the nouns that officers put after a number."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from loom._phrases import Phrases, spread, words_in
from loom._text import fold
from loom._tokens import Tokens


class Sort(StrEnum):
    """What sort of thing a measure counts; decides fractions, pairs and places."""

    PERCENT = "percent"
    MONEY = "money"
    AMOUNT = "amount"  # weight, length, area: may have fractions
    TIME = "time"
    EVENT = "event"
    GROUP = "group"
    PERSON = "person"
    HOUSEHOLD = "household"
    VESSEL = "vessel"
    PLACE = "place"
    AWARD = "award"
    THING = "thing"
    UNKNOWN = "unknown"


_FRACTIONAL = {Sort.PERCENT, Sort.AMOUNT, Sort.TIME, Sort.UNKNOWN}

_LISTS: dict[Sort, str] = {
    Sort.PERCENT: "% | phần trăm | điểm phần trăm | điểm %",
    Sort.MONEY: """
            đồng | đ | vnđ | vnd | đồng việt nam | usd | đô la | đô la mỹ | nhân dân tệ | ndt | tệ | kíp |
            riel | bạt | baht | euro | eur | won""",
    Sort.AMOUNT: """
            km | m | mét | cm | mm | ki lô mét | kilômét | cây số | hải lý | dặm | inch | mét vuông | mét
            khối | km² | m² | m³ | km2 | m2 | m3 | km vuông | ha | héc ta | hecta | hec ta | sào | mẫu |
            công đất | kg | ki lô gam | kilôgam | kilogam | g | gam | gram | gr | mg | tạ | tấn | yến | lạng
            | lít | l | ml | lit | khối | kw | kwh | mw | kva | hp | cv | mã lực | gb | tb | mb | mbps | độ
            c | °c | điểm | bánh | chỉ vàng | cây vàng | metres | meters | kilometres | kilometers | tonnes
            | tons | litres""",
    Sort.TIME: "giờ | phút | giây | tiếng | tiếng đồng hồ | giờ học | giờ bay",
    Sort.EVENT: """
            vụ | vụ việc | vụ án | vụ, việc | việc | lượt | lần | đợt | buổi | cuộc | lớp | khóa | ca |
            phiên | chuyến | ca trực | chuyên án | kế hoạch | trường hợp | trận | hội nghị | hội thảo | hội
            thi | hội thao | tọa đàm | kỳ | kì | kỳ họp | phiên họp | cuộc họp | đám cháy | sự cố | tai nạn
            | tụ điểm | đường dây | ổ nhóm | hành vi | án | bản án | tố giác | tin báo | nguồn tin | phong
            trào | chiến dịch | hoạt động | cuộc vận động | đêm | vòng | nội dung | nhiệm vụ | chỉ tiêu |
            giải pháp | quyết định | lượt tin | cuộc gọi | lượt xem | lượt truy cập | lượt chia sẻ | ngày
            công | ngày công lao động | ngày tàu | ngày biển | ngày người | công lao động | giờ
            công | cas | ca bệnh | ca nhiễm | ca mắc | ca tử
            vong | cases | patrols | sessions | raids""",
    Sort.GROUP: """
            tổ | tổ công tác | đội | nhóm | đoàn | chốt | điểm chốt | tổ chốt | đồn | trạm | trạm kiểm soát
            | hải đội | đại đội | trung đội | tiểu đội | tiểu đoàn | phân đội | chi bộ | đảng bộ | chi bộ
            thôn | chi bộ ghép | chi hội | chi đoàn | đoàn cơ sở | đảng ủy | cấp ủy | ban | phòng | cơ quan
            | đơn vị | cơ quan, đơn vị | tổ chức | tổ chức đảng | tổ chức cơ sở đảng | tổ chức chính trị |
            tổ chức hội | câu lạc bộ | clb | hợp tác xã | htx | doanh nghiệp | công ty | cơ sở | hộ kinh
            doanh | lực lượng | ngành | sở, ngành | sở | ban, ngành | bộ, ngành | ban chỉ đạo | mũi | hướng
            | kíp trực | trường | trường học | điểm trường | bệnh viện | trạm y tế | băng nhóm | mô hình |
            băng | chợ | teams | units""",
    Sort.PERSON: """
            người | đối tượng | đồng chí | đ/c | cán bộ | cán bộ, chiến sĩ | cán bộ chiến sĩ | cbcs | cb,cs
            | cbqn | chiến sĩ | sĩ quan | hạ sĩ quan | quân nhân | quân nhân chuyên nghiệp | qncn | hsq-bs |
            tân binh | dân quân | đảng viên | đảng viên mới | quần chúng | đoàn viên | hội viên | thành viên
            | ủy viên | cấp ủy viên | đại biểu | công dân | người dân | nhân khẩu | khẩu | nạn nhân | bị can
            | bị cáo | đương sự | phạm nhân | ngư dân | thuyền viên | hành khách | khách | du khách | khách
            du lịch | thương nhân | lái xe | tài xế | chủ tàu | chủ xe | chủ hộ | chủ hàng | chủ
            cơ sở | chủ phương tiện | chủ doanh
            nghiệp | thuyền trưởng | cư dân | cư dân biên giới |
            học sinh | học viên | sinh viên | giáo viên | giảng viên | thầy cô | cháu | em | em học sinh |
            con nuôi | trẻ em | trẻ | thanh niên | thanh thiếu niên | thiếu nhi | phụ nữ | bệnh nhân | bác
            sĩ | y sĩ | y tá | nhân viên | nhân viên y tế | công nhân | lao động | người lao động | công
            chức | viên chức | cán bộ, công chức | cán bộ, đảng viên | cán bộ, nhân viên | già làng | trưởng
            bản | trưởng thôn | người có uy tín | trinh sát | cộng tác viên | tuyên truyền viên | báo cáo
            viên | hòa giải viên | tình nguyện viên | tập thể | cá nhân | tập thể, cá nhân | tổ chức, cá
            nhân | mẹ việt nam anh hùng | gia đình chính sách | cựu chiến binh | người nghiện | người nước
            ngoài | ông | bà | anh | chuyên gia | kỹ sư | vận động viên | thí sinh | quân y | con tin | tử
            thi | thi thể | nghi phạm | phó bí thư | bí thư | chiến sĩ mới | nông dân | công an viên | con
            em | con cháu | persons | people | officers | soldiers | households | members | fishermen |
            suspects""",
    Sort.HOUSEHOLD: "hộ | hộ dân | hộ gia đình | gia đình | hộ nghèo | hộ cận nghèo | nóc nhà | hộ đồng bào",
    Sort.VESSEL: """
            tàu | tàu cá | tàu thuyền | tàu, thuyền | tàu hàng | tàu biển | tàu khách | thuyền | ghe | ghe,
            thuyền | xuồng | xuồng cao tốc | ca nô | cano | bè | phương tiện | phương tiện thủy | xe | xe ô
            tô | ô tô | xe tải | xe máy | xe mô tô | mô tô | xe đạp | xe khách | container | công-ten-nơ |
            máy bay | tàu bay | lồng bè | bè cá | vessels | boats | vehicles""",
    Sort.PLACE: """
            xã | phường | thị trấn | huyện | quận | thị xã | thành phố | tỉnh | tỉnh, thành phố | tỉnh,
            thành | đặc khu | thôn | bản | ấp | buôn | làng | khóm | xóm | khu phố | tổ dân phố | khu | sóc
            | phum | plei | mốc | cột mốc | mốc giới | mốc quốc giới | mốc phụ | vị trí | vị trí mốc | điểm
            | địa điểm | địa bàn | điểm cầu | cửa khẩu | cửa khẩu phụ | lối mở | lối mòn | đường mòn | cảng
            | cảng biển | bến | bến cảng | cửa sông | cửa lạch | đảo | tuyến | tuyến đường | đoạn | khu vực
            | quốc gia | nước | vùng | cụm | cụm dân cư | khu dân cư | công trình | công trình, phần việc |
            cầu | con đường | điểm nóng | bãi""",
    Sort.AWARD: """
            cờ | cờ thi đua | cờ truyền thống | bằng khen | giấy khen | huân chương | huy chương | kỷ niệm
            chương | bằng | danh hiệu | chiến sĩ thi đua | giải | giải thưởng | thư khen | sáng kiến | đề
            tài | lượt tập thể | bức trướng""",
    Sort.THING: """
            viên | khẩu | khẩu súng | súng | súng tự chế | viên đạn | đạn | quả | quả mìn | quả bom | quả
            lựu đạn | bom | mìn | thủy lôi | hộp | gói | tép | bao | thùng | két | chai | can | cây | cây
            thuốc lá | bánh pháo | kiện | vỉ | lọ | ống | cái | chiếc | bộ | bộ quần áo | đôi | con | con bò
            | con trâu | con lợn | con gà | con dê | con giống | con dao | dao | dao kiếm | kiếm | mã tấu |
            điện thoại | điện thoại di động | máy | máy tính | máy vi tính | bộ máy tính | camera | đèn |
            bóng | bóng đèn | loa | cụm loa | thiết bị | bộ đàm | ống nhòm | flycam | suất | suất quà | phần
            quà | quà | học bổng | suất ăn | suất cơm | nhà | căn nhà | ngôi nhà | nhà đại đoàn kết | nhà
            tình nghĩa | nhà đồng đội | mái ấm | bể | bể nước | giếng | giếng nước | phòng học | lá cờ | áo
            phao | phao | phao cứu sinh | chăn | màn | áo | áo ấm | tờ | tờ rơi | tờ gấp | tờ khai | cuốn |
            quyển | cuốn sách | đầu sách | sách | băng | đĩa | khẩu hiệu | băng rôn | băng-rôn | pa nô |
            pano | áp phích | biển báo | biển | tin | bài | tin, bài | tin bài | bài viết | phóng sự | video
            | clip | ảnh | bức ảnh | chuyên mục | chuyên đề | chương trình | bản | bản cam kết | cam kết |
            văn bản | tài liệu | đầu tài liệu | báo cáo | báo cáo chuyên đề | nghị quyết | chỉ thị | hướng
            dẫn | quy chế | đề án | dự án | hồ sơ | đơn | đơn thư | đơn, thư | thư | giấy | giấy phép | giấy
            chứng nhận | hộ chiếu | thẻ | căn cước công dân | tài khoản | trang | fanpage | hợp đồng | ý
            kiến | kiến nghị | câu hỏi | phiếu | bài thi | bài dự thi | tiết mục | thông tin | gương | tấm
            gương | phần việc | tổng đài | công | cột | cột cờ | cây xanh | cây giống | khung | tấm | thanh
            | cuộn | bịch | túi | bình | vòi | mảnh | pho | vé | lô | toa | gốc | sản phẩm | mặt hàng | loại
            | món | bữa | bữa cơm | tủ | tủ sách | kệ | giường | bàn | ghế | xe lăn | tivi | ti vi | kỹ
            thuật viên | tàu điện""",
}

_MEANINGS = {phrase: sort for sort, listing in _LISTS.items() for phrase in spread(listing)}
KNOWN = Phrases(_MEANINGS)
SORTS = {fold(phrase): sort for phrase, sort in _MEANINGS.items()}
_MONEY = words_in("đồng đ vnđ vnd")
_DONG = "đồng"
_TURN = "lượt"
_TURNED = {Sort.PERSON, Sort.GROUP, Sort.VESSEL, Sort.HOUSEHOLD}
#: Nouns that stand side by side as one measure: `34 xã, thị trấn`, `tàu, thuyền`.
_SIDE_BY_SIDE = tuple(
    frozenset(map(fold, spread(group)))
    for group in (
        "xã | phường | thị trấn | đặc khu",
        "thôn | bản | ấp | buôn | làng | khóm | xóm | khu phố | tổ dân phố | sóc | plei | phum",
        "huyện | quận | thị xã | thành phố | tỉnh",
        "tàu | thuyền | ghe | xuồng | bè",
        "cán bộ | chiến sĩ | đảng viên | công chức | viên chức | nhân viên | hội viên | đoàn viên | sĩ quan",
        "băng rôn | pa nô | khẩu hiệu | áp phích",
        "đồn | trạm | hải đội",
        "công chức | viên chức | người lao động | lao động",
    )
)
#: Words that cannot head what is counted: joints of a sentence and what units do.
_NO_NOUN = words_in(
    """
            và với của cho tại ở trong ngoài là được bị đã đang sẽ không có để từ đến tới theo về do vì nên
            thì mà như khi so tăng giảm lên xuống còn trên dưới hơn qua trước sau này đó kia ấy nhất tham
            thu bắt xử phát chiếm đạt gồm bao trị tuần tuyên khởi tạm phối thực hoặc hay rồi cùng những các
            mỗi mọi cũng vẫn chưa nhằm bởi lại ra vào trị giá nhưng nếu tuy dù ngay đều nữa thêm mới nay trở
            tương ứng bằng gần khoảng riêng nhập xuất triệt đưa the of and in for to with was were a an by
            on at from năm quý"""
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as it stands after a number: where it ends, its name, its sort."""

    end: int
    name: str
    sort: Sort
    known: bool = True

    @property
    def whole(self) -> bool:
        """Whether it cannot be counted in fractions: persons, cases, turns, dong."""
        return self.sort not in _FRACTIONAL and self.known


def measure_at(tokens: Tokens, at: int) -> Measure | None:
    """The measure that starts here: one of the dictionary, several side by side, or `người/buổi`."""
    measure = _one_at(tokens, at)
    if measure is None:
        return None
    measure = _side_by_side(tokens, at, measure)
    return _per(tokens, measure)


def sort_of(name: str) -> Sort:
    """The sort of a measure by its name."""
    plain = fold(name)
    if plain.startswith(_TURN) and plain != _TURN:
        return SORTS.get(plain.removeprefix(_TURN).strip(), Sort.EVENT)
    return SORTS.get(plain, Sort.UNKNOWN)


def _one_at(tokens: Tokens, at: int) -> Measure | None:
    found = KNOWN.at(tokens, at)
    if found is None or _is_verb(tokens, at):
        return None
    end, meaning = found
    sort = Sort(meaning)
    if end == at + 1 and tokens.word(end) in {"2", "3"} and tokens.glued(end) and tokens.word(at) in {"m", "km"}:
        end += 1  # m2, km2
    if sort is Sort.MONEY and tokens.word(at) in _MONEY:
        return Measure(end, _DONG, sort)
    if tokens.matches(at, _TURN):
        return _turns(tokens, at, end)
    return Measure(end, tokens.phrase(at, end), sort)


def _turns(tokens: Tokens, at: int, end: int) -> Measure:
    """`lượt người`, `lượt cán bộ, chiến sĩ`: a turn is named by whose turn it is."""
    whose = KNOWN.at(tokens, at + 1)
    if whose and Sort(whose[1]) in _TURNED and not _is_verb(tokens, at + 1):
        inner = _side_by_side(tokens, at + 1, Measure(whose[0], "", Sort(whose[1])))
        return Measure(inner.end, tokens.phrase(at, inner.end), Sort(whose[1]))
    return Measure(end, tokens.phrase(at, end), Sort.EVENT)


def _is_verb(tokens: Tokens, at: int) -> bool:
    """`tổ chức` and `đề án` look like nouns and may do something: `tổ chức 5 buổi`, `tổ chức tuần tra`."""
    if tokens.matches(at, *_ORGANISE):
        return tokens.is_number(at + 2) or tokens.word(at + 2) in _ORGANISED
    return tokens.matches(at, *_INFORM) and tokens.word(at + 2) in _TO_WHOM


_ORGANISE = ("tổ", "chức")
_ORGANISED = words_in(
    """
            tuần tuyên hội tập kiểm huấn khám trao lễ cho được thực ký mở sinh giao các bắt đưa đón ra thăm
            tặng cứu tìm phát học tốt thành triển quán vận tháo mật lực bàn đấu lấy gặp tọa toạ diễn đợt lớp
            buổi cuộc và hoặc chặt nhiều một hai ba bốn thi chương có"""
)
_INFORM = ("báo", "cáo")
_TO_WHOM = words_in("cấp với trên lên đảng")


def _side_by_side(tokens: Tokens, at: int, measure: Measure) -> Measure:
    """Takes along what stands beside the noun as the same measure: `17 phường, xã`, `tàu, thuyền`."""
    end = measure.end
    last = fold(tokens.phrase(_last_noun(tokens, at, end), end))
    kin = next((group for group in _SIDE_BY_SIDE if last in group), None)
    while kin and tokens.word(end) in {",", "và", "-", "/"}:
        following = KNOWN.at(tokens, end + 1)
        if not following or fold(tokens.phrase(end + 1, following[0])) not in kin or tokens.word(end) in {"và", "/"}:
            break
        end = following[0]
    if end == measure.end:
        return measure
    return Measure(end, tokens.phrase(at, end), measure.sort)


def _last_noun(tokens: Tokens, at: int, end: int) -> int:
    """Where the last noun of a measure starts: after the last comma."""
    return next((n + 1 for n in range(end - 1, at, -1) if tokens.words[n] == ","), at)


def _per(tokens: Tokens, measure: Measure) -> Measure:
    """`7,7 đồng chí/lượt`, `500.000 đồng/tháng/em`: a measure for each of another."""
    end = measure.end
    while tokens.word(end) == "/" and not tokens.is_number(end + 1):
        if tokens.matches(end + 1, _TURN):
            end = _turns(tokens, end + 1, end + 2).end
        elif tokens.word(end + 1) in _SPANS:
            end += 2
        else:
            other = KNOWN.at(tokens, end + 1)
            if other is None:
                break
            end = other[0]
    if end == measure.end:
        return measure
    name = f"{measure.name}{tokens.text[tokens.ends[measure.end - 1] : tokens.ends[end - 1]]}"
    return Measure(end, name, measure.sort if measure.sort in {Sort.MONEY, Sort.PERCENT} else Sort.AMOUNT)


_SPANS = words_in("năm tháng ngày tuần quý đêm năm")


def noun_at(tokens: Tokens, at: int) -> Measure | None:
    """Any noun that can stand as a measure though no dictionary has it: its first two syllables."""
    if not tokens.is_letters(at) or tokens.word(at) in _NO_NOUN or _is_verb(tokens, at):
        return None
    end = at + 1
    if tokens.is_letters(end) and tokens.word(end) not in _NO_NOUN and not tokens.capital(end):
        end += 1
    return Measure(end, tokens.phrase(at, end), Sort.UNKNOWN, known=False)
