"""What the tests of the site share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from tests.cast import Cast
from tests.site.world import World, make_world


@pytest.fixture
def world(cast: Cast, clock: Callable[[datetime], None]) -> World:
    """The cast with reports in every state, a merged unit and one that moved, for those who knock at every address."""
    del clock
    return make_world(cast)
