"""Word templates: which one gives a family its looks on a day, and a paper written into it."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from nennep.documents.docx import render_docx
from nennep.documents.models import WordTemplate
from nennep.documents.rules.layout import Family, layout_on
from nennep.documents.rules.paper import Paper
from nennep.documents.shut_in import write_safely
from nennep.documents.word_templates import template_for
from nennep.organisation import queries as organisation
from nennep.organisation.rules import Line


def templates(family: Family | None = None) -> QuerySet[WordTemplate]:
    """The templates that were uploaded, of one family or of both, newest first; without their files."""
    found = WordTemplate.objects.defer("data").order_by("-starts_on", "family")
    return found if family is None else found.filter(family=family)


def template_in_force(family: Family, day: date) -> WordTemplate | None:
    """The uploaded template that holds on a day: the newest since the family's layout of that day came into force.

    Its file is fetched when it is asked for. None where there is none: papers are then written into the template made
    from the layout. A new decree thereby ends a template that was made for the old one. Raises LookupError for a day
    before the first layout.
    """
    since = layout_on(day, family).in_force_from
    return templates(family).filter(starts_on__gte=since, starts_on__lte=day).first()


def template_file(family: Family, day: date) -> bytes:
    """The Word file that gives the family its looks on a day, uploaded or made. Raises as `template_in_force` does."""
    template = template_in_force(family, day)
    return template_for(layout_on(day, family)) if template is None else bytes(template.data)


def docx_of(paper: Paper) -> bytes:
    """The paper as DOCX, in the template of its family and day; so an old paper looks as it did.

    Raises LookupError for a day before the first layout; shut_in.TemplateFailedError when an uploaded template fails.
    """
    template = template_in_force(paper.family, paper.dated_on)
    if template is None:
        return render_docx(paper)
    return write_safely(paper, layout_on(paper.dated_on, paper.family), bytes(template.data))


def keeper_of_templates(day: date) -> int | None:
    """The unit whose posts may replace templates: the top of the line of command. None in an organisation of none."""
    tree = organisation.tree_on(day, Line.COMMAND)
    return next((root for root in tree.roots if tree.children.get(root)), next(iter(tree.roots), None))
