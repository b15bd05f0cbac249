"""One form of a text for reading, and the way back to the text as it came."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loom._reading import Span
from loom._text import fold, plain, written

LETTERS = st.text(
    alphabet="aăâeêioôơuưyđÐđĐhktTHOAòoạếữ \n\t.;,0123456789-\r\u200b\u00a0\ufeff\u0301\u0309", max_size=80
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hòa bình", "hoà bình"),
        ("khỏe", "khoẻ"),
        ("ủy ban", "uỷ ban"),
        ("Thủy", "thuỷ"),
        ("kỹ thuật", "kĩ thuật"),
        ("xử lý", "xử lí"),
        ("quý III", "quí iii"),
        ("Ðồn", "đồn"),
        ("ĐỒN BIÊN PHÒNG", "đồn biên phòng"),
    ],
)
def test_two_writings_of_one_word_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("tuần", "tuấn"), ("hoa", "hoà"), ("tay", "tai"), ("đồn", "dồn"), ("thuý", "thuy")]
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(LETTERS)
def test_folding_keeps_every_letter_in_its_place(text: str) -> None:
    composed = written(text).text

    assert len(fold(composed)) == len(composed)


def test_a_phrase_is_looked_up_whatever_its_spaces_and_form() -> None:
    assert plain(unicodedata.normalize("NFD", "  Ủy   ban\nnhân dân ")) == fold("uỷ ban nhân dân")


@pytest.mark.parametrize(
    "text",
    [
        "Đồn Biên phòng",
        unicodedata.normalize("NFD", "Đồn Biên phòng Lũng Cú"),
        "\ufeffĐồn\r\nBiên\u200b phòng",
        "Đồn\u00a0Biên\u202fphòng\rLũng Cú",
        unicodedata.normalize("NFD", "Kế hoạch\u00ad số\r\n 5\u200f"),
    ],
)
def test_every_word_is_led_back_to_where_it_came_from(text: str) -> None:
    clean = written(text)

    words = [(m, clean.text.index(m)) for m in set(clean.text.split())]
    back = {word: clean.origin(Span(at, at + len(word))).of(text) for word, at in words}

    assert {word: written(came).text for word, came in back.items()} == {word: word for word, _ in words}


@given(LETTERS)
def test_what_is_led_back_reads_as_the_same_again(text: str) -> None:
    clean = written(text)
    middle = len(clean.text) // 2

    place = clean.origin(Span(0, middle))

    assert 0 <= place.start <= place.end <= len(text)
    assert written(place.of(text)).text.strip("\n\u0301\u0309") == clean.text[:middle].strip("\n\u0301\u0309")


@given(LETTERS)
def test_the_form_of_reading_has_one_line_end_and_nothing_unseen(text: str) -> None:
    clean = written(text).text

    assert not set(clean) & set("\r\u200b\ufeff\u00a0Ð")
