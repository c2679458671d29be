"""What staff may send: one calendar file, small enough and really a calendar, and whose it is."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.calendar_import import pending
from bookings.calendar_import.refusals import CalendarRefused, too_large
from bookings.calendar_import.sieving import MAX_BYTES
from spaces.models import Hub, Space


class SpaceChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} {obj.name}"


class CalendarForm(forms.Form):
    space = SpaceChoice(
        queryset=Space.objects.none(),
        to_field_name="code",
        label=_("Whose calendar is it?"),
        help_text=_("Choose the whole when the calendar is also about its parts."),
        error_messages={"required": _("Choose the room whose calendar this is.")},
    )
    calendar = forms.FileField(
        label=_("Calendar (.ics)"),
        help_text=_("At most 5 MB. You first see what would change; nothing is stored yet."),
        error_messages={
            "required": _("Choose the calendar file (.ics)."),
            "empty": _("This file is empty. Export the calendar again and choose the new file."),
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".ics,text/calendar"}),
    )

    def __init__(self, *args: Any, hub: Hub, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        bookable = Q(bookable=True) | Q(parts__bookable=True)
        spaces = Space.objects.of_hub(hub).filter(bookable).select_related("hub", "floor").distinct()
        self.fields["space"].queryset = spaces.order_by("floor__position", "code")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Read it at once: a file that is no calendar is told beside the field."""
        given: dict[str, Any] = super().clean() or {}
        file: UploadedFile | None = given.get("calendar")
        if file is None or given.get("space") is None:
            return given
        try:
            if (file.size or 0) > MAX_BYTES:
                raise too_large()
            given["read"] = pending.read(file.read(), space=given["space"], now=self.now)
        except CalendarRefused as refused:
            self.add_error("calendar", refused.message)
        return given

    def told(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"read": given["read"], "space": given["space"], "name": str(given["calendar"].name)}
