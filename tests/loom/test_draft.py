"""A draft says each thing once, in a unit's own words, with all its sources, and shows what is doubtful."""

from __future__ import annotations

from decimal import Decimal

from loom import (
    Arithmetic,
    Heading,
    Kind,
    Lexicon,
    Quantity,
    Reading,
    Rule,
    Said,
    Span,
    Statement,
    draft,
    weave,
)

LEXICON = Lexicon.from_tables(
    {"t.toml": {"topics": [{"id": "situation", "name": "Tình hình", "wordings": ["tình hình", "mới biết"]}]}}
)


def report(unit: str, *said: tuple[Kind, str], heading: str = "", **more: object) -> Reading:
    text, statements = heading, []
    for kind, sentence in said:
        text += "\n"
        path = (0,) if heading else ()
        statements.append(Statement(Span(len(text), len(text) + len(sentence)), sentence, kind, path))
        text += sentence
    headings = (Heading(Span(0, len(heading)), heading, 1),) if heading else ()
    return Reading(
        text=text,
        unit=Said(unit, Span(0, 0)),
        headings=headings,
        statements=tuple(statements),
        name=f"{unit}.txt",
        **more,  # type: ignore[arg-type]
    )


R, S, C, T = Kind.RESULT, Kind.SHORTCOMING, Kind.CAUSE, Kind.TASK


def test_what_many_say_comes_first_and_once_with_all_its_sources() -> None:
    readings = [
        report("A", (S, "Nhà bếp dột."), (S, "Nắm tình hình chậm.")),
        report("B", (S, "Việc xong mới biết.")),
    ]

    made = draft(readings, weave(readings, LEXICON))

    (section,) = made.sections
    assert [(len(one.sources), one.units) for one in section.sentences] == [(2, 2), (1, 1)]
    assert section.sentences[1].text == "Nhà bếp dột."
    assert made.units == 2


def test_nothing_is_left_out_and_every_mark_leads_to_the_sentence_itself() -> None:
    readings = [
        report("A", (R, "Giữ vững địa bàn."), (S, "Nắm tình hình chậm."), (T, "Nắm tình hình."), heading="1. Kết quả"),
        report("B", (S, "Việc xong mới biết."), (C, "Xe hỏng.")),
    ]

    made = draft(readings, weave(readings, LEXICON))

    marks = [mark for section in made.sections for sentence in section.sentences for mark in sentence.sources]
    assert sorted(marks) == list(range(1, 6)) == [source.number for source in made.sources]
    for source in made.sources:
        assert source.span.of(readings[source.reading].text) == source.text
        assert source.file == f"{source.unit}.txt"
    for section in made.sections:
        for sentence in section.sentences:
            assert sentence.text == made.sources[sentence.sources[0] - 1].text


def test_kinds_stand_in_the_order_of_a_summary_report() -> None:
    readings = [report("A", (T, "Nắm tình hình."), (C, "Xe hỏng."), (S, "Nhà bếp dột."), (R, "Giữ vững địa bàn."))]

    made = draft(readings, weave(readings))

    assert [section.kind for section in made.sections] == [R, S, C, T]


def test_results_stand_under_their_headings_however_these_are_numbered() -> None:
    readings = [
        report("A", (R, "Giữ vững địa bàn."), heading="II. CÔNG TÁC BIÊN PHÒNG"),
        report("B", (R, "Bảo vệ tốt cột mốc."), heading="1.2. Công tác biên phòng"),
    ]

    made = draft(readings, weave(readings))

    (section,) = made.sections
    assert section.heading.casefold() == "công tác biên phòng"


def test_results_of_many_headings_stand_in_the_chapters_of_the_lexicon_and_in_their_order() -> None:
    chapters = [
        {"id": "patrol", "name": "Tuần tra", "wordings": ["tuần tra", "cột mốc"]},
        {"id": "people", "name": "Giúp dân", "wordings": ["giúp dân", "cột mốc"]},
    ]
    lexicon = Lexicon.from_tables({"t.toml": {"chapters": chapters}})
    readings = [
        report("A", (R, "Bếp ăn sạch."), (R, "Giúp dân gặt lúa."), heading="II. Kết quả"),
        report("B", (R, "Giúp dân và bảo vệ cột mốc."), heading="1. Tuần tra biên giới"),
        report("C", (R, "Giúp dân làm đường."), heading="a) Cột mốc"),
    ]

    made = draft(readings, weave(readings, lexicon), lexicon=lexicon)

    told = [(section.heading, {sentence.text for sentence in section.sentences}) for section in made.sections]
    assert told == [
        ("Tuần tra", {"Giúp dân và bảo vệ cột mốc."}),
        ("Giúp dân", {"Giúp dân gặt lúa.", "Giúp dân làm đường."}),
        ("", {"Bếp ăn sạch."}),
    ]


def test_what_was_read_with_doubt_is_shown_with_its_place() -> None:
    unsure = Quantity(Span(0, 5), "3.710", None, "lượt", readings=(Decimal("3.71"), Decimal(3710)))
    wrong = [Quantity(Span(0, 1), "9", Decimal(9), "vụ"), Quantity(Span(2, 3), "4", Decimal(4), "vụ")]
    sums = (Arithmetic(Rule.SUM, (1, 2), holds=False), Arithmetic(Rule.PART_LE_WHOLE, (2, 1), holds=True))
    readings = [report("A", (R, "3.710 lượt."), quantities=(unsure, *wrong), arithmetic=sums)]

    made = draft(readings, weave(readings))

    assert [(one.unit, one.file, len(one.quantities)) for one in made.doubts] == [("A", "A.txt", 1), ("A", "A.txt", 2)]
    assert made.doubts[1].arithmetic == sums[0]


def test_a_draft_does_not_depend_on_the_order_of_the_reports() -> None:
    readings = [
        report("A", (S, "Nhà bếp dột."), (S, "Nắm tình hình chậm."), (T, "Nắm tình hình.")),
        report("B", (S, "Việc xong mới biết."), (R, "Giữ vững địa bàn.")),
        report("C", (T, "Nắm chắc tình hình."), (C, "Xe hỏng.")),
    ]
    other_way = readings[::-1]

    one, other = (draft(some, weave(some, LEXICON)) for some in (readings, other_way))

    assert one.sections == other.sections
    assert [source.text for source in one.sources] == [source.text for source in other.sources]
