"""The words of a paper as they are printed, part by part: both renderers put these down and decide nothing more."""

from dataclasses import dataclass

from nennep.documents.rules.layout import Layout
from nennep.documents.rules.paper import Paper
from nennep.documents.rules.states import Urgency

# Decree 30/2020, Annex I, part IV, box 10b: the words and the width of the box around them, in mm.
URGENCY_STAMPS = {
    Urgency.URGENT: ("KHẨN", 20.0),
    Urgency.VERY_URGENT: ("THƯỢNG KHẨN", 40.0),
    Urgency.FLASH: ("HỎA TỐC", 30.0),
}


@dataclass(frozen=True)
class Parts:
    """What stands around the text of a paper. Empty is what this paper does not have."""

    superior: str
    issuer: str
    number: str
    letter_subject: str
    urgency: str
    urgency_mm: float
    place_and_date: str
    kind: str
    subject: str
    addressee_word: str
    addressees: tuple[str, ...]
    bases: tuple[str, ...]
    authority: str
    post: str
    signer: str
    recipients: tuple[str, ...]
    annex_source: str
    marking: str


def parts_of(paper: Paper, layout: Layout) -> Parts:
    """Return the words of a paper in a layout, in capitals where the rules ask for them."""
    urgency, urgency_mm = URGENCY_STAMPS.get(paper.urgency, ("", 0.0))
    signature = paper.signature
    return Parts(
        superior=paper.superior.upper(),
        issuer=paper.issuer.upper(),
        number=paper.number_line(),
        letter_subject=paper.letter_subject(layout),
        urgency=urgency,
        urgency_mm=urgency_mm,
        place_and_date=paper.place_and_date(),
        kind="" if paper.letter else paper.kind.upper(),
        subject="" if paper.letter else paper.subject,
        addressee_word=paper.addressee_word(layout),
        addressees=paper.addressee_lines(),
        bases=paper.basis_lines(layout),
        authority=signature.authority_line(paper.family) if signature else "",
        post=signature.post_line() if signature else "",
        signer=signature.named() if signature else "",
        recipients=paper.recipient_lines(),
        annex_source=paper.annex_source(),
        marking=paper.marking,
    )
