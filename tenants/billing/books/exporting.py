"""The books of a period as files for the accountant: journal, audit file, and a zip of the e-invoices."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spaces import wording
from spaces.models import Hub
from spaces.money import Euro
from tenants.billing import archiving
from tenants.billing.books import audit_file, journal, vat_overview
from tenants.billing.books.vat_overview import VatOverview


class ExportRefused(Exception):
    """The period cannot be exported; `message` says why and what to do."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


@dataclass(frozen=True)
class Export:
    """The files by name, and what they are about."""

    files: dict[str, bytes]
    entries: int
    total: Euro
    vat: VatOverview

    def report(self) -> Iterator[str]:
        """What is in them, in the active language."""
        words = ngettext(
            "%(number)d journal entry, %(amount)s debit and as much credit.",
            "%(number)d journal entries, %(amount)s debit and as much credit.",
            self.entries,
        )
        yield words % {"number": self.entries, "amount": wording.euro(self.total)}
        for row in self.vat.rates:
            yield _("VAT %(rate)s %%: %(vat)s on %(net)s") % {
                "rate": wording.number(row.rate),
                "vat": wording.euro(row.vat),
                "net": wording.euro(row.net),
            }


def prepare(hub: Hub, *, first: date, last: date, today: date) -> Export:
    """Everything of the days from `first` to `last`, both included, of one year. Raises ExportRefused."""
    if first > last:
        raise ExportRefused(_("The last day is before the first. Exchange the two dates."))
    if first.year != last.year:
        raise ExportRefused(_("Choose two days in the same year: the books are kept by the year."))
    found = journal.entries(hub, first=first, last=last)
    names = {
        kind: journal.file_name(hub, first=first, last=last, kind=kind) for kind in ("csv", "xaf", "zip")
    }
    return Export(
        {
            names["csv"]: journal.journal_csv(found),
            names["xaf"]: audit_file.written(hub, first=first, last=last, today=today),
            names["zip"]: archiving.zipped(archiving.e_invoices(hub, first=first, last=last)).read(),
        },
        len(found),
        journal.total_of(found),
        vat_overview.over(hub, first=first, last=last),
    )
