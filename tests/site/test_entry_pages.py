"""Writing a report on its page: autosave, findings, two writers, handing in, what a bad sender gets."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from nennep.organisation.models import Appointment
from nennep.reporting import services
from nennep.reporting.models import Report, Version
from nennep.reporting.rules.content import Content, Statement, StatementKind
from nennep.reporting.services import Remark
from tests.cast import HANOI, NOW, Cast, good_content

SignIn = Callable[[str], Client]
SetClock = Callable[[datetime], None]

AS_JSON: dict[str, Any] = {"HTTP_ACCEPT": "application/json"}


def fields(report: Report, content: Content | None = None, **changed: str) -> dict[str, Any]:
    """What the form of a page would send for a draft; `cell__patrol_teams="1"` is written as its field's name."""
    content = content or report.draft_content
    sent: dict[str, Any] = {"revision": str(report.draft_revision), "with-statements": "1"}
    sent |= {f"cell.{code}": text for code, text in content.cells.items()}
    sent |= {f"word.{place}": word for place, word in content.words.items()}
    sent["statement"] = [statement.id for statement in content.statements]
    for statement in content.statements:
        sent[f"section.{statement.id}"] = statement.section
        sent[f"kind.{statement.id}"] = str(statement.kind)
        sent[f"text.{statement.id}"] = statement.text
    return sent | changed


def fresh(report: Report) -> Report:
    return Report.objects.get(pk=report.pk)


# --- the form ---------------------------------------------------------------------------------------


def test_the_form_shows_own_cells_beside_the_last_period(cast: Cast, sign_in: SignIn) -> None:
    version = cast.hand_in("thanh", good_content(patrol__teams="132"), period="2026-10")
    cast.accept(version, "hanh")
    report = cast.draft("thanh", good_content())

    page = sign_in("thanh").get(f"/reports/{report.pk}/edit/")

    assert page.status_code == 200
    assert 'name="cell.patrol.teams" value="137"' in page.content.decode()
    assert re.search(r"class=\"past\"[^>]*>\s*132\s*</td>", page.content.decode())


def test_a_ratio_is_shown_and_has_no_field(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content(patrol__teams="100", patrol__people="650"))

    page = sign_in("thanh").get(f"/reports/{report.pk}/edit/").content.decode()

    assert 'name="cell.patrol.per_team"' not in page
    assert re.search(r'data-computed="patrol.per_team">\s*6,5\s*</output>', page)


def test_beginning_a_report_leads_to_its_form_and_twice_to_the_same(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("thanh")

    first = client.post(f"/rounds/{cast.rounds['2026-11'].pk}/write/")
    second = client.post(f"/rounds/{cast.rounds['2026-11'].pk}/write/")

    assert first["Location"] == second["Location"] == f"/reports/{Report.objects.get().pk}/edit/"


def test_who_is_not_on_duty_is_told_so_on_the_page_of_the_round(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in("kehoach").post(f"/rounds/{cast.rounds['2026-11'].pk}/write/")

    assert page.status_code == 409
    assert "not_on_duty" not in page.content.decode()
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("username", "expected"),
    [
        ("thanh", 200),
        ("hanh", 403),
        ("kehoach", 403),
        ("tulenh", 403),
        ("dontruong", 403),
        ("pao", 404),
        ("dong", 404),
        ("khach", 404),
        ("hethan", 403),
    ],
)
def test_only_the_units_own_writers_open_the_form(cast: Cast, sign_in: SignIn, username: str, expected: int) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in(username)

    assert client.get(f"/reports/{report.pk}/edit/").status_code == expected
    assert client.post(f"/reports/{report.pk}/draft/", fields(report), **AS_JSON).status_code == expected
    handed_in = client.post(f"/reports/{report.pk}/submit/", fields(report)).status_code
    # The commander of the post may not write, but hands in what was written.
    allowed = {"thanh": 302, "dontruong": 403}
    assert handed_in == allowed.get(username, expected)


# --- saving -----------------------------------------------------------------------------------------


def test_autosave_keeps_what_was_typed_as_it_was_typed_and_says_what_remains(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", Content())

    answer = sign_in("thanh").post(
        f"/reports/{report.pk}/draft/", fields(report) | {"cell.patrol.teams": " 1 151 "}, **AS_JSON
    )

    told = answer.json()
    assert answer.status_code == 200
    assert told["revision"] == fresh(report).draft_revision == report.draft_revision + 1
    assert fresh(report).draft_content.cells == {"patrol.teams": "1 151"}
    assert told["places"]["cell:patrol.people"]["look"] == "expected"
    assert told["places"]["cell:patrol.teams"]["look"] == ""


def test_a_number_that_reads_two_ways_is_asked_and_each_reading_can_be_pressed(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")
    typed = fields(report) | {"cell.path.cleared_km": "1.151"}

    note = client.post(f"/reports/{report.pk}/draft/", typed, **AS_JSON).json()["places"]["cell:path.cleared_km"]

    choices = re.findall(r'value="take:path.cleared_km=([^"]+)"', note["notes"])
    assert note["look"] == "error"
    assert choices == ["1151", "1.1510"]
    assert fresh(report).draft_content.cells["path.cleared_km"] == "1.151"


def test_pressing_a_reading_types_it_without_scripts_too(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content(path__cleared_km="1.151"))
    client = sign_in("thanh")

    client.post(f"/reports/{report.pk}/draft/", fields(report) | {"press": "take:path.cleared_km=1.1510"})

    page = client.post(f"/reports/{report.pk}/submit/", fields(fresh(report)))
    assert page.status_code == 302
    assert Version.objects.get().content.cells["path.cleared_km"] == "1.151"


def test_a_warning_asks_for_a_word_and_the_word_answers_it(cast: Cast, sign_in: SignIn) -> None:
    version = cast.hand_in("thanh", good_content(patrol__teams="30"), period="2026-10")
    cast.accept(version, "hanh")
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")

    before = client.post(f"/reports/{report.pk}/submit/", fields(report))
    word = {"word.cell:patrol.teams": "Đợt cao điểm theo Kế hoạch 12."}
    after = client.post(f"/reports/{report.pk}/submit/", fields(fresh(report)) | word)

    assert before.status_code == 422
    assert 'name="word.cell:patrol.teams"' in before.content.decode()
    assert after.status_code == 302
    assert Version.objects.get(report=report).content.words == {"cell:patrol.teams": "Đợt cao điểm theo Kế hoạch 12."}


def test_the_sum_of_balancing_parts_is_offered_for_an_empty_whole(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content(law__listeners=""))

    page = sign_in("thanh").get(f"/reports/{report.pk}/edit/").content.decode()

    assert 'value="take:law.listeners=742"' in page


def test_points_are_added_moved_and_removed_without_scripts(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")
    blank = {"section.new-C": "C", "kind.new-C": "shortcoming", "text.new-C": "Nắm tình hình có việc chưa kịp thời."}
    sent = fields(report) | blank
    sent["statement"] = ["s1", "new-C", "s2"]

    client.post(f"/reports/{report.pk}/draft/", sent)
    added = fresh(report).draft_content.statements[1]
    client.post(f"/reports/{report.pk}/draft/", fields(fresh(report)) | {"press": f"up:{added.id}"})
    moved = [statement.id for statement in fresh(report).draft_content.statements]
    client.post(f"/reports/{report.pk}/draft/", fields(fresh(report)) | {"press": "remove:s1"})

    assert added.kind is StatementKind.SHORTCOMING
    assert moved == [added.id, "s1", "s2"]
    assert [statement.id for statement in fresh(report).draft_content.statements] == [added.id, "s2"]


def test_an_empty_line_kept_ready_is_no_point(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    sent = fields(report) | {"section.new-C": "C", "kind.new-C": "result", "text.new-C": "  "}
    sent["statement"] = ["s1", "new-C", "s2"]

    sign_in("thanh").post(f"/reports/{report.pk}/draft/", sent)

    assert [statement.id for statement in fresh(report).draft_content.statements] == ["s1", "s2"]


# --- two people write at once -------------------------------------------------------------------------


def test_the_second_of_two_writers_is_told_and_shown_both(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")
    client.post(f"/reports/{report.pk}/draft/", fields(report) | {"cell.patrol.teams": "140"}, **AS_JSON)

    mine = fields(report) | {"cell.patrol.people": "800"}
    in_script = client.post(f"/reports/{report.pk}/draft/", mine, **AS_JSON)
    without = client.post(f"/reports/{report.pk}/draft/", mine)

    assert in_script.status_code == without.status_code == 409
    for html in (in_script.json()["clash"], without.content.decode()):
        assert 'name="pick.cell:patrol.teams"' in html
        assert 'name="pick.cell:patrol.people"' in html
    assert fresh(report).draft_content.cells["patrol.teams"] == "140"
    assert fresh(report).draft_content.cells["patrol.people"] == "822"


@pytest.mark.parametrize(
    ("pressed", "expected"),
    [
        ({"resolve": "mine"}, {"patrol.teams": "137", "patrol.people": "800"}),
        ({"resolve": "theirs"}, {"patrol.teams": "140", "patrol.people": "822"}),
        (
            {"resolve": "choose", "pick.cell:patrol.people": "mine", "pick.cell:patrol.teams": "theirs"},
            {"patrol.teams": "140", "patrol.people": "800"},
        ),
    ],
)
def test_of_two_drafts_all_or_each_place_can_be_chosen(
    cast: Cast, sign_in: SignIn, pressed: dict[str, str], expected: dict[str, str]
) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")
    client.post(f"/reports/{report.pk}/draft/", fields(report) | {"cell.patrol.teams": "140"}, **AS_JSON)
    clash = client.post(f"/reports/{report.pk}/draft/", fields(report) | {"cell.patrol.people": "800"})

    sent = {"revision": str(clash.context["revision"]), "mine": clash.context["mine"]}
    answer = client.post(f"/reports/{report.pk}/draft/", sent | pressed)

    assert answer.status_code == 302
    cells = fresh(report).draft_content.cells
    assert {code: cells[code] for code in expected} == expected


def test_the_other_writers_new_point_is_kept_when_mine_is_kept_beside_it(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")
    theirs = good_content()
    theirs = Content(theirs.cells, (*theirs.statements, Statement("t9", "D", StatementKind.PROPOSAL, "Bổ sung loa.")))
    client.post(f"/reports/{report.pk}/draft/", fields(report, theirs), **AS_JSON)
    mine = Content(
        theirs.cells, (*good_content().statements, Statement("m9", "D", StatementKind.PROPOSAL, "Bổ sung xe."))
    )
    clash = client.post(f"/reports/{report.pk}/draft/", fields(report, mine))

    sent = {"revision": str(clash.context["revision"]), "mine": clash.context["mine"], "resolve": "choose"}
    client.post(f"/reports/{report.pk}/draft/", sent | {"pick.statement:m9": "mine", "pick.statement:t9": "theirs"})

    assert [statement.id for statement in fresh(report).draft_content.statements] == ["s1", "s2", "t9", "m9"]


def test_the_same_draft_sent_twice_over_a_broken_line_is_no_clash(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")
    sent = fields(report) | {"cell.patrol.teams": "140"}

    first = client.post(f"/reports/{report.pk}/draft/", sent, **AS_JSON)
    again = client.post(f"/reports/{report.pk}/draft/", sent, **AS_JSON)

    assert again.status_code == 200
    assert again.json()["revision"] == first.json()["revision"]


def test_my_side_of_a_clash_cannot_bring_figures_of_a_synthesis_or_sources(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    forged = good_content().as_json() | {"figures": {"patrol.teams": "999999"}, "synthesis": 7}
    forged["statements"][0]["sources"] = [[1, "s1"]]
    sent = {"revision": str(report.draft_revision), "mine": json.dumps(forged), "resolve": "mine"}

    sign_in("thanh").post(f"/reports/{report.pk}/draft/", sent)

    kept = fresh(report).draft_content
    assert (kept.synthesis, dict(kept.figures)) == (None, {})
    assert kept.statements[0].sources == ()


# --- handing in -----------------------------------------------------------------------------------------


def test_handing_in_saves_first_and_freezes_exact_figures(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", Content())

    answer = sign_in("thanh").post(
        f"/reports/{report.pk}/submit/", fields(report, good_content(patrol__people="1.022"))
    )

    version = Version.objects.get()
    assert answer["Location"] == f"/reports/{report.pk}/"
    assert version.content.cells["patrol.people"] == "1022"
    assert version.received_at == NOW
    assert version.days_late == 0


def test_what_is_not_ready_leads_to_what_remains_and_is_saved(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", Content())

    page = sign_in("thanh").post(f"/reports/{report.pk}/submit/", fields(report, good_content(patrol__people="")))

    html = page.content.decode()
    assert page.status_code == 422
    assert 'href="#cell-patrol.people"' in html
    assert 'role="alert"' in html
    assert fresh(report).draft_content.cells["patrol.teams"] == "137"
    assert not Version.objects.exists()


def test_handing_in_late_says_how_late_and_counts_from_the_servers_receipt(
    cast: Cast, sign_in: SignIn, clock: SetClock
) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")
    clock(datetime(2026, 11, 19, 18, 0, tzinfo=HANOI))

    page = client.get(f"/reports/{report.pk}/edit/")
    client.post(f"/reports/{report.pk}/submit/", fields(report))

    assert "chip overdue" in page.content.decode()
    assert Version.objects.get().days_late == 3


def test_a_returned_report_shows_each_remark_at_its_place_and_is_resubmitted(cast: Cast, sign_in: SignIn) -> None:
    version = cast.hand_in("thanh")
    remarks = [Remark("cell:patrol.teams", "Nhật ký ghi 129 lượt tổ."), Remark("statement:s1", "Nêu tên 3 bản.")]
    by = cast.actor("hanh")
    services.return_report(version.report_id, version_id=version.pk, by=by, reason="", remarks=remarks)
    client = sign_in("thanh")
    report = fresh(version.report)

    page = client.get(f"/reports/{report.pk}/edit/").content.decode()
    client.post(f"/reports/{report.pk}/submit/", fields(report) | {"cell.patrol.teams": "129"})

    at_cell = page.index("Nhật ký ghi 129 lượt tổ.")
    assert page.index('id="cell-patrol.teams"') < at_cell < page.index('id="cell-patrol.bilateral"')
    assert page.index('id="statement-s1"') < page.index("Nêu tên 3 bản.") < page.index('id="section-D"')
    assert [v.number for v in Version.objects.order_by("number")] == [1, 2]


def test_a_remark_at_a_point_is_answered_there_and_goes_with_the_point(cast: Cast, sign_in: SignIn) -> None:
    version = cast.hand_in("thanh")
    remarks = [Remark("statement:s1", "Nêu tên 3 bản."), Remark("cell:patrol.teams", "Nhật ký ghi 129.")]
    services.return_report(version.report_id, version_id=version.pk, by=cast.actor("hanh"), remarks=remarks)
    client = sign_in("thanh")
    report = fresh(version.report)
    answers = {"word.statement:s1": "Tên bản không được nêu.", "word.cell:patrol.teams": "Nhật ký đã bổ sung 8 tổ."}

    before = client.get(f"/reports/{report.pk}/edit/").content.decode()
    told = client.post(f"/reports/{report.pk}/draft/", fields(report) | answers, **AS_JSON)
    answered = fresh(report).draft_content.words
    removed = fields(fresh(report)) | {"press": "remove:s1"}
    client.post(f"/reports/{report.pk}/draft/", removed)

    assert told.status_code == 200
    assert 'href="#statement-s1"' in before
    assert 'href="#statement-s1"' not in told.json()["remaining"]
    assert set(answered) == {"statement:s1", "cell:patrol.teams"}
    assert set(fresh(report).draft_content.words) == {"cell:patrol.teams"}


def test_the_same_content_again_is_refused_in_words(cast: Cast, sign_in: SignIn) -> None:
    version = cast.hand_in("thanh")
    report = fresh(version.report)

    page = sign_in("thanh").post(f"/reports/{report.pk}/submit/", fields(report))

    assert page.status_code == 422
    assert Version.objects.count() == 1


def test_a_commander_hands_in_what_the_officer_wrote(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("dontruong")

    page = client.get(f"/reports/{report.pk}/")
    answer = client.post(f"/reports/{report.pk}/submit/", {"revision": str(report.draft_revision)})

    assert f'name="revision" value="{report.draft_revision}"' in page.content.decode()
    assert answer.status_code == 302
    assert Version.objects.get().person_name == str(cast.people["dontruong"])


def test_a_commander_does_not_hand_in_what_was_changed_behind_the_page(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    old = str(report.draft_revision)
    cast.draft("thanh", good_content(patrol__teams="1"))

    page = sign_in("dontruong").post(f"/reports/{report.pk}/submit/", {"revision": old})

    assert page.status_code == 422
    assert not Version.objects.exists()


def test_after_closing_a_correction_needs_a_reason_and_says_where_it_is_booked(
    cast: Cast, sign_in: SignIn, clock: SetClock
) -> None:
    version = cast.hand_in("thanh", period="2026-10")
    cast.accept(version, "hanh")
    services.close_round(cast.rounds["2026-10"].pk, by=cast.actor("kehoach"), reason="Hết thời hạn bổ sung")
    clock(NOW + timedelta(hours=1))
    client = sign_in("thanh")
    report = fresh(version.report)
    changed = fields(report) | {"cell.patrol.teams": "129"}

    page = client.get(f"/reports/{report.pk}/edit/").content.decode()
    silent = client.post(f"/reports/{report.pk}/submit/", changed)
    told = client.post(f"/reports/{report.pk}/submit/", changed | {"revision": "3", "reason": "Cộng nhầm một tổ"})

    assert 'name="reason"' in page
    assert silent.status_code == 422
    assert told.status_code == 302
    assert Version.objects.get(number=2).booked_in == cast.rounds["2026-11"]


# --- bad input ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tampered",
    [
        {"cell.no.such": "1"},
        {"cell.patrol.per_team": "6"},
        {"revision": "two"},
        {"kind.s1": "rumour"},
        {"kind.s1": "task"},
        {"section.s1": "A"},
        {"section.s1": "Z"},
        {"resolve": "mine", "mine": "{"},
        {"resolve": "mine", "mine": '{"statements": [{"id": "x"}]}'},
        {"resolve": "choose", "mine": "[]"},
    ],
)
def test_a_tampered_form_changes_nothing_and_is_told_so(cast: Cast, sign_in: SignIn, tampered: dict[str, str]) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")

    on_page = client.post(f"/reports/{report.pk}/draft/", fields(report) | tampered)
    in_script = client.post(f"/reports/{report.pk}/draft/", fields(report) | tampered, **AS_JSON)

    assert on_page.status_code == in_script.status_code == 400
    assert in_script.json()["problem"]
    assert fresh(report).draft == report.draft


def test_a_million_letters_in_one_point_are_refused_and_the_rest_is_kept(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")
    sent = fields(report) | {"text.s1": "ề" * 1_000_000, "cell.patrol.teams": "129"}

    in_script = client.post(f"/reports/{report.pk}/draft/", sent, **AS_JSON)
    on_page = client.post(f"/reports/{report.pk}/draft/", sent | {"revision": str(report.draft_revision + 1)})

    kept = fresh(report).draft_content
    assert in_script.status_code == 200
    assert "1.000.000" in in_script.json()["places"]["statement:s1"]["notes"]
    assert on_page.status_code == 422
    assert "1.000.000" in on_page.content.decode()
    assert "ề" * 1_000_000 in on_page.content.decode()
    assert kept.cells["patrol.teams"] == "129"
    assert kept.statements[0].text == report.draft_content.statements[0].text


def test_text_is_kept_composed(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    composed = unicodedata.normalize("NFC", "Tuyên truyền Luật Biên phòng")
    decomposed = unicodedata.normalize("NFD", composed)

    sign_in("thanh").post(f"/reports/{report.pk}/draft/", fields(report) | {"text.s1": decomposed})

    assert decomposed != composed
    assert fresh(report).draft_content.statements[0].text == composed


@pytest.mark.parametrize(
    ("typed", "look"),
    [("1.151", ""), ("1 151", ""), ("1151", ""), ("1,151", "error"), ("1.15", "error"), ("mười", "error")],
)
def test_a_whole_count_takes_what_reads_one_way_and_asks_about_the_rest(
    cast: Cast, sign_in: SignIn, typed: str, look: str
) -> None:
    report = cast.draft("thanh", good_content())

    told = sign_in("thanh").post(
        f"/reports/{report.pk}/draft/", fields(report) | {"cell.patrol.people": typed}, **AS_JSON
    )

    assert told.json()["places"]["cell:patrol.people"]["look"] == look


def test_an_appointment_that_ends_midway_stops_the_page_and_keeps_the_draft(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")
    Appointment.objects.filter(person=cast.people["thanh"]).update(ends_on=NOW.date())

    answer = client.post(f"/reports/{report.pk}/draft/", fields(report) | {"cell.patrol.teams": "1"}, **AS_JSON)
    page = client.get(f"/reports/{report.pk}/edit/")

    assert answer.status_code == page.status_code == 403
    assert fresh(report).draft == report.draft


def test_a_report_that_is_not_there_is_not_found(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("thanh")

    for path in ("/reports/999/edit/", f"/rounds/{cast.rounds['2026-11'].pk + 999}/"):
        assert client.get(path).status_code == 404
    assert client.post("/reports/999/draft/", {}).status_code == 404
    assert client.post("/rounds/999/write/").status_code == 404


def test_every_word_of_the_form_is_escaped(cast: Cast, sign_in: SignIn) -> None:
    sharp = '<img src=x onerror="alert(1)">'
    content = good_content(patrol__teams=sharp)
    content = Content(content.cells, (Statement("s1", "C", StatementKind.RESULT, sharp),), {"cell:patrol.teams": sharp})
    report = cast.draft("thanh", content)
    client = sign_in("thanh")

    page = client.get(f"/reports/{report.pk}/edit/").content.decode()
    live = client.post(f"/reports/{report.pk}/draft/", fields(report), **AS_JSON).content.decode()

    assert sharp not in page
    assert "<img" not in json.dumps(json.loads(live)["places"])
