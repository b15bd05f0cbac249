"""What an area calls when a thing that has words comes, changes or goes.

Nothing here asks for authority or writes the journal: the act that calls has done both, and the index only follows
what it saved. Call inside the act's transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import islice

from django.db import transaction

from nennep.search import words
from nennep.search.models import Entry
from nennep.search.rules import Kind, Put, tokens, words_in, written

_BATCH = 5_000
_LONGEST_TITLE = 400


def put(
    kind: Kind,
    key: int,
    *,
    unit_id: int | None,
    title: str,
    dated_on: date,
    text: str = "",
    audience: Collection[int] = (),
    within_unit: bool = False,
) -> None:
    """Make one thing findable, or tell the index what it has become. `key` is the id that its page is opened by.

    It is found by posts whose permission for the kind (`rules.NEEDED`) reaches its unit or a unit of the audience;
    with `within_unit` (a draft) only by posts of these very units.
    """
    put_many([Put(kind, key, unit_id, title, text, dated_on, tuple(audience), within_unit)])


def put_many(puts: Iterable[Put]) -> int:
    """The same for many, in batches; answers with their number. A thing named twice is as it was named last."""
    return sum(_put_batch(batch) for batch in _batches(puts))


def forget(kind: Kind, key: int) -> None:
    """Take one thing out of the index; nothing happens when it is not there."""
    forget_many(kind, [key])


@transaction.atomic
def forget_many(kind: Kind, keys: Collection[int]) -> None:
    """Take these things out of the index."""
    gone = list(Entry.objects.filter(kind=kind, key__in=keys).values_list("pk", "dated_on"))
    if gone:
        words.remove(gone)
        Entry.objects.filter(pk__in=[pk for pk, _ in gone]).delete()


@transaction.atomic
def rebuild(puts: Iterable[Put]) -> int:
    """Throw the whole index away and build it of these; answers with their number. Nobody sees it half built."""
    words.empty()
    Entry.objects.all().delete()
    known: set[str] = set()
    count = sum(_insert(batch, known) for batch in _batches(puts))
    words.settle()
    return count


@transaction.atomic
def _put_batch(batch: list[Put]) -> int:
    newest = {(one.kind, one.key): one for one in batch}
    keys: dict[Kind, list[int]] = {}
    for kind, key in newest:
        keys.setdefault(kind, []).append(key)
    for kind, of_kind in keys.items():
        forget_many(kind, of_kind)
    return _insert(list(newest.values()), set())


def _insert(batch: list[Put], known: set[str]) -> int:
    """Write entries and their words; `known` are words that were written before, and grows."""
    entries = Entry.objects.bulk_create([_entry(one) for one in batch])
    rows = [
        words.Row(entry.pk, entry.dated_on, Kind(entry.kind), entry.seen_by, tokens(entry.title, entry.text))
        for entry in entries
    ]
    words.add(rows)
    said = words_in(row.tokens for row in rows)
    words.learn(said - known)
    known |= said
    return len(entries)


def _entry(one: Put) -> Entry:
    return Entry(
        kind=one.kind,
        key=one.key,
        unit_id=one.unit_id,
        title=written(" ".join(one.title.split()))[:_LONGEST_TITLE],
        text=written(one.text.strip()),
        dated_on=one.dated_on,
        seen_by=list(one.seen_by),
    )


def _batches(puts: Iterable[Put]) -> Iterator[list[Put]]:
    waiting = iter(puts)
    while batch := list(islice(waiting, _BATCH)):
        yield batch
