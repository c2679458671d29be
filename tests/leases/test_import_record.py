"""What an import changes is on record, and nothing else."""

import pytest

from spaces.models import Hub
from tenants.parties import history
from tests.leases.deeds import again

pytestmark = pytest.mark.django_db(transaction=True)


def recorded(hub: Hub, kind: str) -> list[tuple[str, str]]:
    return [(change.deed, change.name) for change in history.Changes(hub, kind=kind)[0:100]]


def test_rooms_that_enter_and_leave_a_lease_are_on_record(hub: Hub):
    before = len(recorded(hub, "leaseline"))

    again(Huurcontracten_C5="101, 102, 103, 104, 105, 106, 109")

    assert sorted(recorded(hub, "leaseline")[:-before]) == [
        ("delete", "HC-2018-02 · Groepsruimte Accare"),
        ("insert", "HC-2018-02 · Projectkantoor west"),
    ]


def test_a_room_of_another_size_is_a_change_of_its_line(hub: Hub):
    before = len(recorded(hub, "leaseline"))

    again(Ruimtes_E31="41,00", Gebouw_B18="1.499,50")

    assert recorded(hub, "leaseline")[:-before] == [("update", "HC-2018-02 · Groepsruimte Accare")]


def test_an_evening_that_is_added_to_a_day_leaves_the_day_alone(hub: Hub):
    before = len(recorded(hub, "openinghours"))

    again(Gebouw_A33="zondag", Gebouw_B33="10:00", Gebouw_C33="12:00")

    with_words = recorded(hub, "openinghours")[:-before]
    assert [deed for deed, _name in with_words] == ["insert"]
