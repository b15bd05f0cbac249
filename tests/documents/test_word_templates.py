"""What a Word file must be to become a template, what is refused of it, and papers written into one."""

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nennep.documents import placeholders as place
from nennep.documents.docx import render_docx, write_docx
from nennep.documents.rules import (
    LAYOUTS,
    PARTY_LAYOUT_2026,
    STATE_LAYOUT_2020,
    Layout,
    Paragraph,
    Signature,
)
from nennep.documents.shut_in import TemplateFailedError, check_safely, write_safely
from nennep.documents.word_templates import MOST_BYTES, Flaw, Refusal, check_template, template_for
from tests.documents.monthly_report import monthly_report
from tests.documents.other_papers import IN_2026, party_resolution, state_decision
from tests.documents.word_files import (
    DOCUMENT,
    MAIN,
    RELATIONS,
    STATE,
    TYPES,
    edited,
    packed,
    parts_of_file,
    with_mark,
    with_part,
    with_relation,
    with_words,
)


def flaws(data: bytes) -> set[Flaw]:
    return {refusal.flaw for refusal in check_template(data)}


# --- what is taken ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.source)
def test_the_template_of_every_layout_is_itself_taken(layout: Layout) -> None:
    assert check_template(template_for(layout)) == []


def test_the_same_layout_gives_the_same_template() -> None:
    made = template_for(STATE_LAYOUT_2020)
    template_for.cache_clear()

    assert template_for(STATE_LAYOUT_2020) == made


def test_a_template_holds_every_place() -> None:
    text = parts_of_file(STATE)[DOCUMENT].decode() + parts_of_file(STATE)["word/footer1.xml"].decode()

    assert set(re.findall(r"\{\{ ([a-z_]+) \}\}", text)) == set(place.BY_NAME)


def test_page_numbers_and_pictures_are_allowed() -> None:
    picture = b"\x89PNG\r\n\x1a\n"
    field = '<w:p><w:fldSimple w:instr=" NUMPAGES  \\* MERGEFORMAT "/></w:p>'

    assert check_template(with_mark(field)) == []
    assert check_template(with_part("word/media/image9.png", picture, "image/png")) == []


# --- what is refused --------------------------------------------------------------------------------------------------


def complex_field(*pieces: str) -> str:
    """Return a field cut into runs, as word processors write it."""
    runs = "".join(f'<w:r><w:instrText xml:space="preserve">{piece}</w:instrText></w:r>' for piece in pieces)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{one}"/></w:r>' for one in ("begin", "end"))
    return f"<w:p>{begin}{runs}{end}</w:p>"


def in_main_type(kind: str) -> bytes:
    parts = parts_of_file(STATE)
    return packed(parts | {TYPES: parts[TYPES].replace(MAIN.encode(), kind.encode())})


VBA = "application/vnd.ms-office.vbaProject"
_DOCM = "application/vnd.ms-word.document.macroEnabled.main+xml"
_DOTM = "application/vnd.ms-word.template.macroEnabledTemplate.main+xml"
_DOTX = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
_OLE = "application/vnd.openxmlformats-officedocument.oleObject"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ACTIVE_X = "application/vnd.ms-office.activeX+xml"

# name, file, why, what the answer names, the part it names
REFUSED: list[tuple[str, bytes, Flaw, str, str]] = [
    ("macros", with_part("word/vbaProject.bin", b"\xd0\xcf", VBA), Flaw.MACRO, "vbaProject", "word/vbaProject.bin"),
    ("docm", in_main_type(_DOCM), Flaw.MACRO, "macroEnabled", DOCUMENT),
    ("dotm", in_main_type(_DOTM), Flaw.MACRO, "macroEnabled", DOCUMENT),
    ("dotx", in_main_type(_DOTX), Flaw.OTHER_TYPE, "template", DOCUMENT),
    ("macro of a form", with_mark('<w:p><w:entryMacro w:val="x"/></w:p>'), Flaw.MACRO, "entryMacro", DOCUMENT),
    ("ActiveX", with_part("word/activeX/a.xml", b"<a/>", _ACTIVE_X), Flaw.ACTIVE_X, "activeX", "word/activeX/a.xml"),
    ("ActiveX by relation", with_relation("control", "a.xml"), Flaw.ACTIVE_X, "control", RELATIONS),
    ("OLE", with_part("word/embeddings/o.bin", b"x", _OLE), Flaw.EMBEDDED, "oleObject", "word/embeddings/o.bin"),
    ("workbook", with_part("word/embeddings/o.xlsx", b"x", _XLSX), Flaw.EMBEDDED, "sheet", "word/embeddings/o.xlsx"),
    ("object", with_mark("<w:p><w:r><w:object/></w:r></w:p>"), Flaw.EMBEDDED, "object", DOCUMENT),
    (
        "attached template",
        with_relation("attachedTemplate", "x.dotm", external=True),
        Flaw.EXTERNAL,
        "attachedTemplate: x.dotm",
        RELATIONS,
    ),
    ("picture far away", with_relation("image", "far.png", external=True), Flaw.EXTERNAL, "far.png", RELATIONS),
    ("link", with_relation("hyperlink", "far/away", external=True), Flaw.EXTERNAL, "far/away", RELATIONS),
    ("frame", with_relation("frame", "far.htm", external=True), Flaw.EXTERNAL, "frame", RELATIONS),
    ("document below", with_relation("subDocument", "x.docx", external=True), Flaw.EXTERNAL, "subDocument", RELATIONS),
    (
        "shape with an address",
        with_mark('<w:p><w:r><w:pict><w:x w:href="far"/></w:pict></w:r></w:p>'),
        Flaw.EXTERNAL,
        "far",
        DOCUMENT,
    ),
    ("foreign text", with_mark("<w:altChunk/>"), Flaw.OTHER_FILE_INSIDE, "altChunk", DOCUMENT),
    ("foreign text by relation", with_relation("aFChunk", "x.htm"), Flaw.OTHER_FILE_INSIDE, "aFChunk", RELATIONS),
    ("web page", with_part("word/x.html", b"<p/>", "text/html"), Flaw.OTHER_FILE_INSIDE, "html", "word/x.html"),
    ("DDE", with_mark('<w:p><w:fldSimple w:instr="DDEAUTO c x"/></w:p>'), Flaw.FIELD, "DDEAUTO", DOCUMENT),
    ("DDE in pieces", with_mark(complex_field("DDE", "AUTO c ", "x")), Flaw.FIELD, "DDEAUTO c x", DOCUMENT),
    ("picture by field", with_mark(complex_field("INCLUDEPICTURE x")), Flaw.FIELD, "INCLUDEPICTURE", DOCUMENT),
    ("field after a page", with_mark(complex_field("PAGE ", "\\* X ", "DDE")), Flaw.FIELD, "DDE", DOCUMENT),
    (
        "field without a start",
        with_mark("<w:p><w:r><w:instrText>DDE</w:instrText></w:r></w:p>"),
        Flaw.FIELD,
        "DDE",
        DOCUMENT,
    ),
    (
        "mail merge",
        with_mark("<w:mailMerge/>", "word/settings.xml", "<w:compat"),
        Flaw.EXTERNAL,
        "mailMerge",
        "word/settings.xml",
    ),
    ("tracked change", with_mark('<w:p><w:ins w:id="1"><w:r/></w:ins></w:p>'), Flaw.TRACKED, "ins", DOCUMENT),
    ("comment", with_mark('<w:p><w:r><w:commentReference w:id="1"/></w:r></w:p>'), Flaw.COMMENT, "comment", DOCUMENT),
    ("unknown part", with_part("word/x.svg", b"<svg/>", "image/svg+xml"), Flaw.OTHER_PART, "svg", "word/x.svg"),
    ("two sections", with_mark("<w:p><w:pPr><w:sectPr/></w:pPr></w:p>"), Flaw.SECTIONS, "", DOCUMENT),
]


@pytest.mark.parametrize(
    ("data", "flaw", "found", "part"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_a_file_that_could_do_something_is_refused_and_the_answer_names_it(
    data: bytes, flaw: Flaw, found: str, part: str
) -> None:
    refusals = [refusal for refusal in check_template(data) if refusal.flaw is flaw]

    assert refusals
    assert any(found in refusal.found and refusal.part == part for refusal in refusals)


CODE = [
    "{{ noi_dung.upper() }}",
    "{{ so_ky_hieu|safe }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ 7 * 7 }}",
    "{{ la_gi }}",
    "{% for x in y %}",
    "{%p if x %}",
    "{# ghi chú #}",
    "{{ so_ky_hieu",
    "so_ky_hieu }}",
    "{{{{ so_ky_hieu }}}}",
]


@pytest.mark.parametrize("words", CODE)
def test_what_stands_in_braces_and_is_no_place_is_refused_with_its_words_and_paragraph(words: str) -> None:
    refusals = check_template(with_words(words))

    assert {refusal.flaw for refusal in refusals} == {Flaw.CODE}
    (number,) = {refusal.paragraph for refusal in refusals}
    document = Document(io.BytesIO(with_words(words)))
    paragraphs = list(document.element.body.iter(qn("w:p")))
    assert words in "".join(text.text for text in paragraphs[number - 1].iter(qn("w:t")))


def test_code_that_is_cut_into_runs_is_found() -> None:
    runs = "".join(f"<w:r><w:t>{piece}</w:t></w:r>" for piece in ("{", "{ x.", "y }", "}"))

    (refusal,) = check_template(with_mark(f"<w:p>{runs}</w:p>"))

    assert (refusal.flaw, refusal.found) == (Flaw.CODE, "{{ x.y }}")


def test_code_in_a_footer_is_found() -> None:
    data = with_mark("<w:p><w:r><w:t>{% x %}</w:t></w:r></w:p>", "word/footer1.xml", "<w:p")

    assert [(refusal.flaw, refusal.part) for refusal in check_template(data)] == [(Flaw.CODE, "word/footer1.xml")]


@pytest.mark.parametrize("wanted", place.PLACEHOLDERS, ids=lambda one: one.name)
def test_a_missing_place_is_named(wanted: place.Placeholder) -> None:
    parts = parts_of_file(STATE)
    without = {name: content.replace(str(wanted).encode(), b"") for name, content in parts.items()}

    assert check_template(packed(without)) == [Refusal(Flaw.MISSING, str(wanted))]


def test_a_template_without_page_numbers_is_refused() -> None:
    parts = parts_of_file(STATE)
    header = next(name for name in parts if b"fldSimple" in parts[name])
    parts[header] = re.sub(rb"<w:fldSimple.*</w:fldSimple>", b"", parts[header], flags=re.DOTALL)

    assert check_template(packed(parts)) == [Refusal(Flaw.MISSING, "PAGE")]


def test_the_text_needs_a_paragraph_of_its_own_outside_of_tables() -> None:
    def beside(document: Any) -> None:
        (body,) = (paragraph for paragraph in document.paragraphs if "noi_dung" in paragraph.text)
        body.add_run(" và thêm chữ")

    def in_a_table(document: Any) -> None:
        (body,) = (paragraph for paragraph in document.paragraphs if "noi_dung" in paragraph.text)
        document.add_table(1, 1).rows[0].cells[0].paragraphs[0].add_run(body.text)
        body._p.getparent().remove(body._p)

    for change in (beside, in_a_table):
        assert [(one.flaw, one.found) for one in check_template(edited(change))] == [(Flaw.NOT_ALONE, str(place.BODY))]


def test_the_text_may_stand_there_only_once() -> None:
    assert check_template(with_words(str(place.BODY))) == [Refusal(Flaw.TWICE, str(place.BODY))]


# --- files that are no packages ---------------------------------------------------------------------------------------


def bomb() -> bytes:
    return packed(parts_of_file(STATE) | {"word/media/image1.png": b"\0" * 30_000_000})


def deep_bomb() -> bytes:
    return packed({f"word/{n}.xml": b" " * 1_000_000 for n in range(60)})


def twice() -> bytes:
    written = io.BytesIO(STATE)
    with zipfile.ZipFile(written, "a") as package:
        package.writestr("word/DOCUMENT.xml", b"<x/>")
    return written.getvalue()


def lying() -> bytes:
    """Return an archive with a part of 30 MB that is told to hold ten bytes."""
    data = bytearray(bomb())
    size = (30_000_000).to_bytes(4, "little")
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = (10).to_bytes(4, "little")
    return bytes(data)


def entities() -> bytes:
    parts = parts_of_file(STATE)
    doctype = b'<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w:document'
    return packed(parts | {DOCUMENT: parts[DOCUMENT].replace(b"<w:document", doctype, 1)})


BROKEN = [
    ("empty", b"", Flaw.NOT_WORD),
    ("words", b"Nghi quyet", Flaw.NOT_WORD),
    ("an old Word file", b"\xd0\xcf\x11\xe0" + b"\0" * 600, Flaw.NOT_WORD),
    ("cut off", STATE[: len(STATE) // 2], Flaw.NOT_WORD),
    ("another archive", packed({"a.txt": b"a"}), Flaw.NOT_WORD),
    ("a bomb", bomb(), Flaw.BOMB),
    ("a bomb that lies", lying(), Flaw.NOT_WORD),
    ("many large parts", deep_bomb(), Flaw.BOMB),
    ("one name twice", twice(), Flaw.DAMAGED),
    ("no XML", packed(parts_of_file(STATE) | {DOCUMENT: b"<w:document"}), Flaw.DAMAGED),
    ("entities", entities(), Flaw.ENTITIES),
    ("too large", b"PK" + b"\0" * MOST_BYTES, Flaw.TOO_LARGE),
]


@pytest.mark.parametrize(("data", "flaw"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_what_is_no_sound_package_is_refused(data: bytes, flaw: Flaw) -> None:
    assert flaws(data) == {flaw}


@settings(deadline=None, max_examples=20)
@example(49, b"\0")
@given(st.integers(0, len(STATE) - 1), st.binary(min_size=1, max_size=40))
def test_whatever_is_spoiled_in_a_file_there_is_an_answer(at: int, spoilt: bytes) -> None:
    spoiled = STATE[:at] + spoilt + STATE[at + len(spoilt) :]

    assert all(refusal.flaw in Flaw for refusal in check_template(spoiled))


def test_the_guide_tells_of_every_place() -> None:
    guide = Path("docs/guides/word-templates.md").read_text(encoding="utf-8")

    assert [name for name in place.BY_NAME if f"`{{{{ {name} }}}}`" not in guide] == []


# --- papers in a template of someone's making -------------------------------------------------------------------------


def of_our_own(document: Any) -> None:
    """Edit as an administrator would: wider margins, a larger body, another word, a style of headings."""
    section = document.sections[0]
    section.left_margin, section.right_margin = Mm(35), Mm(20)
    styles = {style.name: style for style in document.styles}
    styles["Body Text"].font.size = Pt(13)
    styles["Khoản"].font.italic = True
    label = next(p for row in document.tables[1].rows for cell in row.cells for p in cell.paragraphs if "Nơi" in p.text)
    label.runs[0].text = "NƠI NHẬN:"


def test_a_paper_takes_margins_styles_and_fixed_words_of_the_template() -> None:
    written = Document(io.BytesIO(write_docx(monthly_report(), STATE_LAYOUT_2020, edited(of_our_own))))

    section = written.sections[0]
    styles = {style.name: style for style in written.styles}
    assert [round(Length(margin or 0).mm) for margin in (section.left_margin, section.right_margin)] == [35, 20]
    assert styles["Body Text"].font.size.pt == 13
    # The clauses of this report are its second level of headings.
    assert (styles["Heading 1"].font.italic, styles["Heading 2"].font.italic) == (False, True)
    assert written.tables[2].rows[0].cells[0].paragraphs[0].text == "NƠI NHẬN:"


def test_tables_fill_the_width_between_the_margins_of_the_template() -> None:
    written = Document(io.BytesIO(write_docx(monthly_report(), STATE_LAYOUT_2020, edited(of_our_own))))

    upright, lying = written.tables[1], written.tables[-1]
    assert sum(cell.width.mm for cell in upright.rows[0].cells) == pytest.approx(210 - 35 - 20, abs=0.5)
    assert sum(cell.width.mm for cell in lying.rows[0].cells) == pytest.approx(297 - 35 - 20, abs=0.5)


def test_a_template_from_which_styles_were_deleted_still_prints_every_block() -> None:
    def without_styles(document: Any) -> None:
        for name in ("Table Text", "Note", "Điểm", "Annex Heading", "Table Grid"):
            element = {style.name: style for style in document.styles}[name].element
            element.getparent().remove(element)

    data = edited(without_styles)

    assert check_template(data) == []
    text = "\n".join(
        p.text for p in Document(io.BytesIO(write_docx(monthly_report(), STATE_LAYOUT_2020, data))).paragraphs
    )
    assert "b) Tuyến biển, đảo" in text


def test_a_place_keeps_the_look_it_has_in_the_template_even_when_it_is_cut_into_runs() -> None:
    def cut(document: Any) -> None:
        number = document.tables[0].rows[1].cells[0].paragraphs[0]
        number.runs[0].text = "{{ so_"
        number.add_run("ky")
        number.add_run("_hieu }} (bản chính)").italic = True

    data = edited(cut)
    written = Document(io.BytesIO(write_docx(state_decision(), STATE_LAYOUT_2020, data)))

    number = written.tables[0].rows[1].cells[0].paragraphs[0]
    assert number.text == "Số: 105/QĐ-BCH (bản chính)"
    first = number.runs[0]
    assert (first.text, first.font.size) == ("Số: 105/QĐ-BCH", Pt(13))
    assert number.runs[-1].italic


@pytest.mark.parametrize("typed", ["{{ noi_dung }}", "{% x %}", "{{ 7*7 }}", "{{ nguoi_ky }}"])
def test_words_of_a_paper_that_look_like_a_place_stay_words(typed: str) -> None:
    signature = Signature("Trưởng phòng", typed)
    paper = replace(state_decision(), subject=typed, blocks=(Paragraph((typed,)),), bases=(typed,), signature=signature)

    written = Document(io.BytesIO(render_docx(paper)))

    texts = [text.text or "" for text in written.element.body.iter(qn("w:t"))]
    assert sum(text.count(typed) for text in texts) == 4


def test_the_name_of_who_made_the_template_goes_out_with_no_paper() -> None:
    def signed(document: Any) -> None:
        document.core_properties.author = document.core_properties.last_modified_by = "Người làm mẫu"

    data = write_docx(state_decision(), STATE_LAYOUT_2020, edited(signed))

    about = Document(io.BytesIO(data)).core_properties
    assert (about.author, about.last_modified_by) == ("", "")
    assert [name for name in parts_of_file(data) if name.startswith("docProps/")] == ["docProps/core.xml"]


# --- shut in ----------------------------------------------------------------------------------------------------------


def test_a_template_is_checked_and_written_into_by_a_process_that_is_shut_in() -> None:
    data = edited(of_our_own, PARTY_LAYOUT_2026)
    paper = party_resolution(IN_2026)

    assert check_safely(with_words("{{ x }}")) == check_template(with_words("{{ x }}")) != []
    assert write_safely(paper, PARTY_LAYOUT_2026, data) == write_docx(paper, PARTY_LAYOUT_2026, data)


def test_a_file_that_breaks_or_overloads_its_reader_is_an_answer() -> None:
    with pytest.raises(TemplateFailedError) as broken:
        write_safely(state_decision(), STATE_LAYOUT_2020, b"no template")
    assert broken.value.flaw is Flaw.CRASHED

    assert check_safely(STATE, megabytes=1)[0].flaw in {Flaw.CRASHED, Flaw.TOO_SLOW}
