"""The demo is loaded through the real importer and use-cases, once, and only in the embedded run."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from bookings import demo
from bookings.models import Booking
from bookings.states import BookingState
from spaces.models import Claim
from tenants.billing.models import Charge
from tenants.parties.models import Letter, Party, User
from tests import demo_hub
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(settings):
    demo_hub.lived_in()
    User.objects.filter(email=demo.LOGINS[0].email).update(date_joined=NOW)


def test_it_has_a_login_for_each_role_that_works(client, loaded):
    first_pages = {}
    for label, email, password in demo.logins():
        client.post(reverse("account_login"), {"login": email, "password": password})
        first_pages[label] = client.get("/").url
        client.post(reverse("account_logout"))
    assert list(first_pages.values()) == [
        reverse(name) for name in ("overview", "desk", "workday", "book", "book", "book", "welcome")
    ]


def test_loading_it_twice_changes_nothing(loaded):
    def rows():
        return [model.objects.count() for model in (User, Party, Booking, Claim, Charge, Letter)]

    before = rows()
    demo.load(now=NOW)
    assert rows() == before


def test_some_came_one_did_not_and_one_cancelled_late(loaded):
    states = Booking.objects.values_list("state", flat=True)
    counted = {state: list(states).count(state) for state in set(states)}
    assert counted[BookingState.NO_SHOW] == 1
    assert counted[BookingState.CANCELLED] == 1
    assert counted[BookingState.ARRIVED] > 20
    assert counted[BookingState.CONFIRMED] > 10
    assert Booking.objects.get(state=BookingState.CANCELLED).cancellation_net > 0


def test_it_sends_no_letters_about_the_past(loaded):
    owed = set(Letter.objects.unsent().values_list("kind", flat=True))
    assert owed == {"application_received"}


def test_without_the_hub_there_is_nothing_to_do(db):
    demo.load(now=NOW)
    assert demo.logins() == []


def test_known_passwords_stay_out_of_a_real_installation(settings):
    settings.PLEIN_EMBEDDED = False
    with pytest.raises(CommandError):
        call_command("load_demo")
