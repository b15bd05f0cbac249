"""An optional helper that proposes a smoother wording of a group: a language model in the organisation's own network.

Nothing leaves this process unless an organisation names an endpoint. What comes back is held against the sentences it
was made from (`loom.unfaithful`) before anybody sees it, and is only ever a proposal.
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import IO, Any, NoReturn
from urllib.parse import urlsplit

import loom
from nennep.reporting.rules.content import LONGEST_STATEMENT, tidy

#: An answer is one sentence; more than this is none.
MOST_BYTES = 64 * 1024
#: More sentences than these say nothing new, and a model forgets the first.
MOST_SENTENCES = 40
SECONDS = 20.0

_TASK = (
    "Bạn biên tập báo cáo. Dưới đây là các câu của nhiều đơn vị nói cùng một ý. Hãy viết MỘT câu tiếng Việt gọn, trang"
    " trọng, đúng với tất cả các câu. Chỉ dùng điều có trong các câu đó: không thêm con số, ngày, tên riêng, nhận định;"
    " không cộng các con số. Chỉ trả lời bằng câu đó, không giải thích."
)


@dataclass(frozen=True)
class Endpoint:
    """An OpenAI-compatible service: its address up to `/v1`, the model's name, and a key where it wants one."""

    url: str
    model: str
    key: str = ""
    seconds: float = SECONDS


class WordingFailed(Exception):
    """No proposal came: `why` is one of unreachable, slow, refused, unreadable, too_long."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Proposal:
    """A wording that was proposed. With anything in `unfaithful` it may not be used."""

    text: str
    unfaithful: tuple[loom.Unfaithful, ...]

    @property
    def may_be_used(self) -> bool:
        return not self.unfaithful


def propose(endpoint: Endpoint, sentences: Sequence[str]) -> Proposal:
    """Ask for one sentence that says what these say, and hold it against them. Raises WordingFailed."""
    text = _one_sentence(_asked(endpoint, sentences[:MOST_SENTENCES]))
    return Proposal(text, loom.unfaithful(text, sentences))


def _one_sentence(answer: str) -> str:
    """The answer without the quotation marks and blanks that models like to put around it."""
    text = " ".join(tidy(answer).split()).strip("\"“”' ")
    if not text:
        raise WordingFailed("unreadable")
    if len(text) > LONGEST_STATEMENT:
        raise WordingFailed("too_long")
    return text


def _asked(endpoint: Endpoint, sentences: Sequence[str]) -> str:
    body = {
        "model": endpoint.model,
        "temperature": 0,
        "messages": [
            {"role": "system", "content": _TASK},
            {"role": "user", "content": "\n".join(f"- {sentence}" for sentence in sentences)},
        ],
    }
    try:
        found = json.loads(_sent(endpoint, json.dumps(body).encode()))
        answer = found["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise WordingFailed("unreadable") from None
    if not isinstance(answer, str):
        raise WordingFailed("unreadable")
    return answer


class _NoOtherPlace(urllib.request.HTTPRedirectHandler):
    """Texts go to the address that was named and to no other."""

    def redirect_request(self, req: urllib.request.Request, fp: IO[bytes], *_more: Any) -> NoReturn:
        del req
        fp.close()
        raise WordingFailed("refused")


def _sent(endpoint: Endpoint, body: bytes) -> bytes:
    if urlsplit(endpoint.url).scheme not in {"http", "https"}:
        raise WordingFailed("unreachable")
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    request = urllib.request.Request(  # noqa: S310 -- the scheme was checked above
        f"{endpoint.url.rstrip('/')}/chat/completions", data=body, headers=headers, method="POST"
    )
    # No proxy of the environment: the address is in the organisation's own network.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoOtherPlace())
    until = monotonic() + endpoint.seconds
    try:
        with opener.open(request, timeout=endpoint.seconds) as answer:
            return _read(answer, until)
    except urllib.error.HTTPError as error:
        error.close()
        raise WordingFailed("refused") from None
    except TimeoutError:
        raise WordingFailed("slow") from None
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None)
        raise WordingFailed("slow" if isinstance(reason, TimeoutError) else "unreachable") from None


def _read(answer: IO[bytes], until: float) -> bytes:
    """The whole answer, within the time and the size that one sentence needs."""
    found = b""
    while part := answer.read1(8192):  # type: ignore[attr-defined]
        found += part
        if len(found) > MOST_BYTES:
            raise WordingFailed("too_long")
        if monotonic() > until:
            raise WordingFailed("slow")
    return found
