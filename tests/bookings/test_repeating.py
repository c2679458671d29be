"""Making a series: every date seen before it is stored, then all of them at once."""

from datetime import date, time
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings import cancelling, moving, repeating, repeating_answering, repeating_plan, reserving
from bookings.models import Booking, Series
from bookings.refusals import FormUsed
from bookings.repeating import Agreed
from bookings.repeating_plan import SKIP
from bookings.repeating_refusals import PlanChanged
from bookings.states import BookingState
from spaces import patterns
from spaces.models import BookingRule, Claim, Hub, Space, SpaceKind
from tenants.billing.models import Charge
from tenants.leases.models import Lease
from tenants.parties.models import Letter, Party, User
from tests import cast
from tests.bookings.repeated import made, planned, wish
from tests.cast import NOW, between
from tests.concurrency.racing import overlaps

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


def booked(room: Space, who: tuple[User, Party], start: str, end: str) -> Booking:
    user, party = who
    held = reserving.hold(
        room, period=between(start, end), party=party, by=user, contact=user, key=uuid4(), now=NOW
    )
    return reserving.confirm(held, now=NOW)


def days(series: Series) -> list[str]:
    return [str(row.starts_at.date()) for row in series.bookings.filter(state=BookingState.CONFIRMED)]


def states(plan: repeating_plan.Plan) -> list[str]:
    return [str(each.state) for each in plan.dates]


def test_each_date_is_a_booking_with_its_claim_and_its_charge_and_one_letter_has_them_all(room, dietitian):
    series = made(wish(room, dietitian))

    assert days(series) == ["2026-11-24", "2026-12-01", "2026-12-08", "2026-12-15"]
    assert Claim.objects.filter(active=True, kind="booking").count() == 4
    assert sum(Charge.objects.values_list("net", flat=True)) == Decimal("150.00")
    letter = Letter.objects.get()
    assert letter.subject == "Geboekt: Spreekkamer B03, elke week op dinsdag"
    assert bytes(letter.attachments.get().content).count(b"BEGIN:VEVENT") == 4
    assert (
        "dinsdag 15 december, 09:00–12:00" in letter.text
        or "dinsdag 15 december 2026, 09:00–12:00" in letter.text
    )
    assert repeating.audit(series) == []


def test_a_year_of_weeks_takes_as_many_queries_as_four(room, dietitian):
    made(wish(room, dietitian, pattern=patterns.weekly([0])))
    counts = []
    for weekday, last in [(1, date(2026, 12, 15)), (2, date(2027, 11, 20))]:
        wanted = wish(room, dietitian, pattern=patterns.weekly([weekday]), last=last)
        plan = planned(wanted)
        agreed = Agreed(plan.fingerprint, plan.gross)
        with CaptureQueriesContext(connection) as queries:
            repeating.create(wanted, choices={}, key=uuid4(), agreed=agreed, now=NOW)
        counts.append(len(queries))

    assert Booking.objects.count() == 3 + 4 + 52
    assert counts[0] == counts[1]
    assert counts[1] <= 50


def test_a_second_press_is_the_same_series_and_another_wish_with_its_key_is_refused(room, dietitian):
    key = uuid4()
    first = made(wish(room, dietitian), key=key)
    seen = Agreed("anything", Decimal(0))

    assert repeating.create(wish(room, dietitian), choices={}, key=key, agreed=seen, now=NOW) == first
    monthly = wish(room, dietitian, pattern=patterns.monthly_day(3))
    with pytest.raises(FormUsed):
        repeating.create(monthly, choices={}, key=key, agreed=seen, now=NOW)


def test_one_date_taken_one_closed_one_off_hours_each_with_its_ways_out(hub, room, dietitian):
    other = cast.space(hub, "B04")
    booked(room, cast.zzper(hub, "Bram Bos"), "2026-11-24 11:00", "13:00")
    cast.closure(hub, between("2026-11-25 08:00", "22:00"), reason="onderhoud")
    wanted = wish(
        room, dietitian, pattern=patterns.weekly([0, 1, 2, 3, 4, 5]), hours=(time(8), time(11, 30)),
        first=date(2026, 11, 24), last=date(2026, 11, 28),
    )  # fmt: skip
    plan = planned(wanted)

    assert states(plan) == ["taken", "closed", "free", "free", "closed"]
    assert [[way.key for way in each.ways] for each in plan.dates] == [
        ["B04|08:00|11:30", "B03|13:00|16:30"],
        [],
        [],
        [],
        ["B03|09:00|12:30"],
    ]
    assert "onderhoud" in plan.dates[1].why
    assert plan.dates[0].why == "Bezet"
    assert other.pk == plan.dates[0].ways[0].space.pk


def test_a_way_out_is_booked_where_it_is_and_what_is_left_out_stays_out(hub, room, dietitian):
    cast.space(hub, "B04")
    booked(room, cast.zzper(hub, "Bram Bos"), "2026-12-01 09:00", "12:00")
    booked(room, cast.zzper(hub, "Cor Bos"), "2026-12-08 08:00", "12:00")
    plan = planned(wish(room, dietitian))
    choices = {
        plan.dates[1].key: plan.dates[1].ways[0].key,
        plan.dates[2].key: plan.dates[2].ways[-1].key,
        plan.dates[3].key: SKIP,
    }
    series = made(wish(room, dietitian), choices=choices)

    rows = [(row.space.code, str(row.starts_at)[:16]) for row in series.bookings.order_by("starts_at")]
    assert rows == [("B03", "2026-11-24 08:00"), ("B04", "2026-12-01 08:00"), ("B03", "2026-12-08 11:00")]
    assert repeating.audit(series) == []


def test_other_clashes_than_were_agreed_are_shown_again_and_nothing_is_saved(hub, room, dietitian):
    wanted = wish(room, dietitian)
    seen = planned(wanted)
    booked(room, cast.zzper(hub, "Bram Bos"), "2026-12-01 09:00", "12:00")
    agreed = Agreed(seen.fingerprint, seen.gross)

    with pytest.raises(PlanChanged) as refused:
        repeating.create(wanted, choices={}, key=uuid4(), agreed=agreed, now=NOW)
    assert states(refused.value.plan) == ["free", "taken", "free", "free"]
    assert not Series.objects.exists()


def test_another_price_than_was_agreed_is_shown_again(hub, room, dietitian):
    wanted = wish(room, dietitian)
    seen = planned(wanted)
    cast.rate(hub, per_day_part=Decimal("40.00"), per_hour=Decimal("15.00"), valid_from=date(2026, 12, 1))

    with pytest.raises(PlanChanged):
        repeating.create(
            wanted, choices={}, key=uuid4(), agreed=Agreed(seen.fingerprint, seen.gross), now=NOW
        )


def test_what_is_held_of_it_stands_in_nobodys_way_and_becomes_the_first_date(room, dietitian):
    user, party = dietitian
    held = reserving.hold(
        room, period=between("2026-11-24 09:00", "12:00"), party=party, by=user, key=uuid4(), now=NOW
    )
    series = made(wish(room, dietitian, hold=held))

    assert len(days(series)) == 4
    held.refresh_from_db()
    assert held.state == BookingState.EXPIRED
    assert overlaps() == 0


def test_a_rule_of_booking_refuses_a_date_and_a_quota_those_above_it(hub, room, dietitian):
    BookingRule.objects.create(hub=hub, party_month_hours=7)
    plan = planned(wish(room, dietitian, last=date(2026, 12, 29)))

    assert states(plan) == ["free", "free", "free", "refused", "refused", "refused"]


def test_a_rule_about_days_ahead_shortens_how_far_dates_are_made(hub, room, dietitian):
    BookingRule.objects.create(hub=hub, days_ahead=30)
    plan = planned(wish(room, dietitian, last=None))

    assert plan.until == date(2026, 12, 21)
    assert plan.goes_on


def test_included_hours_count_per_month_and_the_rest_is_paid(hub):
    user, party = cast.tenant(hub)
    area = cast.space(hub, "B01", name="Ontmoetingsruimte", kind=SpaceKind.MEETING_AREA)
    cast.rate(hub, group="huurder", kind=SpaceKind.MEETING_AREA, vat=21, per_day_part=None, per_day=None)
    lease(party, hours=Decimal(5))
    series = made(wish(area, (user, party), last=date(2026, 12, 31)))

    hours = [row.included_hours for row in series.bookings.order_by("starts_at")]
    assert hours == [Decimal(3), Decimal(3), Decimal(2), 0, 0, 0]


def lease(party: Party, *, hours: Decimal) -> Lease:
    return cast.lease(party, starts="2026-01-01", ends="", included_hours=hours)


def test_moving_and_cancelling_one_date_by_hand_is_an_exception_of_the_arrangement(room, dietitian):
    series = made(wish(room, dietitian))
    first, second, *_rest = series.bookings.order_by("starts_at")
    by = dietitian[0]

    cancelling.cancel(first, by=by, now=NOW)
    moving.move(second, space=room, period=between("2026-12-02 13:00", "16:00"), by=by, sequence=0, now=NOW)

    assert series.event.occurrence_set.count() == 2
    assert repeating.audit(series) == []


def test_a_room_that_needs_approval_gives_requests_and_one_answer_for_all(hub, room, dietitian):
    director = cast.staff(hub)
    Space.objects.filter(pk=room.pk).update(needs_approval=True)
    room.refresh_from_db()
    series = made(wish(room, dietitian))

    assert {row.state for row in series.bookings.all()} == {BookingState.REQUESTED}
    assert Claim.objects.filter(active=True).count() == 4
    assert not Charge.objects.exists()
    assert sorted(letter.kind for letter in Letter.objects.all()) == ["series_made", "series_requested"]

    assert repeating_answering.approve(series, by=director, now=NOW) == 4
    assert repeating_answering.approve(series, by=director, now=NOW) == 0
    assert len(days(series)) == 4
    assert Charge.objects.count() == 4
    assert Letter.objects.filter(kind="series_approved").count() == 1


def test_a_series_that_is_declined_frees_its_dates_and_costs_nothing(hub, room, dietitian):
    Space.objects.filter(pk=room.pk).update(needs_approval=True)
    room.refresh_from_db()
    series = made(wish(room, dietitian))

    assert repeating_answering.decline(series, reason="verbouwing", now=NOW) == 4
    assert not Claim.objects.filter(active=True).exists()
    assert not Charge.objects.exists()
    assert "verbouwing" in Letter.objects.get(kind="series_declined").text
    assert repeating.audit(series) == []


def test_a_series_of_a_whole_claims_its_parts_and_both_collide(hub):
    whole, half, _other = cast.meeting_area(hub)
    cast.rate(hub, group="huurder", kind=SpaceKind.MEETING_AREA, vat=21)
    ggd, accare = cast.tenant(hub), cast.tenant(hub, "Accare")
    made(wish(whole, ggd))

    assert Claim.objects.filter(active=True).count() == 8
    assert states(planned(wish(half, accare))) == ["taken"] * 4
