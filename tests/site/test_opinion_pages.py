"""Versions, remarks and opinions on the pages: what changed is seen, and every opinion is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from nennep.documents.models import Comment, Document, DocumentType, Opinion, OpinionRequest
from nennep.documents.rules.text import Text
from nennep.documents.services import drafts, opinions
from tests.cast import Cast
from tests.documents.world import make_types, written

SignIn = Callable[[str], Client]


@pytest.fixture
def types(cast: Cast) -> dict[str, DocumentType]:  # noqa: ARG001 -- the cast must be there first
    return make_types()


@pytest.fixture
def asked(cast: Cast, types: dict[str, DocumentType]) -> Document:
    """A draft of Sơn Hà on which the post Nậm Ngà was asked for its opinion."""
    document = written(cast, types, unit="SH")
    by = cast.actor("hanh")
    opinions.ask_opinions(document.pk, [cast.units["SH-1"]], by.today, revision=1, by=by)
    return document


def text(answer: Any) -> str:
    return str(answer.content.decode())


def blocks_of(document: Document) -> list[str]:
    document.refresh_from_db()
    return [block.id for block in Text.from_json(document.draft).blocks]


def test_two_versions_are_compared_word_by_word(sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]) -> None:
    document, by = written(cast, types), cast.actor("thanh")
    drafts.freeze_version(document.pk, revision=1, by=by)
    changed = "1. Tổ chức tuần tra song phương biên giới.\n\n2. Báo cáo kết quả trước ngày 25.\n\n3. Việc mới thêm vào."
    drafts.save_typed(document.pk, changed, revision=1, by=by)
    drafts.freeze_version(document.pk, revision=2, by=by)

    page = text(sign_in("thanh").get(f"/documents/{document.pk}/versions/?from=1&to=2"))

    assert "<ins>song phương " in page
    assert "<ins>Việc mới thêm vào.</ins>" in page
    assert "Báo cáo kết quả" not in page.partition('class="panel padded compared"')[2].partition("</section>")[0]
    assert "Báo cáo kết quả" in text(sign_in("thanh").get(f"/documents/{document.pk}/versions/?from=1&to=2&all=1"))


def test_a_remark_stands_at_its_place_until_it_is_settled(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]
) -> None:
    document = written(cast, types)
    client, page = sign_in("dontruong"), f"/documents/{document.pk}/"

    client.post(f"{page}remarks/", {"block": blocks_of(document)[0], "text": "Ghi rõ số buổi."})
    remark = Comment.objects.get()
    sign_in("thanh").post(f"{page}remarks/settle/", {"comment": remark.pk})

    remark.refresh_from_db()
    assert remark.settled_by != ""
    assert "Ghi rõ số buổi." in text(client.get(page))


def test_a_remark_without_words_is_refused_in_words(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]
) -> None:
    document = written(cast, types)

    answer = sign_in("thanh").post(f"/documents/{document.pk}/remarks/", {"text": " "})

    assert answer.status_code == 409
    assert not Comment.objects.exists()


def test_units_are_asked_on_the_page_and_the_draft_is_theirs_to_see(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]
) -> None:
    document = written(cast, types, unit="SH")
    asks = {"unit": [cast.units["SH-1"], cast.units["SH-2"]], "due_on": "2026-11-20", "revision": "1"}

    sign_in("hanh").post(f"/documents/{document.pk}/opinions/ask/", asks)

    assert OpinionRequest.objects.count() == 2
    page = sign_in("thanh").get(f"/documents/{document.pk}/")
    assert f"/documents/{document.pk}/opinions/answer/" in text(page)
    assert sign_in("hu").get(f"/documents/{document.pk}/").status_code == 404


def test_an_asked_unit_reads_the_version_it_was_asked_about_and_not_what_is_written_since(
    sign_in: SignIn, cast: Cast, asked: Document
) -> None:
    drafts.save_typed(asked.pk, "1. Chưa ai được biết.", revision=1, by=cast.actor("hanh"))

    page = text(sign_in("thanh").get(f"/documents/{asked.pk}/"))

    assert "Chưa ai được biết" not in page
    assert "Tổ chức tuần tra biên giới." in page


def test_an_opinion_at_a_place_is_taken_in_with_the_change_it_caused(
    sign_in: SignIn, cast: Cast, asked: Document
) -> None:
    first, second = blocks_of(asked)
    page = f"/documents/{asked.pk}/opinions/"
    sign_in("thanh").post(f"{page}answer/", {f"say.{first}": "Thêm song phương.", f"say.{second}": "Lùi hạn."})
    one, other = Opinion.objects.order_by("pk")
    changed = "1. Tổ chức tuần tra song phương biên giới.\n\n2. Báo cáo kết quả trước ngày 25."
    drafts.save_typed(asked.pk, changed, revision=1, by=cast.actor("hanh"))
    client = sign_in("hanh")

    client.post(f"{page}settle/", {"opinion": one.pk, "verdict": "accepted"})
    refused = client.post(f"{page}settle/", {"opinion": other.pk, "verdict": "accepted", "explanation": "Đã lùi"})
    client.post(f"{page}settle/", {"opinion": other.pk, "verdict": "explained", "explanation": "Hạn do cấp trên định"})

    assert refused.status_code == 409
    assert "Đã lùi" in text(refused)
    matrix = text(client.get(page))
    assert "<ins>song phương " in matrix
    assert "Hạn do cấp trên định" in matrix
    assert Opinion.objects.filter(verdict="accepted").count() == 1


def test_a_unit_that_agrees_says_so_and_is_not_asked_again(sign_in: SignIn, asked: Document) -> None:
    client, page = sign_in("thanh"), f"/documents/{asked.pk}/opinions/answer/"

    empty = client.post(page, {})
    client.post(page, {"agrees": "1"})

    assert empty.status_code == 400
    assert OpinionRequest.objects.get().answered_at is not None
    assert client.get(page).status_code == 302


@pytest.mark.parametrize("paper", ["docx", "pdf"])
def test_the_table_of_opinions_is_given_as_a_paper(sign_in: SignIn, asked: Document, paper: str) -> None:
    answer = sign_in("hanh").get(f"/documents/{asked.pk}/opinions.{paper}")

    assert answer.status_code == 200
    assert answer.content[:2] == (b"PK" if paper == "docx" else b"%P")
