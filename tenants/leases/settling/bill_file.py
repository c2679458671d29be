"""Bills of service costs from a CSV file: all or nothing, and a bill that is known already is not entered twice."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from spaces.models import Hub
from spaces.money import Euro, total
from tenants.leases import tabular
from tenants.leases.hub_import import cells, moments
from tenants.leases.hub_import.findings import Findings
from tenants.leases.hub_import.sheets import Column, Row, Table, TableSpec
from tenants.leases.models import ServiceCost, ServiceType
from tenants.leases.settling.entering import settled_years
from tenants.leases.settling.refusals import FileChanged, HasErrors
from tenants.leases.tabular import FileRefused
from tenants.parties.models import User

SPEC = TableSpec(
    "Rekeningen",
    (
        Column("type", "soort", ("type", "kostensoort", "kind")),
        Column("supplier", "leverancier", ("supplier",)),
        Column("reference", "factuurnummer", ("nummer", "number", "reference"), required=False),
        Column("net", "bedrag", ("bedrag excl btw", "bedrag excl", "amount", "net")),
        Column("starts_on", "vanaf", ("van", "from", "begin")),
        Column("ends_on", "tot en met", ("t m", "until", "einde")),
    ),
)


@dataclass
class Plan:
    """What the file would do."""

    findings: Findings
    new: list[ServiceCost] = field(default_factory=list)
    known: int = 0

    @property
    def total(self) -> Euro:
        return total(row.net for row in self.new)

    @property
    def fingerprint(self) -> str:
        parts = (f"{row.type_id}{row.supplier}{row.reference}{row.net}{row.starts_on}" for row in self.new)
        return sha256("|".join(parts).encode()).hexdigest()[:20]


def look(content: bytes, *, hub: Hub) -> Plan:
    """What the file would do; nothing is stored. Raises FileRefused when it is no such file."""
    findings = Findings()
    table = Table(SPEC, tabular.grid(tabular.text_of(content)), findings)
    plan = Plan(findings)
    types = {
        name.casefold(): row for row in hub.service_types.all() for name in (row.name_nl, row.name_en) if name
    }
    known = set(ServiceCost.objects.filter(hub=hub).values_list("supplier", "reference"))
    settled = settled_years(hub)
    for row in table.rows():
        cost = _cost(row, hub, types, settled)
        if cost is None:
            continue
        key = cost.supplier, cost.reference
        if cost.reference and key in known:
            plan.known += 1
            continue
        known.add(key)
        plan.new.append(cost)
    if not plan.new and not plan.known and not findings.errors:
        raise FileRefused(_("There are no bills in this file. Below the header each row holds one bill."))
    return plan


@transaction.atomic(durable=True)
def store(content: bytes, *, hub: Hub, agreed: str, by: User, now: datetime) -> Plan:
    """Enter all bills of the file. Raises HasErrors, FileChanged when it would do another thing now, FileRefused."""
    Hub.objects.select_for_update(no_key=True).get(pk=hub.pk)
    plan = look(content, hub=hub)
    if plan.findings.errors:
        raise HasErrors
    if plan.fingerprint != agreed:
        raise FileChanged
    for cost in plan.new:
        cost.entered_by, cost.entered_at = by, now
    ServiceCost.objects.bulk_create(plan.new)
    return plan


def _cost(row: Row, hub: Hub, types: dict[str, ServiceType], settled: set[int]) -> ServiceCost | None:
    kind = row.read("type", cells.one_of(types), required=True) if types else None
    if not types:
        row.error("type", _("There are no kinds of service costs yet. Make them first."))
    supplier = row.text("supplier", most=120, required=True)
    reference = row.text_with_numbers("reference", most=60)
    net = row.read("net", _amount, required=True)
    starts = row.read("starts_on", moments.day, required=True)
    ends = row.read("ends_on", moments.day, required=True)
    if starts and ends and ends < starts:
        row.error("ends_on", _("The last day is before the first. Exchange the two dates."))
    for year in sorted(settled) if starts and ends else ():
        if starts and ends and starts.year <= year <= ends.year:
            row.error("starts_on", _("%(year)d has been settled, and that does not change.") % {"year": year})
    if row.failed or kind is None or net is None or starts is None or ends is None:
        return None
    return ServiceCost(
        hub=hub, type=kind, supplier=supplier, reference=reference, net=net, starts_on=starts, ends_on=ends
    )


def _amount(value: object) -> Decimal:
    """An amount in cents; negative for what a supplier gave back."""
    return Decimal(cells.number(value)).quantize(Decimal("0.01"))
