"""Our account at Stripe, for the tests that hold it against the books."""

from datetime import timedelta
from decimal import Decimal

from tenants.billing.banking import importing
from tenants.billing.models import (
    JournalLine,
)
from tenants.billing.online import differences, reconciling
from tests.banking import statements
from tests.cast import NOW
from tests.stand_in.stand_in import StandIn

D = Decimal
TOMORROW = NOW + timedelta(days=1)


def on(role: str) -> Decimal:
    rows = JournalLine.objects.filter(account__role=role).values_list("debit", "credit")
    return sum((debit - credit for debit, credit in rows), D(0))


def told(hub, *, now=TOMORROW, is_test=False) -> list[tuple[str, str, str]]:
    """Each difference as (what, here, at Stripe)."""
    found = differences.at(hub, is_test=is_test, now=now)
    assert all(each.advice for each in found)
    return [(each.words, str(each.ours), str(each.theirs)) for each in found]


def reconcile(server: StandIn, *, now=TOMORROW) -> None:
    server.at(now)
    reconciling.run(now=now)


def statement(hub, text: str, amount: str, *, name: str = "Stripe Payments Europe Ltd") -> None:
    content = statements.statement(statements.entry(amount, text=text, name=name, on="2026-11-23"))
    importing.store(content, hub=hub, now=NOW)
