"""How a sentence of a report is closed when it is printed in a draft."""

import pytest

from nennep.site.woven import _closed


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("Chủ trì 73 vụ/59 đối tượng, gồm:", "Chủ trì 73 vụ/59 đối tượng."),
        ("Thu giữ tang vật, cụ thể như sau:", "Thu giữ tang vật."),
        ("Bắt 03 vụ;", "Bắt 03 vụ."),
        ("Gồm:", "Gồm."),
        ("Tuần tra 5 lượt.", "Tuần tra 5 lượt."),
        ("Tuần tra 5 lượt", "Tuần tra 5 lượt."),
        ("Tại bản Nà Glà:", "Tại bản Nà Glà."),
    ],
)
def test_a_printed_sentence_ends_as_one(said: str, printed: str) -> None:
    assert _closed(said) == printed
