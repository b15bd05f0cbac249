"""Types of documents, and papers of them in any state, for the small cast of tests/cast.py."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from nennep.documents.models import Document, DocumentMove, DocumentType, DocumentVersion, Series, Term
from nennep.documents.rules.states import ISSUED_STATES, Move, State
from nennep.documents.rules.text import Text, digest, parse
from nennep.documents.services import route
from tests.cast import NOW, Cast

TODAY = NOW.date()
DAY = timedelta(days=1)
CLAUSE = "Nghị định 30/2020/NĐ-CP Phụ lục I"
WORDS = "1. Tổ chức tuần tra biên giới.\n2. Báo cáo kết quả trước ngày 25."

COMMAND = [
    {"unit_kind": "headquarters", "post": "commander", "capacity": "OWN"},
    {"unit_kind": "headquarters", "post": "head", "capacity": "ORDER", "in_place_of": "Tư lệnh"},
    {"unit_kind": "province_command", "post": "planner", "capacity": "OWN"},
    {"unit_kind": "post", "post": "post_commander", "capacity": "OWN"},
    {"unit_kind": "post", "post": "political", "capacity": "DEPUTY", "in_place_of": "Đồn trưởng"},
]
COMMITTEE = [
    {
        "unit_kind": "headquarters",
        "post": "commander",
        "capacity": "COLLECTIVE",
        "in_place_of": "Đảng ủy",
        "title": "Bí thư",
    },
    {
        "unit_kind": "post",
        "post": "post_commander",
        "capacity": "COLLECTIVE",
        "in_place_of": "Đảng ủy",
        "title": "Bí thư",
    },
]


def make_types() -> dict[str, DocumentType]:
    """Three series, two terms, and types of each family; answers with the types by their codes."""
    series = {
        code: Series.objects.create(
            code=code, name=code, clause=CLAUSE, family=family, by_term=runs_on, by_type=runs_on
        )
        for code, family, runs_on in (
            ("state_out", "state", False),
            ("state_in", "state", False),
            ("party_out", "party", True),
        )
    }
    Term.objects.create(code="2020-2025", name="2020", starts_on=date(2020, 10, 1), ends_on=date(2025, 8, 1))
    Term.objects.create(code="2025-2030", name="2025", starts_on=date(2025, 8, 1))
    rows: dict[str, dict[str, Any]] = {
        "plan": {"abbreviation": "KH", "name": "Kế hoạch"},
        "directive": {"abbreviation": "CT", "name": "Chỉ thị", "binds": True},
        "official_letter": {"name": "Công văn", "is_letter": True},
        "guideline": {"abbreviation": "HD", "name": "Hướng dẫn", "issuers": ["headquarters", "province_command"]},
        "resolution": {"abbreviation": "NQ", "name": "Nghị quyết", "series": "party_out", "signers": COMMITTEE},
        "conclusion": {"abbreviation": "KL", "name": "Kết luận", "series": "party_out", "signers": COMMITTEE},
    }
    return {
        code: DocumentType.objects.create(
            code=code,
            group="direction",
            clause=CLAUSE,
            starts_on=date(2022, 1, 1),
            **{"signers": COMMAND, **row, "series": series[row.get("series", "state_out")]},
        )
        for code, row in rows.items()
    }


def written(
    cast: Cast, types: dict[str, DocumentType], *, unit: str = "SH-1", code: str = "plan", text: Text | None = None
) -> Document:
    """A draft of a unit, with words in it."""
    return Document.objects.create(
        unit_id=cast.units[unit],
        type=types[code],
        subject="Tuần tra biên giới tháng 12",
        draft=(text or parse(WORDS)).as_json(),
        draft_revision=1,
        created_at=NOW - 30 * DAY,
    )


def in_state(
    cast: Cast, types: dict[str, DocumentType], state: State, *, unit: str = "SH-1", code: str = "plan"
) -> Document:
    """A document that stands in a state, with the version and the steps that a later step looks at."""
    document = written(cast, types, unit=unit, code=code)
    if state in {State.DRAFT, State.DROPPED}:
        document.state = state
        document.save()
        return document
    version = DocumentVersion.objects.create(
        document=document,
        number=1,
        subject=document.subject,
        content_data=document.draft,
        digest=digest(Text.from_json(document.draft), subject=document.subject),
        at=NOW,
        post_title="",
    )
    document.state, document.current_version = state, version
    if state not in {State.SUBMITTED, State.RETURNED}:
        DocumentMove.objects.create(
            document=document, version=version, move=Move.AGREE, to_state=State.AGREED, at=NOW, post_title=""
        )
    if state == State.SIGNED:
        document.signed_at = NOW - DAY
    if state in ISSUED_STATES:
        document.number, document.symbol = Document.objects.count(), "KH-ĐBP"
        document.issued_on, document.starts_on = TODAY - 2 * DAY, TODAY - DAY
    document.save()
    return document


def signed(
    cast: Cast,
    types: dict[str, DocumentType],
    *,
    unit: str = "HQ",
    code: str = "plan",
    text: Text | None = None,
    at: datetime = NOW,
) -> Document:
    """A document that went the whole way up to its signature."""
    drafter, leader = {"HQ": ("kehoach", "tulenh"), "SH": ("hanh", "hanh"), "SH-1": ("thanh", "dontruong")}[unit]
    document = written(cast, types, unit=unit, code=code, text=text)
    version = route.submit(document.pk, revision=1, by=cast.actor(drafter, at))
    route.agree(document.pk, version_id=version.pk, by=cast.actor(leader, at))
    return route.sign(document.pk, version_id=version.pk, by=cast.actor(leader, at))


def issued(cast: Cast, document: Document, *, at: datetime = NOW, **given: Any) -> route.Issued:
    """Issue a signed document by its unit's clerk."""
    clerk = {cast.units["HQ"]: "kehoach", cast.units["SH"]: "hanh", cast.units["SH-1"]: "thanh"}[document.unit_id]
    return route.issue(document.pk, unit_symbol="BTL", by=cast.actor(clerk, at), **given)
