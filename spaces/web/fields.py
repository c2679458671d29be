"""Form fields that read a day, a clock time and an amount the way people write them."""

from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from spaces.web import typed


class DayField(forms.CharField):
    """A day: 24-11, 24 nov, 2026-11-24."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, *, farthest: timedelta = typed.FARTHEST, **kwargs: Any) -> None:
        self.farthest = farthest
        super().__init__(**kwargs)

    def clean(self, value: Any) -> date | None:
        """The day, or None when it may be left out. Raises ValidationError."""
        text = super().clean(value)
        day = typed.day(text, today=timezone.localdate(), farthest=self.farthest) if text else None
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


class PriceField(forms.DecimalField):
    """An amount as people write it in either language: 37,50, 37.50, € 1.250,00."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value: Any) -> Any:
        """The amount as a Decimal, or None when there is none. Raises ValidationError."""
        text = "".join(str(value or "").replace("€", "").split())
        return super().to_python(text.replace(".", "").replace(",", ".") if "," in text else text)
