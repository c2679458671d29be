"""What can be done online here, and how the line to Stripe stands: set by the director or the bookkeeper."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spaces.web.fields import PriceField
from tenants.billing.models import OnlineMethod, OnlineSettings
from tenants.billing.online import clearing_tests, settings, watching
from tenants.billing.online.settings import Choice, SettingsRefused, Share
from tenants.billing.web.deeds import REFUSED, done
from tenants.parties import mailing
from tenants.parties.models import Role
from tenants.parties.web.asking import HubRequest


class OnlineForm(forms.ModelForm):
    """The settings of the hub, and the share that each rate group pays when booking."""

    methods = forms.MultipleChoiceField(
        label=gettext_lazy("Ways to pay"), choices=OnlineMethod.choices, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Only what is also turned on at Stripe is shown to who pays."),
    )  # fmt: skip
    pay_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes that a room is kept while somebody pays"), min_value=30, max_value=1430,
        help_text=gettext_lazy("At least 30: Stripe closes no page sooner."),
    )  # fmt: skip
    debit_limit = PriceField(
        label=gettext_lazy("Most that is collected at once (€)"), max_digits=9, decimal_places=2, localize=True,
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text=gettext_lazy(
            "At most 10,000 euros. Above it we ask the tenant to transfer the money. A new account at Stripe may"
            " collect less in a week; Stripe tells how much."
        ),
    )  # fmt: skip

    class Meta:
        model = OnlineSettings
        fields = ["takes_payments", "methods", "pay_minutes", "collects", "debit_limit"]
        labels = {
            "takes_payments": gettext_lazy("People can pay bookings and invoices online"),
            "collects": gettext_lazy("Tenants can have their invoices collected"),
        }

    def __init__(self, *args: Any, shares: list[Share], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = [share.group.pk for share in shares]
        for share in shares:
            same = share.low == share.high
            self.fields[f"share-{share.group.pk}"] = forms.IntegerField(
                label=_("%(group)s: share to pay when booking (%%)") % {"group": capfirst(str(share.group))},
                min_value=0, max_value=100, required=same, initial=share.low if same else None,
                help_text="" if same else _("Now %(low)s to %(high)s %% by room; empty leaves it so.")
                % {"low": share.low, "high": share.high},
            )  # fmt: skip

    def choice(self) -> Choice:
        data = self.cleaned_data
        own = {name: data[name] for name in self._meta.fields or ()}
        asked = {group: data[f"share-{group}"] for group in self.groups}
        return Choice(**own, shares={group: share for group, share in asked.items() if share is not None})


def online_settings(request: HubRequest) -> HttpResponse:
    """Look at the line to Stripe, and choose what people can do online."""
    hub = request.actor.hub
    form = OnlineForm(request.POST or None, instance=settings.of(hub), shares=settings.shares(hub))
    if request.method == "POST" and form.is_valid():
        try:
            settings.change(hub, form.choice())
        except SettingsRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved. It counts for what is begun from now on."))
            return redirect("online-settings")
    context = {
        "form": form, "line": watching.line(now=timezone.now()), "tests": clearing_tests.standing(hub),
        "may_take_back": request.actor.has(Role.BOOKKEEPER), "webhook": mailing.link("/stripe/webhook"),
    }  # fmt: skip
    return render(request, "billing/online_settings.html", context, status=REFUSED if form.errors else 200)


def take_tests_back(request: HubRequest) -> HttpResponse:
    """Shows first how many and how much; then every test payment at once. Pressed twice it is done once."""
    if request.method != "POST":
        context = {"tests": clearing_tests.standing(request.actor.hub)}
        return render(request, "billing/online_tests_take_back.html", context)
    return done(
        request,
        lambda: clearing_tests.take_back(
            request.actor.hub, reason=_("It was a test"), by=request.user, now=timezone.now()
        ),
        words=_("The test payments are taken back. What they paid is open again."),
        to=reverse("online-settings"),
    )
