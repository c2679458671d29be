"""Fixed half-days for staff: the list, a new one with every date shown first, and the end of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import occupants
from bookings.web.fixed_forms import MOST_DATES, LastDayForm, TermsForm
from spaces.periods import Period
from tenants.leases import arranging, ending, fixing, listing, naming
from tenants.leases.arranging import Plan
from tenants.leases.models import FixedDayPart
from tenants.leases.refusals import FixedRefused, PlanChanged
from tenants.parties.access import Actor
from tenants.parties.models import Role
from tenants.parties.tasks import nudge
from tenants.parties.web.asking import HubRequest

REFUSED, CHANGED = 422, 409
ENDED = "afgelopen"


@dataclass(frozen=True)
class DateRow:
    """A date of the plan as the page shows it; `who` has it now."""

    period: Period
    state: str
    who: str


def half_days(request: HubRequest) -> HttpResponse:
    now = timezone.now()
    today = now.astimezone(request.actor.hub.zone).date()
    mine = FixedDayPart.objects.visible_to(request.actor).select_related(*fixing.NEEDED)
    part = ENDED if request.GET.get("deel") == ENDED else ""
    chosen = mine.ended(today) if part else mine.not_ended(today)
    ordered = list(chosen.order_by("party__name", "weekday", "day_part__starts", "pk"))
    may_arrange = request.actor.has(Role.DIRECTOR, Role.RECEPTION)
    context = {"rows": listing.rows(ordered, now=now), "part": part, "may_arrange": may_arrange}
    return render(request, "bookings/fixed_list.html", context)


def new(request: HubRequest) -> HttpResponse:
    form = TermsForm(hub=request.actor.hub, initial=request.GET.dict())
    return render(request, "bookings/fixed_new.html", {"form": form})


def plan(request: HubRequest) -> HttpResponse:
    """Every date of the coming year; a press stores it, if the dates are still those that were shown."""
    now, told = timezone.now(), request.POST or request.GET
    form = TermsForm(told, hub=request.actor.hub)
    if not form.is_valid():
        return render(request, "bookings/fixed_new.html", {"form": form}, status=REFUSED)
    try:
        if request.method == "POST":
            return _arranged(request, form, now=now)
        return _shown(request, arranging.plan(form.half_day(), now=now), told)
    except PlanChanged as changed:
        return _shown(request, changed.plan, told, refused=changed)
    except FixedRefused as refused:
        form.add_error(None, refused.message)
        return render(request, "bookings/fixed_new.html", {"form": form}, status=REFUSED)


def end(request: HubRequest, pk: int) -> HttpResponse:
    """The last day first, then what lapses; a press ends it."""
    visible = FixedDayPart.objects.visible_to(request.actor).select_related(*fixing.NEEDED)
    fixed, told, now = get_object_or_404(visible, pk=pk), request.POST or request.GET, timezone.now()
    form = LastDayForm(told if "laatste" in told else None)
    context: dict[str, Any] = {"fixed": fixed, "when": naming.when(fixed), "form": form}
    if form.is_valid():
        try:
            if request.method == "POST":
                return _ended(request, fixed, form, now=now)
            context["planned"] = ending.plan(fixed, last=form.cleaned_data["laatste"], now=now)
        except FixedRefused as refused:
            form.add_error("laatste", refused.message)
    return render(request, "bookings/fixed_end.html", context, status=REFUSED if form.errors else 200)


def _arranged(request: HubRequest, form: TermsForm, *, now: datetime) -> HttpResponse:
    seen = map(_moment, request.POST.getlist("overslaan")[:MOST_DATES])
    skipped = {start for start in seen if start is not None}
    stored = arranging.arrange(form.half_day(), skipped=skipped, now=now)
    nudge()
    text = _("%(party)s now has %(room)s every %(when)s. The agreement is on its way to them.")
    names = {"party": stored.party.name, "room": stored.space.name, "when": naming.when(stored)}
    messages.success(request, text % names)
    return redirect("fixed", stored.pk)


def _shown(
    request: HubRequest, planned: Plan, told: Mapping[str, Any], *, refused: PlanChanged | None = None
) -> HttpResponse:
    rows = _rows(planned, request.actor)
    context = {
        "plan": planned,
        "wanted": planned.wanted,
        "when": naming.when(planned.wanted),
        "rows": rows,
        "odd": [row for row in rows if row.state != arranging.Standing.FREE],
        "counts": {state.value: len(planned.having(state)) for state in arranging.Standing},
        "skipped": sorted(start.isoformat() for start in planned.skipped),
        "told": [(name, told.get(name, "")) for name in TermsForm.base_fields],
        "refused": refused,
    }
    return render(request, "bookings/fixed_plan.html", context, status=CHANGED if refused else 200)


def _rows(planned: Plan, actor: Actor) -> list[DateRow]:
    who = occupants.of_claims([claim for each in planned.dates for claim in each.claims], actor=actor)
    return [
        DateRow(
            each.slot.period,
            each.state.value,
            ", ".join(dict.fromkeys(who[claim.holder].name for claim in each.claims)),
        )
        for each in planned.dates
    ]


def _ended(request: HubRequest, fixed: FixedDayPart, form: LastDayForm, *, now: datetime) -> HttpResponse:
    ending.end(fixed, last=form.cleaned_data["laatste"], now=now)
    nudge()
    messages.success(
        request, _("The fixed half-day ends. The room is free after that, and the party is told.")
    )
    return redirect("fixed-list")


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
