"""Directors hear of what has to be decided three months and one month before, once each."""

from datetime import date

import pytest

from tenants.leases import deadlines
from tenants.leases.contracts import standing
from tenants.leases.models import BreakOption, Security
from tenants.parties.models import Letter
from tests import cast
from tests.bookings.web.conftest import client_of, noon
from tests.cast import at
from tests.leases.agreeing import change

__all__ = ["noon"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(transactional_db):
    hub = cast.hub()
    hub.director = cast.staff(hub)
    return hub


def told(day):
    deadlines.tell(now=at(f"{day} 07:00"))
    return sorted(Letter.objects.filter(kind="lease_deadline").values_list("key", flat=True))


def lease_until(hub, ends, **terms):
    return cast.lease(cast.tenant(hub, "Accare")[1], rooms=[cast.space(hub)], ends=ends, **terms)


def test_oracle_16_notice_by_a_year_before_the_end(place):
    lease = lease_until(place, "2027-12-31", notice_months=12)

    found = deadlines.of_lease(standing.whole(lease.pk), today=date(2026, 11, 21))

    assert [(each.on.isoformat(), each.what.value) for each in found] == [
        ("2026-12-31", "notice"), ("2027-12-31", "end"),
    ]  # fmt: skip


def test_a_letter_three_months_and_one_month_before_once_each(place):
    lease = lease_until(place, "2027-06-30")
    key = f"deadline:{lease.pk}:end:20270630:20270630"
    three, one = f"{key}:3:{place.director.pk}", f"{key}:1:{place.director.pk}"

    assert told("2027-03-29") == []
    assert told("2027-03-30") == [three]
    assert told("2027-03-31") == [three]
    assert told("2027-05-29") == [three]
    assert told("2027-05-30") == [one, three]
    assert told("2027-06-30") == [one, three]


def test_days_on_which_nothing_ran_are_made_up_for(place):
    lease_until(place, "2027-06-30")

    assert [key.split(":")[-2] for key in told("2027-06-20")] == ["1"]
    assert told("2027-07-01") == told("2027-06-20")


def test_all_kinds_reach_the_director_in_words(place):
    lease = lease_until(place, "2028-12-31", notice_months=12)
    BreakOption.objects.create(lease=lease, ends_on=date(2027, 6, 30), notice_months=6, whose="tenant")
    Security.objects.create(lease=lease, kind="guarantee", amount=1000, expires_on=date(2027, 1, 31))
    told("2026-12-15")

    assert list(Letter.objects.order_by("subject").values_list("subject", flat=True)) == [
        "Eerder stoppen of niet, beslis uiterlijk woensdag 30 december: contract HC-1 van Accare",
        "Loopt af op zondag 31 januari 2027: bankgarantie van Accare (contract HC-1)",
    ]
    assert f"/beheer/contracten/{lease.pk}" in Letter.objects.first().text


def test_what_was_given_back_or_renewed_is_no_deadline_any_more(place):
    lease = lease_until(place, "2027-01-31")
    Security.objects.create(
        lease=lease,
        kind="guarantee",
        amount=1000,
        expires_on=date(2026, 12, 31),
        returned_on=date(2026, 11, 1),
    )
    change(lease, "renew", by=place.director, last="2032-01-31")

    assert told("2026-12-15") == []


def test_only_active_directors_of_this_hub_get_it(place):
    lease_until(place, "2026-12-31")
    gone = cast.staff(place, name="Weg")
    gone.is_active = False
    gone.save()
    cast.staff(place, "bookkeeper")
    cast.staff(cast.hub("elders"))
    told("2026-11-30")

    assert list(Letter.objects.values_list("to_email", flat=True)) == [place.director.email]


@pytest.mark.parametrize("number", [1, 3])
def test_lists_take_as_many_queries_however_long_they_are(place, number, django_assert_num_queries):
    for at_ in range(number):
        lease = cast.lease(
            cast.tenant(place, f"Huurder {at_}")[1], rooms=[cast.space(place, f"B1{at_}")], number=f"HC-{at_}"
        )
        Security.objects.create(lease=lease, kind="guarantee", amount=1000, expires_on=date(2027, 12, 31))
    client = client_of(place.director)
    with django_assert_num_queries(11):
        assert client.get("/beheer/termijnen").content.count(b"HC-") == number * 2
    with django_assert_num_queries(12):
        assert client.get("/beheer/contracten").content.count(b"HC-") == number
