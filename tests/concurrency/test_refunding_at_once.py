"""Two people give the same online payment back at the same moment: together never more than was paid."""

import threading
from collections.abc import Callable
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection

from bookings import cancelling
from tenants.billing import allocating, crediting, refunding
from tenants.billing.models import Invoice, OnlinePayment, OnlineRefund
from tenants.billing.online import crediting as of_online
from tenants.billing.online import going_back
from tenants.billing.online import refunding as online
from tenants.billing.refunding import Credit
from tests import cast
from tests.billing.money import paid as by_hand
from tests.cast import NOW
from tests.online import money
from tests.stand_in.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal


def two_credits(server: StandIn) -> list[tuple[Credit, OnlinePayment]]:
    """Of an invoice of 100 half was paid online, half by transfer; then two credit notes of 50 give all of it back."""
    at = money.hub()
    party = money.books.party(at)
    books = money.books
    books.charge(party, books.owed("50.00"), books.owed("50.00"), source="booking:1")
    run = books.approve_month(at)
    money.books.invoicing.issue_approved(now=books.DECEMBER_1)
    invoice = run.invoices.get()
    paid = money.paid(server, invoice.receivable, amount="50.00")
    allocating.pay_off(by_hand(party, "50.00"), [invoice.receivable], rule="by_hand", now=NOW)
    for line in invoice.lines.order_by("pk"):
        part = [crediting.Part(line, D("50.00"))]
        crediting.credit(invoice, lines=part, reason="terug", by=cast.staff(at, "bookkeeper", name=f"Bo {line.pk}"),
                         now=books.DECEMBER_1)  # fmt: skip
    return [(credit, paid) for credit in refunding.credits_at(at)]


def give_back_at_once(found: list[tuple[Credit, OnlinePayment]]) -> list[str]:
    """Each gives 50 back through the one online payment; what each of them got to hear."""
    by, gate, heard = cast.staff(found[0][1].hub, "bookkeeper"), threading.Barrier(len(found)), []

    def go(credit: Credit, through: OnlinePayment) -> None:
        try:
            gate.wait(timeout=30)
            online.put_on_list(
                credit, through=through, amount=D("50.00"), reason="terug", key=uuid4(), by=by, now=NOW
            )
            heard.append("listed")
        except online.MoreThanPaid:
            heard.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=each) for each in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(heard)


def on_its_way() -> Decimal:
    return sum(OnlineRefund.objects.values_list("amount", flat=True), D(0))


@contextmanager
def lock_off(monkeypatch: pytest.MonkeyPatch):
    """Everybody has looked at what is left before anybody writes."""
    look, gate = going_back.left_of, threading.Barrier(2)

    def look_and_wait(row: OnlinePayment) -> Decimal:
        found = look(row)
        gate.wait(timeout=30)
        return found

    def unlocked(row: OnlinePayment) -> OnlinePayment:
        return OnlinePayment.objects.select_related("hub", "party", "payment").get(pk=row.pk)

    with monkeypatch.context() as patch:
        patch.setattr(going_back, "locked", unlocked)
        patch.setattr(going_back, "left_of", look_and_wait)
        yield


@pytest.mark.parametrize("_round", range(3))
def test_of_two_who_give_the_same_money_back_one_does(stripe_server: StandIn, _round: int) -> None:
    assert give_back_at_once(two_credits(stripe_server)) == ["listed", "refused"]
    assert on_its_way() == D("50.00")


def test_control_without_the_lock_more_goes_back_than_was_paid(
    stripe_server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = two_credits(stripe_server)
    with lock_off(monkeypatch):
        assert give_back_at_once(found) == ["listed", "listed"]
    assert on_its_way() == D("100.00")


@pytest.mark.parametrize("_round", range(3))
def test_cancelling_and_crediting_what_was_paid_online_never_wait_for_each_other(
    stripe_server: StandIn, _round: int
) -> None:
    """Both take what was charged before the payment of it: the other way round is a deadlock in most rounds."""
    it = money.booked(stripe_server)
    invoice, clerk, gate, went_wrong = (
        Invoice.objects.get(),
        cast.staff(it.hub, "bookkeeper"),
        threading.Barrier(2),
        [],
    )
    part = [crediting.Part(invoice.lines.get(), D("10.00"))]

    def go(deed: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=30)
            deed()
        except crediting.CreditRefused:
            pass  # it was cancelled first
        except Exception as error:  # the outcome that must not be: it is told, not hidden
            went_wrong.append(error)
        finally:
            connection.close()

    credit = partial(of_online.credit_and_give_back, invoice, lines=part, reason="x", by=clerk, now=NOW)
    cancel = partial(cancelling.cancel_free, it.booking, why="x", by=clerk, now=NOW)
    threads = [threading.Thread(target=go, args=[deed]) for deed in (credit, cancel)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert went_wrong == []
    assert on_its_way() == D("102.85")
