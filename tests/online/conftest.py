"""An installation that takes real money, and a hub that collects what a party with a mandate owes."""

import pytest

from tenants.billing.books import posting
from tenants.billing.models import (
    OnlinePayment,
)
from tests.billing import books
from tests.billing import money as bills
from tests.cast import NOW
from tests.online import money
from tests.online.collecting import FRIDAY, hub_that_collects, mandate_of, payer
from tests.stand_in import answering
from tests.stand_in.stand_in import StandIn


@pytest.fixture
def real_money(stripe_server: StandIn, settings, monkeypatch) -> StandIn:
    """The stand-in under a key that is no test key: what it moves counts as money here."""
    settings.STRIPE_SECRET_KEY = "sk_" + "live_standin0"
    monkeypatch.setattr(answering, "_refuse_stranger", lambda *_given: None)
    return stripe_server


@pytest.fixture
def paid_for_real(real_money: StandIn) -> OnlinePayment:
    """100.00 for an invoice, by iDEAL."""
    row = bills.asked(books.party(money.hub()), number="2026-0001")
    posting.old_item(row, on=NOW.date())
    return money.paid(real_money, row)


@pytest.fixture
def hub(stripe_server):
    return hub_that_collects()


@pytest.fixture
def party(hub, stripe_server):
    user, party = payer(hub)
    mandate_of(party, user, stripe_server)
    return party


@pytest.fixture
def row(party):
    return bills.asked(party, "105.00", number="2026-0191", due_on=FRIDAY)
