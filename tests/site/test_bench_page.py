"""The bench as a page: coverage, groups, acts, two officers, findings, and the language model that is not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.template import Context
from django.test import Client
from django.utils.translation import gettext_lazy
from pytest_django import Settings

from nennep.site.templatetags.pages import sentence
from nennep.site.web import bench as bench_page
from nennep.synthesis import queries
from nennep.synthesis.models import DraftItem, Synthesis
from tests.cast import Cast
from tests.synthesis.test_groups import LATE, LEXICON, OWN, begin, group, hand_in, shortcomings
from tests.synthesis.test_wording import Model, model

__all__ = ["model"]

SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _the_small_lexicon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_page, "lexicon", lambda: LEXICON)


@pytest.fixture
def draft(cast: Cast) -> Synthesis:
    hand_in(cast, thanh=(LATE[0],), pao=(LATE[1], OWN), hu=(LATE[2],))
    return begin(cast)


@pytest.fixture
def officer(sign_in: SignIn) -> Client:
    return sign_in("hanh")


def shown(client: Client, draft: Synthesis, question: str = "section=C") -> str:
    page = client.get(f"/synthesis/{draft.pk}/?{question}")
    assert page.status_code == 200
    return unescape(page.content.decode())


def article(page: str, item: DraftItem) -> str:
    found = re.search(rf'<article[^>]*id="item-{item.pk}".*?</article>', page, re.DOTALL)
    assert found is not None
    return found[0]


def act(client: Client, item: DraftItem, act: str = "", **fields: object) -> str:
    """Post an act as the page does, follow it, and return what the officer then sees."""
    sent = {"act": act, "revision": item.revision, "synthesis": item.synthesis_id, "section": "C", **fields}
    answer = client.post(f"/synthesis/items/{item.pk}/", {k: v for k, v in sent.items() if v != ""}, follow=True)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


# --- what is shown ----------------------------------------------------------------------------------


def test_a_group_shows_how_many_units_of_how_many_and_leads_to_each_unit_s_own_sentence(
    officer: Client, draft: Synthesis
) -> None:
    found = article(shown(officer, draft), group(draft))

    assert "3 trên 3 đơn vị" in found
    assert "đề xuất: nói một lần" in found
    links = re.findall(r'class="unit-chip" href="(/reports/\d+/versions/1/#statement-r1)"', found)
    assert len(set(links)) == 3
    assert officer.get(links[0].partition("#")[0]).status_code == 200
    assert all(text in found for text in LATE)


def test_the_outline_tells_of_each_kind_who_is_used_who_is_not_and_what_is_to_be_decided(
    officer: Client, draft: Synthesis
) -> None:
    page = shown(officer, draft)
    outline = re.search(r'<nav class="panel outline".*?</nav>', page, re.DOTALL)
    assert outline is not None
    lines = [re.sub(r"<[^>]+>|\s+", " ", line).strip() for line in re.findall(r"<li.*?</li>", outline[0], re.DOTALL)]

    assert any(
        "Hạn chế" in line and "0 dùng" in line and "3 chưa" in line and "2 câu chờ xem" in line for line in lines
    )
    assert "chưa dùng" in shown(officer, draft, "section=C&kind=shortcoming&show=waiting")
    assert "không nêu gì ở đây" in shown(officer, draft, "section=D")


def test_the_draft_shows_a_proposal_as_a_proposal_and_how_many_say_it(officer: Client, draft: Synthesis) -> None:
    one = group(draft)

    before = re.search(rf'<p id="draft-{one.pk}"[^>]*>.*?</p>', shown(officer, draft), re.DOTALL)
    act(officer, one, "accept")
    after = re.search(rf'<p id="draft-{one.pk}"[^>]*>.*?</p>', shown(officer, draft), re.DOTALL)

    assert before is not None
    assert after is not None
    assert "proposal" in before[0]
    assert "proposal" not in after[0]
    assert "(3/3 đơn vị)" in after[0]


def test_a_number_that_only_some_units_say_is_marked(cast: Cast, officer: Client) -> None:
    hand_in(cast, thanh=("Nắm tình hình còn chậm 3 vụ.",), pao=("Nắm địa bàn còn chậm 5 vụ.",))

    found = article(shown(officer, draft := begin(cast)), group(draft))

    assert "không phải đơn vị nào trong nhóm cũng nêu" in found


def test_whoever_may_only_look_sees_the_members_and_no_button(sign_in: SignIn, draft: Synthesis) -> None:
    found = article(shown(sign_in("kehoach"), draft), group(draft))

    assert all(text in found for text in LATE)
    assert "<form" not in found
    assert "<button" not in found


def test_pages_of_a_long_section_hold_all_its_sentences_once(
    monkeypatch: pytest.MonkeyPatch, officer: Client, draft: Synthesis
) -> None:
    monkeypatch.setattr(bench_page, "PAGE", 2)

    pages = [
        re.findall(r'id="item-(\d+)"', shown(officer, draft, f"section=C&page={page}")) for page in (1, 2, "x", 99)
    ]

    here = [str(one.pk) for one in queries.items(draft) if one.section == "C"]
    assert pages[0] + pages[1] == here
    assert pages[2] == pages[0]
    assert pages[3] == pages[1]


# --- acts -------------------------------------------------------------------------------------------


def test_accepting_goes_on_to_the_next_sentence_that_waits(officer: Client, draft: Synthesis) -> None:
    one, other = shortcomings(draft)
    following = re.search(r'name="next" value="(\d+)"', article(shown(officer, draft), one))
    assert following is not None

    sent = {"act": "accept", "revision": one.revision, "section": "C", "next": following[1]}
    answer = officer.post(f"/synthesis/items/{one.pk}/", sent)

    assert following[1] == str(other.pk)
    assert answer.headers["Location"] == f"/synthesis/{draft.pk}/?section=C#item-{other.pk}"
    assert "đã nhận vào dự thảo" in article(shown(officer, draft), one)


def test_members_are_taken_out_worded_and_put_together_from_the_page(officer: Client, draft: Synthesis) -> None:
    one = group(draft)
    sources = re.findall(r'name="source" value="([^"]+)"', article(shown(officer, draft), one))

    act(officer, one, "split", source=[sources[0]])
    after_split = [len(item.sources) for item in shortcomings(draft)]
    act(officer, group(draft), word=sources[1])
    worded = group(draft)
    alone = next(item for item in shortcomings(draft) if [f"{v}:{s}" for v, s in item.sources] == [sources[0]])
    marked = [f"{item.pk}:{item.revision}" for item in (worded, alone)]
    officer.post(f"/synthesis/{draft.pk}/join/", {"item": marked, "section": "C"})
    act(officer, group(draft), "split-all")

    version, _colon, statement = sources[1].partition(":")
    said = queries.members([worded])[int(version), statement].statement.text
    assert len(sources) == 3
    assert after_split == [2, 1, 1]
    assert worded.text == said
    assert [len(item.sources) for item in shortcomings(draft)] == [1, 1, 1, 1]


def test_a_section_is_accepted_at_once_only_as_it_was_counted(officer: Client, draft: Synthesis) -> None:
    page = shown(officer, draft)
    count = re.search(r'name="count" value="(\d+)"', page)
    assert count is not None

    wrong = officer.post(f"/synthesis/{draft.pk}/accept/", {"section": "C", "count": int(count[1]) + 1}, follow=True)
    officer.post(f"/synthesis/{draft.pk}/accept/", {"section": "C", "count": count[1]})

    assert "Có người vừa sửa" in unescape(wrong.content.decode())
    assert not [one for one in queries.items(draft) if one.section == "C" and queries.is_proposal(one)]


def test_an_act_on_what_another_officer_changed_is_refused_and_says_that_nothing_was_lost(
    officer: Client, draft: Synthesis
) -> None:
    seen = group(draft)
    act(officer, seen, "rewrite", text="Câu của người thứ nhất.")

    page = act(officer, seen, "rewrite", text="Câu của người thứ hai.")

    assert "Có người vừa sửa câu này" in page
    assert group(draft).text == "Câu của người thứ nhất."


@pytest.mark.parametrize(
    "fields",
    [
        {"act": "split", "source": "khong:co"},
        {"act": "split"},
        {"word": "99:r1"},
        {"word": ""},
        {"act": "accept", "revision": "999"},
    ],
)
def test_nonsense_is_refused_in_words_and_changes_nothing(
    officer: Client, draft: Synthesis, fields: dict[str, str]
) -> None:
    one = group(draft)

    answer = officer.post(f"/synthesis/items/{one.pk}/", {"synthesis": str(draft.pk), **fields}, follow=True)

    assert answer.status_code == 200
    assert '<div class="strip error" role="alert">' in answer.content.decode()
    assert group(draft).sources == one.sources


def test_an_act_that_does_not_exist_is_not_found(officer: Client, draft: Synthesis) -> None:
    assert officer.post(f"/synthesis/items/{group(draft).pk}/", {"act": "burn"}).status_code == 404


# --- words against numbers ------------------------------------------------------------------------------


def test_findings_are_a_part_of_the_bench_and_a_page_of_their_own(officer: Client, draft: Synthesis) -> None:
    address = f"/synthesis/{draft.pk}/findings/"

    asked = {"HX-Request": "true"}
    parts = [officer.get(f"{address}{part}", headers=asked).content.decode() for part in ("", "?part=chip")]
    whole = officer.get(address).content.decode()

    assert address in shown(officer, draft)
    assert not any("<html" in part for part in parts)
    assert "khớp" in unescape(parts[1])
    assert "<html" in whole


# --- the language model -----------------------------------------------------------------------------------


@pytest.fixture
def configured(settings: Settings, model: Model) -> Model:
    settings.WORDING = {"url": model.url, "model": "nho", "key": ""}
    return model


def test_without_an_address_nothing_offers_to_ask_and_nothing_can_be_asked(officer: Client, draft: Synthesis) -> None:
    one = group(draft)

    assert "wording/" not in shown(officer, draft)
    answer = officer.post(f"/synthesis/items/{one.pk}/wording/", {"revision": one.revision}, follow=True)
    assert "Ở đây chưa đặt mô hình ngôn ngữ" in unescape(answer.content.decode())


def test_an_honest_proposal_is_shown_to_be_kept_by_the_officer(
    officer: Client, draft: Synthesis, configured: Model
) -> None:
    one = group(draft)
    configured.says("Công tác nắm tình hình chưa kịp thời, còn chậm.")

    offered = "wording/" in article(shown(officer, draft), one)
    page = officer.post(f"/synthesis/items/{one.pk}/wording/", {"revision": one.revision}).content.decode()
    before = group(draft).text
    act(officer, group(draft), "rewrite", text="Công tác nắm tình hình chưa kịp thời, còn chậm.")

    assert offered
    assert "Công tác nắm tình hình chưa kịp thời, còn chậm." in unescape(page)
    assert 'value="rewrite"' in page
    assert before == one.text  # the proposal alone changed nothing
    assert group(draft).edited


def test_a_lying_proposal_is_shown_as_refused_with_its_reason_and_cannot_be_kept(
    officer: Client, draft: Synthesis, configured: Model
) -> None:
    one = group(draft)
    configured.says("Công tác nắm tình hình tại xã Sen Thượng chưa kịp thời 7 lần.")

    answer = officer.post(
        f"/synthesis/items/{one.pk}/wording/", {"revision": one.revision}, headers={"HX-Request": "true"}
    )
    page = unescape(answer.content.decode())

    assert "Không nhận đề nghị này" in page
    assert "Sen Thượng" in page
    assert "7 lần" in page
    assert 'value="rewrite"' not in page


def test_a_model_that_fails_is_said_to_fail_and_the_bench_works_on(
    officer: Client, draft: Synthesis, configured: Model
) -> None:
    one = group(draft)
    configured.answer = lambda handler: handler.send_error(500)

    page = officer.post(f"/synthesis/items/{one.pk}/wording/", {"revision": one.revision}).content.decode()
    act(officer, one, "accept")

    assert "từ chối yêu cầu" in unescape(page)
    assert group(draft).accepted


def test_nobody_else_can_have_a_unit_s_sentences_sent(sign_in: SignIn, draft: Synthesis, configured: Model) -> None:
    for username in ("kehoach", "dong", "thanh"):
        answer = sign_in(username).post(f"/synthesis/items/{group(draft).pk}/wording/")
        assert answer.status_code in {403, 404}

    assert configured.asked == []


def test_a_figure_that_is_not_there_is_said_in_words_that_are_translated_late() -> None:
    pieces: list[dict[str, Any]] = [{"text": "Tổ chức "}, {"figure": None, "code": "patrol.teams"}, {"text": " lượt"}]

    assert sentence(Context({}), pieces, gettext_lazy("no figure yet")) == "Tổ chức chưa có số lượt"
