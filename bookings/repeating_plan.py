"""Every date of a series before anything is stored: free, taken, closed or refused, its price, and the ways out."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from bookings.models import Booking
from bookings.refusals import NotAllowedToBook, NotBookable
from bookings.repeating_facts import Facts, nearest
from bookings.repeating_refusals import BareOnly, NoDates
from spaces import recurrence, wording
from spaces.explaining import tell
from spaces.models import Claim, Space
from spaces.patterns import Pattern
from spaces.periods import DAY, NotAMoment, Period, local_day, local_days, on_clock
from spaces.pricing import NoPrice
from spaces.quoting import Quote
from tenants.parties.models import Party, PartyState, User

MOST_ROOMS = 2
SKIP = "over"


class Standing(StrEnum):
    """What a date is before anybody chose a way out."""

    FREE = "free"
    TAKEN = "taken"
    CLOSED = "closed"
    REFUSED = "refused"


@dataclass(frozen=True)
class Wish:
    """What somebody wants again and again. `hold` is what they hold of it already; `last` None has no end."""

    space: Space
    party: Party
    by: User
    pattern: Pattern
    hours: tuple[time, time]
    first: date
    last: date | None = None
    contact: User | None = None
    title: str = ""
    persons: int | None = None
    hold: Booking | None = None


@dataclass(frozen=True)
class Way:
    """Where and when a date can be had, and for how much."""

    space: Space
    period: Period
    quote: Quote

    @property
    def key(self) -> str:
        """How a form names it: room and times on the clock."""
        starts, ends = self.period.local(self.space.hub.zone)
        return f"{self.space.code}|{starts:%H:%M}|{ends:%H:%M}"


@dataclass(frozen=True)
class PlannedDate:
    """One date: how it stands, and where it will be (`chosen`; None is skipped)."""

    original_start: datetime
    regular: Period
    state: Standing
    why: str = ""
    taken_by: tuple[Claim, ...] = ()
    ways: tuple[Way, ...] = ()
    chosen: Way | None = None

    @property
    def key(self) -> str:
        """How a form names the date: its day."""
        return f"{self.regular.start:%Y%m%dT%H%M}"

    @property
    def is_moved(self) -> bool:
        return self.chosen is not None and self.chosen.period != self.regular


@dataclass(frozen=True)
class Plan:
    """All dates up to and including `until`; after that a series that `goes_on` gets its dates day by day."""

    dates: tuple[PlannedDate, ...]
    until: date
    goes_on: bool
    steps: list[dict[str, Any]] = field(default_factory=list, compare=False)
    """What cancelling one of the dates costs, as it is written with a booking."""

    @property
    def booked(self) -> list[PlannedDate]:
        return [each for each in self.dates if each.chosen]

    @property
    def clashes(self) -> list[PlannedDate]:
        return [each for each in self.dates if each.state != Standing.FREE]

    @property
    def skipped(self) -> list[PlannedDate]:
        return [each for each in self.dates if each.chosen is None]

    @property
    def gross(self) -> Decimal:
        """What the booked dates cost together, including VAT."""
        return sum((each.chosen.quote.gross for each in self.dates if each.chosen), Decimal(0))

    @property
    def fingerprint(self) -> str:
        """The same as long as the dates, what clashes and the ways out are the same."""
        told = [
            f"{each.key} {each.state} {' '.join(f'{way.key} {way.quote.gross}' for way in each.ways)}"
            for each in self.dates
        ]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()


@dataclass
class Planner:
    """Looks at the dates of one wish; `kept` are places (by original start) that need no new look."""

    facts: Facts
    space: Space
    hours: tuple[time, time]
    persons: int | None = None
    choices: Mapping[str, str] = field(default_factory=dict)

    def look_at(self, slots: Sequence[recurrence.Slot]) -> list[PlannedDate]:
        """Each date in order. The number of queries does not depend on how many there are."""
        self.facts.look([self.space], [slot.period for slot in slots])
        judged = [self._judged(slot) for slot in slots]
        stuck = [each.regular for each in judged if each.state in (Standing.TAKEN, Standing.CLOSED)]
        rooms = self._rooms() if any(each.state == Standing.TAKEN for each in judged) else []
        self.facts.look([self.space, *rooms], [self._day(period) for period in stuck])
        return [self._decided(each, rooms) for each in judged]

    def _judged(self, slot: recurrence.Slot) -> PlannedDate:
        state, why, claims = self._standing(slot)
        return PlannedDate(slot.original_start, slot.period, state, why, tuple(claims))

    def _standing(self, slot: recurrence.Slot) -> tuple[Standing, str, Sequence[Claim]]:
        day = slot.original_start.astimezone(self.facts.zone).date()
        try:
            on_clock(day, *self.hours, zone=self.facts.zone)
        except NotAMoment as error:
            return Standing.REFUSED, error.message, ()
        if slot.period.end <= self.facts.now:
            return Standing.REFUSED, _("This time has passed."), ()
        closed = self.facts.open_hours(self.space).closed_reason(slot.period)
        if closed is not None:
            return Standing.CLOSED, closed, ()
        claims = self.facts.in_the_way(self.space, slot.period)
        if all(claim.kind == Claim.Kind.CLOSURE for claim in claims) and claims:
            return Standing.CLOSED, _("The room is closed then."), claims
        return (Standing.TAKEN, _("Taken"), claims) if claims else (Standing.FREE, "", ())

    def _decided(self, each: PlannedDate, rooms: Sequence[Space]) -> PlannedDate:
        """With its price, or the rule that forbids it, or the ways out and which of them is chosen."""
        if each.state == Standing.FREE:
            own = self._way(self.space, each.regular)
            if isinstance(own, str):
                return self._refused(each, own)
            chosen = None if self.choices.get(each.key) == SKIP else own
            return self._used(each, chosen=chosen, ways=())
        ways = tuple(self._ways_out(each, rooms))
        wanted = self.choices.get(each.key, "")
        return self._used(each, chosen=next((way for way in ways if way.key == wanted), None), ways=ways)

    def _refused(self, each: PlannedDate, why: str) -> PlannedDate:
        return PlannedDate(each.original_start, each.regular, Standing.REFUSED, why)

    def _used(self, each: PlannedDate, *, chosen: Way | None, ways: tuple[Way, ...]) -> PlannedDate:
        if chosen:
            self.facts.use(chosen.space, chosen.period, chosen.quote)
        return PlannedDate(
            each.original_start, each.regular, each.state, each.why, each.taken_by, ways, chosen
        )

    def _way(self, space: Space, period: Period) -> Way | str:
        """What it costs there and then, or which rule forbids it."""
        refusal = self.facts.refusal(space, period)
        if refusal is not None:
            return tell(refusal)
        try:
            return Way(space, period, self.facts.quote(space, period))
        except NoPrice as error:
            return error.message

    def _ways_out(self, each: PlannedDate, rooms: Sequence[Space]) -> Iterable[Way]:
        """The two nearest rooms at the same time, and the nearest time in the same room that day."""
        if each.state not in (Standing.TAKEN, Standing.CLOSED):
            return
        found = (self._way(room, each.regular) for room in rooms if self._fits(room, each))
        yield from [way for way in found if isinstance(way, Way)][:MOST_ROOMS]
        period = nearest(self.facts, self.space, each.regular)
        way = self._way(self.space, period) if period else ""
        if isinstance(way, Way):
            yield way

    def _fits(self, room: Space, each: PlannedDate) -> bool:
        free = self.facts.free_on(room, each.regular)
        return each.state == Standing.TAKEN and any(piece.contains(each.regular) for piece in free)

    def _rooms(self) -> list[Space]:
        """The other rooms of this kind that hold as many persons, those most like it first."""
        others = Space.objects.of_hub(self.facts.hub).bookable().filter(kind=self.space.kind)
        rooms = others.exclude(pk=self.space.pk).select_related("hub", "floor")
        large = [room for room in rooms if not self.persons or (room.capacity or 0) >= self.persons]
        return sorted(
            large,
            key=lambda room: (
                room.floor_id != self.space.floor_id, abs(room.area_m2 - self.space.area_m2), room.pk,
            ),
        )  # fmt: skip

    def _day(self, period: Period) -> Period:
        return local_day(period.start.astimezone(self.facts.zone).date(), zone=self.facts.zone)


def plan(
    wish: Wish,
    *,
    choices: Mapping[str, str] | None = None,
    tree: Mapping[int, list[int]] | None = None,
    now: datetime,
) -> Plan:
    """Every date of the wish in the year to come; nothing is written. Raises BookingRefused.

    `choices` names the way out for a date by their keys; a clash without one is skipped. `tree` as for Facts. Three
    queries when all is free; about half a dozen.
    """
    if wish.party.state != PartyState.ACTIVE:
        raise NotAllowedToBook
    if not wish.space.bookable or wish.space.hub_id != wish.party.hub_id:
        raise NotBookable
    if wish.hold is not None and not is_bare(wish.hold):
        raise BareOnly
    today = now.astimezone(wish.party.hub.zone).date()
    facts, until = facts_of(wish, today=today, tree=tree, now=now)
    first = max(wish.first, today)
    slots = slots_of(wish, first=first, last=until) if first <= until else []
    if not slots:
        raise NoDates
    planner = Planner(facts, wish.space, wish.hours, wish.persons, choices or {})
    goes_on = wish.last is None or wish.last > until
    return Plan(tuple(planner.look_at(slots)), until, goes_on, facts.conditions.steps)


def is_bare(hold: Booking) -> bool:
    """Whether nothing goes with the room, no layout either: only then it can repeat."""
    return not hold.layout and not hold.additions.exists()


def facts_of(
    wish: Wish, *, today: date, tree: Mapping[int, list[int]] | None = None, now: datetime
) -> tuple[Facts, date]:
    """What is asked of each date, and the last day until which dates are made now."""
    zone = wish.party.hub.zone
    within = local_days(today, today + 366 * DAY, zone=zone)
    ignored = [wish.hold] if wish.hold else []
    facts = Facts(wish.party, by=wish.by, within=within, ignored=ignored, tree=tree, now=now)
    horizon = today + facts.ahead(wish.space) * DAY
    return facts, horizon if wish.last is None else min(horizon, wish.last)


def slots_of(wish: Wish, *, first: date, last: date) -> list[recurrence.Slot]:
    """The dates that the pattern puts between two days, both included; no query."""
    zone = wish.party.hub.zone
    event = recurrence.draft(wish.pattern, hours=wish.hours, first=wish.first, last=wish.last, zone=zone)
    return recurrence.regular(event, within=local_days(first, last, zone=zone), zone=zone)


def clock_of(period: Period, space: Space) -> str:
    """09:00–12:00 on the clock of the hub."""
    starts, ends = period.local(space.hub.zone)
    return f"{wording.clock(starts.time())}{wording.DASH}{wording.clock(ends.time())}"
