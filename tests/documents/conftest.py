"""What the tests of documents may ask for."""

from __future__ import annotations

import pytest

from nennep.documents.models import DocumentType
from tests.cast import Cast
from tests.documents.world import make_types


@pytest.fixture
def types(cast: Cast) -> dict[str, DocumentType]:  # noqa: ARG001 -- the cast must be there first
    """The types of tests/documents/world.py by their codes."""
    return make_types()
