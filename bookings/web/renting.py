"""The tenant's page: leases in words, what is paid and when, and the meeting hours of this month."""

from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bookings import allowance
from bookings.allowance import Allowance
from tenants.billing import asked
from tenants.billing.online import settings as online
from tenants.leases import listing, tenancy
from tenants.leases.models import FixedDayPart
from tenants.parties.models import Membership, Party, Role
from tenants.parties.web.asking import HubRequest

MOST = 6
"""So many invoices stand on the page; the others are a page further."""
MONEY = (Role.TENANT_MANAGER, Role.ZZPER)


def rent(request: HubRequest) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    today = now.astimezone(actor.hub.zone).date()
    leases = tenancy.of_actor(actor, now=now)
    context = {
        "leases": [each for each in leases if not each.is_over],
        "over": [each for each in leases if each.is_over],
        "hours": _hours(actor.parties, today, now=now),
        "month": today.replace(day=1),
        "half_days": _half_days(request, today, now=now),
        "many_parties": len(actor.parties) > 1,
    }
    return render(request, "bookings/rent.html", context | _money(request, leases, today))


def _money(request: HubRequest, leases: list[tenancy.Tenancy], today: date) -> dict[str, Any]:
    """Nothing for who only works there."""
    actor = request.actor
    managed = set(actor.party_ids_as(*MONEY))
    if not managed:
        return {"sees_money": False}
    people = Membership.objects.filter(party__in=actor.party_ids_as(Role.TENANT_MANAGER))
    return {
        "sees_money": True,
        "invoices": asked.latest(actor, most=MOST, today=today),
        "pays_online": online.takes_payments(actor.hub),
        "first_invoice_on": tenancy.first_invoice_on(leases),
        "accounts": [party for party in actor.parties if party.pk in managed],
        "may_invite": actor.has(Role.TENANT_MANAGER),
        "colleagues": people.select_related("user").order_by("user__name", "pk"),
    }


def _hours(parties: tuple[Party, ...], today: date, *, now: datetime) -> list[tuple[Party, Allowance]]:
    """Of the parties whose leases include any."""
    found = [(party, allowance.included(party, month=today, now=now)) for party in parties]
    return [(party, each) for party, each in found if each.included]


def _half_days(request: HubRequest, today: date, *, now: datetime) -> list[listing.Row]:
    rows = FixedDayPart.objects.visible_to(request.actor).not_ended(today)
    rows = rows.select_related("hub", "party", "space", "day_part").order_by(
        "weekday", "day_part__starts", "pk"
    )
    return listing.rows(list(rows), now=now)
