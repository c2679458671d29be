"""The letter about a settlement, with the statement that explains it."""

from collections.abc import Sequence
from datetime import datetime

from spaces.money import total
from tenants.leases.models import Lease, Settlement, SettlementShare
from tenants.leases.settling import statement
from tenants.parties import mailing
from tenants.parties.mailing import File
from tenants.parties.models import Party


def post(
    settlement: Settlement, lease: Lease, party: Party, shares: Sequence[SettlementShare], *, now: datetime
) -> None:
    """Owe the party the letter, once; who has no e-mail address gets the statement from the page, printed."""
    if not party.email:
        return
    today = now.astimezone(settlement.hub.zone).date()
    gross = total(statement.taxed(share).gross for share in shares)
    paper = statement.pdf(settlement, lease, party, shares, on=today)
    mailing.post(
        key=f"settlement:{settlement.pk}:{lease.pk}:{party.pk}", kind="settlement", hub=settlement.hub, party=party,
        to_email=party.email, to_name=party.contact_name or party.name, language=party.language, due_at=now,
        context={"settlement": settlement, "lease": lease, "gross": abs(gross), "back": gross < 0},
        attachments=[File(statement.name(settlement, lease, party), "application/pdf", paper)],
    )  # fmt: skip
