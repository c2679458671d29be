"""The periods in which a lease is charged: calendar months or quarters, cut by its term. Pure."""

from collections.abc import Iterator
from datetime import date

from spaces.periods import DAY
from tenants.leases.instalments import Days, month_of, quarter_of
from tenants.leases.models import LeaseTerms
from tenants.leases.rent import Agreement


def periods(agreement: Agreement, *, starts: date, until: date) -> list[Days]:
    """The periods from `starts` on that begin by `until`, without a day between them or twice.

    The first one is what is left of its month or quarter. When invoicing changes from months to quarters, the first
    quarter is what is left of it; the other way round the quarter ends with the last month invoiced that way.
    """
    return list(_periods(agreement, max(starts, agreement.starts_on), until))


def _periods(agreement: Agreement, starts: date, until: date) -> Iterator[Days]:
    while starts <= until and (days := agreement.within((starts, _end(agreement, starts)))):
        yield days
        starts = days[1] + DAY


def _end(agreement: Agreement, day: date) -> date:
    last = month_of(day)[1]
    while _quarterly(agreement, day) and last < quarter_of(day)[1] and _quarterly(agreement, last + DAY):
        last = month_of(last + DAY)[1]
    return last


def _quarterly(agreement: Agreement, day: date) -> bool:
    terms = agreement.terms_on(day)
    return terms is not None and terms.invoicing == LeaseTerms.Invoicing.QUARTER
