"""The day up to which the books are closed: nothing on or before it is issued, paid or booked any more."""

from datetime import date

from django.utils.translation import gettext as _

from spaces import wording
from spaces.models import Hub
from tenants.billing.models import Books


class BooksLocked(Exception):
    """The day lies in a period that was closed; `message` says until when, and what to do."""

    def __init__(self, until: date) -> None:
        self.message = _("The books are closed up to and including %(day)s. Choose a later day.") % {
            "day": wording.calendar_date(until)
        }
        super().__init__(self.message)


def raise_if_locked(hub: Hub, day: date) -> None:
    """Raise BooksLocked when `day` lies in a closed period of `hub`. One query."""
    until = Books.objects.filter(hub=hub).values_list("locked_until", flat=True).first()
    if until is not None and day <= until:
        raise BooksLocked(until)
