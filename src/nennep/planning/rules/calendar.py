"""The periods of plans: civil ones, unless the pack has a calendar of its own for them.

Cut-offs of reports (Nghị định 09/2019/NĐ-CP Điều 12) are not the days of plans: the plan of November is carried out
from 1 to 30 November, and its result is told by the report of month 11. Both bear the code `2026-11`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from nennep.reporting.rules.periods import Calendar, Cutoff, Kind, Period

#: The code under which a pack may lay down other periods for plans.
OWN_CALENDAR = "plan"
CLAUSE = "Nghị định 191/2026/NĐ-CP Điều 19-20: chương trình năm, quý, tháng và lịch tuần theo dương lịch"

CIVIL = Calendar(
    "civil",
    {
        Kind.WEEK: Cutoff(Kind.WEEK, first_weekday=0, clause=CLAUSE),
        Kind.MONTH: Cutoff(Kind.MONTH, months=1, clause=CLAUSE),
        Kind.QUARTER: Cutoff(Kind.QUARTER, months=3, clause=CLAUSE),
        Kind.HALF: Cutoff(Kind.HALF, months=6, clause=CLAUSE),
        Kind.YEAR: Cutoff(Kind.YEAR, months=12, clause=CLAUSE),
    },
)

#: The longer a period, the higher its number: year → half → quarter → month → week (Nghị định 191/2026 Đ19-20).
LENGTH: Mapping[Kind, int] = {
    kind: place
    for place, kind in enumerate((Kind.WEEK, Kind.MONTH, Kind.QUARTER, Kind.HALF, Kind.NINE_MONTHS, Kind.YEAR))
}
_SUBMIT_BEFORE = 20


def submit_before(period: Period) -> date | None:
    """The day before which the plan of a period is handed in: the 20th of the month before the period begins.

    Nghị định 191/2026/NĐ-CP Điều 19-20. None for a week, for which the decree sets no day.
    """
    if period.kind is Kind.WEEK:
        return None
    first = period.starts_on
    year, month = (first.year, first.month - 1) if first.month > 1 else (first.year - 1, 12)
    return date(year, month, _SUBMIT_BEFORE)
