"""A hundred thousand entries searched by a post, a province and headquarters, on both databases.

The texts are lines of the gold reports, put together anew each time; the organisation has one headquarters, 44 commands
and 405 posts. Each question is asked many times; the median and the slowest are told, with what was found on the page.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests import postgres

GOLD = Path(__file__).parents[1] / "loom" / "gold" / "reports"
ENTRIES = 100_000
PROVINCES, POSTS = 44, 405
TIMES = 30
START = date(2022, 1, 1)
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)

#: What is typed, and how it is called in the table.
QUESTIONS = {
    "rare": "zirconi",
    "common": "báo cáo",
    "common, no accents": "bao cao",
    "one common word": "tuyên ",
    "two words apart": "tuần tra pháp luật",
    "two words, no accents": "tuan tra phap luat",
    "phrase": '"tuyên truyền, vận động"',
    "beginning": "tuyên truy",
    "short beginning": "bi",
    "short, no accents": "tr",
    "everywhere but in titles": "biên giới ",
    "rare and common": "zirconi báo cáo",
    "symbol": "77777/KH-BTL",
    "not there": "xyzzy",
}


def main(arguments: list[str]) -> None:
    """Print the table for each database."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench search", description=__doc__)
    parser.add_argument("--entries", type=int, default=ENTRIES)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.here:
        _measure(asked.entries)
        return
    databases = asked.database or ["sqlite", "postgresql"]
    if "sqlite" in databases:
        with tempfile.TemporaryDirectory(prefix="search-bench-") as folder:
            _run(f"sqlite:///{folder}/bench.sqlite3", asked.entries)
    if "postgresql" in databases:
        programs = postgres.find_server()
        if programs is None:
            print("PostgreSQL is not installed: not measured")
            return
        with postgres.server(programs) as address:
            _run(address, asked.entries)


def _run(address: str, entries: int) -> None:
    command = [sys.executable, "-m", "tests.bench", "search", "--here", "--entries", str(entries)]
    subprocess.run(command, check=True, env={**os.environ, "NENNEP_DATABASE": address})


def _measure(entries: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nennep.site.settings")
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    units = _organisation()

    from nennep.search import services

    puts = list(_puts(units, entries))
    begun = time.perf_counter()
    services.rebuild(puts)
    built = time.perf_counter() - begun
    begun = time.perf_counter()
    for one in puts[:200]:
        services.put_many([one])
    each = (time.perf_counter() - begun) / 200
    letters = sum(len(one.text) for one in puts) // len(puts)
    print(f"\n{connection.vendor}: {entries:,} entries of {letters:,} letters, built in {built:.0f} s; ", end="")
    print(f"one put again in {1000 * each:.1f} ms")
    print(f"{'milliseconds: median (slowest), hits':<30}{'post':>18}{'province':>18}{'headquarters':>18}")
    who = {name: _actor(units[name]) for name in ("post", "province", "headquarters")}
    for name, typed in QUESTIONS.items():
        print(f"{name:<30}" + "".join(f"{_ask(by, typed):>18}" for by in who.values()), flush=True)


def _ask(by: Any, typed: str) -> str:
    from dataclasses import replace

    from nennep.search import queries

    times, found = [], 0
    for _ in range(TIMES):
        fresh = replace(by, known={})
        begun = time.perf_counter()
        found = len(queries.find(fresh, typed).hits)
        times.append(1000 * (time.perf_counter() - begun))
    return f"{statistics.median(times):.0f} ({max(times):.0f}) {found}"


def _organisation() -> dict[str, Any]:
    from nennep.organisation.models import Edge, Unit
    from nennep.organisation.rules import Line

    top = Unit.objects.create(code="HQ", kind="headquarters", starts_on=START)
    provinces = [Unit.objects.create(code=f"P{n}", kind="province_command", starts_on=START) for n in range(PROVINCES)]
    posts = [Unit.objects.create(code=f"D{n}", kind="post", starts_on=START) for n in range(POSTS)]
    pairs = [(one, top) for one in provinces] + [(one, provinces[n % PROVINCES]) for n, one in enumerate(posts)]
    Edge.objects.bulk_create(Edge(unit=u, parent=p, line=Line.COMMAND, starts_on=START) for u, p in pairs)
    return {
        "headquarters": top.pk,
        "province": provinces[7].pk,
        "post": posts[7].pk,
        "provinces": [one.pk for one in provinces],
        "posts": [one.pk for one in posts],
    }


def _actor(unit: int) -> Any:
    from nennep.journal.rules import Actor
    from nennep.organisation.rules import Permission

    return Actor(1, "", 1, "", unit, frozenset(Permission), NOW, NOW.date())


def _puts(units: dict[str, Any], entries: int) -> Iterator[Any]:
    from nennep.search.rules import Kind, Put

    dice = random.Random(20)
    kinds = [kind for kind in Kind if kind not in {Kind.UNIT, Kind.INDICATOR, Kind.FORM, Kind.REGULATION}]
    lines = [line for path in sorted(GOLD.glob("*.txt")) for line in path.read_text().splitlines() if len(line) > 40]
    for number in range(1, entries + 1):
        kind = dice.choice(kinds)
        owner = dice.choice(
            [units["headquarters"], dice.choice(units["provinces"]), *dice.choices(units["posts"], k=6)]
        )
        audience = tuple(dice.sample(units["posts"], 12)) if number % 20 == 0 else ()
        title = f"Báo cáo số {number}/KH-BTL {dice.choice(lines)[:60]}"
        text = " ".join(dice.sample(lines, 8)) + (" zirconi" if number % 20_000 == 7 else "")
        yield Put(kind, number, owner, title, text, START + timedelta(days=dice.randrange(1700)), audience)
