"""An import and bookings at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from spaces import claiming
from spaces.models import Hub, Space
from tenants.leases.hub_import import importing
from tenants.leases.hub_import.plan import CHANGED
from tenants.leases.hub_import.refusals import HasErrors
from tenants.parties.models import Party
from tests.cast import NOW, between
from tests.concurrency.racing import until_somebody_waits
from tests.leases import workbooks
from tests.leases.workbooks import errors

pytestmark = pytest.mark.django_db(transaction=True)


def read_in(content: bytes) -> int | list[str]:
    """How many things changed, or the places of the errors."""
    try:
        return importing.store(content, now=NOW).count(CHANGED)
    except HasErrors as refused:
        return [place for place, _text in errors(refused.plan.findings)]
    finally:
        connection.close()


def test_an_import_takes_parties_before_rooms_as_a_booking_does(hub: Hub):
    content = workbooks.with_cells({"Ruimtes!K8": "nieuw tapijt", "Partijen!F4": 3})
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            Party.objects.select_for_update(no_key=True).get(name="GGD IJsselland")
            changed = other.submit(read_in, content)
            until_somebody_waits()
            Space.objects.select_for_update(no_key=True, nowait=True).get(code="B03")

        assert changed.result(timeout=60) == 2


def test_a_room_that_is_booked_while_the_import_waits_is_not_divided(hub: Hub):
    part = {
        "A": "208-1",
        "B": "Plek",
        "C": 2,
        "D": "kantoor",
        "E": "52,65",
        "H": "208",
        "I": "ja",
        "J": "nee",
    }
    content = workbooks.with_cells({f"Ruimtes!{column}53": value for column, value in part.items()})
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            period = between("2026-11-24 09:00", "10:00")
            room = Space.objects.get(code="208")
            claiming.take([room], period=period, kind="booking", holder="booking:1", now=NOW)
            refused = other.submit(read_in, content)
            until_somebody_waits()

        assert refused.result(timeout=60) == ["Ruimtes H49"]
