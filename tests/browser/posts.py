"""What the people of a post do at their form, for the journeys that begin with them."""

from __future__ import annotations

from collections.abc import Mapping

from playwright.sync_api import Locator, expect

from tests.browser.visiting import Visitor

MONTH = "tháng 10/2025"
PERIOD = "2025-10"
#: What the form requires.
REQUIRED = (
    *("patrol.teams", "patrol.people", "entry.cases", "entry.people", "crime.cases", "crime.offenders"),
    *("law.sessions", "law.listeners", "help.workdays", "politics.sessions"),
)
#: Section, kind and words; where a shortcoming is told, its cause belongs to it.
POINTS = (
    ("VIII", "result", "Giữ vững chủ quyền, an ninh biên giới trên địa bàn 2 xã phụ trách."),
    ("IX", "shortcoming", "Việc đôn đốc tổ tự quản ở một ấp chưa thường xuyên."),
    ("XI", "task", "Phối hợp với công an xã mở đợt tuyên truyền phòng, chống ma túy."),
)
CAUSE = ("IX", "cause", "Cán bộ phụ trách địa bàn mới nhận nhiệm vụ.")


def open_form(officer: Visitor) -> None:
    """Press what the desk says is due."""
    officer.go("/").page.locator("#work li", has_text=MONTH).locator("a, button").first.click()
    officer.page.wait_for_url("**/edit/")


def cell(officer: Visitor, code: str) -> Locator:
    """The field of one figure."""
    return officer.page.locator(f'input[name="cell.{code}"]')


def notes(officer: Visitor, code: str) -> Locator:
    """What stands in the margin beside a figure."""
    return officer.page.locator(f'[id="notes-{code}"]')


def fill(officer: Visitor, figures: Mapping[str, str] | None = None) -> None:
    """Type what the form requires: these figures, and else those of the month before, which nothing warns of."""
    for code in REQUIRED:
        before = officer.page.locator(f'tr[data-code="{code}"] td.past').first.inner_text().strip()
        cell(officer, code).fill((figures or {}).get(code, before.replace("–", "0")))
    for point in POINTS:
        write(officer, *point)


def write(officer: Visitor, section: str, kind: str, text: str) -> None:
    """Write a point into the empty line at the end of a section."""
    line = officer.page.locator(f'[data-section="{section}"] .statement').last
    if line.locator("select").count():
        line.locator("select").select_option(kind)
    line.locator("textarea").fill(text)


def hand_in(officer: Visitor) -> str:
    """Press the green button; returns the address of the report that was handed in."""
    officer.page.locator("[data-hands-in]").click()
    officer.page.wait_for_url("**/reports/*/")
    expect(officer.page.locator(".versions")).to_be_visible()
    return officer.address


def report_the_month(officer: Visitor, points: Mapping[str, str] | None = None) -> tuple[str, int]:
    """A quiet month from the desk to the superior; returns the report's address and the teams that patrolled.

    `points` are words of their own for a section.
    """
    open_form(officer)
    fill(officer)
    write(officer, *CAUSE)
    for section, text in (points or {}).items():
        write(officer, section, "result", text)
    teams = int(cell(officer, "patrol.teams").input_value())
    return hand_in(officer), teams


def accept_all_proposals(officer: Visitor, bench: str) -> None:
    """Section by section, everything that the bench proposes."""
    for letter in ("VIII", "IX", "X", "XI", "XII", "XIII"):
        page = officer.go(f"{bench}?section={letter}").page
        button = page.locator(f'form[action="{bench}accept/"] button')
        if button.count():
            button.click()
            expect(button).to_have_count(0)
