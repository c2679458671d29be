"""Reception's pages: the day at a glance, booking for somebody at the desk, who came and who did not."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import arriving, daysheet, desk_work, preparing, presence
from bookings.models import Booking
from bookings.refusals import BookingRefused, TimeTaken
from bookings.web.going_along import page
from bookings.web.timed_forms import WalkInForm, given, kept, with_choice
from spaces.models import Space
from spaces.periods import DAY, local_day
from spaces.web import typed
from tenants.parties.tasks import nudge
from tenants.parties.web.asking import HubRequest

TAKEN, REFUSED = 409, 422
FOUND_AT_MOST = 20
WISH = "walk-in"
"""Where step 1 waits in the session: so step 2 has an address, and survives a reload and the language switch."""


def desk(request: HubRequest) -> HttpResponse:
    """The day table with arrivals; /balie?dag=2026-11-24, and ?zoek= to find a booking."""
    return render(request, "bookings/desk.html", day_page(request) | {"found": _found(request)})


def print_list(request: HubRequest) -> HttpResponse:
    """The day as a list on paper."""
    return render(request, "bookings/desk_print.html", day_page(request))


def day_page(request: HubRequest) -> dict[str, Any]:
    """What both pages show of one day."""
    actor, now = request.actor, timezone.now()
    day = chosen_day(request)
    spaces = list(Space.objects.of_hub(actor.hub).bookable().select_related("floor"))
    sheet = daysheet.of_day(actor.hub, day, spaces=spaces, actor=actor, now=now)
    bookings = Booking.objects.visible_to(actor).booked().starting_within(local_day(day, zone=actor.hub.zone))
    bookings = presence.with_absences(bookings.with_everything(), now=now)
    today = timezone.localdate(now)
    return {
        "tasks": preparing.on(day, actor=actor),
        "day": day, "previous": day - DAY, "next": day + DAY, "today": today, "is_today": day == today,
        "now": now, "sheet": sheet, "bookings": list(bookings.order_by("starts_at", "space__code")),
        "heads": presence.head_count(actor.hub, actor=actor, now=now) if day == today else None,
        "summary": desk_work.summary(sheet, actor=actor, now=now), "search": request.GET.get("zoek", "")[:80],
    }  # fmt: skip


def chosen_day(request: HubRequest) -> date:
    """The day in the address, or today; a day that is none is told."""
    today = timezone.localdate()
    text = request.GET.get("dag", "")
    day = typed.day(text, today=today) if text else today
    if day is None:
        messages.warning(request, _("“%(text)s” is not a day we understand.") % {"text": typed.quoted(text)})
        return today
    return day


def _found(request: HubRequest) -> list[Booking]:
    text = request.GET.get("zoek", "")[:80].replace("\0", "").strip()
    if not text:
        return []
    bookings = Booking.objects.visible_to(request.actor).booked().with_everything()
    bookings = presence.with_absences(bookings, now=timezone.now())
    named = Q(title__icontains=text) | Q(party__name__icontains=text) | Q(contact__name__icontains=text)
    recent = timezone.now() - timedelta(days=31)
    return list(
        bookings.filter(named | Q(code__iexact=text), ends_at__gte=recent).order_by("starts_at")[
            :FOUND_AT_MOST
        ]
    )


def walk_in(request: HubRequest) -> HttpResponse:
    """Two steps: who and when, then the price and "Book"; only the last one writes."""
    if request.method == "POST":
        return _asked(request)
    step, wish = request.GET.get("stap"), request.session.get(WISH)
    if not step or not wish:
        form = WalkInForm(actor=request.actor, initial=given(request))
    else:
        form = WalkInForm(QueryDict(wish), actor=request.actor)
    if form.is_bound and step == "prijs":
        return _price(request, form)
    return render(request, "bookings/walk_in.html", {"form": form})


def _asked(request: HubRequest) -> HttpResponse:
    form = WalkInForm(with_choice(request.POST), actor=request.actor)
    if request.POST.get("stap") != "boek":
        request.session[WISH] = kept(form)
        return _price(request, form, then=redirect(f"{reverse('desk-walk-in')}?stap=prijs"))
    if not form.is_valid():
        return render(request, "bookings/walk_in.html", {"form": form}, status=REFUSED)
    try:
        return _booked(request, form)
    except BookingRefused as refused:
        return _refused(request, form, refused)


def _price(request: HubRequest, form: WalkInForm, *, then: HttpResponse | None = None) -> HttpResponse:
    if not form.is_valid():
        return render(request, "bookings/walk_in.html", {"form": form}, status=REFUSED)
    try:
        actor = request.actor
        price = desk_work.price(
            form.cleaned_data, form.wish, by=actor.user, hub=actor.hub, now=timezone.now()
        )
    except BookingRefused as refused:
        return _refused(request, form, refused)
    context = {"form": form, "quote": price.quote} | page(price.additions, room=price.quote.gross)
    return then or render(request, "bookings/walk_in_check.html", context)


def _booked(request: HubRequest, form: WalkInForm) -> HttpResponse:
    actor = request.actor
    booking = desk_work.book(form.cleaned_data, form.wish, by=actor.user, hub=actor.hub, now=timezone.now())
    request.session.pop(WISH, None)
    nudge()
    messages.success(
        request, _("Booked: %(who)s in %(room)s.") % {"who": booking.title, "room": booking.space.name}
    )
    return redirect(f"{reverse('desk')}?dag={timezone.localdate(booking.starts_at).isoformat()}")


def _refused(request: HubRequest, form: WalkInForm, refused: BookingRefused) -> HttpResponse:
    taken = isinstance(refused, TimeTaken)
    context = {"form": form, "refusal": refused.message, "alternatives": getattr(refused, "alternatives", [])}
    return render(request, "bookings/walk_in.html", context, status=TAKEN if taken else REFUSED)


def arrive(request: HubRequest, code: str) -> HttpResponse:
    told = _("%(who)s has arrived.")
    return _deed(request, code, lambda booking: arriving.arrive(booking, now=timezone.now()), told)


def no_show(request: HubRequest, code: str) -> HttpResponse:
    told = _("%(who)s did not come.")
    return _deed(request, code, lambda booking: arriving.no_show(booking, now=timezone.now()), told)


def undo(request: HubRequest, code: str) -> HttpResponse:
    return _deed(request, code, arriving.undo, _("Undone: %(who)s is booked again."))


def _deed(request: HubRequest, code: str, deed: Callable[[Booking], Booking], told: str) -> HttpResponse:
    booking = get_object_or_404(Booking.objects.visible_to(request.actor).with_everything(), code=code)
    try:
        deed(booking)
        messages.success(request, told % {"who": booking.title})
    except BookingRefused as refused:
        messages.error(request, refused.message)
    return redirect(f"{reverse('desk')}?dag={timezone.localdate(booking.starts_at).isoformat()}#aankomsten")
