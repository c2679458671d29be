"""One series: its dates, and changing or stopping it from a date on, with every consequence first."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import repeating_answering, repeating_change, repeating_doing
from bookings.models import Series
from bookings.refusals import BookingRefused
from bookings.repeating import STANDING, Agreed
from bookings.repeating_change import Change
from bookings.repeating_plan import Wish
from bookings.repeating_refusals import PlanChanged, SeriesEnded
from bookings.states import BookingState
from bookings.web.booking import REFUSED, TAKEN
from bookings.web.repeat import choices_of
from bookings.web.repeat_forms import ChangeForm, SeenForm, first_day, initial_of
from bookings.web.repeat_rows import change_rows
from spaces.patterns import Pattern
from spaces.web import typed
from tenants.parties.models import Role
from tenants.parties.tasks import nudge

PAGE = 60


def series(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The dates to come (or, with ?deel=alles, all of them), and what can be done."""
    row, now = _series(request, pk), timezone.now()
    part = request.GET.get("deel", "")
    dates = row.bookings.select_related("space", "hub").order_by("starts_at")
    if part != "alles":
        dates = dates.filter(ends_at__gt=now, state__in=STANDING)
    coming = row.bookings.filter(state__in=STANDING, starts_at__gt=now)
    context = {
        "series": row,
        "part": part,
        "page": Paginator(dates, PAGE).get_page(request.GET.get("page", "")[:6]),
        "waiting": coming.filter(state=BookingState.REQUESTED).count(),
        "may_change": coming.exists(),
        "now": now,
        "just_booked": "geboekt" in request.GET,
        "is_decider": request.actor.has(Role.DIRECTOR, Role.RECEPTION),
    }
    return render(request, "bookings/series.html", context)


def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """/reeks/<uuid>/wijzig?deel=2026-12-08: this and following; without `deel` all that can still be changed."""
    row = _series(request, pk)
    cut = _cut(request, row)
    asked = request.POST if request.method == "POST" else request.GET
    form = _form(row, cut, asked if "herhaal" in asked else None)
    if not form.is_bound or not form.is_valid():
        return _page(request, row, cut, form, status=REFUSED if form.is_bound else 200)
    try:
        return _change(request, row, cut, form)
    except PlanChanged as changed:
        return _page(request, row, cut, form, plan=changed.plan, refusal=changed.message, status=TAKEN)
    except BookingRefused as refused:
        return _page(request, row, cut, form, refusal=refused.message, status=REFUSED)


def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """No dates from a day on: what it costs first."""
    row = _series(request, pk)
    cut, refusal = _cut(request, row), ""
    try:
        if request.method == "POST":
            return _stop(request, row, cut)
        plan = repeating_change.plan_stop(row, cut=cut, now=timezone.now())
    except PlanChanged as changed:
        plan, refusal = changed.plan, changed.message
    except BookingRefused as refused:
        return _refused(request, row, refused)
    rows = change_rows(plan, actor=request.actor)
    context = {"series": row, "cut": cut, "plan": plan, "refusal": refusal, "rows": rows}
    return render(request, "bookings/series_stop.html", context, status=TAKEN if refusal else 200)


def _stop(request: HttpRequest, row: Series, cut: date) -> HttpResponse:
    agreed = _agreed(SeenForm(request.POST))
    repeating_doing.stop(row, cut=cut, agreed=agreed, by=request.actor.user, now=timezone.now())
    nudge()
    messages.success(request, _("The series has been stopped. A letter tells which dates have gone."))
    return redirect("series", row.pk)


def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Staff say yes or no to all dates that wait."""
    row, now = _series(request, pk), timezone.now()
    try:
        if request.POST.get("antwoord") == "ja":
            number = repeating_answering.approve(row, by=request.actor.user, now=now)
        else:
            number = repeating_answering.decline(row, reason=request.POST.get("reden", "")[:300], now=now)
        messages.success(request, _("%(number)s dates have been answered.") % {"number": number})
    except BookingRefused as refused:
        messages.warning(request, refused.message)
    nudge()
    return redirect("series", row.pk)


def _series(request: HttpRequest, pk: UUID) -> Series:
    visible = Series.objects.visible_to(request.actor).with_everything()
    row: Series = get_object_or_404(visible, pk=pk)
    return row


def _cut(request: HttpRequest, row: Series) -> date:
    """From which date on: the one that was chosen, else the first that can still be changed."""
    asked = request.POST.get("deel") or request.GET.get("deel", "")
    chosen = typed.day(asked[: typed.MOST], today=timezone.localdate()) if asked else None
    return chosen or repeating_change.first_open(row, now=timezone.now()) or timezone.localdate()


def _form(row: Series, cut: date, data: Any) -> ChangeForm:
    starts, ends = (moment.astimezone(row.hub.zone).time() for moment in (row.event.start, row.event.end))
    shown = {"ruimte": row.space.code, "vanaf": cut, "van": starts, "tijd_tot": ends}
    initial = initial_of(Pattern.from_json(row.pattern), first=cut, last=row.ends_on) | shown
    first = first_day(data, otherwise=cut) if data else cut
    return ChangeForm(data, series=row, first=first, initial=initial)


def _change(request: HttpRequest, row: Series, cut: date, form: ChangeForm) -> HttpResponse:
    wish, choices, now = _wish(request, row, form), choices_of(request), timezone.now()
    if request.POST.get("doe") != "wijzig":
        plan = repeating_change.plan_change(row, wish, cut=cut, choices=choices, now=now)
        return _page(request, row, cut, form, plan=plan)
    agreed = _agreed(SeenForm(request.POST))
    new = repeating_doing.change(row, wish, cut=cut, choices=choices, agreed=agreed, now=now)
    nudge()
    messages.success(request, _("Your series has been changed. A letter with the new dates is on its way."))
    return redirect("series", new.pk)


def _wish(request: HttpRequest, row: Series, form: ChangeForm) -> Wish:
    data = form.cleaned_data
    return Wish(
        space=data["ruimte"], party=row.party, by=request.actor.user, pattern=data["pattern"],
        hours=(data["van"], data["tijd_tot"]), first=data["vanaf"], last=data["last"], contact=row.contact,
        title=row.title, persons=row.persons,
    )  # fmt: skip


def _agreed(sent: SeenForm) -> Agreed:
    """What the person saw; a press without it agrees with nothing."""
    if not sent.is_valid():
        return Agreed("", Decimal(0))
    return Agreed(sent.cleaned_data["akkoord"], sent.cleaned_data["totaal"])


def _page(
    request: HttpRequest, row: Series, cut: date, form: ChangeForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    """`more` may hold the plan, and why a press was refused."""
    if not row.bookings.filter(state__in=STANDING, starts_at__gt=timezone.now()).exists():
        return _refused(request, row, SeriesEnded())
    plan: Change | None = more.get("plan")
    names = [name for name in form.fields if name in form.data] if form.is_bound else []
    fields = [(name, form.data.getlist(name)) for name in names]
    context = {"series": row, "cut": cut, "form": form, "fields": fields}
    rows = change_rows(plan, actor=request.actor) if plan else []
    return render(request, "bookings/series_change.html", context | {"rows": rows} | more, status=status)


def _refused(request: HttpRequest, row: Series, refused: BookingRefused) -> HttpResponse:
    messages.warning(request, refused.message)
    return redirect("series", row.pk)
