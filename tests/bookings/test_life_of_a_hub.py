"""Whatever people do, in whatever order: the claims ledger is what a plain model in memory says it is.

Hypothesis plays a hub: it holds, books, moves and cancels, takes options, repeats, lets rooms for years, gives half-days
back, closes rooms and lets time pass. After each step every claim is compared with the model, and nothing overlaps.
"""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from bookings.states import BookingState
from tests.bookings.model_hub import DAYS
from tests.bookings.played_hub import PlayedHub

pytestmark = pytest.mark.django_db

rooms = st.sampled_from(["B03", "B04", "B01", "B01A", "B01B"])
days = st.integers(0, DAYS - 1)
hours = st.integers(8, 17)
lengths = st.integers(2, 16)
"""In quarters of an hour."""
people = st.integers(0, 1)
times = st.tuples(rooms, days, hours, lengths)


class LifeOfAHub(RuleBasedStateMachine):
    """Each rule does the deed in the house and in the model, and both must agree on whether it can be."""

    holds = Bundle("holds")
    bookings = Bundle("bookings")
    options = Bundle("options")
    fixed = Bundle("fixed")
    closures = Bundle("closures")

    def __init__(self):
        super().__init__()
        self.outer = transaction.atomic()
        self.outer._from_testcase = True  # as a test case does: the use-cases inside may be durable
        self.outer.__enter__()
        self.hub = PlayedHub()

    def teardown(self):
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    @rule(target=holds, where=times, who=people)
    def hold(self, where, who):
        return kept(self.hub.hold(where, who))

    @rule(target=bookings, hold=consumes(holds))
    def confirm(self, hold):
        return kept(self.hub.confirm(hold))

    @rule(target=bookings, where=times, who=people)
    def book(self, where, who):
        hold = self.hub.hold(where, who)
        return kept(self.hub.confirm(hold) if hold else None)

    @rule(hold=consumes(holds))
    def let_go(self, hold):
        self.hub.let_go(hold)

    @rule(target=options, hold=consumes(holds))
    def take_option(self, hold):
        return kept(self.hub.take_option(hold))

    @rule(target=bookings, option=consumes(options))
    def confirm_option(self, option):
        return kept(self.hub.confirm(option))

    @rule(booking=bookings, where=times)
    def move(self, booking, where):
        self.hub.move(booking, where)

    @rule(booking=consumes(bookings))
    def cancel(self, booking):
        self.hub.cancel(booking)

    @rule(target=bookings, where=times, weeks=st.integers(1, 4), who=people)
    def repeat(self, where, weeks, who):
        return multiple(*self.hub.repeat(where, weeks, who))

    @rule(booking=bookings)
    def stop_the_series(self, booking):
        self.hub.stop(booking)

    @rule(booking=bookings, where=times)
    def change_the_series(self, booking, where):
        self.hub.change(booking, where)

    @rule(target=fixed, room=rooms, weekday=st.integers(0, 4), who=people)
    def promise(self, room, weekday, who):
        return kept(self.hub.promise(room, weekday, who))

    @rule(fixed=fixed, week=st.integers(0, 3))
    def give_back(self, fixed, week):
        self.hub.give_back(fixed, week)

    @rule(fixed=fixed, week=st.integers(0, 3))
    def take_back(self, fixed, week):
        self.hub.take_back(fixed, week)

    @rule(room=rooms, first=days, length=st.integers(1, 5))
    def let(self, room, first, length):
        self.hub.let(room, first, length)

    @rule(target=closures, where=times)
    def close(self, where):
        return self.hub.close(where)

    @rule(closure=consumes(closures))
    def reopen(self, closure):
        self.hub.reopen(closure)

    @rule(minutes=st.sampled_from([5, 30, 24 * 60, 4 * 24 * 60]))
    def time_passes(self, minutes):
        self.hub.time_passes(minutes)

    @invariant()
    def the_ledger_is_what_the_model_says(self):
        assert self.hub.ledger() == self.hub.model()
        assert self.hub.overlaps() == 0
        assert self.hub.differences() == []
        states = self.hub.states_without_claims()
        assert not states & {BookingState.CONFIRMED, BookingState.HELD, BookingState.OPTION}


def kept(row):
    """What goes into the bundle: the row, or nothing when the deed was refused."""
    return row if row is not None else multiple()


def play(examples: int, steps: int) -> None:
    profile = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, phases=[Phase.generate], report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck), derandomize=True,
    )  # fmt: skip
    run_state_machine_as_test(LifeOfAHub, settings=profile)


def test_the_ledger_is_what_a_plain_model_says(db):
    play(examples=8, steps=30)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_the_ledger_is_what_a_plain_model_says_after_thousands_of_steps(db):
    play(examples=150, steps=60)
