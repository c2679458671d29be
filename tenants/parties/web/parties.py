"""Staff look up a party and complete what its invoices have to say."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.parties import people
from tenants.parties.models import Party
from tenants.parties.people import PeopleRefused
from tenants.parties.web.asking import HubRequest
from tenants.parties.web.forms import FilterForm, PartyForm, email, text

PER_PAGE = 50
PARTS = [("", gettext_lazy("All")), ("address", gettext_lazy("Address missing"))]


class PartyFilter(FilterForm):
    part = forms.ChoiceField(choices=PARTS, required=False)
    q = forms.CharField(max_length=100, required=False)


class InvoiceDetailsForm(PartyForm):
    """What staff may change: what stands on an invoice and where it goes, nothing that is the party's own to tell."""

    name = text(gettext_lazy("Name"), length=160)
    email = email(
        gettext_lazy("E-mail address for letters and invoices"), autocomplete="off", required=False,
        help_text=gettext_lazy("Without one, invoices are printed and posted."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=gettext_lazy("Language of letters and invoices"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
    )
    purchase_reference = text(
        gettext_lazy("Purchase reference"), length=60, required=False,
        help_text=gettext_lazy("What the party wants to see on each invoice, for example an order number."),
    )  # fmt: skip

    class Meta:
        model = Party
        fields = (
            "name", "contact_name", "email", "phone", "street", "postal_code", "city", "kvk", "vat_id", "language",
            "purchase_reference", "shows_name",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {name: self.fields[name] for name in self.Meta.fields}


def parties(request: HubRequest) -> HttpResponse:
    """All parties of the hub that may book, by name."""
    told = PartyFilter(request.GET).told()
    rows = Party.objects.visible_to(request.actor).active().named_like(told.get("q", ""))
    if told.get("part"):
        rows = rows.without_address()
    page = Paginator(rows.order_by("name", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "parts": PARTS, "part": told.get("part", ""), "q": told.get("q", "")}
    return render(request, "parties/parties.html", context)


def party(
    request: HubRequest,
    pk: int,
    *,
    template: str = "parties/invoice_details.html",
    beside: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """See and change what the invoices of a party say; the floors above add what they know `beside` it."""
    chosen = get_object_or_404(Party.objects.visible_to(request.actor).active(), pk=pk)
    name, form = chosen.name, InvoiceDetailsForm(request.POST or None, instance=chosen)
    if request.method == "POST" and form.is_valid():
        try:
            people.change_party(chosen, told=form.cleaned_data)
        except PeopleRefused as refusal:
            form.add_error("kvk", refusal.message)
        else:
            messages.success(request, _("The details have been saved."))
            return redirect("parties")
    context = {"form": form, "name": name, **(beside or {})}
    return render(request, template, context, status=422 if form.errors else 200)
