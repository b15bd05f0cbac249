"""Figures are remembered within a process under what they depend on; databases of tests come and go."""

from __future__ import annotations

import pytest

from nennep.synthesis import figures


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Row numbers begin anew in each test: what was worked out for those of another database is forgotten."""
    for name, size in (("_parsed", 1_000), ("_sealed", 8), ("_trees", 8), ("_answers", 48)):
        monkeypatch.setattr(figures, name, figures._Remembered(size))
