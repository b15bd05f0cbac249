"""The organisation of any day as the year's papers and plans need it: who stands under whom, where, and who acts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from nennep.demonstration.character import Character
from nennep.demonstration.ledger import Act, Ids
from nennep.demonstration.people import Hand, Hands
from nennep.organisation import queries as organisation
from nennep.organisation.models import Appointment, Unit
from nennep.organisation.queries import NamedUnit
from nennep.organisation.rules import Line, Tree
from nennep.packs.schemas import Pack

HEADQUARTERS, PROVINCE, POST, SQUADRON = "headquarters", "province_command", "post", "naval_squadron"
SEA = frozenset({"sea", "port", "squadron"})
#: The units that write papers and plans here.
KINDS = (HEADQUARTERS, PROVINCE, POST, SQUADRON)
FIRST_YEAR = 2024
#: A year is told of whole, down to the posts, once this much of it is over.
_TOLD_AFTER = timedelta(days=75)
#: Who writes, who answers for it and who signs in a unit of each kind, by the codes of the pack's posts.
WRITER: Mapping[str, str] = {
    HEADQUARTERS: "planning_officer",
    PROVINCE: "planning_officer",
    POST: "political_officer",
    SQUADRON: "political_officer",
}


class Scene:
    """What papers and plans share while they are made: the end, the units, the people, the acts."""

    def __init__(
        self,
        pack: Pack,
        characters: Mapping[str, Character],
        hands: Hands,
        ids: Ids,
        acts: list[Act],
        *,
        at: datetime,
        zone: ZoneInfo,
    ) -> None:
        self.pack = pack
        self.ids = ids
        self.acts = acts
        self.at = at
        self.zone = zone
        self.today = at.astimezone(zone).date()
        self.newest_year = max(FIRST_YEAR, (self.today - _TOLD_AFTER).year)
        self.unit_ids = organisation.ids_by_code()
        self.codes = {unit_id: code for code, unit_id in self.unit_ids.items()}
        self.top = self.unit_ids["BTL"]
        self._characters = characters
        self._hands = hands
        self._kinds = dict(Unit.objects.values_list("id", "kind"))
        self._lives = {row[0]: (row[1], row[2]) for row in Unit.objects.values_list("id", "starts_on", "ends_on")}
        self._trees: dict[date, Tree] = {}
        self._names: dict[date, dict[int, NamedUnit]] = {}
        self._appointments = {
            (person, post, starts_on): pk
            for pk, person, post, starts_on in Appointment.objects.values_list(
                "id", "person_id", "post_id", "starts_on"
            )
        }

    # --- time -------------------------------------------------------------------------------------

    def local(self, day: date, hour: int, minute: int = 0) -> datetime:
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone)

    def has_come(self, at: datetime | None) -> bool:
        """Whether an instant lies in what the demonstration tells of."""
        return at is not None and at <= self.at

    # --- units ------------------------------------------------------------------------------------

    def kind(self, unit_id: int) -> str:
        return str(self._kinds[unit_id])

    def tree(self, day: date) -> Tree:
        """Who reports to whom in the trade: headquarters, commands, posts."""
        if day not in self._trees:
            self._trees[day] = organisation.tree_on(day, Line.PROFESSIONAL)
        return self._trees[day]

    def named(self, unit_id: int, day: date) -> NamedUnit:
        """A unit under the name of a day; one that is gone under its last."""
        if day not in self._names:
            self._names[day] = organisation.units_known_by(day)
        return self._names[day][unit_id]

    def units(self, day: date, *kinds: str) -> list[int]:
        """The units of these kinds that live on a day, in the order of their codes."""
        wanted = kinds or KINDS
        found = [unit for unit in self.tree(day).parents if self.kind(unit) in wanted and self.lives(unit, day, day)]
        return sorted(found, key=lambda unit: self.codes[unit])

    def life(self, unit_id: int) -> tuple[date, date | None]:
        return self._lives[unit_id]

    def lives(self, unit_id: int, first: date, last: date) -> bool:
        """Whether a unit lives on all these days, both included."""
        starts_on, ends_on = self._lives[unit_id]
        return starts_on <= first and (ends_on is None or last < ends_on)

    def superior(self, unit_id: int, day: date) -> int | None:
        above = self.tree(day).superiors(unit_id)
        return above[0] if above else None

    def below(self, unit_id: int, day: date) -> list[int]:
        """The posts and squadrons right below a command."""
        return [unit for unit in self.tree(day).children.get(unit_id, ()) if self.kind(unit) in {POST, SQUADRON}]

    def terrains(self, unit_id: int, day: date) -> frozenset[str]:
        """Where a unit lies; a command, wherever its posts do."""
        character = self._characters.get(self.codes[unit_id])
        if character is not None:
            return frozenset({character.terrain})
        under = self.tree(day).walk(unit_id)
        return frozenset(
            self._characters[self.codes[unit]].terrain for unit in under if self.codes[unit] in self._characters
        )

    def is_on(self, unit_id: int, where: str, day: date) -> bool:
        """Whether a unit lies `all` over, on `land` (border) or at `sea`; headquarters lies everywhere."""
        if where in {"all", "commands"} or unit_id == self.top:
            return True
        terrains = self.terrains(unit_id, day)
        return bool(terrains & SEA) if where == "sea" else bool(terrains - SEA)

    # --- people -----------------------------------------------------------------------------------

    def hand(self, unit_id: int, role: str, day: date) -> Hand:
        return self._hands.of(unit_id, role, day)

    def writer(self, unit_id: int, day: date) -> Hand:
        return self.hand(unit_id, WRITER[self.kind(unit_id)], day)

    def appointment(self, hand: Hand) -> int | None:
        """The appointment of a person who can sign in; None for invented names."""
        found = [
            pk
            for (person, post, _), pk in self._appointments.items()
            if (person, post) == (hand.person_id, hand.post_id)
        ]
        return found[0] if found else None

    def tell(
        self,
        unit_id: int,
        at: datetime,
        act: str,
        subject: str,
        hand: Hand,
        reason: str = "",
        details: Mapping[str, object] | None = None,
    ) -> None:
        """Keep an act for the journal."""
        self.acts.append(Act(unit_id, at, act, subject, hand, reason, dict(details or {})))
