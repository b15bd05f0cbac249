"""The companion digits: ten digits of one width, so that columns of numbers line up.

The packaged Be Vietnam Pro has proportional digits and no tabular form of them. This makes, for each of the
four weights the pages use, a small face that holds nothing but the digits of the same font, each centred on
one common width: the mean of 0 and 2-9, for the narrow 1 would pull it down. The style sheet puts it first,
limited to U+0030-0039.

    python -m nennep.site.digits

The same source gives the same files, byte for byte.
"""

import argparse
import shutil
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from nennep.site.settings import ROOT, VAR

PACKAGE = ROOT / "node_modules" / "@fontsource" / "be-vietnam-pro"
FAMILY = "Nen Nep Digits"
WEIGHTS = (400, 500, 600, 700)
DIGITS = "0123456789"
NARROW = "1"

_NAME_COPYRIGHT, _NAME_FAMILY, _NAME_STYLE, _NAME_UNIQUE, _NAME_FULL, _NAME_VERSION, _NAME_POSTSCRIPT = range(7)
_KEPT_NAMES = {_NAME_COPYRIGHT, _NAME_VERSION, 13, 14}  # 13 and 14: the licence and where to read it


def source_of(weight: int) -> Path:
    """The packaged font that holds the digits of `weight`."""
    return PACKAGE / "files" / f"be-vietnam-pro-latin-{weight}-normal.woff2"


def file_of(weight: int) -> str:
    """The name of the companion's file, as fonts.css asks for it."""
    return f"nen-nep-digits-{weight}.woff2"


def common_width(font: TTFont) -> int:
    """The width every digit gets, in units of the font: the mean of all digits but the narrow one, rounded."""
    glyphs, widths = font.getBestCmap(), font["hmtx"]
    wide: list[int] = [widths[glyphs[ord(digit)]][0] for digit in DIGITS if digit != NARROW]
    return round(sum(wide) / len(wide))


def companion(font: TTFont, weight: int) -> TTFont:
    """Cut `font` down to its ten digits, centre each on the common width, and give the face its own name.

    Works on the font it is given and returns it. A digit is centred by its ink, not by its old side bearings.
    """
    width = common_width(font)
    _keep_digits_only(font)
    outlines, widths = font["glyf"], font["hmtx"]
    for name in font.getBestCmap().values():
        outline = outlines[name]
        ink = outline.xMax - outline.xMin
        left = (width - ink) // 2
        outline.coordinates.translate((left - outline.xMin, 0))
        outline.recalcBounds(outlines)
        widths[name] = (width, left)
    _rename(font, weight)
    return font


def _keep_digits_only(font: TTFont) -> None:
    options = subset.Options()
    options.hinting = False  # instructions would pull the moved outlines back
    options.layout_features = []
    options.name_IDs = sorted(_KEPT_NAMES)
    options.recalc_timestamp = False
    cutter = subset.Subsetter(options)
    cutter.populate(text=DIGITS)
    cutter.subset(font)


def _rename(font: TTFont, weight: int) -> None:
    names = font["name"]
    for number, text in {
        _NAME_FAMILY: FAMILY,
        _NAME_STYLE: str(weight),
        _NAME_UNIQUE: f"{FAMILY} {weight}",
        _NAME_FULL: f"{FAMILY} {weight}",
        _NAME_POSTSCRIPT: f"NenNepDigits-{weight}",
    }.items():
        names.setName(text, number, 3, 1, 0x409)


def make(target: Path) -> list[Path]:
    """Write the four faces and the licence of the font they come from into `target`; return what was written.

    Raises FileNotFoundError when the font is not installed.
    """
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for weight in WEIGHTS:
        with TTFont(source_of(weight), recalcTimestamp=False) as font:
            face = companion(font, weight)
            face.flavor = "woff2"
            face.save(target / file_of(weight), reorderTables=True)
        written.append(target / file_of(weight))
    licence = target / "OFL.txt"
    shutil.copyfile(PACKAGE / "LICENSE", licence)
    return [*written, licence]


def main() -> int:
    """Make the faces where the site serves them from; say what is missing when the font is not installed."""
    parser = argparse.ArgumentParser(prog="python -m nennep.site.digits", description="Make the companion digits.")
    parser.add_argument("--to", type=Path, default=VAR / "assets", help="folder to write into")
    target = parser.parse_args().to
    try:
        written = make(target)
    except FileNotFoundError as missing:
        sys.stderr.write(f"The font is not installed: {missing.filename}. Run `npm ci` first.\n")
        return 1
    sys.stdout.write(f"{len(written)} files in {target}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
