"""The database of the rush, made and looked at by processes of their own.

`python -m tests.stories.rush_world make` migrates the database that NENNEP_DATABASE names and writes the cast into it,
with eight more posts and people who can sign in; `… look` prints what stands in it afterwards. Both speak JSON.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

CLIENTS = 8
ROUNDS = 25
PASSWORD = "rất nhiều đồn cùng nộp"


def make() -> dict[str, Any]:
    """Migrate, and write people and rounds; tells the ids of the rounds."""
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command

    from nennep.accounts.models import Person
    from nennep.journal.rules import system_actor
    from nennep.organisation.models import Appointment, Edge, Post, Unit, UnitName
    from nennep.organisation.rules import Line
    from nennep.reporting import services
    from tests.cast import NOW, ROLES, START, make_cast

    call_command("migrate", verbosity=0)
    cast = make_cast()
    password = make_password(PASSWORD)
    Person.objects.update(password=password, must_change_password=False)
    title, permissions = ROLES["political"]
    for number in range(CLIENTS):
        unit = Unit.objects.create(code=f"R-{number}", kind="post", starts_on=START)
        UnitName.objects.create(unit=unit, name=unit.code, short_name=unit.code, starts_on=START)
        for line in (Line.COMMAND, Line.PROFESSIONAL):
            Edge.objects.create(unit=unit, parent_id=cast.units["SH"], line=line, starts_on=START)
        post = Post.objects.create(unit=unit, code="political", title=title, permissions=permissions)
        person = Person.objects.create(username=f"client{number}", full_name=f"Người {number}", password=password)
        Appointment.objects.create(person=person, post=post, starts_on=START)
    by = system_actor(NOW, NOW.date())
    months = [f"{2022 + month // 12}-{month % 12 + 1:02d}" for month in range(3, 3 + ROUNDS)]
    return {"rounds": [services.open_round(cast.form.pk, month, by=by).pk for month in months]}


def look() -> dict[str, Any]:
    """What was handed in, decided and journalled, and whether it holds together."""
    from django.db.models import Count

    from nennep.journal import queries as journal
    from nennep.journal.models import Entry
    from nennep.reporting import sealing
    from nennep.reporting.models import Decision, Report, Round, Version
    from nennep.reporting.rules.content import content_digest

    versions = list(Version.objects.select_related("report__round__form", "report__unit").order_by("pk"))
    sealed = {}
    for round_ in Round.objects.filter(closed_at__isnull=False).select_related("form"):
        sealed[round_.pk] = sorted(set(sealing.read(round_)["version_id"].to_pylist()))
    return {
        "versions": [
            {
                "id": one.pk,
                "round": one.report.round_id,
                "unit": one.report.unit.code,
                "report": one.report_id,
                "number": one.number,
                "holds": one.digest
                == content_digest(
                    one.content_data,
                    form=str(one.report.round.form),
                    unit=one.report.unit.code,
                    period=one.report.round.period_code,
                ),
                "is_correction": one.booked_in_id is not None,
                "is_accepted": one.report.accepted_version_id == one.pk,
                "state": one.report.state,
            }
            for one in versions
        ],
        "reports": Report.objects.count(),
        "doubled": Report.objects.values("round", "unit").annotate(count=Count("pk")).filter(count__gt=1).count(),
        "accepted": Decision.objects.filter(accepted=True).count(),
        "submits": Entry.objects.filter(act__in=["reporting.submit", "reporting.correct"]).count(),
        "sealed": sealed,
        "breaks": [str(one) for one in journal.breaks()],
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nennep.site.settings")
    import django

    django.setup()
    sys.stdout.write(json.dumps({"make": make, "look": look}[sys.argv[1]]()))
