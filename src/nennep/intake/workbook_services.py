"""The acts of a form's workbook: it is signed when it leaves, known again when it comes back, and written into the
draft once a person has confirmed what it says.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.crypto import constant_time_compare, salted_hmac

from nennep.intake.rules.filled import Here
from nennep.intake.rules.workbook import Identity, form_digest
from nennep.reporting import queries as reporting
from nennep.reporting.models import Report

_SALT = "nennep.intake.workbook"


def sign(passport: str) -> str:
    """The signature of a workbook's passport, in hexadecimal signs. Only who holds the installation's key can make
    it.
    """
    return salted_hmac(_SALT, passport, algorithm="sha256").hexdigest()


def holds(passport: str, signature: str) -> bool:
    """Whether a passport bears the signature that this installation gave it."""
    return constant_time_compare(sign(passport), signature)


def here(report: Report) -> Here:
    """A report as a workbook that is dropped on it must fit."""
    form, closed_at = report.round.form, report.round.closed_at
    return Here(
        unit=report.unit.code,
        form=form.code,
        form_version=form.version,
        form_digest=form_digest(form.layout, reporting.rules_of(form)),
        period=report.round.period_code,
        version=report.current_version.number if report.current_version else 0,
        closed_at=closed_at.isoformat() if closed_at else "",
    )


def identity_of(report: Report, *, at: datetime) -> Identity:
    """Whose report a workbook made now holds, and on which state of it."""
    now = here(report)
    return Identity(
        now.unit,
        now.form,
        now.form_version,
        now.form_digest,
        now.period,
        now.version,
        report.draft_revision,
        at.isoformat(),
    )
