"""First free: how long, what kind of room, how far ahead; then the first time of each room, one press from booking."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from bookings import first_free as finding
from bookings.first_free import Found, Place
from bookings.web import booking
from bookings.web.finding import Pick
from bookings.web.length_wish import Choices, LengthWish
from bookings.web.whom import whom
from spaces import suitability
from spaces.models import Hub
from tenants.parties import access
from tenants.parties.web.asking import HubRequest
from tenants.parties.web.middleware import HUB_KEY


@dataclass(frozen=True)
class Hit:
    """The first time of a room; `query` is the search that finds it, `lacks` what it misses for their profession."""

    pick: Pick
    hub: Hub
    party_pk: int | None
    query: str
    lacks: str


def first_free(request: HubRequest) -> HttpResponse:
    """/eerst-vrij?duur=120&soort=consult_room&nodig=projector&personen=4&dagen=30"""
    now, actor = timezone.now(), request.actor
    chosen = whom(actor, request.GET.get("partij", ""))
    places = finding.places(actor, actor.hub, party=chosen.party)
    choices = Choices.at([place.hub for place in places])
    wish = choices.read(request.GET)
    hits = _hits(places, wish, now=now)
    context = {"wish": wish, "choices": choices.chips(wish), "whom": chosen, "hits": hits, "places": places}
    return render(request, "bookings/first_free.html", context)


def hold(request: HubRequest) -> HttpResponse:
    """As a press of "Book" in the finder, after going to the hub of the room."""
    actor = access.actor_for(request.user, hub_slug=request.POST.get("hub", ""))
    if actor.hub is None or actor.hub.slug != request.POST.get("hub"):
        raise Http404
    chosen = whom(actor, request.POST.get("partij", ""))
    if chosen.why_not:
        messages.error(request, chosen.why_not)
        return redirect("first-free")
    request.session[HUB_KEY] = actor.hub.slug
    request.actor = actor  # type: ignore[assignment]  # they have a party there
    timezone.activate(actor.hub.zone)
    return booking.hold(request)


def _hits(places: list[Place], wish: LengthWish, *, now: datetime) -> list[Hit]:
    found = finding.find(places, wish.search, now=now)
    lacks = {place.hub.pk: _lacking(place, found) for place in places}
    return [_hit(each, wish, lacks=lacks[each.hub.pk].get(each.offer.space.pk, "")) for each in found]


def _hit(found: Found, wish: LengthWish, *, lacks: str) -> Hit:
    pick = Pick(found.offer.space, found.offer.period, found.hub.zone, found.quote)
    query = wish.query_at(pick.day, pick.starts, pick.ends, space=pick.space)
    return Hit(pick, found.hub, found.party.pk if found.party else None, query, lacks)


def _lacking(place: Place, found: list[Found]) -> dict[int, Any]:
    """By the pk of each room at this place, what it lacks for the profession of the party."""
    profile = suitability.profile_of(place.party.discipline) if place.party else None
    if profile is None:
        return {}
    spaces = [each.offer.space for each in found if each.hub == place.hub]
    noted = suitability.noted_at(place.hub)
    return {space.pk: suitability.lacking(space, profile, noted=noted) for space in spaces}
