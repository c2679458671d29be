"""What staff set up for booking: rules with a preview in words, rooms, extras; and what reception makes ready."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from bookings import reserving
from bookings.additions import Wish
from spaces.models import BookingRule, Extra, Hub, Space, SpaceKind, SpaceLayout
from tests import cast
from tests.cast import NOW, between

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


@pytest.fixture
def director(hub: Hub) -> Client:
    return signed_in(cast.staff(hub))


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


RULE = {
    "where": "soort:meeting_area", "shortest_minutes": "60", "longest_minutes": "480", "days_ahead": "60",
    "party_month_hours": "10",
}  # fmt: skip
WORDS = (
    "huurder, ontmoetingsruimte: minstens 1 uur, hooguit 8 uur per keer, tot 60 dagen vooruit, "
    "hooguit 10 uur per maand per partij"
)


def test_a_rule_is_told_in_words_before_it_is_saved_and_can_be_changed_and_removed(
    director: Client, hub: Hub
) -> None:
    cast.meeting_area(hub)
    asked = RULE | {"rate_group": str(cast.rate_group(hub, "huurder").pk)}

    shown = director.get("/beheer/regels/nieuw", asked | {"stap": "toon"})
    none_yet = BookingRule.objects.count()
    saved = director.post("/beheer/regels/nieuw", asked, follow=True)
    rule = BookingRule.objects.get()
    director.post(f"/beheer/regels/{rule.pk}", asked | {"longest_minutes": "120"})
    rule.refresh_from_db()
    removed = [director.post(f"/beheer/regels/{rule.pk}/verwijder").status_code for _press in range(2)]

    assert WORDS in shown.content.decode()
    assert none_yet == 0
    assert WORDS in saved.content.decode()
    assert (rule.kind, rule.longest_minutes, removed) == ("meeting_area", 120, [302, 302])
    assert not BookingRule.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"longest_minutes": "30"}, "niet korter zijn"),
        ({"days_ahead": "336"}, "Van 1 tot en met 335"),
        (dict.fromkeys(RULE, ""), "zegt nog niets"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_words(
    director: Client, hub: Hub, wrong: dict[str, str], words: str
) -> None:
    cast.meeting_area(hub)

    answer = director.post("/beheer/regels/nieuw", RULE | wrong)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not BookingRule.objects.exists()


def test_a_second_rule_about_the_same_is_refused_and_anothers_hub_is_not_there(
    director: Client, hub: Hub
) -> None:
    cast.meeting_area(hub)
    director.post("/beheer/regels/nieuw", RULE)
    elsewhere = BookingRule.objects.create(hub=cast.hub("elders"), days_ahead=3)

    again = director.post("/beheer/regels/nieuw", RULE)

    assert again.status_code == 422
    assert director.get(f"/beheer/regels/{elsewhere.pk}").status_code == 404
    director.post(f"/beheer/regels/{elsewhere.pk}/verwijder")
    assert BookingRule.objects.filter(pk=elsewhere.pk).exists()


def test_a_room_gets_time_to_clean_and_layouts(director: Client, hub: Hub) -> None:
    whole, *_halves = cast.meeting_area(hub)

    saved = director.post(
        "/beheer/ruimtes/B01",
        {"setup_minutes": "0", "cleanup_minutes": "15", "theatre_persons": "50", "theatre_minutes": "20"},
    )
    refused = director.post("/beheer/ruimtes/B01", {"setup_minutes": "241", "cleanup_minutes": "15"})

    whole.refresh_from_db()
    assert (saved.status_code, refused.status_code) == (302, 422)
    assert whole.cleanup_minutes == 15
    assert list(SpaceLayout.objects.values_list("layout", "capacity", "setup_minutes")) == [
        ("theatre", 50, 20)
    ]


def test_an_extra_has_pieces_and_a_used_one_stays(director: Client, hub: Hub) -> None:
    cast.floor(hub)
    asked = {
        "name_nl": "Beamer", "per": "booking", "price": "15,00", "vat_rate": "21", "vat_reason": "eigen dienst",
        "offered": "on", "lead_hours": "0", "number": "2",
    }  # fmt: skip

    made = director.post("/beheer/extras/nieuw", asked)
    codes = list(Space.objects.filter(kind=SpaceKind.EQUIPMENT).values_list("code", flat=True))
    fewer = director.post("/beheer/extras/beamer", asked | {"number": "1"})

    assert (made.status_code, fewer.status_code) == (302, 302)
    assert codes == ["beamer-1", "beamer-2"]
    assert Extra.objects.get().pieces.count() == 1


def test_reception_sees_what_to_make_ready_on_the_day_and_on_paper(hub: Hub) -> None:
    whole, *_halves = cast.meeting_area(hub)
    cast.rate(hub, group="huurder", kind=SpaceKind.MEETING_AREA, vat=21)
    SpaceLayout.objects.create(space=whole, layout="theatre", capacity=50, setup_minutes=30)
    user, party = cast.tenant(hub)
    coffee = Extra.objects.create(
        hub=hub, code="koffie", name_nl="Koffie", per="person", price=Decimal("2.50"), vat_rate=9,
        vat_treatment="service_own", vat_reason="eigen dienst",
    )  # fmt: skip
    held = reserving.hold(
        whole, period=between("2026-11-24 10:00", "12:00"), party=party, by=user, persons=24,
        wish=Wish("theatre", (coffee,)), key="6f0c1a52-6f8f-4e49-8f5a-0d0f3c1f6a11", now=NOW,
    )  # fmt: skip
    reserving.confirm(held, now=NOW)
    desk = signed_in(cast.staff(hub, "reception"))

    pages = [desk.get(path, {"dag": "2026-11-24"}).content.decode() for path in ("/balie", "/balie/lijst")]

    for page in pages:
        assert "Klaarzetten" in page
        assert "09:30" in page
        assert "theater" in page
        assert "Koffie, voor 24 personen" in page


def hidden(page) -> dict[str, str]:
    """What the form showed, as it brings that along."""
    names = re.findall(r'name="(initial-[^"]+)"(?: value="([^"]*)")?', page.content.decode())
    return dict(names)


def test_two_directors_who_set_different_things_both_have_their_way(director: Client, hub: Hub) -> None:
    page = director.get("/beheer/instellingen")
    seen = hidden(page)
    shown = {name.removeprefix("initial-"): value for name, value in seen.items()}
    assert director.post("/beheer/instellingen", shown | seen | {"option_days": "7"}).status_code == 302
    assert director.post("/beheer/instellingen", shown | seen | {"offer_minutes": "90"}).status_code == 302

    hub.refresh_from_db()
    assert (hub.option_days, hub.offer_minutes) == (7, 90)


def test_whoever_sets_the_same_thing_second_sees_both_and_decides(director: Client, hub: Hub) -> None:
    seen = hidden(director.get("/beheer/instellingen"))
    shown = {name.removeprefix("initial-"): value for name, value in seen.items()}
    director.post("/beheer/instellingen", shown | seen | {"option_days": "7"})

    second = director.post("/beheer/instellingen", shown | seen | {"option_days": "9"})
    hub.refresh_from_db()
    assert (second.status_code, hub.option_days) == (409, 7)
    words = second.content.decode()
    assert "Iemand was u net voor" in words
    assert ">9</td>" in words
    assert ">7</td>" in words

    again = director.post("/beheer/instellingen", shown | hidden(second) | {"option_days": "9"})
    hub.refresh_from_db()
    assert (again.status_code, hub.option_days) == (302, 9)


def test_a_room_keeps_what_another_director_set_meanwhile(director: Client, hub: Hub) -> None:
    whole, *_halves = cast.meeting_area(hub)
    seen = hidden(director.get("/beheer/ruimtes/B01"))
    shown = {name.removeprefix("initial-"): value for name, value in seen.items() if value != "False"}
    director.post("/beheer/ruimtes/B01", shown | seen | {"needs_approval": "on", "school_persons": "30"})
    director.post("/beheer/ruimtes/B01", shown | seen | {"cleanup_minutes": "20", "theatre_persons": "60"})
    clash = director.post("/beheer/ruimtes/B01", shown | seen | {"school_persons": "24"})

    whole.refresh_from_db()
    assert (whole.needs_approval, whole.cleanup_minutes) == (True, 20)
    assert clash.status_code == 409
    assert set(SpaceLayout.objects.values_list("layout", "capacity")) == {("school", 30), ("theatre", 60)}
