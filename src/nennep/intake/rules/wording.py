"""Vietnamese wording made comparable: one spelling for what officers spell in several ways; and measures that fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from loom import words_of

#: What is written short, or in another spelling, in reports of every unit.
_SHORT: Mapping[str, str] = {
    "cbcs": "cán bộ chiến sĩ",
    "cbđv": "cán bộ đảng viên",
    "bđbp": "bộ đội biên phòng",
    "bp": "biên phòng",
    "xnc": "xuất nhập cảnh",
    "vphc": "vi phạm hành chính",
    "vppl": "vi phạm pháp luật",
    "antt": "an ninh trật tự",
    "tkcn": "tìm kiếm cứu nạn",
    "pbgdpl": "phổ biến giáo dục pháp luật",
    "ctđ": "công tác đảng",
    "ctct": "công tác chính trị",
    "gttm": "gian lận thương mại",
    "gltm": "gian lận thương mại",
    "ktts": "khai thác thủy sản",
    "tctđ": "tổ chức đảng",
    "qcct": "quần chúng",
    "đtượng": "đối tượng",
}
#: Words that carry nothing of what is counted: a wording may leave them out or put them in.
_IDLE = frozenset(
    {
        "và",
        "các",
        "của",
        "cho",
        "được",
        "bị",
        "với",
        "là",
        "có",
        "đã",
        "tại",
        "ở",
        "trong",
        "đó",
        "số",
        "những",
        "do",
        "về",
        "thêm",
        "hơn",
        "gần",
        "khoảng",
        "trên",
        "tổng",
        "cộng",
    }
)


@cache
def folded(text: str) -> str:
    """One spelling for one wording: small letters, one place for each tone, short forms written out."""
    return " ".join(_SHORT.get(word, word) for word in words_of(text))


@cache
def telling(text: str) -> str:
    """The words of a text that tell what is counted, in order, with a space about each: empty where there is none."""
    words = " ".join(word for word in folded(text).split() if word not in _IDLE)
    return f" {words} " if words else ""


def bare(text: str) -> str:
    """A wording without idle words at its edges."""
    words = folded(text).split()
    while words and words[0] in _IDLE:
        del words[0]
    while words and words[-1] in _IDLE:
        del words[-1]
    return " ".join(words)


# --- measures ---------------------------------------------------------------------------------------

#: Measures that officers write for one another when they count the same. Never a conversion.
_ALIKE: tuple[tuple[str, ...], ...] = (
    ("lượt tổ", "lượt tổ đội", "tổ tuần tra", "lượt tổ tuần tra", "đợt", "lượt đội"),
    (
        "lượt cán bộ chiến sĩ",
        "lượt cán bộ",
        "lượt chiến sĩ",
        "lượt quân nhân",
        "lượt bộ đội",
        "lượt đồng chí",
        "cán bộ chiến sĩ",
    ),
    (
        "lượt người",
        "lượt người nghe",
        "lượt người dân",
        "lượt người tham gia",
        "lượt hành khách",
        "lượt khách",
        "lượt quần chúng",
        "lượt bà con",
        "lượt nhân dân",
        "lượt học sinh",
        "lượt bệnh nhân",
        "lượt đồng bào",
        "lượt hộ dân",
        "lượt ngư dân",
    ),
    ("lượt thuyền viên", "lượt ngư dân", "lượt lao động", "lượt thuyền viên ngư dân"),
    ("lượt tàu", "lượt tàu cá", "lượt tàu thuyền", "lượt phương tiện", "lượt thuyền", "lượt ghe", "lượt chiếc"),
    ("lượt phương tiện", "lượt xe", "lượt ô tô", "lượt xe ô tô"),
    ("tàu", "tàu cá", "tàu thuyền", "phương tiện", "chiếc", "thuyền", "ghe", "chiếc tàu", "chiếc tàu cá"),
    (
        "người",
        "công dân",
        "nạn nhân",
        "ngư dân",
        "thuyền viên",
        "lao động",
        "người dân",
        "thành viên",
        "quần chúng",
        "hội viên",
        "người bị nạn",
    ),
    ("đối tượng", "bị can", "bị cáo", "tên", "người vi phạm"),
    ("người", "bị can", "cá nhân"),
    ("vụ", "vụ việc", "vụ án"),
    ("buổi", "cuộc", "đợt", "lớp", "hội nghị", "đêm"),
    ("lần", "cuộc", "buổi", "đợt", "lượt"),
    ("cuộc", "đợt", "lần", "lượt"),
    ("mốc", "cột mốc", "mốc quốc giới", "mốc giới"),
    ("lượt", "lượt mốc", "lần", "buổi", "lượt cột mốc", "giờ"),
    ("hộ", "hộ gia đình", "gia đình", "hộ dân", "hộ nghèo"),
    ("khẩu", "nhân khẩu"),
    ("khẩu", "khẩu súng", "súng"),
    ("cháu", "em", "học sinh", "em học sinh", "trẻ em"),
    ("suất quà", "suất", "phần quà", "xuất quà", "gói quà", "phần", "túi quà"),
    ("căn nhà", "căn", "nhà", "ngôi nhà", "ngôi"),
    ("tin bài", "tin", "bài", "tác phẩm", "lượt tin bài", "phóng sự"),
    ("tờ", "tờ rơi", "tài liệu", "tờ gấp", "bản", "cuốn", "tờ tài liệu", "bộ"),
    ("bản cam kết", "cam kết", "bản", "bản ký cam kết", "giấy cam kết"),
    ("văn bản", "văn kiện", "kế hoạch", "chỉ thị", "nghị quyết", "hướng dẫn"),
    ("ngày công", "công", "ngày công lao động"),
    ("đảng viên", "đồng chí", "lượt đảng viên"),
    ("cán bộ", "đồng chí", "lượt cán bộ"),
    ("tổ chức đảng", "tổ chức cơ sở đảng", "chi bộ", "đảng bộ", "lượt tổ chức đảng"),
    ("tổ chức", "tổ chức chính trị", "chi bộ", "tổ chức đoàn thể"),
    ("quân nhân", "đồng chí", "cán bộ chiến sĩ", "trường hợp"),
    ("lượt quân nhân", "lượt cán bộ chiến sĩ", "lượt cán bộ", "lượt người"),
    ("tập thể", "lượt tập thể"),
    ("cá nhân", "lượt cá nhân", "đồng chí"),
    ("tổ", "tổ tự quản", "đội", "nhóm"),
    ("kế hoạch", "kế hoạch nghiệp vụ", "phương án"),
    ("viên", "viên nén"),
    ("điểm",),
    ("ngày", "ngày đêm"),
    ("đồng", "vnđ"),
)
#: Measures of the same family: a person may be called one or the other; the words around decide, and a person confirms.
_AKIN: tuple[frozenset[str], ...] = (
    frozenset(
        {
            "người",
            "đối tượng",
            "công dân",
            "ngư dân",
            "thuyền viên",
            "cá nhân",
            "bị can",
            "nạn nhân",
            "trường hợp",
            "chủ tàu",
        }
    ),
    frozenset({"vụ", "trường hợp"}),
    frozenset({"lượt người", "lượt cán bộ chiến sĩ", "lượt quân nhân", "lượt thuyền viên", "người", "lượt"}),
    frozenset({"lượt tổ", "lượt", "tổ", "lần", "chuyến"}),
    frozenset({"lượt tàu", "lượt phương tiện", "tàu", "lượt", "phương tiện"}),
    frozenset({"lượt mốc", "mốc", "lượt"}),
    frozenset({"đảng viên", "cán bộ", "quân nhân", "người", "cán bộ chiến sĩ"}),
    frozenset({"hộ", "hộ gia đình", "gia đình", "chủ tàu", "bản cam kết", "cam kết"}),
)
EXACT, ALIKE, AKIN, UNFIT = 3, 2, 1, 0


def _pairs(groups: Iterable[Iterable[str]]) -> frozenset[tuple[str, str]]:
    return frozenset((one, other) for group in groups for one in group for other in group)


_ALIKE_PAIRS, _AKIN_PAIRS = _pairs(_ALIKE), _pairs(_AKIN)


@cache
def measure_fit(written: str, of_the_indicator: str) -> int:
    """How well a measure as written fits that of an indicator: EXACT, ALIKE, AKIN or UNFIT. Order counts for naught.

    What is written may say more than the measure (`lượt người nghe`), never something else.
    """
    mine, theirs = folded(written), folded(of_the_indicator)
    if not mine or not theirs:
        return UNFIT
    if mine == theirs:
        return EXACT
    if (mine, theirs) in _ALIKE_PAIRS:
        return ALIKE
    if mine.startswith(f"{theirs} ") and theirs not in {"tổ", "khẩu", "người", "lượt"}:
        return ALIKE
    if (mine, theirs) in _AKIN_PAIRS:
        return AKIN
    return UNFIT
