"""The catalogues: what is found in the source, what is kept, and that the rest of the world can read the result."""

import gettext
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nennep.site import messages
from nennep.site.messages import CatalogueError, Message

# \0 and \x04 divide the parts of a compiled entry, so no wording can hold them.
words = st.text(st.characters(codec="utf-8", exclude_characters="\0\x04"), min_size=1)


@pytest.fixture
def area(tmp_path: Path) -> Path:
    folder = tmp_path / "planning"
    (folder / "templates").mkdir(parents=True)
    (folder / "__init__.py").write_text("", encoding="utf-8")
    return folder


def _module(area: Path, text: str) -> None:
    (area / "services.py").write_text(text, encoding="utf-8")


def _template(area: Path, text: str) -> None:
    (area / "templates" / "page.html").write_text(text, encoding="utf-8")


def _catalogue(area: Path, text: str) -> Path:
    path = messages.catalogue_of(area)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


# --- finding ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from django.utils.translation import gettext as _\n_('Report')", Message("Report")),
        ("from django.utils.translation import gettext_lazy as later\nlater('Report')", Message("Report")),
        ("from django.utils import translation\ntranslation.gettext('Report')", Message("Report")),
        ("from django.utils.translation import gettext as _\n_('One '\n  'report')", Message("One report")),
        (
            "from django.utils.translation import ngettext\nngettext('%(n)s day', '%(n)s days', 2)",
            Message("%(n)s day", plural="%(n)s days"),
        ),
        ("from django.utils.translation import pgettext\npgettext('noun', 'Report')", Message("Report", "noun")),
    ],
)
def test_words_are_found_in_modules_under_whatever_name_the_function_is_known(
    area: Path, source: str, expected: Message
) -> None:
    _module(area, source)

    assert list(messages.found_in(area).values()) == [expected]


def test_a_function_of_the_same_name_that_is_not_the_translating_one_is_left_alone(area: Path) -> None:
    _module(area, "def gettext(word): ...\ngettext('Report')")

    assert messages.found_in(area) == {}


def test_words_made_at_run_time_are_refused_where_they_stand(area: Path) -> None:
    _module(area, "from django.utils.translation import gettext as _\nname = 'x'\n_(f'Report {name}')")

    with pytest.raises(CatalogueError, match=r"services.py:3: an f-string"):
        messages.found_in(area)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('<p>{% translate "Report" %}</p>', Message("Report")),
        ("<p title=\"{% translate 'Report' %}\"></p>", Message("Report")),
        ('{% icon "close" label=_("Close") %}', Message("Close")),
        ('{% translate "Report" context "noun" %}', Message("Report", "noun")),
        ("{% blocktranslate %}{{ name }} reports{% endblocktranslate %}", Message("%(name)s reports")),
        (
            "{% blocktranslate count n=x %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}",
            Message("%(n)s day", plural="%(n)s days"),
        ),
    ],
)
def test_words_are_found_in_templates(area: Path, template: str, expected: Message) -> None:
    _template(area, template)

    assert list(messages.found_in(area).values()) == [expected]


# --- writing and reading ---------------------------------------------------------------------------


@given(st.lists(st.builds(Message, words, words | st.just(""), st.just(""), st.tuples(words)), max_size=8))
def test_a_catalogue_read_back_is_the_one_that_was_written(
    tmp_path_factory: pytest.TempPathFactory, many: list[Message]
) -> None:
    catalogue = {message.key: message for message in many}
    path = tmp_path_factory.mktemp("po") / "django.po"

    path.write_text(messages.written(catalogue), encoding="utf-8")

    assert messages.read(path) == catalogue


@given(st.lists(st.builds(Message, words, words | st.just(""), st.just(""), st.tuples(words)), max_size=8))
def test_what_is_compiled_is_understood_by_the_standard_library(many: list[Message]) -> None:
    catalogue = {message.key: message for message in many}

    compiled = gettext.GNUTranslations(io.BytesIO(messages.compiled(catalogue)))

    for message in catalogue.values():
        if message.context:
            assert compiled.pgettext(message.context, message.msgid) == message.translations[0]
        else:
            assert compiled.gettext(message.msgid) == message.translations[0]


def test_a_plural_has_one_vietnamese_form_for_any_number() -> None:
    days = Message("%(n)s day", plural="%(n)s days", translations=("%(n)s ngày",))

    compiled = gettext.GNUTranslations(io.BytesIO(messages.compiled({days.key: days})))

    assert [compiled.ngettext("%(n)s day", "%(n)s days", count) for count in (0, 1, 2)] == ["%(n)s ngày"] * 3


def test_words_that_nobody_confirmed_are_not_compiled() -> None:
    fuzzy = Message("Report", translations=("Báo cáo",), fuzzy=True)

    compiled = gettext.GNUTranslations(io.BytesIO(messages.compiled({fuzzy.key: fuzzy})))

    assert compiled.gettext("Report") == "Report"


def test_a_catalogue_holds_no_dates_and_no_places_in_the_source() -> None:
    text = messages.written({("Report", ""): Message("Report")})

    assert "Date" not in text
    assert "#:" not in text


def test_a_line_that_is_no_catalogue_is_named(area: Path) -> None:
    path = _catalogue(area, 'msgid "Report"\nmsgstr "Báo cáo"\nnonsense\n')

    with pytest.raises(CatalogueError, match=r"django.po:3: 'nonsense'"):
        messages.read(path)


# --- the commands ----------------------------------------------------------------------------------


def test_extraction_keeps_translations_adds_new_words_and_drops_old_ones(area: Path) -> None:
    _module(area, "from django.utils.translation import gettext as _\n_('Report'), _('Plan')")
    path = _catalogue(area, 'msgid "Report"\nmsgstr "Báo cáo"\n\nmsgid "Gone"\nmsgstr "Đã bỏ"\n')

    messages.extract(area.parent)

    assert {message.msgid: message.translations for message in messages.read(path).values()} == {
        "Plan": (),
        "Report": ("Báo cáo",),
    }


def test_extracting_again_changes_nothing(area: Path) -> None:
    _module(area, "from django.utils.translation import gettext as _\n_('Report')")
    first = messages.extract(area.parent)

    again = messages.extract(area.parent)

    assert (len(first), again) == (1, [])


def test_compiling_writes_the_file_that_django_loads(area: Path) -> None:
    path = _catalogue(area, 'msgid "Report"\nmsgstr "Báo cáo"\n')

    made = messages.compile_all(area.parent)

    assert made == [path.with_suffix(".mo")]


@pytest.mark.parametrize(
    ("catalogue", "told"),
    [
        ("", "planning: not extracted: '%(n)s reports'"),
        ('msgid "%(n)s reports"\nmsgstr ""\n', "planning: not translated: '%(n)s reports'"),
        ('#, fuzzy\nmsgid "%(n)s reports"\nmsgstr "%(n)s báo cáo"\n', "planning: fuzzy: '%(n)s reports'"),
        (
            'msgid "%(n)s reports"\nmsgstr "%(m)s báo cáo"\n',
            "planning: other places for values than ['%(n)s']: '%(m)s báo cáo'",
        ),
        (
            'msgid "%(n)s reports"\nmsgstr "%(n)s báo cáo"\n\nmsgid "Gone"\nmsgstr "Đã bỏ"\n',
            "planning: left over: 'Gone'",
        ),
    ],
)
def test_the_check_says_what_is_wrong_with_a_catalogue(area: Path, catalogue: str, told: str) -> None:
    _module(area, "from django.utils.translation import gettext as _\n_('%(n)s reports')")
    _catalogue(area, catalogue)

    assert messages.problems(area.parent) == [told]


def test_the_check_is_content_with_a_whole_catalogue(area: Path) -> None:
    _module(area, "from django.utils.translation import gettext as _\n_('%(n)s reports')")
    _catalogue(area, 'msgid "%(n)s reports"\nmsgstr "%(n)s báo cáo"\n')

    assert messages.problems(area.parent) == []


def test_the_sites_own_catalogue_can_be_read_and_compiled() -> None:
    site = messages.catalogue_of(messages.SOURCE / "site")

    compiled = gettext.GNUTranslations(io.BytesIO(messages.compiled(messages.read(site))))

    assert compiled.gettext("Table of numbers") == "Bảng số"
