"""What the page of a document shows: its paper, its way, its register, whom it went to, and what may be done now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nennep.documents.models import Dispatch, Document, DocumentMove, DocumentVersion, Register, RegisterEntry
from nennep.documents.queries import clauses as clause_queries
from nennep.documents.queries import dispatches, drafts
from nennep.documents.queries import documents as queries
from nennep.documents.queries import registers as register_queries
from nennep.documents.queries.documents import Signer
from nennep.documents.queries.sight import is_own
from nennep.documents.rules.layout import Family
from nennep.documents.rules.states import ISSUED_STATES, OPEN_STATES, ROUTE, Direction, Move, State, Urgency, moves_from
from nennep.documents.rules.text import Text, labels
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import NotAuthorised, Permission
from nennep.site.acting import ActingRequest
from nennep.site.document_drawing import drawn
from nennep.site.document_refusals import DOCUMENT_MOVES, DOCUMENT_STATES, cited
from nennep.site.document_words import (
    LOOKS,
    STEPS_MADE,
    STEPS_TO_COME,
    URGENCIES,
    letters_and_family,
    signer_in_words,
    titled,
    type_in_words,
)
from nennep.site.word_templates import FAMILIES

#: The steps up to its issue, in their order.
_WAY = (Move.SUBMIT, Move.AGREE, Move.SIGN, Move.ISSUE)
#: How many of those who may make a step are named, and how many names of units that have not received.
_MOST_NAMED = 3
MOST_MISSING = 12
#: How many numbers of the register stand before the next.
_LAST_NUMBERS = 3
_STEP_ICONS = {Move.RETURN: "returned", Move.RECALL: "failed", Move.DROP: "failed", Move.WITHDRAW: "returned"}
#: What a reader outside the unit sees of its way: nothing of what went on before it was signed.
_TOLD_OUTSIDE = {Move.SIGN, Move.ISSUE, Move.ENTER_INTO_FORCE, Move.REPLACE, Move.RECALL, Move.EXPIRE}


# --- which text -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """The text that an actor sees of a document: what is being written, or a version."""

    text: Text
    version: DocumentVersion | None


def shown_to(document: Document, by: Actor) -> Shown:
    """What is being written, for its own unit; what was handed on; and for a unit that was asked for its opinion the
    newest version that it was asked about, under the subject of that version.
    """
    state = State(document.state)
    if is_own(by, document.unit_id):
        if state in OPEN_STATES or document.current_version is None:
            return Shown(Text.from_json(document.draft), None)
        return Shown(Text.from_json(document.current_version.content_data), document.current_version)
    version = document.current_version if state in ISSUED_STATES else drafts.versions(document.pk, by=by).first()
    if version is None:
        raise NotAuthorised(Permission.DOCUMENTS_VIEW, hidden=True)
    document.subject = version.subject
    return Shown(Text.from_json(version.content_data), version)


# --- its way --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One step of a route: made, next, or still to come."""

    name: str
    look: str
    icon: str = ""
    number: int = 0
    who: str = ""
    at: datetime | None = None
    reason: str = ""
    version: int = 0


def _made(move: DocumentMove) -> Step:
    name = Move(move.move)
    look = "returned" if name in _STEP_ICONS else "good"
    who = f"{move.person_name}, {move.post_title}" if move.post_title else move.person_name
    return Step(
        str(STEPS_MADE[name]),
        look,
        _STEP_ICONS.get(name, "done"),
        who=who,
        at=move.at,
        reason=move.reason,
        version=move.version.number if move.version else 0,
    )


def _to_come(document: Document, made: int, signers: Sequence[Signer], by: Actor) -> list[Step]:
    """What is still to be done, and by whom, until it is issued or in force."""
    state = State(document.state)
    if state is State.ISSUED and document.starts_on is not None:
        return [
            Step(
                str(STEPS_TO_COME[Move.ENTER_INTO_FORCE]), "next", number=made + 1, who=f"{document.starts_on:%d/%m/%Y}"
            )
        ]
    place = {
        State.DRAFT: 0,
        State.RETURNED: 0,
        State.SUBMITTED: 1,
        State.AGREED: 2,
        State.SIGNED: 3,
    }.get(state)
    if place is None:
        return []
    holders = organisation.posts_of(document.unit_id, by.today)
    steps: list[Step] = []
    for number, move in enumerate(_WAY[place:], start=made + 1):
        if move is Move.SIGN:
            family = Family(document.type.series.family)
            named = [one for one in signers if one.appointment_id == document.signer_id] or list(signers)
            people = [signer_in_words(one, family) for one in named]
        else:
            permission = ROUTE[move].permission
            people = [
                f"{held.person}, {post.title}"
                for post, all_held in holders
                if str(permission) in post.permissions
                for held in all_held[:1]
            ]
        look = "to-come" if steps else "next"
        steps.append(Step(str(STEPS_TO_COME[move]), look, number=number, who=" · ".join(people[:_MOST_NAMED])))
    return steps


# --- its register ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Strip:
    """The last numbers of the register that a document is numbered in, and the next, which is given at its issue."""

    register: Register
    last: Sequence[RegisterEntry]
    next_number: int


def strip_of(document: Document, by: Actor) -> Strip | None:
    """The register of a document's type on its day; None while its unit has none yet. Two queries."""
    day = document.issued_on or by.today
    type_ = document.type
    found = (
        register_queries.registers(by, unit_id=document.unit_id, direction=Direction.OUT)
        .filter(series_id=type_.series_id, type_code=register_queries.register_code(type_), starts_on__lte=day)
        .first()
    )
    if found is None or (found.ends_on is not None and found.ends_on <= day):
        return None
    rows = RegisterEntry.objects.filter(register=found)
    if document.number is not None:
        rows = rows.filter(number__lte=document.number)
    last = sorted(rows.order_by("-number")[:_LAST_NUMBERS], key=lambda row: row.number)
    return Strip(found, last, found.last_number + 1)


# --- what may be done -----------------------------------------------------------------------------


def may_do(document: Document, signers: Sequence[Signer], by: Actor) -> list[Move]:
    """The moves that the actor can make now, in the order of the route."""
    if not is_own(by, document.unit_id):
        return []
    found = [move for move in moves_from(State(document.state)) if ROUTE[move].permission in by.permissions]
    mine = [one for one in signers if (one.person_id, one.post_id) == (by.person_id, by.post_id)]
    is_named = document.signer_id is None or document.signer_id in {one.appointment_id for one in mine}
    if Move.SIGN in found and not (mine and is_named):
        found.remove(Move.SIGN)
    if Move.ENTER_INTO_FORCE in found and document.starts_on is not None and by.today < document.starts_on:
        found.remove(Move.ENTER_INTO_FORCE)
    return found


# --- the page -------------------------------------------------------------------------------------


def context_of(request: ActingRequest, document: Document) -> dict[str, Any]:
    """Everything that the page of a document shows. The number of queries does not grow with the document."""
    by = request.actor
    state = State(document.state)
    own = is_own(by, document.unit_id)
    shown = shown_to(document, by)
    signers = queries.signers_for(document.type, document.unit_id, by.today) if own else []
    moves = [one for one in queries.moves(document.pk) if own or Move(one.move) in _TOLD_OUTSIDE]
    made = [_made(one) for one in moves]
    may = may_do(document, signers, by)
    spread = dispatches.spread(document.pk, by.today)
    clauses = list(clause_queries.clauses(document.pk)) if document.type.binds and document.number else []
    mine = dispatches.dispatch_of(document.pk, by)
    may_write = own and state in OPEN_STATES and Permission.DOCUMENTS_DRAFT in by.permissions
    may_issue = own and Permission.DOCUMENTS_ISSUE in by.permissions
    return {
        "section": "documents",
        "document": document,
        "title": titled(document),
        "cited": cited(document) if document.number else "",
        "unit": organisation.units_known_by(by.today, ids=[document.unit_id])[document.unit_id],
        "is_own": own,
        "state": DOCUMENT_STATES[state],
        "look": LOOKS[state],
        "version": shown.version,
        "drawn": drawn(document, shown.text, by.today),
        "labels": labels(shown.text).items(),
        "type_name": type_in_words(document.type),
        "family": FAMILIES[Family(document.type.series.family)],
        "urgency_said": URGENCIES[Urgency(document.urgency)],
        "steps": [*made, *_to_come(document, len(made), signers, by)] if own or made else [],
        "strip": strip_of(document, by) if own or document.number else None,
        "spread": spread,
        "missing": (spread.not_received or spread.not_acknowledged)[:MOST_MISSING],
        "clauses": clauses,
        "standing": sum(clause.withdrawn_on is None for clause in clauses),
        "mine": mine,
        **_receiving(mine, by),
        "may": [str(move) for move in may],
        "words_of": {str(move): words for move, words in DOCUMENT_MOVES.items()},
        "may_write": may_write,
        "may_name": may_write or (may_issue and state not in ISSUED_STATES | {State.DROPPED} | OPEN_STATES),
        "may_send_on": may_issue and state in {State.ISSUED, State.IN_FORCE},
        "open": drafts.open_matters(document) if own and state not in ISSUED_STATES else None,
        "comments": list(drafts.comments(document.pk, by=by)[:50]) if state not in ISSUED_STATES else [],
        "may_remark": state not in ISSUED_STATES and state is not State.DROPPED,
        "asked": None if own else drafts.requests(document.pk, by=by).filter(answered_at__isnull=True).last(),
        "today": by.today,
        **(_fields(document, signers, by) if may_write else {}),
        **(_issuing(document, shown.text, by) if Move.ISSUE in may else {}),
        "replacing": _could_replace(document, by) if Move.REPLACE in may else [],
    }


def _receiving(mine: Dispatch | None, by: Actor) -> dict[str, Any]:
    open_ = mine is not None and mine.voided_at is None and Permission.DOCUMENTS_RECEIVE in by.permissions
    return {
        "may_receive": open_ and mine is not None and mine.received_at is None,
        "may_acknowledge": open_ and mine is not None and mine.acknowledged_at is None,
    }


def _fields(document: Document, signers: Sequence[Signer], by: Actor) -> dict[str, Any]:
    """What the fields beside a draft offer to choose from."""
    kind = organisation.unit(document.unit_id, by.today).kind
    family = Family(document.type.series.family)
    return {
        "types": [
            (one.pk, f"{type_in_words(one)} {letters_and_family(one)}".strip())
            for one in queries.types_on(by.today, kind)
        ],
        "signers": [(one.appointment_id, signer_in_words(one, family)) for one in signers],
        "urgencies": [(str(urgency), words) for urgency, words in URGENCIES.items()],
    }


def _issuing(document: Document, text: Text, by: Actor) -> dict[str, Any]:
    """What issuing will touch, and the numbers that are kept for it."""
    return {
        "binding": sum(block.binding is not None for block in text.blocks) if document.type.binds else 0,
        "kept": list(register_queries.kept_numbers(by, document.type, by.today)[:20]),
    }


def _could_replace(document: Document, by: Actor) -> list[Document]:
    """The unit's documents of the same type that are in force and began later."""
    wanted = queries.Wanted(states=[State.IN_FORCE], type_code=document.type.code, unit_id=document.unit_id)
    return list(queries.documents(by, wanted).exclude(pk=document.pk)[:20])
