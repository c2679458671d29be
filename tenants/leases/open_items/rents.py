"""Rent that was asked in the old books: until when, by what the invoice says it is for."""

import re
from calendar import monthrange
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from spaces.models import Hub
from spaces.periods import DAY
from tenants.leases import charging_rent
from tenants.leases.hub_import.moments import MONTHS
from tenants.leases.models import Lease, LeaseTerms, RentPeriod
from tenants.leases.open_items.reading import Read

_RENT = re.compile(r"(?i)\bhuur\b")
_MONTH = re.compile(rf"(?i)\b({'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?\s+(20\d\d)\b")
_QUARTER = re.compile(r"(?i)\b(?:q([1-4])|([1-4])(?:e|ste|de)?\s+kwartaal)\s+(20\d\d)\b")


class Asked(NamedTuple):
    """The days of rent that an old invoice asked, the last one included."""

    starts_on: date
    ends_on: date


class Move(NamedTuple):
    """A lease that is charged here from a later day on; `charged` when Plein invoiced that rent as well."""

    lease: Lease
    charged_from: date
    why: Read
    charged: bool


def asked_by(description: str) -> Asked | None:
    """The month or quarter of rent in "huur en service december 2026"; None when it is about something else."""
    if not _RENT.search(description):
        return None
    months = [(int(year), MONTHS[name.casefold()], 1) for name, year in _MONTH.findall(description)]
    quarters = [
        (int(year), 3 * int(one or other) - 2, 3) for one, other, year in _QUARTER.findall(description)
    ]
    spans = [_span(*each) for each in months + quarters]
    return (
        Asked(min(span.starts_on for span in spans), max(span.ends_on for span in spans)) if spans else None
    )


def moves(hub: Hub, items: Iterable[Read], *, known: Collection[str] = ()) -> list[Move]:
    """The leases that begin to be charged here later because of these items, never earlier. Four queries.

    Numbers that are `known` here already say nothing about a lease that was agreed in Plein: its maker chose that day.
    """
    leases = list(Lease.objects.filter(hub=hub).order_by("number"))
    signed = LeaseTerms.objects.filter(lease__hub=hub, kind=LeaseTerms.Kind.SIGNED, made_by__isnull=False)
    agreed_here = set(signed.values_list("lease_id", flat=True))
    periods = charging_rent.invoiced(hub, RentPeriod.objects.filter(lease__hub=hub))
    latest: dict[int, Move] = {}
    for each in items:
        asked = asked_by(each.item.description)
        for lease in leases if asked else []:
            if asked is None or lease.party_id != each.item.party.pk or not _runs_in(lease, asked):
                continue
            if each.item.number in known and lease.pk in agreed_here:
                continue
            charged = any(row.lease_id == lease.pk and _meets(row, asked) for row in periods)
            move = Move(lease, asked.ends_on + DAY, each, charged)
            before = latest[lease.pk].charged_from if lease.pk in latest else lease.charged_from
            if move.charged_from > before:
                latest[lease.pk] = move
    return list(latest.values())


def last_day(move: Move) -> date:
    """Until when, that day included, the old books asked the rent."""
    return move.charged_from - DAY


def _span(year: int, month: int, length: int) -> Asked:
    last = month + length - 1
    return Asked(date(year, month, 1), date(year, last, monthrange(year, last)[1]))


def _runs_in(lease: Lease, asked: Asked) -> bool:
    return lease.starts_on <= asked.ends_on and (lease.ends_on is None or lease.ends_on >= asked.starts_on)


def _meets(row: RentPeriod, asked: Asked) -> bool:
    return row.starts_on <= asked.ends_on and row.ends_on >= asked.starts_on
