"""What was charged follows what is agreed: corrected, taken back, never twice."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from spaces.models import Hub, Space
from tenants.billing.models import Charge
from tenants.leases import charging_rent
from tenants.leases.charging_rent import Posted
from tenants.leases.models import Lease, RentPeriod
from tenants.parties.models import Party
from tests import cast
from tests.billing import books
from tests.billing.test_at_once import at_once
from tests.cast import NOW
from tests.leases.rented import DECEMBER, JANUARY, amended, charged, issue, rented, reposted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hub() -> Hub:
    return books.hub()


@pytest.fixture
def party(hub: Hub) -> Party:
    return books.party(hub, "GGD IJsselland", kind="organisation")


@pytest.fixture
def room(hub: Hub) -> Space:
    return cast.space(hub, "201", area_m2=Decimal("145.00"), bookable=False)


def test_a_party_that_takes_over_pays_from_its_day_on(hub: Hub, party: Party, room: Space):
    lease = rented(party, room)
    successor = books.party(hub, "Opvolger bv")
    charging_rent.post_month(hub, month=JANUARY, now=NOW)
    issue(hub, DECEMBER, on="2026-12-02 09:00")

    lease.shares.create(party=successor, numerator=1, denominator=1, starts_on=date(2026, 12, 15))
    assert reposted(lease) == Posted(changed=2)

    totals: dict[str, Decimal] = {}
    for charge in Charge.objects.filter(starts_on__lt=JANUARY).select_related("party"):
        totals[charge.party.name] = totals.get(charge.party.name, Decimal(0)) + charge.net
    assert totals == {"GGD IJsselland": Decimal("736.69"), "Opvolger bv": Decimal("894.56")}
    assert Charge.objects.get(starts_on=JANUARY).party == successor


def test_an_amendment_of_what_was_invoiced_gives_a_credit_and_new_lines(hub: Hub, party: Party, room: Space):
    lease = rented(party, room)
    charging_rent.post_month(hub, month=DECEMBER, now=NOW)
    issue(hub, DECEMBER, on="2026-12-02 09:00")

    amended(lease, "2026-12-01", yearly=Decimal("12000.00"))
    assert reposted(lease) == Posted(changed=1)
    assert reposted(lease) == Posted()

    assert [row[2] for row in charged(hub)] == ["1631.25", "-1631.25", "1000.00"]
    (credit,) = issue(hub, DECEMBER, on="2026-12-10 09:00")
    assert (credit.net, credit.is_credit_note) == (Decimal("-631.25"), True)


def test_what_is_not_invoiced_yet_simply_changes(hub: Hub, party: Party, room: Space):
    lease = rented(party, room)
    charging_rent.post_month(hub, month=DECEMBER, now=NOW)

    amended(lease, "2026-12-01", yearly=Decimal("12000.00"))
    reposted(lease)

    assert [row[2] for row in charged(hub)] == ["1000.00"]


def test_a_lease_that_ends_early_gives_back_what_was_paid_ahead(hub: Hub, party: Party, room: Space):
    lease = rented(party, room, invoicing="quarter", charged_from=JANUARY)
    charging_rent.post_month(hub, month=date(2027, 4, 1), now=NOW)
    issue(hub, JANUARY, on="2027-01-04 09:00")

    Lease.objects.filter(pk=lease.pk).update(ends_on=date(2027, 2, 14))
    reposted(lease)

    assert sum(Decimal(row[2]) for row in charged(hub)) == Decimal("1631.25") + Decimal("815.63")
    assert [(str(row.starts_on), str(row.ends_on)) for row in RentPeriod.objects.all()] == [
        ("2027-01-01", "2027-02-14")
    ]

    Lease.objects.filter(pk=lease.pk).update(ends_on=None)
    charging_rent.post_month(hub, month=date(2027, 4, 1), now=NOW)
    assert sum(Decimal(row[2]) for row in charged(hub)) == 2 * Decimal("4893.75")


def test_from_months_to_quarters_no_day_is_charged_twice_or_not(hub: Hub, party: Party, room: Space):
    lease = rented(party, room)
    charging_rent.post_month(hub, month=JANUARY, now=NOW)
    amended(lease, "2027-01-20", invoicing="quarter")

    charging_rent.post_month(hub, month=date(2027, 4, 1), now=NOW)

    assert [(str(row.starts_on), str(row.ends_on)) for row in RentPeriod.objects.all()] == [
        ("2026-12-01", "2026-12-31"), ("2027-01-01", "2027-01-31"),
        ("2027-02-01", "2027-03-31"), ("2027-04-01", "2027-06-30"),
    ]  # fmt: skip
    assert sum(Decimal(row[2]) for row in charged(hub)) == 7 * Decimal("1631.25")


def test_from_quarters_to_months_the_quarter_ends_there(hub: Hub, party: Party, room: Space):
    lease = rented(party, room, invoicing="quarter", charged_from=JANUARY)
    charging_rent.post_month(hub, month=JANUARY, now=NOW)
    issue(hub, JANUARY, on="2027-01-04 09:00")
    amended(lease, "2027-03-01", invoicing="month")

    reposted(lease)

    assert [(str(row.starts_on), str(row.ends_on)) for row in RentPeriod.objects.all()] == [
        ("2027-01-01", "2027-02-28"), ("2027-03-01", "2027-03-31"),
    ]  # fmt: skip
    assert sum(Decimal(row[2]) for row in charged(hub)) == Decimal("4893.75")


def test_what_the_old_books_had_after_all_is_taken_back(hub: Hub, party: Party, room: Space):
    lease = rented(party, room)
    charging_rent.post_month(hub, month=JANUARY, now=NOW)

    with transaction.atomic():
        assert charging_rent.leave_to_old_books(lease, until=date(2026, 12, 31), now=NOW)
    with transaction.atomic():
        assert not charging_rent.leave_to_old_books(lease, until=date(2026, 11, 30), now=NOW)

    assert charged(hub) == [("2027-01-01", "2027-01-31", "1631.25")]
    assert [row.starts_on for row in RentPeriod.objects.all()] == [JANUARY]


def test_parties_that_shared_and_no_longer_do_are_corrected(hub: Hub, party: Party, room: Space):
    lease = rented(party, room)
    other = books.party(hub, "Praktijk A")
    for payer in (party, other):
        lease.shares.create(party=payer, numerator=1, denominator=2)
    charging_rent.post_month(hub, month=DECEMBER, now=NOW)
    issue(hub, DECEMBER, on="2026-12-02 09:00")
    amended(lease, "2026-12-01", yearly=Decimal("12000.00"))
    reposted(lease)
    issue(hub, DECEMBER, on="2026-12-03 09:00")

    lease.shares.all().delete()
    reposted(lease)

    totals = {payer: sum(c.net for c in Charge.objects.filter(party=payer)) for payer in (party, other)}
    assert totals == {party: Decimal("1000.00"), other: Decimal(0)}


def test_two_who_run_the_month_at_once_charge_it_once(hub: Hub, party: Party, room: Space):
    rented(party, room)

    def run() -> Posted:
        return charging_rent.post_month(hub, month=JANUARY, now=NOW)

    posted = at_once(run, run)

    assert sorted(each.new for each in posted) == [0, 2]
    assert RentPeriod.objects.count() == Charge.objects.count() == 2
