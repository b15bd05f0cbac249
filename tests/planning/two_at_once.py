"""Two people amend one task of one plan at the same instant; prints what came of it as JSON."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from threading import Barrier, Thread

import django


def main() -> None:
    """Make a database with the small world, open an amendment, let two connections write at once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nennep.site.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from nennep.planning.queries import plans as queries
    from nennep.planning.rules.refusals import StalePlan, StaleTask
    from nennep.planning.rules.versions import PlanTexts
    from nennep.planning.services import plans, tasks
    from tests.cast import make_cast
    from tests.planning.conftest import make_world

    call_command("migrate", verbosity=0)
    world = make_world(make_cast())
    plan, law = world.plans["SH month"], world.tasks["month law"]
    by = world.cast.actor("hanh")
    plans.amend_plan(plan.pk, by=by, reason="Bổ sung")
    words, revision = queries.words_of(law), world.plan("SH month").revision
    start = Barrier(2)
    told: dict[str, list[str]] = {"written": [], "stale": [], "texts": [], "stale_texts": []}

    def write(place: str) -> None:
        start.wait()
        try:
            try:
                tasks.change_task(law.pk, replace(words, place=place), edition=1, by=world.cast.actor("hanh"))
                told["written"].append(place)
            except StaleTask as stale:
                told["stale"].append(f"{stale.mine.place if stale.mine else ''} over {stale.theirs.place}")
        finally:
            connection.close()

    def say(purpose: str) -> None:
        start.wait()
        try:
            try:
                texts = PlanTexts(purpose=(purpose,))
                plans.save_texts(plan.pk, texts, revision=revision + 1, by=world.cast.actor("hanh"))
                told["texts"].append(purpose)
            except StalePlan as stale:
                told["stale_texts"].append(
                    f"{stale.mine.purpose[0] if stale.mine else ''} over {stale.theirs.purpose[0]}"
                )
        finally:
            connection.close()

    for act, both in ((write, ("Nậm Kè", "Huổi Lụ")), (say, ("Một", "Hai"))):
        threads = [Thread(target=act, args=(each,)) for each in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    told["place"] = [world.task("month law").place]
    told["purpose"] = list(world.plan("SH month").texts["purpose"])
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
