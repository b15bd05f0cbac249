"""The page of Word templates: what holds, the files, and what an uploaded file is answered."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from docx import Document

from nennep.documents.models import WordTemplate
from nennep.documents.placeholders import PLACEHOLDERS
from nennep.documents.rules import LAYOUTS, Family
from nennep.documents.word_templates import Flaw, Refusal, template_for
from nennep.site.word_templates import PLACES, say_flaw
from tests.cast import NOW
from tests.documents.word_files import STATE, with_words

SignIn = Callable[[str], Client]
TODAY = NOW.date().isoformat()


def upload(client: Client, data: bytes, **fields: Any) -> Any:
    sent = {"family": "state", "starts_on": TODAY, "note": "", "file": SimpleUploadedFile("mẫu.docx", data), **fields}
    return client.post("/documents/templates/replace/", sent, follow=True)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_page_names_the_rules_of_both_families_and_what_of_them_was_not_seen(sign_in: SignIn) -> None:
    page = text(sign_in("kehoach").get("/documents/templates/"))

    for layout in LAYOUTS:
        assert layout.source in page
        assert layout.doubt in page
    for placeholder in PLACEHOLDERS:
        assert str(placeholder) in page


def test_the_file_in_force_can_be_fetched_and_opened(sign_in: SignIn) -> None:
    answer = sign_in("kehoach").get("/documents/templates/file/?family=party")

    assert answer.headers["Content-Disposition"] == f'attachment; filename="mau-party-{TODAY}.docx"'
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in Document(io.BytesIO(answer.content)).tables[0].rows[0].cells[1].text


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.source)
def test_the_file_made_from_the_rules_of_a_day_can_be_fetched_whatever_was_uploaded(
    sign_in: SignIn, layout: Any
) -> None:
    asked = f"?family={layout.family}&on={layout.in_force_from.isoformat()}&made"

    assert sign_in("kehoach").get(f"/documents/templates/file/{asked}").content == template_for(layout)


def test_a_day_before_all_rules_has_no_file(sign_in: SignIn) -> None:
    assert sign_in("kehoach").get("/documents/templates/file/?on=1999-01-01").status_code == 404


def test_what_was_fetched_can_be_uploaded_and_holds_from_its_day(sign_in: SignIn) -> None:
    client = sign_in("kehoach")

    page = upload(client, client.get("/documents/templates/file/").content, note="Bản đầu")

    assert page.status_code == 200
    kept = WordTemplate.objects.get()
    assert (kept.family, kept.starts_on.isoformat(), bytes(kept.data)) == (Family.STATE, TODAY, STATE)
    assert "Bản đầu" in text(page)
    assert kept.digest[:12] in text(page)


def test_a_file_with_code_is_answered_with_what_was_found_and_where_and_the_form_keeps_what_was_typed(
    sign_in: SignIn,
) -> None:
    with translation.override("vi"):
        said = say_flaw(Refusal(Flaw.CODE))

    answer = upload(sign_in("kehoach"), with_words("{{ x.y }}"), family="party", note="Thử")

    page = text(answer)
    assert answer.status_code == 400
    assert said in page
    assert "{{ x.y }}" in page
    assert "word/document.xml, đoạn" in page
    assert '<option value="party" selected>' in page
    assert 'value="Thử"' in page
    assert not WordTemplate.objects.exists()


def test_words_of_a_file_are_shown_as_words(sign_in: SignIn) -> None:
    page = text(upload(sign_in("kehoach"), with_words("{{ &lt;script&gt; }}")))

    assert "{{ &lt;script&gt; }}" in page
    assert "{{ <script> }}" not in page


# what is sent, what is answered
INCOMPLETE = [{"family": "x"}, {"starts_on": "x"}, {"file": ""}]


@pytest.mark.parametrize("fields", INCOMPLETE)
def test_an_incomplete_form_is_answered_and_nothing_is_kept(sign_in: SignIn, fields: dict[str, str]) -> None:
    answer = upload(sign_in("kehoach"), STATE, **fields)

    assert answer.status_code == 400
    assert "Hãy chọn loại thể thức, ngày và tệp Word." in text(answer)
    assert not WordTemplate.objects.exists()


def test_a_past_day_is_answered(sign_in: SignIn) -> None:
    answer = upload(sign_in("kehoach"), STATE, starts_on="2026-01-01")

    assert answer.status_code == 400
    assert "01/01/2026 đã qua" in text(answer)


def test_the_list_is_filtered_by_family_and_asks_as_often_however_long_it_is(
    sign_in: SignIn,
) -> None:
    client = sign_in("kehoach")
    client.get("/documents/templates/")
    with CaptureQueriesContext(connection) as few:
        client.get("/documents/templates/")
    for number in range(60):
        WordTemplate.objects.create(
            family=("state", "party")[number % 2],
            data=b"x" * 1000,
            digest=f"{number:064}",
            starts_on=f"{2026 + number}-11-01",
            uploaded_at=NOW,
            uploaded_by="Ai đó",
        )

    with CaptureQueriesContext(connection) as many:
        page = text(client.get("/documents/templates/"))

    assert len(many) == len(few)
    assert page.count("Ai đó") == 50
    assert text(client.get("/documents/templates/?page=2")).count("Ai đó") == 10
    assert text(client.get("/documents/templates/?family=party")).count("Ai đó") == 30
    # The files themselves are fetched for nobody who only looks at the list.
    assert not [query for query in many.captured_queries if '"documents_wordtemplate"."data"' in query["sql"]]


def test_every_flaw_and_every_place_has_words_in_both_languages() -> None:
    assert set(PLACES) == {placeholder.name for placeholder in PLACEHOLDERS}
    for language in ("vi", "en"):
        with translation.override(language):
            said = [say_flaw(Refusal(flaw)) for flaw in Flaw]
        assert len(set(said)) == len(Flaw)
