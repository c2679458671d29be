"""The charges ledger: the same source twice is owed once, and what is invoiced stays."""

from decimal import Decimal

import pytest

from tenants.billing import charging, invoicing
from tenants.billing.models import Charge
from tests import cast
from tests.billing import books
from tests.billing.books import DECEMBER_1, NOVEMBER, owed

pytestmark = pytest.mark.django_db(transaction=True)


def ledger() -> list[tuple[int, Decimal]]:
    return list(Charge.objects.values_list("position", "net"))


def test_the_same_source_twice_is_owed_once() -> None:
    party = books.party(books.hub())

    first = books.charge(party, owed("37.50"), owed("12.50"), source="booking:1")
    again = books.charge(party, owed("37.50"), owed("12.50"), source="booking:1")

    assert [charge.pk for charge in again] == [charge.pk for charge in first]
    assert ledger() == [(1, Decimal("37.50")), (2, Decimal("12.50"))]


def test_other_lines_take_the_place_of_the_ones_before() -> None:
    party = books.party(books.hub())
    books.charge(party, owed("37.50"), owed("12.50"), source="booking:1")

    books.charge(party, owed("65.00"), source="booking:1")

    assert ledger() == [(1, Decimal("65.00"))]


def test_no_lines_take_the_charges_away() -> None:
    party = books.party(books.hub())
    books.charge(party, source="booking:1")

    assert charging.post("booking:1", hub=party.hub, party=party, lines=[]) == []
    assert ledger() == []


def test_a_changed_charge_leaves_the_proposal_and_the_next_one_has_it_as_it_is_now() -> None:
    party = books.party(books.hub())
    books.charge(party, owed("37.50"), source="booking:1")
    books.charge(party, owed("10.00"), source="booking:2")
    run = invoicing.propose(party.hub, month=NOVEMBER, now=DECEMBER_1)

    books.charge(party, owed("18.75"), source="booking:1")

    assert run.invoices.count() == 0
    invoicing.propose(party.hub, month=NOVEMBER, now=DECEMBER_1)
    assert run.invoices.get().gross == Decimal("28.75")


@pytest.mark.parametrize(
    "lines", [[], [owed("5.00")], [owed("37.50"), owed("5.00")]], ids=["gone", "other", "more"]
)
def test_what_stands_on_an_approved_invoice_can_no_longer_change(lines: list[charging.Owed]) -> None:
    party = books.party(books.hub())
    books.charge(party, owed("37.50"), source="booking:1")
    run = invoicing.propose(party.hub, month=NOVEMBER, now=DECEMBER_1)
    bookkeeper = cast.staff(party.hub, "bookkeeper")
    invoicing.approve(
        run, by=bookkeeper, seen=invoicing.fingerprint(invoicing.drafts_of(run)), now=DECEMBER_1
    )

    with pytest.raises(charging.AlreadyInvoiced):
        charging.post("booking:1", hub=party.hub, party=party, lines=lines)

    assert ledger() == [(1, Decimal("37.50"))]


def test_the_same_again_after_invoicing_changes_nothing_and_is_no_error() -> None:
    party = books.party(books.hub())
    books.charge(party, owed("37.50"), source="booking:1")
    run = invoicing.propose(party.hub, month=NOVEMBER, now=DECEMBER_1)
    bookkeeper = cast.staff(party.hub, "bookkeeper")
    invoicing.approve(
        run, by=bookkeeper, seen=invoicing.fingerprint(invoicing.drafts_of(run)), now=DECEMBER_1
    )

    books.charge(party, owed("37.50"), source="booking:1")

    assert ledger() == [(1, Decimal("37.50"))]
