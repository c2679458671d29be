"""A date that was given back and that others book: money back, a letter once, and counted once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import translation

from bookings import arriving, cancelling, moving, reletting, reserving
from bookings.models import Booking
from spaces import occupancy
from spaces.explaining import tell
from spaces.models import Hub, Space
from spaces.periods import local_day
from tenants.billing import invoicing
from tenants.billing.models import Charge, Invoice
from tenants.leases import giving, owing
from tenants.leases.models import FixedDayPart, GivenBack
from tenants.parties.models import Letter, Party, User
from tests import cast
from tests.billing import books
from tests.cast import AMSTERDAM, NOW, at, between
from tests.leases.half_days import arranged, start

pytestmark = pytest.mark.django_db(transaction=True)
EIGHTH = start("2026-12-08")


@dataclass
class Scene:
    """Anna has Tuesday mornings and gave 8 December back; Bram may book."""

    hub: Hub
    room: Space
    fixed: FixedDayPart
    given: GivenBack
    bram: User
    practice: Party

    def book(self, starts: str = "08:00", ends: str = "12:00", *, space: Space | None = None) -> Booking:
        held = reserving.hold(
            space or self.room, period=between(f"2026-12-08 {starts}", ends), party=self.practice, by=self.bram,
            key=uuid4(), now=NOW,
        )  # fmt: skip
        return reserving.confirm(held, now=NOW)

    def credits(self) -> list[Decimal]:
        return list(Charge.objects.filter(source__contains=":back:").values_list("net", flat=True))


def scene(**fields) -> Scene:
    hub = books.hub()
    cast.rate(hub)
    anna, party = cast.zzper(hub, **books.ADDRESS)
    bram, practice = cast.zzper(hub, "Bram Visser", **books.ADDRESS)
    room = cast.space(hub)
    fixed = arranged(party, room, **fields)
    given = giving.give_back([(fixed, EIGHTH)], by=anna, now=NOW)[0]
    Letter.objects.all().delete()
    return Scene(hub, room, fixed, given, bram, practice)


def test_who_gave_the_date_back_gets_its_price_when_somebody_books_it():
    there = scene()
    there.book()

    assert reletting.settle(now=NOW) == 1

    assert there.credits() == [Decimal("-37.50")]
    charge = Charge.objects.get(source__contains=":back:")
    assert (charge.party, charge.starts_on, charge.ends_on) == (
        there.fixed.party, date(2026, 12, 8), date(2026, 12, 8),
    )  # fmt: skip
    there.given.refresh_from_db()
    assert there.given.credit_net == Decimal("37.50")


def test_the_holder_is_told_once():
    there = scene()
    booking = there.book("09:00", "10:00")
    reletting.settle(now=NOW)
    there.book("10:00", "12:00")

    assert (reletting.settle(now=NOW), reletting.settle(now=NOW)) == (1, 0)

    letter = Letter.objects.get(kind="fixed_relet")
    assert letter.to_email == there.given.given_by.email
    assert "€\xa09,38" in letter.text
    assert booking.code not in letter.text
    assert "Bram" not in letter.text


@pytest.mark.parametrize(
    ("starts", "ends", "net"), [("09:00", "10:00", "-9.38"), ("10:00", "14:00", "-18.75")]
)
def test_a_part_of_the_time_gives_that_share_back(starts, ends, net):
    there = scene()
    there.book(starts, ends)

    reletting.settle(now=NOW)

    assert there.credits() == [Decimal(net)]


def test_of_a_monthly_amount_the_share_of_the_date_comes_back():
    there = scene(charged_per="month", price=Decimal("101.00"))
    there.book()

    reletting.settle(now=NOW)

    charge = Charge.objects.get(source__contains=":back:")
    assert (charge.quantity, charge.net) == (-1, Decimal("-20.20"))
    with translation.override("en"):
        assert tell(charge.description) == "Back for Spreekkamer B03, Tuesday 8 December 2026"
        assert tell(charge.reason) == ("Given back, and used by somebody else: 100\xa0% of €\xa020,20.")


def test_a_hold_gives_nothing_back_yet():
    there = scene()
    reserving.hold(
        there.room, period=between("2026-12-08 08:00", "12:00"), party=there.practice, by=there.bram,
        key=uuid4(), now=NOW,
    )  # fmt: skip

    assert reletting.settle(now=NOW) == 0
    assert there.credits() == []


def test_the_credit_shrinks_when_the_booking_is_cancelled_or_moved_before_the_time():
    there = scene()
    first, second = there.book("08:00", "10:00"), there.book("10:00", "12:00")
    reletting.settle(now=NOW)

    cancelling.cancel(first, by=there.bram, now=NOW)
    assert (reletting.settle(now=NOW), there.credits()) == (1, [Decimal("-18.75")])

    moving.move(
        second, space=there.room, period=between("2026-12-08 14:00", "16:00"), by=there.bram,
        sequence=second.sequence, now=NOW,
    )  # fmt: skip
    assert (reletting.settle(now=NOW), there.credits()) == (1, [])


def test_what_was_booked_when_the_date_began_stays_credited():
    there = scene()
    booking = there.book()
    reletting.settle(now=NOW)

    arriving.no_show(booking, now=EIGHTH + timedelta(hours=1))

    assert reletting.settle(now=EIGHTH + timedelta(hours=1)) == 0
    assert there.credits() == [Decimal("-37.50")]


def test_what_has_been_invoiced_stays():
    there = scene()
    booking = there.book()
    owing.post_months(now=at("2026-12-02 09:00"))
    reletting.settle(now=NOW)
    books.approve_month(there.hub, month=date(2026, 12, 1), now=at("2027-01-04 09:00"))
    invoicing.issue_approved(now=at("2027-01-04 09:00"))
    Booking.objects.filter(pk=booking.pk).update(state="cancelled", cancelled_at=NOW, cancellation_net=0)
    GivenBack.objects.update(starts_at=at("2027-01-05 08:00"), ends_at=at("2027-01-05 12:00"))

    assert reletting.settle(now=at("2027-01-04 10:00")) == 0

    assert there.credits() == [Decimal("-37.50")]
    invoice = Invoice.objects.issued().get(party=there.fixed.party)
    assert invoice.net == Decimal("150.00")


def test_taking_back_withdraws_the_credit_that_a_cancelled_booking_left():
    there = scene()
    booking = there.book()
    reletting.settle(now=NOW)
    cancelling.cancel(booking, by=there.bram, now=NOW)

    giving.take_back([(there.fixed, EIGHTH)], now=NOW)

    assert there.credits() == []
    assert reletting.settle(now=NOW) == 0


def test_half_of_the_meeting_area_gives_half_back():
    hub = books.hub()
    whole, half_a, _half_b = cast.meeting_area(hub)
    cast.rate(hub)
    cast.rate(hub, kind="meeting_area", vat=21, per_hour=Decimal("10.00"))
    anna, party = cast.zzper(hub)
    bram, practice = cast.zzper(hub, "Bram Visser")
    fixed = arranged(party, whole)
    given = giving.give_back([(fixed, EIGHTH)], by=anna, now=NOW)[0]
    there = Scene(hub, half_a, fixed, given, bram, practice)
    there.book()

    reletting.settle(now=NOW)

    assert there.credits() == [Decimal("-18.75")]
    assert "€\xa022,69" in Letter.objects.get(kind="fixed_relet").text


def test_given_back_and_let_again_it_counts_once_in_the_occupancy():
    there = scene()
    day = local_day(date(2026, 12, 8), zone=AMSTERDAM)

    def booked() -> Decimal:
        book = occupancy.read(there.hub, period=day)
        return occupancy.use_of(book, period=day).flex_booked_hours

    assert booked() == 0
    there.book("09:00", "11:00")
    reletting.settle(now=NOW)
    assert booked() == 2


def test_a_worker_that_was_away_credits_what_is_just_over():
    there = scene()
    there.book()
    later: datetime = EIGHTH + timedelta(days=3)

    assert reletting.settle(now=later) == 1
    assert there.credits() == [Decimal("-37.50")]


def test_what_the_holder_books_on_a_date_it_gave_back_earns_it_nothing():
    there = scene()
    there.book("08:00", "10:00")
    there.practice, there.bram = there.fixed.party, there.given.given_by
    there.book("10:00", "12:00")

    reletting.settle(now=NOW)

    assert there.credits() == [Decimal("-18.75")]
