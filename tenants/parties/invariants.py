"""What must always be true of letters: nobody waits for one."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from spaces.invariants import Invariant, Looked
from tenants.parties.models import Letter

LONGEST = timedelta(hours=24)
"""Longer than a mail server is usually away; the shorter alarm is at /gezond/klaar."""


def _letters(now: datetime) -> Looked:
    owed = Letter.objects.unsent()
    late = owed.filter(due_at__lt=now - LONGEST, refused_at=None).order_by("due_at")
    return Looked(
        owed.count(), [f"letter {letter.pk} ({letter.kind}) is owed since {letter.due_at}" for letter in late]
    )


INVARIANTS = (Invariant(gettext_noop("no letter is owed for longer than a day"), _letters),)
