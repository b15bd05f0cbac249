"""How pages name what belongs to documents: groups of types, urgency, components of the form, whoever signs."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from nennep.documents.models import Document, DocumentType
from nennep.documents.queries.documents import Signer
from nennep.documents.rules.layout import Family
from nennep.documents.rules.paper import Capacity
from nennep.documents.rules.points import Component
from nennep.documents.rules.states import Move, State, Urgency
from nennep.documents.rules.text import TooLong
from nennep.site.sayings import in_language
from nennep.site.word_templates import FAMILIES

GROUPS: Mapping[str, Promise] = {
    "leadership": later("Leadership"),
    "direction": later("Directing"),
    "correspondence": later("Correspondence"),
    "plan": later("Plans and programmes"),
    "report": later("Reports"),
    "record": later("Records"),
}
URGENCIES: Mapping[Urgency, Promise] = {
    Urgency.NORMAL: later("ordinary"),
    Urgency.URGENT: later("urgent"),
    Urgency.VERY_URGENT: later("very urgent"),
    Urgency.FLASH: later("flash"),
}
COMPONENTS: Mapping[Component, Promise] = {
    Component.COUNTRY: later("Name of the country or the party"),
    Component.ISSUER: later("Issuing body"),
    Component.SYMBOL: later("Number and symbol"),
    Component.PLACE: later("Place"),
    Component.DAY: later("Day"),
    Component.KIND: later("Name of the kind"),
    Component.SUBJECT: later("Subject"),
    Component.BASES: later("Bases"),
    Component.TEXT: later("Text"),
    Component.NUMBERING: later("Numbering"),
    Component.ADDRESSEES: later("Addressees"),
    Component.AUTHORITY: later("Post and authority of whoever signs"),
    Component.SIGNER: later("Name of whoever signs"),
    Component.RECIPIENTS: later("Recipients and archive"),
}
#: What was done, once a step of the route is made.
STEPS_MADE: Mapping[Move, Promise] = {
    Move.SUBMIT: later("Handed in"),
    Move.WITHDRAW: later("Taken back"),
    Move.RETURN: later("Returned"),
    Move.AGREE: later("Agreed"),
    Move.SIGN: later("Signed"),
    Move.ISSUE: later("Numbered and issued"),
    Move.ENTER_INTO_FORCE: later("Entered into force"),
    Move.REPLACE: later("Replaced"),
    Move.RECALL: later("Recalled"),
    Move.EXPIRE: later("Ended"),
    Move.DROP: later("Given up"),
}
#: What is to be done next.
STEPS_TO_COME: Mapping[Move, Promise] = {
    Move.SUBMIT: later("Write and hand in"),
    Move.AGREE: later("Look at form and content, agree"),
    Move.SIGN: later("Sign"),
    Move.ISSUE: later("Number, issue and send"),
    Move.ENTER_INTO_FORCE: later("Enter into force"),
}
#: The look of a state's chip: its class, and its icon where it has one.
LOOKS: Mapping[State, tuple[str, str]] = {
    State.DRAFT: ("", "rewrite"),
    State.SUBMITTED: ("soon", "due"),
    State.RETURNED: ("returned", "returned"),
    State.AGREED: ("soon", "due"),
    State.SIGNED: ("soon", "due"),
    State.ISSUED: ("good", "done"),
    State.IN_FORCE: ("good", "done"),
    State.REPLACED: ("changed", "changed"),
    State.RECALLED: ("overdue", "failed"),
    State.EXPIRED: ("", "locked"),
    State.DROPPED: ("", "failed"),
}
_TOO_LONG: Mapping[str, Promise] = {
    "text": later("The text has %(found)s letters; at most %(allowed)s are taken. What is longer belongs in an annex."),
    "lines": later("The text has %(found)s lines; at most %(allowed)s are taken."),
    "blocks": later("The text has %(found)s clauses and paragraphs; at most %(allowed)s are taken."),
    "block": later("One paragraph has %(found)s letters; at most %(allowed)s are taken."),
    "columns": later("A table has %(found)s columns; at most %(allowed)s are taken."),
}


def group_name(code: str) -> str:
    """A group of types; one that a pack brings of its own goes by its code."""
    return str(GROUPS.get(code, code))


def type_in_words(type_: DocumentType) -> str:
    return in_language(type_.name, type_.name_en or type_.name)


def letters_and_family(type_: DocumentType) -> str:
    """What tells two types of one name apart: the letters of their symbol, and of the party's that they are hers."""
    family = Family(type_.series.family)
    told = [type_.abbreviation, "" if family is Family.STATE else str(FAMILIES[family])]
    return " · ".join(one for one in told if one)


def titled(document: Document) -> str:
    """How a page heads a document: kind and subject, as its paper does."""
    if document.type.is_letter:
        return document.subject
    return f"{document.type.name} {document.subject[:1].lower()}{document.subject[1:]}"


def say_too_long(error: TooLong) -> str:
    """Why a text is too long to be kept, and that nothing of it was lost."""
    told = str(_TOO_LONG[error.what]) % {"found": error.found, "allowed": error.allowed}
    return f"{told} {_('What you typed stands below; it is not saved yet.')}"


def signer_in_words(signer: Signer, family: Family) -> str:
    """`Trần Quang Hưng, KT. Tư lệnh`: a person who may sign and in what right, as it will print."""
    letters = "" if signer.capacity is Capacity.OWN else f" ({signer.capacity.printed(family)} {signer.in_place_of}"
    return f"{signer.name}, {signer.post}{letters.rstrip()}{')' if letters else ''}"
