"""The key is changed for another one while somebody pays: of another account, or a real one after tests."""

from datetime import timedelta
from typing import Any

import pytest

from bookings.paying import sweeping
from bookings.states import BookingState
from tenants.billing.models import OnlineState
from tests.bookings.paid_hub import Place, no_money, state
from tests.cast import NOW
from tests.stand_in.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=1)


def test_a_test_that_another_account_began_ends_and_the_room_is_free(stripe_server: StandIn) -> None:
    payment = Place().start()
    del stripe_server.account.things[payment.session_id]

    assert sweeping.look(now=LATER) == 1

    assert state(payment) == (BookingState.EXPIRED, OnlineState.EXPIRED)
    assert no_money()


def test_a_test_ends_once_the_key_is_a_real_one(stripe_server: StandIn, settings: Any) -> None:
    payment = Place().start()
    settings.STRIPE_SECRET_KEY = "sk_" + "live_standin0"

    assert sweeping.look(now=LATER) == 1

    assert state(payment) == (BookingState.EXPIRED, OnlineState.EXPIRED)
    assert no_money()


def test_of_money_it_says_nothing_and_the_room_is_kept(real_money: StandIn) -> None:
    payment = Place().start()
    del real_money.account.things[payment.session_id]

    assert sweeping.look(now=LATER) == 0

    assert state(payment) == (BookingState.PAYING, OnlineState.OPEN)
