"""Reads the text of reports and weaves what many of them say: plain functions, offline, the same answer every time.

It proposes; a person decides.
"""

from loom._lexicon import BadLexiconError, Lexicon, LexiconMistake, read_lexicon
from loom._weave import Decision, Group, Groups, Point, Why, gather, place_of, weave

__all__ = [
    "BadLexiconError",
    "Decision",
    "Group",
    "Groups",
    "Lexicon",
    "LexiconMistake",
    "Point",
    "Why",
    "gather",
    "place_of",
    "read_lexicon",
    "weave",
]
