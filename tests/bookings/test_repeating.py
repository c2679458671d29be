"""Making a series: every date seen before it is stored, then all of them at once."""

from datetime import date, time
from decimal import Decimal

import pytest

from bookings import repeating
from bookings.models import Booking, Series
from bookings.repeating_plan import DateState
from bookings.states import BookingState
from spaces import patterns
from spaces.models import Claim, Hub, Space
from tenants.billing.models import Charge
from tenants.parties.models import Letter, Party, User
from tests import cast
from tests.bookings.repeated import made, planned, wish
from tests.cast import NOW, between

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


@pytest.fixture
def room(hub: Hub) -> Space:
    cast.rate(hub)
    return cast.space(hub)


@pytest.fixture
def dietitian(hub: Hub) -> tuple[User, Party]:
    return cast.zzper(hub)


def days(series: Series) -> list[str]:
    return [str(row.starts_at.date()) for row in series.bookings.filter(state=BookingState.CONFIRMED)]


def test_each_date_is_a_booking_with_its_claim_and_its_charge_and_one_letter_has_them_all(room, dietitian):
    series = made(wish(room, dietitian))

    assert days(series) == ["2026-11-24", "2026-12-01", "2026-12-08", "2026-12-15"]
    assert Claim.objects.filter(active=True, kind="booking").count() == 4
    assert sum(Charge.objects.values_list("net", flat=True)) == Decimal("150.00")
    letter = Letter.objects.get()
    assert letter.subject == "Geboekt: Spreekkamer B03, elke week op dinsdag"
    assert letter.attachments.get().content.tobytes().count(b"BEGIN:VEVENT") == 4
    assert repeating.audit(series) == []
