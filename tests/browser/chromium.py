"""Finding a Chromium for the tests, or installing Debian's where that is possible."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = "Chromium is not installed and cannot be installed here: THE TESTS IN A BROWSER DID NOT RUN."


def find_chromium() -> str | None:
    """The path of the first Chromium on PATH."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def install_chromium() -> str | None:
    """Install Debian's Chromium where that is possible; its path, or None."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    packages = ["chromium", "fonts-liberation2"]
    # Workers of one test run ask at the same moment: one installs, the others wait for its lock.
    wait = ["-o", "DPkg::Lock::Timeout=300"]
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *wait, *packages]):
        if subprocess.run(["apt-get", *command], check=False, **quiet).returncode:  # type: ignore[call-overload]
            return find_chromium()
    return find_chromium()


def say_missing() -> str:
    """Say on the terminal itself, past what pytest captures, that these tests did not run."""
    line = "*" * len(MISSING)
    sys.__stderr__.write(f"\n{line}\n{MISSING}\n{line}\n") if sys.__stderr__ else None
    return MISSING
