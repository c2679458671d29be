"""The books: what was booked over a period, the VAT, what goes to the accountant, accounts, and closing."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spaces import wording
from spaces.models import Hub
from spaces.periods import DAY
from spaces.web.fields import DayField
from tenants.billing import archiving
from tenants.billing.books import accounts, audit_file, closing, journal, vat_overview
from tenants.billing.models import LedgerAccount
from tenants.parties.models import Role
from tenants.parties.web.asking import HubRequest

REFUSED = 422
MIME = {"csv": "text/csv; charset=utf-8", "xaf": "application/xml", "zip": "application/zip"}
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


class PeriodForm(forms.Form):
    """From when to when, at most a calendar year; this quarter when nothing is chosen."""

    van = DayField(label=gettext_lazy("From"))
    tot = DayField(label=gettext_lazy("Up to and including"))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("van"), data.get("tot")
        if first and last and first > last:
            self.add_error("tot", _("The last day is before the first. Exchange the two dates."))
        elif first and last and (first.year != last.year or not FIRST_DAY <= first <= LAST_DAY):
            self.add_error("tot", _("Choose two days in the same year: the books are kept by the year."))
        return data


class AccountForm(forms.ModelForm):
    """An account's number, names and RGS code."""

    class Meta:
        model = LedgerAccount
        fields = ["code", "name_nl", "name_en", "rgs"]


class CloseForm(forms.Form):
    """Until when."""

    until = DayField(label=gettext_lazy("Close up to and including"))


def books(request: HubRequest) -> HttpResponse:
    """Everything over a period on one page."""
    hub, form = _hub(request), _period(request)
    if not form.is_valid():
        return render(request, "billing/books.html", {"form": form}, status=REFUSED)
    first, last = form.cleaned_data["van"], form.cleaned_data["tot"]
    rows = journal.balances(hub, first=first, last=last)
    context = {
        "form": form,
        "query": f"van={first}&tot={last}",
        "first": first,
        "last": last,
        "balances": rows,
        "debit": sum(row.debit for row in rows),
        "credit": sum(row.credit for row in rows),
        "vat": vat_overview.over(hub, first=first, last=last),
        "closed": accounts.books_of(hub).locked_until,
        "quarters": _quarters(timezone.localdate()),
        "is_bookkeeper": request.actor.has(Role.BOOKKEEPER),
    }
    return render(request, "billing/books.html", context)


def books_csv(request: HubRequest) -> HttpResponse:
    """The journal for another bookkeeping program."""
    return _download(request, "csv")


def books_xaf(request: HubRequest) -> HttpResponse:
    """The audit file."""
    return _download(request, "xaf")


def books_ubl(request: HubRequest) -> HttpResponse:
    """The e-invoices, one of each invoice."""
    return _download(request, "zip")


def ledger(request: HubRequest) -> HttpResponse:
    """The chart of accounts."""
    accounts.by_role(_hub(request))
    rows = LedgerAccount.objects.filter(hub=request.actor.hub)
    return render(request, "billing/ledger_accounts.html", {"accounts": rows})


def account(request: HubRequest, pk: int) -> HttpResponse:
    """Change one account; its number may be any that is free."""
    row = get_object_or_404(LedgerAccount.objects.filter(hub=request.actor.hub), pk=pk)
    return _edit(request, row)


def new_account(request: HubRequest) -> HttpResponse:
    """Add an account, to book a movement of the bank on."""
    return _edit(request, LedgerAccount(hub=request.actor.hub))


def close(request: HubRequest) -> HttpResponse:
    """Close the books up to a day, after a look at what is not done yet."""
    hub = _hub(request)
    last = timezone.localdate().replace(day=1) - DAY
    form = CloseForm(request.POST or None, initial={"until": last})
    if request.method == "POST" and form.is_valid() and _closed(request, form):
        return redirect("books")
    until = form.cleaned_data["until"] if form.is_bound and form.is_valid() else last
    context = {
        "form": form,
        "until": until,
        "closed": accounts.books_of(hub).locked_until,
        "unfinished": closing.unfinished(hub, until=until),
        "closes": hub.period_closes.select_related("by")[:20],
        "may_reopen": request.actor.has(Role.DIRECTOR),
    }
    return render(request, "billing/books_close.html", context, status=REFUSED if form.errors else 200)


def reopen(request: HubRequest) -> HttpResponse:
    """Open the books again after a day; the director only."""
    form = CloseForm(request.POST)
    try:
        if form.is_valid():
            closing.reopen(
                _hub(request), after=form.cleaned_data["until"], by=request.user, now=timezone.now()
            )
            messages.success(request, _("The books are open again."))
        else:
            messages.error(request, _("Choose a day."))
    except closing.CloseRefused as refusal:
        messages.error(request, refusal.message)
    return redirect("books-close")


def _closed(request: HubRequest, form: CloseForm) -> bool:
    until = form.cleaned_data["until"]
    try:
        closing.close(_hub(request), until=until, by=request.user, now=timezone.now())
    except closing.CloseRefused as refusal:
        form.add_error("until", refusal.message)
        return False
    words = _("The books are closed up to and including %(day)s.")
    messages.success(request, words % {"day": wording.calendar_date(until)})
    return True


def _edit(request: HubRequest, row: LedgerAccount) -> HttpResponse:
    form = AccountForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        taken = LedgerAccount.objects.filter(hub=row.hub, code=row.code).exclude(pk=row.pk)
        if not taken.exists():
            form.save()
            messages.success(request, _("The account is stored."))
            return redirect("books-accounts")
        form.add_error("code", _("There is an account with this number already."))
    status = REFUSED if form.errors else 200
    return render(request, "billing/ledger_account.html", {"form": form, "account": row}, status=status)


def _download(request: HubRequest, kind: str) -> HttpResponse:
    hub, form = _hub(request), _period(request)
    if not form.is_valid():
        return render(request, "billing/books.html", {"form": form}, status=REFUSED)
    first, last = form.cleaned_data["van"], form.cleaned_data["tot"]
    if kind == "csv":
        content = journal.journal_csv(journal.entries(hub, first=first, last=last))
    elif kind == "xaf":
        content = audit_file.written(hub, first=first, last=last, today=timezone.localdate())
    else:
        content = archiving.zipped(archiving.e_invoices(hub, first=first, last=last)).read()
    response = HttpResponse(content, content_type=MIME[kind])
    name = journal.file_name(hub, first=first, last=last, kind=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _period(request: HubRequest) -> PeriodForm:
    today = timezone.localdate()
    first, last = _quarters(today)[0]
    chosen = (
        request.GET if "van" in request.GET or "tot" in request.GET else {"van": str(first), "tot": str(last)}
    )
    return PeriodForm(chosen)


def _quarters(today: date) -> list[tuple[date, date]]:
    """This quarter and the three before it, newest first."""
    found, first = [], today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    for _step in range(4):
        after = date(first.year + (first.month + 2) // 12, (first.month + 2) % 12 + 1, 1)
        found.append((first, after - DAY))
        before = first - DAY
        first = before.replace(month=(before.month - 1) // 3 * 3 + 1, day=1)
    return found


def _hub(request: HubRequest) -> Hub:
    if request.actor.hub is None:
        raise ValueError("the books are those of a hub")
    return request.actor.hub
