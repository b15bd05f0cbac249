"""Whose report a text says it is, and of which period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nennep.intake.rules.wording import folded

#: Words that stand in the name of many units and tell none of them from another.
_COMMON = frozenset(
    {
        "bộ",
        "ban",
        "chỉ",
        "huy",
        "tư",
        "lệnh",
        "đội",
        "biên",
        "phòng",
        "bđbp",
        "bp",
        "tỉnh",
        "thành",
        "phố",
        "tp",
        "btl",
        "bch",
    }
)


def core(name: str) -> str:
    """What tells one unit's name from another's: `Đồn BP Nậm Ngà` and `Đồn Biên phòng Nậm Ngà` are one."""
    words = folded(name).split()
    return " ".join(word for word in words if word not in _COMMON)


def named(said: str, names: Mapping[int, Iterable[str]]) -> set[int]:
    """The units that a text may mean by a name; empty where none bears it."""
    wanted = core(said)
    return {unit for unit, known in names.items() if wanted and any(core(name) == wanted for name in known)}
