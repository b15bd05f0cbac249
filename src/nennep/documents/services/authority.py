"""Whose document it is: a unit's own people write, sign and issue it; those above see it and never touch it."""

from __future__ import annotations

from nennep.documents.queries.sight import is_own
from nennep.journal.rules import Actor
from nennep.organisation import queries as organisation
from nennep.organisation.rules import NotAuthorised, Permission


def own_unit(by: Actor, permission: Permission) -> int:
    """The unit in which the actor's post stands. Raises NotAuthorised where it does not carry the permission."""
    if by.unit_id is None:
        raise NotAuthorised(permission, hidden=False)
    organisation.require(by, permission, over=by.unit_id)
    return by.unit_id


def require_own(by: Actor, permission: Permission, unit_id: int) -> None:
    """Raise NotAuthorised unless the post carries the permission in this very unit, or in the one that keeps the
    papers of a unit that is gone.
    """
    organisation.require(by, permission, over=unit_id)
    if not is_own(by, unit_id):
        raise NotAuthorised(permission, hidden=False)
