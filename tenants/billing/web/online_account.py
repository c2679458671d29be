"""The account at Stripe as the bookkeeper sees it: what differs, what was paid out, and what each payout is made of."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from spaces.models import Hub
from tenants.billing import stripe
from tenants.billing.online import differences, listing, reconciling
from tenants.parties.web.asking import HubRequest

PER_PAGE = 50
FIRST_YEAR, LAST_YEAR = 2000, 2099


def account(request: HubRequest) -> HttpResponse:
    """What differs, normally nothing; and the payouts, newest first."""
    hub, is_test, now = _hub(request), stripe.is_test(), timezone.now()
    rows = listing.payouts_of(hub).select_related("entry")
    context = {
        "differences": differences.at(hub, is_test=is_test, now=now),
        "last": reconciling.last(is_test=is_test),
        "is_on": stripe.is_on(),
        "is_test": stripe.is_on() and is_test,
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "years": [timezone.localdate().year, timezone.localdate().year - 1],
    }
    return render(request, "billing/online_account.html", context)


def payout(request: HubRequest, stripe_id: str) -> HttpResponse:
    """One payout: each movement in it, with whose it is."""
    rows = listing.payouts_of(_hub(request)).select_related("entry")
    row = get_object_or_404(rows, stripe_id=stripe_id)
    lines = listing.lines(row.moves.order_by("moved_at", "pk"))
    context = {"payout": row, "lines": lines, "total": listing.together(lines)}
    return render(request, "billing/online_payout.html", context)


def moves_csv(request: HubRequest, year: int) -> HttpResponse:
    """Every movement of a year, for a spreadsheet."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    hub = _hub(request)
    response = HttpResponse(listing.moves_csv(hub, year=year), content_type="text/csv; charset=utf-8")
    name = "-".join((_("online-payments"), hub.slug, f"{year}.csv"))
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _hub(request: HubRequest) -> Hub:
    if request.actor.hub is None:
        raise ValueError("the account is that of a hub")
    return request.actor.hub
