"""Paying online: each attempt to move money through Stripe is a row here, committed before Stripe is asked.

The rows are the truth about what we want; Stripe is the truth about what happened. An attempt is asked under a key that
is made of its own id, so asking twice does it once; its state only goes forward.
"""

import uuid
from decimal import Decimal

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from spaces.models import Hub
from tenants.billing.models.receivables import Payment, Receivable, Refund
from tenants.billing.querysets import OfTheBooksQuerySet, OnlineMandateQuerySet, OnlinePaymentQuerySet
from tenants.parties.models import Party, User


class OnlineMethod(models.TextChoices):
    """What a hub can offer on the payment page; what comes back from Stripe is free text."""

    IDEAL = "ideal", "iDEAL | Wero"
    CARD = "card", _("card")
    BANCONTACT = "bancontact", "Bancontact"


def all_methods() -> list[str]:
    """What a hub offers unless it chooses otherwise."""
    return list(OnlineMethod.values)


@pghistory.track()
class OnlineSettings(models.Model):
    """What a hub lets people do online. Nothing of it works without the key of the installation."""

    hub = models.OneToOneField(Hub, models.PROTECT, related_name="online")
    takes_payments = models.BooleanField(_("people can pay bookings and invoices online"), default=False)
    collects = models.BooleanField(_("tenants can have their invoices collected"), default=False)
    methods = models.JSONField(_("ways to pay"), default=all_methods)
    pay_minutes = models.PositiveSmallIntegerField(
        _("minutes that a room is kept while somebody pays"), default=30
    )
    debit_limit = models.DecimalField(
        _("most that is collected at once"), max_digits=9, decimal_places=2, default=Decimal(10_000)
    )

    class Meta:
        verbose_name_plural = "online settings"
        constraints = [
            # a session at Stripe lives from half an hour to a day
            models.CheckConstraint(
                condition=Q(pay_minutes__gte=30, pay_minutes__lte=1440),
                name="a_room_is_kept_as_a_session_lives",
            ),
            # SEPA Core through Stripe: at most 10,000 euros a debit
            models.CheckConstraint(
                condition=Q(debit_limit__gt=0, debit_limit__lte=10_000), name="a_debit_stays_below_the_limit"
            ),
        ]


class OnlineState(models.TextChoices):
    """The life of an attempt to collect."""

    NEW = "new", _("being prepared")
    OPEN = "open", _("waits for the payer")
    PROCESSING = "processing", _("waits for the bank")
    SUCCEEDED = "succeeded", _("paid")
    FAILED = "failed", _("not paid")
    EXPIRED = "expired", _("ended without a payment")


ONLINE_NEXT = {
    OnlineState.NEW: {
        OnlineState.OPEN, OnlineState.PROCESSING, OnlineState.SUCCEEDED, OnlineState.FAILED, OnlineState.EXPIRED
    },
    OnlineState.OPEN: {
        OnlineState.PROCESSING, OnlineState.SUCCEEDED, OnlineState.FAILED, OnlineState.EXPIRED
    },
    OnlineState.PROCESSING: {OnlineState.SUCCEEDED, OnlineState.FAILED, OnlineState.EXPIRED},
    OnlineState.SUCCEEDED: set(),
    OnlineState.FAILED: {OnlineState.SUCCEEDED},
    OnlineState.EXPIRED: {OnlineState.SUCCEEDED},
}  # fmt: skip
"""From → to. Money that comes after all is never left aside: SUCCEEDED is where everything can end. A debit that a bank
takes back later stays SUCCEEDED: what came back is a dispute of its own."""

UNDER_WAY = [OnlineState.NEW, OnlineState.OPEN, OnlineState.PROCESSING]
"""States in which money may still come."""


@pghistory.track()
class OnlineMandate(models.Model):
    """A party's permission to collect its invoices, given once on the page of Stripe."""

    class State(models.TextChoices):
        NEW = "new", _("being given")
        ACTIVE = "active", _("in force")
        ENDED = "ended", _("ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hub = models.ForeignKey(Hub, models.PROTECT, related_name="online_mandates")
    party = models.ForeignKey(Party, models.PROTECT, related_name="online_mandates")
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    is_test = models.BooleanField()
    customer_id = models.CharField(max_length=100, blank=True)
    session_id = models.CharField(max_length=200, blank=True)
    url = models.TextField(blank=True)
    expires_at = models.DateTimeField()
    method_id = models.CharField(max_length=100, blank=True)
    mandate_id = models.CharField(max_length=100, blank=True)
    reference = models.CharField(max_length=100, blank=True)
    account = models.CharField(max_length=20, blank=True)
    given_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    why_ended = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects = OnlineMandateQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["party"], condition=Q(state="active"), name="one_mandate_in_force_per_party"
            ),
            models.CheckConstraint(
                condition=~Q(state="active")
                | ~Q(method_id="") & ~Q(customer_id="") & Q(given_at__isnull=False),
                name="a_mandate_in_force_can_be_used",
            ),
        ]


@pghistory.track()
class OnlinePayment(models.Model):
    """One attempt to collect `amount` (euros, what the payer sees) from a party; a second attempt is a second row.

    It pays `receivable`, or what `source` ("booking:<uuid>") will owe once it is paid. `key` is of the form that was
    pressed: pressed twice it is one attempt. `expires_at` is when its session ends; one that collects by a `mandate`
    has none, but a `target_on`: the day on which the account is debited. `method` and `failure` are Stripe's words. A
    test payment is nobody's money. `attempt` counts the keys under which it was asked.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hub = models.ForeignKey(Hub, models.PROTECT, related_name="online_payments")
    party = models.ForeignKey(Party, models.PROTECT, related_name="online_payments")
    source = models.CharField(max_length=60, blank=True)
    receivable = models.ForeignKey(
        Receivable, models.PROTECT, null=True, blank=True, related_name="online_payments"
    )
    mandate = models.ForeignKey(OnlineMandate, models.PROTECT, null=True, blank=True, related_name="payments")
    amount = models.DecimalField(max_digits=11, decimal_places=2)
    description = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=OnlineState.choices, default=OnlineState.NEW)
    is_test = models.BooleanField()
    attempt = models.PositiveSmallIntegerField(default=1)
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    language = models.CharField(max_length=2, default="nl")
    email = models.EmailField(blank=True)
    methods = models.JSONField(default=list)
    return_path = models.CharField(max_length=300, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    target_on = models.DateField(null=True, blank=True)
    session_id = models.CharField(max_length=200, blank=True)
    intent_id = models.CharField(max_length=100, blank=True)
    charge_id = models.CharField(max_length=100, blank=True)
    url = models.TextField(blank=True)
    method = models.CharField(max_length=40, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, blank=True, related_name="online")
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OnlinePaymentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        indexes = [
            models.Index(fields=["source"], condition=~Q(source=""), name="online_payment_of_source"),
            models.Index(
                fields=["looked_at"],
                condition=Q(state__in=["new", "open", "processing"]),
                name="online_payment_under_way",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_online_payment_is_positive"),
            models.CheckConstraint(
                condition=Q(receivable__isnull=False, source="") | Q(receivable__isnull=True) & ~Q(source=""),
                name="an_online_payment_is_for_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(mandate__isnull=True, expires_at__isnull=False)
                | Q(mandate__isnull=False, target_on__isnull=False, receivable__isnull=False),
                name="an_online_payment_ends_or_is_collected",
            ),
            models.CheckConstraint(
                condition=~Q(state="succeeded") | Q(payment__isnull=False),
                name="what_was_paid_online_is_booked",
            ),
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(state__in=["new", "open", "processing"]) & ~Q(source=""),
                name="one_attempt_under_way_per_source",
            ),
            models.UniqueConstraint(
                fields=["receivable"],
                condition=Q(state__in=["new", "open", "processing"], receivable__isnull=False),
                name="one_attempt_under_way_per_receivable",
            ),
            models.UniqueConstraint(
                fields=["session_id"], condition=~Q(session_id=""), name="a_session_is_of_one_payment"
            ),
            models.UniqueConstraint(
                fields=["intent_id"], condition=~Q(intent_id=""), name="an_intent_is_of_one_payment"
            ),
        ]


class OnlineRefundState(models.TextChoices):
    """The life of money on its way back."""

    NEW = "new", _("being prepared")
    PENDING = "pending", _("on its way")
    SUCCEEDED = "succeeded", _("paid back")
    FAILED = "failed", _("came back: the bank refused it")


REFUND_NEXT = {
    OnlineRefundState.NEW: {OnlineRefundState.PENDING, OnlineRefundState.SUCCEEDED, OnlineRefundState.FAILED},
    OnlineRefundState.PENDING: {OnlineRefundState.SUCCEEDED, OnlineRefundState.FAILED},
    OnlineRefundState.SUCCEEDED: {OnlineRefundState.FAILED},
    OnlineRefundState.FAILED: set(),
}
"""A bank may still send back what had succeeded."""


@pghistory.track()
class OnlineRefund(models.Model):
    """Money that goes back the way it came, whole or a part; one row for each refund at Stripe.

    It does what stands on the list of refunds (`listed`), or was made in Stripe's own dashboard (then it has none).
    `booked` is the payment that took it out of the books, from the moment that Stripe has taken it on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hub = models.ForeignKey(Hub, models.PROTECT, related_name="online_refunds")
    online = models.ForeignKey(OnlinePayment, models.PROTECT, related_name="refunds")
    listed = models.ForeignKey(Refund, models.PROTECT, null=True, blank=True, related_name="online_refunds")
    amount = models.DecimalField(max_digits=11, decimal_places=2)
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=OnlineRefundState.choices, default=OnlineRefundState.NEW)
    stripe_id = models.CharField(max_length=100, null=True, blank=True, unique=True)
    failure = models.CharField(max_length=300, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    booked = models.OneToOneField(
        Payment, models.PROTECT, null=True, blank=True, related_name="online_refund"
    )
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)

    objects = OfTheBooksQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_online_refund_is_positive"),
            models.UniqueConstraint(
                fields=["listed"],
                condition=~Q(state="failed") & Q(listed__isnull=False),
                name="a_listed_refund_goes_back_once",
            ),
        ]
