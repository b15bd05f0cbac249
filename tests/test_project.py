"""What the repository promises of itself."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from nennep.site import licences

ROOT = Path(__file__).resolve().parents[1]
LOCKS = [
    *sorted((ROOT / "requirements").glob("*.txt")),
    ROOT / "package-lock.json",
    ROOT / ".npmrc",
    ROOT / "package.json",
]


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=False, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("THIS IS NOT A GIT CHECKOUT: what is tracked cannot be listed")
    return listed.stdout.splitlines()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_file_names_no_network_host(lock: Path) -> None:
    hosts = re.findall(r"https?://[^\s\"]+", lock.read_text(encoding="utf-8"))

    assert hosts == []


def test_the_list_of_licences_is_the_list_of_what_is_installed() -> None:
    assert licences.LIST.read_text(encoding="utf-8") == licences.written()


def test_every_licence_may_stand_beside_apache_2() -> None:
    parts = [*licences.python_parts("run.txt"), *licences.python_parts("dev.txt"), *licences.npm_parts()]

    assert licences.incompatible(parts) == []


def test_nothing_that_is_installed_is_committed() -> None:
    installed = [name for name in tracked() if name.startswith(("node_modules/", ".venv/", "var/"))]

    assert installed == []


def test_no_page_or_script_loads_anything_from_elsewhere() -> None:
    """An XML namespace is a name, not an address."""
    faces = [ROOT / name for name in tracked() if name.endswith((".html", ".css", ".js"))]
    found = {
        f"{face.name}: {address}"
        for face in faces
        for address in re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}[^\s\"')]*", face.read_text(encoding="utf-8"))
        if "www.w3.org" not in address
    }

    assert found == set()
