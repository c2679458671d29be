"""Letters about paying online that are nobody else's: of an invoice whose payment failed at the bank."""

from datetime import datetime

from tenants.billing.models import OnlinePayment
from tenants.billing.online import links
from tenants.parties import mailing


def not_paid(payment: OnlinePayment, *, now: datetime) -> None:
    """Owe who paid a letter: they were told to wait for the bank, and the bank refused. Once for each attempt."""
    if payment.receivable is None or payment.mandate_id or not payment.email:
        return
    mailing.post(
        key=f"online-not-paid:{payment.pk}", kind="online_not_paid", hub=payment.hub, to_email=payment.email,
        to_name=payment.party.contact_name or payment.party.name, party=payment.party, language=payment.language,
        context={"payment": payment, "receivable": payment.receivable, "link": links.page(payment.receivable)},
        due_at=now,
    )  # fmt: skip
