"""What is open: all parties by how late they are, and the account of one party."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spaces import spreadsheet
from tenants.billing import ageing, ledger
from tenants.billing.ageing import Aged
from tenants.billing.dunning import plans, standing
from tenants.billing.ledger import Ledger
from tenants.billing.models import Receivable
from tenants.billing.online import settings as online
from tenants.billing.querysets import BOOKS
from tenants.billing.web.deeds import REFUSED
from tenants.parties.models import Party, Role
from tenants.parties.web.asking import HubRequest

DAY_INPUT = {"type": "date"}


class FilterForm(forms.Form):
    """Whose accounts to list."""

    q = forms.CharField(required=False, max_length=80, label=gettext_lazy("Party"))
    alleen = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Show"),
        choices=[("", gettext_lazy("everything that is open")), ("late", gettext_lazy("only who is late"))],
    )

    def keeps(self, row: Aged) -> bool:
        data = self.cleaned_data if self.is_valid() else {}
        name = row.party.name.casefold() if row.party else ""
        return data.get("q", "").strip().casefold() in name and (row.late > 0 or data.get("alleen") != "late")


class DaysForm(forms.Form):
    """Of which days to see the account; nothing: from the first of January of last year on."""

    van = forms.DateField(required=False, label=gettext_lazy("From"), widget=forms.DateInput(attrs=DAY_INPUT))
    tot = forms.DateField(
        required=False, label=gettext_lazy("Up to and including"), widget=forms.DateInput(attrs=DAY_INPUT)
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("van") and data.get("tot") and data["van"] > data["tot"]:
            self.add_error("tot", _("The last day is before the first. Exchange the two dates."))
        return data


def open_items(request: HubRequest) -> HttpResponse:
    """All parties of which something is open, by how long it is late."""
    form = FilterForm(request.GET)
    rows = _rows(request, form)
    context = {
        "form": form, "rows": rows, "together": ageing.together(rows), "query": request.GET.urlencode(),
        "filtered": bool(request.GET.get("q") or request.GET.get("alleen")),
    }  # fmt: skip
    return render(request, "billing/open_items.html", context)


def open_items_csv(request: HubRequest) -> HttpResponse:
    """The same for a spreadsheet: a row for each invoice, and one for each party's credit."""
    head = [
        _("Party"), _("Number"), _("Invoice date"), _("Pay by"), _("Days late"), _("Amount"), _("Still open"),
        _("Last letter"), _("Left alone because"),
    ]  # fmt: skip
    rows = [cells for row in _rows(request, FilterForm(request.GET)) for cells in _cells(row)]
    return _csv([head, *rows], name=_("open-items"))


def account(request: HubRequest, pk: int) -> HttpResponse:
    """The account of one party, what is open of it, and what was agreed about that."""
    party, today = _party(request, pk), timezone.localdate()
    form = DaysForm(request.GET)
    whole = ledger.of(party, **_days(form, today))
    in_force = [row for row in standing.in_force(party.hub, today=today) if row.party_id == party.pk]
    context = {
        "party": party, "form": form, "account": whole, "query": request.GET.urlencode(),
        "items": standing.items(party.hub, today=today, party=party), "pauses": in_force,
        "plans": plans.of_hub(party.hub, today=today, party=party),
        "is_books": request.actor.has(*BOOKS), "may": request.actor.has(Role.BOOKKEEPER),
        "pays_online": not request.actor.has(*BOOKS) and online.takes_payments(party.hub),
    }  # fmt: skip
    return render(request, "billing/party_account.html", context, status=REFUSED if form.errors else 200)


def account_pdf(request: HubRequest, pk: int) -> HttpResponse:
    """The account as a letter to the party."""
    party, today = _party(request, pk), timezone.localdate()
    content = ledger.pdf(_account(request, party, today), made_on=today)
    return _download(content, "application/pdf", f"{_file_name(party)}.pdf")


def account_csv(request: HubRequest, pk: int) -> HttpResponse:
    """The account for a spreadsheet."""
    party = _party(request, pk)
    rows = list(ledger.table(_account(request, party, timezone.localdate())))
    return _csv(rows, name=_file_name(party))


def _rows(request: HubRequest, form: FilterForm) -> list[Aged]:
    found = ageing.of_hub(request.actor.hub, today=timezone.localdate())
    return [row for row in found if (row.total or row.items) and form.keeps(row)]


def _cells(row: Aged) -> list[list[object]]:
    name = row.party.name if row.party else ""
    cells: list[list[object]] = [
        [
            name, item.receivable.number, item.receivable.issued_on, item.receivable.due_on, item.days_late,
            item.receivable.amount, item.open_amount, item.last.get_kind_display() if item.last else "",
            item.obstacle.label if item.obstacle else "",
        ]
        for item in row.items
    ]  # fmt: skip
    credit: list[object] = [name, _("to its credit"), None, None, None, None, row.credit, "", ""]
    return [*cells, credit] if row.credit else cells


def _account(request: HubRequest, party: Party, today: date) -> Ledger:
    return ledger.of(party, **_days(DaysForm(request.GET), today))


def _file_name(party: Party) -> str:
    words = _("account-statement-%(name)s")
    return words % {"name": slugify(party.name)}


def _days(form: DaysForm, today: date) -> dict[str, date | None]:
    data = form.cleaned_data if form.is_valid() else {}
    return {"first": data.get("van") or date(today.year - 1, 1, 1), "last": data.get("tot")}


def _party(request: HubRequest, pk: int) -> Party:
    """One whose account this person may see; 404 for another."""
    return get_object_or_404(ledger.accounts_for(request.actor).select_related("hub"), pk=pk)


def receivable_of(request: HubRequest, pk: int) -> Receivable:
    """One of the hub's receivables, with what is open of it; 404 for another."""
    rows = Receivable.objects.visible_to(request.actor).with_open().select_related("party", "hub")
    return get_object_or_404(rows, pk=pk)


def _csv(rows: list[Any], *, name: str) -> HttpResponse:
    return _download(spreadsheet.written(rows), "text/csv; charset=utf-8", f"{name}.csv")


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
