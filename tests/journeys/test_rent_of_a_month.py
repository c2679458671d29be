"""December's rent in two people's hands: proposed with its reasons, approved by somebody else, explained to who pays."""

import pytest
import time_machine
from django.test import Client

from spaces.models import Hub
from tenants.billing import tasks
from tenants.billing.models import Invoice
from tenants.leases.hub_import import importing
from tenants.parties.models import Membership, Party, Role
from tests import cast
from tests.cast import NOW
from tests.journeys.reading import Page, press, see
from tests.leases import workbooks

pytestmark = pytest.mark.django_db(transaction=True)
MONTH = "/facturen/maand?maand=2026-12"


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hub() -> Hub:
    found = importing.store(workbooks.real(), now=NOW).hub
    assert found is not None
    return found


def sits(hub: Hub, role: str) -> Client:
    client = Client()
    client.force_login(cast.staff(hub, role))
    return client


def proposed(client: Client) -> Page:
    return press(client, see(client, MONTH), "Maak voorstel")


def test_the_rent_is_proposed_with_its_reasons_and_what_the_old_books_have(hub: Hub):
    page = proposed(sits(hub, Role.BOOKKEEPER))

    assert "Huur december 2026, contract HC-2018-02" in page.text
    assert "min € 29.743,08 voor de maanden ervoor = € 2.703,92" in page.text
    assert "Servicekosten, voorschot december 2026, contract HC-2024-01" in page.text
    assert (
        "GGD IJsselland, HC-2018-01: de huur tot en met 31 december 2026 staat in de oude boeken" in page.text
    )
    assert "€ 6.186,92" in page.text


def test_who_pays_reads_on_the_invoice_why_it_is_that_much(hub: Hub):
    proposed(sits(hub, Role.BOOKKEEPER))
    director = sits(hub, Role.DIRECTOR)
    press(director, see(director, MONTH), "Keur")
    tasks.issue_approved()

    manager, accare = Client(), Party.objects.get(name="Accare")
    user = cast.user("Beheerder Accare")
    Membership.objects.create(user=user, hub=hub, role=Role.TENANT_MANAGER, party=accare)
    manager.force_login(user)
    invoice = Invoice.objects.get(party=accare)
    page = see(manager, f"/facturen/{invoice.number}")

    assert "Huur per jaar € 32.447,00 × 12/12" in page.text
    assert "228,50 m² × € 142,00 per jaar" in page.text
    assert (
        manager.get(f"/facturen/{Invoice.objects.get(party__name='USG Restart').number}").status_code == 404
    )


def test_proposing_twice_is_proposing_once_and_reception_may_not(hub: Hub):
    bookkeeper = sits(hub, Role.BOOKKEEPER)
    first, second = proposed(bookkeeper), press(bookkeeper, see(bookkeeper, MONTH), "Vernieuw")

    assert first.text == second.text
    assert sits(hub, Role.RECEPTION).post("/facturen/maand", {"maand": "2026-12"}).status_code == 403
    assert sits(hub, Role.DIRECTOR).post("/facturen/maand", {"maand": "2026-12"}).status_code == 403
