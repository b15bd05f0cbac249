"""Regulations on a day: their text, what an amendment changed, and the rules that cite each article."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nennep.documents.models import Regulation, RegulationVersion
from nennep.planning.models import Capacity
from tests.cast import START, Cast

SignIn = Callable[[str], Client]
AMENDED = date(2026, 1, 1)


@pytest.fixture
def regulation(cast: Cast) -> Regulation:  # noqa: ARG001 -- the people must be there first
    """A sample with two versions: the amendment of 2026 gives posts one more task a day."""
    made = Regulation.objects.create(code="qc-kh", number="QC-KHTH", name="Quy chế", issuer="BTL", sample=True)
    for starts_on, ends_on, most in ((START, AMENDED, "ba"), (AMENDED, None, "bốn")):
        RegulationVersion.objects.create(
            regulation=made,
            decided_by=f"Quyết định {starts_on.year}",
            starts_on=starts_on,
            ends_on=ends_on,
            source="mẫu",
            certain=ends_on is not None,
            articles=[
                {"key": "dieu-1", "title": "Phạm vi", "text": "Mọi đơn vị."},
                {"key": "dieu-2", "title": "Sức làm", "text": f"Một đồn chủ trì nhiều nhất {most} việc một ngày."},
            ],
        )
    Capacity.objects.create(unit_kind="post", tasks_a_day=4, clause="QC-KHTH Điều 2", starts_on=AMENDED)
    return made


def page(client: Client, regulation: Regulation, **asked: Any) -> str:
    answer = client.get(reverse("regulation", args=[regulation.code]), asked)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_text_is_that_of_the_day_asked_for(regulation: Regulation, sign_in: SignIn) -> None:
    client = sign_in("thanh")

    now, then = page(client, regulation), page(client, regulation, on="2025-06-01")

    assert "nhiều nhất bốn việc" in now
    assert "nhiều nhất ba việc" in then
    assert "chưa đối chiếu" in now
    assert "chưa đối chiếu" not in then


def test_before_its_first_day_it_is_said_to_be_not_in_force(regulation: Regulation, sign_in: SignIn) -> None:
    shown = page(sign_in("thanh"), regulation, on="2001-01-01")

    assert "chưa có hiệu lực vào ngày này" in shown
    assert "Mọi đơn vị." not in shown


def test_an_amendment_is_shown_word_by_word(regulation: Regulation, sign_in: SignIn) -> None:
    shown = page(sign_in("thanh"), regulation, changes=AMENDED.isoformat())

    assert "<del>ba" in shown
    assert "<ins>bốn" in shown


def test_an_article_names_the_rules_that_cite_it_on_that_day(regulation: Regulation, sign_in: SignIn) -> None:
    client = sign_in("thanh")

    assert "số việc nhiều nhất một ngày" in page(client, regulation)
    assert "số việc nhiều nhất một ngày" not in page(client, regulation, on="2025-06-01")


def test_the_list_counts_the_rules_and_marks_samples(regulation: Regulation, sign_in: SignIn) -> None:
    shown = " ".join(sign_in("thanh").get(reverse("regulations")).content.decode().split())

    assert reverse("regulation", args=[regulation.code]) in shown
    assert '<span class="chip">mẫu</span>' in shown
    assert ">1</td>" in shown


@pytest.mark.parametrize("asked", ["2025-13-40", "nonsense", ""])
def test_a_day_that_is_none_is_today(regulation: Regulation, sign_in: SignIn, asked: str) -> None:
    assert "nhiều nhất bốn việc" in page(sign_in("thanh"), regulation, on=asked)


def test_an_unknown_regulation_is_not_found(regulation: Regulation, sign_in: SignIn) -> None:
    assert sign_in("thanh").get(reverse("regulation", args=[f"{regulation.code}-khac"])).status_code == 404


def test_the_list_asks_no_more_for_more_regulations(regulation: Regulation, sign_in: SignIn) -> None:
    client, address = sign_in("thanh"), reverse("regulations")
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(9):
        Regulation.objects.create(code=f"r{number}", number=f"{number}-QC", name="Quy chế", issuer=regulation.issuer)

    with CaptureQueriesContext(connection) as many:
        client.get(address)

    assert len(many) == len(few) > 5
