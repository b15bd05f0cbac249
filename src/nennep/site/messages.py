"""The catalogues of translations: taken from the source, written, compiled and checked.

    python -m nennep.site.messages extract    after a change of words: brings every catalogue up to date
    python -m nennep.site.messages compile    .po → .mo, part of the installation
    python -m nennep.site.messages check      fails and lists what is not translated, left over or not extracted

The words of the source are English; each area keeps its Vietnamese in `locale/vi/LC_MESSAGES/django.po`, and the
templates' words belong to the site. Catalogues are sorted and hold no dates or line numbers, so that a change of
words shows as exactly that. A word that left the source leaves the catalogue.

Compiling must work with what is needed to run and nothing more, so the catalogue is read and written here; with
that at hand no other tool is needed for extraction either.
"""

from __future__ import annotations

import argparse
import ast
import re
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[1]
LANGUAGE = "vi"
PLURAL_FORMS = 1  # Vietnamese nouns have one form for any number
HEADER = (
    f"Language: {LANGUAGE}\n"
    "MIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\n"
    f"Plural-Forms: nplurals={PLURAL_FORMS}; plural=0;\n"
)
# What Django offers under these names, and which of the arguments are (context, message, plural).
_CALLS: Mapping[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
Key = tuple[str, str]


class CatalogueError(ValueError):
    """A catalogue or a source that cannot be read; the message names file and line."""


@dataclass(frozen=True)
class Message:
    """One wording of the source with its translations: none yet, one, or one per plural form."""

    msgid: str
    context: str = ""
    plural: str = ""
    translations: tuple[str, ...] = ()
    fuzzy: bool = False
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def key(self) -> Key:
        """What makes it this message and no other."""
        return (self.msgid, self.context)

    @property
    def translated(self) -> bool:
        """Whether every form it needs has words that a person has confirmed."""
        return bool(self.translations) and all(self.translations) and not self.fuzzy


Catalogue = dict[Key, Message]


# --- what the source says -----------------------------------------------------------------------


def found_in(area: Path) -> Catalogue:
    """Every message of an area's modules and templates, without translations. Raises CatalogueError."""
    found: Catalogue = {}
    for path in sorted(area.rglob("*.py")):
        _gather(found, _in_python(path))
    templates = area / "templates"
    if templates.is_dir():
        for path in sorted(one for one in templates.rglob("*") if one.is_file()):
            _gather(found, _in_template(path))
    return found


def _gather(found: Catalogue, messages: Iterable[Message]) -> None:
    for message in messages:
        known = found.get(message.key)
        # The same words may stand once with a plural and once without: they share one entry.
        if known is None or (message.plural and not known.plural):
            found[message.key] = message


def _in_python(path: Path) -> Iterator[Message]:
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    names = _translating_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (call := _called(node.func, names)):
            message = _message_of(node, call, path)
            if message:
                yield message


def _translating_names(tree: ast.Module) -> dict[str, str]:
    """Under which names this module knows the functions of Django, such as `_` for gettext."""
    return {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in _CALLS
    }


def _called(function: ast.expr, names: Mapping[str, str]) -> str:
    if isinstance(function, ast.Name):
        return names.get(function.id, "")
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return function.attr if function.value.id == "translation" and function.attr in _CALLS else ""
    return ""


def _message_of(node: ast.Call, call: str, path: Path) -> Message | None:
    """The message of a call, or None when its words are not written here (a variable)."""
    context, msgid, plural = (
        "" if at is None else _literal(node.args[at] if at < len(node.args) else None, path) for at in _CALLS[call]
    )
    return None if context is None or msgid is None or plural is None else Message(msgid, context, plural)


def _literal(argument: ast.expr | None, path: Path) -> str | None:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    if isinstance(argument, ast.JoinedStr):
        raise CatalogueError(f"{path}:{argument.lineno}: an f-string cannot be translated; use %(name)s.")
    return None


_TEMPLATE_CALL = re.compile(r"(?<![\w.])(_|n?p?gettext)\(")
_STRING = re.compile(r"""\s*,?\s*u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", re.DOTALL)


def _in_template(path: Path) -> Iterator[Message]:
    """The messages of a template, by way of Django's own rewriting of its tags into calls."""
    text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for call in _TEMPLATE_CALL.finditer(text):
        name = "gettext" if call.group(1) == "_" else call.group(1)
        strings, at = [], call.end()
        while literal := _STRING.match(text, at):
            strings.append(str(ast.literal_eval(literal.group(1))))
            at = literal.end()
        context, msgid, plural = _CALLS[name]
        if len(strings) > max(msgid, plural or 0):
            yield Message(
                strings[msgid],
                "" if context is None else strings[context],
                "" if plural is None else strings[plural],
            )


# --- the catalogue's file -----------------------------------------------------------------------

_KEYWORD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[(\d+)\])?)\s+(".*")')


def read(path: Path) -> Catalogue:
    """Read a .po file; the header and left-over (`#~`) entries are not part of it. Raises CatalogueError."""
    catalogue: Catalogue = {}
    for first, lines in _entries(path):
        message = _parse(lines, path, first)
        if message is None:
            continue
        if message.key in catalogue:
            raise CatalogueError(f"{path}:{first}: {message.msgid!r} stands twice.")
        catalogue[message.key] = message
    return catalogue


def _entries(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The runs of lines between empty lines, each with the number of its first line."""
    lines: list[str] = []
    for number, line in enumerate([*path.read_text(encoding="utf-8").split("\n"), ""], start=1):
        if line.strip():
            lines.append(line.strip())
        elif lines:
            yield number - len(lines), lines
            lines = []


def _parse(lines: list[str], path: Path, first: int) -> Message | None:
    fields: dict[str, str] = {}
    notes, fuzzy, current = [], False, ""
    for number, line in enumerate(lines, start=first):
        if line.startswith("#"):
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
            if line.startswith("# "):
                notes.append(line[2:])
        elif keyword := _KEYWORD.fullmatch(line):
            current = keyword.group(1)
            fields[current] = _unquoted(keyword.group(3), path, number)
        elif line.startswith('"') and current:
            fields[current] += _unquoted(line, path, number)
        else:
            raise CatalogueError(f"{path}:{number}: {line!r} is not a line of a catalogue.")
    if not fields.get("msgid"):
        return None
    forms = [fields["msgstr"]] if "msgstr" in fields else [fields[name] for name in sorted(fields) if "[" in name]
    return Message(
        fields["msgid"],
        fields.get("msgctxt", ""),
        fields.get("msgid_plural", ""),
        tuple(forms) if any(forms) else (),
        fuzzy,
        tuple(notes),
    )


def _unquoted(quoted: str, path: Path, number: int) -> str:
    try:
        return str(ast.literal_eval(quoted))
    except (SyntaxError, ValueError) as error:
        raise CatalogueError(f"{path}:{number}: {quoted} is not a closed string.") from error


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\r", "\\r")
    lines = escaped.split("\n")
    if len(lines) == 1:
        return f'"{escaped}"'
    broken = [f'"{line}\\n"' for line in lines[:-1]] + ([f'"{lines[-1]}"'] if lines[-1] else [])
    return "\n".join(['""', *broken])


def written(catalogue: Catalogue) -> str:
    """The text of a .po file: sorted, without dates and places."""
    parts = [f'msgid ""\nmsgstr {_quoted(HEADER)}']
    for key in sorted(catalogue):
        message = catalogue[key]
        lines = [f"# {note}" for note in message.notes]
        if message.fuzzy:
            lines.append("#, fuzzy")
        if message.context:
            lines.append(f"msgctxt {_quoted(message.context)}")
        lines.append(f"msgid {_quoted(message.msgid)}")
        if message.plural:
            lines.append(f"msgid_plural {_quoted(message.plural)}")
            forms = message.translations or ("",) * PLURAL_FORMS
            lines.extend(f"msgstr[{at}] {_quoted(form)}" for at, form in enumerate(forms))
        else:
            lines.append(f"msgstr {_quoted(message.translations[0] if message.translations else '')}")
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def compiled(catalogue: Catalogue) -> bytes:
    """The bytes of a .mo file with what is translated, as `gettext` reads it."""
    pairs = {"": HEADER}
    for message in catalogue.values():
        if message.translated:
            name = f"{message.context}\x04{message.msgid}" if message.context else message.msgid
            pairs[f"{name}\0{message.plural}" if message.plural else name] = "\0".join(message.translations)
    encoded = sorted((name.encode(), words.encode()) for name, words in pairs.items())
    count = len(encoded)
    header_size, row_size = 28, 8
    names_at, words_at = header_size, header_size + count * row_size
    data_at = words_at + count * row_size
    names = b"".join(name + b"\0" for name, _ in encoded)
    words = b"".join(word + b"\0" for _, word in encoded)
    header = struct.pack("<7I", 0x950412DE, 0, count, names_at, words_at, 0, 0)
    return (
        header
        + _table((name for name, _ in encoded), data_at)
        + _table((word for _, word in encoded), data_at + len(names))
        + names
        + words
    )


def _table(texts: Iterable[bytes], at: int) -> bytes:
    """Length and place of each text, the first lying at `at` and each ended by a zero byte."""
    rows = b""
    for text in texts:
        rows += struct.pack("<2I", len(text), at)
        at += len(text) + 1
    return rows


# --- the three commands -------------------------------------------------------------------------


def areas(source: Path = SOURCE) -> list[Path]:
    """The folders of the areas: each with modules of its own."""
    return sorted(path.parent for path in source.glob("*/__init__.py"))


def catalogue_of(area: Path) -> Path:
    """Where an area keeps its Vietnamese words."""
    return area / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def merged(found: Catalogue, kept: Catalogue) -> Catalogue:
    """What the source says now, with the translations kept so far."""
    return {
        key: replace(
            message,
            translations=kept[key].translations,
            # A plural that came or went asks a person to look again.
            fuzzy=kept[key].fuzzy or (bool(kept[key].translations) and bool(kept[key].plural) != bool(message.plural)),
            notes=kept[key].notes,
        )
        if key in kept
        else message
        for key, message in found.items()
    }


def extract(source: Path = SOURCE) -> list[Path]:
    """Bring every area's catalogue up to date; return the files that changed."""
    changed = []
    for area in areas(source):
        path = catalogue_of(area)
        kept = read(path) if path.exists() else {}
        found = found_in(area)
        if not found and not path.exists():
            continue
        text = written(merged(found, kept))
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def compile_all(source: Path = SOURCE) -> list[Path]:
    """Write the .mo file beside every catalogue; return those written."""
    made = []
    for path in sorted(source.glob(f"*/locale/{LANGUAGE}/LC_MESSAGES/*.po")):
        target = path.with_suffix(".mo")
        target.write_bytes(compiled(read(path)))
        made.append(target)
    return made


def problems(source: Path = SOURCE) -> list[str]:
    """What is wrong with the catalogues, a sentence each: not extracted, left over, not translated, fuzzy, unlike."""
    told = []
    for area in areas(source):
        path = catalogue_of(area)
        kept = read(path) if path.exists() else {}
        found = found_in(area)
        told += [f"{area.name}: not extracted: {found[key].msgid!r}" for key in sorted(found.keys() - kept.keys())]
        told += [f"{area.name}: left over: {kept[key].msgid!r}" for key in sorted(kept.keys() - found.keys())]
        for key in sorted(found.keys() & kept.keys()):
            told += [f"{area.name}: {what}" for what in _troubles(found[key], kept[key])]
    return told


_PLACES = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")


def _troubles(source: Message, kept: Message) -> Iterator[str]:
    if kept.fuzzy:
        yield f"fuzzy: {kept.msgid!r}"
    elif not kept.translated:
        yield f"not translated: {kept.msgid!r}"
    if source.plural != kept.plural:
        yield f"another plural than in the source: {kept.msgid!r}"
    wanted = _places(source.plural or source.msgid)
    for form in kept.translations:
        if form and _places(form) != wanted:
            yield f"other places for values than {sorted(wanted)}: {form!r}"


def _places(text: str) -> set[str]:
    return {place.group(0) for place in _PLACES.finditer(text)}


def main(arguments: list[str] | None = None) -> int:
    """Run one of the three commands; 1 when there is something to mend."""
    parser = argparse.ArgumentParser(prog="python -m nennep.site.messages", description="Keep the translations.")
    parser.add_argument("command", choices=("extract", "compile", "check"))
    command = parser.parse_args(arguments).command
    try:
        if command == "check":
            told = problems()
            sys.stdout.write("".join(f"{line}\n" for line in told) or "Every word is translated.\n")
            return 1 if told else 0
        done = extract() if command == "extract" else compile_all()
    except CatalogueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{len(done)} files {'changed' if command == 'extract' else 'written'}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
