"""The zzp'er with a room of her own every week, and the people of the hub who arrange it."""

from datetime import date
from decimal import Decimal

import pytest

from bookings import reletting
from tenants.leases import giving, invariants
from tenants.leases.models import FixedDayPart, GivenBack
from tenants.parties.models import Letter, Party
from tests import cast
from tests.bookings.web.conftest import client_of
from tests.cast import NOW
from tests.journeys.deeds import book, rival
from tests.journeys.reading import press, see
from tests.leases.half_days import TUESDAY, arranged, start

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]


@pytest.fixture
def mornings(place) -> FixedDayPart:
    """Anna has Spreekkamer 1 every Tuesday morning from 1 December on."""
    return arranged(place.party, place.rooms[0])


def reception(place):
    client = client_of(cast.staff(place.hub, "reception"))
    client.post("/taal", {"language": "en"})
    return client


def terms(place, **fields: str) -> str:
    values = {
        "partij": place.party.pk, "ruimte": place.rooms[0].pk, "weekdag": TUESDAY, "vanaf": "2026-12-01",
        "dagdeel": place.hub.day_parts.get(name_nl="ochtend").pk, "tot_en_met": "", "prijs": "37,50",
        "per": "occurrence", "bij_sluiting": "lapses",
    } | fields  # fmt: skip
    return "/beheer/vaste-dagdelen/plan?" + "&".join(f"{name}={value}" for name, value in values.items())


def name_of(fixed: FixedDayPart, day: str) -> str:
    return f"{fixed.pk}@{start(day).isoformat()}"


def test_reception_agrees_a_half_day_and_sees_every_date_first(place):
    book(
        place,
        start="2026-12-08 09:00",
        end="10:00",
        user=rival(place)[0],
        party=cast.party(place.hub, "Zuid"),
    )
    desk = reception(place)
    assert see(desk, "/beheer/vaste-dagdelen/nieuw").heading == "New fixed half-day"

    plan = see(desk, terms(place))
    assert plan.heading == "Check the dates"
    assert "Praktijk Anna de Vries: Spreekkamer 1, every Tuesday morning, 08:00–12:00" in plan.text
    assert "52 dates are free , 1 is taken." in plan.text
    assert "Tuesday 8 December taken: Zuid" in plan.text
    assert "none: kale verhuur van een ruimte" in plan.text
    assert "€ 1.950,00 incl. VAT" in plan.text

    done = press(desk, plan, "Agree this without 1 date")
    assert done.heading == "Spreekkamer 1, Tuesday morning"
    assert "Praktijk Anna de Vries now has Spreekkamer 1 every Tuesday morning." in done.text
    assert Letter.objects.get(kind="fixed_agreed").to_email == place.party.email
    assert "Tuesday 8 December" not in done.text
    listed = see(desk, "/beheer/vaste-dagdelen").text
    assert "Praktijk Anna de Vries Tuesday morning, 08:00–12:00 Spreekkamer 1" in listed
    assert "no end agreed" in listed
    assert " 50 " in listed  # of the 52 free ones, those within a year from now


def test_a_double_press_agrees_once(place):
    desk = reception(place)
    plan = see(desk, terms(place))
    press(desk, plan, "Agree this")
    again = press(desk, plan, "Agree this")
    assert again.heading == "Spreekkamer 1, Tuesday morning"
    assert FixedDayPart.objects.count() == 1


def test_a_date_taken_in_between_is_shown_before_anything_is_stored(place):
    desk = reception(place)
    plan = see(desk, terms(place))
    book(
        place,
        start="2026-12-08 09:00",
        end="10:00",
        user=rival(place)[0],
        party=cast.party(place.hub, "Zuid"),
    )
    changed = press(desk, plan, "Agree this")
    assert changed.status == 409
    assert "The dates have changed since you saw them." in changed.text
    assert not FixedDayPart.objects.exists()
    assert press(desk, changed, "Agree this without 1 date").heading == "Spreekkamer 1, Tuesday morning"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"weekdag": "6"}, "The building is not open for all of this day part on that day."),
        ({"vanaf": "2026-10-06"}, "Earlier months are in the old books. Choose 1 November 2026 or later."),
        ({"vanaf": "2026-12-02", "tot_en_met": "2026-12-01"}, "The last day is before the first."),
        ({"prijs": "-1"}, "Something is not right yet"),
        ({"weekdag": "dinsdag", "partij": "0", "ruimte": "x", "per": "jaar"}, "Something is not right yet"),
    ],
)
def test_what_cannot_be_is_said_at_the_form_with_what_was_typed(place, fields, words):
    page = see(reception(place), terms(place, **fields))
    assert page.status == 422
    assert words in page.text
    assert not FixedDayPart.objects.exists()


def test_anna_gives_a_date_back_and_gets_money_when_somebody_books_it(place, annas, mornings):
    mine = see(annas, "/vast")
    assert "Tuesday morning, 08:00–12:00 Spreekkamer 1 next: Tuesday 1 December" in mine.text

    name = name_of(mornings, "2026-12-08")
    given = annas.post("/vast/geef-terug", {"datum": [name]}, follow=True)
    assert "1 date has been given back: others can book it now." in given.content.decode()
    page = see(annas, f"/vast/{mornings.pk}")
    assert "Given back Tuesday 8 December free for others Take it back" in page.text

    user, party = rival(place)
    booking = book(place, start="2026-12-08 08:00", end="10:00", user=user, party=party)
    reletting.settle(now=NOW)
    page = see(annas, f"/vast/{mornings.pk}")
    assert "Tuesday 8 December booked € 18,75 back incl. VAT" in page.text
    assert "Take it back" not in page.text
    assert booking.code not in page.html
    assert party.name not in page.html


def test_anna_is_away_for_two_weeks(place, annas, mornings):
    arranged(place.party, place.rooms[1], weekday=3)
    asked = see(annas, "/vast?van=2026-12-07&tot=2026-12-18")
    assert "4 dates in that time" in asked.text
    names = [name_of(mornings, "2026-12-08"), name_of(mornings, "2026-12-15")]
    annas.post("/vast/geef-terug", {"datum": names})
    assert GivenBack.objects.count() == 2
    assert "2 dates in that time" in see(annas, "/vast?van=2026-12-07&tot=2026-12-18").text
    assert invariants.broken(now=NOW) == []


def test_anna_takes_a_date_back_twice_and_has_it_once(place, annas, mornings):
    giving.give_back([(mornings, start("2026-12-08"))], by=place.anna, now=NOW)
    page = see(annas, f"/vast/{mornings.pk}")
    assert "The room is yours again on that date." in press(annas, page, "Take it back").text
    assert "The room is yours again on that date." in press(annas, page, "Take it back").text
    assert invariants.broken(now=NOW) == []


def test_what_somebody_booked_meanwhile_is_refused_in_words(place, annas, mornings):
    giving.give_back([(mornings, start("2026-12-08"))], by=place.anna, now=NOW)
    page = see(annas, f"/vast/{mornings.pk}")
    user, party = rival(place)
    book(place, start="2026-12-08 08:00", end="10:00", user=user, party=party)
    refused = press(annas, page, "Take it back")
    assert refused.status == 409
    assert "Somebody else has this time now" in refused.text


def test_nothing_ticked_is_said(place, annas, mornings):
    answer = annas.post("/vast/geef-terug", {"vast": mornings.pk}, follow=True)
    assert "Tick the dates that you do not need first." in answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"/vast/{mornings.pk}"


def test_a_strangers_half_day_is_not_found_and_stays_as_it_is(place, mornings):
    stranger = client_of(rival(place)[0])
    assert stranger.get(f"/vast/{mornings.pk}").status_code == 404
    name = name_of(mornings, "2026-12-08")
    for deed in ("geef-terug", "neem-terug"):
        assert stranger.post(f"/vast/{deed}", {"datum": [name]}).status_code == 404
        assert stranger.post(f"/vast/{deed}", {"datum": ["x@y"]}).status_code == 404
    other_hub = cast.hub("elders")
    director = client_of(cast.staff(other_hub))
    assert director.get(f"/beheer/vaste-dagdelen/{mornings.pk}/beeindig").status_code == 404
    assert director.get(f"/vast/{mornings.pk}").status_code == 404
    assert not GivenBack.objects.exists()


def test_a_bookkeeper_looks_and_gives_nothing_back(place, mornings):
    books = client_of(cast.staff(place.hub, "bookkeeper"))
    books.post("/taal", {"language": "en"})
    page = see(books, f"/vast/{mornings.pk}")
    assert "Give the ticked dates back" not in page.text
    assert "New fixed half-day" not in see(books, "/beheer/vaste-dagdelen").text
    assert books.post("/vast/geef-terug", {"datum": [name_of(mornings, "2026-12-08")]}).status_code == 403


def test_reception_ends_a_half_day_and_sees_first_what_lapses(place, mornings):
    desk = reception(place)
    path = f"/beheer/vaste-dagdelen/{mornings.pk}/beeindig"
    assert see(desk, path).heading == "End a fixed half-day"
    assert "The last day cannot lie in the past." in see(desk, f"{path}?laatste=2026-11-01").text

    shown = see(desk, f"{path}?laatste=2026-12-31")
    assert "The room is theirs for the last time on Tuesday 29 December." in shown.text
    assert "46 dates after it lapse; others can book them at once." in shown.text
    done = press(desk, shown, "End it after Thursday 31 December")
    assert "The fixed half-day ends." in done.text
    mornings.refresh_from_db()
    assert mornings.ends_on == date(2026, 12, 31)
    assert invariants.broken(now=NOW) == []
    assert Letter.objects.get(kind="fixed_ended").subject.endswith("stopt op donderdag 31 december")
    again = desk.post(path, {"laatste": "2026-12-31"})
    assert again.status_code == 302
    assert Letter.objects.filter(kind="fixed_ended").count() == 1


def test_who_has_no_half_days_reads_what_they_are(place, annas):
    assert "You have no fixed half-days" in see(annas, "/vast").text


def test_lists_cost_the_same_with_one_and_three_rows(place, annas, mornings, django_assert_num_queries):
    desk = reception(place)
    giving.give_back([(mornings, start("2026-12-08"))], by=place.anna, now=NOW)

    def look() -> None:
        for client, path, queries in (
            (annas, "/vast", 7),
            (annas, "/vast?van=2026-12-01&tot=2026-12-31", 7),
            (desk, "/beheer/vaste-dagdelen", 7),
            (annas, f"/vast/{mornings.pk}", 12),
        ):
            client.get(path)
            with django_assert_num_queries(queries):
                assert client.get(path).status_code == 200

    look()
    for number in (1, 2):
        other: Party = cast.party(place.hub, f"Praktijk {number}") if number == 1 else place.party
        arranged(other, place.rooms[number], price=Decimal("40.00"))
    giving.give_back(
        [(mornings, start("2026-12-15")), (mornings, start("2026-12-22"))], by=place.anna, now=NOW
    )
    look()
