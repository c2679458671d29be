"""A zzp'er books and pays in one go, on the page of a stand-in: with iDEAL, later, otherwise, or without JavaScript."""

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext

from bookings.models import Booking
from bookings.paying import syncing
from bookings.states import BookingState
from tenants.billing.models import Invoice, OnlinePayment
from tests import cast
from tests.billing import books
from tests.browser.conftest import DESK, PHONE
from tests.browser.looking import alone
from tests.online import money
from tests.stand_in.words import WORDS

AMOUNT = "€\N{NO-BREAK SPACE}37,50"


@pytest.fixture
def anna(noon, transactional_db, stripe_server, live_server, settings):
    settings.SITE_URL = live_server.url
    hub = money.hub()
    cast.space(hub, "B03", name="Spreekkamer 1")
    cast.rate(hub)
    return cast.zzper(hub, **books.ADDRESS)[0]


def words(language):
    say = {name: both[language == "en"] for name, both in WORDS.items()}
    with translation.override(language):
        return say | {
            "morning": "ochtend" if language == "nl" else "morning",
            "tuesday": "24 nov" if language == "nl" else "24 Nov",
            "book": f"{gettext('Book')} Spreekkamer 1",
            "book and pay": gettext("Book and pay %(amount)s") % {"amount": AMOUNT},
            "book for": gettext("Book for %(amount)s") % {"amount": AMOUNT},
            "on account": gettext("On account"),
            "booked": gettext("Your room has been booked"),
            "paid": gettext("%(amount)s has been paid with %(method)s.")
            % {"amount": AMOUNT, "method": "iDEAL | Wero"},
            "not paid": gettext("Not paid yet"),
            "go on": gettext("Go on with paying"),
            "another way": gettext("Pay another way, or do not book"),
            "wait": gettext("We wait for the bank"),
            "check": gettext("Check and book"),
            "show": gettext("Show rooms"),
            "free": ngettext("%(number)s room free", "%(number)s rooms free", 1) % {"number": 1},
        }


def to_the_check_page(there, say, *, scripts=True):
    there.open("/boek")
    there.choose(say["tuesday"])
    there.choose(say["morning"])
    if not scripts:
        there.tap("button", say["show"])
    there.page.locator("#results h2", has_text=say["free"]).wait_for()
    there.page.wait_for_url("**dag=2026-11-24*")
    there.tap("button", say["book"])
    assert there.heading == say["check"]


def pays_with_ideal(there, say, answer):
    there.tap("radio", say["ideal"])
    there.tap("button", say["on"])
    there.tap("button", say[answer])


@pytest.mark.parametrize(("viewport", "language"), [(PHONE, "nl"), (DESK, "en")], ids=["390-nl", "1280-en"])
def test_books_and_pays_with_ideal_in_seven_taps(anna, visit, viewport, language):
    anna.language = language
    anna.save()
    there, say = visit(anna, viewport=viewport), words(language)
    to_the_check_page(there, say)
    alone(there, f"pay-check-{language}", language=language)
    button = there.page.get_by_role("button", name=say["book and pay"], exact=True).bounding_box()
    assert viewport == DESK or button["y"] < viewport["height"]

    there.tap("button", say["book and pay"], exact=True)
    pays_with_ideal(there, say, "yes")

    assert there.heading == say["booked"]
    there.sees(say["paid"])
    alone(there, f"pay-booked-{language}", language=language)
    assert there.taps <= 7
    booking = Booking.objects.get()
    assert (booking.state, Invoice.objects.get().prepaid) == (BookingState.CONFIRMED, booking.total)
    there.page.locator("a", has_text=Invoice.objects.get().number).first.click()
    assert Invoice.objects.get().number in there.heading


def test_leaves_the_bank_goes_back_and_chooses_to_book_on_account(anna, visit):
    there, say = visit(anna), words("nl")
    to_the_check_page(there, say)
    there.tap("button", say["book and pay"], exact=True)
    there.page.go_back()
    assert there.heading == say["not paid"]
    alone(there, "pay-not-yet")
    there.open("/mijn")
    alone(there, "pay-mine")
    there.tap("button", say["go on"])
    there.tap("link", say["back"])
    there.tap("button", say["another way"])
    assert there.heading == say["check"]
    there.page.get_by_label(say["on account"]).check()
    alone(there, "pay-on-account")
    there.tap("button", say["book for"], exact=True)
    assert there.heading == say["booked"]
    assert Booking.objects.get().state == BookingState.CONFIRMED
    assert not Invoice.objects.exists()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_waits_for_the_bank_and_sees_by_itself_that_it_is_booked(anna, visit, stripe_server, scripts):
    there, say = visit(anna, scripts=scripts), words("nl")
    to_the_check_page(there, say, scripts=scripts)
    there.tap("button", say["book and pay"], exact=True)
    pays_with_ideal(there, say, "later")
    assert there.heading == say["wait"]
    if scripts:
        alone(there, "pay-waits")
    assert not there.page.get_by_role("button", name=say["go on"]).count()

    payment = OnlinePayment.objects.get()
    stripe_server.settle(payment.intent_id)
    syncing.sync(payment, now=timezone.now())

    if scripts:
        there.page.clock.run_for(5000)
    there.page.get_by_role("heading", name=say["booked"] if scripts else "Spreekkamer 1", level=1).wait_for(
        timeout=15_000
    )
