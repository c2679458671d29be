"""Bills of service costs from a CSV file: choose, see what it would do, confirm."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.leases.settling import bill_file
from tenants.leases.settling.bill_file import Plan
from tenants.leases.settling.refusals import SettlingRefused
from tenants.leases.tabular import FileRefused
from tenants.leases.web.index_figures import CsvForm
from tenants.parties.web.asking import HubRequest

PAGE = "leases/service_bill_import.html"


def choose(request: HubRequest) -> HttpResponse:
    """The form; POST shows what a file would do, or enters it when that was agreed to."""
    if request.method == "POST" and "agreed" in request.POST:
        return _store(request)
    form = CsvForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, PAGE, {"form": form}, status=422 if form.errors else 200)
    text = form.cleaned_data["file"]
    try:
        plan = bill_file.look(text.encode(), hub=request.actor.hub)
    except FileRefused as refused:
        form.add_error("file", refused.message)
        return render(request, PAGE, {"form": form}, status=422)
    return _planned(request, plan, text)


def _store(request: HubRequest) -> HttpResponse:
    text, hub = request.POST.get("text", ""), request.actor.hub
    agreed = request.POST["agreed"]
    try:
        plan = bill_file.store(text.encode(), hub=hub, agreed=agreed, by=request.user, now=timezone.now())
    except SettlingRefused as refused:
        return _planned(request, bill_file.look(text.encode(), hub=hub), text, refused=refused)
    except FileRefused as refused:
        messages.error(request, refused.message)
        return redirect("service-bill-import")
    messages.success(request, _("Entered: %(count)d bills.") % {"count": len(plan.new)})
    return redirect("service-bills")


def _planned(
    request: HubRequest, plan: Plan, text: str, *, refused: SettlingRefused | None = None
) -> HttpResponse:
    context = {"plan": plan, "text": text, "refused": refused, "form": CsvForm()}
    return render(request, PAGE, context, status=409 if refused else 200)
