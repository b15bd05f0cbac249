"""The page of a unit's figures: what units below say, the first of each section until all are asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from nennep.site.web import figures as figures_page
from tests.cast import Cast
from tests.synthesis.test_groups import LATE, OWN, hand_in

SignIn = Callable[[str], Client]


def test_a_long_section_begins_with_its_first_statements_and_shows_all_when_asked(
    cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures_page, "FIRST_TOLD", 3)  # two units say what was done before what was not
    hand_in(cast, thanh=(LATE[0],), pao=(LATE[1], OWN))
    officer, address = sign_in("hanh"), f"/synthesis/rounds/{cast.rounds['2026-11'].pk}/figures/"

    first = officer.get(address).content.decode()
    whole = officer.get(f"{address}?words=all").content.decode()

    assert [said in first for said in (LATE[0], LATE[1], OWN)].count(True) == 1
    assert "words=all" in first
    assert all(said in whole for said in (LATE[0], LATE[1], OWN))
    assert "words=all#" not in whole
