"""Repeating a booking, in the words of who books: see every date, choose what to do with a clash, change it, stop it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings import repeating
from bookings.models import Booking, Series
from tenants.parties.models import Letter
from tests import cast
from tests.bookings.web.conftest import client_of
from tests.journeys.deeds import book, rival
from tests.journeys.reading import Page, press, see

TUESDAY = "/boek?dag=2026-11-24&deel=ochtend&soort=consult_room"
UNTIL = "herhaal=week&om=1&einde=tot&tot=2026-12-15&keer="
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]


def held(annas) -> Booking:
    press(annas, see(annas, TUESDAY), "Book Spreekkamer 1")
    return Booking.objects.get(state="held")


def series_of(annas, place) -> Series:
    booking = held(annas)
    plan = see(annas, f"/reeks/nieuw?vast={booking.pk}&{UNTIL}")
    press(annas, plan, "Book 4 dates for", doe="boek", **unchecked(plan))
    return Series.objects.get()


def unchecked(page: Page) -> dict[str, str]:
    """What a browser does not send: the boxes that nobody ticked."""
    return {name: "" for name in page.form("Book")["fields"] if name.startswith("keuze-")}


def test_sees_every_date_with_its_price_and_books_them_at_one_press(place, annas):
    booking = held(annas)
    check = see(annas, f"/boek/{booking.pk}")
    assert "Repeat this booking" in check.text
    assert "Every month on the fourth Tuesday" in check.text

    plan = see(annas, f"/reeks/nieuw?vast={booking.pk}&{UNTIL}")
    assert "Every week on Tuesday" in plan.text
    assert "4 dates will be booked" in plan.text
    assert plan.text.count("€ 37,50") == 4
    done = press(annas, plan, "Book 4 dates for € 150,00", doe="boek", **unchecked(plan))

    assert done.heading == "Your series has been booked"
    assert Booking.objects.booked().count() == 4
    assert (
        "This booking is a date of a series"
        in see(annas, f"/boeking/{Booking.objects.booked()[0].code}").text
    )
    assert "every week on Tuesday" in see(annas, "/mijn").text


def test_a_clash_can_be_left_out_or_booked_in_another_room(place, annas):
    user, party = rival(place)
    book(place, start="2026-12-01 08:00", user=user, party=party)
    plan = see(annas, f"/reeks/nieuw?vast={held(annas).pk}&{UNTIL}")
    assert "On 1 date this is not possible: choose what to do." in plan.text
    assert "Spreekkamer 2, same time € 37,50" in plan.text
    assert party.name not in plan.text

    chosen = {"keuze-20261201T0700": "B04|08:00|12:00"}
    again = press(annas, plan, "Book 3 dates for € 112,50", doe="boek", **unchecked(plan) | chosen)
    assert again.status == 409
    assert "Something has changed since you looked." in again.text
    done = press(annas, again, "Book 4 dates for € 150,00", doe="boek", **unchecked(again) | chosen)
    assert done.heading == "Your series has been booked"
    assert Booking.objects.booked().filter(party=place.party, space__code="B04").count() == 1


def test_a_second_press_is_the_same_series(place, annas):
    plan = see(annas, f"/reeks/nieuw?vast={held(annas).pk}&{UNTIL}")
    form = plan.form("Book 4 dates")
    sent = form["fields"] | unchecked(plan) | {"doe": "boek"}
    answers = [annas.post(form["action"], sent) for _press in range(2)]

    assert Series.objects.count() == 1
    assert answers[0].url.startswith("/reeks/")


def test_what_is_typed_wrong_is_said_in_words(place, annas):
    booking = held(annas)
    page = see(annas, f"/reeks/nieuw?vast={booking.pk}&herhaal=week&einde=keer&keer=1")
    assert page.status == 422
    page = see(annas, f"/reeks/nieuw?vast={booking.pk}&herhaal=week&einde=tot&tot=2026-11-01")
    assert "Choose a last day after the first date." in page.text


def test_changes_this_one_and_those_after_it_and_sees_what_it_costs(place, annas):
    series = series_of(annas, place)
    second = series.bookings.order_by("starts_at")[1]
    move = see(annas, f"/boeking/{second.code}/verplaats")
    page = see(annas, move.links["This one and those after it"])
    assert "This changes the dates from Tuesday 1 December on." in page.text

    wish = "vanaf=2026-12-01&van=09:00&tijd_tot=10:00&ruimte=B04&" + UNTIL
    plan = see(annas, f"/reeks/{series.pk}/wijzig?deel=2026-12-01&{wish}")
    assert "−€ 75,00" in plan.text
    done = press(annas, plan, "Change the series", doe="wijzig")
    assert "Your series has been changed." in done.text
    new = Series.objects.get(split_from=series)
    assert new.bookings.filter(space__code="B04", state="confirmed").count() == 3
    assert repeating.audit(series) == repeating.audit(new) == []


def test_stops_and_reads_first_what_that_costs(place, annas):
    series = series_of(annas, place)
    cancel = see(annas, f"/boeking/{series.bookings.first().code}/annuleer")
    page = see(annas, cancel.links["All dates"])
    assert "Stopping costs nothing." in page.text
    press(annas, page, "Stop free of charge")
    assert not Booking.objects.booked().exists()
    assert "Your series has been stopped" in Letter.objects.get(kind="series_changed").subject


def test_a_stranger_gets_a_404_and_reception_sees_it(place, annas):
    series = series_of(annas, place)
    stranger = client_of(rival(place)[0])
    for path in ("", "/wijzig", "/stop"):
        assert stranger.get(f"/reeks/{series.pk}{path}").status_code == 404
    assert client_of(cast.staff(place.hub)).get(f"/reeks/{series.pk}").status_code == 200
    assert stranger.get(f"/reeks/nieuw?vast={series.bookings.first().pk}").status_code == 404


def test_the_page_of_a_series_takes_as_many_queries_for_one_date_as_for_three(place, annas):
    series = series_of(annas, place)
    counts = []
    for gone in (0, 2):
        for row in series.bookings.order_by("starts_at")[:gone]:
            Booking.objects.filter(pk=row.pk).update(ends_at=cast.NOW, starts_at=cast.at("2026-11-20 08:00"))
        with CaptureQueriesContext(connection) as queries:
            annas.get(f"/reeks/{series.pk}")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_has_something_going_with_it_is_not_offered_to_repeat(place, annas):
    booking = held(annas)
    Booking.objects.filter(pk=booking.pk).update(layout="theatre")

    assert "Repeat this booking" not in see(annas, f"/boek/{booking.pk}").text
