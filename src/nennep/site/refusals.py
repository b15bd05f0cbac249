"""What the services refuse, said in the reader's language: what is not possible now, and what to do instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nennep.reporting.rules.states import WrongMove
from nennep.reporting.services import ReportingRefused
from nennep.site.findings import say_refused, say_wrong_move
from nennep.synthesis.rules.drafts import SynthesisRefused

Facts = Mapping[str, Any]

_SYNTHESIS: Mapping[str, Callable[[Facts], str]] = {
    "nobody_below": lambda _facts: _("Nobody reports to your unit in this round: there is nothing to bring together."),
    "empty_sentence": lambda _facts: _(
        "A sentence needs words. To keep it out of the paper, leave it out with a reason."
    ),
    "too_long": lambda facts: _("The sentence has %(length)s letters; at most %(most)s are taken.") % facts,
    "unknown_figure": lambda facts: _("The form has no figure {%(code)s}. The sentence is as it was.") % facts,
    "leaving_out_needs_reason": lambda _facts: _("Say why the sentence is left out."),
    "keeping_needs_reason": lambda _facts: _("Say why the draft stays as it stood."),
    "returned_cannot_be_kept": lambda _facts: _(
        "The version the draft stands on was returned and no longer counts: take the change."
    ),
    "reopening_needs_reason": lambda _facts: _("Say why you go on with a finished synthesis."),
    "no_such_change": lambda _facts: _("This change has been answered already."),
    "changes_unanswered": lambda facts: (
        ngettext(
            "%(count)s late change is not answered yet: take it, or keep what stands and say why.",
            "%(count)s late changes are not answered yet: take each, or keep what stands and say why.",
            facts["count"],
        )
        % facts
    ),
    "groups_unanswered": lambda facts: (
        ngettext(
            "%(count)s group is not decided yet: accept that these units say the same, or split it.",
            "%(count)s groups are not decided yet: accept that these units say the same, or split them.",
            facts["count"],
        )
        % facts
    ),
    "changed_meanwhile": lambda _facts: _(
        "Somebody else has changed this sentence since you opened the page. Nothing was lost: look at it as it stands"
        " now, and decide again."
    ),
    "no_language_model": lambda _facts: _("No language model is named here; nothing was sent anywhere."),
    "put_back_first": lambda _facts: _("This sentence is left out. Put it back first."),
    "nothing_to_split": lambda _facts: _("Choose at least one unit to take out; one unit stays."),
    "joining_needs_two": lambda _facts: _("Mark at least two sentences to put together."),
    "joining_needs_one_kind": lambda _facts: _("Only sentences of one kind in one section can be put together."),
    "joining_needs_statements": lambda _facts: _("Sentences about figures are not put together."),
    "no_such_member": lambda _facts: _("That unit's sentence is no longer in this group."),
    "already_finished": lambda _facts: _("This synthesis is finished. Go on with it first, with a reason."),
    "not_finished": lambda _facts: _("This synthesis is still being drafted."),
}

Refusal = SynthesisRefused | ReportingRefused | WrongMove


def say_refusal(refused: Refusal) -> str:
    """Why an act of reporting or synthesis is not possible now."""
    if isinstance(refused, WrongMove):
        return say_wrong_move(refused)
    if isinstance(refused, ReportingRefused):
        return say_refused(refused)
    said = _SYNTHESIS.get(refused.why)
    return said(refused.facts) if said else _("The rules of synthesis do not allow this now.")
