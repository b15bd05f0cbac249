"""Writing rows of a pack: what differs, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Count:
    """What loading did to the rows of one table."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0


def write(
    table: models.QuerySet[M],
    wanted: Sequence[M],
    *,
    key: Sequence[str],
    guard: Callable[[models.Model], None] = lambda _: None,
    stale: Iterable[M] = (),
) -> Count:
    """Add the rows that are not there, change those that differ, remove those of `stale` that nobody wants.

    `guard` is shown every row, as it stands, that would be changed or removed, and may raise.
    """
    present = {_key(row, key): row for row in table}
    kept = {_key(row, key) for row in wanted}
    added = [row for row in wanted if _key(row, key) not in present]
    changed = []
    for row in wanted:
        old = present.get(_key(row, key))
        if old is not None and _said(old) != _said(row):
            guard(old)
            row.pk = old.pk
            changed.append(row)
    removed = [row for row in stale if _key(row, key) not in kept]
    for row in removed:
        guard(row)
    table.filter(pk__in=[row.pk for row in removed]).delete()
    table.bulk_create(added)
    if changed:
        table.bulk_update(changed, [name for name in _said(changed[0]) if name not in key], batch_size=200)
    return Count(len(added), len(changed), len(removed), len(wanted) - len(added) - len(changed))


def _said(row: models.Model) -> dict[str, Any]:
    """The row's columns without its id."""
    return {name: value for name, value in vars(row).items() if name not in {"_state", "id"}}


def _key(row: models.Model, key: Sequence[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in key)
