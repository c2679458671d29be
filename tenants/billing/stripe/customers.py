"""Who gives mandates, and the mandates they gave."""

from tenants.billing.stripe.line import ask


def new_customer(name: str, email: str, reference: str, hub: str, *, key: str) -> str:
    """The id of a new customer; a second call under one `key` gives the same. Raises Refused or Unavailable."""
    made = ask(
        lambda v1: v1.customers.create(
            {"name": name, "email": email, "metadata": {"party": reference, "hub": hub}},
            {"idempotency_key": key},
        )
    )
    return made.id


def mandate_is_active(mandate_id: str) -> bool:
    """May this mandate still be collected by? A bank or the payer may have ended it elsewhere."""
    return ask(lambda v1: v1.mandates.retrieve(mandate_id)).status == "active"


def detach(method_id: str, *, key: str) -> None:
    """Take an account off its customer, which ends its mandate. Raises Refused when that was done already."""
    ask(lambda v1: v1.payment_methods.detach(method_id, {}, {"idempotency_key": key}))
