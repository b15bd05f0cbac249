"""The pages of registers: numbers kept, entered from paper, voided; and the register as it prints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nennep.documents.models import DocumentType, Register, RegisterEntry
from tests.cast import NOW, Cast
from tests.documents.world import make_types

SignIn = Callable[[str], Client]
TODAY = NOW.date().isoformat()
Types = dict[str, DocumentType]


@pytest.fixture
def types(cast: Cast) -> Types:  # noqa: ARG001 -- the cast must be there first
    return make_types()


def text(answer: Any) -> str:
    return str(answer.content.decode())


def keep(client: Client, types: Types, **said: Any) -> Any:
    sent = {"type": types["plan"].pk, "day": TODAY, "count": "3", "reason": "Hội nghị tháng 12", **said}
    return client.post("/registers/reserve/", sent, follow=True)


def enter(client: Client, types: Types, **said: Any) -> Any:
    sent = {
        "type": types["plan"].pk,
        "day": TODAY,
        "number": "1",
        "subject": "Về quân số",
        "reason": "Mất mạng",
        **said,
    }
    return client.post("/registers/on-paper/", sent, follow=True)


def test_numbers_that_were_kept_stand_in_the_register_with_their_reason(sign_in: SignIn, types: Types) -> None:
    page = text(keep(sign_in("hanh"), types))

    assert list(RegisterEntry.objects.values_list("number", "state")) == [(n, "reserved") for n in (1, 2, 3)]
    assert page.count("Hội nghị tháng 12") == 3
    assert "Số kế tiếp: 4" in page


def test_a_number_ahead_of_the_next_names_those_it_would_leave_out_and_keeps_what_was_typed(
    sign_in: SignIn, types: Types
) -> None:
    answer = enter(sign_in("hanh"), types, number="5")

    assert answer.status_code == 400
    assert "Số 5 sẽ bỏ trống các số 1 đến 4" in text(answer)
    assert 'value="Về quân số"' in text(answer)
    assert not RegisterEntry.objects.exists()


def test_a_number_that_is_taken_says_by_what(sign_in: SignIn, types: Types) -> None:
    client = sign_in("hanh")
    enter(client, types)

    answer = enter(client, types, subject="Về việc khác")

    assert answer.status_code == 400
    assert "Số 1 đã dùng cho: Về quân số" in text(answer)


def test_a_voided_number_stays_struck_out(sign_in: SignIn, types: Types) -> None:
    client = sign_in("hanh")
    keep(client, types, count="1")
    entry = RegisterEntry.objects.get()

    page = text(
        client.post(f"/registers/{entry.register_id}/numbers/{entry.pk}/void/", {"reason": "Ghi nhầm"}, follow=True)
    )

    assert "<s>1</s>" in page
    assert "Ghi nhầm" in page


def test_voiding_without_a_reason_is_answered_and_changes_nothing(sign_in: SignIn, types: Types) -> None:
    client = sign_in("hanh")
    keep(client, types, count="1")
    entry = RegisterEntry.objects.get()

    answer = client.post(f"/registers/{entry.register_id}/numbers/{entry.pk}/void/", {"reason": " "})

    assert answer.status_code == 400
    assert "Hãy nêu lý do." in text(answer)
    assert RegisterEntry.objects.get().state == "reserved"


def test_a_number_of_another_register_is_not_found(sign_in: SignIn, types: Types) -> None:
    client = sign_in("hanh")
    keep(client, types, count="1")
    keep(client, types, count="1", type=types["resolution"].pk)
    first, second = Register.objects.order_by("pk")

    other = RegisterEntry.objects.get(register=second)

    assert client.post(f"/registers/{first.pk}/numbers/{other.pk}/void/", {"reason": "x"}).status_code == 404


def test_the_register_prints_every_number_in_the_columns_of_the_decree(sign_in: SignIn, types: Types) -> None:
    client = sign_in("hanh")
    enter(client, types)
    keep(client, types, count="2")
    register = Register.objects.get()

    page = text(client.get(f"/registers/{register.pk}/print/"))
    sheet = client.get(f"/registers/{register.pk}/file.csv").content.decode()

    assert "SỔ ĐĂNG KÝ VĂN BẢN ĐI" in page
    for said in ("Số, ký hiệu văn bản", "Đã dùng trên giấy: Mất mạng", "Giữ số: Hội nghị tháng 12"):
        assert said in page
        assert said in sheet


def test_a_long_register_asks_no_more_than_a_short_one(sign_in: SignIn, types: Types) -> None:
    client = sign_in("hanh")
    keep(client, types, count="2")
    register = Register.objects.get()
    counts = []
    for more in ("0", "60"):
        if more != "0":
            keep(client, types, count=more)
        client.get(f"/registers/{register.pk}/")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/registers/{register.pk}/")
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_the_other_province_does_not_find_the_register(sign_in: SignIn, types: Types) -> None:
    keep(sign_in("hanh"), types)
    register = Register.objects.get()

    assert sign_in("dong").get(f"/registers/{register.pk}/").status_code == 404
