"""Paying a booking: to the page of the bank and back, and the page of a booking while nobody knows yet."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from bookings.models import Booking
from bookings.paying import on_account, starting, stopping, syncing, ways
from bookings.refusals import BookingRefused
from bookings.states import BOOKED, BookingState
from bookings.web.going_along import page_of
from bookings.web.reaching import hold_of
from spaces.quoting import Quote
from tenants.billing import stripe
from tenants.billing.models import UNDER_WAY, OnlineMethod, OnlinePayment, OnlineState
from tenants.billing.online import attempts, settings
from tenants.parties.models import Role
from tenants.parties.tasks import nudge

NO_CONTENT, SEE_OTHER = 204, 303
ONLINE, ON_ACCOUNT = "online", "rekening"


def choice(request: HttpRequest, booking: Booking) -> dict[str, Any]:
    """The ways to pay for the check page, with the one that is chosen now; the names of what the hub takes."""
    found = ways.of(booking, by=request.actor.user)
    typed = request.POST.get("betalen", request.GET.get("betalen", ""))
    rather = ONLINE if found.rather_online else ON_ACCOUNT
    chosen = typed if typed in (ONLINE, ON_ACCOUNT) else rather
    offered = settings.of(booking.hub).methods if found.online else []
    return {
        "ways": found,
        "pays": ONLINE if found.online and (chosen == ONLINE or not found.on_account) else ON_ACCOUNT,
        "methods": [str(OnlineMethod(name).label) for name in offered],
        "total": found.total if found.online else booking.total,
        "rounding": found.total - booking.total if found.online else 0,
        "is_test": found.online and stripe.is_test(),
    }


def book(request: HttpRequest, booking: Booking, *, title: str) -> HttpResponse | None:
    """Book on account, or go and pay; None when it has been booked. Raises BookingRefused."""
    by, now = request.actor.user, timezone.now()
    if request.POST.get("betalen") != ONLINE:
        on_account.book(booking, title=title, by=by, now=now)
        return None
    return _to_the_bank(booking, starting.start(booking, title=title, by=by, now=now))


def paid(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Back from the page of the bank, paid or not: what became of it is asked there, never read from the address."""
    booking = hold_of(request, pk)
    payment = attempts.latest(source=booking.holder)
    if payment is not None and payment.state in UNDER_WAY:
        try:
            payment = syncing.asked(payment, now=timezone.now())
        except BookingRefused as refused:
            messages.warning(request, refused.message)
        nudge()
    return _where_it_is(request, hold_of(request, pk), payment)


def go_on(request: HttpRequest, pk: UUID) -> HttpResponse:
    """To the page of the bank again, for who had left it."""
    booking = hold_of(request, pk)
    try:
        payment = starting.go_on(booking, now=timezone.now())
    except BookingRefused as refused:
        messages.warning(request, refused.message)
        return redirect("booking", booking.code)
    nudge()
    return _to_the_bank(booking, payment) or _where_it_is(request, hold_of(request, pk), payment)


def stop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The person pays otherwise, or not at all: the page of the bank is closed first."""
    booking = hold_of(request, pk)
    try:
        booking = stopping.give_up(booking, now=timezone.now())
    except BookingRefused as refused:
        messages.warning(request, refused.message)
    nudge()
    return _where_it_is(request, booking, attempts.latest(source=booking.holder))


def awaiting(request: HttpRequest, booking: Booking, *, now: datetime) -> HttpResponse:
    """The page of a booking while it is being paid: what we know, and what can be done."""
    payment = attempts.under_way(source=booking.holder)
    state = payment.state if payment else ""
    context = {
        "booking": booking,
        "payment": payment,
        "waits": state == OnlineState.PROCESSING,
        "quote": Quote.from_json(booking.quote),
        "poll": f"{reverse('booking', args=[booking.code])}?{urlencode({'wacht': state})}",
        "theirs": not request.actor.is_staff,
        "may_stop": not request.actor.is_staff or request.actor.has(Role.DIRECTOR, Role.RECEPTION),
        "is_over": payment is not None and payment.expires_at is not None and payment.expires_at <= now,
    }
    return render(request, "bookings/paying.html", context | page_of(booking))


def news(request: HttpRequest, booking: Booking) -> HttpResponse:
    """For a page that waits: nothing while all is as it was, else the way to where it is now."""
    payment = attempts.latest(source=booking.holder)
    if booking.state == BookingState.PAYING and payment and payment.state == request.GET["wacht"]:
        return HttpResponse(status=NO_CONTENT)
    _say_what_became_of_it(request, booking, payment)
    return HttpResponseClientRedirect(_address(booking))


def _to_the_bank(booking: Booking, payment: OnlinePayment | None) -> HttpResponse | None:
    """Its page; None when there is none to go to: it is not to be paid any more."""
    if payment is None:
        return None
    if payment.state == OnlineState.OPEN:
        return HttpResponseRedirect(payment.url, status=SEE_OTHER)
    return redirect(_address(Booking.objects.get(pk=booking.pk)))


def _where_it_is(request: HttpRequest, booking: Booking, payment: OnlinePayment | None) -> HttpResponse:
    _say_what_became_of_it(request, booking, payment)
    return redirect(_address(booking))


def _say_what_became_of_it(request: HttpRequest, booking: Booking, payment: OnlinePayment | None) -> None:
    """For who comes to the check page from a payment that did not make the booking."""
    if booking.state not in ways.TO_BOOK or payment is None or payment.state in UNDER_WAY:
        return
    if payment.state == OnlineState.SUCCEEDED:
        words = _(
            "Your payment came in after this time had gone. You get all of it back; we sent you a letter."
        )
        messages.warning(request, words)
    elif payment.state == OnlineState.FAILED:
        messages.warning(
            request, _("The bank refused the payment. Nothing has been paid. Try again, or pay another way.")
        )
    else:
        messages.info(request, _("Nothing has been paid."))


def _address(booking: Booking) -> str:
    if booking.state in ways.TO_BOOK:
        return reverse("booking-check", args=[booking.pk])
    page = reverse("booking", args=[booking.code])
    return f"{page}?geboekt=1" if booking.state in BOOKED else page
