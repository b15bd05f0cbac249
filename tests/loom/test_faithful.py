"""A proposed sentence holds nothing that its sources do not hold."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loom import Held, unfaithful

SOURCES = (
    "Ngày 05/11/2026, Đồn Biên phòng Tả Lùng tổ chức hơn 12 buổi tuyên truyền Luật Biên phòng Việt Nam tại xã Pá Hu.",
    "Tuyên truyền 7 buổi cho 350 lượt người ở bản Nậm Ngà.",
)
LATE = ("Công tác nắm tình hình có thời điểm chưa kịp thời.", "Nắm địa bàn còn có lúc chưa sâu.")


@pytest.mark.parametrize(
    "proposal",
    [
        SOURCES[0],
        SOURCES[1],
        "Các đơn vị tổ chức tuyên truyền Luật Biên phòng Việt Nam tại xã Pá Hu.",
        "Tổ chức hơn 12 buổi tuyên truyền ngày 05/11; 350 lượt người nghe.",
        "Tuyên truyền 7 buổi.",
        "Tuyên truyền bảy buổi.",  # the same number in words
        "Đã tuyên truyền ở bản Nậm Ngà.",
    ],
)
def test_what_the_sources_hold_passes_whole_or_in_part(proposal: str) -> None:
    assert unfaithful(proposal, SOURCES) == ()


@pytest.mark.parametrize(
    ("proposal", "what", "text"),
    [
        ("Tổ chức hơn 13 buổi tuyên truyền.", Held.NUMBER, "13 buổi"),
        ("Tổ chức 19 buổi tuyên truyền.", Held.NUMBER, "19 buổi"),  # the sum of both is held by neither
        ("Tuyên truyền cho 350 hộ.", Held.NUMBER, "350 hộ"),  # another measure
        ("Tuyên truyền ba buổi.", Held.NUMBER, "ba buổi"),
        ("Tổ chức 12 buổi tuyên truyền.", Held.QUALIFIER, "12 buổi"),  # surer than the source
        ("Ngày 06/11/2026 tổ chức tuyên truyền.", Held.DATE, "06/11/2026"),
        ("Tuyên truyền theo Luật số 66/2020/QH14.", Held.DATE, "66/2020/QH14"),
        ("Tuyên truyền tại xã Sen Thượng.", Held.NAME, "Sen Thượng"),
        ("Phối hợp với Công an tuyên truyền.", Held.NAME, "Công"),
        ("UBND xã tuyên truyền.", Held.NAME, "UBND"),
        ("Tuyên truyền không hiệu quả.", Held.DENIAL, "không"),
        ("Tuyên truyền cho toàn bộ nhân dân.", Held.WHOLE, "toàn bộ"),
        ("Tuyên truyền {law.sessions} lần.", Held.SIGN, "{"),
        ("Xem https://vi.du/", Held.SIGN, "https:"),
    ],
)
def test_what_no_source_holds_is_refused_by_name(proposal: str, what: Held, text: str) -> None:
    assert (what, text) in [(one.what, one.text) for one in unfaithful(proposal, SOURCES)]


def test_a_denial_that_all_sources_make_must_not_be_lost() -> None:
    assert [one.what for one in unfaithful("Công tác nắm tình hình kịp thời.", LATE)] == [Held.DENIAL]
    assert unfaithful("Công tác nắm tình hình chưa kịp thời.", LATE) == ()


def test_words_that_only_look_like_a_denial_are_none() -> None:
    assert unfaithful("Không ngừng tuyên truyền.", ("Tuyên truyền.",)) == ()


def test_nothing_holds_anything_when_there_are_no_sources() -> None:
    assert unfaithful("Tổ chức 5 buổi tại xã Pá Hu.", ()) != ()


@given(st.sampled_from([*SOURCES, *LATE]), st.sampled_from(["NFC", "NFD"]), st.sampled_from(["NFC", "NFD"]))
def test_a_source_is_faithful_to_itself_in_every_normal_form(text: str, one: str, other: str) -> None:
    assert unfaithful(unicodedata.normalize(one, text), [unicodedata.normalize(other, text)]) == ()  # type: ignore[arg-type]


@given(st.integers(min_value=13, max_value=999_999).filter(lambda number: number not in {350, 2026}))
def test_no_number_comes_in_that_is_not_there(number: int) -> None:
    assert unfaithful(f"Tổ chức {number} buổi tuyên truyền.", SOURCES)
