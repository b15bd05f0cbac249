"""The page that shows every component once, in the theme and language of whoever looks.

A page may use only what is on it. What it shows is invented.
"""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from nennep.site import icons
from nennep.site.charts import (
    Bar,
    HeatCell,
    HeatMap,
    HeatPeriod,
    HeatRow,
    HeatState,
    LineChart,
    Part,
    PartKind,
    Series,
    Sparkline,
    StackedBars,
    StripState,
    TargetBars,
    UnitStrip,
)

_MONTHS = tuple(f"T{month}" for month in range(1, 13))
_HERE = "#heat"


def patterns(request: HttpRequest) -> HttpResponse:
    """Show every component of the face with invented content."""
    return render(
        request,
        "patterns.html",
        {
            "swatches": _SWATCHES,
            "icons": icons.DRAWINGS,
            "line": _LINE,
            "four_lines": _FOUR_LINES,
            "targets": _TARGETS,
            "stacked": _STACKED,
            "heat": _HEAT,
            "strip": _STRIP,
            "spark": _SPARK,
        },
    )


def _figures(*written: str) -> tuple[Decimal | None, ...]:
    return tuple(Decimal(one) if one else None for one in written)


_SWATCHES = (
    ("bg", "Nền"),
    ("surface", "Mặt giấy"),
    ("sunken", "Chìm"),
    ("ink", "Mực"),
    ("ink-2", "Mực nhạt"),
    ("ink-3", "Chú thích"),
    ("accent", "Xanh lá, nhấn"),
    ("accent-soft", "Xanh lá, nền"),
    ("control", "Viền điều khiển"),
    ("red", "Quá hạn, từ chối"),
    ("amber", "Sắp hạn, cảnh báo"),
    ("blue", "Đổi sau khi trình"),
)
_THIS_YEAR = _figures("86", "89", "90", "91.4", "90.2", "92", "93", "91", "92.4", "91.2", "94.2", "")
_LAST_YEAR = _figures("81", "80", "83", "84", "82", "85", "86", "84", "87", "88", "89", "90")
_LINE = LineChart(
    title="Đúng hạn 94,2%, tăng 3,1 điểm",
    subtitle="Mọi báo cáo tuần, tháng, chuyên đề; %",
    periods=_MONTHS,
    series=(Series("2026", _THIS_YEAR), Series("2025", _LAST_YEAR, context=True)),
    target=Decimal(95),
    target_label="chỉ tiêu 95%",
    decimals=1,
)
_FOUR_LINES = LineChart(
    title="Bốn chuỗi, mỗi chuỗi một nét và một dấu",
    subtitle="Lượt tổ tuần tra theo tháng; tháng 5 của chuỗi 3 chưa có báo cáo",
    periods=_MONTHS[:8],
    series=(
        Series("kỳ này", _figures("41", "44", "47", "46", "52", "55", "57", "61")),
        Series("chuỗi 2", _figures("35", "36", "34", "39", "41", "40", "44", "47")),
        Series("chuỗi 3", _figures("28", "27", "30", "29", "", "31", "30", "33")),
        Series("chuỗi 4", _figures("12", "15", "14", "18", "17", "21", "20", "22")),
        Series("cùng kỳ", _figures("38", "40", "43", "41", "45", "47", "50", "52"), context=True),
    ),
)
_TARGETS = TargetBars(
    title="2 trên 5 chỉ tiêu năm đang chậm",
    subtitle="Lũy kế 15/12/2025 – 14/11/2026, so với chỉ tiêu năm",
    bars=(
        Bar("Tuần tra đường biên", Decimal(9846), Decimal(10600)),
        Bar("Tuần tra song phương", Decimal(38), Decimal(48)),
        Bar("Tuyên truyền pháp luật", Decimal(412), Decimal(400)),
        Bar("Sinh hoạt chi bộ bản", None, Decimal(2100)),
        Bar("Phụ trách hộ gia đình", Decimal(2604), Decimal(3200)),
    ),
    pace=Decimal("0.88"),
    pace_label="mức cần đạt đến 14/11 (88%)",
)
_STACKED = StackedBars(
    title="Còn 4 hạn chế chưa khắc phục",
    subtitle="41 hạn chế qua kiểm tra, theo quý phát hiện",
    parts=(Part("đã khắc phục", PartKind.DONE), Part("đang", PartKind.DOING), Part("chưa", PartKind.OPEN)),
    rows=(("Quý I", (12, 0, 0)), ("Quý II", (9, 2, 0)), ("Quý III", (7, 4, 2)), ("Quý IV", (2, 1, 2))),
)


def _heat_row(unit: str, written: str, on_time: int) -> HeatRow:
    """A row from one letter per month: o on time, a figure days late, m missing, r returned, . not due, - not there."""
    states = {
        "o": HeatState.ON_TIME,
        "m": HeatState.MISSING,
        "r": HeatState.RETURNED,
        ".": HeatState.NOT_DUE,
        "-": HeatState.NOT_THERE,
    }
    cells = tuple(
        HeatCell(HeatState.LATE, _HERE, int(one)) if one.isdigit() else HeatCell(states[one], _HERE) for one in written
    )
    return HeatRow(unit, cells, _HERE, Decimal(on_time))


_HEAT = HeatMap(
    title="Báo cáo tháng của 6 đơn vị",
    subtitle="Tháng 11: 3 đã nộp, 2 thiếu, 1 trả lại. Giờ máy chủ quyết định đúng hạn.",
    periods=tuple(HeatPeriod(short, f"tháng {at}/2026") for at, short in enumerate(_MONTHS, start=1)),
    rows=(
        _heat_row("CK Tây Thanh", "ooooooooooo.", 100),
        _heat_row("Nậm Ngà", "oo1ooooo2or.", 73),
        _heat_row("Pá Hu", "1oo3oomo12m.", 45),
        _heat_row("Sen Thượng", "oooooo1oooo.", 91),
        _heat_row("Huổi Mây", "------oo2oo.", 80),
        _heat_row("Suối Cát", "oooooooorom.", 82),
    ),
    current=10,
)
_UNITS = (
    ("CK Tây Thanh", StripState.USED),
    ("Nậm Ngà", StripState.USED),
    ("Pá Hu", StripState.USED),
    ("Sen Thượng", StripState.USED),
    ("Huổi Mây", StripState.USED),
    ("Tả Lùng", StripState.SAID),
    ("Suối Cát", StripState.SAID),
    ("Lũng Vài", StripState.SILENT),
    ("Thạch Lâm", StripState.SILENT),
    ("Mường Tè Hạ", StripState.MISSING),
    ("Chiềng Pấc", StripState.MISSING),
    ("Hải đội 2", StripState.MISSING),
)
_STRIP = UnitStrip(_UNITS)
_SPARK = Sparkline(_figures("121", "118", "130", "127", "132", "137"), "121, 118, 130, 127, 132, 137")
