"""The director's import page: choose a workbook, look what it would do, confirm."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.leases.hub_import import telling, uploads
from tenants.leases.hub_import.plan import CHANGED, NEW, Plan
from tenants.leases.hub_import.refusals import HasErrors, ImportRefused, PlanChanged
from tenants.leases.models import Upload
from tenants.leases.web.forms import WorkbookForm
from tenants.parties.web.asking import HubRequest


def choose(request: HubRequest) -> HttpResponse:
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = uploads.keep(
            **form.told(), hub=request.actor.hub, user=request.actor.user, now=timezone.now()
        )
        return redirect("import-confirm", upload.pk)
    return render(request, "leases/import.html", {"form": form}, status=422 if form.errors else 200)


def confirm(request: HubRequest, pk: UUID) -> HttpResponse:
    now = timezone.now()
    upload = get_object_or_404(
        Upload.objects.visible_to(request.actor).workbooks().fresh(now=now).select_related("hub"), pk=pk
    )
    if request.method == "GET":
        return _shown(request, upload, uploads.look(upload, now=now))
    try:
        plan = uploads.confirm(upload, agreed=request.POST.get("plan", ""), now=now)
    except (HasErrors, PlanChanged) as refused:
        return _shown(request, upload, refused.plan, refused=refused)
    except ImportRefused as refused:
        return _shown(request, upload, uploads.look(upload, now=now), refused=refused)
    messages.success(request, _told(plan))
    return redirect("import")


def _shown(
    request: HubRequest, upload: Upload, plan: Plan, *, refused: ImportRefused | None = None
) -> HttpResponse:
    context = {"upload": upload, "plan": plan, "sections": telling.sections(plan), "refused": refused}
    return render(request, "leases/import_confirm.html", context, status=409 if refused else 200)


def _told(plan: Plan) -> str:
    if plan.changes_nothing:
        return _("The workbook was read. Everything was in Plein already.")
    counts = {"new": plan.count(NEW), "changed": plan.count(CHANGED)}
    return _("The workbook was read: %(new)d new, %(changed)d changed.") % counts
