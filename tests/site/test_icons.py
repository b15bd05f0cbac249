"""Icons have one meaning each, and a page without the library still says its words."""

from pathlib import Path

import pytest
from django.template import TemplateSyntaxError

from nennep.site import icons
from nennep.site.templatetags.look import icon

INSTALLED = icons.LIBRARY.is_dir()
needs_library = pytest.mark.skipif(not INSTALLED, reason="The icon library is not installed (npm ci).")
# A cross closes and a cross fails: the same drawing, told apart by the word beside it or spoken.
SHARED = {"x"}


def test_no_two_meanings_share_a_drawing() -> None:
    drawings = [drawing for drawing in icons.DRAWINGS.values() if drawing not in SHARED]

    assert len(drawings) == len(set(drawings))


@needs_library
@pytest.mark.parametrize("meaning", icons.DRAWINGS)
def test_every_meaning_has_a_drawing(meaning: str) -> None:
    assert "<path" in icons.drawing(meaning) or "<circle" in icons.drawing(meaning) or "<rect" in icons.drawing(meaning)


@needs_library
def test_an_icon_is_hidden_from_screen_readers_for_the_word_beside_it_speaks() -> None:
    drawn = icon("returned", 14)

    assert 'aria-hidden="true"' in drawn
    assert 'width="14"' in drawn
    assert "style=" not in drawn


@needs_library
def test_an_icon_that_stands_alone_has_a_spoken_name() -> None:
    assert '<span class="spoken">Close</span>' in icon("close", label="Close")


def test_without_the_library_the_label_is_shown_instead(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(icons, "LIBRARY", tmp_path)
    icons.drawing.cache_clear()

    alone, beside_a_word = icon("close", label="Close"), icon("returned")

    icons.drawing.cache_clear()
    assert alone == "<span>Close</span>"
    assert beside_a_word == ""


def test_what_a_label_says_cannot_become_markup() -> None:
    assert "<b>" not in icon("close", label="<b>Close</b>")


def test_an_unknown_meaning_is_an_error_and_not_an_empty_place() -> None:
    with pytest.raises(KeyError):
        icon("glittering")


def test_only_the_three_drawn_sizes_are_taken() -> None:
    with pytest.raises(TemplateSyntaxError):
        icon("returned", 24)
