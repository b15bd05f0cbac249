"""The acts of synthesis: begin, accept, split, join, edit, order, leave out, take or refuse a late change, finish.

Each has the same five movements in one transaction: fetch, authority, rule, save, journal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from django.db import transaction

import loom
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
from nennep.search import services as search
from nennep.search.rules import Kind
from nennep.synthesis import queries, weaving
from nennep.synthesis.found import synthesis_put
from nennep.synthesis.models import Basis, DraftItem, KeptChoice, KeptWording, Synthesis
from nennep.synthesis.papers import MISSING, printed
from nennep.synthesis.rules.drafts import (
    Item,
    ItemKind,
    Source,
    State,
    SynthesisRefused,
    Told,
    Touched,
    references,
    spelled_out,
)
from nennep.synthesis.rules.groups import (
    Gathered,
    Pair,
    best_sentence,
    first_items,
    group_print,
    item_of,
    pairs_apart,
    pairs_together,
    words_print,
)

#: Why the programme itself leaves a sentence out, in the language in which reports are written.
_TAKEN_OUT = "Đơn vị đã rút ý này khỏi báo cáo"
_RETURNED = "Báo cáo có ý này đã bị trả lại"
_LONGEST_WHY = 300


@transaction.atomic
def begin(round_id: int, *, by: Actor, lexicon: loom.Lexicon | None = None) -> Synthesis:
    """The synthesis of the actor's own unit in a round, with a first draft of everything that counts below it now.

    With a lexicon what says the same is put together, as a proposal; what people of the unit put together before stands
    as they decided it. Beginning it again changes nothing. Raises NotAuthorised, or SynthesisRefused when nobody
    reports to this unit.
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
    groups = weaving.gathered(told, unit_id, lexicon)
    _add_items(synthesis, first_items(round_.form.layout, groups))
    details = {"period": round_.period_code, "reports": len(rows), "statements": len(told), "groups": len(groups)}
    journal.record("synthesis.begin", synthesis, by=by, over=unit_id, details=details)
    return queries.synthesis(synthesis.pk)


# --- one sentence: `revision` is the one the officer saw; None asks for no check ---------------------


@transaction.atomic
def accept(item_id: int, *, by: Actor, revision: int | None = None) -> DraftItem:
    """Take a proposed sentence into the draft: these units say the same, and this says it.

    The choice is kept, so that the same merge is not asked again. Raises NotAuthorised, SynthesisRefused.
    """
    item = _item_for_update(item_id, by=by, revision=revision)
    _require_in_draft(item)
    _accept([item], by=by)
    journal.record("synthesis.accept", item, by=by, over=item.synthesis.unit_id, details=_counted([item]))
    return item


@transaction.atomic
def accept_section(synthesis_id: int, section: str, *, by: Actor, count: int | None = None) -> int:
    """Take every proposal of a section into the draft, and say how many there were.

    What an officer is asked about because something below changed is no mere proposal: it waits for its own answer.
    `count` is how many the officer saw waiting. Raises NotAuthorised, SynthesisRefused.
    """
    synthesis = _draft_for_update(synthesis_id, by=by)
    waiting = [item for item in queries.items(synthesis) if item.section == section and queries.is_proposal(item)]
    if count is not None and count != len(waiting):
        raise SynthesisRefused("changed_meanwhile")
    if waiting:
        _accept(waiting, by=by)
        details = {"section": section, **_counted(waiting)}
        journal.record("synthesis.accept-section", synthesis, by=by, over=synthesis.unit_id, details=details)
    return len(waiting)


@transaction.atomic
def split(
    item_id: int, sources: Collection[Source] | None, *, by: Actor, revision: int | None = None
) -> list[DraftItem]:
    """Take members out of a group, each to stand alone as its unit says it. None, or all of them: take it apart whole.

    They stay apart from what they leave, now and when they are said again. Returns the group, then what left it. Raises
    NotAuthorised, SynthesisRefused.
    """
    item = _item_for_update(item_id, by=by, revision=revision)
    _require_in_draft(item)
    members = _members([item])
    here = _sources(item)
    leaving = [source for source in here if sources is None or source in set(sources)]
    if len(leaving) == len(here):
        leaving = leaving[1:]
    if not leaving:
        raise SynthesisRefused("nothing_to_split")
    staying = [source for source in here if source not in set(leaving)]
    parts = [staying, *([source] for source in leaving)]
    prints = {source: words_print(one.statement.text) for source, one in members.items()}
    apart_now = pairs_apart([[prints[source] for source in part if source in prints] for part in parts])
    _keep(item.synthesis, apart_now, together=False, by=by)
    said = [members[source].statement.text for source in staying if source in members]
    item.sources = [list(source) for source in staying]
    item.asked = [list(source) for source in staying if list(source) in item.asked]
    if said and not item.edited and item.text not in said:
        item.text = best_sentence(said)
    if item.edited:
        item.accepted = False  # a sentence written for more units than now say it is looked at again
    _save(item)
    apart = [_item_alone(item, members[source]) for source in leaving if source in members]
    _place_after(item, apart)
    journal.record(
        "synthesis.split", item, by=by, over=item.synthesis.unit_id, details={"left": len(apart), "stay": len(staying)}
    )
    return [item, *apart]


@transaction.atomic
def join(
    item_ids: Sequence[int],
    *,
    by: Actor,
    revisions: Mapping[int, int] | None = None,
    synthesis_id: int | None = None,
) -> DraftItem:
    """Put sentences together as one, where the first of them in the draft stands: these units say the same.

    What an officer wrote stays the wording; otherwise it is the sentence of the largest group. The choice is kept.
    `synthesis_id` is the draft they were seen in. Raises NotAuthorised, SynthesisRefused.
    """
    if synthesis_id is not None:
        _draft_for_update(synthesis_id, by=by)
    wanted = list(dict.fromkeys(item_ids))
    if len(wanted) < 2:  # noqa: PLR2004 -- joining takes two
        raise SynthesisRefused("joining_needs_two")
    known = revisions or {}
    found = [_item_for_update(item_id, by=by, revision=known.get(item_id)) for item_id in wanted]
    for item in found:
        _require_in_draft(item)
    if len({(item.synthesis_id, item.section, item.statement_kind, item.kind) for item in found}) > 1:
        raise SynthesisRefused("joining_needs_one_kind")
    if found[0].kind != ItemKind.STATEMENT:
        raise SynthesisRefused("joining_needs_statements")
    into, *others = sorted(found, key=lambda item: (item.order, item.pk))
    says = max(found, key=lambda item: (item.edited, len(item.sources)))
    into.text, into.edited = says.text, says.edited
    into.sources = [list(source) for source in dict.fromkeys(source for item in found for source in _sources(item))]
    into.why, into.asked = "", []
    DraftItem.objects.filter(pk__in=[item.pk for item in others]).delete()
    _accept([into], by=by)
    details = {"joined": [item.pk for item in others], **_counted([into])}
    journal.record("synthesis.join", into, by=by, over=into.synthesis.unit_id, details=details)
    return into


@transaction.atomic
def choose_wording(item_id: int, source: Source, *, by: Actor, revision: int | None = None) -> DraftItem:
    """Let the group say it as one of its members does. Raises NotAuthorised, SynthesisRefused."""
    item = _item_for_update(item_id, by=by, revision=revision)
    _require_in_draft(item)
    members = _members([item])
    if source not in members or source not in _sources(item):
        raise SynthesisRefused("no_such_member")
    item.text, item.edited = members[source].statement.text, False
    _accept([item], by=by)
    _keep_wording(item, members, by=by)
    journal.record("synthesis.choose-wording", item, by=by, over=item.synthesis.unit_id)
    return item


@transaction.atomic
def ask_for_wording(
    item_id: int, *, by: Actor, revision: int | None = None, is_named: bool = True
) -> tuple[DraftItem, list[str]]:
    """The sentences that a helper outside is to be asked to word as one; the journal keeps that they left.

    Nothing of the draft changes. `is_named` says whether there is such a helper. Raises NotAuthorised,
    SynthesisRefused.
    """
    item = _item_for_update(item_id, by=by, revision=revision)
    if not is_named:
        raise SynthesisRefused("no_language_model")
    _require_in_draft(item)
    members = _members([item])
    sentences = list(dict.fromkeys(members[source].statement.text for source in _sources(item) if source in members))
    if not sentences:
        raise SynthesisRefused("no_such_member")
    details = {"sentences": len(sentences)}
    journal.record("synthesis.ask-for-wording", item, by=by, over=item.synthesis.unit_id, details=details)
    return item, sentences


@transaction.atomic
def rewrite(item_id: int, text: str, *, by: Actor, revision: int | None = None) -> DraftItem:
    """Say a sentence otherwise. It keeps its sources, is marked as edited and accepted; figures stay references.

    Raises NotAuthorised, SynthesisRefused when it is empty, too long, or refers to a figure the form does not have.
    """
    item = _item_for_update(item_id, by=by, revision=revision)
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
    _accept([item], by=by)
    _keep_wording(item, _members([item]), by=by)
    journal.record("synthesis.rewrite", item, by=by, over=item.synthesis.unit_id)
    return item


@transaction.atomic
def move(item_id: int, *, up: bool, by: Actor, revision: int | None = None) -> DraftItem:
    """Change places with the neighbour in the same section. At the edge nothing changes. Raises NotAuthorised."""
    item = _item_for_update(item_id, by=by, revision=revision)
    section = [one for one in queries.items(item.synthesis) if one.section == item.section]
    place = next(n for n, one in enumerate(section) if one.pk == item.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(section):
        return item
    section[place], section[other] = section[other], section[place]
    _number(section)
    journal.record("synthesis.move", item, by=by, over=item.synthesis.unit_id)
    return section[other]


@transaction.atomic
def leave_out(item_id: int, reason: str, *, by: Actor, revision: int | None = None) -> DraftItem:
    """Keep a sentence out of the paper, with the reason; it stays on the bench. Raises NotAuthorised,
    SynthesisRefused.
    """
    item = _item_for_update(item_id, by=by, revision=revision)
    if not reason.strip():
        raise SynthesisRefused("leaving_out_needs_reason")
    item.left_out, item.reason = True, reason.strip()[:500]
    item.decided_at, item.decided_by, item.asked = by.at, by.person_name, []
    _save(item)
    journal.record("synthesis.leave-out", item, by=by, over=item.synthesis.unit_id, reason=item.reason)
    return item


@transaction.atomic
def put_back(item_id: int, *, by: Actor, revision: int | None = None) -> DraftItem:
    """Bring back a sentence that was left out, as it stood. Raises NotAuthorised."""
    item = _item_for_update(item_id, by=by, revision=revision)
    item.left_out, item.reason = False, ""
    _save(item)
    journal.record("synthesis.put-back", item, by=by, over=item.synthesis.unit_id)
    return item


# --- late changes, and the end ----------------------------------------------------------------------


@transaction.atomic
def take_change(synthesis_id: int, report_id: int, *, by: Actor, lexicon: loom.Lexicon | None = None) -> Synthesis:
    """Let the draft stand on the version of a report that counts now: its figures, and its sentences that nobody
    rewrote.

    A rewritten sentence keeps its wording and points to the new version; a sentence whose last source is gone is left
    out with that reason. A group keeps its member; where the member's new words seem to say something else, or new
    words seem to belong to a group, the officer is asked. Raises NotAuthorised, SynthesisRefused when there is no such
    change.
    """
    synthesis = _draft_for_update(synthesis_id, by=by)
    change = _change(synthesis, report_id)
    Basis.objects.update_or_create(
        synthesis=synthesis,
        report_id=report_id,
        defaults={"version_id": change.new, "kept_before": None, "kept_reason": ""},
    )
    _retell(synthesis, change, lexicon)
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

    Its figures go by reference and are never counted again. What one unit said and nobody looked at goes in as that
    unit says it; that several units say the same must have been accepted. `reason` is needed once the books are closed.
    Raises NotAuthorised, SynthesisRefused while late changes or groups are unanswered, and what handing in raises.
    """
    synthesis = _draft_for_update(synthesis_id, by=by, permission=Permission.SYNTHESIS_FINISH)
    waiting = queries.changes(synthesis)
    if waiting:
        raise SynthesisRefused("changes_unanswered", count=len(waiting))
    proposed = [item for item in queries.items(synthesis) if queries.is_unanswered(item)]
    if proposed:
        raise SynthesisRefused("groups_unanswered", count=len(proposed))
    DraftItem.objects.filter(synthesis=synthesis, accepted=False, left_out=False).update(
        accepted=True, decided_at=by.at, decided_by=by.person_name
    )
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
    search.put_many([synthesis_put(synthesis)])
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
    search.forget(Kind.SYNTHESIS, synthesis.pk)
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


def _item_for_update(item_id: int, *, by: Actor, revision: int | None = None) -> DraftItem:
    """The sentence, locked with its draft. Raises SynthesisRefused when another officer changed it meanwhile."""
    item = DraftItem.objects.select_related("synthesis").filter(pk=item_id).first()
    if item is None:
        raise SynthesisRefused("changed_meanwhile")
    synthesis = _draft_for_update(item.synthesis_id, by=by)
    # Read again behind the lock: whoever held it before may have changed the sentence or joined it to another.
    found = DraftItem.objects.filter(pk=item_id).first()
    if found is None or revision not in {None, found.revision}:
        raise SynthesisRefused("changed_meanwhile")
    found.synthesis = synthesis
    return found


def _require_in_draft(item: DraftItem) -> None:
    if item.left_out:
        raise SynthesisRefused("put_back_first")


def _sources(item: DraftItem) -> list[Source]:
    return [(int(version), str(statement)) for version, statement in item.sources]


def _counted(items: Sequence[DraftItem]) -> dict[str, int]:
    return {"sentences": len(items), "statements": sum(len(item.sources) for item in items)}


def _members(items: Iterable[DraftItem]) -> dict[Source, Told]:
    return queries.members(list(items))


def _save(item: DraftItem) -> None:
    item.revision += 1
    item.save()


def _accept(items: Sequence[DraftItem], *, by: Actor) -> None:
    """Mark sentences as decided, and keep what belongs together."""
    for item in items:
        item.accepted, item.asked = True, []
        item.decided_at, item.decided_by = by.at, by.person_name
        item.revision += 1
    DraftItem.objects.bulk_update(
        items,
        ["accepted", "asked", "decided_at", "decided_by", "revision", "text", "edited", "sources", "why"],
        batch_size=200,
    )
    groups = [item for item in items if len(item.sources) > 1]
    members = _members(groups)
    pairs: dict[Pair, None] = {}
    for item in groups:
        prints = [words_print(members[source].statement.text) for source in _sources(item) if source in members]
        if prints:
            pairs |= dict.fromkeys(pairs_together(prints))
    if pairs:
        _keep(items[0].synthesis, pairs, together=True, by=by)


def _keep(synthesis: Synthesis, pairs: Iterable[Pair], *, together: bool, by: Actor) -> None:
    """Remember a choice for the next time these words are said; the newest word counts."""
    KeptChoice.objects.bulk_create(
        [
            KeptChoice(
                unit_id=synthesis.unit_id,
                first=first,
                second=second,
                together=together,
                at=by.at,
                by_name=by.person_name,
            )
            for first, second in pairs
        ],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["unit", "first", "second"],
        update_fields=["together", "at", "by_name"],
    )


def _keep_wording(item: DraftItem, members: Mapping[Source, Told], *, by: Actor) -> None:
    if len(item.sources) > 1:
        KeptWording.objects.update_or_create(
            unit_id=item.synthesis.unit_id,
            group=group_print(members[source].statement.text for source in _sources(item) if source in members),
            defaults={"text": item.text, "at": by.at, "by_name": by.person_name},
        )


def _item_alone(group: DraftItem, told: Told) -> DraftItem:
    """A statement that left its group: as its unit says it, waiting for an officer."""
    return DraftItem(
        synthesis=group.synthesis,
        section=group.section,
        order=group.order,
        kind=ItemKind.STATEMENT,
        statement_kind=str(told.statement.kind),
        text=told.statement.text,
        sources=[list(told.source)],
        accepted=False,
    )


def _place_after(item: DraftItem, new: Sequence[DraftItem]) -> None:
    DraftItem.objects.bulk_create(new)
    fresh = {one.pk for one in new}
    section = [one for one in queries.items(item.synthesis) if one.section == item.section and one.pk not in fresh]
    place = 1 + next(n for n, one in enumerate(section) if one.pk == item.pk)
    _number([*section[:place], *new, *section[place:]])


def _number(section: Sequence[DraftItem]) -> None:
    """Give the sentences of a section their places, in this order."""
    moved = []
    for order, one in enumerate(section, start=1):
        if one.order != order:
            one.order = order
            moved.append(one)
    DraftItem.objects.bulk_update(moved, ["order"], batch_size=500)


def _contents(rows: Sequence[Counted]) -> dict[int, Content]:
    return reporting.content_of([row.version_id for row in rows])


def _add_items(synthesis: Synthesis, items: Sequence[Item]) -> None:
    DraftItem.objects.bulk_create(
        [
            DraftItem(
                synthesis=synthesis,
                section=item.section,
                order=item.order,
                kind=item.kind,
                statement_kind=item.statement_kind,
                text=item.text,
                sources=[list(source) for source in item.sources],
                edited=item.edited,
                accepted=item.accepted,
                decided_at=item.decided.at if item.decided else None,
                decided_by=item.decided.by if item.decided else "",
                why=item.why[:_LONGEST_WHY],
            )
            for item in items
        ],
        batch_size=500,
    )


def _change(synthesis: Synthesis, report_id: int) -> Touched:
    for change in queries.changes(synthesis):
        if change.report_id == report_id:
            return change
    raise SynthesisRefused("no_such_change")


# --- retelling: what a newer version does to the sentences made from the older ------------------------


def _retell(synthesis: Synthesis, change: Touched, lexicon: loom.Lexicon | None) -> None:
    """Bring the sentences that came from a report up to its new version; add what it says newly."""
    if change.unit_id not in queries.children(synthesis.round, synthesis.unit_id):
        return
    contents = reporting.content_of([version for version in (change.old, change.new) if version is not None])
    before = {one.id: one for one in contents[change.old].statements} if change.old is not None else {}
    after = {one.id: one for one in contents[change.new].statements} if change.new is not None else {}
    items = queries.items(synthesis)
    members = _members(items)
    told: set[str] = set()
    for item in items:
        mine = [statement for version, statement in _sources(item) if version == change.old]
        gone = _leaving(item, mine, after)
        told |= set(mine) - gone
        if mine:
            _retell_item(item, change, mine, gone, before, after)
            _ask_of_members(item, change, mine, before, after, members, lexicon)
            _save(item)
    new = [
        Told(change.unit_id, change.report_id, change.new, 0, one)
        for id_, one in after.items()
        if id_ not in told and change.new is not None
    ]
    _append(synthesis, _left_alone(synthesis, new, lexicon))


def _leaving(item: DraftItem, mine: Sequence[str], after: Mapping[str, Statement]) -> set[str]:
    """Which of a group's members said something of another kind or section now: they no longer belong to it."""
    if len(item.sources) == 1:
        return set()
    return {
        one
        for one in mine
        if one in after and (after[one].section, str(after[one].kind)) != (item.section, item.statement_kind)
    }


def _retell_item(
    item: DraftItem,
    change: Touched,
    mine: Sequence[str],
    gone: Collection[str],
    before: Mapping[str, Statement],
    after: Mapping[str, Statement],
) -> None:
    was_alone = len(item.sources) == 1
    worded = next((one for one in mine if one in before and before[one].text == item.text), None)
    item.sources = [
        [change.new, statement] if version == change.old else [version, statement]
        for version, statement in _sources(item)
        if version != change.old or (statement in after and statement not in gone)
    ]
    item.asked = [source for source in item.asked if source in item.sources]
    if not item.sources:
        item.left_out, item.reason = True, _RETURNED if change.new is None else _TAKEN_OUT
    elif item.edited:
        return
    elif was_alone:
        _say_again(item, after[mine[0]])
    elif worded is not None and worded in after and worded not in gone:
        item.text = after[worded].text
    elif worded is not None:
        members = _members([item])
        item.text = best_sentence([members[source].statement.text for source in _sources(item) if source in members])


def _ask_of_members(
    item: DraftItem,
    change: Touched,
    mine: Sequence[str],
    before: Mapping[str, Statement],
    after: Mapping[str, Statement],
    members: Mapping[Source, Told],
    lexicon: loom.Lexicon | None,
) -> None:
    """Ask whether a member of a group still belongs to it, when its new words seem to say something else."""
    if len(item.sources) == 1 or change.new is None:
        return
    others = [members[source] for source in _sources(item) if source in members]
    for one in mine:
        if [change.new, one] not in item.sources or after[one].text == before[one].text:
            continue
        newcomer = Told(change.unit_id, change.report_id, change.new, 0, after[one])
        if words_print(after[one].text) == words_print(before[one].text):
            continue
        unit_id = item.synthesis.unit_id
        if lexicon is None or newcomer.source not in weaving.company([newcomer], {item.pk: others}, unit_id, lexicon):
            item.asked = [*item.asked, list(newcomer.source)]
            item.accepted = False


def _say_again(item: DraftItem, statement: Statement) -> None:
    """The sentence as its unit says it now, at the end of another section if that is where it belongs now."""
    item.text, item.statement_kind = statement.text, str(statement.kind)
    if item.section != statement.section:
        last = DraftItem.objects.filter(synthesis_id=item.synthesis_id, section=statement.section).order_by("order")
        item.section, item.order = statement.section, 1 + (last.values_list("order", flat=True).last() or 0)


def _left_alone(synthesis: Synthesis, newcomers: Sequence[Told], lexicon: loom.Lexicon | None) -> list[Told]:
    """Propose new statements to the sentences that say the same already; what none of them says comes back."""
    if lexicon is None or not newcomers:
        return list(newcomers)
    items = {
        item.pk: item for item in queries.items(synthesis) if item.kind == ItemKind.STATEMENT and not item.left_out
    }
    members = _members(items.values())
    standing = {pk: [members[source] for source in _sources(item) if source in members] for pk, item in items.items()}
    homes = weaving.company(newcomers, standing, synthesis.unit_id, lexicon)
    for pk in dict.fromkeys(homes.values()):
        item = items[pk]
        joining = [list(one.source) for one in newcomers if homes.get(one.source) == pk]
        item.sources, item.asked, item.accepted = [*item.sources, *joining], [*item.asked, *joining], False
        _save(item)
    return [one for one in newcomers if one.source not in homes]


def _append(synthesis: Synthesis, told: Sequence[Told]) -> None:
    last = {item.section: item.order for item in queries.items(synthesis)}
    items = []
    for one in told:
        section = one.statement.section
        last[section] = last.get(section, 0) + 1
        items.append(replace(item_of(Gathered((one,), one)), order=last[section]))
    _add_items(synthesis, items)
