"""Whether a rent is to be indexed on a day, and which days were forgotten: on the dated terms of one lease."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from spaces import wording
from spaces.periods import DAY
from tenants.leases.models import Indexation, Lease, LeaseTerms
from tenants.leases.naming import month as in_words
from tenants.leases.notice import months_before

YEAR = 12
NEEDED = ("terms", "indexations", "periods", "shares__party", "discounts")
"""What a lease is prefetched with, so that a hub costs a constant number of queries."""


@dataclass(frozen=True)
class Standing:
    """Whether a rent is due to be indexed on a day; if not, `reason` says why in the active language."""

    is_due: bool
    reason: str = ""
    done: Indexation | None = None


class Course:
    """A lease through time, from what was prefetched by NEEDED; runs no query."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        rows = sorted(lease.terms.all(), key=lambda row: (row.starts_on, row.pk))
        self.history: Sequence[LeaseTerms] = list({row.starts_on: row for row in rows}.values())
        self.indexations = sorted(lease.indexations.all(), key=lambda row: row.on)

    def terms_on(self, day: date) -> LeaseTerms | None:
        """The terms that count on `day`; None when the lease does not run then."""
        if day < self.lease.starts_on or (self.lease.ends_on and day > self.lease.ends_on):
            return None
        return next((row for row in reversed(self.history) if row.starts_on <= day), None)

    def standing(self, on: date) -> Standing | None:
        """What is to be done with the rent on `on`, the first of a month; None when the lease does not run then."""
        terms = self.terms_on(on)
        if terms is None:
            return None
        done = next((row for row in self.indexations if row.on == on), None)
        if done:
            return Standing(is_due=False, reason=_("Done already."), done=done)
        reason = self._why_not(terms, on)
        return Standing(is_due=not reason, reason=reason)

    def due(self, *, until: date) -> list[date]:
        """The days up to and including `until` on which the rent should have been indexed and was not."""
        months = {row.indexing_month for row in self.history if row.indexing_month}
        days = (
            date(year, month, 1)
            for year in range(self.lease.starts_on.year, until.year + 1)
            for month in sorted(months)
        )
        return [day for day in days if day <= until and (found := self.standing(day)) and found.is_due]

    def forgotten(self, today: date) -> list[date]:
        """The days by now on which it was not done; none for a lease that has ended."""
        return self.due(until=today) if self.runs_still(today) else []

    def runs_still(self, today: date) -> bool:
        return self.lease.ends_on is None or self.lease.ends_on >= today

    @property
    def first_open(self) -> date:
        """The first day that is neither in the old books nor charged here."""
        charged = [row.ends_on + DAY for row in self.lease.periods.all()]
        return max([self.lease.charged_from, *charged])

    def _why_not(self, terms: LeaseTerms, on: date) -> str:
        if terms.indexing == LeaseTerms.Indexing.NONE:
            return _("No indexation was agreed in this lease.")
        if terms.indexing_month != on.month:
            month = in_words(on.replace(month=terms.indexing_month or 1)).rpartition(" ")[0]
            return _("Its month of indexation is %(month)s.") % {"month": month}
        later = next((row.on for row in self.indexations if row.on > on), None)
        if later:
            return _("It was indexed for a later day already: %(day)s.") % {
                "day": wording.calendar_date(later)
            }
        return self._too_young(terms, on)

    def _too_young(self, terms: LeaseTerms, on: date) -> str:
        last = self.indexations[-1].on if self.indexations else None
        level = max((day for day in (terms.price_level_on, last) if day), default=None)
        if level is None and on < self.lease.charged_from:
            return _("The price level of its rent is not known, so nobody can say whether this was done.")
        if months_before(on, YEAR) < (level or terms.starts_on):
            return _("Its rent is of the price level of %(day)s, less than a year before.") % {
                "day": wording.calendar_date(level or terms.starts_on)
            }
        return ""
