"""The nightly control sees an indexation or a settlement that is not what it should be."""

from datetime import date

import pytest
from django.db import connection

from tenants.leases import yearly_invariants
from tenants.leases.indexing import applying, proposing
from tenants.leases.indexing.applying import Back, Wish
from tenants.leases.settling import approving
from tenants.leases.settling import proposing as settling
from tests import cast
from tests.cast import NOW
from tests.leases import figures, settled

pytestmark = pytest.mark.django_db(transaction=True)
JULY = date(2026, 7, 1)


def broken():
    return [line for each in yearly_invariants.INVARIANTS for line in each.look(NOW).broken]


def change(sql):
    """Past the triggers, as a fault of the database would."""
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("set session_replication_role = default")


@pytest.fixture
def done():
    """A rent that was indexed and a year that was settled."""
    hub = settled.hub()
    leases = settled.leases(hub, indexing="symmetric", indexing_month=7, price_level_on=date(2025, 7, 1))
    settled.bill(hub)
    figures.load()
    by = cast.staff(hub, "bookkeeper")
    settlement = settling.propose(hub, settled.YEAR, by=by, now=NOW)
    approving.approve(settlement, seen=settling.fingerprint(list(settlement.shares.all())), by=by, now=NOW)
    seen = {row.lease.pk: row.seen for row in proposing.propose(hub, on=JULY, now=NOW).ready}
    applying.apply(hub, on=JULY, seen=seen, wish=Wish(Back.ASKED), by=None, now=NOW)
    assert len(seen) == len(leases)


def test_what_was_done_rightly_is_in_order(done):
    assert broken() == []


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("update leases_indexation set new_yearly = new_yearly + 0.01", "figures and terms"),
        ("update leases_indexation set old_month = old_month - interval '1 month'", "figures and terms"),
        ("update leases_settlementshare set cost = cost + 0.01 where lease_id is null", "to the cent"),
        ("update billing_charge set net = net + 0.01 where kind = 'settlement'", "as approved"),
    ],
)
def test_what_is_wrong_is_seen(done, sql, words):
    change(sql)

    assert words in broken()[0]
