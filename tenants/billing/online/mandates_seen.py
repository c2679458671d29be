"""Mandates given online and the debits by them, as people read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from spaces import wording
from spaces.models import Hub
from tenants.billing.models import UNDER_WAY, OnlineMandate, OnlinePayment, OnlineState, Receivable
from tenants.billing.online import announcing, mandated
from tenants.billing.querysets import OnlinePaymentQuerySet
from tenants.parties.access import Actor
from tenants.parties.models import Party

State = OnlineMandate.State
MOST = 30


@dataclass(frozen=True)
class Standing:
    """The mandate of a party, if it gave one, with what is collected by it soon; or how the last one ended."""

    party: Party
    mandate: OnlineMandate | None = None
    coming: Sequence[OnlinePayment] = ()
    ended: OnlineMandate | None = None

    @property
    def at_bank(self) -> list[OnlinePayment]:
        """What goes on when the mandate ends: the bank has it, or may have it."""
        return [row for row in self.coming if row.state != OnlineState.NEW or row.looked_at]

    @property
    def announced(self) -> list[OnlinePayment]:
        """What is not collected when the mandate ends."""
        return [row for row in self.coming if row not in self.at_bank]

    @property
    def why_ended(self) -> str:
        """In the active language."""
        return _(self.ended.why_ended) if self.ended and self.ended.why_ended else ""


@dataclass(frozen=True)
class Refused:
    """A debit that the bank refused, why, in the active language, and whether there is a mandate to try once more."""

    payment: OnlinePayment
    why: str
    may_again: bool


def of_parties(parties: Sequence[Party]) -> list[Standing]:
    """How each of these parties of one hub stands. Three queries at most, after the settings."""
    if not parties:
        return []
    given = {row.party_id: row for row in mandated.in_force(parties[0].hub).filter(party__in=parties)}
    over = OnlineMandate.objects.filter(party__in=parties, state=State.ENDED, given_at__isnull=False)
    ended = {row.party_id: row for row in over.order_by("ended_at", "pk")}
    coming: dict[int, list[OnlinePayment]] = {}
    for row in _coming().filter(party__in=parties):
        coming.setdefault(row.party_id, []).append(row)
    return [
        Standing(party, given.get(party.pk), coming.get(party.pk, []), ended.get(party.pk))
        for party in parties
    ]


def given(actor: Actor) -> Sequence[OnlineMandate]:
    """The mandates that were given, those in force first. One query."""
    rows = OnlineMandate.objects.visible_to(actor).filter(given_at__isnull=False)
    return list(rows.select_related("party").order_by("state", "party__name", "-given_at", "pk")[:100])


def of_mandate(mandate: OnlineMandate) -> Standing:
    """How the party of this mandate stands. One query."""
    return Standing(mandate.party, mandate, list(_coming().filter(mandate=mandate)))


def under_way(actor: Actor) -> Sequence[OnlinePayment]:
    """The debits that were announced or are at the bank, the next one first. One query."""
    return list(_coming().visible_to(actor))


def done(actor: Actor) -> Sequence[OnlinePayment]:
    """The last debits that came in, newest first. One query."""
    rows = OnlinePayment.objects.visible_to(actor).filter(mandate__isnull=False, state=OnlineState.SUCCEEDED)
    return list(rows.select_related("receivable__invoice", "party").order_by("-ended_at", "pk")[:MOST])


def refused(hub: Hub) -> list[Refused]:
    """The debits that came back and are still to be paid, the oldest first."""
    given = set(mandated.in_force(hub).values_list("party", flat=True))
    return [
        Refused(row, announcing.why(row.failure), row.party_id in given) for row in mandated.came_back(hub)
    ]


def course(payment: OnlinePayment) -> str:
    """How far a debit is, with its day, as a clause in the active language."""
    if payment.target_on is None or payment.state not in UNDER_WAY:
        return payment.get_state_display()
    is_new = payment.state == OnlineState.NEW
    words = _("announced for %(day)s") if is_new else _("direct debit on its way, on %(day)s")
    return words % {"day": wording.calendar_date(payment.target_on)}


def too_large(hub: Hub, *, today: date) -> Sequence[Receivable]:
    """What is due of parties with a mandate and more than is collected at once: they were asked to transfer it."""
    return list(mandated.too_large(hub, by=today))


def _coming() -> OnlinePaymentQuerySet:
    rows = OnlinePayment.objects.under_way().filter(mandate__isnull=False)
    return rows.select_related("receivable__invoice", "party", "mandate").order_by("target_on", "pk")
