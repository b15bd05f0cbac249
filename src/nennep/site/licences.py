"""The list of everything the system is built with, and under which licence: `python -m nennep.site.licences [--check]`.

Read from what is installed, so the list cannot drift: the test compares it with the file in docs/reference.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LIST = ROOT / "docs/reference/licences.md"
#: What may stand beside Apache-2.0, by the words licences use of themselves.
COMPATIBLE = (
    "0bsd", "afl-2.1", "apache", "bsd", "cc0", "hpnd", "isc", "lgpl", "mit", "mit-cmu", "mozilla", "mpl",
    "ofl", "psf", "python software foundation", "python-2.0", "the unlicense", "unlicense", "zlib",
)  # fmt: skip
#: Packages whose metadata is silent, with what their own LICENSE file says.
TOLD = {"pysqlite3": "Zlib"}
_NAME = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^ ;\\]+)(.*)$")


@dataclass(frozen=True, order=True)
class Part:
    """One thing we depend on."""

    name: str
    version: str
    licence: str


def python_parts(lock: str) -> Iterator[Part]:
    """The packages of a lock file that this platform installs. Raises LookupError where no licence is told."""
    for line in (ROOT / "requirements" / lock).read_text(encoding="utf-8").splitlines():
        found = _NAME.match(line)
        if not found:
            continue
        try:
            about = metadata.metadata(found[1])
        except metadata.PackageNotFoundError:
            continue  # marked for another platform
        if about["Version"] != found[2]:
            continue  # marked for another Python
        yield Part(found[1], found[2], _licence(about))


def npm_parts() -> Iterator[Part]:
    locked = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    for place, package in locked["packages"].items():
        if place:
            yield Part(place.removeprefix("node_modules/"), package["version"], package["license"])


def _licence(about: metadata.PackageMetadata) -> str:
    """The expression, the classifiers, or the first line of the text: whichever the package gives, in that order."""
    expression = about.json.get("license_expression", "")
    if expression:
        return str(expression)
    classifiers = [value for value in about.get_all("Classifier") or [] if value.startswith("License :: ")]
    if classifiers:
        return ", ".join(sorted(value.rsplit(" :: ", 1)[-1] for value in classifiers))
    said = str(about.json.get("license") or TOLD.get(about["Name"], "")).strip()
    if not said:
        raise LookupError(f"{about['Name']} does not say its licence")
    return said.splitlines()[0][:80]


def incompatible(parts: list[Part]) -> list[Part]:
    return [part for part in parts if not any(word in part.licence.lower() for word in COMPATIBLE)]


def written() -> str:
    """The list as it should stand in the file."""
    running = sorted(set(python_parts("run.txt")), key=lambda part: part.name.lower())
    names = {part.name for part in running}
    building = sorted(
        {*python_parts("dev.txt"), *python_parts("build.txt"), *python_parts("tools.txt")},
        key=lambda part: part.name.lower(),
    )
    sections = (
        ("What runs", running),
        ("What the pages load and the papers are set in", sorted(npm_parts())),
        ("What checks and builds it", [part for part in building if part.name not in names]),
    )
    lines = ["# Licences", "", "Nền Nếp is Apache-2.0. Written by `make licences` from what is installed.", ""]
    for title, parts in sections:
        lines += [f"## {title}", "", "| part | version | licence |", "|---|---|---|"]
        lines += [f"| {part.name} | {part.version} | {part.licence} |" for part in parts]
        lines.append("")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        fresh = LIST.exists() and LIST.read_text(encoding="utf-8") == written()
        return 0 if fresh else 1
    LIST.write_text(written(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
