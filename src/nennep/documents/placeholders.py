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

    `alone` is one that needs a paragraph of its own, since several lines or none may stand there; it occurs once.
    """

    name: str
    alone: bool = False

    def __str__(self) -> str:
        return f"{{{{ {self.name} }}}}"


SUPERIOR = Placeholder("co_quan_chu_quan")
ISSUER = Placeholder("co_quan_ban_hanh")
NUMBER = Placeholder("so_ky_hieu")
LETTER_SUBJECT = Placeholder("trich_yeu_cong_van")
URGENCY = Placeholder("do_khan")
PLACE_AND_DATE = Placeholder("dia_danh_ngay_thang")
KIND = Placeholder("ten_loai")
SUBJECT = Placeholder("trich_yeu")
ADDRESSEES = Placeholder("kinh_gui", alone=True)
BASES = Placeholder("can_cu", alone=True)
BODY = Placeholder("noi_dung", alone=True)
RECIPIENTS = Placeholder("noi_nhan", alone=True)
AUTHORITY = Placeholder("quyen_han", alone=True)
POST = Placeholder("chuc_vu", alone=True)
SIGNER = Placeholder("nguoi_ky", alone=True)
MARKING = Placeholder("ghi_chu")

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
