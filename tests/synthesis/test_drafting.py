"""The draft: how it begins, what the officer may do to it, what a late change touches, and what is finished."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from nennep.journal import queries as journal
from nennep.organisation.rules import NotAuthorised
from nennep.reporting import services as reports
from nennep.reporting.models import Report, Version
from nennep.reporting.rules.content import LONGEST_STATEMENT, Content, Statement, StatementKind, content_digest
from nennep.reporting.rules.states import State as ReportState
from nennep.reporting.services import ReportingRefused
from nennep.synthesis import queries, services
from nennep.synthesis.models import DraftItem, Synthesis
from nennep.synthesis.rules.drafts import ItemKind, SynthesisRefused, pieces, references, typed_numbers
from tests.cast import NOW, Cast, good_content

HOUR = timedelta(hours=1)
K = StatementKind


def say(*statements: tuple[str, StatementKind, str], **cells: str) -> Content:
    """A post's report with these words: each section, kind and text. Ids are r1, r2 and so on."""
    said = tuple(Statement(f"r{n}", section, kind, text) for n, (section, kind, text) in enumerate(statements, start=1))
    return replace(good_content(**cells), statements=said)


FIRST = say(("C", K.RESULT, "Giữ vững địa bàn."), ("C", K.CAUSE, "Mưa lũ."), ("D", K.TASK, "Diễn tập."))
SECOND = say(("C", K.RESULT, "Không để bị động."), patrol__teams="20")


@pytest.fixture
def draft(cast: Cast) -> Synthesis:
    """The synthesis of the province SH, begun on the reports of two of its three posts."""
    form = cast.form
    form.layout_data = deepcopy(form.layout_data)
    form.layout_data["sections"][0]["sentences"] = ["Tổ chức {patrol.teams} lượt tổ, {patrol.people} lượt người."]
    form.save()
    cast.accept(cast.hand_in("thanh", FIRST), "hanh")
    cast.accept(cast.hand_in("pao", SECOND), "hanh")
    return services.begin(cast.rounds["2026-11"].pk, by=cast.actor("hanh"))


def texts(draft: Synthesis, section: str = "C", *, left_out: bool = False) -> list[str]:
    return [one.text for one in queries.items(draft) if one.section == section and one.left_out is left_out]


def item(draft: Synthesis, text: str) -> DraftItem:
    return next(one for one in queries.items(draft) if one.text.startswith(text))


def version_of(unit: str) -> Version:
    found = Report.objects.get(unit__code=unit).current_version
    assert found is not None
    return found


def resubmit(cast: Cast, content: Content, *, username: str = "thanh", superior: str = "hanh") -> Version:
    version = cast.hand_in(username, content, at=NOW + HOUR)
    cast.accept(version, superior, NOW + HOUR)
    return version


# --- beginning ------------------------------------------------------------------------------------


def test_a_draft_begins_with_the_form_s_sentences_and_every_statement_below_by_kind(draft: Synthesis) -> None:
    assert texts(draft, "A") == ["Tổ chức {patrol.teams} lượt tổ, {patrol.people} lượt người."]
    assert texts(draft, "C") == ["Giữ vững địa bàn.", "Không để bị động.", "Mưa lũ."]
    assert texts(draft, "D") == ["Diễn tập."]
    assert item(draft, "Tổ chức").kind == ItemKind.FIGURES
    assert item(draft, "Mưa lũ").sources == [[version_of("SH-1").pk, "r2"]]


def test_beginning_again_changes_nothing(cast: Cast, draft: Synthesis) -> None:
    services.rewrite(item(draft, "Mưa lũ").pk, "Mưa lũ kéo dài.", by=cast.actor("hanh"))

    again = services.begin(cast.rounds["2026-11"].pk, by=cast.actor("hanh"))

    assert again.pk == draft.pk
    assert texts(draft)[2] == "Mưa lũ kéo dài."
    assert journal.about(f"synthesis.synthesis:{draft.pk}").count() == 1


def test_a_unit_to_which_nobody_reports_has_nothing_to_bring_together(cast: Cast) -> None:
    with pytest.raises(NotAuthorised):
        services.begin(cast.rounds["2026-11"].pk, by=cast.actor("thanh"))
    cast.posts["thanh"].permissions.append("synthesis.write")
    with pytest.raises(SynthesisRefused) as refused:
        services.begin(cast.rounds["2026-11"].pk, by=cast.actor("thanh"))

    assert refused.value.why == "nobody_below"


@pytest.mark.parametrize("username", ["kehoach", "tulenh", "dong", "thanh", "khach"])
def test_a_synthesis_is_written_by_its_unit_s_own_people(cast: Cast, draft: Synthesis, username: str) -> None:
    by, first = cast.actor(username), item(draft, "Mưa lũ")
    acts: list[Callable[[], object]] = [
        lambda: services.rewrite(first.pk, "Khác.", by=by),
        lambda: services.move(first.pk, up=True, by=by),
        lambda: services.leave_out(first.pk, "vì thế", by=by),
        lambda: services.put_back(first.pk, by=by),
        lambda: services.finish(draft.pk, by=by),
        lambda: services.reopen(draft.pk, by=by, reason="vì thế"),
        lambda: services.take_change(draft.pk, 1, by=by),
        lambda: services.keep_old(draft.pk, 1, "vì thế", by=by),
    ]

    for act in acts:
        with pytest.raises(NotAuthorised):
            act()

    assert texts(draft) == ["Giữ vững địa bàn.", "Không để bị động.", "Mưa lũ."]


# --- editing --------------------------------------------------------------------------------------


def test_a_rewritten_sentence_keeps_its_sources_and_is_marked(cast: Cast, draft: Synthesis) -> None:
    before = item(draft, "Giữ vững")

    after = services.rewrite(before.pk, "  Các đồn giữ vững địa bàn. ", by=cast.actor("hanh"))

    assert (after.text, after.edited, after.sources) == ("Các đồn giữ vững địa bàn.", True, before.sources)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (" \u200b ", "empty_sentence"),
        ("ổ" * (LONGEST_STATEMENT + 1), "too_long"),
        ("Tổ chức {patrol.unknown} lượt.", "unknown_figure"),
    ],
)
def test_a_sentence_that_says_nothing_too_much_or_an_unknown_figure_is_refused(
    cast: Cast, draft: Synthesis, text: str, why: str
) -> None:
    with pytest.raises(SynthesisRefused) as refused:
        services.rewrite(item(draft, "Mưa lũ").pk, text, by=cast.actor("hanh"))

    assert refused.value.why == why
    assert texts(draft)[2] == "Mưa lũ."


def test_sentences_change_places_within_their_section_and_stop_at_its_edge(cast: Cast, draft: Synthesis) -> None:
    by = cast.actor("hanh")

    services.move(item(draft, "Mưa lũ").pk, up=True, by=by)
    services.move(item(draft, "Giữ vững").pk, up=True, by=by)
    services.move(item(draft, "Diễn tập").pk, up=False, by=by)

    assert texts(draft) == ["Giữ vững địa bàn.", "Mưa lũ.", "Không để bị động."]


def test_what_is_left_out_says_why_stays_on_the_bench_and_can_come_back(cast: Cast, draft: Synthesis) -> None:
    by, one = cast.actor("hanh"), item(draft, "Mưa lũ")
    with pytest.raises(SynthesisRefused):
        services.leave_out(one.pk, "  ", by=by)

    services.leave_out(one.pk, "Trùng ý trên.", by=by)
    out = texts(draft, left_out=True)
    said = [statement.text for statement in services.content_now(draft).statements]
    services.put_back(one.pk, by=by)

    assert out == ["Mưa lũ."]
    assert "Mưa lũ." not in said
    assert texts(draft) == ["Giữ vững địa bàn.", "Không để bị động.", "Mưa lũ."]


def test_the_database_refuses_a_sentence_left_out_without_a_reason(draft: Synthesis) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        DraftItem.objects.filter(synthesis=draft).update(left_out=True)


# --- late changes ---------------------------------------------------------------------------------


def test_nothing_changed_is_no_change(draft: Synthesis) -> None:
    assert queries.changes(draft) == []


def test_a_report_resubmitted_after_the_merge_marks_what_it_touches(cast: Cast, draft: Synthesis) -> None:
    old = version_of("SH-1").pk
    new = resubmit(
        cast,
        replace(
            say(("C", K.RESULT, "Giữ vững địa bàn, 3 bản."), ("C", K.CAUSE, "Mưa lũ."), patrol__teams="131"),
            statements=(
                Statement("r1", "C", K.RESULT, "Giữ vững địa bàn, 3 bản."),
                Statement("r2", "C", K.CAUSE, "Mưa lũ."),
                Statement("r9", "C", K.SHORTCOMING, "Còn chậm."),
            ),
        ),
    )

    (change,) = queries.changes(draft)

    assert (change.unit_id, change.old, change.new) == (cast.units["SH-1"], old, new.pk)
    assert change.indicators == ("patrol.teams",)
    assert (change.rewritten, change.added, change.removed) == (("r1",), ("r9",), ("r3",))
    assert [alert.synthesis for alert in queries.changes_for(cast.actor("hanh"))] == [draft]
    assert queries.figures(draft)["patrol.teams"].value == 157  # the draft stands where it stood


def test_a_statement_that_only_changed_its_kind_is_marked_and_taken(cast: Cast, draft: Synthesis) -> None:
    moved = replace(
        FIRST, statements=(FIRST.statements[0], replace(FIRST.statements[1], kind=K.SHORTCOMING), *FIRST.statements[2:])
    )
    resubmit(cast, replace(moved, words={"section:C": "Đang xem."}))

    (change,) = queries.changes(draft)
    services.take_change(draft.pk, change.report_id, by=cast.actor("hanh"))

    assert change.rewritten == ("r2",)
    assert item(draft, "Mưa lũ").statement_kind == K.SHORTCOMING


def test_a_statement_that_went_to_another_section_goes_there(cast: Cast, draft: Synthesis) -> None:
    moved = replace(FIRST.statements[1], section="D", kind=K.PROPOSAL)
    resubmit(cast, replace(FIRST, statements=(FIRST.statements[0], moved, FIRST.statements[2])))

    (change,) = queries.changes(draft)
    services.take_change(draft.pk, change.report_id, by=cast.actor("hanh"))

    assert texts(draft, "C") == ["Giữ vững địa bàn.", "Không để bị động."]
    assert texts(draft, "D") == ["Diễn tập.", "Mưa lũ."]


def test_taking_a_change_brings_figures_and_sentences_up_to_it(cast: Cast, draft: Synthesis) -> None:
    by = cast.actor("hanh")
    services.rewrite(item(draft, "Diễn tập").pk, "Tổ chức diễn tập.", by=by)
    new = resubmit(
        cast,
        replace(
            FIRST,
            cells={**FIRST.cells, "patrol.teams": "131"},
            statements=(
                Statement("r1", "C", K.RESULT, "Giữ vững địa bàn, 3 bản."),
                Statement("r3", "D", K.TASK, "Diễn tập phòng chống lũ."),
                Statement("r9", "C", K.SHORTCOMING, "Còn chậm."),
            ),
            words={"section:C": "Đang xem."},
        ),
    )

    services.take_change(draft.pk, new.report_id, by=by)

    assert queries.changes(draft) == []
    assert queries.figures(draft)["patrol.teams"].value == 151
    assert texts(draft) == ["Giữ vững địa bàn, 3 bản.", "Không để bị động.", "Còn chậm."]
    assert texts(draft, left_out=True) == ["Mưa lũ."]
    assert item(draft, "Mưa lũ").reason == "Đơn vị đã rút ý này khỏi báo cáo"
    edited = item(draft, "Tổ chức diễn tập")  # its words are the officer's, its source is the new version
    assert (edited.text, edited.sources) == ("Tổ chức diễn tập.", [[new.pk, "r3"]])
    assert item(draft, "Còn chậm").sources == [[new.pk, "r9"]]


def test_keeping_what_stands_needs_a_reason_and_holds_until_the_next_change(cast: Cast, draft: Synthesis) -> None:
    by, old = cast.actor("hanh"), version_of("SH-1").pk
    second = resubmit(cast, replace(FIRST, cells={**FIRST.cells, "patrol.teams": "131"}))

    with pytest.raises(SynthesisRefused):
        services.keep_old(draft.pk, second.report_id, " ", by=by)
    services.keep_old(draft.pk, second.report_id, "Đã báo cáo Thủ trưởng số cũ.", by=by)
    kept = queries.changes(draft)
    third = resubmit(cast, replace(FIRST, cells={**FIRST.cells, "patrol.teams": "130"}))

    assert kept == []
    assert [(change.old, change.new) for change in queries.changes(draft)] == [(old, third.pk)]
    assert queries.figures(draft)["patrol.teams"].value == 157


def test_a_report_that_came_after_the_draft_is_a_change_to_take_or_to_keep_out(cast: Cast, draft: Synthesis) -> None:
    by = cast.actor("hanh")
    late = resubmit(cast, say(("C", K.RESULT, "Đồn ổn định."), patrol__teams="10"), username="hu")

    (change,) = queries.changes(draft)
    services.keep_old(draft.pk, late.report_id, "Đến sau giờ chốt.", by=by)
    kept_changes, kept_figure = queries.changes(draft), queries.figures(draft)["patrol.teams"].value
    newer = resubmit(cast, say(("C", K.RESULT, "Đồn rất ổn định."), patrol__teams="11"), username="hu")
    services.take_change(draft.pk, newer.report_id, by=by)

    assert (change.old, change.added, "patrol.teams" in change.indicators) == (None, ("r1",), True)
    assert kept_changes == []
    assert kept_figure == 157
    assert queries.figures(draft)["patrol.teams"].value == 168
    assert texts(draft)[-1] == "Đồn rất ổn định."


def test_a_version_that_was_returned_cannot_be_kept_and_is_taken_out(cast: Cast, draft: Synthesis) -> None:
    by, gone = cast.actor("hanh"), version_of("SH-1")
    reports.return_report(gone.report_id, version_id=gone.pk, by=by, reason="Xem lại.")

    (change,) = queries.changes(draft)
    with pytest.raises(SynthesisRefused) as refused:
        services.keep_old(draft.pk, gone.report_id, "Vẫn đúng.", by=by)
    services.take_change(draft.pk, gone.report_id, by=by)

    assert (change.new, refused.value.why) == (None, "returned_cannot_be_kept")
    assert queries.figures(draft)["patrol.teams"].value == 20
    assert texts(draft) == ["Không để bị động."]
    assert {one.reason for one in queries.items(draft) if one.left_out} == {"Báo cáo có ý này đã bị trả lại"}
    assert queries.changes(draft) == []


def test_what_comes_back_after_it_was_taken_out_is_said_again(cast: Cast, draft: Synthesis) -> None:
    by, gone = cast.actor("hanh"), version_of("SH-1")
    reports.return_report(gone.report_id, version_id=gone.pk, by=by, reason="Xem lại.")
    services.take_change(draft.pk, gone.report_id, by=by)

    back = resubmit(cast, replace(FIRST, cells={**FIRST.cells, "patrol.teams": "131"}))
    services.take_change(draft.pk, back.report_id, by=by)

    assert texts(draft) == ["Không để bị động.", "Giữ vững địa bàn.", "Mưa lũ."]
    assert queries.figures(draft)["patrol.teams"].value == 151


def test_a_change_is_answered_once(cast: Cast, draft: Synthesis) -> None:
    report = version_of("SH-1").report_id
    with pytest.raises(SynthesisRefused) as refused:
        services.take_change(draft.pk, report, by=cast.actor("hanh"))

    assert refused.value.why == "no_such_change"


# --- finishing ------------------------------------------------------------------------------------


def test_finishing_waits_for_every_late_change(cast: Cast, draft: Synthesis) -> None:
    resubmit(cast, replace(FIRST, cells={**FIRST.cells, "patrol.teams": "131"}))

    with pytest.raises(SynthesisRefused) as refused:
        services.finish(draft.pk, by=cast.actor("hanh"))

    assert (refused.value.why, refused.value.facts) == ("changes_unanswered", {"count": 1})


def test_finishing_hands_in_references_and_sentences_with_their_sources_and_freezes(
    cast: Cast, draft: Synthesis
) -> None:
    by = cast.actor("hanh", NOW + HOUR)
    services.leave_out(item(draft, "Diễn tập").pk, "Đã có kế hoạch riêng.", by=by)

    finished = services.finish(draft.pk, by=by)

    version = finished.version
    assert version is not None
    content = version.content
    assert (content.cells, content.synthesis) == ({}, draft.pk)
    assert (content.figures["patrol.teams"], content.figures["path.cleared_km"]) == ("157", "25")
    assert [statement.text for statement in content.statements] == ["Giữ vững địa bàn.", "Không để bị động.", "Mưa lũ."]
    assert content.statements[2].sources == ((version_of("SH-1").pk, "r2"),)
    assert Content.from_json(finished.finished_content or {}) == content
    assert finished.digest == version.digest
    assert finished.digest == content_digest(content.as_json(), form="monthly v1", unit="SH", period="2026-11")
    assert (finished.finished_at, finished.finished_by) == (NOW + HOUR, str(cast.people["hanh"]))
    assert Report.objects.get(unit__code="SH").state == ReportState.SUBMITTED
    with pytest.raises(SynthesisRefused):
        services.rewrite(item(draft, "Mưa lũ").pk, "Khác.", by=by)
    with pytest.raises(SynthesisRefused):
        services.finish(draft.pk, by=by)


def test_a_figure_named_in_a_sentence_goes_up_written_out(cast: Cast, draft: Synthesis) -> None:
    by = cast.actor("hanh")
    services.rewrite(item(draft, "Giữ vững").pk, "Toàn tỉnh {patrol.teams} lượt, {patrol.per_team} người.", by=by)

    finished = services.finish(draft.pk, by=by)

    assert finished.version is not None
    assert finished.version.content.statements[0].text == "Toàn tỉnh 157 lượt, 10,47 người."


def test_the_top_finishes_for_itself_and_hands_in_to_nobody(cast: Cast, draft: Synthesis) -> None:
    finished = services.finish(draft.pk, by=cast.actor("hanh"))
    assert finished.version is not None
    cast.accept(finished.version, "kehoach")
    top = services.begin(cast.rounds["2026-11"].pk, by=cast.actor("kehoach"))

    done = services.finish(top.pk, by=cast.actor("kehoach"))

    assert texts(top) == ["Giữ vững địa bàn.", "Không để bị động.", "Mưa lũ."]
    assert [one.sources[0][0] for one in queries.items(top) if one.section == "C"] == [finished.version.pk] * 3
    assert done.version is None
    assert Content.from_json(done.finished_content or {}).figures["patrol.teams"] == "157"


def test_going_on_after_finishing_needs_a_reason_and_makes_a_new_version(cast: Cast, draft: Synthesis) -> None:
    by = cast.actor("hanh")
    with pytest.raises(SynthesisRefused):
        services.reopen(draft.pk, by=by, reason="Chưa xong.")
    first = services.finish(draft.pk, by=by)
    with pytest.raises(SynthesisRefused):
        services.reopen(draft.pk, by=by, reason=" ")

    services.reopen(draft.pk, by=by, reason="Tư lệnh yêu cầu bổ sung.")
    services.rewrite(item(draft, "Mưa lũ").pk, "Mưa lũ kéo dài.", by=by)
    second = services.finish(draft.pk, by=by)

    assert first.version is not None
    assert second.version is not None
    assert (first.version.number, second.version.number) == (1, 2)
    assert Version.objects.get(pk=first.version.pk).content.statements[2].text == "Mưa lũ."


def test_a_synthesis_opened_again_by_mistake_is_finished_again_as_it_was(cast: Cast, draft: Synthesis) -> None:
    by = cast.actor("hanh")
    first = services.finish(draft.pk, by=by)
    services.reopen(draft.pk, by=by, reason="Nhầm.")

    again = services.finish(draft.pk, by=by)

    assert (again.is_finished, again.version, again.digest) == (True, first.version, first.digest)
    assert Version.objects.filter(report__unit__code="SH").count() == 1


def test_a_synthesis_that_was_returned_must_change(cast: Cast, draft: Synthesis) -> None:
    by = cast.actor("hanh")
    first = services.finish(draft.pk, by=by)
    assert first.version is not None
    reports.return_report(
        first.version.report_id, version_id=first.version.pk, by=cast.actor("kehoach"), reason="Thiếu nguyên nhân."
    )
    services.reopen(draft.pk, by=by, reason="Bị trả lại.")

    with pytest.raises(ReportingRefused) as refused:
        services.finish(draft.pk, by=by)

    assert refused.value.why == "nothing_changed"


def test_what_the_bench_made_is_not_typed_over(cast: Cast, draft: Synthesis) -> None:
    services.finish(draft.pk, by=cast.actor("hanh"))
    report = Report.objects.get(unit__code="SH")

    for act in (
        lambda: reports.save_draft(report.pk, good_content(), revision=report.draft_revision, by=cast.actor("hanh")),
        lambda: reports.submit_report(report.pk, revision=report.draft_revision, by=cast.actor("hanh")),
        lambda: reports.hand_in(report.round_id, good_content(), by=cast.actor("hanh")),
    ):
        with pytest.raises(ReportingRefused, match="made_on_the_bench"):
            act()


def test_a_late_change_below_a_finished_synthesis_still_shows(cast: Cast, draft: Synthesis) -> None:
    services.finish(draft.pk, by=cast.actor("hanh"))
    resubmit(cast, replace(FIRST, cells={**FIRST.cells, "patrol.teams": "131"}))

    (alert,) = queries.changes_for(cast.actor("hanh"))

    assert (alert.figures, alert.statements) == (1, 0)


def test_changes_take_as_many_queries_for_many_as_for_few(cast: Cast, draft: Synthesis) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.changes(draft)
        return len(captured)

    resubmit(cast, replace(FIRST, cells={**FIRST.cells, "patrol.teams": "131"}))
    few = count()
    resubmit(cast, replace(SECOND, cells={**SECOND.cells, "patrol.teams": "21"}), username="pao")
    resubmit(cast, say(("C", K.RESULT, "Ổn.")), username="hu")

    assert count() == few


# --- sentences and figures ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("không có số", [("text", "không có số")]),
        ("{patrol.teams}", [("figure", "patrol.teams")]),
        (
            "Tổ {patrol.teams} và {a_1.b}.",
            [("text", "Tổ "), ("figure", "patrol.teams"), ("text", " và "), ("figure", "a_1.b"), ("text", ".")],
        ),
        ("{Patrol} {} {{x}", [("text", "{Patrol} {} {"), ("figure", "x")]),
        ("", []),
    ],
)
def test_a_sentence_is_text_and_references(text: str, parts: list[tuple[str, str]]) -> None:
    assert pieces(text) == parts
    assert references(text) == [part for kind, part in parts if kind == "figure"]


def test_numbers_typed_into_a_sentence_about_figures_are_seen() -> None:
    assert typed_numbers("Tổ chức 371 lượt, {patrol.teams2} tổ, 12,5 km.") == ["371", "12,5"]


def test_sections_stand_in_the_order_of_the_form_and_not_of_their_letters(draft: Synthesis) -> None:
    layout = draft.round.form.layout_data
    for section, letter in zip(layout["sections"], ["VIII", "A", "IX", "B"], strict=True):
        DraftItem.objects.filter(synthesis=draft, section=section["letter"]).update(section=letter)
        section["letter"] = letter
    draft.round.form.save()

    sections = [item.section for item in queries.items(queries.synthesis(draft.pk))]

    assert list(dict.fromkeys(sections)) == [letter for letter in ["VIII", "A", "IX", "B"] if letter in sections]
    assert sections != sorted(sections)
