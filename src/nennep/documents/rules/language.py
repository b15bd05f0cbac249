"""How numbers, dates and text are written: the habits of each language, and what no paper can hold."""

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

# (between thousands, before decimals)
_SEPARATORS = {"vi": (".", ","), "en": (",", ".")}
_ENGLISH_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Control characters and lone surrogates cannot be stored in a DOCX or XLSX; marks that turn the direction of writing
# could make a printed figure read otherwise than it is; a soft hyphen is no letter.
_NOT_PRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
# Decree 30/2020, Annex I, part II, item 4: these months carry a leading zero, the others do not.
_PADDED_MONTHS = (1, 2)
_PADDED_BELOW = 10


def format_number(value: Decimal | int, language: str, decimals: int | None = None) -> str:
    """Write a number as people of that language do: `1.151` and `98,7` in vi, `1,151` and `98.7` in en.

    Without `decimals` the number keeps its own, less trailing zeros; with it the number is rounded half up, as on
    paper. A minus is an en dash, which cannot be taken for a hyphen. Raises ValueError when the value is not a
    finite number and LookupError for a language without a habit here.
    """
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(f"{value} cannot be written as a number.")
    thousands, point = _habit_of(language)
    whole, _, fraction = _digits(number, decimals).partition(".")
    grouped = f"{int(whole):,}".replace(",", thousands)
    text = f"{grouped}{point}{fraction}" if fraction else grouped
    is_zero = not any(digit in "123456789" for digit in text)
    return f"–{text}" if number < 0 and not is_zero else text


def _habit_of(language: str) -> tuple[str, str]:
    try:
        return _SEPARATORS[language.partition("-")[0]]
    except KeyError:
        raise LookupError(f"No way of writing numbers is known for the language {language!r}.") from None


def _digits(number: Decimal, decimals: int | None) -> str:
    """Return the digits of the size of a number, in plain notation."""
    if decimals is None:
        plain = format(number.copy_abs(), "f")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    with localcontext() as context:
        context.prec = max(28, number.adjusted() + decimals + 2)
        return format(number.copy_abs().quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP), "f")


def format_date(on: date, language: str) -> str:
    """Write a day: `05/11/2025` in vi, `5 November 2025` in en."""
    _habit_of(language)
    if language.partition("-")[0] == "vi":
        return f"{on:%d/%m}/{on.year:04}"
    return f"{on.day} {_ENGLISH_MONTHS[on.month - 1]} {on.year}"


def decree_date(on: date, *, day_open: bool = False) -> str:
    """Write a day as official papers do: `ngày 05 tháng 01 năm 2020`, `ngày 15 tháng 3 năm 2025`.

    Days below 10 and the months 1 and 2 carry a leading zero, the months 3 to 9 do not (Decree 30/2020, Annex I,
    part II, item 4, box 4). With `day_open` the day is left blank to be written by hand at issue.
    """
    day = "\N{NO-BREAK SPACE}" * 5 if day_open else f"{on.day:02}"
    month = f"{on.month:02}" if on.month in _PADDED_MONTHS else f"{on.month}"
    return f"ngày {day} tháng {month} năm {on.year}"


def two_digits(number: int) -> str:
    """Write a paper's number, below 10 with a leading zero (Decree 30/2020, Annex I, part II, item 3, box 3)."""
    return f"0{number}" if number < _PADDED_BELOW else str(number)


def legible(text: str) -> str:
    """Return text that any renderer can print as it stands: NFC, one kind of line end, no control characters.

    Everything a reader can see is kept, letter for letter; a tab becomes a space.
    """
    lines = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return unicodedata.normalize("NFC", _NOT_PRINTABLE.sub("", lines))
