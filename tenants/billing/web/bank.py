"""The bank: read a statement in, see what is not explained, and say what it is."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from spaces import wording
from tenants.billing.banking import explaining, importing, suggesting
from tenants.billing.banking.refusals import StatementRefused
from tenants.billing.models import BankEntry, BankStatement
from tenants.billing.web.bank_forms import AccountForm, AssignForm, ChooseParty, StatementForm
from tenants.billing.web.deeds import REFUSED, done
from tenants.billing.web.showing_bank import shown
from tenants.parties.models import Role
from tenants.parties.web.asking import HubRequest

PER_PAGE = 50


def bank(request: HubRequest) -> HttpResponse:
    """What is not explained yet, with suggestions; and the statements that were read in."""
    return _bank(request, StatementForm())


def read_in(request: HubRequest) -> HttpResponse:
    """Read a statement in; refused as a whole when something about it is wrong."""
    form = StatementForm(request.POST, request.FILES)
    if not form.is_valid():
        return _bank(request, form, status=REFUSED)
    content, now = form.cleaned_data["statement"], timezone.now()
    try:
        found = importing.store(content, hub=request.actor.hub, by=request.user, now=now)
    except StatementRefused as refused:
        form.add_error("statement", refused.message)
        return _bank(request, form, status=REFUSED)
    new, known = len(found.new), len(found.entries) - len(found.new)
    words = ngettext(
        "%(new)d new entry; %(known)d were here already.",
        "%(new)d new entries; %(known)d were here already.",
        new,
    )
    messages.success(request, words % {"new": new, "known": known})
    return redirect("bank-statement", found.statements[0].pk)


def statement(request: HubRequest, pk: int) -> HttpResponse:
    """One statement: each movement with what it paid."""
    row = get_object_or_404(BankStatement.objects.visible_to(request.actor), pk=pk)
    entries = shown(row.entries.all())
    return render(request, "billing/bank_statement.html", {"statement": row, "entries": entries})


def entry(request: HubRequest, pk: int) -> HttpResponse:
    """One movement: what it paid, or what it may be; a party is chosen first, then what it pays."""
    row = _entry(request, pk)
    chosen = ChooseParty(request.GET if "partij" in request.GET else None, hub=request.actor.hub)
    party = chosen.chosen()
    assign = (
        AssignForm(party=party, initial={"amount": wording.number(row.unexplained_amount, least=2)})
        if party
        else None
    )
    return _shown_entry(request, row, choose=chosen, party=party, assign=assign)


def confirm(request: HubRequest, pk: int) -> HttpResponse:
    """A suggestion is right."""
    row, key = _entry(request, pk), request.POST.get("suggestion", "")[:200]
    now = timezone.now()
    return done(
        request, lambda: explaining.confirm(row, key=key, by=request.user, now=now),
        words=_("Booked: %(who)s.") % {"who": row.name or row.text[:60]}, to=_next(request, "bank"),
    )  # fmt: skip


def assign(request: HubRequest, pk: int) -> HttpResponse:
    """It is of this party, and pays what was ticked."""
    row = _entry(request, pk)
    chosen = ChooseParty(request.POST, hub=request.actor.hub)
    party = chosen.chosen()
    form = AssignForm(request.POST, party=party) if party else None
    if party is None or form is None or not form.is_valid():
        return _shown_entry(request, row, choose=chosen, party=party, assign=form, status=REFUSED)
    now, data = timezone.now(), form.cleaned_data
    return done(
        request,
        lambda: explaining.assign(
            row, party, receivables=list(data["receivables"]), amount=data["amount"], by=request.user, now=now
        ),
        words=_("Booked: %(who)s.") % {"who": party.name},
        to=reverse("bank-entry", args=[pk]),
    )


def book(request: HubRequest, pk: int) -> HttpResponse:
    """It is no party's: book it on an account."""
    row = _entry(request, pk)
    form = AccountForm(request.POST, hub=request.actor.hub)
    if not form.is_valid():
        return _shown_entry(request, row, account=form, status=REFUSED)
    account, now = form.cleaned_data["account"], timezone.now()
    return done(
        request, lambda: explaining.book(row, account, by=request.user, now=now),
        words=_("Booked on %(account)s.") % {"account": account}, to=reverse("bank-entry", args=[pk]),
    )  # fmt: skip


def undo(request: HubRequest, pk: int) -> HttpResponse:
    """Take back what was said about a movement."""
    row, now = _entry(request, pk), timezone.now()
    return done(
        request, lambda: explaining.undo(row, on=timezone.localdate(), by=request.user, now=now),
        words=_("Undone. What it paid is open again."), to=reverse("bank-entry", args=[pk]),
    )  # fmt: skip


def _entry(request: HubRequest, pk: int) -> BankEntry:
    rows = BankEntry.objects.visible_to(request.actor).with_unexplained()
    return get_object_or_404(rows.select_related("statement", "account", "booked_by"), pk=pk)


def _next(request: HubRequest, otherwise: str) -> str:
    """Back to the page of the entry when the button stood there."""
    pk = request.POST.get("regel", "")
    return (
        reverse("bank-entry", args=[int(pk)])
        if pk.isascii() and pk.isdigit() and len(pk) < 10
        else reverse(otherwise)
    )


def _bank(request: HubRequest, form: StatementForm, *, status: int = 200) -> HttpResponse:
    waiting = list(
        BankEntry.objects.visible_to(request.actor).unexplained().select_related("statement")[:PER_PAGE]
    )
    found = suggesting.of(waiting)
    statements = BankStatement.objects.visible_to(request.actor).order_by("-until_on", "-pk")
    context = {
        "form": form,
        "waiting": [(row, found[row.pk]) for row in waiting],
        "page_obj": Paginator(statements, PER_PAGE).get_page(request.GET.get("page")),
        "may": request.actor.has(Role.BOOKKEEPER),
    }
    return render(request, "billing/bank.html", context, status=status)


def _shown_entry(
    request: HubRequest, row: BankEntry, *, status: int = 200, account: AccountForm | None = None, **more: Any
) -> HttpResponse:
    hub = request.actor.hub
    context = {
        "entry": row,
        "payments": shown(BankEntry.objects.filter(pk=row.pk))[0].payments,
        "suggestions": suggesting.of([row])[row.pk] if row.unexplained_amount else [],
        "account_form": account or AccountForm(hub=hub),
        "choose": ChooseParty(hub=hub),
        "may": request.actor.has(Role.BOOKKEEPER),
    }
    return render(request, "billing/bank_entry.html", context | more, status=status)
