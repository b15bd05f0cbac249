"""How words are cut, folded and asked for, and how an answer is shown: plain data, no database."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nennep.search.rules import (
    EVERYBODY,
    Kind,
    Piece,
    Place,
    Put,
    Question,
    Term,
    excerpt,
    fold,
    marked,
    ranks,
    read_question,
    tokens,
    words_of,
    written,
)


@pytest.mark.parametrize(
    ("said", "folded"),
    [
        ("Kế hoạch", "ke hoach"),
        ("Đồn Biên phòng Nậm Ngà", "don bien phong nam nga"),
        ("ĐƯỜNG BỘ", "duong bo"),
        ("Ð", "ð"),  # the Icelandic letter is another one
        ("Số 05/KH-BTL", "so 05/kh-btl"),
        ("ữ ợ ẵ ỹ", "u o a y"),
    ],
)
def test_accents_fall_away_and_so_does_the_stroke_of_d(said: str, folded: str) -> None:
    assert fold(said) == folded


@given(st.text())
def test_a_folded_text_is_as_long_as_it_was_so_that_a_place_in_it_is_a_place_in_the_text(text: str) -> None:
    assert len(fold(written(text))) == len(written(text))


@given(st.text(alphabet="aàáảãạăằâấbcdđeêếghiklmnoôơpqrstuưvxyAĐÊ ,.-/0123456789"))
def test_a_text_composed_or_decomposed_has_the_same_words(text: str) -> None:
    assert words_of(written(unicodedata.normalize("NFD", text))) == words_of(written(text))


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("kế hoạch", (Term(("kế",)), Term(("hoạch",), begins=True))),
        ("kế hoạch ", (Term(("kế",)), Term(("hoạch",)))),
        ('"kế hoạch" tuần', (Term(("kế", "hoạch")), Term(("tuần",), begins=True))),
        ('"kế hoạch"', (Term(("kế", "hoạch")),)),
        ("“kế hoạch”", (Term(("kế", "hoạch")),)),
        ('"kế hoạch', (Term(("kế", "hoạch")),)),
        ("05/KH-BTL", (Term(("05", "kh", "btl"), begins=True),)),
        ("a", (Term(("a",)),)),
        ("báo báo báo ", (Term(("báo",)),)),
        ("  ", ()),
        ("!?* -", ()),
        ("AND OR NOT NEAR( : ^", (Term(("and",)), Term(("or",)), Term(("not",)), Term(("near",)))),
        ("it's & (a | b) <-> 'c':*", (Term(("it", "s")), Term(("a",)), Term(("b",)), Term(("c",)))),
    ],
)
def test_a_question_is_read_as(typed: str, terms: tuple[Term, ...]) -> None:
    assert read_question(typed) == Question(terms)


@given(st.text())
def test_whatever_is_typed_is_a_question_of_words(typed: str) -> None:
    words = [word for term in read_question(typed).terms for word in term.words]

    assert all(word and word == "".join(words_of(word)) for word in words)


def test_a_title_and_a_text_are_four_runs_with_gaps_that_no_phrase_crosses() -> None:
    assert tokens("Kế hoạch", "Đồn 5") == "tkế thoạch x gke ghoach x ekế ehoạch x eđồn e5 x fke fhoach x fdon f5"
    assert tokens("Kế", "") == "tkế x gke x ekế x fke"


def test_exact_accents_come_before_bare_letters_and_titles_before_texts() -> None:
    places = [wanted.where.place for wanted in ranks(read_question("kế "))]

    assert places == [Place.TITLE, Place.ANYWHERE, Place.TITLE_FOLDED, Place.ANYWHERE_FOLDED]


def test_whole_words_come_before_beginnings_but_exact_beginnings_before_bare_letters() -> None:
    exact, folded = (Place.TITLE, Place.ANYWHERE), (Place.TITLE_FOLDED, Place.ANYWHERE_FOLDED)

    told = [(wanted.where.place, wanted.where.whole) for wanted in ranks(read_question("kế ho"))]

    assert told == [(place, whole) for places in (exact, folded) for whole in (True, False) for place in places]


def _put(kind: Kind = Kind.REPORT, **more: object) -> Put:
    given = {"unit_id": 3, "title": "", "text": "", "dated_on": date(2026, 11, 1), **more}
    return Put(kind, 1, **given)  # type: ignore[arg-type]


def test_who_sees_a_thing_follows_from_its_unit_its_audience_and_its_kind() -> None:
    assert _put().seen_by == (3,)
    assert _put(audience=(7, 5, 3)).seen_by == (3, 5, 7)
    assert _put(within_unit=True).seen_by == (-3,)
    assert _put(Kind.FORM, unit_id=None).seen_by == (EVERYBODY,)
    assert _put(Kind.REPORT, unit_id=None).seen_by == ()


def _shown(pieces: tuple[Piece, ...]) -> str:
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("Kế hoạch tuần tra", "ke hoach", "[Kế] [hoạch] tuần tra"),
        ("Kế hoạch, kẻ hở", "kế", "[Kế] hoạch, kẻ hở"),
        ("Đồn Nậm Ngà", "don", "[Đồn] Nậm Ngà"),
        ("Kế hoạch", "ho", "Kế [hoạch]"),
        ("Số 05/KH-BTL", "05/kh ", "Số [05/KH]-BTL"),
        ("<b>kế</b>", "kế ", "<b>[kế]</b>"),
        ("không có", "gì", "không có"),
    ],
)
def test_what_was_asked_for_is_marked(text: str, typed: str, shown: str) -> None:
    assert _shown(marked(text, read_question(typed))) == shown


def test_an_excerpt_of_a_long_text_is_the_stretch_where_most_of_the_question_stands() -> None:
    text = f"tuần trước {'chữ ' * 200}kế hoạch tuần tra biên giới {'chữ ' * 200}"

    shown = _shown(excerpt(text, read_question("tuần tra ")))

    assert "[tuần] [tra] biên giới" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 300


@given(st.text(max_size=500), st.text(max_size=30))
def test_the_pieces_are_the_text_again(text: str, typed: str) -> None:
    assert "".join(piece.text for piece in marked(written(text), read_question(typed))) == written(text)
