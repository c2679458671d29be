"""Loading figures of the consumer price index: choose a file, see what it would do, confirm."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.leases import cpi, tabular
from tenants.leases.cpi import FiguresRefused, Plan
from tenants.leases.models import CpiFigure
from tenants.leases.tabular import FileRefused
from tenants.parties.web.asking import HubRequest

SHOWN = 24


class CsvForm(forms.Form):
    """One CSV file; its text goes along to the confirmation, so nothing is kept in between."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy("At most 1 MB. You first see what would change; nothing is stored yet."),
        error_messages={
            "required": gettext_lazy("Choose a CSV file."),
            "empty": gettext_lazy("This file is empty."),
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> str:
        """The text of the file."""
        file: UploadedFile = self.cleaned_data["file"]
        try:
            return tabular.text_of(file.read(tabular.MAX_BYTES + 1))
        except FileRefused as refused:
            raise forms.ValidationError(refused.message) from refused


def figures(request: HubRequest) -> HttpResponse:
    """The latest figures and the form; POST shows what a file would do, or stores it when that was agreed to."""
    if request.method == "POST" and "agreed" in request.POST:
        return _store(request)
    form = CsvForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, {"form": form}, status=422 if form.errors else 200)
    return _look(request, form)


def _look(request: HubRequest, form: CsvForm) -> HttpResponse:
    text = form.cleaned_data["file"]
    try:
        plan = cpi.look(text.encode())
    except FileRefused as refused:
        form.add_error("file", refused.message)
        return _page(request, {"form": form}, status=422)
    return _planned(request, plan, text)


def _store(request: HubRequest) -> HttpResponse:
    text = request.POST.get("text", "")
    store = cpi.store_and_replace if request.POST.get("replace") else cpi.store
    try:
        plan = store(text.encode(), agreed=request.POST["agreed"], now=timezone.now())
    except FiguresRefused as refused:
        return _planned(request, cpi.look(text.encode()), text, refused=refused)
    except FileRefused as refused:
        messages.error(request, refused.message)
    else:
        told = {"new": len(plan.new), "settled": len(plan.settled)}
        messages.success(request, _("Loaded: %(new)d new figures, %(settled)d renewed.") % told)
    return redirect("index-figures")


def _planned(
    request: HubRequest, plan: Plan, text: str, *, refused: FiguresRefused | None = None
) -> HttpResponse:
    context = {
        "plan": plan,
        "text": text,
        "refused": refused,
        "disputed": [cpi.disputed_words(each) for each in plan.disputed],
        "form": CsvForm(),
    }
    return _page(request, context, status=409 if refused else 200)


def _page(request: HubRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    rows = list(CpiFigure.objects.order_by("-month", "-base")[: SHOWN * 2])
    newest = max((row.base for row in rows), default="")
    shown = [row for row in rows if row.base == newest][:SHOWN]
    return render(request, "leases/index_figures.html", context | {"figures": shown}, status=status)
