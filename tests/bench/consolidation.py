"""All levels, months, quarters and years of 1, 5 and 20 million values: this engine beside its peers.

Every engine runs in a process of its own, starts from its own best form of the same values on disk, and leaves in
memory one row per unit, indicator and period with the sum and the number of units that reported.
"""

import argparse
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from abacus import Tree, calendar_periods, consolidate
from tests.bench import invented

MILLION = 1_000_000
SIZES = (1, 5, 20)
SLOW_UP_TO = 5
"""In millions: plain SQL on SQLite takes minutes beyond."""
RUNS = 3
SLOW = {"duckdb naive", "sqlite"}
"""Run once; the others three times, of which the quickest counts."""

MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Result:
    """What one engine took, and what it found: rows, the sum of all figures, the sum of all counts."""

    seconds: float
    peak_gib: float
    rows: int
    total: int
    reported: int

    def found(self) -> tuple[int, int, int]:
        """What must be the same for every engine."""
        return self.rows, self.total, self.reported


def main(arguments: list[str]) -> None:
    """Print the table for each size."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench consolidation", description=__doc__)
    parser.add_argument("--size", type=int, action="append", metavar="MILLIONS", help="values (default: 1, 5 and 20)")
    parser.add_argument("--engine", choices=ENGINES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.engine:
        print(json.dumps(asdict(ENGINES[asked.engine](asked.folder))))
        return
    for millions in asked.size or SIZES:
        with tempfile.TemporaryDirectory(prefix="abacus-bench-") as folder:
            _compare(millions, Path(folder))


def _compare(millions: int, folder: Path) -> None:
    organisation = invented.write(folder, millions * MILLION)
    np.save(folder / "parents.npy", organisation.parents)
    _build_duckdb(folder)
    values = len(organisation.leaves) * invented.INDICATORS_PER_LEAF * invented.MONTHS
    print(f"\n{values:,} values, {len(organisation.parents):,} units, {invented.INDICATORS} indicators")
    print(f"{'engine':<24}{'seconds':>9}{'peak GiB':>10}{'beside DuckDB':>15}   figures")
    results: dict[str, Result] = {}
    for name in ENGINES:
        if name == "sqlite" and millions > SLOW_UP_TO:
            print(f"{name:<24}{'not run: minutes at this size':>34}")
            continue
        results[name] = _measured(name, folder, runs=1 if name in SLOW else RUNS)
    best = min(results[name].seconds for name in results if name.startswith("duckdb"))
    for name, result in results.items():
        ratio = result.seconds / best
        print(f"{name:<24}{result.seconds:>9.2f}{result.peak_gib:>10.2f}{ratio:>14.2f}x   {result.rows:,}", flush=True)
    if len({result.found() for result in results.values()}) > 1:
        sys.exit("the engines do not agree: " + "; ".join(f"{n} {r.found()}" for n, r in results.items()))
    print("all engines agree on rows, sum and units reported")


def _measured(engine: str, folder: Path, *, runs: int) -> Result:
    """The quickest of several runs, each in a fresh process."""
    command = [sys.executable, "-m", "tests.bench", "consolidation", "--engine", engine, "--folder", str(folder)]
    done = [subprocess.run(command, check=True, capture_output=True, text=True) for _ in range(runs)]
    return min((Result(**json.loads(each.stdout)) for each in done), key=lambda result: result.seconds)


def _finished(begun: float, found: tuple[Any, ...]) -> Result:
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    rows, total, reported = map(int, found)
    return Result(seconds, peak, rows, total, reported)


# --- this engine --------------------------------------------------------------------------------------


def _abacus(folder: Path) -> Result:
    begun = time.perf_counter()
    parents = np.load(folder / "parents.npy")
    tree = Tree(invented.Organisation(parents, parents).edges())
    values = pq.read_table(folder / "values.parquet", read_dictionary=["unit", "indicator"])
    periods = calendar_periods(MONTHS_IN, invented.FIRST_DAY, invented.LAST_DAY)
    figures = consolidate(values, tree, invented.measures(), periods=periods)
    seconds = time.perf_counter() - begun
    found = len(figures), pc.sum(figures["value"].cast(pa.int64())).as_py(), pc.sum(figures["reported"]).as_py()
    return _finished(time.perf_counter() - seconds, found)


# --- DuckDB -------------------------------------------------------------------------------------------


def _build_duckdb(folder: Path) -> None:
    """DuckDB's own file, in order of what is grouped by, with every unit's superior and depth."""
    parents = np.load(folder / "parents.npy")
    units = _units(parents)  # noqa: F841 -- DuckDB finds it by its name
    with duckdb.connect(str(folder / "bench.duckdb")) as connection:
        numbers = f"read_parquet('{folder / 'numbers.parquet'}')"
        connection.execute(f"CREATE TABLE reported AS SELECT * FROM {numbers} ORDER BY indicator, unit, month")
        connection.execute("CREATE TABLE units AS SELECT * FROM units")
        connection.execute(
            "CREATE TABLE under AS WITH RECURSIVE up AS (SELECT unit, unit AS above FROM units UNION ALL "
            "SELECT up.unit, units.parent FROM up JOIN units ON units.unit = up.above WHERE units.parent >= 0) "
            "SELECT * FROM up"
        )


def _units(parents: np.ndarray[Any, np.dtype[np.int64]]) -> pa.Table:
    depth = np.zeros(len(parents), dtype=np.int64)
    for unit in range(1, len(parents)):
        depth[unit] = depth[parents[unit]] + 1
    columns = np.arange(len(parents), dtype=np.int32), parents.astype(np.int32), depth.astype(np.int32)
    return pa.table(dict(zip(("unit", "parent", "depth"), columns, strict=True)))


_OWN = """
CREATE TEMP TABLE own AS
SELECT indicator, unit, month::INTEGER AS period, sum(value)::BIGINT AS value, 1 AS reported
  FROM reported GROUP BY ALL
UNION ALL
SELECT indicator, unit, 1000 + month // 3, sum(value)::BIGINT, 1 FROM reported GROUP BY ALL
UNION ALL
SELECT indicator, unit, 2000 + month // 12, sum(value)::BIGINT, 1 FROM reported GROUP BY ALL
"""


def _duckdb_naive(folder: Path) -> Result:
    """Every unit's own figures joined with all it is under."""
    everything = (
        "CREATE TEMP TABLE figures AS SELECT indicator, above AS unit, period, sum(value)::BIGINT AS value, "
        "sum(reported)::INTEGER AS reported FROM own JOIN under USING (unit) GROUP BY ALL"
    )
    return _duckdb(folder, [_OWN, everything])


def _duckdb_staged(folder: Path) -> Result:
    """Level by level, children into parents."""
    depths = range(4, 0, -1)
    folds = [
        f"CREATE TEMP TABLE level{depth - 1} AS SELECT indicator, parent AS unit, period, "
        f"sum(value)::BIGINT AS value, sum(reported)::INTEGER AS reported "
        f"FROM {'own' if depth == 4 else f'level{depth}'} JOIN units USING (unit) GROUP BY ALL"
        for depth in depths
    ]
    everything = " UNION ALL ".join(f"SELECT * FROM {name}" for name in ("own", *(f"level{d - 1}" for d in depths)))
    return _duckdb(folder, [_OWN, *folds, f"CREATE TEMP VIEW figures AS {everything}"])


def _duckdb(folder: Path, statements: list[str]) -> Result:
    with duckdb.connect(str(folder / "bench.duckdb"), read_only=True) as connection:
        connection.execute("SET preserve_insertion_order = false")
        begun = time.perf_counter()
        for statement in statements:
            connection.execute(statement)
        seconds = time.perf_counter() - begun
        found = connection.execute("SELECT count(*), sum(value), sum(reported) FROM figures").fetchone() or ()
    return _finished(time.perf_counter() - seconds, found)


# --- Polars -------------------------------------------------------------------------------------------


def _polars(folder: Path) -> Result:
    """Level by level, streaming."""
    begun = time.perf_counter()
    units = pl.from_arrow(_units(np.load(folder / "parents.npy"))).lazy().select("unit", "parent")  # type: ignore[union-attr]
    reported = pl.scan_parquet(folder / "numbers.parquet").with_columns(pl.col("value").cast(pl.Int64))
    own = pl.concat(
        [
            reported.group_by(
                "indicator", "unit", (base + pl.col("month").cast(pl.Int32) // months).alias("period")
            ).agg(pl.col("value").sum(), pl.lit(1, pl.Int32).alias("reported"))
            for base, months in ((0, 1), (1000, 3), (2000, 12))
        ]
    ).collect(engine="streaming")
    levels = [own]
    for _ in range(4):
        level = (
            levels[-1]
            .lazy()
            .join(units, on="unit")
            .group_by("indicator", pl.col("parent").alias("unit"), "period")
            .agg(pl.col("value").sum(), pl.col("reported").sum())
            .collect(engine="streaming")
        )
        levels.append(level)
    figures = pl.concat(levels)
    seconds = time.perf_counter() - begun
    found = len(figures), figures["value"].sum(), figures["reported"].cast(pl.Int64).sum()
    return _finished(time.perf_counter() - seconds, found)


# --- SQLite -------------------------------------------------------------------------------------------


def _sqlite(folder: Path) -> Result:
    """Plain SQL, level by level; what it takes to fill its table is not counted."""
    connection = sqlite3.connect(folder / "bench.sqlite")
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY")
    connection.execute("CREATE TABLE units (unit INTEGER PRIMARY KEY, parent INTEGER, depth INTEGER)")
    connection.executemany("INSERT INTO units VALUES (?, ?, ?)", zip(*_units_rows(folder), strict=True))
    connection.execute("CREATE TABLE reported (unit INTEGER, indicator INTEGER, month INTEGER, value INTEGER)")
    for batch in pq.ParquetFile(folder / "numbers.parquet").iter_batches():
        rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
        connection.executemany("INSERT INTO reported VALUES (?, ?, ?, ?)", rows)
    connection.commit()
    begun = time.perf_counter()
    connection.execute("CREATE TEMP TABLE figures (indicator, unit, period, value, reported, depth)")
    for base, months in ((0, 1), (1000, 3), (2000, 12)):
        connection.execute(
            f"INSERT INTO figures SELECT indicator, unit, {base} + month / {months}, sum(value), 1, 4 "
            "FROM reported GROUP BY 1, 2, 3"
        )
    for depth in range(4, 0, -1):
        connection.execute(
            f"INSERT INTO figures SELECT indicator, parent, period, sum(value), sum(reported), {depth - 1} "
            f"FROM figures JOIN units USING (unit) WHERE figures.depth = {depth} GROUP BY 1, 2, 3"
        )
    seconds = time.perf_counter() - begun
    found = connection.execute("SELECT count(*), sum(value), sum(reported) FROM figures").fetchone()
    connection.close()
    return _finished(time.perf_counter() - seconds, found)


def _units_rows(folder: Path) -> list[list[int]]:
    return [column.to_pylist() for column in _units(np.load(folder / "parents.npy")).columns]


ENGINES: dict[str, Callable[[Path], Result]] = {
    "abacus": _abacus,
    "duckdb naive": _duckdb_naive,
    "duckdb staged": _duckdb_staged,
    "polars staged": _polars,
    "sqlite": _sqlite,
}
