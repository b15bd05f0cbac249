"""The organisation's own words: read after the shipped ones, and left out where they are unsound."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
import pytest_django
from django.test import RequestFactory

from loom import Kind
from nennep.packs.lexicon import lexicon, lexicon_with, mistakes_now, mistakes_of_own
from nennep.site.health import health

SOUND = '[[topics]]\nid = "frogs"\nname = "Ếch"\nwordings = ["nuôi ếch"]\n'


@pytest.fixture
def own(tmp_path: Path, settings: pytest_django.Settings) -> Path:
    settings.LEXICON = tmp_path
    return tmp_path


def test_a_sound_folder_adds_to_the_shipped_lexicon(own: Path) -> None:
    (own / "own.toml").write_text(SOUND, encoding="utf-8")

    assert lexicon().sense("Nuôi ếch ở đồn.", Kind.RESULT).main == "frogs"
    assert mistakes_now() == ()


@pytest.mark.parametrize(
    "broken",
    ["[[topics]\nid =", '[[topics]]\nid = "frogs"\nname = "Ếch"\nwordings = ["nuôi (ếch"]\n'],
    ids=["not TOML", "a wording not well formed"],
)
def test_a_broken_folder_leaves_the_shipped_lexicon_and_the_log_names_the_mistake(
    own: Path, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    (own / "own.toml").write_text(broken, encoding="utf-8")

    with caplog.at_level(logging.ERROR):
        used = lexicon()

    assert used is lexicon_with(None)
    assert "own.toml" in caplog.text
    assert [mistake.file for mistake in mistakes_of_own(own)] == ["own.toml"]


def test_a_folder_that_is_not_there_leaves_the_shipped_lexicon(own: Path) -> None:
    own.rmdir()

    assert lexicon() is lexicon_with(None)
    assert mistakes_now()


@pytest.mark.django_db
def test_the_health_page_says_that_own_words_are_left_out_and_not_which(own: Path, rf: RequestFactory) -> None:
    (own / "own.toml").write_text("[", encoding="utf-8")

    answer = health(rf.get("/health/"))

    assert answer.status_code == 200
    assert b"own files not sound" in answer.content
    assert b"own.toml" not in answer.content
