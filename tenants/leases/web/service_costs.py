"""Service costs: kinds, bills and meter readings."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.leases.models import MeterReading, ServiceCost, ServiceType, Settlement
from tenants.leases.settling import entering
from tenants.leases.settling.refusals import SettlingRefused
from tenants.leases.web.service_forms import BillForm, ReadingForm, TypeForm
from tenants.parties.models import Role
from tenants.parties.web.asking import HubRequest

A_PAGE = 50
YEARS_BACK = 3


def overview(request: HubRequest) -> HttpResponse:
    """The years with what was settled, and the ways to kinds, bills and readings."""
    hub, this_year = request.actor.hub, timezone.localdate().year
    settlements = {row.year: row for row in Settlement.objects.filter(hub=hub)}
    years = sorted({*settlements, *range(this_year - YEARS_BACK, this_year + 1)}, reverse=True)
    context = {
        "years": [(year, settlements.get(year)) for year in years],
        "this_year": this_year,
        "types": ServiceType.objects.filter(hub=hub),
        "count": ServiceCost.objects.filter(hub=hub).count(),
        "may_enter": request.actor.has(Role.BOOKKEEPER),
    }
    return render(request, "leases/service_costs.html", context)


def new_type(request: HubRequest) -> HttpResponse:
    return _typed(request, ServiceType(hub=request.actor.hub))


def change_type(request: HubRequest, pk: int) -> HttpResponse:
    return _typed(request, get_object_or_404(ServiceType, hub=request.actor.hub, pk=pk))


def _typed(request: HubRequest, kind: ServiceType) -> HttpResponse:
    form = TypeForm(request.POST or None, instance=kind)
    if request.method == "POST" and form.is_valid():
        others = ServiceType.objects.filter(hub=kind.hub, name_nl=form.cleaned_data["name_nl"])
        if not others.exclude(pk=kind.pk).exists():
            form.save()
            messages.success(request, _("Stored."))
            return redirect("service-costs")
        form.add_error("name_nl", _("There is a kind with this name already."))
    context = {"form": form, "kind": kind}
    return render(request, "leases/service_type.html", context, status=422 if form.errors else 200)


def bills(request: HubRequest) -> HttpResponse:
    """The bills, and a form for one more."""
    hub, form = request.actor.hub, None
    if request.actor.has(Role.BOOKKEEPER):
        form = BillForm(request.POST or None, hub=hub)
    if request.method == "POST" and form and form.is_valid():
        try:
            entering.add_bill(hub, by=request.user, now=timezone.now(), **form.cleaned_data)
        except SettlingRefused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("The bill has been entered."))
            return redirect("service-bills")
    rows = ServiceCost.objects.filter(hub=hub).select_related("type").order_by("-starts_on", "-pk")
    return _listed(request, "leases/service_bills.html", rows, form)


def remove_bill(request: HubRequest, pk: int) -> HttpResponse:
    cost = get_object_or_404(ServiceCost.objects.select_related("hub"), hub=request.actor.hub, pk=pk)
    try:
        entering.remove_bill(cost)
    except SettlingRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("The bill has been taken away."))
    return redirect("service-bills")


def readings(request: HubRequest) -> HttpResponse:
    """The meter readings, and a form for one more."""
    hub, form = request.actor.hub, None
    if request.actor.has(Role.BOOKKEEPER):
        form = ReadingForm(request.POST or None, hub=hub)
    if request.method == "POST" and form and form.is_valid():
        told = {**form.cleaned_data}
        try:
            entering.add_reading(told.pop("type"), by=request.user, now=timezone.now(), **told)
        except SettlingRefused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _("The reading has been entered."))
            return redirect("service-readings")
    rows = MeterReading.objects.filter(type__hub=hub).select_related("type", "space")
    return _listed(request, "leases/service_readings.html", rows.order_by("-starts_on", "-pk"), form)


def remove_reading(request: HubRequest, pk: int) -> HttpResponse:
    rows = MeterReading.objects.select_related("type__hub")
    reading = get_object_or_404(rows, type__hub=request.actor.hub, pk=pk)
    try:
        entering.remove_reading(reading)
    except SettlingRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("The reading has been taken away."))
    return redirect("service-readings")


def _listed(
    request: HubRequest, template: str, rows: QuerySet, form: BillForm | ReadingForm | None
) -> HttpResponse:
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "form": form, "settled": entering.settled_years(request.actor.hub)}
    status = 422 if form is not None and form.errors else 200
    return render(request, template, context, status=status)
