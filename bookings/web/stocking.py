"""The pages on which staff keep the extras: what there is, what it costs, and how many pieces are lent."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings import stocking
from spaces.models import Extra
from spaces.money import VatTreatment
from tenants.parties.web.asking import HubRequest

REFUSED = 422
VAT_RATES = [(21, "21 %"), (9, "9 %"), (0, "0 %")]
LONGEST_LEAD = 14 * 24


class ExtraForm(forms.ModelForm):
    """An extra; its lead time in hours."""

    vat_rate = forms.TypedChoiceField(label=gettext_lazy("VAT"), choices=VAT_RATES, coerce=Decimal)
    lead_hours = forms.IntegerField(
        label=gettext_lazy("Order at least so many hours before"), min_value=0, max_value=LONGEST_LEAD, initial=0,
        help_text=gettext_lazy("From then on it is paid, also when the booking is cancelled."),
    )  # fmt: skip
    number = forms.IntegerField(
        label=gettext_lazy("Number of pieces to lend"), min_value=0, max_value=stocking.MOST_PIECES, initial=0,
        help_text=gettext_lazy("0 for what is served, like coffee."),
    )  # fmt: skip

    class Meta:
        model = Extra
        fields = ["name_nl", "name_en", "per", "price", "vat_rate", "vat_reason", "offered", "spaces"]
        localized_fields = ("price",)
        widgets = {"spaces": forms.CheckboxSelectMultiple}
        labels = {
            "per": gettext_lazy("Counted"),
            "price": gettext_lazy("Price excl. VAT"),
            "vat_reason": gettext_lazy("Reason for this VAT"),
            "offered": gettext_lazy("Can be booked"),
            "spaces": gettext_lazy("In these rooms"),
        }
        help_texts = {"spaces": gettext_lazy("None chosen: in every room for meeting.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        extra = self.instance
        self.fields["price"].widget.attrs["inputmode"] = "decimal"
        rooms = extra.hub.spaces.filter(bookable=True).select_related("floor")
        self.fields["spaces"].queryset = rooms
        if extra.pk:
            pieces = extra.pieces.count()
            self.initial.update(
                {
                    "vat_rate": int(extra.vat_rate),
                    "lead_hours": extra.lead_minutes // 60,
                    "number": pieces,
                }
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("price") is not None and data["price"] < 0:
            self.add_error("price", _("A price is never less than nothing."))
        if not self.instance.pk and data.get("name_nl"):
            self.instance.code = slugify(data["name_nl"])[:50] or "extra"
            if self.instance.hub.extras.filter(code=self.instance.code).exists():
                self.add_error("name_nl", _("There is an extra of this name already."))
        return data

    def keep(self) -> None:
        """Store it. Raises PieceInUse."""
        extra, data = self.instance, self.cleaned_data
        extra.lead_minutes = data["lead_hours"] * 60
        extra.vat_treatment = VatTreatment.SERVICE_OWN
        stocking.keep(extra, pieces=data["number"])
        extra.spaces.set(data["spaces"])


def extras(request: HubRequest) -> HttpResponse:
    rows = Extra.objects.filter(hub=request.actor.hub).order_by("name_nl").annotate(number=Count("pieces"))
    return render(request, "bookings/extras.html", {"extras": rows})


def new(request: HubRequest) -> HttpResponse:
    return _edit(request, Extra(hub=request.actor.hub))


def extra(request: HubRequest, code: str) -> HttpResponse:
    rows = Extra.objects.filter(hub=request.actor.hub).select_related("hub")
    return _edit(request, get_object_or_404(rows, code=code))


def _edit(request: HubRequest, row: Extra) -> HttpResponse:
    form = ExtraForm(request.POST or None, instance=row)
    if form.is_bound and form.is_valid():
        try:
            form.keep()
            messages.success(request, _("Saved. What was booked before stays as it was."))
            return redirect("extras")
        except stocking.PieceInUse as refused:
            form.add_error("number", refused.message)
    context = {"form": form, "extra": row}
    return render(request, "bookings/extra.html", context, status=REFUSED if form.errors else 200)
