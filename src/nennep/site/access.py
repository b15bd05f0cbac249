"""Who may open which address: the one table. A name that is not here is refused, and a test says so.

The table says what the acting post must carry for an address to be its business at all; over which units it reaches
is decided by the services and queries, unit by unit and day by day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from nennep.accounts.rules import Scope
from nennep.organisation.rules import Permission


class Audience(StrEnum):
    ANYONE = "anyone"
    SIGNED_IN = "signed_in"
    IN_A_POST = "in_a_post"
    TOKEN = "token"  # noqa: S105 -- the word for who comes with one


class Reach(StrEnum):
    """Whose things an address with an id in it may show."""

    NOTHING = "nothing"  # no unit's thing is named
    SUBTREE = "subtree"  # the post's unit and what lies under it
    OWN = "own"  # the post's own unit only
    KEPT = "kept"  # the post's own unit, and those gone whose papers it keeps
    CHILDREN = "children"  # units whose superior is the post's unit
    SELF = "self"  # the person's own
    TOP = "top"  # the unit at the top of the form's line


@dataclass(frozen=True)
class Need:
    audience: Audience = Audience.IN_A_POST
    permission: Permission | None = None
    reach: Reach = Reach.NOTHING
    scope: Scope | None = None  # what a token must have been made for
    also: Permission | None = None  # a second permission, where one address does two acts


def _post(permission: Permission, reach: Reach = Reach.NOTHING) -> Need:
    return Need(Audience.IN_A_POST, permission, reach)


def _token(permission: Permission, reach: Reach = Reach.NOTHING, scope: Scope = Scope.READ) -> Need:
    return Need(Audience.TOKEN, permission, reach, scope)


ANYONE = Need(Audience.ANYONE)
SIGNED_IN = Need(Audience.SIGNED_IN)
IN_A_POST = Need(Audience.IN_A_POST)
OWN_THINGS = Need(Audience.SIGNED_IN, None, Reach.SELF)

ACCESS: Mapping[str, Need] = {
    # the door
    "sign-in": ANYONE,
    "health": ANYONE,
    "sign-out": SIGNED_IN,
    "password": OWN_THINGS,
    "preferences": OWN_THINGS,
    "tokens": OWN_THINGS,
    "revoke-token": OWN_THINGS,
    "act-in-post": OWN_THINGS,
    "calendars": OWN_THINGS,
    "calendar-feed": ANYONE,  # whoever knows its secret
    "patterns": SIGNED_IN,
    # the desk, the organisation, the journal
    "desk": IN_A_POST,
    "notices": IN_A_POST,  # those of the post one acts in
    "read-notices": IN_A_POST,
    "organisation": _post(Permission.ORGANISATION_VIEW),
    "unit": _post(Permission.ORGANISATION_VIEW, Reach.SUBTREE),
    "journal": _post(Permission.JOURNAL_VIEW),
    # what is found is narrowed by each kind's own permission and reach
    "search": IN_A_POST,
    "search-suggest": IN_A_POST,
    # reports
    "reports": _post(Permission.REPORTING_VIEW),
    "reports-sheet": _post(Permission.REPORTING_VIEW),
    "rounds": _post(Permission.REPORTING_VIEW),
    "round": _post(Permission.REPORTING_VIEW),
    "open-round": _post(Permission.REPORTING_OPEN, Reach.TOP),
    "close-round": _post(Permission.REPORTING_CLOSE, Reach.TOP),
    "remind": _post(Permission.REPORTING_REVIEW, Reach.CHILDREN),
    "start-report": _post(Permission.REPORTING_WRITE, Reach.OWN),
    "report": _post(Permission.REPORTING_VIEW, Reach.SUBTREE),
    "report-version": _post(Permission.REPORTING_VIEW, Reach.SUBTREE),
    "edit-report": _post(Permission.REPORTING_WRITE, Reach.OWN),
    "save-draft": _post(Permission.REPORTING_WRITE, Reach.OWN),
    "submit-report": _post(Permission.REPORTING_SUBMIT, Reach.OWN),
    "report-workbook": _post(Permission.REPORTING_WRITE, Reach.OWN),
    "workbook": _post(Permission.REPORTING_WRITE, Reach.OWN),
    "drop-workbook": _post(Permission.REPORTING_WRITE, Reach.OWN),
    "confirm-workbook": _post(Permission.REPORTING_WRITE, Reach.OWN),
    "accept-report": _post(Permission.REPORTING_REVIEW, Reach.CHILDREN),
    "return-report": _post(Permission.REPORTING_REVIEW, Reach.CHILDREN),
    # files in
    "intake": _post(Permission.REPORTING_WRITE),
    "receive-files": _post(Permission.REPORTING_WRITE),
    "delivery": _post(Permission.REPORTING_WRITE),
    "learnt-words": _post(Permission.REPORTING_WRITE),
    "revoke-word": _post(Permission.REPORTING_WRITE, Reach.OWN),
    "upload": _post(Permission.REPORTING_WRITE, Reach.OWN),
    "decide-upload": _post(Permission.REPORTING_WRITE, Reach.OWN),
    "change-upload": _post(Permission.REPORTING_WRITE, Reach.OWN),
    "upload-source": _post(Permission.REPORTING_VIEW, Reach.SUBTREE),
    "upload-original": _post(Permission.REPORTING_VIEW, Reach.SUBTREE),
    # documents; drafts are sent sideways for opinions, and what is issued to whom it is for
    "documents": _post(Permission.DOCUMENTS_VIEW),
    "documents-sheet": _post(Permission.DOCUMENTS_VIEW),
    "document": _post(Permission.DOCUMENTS_VIEW, Reach.SUBTREE),
    "document-file": _post(Permission.DOCUMENTS_VIEW, Reach.SUBTREE),
    "document-distribution": _post(Permission.DOCUMENTS_VIEW, Reach.SUBTREE),
    "receive-document": _post(Permission.DOCUMENTS_RECEIVE, Reach.KEPT),
    "acknowledge-document": _post(Permission.DOCUMENTS_RECEIVE, Reach.KEPT),
    "new-document": _post(Permission.DOCUMENTS_DRAFT),
    "edit-document": _post(Permission.DOCUMENTS_DRAFT, Reach.KEPT),
    "save-document": _post(Permission.DOCUMENTS_DRAFT, Reach.KEPT),
    "set-document-fields": _post(Permission.DOCUMENTS_DRAFT, Reach.KEPT),
    "name-recipients": _post(Permission.DOCUMENTS_DRAFT, Reach.KEPT),
    "bind-clauses": _post(Permission.DOCUMENTS_DRAFT, Reach.KEPT),
    "submit-document": _post(Permission.DOCUMENTS_DRAFT, Reach.KEPT),
    "withdraw-document": _post(Permission.DOCUMENTS_DRAFT, Reach.KEPT),
    "drop-document": _post(Permission.DOCUMENTS_DRAFT, Reach.KEPT),
    "return-document": _post(Permission.DOCUMENTS_AGREE, Reach.KEPT),
    "agree-document": _post(Permission.DOCUMENTS_AGREE, Reach.KEPT),
    "sign-document": _post(Permission.DOCUMENTS_SIGN, Reach.KEPT),
    "issue-document": _post(Permission.DOCUMENTS_ISSUE, Reach.KEPT),
    "distribute-document": _post(Permission.DOCUMENTS_ISSUE, Reach.KEPT),
    "enter-document-into-force": _post(Permission.DOCUMENTS_ISSUE, Reach.KEPT),
    "replace-document": _post(Permission.DOCUMENTS_ISSUE, Reach.KEPT),
    "recall-document": _post(Permission.DOCUMENTS_ISSUE, Reach.KEPT),
    "expire-document": _post(Permission.DOCUMENTS_ISSUE, Reach.KEPT),
    "document-versions": _post(Permission.DOCUMENTS_VIEW, Reach.SUBTREE),
    "document-version": _post(Permission.DOCUMENTS_VIEW, Reach.SUBTREE),
    "comment-document": _post(Permission.DOCUMENTS_VIEW, Reach.SUBTREE),
    "settle-comment": _post(Permission.DOCUMENTS_VIEW, Reach.SUBTREE),
    "document-opinions": _post(Permission.DOCUMENTS_VIEW, Reach.SUBTREE),
    "opinions-file": _post(Permission.DOCUMENTS_VIEW, Reach.SUBTREE),
    "ask-opinions": _post(Permission.DOCUMENTS_DRAFT, Reach.KEPT),
    "settle-opinion": _post(Permission.DOCUMENTS_DRAFT, Reach.KEPT),
    "answer-opinions": _post(Permission.DOCUMENTS_DRAFT, Reach.SUBTREE),
    # registers
    "registers": _post(Permission.DOCUMENTS_VIEW),
    "register": _post(Permission.DOCUMENTS_VIEW, Reach.SUBTREE),
    "register-print": _post(Permission.DOCUMENTS_VIEW, Reach.SUBTREE),
    "register-file": _post(Permission.DOCUMENTS_VIEW, Reach.SUBTREE),
    "reserve-numbers": _post(Permission.DOCUMENTS_ISSUE),
    "enter-paper-number": _post(Permission.DOCUMENTS_ISSUE),
    "void-number": _post(Permission.DOCUMENTS_ISSUE, Reach.KEPT),
    # plans and their tasks
    "plans": _post(Permission.PLANNING_VIEW),
    "new-plan": _post(Permission.PLANNING_WRITE),
    "plan": _post(Permission.PLANNING_VIEW, Reach.SUBTREE),
    "plan-sheet": _post(Permission.PLANNING_VIEW, Reach.SUBTREE),
    "plan-file": _post(Permission.PLANNING_VIEW, Reach.SUBTREE),
    "plan-changes": _post(Permission.PLANNING_VIEW, Reach.SUBTREE),
    "plan-texts": _post(Permission.PLANNING_WRITE, Reach.OWN),
    "submit-plan": _post(Permission.PLANNING_WRITE, Reach.OWN),
    "approve-plan": _post(Permission.PLANNING_APPROVE, Reach.SUBTREE),
    "return-plan": _post(Permission.PLANNING_APPROVE, Reach.SUBTREE),
    "issue-plan": _post(Permission.PLANNING_WRITE, Reach.OWN),
    "amend-plan": _post(Permission.PLANNING_WRITE, Reach.OWN),
    "give-up-amendment": _post(Permission.PLANNING_WRITE, Reach.OWN),
    "end-plan": _post(Permission.PLANNING_APPROVE, Reach.SUBTREE),
    "document-of-plan": _post(Permission.PLANNING_WRITE, Reach.OWN),
    "take-tasks": _post(Permission.PLANNING_WRITE, Reach.OWN),
    "make-occurrences": _post(Permission.PLANNING_WRITE, Reach.OWN),
    "new-task": _post(Permission.PLANNING_WRITE, Reach.OWN),
    "task": _post(Permission.PLANNING_VIEW, Reach.SUBTREE),
    "edit-task": _post(Permission.PLANNING_WRITE, Reach.OWN),
    "drop-task": _post(Permission.PLANNING_WRITE, Reach.OWN),
    "put-task-back": _post(Permission.PLANNING_WRITE, Reach.OWN),
    "move-task": _post(Permission.PLANNING_WRITE, Reach.OWN),
    "tell-progress": _post(Permission.PLANNING_REPORT, Reach.SUBTREE),
    "finish-task": _post(Permission.PLANNING_REPORT, Reach.SUBTREE),
    "reopen-task": _post(Permission.PLANNING_REPORT, Reach.SUBTREE),
    "keep-quality": _post(Permission.PLANNING_APPROVE, Reach.SUBTREE),
    "recurrences": _post(Permission.PLANNING_VIEW),
    "new-recurrence": _post(Permission.PLANNING_WRITE),
    "recurrence": _post(Permission.PLANNING_WRITE, Reach.OWN),
    "end-recurrence": _post(Permission.PLANNING_WRITE, Reach.OWN),
    "hand-over": _post(Permission.PLANNING_APPROVE),
    # what the rules cite is no unit's
    "regulations": IN_A_POST,
    "regulation": IN_A_POST,
    # what comes in
    "incoming": _post(Permission.DOCUMENTS_VIEW),
    "receive-dispatches": _post(Permission.DOCUMENTS_RECEIVE),
    "new-incoming": _post(Permission.DOCUMENTS_RECEIVE),
    "incoming-paper": _post(Permission.DOCUMENTS_VIEW, Reach.SUBTREE),
    "hand-on-incoming": _post(Permission.DOCUMENTS_RECEIVE, Reach.KEPT),
    "close-incoming": _post(Permission.DOCUMENTS_RECEIVE, Reach.KEPT),
    # coverage of directives
    "coverage": _post(Permission.DOCUMENTS_VIEW, Reach.SUBTREE),
    "clause": _post(Permission.DOCUMENTS_VIEW, Reach.SUBTREE),
    "answer-clause": _post(Permission.PLANNING_WRITE, Reach.SUBTREE),
    "withdraw-clause": _post(Permission.DOCUMENTS_ISSUE, Reach.KEPT),
    # the calendar
    "calendar": _post(Permission.PLANNING_VIEW),
    "calendar-print": _post(Permission.PLANNING_VIEW),
    "calendar-file": _post(Permission.PLANNING_VIEW),
    "import-calendar": _post(Permission.PLANNING_WRITE),
    "plan-calendar": _post(Permission.PLANNING_VIEW, Reach.SUBTREE),
    "plan-gantt": _post(Permission.PLANNING_VIEW, Reach.SUBTREE),
    "reschedule-task": _post(Permission.PLANNING_WRITE, Reach.OWN),
    "conflicts": _post(Permission.PLANNING_VIEW),
    # synthesis
    "syntheses": _post(Permission.REPORTING_VIEW),
    "figures": _post(Permission.REPORTING_VIEW, Reach.SUBTREE),
    "figures-sheet": _post(Permission.REPORTING_VIEW, Reach.SUBTREE),
    "source": _post(Permission.REPORTING_VIEW, Reach.SUBTREE),
    "synthesis-findings": _post(Permission.REPORTING_VIEW, Reach.SUBTREE),
    "begin-synthesis": _post(Permission.SYNTHESIS_WRITE, Reach.OWN),
    "synthesis": _post(Permission.REPORTING_VIEW, Reach.SUBTREE),
    "change-item": _post(Permission.SYNTHESIS_WRITE, Reach.OWN),
    "propose-wording": _post(Permission.SYNTHESIS_WRITE, Reach.OWN),
    "join-items": _post(Permission.SYNTHESIS_WRITE, Reach.OWN),
    "accept-section": _post(Permission.SYNTHESIS_WRITE, Reach.OWN),
    "answer-change": _post(Permission.SYNTHESIS_WRITE, Reach.OWN),
    "finish-synthesis": _post(Permission.SYNTHESIS_FINISH, Reach.OWN),
    "synthesis-paper": _post(Permission.REPORTING_VIEW, Reach.SUBTREE),
    "synthesis-file": _post(Permission.REPORTING_VIEW, Reach.SUBTREE),
    # Word templates
    "document-templates": _post(Permission.DOCUMENTS_CONFIGURE),
    "document-template-file": _post(Permission.DOCUMENTS_CONFIGURE),
    "replace-document-template": _post(Permission.DOCUMENTS_CONFIGURE),
    # the API
    "api-v1:openapi": ANYONE,
    "api-v1:me": Need(Audience.TOKEN, None, Reach.SELF),
    "api-v1:search": Need(Audience.TOKEN, None, Reach.NOTHING, Scope.READ),
    "api-v1:units": _token(Permission.ORGANISATION_VIEW),
    "api-v1:unit": _token(Permission.ORGANISATION_VIEW, Reach.SUBTREE),
    "api-v1:forms": _token(Permission.REPORTING_VIEW),
    "api-v1:form": _token(Permission.REPORTING_VIEW),
    "api-v1:rounds": _token(Permission.REPORTING_VIEW),
    "api-v1:round": _token(Permission.REPORTING_VIEW),
    "api-v1:reports": _token(Permission.REPORTING_VIEW),
    "api-v1:report": _token(Permission.REPORTING_VIEW, Reach.SUBTREE),
    "api-v1:versions": _token(Permission.REPORTING_VIEW, Reach.SUBTREE),
    "api-v1:version": _token(Permission.REPORTING_VIEW, Reach.SUBTREE),
    "api-v1:figures": _token(Permission.REPORTING_VIEW, Reach.SUBTREE),
    "api-v1:source": _token(Permission.REPORTING_VIEW, Reach.SUBTREE),
    # it writes the draft and hands it in
    "api-v1:submit-report": Need(
        Audience.TOKEN, Permission.REPORTING_WRITE, Reach.OWN, Scope.SUBMIT, Permission.REPORTING_SUBMIT
    ),
    "api-v1:documents": _token(Permission.DOCUMENTS_VIEW),
    "api-v1:document": _token(Permission.DOCUMENTS_VIEW, Reach.SUBTREE),
    "api-v1:document-version": _token(Permission.DOCUMENTS_VIEW, Reach.SUBTREE),
    "api-v1:spread": _token(Permission.DOCUMENTS_VIEW, Reach.SUBTREE),
    "api-v1:acknowledge": _token(Permission.DOCUMENTS_RECEIVE, Reach.KEPT, Scope.ACKNOWLEDGE),
    # a clause is shown with the plans that carry it out
    "api-v1:clauses": Need(
        Audience.TOKEN, Permission.DOCUMENTS_VIEW, Reach.SUBTREE, Scope.READ, Permission.PLANNING_VIEW
    ),
    "api-v1:clause": Need(
        Audience.TOKEN, Permission.DOCUMENTS_VIEW, Reach.SUBTREE, Scope.READ, Permission.PLANNING_VIEW
    ),
    "api-v1:plans": _token(Permission.PLANNING_VIEW),
    "api-v1:plan": _token(Permission.PLANNING_VIEW, Reach.SUBTREE),
    "api-v1:task": _token(Permission.PLANNING_VIEW, Reach.SUBTREE),
    "api-v1:tell-progress": _token(Permission.PLANNING_REPORT, Reach.SUBTREE, Scope.PROGRESS),
}
