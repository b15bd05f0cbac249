"""The database itself refuses to change or delete what was written."""

from django.db import migrations

TABLES = ('journal_entry',)


def refuse(apps, editor):
    for table in TABLES:
        for verb in ("UPDATE", "DELETE"):
            if editor.connection.vendor == "sqlite":
                editor.execute(
                    f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
            else:
                editor.execute(
                    f"CREATE FUNCTION {table}_refuses_{verb.lower()}() RETURNS trigger LANGUAGE plpgsql AS "
                    f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
                )
                editor.execute(
                    f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
                    f"FOR EACH ROW EXECUTE FUNCTION {table}_refuses_{verb.lower()}()"
                )


class Migration(migrations.Migration):
    dependencies = [('journal', "0001_initial")]
    operations = [migrations.RunPython(refuse, migrations.RunPython.noop)]
