"""An approved plan becomes a document."""

from __future__ import annotations

import pytest

from nennep.documents.models import Document, DocumentType, Series
from nennep.documents.rules.text import BlockKind, Text
from nennep.planning.models import Plan
from nennep.planning.services import plans, tasks
from nennep.planning.services.documents import plan_document
from tests.cast import START
from tests.planning.conftest import World
from tests.planning.test_plans import refused, words


@pytest.fixture
def plan_type(world: World) -> DocumentType:
    series = Series.objects.create(code="state_out", name="Công văn đi", family="state", clause="NĐ 30/2020")
    del world
    return DocumentType.objects.create(
        code="plan",
        abbreviation="KH",
        name="Kế hoạch",
        group="plan",
        series=series,
        clause="NĐ 30/2020 Điều 7",
        starts_on=START,
    )


def drawn(world: World) -> Document:
    return plan_document(world.plans["SH month"].pk, by=world.cast.actor("hanh"))


@pytest.mark.usefixtures("plan_type")
def test_an_approved_plan_becomes_a_draft_with_its_parts_that_answers_the_directive(world: World) -> None:
    document = drawn(world)

    text = Text.from_json(document.draft)
    assert [block.text for block in text.blocks if block.kind is BlockKind.HEADING] == [
        "Mục đích, yêu cầu",
        "Nhiệm vụ, chỉ tiêu",
    ]
    assert text.blocks[0].kind is BlockKind.BASIS
    assert text.blocks[0].text.startswith("Căn cứ Chỉ thị số 05-CT/ĐU")
    assert (document.unit_id, document.answers_id) == (world.unit("SH"), world.directive.pk)
    assert world.plan("SH month").document_id == document.pk


@pytest.mark.usefixtures("plan_type")
def test_doing_it_again_writes_into_the_same_draft_and_what_is_the_same_keeps_its_name(world: World) -> None:
    first = drawn(world)
    by = world.cast.actor("hanh")
    plans.amend_plan(world.plans["SH month"].pk, by=by, reason="Bổ sung")
    with refused("plan_not_approved"):
        drawn(world)
    tasks.add_task(world.plans["SH month"].pk, words(world), by=by)
    revision = Plan.objects.get(pk=world.plans["SH month"].pk).revision
    plans.submit_plan(world.plans["SH month"].pk, revision=revision, by=by)
    plans.approve_plan(world.plans["SH month"].pk, revision=revision, by=world.cast.actor("kehoach"))

    again = drawn(world)

    assert again.pk == first.pk
    before, after = Text.from_json(first.draft), Text.from_json(again.draft)
    assert [block.id for block in after.blocks] == [block.id for block in before.blocks]
    table = next(block for block in after.blocks if block.kind is BlockKind.TABLE)
    assert any("Kiểm tra nền nếp sinh hoạt" in row for row in table.rows)


@pytest.mark.usefixtures("plan_type")
def test_an_issued_document_is_replaced_by_a_new_draft(world: World) -> None:
    first = drawn(world)
    Document.objects.filter(pk=first.pk).update(state="submitted")
    with refused("document_on_its_way"):
        drawn(world)
    Document.objects.filter(pk=first.pk).update(state="in_force", number=7, symbol="KH-BĐBP", issued_on="2026-10-16")

    second = drawn(world)

    assert (second.pk != first.pk, second.replaces_id) == (True, first.pk)


def test_without_a_type_for_it_a_plan_becomes_no_document(world: World) -> None:
    with refused("no_document_type"):
        drawn(world)


def test_a_mark_of_secrecy_is_refused_and_nothing_kept(world: World) -> None:
    by = world.cast.actor("thanh")

    with refused("secret"):
        tasks.add_task(
            world.plans["SH-1 month"].pk, words(world, lead="SH-1", measures_taken="TỐI MẬT\nPhương án A2"), by=by
        )

    assert not Plan.objects.get(pk=world.plans["SH-1 month"].pk).tasks.filter(title__startswith="Kiểm tra").exists()
