"""Every page that a role is led to, in both languages: whole, translated, and nothing that a strict browser refuses.

The pages are found as a person finds them: from the desk, by the links that a page shows. The invented organisation
is the small demonstration.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.urls import resolve
from pytest_django import DjangoDbBlocker, Settings

from nennep.accounts.models import Person
from nennep.demonstration.building import build
from nennep.site import messages
from tests.cast import HANOI

UNTIL = "2025-09"
#: An hour after the demonstration ends.
NOW = datetime(2025, 9, 19, 17, 0, tzinfo=HANOI)
#: Somebody of every kind, and how many addresses of one name they look at.
ROLES: Mapping[str, int] = {
    "khth.btl": 2,  # headquarters' planner
    "tulenh.btl": 1,  # its commander
    "tochuc.btl": 1,  # its organisation officer
    "thanhtra.btl": 1,  # its inspector
    "khth.dongthap": 2,  # a province's planner
    "chinhuy.dongthap": 1,  # a commissar with two posts
    "ctv.dongthap01": 2,  # a post's political officer
    "dontruong.dongthap01": 1,  # its commander
}
PAGES_OF_A_PLANNER = {
    *("desk", "reports", "report", "report-version", "rounds", "round", "syntheses", "figures", "source"),
    *("synthesis", "synthesis-paper", "organisation", "unit", "password", "tokens"),
}
MOST_PAGES = 60
#: Files, and the door out.
NOT_PAGES = re.compile(r"\.(docx|pdf|xlsx|csv|json|ics)(\?|$)|/file/(\?|$)|^/static/|^/sign-out/")


# --- the organisation ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def organisation(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The small demonstration, once for all tests here and gone afterwards; yields where its closed books lie."""
    del django_db_setup
    sealed = tmp_path_factory.mktemp("sealed")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(SEALED=sealed):
            build(small=True, until=UNTIL)
        yield sealed
        transaction.set_rollback(True)


@pytest.fixture
def signed_in(organisation: Path, db: None, settings: Settings, clock: Any) -> Any:
    """A client in which a person of the demonstration is signed in, at the instant at which it ends."""
    del db
    settings.SEALED = organisation
    clock(NOW)

    def of(username: str, language: str) -> Client:
        Person.objects.filter(username=username).update(language=language)
        client = Client()
        person = Person.objects.get(username=username)
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return of


# --- reading a page ---------------------------------------------------------------------------------

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SPOKEN_ATTRIBUTES = ("title", "aria-label", "placeholder", "alt", "data-head", "data-said")
TELLING = {"h1", "title", "a", "button"}  # whose words are read as a whole
NEEDS_LABEL = {"input", "select", "textarea"}
NO_LABEL = {"hidden", "submit", "button", "image", "reset"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    above: Element | None
    text: str = ""

    def inside(self, tag: str) -> bool:
        return self.above is not None and (self.above.tag == tag or self.above.inside(tag))

    @property
    def language(self) -> str:
        return self.attributes.get("lang") or (self.above.language if self.above else "")


@dataclass
class Page(HTMLParser):
    """What a page holds: its elements with all text within them, and each piece of text by itself."""

    source: str
    elements: list[Element] = field(default_factory=list)
    pieces: list[tuple[str, str]] = field(default_factory=list)  # words, and the language they claim to be in
    unclosed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[Element] = []
        self.feed(self.source)
        self.close()
        self.unclosed += [element.tag for element in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self._open[-1] if self._open else None)
        self.elements.append(element)
        for name in SPOKEN_ATTRIBUTES:
            if element.attributes.get(name):
                self._say(element.attributes[name], element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1].tag == tag:
            self._open.pop()
        else:
            self.unclosed.append(f"</{tag}> where {self._open[-1].tag if self._open else 'nothing'} is open")

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1].tag in {"script", "style"}:
            return
        for element in self._open:
            if element.tag in TELLING:
                element.text += data
        self._say(data, self._open[-1])

    def _say(self, words: str, element: Element) -> None:
        tidy = " ".join(words.split())
        if tidy:
            self.pieces.append((tidy, element.language))

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]


# --- what must hold ---------------------------------------------------------------------------------


def _catalogue() -> list[messages.Message]:
    found: list[messages.Message] = []
    for path in sorted(messages.SOURCE.glob("*/locale/vi/LC_MESSAGES/django.po")):
        found += messages.read(path).values()
    return found


def _pattern(wordings: Sequence[str]) -> re.Pattern[str]:
    """Matches exactly these wordings, whatever stands in their places for names and numbers."""
    return re.compile("|".join(re.sub(r"%(\\\(\w+\\\))?[sd]", ".+", re.escape(one)) for one in wordings) or "(?!)")


def _is_words(text: str) -> bool:
    """More than a mark or placeholders: something a reader would see to be in the wrong language."""
    return bool(re.search(r"[^\W\d_]{3}", re.sub(r"%\(\w+\)s|%[sd]", "", text)))


CATALOGUE = _catalogue()
ENGLISH = _pattern(
    [
        wording
        for one in CATALOGUE
        for wording in (one.msgid, one.plural)
        if wording and wording not in one.translations and _is_words(wording)
    ]
)


VIETNAMESE = {one.translations[0] for one in CATALOGUE if one.translated and one.msgid not in one.translations}


@cache
def _is_english(words: str) -> bool:
    return words.isascii() and ENGLISH.fullmatch(words) is not None


def _untranslated(page: Page) -> list[str]:
    return sorted({words for words, _ in page.pieces if _is_english(words)})


def _left_in_vietnamese(page: Page) -> list[str]:
    return sorted({words for words, language in page.pieces if language == "en" and words in VIETNAMESE})


def _faults(page: Page, language: str) -> Iterator[str]:
    """What is wrong with a page, one sentence each."""
    headings = [element.text.strip() for element in page.all("h1")]
    if len(headings) != 1 or not headings[0]:
        yield f"its first heading: {headings}"
    if page.unclosed:
        yield f"tags that do not pair: {page.unclosed[:3]}"
    if page.all("html")[0].attributes.get("lang") != language:
        yield "it does not say its language"
    title = page.all("title")[0].text.split("·")[0].strip() if page.all("title") else ""
    if not title:
        yield "it has no title"
    ids = Counter(element.attributes["id"] for element in page.elements if "id" in element.attributes)
    twice = sorted(one for one, count in ids.items() if count > 1)
    if twice:
        yield f"ids that are there twice: {twice}"
    yield from _what_a_strict_browser_refuses(page)
    yield from _what_a_screen_reader_misses(page, set(ids))
    if "{{" in page.source or "{%" in page.source or "{#" in page.source:
        yield "a template tag is shown"
    if language == "vi" and (left := _untranslated(page)):
        yield f"not in Vietnamese: {left}"
    if language == "en" and (left := _left_in_vietnamese(page)):
        yield f"not in English: {left}"


def _what_a_strict_browser_refuses(page: Page) -> Iterator[str]:
    if page.all("style"):
        yield "a style element"
    for element in page.elements:
        handlers = [name for name in element.attributes if name.startswith("on")]
        if handlers or ("style" in element.attributes):
            yield f"<{element.tag}> with {handlers or 'a style of its own'}"
        for name in ("href", "src", "action", "formaction", "data"):
            target = element.attributes.get(name, "")
            if urlsplit(target).scheme not in {"", "data"} or target.startswith("//"):
                yield f"it leads outside: {target}"
    for script in page.all("script"):
        if "src" not in script.attributes:
            yield "a script in the page"


def _what_a_screen_reader_misses(page: Page, ids: set[str]) -> Iterator[str]:
    labelled = {element.attributes.get("for") for element in page.all("label")}
    for element in page.all(*NEEDS_LABEL):
        named = {"aria-label", "aria-labelledby", "title"} & element.attributes.keys()
        kind = element.attributes.get("type", "")
        is_labelled = element.inside("label") or element.attributes.get("id") in labelled
        if kind not in NO_LABEL and not named and not is_labelled:
            yield f"no label: {element.tag} {element.attributes.get('name')}"
    for element in page.all("a", "button"):
        said = element.text.strip() or element.attributes.get("aria-label") or element.attributes.get("title")
        if not said and element.attributes.get("aria-hidden") != "true":
            yield f"<{element.tag}> that says nothing: {element.attributes}"
    for element in page.elements:
        for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
            missing = [one for one in element.attributes.get(name, "").split() if one not in ids]
            if missing and element.tag != "output":
                yield f"{name} names what is not there: {missing}"


# --- the walk ------------------------------------------------------------------------------------------


def _links(page: Page, address: str) -> Iterator[str]:
    for element in page.all("a"):
        target = element.attributes.get("href", "")
        if target:
            yield urldefrag(urljoin(address, target)).url


def _walk(client: Client, most_of_a_name: int) -> Iterator[tuple[str, int, Page]]:
    """Pages from the desk on, by their links: so many of each address's name, broad before deep."""
    waiting, seen, names = ["/", "/password/", "/tokens/"], {"/"}, Counter[str]()
    while waiting and sum(names.values()) < MOST_PAGES:
        address = waiting.pop(0)
        if NOT_PAGES.search(address):
            continue
        name = resolve(urlsplit(address).path).view_name
        if names[name] >= most_of_a_name:
            continue
        names[name] += 1
        answer = client.get(address, follow=True)
        page = Page(answer.content.decode())
        yield address, answer.status_code, page
        for link in _links(page, address):
            if link not in seen:
                seen.add(link)
                waiting.append(link)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("username", ROLES)
def test_every_page_that_a_role_is_led_to_is_whole(signed_in: Any, username: str, language: str) -> None:
    client = signed_in(username, language)

    walked = list(_walk(client, ROLES[username] if language == "vi" else 1))

    faults = [
        f"{address}: {fault}"
        for address, status, page in walked
        for fault in ([f"answers {status}"] if status != 200 else _faults(page, language))
    ]
    assert not faults, "\n".join(faults)
    if username == "khth.dongthap":
        assert {resolve(urlsplit(address).path).view_name for address, _, _ in walked} >= PAGES_OF_A_PLANNER


def test_somebody_whose_appointment_has_ended_is_told_so_on_a_whole_page(signed_in: Any) -> None:
    answer = signed_in("ctv.dongthap04", "vi").get("/")

    assert answer.status_code == 403
    assert list(_faults(Page(answer.content.decode()), "vi")) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("<h1>Báo cáo</h1><p style='color:red'>x</p>", "a style of its own"),
        ("<h1>Báo cáo</h1><script>x()</script>", "a script in the page"),
        ("<h1>Báo cáo</h1><input name='q'>", "no label"),
        ("<h1>Báo cáo</h1><p id='a'></p><p id='a'></p>", "there twice"),
        ("<h1>Báo cáo</h1><h1>Kỳ</h1>", "its first heading"),
        ("<h1>Báo cáo</h1><a href='https://else.where/'>x</a>", "leads outside"),
        ("<h1>Báo cáo</h1><p>Sign in</p>", "not in Vietnamese"),
        ("<h1>Báo cáo</h1><a href='/'></a>", "says nothing"),
    ],
)
def test_a_page_with_this_fault_would_be_found(given: str, expected: str) -> None:
    page = Page(f"<html lang='vi'><title>Báo cáo</title><body>{given}</body></html>")

    assert [fault for fault in _faults(page, "vi") if expected in fault]
