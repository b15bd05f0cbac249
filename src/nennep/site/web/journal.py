"""The journal, filtered, for those allowed."""
from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
