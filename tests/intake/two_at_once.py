"""Two people of one unit confirm the same figure at the same instant; prints what came of it as JSON."""

from __future__ import annotations

import json
import os
import sys
from threading import Barrier, Thread

import django


def main() -> None:
    """Make a database, send a file, let two connections decide at once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nennep.site.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from nennep.intake.models import Origin
    from nennep.intake.services import Choice, decide
    from nennep.reporting.models import Indicator, Report
    from tests.cast import make_cast
    from tests.intake.conftest import REPORT, WORDINGS, send

    call_command("migrate", verbosity=0)
    cast = make_cast()
    for code, wordings in WORDINGS.items():
        Indicator.objects.filter(code=code).update(synonyms=list(wordings))
    upload = send(cast, REPORT)
    one = upload.proposals.get(quote="137 lượt tổ")
    start, taken = Barrier(2), []

    def confirm(value: str) -> None:
        start.wait()
        try:
            taken.append(decide(upload.pk, [Choice(one.pk, value=value)], by=cast.actor("thanh")).cells)
        finally:
            connection.close()

    threads = [Thread(target=confirm, args=(value,)) for value in ("137", "138")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = {
        "taken": taken,
        "origins": list(Origin.objects.values_list("value", flat=True)),
        "cell": Report.objects.get().draft_content.cells["patrol.teams"],
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
