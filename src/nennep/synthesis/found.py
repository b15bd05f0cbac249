"""What the index of everything knows of synthesis: drafts that were finished, as they stand finished."""

from __future__ import annotations

from collections.abc import Iterator

from nennep.organisation import queries as organisation
from nennep.reporting.found import round_name, said_in
from nennep.search.rules import Kind, Put
from nennep.synthesis.models import Synthesis
from nennep.synthesis.rules.drafts import State


def synthesis_put(synthesis: Synthesis) -> Put:
    """A finished synthesis as the index shows it."""
    round_ = synthesis.round
    day = round_.period.last_day
    name = organisation.unit(synthesis.unit_id, day).short_name
    title = f"{name} – Tổng hợp: {round_name(round_)}"
    return Put(Kind.SYNTHESIS, synthesis.pk, synthesis.unit_id, title, said_in(synthesis.finished_content or {}), day)


def synthesis_puts() -> Iterator[Put]:
    """Every finished synthesis."""
    rows = Synthesis.objects.filter(state=State.FINISHED).select_related("round__form").order_by("pk")
    return (synthesis_put(row) for row in rows.iterator(500))
