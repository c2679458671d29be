"""Taking over the open items of the old books: choose the list, look what it would do, confirm."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tenants.leases import tabular
from tenants.leases.hub_import import uploads
from tenants.leases.models import Upload
from tenants.leases.open_items import taking_over
from tenants.leases.open_items.taking_over import HasErrors, OpenItemsRefused, PlanChanged, Takeover
from tenants.parties.web.asking import HubRequest


class ListForm(forms.Form):
    """A list of open items; what is in it is judged by who reads it."""

    items = forms.FileField(
        label=gettext_lazy("List of open items (.csv)"),
        help_text=gettext_lazy("At most 1 MB. You first see what would change; nothing is stored yet."),
        error_messages={"required": gettext_lazy("Choose the list of open items (.csv).")},
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt"}),
    )

    def clean_items(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["items"]
        self.cleaned_data["content"] = file.read(tabular.MAX_BYTES + 1)
        try:
            tabular.grid(tabular.text_of(self.cleaned_data["content"]))
        except tabular.FileRefused as refused:
            raise forms.ValidationError(refused.message) from refused
        return file


def choose(request: HubRequest) -> HttpResponse:
    """Choose the file."""
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = uploads.keep(
            form.cleaned_data["content"], name=str(form.cleaned_data["items"].name), kind=Upload.Kind.OPEN_ITEMS,
            hub=request.actor.hub, user=request.user, now=timezone.now(),
        )  # fmt: skip
        return redirect("open-items-confirm", upload.pk)
    return render(request, "leases/open_items.html", {"form": form}, status=422 if form.errors else 200)


def confirm(request: HubRequest, pk: UUID) -> HttpResponse:
    """See what the list would do, and let it be done."""
    now = timezone.now()
    rows = Upload.objects.visible_to(request.actor).open_items().fresh(now=now).select_related("hub")
    upload = get_object_or_404(rows, pk=pk)
    content = bytes(upload.content)
    if request.method == "GET":
        return _shown(request, upload, taking_over.look(content, hub=upload.hub))
    try:
        plan = taking_over.store(
            content, hub=upload.hub, agreed=request.POST.get("plan", "")[:64] or "nothing", now=now
        )
    except (HasErrors, PlanChanged) as refused:
        return _shown(request, upload, refused.plan, refused=refused)
    except OpenItemsRefused as refused:
        return _shown(request, upload, taking_over.look(content, hub=upload.hub), refused=refused)
    upload.delete()
    messages.success(request, _told(plan))
    return redirect("open-items-import")


def _shown(
    request: HubRequest, upload: Upload, plan: Takeover, *, refused: OpenItemsRefused | None = None
) -> HttpResponse:
    context = {"upload": upload, "plan": plan, "refused": refused}
    return render(request, "leases/open_items_confirm.html", context, status=409 if refused else 200)


def _told(plan: Takeover) -> str:
    if not plan.new:
        return _("The list was read. Everything was in Plein already.")
    words = ngettext(
        "%(number)d open item was taken over.", "%(number)d open items were taken over.", len(plan.new)
    )
    return words % {"number": len(plan.new)}
