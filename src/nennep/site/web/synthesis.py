"""Figures consolidated, where each came from, and the bench on which the draft is made."""
from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
