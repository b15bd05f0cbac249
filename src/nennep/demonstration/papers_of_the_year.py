"""The papers of every year: what headquarters demands, letters both ways, what comes in, and each step of the route."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from nennep.demonstration.chance import Dice
from nennep.demonstration.invention import invented
from nennep.demonstration.papers import Papers, Sheet, Way, signed
from nennep.demonstration.scene import FIRST_YEAR, POST, PROVINCE, SQUADRON, Scene
from nennep.documents.models import Clause, ClauseAddressee, Comment, Opinion, OpinionRequest
from nennep.documents.rules.states import Direction, NumberState, State, Urgency, Verdict
from nennep.documents.rules.text import Binding, Block, Text, parse

_POINT, _KEY = "#.", re.compile(r" @(?P<key>[a-z_]+)$")
_HEADING = re.compile(r"[IVX]+\. ")
#: Of so many commands, one is told of in the small things.
_SOME = 0.35


def filled(text: str, year: int) -> str:
    """The words of a data file with the years around one in their places."""
    for name, value in (("{year}", year), ("{next}", year + 1), ("{before}", year - 1)):
        text = text.replace(name, str(value))
    return text


def written(typed: str, year: int, bindings: Mapping[str, Binding] | None = None) -> tuple[Text, dict[str, str]]:
    """A text of a data file, its points numbered, its demands bound; and the block of each demand by its key.

    A demand without a binding in this year is left out with its line.
    """
    bound = bindings or {}
    lines: list[str] = []
    keys: dict[str, str] = {}
    number = 0
    for line in filled(typed, year).strip().splitlines():
        found = _KEY.search(line)
        if found and found["key"] not in bound:
            continue
        if _HEADING.match(line):
            number = 0
        said = line[: found.start()] if found else line
        if said.startswith(_POINT):
            number += 1
            said = f"{number}.{said.removeprefix(_POINT)}"
        if found:
            keys[found["key"]] = said.partition(" ")[2]
        lines.append(said)
    text = parse("\n".join(lines))
    blocks = {key: next(block for block in text.blocks if block.text == said) for key, said in keys.items()}
    for key, block in blocks.items():
        text = text.with_block(replace(block, binding=bound[key]))
    return text, {key: block.id for key, block in blocks.items()}


class PapersOfTheYear:
    """All papers of the demonstration: collected first, numbered together, then led along their way."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.papers = Papers(scene)
        self._data = invented("directives")
        self._sheets: list[Sheet] = []
        self._directives: dict[tuple[str, int], tuple[Sheet, dict[str, str]]] = {}
        self._showcase: dict[str, Sheet] = {}
        self._plans: dict[tuple[int, int], Sheet] = {}
        self._named: list[ClauseAddressee] = []
        self._addressed: dict[int, frozenset[int]] = {}

    @property
    def years(self) -> range:
        return range(FIRST_YEAR, self._scene.today.year + 1)

    # --- what plans ask for -----------------------------------------------------------------------

    def directive(self, key: str, year: int) -> Sheet | None:
        """A directive of a year, once it was issued."""
        sheet = self._directives.get((key, year), (None, {}))[0]
        return sheet if sheet is not None and sheet.document.number is not None else None

    def demand(self, key: str, year: int) -> Clause | None:
        """The clause that a demand (`guideline.law`) became in a year; None while it has not been issued."""
        name, _, point = key.partition(".")
        sheet, blocks = self._directives.get((name, year), (None, {}))
        return sheet.clauses.get(blocks.get(point, "")) if sheet is not None else None

    def addressed(self, clause: Clause) -> frozenset[int]:
        """The units that a clause binds."""
        if clause.pk not in self._addressed:
            sheet = next(one for one, _ in self._directives.values() if one.document.pk == clause.document_id)
            named = {row.unit_id for row in self._named if row.clause_id == clause.pk}
            self._addressed[clause.pk] = frozenset(named or sheet.to_act)
        return self._addressed[clause.pk]

    def demands(self, year: int) -> list[tuple[str, Clause]]:
        """Every demand of a year that was issued, by its key."""
        return [
            (f"{key}.{point}", sheet.clauses[block])
            for (key, told), (sheet, blocks) in self._directives.items()
            if told == year
            for point, block in blocks.items()
            if block in sheet.clauses
        ]

    def plan_paper(self, unit_id: int, year: int) -> Sheet | None:
        """The paper that a unit's plan of a year becomes; what it says is told later."""
        return self._plans.get((unit_id, year))

    # --- the steps --------------------------------------------------------------------------------

    def tell(self) -> None:
        """Collect every paper, give the numbers of what went out, lead all but the plans along their way, and write."""
        for year in self.years:
            self._collect_directives(year)
            self._collect_letters(year)
            self._collect_plan_papers(year)
        self._collect_showcase()
        self._collect_numbers()
        self.papers.give_numbers(Direction.OUT)
        for sheet in self._sheets:
            self.papers.finish(sheet)
        self._named = list(self.papers.addressees)
        self._end_showcase()
        self._ask_opinions()
        self._register_incoming()
        self.papers.write()

    def tell_plans(self) -> None:
        """Lead the papers of plans along their way, now that the plans are written, and write what came in anywhere."""
        for sheet in self._plans.values():
            self.papers.finish(sheet)
        self.papers.write()
        self.papers.write_what_came_in()

    def _begin(self, *args: Any, **named: Any) -> Sheet | None:
        sheet = self.papers.begin(*args, **named)
        if sheet is not None:
            self._sheets.append(sheet)
        return sheet

    # --- directives -------------------------------------------------------------------------------

    def _collect_directives(self, year: int) -> None:
        for row in self._data["directives"]:
            day = _day(year, row["issued"])
            text, blocks = written(row["text"], year, self._bindings(row["demands"], year, day))
            to_act, to_know = self._recipients(row["to"], day)
            sheet = self._begin(
                self._scene.top,
                row["type"],
                filled(row["subject"], year),
                self.papers.way_to(day),
                partial(_same, text),
                to_act=to_act,
                to_know=to_know,
                urgency=Urgency(row.get("urgency", "normal")),
            )
            if sheet is not None:
                self._directives[row["key"], year] = sheet, blocks

    def _bindings(self, demands: Mapping[str, Mapping[str, Any]], year: int, day: date) -> dict[str, Binding]:
        return {
            key: self._binding(demand, year, day)
            for key, demand in demands.items()
            if demand.get("from", FIRST_YEAR) <= year
        }

    def _binding(self, demand: Mapping[str, Any], year: int, day: date) -> Binding:
        figures = {int(told): figure for told, figure in demand.get("figures", {}).items() if int(told) <= year}
        addressees: tuple[str, ...] = ()
        if "to" in demand:
            commands = self._scene.units(day, PROVINCE)
            addressees = tuple(self._scene.codes[one] for one in commands if self._scene.is_on(one, demand["to"], day))
        return Binding(
            _day(year, demand["due"]),
            demand.get("indicator", ""),
            Decimal(figures[max(figures)]) if figures else None,
            addressees,
        )

    def _recipients(self, to: str, day: date) -> tuple[list[int], list[int]]:
        """Who is to act on a paper, and who is to know of it."""
        commands = self._scene.units(day, PROVINCE)
        if to == "commands":
            return commands, []
        all_ = self._scene.units(day, PROVINCE, POST, SQUADRON)
        act = [unit for unit in all_ if self._scene.is_on(unit, to, day)]
        return act, [unit for unit in commands if unit not in set(act)]

    # --- letters and plans ------------------------------------------------------------------------

    def _collect_letters(self, year: int) -> None:
        for row in self._data["letters"]:
            day = _day(year, row["issued"])
            say = partial(_written, row["text"], year)
            to = self._scene.units(day, PROVINCE)
            self._begin(
                self._scene.top, row["type"], filled(row["subject"], year), self.papers.way_to(day, 15), say, to_know=to
            )
        for row in self._data["answers"]:
            day = _day(year, row["issued"])
            for unit in self._scene.units(day, PROVINCE):
                code = self._scene.codes[unit]
                if Dice(code, "answers", year).happens(_SOME):
                    way = self.papers.way_to(day + timedelta(days=Dice(code, year, "days").whole(0, 12)), 9)
                    say = partial(_written, row["text"], year)
                    subject = filled(row["subject"], year)
                    self._begin(unit, row["type"], subject, way, say, to_act=[self._scene.top])

    def _collect_plan_papers(self, year: int) -> None:
        """A year's plan of headquarters, in the newest year that of each command too, becomes a paper soon after it was
        approved.
        """
        answers = self._directives.get(("guideline", year), (None, {}))[0]
        commands = self._scene.units(date(year, 1, 25), PROVINCE) if year == self._scene.newest_year else []
        for unit in [self._scene.top, *commands]:
            is_top = unit == self._scene.top
            day = (
                date(year, 1, 20)
                if is_top
                else date(year, 1, 30) + timedelta(days=Dice(self._scene.codes[unit], "plan paper", year).whole(0, 8))
            )
            issued = self._scene.local(day, 14)
            way = Way(
                begun=issued - timedelta(days=2, hours=5),
                submitted=issued - timedelta(days=2, hours=3),
                agreed=issued - timedelta(days=1, hours=4),
                signed=issued - timedelta(days=1, hours=2),
                issued=issued,
            )
            to = self._scene.units(day, PROVINCE) if is_top else self._scene.below(unit, day)
            subject = f"công tác đảng, công tác chính trị năm {year}"
            sheet = self.papers.begin(unit, "plan", subject, way, Text, to_act=to, answers=answers)
            if sheet is not None:
                self._plans[unit, year] = sheet

    # --- each step of the route -------------------------------------------------------------------

    def _collect_showcase(self) -> None:
        scene, year = self._scene, self._scene.today.year
        for row in self._data["showcase"]:
            way = self._way(row["steps"])
            to = scene.units(way.begun.date(), PROVINCE) if row.get("to") == "commands" else []
            sheet = self._begin(
                scene.top,
                row["type"],
                filled(row["subject"], year),
                way,
                partial(_written, row["text"], year),
                to_act=[unit for unit in to if scene.lives(unit, scene.today, scene.today)],
                reason=filled(row.get("reason", ""), year),
            )
            if sheet is not None:
                self._showcase[row["key"]] = sheet

    def _way(self, steps: Mapping[str, int]) -> Way:
        """So many days before the end each, in the course of the morning."""
        hours = {"begun": 8, "submitted": 9, "returned": 10, "agreed": 10, "signed": 11, "issued": 14}
        return Way(**{step: self._before(days, hours[step]) for step, days in steps.items()})

    def _before(self, days: int, hour: int = 9) -> datetime:
        return self._scene.local(self._scene.today - timedelta(days=days), hour)

    def _end_showcase(self) -> None:
        for row in self._data["showcase"]:
            sheet = self._showcase.get(row["key"])
            if sheet is None:
                continue
            if "recalled" in row:
                self.papers.recall(sheet, self._before(row["recalled"]), sheet.reason)
            if "replaces" in row and row["replaces"] in self._showcase:
                self.papers.replace(self._showcase[row["replaces"]], sheet)
            if "dropped" in row:
                self.papers.drop(sheet, self._before(row["dropped"]), sheet.reason)
            if sheet.document.state == State.RETURNED:
                self._remark(sheet)

    def _remark(self, sheet: Sheet) -> None:
        """Who returned a paper says at its last point what is missing."""
        at = sheet.way.returned
        text = Text.from_json(sheet.document.draft)
        if at is None:
            return
        hand = self._scene.hand(self._scene.top, "head_of_planning", at.date())
        pk = self._scene.ids.next("comment")
        self.papers.comments.append(
            Comment(
                id=pk,
                document_id=sheet.document.pk,
                version_id=sheet.document.current_version_id,
                block=text.blocks[-1].id,
                text=sheet.reason,
                **signed(at, hand),
            )
        )
        details = {"document": sheet.document.pk, "block": text.blocks[-1].id}
        self._scene.tell(self._scene.top, at, "documents.comment", f"documents.comment:{pk}", hand, "", details)

    def _collect_numbers(self) -> None:
        for row in self._data["numbers"]:
            day = self._scene.today - timedelta(days=row["before"])
            state = NumberState(row["state"])
            self.papers.keep_number(
                self._scene.top, row["type"], day, state, row["reason"], subject=row.get("subject", "")
            )

    # --- opinions ---------------------------------------------------------------------------------

    def _ask_opinions(self) -> None:
        """A draft that went to commands for their opinion: what they said, and what was made of it."""
        scene, row, year = self._scene, self._data["opinions"], self._scene.today.year
        text = written(row["text"], year)[0]
        way = Way(begun=self._before(15, 8))
        sheet = self.papers.begin(scene.top, row["type"], filled(row["subject"], year), way, partial(_same, text))
        if sheet is None:
            return
        self.papers.finish(sheet)
        writer = scene.writer(scene.top, way.begun.date())
        asked_at = self._before(12, 9)
        asked = self.papers.freeze(sheet, text, asked_at, writer, "Gửi lấy ý kiến các bộ chỉ huy")
        units = scene.units(scene.today, PROVINCE)[:7]
        requests = [
            OpinionRequest(
                id=scene.ids.next("opinion_request"),
                version_id=asked.pk,
                unit_id=unit,
                due_on=scene.today - timedelta(days=4),
                **signed(asked_at, writer),
            )
            for unit in units
        ]
        told = {"version": 1, "units": len(units), "due_on": (scene.today - timedelta(days=4)).isoformat()}
        scene.tell(
            scene.top, asked_at, "documents.freeze", sheet.subject, writer, "", {"version": 1, "digest": asked.digest}
        )
        scene.tell(
            scene.top, asked_at + timedelta(minutes=1), "documents.ask-opinions", sheet.subject, writer, "", told
        )
        points = [block for block in text.blocks if block.number and block.kind == "clause"]
        changed = self._changed(row, text, points, year)
        settled_at = self._before(2, 10)
        newer = self.papers.freeze(sheet, changed, settled_at, writer, "Tiếp thu ý kiến các bộ chỉ huy")
        details = {"version": newer.number, "digest": newer.digest}
        scene.tell(scene.top, settled_at, "documents.freeze", sheet.subject, writer, "", details)
        sheet.document.draft = changed.as_json()
        sheet.document.draft_revision, sheet.document.draft_at = 5, settled_at
        answering = requests[:-1] or requests
        for number, request in enumerate(answering):
            said = [one for place, one in enumerate(row["said"]) if place % len(answering) == number]
            self._answer(sheet, request, said, points, newer.pk, settled_at, number)
        self.papers.requests += requests

    @staticmethod
    def _changed(row: Mapping[str, Any], text: Text, points: Sequence[Block], year: int) -> Text:
        for said in row["said"]:
            if "change" in said:
                words = filled(row["changed"][said["change"]], year)
                text = text.with_block(replace(points[said["line"]], text=words))
        return text

    def _answer(
        self,
        sheet: Sheet,
        request: OpinionRequest,
        said: Sequence[Mapping[str, Any]],
        points: Sequence[Block],
        newer: int,
        settled_at: datetime,
        number: int,
    ) -> None:
        scene, year = self._scene, self._scene.today.year
        at = self._before(8, 9) + timedelta(hours=7 * number)
        hand = scene.writer(request.unit_id, at.date())
        request.answered_at = at
        details = {"document": sheet.document.pk, "version": 1, "opinions": len(said)}
        about = f"documents.opinionrequest:{request.pk}"
        scene.tell(request.unit_id, at, "documents.give-opinions", about, hand, "", details)
        writer = scene.writer(scene.top, settled_at.date())
        for one in said:
            verdict = Verdict(one["verdict"])
            block = points[one["line"]].id
            opinion = Opinion(
                id=scene.ids.next("opinion"),
                request_id=request.pk,
                block=block,
                text=filled(one["text"], year),
                verdict=verdict,
                explanation=filled(one.get("explanation", ""), year),
                changed_in_id=newer if verdict is Verdict.ACCEPTED else None,
                changed_block=block if verdict is Verdict.ACCEPTED else "",
                **signed(at, hand),
            )
            self.papers.opinions.append(opinion)
            if verdict is not Verdict.OPEN:
                opinion.settled_at, opinion.settled_by = settled_at, writer.person_name
                told = {"document": sheet.document.pk, "verdict": str(verdict), "block": opinion.changed_block}
                about = f"documents.opinion:{opinion.pk}"
                scene.tell(scene.top, settled_at, "documents.settle-opinion", about, writer, "", told)

    # --- what comes in ----------------------------------------------------------------------------

    def _register_incoming(self) -> None:
        scene = self._scene
        for unit in [scene.top, *scene.units(scene.today, PROVINCE)]:
            code = scene.codes[unit]
            is_shown = unit == scene.top or code in {"DONG-THAP", "LANG-SON"}
            for number, row in enumerate(self._data["incoming"]):
                if not is_shown and not Dice(code, "incoming", number).happens(_SOME):
                    continue
                day = scene.today - timedelta(days=row["before"])
                first = self.papers.come_in(unit, row, day)
                if "twice" in row and is_shown:
                    self.papers.come_in(unit, row, day + timedelta(days=row["twice"]), earlier=first)


def _same(text: Text) -> Text:
    return text


def _written(typed: str, year: int) -> Text:
    return written(typed, year)[0]


def _day(year: int, month_day: str) -> date:
    return date.fromisoformat(f"{year}-{month_day}")
