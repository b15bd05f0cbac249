"""The bench: the outline with its coverage, what was said put together, and the draft as it will print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from loom import Held
from nennep.organisation import queries as organisation
from nennep.organisation.queries import NamedUnit
from nennep.organisation.rules import Permission
from nennep.packs.lexicon import lexicon
from nennep.reporting import queries as reporting
from nennep.reporting.models import Round
from nennep.reporting.rules.content import IndicatorRule, Layout, Section
from nennep.site.acting import ActingRequest
from nennep.site.charts import StripState, UnitStrip
from nennep.site.refusals import say_refusal
from nennep.site.sayings import STATEMENTS, in_language, period_label
from nennep.site.web.figures import WORDS_OF_FILE
from nennep.synthesis import figures as consolidation
from nennep.synthesis import material, queries, services, wording
from nennep.synthesis.figures import Figure
from nennep.synthesis.models import DraftItem, Synthesis
from nennep.synthesis.rules.drafts import ItemKind, Source, SynthesisRefused, Told, Touched, pieces, typed_numbers
from nennep.synthesis.rules.groups import figures_of_some

#: Sentences of one section on one page: what an officer can hold in view, and a server write in a moment.
PAGE = 20


#: What a kind of statement is called, by the kind as a draft keeps it.
KINDS: Mapping[str, Promise] = {str(kind): words for kind, words in STATEMENTS.items()}


@dataclass(frozen=True)
class OutlineLine:
    """A section of the form, or within it a kind of statement, with one bar a unit."""

    title: str
    question: str
    strip: UnitStrip
    used: int
    unused: int
    waiting: int
    selected: bool
    is_kind: bool = False


@lru_cache(maxsize=4096)
def _report_page(report_id: int, number: int) -> str:
    return reverse("report-version", args=[report_id, number])


@dataclass(frozen=True)
class ShownMember:
    """One unit's own sentence in a group. `version` and `statement` are where it stands."""

    unit: NamedUnit
    told: Told
    is_wording: bool
    asked: bool
    new_text: str | None = None
    touched: bool = False

    @property
    def source(self) -> str:
        return f"{self.told.version_id}:{self.told.statement.id}"

    @property
    def url(self) -> str:
        """The very sentence in the unit's report."""
        return f"{_report_page(self.told.report_id, self.told.number)}#statement-{self.told.statement.id}"


@dataclass(frozen=True)
class ShownItem:
    """A sentence of the draft with what stands behind it and what is to be decided about it."""

    item: DraftItem
    kind: str
    members: tuple[ShownMember, ...]
    units: tuple[NamedUnit, ...]
    pieces: tuple[dict[str, Any], ...]
    touched: bool
    typed: tuple[str, ...]
    of_some: tuple[str, ...]
    reused: bool

    @property
    def is_proposal(self) -> bool:
        return queries.is_proposal(self.item)

    @property
    def is_plain(self) -> bool:
        """Whether no figure stands in the sentence."""
        return all("text" in part for part in self.pieces)

    @property
    def act_url(self) -> str:
        return reverse("change-item", args=[self.item.pk])

    @property
    def waits(self) -> bool:
        return not (self.item.accepted or self.item.left_out)

    @property
    def asked(self) -> tuple[ShownMember, ...]:
        return tuple(one for one in self.members if one.asked)

    @property
    def changed(self) -> tuple[ShownMember, ...]:
        return tuple(one for one in self.members if one.touched)

    @property
    def chips(self) -> tuple[ShownMember, ...]:
        """The members as their chips stand: those about which something is to be decided before the others."""
        return tuple(sorted(self.members, key=lambda one: not (one.touched or one.asked)))

    @property
    def more(self) -> int:
        """How many members stand behind the first eight, which are shown at once."""
        return len(self.members) - 8

    @property
    def may_be_joined(self) -> bool:
        return self.item.kind == ItemKind.STATEMENT and not self.item.left_out


#: Which sentences of a section are shown.
SHOWN: Mapping[str, Callable[[ShownItem], bool]] = {
    "all": lambda _one: True,
    "waiting": lambda one: one.waits,
    "accepted": lambda one: one.item.accepted and not one.item.left_out,
    "left-out": lambda one: one.item.left_out,
}


@dataclass(frozen=True)
class Segment:
    label: str
    question: str
    count: int
    selected: bool


@require_GET
def bench(request: ActingRequest, synthesis_id: int) -> HttpResponse:
    """The outline with its coverage, the sentences of one section, and the draft as it will print."""
    synthesis = queries.synthesis(synthesis_id)
    queries.may_see(request.actor, synthesis)
    round_ = synthesis.round
    layout = round_.form.layout
    items = queries.items(synthesis)
    question = queries.question(synthesis)
    found = consolidation.figures(question, synthesis.unit_id)
    counted = consolidation.counted(question)
    coverage = queries.coverage(round_, synthesis.unit_id, at=request.actor.at, counted=counted)
    in_figures = queries.coverage_of_figures(round_, synthesis.unit_id, at=request.actor.at, counted=counted)
    names = organisation.units_known_by(round_.period.last_day)
    changes = [] if synthesis.is_finished else queries.changes(synthesis)
    rules = reporting.rules_of(round_.form)
    shown = _Showing(synthesis, items, found, changes, names, rules).items()
    chosen = layout.section(request.GET.get("section", "")) or _first_to_decide(layout, shown)
    kind = request.GET.get("kind", "")
    here = [one for one in shown if one.item.section == chosen.letter and kind in {"", one.item.statement_kind}]
    show = request.GET.get("show", "")
    listed = [one for one in here if SHOWN.get(show, SHOWN["all"])(one)]
    page = _page(request, len(listed))
    context = {
        "section": "synthesis",
        "synthesis": synthesis,
        "round": round_,
        "unit": names[synthesis.unit_id],
        "form_name": in_language(round_.form.name, round_.form.name_en),
        "period": period_label(round_.period),
        "outline": _outline(layout, shown, coverage, names, chosen, kind),
        "chosen": chosen,
        "chosen_title": in_language(chosen.title, chosen.title_en),
        "chosen_kind": _kind(kind),
        "kind": kind,
        "silent": _silent(chosen, here, coverage, names),
        "items": _with_next(listed)[page.start : page.stop],
        "page": page.number,
        "show": show,
        "pages": page.pages,
        "statements": sum(len(one.item.sources) for one in here),
        "groups": len([one for one in here if one.item.kind == ItemKind.STATEMENT]),
        "segments": _segments(chosen, kind, here, show),
        "proposals": sum(1 for one in shown if one.item.section == chosen.letter and one.is_proposal),
        "unanswered": [one for one in shown if queries.is_unanswered(one.item)],
        "waiting": sum(1 for one in shown if one.waits),
        "paper": [
            (section, [one for one in shown if one.item.section == section.letter and not one.item.left_out])
            for section in layout.sections
        ],
        "coverage": coverage,
        "in_figures": in_figures,
        "not_in_figures": material.missing_by_name(
            round_, synthesis.unit_id, [place.unit_id for place in in_figures.missing], names
        ),
        "missing": [(names[place.unit_id], place) for place in coverage.missing if place.unit_id in names],
        "changes": _shown_changes(changes, names, round_),
        "rules": rules,
        "may_write": _may(request, synthesis, Permission.SYNTHESIS_WRITE) and not synthesis.is_finished,
        "may_reopen": _may(request, synthesis, Permission.SYNTHESIS_WRITE) and synthesis.is_finished,
        "may_finish": _may(request, synthesis, Permission.SYNTHESIS_FINISH),
        "kinds": WORDS_OF_FILE,
        "may_propose": endpoint() is not None,
    }
    context["seen"] = render_to_string("synthesis/_seen.html", context, request)
    return render(request, "synthesis/bench.html", context)


def _may(request: ActingRequest, synthesis: Synthesis, permission: Permission) -> bool:
    return permission in request.actor.permissions and request.actor.unit_id == synthesis.unit_id


def _first_to_decide(layout: Layout, shown: Sequence[ShownItem]) -> Section:
    """The first section in which something waits, or the first of all."""
    waiting = {one.item.section for one in shown if one.waits}
    return next((section for section in layout.sections if section.letter in waiting), layout.sections[0])


def _kind(kind: str) -> str:
    return str(KINDS.get(kind, ""))


@dataclass(frozen=True)
class _Page:
    number: int
    start: int
    stop: int
    pages: tuple[tuple[str, bool], ...]


def _page(request: ActingRequest, length: int) -> _Page:
    last = max(1, -(-length // PAGE))
    asked = request.GET.get("page", "")
    number = min(max(int(asked), 1), last) if asked.isdecimal() and len(asked) < len(str(10**6)) else 1
    kept = {key: request.GET[key] for key in ("section", "kind", "show") if request.GET.get(key)}
    pages = tuple((urlencode({**kept, "page": str(place)}), place == number) for place in range(1, last + 1))
    return _Page(number, (number - 1) * PAGE, number * PAGE, pages if last > 1 else ())


def _with_next(shown: Sequence[ShownItem]) -> list[tuple[ShownItem, int | None]]:
    """Each sentence with the next one that waits: where an officer goes on to after deciding it."""
    found: list[tuple[ShownItem, int | None]] = []
    following: int | None = None
    for one in reversed(shown):
        found.append((one, following))
        following = one.item.pk if one.waits else following
    return found[::-1]


class _Showing:
    """Makes what the page shows of each sentence."""

    def __init__(
        self,
        synthesis: Synthesis,
        items: Sequence[DraftItem],
        found: Mapping[str, Figure],
        changes: Sequence[Touched],
        names: Mapping[int, NamedUnit],
        rules: Mapping[str, IndicatorRule],
    ) -> None:
        self._synthesis, self._items, self._found = synthesis, items, found
        self._names, self._rules = names, rules
        self._members = queries.members(items)
        self._new = {
            (change.old, statement): change.new
            for change in changes
            if change.old is not None
            for statement in (*change.rewritten, *change.removed)
        }
        self._contents = reporting.content_of({new for new in self._new.values() if new is not None})
        self._touched_figures = {code for change in changes for code in change.indicators}

    def items(self) -> list[ShownItem]:
        return [self._shown(item) for item in self._items]

    def _shown(self, item: DraftItem) -> ShownItem:
        members = tuple(self._shown_members(item))
        parts = tuple(self._pieces(item.text))
        codes = {part["code"] for part in parts if "code" in part}
        is_statement = item.kind == ItemKind.STATEMENT
        return ShownItem(
            item=item,
            kind=_kind(item.statement_kind),
            members=members,
            units=tuple({one.unit.id: one.unit for one in members}.values()),
            pieces=parts,
            touched=any(one.touched for one in members) or not codes.isdisjoint(self._touched_figures),
            typed=() if is_statement else tuple(typed_numbers(item.text)),
            of_some=tuple(figures_of_some(item.text, [one.told.statement.text for one in members])),
            reused=item.decided_at is not None and item.decided_at < self._synthesis.begun_at,
        )

    def _shown_members(self, item: DraftItem) -> Iterable[ShownMember]:
        for version, statement in item.sources:
            source: Source = (int(version), str(statement))
            told = self._members.get(source)
            if told is None or told.unit_id not in self._names:
                continue
            yield ShownMember(
                self._names[told.unit_id],
                told,
                is_wording=told.statement.text == item.text,
                asked=[version, statement] in item.asked,
                new_text=self._new_text(source),
                touched=source in self._new,
            )

    def _new_text(self, source: Source) -> str | None:
        """What the unit says now where it said this; None when it says it no longer."""
        new = self._new.get(source)
        if new is None:
            return None
        return next((one.text for one in self._contents[new].statements if one.id == source[1]), None)

    def _pieces(self, text: str) -> Iterable[dict[str, Any]]:
        for kind, part in pieces(text):
            if kind == "figure" and part in self._rules:
                decimals = 2 if self._rules[part].is_computed else None
                yield {"code": part, "figure": self._found.get(part), "decimals": decimals}
            else:
                yield {"text": part}


# --- the outline ----------------------------------------------------------------------------------


def _outline(
    layout: Layout,
    shown: Sequence[ShownItem],
    coverage: queries.Coverage,
    names: Mapping[int, NamedUnit],
    chosen: Section,
    kind: str,
) -> list[OutlineLine]:
    """Each section, and each kind of statement within one that takes several, with its coverage."""
    lines = []
    for section in layout.sections:
        mine = [one for one in shown if one.item.section == section.letter]
        here = section.letter == chosen.letter
        title = f"{section.letter}. {in_language(section.title, section.title_en)}"
        lines.append(
            _line(title, {"section": section.letter}, mine, coverage, names, here and not kind, section.is_cells)
        )
        if len(section.statement_kinds) > 1:
            lines += [
                _line(
                    _kind(one),
                    {"section": section.letter, "kind": str(one)},
                    [item for item in mine if item.item.statement_kind == one],
                    coverage,
                    names,
                    here and kind == one,
                    is_kind=True,
                )
                for one in section.statement_kinds
            ]
    return lines


def _line(
    title: str,
    question: Mapping[str, str],
    shown: Sequence[ShownItem],
    coverage: queries.Coverage,
    names: Mapping[int, NamedUnit],
    selected: bool,
    is_cells: bool = False,
    is_kind: bool = False,
) -> OutlineLine:
    """One bar a unit: used in the draft, said but not used yet, silent, no report."""
    states: dict[int, StripState] = {}
    for one in shown:
        state = StripState.USED if one.item.accepted and not one.item.left_out else StripState.SAID
        for member in one.members:
            if states.get(member.unit.id) is not StripState.USED:
                states[member.unit.id] = state
    silent = StripState.USED if is_cells else StripState.SILENT
    bars = [(names[unit].short_name, states.get(unit, silent)) for unit in coverage.reported if unit in names]
    missing = [names[place.unit_id].short_name for place in coverage.missing if place.unit_id in names]
    bars += [(name, StripState.MISSING) for name in missing]
    return OutlineLine(
        title,
        urlencode(question),
        UnitStrip(tuple(bars)),
        sum(1 for _name, state in bars if state is StripState.USED),
        sum(1 for _name, state in bars if state is StripState.SAID),
        sum(1 for one in shown if one.waits),
        selected,
        is_kind,
    )


def _silent(
    section: Section, here: Sequence[ShownItem], coverage: queries.Coverage, names: Mapping[int, NamedUnit]
) -> list[NamedUnit]:
    """The units whose report is there and says nothing under this heading."""
    if section.is_cells:
        return []
    said = {member.unit.id for one in here for member in one.members}
    return [names[unit] for unit in coverage.reported if unit not in said and unit in names]


def _segments(section: Section, kind: str, here: Sequence[ShownItem], show: str) -> list[Segment]:
    labels = {
        "all": _("All"),
        "waiting": _("To decide"),
        "accepted": _("Taken in"),
        "left-out": _("Left out"),
    }
    asked = show if show in labels else "all"
    return [
        Segment(
            label,
            urlencode({"section": section.letter, **({"kind": kind} if kind else {}), "show": key}),
            sum(1 for one in here if SHOWN[key](one)),
            key == asked,
        )
        for key, label in labels.items()
    ]


# --- late changes -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownChange:
    """A late change with its old and new figures and words beside each other."""

    change: Touched
    unit: NamedUnit
    figures: tuple[tuple[str, Decimal | None, Decimal | None], ...]
    statements: tuple[tuple[str, str], ...]


def _shown_changes(changes: Sequence[Touched], names: Mapping[int, NamedUnit], round_: Round) -> list[ShownChange]:
    contents = reporting.content_of({version for one in changes for version in (one.old, one.new) if version})
    rules = reporting.rules_of(round_.form)
    shown = []
    for change in changes:
        if change.unit_id not in names:
            continue
        before = contents.get(change.old) if change.old is not None else None
        after = contents.get(change.new) if change.new is not None else None
        said_before = {one.id: one.text for one in before.statements} if before else {}
        said_after = {one.id: one.text for one in after.statements} if after else {}
        touched = (*change.rewritten, *change.added, *change.removed)
        shown.append(
            ShownChange(
                change,
                names[change.unit_id],
                tuple(
                    (
                        in_language(rules[code].name, rules[code].name_en),
                        _decimal(before.cells.get(code) if before else None),
                        _decimal(after.cells.get(code) if after else None),
                    )
                    for code in change.indicators
                    if code in rules
                ),
                tuple((said_before.get(one, ""), said_after.get(one, "")) for one in touched),
            )
        )
    return shown


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None


@require_POST
def answer_change(request: ActingRequest, synthesis_id: int, report_id: int) -> HttpResponse:
    """Take a late change into the draft, or keep what stood, with a reason."""
    try:
        if request.POST.get("act") == "take":
            services.take_change(synthesis_id, report_id, by=request.actor, lexicon=lexicon())
            messages.success(request, _("The draft now stands on the newer version."))
        else:
            services.keep_old(synthesis_id, report_id, request.POST.get("reason", ""), by=request.actor)
            messages.success(request, _("The draft stays as it stood; the reason is kept."))
    except SynthesisRefused as refusal:
        messages.error(request, say_refusal(refusal))
    return _back(request, synthesis_id)


# --- acts on sentences ------------------------------------------------------------------------------


@require_POST
def change_item(request: ActingRequest, item_id: int) -> HttpResponse:
    """Accept, split, rewrite, move, leave out or put back one sentence."""
    act = ITEM_ACTS.get("word" if "word" in request.POST else request.POST.get("act", ""))
    if act is None:
        raise Http404("no such act")
    try:
        item = act(request, item_id)
    except SynthesisRefused as refusal:
        messages.error(request, say_refusal(refusal))
        return _back(request, int(request.POST["synthesis"])) if _given(request) else redirect("syntheses")
    return _back(request, item.synthesis_id, item)


def _revision(request: ActingRequest) -> int | None:
    """Which state of the sentence the officer saw."""
    given = request.POST.get("revision", "")
    return int(given) if given.isdecimal() else None


def _sources(request: ActingRequest) -> list[Source]:
    """Members that were marked, or the one whose wording was chosen: `version:statement` each."""
    marked = (text.partition(":") for text in request.POST.getlist("word") or request.POST.getlist("source"))
    return [(int(version), statement) for version, _colon, statement in marked if version.isdecimal()]


def _accepted(request: ActingRequest, item_id: int) -> DraftItem:
    return services.accept(item_id, by=request.actor, revision=_revision(request))


def _split(request: ActingRequest, item_id: int) -> DraftItem:
    marked = None if request.POST.get("act") == "split-all" else _sources(request)
    group, *apart = services.split(item_id, marked, by=request.actor, revision=_revision(request))
    left = len(apart)
    words = ngettext("%(n)s sentence stands alone now.", "%(n)s sentences stand alone now.", left)
    messages.success(request, words % {"n": left})
    return group


def _worded(request: ActingRequest, item_id: int) -> DraftItem:
    chosen = _sources(request)
    if not chosen:
        raise SynthesisRefused("no_such_member")
    return services.choose_wording(item_id, chosen[0], by=request.actor, revision=_revision(request))


def _rewritten(request: ActingRequest, item_id: int) -> DraftItem:
    return services.rewrite(item_id, request.POST.get("text", ""), by=request.actor, revision=_revision(request))


def _left_out(request: ActingRequest, item_id: int) -> DraftItem:
    return services.leave_out(item_id, request.POST.get("reason", ""), by=request.actor, revision=_revision(request))


ITEM_ACTS: Mapping[str, Callable[[ActingRequest, int], DraftItem]] = {
    "accept": _accepted,
    "split": _split,
    "split-all": _split,
    "word": _worded,
    "rewrite": _rewritten,
    "up": lambda request, item_id: services.move(item_id, up=True, by=request.actor),
    "down": lambda request, item_id: services.move(item_id, up=False, by=request.actor),
    "leave-out": _left_out,
    "put-back": lambda request, item_id: services.put_back(item_id, by=request.actor, revision=_revision(request)),
}


#: Why no proposal came, by what the asking says.
FAILURES: Mapping[str, Promise] = {
    "unreachable": later("The language model did not answer: its address cannot be reached."),
    "slow": later("The language model took too long."),
    "refused": later("The language model refused the request."),
    "unreadable": later("The language model's answer could not be read."),
    "too_long": later("The language model's answer was far too long."),
}
#: What a proposal may not hold, by what the checker says.
UNHELD: Mapping[Held, Promise] = {
    Held.NUMBER: later("a number that no unit says"),
    Held.QUALIFIER: later("a number said more or less surely than by the units"),
    Held.DATE: later("a date or paper that no unit names"),
    Held.NAME: later("a name that no unit names"),
    Held.DENIAL: later("a denial that is new, or that was lost"),
    Held.WHOLE: later("more than the units say"),
    Held.SIGN: later("signs that do not belong in a sentence"),
}


def endpoint() -> wording.Endpoint | None:
    """The language model that may be asked, if the organisation has named one."""
    given = settings.WORDING
    return wording.Endpoint(given["url"], given["model"], given["key"]) if given["url"] else None


@require_POST
def propose_wording(request: ActingRequest, item_id: int) -> HttpResponse:
    """Ask the language model for one sentence; what it proposes is shown, checked, and nothing of the draft changes."""
    asked = endpoint() or wording.Endpoint("", "")
    try:
        item, sentences = services.ask_for_wording(
            item_id, by=request.actor, revision=_revision(request), is_named=bool(asked.url)
        )
    except SynthesisRefused as refusal:
        messages.error(request, say_refusal(refusal))
        return _back(request, int(request.POST["synthesis"])) if _given(request) else redirect("syntheses")
    context: dict[str, Any] = {
        "item": item,
        "synthesis": item.synthesis,
        "sentences": sentences,
        "section": "synthesis",
    }
    try:
        # Outside any transaction: the books do not wait for a machine elsewhere.
        found = wording.propose(asked, sentences)
    except wording.WordingFailed as failed:
        context["failed"] = FAILURES[failed.why]
    else:
        context |= {"proposal": found, "unheld": [(UNHELD[one.what], one.text) for one in found.unfaithful]}
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "synthesis/_wording.html" if fragment else "synthesis/wording.html", context)


def _given(request: ActingRequest) -> bool:
    return request.POST.get("synthesis", "").isdecimal()


@require_POST
def join_items(request: ActingRequest, synthesis_id: int) -> HttpResponse:
    """Put the marked sentences together: `item` is `id:revision` of each."""
    marked = [text.partition(":") for text in request.POST.getlist("item")]
    revisions = {int(one): int(seen) for one, _colon, seen in marked if one.isdecimal() and seen.isdecimal()}
    try:
        item = services.join(list(revisions), by=request.actor, revisions=revisions, synthesis_id=synthesis_id)
    except SynthesisRefused as refusal:
        messages.error(request, say_refusal(refusal))
        return _back(request, synthesis_id)
    messages.success(request, _("Put together. It will not be asked again."))
    return _back(request, synthesis_id, item)


@require_POST
def accept_section(request: ActingRequest, synthesis_id: int) -> HttpResponse:
    """Take every proposal of a section into the draft."""
    count = request.POST.get("count", "")
    try:
        accepted = services.accept_section(
            synthesis_id,
            request.POST.get("section", ""),
            by=request.actor,
            count=int(count) if count.isdecimal() else None,
        )
    except SynthesisRefused as refusal:
        messages.error(request, say_refusal(refusal))
    else:
        words = ngettext("%(n)s sentence accepted.", "%(n)s sentences accepted.", accepted)
        messages.success(request, words % {"n": accepted})
    return _back(request, synthesis_id)


def _back(request: ActingRequest, synthesis_id: int, item: DraftItem | None = None) -> HttpResponse:
    """The bench where the officer was: same section and choice, at the sentence or the one to go on to."""
    kept = {key: request.POST[key] for key in ("section", "kind", "show", "page") if request.POST.get(key)}
    if item is not None:
        kept.setdefault("section", item.section)
    target = request.POST.get("next", "") or (str(item.pk) if item else "")
    anchor = f"#item-{target}" if target.isdecimal() else ""
    return redirect(f"{reverse('synthesis', args=[synthesis_id])}?{urlencode(kept)}{anchor}")


urlpatterns = [
    path("synthesis/<int:synthesis_id>/", bench, name="synthesis"),
    path("synthesis/items/<int:item_id>/", change_item, name="change-item"),
    path("synthesis/items/<int:item_id>/wording/", propose_wording, name="propose-wording"),
    path("synthesis/<int:synthesis_id>/join/", join_items, name="join-items"),
    path("synthesis/<int:synthesis_id>/accept/", accept_section, name="accept-section"),
    path("synthesis/<int:synthesis_id>/changes/<int:report_id>/", answer_change, name="answer-change"),
]
