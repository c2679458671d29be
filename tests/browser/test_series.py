"""Repeating a booking on a phone and at a desk: all dates with a clash, the series, changing and stopping it."""

from uuid import uuid4

import pytest

from bookings import reserving
from bookings.models import Series
from tests import cast
from tests.browser.conftest import DESK, NARROW, PHONE
from tests.browser.looking import in_both_languages, unseen, watch


@pytest.fixture
def anna(noon, transactional_db):
    """Somebody else has Spreekkamer 1 on 1 December, and the hub is closed on the 8th."""
    hub = cast.hub(name="LOC+")
    rooms = [cast.space(hub, "B03", name="Spreekkamer 1"), cast.space(hub, "B04", name="Spreekkamer 2")]
    cast.rate(hub)
    user, party = cast.zzper(hub, "Bram Visser")
    booked(user, party, rooms[0], "2026-12-01 09:00", "11:00")
    cast.closure(hub, cast.between("2026-12-08 00:00", "24:00"), reason="studiedag")
    return cast.zzper(hub)[0]


def booked(user, party, space, start, end):
    period = cast.between(start, end)
    held = reserving.hold(space, period=period, party=party, by=user, key=uuid4(), now=cast.NOW)
    return reserving.confirm(held, now=cast.NOW)


@pytest.mark.parametrize("viewport", [PHONE, DESK, NARROW], ids=["390", "1280", "320"])
def test_repeats_changes_and_stops(anna, visit, viewport):
    there = visit(anna, viewport=viewport)
    faults = watch(there.page, there.address)

    walk(there, f"series-{viewport['width']}", in_both_languages)
    assert faults == []


def test_repeats_changes_and_stops_without_javascript(anna, visit):
    walk(visit(anna, scripts=False), "", unseen)


def walk(there, shot, look):
    there.open("/boek?dag=2026-11-24&deel=ochtend&soort=consult_room")
    there.tap("button", "Boek Spreekkamer 1")
    there.page.wait_for_url("**/boek/*-*")
    there.page.locator("summary", has_text="Deze boeking herhalen").click()
    look(there, f"{shot}-1-check")
    if not there.page.locator("#id_tot").is_visible():  # the language switch loads the page anew
        there.page.locator("summary", has_text="Deze boeking herhalen").click()
    there.page.locator("#id_tot").fill("2026-12-15")
    there.tap("button", "Toon alle datums")
    there.sees("Er worden 2 datums geboekt")
    look(there, f"{shot}-2-plan")
    there.page.get_by_label("Spreekkamer 2, zelfde tijd").check()
    there.tap("button", "Reken het totaal opnieuw uit")
    there.sees("Er worden 3 datums geboekt")
    there.tap("button", "Boek 3 datums voor")
    there.sees("Uw reeks is geboekt")
    look(there, f"{shot}-3-series")
    there.tap("link", "Wijzig de reeks")
    look(there, f"{shot}-4-change")
    assert there.heading == "Wijzig de reeks"
    there.page.locator("#id_van").fill("13:00")
    there.page.locator("#id_tijd_tot").fill("17:00")
    there.tap("button", "Toon wat er verandert")
    there.sees("Samen")
    look(there, f"{shot}-5-change-plan")
    there.tap("button", "Wijzig de reeks")
    there.sees("Uw reeks is gewijzigd.")
    there.open("/mijn")
    look(there, f"{shot}-6-mine")
    series = Series.objects.get(split_from__isnull=False)
    there.open(f"/boeking/{series.bookings.first().code}/annuleer")
    look(there, f"{shot}-7-cancel")
    there.tap("link", "Deze en volgende")
    look(there, f"{shot}-8-stop")
    there.tap("button", "Stop gratis")
    there.sees("De reeks is gestopt.")
