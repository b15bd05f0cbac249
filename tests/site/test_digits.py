"""The companion digits: numbers of equal length are equally wide, in every weight."""

from pathlib import Path

import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from nennep.site import digits

pytestmark = pytest.mark.skipif(
    not digits.source_of(400).exists(), reason="The font package is not installed (npm ci): no digits can be made."
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("digits")
    digits.make(target)
    return target


def _width(font: TTFont, number: str) -> int:
    glyphs, widths = font.getBestCmap(), font["hmtx"]
    return sum(widths[glyphs[ord(digit)]][0] for digit in number)


def test_two_numbers_of_equal_length_are_equally_wide(made: Path) -> None:
    fonts = [TTFont(made / digits.file_of(weight)) for weight in digits.WEIGHTS]

    @given(
        st.integers(1, 9).flatmap(
            lambda length: st.tuples(*[st.text("0123456789", min_size=length, max_size=length)] * 2)
        )
    )
    def same_width(pair: tuple[str, str]) -> None:
        for font in fonts:
            assert _width(font, pair[0]) == _width(font, pair[1])

    same_width()


def test_the_packaged_font_would_not_line_up() -> None:
    packaged = TTFont(digits.source_of(400))

    narrow, wide = _width(packaged, "1.111".replace(".", "")), _width(packaged, "4444")

    assert narrow < wide


@pytest.mark.parametrize(("weight", "width"), [(400, 661), (500, 667), (600, 673), (700, 679)])
def test_the_common_width_is_the_mean_of_all_digits_but_the_narrow_one(made: Path, weight: int, width: int) -> None:
    font = TTFont(made / digits.file_of(weight))

    assert _width(font, "7") == width


@pytest.mark.parametrize("weight", digits.WEIGHTS)
def test_every_digit_stands_in_the_middle_of_its_width(made: Path, weight: int) -> None:
    font = TTFont(made / digits.file_of(weight))
    outlines = font.getGlyphSet()

    for name in font.getBestCmap().values():
        pen = BoundsPen(outlines)
        outlines[name].draw(pen)
        left, _, right, _ = pen.bounds
        assert abs(left - (font["hmtx"][name][0] - right)) <= 1


def test_a_face_holds_the_ten_digits_and_nothing_else(made: Path) -> None:
    font = TTFont(made / digits.file_of(400))

    assert "".join(map(chr, sorted(font.getBestCmap()))) == "0123456789"


def test_making_them_again_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    again = digits.make(tmp_path)

    assert [path.read_bytes() for path in again] == [(made / path.name).read_bytes() for path in again]


def test_the_licence_of_the_font_stays_beside_the_faces(made: Path) -> None:
    licence = (made / "OFL.txt").read_text(encoding="utf-8")

    assert "SIL OPEN FONT LICENSE" in licence


def test_the_style_sheet_asks_for_the_files_that_are_made() -> None:
    sheet = (Path(digits.__file__).parent / "static/site/fonts.css").read_text(encoding="utf-8")

    for weight in digits.WEIGHTS:
        assert f"vendor/digits/{digits.file_of(weight)}" in sheet
        assert f"vendor/fonts/{digits.source_of(weight).name}" in sheet
