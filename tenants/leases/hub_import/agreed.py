"""What a lease costs, between the columns of the sheet Huurcontracten and the dated rows that Plein keeps."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from spaces.explaining import Sentence, sentence
from spaces.models import Hub
from spaces.money import euro
from spaces.periods import DAY
from tenants.leases.models import Lease, LeaseTerms, Security, ServiceAdvance, ServiceType

if TYPE_CHECKING:
    from tenants.leases.hub_import.plan import Step

OF_LEASE = ("number", "party", "starts_on", "ends_on", "note")
_RENAMED = {
    "indexation": "indexing",
    "indexation_month": "indexing_month",
    "indexation_percentage": "indexing_percentage",
}
_SAME = (
    "notice_months", "rent_per_m2_year", "price_level_on", "leading", "invoicing", "vat_treatment", "option_choice",
    "option_description", "option_book_year", "option_declared_on", "included_hours",
)  # fmt: skip
OF_TERMS = {name: name for name in _SAME} | _RENAMED
ADVANCE = ("Servicekosten", "Service charges")
"""The service type that the one column of advances is about."""


def as_typed(lease: Lease) -> dict[str, Any]:
    """The terms of `lease` as the sheet would have them now; its terms, advances and securities are prefetched."""
    latest = max(lease.terms.all(), key=lambda row: (row.starts_on, row.pk), default=LeaseTerms())
    values = {typed: getattr(latest, stored) for typed, stored in OF_TERMS.items()}
    values |= {"number": lease.number, "note": lease.note}
    values |= {"starts_on": lease.starts_on, "ends_on": lease.ends_on}
    values["service_advance_month"] = sum(
        (row.per_month for row in lease.advances.all() if row.ends_on is None), Decimal(0)
    )
    held = [row for row in lease.securities.all() if row.returned_on is None]
    values["deposit"] = sum((row.amount for row in held), Decimal(0))
    values["deposit_kind"] = _KIND_IN_DUTCH[Security.Kind(held[0].kind)] if held else ""
    return values


def first_charged(hub: Hub, *, invoicing: str, now: datetime) -> date:
    """The first day of the next month or quarter: rent is paid in advance, so the old books have what has begun."""
    today = now.astimezone(hub.zone).date()
    months = 3 if invoicing == LeaseTerms.Invoicing.QUARTER else 1
    ahead = today.year * 12 + (today.month - 1) // months * months + months
    return date(ahead // 12, ahead % 12 + 1, 1)


def write(lease: Lease, step: "Step", *, now: datetime) -> None:
    """Store what `step` says of money: new terms where something differs, the advance, the deposit."""
    if any(step.touches(name) for name in (*OF_TERMS, "rooms")):
        _terms(lease, step, now=now)
    if step.touches("service_advance_month"):
        _advance(lease, step.wanted["service_advance_month"])
    if step.touches("deposit", "deposit_kind"):
        _security(lease, step.wanted.values)


def _terms(lease: Lease, step: "Step", *, now: datetime) -> None:
    before = lease.terms.order_by("starts_on", "pk").last() or LeaseTerms(starts_on=lease.starts_on)
    values = {
        stored: step.wanted.values.get(typed, getattr(before, stored)) for typed, stored in OF_TERMS.items()
    }
    area = sum((line.area_m2 for line in lease.lines.all()), Decimal(0))
    level = values["price_level_on"]
    starts_on = lease.starts_on if step.stored is None else max(level or before.starts_on, before.starts_on)
    LeaseTerms.objects.create(
        lease=lease,
        starts_on=starts_on,
        kind=LeaseTerms.Kind.SIGNED if step.stored is None else LeaseTerms.Kind.AMENDED,
        explanation=_explanation(level),
        area_m2=area,
        yearly=euro(values["rent_per_m2_year"] * area),
        made_at=now,
        **values,
    )


def _explanation(level: date | None) -> Sentence:
    if level is None:
        return sentence(gettext_noop("as agreed"))
    day = {"date": level.isoformat()}
    return sentence(gettext_noop("as agreed, at the price level of %(day)s"), day=day)


def _advance(lease: Lease, per_month: Decimal) -> None:
    """Another amount counts from the first day that is not charged yet, the first from the first day of the lease."""
    kind, _made = ServiceType.objects.get_or_create(
        hub=lease.hub, name_nl=ADVANCE[0], defaults={"name_en": ADVANCE[1]}
    )
    rows = ServiceAdvance.objects.filter(lease=lease, type=kind)
    first = _first_open_day(lease) if rows.exists() else lease.starts_on
    rows.filter(starts_on__gte=first).delete()
    rows.filter(ends_on=None).update(ends_on=first - DAY)
    if per_month:
        ServiceAdvance.objects.create(lease=lease, type=kind, per_month=per_month, starts_on=first)


def _first_open_day(lease: Lease) -> date:
    charged = lease.periods.order_by("-ends_on").values_list("ends_on", flat=True).first()
    return charged + DAY if charged else max(lease.charged_from, lease.starts_on)


def _security(lease: Lease, values: Mapping[str, Any]) -> None:
    Security.objects.filter(lease=lease, returned_on=None).delete()
    if values.get("deposit"):
        kind = (
            Security.Kind.GUARANTEE
            if "garantie" in str(values.get("deposit_kind", "")).casefold()
            else Security.Kind.DEPOSIT
        )
        Security.objects.create(lease=lease, kind=kind, amount=values["deposit"])


_KIND_IN_DUTCH = {Security.Kind.DEPOSIT: "storting", Security.Kind.GUARANTEE: "bankgarantie"}
