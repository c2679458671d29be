"""Two people, or two workers, at the same moment: one works, the other is told so, and nothing is done twice."""

import threading
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection

from tenants.billing import charging, documents, invoicing
from tenants.billing.models import Invoice, InvoiceDocument, InvoiceRun
from tenants.parties.models import Letter
from tests import cast
from tests.billing import books
from tests.billing.books import DECEMBER_1, NOVEMBER, owed

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """What each deed returned or raised; they begin at the same moment."""
    gate = threading.Barrier(len(deeds))
    results: list[object] = [None] * len(deeds)

    def go(place: int, deed: Callable[[], object]) -> None:
        try:
            gate.wait()
            results[place] = deed()
        except (invoicing.InvoicingRefused, charging.AlreadyInvoiced) as refusal:
            results[place] = type(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=item) for item in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_proposals_at_once_are_one() -> None:
    hub = books.hub()
    for number in range(20):
        books.charge(books.party(hub, f"Partij {number:02}"))

    def propose() -> int:
        return invoicing.propose(hub, month=NOVEMBER, now=DECEMBER_1).pk

    assert len(set(at_once(*[propose] * 4))) == 1
    assert (InvoiceRun.objects.count(), Invoice.objects.count()) == (1, 20)


def test_of_two_approvals_at_once_one_is_refused() -> None:
    hub = books.hub()
    books.charge(books.party(hub))
    run = invoicing.propose(hub, month=NOVEMBER, now=DECEMBER_1)
    seen = invoicing.fingerprint(invoicing.drafts_of(run))
    bookkeeper = cast.staff(hub, "bookkeeper")

    results = at_once(*[lambda: invoicing.approve(run, by=bookkeeper, seen=seen, now=DECEMBER_1)] * 2)

    assert sorted(map(str, results)) == sorted(["None", str(invoicing.AlreadyApproved)])


def test_proposals_for_two_months_at_once_never_have_the_same_charge() -> None:
    hub = books.hub()
    for number in range(20):
        books.charge(books.party(hub, f"Partij {number:02}"))
    months = [NOVEMBER, NOVEMBER.replace(month=12)]
    new_year = cast.at("2027-01-02 09:00")

    at_once(*[lambda month=month: invoicing.propose(hub, month=month, now=new_year) for month in months])

    assert Invoice.objects.count() == 20


@pytest.mark.parametrize("_round", range(8))
def test_a_price_that_changes_while_the_month_is_approved_is_invoiced_as_one_of_the_two(_round: int) -> None:
    hub = books.hub()
    party = books.party(hub)
    books.charge(party, owed("10.00"), source="booking:1")
    run = invoicing.propose(hub, month=NOVEMBER, now=DECEMBER_1)
    seen = invoicing.fingerprint(invoicing.drafts_of(run))
    bookkeeper = cast.staff(hub, "bookkeeper")

    approved, _changed = at_once(
        lambda: invoicing.approve(run, by=bookkeeper, seen=seen, now=DECEMBER_1),
        lambda: books.charge(party, owed("99.00"), source="booking:1"),
    )

    charge = hub.charges.get()
    if approved is None:
        assert charge.net == Decimal("10.00") == run.invoices.get().net
    else:
        assert approved in (invoicing.ProposalChanged, invoicing.NothingToInvoice)
        assert charge.net == Decimal("99.00")


def test_two_workers_that_make_the_same_document_send_one_letter() -> None:
    hub = books.hub()
    for number in range(10):
        books.charge(books.party(hub, f"Partij {number}"))
    books.approve_month(hub)

    at_once(*[lambda: invoicing.issue_approved(now=DECEMBER_1)] * 3)
    at_once(*[lambda: documents.send_documents(now=DECEMBER_1)] * 3)

    assert sorted(Invoice.objects.values_list("number", flat=True)) == [f"2026-{n:04}" for n in range(1, 11)]
    assert (InvoiceDocument.objects.count(), Letter.objects.count()) == (10, 10)
