"""Figures are remembered within a process under what they depend on; databases of tests come and go."""

from __future__ import annotations

import pytest

from nennep.synthesis import figures


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Row numbers begin anew in each test: what was worked out for those of another database is forgotten."""
    figures.forget()
