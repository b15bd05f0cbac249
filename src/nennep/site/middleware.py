"""What happens to every request before its page: language, actor, access; and what a refusal becomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.http import urlencode

from nennep.accounts.models import Person
from nennep.one_look import one_look
from nennep.organisation.rules import NotAuthorised
from nennep.site.access import ACCESS, Audience
from nennep.site.acting import act

Answer = Callable[[HttpRequest], HttpResponse]
#: Pages a person may open before they changed a password that was given to them.
BEFORE_PASSWORD = {"password", "sign-out", "preferences"}


def language(get_response: Answer) -> Answer:
    """Vietnamese unless the person, or the browser's cookie before sign-in, asks for English."""

    def answer(request: HttpRequest) -> HttpResponse:
        asked = getattr(request.user, "language", "") or request.COOKIES.get("nennep_language", "")
        translation.activate("en" if asked == "en" else "vi")
        response = get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or "vi")
        return response

    return answer


class actor:  # noqa: N801 -- a middleware is named as the function it stands for
    """Finds who acts, and holds every address to the access table."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        act(request)
        response = self._answered(request)
        if isinstance(request.user, Person):
            response.headers["Cache-Control"] = "private, no-store"
        return response

    def _answered(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with one_look():
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        del view, args, kwargs
        match = request.resolver_match
        need = ACCESS.get(match.view_name if match else "")
        if need is None:
            raise PermissionDenied(f"no access rule for {match.view_name if match else request.path}")
        if need.audience in {Audience.ANYONE, Audience.TOKEN}:
            return None
        if not isinstance(request.user, Person):
            return redirect(f"/sign-in/?{urlencode({'next': request.get_full_path()})}")
        if request.user.must_change_password and match and match.view_name not in BEFORE_PASSWORD:
            return redirect("password")
        return _post_check(request, need)


def _post_check(request: HttpRequest, need: Any) -> HttpResponse | None:
    if need.audience is not Audience.IN_A_POST:
        return None
    who = request.actor  # type: ignore[attr-defined]
    if who.post_id is None:
        raise PermissionDenied("no-post")
    if need.permission is not None and need.permission not in who.permissions:
        raise PermissionDenied("no-permission")
    return None


class refusals:  # noqa: N801 -- as above
    """Turns what the services refuse into the answer a page gives: hidden things are not found."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        del request
        if isinstance(error, NotAuthorised):
            if error.hidden:
                raise Http404 from error
            raise PermissionDenied("no-permission") from error
        if isinstance(error, ObjectDoesNotExist):
            raise Http404 from error
