"""What the director may send: one workbook, small enough and really a workbook."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.leases.hub_import import workbook
from tenants.leases.hub_import.refusals import NotAWorkbook


class WorkbookForm(forms.Form):
    workbook = forms.FileField(
        label=gettext_lazy("Workbook (.xlsx)"),
        help_text=gettext_lazy("At most 5 MB. You first see what would change; nothing is stored yet."),
        error_messages={"required": gettext_lazy("Choose the workbook (.xlsx) of the hub.")},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_workbook(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["workbook"]
        if (file.size or 0) > workbook.MAX_BYTES:
            raise forms.ValidationError(
                _("This file is larger than 5 MB. Remove pictures and sheets that Plein does not need.")
            )
        self.cleaned_data["content"] = file.read()
        try:
            workbook.read(self.cleaned_data["content"])
        except NotAWorkbook as refused:
            raise forms.ValidationError(refused.message) from refused
        return file

    def told(self) -> dict[str, Any]:
        return {"content": self.cleaned_data["content"], "name": str(self.cleaned_data["workbook"].name)}
