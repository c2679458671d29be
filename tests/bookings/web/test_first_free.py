"""First free: how long and what for; the first time of each room, at every hub where one may book."""

import pytest

from bookings.models import Booking
from spaces.models import Hub, SpaceKind
from tenants.parties.models import PartyState, Role
from tests import cast
from tests.bookings.web.conftest import client_of
from tests.cast import between
from tests.journeys.deeds import book, rival
from tests.journeys.reading import press, see

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(place) -> Hub:
    """Anna has a practice at another hub too, where a room is free earlier."""
    hub = cast.hub("hofje", name="Zorghofje")
    cast.rate(hub)
    cast.space(hub, "H1", name="Hofkamer", features=("projector",))
    cast.membership(place.anna, hub, party=cast.party(hub, "Praktijk in het hofje"))
    return hub


def rooms(page) -> list[str]:
    return [
        piece.split(">")[-1]
        for piece in page.html.split('class="rooms rooms--found"')[-1].split("</a></h3>")[:-1]
    ]


def test_the_rooms_by_the_time_they_are_first_free_with_their_price(place, annas):
    user, party = rival(place)
    book(place, room=0, start="2026-11-21 13:00", end="17:00", user=user, party=party)
    page = see(annas, "/eerst-vrij?duur=240&soort=consult_room")
    assert rooms(page) == ["Spreekkamer 2", "Spreekkamer 1"]
    assert "zaterdag 21 november, 13:00–17:00" in page.text
    assert "maandag 23 november, 08:00–12:00" in page.text
    assert page.text.count("€ 37,50 incl. btw") == 2


def test_one_press_leads_to_the_page_where_it_is_checked_and_booked(place, annas):
    page = see(annas, "/eerst-vrij?duur=120&soort=treatment_room&nodig=wash-basin")
    check = press(annas, page, "Boek Behandelkamer 1")
    assert check.heading == "Controleer en boek"
    done = press(annas, check, "Boek voor")
    assert done.heading == "Uw ruimte is geboekt"
    assert Booking.objects.get().period == between("2026-11-21 12:00", "14:00")


def test_pressing_twice_holds_once(place, annas):
    page = see(annas, "/eerst-vrij?duur=120&soort=treatment_room")
    press(annas, page, "Boek Behandelkamer 1")
    press(annas, page, "Boek Behandelkamer 1")
    assert Booking.objects.count() == 1


def test_persons_needs_and_days_narrow_and_stay_in_the_address(place, annas):
    cast.space(
        place.hub, "B01", name="Zaal", kind=SpaceKind.CONSULT_ROOM, capacity=30, features=("projector",)
    )
    page = see(annas, "/eerst-vrij?duur=60&nodig=projector&personen=20&dagen=7")
    assert rooms(page) == ["Zaal"]
    for chosen in ('value="60" checked', 'value="projector" checked', 'value="7" checked', 'value="20"'):
        assert chosen in page.html


def test_nothing_free_says_so_and_what_to_do(place, annas):
    page = see(annas, "/eerst-vrij?personen=500&dagen=14")
    assert "Niets vrij in de komende 14 dagen" in page.text
    assert "Kies een kortere tijd, meer dagen of minder wensen." in page.text


def test_who_is_at_one_hub_is_told_so(place, annas):
    assert (
        "U mag bij één locatie boeken: Locplus. We zochten daar in alle ruimtes."
        in see(annas, "/eerst-vrij").text
    )


def test_all_hubs_where_one_may_book_in_one_list(place, annas, second):
    user, party = rival(place)
    for room in range(3):
        book(place, room=room, start="2026-11-21 13:00", end="17:00", user=user, party=party)
    page = see(annas, "/eerst-vrij?duur=240")
    assert "Gezocht bij: Locplus, Zorghofje." in page.text
    assert page.text.index("Hofkamer") < page.text.index("Spreekkamer 1")


def test_booking_at_another_hub_goes_there(place, annas, second):
    check = press(annas, see(annas, "/eerst-vrij?duur=240&nodig=projector"), "Boek Hofkamer")
    assert check.heading == "Controleer en boek"
    assert "Zorghofje" in check.text
    press(annas, check, "Boek voor")
    assert Booking.objects.get().party.name == "Praktijk in het hofje"


@pytest.mark.parametrize("state", [PartyState.APPLIED, PartyState.DECLINED])
def test_a_hub_where_one_may_not_book_is_not_searched(place, annas, second, state):
    second.parties.update(state=state)
    assert "Hofkamer" not in see(annas, "/eerst-vrij").text
    fields = {
        "hub": "hofje",
        "ruimte": "H1",
        "dag": "2026-11-23",
        "van": "08:00",
        "tot": "12:00",
        "sleutel": str(cast.uuid4()),
    }
    annas.post("/eerst-vrij/houd-vast", fields)
    assert not Booking.objects.exists()


@pytest.mark.parametrize("slug", ["hofje", "nergens", "", "\x00"])
def test_a_hub_that_is_not_theirs_is_not_found(place, annas, slug):
    cast.hub("hofje")
    assert annas.post("/eerst-vrij/houd-vast", {"hub": slug, "ruimte": "B03"}).status_code == 404


def test_the_bookkeeper_of_another_hub_books_nothing_there(place, annas):
    elsewhere = cast.hub("elders")
    cast.rate(elsewhere)
    cast.space(elsewhere, "E1")
    party = cast.party(elsewhere)
    cast.membership(place.anna, elsewhere, Role.BOOKKEEPER)
    fields = {
        "hub": "elders", "ruimte": "E1", "dag": "2026-11-23", "van": "08:00", "tot": "12:00",
        "sleutel": str(cast.uuid4()), "partij": str(party.pk),
    }  # fmt: skip
    annas.post("/eerst-vrij/houd-vast", fields)
    assert not Booking.objects.exists()


def test_what_a_room_lacks_for_the_profession_is_said(place, annas):
    cast.space(place.hub, "B09", features=("soundproof",), bookable=True)
    page = see(annas, "/eerst-vrij?soort=treatment_room")
    assert "mist voor uw beroep: ongeveer 20 m², zonder de wachtruimte, afgeschermd voor geluid" in page.text


@pytest.mark.parametrize("field", ["duur", "dagen", "soort", "nodig", "personen"])
@pytest.mark.parametrize("value", ["-1", "0", "9" * 400, "x", "\x00", "é\u202e", "1e9"])
def test_nonsense_gets_a_sentence_and_the_rest_is_kept(place, annas, field, value):
    answer = annas.get(
        "/eerst-vrij", {"nodig": "wash-basin", field: [value, *(["wash-basin"] if field == "nodig" else [])]}
    )
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert 'value="wash-basin" checked' in answer.content.decode()


def test_reception_chooses_first_for_whom(place):
    reception = client_of(cast.staff(place.hub, Role.RECEPTION))
    page = see(reception, "/eerst-vrij")
    assert "Kies eerst voor wie u boekt." in page.text
    chosen = see(reception, f"/eerst-vrij?partij={place.party.pk}")
    press(reception, chosen, "Boek Spreekkamer 1")
    assert Booking.objects.get().party == place.party


@pytest.mark.parametrize("extra", [1, 3])
def test_the_queries_do_not_grow_with_the_rooms(place, annas, extra, django_assert_num_queries):
    for number in range(extra):
        cast.space(place.hub, f"C{number}")
    annas.get("/eerst-vrij")
    with django_assert_num_queries(16):
        annas.get("/eerst-vrij")


def test_a_second_hub_costs_a_constant_number_of_queries_more(
    place, annas, second, django_assert_num_queries
):
    annas.get("/eerst-vrij")
    with django_assert_num_queries(26):
        annas.get("/eerst-vrij")
