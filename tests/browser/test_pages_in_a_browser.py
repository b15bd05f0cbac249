"""What only a browser can tell of the pages: its complaints, what runs off a telephone's screen, what is too pale."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import Visit
from tests.browser.posts import MONTH
from tests.browser.serving import Site, copy_of, served
from tests.browser.visiting import Visitor

MOST_PAGES = 60
#: So many addresses of one shape (`/reports/12/` and `/reports/13/` are of one) are looked at.
MOST_OF_A_SHAPE = 3
NOT_PAGES = re.compile(r"\.(docx|pdf|xlsx|csv|json)(\?|$)|/api/")
TELEPHONE = {"width": 360, "height": 780}
DESKTOP = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def site(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for all tests here: they look, and what they write hinders no other."""
    with served(copy_of(demonstration, tmp_path_factory.mktemp("pages") / "var")) as site:
        yield site


def _links(visitor: Visitor) -> list[str]:
    """The addresses of this site to which a page leads, in its order."""
    whole = "all => all.map((one) => new URL(one.getAttribute('href'), location.href).href.split('#')[0])"
    links = visitor.page.eval_on_selector_all("a[href]", whole)
    return list(dict.fromkeys(one.removeprefix(visitor.site.url) for one in links if one.startswith(visitor.site.url)))


def _walk(visitor: Visitor) -> Iterator[str]:
    """Open pages from the desk on, by their links, broad before deep."""
    waiting, seen, shapes = ["/"], {"/"}, Counter[str]()
    while waiting and sum(shapes.values()) < MOST_PAGES:
        address = waiting.pop(0)
        shape = re.sub(r"\d+", "N", urlsplit(address).path)
        if shapes[shape] >= MOST_OF_A_SHAPE or NOT_PAGES.search(address):
            continue
        shapes[shape] += 1
        visitor.go(address)
        yield address
        for link in _links(visitor):
            if link not in seen:
                seen.add(link)
                waiting.append(link)


def test_the_browser_complains_of_nothing_wherever_headquarters_goes(visit: Visit) -> None:
    planner = visit("khth.btl")

    walked = list(_walk(planner))

    assert len(walked) > 20
    assert planner.complaints == []  # a style, a script or a file that the policy refuses would be told here


# --- narrow, wide, light, dark ---------------------------------------------------------------------

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: What sticks out, to be told when something does.
STICKING_OUT = """() => [...document.querySelectorAll("main *")]
  .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .filter((one) => !one.closest(".scroll, .spoken, svg, [hidden]"))
  .slice(0, 5).map((one) => `${one.tagName}.${one.className}`)"""


def _first(visitor: Visitor, listed_at: str, pattern: str) -> str:
    """The first link of a page whose address is like this."""
    links = _links(visitor.go(listed_at))
    found = next((one for one in links if re.fullmatch(pattern, one)), None)
    assert found is not None, f"{listed_at} leads to nothing like {pattern}: {links}"
    return found


def _main_pages(planner: Visitor) -> list[str]:
    """One of every kind of page that a province's planner works with."""
    reports, syntheses = "/reports/?period=2025-09", "/synthesis/?period=2025-09"
    bench = _first(planner, syntheses, r"/synthesis/\d+/")
    figures = _first(planner, bench, r"/synthesis/rounds/\d+/figures/\?.*")
    return [
        *("/", reports, "/rounds/", syntheses, "/organisation/", "/tokens/", figures, bench, f"{bench}paper/"),
        _first(planner, reports, r"/reports/\d+/"),
        _first(planner, "/rounds/", r"/rounds/\d+/"),
        _first(planner, figures, r"/synthesis/rounds/\d+/figures/[a-z_.]+/.*"),
        _first(planner, "/organisation/", r"/organisation/\d+/.*"),
    ]


def _overflowing(visitor: Visitor, addresses: list[str]) -> list[str]:
    found = []
    for address in addresses:
        too_wide = visitor.go(address).page.evaluate(OVERFLOW)
        if too_wide > 0:
            found.append(f"{address}: {too_wide} px too wide: {visitor.page.evaluate(STICKING_OUT)}")
    return found


def test_nothing_runs_off_the_screen_of_a_telephone(visit: Visit) -> None:
    planner = visit("khth.dongthap", viewport=TELEPHONE)

    overflowing = _overflowing(planner, _main_pages(planner))

    assert not overflowing, "\n".join(overflowing)


def test_a_report_is_written_on_a_telephone_without_scrolling_sideways(visit: Visit) -> None:
    officer = visit("ctv.dongthap01", viewport=TELEPHONE)
    officer.page.locator("#work li", has_text=MONTH).locator("a, button").first.click()
    officer.page.wait_for_url("**/edit/")

    assert _overflowing(officer, [officer.address, "/"]) == []


#: Contrast as WCAG 2 reckons it, of each element with words of its own against the first ground that is not clear.
PALE_WORDS = """() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const read = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const over = (top, under) => top.slice(0, 3).map((part, i) => part * top[3] / 255 + under[i] * (1 - top[3] / 255));
  const ground = (one) => {
    const own = read(getComputedStyle(one).backgroundColor);
    if (own[3] === 255) return own;
    return [...over(own, one.parentElement ? ground(one.parentElement) : [255, 255, 255]), 255];
  };
  const light = (colour) => {
    const line = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = colour.map((part) => line(part / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  for (const one of document.querySelectorAll("body *")) {
    const words = [...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join("");
    const style = getComputedStyle(one);
    const seen = one.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (!words || !seen || one.closest("svg, .spoken, .skip, :disabled, [aria-hidden=true]")) continue;
    const behind = ground(one);
    const inFront = over(read(style.color), behind);
    const [high, low] = [light(inFront), light(behind)].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize);
    const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const contrast = (high + 0.05) / (low + 0.05);
    const told = `${one.tagName}.${one.className} "${words.slice(0, 30)}" ${contrast.toFixed(2)}`;
    if (contrast < needed - 0.005) found.push(told);
  }
  return [...new Set(found)];
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_stand_out_from_their_ground(visit: Visit, theme: str) -> None:
    planner = visit("khth.dongthap", color_scheme=theme, viewport=DESKTOP)

    pale = [
        f"{address}: {one}" for address in _main_pages(planner) for one in planner.go(address).page.evaluate(PALE_WORDS)
    ]

    assert not pale, "\n".join(pale)
    ground = planner.page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = sum(int(part) for part in re.findall(r"\d+", ground)[:3])
    assert (brightness < 200) if theme == "dark" else (brightness > 600), ground


#: Whether what has the focus looks other than it did without it.
LOOK = """(one) => {
  const style = getComputedStyle(one);
  return [style.outlineStyle, style.outlineWidth, style.boxShadow, style.borderColor, style.backgroundColor].join();
}"""


def test_the_focus_is_seen_wherever_the_tab_key_goes(visit: Visit) -> None:
    planner = visit("khth.dongthap")
    page = planner.go("/reports/?period=2025-09").page
    unseen = []

    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate_handle("document.activeElement").as_element()
        if focused is None or focused.evaluate("one => one === document.body"):
            break
        page.wait_for_timeout(120)  # what changes its look slowly has changed by then
        with_focus = focused.evaluate(LOOK)
        without = focused.evaluate(f"(one) => {{ one.blur(); const look = ({LOOK})(one); one.focus(); return look; }}")
        if with_focus == without:
            unseen.append(focused.evaluate("one => one.outerHTML.slice(0, 120)"))

    assert unseen == []
