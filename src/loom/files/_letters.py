"""The older encodings of Vietnamese, TCVN3 (ABC) and VNI, and the signs by which they are told.

Both put Vietnamese letters in the places of Western ones, so that their text looks like `§ån Biªn phßng` or
`Ñoàn Bieân phoøng` wherever it is taken for Western text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Encoding(StrEnum):
    """How letters were written before Unicode."""

    TCVN3 = "tcvn3"
    VNI = "vni"
    WINDOWS_1258 = "windows-1258"


# TCVN 5712:1993, table VN3: small letters and seven capitals. Accented capitals are the small letters in a font of
# capitals (its name ends with H).
_TCVN3 = dict(
    zip(
        "\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xab\xac\xad\xae"
        "\xb5\xb6\xb7\xb8\xb9\xbb\xbc\xbd\xbe\xc6\xc7\xc8\xc9\xca\xcb"
        "\xcc\xce\xcf\xd0\xd1\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xdc\xdd\xde"
        "\xdf\xe1\xe2\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed\xee"
        "\xef\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xfd\xfe",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_FROM_TCVN3 = str.maketrans(_TCVN3)
_TO_TCVN3 = str.maketrans({letter: sign for sign, letter in _TCVN3.items()})
# In TCVN3 ư has the place of the soft hyphen; what shows text often turns it into a minus.
_MINUS_IN_WORD = re.compile("(?<=[^\\W\\d_])\u2212|\u2212(?=[^\\W\\d_])")

# VNI writes a base letter and a mark behind it. Ơ and Ư have letters of their own that take the five tones.
_TONES = ("\u0301", "\u0300", "\u0309", "\u0303", "\u0323")
_VNI_PLAIN = "ùøûõï"
_VNI_CIRCUMFLEX = "âáàåãä"
_VNI_BREVE = "êéèúüë"
_VNI_ALONE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


def _vni_table() -> dict[str, str]:
    """Every VNI writing of a small letter with the letter it stands for."""
    table = dict(_VNI_ALONE)
    for base, letter in (*zip("aeouy", "aeouy", strict=True), ("ô", "ơ"), ("ö", "ư")):
        table |= {base + mark: _composed(letter, tone) for mark, tone in zip(_VNI_PLAIN, _TONES, strict=True)}
    for base, marks, hat in (*((base, _VNI_CIRCUMFLEX, "\u0302") for base in "aeo"), ("a", _VNI_BREVE, "\u0306")):
        table |= {base + mark: _composed(base, hat, tone) for mark, tone in zip(marks, ("", *_TONES), strict=True)}
    # ỵ is one sign; y with the mark of nặng is met beside it.
    return table


def _composed(*signs: str) -> str:
    return unicodedata.normalize("NFC", "".join(signs))


_VNI = _vni_table()
_TO_VNI = {letter: sign for sign, letter in _VNI.items() if sign != "yï"}
_VNI_SIGN = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)), re.IGNORECASE)


def from_tcvn3(text: str, *, capitals: bool = False) -> str:
    """The letters of a TCVN3 text that was taken for Western; `capitals` when its font shows only capitals.

    Where a text does not tell its font, the accented letters of a word or line in capitals become capitals too.
    """
    letters = _MINUS_IN_WORD.sub("ư", text).translate(_FROM_TCVN3)
    if capitals:
        return letters.upper()
    return "".join(_in_capitals(line) for line in re.split("(\n)", letters))


def to_tcvn3(text: str) -> str:
    """The reverse of `from_tcvn3`; accented capitals become small, since only a font can show them."""
    return "".join(sign if sign in _TCVN3.values() else _small(sign) for sign in text).translate(_TO_TCVN3)


def from_vni(text: str) -> str:
    """The letters of a VNI text that was taken for Western."""
    return _VNI_SIGN.sub(_vni_letter, text)


def to_vni(text: str) -> str:
    """The reverse of `from_vni`."""
    return "".join(_TO_VNI.get(sign) or _TO_VNI.get(sign.lower(), "").upper() or sign for sign in text)


def _vni_letter(found: re.Match[str]) -> str:
    sign = found[0]
    letter = _VNI[sign.lower()]
    return letter.upper() if sign[0].isupper() else letter


def _small(sign: str) -> str:
    return sign.lower() if sign.lower() in _TCVN3.values() else sign


def _in_capitals(line: str) -> str:
    """Raise the accented letters where all the plain ones are capitals: in the whole line, else word by word."""
    if _are_capitals(line):
        return line.upper()
    return re.sub(r"\w+", lambda word: word[0].upper() if _are_capitals(word[0]) else word[0], line)


def _are_capitals(text: str) -> bool:
    plain = [sign for sign in text if sign.isascii() and sign.isalpha()]
    return len(plain) > 1 and all(sign.isupper() for sign in plain)


def _same(text: str) -> str:
    return text


def western(content: bytes) -> str:
    """Bytes as Windows shows them in Western letters; the five that it leaves open stay what they are."""
    return content.decode("cp1252", errors="surrogateescape").translate(
        {0xDC00 + byte: byte for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
    )


_FROM_WINDOWS_1258 = {
    ord(western(bytes([byte]))): bytes([byte]).decode("cp1258", errors="replace") for byte in range(0x80, 0x100)
}


def from_windows_1258(text: str) -> str:
    """The letters of a Windows-1258 text that was taken for Western; letter and tone are two signs there."""
    return unicodedata.normalize("NFC", text.translate(_FROM_WINDOWS_1258))


CONVERTERS: dict[Encoding, Callable[[str], str]] = {
    Encoding.TCVN3: from_tcvn3,
    Encoding.VNI: from_vni,
    Encoding.WINDOWS_1258: from_windows_1258,
}

# --- telling them apart ---------------------------------------------------------------------------

_WORD = re.compile("(?:[^\\W\\d_]|[\xa1-\xff\u2212\u0300\u0301\u0303\u0309\u0323])+")
_ONLY_VIETNAMESE = re.compile("[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]")
_ONSET = "(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx])?"
_RHYME = (
    "(?:i[aêu]?|iêu|yêu?|y|u[aâêôơiy]?|u[ăo]|uô?i|uâ?y|uy[aêu]|oa[iyo]?|o[aăeio]|oe[o]?|oo|ư[aơiu]?|ươ[iu]|"
    "a[iouy]?|[âê][uy]?|ă|e[o]?|ô[i]?|ơ[i]?|o)"
)
_CODA = "(?:ch|ng|nh|[cmnpt])?"
_SYLLABLE = re.compile(f"{_ONSET}{_RHYME}{_CODA}")
_STOPPED = re.compile("(?:ch|[cpt])$")
_TONE = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_STOPPED_TONES = {"\u0301", "\u0323"}
_LEAST_SHARE = 0.9
_LEAST_LEAD = 0.25
_LEAST_WORDS = 2
_MOST_WORDS = 4000


def is_syllable(word: str) -> bool:
    """Whether a word can be a Vietnamese syllable: its onset, rhyme and end, one tone, and that tone with that end."""
    parts = unicodedata.normalize("NFD", word.lower())
    tones = _TONE.findall(parts)
    plain = unicodedata.normalize("NFC", _TONE.sub("", parts))
    if len(tones) > 1 or not _SYLLABLE.fullmatch(plain):
        return False
    return not _STOPPED.search(plain) or not tones or tones[0] in _STOPPED_TONES


@dataclass(frozen=True, slots=True)
class _Evidence:
    words: int
    share: float


def _evidence(text: str, convert: Callable[[str], str]) -> _Evidence:
    """How many different words have letters beyond the plain ones, and what share of them are syllables then."""
    marked = list(dict.fromkeys(word for word in _WORD.findall(text) if not word.isascii()))[:_MOST_WORDS]
    if not marked:
        return _Evidence(0, 0.0)
    good = sum(is_syllable(convert(word)) for word in marked)
    return _Evidence(len(marked), good / len(marked))


def legacy_encoding(text: str) -> Encoding | None:
    """In which older encoding a text was written that was taken for Western; None for any other text.

    A text with a letter that only Vietnamese has in Unicode is none. Otherwise nine of ten words with letters beyond
    the plain ones must become Vietnamese syllables, and far more of them than are syllables as they stand.
    """
    if _ONLY_VIETNAMESE.search(text):
        return None
    as_it_stands = _evidence(text, _same)
    if as_it_stands.words < _LEAST_WORDS:
        return None
    found = {name: _evidence(text, CONVERTERS[name]).share for name in (Encoding.TCVN3, Encoding.VNI)}
    best = max(found, key=lambda name: found[name])
    clear = found[best] >= _LEAST_SHARE and found[best] - as_it_stands.share >= _LEAST_LEAD
    return best if clear and found[best] > min(found.values()) else None


def is_vietnamese(text: str) -> bool:
    """Whether nine of ten words with letters beyond the plain ones are Vietnamese syllables, and there are some."""
    evidence = _evidence(text, _same)
    return evidence.words >= _LEAST_WORDS and evidence.share >= _LEAST_SHARE


def encoding_of_font(font: str) -> Encoding | None:
    """The older encoding that a font was made for: `.VnTime`, `.VnTimeH`, `VNI-Times`."""
    name = font.strip().lower()
    if name.startswith(".vn"):
        return Encoding.TCVN3
    return Encoding.VNI if name.startswith("vni-") else None


def is_font_of_capitals(font: str) -> bool:
    """Whether a TCVN3 font shows every letter as a capital: its name ends with H."""
    return font.strip().lower().startswith(".vn") and font.strip().endswith("H")


def is_of_font(text: str) -> bool:
    """Whether a run set in an older font can be text of its encoding: no letter that Unicode alone has."""
    return not _ONLY_VIETNAMESE.search(text)
