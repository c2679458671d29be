"""The hours of a day part on which half-days were promised."""

import pytest

from spaces.models import Claim, DayPart, Hub
from tests.leases import workbooks
from tests.leases.deeds import again, told_errors

pytestmark = pytest.mark.django_db(transaction=True)
ENDED = {
    "Vaste__dagdelen_F4": "31-10-2026",
    "Vaste__dagdelen_F6": "31-10-2026",
    "Vaste__dagdelen_F7": "31-10-2026",
}


def test_hours_on_which_half_days_stand_cannot_change(hub: Hub):
    sentence = (
        "The hours of “ochtend” cannot change now: fixed half-days stand on it, of Fysiotherapie N. de Boer; "
        "Lactatiekundige aan het Plein; Logopedie aan het Plein. First let these end (sheet Vaste dagdelen, Tot en met) "
        "and import that; change the hours after their last day."
    )

    assert told_errors(workbooks.with_cells({"Gebouw!B36": "09:00", "Gebouw!C36": "13:00"})) == [
        ("Gebouw B36", sentence)
    ]
    assert told_errors(workbooks.with_cells({"Gebouw!C36": "12:30"})) == [("Gebouw C36", sentence)]


def test_hours_on_which_nothing_stands_can_change(hub: Hub):
    again(Gebouw_B38="18:30")

    assert f"{DayPart.objects.get(name_nl='avond').starts:%H:%M}" == "18:30"


def test_hours_can_change_once_the_half_days_have_ended(hub: Hub):
    again(**ENDED)
    held = Claim.objects.filter(holder__startswith="fixed:", active=True)
    before = set(held.values_list("starts_at", "ends_at"))

    again(Gebouw_C36="12:30", **ENDED)

    assert f"{DayPart.objects.get(name_nl='ochtend').ends:%H:%M}" == "12:30"
    assert set(held.values_list("starts_at", "ends_at")) == before
