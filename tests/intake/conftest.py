"""What the tests of intake share: a cast whose indicators have wordings, and files as people send them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from nennep.intake.models import Upload
from nennep.intake.services import Incoming, receive
from nennep.reporting.models import Indicator
from tests.cast import Cast

WORDINGS: Mapping[str, tuple[str, ...]] = {
    "patrol.teams": ("tuần tra", "tuần tra đường biên, cột mốc"),
    "patrol.bilateral": ("tuần tra … song phương", "song phương"),
    "patrol.people": ("tuần tra", "tuần tra đường biên, cột mốc"),
    "law.listeners": ("tuyên truyền", "tuyên truyền pháp luật"),
    "law.gathered": ("… tập trung",),
    "law.loudspeaker": ("… qua loa",),
    "path.cleared_km": ("phát quang",),
}

REPORT = """ĐỒN BIÊN PHÒNG NẬM NGÀ
BÁO CÁO
Kết quả công tác tháng 11/2026

I. KẾT QUẢ
- Đơn vị tuần tra đường biên, cột mốc 137 lượt tổ/822 lượt người tham gia; trong đó song phương 8 lượt tổ.
- Phát quang khoảng 12,5 km đường biên.
- Tuyên truyền pháp luật cho 742 lượt người nghe, trong đó nghe tập trung 512 lượt người, nghe qua loa 230 lượt người.
- Tặng 30 suất quà cho học sinh nghèo.
II. HẠN CHẾ
- Nắm tình hình ở bản Huổi Lụ có việc chưa kịp thời.
III. NHIỆM VỤ THÁNG TỚI
- Tổ chức 150 lượt tổ tuần tra.
"""


@pytest.fixture
def worded(cast: Cast) -> Cast:
    """The cast, as a pack with wordings would have it."""
    for code, wordings in WORDINGS.items():
        Indicator.objects.filter(code=code).update(synonyms=list(wordings))
    return cast


def send(cast: Cast, text: str, *, who: str = "thanh", name: str = "bao-cao.txt") -> Upload:
    """Send one text file and return what became of it."""
    delivery = receive([Incoming(name, text.encode())], by=cast.actor(who))
    upload: Upload = delivery.uploads.get()
    return upload
