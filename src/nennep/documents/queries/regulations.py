"""Regulations as they stood on a day, what an amendment changed, and which rules cite which article."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from nennep.documents.models import Regulation, RegulationVersion
from nennep.documents.rules.citations import Known, citations, resolved, said
from nennep.documents.rules.text import Block, BlockKind, Change, Text, compare
from nennep.organisation import queries as organisation
from nennep.organisation.rules import Span


@dataclass(frozen=True)
class Article:
    """One article of a version: its key, how people name it, its title and what it says in our own words."""

    key: str
    label: str
    title: str
    text: str

    @property
    def depth(self) -> int:
        """How deep it lies below the largest divisions, from 0."""
        return self.key.count("_")


@dataclass(frozen=True)
class InForce:
    """A regulation with its text of a day; without one on days on which it was not in force."""

    regulation: Regulation
    version: RegulationVersion | None


def regulations(day: date) -> list[InForce]:
    """Every regulation in its order, with the version of a day. Two queries."""
    on_day = {one.regulation_id: one for one in RegulationVersion.objects.filter(organisation.on(day))}
    return [InForce(one, on_day.get(one.pk)) for one in Regulation.objects.order_by("order", "code")]


def regulation(code: str) -> Regulation:
    """One regulation by its code. Raises Regulation.DoesNotExist."""
    return Regulation.objects.get(code=code)


def versions(code: str) -> QuerySet[RegulationVersion]:
    """The versions of a regulation, newest first."""
    found = RegulationVersion.objects.filter(regulation__code=code).select_related("regulation")
    return found.order_by("-starts_on")


def version_on(code: str, day: date) -> RegulationVersion | None:
    """The text of a regulation on a day, if it was in force."""
    return versions(code).filter(organisation.on(day)).first()


def articles(version: RegulationVersion) -> list[Article]:
    """The articles of a version in their order."""
    return [Article(row["key"], said(row["key"]), row["title"], row["text"]) for row in version.articles]


def difference(before: RegulationVersion, after: RegulationVersion) -> list[Change]:
    """What an amendment changed, article by article and word by word. A block's name is the key of its article."""
    return compare(_text(before), _text(after))


def _text(version: RegulationVersion) -> Text:
    return Text(
        tuple(
            Block(one.key, BlockKind.PARAGRAPH, number=one.label, text=". ".join(filter(None, (one.title, one.text))))
            for one in articles(version)
        )
    )


# --- who cites it ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """A rule in force that names a clause: a duty, a cut-off, a type of document, a series, a holiday, a capacity.

    `kind` says which; `name` is how its page names it. Whoever shows citations gathers them from every area.
    """

    kind: str
    name: str
    clause: str
    span: Span


@dataclass(frozen=True)
class Citing:
    """A rule with the article that it cites; `key` is that of the listed article, empty for the whole regulation."""

    rule: Rule
    key: str


def known() -> list[Known]:
    """Every regulation with the keys of all its versions: a rule of a past year cites the text of its year."""
    keys: dict[int, set[str]] = {}
    for regulation_id, listed in RegulationVersion.objects.values_list("regulation_id", "articles"):
        keys.setdefault(regulation_id, set()).update(row["key"] for row in listed)
    rows = Regulation.objects.order_by("order", "code").values_list("pk", "code", "number")
    return [Known(code, number, frozenset(keys.get(pk, ()))) for pk, code, number in rows]


def citing(
    code: str, rules: Iterable[Rule], *, day: date | None = None, among: Collection[Known] | None = None
) -> list[Citing]:
    """The rules that cite a regulation, in their order, each with the article; with a day those in force on it.

    An article that is not listed by itself stands under the one over it. `among` spares asking for what is known.
    """
    all_known = known() if among is None else among
    keys = {one.code: one.keys for one in all_known}.get(code, frozenset())
    found = []
    for rule in rules:
        if day is None or rule.span.covers(day):
            cited = [one.key for one in citations(rule.clause, all_known) if one.regulation == code]
            found += [Citing(rule, resolved(key, keys) or "") for key in cited]
    return list(dict.fromkeys(found))


def by_article(found: Iterable[Citing]) -> Mapping[str, list[Rule]]:
    """Citing rules by the key of the article; those that cite the regulation as a whole under an empty key."""
    listed: dict[str, list[Rule]] = {}
    for one in found:
        listed.setdefault(one.key, []).append(one.rule)
    return listed


def cited_by(rule: Rule, among: Collection[Known]) -> list[tuple[str, str]]:
    """The code of each regulation a rule cites, with the key of the listed article: what a page links a clause to."""
    keys = {one.code: one.keys for one in among}
    return [(one.regulation, resolved(one.key, keys[one.regulation]) or "") for one in citations(rule.clause, among)]
