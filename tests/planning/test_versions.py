"""What a frozen plan says, and what changed between two of them."""

from __future__ import annotations

from tests.planning.conftest import World


def test_the_small_world_stands(world: World) -> None:
    assert world.plan("SH month").current_version is not None
    assert world.task("month films").details_id == world.tasks["month law"].pk
