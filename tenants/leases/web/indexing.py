"""Indexation: on which days, the proposal of a day, and agreeing to it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenants.leases.indexing import applying, letters, proposing
from tenants.leases.indexing.applying import Back, Wish
from tenants.leases.indexing.figures import Figures
from tenants.leases.indexing.proposing import Row
from tenants.leases.indexing.refusals import IndexRefused, LeaseOver
from tenants.leases.models import Indexation
from tenants.parties.mailing import Words
from tenants.parties.models import Party, Role
from tenants.parties.web.asking import HubRequest

SHOWN = 12


def overview(request: HubRequest) -> HttpResponse:
    """The days on which rents are to be indexed, what was done, and the figures there are."""
    now, hub = timezone.now(), request.actor.hub
    moments = proposing.moments(hub, now=now)
    late = proposing.forgotten(moments, today=timezone.localdate())
    figures = Figures.load()
    done = Indexation.objects.filter(lease__hub=hub).select_related("lease__party").order_by("-on", "-pk")
    context = {
        "forgotten": late,
        "coming": [moment for moment in moments if moment not in late],
        "done": done[:SHOWN],
        "bases": [figures.latest(base) for base in figures.bases],
    }
    return render(request, "leases/indexing.html", context)


def day(request: HubRequest, day: str) -> HttpResponse:
    """The proposal of one day; POST indexes the leases that were ticked, exactly as they were shown."""
    on = _first_of_month(day)
    if request.method == "GET":
        return _shown(request, on, base=request.GET.get("basis", "")[:12])
    wish = Wish(_back(request), request.POST.get("base", "")[:12])
    seen = dict(_ticked(request.POST.getlist("lease")))
    try:
        made = applying.apply(
            request.actor.hub, on=on, seen=seen, wish=wish, by=request.user, now=timezone.now()
        )
    except IndexRefused as refused:
        return _shown(request, on, base=wish.base, refused=refused)
    messages.success(request, _told(len(made)))
    return redirect("indexing-day", day)


def _shown(request: HubRequest, on: date, *, base: str, refused: IndexRefused | None = None) -> HttpResponse:
    proposal = proposing.propose(request.actor.hub, on=on, base=base, now=timezone.now())
    context = {
        "proposal": proposal,
        "rows": [_row(row) for row in proposal.rows],
        "refused": refused,
        "may_agree": request.actor.has(Role.DIRECTOR),
        "choices": [each for each in Back if each != Back.UNSAID],
    }
    return render(request, "leases/indexing_day.html", context, status=409 if refused else 200)


def _row(row: Row) -> dict[str, Any]:
    """A row with its letters, and what asking back payment comes to."""
    if row.outcome is None:
        return {"row": row}
    asked = applying.steps(row, back=Back.ASKED)
    told = [(Back.ASKED.label if row.is_late else "", *letter) for letter in letters.preview(asked)]
    if row.is_late:
        told += [(Back.NOT_ASKED.label, *letter) for letter in _without_back_payment(row)]
    return {"row": row, "back": asked.back if row.is_late else None, "letters": told}


def _without_back_payment(row: Row) -> list[tuple[Party, Words]]:
    try:
        return letters.preview(applying.steps(row, back=Back.NOT_ASKED))
    except LeaseOver:
        return []


def _first_of_month(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
    if found.day != 1 or not 1990 <= found.year <= 2100:
        raise Http404
    return found


def _back(request: HubRequest) -> Back:
    typed = request.POST.get("back", "")
    return Back(typed) if typed in Back.values else Back.UNSAID


def _ticked(values: list[str]) -> list[tuple[int, str]]:
    """Each "12:digest" of the boxes; anything else names nothing."""
    parts = (value.partition(":") for value in values)
    return [
        (int(pk), digest) for pk, _colon, digest in parts if pk.isdecimal() and pk.isascii() and len(pk) < 10
    ]


def _told(count: int) -> str:
    if not count:
        return _("Nothing changed: these rents were indexed already, or none was ticked.")
    words = ngettext(
        "%(count)d rent has been indexed, and the letter is on its way.",
        "%(count)d rents have been indexed, and the letters are on their way.",
        count,
    )
    return words % {"count": count}
