"""The waiting list: whoever waits longest is offered a time that comes free, and nobody else as long as that lasts.

An offer is a hold of the waiting party, claimed through its own check page; it ends by itself, and then the next in
order is asked. Offers are made between seven in the morning and nine in the evening, at the hub.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from bookings import informing, quiet, reserving
from bookings.matching import Match, Vacancies
from bookings.models import Booking, Offer, WaitingEntry
from bookings.refusals import BookingRefused, NotAllowedToBook, WaitingRefused
from bookings.states import BOOKED
from spaces import claiming
from spaces.models import Hub, Space
from spaces.periods import DAY, local_day
from tenants.parties.models import Membership, Party, PartyState, User

MOST = 10
"""Wishes that one party may have at a time."""
MOST_A_DAY = 3
"""Offers to one wish on one day: somebody who does not answer is not written to from hour to hour."""
TRIES, MOST_TRIES = 3, 12
"""Free times tried for one wish in one sweep, in one room and in all: a quota may keep its party from the first."""


@dataclass(frozen=True)
class Wish:
    """What somebody waits for: a room or kinds of room, days of the week (none: any), hours, and until when."""

    starts: time
    ends: time
    from_date: date
    until_date: date
    space: Space | None = None
    kinds: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    persons: int = 0
    weekdays: tuple[int, ...] = ()

    def entry(self, *, party: Party, user: User, now: datetime) -> WaitingEntry:
        """The wish as a row of the waiting list, not saved."""
        return WaitingEntry(
            hub=party.hub, party=party, user=user, space=self.space, kinds=sorted(self.kinds),
            features=sorted(self.features), persons=self.persons, weekdays=sorted(self.weekdays),
            starts=self.starts, ends=self.ends, from_date=self.from_date, until_date=self.until_date, created_at=now,
        )  # fmt: skip


@transaction.atomic(durable=True)
def join(wish: Wish, *, party: Party, by: User, now: datetime) -> WaitingEntry:
    """Put a wish on the list; the same wish again returns the first. Raises WaitingRefused, NotAllowedToBook."""
    Party.objects.select_for_update(no_key=True).get(pk=party.pk)
    if party.state != PartyState.ACTIVE:
        raise NotAllowedToBook
    entry = wish.entry(party=party, user=by, now=now)
    mine = list(WaitingEntry.objects.filter(party=party).waiting())
    same = next((it for it in mine if _asks_the_same(it, entry)), None)
    if same is not None:
        return same
    _refuse(wish, mine, today=now.astimezone(party.hub.zone).date())
    entry.save(force_insert=True)
    return entry


def stop(entry: WaitingEntry, *, now: datetime) -> bool:
    """Take a wish off the list; what was offered already stays offered. False when it had ended."""
    return bool(WaitingEntry.objects.filter(pk=entry.pk, ended_at=None).update(ended_at=now))


def served(booking: Booking, *, now: datetime) -> None:
    """What was offered has become something else that they wanted: the wish ends, if this was an offer."""
    WaitingEntry.objects.waiting().filter(offers__booking=booking).update(ended_at=now)


def free_now(entry: WaitingEntry, *, now: datetime, most: int = 3) -> list[Match]:
    """The first times that are free for a wish at this moment. A constant number of queries."""
    vacancies = Vacancies(entry.hub, [entry], now=now)
    return list(islice(vacancies.matches(entry, after=now), most))


def offer_freed(*, now: datetime) -> int:
    """Offer what is free to those who wait for it, in their order; returns how many offers were made.

    Wishes that were met or whose last day has passed end first. Nothing is offered at night, nor what begins before
    the offer would end. Running it twice at once makes each offer once.
    """
    _end_served(now=now)
    hubs = Hub.objects.filter(Exists(WaitingEntry.objects.filter(hub=OuterRef("pk"), ended_at=None)))
    return sum(_offer_at(hub, now=now) for hub in hubs if not quiet.is_quiet(hub, now=now))


def _end_served(*, now: datetime) -> None:
    WaitingEntry.objects.waiting().filter(offers__booking__state__in=BOOKED).update(ended_at=now)
    for hub in Hub.objects.all():
        passed = WaitingEntry.objects.waiting().filter(
            hub=hub, until_date__lt=now.astimezone(hub.zone).date()
        )
        passed.update(ended_at=now)


def _offer_at(hub: Hub, *, now: datetime) -> int:
    entries = _in_turn(hub, now=now)
    if not entries:
        return 0
    before = set(Offer.objects.filter(entry__in=entries).values_list("entry_id", "space_id", "starts_at"))
    vacancies = Vacancies(hub, entries, now=now)
    return sum(_offer_to(entry, vacancies, before, now=now) for entry in entries)


def _in_turn(hub: Hub, *, now: datetime) -> list[WaitingEntry]:
    """The wishes that may be made an offer, in order: none is running, and not too many were made today."""
    today = local_day(now.astimezone(hub.zone).date(), zone=hub.zone)
    entries = WaitingEntry.objects.waiting().filter(hub=hub, party__state=PartyState.ACTIVE)
    entries = entries.unanswered(now=now).offered_less_than(MOST_A_DAY, since=today.start)
    rows = entries.select_related("hub", "party__hub", "party__rate_group", "user", "space")
    return list(rows.order_by("created_at", "pk"))  # counting the offers forgets the order of the model


def _offer_to(
    entry: WaitingEntry, vacancies: Vacancies, before: set[tuple[int, int, datetime]], *, now: datetime
) -> bool:
    soonest = now + timedelta(minutes=entry.hub.offer_minutes)
    matches = (
        match
        for match in vacancies.matches(entry, after=soonest)
        if (entry.pk, match.space.pk, match.period.start) not in before
    )
    refused: Counter[int] = Counter()
    for match in matches:
        if refused[match.space.pk] >= TRIES:
            continue
        try:
            made = _offer(entry, match, now=now)
        except (BookingRefused, claiming.SpaceTaken, claiming.SpaceBusy):
            refused[match.space.pk] += 1
            if refused.total() < MOST_TRIES:
                continue
            return False
        if made:
            vacancies.give(match)
        return made is not None
    return False


@claiming.retried
@transaction.atomic(durable=True)
def _offer(entry: WaitingEntry, match: Match, *, now: datetime) -> Offer | None:
    """Hold the time for who waits, and tell; None when the wish ended or was made another offer meanwhile."""
    claiming.wait_at_most()
    parties = Party.objects.select_related("hub", "rate_group").select_for_update(of=("self",), no_key=True)
    party = parties.get(pk=entry.party_id)
    still = WaitingEntry.objects.waiting().filter(pk=entry.pk)
    if not still.select_for_update() or not still.unanswered(now=now):
        return None
    contact = _contact(entry)  # what staff wish for a party keeps to the rules and quotas of that party
    known = reserving.check(match.space, period=match.period, party=party, by=contact, now=now)
    booking = reserving.unsaved(
        match.space, period=match.period, party=party, by=entry.user, contact=contact,
        until=quiet.answer_by(entry.hub, now=now), extended=True, persons=entry.persons or None,
    )  # fmt: skip
    reserving.begin(booking, known=known, now=now)
    offer = Offer.objects.create(
        entry=entry, booking=booking, space=match.space, starts_at=match.period.start, offered_at=now
    )
    informing.offered(booking, why="waiting", now=now)
    return offer


def _contact(entry: WaitingEntry) -> User | None:
    """Who gets the letter: who joined the list, or the party itself when staff did that for it."""
    return entry.user if Membership.objects.filter(user=entry.user, party=entry.party).exists() else None


def _refuse(wish: Wish, mine: Sequence[WaitingEntry], *, today: date) -> None:
    if wish.until_date < max(today, wish.from_date):
        raise WaitingRefused(_("The last day has to be today or later, and not before the first day."))
    if wish.until_date > today + reserving.DAYS_AHEAD * DAY:
        raise WaitingRefused(_("You can wait for %(days)s days at most.") % {"days": reserving.DAYS_AHEAD})
    if len(mine) >= MOST:
        raise WaitingRefused(
            _("You wait for %(number)s things already. Stop one of them first.") % {"number": len(mine)}
        )


def _asks_the_same(one: WaitingEntry, other: WaitingEntry) -> bool:
    names = ("space_id", "kinds", "features", "persons", "weekdays", "starts", "ends", "until_date")
    return all(getattr(one, name) == getattr(other, name) for name in names)
