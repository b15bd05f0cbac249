"""PDF: the text layer, page by page."""

from __future__ import annotations

from loom.files._outcome import Noted, Unreadable, Why

MOST_PAGES = 2_000
MOST_LETTERS = 4_000_000
_END_MARK = b"%%EOF"


def text_of_pages(content: bytes) -> tuple[list[tuple[str, str]], list[Noted]]:
    """The number and text of every page of a PDF. Raises Unreadable for a locked, broken or scanned one."""
    import pypdfium2  # type: ignore[import-untyped]  # loaded only where a PDF is read; the package has no types

    if _END_MARK not in content:
        raise Unreadable(Why.TRUNCATED)
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(Why.ENCRYPTED if "password" in str(error).lower() else Why.DAMAGED) from error
    try:
        if len(document) > MOST_PAGES:
            raise Unreadable(Why.TOO_MANY_PAGES, most=MOST_PAGES, pages=len(document))
        texts = _texts(document)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(Why.DAMAGED) from error
    finally:
        document.close()
    empty = sum(not text.strip() for text in texts)
    if empty == len(texts):
        raise Unreadable(Why.SCANNED, pages=len(texts))
    notes = [Noted.EMPTY_PAGES] if empty else []
    return [(str(number), text) for number, text in enumerate(texts, start=1)], notes


def _texts(document: object) -> list[str]:
    texts, letters = [], 0
    for page in document:  # type: ignore[attr-defined]  # a type the package does not tell
        layer = page.get_textpage()
        text = _plain(layer.get_text_range())
        layer.close()
        page.close()
        letters += len(text)
        if letters > MOST_LETTERS:
            raise Unreadable(Why.TOO_MUCH_TEXT, most=MOST_LETTERS)
        texts.append(text)
    return texts


def _plain(text: str) -> str:
    """Line ends as line feeds, and a word that the layer marks as broken over two lines in one again."""
    return text.replace("\r\n", "\n").replace("\ufffe\n", "").replace("\ufffe", "").replace("\x02", "-")
