"""Staff read in an outside calendar: choose a file, look what it would do, confirm; and what was read in before."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Min
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.calendar_import import pending, storing
from bookings.calendar_import.planning import Plan
from bookings.calendar_import.refusals import Busy, CalendarRefused, PlanChanged
from bookings.calendar_import.web.forms import CalendarForm
from bookings.models import ImportedEntry, PendingCalendar
from spaces.models import Space
from tenants.parties.web.asking import HubRequest

ON_A_PAGE = 50


def choose(request: HubRequest) -> HttpResponse:
    now = timezone.now()
    form = CalendarForm(request.POST or None, request.FILES or None, hub=request.actor.hub, now=now)
    if request.method == "POST" and form.is_valid():
        kept = pending.keep(**form.told(), user=request.actor.user, now=now)
        return redirect("calendar-import-check", kept.pk)
    coming = ImportedEntry.objects.visible_to(request.actor).coming(now=now)
    sources = coming.values("source").annotate(dates=Count("pk"), first=Min("starts_at")).order_by("source")
    names = dict(Space.objects.of_hub(request.actor.hub).values_list("code", "name"))
    rows = [row | {"name": names.get(row["source"], row["source"])} for row in sources]
    context = {"form": form, "sources": rows}
    return render(request, "bookings/calendar_import.html", context, status=422 if form.errors else 200)


def check(request: HubRequest, pk: UUID) -> HttpResponse:
    now = timezone.now()
    kept = get_object_or_404(pending.of(request.actor, now=now), pk=pk)
    if not kept.reading:
        messages.info(request, _("This calendar was read in already."))
        return redirect("calendar-import")
    if request.method == "GET":
        return _shown(request, kept, pending.look(kept, now=now))
    try:
        plan = pending.confirm(kept, agreed=request.POST.get("plan", ""), now=now)
    except PlanChanged as refused:
        return _shown(request, kept, refused.plan, refused=refused)
    except Busy as refused:
        return _shown(request, kept, pending.look(kept, now=now), refused=refused)
    messages.success(request, _told(plan))
    return redirect("calendar-entries", kept.space.code)


def entries(request: HubRequest, code: str) -> HttpResponse:
    space = get_object_or_404(Space.objects.of_hub(request.actor.hub), code=code)
    rows = ImportedEntry.objects.visible_to(request.actor).coming(now=timezone.now()).filter(source=code)
    page = Paginator(rows.select_related("space"), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "bookings/calendar_entries.html", {"space": space, "page_obj": page})


def remove(request: HubRequest, pk: int) -> HttpResponse:
    rows = ImportedEntry.objects.visible_to(request.actor).select_related("space")
    entry = get_object_or_404(rows, pk=pk)
    if request.method == "GET":
        return render(request, "bookings/calendar_entry_remove.html", {"entry": entry})
    storing.remove(entry)
    messages.success(
        request, _("Removed: %(title)s. Others can book this time now.") % {"title": entry.title}
    )
    day = timezone.localdate(entry.starts_at)
    return redirect(f"{reverse('desk')}?dag={day.isoformat()}")


def _shown(
    request: HubRequest, kept: PendingCalendar, plan: Plan, *, refused: CalendarRefused | None = None
) -> HttpResponse:
    context = {"kept": kept, "plan": plan, "refused": refused}
    return render(request, "bookings/calendar_check.html", context, status=409 if refused else 200)


def _told(plan: Plan) -> str:
    if plan.changes_nothing:
        return _("The calendar was read. Everything was in Plein already.")
    counts = plan.counts
    told = _("The calendar was read: %(new)d new, %(changed)d changed, %(gone)d withdrawn.") % {
        "new": counts["new"], "changed": counts["changed"], "gone": counts["gone"]}  # fmt: skip
    left = len(plan.left_out)
    if not left:
        return told
    more = ngettext("%(count)d date was left out.", "%(count)d dates were left out.", left) % {"count": left}
    return f"{told} {more}"
