"""Files are received, kept once, matched with the unit's own report, and refused with nothing left behind."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from loom.sandbox import Outcome, read_safely
from nennep.intake import originals, queries, services
from nennep.intake.models import Delivery, Origin, Point, Proposal, Upload
from nennep.intake.rules.states import State
from nennep.intake.services import Incoming, IntakeRefused, receive
from nennep.journal.models import Entry
from nennep.organisation.rules import NotAuthorised
from tests.cast import Cast
from tests.intake.conftest import REPORT, send

pytestmark = pytest.mark.django_db


def kept() -> list[Path]:
    folder = Path(settings.ORIGINALS)
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_kept_as_it_came_and_matched_with_the_report_it_names(worded: Cast) -> None:
    upload = send(worded, REPORT)

    assert upload.state == State.READ
    assert upload.round_id == worded.rounds["2026-11"].pk
    assert upload.digest == hashlib.sha256(REPORT.encode()).hexdigest()
    assert originals.fetch(upload.digest) == REPORT.encode()
    assert [path.read_bytes() for path in kept()] == [REPORT.encode()]
    assert upload.text[slice(*upload.said["unit"])] == "ĐỒN BIÊN PHÒNG NẬM NGÀ"
    assert upload.text[slice(*upload.said["period"])] == "tháng 11/2026"


def test_nothing_is_in_the_draft_before_a_person_confirms(worded: Cast) -> None:
    send(worded, REPORT)

    assert not Origin.objects.exists()
    assert not worded.form.rounds.filter(reports__unit_id=worded.units["SH-1"]).exists()


def test_every_figure_of_the_text_is_shown_at_its_place_and_only_results_are_given_a_cell(worded: Cast) -> None:
    upload = send(worded, REPORT)

    proposals = list(upload.proposals.select_related("indicator").order_by("order"))
    cells = {one.indicator.code: one.value for one in proposals if one.indicator}
    assert all(upload.text[one.start : one.end] == one.quote for one in proposals)
    assert cells == {
        "patrol.teams": "137",
        "patrol.people": "822",
        "patrol.bilateral": "8",
        "path.cleared_km": "12.5",
        "law.listeners": "742",
        "law.gathered": "512",
        "law.loudspeaker": "230",
    }
    without = {one.quote: one.reasons for one in proposals if one.indicator is None}
    assert without == {"30 suất quà": ["no_cell"], "150 lượt tổ": ["not_a_result"]}


def test_the_statements_are_offered_with_their_kind_and_a_section_that_takes_it(worded: Cast) -> None:
    upload = send(worded, REPORT)

    told = [(point.kind, point.section) for point in upload.points.order_by("order")]
    assert set(told) == {("result", "C"), ("shortcoming", "C"), ("task", "D")}


@pytest.mark.parametrize("again", ["the same bytes", "the same words in another file"])
def test_the_same_file_twice_is_recognised_and_kept_once(worded: Cast, again: str) -> None:
    first = send(worded, REPORT)

    text = REPORT if again == "the same bytes" else REPORT.replace("\n", "\r\n").upper()
    second = send(worded, text, name="lai.txt")

    assert second.state == State.REPEATED
    assert second.same_as_id == first.pk
    assert not second.proposals.exists()
    assert len(kept()) == 1


def test_a_file_that_was_put_aside_may_come_again(worded: Cast) -> None:
    services.drop(send(worded, REPORT).pk, by=worded.actor("thanh"))

    again = send(worded, REPORT)

    assert again.state == State.READ


def test_a_file_put_aside_leaves_its_name_and_nothing_else(
    worded: Cast, django_capture_on_commit_callbacks: object
) -> None:
    upload = send(worded, REPORT)

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        services.drop(upload.pk, by=worded.actor("thanh"))

    upload.refresh_from_db()
    assert (upload.state, upload.text, upload.name) == (State.DROPPED, "", "bao-cao.txt")
    assert not Proposal.objects.exists()
    assert not Point.objects.exists()
    assert kept() == []


@pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT", "TUYỆT MẬT"])
def test_a_file_with_a_mark_of_secrecy_leaves_nothing_behind_not_even_its_name(
    worded: Cast, mark: str, caplog: pytest.LogCaptureFixture
) -> None:
    canary = "CHIM-HOÀNG-YẾN-48213"

    upload = send(worded, f"{mark}\nBÁO CÁO\nKết quả tháng 11/2026\n- {canary} 5 lượt tổ.\n", name=f"{canary}.txt")

    assert (upload.state, upload.why, upload.name, upload.text, upload.digest) == (State.REFUSED, "secret", "", "", "")
    assert kept() == []
    assert canary not in everything_stored()
    assert canary not in caplog.text
    assert Entry.objects.filter(act="intake.refuse").count() == 1


def everything_stored() -> str:
    rows = [Upload.objects.values(), Proposal.objects.values(), Point.objects.values(), Delivery.objects.values()]
    return repr([list(one) for one in rows]) + repr(list(Entry.objects.values()))


def test_another_units_report_is_not_stored_and_says_whose_it_is(worded: Cast) -> None:
    upload = send(worded, REPORT.replace("NẬM NGÀ", "TẢ LÙNG"))

    assert (upload.state, upload.why) == (State.REFUSED, "other_unit")
    assert upload.facts == {"units": [worded.units["SH-2"]]}
    assert kept() == []


def test_a_superior_does_not_receive_for_the_units_below(worded: Cast) -> None:
    upload = send(worded, REPORT, who="hanh")

    assert (upload.state, upload.why) == (State.REFUSED, "other_unit")


def test_who_may_not_write_a_report_receives_nothing(worded: Cast) -> None:
    with pytest.raises(NotAuthorised):
        send(worded, REPORT, who="dontruong")

    assert not Delivery.objects.exists()


def test_a_text_without_a_period_waits_until_somebody_says_for_which_report_it_is(worded: Cast) -> None:
    upload = send(worded, "- Đơn vị tuần tra đường biên 5 lượt tổ.\n")
    assert (upload.round_id, upload.proposals.count()) == (None, 0)

    services.set_round(upload.pk, worded.rounds["2026-11"].pk, by=worded.actor("thanh"))

    upload.refresh_from_db()
    assert upload.round_id == worded.rounds["2026-11"].pk
    assert upload.proposals.get().indicator.code == "patrol.teams"  # type: ignore[union-attr]


def test_files_dropped_on_a_reports_page_are_for_it_unless_they_say_otherwise(worded: Cast) -> None:
    by, round_id = worded.actor("thanh"), worded.rounds["2026-12"].pk
    files = [Incoming("a.txt", b"- Tu\xe1\xba\xa7n tra 5 l\xc6\xb0\xe1\xbb\xa3t t\xe1\xbb\x95.\n")]
    files.append(Incoming("b.txt", REPORT.encode()))

    delivery = receive(files, by=by, round_id=round_id)

    assert [one.round_id for one in delivery.uploads.order_by("order")] == [round_id, worded.rounds["2026-11"].pk]


def test_an_archive_is_taken_apart_and_each_of_its_files_stands_for_itself(worded: Cast) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mot.txt", REPORT)
        archive.writestr("hai.txt", "MẬT\n- Tuần tra 5 lượt tổ.\n")
        archive.writestr("ba.png", b"\x89PNG\r\n\x1a\nxxxxxxxx")

    delivery = receive([Incoming("goi.zip", packed.getvalue())], by=worded.actor("thanh"))

    assert [(one.state, one.why) for one in delivery.uploads.order_by("order")] == [
        (State.READ, ""),
        (State.REFUSED, "secret"),
        (State.REFUSED, "picture"),
    ]
    assert delivery.finished_at is not None
    assert delivery.expected == 3


def test_a_reading_that_is_cut_off_keeps_what_it_had_read(worded: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(files: Iterable[tuple[str, bytes]]) -> Iterator[Outcome]:
        yield next(iter(read_safely(files)))
        raise KeyboardInterrupt

    monkeypatch.setattr("nennep.intake.services.read_safely", cut_off)
    files = [Incoming("a.txt", REPORT.encode()), Incoming("b.txt", b"x")]

    with pytest.raises(KeyboardInterrupt):
        receive(files, by=worded.actor("thanh"), key="k")

    delivery = queries.unfinished(worded.units["SH-1"])
    assert delivery is not None
    assert (delivery.key, delivery.expected, delivery.uploads.count()) == ("k", 2, 1)


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ([], "no_files"),
        ([Incoming(f"{n}.txt", b"x") for n in range(services.MOST_FILES + 1)], "too_many_files"),
        ([Incoming("a.txt", bytes(services.LARGEST_DELIVERY + 1))], "delivery_too_large"),
    ],
    ids=["none", "too many", "too large"],
)
def test_what_is_past_the_limits_is_not_even_begun(worded: Cast, files: list[Incoming], why: str) -> None:
    with pytest.raises(IntakeRefused) as refused:
        receive(files, by=worded.actor("thanh"))

    assert refused.value.why == why
    assert not Delivery.objects.exists()


def test_the_same_delivery_is_not_read_twice(worded: Cast) -> None:
    receive([Incoming("a.txt", REPORT.encode())], by=worded.actor("thanh"), key="k")

    with pytest.raises(IntakeRefused, match="sent_already"):
        receive([Incoming("a.txt", REPORT.encode())], by=worded.actor("thanh"), key="k")


def test_letters_of_an_older_encoding_wait_for_a_person_to_agree(worded: Cast) -> None:
    tcvn3 = "§¬n vÞ tuÇn tra ®­êng biªn 5 l­ît tæ, ph¸t quang 3 km. KÕt qu¶ th¸ng 11/2026".encode("latin-1")

    delivery = receive([Incoming("cu.txt", tcvn3)], by=worded.actor("thanh"), round_id=worded.rounds["2026-11"].pk)

    upload = delivery.uploads.get()
    assert upload.conversion
    assert not upload.proposals.exists()
    services.agree_to_conversion(upload.pk, by=worded.actor("thanh"))
    assert upload.proposals.exists()


def test_a_kept_file_that_was_changed_is_not_given_out(worded: Cast) -> None:
    upload = send(worded, REPORT)
    kept()[0].write_bytes(b"anders")

    with pytest.raises(originals.OriginalLost):
        originals.fetch(upload.digest)
