"""Everybody does everything at once: booking, moving, cancelling, repeating, options, approvals and the nightly horizon.

Whatever comes of it, no two have the same time, nobody meets a deadlock, and all that must be true still is.
"""

import random
from datetime import timedelta
from uuid import uuid4

import pytest

from bookings import (
    approving,
    cancelling,
    moving,
    options,
    releasing,
    repeating_horizon,
    repeating_plan,
    reserving,
)
from bookings.models import Booking
from bookings.refusals import BookingRefused
from bookings.states import BookingState
from config import controlling
from spaces import patterns
from spaces.models import Space
from spaces.periods import DAY, Period
from tests import cast
from tests.bookings.deeds import Who
from tests.bookings.repeated import made, planned, wish
from tests.concurrency.racing import Attempt, overlaps, race, wide_window

pytestmark = pytest.mark.django_db(transaction=True)
NOW = cast.NOW
CLIENTS = 8
DAYS = 5
FIRST = "2026-12-07"
"""A Monday; so few days and rooms that everybody is in everybody's way."""


def a_hub() -> tuple[list[Space], list[Who]]:
    hub = cast.hub()
    cast.rate(hub)
    cast.rate(hub, kind="meeting_area", vat=21)
    rooms = [cast.space(hub, "B03", cleanup_minutes=30), cast.space(hub, "B04", needs_approval=True)]
    return rooms + list(cast.meeting_area(hub)), [
        cast.zzper(hub, f"Professional {n}") for n in range(CLIENTS)
    ]


class Player:
    """One client: a deed drawn at random, each time; the same seed plays the same game."""

    def __init__(self, rooms: list[Space], who: Who, director: object, *, seed: int) -> None:
        self.rooms, (self.user, self.party), self.director = rooms, who, director
        self.chance = random.Random(seed)
        self.deeds = [
            self.book,
            self.book,
            self.move,
            self.move,
            self.cancel,
            self.repeat,
            self.option,
            self.answer,
            self.sweep,
        ]

    def play(self) -> str:
        deed = self.chance.choice(self.deeds)
        try:
            deed()
        except BookingRefused:
            return "refused"
        return "done"

    def place(self) -> tuple[Space, Period]:
        start = (
            cast.at(f"{FIRST} 09:00")
            + self.chance.randrange(DAYS) * DAY
            + self.chance.randrange(8) * timedelta(hours=1)
        )
        return self.chance.choice(self.rooms), Period(
            start, start + self.chance.choice([1, 2, 4]) * timedelta(hours=1)
        )

    def mine(self) -> Booking | None:
        rows = Booking.objects.with_everything().filter(party=self.party, state=BookingState.CONFIRMED)
        return rows.order_by("?").first()

    def hold(self) -> Booking:
        space, period = self.place()
        return reserving.hold(space, period=period, party=self.party, by=self.user, key=uuid4(), now=NOW)

    def book(self) -> None:
        reserving.confirm(self.hold(), now=NOW)

    def option(self) -> None:
        options.take(self.hold(), now=NOW)

    def move(self) -> None:
        booking, (space, period) = self.mine(), self.place()
        if booking:
            moving.move(booking, space=space, period=period, by=self.user, sequence=booking.sequence, now=NOW)

    def cancel(self) -> None:
        booking = self.mine()
        if booking:
            cancelling.cancel(booking, by=self.user, now=NOW)

    def repeat(self) -> None:
        space, period = self.place()
        starts, ends = period.local(cast.AMSTERDAM)
        wanted = wish(
            space, (self.user, self.party), first=starts.date(), last=starts.date() + 7 * DAY,
            pattern=patterns.weekly([starts.weekday()]), hours=(starts.time(), ends.time()),
        )  # fmt: skip
        choices = {each.key: repeating_plan.SKIP for each in planned(wanted).clashes}
        made(wanted, choices=choices)

    def answer(self) -> None:
        asked = Booking.objects.with_everything().filter(state=BookingState.REQUESTED).order_by("?").first()
        if asked and self.chance.random() < 0.7:
            approving.approve(asked, by=self.director, now=NOW)
        elif asked:
            approving.decline(asked, reason="vol", now=NOW)

    def sweep(self) -> None:
        for booking in Booking.objects.filter(party=self.party, state=BookingState.OPTION)[:1]:
            releasing.let_go(booking, now=NOW)
        repeating_horizon.extend_horizon(now=NOW + DAY)


def everybody(rooms: list[Space], people: list[Who]) -> Attempt:
    director = cast.staff(rooms[0].hub)
    players = [Player(rooms, who, director, seed=number) for number, who in enumerate(people)]
    return lambda client, _turn: players[client].play()


def play(rounds: int) -> None:
    rooms, people = a_hub()

    with wide_window():
        outcomes = [
            outcome
            for turn in race(everybody(rooms, people), clients=CLIENTS, rounds=rounds)
            for outcome in turn
        ]

    assert set(outcomes) <= {"done", "refused"}
    assert outcomes.count("done") > len(outcomes) / 10
    assert overlaps() == 0
    assert {
        answer.invariant.words: answer.shown for answer in controlling.look(now=NOW) if answer.looked.broken
    } == {}


def test_nobody_gets_in_anybodys_way():
    play(rounds=20)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_nobody_gets_in_anybodys_way_in_ten_thousand_attempts():
    play(rounds=10_000 // CLIENTS)
