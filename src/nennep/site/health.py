"""Whether the site can answer: for the web server in front and for whoever watches it."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from nennep.packs.lexicon import mistakes_now


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, 503 when it does not; and whether the organisation's own lexicon is left out.

    What is wrong in it stands in the log, not here: anybody may ask this page.
    """
    del request
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"database": "does not answer"}, status=503)
    if mistakes_now():
        return JsonResponse({"database": "answers", "lexicon": "own files not sound, shipped ones used"})
    return JsonResponse({"database": "answers"})
