"""The command line: `nennep`. Each command is thin: it calls a service or asks a query, and says what happened."""

from __future__ import annotations

import os
import re
import sys
import time
from datetime import date
from getpass import getpass
from pathlib import Path
from typing import Annotated

import typer

from nennep.site import words_cli

app = typer.Typer(
    pretty_exceptions_enable=False,
    help="Nền Nếp: the working year of an organisation with many levels.",
    no_args_is_help=True,
    add_completion=False,
)
pack_app = typer.Typer(help="The rules of one organisation as data files.", no_args_is_help=True, add_completion=False)
journal_app = typer.Typer(
    help="What happened, and whether its record still holds.", no_args_is_help=True, add_completion=False
)
person_app = typer.Typer(help="People and how they sign in.", no_args_is_help=True, add_completion=False)
search_app = typer.Typer(help="The index of everything that has words.", no_args_is_help=True, add_completion=False)
app.command("read")(words_cli.read)
app.command("weave")(words_cli.weave)
app.add_typer(pack_app, name="pack")
app.add_typer(journal_app, name="journal")
app.add_typer(person_app, name="person")
app.add_typer(search_app, name="search")

Folder = Annotated[Path | None, typer.Argument(help="The pack's folder; the shipped pack when left out.")]
Port = Annotated[int, typer.Option(help="The port to serve on.")]
PasswordStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
Username = Annotated[str, typer.Argument(help="The name to sign in with.")]


class CommandRefused(Exception):
    """A command that cannot do what it was asked; the message is a sentence for whoever asked."""


def main() -> None:
    """The entry point: errors that a person can mend are one sentence on stderr and exit code 2."""
    try:
        app()
    except Exception as error:
        if not _is_for_the_reader(error):
            raise
        print(f"nennep: {_sentence(error)}", file=sys.stderr)
        sys.exit(2)


# --- the site -------------------------------------------------------------------------------------


@app.command()
def serve(
    port: Port = 8000,
    host: Annotated[str, typer.Option(help="The address to serve on.")] = "127.0.0.1",
    workers: Annotated[int, typer.Option(help="How many processes answer.")] = 2,
) -> None:
    """Serve the site, after bringing the database up to date."""
    _start_django()
    _bring_up_to_date()
    _serve(host, port, workers)


@app.command()
def migrate() -> None:
    """Bring the database up to date."""
    _start_django()
    if not _bring_up_to_date():
        print("The database is up to date.")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def consolidate(context: typer.Context) -> None:
    """Consolidate columns of values up a dated tree, from files to a file (--help tells of its options)."""
    from abacus.__main__ import main as run

    sys.exit(run(context.args))


@app.command()
def demo(
    port: Port = 8000,
    until: Annotated[str, typer.Option(help="The last month to tell of, as YYYY-MM; else the newest.")] = "",
    small: Annotated[bool, typer.Option("--small", help="Two provinces and a few months, in seconds.")] = False,
    serve_it: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the site when it is built.")] = True,
    fresh: Annotated[bool, typer.Option("--fresh", help="Set the database aside and build anew.")] = False,
) -> None:
    """Build the demonstration, an invented year of an invented organisation, and serve it."""
    _start_django()
    from nennep.demonstration import building
    from nennep.site.now import command_actor

    if fresh:
        kept = building.set_aside(command_actor().at)
        if kept:
            print(f"The old database is kept as {kept}")
    _bring_up_to_date()
    if building.is_there():
        print("The demonstration is there already; --fresh builds it anew.")
    else:
        month = until or building.newest_month(command_actor().today)
        built = building.build(small=small, until=month, say=_say)
        print(f"{built.reports} reports of {built.rounds} rounds until {built.until}, in {built.seconds:.0f} s")
        _build_index()
    print(building.who_signs_in())
    if serve_it:
        _serve("127.0.0.1", port, 2)


@app.command()
def digest(
    day: Annotated[str, typer.Option(help="The day to remind of, YYYY-MM-DD; else today.")] = "",
) -> None:
    """Let documents begin and end, and remind everybody of what is due and overdue; run it once a day.

    Exit code 2 when letters could not be mailed.
    """
    _start_django()
    from nennep.site import digest_cli

    _bring_up_to_date()
    digest_cli.run(_day(day) if day else None, _say)


# --- packs ----------------------------------------------------------------------------------------


@pack_app.command("check")
def pack_check(folder: Folder = None) -> None:
    """Name file, line and field of every mistake of a pack, and of the own lexicon; exit code 1 when there is one."""
    from nennep.packs.lexicon import mistakes_of_own
    from nennep.packs.reading import find_mistakes

    where = _pack_folder(folder)
    own_lexicon = os.environ.get("NENNEP_LEXICON")
    mistakes = (*find_mistakes(where), *(mistakes_of_own(Path(own_lexicon)) if own_lexicon and folder is None else ()))
    for mistake in mistakes:
        print(mistake)
    print(f"{where}: {len(mistakes)} mistakes" if mistakes else f"{where}: sound")
    raise typer.Exit(1 if mistakes else 0)


@pack_app.command("load")
def pack_load(folder: Folder = None) -> None:
    """Write a pack into the database; what is there already stays."""
    _start_django()
    from nennep.packs.load import load_pack
    from nennep.packs.reading import read_pack
    from nennep.site.now import command_actor
    from nennep.site.searchable import refresh

    _bring_up_to_date()
    by = command_actor()
    loaded = load_pack(read_pack(_pack_folder(folder)), by=by)
    refresh(by.today)
    for table, count in loaded.counts.items():
        done = f"{count.added:>6} added {count.changed:>6} changed {count.removed:>6} removed"
        print(f"{table:<22}{done} {count.unchanged:>6} unchanged")


# --- the index ------------------------------------------------------------------------------------


@search_app.callback()
def search() -> None:
    """The index of everything that has words."""


@search_app.command("rebuild")
def search_rebuild() -> None:
    """Throw the index away and build it anew of what is there. Acts of others wait until it is done."""
    _start_django()
    _bring_up_to_date()
    _build_index()


def _build_index() -> None:
    from nennep.site.now import command_actor
    from nennep.site.searchable import rebuild

    began = time.monotonic()
    count = rebuild(command_actor().today)
    print(f"{count} entries can be found, indexed in {time.monotonic() - began:.0f} s")


# --- the journal ----------------------------------------------------------------------------------


@journal_app.command("verify")
def journal_verify() -> None:
    """Walk every unit's chain of entries; name where one was changed, reordered or cut, and exit with 1."""
    _start_django()
    from nennep.journal.queries import breaks

    found = list(breaks())
    for place in found:
        print(f"unit {place.unit_id}: the chain does not hold from entry {place.sequence} on")
    print(f"{len(found)} broken chains" if found else "Every chain holds.")
    raise typer.Exit(1 if found else 0)


# --- people ---------------------------------------------------------------------------------------


@person_app.command("add")
def person_add(
    username: Username,
    full_name: Annotated[str, typer.Argument(help="The person's name.")],
    rank: Annotated[str, typer.Option(help="The person's rank.")] = "",
    unit: Annotated[str, typer.Option(help="The unit's code, to appoint the person at once.")] = "",
    post: Annotated[str, typer.Option(help="The post's code in that unit.")] = "",
    starts_on: Annotated[str, typer.Option("--from", help="The first day in the post, YYYY-MM-DD; else today.")] = "",
    password_stdin: PasswordStdin = False,
) -> None:
    """Make an account whose password must be changed at the first sign-in; with --unit and --post, appoint too."""
    _start_django()
    from django.db import transaction

    from nennep.accounts import services as accounts
    from nennep.organisation import services as organisation
    from nennep.organisation.models import Post
    from nennep.site.now import command_actor

    if bool(unit) != bool(post):
        raise CommandRefused("--unit and --post belong together")
    by = command_actor()
    first_day = _day(starts_on) if starts_on else by.today
    with transaction.atomic():
        person = accounts.add_person(username, full_name, _password(password_stdin), by=by, rank=rank)
        if post:
            held = Post.objects.filter(unit__code=unit, code=post).first()
            if held is None:
                raise CommandRefused(f"no post {post} in a unit {unit}")
            organisation.appoint(person.pk, held.pk, starts_on=first_day, by=by)
    print(f"{person} signs in as {person.username} and chooses another password there.")


@person_app.command("password")
def person_password(username: Username, password_stdin: PasswordStdin = False) -> None:
    """Give a person a new password, to be changed at the next sign-in."""
    _start_django()
    from nennep.accounts.services import set_password
    from nennep.site.now import command_actor

    set_password(_person_id(username), _password(password_stdin), by=command_actor(), must_change=True)
    print(f"{username} has a new password.")


@person_app.command("mail")
def person_mail(
    username: Username, address: Annotated[str, typer.Argument(help="Where reminders are mailed; empty: nowhere.")]
) -> None:
    """Say where a person is mailed the day's reminders."""
    _start_django()
    from nennep.accounts.services import set_email
    from nennep.site.now import command_actor

    person = set_email(_person_id(username), address, by=command_actor())
    print(f"{username} is mailed at {person.email}." if person.email else f"{username} is not mailed.")


@person_app.command("stop")
def person_stop(username: Username, reason: Annotated[str, typer.Option(help="Why; it is journalled.")]) -> None:
    """Stop a person from signing in, from the next request on."""
    _start_django()
    from nennep.accounts.services import set_active
    from nennep.site.now import command_actor

    set_active(_person_id(username), active=False, by=command_actor(), reason=reason)
    print(f"{username} can no longer sign in.")


# --- what the commands share ----------------------------------------------------------------------


def _start_django() -> None:
    """Read the settings and the tables; left out by the commands that need neither."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nennep.site.settings")
    django.setup()


def _bring_up_to_date() -> bool:
    """Run the migrations that are missing and say so; True when there were any."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        print(f"Bringing the database up to date: {len(missing)} migrations.")
        call_command("migrate", verbosity=0, interactive=False)
    return bool(missing)


def _serve(host: str, port: int, workers: int) -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    print(f"Serving on http://{host}:{port} (Ctrl+C ends it)", flush=True)
    server = Server(
        "nennep.site.wsgi:application",
        address=host,
        port=port,
        workers=workers,
        interface=Interfaces.WSGI,
        websockets=False,
        # More requests at once than this wait their turn: they would only wait for the processor instead.
        backpressure=32,
    )
    server.serve()


def _pack_folder(folder: Path | None) -> Path:
    from nennep.packs.reading import shipped_pack

    return folder or shipped_pack("bdbp")


def _person_id(username: str) -> int:
    from nennep.accounts.queries import person

    found = person(username)
    if found is None:
        raise CommandRefused(f"nobody signs in as {username}")
    return found.pk


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    first = getpass("Password: ")
    if first != getpass("Again: "):
        raise CommandRefused("the two are not the same")
    return first


def _day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise CommandRefused(f"{text}: a day is written YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandRefused(f"{text}: no such day") from error


def _say(line: str) -> None:
    print(line, flush=True)


def _is_for_the_reader(error: Exception) -> bool:
    """Whether the error says what a person did or met, and no more needs to be shown of it."""
    if isinstance(error, CommandRefused | OSError | LookupError):
        return not isinstance(error, KeyError | IndexError)
    names = {
        "PackRefused",
        "BadPackError",
        "BadLexiconError",
        "NothingRead",
        "AccountRefused",
        "OrganisationRefused",
        "ValidationError",
        "NotAuthorised",
        "MailFailed",
    }
    return type(error).__name__ in names | {"DemonstrationRefused", "OperationalError"}


def _sentence(error: Exception) -> str:
    messages = getattr(error, "messages", None)
    return " ".join(messages) if messages else str(error)


if __name__ == "__main__":
    main()
