"""The table of words, in the kind each database has for it: FTS5 on SQLite, a tsvector with GIN on PostgreSQL.

A row's number orders it: the newest day first, within a day what was put last. So the engine walks through what
matches in the order of telling and stops when a page is full, however many rows match. The table is made by the
migration; Django knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from nennep.search.rules import Kind, Place, Term, Wanted, spelt

_ENTRY_BITS = 32
_ENTRY_MASK = (1 << _ENTRY_BITS) - 1


@dataclass(frozen=True)
class Row:
    """The words of one entry, and who may find it."""

    entry_id: int
    dated_on: date
    kind: Kind
    seen_by: Sequence[int]
    tokens: str

    @property
    def place(self) -> int:
        return place(self.entry_id, self.dated_on)


@dataclass(frozen=True)
class Seen:
    """Kinds of which one may find what any of these units may see."""

    kinds: frozenset[Kind]
    units: frozenset[int]


def place(entry_id: int, dated_on: date) -> int:
    """The number of an entry's row."""
    return dated_on.toordinal() << _ENTRY_BITS | entry_id


def entry_of(place_: int) -> int:
    """The id of the entry whose row this is."""
    return place_ & _ENTRY_MASK


# --- writing --------------------------------------------------------------------------------------


def add(rows: Iterable[Row]) -> None:
    """Write the words of new entries."""
    # In ascending order SQLite gathers them in memory; a step back makes it write out what it has.
    ordered = sorted(rows, key=lambda row: row.place)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(
                "INSERT OR REPLACE INTO search_words (rowid, tokens) VALUES (%s, %s)",
                [(row.place, f"{row.tokens} {_signs(row)}") for row in ordered],
            )
        else:
            cursor.executemany(
                "INSERT INTO search_words (place, kind, seen_by, tokens) VALUES (%s, %s, %s, to_tsvector('simple', %s))"
                " ON CONFLICT (place) DO UPDATE SET kind = EXCLUDED.kind, seen_by = EXCLUDED.seen_by, "
                "tokens = EXCLUDED.tokens",
                [(row.place, row.kind.value, list(row.seen_by), row.tokens) for row in ordered],
            )


def remove(gone: Iterable[tuple[int, date]]) -> None:
    """Take out the words of these entries, named by id and day."""
    column = "rowid" if connection.vendor == "sqlite" else "place"
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM search_words WHERE {column} = %s", [(place(*one),) for one in gone])


def empty() -> None:
    """Take out everything."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO search_words (search_words) VALUES ('delete-all')")
        else:
            cursor.execute("TRUNCATE search_words")


def settle() -> None:
    """After much was written: let the database know what it holds."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO search_words (search_words) VALUES ('optimize')")
        else:
            cursor.execute("ANALYZE search_words")


# --- asking ---------------------------------------------------------------------------------------


def find(wanted: Wanted, seen: Sequence[Seen], *, before: int | None, limit: int) -> list[int]:
    """The places of what is wanted and may be seen, newest first, from below a place on."""
    ask = _find_in_fts5 if connection.vendor == "sqlite" else _find_in_postgres
    return ask(wanted, seen, before, limit) if seen else []


def _find_in_fts5(wanted: Wanted, seen: Sequence[Seen], before: int | None, limit: int) -> list[int]:
    may_see = " OR ".join(f"({_any(_kind_signs(one.kinds))} AND {_any(_unit_signs(one.units))})" for one in seen)
    told = " OR ".join(_all_in_fts5(wanted.terms, place) for place in wanted.unless)
    match = f"{_all_in_fts5(wanted.terms, wanted.place)} AND ({may_see})"
    match = f"({match}) NOT ({told})" if told else match
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rowid FROM search_words WHERE search_words MATCH %s AND rowid < %s ORDER BY rowid DESC LIMIT %s",
            (match, before or 1 << 62, limit),
        )
        return [row[0] for row in cursor.fetchall()]


def _all_in_fts5(terms: Sequence[Term], where: Place) -> str:
    parts = (f'"{" ".join(spelt(word, where) for word in term.words)}"{"*" if term.begins else ""}' for term in terms)
    return f"({' AND '.join(parts)})"


def _any(signs: Collection[str]) -> str:
    return f"({' OR '.join(signs)})"


def _signs(row: Row) -> str:
    return " ".join((*_kind_signs([row.kind]), *_unit_signs(row.seen_by)))


def _kind_signs(kinds: Collection[Kind]) -> list[str]:
    return [f"k{kind.value}" for kind in sorted(kinds)]


def _unit_signs(units: Collection[int]) -> list[str]:
    """`u12` for whoever reaches unit 12, `o12` for its own posts alone."""
    return [f"u{unit}" if unit >= 0 else f"o{-unit}" for unit in sorted(units)]


def _find_in_postgres(wanted: Wanted, seen: Sequence[Seen], before: int | None, limit: int) -> list[int]:
    query = _all_in_postgres(wanted.terms, wanted.place)
    for told in wanted.unless:
        query = f"{query} & !{_all_in_postgres(wanted.terms, told)}"
    may_see = " OR ".join("(kind = ANY(%s) AND seen_by && %s::integer[])" for _ in seen)
    given = [values for one in seen for values in (sorted(kind.value for kind in one.kinds), sorted(one.units))]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT place FROM search_words WHERE tokens @@ %s::tsquery AND ({may_see}) AND place < %s "
            "ORDER BY place DESC LIMIT %s",
            (query, *given, before or 1 << 62, limit),
        )
        return [row[0] for row in cursor.fetchall()]


def _all_in_postgres(terms: Sequence[Term], where: Place) -> str:
    parts = []
    for term in terms:
        words = [f"'{spelt(word, where)}'" for word in term.words]
        parts.append(f"({' <-> '.join(words)}{':*' if term.begins else ''})")
    return f"({' & '.join(parts)})"
