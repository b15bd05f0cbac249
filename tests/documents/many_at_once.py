"""Many who write, draw numbers, issue, take in and register at the same moment, each on a connection of their own.

`python -m tests.documents.many_at_once` migrates the database that NENNEP_DATABASE names, lets them, and prints what
came of it as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from threading import Barrier, Thread
from typing import Any

import django

CLIENTS, NUMBERS = 16, 1000


Types = dict[str, Any]


def draw(cast: Any, types: Types) -> dict[str, Any]:
    """A thousand numbers by sixteen clients; the register itself is made by whoever comes first."""
    from nennep.documents.models import Document, Register, RegisterEntry
    from nennep.documents.services import registers
    from tests.cast import NOW
    from tests.documents.world import TODAY

    unit_id = cast.units["DV-1"]
    documents = Document.objects.bulk_create(
        [Document(unit_id=unit_id, type=types["plan"], subject=str(n), created_at=NOW) for n in range(NUMBERS)]
    )

    def client(mine: Sequence[Document]) -> None:
        by = cast.actor("vai")
        for document in mine:
            registers.draw_number(unit_id, types["plan"], TODAY, document=document, by=by)

    begun = time.perf_counter()
    errors = together([partial(client, documents[n::CLIENTS]) for n in range(CLIENTS)])
    seconds = time.perf_counter() - begun
    numbers = RegisterEntry.objects.filter(register__unit_id=unit_id).order_by("number")
    return {
        "numbers": list(numbers.values_list("number", flat=True)),
        "documents": numbers.values("document").distinct().count(),
        "last_number": Register.objects.get(unit_id=unit_id).last_number,
        "errors": errors,
        "seconds": seconds,
    }


def issue(cast: Any, types: Types) -> dict[str, Any]:
    """Two clerks issue one document, and two documents want one kept number, five times each."""
    from nennep.documents.models import Register, RegisterEntry
    from nennep.documents.services import registers, route
    from tests.documents.world import TODAY, signed

    same_document, same_number = [], []
    for _ in range(5):
        document = signed(cast, types, unit="SH-1")
        act = partial(route.issue, document.pk, unit_symbol="ĐBP", by=cast.actor("thanh"))
        errors = together([act, act])
        same_document.append([*errors, document.register_entries.count()])
        kept = registers.reserve_numbers(types["plan"].pk, TODAY, 1, "Dành trước", by=cast.actor("thanh"))[0]
        acts = [
            partial(
                route.issue,
                signed(cast, types, unit="SH-1").pk,
                unit_symbol="ĐBP",
                by=cast.actor("thanh"),
                entry_id=kept.pk,
            )
            for _ in range(2)
        ]
        errors = together(acts)
        same_number.append([*errors, RegisterEntry.objects.get(pk=kept.pk).state])
    register = Register.objects.get(unit_id=cast.units["SH-1"])
    found = set(register.entries.values_list("number", flat=True))
    gaps = sorted(set(range(1, register.last_number + 1)) - found)
    return {"same_document": same_document, "same_number": same_number, "gaps": gaps}


def receive(cast: Any, types: Types) -> dict[str, Any]:
    """Two clerks take in one dispatch, and two register one paper from outside, five times each."""
    from nennep.documents.models import Incoming, RegisterEntry
    from nennep.documents.services import dispatch, incoming
    from tests.documents.world import TODAY, issued, signed

    refused = []
    for number in range(5):
        document = signed(cast, types)
        dispatch.name_recipients(document.pk, [cast.units["SH"]], by=cast.actor("kehoach"))
        issued(cast, document)
        act = partial(dispatch.receive, document.dispatches.get().pk, by=cast.actor("hanh"))
        paper = incoming.Arrival("Quân khu 2", str(number), TODAY, TODAY, "CV-QK2", subject="Phối hợp")
        again = partial(incoming.register_incoming, paper, by=cast.actor("hanh"))
        refused.append(together([act, act, again, again]))
    return {
        "refused": refused,
        "incoming": Incoming.objects.count(),
        "numbers": sorted(RegisterEntry.objects.filter(incoming__isnull=False).values_list("number", flat=True)),
    }


def write(cast: Any, types: Types) -> dict[str, Any]:
    """Two writers save one draft from one revision, and two answer one request for an opinion, five times each."""
    from nennep.documents.models import Document, Opinion
    from nennep.documents.services import drafts, opinions
    from tests.documents.world import TODAY, written

    refused = []
    for _ in range(5):
        document = written(cast, types, unit="SH")
        by = cast.actor("hanh")
        saves = [
            partial(drafts.save_typed, document.pk, text, revision=1, by=by) for text in ("1. Của tôi.", "1. Của anh.")
        ]
        told = together(saves)
        [request] = opinions.ask_opinions(document.pk, [cast.units["SH-1"]], TODAY, revision=2, by=by)
        said = [opinions.Said("Nhất trí, thêm một bản.")]
        answer = partial(opinions.give_opinions, request.pk, said, by=cast.actor("thanh"))
        told += together([answer, answer])
        refused.append([*told, Document.objects.get(pk=document.pk).draft_revision])
    return {"refused": refused, "opinions": Opinion.objects.count()}


def together(acts: Sequence[Callable[[], object]]) -> list[str]:
    """Do all at once, each in its own thread; the names of the refusals, in order."""
    from django.db import connection

    from nennep.documents.services.refusals import DocumentsRefused

    start, refused = Barrier(len(acts)), list[str]()

    def begun(act: Callable[[], object]) -> None:
        start.wait(30)
        try:
            act()
        except DocumentsRefused as no:
            refused.append(no.why)
        except Exception as error:  # noqa: BLE001 -- whatever went wrong is told and fails the test
            refused.append(type(error).__name__)
        finally:
            connection.close()

    threads = [Thread(target=begun, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(refused)


def main() -> None:
    """Make the world and let them all."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nennep.site.settings")
    django.setup()
    from django.core.management import call_command

    from tests.cast import make_cast
    from tests.documents.world import make_types

    call_command("migrate", verbosity=0)
    cast, types = make_cast(), make_types()
    acts = {"draw": draw, "issue": issue, "receive": receive, "write": write}
    sys.stdout.write(json.dumps({name: act(cast, types) for name, act in acts.items()}))


if __name__ == "__main__":
    main()
