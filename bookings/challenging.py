"""Somebody else asks for the time of an option: its holder must make up their mind, and who asked comes next."""

from datetime import datetime, timedelta

from django.db.models import Prefetch

from bookings import informing
from bookings.models import Booking, Challenge
from bookings.refusals import OptionEnded
from bookings.states import BookingState
from spaces import claiming
from tenants.parties.models import Party

GRACE = timedelta(minutes=15)
"""How much longer than the option itself its claim lasts once somebody asked, so that nobody else slips in between."""


def open_on(option: Booking) -> Challenge | None:
    """Who has asked for the time of this option and waits for the answer."""
    waiting = Challenge.objects.filter(option=option, ended_at=None)
    return waiting.select_related("party__rate_group", "party__hub", "user", "option__hub").first()


def open_ones() -> Prefetch:
    """For a list of options: `open_challenges`, none or one, says whether somebody has asked for each."""
    return Prefetch("challenges", Challenge.objects.filter(ended_at=None), to_attr="open_challenges")


def lock_parties(option: Booking, *others: Party) -> None:
    """Lock the party of an option, that of who asked for it and `others`, in id order: before the booking itself."""
    claiming.wait_at_most()
    asking = Challenge.objects.filter(option=option, ended_at=None).values_list("party", flat=True)
    keys = {option.party_id, *asking, *(party.pk for party in others)}
    list(Party.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True))


def refuse_late(booking: Booking, *, now: datetime) -> None:
    """Raise OptionEnded for an option that ran out while somebody else had asked for it: it is theirs now."""
    ran_out = booking.held_until is not None and booking.held_until <= now
    if booking.state == BookingState.OPTION and ran_out and open_on(booking) is not None:
        raise OptionEnded


def kept(option: Booking, *, now: datetime) -> None:
    """The holder has booked: tell who asked, if anybody did."""
    challenge = open_on(option)
    if challenge is not None:
        _end(challenge, given=None, now=now)
        informing.option_kept(challenge, now=now)


def went(
    option: Booking, challenge: Challenge | None, *, given: Booking | None, let_go: bool, now: datetime
) -> None:
    """The option has ended: tell its holder, and who asked what they get; `given` is the hold made for them."""
    informing.option_ended(option, let_go=let_go, now=now)
    if challenge is None:
        return
    _end(challenge, given=given, now=now)
    if given is not None:
        informing.offered(given, why="option", now=now)
    else:
        informing.option_lost(challenge, now=now)


def withdrawn(challenge: Challenge, *, now: datetime) -> None:
    """Who asked does not need it any more."""
    _end(challenge, given=None, now=now)


def lapsed(challenge: Challenge, *, now: datetime) -> None:
    """The option went and its time with it: tell who asked that they do not get it."""
    _end(challenge, given=None, now=now)
    informing.option_lost(challenge, now=now)


def _end(challenge: Challenge, *, given: Booking | None, now: datetime) -> None:
    challenge.ended_at, challenge.given = now, given
    challenge.save(update_fields=["ended_at", "given"])
