"""Whether a Word file that someone uploads can be a template: nothing in it may run, call out or hide, and every part
of a paper must find its place.

What is allowed is listed, what is not listed is refused. The checks read a file that nobody vouches for: they are
called through `shut_in.check_safely`.
"""

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import qn

from nennep.documents import ooxml
from nennep.documents import placeholders as place
from nennep.documents.built_in_template import template_for
from nennep.documents.docx import write_docx
from nennep.documents.rules import (
    STATE_LAYOUT_2020,
    Annex,
    Capacity,
    Column,
    Heading,
    Level,
    Paper,
    Paragraph,
    Row,
    Signature,
    Table,
    Urgency,
)

__all__ = ["MOST_BYTES", "Flaw", "Refusal", "check_template", "template_for", "write_docx"]

MOST_BYTES = 5 * 1024 * 1024
_MOST_UNPACKED = 50 * 1024 * 1024
_MOST_PARTS = 500
# Text packs to a tenth, a picture hardly at all; a bomb to a thousandth.
_MOST_RATIO = 250
_RATIO_COUNTS_FROM = 1024 * 1024

_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_CONTENT_TYPES = "[Content_Types].xml"
_MOST_SHOWN = 120


class Flaw(StrEnum):
    """Why a file is no template."""

    TOO_LARGE = "too_large"
    NOT_WORD = "not_word"
    BOMB = "bomb"
    DAMAGED = "damaged"
    ENTITIES = "entities"
    OTHER_TYPE = "other_type"
    MACRO = "macro"
    ACTIVE_X = "active_x"
    EMBEDDED = "embedded"
    EXTERNAL = "external"
    OTHER_PART = "other_part"
    OTHER_FILE_INSIDE = "other_file_inside"
    FIELD = "field"
    TRACKED = "tracked"
    COMMENT = "comment"
    SECTIONS = "sections"
    CODE = "code"
    NOT_ALONE = "not_alone"
    TWICE = "twice"
    MISSING = "missing"
    NOT_PRINTED = "not_printed"
    TOO_SLOW = "too_slow"
    CRASHED = "crashed"


@dataclass(frozen=True)
class Refusal:
    """One thing that makes a file no template: what was found, in which part of the file and in which paragraph there.

    `paragraph` counts from 1; 0 says that it is the part as a whole. `found` holds words of the file: show it as text.
    """

    flaw: Flaw
    found: str = ""
    part: str = ""
    paragraph: int = 0


def check_template(data: bytes) -> list[Refusal]:
    """Return everything that speaks against a file as a template; nothing when it can be one.

    Last it is tried out: a paper with every part is written into it and read again. Raises nothing for what the file
    holds, save what is beyond any program: call it shut in.
    """
    if len(data) > MOST_BYTES:
        return [Refusal(Flaw.TOO_LARGE, str(len(data)))]
    try:
        parts = _parts(data)
    except _RefusedError as refused:
        return [refused.refusal]
    return list(dict.fromkeys(_of_package(parts))) or list(dict.fromkeys(_of_places(parts))) or _tried_out(data)


# --- The package --------------------------------------------------------------------------------------------------


class _RefusedError(Exception):
    """The file cannot be read any further."""

    def __init__(self, flaw: Flaw, found: str = "", part: str = "") -> None:
        super().__init__(flaw)
        self.refusal = Refusal(flaw, found[:_MOST_SHOWN], part[:_MOST_SHOWN])


def _parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of a package by their names. What is told of their sizes bounds what is read of them."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = [entry for entry in package.infolist() if not entry.is_dir()]
            _bound(entries)
            return {entry.filename: _read(package, entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError) as error:
        raise _RefusedError(Flaw.NOT_WORD) from error


def _read(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return a part. No more of it is unpacked than it was told to hold: more is a lie, and found by its checksum."""
    with package.open(entry) as part:
        return part.read(entry.file_size + 1)


def _bound(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed_well = any(
        entry.file_size > _RATIO_COUNTS_FROM and entry.file_size > entry.compress_size * _MOST_RATIO
        for entry in entries
    )
    if len(entries) > _MOST_PARTS or unpacked > _MOST_UNPACKED or packed_well:
        raise _RefusedError(Flaw.BOMB)
    twice = [name for name, count in Counter(entry.filename.casefold() for entry in entries).items() if count > 1]
    if twice:
        # Two parts of one name show each reader another.
        raise _RefusedError(Flaw.DAMAGED, twice[0])


_ALLOWED_TYPES = frozenset(
    {
        _DOCUMENT,
        *(
            f"application/vnd.openxmlformats-officedocument.wordprocessingml.{name}+xml"
            for name in (
                "styles",
                "settings",
                "webSettings",
                "fontTable",
                "numbering",
                "header",
                "footer",
                "footnotes",
                "endnotes",
            )
        ),
        "application/vnd.ms-word.stylesWithEffects+xml",
        "application/vnd.openxmlformats-officedocument.theme+xml",
        "application/vnd.openxmlformats-package.core-properties+xml",
        "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        "application/vnd.openxmlformats-officedocument.custom-properties+xml",
        "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
        "application/vnd.openxmlformats-package.relationships+xml",
        "application/xml",
        "image/png",
        "image/jpeg",
        "image/gif",
    }
)
_ALLOWED_RELATIONS = frozenset(
    {
        "officeDocument",
        "core-properties",
        "extended-properties",
        "custom-properties",
        "thumbnail",
        "styles",
        "stylesWithEffects",
        "settings",
        "webSettings",
        "fontTable",
        "theme",
        "numbering",
        "header",
        "footer",
        "footnotes",
        "endnotes",
        "image",
        "customXml",
        "customXmlProps",
    }
)
# What a part or a relation of some kind is called in the answer; whatever else is not allowed is "another part".
_KINDS = (
    (re.compile(r"vba|macro|keyMap|attachedToolbars", re.IGNORECASE), Flaw.MACRO),
    (re.compile(r"activeX|/control\b|^control$", re.IGNORECASE), Flaw.ACTIVE_X),
    (re.compile(r"oleObject|^package$|embedd|bin$", re.IGNORECASE), Flaw.EMBEDDED),
    (re.compile(r"aFChunk|^text/|rtf$", re.IGNORECASE), Flaw.OTHER_FILE_INSIDE),
    (re.compile(r"attachedTemplate|frame|subDocument|mailMerge|hyperlink", re.IGNORECASE), Flaw.EXTERNAL),
    (re.compile(r"comments|people", re.IGNORECASE), Flaw.COMMENT),
)


def _kind(words: str) -> Flaw:
    return next((flaw for pattern, flaw in _KINDS if pattern.search(words)), Flaw.OTHER_PART)


def _of_package(parts: dict[str, bytes]) -> Iterator[Refusal]:
    """Say what speaks against the package and the marks in it, whatever the words say."""
    try:
        types = _types(parts)
        yield from _of_types(types)
        for name, content in parts.items():
            if name.endswith(".rels"):
                yield from _of_relations(name, _parsed(name, content))
            elif types[name].endswith("xml") and name != _CONTENT_TYPES:
                yield from _of_marks(name, _parsed(name, content))
    except _RefusedError as refused:
        yield refused.refusal


def _parsed(name: str, content: bytes) -> Any:
    """Return a part's XML. Document types are refused: they declare entities."""
    try:
        root = parse_xml(content)
    except (ValueError, SyntaxError) as error:
        raise _RefusedError(Flaw.DAMAGED, part=name) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _RefusedError(Flaw.ENTITIES, part=name)
    return root


def _types(parts: dict[str, bytes]) -> dict[str, str]:
    """Return the type of each part, as the list of the package has it."""
    if _CONTENT_TYPES not in parts:
        raise _RefusedError(Flaw.NOT_WORD)
    by_ending: dict[str, str] = {}
    by_name: dict[str, str] = {}
    for entry in _parsed(_CONTENT_TYPES, parts[_CONTENT_TYPES]):
        kind = entry.get("ContentType", "")
        if entry.get("PartName"):
            by_name[entry.get("PartName").lstrip("/").casefold()] = kind
        else:
            by_ending[entry.get("Extension", "").casefold()] = kind
    # The list itself is in no list.
    by_name[_CONTENT_TYPES.casefold()] = "application/xml"
    return {name: by_name.get(name.casefold(), by_ending.get(name.rsplit(".", 1)[-1].casefold(), "")) for name in parts}


def _of_types(types: dict[str, str]) -> Iterator[Refusal]:
    main = [name for name, kind in types.items() if ".main+xml" in kind or "document.main" in kind]
    for name in main:
        if types[name] != _DOCUMENT:
            flaw = Flaw.MACRO if "macro" in types[name].lower() else Flaw.OTHER_TYPE
            yield Refusal(flaw, types[name], name)
    if not main:
        raise _RefusedError(Flaw.NOT_WORD)
    for name, kind in types.items():
        if kind not in _ALLOWED_TYPES and name not in main:
            yield Refusal(_kind(f"{kind} {name}" if kind else name), kind or name.rsplit(".", 1)[-1], name)


def _of_relations(name: str, root: Any) -> Iterator[Refusal]:
    for relation in root:
        kind = relation.get("Type", "").rsplit("/", 1)[-1]
        if relation.get("TargetMode") == "External":
            yield Refusal(Flaw.EXTERNAL, f"{kind}: {relation.get('Target', '')}"[:_MOST_SHOWN], name)
        elif kind not in _ALLOWED_RELATIONS:
            yield Refusal(_kind(kind), kind[:_MOST_SHOWN], name)


# --- The marks in the text ----------------------------------------------------------------------------------------

_FORBIDDEN_MARKS = {
    "altChunk": Flaw.OTHER_FILE_INSIDE,
    "object": Flaw.EMBEDDED,
    "OLEObject": Flaw.EMBEDDED,
    "contentPart": Flaw.EMBEDDED,
    "control": Flaw.ACTIVE_X,
    "subDoc": Flaw.EXTERNAL,
    "attachedTemplate": Flaw.EXTERNAL,
    "mailMerge": Flaw.EXTERNAL,
    "webVideoPr": Flaw.EXTERNAL,
    "frameset": Flaw.EXTERNAL,
    "entryMacro": Flaw.MACRO,
    "exitMacro": Flaw.MACRO,
    "ins": Flaw.TRACKED,
    "del": Flaw.TRACKED,
    "moveFrom": Flaw.TRACKED,
    "moveTo": Flaw.TRACKED,
    "commentReference": Flaw.COMMENT,
}
_ALLOWED_FIELD = re.compile(r"\s*(PAGE|NUMPAGES)(\s+\\\*\s*\w+)*\s*", re.IGNORECASE)
_PARAGRAPH = qn("w:p")


def _of_marks(name: str, root: Any) -> Iterator[Refusal]:
    """Say which marks of a part may not be there: what calls out, runs, or holds what nobody sees on paper."""
    fields = _Fields(name)
    paragraph = 0
    for element in root.iter("*"):
        paragraph += element.tag == _PARAGRAPH
        mark = str(element.tag).rpartition("}")[2]
        if mark in _FORBIDDEN_MARKS:
            yield Refusal(_FORBIDDEN_MARKS[mark], mark, name, paragraph)
        yield from _of_addresses(element, name, paragraph)
        yield from fields.see(mark, element, paragraph)


def _of_addresses(element: Any, name: str, paragraph: int) -> Iterator[Refusal]:
    """Refuse addresses that drawings of older versions carry in themselves and not as a relation."""
    for key, value in element.attrib.items():
        local = key.rpartition("}")[2]
        if local in {"href", "src", "althref"} and value.strip():
            yield Refusal(Flaw.EXTERNAL, value[:_MOST_SHOWN], name, paragraph)


class _Fields:
    """Follows the fields of a part. A field may be cut into many runs, and hold another: it is judged as a whole."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.open: list[str] = []

    def see(self, mark: str, element: Any, paragraph: int) -> Iterator[Refusal]:
        """Take the next mark of the part; say which field is not allowed once it is known."""
        if mark == "fldSimple":
            yield from self._judged(element.get(qn("w:instr"), ""), paragraph)
        elif mark in {"instrText", "delInstrText"}:
            if not self.open:
                yield from self._judged(f"? {element.text}", paragraph)
            else:
                self.open[-1] += element.text or ""
        elif mark == "fldChar":
            match element.get(qn("w:fldCharType")):
                case "begin":
                    self.open.append("")
                case "separate" | "end" if not self.open:
                    yield from self._judged("?", paragraph)
                case "separate":
                    yield from self._judged(self.open[-1], paragraph)
                case "end":
                    yield from self._judged(self.open.pop(), paragraph)

    def _judged(self, instruction: str, paragraph: int) -> Iterator[Refusal]:
        if not _ALLOWED_FIELD.fullmatch(instruction):
            yield Refusal(Flaw.FIELD, instruction.strip()[:_MOST_SHOWN], self.part, paragraph)


# --- The places ---------------------------------------------------------------------------------------------------


def _of_places(parts: dict[str, bytes]) -> Iterator[Refusal]:
    """Say which places are missing, stand where they cannot, or are no places."""
    types = _types(parts)
    stories = {name: _parsed(name, content) for name, content in parts.items() if _has_words(types[name])}
    seen: Counter[str] = Counter()
    for name, root in stories.items():
        is_document = types[name] == _DOCUMENT
        if is_document and len(list(root.iter(qn("w:sectPr")))) != 1:
            yield Refusal(Flaw.SECTIONS, part=name)
        for number, paragraph in enumerate(root.iter(_PARAGRAPH), start=1):
            text = ooxml.text_of(paragraph)
            seen.update(place.names_in(text))
            for found in place.not_a_place(text):
                yield Refusal(Flaw.CODE, found[:_MOST_SHOWN], name, number)
            for wrong in _not_alone(paragraph, text, is_document=is_document):
                yield Refusal(Flaw.NOT_ALONE, str(wrong), name, number)
    yield from _of_numbers(seen)
    if not any(_numbers_pages(root) for root in stories.values()):
        yield Refusal(Flaw.MISSING, "PAGE")


def _has_words(kind: str) -> bool:
    return kind == _DOCUMENT or kind.endswith((".header+xml", ".footer+xml", ".footnotes+xml", ".endnotes+xml"))


def _of_numbers(seen: Counter[str]) -> Iterator[Refusal]:
    """Say which places there are too few or too many of."""
    for placeholder in place.PLACEHOLDERS:
        if not seen[placeholder.name]:
            yield Refusal(Flaw.MISSING, str(placeholder))
        elif placeholder.alone and seen[placeholder.name] > 1:
            yield Refusal(Flaw.TWICE, str(placeholder))


def _numbers_pages(root: Any) -> bool:
    instructions = [element.get(qn("w:instr"), "") for element in root.iter(qn("w:fldSimple"))]
    instructions += [element.text or "" for element in root.iter(qn("w:instrText"))]
    return any(re.match(r"\s*PAGE\b", instruction, re.IGNORECASE) for instruction in instructions)


def _not_alone(paragraph: Any, text: str, *, is_document: bool) -> Iterator[place.Placeholder]:
    """Return the places of a paragraph that need one of their own and have none; the text also none in a table."""
    for name in place.names_in(text):
        wanted = place.BY_NAME[name]
        is_alone = place.FOUND.fullmatch(text.strip()) is not None and is_document
        in_the_open = wanted is not place.BODY or paragraph.getparent().tag == qn("w:body")
        if wanted.alone and not (is_alone and in_the_open):
            yield wanted


# --- The trial ----------------------------------------------------------------------------------------------------

_TRIAL = Paper(
    superior="Cấp trên",
    issuer="Cơ quan",
    number=1,
    symbol="BC-CQ",
    place="Nơi ban hành",
    dated_on=date(2025, 1, 2),
    kind="Báo cáo",
    subject="Trích yếu",
    bases=("Căn cứ một", "Căn cứ hai"),
    addressees=("Nơi gửi một", "Nơi gửi hai"),
    blocks=(
        *(Heading(level, "1", f"Đề mục {level.name}") for level in Level),
        Paragraph(("Lời văn.",)),
        Table((Column("Cột"),), (Row(("Ô",)),), "Tên bảng", "Chú thích bảng"),
    ),
    signature=Signature("Phó trưởng", "Người ký", "Cấp bậc", Capacity.DEPUTY, "Trưởng"),
    recipients=("Nơi nhận một", "Lưu"),
    annexes=(Annex("Tên phụ lục", (Paragraph(("Lời phụ lục.",)),)),),
    marking="Dòng ghi chú",
    urgency=Urgency.URGENT,
)
_TOLD = (
    "CẤP TRÊN",
    "CƠ QUAN",
    "Số: 01/BC-CQ",
    "Nơi ban hành, ngày 02",
    "BÁO CÁO",
    "Trích yếu",
    "Căn cứ hai",
    "Nơi gửi hai",
    "Lời văn.",
    "Chú thích bảng",
    "KT. TRƯỞNG",
    "PHÓ TRƯỞNG",
    "Cấp bậc Người ký",
    "Nơi nhận một",
    "Lời phụ lục.",
    "Dòng ghi chú",
    "KHẨN",
)


def _tried_out(data: bytes) -> list[Refusal]:
    """Write a paper with every part into the template, and say which parts do not come out."""
    try:
        text = _printed(write_docx(_TRIAL, STATE_LAYOUT_2020, data))
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a file does to its reader is an answer
        return [Refusal(Flaw.NOT_PRINTED, type(error).__name__)]
    return [Refusal(Flaw.NOT_PRINTED, words) for words in _TOLD if words not in text]


def _printed(written: bytes) -> str:
    """Return the text of every part of a written document."""
    with zipfile.ZipFile(io.BytesIO(written)) as package:
        names = [name for name in package.namelist() if re.match(r"word/[^/]+\.xml$", name)]
        roots = [parse_xml(package.read(name)) for name in names]
    return "\n".join(ooxml.text_of(paragraph) for root in roots for paragraph in root.iter(_PARAGRAPH))
