"""How Word templates are spoken of on screen: why a file is none, and what goes into which place."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from nennep.documents import placeholders as place
from nennep.documents.rules.layout import Family
from nennep.documents.word_templates import MOST_BYTES, Flaw, Refusal
from nennep.site.arrivals import size

FAMILIES: Mapping[Family, Promise] = {
    Family.STATE: later("Papers of the state"),
    Family.PARTY: later("Papers of the party"),
}

PLACES: Mapping[str, Promise] = {
    place.SUPERIOR.name: later("The superior body, in capitals"),
    place.ISSUER.name: later("The issuing body, in capitals"),
    place.NUMBER.name: later("The line of number and symbol, with the word for number"),
    place.LETTER_SUBJECT.name: later("The subject of a letter, under the number"),
    place.URGENCY.name: later("The stamp of urgency"),
    place.PLACE_AND_DATE.name: later("Place and date of issue"),
    place.KIND.name: later("The kind of document, in capitals"),
    place.SUBJECT.name: later("The subject of a document with a kind"),
    place.ADDRESSEES.name: later("The addressees, with the words before them"),
    place.BASES.name: later("The legal bases, each on a line"),
    place.BODY.name: later("The whole text"),
    place.RECIPIENTS.name: later("The list of recipients, each on a line"),
    place.AUTHORITY.name: later("In whose place the signer signs: TM., KT., TL., TUQ., T/M, K/T, T/L"),
    place.POST.name: later("The signer's post, in capitals"),
    place.SIGNER.name: later("The signer's rank and name"),
    place.MARKING.name: later("A remark at the foot of the page, as a demonstration carries it"),
}

_FLAWS: Mapping[Flaw, Promise] = {
    Flaw.NOT_WORD: later("It is no Word document (.docx)."),
    Flaw.BOMB: later("Unpacked it is far larger than a template can be."),
    Flaw.DAMAGED: later("It is damaged: Word would show something else than was checked."),
    Flaw.ENTITIES: later("It declares entities, which no Word document does."),
    Flaw.OTHER_TYPE: later("It is of another type of Word file. Save it as a Word document (.docx)."),
    Flaw.MACRO: later("It carries macros. Save it as a Word document (.docx), without macros."),
    Flaw.ACTIVE_X: later("It carries an active control (ActiveX). Remove it."),
    Flaw.EMBEDDED: later("Another file or object is embedded in it. Remove it, or put it in as a picture."),
    Flaw.EXTERNAL: later("It points outside: a link, a linked picture, or a template attached to it. Remove it."),
    Flaw.OTHER_PART: later("It holds a part that a template does not need. Save it anew, without additions."),
    Flaw.OTHER_FILE_INSIDE: later("It takes in another document when it is opened. Put its text in instead."),
    Flaw.FIELD: later("It carries a field other than the number of the page (PAGE, NUMPAGES). Remove the field."),
    Flaw.TRACKED: later("It carries tracked changes, which would go out with every paper. Accept or reject them."),
    Flaw.COMMENT: later("It carries comments, which would go out with every paper. Delete them."),
    Flaw.SECTIONS: later("It has more than one section. A template has one."),
    Flaw.CODE: later(
        "It carries something in braces that is no place for a part of a paper. Nothing is worked out in a template."
    ),
    Flaw.NOT_ALONE: later("This place needs a paragraph of its own, and the text a paragraph outside of tables."),
    Flaw.TWICE: later("This place may stand there only once."),
    Flaw.MISSING: later("This place is missing: a part of a paper would be lost."),
    Flaw.NOT_PRINTED: later("Tried out, this part of a paper did not come out of it."),
    Flaw.TOO_SLOW: later("Reading it took longer than a template may."),
    Flaw.CRASHED: later("Reading it failed."),
}


def say_flaw(refusal: Refusal) -> str:
    """What speaks against a file, in a sentence."""
    if refusal.flaw is Flaw.TOO_LARGE:
        return _("It is larger than a template may be: at most %(most)s.") % {"most": size(MOST_BYTES)}
    return str(_FLAWS[refusal.flaw])


def say_where(refusal: Refusal) -> str:
    """In which part of the file, and in which paragraph there."""
    if refusal.paragraph:
        told = {"part": refusal.part, "paragraph": refusal.paragraph}
        return _("%(part)s, paragraph %(paragraph)s") % told
    return refusal.part
