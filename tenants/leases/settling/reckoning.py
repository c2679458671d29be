"""The service costs of a hub over a year, divided: per type over the leases that agreed to pay for it, and the hub."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from spaces import wording
from spaces.models import Hub, Space
from spaces.money import Euro, total
from tenants.leases.models import Lease, MeterReading, ServiceAdvance, ServiceCost, ServiceType
from tenants.leases.settling import advances, bills, weights
from tenants.leases.settling.advances import Paid, Who
from tenants.leases.settling.shares import Divided, divide
from tenants.leases.settling.weights import Key, Stay, Use


@dataclass
class Reckoning:
    """All types of a year; `problems` must be solved before it can be approved, `remarks` are good to know."""

    hub: Hub
    year: int
    building_m2: Decimal
    types: list[Divided] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def first(self) -> date:
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        return date(self.year, 12, 31)

    @property
    def total(self) -> Euro:
        return total(each.total for each in self.types)


def reckon(hub: Hub, year: int, *, now: datetime) -> Reckoning:
    """Divide the costs of a year; writes nothing. A constant number of queries, however many leases and types."""
    found = Reckoning(hub, year, _building(hub))
    leases = list(_leases(hub, found))
    paid, uses = _paid(found, leases), _uses(hub, found)
    for kind, costs in _costs(hub, found):
        stays = [stay for lease in leases for stay in _stays(lease, kind, found)]
        _remark(found, kind, costs, stays)
        key = _key(found, kind, stays, uses.get(kind.pk, []))
        if key.whole:
            parts = bills.of_year(costs, year)
            found.types.append(divide(kind, parts, key, leases=leases, stays=stays, paid=paid))
    if not any(each.bills for each in found.types) and not found.problems:
        found.problems.append(_("No bills have been entered for %(year)d.") % {"year": year})
    if now.astimezone(hub.zone).date() <= found.last:
        found.problems.append(
            _("%(year)d is not over yet: this is how it stands. It can be approved after 31 December.")
            % {"year": year}
        )
    return found


def _building(hub: Hub) -> Decimal:
    """The lettable m² of the whole building, each once."""
    rooms = Space.objects.of_hub(hub).atomic().filter(lettable=True)
    whole: Decimal | None = rooms.aggregate(whole=Sum("area_m2"))["whole"]
    return whole or Decimal(0)


def _leases(hub: Hub, found: Reckoning) -> Iterable[Lease]:
    runs = Q(ends_on__isnull=True) | Q(ends_on__gte=found.first)
    rows = Lease.objects.of_hub(hub).filter(runs, starts_on__lte=found.last)
    return rows.select_related("hub", "party").prefetch_related(*advances.NEEDED).order_by("number")


def _paid(found: Reckoning, leases: Sequence[Lease]) -> Mapping[Who, Paid]:
    """Who paid what in advance; remarks when that is not what the terms say."""
    here = advances.charged(found.hub, found.year)
    paid: defaultdict[Who, Paid] = defaultdict(Paid)
    for who, amount in here.items():
        paid[who].charged = amount
    for lease in leases:
        for who, amount in advances.in_old_books(lease, found.year).items():
            paid[who].old_books = amount
        due = advances.due_here(lease, found.year)
        asked = total(amount for (pk, _party, _type), amount in here.items() if pk == lease.pk)
        if due != asked:
            words = _(
                "Lease %(number)s: by its terms %(due)s of advances should have been charged here, and %(asked)s was."
            )
            told = {"number": lease.number, "due": wording.euro(due), "asked": wording.euro(asked)}
            found.remarks.append(words % told)
    return paid


def _uses(hub: Hub, found: Reckoning) -> Mapping[int, list[Use]]:
    rows = MeterReading.objects.filter(
        type__hub=hub, starts_on__lte=found.last, ends_on__gte=found.first
    ).order_by("starts_on", "pk")
    uses: defaultdict[int, list[Use]] = defaultdict(list)
    for row in rows:
        uses[row.type_id].append(Use(row.space_id, row.quantity, row.starts_on, row.ends_on))
    return uses


def _costs(hub: Hub, found: Reckoning) -> list[tuple[ServiceType, list[ServiceCost]]]:
    """The types with bills in the year, or with advances in it, by name; with their bills."""
    rows = ServiceCost.objects.filter(hub=hub, starts_on__lte=found.last, ends_on__gte=found.first)
    agreed = ServiceAdvance.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=found.first),
        lease__hub=hub,
        starts_on__lte=found.last,
        per_month__gt=0,
    )
    of_type: defaultdict[int, list[ServiceCost]] = defaultdict(list)
    for row in rows.order_by("starts_on", "pk"):
        of_type[row.type_id].append(row)
    wanted = {*of_type, *agreed.values_list("type", flat=True)} if of_type else set()
    return [(kind, of_type[kind.pk]) for kind in ServiceType.objects.filter(hub=hub, pk__in=wanted)]


def _stays(lease: Lease, kind: ServiceType, found: Reckoning) -> Iterable[Stay]:
    """The days of the year on which the lease had each room and had this type agreed."""
    for line in lease.lines.all():
        for row in lease.advances.all():
            first = max(filter(None, (lease.starts_on, line.starts_on, row.starts_on, found.first)))
            last = min(filter(None, (lease.ends_on, line.ends_on, row.ends_on, found.last)))
            if row.type_id == kind.pk and first <= last:
                yield Stay(lease.pk, line.space_id, line.space.code, line.area_m2, first, last)


def _remark(found: Reckoning, kind: ServiceType, costs: Sequence[ServiceCost], stays: Sequence[Stay]) -> None:
    if not costs:
        words = _(
            "Advances were agreed for “%(type)s”, and no bill for it has been entered. Enter it, if need be as 0,00."
        )
        found.problems.append(words % {"type": kind})
    if not stays:
        words = _("No lease has agreed to pay for “%(type)s”: all of it is on the account of the hub.")
        found.remarks.append(words % {"type": kind})


def _key(found: Reckoning, kind: ServiceType, stays: Sequence[Stay], uses: Sequence[Use]) -> Key:
    days = {"first": found.first, "last": found.last}
    if kind.key == ServiceType.Key.METER:
        key = weights.by_meter(uses, stays, **days)
        if not key.whole:
            words = _(
                "“%(type)s” is divided by meter, and there are no readings for %(year)d. Enter them first."
            )
            found.problems.append(words % {"type": kind, "year": found.year})
        return key
    if kind.key == ServiceType.Key.EQUAL:
        return weights.equally(stays, **days)
    key = weights.by_area(stays, building_m2=found.building_m2, **days)
    if key.whole > Fraction(found.building_m2) * ((found.last - found.first).days + 1):
        words = _("More m² are let than the building has (%(area)s). Mend the m² of the rooms or the leases.")
        found.problems.append(words % {"area": wording.m2(found.building_m2)})
    return key
