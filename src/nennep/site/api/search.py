"""Search everything that the caller's post may see."""

from __future__ import annotations

from typing import Annotated

from ninja import Router
from pydantic import Field

from nennep.search import queries
from nennep.search.queries import Hit
from nennep.search.rules import LONGEST_QUESTION, Kind
from nennep.site.api.door import ApiRequest
from nennep.site.api.problems import PROBLEMS
from nennep.site.api.shapes import HitOut, HitsOut, Limit

router = Router(tags=["search"])

Words = Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION)]
After = Annotated[str, Field(pattern=r"^\d-\d{1,19}$")]


@router.get("/search", url_name="search", operation_id="search", response={200: HitsOut, **PROBLEMS})
def search(
    request: ApiRequest, q: Words, kind: Kind | None = None, limit: Limit = 20, after: After | None = None
) -> HitsOut:
    """What holds every word asked for: exact accents first, titles first, newest first.

    The last word may be a beginning; a phrase stands in quotation marks. `after` of an answer leads on to the next.
    """
    found = queries.find(request.auth.by, q, kinds=[kind] if kind else (), limit=limit, after=after or "")
    return HitsOut(items=[_hit(hit) for hit in found.hits], after=found.after or None)


def _hit(hit: Hit) -> HitOut:
    return HitOut(
        kind=hit.kind,
        id=hit.key,
        title=hit.name,
        snippet="".join(piece.text for piece in hit.snippet),
        unit=hit.unit_id,
        dated_on=hit.dated_on,
    )
