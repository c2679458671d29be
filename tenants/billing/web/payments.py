"""Payments by hand, credit that is settled, and money that goes back."""

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from spaces import wording
from tenants.billing import paying, refunding, settling_credit, tasks
from tenants.billing.models import Payment, Receivable, Refund
from tenants.billing.online import back_seen
from tenants.billing.online import refunding as online
from tenants.billing.refunding import Credit
from tenants.billing.web.bank_forms import ChooseParty, OpenField, PaidOnForm, TakeInForm
from tenants.billing.web.deeds import REFUSED, done
from tenants.billing.web.refund_form import RefundForm
from tenants.parties.models import Party, Role, User
from tenants.parties.web.asking import HubRequest


def take_in(request: HubRequest) -> HttpResponse:
    """Somebody paid: choose the party, then what it pays and how."""
    choose = ChooseParty(request.GET if "partij" in request.GET else None, hub=request.actor.hub)
    party = choose.chosen()
    form = TakeInForm(request.POST or None, party=party) if party else None
    if request.method == "POST" and party and form and form.is_valid():
        return _taken_in(request, party, form)
    latest = _by_hand(request).exclude(by=None)
    context = {
        "choose": choose, "party": party, "form": form, "may": request.actor.has(Role.BOOKKEEPER),
        "latest": latest.select_related("party", "reversed_by").order_by("-pk")[:10],
    }  # fmt: skip
    return render(request, "billing/take_in.html", context, status=REFUSED if form and form.errors else 200)


def take_back(request: HubRequest, pk: int) -> HttpResponse:
    """A payment by hand was wrong: reverse it."""
    row = get_object_or_404(_by_hand(request), pk=pk)
    now = timezone.now()
    return done(
        request,
        lambda: settling_credit.take_back(row, on=timezone.localdate(), by=request.user, now=now),
        words=_("Undone. What it paid is open again."), to=reverse("payment-new"),
    )  # fmt: skip


def credits(request: HubRequest) -> HttpResponse:  # noqa: A001 - what the page is called
    """All credit of the parties, and the list of what is to be paid back."""
    rows, hub = Refund.objects.visible_to(request.actor).select_related("party"), request.actor.hub
    context = {
        "credits": refunding.credits_at(hub),
        "listed": rows.filter(state=Refund.State.LISTED, through=None).order_by("at", "pk"),
        "refused": back_seen.refused(hub),
        "under_way": back_seen.under_way(hub),
        "disputes": back_seen.disputes(hub),
        "made_at_stripe": back_seen.made_at_stripe(hub),
        "paid": rows.filter(state=Refund.State.PAID).select_related("payment").order_by("-pk")[:10],
        "paid_on": PaidOnForm(initial={"paid_on": timezone.localdate()}),
        "may": request.actor.has(Role.BOOKKEEPER),
    }
    return render(request, "billing/credits.html", context)


def credit(request: HubRequest, source: str, pk: int) -> HttpResponse:
    """One credit: settle it with what is open, or pay it back."""
    row = _credit(request, source, pk)
    return _shown_credit(request, row, RefundForm(ways=online.ways(row), credit=row))


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
    row = _credit(request, source, pk)
    form = RefundForm(request.POST, ways=online.ways(row), credit=row)
    if not form.is_valid():
        return _shown_credit(request, row, form, status=REFUSED)
    words = _("On the list: %(amount)s for %(party)s.")
    if form.through:
        words = _(
            "%(amount)s goes back to %(party)s the way it was paid. They get a letter when it has left."
        )
    answer = done(
        request, lambda: _list(form, row, by=request.user),
        words=words % {"amount": wording.euro(form.cleaned_data["amount"]), "party": row.party.name},
        to=reverse("credits"),
    )  # fmt: skip
    tasks.nudge(tasks.send_refunds)
    return answer


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


def _by_hand(request: HubRequest) -> QuerySet[Payment]:
    """What nobody but a person can take back: the bank and Stripe tell of the others."""
    rows = Payment.objects.visible_to(request.actor).filter(entry=None)
    return rows.exclude(method=Payment.Method.ONLINE)


def _list(form: RefundForm, row: Credit, *, by: User) -> object:
    data, now = form.cleaned_data, timezone.now()
    if form.through is None:
        return refunding.put_on_list(
            row, amount=data["amount"], iban=data["iban"], reason=data["reason"], by=by, now=now
        )
    return online.put_on_list(
        row, through=form.through, amount=data["amount"], reason=data["reason"], key=data["key"] or uuid4(), by=by,
        now=now,
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
