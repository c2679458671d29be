"""Form fields that read a day and a clock time the way people write them."""

from datetime import date, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.web import typed


class DayField(forms.CharField):
    """A day: 24-11, 24 nov, 2026-11-24."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> date | None:
        """The day, or None when it may be left out. Raises ValidationError."""
        text = super().clean(value)
        day = typed.day(text, today=timezone.localdate()) if text else None
        if text and day is None:
            raise forms.ValidationError(_("Write a day as 24-11 or 24 nov."))
        return day


class ClockField(forms.CharField):
    """A time of day: 9, 09:00, 9u30."""

    widget = forms.TimeInput(attrs={"type": "time", "step": "900"}, format="%H:%M")

    def clean(self, value: Any) -> time | None:
        """The time, or None when it may be left out. Raises ValidationError."""
        text = super().clean(value)
        clock = typed.clock(text) if text else None
        if text and clock is None:
            raise forms.ValidationError(_("Write a time as 09:00."))
        return clock
