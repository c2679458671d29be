"""Day, week and month: what is free is a link, what others have is only taken, and moving about keeps day and room."""

import pytest

from tests import cast
from tests.bookings.web.conftest import client_of
from tests.journeys.deeds import book, rival
from tests.journeys.reading import see

pytestmark = pytest.mark.django_db
DAY = "/rooster?dag=2026-11-24"


def rivals_booking(place, **given):
    user, party = rival(place)
    booking = book(place, user=user, party=party, **given)
    type(booking).objects.filter(pk=booking.pk).update(title="Rouwgroep Visser")
    return booking


def hrefs(page) -> set[str]:
    return {part.split('"')[0].replace("&amp;", "&") for part in page.html.split('href="')[1:]}


def test_a_free_hour_leads_to_the_finder_with_room_and_time_filled_in(place, annas):
    page = see(annas, DAY)
    link = "/boek?ruimte=B03&dag=2026-11-24&van=09:00&tot=10:00"
    assert "Boek Spreekkamer 1, vrij 09:00–10:00" in page.text
    assert link in hrefs(page)
    finder = see(annas, link)
    assert "dinsdag 24 november, 09:00–10:00" in finder.text
    assert '<li class="room--chosen">' in finder.html.split("Spreekkamer 1")[0]


@pytest.mark.parametrize(
    "path",
    [
        DAY,
        "/ruimte/B03/week?dag=2026-11-24",
        "/ruimte/B03/maand?dag=2026-11-24",
        "/agenda?dag=2026-11-24",
        "/ruimte/B03",
    ],
)
def test_what_others_do_is_never_told(place, annas, path):
    booking = rivals_booking(place)
    page = see(annas, path)
    assert page.status == 200
    for words in ("Rouwgroep", "Visser", "Bram", booking.code, str(booking.pk)):
        assert words not in page.html


def test_ones_own_is_told_with_its_title(place, annas):
    booking = book(place)
    type(booking).objects.filter(pk=booking.pk).update(title="Spreekuur voeding")
    for path in (DAY, "/ruimte/B03/week?dag=2026-11-24", "/agenda?dag=2026-11-24"):
        page = see(annas, path)
        assert "Spreekuur voeding" in page.text
        assert f"/boeking/{booking.code}" in hrefs(page)


def test_from_day_to_week_to_month_keeps_the_day_and_the_room(place, annas):
    day = see(annas, f"{DAY}&ruimte=B04")
    week = see(annas, day.links["Week"])
    assert (week.heading, week.path) == ("Spreekkamer 2", "/ruimte/B04/week")
    month = see(annas, week.links["Maand"])
    assert (month.heading, "november 2026" in month.text) == ("Spreekkamer 2", True)
    assert month.links["Dag"] == "/rooster?dag=2026-11-24&ruimte=B04"
    assert week.links["Spreekkamer 1"] == "/ruimte/B03/week?dag=2026-11-24"


def test_the_week_runs_from_monday_to_sunday(place, annas):
    week = see(annas, "/ruimte/B03/week?dag=2026-11-26")
    assert "Week van 23 november tot en met 29 november" in week.text
    assert "Boek Spreekkamer 1, vrij 09:00–10:00, dinsdag 24 november" in week.text


def test_a_month_names_the_day_parts_that_are_left_and_leads_to_the_day(place, annas):
    rivals_booking(place)
    month = see(annas, "/ruimte/B03/maand?dag=2026-11-01")
    assert "dinsdag 24 november deels vrij middag, avond" in month.text
    assert "woensdag 25 november vrij" in month.text
    assert "/rooster?dag=2026-11-24&ruimte=B03" in hrefs(month)


@pytest.mark.parametrize("dag", ["gisteren?", "2026-02-30", "9999-12-31", "\x00", "x" * 3000])
@pytest.mark.parametrize("path", ["/rooster", "/ruimte/B03/week", "/ruimte/B03/maand", "/agenda"])
def test_a_day_that_is_none_is_told_and_today_is_shown(place, annas, path, dag):
    answer = annas.get(path, {"dag": dag, "ruimte": "\x00"})
    assert answer.status_code == 200
    assert "is geen dag die wij begrijpen" in answer.content.decode()


@pytest.mark.parametrize("code", ["B99", "A01", "x" * 300, "%00"])
@pytest.mark.parametrize("view", ["week", "maand"])
def test_a_room_that_is_not_booked_here_is_not_found(place, annas, view, code):
    cast.space(place.hub, "A01", bookable=False)
    cast.space(cast.hub("elders"), "B99")
    assert annas.get(f"/ruimte/{code}/{view}").status_code == 404


def test_a_hub_without_rooms_says_so(db):
    user, _party = cast.zzper(cast.hub("leeg"))
    assert "Nog geen ruimtes om te boeken" in see(client_of(user), "/rooster").text


@pytest.mark.parametrize(
    ("path", "queries"),
    [(DAY, 8), ("/ruimte/B03/week?dag=2026-11-24", 8), ("/ruimte/B03/maand?dag=2026-11-24", 7)],
)
@pytest.mark.parametrize("bookings", [1, 3])
def test_the_queries_stay_the_same(place, annas, path, queries, bookings, django_assert_num_queries):
    for number in range(bookings):
        book(place, start=f"2026-11-{24 + number} 08:00")
        rivals_booking(place, start=f"2026-11-{24 + number} 13:00", end="17:00")
    annas.get(path)
    with django_assert_num_queries(queries):
        annas.get(path)
