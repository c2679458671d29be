"""What goes to a collection agency: the list, its papers, and that it has them."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from spaces.money import total
from tenants.billing import archiving
from tenants.billing.dunning import handing_over
from tenants.billing.dunning.refusals import DunningRefused
from tenants.billing.web.deeds import done
from tenants.parties.models import Role
from tenants.parties.web.asking import HubRequest


def handover(request: HubRequest) -> HttpResponse:
    """What can be handed over and what was; POST: the agency has what was ticked."""
    hub, now = request.actor.hub, timezone.now()
    if request.method == "POST":
        keys = _keys(request.POST.getlist("receivables"))
        return done(
            request, lambda: handing_over.hand_over(hub, keys, by=request.user, now=now),
            words=_("Stored: handed over. No more letters go out about it."), to=reverse("handover"),
        )  # fmt: skip
    ready = handing_over.ready(hub, today=timezone.localdate())
    context = {
        "ready": ready, "amount": total(item.open_amount for item in ready),
        "gone": handing_over.handed_over(hub, today=timezone.localdate()),
        "may": request.actor.has(Role.BOOKKEEPER),
    }  # fmt: skip
    return render(request, "billing/handover.html", context)


def handover_zip(request: HubRequest) -> HttpResponseBase:
    """The papers of what was ticked, also of what was handed over before."""
    hub, today = request.actor.hub, timezone.localdate()
    keys = _keys(request.GET.getlist("receivables"))
    found = [*handing_over.ready(hub, today=today), *handing_over.handed_over(hub, today=today)]
    chosen = [item for item in found if item.receivable.pk in keys]
    if not chosen:
        messages.error(request, _("Tick what the file is for."))
        return redirect("handover")
    try:
        spool = archiving.zipped(list(handing_over.file(chosen)))
    except DunningRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("handover")
    response = FileResponse(spool, as_attachment=True, filename=_("handover-%(day)s.zip") % {"day": today})
    response["Cache-Control"] = "no-store"
    return response


def _keys(given: list[str]) -> list[int]:
    return [int(each) for each in given if each.isascii() and each.isdigit() and len(each) < 10]
