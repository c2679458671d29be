"""Approving a settlement: what is still owed is charged, what was too much comes back, and everybody hears why."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_noop

from spaces import wording
from spaces.explaining import sentence
from spaces.models import Hub
from tenants.billing import charging
from tenants.billing.charging import Owed
from tenants.billing.models import LineKind
from tenants.leases import rent_vat, terms
from tenants.leases.models import (
    SETTLEMENT_NEXT,
    Lease,
    Settlement,
    SettlementShare,
    SettlementState,
)
from tenants.leases.rent_vat import Vat
from tenants.leases.settling import letters, proposing
from tenants.leases.settling.reckoning import reckon
from tenants.leases.settling.refusals import NotProposed, NotReady, SettlementChanged
from tenants.parties.models import Party, User

Bill = tuple[Lease, Party, list[SettlementShare]]


@transaction.atomic(durable=True)
def approve(settlement: Settlement, *, seen: str, by: User, now: datetime) -> None:
    """Make it final: charges for the next invoice and a letter with the statement to each party that is in it.

    `seen` is the fingerprint of what was shown. A second call changes nothing. Raises NotReady while something is
    missing, and SettlementChanged when dividing it now gives something else.
    """
    Hub.objects.select_for_update(no_key=True).get(pk=settlement.hub_id)
    locked = Settlement.objects.select_for_update().select_related("hub").get(pk=settlement.pk)
    if locked.state == SettlementState.APPROVED:
        return
    reckoning = reckon(locked.hub, locked.year, now=now)
    if reckoning.problems:
        raise NotReady(reckoning.problems)
    stored = list(locked.shares.select_related("type", "lease__hub", "party"))
    fresh = proposing.rows(locked, reckoning)
    if not stored or {seen} != {proposing.fingerprint(stored), proposing.fingerprint(fresh)}:
        raise SettlementChanged
    for lease, party, shares in bills(stored):
        source = f"settlement:{locked.pk}:l{lease.pk}:p{party.pk}"
        lines = [line(locked, share) for share in shares if share.balance]
        charging.post(source, hub=locked.hub, party=party, lines=lines)
    _enter(locked, SettlementState.APPROVED, by=by, now=now)
    locked.refresh_from_db(fields=["state", "approved_at", "approved_by"])
    for lease, party, shares in bills(stored):
        letters.post(locked, lease, party, shares, now=now)


def bills(shares: Iterable[SettlementShare]) -> list[Bill]:
    """The shares by who owes them for which lease, without the hub's own."""
    found: defaultdict[tuple[Lease, Party], list[SettlementShare]] = defaultdict(list)
    for share in shares:
        if share.lease is not None and share.party is not None:
            found[share.lease, share.party].append(share)
    return [(lease, party, each) for (lease, party), each in found.items()]


def line(settlement: Settlement, share: SettlementShare) -> Owed:
    """What is still to pay of one type, or comes back."""
    told, vat, net = share.calculation, vat_of(share), share.balance
    return Owed(
        kind=LineKind.SETTLEMENT,
        topic=f"service:{share.type_id}",
        description=sentence(
            gettext_noop("%(type)s, settlement of %(year)s, contract %(number)s"),
            type=share.type,
            year=str(settlement.year),
            number=share.lease.number if share.lease else "",
        ),
        reason=sentence(
            gettext_noop("%(why)s Your share is %(cost)s; %(advance)s was paid in advance."),
            why=told["why"],
            cost=wording.euro(share.cost),
            advance=wording.euro(share.advance),
        ),
        vat_reason=vat.reason,
        starts_on=date.fromisoformat(told["first"]),
        ends_on=date.fromisoformat(told["last"]),
        quantity=Decimal(1 if net > 0 else -1),
        unit="part",
        unit_price=abs(net),
        net=net,
        vat_treatment=vat.treatment,
        vat_rate=vat.rate,
    )


def vat_of(share: SettlementShare) -> Vat:
    """As the rent on the last day that it is about, or the rate of the type itself."""
    if share.lease is None:
        raise ValueError("the hub's own part is charged to nobody")
    agreed = terms.on(share.lease, date.fromisoformat(share.calculation["last"]))
    if agreed is None:
        raise ValueError(f"{share.lease} has no terms then")
    return rent_vat.of_advance(share.type, agreed)


def current(hub: Hub, year: int) -> Settlement:
    """The settlement of a year. Raises NotProposed."""
    found = Settlement.objects.filter(hub=hub, year=year).select_related("hub").first()
    if found is None:
        raise NotProposed
    return found


def _enter(settlement: Settlement, state: SettlementState, *, by: User, now: datetime) -> None:
    before = [old for old, following in SETTLEMENT_NEXT.items() if state in following]
    rows = Settlement.objects.filter(pk=settlement.pk, state__in=before)
    if not rows.update(state=state, approved_by=by, approved_at=now):
        raise SettlementChanged
