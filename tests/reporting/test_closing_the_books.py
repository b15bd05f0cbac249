"""Closed books: what is sealed, how tampering shows, and how a mistake is corrected afterwards."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.conf import settings
from django.db import DatabaseError, transaction

from nennep.journal import queries as journal
from nennep.journal.rules import system_actor
from nennep.organisation.rules import NotAuthorised
from nennep.reporting import queries, sealing, services
from nennep.reporting.models import Duty, Report, Round, Version
from nennep.reporting.rules.content import Content, Statement, StatementKind
from nennep.reporting.rules.periods import NoSuchPeriod
from nennep.reporting.rules.states import State
from nennep.reporting.sealing import SealBroken
from nennep.reporting.services import ReportingRefused
from tests.cast import GOOD_CELLS, HANOI, NOW, Cast, good_content

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CLOSING = datetime(2026, 11, 23, 9, 0, tzinfo=HANOI)


def close(
    cast: Cast, *, at: datetime = CLOSING, reason: str = "Hai đơn vị đứt liên lạc.", period: str = "2026-11"
) -> Round:
    return services.close_round(cast.rounds[period].pk, by=cast.actor("kehoach", at), reason=reason)


@pytest.fixture
def closed(cast: Cast) -> Round:
    """The round of November, closed with the reports of two posts."""
    cast.accept(cast.hand_in("thanh"), "hanh")
    cast.accept(cast.hand_in("vai", good_content(patrol__teams="20", path__cleared_km="0,125")), "dong")
    return close(cast)


def seal_of(round_: Round) -> Path:
    return Path(settings.SEALED) / round_.seal_file


# --- closing --------------------------------------------------------------------------------------


def test_books_close_only_once_no_report_waits(cast: Cast) -> None:
    cast.hand_in("thanh")

    with pytest.raises(ReportingRefused) as refused:
        close(cast)

    assert (refused.value.why, refused.value.facts) == ("reports_wait", {"count": 1})
    assert not Round.objects.get(pk=cast.rounds["2026-11"].pk).is_closed
    assert not list(Path(settings.SEALED).glob("*"))


def test_books_closed_without_somebody_say_why(cast: Cast) -> None:
    cast.accept(cast.hand_in("thanh"), "hanh")

    with pytest.raises(ReportingRefused) as refused:
        close(cast, reason="")

    assert (refused.value.why, refused.value.facts) == ("missing_needs_reason", {"count": 7})


def test_books_with_everybody_in_need_no_reason(cast: Cast) -> None:
    Duty.objects.exclude(unit_kind="post").delete()
    for username in ("thanh", "pao", "hu", "vai", "may", "sen"):
        cast.accept(cast.hand_in(username), "hanh" if username in {"thanh", "pao", "hu"} else "dong")

    assert close(cast, reason="").is_closed


@pytest.mark.parametrize("reason", ["", "   "])
def test_an_empty_reason_is_none(cast: Cast, reason: str) -> None:
    with pytest.raises(ReportingRefused):
        close(cast, reason=reason)


def test_books_do_not_close_before_the_period_is_over(cast: Cast) -> None:
    with pytest.raises(ReportingRefused) as refused:
        close(cast, period="2026-12")
    last_day = datetime(2026, 11, 14, 23, 59, tzinfo=HANOI)
    with pytest.raises(ReportingRefused):
        close(cast, at=last_day)

    assert (refused.value.why, refused.value.facts) == ("period_not_over", {"ends_on": date(2026, 12, 15)})


@pytest.mark.parametrize("username", ["tulenh", "hanh", "dong", "thanh", "khach"])
def test_only_the_top_of_the_line_opens_and_closes(cast: Cast, username: str) -> None:
    with pytest.raises(NotAuthorised):
        services.close_round(cast.rounds["2026-11"].pk, by=cast.actor(username, CLOSING), reason="vì thế")
    with pytest.raises(NotAuthorised):
        services.open_round(cast.form.pk, "2027-01", by=cast.actor(username, CLOSING))


@pytest.mark.usefixtures("closed")
def test_closed_books_close_no_second_time(cast: Cast) -> None:
    with pytest.raises(ReportingRefused) as refused:
        close(cast)

    assert refused.value.why == "already_closed"


def test_opening_again_changes_nothing_and_what_is_no_period_of_the_form_is_refused(cast: Cast) -> None:
    by = cast.actor("kehoach")

    again = services.open_round(cast.form.pk, "2026-11", by=by)

    assert again.pk == cast.rounds["2026-11"].pk
    with pytest.raises(ReportingRefused):
        services.open_round(cast.form.pk, "2026-Q4", by=by)
    with pytest.raises(ReportingRefused):
        services.open_round(cast.form.pk, "2021-06", by=by)
    with pytest.raises(NoSuchPeriod):
        services.open_round(cast.form.pk, "2026-13", by=by)


def test_the_journal_tells_of_closing_with_the_digest(closed: Round) -> None:
    entry = journal.about(f"reporting.round:{closed.pk}").last()

    assert entry is not None
    assert (entry.act, entry.reason) == ("reporting.close", "Hai đơn vị đứt liên lạc.")
    assert entry.details == {"versions": 2, "missing": 6, "digest": closed.seal_digest}


# --- the seal -------------------------------------------------------------------------------------


def test_what_counted_is_in_the_seal_cell_by_cell_and_statement_by_statement(closed: Round) -> None:
    rows = sealing.read(closed).to_pylist()
    version = Version.objects.get(report__unit__code="SH-1")

    cells = {row["indicator"]: row["value"] for row in rows if row["unit"] == "SH-1" and row["indicator"]}
    words = {row["statement_id"]: row["text"] for row in rows if row["unit"] == "SH-1" and row["statement_id"]}
    assert cells == {code: Decimal(text.replace(",", ".")) for code, text in GOOD_CELLS.items()}
    assert words == {statement.id: statement.text for statement in good_content().statements}
    assert {row["unit"] for row in rows} == {"SH-1", "DV-1"}
    assert {(row["version_id"], row["digest"]) for row in rows if row["unit"] == "SH-1"} == {
        (version.pk, version.digest)
    }


def test_the_seal_s_digest_is_that_of_the_file(closed: Round) -> None:
    assert hashlib.sha256(seal_of(closed).read_bytes()).hexdigest() == closed.seal_digest
    assert closed.seal_digest[:12] in closed.seal_file
    assert not list(Path(settings.SEALED).glob("*.part"))


def test_a_round_in_which_nobody_reported_is_sealed_empty(cast: Cast) -> None:
    assert sealing.read(close(cast)).num_rows == 0


def test_a_single_flipped_bit_is_detected(closed: Round) -> None:
    data = bytearray(seal_of(closed).read_bytes())

    for place in (0, len(data) // 2, len(data) - 1):
        data[place] ^= 1
        seal_of(closed).write_bytes(data)
        with pytest.raises(SealBroken, match=closed.seal_file):
            sealing.read(closed)
        data[place] ^= 1
    seal_of(closed).write_bytes(data)

    assert sealing.read(closed).num_rows


def test_a_file_put_in_place_of_the_sealed_one_is_detected(closed: Round) -> None:
    table = sealing.read(closed)
    pq.write_table(table.slice(1), seal_of(closed))

    with pytest.raises(SealBroken):
        sealing.read(closed)


def test_a_missing_file_is_told(closed: Round) -> None:
    seal_of(closed).unlink()

    with pytest.raises(SealBroken, match="cannot be read"):
        sealing.read(closed)


def test_a_round_cannot_be_closed_in_the_database_without_its_seal(cast: Cast) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Round.objects.filter(pk=cast.rounds["2026-11"].pk).update(closed_at=CLOSING)


def test_a_closing_that_failed_half_way_closes_nothing_and_can_be_done_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trip(*_args: Any, **_named: Any) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("nennep.journal.services.record", trip)
        with pytest.raises(OSError, match="full"), transaction.atomic():
            close(cast)

    assert not Round.objects.get(pk=cast.rounds["2026-11"].pk).is_closed
    assert close(cast).is_closed


# --- corrections ----------------------------------------------------------------------------------


def counted(round_: Round, known_at: datetime | None = None) -> dict[int, int]:
    return {row.unit_id: row.number for row in queries.counted([round_.pk], known_at=known_at)}


def test_a_correction_says_why_is_booked_in_the_next_open_round_and_waits_for_the_superior(
    cast: Cast, closed: Round
) -> None:
    mended, later = good_content(patrol__teams="131"), CLOSING + DAY

    with pytest.raises(ReportingRefused) as refused:
        cast.hand_in("thanh", mended, at=later)
    draft = cast.draft("thanh", mended, at=later)
    version = services.submit_report(
        draft.pk, revision=draft.draft_revision, by=cast.actor("thanh", later), reason="Đếm trùng một lượt."
    )

    assert refused.value.why == "correction_needs_reason"
    assert (version.number, version.reason, version.booked_in) == (2, "Đếm trùng một lượt.", cast.rounds["2026-12"])
    assert counted(closed)[cast.units["SH-1"]] == 1
    assert [one.pk for one in queries.corrections_in(cast.rounds["2026-12"], cast.units.values())] == [version.pk]


@pytest.mark.parametrize("reason", ["", " \n "])
def test_a_correction_with_an_empty_reason_has_none(cast: Cast, closed: Round, reason: str) -> None:
    with pytest.raises(ReportingRefused) as refused:
        cast.hand_in("thanh", good_content(patrol__teams="131"), at=CLOSING + DAY, reason=reason)

    assert refused.value.why == "correction_needs_reason"
    assert counted(closed)[cast.units["SH-1"]] == 1


def test_after_a_correction_the_books_say_what_they_said_and_what_is_known_now_is_new(
    cast: Cast, closed: Round
) -> None:
    version = cast.hand_in("thanh", good_content(patrol__teams="131"), at=CLOSING + DAY, reason="Đếm trùng.")
    cast.accept(version, "hanh", CLOSING + 2 * DAY)
    unit = cast.units["SH-1"]

    assert (counted(closed, CLOSING)[unit], counted(closed)[unit]) == (1, 2)
    sealed = {row["version_number"] for row in sealing.read(closed).to_pylist() if row["unit"] == "SH-1"}
    assert sealed == {1}
    assert journal.about(f"reporting.report:{version.report_id}").filter(act="reporting.correct").count() == 1


def test_a_report_that_never_came_may_still_come_as_a_correction(cast: Cast, closed: Round) -> None:
    version = cast.hand_in("pao", at=CLOSING + DAY, reason="Mất liên lạc do lũ.")

    assert (version.number, version.days_late, version.booked_in) == (1, 7, cast.rounds["2026-12"])
    cast.accept(version, "hanh", CLOSING + DAY)
    assert cast.units["SH-2"] in counted(closed)
    assert cast.units["SH-2"] not in counted(closed, CLOSING)


def test_a_superior_returns_a_correction_but_never_what_the_books_hold(cast: Cast, closed: Round) -> None:
    sealed = Version.objects.get(report__unit__code="SH-1")
    with pytest.raises(ReportingRefused) as refused:
        services.return_report(
            sealed.report_id, version_id=sealed.pk, by=cast.actor("hanh", CLOSING + DAY), reason="Sai."
        )
    correction = cast.hand_in(
        "thanh", good_content(patrol__teams="1", patrol__bilateral="0"), at=CLOSING + DAY, reason="Nhầm."
    )

    services.return_report(
        correction.report_id, version_id=correction.pk, by=cast.actor("hanh", CLOSING + DAY), reason="Không phải."
    )

    assert refused.value.why == "closed_is_corrected_by_its_unit"
    assert counted(closed)[cast.units["SH-1"]] == 1
    assert Report.objects.get(pk=correction.report_id).state == State.RETURNED


@pytest.mark.usefixtures("closed")
def test_without_an_open_round_a_correction_has_no_place_and_its_draft_is_kept(cast: Cast) -> None:
    services.close_round(
        cast.rounds["2026-12"].pk,
        by=cast.actor("kehoach", datetime(2026, 12, 20, 9, 0, tzinfo=HANOI)),
        reason="Không ai báo cáo.",
    )
    mended = good_content(patrol__teams="131")

    with pytest.raises(ReportingRefused) as refused:
        cast.hand_in("thanh", mended, at=CLOSING + 60 * DAY, reason="Đếm trùng.")
    draft = cast.draft("thanh", mended, at=CLOSING + 60 * DAY)

    assert refused.value.why == "no_open_round_for_correction"
    assert draft.draft_content == mended


def test_the_machine_may_close_for_whoever_runs_it(cast: Cast) -> None:
    round_ = services.close_round(cast.rounds["2025-11"].pk, by=system_actor(NOW, NOW.date()), reason="Trước khi dùng.")

    assert round_.is_closed


def test_words_that_look_like_anything_come_back_from_the_seal_as_they_were(cast: Cast) -> None:
    said = Statement("s1", "C", StatementKind.RESULT, '=1+1; "Đồn" \\ {patrol.teams} 🙂 \n dòng hai')
    cast.accept(cast.hand_in("thanh", Content(good_content().cells, (said,))), "hanh")

    texts = {row["text"] for row in sealing.read(close(cast)).to_pylist() if row["text"]}

    assert texts == {said.text}
