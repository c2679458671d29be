"""The settlement of a year: made, looked at, approved; and the statement of each tenant."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from spaces.money import total
from tenants.leases.models import Settlement, SettlementShare
from tenants.leases.settling import approving, proposing, statement
from tenants.leases.settling.approving import Bill
from tenants.leases.settling.reckoning import reckon
from tenants.leases.settling.refusals import SettlingRefused
from tenants.parties.models import Role
from tenants.parties.web.asking import HubRequest

FIRST_YEAR = 2000


def settlement(request: HubRequest, year: int) -> HttpResponse:
    """What the year comes to for everybody; POST makes it, or makes it anew."""
    if not FIRST_YEAR <= year <= timezone.localdate().year:
        raise Http404
    if request.method == "POST":
        try:
            proposing.propose(request.actor.hub, year, by=request.user, now=timezone.now())
        except SettlingRefused as refused:
            messages.error(request, refused.message)
        return redirect("settlement", year)
    return render(request, "leases/settlement.html", _context(request, year))


def approve(request: HubRequest, year: int) -> HttpResponse:
    """Approve what was shown."""
    try:
        found = approving.current(request.actor.hub, year)
        approving.approve(found, seen=request.POST.get("seen", ""), by=request.user, now=timezone.now())
    except SettlingRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(
            request,
            _("Approved. The difference comes on the next invoice, and the letters are on their way."),
        )
    return redirect("settlement", year)


def paper(request: HubRequest, year: int, lease: int, party: int) -> HttpResponse:
    """The statement of one tenant as PDF, of a proposal too for who works here."""
    rows = SettlementShare.objects.visible_to(request.actor).filter(
        settlement__year=year, lease=lease, party=party
    )
    bills = approving.bills(rows.select_related("settlement__hub", "type", "lease__hub", "party"))
    if not bills:
        raise Http404
    of_lease, whose, shares = bills[0]
    found = shares[0].settlement
    on = timezone.localdate(found.approved_at or found.made_at)
    content = statement.pdf(found, of_lease, whose, shares, on=on)
    name = statement.name(found, of_lease, whose)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _context(request: HubRequest, year: int) -> dict[str, Any]:
    found = Settlement.objects.filter(hub=request.actor.hub, year=year).select_related("approved_by").first()
    shares = list(found.shares.select_related("type", "lease__party", "party")) if found else []
    is_open = found is None or found.approved_at is None
    reckoning = reckon(request.actor.hub, year, now=timezone.now()) if is_open else None
    fresh = proposing.rows(found, reckoning) if found and reckoning else shares
    seen = proposing.fingerprint(shares)
    return {
        "year": year,
        "settlement": found,
        "shares": shares,
        "tenants": [_tenant(bill) for bill in approving.bills(shares)],
        "own": total(share.cost for share in shares if share.lease_id is None),
        "total": total(share.cost for share in shares),
        "reckoning": reckoning,
        "seen": seen,
        "is_stale": bool(shares) and proposing.fingerprint(fresh) != seen,
        "may_approve": request.actor.has(Role.BOOKKEEPER),
    }


def _tenant(bill: Bill) -> dict[str, Any]:
    lease, party, shares = bill
    return {
        "lease": lease,
        "party": party,
        "shares": shares,
        "cost": total(share.cost for share in shares),
        "advance": total(share.advance for share in shares),
        "balance": total(share.balance for share in shares),
        "gross": total(statement.taxed(share).gross for share in shares),
    }
