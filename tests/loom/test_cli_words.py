"""`nennep read` and `nennep weave`: the door by which files come in, without a server, a database or settings."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx
import pytest

from loom.files import CONVERSIONS, Noted, Why, text_of
from loom.files._letters import to_tcvn3
from nennep.site.words_cli import REASONS, REMARKS, WHY_NOT_READ
from tests.loom import hostile

DOOR = Path(__file__).parents[2] / "docs" / "guides" / "door"


def nennep(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own, with no environment to lean on."""
    command = [sys.executable, "-m", "nennep.site.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, cwd=cwd, env={"LC_ALL": "C"}, check=False, timeout=120)


def book(said: subprocess.CompletedProcess[bytes]) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = json.loads(said.stdout)
    return found


def lines_of(draft: bytes) -> str:
    """Everything a draft says, tables and all."""
    return text_of(draft, "draft.docx").text


def test_reading_says_unit_period_outline_statements_quantities_and_doubts() -> None:
    said = nennep("read", DOOR / "don-bai-say.md")

    told = said.stdout.decode()
    assert said.returncode == 0
    for words in (
        "Đồn Biên phòng Bãi Sậy",
        "2026-05",
        "II. Hạn chế",
        "shortcoming (1)",
        "quantities (8)",
        "does not hold",
    ):
        assert words in told


def test_json_has_the_shape_that_is_scored() -> None:
    said = nennep("read", DOOR, "--json")

    found = book(said)
    assert [Path(str(report["file"])).name for report in found["reports"]] == [
        "don-bai-say.md",
        "don-deo-gio.txt",
        "don-suoi-mo.txt",
    ]
    for report in found["reports"]:
        text = text_of(Path(str(report["file"])).read_bytes(), str(report["file"])).text
        quantities = report["quantities"]
        assert isinstance(quantities, list)
        assert quantities
        assert all(text[one["start"] : one["start"] + len(one["quote"])] == one["quote"] for one in quantities)
    assert found["not_read"] == []


def test_a_folder_goes_in_and_one_draft_comes_out(tmp_path: Path) -> None:
    said = nennep("weave", DOOR, "-o", tmp_path / "draft.docx", "--unit", "Ban Chỉ huy")

    text = lines_of((tmp_path / "draft.docx").read_bytes())
    assert said.returncode == 0
    assert "BAN CHỈ HUY" in text
    assert "tháng 5 năm 2026" in text
    body, _, annexes = text.partition("Phụ lục I")
    assert body.count("nắm tình hình") < annexes.count("nắm tình hình")
    for path in sorted(DOOR.iterdir()):
        assert path.name in annexes
    assert "NHỮNG ĐIỂM CẦN KIỂM TRA" in annexes
    assert "“04 vụ”" in annexes
    assert "hơn 512\tĐồn Biên phòng Đèo Gió: hơn 200 lượt người; Đồn Biên phòng Suối Mơ: 312 lượt người" in annexes


def test_what_several_units_say_stands_once_with_a_mark_for_each(tmp_path: Path) -> None:
    nennep("weave", DOOR, "-o", tmp_path / "draft.docx")

    document = docx.Document(str(tmp_path / "draft.docx"))
    [told] = [one for one in document.paragraphs if "ngoại biên" in one.text]
    raised = "".join(run.text for link in told.hyperlinks for run in link.runs if run.font.superscript)
    assert len(raised.split(",")) == 3
    anchors = {link.address or link.fragment for link in told.hyperlinks}
    assert len(anchors) == 3


def test_weaving_as_json_tells_the_groups_by_the_names_of_their_statements() -> None:
    found = book(nennep("weave", DOOR, "--json"))

    names = {one["id"] for report in found["reports"] for one in report["statements"]}  # type: ignore[attr-defined]  # JSON
    assert found["groups"]
    for group in found["groups"]:
        statements = group["statements"]
        assert isinstance(statements, list)
        assert names.issuperset(statements)
        assert len(statements) > 1


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_used(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_bytes((DOOR / "don-deo-gio.txt").read_bytes())
    (folder / "again.txt").write_bytes((DOOR / "don-deo-gio.txt").read_bytes())
    (folder / "old.doc").write_bytes(hostile.compound("WordDocument"))
    (folder / "secret.txt").write_text("TỐI MẬT\nnội dung riêng", encoding="utf-8")
    (folder / "~$a.docx").write_bytes(b"lock")

    said = nennep("weave", folder, tmp_path / "nowhere.txt", "-o", tmp_path / "draft.docx")

    told = said.stderr.decode()
    assert said.returncode == 1
    assert "old.doc: it is a Word file of the old kind (.doc); open it and save it as .docx" in told
    assert "again.txt: it is the same as" in told
    assert "secret.txt: it bears a mark of secrecy" in told
    assert "nowhere.txt: there is no such file" in told
    assert "nội dung riêng" not in told + said.stdout.decode()
    annexes = lines_of((tmp_path / "draft.docx").read_bytes())
    assert "old.doc\tTệp Word kiểu cũ (.doc); hãy lưu thành .docx" in annexes
    assert "nội dung riêng" not in annexes


def test_older_letters_are_shown_and_used_only_when_a_person_agrees(tmp_path: Path) -> None:
    report = tmp_path / "older.txt"
    report.write_bytes(to_tcvn3((DOOR / "don-deo-gio.txt").read_text(encoding="utf-8")).encode("latin-1"))

    asked = nennep("read", report)
    agreed = nennep("read", report, "--convert")

    assert asked.returncode == 2
    assert f"{to_tcvn3('BÁO CÁO')}\n    → BÁO CÁO\n" in asked.stderr.decode()
    assert asked.stdout == b""
    assert agreed.returncode == 0
    assert "Tổ chức tuần tra 38 lượt tổ" in agreed.stdout.decode()
    assert "letters converted from TCVN3" in agreed.stdout.decode()


def test_the_members_of_an_archive_are_read_one_by_one(tmp_path: Path) -> None:
    archive = tmp_path / "bundle.zip"
    archive.write_bytes(hostile.zipped([(path.name, path.read_bytes()) for path in sorted(DOOR.iterdir())]))

    found = book(nennep("read", archive, "--json"))

    assert [str(report["file"]) for report in found["reports"]] == [
        f"{archive}/{path.name}" for path in sorted(DOOR.iterdir())
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("read", "nowhere.txt"), "nennep: no file could be read"),
        (("weave", DOOR), "nennep: say where the draft goes"),
        (("weave", DOOR, "-o", "no/such/folder/draft.docx"), "No such file or directory"),
        (("weave", DOOR, "--json", "--lexicon", "nowhere"), "there is no such folder of lexicon files"),
    ],
    ids=["nothing", "no output", "no folder", "no lexicon"],
)
def test_what_cannot_be_done_is_one_sentence_and_code_2(
    words: Sequence[str | Path], sentence: str, tmp_path: Path
) -> None:
    said = nennep(*words, cwd=tmp_path)

    assert said.returncode == 2
    assert sentence in said.stderr.decode()
    assert "Traceback" not in said.stderr.decode()


def test_the_door_loads_no_framework_and_opens_at_once() -> None:
    program = (
        "import sys; sys.argv = ['nennep', 'read', sys.argv[1]]\n"
        "from nennep.site import cli\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'django'])"
    )
    started = time.monotonic()

    said = subprocess.run(
        [sys.executable, "-c", program, DOOR / "don-deo-gio.txt"], capture_output=True, check=True, timeout=60
    )

    assert said.stdout.decode().endswith("[]\n")
    assert time.monotonic() - started < 10


def test_the_same_files_give_the_same_draft(tmp_path: Path) -> None:
    for name in ("one.docx", "other.docx"):
        nennep("weave", DOOR, "-o", tmp_path / name)

    assert (tmp_path / "one.docx").read_bytes() == (tmp_path / "other.docx").read_bytes()


def test_no_sentence_of_a_draft_becomes_a_formula_or_a_field(tmp_path: Path) -> None:
    report = tmp_path / "a.txt"
    report.write_text("BÁO CÁO\nI. KẾT QUẢ\n- =HYPERLINK(A1) tuần tra 12 lượt tổ.\n", encoding="utf-8")

    nennep("weave", report, "-o", tmp_path / "draft.docx")

    with zipfile.ZipFile(io.BytesIO((tmp_path / "draft.docx").read_bytes())) as archive:
        body = archive.read("word/document.xml").decode()
    assert "instrText" not in body
    assert "HYPERLINK(A1)" in body


def test_every_reason_and_remark_has_its_words() -> None:
    assert set(REASONS) == set(Why)
    assert set(WHY_NOT_READ) == set(Why) | {"same", "needs-conversion", "not-there"}
    assert set(REMARKS) == set(Noted)
    assert set(REMARKS) >= CONVERSIONS
