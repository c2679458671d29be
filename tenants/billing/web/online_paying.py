"""The page on which something that is open is paid, without signing in: whoever has its address may pay it."""

import base64
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tenants.billing import drafting, letterhead, stripe
from tenants.billing.locking import BooksLocked
from tenants.billing.models import Invoice, Receivable
from tenants.billing.online import links, pay_invoice
from tenants.billing.online.pay_invoice import Standing
from tenants.billing.online.refusals import OnlineRefused

UNKNOWN, SEE_OTHER = 404, 303


@never_cache
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """What is open and how to pay it, or how far it is; pressed, it goes to the page of Stripe."""
    receivable = links.found(token)
    if receivable is None:
        return render(request, "billing/pay_unknown.html", status=UNKNOWN)
    with timezone.override(receivable.hub.zone):
        return _start(request, receivable) if request.method == "POST" else _show(request, receivable)


@never_cache
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Close the page of Stripe that is open, to pay another way."""
    receivable = links.found(token)
    if receivable is None:
        return render(request, "billing/pay_unknown.html", status=UNKNOWN)
    try:
        pay_invoice.stop(receivable, now=timezone.now())
    except (OnlineRefused, BooksLocked) as refusal:
        messages.error(request, refusal.message)
    except stripe.Unavailable:
        words = _("The payment service does not answer. Try again in a minute.")
        messages.error(request, words)
    return redirect(links.path(receivable))


def on_invoice(invoice: Invoice) -> dict[str, Any]:
    """What the page of an issued invoice says of paying it: how it stands, and each attempt to pay it online."""
    row = Receivable.objects.with_open().select_related("hub", "party").get(invoice=invoice)
    return {
        "standing": pay_invoice.standing(row, today=timezone.localdate()),
        "row": row,
        "online": pay_invoice.attempts_of(row),
        "key": uuid4(),
    }


def _show(request: HttpRequest, receivable: Receivable) -> HttpResponse:
    now = timezone.now()
    try:
        pay_invoice.refreshed(receivable, now=now)
    except (stripe.Unavailable, BooksLocked):
        pass  # the page says that we wait, which is so
    else:
        receivable = links.found(links.token_for(receivable)) or receivable
    standing = pay_invoice.standing(receivable, today=timezone.localdate(now))
    return render(request, "billing/pay.html", _context(standing))


def _start(request: HttpRequest, receivable: Receivable) -> HttpResponse:
    user = request.user if request.user.is_authenticated else None
    try:
        payment = pay_invoice.start(
            receivable, key=_key(request), email=user.email if user else "", by=user, now=timezone.now()
        )
    except (OnlineRefused, BooksLocked) as refusal:
        messages.error(request, refusal.message)
    except stripe.Unavailable:
        pass  # nobody knows whether Stripe heard it: the page goes on by itself
    else:
        if payment.url:
            return HttpResponseRedirect(payment.url, status=SEE_OTHER)
    return redirect(links.path(receivable))


def _context(standing: Standing) -> dict[str, Any]:
    """Nothing about persons: neither who has to pay it, nor what it is for."""
    row = standing.receivable
    block = None
    if standing.is_to_pay and row.hub.iban:
        block = letterhead.pay_by_transfer(
            drafting.seller_of(row.hub), amount=row.open_amount, reference=row.payment_reference, words="",
            text=row.number,
        )  # fmt: skip
    return {
        "hub": row.hub, "standing": standing, "row": row, "token": links.token_for(row), "transfer": block,
        "qr": _as_image(block["qr"]["svg"]) if block and block["qr"] else "", "key": uuid4(), "waits": standing.waits,
        "tests": stripe.is_test(),
    }  # fmt: skip


def _as_image(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _key(request: HttpRequest) -> UUID:
    """Of the form; a new one when somebody made another thing of it."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()
