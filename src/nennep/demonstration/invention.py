"""The data files of the demonstration, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def invented(name: str) -> dict[str, Any]:
    """The file data/<name>.toml. Nobody changes what it returns."""
    path = Path(__file__).parent / "data" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
