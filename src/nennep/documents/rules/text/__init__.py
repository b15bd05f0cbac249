"""The text of a document: blocks, how they are typed and read, cited, numbered and compared."""

from nennep.documents.rules.text.changes import (
    Change,
    ChangeKind,
    Piece,
    PieceKind,
    compare,
    differing,
    pieces_of,
)
from nennep.documents.rules.text.lines import BlockKind, tidy
from nennep.documents.rules.text.numbering import Gap, label_of, labels, numbering_gaps
from nennep.documents.rules.text.reading import parse, typed
from nennep.documents.rules.text.shapes import (
    LONGEST_TEXT,
    Binding,
    Block,
    Reference,
    Span,
    Text,
    TooLong,
    Unreadable,
    checked,
    digest,
    numbered,
    references,
    shown,
    spans,
)

__all__ = [
    "LONGEST_TEXT",
    "Binding",
    "Block",
    "BlockKind",
    "Change",
    "ChangeKind",
    "Gap",
    "Piece",
    "PieceKind",
    "Reference",
    "Span",
    "Text",
    "TooLong",
    "Unreadable",
    "checked",
    "compare",
    "differing",
    "digest",
    "label_of",
    "labels",
    "numbered",
    "numbering_gaps",
    "parse",
    "pieces_of",
    "references",
    "shown",
    "spans",
    "tidy",
    "typed",
]
