"""Letters about collecting by a mandate that was given online: given, announced, called off, refused, ended."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from tenants.billing.models import OnlineMandate, OnlinePayment, Receivable
from tenants.billing.online import links, settings
from tenants.parties import mailing
from tenants.parties.models import Letter, Party

SETTLED = gettext_noop("It was paid or settled in the meantime. You need not do anything.")
LEFT_ALONE = gettext_noop("We leave it for now, as we agreed. You hear from us before we collect it.")
NOT_ANY_MORE = gettext_noop("Please pay it by bank transfer.")

WORDS = {
    "insufficient_funds": gettext_noop("there was not enough money in the account"),
    "debit_not_authorized": gettext_noop("the account holder or the bank did not allow it"),
    "account_closed": gettext_noop("the account has been closed"),
    "bank_account_restricted": gettext_noop("the account is blocked"),
    "no_account": gettext_noop("there is no account with this number"),
    "incorrect_account": gettext_noop("the name and the number of the account do not match"),
    "recipient_deceased": gettext_noop("the bank reports that the account holder has died"),
    "refer_to_customer": gettext_noop("the bank gives no reason"),
    "charge_exceeds_source_limit": gettext_noop("more was collected than Stripe takes in a week"),
    "mandate": gettext_noop("the mandate is not valid any more"),
}
"""Why a bank or Stripe refuses a direct debit, by what stands in its answer; the first that fits."""
UNKNOWN = gettext_noop("the bank did not say why")


def why(failure: str) -> str:
    """What Stripe said of a direct debit that failed, as a clause in the active language."""
    return _(next((words for code, words in WORDS.items() if code in failure.lower()), UNKNOWN))


def key_of(payment: OnlinePayment) -> str:
    """Names the letter that announces a debit."""
    return f"collected:{payment.pk}"


def given(mandate: OnlineMandate, *, now: datetime) -> None:
    """Owe the party a letter that its mandate is in force, with what it says."""
    _post("mandate_given", f"mandate-given:{mandate.pk}", mandate, {}, now=now)


def announced(payment: OnlinePayment, *, now: datetime) -> None:
    """Owe the letter before a debit: amount, day, mandate and who collects (SEPA rulebook, pre-notification).

    It says so when it takes the place of an earlier one.
    """
    before = OnlinePayment.objects.filter(receivable=payment.receivable, mandate__isnull=False)
    before = before.exclude(pk=payment.pk).order_by("created_at", "pk")
    last = before.last()
    instead_of = last if last and _was_told(last) else None
    context = {"payment": payment, "receivable": payment.receivable, "instead_of": instead_of}
    _post("collect_announced", key_of(payment), payment.mandate, context, now=now)


def called_off(payment: OnlinePayment, reason: str, *, now: datetime) -> None:
    """It is not collected after all: a letter not sent yet is withdrawn, another is put right by a new one.

    Without a `reason` nothing is said: it is announced anew, and that letter tells.
    """
    if not _was_told(payment) or not reason:
        mailing.withdraw(key_of(payment), now=now)
        return
    with override(payment.party.language):
        context = {"payment": payment, "receivable": payment.receivable, "reason": _(reason)}
    _post("collect_called_off", f"collect-off:{payment.pk}", payment.mandate, context, now=now)


def refused(payment: OnlinePayment, *, now: datetime) -> None:
    """Owe the letter that the bank refused a debit: why, and what to do; once for each."""
    row = payment.receivable
    with override(payment.party.language):
        context = {"payment": payment, "receivable": row, "reason": why(payment.failure)}
    _post("collect_refused", f"collect-refused:{payment.pk}", payment.mandate, context | _ways(row), now=now)


def too_large(receivable: Receivable, mandate: OnlineMandate, *, now: datetime) -> None:
    """Owe the letter that asks for a transfer, because so much is not collected at once; once for each."""
    is_late = receivable.due_on < now.astimezone(receivable.hub.zone).date()
    context = {"receivable": receivable, "limit": settings.of(receivable.hub).debit_limit, "is_late": is_late}
    _post("collect_too_large", f"collect-large:{receivable.pk}", mandate, context, now=now)


def mandate_ended(mandate: OnlineMandate, left: Sequence[Receivable], *, now: datetime) -> None:
    """Owe the letter that a mandate ended, why, and what of what was announced is to be transferred now."""
    with override(mandate.party.language):
        context = {"reason": _(mandate.why_ended), "left": left}
    _post("mandate_ended", f"mandate-ended:{mandate.pk}", mandate, context, now=now)


def _ways(receivable: Receivable | None) -> dict[str, object]:
    """The address on which it can be paid online, if that is on."""
    can = receivable is not None and settings.takes_payments(receivable.hub)
    return {"link": links.page(receivable) if can and receivable else ""}


def _was_told(payment: OnlinePayment) -> bool:
    return Letter.objects.filter(key=key_of(payment), sent_at__isnull=False).exists()


def _post(
    kind: str, key: str, mandate: OnlineMandate | None, context: Mapping[str, object], *, now: datetime
) -> None:
    if mandate is None:
        return
    party: Party = mandate.party
    mailing.post(
        key=key, kind=kind, hub=mandate.hub, to_email=party.email or mandate.by.email,
        to_name=party.contact_name or party.name, party=party, language=party.language,
        context={"mandate": mandate, "party": party, **context}, due_at=now,
    )  # fmt: skip
