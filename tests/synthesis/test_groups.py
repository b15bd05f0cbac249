"""The bench on the weaver: what is proposed, what an officer decides, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

import loom
from nennep.journal import queries as journal
from nennep.organisation.rules import NotAuthorised
from nennep.reporting.models import Version
from nennep.reporting.rules.content import Content, Statement, StatementKind
from nennep.synthesis import queries, services
from nennep.synthesis.models import DraftItem, KeptChoice, Synthesis
from nennep.synthesis.rules.drafts import Decided, SynthesisRefused
from nennep.synthesis.rules.groups import decided, decisions, pair, pairs_apart, pairs_together, words_print
from tests.cast import NOW, Cast, good_content

HOUR = timedelta(hours=1)
K = StatementKind

#: Three ways to say that news came late, one matter beside it, and what tells them apart.
LEXICON = loom.Lexicon.from_tables(
    {
        "test.toml": {
            "topics": [
                {
                    "id": "news",
                    "name": "nắm tình hình",
                    "wordings": ["nắm tình hình", "nắm địa bàn", "dự báo tình hình"],
                },
                {"id": "reports", "name": "chế độ báo cáo", "wordings": ["báo cáo", "gửi báo cáo"]},
            ],
            "judgements": [
                {
                    "id": "late",
                    "name": "chưa kịp thời",
                    "wordings": ["chưa kịp thời", "còn chậm", "còn muộn"],
                    "polarity": "bad",
                },
                {"id": "formal", "name": "hình thức", "wordings": ["còn hình thức"], "polarity": "bad"},
            ],
        }
    }
)
LATE = ("Công tác nắm tình hình chưa kịp thời.", "Việc nắm địa bàn còn chậm.", "Dự báo tình hình còn muộn.")
OWN = "Gửi báo cáo còn chậm."


def say(*texts: str, kind: StatementKind = K.SHORTCOMING) -> Content:
    """A post's report with these words, and a cause, for a shortcoming is asked for one."""
    said = [Statement(f"r{n}", "C", kind, text) for n, text in enumerate(texts, start=1)]
    return replace(
        good_content(),
        statements=(Statement("r0", "C", K.RESULT, "Địa bàn ổn định."), *said),
        words={"section:C": "Có."},
    )


def hand_in(cast: Cast, period: str = "2026-11", **texts: tuple[str, ...]) -> None:
    for username, said in texts.items():
        cast.accept(cast.hand_in(username, say(*said), period=period), "hanh")


def begin(cast: Cast, period: str = "2026-11", lexicon: loom.Lexicon | None = LEXICON) -> Synthesis:
    return services.begin(cast.rounds[period].pk, by=cast.actor("hanh"), lexicon=lexicon)


@pytest.fixture
def draft(cast: Cast) -> Synthesis:
    """Three posts said in their own words that news came late; one also that reports came late."""
    hand_in(cast, thanh=(LATE[0],), pao=(LATE[1], OWN), hu=(LATE[2],))
    return begin(cast)


def shortcomings(draft: Synthesis) -> list[DraftItem]:
    return [one for one in queries.items(draft) if one.statement_kind == K.SHORTCOMING]


def group(draft: Synthesis) -> DraftItem:
    return max(shortcomings(draft), key=lambda one: len(one.sources))


def member(item: DraftItem, place: int) -> tuple[int, str]:
    version, statement = item.sources[place]
    return int(version), str(statement)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(SynthesisRefused) as refused:
        act()
    return refused.value.why


# --- what is proposed -----------------------------------------------------------------------------


def test_what_units_say_in_different_words_is_proposed_as_one_sentence_of_them_all(draft: Synthesis) -> None:
    one = group(draft)

    assert len(one.sources) == 3
    assert one.text in LATE  # one unit's own sentence, never an invented one
    assert (one.accepted, one.edited) == (False, False)
    assert "nắm tình hình" in one.why


def test_what_one_unit_says_alone_stands_alone(draft: Synthesis) -> None:
    assert [one.text for one in shortcomings(draft) if len(one.sources) == 1] == [OWN]


def test_without_a_lexicon_every_statement_stands_alone(cast: Cast) -> None:
    hand_in(cast, thanh=(LATE[0],), pao=(LATE[1],))

    draft = begin(cast, lexicon=None)

    assert sorted(one.text for one in shortcomings(draft)) == sorted(LATE[:2])


def test_what_most_units_say_stands_first(draft: Synthesis) -> None:
    assert [len(one.sources) for one in shortcomings(draft)] == [3, 1]


# --- accepting ------------------------------------------------------------------------------------


def test_an_accepted_group_says_who_accepted_it_and_when(cast: Cast, draft: Synthesis) -> None:
    services.accept(group(draft).pk, by=cast.actor("hanh"))

    one = group(draft)
    assert (one.accepted, one.decided_at, one.decided_by) == (True, NOW, cast.actor("hanh").person_name)


def test_all_proposals_of_a_section_are_accepted_at_once_and_counted(cast: Cast, draft: Synthesis) -> None:
    by = cast.actor("hanh")
    waiting = [one for one in queries.items(draft) if queries.is_proposal(one) and one.section == "C"]

    refused = refusal(lambda: services.accept_section(draft.pk, "C", by=by, count=len(waiting) - 1))
    count = services.accept_section(draft.pk, "C", by=by, count=len(waiting))

    assert refused == "changed_meanwhile"
    assert count == len(waiting)
    assert not [one for one in queries.items(draft) if queries.is_proposal(one)]
    assert services.accept_section(draft.pk, "C", by=by) == 0


def test_a_draft_is_not_finished_while_nobody_decided_that_units_say_the_same(cast: Cast, draft: Synthesis) -> None:
    by = cast.actor("hanh")

    refused = refusal(lambda: services.finish(draft.pk, by=by))
    for one in queries.items(draft):
        if queries.is_unanswered(one):
            services.accept(one.pk, by=by)
    alone = [one for one in shortcomings(draft) if not one.accepted]
    done = services.finish(draft.pk, by=by)

    assert refused == "groups_unanswered"
    assert [one.text for one in alone] == [OWN]
    assert all(one.accepted for one in queries.items(done))  # what one unit said goes in as it says it
    assert done.finished_content is not None
    said = {one["text"]: one["sources"] for one in done.finished_content["statements"]}
    assert said[group(draft).text] == group(draft).sources
    assert len(said[OWN]) == 1


# --- splitting and joining ------------------------------------------------------------------------


def test_a_member_taken_out_stands_alone_in_its_own_words_behind_the_group(cast: Cast, draft: Synthesis) -> None:
    one = group(draft)
    leaving = next(
        source
        for source in (member(one, place) for place in range(3))
        if queries.members([one])[source].statement.text == one.text
    )

    services.split(one.pk, [leaving], by=cast.actor("hanh"))

    rest, alone, _own = shortcomings(draft)
    assert (len(rest.sources), alone.sources) == (2, [list(leaving)])
    assert alone.text == one.text
    assert rest.text in LATE
    assert rest.text != one.text  # a sentence leaves with the unit that said it


def test_a_group_can_be_taken_apart_whole_and_put_together_again(cast: Cast, draft: Synthesis) -> None:
    by, one = cast.actor("hanh"), group(draft)

    services.split(one.pk, [member(one, place) for place in range(3)], by=by)
    apart = [item for item in shortcomings(draft) if item.text != OWN]
    joined = services.join([item.pk for item in apart], by=by)

    assert sorted(item.text for item in apart) == sorted(LATE)
    assert (len(joined.sources), joined.accepted) == (3, True)
    assert [len(item.sources) for item in shortcomings(draft)] == [3, 1]


def test_joining_keeps_what_an_officer_wrote(cast: Cast, draft: Synthesis) -> None:
    by, alone = cast.actor("hanh"), next(one for one in shortcomings(draft) if one.text == OWN)
    services.rewrite(alone.pk, "Thông tin còn chậm.", by=by)

    joined = services.join([group(draft).pk, alone.pk], by=by)

    assert (joined.text, joined.edited, len(joined.sources)) == ("Thông tin còn chậm.", True, 4)


def test_only_statements_of_one_kind_are_joined(cast: Cast, draft: Synthesis) -> None:
    by, one = cast.actor("hanh"), group(draft)
    result = next(item for item in queries.items(draft) if item.statement_kind == K.RESULT)

    assert refusal(lambda: services.join([one.pk, result.pk], by=by)) == "joining_needs_one_kind"
    assert refusal(lambda: services.join([one.pk], by=by)) == "joining_needs_two"
    assert refusal(lambda: services.split(one.pk, [], by=by)) == "nothing_to_split"


# --- wording --------------------------------------------------------------------------------------


def test_another_member_s_own_sentence_can_be_chosen(cast: Cast, draft: Synthesis) -> None:
    one = group(draft)
    other = next(source for source, told in queries.members([one]).items() if told.statement.text != one.text)

    after = services.choose_wording(one.pk, other, by=cast.actor("hanh"))
    refused = refusal(lambda: services.choose_wording(one.pk, (other[0], "r99"), by=cast.actor("hanh")))

    assert after.text == queries.members([one])[other].statement.text
    assert (after.edited, after.accepted) == (False, True)
    assert refused == "no_such_member"


# --- what is kept ---------------------------------------------------------------------------------


def test_the_same_merge_is_not_asked_again_in_the_next_period(cast: Cast, draft: Synthesis) -> None:
    services.accept(group(draft).pk, by=cast.actor("hanh"))
    hand_in(cast, "2026-12", thanh=(LATE[0],), pao=(LATE[1],), hu=(LATE[2],))

    (again,) = shortcomings(begin(cast, "2026-12"))

    assert (len(again.sources), again.accepted) == (3, True)
    assert (again.decided_at, again.decided_by) == (NOW, cast.actor("hanh").person_name)


def test_what_was_taken_apart_stays_apart_in_the_next_period(cast: Cast, draft: Synthesis) -> None:
    one = group(draft)
    services.split(one.pk, [member(one, place) for place in range(3)], by=cast.actor("hanh"))
    hand_in(cast, "2026-12", thanh=(LATE[0],), pao=(LATE[1],), hu=(LATE[2],))

    again = shortcomings(begin(cast, "2026-12"))

    assert [len(item.sources) for item in again] == [1, 1, 1]


def test_what_was_joined_by_hand_comes_together_in_the_next_period_whatever_its_figures(cast: Cast) -> None:
    by = cast.actor("hanh")
    hand_in(cast, thanh=("Có 3 vụ cãi nhau ở chợ.",), pao=("Chợ phiên xảy ra 2 vụ xô xát.",))
    draft = begin(cast)
    services.join([one.pk for one in shortcomings(draft)], by=by)
    hand_in(cast, "2026-12", thanh=("Có 5 vụ cãi nhau ở chợ.",), pao=("Chợ phiên xảy ra 1 vụ xô xát.",))

    (again,) = shortcomings(begin(cast, "2026-12"))

    assert (len(again.sources), again.accepted) == (2, True)


def test_a_unit_that_joins_a_decided_group_is_asked_about(cast: Cast) -> None:
    hand_in(cast, thanh=(LATE[0],), pao=(LATE[1],))
    services.accept(group(begin(cast)).pk, by=cast.actor("hanh"))
    hand_in(cast, "2026-12", thanh=(LATE[0],), pao=(LATE[1],), hu=(LATE[2],))

    (again,) = shortcomings(begin(cast, "2026-12"))

    assert (len(again.sources), again.accepted) == (3, False)


def test_a_sentence_written_for_a_group_is_used_again_for_the_same_words_and_no_others(
    cast: Cast, draft: Synthesis
) -> None:
    services.rewrite(group(draft).pk, "Nắm tình hình chưa kịp thời.", by=cast.actor("hanh"))
    hand_in(cast, "2026-12", thanh=(LATE[0],), pao=(LATE[1],), hu=(LATE[2],))
    hand_in(cast, "2026-10", thanh=(LATE[0],), pao=(LATE[1],))

    (same,) = shortcomings(begin(cast, "2026-12"))
    (fewer,) = shortcomings(begin(cast, "2026-10"))

    assert (same.text, same.edited) == ("Nắm tình hình chưa kịp thời.", True)
    assert fewer.text in LATE
    assert not fewer.edited


def test_the_newest_choice_of_a_pair_counts_and_the_database_keeps_one(cast: Cast, draft: Synthesis) -> None:
    by, one = cast.actor("hanh"), group(draft)
    services.accept(one.pk, by=by)
    services.split(one.pk, [member(one, 1)], by=by)

    kept = KeptChoice.objects.filter(unit_id=draft.unit_id)
    first = kept.first()
    assert first is not None
    assert set(kept.values_list("together", flat=True)) == {True, False}
    with pytest.raises(DatabaseError), transaction.atomic():
        KeptChoice.objects.create(
            unit_id=first.unit_id, first=first.first, second=first.second, together=True, at=NOW, by_name="x"
        )


# --- two officers, and others ---------------------------------------------------------------------


def test_an_act_made_in_sight_of_an_older_sentence_is_refused_and_changes_nothing(cast: Cast, draft: Synthesis) -> None:
    by, seen = cast.actor("hanh"), group(draft)
    alone = next(one for one in shortcomings(draft) if one.text == OWN)
    services.rewrite(seen.pk, "Người khác vừa viết.", by=by, revision=seen.revision)

    acts: list[Callable[[], object]] = [
        lambda: services.accept(seen.pk, by=by, revision=seen.revision),
        lambda: services.rewrite(seen.pk, "Viết đè.", by=by, revision=seen.revision),
        lambda: services.leave_out(seen.pk, "Bỏ.", by=by, revision=seen.revision),
        lambda: services.split(seen.pk, [member(seen, 0)], by=by, revision=seen.revision),
        lambda: services.choose_wording(seen.pk, member(seen, 0), by=by, revision=seen.revision),
        lambda: services.join([seen.pk, alone.pk], by=by, revisions={seen.pk: seen.revision}),
    ]

    assert {refusal(act) for act in acts} == {"changed_meanwhile"}
    assert group(draft).text == "Người khác vừa viết."


def test_a_sentence_that_was_joined_to_another_meanwhile_is_said_to_be_gone(cast: Cast, draft: Synthesis) -> None:
    by, alone = cast.actor("hanh"), next(one for one in shortcomings(draft) if one.text == OWN)
    services.join([group(draft).pk, alone.pk], by=by)

    assert refusal(lambda: services.accept(alone.pk, by=by)) == "changed_meanwhile"


@pytest.mark.parametrize("username", ["kehoach", "tulenh", "dong", "thanh", "khach"])
def test_only_the_unit_s_own_people_decide(cast: Cast, draft: Synthesis, username: str) -> None:
    by, one = cast.actor(username), group(draft)
    acts: list[Callable[[], object]] = [
        lambda: services.accept(one.pk, by=by),
        lambda: services.accept_section(draft.pk, "C", by=by),
        lambda: services.split(one.pk, [member(one, 0)], by=by),
        lambda: services.join([item.pk for item in shortcomings(draft)], by=by),
        lambda: services.choose_wording(one.pk, member(one, 0), by=by),
    ]

    for act in acts:
        with pytest.raises(NotAuthorised):
            act()

    assert not KeptChoice.objects.exists()


def test_every_decision_stands_in_the_journal(cast: Cast, draft: Synthesis) -> None:
    by, one = cast.actor("hanh"), group(draft)

    services.accept(one.pk, by=by)
    services.choose_wording(one.pk, member(one, 1), by=by)
    _rest, alone = services.split(one.pk, [member(one, 0)], by=by)
    services.join([one.pk, alone.pk], by=by)
    services.accept_section(draft.pk, "C", by=by)

    told = [entry.act for entry in journal.about(f"synthesis.draftitem:{one.pk}")]
    assert sorted(told) == ["synthesis.accept", "synthesis.choose-wording", "synthesis.join", "synthesis.split"]
    assert "synthesis.accept-section" in {entry.act for entry in journal.about(f"synthesis.synthesis:{draft.pk}")}


# --- late changes ---------------------------------------------------------------------------------


def resubmit(cast: Cast, username: str, *texts: str) -> Version:
    version = cast.hand_in(username, say(*texts), at=NOW + HOUR)
    cast.accept(version, "hanh", NOW + HOUR)
    return version


def taken(cast: Cast, draft: Synthesis, version: Version) -> None:
    services.take_change(draft.pk, version.report_id, by=cast.actor("hanh"), lexicon=LEXICON)


def test_a_member_that_says_it_otherwise_stays_in_its_accepted_group(cast: Cast, draft: Synthesis) -> None:
    services.accept(group(draft).pk, by=cast.actor("hanh"))
    new = resubmit(cast, "hu", "Việc nắm địa bàn chưa kịp thời.")

    taken(cast, draft, new)

    one = group(draft)
    assert [new.pk, "r1"] in one.sources
    assert (len(one.sources), one.accepted, one.asked) == (3, True, [])


def test_a_member_that_says_something_else_is_asked_about(cast: Cast, draft: Synthesis) -> None:
    by = cast.actor("hanh")
    services.accept(group(draft).pk, by=by)
    new = resubmit(cast, "hu", "Gửi báo cáo còn hình thức.")

    taken(cast, draft, new)
    asked = group(draft)
    refused = refusal(lambda: services.finish(draft.pk, by=by))
    services.accept_section(draft.pk, "C", by=by)
    still = group(draft)
    services.split(still.pk, [(new.pk, "r1")], by=by)

    assert (asked.accepted, asked.asked) == (False, [[new.pk, "r1"]])
    assert refused == "groups_unanswered"
    assert still.asked == [[new.pk, "r1"]]  # it is no mere proposal: it waits for its own answer
    assert (len(group(draft).sources), group(draft).asked) == (2, [])


def test_the_wording_of_a_member_that_changed_follows_it(cast: Cast, draft: Synthesis) -> None:
    one = group(draft)
    source = next(source for source, told in queries.members([one]).items() if told.statement.text == LATE[2])
    services.choose_wording(one.pk, source, by=cast.actor("hanh"))

    taken(cast, draft, resubmit(cast, "hu", "Dự báo tình hình chưa kịp thời."))

    assert group(draft).text == "Dự báo tình hình chưa kịp thời."


def test_a_member_that_was_taken_back_leaves_the_group_with_its_words(cast: Cast, draft: Synthesis) -> None:
    one = group(draft)
    source = next(source for source, told in queries.members([one]).items() if told.statement.text == LATE[2])
    services.choose_wording(one.pk, source, by=cast.actor("hanh"))

    taken(cast, draft, resubmit(cast, "hu"))

    assert len(group(draft).sources) == 2
    assert group(draft).text in LATE[:2]


def test_new_words_are_proposed_to_the_group_that_says_the_same(cast: Cast) -> None:
    hand_in(cast, thanh=(LATE[0],), pao=(LATE[1],), hu=())
    draft = begin(cast)
    services.accept(group(draft).pk, by=cast.actor("hanh"))

    new = resubmit(cast, "hu", LATE[2], "Một việc khác hẳn chưa ai nói đến.")
    taken(cast, draft, new)

    one = group(draft)
    assert (len(one.sources), one.accepted, one.asked) == (3, False, [[new.pk, "r1"]])
    assert [item.text for item in shortcomings(draft) if len(item.sources) == 1] == [
        "Một việc khác hẳn chưa ai nói đến."
    ]


def test_what_a_change_does_not_touch_stays_as_it_stood(cast: Cast, draft: Synthesis) -> None:
    services.accept(group(draft).pk, by=cast.actor("hanh"))
    before = {one.pk: (one.text, one.accepted, one.revision) for one in queries.items(draft) if one.text == OWN}

    taken(cast, draft, resubmit(cast, "hu", "Việc nắm địa bàn chưa kịp thời."))

    after = {one.pk: (one.text, one.accepted, one.revision) for one in queries.items(draft) if one.text == OWN}
    assert after == before


# --- the rules ------------------------------------------------------------------------------------

AT = Decided("ai đó", NOW)
LATER = Decided("người khác", NOW + HOUR)


@pytest.mark.parametrize(
    ("prints", "kept", "expected"),
    [
        (["a", "b"], {("a", "b"): AT}, AT),
        (["a", "b", "c"], {("a", "b"): AT, ("b", "c"): LATER}, LATER),  # it passes on
        (["a", "b", "c"], {("a", "b"): AT}, None),
        (["a", "b"], {}, None),
        (["a", "b"], {("a", "c"): AT, ("b", "c"): AT}, None),  # by way of one that is not here
        (["a", "a"], {("a", "a"): AT}, AT),  # the same words with other figures
        (["a", "a"], {}, None),
    ],
)
def test_a_group_is_decided_when_choices_lead_from_each_to_each(
    prints: list[str], kept: Mapping[tuple[str, str], Decided], expected: Decided | None
) -> None:
    assert decided(prints, kept) == expected


def test_what_is_kept_of_a_group_grows_with_its_members_and_not_with_their_square() -> None:
    prints = [f"{n:02}" for n in range(40)]

    assert len(pairs_together(prints)) == 39
    assert decided(prints, dict.fromkeys(pairs_together(prints), AT)) == AT


def test_a_parting_keeps_every_statement_of_one_part_from_every_one_of_another() -> None:
    assert pairs_apart([["b", "a"], ["c"]]) == [("a", "c"), ("b", "c")]
    assert pair("b", "a") == ("a", "b")


def test_figures_do_not_count_in_a_kept_choice_but_words_do() -> None:
    assert words_print("Tổ chức 61 buổi.") == words_print("tổ chức  3.274 buổi")
    assert words_print("Tổ chức 61 buổi.") != words_print("Tổ chức 61 lượt.")


def test_kept_choices_reach_the_weaver_for_the_texts_that_are_there() -> None:
    kept = {pair(words_print("Có 1 vụ."), words_print("Xảy ra 2 vụ.")): True}

    found = decisions(["Có 7 vụ.", "Có 8 vụ.", "Xảy ra 9 vụ.", "Khác hẳn."], kept)

    assert {(one.one, one.other) for one in found} == {
        pair(loom.fingerprint("Có 7 vụ."), loom.fingerprint("Xảy ra 9 vụ.")),
        pair(loom.fingerprint("Có 8 vụ."), loom.fingerprint("Xảy ra 9 vụ.")),
    }
    assert all(one.together for one in found)
