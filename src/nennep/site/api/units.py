"""Who is there: the caller, and the organisation on a day."""

from __future__ import annotations

from ninja import Router

from nennep.organisation import queries
from nennep.organisation.models import Unit
from nennep.organisation.queries import NamedUnit
from nennep.organisation.rules import Permission, Snapshot
from nennep.site.api.door import ApiRequest
from nennep.site.api.problems import PROBLEMS
from nennep.site.api.shapes import Day, Limit, Me, Offset, Page, PostOut, UnitOut

router = Router(tags=["organisation"])


@router.get("/me", url_name="me", operation_id="me", response={200: Me, **PROBLEMS})
def me(request: ApiRequest) -> Me:
    """Whose token this is, the posts to choose from with `X-Post`, and what the chosen one may do."""
    caller = request.auth
    posts = [
        PostOut(
            id=held.post_id,
            title=held.post.title,
            unit=held.post.unit_id,
            acting=held.acting,
            permissions=sorted(held.post.permissions),
        )
        for held in caller.appointments
    ]
    return Me(
        username=caller.token.person.username,
        name=caller.by.person_name,
        post=caller.by.post_id,
        unit=caller.by.unit_id,
        permissions=sorted(caller.by.permissions),
        posts=posts,
        token=caller.token.name,
        scopes=sorted(caller.token.scopes),
        expires_at=caller.token.expires_at,
    )


@router.get("/units", url_name="units", operation_id="units", response={200: Page[UnitOut], **PROBLEMS})
def units(request: ApiRequest, on: Day | None = None, limit: Limit = 50, offset: Offset = 0) -> Page[UnitOut]:
    """The units in reach as they stood on a day, today when none is named, by code."""
    by = request.auth.by
    day = on or by.today
    seen = queries.seen_on(by, queries.tree_on(day))
    found = queries.units_on(day, ids=seen)
    organised = queries.snapshot(day, found)
    ordered = sorted(found.values(), key=lambda unit: unit.code)
    page = [_unit(unit, organised) for unit in ordered[offset : offset + limit]]
    return Page[UnitOut](total=len(ordered), items=page)


@router.get("/units/{int:unit_id}", url_name="unit", operation_id="unit", response={200: UnitOut, **PROBLEMS})
def unit(request: ApiRequest, unit_id: int, on: Day | None = None) -> UnitOut:
    """One unit as it stood on a day; a unit that had ended under the last name it bore."""
    by = request.auth.by
    day = on or by.today
    seen = queries.seen_on(by, queries.tree_on(day))
    if unit_id not in seen | queries.reach(by, Permission.ORGANISATION_VIEW):
        raise Unit.DoesNotExist
    return _unit(queries.unit(unit_id, day), queries.snapshot(day, queries.units_on(day, ids=seen)))


def _unit(unit: NamedUnit, organised: Snapshot) -> UnitOut:
    return UnitOut(
        id=unit.id,
        code=unit.code,
        kind=unit.kind,
        name=unit.name,
        short_name=unit.short_name,
        place=unit.place,
        demonstration=unit.demonstration,
        superiors={str(line): superior for line, superior in organised.superiors.get(unit.id, {}).items()},
    )
