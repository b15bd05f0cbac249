"""Content: what is taken as it is, what is tidied, what is refused; its digest, and what a new version changed."""

from __future__ import annotations

import json
import time
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nennep.reporting.rules.content import (
    LONGEST_STATEMENT,
    MOST_MARKS,
    MOST_STATEMENTS,
    CellChange,
    Content,
    Layout,
    Statement,
    StatementChange,
    StatementKind,
    Unreadable,
    checked_content,
    content_digest,
    difference,
    tidy,
)
from tests.cast import LAYOUT, good_content

FORM = Layout.from_json(LAYOUT)
RESULT, TASK = StatementKind.RESULT, StatementKind.TASK


def said(text: str, id_: str = "s1", section: str = "C", kind: StatementKind = RESULT) -> Content:
    return Content(statements=(Statement(id_, section, kind, text),))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Đồn Biên phòng", "Đồn Biên phòng"),
        (unicodedata.normalize("NFD", "Đồn Nậm Ngà, tổ tự quản"), "Đồn Nậm Ngà, tổ tự quản"),
        ("  hai đầu \n", "hai đầu"),
        ("dòng một\r\ndòng hai\rdòng ba", "dòng một\ndòng hai\ndòng ba"),
        ("một\thai", "một\thai"),
        ("k\u200bhông \u202edấu\u202c \ufeffẩn\u00ad", "không dấu ẩn"),
        ("không\x00 \x07chuông", "không chuông"),
        ("a\u200b\u0301", "á"),  # an invisible sign between a letter and its mark: composed once it is gone
        ("a\ue000b\ud800c", "abc"),
        ("🙂 ổn", "🙂 ổn"),
        ("\u200b\u200b", ""),
    ],
)
def test_words_are_kept_composed_and_without_what_nobody_sees(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


@given(st.text())
def test_tidying_twice_is_tidying_once_and_leaves_composed_text(text: str) -> None:
    once = tidy(text)

    assert tidy(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not {unicodedata.category(c) for c in once if c not in "\n\t"} & {"Cc", "Cf", "Cs", "Co"}


def test_a_heap_of_marks_on_one_letter_is_cut_and_costs_no_time() -> None:
    heap = "a" + "\u0316\u0300" * 500_000

    started = time.perf_counter()
    kept = tidy(heap)

    assert len(kept) <= 1 + MOST_MARKS
    assert time.perf_counter() - started < 5  # composing it as it came takes many minutes


def test_a_statement_of_a_million_characters_is_refused_with_its_length() -> None:
    with pytest.raises(Unreadable, match="1000000 characters"):
        checked_content(said("ổ" * 1_000_000), FORM)


def test_the_longest_statement_is_taken() -> None:
    text = "ổ" * LONGEST_STATEMENT

    assert checked_content(said(unicodedata.normalize("NFD", text)), FORM).statements[0].text == text


TWO = (Statement("s1", "C", RESULT, "một"), Statement("s1", "C", RESULT, "hai"))
MANY = tuple(Statement(f"s{n}", "C", RESULT, "một") for n in range(MOST_STATEMENTS + 1))


@pytest.mark.parametrize(
    "content",
    [
        Content(cells={"patrol.unknown": "1"}),
        Content(cells={"": "1"}),
        Content(cells={"patrol.teams": "9" * (LONGEST_STATEMENT + 1)}),
        Content(words={"cell:patrol.teams": "vì" * LONGEST_STATEMENT}),
        Content(words={"cell:patrol.unknown": "vì"}),
        Content(words={"anywhere": "vì"}),
        said("một", section="A"),  # a section of cells
        said("một", section="Z"),
        said("một", kind=TASK),  # section C asks for no tasks
        said("một", id_=""),
        said("một", id_="s" * 1_000),
        said("một", id_="s 1"),
        said("một", id_='s"><script>'),
        Content(statements=TWO),
        Content(statements=MANY),
    ],
)
def test_what_the_form_does_not_have_is_refused(content: Content) -> None:
    with pytest.raises(Unreadable):
        checked_content(content, FORM)


def test_a_draft_may_be_half_written() -> None:
    half = Content(
        cells={"patrol.teams": " mười ", "patrol.people": "  "}, statements=(Statement("s1", "C", RESULT, ""),)
    )

    assert checked_content(half, FORM).cells == {"patrol.teams": "mười"}


def test_content_comes_back_from_what_is_stored() -> None:
    content = replace(
        good_content(),
        words={"cell:patrol.teams": "vì lũ"},
        figures={"patrol.people": "12"},
        synthesis=4,
        statements=(Statement("i1", "C", RESULT, "gộp", ((7, "s1"), (9, "s2"))),),
    )

    assert Content.from_json(json.loads(json.dumps(content.as_json()))) == content


# --- the digest -----------------------------------------------------------------------------------

PLACE = {"form": "monthly v1", "unit": "SH-1", "period": "2026-11"}


def test_the_digest_of_a_report_is_the_same_everywhere_and_always() -> None:
    content = Content(
        cells={"patrol.teams": "137"}, statements=(Statement("s1", "C", RESULT, "Đồn giữ vững địa bàn."),)
    )

    assert (
        content_digest(content.as_json(), **PLACE) == "05e6bc206711d7d1b6489441ee0a5f50853e0004fbf23f76585d1d120fbfd1a9"
    )


def test_the_digest_does_not_depend_on_the_order_in_which_cells_were_typed() -> None:
    one = Content(cells={"patrol.teams": "137", "patrol.people": "822"})
    other = Content(cells={"patrol.people": "822", "patrol.teams": "137"})

    assert content_digest(one.as_json(), **PLACE) == content_digest(other.as_json(), **PLACE)


def test_the_digest_changes_with_every_thing_that_is_said_and_with_whose_report_it_is() -> None:
    base = good_content().as_json()
    digests = {
        content_digest(base, **PLACE),
        content_digest(base, **{**PLACE, "form": "monthly v2"}),
        content_digest(base, **{**PLACE, "unit": "SH-2"}),
        content_digest(base, **{**PLACE, "period": "2026-12"}),
        content_digest(good_content(patrol__teams="138").as_json(), **PLACE),
        content_digest(replace(good_content(), words={"cell:patrol.teams": "vì lũ"}).as_json(), **PLACE),
        content_digest(replace(good_content(), statements=good_content().statements[::-1]).as_json(), **PLACE),
        content_digest(replace(good_content(), synthesis=1).as_json(), **PLACE),
    }

    assert len(digests) == 8


# --- the difference -------------------------------------------------------------------------------


def test_the_difference_names_every_changed_added_and_missing_cell_and_statement() -> None:
    stays, goes = Statement("s1", "C", RESULT, "giữ nguyên"), Statement("s2", "C", RESULT, "bỏ đi")
    rewritten, moved = Statement("s3", "C", RESULT, "cũ"), Statement("s4", "C", StatementKind.CAUSE, "như cũ")
    before = Content({"a": "1", "b": "2", "c": "3"}, (stays, goes, rewritten, moved))
    new, now_result = Statement("s5", "D", TASK, "thêm"), replace(moved, kind=RESULT)
    after = Content({"a": "1", "b": "20", "d": "4"}, (stays, replace(rewritten, text="mới"), now_result, new))

    found = difference(before, after)

    assert found.cells == (CellChange("b", "2", "20"), CellChange("c", "3", None), CellChange("d", None, "4"))
    assert found.statements == (
        StatementChange(goes, None),
        StatementChange(rewritten, replace(rewritten, text="mới")),
        StatementChange(moved, now_result),
        StatementChange(None, new),
    )


def test_nothing_differs_in_the_same_content_whatever_order_its_cells_have() -> None:
    content = good_content()

    assert not difference(content, Content(dict(reversed(list(content.cells.items()))), content.statements))


def test_the_difference_of_two_syntheses_is_told_in_their_figures() -> None:
    before, after = Content(figures={"a": "10"}, synthesis=1), Content(figures={"a": "12"}, synthesis=1)

    assert difference(before, after).cells == (CellChange("a", "10", "12"),)


def test_a_changed_figure_shows_beside_an_own_cell_that_stayed() -> None:
    before = Content(cells={"a": "1"}, figures={"a": "10"}, synthesis=1)
    after = Content(cells={"a": "1"}, figures={"a": "12"}, synthesis=1)

    assert difference(before, after).cells == (CellChange("a", "10", "12"),)
