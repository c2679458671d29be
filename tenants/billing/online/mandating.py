"""Mandates that parties give on the page of Stripe: begun, in force, ended; each state is entered once.

As with payments the row comes first, then Stripe is asked with no transaction open, then what it said is written. The
party is locked before its mandates, and a mandate before the debits by it.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop

from tenants.billing import stripe
from tenants.billing.models import OnlineMandate, OnlinePayment, OnlineState, Receivable
from tenants.billing.online import announcing, mandated, settings
from tenants.billing.online.refusals import CollectingIsOff, IsInForce, NoPage
from tenants.parties import mailing
from tenants.parties.models import Party, User

State = OnlineMandate.State
LIVES = timedelta(hours=23)
"""So long the page on which it is given stays open: Stripe lets one live for a day at most."""
AT_FIRST = timedelta(minutes=2)
"""So long the person may be busy with it."""
ENDED_BY_PARTY = gettext_noop("It was ended on this site.")
ENDED_BY_HUB = gettext_noop("We ended it.")
ENDED_AT_BANK = gettext_noop("The bank or Stripe does not accept it any more.")
REPLACED = gettext_noop("A newer mandate took its place.")
NOT_FINISHED = gettext_noop("It was not finished.")
REFUSED = gettext_noop("The bank did not accept it.")


@transaction.atomic(durable=True)
def begin(party: Party, *, by: User, now: datetime) -> OnlineMandate:
    """A mandate to be given by `party`; the one that was begun before, as long as its page may still be open.

    Raises CollectingIsOff, and IsInForce when the party gave one already.
    """
    if not settings.collects(party.hub):
        raise CollectingIsOff
    _hold(party)
    if mandated.of(party):
        raise IsInForce
    begun = OnlineMandate.objects.filter(
        party=party, state=State.NEW, is_test=stripe.is_test(), expires_at__gt=now
    )
    return begun.first() or OnlineMandate.objects.create(
        hub=party.hub, party=party, is_test=stripe.is_test(), expires_at=now + LIVES, by=by, created_at=now
    )


def open_page(mandate: OnlineMandate) -> OnlineMandate:
    """Open the page at Stripe on which it is given; call it with no transaction open. The second call: the same page.

    Raises NoPage when Stripe refused, and `stripe.Unavailable` when nobody knows; the same call goes on then.
    """
    if mandate.state != State.NEW or mandate.url:
        return mandate
    try:
        if not mandate.customer_id:
            mandate = _stored(mandate, customer_id=_customer(mandate))
        session = stripe.open_setup(_asked(mandate), key=_key(mandate, "setup"))
    except stripe.Refused as refusal:
        raise NoPage from refusal
    return _stored(mandate, session_id=session.id, url=session.url)


def sync(mandate: OnlineMandate, *, now: datetime) -> OnlineMandate:
    """Ask Stripe how it stands and write that; call it with no transaction open. Goes only forward, however often.

    Raises `stripe.Unavailable`, and then nothing has changed.
    """
    if mandate.is_test != stripe.is_test():
        return mandate
    if mandate.state == State.NEW:
        return _looked_at_page(mandate, now=now)
    if mandate.state == State.ACTIVE and not _is_accepted(mandate):
        mandate = _ended(mandate, why=ENDED_AT_BANK, now=now)
    if mandate.state == State.ENDED and mandate.method_id:
        return _let_go(mandate)
    return mandate


def end(mandate: OnlineMandate, *, why: str, now: datetime) -> OnlineMandate:
    """Nothing is collected by it any more, except what the bank has already. Call it with no transaction open.

    What was announced is not collected: the letter says what to transfer. A second call changes nothing.
    """
    mandate = _ended(mandate, why=why, now=now)
    with suppress(stripe.Unavailable):  # the sweep lets go of it later
        mandate = sync(mandate, now=now)
    return mandate


def to_look_at(*, now: datetime) -> Iterable[OnlineMandate]:
    """Those that somebody may have given and closed the window, and those that Stripe does not know are ended."""
    begun = Q(state=State.NEW, created_at__lte=now - AT_FIRST)
    kept = Q(state=State.ENDED) & ~Q(method_id="")
    rows = OnlineMandate.objects.filter(begun | kept, is_test=stripe.is_test())
    return rows.select_related("hub", "party__hub").order_by("created_at", "pk")


def return_path(mandate: OnlineMandate) -> str:
    """The page of ours to which the person comes back."""
    return reverse("online-mandate", args=[mandate.pk])


def _looked_at_page(mandate: OnlineMandate, *, now: datetime) -> OnlineMandate:
    if not mandate.session_id:
        return _ended(mandate, why=NOT_FINISHED, now=now) if mandate.expires_at <= now else mandate
    try:
        session = stripe.session(mandate.session_id)
    except stripe.Refused:
        return _ended(mandate, why=NOT_FINISHED, now=now)
    setup = session.setup
    if setup and setup.state == "succeeded":
        return _given(mandate, setup, now=now)
    if setup and setup.state == "failed" and session.state == "complete":
        return _ended(mandate, why=REFUSED, now=now)
    return _ended(mandate, why=NOT_FINISHED, now=now) if session.state == "expired" else mandate


@transaction.atomic(durable=True)
def _given(mandate: OnlineMandate, setup: "stripe.Setup", *, now: datetime) -> OnlineMandate:
    """It is in force, instead of an earlier one of the party; once."""
    _hold(mandate.party)
    row = _locked(mandate)
    if row.state != State.NEW:
        return row
    for earlier in OnlineMandate.objects.filter(party=row.party, state=State.ACTIVE):
        _enter_ended(_locked(earlier), why=REPLACED, now=now)
    row.state, row.given_at, row.url = State.ACTIVE, now, ""
    row.method_id, row.mandate_id = setup.method_id, setup.mandate_id
    row.reference, row.account = setup.reference[:100], setup.last4
    row.save()
    announcing.given(row, now=now)
    return row


@transaction.atomic(durable=True)
def _ended(mandate: OnlineMandate, *, why: str, now: datetime) -> OnlineMandate:
    _hold(mandate.party)
    row = _locked(mandate)
    if row.state != State.ENDED:
        _enter_ended(row, why=why, now=now)
    return row


def _enter_ended(row: OnlineMandate, *, why: str, now: datetime) -> None:
    was_given = row.state == State.ACTIVE
    row.state, row.ended_at, row.why_ended, row.url = State.ENDED, now, why, ""
    row.save()
    left = _withdrawn(row, now=now)
    if was_given and why != REPLACED:
        announcing.mandate_ended(row, left, now=now)


def _withdrawn(row: OnlineMandate, *, now: datetime) -> list[Receivable]:
    """What was announced and never asked of Stripe is not collected; which receivables that leaves."""
    waiting = OnlinePayment.objects.filter(mandate=row, state=OnlineState.NEW, looked_at=None)
    found = list(
        waiting.select_for_update(of=("self",), no_key=True).order_by("pk").select_related("receivable")
    )
    OnlinePayment.objects.filter(pk__in=[each.pk for each in found]).update(
        state=OnlineState.EXPIRED, ended_at=now
    )
    for each in found:
        mailing.withdraw(announcing.key_of(each), now=now)
    return list(Receivable.objects.filter(online_payments__in=found).distinct().to_pay())


@transaction.atomic(durable=True)
def _stored(mandate: OnlineMandate, **facts: str) -> OnlineMandate:
    OnlineMandate.objects.filter(pk=mandate.pk, state=State.NEW).update(**facts)
    return _with_names().get(pk=mandate.pk)


def _let_go(mandate: OnlineMandate) -> OnlineMandate:
    """The account is taken off the customer at Stripe, once: `method_id` is empty afterwards."""
    with suppress(stripe.Refused):  # it was, already
        stripe.detach(mandate.method_id, key=_key(mandate, "detach"))
    OnlineMandate.objects.filter(pk=mandate.pk, state=State.ENDED).update(method_id="")
    return _with_names().get(pk=mandate.pk)


def _is_accepted(mandate: OnlineMandate) -> bool:
    try:
        return not mandate.mandate_id or stripe.mandate_is_active(mandate.mandate_id)
    except stripe.Refused:
        return False


def _customer(mandate: OnlineMandate) -> str:
    party = mandate.party
    return stripe.new_customer(
        party.name,
        party.email or mandate.by.email,
        str(party.pk),
        mandate.hub.slug,
        key=_key(mandate, "customer"),
    )


def _asked(mandate: OnlineMandate) -> "stripe.SetupAsk":
    back = mailing.link(return_path(mandate))
    return stripe.SetupAsk(
        customer_id=mandate.customer_id, reference=str(mandate.pk), hub=mandate.hub.slug,
        language=mandate.by.language, success_url=back, cancel_url=back, expires_at=mandate.expires_at,
    )  # fmt: skip


def _key(mandate: OnlineMandate, deed: str) -> str:
    return f"{mandate.hub.slug}:{deed}:{mandate.pk}:1"


def _hold(party: Party) -> None:
    Party.objects.select_for_update(no_key=True).get(pk=party.pk)


def _locked(mandate: OnlineMandate) -> OnlineMandate:
    return _with_names().select_for_update(of=("self",), no_key=True).get(pk=mandate.pk)


def _with_names() -> QuerySet[OnlineMandate]:
    return OnlineMandate.objects.select_related("hub", "party__hub", "by")
