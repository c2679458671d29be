"""What the bookkeeper has to do today: each duty appears with its cause, and goes with it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from spaces.models import Hub
from tenants.billing import debiting, duties, invoicing
from tenants.billing.models import (
    AwaitedDocument,
    BankEntry,
    BankStatement,
    Invoice,
    InvoiceRun,
    Payment,
    Receivable,
)
from tenants.billing.models.receivables import Refund
from tenants.leases import duties as all_duties
from tenants.leases.models import ServiceAdvance, ServiceType
from tests import cast
from tests.billing import books
from tests.cast import NOW

pytestmark = pytest.mark.django_db(transaction=True)
OCTOBER = {"starts_on": date(2026, 10, 5), "ends_on": date(2026, 10, 5)}


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def hub():
    return books.hub()


def found(hub, *, now=NOW):
    """Each duty as (how many, what)."""
    return [(duty.count, duty.words) for duty in all_duties.today(hub, now=now)]


def test_nothing_to_do(hub):
    assert found(hub) == []


def test_what_is_owed_is_proposed_approved_and_issued(hub):
    books.charge(books.party(hub), books.owed("27.50", quantity=4, **OCTOBER))
    assert found(hub) == [(1, "Party to invoice for October 2026")]

    run = invoicing.propose(hub, month=date(2026, 10, 1), by=cast.staff(hub, "bookkeeper", "Henk"), now=NOW)
    (duty,) = all_duties.today(hub, now=NOW)
    assert (duty.count, duty.words) == (1, "Invoice of October 2026 to approve")
    assert duty.why == "Proposed by Henk. Somebody else looks at them and approves."
    assert duty.url == "/facturen/maand?maand=2026-10"

    seen = invoicing.fingerprint(invoicing.drafts_of(run))
    invoicing.approve(run, by=cast.staff(hub, "bookkeeper"), seen=seen, now=NOW)
    InvoiceRun.objects.update(error="The printer is on fire.")
    (duty,) = all_duties.today(hub, now=NOW)
    assert (duty.words, duty.why) == (
        "Approved invoice of October 2026 to be issued",
        "The printer is on fire.",
    )

    while invoicing.issue_next(run, now=NOW):
        pass
    assert "Approved" not in str(found(hub))


def test_a_document_that_cannot_be_made_is_something_to_do(hub):
    books.charge(books.party(hub), books.owed("27.50"))
    run = books.approve_month(hub)
    while invoicing.issue_next(run, now=NOW):
        pass
    AwaitedDocument.objects.update(attempts=99, error="no font")

    (duty,) = duties.today(hub, now=NOW)
    assert (duty.words, duty.why) == (
        "Invoice without a document",
        f"Invoice {Invoice.objects.get().number}: no font",
    )


def test_a_party_without_an_address_waits_and_is_named(hub):
    books.charge(books.party(hub, "Zonder Adres", street=""), books.owed("27.50", **OCTOBER))

    (duty,) = all_duties.today(hub, now=NOW)
    assert (duty.count, duty.words) == (1, "Party whose invoice waits")
    assert duty.why.startswith("Zonder Adres: The address is missing")


@pytest.mark.parametrize(("day", "month"), [("2026-11-16", None), ("2026-11-17", "December 2026")])
def test_rent_is_invoiced_two_weeks_before_its_month(hub, day, month):
    books.charge(
        books.party(hub),
        books.owed("100", starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 31), in_advance=True),
    )
    expected = [(1, f"Party to invoice for {month}")] if month else []
    assert found(hub, now=cast.at(f"{day} 12:00")) == expected


def entry(hub, amount, **facts):
    statement, _made = BankStatement.objects.get_or_create(
        hub=hub, iban=hub.iban, reference="1",
        defaults={"from_on": "2026-11-01", "until_on": "2026-11-20", "opening": 0, "closing": 0, "imported_at": NOW},
    )  # fmt: skip
    number = BankEntry.objects.count()
    return BankEntry.objects.create(
        statement=statement, hub=hub, key=f"k{number}", position=number, booked_on="2026-11-18",
        amount=Decimal(amount), **facts,
    )  # fmt: skip


def test_what_the_bank_says_is_explained_or_confirmed(hub):
    entry(hub, "12.00", name="Onbekend")
    entry(hub, "-4.15", code="PMNT/MDOP/CHRG")

    assert found(hub) == [(1, "Bank entry to confirm"), (1, "Bank entry to explain")]


def test_money_to_give_back(hub):
    party, by = books.party(hub), cast.staff(hub, "bookkeeper")
    paid = Payment.objects.create(
        hub=hub, party=party, method="transfer", received_on="2026-11-01", amount=50
    )
    assert (1, "Credit of a party to decide about") in found(hub)

    Refund.objects.create(
        hub=hub,
        party=party,
        amount=50,
        overpaid=paid,
        iban="NL91ABNA0417164300",
        reason="dubbel",
        by=by,
        at=NOW,
    )
    assert (1, "Refund to pay") in found(hub)
    assert "Credit" not in str(found(hub))


def late(hub, party, number):
    return Receivable.objects.create(
        hub=hub, party=party, kind="old", number=number, issued_on="2026-10-01", due_on="2026-10-15", net=100, amount=100
    )  # fmt: skip


def test_who_is_late_is_reminded(hub):
    late(hub, books.party(hub), "2026-0007")

    assert found(hub) == [(1, "Reminder to look at and send")]


def test_service_costs_guarantees_and_deposits_of_leases(hub):
    tenant = books.party(hub, "GGD", kind="organisation")
    running = cast.lease(tenant, rooms=[cast.space(hub, "B10")], number="HC-1", charged_from=date(2025, 1, 1))
    over = cast.lease(tenant, rooms=[cast.space(hub, "B11")], number="HC-2", ends="2026-10-31")
    heat = ServiceType.objects.create(hub=hub, name_nl="Warmte", name_en="Heating")
    ServiceAdvance.objects.create(lease=running, type=heat, per_month=50, starts_on=date(2018, 9, 1))
    running.securities.create(kind="guarantee", amount=1000, expires_on=date(2027, 2, 21))
    over.securities.create(kind="deposit", amount=500, received_on=date(2018, 9, 1))

    assert found(hub) == [
        (1, "Lease with service costs of 2025 to settle"), (1, "Bank guarantee that expires within three months"),
        (1, "Deposit or guarantee to give back"),
    ]  # fmt: skip


def test_the_page_asks_the_same_questions_however_much_there_is(hub):
    counted = []
    for wanted in (1, 3):
        for number in range(wanted):
            party = books.party(hub, f"Partij {wanted} {number}", kvk="")
            late(hub, party, f"2026-{wanted}{number}")
            books.charge(party, books.owed("27.50", **OCTOBER))
            entry(hub, "12.00", name="Onbekend", iban=f"NL00BANK{wanted}{number}")
            cast.lease(
                party, rooms=[cast.space(hub, f"C{wanted}{number}")], number=f"HC-{wanted}{number}",
                indexing="symmetric", indexing_month=1, price_level_on=date(2026, 1, 1),
            )  # fmt: skip
            Payment.objects.create(
                hub=hub, party=party, method="transfer", received_on="2026-11-01", amount=5
            )
        all_duties.today(hub, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            all_duties.today(hub, now=NOW)
        counted.append(len(queries))
    assert counted[0] == counted[1], counted


def test_books_of_a_quarter_that_is_over_are_closed(hub):
    books.charge(books.party(hub), books.owed("27.50"))
    run = books.approve_month(hub)
    while invoicing.issue_next(run, now=NOW):
        pass
    AwaitedDocument.objects.all().delete()
    later = NOW + timedelta(days=60)

    assert "Journal entr" not in str(found(hub))
    assert "Journal entr" in str(found(hub, now=later))


def test_what_a_mandate_lets_collect_and_who_has_none(hub):
    Hub.objects.update(creditor_id="NL00ZZZ000180120000")
    hub.refresh_from_db()
    signed = books.party(
        hub,
        "Getekend",
        iban="NL91ABNA0417164300",
        mandate_reference="M-1",
        mandate_signed_on=date(2026, 1, 1),
    )
    books.party(hub, "Zonder", payment_method="automatische incasso")
    late(hub, signed, "2026-0007")

    assert found(hub) == [(1, "Invoice to collect by direct debit"), (1, "Mandate that is missing")]
    by = cast.staff(hub, "bookkeeper")
    on = debiting.first_day_for(hub, now=NOW)
    pks = [row.receivable.pk for row in debiting.due(hub, collect_on=on, scheme="CORE", today=NOW.date())]
    debiting.make(hub, collect_on=on, scheme="CORE", receivables=pks, by=by, now=NOW)
    assert found(hub) == [(1, "File of direct debits to hand to the bank"), (1, "Mandate that is missing")]
