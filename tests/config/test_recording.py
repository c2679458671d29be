"""The change record says at which address something was changed, never the secret in it."""

import pytest
import time_machine
from django.apps import apps
from django.test import Client

from bookings import displaying
from bookings.states import BookingState
from config import recording
from tests import cast
from tests.bookings import deeds


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/ingang/geheim123/ik-ben-er", "/ingang/…/ik-ben-er"),
        ("/scherm/geheim123", "/scherm/…"),
        ("/agenda/geheim123.ics", "/agenda/….ics"),
        ("/boeking/ABC234/annuleer", "/boeking/ABC234/annuleer"),
        ("/nergens/geheim123", "…"),
    ],
)
def test_secrets_are_left_out(path, kept):
    assert recording.address(path) == kept


def test_a_reset_of_a_password_leaves_no_key():
    kept = recording.address("/account/password/reset/key/3-abc123-geheim/")
    assert "geheim" not in kept


@pytest.mark.django_db(transaction=True)
def test_who_checks_in_at_the_entrance_leaves_no_key_of_it_in_the_change_record():
    hub = cast.hub()
    cast.rate(hub)
    now = cast.NOW
    booking = deeds.book(cast.space(hub), cast.zzper(hub), cast.between("2026-11-21 12:00", "14:00"))
    _display, token = displaying.connect(hub, name="ingang", space=None, now=now)
    with time_machine.travel(now, tick=False):
        Client().post(f"/ingang/{token}/ik-ben-er", {"code": booking.code})

    assert deeds.fresh(booking).state == BookingState.ARRIVED
    event = apps.get_model("bookings", "BookingEvent").objects.latest("pgh_id")
    assert event.pgh_context.metadata["url"] == "/ingang/…/ik-ben-er"
    assert token not in str(
        list(apps.get_model("pghistory", "Context").objects.values_list("metadata", flat=True))
    )
