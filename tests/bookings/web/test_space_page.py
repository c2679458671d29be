"""The page of a room: what it is, what it costs, when it is free."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from spaces import claiming
from spaces.models import BookingRule, SpaceKind
from tenants.parties.models import PartyState, Role, User
from tests import cast
from tests.bookings.web.conftest import Place, client_of
from tests.cast import NOW, at, between
from tests.journeys.reading import see


def shown(client: Any, path: str, **params: str) -> str:
    answer = client.get(path, params)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def test_the_room_with_its_facts_price_and_policy(place: Place, annas: Any) -> None:
    html = shown(annas, "/ruimte/B04")
    feature = place.rooms[1].features.get().name_nl

    for words in (
        "Spreekkamer 2",
        "16,40 m²",
        feature,
        "€ 37,50",
        "€ 12,50",
        "kale verhuur van een ruimte",
    ):
        assert words in html


def test_prices_are_shown_with_and_without_vat_and_those_to_come(place: Place, annas: Any) -> None:
    cast.rate(
        place.hub,
        kind=SpaceKind.TREATMENT_ROOM,
        vat=21,
        per_day_part=Decimal("46.00"),
        valid_from=date(2027, 1, 1),
    )

    html = shown(annas, "/ruimte/B06")

    for words in ("€ 54,45", "€ 45,00", "€ 55,66", "1 januari 2027"):
        assert words in html


def test_only_the_prices_of_ones_own_group_and_staff_see_all(place: Place, annas: Any) -> None:
    cast.rate(place.hub, group="extern", per_day_part=Decimal("52.50"))

    assert "€ 52,50" not in shown(annas, "/ruimte/B04")
    assert "€ 52,50" in shown(client_of(cast.staff(place.hub)), "/ruimte/B04")


def test_a_price_of_the_room_beats_that_of_its_kind(place: Place, annas: Any) -> None:
    cast.rate(place.hub, space=place.rooms[1], per_day_part=Decimal("42.50"))

    assert "€ 42,50" in shown(annas, "/ruimte/B04")
    assert "€ 37,50" not in shown(annas, "/ruimte/B04")


def test_each_free_day_part_is_a_link_and_the_others_say_why_not(place: Place, annas: Any) -> None:
    claiming.take(
        [place.rooms[1]], period=between("2026-11-24 08:00", "12:00"), kind="booking", holder="b:1", now=NOW
    )

    html = shown(annas, "/ruimte/B04")

    assert "/boek?dag=2026-11-24&amp;deel=middag&amp;ruimte=B04" in html
    assert "dag=2026-11-24&amp;deel=ochtend" not in html
    assert "/boek?dag=2026-11-22" not in html


@pytest.mark.parametrize("day", ["2026-11-30", "gisteren", "2020-01-01", "9999-12-31"])
def test_another_week_and_nonsense_in_the_address(place: Place, annas: Any, day: str) -> None:
    shown(annas, "/ruimte/B04", dag=day)


def test_a_room_under_lease_says_until_when_and_names_nobody(place: Place, annas: Any) -> None:
    office = cast.space(place.hub, "101", name="Kantoor", bookable=False)
    claiming.take_until(
        [office],
        starts_at=at("2018-10-01 00:00"),
        ends_at=at("2028-10-01 00:00"),
        kind="lease",
        holder="lease:1",
        now=NOW,
    )
    User.objects.update(language="en")

    html = shown(annas, "/ruimte/101")

    assert "Let until Sunday 1 October 2028" in html
    assert "/boek?ruimte=101" not in html


def test_parts_and_the_whole_point_at_each_other(place: Place, annas: Any) -> None:
    cast.meeting_area(place.hub)

    assert 'href="/ruimte/B01A"' in shown(annas, "/ruimte/B01")
    assert 'href="/ruimte/B01"' in shown(annas, "/ruimte/B01A")


def test_somebody_who_waits_for_approval_may_look(place: Place) -> None:
    user, _party = cast.zzper(place.hub, "Nieuw", state=PartyState.APPLIED)

    shown(client_of(user), "/ruimte/B04")


def test_a_room_of_another_hub_or_none_is_not_found(place: Place, annas: Any) -> None:
    cast.space(cast.hub("elders"), "X1")

    assert [annas.get(path).status_code for path in ("/ruimte/X1", "/ruimte/bestaat-niet")] == [404, 404]


def test_a_bookkeeper_may_look(place: Place) -> None:
    shown(client_of(cast.staff(place.hub, Role.BOOKKEEPER)), "/ruimte/B04")


@pytest.mark.parametrize("more", [0, 2])
def test_the_page_takes_the_same_queries_however_much_there_is(
    place: Place, annas: Any, more: int, django_assert_num_queries: Any
) -> None:
    for number in range(more):
        place.rooms[1].features.add(cast.feature(f"kenmerk-{number}"))
        cast.space(place.hub, f"B04-{number}", parent=place.rooms[0])
        claiming.take(
            [place.rooms[1]],
            period=between(f"2026-11-2{4 + number} 08:00", "12:00"),
            kind="booking",
            holder=f"b:{number}",
            now=NOW,
        )
        cast.rate(place.hub, valid_from=date(2027, 1, 1 + number))

    with django_assert_num_queries(16):
        annas.get("/ruimte/B04")


def test_the_room_says_what_it_lacks_for_ones_own_profession(place, annas):
    cast.space(place.hub, "B09", features=("screened-from-view",))
    page = see(annas, "/ruimte/B03")
    assert '<option value="dietist" selected>' in page.html
    assert "ongeveer 20 m², zonder de wachtruimte; deze ruimte heeft 16,40 m²: ontbreekt" in page.text
    assert (
        "afgeschermd voor inkijk : ontbreekt" in page.text
        or "afgeschermd voor inkijk: ontbreekt" in page.text
    )
    assert "Niet bekend: afgeschermd voor geluid" in page.text
    assert "Nederlandse Vereniging van Diëtisten (NVD)" in page.text


def test_another_profession_or_none_can_be_chosen(place, annas):
    assert "een behandelbank" in see(annas, "/ruimte/B06?beroep=fysiotherapeut").text
    for none in ("", "tovenaar", "\x00"):
        assert "Volgens:" not in see(annas, f"/ruimte/B03?beroep={none}").text


def test_the_rules_stand_on_the_page_of_the_room(place, annas):
    BookingRule.objects.create(hub=place.hub, space=place.rooms[0], shortest_minutes=60, days_ahead=60)
    page = see(annas, "/ruimte/B03")
    assert "U boekt ten minste 1 uur. U boekt tot 60 dagen vooruit, tot aan het begin." in page.text


def test_the_page_leads_to_the_day_the_week_and_the_month(place, annas):
    page = see(annas, "/ruimte/B03?dag=2026-11-24")
    links = [page.links[name] for name in ("Dag", "Week per uur", "Maand")]
    assert links == [
        "/rooster?dag=2026-11-24&ruimte=B03",
        "/ruimte/B03/week?dag=2026-11-24",
        "/ruimte/B03/maand?dag=2026-11-24",
    ]
