"""The journey from a returned report at a post to headquarters' one figure, and from the figure back to the post."""

from __future__ import annotations
