"""The books are closed while somebody books in that period: it is in before they close, or refused."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction

from tenants.billing import locking, paying
from tenants.billing.books import closing
from tenants.billing.models import Books, Payment
from tests import cast
from tests.billing import books
from tests.billing.books import DECEMBER_1
from tests.concurrency.racing import until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)
YESTERDAY = date(2026, 11, 30)


def test_who_closes_waits_for_who_is_booking_and_who_comes_after_is_refused() -> None:
    party = books.party(books.hub())
    director = cast.staff(party.hub, "director")
    Books.objects.get_or_create(hub=party.hub)

    def close() -> None:
        try:
            closing.close(party.hub, until=YESTERDAY, by=director, now=DECEMBER_1)
        finally:
            connection.close()

    closer = threading.Thread(target=close)
    with transaction.atomic():
        paying.receive(party, amount=Decimal(10), method="transfer", on=YESTERDAY)
        closer.start()
        until_somebody_waits()
        assert Books.objects.get().locked_until is None
    closer.join()

    assert Books.objects.get().locked_until == YESTERDAY
    with pytest.raises(locking.BooksLocked):
        paying.receive(party, amount=Decimal(10), method="transfer", on=YESTERDAY)
    assert Payment.objects.count() == 1


def test_two_who_book_at_once_do_not_wait_for_each_other() -> None:
    hub = books.hub()
    Books.objects.get_or_create(hub=hub)
    done = threading.Event()

    def ask() -> None:
        try:
            locking.raise_if_locked(hub, YESTERDAY)
            done.set()
        finally:
            connection.close()

    with transaction.atomic():
        locking.raise_if_locked(hub, YESTERDAY)
        other = threading.Thread(target=ask)
        other.start()
        other.join(timeout=30)
        assert done.is_set()
