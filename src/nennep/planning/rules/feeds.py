"""The secret of a calendar address."""

from __future__ import annotations

import hashlib
import hmac
import secrets

_BYTES = 32


def new_secret() -> str:
    """256 bits from the system's own source, as an address can hold them. Shown once and never stored."""
    return secrets.token_urlsafe(_BYTES)


def digest_of(secret: str) -> str:
    """What is stored of a secret. It has 256 bits of its own, so a plain digest is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_same(stored: str, secret: str) -> bool:
    """Whether a secret is the one a digest was kept of, in a time that tells nothing of either."""
    return hmac.compare_digest(stored, digest_of(secret))
