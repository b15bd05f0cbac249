"""What a statement does: told by the heading it stands under and by its own words, weighed together.

A heading promises kinds (`Hạn chế, nguyên nhân` promises two); words of a statement speak for one kind or another; what
was said just before goes on until something else begins. Each is a weight, the heaviest kind wins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from loom._cues import C, L, M, P, R, S, T, any_of, weigh
from loom._head import is_ahead
from loom._reading import Kind
from loom._text import fold

# The order in which reports go through them: to go back needs a reason, to go on does not.
_ORDER = {R: 0, M: 0, S: 1, C: 2, L: 3, T: 4, P: 5}


_COUNTED = re.compile(
    r"\d[\d.,]{0,20}\s*(?:/\s*\d[\d.,]{0,20}\s*)?(?:lượt|vụ|đối tượng|buổi|hộ|km|kg|g\b|gam|tổ|người|đồng|triệu|tỉ|"
    r"suất|tàu|trường hợp|chốt|đợt)"
)
_BY_US = re.compile(
    r"^[^.;:]{3,60}?(?<!đã )(?<!, )(?<!được )(?:kính đề nghị|đề nghị|kiến nghị|đề xuất|mong muốn|mong)\s+(?!của|"
    r"cho|với nhau|khởi tố|truy tố)"
)
# `Những hạn chế trên là do …`: what was said is led back to what it comes from.
_TRACED = re.compile(
    r"(?:những |các |một số )?(?:hạn chế|tồn tại|khuyết điểm|thiếu sót|yếu kém|tình trạng|kết quả|"
    r"vi phạm)[^.;:]{0,50}?(?<!\w)"
    r"(?:là do|do|là vì|vì|xuất phát từ|bắt nguồn từ)(?= (?!đó))"
)
# `Từ vụ việc trên, đồn thấy rằng phải …`: what happened teaches what to do.
_TAUGHT = re.compile(
    r"(?:từ|qua) [^.;:]{2,80}?(?:(?:nhận )?thấy (?:rõ )?(?:rằng |là )?(?:phải|cần|muốn|nơi nào|ở đâu|khi)|rút ra|"
    r"thấm thía)"
)
# Said of what was not wrong: no shortcoming, though its words are those of one.
_FINE = re.compile(
    r"(?:không|chưa)(?: còn)?(?: để)?(?: phát hiện(?! kịp| được)| xảy ra| ghi nhận| có)\b[^,;.]*|không bị[^,;.]*|"
    r"không để[^,;.]*|"
    r"(?:khắc phục|chấn chỉnh|giảm|hạn chế|ngăn chặn|ngăn ngừa|phòng ngừa|xoá|xử lí|đấu tranh|đẩy lùi|rà soát|"
    r"tháo gỡ|phát hiện|"
    r"bắt(?: giữ)?|phạt|hỗ trợ|giúp(?: đỡ)?|cảm hoá)\s[^,;.]*|"
    r"(?:hạn chế|khuyết điểm|tồn tại|thiếu sót|yếu kém|vướng mắc|khó khăn)[^,;.]{0,80}?(?:đã|"
    r"được)(?: \w+)? (?:khắc phục|giải quyết|tháo gỡ)[^,;.]*|"
    r"không ai[^,;.]*|không hề[^,;.]*|thiếu nhi[^,;.]*|thiếu niên|thiếu tá|thiếu uý|thiếu tướng|chậm nhất"
)
# `Trong thời gian tới, …`, `Đồng chí … đề nghị, thời gian tới …`: time ahead, told before what is to be done in it.
_AHEAD = re.compile(
    r"^[^.;:]{0,90}?(?<!\w)(?:thời gian tới|thời gian tiếp theo|tới đây|sắp tới|tháng tới|quí tới|tuần tới|"
    r"năm tới|kì tới|tuần sau|tháng sau|"
    r"sang năm|bước sang năm)(?!\w)(?=.{25})"
)

_HEADINGS = tuple(
    (kind, re.compile(rf"(?<!\w)(?:{any_of(words)})(?!\w)"))
    for kind, words in (
        (
            R,
            (
                "kết quả|ưu điểm|mặt mạnh|mặt được|làm được|thành tích|tình hình|đánh giá chung|đặc điểm|nhận xét|"
                "thuận lợi|những việc đã làm|việc đã làm|làm tốt|điểm mạnh|đã thực hiện|công tác lãnh đạo, chỉ đạo|"
                "diễn biến"
            ),
        ),
        (
            S,
            (
                "hạn chế|tồn tại|khuyết điểm|thiếu sót|yếu kém|khó khăn|vướng mắc|bất cập|mặt yếu|điểm yếu|"
                "chưa làm tốt|chưa làm được|chưa tốt|chưa đạt|chưa được|cần khắc phục|phải khắc phục|sai sót|mặt còn|"
                "còn yếu|còn kém|cần rút kinh nghiệm|nhược điểm|việc chưa|điểm chưa|trăn trở"
            ),
        ),
        (C, "nguyên nhân|lý do|vì sao|nguyên do|do đâu|là do|là vì|bắt nguồn từ|sở dĩ"),
        (L, "bài học|kinh nghiệm|rút ra"),
        (
            T,
            (
                "phương hướng|nhiệm vụ|trọng tâm|giải pháp|biện pháp|mục tiêu|chỉ tiêu|thời gian tới|tuần tới|"
                "tháng tới|quý tới|năm tới|kỳ tới|dự kiến|cần làm|sẽ làm|phải làm|sắp tới|cuối năm|"
                "chương trình công tác|tiếp theo|kế hoạch công tác|hướng tới|nhiệm vụ trọng tâm|việc sắp|"
                "kế hoạch tháng|kế hoạch tuần|kế hoạch quý|kế hoạch năm|tuần sau|tháng sau|quý sau|năm sau|"
                "tổ chức thực hiện|tập trung thực hiện|phải tập trung"
            ),
        ),
        (P, "kiến nghị|đề nghị|đề xuất|nguyện vọng|mong muốn|ý kiến đề|mong|xin|xin ý kiến|đề đạt"),
        (M, "khen thưởng|biểu dương|tuyên dương|được khen|thi đua, khen thưởng|xếp loại|danh hiệu"),
    )
)
_DONE_WITH = re.compile(
    r"(?:khắc phục|thực hiện|hoàn thành|giải quyết|tháo gỡ|triển khai|trả lời|tiếp thu|xử lí)(?: các| những|"
    r" một số| tốt)*"
    r"(?:,? (?:và )?(?:hạn chế|tồn tại|khuyết điểm|thiếu sót|khó khăn|vướng mắc|kiến nghị|đề nghị|đề xuất|"
    r"nhiệm vụ|mục tiêu|chỉ tiêu|chương trình công tác|"
    r"phương hướng|giải pháp|biện pháp))+"
)
_SUCCESS = re.compile(
    r"nguyên nhân(?: của)?(?: các| những)? (?:thành công|ưu điểm|kết quả|thành tích|mặt mạnh|hạn chế|tồn tại|"
    r"khuyết điểm|thiếu sót)[^,;]*"
)
_NOT_DONE = re.compile(r"(?:chưa|không)(?: được)? (?:làm tốt|làm được|đạt được|tốt|đạt|thực hiện được)")
_TASKS = re.compile("phương hướng|nhiệm vụ|trọng tâm|giải pháp")
_RIVALRY = re.compile(r"thi đua,? (?:và )?khen thưởng")


@lru_cache(maxsize=4096)
def promised(heading: str) -> tuple[Kind, ...]:
    """The kinds that a heading promises, in its order; none where it only names a field of work."""
    folded = _SUCCESS.sub("nguyên nhân", _RIVALRY.sub("kết quả khen thưởng", fold(heading)))
    folded = _DONE_WITH.sub(lambda m: m.group().split()[0], folded)
    folded = _NOT_DONE.sub("hạn chế", folded)
    first = {kind: found.start() for kind, pattern in _HEADINGS if (found := pattern.search(folded))}
    if S in first and L in first and "cần rút kinh nghiệm" in folded:
        del first[L]
    if first.get(R, len(folded)) < first.get(T, 0) and "cuối năm" in folded and not _TASKS.search(folded):
        # `Kết quả công tác 6 tháng cuối năm`: the period of the results, no task.
        del first[T]
    return tuple(sorted(first, key=lambda kind: first[kind]))


_PRIOR = {R: 2.5, S: 5.0, C: 6.0, L: 6.0, T: 6.0, P: 7.0, M: 5.0}
# Under shortcomings a sentence that blames nothing may yet be praise.
_WITHOUT_BLAME = 3.5
# What a paragraph says together weighs in each of its sentences; one loud sentence does not drown the others.
_TONE, _OF_ONE = 0.7, 4.0
# How much of a sentence tells of which time it speaks.
_OPENING = 40
# From this weight on a statement names its kind itself (`Nguyên nhân là …`), whatever its heading promises.
_SAID_OUTRIGHT = 7.0
_LABEL = re.compile(r"^([^:.;]{2,70}):\s")


def scores(text: str) -> dict[Kind, float]:
    """What the words of a statement say for each kind."""
    folded = fold(text)
    bare = _FINE.sub(" ", folded)
    found = weigh(folded, bare)
    if _TRACED.match(folded):
        found[C] += _SAID_OUTRIGHT
    if _TAUGHT.match(folded):
        found[L] += _SAID_OUTRIGHT
    if _COUNTED.search(folded):
        found[R] += 1.5
        found[T] -= 1.0
    if _AHEAD.match(folded):
        found[T] += 4
    if found[C] >= _SAID_OUTRIGHT:
        # Causes are told in the words of shortcomings.
        found[S] *= 0.5
    if _BY_US.match(folded) and not _COUNTED.search(folded):
        found[P] += 4
    return found


@dataclass(slots=True)
class Course:
    """How far a report has come: what its headings promise and what was said last."""

    period: str = ""
    kinds: tuple[Kind, ...] = ()
    last: Kind | None = None

    def enter(self, kinds: tuple[Kind, ...], *, firm: bool = True) -> None:
        """Go under a heading (firm) or behind a lead-in that promises `kinds`."""
        self.kinds = kinds
        if kinds:
            self.last = kinds[0]
        elif firm:
            self.last = None

    def begin(self, sentences: Sequence[str]) -> list[Kind]:
        """The kinds of the sentences of a new paragraph or bullet, in their order."""
        found = [scores(sentence) for sentence in sentences]
        if not self.kinds and len(found) > 1:
            # Without headings a paragraph is what holds together: each sentence has a share in what the others say.
            for kind in Kind:
                tone = sum(min(one[kind], _OF_ONE) for one in found) / len(found)
                for one in found:
                    one[kind] += _TONE * tone
        return [
            self._next(text, one, fresh=at == 0) for at, (text, one) in enumerate(zip(sentences, found, strict=True))
        ]

    def kind(self, text: str) -> Kind:
        """The kind of the next statement, a paragraph of its own."""
        return self.begin([text])[0]

    def _next(self, text: str, found: dict[Kind, float], *, fresh: bool) -> Kind:
        label = _LABEL.match(text)
        if label:
            for kind in promised(label.group(1))[:1]:
                if kind is not R:
                    found[kind] += 5
        self._weigh(found, fresh=fresh)
        if self.period and is_ahead(fold(text[:_OPENING]), self.period):
            found[T] += _SAID_OUTRIGHT
        best = max(Kind, key=lambda kind: (found[kind], -_ORDER[kind]))
        self.last = best if best is not M or self.last is None else self.last
        return best

    def _weigh(self, found: dict[Kind, float], *, fresh: bool) -> None:
        if len(self.kinds) == 1:
            self._under_one(found, self.kinds[0])
        elif self.kinds:
            self._under_several(found)
        else:
            self._under_none(found, fresh=fresh)

    def _under_one(self, found: dict[Kind, float], kind: Kind) -> None:
        found[kind] += _PRIOR[kind] if kind is not S or found[S] > 0 else _WITHOUT_BLAME
        if kind in {T, P, L}:
            for other in (R, S, C, M):
                found[other] *= 0.4
        if kind is C:
            found[S] *= 0.5
            found[L] *= 0.5
            found[T] *= 0.4
        if kind is S:
            found[C] *= 0.6 if found[C] < _PRIOR[C] else 1
            found[T] *= 0.4
            found[L] *= 0.5
            if found[S] > _PRIOR[S]:
                found[R] *= 0.4
        if kind in {R, M}:
            found[T] *= 0.5
            found[L] *= 0.5
            found[C] *= 0.6
            if kind is M:
                found[R] += 1

    def _under_several(self, found: dict[Kind, float]) -> None:
        for kind in self.kinds:
            found[kind] += 2.5
        if self.last is not None:
            found[self.last] += 2.5
            if self.last is C:
                found[S] *= 0.5
            if self.last in {T, P}:
                found[R] *= 0.3
                found[S] *= 0.5
                found[C] *= 0.4
        for kind in Kind:
            if kind not in self.kinds and found[kind] < _SAID_OUTRIGHT:
                found[kind] *= 0.7

    def _under_none(self, found: dict[Kind, float], *, fresh: bool) -> None:
        found[R] += 1.5
        last = self.last
        if last is None:
            found[T] *= 0.6
            return
        found[last] += 2 if not fresh else 1.2
        if last is not R:
            found[R] -= 1
        if last is C:
            found[S] *= 0.6
        if last in {T, P, L}:
            found[R] *= 0.4
            found[S] *= 0.5
            found[C] *= 0.5
            found[T] += 1
        if last in {R, M}:
            found[T] *= 0.6
            found[C] *= 0.7
        for kind in Kind:
            if _ORDER[kind] < _ORDER[last] and kind is not M:
                found[kind] -= 0.8


_TURN_TO = tuple(
    (kind, re.compile(rf"(?:{any_of(words)})(?!\w)"))
    for kind, words in (
        (
            S,
            "tuy nhiên|tuy vậy|song|nhưng|dù vậy|bên cạnh đó vẫn|bên cạnh đó, vẫn|bên cạnh đó còn|vẫn còn|hạn chế là",
        ),
        (C, "nguyên nhân|lý do"),
        (P, "đề nghị|kiến nghị|kính đề nghị"),
    )
)
_ASKS = re.compile(rf"(?:{any_of('đồng thời đề nghị|đề nghị|kiến nghị|kính đề nghị|đề xuất|mong|xin')})(?!\w)")


def turn(piece: str) -> Kind | None:
    """The kind to which a piece turns by its first words (`tuy nhiên`, `nguyên nhân`), None where it goes on."""
    folded = fold(piece)
    return next((kind for kind, pattern in _TURN_TO if pattern.match(folded)), None)


def asks(piece: str) -> bool:
    """Whether a piece begins a request of its own."""
    return bool(_ASKS.match(fold(piece)))
