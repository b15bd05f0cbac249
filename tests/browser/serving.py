"""A site of its own for a test: a copy of the small demonstration, served on this machine, on a clock the test sets."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.error import URLError
from urllib.parse import SplitResult, urlsplit, urlunsplit
from urllib.request import urlopen
from zoneinfo import ZoneInfo

import psycopg
from psycopg.sql import SQL

ROOT = Path(__file__).resolve().parents[2]
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
#: The file beside the site's data that says how many seconds its clock is ahead of the machine's.
CLOCK = "clock"
#: The demonstration tells until this month; the period after it is open and still empty.
UNTIL = "2025-09"
#: The morning on which the posts write their report of October (15/9 - 14/10), due the next day at 17:00.
MORNING = datetime(2025, 10, 16, 8, 0, tzinfo=HANOI)
START_SECONDS = 30


@dataclass(frozen=True)
class Site:
    """A site that answers."""

    url: str
    var: Path

    def set_clock(self, at: datetime) -> None:
        """Let it be this instant for the site; its clock runs on from there."""
        ahead = (at - datetime.now(tz=UTC)).total_seconds()
        written = self.var / f"{CLOCK}.new"
        written.write_text(str(ahead), encoding="ascii")
        written.replace(self.var / CLOCK)


def build_demonstration(var: Path) -> None:
    """Build the small demonstration in a new folder, as `nennep demo` does."""
    var.mkdir(parents=True)
    _create_database(var)
    _bring_assets(var)
    _run("nennep.site.cli", "demo", "--small", "--until", UNTIL, "--no-serve", var=var)


def copy_of(kept: Path, var: Path) -> Path:
    """Copy a folder that nothing serves, with its database."""
    shutil.copytree(kept, var)
    _bring_assets(var)
    _create_database(var, like=kept)
    return var


def _bring_assets(var: Path) -> None:
    """The digits of one width, which the installation made; without them the pages' digits are those of the font."""
    made = ROOT / "var" / "assets"
    if made.is_dir():
        shutil.copytree(made, var / "assets", dirs_exist_ok=True)


@contextmanager
def served(var: Path, *, at: datetime = MORNING) -> Iterator[Site]:
    """Serve the data of a folder on a free port of this machine until the block ends."""
    site = Site(f"http://127.0.0.1:{_free_port()}", var)
    site.set_clock(at)
    log = var / "log"
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--workers", "1"),
        *("--host", "127.0.0.1", "--port", str(urlsplit(site.url).port), "tests.browser.application:application"),
    ]
    with log.open("wb") as said:
        server = subprocess.Popen(command, env=_environment(var), cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)
        try:
            _wait(site, server, log)
            yield site
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait(site: Site, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            with urlopen(f"{site.url}/health/", timeout=5):  # noqa: S310 -- our own address
                return
        except (URLError, OSError):
            assert server.poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.1)
    raise AssertionError(f"no answer in {START_SECONDS} s: {log.read_text(encoding='utf-8')}")


def _free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        return int(asking.getsockname()[1])


# --- where its data lies --------------------------------------------------------------------------


def _run(module: str, *words: str, var: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module, *words],
        check=False,
        env=_environment(var),
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def _environment(var: Path) -> Mapping[str, str]:
    """What a process of this folder's site runs with: nothing of the tests' own settings but the database server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NENNEP_")}
    address = _postgres()
    named = {"NENNEP_DATABASE": urlunsplit(address._replace(path=f"/{_name(var)}"))} if address else {}
    return {**kept, **named, "NENNEP_VAR": str(var), "DJANGO_SETTINGS_MODULE": "nennep.site.settings"}


def _postgres() -> SplitResult | None:
    address = urlsplit(os.environ.get("NENNEP_DATABASE", ""))
    return address if address.scheme.startswith("postgres") else None


def _name(var: Path) -> str:
    return f"browser_{sha256(str(var).encode()).hexdigest()[:12]}"


def _create_database(var: Path, *, like: Path | None = None) -> None:
    """On PostgreSQL every folder has a database of its own; the embedded one lies in the folder itself."""
    if _postgres() is None:
        return
    template = f" TEMPLATE {_name(like)}" if like else ""
    with psycopg.connect(os.environ["NENNEP_DATABASE"], autocommit=True) as server:
        server.execute(SQL(f"CREATE DATABASE {_name(var)}{template}"))
