"""The site that granian serves to a test's browser: the real one, on the clock that the test sets."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from nennep.site import now
from tests.browser.serving import CLOCK

_ahead = Path(os.environ["NENNEP_VAR"]) / CLOCK
_machine = now.instant


def _instant() -> datetime:
    return _machine() + timedelta(seconds=float(_ahead.read_text(encoding="ascii")))


# Set before anything of the site is imported: whoever takes the clock from there takes this one.
now.instant = _instant

from nennep.site.wsgi import application  # noqa: E402 -- the clock must be set by now

__all__ = ["application"]
