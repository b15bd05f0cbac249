"""An invented monthly report of a headquarters: three pages, two annexes, every part a paper can have."""

from datetime import date
from decimal import Decimal

from nennep.documents.rules import (
    Align,
    Annex,
    Block,
    Capacity,
    Column,
    Emphasis,
    Figure,
    Heading,
    Level,
    Note,
    Paper,
    Paragraph,
    Row,
    Signature,
    Table,
    format_number,
)

MARKING = "DỮ LIỆU TRÌNH DIỄN – KHÔNG PHẢI SỐ LIỆU THẬT"
HEADS = ("TT", "Chỉ tiêu", "Đơn vị tính", "Kỳ này", "Kỳ trước", "Cùng kỳ năm trước", "So với kỳ trước (%)")

# name, unit of measure, this period, the one before, the same of last year, level (1: trong đó)
INDICATORS = (
    ("Tuần tra bảo vệ đường biên, mốc quốc giới", "lượt tổ", "1151", "1098", "1172", 0),
    ("Trong đó: tuần tra song phương", "lượt tổ", "48", "44", "51", 1),
    ("Cán bộ, chiến sĩ tham gia tuần tra", "lượt người", "3548", "3391", "3602", 0),
    ("Chiều dài đường biên được tuần tra", "km", "4639.5", "4639.5", "4512.25", 0),
    ("Vụ xuất cảnh, nhập cảnh trái phép bị phát hiện", "vụ", "24", "31", "40", 0),
    ("Đối tượng xuất cảnh, nhập cảnh trái phép", "người", "119", "142", "187", 0),
    ("Trong đó: khởi tố", "người", "7", "9", "4", 1),
    ("Vụ án, chuyên án về ma túy", "vụ", "39", "35", "28", 0),
    ("Tiền xử phạt vi phạm hành chính", "đồng", "618000000", "502000000", "1410000000", 0),
    ("Tàu cá được kiểm tra, kiểm soát", "lượt tàu", "16500", "15870", "14920", 0),
    ("Buổi tuyên truyền pháp luật về biên phòng", "buổi", "541", "498", "520", 0),
    ("Người nghe tuyên truyền", "lượt người", "24550", "22310", "23980", 0),
    ("Hộ gia đình được đảng viên phụ trách", "hộ", "42118", "42090", "41356", 0),
    ("Tổ tự quản đường biên, mốc quốc giới", "tổ", "4186", "4186", "4102", 0),
    ("Tổ tàu thuyền an toàn", "tổ", "1716", "1709", "1688", 0),
    ("Học sinh được nâng bước tới trường", "em", "5437", "5437", "5212", 0),
    ("Ngày công giúp dân", "ngày công", "12870", "11345", "13920", 0),
    ("Người được khám bệnh, cấp thuốc", "lượt người", "9722", "9110", "8846", 0),
)
SOURCES = (
    "Đồn Biên phòng Pá Hu: 371 (bản 2, 12/10/2025 08:15); Đồn Biên phòng Lũng Nặm: 402 (bản 1, 13/10/2025 17:40); "
    "Ban Chỉ huy Bộ đội Biên phòng tỉnh Lạng Sơn: 378 (bản 1, 14/10/2025 09:02)"
)

OPENING = (
    "Thực hiện chế độ báo cáo theo Nghị định số 09/2019/NĐ-CP, Bộ Tư lệnh Bộ đội Biên phòng báo cáo kết quả "
    "công tác tháng 10 năm 2025 (từ ngày 15/9 đến hết ngày 14/10/2025) như sau:"
)
COVERAGE = (
    "(Số liệu của 28 trên 30 đơn vị; chưa có báo cáo: Ban Chỉ huy Bộ đội Biên phòng tỉnh Lai Châu, Ban Chỉ "
    "huy Bộ đội Biên phòng tỉnh Cà Mau)"
)
PATROL_TAIL = (
    " lượt cán bộ, chiến sĩ tuần tra bảo vệ đường biên, hệ thống mốc quốc giới; phối hợp với lực lượng bảo vệ "
    "biên giới nước tiếp giáp tuần tra song phương "
)
FISHING = (
    " lượt tàu cá; tuyên truyền, vận động ngư dân không khai thác hải sản bất hợp pháp, không báo cáo và "
    "không theo quy định; duy trì "
)
SHORTCOMINGS = (
    "Việc nắm tình hình ở một số địa bàn có lúc chưa kịp thời; một số mô hình dân vận chưa được tổng kết, "
    "nhân rộng; chế độ báo cáo của một số đơn vị còn chậm."
)
CAUSES = (
    "Nguyên nhân: một số đơn vị sau sắp xếp tổ chức chưa ổn định biên chế; công tác phối hợp giữa các lực "
    "lượng ở một số địa bàn còn chưa chặt chẽ; địa hình rộng, thời tiết diễn biến phức tạp."
)
NEXT_MONTH = (
    "Duy trì nghiêm chế độ trực sẵn sàng chiến đấu; tăng cường tuần tra, kiểm soát biên giới, vùng biển; đấu "
    "tranh có hiệu quả với các loại tội phạm; hoàn thành các chỉ tiêu của năm."
)


def indicator_table() -> Table:
    """Return the report's main table: one row per indicator, every value of this period a figure with a source."""
    columns = (
        Column(HEADS[0], 0.4, Align.CENTRE),
        Column(HEADS[1], 3.6),
        Column(HEADS[2], 1.2, Align.CENTRE),
        *(Column(head, 1.2, Align.RIGHT) for head in HEADS[3:]),
    )
    rows = (
        _indicator_row(position, name, unit, *(Decimal(value) for value in values), level=level)
        for position, (name, unit, *values, level) in enumerate(INDICATORS, start=1)
    )
    return Table(
        columns,
        tuple(rows),
        title="Biểu 1. Kết quả các chỉ tiêu chủ yếu",
        note="(Kỳ từ 15/9/2025 đến 14/10/2025; số liệu của 28 trên 30 đơn vị, lúc 16 giờ 30 ngày 16/10/2025)",
    )


def _indicator_row(
    position: int, name: str, unit: str, now: Decimal, before: Decimal, last_year: Decimal, *, level: int
) -> Row:
    change = format_number((now / before - 1) * 100, "vi", decimals=1)
    cells = (
        str(position),
        name,
        unit,
        Figure(format_number(now, "vi"), key=f"indicator-{position}"),
        format_number(before, "vi"),
        format_number(last_year, "vi"),
        change,
    )
    return Row(cells, level=level)


def provenance_table() -> Table:
    """Return the annex that figures lead to: one row per figure."""
    rows = (
        Row(
            (str(position), name, format_number(Decimal(value), "vi"), SOURCES),
            key=f"indicator-{position}",
        )
        for position, (name, _, value, *_) in enumerate(INDICATORS, start=1)
    )
    columns = (
        Column("TT", 0.4, Align.CENTRE),
        Column("Chỉ tiêu", 2),
        Column("Giá trị", 1, Align.RIGHT),
        Column("Đơn vị và bản nộp", 4),
    )
    return Table(columns, tuple(rows))


def _figure(position: int) -> Figure:
    value = format_number(Decimal(INDICATORS[position - 1][2]), "vi")
    return Figure(value, key=f"indicator-{position}", mark=f"[{position}]")


def text() -> tuple[Block, ...]:
    """Return the report's own text."""
    return (
        Paragraph((OPENING,)),
        Note((COVERAGE,)),
        Heading(Level.ROMAN, "I", "Kết quả thực hiện nhiệm vụ"),
        Heading(Level.CLAUSE, "1", "Quản lý, bảo vệ chủ quyền lãnh thổ, an ninh biên giới quốc gia"),
        Heading(Level.POINT, "a", "Tuyến biên giới đất liền"),
        Paragraph(
            (
                "Các đơn vị đã tổ chức ",
                _figure(1),
                " lượt tổ với ",
                _figure(3),
                PATROL_TAIL,
                _figure(2),
                " lượt, bảo đảm an toàn tuyệt đối; ",
                Emphasis("không để xảy ra bị động, bất ngờ", bold=True),
                ".",
            )
        ),
        Paragraph(
            (
                "- Phát hiện, xử lý ",
                _figure(5),
                " vụ với ",
                _figure(6),
                " đối tượng xuất cảnh, nhập cảnh trái phép, khởi tố ",
                _figure(7),
                " đối tượng; xử phạt vi phạm hành chính ",
                _figure(9),
                " đồng, nộp ngân sách nhà nước.",
            )
        ),
        Heading(Level.POINT, "b", "Tuyến biển, đảo"),
        Paragraph(
            (
                "Kiểm tra, kiểm soát ",
                _figure(10),
                FISHING,
                _figure(15),
                " tổ tàu thuyền an toàn, phối hợp chặt chẽ với các lực lượng trên biển.",
            )
        ),
        Heading(Level.CLAUSE, "2", "Kết quả các chỉ tiêu"),
        indicator_table(),
        Heading(Level.ROMAN, "II", "Hạn chế, khuyết điểm và nguyên nhân"),
        Paragraph((SHORTCOMINGS,)),
        Paragraph((CAUSES,)),
        Heading(Level.ROMAN, "III", "Phương hướng, nhiệm vụ tháng 11 năm 2025"),
        Paragraph((NEXT_MONTH,)),
        Paragraph(("Trên đây là báo cáo kết quả công tác tháng 10 năm 2025, kính báo cáo Bộ Quốc phòng./.",)),
    )


def monthly_report() -> Paper:
    """Return the whole paper, issued and signed."""
    return Paper(
        superior="Bộ Quốc phòng",
        issuer="Bộ Tư lệnh Bộ đội Biên phòng",
        number=5,
        symbol="BC-BTL",
        place="Hà Nội",
        dated_on=date(2025, 10, 16),
        kind="Báo cáo",
        subject="Kết quả công tác biên phòng tháng 10 năm 2025",
        addressees=("Bộ Quốc phòng", "Bộ Tổng Tham mưu", "Tổng cục Chính trị Quân đội nhân dân Việt Nam"),
        blocks=text(),
        signature=Signature("Phó Tư lệnh", "Nguyễn Văn Ể", "Thiếu tướng", Capacity.DEPUTY, "Tư lệnh"),
        recipients=(
            "Như trên",
            "Các đồng chí trong Bộ Tư lệnh",
            "Cục Chính trị, Bộ Tham mưu, Cục Hậu cần - Kỹ thuật",
            "Lưu: VT, TM. H12",
        ),
        annexes=(
            Annex("Nguồn của các số liệu", (provenance_table(),)),
            Annex("Bảng tổng hợp các chỉ tiêu", (indicator_table(),), landscape=True),
        ),
        marking=MARKING,
    )
