"""Signing in and out, the password, tokens, and how a person likes the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from nennep.accounts import queries, services
from nennep.accounts.rules import LONGEST_TOKEN_DAYS, Density, Scope, Theme
from nennep.site.acting import POST_KEY, ActingRequest

TOO_MANY = 429


def _where_to(request: HttpRequest) -> str:
    """The page a person was on, if it is one of ours."""
    wished = request.POST.get("next") or request.GET.get("next") or "/"
    return wished if url_has_allowed_host_and_scheme(wished, allowed_hosts={request.get_host()}) else "/"


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Open a session. A wrong name and a wrong password answer alike and take the same time."""
    form = AuthenticationForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return redirect(_where_to(request))
    return render(request, "sign_in.html", {"form": form, "next": _where_to(request)})


def name_tried(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """The name a try is counted under: people are found whatever the case, so no case gives further tries."""
    given = (credentials or {}).get("username") or request.POST.get("username", "")
    return str(given).casefold()


def locked_out(request: HttpRequest, credentials: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """What too many wrong tries from one place get: how long to wait, and that nothing is lost for good."""
    del credentials, args, kwargs
    form = AuthenticationForm(request)
    return render(request, "sign_in.html", {"form": form, "next": _where_to(request), "locked": True}, status=TOO_MANY)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("sign-in")


@require_http_methods(["GET", "POST"])
def password(request: ActingRequest) -> HttpResponse:
    """Change one's own password; other sessions of the person end."""
    form = PasswordChangeForm(cast("Any", request.user), data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = services.set_password(request.user.pk, form.cleaned_data["new_password1"], by=request.actor)
        update_session_auth_hash(request, cast("Any", person))
        messages.success(request, _("Your password is changed. Other sessions have ended."))
        return redirect("desk")
    return render(request, "password.html", {"form": form})


@require_POST
def preferences(request: ActingRequest) -> HttpResponse:
    """Language, theme and density: remembered for the person, and the language for this browser before sign-in."""
    language = request.POST.get("language")
    theme, density = request.POST.get("theme"), request.POST.get("density")
    services.prefer(
        request.user.pk,
        language=language if language in {"vi", "en"} else None,
        theme=Theme(theme) if theme in set(Theme) else None,
        density=Density(density) if density in set(Density) else None,
    )
    response = redirect(_where_to(request))
    if language in {"vi", "en"}:
        response.set_cookie("nennep_language", language, max_age=31_536_000, samesite="Lax", httponly=True)
    return response


@require_POST
def act_in_post(request: ActingRequest) -> HttpResponse:
    """Act in another of one's posts from now on."""
    wished = request.POST.get("post", "")
    held = {str(appointment.post_id) for appointment in request.appointments}
    if wished in held:
        request.session[POST_KEY] = int(wished)
        for key in ("unit", "period"):
            request.session.pop(key, None)
    return redirect("desk")


class TokenForm(forms.Form):
    """What a person says of a new token."""

    name = forms.CharField(label=gettext_lazy("What it is for"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        choices=[
            (Scope.READ.value, gettext_lazy("read")),
            (Scope.SUBMIT.value, gettext_lazy("write and hand in reports")),
            (Scope.PROGRESS.value, gettext_lazy("tell the progress of tasks")),
            (Scope.ACKNOWLEDGE.value, gettext_lazy("receive and acknowledge documents")),
        ],
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.READ.value],
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days it lasts"), min_value=1, max_value=LONGEST_TOKEN_DAYS, initial=90
    )


@require_http_methods(["GET", "POST"])
def tokens(request: ActingRequest) -> HttpResponse:
    """One's own tokens; a new one is shown once."""
    form = TokenForm(request.POST or None)
    fresh = ""
    if request.method == "POST" and form.is_valid():
        scopes = [Scope(scope) for scope in form.cleaned_data["scopes"]]
        _token, fresh = services.make_token(
            form.cleaned_data["name"], scopes, form.cleaned_data["days"], by=request.actor
        )
        form = TokenForm()
    found = queries.tokens_of(request.user.pk)
    return render(request, "tokens.html", {"form": form, "tokens": found, "fresh": fresh, "now": request.actor.at})


@require_POST
def revoke_token(request: ActingRequest, token_id: int) -> HttpResponse:
    services.revoke_token(token_id, by=request.actor)
    messages.success(request, _("The token no longer works."))
    return redirect("tokens")
