"""From a text and the days of its way to the rows of a document: versions, moves, numbers, dispatches, registers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from nennep.demonstration.chance import Dice
from nennep.demonstration.course import by_day
from nennep.demonstration.invention import invented
from nennep.demonstration.people import Hand
from nennep.demonstration.scene import HEADQUARTERS, PROVINCE, Scene
from nennep.documents.models import (
    Clause,
    ClauseAddressee,
    Comment,
    Dispatch,
    Document,
    DocumentMove,
    DocumentType,
    DocumentVersion,
    Incoming,
    Opinion,
    OpinionRequest,
    Register,
    RegisterEntry,
)
from nennep.documents.queries import registers
from nennep.documents.rules.layout import Family
from nennep.documents.rules.numbering import plain_number, symbol_of, year_of
from nennep.documents.rules.states import Direction, Move, NumberState, State, Urgency
from nennep.documents.rules.text import Text, digest, labels, shown

#: What is written here, with numbers given by hand.
ROWS = (
    Document,
    DocumentVersion,
    DocumentMove,
    Clause,
    Dispatch,
    Incoming,
    Register,
    RegisterEntry,
    Comment,
    OpinionRequest,
    Opinion,
)
#: Nobody is late any more with a paper that went out so long ago.
SETTLED_AFTER = timedelta(days=45)


@dataclass(frozen=True)
class Way:
    """When each step of a paper's route was made; None: not yet. What lies after the end has not happened."""

    begun: datetime
    submitted: datetime | None = None
    returned: datetime | None = None
    agreed: datetime | None = None
    signed: datetime | None = None
    issued: datetime | None = None


@dataclass
class Sheet:
    """One paper in the making: its row, its way, what it will say once numbers are known, and whom it goes to."""

    document: Document
    way: Way
    say: Callable[[], Text]
    to_act: Sequence[int] = ()
    to_know: Sequence[int] = ()
    reason: str = ""
    clauses: dict[str, Clause] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        return f"documents.document:{self.document.pk}"


@dataclass(frozen=True)
class _Wanted:
    """A number to be given in a register: to a document, to an incoming paper, or to neither, with the reason."""

    day: date
    at: datetime
    hand: Hand
    state: NumberState = NumberState.USED
    document: Document | None = None
    incoming: Incoming | None = None
    subject: str = ""
    reason: str = ""


_Key = tuple[int, str, int, str, date]


class Papers:
    """Gathers the rows of all papers, gives their numbers in the order of days, and writes them."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        found = DocumentType.objects.select_related("series").filter(ends_on__isnull=True)
        self._types = {type_.code: type_ for type_ in found}
        comes_in = registers.incoming_series(Family.STATE)
        if comes_in is None:
            raise AssertionError("the pack has no series of incoming papers")
        self._comes_in = comes_in
        self._symbols = {
            (str(getattr(row, "family", "state")), row.unit_kind): row.symbol for row in scene.pack.layouts
        }
        self._wanted: dict[_Key, list[_Wanted]] = {}
        self._spans: dict[_Key, date | None] = {}
        self._numbers: Counter[int] = Counter()
        self.documents: list[Document] = []
        self.versions: list[DocumentVersion] = []
        self.moves: list[DocumentMove] = []
        self.clauses: list[Clause] = []
        self.addressees: list[ClauseAddressee] = []
        self.dispatches: list[Dispatch] = []
        self.incoming: list[Incoming] = []
        self.comments: list[Comment] = []
        self.requests: list[OpinionRequest] = []
        self.opinions: list[Opinion] = []

    # --- beginning --------------------------------------------------------------------------------

    def way_to(self, day: date, hour: int = 10) -> Way:
        """The usual way of a paper that is issued on a day: a fortnight from the first word."""
        issued = self.scene.local(day, hour)
        return Way(
            begun=issued - timedelta(days=14, hours=1),
            submitted=issued - timedelta(days=6, hours=-1),
            agreed=issued - timedelta(days=4, hours=-4),
            signed=issued - timedelta(days=1, hours=-5),
            issued=issued,
        )

    def begin(
        self,
        unit_id: int,
        code: str,
        subject: str,
        way: Way,
        say: Callable[[], Text],
        *,
        to_act: Iterable[int] = (),
        to_know: Iterable[int] = (),
        answers: Sheet | None = None,
        urgency: Urgency = Urgency.NORMAL,
        reason: str = "",
    ) -> Sheet | None:
        """A paper of a unit, if anything of it has happened yet; its number is asked for when it was issued."""
        scene = self.scene
        if not scene.has_come(way.begun):
            return None
        type_ = self._types[code]
        document = Document(
            id=scene.ids.next("document"),
            unit_id=unit_id,
            type=type_,
            subject=subject,
            urgency=urgency,
            created_at=way.begun,
            created_by_id=scene.writer(unit_id, way.begun.date()).person_id,
            answers_id=answers.document.pk if answers else None,
        )
        sheet = Sheet(document, way, say, tuple(to_act), tuple(to_know), reason)
        if way.issued is not None and scene.has_come(way.issued):
            day = way.issued.date()
            document.issued_on = document.starts_on = day
            family = Family(type_.series.family)
            document.symbol = symbol_of(
                family,
                type_.abbreviation,
                self._symbols[str(family), scene.kind(unit_id)],
                letter=type_.is_letter,
                office="KHTH" if scene.kind(unit_id) in {HEADQUARTERS, PROVINCE} else "",
            )
            self._ask(unit_id, Direction.OUT, type_, _Wanted(day, way.issued, self._issuer(sheet), document=document))
        return sheet

    def keep_number(
        self, unit_id: int, code: str, day: date, state: NumberState, reason: str, subject: str = ""
    ) -> None:
        """A number that is kept, struck out or was used on paper."""
        at, hand = self.scene.local(day, 9), self.scene.writer(unit_id, day)
        self._ask(
            unit_id, Direction.OUT, self._types[code], _Wanted(day, at, hand, state, subject=subject, reason=reason)
        )

    def _ask(self, unit_id: int, direction: Direction, type_: DocumentType | None, wanted: _Wanted) -> None:
        series = type_.series if type_ is not None else self._comes_in
        span = registers.span_of(series, wanted.day) if series.by_term else year_of(wanted.day)
        if span is None:
            raise AssertionError(f"no term on {wanted.day}")
        code = registers.register_code(type_) if type_ is not None else ""
        key = (unit_id, str(direction), series.pk, code, span.starts_on)
        self._spans[key] = span.ends_on
        self._wanted.setdefault(key, []).append(wanted)

    def give_numbers(self, direction: Direction) -> None:
        """Number what was asked for, each register from 1 in the order of its days, and write the registers."""
        rows: list[Register] = []
        entries: list[RegisterEntry] = []
        keys = sorted(key for key in self._wanted if key[1] == direction)
        for key in keys:
            wanted = sorted(self._wanted[key], key=lambda one: (one.day, one.at))
            unit_id, _, series_id, code, starts_on = key
            register = Register(
                id=self.scene.ids.next("register"),
                unit_id=unit_id,
                direction=direction,
                series_id=series_id,
                type_code=code,
                starts_on=starts_on,
                ends_on=self._spans[key],
                last_number=len(wanted),
            )
            rows.append(register)
            entries += [self._entry(register, number, one) for number, one in enumerate(wanted, start=1)]
        Register.objects.bulk_create(rows)
        RegisterEntry.objects.bulk_create(entries, batch_size=2_000)

    def _entry(self, register: Register, number: int, one: _Wanted) -> RegisterEntry:
        if one.document is not None:
            one.document.number = number
        papers = one.document or one.incoming
        entry = RegisterEntry(
            id=self.scene.ids.next("entry"),
            register_id=register.pk,
            number=number,
            state=one.state,
            document_id=one.document.pk if one.document else None,
            incoming_id=one.incoming.pk if one.incoming else None,
            dated_on=one.day,
            subject=papers.subject if papers is not None else one.subject,
            reason=one.reason,
            at=one.at,
            person_name=one.hand.person_name,
            post_title=one.hand.post_title,
        )
        self._tell_entry(register, entry, one)
        return entry

    def _tell_entry(self, register: Register, entry: RegisterEntry, one: _Wanted) -> None:
        """The act behind a number: a document's own act tells of its number already."""
        subject = f"documents.registerentry:{entry.pk}"
        details: dict[str, Any] = {"number": entry.number}
        if one.document is not None:
            return
        if one.incoming is not None and one.incoming.dispatch is not None:
            act, subject = "documents.receive", f"documents.dispatch:{one.incoming.dispatch_id}"
            details["document"] = one.incoming.dispatch.document_id
        elif one.incoming is not None:
            act, subject = "documents.register-incoming", f"documents.incoming:{one.incoming.pk}"
            details |= {"secret": one.incoming.secret, "even_so": one.incoming.duplicate_of_id is not None}
        elif one.state is NumberState.RESERVED:
            act, subject = "documents.reserve-numbers", f"documents.register:{register.pk}"
            details = {"first": entry.number, "last": entry.number}
        elif one.state is NumberState.PAPER:
            act = "documents.paper-number"
        else:
            act = "documents.void-number"
            details["was"] = str(NumberState.RESERVED)
        reason = one.reason if one.incoming is None else ""
        self.scene.tell(register.unit_id, one.at, act, subject, one.hand, reason, details)

    # --- the route --------------------------------------------------------------------------------

    def finish(self, sheet: Sheet) -> None:
        """Let a paper go its way as far as it has come, now that its number is known."""
        scene, document, way = self.scene, sheet.document, sheet.way
        text = sheet.say()
        day = way.begun.date()
        writer = scene.writer(document.unit_id, day)
        document.draft, document.draft_revision = text.as_json(), 3
        document.draft_at, document.draft_by = way.begun + timedelta(hours=2), writer.person_name
        self.documents.append(document)
        scene.tell(
            document.unit_id, way.begun, "documents.begin", sheet.subject, writer, "", {"type": document.type.code}
        )
        self._name(sheet, writer)
        if scene.has_come(way.submitted) and way.submitted is not None:
            version = self.freeze(sheet, text, way.submitted, writer)
            details: dict[str, Any] = {"version": version.number, "digest": version.digest}
            self._move(sheet, Move.SUBMIT, State.SUBMITTED, way.submitted, writer, "documents.submit", details=details)
        if scene.has_come(way.returned) and way.returned is not None:
            hand = self._who_agrees(sheet, way.returned)
            told = {"version": 1}
            self._move(sheet, Move.RETURN, State.RETURNED, way.returned, hand, "documents.return", sheet.reason, told)
        if scene.has_come(way.agreed) and way.agreed is not None:
            hand = self._who_agrees(sheet, way.agreed)
            details = {"version": 1, "digest": self.versions[-1].digest}
            self._move(sheet, Move.AGREE, State.AGREED, way.agreed, hand, "documents.agree", details=details)
        if scene.has_come(way.signed) and way.signed is not None:
            self._sign(sheet, way.signed)
        if scene.has_come(way.issued) and way.issued is not None:
            self._issue(sheet, text, way.issued)

    def freeze(self, sheet: Sheet, text: Text, at: datetime, hand: Hand, note: str = "") -> DocumentVersion:
        """What is written as a version, and the newest of its document."""
        document = sheet.document
        self._numbers[document.pk] += 1
        version = DocumentVersion(
            id=self.scene.ids.next("document_version"),
            document_id=document.pk,
            number=self._numbers[document.pk],
            subject=document.subject,
            content_data=text.as_json(),
            digest=digest(text, subject=document.subject),
            note=note,
            **signed(at, hand),
        )
        self.versions.append(version)
        document.current_version_id = version.pk
        return version

    def _move(
        self,
        sheet: Sheet,
        move: Move,
        state: State,
        at: datetime,
        hand: Hand,
        act: str,
        reason: str = "",
        details: dict[str, Any] | None = None,
    ) -> None:
        document = sheet.document
        document.state = state
        self.moves.append(
            DocumentMove(
                id=self.scene.ids.next("document_move"),
                document_id=document.pk,
                version_id=document.current_version_id,
                move=move,
                to_state=state,
                reason=reason,
                **signed(at, hand),
            )
        )
        self.scene.tell(document.unit_id, at, act, sheet.subject, hand, reason, details)

    def _issuer(self, sheet: Sheet) -> Hand:
        at = sheet.way.issued or sheet.way.begun
        return self.scene.writer(sheet.document.unit_id, at.date())

    def _who_agrees(self, sheet: Sheet, at: datetime) -> Hand:
        unit_id = sheet.document.unit_id
        role = "head_of_planning" if self.scene.kind(unit_id) == HEADQUARTERS else "commander"
        return self.scene.hand(unit_id, role, at.date())

    def _sign(self, sheet: Sheet, at: datetime) -> None:
        scene, document = self.scene, sheet.document
        row = next(row for row in document.type.signers if row["unit_kind"] == scene.kind(document.unit_id))
        hand = scene.hand(document.unit_id, row["post"].split(".")[1], at.date())
        document.signer_rank, document.signer_name = rank_and_name(hand.person_name)
        document.signer_id = scene.appointment(hand)
        document.signer_post = row.get("title") or hand.post_title
        document.capacity, document.in_place_of = row.get("capacity", "OWN"), row.get("in_place_of", "")
        document.signed_at = at
        details = {"version": 1, "digest": self.versions[-1].digest, "capacity": document.capacity}
        self._move(sheet, Move.SIGN, State.SIGNED, at, hand, "documents.sign", details=details)

    def _issue(self, sheet: Sheet, text: Text, at: datetime) -> None:
        document, hand = sheet.document, self._issuer(sheet)
        if document.type.binds:
            self._bind(sheet, text)
        self._send(sheet, at)
        details = {
            "number": document.numbered,
            "version": 1,
            "sent": len(sheet.to_act) + len(sheet.to_know),
            "clauses": len(sheet.clauses),
        }
        self._move(sheet, Move.ISSUE, State.ISSUED, at, hand, "documents.issue", details=details)
        force = "documents.enter-into-force"
        self._move(sheet, Move.ENTER_INTO_FORCE, State.IN_FORCE, at + timedelta(minutes=1), hand, force)

    def _bind(self, sheet: Sheet, text: Text) -> None:
        cited = labels(text)
        binding = [block for block in text.blocks if block.binding is not None]
        for position, block in enumerate(binding, start=1):
            asked = block.binding
            if asked is None:
                continue
            clause = Clause(
                id=self.scene.ids.next("clause"),
                document_id=sheet.document.pk,
                block=block.id,
                label=cited[block.id][:40],
                text=shown(block.words),
                position=position,
                due_on=asked.due_on,
                indicator=asked.indicator,
                figure=asked.figure,
                for_all=not asked.addressees,
            )
            self.clauses.append(clause)
            sheet.clauses[block.id] = clause
            self.addressees += [
                ClauseAddressee(clause_id=clause.pk, unit_id=self.scene.unit_ids[code]) for code in asked.addressees
            ]

    # --- whom it goes to --------------------------------------------------------------------------

    def _name(self, sheet: Sheet, writer: Hand) -> None:
        named = len(sheet.to_act) + len(sheet.to_know)
        if not named:
            return
        at = sheet.way.begun + timedelta(hours=3)
        details = {"to_act": len(sheet.to_act), "to_know": len(sheet.to_know)}
        self.scene.tell(sheet.document.unit_id, at, "documents.name-recipients", sheet.subject, writer, "", details)
        if not self.scene.has_come(sheet.way.issued) or sheet.way.issued is None:
            self.dispatches += [self._dispatch(sheet, unit, unit in sheet.to_act) for unit in self._all(sheet)]

    @staticmethod
    def _all(sheet: Sheet) -> list[int]:
        return [*sheet.to_act, *sheet.to_know]

    def _dispatch(self, sheet: Sheet, unit_id: int, to_act: bool, sent_at: datetime | None = None) -> Dispatch:
        return Dispatch(
            id=self.scene.ids.next("dispatch"),
            document_id=sheet.document.pk,
            unit_id=unit_id,
            to_act=to_act,
            sent_at=sent_at,
        )

    def _send(self, sheet: Sheet, at: datetime) -> None:
        act = set(sheet.to_act)
        first_due = _first_dues(sheet.clauses.values(), self.addressees)
        for unit_id in self._all(sheet):
            dispatch = self._dispatch(sheet, unit_id, unit_id in act, at)
            self.dispatches.append(dispatch)
            due_on = min(
                (day for day in (first_due.get(None), first_due.get(unit_id)) if day is not None), default=None
            )
            self._receive(sheet, dispatch, due_on if dispatch.to_act else None)

    def _receive(self, sheet: Sheet, dispatch: Dispatch, due_on: date | None) -> None:
        scene, document, sent_at = self.scene, sheet.document, dispatch.sent_at
        if sent_at is None:
            return
        dice = Dice(scene.codes[dispatch.unit_id], "received", document.pk)
        received_at = by_day(sent_at + timedelta(hours=dice.between(0.3, 20) * (3 if dice.happens(0.1) else 1)))
        acknowledged_at = by_day(
            received_at + timedelta(hours=dice.between(0.5, 22) * (4 if dice.happens(0.12) else 1))
        )
        is_old = sent_at < scene.at - SETTLED_AFTER
        if not is_old and dice.happens(0.05):
            return
        if not scene.has_come(received_at):
            return
        hand = scene.writer(dispatch.unit_id, received_at.date())
        dispatch.received_at, dispatch.received_by = received_at, hand.person_name
        incoming = Incoming(
            id=scene.ids.next("incoming"),
            unit_id=dispatch.unit_id,
            dispatch=dispatch,
            issuer=scene.named(document.unit_id, sent_at.date()).name,
            number=str(document.number),
            symbol=document.symbol,
            type_name=document.type.name,
            dated_on=sent_at.date(),
            arrived_on=received_at.date(),
            subject=document.subject,
            due_on=due_on,
        )
        self.incoming.append(incoming)
        self._ask(
            dispatch.unit_id, Direction.IN, None, _Wanted(received_at.date(), received_at, hand, incoming=incoming)
        )
        if not is_old and dice.happens(0.1):
            return
        if scene.has_come(acknowledged_at):
            dispatch.acknowledged_at, dispatch.acknowledged_by = acknowledged_at, hand.person_name
            about, details = f"documents.dispatch:{dispatch.pk}", {"document": document.pk}
            scene.tell(dispatch.unit_id, acknowledged_at, "documents.acknowledge", about, hand, "", details)

    def come_in(self, unit_id: int, row: dict[str, Any], arrived_on: date, earlier: Incoming | None = None) -> Incoming:
        """A paper from outside, registered on the day it came; `earlier` is the one it seems to repeat."""
        scene = self.scene
        at = scene.local(arrived_on, 9, 20)
        days = timedelta(days=row.get("age", 4))
        incoming = Incoming(
            id=scene.ids.next("incoming"),
            unit_id=unit_id,
            issuer=row["issuer"],
            number=plain_number(str(row["number"])),
            symbol=row["symbol"],
            type_name="" if row.get("secret") else row["type"],
            dated_on=earlier.dated_on if earlier else arrived_on - days,
            arrived_on=arrived_on,
            subject="" if row.get("secret") else row["subject"],
            due_on=arrived_on + timedelta(days=row["within"]) if row.get("within") else None,
            handler=row.get("handler", ""),
            kept_at=row.get("kept_at", ""),
            secret=bool(row.get("secret")),
            duplicate_of_id=earlier.pk if earlier else None,
        )
        hand = scene.writer(unit_id, arrived_on)
        handled_at = at + timedelta(days=row.get("handled", 6))
        if row.get("outcome") and scene.has_come(handled_at):
            incoming.handled_at, incoming.outcome = handled_at, row["outcome"]
            about = f"documents.incoming:{incoming.pk}"
            scene.tell(unit_id, handled_at, "documents.close-incoming", about, scene.writer(unit_id, handled_at.date()))
        self.incoming.append(incoming)
        self._ask(unit_id, Direction.IN, None, _Wanted(arrived_on, at, hand, incoming=incoming))
        return incoming

    # --- ends -------------------------------------------------------------------------------------

    def recall(self, sheet: Sheet, at: datetime, reason: str) -> None:
        """Take an issued paper back: void wherever it went, its clauses binding nobody, every trace kept."""
        if not self.scene.has_come(at) or sheet.document.number is None:
            return
        document, hand = sheet.document, self.scene.writer(sheet.document.unit_id, at.date())
        went = [one for one in self.dispatches if one.document_id == document.pk and one.sent_at is not None]
        gone = {one.pk for one in went}
        for dispatch in went:
            dispatch.voided_at = at
        for key, wanted in self._wanted.items():
            if key[1] == Direction.IN:
                self._wanted[key] = [_voided(one, reason) if _came_by(one, gone) else one for one in wanted]
        self._end(sheet, Move.RECALL, State.RECALLED, at, hand, "documents.recall", reason)

    def replace(self, old: Sheet, newer: Sheet) -> None:
        """Let a paper give way to another that is in force."""
        at = newer.way.issued
        if at is None or newer.document.number is None or old.document.number is None:
            return
        newer.document.replaces_id = old.document.pk
        hand = self.scene.writer(old.document.unit_id, at.date())
        at = at + timedelta(minutes=2)
        self._end(old, Move.REPLACE, State.REPLACED, at, hand, "documents.replace", newer.document.numbered)

    def drop(self, sheet: Sheet, at: datetime, reason: str) -> None:
        """Give a draft up; it stays to be read, with the reason."""
        if self.scene.has_come(at):
            hand = self.scene.writer(sheet.document.unit_id, at.date())
            self._move(sheet, Move.DROP, State.DROPPED, at, hand, "documents.drop", reason)

    def _end(self, sheet: Sheet, move: Move, state: State, at: datetime, hand: Hand, act: str, reason: str) -> None:
        document = sheet.document
        for clause in sheet.clauses.values():
            clause.withdrawn_on, clause.withdrawn_reason = at.date(), reason
        if document.starts_on is not None and document.starts_on < at.date():
            document.ends_on = at.date()
        self._move(sheet, move, state, at, hand, act, reason, {"clauses": len(sheet.clauses)})

    # --- writing ----------------------------------------------------------------------------------

    def write(self) -> None:
        """Write what was gathered since the last time; registers are written when numbers are given."""
        Document.objects.bulk_create(self.documents)
        DocumentVersion.objects.bulk_create(self.versions)
        DocumentMove.objects.bulk_create(self.moves)
        Clause.objects.bulk_create(self.clauses)
        ClauseAddressee.objects.bulk_create(self.addressees)
        Comment.objects.bulk_create(self.comments)
        OpinionRequest.objects.bulk_create(self.requests)
        Opinion.objects.bulk_create(self.opinions)
        for rows in (self.documents, self.versions, self.moves, self.clauses, self.addressees, self.comments):
            rows.clear()
        self.requests.clear()
        self.opinions.clear()

    def write_what_came_in(self) -> None:
        """Write dispatches, incoming papers and their registers: once, when every paper has gone its way."""
        Dispatch.objects.bulk_create(self.dispatches, batch_size=2_000)
        Incoming.objects.bulk_create(self.incoming, batch_size=2_000)
        self.give_numbers(Direction.IN)


def signed(at: datetime, hand: Hand) -> dict[str, Any]:
    """The columns of whoever did something, in which post, when."""
    return {"at": at, "person_id": hand.person_id, "person_name": hand.person_name, "post_title": hand.post_title}


def _first_dues(clauses: Iterable[Clause], addressees: Iterable[ClauseAddressee]) -> dict[int | None, date]:
    """The first day on which a clause wants something of a unit; under None, of every unit."""
    dues = {clause.pk: clause for clause in clauses if clause.due_on is not None}
    found: dict[int | None, date] = {}
    named = [(row.unit_id, dues[row.clause_id]) for row in addressees if row.clause_id in dues]
    whole = [(None, clause) for clause in dues.values() if clause.for_all]
    for unit_id, clause in [*named, *whole]:
        if clause.due_on is not None:
            found[unit_id] = min(found.get(unit_id, clause.due_on), clause.due_on)
    return found


def _came_by(one: _Wanted, dispatches: set[int]) -> bool:
    return one.incoming is not None and one.incoming.dispatch_id in dispatches


def _voided(one: _Wanted, reason: str) -> _Wanted:
    return _Wanted(one.day, one.at, one.hand, NumberState.VOIDED, incoming=one.incoming, reason=reason)


def rank_and_name(person: str) -> tuple[str, str]:
    """`Đại tá Nguyễn Văn An` as rank and name."""
    people = invented("people")
    ranks = {rank for ranks in people["ranks"].values() for rank in ranks} | {row["rank"] for row in people["people"]}
    found = next((rank for rank in sorted(ranks, key=len, reverse=True) if person.startswith(f"{rank} ")), "")
    return found, person.removeprefix(found).strip()
