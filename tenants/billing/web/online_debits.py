"""Direct debits by mandates that were given online: what is on its way, what came back, and collecting it again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from spaces import wording
from tenants.billing.models import OnlinePayment
from tenants.billing.online import collecting, mandates_seen
from tenants.billing.online.refusals import OnlineRefused
from tenants.parties.models import Role
from tenants.parties.web.asking import HubRequest


def debits(request: HubRequest) -> HttpResponse:
    """All of them, what asks for a deed first."""
    hub, today = request.actor.hub, timezone.localdate()
    context = {
        "refused": mandates_seen.refused(hub),
        "too_large": mandates_seen.too_large(hub, today=collecting.first_day(hub, now=timezone.now())),
        "under_way": mandates_seen.under_way(request.actor),
        "done": mandates_seen.done(request.actor),
        "may": request.actor.has(Role.BOOKKEEPER),
        "today": today,
    }
    return render(request, "billing/online_debits.html", context)


def again(request: HubRequest, pk: UUID) -> HttpResponse:
    """Announce once more what came back."""
    rows = OnlinePayment.objects.visible_to(request.actor).filter(mandate__isnull=False)
    payment = get_object_or_404(rows.select_related("receivable__hub", "party__hub"), pk=pk)
    try:
        made = collecting.again(payment, by=request.user, now=timezone.now())
    except OnlineRefused as refusal:
        messages.error(request, refusal.message)
    else:
        words = _("It is collected on %(day)s; the party gets a letter about it.")
        day = wording.calendar_date(made.target_on) if made.target_on else ""
        messages.success(request, words % {"day": day})
    return redirect("online-debits")
