"""Payments by hand, credit that is settled, and money that goes back."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from spaces import wording
from tenants.billing import paying, refunding, settling_credit
from tenants.billing.models import Payment, Receivable, Refund
from tenants.billing.refunding import Credit
from tenants.billing.web.bank_forms import ChooseParty, OpenField, PaidOnForm, RefundForm, TakeInForm
from tenants.billing.web.deeds import REFUSED, done
from tenants.parties.models import Party, Role
from tenants.parties.web.asking import HubRequest


def take_in(request: HubRequest) -> HttpResponse:
    """Somebody paid: choose the party, then what it pays and how."""
    choose = ChooseParty(request.GET if "partij" in request.GET else None, hub=request.actor.hub)
    party = choose.chosen()
    form = TakeInForm(request.POST or None, party=party) if party else None
    if request.method == "POST" and party and form and form.is_valid():
        return _taken_in(request, party, form)
    latest = Payment.objects.visible_to(request.actor).filter(entry=None).exclude(by=None)
    context = {
        "choose": choose, "party": party, "form": form, "may": request.actor.has(Role.BOOKKEEPER),
        "latest": latest.select_related("party", "reversed_by").order_by("-pk")[:10],
    }  # fmt: skip
    return render(request, "billing/take_in.html", context, status=REFUSED if form and form.errors else 200)


def take_back(request: HubRequest, pk: int) -> HttpResponse:
    """A payment by hand was wrong: reverse it."""
    row = get_object_or_404(Payment.objects.visible_to(request.actor).filter(entry=None), pk=pk)
    now = timezone.now()
    return done(
        request,
        lambda: settling_credit.take_back(row, on=timezone.localdate(), by=request.user, now=now),
        words=_("Undone. What it paid is open again."), to=reverse("payment-new"),
    )  # fmt: skip


def credits(request: HubRequest) -> HttpResponse:  # noqa: A001 - what the page is called
    """All credit of the parties, and the list of what is to be paid back."""
    rows = Refund.objects.visible_to(request.actor).select_related("party")
    listed = rows.filter(state=Refund.State.LISTED).order_by("at", "pk")
    context = {
        "credits": refunding.credits_at(request.actor.hub),
        "listed": listed,
        "paid": rows.filter(state=Refund.State.PAID).select_related("payment").order_by("-pk")[:10],
        "paid_on": PaidOnForm(initial={"paid_on": timezone.localdate()}),
        "may": request.actor.has(Role.BOOKKEEPER),
    }
    return render(request, "billing/credits.html", context)


def credit(request: HubRequest, source: str, pk: int) -> HttpResponse:
    """One credit: settle it with what is open, or pay it back."""
    row = _credit(request, source, pk)
    return _shown_credit(
        request,
        row,
        RefundForm(initial={"amount": wording.number(row.free, least=2), "iban": row.party.iban}),
    )


def settle(request: HubRequest, source: str, pk: int) -> HttpResponse:
    """Let a credit pay what was ticked, the oldest first."""
    row, now = _credit(request, source, pk), timezone.now()
    field = OpenField(row.party)
    try:
        chosen = field.clean(request.POST.getlist("receivables"))
    except ValidationError as error:
        raise Http404 from error
    return done(
        request, lambda: settling_credit.settle(row, list(chosen), by=request.user, now=now),
        words=_("Settled."), to=reverse("credits"),
    )  # fmt: skip


def pay_back(request: HubRequest, source: str, pk: int) -> HttpResponse:
    """Put a credit on the list of what is to be paid back."""
    row, form, now = _credit(request, source, pk), RefundForm(request.POST), timezone.now()
    if not form.is_valid():
        return _shown_credit(request, row, form, status=REFUSED)
    data = form.cleaned_data
    return done(
        request,
        lambda: refunding.put_on_list(
            row, amount=data["amount"], iban=data["iban"], reason=data["reason"], by=request.user, now=now
        ),
        words=_("On the list: %(amount)s for %(party)s.")
        % {"amount": wording.euro(data["amount"]), "party": row.party.name},
        to=reverse("credits"),
    )  # fmt: skip


def refund_paid(request: HubRequest, pk: int) -> HttpResponse:
    """The bank has paid it back."""
    row, now = _refund(request, pk), timezone.now()
    form = PaidOnForm(request.POST)
    day = form.cleaned_data["paid_on"] if form.is_valid() else timezone.localdate()
    return done(
        request, lambda: refunding.pay(row, on=min(day, timezone.localdate()), by=request.user, now=now),
        words=_("Booked: %(who)s.") % {"who": row.party.name}, to=reverse("credits"),
    )  # fmt: skip


def refund_drop(request: HubRequest, pk: int) -> HttpResponse:
    """Take it off the list."""
    row = _refund(request, pk)
    return done(request, lambda: refunding.drop(row), words=_("Taken off the list."), to=reverse("credits"))


def _taken_in(request: HubRequest, party: Party, form: TakeInForm) -> HttpResponse:
    data, now = form.cleaned_data, timezone.now()
    words = _("Booked: %(amount)s of %(party)s.")
    return done(
        request,
        lambda: paying.take_in(
            party, amount=data["amount"], method=data["method"], on=data["received_on"],
            receivables=list(data["receivables"]), reference=data["reference"], key=data["key"],
            by=request.user, now=now,
        ),
        words=words % {"amount": wording.euro(data["amount"]), "party": party.name},
        to=reverse("payment-new"),
    )  # fmt: skip


def _credit(request: HubRequest, source: str, pk: int) -> Credit:
    found = {(each.source, each.pk): each for each in refunding.credits_at(request.actor.hub)}
    if (source, pk) not in found:
        raise Http404
    return found[source, pk]


def _shown_credit(request: HubRequest, row: Credit, form: RefundForm, *, status: int = 200) -> HttpResponse:
    context = {
        "credit": row,
        "form": form,
        "open": Receivable.objects.filter(party=row.party).to_pay(),
        "may": request.actor.has(Role.BOOKKEEPER),
    }
    return render(request, "billing/credit_settle.html", context, status=status)


def _refund(request: HubRequest, pk: int) -> Refund:
    return get_object_or_404(Refund.objects.visible_to(request.actor).select_related("party"), pk=pk)
