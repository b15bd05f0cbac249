"""Files that mean harm, or are broken in the ways that files are: made at run time, none of them kept."""

from __future__ import annotations

import io
import os
import stat
import warnings
import zipfile
import zlib
from collections.abc import Iterable

import docx
import pypdf
import typst
import xlsxwriter

CONTENT_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def zipped(members: Iterable[tuple[str, bytes | str]]) -> bytes:
    """An archive of members in their order; names may come twice."""
    target = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.filterwarnings("ignore", "Duplicate name")
        for name, content in members:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return target.getvalue()


def word(*paragraphs: str) -> bytes:
    """A Word document of plain paragraphs."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def word_of(body: str, *, declared: str = "", more: Iterable[tuple[str, bytes | str]] = ()) -> bytes:
    """A Word document whose body is written out, for what no program would write."""
    main = f'<?xml version="1.0"?>{declared}<w:document {WORD}><w:body>{body}</w:body></w:document>'
    return zipped([("[Content_Types].xml", CONTENT_TYPES), ("word/document.xml", main), *more])


def workbook(*rows: Iterable[str | float]) -> bytes:
    """A workbook of one sheet."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Biểu 1")
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, list(row))
    return target.getvalue()


def changed(content: bytes, name: str, change: bytes, into: bytes, *, more: Iterable[tuple[str, bytes]] = ()) -> bytes:
    """An archive with something else in one of its parts, and further parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [(each, archive.read(each)) for each in archive.namelist()]
    assert change in dict(parts)[name]
    return zipped([*((each, part.replace(change, into) if each == name else part) for each, part in parts), *more])


def pdf(*pages: str) -> bytes:
    """A PDF with a text layer; an empty page has only a drawing."""
    pieces = [text.replace("#", "") or "#rect(width: 5cm, height: 5cm)" for text in pages]
    made = typst.compile("\n#pagebreak()\n".join(pieces).encode())
    assert isinstance(made, bytes)
    return made


def locked_pdf() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf("Tuần tra 12 lượt tổ")))
    writer.encrypt("one password", algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def compound(stream: str) -> bytes:
    """A file as the older office programs wrote it, or as newer ones lock it."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(512)


def locked_archive() -> bytes:
    """An archive whose members are marked as encrypted."""
    content = bytearray(zipped([("a.txt", "Tuần tra 12 lượt tổ")]))
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(sign) + place] |= 1
    return bytes(content)


def archive_with_link() -> bytes:
    entry = zipfile.ZipInfo("passwd.txt")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    return target.getvalue()


def bomb(name: str = "a.txt", megabytes: int = 300) -> bytes:
    """A member that unpacks to a thousand times its size."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as part,
    ):
        for _ in range(megabytes):
            part.write(bytes(1024 * 1024))
    return target.getvalue()


def word_bomb() -> bytes:
    space = " " * (20 * 1024 * 1024)
    return word_of(f"<w:p><w:r><w:t>{space}</w:t></w:r></w:p>")


def many_parts(count: int = 70_000) -> bytes:
    """An archive of more parts than anyone has reports; built by hand, since writing them takes a while."""
    one = zipped([("a.txt", "a")])
    start, end = one.find(b"PK\x01\x02"), one.find(b"PK\x05\x06")
    return one[:start] + one[start:end] * count + one[end:]


def billion_laughs() -> bytes:
    declared = f'<!DOCTYPE w:document [<!ENTITY l0 "ha">{LAUGHS}]>'
    return word_of("<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>", declared=declared)


def outside_entity() -> bytes:
    declared = '<!DOCTYPE w:document [<!ENTITY out SYSTEM "file:///etc/passwd">]>'
    return word_of("<w:p><w:r><w:t>&out;</w:t></w:r></w:p>", declared=declared)


def laughing_workbook() -> bytes:
    return changed(
        workbook(["Tuần tra", 12]),
        "xl/worksheets/sheet1.xml",
        b"<worksheet",
        f'<!DOCTYPE worksheet [<!ENTITY l0 "ha">{LAUGHS}]><worksheet'.encode(),
    )


def far_cells() -> bytes:
    """Two cells, in the first and in the last corner: a few kilobytes that lay out as seventeen thousand million."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "b")
    return target.getvalue()


def far_cell() -> bytes:
    """One cell alone, in the last corner."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.add_worksheet().write(1_048_575, 16_383, "b")
    return target.getvalue()


def pdf_bomb(megabytes: int = 1500) -> bytes:
    """A page whose content unpacks to a thousand times its size."""
    packing = zlib.compressobj(9)
    page = b"".join([*(packing.compress(b" " * 1024 * 1024) for _ in range(megabytes)), packing.flush()])
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (len(page), page),
    ]
    content, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 5\n0000000000 65535 f \n" + table + b"trailer<</Size 5/Root 1 0 R>>\n"
    return content + head + b"startxref\n%d\n%%%%EOF" % len(content)


def declared_rows() -> bytes:
    """Two cells, in a sheet that says of itself that it fills every row and column."""
    book = workbook(["Tuần tra", 1151])
    return changed(book, "xl/worksheets/sheet1.xml", b'ref="A1:B1"', b'ref="A1:XFD1048576"')


def with_macros() -> bytes:
    return changed(
        workbook(["Tuần tra", 1151]),
        "[Content_Types].xml",
        b"spreadsheetml.sheet.main",
        b"ms-excel.sheet.macroEnabled.main",
        more=[("xl/vbaProject.bin", os.urandom(2048))],
    )


def nested_tables(depth: int = 5_000) -> bytes:
    return word_of("<w:tbl><w:tr><w:tc>" * depth + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * depth)


HOSTILE: dict[str, bytes] = {}


def corpus() -> dict[str, bytes]:
    """Every hostile file by its name; made once."""
    if not HOSTILE:
        sound = word("Tuần tra 12 lượt tổ " * 200)
        HOSTILE.update(
            {
                "empty.txt": b"",
                "zeros.txt": bytes(4096),
                "noise.docx": bytes(range(256)) * 64,
                "bomb.zip": bomb(),
                "word-bomb.docx": word_bomb(),
                "many.zip": many_parts(),
                "laughs.docx": billion_laughs(),
                "laughs.xlsx": laughing_workbook(),
                "outside.docx": outside_entity(),
                "far.xlsx": far_cells(),
                "corner.xlsx": far_cell(),
                "nested.docx": nested_tables(),
                "cut.docx": sound[: len(sound) // 2],
                "cut.xlsx": workbook(["a", 1])[:900],
                "cut.pdf": pdf("Tuần tra")[:2000],
                "locked.docx": compound("EncryptedPackage"),
                "locked.pdf": locked_pdf(),
                "locked.zip": locked_archive(),
                "old.doc": compound("WordDocument"),
                "old.xls": compound("Workbook"),
                "scan.pdf": pdf("", ""),
                "twice.docx": word_of("<w:p/>", more=[("word/document.xml", "<a/>")]),
                "link.zip": archive_with_link(),
                "zip-in-zip.zip": zipped([("inner.zip", zipped([("a.txt", "a")]))]),
                "picture.docx": b"\x89PNG\r\n\x1a\n" + bytes(64),
                "rich.doc": b"{\\rtf1 Tuan tra}",
                "page.doc": b"<html><body>Tu\xe1\xba\xa7n tra</body></html>",
                "long.txt": "Tuần tra 1.151 lượt tổ. ".encode() * 1_900_000,
                "secret.txt": "TỐI MẬT\nTuần tra 12 lượt tổ".encode(),
            }
        )
    return HOSTILE
