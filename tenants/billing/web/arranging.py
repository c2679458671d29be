"""What is agreed about what is open: a pause, a dispute, a payment plan; and giving up."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from spaces import wording
from tenants.billing import paying
from tenants.billing.dunning import pausing, plans
from tenants.billing.locking import BooksLocked
from tenants.billing.models import CollectionPause, PaymentPlan
from tenants.billing.refusals import PayingRefused
from tenants.billing.web.arranging_forms import InstalmentsForm, PauseForm, PlanForm, WriteOffForm
from tenants.billing.web.deeds import REFUSED, done
from tenants.billing.web.open_items import receivable_of
from tenants.parties.models import Party
from tenants.parties.web.asking import HubRequest


def pause(request: HubRequest, pk: int) -> HttpResponse:
    """Leave a party alone for a while, or because it disputes something."""
    party, now = _party(request, pk), timezone.now()
    form = PauseForm(request.POST or None, party=party)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def deed() -> object:
            return pausing.pause(
                party, kind=data["kind"], receivable=data["receivable"], until=data["until"], reason=data["reason"],
                by=request.user, now=now,
            )  # fmt: skip

        if _did(form, deed):
            messages.success(request, _("Stored: no reminders about this."))
            return redirect("party-account", pk)
    return _shown(request, "billing/pause.html", {"form": form, "party": party})


def end_pause(request: HubRequest, pk: int) -> HttpResponse:
    """The ladder goes on."""
    rows = CollectionPause.objects.filter(party__hub=request.actor.hub).select_related("party__hub")
    row, now = get_object_or_404(rows, pk=pk), timezone.now()
    return done(
        request, lambda: pausing.end(row, now=now), words=_("Ended: reminders go on where they were."),
        to=reverse("party-account", args=[row.party_id]),
    )  # fmt: skip


def plan(request: HubRequest, pk: int) -> HttpResponse:
    """First what it is for and in how many parts; then the days and amounts; then it is agreed."""
    party, now = _party(request, pk), timezone.now()
    choose = PlanForm(request.GET if "aantal" in request.GET else None, party=party)
    chosen = choose.is_bound and choose.is_valid()
    form = InstalmentsForm(request.POST or None, parts=choose.proposed()) if chosen else None
    if request.method == "POST" and form and form.is_valid():

        def deed() -> object:
            return plans.agree(
                party, receivables=list(choose.cleaned_data["receivables"]), instalments=form.instalments(),
                note=form.cleaned_data["note"], by=request.user, now=now,
            )  # fmt: skip

        if _did(form, deed):
            messages.success(request, _("The payment plan is agreed. No reminders as long as it is kept."))
            return redirect("party-account", pk)
    return _shown(request, "billing/plan.html", {"choose": choose, "form": form, "party": party})


def end_plan(request: HubRequest, pk: int) -> HttpResponse:
    """The ladder goes on."""
    rows = PaymentPlan.objects.filter(hub=request.actor.hub).select_related("hub")
    row, now = get_object_or_404(rows, pk=pk), timezone.now()
    return done(
        request, lambda: plans.end(row, now=now),
        words=_("The payment plan is ended: reminders go on where they were."),
        to=reverse("party-account", args=[row.party_id]),
    )  # fmt: skip


def write_off(request: HubRequest, pk: int) -> HttpResponse:
    """Give up what is open of one receivable, for a reason."""
    row, now = receivable_of(request, pk), timezone.now()
    form = WriteOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        words = _("Written off: %(amount)s of %(number)s.")
        if _did(
            form,
            lambda: paying.write_off(row, reason=reason, on=timezone.localdate(), by=request.user, now=now),
        ):
            messages.success(request, words % {"amount": wording.euro(row.open_amount), "number": row.number})
            return redirect("party-account", row.party_id)
    return _shown(request, "billing/write_off.html", {"form": form, "row": row})


def _did(form: Any, deed: Callable[[], object]) -> bool:
    """Whether it was done; why not stands on the form."""
    try:
        deed()
    except (PayingRefused, BooksLocked) as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


def _shown(request: HubRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    form = context["form"]
    return render(request, template, context, status=REFUSED if form is not None and form.errors else 200)


def _party(request: HubRequest, pk: int) -> Party:
    return get_object_or_404(Party.objects.visible_to(request.actor).select_related("hub"), pk=pk)
