"""The organisation on a day, and one unit's history."""
from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
