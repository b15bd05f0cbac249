"""The typefaces papers are set in, and how wide a line of text becomes in them.

Tinos has the widths of Times New Roman, letter for letter, so that a paper breaks its lines alike as PDF and in a
word processor.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

from nennep.documents.rules import Align, Figure, Layout, Paper, Table

FAMILY = "Tinos"
FACES = Path(__file__).parents[3] / "node_modules" / "@expo-google-fonts" / "tinos"

# What the face says of itself, as shares of the type size: the height of a single line is their sum.
ASCENT = 0.891
DESCENT = 0.216
LINE_GAP = 0.042

_MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True)
class Measured:
    """Lengths of a paper's head that follow from its words, in mm."""

    country_rule: float
    issuer_rule: float
    subject_rule: float
    addressee_indent: float


def measure(paper: Paper, layout: Layout, faces: Path = FACES) -> Measured:
    """Return how long the rules of the head are and where a list of addressees begins.

    The rule under the motto, or under the name of the party, is as long as that; those under the issuing body and the
    subject are a share of their line (Decree 30/2020, Annex I, part II, items 1, 2 and 5; guideline 36-HD/VPTW, part
    II, item 1.1). Addressees stand under the colon (item 9 of the decree).
    """
    last, last_pt = (layout.motto, layout.motto_pt) if layout.motto else (layout.country, layout.country_pt)
    issuer = longest_line_mm(paper.issuer.upper(), layout.issuer_pt, layout.issuer_width_mm, bold=True, faces=faces)
    subject = longest_line_mm(paper.subject, layout.subject_pt, layout.text_width_mm, bold=True, faces=faces)
    return Measured(
        country_rule=width_mm(last, last_pt, bold=True, faces=faces),
        issuer_rule=issuer * layout.rule_share_of_line,
        subject_rule=subject * layout.rule_share_of_line,
        addressee_indent=width_mm(paper.addressee_word(layout), layout.addressee_pt, faces=faces),
    )


def column_widths(table: Table, width_mm: float, layout: Layout, faces: Path = FACES) -> tuple[float, ...]:
    """Return the widths of a table's columns: by their shares, but wide enough for the longest number or word.

    A number is never broken over two lines; neither is a word of a head. Where that needs more room than a column's
    share, the others give way in proportion. When it needs more than there is, all columns are scaled down together.
    """
    needed = [_needed_mm(table, position, layout, faces) for position in range(len(table.columns))]
    if sum(needed) >= width_mm:
        return tuple(width_mm * need / sum(needed) for need in needed)
    held: set[int] = set()
    while True:
        free = [position for position in range(len(needed)) if position not in held]
        room = width_mm - sum(needed[position] for position in held)
        shares = sum(table.columns[position].share for position in free)
        by_share = {position: room * table.columns[position].share / shares for position in free}
        short = {position for position in free if by_share[position] < needed[position]}
        if not short:
            return tuple(by_share.get(position, needed[position]) for position in range(len(needed)))
        held |= short


def _needed_mm(table: Table, position: int, layout: Layout, faces: Path) -> float:
    """Return the width below which a column would break a word of its head or one of its numbers."""
    column = table.columns[position]
    words = [width_mm(word, layout.table_pt, bold=True, faces=faces) for word in column.head.split()]
    if column.align is Align.RIGHT:
        for row in table.rows:
            cell = row.cells[position]
            text = f"{cell.text}{cell.mark}" if isinstance(cell, Figure) else cell
            words.append(width_mm(text, layout.table_pt, bold=row.bold, faces=faces))
    # A hair more than the letters: programs round widths differently.
    return max(words, default=0) + 2 * layout.table_cell_gap_mm + 0.5


def face_files(faces: Path) -> tuple[Path, ...]:
    """Return the files of the faces, in order. Raises FileNotFoundError when the folder holds none."""
    files = tuple(sorted(faces.rglob("*.ttf")))
    if not files:
        raise FileNotFoundError(f"No typefaces in {faces}; `make setup` brings them.")
    return files


def width_mm(text: str, size_pt: float, *, bold: bool = False, faces: Path = FACES) -> float:
    """Return how wide a line of text is. A letter the face lacks counts as wide as a capital M."""
    widths = _widths(faces, bold=bold)
    widest = widths[ord("M")]
    return sum(widths.get(ord(letter), widest) for letter in text) * size_pt * _MM_PER_POINT


def longest_line_mm(text: str, size_pt: float, column_mm: float, *, bold: bool = False, faces: Path = FACES) -> float:
    """Return the width of the longest line of a text that is broken at its line ends, and at spaces to fit a column."""
    space = width_mm(" ", size_pt, bold=bold, faces=faces)
    longest = 0.0
    for given in text.split("\n"):
        line = 0.0
        for word in given.split():
            word_mm = width_mm(word, size_pt, bold=bold, faces=faces)
            line = line + space + word_mm if line and line + space + word_mm <= column_mm else word_mm
            longest = max(longest, line)
    return min(longest, column_mm)


@lru_cache(maxsize=4)
def _widths(faces: Path, *, bold: bool) -> dict[int, float]:
    """Return the width of each letter as a share of the type size."""
    wanted = "_700Bold.ttf" if bold else "_400Regular.ttf"
    path = next(path for path in face_files(faces) if path.name.endswith(wanted))
    with TTFont(path, lazy=True) as font:
        units = font["head"].unitsPerEm
        metrics = font["hmtx"]
        return {code: metrics[name][0] / units for code, name in font.getBestCmap().items()}
