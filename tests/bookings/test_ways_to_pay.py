"""Which ways to pay a booking has, and what is paid now: whole or a share, to the cent of its invoice."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from bookings import reserving
from bookings.paying import on_account, starting, syncing, ways
from bookings.refusals import NotPaidOnline
from bookings.states import BookingState
from config import controlling
from spaces.models import Extra
from tenants.billing.models import Invoice, Receivable
from tenants.parties.models import PartyKind
from tests import cast
from tests.bookings.deeds import MORNING, fresh
from tests.bookings.paid_hub import AMOUNT, Place, paid_once
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(stripe_server):
    return Place()


@pytest.fixture(autouse=True)
def all_still_adds_up(db):
    yield
    broken = {it.invariant.words: it.shown for it in controlling.look(now=NOW) if it.looked.broken}
    assert broken == {}


def test_a_part_now_leaves_the_rest_of_the_invoice_open(stripe_server):
    place = Place(prepaid_percentage=30)
    booking = place.hold()
    chosen = ways.of(booking, by=place.anna)
    assert (chosen.now, chosen.later, chosen.on_account) == (Decimal("11.25"), Decimal("26.25"), False)
    with pytest.raises(NotPaidOnline):
        on_account.book(booking, by=place.anna, now=NOW)
    payment = place.start(booking)
    stripe_server.pay(payment.session_id)

    syncing.sync(payment, now=NOW)

    invoice = Invoice.objects.get()
    assert (invoice.gross, invoice.prepaid) == (AMOUNT, Decimal("11.25"))
    assert Receivable.objects.with_open().get().open_amount == Decimal("26.25")
    assert payment.amount == Decimal("11.25")


def test_the_highest_share_of_the_rooms_counts(stripe_server):
    place = Place(prepaid_percentage=20)
    _whole, half_a, half_b = cast.meeting_area(place.hub)
    for room, share in [(half_a, 10), (half_b, 40)]:
        cast.rate(place.hub, space=room, vat=21, prepaid_percentage=share)

    held = reserving.hold(
        half_a, period=MORNING, party=place.practice, by=place.anna, key=uuid4(),
        wish=reserving.Wish(rooms=(half_b,)), now=NOW,
    )  # fmt: skip

    assert ways.of(held, by=place.anna).percentage == 40
    assert (
        reserving.confirm(fresh(held), now=held.held_until + timedelta(minutes=1)).state
        == BookingState.CONFIRMED
    )


def test_what_is_paid_is_what_the_invoice_comes_to_to_the_cent(stripe_server):
    """12.35 and 3.45 with 21 % each: 14.94 + 4.17 is 19.11, but VAT over both together makes 19.12."""
    place = Place(vat=21, per_day_part=Decimal("12.35"))
    coffee = Extra.objects.create(
        hub=place.hub, code="koffie", name_nl="koffie", per=Extra.Per.BOOKING, price=Decimal("3.45"), vat_rate=21,
        vat_treatment="service_own", vat_reason="eigen dienst",
    )  # fmt: skip
    coffee.spaces.set([place.room])
    held = reserving.hold(
        place.room, period=MORNING, party=place.practice, by=place.anna, key=uuid4(),
        wish=reserving.Wish(extras=(coffee,)), now=NOW,
    )  # fmt: skip
    assert (held.total, ways.of(held, by=place.anna).now) == (Decimal("19.11"), Decimal("19.12"))
    payment = place.start(held)
    stripe_server.pay(payment.session_id)

    syncing.sync(payment, now=NOW)

    assert paid_once().gross == Decimal("19.12")


def test_who_goes_on_account(place, stripe_server, settings):
    held, bram = place.hold(), place.other()
    assert ways.of(held, by=place.anna).online
    assert ways.of(held, by=place.anna).rather_online
    assert not ways.of(held, by=cast.staff(place.hub, "reception")).online

    place.room.needs_approval = True
    place.room.save()
    assert not ways.of(fresh(held), by=place.anna).online
    place.room.needs_approval = False
    place.room.save()

    place.practice.kind, place.practice.city = PartyKind.ORGANISATION, ""
    place.practice.save()
    without = ways.of(fresh(held), by=place.anna)
    assert (without.online, without.needs_address, without.on_account, without.rather_online) == (
        False, True, True, False,
    )  # fmt: skip
    with pytest.raises(NotPaidOnline):
        starting.start(fresh(held), by=place.anna, now=NOW)
    assert bram[1].has_address
    settings.STRIPE_SECRET_KEY = ""
    assert not ways.of(fresh(held), by=place.anna).needs_address
