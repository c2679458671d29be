"""The ladder of the hub, and the table of statutory interest."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spaces.web.fields import PriceField
from tenants.billing.dunning import ladder, rates
from tenants.billing.dunning.ladder import MAY_BE_OFF, Rung
from tenants.billing.dunning.refusals import DunningRefused
from tenants.billing.models import DunningStep, InterestRate
from tenants.billing.web.deeds import REFUSED
from tenants.parties.models import Role
from tenants.parties.web.asking import HubRequest


class LadderForm(forms.Form):
    """The days of each step, and whether it is used."""

    def __init__(self, *args: Any, steps: list[Rung], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = [rung.kind for rung in steps]
        for rung in steps:
            name = capfirst(DunningStep.Kind(rung.kind).label)
            self.fields[f"days-{rung.kind}"] = forms.IntegerField(
                label=_("%(step)s: days after the due date") % {"step": name}, min_value=-30, max_value=365,
                initial=rung.days,
            )  # fmt: skip
            if rung.kind in MAY_BE_OFF:
                self.fields[f"active-{rung.kind}"] = forms.BooleanField(
                    label=_("Send this letter too: %(step)s") % {"step": name},
                    required=False,
                    initial=rung.active,
                )

    def steps(self) -> list[Rung]:
        data = self.cleaned_data
        return [Rung(kind, data[f"days-{kind}"], data.get(f"active-{kind}", True)) for kind in self.kinds]


class RateForm(forms.ModelForm):
    """One half-year's rate."""

    percentage = PriceField(label=gettext_lazy("Percent a year"), min_value=0, max_digits=5, decimal_places=2)

    class Meta:
        model = InterestRate
        fields = ["starts_on", "ends_on", "percentage", "source"]
        labels = {"source": gettext_lazy("Where it was published")}
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }


def ladder_page(request: HubRequest) -> HttpResponse:
    """Look at the ladder; the bookkeeper changes it."""
    steps = ladder.rungs(request.actor.hub)
    form = LadderForm(request.POST or None, steps=steps)
    if request.method == "POST" and form.is_valid():
        try:
            ladder.change(request.actor.hub, form.steps())
        except DunningRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The steps are stored. They count from today on."))
            return redirect("dunning-ladder")
    context = {
        "form": form, "formal_days": ladder.FORMAL_DAYS, "may": request.actor.has(Role.BOOKKEEPER),
        "steps": [(DunningStep.Kind(rung.kind).label, rung) for rung in steps],
    }  # fmt: skip
    return render(request, "billing/dunning_ladder.html", context, status=REFUSED if form.errors else 200)


def rates_page(request: HubRequest) -> HttpResponse:
    """The table of statutory interest."""
    context = {"rates": rates.table(), "may": request.actor.has(Role.BOOKKEEPER)}
    return render(request, "billing/interest_rates.html", context)


def new_rate(request: HubRequest) -> HttpResponse:
    """Enter the rate of the next half-year."""
    return _edit(request, rates.next_empty())


def rate(request: HubRequest, pk: int) -> HttpResponse:
    """Put one rate right; what was charged already stays as it is."""
    return _edit(request, get_object_or_404(InterestRate.objects.filter(kind=rates.TRADE), pk=pk))


def _edit(request: HubRequest, row: InterestRate) -> HttpResponse:
    form = RateForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            rates.store(form.instance)
        except DunningRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The rate is stored."))
            return redirect("interest-rates")
    return render(
        request,
        "billing/interest_rate.html",
        {"form": form, "row": row},
        status=REFUSED if form.errors else 200,
    )
