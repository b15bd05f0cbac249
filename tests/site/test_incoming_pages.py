"""What comes in, on its pages: received by a click, registered by hand, handed on and brought to an end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nennep.documents.models import Dispatch, DocumentType, Incoming
from nennep.documents.rules.states import State
from tests.cast import NOW, Cast
from tests.documents.world import in_state, make_types

SignIn = Callable[[str], Client]
Types = dict[str, DocumentType]
PAPER = {
    "issuer": "UBND tỉnh Sơn Hà",
    "number": "05",
    "symbol": "CV-UBND",
    "type_name": "Công văn",
    "dated_on": "2026-11-10",
    "arrived_on": "2026-11-16",
    "subject": "Phối hợp tổ chức ngày hội biên phòng",
}


@pytest.fixture
def types(cast: Cast) -> Types:  # noqa: ARG001 -- the cast must be there first
    return make_types()


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def send(cast: Cast, types: Types, count: int = 1, to: str = "SH") -> list[Dispatch]:
    """Documents of headquarters on their way to a unit."""
    papers = [in_state(cast, types, State.ISSUED, unit="HQ") for _ in range(count)]
    return [Dispatch.objects.create(document=one, unit_id=cast.units[to], sent_at=NOW) for one in papers]


def register(client: Client, **said: str) -> Any:
    return client.post(reverse("new-incoming"), PAPER | said, follow=True)


# --- from inside ----------------------------------------------------------------------------------


def test_a_document_is_received_by_one_click(cast: Cast, types: Types, sign_in: SignIn) -> None:
    [sent] = send(cast, types)
    client = sign_in("hanh")
    assert "1 văn bản chờ tiếp nhận" in text(client.get(reverse("incoming")))

    answer = client.post(reverse("receive-dispatches"), {"one": sent.pk}, follow=True)

    assert "Đã tiếp nhận 1 văn bản" in text(answer)
    assert Incoming.objects.get().dispatch == sent


def test_several_are_received_at_once_and_a_recalled_one_is_told(cast: Cast, types: Types, sign_in: SignIn) -> None:
    first, second, recalled = send(cast, types, 3)
    Dispatch.objects.filter(pk=recalled.pk).update(voided_at=NOW)

    answer = sign_in("hanh").post(
        reverse("receive-dispatches"), {"dispatch": [first.pk, second.pk, recalled.pk]}, follow=True
    )

    assert answer.status_code == 400
    assert "thu hồi" in text(answer)
    assert Incoming.objects.count() == 2


def test_nothing_ticked_is_said(types: Types, sign_in: SignIn) -> None:  # noqa: ARG001 -- the series are needed
    answer = sign_in("hanh").post(reverse("receive-dispatches"))

    assert answer.status_code == 400
    assert "Chọn văn bản cần tiếp nhận." in text(answer)


def test_what_was_sent_to_another_unit_is_not_found(cast: Cast, types: Types, sign_in: SignIn) -> None:
    [sent] = send(cast, types, to="DV")

    assert sign_in("hanh").post(reverse("receive-dispatches"), {"one": sent.pk}).status_code == 404
    assert not Incoming.objects.exists()


# --- from outside ---------------------------------------------------------------------------------


def test_a_paper_is_registered_by_hand(types: Types, sign_in: SignIn) -> None:  # noqa: ARG001 -- as above
    answer = register(sign_in("hanh"))

    assert "Văn bản đã vào sổ với số đến 1." in text(answer)
    assert "Phối hợp tổ chức ngày hội biên phòng" in text(answer)


def test_a_paper_that_came_before_is_shown_beside_the_earlier_one_until_said_even_so(
    types: Types,  # noqa: ARG001 -- as above
    sign_in: SignIn,
) -> None:
    client = sign_in("hanh")
    register(client)

    doubled = register(client, subject="Bản gửi lại")
    assert doubled.status_code == 400
    assert Incoming.objects.count() == 1
    assert reverse("incoming-paper", args=[Incoming.objects.get().pk]) in text(doubled)
    assert "Bản gửi lại" in text(doubled)
    even_so = register(client, subject="Bản gửi lại", even_so="1")

    assert even_so.status_code == 200
    assert "Đã có văn bản đến cùng số" in text(even_so)
    assert Incoming.objects.count() == 2


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"dated_on": ""}, "Ghi ngày trên văn bản và ngày đến."),
        ({"subject": "TỐI MẬT: kế hoạch"}, "văn bản mật"),
        ({"secret": "1", "subject": "", "kept_at": ""}, "văn bản mật"),
        ({"due_on": "2026-11-01"}, "Phối hợp"),
    ],
)
def test_a_refused_paper_comes_back_as_it_was_typed(
    types: Types,  # noqa: ARG001 -- as above
    sign_in: SignIn,
    said: dict[str, str],
    kept: str,
) -> None:
    answer = register(sign_in("hanh"), **said)

    assert answer.status_code == 400
    assert kept.casefold() in text(answer).casefold()
    assert "CV-UBND" in text(answer)
    assert not Incoming.objects.exists()


def test_of_a_secret_paper_a_stub_is_kept(types: Types, sign_in: SignIn) -> None:  # noqa: ARG001 -- as above
    answer = register(sign_in("hanh"), secret="1", subject="", symbol="TM-BCH", kept_at="Két số 2")

    assert "Két số 2" in text(answer)
    assert Incoming.objects.get().subject == ""


# --- dealt with -----------------------------------------------------------------------------------


def test_a_paper_is_handed_on_and_brought_to_an_end(types: Types, sign_in: SignIn) -> None:  # noqa: ARG001 -- as above
    client = sign_in("hanh")
    register(client)
    paper = Incoming.objects.get()
    client.post(reverse("hand-on-incoming", args=[paper.pk]), {"handler": "Ban Chính trị", "due_on": "2026-11-20"})

    empty = client.post(reverse("close-incoming", args=[paper.pk]), {"outcome": ""})
    done = client.post(reverse("close-incoming", args=[paper.pk]), {"outcome": "Đã trả lời"}, follow=True)

    assert (empty.status_code, done.status_code) == (400, 200)
    paper.refresh_from_db()
    assert (paper.handler, paper.due_on, paper.outcome) == ("Ban Chính trị", date(2026, 11, 20), "Đã trả lời")
    assert reverse("close-incoming", args=[paper.pk]) not in text(done)


def test_overdue_papers_are_found_by_the_filter(types: Types, sign_in: SignIn) -> None:  # noqa: ARG001 -- as above
    client = sign_in("hanh")
    register(client)
    register(client, number="6", subject="Việc còn xa")
    Incoming.objects.filter(number="5").update(due_on=date(2026, 11, 14))

    shown = text(client.get(reverse("incoming"), {"standing": "overdue"}))

    assert "quá 2 ngày" in shown
    assert "Việc còn xa" not in shown


def test_a_superior_reads_and_does_not_deal_with_it(types: Types, sign_in: SignIn) -> None:  # noqa: ARG001 -- as above
    register(sign_in("hanh"))
    paper = Incoming.objects.get()
    above = sign_in("kehoach")

    shown = above.get(reverse("incoming-paper", args=[paper.pk]))
    answer = above.post(reverse("close-incoming", args=[paper.pk]), {"outcome": "x"})

    assert "Phối hợp tổ chức ngày hội biên phòng" in text(shown)
    assert reverse("close-incoming", args=[paper.pk]) not in text(shown)
    assert answer.status_code == 403


def test_the_list_asks_no_more_for_more_papers(cast: Cast, types: Types, sign_in: SignIn) -> None:
    client = sign_in("hanh")
    register(client)
    send(cast, types)
    client.get(reverse("incoming"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("incoming"))
    for number in range(7, 15):
        register(client, number=str(number))
    send(cast, types, 6)

    with CaptureQueriesContext(connection) as many:
        client.get(reverse("incoming"))

    assert len(many) == len(few) > 5
