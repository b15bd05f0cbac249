"""An invented organisation of five levels and five years of its monthly reports, the same every time."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from abacus import Edge, Measure

FIRST_DAY = date(2020, 1, 1)
LAST_DAY = date(2024, 12, 31)
MONTHS = 60
INDICATORS = 200
INDICATORS_PER_LEAF = 17
_FULL_LEVELS = (34, 340, 3_300, 20_000)
_VALUES_PER_LEAF = INDICATORS_PER_LEAF * MONTHS


@dataclass(frozen=True)
class Organisation:
    """Units by number, the root first, level after level; `parents` is -1 at the root."""

    parents: np.ndarray[Any, np.dtype[np.int64]]
    leaves: np.ndarray[Any, np.dtype[np.int64]]

    @classmethod
    def of_size(cls, values: int) -> "Organisation":
        """One whose leaves report about that many values; at 20 million its levels are 1/34/340/3,300/20,000."""
        share = values / (_FULL_LEVELS[-1] * _VALUES_PER_LEAF)
        parents, above = [np.array([-1])], np.array([0])
        for full in _FULL_LEVELS:
            count = max(round(full * share), 1)
            parents.append(above[np.arange(count) * len(above) // count])
            above = np.arange(above[-1] + 1, above[-1] + 1 + count)
        return cls(np.concatenate(parents), above)

    def edges(self) -> list[Edge]:
        """As the engine takes them."""
        return [Edge(_unit(u), None if p < 0 else _unit(p), FIRST_DAY) for u, p in enumerate(self.parents.tolist())]


def measures() -> list[Measure]:
    """Counts, added up over units and over time."""
    return [Measure(f"I{number:03}") for number in range(INDICATORS)]


def write(folder: Path, values: int) -> Organisation:
    """Write the values twice, month by month: with names (values.parquet) and with numbers (numbers.parquet)."""
    organisation = Organisation.of_size(values)
    random = np.random.default_rng(20)
    leaves = organisation.leaves
    chosen = np.argsort(random.random((len(leaves), INDICATORS)), axis=1)[:, :INDICATORS_PER_LEAF]
    unit = np.repeat(leaves, INDICATORS_PER_LEAF).astype(np.int32)
    indicator = np.sort(chosen, axis=1).ravel().astype(np.int32)
    starts = np.array([np.datetime64("2020-01", "M") + month for month in range(MONTHS + 1)]).astype("datetime64[D]")
    size = len(unit)
    units = pa.array([_unit(number) for number in range(len(organisation.parents))])
    indicators = pa.array([measure.code for measure in measures()])
    named, numbered = _files(folder)
    with named as names, numbered as numbers:
        for month in range(MONTHS):
            value = pa.array(random.integers(0, 1000, size))
            names.write(
                pa.table(
                    {
                        "unit": pa.DictionaryArray.from_arrays(unit, units),
                        "indicator": pa.DictionaryArray.from_arrays(indicator, indicators),
                        "starts_on": pa.array(np.full(size, starts[month])),
                        "ends_on": pa.array(np.full(size, starts[month + 1])),
                        "value": value,
                    }
                )
            )
            numbers.write(
                pa.table(
                    {
                        "unit": unit,
                        "indicator": indicator.astype(np.int16),
                        "month": np.full(size, month, dtype=np.int16),
                        "value": value.cast(pa.int32()),
                    }
                )
            )
    return organisation


def _files(folder: Path) -> tuple[pq.ParquetWriter, pq.ParquetWriter]:
    name = pa.dictionary(pa.int32(), pa.string())
    named = pa.schema(
        [
            ("unit", name),
            ("indicator", name),
            ("starts_on", pa.date32()),
            ("ends_on", pa.date32()),
            ("value", pa.int64()),
        ]
    )
    numbered = pa.schema(
        [("unit", pa.int32()), ("indicator", pa.int16()), ("month", pa.int16()), ("value", pa.int32())]
    )
    return pq.ParquetWriter(folder / "values.parquet", named), pq.ParquetWriter(folder / "numbers.parquet", numbered)


def _unit(number: int) -> str:
    return f"U{number:05}"
