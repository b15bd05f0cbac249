"""Keeping state secrets out of what is written here: drafts, comments, opinions."""

from __future__ import annotations

from loom.files import is_secret
from nennep.documents.rules.text import Text
from nennep.documents.services.refusals import DocumentsRefused


def refuse_secrets(*told: str | Text) -> None:
    """Raise DocumentsRefused (`secret`) when any of these bears a mark of secrecy: MẬT, TỐI MẬT, TUYỆT MẬT.

    Law on the protection of state secrets: such content may not be written on a machine in a network. Call it before
    anything is saved; nothing of what was refused is kept, and the refusal repeats nothing of it.
    """
    for one in told:
        plain = one if isinstance(one, str) else _as_lines(one)
        if is_secret(plain):
            raise DocumentsRefused("secret")


def _as_lines(text: Text) -> str:
    return "\n".join("\n".join("\t".join(row) for row in block.rows) or block.text for block in text.blocks)
