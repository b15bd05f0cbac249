"""What the paper of a plan says, in the words that its readers get: these are never translated."""

from __future__ import annotations

from collections.abc import Mapping

from nennep.documents.rules.paper import roman
from nennep.planning.rules.states import PlanKind
from nennep.reporting.rules.periods import Kind, Period

KIND_WORDS: Mapping[PlanKind, str] = {
    PlanKind.PLAN: "Kế hoạch",
    PlanKind.PROGRAMME: "Chương trình",
    PlanKind.CALENDAR: "Lịch",
}
_GENERAL: Mapping[PlanKind, str] = {
    PlanKind.PLAN: "công tác",
    PlanKind.PROGRAMME: "công tác",
    PlanKind.CALENDAR: "hoạt động",
}


def period_words(period: Period) -> str:
    """`tháng 11/2026`, `quý IV/2026`, `6 tháng cuối năm 2026`, `năm 2026`, `tuần 47/2026`."""
    if period.kind is Kind.MONTH:
        return f"tháng {period.number}/{period.year}"
    if period.kind is Kind.QUARTER:
        return f"quý {roman(period.number)}/{period.year}"
    if period.kind is Kind.WEEK:
        return f"tuần {period.number}/{period.year}"
    if period.kind is Kind.HALF:
        return f"6 tháng {'đầu' if period.number == 1 else 'cuối'} năm {period.year}"
    return f"năm {period.year}"


def plan_title(kind: PlanKind, period: Period, topic: str = "") -> str:
    """What a plan is called when nobody names it: `Kế hoạch công tác tháng 11/2026`, `Lịch hoạt động tuần 47/2026`."""
    return f"{KIND_WORDS[kind]} {topic or _GENERAL[kind]} {period_words(period)}"
