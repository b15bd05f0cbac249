"""The desk: my work, and how my units stand."""
from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
