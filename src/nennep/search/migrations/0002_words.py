"""The table of words: no model of Django's, for each database has a kind of its own for it."""

from django.db import migrations

MAKE = {
    "sqlite": (
        # The words alone, without the text they came from; the tokens come ready, so the plainest tokenizer parts them.
        "CREATE VIRTUAL TABLE search_words USING "
        "fts5(tokens, content='', contentless_delete=1, tokenize='ascii', prefix='3')",
        # Much written at once is gathered in this many bytes of memory before it goes to the file.
        "INSERT INTO search_words (search_words, rank) VALUES ('hashsize', 33554432)",
    ),
    "postgresql": (
        "CREATE TABLE search_words (place bigint PRIMARY KEY, kind varchar(16) NOT NULL, seen_by integer[] NOT NULL, "
        "tokens tsvector NOT NULL)",
        "CREATE INDEX search_words_hold ON search_words USING gin (tokens)",
        "CREATE INDEX search_words_are_seen ON search_words USING gin (seen_by)",
    ),
}


def make(apps, editor):
    for statement in MAKE[editor.connection.vendor]:
        editor.execute(statement)


def drop(apps, editor):
    editor.execute("DROP TABLE search_words")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
