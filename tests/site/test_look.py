"""What templates say about numbers, days and distances; and that the tokens keep their contrast in both themes."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import translation

import nennep.site
from nennep.site.templatetags import look

SHEETS = Path(nennep.site.__file__).parent / "static" / "site"
TEMPLATES = Path(nennep.site.__file__).parent / "templates"
NOW = dt.datetime(2026, 11, 18, 1, 42, tzinfo=dt.UTC)  # 08:42 on the clock of Viet Nam


@pytest.mark.parametrize(
    ("written", "vietnamese", "english"),
    [
        (lambda: look.number(Decimal(1151)), "1.151", "1,151"),
        (lambda: look.number(18_500_000), "18.500.000", "18,500,000"),
        (lambda: look.number(Decimal("94.249"), 1), "94,2", "94.2"),
        (lambda: look.number(0), "0", "0"),
        (lambda: look.number(None), "", ""),
        (lambda: look.percent(Decimal("98.7")), "98,7%", "98.7%"),
        (lambda: look.percent(None), "", ""),
        (lambda: look.signed(3), "+3", "+3"),
        (lambda: look.signed(-3), "–3", "–3"),
        (lambda: look.signed(0), "0", "0"),
        (lambda: look.day(dt.date(2025, 7, 1)), "01/07/2025", "1 July 2025"),
        (lambda: look.day_short(dt.date(2025, 7, 1)), "01/07", "1 July"),
        (lambda: look.span(dt.date(2026, 10, 15), dt.date(2026, 11, 15)), "15/10 – 14/11", "15 October – 14 November"),
        (
            lambda: look.span(dt.date(2025, 12, 15), dt.date(2026, 12, 15)),
            "15/12/2025 – 14/12/2026",
            "15 December 2025 – 14 December 2026",
        ),
    ],
)
def test_numbers_and_days_are_written_as_people_of_the_language_write_them(
    written: Callable[[], str], vietnamese: str, english: str
) -> None:
    with translation.override("vi"):
        assert written() == vietnamese
    with translation.override("en"):
        assert written() == english


def test_an_instant_is_written_on_the_clock_of_the_place() -> None:
    late_evening_in_greenwich = dt.datetime(2020, 11, 17, 18, 5, tzinfo=dt.UTC)

    with translation.override("vi"):
        assert look.moment(late_evening_in_greenwich) == "18/11/2020 01:05"
        assert look.day(late_evening_in_greenwich) == "18/11/2020"


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (NOW + dt.timedelta(hours=8, minutes=18), "8 hours left"),
        (NOW + dt.timedelta(minutes=40), "40 minutes left"),
        (NOW + dt.timedelta(days=13), "13 days left"),
        (NOW - dt.timedelta(hours=3), "3 hours overdue"),
        (NOW - dt.timedelta(days=1), "1 day overdue"),
        (dt.date(2026, 11, 18), "today"),
        (dt.date(2026, 11, 20), "2 days left"),
        (dt.date(2026, 11, 17), "1 day overdue"),
    ],
)
def test_what_is_due_is_said_as_a_distance(due: dt.date, said: str) -> None:
    with translation.override("en"):
        assert look.distance(due, NOW) == said


def test_a_day_is_due_until_its_end_on_the_clock_of_the_place() -> None:
    already_the_19th_here = dt.datetime(2026, 11, 18, 17, 30, tzinfo=dt.UTC)

    with translation.override("en"):
        assert look.distance(dt.date(2026, 11, 18), already_the_19th_here) == "1 day overdue"


# --- the tokens -----------------------------------------------------------------------------------

_TOKEN = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
# ink on the worst ground it is used on, and the least contrast: 4.5 for text, 3 for the edges of controls and marks
PAIRS = [
    *[(ink, ground, 4.5) for ink in ("ink", "ink-2", "ink-3") for ground in ("bg", "surface", "sunken", "accent-soft")],
    *[("accent", ground, 4.5) for ground in ("bg", "surface", "sunken", "accent-soft")],
    ("accent-strong", "accent-soft", 4.5),
    ("on-accent", "accent", 4.5),
    ("on-accent", "accent-strong", 4.5),
    ("on-red", "red", 4.5),
    *[(hue, ground, 4.5) for hue in ("red", "amber", "blue") for ground in ("bg", "surface", f"{hue}-soft")],
    ("on-heat-late", "heat-late", 4.5),
    ("on-toast", "toast", 4.5),
    ("on-c1", "c1", 4.5),
    ("ink", "heat-ontime", 4.5),
    *[("control", ground, 3) for ground in ("bg", "surface")],
    *[(colour, "surface", 3) for colour in ("c1", "c2", "c3", "c4", "c5")],
]


def _tokens(*sheets: str) -> dict[str, str]:
    return dict(pair for sheet in sheets for pair in _TOKEN.findall((SHEETS / sheet).read_text(encoding="utf-8")))


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("sheets", [("tokens.css",), ("tokens.css", "tokens-dark.css")], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_ink_can_be_read_on_its_ground_in_both_themes(
    sheets: tuple[str, ...], ink: str, ground: str, least: float
) -> None:
    tokens = _tokens(*sheets)

    lighter, darker = sorted((_luminance(tokens[ink]), _luminance(tokens[ground])), reverse=True)

    assert (lighter + 0.05) / (darker + 0.05) >= least


def test_the_dark_theme_names_every_colour_of_the_light_one() -> None:
    assert _tokens("tokens.css").keys() == _tokens("tokens-dark.css").keys()


def test_a_literal_colour_stands_only_in_the_tokens_and_on_paper() -> None:
    paper_and_tokens = {"tokens.css", "tokens-dark.css", "paper.css", "print.css"}
    sheets = [path for path in SHEETS.glob("*.css") if path.name not in paper_and_tokens]

    assert {path.name: re.findall(r"#[0-9a-f]{3,6}\b", path.read_text(encoding="utf-8")) for path in sheets} == {
        path.name: [] for path in sheets
    }


_INLINE = re.compile(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)")
_TAGS = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)


def test_no_template_carries_styles_or_scripts_which_the_security_policy_would_drop() -> None:
    pages = {path: _TAGS.sub("", path.read_text(encoding="utf-8")) for path in TEMPLATES.rglob("*.html")}

    carrying = [str(path.relative_to(TEMPLATES)) for path, text in pages.items() if _INLINE.search(text)]

    assert carrying == []


@pytest.mark.parametrize("page", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_a_page_for_trouble_stands_without_any_context_and_says_all_three_things(page: str) -> None:
    with translation.override("vi"):
        shown = render_to_string(page)

    paragraphs = re.findall(r"<(?:h1|p)>([^<]+)</", shown)
    assert len([words for words in paragraphs if words.strip()]) == 3  # what happened, what is kept, what to do
    assert "<title>" in shown
