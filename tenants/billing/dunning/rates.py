"""The dated table of statutory interest between businesses: everybody at a hub is one."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from spaces.periods import DAY
from tenants.billing.dunning.interest import Rate
from tenants.billing.dunning.refusals import DunningRefused
from tenants.billing.models import InterestRate

TRADE = InterestRate.Kind.TRADE
SOURCE = "Besluit wettelijke rente, artikel 6:120 lid 2 BW"
SEEDS = (
    (date(2023, 1, 1), date(2023, 6, 30), "10.50"),
    (date(2023, 7, 1), date(2023, 12, 31), "12.00"),
    (date(2024, 1, 1), date(2024, 6, 30), "12.50"),
    (date(2024, 7, 1), date(2024, 12, 31), "12.25"),
)
"""What was read in a public source; later rates are entered by the bookkeeper each half-year."""


def table() -> list[InterestRate]:
    """All rows, the newest first; the known ones are made with the first use. One query once they are there."""
    rows = list(InterestRate.objects.filter(kind=TRADE).order_by("-starts_on"))
    return rows or _seeded()


def known() -> list[Rate]:
    """The table as figures. One query."""
    return [Rate(row.starts_on, row.ends_on, row.percentage) for row in table()]


@transaction.atomic
def store(row: InterestRate) -> None:
    """Add or change a rate. Raises DunningRefused when a day of it has another rate, or it ends before it begins."""
    if row.ends_on < row.starts_on:
        raise DunningRefused(_("The last day is before the first. Exchange the two dates."))
    list(InterestRate.objects.select_for_update().filter(kind=TRADE))
    others = InterestRate.objects.filter(kind=TRADE, starts_on__lte=row.ends_on, ends_on__gte=row.starts_on)
    if others.exclude(pk=row.pk).exists():
        raise DunningRefused(
            _("Some of these days have a rate already. Change that one, or choose other days.")
        )
    row.kind = TRADE
    row.save()


def next_empty() -> InterestRate:
    """A row for the half-year after the last known one, to fill in."""
    rows = table()
    first = rows[0].ends_on + DAY
    last = date(first.year, 6, 30) if first.month <= 6 else date(first.year, 12, 31)
    return InterestRate(kind=TRADE, starts_on=first, ends_on=last)


@transaction.atomic
def _seeded() -> list[InterestRate]:
    for starts_on, ends_on, percentage in SEEDS:
        InterestRate.objects.get_or_create(
            kind=TRADE, starts_on=starts_on,
            defaults={"ends_on": ends_on, "percentage": Decimal(percentage), "source": SOURCE},
        )  # fmt: skip
    return list(InterestRate.objects.filter(kind=TRADE).order_by("-starts_on"))
