"""A report by workbook on its pages: fetching, dropping, looking, confirming, and what a bad file is answered."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from django.utils.html import escape

from loom.files import Unreadable, Why
from nennep.intake.models import Origin, Upload
from nennep.intake.rules.states import State
from nennep.journal.models import Entry
from nennep.reporting import services
from nennep.reporting.models import Report
from nennep.reporting.rules.content import MOST_STATEMENTS, Statement, StatementKind
from nennep.site.filled_workbook import say_unopened
from tests.cast import Cast, good_content

SignIn = Callable[[str], Client]


def fetch(client: Client, report: Report) -> Any:
    answer = client.get(f"/reports/{report.pk}/workbook.xlsx")
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def fill(book: Any, **figures: object) -> bytes:
    """The workbook with figures typed into it: `patrol__people=830`."""
    sheet = book.worksheets[0]
    rows = {cell.value: cell.row for cell in sheet["A"]}
    for code, value in figures.items():
        sheet[f"E{rows['cell:' + code.replace('__', '.')]}"] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def drop(client: Client, report: Report, content: bytes, name: str = "tháng 11.xlsx") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(f"/reports/{report.pk}/workbook/drop/", {"workbook": file}, follow=True)


def confirm(client: Client, report: Report, **fields: Any) -> Any:
    upload = Upload.objects.get(state=State.READ)
    revision = Report.objects.get(pk=report.pk).draft_revision
    sent = {"upload": upload.pk, "revision": revision, **fields}
    return client.post(f"/reports/{report.pk}/workbook/confirm/", sent, follow=True)


def cells(report: Report) -> Any:
    return Report.objects.get(pk=report.pk).draft["cells"]


def test_the_form_leads_to_its_workbook_and_back(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())

    page = sign_in("thanh").get(f"/reports/{report.pk}/edit/").content.decode()

    assert f'href="/reports/{report.pk}/workbook.xlsx"' in page
    assert f'href="/reports/{report.pk}/workbook/"' in page


def test_a_workbook_is_named_for_its_unit_form_and_period(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())

    answer = sign_in("thanh").get(f"/reports/{report.pk}/workbook.xlsx")

    assert answer["Content-Disposition"] == 'attachment; filename="SH-1-monthly-2026-11.xlsx"'


def test_old_and_new_stand_beside_each_other_before_anything_is_written(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")

    page = drop(client, report, fill(fetch(client, report), patrol__people=1830)).content.decode()

    (line,) = re.findall(r'data-place="cell:patrol.people">.*?</tr>', page, re.DOTALL)
    assert "<del>822</del>" in line
    assert "<strong>1.830</strong>" in line
    assert "checked" in line
    assert cells(report)["patrol.people"] == "822"


def test_confirming_writes_the_ticked_and_says_how_many(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")
    drop(client, report, fill(fetch(client, report), patrol__people=830, patrol__teams=140))

    page = confirm(client, report, take=["cell:patrol.people"])

    assert "Đã ghi 1 chỗ từ bảng tính" in page.content.decode()
    assert (cells(report)["patrol.people"], cells(report)["patrol.teams"]) == ("830", "137")
    assert Origin.objects.get().proposal.place.startswith("Số liệu!E")
    assert list(Entry.objects.filter(act__startswith="intake.").values_list("act", flat=True)) == [
        "intake.workbook",
        "intake.fill",
    ]


def test_a_figure_that_was_taken_leads_from_the_form_to_its_cell_and_to_the_file(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")
    content = fill(fetch(client, report), patrol__people=830)
    drop(client, report, content)

    page = confirm(client, report, take=["cell:patrol.people"]).content.decode()
    (address,) = re.findall(r'class="from-file[^"]*" href="([^"]+)"', page)
    source = client.get(unescape(address))
    upload = Upload.objects.get()

    assert Origin.objects.get().proposal.place in source.content.decode()
    assert client.get(f"/intake/{upload.pk}/original/").content == content
    assert client.get(f"/intake/{upload.pk}/").status_code == 200
    assert client.get("/intake/").status_code == 200


def test_what_is_out_of_bounds_is_warned_of_beside_its_cell_and_can_still_be_taken(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")

    page = drop(client, report, fill(fetch(client, report), patrol__bilateral=500)).content.decode()

    (line,) = re.findall(r'data-place="cell:patrol.bilateral">.*?</tr>', page, re.DOTALL)
    assert "Phần lớn hơn tổng" in line or "500" in line
    assert 'class="why warned"' in line
    assert 'name="take"' in line


def test_an_ambiguous_figure_is_asked_and_taken_as_chosen(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")
    page = drop(client, report, fill(fetch(client, report), path__cleared_km="1.151")).content.decode()
    (line,) = re.findall(r'data-place="cell:path.cleared_km">.*?</tr>', page, re.DOTALL)

    confirm(client, report, **{"choice.cell:path.cleared_km": "1.1510"})

    assert re.findall(r'<option value="([^"]*)"', line) == ["", "1151", "1.1510"]
    assert 'name="take"' not in line
    assert cells(report)["path.cleared_km"] == "1.1510"


def test_only_the_sure_ones_are_taken_where_that_is_asked(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")
    drop(client, report, fill(fetch(client, report), patrol__people=830, patrol__bilateral=None))

    confirm(client, report, act="all-sure", take=["cell:patrol.bilateral"])

    assert (cells(report)["patrol.people"], cells(report)["patrol.bilateral"]) == ("830", "8")


def test_a_workbook_can_be_put_aside(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")
    drop(client, report, fill(fetch(client, report), patrol__people=830))

    confirm(client, report, act="put-aside")

    assert cells(report) == good_content().cells
    assert Upload.objects.get().state == State.DROPPED
    assert 'type="file"' in client.get(f"/reports/{report.pk}/workbook/").content.decode()


def test_a_draft_saved_by_another_meanwhile_is_compared_anew(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")
    drop(client, report, fill(fetch(client, report), patrol__people=830))
    typed = good_content(patrol__people="900")
    services.save_draft(report.pk, typed, revision=report.draft_revision, by=cast.actor("thanh"))

    page = confirm(client, report, revision=report.draft_revision, take=["cell:patrol.people"])

    assert page.status_code == 409
    assert "cả hai bên cùng đổi" in page.content.decode()
    assert cells(report)["patrol.people"] == "900"


def test_the_workbook_of_another_period_is_refused_with_what_to_do(cast: Cast, sign_in: SignIn) -> None:
    report, next_month = cast.draft("thanh", good_content()), cast.draft("thanh", good_content(), "2026-12")
    client = sign_in("thanh")

    page = drop(client, report, fill(fetch(client, next_month)))

    assert page.status_code == 422
    assert "bảng tính của kỳ khác (2026-12)" in page.content.decode()
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", Why.EMPTY),
        (b"PK\x03\x04 cut off", Why.TRUNCATED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), Why.ENCRYPTED),
        ("Tuần tra 5 lượt.".encode(), Why.UNKNOWN_KIND),
        (b"\x89PNG", Why.PICTURE),
    ],
)
def test_a_bad_file_is_answered_in_words_and_changes_nothing(
    cast: Cast, sign_in: SignIn, content: bytes, why: Why
) -> None:
    report = cast.draft("thanh", good_content())

    page = drop(sign_in("thanh"), report, content)

    with translation.override("vi"):
        said = escape(say_unopened(Unreadable(why)))
    assert page.status_code == 422
    assert said in page.content.decode()
    assert "Bản nháp giữ nguyên." in page.content.decode()
    assert not Upload.objects.exists()


def test_dropping_no_file_asks_for_one(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())

    page = sign_in("thanh").post(f"/reports/{report.pk}/workbook/drop/")

    assert page.status_code == 422
    assert "Hãy chọn bảng tính trước." in page.content.decode()


def test_a_file_larger_than_any_workbook_is_not_even_opened(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())

    page = drop(sign_in("thanh"), report, b"PK" + bytes(9 * 1024 * 1024))

    assert page.status_code == 422
    assert "Tệp lớn hơn mọi bảng tính của biểu." in page.content.decode()


def test_a_mark_of_secrecy_is_refused_and_only_the_refusal_is_written_down(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")
    book = fetch(client, report)
    book.worksheets[1]["E12"] = "TUYỆT MẬT"

    page = drop(client, report, fill(book), name="tuyệt mật.xlsx")

    with translation.override("vi"):
        assert escape(say_unopened(Unreadable(Why.SECRET))) in page.content.decode()
    assert not Upload.objects.exists()
    entry = Entry.objects.get(act="intake.refuse")
    assert entry.details == {"why": "secret"}


def test_the_pages_of_a_workbook_are_whole_in_english(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")
    client.cookies["nennep_language"] = "en"

    page = drop(client, report, fill(fetch(client, report), patrol__people=830)).content.decode()

    assert "Take over what is ticked" in page
    assert "<del>822</del>" in page


def test_what_is_written_in_a_workbook_is_text_on_the_page(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")

    page = drop(client, report, fill(fetch(client, report), patrol__people="<script>alert(1)</script>"))

    assert "<script>alert(1)</script>" not in page.content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.content.decode()


def test_more_points_than_a_report_takes_are_refused_in_words(cast: Cast, sign_in: SignIn) -> None:
    full = tuple(Statement(f"s{place}", "C", StatementKind.RESULT, f"Ý {place}.") for place in range(MOST_STATEMENTS))
    report = cast.draft("thanh", replace(good_content(), statements=full))
    client = sign_in("thanh")
    book = fetch(client, report)
    words = book.worksheets[1]
    row = next(cell.row for cell in words["A"] if cell.value == "statement:")
    words[f"C{row}"], words[f"D{row}"], words[f"E{row}"] = "C. Đánh giá bằng lời", "Kết quả", "Thêm một ý."
    drop(client, report, fill(book))
    page = client.get(f"/reports/{report.pk}/workbook/").content.decode()
    place = re.search(r'name="take" value="(statement:\w+)"', page)
    assert place is not None

    answer = confirm(client, report, take=[place[1]])

    assert answer.status_code == 422
    assert str(MOST_STATEMENTS) in answer.content.decode()
    assert len(Report.objects.get(pk=report.pk).draft["statements"]) == MOST_STATEMENTS


# --- at the door for all files ------------------------------------------------------------------------


def send(client: Client, *files: tuple[str, bytes]) -> Any:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post("/intake/receive/", {"files": sent}, follow=True)


def test_a_workbook_sent_among_other_files_is_known_and_led_to_its_report(cast: Cast, sign_in: SignIn) -> None:
    report = cast.draft("thanh", good_content())
    client = sign_in("thanh")
    content = fill(fetch(client, report), patrol__people=830)

    page = send(client, ("bảng tính.xlsx", content))

    assert page.redirect_chain[-1][0] == f"/reports/{report.pk}/workbook/"
    assert '<tr class="changed" data-place="cell:patrol.people">' in page.content.decode()


def test_a_zip_of_workbooks_gives_each_to_its_own_report(cast: Cast, sign_in: SignIn) -> None:
    reports = [cast.draft("thanh", good_content(), period) for period in ("2026-11", "2026-12")]
    client, packed = sign_in("thanh"), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as files:
        for report in reports:
            files.writestr(f"{report.pk}.xlsx", fill(fetch(client, report), patrol__people=830))

    send(client, ("cả hai.zip", packed.getvalue()))

    assert [upload.round for upload in Upload.objects.order_by("order")] == [report.round for report in reports]
    assert {(upload.kind, upload.state) for upload in Upload.objects.all()} == {("form", State.READ)}


def test_the_workbook_of_another_unit_is_refused_at_the_door_too_with_the_reason(cast: Cast, sign_in: SignIn) -> None:
    theirs = cast.draft("pao", good_content())
    content = fill(fetch(sign_in("pao"), theirs))

    page = send(sign_in("thanh"), ("của người khác.xlsx", content))

    upload = Upload.objects.get()
    assert (upload.state, upload.why, upload.digest) == (State.REFUSED, "workbook.other_unit", "")
    assert "bảng tính của đơn vị khác (SH-2)" in page.content.decode()
