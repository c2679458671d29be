"""Rooms added to a lease or given up, from a day on; the rent follows the m²."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext_noop

from spaces.models import Space
from spaces.money import euro
from spaces.periods import DAY
from tenants.leases.contracts import terms_rows
from tenants.leases.contracts.answers import Answers
from tenants.leases.contracts.changing_terms import because, priced
from tenants.leases.contracts.refusals import LaterRooms, NoRooms, SameRooms
from tenants.leases.models import Lease, LeaseLine, LeaseTerms
from tenants.parties.models import User


def rooms(lease: Lease, told: Answers, *, by: User, now: datetime) -> None:
    """The rooms with their m² from a day on. Without an own rent the m² that differ count at their price per m².

    Raises NoRooms, SameRooms, LaterRooms and OutsideTheTerm.
    """
    day, wanted = terms_rows.within(lease, told.first_day()), told.rooms()
    if not wanted:
        raise NoRooms
    held = {line.space_id: line for line in _on(lease, day)}
    if {pk: line.area_m2 for pk, line in held.items()} == wanted:
        raise SameRooms
    difference = sum(wanted.values()) - sum((line.area_m2 for line in held.values()), Decimal(0))
    _give_up([line for pk, line in held.items() if wanted.get(pk) != line.area_m2], day, lease=lease)
    kept = {pk for pk, line in held.items() if wanted.get(pk) == line.area_m2}
    add(lease, {pk: area for pk, area in wanted.items() if pk not in kept}, first=day)
    terms_rows.add_throughout(
        lease, day=day, kind=LeaseTerms.Kind.ROOMS, by=by, now=now,
        explanation=because(gettext_noop("Other rooms"), told),
        change=lambda row: _priced(row, told, difference, day=day),
    )  # fmt: skip


def add(lease: Lease, areas: Mapping[int, Decimal], *, first: date) -> None:
    """Rooms of the hub of the lease (by pk) with their m², from `first` on."""
    known = Space.objects.of_hub(lease.hub).in_bulk(list(areas))
    LeaseLine.objects.bulk_create(
        LeaseLine(
            lease=lease,
            space=known[pk],
            area_m2=area,
            starts_on=first if first > lease.starts_on else None,
        )
        for pk, area in areas.items()
    )


def _on(lease: Lease, day: date) -> list[LeaseLine]:
    """The rooms on `day`. Raises LaterRooms when other ones have been agreed for later."""
    later = lease.lines.filter(starts_on__gt=day).order_by("starts_on").first()
    leaving = lease.lines.filter(ends_on__gte=day, ends_on__lt=lease.ends_on or date.max).first()
    if later is not None and later.starts_on:
        raise LaterRooms(later.starts_on)
    if leaving is not None and leaving.ends_on:
        raise LaterRooms(leaving.ends_on + DAY)
    begun = lease.lines.filter(Q(starts_on=None) | Q(starts_on__lte=day))
    return list(begun.filter(Q(ends_on=None) | Q(ends_on__gte=day)))


def _give_up(lines: list[LeaseLine], day: date, *, lease: Lease) -> None:
    for line in lines:
        if (line.starts_on or lease.starts_on) >= day:
            line.delete()
        else:
            line.ends_on = day - DAY
            line.save(update_fields=["ends_on"])


def _priced(row: LeaseTerms, told: Answers, difference: Decimal, *, day: date) -> Mapping[str, object]:
    area = row.area_m2 + difference
    if told.amount("amount") is not None and row.starts_on <= day:
        return priced(told, area) | {"area_m2": area}
    yearly = euro(row.yearly + difference * row.rent_per_m2_year)
    return {"area_m2": area, "yearly": max(yearly, euro(0))}
