"""A thousand reports read, and twenty thousand statements woven: time and memory, beside peers.

The reports are invented: those of the gold set, each time with other figures, some lines left out and others put in.
Reading is measured as a command does it, files in sandboxed workers; its peer takes the bare text out of the same Word
files and understands nothing. The peer of weaving is SQL by hand: all pairs of one kind compared by their letters.
"""

import argparse
import io
import json
import multiprocessing
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import docx
import duckdb
import pyarrow as pa

from loom import gather, read
from loom._weave import Point, points_of
from loom.sandbox import read_safely
from nennep.demonstration.invention import invented
from nennep.packs.lexicon import lexicon_with

GOLD = Path(__file__).parents[1] / "loom" / "gold" / "reports"
REPORTS = 1_000
STATEMENTS = (5_000, 10_000, 20_000)
TEXTS = 1_100
"""Enough of them for that many statements."""

_NUMBER = re.compile(r"(?<=\d)\d")
_SLOT = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True)
class Took:
    """What one engine took, and how much it found."""

    seconds: float
    peak_mib: float
    found: int


def main(arguments: list[str]) -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench words", description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.engine:
        print(json.dumps(asdict(ENGINES[asked.engine](asked.folder))))
        return
    with tempfile.TemporaryDirectory(prefix="loom-bench-") as folder:
        _reading(Path(folder))
        _weaving(Path(folder))


def _reading(folder: Path) -> None:
    print(f"\n{REPORTS:,} reports, half of them Word files")
    print(f"{'engine':<28}{'seconds':>9}{'peak MiB':>10}   found")
    write(folder, TEXTS)
    for name in ("read in the sandbox", "read in this process", "bare text of the Word files"):
        _print(name, _measured(name, folder))


def _weaving(folder: Path) -> None:
    print("\nstatements woven")
    print(f"{'engine':<28}{'seconds':>9}{'peak MiB':>10}   groups or pairs")
    texts = sorted((folder / "texts").glob("*.txt"))
    with multiprocessing.Pool() as pool:
        points = [point for found in pool.imap(_points, texts, chunksize=32) for point in found]
    for size in STATEMENTS:
        rows = [[point.id, point.unit, point.kind, point.text, point.has_figures] for point in points[:size]]
        (folder / "points.json").write_text(json.dumps(rows), encoding="utf-8")
        _print(f"woven, {len(rows):,}", _measured("woven", folder))
        _print(f"duckdb all pairs, {len(rows):,}", _measured("duckdb all pairs", folder))


def _print(name: str, took: Took) -> None:
    print(f"{name:<28}{took.seconds:>9.2f}{took.peak_mib:>10.0f}   {took.found:,}", flush=True)


def _measured(engine: str, folder: Path) -> Took:
    command = [sys.executable, "-m", "tests.bench", "words", "--engine", engine, "--folder", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Took(**json.loads(done.stdout))


def _finished(begun: float, found: int) -> Took:
    seconds = time.perf_counter() - begun
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return Took(seconds, peak / 1024, found)


# --- what is read -------------------------------------------------------------------------------------


def write(folder: Path, count: int) -> None:
    """Invented reports as text files in `texts`; the first thousand in `files` too, every other one a Word file."""
    chance = random.Random(20_240_614)
    bases = [path.read_text(encoding="utf-8") for path in sorted(GOLD.glob("*.txt"))]
    others = [_SLOT.sub("", says) for topic in invented("words")["topics"] for says in topic["says"]]
    for name in ("texts", "files"):
        (folder / name).mkdir()
    for number in range(count):
        text = _another(bases[number % len(bases)], others, chance)
        (folder / "texts" / f"{number:05}.txt").write_text(text, encoding="utf-8")
        if number >= REPORTS:
            continue
        if number % 2:
            (folder / "files" / f"{number:05}.txt").write_text(text, encoding="utf-8")
        else:
            (folder / "files" / f"{number:05}.docx").write_bytes(_word_file(text))


def _another(base: str, others: list[str], chance: random.Random) -> str:
    """The report with other figures, an eighth of its lines left out, and now and then another unit's sentence."""
    head, *lines = base.splitlines()
    kept = [head]
    for line in lines:
        share = chance.random()
        if share < 1 / 8 and len(line) > 40:
            continue
        kept.append(line)
        if share > 7 / 8 and line.startswith(("-", "+", "•")):
            kept.append(f"{line[0]} {chance.choice(others)}")
    return _NUMBER.sub(lambda _found: str(chance.randint(0, 9)), "\n".join(kept))


def _word_file(text: str) -> bytes:
    document = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


# --- the engines --------------------------------------------------------------------------------------


def _sandboxed(folder: Path) -> Took:
    files = [(path.name, path.read_bytes()) for path in sorted((folder / "files").iterdir())]
    begun = time.perf_counter()
    outcomes = list(read_safely(files))
    return _finished(begun, sum(1 for outcome in outcomes if outcome.reading is not None))


def _in_process(folder: Path) -> Took:
    texts = [path.read_text(encoding="utf-8") for path in sorted((folder / "texts").iterdir())[:REPORTS]]
    begun = time.perf_counter()
    return _finished(begun, sum(1 for text in texts if read(text).statements))


def _bare_text(folder: Path) -> Took:
    files = sorted((folder / "files").glob("*.docx"))
    begun = time.perf_counter()
    texts = ["\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs) for path in files]
    return _finished(begun, len(texts))


def _points(path: Path) -> list[Point]:
    return [
        Point(f"{path.stem}.{point.id}", path.stem, point.kind, point.text, "", point.has_figures)
        for point in points_of([read(path.read_text(encoding="utf-8"))])
    ]


def _kept_points(folder: Path) -> list[Point]:
    rows = json.loads((folder / "points.json").read_text(encoding="utf-8"))
    return [Point(name, unit, kind, text, "", figures) for name, unit, kind, text, figures in rows]


def _woven(folder: Path) -> Took:
    points, knowledge = _kept_points(folder), lexicon_with(None)
    begun = time.perf_counter()
    return _finished(begun, len(gather(points, knowledge)))


def _all_pairs(folder: Path) -> Took:
    points = _kept_points(folder)
    said = pa.table({"id": [p.id for p in points], "kind": [p.kind for p in points], "text": [p.text for p in points]})
    with duckdb.connect() as connection:
        connection.register("said", said)
        begun = time.perf_counter()
        found = connection.execute(
            "SELECT count(*) FROM said AS a JOIN said AS b ON a.kind = b.kind AND a.id < b.id "
            "WHERE jaccard(a.text, b.text) > 0.9"
        ).fetchone() or (0,)
    return _finished(begun, int(found[0]))


ENGINES: dict[str, Callable[[Path], Took]] = {
    "read in the sandbox": _sandboxed,
    "read in this process": _in_process,
    "bare text of the Word files": _bare_text,
    "woven": _woven,
    "duckdb all pairs": _all_pairs,
}
