"""What was said below, put together by the weaver and by what people of the unit decided before.

The weaver proposes and a person decides; where people put just these statements together before, the group stands as
they decided it, with the sentence they wrote for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import loom
from nennep.synthesis.models import KeptChoice, KeptWording
from nennep.synthesis.rules.drafts import Decided, Source, Told, typed_numbers
from nennep.synthesis.rules.groups import Gathered, Pair, alone, decided, decisions, group_print, words_print


def gathered(told: Sequence[Told], unit_id: int, lexicon: loom.Lexicon | None) -> list[Gathered]:
    """The statements as groups, each where its first statement stood. Without a lexicon each stands alone."""
    if lexicon is None:
        return alone(told)
    choices = kept_choices(unit_id)
    together = {pair: choice for pair, (is_together, choice) in choices.items() if is_together}
    place = {one.source: number for number, one in enumerate(told)}
    found = [_as_decided(group, together) for group in _woven(told, lexicon, choices)]
    return _worded(sorted(found, key=lambda group: place[group.members[0].source]), unit_id)


def kept_choices(unit_id: int) -> dict[Pair, tuple[bool, Decided]]:
    """What people of the unit decided between two statements, and who and when."""
    rows = KeptChoice.objects.filter(unit_id=unit_id).values_list("first", "second", "together", "by_name", "at")
    return {(first, second): (together, Decided(by, at)) for first, second, together, by, at in rows}


def _woven(told: Sequence[Told], lexicon: loom.Lexicon, choices: Mapping[Pair, tuple[bool, Decided]]) -> list[Gathered]:
    """The weaver's groups, section by section, for what was said of different things is not one point; and the rest,
    each alone.
    """
    by_id = {_id(one.source): one for one in told}
    kept = decisions((one.statement.text for one in told), {pair: choice[0] for pair, choice in choices.items()})
    sections: dict[str, list[Told]] = {}
    for one in told:
        sections.setdefault(one.statement.section, []).append(one)
    found = [
        Gathered(
            tuple(by_id[member.id] for member in group.members),
            by_id[group.members[group.best].id],
            _why(group, lexicon),
        )
        for said in sections.values()
        for group in loom.gather([_point(one) for one in said], lexicon, kept)
    ]
    taken = {one.source for group in found for one in group.members}
    return found + alone(one for one in told if one.source not in taken)


def _why(group: loom.Group, lexicon: loom.Lexicon) -> str:
    """What the members share, by the lexicon's own names; empty where only their words are alike."""
    topics = [lexicon.topic_by_id[name].name for name in group.why.topics if name in lexicon.topic_by_id]
    said = [lexicon.judgement_by_id[name].name for name in group.why.judgements if name in lexicon.judgement_by_id]
    return " · ".join([*topics, *said])


def _id(source: Source) -> str:
    return f"{source[0]}:{source[1]}"


def _point(told: Told) -> loom.Point:
    said = told.statement
    return loom.Point(
        id=_id(told.source),
        unit=str(told.unit_id),
        kind=loom.Kind(said.kind),
        text=said.text,
        section=said.section,
        has_figures=bool(typed_numbers(said.text)),
    )


def _as_decided(group: Gathered, together: Mapping[Pair, Decided]) -> Gathered:
    if len(group.members) == 1:
        return group
    prints = [words_print(one.statement.text) for one in group.members]
    return replace(group, decided=decided(prints, together))


def _worded(groups: Sequence[Gathered], unit_id: int) -> list[Gathered]:
    """The decided groups with the sentence that was written for just these statements."""
    prints = {
        place: group_print(one.statement.text for one in group.members)
        for place, group in enumerate(groups)
        if group.decided
    }
    wordings = dict(
        KeptWording.objects.filter(unit_id=unit_id, group__in=set(prints.values())).values_list("group", "text")
    )
    return [replace(group, wording=wordings.get(prints.get(place, ""), "")) for place, group in enumerate(groups)]


# --- what the sentences of a draft were made from --------------------------------------------------


def company(
    newcomers: Collection[Told], items: Mapping[int, Sequence[Told]], unit_id: int, lexicon: loom.Lexicon
) -> dict[Source, int]:
    """The sentence of the draft in whose company the weaver puts each newcomer, where it does.

    `items` are the statements that each sentence stands on.
    """
    choices = kept_choices(unit_id)
    belongs = {one.source: item for item, members in items.items() for one in members}
    found: dict[Source, int] = {}
    for group in _woven([*newcomers, *(one for members in items.values() for one in members)], lexicon, choices):
        homes = {belongs[one.source]: None for one in group.members if one.source in belongs}
        if homes:
            found |= {one.source: next(iter(homes)) for one in group.members if one.source not in belongs}
    return found
