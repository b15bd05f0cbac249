"""Lists, rounds and one report: who sees what, what stands where, accepting, returning, closing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nennep.journal.models import Entry
from nennep.journal.rules import system_actor
from nennep.organisation.models import Edge, Unit, UnitName
from nennep.organisation.rules import Line
from nennep.organisation.services import Decided, merge
from nennep.reporting import services
from nennep.reporting.models import Duty, Form, Reminder, Report, Round, Version
from nennep.reporting.rules.content import Content, Statement, StatementKind
from nennep.reporting.services import Remark
from tests.cast import HANOI, NOW, START, Cast, good_content

SignIn = Callable[[str], Client]
SetClock = Callable[[datetime], None]
AFTER_DUE = datetime(2026, 11, 18, 9, 0, tzinfo=HANOI)


def add_posts(cast: Cast, count: int) -> None:
    """More posts under the first province, each with a report that waits."""
    for number in range(count):
        unit = Unit.objects.create(code=f"SH-X{number:02}", kind="post", starts_on=START)
        UnitName.objects.create(unit=unit, name=f"Đồn số {number}", short_name=f"Đồn {number}", starts_on=START)
        for line in (Line.COMMAND, Line.PROFESSIONAL):
            Edge.objects.create(unit=unit, parent_id=cast.units["SH"], line=line, starts_on=START)
        Report.objects.create(round=cast.rounds["2026-11"], unit=unit, state="draft")


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


# --- who sees what ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("username", "expected"),
    [
        ("thanh", 200),
        ("dontruong", 200),
        ("hanh", 200),
        ("kehoach", 200),
        ("tulenh", 200),
        ("pao", 404),
        ("dong", 404),
        ("khach", 404),
        ("hethan", 403),
    ],
)
def test_a_report_is_seen_from_its_unit_upwards_and_by_nobody_else(
    cast: Cast, sign_in: SignIn, username: str, expected: int
) -> None:
    version = cast.hand_in("thanh")
    client = sign_in(username)

    assert client.get(f"/reports/{version.report_id}/").status_code == expected
    assert client.get(f"/reports/{version.report_id}/versions/1/").status_code == expected
    assert client.get("/reports/").status_code == (403 if username == "hethan" else 200)


@pytest.mark.parametrize(
    ("username", "expected"),
    [("hanh", 302), ("kehoach", 403), ("tulenh", 403), ("thanh", 403), ("dong", 404), ("khach", 404), ("hethan", 403)],
)
@pytest.mark.parametrize("act", ["accept", "return"])
def test_only_the_superior_decides(cast: Cast, sign_in: SignIn, act: str, username: str, expected: int) -> None:
    version = cast.hand_in("thanh")

    sent = {"version": str(version.pk), "reason": "Đối chiếu lại."}
    answer = sign_in(username).post(f"/reports/{version.report_id}/{act}/", sent)

    assert answer.status_code == expected
    assert version.decisions.exists() is (expected == 302)


@pytest.mark.parametrize(
    ("username", "expected"), [("kehoach", 302), ("tulenh", 403), ("hanh", 403), ("thanh", 403), ("khach", 403)]
)
def test_only_the_top_opens_and_closes_periods(cast: Cast, sign_in: SignIn, username: str, expected: int) -> None:
    client = sign_in(username)

    opened = client.post("/rounds/open/", {"form": str(cast.form.pk), "period": "2027-01"})
    closed = client.post(f"/rounds/{cast.rounds['2026-10'].pk}/close/", {"reason": "Hết thời hạn"})

    assert opened.status_code == closed.status_code == expected
    assert Round.objects.filter(period_code="2027-01").exists() is (expected == 302)


def test_a_superior_does_not_see_a_draft(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content(patrol__teams="98765"))

    own = sign_in("thanh").get(f"/reports/{report.pk}/").content.decode()
    superior = sign_in("hanh").get(f"/reports/{report.pk}/?draft=1").content.decode()

    assert "98.765" in own
    assert "98.765" not in superior


# --- the list -------------------------------------------------------------------------------------------


def test_the_list_names_the_missing_first_and_counts_them_in_its_title(
    cast: Cast, sign_in: SignIn, clock: SetClock
) -> None:
    cast.hand_in("thanh")
    cast.hand_in("pao")
    clock(AFTER_DUE)

    page = sign_in("hanh").get("/reports/")

    rows = [(row.unit.short_name, row.standing) for row in page.context["rows"]]
    assert rows[0] == ("Đồn BP Pá Hu", str(page.context["rows"][0].standing))
    assert page.context["title"].count("2") >= 1
    assert "1" in page.context["title"].split(":")[1]
    assert "Đồn BP Lũng Vài" not in page.content.decode()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("state=submitted", {"SH-1", "SH-2"}),
        ("standing=missing", {"SH-3"}),
        ("late=1", {"SH-2"}),
        ("form=monthly", {"SH", "SH-1", "SH-2", "SH-3"}),
        ("form=no-such-form", set()),
        ("state=nonsense&sort=nonsense&page=nonsense&column=nonsense", {"SH", "SH-1", "SH-2", "SH-3"}),
        ("sort=-received&page=99", {"SH", "SH-1", "SH-2", "SH-3"}),
        ("page=²", {"SH", "SH-1", "SH-2", "SH-3"}),
    ],
)
def test_the_list_is_filtered_and_nonsense_in_the_address_is_left_out(
    cast: Cast, sign_in: SignIn, clock: SetClock, question: str, expected: set[str]
) -> None:
    cast.hand_in("thanh")
    cast.hand_in("pao", at=datetime(2026, 11, 17, 20, 0, tzinfo=HANOI))
    clock(AFTER_DUE)

    page = sign_in("hanh").get(f"/reports/?{question}")

    assert {row.unit.code for row in page.context["rows"]} == expected


def test_the_list_sorts_by_any_column_both_ways(sign_in: SignIn) -> None:
    client = sign_in("kehoach")

    up = [row.unit.code for row in client.get("/reports/?sort=unit").context["rows"]]
    down = [row.unit.code for row in client.get("/reports/?sort=-unit").context["rows"]]

    assert up == sorted(up)
    assert down == sorted(up, reverse=True)


def test_the_list_goes_page_by_page(cast: Cast, sign_in: SignIn) -> None:
    add_posts(cast, 60)
    client = sign_in("hanh")

    first, second = (client.get(f"/reports/?sort=unit&page={page}").context["rows"] for page in (1, 2))

    assert len(first) == 50
    assert len(second) == 14
    assert not {row.unit.id for row in first} & {row.unit.id for row in second}


def test_the_sheet_has_the_chosen_columns_and_the_filtered_rows(cast: Cast, sign_in: SignIn) -> None:
    cast.hand_in("thanh")

    answer = sign_in("hanh").get("/reports/sheet.csv?column=unit&column=version&state=submitted")

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert answer["Content-Disposition"] == 'attachment; filename="SH-2026-11.csv"'
    assert rows[1:] == [["Đồn BP Nậm Ngà", "1"]]
    assert len(rows[0]) == 2


def test_the_workbook_is_one_and_another_kind_is_not_found(sign_in: SignIn) -> None:
    client = sign_in("hanh")

    assert client.get("/reports/sheet.xlsx").content[:2] == b"PK"
    assert client.get("/reports/sheet.exe").status_code == 404


@pytest.mark.parametrize(
    "path", ["/reports/", "/reports/sheet.xlsx", "/rounds/", "/rounds/{round}/", "/rounds/{round}/?whole=1"]
)
def test_more_rows_need_no_more_queries(cast: Cast, sign_in: SignIn, path: str) -> None:
    client = sign_in("kehoach")
    client.get("/reports/?unit=" + str(cast.units["SH"]))
    add_posts(cast, 3)
    address = path.format(round=cast.rounds["2026-11"].pk)
    few = queries_of(client, address)

    Report.objects.filter(unit__code__startswith="SH-X").delete()
    UnitName.objects.filter(unit__code__startswith="SH-X").delete()
    Edge.objects.filter(unit__code__startswith="SH-X").delete()
    Unit.objects.filter(code__startswith="SH-X").delete()
    add_posts(cast, 30)

    assert queries_of(client, address) == few


def test_a_report_with_more_versions_and_points_needs_no_more_queries(cast: Cast, sign_in: SignIn) -> None:
    version = cast.hand_in("thanh")
    client = sign_in("hanh")
    few = queries_of(client, f"/reports/{version.report_id}/")

    for number in range(2, 8):
        said = tuple(Statement(f"n{i}", "C", StatementKind.RESULT, f"Ý {i}") for i in range(number * 3))
        cells = good_content(patrol__teams=str(137 + number)).cells
        cast.hand_in("thanh", Content(cells, said), at=NOW + timedelta(minutes=number))

    assert queries_of(client, f"/reports/{version.report_id}/") <= few + 1  # the version compared with is read once


# --- rounds -----------------------------------------------------------------------------------------------


def test_the_next_period_is_offered_to_who_may_open_it(sign_in: SignIn) -> None:
    top = sign_in("kehoach").get("/rounds/")
    province = sign_in("hanh").get("/rounds/")

    assert [one["period"].code for one in top.context["openable"]] == ["2027-01"]
    assert province.context["openable"] == []


@pytest.mark.parametrize(
    "sent", [{}, {"form": "x"}, {"form": "1", "period": "2026-99"}, {"form": "1", "period": "2026"}]
)
def test_opening_what_is_no_period_is_told_in_words(cast: Cast, sign_in: SignIn, sent: dict[str, str]) -> None:
    if "form" in sent and sent["form"] == "1":
        sent = {**sent, "form": str(cast.form.pk)}

    page = sign_in("kehoach").post("/rounds/open/", sent)

    assert page.status_code in {400, 409}
    assert 'role="alert"' in page.content.decode()


def test_a_round_counts_every_unit_on_duty_and_names_the_missing_first(
    cast: Cast, sign_in: SignIn, clock: SetClock
) -> None:
    cast.hand_in("thanh")
    cast.hand_in("pao", at=datetime(2026, 11, 17, 20, 0, tzinfo=HANOI))
    clock(AFTER_DUE)

    page = sign_in("hanh").get(f"/rounds/{cast.rounds['2026-11'].pk}/")

    lines = page.context["lines"]
    assert [line.unit.code for line in lines] == ["SH-3", "SH-1", "SH-2"]
    assert [line.place.days_late for line in lines] == [0, 0, 1]
    assert (page.context["tally"].received, page.context["tally"].on_duty) == (2, 4)
    assert page.context["tally"].completeness.due == 3


def test_the_whole_subtree_is_shown_on_demand(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("kehoach")
    path = f"/rounds/{cast.rounds['2026-11'].pk}/"

    right_under = {line.unit.code for line in client.get(path).context["lines"]}
    everything = {line.unit.code for line in client.get(f"{path}?whole=1").context["lines"]}

    assert right_under == {"SH", "DV"}
    assert everything == {"HQ", "SH", "DV", "SH-1", "SH-2", "SH-3", "DV-1", "DV-2", "DV-3"}


def test_ticked_units_are_reminded_and_it_is_shown(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in("hanh")
    path = f"/rounds/{cast.rounds['2026-11'].pk}/"

    client.post(f"{path}remind/", {"unit": [str(cast.units["SH-3"])], "text": "Nộp trước 17 giờ."})
    nobody = client.post(f"{path}remind/", {})

    assert Reminder.objects.get().unit_id == cast.units["SH-3"]
    assert nobody.status_code == 400
    reminded = {line.unit.code for line in client.get(path).context["lines"] if line.reminded_at}
    assert reminded == {"SH-3"}


@pytest.mark.parametrize(("unit", "expected"), [("SH", 403), ("DV-1", 404), ("XX", 404)])
def test_nobody_reminds_a_unit_that_is_not_right_under_them(
    cast: Cast, sign_in: SignIn, unit: str, expected: int
) -> None:
    path = f"/rounds/{cast.rounds['2026-11'].pk}/remind/"

    answer = sign_in("hanh").post(path, {"unit": [str(cast.units[unit])]})

    assert answer.status_code == expected
    assert not Reminder.objects.exists()


# --- closing ------------------------------------------------------------------------------------------------


def test_closing_counts_what_it_touches_asks_for_a_reason_and_shows_that_the_seal_holds(
    cast: Cast, sign_in: SignIn
) -> None:
    cast.accept(cast.hand_in("thanh", period="2026-10"), "hanh")
    client = sign_in("kehoach")
    path = f"/rounds/{cast.rounds['2026-10'].pk}/"

    before = client.get(path)
    silent = client.post(f"{path}close/")
    client.post(f"{path}close/", {"reason": "Hết thời hạn bổ sung"})
    after = client.get(path)

    assert before.context["counted"] == 1
    assert len(before.context["uncounted"]) == 7
    assert silent.status_code == 409
    assert after.context["seal"]["holds"] is True
    assert after.context["round"].seal_digest in after.content.decode()


def test_a_changed_sealed_file_is_seen_on_the_page(cast: Cast, sign_in: SignIn) -> None:
    cast.accept(cast.hand_in("thanh", period="2026-10"), "hanh")
    round_ = services.close_round(cast.rounds["2026-10"].pk, by=cast.actor("kehoach"), reason="Hết thời hạn")
    sealed = Path(settings.SEALED) / round_.seal_file
    sealed.write_bytes(sealed.read_bytes() + b" ")

    page = sign_in("hanh").get(f"/rounds/{round_.pk}/")

    assert page.context["seal"] == {"holds": False}
    assert 'role="alert"' in page.content.decode()


def test_books_with_waiting_reports_are_not_closed_and_the_page_leads_to_them(cast: Cast, sign_in: SignIn) -> None:
    cast.hand_in("thanh", period="2026-10")
    client = sign_in("kehoach")
    path = f"/rounds/{cast.rounds['2026-10'].pk}/"

    page = client.post(f"{path}close/", {"reason": "Hết thời hạn"})

    assert page.status_code == 409
    assert "state=submitted" in page.content.decode()
    assert "Hết thời hạn" in page.content.decode()


# --- one report -----------------------------------------------------------------------------------------------


def test_return_with_remarks_resubmit_with_difference_accept(cast: Cast, sign_in: SignIn) -> None:
    first = cast.hand_in("thanh")
    superior = sign_in("hanh")
    page = f"/reports/{first.report_id}/"
    remarks = {"remark.cell:patrol.teams": "Nhật ký ghi 129.", "remark.statement:s1": "Nêu tên 3 bản."}

    superior.post(f"{page}return/", {"version": str(first.pk), "reason": "Đối chiếu lại.", **remarks})
    seen_by_post = sign_in("thanh").get(page).content.decode()
    said = (
        Statement("s1", "C", StatementKind.RESULT, "Phối hợp với bản Huổi Lụ, Pa Thơm, Na Ư."),
        Statement("s3", "D", StatementKind.PROPOSAL, "Bổ sung 2 bộ loa."),
    )
    content = Content(good_content(patrol__teams="129").cells, said)
    second = cast.hand_in("thanh", content, at=NOW + timedelta(hours=1))
    compared = superior.get(page)
    accepted = superior.post(f"{page}accept/", {"version": str(second.pk)})

    at_cell = seen_by_post.index("Nhật ký ghi 129.")
    assert seen_by_post.index('id="cell-patrol.teams"') < at_cell < seen_by_post.index('id="cell-patrol.bilateral"')
    changed = {row.code: (row.was, row.value) for row in compared.context["changed_rows"]}
    assert changed == {"patrol.teams": (137, 129)}
    assert compared.context["changed_statements"] == 3
    looks = {row.code: [note.look for note in row.notes] for row in compared.context["filled"].rows}
    assert looks["patrol.teams"] == ["answered"]
    assert accepted.status_code == 302
    report = Report.objects.get(pk=first.report_id)
    assert report.state == "accepted"
    assert report.accepted_version_id == second.pk


def test_an_earlier_version_is_shown_as_it_was_and_marked(cast: Cast, sign_in: SignIn) -> None:
    first = cast.hand_in("thanh", good_content(patrol__teams="141"))
    cast.hand_in("thanh", good_content(patrol__teams="129"), at=NOW + timedelta(hours=1))

    page = sign_in("hanh").get(f"/reports/{first.report_id}/versions/1/")
    none = sign_in("hanh").get(f"/reports/{first.report_id}/versions/9/")

    cells = {row.code: row.value for row in page.context["filled"].rows}
    assert page.context["is_past"] is True
    assert cells["patrol.teams"] == 141
    assert "/accept/" not in page.content.decode()
    assert none.status_code == 404


def test_a_return_without_a_word_is_refused_and_what_was_typed_comes_back(cast: Cast, sign_in: SignIn) -> None:
    first = cast.hand_in("thanh")
    cast.hand_in("thanh", good_content(patrol__teams="129"), at=NOW + timedelta(minutes=5))
    client = sign_in("hanh")
    path = f"/reports/{first.report_id}/return/"
    newest = Version.objects.get(number=2)

    silent = client.post(path, {"version": str(newest.pk), "reason": "  "})
    overtaken = client.post(path, {"version": str(first.pk), "remark.cell:patrol.teams": "Sai so với nhật ký."})
    without = client.post(path, {"reason": "Đối chiếu lại."})

    assert silent.status_code == overtaken.status_code == 409
    assert without.status_code == 400
    assert "Sai so với nhật ký." in overtaken.content.decode()
    assert not newest.decisions.exists()


def test_remarks_at_places_the_report_does_not_have_are_left_out(cast: Cast, sign_in: SignIn) -> None:
    version = cast.hand_in("thanh")
    sent = {"version": str(version.pk), "remark.cell:no.such": "?", "remark.cell:patrol.teams": " Sai. "}

    sign_in("hanh").post(f"/reports/{version.report_id}/return/", sent)

    assert version.decisions.get().remarks == [{"at": "cell:patrol.teams", "text": "Sai."}]


def test_accepting_twice_is_told_in_words(cast: Cast, sign_in: SignIn) -> None:
    version = cast.hand_in("thanh")
    client = sign_in("hanh")
    path = f"/reports/{version.report_id}/accept/"

    client.post(path, {"version": str(version.pk)})
    again = client.post(path, {"version": str(version.pk)})

    assert again.status_code == 409
    assert 'role="alert"' in again.content.decode()
    assert version.decisions.count() == 1


def test_what_the_unit_said_to_a_warning_stands_at_its_cell(cast: Cast, sign_in: SignIn) -> None:
    cast.accept(cast.hand_in("thanh", good_content(patrol__teams="30"), period="2026-10"), "hanh")
    content = good_content()
    content = Content(content.cells, content.statements, {"cell:patrol.teams": "Đợt cao điểm."})
    version = cast.hand_in("thanh", content)

    page = sign_in("hanh").get(f"/reports/{version.report_id}/").content.decode()

    at = page.index("Đợt cao điểm.")
    assert page.index('id="cell-patrol.teams"') < at < page.index('id="cell-patrol.bilateral"')


def test_the_next_waiting_report_of_the_round_is_one_press_away(cast: Cast, sign_in: SignIn) -> None:
    first, second = cast.hand_in("thanh"), cast.hand_in("pao")

    page = sign_in("hanh").get(f"/reports/{first.report_id}/")

    assert page.context["next_waiting"].pk == second.report_id


def test_a_correction_says_why_and_where_it_is_booked(cast: Cast, sign_in: SignIn) -> None:
    cast.accept(cast.hand_in("thanh", period="2026-10"), "hanh")
    services.close_round(cast.rounds["2026-10"].pk, by=cast.actor("kehoach"), reason="Hết thời hạn")
    version = cast.hand_in("thanh", good_content(patrol__teams="129"), period="2026-10", reason="Cộng nhầm một tổ")

    client = sign_in("hanh")
    page = client.get(f"/reports/{version.report_id}/").content.decode()
    booked_in = client.get(f"/rounds/{cast.rounds['2026-11'].pk}/").content.decode()

    assert "Cộng nhầm một tổ" in page
    assert "Tháng 11/2026" in page
    assert "Đính chính ghi vào kỳ này" in booked_in
    assert f"/reports/{version.report_id}/versions/{version.number}/" in booked_in


def test_the_pages_stand_in_english_too(cast: Cast, sign_in: SignIn) -> None:
    version = cast.hand_in("thanh")
    services.return_report(
        version.report_id, version_id=version.pk, by=cast.actor("hanh"), remarks=[Remark("cell:patrol.teams", "129.")]
    )
    client = sign_in("thanh")
    client.cookies["nennep_language"] = "en"
    cast.people["thanh"].language = "en"
    cast.people["thanh"].save()

    page = client.get(f"/reports/{version.report_id}/edit/").content.decode()

    assert "Month 11/2026" in page
    assert "Mend 1 returned cell" in page
    assert "Monthly report" in page


def test_a_merged_units_reports_are_seen_by_whoever_took_it_in(cast: Cast, sign_in: SignIn, clock: SetClock) -> None:
    cast.hand_in("vai")
    gone = Unit.objects.get(code="DV")
    day = date(2026, 11, 17)
    merge([gone.pk], cast.units["SH"], Decided("1/QĐ", day, day), by=system_actor(NOW, day))
    clock(AFTER_DUE)

    page = sign_in("hanh").get("/reports/?form=monthly")

    assert {"DV-1", "DV-2", "DV-3"} <= {row.unit.code for row in page.context["rows"]}
    assert sign_in("hanh").get(f"/rounds/{cast.rounds['2026-11'].pk}/").status_code == 200
    assert Entry.objects.filter(act="reporting.submit").count() == 1


def test_a_month_lists_its_own_reports_and_the_weeks_on_demand(cast: Cast, sign_in: SignIn) -> None:
    weekly = Form.objects.create(
        code="weekly",
        name="Báo cáo tuần",
        kind="week",
        calendar=cast.form.calendar,
        line=Line.PROFESSIONAL,
        layout_data=cast.form.layout_data,
        starts_on=START,
    )
    Duty.objects.create(
        form_code="weekly",
        unit_kind="post",
        due_days=1,
        line=Line.PROFESSIONAL,
        calendar="nd09",
        clause="Quy định của đơn vị",
        starts_on=START,
    )
    for week in ("2026-W45", "2026-W46"):
        services.open_round(weekly.pk, week, by=system_actor(NOW, NOW.date()))
    client = sign_in("hanh")

    own = client.get("/reports/")
    everything = client.get("/reports/?form=all")

    assert {row.round.form.code for row in own.context["rows"]} == {"monthly"}
    assert {row.round.period_code for row in everything.context["rows"]} == {"2026-11", "2026-W45", "2026-W46"}
    assert "period" in everything.context["chosen_columns"]
    assert "period" not in own.context["chosen_columns"]


@pytest.mark.parametrize("period", ["9999-12", "0001-01", "2026-W54", "2026-13", "không"])
def test_a_period_past_any_calendar_is_not_found_and_not_remembered(cast: Cast, sign_in: SignIn, period: str) -> None:
    del cast
    client = sign_in("hanh")

    assert client.get("/reports/", {"period": period}).status_code == 404
    assert client.get("/reports/").status_code == 200
