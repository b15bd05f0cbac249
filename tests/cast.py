"""A small invented cast: one headquarters, two provinces, three posts each, and a unit that stands apart.

Everything happens at instants that are passed on purpose: NOW is the morning of Monday 16 November 2026, when
the report of month 11 (15/10 - 14/11) is due at the posts the next day at 17:00.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from nennep.accounts.models import Person
from nennep.journal.rules import Actor, system_actor
from nennep.one_look import one_look
from nennep.organisation.models import Appointment, Edge, Post, Unit, UnitName
from nennep.organisation.rules import Line, Permission
from nennep.reporting import services
from nennep.reporting.models import Duty, Field, Form, Indicator, Report, ReportingCalendar, Round, Version
from nennep.reporting.rules.content import Content, Statement, StatementKind

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=HANOI)
START = date(2022, 1, 1)
CLAUSE = "Nghị định 09/2019/NĐ-CP Điều 12"

UNITS: Mapping[str, tuple[str, str, str, str | None]] = {
    "HQ": ("headquarters", "Bộ Tư lệnh Bộ đội Biên phòng", "BTL BĐBP", None),
    "SH": ("province_command", "Bộ đội Biên phòng tỉnh Sơn Hà", "BĐBP Sơn Hà", "HQ"),
    "DV": ("province_command", "Bộ đội Biên phòng tỉnh Đông Vân", "BĐBP Đông Vân", "HQ"),
    "SH-1": ("post", "Đồn Biên phòng Nậm Ngà", "Đồn BP Nậm Ngà", "SH"),
    "SH-2": ("post", "Đồn Biên phòng Tả Lùng", "Đồn BP Tả Lùng", "SH"),
    "SH-3": ("post", "Đồn Biên phòng Pá Hu", "Đồn BP Pá Hu", "SH"),
    "DV-1": ("post", "Đồn Biên phòng Lũng Vài", "Đồn BP Lũng Vài", "DV"),
    "DV-2": ("post", "Đồn Biên phòng Huổi Mây", "Đồn BP Huổi Mây", "DV"),
    "DV-3": ("post", "Đồn Biên phòng Sen Thượng", "Đồn BP Sen Thượng", "DV"),
    "XX": ("party_committee", "Cơ quan đứng ngoài", "Cơ quan đứng ngoài", None),
}

_P = Permission
VIEW = [_P.ORGANISATION_VIEW, _P.REPORTING_VIEW, _P.DOCUMENTS_VIEW, _P.PLANNING_VIEW]
COMMAND = [_P.DOCUMENTS_AGREE, _P.DOCUMENTS_SIGN, _P.PLANNING_APPROVE]
CLERK = [_P.DOCUMENTS_DRAFT, _P.DOCUMENTS_ISSUE, _P.DOCUMENTS_RECEIVE, _P.PLANNING_WRITE, _P.PLANNING_REPORT]
ROLES: Mapping[str, tuple[str, list[Permission]]] = {
    "commander": ("Tư lệnh", [*VIEW, *COMMAND, _P.JOURNAL_VIEW]),
    "head": (
        "Trưởng phòng Kế hoạch - Tổng hợp",
        [
            *VIEW,
            *COMMAND,
            *CLERK,
            _P.DOCUMENTS_CONFIGURE,
            _P.REPORTING_WRITE,
            _P.REPORTING_SUBMIT,
            _P.REPORTING_REVIEW,
            _P.REPORTING_OPEN,
            _P.REPORTING_CLOSE,
            _P.SYNTHESIS_WRITE,
            _P.SYNTHESIS_FINISH,
        ],
    ),
    "planner": (
        "Trợ lý Kế hoạch - Tổng hợp",
        [
            *VIEW,
            *COMMAND,
            *CLERK,
            _P.REPORTING_WRITE,
            _P.REPORTING_SUBMIT,
            _P.REPORTING_REVIEW,
            _P.SYNTHESIS_WRITE,
            _P.SYNTHESIS_FINISH,
        ],
    ),
    "political": ("Chính trị viên", [*VIEW, *CLERK, _P.REPORTING_WRITE, _P.REPORTING_SUBMIT]),
    "post_commander": ("Đồn trưởng", [*VIEW, *COMMAND, _P.REPORTING_SUBMIT]),
    "outsider": (
        "Cán bộ",
        [*VIEW, *COMMAND, *CLERK, _P.REPORTING_WRITE, _P.REPORTING_SUBMIT, _P.REPORTING_REVIEW],
    ),
}

#: username: full name, rank, unit, role, appointed until
PEOPLE: Mapping[str, tuple[str, str, str, str, date | None]] = {
    "tulenh": ("Trần Quang Hưng", "Trung tướng", "HQ", "commander", None),
    "kehoach": ("Nguyễn Thị Ánh", "Đại tá", "HQ", "head", None),
    "hanh": ("Vi Thị Hạnh", "Đại úy", "SH", "planner", None),
    "dong": ("Lò Văn Đông", "Thiếu tá", "DV", "planner", None),
    "thanh": ("Hoàng Văn Thành", "Trung úy", "SH-1", "political", None),
    "pao": ("Lường Văn Páo", "Trung úy", "SH-2", "political", None),
    "hu": ("Giàng A Hử", "Thượng úy", "SH-3", "political", None),
    "vai": ("Nông Văn Vài", "Đại úy", "DV-1", "political", None),
    "may": ("Vàng Thị Mây", "Thượng úy", "DV-2", "political", None),
    "sen": ("Pờ Gió Sen", "Trung úy", "DV-3", "political", None),
    "dontruong": ("Ma Văn Khải", "Thiếu tá", "SH-1", "post_commander", None),
    "khach": ("Đỗ Người Lạ", "Thiếu tá", "XX", "outsider", None),
    "hethan": ("Lê Hết Hạn", "Trung úy", "SH-1", "political", date(2026, 11, 1)),
}

INDICATORS: list[dict[str, Any]] = [
    {"code": "patrol.teams", "name": "Tuần tra đường biên, cột mốc", "unit_of_measure": "lượt tổ", "jump_ratio": 3},
    {
        "code": "patrol.bilateral",
        "name": "Trong đó: tuần tra song phương",
        "unit_of_measure": "lượt tổ",
        "part_of": "patrol.teams",
    },
    {"code": "patrol.people", "name": "Cán bộ, chiến sĩ tham gia tuần tra", "unit_of_measure": "lượt người"},
    {
        "code": "patrol.per_team",
        "name": "Bình quân một lượt tổ",
        "unit_of_measure": "người",
        "over_units": "ratio",
        "over_time": "ratio",
        "numerator": "patrol.people",
        "denominator": "patrol.teams",
        "decimals": 1,
    },
    {"code": "law.listeners", "name": "Người nghe tuyên truyền pháp luật", "unit_of_measure": "lượt người"},
    {
        "code": "law.gathered",
        "name": "Trong đó: nghe tập trung",
        "unit_of_measure": "lượt người",
        "part_of": "law.listeners",
        "balance": True,
    },
    {
        "code": "law.loudspeaker",
        "name": "Trong đó: nghe qua loa thôn, bản",
        "unit_of_measure": "lượt người",
        "part_of": "law.listeners",
        "balance": True,
    },
    {"code": "path.cleared_km", "name": "Phát quang đường biên", "unit_of_measure": "km", "decimals": 3, "upper": 2000},
]

LAYOUT: dict[str, Any] = {
    "sections": [
        {
            "letter": "A",
            "title": "Quản lý, bảo vệ biên giới",
            "title_en": "Protection of the border",
            "kind": "cells",
            "rows": [
                {"number": "1", "indicator": "patrol.teams"},
                {"number": "", "indicator": "patrol.bilateral", "required": False},
                {"number": "2", "indicator": "patrol.people"},
                {"number": "3", "indicator": "patrol.per_team", "required": False},
            ],
        },
        {
            "letter": "B",
            "title": "Tuyên truyền, vận động quần chúng",
            "title_en": "Mass mobilisation",
            "kind": "cells",
            "rows": [
                {"number": "4", "indicator": "law.listeners"},
                {"number": "", "indicator": "law.gathered", "required": False},
                {"number": "", "indicator": "law.loudspeaker", "required": False},
                {"number": "5", "indicator": "path.cleared_km", "required": False},
            ],
        },
        {
            "letter": "C",
            "title": "Đánh giá bằng lời",
            "title_en": "In words",
            "kind": "words",
            "statement_kinds": ["result", "shortcoming", "cause"],
            "required_kinds": ["result"],
        },
        {
            "letter": "D",
            "title": "Nhiệm vụ tháng tới, kiến nghị",
            "title_en": "Tasks and proposals",
            "kind": "words",
            "statement_kinds": ["task", "proposal"],
            "required_kinds": [],
        },
    ]
}

GOOD_CELLS: Mapping[str, str] = {
    "patrol.teams": "137",
    "patrol.bilateral": "8",
    "patrol.people": "822",
    "law.listeners": "742",
    "law.gathered": "512",
    "law.loudspeaker": "230",
    "path.cleared_km": "12,5",
}


def good_content(**cells: str) -> Content:
    """What a post may hand in as it is, with some cells changed: `patrol__teams="40"`."""
    changed = {code.replace("__", "."): text for code, text in cells.items()}
    said = "Phối hợp với 3 bản giáp biên tổ chức 12 buổi tuyên truyền, 742 lượt người nghe."
    statements = (
        Statement("s1", "C", StatementKind.RESULT, said),
        Statement("s2", "D", StatementKind.TASK, "Chuẩn bị nội dung sinh hoạt chi bộ tháng 12 tại 9 thôn, bản."),
    )
    return Content({**GOOD_CELLS, **changed}, statements)


@dataclass
class Cast:
    """Everybody and everything, by their short names."""

    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    form: Form = field(default_factory=Form)
    rounds: dict[str, Round] = field(default_factory=dict)

    def actor(self, username: str, at: datetime = NOW) -> Actor:
        """The person in their post at an instant, as a page would find them."""
        person, post = self.people[username], self.posts[username]
        return Actor(
            person.pk,
            str(person),
            post.pk,
            post.title,
            post.unit_id,
            frozenset(post.permissions),
            at,
            at.astimezone(HANOI).date(),
        )

    def draft(self, username: str, content: Content, period: str = "2026-11", at: datetime = NOW) -> Report:
        """Write this person's unit's report without handing it in."""
        by = self.actor(username, at)
        report = services.start_report(self.rounds[period].pk, by=by)
        return services.save_draft(report.pk, content, revision=report.draft_revision, by=by)

    def hand_in(
        self,
        username: str,
        content: Content | None = None,
        period: str = "2026-11",
        at: datetime = NOW,
        reason: str = "",
    ) -> Version:
        """Write and hand in this person's unit's report."""
        report = self.draft(username, content or good_content(), period, at)
        by = self.actor(username, at)
        return services.submit_report(report.pk, revision=report.draft_revision, by=by, reason=reason)

    def accept(self, version: Version, username: str, at: datetime = NOW) -> None:
        services.accept_report(version.report_id, version_id=version.pk, by=self.actor(username, at))


def make_cast() -> Cast:
    """Write the cast into the database: units, people, one monthly form with its duties, and its open rounds."""
    cast = Cast()
    _units(cast)
    _people(cast)
    _form(cast)
    # The tree of a past day does not change between two rounds: it is looked up once.
    with one_look():
        for period in ("2025-11", "2026-10", "2026-11", "2026-12"):
            at = NOW - timedelta(days=400 if period == "2025-11" else 40)
            cast.rounds[period] = services.open_round(cast.form.pk, period, by=system_actor(at, at.date()))
    return cast


# Rows of a kind are written together: nearly every test begins with them.


def _units(cast: Cast) -> None:
    units = Unit.objects.bulk_create(Unit(code=code, kind=kind, starts_on=START) for code, (kind, *_) in UNITS.items())
    cast.units = {unit.code: unit.pk for unit in units}
    UnitName.objects.bulk_create(
        UnitName(unit_id=cast.units[code], name=name, short_name=short_name, starts_on=START)
        for code, (_, name, short_name, _) in UNITS.items()
    )
    Edge.objects.bulk_create(
        Edge(unit_id=cast.units[code], parent_id=cast.units[superior], line=line, starts_on=START)
        for code, (*_, superior) in UNITS.items()
        if superior
        for line in (Line.COMMAND, Line.PROFESSIONAL)
    )


def _people(cast: Cast) -> None:
    held = {(unit, role): ROLES[role] for _, _, unit, role, _ in PEOPLE.values()}
    written = Post.objects.bulk_create(
        Post(unit_id=cast.units[unit], code=role, title=title, permissions=[str(one) for one in permissions])
        for (unit, role), (title, permissions) in held.items()
    )
    posts = dict(zip(held, written, strict=True))
    people = Person.objects.bulk_create(
        Person(username=username, full_name=name, rank=rank, password="!")
        for username, (name, rank, *_) in PEOPLE.items()
    )
    cast.people = {person.username: person for person in people}
    cast.posts = {username: posts[unit, role] for username, (_, _, unit, role, _) in PEOPLE.items()}
    Appointment.objects.bulk_create(
        Appointment(person=cast.people[username], post=cast.posts[username], starts_on=START, ends_on=until)
        for username, (*_, until) in PEOPLE.items()
    )


def _form(cast: Cast) -> None:
    months = {"start_day": 15, "start_month_offset": -1, "clause": CLAUSE}
    cutoffs = [
        {"kind": "week", "first_weekday": 3, "clause": "Quy định của đơn vị"},
        *(
            {"kind": kind, "months": count, **months}
            for kind, count in (("month", 1), ("quarter", 3), ("half", 6), ("nine_months", 9), ("year", 12))
        ),
    ]
    calendar = ReportingCalendar.objects.create(code="nd09", name="Kỳ theo Nghị định 09/2019", cutoffs=cutoffs)
    work = Field.objects.create(code="border", name="Biên giới")
    combine = {"over_units": "sum", "over_time": "sum", "lower": 0}
    Indicator.objects.bulk_create(Indicator(field=work, starts_on=START, **{**combine, **row}) for row in INDICATORS)
    cast.form = Form.objects.create(
        code="monthly",
        name="Báo cáo CTĐ, CTCT tháng",
        name_en="Monthly report",
        kind="month",
        calendar=calendar,
        line=Line.PROFESSIONAL,
        layout_data=LAYOUT,
        starts_on=START,
    )
    Duty.objects.bulk_create(
        Duty(
            form_code="monthly",
            unit_kind=kind,
            due_days=days,
            line=Line.PROFESSIONAL,
            calendar="nd09",
            clause=CLAUSE,
            starts_on=START,
        )
        for kind, days in (("post", 3), ("province_command", 6))
    )
