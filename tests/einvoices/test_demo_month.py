"""Two whole months of the demo hub: every invoice has a paper, and every e-invoice breaks no rule."""

import pytest
import time_machine
from django.core.management import call_command

from tenants.billing import archiving, documents, einvoice
from tests import cast, demo_hub
from tests.einvoices import judge

pytestmark = pytest.mark.django_db(transaction=True)


def test_all_e_invoices_of_the_demo_are_sound() -> None:
    hub = demo_hub.lived_in()
    clerk = cast.staff(hub, "bookkeeper")
    with time_machine.travel(cast.at("2027-01-02 09:00"), tick=False):
        for month in ("2026-11", "2026-12"):
            call_command("run_month", month, issue=True, by=clerk.email, verbosity=0)
        documents.send_documents(now=cast.at("2027-01-02 09:01"))
    invoices = [row for month in ("2026-11-01", "2026-12-01") for row in archiving.rows(_of(hub, month))]

    found = {
        f"{row.number} {profile.name}": errors
        for row in invoices
        if not einvoice.obstacles(row)
        for profile in einvoice.PROFILES.values()
        if (errors := judge.errors(einvoice.ubl(row, profile)))
    }

    assert found == {}
    assert len(invoices) > 10
    assert not [row.number for row in invoices if not hasattr(row, "document")]
    public = [row for row in invoices if row.buyer["oin"]]
    assert {row.buyer["name"] for row in public} == {"GGD IJsselland"}
    assert not [row.number for row in invoices if row.buyer["kvk"] and einvoice.obstacles(row)]


def _of(hub, month):
    return archiving.of_month(hub, cast.date.fromisoformat(month)).select_related("document")
