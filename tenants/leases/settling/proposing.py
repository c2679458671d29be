"""The settlement of a year as a proposal: everybody's share, stored with all that the statement tells.

`SettlementShare.calculation` holds: why (a stored sentence), total, bills (supplier, number, first and last day, net,
part of it in the year), rooms (code, m², first and last day, days), charged and old_books (advances), part (of the
lease, "1/3"), first and last (days it is about). Amounts are texts: they are exact.
"""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from spaces import wording
from spaces.explaining import Sentence, sentence
from spaces.models import Hub
from tenants.leases.models import ServiceType, Settlement, SettlementShare, SettlementState
from tenants.leases.naming import both
from tenants.leases.settling.reckoning import Reckoning, reckon
from tenants.leases.settling.refusals import AlreadySettled
from tenants.leases.settling.shares import Divided, Share
from tenants.parties.models import User

THOUSANDTH = Decimal("0.001")


@transaction.atomic(durable=True)
def propose(hub: Hub, year: int, *, by: User, now: datetime) -> Settlement:
    """Divide the year as it stands now, instead of an earlier proposal. Raises AlreadySettled."""
    Hub.objects.select_for_update(no_key=True).get(pk=hub.pk)
    found, _made = Settlement.objects.get_or_create(
        hub=hub, year=year, defaults={"made_by": by, "made_at": now}
    )
    if found.state == SettlementState.APPROVED:
        raise AlreadySettled(year)
    Settlement.objects.filter(pk=found.pk).update(made_by=by, made_at=now)
    found.shares.all().delete()
    SettlementShare.objects.bulk_create(rows(found, reckon(hub, year, now=now)))
    return found


def rows(settlement: Settlement, reckoning: Reckoning) -> list[SettlementShare]:
    """The shares as they are stored; nothing is written."""
    return [
        SettlementShare(
            settlement=settlement,
            type=each.type,
            lease=share.lease,
            party=share.party,
            weight=_rounded(share.weight),
            weight_total=_rounded(each.whole),
            cost=share.cost,
            advance=share.paid.total,
            calculation=_calculation(reckoning, each, share),
        )
        for each in reckoning.types
        for share in each.shares
    ]


def fingerprint(shares: list[SettlementShare]) -> str:
    """What a settlement comes to: agreeing to it is agreeing to exactly this."""
    parts = (f"{row.type_id}:{row.lease_id}:{row.party_id}:{row.cost}:{row.advance}" for row in shares)
    return sha256("|".join(sorted(parts)).encode()).hexdigest()[:20]


def _rounded(weight: Fraction) -> Decimal:
    return (Decimal(weight.numerator) / weight.denominator).quantize(THOUSANDTH)


def _calculation(reckoning: Reckoning, each: Divided, share: Share) -> dict[str, Any]:
    stays = share.stays
    return {
        "why": _why(reckoning, each, share),
        "total": str(each.total),
        "bills": [
            [it.supplier, it.reference, it.first.isoformat(), it.last.isoformat(), str(it.net), str(it.part)]
            for it in each.bills
        ],
        "rooms": [
            [it.code, str(it.area), it.first.isoformat(), it.last.isoformat(), it.days] for it in stays
        ],
        "charged": str(share.paid.charged),
        "old_books": str(share.paid.old_books),
        "part": str(share.part),
        "first": min((it.first for it in stays), default=reckoning.first).isoformat(),
        "last": max((it.last for it in stays), default=reckoning.last).isoformat(),
    }


def _why(reckoning: Reckoning, each: Divided, share: Share) -> Sentence:
    told = {"total": wording.euro(each.total)}
    if each.type.key == ServiceType.Key.METER:
        return sentence(
            gettext_noop("%(used)s of the %(whole)s that the meters counted, of %(total)s."),
            used=_number(share.weight), whole=_number(each.whole), **told,
        )  # fmt: skip
    days = (reckoning.last - reckoning.first).days + 1
    if each.type.key == ServiceType.Key.EQUAL:
        return sentence(
            gettext_noop("An equal part of each day: %(used)s of %(whole)s days, of %(total)s."),
            used=_number(share.weight), whole=_number(each.whole), **told,
        )  # fmt: skip
    if all(stay.days == days for stay in share.stays):
        return sentence(
            gettext_noop("%(area)s of the %(whole)s that the building has, all year, of %(total)s."),
            area=_m2(share.weight / days), whole=_m2(each.whole / days), **told,
        )  # fmt: skip
    return sentence(
        gettext_noop(
            "m² × days: %(used)s of %(whole)s (%(building)s × %(days)s days), of %(total)s."
        ),
        used=_number(share.weight), whole=_number(each.whole), building=_m2(each.whole / days), days=days, **told,
    )  # fmt: skip


def _number(weight: Fraction) -> dict[str, str]:
    return both(lambda: wording.number(_rounded(weight), most=3))


def _m2(area: Fraction) -> dict[str, str]:
    return both(lambda: wording.m2(_rounded(area)))
