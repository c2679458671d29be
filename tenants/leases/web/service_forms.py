"""What the bookkeeper types about service costs: kinds, bills, meter readings."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spaces.models import Hub, Space
from spaces.web.fields import DayField, PriceField
from tenants.leases.models import ServiceType
from tenants.parties.web.typed import no_bsn


class TypeForm(forms.ModelForm):
    class Meta:
        model = ServiceType
        fields = ("name_nl", "name_en", "key", "vat", "vat_rate")
        widgets = {"key": forms.RadioSelect, "vat": forms.RadioSelect}
        help_texts = {
            "vat_rate": gettext_lazy("Only for a rate of its own: 21 or 9."),
            "key": gettext_lazy("By m²: what is empty is on the account of the hub."),
        }

    def clean(self) -> dict[str, Any]:
        """A rate goes with a rate of its own, and with nothing else."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        own = told.get("vat") == ServiceType.Vat.OWN
        if own and told.get("vat_rate") not in (21, 9):
            self.add_error("vat_rate", _("Fill in 21 or 9."))
        if not own:
            told["vat_rate"] = None
        return told


class Days(forms.Form):
    """A first and a last day."""

    starts_on = DayField(label=gettext_lazy("From"))
    ends_on = DayField(label=gettext_lazy("Up to and including"))

    def clean(self) -> dict[str, Any]:
        """In this order."""
        told = super().clean() or self.cleaned_data
        starts, ends = told.get("starts_on"), told.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The last day is before the first. Exchange the two dates."))
        return told


class BillForm(Days):
    type = forms.ModelChoiceField(ServiceType.objects.none(), label=gettext_lazy("Kind of costs"))
    supplier = forms.CharField(max_length=120, label=gettext_lazy("Supplier"), validators=[no_bsn])
    reference = forms.CharField(
        max_length=60, required=False, label=gettext_lazy("Number of the bill"), validators=[no_bsn]
    )
    net = PriceField(
        max_digits=11,
        decimal_places=2,
        label=gettext_lazy("Amount excl. VAT"),
        help_text=gettext_lazy("With a minus when the supplier gave something back."),
    )
    field_order = ("type", "supplier", "reference", "net", "starts_on", "ends_on")

    def __init__(self, *args: Any, hub: Hub, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].queryset = ServiceType.objects.filter(hub=hub)


class ReadingForm(Days):
    type = forms.ModelChoiceField(ServiceType.objects.none(), label=gettext_lazy("Kind of costs"))
    space = forms.ModelChoiceField(Space.objects.none(), label=gettext_lazy("Room"))
    quantity = PriceField(
        max_digits=12,
        decimal_places=3,
        min_value=0,
        label=gettext_lazy("Used"),
        help_text=gettext_lazy("What the meter counted over these days, for example 1250,5 kWh."),
    )
    field_order = ("type", "space", "quantity", "starts_on", "ends_on")

    def __init__(self, *args: Any, hub: Hub, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        metered = ServiceType.objects.filter(hub=hub, key=ServiceType.Key.METER)
        self.fields["type"].queryset = metered
        rooms = Space.objects.of_hub(hub).filter(lettable=True).order_by("code")
        self.fields["space"].queryset = rooms
