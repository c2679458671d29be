"""Deeds on money: done, or refused with a reason; either way the person reads what happened where they go on."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from tenants.billing.locking import BooksLocked
from tenants.billing.refusals import PayingRefused
from tenants.parties.web.asking import HubRequest

REFUSED = 422


def done(request: HubRequest, deed: Callable[[], object], *, words: str, to: str) -> HttpResponse:
    """Do it and go to the address `to`, with `words` when it worked and the reason when it was refused."""
    try:
        deed()
    except (PayingRefused, BooksLocked) as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, words)
    return redirect(to)
