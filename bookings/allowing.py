"""May this party book this room then: everything but what others have."""

from dataclasses import dataclass
from datetime import datetime

from bookings import quotas
from bookings.models import Booking
from bookings.refusals import InThePast, NotAllowedToBook, NotBookable, OffHours, RuleBroken
from spaces import conditions
from spaces.conditions import Conditions
from spaces.explaining import Sentence, tell
from spaces.models import Space
from spaces.periods import Period
from spaces.ruling import Rules
from tenants.parties.models import Membership, Party, PartyState, Role, User

DESK = (Role.DIRECTOR, Role.RECEPTION)


def check(
    space: Space,
    *,
    period: Period,
    party: Party,
    by: User | None = None,
    moved: Booking | None = None,
    now: datetime,
) -> Conditions:
    """Raise the BookingRefused that says why `party` cannot book `space` then; being taken is not checked.

    Returns the conditions that count, for who asks the price next. `by` is who presses: reception is not held to
    notice, to who may book, nor to quotas. A booking that is `moved` may always become shorter, and keeps its start
    whatever the notice. A quota is certain only once the party is locked.
    """
    if party.state != PartyState.ACTIVE:
        raise NotAllowedToBook
    if not space.bookable or space.hub_id != party.hub_id:
        raise NotBookable
    if period.end <= now:
        raise InThePast
    found = conditions.read(space.hub, rate_group=party.rate_group, period=period)
    if moved is None or not _becomes_shorter(moved, space, period):
        _Asked(space, period, party, by, moved, now).refuse_by(found.rules(space))
    why = found.open_hours(space).closed_reason(period)
    if why is not None:
        raise OffHours(why)
    return found


@dataclass(frozen=True)
class _Asked:
    """Who asks for what."""

    space: Space
    period: Period
    party: Party
    by: User | None
    moved: Booking | None
    now: datetime

    def refuse_by(self, rules: Rules) -> None:
        """Raise RuleBroken with the first rule that forbids it."""
        zone = self.space.hub.zone
        why = rules.room_refusal(self.period, now=self.now, zone=zone) or self._not_for_them(rules)
        if why is not None:
            raise RuleBroken(tell(why, today=self.now.astimezone(zone).date()))

    def _not_for_them(self, rules: Rules) -> Sentence | None:
        why = None
        if self.moved is None or self.moved.starts_at != self.period.start:
            why = rules.group_refusal(self.period, now=self.now, zone=self.space.hub.zone)
        if why is None and rules.quotas and self.party.pk is not None:
            why = self._too_much(rules)
        return None if why is None or books_for_others(self.by, hub_id=self.party.hub_id) else why

    def _too_much(self, rules: Rules) -> Sentence | None:
        person = self.moved.booked_by if self.moved else self.by
        quotas.lock_person(rules.quotas, person)
        booked = quotas.usage(self.party, by=person, within=self.period, leaving_out=self.moved, now=self.now)
        return booked.refusal(rules.quotas, period=self.period)


def _becomes_shorter(moved: Booking, space: Space, period: Period) -> bool:
    return moved.space_id == space.pk and moved.period.contains(period)


def books_for_others(by: User | None, *, hub_id: int) -> bool:
    """Whether who presses is reception or the director: a bookkeeper, or who rents here, books only for themselves."""
    return by is not None and Membership.objects.filter(user=by, hub=hub_id, role__in=DESK).exists()
