"""Tables that the database itself refuses to change or delete from."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython


def refuse_changes(*tables: str) -> RunPython:
    """Return the migration step that puts a trigger before each UPDATE and DELETE of these tables."""

    def refuse(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 -- the shape a migration calls
        for table in tables:
            for verb in ("UPDATE", "DELETE"):
                for statement in _trigger(editor.connection.vendor, table, verb):
                    editor.execute(statement)

    return RunPython(refuse, RunPython.noop)


def _trigger(vendor: str, table: str, verb: str) -> tuple[str, ...]:
    name = f"{table}_refuses_{verb.lower()}"
    if vendor == "sqlite":
        return (
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
        )
    return (
        f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$""",
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    )
