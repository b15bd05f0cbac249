"""Replacing the Word template of a family: who may, from which day, what holds then, and what the journal says."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from docx import Document

from nennep.documents.docx import render_docx
from nennep.documents.models import WordTemplate
from nennep.documents.queries.templates import docx_of, keeper_of_templates, template_file, template_in_force, templates
from nennep.documents.rules import STATE_LAYOUT_2020, Family, Paper, layout_on
from nennep.documents.services.refusals import DocumentsRefused
from nennep.documents.services.templates import TemplateRefused, replace_template
from nennep.documents.word_templates import Flaw, template_for
from nennep.journal.models import Entry
from nennep.organisation.rules import NotAuthorised
from tests.cast import NOW, Cast
from tests.documents.other_papers import state_decision
from tests.documents.word_files import edited, with_words

TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)


def naming(words: str) -> bytes:
    """Return the state's template with other words under the country."""

    def change(document: Any) -> None:
        motto = document.tables[0].rows[0].cells[1].paragraphs[1]
        motto.runs[0].text = words

    return edited(change)


def motto_of(written: bytes) -> str:
    return str(Document(io.BytesIO(written)).tables[0].rows[0].cells[1].paragraphs[1].text)


def dated(day: date) -> Paper:
    return replace(state_decision(), dated_on=day)


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes every file for sound: what is judged of files has tests of its own, and takes seconds."""
    monkeypatch.setattr("nennep.documents.services.templates.check_safely", lambda _data: [])


def put(cast: Cast, data: bytes, starts_on: date = TODAY, family: Family = Family.STATE) -> WordTemplate:
    return replace_template(data, family=family, starts_on=starts_on, by=cast.actor("kehoach"), note=" đầu mới ")


def test_papers_of_the_day_are_written_into_the_new_template_and_older_ones_as_before(cast: Cast) -> None:
    put(cast, naming("Mẫu mới"))

    assert motto_of(docx_of(dated(TODAY))) == "Mẫu mới"
    assert docx_of(dated(TODAY - timedelta(days=1))) == render_docx(dated(TODAY - timedelta(days=1)))


@pytest.mark.usefixtures("unread")
def test_each_day_has_the_newest_template_that_had_begun(cast: Cast) -> None:
    first, second = put(cast, b"1", TODAY), put(cast, b"2", TODAY + timedelta(days=10))

    found = [template_in_force(Family.STATE, TODAY + timedelta(days=days)) for days in (-1, 0, 9, 10, 900)]

    assert found == [None, first, first, second, second]
    assert template_in_force(Family.PARTY, TODAY) is None
    assert list(templates(Family.STATE)) == [second, first]
    assert list(templates(Family.PARTY)) == []


@pytest.mark.usefixtures("unread")
def test_a_new_decree_ends_a_template_that_was_made_for_the_old_one(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(cast, b"1", TODAY)
    new = replace(STATE_LAYOUT_2020, in_force_from=TODAY + timedelta(days=30))
    monkeypatch.setattr("nennep.documents.rules.layout.LAYOUTS", (STATE_LAYOUT_2020, new))

    assert template_in_force(Family.STATE, TODAY + timedelta(days=29)) is not None
    assert template_in_force(Family.STATE, TODAY + timedelta(days=30)) is None


@pytest.mark.usefixtures("unread")
def test_what_is_kept_says_who_uploaded_what_and_when(cast: Cast) -> None:
    template = WordTemplate.objects.get(pk=put(cast, b"1").pk)

    assert (bytes(template.data), template.uploaded_by, template.note) == (b"1", "Đại tá Nguyễn Thị Ánh", "đầu mới")
    assert template.uploaded_at == NOW
    assert template.digest == "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
    entry = Entry.objects.latest("pk")
    assert (entry.act, entry.subject) == ("documents.replace-template", f"documents.wordtemplate:{template.pk}")
    assert entry.unit_id == keeper_of_templates(TODAY)
    assert entry.details == {"family": "state", "starts_on": TODAY.isoformat(), "digest": template.digest}


def test_a_file_that_is_no_template_is_answered_with_what_was_found_and_nothing_is_kept(cast: Cast) -> None:
    before = Entry.objects.count()

    with pytest.raises(TemplateRefused) as refused:
        put(cast, with_words("{{ x() }}"))

    assert [(one.flaw, one.found) for one in refused.value.refusals] == [(Flaw.CODE, "{{ x() }}")]
    assert not WordTemplate.objects.exists()
    assert Entry.objects.count() == before


NOT_TAKEN = [("day_is_past", TODAY - timedelta(days=1)), ("day_is_taken", TOMORROW)]


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize(("why", "day"), NOT_TAKEN)
def test_a_day_that_is_past_or_taken_is_refused_and_what_holds_stays(cast: Cast, why: str, day: date) -> None:
    kept = put(cast, b"1", TOMORROW)

    with pytest.raises(DocumentsRefused, match=why):
        put(cast, b"2", day)

    assert list(templates()) == [kept]
    assert bytes(WordTemplate.objects.get().data) == b"1"


@pytest.mark.usefixtures("unread")
def test_the_same_day_is_free_for_the_other_family(cast: Cast) -> None:
    put(cast, b"1", TOMORROW, Family.STATE)
    put(cast, b"2", TOMORROW, Family.PARTY)

    assert templates().count() == 2


@pytest.mark.parametrize("username", ["tulenh", "hanh", "thanh", "khach"])
def test_only_who_configures_documents_at_the_top_replaces_a_template(
    cast: Cast, username: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(_data: bytes) -> list[Any]:
        raise AssertionError("a file of somebody who may not upload is not read")

    monkeypatch.setattr("nennep.documents.services.templates.check_safely", read)

    with pytest.raises(NotAuthorised):
        replace_template(b"1", family=Family.STATE, starts_on=TODAY, by=cast.actor(username))

    assert not WordTemplate.objects.exists()


def test_the_file_of_a_day_is_the_uploaded_one_or_the_one_made_from_the_rules(
    cast: Cast, unread: Callable[[], None]
) -> None:
    del unread
    put(cast, b"1", TOMORROW)

    assert template_file(Family.STATE, TODAY) == template_for(layout_on(TODAY, Family.STATE))
    assert template_file(Family.STATE, TOMORROW) == b"1"
