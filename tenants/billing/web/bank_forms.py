"""What a person says about money: a statement, whose a movement is, an account, a payment at the desk."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spaces import wording
from spaces.models import Hub
from spaces.web.fields import DayField, PriceField
from tenants.billing import mandates, paying
from tenants.billing.banking import explaining, xml
from tenants.billing.models import LedgerAccount, Payment, Receivable
from tenants.parties.models import Party, PartyState
from tenants.parties.web.fields import iban_field
from tenants.parties.web.typed import safe_text

MOST_CENTS = 11


class StatementForm(forms.Form):
    """A file of the bank; what is in it is judged by who reads it."""

    statement = forms.FileField(
        label=gettext_lazy("Bank statement (camt.053, .xml)"),
        help_text=gettext_lazy(
            "What is here already is not read in twice, so overlapping periods do no harm."
        ),
        error_messages={"required": gettext_lazy("Choose the bank statement (.xml).")},
        widget=forms.ClearableFileInput(attrs={"accept": ".xml"}),
    )

    def clean_statement(self) -> bytes:
        file: UploadedFile = self.cleaned_data["statement"]
        if (file.size or 0) > xml.MAX_BYTES:
            raise forms.ValidationError(
                _("This file is larger than 10 MB. Ask the bank for a shorter period.")
            )
        return bytes(file.read())


class PartyField(forms.ModelChoiceField):
    """One of the parties of a hub, by name."""

    def __init__(self, hub: Hub, **kwargs: Any) -> None:
        rows = Party.objects.of_hub(hub).exclude(state=PartyState.DECLINED).order_by("name")
        super().__init__(rows, label=_("Party"), empty_label=_("Choose a party"), **kwargs)


class OpenField(forms.ModelMultipleChoiceField):
    """What a party has still to pay: ticked what is paid."""

    def __init__(self, party: Party, **kwargs: Any) -> None:
        rows = Receivable.objects.filter(party=party).to_pay()
        super().__init__(rows, widget=forms.CheckboxSelectMultiple, required=False, **kwargs)

    def label_from_instance(self, row: Any) -> str:
        facts = {
            "number": row.number,
            "open": wording.euro(row.open_amount),
            "day": wording.calendar_date(row.due_on),
        }
        return _("%(number)s: %(open)s open, pay by %(day)s") % facts


class AccountField(forms.ModelChoiceField):
    """A ledger account, by number and name."""

    def label_from_instance(self, row: Any) -> str:
        return f"{row.code} {row}"


class ChooseParty(forms.Form):
    """First whose it is; then what it pays."""

    def __init__(self, *args: Any, hub: Hub, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partij"] = PartyField(hub)

    def chosen(self) -> Party | None:
        return self.cleaned_data["partij"] if self.is_bound and self.is_valid() else None


class AssignForm(forms.Form):
    """What a movement of the bank pays, by hand."""

    amount = PriceField(
        label=gettext_lazy("Amount"), max_digits=MOST_CENTS, decimal_places=2,
        help_text=gettext_lazy("Less than all of it, when the rest is somebody else's."),
    )  # fmt: skip

    def __init__(self, *args: Any, party: Party, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["receivables"] = OpenField(party, label=_("What it pays"))


class AccountForm(forms.Form):
    """On which ledger account a movement belongs that is no party's."""

    def __init__(self, *args: Any, hub: Hub, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = LedgerAccount.objects.filter(hub=hub).exclude(role__in=explaining.NOT_BY_HAND)
        self.fields["account"] = AccountField(
            rows, label=_("Ledger account"), empty_label=_("Choose an account")
        )


class TakeInForm(forms.Form):
    """Money that was received otherwise than by a bank statement."""

    amount = PriceField(label=gettext_lazy("Amount"), min_value=0, max_digits=MOST_CENTS, decimal_places=2)
    method = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=[(each.value, each.label) for each in paying.METHODS_BY_HAND],
        widget=forms.RadioSelect,
        initial=Payment.Method.PIN,
    )
    received_on = DayField(label=gettext_lazy("Received on"))
    reference = forms.CharField(
        label=gettext_lazy("Reference"), max_length=140, required=False, validators=[safe_text],
        help_text=gettext_lazy("For example the number of the receipt."),
    )  # fmt: skip
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, validators=[safe_text])

    def __init__(self, *args: Any, party: Party, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"key": uuid4().hex, "received_on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        self.fields["receivables"] = OpenField(party, label=_("What it pays"))
        self.order_fields(["receivables", "amount", "method", "received_on", "reference", "key"])

    def clean_received_on(self) -> Any:
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("That day is still to come."))
        return day


class MandateForm(forms.Form):
    """A mandate as it was signed."""

    reference = forms.CharField(
        label=gettext_lazy("Mandate reference"), max_length=35, validators=[safe_text]
    )
    signed_on = DayField(label=gettext_lazy("Signed on"))
    scheme = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[
            ("CORE", gettext_lazy("Core: for everybody; may be reversed for 8 weeks")),
            ("B2B", gettext_lazy("Business (B2B): the bank of the payer has to know it; no reversal")),
        ],
        widget=forms.RadioSelect,
        initial="CORE",
    )
    iban = iban_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["iban"].required = True

    def told(self) -> mandates.Mandate:
        data = self.cleaned_data
        return mandates.Mandate(data["reference"], data["signed_on"], data["scheme"], data["iban"])


class PaidOnForm(forms.Form):
    """On which day the bank did it."""

    paid_on = DayField(label=gettext_lazy("Paid on"))
