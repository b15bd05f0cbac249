"""Writing on the pages: a draft is begun, typed, saved by itself, bound to days and units; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from nennep.documents.models import Dispatch, Document, DocumentType
from nennep.documents.rules.states import State
from nennep.documents.rules.text import LONGEST_TEXT, Text
from tests.cast import Cast
from tests.documents.world import in_state, make_types, written

SignIn = Callable[[str], Client]
JSON = {"Accept": "application/json"}


@pytest.fixture
def types(cast: Cast) -> dict[str, DocumentType]:  # noqa: ARG001 -- the cast must be there first
    return make_types()


def text(answer: Any) -> str:
    return str(answer.content.decode())


def words_of(document: Document) -> list[str]:
    document.refresh_from_db()
    return [block.text for block in Text.from_json(document.draft).blocks]


# --- beginning ------------------------------------------------------------------------------------


def test_a_document_is_begun_with_its_type_and_subject(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]
) -> None:
    client = sign_in("thanh")

    answer = client.post("/documents/new/", {"type": types["plan"].pk, "subject": "Tuần tra tháng 12"})

    document = Document.objects.get()
    assert answer.headers["Location"] == f"/documents/{document.pk}/edit/"
    assert (document.unit_id, document.subject) == (cast.units["SH-1"], "Tuần tra tháng 12")


@pytest.mark.parametrize(("subject", "status"), [("", 409), ("Kế hoạch (TUYỆT MẬT)", 409), ("x" * 600, 409)])
def test_a_subject_that_cannot_be_comes_back_in_the_form(
    sign_in: SignIn, types: dict[str, DocumentType], subject: str, status: int
) -> None:
    answer = sign_in("thanh").post("/documents/new/", {"type": types["plan"].pk, "subject": subject})

    assert answer.status_code == status
    assert subject in text(answer)
    assert not Document.objects.exists()


def test_only_types_that_the_unit_issues_are_offered(sign_in: SignIn, types: dict[str, DocumentType]) -> None:
    page = text(sign_in("thanh").get("/documents/new/"))

    assert types["plan"].name in page
    assert types["guideline"].name not in page


# --- the text -------------------------------------------------------------------------------------


def test_what_is_typed_is_kept_and_the_outline_and_the_paper_follow(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]
) -> None:
    document = written(cast, types)

    answer = sign_in("thanh").post(
        f"/documents/{document.pk}/save/", {"typed": "1. Một việc.\n\n3. Ba việc.", "revision": "1"}, headers=JSON
    )

    told = answer.json()
    assert words_of(document) == ["Một việc.", "Ba việc."]
    assert told["revision"] == 2
    assert "sau 1 là 3" in told["beside"]
    assert "3. Ba việc." in told["preview"]


def test_without_scripts_the_same_form_is_saved_with_its_button(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]
) -> None:
    document = written(cast, types)

    answer = sign_in("thanh").post(
        f"/documents/{document.pk}/save/", {"typed": "Một đoạn.", "revision": "1"}, follow=True
    )

    assert words_of(document) == ["Một đoạn."]
    assert "Một đoạn." in text(answer)


def test_a_draft_that_another_saved_shows_both_and_loses_neither(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]
) -> None:
    document = written(cast, types)
    client, address = sign_in("thanh"), f"/documents/{document.pk}/save/"
    client.post(address, {"typed": "1. Của họ.", "revision": "1"})

    answer = client.post(address, {"typed": "1. Của tôi.", "revision": "1"})
    told = client.post(address, {"typed": "1. Của tôi.", "revision": "1"}, headers=JSON)

    assert (answer.status_code, told.status_code) == (409, 409)
    assert "1. Của tôi." in text(answer)
    assert "1. Của họ." in text(answer)
    assert "1. Của tôi." in told.json()["clash"]
    assert words_of(document) == ["Của họ."]


def test_the_same_sent_twice_over_a_broken_line_is_no_clash(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]
) -> None:
    document = written(cast, types)
    client, sent = sign_in("thanh"), {"typed": "1. Một việc.", "revision": "1"}

    first = client.post(f"/documents/{document.pk}/save/", sent, headers=JSON)
    second = client.post(f"/documents/{document.pk}/save/", sent, headers=JSON)

    assert (first.status_code, second.status_code) == (200, 200)
    assert second.json()["revision"] == 2


@pytest.mark.parametrize(
    ("typed", "status"),
    [("TUYỆT MẬT\n\n1. Nội dung.", 409), ("x" * (2 * LONGEST_TEXT + 1), 422)],
    ids=["secret", "giant"],
)
def test_a_refused_text_stays_on_the_page_and_what_was_saved_stands(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType], typed: str, status: int
) -> None:
    document = written(cast, types)
    before = words_of(document)

    answer = sign_in("thanh").post(f"/documents/{document.pk}/save/", {"typed": typed, "revision": "1"})

    assert answer.status_code == status
    assert typed in text(answer)
    assert words_of(document) == before


def test_a_text_that_was_handed_in_is_closed(sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]) -> None:
    document = in_state(cast, types, State.SUBMITTED)
    client = sign_in("thanh")

    assert client.get(f"/documents/{document.pk}/edit/").headers["Location"] == f"/documents/{document.pk}/"
    assert client.post(f"/documents/{document.pk}/save/", {"typed": "Khác.", "revision": "1"}).status_code == 409


# --- fields and units -----------------------------------------------------------------------------


def test_fields_are_set_together_or_come_back_as_they_were_typed(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]
) -> None:
    document = written(cast, types)
    client, address = sign_in("thanh"), f"/documents/{document.pk}/fields/"
    fields = {"type": types["plan"].pk, "subject": "Trích yếu mới", "urgency": "urgent", "revision": "1"}

    refused = client.post(address, fields | {"starts_on": "2026-12-10", "ends_on": "2026-12-01"})
    kept = client.post(address, fields | {"starts_on": "2026-12-01"})

    assert refused.status_code == 409
    assert 'value="2026-12-10"' in text(refused)
    assert kept.status_code == 302
    document.refresh_from_db()
    assert (document.subject, document.urgency) == ("Trích yếu mới", "urgent")


def test_units_are_named_by_their_kind_one_by_one_and_taken_off(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]
) -> None:
    document = written(cast, types, unit="SH")
    client, address = sign_in("hanh"), f"/documents/{document.pk}/recipients/"

    client.post(address, {"kind.post": "act"})
    client.post(address, {"one": "BTL BĐBP", "one_as": "know", f"to.{cast.units['SH-2']}": "off"})

    named = dict(Dispatch.objects.filter(document=document).values_list("unit__code", "to_act"))
    assert named == {"SH-1": True, "SH-3": True, "HQ": False}


def test_a_unit_that_nobody_is_called_is_asked_back(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]
) -> None:
    document = written(cast, types, unit="SH")

    answer = sign_in("hanh").post(f"/documents/{document.pk}/recipients/", {"one": "Đồn không có", "kind.post": "act"})

    assert answer.status_code == 400
    assert "Đồn không có" in text(answer)
    assert not Dispatch.objects.exists()


# --- clauses that bind ----------------------------------------------------------------------------


def test_clauses_are_bound_in_the_table_under_the_text(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType]
) -> None:
    document = written(cast, types, unit="SH", code="directive")
    first, second = (block.id for block in Text.from_json(document.draft).blocks)
    table = {
        "revision": "1",
        f"binds.{first}": "1",
        f"due.{first}": "2026-12-25",
        f"indicator.{first}": "patrol.teams",
        f"figure.{first}": "40",
        f"to.{first}": "SH-1, SH-2",
        f"due.{second}": "",
    }

    answer = sign_in("hanh").post(f"/documents/{document.pk}/clauses/", table)

    document.refresh_from_db()
    binding = Text.from_json(document.draft).blocks[0].binding
    assert answer.status_code == 302
    assert binding is not None
    assert (str(binding.due_on), str(binding.figure), binding.addressees) == ("2026-12-25", "40", ("SH-1", "SH-2"))
    assert Text.from_json(document.draft).blocks[1].binding is None


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [("to", "DV-1", 409), ("figure", "nhiều", 400), ("due", "mai", 400), ("to", "KHONG", 409)],
)
def test_a_table_that_cannot_be_kept_comes_back_as_it_was_typed(
    sign_in: SignIn, cast: Cast, types: dict[str, DocumentType], field: str, value: str, status: int
) -> None:
    document = written(cast, types, unit="SH", code="directive")
    block = Text.from_json(document.draft).blocks[0].id
    table = {"revision": "1", f"binds.{block}": "1", f"due.{block}": "", f"indicator.{block}": "patrol.teams"}

    answer = sign_in("hanh").post(f"/documents/{document.pk}/clauses/", table | {f"{field}.{block}": value})

    assert answer.status_code == status
    assert f'value="{value}"' in text(answer)
    document.refresh_from_db()
    assert Text.from_json(document.draft).blocks[0].binding is None
