"""The lists of who runs the hub cost as much for three rows as for one."""

from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings import displaying, feeding, reserving, stocking
from bookings.additions import Wish
from spaces.models import BookingRule, Extra, Hub, SpaceLayout
from spaces.money import VatTreatment
from tenants.parties.models import User
from tests import cast

pytestmark = pytest.mark.django_db
TODAY = "2026-11-21"
LISTS = {
    "/balie": 16, "/balie/lijst": 16, "/balie/boek": 9, "/mijn": 7, "/agenda": 4, "/agenda/koppelen": 5,
    "/beheer/regels": 4, "/beheer/regels/nieuw": 6, "/beheer/ruimtes": 5, "/beheer/ruimtes/K0": 7,
    "/beheer/extras": 4, "/beheer/extras/e0": 7, "/beheer/schermen": 5, "/beheer/sluitingen": 5,
}  # fmt: skip
"""How many queries each page takes."""


def lived_in(hub: Hub, director: User, rows: int) -> None:
    """So many rules, rooms with a layout, extras with pieces, screens, and bookings today to make something ready for."""
    cast.floor(hub)
    for number in range(rows):
        room = cast.space(hub, f"K{number}", setup_minutes=15)
        SpaceLayout.objects.create(space=room, layout="school", capacity=4, setup_minutes=10)
        BookingRule.objects.create(hub=hub, space=room, longest_minutes=480)
        extra = Extra(
            hub=hub, code=f"e{number}", name_nl=f"Beamer {number}", name_en="Beamer", per=Extra.Per.BOOKING,
            price=Decimal(15), vat_rate=Decimal(21), vat_treatment=VatTreatment.SERVICE_OWN, vat_reason="dienst",
        )  # fmt: skip
        stocking.add(extra, pieces=2)
        extra.spaces.add(room)
        user, party = cast.zzper(hub, f"Persoon {number}")
        held = reserving.hold(
            room, period=cast.between(f"{TODAY} 14:00", "16:00"), party=party, by=user, persons=3, key=uuid4(),
            wish=Wish("school", (extra,)), now=cast.NOW,
        )  # fmt: skip
        reserving.confirm(held, now=cast.NOW)
        cast.closure(hub, cast.between(f"2026-12-{24 + number} 00:00", "24:00"))
        feeding.connect(cast.actor(director, hub), scope="space", space=room, now=cast.NOW)
        displaying.connect(hub, name=f"scherm {number}", space=room, now=cast.NOW)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_of_the_hub_cost_the_same_for_one_row_and_for_three(rows: int) -> None:
    hub = cast.hub()
    cast.rate(hub)
    director, client = cast.staff(hub), Client()
    client.force_login(director)
    with time_machine.travel(cast.NOW, tick=False):
        lived_in(hub, director, rows)
        counted = {path: _queries(client, path) for path in LISTS}

    assert counted == LISTS


def test_what_to_make_ready_names_each_extra() -> None:
    """The list "Klaarzetten" really has as many rows as the test above counts on."""
    hub = cast.hub()
    cast.rate(hub)
    director, client = cast.staff(hub), Client()
    client.force_login(director)
    with time_machine.travel(cast.NOW, tick=False):
        lived_in(hub, director, 3)
        page = client.get("/balie").content.decode()

    for number in range(3):
        assert f"Beamer {number}" in page


def _queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200, path
    return len(queries)
