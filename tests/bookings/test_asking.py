"""Who asked for the time of an option and does not need it any more: the option lasts as it did."""

import pytest

from bookings import options, releasing, reserving
from bookings.models import Challenge
from bookings.states import BookingState
from spaces.models import Space
from spaces.periods import HOUR
from tenants.parties.models import Letter
from tests import cast
from tests.bookings.deeds import Who, fresh, holders, letters, option

pytestmark = pytest.mark.django_db
NOW = cast.NOW
UNTIL = cast.at("2026-12-05 12:00")
DUE = NOW + 48 * HOUR


@pytest.fixture
def room() -> Space:
    hub = cast.hub()
    cast.rate(hub)
    return cast.space(hub)


@pytest.fixture
def anna(room: Space) -> Who:
    return cast.zzper(room.hub)


@pytest.fixture
def bram(room: Space) -> Who:
    return cast.zzper(room.hub, "Bram Visser")


@pytest.fixture
def carla(room: Space) -> Who:
    return cast.zzper(room.hub, "Carla Mulder")


def ask(booking, who: Who, *, now=NOW) -> Challenge:
    return options.ask(booking, party=who[1], by=who[0], now=now)


def test_who_asked_may_withdraw_and_the_option_lasts_as_it_did(
    room: Space, anna: Who, bram: Who, carla: Who
) -> None:
    booking = option(room, anna)
    challenge = ask(booking, bram)
    Letter.objects.update(sent_at=NOW)

    done = [options.withdraw(challenge, now=NOW + HOUR), options.withdraw(challenge, now=NOW + HOUR)]

    assert done == [True, False]
    assert (fresh(booking).state, fresh(booking).held_until, fresh(booking).reminded_at) == (
        "option",
        UNTIL,
        None,
    )
    assert letters(anna[0]) == ["option_taken", "option_asked", "option_no_longer_asked"]
    assert "5 december" in Letter.objects.get(kind="option_no_longer_asked").text
    assert releasing.release_expired(now=DUE + HOUR) == 0
    assert holders(room, now=UNTIL - HOUR) == [booking.holder]
    assert ask(booking, carla, now=NOW + HOUR).due_at == NOW + 49 * HOUR


def test_a_question_withdrawn_before_its_letters_went_is_told_to_nobody(
    room: Space, anna: Who, bram: Who
) -> None:
    challenge = ask(option(room, anna), bram)

    options.withdraw(challenge, now=NOW)

    assert letters(anna[0]) == ["option_taken"]
    assert letters(bram[0]) == []


def test_what_was_answered_is_not_withdrawn(room: Space, anna: Who, bram: Who) -> None:
    booking = option(room, anna)
    challenge = ask(booking, bram)
    reserving.confirm(booking, now=NOW)

    assert not options.withdraw(challenge, now=NOW)
    assert fresh(booking).state == BookingState.CONFIRMED
