"""Options: kept for days at no cost, asked for by others, and gone by themselves."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from bookings import options, releasing, reserving
from bookings.models import Booking, Challenge
from bookings.refusals import (
    AskedAlready,
    NoOption,
    NotAllowedToBook,
    NotInOption,
    OptionEnded,
    OwnOption,
    TimeTaken,
)
from bookings.states import BookingState
from spaces.models import Hub, Rate, Space
from spaces.periods import DAY, HOUR
from tenants.billing.models import Charge
from tenants.parties.models import Letter, PartyState
from tests import cast
from tests.bookings.deeds import Who, book, fresh, hold, holders, letters, option

pytestmark = pytest.mark.django_db
NOW = cast.NOW
UNTIL = cast.at("2026-12-05 12:00")
DUE = NOW + 48 * HOUR


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


@pytest.fixture
def room(hub: Hub) -> Space:
    cast.rate(hub)
    return cast.space(hub)


@pytest.fixture
def anna(hub: Hub) -> Who:
    return cast.zzper(hub)


@pytest.fixture
def bram(hub: Hub) -> Who:
    return cast.zzper(hub, "Bram Visser")


@pytest.fixture
def carla(hub: Hub) -> Who:
    return cast.zzper(hub, "Carla Mulder")


def ask(booking: Booking, who: Who, *, now=NOW) -> Challenge:
    return options.ask(booking, party=who[1], by=who[0], now=now)


def test_an_option_keeps_the_room_for_a_fortnight_tells_it_and_costs_nothing(room: Space, anna: Who) -> None:
    booking = option(room, anna)

    assert (booking.state, booking.held_until) == (BookingState.OPTION, UNTIL)
    assert holders(room, now=UNTIL - HOUR) == [booking.holder]
    assert holders(room, now=UNTIL) == []
    assert letters(anna[0]) == ["option_taken"]
    assert "zaterdag 5 december, 12:00" in Letter.objects.get().text
    assert not Charge.objects.exists()


def test_an_option_ends_a_day_before_its_time_begins(room: Space, anna: Who) -> None:
    booking = option(room, anna, cast.between("2026-11-25 09:00", "12:00"))

    assert booking.held_until == cast.at("2026-11-24 09:00")


def test_there_is_no_option_on_what_begins_within_two_days(room: Space, anna: Who) -> None:
    booking = hold(room, anna, cast.between("2026-11-23 08:00", "12:00"))

    assert options.may_take(booking, now=NOW) is None
    with pytest.raises(NoOption):
        options.take(booking, now=NOW)
    assert fresh(booking).state == BookingState.HELD


def test_the_second_press_takes_no_second_option_and_a_hold_that_ran_out_is_none(
    room: Space, anna: Who
) -> None:
    booking = hold(room, anna)
    options.take(booking, now=NOW)

    assert options.take(booking, now=NOW + timedelta(seconds=1)).held_until == UNTIL
    assert letters(anna[0]) == ["option_taken"]
    late = hold(room, anna, cast.between("2026-12-16 08:00", "12:00"))
    with pytest.raises(NoOption):
        options.take(late, now=NOW + timedelta(minutes=11))


def test_a_fortnight_over_the_night_the_clock_changes_is_the_same_time_of_day(room: Space, anna: Who) -> None:
    before = cast.at("2027-03-20 10:00")
    booking = option(room, anna, cast.between("2027-05-11 08:00", "12:00"), now=before)

    assert booking.held_until == cast.at("2027-04-03 10:00")


def test_confirming_books_at_the_price_of_the_option_also_after_a_new_price(room: Space, anna: Who) -> None:
    booking = option(room, anna)
    Rate.objects.update(per_day_part=Decimal("50.00"))

    done = reserving.confirm(booking, now=UNTIL - HOUR)

    assert (done.state, done.gross, done.held_until) == (BookingState.CONFIRMED, Decimal("37.50"), None)
    assert Charge.objects.get().net == Decimal("37.50")
    assert letters(anna[0]) == ["option_taken", "booking_confirmed"]


def test_an_option_ends_by_itself_with_a_letter_the_day_before_and_one_at_the_end(
    room: Space, anna: Who, bram: Who
) -> None:
    booking = option(room, anna)

    assert [
        options.remind(now=UNTIL - 2 * DAY),
        options.remind(now=UNTIL - DAY),
        options.remind(now=UNTIL - HOUR),
    ] == [0, 1, 0]
    assert [releasing.release_expired(now=moment) for moment in (UNTIL - HOUR, UNTIL, UNTIL)] == [0, 1, 0]
    assert fresh(booking).state == BookingState.EXPIRED
    assert letters(anna[0]) == [
        "option_taken",
        "option_ended",
    ]  # the reminder was not sent yet: it is useless now
    assert book(room, bram, now=UNTIL).state == BookingState.CONFIRMED


def test_who_lets_go_frees_the_time_at_once(room: Space, anna: Who, bram: Who) -> None:
    booking = option(room, anna)

    assert [releasing.let_go(booking, now=NOW), releasing.let_go(booking, now=NOW)] == [True, False]
    assert "U hebt uw optie" in Letter.objects.get(kind="option_ended").text
    assert book(room, bram).state == BookingState.CONFIRMED


def test_a_new_hold_leaves_an_option_alone(room: Space, anna: Who) -> None:
    booking = option(room, anna)

    assert releasing.let_go_of_others(anna[0], party=anna[1], key=uuid4(), now=NOW) == 0
    assert fresh(booking).state == BookingState.OPTION


def test_who_asks_gives_the_holder_48_hours_and_both_are_told(room: Space, anna: Who, bram: Who) -> None:
    booking = option(room, anna)

    challenge = ask(booking, bram)

    assert (challenge.due_at, fresh(booking).held_until) == (DUE, DUE)
    assert letters(anna[0]) == ["option_taken", "option_asked"]
    assert letters(bram[0]) == ["option_asked_by_you"]
    assert anna[1].name not in Letter.objects.get(kind="option_asked_by_you").text
    assert bram[1].name not in Letter.objects.get(kind="option_asked").text


def test_asking_never_lengthens_an_option(room: Space, anna: Who, bram: Who) -> None:
    booking = option(room, anna)

    assert ask(booking, bram, now=UNTIL - 5 * HOUR).due_at == UNTIL


def test_asking_twice_asks_once_and_a_third_party_comes_too_late(
    room: Space, anna: Who, bram: Who, carla: Who
) -> None:
    booking = option(room, anna)

    assert ask(booking, bram) == ask(booking, bram, now=NOW + HOUR)
    with pytest.raises(AskedAlready):
        ask(booking, carla)
    with pytest.raises(OwnOption):
        ask(booking, anna)
    assert fresh(booking).held_until == DUE


def test_only_who_may_book_may_ask_and_only_for_an_option(
    room: Space, hub: Hub, anna: Who, bram: Who
) -> None:
    applicant = cast.zzper(hub, "Dirk Applicant", state=PartyState.APPLIED)
    booking, held = option(room, anna), hold(room, anna, cast.between("2026-12-16 08:00", "12:00"))

    with pytest.raises(NotAllowedToBook):
        ask(booking, applicant)
    with pytest.raises(NotInOption):
        ask(held, bram)
    with pytest.raises(NotInOption):
        ask(booking, bram, now=UNTIL)


def test_the_holder_confirms_and_who_asked_is_told(room: Space, anna: Who, bram: Who) -> None:
    booking = option(room, anna)
    challenge = ask(booking, bram)

    assert reserving.confirm(booking, now=DUE - HOUR).state == BookingState.CONFIRMED
    challenge.refresh_from_db()
    assert (challenge.ended_at, challenge.given) == (DUE - HOUR, None)
    assert letters(bram[0]) == ["option_asked_by_you", "option_kept"]


@pytest.mark.parametrize("how", ["let go", "ran out"])
def test_the_option_goes_and_who_asked_has_the_time_at_once(
    room: Space, anna: Who, bram: Who, carla: Who, how: str
) -> None:
    booking = option(room, anna)
    challenge = ask(booking, bram)
    then = NOW + HOUR if how == "let go" else DUE
    if how == "ran out":  # a moment before the sweep nobody slips in
        with pytest.raises(TimeTaken):
            hold(room, carla, now=then)

    releasing.let_go(booking, now=then) if how == "let go" else releasing.release_expired(now=then)

    challenge.refresh_from_db()
    given = challenge.given
    assert given is not None
    assert (given.state, given.party, given.held_until) == (BookingState.HELD, bram[1], then + HOUR)
    assert holders(room, now=then) == [given.holder]
    assert letters(bram[0]) == ["option_asked_by_you", "time_offered"]
    assert f"/boek/{given.pk}" in Letter.objects.get(kind="time_offered").text
    assert letters(anna[0])[-1] == "option_ended"
    assert reserving.confirm(given, now=then).state == BookingState.CONFIRMED


def test_what_was_given_at_night_lasts_until_after_breakfast(room: Space, anna: Who, bram: Who) -> None:
    booking = option(room, anna, now=NOW)
    ask(booking, bram, now=cast.at("2026-11-21 23:30"))

    releasing.release_expired(now=cast.at("2026-11-23 23:30"))

    assert Challenge.objects.get().given.held_until == cast.at("2026-11-24 08:00")


def test_who_asked_and_does_not_book_frees_it_for_all(room: Space, anna: Who, bram: Who, carla: Who) -> None:
    booking = option(room, anna)
    ask(booking, bram)
    releasing.let_go(booking, now=NOW)

    releasing.release_expired(now=NOW + HOUR)

    assert holders(room) == []
    assert book(room, carla, now=NOW + HOUR).state == BookingState.CONFIRMED


def test_what_was_given_can_be_made_no_longer_and_is_not_swept_away_by_another_hold(
    room: Space, anna: Who, bram: Who
) -> None:
    booking = option(room, anna)
    ask(booking, bram)
    releasing.let_go(booking, now=NOW)
    given = Challenge.objects.get().given

    assert options.may_take(given, now=NOW) is None
    with pytest.raises(NoOption):
        options.take(given, now=NOW)
    assert releasing.let_go_of_others(bram[0], party=bram[1], key=uuid4(), now=NOW) == 0


def test_confirmed_after_the_option_ran_out_goes_to_who_asked(room: Space, anna: Who, bram: Who) -> None:
    booking = option(room, anna)
    ask(booking, bram)

    with pytest.raises(OptionEnded):
        reserving.confirm(booking, now=DUE + timedelta(seconds=5))
    releasing.release_expired(now=DUE + timedelta(seconds=9))
    with pytest.raises(TimeTaken):
        reserving.confirm(fresh(booking), now=DUE + timedelta(seconds=10))


def test_confirmed_after_the_option_ran_out_still_books_while_nobody_else_did(room: Space, anna: Who) -> None:
    booking = option(room, anna)
    releasing.release_expired(now=UNTIL)

    assert reserving.confirm(fresh(booking), now=UNTIL + HOUR).state == BookingState.CONFIRMED


def test_when_who_asked_may_not_book_any_more_they_are_told_and_the_time_is_free(
    room: Space, anna: Who, bram: Who
) -> None:
    booking = option(room, anna)
    ask(booking, bram)
    bram[1].state = PartyState.DECLINED
    bram[1].save()

    releasing.release_expired(now=DUE)

    assert (Challenge.objects.get().given, holders(room, now=DUE)) == (None, [])
    assert letters(bram[0])[-1] == "option_lost"
