"""A new fixed half-day: every date is known before anything is stored."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from schedule.models import Occurrence

from spaces import claiming
from spaces.models import Claim, Space
from tenants.leases import arranging, fixing, invariants
from tenants.leases.arranging import Standing
from tenants.leases.models import FixedDayPart
from tenants.leases.refusals import (
    AlreadyArranged,
    NoDates,
    NoPriceList,
    NothingFree,
    NotOpenThen,
    PlanChanged,
)
from tenants.parties.models import Letter, Party
from tests import cast
from tests.cast import NOW, between
from tests.leases.half_days import arranged, start, wanted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def party() -> Party:
    hub = cast.hub()
    cast.rate(hub)
    return cast.zzper(hub)[1]


@pytest.fixture
def room(party: Party) -> Space:
    return cast.space(party.hub)


def take(room: Space, start_text: str, end: str, holder: str = "booking:1") -> None:
    with transaction.atomic():
        claiming.take([room], period=between(start_text, end), kind="booking", holder=holder, now=NOW)


def test_the_plan_says_of_each_date_whether_it_is_free_taken_or_closed(party: Party, room: Space):
    take(room, "2026-12-08 11:00", "12:00")
    cast.closure(party.hub, between("2026-12-29 00:00", "24:00"))

    planned = arranging.plan(wanted(party, room, ends_on=date(2026, 12, 31)), now=NOW)

    assert [(each.slot.period.start, each.state) for each in planned.dates] == [
        (start("2026-12-01"), Standing.FREE),
        (start("2026-12-08"), Standing.TAKEN),
        (start("2026-12-15"), Standing.FREE),
        (start("2026-12-22"), Standing.FREE),
        (start("2026-12-29"), Standing.CLOSED),
    ]
    assert [claim.holder for claim in planned.dates[1].claims] == ["booking:1"]
    assert (planned.total.net, planned.price.net) == (Decimal("112.50"), Decimal("37.50"))
    assert not Claim.objects.filter(kind="lease").exists()


def test_the_plan_reaches_a_year_also_without_an_end(party: Party, room: Space):
    planned = arranging.plan(wanted(party, room), now=NOW)

    assert len(planned.dates) == 53
    assert planned.dates[-1].slot.period.start == start("2027-11-30")


def test_arranging_claims_the_free_dates_and_leaves_out_the_taken_ones(party: Party, room: Space):
    take(room, "2026-12-08 11:00", "12:00")

    fixed = arranged(party, room)

    held = Claim.objects.held_by(fixed.holder).filter(active=True).order_by("starts_at")
    assert [claim.starts_at for claim in held[:3]] == [
        start("2026-12-01"), start("2026-12-15"), start("2026-12-22")
    ]  # fmt: skip
    assert list(Occurrence.objects.values_list("original_start", "cancelled")) == [
        (start("2026-12-08"), True)
    ]
    assert invariants.broken(now=NOW) == []
    letter = Letter.objects.get()
    assert letter.subject == "Afgesproken: uw vaste dagdeel in Spreekkamer B03 vanaf dinsdag 1 december"
    assert "dinsdag 8 december" in letter.text


def test_a_date_left_out_stays_out_when_the_horizon_moves_and_when_all_is_claimed_anew(
    party: Party, room: Space
):
    take(room, "2026-12-08 11:00", "12:00")
    fixed = arranged(party, room)
    claiming.release("booking:1")

    fixing.extend_horizon(now=NOW + timedelta(days=8))
    with transaction.atomic():
        fixing.claim(fixed, now=NOW)

    held = Claim.objects.held_by(fixed.holder).filter(active=True)
    assert not held.overlapping(between("2026-12-08 08:00", "12:00")).exists()
    assert invariants.broken(now=NOW) == []


def test_another_date_taken_than_was_seen_stores_nothing_and_shows_the_plan_anew(party: Party, room: Space):
    asked = wanted(party, room)
    seen = arranging.plan(asked, now=NOW).skipped
    take(room, "2026-12-15 09:00", "10:00")

    with pytest.raises(PlanChanged) as refused:
        arranging.arrange(asked, skipped=seen, now=NOW)

    assert refused.value.plan.skipped == {start("2026-12-15")}
    assert not FixedDayPart.objects.exists()


def test_a_second_press_finds_the_first_half_day_and_other_terms_are_refused(party: Party, room: Space):
    first = arranged(party, room)

    assert arranging.arrange(wanted(party, room), skipped=(), now=NOW) == first
    with pytest.raises(AlreadyArranged):
        arranging.arrange(wanted(party, room, price=Decimal("40.00")), skipped=(), now=NOW)
    assert Letter.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"weekday": 6}, NotOpenThen),
        ({"ends_on": date(2026, 11, 30), "starts_on": date(2026, 11, 26)}, NoDates),
    ],
)
def test_what_cannot_be_is_refused_in_words(party: Party, room: Space, fields, refusal):
    with pytest.raises(refusal):
        arranging.plan(wanted(party, room, **fields), now=NOW)


def test_without_a_price_list_nobody_knows_the_vat(party: Party):
    office = cast.space(party.hub, "101", kind="office")
    with pytest.raises(NoPriceList):
        arranging.plan(wanted(party, office), now=NOW)


def test_a_room_under_lease_has_no_free_date(party: Party, room: Space):
    with transaction.atomic():
        claiming.take_until(
            [room], starts_at=start("2026-01-01"), ends_at=None, kind="lease", holder="lease:1", now=NOW
        )
    with pytest.raises(NothingFree):
        arranging.plan(wanted(party, room), now=NOW)


def test_a_monthly_amount_is_shared_out_over_the_first_month(party: Party, room: Space):
    planned = arranging.plan(
        wanted(party, room, starts_on=date(2026, 12, 9), charged_per="month", price=Decimal("100.00")),
        now=NOW,
    )

    assert [(month.first, net) for month, net in planned.months[:2]] == [
        (date(2026, 12, 1), Decimal("60.00")),
        (date(2027, 1, 1), Decimal("100.00")),
    ]


def test_the_whole_meeting_area_is_claimed_as_its_halves(party: Party):
    whole, half_a, half_b = cast.meeting_area(party.hub)
    cast.rate(party.hub, kind="meeting_area", vat=21)
    fixed = arranged(party, whole, ends_on=date(2026, 12, 1))

    claims = Claim.objects.held_by(fixed.holder)
    assert {claim.space for claim in claims} == {half_a, half_b}
    assert invariants.broken(now=NOW) == []


def test_the_dates_of_a_plan_cost_no_query_each(party: Party, room: Space, django_assert_num_queries):
    for last in (date(2026, 12, 1), date(2027, 11, 30)):
        asked = wanted(party, room, ends_on=last)
        with django_assert_num_queries(5):
            assert arranging.plan(asked, now=NOW).total.net
