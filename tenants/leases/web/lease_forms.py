"""What is asked about a lease, one form for each subject: used by the wizard and by the changes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spaces.models import Space
from spaces.money import VatTreatment
from spaces.web.fields import PriceField
from tenants.leases.contracts import changing_terms
from tenants.leases.models import BreakOption, LeaseTerms, Security, ServiceType
from tenants.leases.web.lease_fields import (
    CHOOSE,
    LeaseForm,
    Pairs,
    PartField,
    amount,
    day,
    months,
    percentage,
)
from tenants.parties.models import Party
from tenants.parties.web.forms import text

MOST_PAYERS = 4
PER = [
    (changing_terms.M2, gettext_lazy("per m² and year")),
    (changing_terms.YEAR, gettext_lazy("per year")),
    (changing_terms.MONTH, gettext_lazy("per month")),
]
TREATMENTS = [
    (VatTreatment.EXEMPT_RENT.value, VatTreatment.EXEMPT_RENT.label),
    (VatTreatment.OPTED_RENT.value, VatTreatment.OPTED_RENT.label),
]


class RoomRow(NamedTuple):
    """A room of the hub: whether it is in the lease, and with how many m²."""

    space: Space
    chosen: BoundField
    area: BoundField


class RoomsForm(LeaseForm):
    """Which rooms, each with the m² that were agreed."""

    def build(self, answers: Mapping[str, Any]) -> None:
        """A tick and m² for each room that may be let."""
        super().build(answers)
        held = {int(pk): area for pk, area in answers.get("rooms") or []}
        lettable = Space.objects.of_hub(self.hub).filter(lettable=True).select_related("floor")
        self.spaces = [space for space in lettable.order_by("floor__position", "code") if space.area_m2]
        for space in self.spaces:
            label = f"{space.code} {space.name}"
            self.fields[f"room-{space.pk}"] = forms.BooleanField(
                required=False, label=label, initial=space.pk in held
            )
            self.fields[f"area-{space.pk}"] = PriceField(
                label=_("m² of %(room)s") % {"room": label}, min_value=Decimal("0.01"), max_digits=8,
                decimal_places=2, required=False, initial=held.get(space.pk, space.area_m2), localize=True,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input"}),
            )  # fmt: skip

    def rooms(self) -> list[RoomRow]:
        return [
            RoomRow(space, self[f"room-{space.pk}"], self[f"area-{space.pk}"])
            for space in getattr(self, "spaces", [])
        ]

    def clean(self) -> dict[str, Any]:
        """At least one room, and no room with a part of it."""
        data = super().clean() or {}
        chosen = [space for space in self.spaces if data.get(f"room-{space.pk}")]
        if not chosen:
            self.add_error(None, _("Tick at least one room."))
        for space in chosen:
            if not data.get(f"area-{space.pk}") and f"area-{space.pk}" not in self.errors:
                self.add_error(f"area-{space.pk}", _("How many m² are agreed?"))
        inside = {space.parent_id for space in chosen}
        if any(space.pk in inside for space in chosen):
            self.add_error(None, _("Tick a room or its parts, not both."))
        data["rooms"] = [[space.pk, str(data.get(f"area-{space.pk}") or "")] for space in chosen]
        return data


class PayersForm(LeaseForm):
    """Who rents: one party, or several with each its part."""

    def build(self, answers: Mapping[str, Any]) -> None:
        """A party and its part, four times."""
        super().build(answers)
        known = [*(answers.get("payers") or []), *([["", ""]] * MOST_PAYERS)]
        parties = Party.objects.of_hub(self.hub).active().order_by("name")
        for at in range(MOST_PAYERS):
            pk, part = known[at]
            label = _("Tenant") if at == 0 else _("Tenant %(number)s") % {"number": at + 1}
            self.fields[f"party-{at}"] = forms.ModelChoiceField(
                parties, label=label, required=at == 0, empty_label=str(CHOOSE), initial=pk
            )
            self.fields[f"part-{at}"] = PartField(
                label=_("Part of tenant %(number)s") % {"number": at + 1}, required=False, max_length=12,
                initial=part if part != "1" else "", help_text=_("For example 1/3."),
            )  # fmt: skip

    def payers(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"party-{at}"], self[f"part-{at}"]) for at in range(MOST_PAYERS)]

    def clean(self) -> dict[str, Any]:
        """Together the parts are one, and nobody is there twice."""
        data = super().clean() or {}
        rows = [(data.get(f"party-{at}"), data.get(f"part-{at}")) for at in range(MOST_PAYERS)]
        found = [(party, part) for party, part in rows if party]
        if len(found) == 1:
            found = [(found[0][0], found[0][1] or 1)]
        if found and not self.errors:
            if any(part is None for _party, part in found) or sum(part or 0 for _party, part in found) != 1:
                self.add_error(
                    None, _("The parts are not one whole together. Write them as 1/3, 1/3 and 1/3.")
                )
            if len({party for party, _part in found}) < len(found):
                self.add_error(None, _("The same party stands there twice."))
        data["payers"] = [[party.pk, str(part)] for party, part in found]
        return data


class PriceForm(LeaseForm):
    """The rent, excluding VAT."""

    pairs: ClassVar[Pairs] = (("amount", "per"),)
    amount = PriceField(
        label=gettext_lazy("Rent excl. VAT (€)"), min_value=0, max_digits=11, decimal_places=4
    )
    per = forms.ChoiceField(label=gettext_lazy("The rent is"), choices=PER)
    leading = forms.ChoiceField(
        label=gettext_lazy("Which amount is exact?"), choices=LeaseTerms.Leading.choices,
        help_text=gettext_lazy("The other one is rounded: twelve months can differ a cent or two from the year."),
    )  # fmt: skip


class NoticeForm(LeaseForm):
    notice_months = months(gettext_lazy("Notice period in months"))


class VatForm(LeaseForm):
    """Exempt or taxed letting; taxed asks four things that have to stand in the contract."""

    vat_treatment = forms.ChoiceField(label=gettext_lazy("VAT on the rent"), choices=TREATMENTS)
    option_choice = text(
        gettext_lazy("The choice for taxed letting"), length=200, required=False,
        help_text=gettext_lazy("Only for taxed letting: where the contract says so, for example “article 4.2”."),
    )  # fmt: skip
    option_description = text(
        gettext_lazy("Local and cadastral description"), length=300, required=False,
        help_text=gettext_lazy("Address, floor and rooms, and the cadastral number."),
    )  # fmt: skip
    option_book_year = text(
        gettext_lazy("Start of the tenant's book year"), length=60, required=False,
        help_text=gettext_lazy("For example 1 January."),
    )  # fmt: skip
    option_declared_on = day(gettext_lazy("Statement of the tenant signed on"), required=False)

    def clean(self) -> dict[str, Any]:
        """Taxed letting has all four."""
        data = super().clean() or {}
        if data.get("vat_treatment") == VatTreatment.OPTED_RENT:
            for name in (*changing_terms.OPTION, "option_declared_on"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Taxed letting is not valid without this."))
        return data


class IndexingForm(LeaseForm):
    """How the rent follows the index."""

    indexing = forms.ChoiceField(label=gettext_lazy("Indexation"), choices=LeaseTerms.Indexing.choices)
    indexing_month = forms.TypedChoiceField(
        label=gettext_lazy("Every year on the first of"), required=False, coerce=int, empty_value=None,
        choices=[("", CHOOSE), *MONTHS.items()],
    )  # fmt: skip
    indexing_percentage = percentage(
        gettext_lazy("Fixed percentage"),
        required=False,
        help_text=gettext_lazy("Only for a fixed percentage."),
    )
    indexing_cap = percentage(
        gettext_lazy("At most (percent)"), required=False, help_text=gettext_lazy("Leave open: no maximum.")
    )
    pairs: ClassVar[Pairs] = (("indexing", "indexing_month"), ("indexing_percentage", "indexing_cap"))

    def clean(self) -> dict[str, Any]:
        """An indexed rent has its month, a fixed one its percentage."""
        data = super().clean() or {}
        kind = data.get("indexing")
        if kind != LeaseTerms.Indexing.NONE and not data.get("indexing_month"):
            self.add_error("indexing_month", _("In which month?"))
        if kind == LeaseTerms.Indexing.FIXED and not data.get("indexing_percentage"):
            self.add_error("indexing_percentage", _("Which percentage?"))
        return data


class AgreementsForm(LeaseForm):
    """How it is invoiced, and what is included."""

    invoicing = forms.ChoiceField(
        label=gettext_lazy("Invoiced in advance"), choices=LeaseTerms.Invoicing.choices
    )
    pro_rata = forms.ChoiceField(
        label=gettext_lazy("Part of a month is counted by"), choices=LeaseTerms.ProRata.choices
    )
    included_hours = PriceField(
        label=gettext_lazy("Included meeting hours a month"), min_value=0, max_digits=5, decimal_places=2,
        required=False,
    )  # fmt: skip
    pairs: ClassVar[Pairs] = (("invoicing", "pro_rata"),)


class AdvancesForm(LeaseForm):
    """What is paid in advance each month, for each type of service cost of the hub."""

    def build(self, answers: Mapping[str, Any]) -> None:
        """An amount for each type."""
        super().build(answers)
        known = {int(pk): value for pk, value in answers.get("advances") or []}
        self.types = list(ServiceType.objects.filter(hub=self.hub))
        for kind in self.types:
            self.fields[f"advance-{kind.pk}"] = amount(
                _("%(type)s per month excl. VAT (€)") % {"type": kind}, required=False,
                initial=known.get(kind.pk),
            )  # fmt: skip

    def advances(self) -> list[BoundField]:
        return [self[f"advance-{kind.pk}"] for kind in self.types]

    def clean(self) -> dict[str, Any]:
        """Left open is nothing."""
        data = super().clean() or {}
        data["advances"] = [[kind.pk, str(data.get(f"advance-{kind.pk}") or 0)] for kind in self.types]
        return data


class SecurityForm(LeaseForm):
    """A deposit or a guarantee of a bank."""

    pairs: ClassVar[Pairs] = (("security_kind", "security_amount"), ("received_on", "expires_on"))
    security_kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Security.Kind.choices)
    security_amount = amount(gettext_lazy("Amount (€)"), least=Decimal("0.01"))
    issuer = text(gettext_lazy("Issued by (bank)"), length=120, required=False)
    received_on = day(gettext_lazy("Received on"), required=False)
    expires_on = day(
        gettext_lazy("Valid until"), required=False, help_text=gettext_lazy("You get a letter in time.")
    )


class BreakForm(LeaseForm):
    """A way to end the lease before its term."""

    pairs: ClassVar[Pairs] = (("break_months", "break_whose"),)
    break_on = day(gettext_lazy("Last day when it ends early"))
    break_months = months(gettext_lazy("Notice so many months before"))
    break_whose = forms.ChoiceField(label=gettext_lazy("Who may do this?"), choices=BreakOption.Whose.choices)


def in_order(first: Any, last: Any) -> None:
    """Raise ValidationError when the last day is before the first."""
    if first and last and last < first:
        raise ValidationError(_("The last day is before the first. Exchange the two dates."))


def optional(form: forms.Form, *names: str) -> None:
    for name in names:
        form.fields[name].required = False
