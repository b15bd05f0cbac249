"""Who may sign what, in which right, and how a signature is kept as it was."""

from __future__ import annotations

import pytest

from nennep.documents.models import Document, DocumentType
from nennep.documents.queries.documents import signers_for, types_on
from nennep.documents.rules.layout import Family
from nennep.documents.rules.paper import Capacity, Signature
from nennep.documents.rules.states import State
from nennep.documents.services import route
from nennep.documents.services.refusals import DocumentsRefused
from nennep.organisation.models import Appointment, Post
from tests.cast import NOW, Cast
from tests.documents.world import DAY, TODAY, in_state

Types = dict[str, DocumentType]


def sign(cast: Cast, document: Document, who: str) -> Document:
    return route.sign(document.pk, version_id=document.current_version_id or 0, by=cast.actor(who))


@pytest.mark.parametrize(
    ("unit", "code", "who", "capacity", "in_place_of", "post", "printed"),
    [
        ("HQ", "plan", "tulenh", "OWN", "", "Tư lệnh", ("TƯ LỆNH",)),
        (
            "HQ",
            "plan",
            "kehoach",
            "ORDER",
            "Tư lệnh",
            "Trưởng phòng Kế hoạch - Tổng hợp",
            ("TL. TƯ LỆNH", "TRƯỞNG PHÒNG KẾ HOẠCH - TỔNG HỢP"),
        ),
        ("HQ", "resolution", "tulenh", "COLLECTIVE", "Đảng ủy", "Bí thư", ("T/M ĐẢNG ỦY", "BÍ THƯ")),
        ("SH-1", "plan", "dontruong", "OWN", "", "Đồn trưởng", ("ĐỒN TRƯỞNG",)),
    ],
)
def test_a_signature_bears_the_right_in_which_it_is_given(
    cast: Cast,
    types: Types,
    unit: str,
    code: str,
    who: str,
    capacity: str,
    in_place_of: str,
    post: str,
    printed: tuple[str, ...],
) -> None:
    """Decree 30/2020, Annex I, part II, item 7; guideline 36-HD/VPTW, part II, item 1.7."""
    document = sign(cast, in_state(cast, types, State.AGREED, unit=unit, code=code), who)

    person = cast.people[who]
    family = document.type.series.family
    assert (document.capacity, document.in_place_of) == (capacity, in_place_of)
    assert (document.signer_name, document.signer_rank, document.signer_post) == (person.full_name, person.rank, post)
    signature = Signature(post, person.full_name, person.rank, Capacity[document.capacity], in_place_of)
    assert signature.lines(Family(family)) == printed


def test_an_acting_head_signs_as_acting_and_a_deputy_for_the_head(cast: Cast, types: Types) -> None:
    Appointment.objects.filter(post=cast.posts["dontruong"]).update(acting=True)

    possible = signers_for(types["plan"], cast.units["SH-1"], TODAY)

    assert [(one.name, one.capacity, one.in_place_of) for one in possible] == [
        ("Ma Văn Khải", Capacity.ACTING, ""),
        ("Hoàng Văn Thành", Capacity.DEPUTY, "Đồn trưởng"),
    ]


def test_only_who_holds_the_post_on_the_day_may_sign(cast: Cast, types: Types) -> None:
    """Lê Hết Hạn held the post until 1 November."""
    unit, type_ = cast.units["SH-1"], types["plan"]

    assert "Lê Hết Hạn" not in {one.name for one in signers_for(type_, unit, TODAY)}
    assert "Lê Hết Hạn" in {one.name for one in signers_for(type_, unit, TODAY - 30 * DAY)}
    document = in_state(cast, types, State.AGREED)
    Appointment.objects.filter(post=cast.posts["dontruong"]).update(ends_on=TODAY)
    with pytest.raises(DocumentsRefused) as refused:
        sign(cast, document, "dontruong")
    assert refused.value.why == "may_not_sign_this"


def test_a_post_that_the_type_does_not_name_signs_nothing_though_it_may_sign(cast: Cast, types: Types) -> None:
    document = in_state(cast, types, State.AGREED, code="resolution", unit="HQ")

    with pytest.raises(DocumentsRefused) as refused:
        sign(cast, document, "kehoach")

    assert refused.value.why == "may_not_sign_this"


def test_who_was_named_to_sign_and_nobody_else_signs(cast: Cast, types: Types) -> None:
    document = in_state(cast, types, State.AGREED, unit="HQ")
    possible = {one.name: one for one in signers_for(document.type, document.unit_id, TODAY)}
    by = cast.actor("kehoach")
    route.choose_signer(document.pk, possible["Trần Quang Hưng"].appointment_id, by=by)

    with pytest.raises(DocumentsRefused) as refused:
        sign(cast, document, "kehoach")

    assert (refused.value.why, refused.value.facts["signer"]) == ("another_signs", "Trung tướng Trần Quang Hưng")
    route.choose_signer(document.pk, None, by=by)
    assert sign(cast, document, "kehoach").capacity == "ORDER"
    with pytest.raises(DocumentsRefused) as refused:
        route.choose_signer(document.pk, None, by=by)
    assert refused.value.why == "already_signed"


def test_nobody_can_be_named_who_may_not_sign(cast: Cast, types: Types) -> None:
    document = in_state(cast, types, State.DRAFT)
    stranger = Appointment.objects.get(person=cast.people["tulenh"])

    with pytest.raises(DocumentsRefused) as refused:
        route.choose_signer(document.pk, stranger.pk, by=cast.actor("thanh"))

    assert refused.value.why == "may_not_sign_this"


def test_a_signature_stays_as_it_was_when_the_person_rises_or_the_post_is_renamed(cast: Cast, types: Types) -> None:
    document = sign(cast, in_state(cast, types, State.AGREED), "dontruong")
    person = cast.people["dontruong"]
    person.rank = "Trung tá"
    person.save()
    Post.objects.filter(pk=cast.posts["dontruong"].pk).update(title="Đồn phó")

    document.refresh_from_db()

    assert (document.signer_rank, document.signer_post) == ("Thiếu tá", "Đồn trưởng")
    assert document.signed_at == NOW


@pytest.mark.usefixtures("types")
def test_the_types_of_a_day_are_those_in_force_that_the_unit_may_issue() -> None:
    DocumentType.objects.filter(code="plan").update(ends_on=TODAY)

    assert {one.code for one in types_on(TODAY, "post")} == {"directive", "official_letter", "resolution", "conclusion"}
    assert "guideline" in {one.code for one in types_on(TODAY, "headquarters")}
    assert "plan" in {one.code for one in types_on(TODAY - DAY)}
    assert types_on(TODAY.replace(year=2021)) == []
