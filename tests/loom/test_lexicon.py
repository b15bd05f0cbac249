"""A lexicon is read whole or refused with every mistake, and finds in a sentence what it knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from loom import BadLexiconError, Kind, Lexicon, read_lexicon

SMALL = {
    "classes": {"people": ["nhân dân", "bà con"], "late": ["chậm", "muộn"]},
    "same": {"cbcs": "cán bộ chiến sĩ", "đánh cá": "khai thác thủy sản"},
    "stops": ["công tác"],
    "topics": [
        {"id": "drugs", "name": "Ma túy", "wordings": ["ma túy", "heroin"]},
        {"id": "addicts", "name": "Người nghiện", "wordings": ["(người )?nghiện"], "covers": ["drugs"]},
        {"id": "trails", "name": "Lối mở", "wordings": ["lối mở"], "wide": True},
        {"id": "crossing", "name": "Vượt biên", "wordings": ["nhập cảnh … trái phép", "tuần tra + lối mở"]},
        {"id": "breach", "name": "Vi phạm", "wordings": ["{people} … vi phạm"], "kinds": ["shortcoming"]},
        {"id": "reports", "name": "Báo cáo", "wordings": ["báo cáo"], "unless": ["báo cáo viên"]},
    ],
    "aspects": [{"id": "fishing", "name": "Tàu cá", "axis": "vessel", "wordings": ["tàu cá"]}],
    "judgements": [
        {"id": "late", "name": "Chậm", "wordings": ["{late}", "chưa kịp thời"], "polarity": "bad"},
        {"id": "timely", "name": "Kịp thời", "wordings": ["kịp thời"], "polarity": "good"},
    ],
    "opposites": [["late", "timely"]],
}


@pytest.fixture(scope="module")
def small() -> Lexicon:
    return Lexicon.from_tables({"small.toml": SMALL})


@pytest.mark.parametrize(
    ("text", "matters"),
    [
        ("Thu giữ HEROIN.", {"drugs"}),
        ("Bắt giữ ma tuý", {"drugs"}),  # the other place of the tone
        ("Quản lý người nghiện ma túy", {"addicts"}),  # the narrower takes the wider's place
        ("số nghiện mới", {"addicts"}),
        ("nhập cảnh vào nước ta trái phép", {"crossing"}),
        ("nhập cảnh một hai ba bốn năm sáu bảy trái phép", set()),  # too far apart
        ("Tại lối mở ấy, tổ đi tuần tra", {"crossing"}),  # both, in any order
        ("Bà con còn vi phạm", {"breach"}),
        ("Gửi báo cáo muộn", {"reports"}),
        ("Báo cáo viên còn thiếu", set()),
        ("điều không ai biết", set()),
    ],
)
def test_a_matter_is_found_by_its_wordings(small: Lexicon, text: str, matters: set[str]) -> None:
    assert small.sense(text, Kind.SHORTCOMING).matters == matters


def test_a_matter_is_found_only_in_its_kinds(small: Lexicon) -> None:
    assert not small.sense("Bà con còn vi phạm", Kind.TASK).matters


def test_a_wide_matter_is_a_field_and_no_matter(small: Lexicon) -> None:
    sense = small.sense("Ở lối mở", Kind.TASK)

    assert (sense.matters, sense.fields, sense.main) == (frozenset(), frozenset({"trails"}), "")


def test_a_judgement_within_a_longer_one_is_not_meant(small: Lexicon) -> None:
    assert small.sense("xử lý chưa kịp thời").judgements == {"late"}
    assert small.sense("xử lý kịp thời").judgements == {"timely"}


def test_abbreviations_are_written_out_and_classes_named(small: Lexicon) -> None:
    assert (
        small.sense("Công tác CBCS giúp bà con đánh cá").words
        == small.sense("cán bộ, chiến sĩ giúp nhân dân khai thác thuỷ sản").words
    )


def test_opposites_stand_against_each_other(small: Lexicon) -> None:
    assert small.opposed({"late"}, {"timely"})
    assert not small.opposed({"late"}, {"late"})


def test_a_later_file_adds_wordings_to_an_entry_of_an_earlier_one() -> None:
    own = {"topics": [{"id": "drugs", "wordings": ["hàng đá"]}]}

    lexicon = Lexicon.from_tables({"small.toml": SMALL, "own.toml": own})

    assert lexicon.sense("bắt hàng đá").matters == {"drugs"}
    assert lexicon.sense("bắt heroin").matters == {"drugs"}


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"topics": [{"id": "a", "name": "A"}]}, "bad.toml: a: wordings: is missing or empty"),
        ({"topics": [{"id": "a", "wordings": ["x"]}]}, "bad.toml: a: name: is missing"),
        ({"topics": [{"name": "A", "wordings": ["x"]}]}, "bad.toml: topics[1]: id: is missing"),
        ({"topics": [{"id": "A b", "name": "A", "wordings": ["x"]}]}, "bad.toml: topics[1]: id: must be small letters"),
        ({"topics": [{"id": "a", "name": "A", "wordings": ["x"], "colour": 1}]}, "bad.toml: a: colour: unknown field"),
        ({"topics": [{"id": "a", "name": "A", "wordings": "x"}]}, "bad.toml: a: wordings: must be a list"),
        ({"topics": [{"id": "a", "name": "A", "wordings": ["x", 3]}]}, "bad.toml: a: wordings[2]: must be text"),
        ({"topics": [{"id": "a", "name": "A", "wordings": ["(x"]}]}, "bad.toml: a: wordings[1]: a bracket is opened"),
        ({"topics": [{"id": "a", "name": "A", "wordings": ["x)"]}]}, "bad.toml: a: wordings[1]: a bracket is closed"),
        ({"topics": [{"id": "a", "name": "A", "wordings": ["… x"]}]}, "bad.toml: a: wordings[1]: a gap stands at an"),
        ({"topics": [{"id": "a", "name": "A", "wordings": ["{b}"]}]}, "bad.toml: a: wordings[1]: no class of words"),
        ({"topics": [{"id": "a", "name": "A", "wordings": ["x"], "covers": ["b"]}]}, "bad.toml: a: covers: no topic"),
        ({"topics": [{"id": "a", "name": "A", "wordings": ["x"], "kinds": ["b"]}]}, "bad.toml: a: kinds: b is not a"),
        ({"topics": [{"id": "a", "name": "A", "wordings": ["x"]}] * 2}, "bad.toml: a: id: stands twice"),
        (
            {"judgements": [{"id": "a", "name": "A", "wordings": ["x"], "polarity": "so"}]},
            "bad.toml: a: polarity: must",
        ),
        ({"aspects": [{"id": "a", "name": "A", "wordings": ["x"]}]}, "bad.toml: a: axis: is missing"),
        ({"opposites": [["a", "b"]]}, "bad.toml: opposites: a: no topic, aspect or judgement has this id"),
        ({"opposites": [["a"]]}, "bad.toml: opposites: [1]: must be two ids"),
        ({"classes": {"a": ["x {b}"]}}, "bad.toml: classes: a[1]: a class holds plain phrases only"),
        ({"classes": {"a": "x"}}, "bad.toml: classes: a: must be a list"),
        ({"same": {"x": 1}}, "bad.toml: same: x: must be text"),
        ({"themes": []}, "bad.toml: themes: a lexicon has no such table"),
        ({"topics": {}}, "bad.toml: topics: must be a list"),
    ],
)
def test_a_mistake_names_file_entry_and_field(table: dict[str, object], told: str) -> None:
    with pytest.raises(BadLexiconError) as bad:
        Lexicon.from_tables({"bad.toml": table})

    assert any(str(mistake).startswith(told) for mistake in bad.value.mistakes), str(bad.value)


def test_every_mistake_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("not toml", encoding="utf-8")
    (tmp_path / "b.toml").write_text('[[topics]]\nid = "x"\n', encoding="utf-8")

    with pytest.raises(BadLexiconError) as bad:
        read_lexicon([tmp_path])

    assert {mistake.file for mistake in bad.value.mistakes} == {"a.toml", "b.toml"}


def test_files_of_a_folder_are_one_lexicon(tmp_path: Path) -> None:
    (tmp_path / "1.toml").write_text('[classes]\nboat = ["tàu", "thuyền"]\n', encoding="utf-8")
    (tmp_path / "2.toml").write_text(
        '[[topics]]\nid = "boats"\nname = "Tàu"\nwordings = ["{boat} ra khơi"]\n', encoding="utf-8"
    )

    assert read_lexicon([tmp_path]).sense("Thuyền ra khơi").matters == {"boats"}


def test_the_empty_lexicon_knows_nothing() -> None:
    sense = Lexicon.empty().sense("Nắm tình hình chưa kịp thời")

    assert (sense.matters, sense.judgements) == (frozenset(), frozenset())


@pytest.mark.parametrize(
    ("text", "main"), [("Cháy lan khi có bão.", "fire"), ("Bão làm đổ cột điện, gây cháy.", "storm")]
)
def test_of_matters_that_cover_each_other_the_first_named_stays(text: str, main: str) -> None:
    topics = [
        {"id": "fire", "name": "Cháy", "wordings": ["cháy"], "covers": ["storm"]},
        {"id": "storm", "name": "Bão", "wordings": ["bão"], "covers": ["fire"]},
    ]

    assert Lexicon.from_tables({"t.toml": {"topics": topics}}).sense(text).matters == {main}


def test_matters_that_cover_each_other_in_a_ring_leave_one() -> None:
    ring = [
        {"id": "fire", "name": "Cháy", "wordings": ["cháy"], "covers": ["storm"]},
        {"id": "storm", "name": "Bão", "wordings": ["bão"], "covers": ["flood"]},
        {"id": "flood", "name": "Lũ", "wordings": ["lũ"], "covers": ["fire"]},
    ]

    assert Lexicon.from_tables({"t.toml": {"topics": ring}}).sense("Lũ về, bão đến, rồi cháy.").matters == {"flood"}
