"""Questions about what arrived and what it became; never writes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Prefetch, Q, QuerySet

from nennep.intake.models import Delivery, Origin, Point, Proposal, Synonym, Upload
from nennep.intake.rules import heads
from nennep.intake.rules.matching import Target
from nennep.intake.rules.states import Decided, State
from nennep.organisation import queries as organisation
from nennep.organisation.models import UnitName
from nennep.reporting import queries as reporting
from nennep.reporting.models import Form, Indicator, Round
from nennep.reporting.rules.content import Content
from nennep.reporting.rules.numbers import Ambiguous, NotANumber, parse_number, plain

#: How many earlier rounds of a form a file may still be for.
MOST_ROUNDS = 60


# --- files ----------------------------------------------------------------------------------------


def uploads(unit_id: int) -> QuerySet[Upload]:
    """A unit's files, newest first, with how much of each is decided."""
    return (
        Upload.objects.filter(unit_id=unit_id)
        .select_related("round__form__calendar", "same_as", "delivery")
        .defer("text", "conversion")
        .annotate(
            found=Count("proposals", filter=Q(proposals__indicator__isnull=False), distinct=True),
            waiting=Count(
                "proposals",
                filter=Q(proposals__decided=Decided.WAITING, proposals__indicator__isnull=False),
                distinct=True,
            ),
        )
        .order_by("-received_at", "-delivery_id", "order", "pk")
    )


def upload(upload_id: int) -> Upload:
    """A file with its proposals and points. Raises Upload.DoesNotExist."""
    proposals = Proposal.objects.select_related("indicator", "decided_indicator").order_by("order")
    return (
        Upload.objects.select_related("round__form__calendar", "unit", "same_as", "delivery")
        .prefetch_related(Prefetch("proposals", proposals), Prefetch("points", Point.objects.order_by("order")))
        .get(pk=upload_id)
    )


def upload_for_update(upload_id: int) -> Upload:
    """The file, locked until the transaction ends. Raises Upload.DoesNotExist."""
    found = Upload.objects.select_for_update().get(pk=upload_id)
    if found.round_id is not None:
        found.round = reporting.round_(found.round_id)
    return found


def delivery(key: str, unit_id: int) -> Delivery | None:
    return Delivery.objects.filter(key=key, unit_id=unit_id).first()


def unfinished(unit_id: int) -> Delivery | None:
    """The newest delivery of a unit, when its reading has not come to its end."""
    newest = Delivery.objects.filter(unit_id=unit_id).order_by("-received_at", "-pk").first()
    return newest if newest is not None and newest.finished_at is None else None


def came_before(unit_id: int, digest: str, text_digest: str) -> Upload | None:
    """The unit's earlier file of the same bytes or the same text, unless it was dropped."""
    kept = Upload.objects.filter(unit_id=unit_id, state__in=[State.READ, State.CONFIRMED])
    same_bytes = kept.filter(digest=digest).order_by("pk").first()
    if same_bytes is not None or not text_digest:
        return same_bytes
    return kept.filter(text_digest=text_digest).order_by("pk").first()


def is_kept_elsewhere(upload_: Upload) -> bool:
    """Whether another file that was not dropped has the same bytes."""
    others = Upload.objects.filter(digest=upload_.digest).exclude(pk=upload_.pk)
    return others.exclude(state__in=[State.DROPPED, State.REPEATED]).exists()


def may_be_seen_above(upload_: Upload) -> bool:
    """Whether anything of a file was handed in: from then on it is a source, and who sees the report sees it."""
    figures = Origin.objects.filter(proposal__upload=upload_, report__current_version__isnull=False)
    return figures.exists() or Point.objects.filter(upload=upload_, report__current_version__isnull=False).exists()


# --- for whom and for which period ------------------------------------------------------------------


def units_named(said: str, day: date) -> set[int]:
    """The units that a text may mean by a name, by any name they ever bore until this day."""
    names: dict[int, list[str]] = {}
    rows = UnitName.objects.filter(starts_on__lte=day).values_list("unit_id", "name", "short_name")
    for unit_id, name, short_name in rows:
        names.setdefault(unit_id, []).extend((name, short_name))
    return heads.named(said, names)


def rounds_for(unit_id: int) -> list[Round]:
    """The rounds in which a unit is on duty, newest first: what a file of it may be for."""
    return reporting.on_duty_in(unit_id, reporting.rounds()[:MOST_ROUNDS])


def rounds_of_period(unit_id: int, period_code: str) -> list[Round]:
    """The rounds of a period in which a unit is on duty."""
    return reporting.on_duty_in(unit_id, reporting.rounds().filter(period_code=period_code))


# --- cells and wordings -----------------------------------------------------------------------------


def targets(form: Form, unit_id: int, day: date) -> list[Target]:
    """The cells of a form with the pack's wordings of them, and with those taught in the unit or above it.

    What only other forms ask for stands among them, marked as such.
    """
    asked = set(form.layout.indicators)
    taught: dict[str, list[str]] = {}
    for synonym in taught_for(unit_id, day):
        taught.setdefault(synonym.indicator.code, []).append(synonym.phrase)
    return [
        Target(
            code=row.code,
            name=row.name,
            measure=row.unit_of_measure,
            wordings=tuple(row.synonyms),
            taught=tuple(taught.get(row.code, ())),
            part_of=row.part_of,
            decimals=row.decimals,
            is_computed=row.rule.is_computed,
            is_stock=row.over_time in {"last", "first", "none"},
            is_on_form=row.code in asked,
        )
        for row in Indicator.objects.order_by("code")
    ]


def taught_for(unit_id: int, day: date) -> QuerySet[Synonym]:
    """The wordings in force for a unit: taught by its people or by those of a unit above it."""
    above = [*organisation.tree_on(day).path(unit_id), unit_id]
    return Synonym.objects.filter(unit__in=above, revoked_at__isnull=True).select_related("indicator")


def words_taught(unit_id: int) -> QuerySet[Synonym]:
    """All that a unit's people taught, the newest first, with what was revoked."""
    return (
        Synonym.objects.filter(unit_id=unit_id)
        .select_related("indicator", "learnt_from__upload")
        .defer("learnt_from__upload__text")
        .order_by("-learnt_at", "-pk")
    )


def synonym_for_update(synonym_id: int) -> Synonym:
    return Synonym.objects.select_for_update().get(pk=synonym_id)


# --- the way back -----------------------------------------------------------------------------------


def origins(report_id: int, content: Content, *, until: datetime | None = None) -> dict[str, Origin]:
    """Where the cells of a draft or a version came from, by indicator. One query.

    A cell comes from the file that filled it last (not after `until`), as long as it holds that very value: a figure
    that was typed over is its writer's own.
    """
    rows = Origin.objects.filter(report_id=report_id).select_related("indicator", "proposal__upload")
    if until is not None:
        rows = rows.filter(at__lte=until)
    newest = {row.indicator.code: row for row in rows.defer("proposal__upload__text").order_by("at", "pk")}
    return {code: row for code, row in newest.items() if _holds(content.cells.get(code, ""), row)}


def points_taken(report_id: int, content: Content, *, until: datetime | None = None) -> dict[str, Point]:
    """Where the statements of a draft or a version came from, by their id. One query.

    A statement comes from the file that said it last (not after `until`), as long as it says just that: what was
    rewritten is its writer's own.
    """
    said = {statement.id: statement.text for statement in content.statements}
    rows = Point.objects.filter(report_id=report_id, statement__in=said).select_related("upload")
    if until is not None:
        rows = rows.filter(taken_at__lte=until)
    newest = {row.statement: row for row in rows.defer("upload__text").order_by("taken_at", "pk")}
    return {id_: row for id_, row in newest.items() if row.taken.split() == said[id_].split()}


def is_source(upload_: Upload) -> bool:
    """Whether a figure or a statement of a report came from this file."""
    from_it = Origin.objects.filter(proposal__upload=upload_)
    return from_it.exists() or Point.objects.filter(upload=upload_, report__isnull=False).exists()


def _holds(typed: str, origin: Origin) -> bool:
    value = Decimal(origin.value)
    if typed == plain(value):  # as a version keeps it: `1.151` is no thousand there
        return True
    try:
        return parse_number(typed, decimals=origin.indicator.decimals) == value
    except (Ambiguous, NotANumber):
        return False
