"""Reading measured against the development sample, where it is at hand."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from loom import as_json, read

SHARED = Path(__file__).parents[3] / "shared"
SAMPLE, SCORER = SHARED / "cases" / "gold-dev", SHARED / "tools" / "score_words.py"

# What reading and weaving must reach; where less is better, the most that may be.
AT_LEAST = {
    "quantities F1": 0.95,
    "unit of measure right": 0.93,
    "qualifier right": 0.97,
    "statements F1": 0.95,
    "statement kind right": 0.88,
    "arithmetic found": 0.95,
}
AT_MOST = {"not quantities taken": 0.02}


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    if not SAMPLE.is_dir() or not SCORER.is_file():
        pytest.skip(f"NOT MEASURED: the development sample is not at {SAMPLE}")
    files = sorted((SAMPLE / "reports").glob("*.txt"))
    readings = [read(file.read_text(encoding="utf-8"), name=file.name) for file in files]
    predicted = tmp_path_factory.mktemp("gold") / "predicted.json"
    predicted.write_text(json.dumps(as_json(readings, groups=[]), ensure_ascii=False), encoding="utf-8")
    scored = subprocess.run(
        [sys.executable, str(SCORER), str(SAMPLE / "gold.json"), str(predicted)],
        capture_output=True,
        text=True,
        check=True,
    )
    print(f"\n{scored.stdout}")
    return {line[:34].strip(): float(line[34:42]) for line in scored.stdout.splitlines()}


@pytest.mark.parametrize("measure", AT_LEAST)
def test_the_sample_is_read_well_enough(table: dict[str, float], measure: str) -> None:
    assert table[measure] >= AT_LEAST[measure]


@pytest.mark.parametrize("measure", AT_MOST)
def test_the_sample_misleads_seldom_enough(table: dict[str, float], measure: str) -> None:
    assert table[measure] <= AT_MOST[measure]


def test_unit_and_period_of_the_sample_are_known() -> None:
    if not SAMPLE.is_dir():
        pytest.skip(f"NOT MEASURED: the development sample is not at {SAMPLE}")
    gold = json.loads((SAMPLE / "gold.json").read_text(encoding="utf-8"))["reports"]

    found = [read((SAMPLE / report["file"]).read_text(encoding="utf-8")) for report in gold]

    assert [(r.unit and r.unit.value, r.period and r.period.value) for r in found] == [
        (report["unit"], report["period"]) for report in gold
    ]
