"""Opinions on a draft: asked for, given, taken in with the change they caused, or explained."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nennep.documents.models import Document, DocumentType, Opinion, OpinionRequest
from nennep.documents.queries import drafts as queries
from nennep.documents.rules.states import State, Verdict
from nennep.documents.services import drafts, opinions, route
from nennep.documents.services.opinions import Said
from nennep.documents.services.refusals import DocumentsRefused
from nennep.organisation.rules import NotAuthorised
from tests.cast import Cast
from tests.documents.world import TODAY, WORDS, in_state, written

Types = dict[str, DocumentType]
DUE = TODAY + timedelta(days=5)
REWRITTEN = WORDS.replace("tuần tra biên giới", "tuần tra biên giới, cột mốc")


def asked(cast: Cast, types: Types, *units: str) -> tuple[Document, dict[str, OpinionRequest]]:
    document = written(cast, types, unit="SH")
    ids = [cast.units[unit] for unit in units or ("SH-1", "SH-2")]
    found = opinions.ask_opinions(document.pk, ids, DUE, revision=1, by=cast.actor("hanh"))
    document.refresh_from_db()
    return document, {request.unit.code: request for request in found}


def given(cast: Cast, request: OpinionRequest, *said: Said, by: str = "thanh") -> list[Opinion]:
    opinions.give_opinions(request.pk, said, by=cast.actor(by))
    return list(request.opinions.order_by("pk"))


def test_asking_freezes_what_is_written(cast: Cast, types: Types) -> None:
    document, requests = asked(cast, types)

    assert {request.version_id for request in requests.values()} == {document.current_version_id}
    assert document.state == State.DRAFT
    assert queries.asked_of_me(cast.actor("thanh")).get() == requests["SH-1"]


@pytest.mark.parametrize(
    ("units", "days", "why"),
    [
        ([], 5, "no_units"),
        (["SH"], 5, "asks_itself"),
        (["SH-1"], -1, "due_in_the_past"),
    ],
)
def test_asking_names_other_units_and_a_day_to_come(
    cast: Cast, types: Types, units: list[str], days: int, why: str
) -> None:
    document = written(cast, types, unit="SH")
    ids, due = [cast.units[unit] for unit in units], TODAY + timedelta(days=days)

    with pytest.raises(DocumentsRefused, match=why):
        opinions.ask_opinions(document.pk, ids, due, revision=1, by=cast.actor("hanh"))

    assert not OpinionRequest.objects.exists()


def test_a_unit_is_asked_once_about_a_version(cast: Cast, types: Types) -> None:
    document, _requests = asked(cast, types, "SH-1")
    by, ids = cast.actor("hanh"), [cast.units["SH-1"], cast.units["SH-3"]]

    more = opinions.ask_opinions(document.pk, ids, DUE, revision=1, by=by)
    with pytest.raises(DocumentsRefused, match="asked_already"):
        opinions.ask_opinions(document.pk, ids, DUE, revision=1, by=by)

    assert [request.unit.code for request in more] == ["SH-3"]


def test_an_asked_unit_sees_the_draft_and_answers_once(cast: Cast, types: Types) -> None:
    document, requests = asked(cast, types)

    said = given(cast, requests["SH-1"], Said("Nêu rõ số lượt.", "b1"), Said("Bổ sung phần bảo đảm."))

    assert [opinion.block for opinion in said] == ["b1", ""]
    assert queries.version(document.pk, 1, by=cast.actor("thanh")).number == 1
    with pytest.raises(DocumentsRefused, match="answered_already"):
        opinions.give_opinions(requests["SH-1"].pk, [], by=cast.actor("thanh"))


def test_nobody_answers_for_another_unit(cast: Cast, types: Types) -> None:
    _document, requests = asked(cast, types, "SH-1")

    for username in ("pao", "hu", "khach"):
        with pytest.raises(NotAuthorised):
            opinions.give_opinions(requests["SH-1"].pk, [], by=cast.actor(username))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (Said("Ý kiến", "b99"), "no_such_block"),
        (Said("   ", "b1"), "says_nothing"),
        (Said("TUYỆT MẬT", "b1"), "secret"),
    ],
)
def test_a_wrong_answer_keeps_the_request_open(cast: Cast, types: Types, said: Said, why: str) -> None:
    _document, requests = asked(cast, types, "SH-1")

    with pytest.raises(DocumentsRefused, match=why):
        opinions.give_opinions(requests["SH-1"].pk, [Said("Tốt.", "b1"), said], by=cast.actor("thanh"))

    assert not Opinion.objects.exists()
    assert queries.asked_of_me(cast.actor("thanh")).exists()


def test_an_opinion_is_taken_in_by_a_block_that_did_change(cast: Cast, types: Types) -> None:
    document, requests = asked(cast, types, "SH-1")
    [opinion] = given(cast, requests["SH-1"], Said("Nêu cả cột mốc.", "b1"))
    by = cast.actor("hanh")
    with pytest.raises(DocumentsRefused, match="block_unchanged"):
        opinions.accept_opinion(opinion.pk, by=by)
    drafts.save_typed(document.pk, REWRITTEN, revision=1, by=by)

    opinions.accept_opinion(opinion.pk, by=by, explanation="Đã bổ sung.")

    [row] = queries.opinion_matrix(document.pk, by=by)
    assert (row.verdict, row.label, row.unit_name) == (Verdict.ACCEPTED, "1", "Đồn Biên phòng Nậm Ngà")
    assert row.change is not None
    assert [piece.text for piece in row.change.pieces if piece.kind == "added"] == [", cột mốc"]
    document.refresh_from_db()
    assert document.current_version is not None
    assert document.current_version.number == 2


def test_an_opinion_on_the_whole_names_the_block_it_changed(cast: Cast, types: Types) -> None:
    document, requests = asked(cast, types, "SH-1")
    [opinion] = given(cast, requests["SH-1"], Said("Thêm phần bảo đảm hậu cần."))
    by = cast.actor("hanh")
    drafts.save_typed(document.pk, f"{WORDS}\n3. Bảo đảm hậu cần.", revision=1, by=by)
    with pytest.raises(DocumentsRefused, match="names_no_block"):
        opinions.accept_opinion(opinion.pk, by=by)

    opinions.accept_opinion(opinion.pk, "b3", by=by)

    [row] = queries.opinion_matrix(document.pk, by=by)
    assert row.change is not None
    assert row.change.kind == "added"


def test_an_opinion_that_is_not_taken_in_is_explained(cast: Cast, types: Types) -> None:
    document, requests = asked(cast, types, "SH-1")
    [opinion] = given(cast, requests["SH-1"], Said("Bỏ mục này.", "b2"))
    by = cast.actor("hanh")
    with pytest.raises(DocumentsRefused, match="needs_reason"):
        opinions.explain_opinion(opinion.pk, "  ", by=by)

    opinions.explain_opinion(opinion.pk, "Theo chỉ đạo của Bộ Tư lệnh.", by=by)

    [row] = queries.opinion_matrix(document.pk, by=by)
    assert (row.verdict, row.change) == (Verdict.EXPLAINED, None)
    assert not queries.open_matters(document).anything


def test_what_is_open_is_told_and_blocks_nothing(cast: Cast, types: Types) -> None:
    document, requests = asked(cast, types, "SH-1", "SH-2", "SH-3")
    given(cast, requests["SH-1"], Said("Một.", "b1"))
    given(cast, requests["SH-2"], by="pao")
    by = cast.actor("hanh")
    drafts.save_typed(document.pk, f"{WORDS}\n5. Sai số thứ tự.", revision=1, by=by)
    document.refresh_from_db()

    told = queries.open_matters(document)
    route.submit(document.pk, revision=2, by=by)

    assert (told.unsettled, told.unanswered, told.comments) == (1, 1, 0)
    assert [str(gap) for gap in told.gaps] == ["sau 2 là 5"]


def test_the_matrix_holds_every_unit_in_the_order_of_the_text(cast: Cast, types: Types) -> None:
    document, requests = asked(cast, types, "SH-1", "SH-2", "SH-3")
    given(cast, requests["SH-1"], Said("Ở mục hai.", "b2"), Said("Ở mục một.", "b1"))
    given(cast, requests["SH-2"], by="pao")

    rows = queries.opinion_matrix(document.pk, by=cast.actor("hanh"))
    own = queries.opinion_matrix(document.pk, by=cast.actor("thanh"))

    told = [(row.request.unit.code, row.label, row.is_answered) for row in rows]
    assert told == [("SH-1", "1", True), ("SH-1", "2", True), ("SH-2", "", True), ("SH-3", "", False)]
    assert {row.request.unit.code for row in own} == {"SH-1"}


def test_the_matrix_asks_no_more_for_more_opinions(cast: Cast, types: Types) -> None:
    document, requests = asked(cast, types, "SH-1", "SH-2")
    given(cast, requests["SH-1"], Said("Một.", "b1"))
    by = cast.actor("hanh")
    queries.opinion_matrix(document.pk, by=by)
    with CaptureQueriesContext(connection) as few:
        queries.opinion_matrix(document.pk, by=by)
    given(cast, requests["SH-2"], *[Said(f"Ý kiến {n}.", "b2") for n in range(30)], by="pao")

    with CaptureQueriesContext(connection) as many:
        queries.opinion_matrix(document.pk, by=by)

    assert len(many) == len(few)


@pytest.mark.parametrize("state", [State.SIGNED, State.IN_FORCE, State.DROPPED])
def test_opinions_end_with_the_signature(cast: Cast, types: Types, state: State) -> None:
    document = in_state(cast, types, state, unit="SH")

    with pytest.raises(DocumentsRefused, match="not_open"):
        opinions.ask_opinions(document.pk, [cast.units["SH-1"]], DUE, revision=1, by=cast.actor("hanh"))

    assert not OpinionRequest.objects.exists()
