"""Charging what leases owe: each period under its own source, corrected when what was agreed changes.

A period is "lease:<pk>:<first day>", with ":p<party>" behind it when several parties pay. Which periods there are, and
what stands on their lines, follows from the terms alone; `RentPeriod` keeps what was charged, so that no day is charged
twice and a period is only corrected when what it comes to has changed.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from spaces.models import Hub
from spaces.periods import DAY
from tenants.billing import charging
from tenants.billing.charging import Owed
from tenants.billing.models import Charge
from tenants.leases import paying_parties, rent_lines, rent_periods
from tenants.leases.instalments import Days, month_of
from tenants.leases.models import Lease, RentPeriod
from tenants.leases.paying_parties import Bills
from tenants.leases.rent import Agreement
from tenants.leases.rent_lines import Contract

NEEDED = ("terms", "discounts", "advances__type", "shares__party", "lines__space", "periods")


@dataclass(frozen=True)
class Posted:
    """How many periods were charged for the first time, and how many were corrected or taken back."""

    new: int = 0
    changed: int = 0

    def __add__(self, other: "Posted") -> "Posted":
        return Posted(self.new + other.new, self.changed + other.changed)


def post_month(hub: Hub, *, month: date, now: datetime) -> Posted:
    """Charge every period that begins by the end of `month` and is not in the old books, of all leases of `hub`.

    What was charged before is corrected where what was agreed has changed since. One transaction a lease; a second
    call changes nothing.
    """
    leases = Lease.objects.of_hub(hub).order_by("pk").values_list("pk", flat=True)
    return sum((_post(pk, until=month_of(month)[1], now=now) for pk in list(leases)), Posted())


def post_due(*, now: datetime) -> Posted:
    """Charge the current and the next month of all hubs: rent is paid in advance."""
    done = Posted()
    for hub in Hub.objects.order_by("pk"):
        following = month_of(now.astimezone(hub.zone).date())[1] + DAY
        done += post_month(hub, month=following, now=now)
    return done


def repost(lease: Lease, *, now: datetime) -> Posted:
    """Let what was charged of `lease` be what was agreed by now: periods that it no longer has are taken back.

    What has been invoiced is credited and charged anew on the next invoice. Charges no period that begins after what
    was charged already. From then on the lease is decided here, not by a workbook. Call it inside the transaction of an
    amendment; a second call corrects nothing.
    """
    Lease.objects.filter(pk=lease.pk).update(amended_at=now)
    return follow(lease, now=now)


def follow(lease: Lease, *, now: datetime) -> Posted:
    """As `repost`, for what is no amendment: a workbook, or what the old books turn out to have."""
    locked = _locked(lease.pk)
    charged = [row.ends_on for row in locked.periods.all()]
    return _settle(locked, until=max(charged), now=now) if charged else Posted()


def leave_to_old_books(lease: Lease, *, until: date, now: datetime) -> bool:
    """Let everything of `lease` up to and including `until` be in the old books; never fewer days than before.

    What was charged here for it is taken back. Returns whether anything changed. Call it inside a transaction.
    """
    locked = _locked(lease.pk)
    if locked.charged_from > until:
        return False
    locked.charged_from = until + DAY
    locked.save(update_fields=["charged_from"])
    follow(locked, now=now)
    return True


def agreement_of(lease: Lease) -> Agreement:
    """All that decides what `lease` costs. No query when what is `NEEDED` was fetched."""
    terms = sorted(lease.terms.all(), key=lambda row: (row.starts_on, row.pk))
    shares, discounts = lease.shares.all(), lease.discounts.all()
    changes = frozenset(share.starts_on for share in shares if share.starts_on)
    advances = tuple(lease.advances.all())
    return Agreement(lease.starts_on, lease.ends_on, tuple(terms), tuple(discounts), advances, changes)


def due_periods(lease: Lease, *, until: date) -> list[Days]:
    """The periods of `lease` that begin by `until` and are not in the old books."""
    return rent_periods.periods(agreement_of(lease), starts=lease.charged_from, until=until)


def bills(lease: Lease, days: Days) -> Bills:
    """What a period owes by source, with who pays it."""
    rooms = {line.space.code for line in lease.lines.all()}
    contract = Contract(lease.number, rooms.pop() if len(rooms) == 1 else "")
    owed = rent_lines.lines(contract, agreement_of(lease), starts=days[0], ends=days[1])
    return paying_parties.bills(lease, source_of(lease, days[0]), owed)


def source_of(lease: Lease, first: date) -> str:
    """How a period is named in the charges ledger."""
    return f"{lease.holder}:{first.isoformat()}"


def invoiced(hub: Hub, periods: Iterable[RentPeriod]) -> list[RentPeriod]:
    """Those of `periods` with a line on an approved or issued invoice: they can only be credited. One query."""
    charges = Charge.objects.filter(hub=hub, source__startswith="lease:").settled()
    named = {tuple(source.split(":")[1:3]) for source in charges.values_list("source", flat=True)}
    return [row for row in periods if (str(row.lease_id), row.starts_on.isoformat()) in named]


def digest(owed: Bills) -> str:
    """What a period comes to, without the words: who pays how much for what, over which days, at which VAT."""
    content = [[source, party.pk, [_facts(line) for line in lines]] for source, party, lines in owed]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def settle(pk: int, *, until: date, now: datetime) -> Posted:
    """Charge one lease inside a transaction: see `post_month`."""
    return _settle(_locked(pk), until=until, now=now)


@transaction.atomic(durable=True)
def _post(pk: int, *, until: date, now: datetime) -> Posted:
    return settle(pk, until=until, now=now)


def _locked(pk: int) -> Lease:
    """Locked first, read then: an amendment may have been waiting for the same lock."""
    Lease.objects.select_for_update().get(pk=pk)
    return Lease.objects.select_related("hub", "party").prefetch_related(*NEEDED).get(pk=pk)


def _settle(lease: Lease, *, until: date, now: datetime) -> Posted:
    charged = {(row.starts_on, row.ends_on): row for row in lease.periods.all()}
    until = max([until, *(row.ends_on for row in charged.values())])
    wanted = due_periods(lease, until=until)
    gone = [row for days, row in charged.items() if days not in wanted]
    RentPeriod.objects.filter(pk__in=[row.pk for row in gone]).delete()
    firsts = {first for first, _last in wanted}
    changed = sum(_take_back(lease, row) for row in gone if row.starts_on not in firsts)
    known = {row.starts_on for row in charged.values()}
    done = Posted(changed=changed)
    for days in wanted:
        done += _charge(lease, days, charged.get(days), was_known=days[0] in known, now=now)
    return done


def _charge(lease: Lease, days: Days, row: RentPeriod | None, *, was_known: bool, now: datetime) -> Posted:
    owed = bills(lease, days)
    told = digest(owed)
    if row is not None and row.digest == told:
        return Posted()
    _correct(lease, days[0], owed)
    values = {"ends_on": days[1], "digest": told, "posted_at": now}
    RentPeriod.objects.update_or_create(lease=lease, starts_on=days[0], defaults=values)
    return Posted(changed=1) if was_known else Posted(new=1)


def _take_back(lease: Lease, row: RentPeriod) -> int:
    _correct(lease, row.starts_on, [])
    return 1


def _correct(lease: Lease, first: date, owed: Bills) -> None:
    """Also the sources of who paid for this period before and does no longer."""
    wanted = {source: (party, lines) for source, party, lines in owed}
    for source in sorted(_sources(source_of(lease, first)) - set(wanted)):
        charging.correct(source, hub=lease.hub, party=lease.party, lines=[])
    for source, (party, lines) in wanted.items():
        charging.correct(source, hub=lease.hub, party=party, lines=lines)


def _sources(source: str) -> set[str]:
    """The source of a period and those of the parties that shared it, as far as they were charged."""
    named = Charge.objects.of_family(source).values_list("source", flat=True).distinct()
    parts = (each.removeprefix(source).split(":") for each in named)
    return {f"{source}:{part[1]}" if len(part) > 1 and part[1].startswith("p") else source for part in parts}


def _facts(line: Owed) -> list[str]:
    values: Iterable[object] = (
        line.kind, line.topic, line.starts_on, line.ends_on, line.unit, line.net, line.vat_treatment, line.vat_rate,
    )  # fmt: skip
    return [str(value) for value in values] + [f"{line.quantity:f}", f"{line.unit_price:.4f}"]
