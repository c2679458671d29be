"""How the line to Stripe stands, for whoever watches over it: which key, what came in last, whose clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings as installation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenants.billing import stripe
from tenants.billing.models import StripeEvent
from tenants.billing.online import settings

CLOCK_LIMIT = timedelta(minutes=2)
"""Stripe's signatures count for five minutes: a clock that runs fast refuses every webhook from then on."""
WAITING_LIMIT = timedelta(minutes=15)

OFF, TEST, LIVE, REFUSED = "off", "test", "live", "refused"


@dataclass(frozen=True)
class Line:
    """`mode`: off, test, live, or refused (a test key after real payments). `clock_ahead`: ours before Stripe's."""

    mode: str
    has_secret: bool
    event_at: datetime | None
    waits: timedelta | None
    clock_ahead: timedelta | None
    refused: int

    @property
    def is_on(self) -> bool:
        return self.mode in {TEST, LIVE}

    @property
    def seconds_off(self) -> int:
        """How many seconds our clock and that of Stripe differ."""
        return round(abs(self.clock_ahead or timedelta(0)).total_seconds())

    def warnings(self) -> list[str]:
        """What is wrong and what to do about it, in the active language; nothing without a key."""
        return [] if self.mode == OFF else list(self._warnings())

    def _warnings(self) -> Iterator[str]:
        if self.mode == REFUSED:
            yield _(
                "The key is one for tests, but real payments were made here. Nobody can pay online until the real key"
                " is back."
            )
        if not self.has_secret:
            yield _(
                "There is no webhook secret: Stripe cannot tell us anything, and we find payments some minutes later."
            )
        if self.clock_ahead is not None and abs(self.clock_ahead) > CLOCK_LIMIT:
            yield _(
                "The clock of the server differs %(minutes)s minutes from that of Stripe. Put it right: from five"
                " minutes on we refuse what Stripe tells us."
            ) % {"minutes": round(abs(self.clock_ahead) / timedelta(minutes=1))}
        if self.refused:
            yield ngettext(
                "Since yesterday %(count)s message was refused: its signature is wrong. Check the webhook secret.",
                "Since yesterday %(count)s messages were refused: their signature is wrong. Check the webhook secret.",
                self.refused,
            ) % {"count": self.refused}
        if self.waits is not None and self.waits > WAITING_LIMIT:
            yield _("Something that Stripe told us waits longer than it should. Is the worker running?")


def line(*, now: datetime) -> Line:
    """How the line stands. At most three queries; Stripe is not asked."""
    return Line(
        mode=_mode(),
        has_secret=bool(installation.STRIPE_WEBHOOK_SECRETS),
        event_at=_delivered_at(),
        waits=_waits(now),
        clock_ahead=stripe.clock_ahead(),
        refused=stripe.refused_lately(),
    )


def _mode() -> str:
    if not stripe.is_on():
        return OFF
    if settings.refuses_key():
        return REFUSED
    return TEST if stripe.is_test() else LIVE


def _delivered_at() -> datetime | None:
    """When Stripe last reached us; what we fetched ourselves does not count."""
    delivered = StripeEvent.objects.filter(was_fetched=False).order_by("-received_at")
    return delivered.values_list("received_at", flat=True).first()


def _waits(now: datetime) -> timedelta | None:
    waiting = StripeEvent.objects.filter(handled_at__isnull=True).order_by("received_at")
    first = waiting.values_list("received_at", flat=True).first()
    return None if first is None else now - first
