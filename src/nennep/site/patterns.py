"""The page that shows every component once, in the theme and language of whoever looks.

A page may use only what is on it. What it shows is invented.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def patterns(request: HttpRequest) -> HttpResponse:
    """Show every component of the face with invented content."""
    return render(request, "patterns.html")
