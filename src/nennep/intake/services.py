"""The acts of intake: receive files, say what a file is for, take over or drop what it proposes, take back a wording.

Each has the same five movements in one transaction: fetch, authority, rule, save, journal. Nothing here writes into
the books: what a person confirms goes into the draft, through reporting.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import transaction

from loom import Reading, fingerprint, read
from loom.files import Why
from loom.sandbox import Outcome, read_safely
from nennep.intake import originals, queries, workbook_services
from nennep.intake.models import Delivery, Origin, Point, Proposal, Synonym, Upload
from nennep.intake.rules.matching import Match, Reason, match, wording_about
from nennep.intake.rules.states import Certainty, Decided, State
from nennep.intake.rules.wording import folded
from nennep.intake.rules.workbook import names_itself
from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import NotAuthorised, Permission
from nennep.reporting import queries as reporting
from nennep.reporting import services as reports
from nennep.reporting.models import Indicator, Report, Round
from nennep.reporting.rules.content import LONGEST_STATEMENT, Content, Layout, Statement, StatementKind
from nennep.reporting.rules.numbers import Ambiguous, NotANumber, parse_number, plain, unmistakable

#: What one delivery may hold; the face says so before anything is sent.
MOST_FILES = 60
LARGEST_FILE = 20 * 1024 * 1024
LARGEST_DELIVERY = 60 * 1024 * 1024
#: A report of one unit has no more letters than these: two hundred pages.
MOST_LETTERS = 400_000
#: A text with more numbers or points than these is no report of one unit.
MOST_PROPOSALS, MOST_POINTS = 1_500, 600
#: The note on a text that names a unit which the organisation does not know.
UNKNOWN_UNIT = "unknown-unit"


class IntakeRefused(Exception):
    """An act that the rules of intake forbid now. `why` names the rule; the faces say it in the reader's language."""

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(why)
        self.why = why
        self.facts = facts


@dataclass(frozen=True)
class Incoming:
    """A file as it was sent."""

    name: str
    content: bytes


# --- receiving --------------------------------------------------------------------------------------


def receive(files: Sequence[Incoming], *, by: Actor, key: str = "", round_id: int | None = None) -> Delivery:
    """Read files for the actor's own unit, each in a process that is shut in, and propose what they hold.

    Each file is a transaction of its own: whoever asks for the delivery meanwhile sees how far it has come, and one
    that is interrupted keeps what it had read. A file that bears a mark of secrecy is refused before anything of it is
    stored. `round_id` is the round for files that do not name their period themselves.

    Raises NotAuthorised, and IntakeRefused for more than the limits allow.
    """
    unit_id = _own_unit(by)
    _check_limits(files)
    delivery = _begin(unit_id, key or secrets.token_hex(8), _expected(files), by=by)
    order = 0
    for outcome in read_safely((file.name, file.content) for file in files):
        order += 1
        if outcome.opened is not None and names_itself(outcome.opened.text):
            workbook_services.receive(delivery, order, name=outcome.name, content=outcome.content, by=by)
            continue
        _take_in(delivery, outcome, order, round_id=round_id, by=by)
    Delivery.objects.filter(pk=delivery.pk).update(finished_at=by.at, expected=order)
    delivery.refresh_from_db()
    return delivery


def _check_limits(files: Sequence[Incoming]) -> None:
    if not files:
        raise IntakeRefused("no_files")
    if len(files) > MOST_FILES:
        raise IntakeRefused("too_many_files", count=len(files), most=MOST_FILES)
    if sum(len(file.content) for file in files) > LARGEST_DELIVERY:
        raise IntakeRefused("delivery_too_large", most=LARGEST_DELIVERY)


def _expected(files: Sequence[Incoming]) -> int:
    """How many files will be read; 0 where an archive is among them, which is only opened where it can do no harm."""
    return 0 if any(file.name.lower().endswith(".zip") for file in files) else len(files)


@transaction.atomic
def _begin(unit_id: int, key: str, expected: int, *, by: Actor) -> Delivery:
    if Delivery.objects.filter(key=key).exists():
        raise IntakeRefused("sent_already")
    return Delivery.objects.create(
        key=key,
        unit_id=unit_id,
        expected=expected,
        received_at=by.at,
        person_id=by.person_id,
        person_name=by.person_name,
        post_title=by.post_title,
    )


@transaction.atomic
def _take_in(delivery: Delivery, outcome: Outcome, order: int, *, round_id: int | None, by: Actor) -> Upload:
    upload = Upload(
        delivery=delivery,
        unit_id=delivery.unit_id,
        order=order,
        name=_plain_name(outcome.name),
        size=len(outcome.content),
        received_at=by.at,
    )
    upload.state, upload.why, upload.facts = State.REFUSED, *_refused(outcome, upload.unit_id, by=by)
    if upload.why == Why.SECRET:
        upload.name = ""
    if not upload.why and outcome.opened is not None and outcome.reading is not None:
        _keep(upload, outcome, outcome.reading, round_id=round_id)
        if outcome.reading.unit is not None and not queries.units_named(outcome.reading.unit.value, by.today):
            upload.notes.append(UNKNOWN_UNIT)
    upload.save()
    if upload.state == State.READ and upload.round_id is not None and not upload.conversion:
        _propose(upload, outcome.reading or read(upload.text), by=by)
    act = "intake.refuse" if upload.why == Why.SECRET else "intake.receive"
    details = {"state": upload.state, "why": upload.why, "digest": upload.digest}
    journal.record(act, upload, by=by, over=upload.unit_id, details=details)
    return upload


def _plain_name(name: str) -> str:
    return "".join(sign for sign in name if sign.isprintable())[-255:]


def _refused(outcome: Outcome, unit_id: int, *, by: Actor) -> tuple[str, Mapping[str, Any]]:
    """Why a file is not taken, with the facts of it; an empty reason for one that is."""
    if outcome.why is not None:
        return str(outcome.why), dict(outcome.facts)
    if outcome.opened is None or outcome.reading is None:
        return str(Why.CRASHED), {}
    if len(outcome.content) > LARGEST_FILE:
        return str(Why.TOO_LARGE), {"most": LARGEST_FILE}
    if len(outcome.opened.text) > MOST_LETTERS:
        return str(Why.TOO_MUCH_TEXT), {"most": MOST_LETTERS, "letters": len(outcome.opened.text)}
    said = outcome.reading.unit
    units = queries.units_named(said.value, by.today) if said else set()
    if units and unit_id not in units:
        return "other_unit", {"units": sorted(units)}
    return "", {}


def _keep(upload: Upload, outcome: Outcome, reading: Reading, *, round_id: int | None) -> None:
    """Keep the file and its text, unless it came before."""
    opened = outcome.opened
    assert opened is not None  # noqa: S101 -- whoever has no text was refused
    digest = hashlib.sha256(outcome.content).hexdigest()
    text_digest = fingerprint(opened.text)
    upload.kind = opened.kind
    upload.digest, upload.text_digest = digest, text_digest
    upload.same_as = queries.came_before(upload.unit_id, digest, text_digest)
    if upload.same_as is not None:
        upload.state = State.REPEATED
        upload.digest = upload.same_as.digest
        return
    originals.keep(outcome.content)
    upload.state = State.READ
    upload.text = opened.text
    upload.notes = [str(note) for note in (*opened.notes, *outcome.notes)]
    upload.conversion = (
        [list(pair) for pair in zip(opened.before, opened.after, strict=False)] if opened.needs_consent else []
    )
    upload.said = {
        what: [said.span.start, said.span.end]
        for what, said in (("unit", reading.unit), ("period", reading.period))
        if said is not None
    }
    upload.round = _round_said(reading, upload.unit_id) or _round_asked(round_id, upload.unit_id, reading)


def _round_said(reading: Reading, unit_id: int) -> Round | None:
    """The round that the text itself names, when there is exactly one."""
    if reading.period is None:
        return None
    rounds = queries.rounds_of_period(unit_id, reading.period.value)
    return rounds[0] if len(rounds) == 1 else None


def _round_asked(round_id: int | None, unit_id: int, reading: Reading) -> Round | None:
    """The round from whose page the file came; a text that names another period is asked about."""
    if round_id is None:
        return None
    round_ = reporting.round_(round_id)
    if unit_id not in reporting.on_duty(round_):
        return None
    is_named = reading.period is not None and reading.period.value != round_.period_code
    return None if is_named else round_


# --- what it proposes ---------------------------------------------------------------------------------


def _propose(upload: Upload, reading: Reading, *, by: Actor) -> None:
    """Write a proposal for each number and a point for each statement, for the form of the upload's round."""
    round_ = upload.round
    assert round_ is not None  # noqa: S101 -- proposals are made for a form
    targets = queries.targets(round_.form, upload.unit_id, by.today)
    ids = dict(Indicator.objects.values_list("code", "id"))
    found = match(reading, targets)[:MOST_PROPOSALS]
    Proposal.objects.bulk_create(_proposal(upload, reading, order, one, ids) for order, one in enumerate(found))
    Point.objects.bulk_create(_points(upload, reading, round_.form.layout))


def _proposal(upload: Upload, reading: Reading, order: int, one: Match, ids: Mapping[str, int]) -> Proposal:
    quantity = reading.quantities[one.quantity]
    return Proposal(
        upload=upload,
        order=order,
        indicator_id=ids.get(one.code),
        value=plain(one.value) if one.value is not None else "",
        readings=[plain(value) for value in one.readings],
        others=list(one.others),
        phrase=wording_about(reading, one.quantity)[:240],
        quote=quantity.quote[:240],
        start=quantity.span.start,
        end=quantity.span.end,
        certainty=one.certainty,
        confidence=one.confidence,
        reasons=[str(reason) for reason in one.reasons],
    )


def _points(upload: Upload, reading: Reading, layout: Layout) -> Iterator[Point]:
    """The statements that the form has a place for."""
    order = 0
    for statement in reading.statements[:MOST_POINTS]:
        kind = StatementKind(statement.kind)
        section = next((part for part in layout.sections if not part.is_cells and kind in part.statement_kinds), None)
        if section is not None and statement.span.end - statement.span.start <= LONGEST_STATEMENT:
            yield Point(
                upload=upload,
                order=order,
                start=statement.span.start,
                end=statement.span.end,
                kind=kind,
                section=section.letter,
            )
            order += 1


# --- what a file is for -------------------------------------------------------------------------------


@transaction.atomic
def set_round(upload_id: int, round_id: int, *, by: Actor) -> Upload:
    """Say for which round a file is; what it proposes is worked out anew.

    Raises NotAuthorised, IntakeRefused once something of it was taken over, or for a round that is not the unit's.
    """
    upload = _open_upload(upload_id, by=by)
    round_ = reporting.round_(round_id)
    if upload.unit_id not in reporting.on_duty(round_):
        raise IntakeRefused("not_on_duty")
    begun = [rows.exclude(decided=Decided.WAITING).exists() for rows in (upload.proposals, upload.points)]
    if any(begun):
        raise IntakeRefused("begun")
    upload.round = round_
    upload.save(update_fields=["round"])
    _propose_anew(upload, by=by)
    journal.record("intake.set-round", upload, by=by, over=upload.unit_id, details={"period": round_.period_code})
    return upload


@transaction.atomic
def agree_to_conversion(upload_id: int, *, by: Actor) -> Upload:
    """Agree that the letters of an older encoding were read rightly. Raises NotAuthorised, IntakeRefused."""
    upload = _open_upload(upload_id, by=by)
    if not upload.conversion:
        raise IntakeRefused("nothing_to_agree")
    upload.conversion = []
    upload.save(update_fields=["conversion"])
    if upload.round_id is not None:
        _propose_anew(upload, by=by)
    journal.record("intake.agree", upload, by=by, over=upload.unit_id)
    return upload


def _propose_anew(upload: Upload, *, by: Actor) -> None:
    Proposal.objects.filter(upload=upload).delete()
    Point.objects.filter(upload=upload).delete()
    if not upload.conversion:
        _propose(upload, read(upload.text), by=by)


@transaction.atomic
def drop(upload_id: int, *, by: Actor) -> Upload:
    """Put a file aside. One of which nothing was taken over leaves only its name behind.

    Raises NotAuthorised, IntakeRefused when it is settled already.
    """
    upload = _open_upload(upload_id, by=by)
    is_source = queries.is_source(upload)
    if not is_source:
        Proposal.objects.filter(upload=upload).delete()
        Point.objects.filter(upload=upload).delete()
        upload.text, upload.conversion, upload.said = "", [], {}
    upload.state = State.CONFIRMED if is_source else State.DROPPED
    _settle(upload, by=by)
    if not is_source and not queries.is_kept_elsewhere(upload):
        transaction.on_commit(lambda: originals.discard(upload.digest))
    journal.record("intake.drop", upload, by=by, over=upload.unit_id)
    return upload


def _settle(upload: Upload, *, by: Actor) -> None:
    upload.settled_at, upload.settled_by = by.at, by.person_name
    upload.save(update_fields=["state", "settled_at", "settled_by", "text", "conversion", "said"])


# --- taking over ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """What a person decided of one proposal: take it as proposed, as corrected, or drop it.

    `value` is what was typed, `indicator` the cell, where they differ from the proposal. `seen` is what stood in the
    cell on the page: a cell that has changed since is not written over.
    """

    proposal: int
    drop: bool = False
    value: str = ""
    indicator: str = ""
    seen: str | None = None


@dataclass(frozen=True)
class Taken:
    """What came of a decision."""

    report: Report | None
    cells: int
    dropped: int
    points: int
    learnt: int


@transaction.atomic
def decide(
    upload_id: int, choices: Collection[Choice], *, by: Actor, points: Collection[tuple[int, str]] = ()
) -> Taken:
    """Take over proposals into the draft of the unit's report, or drop them; all of it, or nothing.

    `points` are sentences to take over, each with the kind it is to have. A proposal that somebody else decided in the
    meantime stays as they decided it. What was unsure and is confirmed is learnt.

    Raises NotAuthorised, IntakeRefused, and what saving a draft raises.
    """
    upload = _open_upload(upload_id, by=by, even_if_confirmed=True)
    if upload.round is None or upload.conversion:
        raise IntakeRefused("not_ready")
    report = reporting.report_for_update(reports.start_report(upload.round.pk, by=by).pk)
    waiting = _waiting(upload, {choice.proposal for choice in choices})
    rules = reporting.rules_of(upload.round.form)
    cells: dict[str, str] = {}
    decided: list[Proposal] = []
    for choice in choices:
        proposal = waiting.get(choice.proposal)
        if proposal is None:
            continue
        if choice.drop:
            proposal.decided = Decided.DROPPED
        else:
            _decide(proposal, choice, upload.round.form.layout, cells)
            assert proposal.decided_indicator is not None  # noqa: S101 -- set by _decide
            code = proposal.decided_indicator.code
            if rules[code].is_computed:
                raise IntakeRefused("computed_cell", code=code)
            _require_unchanged(report.draft_content, code, choice)
            cells[code] = unmistakable(Decimal(proposal.decided_value), decimals=rules[code].decimals)
        proposal.decided_at, proposal.decided_by = by.at, by.person_name
        decided.append(proposal)
    statements = _statements(upload, report, points)
    if cells or statements:
        report = _save(report, cells, [statement for _, statement in statements], by=by)
    learnt = _record(upload, report, decided, statements, by=by)
    kept = [one for one in decided if one.decided != Decided.DROPPED]
    taken = Taken(report, len(kept), len(decided) - len(kept), len(statements), learnt)
    details = {"cells": taken.cells, "dropped": taken.dropped, "points": taken.points, "report": report.pk}
    journal.record("intake.decide", upload, by=by, over=upload.unit_id, details=details)
    return taken


def _waiting(upload: Upload, ids: Collection[int]) -> dict[int, Proposal]:
    rows = Proposal.objects.filter(upload=upload, pk__in=ids, decided=Decided.WAITING)
    return {row.pk: row for row in rows.select_related("indicator").order_by("order")}


def _decide(proposal: Proposal, choice: Choice, layout: Layout, taken: Mapping[str, str]) -> None:
    """Fill in what was decided of one proposal."""
    proposed = proposal.indicator.code if proposal.indicator else ""
    code = choice.indicator or proposed
    if not code or code not in layout.indicators:
        raise IntakeRefused("no_cell_chosen", quote=proposal.quote)
    if code in taken:
        raise IntakeRefused("cell_twice", code=code)
    indicator = proposal.indicator if code == proposed else Indicator.objects.get(code=code)
    assert indicator is not None  # noqa: S101 -- a proposed cell has its indicator
    try:
        value = parse_number(choice.value, decimals=indicator.decimals) if choice.value else None
    except Ambiguous as doubt:
        raise IntakeRefused(
            "ambiguous_value", quote=choice.value, choices=[plain(one) for one in doubt.choices]
        ) from doubt
    except NotANumber as error:
        raise IntakeRefused("no_number", quote=choice.value[:40]) from error
    text = plain(value) if value is not None else proposal.value
    if not text:
        raise IntakeRefused("no_value_chosen", quote=proposal.quote)
    proposal.decided_indicator, proposal.decided_value = indicator, text
    is_as_proposed = code == proposed and text == proposal.value
    proposal.decided = Decided.CONFIRMED if is_as_proposed else Decided.CORRECTED


def _require_unchanged(draft: Content, code: str, choice: Choice) -> None:
    if choice.seen is not None and draft.cells.get(code, "") != choice.seen:
        raise IntakeRefused("cell_changed", code=code, now=draft.cells.get(code, ""))


def _statements(upload: Upload, report: Report, points: Collection[tuple[int, str]]) -> list[tuple[Point, Statement]]:
    """The points that are taken over, each as the statement it becomes."""
    kinds = dict(points)
    layout = report.round.form.layout
    found = []
    for point in Point.objects.filter(upload=upload, pk__in=kinds, decided=Decided.WAITING).order_by("order"):
        kind = StatementKind(kinds[point.pk] or point.kind)
        section = layout.section(point.section)
        if section is None or kind not in section.statement_kinds:
            section = next((part for part in layout.sections if kind in part.statement_kinds), None)
        if section is None:
            raise IntakeRefused("no_section", kind=str(kind))
        text = upload.text[point.start : point.end]
        found.append((point, Statement(f"u{upload.pk}p{point.pk}", section.letter, kind, text)))
    return found


def _save(report: Report, cells: Mapping[str, str], statements: Sequence[Statement], *, by: Actor) -> Report:
    draft = report.draft_content
    have = {statement.id for statement in draft.statements}
    added = tuple(statement for statement in statements if statement.id not in have)
    wished = replace(draft, cells={**draft.cells, **cells}, statements=(*draft.statements, *added))
    return reports.save_draft(report.pk, wished, revision=report.draft_revision, by=by)


def _record(
    upload: Upload,
    report: Report,
    decided: Sequence[Proposal],
    statements: Sequence[tuple[Point, Statement]],
    *,
    by: Actor,
) -> int:
    """Write down what was decided, where each cell came from, and what was learnt; returns how much was learnt."""
    learnt = 0
    for proposal in decided:
        proposal.save()
        if proposal.decided == Decided.DROPPED or proposal.decided_indicator is None:
            continue
        Origin.objects.create(
            report=report,
            indicator=proposal.decided_indicator,
            proposal=proposal,
            value=proposal.decided_value,
            at=by.at,
            person_name=by.person_name,
            post_title=by.post_title,
        )
        learnt += _learn(upload, proposal, proposal.decided_indicator, by=by)
    for point, statement in statements:
        point.decided, point.report, point.statement = Decided.CONFIRMED, report, statement.id
        point.taken, point.taken_at = statement.text, by.at
        point.save(update_fields=["decided", "report", "statement", "taken", "taken_at"])
    if decided and not _still_waiting(upload):
        upload.state = State.CONFIRMED
        _settle(upload, by=by)
    return learnt


def _still_waiting(upload: Upload) -> bool:
    waiting = Proposal.objects.filter(upload=upload, decided=Decided.WAITING, indicator__isnull=False)
    return waiting.exists()


#: What the words alone left open, and a person has now answered.
_TEACHES = frozenset({Reason.NO_CELL, Reason.SEVERAL_CELLS, Reason.WEAK_WORDS})


def _learn(upload: Upload, proposal: Proposal, indicator: Indicator, *, by: Actor) -> bool:
    """Keep a wording that the pack did not know for this indicator; what was sure teaches nothing new."""
    is_corrected = proposal.indicator_id != indicator.pk
    if not proposal.phrase or not (is_corrected or _TEACHES & set(proposal.reasons)):
        return False
    if folded(proposal.phrase) in {folded(wording) for wording in indicator.synonyms}:
        return False
    _synonym, is_new = Synonym.objects.get_or_create(
        unit_id=upload.unit_id,
        indicator=indicator,
        folded=folded(proposal.phrase),
        revoked_at=None,
        defaults={
            "phrase": proposal.phrase,
            "learnt_from": proposal,
            "learnt_at": by.at,
            "learnt_by": by.person_name,
        },
    )
    return is_new


def sure_choices(upload: Upload, draft: Content) -> list[Choice]:
    """The proposals that may be taken together: sure of their cell, and the draft says nothing else there."""
    chosen = []
    for proposal in upload.proposals.all():
        if proposal.decided or proposal.certainty != Certainty.SURE or proposal.indicator is None:
            continue
        typed = draft.cells.get(proposal.indicator.code, "")
        if not typed or _says(typed, proposal.value, proposal.indicator.decimals):
            chosen.append(Choice(proposal.pk, seen=typed))
    return chosen


def _says(typed: str, value: str, decimals: int) -> bool:
    try:
        return parse_number(typed, decimals=decimals) == Decimal(value)
    except (Ambiguous, NotANumber):
        return False


# --- what was learnt ------------------------------------------------------------------------------------


@transaction.atomic
def revoke_wording(synonym_id: int, *, by: Actor, reason: str) -> Synonym:
    """Take back a wording that was learnt; it stays in the list with who took it back and why.

    Raises NotAuthorised, IntakeRefused without a reason or when it is taken back already.
    """
    synonym = queries.synonym_for_update(synonym_id)
    _require_own(by, synonym.unit_id)
    if synonym.revoked_at is not None:
        raise IntakeRefused("revoked_already")
    if not reason.strip():
        raise IntakeRefused("revoking_needs_reason")
    synonym.revoked_at, synonym.revoked_by, synonym.revoked_reason = by.at, by.person_name, reason.strip()[:500]
    synonym.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
    journal.record(
        "intake.revoke-wording",
        synonym,
        by=by,
        over=synonym.unit_id,
        reason=synonym.revoked_reason,
        details={"indicator": synonym.indicator.code},
    )
    return synonym


# --- authority ------------------------------------------------------------------------------------------


def _own_unit(by: Actor) -> int:
    if by.unit_id is None:
        raise NotAuthorised(Permission.REPORTING_WRITE, hidden=False)
    organisation.require(by, Permission.REPORTING_WRITE, over=by.unit_id)
    return by.unit_id


def _require_own(by: Actor, unit_id: int) -> None:
    """Only a unit's own people write its report, so only they decide what its files say."""
    organisation.require(by, Permission.REPORTING_WRITE, over=unit_id)
    if by.unit_id != unit_id:
        raise NotAuthorised(Permission.REPORTING_WRITE, hidden=False)


def _open_upload(upload_id: int, *, by: Actor, even_if_confirmed: bool = False) -> Upload:
    """The file, locked. What was confirmed still has points, and figures without a cell, that may be taken over."""
    upload = queries.upload_for_update(upload_id)
    _require_own(by, upload.unit_id)
    if upload.state != State.READ and not (even_if_confirmed and upload.state == State.CONFIRMED):
        raise IntakeRefused("settled")
    return upload
