"""The reorganisation of 1 July 2025 in small: provinces merged in the middle of a month and of a year.

Nghị quyết 202/2025/QH15: what was merged away no longer exists from that day; its past counts under its successor,
once.
"""

from __future__ import annotations

from datetime import date, datetime

from nennep.journal.rules import system_actor
from nennep.organisation import queries as organisation
from nennep.organisation import services as changes
from nennep.organisation.rules import Line
from nennep.organisation.services import Decided
from nennep.reporting import queries as reporting
from nennep.reporting import services as reports
from nennep.reporting.models import Round
from nennep.reporting.rules.states import Standing
from nennep.synthesis import figures as consolidation
from nennep.synthesis import queries, services
from nennep.synthesis.figures import Question
from tests.cast import HANOI, Cast, good_content

DAY = date(2025, 7, 1)
DECIDED = Decided("202/2025/QH15", date(2025, 6, 12), DAY)
POSTS = {"thanh": "100", "pao": "40", "vai": "20", "may": "8"}


def at(month: int, day: int) -> datetime:
    return datetime(2025, month, day, 9, 0, tzinfo=HANOI)


def opened(cast: Cast, period: str, on: datetime) -> Round:
    cast.rounds[period] = reports.open_round(cast.form.pk, period, by=system_actor(on, on.date()))
    return reporting.round_(cast.rounds[period].pk)


def reported(cast: Cast, period: str, on: datetime, superiors: dict[str, str]) -> None:
    for username, superior in superiors.items():
        content = good_content(patrol__teams=POSTS[username], patrol__bilateral="0")
        cast.accept(cast.hand_in(username, content, period, on), superior, on)


def teams(cast: Cast, unit: str, question: Question) -> int | None:
    found = consolidation.figures(question, cast.units[unit]).get("patrol.teams")
    return int(found.value) if found else None


def test_two_provinces_become_one_and_no_figure_is_lost_or_counted_twice(cast: Cast) -> None:
    # June (15/5 - 14/6) is reported by the organisation of its time; one report still waits when the merger comes.
    june, july, august = (opened(cast, period, at(5, 15)) for period in ("2025-06", "2025-07", "2025-08"))
    before = {"thanh": "hanh", "pao": "hanh", "vai": "dong"}
    reported(cast, "2025-06", at(6, 16), before)
    waiting = cast.hand_in("may", good_content(patrol__teams="8", patrol__bilateral="0"), "2025-06", at(6, 16))
    draft = services.begin(june.pk, by=cast.actor("dong", at(6, 18)))
    own = services.finish(draft.pk, by=cast.actor("dong", at(6, 18))).version
    assert own is not None

    # On 1 July a new command takes in both; the posts move to it, and one post is merged into another.
    by = system_actor(at(7, 1), DAY)
    new = changes.create_unit(
        "VL",
        "province_command",
        "Ban Chỉ huy Bộ đội Biên phòng Vân Long",
        "BCH BĐBP Vân Long",
        starts_on=DAY,
        superiors=dict.fromkeys((Line.COMMAND, Line.PROFESSIONAL), cast.units["HQ"]),
        by=by,
    )
    cast.units["VL"] = new.pk
    changes.merge([cast.units["DV-3"]], cast.units["SH-3"], DECIDED, by=by)
    changes.merge([cast.units["SH"], cast.units["DV"]], new.pk, DECIDED, by=by)
    assert set(organisation.tree_on(DAY, Line.PROFESSIONAL).children[new.pk]) == {
        cast.units[code] for code in ("SH-1", "SH-2", "SH-3", "DV-1", "DV-2")
    }

    # The people of SH go on in the new command: what waited is theirs; the report of what is gone is headquarters'.
    cast.posts["hanh"].unit_id = new.pk
    cast.posts["hanh"].save()
    assert {one.pk for one in reporting.waiting_for(cast.actor("hanh", at(7, 2)))} == {waiting.report_id}
    assert {one.pk for one in reporting.waiting_for(cast.actor("kehoach", at(7, 2)))} == {own.report_id}
    cast.accept(waiting, "hanh", at(7, 2))
    cast.accept(own, "kehoach", at(7, 2))

    # June by its own organisation, and by today's.
    today = Question(june, on=date(2025, 8, 1))
    assert [teams(cast, unit, Question(june)) for unit in ("SH", "DV", "VL", "HQ")] == [140, 28, None, 168]
    assert [teams(cast, unit, today) for unit in ("SH", "DV", "VL", "HQ")] == [None, None, 168, 168]
    explained = consolidation.explain(today, new.pk, "patrol.teams")
    assert sum(value.value for part in explained.walk() for value in part.values) == 168

    # July (15/6 - 14/7) is owed by those that existed on its last day: the merged are not missed, the new is.
    places = reporting.places([july], cast.units.values(), at=at(7, 30))
    owing = {code for code, unit in cast.units.items() if places[unit, july.pk].standing is Standing.MISSING}
    assert owing == {"VL", "SH-1", "SH-2", "SH-3", "DV-1", "DV-2"}
    reported(cast, "2025-07", at(7, 16), dict.fromkeys(before, "hanh"))
    assert teams(cast, "VL", Question(july)) == 160
    coverage = queries.coverage(july, new.pk, at=at(7, 30), counted=consolidation.counted(Question(july)))
    assert {place.unit_id for place in coverage.missing} == {cast.units["SH-3"], cast.units["DV-2"]}

    # The year so far is the same at headquarters whichever tree it is told with, and whole under the new command.
    reported(cast, "2025-08", at(8, 16), dict.fromkeys(POSTS, "hanh"))
    year = {
        unit: consolidation.year_to_date(cast.form, cast.units[unit], august.period)["patrol.teams"].value
        for unit in ("HQ", "VL")
    }
    assert {unit: int(value) for unit, value in year.items()} == {"HQ": 168 + 160 + 168, "VL": 168 + 160 + 168}

    # And June as known before the last report was accepted is what it was.
    known = Question(june, known_at=at(6, 30), on=date(2025, 8, 1))
    assert teams(cast, "VL", known) == 160
