"""Writing one's own report: the form as its paper looks, autosaved, checked, handed in."""
from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
