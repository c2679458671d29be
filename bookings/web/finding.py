"""What the finder found: rooms that can be booked with their price, and the others with the reason."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_noop

from bookings import allowance, moving, quotas
from bookings.models import Booking
from bookings.web.filters import ICONS
from bookings.web.wishing import Wish, clock
from spaces import availability, pricing, suitability
from spaces.availability import Found, Unavailable
from spaces.explaining import Sentence, sentence
from spaces.models import Hub, Space, SpaceKind
from spaces.opening import Timetable
from spaces.periods import Period
from spaces.pricing import Quote
from spaces.ruling import Rulebook
from spaces.suitability import Profile
from tenants.parties.models import Party, User

NO_PRICE = gettext_noop("No price for this time: choose a whole part of the day")


@dataclass(frozen=True)
class Pick:
    """A room at a time, as a form or link carries it; `key` makes a second click the same booking."""

    space: Space
    period: Period
    zone: ZoneInfo
    quote: Quote | None = None
    key: UUID = field(default_factory=uuid4)

    @property
    def day(self) -> str:
        return self.period.local(self.zone)[0].date().isoformat()

    @property
    def starts(self) -> str:
        return clock(self.period.local(self.zone)[0].time())

    @property
    def ends(self) -> str:
        return clock(self.period.local(self.zone)[1].time(), closing=True)


@dataclass(frozen=True)
class Trait:
    name: str
    icon: str


@dataclass(frozen=True)
class Card:
    """A room that can be had; `difference` is what it costs more than the booking being moved.

    `lacks` is what it misses for the profession of the party; empty when nothing, or when we know of none.
    """

    pick: Pick
    traits: list[Trait]
    lacks: str = ""
    chosen: bool = False
    current: bool = False
    difference: Decimal | None = None

    @property
    def saving(self) -> Decimal:
        return -(self.difference or Decimal(0))


@dataclass(frozen=True)
class Shut:
    """A room that cannot be had, why, and the address of the next moment it can."""

    space: Space
    why: Sentence
    next_free: Period | None = None
    query: str = ""
    hold: Booking | None = None
    option: Booking | None = None


@dataclass(frozen=True)
class Results:
    """`reason` is why nothing at all can be had (closed, past); `instead` is then the first free moment."""

    cards: list[Card] = field(default_factory=list)
    shut: list[Shut] = field(default_factory=list)
    reason: Sentence | None = None
    instead: Pick | None = None
    instead_query: str = ""


@dataclass(frozen=True)
class Finder:
    """Who looks for what at a hub: finds it in a constant number of queries."""

    hub: Hub
    wish: Wish
    party: Party | None
    timetable: Timetable
    now: datetime
    held: Booking | None = None
    moved: Booking | None = None
    rules: Rulebook | None = None
    person: User | None = None
    noted: Collection[str] = ()
    """The features that the hub notes of its rooms (codes)."""

    def results(self) -> Results:
        """What there is for the wish; nothing as long as it names no time."""
        period = self.wish.period
        if period is None:
            return Results()
        found = self._within_quotas(self._search(period), period)
        quotes = self._quotes(found.free, period)
        priced = [space for space in found.free if self.party is None or space.pk in quotes]
        cards = [self._card(space, period, quotes.get(space.pk)) for space in priced]
        unpriced = [Shut(space, sentence(NO_PRICE)) for space in found.free if space not in priced]
        options = self._options(period) if found.unavailable else {}
        shut = [self._shut(each, options.get(each.space.pk)) for each in found.unavailable]
        reason = _shared_reason(found)
        instead = None if cards else self._first_free(period)
        return Results(
            cards=sorted(cards, key=lambda card: not card.chosen),
            shut=[]
            if reason
            else sorted([*unpriced, *shut], key=lambda each: each.space.code != self.wish.space),
            reason=reason,
            instead=instead,
            instead_query=self._query(instead.period, instead.space) if instead else "",
        )

    def _search(self, period: Period) -> Found:
        wish = self.wish
        found = availability.search(
            self.hub,
            period=period,
            kinds=wish.kinds,
            features=wish.needs,
            capacity=wish.persons,
            rules=self.rules,
            now=self.now,
        )
        return found if self.moved is None else _without(self.moved, found, period=period, now=self.now)

    def _within_quotas(self, found: Found, period: Period) -> Found:
        """Without the rooms of which they may book no more hours that week or month. At most one query."""
        limits = {space.pk: self.rules.of(space).quotas for space in found.free} if self.rules else {}
        if self.party is None or not any(limits.values()):
            return found
        booked = quotas.usage(self.party, by=self.person, within=period, leaving_out=self.moved, now=self.now)
        refused = {pk: booked.refusal(mine, period=period) for pk, mine in limits.items()}
        return Found(
            [space for space in found.free if refused[space.pk] is None],
            [
                *(Unavailable(it, why, None) for it in found.free if (why := refused[it.pk]) is not None),
                *found.unavailable,
            ],
        )

    def _quotes(self, spaces: Collection[Space], period: Period) -> Mapping[int, Quote]:
        """Prices for the party; meeting rooms with the hours that its leases include."""
        if self.party is None:
            return {}
        group = self.party.rate_group
        meeting = [space for space in spaces if space.kind in SpaceKind.for_meeting()]
        hours = Decimal(0)
        if meeting:
            hours = allowance.hours_for(
                self.party, meeting[0], period=period, leaving_out=self.moved, now=self.now
            )
        if not hours:
            return pricing.quotes(spaces, period=period, rate_group=group)
        others = [space for space in spaces if space not in meeting]
        return pricing.quotes(others, period=period, rate_group=group) | pricing.quotes(
            meeting, period=period, rate_group=group, included_hours=hours
        )

    def _card(self, space: Space, period: Period, quote: Quote | None) -> Card:
        moved = self.moved
        return Card(
            pick=Pick(space, period, self.hub.zone, quote),
            traits=_traits(space, self.wish.needs),
            lacks=suitability.lacking(space, self._profile, noted=self.noted) if self._profile else "",
            chosen=space.code == self.wish.space,
            current=moved is not None and (space.pk, period) == (moved.space_id, moved.period),
            difference=quote.gross - moved.gross if moved and quote else None,
        )

    @cached_property
    def _profile(self) -> Profile | None:
        return suitability.profile_of(self.party.discipline) if self.party else None

    def _options(self, period: Period) -> Mapping[int, Booking]:
        """The running options that stand in the way, by the pk of their space."""
        running = Booking.objects.of_hub(self.hub).in_option(now=self.now).overlapping(period)
        return {option.space_id: option for option in running}

    def _shut(self, each: Unavailable, option: Booking | None) -> Shut:
        held = self.held
        mine = (
            held
            and held.space_id == each.space.pk
            and self.wish.period
            and held.period.overlaps(self.wish.period)
        )
        if mine:
            return Shut(each.space, sentence(gettext_noop("You are holding this room now")), hold=held)
        query = self._query(each.next_free, each.space) if each.next_free else ""
        if option and self.party and option.party_id == self.party.pk:
            return Shut(each.space, sentence(gettext_noop("You have an option on it")), hold=option)
        why = sentence(gettext_noop("In option")) if option else each.why
        return Shut(each.space, why, each.next_free, query, option=option)

    def _first_free(self, period: Period) -> Pick | None:
        offer = availability.first_free(
            self.hub, length=period.length, kinds=self.wish.kinds, features=self.wish.needs,
            after=max(period.start, self.now), rules=self.rules, now=self.now,
        )  # fmt: skip
        return Pick(offer.space, offer.period, self.hub.zone) if offer else None

    def _query(self, period: Period, space: Space) -> str:
        return self.wish.at(period, timetable=self.timetable, space=space.code).query


def _without(moved: Booking, found: Found, *, period: Period, now: datetime) -> Found:
    """As if the booking being moved had left its place."""
    freed = moving.freed(moved, [each.space for each in found.unavailable], period=period, now=now)
    own = [each.space for each in found.unavailable if each.space.pk in freed]
    return Found([*own, *found.free], [each for each in found.unavailable if each.space.pk not in freed])


def _shared_reason(found: Found) -> Sentence | None:
    """The one reason for all rooms, when there is one: the building is closed, or the time has passed."""
    reasons = [each.why for each in found.unavailable]
    alike = len(reasons) > 1 and all(reason == reasons[0] for reason in reasons)
    return reasons[0] if alike and not found.free else None


def _traits(space: Space, needs: Collection[str]) -> list[Trait]:
    """What was asked for, and the features that have an icon."""
    features = space.features.all()
    shown = [feature for feature in features if feature.code in needs or feature.code in ICONS]
    return [Trait(str(feature), ICONS.get(feature.code, "check")) for feature in shown]


def picks(offers: Iterable[availability.Offer], *, hub: Hub, party: Party) -> list[Pick]:
    """Alternatives with their price, each ready to be booked."""
    result = []
    for offer in offers:
        hours = allowance.hours_for(party, offer.space, period=offer.period, now=timezone.now())
        quotes = pricing.quotes(
            [offer.space], period=offer.period, rate_group=party.rate_group, included_hours=hours
        )
        if offer.space.pk in quotes:
            result.append(Pick(offer.space, offer.period, hub.zone, quotes[offer.space.pk]))
    return result
