"""A new database for a test whose clients are processes or threads with connections of their own."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest


def new_database(kind: str, tmp: Path) -> str:
    """The address of an empty database for NENNEP_DATABASE: SQLite in `tmp`, or PostgreSQL on the server that
    NENNEP_DATABASE names; where it names none, the test is skipped, loudly.
    """
    return f"sqlite://{tmp / 'nennep.sqlite3'}" if kind == "sqlite" else _postgres(tmp)


def _postgres(tmp: Path) -> str:
    import psycopg
    from psycopg import sql

    parts = urlsplit(os.environ.get("NENNEP_DATABASE", ""))
    if not parts.scheme.startswith("postgres"):
        pytest.skip("THIS DID NOT RUN ON POSTGRESQL: NENNEP_DATABASE names none (python -m tests.postgres does)")
    name = f"apart_{os.getpid()}_{abs(hash(tmp)) % 1_000_000}"
    query = dict(parse_qsl(parts.query))
    host = query.get("host", parts.hostname or "")
    with psycopg.connect(
        host=host, port=parts.port, user=parts.username, password=parts.password, dbname="postgres", autocommit=True
    ) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return parts._replace(path=f"/{name}").geturl()
