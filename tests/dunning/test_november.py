"""The open items of the old books after the statement of November: what is open, how late, and who is reminded of what."""

from datetime import date
from decimal import Decimal

import pytest

from tenants.billing import ageing, ledger
from tenants.billing.dunning import proposing
from tenants.parties.models import Party
from tests.banking.statements import hub_with_open_items, read_in

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 22)


@pytest.fixture
def hub():
    made = hub_with_open_items()
    read_in(made)
    return made


def test_what_is_open_after_the_statement_stands_in_its_columns_to_the_cent(hub) -> None:
    rows = ageing.of_hub(hub, today=TODAY)
    whole = ageing.together(rows)

    assert whole.asked == Decimal("6314.05")
    assert (
        whole.total
        == sum(row.total for row in rows)
        == sum(ledger.of(party).closing for party in Party.objects.filter(hub=hub))
    )


def test_who_is_late_is_proposed_a_reminder_and_nothing_heavier(hub) -> None:
    letters = proposing.letters(hub, today=TODAY)

    assert [
        (each.party.name, each.kind, [item.receivable.number for item in each.items]) for each in letters
    ] == [
        ("B-Authentiek", "reminder", ["2026-0172"]),
        ("Coach aan het Plein", "reminder", ["2026-0149"]),
        ("Lactatiekundige aan het Plein", "reminder", ["2026-0193"]),  # its direct debit came back
    ]
