"""Word templates as people save them, and as nobody should: with something put into them."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

from docx import Document

from nennep.documents.rules import STATE_LAYOUT_2020, Layout
from nennep.documents.word_templates import template_for

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
DOCUMENT, TYPES, RELATIONS = "word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"
STATE = template_for(STATE_LAYOUT_2020)


def parts_of_file(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return written.getvalue()


def with_part(name: str, content: bytes, kind: str) -> bytes:
    """Return the state's template with one more part, listed with its type."""
    parts = parts_of_file(STATE)
    entry = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'
    parts[TYPES] = parts[TYPES].replace(b"</Types>", entry.encode())
    return packed(parts | {name: content})


def with_relation(kind: str, target: str, *, external: bool = False) -> bytes:
    parts = parts_of_file(STATE)
    mode = ' TargetMode="External"' if external else ""
    address = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    entry = f'<Relationship Id="rId99" Type="{address}" Target="{target}"{mode}/></Relationships>'
    parts[RELATIONS] = parts[RELATIONS].replace(b"</Relationships>", entry.encode())
    return packed(parts)


def with_mark(xml: str, name: str = DOCUMENT, before: str = "<w:sectPr") -> bytes:
    """Return the state's template with a piece of XML put into a part."""
    parts = parts_of_file(STATE)
    assert before.encode() in parts[name]
    parts[name] = parts[name].replace(before.encode(), xml.encode() + before.encode(), 1)
    return packed(parts)


def with_words(words: str) -> bytes:
    return with_mark(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>")


def edited(change: Callable[[Any], None], layout: Layout = STATE_LAYOUT_2020) -> bytes:
    """Return a template as somebody saves it who edited it in a word processor."""
    document = Document(io.BytesIO(template_for(layout)))
    change(document)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()
