"""The API put together, its addresses, and the document that describes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.renderers import BaseRenderer
from pydantic import BaseModel

from nennep.site.api import documents, figures, plans, reports, search, units
from nennep.site.api.door import ApiRequest, PersonalToken
from nennep.site.api.problems import Refused, answer_problems

NAMESPACE = "api-v1"
ROOT = "/api/v1/"

DESCRIPTION = """\
Read units, forms, rounds, reports, figures and where they came from, documents with their clauses, plans with their
tasks; hand in the report of one's own unit, tell the progress of a task, acknowledge a document.

A call carries a personal token, `Authorization: Bearer nnp_…`, made on the page of one's tokens with its scopes
(`read`, `submit`, `progress`, `acknowledge`) and a last day. It acts in the person's first post, or in the one that the
header `X-Post` names, with exactly the permissions and the reach that post has today. A token never opens a session,
and a session opens nothing here.

Figures are decimal text, never binary numbers. Days are `YYYY-MM-DD`, instants ISO 8601 with their offset; periods are
half-open. Lists take `limit` and `offset` and tell the `total`.

What is refused comes back as a problem: `code` for the program, `message` for its person (Vietnamese, or English with
`Accept-Language: en`), `facts`, and `findings` in a report. What one may not know of is 404. Fields and questions that
are not known are refused with 422: a slip of the pen never widens an answer.
"""


class Plainly(BaseRenderer):
    """JSON whose instants keep all their digits, so that one read here can be asked about again."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        del request, response_status
        return json.dumps(data, default=_plain)


def _plain(value: object) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"not for JSON: {type(value).__name__}")


def _only_known_questions(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse what the address asks and the operation does not know: a filter with a typo would show everything."""

    @wraps(operation)
    def answer(request: ApiRequest, *args: Any, **asked: Any) -> Any:
        match = request.resolver_match
        strange = sorted(set(request.GET) - questions()[match.url_name or "" if match else ""])
        if strange:
            raise Refused(422, "unknown_question", _("The address asks something unknown."), {"unknown": strange})
        return operation(request, *args, **asked)

    return answer


api = NinjaAPI(
    title="Nền Nếp",
    version="1",
    description=DESCRIPTION,
    openapi_url=None,
    docs_url=None,
    urls_namespace=NAMESPACE,
    auth=PersonalToken(),
    renderer=Plainly(),
)
api.add_decorator(_only_known_questions)
api.add_router("", units.router)
api.add_router("", reports.router)
api.add_router("", figures.router)
api.add_router("", documents.router)
api.add_router("", plans.router)
api.add_router("", search.router)
answer_problems(api)


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    return dict(api.get_openapi_schema(path_prefix=ROOT))


@cache
def questions() -> Mapping[str, frozenset[str]]:
    """What each operation may be asked in the address, by its name."""
    return {
        operation["operationId"]: frozenset(one["name"] for one in operation["parameters"] if one["in"] == "query")
        for path_ in document()["paths"].values()
        for operation in path_.values()
    }


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The document that describes the API."""
    del request
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


def _addresses() -> list[URLPattern | URLResolver]:
    made, _app, _namespace = api.urls
    return [address for address in made if getattr(address, "name", "") != "api-root"]


urlpatterns = ([path("openapi.json", openapi, name="openapi"), *_addresses()], NAMESPACE)
