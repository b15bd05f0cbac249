"""Documents on their pages: the list, the paper beside its fields, and its way from a draft into force."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nennep.documents.models import Dispatch, Document, DocumentType
from nennep.documents.rules.states import State
from nennep.documents.rules.text import parse
from nennep.organisation.rules import Permission
from tests.cast import NOW, Cast
from tests.documents.world import in_state, issued, make_types, signed, written

SignIn = Callable[[str], Client]


@pytest.fixture
def types(cast: Cast) -> dict[str, DocumentType]:  # noqa: ARG001 -- the cast must be there first
    return make_types()


def text(answer: Any) -> str:
    return str(answer.content.decode())


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


# --- the list -------------------------------------------------------------------------------------


def test_an_empty_list_says_what_to_do_first(sign_in: SignIn, types: dict[str, DocumentType]) -> None:
    del types

    page = text(sign_in("thanh").get("/documents/"))

    assert "/documents/new/" in page
    assert "Chưa có văn kiện nào" in page


def test_the_list_shows_ones_own_drafts_and_never_those_of_others(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]
) -> None:
    mine, theirs = written(cast, types, unit="SH-1"), written(cast, types, unit="SH-2")

    page = text(sign_in("thanh").get("/documents/"))

    assert f"/documents/{mine.pk}/" in page
    assert f"/documents/{theirs.pk}/" not in page


@pytest.mark.parametrize(
    ("tab", "shown"),
    [("drafting", State.DRAFT), ("issued", State.IN_FORCE), ("waiting", State.RETURNED)],
)
def test_each_tab_shows_its_own(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType], tab: str, shown: State
) -> None:
    made = {state: in_state(cast, types, state) for state in (State.DRAFT, State.IN_FORCE, State.RETURNED)}

    page = text(sign_in("thanh").get(f"/documents/?tab={tab}"))

    assert f'"/documents/{made[shown].pk}/"' in page
    others = (
        {State.DRAFT, State.IN_FORCE, State.RETURNED} - {shown} - ({State.RETURNED} if tab == "drafting" else set())
    )
    for other in others:
        assert f'"/documents/{made[other].pk}/"' not in page


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]
) -> None:
    client = sign_in("thanh")
    written(cast, types)
    client.get("/documents/")
    few = queries_of(client, "/documents/")
    for _ in range(12):
        written(cast, types)

    assert queries_of(client, "/documents/") == few


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_list_is_given_as_a_file(sign_in: SignIn, cast: Cast, types: dict[str, DocumentType], kind: str) -> None:
    written(cast, types)

    answer = sign_in("thanh").get(f"/documents/sheet.{kind}?tab=drafting")

    assert answer.status_code == 200
    assert kind == "xlsx" or "Tuần tra biên giới tháng 12" in text(answer)


# --- the page -------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [state for state in State if state is not State.SIGNED])
def test_a_document_is_shown_in_every_state(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType], state: State
) -> None:
    document = in_state(cast, types, state)

    page = sign_in("thanh").get(f"/documents/{document.pk}/")

    assert page.status_code == 200
    assert "Tổ chức tuần tra biên giới." in text(page)


def test_a_signed_document_bears_the_name_and_the_right_of_its_signer(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]
) -> None:
    document = signed(cast, types, unit="SH-1")

    page = text(sign_in("thanh").get(f"/documents/{document.pk}/"))

    assert "Thiếu tá Ma Văn Khải" in page
    assert f"/documents/{document.pk}/issue/" in page


def test_a_draft_of_another_unit_is_not_there(sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]) -> None:
    document = written(cast, types, unit="SH-1")

    for name in ("hanh", "kehoach", "pao", "vai"):
        assert sign_in(name).get(f"/documents/{document.pk}/").status_code == 404


def test_the_page_asks_the_database_as_often_for_a_long_document(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]
) -> None:
    client = sign_in("thanh")
    short = written(cast, types)
    long = written(cast, types, text=parse("\n\n".join(f"{n}. Việc thứ {n}." for n in range(1, 60))))
    client.get(f"/documents/{short.pk}/")

    assert queries_of(client, f"/documents/{long.pk}/") == queries_of(client, f"/documents/{short.pk}/")


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_a_document_is_given_as_a_paper(sign_in: SignIn, cast: Cast, types: dict[str, DocumentType], kind: str) -> None:
    document = written(cast, types)

    answer = sign_in("thanh").get(f"/documents/{document.pk}/paper.{kind}")

    assert answer.status_code == 200
    assert answer.content[:2] == (b"PK" if kind == "docx" else b"%P")


# --- its way --------------------------------------------------------------------------------------


def test_a_document_goes_from_a_draft_into_force_by_the_buttons_of_its_page(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]
) -> None:
    document = written(cast, types, unit="SH")
    client, page = sign_in("hanh"), f"/documents/{document.pk}/"
    Dispatch.objects.create(document=document, unit_id=cast.units["SH-1"])

    client.post(f"{page}submit/", {"revision": "1"})
    document.refresh_from_db()
    version = str(document.current_version_id)
    client.post(f"{page}agree/", {"version": version})
    client.post(f"{page}sign/", {"version": version})
    answer = client.post(f"{page}issue/", {}, follow=True)

    document.refresh_from_db()
    assert (document.state, document.number, document.issued_on) == (State.IN_FORCE, 1, NOW.date())
    assert "01/KH-" in text(answer)
    assert Dispatch.objects.get(document=document).sent_at is not None


def test_who_wrote_may_not_agree_and_whoever_agrees_may_not_write(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]
) -> None:
    document = in_state(cast, types, State.SUBMITTED)
    version = {"version": str(document.current_version_id), "revision": "1"}

    assert Permission.DOCUMENTS_AGREE not in cast.actor("thanh").permissions
    assert sign_in("thanh").post(f"/documents/{document.pk}/agree/", version).status_code == 403
    assert sign_in("dontruong").post(f"/documents/{document.pk}/save/", version).status_code == 403


def test_a_return_without_a_reason_is_refused_in_words_and_changes_nothing(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]
) -> None:
    document = in_state(cast, types, State.SUBMITTED)

    answer = sign_in("dontruong").post(
        f"/documents/{document.pk}/return/", {"version": str(document.current_version_id), "reason": " "}
    )

    assert answer.status_code == 409
    assert 'role="alert"' in text(answer)
    document.refresh_from_db()
    assert document.state == State.SUBMITTED


def test_a_recall_says_how_many_units_it_touches(sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]) -> None:
    document = signed(cast, types, unit="HQ")
    for unit in ("SH", "DV", "SH-1"):
        Dispatch.objects.create(document=document, unit_id=cast.units[unit])
    issued(cast, document)
    client = sign_in("kehoach")

    page = text(client.get(f"/documents/{document.pk}/"))
    client.post(f"/documents/{document.pk}/recall/", {"reason": "Sai căn cứ"})

    assert "Thu hồi từ 3 đơn vị" in page
    assert Dispatch.objects.filter(document=document, voided_at__isnull=False).count() == 3
    assert Document.objects.get(pk=document.pk).state == State.RECALLED


def test_a_receiving_unit_acknowledges_on_the_page_and_the_issuer_sees_who_has_not(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]
) -> None:
    document = signed(cast, types, unit="HQ")
    sent = {unit: Dispatch.objects.create(document=document, unit_id=cast.units[unit]) for unit in ("SH", "DV")}
    issued(cast, document)

    answer = sign_in("hanh").post(f"/dispatches/{sent['SH'].pk}/acknowledge/", follow=True)
    page = text(sign_in("kehoach").get(f"/documents/{document.pk}/"))

    assert answer.status_code == 200
    assert Dispatch.objects.get(pk=sent["SH"].pk).acknowledged_at is not None
    assert "BĐBP Đông Vân" in page
    assert "Đã nhận 1 trên 2" in page
    table = text(sign_in("kehoach").get(f"/documents/{document.pk}/distribution/?open=1"))
    assert "BĐBP Đông Vân" in table
    assert "BĐBP Sơn Hà" not in table.partition("<tbody>")[2]
