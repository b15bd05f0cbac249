"""Two people amend one plan at the same instant, over two connections."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import new_database


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_of_two_who_amend_at_once_one_writes_and_the_other_is_shown_both(kind: str, tmp_path: Path) -> None:
    """Two connections to a database of its own, in a process of its own: the journal lets nobody clear up after it."""
    environment = {
        **os.environ,
        "NENNEP_VAR": str(tmp_path),
        "NENNEP_DATABASE": new_database(kind, tmp_path),
    }

    done = subprocess.run(
        [sys.executable, "-m", "tests.planning.two_at_once"],
        env=environment,
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    [written], [refused] = told["written"], {"Nậm Kè", "Huổi Lụ"} - set(told["written"])
    assert told["place"] == [written]
    assert told["stale"] == [f"{refused} over {written}"]
    [said], [unsaid] = told["texts"], {"Một", "Hai"} - set(told["texts"])
    assert told["purpose"] == [said]
    assert told["stale_texts"] == [f"{unsaid} over {said}"]
