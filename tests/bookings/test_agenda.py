"""My agenda: everything of one's own, and nothing else."""

from datetime import timedelta

import pytest

from bookings import agenda
from bookings.models import Booking
from spaces import claiming
from tenants.leases.models import GivenBack
from tests import cast
from tests.bookings.feed_reading import Lived, lived_in
from tests.cast import NOW, between

pytestmark = pytest.mark.django_db
ALL = between("2026-11-01 00:00", "2026-12-31 00:00")


@pytest.fixture
def lived() -> Lived:
    return lived_in()


def seen(user, *, within=ALL, now=NOW):
    return [(item.state, item.period) for item in agenda.of(cast.actor(user), within=within, now=now)]


def test_bookings_options_requests_and_half_days_in_one_order(lived):
    assert seen(lived.anna) == [
        ("confirmed", between("2026-11-03 08:00", "12:00")),
        ("confirmed", between("2026-11-24 08:00", "12:00")),
        ("confirmed", between("2026-11-25 13:00", "17:00")),
        ("fixed", between("2026-11-27 18:00", "22:00")),
        ("requested", between("2026-12-01 08:00", "12:00")),
        ("option", between("2026-12-02 08:00", "12:00")),
        ("fixed", between("2026-12-04 18:00", "22:00")),
        ("fixed", between("2026-12-11 18:00", "22:00")),
    ]


def test_what_was_given_back_says_so(lived):
    period = between("2026-12-04 18:00", "22:00")
    claiming.release_during(lived.fixed.holder, period=period)
    GivenBack.objects.create(
        fixed=lived.fixed, original_start=period.start, starts_at=period.start, ends_at=period.end, given_at=NOW,
        given_by=lived.anna,
    )  # fmt: skip
    assert [state for state, when in seen(lived.anna) if when == period] == ["given_back"]


def test_an_option_that_ran_out_is_no_longer_there(lived):
    assert "option" not in [state for state, _period in seen(lived.anna, now=NOW + timedelta(days=14))]


def test_of_others_nothing(lived):
    bram = Booking.objects.get(pk=lived.others["booked"].pk).booked_by
    assert [period for _state, period in seen(bram)] == [
        between("2026-11-24 13:00", "17:00"),
        between("2026-11-30 13:00", "17:00"),
    ]


def test_reception_sees_what_it_booked_itself(lived):
    assert seen(cast.staff(lived.hub, "reception")) == []


def test_the_queries_stay_the_same(lived, django_assert_num_queries):
    actor = cast.actor(lived.anna)
    for within in (ALL, between("2026-11-27 00:00", "24:00")):
        with django_assert_num_queries(4):
            agenda.of(actor, within=within, now=NOW)
