"""The first free time of each room at each hub where somebody may book, with its price."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bookings import allowance
from bookings.allowing import DESK
from spaces import ruling, seeking
from spaces.availability import Offer
from spaces.models import Hub, SpaceKind
from spaces.opening import Timetable
from spaces.periods import DAY, Period
from spaces.pricing import NoPrice, Quote, Tariff
from spaces.seeking import Search
from tenants.parties import access
from tenants.parties.access import Actor
from tenants.parties.models import Party, PartyState


@dataclass(frozen=True)
class Found:
    """A room, its first free time, what that costs `party`, and at which hub; no quote without a party."""

    offer: Offer
    hub: Hub
    party: Party | None
    quote: Quote | None


@dataclass(frozen=True)
class Place:
    """A hub where somebody may look, and for whom they book there."""

    actor: Actor
    hub: Hub
    party: Party | None


def places(actor: Actor, hub: Hub, *, party: Party | None) -> list[Place]:
    """The hub they work for now, and the others where a party of theirs may book. One query a hub."""
    others = (access.actor_for(actor.user, hub_slug=other.slug) for other in actor.hubs if other != hub)
    active = (
        Place(each, each.hub, each.party)
        for each in others
        if each.hub and each.party and each.party.state == PartyState.ACTIVE
    )
    return [Place(actor, hub, party), *active]


def find(places: Sequence[Place], search: Search, *, most: int = 12, now: datetime) -> list[Found]:
    """The first time of each room at all these places, the soonest first. A constant number of queries a place."""
    found = [each for place in places for each in _at(place, search, most=most, now=now)]
    return sorted(found, key=lambda each: each.offer.period.start)[:most]


def _at(place: Place, search: Search, *, most: int, now: datetime) -> list[Found]:
    rules = ruling.rulebook(place.hub, rate_group=place.party.rate_group if place.party else None)
    prices = _Prices.of(place, search, now=now)
    offers = seeking.first_of_each(
        place.hub,
        search,
        rules=rules.for_others() if place.actor.has(*DESK) else rules,
        accepts=prices.has,
        most=most,
        now=now,
    )
    return [Found(offer, place.hub, place.party, prices.quotes.get(_key(offer))) for offer in offers]


@dataclass(frozen=True)
class _Prices:
    """What a party pays at a hub; keeps the quotes it made."""

    tariff: Tariff | None
    left: Mapping[date, Decimal]
    quotes: dict[object, Quote]
    hub: Hub

    @classmethod
    def of(cls, place: Place, search: Search, *, now: datetime) -> "_Prices":
        if place.party is None:
            return cls(None, {}, {}, place.hub)
        within = Period(now, now + search.days * DAY)
        left = allowance.left_by_month(place.party, within=within, now=now)
        return cls(Tariff(place.hub, rate_group=place.party.rate_group), left, {}, place.hub)

    def has(self, offer: Offer, timetable: Timetable) -> bool:
        """Whether this can be had for money; anything can while nobody knows for whom."""
        if self.tariff is None:
            return True
        try:
            self.quotes[_key(offer)] = self.tariff.quote(
                offer.space,
                period=offer.period,
                timetable=timetable.around_the_clock() if offer.period.length < DAY else timetable,
                included_hours=self._hours(offer),
            )
        except NoPrice:
            return False
        return True

    def _hours(self, offer: Offer) -> Decimal:
        if offer.space.kind not in SpaceKind.for_meeting():
            return Decimal(0)
        month = offer.period.start.astimezone(self.hub.zone).date().replace(day=1)
        return max(self.left.get(month, Decimal(0)), Decimal(0))


def _key(offer: Offer) -> object:
    return offer.space.pk, offer.period
