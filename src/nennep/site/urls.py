"""Every address of the site. Who may open it stands in access.py."""

from __future__ import annotations

from django.urls import include, path

from nennep.site import health, patterns, signing
from nennep.site.api import published
from nennep.site.web import (
    coverage,
    desk,
    document_templates,
    entry,
    feeds,
    figures,
    intake,
    journal,
    organisation,
    plans,
    registers,
    reports,
    synthesis,
    tasks,
    workbooks,
)
from nennep.site.web import search as finding

urlpatterns = [
    path("sign-in/", signing.sign_in, name="sign-in"),
    path("sign-out/", signing.sign_out, name="sign-out"),
    path("password/", signing.password, name="password"),
    path("preferences/", signing.preferences, name="preferences"),
    path("act-in-post/", signing.act_in_post, name="act-in-post"),
    path("tokens/", signing.tokens, name="tokens"),
    path("tokens/<int:token_id>/revoke/", signing.revoke_token, name="revoke-token"),
    path("health/", health.health, name="health"),
    path("patterns/", patterns.patterns, name="patterns"),
    path("", include(desk.urlpatterns)),
    path("", include(reports.urlpatterns)),
    path("", include(entry.urlpatterns)),
    path("", include(workbooks.urlpatterns)),
    path("", include(intake.urlpatterns)),
    path("", include(figures.urlpatterns)),
    path("", include(synthesis.urlpatterns)),
    path("", include(document_templates.urlpatterns)),
    path("", include(registers.urlpatterns)),
    path("", include(coverage.urlpatterns)),
    path("", include(plans.urlpatterns)),
    path("", include(tasks.urlpatterns)),
    path("", include(organisation.urlpatterns)),
    path("", include(journal.urlpatterns)),
    path("", include(feeds.urlpatterns)),
    path("", include(finding.urlpatterns)),
    path("api/v1/", include(published.urlpatterns)),
]
