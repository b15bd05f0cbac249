"""One writing for what is written in many: letters, tone places, spaces. For comparing only, never for showing."""

from __future__ import annotations

import hashlib
import re
import unicodedata

WORD = re.compile(r"[^\W_]+")

# `hoà` and `hòa`, `thuý` and `thúy`: the older and the newer place of the tone, at the end of a syllable.
_OLDER = {
    **{f"o{old}": new for old, new in zip("àáảãạ", ("òa", "óa", "ỏa", "õa", "ọa"), strict=True)},
    **{f"o{old}": new for old, new in zip("èéẻẽẹ", ("òe", "óe", "ỏe", "õe", "ọe"), strict=True)},
    **{f"u{old}": new for old, new in zip("ỳýỷỹỵ", ("ùy", "úy", "ủy", "ũy", "ụy"), strict=True)},
}
_OLDER_PLACE = re.compile(rf"(?<!q)(?:{'|'.join(_OLDER)})\b")

# `kỹ` and `kĩ`, `chiến sỹ` and `chiến sĩ`: a syllable of one consonant and this vowel is written either way.
_Y = str.maketrans("yỳýỷỹỵ", "iìíỉĩị")
_LONE_Y = re.compile(r"\b[hklmst][yỳýỷỹỵ]\b")


def fold(text: str) -> str:
    """The text in one writing: NFC, small letters, one tone place, a lone `y` as `i`, no punctuation."""
    return " ".join(words_of(text))


def words_of(text: str) -> list[str]:
    """The syllables and numbers of the text, folded, in their order."""
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()).replace("ð", "đ")
    plain = _OLDER_PLACE.sub(lambda found: _OLDER[found[0]], plain)
    plain = _LONE_Y.sub(lambda found: found[0].translate(_Y), plain)
    return WORD.findall(plain)


def fingerprint(text: str) -> str:
    """What stands for a sentence in a kept decision: SHA-256 of the folded text, in hexadecimal.

    The same sentence with other spacing, punctuation, capitals or tone places has the same fingerprint.
    """
    return hashlib.sha256(fold(text).encode()).hexdigest()
