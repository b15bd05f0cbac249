"""`nennep` on a fresh machine: it builds, says who can sign in, and never deletes what is there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CLEAN = {"NENNEP_DATABASE", "DJANGO_SETTINGS_MODULE"}


def nennep(var: Path, *arguments: str, told: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command with a data folder of its own, on the embedded database."""
    surroundings = {name: value for name, value in os.environ.items() if name not in CLEAN}
    return subprocess.run(
        [sys.executable, "-m", "nennep.site.cli", *arguments],
        env={**surroundings, "NENNEP_VAR": str(var)},
        input=told,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the small demonstration was built."""
    folder = tmp_path_factory.mktemp("var")
    first = nennep(folder, "demo", "--small", "--no-serve", "--until", "2025-09")
    assert first.returncode == 0, first.stderr
    assert "khth.btl" in first.stdout
    assert "until 2025-09" in first.stdout
    return folder


def test_a_second_run_says_that_it_is_there_and_changes_nothing(var: Path) -> None:
    before = (var / "nennep.sqlite3").read_bytes()

    again = nennep(var, "demo", "--small", "--no-serve", "--until", "2025-09")

    assert again.returncode == 0
    assert "there already" in again.stdout
    assert "khth.btl" in again.stdout
    assert (var / "nennep.sqlite3").read_bytes() == before


def test_its_journal_holds_and_a_change_in_it_is_found(var: Path, tmp_path: Path) -> None:
    sound = nennep(var, "journal", "verify")
    copy = tmp_path / "var"
    copy.mkdir()
    tampered = (var / "nennep.sqlite3").read_bytes().replace("Đặng Thu Hà".encode(), "Đặng Thu Há".encode())
    (copy / "nennep.sqlite3").write_bytes(tampered)

    broken = nennep(copy, "journal", "verify")

    assert (sound.returncode, sound.stdout.strip()) == (0, "Every chain holds.")
    assert broken.returncode == 1
    assert "does not hold from entry" in broken.stdout


def test_people_are_added_stopped_and_given_passwords(var: Path) -> None:
    added = nennep(
        var,
        *("person", "add", "moi", "Người Mới", "--unit", "BTL", "--post", "headquarters.inspector"),
        *("--from", "2030-01-01", "--password-stdin"),
        told="mot-mat-khau-dai\n",
    )
    changed = nennep(var, "person", "password", "MOI", "--password-stdin", told="mat-khau-khac-nua\n")
    stopped = nennep(var, "person", "stop", "moi", "--reason", "thử")

    assert added.returncode == 2
    assert "somebody holds this post" in added.stderr
    assert (changed.returncode, stopped.returncode) == (2, 2)
    assert "nobody signs in as moi" in stopped.stderr

    alone = nennep(var, "person", "add", "moi", "Người Mới", "--password-stdin", told="mot-mat-khau-dai\n")
    changed = nennep(var, "person", "password", "MOI", "--password-stdin", told="mat-khau-khac-nua\n")
    stopped = nennep(var, "person", "stop", "moi", "--reason", "thử")

    assert [run.returncode for run in (alone, changed, stopped)] == [0, 0, 0]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("person", "add", "ai", "Ai", "--unit", "BTL", "--password-stdin"), "--unit and --post belong together"),
        (("person", "add", "ai", "Ai", "--password-stdin"), "too short"),
        (("pack", "check", "/no/such/folder"), "is not a folder"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_2(
    var: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    refused = nennep(var, *arguments, told="ngan\n")

    assert refused.returncode == 2
    assert refused.stderr.startswith("nennep: ")
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


def test_fresh_sets_the_old_database_aside_and_deletes_nothing(var: Path) -> None:
    before = (var / "nennep.sqlite3").read_bytes()

    anew = nennep(var, "demo", "--small", "--no-serve", "--until", "2025-08", "--fresh")

    kept = list(var.glob("nennep-*.sqlite3"))
    assert anew.returncode == 0, anew.stderr
    assert [path.read_bytes() for path in kept] == [before]
    assert kept[0].name in anew.stdout
    assert "until 2025-08" in anew.stdout


def test_loading_a_pack_twice_changes_nothing_the_second_time(tmp_path: Path) -> None:
    first = nennep(tmp_path, "pack", "load")
    second = nennep(tmp_path, "pack", "load")

    assert (first.returncode, second.returncode) == (0, 0)
    assert "566 added" in first.stdout
    added = [int(line.split(" added")[0].split()[-1]) for line in second.stdout.splitlines() if " added" in line]
    assert len(added) > 10
    assert set(added) == {0}


def test_the_help_names_every_command(tmp_path: Path) -> None:
    told = nennep(tmp_path, "--help")

    assert told.returncode == 0
    for command in ("serve", "migrate", "consolidate", "demo", "pack", "journal", "person"):
        assert command in told.stdout
