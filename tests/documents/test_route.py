"""The way of a document: who may make which step from where, and what each step leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import pytest

from nennep.documents.models import Clause, Document, DocumentMove, DocumentType, DocumentVersion
from nennep.documents.queries import documents as queries
from nennep.documents.queries.documents import Wanted
from nennep.documents.rules.states import Direction, Move, State, WrongMove
from nennep.documents.rules.text import Binding, Block, BlockKind, Text, numbered, parse
from nennep.documents.services import clauses, dispatch, route
from nennep.documents.services.finding import all_puts
from nennep.documents.services.incoming import Arrival, register_incoming
from nennep.documents.services.refusals import DocumentsRefused
from nennep.journal.models import Entry
from nennep.journal.rules import Actor, system_actor
from nennep.organisation.models import Unit
from nennep.organisation.rules import NotAuthorised
from nennep.search import queries as search
from nennep.search.models import Entry as FoundEntry
from nennep.search.rules import Kind
from nennep.search.services import rebuild
from tests.cast import NOW, Cast
from tests.documents.world import DAY, TODAY, in_state, issued, signed, written

Types = dict[str, DocumentType]
S = State

#: Each step: from where, to where, and whose post makes it in a border post.
STEPS: Mapping[Move, tuple[set[State], State, set[str]]] = {
    Move.SUBMIT: ({S.DRAFT, S.RETURNED}, S.SUBMITTED, {"thanh"}),
    Move.WITHDRAW: ({S.SUBMITTED}, S.DRAFT, {"thanh"}),
    Move.RETURN: ({S.SUBMITTED, S.AGREED}, S.RETURNED, {"dontruong"}),
    Move.AGREE: ({S.SUBMITTED}, S.AGREED, {"dontruong"}),
    Move.SIGN: ({S.AGREED}, S.SIGNED, {"dontruong"}),
    # Issued with today as its first day, it is in force at once.
    Move.ISSUE: ({S.SIGNED}, S.IN_FORCE, {"thanh"}),
    Move.ENTER_INTO_FORCE: ({S.ISSUED}, S.IN_FORCE, {"thanh"}),
    Move.REPLACE: ({S.ISSUED, S.IN_FORCE}, S.REPLACED, {"thanh"}),
    Move.RECALL: ({S.ISSUED, S.IN_FORCE}, S.RECALLED, {"thanh"}),
    Move.EXPIRE: ({S.IN_FORCE}, S.EXPIRED, {"thanh"}),
    Move.DROP: ({S.DRAFT, S.RETURNED}, S.DROPPED, {"thanh"}),
}
ISSUED = {S.ISSUED, S.IN_FORCE, S.REPLACED, S.RECALLED, S.EXPIRED}


def step(document: Document, move: Move, by: Actor, newer: int) -> object:
    """Make one step as a page would."""
    version_id = document.current_version_id or 0
    acts: Mapping[Move, Callable[[], object]] = {
        Move.SUBMIT: lambda: route.submit(document.pk, revision=1, by=by),
        Move.WITHDRAW: lambda: route.withdraw(document.pk, by=by),
        Move.RETURN: lambda: route.return_(document.pk, version_id=version_id, reason="Thiếu hạn", by=by),
        Move.AGREE: lambda: route.agree(document.pk, version_id=version_id, by=by),
        Move.SIGN: lambda: route.sign(document.pk, version_id=version_id, by=by),
        Move.ISSUE: lambda: route.issue(document.pk, unit_symbol="ĐBP", by=by),
        Move.ENTER_INTO_FORCE: lambda: route.enter_into_force(document.pk, by=by),
        Move.REPLACE: lambda: route.replace(document.pk, by_document_id=newer, reason="Văn bản mới", by=by),
        Move.RECALL: lambda: route.recall(document.pk, reason="Sai số liệu", by=by),
        Move.EXPIRE: lambda: route.expire(document.pk, by=by),
        Move.DROP: lambda: route.drop(document.pk, reason="Không cần nữa", by=by),
    }
    return acts[move]()


def expected(move: Move, state: State, who: str) -> str:
    from_, to, posts = STEPS[move]
    if who in posts:
        return str(to) if state in from_ else "wrong move"
    if who in {"thanh", "dontruong"} or (who in {"hanh", "kehoach"} and state in ISSUED):
        return "not authorised"
    return "hidden"


@pytest.mark.parametrize("who", ["thanh", "dontruong", "hanh", "kehoach", "pao", "khach"])
def test_every_step_from_every_state_by_every_role(cast: Cast, types: Types, who: str) -> None:
    """The unit's own clerk and commander; its superior, headquarters, a sister unit and a stranger never."""
    told = {}
    newer = in_state(cast, types, S.IN_FORCE).pk
    for move in Move:
        for state in State:
            document = in_state(cast, types, state)
            try:
                step(document, move, cast.actor(who), newer)
                document.refresh_from_db()
                told[move, state] = str(document.state)
            except WrongMove:
                told[move, state] = "wrong move"
            except NotAuthorised as refused:
                told[move, state] = "hidden" if refused.hidden else "not authorised"

    assert told == {(move, state): expected(move, state, who) for move in Move for state in State}


@pytest.mark.parametrize("move", [Move.RETURN, Move.DROP, Move.RECALL, Move.REPLACE])
def test_a_step_back_says_why(cast: Cast, types: Types, move: Move) -> None:
    from_, _to, posts = STEPS[move]
    document = in_state(cast, types, max(from_))
    by = cast.actor(next(iter(posts)))
    version_id = document.current_version_id or 0
    acts: Mapping[Move, Callable[[], object]] = {
        Move.RETURN: lambda: route.return_(document.pk, version_id=version_id, reason="  ", by=by),
        Move.DROP: lambda: route.drop(document.pk, reason="", by=by),
        Move.RECALL: lambda: route.recall(document.pk, reason="\n", by=by),
        Move.REPLACE: lambda: route.replace(document.pk, by_document_id=0, reason="", by=by),
    }

    with pytest.raises(DocumentsRefused) as refused:
        acts[move]()

    assert refused.value.why == "needs_reason"
    assert not DocumentMove.objects.filter(document=document, move=move).exists()


def test_from_draft_to_register_each_step_is_kept_and_journalled(cast: Cast, types: Types) -> None:
    document = signed(cast, types, unit="SH-1")

    told = issued(cast, document)

    document.refresh_from_db()
    assert (document.state, document.numbered) == (S.IN_FORCE, "01/KH-BTL")
    assert (document.issued_on, document.starts_on, told.disorder) == (TODAY, TODAY, None)
    assert [(one.move, one.to_state) for one in queries.moves(document.pk)] == [
        ("submit", "submitted"),
        ("agree", "agreed"),
        ("sign", "signed"),
        ("issue", "issued"),
        ("enter_into_force", "in_force"),
    ]
    assert [one.act for one in Entry.objects.filter(unit_id=document.unit_id).order_by("sequence")] == [
        "documents.submit",
        "documents.agree",
        "documents.sign",
        "documents.issue",
        "documents.enter-into-force",
    ]
    assert told.entry.document_id == document.pk


# --- handing on, agreeing, signing ---------------------------------------------------------------


def refused_why(act: Callable[[], object]) -> str:
    with pytest.raises(DocumentsRefused) as refused:
        act()
    return refused.value.why


def test_a_draft_that_somebody_saved_in_the_meantime_is_not_handed_on(cast: Cast, types: Types) -> None:
    document = written(cast, types)

    why = refused_why(lambda: route.submit(document.pk, revision=0, by=cast.actor("thanh")))

    assert why == "draft_changed"
    assert not DocumentVersion.objects.exists()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"subject": "  "}, "no_subject"),
        ({"draft": {}}, "nothing_written"),
        ({"code": "guideline"}, "unit_does_not_issue"),
    ],
)
def test_what_is_not_ready_is_not_handed_on(cast: Cast, types: Types, change: dict[str, str], why: str) -> None:
    document = written(cast, types, code=change.pop("code", "plan"))
    Document.objects.filter(pk=document.pk).update(**change)

    told = refused_why(lambda: route.submit(document.pk, revision=1, by=cast.actor("thanh")))

    assert told == why


def test_a_type_that_is_in_force_no_longer_is_not_handed_on(cast: Cast, types: Types) -> None:
    document = written(cast, types)
    DocumentType.objects.filter(pk=types["plan"].pk).update(ends_on=TODAY)

    assert refused_why(lambda: route.submit(document.pk, revision=1, by=cast.actor("thanh"))) == "type_not_in_force"


def test_handing_on_what_was_returned_unchanged_makes_no_second_version(cast: Cast, types: Types) -> None:
    document = written(cast, types)
    first = route.submit(document.pk, revision=1, by=cast.actor("thanh"))
    route.withdraw(document.pk, by=cast.actor("thanh"))

    again = route.submit(document.pk, revision=1, by=cast.actor("thanh"))

    assert again == first
    Document.objects.filter(pk=document.pk).update(state=S.DRAFT, draft=parse("Khác.").as_json())
    assert route.submit(document.pk, revision=1, by=cast.actor("thanh")).number == 2


def test_nobody_agrees_to_or_returns_a_version_they_did_not_look_at(cast: Cast, types: Types) -> None:
    document = written(cast, types)
    old = route.submit(document.pk, revision=1, by=cast.actor("thanh"))
    route.withdraw(document.pk, by=cast.actor("thanh"))
    Document.objects.filter(pk=document.pk).update(subject="Khác")
    route.submit(document.pk, revision=1, by=cast.actor("thanh"))
    leader = cast.actor("dontruong")

    assert refused_why(lambda: route.agree(document.pk, version_id=old.pk, by=leader)) == "newer_version_came"
    assert (
        refused_why(lambda: route.return_(document.pk, version_id=old.pk, reason="Sai", by=leader))
        == "newer_version_came"
    )


def test_what_was_changed_since_it_was_agreed_to_is_not_signed(cast: Cast, types: Types) -> None:
    document = in_state(cast, types, S.AGREED)
    Document.objects.filter(pk=document.pk).update(subject="Đã sửa sau khi đồng ý")

    why = refused_why(
        lambda: route.sign(document.pk, version_id=document.current_version_id or 0, by=cast.actor("dontruong"))
    )

    assert why == "changed_since_agreed"


def test_a_version_that_was_agreed_to_and_returned_is_agreed_to_anew(cast: Cast, types: Types) -> None:
    document = in_state(cast, types, S.AGREED)
    version_id = document.current_version_id or 0
    route.return_(document.pk, version_id=version_id, reason="Xem lại mục 2", by=cast.actor("dontruong"))
    route.submit(document.pk, revision=1, by=cast.actor("thanh"))

    with pytest.raises(WrongMove):
        route.sign(document.pk, version_id=version_id, by=cast.actor("dontruong"))


# --- issue ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"unit_symbol": " "}, "no_symbol"),
        ({"issued_on": TODAY + DAY}, "day_to_come"),
        ({"issued_on": TODAY - DAY}, "issued_before_signed"),
        ({"starts_on": TODAY - DAY}, "starts_before_issued"),
        ({"starts_on": TODAY + DAY, "ends_on": TODAY + DAY}, "ends_before_it_starts"),
        ({"ends_on": TODAY - 9 * DAY}, "ends_before_it_starts"),
    ],
)
def test_a_document_with_days_that_contradict_themselves_is_not_issued(
    cast: Cast, types: Types, given: dict[str, str], why: str
) -> None:
    document = signed(cast, types)
    arguments = {"unit_symbol": "BTL", **given}

    told = refused_why(lambda: route.issue(document.pk, by=cast.actor("kehoach"), **arguments))  # type: ignore[arg-type]

    document.refresh_from_db()
    assert (told, document.state, document.number) == (why, S.SIGNED, None)


def test_issuing_twice_gives_one_number(cast: Cast, types: Types) -> None:
    document = signed(cast, types)
    issued(cast, document)

    with pytest.raises(WrongMove):
        issued(cast, document)

    assert document.register_entries.count() == 1


def test_a_document_that_starts_later_is_issued_now_and_in_force_on_its_day(cast: Cast, types: Types) -> None:
    document = issued(cast, signed(cast, types), starts_on=TODAY + DAY, ends_on=TODAY + 3 * DAY).document
    day = [system_actor(NOW + n * DAY, TODAY + n * DAY) for n in range(4)]

    told = [document.state]
    for by in day:
        route.new_day(by)
        document.refresh_from_db()
        told.append(document.state)

    assert told == [S.ISSUED, S.ISSUED, S.IN_FORCE, S.IN_FORCE, S.EXPIRED]
    assert document.ends_on == TODAY + 3 * DAY
    assert route.new_day(day[-1]) == route.Turned(0, 0)


def test_a_document_is_in_force_on_the_days_named_with_its_draft(cast: Cast, types: Types) -> None:
    document = signed(cast, types)
    days = {"starts_on": TODAY + 5 * DAY, "ends_on": TODAY + 9 * DAY}
    Document.objects.filter(pk=document.pk).update(**days)

    told = issued(cast, document).document

    assert (told.starts_on, told.ends_on, told.state) == (days["starts_on"], days["ends_on"], S.ISSUED)


def test_a_first_day_that_passed_before_issue_is_told_and_another_can_be_given(cast: Cast, types: Types) -> None:
    document = signed(cast, types)
    Document.objects.filter(pk=document.pk).update(starts_on=TODAY - DAY)

    assert refused_why(lambda: issued(cast, document)) == "starts_before_issued"
    assert issued(cast, document, starts_on=TODAY).document.state == S.IN_FORCE


def test_nobody_brings_a_document_into_force_before_its_day_and_only_the_system_turns_the_day(
    cast: Cast, types: Types
) -> None:
    document = issued(cast, signed(cast, types), starts_on=TODAY + DAY).document

    why = refused_why(lambda: route.enter_into_force(document.pk, by=cast.actor("kehoach")))

    assert why == "day_to_come"
    with pytest.raises(NotAuthorised):
        route.new_day(cast.actor("kehoach"))


def directive_text() -> Text:
    """A paragraph that binds nobody, a clause for everybody by a day, and one for a province by name."""
    return numbered(
        (
            Block("", BlockKind.PARAGRAPH, text="Mở đầu."),
            Block("", BlockKind.CLAUSE, number="1", text="Tuần tra.", binding=Binding(due_on=date(2026, 12, 25))),
            Block("", BlockKind.CLAUSE, number="2", text="Vận động.", binding=Binding(addressees=("SH",))),
        )
    )


def test_the_clauses_of_a_directive_are_frozen_as_issued_and_reach_whom_they_name(cast: Cast, types: Types) -> None:
    document = signed(cast, types, code="directive", text=directive_text())
    dispatch.name_recipients(document.pk, [cast.units["DV"]], by=cast.actor("kehoach"))

    told = issued(cast, document)

    rows = list(Clause.objects.filter(document=document).order_by("position"))
    assert [(row.label, row.text, row.due_on, row.for_all) for row in rows] == [
        ("1", "Tuần tra.", date(2026, 12, 25), True),
        ("2", "Vận động.", None, False),
    ]
    assert [one.unit_id for one in rows[1].addressees.all()] == [cast.units["SH"]]
    assert (told.clauses, told.sent) == (2, 2)
    assert set(document.dispatches.values_list("unit__code", flat=True)) == {"DV", "SH"}


def test_a_plan_binds_nobody_and_freezes_no_clause(cast: Cast, types: Types) -> None:
    assert issued(cast, signed(cast, types, code="plan", text=directive_text())).clauses == 0


@pytest.mark.parametrize(
    ("code", "ends_on", "why", "units"),
    [
        ("KHONG-CO", None, "unknown_addressees", ["KHONG-CO"]),
        ("DV-3", TODAY, "units_gone", ["Đồn Biên phòng Sen Thượng"]),
    ],
)
def test_a_clause_that_addresses_nobody_is_named_and_nothing_is_issued(
    cast: Cast, types: Types, code: str, ends_on: date | None, why: str, units: list[str]
) -> None:
    Unit.objects.filter(code=code).update(ends_on=ends_on)
    text = numbered((Block("", BlockKind.CLAUSE, number="1", text="Làm.", binding=Binding(addressees=(code,))),))
    document = signed(cast, types, code="directive", text=text)

    with pytest.raises(DocumentsRefused) as refused:
        issued(cast, document)

    assert (refused.value.why, refused.value.facts["units"]) == (why, units)
    assert not Clause.objects.exists()
    assert not document.register_entries.exists()


def test_a_clause_is_withdrawn_once_with_a_reason_and_stays(cast: Cast, types: Types) -> None:
    document = issued(cast, signed(cast, types, code="directive", text=directive_text())).document
    clause = document.clauses.get(label="1")
    by = cast.actor("kehoach")

    assert refused_why(lambda: clauses.withdraw_clause(clause.pk, " ", by=by)) == "needs_reason"
    clauses.withdraw_clause(clause.pk, "Đã giao đơn vị khác", by=by)

    clause.refresh_from_db()
    assert (clause.withdrawn_on, clause.withdrawn_reason, clause.text) == (TODAY, "Đã giao đơn vị khác", "Tuần tra.")
    assert refused_why(lambda: clauses.withdraw_clause(clause.pk, "Lại", by=by)) == "already_withdrawn"
    with pytest.raises(NotAuthorised):
        clauses.withdraw_clause(clause.pk, "Không phải của mình", by=cast.actor("hanh"))


# --- what ends a document ------------------------------------------------------------------------


def test_what_a_new_document_replaces_ends_on_the_day_it_begins(cast: Cast, types: Types) -> None:
    before = NOW - 10 * DAY
    old = issued(cast, signed(cast, types, code="directive", text=directive_text(), at=before), at=before).document
    new = signed(cast, types, code="directive")
    Document.objects.filter(pk=new.pk).update(replaces=old)

    issued(cast, new)

    old.refresh_from_db()
    assert (old.state, old.ends_on) == (S.REPLACED, TODAY)
    assert {clause.withdrawn_on for clause in old.clauses.all()} == {TODAY}
    last = queries.moves(old.pk).last()
    assert last is not None
    assert (last.move, last.reason) == (Move.REPLACE, "02/CT-BTL")


def test_a_document_replaces_neither_itself_nor_another_units_nor_while_it_is_a_draft(cast: Cast, types: Types) -> None:
    own, other = in_state(cast, types, S.IN_FORCE), in_state(cast, types, S.IN_FORCE, unit="SH")
    draft, by = in_state(cast, types, S.DRAFT), cast.actor("thanh")

    def why(newer: Document) -> str:
        return refused_why(lambda: route.replace(own.pk, by_document_id=newer.pk, reason="Mới", by=by))

    assert (why(own), why(draft)) == ("replaces_itself", "not_in_force")
    with pytest.raises(NotAuthorised):
        route.replace(own.pk, by_document_id=other.pk, reason="Mới", by=by)
    Document.objects.filter(pk=draft.pk).update(replaces=other, state=S.SIGNED)
    assert refused_why(lambda: route.issue(draft.pk, unit_symbol="ĐBP", by=by)) == "replaces_anothers"


def test_a_recalled_document_is_void_everywhere_and_keeps_every_trace(cast: Cast, types: Types) -> None:
    document = signed(cast, types, code="directive", text=directive_text())
    dispatch.name_recipients(document.pk, [cast.units["SH"], cast.units["DV"]], by=cast.actor("kehoach"))
    issued(cast, document)
    incoming = dispatch.receive(document.dispatches.get(unit__code="SH").pk, by=cast.actor("hanh"))

    route.recall(document.pk, reason="Nhầm thẩm quyền", by=cast.actor("kehoach"))

    document.refresh_from_db()
    entry = incoming.register_entries.get()
    assert (document.state, document.number, document.starts_on) == (S.RECALLED, 1, None)
    assert {one.voided_at for one in document.dispatches.all()} == {NOW}
    assert (entry.state, entry.reason, entry.number) == ("voided", "Nhầm thẩm quyền", 1)
    assert {one.withdrawn_reason for one in document.clauses.all()} == {"Nhầm thẩm quyền"}
    assert queries.document(document.pk, by=cast.actor("hanh")).state == S.RECALLED
    assert (
        refused_why(lambda: dispatch.receive(document.dispatches.get(unit__code="DV").pk, by=cast.actor("dong")))
        == "recalled"
    )


# --- who sees ------------------------------------------------------------------------------------


def test_a_draft_is_seen_by_its_unit_alone_and_what_is_issued_from_above_or_where_it_went(
    cast: Cast, types: Types
) -> None:
    draft = written(cast, types, unit="SH")
    document = signed(cast, types, unit="SH")
    dispatch.name_recipients(document.pk, [cast.units["SH-2"]], by=cast.actor("hanh"))

    before = {who: seen(cast, who) for who in ("hanh", "kehoach", "thanh", "pao", "dong")}
    issued(cast, document)

    assert before == {"hanh": {draft.pk, document.pk}, "kehoach": set(), "thanh": set(), "pao": set(), "dong": set()}
    after = {who: seen(cast, who) for who in before}
    assert after == {
        "hanh": {draft.pk, document.pk},
        "kehoach": {document.pk},
        "thanh": set(),
        "pao": {document.pk},
        "dong": set(),
    }
    for who in ("dong", "thanh"):
        with pytest.raises(NotAuthorised) as refused:
            queries.document(document.pk, by=cast.actor(who))
        assert refused.value.hidden


def seen(cast: Cast, who: str, wanted: Wanted | None = None) -> set[int]:
    return set(queries.documents(cast.actor(who), wanted).values_list("pk", flat=True))


def test_a_list_is_narrowed_by_state_type_year_unit_direction_and_what_a_search_found(cast: Cast, types: Types) -> None:
    directive = signed(cast, types, code="directive", text=directive_text())
    issued(cast, directive)
    own = issued(cast, signed(cast, types, unit="SH")).document
    draft = written(cast, types, unit="SH", code="resolution")

    def hanh(**narrowed: object) -> set[int]:
        return seen(cast, "hanh", Wanted(**narrowed))  # type: ignore[arg-type]

    assert hanh() == {directive.pk, own.pk, draft.pk}
    assert hanh(states=[S.DRAFT]) == hanh(type_code="resolution") == {draft.pk}
    assert hanh(group="direction", year=2026) == {directive.pk, own.pk, draft.pk}
    assert hanh(year=2025) == hanh(group="leadership") == set()
    assert hanh(direction=Direction.IN) == hanh(unit_id=cast.units["HQ"]) == {directive.pk}
    assert hanh(direction=Direction.OUT) == {own.pk, draft.pk}
    assert hanh(unit_id=cast.units["SH"]) == {directive.pk, own.pk, draft.pk}
    assert hanh(ids=[own.pk]) == {own.pk}


def test_what_is_issued_is_found_by_those_who_see_it_and_a_draft_by_its_unit(cast: Cast, types: Types) -> None:
    document = signed(cast, types, code="directive", text=directive_text())

    def found(who: str, typed: str) -> set[tuple[Kind, int]]:
        return {(hit.kind, hit.key) for hit in search.find(cast.actor(who), typed).hits}

    before = found("kehoach", "vận động"), found("hanh", "vận động")
    issued(cast, document)

    clause = document.clauses.get(label="2")
    assert before == ({(Kind.DOCUMENT, document.pk)}, set())
    assert found("hanh", "van dong") == {(Kind.DOCUMENT, document.pk), (Kind.CLAUSE, clause.pk)}
    assert (Kind.DOCUMENT, document.pk) in found("hanh", "01/CT-BTL")
    assert found("dong", "vận động") == set()


def test_what_waits_for_whom(cast: Cast, types: Types) -> None:
    for state in (S.RETURNED, S.SUBMITTED, S.SUBMITTED, S.AGREED, S.SIGNED):
        in_state(cast, types, state)
    named = in_state(cast, types, S.AGREED)
    possible = queries.signers_for(named.type, named.unit_id, TODAY)
    route.choose_signer(named.pk, possible[0].appointment_id, by=cast.actor("thanh"))

    clerk, commander = queries.waiting(cast.actor("thanh")), queries.waiting(cast.actor("dontruong"))

    assert (clerk.to_rewrite, clerk.to_agree, clerk.to_sign, clerk.to_issue) == (1, 0, 0, 1)
    assert (commander.to_agree, commander.to_sign, commander.all) == (2, 2, 4)
    assert queries.waiting(cast.actor("hanh")).all == 0
    assert list(queries.waiting_for(cast.actor("dontruong"), Move.SIGN).values_list("pk", flat=True))[-1] == named.pk


def test_the_unit_that_took_another_in_keeps_its_papers(cast: Cast, types: Types) -> None:
    """A document of a unit that is gone is recalled by its superior, which keeps its papers; nothing new is issued."""
    standing, waiting = in_state(cast, types, S.IN_FORCE), in_state(cast, types, S.SIGNED)
    gone = Unit.objects.get(code="SH-1")
    gone.edges.update(ends_on=TODAY)
    Unit.objects.filter(pk=gone.pk).update(ends_on=TODAY)
    by = cast.actor("hanh", NOW + DAY)

    route.recall(standing.pk, reason="Đơn vị giải thể", by=by)

    with pytest.raises(DocumentsRefused) as refused:
        route.issue(waiting.pk, unit_symbol="ĐBP", by=by)
    assert refused.value.facts["units"] == ["Đồn Biên phòng Nậm Ngà"]


def test_an_index_built_anew_says_what_the_acts_told_it(cast: Cast, types: Types) -> None:
    document = signed(cast, types, code="directive", text=directive_text())
    dispatch.name_recipients(document.pk, [cast.units["DV"]], by=cast.actor("kehoach"))
    issued(cast, document)
    clauses.withdraw_clause(document.clauses.get(label="1").pk, "Thôi", by=cast.actor("kehoach"))
    dispatch.distribute(document.pk, [cast.units["SH-1"]], by=cast.actor("kehoach"))
    recalled = issued(cast, signed(cast, types, code="directive", text=directive_text())).document
    route.recall(recalled.pk, reason="Sai", by=cast.actor("kehoach"))
    route.drop(returned(cast, types).pk, reason="Thôi", by=cast.actor("thanh"))
    register_incoming(Arrival("Quân khu 2", "7", TODAY, TODAY, subject="Phối hợp"), by=cast.actor("hanh"))
    columns = ("kind", "key", "unit_id", "title", "text", "dated_on", "seen_by")
    told = list(FoundEntry.objects.order_by("kind", "key").values_list(*columns))

    rebuild(all_puts())

    assert list(FoundEntry.objects.order_by("kind", "key").values_list(*columns)) == told
    assert [(kind, key) for kind, key, *_ in told if kind == "clause"] == [
        ("clause", document.clauses.get(label="2").pk)
    ]


def returned(cast: Cast, types: Types) -> Document:
    document = written(cast, types)
    version = route.submit(document.pk, revision=1, by=cast.actor("thanh"))
    return route.return_(document.pk, version_id=version.pk, reason="Làm lại", by=cast.actor("dontruong"))
