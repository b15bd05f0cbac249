"""What a token may do and when it ends."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from enum import StrEnum

#: Bits of a token come from the system's own source: 256, where ASVS 5.0 V11.5.1 asks for 128.
TOKEN_BYTES = 32
TOKEN_PREFIX = "nnp_"  # noqa: S105 -- a mark by which a leaked token is recognised, not a secret
LONGEST_TOKEN_DAYS = 366


class Scope(StrEnum):
    READ = "read"
    SUBMIT = "submit"
    PROGRESS = "progress"
    ACKNOWLEDGE = "acknowledge"


class Theme(StrEnum):
    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class Density(StrEnum):
    DENSE = "dense"
    RELAXED = "relaxed"


def new_token() -> str:
    """A fresh token, shown once to its owner and never stored."""
    return TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)


def token_digest(token: str) -> str:
    """What is stored of a token. It has 256 bits of its own, so a plain digest is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_is_good(*, expires_at: datetime, revoked_at: datetime | None, at: datetime) -> bool:
    return revoked_at is None and at < expires_at
