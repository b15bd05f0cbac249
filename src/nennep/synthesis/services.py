"""The acts of synthesis: begin, edit, order, leave out, take or refuse a late change, finish.

Each has the same five movements in one transaction: fetch, authority, rule, save, journal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from nennep.journal import services as journal
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import NotAuthorised, Permission
from nennep.reporting import queries as reporting
from nennep.reporting import services as reports
from nennep.reporting.queries import Counted
from nennep.reporting.rules.content import (
    LONGEST_STATEMENT,
    Content,
    Statement,
    StatementKind,
    content_digest,
    tidy,
)
from nennep.reporting.rules.numbers import plain
from nennep.reporting.rules.states import State as ReportState
from nennep.synthesis import queries
from nennep.synthesis.models import Basis, DraftItem, Synthesis
from nennep.synthesis.papers import MISSING, printed
from nennep.synthesis.rules.drafts import (
    Item,
    ItemKind,
    State,
    SynthesisRefused,
    Touched,
    first_items,
    references,
    spelled_out,
)

#: Why the programme itself leaves a sentence out, in the language in which reports are written.
_TAKEN_OUT = "Đơn vị đã rút ý này khỏi báo cáo"
_RETURNED = "Báo cáo có ý này đã bị trả lại"


@transaction.atomic
def begin(round_id: int, *, by: Actor) -> Synthesis:
    """The synthesis of the actor's own unit in a round, with a first draft of everything that counts below it now.

    Beginning it again changes nothing. Raises NotAuthorised, or SynthesisRefused when nobody reports to this unit.
    """
    round_ = reporting.round_(round_id)
    unit_id = _own_unit(by, Permission.SYNTHESIS_WRITE)
    below = queries.children(round_, unit_id)
    if not below:
        raise SynthesisRefused("nobody_below")
    synthesis, is_new = Synthesis.objects.get_or_create(unit_id=unit_id, round=round_, defaults={"begun_at": by.at})
    if not is_new:
        return queries.synthesis(synthesis.pk)
    rows = queries.below(round_, unit_id)
    Basis.objects.bulk_create(
        Basis(synthesis=synthesis, report_id=row.report_id, version_id=row.version_id) for row in rows
    )
    told = queries.told(rows, below, _contents([row for row in rows if row.unit_id in below]))
    _add_items(synthesis, first_items(round_.form.layout, told))
    details = {"period": round_.period_code, "reports": len(rows)}
    journal.record("synthesis.begin", synthesis, by=by, over=unit_id, details=details)
    return queries.synthesis(synthesis.pk)


@transaction.atomic
def rewrite(item_id: int, text: str, *, by: Actor) -> DraftItem:
    """Say a sentence otherwise. It keeps its sources and is marked as edited; figures stay references.

    Raises NotAuthorised, SynthesisRefused when it is empty, too long, or refers to a figure the form does not have.
    """
    item = _item_for_update(item_id, by=by)
    tidied = tidy(text)
    if not tidied:
        raise SynthesisRefused("empty_sentence")
    if len(tidied) > LONGEST_STATEMENT:
        raise SynthesisRefused("too_long", length=len(tidied), most=LONGEST_STATEMENT)
    known = set(reporting.rules_of(item.synthesis.round.form))
    unknown = [code for code in references(tidied) if code not in known]
    if unknown:
        raise SynthesisRefused("unknown_figure", code=unknown[0])
    if tidied == item.text:
        return item
    item.text, item.edited = tidied, True
    item.save(update_fields=["text", "edited"])
    journal.record("synthesis.rewrite", item, by=by, over=item.synthesis.unit_id)
    return item


@transaction.atomic
def move(item_id: int, *, up: bool, by: Actor) -> DraftItem:
    """Change places with the neighbour in the same section. At the edge nothing changes. Raises NotAuthorised."""
    item = _item_for_update(item_id, by=by)
    section = [one for one in queries.items(item.synthesis) if one.section == item.section]
    place = next(n for n, one in enumerate(section) if one.pk == item.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(section):
        return item
    section[place], section[other] = section[other], section[place]
    for order, one in enumerate(section, start=1):
        one.order = order
    DraftItem.objects.bulk_update(section, ["order"])
    journal.record("synthesis.move", item, by=by, over=item.synthesis.unit_id)
    return section[other]


@transaction.atomic
def leave_out(item_id: int, reason: str, *, by: Actor) -> DraftItem:
    """Keep a sentence out of the paper, with the reason; it stays on the bench. Raises NotAuthorised,
    SynthesisRefused.
    """
    item = _item_for_update(item_id, by=by)
    if not reason.strip():
        raise SynthesisRefused("leaving_out_needs_reason")
    item.left_out, item.reason = True, reason.strip()[:500]
    item.save(update_fields=["left_out", "reason"])
    journal.record("synthesis.leave-out", item, by=by, over=item.synthesis.unit_id, reason=item.reason)
    return item


@transaction.atomic
def put_back(item_id: int, *, by: Actor) -> DraftItem:
    """Bring back a sentence that was left out. Raises NotAuthorised."""
    item = _item_for_update(item_id, by=by)
    item.left_out, item.reason = False, ""
    item.save(update_fields=["left_out", "reason"])
    journal.record("synthesis.put-back", item, by=by, over=item.synthesis.unit_id)
    return item


@transaction.atomic
def take_change(synthesis_id: int, report_id: int, *, by: Actor) -> Synthesis:
    """Let the draft stand on the version of a report that counts now: its figures, and its sentences that nobody
    rewrote.

    A rewritten sentence keeps its wording and points to the new version; a sentence whose last source is gone is left
    out with that reason. Raises NotAuthorised, SynthesisRefused when there is no such change.
    """
    synthesis = _draft_for_update(synthesis_id, by=by)
    change = _change(synthesis, report_id)
    Basis.objects.update_or_create(
        synthesis=synthesis,
        report_id=report_id,
        defaults={"version_id": change.new, "kept_before": None, "kept_reason": ""},
    )
    _retell(synthesis, change)
    details = {"old": change.old, "new": change.new}
    journal.record("synthesis.take-change", synthesis, by=by, over=synthesis.unit_id, details=details)
    return synthesis


@transaction.atomic
def keep_old(synthesis_id: int, report_id: int, reason: str, *, by: Actor) -> Synthesis:
    """Let the draft stand on what it stood on, and say why. Raises NotAuthorised, SynthesisRefused."""
    synthesis = _draft_for_update(synthesis_id, by=by)
    change = _change(synthesis, report_id)
    if not reason.strip():
        raise SynthesisRefused("keeping_needs_reason")
    if change.new is None:
        raise SynthesisRefused("returned_cannot_be_kept")
    Basis.objects.update_or_create(
        synthesis=synthesis,
        report_id=report_id,
        defaults={"version_id": change.old, "kept_before_id": change.new, "kept_reason": reason.strip()},
    )
    details = {"old": change.old, "refused": change.new}
    journal.record("synthesis.keep-old", synthesis, by=by, over=synthesis.unit_id, reason=reason, details=details)
    return synthesis


@transaction.atomic
def finish(synthesis_id: int, *, by: Actor, reason: str = "") -> Synthesis:
    """Freeze what the paper says, and hand it in as the unit's own report to its superior, if it has one.

    Its figures go by reference and are never counted again. `reason` is needed once the books are closed. Raises
    NotAuthorised, SynthesisRefused while late changes are unanswered, and what handing in raises.
    """
    synthesis = _draft_for_update(synthesis_id, by=by, permission=Permission.SYNTHESIS_FINISH)
    waiting = queries.changes(synthesis)
    if waiting:
        raise SynthesisRefused("changes_unanswered", count=len(waiting))
    content = content_now(synthesis)
    frozen = content.as_json()
    if synthesis.unit_id in reporting.on_duty(synthesis.round) and not _is_handed_in(synthesis, content):
        synthesis.version = reports.submit_synthesis(synthesis.round_id, content, by=by, reason=reason)
    synthesis.finished_content = frozen
    synthesis.digest = content_digest(
        frozen, form=str(synthesis.round.form), unit=synthesis.unit.code, period=synthesis.round.period_code
    )
    synthesis.state, synthesis.finished_at, synthesis.finished_by = State.FINISHED, by.at, by.person_name
    synthesis.save()
    details = {"period": synthesis.round.period_code, "digest": synthesis.digest}
    journal.record("synthesis.finish", synthesis, by=by, over=synthesis.unit_id, reason=reason, details=details)
    return synthesis


@transaction.atomic
def reopen(synthesis_id: int, *, by: Actor, reason: str) -> Synthesis:
    """Go on drafting after finishing: for a report that came back, or that something below has overtaken.

    What was handed in stays. Raises NotAuthorised, SynthesisRefused.
    """
    synthesis = queries.synthesis_for_update(synthesis_id)
    _require_own(synthesis, Permission.SYNTHESIS_WRITE, by=by)
    if not synthesis.is_finished:
        raise SynthesisRefused("not_finished")
    if not reason.strip():
        raise SynthesisRefused("reopening_needs_reason")
    synthesis.state = State.DRAFTING
    synthesis.save(update_fields=["state"])
    journal.record("synthesis.reopen", synthesis, by=by, over=synthesis.unit_id, reason=reason)
    return synthesis


def _is_handed_in(synthesis: Synthesis, content: Content) -> bool:
    """Whether exactly this stands with the superior already: the bench was opened again and nothing was changed."""
    if synthesis.version_id is None:
        return False
    version = reporting.version(synthesis.version_id)
    stands = version.report.current_version_id == version.pk and version.report.state != ReportState.RETURNED
    return stands and replace(version.content, cells={}) == content


def content_now(synthesis: Synthesis) -> Content:
    """What the draft says at this moment: figures of the versions it stands on, sentences with their sources.

    A figure that a sentence names is written out: one level up, its name would mean the figure of that level.
    """
    found = queries.figures(synthesis)
    rules = reporting.rules_of(synthesis.round.form)
    shown = {code: printed(found[code].value, rule) if code in found else MISSING for code, rule in rules.items()}
    statements = [
        Statement(
            f"i{item.pk}",
            item.section,
            StatementKind(item.statement_kind),
            spelled_out(item.text, shown),
            tuple((int(version), str(statement)) for version, statement in item.sources),
        )
        for item in queries.items(synthesis)
        if item.kind == ItemKind.STATEMENT and not item.left_out
    ]
    figures = {code: plain(figure.value) for code, figure in sorted(found.items())}
    return Content(statements=tuple(statements), figures=figures, synthesis=synthesis.pk)


# --- what the acts share --------------------------------------------------------------------------


def _own_unit(by: Actor, permission: Permission) -> int:
    if by.unit_id is None:
        raise NotAuthorised(permission, hidden=False)
    organisation.require(by, permission, over=by.unit_id)
    return by.unit_id


def _require_own(synthesis: Synthesis, permission: Permission, *, by: Actor) -> None:
    """A unit's synthesis is written by its own people."""
    organisation.require(by, permission, over=synthesis.unit_id)
    if by.unit_id != synthesis.unit_id and not by.is_system:
        raise NotAuthorised(permission, hidden=False)


def _draft_for_update(
    synthesis_id: int, *, by: Actor, permission: Permission = Permission.SYNTHESIS_WRITE
) -> Synthesis:
    synthesis = queries.synthesis_for_update(synthesis_id)
    _require_own(synthesis, permission, by=by)
    if synthesis.is_finished:
        raise SynthesisRefused("already_finished")
    return synthesis


def _item_for_update(item_id: int, *, by: Actor) -> DraftItem:
    item = DraftItem.objects.select_related("synthesis").get(pk=item_id)
    item.synthesis = _draft_for_update(item.synthesis_id, by=by)
    item.refresh_from_db(fields=["text", "order", "left_out", "edited", "sources"])
    return item


def _contents(rows: Sequence[Counted]) -> dict[int, Content]:
    return reporting.content_of([row.version_id for row in rows])


def _add_items(synthesis: Synthesis, items: Sequence[Item]) -> None:
    DraftItem.objects.bulk_create(
        DraftItem(
            synthesis=synthesis,
            section=item.section,
            order=item.order,
            kind=item.kind,
            statement_kind=item.statement_kind,
            text=item.text,
            sources=[list(source) for source in item.sources],
        )
        for item in items
    )


def _change(synthesis: Synthesis, report_id: int) -> Touched:
    for change in queries.changes(synthesis):
        if change.report_id == report_id:
            return change
    raise SynthesisRefused("no_such_change")


def _retell(synthesis: Synthesis, change: Touched) -> None:
    """Bring the sentences that came from a report up to its new version; add what it says newly."""
    if change.unit_id not in queries.children(synthesis.round, synthesis.unit_id):
        return
    said: dict[str, Statement] = {}
    if change.new is not None:
        said = {one.id: one for one in reporting.content_of([change.new])[change.new].statements}
    told_before = set()
    for item in queries.items(synthesis):
        mine = [str(statement) for version, statement in item.sources if version == change.old]
        told_before |= set(mine)
        if mine:
            _retell_item(item, change, said)
    _append(synthesis, change, [one for id_, one in said.items() if id_ not in told_before])


def _retell_item(item: DraftItem, change: Touched, said: dict[str, Statement]) -> None:
    item.sources = [
        [change.new, statement] if version == change.old else [version, statement]
        for version, statement in item.sources
        if version != change.old or statement in said
    ]
    if not item.sources:
        item.left_out, item.reason = True, _RETURNED if change.new is None else _TAKEN_OUT
    elif len(item.sources) == 1 and item.sources[0][0] == change.new and not item.edited:
        _say_again(item, said[item.sources[0][1]])
    item.save(update_fields=["sources", "section", "order", "statement_kind", "text", "left_out", "reason"])


def _say_again(item: DraftItem, statement: Statement) -> None:
    """The sentence as its unit says it now, at the end of another section if that is where it belongs now."""
    item.text, item.statement_kind = statement.text, str(statement.kind)
    if item.section != statement.section:
        last = DraftItem.objects.filter(synthesis_id=item.synthesis_id, section=statement.section).order_by("order")
        item.section, item.order = statement.section, 1 + (last.values_list("order", flat=True).last() or 0)


def _append(synthesis: Synthesis, change: Touched, statements: Sequence[Statement]) -> None:
    last = {item.section: item.order for item in queries.items(synthesis)}
    items = []
    for one in statements:
        if change.new is None:
            break
        last[one.section] = last.get(one.section, 0) + 1
        source = (change.new, one.id)
        items.append(Item(one.section, last[one.section], ItemKind.STATEMENT, str(one.kind), one.text, (source,)))
    _add_items(synthesis, items)
