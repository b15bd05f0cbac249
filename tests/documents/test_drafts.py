"""Writing a document: begun, saved, bound, and never overwritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from nennep.documents.models import Document, DocumentType, DocumentVersion
from nennep.documents.queries import drafts as queries
from nennep.documents.rules.states import State, Urgency
from nennep.documents.rules.text import Binding, Text, TooLong, parse, typed
from nennep.documents.services import comments, drafts
from nennep.documents.services.refusals import DocumentsRefused
from nennep.journal.models import Entry
from nennep.organisation.rules import NotAuthorised
from tests.cast import NOW, Cast
from tests.documents.world import WORDS, in_state, written

Types = dict[str, DocumentType]


def text_of(document: Document) -> Text:
    document.refresh_from_db()
    return Text.from_json(document.draft)


def begun(cast: Cast, types: Types, code: str = "plan") -> Document:
    return drafts.create_document(types[code], cast.units["SH"], "Tuần tra tháng 12", by=cast.actor("hanh"))


def test_a_document_begins_with_the_outline_of_its_type(cast: Cast, types: Types) -> None:
    types["plan"].outline = ["I. MỤC ĐÍCH, YÊU CẦU", "II. NHIỆM VỤ"]
    types["plan"].save()

    document = begun(cast, types)

    assert [block.text for block in text_of(document).blocks] == ["MỤC ĐÍCH, YÊU CẦU", "NHIỆM VỤ"]
    assert (document.state, document.draft_revision) == (State.DRAFT, 1)
    assert Entry.objects.filter(act="documents.begin", unit_id=cast.units["SH"]).count() == 1


@pytest.mark.parametrize(
    ("subject", "why"),
    [("  ", "no_subject"), ("a" * 501, "subject_too_long"), ("(MẬT)", "secret")],
)
def test_a_document_needs_a_subject_that_can_stand_on_paper(cast: Cast, types: Types, subject: str, why: str) -> None:
    with pytest.raises(DocumentsRefused) as refused:
        drafts.create_document(types["plan"], cast.units["SH"], subject, by=cast.actor("hanh"))

    assert refused.value.why == why
    assert not Document.objects.exists()


def test_a_unit_writes_what_units_of_its_kind_issue(cast: Cast, types: Types) -> None:
    with pytest.raises(DocumentsRefused, match="unit_does_not_issue"):
        drafts.create_document(types["guideline"], cast.units["SH-1"], "Về tuần tra", by=cast.actor("thanh"))


def test_a_plan_may_carry_out_a_directive_that_was_issued(cast: Cast, types: Types) -> None:
    directive = in_state(cast, types, State.IN_FORCE, unit="HQ", code="directive")
    by = cast.actor("kehoach")

    document = drafts.create_document(types["plan"], cast.units["HQ"], "Thực hiện", by=by, answers=directive)

    assert document.answers == directive


@pytest.mark.parametrize(("state", "code"), [(State.DRAFT, "directive"), (State.IN_FORCE, "plan")])
def test_nothing_else_is_carried_out(cast: Cast, types: Types, state: State, code: str) -> None:
    other = in_state(cast, types, state, unit="HQ", code=code)

    with pytest.raises(DocumentsRefused, match="answers_no_directive"):
        drafts.create_document(types["plan"], cast.units["HQ"], "Kế", by=cast.actor("kehoach"), answers=other)


def test_what_is_typed_keeps_the_names_of_blocks(cast: Cast, types: Types) -> None:
    document = written(cast, types, unit="SH")
    first = text_of(document)

    drafts.save_typed(document.pk, f"I. NHIỆM VỤ\n{WORDS}", revision=1, by=cast.actor("hanh"))

    saved = text_of(document)
    assert [block.id for block in saved.blocks][1:] == [block.id for block in first.blocks]
    assert (document.draft_revision, document.draft_by) == (2, str(cast.people["hanh"]))


def test_two_writers_never_overwrite_each_other(cast: Cast, types: Types) -> None:
    document = written(cast, types, unit="SH")
    by = cast.actor("hanh")
    drafts.save_typed(document.pk, "Người thứ nhất viết.", revision=1, by=by)

    with pytest.raises(drafts.StaleDraft) as stale:
        drafts.save_typed(document.pk, "Người thứ hai viết.", revision=1, by=by)

    assert stale.value.mine is not None
    assert typed(stale.value.mine) == "Người thứ hai viết."
    assert typed(stale.value.theirs) == "Người thứ nhất viết."
    assert typed(text_of(document)) == "Người thứ nhất viết."


@pytest.mark.parametrize(
    "mark", ["MẬT", "TỐI MẬT", "Độ mật: Tuyệt mật", "1. Nội dung (TỐI MẬT)", "| T U Y Ệ T M Ậ T |"]
)
def test_a_text_with_a_mark_of_secrecy_is_kept_out(cast: Cast, types: Types, mark: str) -> None:
    document = written(cast, types, unit="SH")

    with pytest.raises(DocumentsRefused, match="secret") as refused:
        drafts.save_typed(document.pk, f"1. Tuần tra.\n{mark}\n2. Báo cáo.", revision=1, by=cast.actor("hanh"))

    assert refused.value.facts == {}
    assert typed(text_of(document)) == typed(parse(WORDS))
    assert document.draft_revision == 1


def test_a_million_letters_are_refused_with_what_is_allowed(cast: Cast, types: Types) -> None:
    document = written(cast, types, unit="SH")

    with pytest.raises(TooLong) as refused:
        drafts.save_typed(document.pk, "Tuần tra biên giới. " * 50_000, revision=1, by=cast.actor("hanh"))

    assert (refused.value.what, refused.value.found) == ("text", 1_000_000)
    assert document.draft_revision == 1


def test_only_the_own_unit_writes(cast: Cast, types: Types) -> None:
    document = written(cast, types, unit="SH-1")

    with pytest.raises(NotAuthorised):
        drafts.save_typed(document.pk, "Viết hộ.", revision=1, by=cast.actor("hanh"))


@pytest.mark.parametrize("state", [State.SUBMITTED, State.SIGNED, State.IN_FORCE, State.DROPPED])
def test_what_was_handed_on_is_not_written_in(cast: Cast, types: Types, state: State) -> None:
    document = in_state(cast, types, state, unit="SH")

    with pytest.raises(DocumentsRefused, match="not_being_written"):
        drafts.save_typed(document.pk, "Sửa sau.", revision=1, by=cast.actor("hanh"))


def test_a_version_is_frozen_once_for_the_same_words(cast: Cast, types: Types) -> None:
    document = written(cast, types, unit="SH")
    by = cast.actor("hanh")

    first = drafts.freeze_version(document.pk, revision=1, by=by)
    again = drafts.freeze_version(document.pk, revision=1, by=by)
    drafts.save_typed(document.pk, "1. Tổ chức tuần tra biên giới thường xuyên.", revision=1, by=by)
    second = drafts.freeze_version(document.pk, revision=2, by=by, note="Sau góp ý")

    assert first == again
    assert (first.number, second.number, second.note) == (1, 2, "Sau góp ý")
    assert DocumentVersion.objects.count() == 2
    assert [change.kind for change in queries.changes_between(first, second)] == ["changed", "gone"]


# --- fields ---------------------------------------------------------------------------------------


def test_fields_are_set_together(cast: Cast, types: Types) -> None:
    document = written(cast, types, unit="SH")
    old = in_state(cast, types, State.IN_FORCE, unit="SH")
    signer = cast.people["hanh"].appointments.get()
    wished = drafts.Fields(
        types["directive"].pk,
        "Tăng cường tuần tra",
        Urgency.URGENT,
        signer.pk,
        date(2026, 12, 1),
        date(2027, 12, 1),
        replaces=old.pk,
    )

    drafts.set_fields(document.pk, wished, revision=1, by=cast.actor("hanh"))

    document.refresh_from_db()
    assert drafts.fields_of(document) == wished
    assert (document.capacity, document.draft_revision) == ("OWN", 2)
    entry = Entry.objects.get(act="documents.set-fields")
    assert set(entry.details["fields"]) == {
        "type_id",
        "subject",
        "urgency",
        "signer",
        "starts_on",
        "ends_on",
        "replaces",
    }


def test_who_may_not_sign_the_new_type_is_taken_off(cast: Cast, types: Types) -> None:
    document = written(cast, types, unit="SH")
    signer = cast.people["hanh"].appointments.get()
    by = cast.actor("hanh")
    fields = replace(drafts.fields_of(document), signer=signer.pk)
    drafts.set_fields(document.pk, fields, revision=1, by=by)

    drafts.set_fields(document.pk, replace(fields, type_id=types["resolution"].pk), revision=2, by=by)

    document.refresh_from_db()
    assert (document.signer, document.capacity) == (None, "")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"starts_on": date(2026, 12, 2), "ends_on": date(2026, 12, 1)}, "ends_before_it_starts"),
        ({"type_id": 999_999}, "unknown_type"),
        ({"subject": " "}, "no_subject"),
        ({"signer": 999_999}, "may_not_sign_this"),
    ],
)
def test_wrong_fields_change_nothing(cast: Cast, types: Types, change: dict[str, object], why: str) -> None:
    document = written(cast, types, unit="SH")
    before = drafts.fields_of(document)

    with pytest.raises(DocumentsRefused, match=why):
        drafts.set_fields(document.pk, replace(before, **change), revision=1, by=cast.actor("hanh"))  # type: ignore[arg-type]

    document.refresh_from_db()
    assert (drafts.fields_of(document), document.draft_revision) == (before, 1)


def test_a_document_replaces_one_of_its_own_unit_that_is_in_force(cast: Cast, types: Types) -> None:
    document = written(cast, types, unit="SH")
    fields, by = drafts.fields_of(document), cast.actor("hanh")
    wrong = {
        document.pk: "replaces_itself",
        in_state(cast, types, State.IN_FORCE, unit="SH-1").pk: "replaces_anothers",
        in_state(cast, types, State.RECALLED, unit="SH").pk: "not_in_force",
    }

    for replaced, why in wrong.items():
        with pytest.raises(DocumentsRefused, match=why):
            drafts.set_fields(document.pk, replace(fields, replaces=replaced), revision=1, by=by)


def test_fields_of_a_page_that_is_behind_change_nothing(cast: Cast, types: Types) -> None:
    document = written(cast, types, unit="SH")
    fields, by = drafts.fields_of(document), cast.actor("hanh")
    drafts.set_fields(document.pk, replace(fields, subject="Của tôi"), revision=1, by=by)

    with pytest.raises(drafts.StaleDraft):
        drafts.set_fields(document.pk, replace(fields, subject="Của anh"), revision=1, by=by)

    document.refresh_from_db()
    assert document.subject == "Của tôi"


# --- whom it binds --------------------------------------------------------------------------------


def test_a_clause_binds_units_by_a_day_with_a_figure(cast: Cast, types: Types) -> None:
    document = written(cast, types, unit="SH", code="directive")
    block = text_of(document).blocks[0].id
    binding = Binding(date(2026, 12, 25), "patrol.teams", Decimal(48), ("SH-1", "SH-2"))

    drafts.bind_clause(document.pk, block, binding, revision=1, by=cast.actor("hanh"))
    drafts.save_typed(document.pk, f"I. NHIỆM VỤ\n{WORDS}", revision=2, by=cast.actor("hanh"))

    bound = text_of(document).block(block)
    assert bound is not None
    assert bound.binding == binding


@pytest.mark.parametrize(
    ("binding", "why"),
    [
        (Binding(addressees=("NO-1",)), "unknown_addressees"),
        (Binding(addressees=("DV-1",)), "units_not_below"),
        (Binding(figure=Decimal(3)), "figure_without_indicator"),
    ],
)
def test_a_clause_binds_only_what_stands_below(cast: Cast, types: Types, binding: Binding, why: str) -> None:
    document = written(cast, types, unit="SH", code="directive")
    block = text_of(document).blocks[0].id

    with pytest.raises(DocumentsRefused, match=why):
        drafts.bind_clause(document.pk, block, binding, revision=1, by=cast.actor("hanh"))


def test_headings_bind_nobody_nor_do_plans(cast: Cast, types: Types) -> None:
    by = cast.actor("hanh")
    directive = written(cast, types, unit="SH", code="directive", text=parse("I. NHIỆM VỤ"))
    plan = written(cast, types, unit="SH", code="plan")

    for document, block, why in (
        (directive, "b1", "cannot_bind"),
        (directive, "b9", "no_such_block"),
        (plan, "b1", "type_binds_nobody"),
    ):
        with pytest.raises(DocumentsRefused, match=why):
            drafts.bind_clause(document.pk, block, Binding(date(2026, 12, 1)), revision=1, by=by)


# --- remarks --------------------------------------------------------------------------------------


def test_a_remark_stays_at_its_block_until_it_is_settled(cast: Cast, types: Types) -> None:
    document = written(cast, types, unit="SH")
    by = cast.actor("hanh")
    comment = comments.add_comment(document.pk, "Nêu rõ số buổi.", block="b2", by=by)
    drafts.save_typed(document.pk, f"I. NHIỆM VỤ\n{WORDS}", revision=1, by=by)

    comments.settle_comment(comment.pk, by=by)
    comments.settle_comment(comment.pk, by=by)

    comment.refresh_from_db()
    block = text_of(document).block(comment.block)
    assert block is not None
    assert block.text.startswith("Báo cáo kết quả")
    assert comment.settled_at == NOW
    assert Entry.objects.filter(act="documents.settle-comment").count() == 1


@pytest.mark.parametrize(
    ("text", "block", "why"),
    [("  ", "", "says_nothing"), ("a" * 4_001, "", "comment_too_long"), ("MẬT", "", "secret"), ("a", "b9", "no_such")],
)
def test_an_empty_remark_or_one_at_no_block_is_refused(
    cast: Cast, types: Types, text: str, block: str, why: str
) -> None:
    document = written(cast, types, unit="SH")

    with pytest.raises(DocumentsRefused, match=why):
        comments.add_comment(document.pk, text, block=block, by=cast.actor("hanh"))


def test_nobody_remarks_on_what_they_do_not_see(cast: Cast, types: Types) -> None:
    document = written(cast, types, unit="SH-1")

    with pytest.raises(NotAuthorised) as refused:
        comments.add_comment(document.pk, "Nên sửa.", by=cast.actor("hanh"))

    assert refused.value.hidden
