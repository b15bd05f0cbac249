"""The pages of docs/reference, written from the source so that they cannot fall behind it.

    python -m nennep.site.reference write    after a change of addresses, settings, commands or the API
    python -m nennep.site.reference check    fails and names what is not as the source says

`permissions.md` comes from the access table, `settings.md` from the environment that settings.py reads, `commands.md`
from the command line, `api.md` and `openapi.json` from the API.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args, get_origin

import typer
from typer.models import ArgumentInfo, OptionInfo

SITE = Path(__file__).resolve().parent
FOLDER = SITE.parents[2] / "docs" / "reference"
WRITTEN = "Written by `python -m nennep.site.reference write`; a test holds it to the source."

#: What each setting of the environment is for. A setting without a meaning here fails the check.
SETTINGS: Mapping[str, str] = {
    "NENNEP_DATABASE": "The database: `sqlite:///path` or `postgres://user:word@host/name`.",
    "NENNEP_DEBUG": "`1` shows faults in full on the page. Never where others can reach it.",
    "NENNEP_HOSTS": "The host names under which the site answers, with commas between.",
    "NENNEP_HTTPS": "`1` behind a proxy that speaks HTTPS: cookies and addresses then insist on it.",
    "NENNEP_LEXICON": "A folder of the organisation's own lexicon files, read after the pack's.",
    "NENNEP_LOG": "How much is written to standard error: DEBUG, INFO, WARNING or ERROR.",
    "NENNEP_MAIL_FROM": "The address that reminders are mailed from.",
    "NENNEP_MAIL_HOST": "The mail server that takes the day's reminders; without it nothing is mailed.",
    "NENNEP_MAIL_PASSWORD": "The password for the mail server, if it asks for one.",
    "NENNEP_MAIL_PORT": "The port of the mail server.",
    "NENNEP_MAIL_TLS": "`1` when the mail server speaks STARTTLS.",
    "NENNEP_MAIL_USER": "The name for the mail server, if it asks for one.",
    "NENNEP_ORIGINS": "Origins (`https://…`) from which forms may be sent, with commas between; needed behind a proxy.",
    "NENNEP_SECRET_KEY": "The key that signs sessions. Without it one is made once and kept in the data folder.",
    "NENNEP_TIME_ZONE": "Where the organisation is: deadlines and days are told there.",
    "NENNEP_WORDING_KEY": "The key that the language model of `NENNEP_WORDING_URL` asks for, if it does.",
    "NENNEP_WORDING_MODEL": "The name of the model there.",
    "NENNEP_WORDING_URL": "An OpenAI-compatible service in the organisation's own network, up to `/v1`, that may be"
    " asked to word a group of sentences. They are sent there on request only; without it nothing is sent anywhere.",
    "NENNEP_VAR": "The data folder: embedded database, sealed figures, the key.",
}
REACHES: Mapping[str, str] = {
    "nothing": "names no unit's thing",
    "subtree": "the post's unit and what lies under it today, with what was merged into them",
    "own": "the post's own unit only",
    "kept": "the post's own unit, and those gone whose papers it keeps",
    "children": "units whose superior on the form's line is the post's unit",
    "self": "one's own",
    "top": "needs a post whose reach holds the unit at the top of the form's line",
}


# --- addresses and who may open them --------------------------------------------------------------


@dataclass(frozen=True)
class Address:
    """One address of the site: its name in the access table, its route, and the methods it answers to."""

    name: str
    route: str
    methods: frozenset[str]


def addresses() -> list[Address]:
    """Every address the site has, by its route."""
    from django.urls import get_resolver

    return sorted(_addresses(get_resolver().url_patterns, "/", ""), key=lambda address: address.route)


def _addresses(patterns: Iterable[Any], before: str, space: str) -> Iterator[Address]:
    from django.urls import URLResolver

    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _addresses(pattern.url_patterns, route, inner)
        else:
            yield Address(space + (pattern.name or ""), route, _methods(pattern))


def _methods(pattern: Any) -> frozenset[str]:
    """What the view's decorator lets through, or what the API's document says of it. HEAD goes with GET."""
    from nennep.site.api.published import document

    of_api = {
        method.upper()
        for operations in document()["paths"].values()
        for method, operation in operations.items()
        if pattern.callback.__module__.startswith("ninja") and operation["operationId"] == pattern.name
    }
    said = inspect.getclosurevars(inspect.unwrap(pattern.callback, stop=_says_methods)).nonlocals
    return frozenset(of_api or said.get("request_method_list", ("GET", "POST"))) - {"HEAD"}


def _says_methods(view: Callable[..., Any]) -> bool:
    return "request_method_list" in inspect.getclosurevars(view).nonlocals


def permissions() -> str:
    """Which post opens what."""
    from nennep.organisation.rules import Permission
    from nennep.site.access import ACCESS

    rows = [
        (
            f"`{address.route}`",
            ", ".join(sorted(address.methods)),
            str(need.audience).replace("_", " "),
            " and ".join(f"`{one}`" for one in (need.permission, need.also) if one) or "–",
            str(need.reach) + (f", scope `{need.scope}`" if need.scope else ""),
        )
        for address in addresses()
        for need in (ACCESS[address.name],)
    ]
    by_permission = [
        (
            f"`{one}`",
            ", ".join(f"`{name}`" for name, need in ACCESS.items() if one in (need.permission, need.also)) or "–",
        )
        for one in Permission
    ]
    return "\n".join(
        [
            "# Who may open what",
            "",
            WRITTEN,
            "",
            "Authority comes from holding a post on a day. A post carries permissions; each reaches the post's unit",
            "and what lies under it on that day. What a post may not know of is *not found*; what it knows of and may",
            "not do is *forbidden*. The table is `src/nennep/site/access.py`; a test walks every address with every",
            "role.",
            "",
            "## How far an address reaches",
            "",
            *_table(("reach", "meaning"), [(f"`{reach}`", text) for reach, text in REACHES.items()]),
            "",
            "## Addresses",
            "",
            *_table(("address", "methods", "for", "permission", "reach"), rows),
            "",
            "## Permissions",
            "",
            *_table(("permission", "opens"), by_permission),
            "",
        ]
    )


# --- settings -------------------------------------------------------------------------------------


def settings_read() -> dict[str, str]:
    """Each NENNEP_ name that settings.py reads from the environment, with what holds when it is not set."""
    tree = ast.parse((SITE / "settings.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {name: _otherwise(name, call) for call in calls for name in _setting_of(call)}


def _setting_of(call: ast.Call) -> list[str]:
    named = [one.value for one in call.args[:1] if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return [name for name in named if re.fullmatch(r"NENNEP_[A-Z_]+", name)]


#: What holds where the source works it out.
_WORKED_OUT = {"NENNEP_DATABASE": "`nennep.sqlite3` in the data folder", "NENNEP_VAR": "`var` beside the source"}


def _otherwise(name: str, call: ast.Call) -> str:
    default = next((word.value for word in call.keywords if word.arg == "default"), None)
    default = default or (call.args[1] if len(call.args) > 1 else None)
    if default is None:
        return "–"
    if not isinstance(default, ast.Constant):
        return _WORKED_OUT[name]
    plain: Mapping[object, str] = {True: "`1`", False: "`0`", "": "–"}
    return plain.get(default.value, f"`{default.value!s}`")


def settings() -> str:
    """What the environment may say."""
    rows = [(f"`{name}`", SETTINGS[name], otherwise) for name, otherwise in sorted(settings_read().items())]
    return "\n".join(
        [
            "# Settings",
            "",
            WRITTEN,
            "",
            "Everything that differs from place to place comes from the environment; a trial needs none of it.",
            "",
            *_table(("name", "what it is for", "when it is not set"), rows),
            "",
        ]
    )


# --- commands -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Command:
    """One command: its words, what it does, and what may be said to it."""

    words: str
    does: str
    says: Sequence[tuple[str, str, str]]


def commands() -> list[Command]:
    """Every command of `nennep`, in the order of cli.py."""
    from nennep.site.cli import app

    return [_with_engine_options(one) for one in _commands(app, "nennep")]


def _commands(app: typer.Typer, before: str) -> Iterator[Command]:
    for info in app.registered_commands:
        callback = info.callback
        if callback is not None:
            name = info.name or callback.__name__.replace("_", "-")
            yield Command(f"{before} {name}", inspect.cleandoc(callback.__doc__ or ""), _said_to(callback))
    for group in app.registered_groups:
        if group.typer_instance is not None:
            yield from _commands(group.typer_instance, f"{before} {group.name}")


def _said_to(callback: Callable[..., Any]) -> list[tuple[str, str, str]]:
    found = []
    for parameter in inspect.signature(callback, eval_str=True).parameters.values():
        told = next(
            (one for one in get_args(parameter.annotation)[1:] if isinstance(one, OptionInfo | ArgumentInfo)), None
        )
        if told is not None:
            default = parameter.default
            otherwise = "needed" if default is inspect.Parameter.empty else f"`{default}`" if default else "–"
            found.append((_spelling(parameter, told), told.help or "", otherwise))
    return found


def _spelling(parameter: inspect.Parameter, told: OptionInfo | ArgumentInfo) -> str:
    if isinstance(told, ArgumentInfo):
        return f"`{parameter.name.upper()}`"
    kind = get_args(parameter.annotation)[0] if get_origin(parameter.annotation) is not None else parameter.annotation
    given = [one for one in (told.default, *(told.param_decls or ())) if str(one).startswith("--")]
    spelled = given[0] if given else f"--{parameter.name.replace('_', '-')}"
    return f"`{spelled}`" if kind is bool else f"`{spelled} {getattr(kind, '__name__', 'text').upper()}`"


def _with_engine_options(command: Command) -> Command:
    """The engine's command is passed on to it as it is: its options are the engine's own."""
    if command.words != "nennep consolidate":
        return command
    from abacus.__main__ import parser_of_arguments

    options = [one for one in parser_of_arguments()._actions if one.dest != "help"]  # noqa: SLF001 -- argparse tells in no other way
    said = [
        (f"`{one.option_strings[-1]}{f' {one.metavar}' if one.metavar else ''}`", one.help or "", _needed(one.required))
        for one in options
    ]
    return Command(command.words, command.does, said)


def _needed(required: bool) -> str:
    return "needed" if required else "–"


def commands_page() -> str:
    """Every command with all that may be said to it."""
    lines = ["# Commands", "", WRITTEN, ""]
    for command in commands():
        lines += [f"## `{command.words}`", "", command.does, ""]
        if command.says:
            lines += [*_table(("said", "meaning", "when it is not said"), command.says), ""]
    return "\n".join(lines)


# --- the API --------------------------------------------------------------------------------------


def openapi() -> str:
    """The OpenAPI document as it is published."""
    from nennep.site.api.published import document

    return json.dumps(document(), ensure_ascii=False, indent=2) + "\n"


def api() -> str:
    """The API in words: how to call it, and each operation."""
    from nennep.site.api.published import DESCRIPTION, document

    lines = ["# The API", "", WRITTEN, "", DESCRIPTION.strip(), ""]
    lines += [
        "The whole description for programs is [openapi.json](openapi.json), published at `/api/v1/openapi.json`.",
        "",
    ]
    lines += ["```sh", *EXAMPLE, "```", ""]
    for path, operations in document()["paths"].items():
        for method, operation in operations.items():
            lines += [f"## `{method.upper()} {path}`", "", operation["description"], ""]
            asked = [
                (f"`{one['name']}`", one["in"], _kind(one["schema"]), str(one["schema"].get("default", "")) or "–")
                for one in operation["parameters"]
            ]
            if asked:
                lines += [*_table(("name", "in", "kind", "when it is not said"), asked), ""]
            lines += [f"Answers {', '.join(f'{status}' for status in sorted(operation['responses']))}.", ""]
    return "\n".join(lines)


EXAMPLE = (
    "curl -H 'Authorization: Bearer nnp_…' 'http://127.0.0.1:8000/api/v1/rounds?form=monthly&open=true'",
    "curl -X PUT -H 'Authorization: Bearer nnp_…' -H 'Content-Type: application/json' \\",
    """     -d '{"cells": {"patrol.teams": "137"}, "statements": [""",
    """          {"id": "s1", "section": "C", "kind": "result", "text": "…"}]}' \\""",
    "     http://127.0.0.1:8000/api/v1/rounds/12/report",
)


def _kind(schema: Mapping[str, Any]) -> str:
    """What a value must be, in a word or two."""
    choices = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if choices:
        return _kind(choices[0])
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    bounds = f" {schema['minimum']} to {schema['maximum']}" if {"minimum", "maximum"} <= schema.keys() else ""
    return f"{schema.get('format', schema.get('type', ''))}{bounds}"


# --- writing and checking -------------------------------------------------------------------------

PAGES: Mapping[str, Callable[[], str]] = {
    "permissions.md": permissions,
    "settings.md": settings,
    "commands.md": commands_page,
    "api.md": api,
    "openapi.json": openapi,
}


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in row)} |" for row in lines]


def stale() -> list[str]:
    """The pages that are not as the source says."""
    return [name for name, page in PAGES.items() if not _is_fresh(FOLDER / name, page())]


def _is_fresh(file: Path, text: str) -> bool:
    return file.exists() and file.read_text(encoding="utf-8") == text


def write() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Write or check; 1 when a page is stale."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nennep.site.settings")
    django.setup()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("act", choices=["write", "check"])
    if parser.parse_args(arguments).act == "write":
        write()
        return 0
    behind = stale()
    for name in behind:
        sys.stderr.write(f"docs/reference/{name} is not as the source says\n")
    return 1 if behind else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
