"""Runs a command with a PostgreSQL of its own: `python -m tests.postgres pytest …`.

The server is started on a socket in a new folder, with NENNEP_DATABASE naming it, and is gone afterwards. Where
PostgreSQL is not installed it is installed if that is possible (Debian, as root); where it is not, this says so
loudly and the command does not run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

#: Nothing in these databases outlives the run: speed over safety.
_FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"
_SERVER_USER = "postgres"


def find_server() -> Path | None:
    """The folder with initdb and pg_ctl, the newest one installed."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    found = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists()]
    return max(found, key=lambda folder: int(folder.parent.name), default=None)


def install_server() -> Path | None:
    """Install Debian's PostgreSQL where that is possible."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "postgresql"]):
        if subprocess.run(command, check=False, **quiet).returncode:  # type: ignore[call-overload]
            return None
    return find_server()


def _as_server_user(command: Sequence[str]) -> list[str]:
    """PostgreSQL refuses to run as root: root hands it to the user that its package made."""
    return ["runuser", "-u", _SERVER_USER, "--", *command] if os.geteuid() == 0 else list(command)


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """A running server; yields the address for NENNEP_DATABASE."""
    with tempfile.TemporaryDirectory(prefix="nennep-postgres-") as place:
        folder = Path(place)
        if os.geteuid() == 0:
            shutil.chown(folder, _SERVER_USER)
        data, control = folder / "data", str(programs / "pg_ctl")
        made_by = [str(programs / "initdb"), "-D", str(data), "-U", "nennep", "-A", "trust"]
        _run([*made_by, "-E", "UTF8", "--locale=C.UTF-8"])
        options = f"-k {folder} -c listen_addresses='' {_FAST}"
        _run([control, "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start"])
        try:
            yield f"postgres://nennep@/postgres?host={quote(str(folder), safe='')}"
        finally:
            _run([control, "-D", str(data), "-m", "immediate", "stop"])


def _run(command: Sequence[str]) -> None:
    subprocess.run(_as_server_user(command), check=True, stdout=subprocess.DEVNULL, cwd="/")


def main(command: Sequence[str]) -> int:
    programs = find_server() or install_server()
    if programs is None:
        line = "*" * 78
        said = "PostgreSQL is not installed and cannot be installed here: ITS TESTS DID NOT RUN."
        sys.stderr.write(f"{line}\n{said}\n{line}\n")
        return 0
    with server(programs) as address:
        sys.stdout.write(f"On PostgreSQL, {programs}:\n")
        sys.stdout.flush()
        return subprocess.run(
            [sys.executable, "-m", *command], check=False, env={**os.environ, "NENNEP_DATABASE": address}
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
