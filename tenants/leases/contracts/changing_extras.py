"""What goes with a lease: who pays, discounts, advances, securities, ways to end it."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Model, QuerySet

from spaces.periods import DAY
from tenants.leases.contracts import terms_rows
from tenants.leases.contracts.answers import Answers
from tenants.leases.contracts.changing_terms import taxed
from tenants.leases.contracts.refusals import BreakThere, DiscountThere, Gone, PartsNotOne
from tenants.leases.models import (
    BreakOption,
    Lease,
    LeaseShare,
    RentDiscount,
    Security,
    ServiceAdvance,
    ServiceType,
)
from tenants.leases.terms import on as terms_on
from tenants.parties.models import Party, User


def payers(lease: Lease, told: Answers, *, by: User, now: datetime) -> None:
    """Who pays which part from a day on. Raises PartsNotOne, and NotToBeTaxed when who pays may not opt."""
    day = terms_rows.within(lease, told.first_day())
    lease.shares.filter(starts_on=day if day > lease.starts_on else None).delete()
    share(lease, told.payers(), first=day)
    terms = terms_on(lease, day)
    if terms is not None:
        parties = Party.objects.filter(pk__in=[pk for pk, _part in told.payers()])
        taxed(Answers({**vars(terms), "option_declared_on": str(terms.option_declared_on or "")}), parties)


def share(lease: Lease, parts: Sequence[tuple[int, Fraction]], *, first: date) -> None:
    """Let these parties (by pk) pay these parts from `first` on. Raises PartsNotOne."""
    known = Party.objects.of_hub(lease.hub).in_bulk([pk for pk, _part in parts])
    if sum(part for _pk, part in parts) != 1 or len(known) != len(parts):
        raise PartsNotOne
    from_start = first <= lease.starts_on
    if from_start and parts == [(lease.party_id, Fraction(1))]:
        return
    LeaseShare.objects.bulk_create(
        LeaseShare(
            lease=lease, party=known[pk], numerator=part.numerator, denominator=part.denominator,
            starts_on=None if from_start else first,
        )
        for pk, part in parts
    )  # fmt: skip


def discount(lease: Lease, told: Answers, *, by: User, now: datetime) -> None:
    """A part of the rent that is not asked for between two days. Raises DiscountThere and OutsideTheTerm."""
    first, last = terms_rows.within(lease, told.first_day()), told.first_day("last")
    less(lease, first, last, told.amount("percentage") or Decimal(100))


def less(lease: Lease, first: date, last: date, percentage: Decimal) -> None:
    """Do not ask `percentage` of the rent on these days, both included. Raises DiscountThere."""
    there = lease.discounts.filter(starts_on__lte=last, ends_on__gte=first).first()
    if there is not None:
        raise DiscountThere(there.starts_on, there.ends_on)
    RentDiscount.objects.create(lease=lease, starts_on=first, ends_on=last, percentage=percentage)


def stop_discount(lease: Lease, told: Answers, *, by: User, now: datetime) -> None:
    """Let a discount end the day before a day; one that has not begun by then goes."""
    row, day = _own(lease.discounts.all(), told), terms_rows.within(lease, told.first_day())
    if row.starts_on >= day:
        row.delete()
    elif row.ends_on >= day:
        row.ends_on = day - DAY
        row.save(update_fields=["ends_on"])


def advances(lease: Lease, told: Answers, *, by: User, now: datetime) -> None:
    """What is paid in advance each month for each type from a day on, instead of what was; 0 is nothing any more."""
    day = terms_rows.within(lease, told.first_day())
    pay_ahead(lease, told.advances(), first=day)


def pay_ahead(lease: Lease, amounts: dict[int, Decimal], *, first: date) -> None:
    """Let the lease pay these amounts a month for these types (by pk) from `first` on, instead of what was agreed."""
    known = ServiceType.objects.filter(hub=lease.hub).in_bulk(list(amounts))
    for pk, kind in known.items():
        rows = lease.advances.filter(type=kind)
        if amounts[pk] == _running(rows, first):
            continue
        rows.filter(starts_on__gte=first).delete()
        rows.filter(ends_on=None).update(ends_on=first - DAY)
        rows.filter(ends_on__gte=first).update(ends_on=first - DAY)
        if amounts[pk]:
            ServiceAdvance.objects.create(lease=lease, type=kind, per_month=amounts[pk], starts_on=first)


def security(lease: Lease, told: Answers, *, by: User, now: datetime) -> None:
    """A deposit or a guarantee of a bank."""
    Security.objects.create(
        lease=lease,
        kind=told.text("security_kind"),
        amount=told.amount("security_amount") or Decimal(0),
        issuer=told.text("issuer"),
        expires_on=told.day("expires_on"),
        received_on=told.day("received_on"),
    )


def security_dates(lease: Lease, told: Answers, *, by: User, now: datetime) -> None:
    """When a deposit or guarantee was received, until when it is valid, when it was given back."""
    row = _own(lease.securities.all(), told)
    row.received_on, row.returned_on = told.day("received_on"), told.day("returned_on")
    row.expires_on, row.issuer = told.day("expires_on"), told.text("issuer")
    row.save()


def add_break(lease: Lease, told: Answers, *, by: User, now: datetime) -> None:
    """A way to end the lease before its term. Raises BreakThere and OutsideTheTerm."""
    last = terms_rows.within(lease, told.first_day("break_on"))
    if lease.breaks.filter(ends_on=last).exists():
        raise BreakThere
    whose = told.text("break_whose") or BreakOption.Whose.TENANT
    BreakOption.objects.create(
        lease=lease, ends_on=last, notice_months=told.number("break_months"), whose=whose
    )


def drop_break(lease: Lease, told: Answers, *, by: User, now: datetime) -> None:
    """Agree that the lease cannot be ended on that day any more."""
    _own(lease.breaks.all(), told).delete()


def _running(rows: QuerySet[ServiceAdvance], day: date) -> Decimal:
    """What is paid from `day` on, when that is one amount for good; else an amount that nobody answers."""
    coming = [row for row in rows if row.ends_on is None or row.ends_on >= day]
    if len(coming) == 1 and coming[0].ends_on is None and coming[0].starts_on <= day:
        return coming[0].per_month
    return Decimal(-1) if coming else Decimal(0)


def _own(rows: QuerySet[Any], told: Answers) -> Any:
    """The row of this lease that was asked about. Raises Gone."""
    found: Model | None = rows.filter(pk=told.number("row")).first()
    if found is None:
        raise Gone
    return found
