"""TCVN3, VNI and Windows-1258: every letter there and back, and told by evidence, never by chance."""

from __future__ import annotations

import io
import unicodedata

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from loom.files import Noted, Unreadable, Why, text_of
from loom.files._letters import from_tcvn3, from_vni, is_syllable, legacy_encoding, to_tcvn3, to_vni

_BASES = "aăâeêioôơuưy"
_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
_SMALL = [unicodedata.normalize("NFC", base + tone) for base in _BASES for tone in _TONES]
SMALL = [letter for letter in [*_SMALL, "đ"] if letter not in "aeiouy"]
CAPITALS = [letter.upper() for letter in SMALL]
PLAIN = "abcdefghijklmnopqrstuvwxyz"

WORDS = (
    "Đồn Biên phòng Cửa khẩu quốc tế tổ chức tuần tra, kiểm soát 1.151 lượt tổ; phối hợp bắt giữ 24 vụ với 119 đối "
    "tượng; tuyên truyền, phổ biến pháp luật; ưu tiên hỗ trợ học sinh nghèo; sẵn sàng ứng phó thiên tai, nghiêng ngả, "
    "khuỷu, giặt giũ, quyết liệt, thuở, oằn, mỗi, những, kỷ niệm, ý kiến, ủy ban, ẩn, ở, ăn"
)


def test_there_are_134_letters_beyond_the_plain_ones() -> None:
    assert len(set(SMALL) | set(CAPITALS)) == 134


@pytest.mark.parametrize("letter", SMALL)
def test_every_small_letter_comes_back_from_tcvn3(letter: str) -> None:
    assert from_tcvn3(to_tcvn3(letter)) == letter
    assert len(to_tcvn3(letter).encode("latin-1")) == 1


@pytest.mark.parametrize("letter", CAPITALS)
def test_every_capital_comes_back_from_tcvn3_in_a_font_of_capitals(letter: str) -> None:
    assert from_tcvn3(to_tcvn3(letter), capitals=True) == letter


@pytest.mark.parametrize("letter", "ĂÂÊÔƠƯĐ")
def test_the_seven_capitals_of_tcvn3_need_no_font(letter: str) -> None:
    assert from_tcvn3(to_tcvn3(letter)) == letter


@pytest.mark.parametrize("letter", [*SMALL, *CAPITALS])
def test_every_letter_comes_back_from_vni(letter: str) -> None:
    assert from_vni(to_vni(letter)) == letter


def test_a_few_words_are_as_those_encodings_are_known() -> None:
    assert to_tcvn3("Đồn Biên phòng") == "§ån Biªn phßng"
    assert to_tcvn3("tư lệnh").encode("latin-1") == b"t\xad l\xd6nh"
    assert to_vni("Đồn Biên phòng") == "Ñoàn Bieân phoøng"
    assert to_vni("TƯ LỆNH") == "TÖ LEÄNH"
    assert to_vni("kỹ sư Nguyễn Ẩn") == "kyõ sö Nguyeãn AÅn"


@given(st.lists(st.sampled_from([word.strip(",;") for word in WORDS.split()]), min_size=1).map(" ".join))
def test_words_come_back_from_either(text: str) -> None:
    assert from_tcvn3(to_tcvn3(text)) == text
    assert from_vni(to_vni(text)) == text


@given(st.text(st.sampled_from([*SMALL, *PLAIN, " ", "\n", "1", "."])))
def test_small_letters_in_any_order_come_back_from_tcvn3(text: str) -> None:
    assert from_tcvn3(to_tcvn3(text)) == text


def test_accented_letters_of_a_line_in_capitals_become_capitals() -> None:
    assert from_tcvn3(to_tcvn3("KẾT QUẢ THỰC HIỆN\nBộ Tư lệnh và NGHỊ QUYẾT")) == (
        "KẾT QUẢ THỰC HIỆN\nBộ Tư lệnh và NGHỊ QUYẾT"
    )


def test_the_minus_that_stands_for_the_soft_hyphen_is_a_letter_again() -> None:
    assert from_tcvn3("Bé T\u2212 lÖnh, l\u2212îng 5 \u2212 3") == "Bộ Tư lệnh, lượng 5 \u2212 3"


def as_windows_1258(text: str) -> bytes:
    """Letters with circumflex, breve and horn are single; tones stand behind them."""
    letters = []
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        tones = [part for part in parts if part in _TONES[1:]]
        base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
        letters.append(base + "".join(tones))
    return "".join(letters).encode("cp1258")


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (to_tcvn3(WORDS).encode("latin-1"), Noted.FROM_TCVN3),
        (to_tcvn3(WORDS).encode(), Noted.FROM_TCVN3),
        (to_vni(WORDS).encode("latin-1"), Noted.FROM_VNI),
        (to_vni(WORDS).encode(), Noted.FROM_VNI),
        (as_windows_1258(WORDS), Noted.FROM_WINDOWS_1258),
    ],
    ids=["tcvn3 bytes", "tcvn3 shown as western", "vni bytes", "vni shown as western", "windows-1258"],
)
def test_an_older_encoding_is_told_and_needs_consent(content: bytes, note: Noted) -> None:
    opened = text_of(content, "a.txt")

    assert opened.text == WORDS
    assert opened.notes == (note,)
    assert opened.needs_consent
    assert opened.after == tuple(WORDS.splitlines())
    assert opened.before != opened.after


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"], ids=str)
def test_unicode_is_read_with_or_without_its_mark(encoding: str) -> None:
    opened = text_of(WORDS.encode(encoding), "a.txt")

    assert opened.text == WORDS
    assert not opened.needs_consent


@pytest.mark.parametrize(
    "text",
    [
        "Diện tích 12 m², sai số ±3 µm theo § 5, Đồn Biên phòng",
        "The patrol walked 12 km and met nobody",
        "Été à l'hôtel: père, mère, garçon, forêt, naïf, où, déjà, très",
        "Größe über Straße, schön, Mädchen, für, Tür",
        "año señor mañana niño corazón según",
    ],
)
def test_what_is_no_older_vietnamese_stays_as_it_is(text: str) -> None:
    assert legacy_encoding(text) is None
    assert text_of(text.encode(), "a.txt").text == text


@pytest.mark.parametrize("content", ["Été à l'hôtel, père et garçon".encode("latin-1"), bytes(range(128, 256)) * 20])
def test_bytes_that_nothing_speaks_for_are_not_guessed(content: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        text_of(content, "a.txt")

    assert refused.value.why in {Why.UNKNOWN_ENCODING, Why.UNKNOWN_KIND}


def test_every_word_of_the_sample_is_a_syllable_and_noise_is_none() -> None:
    words = [word.strip(",;.") for word in WORDS.split() if word.strip(",;.").isalpha()]

    assert [word for word in words if not is_syllable(word)] == []
    assert [word for word in ("xyz", "ñoàn", "hôtel", "tât", "bàc", "mầch") if is_syllable(word)] == ["tât"]


# --- fonts ----------------------------------------------------------------------------------------


def saved(document: Document) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def document_of(*runs: tuple[str, str]) -> bytes:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for text, font in runs:
        paragraph.add_run(text).font.name = font
    return saved(document)


def test_a_run_is_converted_by_the_font_it_is_set_in() -> None:
    content = document_of(
        (to_tcvn3("Đồn "), ".VnTime"),
        (to_tcvn3("đảng ủy "), ".VnTimeH"),
        ("đã họp, ", "Arial"),
        ("Bie", "VNI-Times"),
        ("ân", "VNI-Times"),
    )

    opened = text_of(content, "a.docx")

    assert opened.text == "Đồn ĐẢNG ỦY đã họp, Biên"
    assert set(opened.notes) == {Noted.FROM_TCVN3, Noted.FROM_VNI}
    assert opened.before == (to_tcvn3("Đồn đảng ủy ") + "đã họp, Bieân",)
    assert opened.after == (opened.text,)


def test_the_font_of_a_style_counts_where_the_run_names_none() -> None:
    document = docx.Document()
    document.styles["Normal"].font.name = ".VnTime"
    document.add_paragraph(to_tcvn3("Bộ Tư lệnh"))

    opened = text_of(saved(document), "a.docx")

    assert opened.text == "Bộ Tư lệnh"
    assert opened.needs_consent


def test_unicode_in_an_older_font_is_left_as_it_is() -> None:
    opened = text_of(document_of(("Đồn Biên phòng", ".VnTime")), "a.docx")

    assert opened.text == "Đồn Biên phòng"
    assert not opened.needs_consent


def test_letters_in_the_private_area_are_those_of_the_font() -> None:
    shifted = "".join(chr(ord(sign) + 0xF000) if ord(sign) > 0xA0 else sign for sign in to_tcvn3("Đồn Biên"))

    assert text_of(document_of((shifted, ".VnTime")), "a.docx").text == "Đồn Biên"


def test_older_letters_are_told_where_the_font_was_changed_later() -> None:
    opened = text_of(document_of((to_tcvn3(WORDS), "Times New Roman")), "a.docx")

    assert opened.text == WORDS
    assert opened.needs_consent


def test_the_soft_hyphen_of_word_is_the_letter_of_the_font() -> None:
    document = docx.Document()
    run = document.add_paragraph().add_run("t")
    run.font.name = ".VnTime"
    run._r.append(run._r.makeelement(qn("w:softHyphen"), {}))
    run.add_text(" l\xd6nh")

    assert text_of(saved(document), "a.docx").text == "tư lệnh"
