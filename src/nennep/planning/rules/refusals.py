"""What planning refuses, said in codes: the faces say it in the reader's language."""

from __future__ import annotations

from nennep.planning.rules.versions import PlanTexts, TaskWords


class PlanningRefused(Exception):
    """An act that the rules of planning forbid now. `why` names the rule, `facts` what the answer should name."""

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(why)
        self.why = why
        self.facts = facts


class DetailsItself(PlanningRefused):
    """A task that would detail itself. `chain` holds the titles from the task back to the task."""

    def __init__(self, chain: tuple[str, ...]) -> None:
        super().__init__("details_itself", chain=chain)
        self.chain = chain


class StalePlan(Exception):
    """Somebody else changed the plan in the meantime: nothing was overwritten.

    `theirs` is what it says now, at `revision`; `mine` is what was to be written, None where nothing was written.
    """

    def __init__(self, theirs: PlanTexts, mine: PlanTexts | None, revision: int) -> None:
        super().__init__(f"the plan stands at revision {revision}")
        self.theirs = theirs
        self.mine = mine
        self.revision = revision


class StaleTask(Exception):
    """Somebody else changed the task in the meantime: nothing was overwritten.

    `theirs` is what it says now, at `edition`; `mine` is what was to be written, None where it was to be struck out.
    """

    def __init__(self, theirs: TaskWords, mine: TaskWords | None, edition: int) -> None:
        super().__init__(f"the task stands at edition {edition}")
        self.theirs = theirs
        self.mine = mine
        self.edition = edition
