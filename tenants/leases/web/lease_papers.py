"""The documents of a lease: handed in by the director, handed out to who may see the lease."""

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.leases import lease_documents
from tenants.leases.lease_documents import MAX_BYTES, DocumentRefused
from tenants.leases.models import Lease, LeaseDocument
from tenants.parties.web.asking import HubRequest

REFUSED = 422


class DocumentForm(forms.Form):
    """One PDF."""

    use_required_attribute = False
    document = forms.FileField(
        label=gettext_lazy("Document (PDF)"),
        help_text=gettext_lazy("At most 10 MB. The tenant's managers can see it too."),
        error_messages={"required": gettext_lazy("Choose a PDF.")},
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
    )

    def clean_document(self) -> UploadedFile:
        """A real PDF, of which the content is then in `content`."""
        file: UploadedFile = self.cleaned_data["document"]
        self.cleaned_data["content"] = file.read(MAX_BYTES + 1)
        try:
            lease_documents.raise_if_no_pdf(self.cleaned_data["content"])
        except DocumentRefused as refused:
            raise forms.ValidationError(refused.message) from refused
        return file


def add(request: HubRequest, pk: int) -> HttpResponse:
    """Hand in a PDF; the same one twice is there once."""
    lease = get_object_or_404(Lease.objects.visible_to(request.actor).select_related("party"), pk=pk)
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        name = str(form.cleaned_data["document"].name)
        lease_documents.add(
            lease, form.cleaned_data["content"], name=name, by=request.actor.user, now=timezone.now()
        )
        messages.success(request, _("The document has been stored."))
        return redirect("lease", lease.pk)
    context = {"form": form, "lease": lease}
    return render(request, "leases/lease_document.html", context, status=REFUSED if form.errors else 200)


def download(request: HubRequest, pk: int, document: int) -> HttpResponse:
    """Always as a download, never shown by the browser: whatever is in it runs nowhere near us."""
    visible = LeaseDocument.objects.visible_to(request.actor).filter(lease=pk)
    found = get_object_or_404(visible, pk=document)
    answer = HttpResponse(bytes(found.content), content_type="application/pdf")
    answer["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=found.name) or "attachment"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
