"""What a hub lets people do online: nothing without a key of the installation, and then what was switched on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from spaces.models import Hub, Rate, RateGroup
from tenants.billing import stripe
from tenants.billing.models import OnlineMethod, OnlinePayment, OnlineSettings, OnlineState


class SettingsRefused(Exception):
    """Nothing was changed; `message` is for the person."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class NoKey(SettingsRefused):
    """Turned on, it would promise a page that nobody can open."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Online payment cannot be turned on yet: this installation has no key of Stripe that may be used."
            )
        )


class NoMethods(SettingsRefused):
    """A payment page without a way to pay."""

    def __init__(self) -> None:
        super().__init__(_("Choose at least one way to pay."))


class OfAnotherCompany(SettingsRefused):
    """One account at Stripe pays out to one company."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "The account at Stripe of this installation belongs to %(name)s. Another company needs an installation"
                " of its own, or its money would end up there."
            )
            % {"name": name}
        )


@dataclass(frozen=True)
class Choice:
    """What staff chose; `methods` are values of OnlineMethod, `debit_limit` is in euros.

    `shares`: which percentage of the price a rate group (by id) pays when booking; one that is left out stays as it is.
    """

    takes_payments: bool
    collects: bool
    methods: Sequence[str]
    pay_minutes: int
    debit_limit: Decimal
    shares: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Share:
    """Which percentage a rate group pays when booking: from `low` to `high`, when its rooms differ."""

    group: RateGroup
    low: int
    high: int


def of(hub: Hub) -> OnlineSettings:
    """What this hub chose, or the defaults (everything off). One query; nothing is written."""
    return OnlineSettings.objects.filter(hub=hub).first() or OnlineSettings(hub=hub)


def takes_payments(hub: Hub) -> bool:
    """May somebody pay online here now? At most two queries, and none without a key."""
    return is_on() and of(hub).takes_payments


def collects(hub: Hub) -> bool:
    """May this hub collect by mandates at Stripe now? At most two queries, and none without a key."""
    return is_on() and of(hub).collects


def shares(hub: Hub) -> list[Share]:
    """What each rate group with prices pays when booking. One query."""
    groups = RateGroup.objects.filter(hub=hub, rates__isnull=False).order_by("pk")
    found = groups.annotate(low=Min("rates__prepaid_percentage"), high=Max("rates__prepaid_percentage"))
    return [Share(group, group.low, group.high) for group in found]


def is_on() -> bool:
    """Has this installation a key that may be used? A test key may not once real money came in."""
    return stripe.is_on() and not refuses_key()


def refuses_key() -> bool:
    """Is the key one for tests, while this installation took real payments? Then nobody would pay what they owe."""
    return stripe.is_on() and stripe.is_test() and _has_real_payments()


@transaction.atomic(durable=True)
def change(hub: Hub, choice: Choice) -> OnlineSettings:
    """Store what staff chose. Raises NoKey, NoMethods and OfAnotherCompany; what is on may stay on without a key."""
    before = of(hub)
    if _turns_on(before, choice):
        _raise_if_not_ready(hub)
    methods = [name for name in OnlineMethod.values if name in choice.methods]
    if not methods:
        raise NoMethods
    facts = {
        "takes_payments": choice.takes_payments, "collects": choice.collects, "methods": methods,
        "pay_minutes": choice.pay_minutes, "debit_limit": choice.debit_limit,
    }  # fmt: skip
    for group_id, percentage in choice.shares.items():
        Rate.objects.filter(hub=hub, rate_group_id=group_id).update(prepaid_percentage=percentage)
    return OnlineSettings.objects.update_or_create(hub=hub, defaults=facts)[0]


def _turns_on(before: OnlineSettings, choice: Choice) -> bool:
    return (choice.takes_payments and not before.takes_payments) or (choice.collects and not before.collects)


def _raise_if_not_ready(hub: Hub) -> None:
    """The hubs are locked in their order: two that are turned on at once see each other."""
    if not is_on():
        raise NoKey
    for other in Hub.objects.select_for_update(of=("self",)).order_by("pk").select_related("online"):
        chosen = getattr(other, "online", None)
        if other.kvk != hub.kvk and chosen and (chosen.takes_payments or chosen.collects):
            raise OfAnotherCompany(other.legal_name)


def _has_real_payments() -> bool:
    return OnlinePayment.objects.filter(is_test=False, state=OnlineState.SUCCEEDED).exists()
