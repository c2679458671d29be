"""What a person chooses on the pages of invoices: a month, and words to look for."""

import re
from datetime import date
from typing import NamedTuple

from django import forms
from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext_lazy as _

from spaces.periods import DAY

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
MONTHS_BACK = 18


class Month(NamedTuple):
    """A month to choose: as in the address, in words, and its first day."""

    value: str
    words: str
    first: date


def month_of(text: str, *, otherwise: date) -> date:
    """The first day of "2026-11"; of `otherwise` when that is no month."""
    found = MONTH.fullmatch(text)
    return date(int(found[1]), int(found[2]), 1) if found else otherwise.replace(day=1)


def last_month() -> date:
    """The first day of the month before this one."""
    return (timezone.localdate().replace(day=1) - DAY).replace(day=1)


def next_month() -> date:
    """The first day of the month after this one: its rent is asked ahead."""
    return (timezone.localdate().replace(day=28) + 4 * DAY).replace(day=1)


def months(*also: date) -> list[Month]:
    """This month and those before it, newest first, and `also`."""
    first = timezone.localdate().replace(day=1)
    days = {first, *also}
    for _step in range(MONTHS_BACK):
        first = (first - DAY).replace(day=1)
        days.add(first)
    return [Month(f"{day:%Y-%m}", formatted(day, "F Y"), day) for day in sorted(days, reverse=True)]


class SearchForm(forms.Form):
    """Which invoices to list; a month that is none means all of them."""

    maand = forms.CharField(required=False, max_length=7, label=_("Issued in"))
    q = forms.CharField(required=False, max_length=80, label=_("Number or name"))

    @property
    def month(self) -> date | None:
        text = self.cleaned_data.get("maand", "") if self.is_valid() else ""
        return month_of(text, otherwise=date(2000, 1, 1)) if MONTH.fullmatch(text) else None

    @property
    def words(self) -> str:
        return self.cleaned_data.get("q", "") if self.is_valid() else ""
