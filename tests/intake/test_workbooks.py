"""Workbooks of a form: written to be filled in elsewhere, known again, judged cell by cell, and never guessed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loom.files import Secret, Unreadable, Why
from loom.files.cells import Cell, Written, cells_of
from loom.sandbox import cells_safely
from nennep.intake import originals, workbook_services
from nennep.intake.models import Origin, Upload
from nennep.intake.queries import origins, points_taken
from nennep.intake.rules.filled import (
    CellState,
    Doubt,
    FilledIn,
    Found,
    Here,
    Judged,
    NotTaken,
    judge,
    read_filled,
    require_fitting,
    sure,
    taken,
)
from nennep.intake.rules.states import State
from nennep.intake.rules.workbook import Identity, Passport, form_digest, statement_digest
from nennep.intake.workbooks import render
from nennep.organisation import queries as organisation
from nennep.organisation.rules import NotAuthorised
from nennep.reporting import queries, services
from nennep.reporting.models import Report
from nennep.reporting.rules.content import Content, IndicatorRule, Layout, Statement, StatementKind
from nennep.reporting.rules.numbers import parse_number
from nennep.reporting.services import Remark, StaleDraft
from nennep.site.form_workbook import plan_of
from nennep.site.web.entry import filled_draft
from tests.cast import INDICATORS, LAYOUT, NOW, Cast, good_content

OWN, WORD = "E", "H"


# --- making and filling workbooks -------------------------------------------------------------------


def workbook_of(report: Report, at: Any = NOW) -> bytes:
    """The workbook of a report as its page gives it."""
    fresh = queries.report(report.pk)
    unit = organisation.unit(fresh.unit_id, at.date())
    rules = queries.rules_of(fresh.round.form)
    return render(plan_of(fresh, filled_draft(fresh, fresh.draft_content), rules, unit=unit, at=at))


class Book:
    """A workbook open in somebody's spreadsheet program."""

    def __init__(self, content: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self.figures, self.words, self.hidden = (self.book[name] for name in self.book.sheetnames)

    def row(self, code: str) -> int:
        return next(int(cell.row) for cell in self.figures["A"] if cell.value == f"cell:{code}")

    def own(self, code: str) -> Any:
        return self.figures[f"{OWN}{self.row(code)}"]

    def word(self, code: str) -> Any:
        return self.figures[f"{WORD}{self.row(code)}"]

    def lines(self, id_: str = "") -> list[int]:
        return [cell.row for cell in self.words["A"] if cell.value == f"statement:{id_}"]

    def say(self, section: str, kind: str, text: str) -> None:
        """Write a point into the first empty line."""
        row = next(row for row in self.lines() if not self.words[f"E{row}"].value)
        for column, value in zip("CDE", (section, kind, text), strict=True):
            self.words[f"{column}{row}"] = value

    def saved(self) -> bytes:
        target = io.BytesIO()
        self.book.save(target)
        return target.getvalue()


def drop(cast: Cast, report: Report, content: bytes, username: str = "thanh") -> Upload:
    cells = cells_of(content, "tháng 11.xlsx")
    by = cast.actor(username)
    return workbook_services.take_in(report.pk, name="tháng 11.xlsx", content=content, cells=cells, by=by)


def states_of(report: Report) -> dict[str, CellState]:
    waiting = workbook_services.waiting(queries.report(report.pk))
    assert waiting is not None
    return {judged.place: judged.state for judged in waiting.judgement.all if judged.state is not CellState.SAME}


def judged_at(report: Report, place: str) -> Judged:
    waiting = workbook_services.waiting(queries.report(report.pk))
    assert waiting is not None
    return next(judged for judged in waiting.judgement.all if judged.place == place)


# --- the file ---------------------------------------------------------------------------------------


def test_a_workbook_shows_the_form_filled_with_the_draft_and_its_past(cast: Cast) -> None:
    cast.accept(cast.hand_in("thanh", good_content(patrol__teams="132"), period="2026-10"), "hanh")
    report = cast.draft("thanh", good_content(path__cleared_km="12,5"))

    book = Book(workbook_of(report))

    row = book.row("patrol.teams")
    assert [book.figures[f"{column}{row}"].value for column in "CEF"] == ["Tuần tra đường biên, cột mốc", 137, 132]
    assert book.own("path.cleared_km").value == 12.5
    assert book.own("patrol.per_team").value == "tự cộng"
    assert book.words[f"E{book.lines('s1')[0]}"].value == good_content().statements[0].text


def test_only_the_cells_to_fill_in_are_unlocked(cast: Cast) -> None:
    book = Book(workbook_of(cast.draft("thanh", good_content())))

    unlocked = {cell.coordinate for row in book.figures.iter_rows() for cell in row if not cell.protection.locked}

    typed = [row["indicator"] for part in LAYOUT["sections"] for row in part.get("rows", ())]
    typed.remove("patrol.per_team")
    assert unlocked == {f"{column}{book.row(code)}" for code in typed for column in (OWN, WORD)}
    assert all(sheet.protection.sheet for sheet in (book.figures, book.words, book.hidden))
    assert book.hidden.sheet_state == "veryHidden"


def test_a_part_is_indented_and_held_to_its_whole(cast: Cast) -> None:
    book = Book(workbook_of(cast.draft("thanh", good_content())))

    part, whole = book.row("patrol.bilateral"), book.row("patrol.teams")
    checks = {str(check.sqref): check for check in book.figures.data_validations.dataValidation}

    assert book.figures[f"C{part}"].alignment.indent > book.figures[f"C{whole}"].alignment.indent
    assert f"$E${part}<=$E${whole}" in checks[f"E{part}"].formula1
    assert f"ROUND($E${part},0)=$E${part}" in checks[f"E{part}"].formula1
    assert "$E$" in checks[f"E{whole}"].formula1
    assert checks[f"E{part}"].error == "Số nguyên, từ 0 trở lên. Không lớn hơn “Tuần tra đường biên, cột mốc”."


def test_a_point_chooses_its_section_and_then_only_kinds_of_that_section(cast: Cast) -> None:
    book = Book(workbook_of(cast.draft("thanh", good_content())))

    lists = [check for check in book.words.data_validations.dataValidation if check.type == "list"]

    assert [check.formula1.split("!")[0] for check in lists] == ["nennep", "OFFSET(nennep"]
    assert [book.hidden[f"C{row}"].value for row in (1, 2)] == [
        "C. Đánh giá bằng lời",
        "D. Nhiệm vụ tháng tới, kiến nghị",
    ]
    assert [book.hidden[f"{column}2"].value for column in "DEF"] == [2, "Nhiệm vụ tới", "Kiến nghị"]


def test_the_remarks_of_a_returned_report_stand_at_their_cells(cast: Cast) -> None:
    version = cast.hand_in("thanh", good_content())
    remarks = [Remark("cell:patrol.teams", "Kiểm tra lại."), Remark("statement:s1", "Nêu rõ bản nào.")]
    services.return_report(version.report_id, version_id=version.pk, by=cast.actor("hanh"), remarks=remarks)

    book = Book(workbook_of(version.report))

    assert "Kiểm tra lại." in book.own("patrol.teams").comment.text
    assert "Nêu rõ bản nào." in book.words[f"E{book.lines('s1')[0]}"].comment.text
    assert book.own("patrol.people").comment is None


@pytest.mark.parametrize("text", ["=1+1", "+84", "-5", "@SUM(A1)", "＝2", "=cmd|' /C calc'!A0"])
def test_no_words_of_a_person_become_a_formula(cast: Cast, text: str) -> None:
    said = (Statement("s1", "C", StatementKind.RESULT, text),)
    report = cast.draft("thanh", replace(good_content(), statements=said, words={"cell:patrol.teams": text}))

    content = workbook_of(report)

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 3
    assert not any("<f>" in re.sub(r"<(dataValidations|conditionalFormatting).*?</\1>", "", sheet) for sheet in sheets)
    assert Book(content).words["E8"].value == text


def test_the_same_report_gives_the_same_bytes(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())

    assert workbook_of(report) == workbook_of(report)


def test_a_workbook_speaks_the_language_of_who_fetches_it(cast: Cast, settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"
    from django.utils import translation

    with translation.override("en"):
        book = Book(workbook_of(cast.draft("thanh", good_content())))

    assert book.book.sheetnames == ["Figures", "In words", "nennep"]
    assert book.words["C8"].value == "C. In words"


def test_a_figure_longer_than_a_spreadsheet_keeps_comes_back_digit_for_digit(cast: Cast) -> None:
    report = cast.draft("thanh", good_content(law__listeners="12345678901234567"))

    drop(cast, report, workbook_of(report))

    assert judged_at(report, "cell:law.listeners").state is CellState.SAME


# --- there and back ---------------------------------------------------------------------------------


def test_an_untouched_workbook_changes_nothing(cast: Cast) -> None:
    words = {"cell:patrol.teams": "Có cao điểm.", "cell:law.listeners": "Một ý."}
    report = cast.draft("thanh", replace(good_content(path__cleared_km="1.151,5"), words=words))

    drop(cast, report, workbook_of(report))

    assert states_of(report) == {}


@pytest.mark.parametrize("typed", ["_x0041_", "a\tb", "  rộng  ", "Đồn\u00a0BP", "“=1”", "𝟙 ẩn"])
def test_no_writing_of_a_draft_makes_its_own_workbook_look_tampered_with(cast: Cast, typed: str) -> None:
    said = (Statement("s1", "C", StatementKind.RESULT, typed),)
    words = {"cell:patrol.teams": typed}
    report = cast.draft("thanh", Content({**good_content().cells, "patrol.teams": typed}, said, words))

    drop(cast, report, workbook_of(report))

    assert set(states_of(report).values()) <= {CellState.DOUBTFUL}
    assert "cell:patrol.teams" not in states_of(report)


def test_every_kind_of_change_is_told_apart(cast: Cast) -> None:
    report = cast.draft("thanh", good_content(law__gathered="", law__loudspeaker=""))
    book = Book(workbook_of(report))
    book.own("law.gathered").value = 512
    book.own("patrol.people").value = 830
    book.own("patrol.bilateral").value = None
    book.word("patrol.people").value = "Thêm dân quân."
    book.words[f"E{book.lines('s2')[0]}"] = "Chuẩn bị sinh hoạt chi bộ tháng 12 tại 10 thôn, bản."
    book.say("C. Đánh giá bằng lời", "Hạn chế", "Nắm tình hình có lúc chưa kịp thời.")

    drop(cast, report, book.saved())

    states = states_of(report)
    new = next(place for place in states if place not in {"cell:law.gathered", "statement:s2"} and "statement" in place)
    assert states == {
        "cell:law.gathered": CellState.NEW,
        "cell:patrol.people": CellState.CHANGED,
        "cell:patrol.bilateral": CellState.EMPTIED,
        "word:patrol.people": CellState.NEW,
        "statement:s2": CellState.CHANGED,
        new: CellState.NEW,
    }


def test_dropping_a_workbook_writes_nothing_before_it_is_confirmed(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())
    book = Book(workbook_of(report))
    book.own("patrol.people").value = 830

    upload = drop(cast, report, book.saved())

    fresh = queries.report(report.pk)
    assert (fresh.draft, fresh.draft_revision) == (report.draft, report.draft_revision)
    assert upload.state == State.READ
    assert not Origin.objects.exists()


def test_what_is_confirmed_is_in_the_draft_and_leads_back_to_its_cell_in_the_kept_file(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())
    book = Book(workbook_of(report))
    book.own("patrol.people").value, row = 830, book.row("patrol.people")
    content = book.saved()
    upload = drop(cast, report, content)

    saved, count = workbook_services.confirm(
        upload.pk, {"cell:patrol.people": ""}, revision=report.draft_revision, by=cast.actor("thanh")
    )

    origin = Origin.objects.select_related("proposal__upload").get()
    assert count == 1
    assert saved.draft_content.cells["patrol.people"] == "830"
    assert (origin.proposal.place, origin.proposal.quote, origin.value) == (f"Số liệu!E{row}", "830", "830")
    assert originals.fetch(origin.proposal.upload.digest) == content
    assert Upload.objects.get(pk=upload.pk).state == State.CONFIRMED


def test_a_statement_that_was_taken_leads_back_to_its_line_in_the_kept_file(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())
    book = Book(workbook_of(report))
    book.say("", "", "Đề nghị cấp thêm xăng dầu.")
    upload = drop(cast, report, book.saved())
    (place,) = states_of(report)
    judged = judged_at(report, place)

    saved, _count = workbook_services.confirm(
        upload.pk, {place: "C|result"}, revision=report.draft_revision, by=cast.actor("thanh")
    )

    found = points_taken(report.pk, saved.draft_content)
    assert set(found) == {judged.key}
    assert (found[judged.key].upload, found[judged.key].place) == (upload, judged.at)
    assert "!" in judged.at


@pytest.mark.parametrize(("typed", "frozen"), [(830, "830"), (1.151, "1.151"), (13.25, "13.25")])
def test_a_figure_that_was_handed_in_still_leads_back_to_its_cell(cast: Cast, typed: float, frozen: str) -> None:
    report = cast.draft("thanh", good_content())
    book = Book(workbook_of(report))
    book.own("path.cleared_km").value = typed
    upload = drop(cast, report, book.saved())
    by = cast.actor("thanh")
    picks = {"cell:path.cleared_km": ""}
    saved, _count = workbook_services.confirm(upload.pk, picks, revision=report.draft_revision, by=by)

    version = services.submit_report(report.pk, revision=saved.draft_revision, by=by)

    assert version.content.cells["path.cleared_km"] == frozen
    assert origins(report.pk, version.content)["path.cleared_km"].proposal.upload == upload


def test_only_what_was_picked_is_taken(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())
    book = Book(workbook_of(report))
    book.own("patrol.people").value, book.own("patrol.teams").value = 830, 140

    upload = drop(cast, report, book.saved())
    picks = {"cell:patrol.people": "", "cell:no.such": "", "cell:patrol.per_team": "5"}
    saved, _count = workbook_services.confirm(upload.pk, picks, revision=report.draft_revision, by=cast.actor("thanh"))

    assert saved.draft_content.cells == {**good_content().cells, "patrol.people": "830"}


def test_the_same_workbook_dropped_twice_adds_nothing_twice(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())
    book = Book(workbook_of(report))
    book.say("C. Đánh giá bằng lời", "Hạn chế", "Nắm tình hình có lúc chưa kịp thời.")
    content = book.saved()
    first = drop(cast, report, content)
    waiting = workbook_services.waiting(queries.report(report.pk))
    assert waiting is not None
    workbook_services.confirm(first.pk, sure(waiting.judgement), revision=report.draft_revision, by=cast.actor("thanh"))

    second = drop(cast, report, content)

    assert states_of(report) == {}
    assert second.same_as == first
    assert len(queries.report(report.pk).draft_content.statements) == 3


def test_a_newer_workbook_puts_the_waiting_one_aside_and_its_file_stays_readable(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())
    content = workbook_of(report)
    first = drop(cast, report, content)

    second = drop(cast, report, content)

    assert Upload.objects.get(pk=first.pk).state == State.DROPPED
    assert originals.fetch(second.digest) == content


# --- the draft moved on -----------------------------------------------------------------------------


def test_what_was_typed_meanwhile_is_a_conflict_only_where_both_changed(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())
    book = Book(workbook_of(report))
    book.own("patrol.people").value, book.own("law.listeners").value = 830, 750
    typed = good_content(patrol__people="900", patrol__teams="150", law__listeners="750")
    services.save_draft(report.pk, typed, revision=report.draft_revision, by=cast.actor("thanh"))

    drop(cast, report, book.saved())

    assert states_of(report) == {"cell:patrol.people": CellState.CONFLICT, "cell:patrol.teams": CellState.KEPT}
    conflict = judged_at(report, "cell:patrol.people")
    assert (conflict.was, conflict.now) == ("900", "830")


def test_who_saved_between_the_page_and_its_button_is_never_overwritten(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())
    book = Book(workbook_of(report))
    book.own("patrol.people").value = 830
    upload = drop(cast, report, book.saved())
    services.save_draft(
        report.pk, good_content(patrol__teams="1"), revision=report.draft_revision, by=cast.actor("thanh")
    )

    with pytest.raises(StaleDraft):
        workbook_services.confirm(
            upload.pk, {"cell:patrol.people": ""}, revision=report.draft_revision, by=cast.actor("thanh")
        )

    assert queries.report(report.pk).draft_content.cells["patrol.people"] == "822"
    assert Upload.objects.get(pk=upload.pk).state == State.READ


def test_a_point_taken_out_on_one_side_and_rewritten_on_the_other_is_asked(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())
    book = Book(workbook_of(report))
    book.words[f"E{book.lines('s1')[0]}"] = None
    book.words[f"E{book.lines('s2')[0]}"] = "Viết khác."
    first, second = good_content().statements
    typed = replace(good_content(), statements=(replace(first, text="Đã sửa."),))
    services.save_draft(report.pk, typed, revision=report.draft_revision, by=cast.actor("thanh"))

    drop(cast, report, book.saved())

    assert states_of(report) == {"statement:s1": CellState.CONFLICT, "statement:s2": CellState.CONFLICT}
    assert judged_at(report, f"statement:{second.id}").now == "Viết khác."


# --- what a cell may hold ---------------------------------------------------------------------------

RULES: Mapping[str, IndicatorRule] = {
    row["code"]: IndicatorRule(
        row["code"],
        row["name"],
        row["name"],
        row["unit_of_measure"],
        part_of=row.get("part_of", ""),
        numerator=row.get("numerator", ""),
        denominator=row.get("denominator", ""),
        decimals=row.get("decimals", 0),
    )
    for row in INDICATORS
}
FORM = Layout.from_json(LAYOUT)
IDENTITY = Identity("SH-1", "monthly", 1, form_digest(FORM, RULES), "2026-11", 0, 3, "2026-11-16T02:00:00+00:00")


def judged(cell: Cell, code: str, base: str = "", now: str = "") -> Judged:
    """How one cell stands that the file fills."""
    filled = FilledIn(
        Passport(IDENTITY, cells={code: base} if base else {}), {code: Found(cell, "Số liệu!E9")}, has_words=False
    )
    return judge(filled, Content({code: now} if now else {}), FORM, RULES).cells[0]


def text(value: str) -> Cell:
    return Cell(Written.TEXT, value)


def number(value: str) -> Cell:
    return Cell(Written.NUMBER, value)


WHOLE, KM = "patrol.teams", "path.cleared_km"


@pytest.mark.parametrize(
    ("cell", "code", "now"),
    [
        (number("371"), WHOLE, "371"),
        (number("0"), WHOLE, "0"),
        (number("12.5"), KM, "12.5"),
        (number("1.151"), KM, "1.1510"),  # the program says which sign parts decimals: it reads one way only
        (text("371"), WHOLE, "371"),  # a number kept as text
        (text(" 1.151 "), WHOLE, "1151"),
        (text("1.151,5"), KM, "1151.5"),
        (text("1\u00a0151"), WHOLE, "1151"),
        (text("\u200b"), WHOLE, ""),
    ],
)
def test_a_figure_is_read_as_it_would_be_typed(cell: Cell, code: str, now: str) -> None:
    found = judged(cell, code)

    assert (found.now, found.doubt) == (now, None)
    assert found.state is (CellState.NEW if now else CellState.SAME)


@pytest.mark.parametrize(
    ("cell", "code", "doubt", "choices"),
    [
        (text("1.151"), KM, Doubt.AMBIGUOUS, ("1151", "1.1510")),
        (text("1,151"), WHOLE, Doubt.AMBIGUOUS, ("1151",)),
        (number("1.151"), WHOLE, Doubt.TOO_PRECISE, ("1151",)),  # typed where the point divides decimals
        (number("1.15"), WHOLE, Doubt.TOO_PRECISE, ("1150",)),
        (number("0.3333333"), WHOLE, Doubt.TOO_PRECISE, ()),
        (text("một trăm"), WHOLE, Doubt.NOT_A_NUMBER, ()),
        (text("12 buổi"), WHOLE, Doubt.NOT_A_NUMBER, ()),
        (text("12\n13"), WHOLE, Doubt.NOT_A_NUMBER, ()),
        (Cell(Written.DATE, "03/04/2026"), WHOLE, Doubt.DATE, ()),
        (Cell(Written.ERROR, "#REF!"), WHOLE, Doubt.ERROR, ()),
        (Cell(Written.TRUTH, "TRUE"), WHOLE, Doubt.TRUTH, ()),
        (Cell(Written.FORMULA), WHOLE, Doubt.FORMULA, ()),
        (number("1" + "0" * 30), WHOLE, Doubt.NOT_A_NUMBER, ()),
        (number("Infinity"), WHOLE, Doubt.NOT_A_NUMBER, ()),
        (number("0." + "0" * 300 + "1"), KM, Doubt.NOT_A_NUMBER, ()),
    ],
)
def test_what_cannot_be_told_is_asked_and_never_taken_unasked(
    cell: Cell, code: str, doubt: Doubt, choices: tuple[str, ...]
) -> None:
    found = judged(cell, code, base="7", now="7")

    assert (found.state, found.doubt, found.choices, found.now) == (CellState.DOUBTFUL, doubt, choices, "")
    assert found.place not in sure(judgement := judge_one(cell, code))
    assert taken(Content({code: "7"}), judgement, {f"cell:{code}": ""})[1] == ()


def judge_one(cell: Cell, code: str) -> Any:
    return judge(FilledIn(Passport(IDENTITY), {code: Found(cell, "x!E9")}, has_words=False), Content(), FORM, RULES)


def test_a_doubtful_figure_is_taken_as_the_reading_that_was_chosen_and_as_no_other() -> None:
    judgement = judge_one(text("1.151"), KM)

    chosen, _done = taken(Content(), judgement, {f"cell:{KM}": "1.1510"})
    invented, none = taken(Content(), judgement, {f"cell:{KM}": "9"})

    assert chosen.cells == {KM: "1.1510"}
    assert (invented.cells, none) == ({}, ())


def test_a_line_that_stands_twice_in_the_file_is_asked() -> None:
    filled = FilledIn(Passport(IDENTITY), {WHOLE: Found(number("5"), "x!E9", times=2)}, has_words=False)

    assert judge(filled, Content(), FORM, RULES).cells[0].doubt is Doubt.TWICE


def test_a_line_that_is_gone_from_the_file_is_not_taken_for_emptied() -> None:
    filled = FilledIn(Passport(IDENTITY, cells={WHOLE: "7"}), {}, has_words=False)

    judgement = judge(filled, Content({WHOLE: "7"}), FORM, RULES)

    assert judgement.all == ()
    assert judgement.lost == len(FORM.indicators) - 1


@pytest.mark.parametrize(
    ("base", "now", "cell", "state"),
    [
        ("", "", number("5"), CellState.NEW),
        ("5", "5", number("5"), CellState.SAME),
        ("5", "5", number("6"), CellState.CHANGED),
        ("5", "5", Cell(), CellState.EMPTIED),
        ("5", "6", number("5"), CellState.KEPT),
        ("5", "6", number("6"), CellState.SAME),
        ("5", "6", number("7"), CellState.CONFLICT),
        ("5", "6", Cell(), CellState.CONFLICT),
        ("5", "", number("5"), CellState.KEPT),
        ("", "6", number("5"), CellState.CONFLICT),
        ("", "6", Cell(), CellState.KEPT),
        ("5,0", "5", text("5,0"), CellState.KEPT),
        ("nhiều", "nhiều", text("nhiều"), CellState.SAME),
    ],
)
def test_a_cell_stands_to_what_it_began_as_and_to_what_the_draft_has_now(
    base: str, now: str, cell: Cell, state: CellState
) -> None:
    assert judged(cell, WHOLE, base, now).state is state


@given(st.decimals(min_value=0, max_value=999_999_999, places=3), st.booleans())
def test_a_figure_that_a_spreadsheet_holds_comes_back_equal(value: Decimal, written_as_text: bool) -> None:
    vietnamese = format(value, "f").replace(".", ",") + "0"
    cell = text(vietnamese) if written_as_text else number(format(Decimal(format(float(value), ".15g")), "f"))

    found = judged(cell, KM)

    assert found.doubt is None
    assert Decimal(found.now) == value


@given(st.sampled_from([Written.NUMBER, Written.TEXT]), st.text() | st.from_regex(r"-?[0-9.,  ]{1,30}"), st.floats())
def test_whatever_a_cell_holds_it_is_judged_and_what_is_offered_can_be_typed(
    written: Written, typed: str, held: float
) -> None:
    cell = Cell(written, format(Decimal(format(held, ".15g")), "f") if written is Written.NUMBER else typed)

    found = judged(cell, KM)

    for offered in (*found.choices, *([found.now] if found.now else [])):
        assert parse_number(offered, decimals=3) is not None


# --- words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("section", "kind", "choices"),
    [
        ("", "", ("C|result", "C|shortcoming", "C|cause", "D|task", "D|proposal")),
        ("C. Đánh giá bằng lời", "", ("C|result", "C|shortcoming", "C|cause")),
        ("C. Đánh giá bằng lời", "Kiến nghị", ("C|result", "C|shortcoming", "C|cause", "D|task", "D|proposal")),
    ],
)
def test_a_point_without_its_place_is_asked_and_taken_as_chosen(
    cast: Cast, section: str, kind: str, choices: tuple[str, ...]
) -> None:
    report = cast.draft("thanh", good_content())
    book = Book(workbook_of(report))
    book.say(section, kind, "Đề nghị cấp thêm xăng dầu.")
    upload = drop(cast, report, book.saved())
    (place,) = states_of(report)

    found = judged_at(report, place)
    saved, _count = workbook_services.confirm(
        upload.pk, {place: choices[-1]}, revision=report.draft_revision, by=cast.actor("thanh")
    )

    assert (found.state, found.choices) == (CellState.DOUBTFUL, choices)
    letter, _bar, chosen = choices[-1].partition("|")
    assert (saved.draft_content.statements[-1].section, saved.draft_content.statements[-1].kind) == (letter, chosen)


def test_a_kind_that_only_one_section_takes_tells_the_section(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())
    book = Book(workbook_of(report))
    book.say("", "Kiến nghị", "Đề nghị cấp thêm xăng dầu.")

    drop(cast, report, book.saved())

    (place,) = states_of(report)
    assert judged_at(report, place).after == Statement(
        place.removeprefix("statement:"), "D", StatementKind.PROPOSAL, "Đề nghị cấp thêm xăng dầu."
    )


def test_a_point_that_was_emptied_goes_with_the_answer_that_stood_at_it(cast: Cast) -> None:
    report = cast.draft("thanh", replace(good_content(), words={"statement:s2": "Đã rõ."}))
    book = Book(workbook_of(report))
    book.words[f"E{book.lines('s2')[0]}"] = None
    upload = drop(cast, report, book.saved())

    saved, _count = workbook_services.confirm(
        upload.pk, {"statement:s2": ""}, revision=report.draft_revision, by=cast.actor("thanh")
    )

    assert [one.id for one in saved.draft_content.statements] == ["s1"]
    assert saved.draft_content.words == {}


def test_a_digest_of_a_point_tells_place_kind_and_words() -> None:
    said = Statement("a", "C", StatementKind.RESULT, "Một.")
    others = [replace(said, section="D"), replace(said, kind=StatementKind.CAUSE), replace(said, text="Hai.")]

    assert statement_digest(replace(said, id="b")) == statement_digest(said)
    assert len({statement_digest(one) for one in (said, *others)}) == 4


# --- what is refused --------------------------------------------------------------------------------

HERE = Here("SH-1", "monthly", 1, IDENTITY.form_digest, "2026-11", 0)


@pytest.mark.parametrize(
    ("here", "why"),
    [
        (replace(HERE, unit="SH-2"), "other_unit"),
        (replace(HERE, form="weekly"), "other_form"),
        (replace(HERE, period="2026-12"), "other_period"),
        (replace(HERE, form_version=2), "older_form"),
        (replace(HERE, form_digest="0" * 16), "older_form"),
        (replace(HERE, version=1), "handed_in_since"),
        (replace(HERE, closed_at="2026-11-17T02:00:00+00:00"), "closed_since"),
    ],
)
def test_a_workbook_of_another_report_or_of_an_earlier_state_is_refused(here: Here, why: str) -> None:
    with pytest.raises(NotTaken) as refused:
        require_fitting(Passport(IDENTITY), here)

    assert refused.value.why == why


def test_a_workbook_fetched_after_closing_serves_a_correction() -> None:
    require_fitting(Passport(IDENTITY), replace(HERE, closed_at="2026-11-15T02:00:00+00:00"))


def test_a_form_changes_its_digest_with_what_its_cells_mean_and_not_with_their_wording() -> None:
    worded = {code: replace(rule, name="Khác", name_en="Other") for code, rule in RULES.items()}
    meant = {**RULES, KM: replace(RULES[KM], unit_of_measure="m")}

    assert form_digest(FORM, worded) == form_digest(FORM, RULES)
    assert form_digest(FORM, meant) != form_digest(FORM, RULES)


def _rewrite_passport(book: Book, old: str, new: str) -> None:
    passport = book.hidden["A2"]
    text = bytes.fromhex(str(passport.value)).decode()
    assert old in text
    passport.value = text.replace(old, new).encode().hex()


def _of_another_unit(book: Book) -> None:
    _rewrite_passport(book, '"unit": "SH-1"', '"unit": "SH-2"')


def _of_another_beginning(book: Book) -> None:
    _rewrite_passport(book, '"patrol.teams": "137"', '"patrol.teams": "1"')


def _with_a_passport_of_other_signs(book: Book) -> None:
    book.hidden["A2"] = "không phải"


def _with_another_name(book: Book) -> None:
    line = next(cell.row for cell in book.figures["A"] if cell.value == "line")
    book.figures[f"B{line}"] = book.figures[f"B{line}"].value.replace("SH-1", "SH-2")


def _without_a_signature(book: Book) -> None:
    book.hidden["B1"] = "0" * 64


@pytest.mark.parametrize(
    "tamper",
    [
        _of_another_unit,
        _of_another_beginning,
        _with_a_passport_of_other_signs,
        _with_another_name,
        _without_a_signature,
    ],
)
def test_an_identity_that_was_tampered_with_is_noticed(cast: Cast, tamper: Callable[[Book], None]) -> None:
    report = cast.draft("thanh", good_content())
    book = Book(workbook_of(report))
    tamper(book)

    with pytest.raises(NotTaken, match="tampered"):
        drop(cast, report, book.saved())

    assert not Upload.objects.exists()


def test_a_workbook_of_another_installation_is_refused(cast: Cast, settings: Any) -> None:
    report = cast.draft("thanh", good_content())
    content = workbook_of(report)

    settings.SECRET_KEY = "another installation's key"

    with pytest.raises(NotTaken, match="tampered"):
        drop(cast, report, content)


def test_somebodys_own_table_is_not_taken_for_a_workbook_of_ours(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())
    book = openpyxl.Workbook()
    target = io.BytesIO()
    book.active["A1"] = "Tuần tra"  # type: ignore[index]
    book.save(target)

    with pytest.raises(NotTaken, match="not_ours"):
        drop(cast, report, target.getvalue())


def test_the_workbook_of_another_unit_is_refused_and_not_kept(cast: Cast) -> None:
    mine, theirs = cast.draft("thanh", good_content()), cast.draft("pao", good_content())

    with pytest.raises(NotTaken, match="other_unit"):
        drop(cast, mine, workbook_of(theirs))

    assert not Upload.objects.exists()


def test_nobody_drops_a_workbook_on_the_report_of_another_unit(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())

    with pytest.raises(NotAuthorised):
        drop(cast, report, workbook_of(report), "pao")


def test_a_report_handed_in_meanwhile_refuses_the_workbook_at_both_steps(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())
    book = Book(workbook_of(report))
    book.own("patrol.people").value = 830
    content = book.saved()
    upload = drop(cast, report, content)
    services.submit_report(report.pk, revision=report.draft_revision, by=cast.actor("thanh"))

    with pytest.raises(NotTaken, match="handed_in_since"):
        drop(cast, report, content)
    with pytest.raises(NotTaken, match="handed_in_since"):
        workbook_services.confirm(
            upload.pk, {"cell:patrol.people": ""}, revision=report.draft_revision, by=cast.actor("thanh")
        )


def test_a_period_closed_meanwhile_refuses_the_workbook(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())
    content = workbook_of(report)
    services.close_round(cast.rounds["2026-11"].pk, by=cast.actor("kehoach", NOW + timedelta(days=1)), reason="vì thử")

    with pytest.raises(NotTaken, match="closed_since"):
        drop(cast, report, content)


def test_a_workbook_is_decided_on_once(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())
    upload = drop(cast, report, workbook_of(report))
    workbook_services.put_aside(upload.pk, by=cast.actor("thanh"))

    with pytest.raises(NotTaken, match="settled_already"):
        workbook_services.put_aside(upload.pk, by=cast.actor("thanh"))
    with pytest.raises(NotTaken, match="settled_already"):
        workbook_services.confirm(upload.pk, {}, revision=report.draft_revision, by=cast.actor("thanh"))


def test_confirming_nothing_is_said_so_and_leaves_the_workbook_waiting(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())
    upload = drop(cast, report, workbook_of(report))

    with pytest.raises(NotTaken, match="nothing_picked"):
        workbook_services.confirm(
            upload.pk, {"cell:patrol.teams": ""}, revision=report.draft_revision, by=cast.actor("thanh")
        )

    assert Upload.objects.get(pk=upload.pk).state == State.READ


# --- files that are none ----------------------------------------------------------------------------


def repacked(content: bytes, changed: Mapping[str, bytes]) -> bytes:
    """The same workbook with some of its parts exchanged or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys([*old.namelist(), *changed]):
            new.writestr(name, changed[name] if name in changed else old.read(name))
    return target.getvalue()


FAR = (
    b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    b"</sheetData></worksheet>"
)
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">]><worksheet>&b;</worksheet>'
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda content: content[: len(content) // 2], Why.TRUNCATED),
        (lambda _content: b"", Why.EMPTY),
        (lambda _content: b"PK\x03\x04 not a workbook", Why.TRUNCATED),
        (lambda _content: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), Why.ENCRYPTED),
        (lambda content: repacked(content, {SHEET: FAR}), Why.TOO_MANY_CELLS),
        (lambda content: repacked(content, {SHEET: ENTITIES}), Why.ENTITIES),
        (lambda content: repacked(content, {SHEET: b" " * (64 << 20)}), Why.BOMB),
        (lambda _content: "Tuần tra 5 lượt.".encode(), Why.UNKNOWN_KIND),
    ],
)
def test_a_broken_or_hostile_file_is_refused_with_its_reason_by_the_process_that_opens_it(
    cast: Cast, spoil: Callable[[bytes], bytes], why: Why
) -> None:
    content = workbook_of(cast.draft("thanh", good_content()))

    with pytest.raises(Unreadable) as refused:
        cells_safely("tháng 11.xlsx", spoil(content))

    assert refused.value.why is why


def test_a_workbook_that_bears_a_mark_of_secrecy_is_refused_before_anything_is_kept(cast: Cast) -> None:
    book = Book(workbook_of(cast.draft("thanh", good_content())))
    book.say("C. Đánh giá bằng lời", "Kết quả", "TỐI MẬT")

    with pytest.raises(Secret):
        cells_safely("tháng 11.xlsx", book.saved())


def test_a_workbook_with_macros_is_refused(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())
    content = repacked(workbook_of(report), {"xl/vbaProject.bin": b"Sub"})

    with pytest.raises(NotTaken, match="macros"):
        drop(cast, report, content)


def test_what_a_spreadsheet_made_of_a_figure_is_seen_as_what_it_is(cast: Cast) -> None:
    report = cast.draft("thanh", good_content())
    book = Book(workbook_of(report))
    book.own("patrol.teams").value = date(2026, 4, 3)
    book.own("patrol.people").value = "#REF!"
    book.own("patrol.people").data_type = "e"
    book.own("law.listeners").value = "=1+2"
    content = book.saved()

    drop(cast, report, content)

    doubts = {
        code: judged_at(report, f"cell:{code}").doubt for code in ("patrol.teams", "patrol.people", "law.listeners")
    }
    assert doubts == {"patrol.teams": Doubt.DATE, "patrol.people": Doubt.ERROR, "law.listeners": Doubt.FORMULA}


def test_what_was_read_is_kept_and_read_again_the_same(cast: Cast) -> None:
    content = workbook_of(cast.draft("thanh", good_content()))

    filled = read_filled(cells_of(content, "x.xlsx").by_name, workbook_services.holds)

    assert FilledIn.from_json(filled.as_json()) == filled
