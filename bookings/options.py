"""Options (opties): a time kept for days, at no cost, until it is confirmed, let go or ends by itself.

Another party may ask for it; then the holder has `hub.challenge_hours` to confirm. How an option ends stands in
`releasing`, booking it in `reserving.confirm`.
"""

from datetime import datetime, timedelta

from django.db import transaction

from bookings import busy, challenging, informing, reserving
from bookings.life import enter, is_held, is_in_option, locked
from bookings.models import Booking, Challenge
from bookings.refusals import AskedAlready, NoOption, NotInOption, OwnOption
from bookings.states import BookingState
from spaces import claiming
from spaces.periods import DAY, HOUR, last_moment
from tenants.parties.models import Party, User

BEFORE_START = DAY
"""An option ends at least this long before its time begins: others can still use it."""
SHORTEST = DAY
"""A shorter option is none: book, or let it go."""
REMINDED = DAY
"""The letter that it ends goes out this long before; not for an option that lasts hardly longer itself."""


def lasts_until(booking: Booking, *, now: datetime) -> datetime | None:
    """Until when an option taken now would last: `hub.option_days` on the clock of the hub; None when there is none."""
    zone = booking.hub.zone
    local = now.astimezone(zone)
    full = last_moment(local.date() + booking.hub.option_days * DAY, local.time(), zone=zone)
    until = min(full, booking.starts_at - BEFORE_START)
    return until if until - now >= SHORTEST else None


def may_take(booking: Booking, *, now: datetime) -> datetime | None:
    """As `lasts_until`, for a hold that still runs; None for a time that was itself offered to somebody."""
    if not is_held(booking, now=now) or is_promised(booking):
        return None
    return lasts_until(booking, now=now)


def is_promised(booking: Booking) -> bool:
    """Whether it was offered from the waiting list, or went to who had asked for it. One query."""
    return not Booking.objects.filter(pk=booking.pk).unpromised().exists()


@busy.retried
@transaction.atomic(durable=True)
def take(booking: Booking, *, title: str = "", now: datetime) -> Booking:
    """Turn a running hold into an option, and tell until when. A second call returns it. Raises NoOption."""
    booking = locked(booking)
    if booking.state == BookingState.OPTION:
        return booking
    until = may_take(booking, now=now)
    if until is None or claiming.extend(booking.holder, expires_at=until) == 0:
        raise NoOption
    enter(
        booking,
        BookingState.OPTION,
        title=title or booking.title,
        held_until=until,
        reminded_at=_noted(until, now=now),
    )
    informing.option_taken(booking, now=now)
    return booking


@busy.retried
@transaction.atomic(durable=True)
def ask(option: Booking, *, party: Party, by: User, now: datetime) -> Challenge:
    """Ask for the time of somebody's option: they have `hub.challenge_hours` to confirm, never longer than they had.

    The same party again gets its first question back. Raises NotInOption, OwnOption, AskedAlready, and the
    BookingRefused that would keep `party` from booking it.
    """
    challenging.lock_parties(option, party)
    option = Booking.objects.with_everything().select_for_update(of=("self",)).get(pk=option.pk)
    until = option.held_until
    if option.state != BookingState.OPTION or until is None or until <= now:
        raise NotInOption
    asked = challenging.open_on(option)
    if asked is not None and asked.party_id == party.pk:
        return asked
    _refuse(option, asked, party=party, by=by, now=now)
    due_at = min(until, now + option.hub.challenge_hours * HOUR)
    challenge = Challenge.objects.create(
        option=option, party=party, user=by, asked_at=now, due_at=due_at, option_until=until
    )
    _lasts_until(option, due_at, claimed=due_at + challenging.GRACE, now=now)
    informing.option_asked(challenge, now=now)
    return challenge


@busy.retried
@transaction.atomic(durable=True)
def withdraw(challenge: Challenge, *, now: datetime) -> bool:
    """Who asked does not need it any more: the option lasts as long as it did, and its holder is told.

    False when it had been answered, or withdrawn, already; then nothing changes.
    """
    option = challenge.option
    challenging.lock_parties(option, challenge.party)
    option = Booking.objects.with_everything().select_for_update(of=("self",)).get(pk=option.pk)
    asked = challenging.open_on(option)
    if asked is None or asked.pk != challenge.pk or not is_in_option(option, now=now):
        return False
    challenging.withdrawn(asked, now=now)
    _lasts_until(option, asked.option_until, claimed=asked.option_until, now=now)
    asked.option = option
    informing.option_no_longer_asked(asked, now=now)
    return True


def remind(*, now: datetime, most: int = 200) -> int:
    """Owe the letter of the day before for options that end within a day; returns how many. Again: none."""
    ending = Booking.objects.in_option(now=now).filter(held_until__lte=now + REMINDED, reminded_at=None)
    return sum(_remind(booking, now=now) for booking in ending[:most])


@transaction.atomic(durable=True)
def _remind(booking: Booking, *, now: datetime) -> bool:
    still = Booking.objects.with_everything().in_option(now=now).filter(pk=booking.pk, reminded_at=None)
    found = still.select_for_update(of=("self",), skip_locked=True).first()
    if found is None:
        return False
    informing.option_reminder(found, now=now)
    Booking.objects.filter(pk=found.pk).update(reminded_at=now)
    return True


def _refuse(option: Booking, asked: Challenge | None, *, party: Party, by: User, now: datetime) -> None:
    if party.pk == option.party_id:
        raise OwnOption
    if asked is not None:
        raise AskedAlready
    known = reserving.check(option.space, period=option.period, party=party, by=by, now=now)
    reserving.quote(option.space, period=option.period, party=party, known=known, now=now)


def _lasts_until(option: Booking, until: datetime, *, claimed: datetime, now: datetime) -> None:
    """Let it end `until` then, and its claim when nobody comes next; the letter of now says so."""
    shorter = option.held_until is not None and until <= option.held_until
    option.reminded_at = (option.reminded_at if shorter else None) or _noted(until, now=now)
    option.held_until = until
    option.save(update_fields=["held_until", "reminded_at"])
    claiming.extend(option.holder, expires_at=claimed)


def _noted(until: datetime, *, now: datetime) -> datetime | None:
    """That no reminder is due: the letter sent now says it already."""
    return now if until - now < REMINDED + timedelta(hours=12) else None
