"""Asking for the time of an option, and not needing it any more, in the words of who does it."""

import pytest

from bookings.models import Booking
from tests import cast
from tests.bookings.web.conftest import client_of
from tests.journeys.reading import Page, press, see
from tests.journeys.test_options import bram, brams, in_option

__all__ = ["bram", "brams"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]


def test_bram_withdraws_his_question_and_a_stranger_cannot(place, annas, bram, brams):
    in_option(annas)
    option = Booking.objects.get()
    brams.post(f"/optie/{option.pk}/vraag")
    path = f"/optie/vraag/{option.challenges.get().pk}/trek-in"
    stranger = client_of(cast.zzper(place.hub, "Carla Mulder")[0])
    assert stranger.post(path).status_code == 404
    assert annas.post(path).status_code == 404

    mine = see(brams, "/mijn")
    assert "You asked for it." in mine.text
    done = press(brams, mine, "Withdraw")

    assert "You do not ask for this time any more." in done.text
    assert "You asked for it." not in done.text
    assert "This had already been answered." in Page(brams.post(path, follow=True)).text
