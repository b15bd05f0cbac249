"""What a person typed into a report, read from a page without trusting the page."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.http import QueryDict

from nennep.reporting.rules.content import (
    LONGEST_STATEMENT,
    Content,
    Layout,
    Section,
    Statement,
    StatementKind,
    Unreadable,
    tidy,
)

_ID = re.compile(r"^[A-Za-z0-9_-]{1,40}$")
#: The empty line that a page keeps ready at the end of each section of words.
BLANK = "new-"


@dataclass(frozen=True)
class Typed:
    """A draft as it was sent: `content` is what may be stored of it, `shown` all of it.

    They differ only where a text is past any sense: `too_long` holds its length, by place.
    """

    content: Content
    shown: Content
    revision: int
    too_long: Mapping[str, int] = field(default_factory=dict)


def read_typed(post: QueryDict, draft: Content, layout: Layout, computed: set[str]) -> Typed:
    """The draft that a page sent. What the page did not send stays as the draft has it.

    Raises Unreadable for what the form does not have.
    """
    revision = post.get("revision", "")
    if not revision.isdecimal():
        raise Unreadable("no revision")
    too_long: dict[str, int] = {}
    cells = {**draft.cells, **_by_code(post, "cell.", too_long, draft.cells)}
    if strange := sorted(set(cells) & computed | set(cells) - set(layout.indicators)):
        raise Unreadable(f"the form has no cell to type in {strange[0]!r}")
    words = {**draft.words, **_by_code(post, "word.", too_long, draft.words)}
    sent = _statements(post, draft, layout) if "with-statements" in post else draft.statements
    shown = replace(draft, cells=cells, words=words, statements=sent)
    content = replace(shown, statements=_of_sensible_length(sent, draft, too_long))
    content = _without_lost_words(_pressed(post.get("press", ""), content))
    return Typed(content, shown, int(revision), too_long)


def _by_code(post: QueryDict, prefix: str, too_long: dict[str, int], kept: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for name, value in post.items():
        if not name.startswith(prefix):
            continue
        key, text = name.removeprefix(prefix), str(value)
        if _is_too_long(text):
            too_long[f"cell:{key}" if prefix == "cell." else key] = len(text)
            text = kept.get(key, "")
        found[key] = text
    return found


def _is_too_long(text: str) -> bool:
    return len(text) > LONGEST_STATEMENT and len(tidy(text)) > LONGEST_STATEMENT


def _statements(post: QueryDict, draft: Content, layout: Layout) -> tuple[Statement, ...]:
    before = {statement.id: statement for statement in draft.statements}
    found = []
    for key in post.getlist("statement"):
        text = post.get(f"text.{key}", "")
        known = before.get(key)
        if known is None and not text.strip():
            continue
        section = _words_section(post.get(f"section.{key}", ""), layout)
        kind = _kind(post.get(f"kind.{key}", ""), section)
        id_ = secrets.token_hex(5) if key.startswith(BLANK) else key
        if not _ID.match(id_):
            raise Unreadable("a point with a strange id")
        found.append(Statement(id_, section.letter, kind, text, known.sources if known else ()))
    return tuple(found)


def _of_sensible_length(sent: tuple[Statement, ...], draft: Content, too_long: dict[str, int]) -> tuple[Statement, ...]:
    """The statements that can be stored: instead of a text past any sense, the one that stood there before."""
    before = {statement.id: statement for statement in draft.statements}
    kept = []
    for statement in sent:
        if not _is_too_long(statement.text):
            kept.append(statement)
            continue
        too_long[f"statement:{statement.id}"] = len(statement.text)
        if statement.id in before:
            kept.append(replace(statement, text=before[statement.id].text))
    return tuple(kept)


def _words_section(letter: str, layout: Layout) -> Section:
    section = layout.section(letter)
    if section is None or section.is_cells:
        raise Unreadable(f"the form has no section of words {letter!r}")
    return section


def _kind(code: str, section: Section) -> StatementKind:
    if code not in set(section.statement_kinds):
        raise Unreadable(f"section {section.letter} takes no points of kind {code!r}")
    return StatementKind(code)


def _pressed(press: str, content: Content) -> Content:
    """What a button of the page does to the draft: `take:<cell>=<figure>`, `remove:<id>`, `up:<id>`, `down:<id>`."""
    act, _colon, rest = press.partition(":")
    if act == "take":
        code, _equals, text = rest.partition("=")
        return replace(content, cells={**content.cells, code: text})
    statements = list(content.statements)
    place = next((i for i, statement in enumerate(statements) if statement.id == rest), None)
    if place is None:
        return content
    if act == "remove":
        del statements[place]
    elif act in {"up", "down"}:
        _swap(statements, place, -1 if act == "up" else 1)
    return replace(content, statements=tuple(statements))


def _without_lost_words(content: Content) -> Content:
    """An answer at a point goes where the point goes: taken out, it takes its answer along."""
    said = {f"statement:{statement.id}" for statement in content.statements}
    words = {at: word for at, word in content.words.items() if not at.startswith("statement:") or at in said}
    return replace(content, words=words)


def _swap(statements: list[Statement], place: int, step: int) -> None:
    """Change places with the next statement of the same section in one direction."""
    other = place + step
    while 0 <= other < len(statements) and statements[other].section != statements[place].section:
        other += step
    if 0 <= other < len(statements):
        statements[place], statements[other] = statements[other], statements[place]


# --- two people wrote at once ---------------------------------------------------------------------


@dataclass(frozen=True)
class Clash:
    """A place where two drafts differ; empty text: there is nothing."""

    place: str
    mine: str
    theirs: str
    mine_kind: StatementKind | None = None
    theirs_kind: StatementKind | None = None


def clashes(mine: Content, theirs: Content) -> list[Clash]:
    """Every place where the two drafts differ, cells first."""
    found = [
        Clash(f"{kind}{key}", a.get(key, ""), b.get(key, ""))
        for kind, a, b in (("cell:", mine.cells, theirs.cells), ("word:", mine.words, theirs.words))
        for key in dict.fromkeys([*b, *a])
        if a.get(key, "") != b.get(key, "")
    ]
    my, their = ({statement.id: statement for statement in side.statements} for side in (mine, theirs))
    for id_ in dict.fromkeys([*their, *my]):
        a, b = my.get(id_), their.get(id_)
        if a is None or b is None or (a.text, a.kind, a.section) != (b.text, b.kind, b.section):
            found.append(
                Clash(
                    f"statement:{id_}",
                    a.text if a else "",
                    b.text if b else "",
                    a.kind if a else None,
                    b.kind if b else None,
                )
            )
    return found


def same(mine: Content, theirs: Content) -> bool:
    """Whether both drafts say the same: what was sent twice over a broken line is no clash."""
    return not clashes(mine, theirs) and [s.id for s in mine.statements] == [s.id for s in theirs.statements]


def read_choice(post: QueryDict, theirs: Content) -> Content:
    """The draft that a person chose between two: all of one, or place by place. Raises Unreadable."""
    mine = _sent(post.get("mine", ""), theirs)
    wished = post.get("resolve", "")
    if wished == "mine":
        return mine
    if wished == "theirs":
        return theirs
    kept = {clash.place for clash in clashes(mine, theirs) if post.get(f"pick.{clash.place}") == "mine"}
    cells = _chosen(mine.cells, theirs.cells, kept, "cell:")
    words = _chosen(mine.words, theirs.words, kept, "word:")
    my = {statement.id: statement for statement in mine.statements}
    statements = []
    for statement in theirs.statements:
        if f"statement:{statement.id}" not in kept:
            statements.append(statement)
        elif statement.id in my:
            statements.append(my[statement.id])
    have = {statement.id for statement in theirs.statements}
    statements += [s for s in mine.statements if s.id not in have and f"statement:{s.id}" in kept]
    return _without_lost_words(replace(theirs, cells=cells, words=words, statements=tuple(statements)))


def _chosen(mine: Mapping[str, str], theirs: Mapping[str, str], kept: set[str], prefix: str) -> dict[str, str]:
    keys = dict.fromkeys([*theirs, *mine])
    return {key: (mine if f"{prefix}{key}" in kept else theirs).get(key, "") for key in keys}


def _sent(text: str, theirs: Content) -> Content:
    """My side as the page sent it back; where a sentence came from is never taken from a page."""
    try:
        mine = Content.from_json(json.loads(text))
        plain = Content(
            {str(code): str(figure) for code, figure in mine.cells.items()},
            mine.statements,
            {str(place): str(word) for place, word in mine.words.items()},
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Unreadable("my side of two drafts cannot be read") from error
    sources = {statement.id: statement.sources for statement in theirs.statements}
    statements = tuple(replace(s, sources=sources.get(s.id, ())) for s in plain.statements)
    return replace(plain, statements=statements, figures=theirs.figures, synthesis=theirs.synthesis)
