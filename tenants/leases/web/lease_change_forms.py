"""The form of each change of a lease, by deed, with what it is filled in with: the lease as it is."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from tenants.leases import sharing
from tenants.leases.contracts import changing_terms, standing
from tenants.leases.models import Lease, LeaseTerms
from tenants.leases.web import lease_forms
from tenants.leases.web.lease_fields import FromForm, LeaseForm, Pairs, day, percentage
from tenants.parties.web.forms import text

AGREED = [
    (LeaseTerms.Kind.AMENDED.value, gettext_lazy("no, it is agreed now")),
    (LeaseTerms.Kind.STEP.value, gettext_lazy("yes, a step in the rent that was agreed before")),
]


class PriceChange(lease_forms.PriceForm, FromForm):
    agreed = forms.ChoiceField(label=gettext_lazy("Agreed ahead?"), choices=AGREED)


class RoomsChange(lease_forms.RoomsForm, FromForm):
    """Which rooms from a day on; the rent follows the m² unless it is answered too."""

    amount = lease_forms.amount(
        gettext_lazy("New rent for all rooms together, excl. VAT (€)"), required=False,
        help_text=gettext_lazy("Leave open: the m² that differ count at the price per m² of now."),
    )  # fmt: skip
    per = forms.ChoiceField(label=gettext_lazy("The rent is"), choices=lease_forms.PER, required=False)
    pairs: ClassVar[Pairs] = (("amount", "per"),)


class PayersChange(lease_forms.PayersForm, FromForm):
    pass


class DiscountChange(FromForm):
    last = day(gettext_lazy("Up to and including"))
    percentage = percentage(
        gettext_lazy("Discount in percent"),
        help_text=gettext_lazy("100 is rent-free. The rent itself stays."),
    )
    pairs: ClassVar[Pairs] = (("starts_on", "last"),)

    def clean(self) -> dict[str, Any]:
        """In order of time."""
        data = super().clean() or {}
        lease_forms.in_order(data.get("starts_on"), data.get("last"))
        return data


class StopForm(FromForm):
    row = forms.IntegerField(widget=forms.HiddenInput)


class AdvancesChange(lease_forms.AdvancesForm, FromForm):
    pass


class VatChange(lease_forms.VatForm, FromForm):
    pass


class IndexingChange(lease_forms.IndexingForm, FromForm):
    pass


class AgreementsChange(lease_forms.AgreementsForm, FromForm):
    pass


class NoticeChange(lease_forms.NoticeForm, FromForm):
    pass


class RowForm(LeaseForm):
    row = forms.IntegerField(widget=forms.HiddenInput)


class SecurityDates(RowForm):
    """What became of a deposit or guarantee."""

    issuer = text(gettext_lazy("Issued by (bank)"), length=120, required=False)
    received_on = day(gettext_lazy("Received on"), required=False)
    expires_on = day(gettext_lazy("Valid until"), required=False)
    returned_on = day(gettext_lazy("Given back on"), required=False)
    pairs: ClassVar[Pairs] = (("received_on", "expires_on"),)


class RenewForm(lease_forms.PriceForm):
    """A later last day, and another rent when it is answered."""

    last = day(
        gettext_lazy("New last day"), required=False, help_text=gettext_lazy("Leave open: no end agreed.")
    )
    why = text(gettext_lazy("Why?"), length=120, required=False)
    field_order = ("last",)

    def build(self, answers: Any) -> None:
        """The rent may stay as it is."""
        lease_forms.optional(self, "amount", "per", "leading")
        self.fields["amount"].help_text = str(gettext_lazy("Leave open: the rent stays as it is."))


class EndForm(LeaseForm):
    last = day(gettext_lazy("Last day of the lease"))
    why = text(gettext_lazy("Why?"), length=120, required=False)


FORMS: dict[str, type[LeaseForm]] = {
    "price": PriceChange,
    "rooms": RoomsChange,
    "payers": PayersChange,
    "discount": DiscountChange,
    "stop_discount": StopForm,
    "advances": AdvancesChange,
    "vat": VatChange,
    "indexing": IndexingChange,
    "agreements": AgreementsChange,
    "notice": NoticeChange,
    "add_break": lease_forms.BreakForm,
    "drop_break": RowForm,
    "security": lease_forms.SecurityForm,
    "security_dates": SecurityDates,
    "renew": RenewForm,
    "end": EndForm,
}
_TERMS = (
    "leading", "vat_treatment", *changing_terms.OPTION, "indexing", "indexing_month", "indexing_percentage",
    "indexing_cap", "invoicing", "pro_rata", "included_hours", "notice_months",
)  # fmt: skip


def as_it_is(lease: Lease, deed: str, *, on: date, row: int = 0) -> dict[str, Any]:
    """What a form is filled in with: the lease (read with everything) on a day. The rent itself is asked anew."""
    terms = standing.terms_of(lease, on)
    held = [line for line in lease.lines.all() if line.ends_on is None or line.ends_on >= on]
    answers: dict[str, Any] = {name: getattr(terms, name) for name in _TERMS} if terms else {}
    answers |= {
        "row": row,
        "per": changing_terms.YEAR,
        "option_declared_on": terms.option_declared_on if terms else None,
        "rooms": [[line.space_id, line.area_m2] for line in held if (line.starts_on or on) <= on],
        "payers": [[party.pk, str(part)] for party, part in sharing.payers(lease, on)],
        "advances": [
            [each.type_id, each.per_month]
            for each in lease.advances.all()
            if each.starts_on <= on and (each.ends_on is None or each.ends_on >= on)
        ],
    }
    if deed == "price" and terms:
        answers["amount"] = terms.yearly
    if deed == "security_dates":
        answers |= _security(lease, row)
    return answers


def _security(lease: Lease, row: int) -> dict[str, Any]:
    names = ("issuer", "received_on", "expires_on", "returned_on")
    return {name: getattr(each, name) for each in lease.securities.all() if each.pk == row for name in names}
