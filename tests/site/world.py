"""A small world in which every thing that an address can name is there for every unit.

Beside the cast it holds a post that was merged into another (`SH-0` into `SH-1`), one that was moved from one province
to the other (`TR`, from `DV` to `SH`, on MOVED_ON), and people for the roles that the cast does not have. Who stands
under whom is written here by hand: what is expected of the site must not be worked out by the site.

Each unit has one report in each state, and every text and number in it is a canary: a word that names its unit and
state, and a figure of which every sum betrays its parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from nennep.accounts import services as accounts
from nennep.accounts.models import Person
from nennep.accounts.rules import Scope
from nennep.documents.models import (
    Clause,
    Dispatch,
    Document,
    DocumentType,
    DocumentVersion,
    Incoming,
    Register,
    RegisterEntry,
    Regulation,
    Series,
)
from nennep.documents.rules.text import digest, parse
from nennep.intake import originals
from nennep.intake.models import Delivery, Origin, Proposal, Synonym, Upload
from nennep.journal.rules import Actor
from nennep.organisation.models import Appointment, Edge, Post, Succession, SuccessionPart, Unit, UnitName
from nennep.organisation.rules import Line, Permission, SuccessionKind
from nennep.planning.models import Feed, Plan, Recurrence, Task
from nennep.planning.rules.feeds import digest_of
from nennep.reporting.models import Decision, Indicator, Report, Version
from nennep.reporting.rules.content import Content, Statement, StatementKind
from nennep.site import searchable
from nennep.synthesis.models import DraftItem, Synthesis
from tests.cast import NOW, PEOPLE, ROLES, START, UNITS, VIEW, Cast

MOVED_ON = date(2026, 7, 1)
BEFORE_THE_MOVE = "2026-06-30"
MERGED_ON = date(2026, 11, 10)

#: Today's superiors, and what was merged into what.
SUPERIOR: Mapping[str, str] = {code: above for code, (*_, above) in UNITS.items() if above} | {"TR": "SH"}
MERGED: Mapping[str, str] = {"SH-0": "SH-1"}
CODES = (*UNITS, "TR", "SH-0")

#: Which round holds the report in which state. The accepted one is of a time after the move.
STATES: Mapping[str, str] = {
    "draft": "2026-12",
    "submitted": "2026-11",
    "accepted": "2026-10",
    "returned": "2025-11",
}
FIGURE = "patrol.people"
PRIME = 1_000_003

_P = Permission
#: username: unit, permissions; beside the people of the cast
MORE_PEOPLE: Mapping[str, tuple[str, tuple[Permission, ...]]] = {
    "chihuy-sh": ("SH", (*VIEW, _P.JOURNAL_VIEW, _P.REPORTING_REVIEW)),
    "tochuc": ("HQ", (_P.ORGANISATION_VIEW, _P.ORGANISATION_CHANGE, _P.ACCOUNTS_MANAGE)),
    "kiemtra": ("HQ", (_P.JOURNAL_VIEW,)),
    "khongchuc": ("", ()),
}


@dataclass(frozen=True)
class Role:
    """Somebody who knocks: perhaps with a session, perhaps with a token."""

    name: str
    username: str = ""
    session: bool = True
    scopes: tuple[Scope, ...] = tuple(Scope)

    @property
    def unit(self) -> str:
        """The unit of the post they hold today, if they hold one."""
        if self.username in MORE_PEOPLE:
            return MORE_PEOPLE[self.username][0]
        if self.username not in PEOPLE or PEOPLE[self.username][4] is not None:
            return ""
        return PEOPLE[self.username][2]

    @property
    def permissions(self) -> frozenset[Permission]:
        if not self.unit:
            return frozenset()
        if self.username in MORE_PEOPLE:
            return frozenset(MORE_PEOPLE[self.username][1])
        return frozenset(ROLES[PEOPLE[self.username][3]][1])

    def __str__(self) -> str:
        return self.name


ROLES_THAT_KNOCK = (
    Role("anonymous", session=False, scopes=()),
    Role("without a post", "khongchuc"),
    Role("with an expired appointment", "hethan"),
    Role("writer of a post", "thanh"),
    Role("commander of a post", "dontruong"),
    Role("planner of a province", "hanh"),
    Role("planner of the other province", "dong"),
    Role("commander of a province", "chihuy-sh"),
    Role("planner at headquarters", "kehoach"),
    Role("commander at headquarters", "tulenh"),
    Role("organisation officer", "tochuc"),
    Role("auditor", "kiemtra"),
    Role("somebody outside", "khach"),
    Role("session without a token", "hanh", scopes=()),
    Role("token to read", "hanh", session=False, scopes=(Scope.READ,)),
    Role("token to submit", "thanh", session=False, scopes=(Scope.SUBMIT,)),
)


# --- who stands where -----------------------------------------------------------------------------


def above(unit: str) -> list[str]:
    """The unit itself and all above it today; a merged unit stands under what took it in."""
    chain = [unit]
    while step := MERGED.get(chain[-1]) or SUPERIOR.get(chain[-1]):
        chain.append(step)
    return chain


def is_in_reach(own: str, unit: str) -> bool:
    return bool(own) and own in above(unit)


def reviewer(unit: str) -> str | None:
    """The unit that accepts and returns this one's reports: its superior, or its successor's."""
    return SUPERIOR.get(MERGED.get(unit, unit))


def relation(own: str, unit: str) -> str:
    """What a unit is to one's own, for the message of a test that fails."""
    if not own:
        return "unknown"
    mine, theirs = above(own), above(unit)
    if unit in MERGED:
        return "former, in reach" if own in theirs else "former, of others"
    if unit == "TR":
        return "moved here" if own in theirs else "moved away" if own.startswith("DV") else "moved, of others"
    if own in theirs:
        return ("own", "child", "grandchild")[theirs.index(own)]
    if unit in mine:
        return ("own", "parent", "grandparent")[mine.index(unit)]
    return _beside(mine, theirs)


def met_by(role: Role) -> list[str]:
    """One unit for each relation that a role's own unit has to others."""
    found: dict[str, str] = {}
    for unit in CODES:
        found.setdefault(relation(role.unit, unit), unit)
    return list(found.values())


def _beside(mine: list[str], theirs: list[str]) -> str:
    if mine[-1] != theirs[-1]:
        return "outside"
    return "sibling" if mine[1] == theirs[1] else "cousin"


# --- canaries -------------------------------------------------------------------------------------


def word(unit: str, state: str) -> str:
    return f"canary-{unit}-{state}"


def number(unit: str, state: str) -> int:
    """A figure that no sum can hide: a prime times its own power of two."""
    return PRIME << (CODES.index(unit) * len(STATES) + list(STATES).index(state))


_WORD = re.compile(r"canary-([A-Z]+(?:-\d)?)-([a-z]+)")
_NUMBER = re.compile(r"\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+|\d+")


def canaries(text: str) -> set[tuple[str, str]]:
    """The reports, as (unit, state), of which a text holds a word, a figure, or a sum with one."""
    found = {(unit, state) for unit, state in _WORD.findall(text)}
    for written in _NUMBER.findall(text):
        value = int(re.sub(r"\D", "", written)[:40])
        if value and value % PRIME == 0:
            found |= _summed(value // PRIME)
    return found


def _summed(bits: int) -> set[tuple[str, str]]:
    states = list(STATES)
    places = [place for place in range(bits.bit_length()) if bits >> place & 1]
    if places[-1] >= len(CODES) * len(states):
        return set()
    return {(CODES[place // len(states)], states[place % len(states)]) for place in places}


# --- building it ----------------------------------------------------------------------------------


@dataclass
class World:
    """Every thing by the unit it belongs to; reports also by state."""

    cast: Cast
    units: dict[str, int]
    reports: dict[tuple[str, str], int] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    syntheses: dict[str, int] = field(default_factory=dict)
    items: dict[str, int] = field(default_factory=dict)
    uploads: dict[str, int] = field(default_factory=dict)
    synonyms: dict[str, int] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)
    clauses: dict[str, int] = field(default_factory=dict)
    dispatches: dict[str, int] = field(default_factory=dict)
    registers: dict[str, int] = field(default_factory=dict)
    entries: dict[str, int] = field(default_factory=dict)
    incoming: dict[str, int] = field(default_factory=dict)
    plans: dict[str, int] = field(default_factory=dict)
    tasks: dict[str, int] = field(default_factory=dict)
    recurrences: dict[str, int] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def calendar_secret(self) -> str:
        """The secret of a calendar address of Sơn Hà's planner: whoever knows it may fetch the calendar."""
        person = self.people["hanh"]
        secret = "a-secret-that-somebody-was-given"
        Feed.objects.get_or_create(
            digest=digest_of(secret), defaults={"person": person, "label": "lịch", "made_at": NOW}
        )
        return secret

    def token(self, role: Role) -> str:
        """A fresh token of a role's person, ended already where the role comes without one."""
        if role.username not in self.people:
            return ""
        person = self.people[role.username]
        by = Actor(person.pk, str(person), None, "", None, frozenset(), NOW - timedelta(days=1), NOW.date())
        token, text = accounts.make_token(role.username, role.scopes or (Scope.READ,), 30, by=by)
        if not role.scopes:
            accounts.revoke_token(token.pk, by=by)
        return text


def make_world(cast: Cast) -> World:
    world = World(cast, dict(cast.units), people=dict(cast.people))
    _moved_and_merged(world)
    _more_people(world)
    for unit in CODES:
        for state in STATES:
            _report(world, unit, state)
        _synthesis(world, unit)
        _upload(world, unit)
        _plan(world, unit)
    _documents(world)
    searchable.rebuild(NOW.date())
    return world


def _moved_and_merged(world: World) -> None:
    moved = _unit(world, "TR", "Đồn Biên phòng Chuyển")
    _edges(world, "TR", "DV", START, MOVED_ON)
    _edges(world, "TR", "SH", MOVED_ON, None)
    gone = _unit(world, "SH-0", "Đồn Biên phòng Cũ", ends_on=MERGED_ON)
    _edges(world, "SH-0", "SH", START, MERGED_ON)
    merge = Succession.objects.create(code="gop", kind=SuccessionKind.MERGE, effective_on=MERGED_ON)
    SuccessionPart.objects.create(succession=merge, predecessor=gone, successor_id=world.units["SH-1"])
    move = Succession.objects.create(code="chuyen", kind=SuccessionKind.TRANSFER, effective_on=MOVED_ON)
    SuccessionPart.objects.create(succession=move, predecessor=moved, successor=moved)


def _unit(world: World, code: str, name: str, ends_on: date | None = None) -> Unit:
    unit = Unit.objects.create(code=code, kind="post", starts_on=START, ends_on=ends_on)
    UnitName.objects.create(unit=unit, name=name, short_name=name, starts_on=START, ends_on=ends_on)
    world.units[code] = unit.pk
    return unit


def _edges(world: World, code: str, parent: str, starts_on: date, ends_on: date | None) -> None:
    for line in (Line.COMMAND, Line.PROFESSIONAL):
        Edge.objects.create(
            unit_id=world.units[code],
            parent_id=world.units[parent],
            line=line,
            starts_on=starts_on,
            ends_on=ends_on,
        )


def _more_people(world: World) -> None:
    for username, (unit, permissions) in MORE_PEOPLE.items():
        person = world.people[username] = Person.objects.create(username=username, full_name=username, password="!")
        if unit:
            post = Post.objects.create(
                unit_id=world.units[unit], code=username, title=username, permissions=[str(p) for p in permissions]
            )
            Appointment.objects.create(person=person, post=post, starts_on=START)


def _content(unit: str, state: str) -> Content:
    said = Statement("s1", "C", StatementKind.RESULT, word(unit, state))
    return Content({FIGURE: str(number(unit, state))}, (said,), {"cell:x": word(unit, state)})


def _report(world: World, unit: str, state: str) -> None:
    content = _content(unit, state)
    report = Report.objects.create(
        round=world.cast.rounds[STATES[state]],
        unit_id=world.units[unit],
        state=state,
        draft=content.as_json(),
        draft_revision=1,
        draft_at=NOW,
        draft_by="ai đó",
    )
    world.reports[unit, state] = report.pk
    if state == "draft":
        return
    version = Version.objects.create(
        report=report,
        number=1,
        content_data=content.as_json(),
        digest=f"{unit}{state}",
        received_at=NOW,
        days_late=0,
        person_name="ai đó",
        post_title="",
    )
    report.current_version = version
    report.first_received_at, report.first_days_late = NOW, 0
    if state == "submitted":
        world.versions[unit] = version.pk
    else:
        Decision.objects.create(
            version=version,
            accepted=state == "accepted",
            at=NOW,
            person_name="ai đó",
            post_title="",
            reason=word(unit, state),
            remarks=[{"at": f"cell:{FIGURE}", "text": word(unit, state)}],
        )
        report.accepted_version = version if state == "accepted" else None
    report.save()


def _upload(world: World, unit: str) -> None:
    """A file of which a figure was handed in, and a wording that was learnt from it."""
    text = f"{word(unit, 'submitted')}: {number(unit, 'submitted')} lượt người"
    delivery = Delivery.objects.create(
        key=f"delivery-{unit}", unit_id=world.units[unit], expected=1, received_at=NOW, finished_at=NOW
    )
    upload = Upload.objects.create(
        delivery=delivery,
        unit_id=world.units[unit],
        round=world.cast.rounds[STATES["submitted"]],
        name=f"{word(unit, 'submitted')}.txt",
        kind="txt",
        size=len(text.encode()),
        digest=originals.keep(text.encode()),
        state="read",
        text=text,
        received_at=NOW,
    )
    indicator = Indicator.objects.get(code=FIGURE)
    value = str(number(unit, "submitted"))
    proposal = Proposal.objects.create(
        upload=upload,
        order=0,
        indicator=indicator,
        value=value,
        quote=value,
        start=text.index(value),
        end=text.index(value) + len(value),
        certainty="sure",
        decided="confirmed",
        decided_indicator=indicator,
        decided_value=value,
        decided_at=NOW,
    )
    report_id = world.reports[unit, "submitted"]
    Origin.objects.create(report_id=report_id, indicator=indicator, proposal=proposal, value=value, at=NOW)
    synonym = Synonym.objects.create(
        unit_id=world.units[unit],
        indicator=indicator,
        phrase=word(unit, "submitted"),
        folded=word(unit, "submitted"),
        learnt_from=proposal,
        learnt_at=NOW,
    )
    world.uploads[unit], world.synonyms[unit] = upload.pk, synonym.pk


def _synthesis(world: World, unit: str) -> None:
    synthesis = Synthesis.objects.create(unit_id=world.units[unit], round=world.cast.rounds["2026-11"], begun_at=NOW)
    item = DraftItem.objects.create(
        synthesis=synthesis,
        section="C",
        order=1,
        kind="statement",
        statement_kind="result",
        text=word(unit, "submitted"),
        sources=[[world.versions[unit], "s1"]],
    )
    world.syntheses[unit], world.items[unit] = synthesis.pk, item.pk


# --- documents and plans --------------------------------------------------------------------------

#: The code of a regulation; it is no unit's.
REGULATION = "quy-che"
DIRECTIVE = parse("1. Tổ chức thực hiện.")


def _documents(world: World) -> None:
    """A directive of each unit that was sent to nobody, a register with a kept number, and a paper that came in."""
    Regulation.objects.create(code=REGULATION, number="1-QC", name="Quy chế", issuer="Bộ Tư lệnh")
    series = Series.objects.create(code="state_out", name="Văn bản đi", family="state", clause="Phụ lục I")
    directive = DocumentType.objects.create(
        code="directive",
        abbreviation="CT",
        name="Chỉ thị",
        group="direction",
        series=series,
        binds=True,
        clause="Điều 7",
        starts_on=START,
    )
    for unit in CODES:
        document = _issued(world, directive, unit)
        world.documents[unit] = document.pk
        world.clauses[unit] = Clause.objects.create(
            document=document, block=DIRECTIVE.blocks[0].id, label="1", text="Tổ chức thực hiện.", position=1
        ).pk
        _register(world, series, unit)
        _came_in(world, unit, _issued(world, directive, "XX"))


def _issued(world: World, type_: DocumentType, unit: str) -> Document:
    document = Document.objects.create(
        unit_id=world.units[unit],
        type=type_,
        subject="Về một việc",
        state="issued",
        draft=DIRECTIVE.as_json(),
        created_at=NOW,
        number=1,
        symbol="CT-X",
        issued_on=NOW.date(),
        starts_on=NOW.date(),
    )
    document.current_version = DocumentVersion.objects.create(
        document=document,
        number=1,
        subject=document.subject,
        content_data=DIRECTIVE.as_json(),
        digest=digest(DIRECTIVE),
        at=NOW,
        person_name="ai đó",
        post_title="",
    )
    document.save()
    return document


def _register(world: World, series: Series, unit: str) -> None:
    register = Register.objects.create(
        unit_id=world.units[unit],
        direction="out",
        series=series,
        starts_on=date(2026, 1, 1),
        ends_on=date(2027, 1, 1),
        last_number=1,
    )
    entry = RegisterEntry.objects.create(
        register=register,
        number=1,
        state="reserved",
        dated_on=NOW.date(),
        reason="giữ số",
        at=NOW,
        person_name="ai đó",
        post_title="",
    )
    world.registers[unit], world.entries[unit] = register.pk, entry.pk


def _came_in(world: World, unit: str, document: Document) -> None:
    """What somebody outside sent to the unit: on its way still, and another paper that is in the register."""
    world.dispatches[unit] = Dispatch.objects.create(document=document, unit_id=world.units[unit], sent_at=NOW).pk
    world.incoming[unit] = Incoming.objects.create(
        unit_id=world.units[unit],
        issuer="Cơ quan ngoài",
        number="7",
        symbol="CV-X",
        dated_on=NOW.date(),
        arrived_on=NOW.date(),
        subject="Về một việc",
    ).pk


def _plan(world: World, unit: str) -> None:
    plan = Plan.objects.create(
        unit_id=world.units[unit],
        kind="plan",
        period_kind="month",
        period_code="2026-11",
        starts_on=date(2026, 11, 1),
        ends_on=date(2026, 12, 1),
        title="Kế hoạch tháng 11",
        state="approved",
        revision=1,
    )
    task = Task.objects.create(
        plan=plan,
        key="t1",
        title="Một việc",
        lead_unit_id=world.units[unit],
        starts_on=date(2026, 11, 2),
        due_on=date(2026, 11, 20),
    )
    recurrence = Recurrence.objects.create(
        unit_id=world.units[unit],
        title="Giao ban",
        lead_unit_id=world.units[unit],
        weekdays=[0],
        starts_on=date(2026, 11, 2),
    )
    world.plans[unit], world.tasks[unit], world.recurrences[unit] = plan.pk, task.pk, recurrence.pk


def allowed_canaries(role: Role, states: Iterable[str] = STATES) -> set[tuple[str, str]]:
    """The reports a role may read: those in reach, of which the drafts only of its own unit."""
    if Permission.REPORTING_VIEW not in role.permissions:
        return set()
    return {
        (unit, state)
        for unit in CODES
        for state in states
        if is_in_reach(role.unit, unit) and (state != "draft" or unit == role.unit)
    }
