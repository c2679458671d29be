"""A party as staff see it: its details, and how often it did not come."""

from django.http import HttpResponse
from django.utils import timezone

from bookings import presence
from tenants.parties.web import parties
from tenants.parties.web.asking import HubRequest


def party(request: HubRequest, pk: int) -> HttpResponse:
    missed = presence.absences([pk], actor=request.actor, now=timezone.now())
    return parties.party(request, pk, template="bookings/party.html", beside={"absences": missed.get(pk, 0)})
