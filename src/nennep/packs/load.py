"""Writing a pack into the database: everything in one transaction, and a second time nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import models, transaction

from nennep.journal import services as journal
from nennep.journal.models import Entry
from nennep.journal.rules import Actor
from nennep.organisation.models import Edge, Post, Succession, SuccessionPart, Unit, UnitName
from nennep.organisation.rules import NotAuthorised
from nennep.packs import schemas
from nennep.packs.load_documents import load_documents, sizes_of_documents
from nennep.packs.reading import pack_digest
from nennep.packs.schemas import Pack
from nennep.packs.writing import Count, write
from nennep.reporting.models import Duty, Field, Form, Indicator, ReportingCalendar, Target

ACT = "packs.load"


class PackRefused(Exception):
    """What the pack says cannot be written over what is there; the message names the row and what to do."""


@dataclass(frozen=True)
class Loaded:
    """What loading a pack did, by table in the order of writing."""

    counts: Mapping[str, Count]

    @property
    def added(self) -> int:
        return sum(count.added for count in self.counts.values())

    @property
    def changed(self) -> int:
        return sum(count.changed for count in self.counts.values())

    @property
    def removed(self) -> int:
        return sum(count.removed for count in self.counts.values())

    @property
    def unchanged(self) -> int:
        return sum(count.unchanged for count in self.counts.values())


@transaction.atomic
def load_pack(pack: Pack, *, by: Actor) -> Loaded:
    """Make the tables say what the pack says. The pack that was loaded last is left as it is, row for row.

    A new version adds and changes rows; it removes names, superiors and duties that it no longer knows, and never a
    unit, an indicator or a form that reports may lean on.

    Raises NotAuthorised unless whoever runs the machine asks; PackRefused when a form's layout changed without a new
    version, or when the pack contradicts a change of the organisation that was decided here.
    """
    if not by.is_system:
        raise NotAuthorised(ACT, hidden=False)
    digest = pack_digest(pack)
    if _loaded_last(pack.about.code) == digest:
        return Loaded({name: Count(unchanged=rows) for name, rows in _sizes(pack).items()})
    loaded = Loaded({**_load_organisation(pack), **_load_reporting(pack), **load_documents(pack)})
    if loaded.added or loaded.changed or loaded.removed:
        first_unit = Unit.objects.get(code=pack.units[0].code)
        details = {"pack": pack.about.code, "version": pack.about.version, "digest": digest}
        counted = {"added": loaded.added, "changed": loaded.changed, "removed": loaded.removed}
        journal.record(ACT, first_unit, by=by, details=details | counted)
    return loaded


def _loaded_last(code: str) -> str:
    """The digest of the version of this pack that was loaded last; empty when none was."""
    entries = Entry.objects.filter(unit_id=journal.NO_UNIT, act=ACT, details__pack=code).order_by("-sequence")
    newest = entries.first()
    return str(newest.details["digest"]) if newest else ""


def _sizes(pack: Pack) -> dict[str, int]:
    return {
        "units": len(pack.units),
        "unit names": len(pack.unit_names),
        "superiors": len(pack.edges),
        "successions": len(_events(pack)),
        "parts of successions": len(pack.successions),
        "posts": len(_posts(pack, defaultdict(int))),
        "fields": len(pack.fields),
        "indicators": len(pack.indicators),
        "calendars": len(pack.calendars),
        "forms": len(pack.forms),
        "duties": len(pack.duties),
        "targets": len(pack.targets),
        **sizes_of_documents(pack),
    }


# --- the organisation -----------------------------------------------------------------------------


def _load_organisation(pack: Pack) -> dict[str, Count]:
    guard = _guard(pack)
    counts = {"units": write(Unit.objects.all(), _units(pack), key=["code"], guard=guard)}
    ids = dict(Unit.objects.values_list("code", "id"))
    of_the_pack = {ids[unit.code] for unit in pack.units}
    counts["unit names"] = write(
        UnitName.objects.all(),
        [
            UnitName(
                unit_id=ids[row.unit],
                name=row.name,
                short_name=row.short_name,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
            )
            for row in pack.unit_names
        ],
        key=["unit_id", "starts_on"],
        guard=guard,
        stale=UnitName.objects.filter(unit_id__in=of_the_pack),
    )
    counts["superiors"] = write(
        Edge.objects.all(),
        [
            Edge(
                unit_id=ids[row.unit],
                parent_id=ids[row.parent],
                line=row.line,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
            )
            for row in pack.edges
        ],
        key=["unit_id", "line", "starts_on"],
        guard=guard,
        stale=Edge.objects.filter(unit_id__in=of_the_pack),
    )
    return (
        counts
        | _load_successions(pack, ids)
        | {"posts": write(Post.objects.all(), _posts(pack, ids), key=["unit_id", "code"])}
    )


def _units(pack: Pack) -> list[Unit]:
    # A table holds one place per unit: the newest. What a unit's paper said earlier stays in the pack.
    places = {row.unit: row.place for row in sorted(pack.unit_names, key=lambda row: row.starts_on)}
    return [
        Unit(
            code=row.code,
            kind=row.kind,
            demonstration=row.demonstration,
            place=places.get(row.code, ""),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )
        for row in pack.units
    ]


def _events(pack: Pack) -> dict[str, list[schemas.Succession]]:
    """The rows of each event: they share a code, and all that is said of its decision."""
    found = defaultdict(list)
    for row in pack.successions:
        found[row.code].append(row)
    return found


def _load_successions(pack: Pack, ids: Mapping[str, int]) -> dict[str, Count]:
    events = _events(pack)
    successions = [
        Succession(
            code=code,
            kind=rows[0].kind,
            effective_on=rows[0].effective_on,
            decision_number=rows[0].decision_number,
            decision_on=rows[0].decision_on,
            certainty=rows[0].certainty,
            source=rows[0].source,
            note=rows[0].note,
        )
        for code, rows in events.items()
    ]
    written = write(Succession.objects.all(), successions, key=["code"])
    event_ids = dict(Succession.objects.filter(code__in=events).values_list("code", "id"))
    parts = [
        SuccessionPart(
            succession_id=event_ids[code], predecessor_id=ids[row.predecessor], successor_id=ids[row.successor]
        )
        for code, rows in events.items()
        for row in rows
    ]
    key = ["succession_id", "predecessor_id", "successor_id"]
    stale = SuccessionPart.objects.filter(succession_id__in=event_ids.values())
    return {
        "successions": written,
        "parts of successions": write(SuccessionPart.objects.all(), parts, key=key, stale=stale),
    }


def _posts(pack: Pack, ids: Mapping[str, int]) -> list[Post]:
    """One post of each template in every unit of its kind."""
    return [
        Post(
            unit_id=ids[unit.code],
            code=template.code,
            title=template.title,
            permissions=[str(permission) for permission in template.permissions],
            rank_order=template.order,
        )
        for template in pack.posts
        for unit in pack.units
        if unit.kind == template.unit_kind
    ]


def _guard(pack: Pack) -> Callable[[models.Model], None]:
    """Refuses to write over a row that begins or ends on the day of a succession decided here, not in the pack."""
    known = set(_events(pack))
    here = {
        succession.effective_on: succession
        for succession in Succession.objects.exclude(code__in=known)
        if succession.code.startswith(f"{succession.kind}-")
    }

    def check(row: models.Model) -> None:
        for day in (getattr(row, "starts_on", None), getattr(row, "ends_on", None)):
            if day in here:
                raise PackRefused(
                    f"{row}: changed here by {here[day]}, which the pack does not know: add it there first"
                )

    return check


# --- what is reported -----------------------------------------------------------------------------


def _load_reporting(pack: Pack) -> dict[str, Count]:
    fields = [Field(code=row.code, name=row.name, name_en=row.name_en, order=row.order) for row in pack.fields]
    counts = {"fields": write(Field.objects.all(), fields, key=["code"])}
    counts["indicators"] = write(Indicator.objects.all(), _indicators(pack), key=["code"])
    counts["calendars"] = write(
        ReportingCalendar.objects.all(), [_calendar(row) for row in pack.calendars], key=["code"]
    )
    counts["forms"] = write(Form.objects.all(), _forms(pack), key=["code", "version"], guard=_layout_guard(pack))
    counts["duties"] = write(
        Duty.objects.all(),
        [
            Duty(
                form_code=row.form,
                unit_kind=row.unit_kind,
                due_days=row.due_days,
                due_hour=row.due_time.hour,
                due_minute=row.due_time.minute,
                line=row.line,
                calendar=row.calendar,
                clause=row.clause,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
            )
            for row in pack.duties
        ],
        key=["form_code", "unit_kind", "starts_on"],
        stale=Duty.objects.filter(form_code__in={form.code for form in pack.forms}),
    )
    units = dict(Unit.objects.values_list("code", "id"))
    indicators = dict(Indicator.objects.values_list("code", "id"))
    targets = [
        Target(
            unit_id=units[row.unit],
            indicator_id=indicators[row.indicator],
            year=row.year,
            value=row.value,
            source=row.source,
        )
        for row in pack.targets
    ]
    return counts | {"targets": write(Target.objects.all(), targets, key=["unit_id", "indicator_id", "year"])}


def _indicators(pack: Pack) -> list[Indicator]:
    fields = dict(Field.objects.values_list("code", "id"))
    # Words on a page and on paper: the measure's name. Its code is the pack's own.
    measures = {row.code: row.name for row in pack.units_of_measure}
    wordings: dict[str, list[str]] = defaultdict(list)
    for synonym in pack.synonyms:
        wordings[synonym.indicator].append(synonym.phrase)
    return [
        Indicator(
            code=row.code,
            name=row.name,
            name_en=row.name_en,
            field_id=fields[row.field],
            unit_of_measure=measures[row.unit_of_measure],
            over_units=row.over_units,
            over_time=row.over_time,
            numerator=row.numerator or "",
            denominator=row.denominator or "",
            factor=row.factor if row.factor is not None else Decimal(1),
            part_of=row.part_of or "",
            balance=row.balance,
            lower=row.lower,
            upper=row.upper,
            decimals=row.decimals,
            jump_ratio=row.jump_ratio,
            opening_of=row.opening_of or "",
            synonyms=wordings[row.code],
            cleared_by=row.cleared_by,
            source=row.source,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )
        for row in pack.indicators
    ]


def _calendar(row: schemas.Calendar) -> ReportingCalendar:
    kinds = [cutoff.kind for cutoff in row.kinds]
    twice = sorted({kind for kind in kinds if kinds.count(kind) > 1})
    if twice:
        raise PackRefused(f"calendar {row.code}: two cut-offs for {twice[0]}: give the later one a calendar of its own")
    cutoffs = [cutoff.model_dump(exclude={"starts_on", "ends_on", "first_months"}) for cutoff in row.kinds]
    return ReportingCalendar(code=row.code, name=row.name, cutoffs=cutoffs)


def _forms(pack: Pack) -> list[Form]:
    calendars = dict(ReportingCalendar.objects.values_list("code", "id"))
    duties = {duty.form: duty for duty in pack.duties}
    for duty in pack.duties:
        binding = duties[duty.form]
        if (duty.calendar, duty.line) != (binding.calendar, binding.line):
            raise PackRefused(f"form {duty.form}: its duties name more than one calendar or line")
    return [
        Form(
            code=form.code,
            version=form.version,
            name=form.name,
            name_en=form.name_en,
            kind=form.frequency,
            calendar_id=calendars[duties[form.code].calendar],
            line=duties[form.code].line,
            layout_data={"sections": [section.model_dump(mode="json") for section in form.sections]},
            source=form.source,
            starts_on=form.starts_on,
            ends_on=form.ends_on,
        )
        for form in pack.forms
        if form.code in duties
    ]


def _layout_guard(pack: Pack) -> Callable[[models.Model], None]:
    """Refuses another layout under the same version: reports were written on that paper."""
    layouts = {(form.code, form.version): form.layout_data for form in _forms(pack)}

    def check(row: models.Model) -> None:
        if isinstance(row, Form) and row.layout_data != layouts[row.code, row.version]:
            raise PackRefused(f"form {row.code}: its layout changed; give it version {row.version + 1}")

    return check
