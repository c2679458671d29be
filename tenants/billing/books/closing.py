"""Closing a period: nothing dated on or before its last day is issued, paid or booked any more."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spaces.models import Hub
from tenants.billing.books import accounts
from tenants.billing.models import BankEntry, Books, InvoiceRun, PeriodClose, RunState
from tenants.parties.models import User


class CloseRefused(Exception):
    """The books cannot be closed on that day; `message` says why and what to do."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


@dataclass(frozen=True)
class Unfinished:
    """What somebody may still want to do before a period is closed, in the active language."""

    text: str
    url_name: str


def unfinished(hub: Hub, *, until: date) -> list[Unfinished]:
    """What is not done yet of the days up to `until`. Two queries."""
    runs = InvoiceRun.objects.filter(hub=hub, month__lte=until).exclude(state=RunState.ISSUED)
    entries = BankEntry.objects.filter(hub=hub, booked_on__lte=until).unexplained()
    open_runs, unexplained = runs.filter(invoices__isnull=False).distinct().count(), entries.count()
    found = []
    if open_runs:
        words = ngettext(
            "%(number)d month run is not issued.", "%(number)d month runs are not issued.", open_runs
        )
        found.append(Unfinished(words % {"number": open_runs}, "invoicing-month"))
    if unexplained:
        words = ngettext(
            "%(number)d bank entry is not explained.",
            "%(number)d bank entries are not explained.",
            unexplained,
        )
        found.append(Unfinished(words % {"number": unexplained}, "bank"))
    return found


@transaction.atomic(durable=True)
def close(hub: Hub, *, until: date, by: User, now: datetime) -> None:
    """Close the books up to and including `until`. The same day again changes nothing.

    Raises CloseRefused for today or later, and for a day before what is closed already: `reopen` does that.
    """
    kept = _locked(hub)
    if until >= now.astimezone(hub.zone).date():
        raise CloseRefused(_("Only days that are over can be closed. Choose a day before today."))
    if kept.locked_until is not None and until < kept.locked_until:
        raise CloseRefused(
            _("The books are closed further than that already. The director can open them again.")
        )
    _set(kept, until, by=by, now=now)


@transaction.atomic(durable=True)
def reopen(hub: Hub, *, after: date, by: User, now: datetime) -> None:
    """Open the days after `after` again, because something was forgotten; it stays on record who did so."""
    kept = _locked(hub)
    if kept.locked_until is None or after >= kept.locked_until:
        raise CloseRefused(_("Those days are open already."))
    _set(kept, after, by=by, now=now)


def _locked(hub: Hub) -> Books:
    accounts.books_of(hub)
    return Books.objects.select_for_update().get(hub=hub)


def _set(kept: Books, until: date, *, by: User, now: datetime) -> None:
    if kept.locked_until == until:
        return
    kept.locked_until = until
    kept.save(update_fields=["locked_until"])
    PeriodClose.objects.create(hub=kept.hub, until=until, by=by, at=now)
