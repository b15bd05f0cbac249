"""The regulations of a pack: each mistake is told at its place, and no rule cites what they do not have."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from nennep.documents.models import Regulation, RegulationVersion
from nennep.documents.queries import regulations as queries
from nennep.documents.rules.citations import Known, citations
from nennep.documents.rules.layout import LAYOUTS
from nennep.documents.rules.text import differing
from nennep.journal.rules import system_actor
from nennep.packs.load import load_pack
from nennep.packs.reading import find_mistakes, pack_digest, read_pack, shipped_pack
from nennep.packs.schemas import Pack
from tests.packs.test_reading import SOUND

BY = system_actor(datetime(2026, 11, 16, 2, 0, tzinfo=UTC), date(2026, 11, 16))
DECREE = """\
code = "nd-30-2020"
number = "30/2020/NĐ-CP"
name = "Nghị định về công tác văn thư"
name_en = "Decree on clerical work"
issuer = "Chính phủ"
order = 1

[[versions]]
decided_by = "Nghị định 30/2020/NĐ-CP ngày 05/3/2020"
starts_on = 2020-03-05
source = "Nghị định"

[[versions.articles]]
key = "dieu-7"
title = "Các loại văn bản"

[[versions.articles]]
key = "phu-luc-1"
text = "Thể thức."
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("forms", "regulations"):
        (tmp_path / name).mkdir()
    for name, text in {**SOUND, "regulations/nd-30-2020.toml": DECREE}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(shipped_pack("bdbp"))


def test_a_sound_pack_with_a_regulation_is_read_whole(folder: Path) -> None:
    pack = read_pack(folder)

    assert [article.key for article in pack.regulations[0].versions[0].articles] == ["dieu-7", "phu-luc-1"]


REGULATION = "regulations/nd-30-2020.toml"
MISTAKES = [
    (REGULATION, 'key = "dieu-7"', 'key = "Điều 7"', f"{REGULATION}:14: versions[1].articles[1].key"),
    (
        REGULATION,
        'text = "Thể thức."',
        'text = "Thể thức."\n\n[[versions.articles]]\nkey = "dieu-7"\ntitle = "Lại"',
        f"{REGULATION}:22: versions[1].articles[3].key",
    ),
    (REGULATION, 'text = "Thể thức."', "", f"{REGULATION}:17: versions[1].articles[2].text"),
    (REGULATION, "2020-03-05", '"mai"', f"{REGULATION}:10: versions[1].starts_on"),
    (REGULATION, 'source = "Nghị định"', "", f"{REGULATION}:8: versions[1].source"),
    (REGULATION, 'source = "Nghị định"', 'source = "x"\nurl = "x"', f"{REGULATION}:12: versions[1].url"),
    ("documents.toml", "NĐ-CP Điều 7", "NĐ-CP Điều 70", "documents.toml:{line}: types[1].clause"),
    (
        "planning.toml",
        "Quy định của đơn vị",
        "Điều 9 Nghị định 30/2020/NĐ-CP",
        "planning.toml:11: capacities[1].clause",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "expected"), MISTAKES)
def test_a_mistake_is_told_where_it_stands(folder: Path, name: str, old: str, new: str, expected: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    told = [f"{mistake.file}:{mistake.line}: {mistake.field}" for mistake in find_mistakes(folder)]

    assert told == [expected.format(line=line)]


def test_a_clause_that_names_no_article_says_which(folder: Path) -> None:
    text = (folder / "planning.toml").read_text(encoding="utf-8")
    wrong = text.replace("Quy định của đơn vị", "Nghị định 30/2020/NĐ-CP Điều 99 khoản 2")
    (folder / "planning.toml").write_text(wrong, encoding="utf-8")

    [mistake] = find_mistakes(folder)

    assert mistake.message == "nd-30-2020 has no Điều 99 khoản 2"


def test_two_versions_never_hold_on_one_day(folder: Path) -> None:
    later = DECREE[DECREE.index("[[versions]]") :].replace("2020-03-05", "2026-01-01")
    (folder / REGULATION).write_text(f"{DECREE}\n{later}", encoding="utf-8")

    [mistake] = find_mistakes(folder)

    assert (mistake.field, mistake.message) == ("versions[2].starts_on", "a second version at the same time")


def test_the_digest_of_a_pack_covers_its_regulations(folder: Path) -> None:
    before = pack_digest(read_pack(folder))
    (folder / REGULATION).write_text(DECREE.replace("Thể thức.", "Thể thức văn bản."), encoding="utf-8")

    assert pack_digest(read_pack(folder)) != before


# --- the shipped pack -----------------------------------------------------------------------------


def test_what_is_not_public_is_marked_as_a_sample_and_what_was_not_seen_as_uncertain(pack: Pack) -> None:
    samples = [row for row in pack.regulations if row.sample]
    uncertain = {row.code for row in pack.regulations for version in row.versions if not version.certain}

    assert len(samples) == 3
    assert all("mẫu" in row.number and "nội bộ" in row.versions[0].source for row in samples)
    assert {"hd-05-2026", "qd-132-2018"} <= uncertain
    assert "nd-30-2020" not in uncertain


def test_the_layouts_of_papers_cite_regulations_of_the_pack(pack: Pack) -> None:
    known = [Known(row.code, row.number, frozenset()) for row in pack.regulations]

    cited = [{one.regulation for one in citations(layout.source, known)} for layout in LAYOUTS]

    assert cited == [{"nd-30-2020"}, {"hd-36-2018"}, {"hd-05-2026"}]


def test_rating_regulations_follow_each_other_without_a_day_between(pack: Pack) -> None:
    spans = {row.code: row.versions[-1] for row in pack.regulations}

    for before, after in (("qd-132-2018", "qd-124-2023"), ("qd-124-2023", "qd-366-2025"), ("hd-36-2018", "hd-05-2026")):
        assert spans[before].ends_on == spans[after].starts_on


@pytest.mark.django_db
def test_loading_regulations_twice_changes_nothing_and_a_new_version_adds_itself(pack: Pack) -> None:
    load_pack(pack, by=BY)
    rows = list(RegulationVersion.objects.order_by("pk").values())
    touched = pack.model_copy(update={"about": pack.about.model_copy(update={"version": "9.0.0"})})

    again = load_pack(touched, by=BY)

    assert again.added == again.changed == again.removed == 0
    assert list(RegulationVersion.objects.order_by("pk").values()) == rows
    assert Regulation.objects.count() == len(pack.regulations)


@pytest.mark.django_db
def test_the_amendment_of_the_sample_shows_as_a_difference(pack: Pack) -> None:
    load_pack(pack, by=BY)
    after, before = queries.versions("mau-ke-hoach-tong-hop")

    changed = {change.block.id: str(change.kind) for change in differing(queries.difference(before, after))}

    assert changed == {
        "dieu-4_khoan-2": "changed",
        "dieu-5": "changed",
        "dieu-8": "changed",
        "dieu-9": "added",
    }
