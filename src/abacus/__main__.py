"""The command line: consolidate one file of values into one file of figures."""

import argparse
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from abacus._errors import AbacusError
from abacus._periods import calendar_periods
from abacus.files import consolidate_files

_BAD_INPUT = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 if the figures were written, 2 if the input was refused, with the reason on stderr."""
    asked = parser_of_arguments().parse_args(argv)
    try:
        consolidate_files(
            asked.units,
            asked.indicators,
            asked.values,
            by=asked.by,
            output=asked.output,
            on=asked.on,
            as_was=asked.as_was,
            known_at=asked.known_at,
        )
    except AbacusError as error:
        sys.stderr.write(f"{error}\n")
        return _BAD_INPUT
    return 0


def parser_of_arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="consolidate", description="Bring the values of units up a dated tree, exactly.", allow_abbrev=False
    )
    parser.add_argument("--units", type=Path, required=True, metavar="CSV", help="unit,parent,starts_on,ends_on[,kind]")
    parser.add_argument(
        "--indicators",
        type=Path,
        required=True,
        metavar="CSV",
        help="indicator,over_units,over_time,numerator,denominator,factor,part_of",
    )
    parser.add_argument(
        "--values", type=Path, required=True, metavar="CSV", help="unit,indicator,starts_on,ends_on,value[,known_at]"
    )
    parser.add_argument(
        "--by",
        type=_kinds,
        default="month,quarter,half,year",
        metavar="KINDS",
        help="kinds of calendar period, of week,month,quarter,half,year (default: all but week)",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--on", type=date.fromisoformat, metavar="DAY", help="the tree of this day for every period")
    which.add_argument("--as-was", action="store_true", help="for every value the tree of the last day of its period")
    parser.add_argument(
        "--known-at", type=datetime.fromisoformat, metavar="INSTANT", help="only what was known by then (UTC if unsaid)"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="*.csv or *.parquet")
    return parser


def _kinds(text: str) -> list[str]:
    kinds = [kind.strip() for kind in text.split(",")]
    try:
        calendar_periods(kinds, date.min, date.min)
    except AbacusError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return kinds


if __name__ == "__main__":
    raise SystemExit(main())
