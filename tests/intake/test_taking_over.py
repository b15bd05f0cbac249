"""A person confirms, corrects or drops what a file proposes; what was confirmed leads back, and is learnt."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from nennep.intake import originals, queries, services
from nennep.intake.models import Origin, Proposal, Synonym, Upload
from nennep.intake.rules.states import Certainty, Decided, State
from nennep.intake.services import Choice, IntakeRefused, decide, revoke_wording, sure_choices
from nennep.journal.models import Entry
from nennep.organisation.rules import NotAuthorised
from nennep.reporting import queries as reporting
from nennep.reporting import services as reports
from nennep.reporting.models import Report, Version
from nennep.reporting.rules.content import Content
from tests.cast import NOW, Cast, good_content
from tests.intake.conftest import REPORT, send

pytestmark = pytest.mark.django_db


def proposal(upload: Upload, quote: str) -> Proposal:
    return upload.proposals.select_related("indicator").get(quote=quote)


def draft(cast: Cast, unit: str = "SH-1", period: str = "2026-11") -> Content:
    report = reporting.report_of(cast.rounds[period], cast.units[unit])
    assert report is not None
    return report.draft_content


def take_all_sure(cast: Cast, upload: Upload) -> services.Taken:
    choices = sure_choices(queries.upload(upload.pk), Content())
    return decide(upload.pk, choices, by=cast.actor("thanh"))


# --- into the draft ---------------------------------------------------------------------------------


def test_what_is_sure_goes_into_the_draft_together_and_not_into_the_books(worded: Cast) -> None:
    upload = send(worded, REPORT)

    taken = take_all_sure(worded, upload)

    cells = draft(worded).cells
    assert cells["patrol.teams"] == "137"
    assert "path.cleared_km" not in cells  # the text says `khoảng`
    assert taken.cells == len(cells)
    assert not Version.objects.exists()


def test_what_stood_in_the_draft_stays(worded: Cast) -> None:
    worded.draft("thanh", Content({"path.cleared_km": "99"}))

    take_all_sure(worded, send(worded, REPORT))

    assert draft(worded).cells["path.cleared_km"] == "99"


def test_a_figure_that_differs_from_the_draft_is_not_among_the_sure_ones(worded: Cast) -> None:
    worded.draft("thanh", Content({"patrol.teams": "99"}))
    upload = queries.upload(send(worded, REPORT).pk)

    chosen = {choice.proposal for choice in sure_choices(upload, draft(worded))}

    assert proposal(upload, "137 lượt tổ").pk not in chosen
    assert proposal(upload, "8 lượt tổ").pk in chosen


def test_a_corrected_figure_is_taken_as_typed_and_its_words_stay_its_source(worded: Cast) -> None:
    upload = send(worded, REPORT)
    one = proposal(upload, "137 lượt tổ")

    decide(upload.pk, [Choice(one.pk, value="1.137", seen="")], by=worded.actor("thanh"))

    one.refresh_from_db()
    assert (one.decided, one.decided_value) == (Decided.CORRECTED, "1137")
    assert draft(worded).cells["patrol.teams"] == "1137"
    assert Origin.objects.get().value == "1137"


def test_a_dropped_figure_reaches_no_cell_and_teaches_nothing(worded: Cast) -> None:
    upload = send(worded, REPORT)
    one = proposal(upload, "30 suất quà")

    taken = decide(upload.pk, [Choice(one.pk, drop=True)], by=worded.actor("thanh"))

    assert (taken.cells, taken.dropped, taken.learnt) == (0, 1, 0)
    assert draft(worded).cells == {}
    assert not Synonym.objects.exists()


def test_a_cell_that_somebody_changed_meanwhile_is_not_written_over(worded: Cast) -> None:
    upload = send(worded, REPORT)
    worded.draft("thanh", Content({"patrol.teams": "99"}))

    with pytest.raises(IntakeRefused, match="cell_changed"):
        decide(upload.pk, [Choice(proposal(upload, "137 lượt tổ").pk, seen="")], by=worded.actor("thanh"))

    assert draft(worded).cells == {"patrol.teams": "99"}
    assert not Origin.objects.exists()


REFUSED: list[tuple[str, Callable[[Proposal], Choice], str]] = [
    ("137 lượt tổ", lambda one: Choice(one.pk, value="nhiều"), "no_number"),
    ("12,5 km", lambda one: Choice(one.pk, value="1.234"), "ambiguous_value"),
    ("137 lượt tổ", lambda one: Choice(one.pk, indicator="patrol.per_team"), "computed_cell"),
    ("137 lượt tổ", lambda one: Choice(one.pk, indicator="no.such"), "no_cell_chosen"),
    ("30 suất quà", lambda one: Choice(one.pk), "no_cell_chosen"),
]


@pytest.mark.parametrize(("quote", "choice", "why"), REFUSED, ids=[row[2] + row[0] for row in REFUSED])
def test_what_cannot_be_taken_is_refused_and_nothing_is_half_done(
    worded: Cast, quote: str, choice: Callable[[Proposal], Choice], why: str
) -> None:
    upload = send(worded, REPORT)
    good = Choice(proposal(upload, "822 lượt người").pk)

    with pytest.raises(IntakeRefused) as refused:
        decide(upload.pk, [good, choice(proposal(upload, quote))], by=worded.actor("thanh"))

    assert refused.value.why == why
    assert not Report.objects.exists()
    assert not upload.proposals.exclude(decided=Decided.WAITING).exists()


def test_two_figures_for_one_cell_are_refused_together(worded: Cast) -> None:
    upload = send(worded, REPORT)
    both = [
        Choice(proposal(upload, "137 lượt tổ").pk),
        Choice(proposal(upload, "30 suất quà").pk, indicator="patrol.teams"),
    ]

    with pytest.raises(IntakeRefused, match="cell_twice"):
        decide(upload.pk, both, by=worded.actor("thanh"))


def test_points_become_statements_of_the_draft_once(worded: Cast) -> None:
    upload = send(worded, REPORT)
    points = [(point.pk, "") for point in upload.points.all()]

    first = decide(upload.pk, [], points=points, by=worded.actor("thanh"))
    again = decide(upload.pk, [], points=points, by=worded.actor("thanh"))

    told = [(one.section, str(one.kind)) for one in draft(worded).statements]
    assert (first.points, again.points) == (len(points), 0)
    assert len(told) == len(points)
    assert {("C", "shortcoming"), ("D", "task")} <= set(told)


def test_a_file_is_settled_once_all_its_cells_are_decided(worded: Cast) -> None:
    upload = send(worded, REPORT)
    choices = [Choice(one.pk) for one in upload.proposals.filter(indicator__isnull=False)]

    decide(upload.pk, choices, by=worded.actor("thanh"))

    upload.refresh_from_db()
    assert upload.state == State.CONFIRMED
    assert decide(upload.pk, choices, by=worded.actor("thanh")).cells == 0
    with pytest.raises(IntakeRefused, match="settled"):
        services.drop(upload.pk, by=worded.actor("thanh"))


def test_a_settled_file_still_gives_its_points(worded: Cast) -> None:
    upload = send(worded, REPORT)
    choices = [Choice(one.pk) for one in upload.proposals.filter(indicator__isnull=False)]
    decide(upload.pk, choices, by=worded.actor("thanh"))

    taken = decide(upload.pk, [], points=[(upload.points.first().pk, "")], by=worded.actor("thanh"))  # type: ignore[union-attr]

    assert taken.points == 1


def test_the_round_of_a_file_is_not_changed_once_figures_were_taken(worded: Cast) -> None:
    upload = send(worded, REPORT)
    take_all_sure(worded, upload)

    with pytest.raises(IntakeRefused, match="begun"):
        services.set_round(upload.pk, worded.rounds["2026-12"].pk, by=worded.actor("thanh"))


@pytest.mark.parametrize("who", ["pao", "hanh", "dontruong", "khach"])
def test_only_the_units_own_people_decide(worded: Cast, who: str) -> None:
    upload = send(worded, REPORT)

    with pytest.raises(NotAuthorised):
        decide(upload.pk, [Choice(proposal(upload, "137 lượt tổ").pk)], by=worded.actor(who))


def test_the_journal_counts_and_repeats_nothing(worded: Cast) -> None:
    take_all_sure(worded, send(worded, REPORT))

    entry = Entry.objects.get(act="intake.decide")
    assert entry.details["cells"] == len(draft(worded).cells)
    assert "tuần tra" not in repr(entry.details)


# --- the way back -----------------------------------------------------------------------------------


def test_every_confirmed_figure_leads_back_to_its_place_in_the_kept_file(worded: Cast) -> None:
    upload = send(worded, REPORT)
    take_all_sure(worded, upload)

    found = queries.origins(Report.objects.get().pk, draft(worded))

    assert set(found) == set(draft(worded).cells)
    for origin in found.values():
        place = origin.proposal
        assert upload.text[place.start : place.end] == place.quote


def test_a_version_keeps_its_way_back_after_the_draft_has_moved_on(worded: Cast) -> None:
    upload = send(worded, REPORT)
    take_all_sure(worded, upload)
    report = Report.objects.get()
    by = worded.actor("thanh", NOW + timedelta(minutes=1))
    reports.save_draft(report.pk, good_content(), revision=report.draft_revision, by=by)
    version = reports.submit_report(report.pk, revision=report.draft_revision + 1, by=by)
    report.refresh_from_db()
    changed = good_content(patrol__teams="140")
    reports.save_draft(report.pk, changed, revision=report.draft_revision, by=by)

    as_handed_in = queries.origins(report.pk, version.content, until=version.received_at)
    now = queries.origins(report.pk, changed)

    assert as_handed_in["patrol.teams"].proposal.quote == "137 lượt tổ"
    assert "patrol.teams" not in now
    assert "patrol.bilateral" in now


def test_a_version_that_was_handed_in_before_is_not_given_a_later_source(worded: Cast) -> None:
    version = worded.hand_in("thanh")
    later = worded.actor("thanh", NOW + timedelta(hours=1))
    upload = send(worded, REPORT)
    one = proposal(upload, "137 lượt tổ")
    decide(upload.pk, [Choice(one.pk)], by=later)

    found = queries.origins(version.report_id, version.content, until=version.received_at)

    assert found == {}


def take_points(cast: Cast, upload: Upload) -> Content:
    decide(upload.pk, [], points=[(point.pk, "") for point in upload.points.all()], by=cast.actor("thanh"))
    return draft(cast)


def test_every_statement_that_was_taken_leads_back_to_its_place_in_the_kept_file(worded: Cast) -> None:
    upload = send(worded, REPORT)
    content = take_points(worded, upload)

    found = queries.points_taken(Report.objects.get().pk, content)

    assert set(found) == {statement.id for statement in content.statements}
    for statement in content.statements:
        place = found[statement.id]
        assert upload.text[place.start : place.end] == statement.text


def test_a_statement_that_was_rewritten_is_its_writers_own_and_one_with_other_line_ends_is_not(worded: Cast) -> None:
    content = take_points(worded, send(worded, REPORT))
    first, second, *rest = content.statements
    rewritten = replace(first, text=f"{first.text} Thêm ý của người viết.")
    broken = replace(second, text=second.text.replace(" ", "\r\n", 1))
    typed = replace(content, statements=(rewritten, broken, *rest))

    found = queries.points_taken(Report.objects.get().pk, typed)

    assert first.id not in found
    assert second.id in found


def test_a_version_knows_no_statement_that_was_taken_after_it(worded: Cast) -> None:
    content = take_points(worded, send(worded, REPORT))

    before = queries.points_taken(Report.objects.get().pk, content, until=NOW - timedelta(days=1))

    assert before == {}


def test_a_file_that_gave_a_statement_keeps_its_round_and_its_text(worded: Cast) -> None:
    upload = send(worded, REPORT)
    take_points(worded, upload)
    assert upload.round_id is not None

    with pytest.raises(IntakeRefused, match="begun"):
        services.set_round(upload.pk, upload.round_id, by=worded.actor("thanh"))
    services.drop(upload.pk, by=worded.actor("thanh"))

    upload.refresh_from_db()
    assert (upload.state, upload.text) == (State.CONFIRMED, originals.fetch(upload.digest).decode().strip())
    assert upload.points.exists()


# --- what is learnt ---------------------------------------------------------------------------------

STRANGE = "BÁO CÁO\nKết quả công tác tháng 11/2026\n- Đơn vị rà bờ cõi {count} lượt tổ.\n"


def teach(cast: Cast) -> Synonym:
    upload = send(cast, STRANGE.format(count=9))
    one = upload.proposals.get()
    assert one.indicator is None
    decide(upload.pk, [Choice(one.pk, indicator="patrol.teams")], by=cast.actor("thanh"))
    return Synonym.objects.get()


def test_a_cell_given_by_a_person_is_known_the_next_time(worded: Cast) -> None:
    learnt = teach(worded)

    upload = send(worded, STRANGE.format(count=11).replace("11/2026", "12/2026"), name="thang12.txt")

    one = upload.proposals.select_related("indicator").get()
    assert learnt.indicator.code == "patrol.teams"
    assert "rà bờ cõi" in learnt.phrase
    assert one.indicator == learnt.indicator
    assert one.certainty == Certainty.SURE


def test_what_was_learnt_holds_in_the_unit_and_not_beside_it(worded: Cast) -> None:
    teach(worded)

    upload = send(worded, STRANGE.format(count=4), who="pao", name="ban.txt")

    assert upload.proposals.get().indicator is None


def test_a_wording_taken_back_is_no_longer_used_and_stays_in_the_list(worded: Cast) -> None:
    learnt = teach(worded)

    revoke_wording(learnt.pk, by=worded.actor("thanh"), reason="Hiểu nhầm")

    upload = send(worded, STRANGE.format(count=5).replace("11/2026", "12/2026"), name="thang12.txt")
    learnt.refresh_from_db()
    assert upload.proposals.get().indicator is None
    assert learnt.revoked_reason == "Hiểu nhầm"
    assert learnt in queries.words_taught(worded.units["SH-1"])
    assert Entry.objects.filter(act="intake.revoke-wording").count() == 1


def test_taking_back_needs_a_reason_and_ones_own_unit(worded: Cast) -> None:
    learnt = teach(worded)

    with pytest.raises(IntakeRefused, match="revoking_needs_reason"):
        revoke_wording(learnt.pk, by=worded.actor("thanh"), reason=" ")
    with pytest.raises(NotAuthorised):
        revoke_wording(learnt.pk, by=worded.actor("hanh"), reason="Không đúng")


def test_what_was_sure_teaches_nothing_new(worded: Cast) -> None:
    taken = take_all_sure(worded, send(worded, REPORT))

    assert taken.learnt == 0


# --- two at once ------------------------------------------------------------------------------------


def test_two_people_who_confirm_at_once_fill_a_cell_once(tmp_path: Path) -> None:
    """Two connections to a database of its own, in a process of its own: the journal lets nobody clear up after it."""
    environment = {
        **os.environ,
        "NENNEP_VAR": str(tmp_path),
        "NENNEP_DATABASE": f"sqlite:///{tmp_path / 'two.sqlite3'}",
    }

    done = subprocess.run(
        [sys.executable, "-m", "tests.intake.two_at_once"],
        env=environment,
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert sorted(told["taken"]) == [0, 1]
    assert told["origins"] == [told["cell"]]
