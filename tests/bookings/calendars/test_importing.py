"""What an import places, changes, withdraws and leaves out, and that it never takes a room twice."""

from datetime import timedelta

import pytest

from bookings import occupants, reserving
from bookings.calendar_import import planning, storing
from bookings.calendar_import.refusals import PlanChanged
from bookings.models import ImportedEntry
from spaces import availability, claiming, occupancy
from spaces.models import Claim
from tests import cast
from tests.bookings.calendars.written import calendar, event, told
from tests.concurrency import racing

pytestmark = pytest.mark.django_db(transaction=True)


def dated(day: str, starts: str, ends: str, *lines: str, uid: str = "een") -> list[str]:
    compact = day.replace("-", "")
    zone = "TZID=Europe/Amsterdam"
    start, end = (clock.replace(":", "") + "00" for clock in (starts, ends))
    return event(f"DTSTART;{zone}:{compact}T{start}", f"DTEND;{zone}:{compact}T{end}", *lines, uid=uid)


def stored() -> list[tuple[str, str, str]]:
    rows = ImportedEntry.objects.select_related("space")
    return [(told(row.period), row.title, row.space.code) for row in rows]


def claimed() -> list[tuple[str, str]]:
    claims = Claim.objects.filter(active=True, holder__startswith="entry:").select_related("space")
    return sorted(
        (claim.space.code, f"{claim.starts_at.astimezone(cast.AMSTERDAM):%d %H:%M}") for claim in claims
    )


def reasons(plan: planning.Plan) -> list[tuple[str, str]]:
    return [(left.title, left.why) for left in plan.left_out]


TUESDAY = dated("2026-11-24", "09:00", "11:00", "SUMMARY:Inloop", "LOCATION:Ontmoetingsruimte A")


def test_a_half_claims_a_half_and_the_whole_claims_both(lasting_place):
    whole = dated("2026-11-25", "09:00", "11:00", "SUMMARY:Groot", uid="twee")
    lasting_place.store(calendar(TUESDAY, whole))
    assert stored() == [
        ("2026-11-24 09:00 – 2026-11-24 11:00", "Inloop", "B01A"),
        ("2026-11-25 09:00 – 2026-11-25 11:00", "Groot", "B01"),
    ]
    assert claimed() == [("B01A", "24 09:00"), ("B01A", "25 09:00"), ("B01B", "25 09:00")]
    assert set(Claim.objects.values_list("kind", flat=True)) == {Claim.Kind.BOOKING}


def test_looking_stores_nothing(lasting_place):
    plan = lasting_place.plan(calendar(TUESDAY))
    assert [step.kind for step in plan.steps] == [planning.NEW]
    assert (stored(), claimed()) == ([], [])


def test_what_is_placed_cannot_be_booked_and_counts_as_booked(lasting_place):
    lasting_place.store(calendar(TUESDAY))
    period = cast.between("2026-11-24 09:00", "11:00")
    free = {space.code for space in availability.search(lasting_place.hub, period=period, now=cast.NOW).free}
    assert free == {"B01B"}
    use = occupancy.use_of(occupancy.read(lasting_place.hub, period=period), period=period)
    assert sum(each.booked_hours for each in use.per_space) == 2


def test_staff_see_the_title_and_others_only_taken(lasting_place):
    lasting_place.store(calendar(TUESDAY))
    claims = list(Claim.objects.filter(active=True))
    anna, _practice = cast.zzper(lasting_place.hub)
    names = [
        next(iter(occupants.of_claims(claims, actor=cast.actor(user)).values())).name
        for user in (cast.staff(lasting_place.hub, "reception"), anna)
    ]
    assert names == ["Inloop", "Bezet"]


def test_a_changed_calendar_moves_changes_and_withdraws_what_is_to_come(lasting_place):
    series = dated("2026-11-24", "09:00", "10:00", "RRULE:FREQ=WEEKLY;COUNT=3", "SUMMARY:Reeks", uid="reeks")
    once = dated("2026-11-26", "13:00", "14:00", "SUMMARY:Eenmalig", uid="een")
    lasting_place.store(calendar(series, once))
    kept = dict(ImportedEntry.objects.values_list("starts_at", "pk"))

    moved = event(
        "RECURRENCE-ID:20261201T080000Z", "DTSTART:20261202T120000Z", "DTEND:20261202T130000Z", "SUMMARY:Reeks", uid="reeks"
    )  # fmt: skip
    skipped = [*series[:-1], "EXDATE:20261208T080000Z", series[-1]]
    later = dated("2026-11-26", "15:00", "16:00", "SUMMARY:Eenmalig", "LOCATION:B01B", uid="een")
    plan = lasting_place.store(calendar(skipped, moved, later))

    assert dict(plan.counts) == {"same": 1, "changed": 2, "gone": 1}
    assert stored() == [
        ("2026-11-24 09:00 – 2026-11-24 10:00", "Reeks", "B01"),
        ("2026-11-26 15:00 – 2026-11-26 16:00", "Eenmalig", "B01B"),
        ("2026-12-02 13:00 – 2026-12-02 14:00", "Reeks", "B01"),
    ]
    assert set(ImportedEntry.objects.values_list("pk", flat=True)) < set(kept.values())
    assert claimed() == [("B01A", "02 13:00"), ("B01A", "24 09:00"), ("B01B", "02 13:00"), ("B01B", "24 09:00"), ("B01B", "26 15:00")]  # fmt: skip


def test_what_has_begun_stays_also_when_the_calendar_forgets_it(lasting_place):
    lasting_place.store(calendar(dated("2026-11-20", "09:00", "10:00")))
    assert lasting_place.store(calendar(TUESDAY)).counts == {"new": 1}
    assert len(stored()) == 2


def test_dates_of_what_cannot_be_read_any_more_are_not_withdrawn(lasting_place):
    lasting_place.store(calendar(TUESDAY))
    plan = lasting_place.store(
        calendar(event("DTSTART:garbage", "DTEND:garbage", "SUMMARY:Inloop", uid="een"))
    )
    assert (len(plan.left_out), plan.gone, len(stored())) == (1, [], 1)


def test_private_now_or_cancelled_now(lasting_place):
    lasting_place.store(calendar(TUESDAY))
    lasting_place.store(calendar([*TUESDAY[:-1], "CLASS:PRIVATE", TUESDAY[-1]]))
    assert [title for _when, title, _room in stored()] == ["Bezet"]
    lasting_place.store(calendar([*TUESDAY[:-1], "STATUS:CANCELLED", TUESDAY[-1]]))
    assert (stored(), claimed()) == ([], [])


def test_every_kind_of_clash_is_left_out_and_says_with_what(lasting_place):
    hub, half_a, half_b = lasting_place.hub, lasting_place.half_a, lasting_place.half_b
    for each in (half_a, half_b):
        cast.rate(hub, space=each, vat=21)
    anna, practice = cast.zzper(hub)
    held = reserving.hold(
        half_b, period=cast.between("2026-11-24 10:00", "12:00"), party=practice, by=anna,
        key=cast.uuid4(), now=cast.NOW,
    )  # fmt: skip
    booking = reserving.confirm(held, now=cast.NOW)
    cast.closure(hub, cast.between("2026-11-25 13:00", "17:00"), reason="studiedag")
    days = {
        "Boeking": dated("2026-11-24", "11:00", "13:00", "SUMMARY:Boeking", uid="1"),
        "Halve": dated("2026-11-24", "11:00", "13:00", "SUMMARY:Halve", "LOCATION:B01A", uid="2"),
        "Dicht": dated("2026-11-25", "16:00", "18:00", "SUMMARY:Dicht", uid="3"),
        "Zolder": dated("2026-11-26", "09:00", "10:00", "SUMMARY:Zolder", "LOCATION:Zolder", uid="4"),
        "Dubbel": dated("2026-11-27", "09:00", "11:00", "SUMMARY:Dubbel", uid="5"),
        "Ook": dated("2026-11-27", "10:00", "12:00", "SUMMARY:Ook", "LOCATION:B01A", uid="6"),
        "Nacht": dated("2026-11-28", "23:00", "23:30", "SUMMARY:Nacht", uid="7"),
    }
    plan = lasting_place.store(calendar(*days.values()))
    assert [title for _when, title, _room in stored()] == ["Halve", "Dubbel", "Nacht"]
    assert reasons(plan) == [
        (
            "Boeking",
            f"Bezet door boeking {booking.code} van Praktijk Anna de Vries (dinsdag 24 november 2026, 10:00–12:00).",
        ),
        ("Dicht", "Bezet door een sluiting: studiedag (woensdag 25 november 2026, 13:00–17:00)."),
        ("Zolder", "We kennen de ruimte “Zolder” niet in deze agenda."),
        ("Ook", "Het valt samen met “Dubbel” in deze agenda (vrijdag 27 november 2026, 09:00–11:00)."),
    ]
    assert [step.title for step in plan.outside] == ["Nacht"]
    assert racing.overlaps() == 0


@pytest.mark.parametrize(
    ("kind", "holder"),
    [(Claim.Kind.LEASE, "lease:1"), (Claim.Kind.CLOSURE, "closure:9"), (Claim.Kind.LEASE, "fixed:9")],
)
def test_open_ended_leases_closures_and_fixed_half_days_stand_in_the_way(lasting_place, kind, holder):
    claiming_all = Claim(
        hub=lasting_place.hub, space=lasting_place.half_a, starts_at=cast.at("2026-01-01 00:00"), kind=kind, holder=holder
    )  # fmt: skip
    claiming_all.save()
    plan = lasting_place.plan(calendar(TUESDAY))
    assert [left.why.startswith("Bezet door") for left in plan.left_out] == [True]
    assert plan.steps == []


def test_setting_up_for_a_booking_is_not_the_calendars_time(lasting_place):
    Claim.objects.create(
        hub=lasting_place.hub, space=lasting_place.half_a, starts_at=cast.at("2026-11-24 11:15"),
        ends_at=cast.at("2026-11-24 12:00"), setup_minutes=30, kind=Claim.Kind.BOOKING, holder=f"booking:{cast.uuid4()}",
    )  # fmt: skip
    assert len(lasting_place.plan(calendar(TUESDAY)).left_out) == 1


def test_a_move_into_taken_time_lets_the_old_time_go_and_is_told(lasting_place):
    lasting_place.store(calendar(TUESDAY))
    Claim.objects.create(
        hub=lasting_place.hub, space=lasting_place.half_a, starts_at=cast.at("2026-11-25 09:00"),
        ends_at=cast.at("2026-11-25 12:00"), kind=Claim.Kind.BOOKING, holder=f"booking:{cast.uuid4()}",
    )  # fmt: skip
    plan = lasting_place.store(calendar(dated("2026-11-25", "09:00", "11:00", "LOCATION:B01A")))
    assert (len(plan.left_out), len(plan.gone), stored()) == (1, 1, [])


def test_two_dates_that_swap_their_times(lasting_place):
    first, second = (
        dated("2026-11-24", *times, uid=uid)
        for times, uid in ((("09:00", "10:00"), "a"), (("10:00", "11:00"), "b"))
    )
    lasting_place.store(calendar(first, second))
    first, second = (
        dated("2026-11-24", *times, uid=uid)
        for times, uid in ((("10:00", "11:00"), "a"), (("09:00", "10:00"), "b"))
    )
    plan = lasting_place.store(calendar(first, second))
    assert plan.counts == {"changed": 2}
    assert racing.overlaps() == 0


def test_a_plan_that_nobody_saw_is_not_stored(lasting_place):
    seen = lasting_place.plan(calendar(TUESDAY))
    lasting_place.store(calendar(dated("2026-11-24", "10:00", "12:00", uid="ander")))
    read = seen.reading
    with pytest.raises(PlanChanged):
        storing.store(lasting_place.whole, read, agreed=seen.fingerprint, now=cast.NOW)
    assert len(stored()) == 1


def test_two_at_once_place_each_date_once(lasting_place):
    read = lasting_place.plan(calendar(TUESDAY)).reading

    def attempt(_client: int, _round: int) -> str:
        return str(dict(storing.store(lasting_place.whole, read, now=cast.NOW).counts))

    (outcomes,) = racing.race(attempt, clients=3, rounds=1)
    assert sorted(outcomes) == ["{'new': 1}", "{'same': 1}", "{'same': 1}"]
    assert (len(stored()), racing.overlaps()) == (1, 0)


def test_removing_one_gives_its_time_back_and_the_next_import_brings_it_back(lasting_place):
    lasting_place.store(calendar(TUESDAY))
    entry = ImportedEntry.objects.get()
    assert (storing.remove(entry), storing.remove(entry)) == (True, False)
    assert (stored(), claimed()) == ([], [])
    assert lasting_place.plan(calendar(TUESDAY)).counts == {"new": 1}


@pytest.mark.parametrize("weeks", [1, 3])
def test_planning_costs_the_same_however_many_dates(lasting_place, django_assert_num_queries, weeks):
    file = calendar(dated("2026-11-24", "09:00", "10:00", f"RRULE:FREQ=WEEKLY;COUNT={weeks}"))
    lasting_place.store(file)
    read = lasting_place.read(file, period=planning.window(cast.NOW))
    with django_assert_num_queries(5):
        planning.plan(lasting_place.whole, read, now=cast.NOW + timedelta(minutes=1))


def test_claims_are_made_in_one_go(lasting_place):
    plan = lasting_place.store(calendar(dated("2026-11-24", "09:00", "10:00", "RRULE:FREQ=DAILY;COUNT=100")))
    assert plan.counts == {"new": 100}
    assert claiming.release("entry:0") == 0
    assert Claim.objects.filter(active=True).count() == 200
