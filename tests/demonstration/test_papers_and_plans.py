"""The demonstration's papers and plans are what the services would have kept, and show every state that pages show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker, Settings

from nennep.demonstration.building import Built, build
from nennep.documents.models import (
    Clause,
    Dispatch,
    Document,
    DocumentVersion,
    Incoming,
    Opinion,
    OpinionRequest,
    Register,
    RegisterEntry,
)
from nennep.documents.rules import states
from nennep.documents.rules.states import ISSUED_STATES, Direction, NumberState, State, Verdict
from nennep.documents.rules.text import Text, compare, differing, digest, labels, numbering_gaps, shown
from nennep.documents.services.secrecy import refuse_secrets
from nennep.documents.services.versions import is_as_frozen
from nennep.organisation import queries as organisation
from nennep.planning.models import HandOver, Notice, Plan, PlanStep, PlanVersion, Progress, Recurrence, Task
from nennep.planning.queries import conflicts, coverage, plans, targets
from nennep.planning.queries.progress import rolled_up
from nennep.planning.rules import progress as progress_rules
from nennep.planning.rules.conflicts import Clash
from nennep.planning.rules.coverage import Standing
from nennep.planning.rules.details import why_not_detail
from nennep.planning.rules.states import PlanState, Result, TaskState
from nennep.planning.rules.tasks import check_words, tidied
from nennep.planning.rules.versions import PlanContent, PlanTexts, content_digest
from nennep.planning.services.recurrences import rule_of
from nennep.reporting import queries as reporting
from nennep.reporting.models import Version
from nennep.reporting.rules.periods import Kind

UNTIL = "2025-11"
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sealed")


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker, sealed: Path) -> Iterator[Built]:
    """The small demonstration, made once for this file and taken back after it."""
    del django_db_setup
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr("django.conf.settings.SEALED", sealed)
        yield build(small=True, until=UNTIL)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _sealed_here(settings: Settings, sealed: Path, _sealed_apart: None) -> None:
    settings.SEALED = sealed


def today_of(built: Built) -> date:
    return built.at.astimezone(reporting.zone()).date()


def all_units() -> frozenset[int]:
    return frozenset(organisation.ids_by_code().values())


# --- papers ---------------------------------------------------------------------------------------


def test_every_row_keeps_the_constraints_of_the_database(built: Built) -> None:
    assert built.entries > 0

    connection.check_constraints()


def test_every_register_runs_from_one_without_gaps_in_the_order_of_days(built: Built) -> None:
    registers = list(Register.objects.prefetch_related("entries"))

    for register in registers:
        entries = sorted(register.entries.all(), key=lambda entry: entry.number)
        assert [entry.number for entry in entries] == list(range(1, register.last_number + 1))
        assert all(one.dated_on <= other.dated_on for one, other in pairwise(entries))
        assert all(register.span.covers(entry.dated_on) for entry in entries)
    assert len(registers) > 15
    assert {register.direction for register in registers} == set(Direction)
    assert set(RegisterEntry.objects.values_list("state", flat=True)) == set(NumberState)
    assert built.units == 12


def test_every_issued_document_bears_the_number_of_its_register_and_no_other_has_one(built: Built) -> None:
    issued = Document.objects.filter(state__in=ISSUED_STATES).select_related("type__series")

    drawn = {entry.document_id: entry.number for entry in RegisterEntry.objects.filter(document__isnull=False)}

    assert {document.pk: document.number for document in issued} == drawn
    assert not Document.objects.exclude(state__in=ISSUED_STATES).filter(number__isnull=False).exists()
    assert {document.type.series.family for document in issued} == {"state", "party"}
    assert all(document.issued_on is not None and document.issued_on <= today_of(built) for document in issued)


def test_what_a_document_says_is_what_its_versions_froze_with_the_digest_of_the_services(built: Built) -> None:
    versions = list(DocumentVersion.objects.all())

    wrong = [one for one in versions if one.digest != digest(Text.from_json(one.content_data), subject=one.subject)]

    assert wrong == []
    assert len(versions) > 20
    frozen = Document.objects.filter(current_version__isnull=False).select_related("current_version")
    assert all(is_as_frozen(document) for document in frozen)
    assert built.entries > len(versions)


def test_no_text_is_misnumbered_or_marked_secret(built: Built) -> None:
    texts = [Text.from_json(document.draft) for document in Document.objects.exclude(draft={})]

    for text in texts:
        refuse_secrets(text)
        assert numbering_gaps(text) == []
    assert len(texts) >= Document.objects.count() > 30
    assert built.units > 0


def test_the_route_of_every_document_is_one_that_the_rules_know(built: Built) -> None:
    for document in Document.objects.prefetch_related("moves"):
        state = State.DRAFT
        moves = sorted(document.moves.all(), key=lambda move: move.pk)
        for move in moves:
            state = states.after(state, states.Move(move.move))
            assert state == move.to_state
            assert move.at <= built.at
        assert state == document.state
        assert all(one.at <= other.at for one, other in pairwise(moves))


def test_every_state_of_the_route_can_be_seen(built: Built) -> None:
    seen = Counter(Document.objects.values_list("state", flat=True))

    wanted = {"draft", "submitted", "returned", "agreed", "signed", "in_force", "recalled", "dropped"}

    assert wanted <= set(seen)
    assert seen["in_force"] > seen["draft"] > 0
    assert built.until == UNTIL


def test_clauses_are_the_bound_blocks_of_what_was_issued_under_the_labels_of_the_services(built: Built) -> None:
    clauses = Clause.objects.select_related("document").prefetch_related("addressees")

    for clause in clauses:
        text = Text.from_json(clause.document.draft)
        block = text.block(clause.block)
        assert block is not None
        assert block.binding is not None
        assert clause.label == labels(text)[block.id]
        assert (clause.text, clause.due_on, clause.figure) == (
            shown(block.words),
            block.binding.due_on,
            block.binding.figure,
        )
        assert clause.for_all == (not block.binding.addressees)
        assert clause.addressees.count() == len(block.binding.addressees)
    assert Clause.objects.count() > 30
    assert Clause.objects.exclude(indicator="").exists()
    assert built.units > 0


def test_what_was_sent_stands_in_the_register_of_whoever_received_it(built: Built) -> None:
    received = Dispatch.objects.filter(received_at__isnull=False)

    assert received.count() == Incoming.objects.filter(dispatch__isnull=False).count() > 50
    assert not Incoming.objects.filter(register_entries__isnull=True).exists()
    assert not Dispatch.objects.filter(acknowledged_at__isnull=False, received_at__isnull=True).exists()
    assert Dispatch.objects.filter(acknowledged_at__isnull=False).exists()
    assert not Dispatch.objects.filter(sent_at__isnull=False, document__number__isnull=True).exists()
    assert not received.filter(received_at__gt=built.at).exists()


def test_a_paper_came_twice_and_of_a_secret_one_a_stub_is_kept(built: Built) -> None:
    twice = Incoming.objects.filter(duplicate_of__isnull=False).select_related("duplicate_of")
    secret = Incoming.objects.filter(secret=True)

    assert all(
        one.duplicate_of is not None and (one.number, one.symbol) == (one.duplicate_of.number, one.duplicate_of.symbol)
        for one in twice
    )
    assert twice.exists()
    assert secret.exists()
    assert all(one.kept_at and not one.subject and not one.outcome for one in secret)
    assert built.units > 0


def test_a_recalled_document_is_void_wherever_it_went(built: Built) -> None:
    recalled = Document.objects.get(state=State.RECALLED)

    sent = Dispatch.objects.filter(document=recalled, sent_at__isnull=False)

    assert sent.exists()
    assert not sent.filter(voided_at__isnull=True).exists()
    entries = RegisterEntry.objects.filter(incoming__dispatch__in=sent)
    assert set(entries.values_list("state", flat=True)) <= {NumberState.VOIDED}
    assert built.units > 0


def test_opinions_that_were_accepted_changed_the_block_they_name(built: Built) -> None:
    opinions = Opinion.objects.select_related("request__version", "changed_in")

    for one in opinions.filter(verdict=Verdict.ACCEPTED):
        assert one.changed_in is not None
        before, after = (Text.from_json(v.content_data) for v in (one.request.version, one.changed_in))
        assert one.changed_block in {change.block.id for change in differing(compare(before, after))}
    assert {one.verdict for one in opinions} == set(Verdict)
    assert OpinionRequest.objects.filter(answered_at__isnull=False).exists()
    assert built.units > 0


# --- plans ----------------------------------------------------------------------------------------


def test_every_version_of_a_plan_bears_the_digest_of_the_services_and_can_be_read(built: Built) -> None:
    versions = list(PlanVersion.objects.select_related("plan__unit"))

    for one in versions:
        plan = one.plan
        assert one.digest == content_digest(
            one.content_data,
            unit=plan.unit.code,
            kind=plan.kind,
            period=plan.period_code,
            topic=plan.topic,
            number=one.number,
        )
        assert PlanContent.from_json(one.content_data).as_json() == one.content_data
    assert len(versions) > 80
    assert any(one.number > 1 and one.reason for one in versions)
    assert built.units > 0


def test_a_plan_says_what_its_version_in_force_froze_unless_it_is_being_amended(built: Built) -> None:
    in_force = Plan.objects.filter(current_version__isnull=False).select_related("current_version")

    pending = {plan.title: bool(plans.pending(plan)) for plan in in_force.exclude(state=PlanState.AMENDING)}

    assert pending
    assert not any(pending.values())
    amending = list(in_force.filter(state=PlanState.AMENDING))
    assert amending
    assert all(plans.pending(plan) for plan in amending)
    assert built.units > 0


def test_the_way_of_every_plan_is_in_time_and_ends_where_the_plan_stands(built: Built) -> None:
    for plan in Plan.objects.prefetch_related("steps", "versions"):
        steps = sorted(plan.steps.all(), key=lambda step: step.pk)
        assert all(one.at <= other.at for one, other in pairwise(steps))
        assert all(step.at <= built.at for step in steps)
        assert plan.state == (steps[-1].to_state if steps else PlanState.DRAFT)
        numbers = sorted(version.number for version in plan.versions.all())
        assert numbers == list(range(1, len(numbers) + 1))
    moves = set(PlanStep.objects.values_list("move", flat=True))
    assert {"submit", "approve", "issue", "amend", "take_in", "end"} <= moves


def test_tasks_are_such_as_the_services_would_accept_and_lie_within_their_plans(built: Built) -> None:
    for plan in Plan.objects.all():
        for task in plans.tasks_of(plan.pk, dropped=True):
            words = plans.words_of(task)
            check_words(words, plan.starts_on, plans.last_day(plan))
            assert tidied(words) == words
    assert PlanTexts.from_json(Plan.objects.filter(period_kind="year")[0].texts).purpose
    assert built.units > 0


def test_shorter_and_lower_tasks_detail_longer_and_higher_ones(built: Built) -> None:
    tasks = list(Task.objects.filter(details__isnull=False).select_related("plan", "details__plan"))
    trees = {day: organisation.tree_on(day) for day in (date(2025, 3, 1), date(2025, 10, 1))}

    for task in tasks:
        assert task.details is not None
        own, other = plans.place_of(task.plan), plans.place_of(task.details.plan)
        above = frozenset[int]().union(*(plans.superiors(tree, own.unit) for tree in trees.values()))
        assert why_not_detail(own, other, above) == ""
    chains = Counter((task.plan.period_kind, task.details and task.details.plan.period_kind) for task in tasks)
    assert {("quarter", "year"), ("month", "quarter"), ("week", "month"), ("year", "year")} <= set(chains)
    assert built.units > 0


def test_plans_of_three_levels_reach_from_the_year_to_the_next_week(built: Built) -> None:
    newest = Plan.objects.filter(starts_on__year=2025)

    by_level = {
        kind: set(newest.filter(unit__kind=kind).values_list("period_kind", flat=True))
        for kind in ("headquarters", "province_command", "post")
    }

    assert all(found == {"year", "quarter", "month", "week"} for found in by_level.values())
    assert Plan.objects.filter(period_kind="week", starts_on__gt=today_of(built)).exists()
    assert {"draft", "submitted", "approved", "issued", "ended"} <= set(Plan.objects.values_list("state", flat=True))


def test_results_are_those_that_the_days_and_the_reported_figures_give(built: Built) -> None:
    done = list(Task.objects.filter(state=TaskState.DONE).select_related("plan"))
    reached = targets.reached(done, today_of(built))

    for task in done:
        assert task.done_on is not None
        found = reached.get(task.pk)
        given = progress_rules.results(
            task.done_on, task.due_on, figure=task.figure, reached=found.value if found else None
        )
        assert [one for one in task.results if one != Result.QUALITY_KEPT] == [str(one) for one in given]
        assert task.progress == 100
    results = Counter(result for task in done for result in task.results)
    assert set(results) == {str(result) for result in Result}
    assert results[Result.ON_TIME] < results[Result.DONE] == len(done)


def test_what_was_told_of_tasks_is_in_order_and_shows_reports_that_were_there(built: Built) -> None:
    rows = list(Progress.objects.select_related("task"))
    versions = Version.objects.in_bulk()

    for row in rows:
        for shown_ in row.evidence:
            version = versions[int(shown_["key"])]
            assert version.received_at <= row.at
        assert row.at <= built.at
    last = {row.task_id: row for row in sorted(rows, key=lambda row: (row.at, row.pk))}
    assert all(last[row.task_id].percent == row.task.progress for row in rows)
    assert any(row.evidence for row in rows)
    assert any(row.task.state == TaskState.OPEN for row in rows)


def test_coverage_knows_tasks_reasons_and_silence(built: Built) -> None:
    day = today_of(built)
    directives = Document.objects.filter(clauses__isnull=False, issued_on__year=day.year).distinct()

    found: Counter[Standing] = Counter()
    for directive in directives:
        for line in coverage.coverage(directive.pk, all_units(), day).clauses:
            found.update({Standing.DONE: line.counts.done, Standing.UNDER_WAY: line.counts.under_way})
            found.update({Standing.EXPLAINED: line.counts.explained, Standing.SILENT: line.counts.silent})

    assert directives.count() >= 4
    assert all(found[standing] > 0 for standing in Standing)


def test_some_tasks_are_late_and_plans_roll_up_to_something_between(built: Built) -> None:
    day = today_of(built)
    late = Task.objects.filter(state=TaskState.OPEN, due_on__lt=day)
    years = list(Plan.objects.filter(period_kind="year", starts_on__year=day.year).values_list("pk", flat=True))

    rolled = rolled_up(years, day)

    assert late.exists()
    assert all(0 < percent < 100 for percent in rolled.plans.values())


def test_recurring_duties_fall_on_the_days_of_their_rule_and_one_was_changed(built: Built) -> None:
    occurrences = list(Task.objects.filter(recurrence__isnull=False).select_related("recurrence"))

    for task in occurrences:
        assert task.recurrence is not None
        assert rule_of(task.recurrence).falls_on(task.starts_on)
        assert task.key == f"r{task.recurrence_id}-{task.starts_on:%Y%m%d}"
    assert len(occurrences) > 20
    assert Recurrence.objects.filter(follows__isnull=False).exists()
    assert built.units > 0


def test_what_does_not_go_together_can_be_seen(built: Built) -> None:
    day, units = today_of(built), all_units()

    next_days = conflicts.conflicts(units, day, day + timedelta(days=13), drafts_of=units)
    year = conflicts.conflicts(units, date(day.year, 1, 1), date(day.year + 1, 1, 1), drafts_of=units)

    assert {Clash.PLACE, Clash.UNIT, Clash.OVERLOAD} <= {one.clash for one in next_days.found}
    assert Clash.HOLIDAY in {one.clash for one in year.found}


def test_open_tasks_of_a_dissolved_command_went_to_its_heir_by_a_decision_and_one_waits(built: Built) -> None:
    day = today_of(built)
    handed = list(HandOver.objects.select_related("task", "to_task__plan", "from_unit", "to_unit"))

    orphans = plans.orphaned_tasks(all_units(), day)

    assert {row.from_unit.code for row in handed} == {"TIEN-GIANG"}
    assert all(row.to_unit is not None and row.to_unit.code == "DONG-THAP" for row in handed)
    assert all(row.task.state == TaskState.HANDED_OVER and row.to_task is not None for row in handed)
    assert all(row.decision_number and row.decision_on == date(2025, 7, 1) for row in handed)
    assert len(handed) > 2
    assert len(orphans) == 1


def test_the_plan_of_a_year_became_a_document_that_says_what_the_plan_says(built: Built) -> None:
    named = list(Plan.objects.filter(document__isnull=False).select_related("document__type"))

    for plan in named:
        assert plan.document is not None
        table = next(block for block in Text.from_json(plan.document.draft).blocks if block.rows)
        assert plan.document.type.code == "plan"
        assert len(table.rows) > 5
    assert {plan.period_kind for plan in named} == {Kind.YEAR}
    assert built.units > 0


def test_posts_are_told_of_what_is_due_and_overdue(built: Built) -> None:
    kinds = set(Notice.objects.values_list("kind", flat=True))

    assert {"due_30", "due_7", "overdue"} <= kinds
    assert not Notice.objects.filter(at__gt=built.at).exists()
