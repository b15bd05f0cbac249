"""Rounds and reports: who has reported, what was handed in, accepting and returning."""
from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
