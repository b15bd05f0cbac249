"""The reference says what the source says, whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nennep.organisation.rules import Permission
from nennep.site import reference
from nennep.site.access import ACCESS, Reach

SOURCE = Path(reference.__file__).resolve().parents[1]


@pytest.mark.parametrize("page", sorted(reference.PAGES))
def test_a_page_of_the_reference_is_as_the_source_says(page: str) -> None:
    """When this fails: `python -m nennep.site.reference write`."""
    kept = (reference.FOLDER / page).read_text(encoding="utf-8")

    assert kept == reference.PAGES[page]()


def test_the_permissions_name_every_address_and_every_permission() -> None:
    page = reference.permissions()

    assert [one.route for one in reference.addresses() if f"`{one.route}`" not in page] == []
    assert [one for one in Permission if f"| `{one}` |" not in page] == []
    assert set(reference.REACHES) == {str(reach) for reach in Reach}


def test_every_address_has_a_name_and_each_name_one_address() -> None:
    names = [one.name for one in reference.addresses()]

    assert sorted(names) == sorted(set(names))
    assert set(names) == set(ACCESS)


def test_every_setting_that_the_source_reads_has_a_meaning() -> None:
    """Settings are read in settings.py and nowhere else."""
    named = {
        name
        for file in SOURCE.rglob("*.py")
        if file.name != "reference.py"
        for name in re.findall(r"NENNEP_[A-Z_]+", file.read_text(encoding="utf-8"))
    }

    assert named == set(reference.SETTINGS) == set(reference.settings_read())


def test_every_command_says_what_it_does_and_what_each_of_its_options_means() -> None:
    silent = [
        f"{command.words} {spelled}"
        for command in reference.commands()
        for spelled, meaning, _otherwise in [("", command.does, ""), *command.says]
        if not meaning
    ]

    assert silent == []
    assert len(reference.commands()) > 9


def test_the_methods_of_an_address_are_read_from_its_view() -> None:
    methods = {one.name: sorted(one.methods) for one in reference.addresses()}

    assert methods["desk"] == ["GET"]
    assert methods["sign-in"] == ["GET", "POST"]
    assert methods["accept-report"] == ["POST"]
    assert methods["api-v1:submit-report"] == ["PUT"]


def test_a_page_that_is_behind_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "FOLDER", tmp_path)
    reference.write()
    (tmp_path / "settings.md").write_text("old", encoding="utf-8")
    (tmp_path / "api.md").unlink()

    assert reference.stale() == ["settings.md", "api.md"]
