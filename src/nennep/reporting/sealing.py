"""Closed books: the versions that counted, written once to a Parquet file whose digest is checked at every reading."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from nennep.reporting.models import Round
from nennep.reporting.queries import Counted
from nennep.reporting.rules.content import Content

#: One row a cell (`value`) or a statement (`text`), with the version it stands in.
SCHEMA = pa.schema(
    [
        ("unit", pa.string()),
        ("report_id", pa.int64()),
        ("version_id", pa.int64()),
        ("version_number", pa.int32()),
        ("digest", pa.string()),
        ("accepted_at", pa.timestamp("us", tz="UTC")),
        ("indicator", pa.string()),
        ("value", pa.decimal128(38, 6)),
        ("statement_id", pa.string()),
        ("section", pa.string()),
        ("kind", pa.string()),
        ("text", pa.string()),
    ]
)


class SealBroken(Exception):
    """A sealed file is missing or is not the one that was sealed."""


def write(round_: Round, versions: Iterable[tuple[Counted, str, Content]]) -> tuple[str, str]:
    """Seal what counts in a round; returns the file's name and its SHA-256 (hex).

    `versions` gives, for each counted version, the unit's code and what it says. The file is on disk, synced, before
    this returns; an earlier file of a closing that did not come to its end is replaced.
    """
    rows = [row for item in versions for row in _rows(*item)]
    table = pa.Table.from_pylist(rows, schema=SCHEMA)
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", row_group_size=1 << 20)
    data = sink.getvalue().to_pybytes()
    digest = hashlib.sha256(data).hexdigest()
    name = f"{round_.form.code}-{round_.period_code}-{digest[:12]}.parquet"
    write_whole(settings.SEALED / name, data)
    return name, digest


def read(round_: Round) -> pa.Table:
    """What was sealed for a round, in the shape of SCHEMA. Raises SealBroken when the file is not what was sealed."""
    path = Path(settings.SEALED) / round_.seal_file
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SealBroken(f"{round_.seal_file}: cannot be read ({error.strerror})") from error
    if hashlib.sha256(data).hexdigest() != round_.seal_digest:
        raise SealBroken(f"{round_.seal_file}: its digest is not the one that was sealed")
    return pq.read_table(pa.BufferReader(data))


def _rows(counted: Counted, unit: str, content: Content) -> Iterable[dict[str, object]]:
    head = {
        "unit": unit,
        "report_id": counted.report_id,
        "version_id": counted.version_id,
        "version_number": counted.number,
        "digest": counted.digest,
        "accepted_at": counted.accepted_at,
    }
    if not content.cells and not content.statements:
        yield head
    for indicator, text in content.cells.items():
        yield head | {"indicator": indicator, "value": Decimal(text)}
    for statement in content.statements:
        yield head | {
            "statement_id": statement.id,
            "section": statement.section,
            "kind": str(statement.kind),
            "text": statement.text,
        }


def write_whole(path: Path, data: bytes) -> None:
    """Write a whole file or none: to a neighbour first, synced, then renamed, and the folder synced too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half_done = path.with_name(f"{path.name}.{os.getpid()}.part")
    with half_done.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    half_done.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
