"""Which tests run on which database engine, and in which order the workers take them.

Why a test runs once or twice is told in docs/decisions/what-runs-on-both-databases.md.
"""

from __future__ import annotations

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # it carries no types

#: With any of these a test uses the run's database. A browser's `site` has one of its own on the same server, as has
#: whatever takes a `new_database` (tests/databases.py) for its processes.
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "site"}

#: Handed out before the others, so that no worker is left with one of them while the other has nothing to do. Not the
#: sandbox: beside a browser and its site it would be short of the time that it bounds.
#: A folder stands for its files.
LONG = (
    "tests/stories/test_rush.py",
    "tests/site/test_every_page.py",
    "tests/browser/",
    "tests/demonstration/",
    "tests/site/test_canaries.py",
    "tests/site/test_access.py",
)
#: Files whose tests share nothing that was made for the file: each may go to another worker.
LOOSE = ("tests/site/test_canaries.py", "tests/site/test_access.py")


def runs_on_postgres(item: pytest.Item) -> bool:
    """What uses the database, unless it says that one engine is enough."""
    fixtures = DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
    uses = fixtures or item.get_closest_marker("django_db") or "new_database" in vars(getattr(item, "module", item))
    return bool(uses) and item.get_closest_marker("one_engine") is None


def turn(item: pytest.Item) -> int:
    """How early an item is handed out."""
    return next((at for at, name in enumerate(LONG) if item.nodeid.startswith(name)), len(LONG))


class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # its base carries no types
    """A file goes to one worker, for what it makes once for all its tests; a loose one is shared out."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = nodeid.split("::", 1)[0]
        return nodeid if file in LOOSE else file
