"""The table of words, in the kind each database has for it: FTS5 on SQLite, a tsvector with GIN on PostgreSQL.

A row's number orders it: the newest day first, within a day what was put last. So the engine walks through what
matches in the order of telling and stops when a page is full, however many rows match. The table is made by the
migration; Django knows nothing of it.

The beginning of a word is asked for as all the words that begin so: an engine walks through single words, but gathers
everything under a beginning first. Beside the table stands therefore the list of all words (`models.Word`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import Q

from nennep.search.models import Word
from nennep.search.rules import FOLDED, Kind, Term, Wanted, Where, fold, spelt

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


#: A beginning of which more words are known is left to the engine; on SQLite the migration has an index for these.
_MOST_ENDINGS = 64
#: Up to so many units are looked for inside the index, among the words; beyond it what matches is sifted.
_MOST_UNITS_AS_WORDS = 64


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
    """Take out everything, to fill it anew and then to `settle` it within the same transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO search_words (search_words) VALUES ('delete-all')")
        else:
            cursor.execute("TRUNCATE search_words")
            # Built at once at the end it takes a fraction of the time.
            cursor.execute("DROP INDEX search_words_hold")


def learn(new: Collection[str]) -> None:
    """Keep these words among those known."""
    Word.objects.bulk_create([Word(word) for word in sorted(new)], ignore_conflicts=True, batch_size=2_000)


def settle() -> None:
    """After `empty` and what was written since: put the index in order, and let the database know what it holds."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO search_words (search_words) VALUES ('optimize')")
        else:
            cursor.execute("CREATE INDEX search_words_hold ON search_words USING gin (tokens)")
            cursor.execute("ANALYZE search_words")


# --- asking ---------------------------------------------------------------------------------------

#: How a beginning goes on: all the words known that begin so, or None where there are too many.
Endings = Mapping[str, Sequence[str] | None]


def endings(terms: Sequence[Term]) -> Endings:
    """The words that begin as the terms that may go on, with and without accents. One short query for each."""
    begun = {term.words[-1] for term in terms if term.begins}
    return {beginning: _going_on(beginning) for beginning in begun | {fold(word) for word in begun}}


def _going_on(beginning: str) -> list[str] | None:
    # Each engine in the way in which its index of the column answers: by its bytes here, by a pattern there.
    after = beginning[:-1] + chr(ord(beginning[-1]) + 1)
    in_bytes = connection.vendor == "sqlite"
    begins = Q(word__gte=beginning, word__lt=after) if in_bytes else Q(word__startswith=beginning)
    found = list(Word.objects.filter(begins).values_list("word", flat=True)[: _MOST_ENDINGS + 1])
    return found if len(found) <= _MOST_ENDINGS else None


def find(wanted: Wanted, ends: Endings, seen: Sequence[Seen], *, before: int | None, limit: int) -> list[int]:
    """The places of what is wanted and may be seen, newest first, from below a place on."""
    ask = _find_in_fts5 if connection.vendor == "sqlite" else _find_in_postgres
    return ask(wanted, ends, seen, before or 1 << 62, limit) if seen else []


def _spelt_terms(wanted: Wanted, where: Where, ends: Endings) -> Iterator[tuple[list[str], list[str] | None]]:
    """Each term as tokens, and what its last may be; None where that is a mere beginning."""
    for term in wanted.terms:
        last = fold(term.words[-1]) if where.place in FOLDED else term.words[-1]
        known = ends[last] if term.begins and not where.whole else [last]
        said = [spelt(word, where.place) for word in term.words]
        yield said, None if known is None else [spelt(word, where.place) for word in known]


# --- in FTS5 --------------------------------------------------------------------------------------


def _find_in_fts5(wanted: Wanted, ends: Endings, seen: Sequence[Seen], before: int, limit: int) -> list[int]:
    match = _all_in_fts5(wanted, wanted.where, ends)
    sifted = "1"
    if max(len(one.units) for one in seen) <= _MOST_UNITS_AS_WORDS:
        may_see = (f"({_any(_kind_signs(one.kinds))} AND {_any(_unit_signs(one.units))})" for one in seen)
        match = f"{match} AND {_any(list(may_see))}"
    else:
        sifted = " OR ".join(_sifted(one) for one in seen)
    told = [_all_in_fts5(wanted, where, ends) for where in wanted.unless]
    match = f"({match}) NOT {_any(told)}" if told else match
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid FROM search_words WHERE search_words MATCH %s AND rowid < %s AND ({sifted}) "
            "ORDER BY rowid DESC LIMIT %s",
            (match, before, limit),
        )
        return [row[0] for row in cursor.fetchall()]


def _sifted(one: Seen) -> str:
    """The condition that an entry may be seen, of kinds and numbers of our own."""
    kinds = ", ".join(f"'{kind.value}'" for kind in sorted(one.kinds))
    units = ", ".join(str(unit) for unit in sorted(one.units))
    return (
        f"EXISTS (SELECT 1 FROM search_entry, json_each(search_entry.seen_by) AS unit "
        f"WHERE search_entry.id = (search_words.rowid & {_ENTRY_MASK}) AND search_entry.kind IN ({kinds}) "
        f"AND unit.value IN ({units}))"
    )


def _all_in_fts5(wanted: Wanted, where: Where, ends: Endings) -> str:
    parts = []
    for words, lasts in _spelt_terms(wanted, where, ends):
        start = words[:-1]
        phrases = [f'"{" ".join([*start, last])}"' for last in lasts or ()]
        parts.append(f'"{" ".join(words)}"*' if lasts is None else _any(phrases or [f'"{words[-1]}"']))
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


# --- in PostgreSQL --------------------------------------------------------------------------------


def _find_in_postgres(wanted: Wanted, ends: Endings, seen: Sequence[Seen], before: int, limit: int) -> list[int]:
    query = _all_in_postgres(wanted, wanted.where, ends)
    for told in wanted.unless:
        query = f"{query} & !{_all_in_postgres(wanted, told, ends)}"
    may_see = " OR ".join("(kind = ANY(%s) AND seen_by && %s::integer[])" for _ in seen)
    given = [values for one in seen for values in (sorted(kind.value for kind in one.kinds), sorted(one.units))]
    with transaction.atomic(), connection.cursor() as cursor:
        # The planner takes a look into a row's tokens for as cheap as a comparison of numbers, and so walks through
        # all rows to find a rare word; told what it costs, it goes by the index wherever few rows match.
        cursor.execute("SET LOCAL cpu_operator_cost = 1")
        cursor.execute(
            f"SELECT place FROM search_words WHERE tokens @@ %s::tsquery AND ({may_see}) AND place < %s "
            "ORDER BY place DESC LIMIT %s",
            (query, *given, before, limit),
        )
        found = [row[0] for row in cursor.fetchall()]
        cursor.execute("SET LOCAL cpu_operator_cost TO DEFAULT")
    return found


def _all_in_postgres(wanted: Wanted, where: Where, ends: Endings) -> str:
    parts = []
    for words, lasts in _spelt_terms(wanted, where, ends):
        last = f"'{words[-1]}':*" if lasts is None else _any_lexeme(lasts or words[-1:])
        phrase = [*(f"'{word}'" for word in words[:-1]), last]
        parts.append(f"({' <-> '.join(phrase)})")
    return f"({' & '.join(parts)})"


def _any_lexeme(words: Sequence[str]) -> str:
    quoted = (f"'{word}'" for word in words)
    return f"({' | '.join(quoted)})"
