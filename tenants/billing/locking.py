"""The day up to which the books are closed: nothing on or before it is issued, paid or booked any more."""

from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from spaces import wording
from spaces.models import Hub

_SHARED = "SELECT locked_until FROM billing_books WHERE hub_id = %s FOR SHARE"


class BooksLocked(Exception):
    """The day lies in a period that was closed; `message` says until when, and what to do."""

    def __init__(self, until: date) -> None:
        self.message = _("The books are closed up to and including %(day)s. Choose a later day.") % {
            "day": wording.calendar_date(until)
        }
        super().__init__(self.message)


def raise_if_locked(hub: Hub, day: date) -> None:
    """Raise BooksLocked when `day` lies in a closed period of `hub`. One query.

    Who closes the books waits until the transaction that asked has ended, and the other way round: nothing is booked in
    a period between looking and closing it. Those who ask never wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SHARED, [hub.pk])
        found = cursor.fetchone()
    if found and found[0] is not None and day <= found[0]:
        raise BooksLocked(found[0])
