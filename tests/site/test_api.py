"""The programs' face: who may call, what is answered, what is refused, and that nothing is handed in twice."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nennep.accounts import services as accounts
from nennep.accounts.models import Token
from nennep.accounts.rules import Scope
from nennep.organisation.models import Appointment, Post
from nennep.reporting import services
from nennep.reporting.models import Report, Version
from nennep.reporting.rules.content import Content
from nennep.reporting.services import Remark
from nennep.site.api import published
from tests.cast import GOOD_CELLS, NOW, START, Cast, good_content

BOTH = (Scope.READ, Scope.SUBMIT)
Clock = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def _standing_clock(clock: Clock) -> None:
    del clock


class Program:
    """A program that calls with a person's token, and nothing else."""

    def __init__(self, token: str, **headers: str) -> None:
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {token}", **headers}

    def get(self, address: str, **question: str) -> Any:
        return self.client.get(f"/api/v1/{address}", question, headers=self.headers)

    def put(self, address: str, body: Any) -> Any:
        return self.client.put(
            f"/api/v1/{address}", json.dumps(body), content_type="application/json", headers=self.headers
        )


def token_of(cast: Cast, username: str, scopes: tuple[Scope, ...] = BOTH, days: int = 30) -> str:
    _token, text = accounts.make_token("chương trình", scopes, days, by=cast.actor(username))
    return text


def program_of(cast: Cast, username: str, scopes: tuple[Scope, ...] = BOTH, *, post: str = "") -> Program:
    return Program(token_of(cast, username, scopes), **({"X-Post": post} if post else {}))


def good_report(**changed: Any) -> dict[str, Any]:
    content = good_content()
    return {
        "cells": dict(GOOD_CELLS),
        "statements": [
            {"id": one.id, "section": one.section, "kind": str(one.kind), "text": one.text}
            for one in content.statements
        ],
        **changed,
    }


def cells(**changed: str) -> dict[str, str]:
    return {**GOOD_CELLS, **{code.replace("__", "."): text for code, text in changed.items()}}


# --- who may call ---------------------------------------------------------------------------------


def test_a_call_without_a_token_is_refused_and_told_how_to_come_in(cast: Cast) -> None:
    del cast

    answer = Client().get("/api/v1/units")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "token_not_good"
    assert set(answer.json()) == {"code", "message", "facts", "findings"}


def test_a_session_opens_nothing_here(sign_in: Callable[[str], Client]) -> None:
    browser = sign_in("kehoach")

    answer = browser.get("/api/v1/units")

    assert answer.status_code == 401


def test_a_session_beside_a_token_changes_nothing_of_who_calls(cast: Cast, sign_in: Callable[[str], Client]) -> None:
    browser, token = sign_in("kehoach"), token_of(cast, "thanh")

    answer = browser.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})

    assert answer.json()["username"] == "thanh"


def test_a_token_never_opens_a_session(cast: Cast) -> None:
    program = program_of(cast, "kehoach")

    answer = program.get("units")
    page = program.client.get("/", headers=program.headers)

    assert answer.status_code == 200
    assert not answer.cookies
    assert page.status_code == 302
    assert page.headers["Location"].startswith("/sign-in/")
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize(
    "scheme", ["Bearer nnp_wrong", "Bearer ", "Basic dGhhbmg6eA==", "nnp_wrong", "Bearer nnp_\u00e9", "Bearer a b c"]
)
def test_what_is_no_token_is_refused(cast: Cast, scheme: str) -> None:
    del cast

    answer = Client().get("/api/v1/units", headers={"Authorization": scheme})

    assert answer.status_code == 401


def test_an_expired_token_is_refused_from_its_last_instant_on(cast: Cast, clock: Clock) -> None:
    program = Program(token_of(cast, "thanh", days=1))
    clock(NOW + timedelta(days=1) - timedelta(seconds=1))
    before = program.get("units").status_code

    clock(NOW + timedelta(days=1))
    after = program.get("units").status_code

    assert (before, after) == (200, 401)


def test_a_revoked_token_is_refused_at_once(cast: Cast) -> None:
    program = program_of(cast, "thanh")
    token = Token.objects.get()

    accounts.revoke_token(token.pk, by=cast.actor("thanh"))

    assert program.get("units").status_code == 401


def test_the_token_of_a_person_who_was_stopped_is_refused(cast: Cast) -> None:
    program = program_of(cast, "thanh")

    accounts.set_active(cast.people["thanh"].pk, active=False, by=cast.actor("kehoach"), reason="nghỉ hưu")

    assert program.get("units").status_code == 401


def test_a_password_that_was_given_is_changed_before_a_token_works_again(cast: Cast) -> None:
    program = program_of(cast, "thanh")

    accounts.set_password(cast.people["thanh"].pk, "mot-mat-khau-khac", by=cast.actor("kehoach"), must_change=True)

    assert program.get("units").json()["code"] == "password_to_change"


@pytest.mark.parametrize(
    ("scopes", "reads", "submits"),
    [((Scope.READ,), 200, 403), ((Scope.SUBMIT,), 403, 201), (BOTH, 200, 201)],
    ids=["read", "submit", "both"],
)
def test_a_token_does_what_it_was_made_for_and_nothing_else(
    cast: Cast, scopes: tuple[Scope, ...], reads: int, submits: int
) -> None:
    program = program_of(cast, "thanh", scopes)

    read = program.get("units")
    submitted = program.put(f"rounds/{cast.rounds['2026-11'].pk}/report", good_report())

    assert (read.status_code, submitted.status_code) == (reads, submits)


def test_somebody_whose_appointment_has_ended_is_told_so_and_gets_nothing(cast: Cast) -> None:
    program = program_of(cast, "hethan")

    assert program.get("units").json()["code"] == "no_post"
    assert program.get("me").json()["posts"] == []


def test_a_person_acts_in_the_first_post_or_in_the_one_the_header_names(cast: Cast) -> None:
    second = Post.objects.create(
        unit_id=cast.units["DV-1"], code="second", title="Phụ trách", permissions=["organisation.view"]
    )
    Appointment.objects.create(person=cast.people["thanh"], post=second, starts_on=START, acting=True)
    token = token_of(cast, "thanh")

    first = Program(token).get("me").json()
    other = Program(token, **{"X-Post": str(second.pk)}).get("me").json()

    assert first["unit"] == cast.units["SH-1"]
    assert (other["unit"], other["permissions"]) == (cast.units["DV-1"], ["organisation.view"])
    assert [post["id"] for post in first["posts"]] == [cast.posts["thanh"].pk, second.pk]


@pytest.mark.parametrize("named", ["0", "-1", "abc", "999999999999999999999", "1; drop"])
def test_a_post_that_one_does_not_hold_is_refused(cast: Cast, named: str) -> None:
    program = program_of(cast, "thanh", post=named)

    answer = program.get("units")

    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_post")


def test_the_post_of_somebody_else_is_refused(cast: Cast) -> None:
    program = program_of(cast, "thanh", post=str(cast.posts["kehoach"].pk))

    assert program.get("units").json()["code"] == "not_your_post"


def test_the_last_use_of_a_token_is_kept_to_the_minute(cast: Cast, clock: Clock) -> None:
    program = program_of(cast, "thanh")
    kept = []

    for seconds in (0, 30, 59, 60, 61):
        clock(NOW + timedelta(seconds=seconds))
        program.get("me")
        kept.append((Token.objects.get().last_used_at or NOW) - NOW)

    assert [one.seconds for one in kept] == [0, 0, 0, 60, 60]


@pytest.mark.parametrize(
    ("preferred", "language"),
    [("", "vi"), ("en", "en"), ("en-GB,vi;q=0.5", "en"), ("vi,en;q=0.9", "vi"), ("fr,de", "vi"), ("*;;q=x", "vi")],
)
def test_messages_are_vietnamese_unless_the_program_prefers_english(cast: Cast, preferred: str, language: str) -> None:
    del cast

    answer = Client().get("/api/v1/units", headers={"Accept-Language": preferred})

    assert answer.headers["Content-Language"] == language
    assert answer.json()["message"].startswith("A personal token" if language == "en" else "Cần")


# --- reading --------------------------------------------------------------------------------------


def test_the_units_are_those_in_reach_on_the_day(cast: Cast) -> None:
    province, post = program_of(cast, "hanh"), program_of(cast, "thanh")

    of_province, of_post = province.get("units").json(), post.get("units").json()

    assert [unit["code"] for unit in of_province["items"]] == ["SH", "SH-1", "SH-2", "SH-3"]
    assert [unit["code"] for unit in of_post["items"]] == ["SH-1"]
    assert of_province["items"][1]["superiors"] == {"command": cast.units["SH"], "professional": cast.units["SH"]}
    assert of_post["items"][0]["superiors"] == {}


def test_before_its_first_day_the_organisation_is_empty(cast: Cast) -> None:
    program = program_of(cast, "kehoach")

    assert program.get("units", on="2021-12-31").json() == {"total": 0, "items": []}


def test_a_list_is_read_in_parts_that_make_the_whole(cast: Cast) -> None:
    program = program_of(cast, "kehoach")

    parts = [program.get("units", limit="4", offset=str(offset)).json() for offset in (0, 4, 8)]

    assert [part["total"] for part in parts] == [9, 9, 9]
    assert [unit["code"] for part in parts for unit in part["items"]] == sorted(set(cast.units) - {"XX"})


def test_a_unit_out_of_reach_is_not_found(cast: Cast) -> None:
    program = program_of(cast, "hanh")

    hidden = program.get(f"units/{cast.units['DV-1']}")
    absent = program.get("units/987654321")

    assert hidden.status_code == absent.status_code == 404
    assert hidden.json() == absent.json()


def test_a_form_tells_what_it_asks_and_how_it_combines(cast: Cast) -> None:
    program = program_of(cast, "thanh")

    form = program.get(f"forms/{cast.form.code}").json()
    indicators = {one["code"]: one for one in form["indicators"]}

    assert [section["letter"] for section in form["sections"]] == ["A", "B", "C", "D"]
    assert indicators["patrol.per_team"]["is_computed"] is True
    assert indicators["path.cleared_km"]["upper"] == "2000"
    assert [one["code"] for one in program.get("forms").json()] == ["monthly"]


def test_a_round_tells_its_days_and_when_the_own_report_is_due(cast: Cast) -> None:
    round_ = cast.rounds["2026-11"]

    post = program_of(cast, "thanh").get(f"rounds/{round_.pk}").json()
    top = program_of(cast, "kehoach").get(f"rounds/{round_.pk}").json()

    assert post["period"] == {"code": "2026-11", "kind": "month", "starts_on": "2026-10-15", "ends_on": "2026-11-15"}
    assert post["due_at"] == "2026-11-17T10:00:00+00:00"
    assert top["due_at"] is None


def test_rounds_are_found_by_form_period_and_whether_they_are_open(cast: Cast) -> None:
    program = program_of(cast, "thanh")

    found = [
        program.get("rounds", **asked).json()["total"]
        for asked in ({}, {"period": "2026-11"}, {"form": "none"}, {"open": "true"}, {"open": "false"})
    ]

    assert found == [4, 1, 0, 4, 0]


def test_a_report_is_read_with_its_versions_and_what_became_of_them(cast: Cast) -> None:
    version = cast.hand_in("thanh")
    services.return_report(
        version.report_id,
        version_id=version.pk,
        by=cast.actor("hanh"),
        remarks=[Remark("cell:patrol.teams", "Đếm lại")],
    )
    program = program_of(cast, "hanh")

    listed = program.get("reports", state="returned").json()
    report = program.get(f"reports/{version.report_id}").json()
    content = program.get(f"reports/{version.report_id}/versions/1").json()["content"]

    assert [row["id"] for row in listed["items"]] == [version.report_id]
    assert (report["state"], report["version"], report["counts"]) == ("returned", 1, False)
    assert report["versions"][0]["decisions"][0]["remarks"] == [{"at": "cell:patrol.teams", "text": "Đếm lại"}]
    assert content["cells"]["path.cleared_km"] == "12.5"
    assert program.get(f"reports/{version.report_id}/versions/2").status_code == 404


def test_a_draft_is_for_its_own_unit_alone(cast: Cast) -> None:
    report = cast.draft("thanh", good_content(patrol__teams="98765"))

    own = program_of(cast, "thanh").get(f"reports/{report.pk}").json()
    above = program_of(cast, "hanh").get(f"reports/{report.pk}")
    beside = program_of(cast, "pao").get(f"reports/{report.pk}")

    assert own["draft"]["content"]["cells"]["patrol.teams"] == "98765"
    assert own["draft"]["revision"] == 1
    assert above.json()["draft"] is None
    assert b"98765" not in above.content
    assert beside.status_code == 404


def test_a_list_of_reports_does_no_more_queries_when_it_has_more_rows(cast: Cast) -> None:
    program = program_of(cast, "hanh")
    program.get("reports")
    cast.hand_in("thanh")
    with CaptureQueriesContext(connection) as few:
        program.get("reports")

    for username in ("pao", "hu"):
        for period in ("2026-10", "2026-11"):
            cast.hand_in(username, period=period)
    with CaptureQueriesContext(connection) as many:
        rows = program.get("reports").json()["total"]

    assert rows == 5
    assert len(many) == len(few)


# --- figures --------------------------------------------------------------------------------------


def accepted(cast: Cast, username: str, teams: str, people: str, at: datetime = NOW) -> Version:
    version = cast.hand_in(username, good_content(patrol__teams=teams, patrol__people=people), at=at)
    cast.accept(version, "hanh", at)
    return version


def test_figures_are_exact_text_and_tell_of_how_many_units_they_are(cast: Cast) -> None:
    accepted(cast, "thanh", "137", "822")
    accepted(cast, "pao", "40", "121")
    program = program_of(cast, "hanh")

    told = program.get(f"rounds/{cast.rounds['2026-11'].pk}/units/{cast.units['SH']}/figures").json()
    figures = {one["indicator"]: one for one in told["figures"]}

    assert figures["patrol.teams"]["value"] == "177"
    assert (figures["patrol.teams"]["reported"], figures["patrol.teams"]["expected"]) == (2, 3)
    assert figures["path.cleared_km"]["value"] == "25"
    assert Decimal(figures["patrol.per_team"]["value"]) == Decimal("5.327684")
    assert [unit["code"] for unit in told["reported"]] == ["SH-1", "SH-2"]
    assert [(one["unit"]["code"], one["standing"]) for one in told["missing"]] == [("SH-3", "not_due")]
    assert told["tree_of"] == "2026-11-14"


def test_no_number_of_an_answer_is_a_float(cast: Cast) -> None:
    version = accepted(cast, "thanh", "137", "822")
    program = program_of(cast, "hanh")
    round_, unit = cast.rounds["2026-11"].pk, cast.units["SH"]
    floats: list[str] = []

    for address in (
        f"rounds/{round_}/units/{unit}/figures",
        f"rounds/{round_}/units/{unit}/figures/path.cleared_km",
        f"reports/{version.report_id}/versions",
        "forms/monthly",
    ):
        text = program.get(address).content
        json.loads(text, parse_float=floats.append)

    assert floats == []


def test_figures_as_known_before_a_decision_do_not_hold_it(cast: Cast) -> None:
    accepted(cast, "thanh", "137", "822", NOW)
    later = NOW + timedelta(hours=2)
    accepted(cast, "pao", "40", "121", later)
    program = program_of(cast, "hanh")
    address = f"rounds/{cast.rounds['2026-11'].pk}/units/{cast.units['SH']}/figures"

    def teams(**asked: str) -> str | None:
        figures = program.get(address, **asked).json()["figures"]
        return next((one["value"] for one in figures if one["indicator"] == "patrol.teams"), None)

    assert teams() == "177"
    assert teams(known_at=(later - timedelta(microseconds=1)).isoformat()) == "137"
    assert teams(known_at=later.isoformat()) == "177"
    assert teams(known_at="2026-01-01T00:00:00Z") is None


def leaves(part: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The own values under one part of a source."""
    return [*part["values"], *(value for child in part["children"] for value in leaves(child))]


def test_a_figure_leads_back_to_the_versions_it_came_from_and_they_add_up(cast: Cast) -> None:
    versions = {accepted(cast, "thanh", "137", "822").pk, accepted(cast, "pao", "40", "121").pk}
    program = program_of(cast, "kehoach")

    told = program.get(f"rounds/{cast.rounds['2026-11'].pk}/units/{cast.units['HQ']}/figures/patrol.teams").json()
    found = leaves(told)

    assert told["value"] == "177"
    assert sum(Decimal(value["value"]) for value in found) == 177
    assert {value["version"] for value in found} == versions
    assert [child["unit"]["code"] for child in told["children"]] == ["DV", "SH"]


def test_a_ratio_leads_back_through_its_numerator_and_denominator(cast: Cast) -> None:
    accepted(cast, "thanh", "100", "650")
    program = program_of(cast, "hanh")

    told = program.get(f"rounds/{cast.rounds['2026-11'].pk}/units/{cast.units['SH']}/figures/patrol.per_team").json()

    assert told["value"] == "6.5"
    assert (told["numerator"]["value"], told["denominator"]["value"]) == ("650", "100")


@pytest.mark.parametrize("asked", ["patrol.nothing", "x" * 81, "a%20b"])
def test_a_figure_the_form_does_not_have_is_not_found(cast: Cast, asked: str) -> None:
    program = program_of(cast, "hanh")

    answer = program.get(f"rounds/{cast.rounds['2026-11'].pk}/units/{cast.units['SH']}/figures/{asked}")

    assert answer.status_code in {404, 422}


# --- handing in -----------------------------------------------------------------------------------


def hand_in(cast: Cast, body: Any, username: str = "thanh", period: str = "2026-11") -> Any:
    return program_of(cast, username).put(f"rounds/{cast.rounds[period].pk}/report", body)


def test_a_report_is_handed_in_and_waits_for_the_superior(cast: Cast) -> None:
    answer = hand_in(cast, good_report())
    report = Report.objects.get()

    assert answer.status_code == 201
    assert (answer.json()["number"], answer.json()["person"]) == (1, "Trung úy Hoàng Văn Thành")
    assert answer.json()["content"]["cells"]["path.cleared_km"] == "12.5"
    assert (report.unit_id, report.state) == (cast.units["SH-1"], "submitted")


def test_handing_in_the_same_again_answers_with_the_version_that_is_there(cast: Cast) -> None:
    first = hand_in(cast, good_report())
    before = Report.objects.values().get()

    again = hand_in(cast, good_report(cells=cells(path__cleared_km="12.50")))

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert Version.objects.count() == 1
    assert Report.objects.values().get() == before


def test_handing_in_something_else_makes_the_next_version(cast: Cast) -> None:
    hand_in(cast, good_report())

    answer = hand_in(cast, good_report(cells=cells(patrol__teams="138")))

    assert (answer.status_code, answer.json()["number"]) == (201, 2)


def test_a_bad_cell_beside_the_same_content_is_not_taken_for_the_same(cast: Cast) -> None:
    hand_in(cast, good_report())

    answer = hand_in(cast, good_report(cells=cells(path__cleared_km="12,5 km")))

    assert answer.status_code == 422


def test_what_reads_two_ways_is_refused_with_both_and_nothing_is_written(cast: Cast) -> None:
    answer = hand_in(cast, good_report(cells=cells(path__cleared_km="1.151")))
    finding = answer.json()["findings"][0]

    assert (answer.status_code, answer.json()["code"]) == (422, "not_ready")
    assert (finding["problem"], finding["at"]) == ("ambiguous", "cell:path.cleared_km")
    assert finding["facts"]["choices"] == ["1151", "1.151"]
    assert Report.objects.count() == 0


def test_a_warning_waits_for_a_word(cast: Cast) -> None:
    cast.accept(cast.hand_in("thanh", period="2026-10"), "hanh")
    jumping = cells(patrol__teams="900", patrol__people="5400")

    without = hand_in(cast, good_report(cells=jumping))
    with_word = hand_in(cast, good_report(cells=jumping, words={"cell:patrol.teams": "Đợt cao điểm"}))

    assert [one["problem"] for one in without.json()["findings"]] == ["jump"]
    assert with_word.status_code == 201


@pytest.mark.parametrize(
    "changed",
    [
        {"cells": {**GOOD_CELLS, "patrol.teams": 137}},
        {"cells": {**GOOD_CELLS, "patrol.teams": 137.0}},
        {"cells": {**GOOD_CELLS, "patrol.teams": None}},
        {"cells": {**GOOD_CELLS, "patrol.unknown": "1"}},
        {"cells": {**GOOD_CELLS, "patrol.per_team": "6"}},
        {"cells": [["patrol.teams", "1"]]},
        {"unit": 1},
        {"state": "accepted"},
        {"statements": [{"id": "s1", "section": "C", "kind": "result", "text": "x", "sources": [[1, "s1"]]}]},
        {"statements": [{"id": "s1", "section": "A", "kind": "result", "text": "x"}]},
        {"statements": [{"id": "s1", "section": "C", "kind": "task", "text": "x"}]},
        {"statements": [{"id": "s 1", "section": "C", "kind": "result", "text": "x"}]},
        {"statements": [{"id": "s1", "section": "C", "kind": "result", "text": "x"}] * 2},
        {"statements": [{"id": "s1", "section": "C", "kind": "result", "text": "x" * 1_000_000}]},
        {"words": {"somewhere": "x"}},
        {"revision": "1"},
        {"revision": -1},
    ],
    ids=lambda changed: str(changed)[:60],
)
def test_what_is_not_of_the_shape_is_refused_whole(cast: Cast, changed: dict[str, Any]) -> None:
    answer = hand_in(cast, good_report(**changed))

    assert answer.status_code == 422
    assert answer.json()["code"] in {"not_understood", "unreadable"}
    assert Report.objects.count() == 0


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"cells": NaN}'])
def test_what_is_no_json_is_refused(cast: Cast, body: bytes) -> None:
    program = program_of(cast, "thanh")

    answer = program.client.put(
        f"/api/v1/rounds/{cast.rounds['2026-11'].pk}/report",
        body,
        content_type="application/json",
        headers=program.headers,
    )

    assert answer.status_code in {400, 422}
    assert set(answer.json()) == {"code", "message", "facts", "findings"}


def test_more_than_a_report_can_be_is_refused_as_too_big(cast: Cast) -> None:
    answer = hand_in(cast, good_report(reason="x" * 6_000_000))

    assert (answer.status_code, answer.json()["code"]) == (413, "too_big")


def test_text_that_is_not_composed_is_stored_composed(cast: Cast) -> None:
    said = "Phối hợp tuần tra"
    statements = [{"id": "s1", "section": "C", "kind": "result", "text": f"\u202e{said}\u0000"}]

    stored = hand_in(cast, good_report(statements=statements)).json()["content"]["statements"][0]["text"]

    assert stored == "Phối hợp tuần tra"


def test_the_unsent_work_of_somebody_else_is_never_overwritten_unknowingly(cast: Cast) -> None:
    report = cast.draft("thanh", good_content(patrol__teams="111"))
    body = good_report(cells=cells(patrol__teams="222"))

    refused = hand_in(cast, body)
    wrong = hand_in(cast, {**body, "revision": report.draft_revision + 1})
    kept = Report.objects.get().draft_content
    knowing = hand_in(cast, {**body, "revision": report.draft_revision})

    assert (refused.status_code, refused.json()["code"]) == (409, "stale_draft")
    assert refused.json()["facts"]["revision"] == report.draft_revision
    assert refused.json()["facts"]["theirs"]["cells"]["patrol.teams"] == "111"
    assert wrong.status_code == 409
    assert kept == good_content(patrol__teams="111")
    assert knowing.status_code == 201


def test_a_unit_that_is_not_on_duty_is_told_so(cast: Cast) -> None:
    answer = hand_in(cast, good_report(), username="kehoach")

    assert (answer.status_code, answer.json()["code"]) == (409, "not_on_duty")


def test_who_may_only_hand_in_what_others_wrote_does_not_write_by_token(cast: Cast) -> None:
    answer = hand_in(cast, good_report(), username="dontruong")

    assert (answer.status_code, answer.json()["facts"]) == (403, {"permission": "reporting.write"})


def test_after_the_books_are_closed_a_correction_needs_a_reason_and_is_booked_later(cast: Cast) -> None:
    cast.accept(cast.hand_in("thanh"), "hanh")
    services.close_round(cast.rounds["2026-11"].pk, by=cast.actor("kehoach"), reason="các đơn vị khác vắng")
    body = good_report(cells=cells(patrol__teams="138"))

    without = hand_in(cast, body)
    with_reason = hand_in(cast, {**body, "reason": "đếm sót một tổ"})

    assert (without.status_code, without.json()["code"]) == (409, "correction_needs_reason")
    assert with_reason.status_code == 201
    assert with_reason.json()["booked_in"] == cast.rounds["2026-12"].pk


def test_a_report_that_the_bench_makes_is_not_typed_by_a_program(cast: Cast) -> None:
    round_ = cast.rounds["2026-11"]
    woven = Content(figures={"patrol.teams": "137"}, synthesis=1)
    services.submit_synthesis(round_.pk, woven, by=cast.actor("hanh"))

    answer = hand_in(cast, good_report(), username="hanh")

    assert (answer.status_code, answer.json()["code"]) == (409, "made_on_the_bench")


def test_the_round_that_is_not_there_is_not_found(cast: Cast) -> None:
    answer = program_of(cast, "thanh").put("rounds/987654/report", good_report())

    assert answer.status_code == 404


# --- the document, and what nobody thought of -----------------------------------------------------


def test_the_document_is_published_to_everybody_and_names_every_operation(cast: Cast) -> None:
    del cast

    told = Client().get("/api/v1/openapi.json")
    operations = {one["operationId"] for path in told.json()["paths"].values() for one in path.values()}

    assert told.status_code == 200
    assert operations == {getattr(pattern, "name", "") for pattern in published.urlpatterns[0]} - {"openapi"}
    assert all(one["security"] for path in told.json()["paths"].values() for one in path.values())


def test_every_answer_of_the_document_is_described(cast: Cast) -> None:
    del cast
    undescribed = [
        f"{method} {path}"
        for path, operations in published.document()["paths"].items()
        for method, operation in operations.items()
        if not operation.get("description") or set(operation["responses"]) < {401, 403, 404, 422}
    ]

    assert undescribed == []


def test_an_unknown_question_is_refused_rather_than_passed_over(cast: Cast) -> None:
    program = program_of(cast, "hanh")

    answer = program.get("reports", uint="1")

    assert (answer.status_code, answer.json()["facts"]) == (422, {"unknown": ["uint"]})


@pytest.mark.parametrize("day", ["20261116", "16/11/2026", "2026-02-30", "0001-01-01", "9999-12-31", "1700000000"])
def test_a_day_is_written_one_way_only(cast: Cast, day: str) -> None:
    program = program_of(cast, "hanh")

    assert program.get("units", on=day).status_code == 422


NASTY = st.sampled_from(
    [
        *("", "0", "-1", "1", "2", "9" * 30, "1.5", "null", "true", "\x00", "’", "a" * 300, "%", "../..", "\u0110"),
        *("2026-11-14", "2026-11-14T00:00:00Z", "2026-11-14T00:00:00", "monthly", "patrol.teams", "patrol.per_team"),
        "draft",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, str, dict[str, str], Any]:
    """An operation of the document, with values in its path, its question and its body that may or may not fit."""
    path = draw(st.sampled_from(sorted(published.document()["paths"])))
    method = draw(st.sampled_from(sorted(published.document()["paths"][path])))
    operation = published.document()["paths"][path][method]
    question = {}
    for parameter in operation["parameters"]:
        value = draw(NASTY | st.integers(-2, 60).map(str) | st.text(max_size=12))
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", value)
        elif draw(st.booleans()):
            question[parameter["name"]] = value
    body = draw(JSON | near_reports()) if "requestBody" in operation else None
    return method, path, question, body


def near_reports() -> st.SearchStrategy[Any]:
    """Reports that are nearly right: the places that the shape does not guard are the interesting ones."""
    typed = st.sampled_from(["", "1", "-1", "1.151", "1,151", "1 151", "½", "٣", "1e5", "0x10", "9" * 30]) | st.text(
        max_size=8
    )
    statement = st.fixed_dictionaries(
        {
            "id": st.sampled_from(["s1", "s2", "", "é"]),
            "section": st.sampled_from(["A", "C", "D", "Z", ""]),
            "kind": st.sampled_from(["result", "task", "none"]),
            "text": st.text(max_size=20),
        }
    )
    return st.fixed_dictionaries(
        {"cells": st.dictionaries(st.sampled_from(sorted(GOOD_CELLS)), typed)},
        optional={
            "statements": st.lists(statement, max_size=3),
            "words": st.dictionaries(st.sampled_from(["cell:patrol.teams", "section:C", "x"]), st.text(max_size=9)),
            "reason": st.text(max_size=9),
            "revision": st.integers(-1, 3),
        },
    )


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(call=calls())
def test_no_call_makes_the_server_stumble(cast: Cast, call: tuple[str, str, dict[str, str], Any]) -> None:
    method, path, question, body = call
    if not hasattr(cast, "fuzzing"):
        cast.fuzzing = program_of(cast, "thanh")  # type: ignore[attr-defined]
    program: Program = cast.fuzzing  # type: ignore[attr-defined]

    with transaction.atomic():
        answer = program.client.generic(
            method.upper(),
            path.replace("?", "%3F").replace("#", "%23"),
            json.dumps(body),
            content_type="application/json",
            query_params=question,
            headers=program.headers,
        )
        transaction.set_rollback(True)

    assert answer.status_code < 500
    if answer.status_code >= 400 and answer["Content-Type"].startswith("application/json"):
        assert set(answer.json()) == {"code", "message", "facts", "findings"}
