"""What is asked of every date of a series, read once: hours, rules, prices, quotas, included hours and claims."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from bookings import allowance, allowing, quotas
from bookings.models import Booking
from bookings.quotas import Usage
from spaces import clashing, conditions, ledger
from spaces.conditions import Conditions
from spaces.explaining import Sentence
from spaces.margins import margin_of
from spaces.models import Claim, Space, SpaceKind
from spaces.opening import Timetable
from spaces.periods import Period, local_day, subtract
from spaces.quoting import Quote
from spaces.ruling import DAYS_AHEAD, Rules
from tenants.parties.models import Party, User

YEAR = 365
"""Days ahead that dates are made; single bookings are made eleven months ahead, so what was promised comes first."""
WHENEVER = 100_000
QUARTER = timedelta(minutes=15)


class Facts:
    """For one party, in one stretch of time; `ignored` are bookings whose claims and hours do not count. `tree` has the
    atoms of each space (`ledger.atoms_of`), for who has read them already.

    About five queries, however many dates are asked about.
    """

    def __init__(
        self,
        party: Party,
        *,
        by: User,
        within: Period,
        ignored: Collection[Booking] = (),
        tree: Mapping[int, list[int]] | None = None,
        now: datetime,
    ) -> None:
        self.party, self.by, self.now = party, by, now
        self._tree = tree
        self.hub, self.zone, self.within = party.hub, party.hub.zone, within
        self.ignored = list(ignored)
        self._holders = {booking.holder for booking in ignored}
        self._claims: dict[int, list[Claim]] = {}

    @cached_property
    def tree(self) -> Mapping[int, list[int]]:
        return ledger.atoms_of(self.hub) if self._tree is None else self._tree

    @cached_property
    def conditions(self) -> Conditions:
        return conditions.read(self.hub, rate_group=self.party.rate_group, period=self.within)

    @property
    def timetable(self) -> Timetable:
        return self.conditions.timetable

    @cached_property
    def is_reception(self) -> bool:
        """Whether who asks books for others: they are not held to notice, to who may book, nor to quotas."""
        return allowing.books_for_others(self.by, hub_id=self.hub.pk)

    @cached_property
    def usage(self) -> Usage:
        found = quotas.usage(self.party, by=self.by, within=self.within, now=self.now)
        gone = {(booking.starts_at, booking.space_id) for booking in self.ignored}
        found.uses = [use for use in found.uses if (use.starts_at, use.space_id) not in gone]
        return found

    @cached_property
    def left(self) -> dict[date, Decimal]:
        """Hours that the leases still include, by the first day of each month."""
        keys = [booking.pk for booking in self.ignored]
        return allowance.left_by_month(self.party, within=self.within, leaving_out=keys, now=self.now)

    def rules(self, space: Space) -> Rules:
        return self.conditions.rules(space)

    def open_hours(self, space: Space) -> Timetable:
        """When this space can be booked, by its rules."""
        return self.conditions.open_hours(space)

    def look(self, spaces: Iterable[Space], periods: Sequence[Period]) -> None:
        """Read who has these spaces in and around these periods. One query."""
        wishes = [(atom, period) for space in spaces for atom in self.tree[space.pk] for period in periods]
        found = clashing.claims_near(wishes, now=self.now) if wishes else {}
        for atom, claims in found.items():
            known = {claim.pk for claim in self._claims.setdefault(atom, [])}
            others = (claim for claim in claims if claim.pk not in known)
            self._claims[atom] += [claim for claim in others if claim.holder not in self._holders]

    def in_the_way(self, space: Space, period: Period) -> list[Claim]:
        """Whose claims keep `space` off `period`, of those that were read."""
        margin = margin_of(space)
        return [claim for claim in self._claims_on(space) if ledger.keeps(claim, period, margin=margin)]

    def free_on(self, space: Space, period: Period) -> list[Period]:
        """The open time of the local day of `period` in which nobody keeps `space` off, in order."""
        day = period.start.astimezone(self.zone).date()
        within = local_day(day, zone=self.zone)
        taken = ledger.kept_off(self._claims_on(space), margin=margin_of(space), within=within)
        return subtract(self.open_hours(space).open_periods(day), taken)

    def refusal(self, space: Space, period: Period) -> Sentence | None:
        """Which rule forbids this date, quotas among them; how far ahead is the business of the horizon."""
        rules = replace(self.rules(space), days_ahead=WHENEVER)
        why = rules.room_refusal(period, now=self.now, zone=self.zone)
        return why or self._not_for_them(rules, period)

    def _not_for_them(self, rules: Rules, period: Period) -> Sentence | None:
        """The rule that forbids it to who books for themselves: only then it is asked whether they do."""
        why = rules.group_refusal(period, now=self.now, zone=self.zone)
        if why is None and rules.quotas:
            why = self.usage.refusal(rules.quotas, period=period)
        return None if why is None or self.is_reception else why

    def ahead(self, space: Space) -> int:
        """How many days ahead dates are made: a year, or what the rules of the room say when that is less."""
        days = self.rules(space).days_ahead
        return days if days < DAYS_AHEAD else YEAR

    def quote(self, space: Space, period: Period) -> Quote:
        """The price of a date, with the hours that are left by now. Raises NoPrice."""
        hours = self.left.get(self._month(period), Decimal(0)) if _is_for_meeting(space) else Decimal(0)
        return self.conditions.quote(space, period=period, included_hours=hours)

    def use(self, space: Space, period: Period, quote: Quote) -> None:
        """Count a date that will be taken: the next ones have less hours and less room in the quotas."""
        month = self._month(period)
        if quote.included_hours:
            self.left[month] = self.left.get(month, Decimal(0)) - quote.included_hours
        if self.rules(space).quotas and not self.is_reception:
            self.usage.add(space, period)

    def _claims_on(self, space: Space) -> list[Claim]:
        return [claim for atom in self.tree[space.pk] for claim in self._claims.get(atom, [])]

    def _month(self, period: Period) -> date:
        return period.start.astimezone(self.zone).date().replace(day=1)


def nearest(facts: Facts, space: Space, wanted: Period) -> Period | None:
    """The time nearest to `wanted` that is free that day and as long; another part of the day when it is one."""
    free = [piece for piece in facts.free_on(space, wanted) if piece.length >= wanted.length]
    day = wanted.start.astimezone(facts.zone).date()
    parts = [part for _named, part in facts.timetable.day_part_periods(day) if part.length == wanted.length]
    if wanted in parts:
        starts = [part.start for part in parts if any(piece.contains(part) for piece in free)]
    else:
        starts = [_within(piece, wanted) for piece in free]
    coming = [start for start in starts if start >= facts.now]
    best = min(coming, key=lambda start: (abs(start - wanted.start), start), default=None)
    return None if best is None else Period(best, best + wanted.length)


def _within(piece: Period, wanted: Period) -> datetime:
    start = min(max(wanted.start, piece.start), piece.end - wanted.length)
    late = timedelta(minutes=start.minute % 15, seconds=start.second)
    return start if not late else start - late if start - late >= piece.start else start - late + QUARTER


def _is_for_meeting(space: Space) -> bool:
    return space.kind in SpaceKind.for_meeting()
