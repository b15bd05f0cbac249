"""A thousand numbers drawn from one register by sixteen clients at once, and a directive of 40 clauses issued to 440
units, on both databases; each client has a connection of its own.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from functools import partial
from typing import Any

from tests import postgres

UNITS, CLAUSES = 440, 40


def main(arguments: list[str]) -> None:
    """Print the lines for each database."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench registers", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.here:
        _measure()
        return
    databases = asked.database or ["sqlite", "postgresql"]
    if "sqlite" in databases:
        with tempfile.TemporaryDirectory(prefix="registers-bench-") as folder:
            _run(f"sqlite:///{folder}/bench.sqlite3")
    if "postgresql" in databases:
        programs = postgres.find_server()
        if programs is None:
            print("PostgreSQL is not installed: not measured")
            return
        with postgres.server(programs) as address:
            _run(address)


def _run(address: str) -> None:
    command = [sys.executable, "-m", "tests.bench", "registers", "--here"]
    subprocess.run(command, check=True, env={**os.environ, "NENNEP_DATABASE": address})


def _measure() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nennep.site.settings")
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)

    from tests.cast import make_cast
    from tests.documents.many_at_once import CLIENTS, NUMBERS, draw
    from tests.documents.world import make_types

    cast, types = make_cast(), make_types()
    told = draw(cast, types)
    whole = told["numbers"] == list(range(1, NUMBERS + 1)) and not told["errors"]
    rate = NUMBERS / told["seconds"]
    print(f"\n{connection.vendor}: {NUMBERS} numbers by {CLIENTS} clients in {told['seconds']:.1f} s, ", end="")
    print(f"{rate:.0f} a second, {'without gaps, none twice' if whole else 'NOT AS THEY SHOULD BE'}")
    for name, milliseconds in _directive(cast, types).items():
        print(f"{name:<45}{milliseconds:>8.0f} ms")


def _directive(cast: Any, types: Any) -> dict[str, float]:
    """What a directive to hundreds of units takes: to issue, to look how far it has come, to take in, to recall."""
    from nennep.documents.queries import dispatches
    from nennep.documents.rules.text import Binding, Block, BlockKind, numbered
    from nennep.documents.services import dispatch, route
    from nennep.organisation.models import Edge, Unit, UnitName
    from nennep.organisation.rules import Line
    from tests.cast import START
    from tests.documents.world import TODAY, signed

    units = Unit.objects.bulk_create(Unit(code=f"U{n}", kind="post", starts_on=START) for n in range(UNITS))
    top = cast.units["HQ"]
    UnitName.objects.bulk_create(UnitName(unit=u, name=u.code, short_name=u.code, starts_on=START) for u in units)
    Edge.objects.bulk_create(Edge(unit=u, parent_id=top, line=Line.COMMAND, starts_on=START) for u in units)
    text = numbered(
        tuple(
            Block(
                "",
                BlockKind.CLAUSE,
                number=str(n),
                text="Tổ chức thực hiện.",
                binding=Binding(date(2026, 12, n % 28 + 1)),
            )
            for n in range(1, CLAUSES + 1)
        )
    )
    times: dict[str, list[float]] = {}

    def timed(name: str, act: Any) -> Any:
        begun = time.perf_counter()
        result = act()
        times.setdefault(name, []).append(1000 * (time.perf_counter() - begun))
        return result

    everybody, by, clerk = dispatches.below(top, TODAY), cast.actor("kehoach"), cast.actor("hanh")
    for _ in range(5):
        pk = signed(cast, types, code="directive", text=text).pk
        timed(f"name {len(everybody)} recipients", partial(dispatch.name_recipients, pk, everybody, by=by))
        issue = partial(route.issue, pk, unit_symbol="BTL", by=by)
        told = timed(f"issue {CLAUSES} clauses to {len(everybody)} units", issue)
        timed("how far it has come", partial(dispatches.spread, pk, TODAY))
        one = told.document.dispatches.get(unit__code="SH")
        timed("take it in at one unit", partial(dispatch.receive, one.pk, by=clerk))
        timed("recall it", partial(route.recall, pk, reason="Đo", by=by))
    return {name: statistics.median(each) for name, each in times.items()}
