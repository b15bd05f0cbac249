"""Writing a report on its page: autosave, findings, two writers, handing in, what a bad sender gets."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client

from tests.cast import Cast, good_content

SignIn = Callable[[str], Client]


def test_the_form_shows_own_cells_beside_the_last_period(cast: Cast, sign_in: SignIn) -> None:
    version = cast.hand_in("thanh", good_content(patrol__teams="132"), period="2026-10")
    cast.accept(version, "hanh")
    report = cast.draft("thanh", good_content())

    page = sign_in("thanh").get(f"/reports/{report.pk}/edit/")

    assert page.status_code == 200
    assert 'name="cell.patrol.teams" value="137"' in page.content.decode()
    assert re.search(r"class=\"past\"[^>]*>\s*132\s*</td>", page.content.decode())
