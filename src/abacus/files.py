"""Consolidation from file to file: CSV in, CSV or Parquet out, every complaint with its file and line."""

import csv
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from abacus._consolidate import consolidate
from abacus._days import as_date
from abacus._errors import FileError, InputError, MeasureError, PeriodError, TreeError, ValuesError
from abacus._exact import ROUNDED_TO
from abacus._measures import Measure, Measures
from abacus._periods import Period, calendar_periods
from abacus._tree import Edge, Tree

_UNITS = ("unit", "parent", "starts_on", "ends_on")
_INDICATORS = ("indicator", "over_units", "over_time", "numerator", "denominator", "factor", "part_of")
_VALUES = ("unit", "indicator", "starts_on", "ends_on", "value")
_TEXTS = {name: pa.string() for name in ("unit", "indicator", "period", "value")} | {
    name: pa.date32() for name in ("starts_on", "ends_on")
}
_ROWS_AT_ONCE = 2**20
_SPECIAL = frozenset(',"\r\n')


def consolidate_files(
    units: Path,
    indicators: Path,
    values: Path,
    *,
    by: Iterable[str],
    output: Path,
    on: date | None = None,
    as_was: bool = False,
    known_at: datetime | None = None,
) -> int:
    """Consolidate the values of a CSV file for calendar periods and write the figures to `output`.

    The columns are those of `Edge` (units), `Measure` (indicators) and `consolidate` (values); `by` names the kinds of
    period; `output` ends in .csv or .parquet. Returns how many figures were written.

    Raises FileError, with file and line, if something given is wrong, and AbacusError if what is asked cannot be
    answered; `output` is then left as it was.
    """
    write = _writer(output)
    tree = read_tree(units)
    measures = read_measures(indicators)
    table = _read_values(values)
    with _lines_of(values, ValuesError):
        periods = _calendar(table, by)
        figures = consolidate(table, tree, measures.values(), periods=periods, on=on, as_was=as_was, known_at=known_at)
    _put_in_place(output, lambda partial: write(figures, partial))
    return len(figures)


def read_tree(path: Path) -> Tree:
    """The tree of a CSV file with unit, parent, starts_on, ends_on and, if there are any, kind."""
    rows = _read_rows(path, _UNITS)
    with _lines_of(path, TreeError):
        return Tree(
            [
                Edge(
                    _filled(row, "unit", number),
                    row["parent"] or None,
                    _day(_filled(row, "starts_on", number), number),
                    _day(row["ends_on"], number) if row["ends_on"] else None,
                    row.get("kind") or "",
                )
                for number, row in enumerate(rows)
            ]
        )


def read_measures(path: Path) -> Measures:
    """The measures of a CSV file with the columns of `Measure`; what is empty is as `Measure` has it."""
    rows = _read_rows(path, _INDICATORS[:1])
    with _lines_of(path, MeasureError):
        return Measures([_measure(row, number) for number, row in enumerate(rows)])


def _measure(row: dict[str, str], number: int) -> Measure:
    given = {name: text for name, text in row.items() if name in _INDICATORS[1:] and text}
    try:
        return Measure(_filled(row, "indicator", number), **given)
    except MeasureError as error:
        raise MeasureError(str(error), row=number) from None


def _filled(row: dict[str, str], name: str, number: int) -> str:
    if not row[name]:
        raise InputError(f"{name} is empty", row=number)
    return row[name]


def _day(text: str, row: int) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is not a day such as 2025-07-15", row=row) from None


def _read_rows(path: Path, wanted: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a small CSV file, every cell without the space around it."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            _check_header(path, reader.fieldnames or (), wanted)
            rows = []
            for row in reader:
                if None in row or None in row.values():
                    raise FileError(f"{path}:{reader.line_num}: the line does not have as many cells as the header")
                rows.append({name: text.strip() for name, text in row.items()})
            return rows
    except UnicodeDecodeError:
        _check_utf8(path)
        raise
    except OSError as error:
        raise FileError(f"{path}: {error.strerror}") from None
    except csv.Error as error:
        raise FileError(f"{path}: {error}") from None


def _check_utf8(path: Path) -> None:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                raise FileError(f"{path}:{number}: the text is not UTF-8") from None


def _check_header(path: Path, names: Iterable[str], wanted: tuple[str, ...]) -> None:
    missing = [name for name in wanted if name not in names]
    if missing:
        raise FileError(f"{path}:1: no column {', '.join(missing)}")


def _read_values(path: Path) -> Any:
    """The values as text, days as days; units and indicators each named once."""
    name = pa.dictionary(pa.int32(), pa.string())
    types = {"unit": name, "indicator": name, "starts_on": pa.date32(), "ends_on": pa.date32()}
    text = {"value": pa.string(), "known_at": pa.string()}
    try:
        return _read_csv(path, types | text)
    except pa.ArrowInvalid as error:
        _check_utf8(path)
        problem = str(error).splitlines()[0]
    # Some day is no day: read them as texts, to tell which.
    table = _read_csv(path, dict.fromkeys([*types, *text], pa.string()))
    with _lines_of(path, ValuesError):
        for column in ("starts_on", "ends_on"):
            for row, cell in enumerate(table[column].to_pylist()):
                _day(cell or "", row)
    raise FileError(f"{path}: {problem}")


def _read_csv(path: Path, types: dict[str, Any]) -> Any:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            _check_header(path, next(csv.reader(file), ()), _VALUES)
        return pacsv.read_csv(
            path,
            parse_options=pacsv.ParseOptions(newlines_in_values=_has_quotes(path)),
            convert_options=pacsv.ConvertOptions(column_types=types, strings_can_be_null=True, null_values=[""]),
        )
    except UnicodeDecodeError:
        _check_utf8(path)
        raise
    except OSError as error:
        raise FileError(f"{path}: {error.strerror}") from None
    except csv.Error as error:
        raise FileError(f"{path}: {error}") from None
    except pa.ArrowInvalid as error:
        if "CSV parse error" in str(error):
            _find_ragged_line(path)
        raise


def _has_quotes(path: Path) -> bool:
    """Whether a cell may hold a line break; reading is several times quicker where none does."""
    with path.open("rb") as file:
        return any(b'"' in block for block in iter(lambda: file.read(2**22), b""))


def _find_ragged_line(path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        width = len(next(reader))
        for cells in reader:
            if cells and len(cells) != width:
                raise FileError(f"{path}:{reader.line_num}: the line does not have as many cells as the header")


def _calendar(table: Any, by: Iterable[str]) -> list[Period]:
    if not len(table):
        return calendar_periods(by, date.max, date.min)
    if table["starts_on"].null_count == len(table) or table["ends_on"].null_count == len(table):
        return []
    first = pc.min(table["starts_on"]).as_py()
    end = pc.max(table["ends_on"]).cast(pa.int32()).as_py()
    return calendar_periods(by, first, as_date(end - 1))


@contextmanager
def _lines_of(path: Path, kind: type[InputError]) -> Iterator[None]:
    """Name the file and the line in what is raised about a row of it."""
    try:
        yield
    except PeriodError:
        raise
    except InputError as error:
        if not isinstance(error, kind) and type(error) is not InputError:
            raise
        if error.row is None:
            raise FileError(f"{path}: {error}") from None
        raise FileError(f"{path}:{_line_of(path, error.row)}: {error}") from None


def _line_of(path: Path, row: int) -> int:
    """The line a row begins on: cells may hold line breaks, and empty lines are no rows."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        begins, seen = 1, -2
        for cells in reader:
            if cells:
                seen += 1
            if cells and seen == row:
                return begins
            begins = reader.line_num + 1
    return begins


def _writer(output: Path) -> Callable[[Any, Path], None]:
    writers = {".csv": _write_csv, ".parquet": _write_parquet}
    if output.suffix not in writers:
        raise FileError(f"{output}: the name must end in .csv or .parquet")
    return writers[output.suffix]


def _write_csv(figures: Any, path: Path) -> None:
    names = [name for column in ("unit", "indicator", "period") for name in pc.unique(figures[column]).to_pylist()]
    quoting = "needed" if any(_SPECIAL & set(name) for name in names) else "none"
    options = pacsv.WriteOptions(quoting_style=quoting, quoting_header="none")
    schema = pa.schema([(field.name, _TEXTS.get(field.name, field.type)) for field in figures.schema])
    with pacsv.CSVWriter(path, schema, write_options=options) as writer:
        for batch in figures.to_batches(max_chunksize=_ROWS_AT_ONCE):
            texts = {name: batch[name].cast(kind) for name, kind in _TEXTS.items() if name != "value"}
            columns = {**dict(zip(schema.names, batch.columns, strict=True)), **texts}
            columns["value"] = _plain_decimals(batch["value"])
            writer.write_batch(pa.record_batch(columns, schema=schema))


def _write_parquet(figures: Any, path: Path) -> None:
    pq.write_table(figures, path, compression="zstd")


def _plain_decimals(column: Any) -> Any:
    """Decimals as text without zeros that say nothing, and never with an exponent."""
    scale = column.type.scale
    if scale > ROUNDED_TO:
        texts = [format(number, "f") for number in column.to_pylist()]
        column = pa.array(texts, pa.string())
    else:
        column = column.cast(pa.string())
    return pc.utf8_rtrim(pc.utf8_rtrim(column, "0"), ".") if scale else column


def _put_in_place(output: Path, write: Callable[[Path], None]) -> None:
    """Write beside the output first, so that there is never half a file under its name."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{output.name}.", dir=output.parent)
        os.close(handle)
    except OSError as error:
        raise FileError(f"{output}: {error.strerror}") from None
    partial = Path(name)
    try:
        write(partial)
        partial.chmod(0o666 & ~_umask())
        partial.replace(output)
    except OSError as error:
        raise FileError(f"{output}: {error.strerror}") from None
    finally:
        partial.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
