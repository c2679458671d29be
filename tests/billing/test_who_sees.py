"""Who sees which invoices, and who may propose and approve them."""

import pytest
from django.test import Client
from django.urls import reverse

from tenants.billing import documents, invoicing
from tenants.billing.models import Invoice
from tests import cast
from tests.billing import books
from tests.billing.books import DECEMBER_1, NOVEMBER, owed

pytestmark = pytest.mark.django_db(transaction=True)
MONTH = "/facturen/maand?maand=2026-11"


@pytest.fixture(autouse=True)
def first_of_december(time_machine) -> None:
    time_machine.move_to(DECEMBER_1, tick=False)


def issued(party, *lines) -> Invoice:
    books.charge(party, *lines)
    run = books.approve_month(party.hub)
    invoicing.issue_approved(now=DECEMBER_1)
    documents.send_documents(now=DECEMBER_1)
    return Invoice.objects.get(run=run, party=party)


def signed_in(client, user):
    client.force_login(user)
    return client


def test_an_invoice_is_seen_by_the_books_and_by_those_it_is_for(client) -> None:
    hub = books.hub()
    anna, party = cast.zzper(hub, **books.ADDRESS)
    other, _other_party = cast.zzper(hub, "Bas Bakker")
    elsewhere = cast.staff(books.hub("elders", kvk="00018099"), "bookkeeper")
    number = issued(party).number
    colleague = cast.user("Collega")
    cast.membership(colleague, hub, "tenant_member", party)
    expected = {
        anna: 200,
        cast.staff(hub, "bookkeeper", name="b"): 200,
        cast.staff(hub, "director", name="d"): 200,
        other: 404,
        elsewhere: 404,
        colleague: 403,
        cast.staff(hub, "reception", name="r"): 403,
    }
    for name in ("invoice", "invoice-pdf"):
        for user, status in expected.items():
            assert signed_in(client, user).get(reverse(name, args=[number])).status_code == status, (
                name,
                user,
            )
        client.logout()
        assert client.get(reverse(name, args=[number])).status_code == 302
    assert [row.number for row in signed_in(client, anna).get("/facturen").context["page_obj"]] == [number]
    assert list(signed_in(client, other).get("/facturen").context["page_obj"]) == []


def test_a_professional_who_is_a_mere_member_of_a_tenant_sees_only_the_invoices_of_the_own_practice(
    client,
) -> None:
    hub = books.hub()
    anna, practice = cast.zzper(hub, **books.ADDRESS)
    accare = books.party(hub, "Accare")
    cast.membership(anna, hub, "tenant_member", accare)
    theirs, own = issued(accare, owed("500.00")).number, issued(practice, owed("10.00")).number
    signed_in(client, anna)

    listed = client.get("/facturen").context
    assert ([row.number for row in listed["page_obj"]], listed["total"]["gross"]) == ([own], 10)
    spreadsheet = client.get("/facturen.csv").content.decode()
    assert (own in spreadsheet, theirs in spreadsheet) == (True, False)
    for name in ("invoice", "invoice-pdf"):
        answers = [client.get(reverse(name, args=[number])).status_code for number in (own, theirs)]
        assert answers == [200, 404]


def test_only_the_bookkeeper_proposes_and_the_director_may_be_the_second_who_approves(client) -> None:
    hub = books.hub()
    books.charge(books.party(hub))
    run = invoicing.propose(hub, month=NOVEMBER, now=DECEMBER_1)
    director = signed_in(client, cast.staff(hub, "director"))

    assert director.get(MONTH).status_code == 200
    assert f"/facturen/maand/goedkeuren/{run.pk}" in director.get(MONTH).content.decode()
    assert director.post("/facturen/maand", {"maand": "2026-11"}).status_code == 403
    reception = signed_in(Client(), cast.staff(hub, "reception"))
    assert reception.get(MONTH).status_code == 403
    assert reception.post(f"/facturen/maand/goedkeuren/{run.pk}", {"seen": ""}).status_code == 403


def test_a_run_of_another_hub_is_not_there(client) -> None:
    run = invoicing.propose(books.hub("elders", kvk="00018099"), month=NOVEMBER, now=DECEMBER_1)
    client.force_login(cast.staff(books.hub(), "bookkeeper"))

    assert client.post(f"/facturen/maand/goedkeuren/{run.pk}", {"seen": ""}).status_code == 404
    assert client.post(f"/facturen/maand/opnieuw/{run.pk}").status_code == 404
