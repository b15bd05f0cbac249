"""Phrases looked up word by word, the longest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from loom._text import fold
from loom._tokens import Tokens, words_of


class Phrases:
    """A set of phrases, each with what it stands for. Built once, asked in constant time."""

    def __init__(self, entries: Mapping[str, str]) -> None:
        self._by_first: dict[str, list[tuple[list[str], str]]] = {}
        self._by_last: dict[str, list[tuple[list[str], str]]] = {}
        for phrase, meaning in entries.items():
            words = list(words_of(phrase))
            self._by_first.setdefault(words[0], []).append((words, meaning))
            self._by_last.setdefault(words[-1], []).append((words, meaning))
        for table in (self._by_first, self._by_last):
            for choices in table.values():
                choices.sort(key=lambda choice: -len(choice[0]))

    @classmethod
    def listed(cls, *lists: str) -> Phrases:
        """Phrases divided by `|`, none with a meaning of its own."""
        return cls({phrase: phrase for listing in lists for phrase in spread(listing)})

    def at(self, tokens: Tokens, at: int) -> tuple[int, str] | None:
        """The longest phrase that starts here: the token after it and its meaning."""
        for words, meaning in self._by_first.get(tokens.words[at], ()):
            if tokens.words[at : at + len(words)] == words:
                return at + len(words), meaning
        return None

    def before(self, tokens: Tokens, end: int) -> tuple[int, str] | None:
        """The longest phrase that ends just before this token: its first token and its meaning."""
        for words, meaning in self._by_last.get(tokens.words[end - 1], ()):
            if end >= len(words) and tokens.words[end - len(words) : end] == words:
                return end - len(words), meaning
        return None

    def within(self, tokens: Tokens, first: int, end: int) -> bool:
        """Whether one of the phrases starts between these tokens."""
        return any(tokens.words[at] in self._by_first and self.at(tokens, at) for at in range(first, end))


def spread(listing: str) -> Iterable[str]:
    """The phrases of a listing divided by `|` over as many lines as it takes."""
    return (tidy for phrase in listing.split("|") if (tidy := " ".join(phrase.split())))


def words_in(listing: str) -> frozenset[str]:
    """Single words divided by spaces, as they are compared."""
    return frozenset(fold(listing).split())
