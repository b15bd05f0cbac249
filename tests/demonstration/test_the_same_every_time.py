"""Two builds say the same to the letter, and a later one begins as the earlier one did."""

from __future__ import annotations

import pytest
from django.db import transaction

from nennep.demonstration.building import build
from nennep.reporting.models import Decision, Report, Round, Version

Told = dict[tuple[str, str, str, int], tuple[str, str, list[tuple[bool, str]]]]

pytestmark = pytest.mark.django_db


def told(until: str) -> Told:
    """Every version with its instant and its decisions in a demonstration that is taken back at once."""
    with transaction.atomic():
        build(small=True, until=until)
        found: Told = {}
        for version in Version.objects.select_related("report__round__form", "report__unit"):
            round_, unit = version.report.round, version.report.unit
            decisions = [(row.accepted, str(row.at)) for row in Decision.objects.filter(version=version).order_by("at")]
            key = (round_.form.code, round_.period_code, unit.code, version.number)
            found[key] = (version.digest, str(version.received_at), decisions)
        transaction.set_rollback(True)
    assert not Round.objects.exists()
    assert not Report.objects.exists()
    return found


def test_two_builds_of_one_month_are_the_same() -> None:
    assert told("2025-07") == told("2025-07")


def test_what_was_over_a_month_earlier_is_told_the_same_a_month_later() -> None:
    earlier, later = told("2025-08"), told("2025-09")

    # The small one forgets its oldest month, and jumps are told against the month before; the papers of provinces
    # name the numbers of versions, which count from the oldest.
    months = {"2025-07", "2024-07", "2024-08"}
    shared = {key for key in earlier if key[1] in months and key[2].count("-") > 1}

    assert len(shared) >= 15
    assert {key: earlier[key] for key in shared} == {key: later.get(key) for key in shared}
