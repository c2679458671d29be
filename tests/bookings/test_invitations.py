"""The letters of a booking, applied as a calendar program would: one event, always where the booking is."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from bookings import approving, arriving, cancelling, moving, reserving
from bookings.models import Booking
from bookings.states import BookingState
from spaces.models import Space
from tenants.parties.models import Letter, User
from tests import cast
from tests.bookings.repeated import made, wish
from tests.bookings.test_repeating_change import changed
from tests.cast import NOW, between

pytestmark = pytest.mark.django_db


@dataclass
class Program:
    """A calendar program that reads mail as RFC 5546 (2.1.5) tells: by UID, then SEQUENCE, then DTSTAMP."""

    address: str
    events: dict[str, Any] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    methods: list[str] = field(default_factory=list)

    def read_mail(self) -> None:
        new = (
            Letter.objects.filter(to_email=self.address)
            .exclude(pk__in=self.seen)
            .order_by("created_at", "pk")
        )
        for letter in new:
            self.seen.add(letter.pk)
            for attachment in letter.attachments.filter(content_type__startswith="text/calendar"):
                calendar = Calendar.from_ical(bytes(attachment.content))
                assert f"method={calendar['method']}" in attachment.content_type
                events = calendar.walk("VEVENT")
                assert calendar["method"] == "PUBLISH" or len(events) == 1  # RFC 5546: a request is about one
                for event in events:
                    self.apply(str(calendar["method"]), event)

    def apply(self, method: str, event: Any) -> None:
        self.methods.append(method)
        assert method == "PUBLISH" or str(event["attendee"]) == f"MAILTO:{self.address}"
        known = self.events.get(str(event["uid"]))
        if known is None or _version(known) <= _version(event):
            assert method == "PUBLISH" or (method == "CANCEL") == (str(event["status"]) == "CANCELLED")
            self.events[str(event["uid"])] = event

    @property
    def agenda(self) -> list[tuple[str, datetime, datetime, str]]:
        return [
            (str(event["uid"]), event["dtstart"].dt, event["dtend"].dt, str(event["status"]))
            for event in self.events.values()
        ]


def _version(event: Any) -> tuple[int, datetime]:
    return int(event.get("sequence", 0)), event["dtstamp"].dt


@dataclass
class Life:
    room: Space
    other: Space
    anna: User
    booking: Booking
    program: Program

    def is_at(self, period, status: str) -> None:
        self.program.read_mail()
        uid = f"{self.booking.pk}@localhost"
        assert self.program.agenda == [(uid, period.start, period.end, status)]

    def move(self, start: str, end: str, *, space: Space | None = None, minutes: int = 0) -> None:
        self.booking.refresh_from_db()
        self.booking = moving.move(
            self.booking, space=space or self.room, period=between(start, end), by=self.anna,
            sequence=self.booking.sequence, now=NOW + timedelta(minutes=minutes),
        )  # fmt: skip


@pytest.fixture
def life() -> Life:
    hub = cast.hub()
    cast.rate(hub)
    room, other = cast.space(hub), cast.space(hub, "B04")
    anna, party = cast.zzper(hub)
    cast.staff(hub, "director")
    held = reserving.hold(
        room,
        period=between("2026-12-08 08:00", "12:00"),
        party=party,
        by=anna,
        contact=anna,
        key=cast.uuid4(),
        now=NOW,
    )
    return Life(room, other, anna, held, Program(anna.email))


def confirm(life: Life) -> None:
    life.booking = reserving.confirm(life.booking, now=NOW)


def test_a_hold_is_in_nobodys_calendar(life):
    life.program.read_mail()
    assert life.program.agenda == []


def test_booked_moved_moved_again_and_cancelled_is_one_event_that_ends_cancelled(life):
    confirm(life)
    life.is_at(between("2026-12-08 08:00", "12:00"), "CONFIRMED")
    life.move("2026-12-09 13:00", "17:00", minutes=1)
    life.is_at(between("2026-12-09 13:00", "17:00"), "CONFIRMED")
    life.move("2026-12-09 13:00", "15:00", space=life.other, minutes=2)
    life.is_at(between("2026-12-09 13:00", "15:00"), "CONFIRMED")
    assert life.program.events[f"{life.booking.pk}@localhost"]["location"].startswith("Spreekkamer B04")
    cancelling.cancel(life.booking, by=life.anna, now=NOW + timedelta(minutes=3))
    life.is_at(between("2026-12-09 13:00", "15:00"), "CANCELLED")
    assert life.program.methods == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]


def test_mail_that_comes_in_the_wrong_order_ends_the_same(life):
    confirm(life)
    life.move("2026-12-09 13:00", "17:00")
    cancelling.cancel(life.booking, by=life.anna, now=NOW)
    letters = [
        Calendar.from_ical(bytes(attachment.content))
        for letter in Letter.objects.filter(to_email=life.anna.email).order_by("pk")
        for attachment in letter.attachments.all()
    ]
    assert len(letters) == 3
    for calendar in reversed(letters):
        life.program.apply(str(calendar["method"]), calendar.walk("VEVENT")[0])
    assert [status for _uid, _start, _end, status in life.program.agenda] == ["CANCELLED"]


def test_cancelled_by_staff_goes_from_the_calendar_too(life):
    confirm(life)
    director = User.objects.get(memberships__role="director")
    cancelling.cancel_free(life.booking, why="de kamer wordt geschilderd", by=director, now=NOW)
    life.is_at(between("2026-12-08 08:00", "12:00"), "CANCELLED")


def asks_first(life: Life) -> None:
    Space.objects.filter(pk__in=[life.room.pk, life.other.pk]).update(needs_approval=True)
    life.room.refresh_from_db()
    life.other.refresh_from_db()
    life.booking.space.refresh_from_db()


def test_a_request_comes_into_the_calendar_when_it_is_approved(life):
    asks_first(life)
    confirm(life)
    assert life.booking.state == BookingState.REQUESTED
    life.program.read_mail()
    assert life.program.agenda == []
    approving.approve(life.booking, by=User.objects.get(memberships__role="director"), now=NOW)
    life.is_at(between("2026-12-08 08:00", "12:00"), "CONFIRMED")


def test_a_request_that_is_declined_never_was_there(life):
    asks_first(life)
    confirm(life)
    approving.decline(life.booking, reason="Nee", now=NOW)
    life.program.read_mail()
    assert life.program.methods == []


@pytest.fixture
def asked_anew(life) -> Life:
    """Booked with approval, then changed beyond what was approved: it waits again."""
    asks_first(life)
    confirm(life)
    approving.approve(life.booking, by=User.objects.get(memberships__role="director"), now=NOW)
    life.move("2026-12-10 08:00", "12:00", minutes=1)
    assert life.booking.state == BookingState.REQUESTED
    life.is_at(between("2026-12-10 08:00", "12:00"), "TENTATIVE")
    return life


def test_a_change_that_waits_for_approval_is_uncertain_until_it_is_given(asked_anew):
    director = User.objects.get(memberships__role="director")
    approving.approve(asked_anew.booking, by=director, now=NOW + timedelta(minutes=2))
    asked_anew.is_at(between("2026-12-10 08:00", "12:00"), "CONFIRMED")


def test_a_change_that_is_declined_takes_the_booking_out_of_the_calendar(asked_anew):
    approving.decline(asked_anew.booking, reason="Nee", now=NOW + timedelta(minutes=2))
    asked_anew.is_at(between("2026-12-10 08:00", "12:00"), "CANCELLED")


def test_a_change_that_is_withdrawn_takes_it_out_as_well(asked_anew):
    approving.withdraw(asked_anew.booking, by=asked_anew.anna, now=NOW + timedelta(minutes=2))
    asked_anew.is_at(between("2026-12-10 08:00", "12:00"), "CANCELLED")


def test_who_came_or_did_not_come_changes_nothing_in_a_calendar(life):
    confirm(life)
    arriving.arrive(life.booking, now=cast.at("2026-12-08 08:05"))
    life.is_at(between("2026-12-08 08:00", "12:00"), "CONFIRMED")
    assert life.program.methods == ["REQUEST"]


def test_each_date_of_a_series_is_an_event_of_its_own_that_follows_the_letters(life):
    who = (life.anna, life.booking.party)
    series = made(wish(life.other, who))
    life.program.read_mail()
    dates = list(series.bookings.order_by("starts_at"))
    assert [start for _uid, start, _end, _status in life.program.agenda] == [row.starts_at for row in dates]

    moving.move(
        dates[0],
        space=life.other,
        period=between("2026-11-25 09:00", "12:00"),
        by=life.anna,
        sequence=0,
        now=NOW,
    )
    cancelling.cancel(dates[1], by=life.anna, now=NOW)
    changed(
        series,
        wish(life.other, who, hours=(time(10), time(13)), first=date(2026, 12, 8), last=date(2026, 12, 8)),
        cut=date(2026, 12, 8),
    )
    life.program.read_mail()

    rows = {f"{row.pk}@localhost": row for row in Booking.objects.filter(series__isnull=False)}
    assert set(life.program.events) == set(rows)
    for uid, start, end, status in life.program.agenda:
        row = rows[uid]
        assert (start, end) == (row.starts_at, row.ends_at)
        assert status == ("CANCELLED" if row.state == BookingState.CANCELLED else "CONFIRMED")
    zone = cast.AMSTERDAM
    assert sorted((f"{row.starts_at.astimezone(zone):%m-%d %H:%M}", row.state) for row in rows.values()) == [
        ("11-25 09:00", "confirmed"), ("12-01 09:00", "cancelled"), ("12-08 10:00", "confirmed"),
        ("12-15 09:00", "cancelled"),
    ]  # fmt: skip
