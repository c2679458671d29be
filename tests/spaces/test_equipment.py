"""A beamer is claimed like a room, and is none: not in the m², the finder, the tables, closures or the workbook."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client

from spaces import availability, claiming, closing, occupancy
from spaces.models import Claim, Extra, Hub, Space, SpaceKind
from spaces.periods import local_month
from tenants.leases.hub_import.present import read as read_present
from tenants.leases.hub_import.wanted import name_key
from tests import cast
from tests.cast import AMSTERDAM, NOW, between

pytestmark = pytest.mark.django_db
MORNING = between("2026-11-24 09:00", "12:00")


@pytest.fixture
def hub() -> Hub:
    hub = cast.hub()
    cast.space(hub)
    return hub


@pytest.fixture
def beamer(hub: Hub) -> Space:
    extra = Extra.objects.create(
        hub=hub, code="beamer", name_nl="Beamer", price=Decimal(15), vat_rate=21, vat_treatment="service_own",
        vat_reason="eigen dienst",
    )  # fmt: skip
    return cast.space(
        hub, "beamer-1", name="Beamer 1", kind=SpaceKind.EQUIPMENT, extra=extra, area_m2=0, capacity=None,
        bookable=False, lettable=False,
    )  # fmt: skip


def test_a_lent_beamer_changes_no_figure(hub: Hub, beamer: Space) -> None:
    month = local_month(MORNING.start.date(), zone=AMSTERDAM)
    before = occupancy.use_of(occupancy.read(hub, period=month), period=month)

    claiming.take([beamer], period=MORNING, kind="booking", holder="booking:1", now=NOW)

    after = occupancy.use_of(occupancy.read(hub, period=month), period=month)
    assert after == before


def test_it_is_never_found_nor_closed_with_the_hub(hub: Hub, beamer: Space) -> None:
    found = availability.search(hub, period=MORNING, now=NOW)
    closed = cast.closure(hub, between("2026-11-25 00:00", "24:00"))
    with transaction.atomic():
        closing.settle(hub, now=NOW)

    assert [space.code for space in found.free] == ["B03"]
    assert found.unavailable == []
    held = Claim.objects.filter(holder=closing.holder_of(closed)).values_list("space__code", flat=True)
    assert list(held) == ["B03"]


def test_the_workbook_does_not_miss_it(hub: Hub, beamer: Space) -> None:
    present = read_present(hub)

    assert present.find("spaces", [(name_key("B03"),)]) is not None
    assert present.find("spaces", [(name_key("beamer-1"),)]) is None


def test_a_broken_piece_can_be_closed_by_itself(hub: Hub, beamer: Space) -> None:
    cast.closure(hub, MORNING, space=beamer)
    with transaction.atomic():
        closing.settle(hub, now=NOW)

    assert Claim.objects.get().space == beamer


def test_the_tables_and_the_finder_of_the_desk_show_rooms_only(hub: Hub, beamer: Space) -> None:
    desk = Client()
    desk.force_login(cast.staff(hub, "reception"))

    pages = [
        desk.get(path).content.decode()
        for path in ("/balie?dag=2026-11-24", "/boek?dag=2026-11-24", "/balie/boek")
    ]
    page = desk.get("/ruimte/beamer-1")

    assert all("Spreekkamer B03" in shown and "Beamer 1" not in shown for shown in pages)
    assert page.status_code == 404
