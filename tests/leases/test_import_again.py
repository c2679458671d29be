"""Later workbooks: what changes, what stays, and what stands in the way."""

from datetime import date, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from spaces.models import Claim, Hub, OpeningHours, Space
from tenants.billing.models import NumberRange
from tenants.leases.hub_import import importing
from tenants.leases.hub_import.plan import CHANGED, NEW
from tenants.leases.hub_import.refusals import PlanChanged
from tenants.leases.models import FixedDayPart, Lease
from tests import areas
from tests.cast import NOW, between
from tests.leases import workbooks
from tests.leases.deeds import again, changes, take, told_errors
from tests.leases.workbooks import remarks

pytestmark = pytest.mark.django_db(transaction=True)
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def test_twice_changes_nothing(hub: Hub):
    before = Claim.objects.count()

    plan = importing.store(workbooks.real(), now=NOW)

    assert (plan.count(NEW), plan.count(CHANGED), Claim.objects.count()) == (0, 0, before)
    assert remarks(plan.findings) == remarks(importing.look(workbooks.real(), now=NOW).findings)


def test_a_later_workbook_changes_field_by_field(hub: Hub):
    plan = again(
        Ruimtes_E10=16,
        Ruimtes_K8="nieuw tapijt",
        Tarieven_C4="€ 10,50",
        Partijen_F4=3,
        Gebouw_C31="18:00",
        Gebouw_B20=30,
    )

    assert changes(plan) == [
        ("LOC+", "Betaaltermijn (dagen)", "14", "30"),
        ("zaterdag", "Open – Dicht", "09:00–17:00", "09:00–18:00"),
        ("B03 Spreekkamer 1", "Opmerking", "empty", "nieuw tapijt"),
        ("B05 Spreekkamer 3", "m² VVO", "15,75", "16,00"),
        ("spreekkamer · huurder · 1-1-2026", "Per uur", "10,00", "10,50"),
        ("GGD IJsselland", "Stageplaatsen", "2", "3"),
    ]
    assert plan.count(NEW) == 0
    assert OpeningHours.objects.get(weekday=5).closes == time(18)
    assert importing.look(workbooks.with_cells({"Gebouw!C31": "18:00"}), now=NOW).count(CHANGED) == 5


def test_nothing_is_ever_deleted(hub: Hub):
    def drop(book) -> None:
        book["Ruimtes"].delete_rows(52)
        book["Huurcontracten"].delete_rows(9)
        book["Vaste dagdelen"].delete_rows(7)

    plan = importing.store(workbooks.edited(drop), now=NOW)

    told = [text for place, text in remarks(plan.findings) if "never deletes" in text]
    assert told == [
        "In Plein, but not in this workbook: 211 Leerplein stagiairs. They stay; an import never deletes.",
        "In Plein, but not in this workbook: HC-2027-01. They stay; an import never deletes.",
        "In Plein, but not in this workbook: Lactatiekundige aan het Plein · B09. They stay; an import never deletes.",
    ]
    assert (Space.objects.count(), Lease.objects.count(), FixedDayPart.objects.count()) == (47, 6, 4)


def test_the_next_invoice_number_is_never_lowered(hub: Hub):
    NumberRange.objects.update(next_number=310)

    again(Gebouw_B21="2026-0250")
    assert NumberRange.objects.get().next_number == 310

    again(Gebouw_B21="2026-0400")
    assert NumberRange.objects.get().next_number == 400


def test_a_lease_that_ends_sooner_gives_its_rooms_back(hub: Hub):
    again(Huurcontracten_E5="31-12-2026")

    assert areas.let(hub, on=date(2027, 1, 1)) == Decimal("751.90") - Decimal("228.50")
    take(Space.objects.get(code="101"), "2027-01-04 09:00", "10:00")


def test_one_lease_ends_and_another_begins_in_the_same_workbook(hub: Hub):
    again(
        Huurcontracten_C5="101, 102, 103, 104, 105, 106",
        Huurcontracten_C9="107, 108",
        Huurcontracten_D9="1-12-2026",
    )

    assert areas.let(hub, on=date(2026, 11, 30)) == Decimal("751.90") - Decimal("41.50")
    assert areas.let(hub, on=date(2026, 12, 1)) == Decimal("776.10")


def test_a_new_lease_over_bookings_is_an_error_that_counts_them(hub: Hub):
    room = Space.objects.get(code="B07")
    take(room, "2026-12-01 09:00", "10:00")
    take(room, "2027-01-12 09:00", "10:00", holder="booking:2")

    found = told_errors(
        workbooks.with_cells({"Huurcontracten!C9": "108, B07", "Huurcontracten!D9": "1-1-2027"})
    )
    assert found == [
        ("Huurcontracten C9", "1 booking stands in the way (B07, 12 January 2027). Move or cancel it first.")
    ]

    found = told_errors(
        workbooks.with_cells({"Huurcontracten!C9": "108, B07", "Huurcontracten!D9": "1-12-2026"})
    )
    assert found == [
        (
            "Huurcontracten C9",
            "2 bookings stand in the way (B07; the first on 1 December 2026). Move or cancel them first.",
        )
    ]


def test_a_new_half_day_over_bookings_is_an_error(hub: Hub):
    take(Space.objects.get(code="B07"), "2026-12-01 11:00", "12:30")

    found = told_errors(workbooks.with_cells({"Vaste dagdelen!D4": "B07"}))

    assert [place for place, _text in found] == ["Vaste dagdelen D4"]


def test_a_new_closure_over_bookings_is_an_error_and_over_half_days_takes_over(hub: Hub):
    free = workbooks.with_cells(
        {"Gebouw!A48": "24-11-2026", "Gebouw!B48": "24-11-2026", "Gebouw!D48": "brandoefening"}
    )
    importing.store(free, now=NOW)
    tuesday = Claim.objects.filter(space__code="B06", active=True).overlapping(
        between("2026-11-24 08:00", "12:00")
    )
    assert [claim.kind for claim in tuesday] == ["closure"]

    take(Space.objects.get(code="B07"), "2026-12-01 11:00", "12:30")
    found = told_errors(
        workbooks.with_cells(
            {"Gebouw!A48": "1-12-2026", "Gebouw!B48": "1-12-2026", "Gebouw!D48": "verbouwing"}
        )
    )
    assert [place for place, _text in found] == ["Gebouw A48"]


def test_a_lease_that_is_not_in_the_workbook_stands_in_the_way(hub: Hub):
    def replace(book) -> None:
        sheet = book["Huurcontracten"]
        sheet["A9"] = "HC-2027-02"

    found = told_errors(workbooks.edited(replace))
    assert [place for place, _text in found] == ["Huurcontracten C9"]


def test_a_room_in_use_cannot_be_divided(hub: Hub):
    part = {
        "A": "101-1",
        "B": "Plek",
        "C": 1,
        "D": "kantoor",
        "E": "58,35",
        "H": "101",
        "I": "ja",
        "J": "nee",
    }
    cells = {f"Ruimtes!{column}53": value for column, value in part.items()}

    assert (
        "Ruimtes H25",
        "Room 101 is let or booked and cannot be divided into parts now. Move what is in it first.",
    ) in told_errors(workbooks.with_cells(cells))


def test_the_time_zone_of_a_hub_in_use_stays(hub: Hub):
    found = told_errors(workbooks.with_cells({"Gebouw!B22": "Europe/Lisbon"}))

    assert (
        "Gebouw",
        "The time zone of a hub in use cannot be changed: all its bookings would shift.",
    ) in found


def test_another_plan_than_the_one_agreed_on_is_not_stored(hub: Hub):
    content = workbooks.with_cells({"Ruimtes!K8": "nieuw tapijt"})
    agreed = importing.look(content, now=NOW).fingerprint
    Space.objects.filter(code="B03").update(note="oud tapijt")

    with pytest.raises(PlanChanged):
        importing.store(content, agreed=agreed, now=NOW)
    assert Space.objects.get(code="B03").note == "oud tapijt"

    importing.store(content, agreed=importing.look(content, now=NOW).fingerprint, now=NOW)
    assert Space.objects.get(code="B03").note == "nieuw tapijt"


def test_a_room_that_is_only_closed_can_be_divided_and_its_parts_are_closed(hub: Hub):
    part = {
        "A": "B07-1",
        "B": "Plek",
        "C": 0,
        "D": "behandelkamer",
        "E": "20,85",
        "H": "B07",
        "I": "ja",
        "J": "ja",
    }
    before = closed_in("B07")

    importing.store(
        workbooks.with_cells({f"Ruimtes!{column}53": value for column, value in part.items()}), now=NOW
    )

    assert before
    assert (closed_in("B07"), closed_in("B07-1")) == ([], before)


def closed_in(code: str) -> list[tuple]:
    claims = Claim.objects.filter(space__code=code, kind="closure", active=True, ends_at__gt=NOW)
    return sorted(claims.values_list("starts_at", "ends_at"))
