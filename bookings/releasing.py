"""Ending holds and options, by hand or because they ran out; who had asked for an option's time gets it next."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from bookings import busy, challenging, quiet, reserving
from bookings.life import enter
from bookings.models import Booking, Challenge
from bookings.refusals import BookingRefused
from bookings.states import HOLDING, BookingState
from spaces import claiming
from tenants.parties.models import Membership, Party, User


def let_go(booking: Booking, *, now: datetime) -> bool:
    """End a hold or an option early, so that others can have the time; anything else stays as it is (False)."""
    return _end(booking, now=now)


def let_go_of_others(by: User, *, party: Party, key: UUID, now: datetime) -> int:
    """Before a new hold with `key`: end the earlier ones of the same person for `party`; returns how many.

    Somebody who changes their choice would otherwise be kept out by their own hold. What was offered to them stays.
    """
    earlier = (
        Booking.objects.filter(party=party).held_by(by, now=now).unpromised().exclude(idempotency_key=key)
    )
    return sum(_end(booking, now=now) for booking in earlier)


def release_expired(*, now: datetime, most: int = 200) -> int:
    """End the holds and options that ran out; returns how many. Each is its own transaction."""
    expired = Booking.objects.filter(state__in=HOLDING, held_until__lte=now).order_by("held_until")
    return busy.swept(lambda booking: _end(booking, run_out_by=now, now=now), expired[:most])


@busy.retried
@transaction.atomic(durable=True)
def _end(booking: Booking, *, run_out_by: datetime | None = None, now: datetime) -> bool:
    """End a hold or option, unless it is none any more or has been extended past `run_out_by`."""
    if booking.state not in HOLDING:
        return False
    if booking.state == BookingState.OPTION:
        challenging.lock_parties(booking)
    fresh = Booking.objects.with_everything().select_for_update(of=("self",))
    found = fresh.filter(pk=booking.pk, state=booking.state).first()
    if found is None or (run_out_by is not None and not _ran_out(found, run_out_by)):
        return False
    was_option = found.state == BookingState.OPTION
    enter(found, BookingState.EXPIRED, included_hours=0)
    claiming.release(found.holder)
    if was_option:
        _pass_on(found, let_go=run_out_by is None, now=now)
    return True


def _ran_out(booking: Booking, by: datetime) -> bool:
    return booking.held_until is not None and booking.held_until <= by


def _pass_on(option: Booking, *, let_go: bool, now: datetime) -> None:
    """What an option leaves behind is held for who had asked for it."""
    challenge = challenging.open_on(option)
    given = _given(challenge, now=now) if challenge else None
    challenging.went(option, challenge, given=given, let_go=let_go, now=now)


def _given(challenge: Challenge, *, now: datetime) -> Booking | None:
    """The hold for who asked; None when they may not book it any more, or somebody else has it by now."""
    option, party, user = challenge.option, challenge.party, challenge.user
    of_the_party = Membership.objects.filter(user=user, party=party).exists()
    booking = reserving.unsaved(
        option.space, period=option.period, party=party, by=user, contact=user if of_the_party else None,
        until=min(quiet.answer_by(option.hub, now=now), option.starts_at), extended=True,
    )  # fmt: skip
    try:
        with transaction.atomic():
            known = reserving.check(option.space, period=option.period, party=party, by=user, now=now)
            return reserving.begin(booking, known=known, now=now)
    except (BookingRefused, claiming.SpaceTaken):
        return None
