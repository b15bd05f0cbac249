"""How many figures of the development sample find their cell. The sample lies outside the project; it is labelled here
by report and by the number of the quantity in it, without a word of its text.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from loom import read
from nennep.intake.rules.matching import Match, match
from nennep.intake.rules.states import Certainty
from tests.intake.test_matching import cells

SAMPLE = Path(__file__).resolve().parents[3] / "shared" / "cases" / "gold-dev"

#: `-`: no cell of the pack counts this; `?`: a person would have to say.
LABELS: Mapping[str, str] = {
    "01": (
        "patrol.teams patrol.people - - crime.plans crime.drug_cases crime.drug_offenders crime.drug_kg - "
        "boats.checked boats.crew_checked boats.with_vms boats.over_15m - rescue.people - - "
    ),
    "02": (
        "crime.cases - crime.offenders crime.goods_value - - ? ? crime.drug_kg crime.fireworks_kg ? ? - - - ? "
        "? ? - - - - "
    ),
    "03": (
        "patrol.teams patrol.people patrol.bilateral patrol.bilateral_people patrol.sea patrol.sea_people "
        "gate.people gate.vehicles - gate.ships gate.crew - commend.collectives commend.individuals ? - "
    ),
    "04": (
        "gate.ships gate.crew gate.people - - - crime.cases crime.offenders - - crime.prosecuted_cases "
        "crime.prosecuted_people crime.fined_cases crime.fined_people crime.drug_kg crime.drug_pills ? - - - "
        "crime.fines - "
    ),
    "05": (
        "entry.cases entry.people entry.cases_detected entry.people_detected entry.cases_received "
        "entry.people_received - ? - - patrol.teams patrol.people - discipline.soldiers - "
    ),
    "06": (
        "patrol.teams patrol.people - crime.cases crime.offenders ? ? gate.people gate.people_entry "
        "gate.people_exit - - - law.listeners - help.medical_turns - - - - - "
    ),
    "07": (
        "border.length_km - - models.border_groups models.border_group_members models.security_groups - "
        "local.commune_posts local.village_cell_members - households.members households.in_charge "
        "households.people patrol.teams patrol.people - patrol.bilateral patrol.bilateral_people "
    ),
    "08": (
        "- - patrol.teams patrol.people crime.cases crime.offenders entry.cases entry.people ? ? "
        "crime.drug_cases crime.drug_offenders crime.order_cases crime.order_offenders crime.smuggling_cases "
        "crime.smuggling_offenders - - - - - - "
    ),
    "09": (
        "border.length_km border.markers - crime.cases crime.offenders crime.prosecuted_cases "
        "crime.prosecuted_people crime.fined_cases crime.fined_people help.workdays help.roads_km - ? - - - - "
        "- - - - "
    ),
    "10": (
        "- - - - ? - ? - models.boat_groups - ? ? local.village_cell_members - - help.medical_turns "
        "help.houses ? - - - - - - "
    ),
    "11": (
        "patrol.teams patrol.people patrol.mobile_checks - entry.cases entry.people crime.fines "
        "crime.smuggling_cases - - - ? - - - - crime.fireworks_kg law.sessions law.listeners - - - "
    ),
    "12": (
        "? ? ? - - crime.drug_cases crime.drug_offenders - - ? - crime.fines - - commend.collectives "
        "commend.individuals - - - "
    ),
}


@pytest.fixture
def sample() -> list[dict[str, Any]]:
    if not (SAMPLE / "gold.json").is_file():
        pytest.skip(f"no sample at {SAMPLE}: how many figures find their cell is not measured")
    reports: list[dict[str, Any]] = json.loads((SAMPLE / "gold.json").read_text(encoding="utf-8"))["reports"]
    return reports


def judged(report: Mapping[str, Any]) -> Iterator[tuple[str, Match | None]]:
    """Each label of a report with what was proposed at its place."""
    reading = read((SAMPLE / report["file"]).read_text(encoding="utf-8"))
    found = match(reading, cells())
    for label, gold in zip(LABELS[Path(report["file"]).name[:2]].split(), report["quantities"], strict=True):
        start, end = gold["start"], gold["start"] + len(gold["quote"])
        spans = [one.span for one in reading.quantities]
        at = next((i for i, span in enumerate(spans) if span.start < end and start < span.end), None)
        yield label, None if at is None else found[at]


def test_most_figures_find_their_cell_and_none_is_surely_wrong(
    sample: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    counts: Counter[str] = Counter()
    for report in sample:
        for label, one in judged(report):
            code, is_sure = (one.code, one.certainty is Certainty.SURE) if one else ("", False)
            if label == "?":
                counts["open"] += 1
            elif label == "-":
                counts["none, rightly" if not code else "none, surely wrong" if is_sure else "none, asked about"] += 1
            elif code == label:
                counts["cell, surely right" if is_sure else "cell, right and asked about"] += 1
            else:
                counts["cell, surely wrong" if code and is_sure else "cell, missed"] += 1

    with capsys.disabled():
        print(f"\n{dict(counts)}")
    right = counts["cell, surely right"] + counts["cell, right and asked about"]
    wanted = right + counts["cell, missed"] + counts["cell, surely wrong"]
    assert right / wanted >= 0.95
    assert counts["cell, surely right"] / wanted >= 0.6
    assert counts["cell, surely wrong"] <= 0.01 * wanted
    assert counts["none, surely wrong"] <= 0.01 * wanted
