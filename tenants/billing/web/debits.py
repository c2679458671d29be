"""Direct debits: what is due, batches with their file for the bank, and mandates."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spaces.money import total
from spaces.web.fields import DayField
from tenants.billing import debit_files, debiting, mandates
from tenants.billing.locking import BooksLocked
from tenants.billing.models import DebitBatch
from tenants.billing.online import mandates_seen, settings
from tenants.billing.refusals import PayingRefused
from tenants.billing.web.bank_forms import MandateForm
from tenants.billing.web.deeds import REFUSED, done
from tenants.parties.models import Party, Role
from tenants.parties.web.asking import HubRequest

SCHEMES = [("CORE", gettext_lazy("Core")), ("B2B", gettext_lazy("Business (B2B)"))]


class WhenForm(forms.Form):
    """On which day is collected, and under which scheme."""

    op = DayField(label=gettext_lazy("Collect on"))
    soort = forms.ChoiceField(label=gettext_lazy("Kind"), choices=SCHEMES, initial="CORE")


def debits(request: HubRequest) -> HttpResponse:
    """What is due on a day, and the batches there are."""
    hub, now = request.actor.hub, timezone.now()
    first = debiting.first_day_for(hub, now=now)
    form = WhenForm(request.GET if "op" in request.GET else {"op": f"{first:%Y-%m-%d}", "soort": "CORE"})
    on, scheme = (form.cleaned_data["op"], form.cleaned_data["soort"]) if form.is_valid() else (first, "CORE")
    due = debiting.due(hub, collect_on=on, scheme=scheme, today=timezone.localdate())
    context = {
        "form": form, "on": on, "scheme": scheme, "due": due, "first": first,
        "amount": total(each.receivable.open_amount for each in due),
        "batches": DebitBatch.objects.visible_to(request.actor).prefetch_related("debits")[:50],
        "without": mandates.without(hub), "may": request.actor.has(Role.BOOKKEEPER),
        "collects_online": settings.collects(hub),
    }  # fmt: skip
    return render(request, "billing/debits.html", context)


def make(request: HubRequest) -> HttpResponse:
    """Make a batch of what was ticked, and announce it."""
    form = WhenForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a day to collect on."))
        return redirect("debits")
    on, scheme, now = form.cleaned_data["op"], form.cleaned_data["soort"], timezone.now()
    try:
        made = debiting.make(
            request.actor.hub,
            collect_on=on,
            scheme=scheme,
            receivables=_ticked(request),
            by=request.user,
            now=now,
        )
    except (PayingRefused, BooksLocked) as refusal:
        messages.error(request, refusal.message)
        return redirect(f"{reverse('debits')}?op={on}&soort={scheme}")
    messages.success(request, _("The batch is made, and the parties get a letter about it."))
    return redirect("debit-batch", made.pk)


def batch(request: HubRequest, pk: int) -> HttpResponse:
    """One batch: its debits, its file, and what can be done with it."""
    row = _batch(request, pk)
    rows = list(row.debits.select_related("party", "receivable").order_by("party__name", "pk"))
    context = {
        "batch": row, "debits": rows, "amount": total(each.amount for each in rows),
        "silent": [each.party for each in rows if not each.party.email], "may": request.actor.has(Role.BOOKKEEPER),
    }  # fmt: skip
    return render(request, "billing/debit_batch.html", context)


def file(request: HubRequest, pk: int) -> HttpResponse:
    """The file for the bank."""
    row = _batch(request, pk)
    try:
        content = debit_files.written(row)
    except debiting.DebitRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("debit-batch", pk)
    response = HttpResponse(content, content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="{debit_files.file_name(row)}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def sent(request: HubRequest, pk: int) -> HttpResponse:
    """The bank has it."""
    row, now = _batch(request, pk), timezone.now()
    return done(
        request, lambda: debiting.hand_over(row, now=now),
        words=_("The bank has it. What is collected comes back on the bank statement."), to=_to(row),
    )  # fmt: skip


def drop(request: HubRequest, pk: int) -> HttpResponse:
    """It is not collected after all."""
    row, now = _batch(request, pk), timezone.now()
    return done(
        request, lambda: debiting.drop(row, now=now),
        words=_("Dropped. Nothing is collected; who was told gets a letter."), to=_to(row),
    )  # fmt: skip


def mandate_list(request: HubRequest) -> HttpResponse:
    """Who signed a mandate, and who should."""
    hub = request.actor.hub
    context = {
        "payers": mandates.payers(hub),
        "without": mandates.without(hub),
        "given": mandates_seen.given(request.actor),
        "may": request.actor.has(Role.BOOKKEEPER),
    }
    others = Party.objects.visible_to(request.actor).active().order_by("name")
    return render(request, "billing/mandates.html", context | {"others": others})


def mandate(request: HubRequest, pk: int) -> HttpResponse:
    """Enter what a party signed."""
    party = _party(request, pk)
    form = MandateForm(request.POST or None, initial=_known(party))
    if request.method == "POST" and form.is_valid():
        try:
            mandates.enter(party, form.told(), today=timezone.localdate())
        except mandates.MandateRefused as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("The mandate of %(party)s has been saved.") % {"party": party.name})
            return redirect("mandates")
    context: dict[str, Any] = {"form": form, "party": party}
    return render(request, "billing/mandate.html", context, status=REFUSED if form.errors else 200)


def revoke(request: HubRequest, pk: int) -> HttpResponse:
    """A mandate was withdrawn."""
    party = _party(request, pk)
    words = _("The mandate of %(party)s is withdrawn. Nothing is collected any more.") % {"party": party.name}
    return done(request, lambda: mandates.revoke(party), words=words, to=reverse("mandates"))


def _ticked(request: HubRequest) -> list[int]:
    typed = request.POST.getlist("receivables")
    return [int(each) for each in typed if each.isascii() and each.isdigit() and len(each) < 10]


def _party(request: HubRequest, pk: int) -> Party:
    return get_object_or_404(Party.objects.visible_to(request.actor).active(), pk=pk)


def _known(party: Party) -> dict[str, str | date | None]:
    return {
        "reference": party.mandate_reference, "signed_on": party.mandate_signed_on,
        "scheme": party.mandate_scheme or "CORE", "iban": party.iban,
    }  # fmt: skip


def _batch(request: HubRequest, pk: int) -> DebitBatch:
    return get_object_or_404(DebitBatch.objects.visible_to(request.actor).select_related("hub"), pk=pk)


def _to(row: DebitBatch) -> str:
    return reverse("debit-batch", args=[row.pk])
