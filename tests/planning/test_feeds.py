"""Calendar addresses: what they tell, to whom, and until when."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nennep.journal.models import Entry
from nennep.organisation.models import Appointment, Post
from nennep.organisation.rules import NotAuthorised
from nennep.planning.models import Feed, Task
from nennep.planning.queries.feeds import events_of, feed_by_secret, feeds_of, own_task_ids, uid_of
from nennep.planning.rules.refusals import PlanningRefused
from nennep.planning.rules.states import TaskState
from nennep.planning.services.feeds import MOST_FEEDS, make_feed, note_use, revoke_feed
from tests.cast import NOW
from tests.planning.conftest import World

TODAY = date(2026, 11, 16)


def titles(feed: Feed) -> set[str]:
    return {event.title for event in events_of(feed, TODAY)}


def test_the_secret_is_shown_once_and_only_its_digest_is_kept(world: World) -> None:
    feed, secret = make_feed("Điện thoại", by=world.cast.actor("hanh"))

    assert len(secret) >= 43
    assert secret not in str(Feed.objects.values().get())
    assert feed_by_secret(secret, TODAY) == feed
    assert feed_by_secret(secret[:-1] + ("A" if secret[-1] != "A" else "B"), TODAY) is None
    assert Entry.objects.get(act="planning.make-feed").details == {"unit": None}


def test_a_unit_s_feed_tells_its_plans_and_what_it_leads_or_takes_part_in_and_no_draft(world: World) -> None:
    feed, _ = make_feed("Tỉnh", unit_id=world.unit("SH"), by=world.cast.actor("hanh"))
    post, _ = make_feed("Đồn", unit_id=world.unit("SH-3"), by=world.cast.actor("hu"))

    assert "Học tập chuyên đề quý IV, lớp 3" not in titles(feed)  # the week is a draft
    assert {"Học tập chuyên đề quý IV", "Chiếu phim lưu động 6 bản vùng cao"} <= titles(feed)
    assert titles(post) == {
        "Đợt tuyên truyền Luật Biên phòng",
        "Đợt tuyên truyền Luật Biên phòng ở xã vùng cao",
        "Chiếu phim lưu động 6 bản vùng cao",
    }


def test_a_person_s_feed_tells_what_they_or_their_post_lead(world: World) -> None:
    feed, _ = make_feed("Của tôi", by=world.cast.actor("hanh"))
    assert titles(feed) == set()

    Task.objects.filter(pk=world.tasks["month study"].pk).update(lead_person=world.cast.people["hanh"])
    Task.objects.filter(pk=world.tasks["month law"].pk).update(lead_post="trợ lý kế hoạch - tổng hợp")
    Task.objects.filter(pk=world.tasks["month films"].pk).update(lead_post="Trợ lý Kế hoạch - Tổng hợp")  # of SH-3

    assert titles(feed) == {
        "Học tập chuyên đề quý IV, lớp 3 và lớp 4",
        "Đợt tuyên truyền Luật Biên phòng ở xã vùng cao",
    }


def test_an_entry_says_where_when_and_who_and_a_struck_out_task_is_cancelled(world: World) -> None:
    Task.objects.filter(pk=world.tasks["month films"].pk).update(
        starts_at=time(19), place="Bản Nậm Kè", edition=4, state=TaskState.DROPPED
    )
    feed, _ = make_feed("Đồn", unit_id=world.unit("SH-3"), by=world.cast.actor("hu"))

    found = next(event for event in events_of(feed, TODAY) if event.title.startswith("Chiếu phim"))

    assert (found.uid, found.edition, found.is_cancelled) == (
        uid_of(world.tasks["month films"].pk, "SH"),
        4,
        True,
    )
    assert (found.starts_on, found.due_on, found.starts_at) == (date(2026, 11, 19), date(2026, 11, 21), time(19))
    assert found.place == "Bản Nậm Kè"
    assert "Đồn BP Pá Hu" in found.description


def test_a_feed_ends_at_once_when_it_is_revoked_and_only_its_owner_revokes_it(world: World) -> None:
    feed, secret = make_feed("Điện thoại", by=world.cast.actor("hanh"))

    with pytest.raises(Feed.DoesNotExist):
        revoke_feed(feed.pk, by=world.cast.actor("dong"))
    revoke_feed(feed.pk, by=world.cast.actor("hanh"))

    assert feed_by_secret(secret, TODAY) is None
    assert [one.revoked_at for one in feeds_of(world.cast.people["hanh"].pk)] == [NOW]


def test_a_feed_ends_with_the_post_and_with_the_account(world: World) -> None:
    _, own = make_feed("Của tôi", by=world.cast.actor("hanh"))
    _, unit = make_feed("Đồn", unit_id=world.unit("SH-1"), by=world.cast.actor("hanh"))
    held = Appointment.objects.get(person=world.cast.people["hanh"])

    held.post = Post.objects.get(unit=world.unit("DV"), code="planner")
    held.save()
    assert (feed_by_secret(unit, TODAY), bool(feed_by_secret(own, TODAY))) == (None, True)

    held.ends_on = TODAY
    held.save()
    assert feed_by_secret(own, TODAY) is None

    held.ends_on = None
    held.save()
    person = world.cast.people["hanh"]
    person.is_active = False
    person.save()
    assert feed_by_secret(own, TODAY) is None


@pytest.mark.parametrize(("username", "code"), [("hanh", "DV-1"), ("thanh", "SH"), ("khach", "SH")])
def test_nobody_makes_a_feed_of_a_unit_out_of_reach(world: World, username: str, code: str) -> None:
    with pytest.raises(NotAuthorised):
        make_feed("x", unit_id=world.unit(code), by=world.cast.actor(username))


@pytest.mark.parametrize(("label", "why"), [("  ", "feed_needs_label"), ("x" * 161, "too_long")])
def test_a_feed_needs_a_name(world: World, label: str, why: str) -> None:
    with pytest.raises(PlanningRefused, match=why):
        make_feed(label, by=world.cast.actor("hanh"))


def test_a_person_has_so_many_feeds_and_no_more_until_one_is_revoked(world: World) -> None:
    by = world.cast.actor("hanh")
    feeds = [make_feed(f"{number}", by=by)[0] for number in range(MOST_FEEDS)]

    with pytest.raises(PlanningRefused, match="too_many_feeds"):
        make_feed("thêm", by=by)
    revoke_feed(feeds[0].pk, by=by)

    assert make_feed("thêm", by=by)[0].pk


def test_use_is_noted_now_and_then_and_not_at_every_fetch(world: World) -> None:
    feed, _ = make_feed("x", by=world.cast.actor("hanh"))

    for minutes in (0, 5, 20):
        note_use(feed.pk, at=NOW + timedelta(minutes=minutes))

    assert Feed.objects.get().used_at == NOW + timedelta(minutes=20)
    note_use(feed.pk, at=NOW + timedelta(minutes=25))
    assert Feed.objects.get().used_at == NOW + timedelta(minutes=20)


def test_our_own_names_are_known_again_and_no_others(world: World) -> None:
    task = world.tasks["month films"].pk
    own = uid_of(task, "SH")

    assert own_task_ids([own, uid_of(task, "DV"), uid_of(10**30, "SH"), "task-x-SH@nennep", "a@b"]) == {own: task}


def test_the_same_queries_tell_any_number_of_tasks(world: World) -> None:
    feed, _ = make_feed("Tỉnh", unit_id=world.unit("SH"), by=world.cast.actor("hanh"))
    with CaptureQueriesContext(connection) as before:
        events_of(feed, TODAY)
    for number in range(40):
        Task.objects.create(
            plan=world.plans["SH month"], key=f"x{number}", title="x", lead_unit_id=world.unit("SH-1"),
            starts_on=TODAY, due_on=TODAY,
        )  # fmt: skip

    with CaptureQueriesContext(connection) as after:
        found = events_of(feed, TODAY)

    assert len(found) > 40
    assert len(after) == len(before) <= 2
