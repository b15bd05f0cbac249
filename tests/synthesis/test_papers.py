"""The consolidated report as a paper and a workbook: everything in the text leads back through its annexes."""

from __future__ import annotations

import re
import zipfile
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from nennep.documents.docx import render_docx
from nennep.documents.pdf import render_pdf
from nennep.documents.rules import Annex, Figure, Note, Paper, Paragraph, Table, format_number
from nennep.documents.sheets import render_xlsx
from nennep.journal.rules import system_actor
from nennep.organisation import services as organisation
from nennep.organisation.rules import Line
from nennep.organisation.services import Decided
from nennep.reporting import queries as reporting
from nennep.reporting.models import Indicator, Round, Target, Version
from nennep.reporting.rules.content import Content, Statement, StatementKind
from nennep.synthesis import material, papers, queries, services
from nennep.synthesis.figures import Question
from nennep.synthesis.material import Said
from nennep.synthesis.models import DraftItem
from nennep.synthesis.papers import MISSING, Behind, Letterhead, Material
from nennep.synthesis.rules.drafts import ItemKind
from tests.cast import NOW, Cast, good_content

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HEAD = Letterhead(issuer="BTL BĐBP", symbol="BC-BTL", place="Hà Nội")
SAID = Said("Tháng 11 năm 2026")
K = StatementKind
SENTENCES = [
    "Tổ chức {patrol.teams} lượt tổ với {patrol.people} lượt người, bình quân {patrol.per_team} người.",
    "Phát quang {path.cleared_km} km đường biên.",
]


@pytest.fixture
def told(cast: Cast) -> Cast:
    """Three posts of two provinces have reported; three have not, and nobody told of cleared kilometres."""
    form = cast.form
    form.layout_data = deepcopy(form.layout_data)
    form.layout_data["sections"][0]["sentences"] = SENTENCES
    form.save()
    for username, superior, teams, words in (
        ("thanh", "hanh", "1.137", "Giữ vững địa bàn ở 3 bản."),
        ("pao", "hanh", "20", '=HYPERLINK("x"); "Đồn" giữ {vững} 100%'),
        ("vai", "dong", "40", "Không để bị động, bất ngờ."),
    ):
        content = good_content(patrol__teams=teams)
        cells = {code: text for code, text in content.cells.items() if code != "path.cleared_km"}
        said = (Statement("r1", "C", K.RESULT, words),)
        cast.accept(cast.hand_in(username, Content(cells, said)), superior)
    return cast


def round_of(cast: Cast, period: str = "2026-11") -> Round:
    return reporting.round_(cast.rounds[period].pk)


def gathered(cast: Cast, unit: str = "SH", question: Question | None = None) -> Material:
    return material.of_question(question or Question(round_of(cast)), cast.units[unit], at=NOW + HOUR, said=SAID)


def finished(cast: Cast, username: str = "hanh") -> Material:
    draft = services.begin(cast.rounds["2026-11"].pk, by=cast.actor(username))
    done = services.finish(draft.pk, by=cast.actor(username, NOW + HOUR))
    return material.of_synthesis(done, at=NOW + 9 * DAY, said=SAID)


def figures_in(paper: Paper) -> dict[str, str]:
    spans = [span for block in paper.blocks if isinstance(block, Paragraph) for span in block.spans]
    return {span.key: span.text for span in spans if isinstance(span, Figure)}


def table_of(annex: Annex) -> Table:
    return next(block for block in annex.blocks if isinstance(block, Table))


def lines(annex: Annex) -> list[tuple[str, ...]]:
    return [tuple(str(getattr(cell, "text", cell)) for cell in row.cells) for row in table_of(annex).rows]


def number(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", "."))


# --- every thing leads back -----------------------------------------------------------------------


@pytest.mark.parametrize("behind", Behind)
def test_an_annex_is_the_same_whether_it_is_gathered_alone_or_with_all(told: Cast, behind: Behind) -> None:
    draft = services.begin(told.rounds["2026-11"].pk, by=told.actor("hanh"))

    alone = papers.consolidated_paper(material.of_synthesis(draft, at=NOW + HOUR, said=SAID, annexes=[behind]), HEAD)
    whole = papers.consolidated_paper(material.of_synthesis(draft, at=NOW + HOUR, said=SAID), HEAD)

    assert alone.blocks == whole.blocks
    assert [annex.title for annex in alone.annexes] == [annex.title for annex in whole.annexes]
    assert [annex for annex in alone.annexes if annex.blocks] == [whole.annexes[list(Behind).index(behind)]]


def test_every_figure_of_the_text_is_in_the_annex_of_sources_and_its_parts_add_up(told: Cast) -> None:
    whole = gathered(told, "HQ")
    paper = papers.consolidated_paper(whole, HEAD)
    tables, sources, _, _ = paper.annexes

    found = figures_in(paper)
    explained = {row.key: row for row in table_of(sources).rows}
    assert found["patrol.teams"] == "1.197"
    for code, text in found.items():
        if text == MISSING:
            assert code not in whole.figures
            continue
        cells = [str(cell) for cell in explained[code].cells]
        assert cells[2] == text
        parts = [number(part.rsplit(" ", 1)[1]) for part in cells[3].split("; ")]
        if not whole.rules[code].is_computed:
            assert sum(parts) == whole.figures[code].value
    assert {row.key for row in table_of(sources).rows} == set(whole.figures)
    assert any("Tuần tra đường biên" in line[1] and line[3] == "1.197" for line in lines(tables))


def test_every_sentence_of_the_text_names_who_said_it_and_every_unit_has_its_version(told: Cast) -> None:
    paper = papers.consolidated_paper(gathered(told), HEAD)
    _, _, sentences, versions = paper.annexes

    assert [line[1:] for line in lines(sentences)] == [
        ("Giữ vững địa bàn ở 3 bản.", "1/3", "Đồn BP Nậm Ngà"),
        ('=HYPERLINK("x"); "Đồn" giữ {vững} 100%', "1/3", "Đồn BP Tả Lùng"),
    ]
    stored = {version.digest[:12] for version in Version.objects.filter(report__unit__code__startswith="SH-")}
    assert {line[4] for line in lines(versions)} == stored


def test_what_several_units_say_is_marked_with_how_many_of_how_many_and_a_draft_says_what_waits(told: Cast) -> None:
    by = told.actor("hanh")
    draft = services.begin(told.rounds["2026-11"].pk, by=by)
    said = [item for item in queries.items(draft) if item.kind == ItemKind.STATEMENT]
    joined = services.join([item.pk for item in said], by=by)
    services.rewrite(joined.pk, "Các đồn giữ vững địa bàn.", by=by)
    DraftItem.objects.filter(pk=joined.pk).update(accepted=False)

    paper = papers.consolidated_paper(material.of_synthesis(draft, at=NOW + HOUR, said=SAID), HEAD)

    text = [span for block in paper.blocks if isinstance(block, Paragraph) for span in block.spans]
    assert " (2/3 đơn vị)" in text
    assert [line[1:] for line in lines(paper.annexes[2])] == [
        ("Các đồn giữ vững địa bàn.", "2/3", "Đồn BP Nậm Ngà, Đồn BP Tả Lùng")
    ]
    assert "còn 1 ý chưa có người xem xét" in str(paper.blocks[-1])


def test_a_missing_figure_is_said_to_be_missing_and_never_nought(told: Cast) -> None:
    whole = gathered(told)
    paper = papers.consolidated_paper(whole, HEAD)
    book = load_workbook(BytesIO(render_xlsx(papers.workbook(whole))))

    assert "path.cleared_km" not in figures_in(paper)  # a sentence all of whose figures are missing is not said
    cleared = next(line for line in lines(paper.annexes[0]) if line[1] == "Phát quang đường biên")
    assert cleared[3] == "chưa có"
    row = next(row for row in book["Số liệu"].iter_rows(values_only=True) if row[1] == "Phát quang đường biên")
    assert (row[3], row[8]) == (None, None)


def test_a_sentence_with_one_figure_missing_says_so_in_its_place(told: Cast) -> None:
    whole = gathered(told)
    told_of = replace(whole, figures={code: f for code, f in whole.figures.items() if code != "patrol.people"})

    assert figures_in(papers.consolidated_paper(told_of, HEAD))["patrol.people"] == MISSING


def test_the_paper_says_who_is_in_it_and_who_is_missing_even_when_nobody_is(told: Cast) -> None:
    def note(whole: Material) -> str:
        blocks = papers.consolidated_paper(whole, HEAD).blocks
        return next(str(block.spans[0]) for block in blocks if isinstance(block, Note))

    assert note(gathered(told)) == "(Số liệu của 2 trên 3 đơn vị; chưa có báo cáo: Đồn BP Pá Hu.)"
    empty = gathered(told, "SH", Question(round_of(told, "2026-10")))
    assert note(empty).startswith("(Số liệu của 0 trên 3 đơn vị; chưa có báo cáo: Đồn BP Nậm Ngà, ")


def test_a_figure_off_the_form_that_a_sentence_names_has_its_source_too(told: Cast) -> None:
    form = told.form
    form.layout_data["sections"][0]["rows"] = [
        row for row in form.layout_data["sections"][0]["rows"] if row["indicator"] != "patrol.people"
    ]
    form.save()
    paper = papers.consolidated_paper(gathered(told), HEAD)

    assert "patrol.people" in figures_in(paper)
    assert "patrol.people" in {row.key for row in table_of(paper.annexes[1]).rows}


def test_a_figure_named_in_a_rewritten_statement_is_written_out_in_the_annex(told: Cast) -> None:
    draft = services.begin(told.rounds["2026-11"].pk, by=told.actor("hanh"))
    first = draft.items.get(text__startswith="Giữ vững")
    services.rewrite(first.pk, "Toàn tỉnh {patrol.teams} lượt.", by=told.actor("hanh"))

    paper = papers.consolidated_paper(material.of_synthesis(draft, at=NOW, said=SAID), HEAD)

    assert figures_in(paper)["patrol.teams"] == "1.157"
    assert lines(paper.annexes[2])[0][1] == "Toàn tỉnh 1.157 lượt."


def test_what_the_unit_counted_itself_is_among_the_parts(told: Cast) -> None:
    told.accept(told.hand_in("hanh", good_content(patrol__teams="5", patrol__bilateral="0")), "kehoach")

    whole = gathered(told)

    assert whole.figures["patrol.teams"].value == 1162
    parts = [one.figures["patrol.teams"].value for one in whole.contributions if "patrol.teams" in one.figures]
    assert sum(parts) == 1162
    assert told.units["SH"] in {version.unit_id for version in whole.versions}


# --- another day's tree ---------------------------------------------------------------------------


def merge(cast: Cast, gone: str, into: str) -> None:
    day = date(2026, 11, 16)
    organisation.merge([cast.units[gone]], cast.units[into], Decided("9/QĐ", day, day), by=system_actor(NOW, day))


@pytest.mark.parametrize("unit", ["SH", "HQ"])
def test_with_the_tree_after_a_merger_everything_still_leads_back(told: Cast, unit: str) -> None:
    merge(told, "DV", "SH")
    whole = gathered(told, unit, Question(round_of(told), on=date(2026, 12, 1)))
    paper = papers.consolidated_paper(whole, HEAD)

    parts = [one.figures["patrol.teams"].value for one in whole.contributions if "patrol.teams" in one.figures]
    assert sum(parts) == whole.figures["patrol.teams"].value == 1197
    assert {version.unit_code for version in whole.versions} == {"SH-1", "SH-2", "DV-1"}
    assert (whole.reported, whole.expected) == (3, 6)
    if unit == "SH":
        assert all(line[2] for line in lines(paper.annexes[2]))
        assert len(lines(paper.annexes[2])) == 3


def test_with_the_tree_after_a_merger_elders_are_of_that_tree_too(told: Cast) -> None:
    for username, superior in (("thanh", "hanh"), ("vai", "dong")):
        content = good_content(patrol__teams="100", patrol__bilateral="0")
        told.accept(told.hand_in(username, content, "2026-10"), superior)
    merge(told, "DV", "SH")

    own_time = gathered(told, "SH").compared["patrol.teams"]
    later = gathered(told, "SH", Question(round_of(told), on=date(2026, 12, 1))).compared["patrol.teams"]

    assert (str(own_time.before), str(later.before)) == ("100.000000", "200.000000")


def test_a_unit_born_of_the_merger_has_the_past_of_those_it_took_in(told: Cast) -> None:
    day, by = date(2026, 11, 16), system_actor(NOW, date(2026, 11, 16))
    new = organisation.create_unit(
        "VL",
        "province_command",
        "Bộ đội Biên phòng Vân Long",
        "BĐBP Vân Long",
        starts_on=day,
        superiors={Line.PROFESSIONAL: told.units["HQ"]},
        by=by,
    )
    organisation.merge([told.units["SH"], told.units["DV"]], new.pk, Decided("9/QĐ", day, day), by=by)
    told.units["VL"] = new.pk

    whole = gathered(told, "VL", Question(round_of(told), on=date(2026, 12, 1)))

    assert whole.unit_name == "Bộ đội Biên phòng Vân Long"
    assert whole.figures["patrol.teams"].value == 1197
    assert {sentence.said_by for sentence in whole.sentences if sentence.versions} == {
        ("Đồn BP Nậm Ngà",),
        ("Đồn BP Tả Lùng",),
        ("Đồn BP Lũng Vài",),
    }


# --- known then, and finished ---------------------------------------------------------------------


def test_as_known_at_an_instant_the_elders_are_those_known_then(told: Cast) -> None:
    first = told.hand_in("thanh", good_content(patrol__teams="100"), "2026-10")
    told.accept(first, "hanh", NOW + HOUR)
    told.accept(told.hand_in("thanh", good_content(patrol__teams="90"), "2026-10", NOW + DAY), "hanh", NOW + DAY)

    then = gathered(told, "SH", Question(round_of(told), known_at=NOW + HOUR))
    now = gathered(told, "SH")

    assert then.compared["patrol.teams"].before == 100
    assert now.compared["patrol.teams"].before == 90
    assert then.as_of == NOW + HOUR


def test_the_finished_paper_rebuilt_later_is_the_same_whatever_came_since(told: Cast) -> None:
    Target.objects.create(
        unit_id=told.units["SH"], indicator=Indicator.objects.get(code="patrol.teams"), year=2026, value=5000
    )
    told.accept(told.hand_in("thanh", good_content(patrol__teams="100"), "2026-10"), "hanh")
    draft = services.begin(told.rounds["2026-11"].pk, by=told.actor("hanh"))
    done = services.finish(draft.pk, by=told.actor("hanh", NOW + HOUR))
    then = papers.consolidated_paper(material.of_synthesis(done, at=NOW + HOUR, said=SAID), HEAD)

    for period, teams in (("2026-10", "90"), ("2026-11", "250")):
        mended = good_content(patrol__teams=teams)
        told.accept(told.hand_in("thanh", mended, period, NOW + 2 * DAY), "hanh", NOW + 2 * DAY)
    told.accept(told.hand_in("hu", good_content(), at=NOW + 3 * DAY), "hanh", NOW + 3 * DAY)
    later = papers.consolidated_paper(material.of_synthesis(done, at=NOW + 9 * DAY, said=SAID), HEAD)

    assert later == then
    assert render_pdf(later) == render_pdf(then)


# --- the files ------------------------------------------------------------------------------------


def test_the_paper_is_set_as_pdf_and_docx_with_its_words_whole(told: Cast) -> None:
    paper = papers.consolidated_paper(finished(told), HEAD)

    pdf = re.sub(r"\s+", " ", "".join(page.extract_text() for page in PdfReader(BytesIO(render_pdf(paper))).pages))
    with zipfile.ZipFile(BytesIO(render_docx(paper))) as parts:
        docx = re.sub(r"<[^>]+>", "", parts.read("word/document.xml").decode())

    for words in ("1.157", "Giữ vững địa bàn ở 3 bản.", "Mỗi số của báo cáo", "Đồn BP Nậm Ngà"):
        assert words in pdf
        assert words in docx


def test_the_workbook_holds_numbers_as_numbers_and_words_that_never_become_formulas(told: Cast) -> None:
    Indicator.objects.filter(code="patrol.teams").update(name="=1+1")

    book = load_workbook(BytesIO(render_xlsx(papers.workbook(gathered(told)))))

    sheet = book["Số liệu"]
    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert cells["=1+1"] == "s"
    teams = next(row for row in sheet.iter_rows(values_only=True) if row[1] == "=1+1")
    assert (teams[3], teams[8], teams[9]) == (1157, 2, 3)
    by_unit = {row[0]: row for row in book["Theo đơn vị"].iter_rows(values_only=True)}
    assert by_unit["Tổng hợp"][1] == 1157
    assert by_unit["Đồn BP Nậm Ngà"][1] == 1137
    assert {row[3] for row in book["Bản báo cáo"].iter_rows(values_only=True)} >= set(
        Version.objects.filter(report__unit__code__startswith="SH-").values_list("digest", flat=True)
    )


def test_a_ratio_is_printed_with_two_decimals_and_a_count_as_it_is(told: Cast) -> None:
    found = figures_in(papers.consolidated_paper(gathered(told), HEAD))

    exact = Decimal(2 * 822) / 1157
    assert found["patrol.per_team"] == format_number(exact, "vi", 2)
    assert found["patrol.people"] == "1.644"
