"""Numbers of registers: without gaps, none twice, kept, voided, used on paper; symbols of both families."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from nennep.documents.models import Document, DocumentType, Register, RegisterEntry, Term
from nennep.documents.queries import registers as queries
from nennep.documents.rules.layout import Family
from nennep.documents.rules.numbering import (
    DatedNumber,
    OnPaper,
    is_same_paper,
    judge_paper_number,
    left_out,
    numbered,
    out_of_order,
    symbol_of,
    year_of,
)
from nennep.documents.rules.states import Direction, NumberState
from nennep.documents.services import registers
from nennep.documents.services.refusals import DocumentsRefused, RegisterRefused
from nennep.journal.models import Entry
from nennep.organisation.rules import NotAuthorised, Span
from tests.cast import NOW, Cast
from tests.documents.world import DAY, TODAY, issued, signed, written

Types = dict[str, DocumentType]

# --- symbols and numbers, by their clauses -------------------------------------------------------


@pytest.mark.parametrize(
    ("family", "number", "abbreviation", "letter", "office", "line"),
    [
        # Decree 30/2020, Annex I, part II, item 3: Số: 15/QĐ-BNV; below ten with a nought; a letter 05/BNV-VP.
        (Family.STATE, 15, "QĐ", False, "", "Số: 15/QĐ-BTL"),
        (Family.STATE, 5, "KH", False, "", "Số: 05/KH-BTL"),
        (Family.STATE, 5, "", True, "VP", "Số: 05/BTL-VP"),
        (Family.STATE, 1234, "", True, "", "Số: 1234/BTL"),
        # Guideline 36-HD/VPTW, part II, item 1.3: Số 127-QĐ/TW, without a colon; a letter is CV.
        (Family.PARTY, 127, "QĐ", False, "", "Số 127-QĐ/BTL"),
        (Family.PARTY, 9, "NQ", False, "VP", "Số 09-NQ/BTL"),
        (Family.PARTY, 10, "", True, "VP", "Số 10-CV/BTL"),
    ],
)
def test_number_and_symbol_by_family(
    family: Family, number: int, abbreviation: str, letter: bool, office: str, line: str
) -> None:
    symbol = symbol_of(family, abbreviation, " BTL ", letter=letter, office=office)

    assert family.number_line(numbered(family, number, symbol).removesuffix(symbol)[:-1], symbol) == line


@pytest.mark.parametrize(
    ("day", "first", "after"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2027, 1, 1)),
        (date(2026, 12, 31), date(2026, 1, 1), date(2027, 1, 1)),
        (date(2024, 2, 29), date(2024, 1, 1), date(2025, 1, 1)),
    ],
)
def test_numbers_of_the_state_run_from_the_first_of_january_to_the_last_of_december(
    day: date, first: date, after: date
) -> None:
    assert year_of(day) == Span(first, after)


@pytest.mark.parametrize(
    ("number", "state", "judged"),
    [
        (13, None, OnPaper.NEXT),
        (14, None, OnPaper.AHEAD),
        (12, NumberState.USED, OnPaper.TAKEN),
        (12, NumberState.PAPER, OnPaper.TAKEN),
        (12, NumberState.RESERVED, OnPaper.RESERVED),
        (12, NumberState.VOIDED, OnPaper.VOIDED),
    ],
)
def test_what_a_register_whose_last_number_is_12_says_to_a_number_on_paper(
    number: int, state: NumberState | None, judged: OnPaper
) -> None:
    assert judge_paper_number(number, last_number=12, state=state) is judged


def test_a_number_ahead_names_those_it_would_leave_out() -> None:
    assert left_out(16, last_number=12) == (13, 15)


@pytest.mark.parametrize(
    ("before", "day", "after", "told"),
    [
        (5, 6, 7, None),
        (6, 6, 6, None),
        (7, 6, 8, "before"),
        (5, 8, 7, "after"),
        (None, 1, None, None),
        (9, 5, 3, "before"),
    ],
)
def test_a_neighbour_whose_day_contradicts_the_order_of_numbers_is_told(
    before: int | None, day: int, after: int | None, told: str | None
) -> None:
    """Decree 30/2020, Article 15: numbers are given in the order of time."""
    lower = DatedNumber(1, date(2026, 3, before)) if before else None
    higher = DatedNumber(3, date(2026, 3, after)) if after else None

    found = out_of_order(DatedNumber(2, date(2026, 3, day)), lower, higher)

    assert found == {"before": lower, "after": higher, None: None}[told]


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (("05", "KH-BTL", "Bộ Tư lệnh"), ("5", "KH-BTL", "Bộ Tư lệnh"), True),
        ((" 5 ", "kh-btl", "BỘ TƯ LỆNH"), ("005", "KH-BTL", "Bộ  Tư lệnh "), True),
        (("5", "KH-BTL", "Bộ Tư lệnh"), ("5", "KH-BTL", "Bộ Tư lệnh"), True),
        (("5a", "KH-BTL", "Bộ Tư lệnh"), ("5", "KH-BTL", "Bộ Tư lệnh"), False),
        (("5", "BC-BTL", "Bộ Tư lệnh"), ("5", "KH-BTL", "Bộ Tư lệnh"), False),
        (("5", "KH-BTL", "Quân khu 2"), ("5", "KH-BTL", "Bộ Tư lệnh"), False),
        (("0", "KH-BTL", "Quân khu 2"), ("00", "KH-BTL", "Quân khu 2"), True),
    ],
)
def test_the_same_paper_however_it_is_typed(
    one: tuple[str, str, str], other: tuple[str, str, str], is_same: bool
) -> None:
    """Decree 30/2020, Annex VI: number, symbol and issuer tell a paper."""
    assert is_same_paper(one, other) is is_same


@given(some.lists(some.integers(1, 40), max_size=60))
def test_whatever_numbers_are_brought_on_paper_a_register_never_has_a_gap(brought: list[int]) -> None:
    last = 0
    for number in brought:
        state = NumberState.PAPER if number <= last else None
        if judge_paper_number(number, last_number=last, state=state) is OnPaper.NEXT:
            assert number == last + 1
            last = number


# --- in the database -----------------------------------------------------------------------------


def draw(cast: Cast, document: Document, day: date, who: str = "thanh") -> int:
    by = cast.actor(who, NOW + 400 * DAY)
    return registers.draw_number(document.unit_id, document.type, day, document=document, by=by).number


@pytest.mark.parametrize(
    ("drawn", "numbers"),
    [
        # State: one series over all types, anew each year (Decree 30/2020, Annex I, part II, item 3).
        ([("plan", "2026-12-30"), ("directive", "2026-12-31"), ("plan", "2027-01-01")], [1, 2, 1]),
        # What is entered in January for December stands in December's year.
        ([("plan", "2026-12-31"), ("plan", "2027-01-02"), ("plan", "2026-12-31")], [1, 1, 2]),
        # Party: by type, on through the years of a term (guideline 36-HD/VPTW, part II, item 1.3).
        ([("resolution", "2025-09-01"), ("conclusion", "2025-12-31"), ("resolution", "2027-01-01")], [1, 1, 2]),
        # A new term begins anew.
        ([("resolution", "2025-07-31"), ("resolution", "2025-08-01"), ("resolution", "2025-07-30")], [1, 1, 2]),
    ],
)
def test_numbers_leap_with_the_year_or_the_term(
    cast: Cast, types: Types, drawn: list[tuple[str, str]], numbers: list[int]
) -> None:
    papers = {code: written(cast, types, code=code) for code, _ in drawn}

    told = [draw(cast, papers[code], date.fromisoformat(day)) for code, day in drawn]

    assert told == numbers


def test_two_units_have_registers_of_their_own(cast: Cast, types: Types) -> None:
    here, there = written(cast, types), written(cast, types, unit="SH")

    assert (draw(cast, here, TODAY), draw(cast, there, TODAY, "hanh"), draw(cast, here, TODAY)) == (1, 1, 2)


@pytest.mark.parametrize(
    ("code", "day", "why"),
    [("resolution", date(2020, 1, 1), "no_term"), ("plan", TODAY + 900 * DAY, "day_to_come")],
)
def test_a_day_that_no_register_covers_gives_no_number(
    cast: Cast, types: Types, code: str, day: date, why: str
) -> None:
    with pytest.raises(RegisterRefused) as refused:
        draw(cast, written(cast, types, code=code), day)

    assert refused.value.why == why
    assert not Register.objects.exists()


def test_a_term_that_is_ended_later_ends_its_register(cast: Cast, types: Types) -> None:
    document = written(cast, types, code="resolution")
    draw(cast, document, TODAY)
    Term.objects.filter(code="2025-2030").update(ends_on=TODAY + 10 * DAY)

    assert draw(cast, document, TODAY) == 2
    assert Register.objects.get().ends_on == TODAY + 10 * DAY
    with pytest.raises(RegisterRefused):
        draw(cast, document, TODAY + 10 * DAY)


def test_kept_numbers_stand_in_the_register_and_are_used_or_voided(cast: Cast, types: Types) -> None:
    by, type_ = cast.actor("thanh"), types["plan"]
    kept = registers.reserve_numbers(type_.pk, TODAY, 3, "Dành cho đợt cao điểm", by=by)
    following = issued(cast, signed(cast, types, unit="SH-1")).document
    document = signed(cast, types, unit="SH-1")

    told = issued(cast, document, entry_id=kept[1].pk)
    registers.void_number(kept[0].pk, "Không dùng đến", by=by)

    document.refresh_from_db()
    assert (following.number, document.number, told.entry.state) == (4, 2, "used")
    register = Register.objects.get()
    assert [(one.number, one.state, one.document_id) for one in queries.entries(register)] == [
        (1, "voided", None),
        (2, "used", document.pk),
        (3, "reserved", None),
        (4, "used", following.pk),
    ]
    assert [one.number for one in queries.kept_numbers(by, type_, TODAY)] == [3]
    acts = Entry.objects.filter(act__contains="number").order_by("pk").values_list("act", "reason")
    assert list(acts) == [
        ("documents.reserve-numbers", "Dành cho đợt cao điểm"),
        ("documents.void-number", "Không dùng đến"),
    ]


def test_a_kept_number_that_is_used_late_is_told_to_stand_out_of_order(cast: Cast, types: Types) -> None:
    kept = registers.reserve_numbers(types["plan"].pk, TODAY, 1, "Dành trước", by=cast.actor("thanh"))
    issued(cast, signed(cast, types, unit="SH-1"))
    late = NOW + 3 * DAY

    told = issued(cast, signed(cast, types, unit="SH-1", at=late), at=late, entry_id=kept[0].pk)

    assert told.disorder is not None
    assert (told.entry.number, told.disorder.number, told.disorder.dated_on) == (1, 2, TODAY)


def test_a_kept_number_serves_its_own_register_once(cast: Cast, types: Types) -> None:
    by = cast.actor("thanh")
    kept = registers.reserve_numbers(types["plan"].pk, TODAY, 1, "Dành trước", by=by)[0]
    other = written(cast, types, code="resolution")
    own = written(cast, types)

    def why(document: Document, day: date = TODAY) -> str:
        with pytest.raises(RegisterRefused) as refused:
            registers.use_reserved(kept.pk, day, document=document, by=by)
        return refused.value.why

    assert (why(other), why(own, TODAY + 60 * DAY)) == ("another_register", "day_outside")
    registers.use_reserved(kept.pk, TODAY, document=own, by=by)
    assert why(written(cast, types)) == "not_kept"


@pytest.mark.parametrize(
    ("count", "reason", "why"),
    [(0, "x", "count_out_of_bounds"), (201, "x", "count_out_of_bounds"), (1, " ", "needs_reason")],
)
def test_numbers_are_kept_in_bounds_and_with_a_reason(
    cast: Cast, types: Types, count: int, reason: str, why: str
) -> None:
    with pytest.raises(RegisterRefused) as refused:
        registers.reserve_numbers(types["plan"].pk, TODAY, count, reason, by=cast.actor("thanh"))

    assert refused.value.why == why
    assert not RegisterEntry.objects.exists()


def test_a_number_that_stands_on_a_document_is_never_voided(cast: Cast, types: Types) -> None:
    told = issued(cast, signed(cast, types, unit="SH-1"))

    with pytest.raises(RegisterRefused) as refused:
        registers.void_number(told.entry.pk, "Nhầm", by=cast.actor("thanh"))

    assert (refused.value.why, refused.value.facts["document"]) == ("cannot_be_voided", told.document)


def test_a_number_used_on_paper_is_entered_when_it_is_the_next(cast: Cast, types: Types) -> None:
    by, type_ = cast.actor("thanh"), types["plan"]

    entry = registers.enter_paper_number(
        type_.pk, 1, TODAY - DAY, "Mất điện, phát hành bản giấy", by=by, subject="Kế hoạch trực"
    )

    assert (entry.number, entry.state, entry.dated_on, entry.subject) == (1, "paper", TODAY - DAY, "Kế hoạch trực")
    assert issued(cast, signed(cast, types, unit="SH-1")).document.number == 2


def test_a_number_already_used_on_paper_names_the_document_that_has_it(cast: Cast, types: Types) -> None:
    told = issued(cast, signed(cast, types, unit="SH-1"))

    with pytest.raises(RegisterRefused) as refused:
        registers.enter_paper_number(types["plan"].pk, 1, TODAY, "Bản giấy", by=cast.actor("thanh"))

    assert (refused.value.why, refused.value.facts["document"]) == ("number_taken", told.document)
    assert refused.value.facts["entry"] == told.entry
    assert RegisterEntry.objects.get().state == "used"


def test_a_paper_number_ahead_says_which_would_be_left_out_and_goes_in_once_they_are_kept(
    cast: Cast, types: Types
) -> None:
    by, type_ = cast.actor("thanh"), types["plan"]

    with pytest.raises(RegisterRefused) as refused:
        registers.enter_paper_number(type_.pk, 4, TODAY, "Bản giấy", by=by)
    facts = refused.value.facts
    registers.reserve_numbers(type_.pk, TODAY, 3, "Ba văn bản giấy chưa nhập", by=by)
    registers.enter_paper_number(type_.pk, 4, TODAY, "Bản giấy", by=by)
    registers.enter_paper_number(type_.pk, 2, TODAY, "Bản giấy", by=by)

    assert (refused.value.why, facts["first"], facts["last"]) == ("numbers_left_out", 1, 3)
    told = [(one.number, one.state) for one in RegisterEntry.objects.order_by("number")]
    assert told == [(1, "reserved"), (2, "paper"), (3, "reserved"), (4, "paper")]


@pytest.mark.parametrize(
    ("number", "subject", "reason", "why"),
    [
        (0, "", "Bản giấy", "number_begins_at_one"),
        (-3, "", "Bản giấy", "number_begins_at_one"),
        (1, "", " ", "needs_reason"),
        (1, "TỐI MẬT", "Bản giấy", "secret"),
    ],
)
def test_a_paper_number_that_is_none_or_says_too_much_or_too_little_is_refused(
    cast: Cast, types: Types, number: int, subject: str, reason: str, why: str
) -> None:
    with pytest.raises(DocumentsRefused) as refused:
        registers.enter_paper_number(types["plan"].pk, number, TODAY, reason, by=cast.actor("thanh"), subject=subject)

    assert refused.value.why == why
    assert not RegisterEntry.objects.exists()


def test_a_document_takes_the_number_that_it_bears_on_paper_with_its_day(cast: Cast, types: Types) -> None:
    by = cast.actor("thanh")
    entry = registers.enter_paper_number(types["plan"].pk, 1, TODAY - 5 * DAY, "Phát hành giấy", by=by)
    document = signed(cast, types, unit="SH-1")

    with pytest.raises(RegisterRefused) as refused:
        issued(cast, document, entry_id=entry.pk, issued_on=TODAY)
    told = issued(cast, document, entry_id=entry.pk)

    assert refused.value.why == "paper_bears_another_day"
    assert (told.document.number, told.document.issued_on, told.entry.state) == (1, TODAY - 5 * DAY, "paper")
    assert RegisterEntry.objects.count() == 1


def test_only_a_unit_that_may_issue_touches_its_register(cast: Cast, types: Types) -> None:
    kept = registers.reserve_numbers(types["plan"].pk, TODAY, 1, "Dành trước", by=cast.actor("thanh"))[0]

    for who in ("dontruong", "hanh", "pao"):
        with pytest.raises(NotAuthorised):
            registers.void_number(kept.pk, "Không", by=cast.actor(who))
    with pytest.raises(NotAuthorised):
        registers.reserve_numbers(types["plan"].pk, TODAY, 1, "Dành", by=cast.actor("dontruong"))


def test_a_register_is_read_from_above_and_hidden_from_beside(cast: Cast, types: Types) -> None:
    issued(cast, signed(cast, types, unit="SH-1"))
    register = Register.objects.get(direction=Direction.OUT)

    assert [queries.register(register.pk, by=cast.actor(who)).pk for who in ("thanh", "hanh")] == [register.pk] * 2
    assert list(queries.registers(cast.actor("pao"))) == []
    assert list(queries.registers(cast.actor("kehoach"), direction=Direction.IN)) == []
    with pytest.raises(NotAuthorised) as refused:
        queries.register(register.pk, by=cast.actor("pao"))
    assert refused.value.hidden
