"""How the acts of documents say no."""

from __future__ import annotations

from collections.abc import Sequence

from nennep.documents.models import Incoming


class DocumentsRefused(Exception):
    """An act that the rules of documents forbid now. `why` names the rule and `facts` what it was about; the faces say
    it in the reader's language.
    """

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(why)
        self.why = why
        self.facts = facts


class RegisterRefused(DocumentsRefused):
    """A number that a register cannot give, take or void now."""


class DuplicateIncoming(DocumentsRefused):
    """What came in seems to have come in before: `earlier` are those entries, oldest first. Nothing was written."""

    def __init__(self, earlier: Sequence[Incoming]) -> None:
        super().__init__("came_in_before", count=len(earlier))
        self.earlier = tuple(earlier)
