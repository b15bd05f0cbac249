"""What shows that a task was done: versions of reports, statements in them, documents, other tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

#: A task is not proved by a heap.
MOST = 20
_LONGEST_NUMBER = 18


class EvidenceKind(StrEnum):
    VERSION = "version"
    STATEMENT = "statement"
    DOCUMENT = "document"
    TASK = "task"


@dataclass(frozen=True)
class Pointer:
    """What somebody names as evidence: an id (`12`), of a statement with its own in the version (`12:s1`)."""

    kind: EvidenceKind
    key: str

    @property
    def id(self) -> int:
        """The id of the version, document or task; 0, which nothing bears, where it is none."""
        number = self.key.split(":", 1)[0]
        return int(number) if number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER else 0

    @property
    def statement(self) -> str:
        return self.key.partition(":")[2]


@dataclass(frozen=True)
class Evidence:
    """A pointer that was found, under the name it bore when it was given."""

    kind: EvidenceKind
    key: str
    label: str

    @property
    def pointer(self) -> Pointer:
        return Pointer(self.kind, self.key)

    def as_json(self) -> dict[str, str]:
        return {"kind": str(self.kind), "key": self.key, "label": self.label}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Evidence:
        return cls(EvidenceKind(data["kind"]), str(data["key"]), str(data["label"]))
