"""Reads the text of reports and weaves what many of them say: plain functions, offline, the same answer every time.

It proposes; a person decides.
"""

from loom._additions import Addition, Counted, Part, Refused, add
from loom._draft import Doubt, Draft, Section, Sentence, Source, draft
from loom._faithful import Held, Unfaithful, unfaithful
from loom._folding import fingerprint, words_of
from loom._json import as_json, statement_id
from loom._lexicon import BadLexiconError, Lexicon, LexiconMistake, read_lexicon
from loom._read import read
from loom._reading import (
    Arithmetic,
    Heading,
    Kind,
    NotQuantity,
    Qualifier,
    Quantity,
    Reading,
    Role,
    Rule,
    Said,
    Span,
    Statement,
)
from loom._weave import Decision, Group, Groups, Point, Why, gather, place_of, weave

__all__ = [
    "Addition",
    "Arithmetic",
    "BadLexiconError",
    "Counted",
    "Decision",
    "Doubt",
    "Draft",
    "Group",
    "Groups",
    "Heading",
    "Held",
    "Kind",
    "Lexicon",
    "LexiconMistake",
    "NotQuantity",
    "Part",
    "Point",
    "Qualifier",
    "Quantity",
    "Reading",
    "Refused",
    "Role",
    "Rule",
    "Said",
    "Section",
    "Sentence",
    "Source",
    "Span",
    "Statement",
    "Unfaithful",
    "Why",
    "add",
    "as_json",
    "draft",
    "fingerprint",
    "gather",
    "place_of",
    "read",
    "read_lexicon",
    "statement_id",
    "unfaithful",
    "weave",
    "words_of",
]
