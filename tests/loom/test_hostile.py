"""Files that mean harm: each has a clear answer in seconds, and the files beside it come through."""

from __future__ import annotations

import time

import pytest

from loom.files import Noted, Unreadable, Why, text_of
from loom.sandbox import Outcome, read_safely
from tests.loom import hostile

ANSWERS = {
    "empty.txt": Why.EMPTY,
    "zeros.txt": Why.EMPTY,
    "noise.docx": Why.UNKNOWN_ENCODING,
    "bomb.zip": Why.BOMB,
    "word-bomb.docx": Why.BOMB,
    "many.zip": Why.TOO_MANY_PARTS,
    "laughs.docx": Why.ENTITIES,
    "laughs.xlsx": Why.ENTITIES,
    "outside.docx": Why.ENTITIES,
    "far.xlsx": Why.TOO_MANY_CELLS,
    "corner.xlsx": Why.TOO_MANY_CELLS,
    "nested.docx": Why.DAMAGED,
    "cut.docx": Why.TRUNCATED,
    "cut.xlsx": Why.TRUNCATED,
    "cut.pdf": Why.TRUNCATED,
    "locked.docx": Why.ENCRYPTED,
    "locked.pdf": Why.ENCRYPTED,
    "locked.zip": Why.ENCRYPTED,
    "old.doc": Why.OLD_WORD,
    "old.xls": Why.OLD_WORKBOOK,
    "scan.pdf": Why.SCANNED,
    "twice.docx": Why.DAMAGED,
    "link.zip": Why.LINK,
    "zip-in-zip.zip": Why.NESTED_ARCHIVE,
    "picture.docx": Why.PICTURE,
    "rich.doc": Why.RICH_TEXT,
    "page.doc": Why.WEB_PAGE,
    "long.txt": Why.TOO_MUCH_TEXT,
    "secret.txt": Why.SECRET,
}
SOUND = "Tuần tra 1.151 lượt tổ"


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    """What became of every hostile file, each with a sound one behind it."""
    files = []
    for name, content in hostile.corpus().items():
        files += [(name, content), (f"sound-after-{name}", SOUND.encode())]
    started = time.monotonic()
    found = {outcome.name: outcome for outcome in read_safely(files, seconds=15)}
    assert time.monotonic() - started < 60
    return found


def test_every_hostile_file_has_its_answer() -> None:
    assert set(ANSWERS) == set(hostile.corpus())


@pytest.mark.parametrize("name", ANSWERS)
def test_a_hostile_file_is_answered_with_its_reason(name: str, outcomes: dict[str, Outcome]) -> None:
    told = [outcome for outcome in outcomes.values() if outcome.name.split("/")[0] == name]

    assert [outcome.why for outcome in told] == [ANSWERS[name]]
    assert told[0].opened is None
    assert told[0].reading is None


@pytest.mark.parametrize("name", ANSWERS)
def test_the_file_behind_a_hostile_one_is_read(name: str, outcomes: dict[str, Outcome]) -> None:
    sound = outcomes[f"sound-after-{name}"]

    assert sound.opened is not None
    assert sound.opened.text == SOUND


@pytest.mark.parametrize("name", [name for name in ANSWERS if not name.endswith(".zip")])
def test_a_hostile_file_is_refused_in_seconds_by_the_reader_alone(name: str) -> None:
    started = time.monotonic()

    with pytest.raises(Unreadable) as refused:
        text_of(hostile.corpus()[name], name)

    assert refused.value.why is ANSWERS[name]
    assert time.monotonic() - started < 5
    assert all(isinstance(fact, int) for fact in refused.value.facts.values())


def test_a_page_that_unpacks_to_more_than_the_bound_ends_its_process_only() -> None:
    bomb, sound = read_safely([("bomb.pdf", hostile.pdf_bomb()), ("sound.txt", SOUND.encode())], workers=1)

    assert bomb.why in {Why.CRASHED, Why.TOO_HUNGRY, Why.TOO_SLOW, Why.SCANNED}
    assert sound.opened is not None


def test_rows_that_a_sheet_only_declares_cost_nothing() -> None:
    started = time.monotonic()

    opened = text_of(hostile.declared_rows(), "a.xlsx")

    assert opened.text == "Tuần tra\t1151"
    assert time.monotonic() - started < 1


def test_a_workbook_with_macros_is_read_without_them_and_says_so() -> None:
    opened = text_of(hostile.with_macros(), "a.xlsm")

    assert opened.text == "Tuần tra\t1151"
    assert opened.notes == (Noted.MACROS,)


def test_what_is_only_wide_or_deep_is_read() -> None:
    runs = "<w:r><w:t>a </w:t></w:r>" * 50_000
    boxes = "<w:txbxContent><w:p><w:r>" * 300 + "<w:t>trong</w:t>" + "</w:r></w:p></w:txbxContent>" * 300

    assert text_of(hostile.word_of(f"<w:p>{runs}</w:p>"), "a.docx").text.count("a") == 50_000
    assert text_of(hostile.word_of(f"<w:p><w:r>{boxes}</w:r></w:p>"), "a.docx").text.strip() == "trong"
