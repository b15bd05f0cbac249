"""What is refused, as one shape: a code for the program, a sentence for its person, facts, and findings in a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

import abacus
from nennep.documents.services.refusals import DocumentsRefused
from nennep.organisation.rules import NotAuthorised
from nennep.planning.rules.refusals import PlanningRefused
from nennep.reporting.rules.checks import Finding
from nennep.reporting.rules.content import IndicatorRule, Unreadable
from nennep.reporting.rules.numbers import plain
from nennep.reporting.rules.states import WrongMove
from nennep.reporting.services import NotReady, ReportingRefused, StaleDraft
from nennep.site import now
from nennep.site.document_refusals import say_documents
from nennep.site.findings import say, say_refused, say_wrong_move
from nennep.site.planning_refusals import say_planning


class FindingOut(Schema):
    """One thing to mend or explain, at its place: `cell:<indicator>`, `statement:<id>` or `section:<letter>`."""

    problem: str
    level: str
    at: str
    what: str
    text: str
    facts: dict[str, Any]


class Problem(Schema):
    """Why a call was refused."""

    code: str
    message: str
    facts: dict[str, Any]
    findings: list[FindingOut]


@dataclass(eq=False)
class Refused(Exception):
    """A call that is not possible, and what the answer says of it."""

    status: int
    code: str
    message: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    findings: Sequence[Finding] = ()
    names: Mapping[str, IndicatorRule] = field(default_factory=dict)


#: What every operation may answer besides what it is for.
PROBLEMS = {401: Problem, 403: Problem, 404: Problem, 422: Problem}


def as_json(value: Any) -> Any:
    """A fact as JSON holds it: figures as plain decimal text, days and instants as ISO 8601."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): as_json(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [as_json(one) for one in value]
    return value if isinstance(value, str | int | bool | None) else str(value)


def _found(finding: Finding, names: Mapping[str, IndicatorRule]) -> FindingOut:
    said = say(finding, names)
    return FindingOut(
        problem=finding.problem,
        level=finding.level,
        at=finding.at,
        what=said.what,
        text=said.text,
        facts=as_json(finding.facts),
    )


def not_ready(error: NotReady, names: Mapping[str, IndicatorRule]) -> Refused:
    """What stands in the way of handing in, said with the names of the form's indicators."""
    text = _("Not handed in: see the findings. Nothing was changed.")
    return Refused(422, "not_ready", text, {"count": len(error.findings)}, error.findings, names)


# --- from what the services raise to what is answered ---------------------------------------------


def _refused(error: Refused) -> Refused:
    return error


def _unknown_caller(_error: AuthenticationError) -> Refused:
    return Refused(401, "token_not_good", _("A personal token is needed: missing, wrong, ended or expired."))


def _not_authorised(error: NotAuthorised) -> Refused:
    if error.hidden:
        return _not_found(error)
    text = _("Your post does not carry this permission.")
    return Refused(403, "not_permitted", text, {"permission": str(error.permission)})


def _not_found(_error: Exception) -> Refused:
    return Refused(404, "not_found", _("There is no such thing, or not for you."))


def _not_understood(error: ValidationError) -> Refused:
    wrong = [
        {"at": [str(step) for step in one["loc"]], "type": one["type"], "text": one["msg"]} for one in error.errors
    ]
    return Refused(422, "not_understood", _("What was sent is not of the shape that is asked for."), {"errors": wrong})


def _bad_request(error: HttpError) -> Refused:
    return Refused(error.status_code, "bad_request", _("What was sent cannot be read."), {"detail": error.message})


def _too_big(_error: RequestDataTooBig) -> Refused:
    return Refused(413, "too_big", _("What was sent is too big."))


def _unreadable(error: Unreadable) -> Refused:
    text = _("The form does not take what was sent. Nothing was changed.")
    return Refused(422, "unreadable", text, {"detail": str(error)})


def _stale(error: StaleDraft) -> Refused:
    text = _("%(name)s has written in this draft and not handed it in. Look at it, then name its revision.")
    facts = {"revision": error.revision, "saved_by": error.saved_by, "theirs": error.theirs.as_json()}
    return Refused(409, "stale_draft", text % {"name": error.saved_by}, facts)


def _wrong_move(error: WrongMove) -> Refused:
    return Refused(409, "wrong_move", say_wrong_move(error), {"state": str(error.state), "move": str(error.move)})


def _reporting(error: ReportingRefused) -> Refused:
    return Refused(409, error.why, say_refused(error), error.facts)


def _documents(error: DocumentsRefused) -> Refused:
    return Refused(409, error.why, say_documents(error), error.facts)


def _planning(error: PlanningRefused) -> Refused:
    return Refused(409, error.why, say_planning(error, now.day_of(now.instant())), error.facts)


def _no_honest_figure(error: abacus.AbacusError) -> Refused:
    return Refused(409, "no_honest_figure", _("No honest figure answers this question."), {"detail": str(error)})


_ANSWERS: Mapping[type[Exception], Callable[[Any], Refused]] = {
    Refused: _refused,
    AuthenticationError: _unknown_caller,
    NotAuthorised: _not_authorised,
    ObjectDoesNotExist: _not_found,
    Http404: _not_found,
    ValidationError: _not_understood,
    HttpError: _bad_request,
    RequestDataTooBig: _too_big,
    Unreadable: _unreadable,
    StaleDraft: _stale,
    WrongMove: _wrong_move,
    ReportingRefused: _reporting,
    DocumentsRefused: _documents,
    PlanningRefused: _planning,
    abacus.AbacusError: _no_honest_figure,
}


def answer_problems(api: NinjaAPI) -> None:
    """Let the API answer each of these with its problem; anything else is a fault of ours and stays one."""
    for kind, refusal in _ANSWERS.items():
        api.add_exception_handler(kind, _answering(api, refusal))


def _answering(api: NinjaAPI, refusal: Callable[[Any], Refused]) -> Callable[[HttpRequest, Any], HttpResponse]:
    def answer(request: HttpRequest, error: Any) -> HttpResponse:
        refused = refusal(error)
        problem = Problem(
            code=refused.code,
            message=refused.message,
            facts=as_json(refused.facts),
            findings=[_found(finding, refused.names) for finding in refused.findings],
        )
        response = api.create_response(request, problem, status=refused.status)
        if refused.status == 401:  # noqa: PLR2004 -- the number is the name
            response["WWW-Authenticate"] = "Bearer"
        return response

    return answer
