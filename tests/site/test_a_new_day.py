"""What the daily command does with documents: they enter into force and end on their days, once."""

from __future__ import annotations

from datetime import timedelta

from nennep.documents.models import Document
from nennep.documents.rules.states import State
from nennep.site import digest_cli
from nennep.site.now import command_actor
from tests.cast import Cast
from tests.documents.world import in_state, make_types


def test_a_document_enters_into_force_on_its_day_and_ends_on_its_last(cast: Cast) -> None:
    today, types = command_actor().today, make_types()
    begins, ends = in_state(cast, types, State.ISSUED), in_state(cast, types, State.IN_FORCE)
    Document.objects.filter(pk=begins.pk).update(starts_on=today)
    Document.objects.filter(pk=ends.pk).update(starts_on=today - timedelta(days=9), ends_on=today)
    said: list[str] = []

    digest_cli.run(None, said.append)
    digest_cli.run(None, said.append)

    assert dict(Document.objects.values_list("pk", "state")) == {begins.pk: "in_force", ends.pk: "expired"}
    assert said[0].endswith("1 documents entered into force, 1 ended")
    assert said[2].endswith("0 documents entered into force, 0 ended")
