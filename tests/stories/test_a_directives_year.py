"""A directive's year: from the draft at headquarters to plans, tasks, reported figures and results, and to the
directive that replaces it.

Five clauses go to two provinces and two posts. One of them nobody carries out, one a province declines with its reason,
one is withdrawn when tasks for it exist already. Whatever came of a clause is found from the clause, and from a result
the clauses it was for.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from nennep.documents.models import Clause, Dispatch, Document, DocumentType, RegisterEntry
from nennep.documents.queries import dispatches, registers
from nennep.documents.queries import documents as papers
from nennep.documents.queries import drafts as written
from nennep.documents.rules.states import Direction, Move, State, Verdict
from nennep.documents.rules.text import Binding, PieceKind, Text
from nennep.documents.services import clauses, dispatch, drafts, opinions, route
from nennep.documents.services.opinions import Said
from nennep.documents.services.registers import reserve_numbers, void_number
from nennep.journal import queries as journal
from nennep.journal.rules import system_actor
from nennep.organisation import queries as organisation
from nennep.planning.models import Notice, Plan, Task
from nennep.planning.queries import clause_results, coverage, targets
from nennep.planning.queries import plans as queries
from nennep.planning.queries.coverage import Cited
from nennep.planning.queries.progress import rolled_up, told
from nennep.planning.rules.coverage import Counts, Standing
from nennep.planning.rules.evidence import EvidenceKind, Pointer
from nennep.planning.rules.progress import Source
from nennep.planning.rules.states import PlanKind, PlanState, Result, TaskState
from nennep.planning.rules.versions import Change, TaskWords
from nennep.planning.services import following, plans, tasks
from nennep.planning.services.answers import answer_clause
from nennep.planning.services.notices import Digest, run_digest
from nennep.planning.services.progress import finish_task, say_quality_kept
from nennep.reporting.models import Version
from nennep.synthesis import figures
from nennep.synthesis.figures import Question
from tests.cast import HANOI, Cast, good_content
from tests.documents.world import make_types

WORDS = """1. Giáo dục chính trị theo chuyên đề cho 100% quân số.
2. Tuyên truyền Luật Biên phòng Việt Nam ở các xã biên giới.
3. Rà soát, phân công đảng viên phụ trách hộ.
4. Củng cố trạm kiểm soát liên hợp.
5. Phát quang đường biên, cột mốc."""
REWRITTEN = WORDS.replace("các xã biên giới", "các xã biên giới, cả qua loa thôn, bản")
YEAR_END = date(2026, 12, 31)
BINDINGS = {
    "b1": Binding(due_on=YEAR_END),
    "b2": Binding(due_on=YEAR_END, indicator="law.listeners", figure=Decimal(3000)),
    "b3": Binding(due_on=date(2026, 12, 15), addressees=("SH",)),
    "b4": Binding(due_on=date(2026, 11, 30)),
    "b5": Binding(due_on=date(2026, 10, 31)),
}


def at(month: int, day: int, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, 9, 0, tzinfo=HANOI)


@dataclass
class Year:
    """The cast, with what the year has brought so far."""

    cast: Cast
    types: dict[str, DocumentType] = field(default_factory=dict)
    directive: Document = field(default_factory=Document)
    clauses: dict[str, Clause] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    reports: list[Version] = field(default_factory=list)

    def coverage(self, day: date, *units: str) -> coverage.Coverage:
        """How the directive is covered on a day within these units, all of them when none is named."""
        reach = [self.cast.units[code] for code in units] or list(self.cast.units.values())
        return coverage.coverage(self.directive.pk, reach, day)

    def counts(self, day: date) -> dict[str, Counts]:
        return {line.clause.label: line.counts for line in self.coverage(day).clauses}

    def task(self, plan: str, title: str) -> Task:
        """The task of a plan whose title begins so, as it is now."""
        return queries.tasks_of(self.plans[plan].pk).get(title__startswith=title)

    def in_force(self, name: str, writer: str, leader: str, day: datetime) -> None:
        """Hand a plan in, approve it, send it out."""
        plan = queries.plan(self.plans[name].pk)
        plans.submit_plan(plan.pk, revision=plan.revision, by=self.cast.actor(writer, day))
        plans.approve_plan(plan.pk, revision=plan.revision, by=self.cast.actor(leader, day))
        plans.issue_plan(plan.pk, by=self.cast.actor(writer, day))
        self.plans[name] = queries.plan(plan.pk)


def test_a_directive_becomes_plans_tasks_figures_and_results_and_each_leads_to_the_others(cast: Cast) -> None:
    year = Year(cast, make_types())

    december_the_draft_goes_out_for_opinions(year)
    december_the_directive_is_returned_agreed_signed_and_numbered(year)
    december_it_comes_in_at_each_unit_and_one_is_silent(year)
    january_the_provinces_plan_and_answer(year)
    july_a_plan_is_amended(year)
    august_a_clause_is_withdrawn(year)
    october_the_quarter_the_month_and_the_post_detail_the_year(year)
    november_figures_are_reported_and_the_post_is_done(year)
    november_the_clause_leads_to_its_results_and_they_lead_back(year)
    december_a_late_task_climbs_and_the_year_is_done(year)
    january_the_next_directive_replaces_it(year)

    assert list(journal.breaks()) == []


def december_the_draft_goes_out_for_opinions(year: Year) -> None:
    cast, head = year.cast, year.cast.actor("kehoach", at(12, 1, year=2025))
    subject = "Về công tác đảng, công tác chính trị năm 2026"
    document = drafts.create_document(year.types["directive"], cast.units["HQ"], subject, by=head)
    document = drafts.save_typed(document.pk, WORDS, revision=document.draft_revision, by=head)
    due_and_for_whom = {block: replace(told, figure=None) for block, told in BINDINGS.items()}
    document = drafts.bind_clauses(document.pk, due_and_for_whom, revision=document.draft_revision, by=head)

    # Both provinces are asked; each has something to say.
    provinces = [cast.units["SH"], cast.units["DV"]]
    asked = opinions.ask_opinions(
        document.pk, provinces, date(2025, 12, 8), revision=document.draft_revision, by=head, note="Xin ý kiến"
    )
    said = {"hanh": Said("Nêu cả loa thôn, bản.", "b2"), "dong": Said("Bỏ mục này: đã giao năm 2025.", "b4")}
    for request, username in zip(asked, said, strict=True):
        by = cast.actor(username, at(12, 5, year=2025))
        assert written.asked_of_me(by).get() == request
        opinions.give_opinions(request.pk, [said[username]], by=by)

    # One is taken in, with the change that it caused; the other is explained.
    head = cast.actor("kehoach", at(12, 9, year=2025))
    document = drafts.save_typed(document.pk, REWRITTEN, revision=document.draft_revision, by=head)
    to_take_in, to_explain = [row.opinion for row in written.opinion_matrix(document.pk, by=head)]
    assert to_take_in is not None
    assert to_explain is not None
    opinions.accept_opinion(to_take_in.pk, by=head)
    opinions.explain_opinion(to_explain.pk, "Hai trạm chưa xong, còn hạn đến tháng 11.", by=head)
    taken_in, explained = written.opinion_matrix(document.pk, by=head)
    assert (taken_in.label, taken_in.verdict, explained.label, explained.verdict) == (
        "2",
        Verdict.ACCEPTED,
        "4",
        Verdict.EXPLAINED,
    )
    assert taken_in.change is not None
    added = [piece.text for piece in taken_in.change.pieces if piece.kind is PieceKind.ADDED]
    assert added == [", cả qua loa thôn, bản"]
    assert explained.change is None
    assert not written.open_matters(Document.objects.get(pk=document.pk)).anything
    year.directive = document


def december_the_directive_is_returned_agreed_signed_and_numbered(year: Year) -> None:
    cast, pk = year.cast, year.directive.pk
    head, leader = cast.actor("kehoach", at(12, 10, year=2025)), cast.actor("tulenh", at(12, 11, year=2025))
    revision = Document.objects.get(pk=pk).draft_revision
    first = route.submit(pk, revision=revision, by=head)
    route.return_(pk, version_id=first.pk, reason="Mục 2 phải có chỉ tiêu", by=leader)

    head = cast.actor("kehoach", at(12, 12, year=2025))
    document = drafts.bind_clauses(pk, BINDINGS, revision=revision, by=head)
    to_sign = route.submit(pk, revision=document.draft_revision, by=head)
    dispatch.name_recipients(pk, [cast.units[code] for code in ("SH", "DV", "SH-1", "DV-1")], by=head)
    leader = cast.actor("tulenh", at(12, 15, year=2025))
    route.agree(pk, version_id=to_sign.pk, by=leader)
    route.sign(pk, version_id=to_sign.pk, by=leader)

    # Two numbers of the year were kept before, one of them in vain: the directive is the third.
    head = cast.actor("kehoach", at(12, 20, year=2025))
    kept = reserve_numbers(year.types["plan"].pk, head.today, 2, "Kế hoạch cuối năm", by=head)
    void_number(kept[1].pk, "Không ban hành", by=head)
    issued = route.issue(pk, unit_symbol="BTL", by=head)
    document = issued.document
    assert (document.numbered, issued.clauses, issued.sent) == ("03/CT-BTL", 5, 4)
    assert (document.state, document.signer_name) == (State.IN_FORCE, "Trần Quang Hưng")
    entries = registers.entries(registers.registers(head, direction=Direction.OUT).get())
    assert [(entry.number, entry.state) for entry in entries] == [(1, "reserved"), (2, "voided"), (3, "used")]
    assert [move.move for move in papers.moves(pk)] == [
        Move.SUBMIT,
        Move.RETURN,
        Move.SUBMIT,
        Move.AGREE,
        Move.SIGN,
        Move.ISSUE,
        Move.ENTER_INTO_FORCE,
    ]

    # What was written on a past day is still there: the provinces were asked about a text without the loudspeakers.
    on_the_fifth = written.versions(pk, by=head).filter(at__lte=at(12, 5, year=2025)).first()
    assert on_the_fifth is not None
    assert "loa" not in Text.from_json(on_the_fifth.content_data).blocks[1].text
    year.directive = document
    year.clauses = {clause.label: clause for clause in Clause.objects.filter(document=document)}


def december_it_comes_in_at_each_unit_and_one_is_silent(year: Year) -> None:
    sent = {row.unit.code: row for row in Dispatch.objects.filter(document=year.directive).select_related("unit")}
    for code, username in (("SH", "hanh"), ("DV", "dong"), ("SH-1", "thanh")):
        by = year.cast.actor(username, at(12, 21, year=2025))
        incoming = dispatch.receive(sent[code].pk, by=by)
        entry = RegisterEntry.objects.get(incoming=incoming)
        assert (entry.number, entry.register.unit.code, entry.register.direction) == (1, code, Direction.IN)
        dispatch.acknowledge(sent[code].pk, by=by)
    spread = dispatches.spread(year.directive.pk, date(2025, 12, 22))
    assert (spread.sent, spread.received, spread.acknowledged) == (4, 3, 3)
    assert [one.unit for one in spread.not_acknowledged] == ["Đồn BP Lũng Vài"]

    # The silent post is reminded once; a week later its province is told.
    about = f"dispatch:{sent['DV-1'].pk}"
    assert digest(at(12, 22, year=2025)).made == 0
    assert digest(at(12, 23, year=2025)).made == 1
    assert digest(at(12, 23, year=2025)) == Digest(0, 0, 0)
    assert reminded(about) == [("DV-1", "overdue", None)]
    digest(at(12, 29, year=2025))
    assert reminded(about) == [("DV-1", "overdue", None), ("DV", "overdue", "DV-1")]


def digest(day: datetime) -> Digest:
    return run_digest(day.date(), by=system_actor(day, day.date()))


def reminded(about: str) -> list[tuple[str, str, str | None]]:
    """Whose posts were told of a thing, how, and from whose it climbed; in the order in which they were told."""
    rows = Notice.objects.filter(about=about).select_related("post__unit", "climbed_from__unit").order_by("pk")
    return [(row.post.unit.code, row.kind, row.climbed_from.unit.code if row.climbed_from else None) for row in rows]


def january_the_provinces_plan_and_answer(year: Year) -> None:
    cast, clause = year.cast, year.clauses
    for name, username in (("SH 2026", "hanh"), ("DV 2026", "dong")):
        by = cast.actor(username, at(1, 5))
        year.plans[name] = plans.make_plan(PlanKind.PLAN, "2026", by=by, answers=year.directive.pk)

    sh, dv = cast.units["SH"], cast.units["DV"]
    law = TaskWords(
        "Tuyên truyền Luật Biên phòng",
        sh,
        date(2026, 2, 1),
        YEAR_END,
        clauses=(clause["2"].pk,),
        coordinating=(cast.units["SH-1"], cast.units["SH-2"]),
        indicator="law.listeners",
        figure="2.000",
    )
    of_sh = [
        TaskWords("Học tập chuyên đề", sh, date(2026, 2, 1), YEAR_END, clauses=(clause["1"].pk,)),
        law,
        TaskWords("Phân công đảng viên", sh, date(2026, 12, 1), date(2026, 12, 15), clauses=(clause["3"].pk,)),
        TaskWords("Hội thi tìm hiểu pháp luật", sh, date(2026, 9, 1), date(2026, 10, 31)),
    ]
    of_dv = [
        TaskWords("Học tập chuyên đề", dv, date(2026, 2, 1), date(2026, 11, 30), clauses=(clause["1"].pk,)),
        TaskWords("Phát quang 40 km đường biên", dv, date(2026, 3, 1), date(2026, 10, 31), clauses=(clause["5"].pk,)),
    ]
    for username, name, words in (("hanh", "SH 2026", of_sh), ("dong", "DV 2026", of_dv)):
        for one in words:
            tasks.add_task(year.plans[name].pk, one, by=cast.actor(username, at(1, 5)))
    assert all(line.has_no_task for line in year.coverage(date(2026, 1, 6)).clauses)
    year.in_force("SH 2026", "hanh", "tulenh", at(1, 7))
    year.in_force("DV 2026", "dong", "tulenh", at(1, 7))

    # Đông Vân says why it has no task for clause 4; nobody has one.
    answer_clause(clause["4"].pk, "Tỉnh không có trạm kiểm soát liên hợp.", by=cast.actor("dong", at(1, 8)))
    assert year.counts(date(2026, 1, 8)) == {
        "1": Counts(addressed=4, under_way=2, silent=2),
        "2": Counts(addressed=4, under_way=1, silent=3),
        "3": Counts(addressed=1, under_way=1),
        "4": Counts(addressed=4, explained=1, silent=3),
        "5": Counts(addressed=4, under_way=1, silent=3),
    }
    covered = year.coverage(date(2026, 1, 8))
    assert [line.clause.label for line in covered.clauses if line.has_no_task] == ["4"]
    detail = coverage.clause_detail(clause["4"].pk, list(cast.units.values()), date(2026, 1, 8))
    assert [one.answer.reason for one in detail.with_standing(Standing.EXPLAINED) if one.answer] == [
        "Tỉnh không có trạm kiểm soát liên hợp."
    ]
    # After its last day those who said nothing are late; whoever said why is not.
    assert year.counts(date(2026, 12, 1))["4"] == Counts(addressed=4, explained=1, silent=3, late=3)


def july_a_plan_is_amended(year: Year) -> None:
    by, plan = year.cast.actor("hanh", at(7, 6)), year.plans["SH 2026"]
    plans.amend_plan(plan.pk, by=by, reason="Điều chỉnh giữa năm")
    contest, law = year.task("SH 2026", "Hội thi"), year.task("SH 2026", "Tuyên truyền")
    tasks.drop_task(contest.pk, edition=contest.edition, by=by)
    tasks.change_task(law.pk, replace(queries.words_of(law), figure="2.500"), edition=law.edition, by=by)
    year.in_force("SH 2026", "hanh", "tulenh", at(7, 8))

    changed = queries.changes_since(year.plans["SH 2026"], at(6, 30))
    assert [(one.title, one.change) for one in changed.difference.tasks] == [
        ("Tuyên truyền Luật Biên phòng", Change.CHANGED),
        ("Hội thi tìm hiểu pháp luật", Change.DROPPED),
    ]
    assert [version.reason for version in changed.reasons] == ["Điều chỉnh giữa năm"]

    # On a day in June the plan said what it said.
    in_june = queries.version_on(plan.pk, at(6, 30))
    assert in_june is not None
    said = {task.words.title: task.words.figure for task in queries.content_of_version(in_june).tasks}
    assert (len(said), said["Tuyên truyền Luật Biên phòng"]) == (4, "2000")


def august_a_clause_is_withdrawn(year: Year) -> None:
    clause = year.clauses["5"]
    clauses.withdraw_clause(clause.pk, "Giao lực lượng công binh", by=year.cast.actor("kehoach", at(8, 3)))

    # It binds nobody any more, the task for it is named and stands as it stood; the day before is told as it was.
    line = year.coverage(date(2026, 8, 3)).clauses[4]
    assert (line.is_withdrawn, line.counts, line.tasks, line.still_open) == (True, Counts(), 1, 1)
    assert year.counts(date(2026, 8, 2))["5"] == Counts(addressed=4, under_way=1, silent=3)
    task = year.task("DV 2026", "Phát quang")
    assert task.state == TaskState.OPEN
    assert [(one.task, one.why) for one in queries.doubts(year.plans["DV 2026"], date(2026, 8, 3))] == [
        (task, "clause_withdrawn")
    ]

    # The province goes on with less of it, and still names the clause.
    by = year.cast.actor("dong", at(8, 5))
    plans.amend_plan(year.plans["DV 2026"].pk, by=by, reason="Mục 5 của chỉ thị đã rút")
    less = replace(queries.words_of(task), title="Phát quang 10 km đường biên")
    tasks.change_task(task.pk, less, edition=task.edition, by=by)
    year.in_force("DV 2026", "dong", "tulenh", at(8, 6))
    assert coverage.clauses_of([task.pk]) == {task.pk: (Cited(clause.pk, task.pk),)}


def october_the_quarter_the_month_and_the_post_detail_the_year(year: Year) -> None:
    cast, hanh = year.cast, year.cast.actor("hanh", at(9, 15))
    for name, longer, period in (("SH Q4", "SH 2026", "2026-Q4"), ("SH 11", "SH Q4", "2026-11")):
        made = following.make_shorter(year.plans[longer].pk, period, by=hanh)
        assert made.not_taken == ()
        year.plans[name] = made.plan
        law = year.task(name, "Tuyên truyền")
        aimed = replace(queries.words_of(law), indicator="law.listeners", figure="1.000")
        tasks.change_task(law.pk, aimed, edition=law.edition, by=hanh)
        year.in_force(name, "hanh", "tulenh", at(9, 16))
    assert [len(queries.tasks_of(year.plans[name].pk)) for name in ("SH 2026", "SH Q4", "SH 11")] == [3, 3, 2]

    # The post sees what of the province's month is still nobody's at its place, and takes it.
    thanh = cast.actor("thanh", at(10, 12))
    post = plans.make_plan(PlanKind.PLAN, "2026-11", by=thanh, details=year.plans["SH 11"].pk)
    gap = year.task("SH 11", "Tuyên truyền")
    assert queries.gaps(post, thanh.today).of_higher == [gap]
    [taken] = following.take_tasks(post.pk, [gap.pk], by=thanh).tasks
    own = replace(queries.words_of(taken), indicator="law.listeners", figure="600")
    tasks.change_task(taken.pk, own, edition=taken.edition, by=thanh)
    assert not queries.gaps(post, thanh.today)
    year.plans["SH-1 11"] = post
    year.in_force("SH-1 11", "thanh", "dontruong", at(10, 13))

    # From now on the post carries clause 2 out as well: its task details one that cites it.
    assert year.counts(date(2026, 10, 13))["2"] == Counts(addressed=4, under_way=2, silent=2)
    province, day = cast.units["SH"], date(2026, 10, 13)
    [line] = year.coverage(day).under([province], organisation.tree_on(day))
    assert (line.own.under_way, line.all.under_way) == (3, 4)


def november_figures_are_reported_and_the_post_is_done(year: Year) -> None:
    heard = {"2026-10": {"thanh": "900", "pao": "400"}, "2026-11": {"thanh": "700", "pao": "350"}}
    for period, day in (("2026-10", at(10, 16)), ("2026-11", at(11, 16))):
        year.reports += [report(year, username, told_, period, day) for username, told_ in heard[period].items()]

    # The same figures of the reports stand against the targets of the post, the month, the quarter and the year.
    aimed = [year.task(name, "Tuyên truyền") for name in ("SH-1 11", "SH 11", "SH Q4", "SH 2026")]
    reached = targets.reached(aimed, date(2026, 11, 17))
    assert [(reached[task.pk].value, reached[task.pk].figure) for task in aimed] == [
        (Decimal(700), Decimal(600)),
        (Decimal(1050), Decimal(1000)),
        (Decimal(2350), Decimal(1000)),
        (Decimal(2350), Decimal(2500)),
    ]

    # The post has exceeded its task, names what shows it, and somebody else says that it was done well.
    thanh, task, version = year.cast.actor("thanh", at(11, 20)), aimed[0], year.reports[2]
    shown = [Pointer(EvidenceKind.VERSION, str(version.pk)), Pointer(EvidenceKind.STATEMENT, f"{version.pk}:s1")]
    finish_task(task.pk, "Đủ 12 buổi ở 3 bản.", shown, by=thanh)
    say_quality_kept(task.pk, "Có kiểm tra thực tế.", shown[:1], by=year.cast.actor("hanh", at(11, 25)))
    assert results(task) == [Result.DONE, Result.ON_TIME, Result.EXCEEDED, Result.QUALITY_KEPT]

    # A task with parts stands at theirs, by the rule on the page: the quarter at the month, the month at the post.
    whole = rolled_up([year.plans["SH 2026"].pk], date(2026, 11, 26))
    assert {(whole.tasks[one.pk].percent, whole.tasks[one.pk].source) for one in aimed[1:]} == {(100, Source.PARTS)}


def report(year: Year, username: str, listeners: str, period: str, day: datetime) -> Version:
    """A post's monthly report, written, handed in, and accepted by its province."""
    content = good_content(law__listeners=listeners, law__gathered=listeners, law__loudspeaker="0")
    version = year.cast.hand_in(username, content, period, day)
    year.cast.accept(version, "hanh", day)
    return version


def results(task: Task) -> list[Result]:
    return [Result(result) for result in Task.objects.get(pk=task.pk).results]


def november_the_clause_leads_to_its_results_and_they_lead_back(year: Year) -> None:
    clause, units = year.clauses["2"], list(year.cast.units.values())
    found = coverage.tasks_of(clause.pk, units)
    standing = {year.plans[name].pk: TaskState.OPEN for name in ("SH 2026", "SH Q4", "SH 11")}
    standing[year.plans["SH-1 11"].pk] = TaskState.DONE
    assert {task.plan_id: task.state for task in found} == standing

    # The figure that the clause asks for stands against what was reported: that day, and as it was known before.
    provinces = [year.cast.units["SH"], year.cast.units["DV"]]
    known = {
        day: [one.value for one in clause_results.reached(clause, provinces, day).values()]
        for day in (date(2026, 10, 15), date(2026, 10, 16), date(2026, 11, 26))
    }
    assert list(known.values()) == [[None, None], [Decimal(1300), None], [Decimal(2350), None]]

    # From the clause: its result, the version that shows it, and the figure down to that version.
    [post] = [task for task in found if task.state == TaskState.DONE]
    shown = {row["key"] for progress in told(post.pk) for row in progress.evidence}
    version = year.reports[2]
    assert shown == {str(version.pk), f"{version.pk}:s1"}
    head = year.cast.actor("kehoach", at(11, 26))
    [result] = clause_results.results(clause.pk, [post.lead_unit_id], head)[post.lead_unit_id]
    assert (result.task, result.percent) == (post, 100)
    assert {(proof.report_id, proof.number) for proof in result.proofs} == {(version.report_id, version.number)}
    question = Question(year.cast.rounds["2026-11"])
    province = figures.explain(question, year.cast.units["SH"], "law.listeners")
    one = next(child for child in province.children if child.unit == "SH-1")
    assert [(value.value, value.source) for value in one.values] == [(Decimal(700), version.pk)]

    # From the result, back: to the clause itself, and step by step to what it details.
    assert coverage.clauses_of([post.pk])[post.pk] == (Cited(clause.pk, post.pk),)
    way = list(queries.details_above(post.pk))
    assert way == [post.pk, *(year.task(name, "Tuyên truyền").pk for name in ("SH 11", "SH Q4", "SH 2026"))]


def december_a_late_task_climbs_and_the_year_is_done(year: Year) -> None:
    cast, late = year.cast, year.task("SH Q4", "Phân công")
    about = f"task:{late.pk}"

    # Reminded a month, a week and a day ahead, then told to the unit above, and at last to its commander.
    climbed = []
    for day in (at(11, 15), at(12, 8), at(12, 14), at(12, 16), at(12, 22), at(12, 29)):
        digest(day)
        assert digest(day) == Digest(0, 0, 0)
        climbed.append(len(reminded(about)))
    assert climbed == [1, 2, 3, 4, 5, 6]
    assert reminded(about) == [
        ("SH", "due_30", None),
        ("SH", "due_7", None),
        ("SH", "due_1", None),
        ("SH", "overdue", None),
        ("HQ", "overdue", "SH"),
        ("HQ", "overdue", "HQ"),
    ]
    assert year.counts(date(2026, 12, 29))["3"] == Counts(addressed=1, under_way=1, late=1)

    # One task is done in time, one with more than was asked, one late; nobody types which.
    year.reports.append(report(year, "thanh", "450", "2026-12", at(12, 16)))
    hanh = cast.actor("hanh", at(12, 30))
    finished = {title: year.task("SH 2026", title) for title in ("Học tập", "Tuyên truyền", "Phân công")}
    for task in (*finished.values(), late):
        finish_task(task.pk, by=hanh)
    assert results(finished["Học tập"]) == [Result.DONE, Result.ON_TIME]
    assert results(finished["Tuyên truyền"]) == [Result.DONE, Result.ON_TIME, Result.EXCEEDED]
    assert results(finished["Phân công"]) == [Result.DONE]
    assert year.counts(date(2026, 12, 30))["3"] == Counts(addressed=1, done=1)
    assert not Notice.objects.filter(about=about, read_at__isnull=True).exists()


def january_the_next_directive_replaces_it(year: Year) -> None:
    cast, old = year.cast, year.directive
    head = cast.actor("kehoach", at(1, 11, year=2027))
    subject = "Về công tác đảng, công tác chính trị năm 2027"
    document = drafts.create_document(year.types["directive"], cast.units["HQ"], subject, by=head)
    document = drafts.save_typed(document.pk, "1. Học tập nghị quyết.", revision=document.draft_revision, by=head)
    document = drafts.bind_clause(document.pk, "b1", Binding(), revision=document.draft_revision, by=head)
    fields = replace(drafts.fields_of(document), replaces=old.pk)
    document = drafts.set_fields(document.pk, fields, revision=document.draft_revision, by=head)
    version = route.submit(document.pk, revision=document.draft_revision, by=head)
    dispatch.name_recipients(document.pk, [cast.units["SH"], cast.units["DV"]], by=head)
    leader = cast.actor("tulenh", at(1, 12, year=2027))
    route.agree(document.pk, version_id=version.pk, by=leader)
    route.sign(document.pk, version_id=version.pk, by=leader)
    new = route.issue(document.pk, unit_symbol="BTL", by=cast.actor("kehoach", at(1, 15, year=2027))).document
    assert (new.numbered, new.state) == ("01/CT-BTL", State.IN_FORCE)

    # The old one is replaced on that day; its clauses bind nobody, each says why, and every task still leads to it.
    day = date(2027, 1, 15)
    old = papers.document(old.pk, by=cast.actor("hanh", at(1, 16, year=2027)))
    assert (old.state, old.ends_on) == (State.REPLACED, day)
    told_ = {clause.label: (clause.withdrawn_on, clause.withdrawn_reason) for clause in old.clauses.all()}
    withdrawn_by_the_new = dict.fromkeys("1234", (day, "01/CT-BTL"))
    assert told_ == withdrawn_by_the_new | {"5": (date(2026, 8, 3), "Giao lực lượng công binh")}
    assert year.coverage(day).total == Counts()
    assert year.counts(date(2026, 12, 31))["3"] == Counts(addressed=1, done=1)
    study = year.task("DV 2026", "Học tập")
    assert coverage.clauses_of([study.pk])[study.pk] == (Cited(year.clauses["1"].pk, study.pk),)

    # What Đông Vân left unfinished goes into its next year, and says where it came from.
    made = following.make_next(year.plans["DV 2026"].pk, by=cast.actor("dong", at(1, 18, year=2027)))
    assert (made.plan.period_code, made.plan.state, made.not_taken) == ("2027", PlanState.DRAFT, ())
    assert {task.carried_from_id for task in made.tasks} == {study.pk, year.task("DV 2026", "Phát quang").pk}
