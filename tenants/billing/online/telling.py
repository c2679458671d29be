"""Letters about paying online that are nobody else's: of an invoice whose payment failed at the bank."""

from datetime import datetime

from tenants.billing.models import OnlinePayment
from tenants.billing.online import announcing, links
from tenants.parties import mailing


def not_paid(payment: OnlinePayment, *, now: datetime) -> None:
    """Owe a letter: who paid was told to wait for the bank, and the bank refused. Once for each attempt."""
    if payment.mandate_id:
        announcing.refused(payment, now=now)
    to = payment.email or payment.party.email
    if payment.receivable is None or payment.mandate_id or not to:
        return
    mailing.post(
        key=f"online-not-paid:{payment.pk}", kind="online_not_paid", hub=payment.hub, to_email=to,
        to_name=payment.party.contact_name or payment.party.name, party=payment.party, language=payment.language,
        context={"payment": payment, "receivable": payment.receivable, "link": links.page(payment.receivable)},
        due_at=now,
    )  # fmt: skip
