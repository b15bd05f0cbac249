"""What stands where on a page of a PDF, how large and in which face: read from the file, never by eye."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from nennep.documents.faces import width_mm

MM = 72 / 25.4


@dataclass(frozen=True)
class Piece:
    """Words of a page and where they stand: mm from the left and from the top edge (base line), size in points."""

    text: str
    left: float
    base: float
    size: float
    face: str

    @property
    def right(self) -> float:
        return self.left + width_mm(self.text.strip(), self.size, bold="Bold" in self.face)


def pieces(page: Any) -> list[Piece]:
    found: list[Piece] = []

    def keep(text: str, matrix: list[float], _: list[float], face: Any, size: float) -> None:
        if text.strip():
            name = str(face["/BaseFont"]).partition("+")[2]
            base = float(page.mediabox.height) - matrix[5]
            found.append(Piece(unicodedata.normalize("NFC", text.strip()), matrix[4] / MM, base / MM, size, name))

    page.extract_text(visitor_text=keep)
    return found


def rules(page: Any) -> list[float]:
    """Return the lengths of the horizontal lines of a page, from the top, in mm."""
    lengths: list[float] = []
    start = [0.0, 0.0]

    def see(operator: bytes, operands: Any, *_: Any) -> None:
        if operator == b"m":
            start[:] = [float(operand) for operand in operands]
        elif operator == b"l" and float(operands[1]) == start[1]:
            lengths.append(abs(float(operands[0]) - start[0]) / MM)

    page.extract_text(visitor_operand_before=see)
    return lengths


def piece(page: Any, text: str) -> Piece:
    return next(found for found in pieces(page) if found.text == text)
