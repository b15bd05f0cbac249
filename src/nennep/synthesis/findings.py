"""Words against numbers for the reports of a round: read, compared, and remembered by version.

Reading takes a moment and a version never changes, so what was read of it once stays read in this process.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from nennep.intake import queries as intake
from nennep.intake.rules.matching import match
from nennep.reporting import queries as reporting
from nennep.reporting.models import Round, Version
from nennep.reporting.rules.content import Content
from nennep.synthesis.remembered import Remembered
from nennep.synthesis.rules.findings import (
    Finding,
    Read,
    against_cells,
    arithmetic,
    openings,
    read_content,
    same_events,
)

_read: Remembered[Read] = Remembered(2_000)
_found: Remembered[list[Finding]] = Remembered(2_000)


def of_version(version: Version) -> list[Finding]:
    """What does not agree within one report, and with what its unit reported for the period before."""
    return _Looking(version.report.round, version.report.unit_id, [version]).within(version)


def of_versions(round_: Round, unit_id: int, versions: Collection[Version]) -> list[Finding]:
    """The same for each of these reports to a unit, and the events that two of them tell."""
    looking = _Looking(round_, unit_id, versions)
    found = [finding for version in versions for finding in looking.within(version)]
    return found + same_events({version.report.unit_id: [looking.words(version)] for version in versions})


class _Looking:
    """What is the same for all reports of a round: its rules, the wordings of its cells, and the period before."""

    def __init__(self, round_: Round, unit_id: int, versions: Collection[Version]) -> None:
        self._layout = round_.form.layout
        self._rules = reporting.rules_of(round_.form)
        self._targets = tuple(intake.targets(round_.form, unit_id, round_.period.last_day))
        self._stamp = hash((self._targets, tuple(self._rules.values())))
        self._before = self._closed(round_, {version.report.unit_id for version in versions})

    def within(self, version: Version) -> list[Finding]:
        before = self._before.get(version.report.unit_id)
        key = (version.pk, version.digest, self._stamp, before[0] if before else None)
        found = _found.get(key)
        return _found.put(key, self._compared(version, before)) if found is None else found

    def _compared(self, version: Version, before: tuple[int, Mapping[str, Decimal]] | None) -> list[Finding]:
        read, figures = self.words(version), _figures(version.content)
        return [
            *against_cells(read, match(read.reading, self._targets), figures, self._rules),
            *arithmetic(read),
            *openings(version.pk, figures, before, self._rules),
        ]

    def words(self, version: Version) -> Read:
        key = (version.pk, version.digest)
        return _read.get(key) or _read.put(key, read_content(version.pk, version.content, self._layout))

    def _closed(self, round_: Round, units: Collection[int]) -> dict[int, tuple[int, Mapping[str, Decimal]]]:
        """What each of these units closed the period before with: its version that counts, and its figures."""
        before = reporting.round_before(round_)
        if before is None or not any(rule.opening_of for rule in self._rules.values()):
            return {}
        counted = {row.unit_id: row.version_id for row in reporting.counted([before.pk]) if row.unit_id in units}
        contents = reporting.content_of(list(counted.values()))
        return {unit_id: (version, _figures(contents[version])) for unit_id, version in counted.items()}


def _figures(content: Content) -> dict[str, Decimal]:
    """What the table of a report says: figures brought together where there are such, and the unit's own cells."""
    return {code: Decimal(text) for code, text in {**content.cells, **content.figures}.items()}
