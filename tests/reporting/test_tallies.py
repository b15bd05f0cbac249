"""Counting a round quickly gives what counting its places gives."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from nennep.journal.rules import Actor
from nennep.reporting import queries, services
from nennep.reporting.rules.states import Standing
from tests.cast import HANOI, NOW, Cast, good_content


@pytest.mark.parametrize(
    "at", [NOW, datetime(2026, 11, 18, 9, 0, tzinfo=HANOI), datetime(2026, 11, 25, 9, 0, tzinfo=HANOI)]
)
def test_a_tally_counts_what_the_places_say(cast: Cast, at: datetime) -> None:
    cast.hand_in("thanh")
    late = cast.hand_in("pao", at=datetime(2026, 11, 17, 20, 0, tzinfo=HANOI))
    by: Actor = cast.actor("hanh", NOW + timedelta(days=2))
    services.return_report(late.report_id, version_id=late.pk, by=by, reason="Đối chiếu lại.")
    cast.draft("hu", good_content())
    rounds = list(cast.rounds.values())
    units = list(cast.units.values())

    tallies = queries.tallies(rounds, units, at=at)

    places = queries.places(rounds, units, at=at).values()
    for round_ in rounds:
        held = [p for p in places if p.round_id == round_.pk and p.standing is not Standing.NO_DUTY]
        tally = tallies[round_.pk]
        assert tally.on_duty == len(held)
        assert tally.received == sum(1 for p in held if p.received_at)
        assert tally.missing == sum(1 for p in held if p.standing is Standing.MISSING)
        assert tally.not_due == sum(1 for p in held if p.standing is Standing.NOT_DUE)
        assert tally.completeness == queries.completeness(held)
