"""The commands that read words, `nennep read` and `nennep weave`: files in, a reading or a draft out.

They need no server, no database and no settings. Every file is opened in the sandbox.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

import typer

import loom
from loom.files import Noted, Why
from loom.sandbox import Outcome, read_safely

_WIDTH = 100
_SHOWN_LINES = 3

Files = Annotated[list[Path], typer.Argument(help="Files (.txt .md .docx .pdf .xlsx .zip) or folders of them.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Convert = Annotated[
    bool, typer.Option("--convert", help="Agree to letters converted from TCVN3, VNI or Windows-1258, shown before.")
]

# Why a file gives no text, and what to do; {most} and the like are the facts of the reason.
REASONS = {
    Why.EMPTY: "it is empty",
    Why.UNKNOWN_KIND: "it is no file of a kind that is read here",
    Why.UNKNOWN_ENCODING: "nothing tells in which encoding its letters are; save it as UTF-8",
    Why.OLD_WORD: "it is a Word file of the old kind (.doc); open it and save it as .docx",
    Why.OLD_WORKBOOK: "it is a workbook of the old kind (.xls); open it and save it as .xlsx",
    Why.OLD_OFFICE: "it is a file of an old office program; save it as .docx or .xlsx",
    Why.BINARY_WORKBOOK: "it is a binary workbook (.xlsb); save it as .xlsx",
    Why.OPEN_DOCUMENT: "it is an OpenDocument file; save it as .docx or .xlsx",
    Why.RICH_TEXT: "it is rich text (.rtf); save it as .docx",
    Why.WEB_PAGE: "it is a web page, whatever its name says; save it as .docx",
    Why.PICTURE: "it is a picture; it holds no text",
    Why.PRESENTATION: "it is a presentation; save its text as .docx",
    Why.ENCRYPTED: "it is locked with a password; save it without one",
    Why.TRUNCATED: "it is cut off; fetch it again",
    Why.DAMAGED: "it is damaged, or made so that programs read different things in it",
    Why.ENTITIES: "it declares entities, which no report needs",
    Why.SCANNED: "it is scanned: {pages} pages of pictures without text; ask for the file it was printed from",
    Why.NO_TEXT: "it holds no text",
    Why.TOO_LARGE: "it is too large",
    Why.TOO_MUCH_TEXT: "it holds more text than any report ({most} letters are the most)",
    Why.TOO_MANY_CELLS: "its filled cells stand too far apart, or are too many; delete what lies far outside",
    Why.TOO_MANY_PAGES: "it has more than {most} pages",
    Why.TOO_MANY_PARTS: "it has more than {most} parts",
    Why.BOMB: "it unpacks to many times its size",
    Why.ARCHIVE: "it is an archive of another kind than .zip, or of no files",
    Why.NESTED_ARCHIVE: "it is an archive within an archive; unpack it first",
    Why.LINK: "it is a link and no file",
    Why.SECRET: "it bears a mark of secrecy (MẬT, TỐI MẬT, TUYỆT MẬT); it may not be kept or read on this machine",
    Why.TOO_SLOW: "reading it took too long",
    Why.TOO_HUNGRY: "reading it took too much memory",
    Why.CRASHED: "reading it failed; please report how such a file is made",
}
REMARKS = {
    Noted.FROM_TCVN3: "letters converted from TCVN3 (ABC)",
    Noted.FROM_VNI: "letters converted from VNI",
    Noted.FROM_WINDOWS_1258: "letters converted from Windows-1258",
    Noted.MACROS: "its macros were not looked at",
    Noted.HIDDEN_SHEETS: "hidden sheets were left out",
    Noted.HIDDEN_TEXT: "hidden text was left out",
    Noted.DELETED_TEXT: "text marked as deleted was left out",
    Noted.NOTES_LEFT_OUT: "footnotes were left out",
    Noted.EMPTY_PAGES: "some pages have no text (scanned?)",
    Noted.INVISIBLE_MARKS: "invisible marks were dropped",
    Noted.CONTROL_MARKS: "control signs were dropped",
    Noted.NORMALISED: "letters were composed (NFC)",
    Noted.RENAMED: "its name in the archive was cleaned",
}

# The same in the language of the papers, without numbers: for the annex of what has to be checked.
WHY_NOT_READ = {
    "same": "Trùng với một tệp khác, chỉ dùng một lần",
    "needs-conversion": "Chữ theo mã cũ (TCVN3, VNI), chưa được người dùng đồng ý chuyển",
    "not-there": "Không có tệp này",
    Why.EMPTY: "Tệp rỗng",
    Why.UNKNOWN_KIND: "Không phải loại tệp đọc được",
    Why.UNKNOWN_ENCODING: "Không rõ mã chữ; hãy lưu lại theo UTF-8",
    Why.OLD_WORD: "Tệp Word kiểu cũ (.doc); hãy lưu thành .docx",
    Why.OLD_WORKBOOK: "Tệp Excel kiểu cũ (.xls); hãy lưu thành .xlsx",
    Why.OLD_OFFICE: "Tệp văn phòng kiểu cũ; hãy lưu thành .docx hoặc .xlsx",
    Why.BINARY_WORKBOOK: "Sổ tính nhị phân (.xlsb); hãy lưu thành .xlsx",
    Why.OPEN_DOCUMENT: "Tệp OpenDocument; hãy lưu thành .docx hoặc .xlsx",
    Why.RICH_TEXT: "Tệp RTF; hãy lưu thành .docx",
    Why.WEB_PAGE: "Trang web; hãy lưu thành .docx",
    Why.PICTURE: "Tệp ảnh, không có chữ",
    Why.PRESENTATION: "Tệp trình chiếu; hãy lưu phần chữ thành .docx",
    Why.ENCRYPTED: "Tệp có mật khẩu; hãy lưu lại không có mật khẩu",
    Why.TRUNCATED: "Tệp bị cắt cụt; hãy lấy lại",
    Why.DAMAGED: "Tệp hỏng",
    Why.ENTITIES: "Tệp khai báo thực thể XML, không được đọc",
    Why.SCANNED: "Bản quét không có lớp chữ; hãy xin tệp gốc",
    Why.NO_TEXT: "Không có chữ",
    Why.TOO_LARGE: "Tệp quá lớn",
    Why.TOO_MUCH_TEXT: "Quá nhiều chữ",
    Why.TOO_MANY_CELLS: "Các ô có dữ liệu quá nhiều hoặc cách nhau quá xa",
    Why.TOO_MANY_PAGES: "Quá nhiều trang",
    Why.TOO_MANY_PARTS: "Quá nhiều thành phần",
    Why.BOMB: "Tệp nén nở ra gấp quá nhiều lần",
    Why.ARCHIVE: "Tệp nén không đọc được hoặc rỗng",
    Why.NESTED_ARCHIVE: "Tệp nén nằm trong tệp nén; hãy giải nén trước",
    Why.LINK: "Chỉ là liên kết, không phải tệp",
    Why.SECRET: "Mang dấu chỉ độ mật: không được lưu hoặc đọc trên máy này",
    Why.TOO_SLOW: "Đọc quá lâu",
    Why.TOO_HUNGRY: "Đọc tốn quá nhiều bộ nhớ",
    Why.CRASHED: "Không đọc được tệp",
}


class NothingRead(Exception):
    """None of the files gives a text that may be used; the message is a sentence for whoever asked."""


@dataclass(slots=True)
class Taken:
    """What came of the files: those that were read, and for each other a sentence saying why not."""

    outcomes: list[Outcome] = field(default_factory=list)
    readings: list[loom.Reading] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    def refuse(self, name: str, code: str, sentence: str) -> None:
        self.refused[name], self.codes[name] = sentence, code


def read(files: Files, *, as_json: AsJson = False, convert: Convert = False) -> None:
    """Read reports: unit, period, outline, statements by kind, quantities, doubts.

    Exit code 1 when a file is not read.
    """
    taken = take(files, convert=convert)
    if as_json:
        _print_json(taken)
    else:
        for outcome, reading in zip(taken.outcomes, taken.readings, strict=True):
            typer.echo("\n".join(described(outcome, reading)) + "\n")
    _finish(taken)


def weave(
    files: Files,
    *,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="The draft to write, a .docx.")] = None,
    as_json: AsJson = False,
    convert: Convert = False,
    own: Annotated[Path | None, typer.Option("--lexicon", help="A folder of lexicon files of your own.")] = None,
    unit: Annotated[str, typer.Option(help="The unit that the draft is for, as its head names it.")] = "",
) -> None:
    """Weave reports into one draft in which what several units say is said once, with its sources.

    Exit code 1 when a file is not read.
    """
    from nennep.packs.lexicon import lexicon_with

    if output is None and not as_json:
        raise NothingRead("say where the draft goes (-o draft.docx) or that JSON is wanted (--json)")
    taken = take(files, convert=convert)
    words = lexicon_with(own)
    groups = loom.weave(taken.readings, words)
    if as_json:
        _print_json(taken, groups)
    if output is not None:
        _write_draft(output, taken, groups, words, unit)
    _finish(taken)


# --- taking files ---------------------------------------------------------------------------------


def take(files: Sequence[Path], *, convert: bool) -> Taken:
    """Read every file, and the files of every folder. Raises NothingRead when none can be used."""
    taken = Taken()
    seen: dict[str, str] = {}
    for outcome in read_safely(_files(files, taken)):
        digest = sha256(outcome.content).hexdigest()
        if outcome.why is None and digest in seen:
            taken.refuse(outcome.name, "same", f"it is the same as {seen[digest]}")
            continue
        seen.setdefault(digest, outcome.name)
        _take(taken, outcome, convert=convert)
    if not taken.readings:
        told = [f"  {name}: {sentence}" for name, sentence in taken.refused.items()]
        raise NothingRead("\n".join(["no file could be read", *told]))
    return taken


def _take(taken: Taken, outcome: Outcome, *, convert: bool) -> None:
    if outcome.why is not None:
        taken.refuse(outcome.name, outcome.why.value, REASONS[outcome.why].format_map(_Facts(outcome.facts)))
    elif outcome.opened is not None and outcome.opened.needs_consent and not convert:
        shown = zip(outcome.opened.before[:_SHOWN_LINES], outcome.opened.after[:_SHOWN_LINES], strict=False)
        lines = [f"      {_short(before)}\n    → {_short(after)}" for before, after in shown]
        sentence = "its letters are of an older encoding; if these lines are right, say --convert"
        taken.refuse(outcome.name, "needs-conversion", "\n".join([sentence, *lines]))
    elif outcome.reading is not None:
        taken.outcomes.append(outcome)
        taken.readings.append(outcome.reading)


class _Facts(dict[str, int]):
    """The facts of a reason; one that is not told is left blank."""

    def __missing__(self, key: str) -> str:
        return "…"


def _files(files: Sequence[Path], taken: Taken) -> Iterable[Path]:
    """The files themselves and those within folders, in the order of their names; what is not there is refused."""
    for path in files:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.is_file() and not _is_litter(each, path))
        elif path.is_file():
            yield path
        else:
            taken.refuse(str(path), "not-there", "there is no such file")


def _is_litter(path: Path, folder: Path) -> bool:
    """Whether a file of a folder is hidden, or what an office program keeps beside an open one."""
    return any(step.startswith((".", "~$")) for step in path.relative_to(folder).parts)


def _finish(taken: Taken) -> None:
    """Name what was not read, and say so in the exit code."""
    for name, sentence in taken.refused.items():
        typer.echo(f"not read: {name}: {sentence}", err=True)
    raise typer.Exit(1 if taken.refused else 0)


# --- JSON -----------------------------------------------------------------------------------------


def _print_json(taken: Taken, groups: loom.Groups | None = None) -> None:
    book = loom.as_json(taken.readings, None if groups is None else groups_as_json(groups))
    book["not_read"] = [{"file": name, "why": code} for name, code in taken.codes.items()]
    # Written as bytes: a terminal's own encoding may know no Vietnamese letters.
    sys.stdout.buffer.write(json.dumps(book, ensure_ascii=False, indent=1).encode() + b"\n")
    sys.stdout.buffer.flush()


def groups_as_json(groups: loom.Groups) -> list[dict[str, Any]]:
    """The groups with the names of their statements, as readings print them."""
    return [
        {
            "id": f"g{number}",
            "kind": group.kind.value,
            "gist": group.wording,
            "statements": [loom.statement_id(*loom.place_of(point)) for point in group.members],
            "units": group.units,
            "of": groups.units,
        }
        for number, group in enumerate(groups.together, start=1)
    ]


# --- for the eye ----------------------------------------------------------------------------------


def described(outcome: Outcome, reading: loom.Reading) -> list[str]:
    """A reading as lines of text: head, outline, statements by kind, quantities, doubts."""
    head = [
        outcome.name,
        *(
            f"  {what:<9} {said.value if said else '– (not said)'}"
            for what, said in (("document", reading.document), ("unit", reading.unit), ("period", reading.period))
        ),
    ]
    parts = (
        ("outline", [f"{'  ' * (one.level - 1)}{one.text}" for one in reading.headings]),
        *_statements(reading),
        (f"quantities ({len(reading.quantities)})", _quantities(reading)),
        ("doubts", doubts(outcome, reading)),
    )
    return [
        *head,
        *chain.from_iterable([f"  {title}", *(f"    {line}" for line in lines)] for title, lines in parts if lines),
    ]


def _statements(reading: loom.Reading) -> list[tuple[str, list[str]]]:
    counts = Counter(one.kind for one in reading.statements)
    return [
        (f"{kind.value} ({counts[kind]})", [_short(one.text) for one in reading.statements if one.kind is kind])
        for kind in loom.Kind
        if counts[kind]
    ]


def _quantities(reading: loom.Reading) -> list[str]:
    """The quantities in columns as wide as what stands in them: no measure is cut."""
    rows = [(_value(one), one.measure, _manner(one), _short(one.of, 40)) for one in reading.quantities]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        f"{value:>{widths[0]}}  {measure:<{widths[1]}}  {manner:<{widths[2]}}  {of}".rstrip()
        for value, measure, manner, of in rows
    ]


def _value(one: loom.Quantity) -> str:
    return "?" if one.value is None else f"{one.value:f}"


def _manner(one: loom.Quantity) -> str:
    """What is unusual about a quantity: its qualifier, its role, that it is a part."""
    words = [one.qualifier.value] if one.qualifier is not loom.Qualifier.EXACT else []
    words += [one.role.value] if one.role is not loom.Role.RESULT else []
    words += ["part"] if one.part_of is not None else []
    return ", ".join(words)


def doubts(outcome: Outcome, reading: loom.Reading) -> list[str]:
    """What a person should look at: how the text was fetched, numbers of several readings, sums that do not hold."""
    notes = [*(outcome.opened.notes if outcome.opened else ()), *outcome.notes]
    found = [REMARKS[note] for note in dict.fromkeys(notes)]
    found += [f"no {what} is named" for what, said in (("unit", reading.unit), ("period", reading.period)) if not said]
    found += [
        f"“{one.quote}” can be read as {' or '.join(f'{value:f}' for value in one.readings)}"
        for one in reading.quantities
        if one.value is None
    ]
    for rule in reading.arithmetic:
        if not rule.holds:
            quotes = ", ".join(f"“{reading.quantities[item].quote}”" for item in rule.items)
            found.append(f"the {rule.rule.value.replace('_', ' ')} does not hold: {quotes}")
    return found


def _short(text: str, width: int = _WIDTH) -> str:
    """A text in one line; a long one ends with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 1]}…"


# --- the draft ------------------------------------------------------------------------------------


def _write_draft(output: Path, taken: Taken, groups: loom.Groups, words: loom.Lexicon, unit: str) -> None:
    """Write the draft, and say on the side what it was made of."""
    from nennep.documents.docx import render_docx
    from nennep.site.woven import NotRead, Report, woven_paper

    reports = [
        Report(reading, (*(outcome.opened.notes if outcome.opened else ()), *outcome.notes))
        for outcome, reading in zip(taken.outcomes, taken.readings, strict=True)
    ]
    not_read = [NotRead(Path(name).name, WHY_NOT_READ[code]) for name, code in taken.codes.items()]
    draft = loom.draft(taken.readings, groups, lexicon=words)
    today = datetime.now().astimezone().date()
    output.write_bytes(render_docx(woven_paper(reports, draft, not_read, unit=unit, dated_on=today)))
    told = sum(len(group.members) for group in groups.together)
    typer.echo(
        f"{output}: {len(reports)} reports of {groups.units} units; {told} statements told in "
        f"{len(groups.together)} sentences, {len(groups.alone)} stand alone",
        err=True,
    )
