"""What a new day brings, from the command line: documents that begin and end, and reminders, mailed where a mail
server is named.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import groupby
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from nennep.documents.services.route import new_day
from nennep.journal.rules import Actor
from nennep.planning.models import Notice
from nennep.planning.queries.notices import Letter, letters
from nennep.planning.services.notices import mark_mailed, run_digest
from nennep.site.now import command_actor
from nennep.site.planning_words import SUBJECTS, is_overdue, say_notice, subject_of


class MailFailed(Exception):
    """Some letters could not be handed to the mail server. They are tried again with the next digest."""


def run(day: date | None, say: Callable[[str], None]) -> None:
    """Let documents enter into force and end today; remind everybody of a day (today when none is named), and mail it.

    Raises MailFailed.
    """
    by = command_actor()
    on = day or by.today
    turned = new_day(by)
    say(f"{by.today:%d/%m/%Y}: {turned.entered} documents entered into force, {turned.expired} ended")
    done = run_digest(on, by=by)
    say(f"{on:%d/%m/%Y}: {done.made} reminders made, {done.renewed} renewed, {done.settled} settled")
    if not settings.EMAIL_HOST:
        return
    sent, failed = send_letters(on, by=by)
    say(f"{sent} letters mailed")
    if failed:
        raise MailFailed(f"{failed} letters could not be mailed; they are tried again with the next digest")


def send_letters(day: date, *, by: Actor) -> tuple[int, int]:
    """Mail each person their letter of a day; how many were sent, and how many the mail server did not take.

    What was sent is noted letter by letter, so that a server that stops in the middle sends nobody anything twice.
    """
    waiting = letters(day)
    if not waiting:
        return 0, 0
    sent = 0
    connection = get_connection()
    for letter in waiting:
        message = written(letter, day)
        message.connection = connection
        try:
            message.send()
        except (SMTPException, OSError):
            connection.close()
            continue
        sent += 1
        mark_mailed([notice.pk for notice in letter.notices], by=by)
    connection.close()
    return sent, len(waiting) - sent


def written(letter: Letter, day: date) -> EmailMessage:
    """A plain letter in Vietnamese: what is overdue first, then by last day; each thing a line, under its post."""
    with override("vi"):
        count = len(letter.notices)
        subject = ngettext("Nền Nếp: %(count)s reminder, %(day)s", "Nền Nếp: %(count)s reminders, %(day)s", count)
        lines = [_("Dear %(person)s,") % {"person": letter.person}, ""]
        by_post = sorted(letter.notices, key=lambda notice: (notice.post_id, not is_overdue(notice), notice.due_on))
        for _post, notices in groupby(by_post, key=lambda notice: notice.post_id):
            lines += [*_part(list(notices), day), ""]
        lines.append(_("This letter is written once a day. Open Nền Nếp to see more or to act."))
        return EmailMessage(
            subject % {"count": count, "day": f"{day:%d/%m/%Y}"}, "\n".join(lines), to=[letter.person.email]
        )


def _part(notices: list[Notice], day: date) -> list[str]:
    """What one post was told."""
    post = notices[0].post
    lines = [f"{post.title} ({post.unit.code})"]
    for notice in notices:
        due = f"{notice.due_on:%d/%m/%Y}" if notice.due_on else ""
        lines.append(f"- {SUBJECTS[subject_of(notice)]}: {notice.title} – {say_notice(notice, day)} ({due})")
    return lines
