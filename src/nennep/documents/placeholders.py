"""The places a Word template keeps free for the words of a paper: `{{ so_ky_hieu }}`.

A placeholder is a name out of a fixed list and nothing more: it is looked up, never worked out, so that a template
cannot bring anything to run.
"""

import re
from dataclasses import dataclass

from nennep.documents.rules import Parts


@dataclass(frozen=True)
class Placeholder:
    """A place for one part of a paper.

    `alone` is one that needs a paragraph of its own, since several lines or the whole text may stand there; it occurs
    once. `meaning` is in Vietnamese, the language of those who make templates.
    """

    name: str
    meaning: str
    alone: bool = False

    def __str__(self) -> str:
        return f"{{{{ {self.name} }}}}"


SUPERIOR = Placeholder("co_quan_chu_quan", "Tên cơ quan chủ quản hoặc tổ chức đảng cấp trên, chữ in hoa")
ISSUER = Placeholder("co_quan_ban_hanh", "Tên cơ quan, tổ chức ban hành văn bản, chữ in hoa")
NUMBER = Placeholder("so_ky_hieu", "Dòng số và ký hiệu, kể cả chữ “Số”")
LETTER_SUBJECT = Placeholder("trich_yeu_cong_van", "Trích yếu của công văn, dưới số và ký hiệu")
URGENCY = Placeholder("do_khan", "Dấu chỉ độ khẩn")
PLACE_AND_DATE = Placeholder("dia_danh_ngay_thang", "Địa danh và thời gian ban hành")
KIND = Placeholder("ten_loai", "Tên loại văn bản, chữ in hoa")
SUBJECT = Placeholder("trich_yeu", "Trích yếu nội dung của văn bản có tên loại")
ADDRESSEES = Placeholder("kinh_gui", "Kính gửi (hoặc Kính trình) và những nơi nhận chính", alone=True)
BASES = Placeholder("can_cu", "Các căn cứ ban hành, mỗi căn cứ một dòng", alone=True)
BODY = Placeholder("noi_dung", "Toàn bộ nội dung văn bản", alone=True)
RECIPIENTS = Placeholder("noi_nhan", "Danh sách nơi nhận, mỗi nơi một dòng", alone=True)
AUTHORITY = Placeholder("quyen_han", "Quyền hạn của người ký: TM., KT., TL., TUQ.; T/M, K/T, T/L", alone=True)
POST = Placeholder("chuc_vu", "Chức vụ của người ký, chữ in hoa", alone=True)
SIGNER = Placeholder("nguoi_ky", "Cấp bậc (nếu có) và họ tên người ký", alone=True)
MARKING = Placeholder("ghi_chu", "Dòng ghi chú ở lề dưới, như dòng báo dữ liệu trình diễn")

#: Every place, in the order of a page. A template needs them all: a part without a place would be lost.
PLACEHOLDERS = (
    SUPERIOR,
    ISSUER,
    NUMBER,
    LETTER_SUBJECT,
    URGENCY,
    PLACE_AND_DATE,
    KIND,
    SUBJECT,
    ADDRESSEES,
    BASES,
    BODY,
    RECIPIENTS,
    AUTHORITY,
    POST,
    SIGNER,
    MARKING,
)
BY_NAME = {placeholder.name: placeholder for placeholder in PLACEHOLDERS}

FOUND = re.compile(r"\{\{[ \u00a0]*([a-z_]+)[ \u00a0]*\}\}")
# What template languages write code with; and braces that are left over.
_SUSPECT = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\{\{.*|\{%.*|\{#.*|\}\}|%\}|#\}", re.DOTALL)


def names_in(text: str) -> list[str]:
    """Return the names of the places in a text, in order; those that are no place of ours are left out."""
    return [name for name in FOUND.findall(text) if name in BY_NAME]


def not_a_place(text: str) -> list[str]:
    """Return what in a text looks like a place or like code, and is no place of ours."""
    return [found for found in _SUSPECT.findall(text) if not _is_place(found)]


def _is_place(found: str) -> bool:
    match = FOUND.fullmatch(found)
    return match is not None and match[1] in BY_NAME


def words_for(parts: Parts) -> dict[str, str]:
    """Return what goes into each place that takes one text."""
    return {
        SUPERIOR.name: parts.superior,
        ISSUER.name: parts.issuer,
        NUMBER.name: parts.number,
        LETTER_SUBJECT.name: parts.letter_subject,
        URGENCY.name: parts.urgency,
        PLACE_AND_DATE.name: parts.place_and_date,
        KIND.name: parts.kind,
        SUBJECT.name: parts.subject,
        AUTHORITY.name: parts.authority,
        POST.name: parts.post,
        SIGNER.name: parts.signer,
        MARKING.name: parts.marking,
    }
