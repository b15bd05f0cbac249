"""The measures of the state layout lie where Decree 30/2020, Annex I, allows them."""

from datetime import date

import pytest

from nennep.documents.rules import STATE_LAYOUT_2020, layout_on

# item of the annex, measure, from, to
RANGES = [
    ("I.1", "page_width_mm", 210, 210),
    ("I.1", "page_height_mm", 297, 297),
    ("I.3", "margin_top_mm", 20, 25),
    ("I.3", "margin_bottom_mm", 20, 25),
    ("I.3", "margin_left_mm", 30, 35),
    ("I.3", "margin_right_mm", 15, 20),
    ("I.7", "page_number_pt", 13, 14),
    ("II.1", "country_pt", 12, 13),
    ("II.1", "motto_pt", 13, 14),
    ("II.2", "issuer_pt", 12, 13),
    ("II.2", "rule_share_of_line", 1 / 3, 1 / 2),
    ("II.3", "number_pt", 13, 13),
    ("II.4", "place_date_pt", 13, 14),
    ("II.5", "kind_pt", 13, 14),
    ("II.5", "subject_pt", 13, 14),
    ("II.6", "body_pt", 13, 14),
    ("II.6", "heading_pt", 13, 14),
    ("II.6", "first_line_indent_mm", 10, 12.7),
    ("II.6", "paragraph_gap_pt", 6, 12),
    ("II.6", "line_spacing", 1, 1.5),
    ("II.7", "signature_pt", 13, 14),
    ("II.9", "addressee_pt", 13, 14),
    ("II.9", "recipients_label_pt", 12, 12),
    ("II.9", "recipients_pt", 11, 11),
    ("III.1", "annex_label_pt", 13, 14),
    ("III.1", "annex_title_pt", 13, 14),
    ("III.1", "annex_source_pt", 13, 14),
]


@pytest.mark.parametrize(("item", "measure", "least", "most"), RANGES)
def test_each_measure_lies_in_the_range_of_its_item(item: str, measure: str, least: float, most: float) -> None:
    assert least <= getattr(STATE_LAYOUT_2020, measure) <= most, item


def test_the_layout_of_a_day_is_the_one_in_force() -> None:
    assert layout_on(date(2020, 3, 5)) is STATE_LAYOUT_2020
    assert layout_on(date(2025, 10, 16)) is STATE_LAYOUT_2020


def test_a_day_before_any_known_layout_is_refused() -> None:
    with pytest.raises(LookupError, match="04/03/2020"):
        layout_on(date(2020, 3, 4))
