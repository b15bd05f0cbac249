"""The pages that receive files: without scripts, in both languages, and only for those whose report it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nennep.intake import services
from nennep.intake.models import Origin, Synonym, Upload
from nennep.reporting import queries as reporting
from nennep.reporting import services as reports
from nennep.reporting.models import Indicator, Report
from nennep.reporting.rules.content import Content
from tests.cast import Cast, good_content
from tests.intake.conftest import REPORT, WORDINGS

SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _worded(cast: Cast) -> None:
    for code, wordings in WORDINGS.items():
        Indicator.objects.filter(code=code).update(synonyms=list(wordings))
    del cast


def send(client: Client, *files: tuple[str, str], **more: Any) -> Any:
    sent = [SimpleUploadedFile(name, text.encode()) for name, text in files]
    return client.post(reverse("receive-files"), {"files": sent, "key": "k", **more})


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def one_file(client: Client) -> Upload:
    send(client, ("bao-cao.txt", REPORT))
    return Upload.objects.get()


def press(client: Client, upload: Upload, button: str, **typed: str) -> Any:
    seen = re.search(r'name="seen" value="([^"]*)"', page(client, reverse("upload", args=[upload.pk])))
    assert seen is not None
    data = {"press": button, "seen": seen[1].replace("&quot;", '"'), **typed}
    return client.post(reverse("decide-upload", args=[upload.pk]), data, follow=True)


def test_one_file_leads_straight_to_its_text_beside_the_form(sign_in: SignIn) -> None:
    client = sign_in("thanh")

    answer = send(client, ("bao-cao.txt", REPORT))

    upload = Upload.objects.get()
    assert answer.headers["Location"] == reverse("upload", args=[upload.pk])
    shown = page(client, answer.headers["Location"])
    assert shown.count('class="found sure"') >= 5
    for proposal in upload.proposals.all():
        assert f'id="q-{proposal.pk}"' in shown
        assert f'id="p-{proposal.pk}"' in shown


def test_several_files_are_told_one_by_one_in_the_list(sign_in: SignIn) -> None:
    client = sign_in("thanh")

    answer = send(client, ("a.txt", REPORT), ("b.txt", ""), ("c.txt", REPORT), ("d.txt", "MẬT\nTuần tra 5 lượt tổ."))

    assert answer.headers["Location"] == reverse("intake")
    shown = page(client, reverse("intake"))
    assert "Tệp trống." in shown
    assert "đã nhận trước đây" in shown
    assert "Tệp này mang dấu chỉ độ mật" in shown
    assert "d.txt" not in shown


def test_a_page_with_scripts_is_told_where_to_go(sign_in: SignIn) -> None:
    client = sign_in("thanh")
    file = SimpleUploadedFile("bao-cao.txt", REPORT.encode())

    answer = client.post(
        reverse("receive-files"), {"files": [file], "key": "k"}, headers={"Accept": "application/json"}
    )
    progress = page(client, reverse("delivery", args=["k"]))

    assert answer.json() == {"goes_to": reverse("upload", args=[Upload.objects.get().pk])}
    assert "progress" not in progress


def test_how_far_a_delivery_has_come_is_counted(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in("thanh")
    services._begin(cast.units["SH-1"], "k", 40, by=cast.actor("thanh"))

    mine, theirs = page(client, reverse("delivery", args=["k"])), page(sign_in("pao"), reverse("delivery", args=["k"]))

    assert '<progress max="40" value="0"' in mine
    assert "0 trên 40" in mine
    assert "progress" not in theirs


def test_files_past_the_limit_are_read_to_their_end_and_forgotten(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nennep.site.receiving.LARGEST_DELIVERY", 1_000)

    answer = send(sign_in("thanh"), ("a.txt", "x" * 200_000))

    assert answer.status_code == 413
    assert "Tổng dung lượng quá lớn" in answer.content.decode()
    assert not Upload.objects.exists()


def test_nothing_chosen_is_said_so(sign_in: SignIn) -> None:
    answer = sign_in("thanh").post(reverse("receive-files"), {"key": "k"})

    assert answer.status_code == 400
    assert "Hãy chọn ít nhất một tệp." in answer.content.decode()


def test_all_that_is_sure_goes_into_the_draft_by_one_button(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in("thanh")
    upload = one_file(client)
    count = len(services.sure_choices(upload, Content()))
    assert f"Lấy {count} số liệu chắc chắn" in page(client, reverse("upload", args=[upload.pk]))

    answer = press(client, upload, "sure")

    report = reporting.report_of(cast.rounds["2026-11"], cast.units["SH-1"])
    assert report is not None
    assert len(report.draft_content.cells) == count
    assert f"{count} số liệu đã vào bản soạn" in answer.content.decode()


def test_a_figure_that_differs_from_the_draft_shows_both_and_is_replaced_on_purpose(
    sign_in: SignIn, cast: Cast
) -> None:
    cast.draft("thanh", good_content(patrol__teams="99"))
    client = sign_in("thanh")
    upload = one_file(client)
    proposal = upload.proposals.get(quote="137 lượt tổ")
    shown = page(client, reverse("upload", args=[upload.pk]))
    assert "khác bản soạn" in shown
    assert "Bản soạn đang ghi 99." in shown

    press(client, upload, f"confirm:{proposal.pk}", **{f"value.{proposal.pk}": "137"})

    assert Report.objects.get().draft_content.cells["patrol.teams"] == "137"


def test_a_figure_is_given_its_cell_and_the_wording_is_listed_and_taken_back(sign_in: SignIn) -> None:
    client = sign_in("thanh")
    send(client, ("bao-cao.txt", "BÁO CÁO\nKết quả công tác tháng 11/2026\n- Đơn vị rà bờ cõi 9 lượt tổ.\n"))
    upload = Upload.objects.get()
    proposal = upload.proposals.get()

    press(client, upload, f"confirm:{proposal.pk}", **{f"cell.{proposal.pk}": "patrol.teams"})

    assert "rà bờ cõi" in page(client, reverse("learnt-words"))
    word = Synonym.objects.get()
    client.post(reverse("revoke-word", args=[word.pk]), {"reason": "Không phải"})
    assert "Không phải" in page(client, reverse("learnt-words"))
    word.refresh_from_db()
    assert word.revoked_at is not None


def test_a_confirmed_figure_leads_from_the_draft_and_from_the_version_to_its_place(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in("thanh")
    upload = one_file(client)
    press(client, upload, "sure")
    report = Report.objects.get()
    where = f"{reverse('upload-source', args=[upload.pk])}?at="
    assert where in page(client, reverse("edit-report", args=[report.pk]))

    cast.draft("thanh", good_content())
    report.refresh_from_db()
    reports.submit_report(report.pk, revision=report.draft_revision, by=cast.actor("thanh"))

    above = sign_in("hanh")
    shown = page(above, reverse("report", args=[report.pk]))
    link = re.search(rf'href="({re.escape(where)}[^"#]*)', shown)
    assert link is not None
    assert '<mark class="found taken" id="here">' in page(above, link[1])


def test_a_statement_that_was_taken_leads_to_its_line_and_one_that_was_rewritten_does_not(
    sign_in: SignIn, cast: Cast
) -> None:
    client = sign_in("thanh")
    upload = one_file(client)
    press(client, upload, "all-points")
    report = Report.objects.get()
    told = report.draft_content.statements
    rewritten = (replace(told[0], text="Viết lại."), *told[1:])
    answered = {"section:C": "Đã nêu nguyên nhân."}
    content = replace(good_content(), statements=(*good_content().statements, *rewritten), words=answered)
    where = [reverse("upload-source", args=[upload.pk]) + f"?at={one.start}-{one.end}" for one in upload.points.all()]

    draft = page(client, reverse("edit-report", args=[report.pk]))
    cast.draft("thanh", content)
    report.refresh_from_db()
    reports.submit_report(report.pk, revision=report.draft_revision, by=cast.actor("thanh"))
    above = sign_in("hanh")
    version = page(above, reverse("report", args=[report.pk]))

    assert all(address in draft for address in where)
    assert [address in version for address in where] == [False, *[True] * (len(where) - 1)]
    assert '<mark class="found taken" id="here">' in page(above, where[1])


def test_a_file_is_nobodys_business_above_before_its_figures_are_handed_in(sign_in: SignIn) -> None:
    client = sign_in("thanh")
    upload = one_file(client)
    press(client, upload, "sure")
    addresses = [reverse("upload-source", args=[upload.pk]), reverse("upload-original", args=[upload.pk])]

    own = [client.get(address).status_code for address in addresses]
    above = [sign_in("hanh").get(address).status_code for address in addresses]

    assert (own, above) == ([200, 200], [404, 404])


def test_the_original_is_handed_out_as_it_came_and_never_shown_by_the_browser(sign_in: SignIn) -> None:
    client = sign_in("thanh")
    upload = one_file(client)

    answer = client.get(reverse("upload-original", args=[upload.pk]))

    assert answer.content == REPORT.encode()
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_markup_in_a_text_stays_text(sign_in: SignIn) -> None:
    client = sign_in("thanh")
    send(client, ("x.txt", REPORT + '\n- <script>alert("x")</script> tuần tra <b>9</b> lượt tổ.\n'))

    shown = page(client, reverse("upload", args=[Upload.objects.get().pk]))

    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown


def test_a_place_past_the_text_marks_nothing(sign_in: SignIn) -> None:
    client = sign_in("thanh")
    upload = one_file(client)

    for asked in ("9999999999999999999-99999999999999999999", "a-b", "5", "", "700-2"):
        assert client.get(reverse("upload-source", args=[upload.pk]), {"at": asked}).status_code == 200


def test_a_text_without_a_period_asks_for_its_report(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in("thanh")
    send(client, ("x.txt", "- Đơn vị tuần tra đường biên 5 lượt tổ.\n"))
    upload = Upload.objects.get()
    assert "Tệp này của báo cáo nào?" in page(client, reverse("upload", args=[upload.pk]))

    address = reverse("change-upload", args=[upload.pk])
    client.post(address, {"act": "round", "round": cast.rounds["2026-11"].pk})

    assert 'class="found sure"' in page(client, reverse("upload", args=[upload.pk]))


def test_the_pages_speak_english_to_who_asks_for_it(sign_in: SignIn, cast: Cast) -> None:
    cast.people["thanh"].language = "en"
    cast.people["thanh"].save()
    client = sign_in("thanh")

    upload = one_file(client)

    assert "sure figures" in page(client, reverse("upload", args=[upload.pk]))
    assert "Receive files" in page(client, reverse("intake"))


def test_a_wrong_number_is_said_and_nothing_is_taken(sign_in: SignIn) -> None:
    client = sign_in("thanh")
    upload = one_file(client)
    proposal = upload.proposals.get(quote="137 lượt tổ")

    answer = press(client, upload, f"confirm:{proposal.pk}", **{f"value.{proposal.pk}": "nhiều"})

    assert answer.status_code == 409
    assert "không phải con số" in answer.content.decode()
    assert not Origin.objects.exists()
