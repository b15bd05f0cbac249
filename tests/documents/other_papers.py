"""Invented papers beside the monthly report: of the party and of the state, with a kind and as letters."""

from datetime import date

from nennep.documents.rules import (
    Align,
    Block,
    Capacity,
    Column,
    Family,
    Heading,
    Level,
    Paper,
    Paragraph,
    Row,
    Signature,
    Table,
    Urgency,
)

IN_2025 = date(2025, 2, 6)
IN_2026 = date(2026, 9, 3)
PARTY_DAYS = (IN_2025, IN_2026)

_OPENING = (
    "Quán triệt nhiệm vụ được giao, căn cứ tình hình địa bàn biên giới và kết quả lãnh đạo thực hiện nhiệm vụ trong "
    "thời gian qua, Đảng ủy Bộ đội Biên phòng tỉnh thống nhất ra nghị quyết lãnh đạo thực hiện nhiệm vụ với những nội "
    "dung chủ yếu sau đây:"
)
_TASK = (
    "Lãnh đạo các cấp ủy, tổ chức đảng thực hiện nghiêm chế độ kế hoạch, tổng hợp về công tác đảng, công tác chính "
    "trị; duy trì nền nếp kiểm tra, sơ kết, tổng kết và rút kinh nghiệm; gắn kết quả thực hiện với kiểm điểm, đánh "
    "giá, xếp loại chất lượng hằng năm của từng tập thể, cá nhân."
)


def _text(end: str) -> tuple[Block, ...]:
    return (
        Paragraph((_OPENING,)),
        Heading(Level.ROMAN, "I", "Mục tiêu, yêu cầu"),
        Paragraph((_TASK,)),
        Heading(Level.CLAUSE, "1", "Mục tiêu"),
        *(Paragraph((_TASK,)) for _ in range(5)),
        Heading(Level.ROMAN, "II", "Nhiệm vụ"),
        *(Paragraph((_TASK,)) for _ in range(5)),
        Paragraph((f"Nghị quyết được phổ biến đến chi bộ để thực hiện{end}",)),
    )


def party_resolution(day: date) -> Paper:
    """Return a resolution of a party committee: two pages, signed by its deputy secretary."""
    return Paper(
        family=Family.PARTY,
        superior="Đảng bộ Quân sự Sơn Lâm",
        issuer="Đảng ủy Bộ đội Biên phòng",
        number=7,
        symbol="NQ/ĐU",
        place="Sơn Lâm",
        dated_on=day,
        kind="Nghị quyết",
        subject="về lãnh đạo thực hiện nhiệm vụ sáu tháng cuối năm",
        bases=("Căn cứ Điều lệ Đảng;", "Căn cứ Nghị quyết số 12-NQ/ĐU, ngày 05/01/2025 của Đảng ủy cấp trên"),
        blocks=_text("./."),
        signature=Signature("Phó Bí thư", "Trần Văn Ẩn", "", Capacity.COLLECTIVE, "Đảng ủy"),
        recipients=("Đảng ủy Quân sự tỉnh (để báo cáo)", "Các chi bộ trực thuộc", "Lưu Đảng ủy"),
    )


def party_letter(day: date) -> Paper:
    """Return a letter of a party body to another, urgent."""
    return Paper(
        family=Family.PARTY,
        superior="Đảng bộ Quân sự Sơn Lâm",
        issuer="Đảng ủy Bộ đội Biên phòng",
        number=21,
        symbol="CV/ĐU",
        place="Sơn Lâm",
        dated_on=day,
        kind="",
        subject="V/v báo cáo kết quả đại hội chi bộ",
        letter=True,
        urgency=Urgency.FLASH,
        addressees=("Các chi bộ trực thuộc",),
        blocks=(Paragraph((_TASK,)), Paragraph(("Đề nghị các chi bộ báo cáo trước ngày 15 hằng tháng.",))),
        signature=Signature("Chủ nhiệm", "Lê Thị Ỷ", "", Capacity.ORDER, "Ban Thường vụ"),
        recipients=("Như trên", "Lưu Đảng ủy"),
    )


def state_decision() -> Paper:
    """Return a decision of a command with its legal bases and a table."""
    return Paper(
        superior="Bộ Tư lệnh Bộ đội Biên phòng",
        issuer="Bộ Chỉ huy Bộ đội Biên phòng tỉnh Sơn Lâm",
        number=105,
        symbol="QĐ-BCH",
        place="Sơn Lâm",
        dated_on=IN_2025,
        kind="Quyết định",
        subject="Ban hành Quy chế công tác kế hoạch - tổng hợp",
        bases=(
            "Căn cứ Luật Biên phòng Việt Nam ngày 11 tháng 11 năm 2020",
            "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư",
            "Theo đề nghị của Trưởng phòng Tham mưu.",
        ),
        blocks=(
            Heading(Level.ARTICLE, "1", "Ban hành kèm theo Quyết định này Quy chế công tác kế hoạch - tổng hợp."),
            Paragraph((_TASK,)),
            Table((Column("Việc"), Column("Hạn", align=Align.CENTRE)), (Row(("Phổ biến", "15/02/2025")),)),
            Heading(Level.ARTICLE, "2", "Quyết định có hiệu lực kể từ ngày ký."),
        ),
        signature=Signature("Phó Chỉ huy trưởng", "Phạm Văn Ễnh", "Đại tá", Capacity.DEPUTY, "Chỉ huy trưởng"),
        recipients=("Như Điều 2", "Lưu: VT, TM"),
        drafter_mark="PH.(12)",
        urgency=Urgency.VERY_URGENT,
    )


def state_letter() -> Paper:
    """Return a letter of a command to two addressees."""
    return Paper(
        superior="Bộ Tư lệnh Bộ đội Biên phòng",
        issuer="Bộ Chỉ huy Bộ đội Biên phòng tỉnh Sơn Lâm",
        number=8,
        symbol="BCH-TM",
        place="Sơn Lâm",
        dated_on=IN_2025,
        kind="",
        subject="nắm tình hình và báo cáo kết quả thực hiện kế hoạch tháng 02 năm 2025",
        letter=True,
        urgency=Urgency.URGENT,
        addressees=("Các đồn Biên phòng", "Hải đội 2"),
        blocks=(Paragraph((_TASK,)), Paragraph(("Yêu cầu các đơn vị nghiêm túc thực hiện./.",))),
        signature=Signature("Trưởng phòng Tham mưu", "Hoàng Văn Ỷ", "Thượng tá", Capacity.ORDER, "Chỉ huy trưởng"),
        recipients=("Như trên", "Lưu: VT, TM"),
    )
