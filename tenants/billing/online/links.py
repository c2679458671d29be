"""The address under which one amount can be paid without signing in: signed, so nobody makes one up."""

from collections.abc import Sequence

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from tenants.billing.models import OnlineMandate, Receivable
from tenants.billing.online import settings
from tenants.parties import mailing

_SIGNER = Signer(salt="billing.online.pay", sep=".")
"""256 bits over the key of the row. It opens one page that names no person, and no other page."""


def token_for(receivable: Receivable) -> str:
    """The same every time; it lives as long as the secret key of the installation."""
    return _SIGNER.sign(str(receivable.pk))


def found(token: str) -> Receivable | None:
    """What this token is for, with its `open_amount`, hub and party; None for one that we did not make."""
    try:
        pk = _SIGNER.unsign(token)
    except BadSignature:
        return None
    rows = Receivable.objects.with_open().select_related("hub", "party__hub", "invoice")
    return rows.filter(pk=pk).first()


def path(receivable: Receivable) -> str:
    """The page on which it is paid."""
    return reverse("pay-online", args=[token_for(receivable)])


def page(receivable: Receivable) -> str:
    """The same with our host, for a letter."""
    return mailing.link(path(receivable))


def offered(rows: Sequence[Receivable]) -> list[str]:
    """For a letter that asks one party to pay these: the page of each. None when nobody can pay online there, or when
    it is collected from their account anyway. Three queries at most.
    """
    if not rows or not settings.takes_payments(rows[0].hub):
        return []
    party = rows[0].party
    collected = party.pays_by_debit and party.hub.creditor_id
    if collected or OnlineMandate.objects.filter(party=party, state=OnlineMandate.State.ACTIVE).exists():
        return []
    return [page(row) for row in rows]
