"""How the rows, fields and values of the change record are called on the page."""
# ruff: noqa: SLF001 - _meta is how Django lets its models be asked

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Field, ForeignKey, JSONField, Model
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

KINDS = {
    "party": _("Party"), "user": _("Person"), "membership": _("Role"), "space": _("Room"), "rate": _("Price"),
    "closure": _("Closed day"), "booking": _("Booking"), "lease": _("Lease"), "fixeddaypart": _("Fixed half-day"),
    "leaseline": _("Room in a lease"), "openinghours": _("Opening hours"), "daypart": _("Day part"),
    "cancellationstep": _("Rule for cancelling"), "charge": _("Amount owed"), "invoicerun": _("Month's invoices"),
    "invoice": _("Invoice"), "hub": _("Hub"),
}  # fmt: skip
"""Every kind the page shows, by model name, in the order of the filter."""

LABELS = {
    "approved_at": _("approved at"), "approved_by": _("approved by"), "area_m2": _("area in m²"),
    "arrived_at": _("arrived at"), "answer": _("answer to the application"), "bookable": _("can be booked"),
    "booked_by": _("booked by"), "buyer": _("buyer"), "cadastral": _("cadastral number"),
    "cancellation_net": _("cancellation fee excl. VAT"), "cancelled_at": _("cancelled at"), "capacity": _("persons"),
    "claimed_until": _("claimed until"), "closes": _("closes"), "code": _("code"),
    "contact": _("contact"), "creditor_id": _("creditor id"),
    "day_part": _("day part"), "deposit": _("deposit"), "deposit_kind": _("kind of deposit"),
    "description": _("description"), "due_on": _("due on"), "ends": _("end"), "ends_at": _("end"),
    "ends_on": _("last day"),
    "error": _("error"), "extended": _("hold extended"), "floor": _("floor"), "gross": _("amount incl. VAT"),
    "hold_minutes": _("minutes a room is held"), "hours_before": _("moment of cancelling"),
    "included_hours": _("included hours"), "indexation": _("indexation"),
    "indexation_month": _("month of indexation"), "indexation_percentage": _("percentage of indexation"),
    "invoice_email": _("e-mail address for invoices"), "invoicing": _("invoicing"), "is_active": _("may sign in"),
    "issued_at": _("issued at"), "issued_on": _("issued on"), "kind": _("kind"), "language": _("language"),
    "leading": _("leading unit"), "lease": _("lease"), "legal_name": _("legal name"), "lettable": _("can be let"),
    "mandate_reference": _("mandate reference"), "mandate_signed_on": _("mandate signed on"),
    "max_persons": _("most persons"), "minimum": _("lowest fee"), "month": _("month"), "net": _("amount excl. VAT"),
    "note": _("note"),
    "notice_months": _("months of notice"), "number": _("number"), "on_closure": _("when closed"),
    "opens": _("opens"),
    "option_book_year": _("option: book year"), "option_choice": _("option for taxed letting"),
    "option_declared_on": _("option: declared on"), "option_description": _("option: description"),
    "parent": _("part of"), "party": _("party"), "payment_days": _("days to pay"),
    "payment_reference": _("payment reference"), "per_day": _("price per day"), "per_day_part": _("price per day part"),
    "per_hour": _("price per hour"), "per_week": _("price per week"),
    "percentage": _("percentage of the price"), "persons": _("persons"),
    "position": _("position"), "price": _("price"), "price_level_on": _("price level of"), "quantity": _("quantity"),
    "rate_group": _("rate group"), "reason": _("reason"), "reminded_at": _("reminded at"),
    "reminder_hour": _("hour of the reminder"), "rent_per_m2_year": _("rent per m² and year"), "role": _("role"),
    "rsin": _("RSIN"), "run": _("month's invoices"),
    "service_advance_month": _("advance for service charges per month"),
    "slug": _("short name"), "source": _("source"), "space": _("room"), "starts": _("begin"), "starts_at": _("begin"),
    "starts_on": _("first day"), "state": _("state"),
    "stated_area_m2": _("stated area in m²"), "timezone": _("time zone"), "title": _("title"), "unit": _("unit"),
    "unit_price": _("unit price"), "user": _("person"), "valid_from": _("valid from"), "vat": _("VAT"),
    "vat_rate": _("VAT rate"), "vat_reason": _("reason for the VAT"), "vat_treatment": _("VAT treatment"),
    "weekday": _("weekday"),
}  # fmt: skip
"""Fields that have no words of their own on the model."""

TECHNICAL = {
    "id",
    "hub",
    "created_at",
    "sequence",
    "idempotency_key",
    "date_joined",
    "policy_starts_at",
    "held_until",
}
"""Fields that say nothing to a director."""

MASKED = {"iban", "vat_id", "registration", "mandate_reference", "rsin", "creditor_id"}
"""Numbers of persons: only their end is shown, enough to see which one it was."""
SHOWN_OF_MASKED = 3
LONGEST = 200


def _cancelled(hours_before: int) -> str:
    if hours_before < 0:
        return gettext("later, or nobody came")
    return gettext("until %(hours)d hours before the start") % {"hours": hours_before}


IN_WORDS: Mapping[str, Callable[[int], str]] = {
    "weekday": lambda weekday: str(WEEKDAYS[weekday]),
    "hours_before": _cancelled,
}
"""Numbers that stand for something; a row without a name and without pointers is called by them."""


@dataclass(frozen=True)
class FieldChange:
    """One field in words; `old` is empty for something new, `new` for something gone."""

    label: str
    old: str
    new: str


def kind(event: Any) -> str:
    """What kind of thing the event is about."""
    return str(KINDS[event.pgh_tracked_model._meta.model_name])


def pointers(event: Any) -> Iterator["ForeignKey[Any, Any]"]:
    """The fields of the tracked row that point at another row."""
    for field in _fields(event):
        if isinstance(field, ForeignKey):
            yield field


def name_of(row: Any, *, names: Mapping[Any, str] | None = None) -> str:
    """What a row, or an event of one, is called: its name, or else what it points at, or else its numbers."""
    for attribute in ("name", "code", "number", "name_nl", "reason"):
        value = getattr(row, attribute, "")
        if isinstance(value, str) and value:
            return value
    if names is None:
        return str(row)
    pointed = [names.get((field.related_model, getattr(row, field.attname)), "") for field in pointers(row)]
    own = [words(getattr(row, name)) for name, words in IN_WORDS.items() if hasattr(row, name)]
    return " · ".join(name for name in pointed or own if name)


def differences(event: Any, previous: Any, *, names: Mapping[Any, str]) -> Iterator[FieldChange]:
    """What changed; for a new row all it holds, for a removed one all it held."""
    gone = event.pgh_label == "delete"
    before = event if gone else previous
    for field in _fields(event):
        old = _words(field, before, names) if before else ""
        new = "" if gone else _words(field, event, names)
        changed = not before or gone or getattr(before, field.attname) != getattr(event, field.attname)
        if changed and (old or new):
            yield FieldChange(label=_label(field), old=old, new=new)


def _fields(event: Any) -> Iterator["Field[Any, Any]"]:
    kept = {field.name for field in event._meta.fields}
    for field in event.pgh_tracked_model._meta.fields:
        if field.name in kept and field.name not in TECHNICAL and not isinstance(field, JSONField):
            yield field


def _label(field: "Field[Any, Any]") -> str:
    return str(LABELS.get(field.name, field.verbose_name))


def _words(field: "Field[Any, Any]", event: Any, names: Mapping[tuple[type[Model], Any], str]) -> str:
    value = getattr(event, field.attname)
    if value is None or value == "":
        return ""
    if isinstance(field, ForeignKey):
        return names.get((field.related_model, value), gettext("(removed)"))
    if field.name in MASKED:
        return f"•••{str(value)[-SHOWN_OF_MASKED:]}"
    if field.name in IN_WORDS:
        return IN_WORDS[field.name](value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _plain(value)[:LONGEST]


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y H:i")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Decimal):
        return number_format(value, use_l10n=True)
    return str(value)
