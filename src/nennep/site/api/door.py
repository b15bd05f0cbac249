"""Who calls: the owner of a personal token, in one of their posts. A session opens nothing here, a token no session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header
from ninja.security import HttpBearer

from nennep.accounts import queries as accounts
from nennep.accounts.models import Token
from nennep.accounts.services import note_use
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.models import Appointment
from nennep.site import now
from nennep.site.access import ACCESS, Need
from nennep.site.acting import actor_for
from nennep.site.api.problems import Refused

FORBIDDEN = 403


@dataclass(frozen=True)
class Caller:
    """Whose program calls, with which token, in which post."""

    by: Actor
    token: Token
    appointments: Sequence[Appointment]


class ApiRequest(HttpRequest):
    """A request whose token was good; what every operation takes."""

    auth: Caller


class PersonalToken(HttpBearer):
    """`Authorization: Bearer nnp_…`, held to the access table; `X-Post: <id>` chooses one of the person's posts."""

    def __call__(self, request: HttpRequest) -> Any:
        speak(request)
        return super().__call__(request)

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """The caller; None for a token that is not good, or whose owner is stopped. Raises Refused."""
        at = now.instant()
        found = accounts.token(token, at=at)
        if found is None:
            return None
        note_use(found.pk, at=at)
        appointments = list(organisation.appointments_of(found.person_id, now.day_of(at)))
        by = actor_for(found.person, appointments, post_id=_post_asked(request, appointments), at=at)
        caller = Caller(by, found, appointments)
        match = request.resolver_match
        _hold_to(ACCESS[match.view_name if match else ""], caller)
        return caller


def speak(request: HttpRequest) -> None:
    """The language of the messages: Vietnamese unless the program prefers English."""
    asked = [code[:2] for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    translation.activate(next((code for code in asked if code in {"vi", "en"}), "vi"))


def _post_asked(request: HttpRequest, appointments: Sequence[Appointment]) -> int | None:
    asked = request.headers.get("X-Post", "").strip()
    if not asked:
        return None
    held = {str(appointment.post_id): appointment.post_id for appointment in appointments}
    if asked not in held:
        raise Refused(FORBIDDEN, "not_your_post", _("X-Post names a post that you do not hold today."))
    return held[asked]


def _hold_to(need: Need, caller: Caller) -> None:
    """Raise Refused unless the token, its owner and the post have what the address asks for."""
    if caller.token.person.must_change_password:
        raise Refused(
            FORBIDDEN, "password_to_change", _("Sign in and change the password that was given to you first.")
        )
    if need.scope is not None and need.scope not in caller.token.scopes:
        text = _("This token was not made for this: it lacks the scope “%(scope)s”.")
        raise Refused(FORBIDDEN, "scope_missing", text % {"scope": need.scope}, {"scope": str(need.scope)})
    wanted = [permission for permission in (need.permission, need.also) if permission is not None]
    if wanted and caller.by.post_id is None:
        raise Refused(FORBIDDEN, "no_post", _("You hold no post today."))
    for permission in wanted:
        if permission not in caller.by.permissions:
            text = _("Your post does not carry this permission.")
            raise Refused(FORBIDDEN, "not_permitted", text, {"permission": str(permission)})
