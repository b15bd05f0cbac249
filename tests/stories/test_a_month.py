"""One month, from opening the period to the one report that headquarters hands over, and the correction after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from nennep.journal import queries as journal
from nennep.reporting import queries as reporting
from nennep.reporting import services as reports
from nennep.reporting.models import Version
from nennep.reporting.rules.content import Content, Statement, StatementKind, difference
from nennep.reporting.services import Remark
from nennep.synthesis import figures as consolidation
from nennep.synthesis import material, papers, queries, services
from nennep.synthesis.figures import Question
from nennep.synthesis.material import Said
from nennep.synthesis.papers import Letterhead
from tests.cast import HANOI, Cast, good_content

K = StatementKind
HEAD = Letterhead(issuer="BTL BĐBP", symbol="BC-BTL", place="Hà Nội")
POSTS = {"thanh": "137", "pao": "40", "hu": "12", "vai": "21", "may": "8", "sen": "0"}


def on(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2027, month, day, hour, 0, tzinfo=HANOI)


def report(teams: str, *words: str) -> Content:
    said = tuple(Statement(f"s{n}", "C", K.RESULT, text) for n, text in enumerate(words, start=1))
    return replace(good_content(patrol__teams=teams, patrol__bilateral="0", patrol__people=teams), statements=said)


def test_a_month_runs_from_the_posts_to_one_report_whose_figures_lead_back(  # noqa: PLR0915 -- one journey, told once
    cast: Cast,
) -> None:
    # Headquarters opens March 2027: it runs from 15 February to 14 March, and April too for what comes later.
    head = cast.actor("kehoach", on(2, 15))
    for period in ("2027-03", "2027-04"):
        cast.rounds[period] = reports.open_round(cast.form.pk, period, by=head)
    march = reporting.round_(cast.rounds["2027-03"].pk)

    # Every post hands in before the 17th at 17:00, but one that is a day late.
    versions = {
        username: cast.hand_in(
            username,
            report(teams, f"Đồn của {username} giữ vững địa bàn."),
            "2027-03",
            on(3, 18 if username == "sen" else 16),
        )
        for username, teams in POSTS.items()
    }
    assert {username: version.days_late for username, version in versions.items() if version.days_late} == {"sen": 1}

    # The province SH sees that one post counted twice, and returns it with remarks at the cell and the sentence.
    reports.return_report(
        versions["pao"].report_id,
        version_id=versions["pao"].pk,
        by=cast.actor("hanh", on(3, 18)),
        remarks=[Remark("cell:patrol.teams", "Khác sổ trực ban."), Remark("statement:s1", "Nêu rõ bản nào.")],
    )
    mended = cast.hand_in("pao", report("39", "Giữ vững địa bàn hai bản."), "2027-03", on(3, 18, 15))
    changed = difference(versions["pao"].content, mended.content)
    assert [(cell.indicator, cell.before, cell.after) for cell in changed.cells] == [
        ("patrol.teams", "40", "39"),
        ("patrol.people", "40", "39"),
    ]
    assert len(changed.statements) == 1
    versions["pao"] = mended
    for username, version in versions.items():
        cast.accept(version, "hanh" if username in {"thanh", "pao", "hu"} else "dong", on(3, 19))

    # Both provinces bring their posts together; SH puts the words in order and leaves one out.
    finished = {}
    for username in ("hanh", "dong"):
        by = cast.actor(username, on(3, 20))
        draft = services.begin(march.pk, by=by)
        if username == "hanh":
            first, second, third = [item for item in queries.items(draft) if item.section == "C"]
            services.rewrite(first.pk, "Các đồn giữ vững địa bàn.", by=by)
            services.leave_out(third.pk, "Trùng ý.", by=by)
            services.move(second.pk, up=True, by=by)
        done = services.finish(draft.pk, by=by)
        assert done.version is not None
        assert done.version.days_late == 0
        finished[username] = done.version
    assert finished["hanh"].content.figures["patrol.teams"] == "188"

    # Headquarters accepts both, closes the books, and brings everything together.
    for version in finished.values():
        cast.accept(version, "kehoach", on(3, 22))
    head = cast.actor("kehoach", on(3, 23))
    closed = reports.close_round(march.pk, by=head)
    assert closed.is_closed
    march = reporting.round_(march.pk)
    top = services.finish(services.begin(march.pk, by=head).pk, by=head)
    figures = queries.figures(top)
    assert figures["patrol.teams"].value == 137 + 39 + 12 + 21 + 8 + 0
    assert (figures["patrol.teams"].reported, figures["patrol.teams"].expected) == (6, 6)

    # The figure is asked where it came from, step by step, down to the version of the post.
    explained = consolidation.explain(queries.question(top), cast.units["HQ"], "patrol.teams")
    province = next(child for child in explained.children if child.unit == "SH")
    post = next(child for child in province.children if child.unit == "SH-2")
    (value,) = post.values
    assert [explained.value, province.value, post.value] == [Decimal(217), Decimal(188), Decimal(39)]
    assert (value.value, value.source) == (Decimal(39), mended.pk)

    # Its sentence leads to the province's version, and that one's to the posts'.
    said = next(item for item in queries.items(top) if item.text == "Các đồn giữ vững địa bàn.")
    ((version_id, statement_id),) = said.sources
    told = next(one for one in Version.objects.get(pk=version_id).content.statements if one.id == statement_id)
    assert [source[0] for source in told.sources] == [versions["thanh"].pk]

    # The paper of the day is kept for comparison.
    def paper_at(at: datetime) -> papers.Material:
        return material.of_synthesis(top, at=at, said=Said("Tháng 3 năm 2027"))

    handed_over = papers.consolidated_paper(paper_at(on(3, 23)), HEAD)

    # In April a post finds a mistake: the correction says why and is booked in April; the books say what they said.
    correction = cast.hand_in("thanh", report("131", "Đồn giữ vững."), "2027-03", on(4, 2), "Đếm trùng sáu lượt.")
    cast.accept(correction, "hanh", on(4, 3))
    assert correction.booked_in == cast.rounds["2027-04"]
    now = consolidation.figures(Question(march), cast.units["HQ"])["patrol.teams"].value
    then = consolidation.figures(Question(march, known_at=on(3, 23)), cast.units["HQ"])["patrol.teams"].value
    assert (str(now.normalize()), str(then.normalize())) == ("211", "217")
    assert papers.consolidated_paper(paper_at(on(5, 1)), HEAD) == handed_over

    # Everything that happened stands in the journal, and every chain holds.
    acts = [entry.act for entry in journal.about(f"reporting.report:{correction.report_id}")]
    assert acts == ["reporting.start", "reporting.submit", "reporting.accept", "reporting.correct", "reporting.accept"]
    assert list(journal.breaks()) == []
